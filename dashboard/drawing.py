"""What assets/plot.js asks for while somebody zooms: the drawing of a window, and the overview under it, as JSON.

These do not go through Dash: its callbacks cannot be called off, and take longer than the drawing itself.
"""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
from flask import Flask, Response, request

from dashboard import figures, select, sketch
from dashboard import state as view
from dashboard.place import SAMPLE, text_width
from dashboard.scale import Window, ticks
from dashboard.select import Catalogue
from dashboard.state import ViewState
from dashboard.store import Snapshot, Store

STEPS = 300  # of the overview
SAMPLE_WIDTH = text_width(SAMPLE, sketch.SIZE)


def serve_drawings(server: Flask, store: Store, base: str = "/") -> None:
    """Add the routes `scene` and `overview`."""

    @server.get(f"{base}scene")
    def scene() -> Response:
        return _json(drawing(store.now, _query(), request.args))

    @server.get(f"{base}overview")
    def overview() -> Response:
        return _json(overviews(store.now.catalogue, view.read(_query())))


def drawing(now: Snapshot, query: str, asked: Any) -> dict[str, Any]:
    """A view drawn for the page that `asked` describes (see `canvas`), perhaps between two days of its own."""
    state = view.read(query)
    window = _window(asked.get("start"), asked.get("end"))
    seen = figures.scene(now.catalogue, state, canvas(asked), now.looks, window)
    every = select.whole_window(now.catalogue)
    reach = Window(min(every.start, seen.window.start), max(every.end, seen.window.end))
    return {
        "data": seen.data,
        "layout": seen.layout,
        "dense": seen.dense,
        "inside": seen.inside,
        "window": [seen.window.start, seen.window.end],
        "reach": [reach.start, reach.end],
        "margins": [sketch.LEFT, sketch.RIGHT],
    }


def overviews(catalogue: Catalogue, state: ViewState) -> dict[str, Any]:
    """The strip under the drawing: how many events of the filters fall where in all of time, and what is shown."""
    every = select.whole_window(catalogue)
    left = select.matches(catalogue, view.fitted(state)) & ~np.isnan(catalogue.lower)
    lower, upper = catalogue.lower[left], catalogue.upper[left]
    first, last = _steps(lower, every), _steps(upper, every)
    begun, ended = np.bincount(first, minlength=STEPS + 1), np.bincount(last + 1, minlength=STEPS + 1)
    counts = np.cumsum(begun[: STEPS + 1] - ended[: STEPS + 1])[:STEPS]
    places, texts = ticks(every, 700)
    shown = select.window(catalogue, state)
    return {
        "reach": [every.start, every.end],
        "window": [shown.start, shown.end],
        "counts": counts.tolist(),
        "ticks": [[place, text] for place, text in zip(places, texts, strict=True) if every.start < place < every.end],
    }


def canvas(asked: Any) -> sketch.Canvas:
    """What the browser measured, as far as it makes sense: w and h in pixels, dark=1, text: how wide SAMPLE runs."""
    plain = sketch.Canvas()
    return sketch.Canvas(
        width=_between(asked.get("w"), 200, 8000, plain.width),
        height=_between(asked.get("h"), 120, 4000, plain.height),
        dark=asked.get("dark") == "1",
        stretch=_between(asked.get("text"), SAMPLE_WIDTH / 2, SAMPLE_WIDTH * 2, SAMPLE_WIDTH) / SAMPLE_WIDTH,
    )


def _steps(days: select.Numbers, every: Window) -> select.Rows:
    places = (days - every.start) / every.width * STEPS
    return np.clip(np.nan_to_num(places, posinf=STEPS, neginf=0.0), 0, STEPS - 1).astype(np.intp)


def _window(start: Any, end: Any) -> Window | None:
    first, last = _number(start), _number(end)
    return Window(first, last) if first is not None and last is not None and last - first >= 1 else None


def _between(value: Any, low: float, high: float, otherwise: float) -> float:
    number = _number(value)
    return number if number is not None and low <= number <= high else otherwise


def _number(value: Any) -> float | None:
    """A number that may be a day or a length, None if it makes no sense."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) and abs(number) < 1e11 else None


def _query() -> str:
    return request.query_string.decode("ascii", "replace")


def _json(value: dict[str, Any]) -> Response:
    response = Response(json.dumps(value, ensure_ascii=False, separators=(",", ":")), content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
