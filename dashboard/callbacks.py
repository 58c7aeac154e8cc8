"""The wiring: the URL decides what is shown, and every control changes the URL.

`sync` alone has the URL and the controls on both sides. Every other callback has the URL as its input, and the size of
the page if it draws.
"""

from __future__ import annotations

import math
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, html, no_update

from dashboard import curation, events, figures, filters, ids, panel, select, sketch
from dashboard import state as view
from dashboard.markup import aria
from dashboard.place import SAMPLE, text_width
from dashboard.scale import whole
from dashboard.select import Catalogue
from dashboard.state import ViewState
from dashboard.store import Store

CONTROLS = {ids.SEARCH: "value", ids.WINDOW: "data", ids.PLOT: "clickData"}
CLOSER = 0.6  # of the window, for one step closer
SAMPLE_WIDTH = text_width(SAMPLE, sketch.SIZE)


def register(app: Dash, store: Store, curating: bool = False) -> None:
    """Connect the controls of the page with the tables. `curating`: an event comes with what may be decided on it."""
    _register_browser(app)

    @app.callback(
        Output(ids.SEARCH, "value"),
        Output(ids.GOTO, "data"),
        Input(ids.URL, "search"),
        *(Input(name, prop) for name, prop in CONTROLS.items()),
    )
    def sync(search: str | None, *values: Any) -> tuple[Any, Any]:
        state = view.read(search)
        given = dict(zip(CONTROLS, values, strict=True))
        asked = set(ctx.triggered_prop_ids.values())
        if not asked or ids.URL in asked:
            return (no_update if state.q == _words(given[ids.SEARCH]) else state.q), no_update
        new = changed(state, {name: value for name, value in given.items() if name in asked})
        return no_update, {"search": view.write(new), "replace": view.is_refinement(state, new)}

    @app.callback(
        [
            *(Output(name, "children") for name in (ids.COUNT, ids.CHIPS, ids.TABLE, ids.ZOOM)),
            *(Output(name, "href") for name in (ids.DOWNLOAD, ids.CLEAR)),
            *(Output(name, "children") for name in (*ids.FACETS, ids.SHOW)),
        ],
        [Input(ids.URL, "search"), Input(ids.VERSION, "data")],
    )
    def show(search: str | None, _version: int) -> list[Any]:
        catalogue, lane_looks = store.now.catalogue, store.now.looks
        state = view.read(search)
        shown = select.select(catalogue, state)
        return [
            events.count(catalogue, shown, state, sketch.MOST_MARKS),
            filters.chips(catalogue, state),
            events.table(shown, state, lane_looks) if len(shown) else events.nothing(catalogue, state),
            zoom_links(catalogue, state),
            "events.csv" + view.write(state),
            view.write(view.cleared(state)),
            *(filters.facet(catalogue, state, name, lane_looks) for name in ids.FACETS),
            filters.show(catalogue, state),
        ]

    @app.callback(
        Output(ids.PANEL, "children"),
        Output(ids.ANNOUNCE, "children"),
        Input(ids.URL, "search"),
        Input(ids.VERSION, "data"),
    )
    def tell(search: str | None, _version: int) -> tuple[Any, str]:
        now, state = store.now, view.read(search)
        catalogue, lane_looks = now.catalogue, now.looks
        shown = select.select(catalogue, state)
        below = curation.bar(now, state.event, state.mention) if curating else None
        return (
            panel.panel(catalogue, state, shown, lane_looks, now.data.text, below),
            panel.announcement(catalogue, state, shown),
        )

    @app.callback(
        Output(ids.DRAWING, "data"), Input(ids.URL, "search"), Input(ids.VIEWPORT, "data"), Input(ids.VERSION, "data")
    )
    def draw(search: str | None, viewport: Any, _version: int) -> Any:
        state = view.read(search)
        catalogue = store.now.catalogue
        window = select.window(catalogue, state)
        shown = select.to_draw(catalogue, state, window, sketch.MOST_MARKS)
        figure = figures.VIEWS["lanes"](
            shown, catalogue.eras, window, canvas(viewport), state.event, every=catalogue.events
        )
        return figure.to_plotly_json()


def _register_browser(app: Dash) -> None:
    """What happens in the browser alone (assets/view.js)."""

    def run(name: str) -> ClientsideFunction:
        return ClientsideFunction("view", name)

    app.clientside_callback(
        run("measure"), Output(ids.VIEWPORT, "data"), Input(ids.PLOT, "id"), State(ids.VIEWPORT, "data")
    )
    app.clientside_callback(
        run("hold"), Output(ids.PLOT, "figure"), Input(ids.DRAWING, "data"), prevent_initial_call=True
    )
    app.clientside_callback(run("watch"), Input(ids.PLOT, "relayoutData"), prevent_initial_call=True)
    app.clientside_callback(run("follow"), Input(ids.GOTO, "data"), prevent_initial_call=True)


def changed(state: ViewState, asked: dict[str, Any]) -> ViewState:
    """The view after what a reader did: typed, zoomed or clicked."""
    for name, value in asked.items():
        if name == ids.SEARCH:
            state = view.search(state, _words(value))
        elif name == ids.WINDOW and _is_window(value):
            state = view.window(state, *value)
        elif name == ids.PLOT:
            state = _clicked(state, value)
    return state


def zoom_links(catalogue: Catalogue, state: ViewState) -> list[Any]:
    """Links that move the window, and how many events lie outside of it."""
    window = select.window(catalogue, state)
    before, after = select.beyond(catalogue, state, window)
    every = whole(catalogue.lower, catalogue.upper)
    near = {
        "zoom-in": ("+", "Zoom in (+)", window.width * (1 - CLOSER) / 2, -window.width * (1 - CLOSER) / 2),
        "zoom-out": ("−", "Zoom out (−)", -window.width * (1 / CLOSER - 1) / 2, window.width * (1 / CLOSER - 1) / 2),
    }
    links = [
        html.A(
            text,
            id=name,
            href=view.write(view.window(state, window.start + left, window.end + right)),
            title=title,
            **aria(label=title),
        )
        for name, (text, title, left, right) in near.items()
    ]
    fit = html.A("Fit", id="fit", href=view.write(view.fitted(state)), title="Show the whole period (0)")
    earlier = html.A(
        f"← {before:,} earlier", href=view.write(view.window(state, every.start, window.end)), className="beyond"
    )
    later = html.A(
        f"{after:,} later →", href=view.write(view.window(state, window.start, every.end)), className="beyond"
    )
    return [*([earlier] if before else []), *([later] if after else []), *links, fit]


def canvas(viewport: Any) -> sketch.Canvas:
    """What the browser measured, as far as it makes sense."""
    known = viewport if isinstance(viewport, dict) else {}
    plain = sketch.Canvas()
    return sketch.Canvas(
        width=_between(known.get("width"), 200, 8000, plain.width),
        height=_between(known.get("height"), 120, 4000, plain.height),
        dark=known.get("dark") is True,
        stretch=_between(known.get("text"), SAMPLE_WIDTH / 2, SAMPLE_WIDTH * 2, SAMPLE_WIDTH) / SAMPLE_WIDTH,
    )


def _clicked(state: ViewState, click: Any) -> ViewState:
    """A click on a mark opens its event, a click on an era's name shows that era alone."""
    try:
        value = str(click["points"][0]["customdata"])
    except (TypeError, KeyError, IndexError):
        return state
    if value.startswith(figures.ERA):
        return view.toggle_era(state, value.removeprefix(figures.ERA))
    return view.select_event(state, value)


def _is_window(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_day, value)) and value[0] < value[1]


def _is_day(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and abs(value) < 1e11


def _between(value: Any, low: float, high: float, otherwise: float) -> float:
    return float(value) if _is_day(value) and low <= value <= high else otherwise


def _words(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
