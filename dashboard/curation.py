"""Curating in the page: the buttons under an event, and what the browser asks and sends while somebody decides.

The browser keeps nothing but who decides. Every decision goes through `timeline.decide`, and is on disk before it is
answered. What is not sound is refused with the message of the library and a status of 4xx.
"""

from __future__ import annotations

import getpass
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from dash import html
from flask import Flask, Response, abort, jsonify, request

from dashboard import ids, select, words
from dashboard import state as view
from dashboard.markup import aria
from dashboard.rebuild import Rebuild
from dashboard.store import Snapshot, Store
from timeline import Source, TimelineError, conflicts, decide, timexes
from timeline.decide import unbuilt
from timeline.decisions import ADDABLE, EDITABLE, about, find_quote, undone
from timeline.edtf import EdtfError, parse
from timeline.model import Decision
from timeline.overlay import rows_about
from timeline.table import source_bytes
from timeline.typed import understood

KEYS = {
    "a": "accept",
    "e": "edit",
    "m": "merge with another event",
    "p": "part it into two (split)",
    "x": "reject (and say why, then Enter)",
    "n": "new event from the words selected",
    "u": "undo",
    "Shift Z": "redo",
    "l": "log of decisions",
}
DONE = {
    "accept": "Accepted",
    "reject": "Rejected",
    "edit": "Edited",
    "merge": "Merged",
    "split": "Split",
    "add": "Added",
    "undo": "Taken back",
}
WHY = "done in the dashboard, without a reason given"
ON_WITH = ("accept", "reject", "merge")  # what brings the next event to review
NEAREST = 5  # candidates to merge with
COMPARED = 400  # events nearest in time whose words are compared
LISTED = 100  # decisions shown at once
LONGEST = 20_000  # characters of a value: a long passage
YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Asked:
    """A decision as the page sends it. `seen` is the last decision that who made it had seen."""

    action: str
    events: list[str]
    values: dict[str, str]
    why: str
    by: str
    instead: str
    seen: str | None
    search: str


# ---------------------------------------------------------------------------------------------- on the page


def bar(now: Snapshot, event_id: str, mention_id: str = "") -> Any:
    """The buttons under an event; None if there is no such event."""
    row = select.row_of(now.catalogue, event_id)
    if row < 0:
        return None
    event = now.catalogue.events.iloc[row]
    mentions = select.mentions_of(now.catalogue, event_id)
    chosen = mentions[mentions["mention_id"] == mention_id]
    mention = chosen.iloc[0] if len(chosen) else mentions.iloc[0] if len(mentions) else None
    buttons = [
        _button("accept", "Accept", "a", pressed=event["status"] == "accepted"),
        _button("edit", "Edit", "e"),
        _button("merge", "Merge", "m"),
        *([_button("split", "Split", "p")] if len(mentions) > 1 else []),
        _button("reject", "Reject", "x", pressed=event["status"] == "rejected"),
    ]
    about_it = {
        "data-event": event_id,
        "data-title": event["title"],
        "data-status": event["status"],
        "data-source": "" if mention is None else mention["source_id"],
        "data-seen": now.decided,
    }
    return html.Div(buttons, className="curate", role="group", **about_it, **aria(label="Curate this event"))


def furniture() -> dict[str, Any]:
    """What curating adds to the page (see `layout.page`); assets/curate.js fills the desk."""
    title = "Every decision, who made it and why (l)"
    log = html.Button("Decisions", type="button", title=title, className="button", **{"data-curate": "log"})
    return {"tools": [log], "keys": KEYS, "desk": [html.Div(id=ids.BAR), html.Div(id=ids.DESK, className="desk")]}


def _button(action: str, text: str, key: str, pressed: bool = False) -> Any:
    title = f"{text} ({key})" if key else text
    more = {"data-curate": action, **aria(pressed="true" if pressed else "false")} if action in ON_WITH[:2] else {}
    keys = aria(keyshortcuts=key) if key else {}
    hint = [html.Kbd(key, **aria(hidden="true"))] if key else []
    return html.Button(
        [html.Span(text), *hint],
        type="button",
        title=title,
        className=f"curate-{action}",
        **{"data-curate": action, **more, **keys},
    )


# ---------------------------------------------------------------------------------------------- asked and answered


def register(server: Flask, store: Store, rebuild: Rebuild, user: str = "") -> None:
    """The routes that curating needs. `user` is who decides if they give no name."""

    @server.post("/decide")
    def decide_() -> Response:
        return _answer(lambda: decided(store, _asked(_posted(), user)))

    @server.get("/decisions")
    def decisions() -> Response:
        start = request.args.get("start", "0")
        first = int(start) if start.isascii() and start.isdecimal() else 0
        return jsonify({**listed(store.now, rebuild, first), "user": user})

    @server.post("/build")
    def build_() -> Response:
        _posted()
        return _answer(lambda: {"said": rebuild.build(), "version": store.refresh().version})

    @server.get("/curate/event")
    def event() -> Response:
        return _answer(lambda: fields(store.now, request.args.get("id", "")))

    @server.get("/curate/candidates")
    def near() -> Response:
        return _answer(
            lambda: {"candidates": candidates(store.now, request.args.get("id", ""), request.args.get("q", ""))}
        )

    @server.get("/curate/date")
    def date() -> Response:
        published = _published(store.now, request.args.get("source", ""))
        try:
            found = understood(request.args.get("text", "")[:200], published)
        except TimelineError as error:  # nothing is refused yet: somebody is still typing
            return jsonify(error=str(error))
        return jsonify(date=found, said=words.say(found))

    @server.post("/curate/passage")
    def passage() -> Response:
        asked = _posted()
        return _answer(lambda: suggested(store.now, _text(asked, "source"), _text(asked, "quote")))


def _posted() -> Mapping[str, Any]:
    """The JSON object of a request; anything else ends it."""
    if request.mimetype != "application/json":
        abort(415, "send JSON")
    found = request.get_json(silent=True)
    if not isinstance(found, dict):
        abort(400, "send a JSON object")
    return found


def _answer(work: Callable[[], Mapping[str, Any]]) -> Response:
    try:
        return jsonify(work())
    except TimelineError as error:
        response = jsonify(error=str(error))
        response.status_code = 400
        return response


def _asked(posted: Mapping[str, Any], user: str) -> Asked:
    """What a posted decision says. Raises TimelineError if it is not of the form that the page sends."""
    events, values = posted.get("events", []), posted.get("values", {})
    if not isinstance(events, list) or not all(isinstance(name, str) for name in events):
        raise TimelineError("'events' is not a list of ids")
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise TimelineError("'values' is not an object that holds texts")
    if any(len(value) > LONGEST for value in values.values()):
        raise TimelineError(f"a value is longer than {LONGEST:,} characters; shorten it")
    seen = posted.get("seen")
    return Asked(
        action=_text(posted, "action"),
        events=events,
        values=dict(values),
        why=_text(posted, "why"),
        by=" ".join(_text(posted, "by").split())[:100] or user,
        instead=_text(posted, "instead"),
        seen=seen if isinstance(seen, str) else None,
        search=_text(posted, "search"),
    )


def _text(posted: Mapping[str, Any], key: str) -> str:
    value = posted.get(key, "")
    if not isinstance(value, str) or len(value) > LONGEST:
        raise TimelineError(f"{key!r} is not a text of at most {LONGEST:,} characters")
    return value


def system_user() -> str:
    """The name of who is logged in where the page is served, empty if the system does not know."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


# ---------------------------------------------------------------------------------------------- deciding


def decided(store: Store, asked: Asked) -> dict[str, Any]:
    """Record a decision, and tell what came of it. Raises TimelineError if it is refused; nothing is recorded then."""
    before = store.refresh()
    values = dict(asked.values)
    if values.get("date"):
        values["date"] = understood(values["date"], _published(before, values.get("source_id", "")))
    why = asked.why if asked.why.strip() or asked.action == "accept" or asked.instead else WHY
    events, mentions = rows_about(before.data, asked.events)

    def read_text(file: str) -> str:
        return source_bytes(before.data.base, file).decode("utf-8")

    def rows(name: str) -> list[dict[str, str]]:
        return events if name == "events" else mentions

    folder = before.data.folder
    made = decide(folder, asked.action, asked.events, values, asked.by, why, read_text, asked.instead, rows)
    now = store.refresh()
    state = view.read(asked.search)
    event = _event_of(now, made)
    return {
        "decision": made.id,
        "version": now.version,
        "decided": now.decided,
        "conflicts": [_entry(now, each, {}) for each in conflicts(folder, made, asked.seen)],
        "said": DONE[made.action],
        "event": event,
        "title": _title(now, made, event),
        "next": _next(before, now, state) if asked.action in ON_WITH else "",
        "waits": _waits(now, made),
    }


def _waits(now: Snapshot, made: Decision) -> str:
    """Why a decision does not show yet, empty if it does."""
    if _undone_at_last(now, made) in {decision.id for decision in now.late}:
        return "It is in the tables already: this shows when they are built again."
    return next((str(each) for each in now.outcomes if each.decision.id == made.id and each.state == "waiting"), "")


def _undone_at_last(now: Snapshot, made: Decision) -> str:
    """The id of the decision that an undo, or an undo of an undo, is about; empty for what is none."""
    by_id = {decision.id: decision for decision in now.log}
    name = made.values["decision"] if made.action == "undo" else ""
    while name in by_id and by_id[name].action == "undo":
        name = by_id[name].values["decision"]
    return name


def _next(before: Snapshot, now: Snapshot, state: view.ViewState) -> str:
    """The view with the next event to review open, after the one that was open; empty if there is none left."""
    order, here = select.rows(before.catalogue, state), select.row_of(before.catalogue, state.event)
    at = np.flatnonzero(order == here)
    place = int(at[0]) if len(at) else -1
    following = np.concatenate([order[place + 1 :], order[: max(place, 0)]])
    events, later = before.catalogue.events, now.catalogue
    open_ones = following[(events["status"].iloc[following] == "proposed").to_numpy()]
    for name in (str(events["event_id"].iat[row]) for row in open_ones):
        row = select.row_of(later, name)
        if row >= 0 and later.events["status"].iat[row] == "proposed":
            return view.write(view.select_event(state, name))
    return ""


# ---------------------------------------------------------------------------------------------- what forms show


def fields(now: Snapshot, event_id: str) -> dict[str, Any]:
    """What there is to edit of an event, its mentions, and what may be chosen."""
    event = _row(now, event_id)
    told = select.mentions_of(now.catalogue, event_id).to_dict("records")
    mentions = [
        {
            "id": row["mention_id"],
            "source": row["source_id"],
            "date": words.say(row["date"]),
            "title": row["title"],
            "quote": row["quote"],
        }
        for row in told
    ]
    return {
        "id": event_id,
        "status": event["status"],
        "values": {column: event[column] for column in EDITABLE},
        "said": words.say(event["date"]),
        "mentions": mentions,
        "seen": now.decided,
        **choices(now),
    }


def choices(now: Snapshot) -> dict[str, Any]:
    """The values that forms offer."""
    names = sorted(set(now.catalogue.events["category"]) - {""}, key=select.fold)
    eras = zip(now.catalogue.eras["era_id"], now.catalogue.eras["title"], strict=True)
    return {"categories": names, "eras": [{"id": era, "title": title} for era, title in eras]}


def suggested(now: Snapshot, source_id: str, quote: str) -> dict[str, Any]:
    """What an event from a passage may be: its date as the library reads it; and how often the words stand there.

    Raises TimelineError if the words are not in the text of the source, or that is not at hand.
    """
    if not quote.strip():
        raise TimelineError("no passage is selected; select some words of the text")
    text = now.data.text(source_id)
    if find_quote(text, quote) is None:
        raise TimelineError(f"the quote is not in {source_id}; copy it from the text as it stands there")
    published = _published(now, source_id)
    language = now.catalogue.sources.loc[now.catalogue.sources["source_id"] == source_id, "language"].tolist()
    found = timexes(Source(source_id, quote, published=published, language=language[0] if language else ""))
    dates = [timex for timex in found if timex.edtf and timex.type == "DATE"]
    date = dates[0] if dates else None
    return {
        "times": text.count(quote),
        "date": date.edtf if date else "",
        "said": words.say(date.edtf) if date else "",
        "words": date.text if date else "",
        "title": _short(quote),
        "seen": now.decided,
        **choices(now),
    }


def _short(quote: str, most: int = 80) -> str:
    """The beginning of a passage, cut between words."""
    plain = " ".join(quote.split()).rstrip(".")
    return plain if len(plain) <= most else plain[:most].rsplit(" ", 1)[0]


def candidates(now: Snapshot, event_id: str, q: str = "") -> list[dict[str, Any]]:
    """An event, and those most like it: near in time, with the same actors and words; or those that have some words."""
    event, row = _row(now, event_id), select.row_of(now.catalogue, event_id)
    events, catalogue = now.catalogue.events, now.catalogue
    others = np.flatnonzero(select.matches(catalogue, view.ViewState(q=q.strip())))  # rejected ones are not among them
    others = others[others != row]
    gaps = _gaps(now, row)
    others = others[np.argsort(gaps[others], kind="stable")[:COMPARED]]
    likeness = [_likeness(event, events.iloc[other], gaps[other]) for other in others]
    best = sorted(zip(likeness, others, strict=True), key=lambda pair: -pair[0])[:NEAREST]
    return [_candidate(now, event), *(_candidate(now, events.iloc[other]) for _, other in best)]


def _gaps(now: Snapshot, row: int) -> Any:
    """Days between the event in a row and each event; infinite where one of the two has no date."""
    lower, upper = now.catalogue.lower, now.catalogue.upper
    gaps = np.maximum(0, np.maximum(lower - upper[row], lower[row] - upper))
    return np.where(np.isnan(gaps), np.inf, gaps)


def _likeness(one: pd.Series, other: pd.Series, gap: float) -> float:
    """How likely two events are the same, in no unit: closeness in time, and shared words and actors."""
    closeness = 1 / (1 + gap / YEAR)
    return closeness + 2 * _shared(_telling(one), _telling(other)) + _shared(_actors(one), _actors(other))


def _telling(event: pd.Series) -> set[str]:
    return set(select.fold(f"{event['title']} {event['quote']}").split())


def _actors(event: pd.Series) -> set[str]:
    return {select.fold(name) for name in select.split(event["actors"])}


def _shared(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


def _candidate(now: Snapshot, event: pd.Series) -> dict[str, Any]:
    mentions = select.mentions_of(now.catalogue, event["event_id"])
    told = dict.fromkeys(zip(mentions["source_id"], mentions["quote"], strict=True))  # a sentence may tell it twice
    return {
        "id": event["event_id"],
        "title": event["title"],
        "date": words.say(event["date"]) or "undated",
        "category": event["category"],
        "actors": event["actors"],
        "told": [{"source": source, "quote": quote} for source, quote in told],
    }


def _row(now: Snapshot, event_id: str) -> pd.Series:
    row = select.row_of(now.catalogue, event_id)
    if row < 0:
        raise TimelineError(f"no event has the id {event_id[:80]!r} any more; it may be merged into another one")
    return now.catalogue.events.iloc[row]


def _published(now: Snapshot, source_id: str) -> str:
    found = now.catalogue.sources.loc[now.catalogue.sources["source_id"] == source_id, "published"].tolist()
    return _date_or_nothing(found[0]) if found else ""


def _date_or_nothing(text: str) -> str:
    try:
        return str(parse(text))
    except EdtfError:
        return ""


# ---------------------------------------------------------------------------------------------- the log


def listed(now: Snapshot, rebuild: Rebuild, start: int = 0) -> dict[str, Any]:
    """The decisions for a person to read, the newest first, from the one at `start` on."""
    off = undone(now.log)
    newest = list(reversed(now.log))[start : start + LISTED]
    return {
        "decisions": [_entry(now, decision, off) for decision in newest],
        "total": len(now.log),
        "unbuilt": len(unbuilt(now.data.folder, now.log)),
        "buildable": rebuild.is_possible,
    }


def _entry(now: Snapshot, decision: Decision, off: Mapping[str, Decision]) -> dict[str, Any]:
    """A decision in words."""
    event = _event_of(now, decision)
    by = off.get(decision.id)
    waits = next((each for each in now.outcomes if each.decision.id == decision.id and each.state == "waiting"), None)
    values = {key: value for key, value in decision.values.items() if key in ADDABLE}
    return {
        "id": decision.id,
        "action": decision.action,
        "said": DONE[decision.action],
        "by": decision.by,
        "on": decision.on,
        "why": decision.why,
        "event": event,
        "title": _title(now, decision, event),
        "values": {key: words.say(value) if key == "date" else value for key, value in values.items()},
        "undone": f"taken back by {by.by or 'somebody'}" if by else "",
        "waits": str(waits) if waits else "",
        "of": decision.values.get("decision", "") if decision.action == "undo" else "",
    }


def _event_of(now: Snapshot, decision: Decision) -> str:
    """The event that a decision is about as it is now, empty if it is gone."""
    names = [target["mention_id"] for target in about(decision)]
    owners = now.catalogue.mentions
    found = dict(
        zip(*(owners.loc[owners["mention_id"].isin(names), key] for key in ("mention_id", "event_id")), strict=True)
    )
    for name in names:
        if name in found:
            return str(found[name])
    unquoted = ["e" + name[1:] for name in names]
    there = now.catalogue.events["event_id"]
    return next(iter(there[there.isin(unquoted)]), "")


def _title(now: Snapshot, decision: Decision, event: str) -> str:
    """What a decision is about, in words: the title of its event, else of its own values, else its sentence."""
    titles = now.catalogue.events.loc[now.catalogue.events["event_id"] == event, "title"].tolist()
    quotes = [target["quote"] for target in about(decision) if target["quote"]]
    given = [decision.values["title"]] if decision.values.get("title") else []
    return next(iter([*titles, *given, *(_short(quote) for quote in quotes)]), "an event")
