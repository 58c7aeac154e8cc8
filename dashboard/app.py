"""The dashboard of a timeline, as a Dash app and as a server on this machine."""

from __future__ import annotations

import sys
from typing import Any

import dash
import waitress

from dashboard import callbacks, curation, guard, layout, select
from dashboard.drawing import serve_drawings
from dashboard.exporting import serve_exports
from dashboard.rebuild import Rebuild
from dashboard.serving import compress, serve_plotly
from dashboard.store import Store
from timeline import Timeline, TimelineError, load

ADDRESS = "127.0.0.1"  # also for "localhost", which may be two addresses with two ports
THREADS = 8
CURATING = r"curate\..*"  # assets that a page without curating does not need


def create_app(data: Timeline | None, problem: str = "", read_only: bool = False) -> dash.Dash:
    """The page for a timeline; without one, a page that says what to do, and what the problem is.

    Who reads it may also decide on its events, unless it is `read_only`. Any number of threads can serve it, and any
    number of servers one folder.
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
        _show(app, data, read_only)
    compress(app.server)
    guard.protect(app.server, app.csp_hashes())
    return app


def serve(path: str, host: str, port: int, read_only: bool = False) -> None:
    """Show the timeline in a folder until Ctrl+C. Port 0 takes a free one; the address is printed.

    `read_only`: nobody can decide on its events there.
    """
    refusal = foreign(host)
    if refusal:
        raise TimelineError(refusal)
    app, title = _open(path, read_only)
    try:
        server: Any = waitress.create_server(app.server, host=ADDRESS, port=port, threads=THREADS, ident="")
    except OSError as error:
        raise TimelineError(f"--port {port}: {error.strerror or error}; --port 0 picks a free one") from error
    print(f"Timeline of {title}: http://{ADDRESS}:{server.effective_port} (Ctrl+C stops it)", flush=True)
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()


def foreign(host: str) -> str:
    """Why the page is not served at a host, empty if it is."""
    if host in guard.LOOPBACK:
        return ""
    return (
        f"--host {host}: others could read this timeline, and there is no token against that yet; "
        f"leave --host out, or use {' or '.join(guard.LOOPBACK)}"
    )


def _open(path: str, read_only: bool) -> tuple[dash.Dash, str]:
    """The app for a folder and its title; a folder without usable tables gets the page that says so."""
    try:
        data = load(path)
    except TimelineError as error:
        print(error, file=sys.stderr)
        return create_app(None, str(error)), path
    return create_app(data, read_only=read_only), data.title


def _show(app: dash.Dash, data: Timeline, read_only: bool) -> None:
    store = Store(data)
    more: dict[str, Any] = {} if read_only else {"tools": curation.tools(), "keys": curation.KEYS}

    def page() -> Any:
        now = store.now
        return layout.page(data.title, len(now.data.sources), select.idle(now.catalogue), now.version, **more)

    app.layout = page
    callbacks.register(app, store, not read_only)
    serve_drawings(app.server, store)
    serve_exports(app.server, store)
    if not read_only:
        curation.register(app.server, store, Rebuild(data.folder, store.refresh))
