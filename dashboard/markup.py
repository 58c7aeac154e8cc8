"""The few pieces of HTML that more than one part of the page is made of, and components as the text of HTML.

Dash's renderer spends about a millisecond on each component. What changes with every view is therefore sent as text,
escaped here, and put into the page by assets/view.js.
"""

from __future__ import annotations

from html import escape
from typing import Any

from dash import html
from dash.development.base_component import Component

from timeline.palette import Look

EMPTY = frozenset({"br", "col", "hr", "img", "input", "meta", "wbr"})  # elements without an end tag
ATTRIBUTES = {"className": "class", "htmlFor": "for"}
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


def to_html(part: Any) -> str:
    """Components of `dash.html`, texts and lists of both as HTML: texts are escaped, None and False are nothing.

    >>> to_html(html.A(["1 < 2", None], href="?q=1", hidden=True))
    '<a href="?q=1" hidden>1 &lt; 2</a>'
    """
    if part is None or part is False:
        return ""
    if isinstance(part, (list, tuple)):
        return "".join(map(to_html, part))
    if not isinstance(part, Component):
        return escape(str(part), quote=False)
    tag = type(part).__name__.lower()
    given = part.to_plotly_json()["props"]
    attributes = "".join(_attribute(name, value) for name, value in given.items() if name != "children")
    end = "" if tag in EMPTY else f"{to_html(given.get('children'))}</{tag}>"
    return f"<{tag}{attributes}>{end}"


def _attribute(name: str, value: Any) -> str:
    if value is None or value is False:
        return ""
    name = ATTRIBUTES.get(name, name.lower())
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
