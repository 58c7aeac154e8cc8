"""Taking events along: which ones, in which format, how many rows, before anybody presses."""

from __future__ import annotations

from typing import Any

from dash import html
from flask import Flask, Response, abort, request

from dashboard import ids, select
from dashboard import state as view
from dashboard.markup import aria, to_html
from dashboard.select import Catalogue, Mask
from dashboard.state import ViewState
from dashboard.store import Store
from timeline import TimelineError
from timeline.export import EXPORTS, Format, export, only

SCOPES = {"shown": "what the filters and the window show", "accepted": "what people vouched for", "all": "all events"}
FIRST = "shown"
VOUCHED = ("accepted", "edited", "added")
PICTURES = {"svg": "the plot as a drawing, to be edited or printed at any size", "png": "the plot as an image"}


def offers(catalogue: Catalogue, state: ViewState) -> list[Any]:
    """What the dialog holds: the scopes, each with its number of events, and what each format is for and cannot carry.

    The links are for the first scope; assets/view.js turns them to another.
    """
    scopes = [
        html.Button(
            [html.B(f"{int(scope(catalogue, state, name).sum()):,}"), f" events: {what}"],
            type="button",
            **{"data-scope": name},
            **aria(pressed="true" if name == FIRST else "false"),
        )
        for name, what in SCOPES.items()
    ]
    files = [
        _offer(_link(state, each), each.name, f"{each.about}. ", html.Small(f"Without {each.lacks}."))
        for each in EXPORTS.values()
    ]
    pictures = [_offer(_draw(name), f"picture, {name}", what) for name, what in PICTURES.items()]
    close = html.Button(
        "×", type="button", className="icon", **aria(label="Close (Esc)"), **{"data-closes": ids.EXPORT}
    )
    return [
        html.Div([html.H2("Export"), close], className="bar"),
        html.Div(scopes, className="scopes", role="group", **aria(label="Which events")),
        html.Ul([*files, *pictures], className="offers"),
    ]


def scope(catalogue: Catalogue, state: ViewState, name: str) -> Mask:
    """Which events a scope holds; rejected ones only where the filters ask for them."""
    asked = {"shown": state, "accepted": ViewState(status=VOUCHED), "all": ViewState()}
    return select.matches(catalogue, asked[name])


def serve_exports(server: Flask, store: Store, base: str = "/") -> None:
    """Add the routes `export`, and `formats`, the inside of the dialog."""

    @server.get(f"{base}formats")
    def formats() -> Response:
        state = view.read(request.query_string.decode("ascii", "replace"))
        response = Response(to_html(offers(store.now.catalogue, state)), content_type="text/html; charset=utf-8")
        response.headers["Cache-Control"] = "no-store"
        return response

    @server.get(f"{base}export")
    def download() -> Response:
        now = store.now
        to, name = request.args.get("to", ""), request.args.get("scope", FIRST)
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


def _offer(button: Any, name: str, *about: Any) -> Any:
    return html.Li([button, html.Div([html.B(name), " ", *about])])


def _link(state: ViewState, to: Format) -> Any:
    href = f"export{view.write(state)}&scope={FIRST}&to={to.name}".replace("?&", "?")
    return html.A(to.suffix, href=href, download=True, className="button", **aria(label=f"Download as {to.name}"))


def _draw(name: str) -> Any:
    about = {**aria(label=f"Save a picture as {name}"), "data-picture": name}
    return html.Button(f".{name}", type="button", className="button", **about)
