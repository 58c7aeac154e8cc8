"""The page for everybody: axe-core finds nothing, in any state, and everything can be done without a mouse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from visits import DESK, PHONE, faults, served, visit

from dashboard.app import create_app
from timeline import Timeline

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def base(port: Timeline) -> Iterator[str]:
    yield from served(create_app(port))


STATES = {  # name: (address, key pressed)
    "closed": ("", ""),
    "open": ("?event=e03", ""),
    "disputed": ("?event=e09", ""),
    "empty": ("?era=rail&category=Border", ""),
    "filtered": ("?q=quay&era=quay&least-confidence=0.5", ""),
    "unknown": ("?event=gone", ""),
    "lanes": ("?lanes=actor&sort=-title", ""),
    "help": ("", "?"),
    "export": ("", "s"),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing(browser: Any, base: str, viewport: dict[str, int], scheme: str) -> None:
    for found in visit(browser, base, viewport, scheme):
        wrong = {}
        for name, (search, key) in STATES.items():
            page = found.open(search)
            page.wait_for_timeout(200)
            if key:
                page.keyboard.press(key)
                page.wait_for_selector("dialog[open]")
            wrong[name] = faults(page)
        assert {name: some for name, some in wrong.items() if some} == {}


def test_axe_finds_nothing_on_the_page_without_tables(browser: Any) -> None:
    for base in served(create_app(None, "no tables here yet")):
        for found in visit(browser, base, DESK):
            found.page.goto(base)
            found.page.wait_for_selector("h1")
            assert faults(found.page) == []


def test_what_a_finger_touches_is_large_enough(browser: Any, base: str) -> None:
    for found in visit(browser, base, PHONE):
        page = found.open()
        page.get_by_text("Filters", exact=True).click()
        sizes = page.eval_on_selector_all(
            "a, button, summary, [role=slider], input",
            """all => all.filter((one) => one.offsetParent && !one.closest("p, .unseen, .skip, .chips")).map((one) => {
              const target = one.closest("tr") || one.closest(".option") || one;
              return [one.outerHTML.slice(0, 80), target.getBoundingClientRect().height]; })""",
        )
        assert "\n".join(told for told, height in sizes if height < 44) == ""
