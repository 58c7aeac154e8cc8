"""The filters on the left and the chips above the plot: links, each to the view that one tick more or less gives."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard import select, words
from dashboard import state as view
from dashboard.markup import aria, symbol
from dashboard.select import Catalogue
from dashboard.state import ViewState
from timeline.palette import Look

NAMES = {  # of filters, where not the name itself
    "kind": "what",
    "q": "search",
    "window": "period",
    "sources": "told by",
}
LANES = {"category": "category", "actor": "actor", "source": "source", "none": "none"}
MOST_VALUES = 60  # of a filter: the others are found by the search box


def facet(catalogue: Catalogue, state: ViewState, name: str, lane_looks: dict[str, Look]) -> Any:
    """The tick boxes of a filter with live counts."""
    boxes: list[Any] = []
    counts = select.counts(catalogue, state, name)
    chosen = getattr(state, name)
    for number, count in enumerate(counts):
        if number >= MOST_VALUES and count.value not in chosen:
            continue
        mark = [symbol(lane_looks[count.value])] if name == "category" and count.value in lane_looks else []
        text = [*mark, html.Span(count.label, className="name"), _number(count.events)]
        boxes.append(_box(state, name, count.value, text, is_empty=not count.events))
    if len(counts) > MOST_VALUES:
        boxes.append(html.Li(f"and {len(counts) - MOST_VALUES:,} more: search for them", className="more"))
    return html.Ul(boxes)


def least(catalogue: Catalogue, state: ViewState, name: str) -> Any:
    """The choices of "at least so much", one of them or none."""
    return html.Ul(
        [
            _option(
                view.write(view.at_least(state, name, float(count.value))),
                (name, float(count.value)) in state.least,
                [html.Span(count.label, className="name"), _number(count.events)],
                is_empty=not count.events,
                value=count.value,
            )
            for count in select.least_counts(catalogue, state, name)
        ]
    )


def clear(state: ViewState) -> Any:
    """The link that takes all filters and the window away; None if there are none."""
    all_ = view.cleared(state)
    return html.A("Clear all filters", href=view.write(all_)) if all_ != state else None


def lanes(state: ViewState) -> list[Any]:
    """What the lanes of the plot are, as links."""
    links = [
        html.A(
            text,
            href=view.write(view.in_lanes(state, by)),
            **(aria(current="true") if by == state.lanes else {}),
        )
        for by, text in LANES.items()
    ]
    return [html.Span("Lanes: "), *links]


def chips(catalogue: Catalogue, state: ViewState) -> list[Any]:
    """The filters in use, each a link that takes it away."""
    found = [
        _chip(name, label, view.write(view.without(state, name, value)))
        for name, value, label in select.active(catalogue, state)
    ]
    if state.start is not None or state.end is not None:
        found.append(_chip("window", period(state), view.write(view.fitted(state))))
    return found


def period(state: ViewState) -> str:
    """The window a view names, in words."""
    if state.start is None:
        return f"until {words.day(state.end or 0, short=True)}"
    if state.end is None:
        return f"since {words.day(state.start, short=True)}"
    return f"{words.day(state.start, short=True)} – {words.day(state.end, short=True)}"


def _box(state: ViewState, name: str, value: str, text: list[Any], is_empty: bool = False) -> Any:
    return _option(view.write(view.toggle(state, name, value)), value in getattr(state, name), text, is_empty, value)


def _option(href: str, is_ticked: bool, text: list[Any], is_empty: bool, value: str) -> Any:
    attributes: dict[str, Any] = {"data-value": value}
    return html.Li(
        html.A(
            text,
            href=href,
            role="checkbox",
            className="option none" if is_empty else "option",
            **aria(checked="true" if is_ticked else "false"),
            **attributes,
        )
    )


def _number(events: int) -> Any:
    return html.Span(f"{events:,}", className="number")


def _chip(name: str, label: str, href: str) -> Any:
    called = NAMES.get(name, name)
    return html.A(
        [html.Span(f"{called}: ", className="kind"), label, html.Span(" ×", **aria(hidden="true"))],
        href=href,
        className="chip",
        title=f"Remove this filter ({called}: {label})",
    )
