"""A page in a real browser, as the tests open it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import waitress

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@dataclass
class Visit:
    """A page of the browser, with what it asked for and complained about."""

    page: Any
    base: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, search: str = "") -> Any:
        self.page.goto(self.base + "/" + search)
        self.page.wait_for_selector(".count strong")
        return self.page

    def count(self, text: str) -> None:
        self.page.wait_for_selector(f".count strong:has-text('{text}')")


def missing(what: str) -> None:
    """Skip for want of a browser, but never on the machine whose job it is to test."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


def served(app: Any) -> Iterator[str]:
    server: Any = waitress.create_server(app.server, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


def visit(browser: Any, base: str, viewport: dict[str, int], scheme: str = "light") -> Iterator[Visit]:
    context = browser.new_context(viewport=viewport, accept_downloads=True, color_scheme=scheme)
    found = Visit(context.new_page(), base)
    found.page.on("request", lambda request: found.requests.append(request.url))
    found.page.on("console", lambda message: found.complaints.append(message.text) if message.type != "info" else None)
    found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
    yield found
    context.close()
    assert [url for url in found.requests if not url.startswith((base, "data:", "blob:"))] == []
    assert found.complaints == []


def faults(page: Any) -> list[str]:
    """What axe-core finds wrong with the page as it stands, for people who cannot see it, or use no mouse."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['help']}: {[node['html'][:120] for node in each['nodes'][:3]]}" for each in found]
