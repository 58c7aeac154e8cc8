"""Who may talk to the page: this machine, or who has the token, and no other web site through the reader's browser.

The page listens on a loopback address. That alone does not keep out a web site whose name is made to point there (DNS
rebinding) or that posts to it across origins, so host, origin and size are checked, and the browser is told to load
nothing from anywhere else. On any other address, a token is asked for besides: it comes in the link that is printed
once, and stays in a cookie that no script can read and no other site can use.
"""

from __future__ import annotations

import hmac
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

LOOPBACK = ("127.0.0.1", "localhost")  # Flask cannot check an IPv6 address
EVERYWHERE = "0.0.0.0"  # all addresses of this machine
LARGEST_POST = 1_000_000  # bytes: what a click or a filter sends is a few kilobytes
COOKIE = "timeline"
KEPT = 30 * 24 * 3600  # seconds the cookie lasts; the token itself lasts as long as the server runs
WELCOME = """<!DOCTYPE html><html lang="en"><title>Welcome</title><meta http-equiv="refresh" content="0;url=./">
<p><a href="./">To the timeline</a></p></html>"""  # a redirect would lose a strict cookie if another site had the link
NO_TOKEN = "This timeline asks for a token. Open the link that `timeline serve` printed when it was started."


def protect(server: Flask, script_hashes: Sequence[str], hosts: Sequence[str] = LOOPBACK, token: str = "") -> None:
    """Refuse foreign hosts, origins and oversized posts, and send the headers that keep the page to itself.

    `hosts` are the names it may be asked for by. With a `token`, only who brings it is answered.
    """
    server.config["TRUSTED_HOSTS"] = list(hosts)
    server.config["MAX_CONTENT_LENGTH"] = LARGEST_POST
    policy = _policy(script_hashes)

    @server.before_request
    def refuse_foreign() -> Response | None:
        _ = request.host  # raises "400 Bad Request" for a host that is not trusted
        if request.method not in ("GET", "HEAD", "OPTIONS") and not _is_own():
            abort(403, "This page only answers to itself.")
        if not token or _is_same(request.cookies.get(COOKIE, ""), token):
            return None
        if request.path == "/" and _is_same(request.args.get("token", ""), token):
            response = Response(WELCOME, headers={"Cache-Control": "no-store"})
            response.set_cookie(COOKIE, token, max_age=KEPT, httponly=True, samesite="Strict")
            return response
        return Response(NO_TOKEN, 401, content_type="text/plain; charset=utf-8")

    @server.after_request
    def add_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


def names(host: str) -> tuple[str, ...]:
    """The names by which a page that listens at `host` is asked for, the best for a link first."""
    if host in LOOPBACK:
        return LOOPBACK
    if host != EVERYWHERE:
        return (host,)
    own = socket.gethostname()
    try:
        addresses = socket.gethostbyname_ex(own)[2]
    except OSError:
        addresses = []
    return tuple(dict.fromkeys((own, *addresses, *LOOPBACK)))


def _is_same(given: str, token: str) -> bool:
    """Compared in a time that does not tell how much of it is right."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())


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
