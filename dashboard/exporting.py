"""Taking events along: which ones, in which format, how many rows, before anybody presses."""

from __future__ import annotations

from typing import Any

import numpy as np
from dash import html
from flask import Flask, Response, abort, request

from dashboard import ids, select
from dashboard import state as view
from dashboard.markup import aria
from dashboard.select import Catalogue, Mask
from dashboard.state import ViewState
from dashboard.store import Store
from timeline import TimelineError
from timeline.export import EXPORTS, Format, export, only

SCOPES = {"shown": "what the filters and the window show", "accepted": "what people vouched for", "all": "all events"}
VOUCHED = ("accepted", "edited", "added")


def dialog(catalogue: Catalogue, state: ViewState) -> Any:
    """The dialog: what each format is for and cannot carry, and a link for each scope, with the number of events."""
    head = [
        html.Th([html.B(f"{int(scope(catalogue, state, name).sum()):,}"), f" events: {what}"], scope="col")
        for name, what in SCOPES.items()
    ]
    rows = [
        html.Tr(
            [
                html.Th([html.B(each.name), f" {each.about}. ", html.Small(f"Without {each.lacks}.")], scope="row"),
                *(html.Td(_link(state, name, each)) for name in SCOPES),
            ]
        )
        for each in EXPORTS.values()
    ]
    return html.Dialog(
        [
            html.Div(
                [
                    html.H2("Export"),
                    html.Button(
                        "×", type="button", className="icon", **aria(label="Close (Esc)"), **{"data-closes": ids.EXPORT}
                    ),
                ],
                className="bar",
            ),
            html.Table([html.Thead(html.Tr([html.Td(), *head])), html.Tbody(rows)]),
        ],
        id=ids.EXPORT,
        className="box formats",
        **aria(label="Export"),
    )


def scope(catalogue: Catalogue, state: ViewState, name: str) -> Mask:
    """Which events a scope holds; rejected ones only where the filters ask for them."""
    status = catalogue.events["status"].to_numpy()
    if name == "shown":
        return select.matches(catalogue, state)
    if name == "accepted":
        return np.asarray(np.isin(status, VOUCHED), dtype=np.bool_)
    return np.asarray(status != "rejected", dtype=np.bool_)


def serve_exports(server: Flask, store: Store, base: str = "/") -> None:
    """Add the route `export`."""

    @server.get(f"{base}export")
    def download() -> Response:
        now = store.now
        to, name = request.args.get("to", ""), request.args.get("scope", "shown")
        if to not in EXPORTS or name not in SCOPES:
            abort(404, f"There is no such export; formats: {', '.join(EXPORTS)}; scopes: {', '.join(SCOPES)}.")
        state = view.read(request.query_string.decode("ascii", "replace"))
        chosen = now.catalogue.events["event_id"][scope(now.catalogue, state, name)]
        try:
            data = export(only(now.data, chosen), to)
        except TimelineError as error:
            abort(409, str(error))
        response = Response(data, content_type=EXPORTS[to].media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{EXPORTS[to].file_name("events")}"'
        return response


def _link(state: ViewState, name: str, to: Format) -> Any:
    href = f"export{view.write(state)}&scope={name}&to={to.name}".replace("?&", "?")
    return html.A(to.suffix, href=href, download=True, className="button", **aria(label=f"{to.name}: {SCOPES[name]}"))
