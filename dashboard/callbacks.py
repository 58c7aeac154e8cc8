"""The wiring: the URL decides what is shown, and every control changes the URL, in the browser (assets/view.js).

Every callback has the URL as its input, and the version of the tables, and answers with HTML by the id of its place.
The plot is not among them: assets/plot.js draws it with `dashboard.drawing`.
"""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, html

from dashboard import curation, events, filters, ids, panel, select
from dashboard import state as view
from dashboard.markup import to_html
from dashboard.select import Catalogue
from dashboard.state import ViewState
from dashboard.store import Store


def register(app: Dash, store: Store, curating: bool = False) -> None:
    """Connect the controls of the page with the tables. `curating`: an event comes with what may be decided on it."""
    _register_browser(app)

    @app.callback(Output(ids.SHOWN, "data"), Input(ids.URL, "search"), Input(ids.VERSION, "data"))
    def show(search: str | None, _version: int) -> dict[str, str]:
        now, state = store.now, view.read(search)
        catalogue, looks = now.catalogue, now.looks
        shown = select.rows(catalogue, state)
        parts = {
            ids.COUNT: events.count(catalogue, shown, state),
            ids.CHIPS: filters.chips(catalogue, state),
            ids.TABLE: events.table(catalogue, shown, state, looks) if len(shown) else events.nothing(catalogue, state),
            ids.ZOOM: outside(catalogue, state),
            ids.LANES: filters.lanes(state),
            ids.CLEAR: filters.clear(state),
            **{name: filters.facet(catalogue, state, name, looks) for name in ids.FACETS},
            **{name: filters.least(catalogue, state, name) for name in ids.LEAST},
        }
        return {name: to_html(part) for name, part in parts.items()}

    @app.callback(Output(ids.TOLD, "data"), Input(ids.URL, "search"), Input(ids.VERSION, "data"))
    def tell(search: str | None, _version: int) -> dict[str, str]:
        now, state = store.now, view.read(search)
        shown = select.rows(now.catalogue, state)
        parts = {
            ids.STEPS: panel.steps(now.catalogue, state, shown),
            ids.PANEL: panel.panel(now.catalogue, state, shown, now.looks, now.data.text),
            ids.BAR: curation.bar(now, state.event, state.mention) if curating else None,
            ids.ANNOUNCE: panel.announcement(now.catalogue, state, shown),
        }
        return {name: to_html(part) for name, part in parts.items()}


def _register_browser(app: Dash) -> None:
    """What happens in the browser alone (assets/view.js and assets/plot.js)."""
    app.clientside_callback(ClientsideFunction("view", "start"), Input(ids.SAMPLE, "data"))
    app.clientside_callback(ClientsideFunction("live", "see"), Input(ids.VERSION, "data"))
    for name in (ids.SHOWN, ids.TOLD):
        app.clientside_callback(ClientsideFunction("view", "paint"), Input(name, "data"), prevent_initial_call=True)
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
