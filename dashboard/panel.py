"""The panel on the right: what an event is, why it is dated so, and its sentence in the full text of its source."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from dash import html

from dashboard import reader, select, words
from dashboard import state as view
from dashboard.markup import aria, flags, symbol
from dashboard.reader import Marked
from dashboard.select import Catalogue, Rows
from dashboard.state import ViewState
from timeline import TimelineError
from timeline.edtf import EdtfError, parse
from timeline.export.cited import bibtex_entry, bibtex_key, csl_item
from timeline.palette import Look

STARTERS = 3
STATUSES = {
    "proposed": "proposed by the program, not yet reviewed",
    "accepted": "accepted by a reviewer",
    "edited": "corrected by a reviewer",
    "added": "added by a reviewer",
    "rejected": "rejected by a reviewer",
}
Text = Callable[[str], str]


def panel(catalogue: Catalogue, state: ViewState, shown: Rows, looks: dict[str, Look], text: Text) -> Any:
    """The panel for a view: an event, or an invitation, or that there is no such event."""
    if not state.event:
        return _invitation(catalogue, state, shown, looks)
    row = select.row_of(catalogue, state.event)
    if row < 0:
        return _unknown(state)
    return _card(catalogue, state, catalogue.events.iloc[row], shown, looks, text)


def announcement(catalogue: Catalogue, state: ViewState, shown: Rows) -> str:
    """What a screen reader says when the view changes."""
    row = select.row_of(catalogue, state.event)
    if row < 0:
        return f"{len(shown)} events"
    event = catalogue.events.iloc[row]
    place, _, _ = select.neighbours(catalogue, shown, state.event)
    where = f"Event {place} of {len(shown)}: " if place else ""
    return f"{where}{words.say(event['date'])}, {event['title']}, {event['category']}"


def _invitation(catalogue: Catalogue, state: ViewState, shown: Rows, looks: dict[str, Look]) -> Any:
    best = catalogue.events.iloc[shown[np.argsort(-catalogue.salience[shown], kind="stable")[:STARTERS]]]
    rows = zip(best["event_id"], best["title"], best["date"], best["category"], strict=True)
    links = [
        html.Li(
            [
                symbol(looks[category]),
                html.A(title, href=view.write(view.select_event(state, event))),
                html.Span(words.say(date), className="when"),
            ]
        )
        for event, title, date, category in rows
    ]
    more = [html.P("Or begin with one of these:"), html.Ul(links, className="starters")] if links else []
    return html.Div([html.H2("Click an event to read its source"), *more, _legend()], className="invitation")


def _legend() -> Any:
    marks = {
        "solid": "reviewed",
        "hollow": "proposed, to be reviewed",
        "dotted": "planned, not yet happened",
        "bar": "some time within this stretch, or all through it",
        "faded": "approximate",
        "arrow": "goes on; the end is open",
    }
    rows = [
        html.Li([html.Span(className=f"legend {name}", **aria(hidden="true")), text]) for name, text in marks.items()
    ]
    return html.Details([html.Summary("How to read the marks"), html.Ul(rows)], className="key", open=True)


def _unknown(state: ViewState) -> Any:
    return html.Div(
        [
            html.H2("There is no such event"),
            html.P(["The address asks for event ", html.Code(state.event[:80]), ", which is not in this timeline."]),
            html.P("It may have been merged into another one, or the link belongs to a different timeline."),
            html.P(html.A("Back to all events", href=view.write(view.select_event(state, "")), className="button")),
        ],
        className="unknown",
    )


def _card(
    catalogue: Catalogue, state: ViewState, event: pd.Series, shown: Rows, looks: dict[str, Look], text: Text
) -> Any:
    mentions = select.mentions_of(catalogue, state.event)
    chosen = mentions[mentions["mention_id"] == state.mention]
    mention = chosen.iloc[0] if len(chosen) else mentions.iloc[0] if len(mentions) else None
    marks = flags(event["modality"], event["status"], event["kind"], words.is_disputed(event["date"]))
    about = [
        html.H2(event["title"]),
        html.P(
            [
                html.Span(words.say(event["date"]) or "undated", className="when"),
                html.Code(event["date"], title="The date in EDTF, ISO 8601-2"),
            ],
            className="date",
        ),
        html.P([symbol(looks[event["category"]]), f" {event['category'] or 'uncategorised'}", *marks]),
        *([] if mention is None else _telling(catalogue, state, event, mentions, mention)),
        _facts(catalogue, event),
    ]
    reading = [] if mention is None else [_source_text(catalogue, state, mention, text)]
    return html.Div([html.Div(about, className="about"), *reading], className="card")


def steps(catalogue: Catalogue, state: ViewState, shown: Rows) -> Any:
    """From the event that is open to the one before and the one after; None if there is none."""
    if select.row_of(catalogue, state.event) < 0:
        return None
    place, before, after = select.neighbours(catalogue, shown, state.event)
    links = [
        _step("‹", "previous", "Previous event (←)", before, state),
        html.Span(f"{place} of {len(shown)}" if place else "not in this view", className="place"),
        _step("›", "next", "Next event (→)", after, state),
        html.A("×", id="close", href=view.write(view.select_event(state, "")), title="Close (Esc)", className="close"),
    ]
    return html.Nav(links, className="steps", **aria(label="Events one by one"))


def _step(text: str, name: str, title: str, event: str, state: ViewState) -> Any:
    if not event:
        return html.Span(text, className="off", **aria(hidden="true"))
    href = view.write(view.select_event(state, event))
    return html.A(text, id=name, href=href, title=title, **aria(label=title))


def _facts(catalogue: Catalogue, event: pd.Series) -> Any:
    era = catalogue.facets["era"].label(event["era"]) if event["era"] else ""
    rows = [
        ("Actors", event["actors"]),
        ("Places", event["places"]),
        ("Era", era),
        ("Status", STATUSES.get(event["status"], event["status"])),
        ("Confidence", _confidence(event["confidence"])),
        ("Id", event["event_id"]),
    ]
    return html.Dl([part for name, value in rows if value for part in (html.Dt(name), html.Dd(value))])


def _confidence(value: float) -> Any:
    if pd.isna(value):
        return ""
    return [html.Meter(value=str(value), min="0", max="1", **aria(hidden="true")), f" {value:.2f}"]


def _telling(
    catalogue: Catalogue, state: ViewState, event: pd.Series, mentions: pd.DataFrame, mention: pd.Series
) -> list[Any]:
    """One telling of the event: the sentence, which source, why the date."""
    return [
        _tabs(catalogue, state, event, mentions, mention),
        html.Blockquote(mention["quote"], lang=_language(catalogue, mention["source_id"])),
        _bibliographic(catalogue, mention["source_id"], mention["locator"]),
        _why(event, mention),
        _also(catalogue, state, mention),
    ]


def _tabs(catalogue: Catalogue, state: ViewState, event: pd.Series, mentions: pd.DataFrame, mention: pd.Series) -> Any:
    sources = 1 if pd.isna(event["n_sources"]) else int(event["n_sources"])
    told = f"Told by {sources} source{'' if sources == 1 else 's'}"
    if len(mentions) > sources:
        told += f", {len(mentions)} times"
    disputed = words.is_disputed(event["date"])
    told += "; they disagree on the date" if disputed and sources > 1 else ""
    if len(mentions) < 2:
        return html.H3(told)
    rows = zip(mentions["mention_id"], mentions["source_id"], mentions["date"], mentions["quote"], strict=True)
    links = [
        html.Li(
            html.A(
                _side(date, catalogue.facets["source"].label(source), quote) if disputed else source,
                href=view.write(view.select_event(state, state.event, identity)),
                title=catalogue.facets["source"].label(source),
                **(aria(current="true") if identity == mention["mention_id"] else {}),
            )
        )
        for identity, source, date, quote in rows
    ]
    name = "tabs sides" if disputed else "tabs"
    return html.Nav([html.H3(told), html.Ul(links)], className=name, **aria(label="Tellings of this event"))


def _side(date: str, source: str, quote: str) -> list[Any]:
    """What one of the sources that disagree says, to be read beside the others."""
    parts = [html.Strong(words.say(date, short=True)), html.Span(source, className="source"), html.Q(quote)]
    return [part for each in parts for part in (each, " ")]


def _bibliographic(catalogue: Catalogue, source_id: str, locator: str) -> Any:
    """Which source it is, where in it a person finds the sentence, and how to cite it."""
    found = catalogue.sources[catalogue.sources["source_id"] == source_id]
    if found.empty:
        return html.P(f"Source: {source_id}", className="source")
    source = {str(name): str(cell) for name, cell in found.iloc[0].items()}
    parts = [source["author"], f"“{source['title'] or source_id}”", source["publisher"], words.say(source["published"])]
    parts.append(locator)
    line = ", ".join(part for part in parts if part)
    key = bibtex_key(source_id)
    forms = {
        "Text": f"{line}.",
        "BibTeX": bibtex_entry(source, key),
        "CSL-JSON": _csl(source),
        **(_here(source_id, key, locator) if locator else {}),
    }
    copies = [
        part
        for number, (name, text) in enumerate(forms.items())
        for part in (
            html.Dt(
                [name, html.Button("Copy", type="button", className="button", **{"data-copies": f"cite-{number}"})]
            ),
            html.Dd(html.Pre(text, id=f"cite-{number}")),
        )
    ]
    cite = html.Details([html.Summary("Cite"), html.Dl(copies)], className="cite")
    return html.Div([html.P(line, className="source"), cite])


def _here(source_id: str, key: str, locator: str) -> dict[str, str]:
    """How to cite a place: in BibTeX and CSL it belongs to the citation, as an entry is of the whole source.

    >>> _here("report", "report", "p. 4 & 5")["LaTeX, this place"]
    '\\\\cite[{p. 4 \\\\& 5}]{report}'
    """
    plain = "".join(letter for letter in locator if letter not in "\\{}[]~^")
    tex = "".join(f"\\{letter}" if letter in "$&#_%" else letter for letter in plain)
    return {"LaTeX, this place": f"\\cite[{{{tex}}}]{{{key}}}", "pandoc, this place": f"[@{{{source_id}}}, {plain}]"}


def _csl(source: dict[str, str]) -> str:
    return json.dumps([csl_item(source)], ensure_ascii=False, indent=1)


def _why(event: pd.Series, mention: pd.Series) -> Any:
    """The date as written, and how it became the date shown."""
    reason = _reason(mention["basis"], mention["anchor"])
    written = [html.Q(mention["date_text"]), f" {reason}"] if mention["date_text"] else [reason]
    rule = [" ", html.Small(f"rule {mention['rule']}")] if mention["rule"] else []
    differs = [f" This telling alone says {words.say(mention['date'])}."] if mention["date"] != event["date"] else []
    return html.P([html.B("Date as written: "), *written, *rule, *differs], className="why")


def _reason(basis: str, anchor: str) -> str:
    counted = f"was counted from {_anchor(anchor)}." if anchor else "was counted, for example from an anniversary."
    reasons = {
        "explicit": "says it in full.",
        "publication": f"was read against the publication date {_anchor(anchor)}.",
        "context": f"was read against {_anchor(anchor)}, named before it in the text.",
        "arithmetic": counted,
        "curated": "was settled by a reviewer.",
    }
    return reasons.get(basis, basis)


def _anchor(anchor: str) -> str:
    try:
        parse(anchor)
    except EdtfError:
        return anchor
    return words.say(anchor)


def _also(catalogue: Catalogue, state: ViewState, mention: pd.Series) -> Any:
    """Other events that rest on the same sentence: in the text, only one of them can be marked."""
    same = catalogue.data.told("source_id", mention["source_id"])
    same = same[same["event_id"] != state.event]
    same = same[(same["quote_start"] < mention["quote_end"]) & (same["quote_end"] > mention["quote_start"])]
    events = _visible(catalogue, state, same["event_id"])
    if not len(events):
        return None
    links = [
        html.Li([html.A(title, href=view.write(view.select_event(state, event))), f", {words.say(date, short=True)}"])
        for event, title, date in zip(events["event_id"], events["title"], events["date"], strict=True)
    ]
    return html.Div([html.H3("Also in this sentence"), html.Ul(links)], className="also")


def _visible(catalogue: Catalogue, state: ViewState, ids: pd.Series) -> pd.DataFrame:
    """The events of some ids that a link may lead to: all, but for rejected ones unless they are asked for."""
    events = catalogue.events[catalogue.events["event_id"].isin(ids.unique())]
    return events if view.shows_rejected(state) else events[events["status"] != "rejected"]


def _source_text(catalogue: Catalogue, state: ViewState, mention: pd.Series, text: Text) -> Any:
    try:
        full = text(mention["source_id"])
    except TimelineError as error:
        return _not_at_hand(mention, str(error))
    start, end = _span(mention, "quote")
    if not reader.is_there(full, start, end, mention["quote"]):
        return _not_at_hand(mention, "The text at hand is not the one the event was found in; run `timeline check`.")
    sentence = Marked(start, end)
    date = _span(mention, "date") if mention["date_text"] else (0, 0)
    parts = reader.read(full, sentence, date, _others(catalogue, state, mention))
    return html.Section(
        [
            html.H3("The sentence in its text"),
            html.Div(parts, className="text", tabIndex=0, lang=_language(catalogue, mention["source_id"])),
        ],
        className="reading",
        **{"data-shows": f"{state.event} {mention['mention_id']}"},  # so that the script knows when to scroll to it
    )


def _others(catalogue: Catalogue, state: ViewState, mention: pd.Series) -> list[Marked]:
    """The sentences of other events in the same source."""
    same = catalogue.data.told("source_id", mention["source_id"])
    same = same[same["mention_id"] != mention["mention_id"]]
    visible = _visible(catalogue, state, same["event_id"])
    titles = dict(zip(visible["event_id"], visible["title"], strict=True))
    rows = zip(same["mention_id"], same["event_id"], same["quote_start"], same["quote_end"], strict=True)
    return [
        Marked(int(start), int(end), view.write(view.select_event(state, event, identity)), titles[event])
        for identity, event, start, end in rows
        if event in titles and not pd.isna(start) and not pd.isna(end)
    ]


def _not_at_hand(mention: pd.Series, problem: str) -> Any:
    quote = html.Mark(mention["quote"], id=reader.SENTENCE)
    return html.Section(
        [
            html.H3("The text is not at hand"),
            html.P([mention["prefix"], quote, mention["suffix"]], className="text"),
            html.P(problem, className="note"),
        ],
        className="reading",
    )


def _span(mention: pd.Series, name: str) -> tuple[int, int]:
    start, end = mention[f"{name}_start"], mention[f"{name}_end"]
    return (0, 0) if pd.isna(start) or pd.isna(end) else (int(start), int(end))


def _language(catalogue: Catalogue, source_id: str) -> str:
    found = catalogue.sources.loc[catalogue.sources["source_id"] == source_id, "language"]
    return str(found.iloc[0]) if len(found) else ""
