"""Who may talk to the page: this machine only, and no other web site through the reader's browser.

The page listens on a loopback address. That alone does not keep out a web site whose name is made to point there (DNS
rebinding) or that posts to it across origins, so host, origin and size are checked, and the browser is told to load
nothing from anywhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

LOOPBACK = ("127.0.0.1", "localhost")  # Flask cannot check an IPv6 address
LARGEST_POST = 1_000_000  # bytes: what a click or a filter sends is a few kilobytes


def protect(server: Flask, script_hashes: Sequence[str]) -> None:
    """Refuse foreign hosts, origins and oversized posts, and send the headers that keep the page to itself."""
    server.config["TRUSTED_HOSTS"] = list(LOOPBACK)
    server.config["MAX_CONTENT_LENGTH"] = LARGEST_POST
    policy = _policy(script_hashes)

    @server.before_request
    def refuse_foreign() -> None:
        _ = request.host  # raises "400 Bad Request" for a host that is not trusted
        if request.method not in ("GET", "HEAD", "OPTIONS") and not _is_own():
            abort(403, "This page only answers to itself.")

    @server.after_request
    def add_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


def _policy(script_hashes: Sequence[str]) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(["script-src 'self'", *script_hashes]),
            "style-src 'self' 'unsafe-inline'",  # plotly and Dash set styles on their elements
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "font-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def _is_own() -> bool:
    """Did this page send the request, as far as the browser says? Programs other than browsers say nothing."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host
