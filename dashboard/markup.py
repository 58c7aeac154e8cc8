"""The few pieces of HTML that more than one part of the page is made of."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.palette import Look

FLAGS = {
    "planned": "announced or expected, not told as done",
    "rejected": "rejected by a reviewer",
    "state": "what was so for a time, not something that happened",
    "figure": "something measured, not something that happened",
    "disputed": "the sources disagree on the date",
}


def aria(**values: str) -> dict[str, Any]:
    """ARIA attributes, as components take them: `**aria(label="Zoom")`.

    >>> aria(label="Zoom")
    {'aria-label': 'Zoom'}
    """
    return {f"aria-{name}": value for name, value in values.items()}


def symbol(look: Look) -> Any:
    """A category's shape in its colour, drawn by style.css."""
    return html.Span(className=f"symbol {look.name}", **aria(hidden="true"))


def flags(modality: str, status: str, kind: str, is_disputed: bool) -> list[Any]:
    """What makes an event less than a fact, or no happening at all, each in a word that FLAGS explains."""
    said = (modality, status, "figure" if kind == "statistic" else kind, "disputed" if is_disputed else "")
    known = [word for word in said if word in FLAGS]
    return [part for word in known for part in (" ", html.Span(word, className="flag", title=FLAGS[word]))]
