"""One colour and one shape per category: the shape says the same to those who cannot tell the colours apart.

The colours are those of Okabe and Ito, safe for the common kinds of colour blindness; text is never written in them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """How a category is drawn: fill colour, the line around it on white and on black, and its shape.

    `name` is the shape's class in style.css, `symbol` the shape's name in plotly.
    """

    colour: str
    line: str
    line_dark: str
    name: str
    symbol: str
    glyph: str


# The lines keep 3:1 to the page (WCAG 1.4.11), which the lighter fills alone would not.
LOOKS = (
    Look("#0072B2", "#0072B2", "#4BA6DA", "disc", "circle", "●"),
    Look("#E69F00", "#A87400", "#E69F00", "square", "square", "■"),
    Look("#D55E00", "#C45600", "#EE7B24", "triangle", "triangle-up", "▲"),
    Look("#CC79A7", "#B05C8B", "#CC79A7", "diamond", "diamond", "◆"),
    Look("#009E73", "#008560", "#1FB98C", "hexagon", "hexagon", "⬢"),
    Look("#56B4E9", "#2B86BB", "#56B4E9", "cross", "cross", "✚"),
    Look("#595959", "#595959", "#A3A9AE", "ring", "pentagon", "⬟"),
)
OTHER = 6
KNOWN = (
    ("diploma", "polit", "treat"),
    ("econom", "trade", "energy", "finan"),
    ("milit", "border", "secur", "war", "defen"),
    ("cultur", "societ", "educa", "relig"),
    ("scien", "techn", "space", "health"),
    ("domest", "intern", "govern"),
    ("other", "uncategor"),
)


def looks(categories: Iterable[str]) -> dict[str, Look]:
    """A look for each category, in the order of the lanes. Known kinds keep their colour in every timeline.

    >>> list(looks(["Weather", "Diplomacy", "Economy"]))
    ['Diplomacy', 'Economy', 'Weather']
    """
    names = sorted(set(categories))
    places: dict[str, int] = {}
    for name in names:
        place = _known(name)
        if place == OTHER or (place is not None and place not in places.values()):
            places[name] = place
    free = [place for place in range(OTHER) if place not in places.values()] or list(range(OTHER))
    for number, name in enumerate(name for name in names if name not in places):
        places[name] = free[number % len(free)]
    return {name: LOOKS[places[name]] for name in sorted(names, key=lambda name: (places[name], name))}


def _known(name: str) -> int | None:
    """The place in LOOKS of a category that has the same meaning in every timeline."""
    if not name:
        return OTHER
    return next((place for place, stems in enumerate(KNOWN) if name.casefold().startswith(stems)), None)
