"""The few pieces of HTML that more than one part of the page is made of."""

from __future__ import annotations

from typing import Any

from dash import html

from dashboard.palette import Look


def aria(**values: str) -> dict[str, Any]:
    """ARIA attributes, as components take them: `**aria(label="Zoom")`.

    >>> aria(label="Zoom")
    {'aria-label': 'Zoom'}
    """
    return {f"aria-{name}": value for name, value in values.items()}


def symbol(look: Look) -> Any:
    """A category's shape in its colour, drawn by style.css."""
    return html.Span(className=f"symbol {look.name}", **aria(hidden="true"))


def flags(modality: str, status: str) -> list[Any]:
    """What makes an event less than a fact: planned, or rejected."""
    return [html.Span(word, className="flag") for word in (modality, status) if word in ("planned", "rejected")]
