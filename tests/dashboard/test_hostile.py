"""Texts are data: whatever stands in a table or a source, the page shows it and nothing of it runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import write_port
from visits import DESK, PHONE, Visit, served, visit

from dashboard.app import create_app
from timeline import load

pytestmark = pytest.mark.browser

HOSTILE = (
    '<script>window.ran = "script"</script>',
    '<img src=x onerror="window.ran=1">',
    "javascript:window.ran=1//",
    '"><svg onload=window.ran=1>',
    "<a href='javascript:window.ran=1'>Click</a>",
    "</title></style><iframe srcdoc='<script>parent.ran=1</script>'>",
    "\u202egnp.tcelloc \u2066 \u2067 reversed",
    "w" * 10_000,
    "%{hovertext} %{customdata} {{ 7*7 }} ${7*7}",
    "=HYPERLINK(1)\u0000\u0007",
    "<b>bold</b><br><a href='https://example.invalid/'>out</a>",
    "é" * 200 + "\u0301" * 300,
)
COLUMNS = ("title", "actors", "places", "category", "quote")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The port with something hostile in every column of free text, and in a source's text and file name."""
    folder = write_port(tmp_path_factory.mktemp("hostile") / "<img src=x onerror=ran=1>")
    port = load(folder)
    events, mentions, sources, eras = (table.copy() for table in (port.events, port.mentions, port.sources, port.eras))
    for number, column in enumerate(COLUMNS):
        events[column] = [HOSTILE[(row + number) % len(HOSTILE)] for row in range(len(events))]
    for number, column in enumerate(("date_text", "prefix", "suffix", "title", "rule", "quote", "anchor")):
        mentions[column] = [HOSTILE[(row + number) % len(HOSTILE)] for row in range(len(mentions))]
    text = "\n\n".join(HOSTILE)
    (Path(folder) / "seeds" / "chronicle.txt").write_text(text, encoding="utf-8")
    told = mentions["source_id"] == "chronicle"
    mentions.loc[told, "quote"] = HOSTILE[0]
    mentions.loc[told, ["quote_start", "quote_end"]] = [0, len(HOSTILE[0])]
    mentions.loc[told, ["date_start", "date_end"]] = [0, 5]
    for number, column in enumerate(("title", "author", "publisher", "rights", "origin", "language")):
        sources[column] = [HOSTILE[(row + number) % len(HOSTILE)] for row in range(len(sources))]
    for column in ("title", "note"):
        eras[column] = [HOSTILE[row % len(HOSTILE)] for row in range(len(eras))]
    hostile = replace(port, title=HOSTILE[0], events=events, mentions=mentions, sources=sources, eras=eras)
    yield from served(create_app(hostile))


def check(page: Any) -> None:
    """Nothing ran, nothing was added but text, nothing leads out."""
    assert page.evaluate("window.ran") is None
    assert page.evaluate("document.querySelectorAll('iframe, object, embed, img[src=x], svg [onload]').length") == 0
    links = page.eval_on_selector_all("a[href]", "all => all.map((one) => one.href)")
    assert [link for link in links if not link.startswith(page.url.split("?")[0].rsplit("/", 1)[0])] == []
    wide = """() => [...document.querySelectorAll(
      document.documentElement.scrollWidth > window.innerWidth ? "body *" : ".nothing")]
      .filter((one) => one.getBoundingClientRect().right > innerWidth).map((one) => one.outerHTML.slice(0, 60))"""
    assert page.evaluate(wide) == []


@pytest.mark.parametrize(("viewport", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_nothing_hostile_runs(browser: Any, base: str, viewport: dict[str, int], scheme: str) -> None:
    for found in visit(browser, base, viewport, scheme):
        found.page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
        walk(found)


def walk(found: Visit) -> None:
    """Open every state of the page that shows a text of the tables."""
    page = found.open()
    page.wait_for_timeout(600)
    check(page)
    events = page.eval_on_selector_all("tr[data-event]", "rows => rows.map((row) => row.dataset.event)")
    assert len(events) > 8
    for event in events:
        page.goto(f"{found.base}/?event={event}")
        page.wait_for_selector("aside h2")
        check(page)
    for lanes in ("actor", "source"):
        page.goto(f"{found.base}/?lanes={lanes}")
        page.wait_for_selector(".count strong")
        page.wait_for_timeout(400)
        check(page)
    for text in HOSTILE[:5]:
        page.goto(found.base)
        page.wait_for_selector(".count strong")
        page.evaluate(
            "(text) => timelineView.go('?' + new URLSearchParams({q: text, actor: text, event: text}), false)", text
        )
        page.wait_for_selector(".chip")
        check(page)
    if page.viewport_size == DESK:
        page.goto(found.base)
        page.wait_for_selector(".plot .point")
        for mark in page.locator(".plot .point").all()[:6]:
            mark.hover(force=True)
            page.wait_for_timeout(60)
            check(page)
