"""The table of events, how many there are, and what to do when there is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from dash import html

from dashboard import filters, select, words
from dashboard import state as view
from dashboard.markup import aria, flags, symbol
from dashboard.select import Catalogue, Rows
from dashboard.state import ViewState
from timeline.edtf import civil, ordinal
from timeline.palette import Look

MOST_ROWS = 300
MOST_UNDATED = 50
COLUMNS = {"date": "Date", "title": "Event", "category": "Category", "sources": "Sources"}


def table(catalogue: Catalogue, shown: Rows, state: ViewState, lane_looks: dict[str, Look]) -> Any:
    """The events as a table: the twin of the plot for keyboards, screen readers and small screens."""
    rows = catalogue.events.iloc[shown[:MOST_ROWS]]
    body: list[Any] = []
    year = ""
    columns = (
        "event_id",
        "date",
        "earliest",
        "precision",
        "title",
        "category",
        "status",
        "modality",
        "kind",
        "n_sources",
    )
    for event in rows[list(columns)].itertuples(index=False):
        if state.sort.endswith("date") and _when(event) != year:
            year = _when(event)
            body.append(html.Tr(html.Th(year, colSpan=4, scope="colgroup"), className="year"))
        body.append(_row(event, state, lane_looks))
    more = len(shown) - len(rows)
    return html.Div(
        [
            html.Table(
                [
                    html.Caption(f"Events, {_order(state.sort)}"),
                    html.Thead(html.Tr([_heading(column, text, state) for column, text in COLUMNS.items()])),
                    html.Tbody(body),
                ],
                className="events",
            ),
            html.P(f"These are the first {MOST_ROWS} of {len(shown):,}; filter to see the other {more:,}.")
            if more > 0
            else None,
        ]
    )


def count(catalogue: Catalogue, shown: Rows, state: ViewState) -> list[Any]:
    """As in "12 of 62 events · 3 to review", and those without a date, who have no place on the plot."""
    review = int((catalogue.events["status"].iloc[shown] == "proposed").sum())
    undated = shown[np.isnan(catalogue.lower[shown])]
    number = html.Strong(f"{len(shown):,} of {select.total(catalogue, state):,} events")
    to_review = html.A(f"{review:,} to review", href=view.write(view.only(state, "status", "proposed")))
    tray = [_tray(catalogue, undated, state)] if len(undated) else []
    return [number, *([" · ", to_review] if review else []), *tray]


def _tray(catalogue: Catalogue, undated: Rows, state: ViewState) -> Any:
    events = catalogue.events.iloc[undated[:MOST_UNDATED]]
    links = [
        html.Li(html.A(title, href=view.write(view.select_event(state, event))))
        for event, title in zip(events["event_id"], events["title"], strict=True)
    ]
    more = [html.Li(f"and {len(undated) - MOST_UNDATED:,} more")] if len(undated) > MOST_UNDATED else []
    return html.Details([html.Summary(f" · {len(undated):,} undated"), html.Ul([*links, *more])], className="tray")


def nothing(catalogue: Catalogue, state: ViewState) -> Any:
    """What to do when no event is left: each filter that hides some, with what its removal would show."""
    if not len(catalogue.events):
        return html.Div(
            [
                html.H2("No events yet"),
                html.P(["Put documents into ", html.Code("seeds/"), " and run ", html.Code("timeline build"), "."]),
            ],
            className="nothing",
        )
    period = filters.period(state)
    ways = [
        html.Li(html.A(f"Remove {label} (would show {left:,})", href=view.write(view.without(state, name, value))))
        for name, value, label, left in select.remedies(catalogue, state, period)
        if left
    ]
    everything = html.Li(html.A("Remove all filters", href=view.write(view.cleared(state))))
    return html.Div(
        [html.H2(f"0 of {select.total(catalogue, state):,} events match"), html.Ul([*ways, everything])],
        className="nothing",
    )


def _row(event: Any, state: ViewState, lane_looks: dict[str, Look]) -> Any:
    chosen = event.event_id == state.event
    link = html.A(
        event.title,
        href=view.write(view.select_event(state, event.event_id)),
        **(aria(current="true") if chosen else {}),
    )
    classes = f"{event.status} {event.modality}{' selected' if chosen else ''}"
    category = [symbol(lane_looks[event.category]), html.Span(event.category)]
    attributes: dict[str, Any] = {"className": classes, "data-event": event.event_id}
    return html.Tr(
        [
            html.Td(words.say(event.date, short=True) or "undated", className="date"),
            html.Td(
                [link, *flags(event.modality, event.status, event.kind, words.is_disputed(event.date))],
                className="title",
            ),
            html.Td(category, className="category"),
            html.Td("" if pd.isna(event.n_sources) else str(event.n_sources), className="number"),
        ],
        **attributes,
    )


def _heading(column: str, text: str, state: ViewState) -> Any:
    is_sorted = state.sort.removeprefix("-") == column
    order = ("descending" if state.sort.startswith("-") else "ascending") if is_sorted else "none"
    link = html.A(text, href=view.write(view.sort_by(state, column)), title=f"Sort by {text.lower()}")
    return html.Th(link, scope="col", className=column, **aria(sort=order))


def _order(sort: str) -> str:
    column = COLUMNS[sort.removeprefix("-")].lower()
    return f"sorted by {column}{', the other way round' if sort.startswith('-') else ''}"


def _when(event: Any) -> str:
    """The heading an event stands under in the list by year; a decade is not its first year."""
    if not event.date:
        return "Undated"
    if event.precision in ("decade", "century") or not event.earliest:
        return words.say(event.date)
    return words.year(civil(ordinal(event.earliest))[0])
