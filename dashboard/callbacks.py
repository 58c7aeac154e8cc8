"""The wiring: the URL decides what is shown, and every control changes the URL.

`sync` alone has the URL and the controls on both sides. Every other callback has the URL as its input, and the version
of the tables. The plot is not among them: assets/plot.js draws it with `dashboard.drawing`.
"""

from __future__ import annotations

import hashlib
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, html, no_update

from dashboard import curation, events, exporting, filters, ids, panel, select
from dashboard import state as view
from dashboard.select import Catalogue
from dashboard.state import ViewState
from dashboard.store import Store


def register(app: Dash, store: Store, curating: bool = False) -> None:
    """Connect the controls of the page with the tables. `curating`: an event comes with what may be decided on it."""
    _register_browser(app)

    @app.callback(
        Output(ids.SEARCH, "value"),
        Output(ids.GOTO, "data"),
        Input(ids.URL, "search"),
        Input(ids.SEARCH, "value"),
    )
    def sync(search: str | None, typed: Any) -> tuple[Any, Any]:
        state, words = view.read(search), typed.strip() if isinstance(typed, str) else ""
        asked = set(ctx.triggered_prop_ids.values())
        if not asked or ids.URL in asked:
            return (no_update if state.q == words else state.q), no_update
        new = view.search(state, words)
        return no_update, {"search": view.write(new), "replace": view.is_refinement(state, new)}

    @app.callback(
        [
            *(Output(name, "children") for name in (ids.COUNT, ids.CHIPS, ids.TABLE, ids.ZOOM, ids.LANES, ids.DIALOG)),
            Output(ids.CLEAR, "href"),
            *(Output(name, "children") for name in (*ids.FACETS, *ids.LEAST)),
        ],
        [Input(ids.URL, "search"), Input(ids.VERSION, "data")],
    )
    def show(search: str | None, _version: int) -> list[Any]:
        now, state = store.now, view.read(search)
        catalogue, lane_looks = now.catalogue, now.looks
        shown = select.rows(catalogue, state)
        return [
            events.count(catalogue, shown, state),
            filters.chips(catalogue, state),
            events.table(catalogue, shown, state, lane_looks) if len(shown) else events.nothing(catalogue, state),
            outside(catalogue, state),
            filters.lanes(state),
            exporting.dialog(catalogue, state),
            view.write(view.cleared(state)),
            *(filters.facet(catalogue, state, name, lane_looks) for name in ids.FACETS),
            *(filters.least(catalogue, state, name) for name in ids.LEAST),
        ]

    @app.callback(
        Output(ids.STEPS, "children"),
        Output(ids.PANEL, "children"),
        Output(ids.ANNOUNCE, "children"),
        Output(ids.TOLD, "data"),
        Input(ids.URL, "search"),
        Input(ids.VERSION, "data"),
        State(ids.TOLD, "data"),
    )
    def tell(search: str | None, _version: int, before: str | None) -> tuple[Any, Any, Any, Any]:
        now, state = store.now, view.read(search)
        shown = select.rows(now.catalogue, state)
        told = panel.panel(now.catalogue, state, shown, now.looks, now.data.text)
        digest = hashlib.sha256(repr(told).encode("utf-8", "replace")).hexdigest()
        steps = panel.steps(now.catalogue, state, shown)
        if digest == before:  # another event was decided on: who reads or selects words here is not disturbed
            return steps, no_update, no_update, no_update
        below = [bar] if curating and (bar := curation.bar(now, state.event, state.mention)) else []
        return steps, [told, *below], panel.announcement(now.catalogue, state, shown), digest


def _register_browser(app: Dash) -> None:
    """What happens in the browser alone (assets/view.js and assets/plot.js)."""
    app.clientside_callback(ClientsideFunction("view", "start"), Input(ids.SAMPLE, "data"))
    app.clientside_callback(ClientsideFunction("live", "see"), Input(ids.VERSION, "data"))
    app.clientside_callback(ClientsideFunction("view", "follow"), Input(ids.GOTO, "data"), prevent_initial_call=True)
    app.clientside_callback(
        ClientsideFunction("plot", "draw"),
        Input(ids.URL, "search"),
        Input(ids.VERSION, "data"),
        State(ids.SAMPLE, "data"),
    )


def outside(catalogue: Catalogue, state: ViewState) -> list[Any]:
    """How many events lie outside of the window, as links that widen it."""
    window, every = select.window(catalogue, state), select.whole_window(catalogue)
    before, after = select.beyond(catalogue, state, window)
    earlier = html.A(f"← {before:,} earlier", href=view.write(view.window(state, every.start, window.end)))
    later = html.A(f"{after:,} later →", href=view.write(view.window(state, window.start, every.end)))
    return [*([earlier] if before else []), *([later] if after else [])]
