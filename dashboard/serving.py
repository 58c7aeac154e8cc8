"""What is sent along with the page: plotly's script from the installed package, and everything compressed."""

from __future__ import annotations

import gzip
import threading
from importlib.metadata import version
from importlib.resources import files

from flask import Flask, Response, request

PLOTLY = f"plotly-{version('plotly')}.min.js"  # a name that changes with the content can be kept for good
FOR_GOOD = "public, max-age=31536000, immutable"
LEVEL = 5  # of gzip: more costs more time than it saves on a fast network
SMALLEST = 700  # bytes below which compressing saves nothing
COMPRESSIBLE = ("application/javascript", "application/json", "image/svg+xml", "text/")
MOST_KEPT = 64  # compressed scripts and style sheets that are kept


def serve_plotly(server: Flask, base: str = "/") -> None:
    """Serve the script that draws the figures. Dash would only send it with a graph component of its own."""
    script = (files("plotly") / "package_data" / "plotly.min.js").read_bytes()

    @server.get(f"{base}{PLOTLY}")
    def plotly() -> Response:
        response = Response(script, content_type="application/javascript; charset=utf-8")
        response.headers["Cache-Control"] = FOR_GOOD
        response.set_etag(PLOTLY)
        response.make_conditional(request)
        return response


def compress(server: Flask) -> None:
    """Send texts compressed to who takes them; what never changes is compressed once."""
    kept: dict[str, bytes] = {}
    lock = threading.Lock()

    @server.after_request
    def squeeze(response: Response) -> Response:
        if not _is_worth_it(response):
            return response
        etag = response.get_etag()[0]
        key = f"{request.path} {etag}" if etag else ""
        body = kept.get(key) if key else None
        if body is None:
            response.direct_passthrough = False
            body = gzip.compress(response.get_data(), LEVEL, mtime=0)
            with lock:
                if key and len(kept) < MOST_KEPT:
                    kept[key] = body
        response.direct_passthrough = False
        response.set_data(body)
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        return response


def _is_worth_it(response: Response) -> bool:
    return (
        response.status_code == 200
        and "gzip" in request.headers.get("Accept-Encoding", "")
        and "Content-Encoding" not in response.headers
        and (response.mimetype or "").startswith(COMPRESSIBLE)
        and (response.content_length is None or response.content_length >= SMALLEST)
    )
