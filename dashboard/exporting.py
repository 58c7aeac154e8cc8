"""Taking events along: which ones, in which format, how many rows, before anybody presses."""

from __future__ import annotations

from dataclasses import replace
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
from timeline import Timeline
from timeline.export import EXPORTS, export

SCOPES = {"shown": "what the filters and the window show", "accepted": "what people vouched for", "all": "all events"}
VOUCHED = ("accepted", "edited", "added")


def dialog(catalogue: Catalogue, state: ViewState) -> Any:
    """The dialog: a link for every scope and format, with the number of events it would hold."""
    rows = [
        html.Tr(
            [
                html.Th([html.B(f"{int(scope(catalogue, state, name).sum()):,}"), f" events: {what}"], scope="row"),
                *(html.Td(_link(state, name, to)) for to in EXPORTS),
            ]
        )
        for name, what in SCOPES.items()
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
            html.Table(html.Tbody(rows)),
        ],
        id=ids.EXPORT,
        className="box",
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


def only(data: Timeline, events: Any) -> Timeline:
    """The timeline with some of its events, and what belongs to them."""
    mentions = data.mentions[data.mentions["event_id"].isin(events["event_id"])]
    told = set(mentions["source_id"]) | set(events["source_id"])
    return replace(data, events=events, mentions=mentions, sources=data.sources[data.sources["source_id"].isin(told)])


def serve_exports(server: Flask, store: Store, base: str = "/") -> None:
    """Add the route `export`."""

    @server.get(f"{base}export")
    def download() -> Response:
        now = store.now
        to, name = request.args.get("to", ""), request.args.get("scope", "shown")
        if to not in EXPORTS or name not in SCOPES:
            abort(404, f"There is no such export; formats: {', '.join(EXPORTS)}; scopes: {', '.join(SCOPES)}.")
        state = view.read(request.query_string.decode("ascii", "replace"))
        part = only(now.data, now.catalogue.events[scope(now.catalogue, state, name)])
        response = Response(export(part, to), content_type="application/octet-stream")
        response.headers["Content-Disposition"] = f'attachment; filename="events.{to}"'
        return response


def _link(state: ViewState, name: str, to: str) -> Any:
    href = f"export{view.write(state)}&scope={name}&to={to}".replace("?&", "?")
    return html.A(to, href=href, download=True, className="button")
