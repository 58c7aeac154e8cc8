"""The dashboard of a timeline, as a Dash app and as a server on this machine."""

from __future__ import annotations

import logging
import secrets
import sys
import time
from collections.abc import Sequence
from typing import Any

import dash
import waitress
from flask import Response, jsonify

from dashboard import callbacks, curation, guard, layout, select
from dashboard.drawing import serve_drawings
from dashboard.exporting import serve_exports
from dashboard.rebuild import Rebuild
from dashboard.serving import compress, serve_plotly
from dashboard.store import Store
from timeline import Timeline, TimelineError, load

THREADS = 8
CURATING = r"curate\..*"  # assets that a page without curating does not need


def create_app(
    data: Timeline | None,
    problem: str = "",
    read_only: bool = False,
    hosts: Sequence[str] = guard.LOOPBACK,
    token: str = "",
) -> dash.Dash:
    """The page for a timeline; without one, a page that says what to do, and what the problem is.

    Who reads it may also decide on its events, unless it is `read_only`. Any number of threads can serve it, and any
    number of servers one folder. It is answered to who asks for one of the `hosts`, and brings the `token` if there
    is one.
    """
    app = dash.Dash(
        "dashboard",
        title=data.title if data else "No timeline yet",
        update_title="",
        index_string=layout.PAGE,
        assets_folder="assets",
        serve_locally=True,
        assets_ignore=CURATING if read_only else "",
        suppress_callback_exceptions=False,
    )
    serve_plotly(app.server)
    if data is None:
        app.layout = layout.without_tables(problem)
    else:
        _show(app, data, read_only, "" if token else curation.system_user())
    compress(app.server)
    guard.protect(app.server, app.csp_hashes(), hosts, token)
    return app


def serve(path: str, host: str, port: int, read_only: bool = False) -> None:
    """Show the timeline in a folder until Ctrl+C. Port 0 takes a free one; the address is printed.

    `read_only`: nobody can decide on its events there. At another `host` than this machine's own, a token is needed.
    """
    refusal = unusable(host)
    if refusal:
        raise TimelineError(refusal)
    names = guard.names(host)
    token = "" if host in guard.LOOPBACK else secrets.token_urlsafe(32)
    app, title = _open(path, read_only, names, token)
    address = guard.LOOPBACK[0] if host in guard.LOOPBACK else host  # "localhost" may be two addresses with two ports
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that somebody waits a moment is no news
    try:
        server: Any = waitress.create_server(app.server, host=address, port=port, threads=THREADS, ident="")
    except OSError as error:
        what = f"--host {host} --port {port}" if token else f"--port {port}"
        raise TimelineError(f"{what}: {error.strerror or error}; --port 0 picks a free one") from error
    link = f"http://{names[0]}:{server.effective_port}" + (f"/?token={token}" if token else "")
    print(f"Timeline of {title}: {link} (Ctrl+C stops it)", flush=True)
    if token:
        may = "read this timeline" if read_only else "read this timeline and decide on its events"
        print(f"Who has this link can {may}. What is sent is not encrypted: use it in a network you trust.", flush=True)
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()


def unusable(host: str) -> str:
    """Why the page cannot be served at a host, empty if it can."""
    if ":" not in host and host.strip():
        return ""
    return (
        f"--host {host}: only IPv4 addresses and names can be checked; leave --host out for this machine alone, or "
        "name the address by which others reach it"
    )


def _open(path: str, read_only: bool, hosts: Sequence[str], token: str) -> tuple[dash.Dash, str]:
    """The app for a folder and its title; a folder without usable tables gets the page that says so."""
    try:
        data = load(path)
    except TimelineError as error:
        print(error, file=sys.stderr)
        return create_app(None, str(error), hosts=hosts, token=token), path
    return create_app(data, read_only=read_only, hosts=hosts, token=token), data.title


def _show(app: dash.Dash, data: Timeline, read_only: bool, user: str) -> None:
    store = Store(data, version=int(time.time()))  # a page that outlives its server sees that the tables are others
    more: dict[str, Any] = {} if read_only else curation.furniture()

    def page() -> Any:
        now = store.now
        return layout.page(data.title, len(now.data.sources), select.idle(now.catalogue), now.version, **more)

    app.layout = page
    callbacks.register(app, store, not read_only)
    serve_drawings(app.server, store)
    serve_exports(app.server, store)

    @app.server.get("/version")
    def version() -> Response:
        return jsonify(version=store.now.version)

    if not read_only:
        curation.register(app.server, store, Rebuild(data.folder), user)
