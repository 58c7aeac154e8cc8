"""Deciding in the page: by mouse and keyboard, alone and at once with others, and who may not."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import write_port
from flask.testing import FlaskClient
from visits import DESK, PHONE, Visit, faults, served, visit

from dashboard import app as application
from dashboard import guard
from dashboard.app import create_app
from dashboard.curation import WHY
from dashboard.rebuild import Rebuild
from timeline import TimelineError, decide, load
from timeline.cli import main
from timeline.decisions import read_decisions
from timeline.model import Decision

HOST = {"Host": "127.0.0.1:8050"}
QUAY = "The council of Merrin opened the first stone quay"  # told twice
SCHOOL = "The port doctor José Müller founded a school for bargemen"
RIVER = "The river froze"


# ---------------------------------------------------------------------------------------------- what they share


@dataclass(frozen=True)
class Project:
    """A folder with a timeline that a build has written."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def log(self) -> list[Decision]:
        return read_decisions(self.data / "decisions.jsonl")[0]

    def event(self, title: str) -> str:
        """The id of the event that the build gave a title."""
        events = load(str(self.folder)).events
        return str(events.loc[events["title"] == title, "event_id"].item())

    def decide(self, action: str, title: str, by: str, /, **values: str) -> Decision:
        """A decision that somebody makes with the command."""
        return decide(self.data, action, [self.event(title)], values, by, "as the report has it")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_port(tmp_path_factory.mktemp("curating") / "merrin")
    for name in ("events.csv", "mentions.csv", "sources.csv", "datapackage.json"):
        (folder / "data" / name).unlink()
    with inside(folder):
        assert main(["build"]) == 0
    return folder


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Project:
    return Project(Path(shutil.copytree(built, tmp_path / "merrin")))


@pytest.fixture
def client(project: Project) -> FlaskClient:
    return create_app(load(str(project.folder))).server.test_client()


@pytest.fixture
def base(project: Project) -> Iterator[str]:
    yield from served(create_app(load(str(project.folder))))


@pytest.fixture
def desk(browser: Any, base: str) -> Iterator[Visit]:
    yield from visit(browser, base, DESK)


@pytest.fixture
def other(browser: Any, base: str) -> Iterator[Visit]:
    yield from visit(browser, base, DESK)


def at(one: Visit, project: Project, title: str, more: str = "") -> Any:
    """The page with an event open."""
    event = project.event(title)
    one.open(f"?{more}event={event}")
    one.page.wait_for_selector(f".curate[data-event='{event}']")
    return one.page


def told(page: Any, text: str) -> None:
    page.wait_for_selector(f".done p:has-text('{text}')")


def act(page: Any, how: str, name: str, key: str) -> None:
    """Use a button of the bar by mouse, or its key."""
    if how == "mouse":
        page.click(f".curate-{name}")
    else:
        page.keyboard.press(key)


def heading(page: Any, text: str) -> None:
    page.wait_for_selector(f".about h2:has-text('{text}')")


def without_salience(table: str) -> list[dict[str, str]]:
    """The rows of a table of events; how salient each half of a split is, only the build can say."""
    return [{**row, "salience": ""} for row in csv.DictReader(io.StringIO(table))]


# ---------------------------------------------------------------------------------------------- each action


both = pytest.mark.parametrize("how", ["mouse", "keyboard"])
browsing = pytest.mark.browser


@browsing
@both
@pytest.mark.parametrize(("name", "key", "said"), [("accept", "a", "Accepted"), ("reject", "x", "Rejected")])
def test_after_a_judgement_the_next_to_review_comes(
    desk: Visit, project: Project, how: str, name: str, key: str, said: str
) -> None:
    page = at(desk, project, "The quay was lengthened")
    act(page, how, name, key)
    if name == "reject":
        act(page, how, "reject", "Enter") if how == "keyboard" else page.click(".reject [type=submit]")
    told(page, f"{said}: The quay was lengthened")
    assert [(each.action, len(each.targets)) for each in project.log()] == [(name, 1)]
    heading(page, "Grain from the upper valley")
    desk.count("13 of 13" if name == "accept" else "12 of 12")
    page.reload()
    desk.count("13 of 13" if name == "accept" else "12 of 12")


@browsing
def test_a_rejection_may_say_why(desk: Visit, project: Project) -> None:
    page = at(desk, project, "The quay was lengthened")
    page.keyboard.press("x")
    page.wait_for_selector("#reject")
    assert faults(page) == []
    page.keyboard.type("an axle, not a quay")  # its letters are no keys
    page.keyboard.press("Escape")
    assert page.locator("#reject").count() == 0
    assert project.log() == []
    page.keyboard.press("x")
    page.keyboard.type("an axle, not a quay")
    page.keyboard.press("Enter")
    told(page, "Rejected: The quay was lengthened")
    heading(page, "Grain from the upper valley")
    page.wait_for_selector(".curate[data-title^='Grain']")
    page.keyboard.press("x")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    told(page, "Rejected: Grain")
    assert [each.why for each in project.log()] == ["an axle, not a quay", WHY]


@browsing
def test_another_view_takes_the_question_for_a_reason_away(desk: Visit, project: Project) -> None:
    page = at(desk, project, QUAY)
    page.click(".curate-reject")
    page.click(f"tr[data-event='{project.event(RIVER)}'] a")
    heading(page, RIVER)
    assert page.locator("#reject").count() == 0
    assert page.is_visible(".curate-reject")


@browsing
def test_of_those_to_review_one_after_the_other(desk: Visit, project: Project) -> None:
    page = at(desk, project, "The quay was lengthened", "status=proposed&")
    for title in ("Grain from the upper valley", "The quay burned", RIVER):
        page.keyboard.press("a")
        heading(page, title)
        page.wait_for_selector(f".curate[data-title^='{title}']")
    assert len(project.log()) == 3
    desk.count("10 of 13")


@browsing
@both
def test_an_event_is_edited_where_it_stands(desk: Visit, project: Project, how: str) -> None:
    page = at(desk, project, RIVER)
    act(page, how, "edit", "e")
    page.wait_for_selector(".form")
    assert page.evaluate("document.activeElement.id") == "f-date"
    page.fill("#f-date", "winter of 1892")
    page.wait_for_selector("#f-understood:has-text('1892')")
    page.fill("#f-date", "between January and March 1893")
    page.fill("#f-title", "The river is frozen")
    page.fill("#f-category", "Weather")
    page.fill("#f-actors", "The river")
    page.fill("#f-places", "Merrin")
    page.select_option("#f-era", "rail")
    page.fill("#f-why", "the chronicle says so")
    if how == "mouse":
        page.click(".form [type=submit]")
    else:
        page.keyboard.press("Enter")
    told(page, "Edited: The river is frozen")
    (made,) = project.log()
    assert made.values == {
        "date": "1893-01/1893-03",
        "title": "The river is frozen",
        "category": "Weather",
        "actors": "The river",
        "places": "Merrin",
        "era": "rail",
    }
    assert made.why == "the chronicle says so"
    heading(page, "The river is frozen")
    page.wait_for_selector("#category >> text=Weather")
    assert page.locator(".form").count() == 0


@browsing
def test_what_cannot_be_read_as_a_date_is_refused_and_nothing_is_lost(desk: Visit, project: Project) -> None:
    page = at(desk, project, RIVER)
    page.keyboard.press("e")
    page.wait_for_selector(".form")
    page.click(".form [type=submit]")
    page.wait_for_selector(".wrong >> text=Nothing is changed yet")
    page.fill("#f-date", "when the cows came home")
    page.wait_for_selector("#f-understood:has-text('not read as a date')")
    page.click(".form [type=submit]")
    page.wait_for_selector(".wrong:has-text('not read as a date')")
    assert page.input_value("#f-date") == "when the cows came home"
    assert project.log() == []
    page.keyboard.press("Escape")
    page.wait_for_selector(".form", state="detached")
    heading(page, RIVER)
    assert all("400" in complaint for complaint in desk.complaints)
    desk.complaints.clear()


@browsing
@both
def test_two_events_are_merged_side_by_side(desk: Visit, project: Project, how: str) -> None:
    page = at(desk, project, SCHOOL)
    act(page, how, "merge", "m")
    page.wait_for_selector(".candidate >> text=The school for bargemen opened")
    first = page.locator(".candidate").nth(1)
    assert "The school for bargemen opened on 4 September 1902." in first.inner_text()
    assert page.locator(".candidate.this").inner_text().count("founded a school for bargemen") == 2
    if how == "mouse":
        first.get_by_role("button").click()
    else:
        page.keyboard.press("1")
    told(page, "Merged")
    assert [each.action for each in project.log()] == ["merge"]
    desk.count("12 of 12")


@browsing
def test_a_candidate_is_found_by_its_words(desk: Visit, project: Project) -> None:
    page = at(desk, project, SCHOOL)
    page.keyboard.press("m")
    page.wait_for_selector(".candidate >> nth=1")
    page.fill("#candidate", "cranes")
    page.wait_for_selector(".candidate >> nth=1 >> text=The cranes stood still")
    assert page.locator(".candidate").count() == 2
    page.keyboard.press("Escape")
    page.wait_for_selector("#merge", state="detached")
    assert project.log() == []


@browsing
@both
def test_a_telling_is_split_off(desk: Visit, project: Project, how: str) -> None:
    page = at(desk, project, QUAY)
    act(page, how, "split", "p")
    page.wait_for_selector(".tellings")
    assert page.locator(".tellings input:checked").count() == 1
    if how == "mouse":
        page.click(".form [type=submit]")
    else:
        page.keyboard.press("Control+Enter")
    told(page, "Split")
    assert [(each.action, len(each.targets)) for each in project.log()] == [("split", 1)]
    desk.count("14 of 14")


def select(page: Any, words: str) -> None:
    """Select words of the source text, as a hand would."""
    page.evaluate(
        """words => {
          const text = document.querySelector(".reading .text");
          const walk = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
          while (walk.nextNode()) {
            const place = walk.currentNode.data.indexOf(words);
            if (place < 0) continue;
            const range = document.createRange();
            range.setStart(walk.currentNode, place);
            range.setEnd(walk.currentNode, place + words.length);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
          }
        }""",
        words,
    )


@browsing
@both
def test_an_event_is_added_from_words_of_the_text(desk: Visit, project: Project, how: str) -> None:
    page = at(desk, project, "The cranes stood still")
    select(page, "was rebuilt this year")
    if how == "mouse":
        page.click("#passage")
    else:
        page.keyboard.press("n")
    page.wait_for_selector(".form")
    assert page.input_value("#f-quote") == "was rebuilt this year"
    page.fill("#f-date", "1931")
    page.fill("#f-title", "The quay is rebuilt")
    page.keyboard.press("Enter" if how == "mouse" else "Control+Enter")
    if how == "mouse":
        page.click(".form [type=submit]")
    heading(page, "The quay is rebuilt")
    page.wait_for_selector("mark#sentence")
    assert page.inner_text("mark#sentence") == "was rebuilt this year"
    desk.count("14 of 14")
    (made,) = project.log()
    assert made.values["quote"] == "was rebuilt this year"


@browsing
def test_half_words_are_selected_whole_and_what_is_added_is_shown_in_its_text(desk: Visit, project: Project) -> None:
    long = "\n\n".join(f"Paragraph {number} of the report says nothing much." for number in range(80))
    report = project.folder / "seeds" / "report.txt"
    report.write_text(report.read_text() + f"\n{long}\n\nThe lighthouse keeper painted the tower white.\n")
    with inside(project.folder):
        assert main(["build"]) == 0
    page = at(desk, project, "The cranes stood still")
    page.wait_for_selector(".reading .text:has-text('lighthouse')")
    select(page, "house keeper painted the tow")
    page.keyboard.press("n")
    page.wait_for_selector(".form")
    assert page.input_value("#f-quote") == "lighthouse keeper painted the tower"
    page.fill("#f-date", "about 1930")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("mark#sentence:has-text('lighthouse keeper painted the tower')")
    page.wait_for_timeout(300)
    place, text = page.locator("mark#sentence").bounding_box(), page.locator(".reading .text").bounding_box()
    assert text["y"] <= place["y"] <= text["y"] + text["height"] - place["height"]
    assert re.search(r"par\. 8\d", page.inner_text(".about .source"))
    assert "0.85" in page.inner_text(".about > dl")
    assert page.locator("mark#sentence strong").count() == 0  # nobody says which of these words is the date


@browsing
@both
def test_undo_and_redo(desk: Visit, project: Project, how: str) -> None:
    page = at(desk, project, RIVER)
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    desk.count("12 of 12")
    if how == "mouse":
        page.get_by_role("button", name="Undo").click()
    else:
        page.keyboard.press("u")
    told(page, f"Undone: {RIVER}")
    desk.count("13 of 13")
    heading(page, RIVER)
    if how == "mouse":
        page.get_by_role("button", name="Redo").click()
    else:
        page.keyboard.press("Shift+Z")
    told(page, "Done again")
    desk.count("12 of 12")
    page.keyboard.press("Control+z")
    desk.count("13 of 13")
    assert [each.action for each in project.log()] == ["reject", "undo", "undo", "undo"]
    page.keyboard.press("u")
    told(page, "Nothing was decided here")


@browsing
def test_the_log_is_readable_and_takes_back(desk: Visit, project: Project) -> None:
    project.decide("edit", RIVER, "Ann", title="The river was frozen over")
    page = at(desk, project, QUAY)
    page.keyboard.press("l")
    entry = page.wait_for_selector(".entries li")
    said = " ".join(entry.inner_text().split())
    assert re.match(
        r"Edited The river was frozen over Title The river was frozen over “as the report has it” "
        r"Ann, \d{4}-\d\d-\d\d \d\d:\d\d UTC Take back",
        said,
    )
    page.fill("#by", "Bea")
    page.get_by_role("button", name="Take back").click()
    page.wait_for_selector(".entries li.undone >> text=taken back by Bea")
    assert [(each.action, each.by) for each in project.log()] == [("edit", "Ann"), ("undo", "Bea")]
    page.get_by_role("button", name="Let it count again").click()
    page.wait_for_selector(".entries li >> nth=2")
    page.keyboard.press("Escape")
    page.wait_for_selector("tr >> text=The river was frozen over")


@browsing
def test_the_tables_on_disk_are_built_on_request(desk: Visit, project: Project) -> None:
    page = at(desk, project, RIVER)
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    told(page, "Rejected")
    page.keyboard.press("l")
    page.wait_for_selector(".state >> text=1 decision, 1 newer than the tables on disk")
    page.get_by_role("button", name="Build the tables").click()
    told(page, "The tables on disk hold every decision now")
    events = load(str(project.folder)).events
    assert events.loc[events["title"] == RIVER, "status"].tolist() == ["rejected"]
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    desk.count("13 of 13")


@browsing
def test_what_was_decided_on_is_found(desk: Visit, project: Project) -> None:
    page = at(desk, project, RIVER)
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    told(page, "Rejected")
    page.keyboard.press("/")
    page.keyboard.type("müller", delay=60)
    desk.count("1 of 12")
    assert "Müller" in page.inner_text("tr[data-event]")


@browsing
def test_the_keys_can_be_switched_off_and_are_off_while_typing(desk: Visit, project: Project) -> None:
    page = at(desk, project, RIVER)
    page.keyboard.press("?")
    assert "new event from the words selected" in page.inner_text("#help")
    page.click("#single-keys")
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    page.keyboard.press("e")
    page.click(".curate-edit")
    page.wait_for_selector(".form")
    page.focus("#f-title")
    page.keyboard.type("axu")
    assert project.log() == []
    page.keyboard.press("Escape")


# ---------------------------------------------------------------------------------------------- two at once


@browsing
def test_a_second_browser_sees_each_decision_within_two_seconds(desk: Visit, other: Visit, project: Project) -> None:
    one, two = at(desk, project, RIVER), at(other, project, RIVER)
    for keys, number in ((["x", "Enter"], "12 of 12"), (["u"], "13 of 13"), (["Shift+Z"], "12 of 12")):
        for key in keys:
            one.keyboard.press(key)
        desk.count(number)
        start = time.monotonic()
        other.count(number)
        assert time.monotonic() - start < 2
    two.wait_for_selector(".curate[data-status=rejected]")
    polls = [url for url in other.requests if url.endswith("/version")]
    assert len(polls) <= 2 + two.evaluate("performance.now() / 300")


@browsing
def test_a_decision_of_the_command_is_seen_within_two_seconds(desk: Visit, project: Project) -> None:
    desk.open()
    desk.count("13 of 13")
    desk.page.wait_for_timeout(1200)
    project.decide("reject", RIVER, "Ann")
    start = time.monotonic()
    desk.count("12 of 12")
    assert time.monotonic() - start < 2


@browsing
def test_who_decides_second_is_told_of_the_first(desk: Visit, other: Visit, project: Project) -> None:
    one, two = at(desk, project, RIVER), at(other, project, RIVER)
    two.keyboard.press("e")
    two.wait_for_selector(".form")
    one.evaluate("localStorage.setItem('timeline.by', 'Ann')")
    one.keyboard.press("x")
    one.keyboard.press("Enter")
    other.count("12 of 12")
    assert two.is_visible(".form")
    two.fill("#f-title", "The river is frozen")
    two.click(".form [type=submit]")
    told(two, "Ann had decided in between: rejected")
    assert "yours is the later one and counts" in two.inner_text(".done")
    assert [each.action for each in project.log()] == ["reject", "edit"]


@browsing
def test_a_decision_on_something_else_does_not_disturb_a_reader(desk: Visit, project: Project) -> None:
    page = at(desk, project, "The cranes stood still")
    select(page, "was rebuilt this year")
    page.evaluate("window.before = document.querySelector('.reading .text')")
    project.decide("reject", RIVER, "Ann")
    desk.count("12 of 12")
    assert page.evaluate("window.before.isConnected")
    assert page.evaluate("getSelection().toString()") == "was rebuilt this year"


@browsing
def test_what_the_page_shows_is_what_the_next_build_writes(desk: Visit, project: Project) -> None:
    page = at(desk, project, SCHOOL)
    page.keyboard.press("m")
    page.wait_for_selector("[data-number='1']")
    page.keyboard.press("1")
    told(page, "Merged")
    at(desk, project, QUAY)
    page.keyboard.press("p")
    page.wait_for_selector(".tellings")
    page.keyboard.press("Control+Enter")
    told(page, "Split")
    at(desk, project, RIVER)
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    told(page, "Rejected")
    at(desk, project, "The cranes stood still")
    page.keyboard.press("a")
    told(page, "Accepted")
    shown = page.evaluate("fetch('export?to=csv&scope=shown&show=rejected').then(answer => answer.text())")
    with inside(project.folder):
        assert main(["build"]) == 0
    assert without_salience(shown) == without_salience((project.data / "events.csv").read_text())
    page.reload()
    desk.count("12 of 12")


# ---------------------------------------------------------------------------------------------- who may not


def test_reading_only_there_is_nothing_to_decide_with(project: Project) -> None:
    client = create_app(load(str(project.folder)), read_only=True).server.test_client()
    page = client.get("/", headers=HOST).text
    assert "curate.js" not in page
    assert "curate.css" not in page
    assert client.get("/version", headers=HOST).status_code == 200
    assert "data-curate" not in client.get("/_dash-layout", headers=HOST).text
    for path in ("/decide", "/build", "/curate/passage"):
        assert client.post(path, json={}, headers=HOST).status_code in (404, 405)
    for path in ("/decisions", "/curate/event?id=e1", "/curate/candidates?id=e1"):
        assert '"error"' not in client.get(path, headers=HOST).text
        assert client.get(path, headers=HOST).mimetype != "application/json"


@browsing
def test_a_page_for_reading_only_shows_what_others_decide(browser: Any, project: Project) -> None:
    for base in served(create_app(load(str(project.folder)), read_only=True)):
        for desk in visit(browser, base, DESK):
            page = desk.open("?event=" + project.event(RIVER))
            page.wait_for_selector("mark#sentence")
            assert page.locator("[data-curate]").count() == 0
            page.keyboard.press("x")
            page.keyboard.press("Enter")
            project.decide("reject", QUAY, "Ann")
            desk.count("12 of 12")
            assert [each.by for each in project.log()] == ["Ann"]


def posted(client: FlaskClient, project: Project, title: str = RIVER, **more: Any) -> Any:
    body = {"action": "accept", "events": [project.event(title)], **more}
    return client.post("/decide", json=body, headers=HOST)


def test_a_decision_is_on_disk_before_it_is_answered(client: FlaskClient, project: Project) -> None:
    answer = posted(client, project, by="Ann").json
    (made,) = project.log()
    assert (answer["decision"], answer["decided"], made.by) == (made.id, made.id, "Ann")
    assert client.get("/version", headers=HOST).json == {"version": answer["version"]}


@pytest.mark.parametrize(
    "foreign",
    [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
     {"Origin": "null"}, {"Host": "evil.example"}],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/decide", "/build", "/curate/passage"])
def test_no_other_site_can_decide(client: FlaskClient, project: Project, path: str, foreign: dict[str, str]) -> None:
    body = {"action": "accept", "events": [project.event(RIVER)]}
    assert client.post(path, json=body, headers={**HOST, **foreign}).status_code in (400, 403)
    assert project.log() == []


@browsing
def test_a_form_of_another_site_is_refused(browser: Any, base: str, project: Project) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto("data:text/html,<p>elsewhere")
    page.evaluate(
        """async ([address, event]) => {
          const body = JSON.stringify({ action: "reject", events: [event] });
          const how = { method: "POST", mode: "no-cors", body, headers: { "Content-Type": "text/plain" } };
          await fetch(address, how).catch(() => null);
        }""",
        [base + "/decide", project.event(RIVER)],
    )
    context.close()
    assert project.log() == []


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"data": '{"action": "accept"}', "content_type": "text/plain"}, 415),
        ({"data": "{", "content_type": "application/json"}, 400),
        ({"json": []}, 400),
        ({"json": {"action": "burn", "events": ["e1"]}}, 400),
        ({"json": {"action": "accept", "events": "e1"}}, 400),
        ({"json": {"action": "accept", "events": ["e1"]}}, 400),
        ({"json": {"action": "edit", "events": ["e1"], "values": {"title": 3}}}, 400),
        ({"json": {"action": "add", "values": {"title": "x" * 30_000}}}, 400),
        ({"json": {"action": "accept", "why": "x" * 2_000_000}}, 413),
    ],
)
def test_what_is_no_decision_is_refused(
    client: FlaskClient, project: Project, sent: dict[str, Any], status: int
) -> None:
    assert client.post("/decide", headers=HOST, **sent).status_code == status
    assert project.log() == []


def test_a_conflict_is_answered_with_what_was_decided_in_between(client: FlaskClient, project: Project) -> None:
    seen = posted(client, project, QUAY).json["decided"]
    project.decide("edit", RIVER, "Ann", title="Frozen")
    (first,) = posted(client, project, seen=seen).json["conflicts"]
    assert (first["by"], first["said"], first["values"]) == ("Ann", "Edited", {"title": "Frozen"})
    assert posted(client, project, seen=project.log()[-1].id).json["conflicts"] == []


@pytest.mark.parametrize("action", ["accept", "reject"])
def test_an_undo_of_a_verdict_that_is_built_shows_at_once(project: Project, action: str) -> None:
    made = project.decide(action, RIVER, "Ann")
    with inside(project.folder):
        assert main(["build"]) == 0
    fresh = create_app(load(str(project.folder))).server.test_client()
    answer = fresh.post("/decide", json={"action": "undo", "events": [made.id]}, headers=HOST).json
    assert answer["waits"] == ""
    assert fresh.get("/curate/event?id=" + project.event(RIVER), headers=HOST).json["status"] == "proposed"


def test_an_undo_of_an_edit_that_is_built_waits_for_the_next_build(project: Project) -> None:
    event = project.event(RIVER)
    made = project.decide("edit", RIVER, "Ann", title="Ice")
    with inside(project.folder):
        assert main(["build"]) == 0
    fresh = create_app(load(str(project.folder))).server.test_client()
    answer = fresh.post("/decide", json={"action": "undo", "events": [made.id]}, headers=HOST).json
    assert answer["waits"].endswith("this shows when they are built again.")
    assert fresh.post("/build", json={}, headers=HOST).status_code == 200
    found = fresh.get("/curate/event?id=" + event, headers=HOST).json
    assert (found["status"], found["values"]["title"]) == ("proposed", RIVER)


def test_a_build_that_fails_says_why(project: Project) -> None:
    broken = Rebuild(project.data, (sys.executable, "-c", "import sys; sys.exit('no space left')"))
    with pytest.raises(TimelineError, match="no space left"):
        broken.build()
    with pytest.raises(TimelineError, match="could not be started"):
        Rebuild(project.data, ("no-such-program",)).build()
    assert not Rebuild(project.folder / "elsewhere").is_possible


def test_with_a_token_only_who_brings_it_is_answered(project: Project) -> None:
    server = create_app(load(str(project.folder)), hosts=("desk.example",), token="s3cret").server
    there = {"Host": "desk.example:8050"}
    stranger = server.test_client()
    for path in ("/", "/decisions", "/scene", "/assets/view.js", "/?token=guess", "/?token=", "/scene?token=s3cret"):
        refused = stranger.get(path, headers=there)
        assert refused.status_code == 401
        assert "s3cret" not in refused.text
    assert stranger.post("/decide", json={}, headers=there).status_code == 401
    assert stranger.get("/?token=s3cret", headers={"Host": "evil.example"}).status_code == 400
    guest = server.test_client()
    first = guest.get("/?token=s3cret", headers=there)
    cookie = first.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert first.headers["Cache-Control"] == "no-store"
    guest.set_cookie(guard.COOKIE, "s3cret", domain="desk.example")
    assert guest.get("/decisions", headers=there).json["user"] == ""  # who it is, this machine cannot know


@browsing
def test_the_link_with_the_token_leads_to_the_page(browser: Any, project: Project) -> None:
    for base in served(create_app(load(str(project.folder)), token="s3cret")):
        context = browser.new_context()
        page = context.new_page()
        page.goto(base + "/?token=s3cret")
        page.wait_for_selector(".count strong")
        assert "s3cret" not in page.url
        assert page.evaluate("document.cookie") == ""
        page.goto(base + "/?event=" + project.event(RIVER))
        page.wait_for_selector(".curate")
        page.keyboard.press("a")
        told(page, "Accepted")
        context.close()


@pytest.mark.parametrize(("host", "asks"), [("127.0.0.1", False), ("localhost", False), ("192.0.2.7", True)])
def test_another_address_prints_the_token_once_and_says_so(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], host: str, asks: bool
) -> None:
    bound = []

    class Server:
        effective_port = 8050

        def run(self) -> None:
            raise KeyboardInterrupt

        def close(self) -> None:
            pass

    def create_server(_app: Any, **how: Any) -> Server:
        bound.append(how["host"])
        return Server()

    monkeypatch.setattr(application.waitress, "create_server", create_server)
    application.serve(str(project.folder), host, 0)
    said = capsys.readouterr().out
    assert bound == [host if asks else "127.0.0.1"]
    assert bool(re.search(r"http://192\.0\.2\.7:8050/\?token=[\w-]{43} ", said)) == asks
    assert ("Who has this link can read this timeline and decide on its events." in said) == asks


def test_all_addresses_are_asked_for_by_the_names_of_this_machine() -> None:
    assert {"127.0.0.1", "localhost"} < set(guard.names("0.0.0.0"))
    assert guard.names("192.0.2.7") == ("192.0.2.7",)


# ---------------------------------------------------------------------------------------------- for everybody


@browsing
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_no_state_of_deciding_shuts_anybody_out(
    browser: Any, base: str, project: Project, viewport: dict[str, int], scheme: str
) -> None:
    for one in visit(browser, base, viewport, scheme):
        page = at(one, project, QUAY)
        page.wait_for_timeout(600)
        found = {"open": faults(page)}
        page.click(".curate-edit")
        page.wait_for_selector(".form")
        page.fill("#f-date", "some day")
        page.wait_for_selector("#f-understood:has-text('not read')")
        found["editing"] = faults(page)
        page.keyboard.press("Escape")
        page.click(".curate-split")
        page.wait_for_selector(".tellings")
        found["splitting"] = faults(page)
        page.keyboard.press("Escape")
        page.click(".curate-merge")
        page.wait_for_selector(".candidate >> nth=1")
        found["merging"] = faults(page)
        page.keyboard.press("Escape")
        page.click(".curate-accept")
        told(page, "Accepted")
        page.wait_for_timeout(400)
        found["decided"] = faults(page)
        page.evaluate("document.querySelector('[data-curate=log]').click()")
        page.wait_for_selector(".entries li")
        found["log"] = faults(page)
        assert [f"{state}: {fault}" for state, faults_ in found.items() for fault in faults_] == []


@browsing
def test_on_a_phone_what_is_pressed_is_large_enough(browser: Any, base: str, project: Project) -> None:
    for one in visit(browser, base, PHONE):
        page = at(one, project, QUAY)
        heights = page.eval_on_selector_all(".curate button", "all => all.map(b => b.getBoundingClientRect().height)")
        assert len(heights) == 5
        assert min(heights) >= 44
        page.click(".curate-reject")
        sizes = page.eval_on_selector_all(
            ".reject input, .reject button", "all => all.map(b => b.getBoundingClientRect().height)"
        )
        assert len(sizes) == 3
        assert min(sizes) >= 44
        page.get_by_role("button", name="Reject").click()
        told(page, "Rejected")
        page.get_by_role("button", name="Undo").click()
        told(page, "Undone")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


@browsing
def test_hostile_words_are_letters_in_every_form(desk: Visit, project: Project) -> None:
    hostile = "<img src=x onerror=document.title='pwned'> javascript:alert(1)"
    project.decide("edit", RIVER, "<b>Ann</b>", title=hostile, actors=hostile)
    page = desk.open("?event=" + project.event(RIVER))
    page.wait_for_selector(".curate")
    for key, place in (
        ("e", ".form"),
        ("Escape", ".curate"),
        ("m", ".candidate"),
        ("Escape", ".curate"),
        ("l", ".entries li"),
    ):
        page.keyboard.press(key)
        page.wait_for_selector(place)
    assert "<b>Ann</b>" in page.inner_text(".entries")
    assert page.title() != "pwned"


def test_the_log_is_plain_lines(client: FlaskClient, project: Project) -> None:
    posted(client, project)
    (line,) = (project.data / "decisions.jsonl").read_text().splitlines()
    assert set(json.loads(line)) == {"id", "action", "targets", "values", "by", "on", "why"}
