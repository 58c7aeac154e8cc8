"""The page in a real browser: explore, filter, read the source, download; and nothing leaves this machine."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from visits import DESK, PHONE, Visit, served, visit

from dashboard.app import create_app
from timeline import Timeline

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def base(port: Timeline) -> Iterator[str]:
    yield from served(create_app(port))


@pytest.fixture
def desk(browser: Any, base: str) -> Iterator[Visit]:
    yield from visit(browser, base, DESK)


@pytest.fixture
def phone(browser: Any, base: str) -> Iterator[Visit]:
    yield from visit(browser, base, PHONE, "dark")


def test_explore_filter_read_and_download(desk: Visit, folder: Path, tmp_path: Path) -> None:
    page = desk.open()
    desk.count("11 of 11")
    page.wait_for_selector(".plot .barlayer .point")
    assert "First stone quay opened" in page.locator(".plot .textpoint").all_text_contents()
    page.get_by_role("checkbox", name=re.compile("The stone quay")).click()
    desk.count("4 of 11")
    page.get_by_role("link", name="First stone quay opened").first.click()
    sentence = page.wait_for_selector("mark#sentence")
    assert sentence.is_visible()
    assert sentence.inner_text() == "On 12 May 1871 the council of Merrin opened the first stone quay."
    assert page.inner_text("mark#sentence strong") == "12 May 1871"
    with page.expect_download() as waiting:
        page.keyboard.press("s")
        page.get_by_role("link", name="Download as csv", exact=True).click()
    waiting.value.save_as(tmp_path / "events.csv")
    assert waiting.value.suggested_filename == "events.csv"
    with (tmp_path / "events.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (folder / "data" / "events.csv").open(encoding="utf-8", newline="") as file:
        assert rows == [row for row in csv.DictReader(file) if row["era"] == "quay" and row["status"] != "rejected"]


def test_a_click_on_a_mark_opens_its_event(desk: Visit) -> None:
    page = desk.open()
    page.wait_for_selector(".plot .scatterlayer .point")
    point = page.locator(".plot .scatterlayer .point").first.bounding_box()
    page.mouse.click(point["x"] + point["width"] / 2, point["y"] + point["height"] / 2)
    page.wait_for_selector("mark#sentence")
    assert "event=e03" in page.url


def test_reload_share_back_and_forward_keep_the_view(desk: Visit) -> None:
    page = desk.open("?era=rail&event=e09")
    desk.count("3 of 11")
    page.reload()
    desk.count("3 of 11")
    page.wait_for_selector("mark#sentence")
    page.get_by_role("checkbox", name=re.compile("Economy")).click()
    desk.count("2 of 11")
    page.go_back()
    desk.count("3 of 11")
    page.go_forward()
    desk.count("2 of 11")
    assert "category=Economy" in page.url


def test_search_ignores_accents_and_does_not_fill_the_history(desk: Visit) -> None:
    page = desk.open()
    before = page.evaluate("history.length")
    page.keyboard.press("/")
    page.keyboard.type("Muller", delay=120)
    desk.count("1 of 11")
    page.wait_for_url("**q=Muller*")
    assert page.evaluate("history.length") <= before + 1
    assert page.input_value("#search") == "Muller"


def test_what_somebody_types_is_never_overwritten(desk: Visit) -> None:
    page = desk.open()
    page.keyboard.press("/")
    text = "the council of Merrin opened the first stone quay"
    for word in text.split(" "):  # as a program types: the answers to the first words arrive among the next
        page.keyboard.type(word + " ", delay=0)
        page.wait_for_timeout(330)
    page.wait_for_url("**q=the+council+of+Merrin+opened+the+first+stone+quay*")
    assert page.input_value("#search").strip() == text
    page.keyboard.press("Enter")
    page.click(".chip:has-text('stone quay')")
    page.wait_for_selector(".chip", state="detached")
    assert page.input_value("#search") == ""
    page.go_back()
    page.wait_for_selector(".chip")
    assert page.input_value("#search").strip() == text


def test_enter_leaves_the_search_to_what_is_found_and_escape_clears_it(desk: Visit) -> None:
    page = desk.open()
    page.keyboard.press("/")
    page.keyboard.type("Muller")
    page.keyboard.press("Enter")
    page.wait_for_selector(".chip:has-text('Muller')")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".about h2:has-text('School for bargemen')")
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    desk.count("11 of 11")
    assert page.input_value("#search") == ""


def test_a_link_fills_the_search_box(desk: Visit) -> None:
    page = desk.open("?q=Muller&from=1890")
    desk.count("1 of 11")
    page.wait_for_timeout(600)
    assert page.input_value("#search") == "Muller"
    assert "from=1890" in page.url


def test_the_wheel_zooms_and_the_window_is_in_the_url(desk: Visit) -> None:
    page = desk.open()
    page.wait_for_selector(".plot .barlayer .point")
    before = page.evaluate("history.length")
    box = page.locator(".plot .nsewdrag").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] / 2)
    for _ in range(12):
        page.mouse.wheel(0, -120)
        page.wait_for_timeout(30)
    page.wait_for_url("**from=*")
    page.wait_for_selector(".chip:has-text('period')")
    page.wait_for_timeout(400)
    shown = page.evaluate("document.querySelector('#plot').layout.xaxis.range")
    assert shown[1] - shown[0] < 40_000
    assert page.evaluate("history.length") == before
    page.mouse.dblclick(box["x"] + 20, box["y"] + box["height"] - 4)
    page.wait_for_selector(".chip:has-text('period')", state="detached")


def test_the_keyboard_goes_from_event_to_event(desk: Visit) -> None:
    page = desk.open("?event=e03")
    page.wait_for_selector("mark#sentence")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**event=e04*")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**event=e03*")
    page.keyboard.press("Escape")
    page.wait_for_selector("text=Click an event to read its source")
    page.keyboard.press("?")
    assert page.locator("#help dl").is_visible()
    page.keyboard.press("?")
    assert not page.locator("#help dl").is_visible()


def test_another_sentence_of_the_source_leads_to_its_event(desk: Visit) -> None:
    page = desk.open("?event=e03")
    page.wait_for_selector("mark#sentence")
    page.locator(".text a.other").first.click()
    page.wait_for_url("**event=e01*")


def test_an_empty_selection_helps_out(desk: Visit) -> None:
    page = desk.open("?era=rail&category=Border")
    desk.count("0 of 11")
    page.get_by_role("link", name="Remove all filters").click()
    desk.count("11 of 11")


def test_an_unknown_event_helps_out(desk: Visit) -> None:
    page = desk.open("?event=zzz")
    page.get_by_role("link", name="Back to all events").click()
    page.wait_for_selector("text=Click an event to read its source")


def test_states_and_figures_can_be_hidden(desk: Visit) -> None:
    page = desk.open()
    page.wait_for_selector(".plot .barlayer .point")
    labels = page.locator(".plot .textpoint")
    assert "Grain is half of the freight" in labels.all_text_contents()
    assert page.locator("tr[data-event=e05] .flag").inner_text() == "figure"
    page.get_by_role("checkbox", name=re.compile("^events")).click()
    desk.count("8 of 11")
    assert page.url.endswith("?kind=event")
    page.wait_for_selector(".plot .textpoint:has-text('Grain is half')", state="detached")
    assert page.locator("tr[data-event]").count() == 8
    page.get_by_role("checkbox", name=re.compile("^states of affairs")).click()
    desk.count("10 of 11")
    page.locator(".chip:has-text('what: events')").click()
    desk.count("2 of 11")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Export").click()
        page.get_by_role("link", name="Download as csv", exact=True).click()
    with open(waiting.value.path(), encoding="utf-8", newline="") as file:
        assert [row["kind"] for row in csv.DictReader(file)] == ["state", "state"]


def test_of_a_disputed_event_each_source_has_its_own_date(desk: Visit) -> None:
    page = desk.open("?event=e09")
    page.wait_for_selector("mark#sentence strong:has-text('3 September 1902')")
    assert page.locator("aside .flag").inner_text() == "disputed"
    sides = [link.inner_text().split("\n")[:2] for link in page.locator(".sides a").all()]
    assert sides == [["3 Sep 1902", "Chronicle of Merrin"], ["4 Sep 1902", "Annual report"]]
    left, right = (link.bounding_box() for link in page.locator(".sides a").all())
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] <= right["x"]
    page.get_by_role("link", name=re.compile("4 Sep 1902.*Annual report")).click()
    page.wait_for_selector("mark#sentence strong:has-text('4 September 1902')")


def test_a_table_of_events_alone_has_no_filter_by_kind(browser: Any, port: Timeline) -> None:
    for base in served(create_app(replace(port, events=port.events.assign(kind="event")))):
        for desk in visit(browser, base, DESK):
            page = desk.open()
            assert page.get_by_text("Category", exact=True).first.is_visible()
            assert not page.get_by_text("What", exact=True).is_visible()


def test_a_folder_without_tables_helps_out(browser: Any) -> None:
    for base in served(create_app(None, "no tables here yet")):
        for desk in visit(browser, base, DESK):
            desk.page.goto(base)
            desk.page.wait_for_selector("text=There is no timeline here yet")
            assert "timeline build" in desk.page.inner_text("main")


def test_on_a_phone_there_is_a_list_by_year_and_a_sheet(phone: Visit) -> None:
    page = phone.open()
    phone.count("11 of 11")
    assert not page.locator(".plot").is_visible()
    assert page.locator("tr.year >> text=1871").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not page.locator("#era").is_visible()
    page.get_by_text("Filters", exact=True).click()
    assert page.locator("#era").is_visible()
    page.get_by_text("Filters", exact=True).click()
    page.get_by_role("link", name="First stone quay opened").click()
    sentence = page.wait_for_selector("mark#sentence")
    assert sentence.is_visible()
    page.locator("#close").click()
    page.wait_for_selector("mark#sentence", state="detached")


LONG = (
    "Engineers of both towns showed the assembled visitors the new willow lock",
    "The harbour’s share in the freight of the valley stood at 2-3% of all",
    "Millions of illegal willow lilies fill the little mill till fall",
)


@pytest.mark.parametrize("search", ["", "?from=1860&to=1905", "?from=1885&to=1925", "?lanes=none"])
def test_labels_are_neither_cut_nor_on_top_of_each_other(browser: Any, port: Timeline, search: str) -> None:
    titles = [LONG[row % len(LONG)] if row % 2 else title for row, title in enumerate(port.events["title"])]
    for base in served(create_app(replace(port, events=port.events.assign(title=titles)))):
        for found in visit(browser, base, DESK):
            page = found.open(search)
            page.wait_for_selector(".plot .textpoint")
            page.wait_for_timeout(300)
            boxes = page.eval_on_selector_all(
                ".plot .textpoint text", "texts => texts.map(t => { const b = t.getBoundingClientRect();"
                " return [b.left, b.right, (b.top + b.bottom) / 2]; })"
            )  # fmt: skip
            edge = page.locator(".plot .nsewdrag").first.bounding_box()
            assert len(boxes) >= 5
            for number, (left, right, middle) in enumerate(boxes):
                assert edge["x"] <= left
                assert right <= edge["x"] + edge["width"]
                for other in boxes[number + 1 :]:
                    assert abs(other[2] - middle) > 8 or other[0] >= right or other[1] <= left


def test_the_dialog_takes_another_scope_and_draws_pictures(desk: Visit, tmp_path: Path) -> None:
    page = desk.open("?era=rail")
    page.wait_for_selector(".plot .point")
    page.keyboard.press("s")
    page.wait_for_selector("#export[open] .scopes b")
    assert page.locator(".scopes b").all_inner_texts() == ["3", "2", "11"]
    page.get_by_role("button", name="11 events").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download as jsonl").click()
    assert len(Path(waiting.value.path()).read_text().splitlines()) == 11
    for name, head in (("svg", b"<svg"), ("png", b"\x89PNG")):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=f"Save a picture as {name}").click()
        assert waiting.value.suggested_filename == f"timeline.{name}"
        picture = Path(waiting.value.path()).read_bytes()
        assert picture.startswith(head)
        assert len(picture) > 5_000


def test_the_page_that_is_taken_along_opens_without_a_server(desk: Visit, browser: Any, tmp_path: Path) -> None:
    page = desk.open()
    page.keyboard.press("s")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download as html", exact=True).click()
    waiting.value.save_as(tmp_path / "merrin.html")
    context = browser.new_context(viewport=DESK, offline=True)
    alone = context.new_page()
    asked: list[str] = []
    alone.on("request", lambda request: asked.append(request.url))
    alone.goto((tmp_path / "merrin.html").as_uri())
    alone.wait_for_selector("text=First stone quay opened")
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    context.close()


def test_a_citation_is_copied(desk: Visit) -> None:
    desk.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = desk.open("?event=e09")
    page.get_by_text("Cite", exact=True).click()
    for number, text in enumerate(
        ["“Chronicle of Merrin”, Merrin Press, 1931, par. 1.", "@misc{chronicle,", '"title"']
    ):
        page.locator(f"[data-copies=cite-{number}]").click()
        page.wait_for_selector(f"[data-copies=cite-{number}]:has-text('Copied')")
        assert text in page.evaluate("navigator.clipboard.readText()")


def shown_days(page: Any) -> tuple[float, float]:
    """The days that the plot shows, once it is still."""
    page.wait_for_timeout(500)
    start, end = page.evaluate("document.querySelector('#plot').layout.xaxis.range")
    return start, end


def test_dragging_and_the_brush_move_the_window(desk: Visit) -> None:
    page = desk.open("?from=1870&to=1910")
    page.wait_for_selector(".plot .point")
    before = shown_days(page)
    box = page.locator(".plot .nsewdrag").first.bounding_box()
    y = box["y"] + box["height"] - 6
    page.mouse.move(box["x"] + box["width"] * 0.6, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.3, y, steps=6)
    page.mouse.up()
    panned = shown_days(page)
    assert panned[0] > before[0]
    assert panned[1] - panned[0] == pytest.approx(before[1] - before[0], rel=0.01)
    handle = page.locator("#brush-start").bounding_box()
    page.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + 20)
    page.mouse.down()
    page.mouse.move(handle["x"] - 120, handle["y"] + 20, steps=6)
    page.mouse.up()
    wider = shown_days(page)
    assert wider[0] < panned[0]
    assert wider[1] == pytest.approx(panned[1], abs=2)
    page.focus("#brush-end")
    page.keyboard.press("PageDown")
    assert shown_days(page)[1] < wider[1]
    assert "from=" in page.url


def test_the_keys_zoom_pan_and_fit(desk: Visit) -> None:
    page = desk.open("?from=1870&to=1910")
    page.wait_for_selector(".plot .point")
    start, end = shown_days(page)
    page.keyboard.press("+")
    closer = shown_days(page)
    assert closer[1] - closer[0] < end - start
    page.keyboard.press("Shift+ArrowRight")
    assert shown_days(page)[0] > closer[0]
    page.keyboard.press("]")
    page.wait_for_url("**era=quay*")
    page.keyboard.press("0")
    page.wait_for_selector(".chip:has-text('period')", state="detached")
    page.goto(desk.base + "/?event=e03")
    page.wait_for_selector("mark#sentence")
    page.wait_for_selector(".plot .point")
    page.keyboard.press("ArrowDown")
    page.wait_for_url(re.compile(r"event=(?!e03)"))


def test_lanes_are_what_the_reader_chooses_and_a_link(desk: Visit) -> None:
    page = desk.open()
    page.wait_for_selector(".plot .point")
    page.locator("#lanes").get_by_text("source", exact=True).click()
    page.wait_for_selector(".plot .ytick text:has-text('Chronicle')")
    assert "lanes=source" in page.url
    page.go_back()
    page.wait_for_selector(".plot .ytick text:has-text('Diplomacy')")


def test_far_years_and_undated_events_are_there(browser: Any, port: Timeline) -> None:
    events = port.events.copy()
    columns = ["date", "earliest", "latest", "precision"]
    events.loc[0, columns] = ["-0043-03-15", "-0043-03-15", "-0043-03-15", "day"]
    events.loc[1, columns] = ["Y12000", "Y12000-01-01", "Y12000-12-31", "year"]
    events.loc[2, columns] = ["", "", "", ""]
    for base in served(create_app(replace(port, events=events))):
        for found in visit(browser, base, DESK):
            page = found.open()
            page.wait_for_selector(".plot .point")
            assert "1 undated" in page.locator(".tray").inner_text()
            listed = page.inner_text("table.events")
            assert "15 Mar 44 BC" in listed
            assert "12000" in listed
            page.get_by_role("link", name=re.compile("later")).click()
            page.wait_for_timeout(500)
            assert "Y12000" in page.url or "to=" in page.url


def test_a_crowd_is_a_density_and_a_click_goes_into_it(browser: Any, port: Timeline) -> None:
    one = port.events[port.events["status"] != "rejected"].iloc[[2, 4, 6]]
    parts = []
    for number in range(600):
        day = f"{1500 + number % 500:04}-0{1 + number % 9}-1{number % 9}"
        dated = {"date": day, "earliest": day, "latest": day, "precision": "day"}
        parts.append(one.assign(**dated, event_id=[f"x{number}-{row}" for row in range(len(one))]))
    events = pd.concat(parts, ignore_index=True)
    for base in served(create_app(replace(port, events=events))):
        for found in visit(browser, base, DESK):
            page = found.open()
            found.count("1,800 of 1,800")
            page.wait_for_selector(".plot .js-fill")
            start, end = shown_days(page)
            box = page.locator(".plot .nsewdrag").first.bounding_box()
            page.mouse.click(box["x"] + box["width"] * 0.37, box["y"] + box["height"] * 0.55)
            page.wait_for_url("**from=*")
            closer = shown_days(page)
            assert closer[1] - closer[0] < (end - start) / 2
