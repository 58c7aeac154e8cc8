"""The filters on the left and the chips above the plot: links, each to the view that one tick more or less gives."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard import select, words
from dashboard import state as view
from dashboard.markup import aria, symbol
from dashboard.palette import Look
from dashboard.select import Catalogue
from dashboard.state import ViewState

SHOW = {"review": "only those to review", "rejected": "rejected ones, too"}
NAMES = {"kind": "what", "q": "search", "window": "period", "show": "only"}  # of filters, where not the name itself


def facet(catalogue: Catalogue, state: ViewState, name: str, lane_looks: dict[str, Look]) -> Any:
    """The tick boxes of a filter with live counts."""
    boxes = []
    for count in select.counts(catalogue, state, name):
        mark = [symbol(lane_looks[count.value])] if name == "category" and count.value in lane_looks else []
        text = [*mark, html.Span(count.label, className="name"), _number(count.events)]
        boxes.append(_box(state, name, count.value, text, is_empty=not count.events))
    return html.Ul(boxes)


def show(catalogue: Catalogue, state: ViewState) -> Any:
    """The tick boxes that let rejected events in, or leave only those nobody has looked at yet."""
    status = catalogue.events["status"]
    numbers = {"review": int(status.eq("proposed").sum()), "rejected": int(status.eq("rejected").sum())}
    return html.Ul(
        [
            _box(state, "show", value, [html.Span(text, className="name"), _number(numbers[value])])
            for value, text in SHOW.items()
        ]
    )


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
    is_ticked = value in getattr(state, name)
    return html.Li(
        html.A(
            text,
            href=view.write(view.toggle(state, name, value)),
            role="checkbox",
            className="option none" if is_empty else "option",
            **aria(checked="true" if is_ticked else "false"),
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
