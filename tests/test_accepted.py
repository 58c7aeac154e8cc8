"""Every export is read by the programs it is for: what they make of it is what the timeline says."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import random
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import Browse, browsing, node, node_modules, oracle, soffice
from test_table import event, mention, source_of

from timeline import __version__, timexes
from timeline.edtf import civil, parse
from timeline.export import export, in_words, left_out
from timeline.export.cited import bibtex_entry
from timeline.export.ics import _folded, _text
from timeline.export.page import _script_json
from timeline.export.prose import _yaml, markdown
from timeline.export.tables import guarded, unguarded
from timeline.export.timeml import _FORBIDDEN, _attribute, _xml
from timeline.model import Era
from timeline.palette import LOOKS
from timeline.table import TABLES, Timeline, csv_bytes, frame_rows, load, place_sources, write_tables
from timeline.verify import verify

DATES = (
    *("-0099", "-0043-03-15", "0916", "12XX", "1849-10-01", "1900/1903", "1916?", "1949-10~", "195X", "1967~/1969~"),
    *("[1969-03-02,1969-03-03]", "1969-03", "../1971", "2014-21", "2014/..", "2019-03-04/2019-03-10", "2021-35"),
)
EVIL = ("=HYPERLINK(1)", "+5", "-1", "@SUM", "<script>window.pwned = 1</script>", "a_x0041_b", "\ttab", "“𝕏” 😀")
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Timeline:
    """An event for each kind of date, with texts that some format takes for its own, and two eras."""
    base = tmp_path_factory.mktemp("rich")
    sentences = [f"{EVIL[n % len(EVIL)]} In {in_words(date)} 😀 thing {n} happened." for n, date in enumerate(DATES)]
    text = "\n".join(sentences) + "\n"
    chronicle = source_of(
        "chronicle é", text, title='{"A"} & <b> \\ [x] $1', author="Ann de Author", published="2020-05"
    )
    copy = source_of("second", text, title="Again; 50 %, #1", author="Bob and Sons, Ltd.", published="-0043")
    events = []
    for n, (date, sentence) in enumerate(zip(DATES, sentences, strict=True)):
        words = in_words(date)
        start = text.index(sentence) + sentence.index(words)
        place = {"date_start": start, "date_end": start + len(words)}
        told = [
            replace(mention(2 * n + k, source, sentence, words, date), **place)
            for k, source in enumerate((chronicle, copy))
        ]
        one = event(
            n,
            f"{EVIL[n % len(EVIL)]} title {n}",
            date,
            *told[: 1 + n % 2],
            category=("war", "<i>", "")[n % 3],
            era="new",
        )
        events.append(
            replace(one, actors=("=A", "B & C"), places=("<Here>",), modality=("actual", "planned")[n % 5 == 4])
        )
    eras = [Era("old", "Old <times>", "../1899"), Era("new", "=New times", "1900-01-01/1999-12-31")]
    sources, copies = place_sources([chronicle, copy], base, base)
    write_tables(base, events, sources, eras, copies, title="Rich & <strange>")
    return load(base)


@pytest.fixture(scope="module")
def browse() -> Iterator[Browse]:
    with browsing() as browse:
        yield browse


def built(timeline: Timeline, table: str) -> bytes:
    return (timeline.folder / f"{table}.csv").read_bytes()


def rows(timeline: Timeline) -> list[dict[str, str]]:
    return frame_rows("events", timeline.events)


def unzipped(data: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(folder)
    return folder


# ------------------------------------------------------------------------------------------ tables


def test_openpyxl_reads_the_workbook_as_the_tables(rich: Timeline) -> None:
    book = oracle("openpyxl").load_workbook(io.BytesIO(export(rich, "xlsx")))
    unescape = oracle("openpyxl.utils.escape").unescape

    assert book.sheetnames == ["Events", "Mentions", "Sources", "Eras"]
    for table, sheet in zip(TABLES, book, strict=True):
        header, *lines = sheet.iter_rows()
        assert {cell.data_type for line in lines for cell in line} <= {"s", "n"}
        assert tuple(cell.value for cell in header) == TABLES[table]
        cells = [[_cell(cell.value, unescape) for cell in line] for line in lines]
        assert csv_bytes(TABLES[table], [dict(zip(TABLES[table], line, strict=True)) for line in cells]) == built(
            rich, table
        )


def _cell(value: Any, unescape: Any) -> str:
    if value is None:
        return ""
    return f"{value:.2f}" if isinstance(value, float) else unescape(str(value))


def test_libreoffice_keeps_every_date_and_text_of_the_workbook(rich: Timeline, tmp_path: Path) -> None:
    data = soffice(export(rich, "xlsx"), ".xlsx", "csv:Text - txt - csv (StarCalc):44,34,76", tmp_path)
    read = list(csv.DictReader(io.StringIO(data.decode("utf-8"), newline="")))

    for column in ("event_id", "date", "earliest", "latest", "title", "actors", "quote"):
        assert [row[column] for row in read] == [row[column] for row in rows(rich)]


@pytest.mark.filterwarnings("ignore:Cell .* is marked as a date")  # of 44 BC, by openpyxl
def test_libreoffice_takes_no_cell_of_the_csv_for_a_formula(rich: Timeline, tmp_path: Path) -> None:
    evaluating = "Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1,true"
    (guarded,) = oracle("openpyxl").load_workbook(
        io.BytesIO(soffice(export(rich, "csv"), ".csv", "xlsx", tmp_path, evaluating))
    )
    (raw,) = oracle("openpyxl").load_workbook(
        io.BytesIO(soffice(export(rich, "csv", raw=True), ".csv", "xlsx", tmp_path, evaluating))
    )

    assert "f" not in {cell.data_type for line in guarded.iter_rows() for cell in line}
    assert "f" in {cell.data_type for line in raw.iter_rows() for cell in line}  # else this would test nothing


def test_libreoffice_keeps_every_date_and_text_of_the_csv(rich: Timeline, tmp_path: Path) -> None:
    """As it opens the file when every column is set to Text, and every one but bare years when nobody sets anything."""
    to = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"
    as_text = "/".join(f"{number}/2" for number in range(1, len(TABLES["events"]) + 1))
    told = soffice(export(rich, "csv"), ".csv", to, tmp_path, f"Text - txt - csv (StarCalc):44,34,76,1,{as_text}")
    untold = soffice(export(rich, "csv"), ".csv", to, tmp_path, "Text - txt - csv (StarCalc):44,34,76,1")

    assert list(csv.reader(io.StringIO(told.decode("utf-8"), newline=""))) == list(
        csv.reader(io.StringIO(export(rich, "csv").decode("utf-8"), newline=""))
    )
    read = list(csv.DictReader(io.StringIO(untold.decode("utf-8"), newline="")))
    for column in ("date", "earliest", "latest", "title", "actors", "places", "quote"):
        expected = [unguarded(row[column]) for row in rows(rich)]
        changed = {(old, unguarded(row[column])) for old, row in zip(expected, read, strict=True)}
        assert {pair for pair in changed if pair[0] != pair[1]} <= {("-0099", "-99"), ("0916", "916")}


def test_pandas_reads_the_csv(rich: Timeline) -> None:
    pandas = oracle("pandas")
    frame = pandas.read_csv(io.BytesIO(export(rich, "csv", raw=True)), dtype=str, keep_default_na=False)

    assert frame.to_dict("records") == rows(rich)


def test_duckdb_reads_parquet_and_json_lines(rich: Timeline, tmp_path: Path) -> None:
    for format in ("parquet", "jsonl"):
        (tmp_path / f"events.{format}").write_bytes(export(rich, format))
    database = oracle("duckdb").connect()
    columns = "event_id, date, title, len(mentions), mentions[1].quote, mentions[1].source.sha256"
    told = f"SELECT {columns} FROM '{{}}' ORDER BY ALL"
    before = "SELECT date FROM '{}' WHERE latest_day < 1 ORDER BY earliest_day"

    packed, lines = (
        database.execute(told.format(tmp_path / f"events.{format}")).fetchall() for format in ("parquet", "jsonl")
    )

    assert packed == lines
    assert {row[1] for row in packed} == set(DATES)
    assert {row[0]: row[3] for row in packed} == dict(
        zip(rich.events["event_id"], rich.events["n_mentions"], strict=True)
    )
    found = database.execute(before.format(tmp_path / "events.parquet")).fetchall()
    assert [row[0] for row in found] == ["-0099", "-0043-03-15"]


def test_pandas_reads_parquet_and_json_lines(rich: Timeline, tmp_path: Path) -> None:
    pandas = oracle("pandas")
    packed = pandas.read_parquet(io.BytesIO(export(rich, "parquet")))
    lines = pandas.read_json(io.BytesIO(export(rich, "jsonl")), lines=True, dtype=False)

    for frame in (packed, lines):
        assert frame["date"].tolist() == rich.events["date"].tolist()
        assert frame["confidence"].tolist() == rich.events["confidence"].tolist()
        assert [list(cell) for cell in frame["actors"]] == [["=A", "B & C"]] * len(DATES)


def test_frictionless_validates_the_data_package(rich: Timeline, tmp_path: Path) -> None:
    folder = unzipped(export(rich, "datapackage"), tmp_path)
    report = oracle("frictionless").validate(str(folder / "datapackage.json"))

    assert report.valid, report.flatten(["type", "note"])
    assert [task.stats["rows"] for task in report.tasks] == [len(DATES), len(rich.mentions), 2, 2]
    assert (folder / "events.csv").read_bytes() == built(rich, "events")
    (folder / "events.csv").write_bytes(built(rich, "events").replace(b",proposed,", b",perhaps,", 1))
    assert not oracle("frictionless").validate(str(folder / "datapackage.json")).valid


# ------------------------------------------------------------------------------------------ viewers


def page(folder: Path, head: str, body: str) -> str:
    path = folder / "page.html"
    path.write_text(
        f"<!DOCTYPE html><html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>", "utf-8"
    )
    return path.as_uri()


@pytest.mark.browser
def test_timelinejs_shows_every_event_uncertain_dates_in_words_and_eras(
    rich: Timeline, tmp_path: Path, browse: Browse
) -> None:
    dist = (node_modules() / "@knight-lab/timelinejs/dist").as_uri()
    head = f"<link rel='stylesheet' href='{dist}/css/timeline.css'><script src='{dist}/js/timeline.js'></script>"
    data = export(rich, "timelinejs").decode("utf-8")
    document = data.replace("</", "<\\/")
    url = page(tmp_path, head, f"<div id='here' style='height: 600px'></div>{timelinejs(document, dist)}")

    assert_timelinejs_shows_all(browse(lambda visit: timelinejs_texts(visit, url)), rich)


@pytest.mark.browser
def test_timelinejs_shows_the_same_of_its_spreadsheet(rich: Timeline, tmp_path: Path, browse: Browse) -> None:
    """It asks for the sheet as CSV; the answer is our file, and nothing leaves the machine."""
    dist = (node_modules() / "@knight-lab/timelinejs/dist").as_uri()
    head = f"<link rel='stylesheet' href='{dist}/css/timeline.css'><script src='{dist}/js/timeline.js'></script>"
    sheet = "'https://sheet.invalid/published.csv'"
    url = page(tmp_path, head, f"<div id='here' style='height: 600px'></div>{timelinejs(sheet, dist)}")
    headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "text/csv; charset=utf-8"}

    def look(visit: Any) -> Any:
        visit.context.set_offline(False)
        visit.route(
            re.compile("^http"), lambda route: route.fulfill(body=export(rich, "timelinejs-csv"), headers=headers)
        )
        return timelinejs_texts(visit, url)

    assert_timelinejs_shows_all(browse(look), rich)


def timelinejs(what: str, dist: str) -> str:
    return f"<script>new TL.Timeline('here', {what}, {{font: null, script_path: '{dist}/js/'}})</script>"


def timelinejs_texts(visit: Any, url: str) -> dict[str, Any]:
    visit.goto(url)
    visit.wait_for_selector(".tl-timemarker", state="attached")
    found = {
        name: [_plain(text) for text in visit.locator(f".tl-{name}").all_text_contents() if text.strip()]
        for name in ("timemarker-text", "timeera-text", "headline-date")
    }
    return found | {"pwned": visit.evaluate("window.pwned"), "complaints": visit.complaints}


def assert_timelinejs_shows_all(found: dict[str, Any], timeline: Timeline) -> None:
    assert (found["pwned"], found["complaints"]) == (None, [])
    assert sorted(found["timemarker-text"]) == sorted(_plain(row["title"]) for row in rows(timeline))
    assert sorted(found["timeera-text"]) == ["=New times", "Old <times>"]
    assert sorted(found["headline-date"]) == sorted(map(in_words, DATES))


def _plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.browser
def test_vis_timeline_shows_every_event_in_its_group(rich: Timeline, tmp_path: Path, browse: Browse) -> None:
    vis = (node_modules() / "vis-timeline").as_uri()
    head = (
        f"<link rel='stylesheet' href='{vis}/styles/vis-timeline-graph2d.min.css'>"
        f"<script src='{vis}/standalone/umd/vis-timeline-graph2d.min.js'></script>"
    )
    data = export(rich, "vis").decode("utf-8").replace("</", "<\\/")
    script = (
        f"const data = {data}; const shown = new vis.Timeline(document.getElementById('here'), "
        "new vis.DataSet(data.items), new vis.DataSet(data.groups), {cluster: false}); shown.fit({animation: false})"
    )

    def look(visit: Any) -> Any:
        visit.goto(page(tmp_path, head, f"<div id='here'></div><script>{script}</script>"))
        visit.wait_for_selector(".vis-item", state="attached")
        visit.wait_for_function("document.querySelectorAll('.vis-item .vis-item-content').length > 3")
        window = visit.evaluate("[shown.getWindow().start, shown.getWindow().end].map(Number)")
        items = visit.evaluate(
            "shown.itemsData.get().map(item => [item.id, +new Date(item.start), item.end ? +new Date(item.end) : 0])"
        )
        visible = visit.evaluate("shown.getVisibleItems()")
        return window, items, visible, visit.locator(".vis-label").all_text_contents(), visit.evaluate("window.pwned")

    window, items, visible, labels, pwned = browse(look)

    assert pwned is None
    assert set(visible) >= set(rich.events["event_id"])
    assert sorted(labels) == sorted(["war", "<i>", "–"])
    assert all(start == start and window[0] <= (end or start) and start <= window[1] for _, start, end in items)
    assert {item[0] for item in items if item[0].startswith("era:")} == {"era:old", "era:new"}


def test_markwhen_reads_every_event_with_its_stretch(rich: Timeline) -> None:
    parser = (node_modules() / "@markwhen/parser/lib/index.js").as_uri()
    code = (
        f"const {{parse}} = await import({json.dumps(parser)}); import fs from 'fs';"
        "const found = [], walk = node => node.children ? node.children.forEach(walk) : node.firstLine && "
        "found.push([node.dateRangeIso.fromDateTimeIso, node.dateRangeIso.toDateTimeIso, node.firstLine.restTrimmed, "
        "node.tags, node.supplemental.length]);"
        "const read = parse(fs.readFileSync(0, 'utf8')); walk(read.events);"
        "console.log(JSON.stringify([read.header.title, read.parseMessages, found]))"
    )
    ran = subprocess.run(
        [node(), "--input-type=module", "-e", code], input=export(rich, "markwhen"), capture_output=True, timeout=60
    )
    assert ran.returncode == 0, ran.stderr.decode()
    title, messages, found = json.loads(ran.stdout)
    eras, events = found[:2], found[2:]

    assert (title, messages) == ("Rich & <strange>", [])
    # of years before 1 the parser leaves the colon with the words, and ends a range with the first day of its last year
    assert [era[2].lstrip(": ") for era in eras] == ["Old <times>", "=New times"]
    assert [era[3] for era in eras] == [["era"], ["era"]]
    assert len(events) == len(DATES)
    for row, (start, end, line, tags, more) in zip(rows(rich), events, strict=True):
        date = parse(row["date"])
        assert _plain(line.lstrip(": ").replace("\u2060", "").removesuffix(" (planned)")) == _plain(row["title"])
        assert tags == [name for name in (row["category"].replace("<i>", "i"), "new") if name]
        assert more == 3 + int(row["n_mentions"])
        if date.lower is not None and date.lower < 1:
            assert start == f"-00{-civil(date.lower)[0]:04d}-01-01T00:00:00.000+00:00"
            continue
        if date.lower is not None:
            assert start[:10] == date.earliest
        if date.lower is not None and date.upper is not None:
            assert end[:10] == iso(date.upper + 1)


def iso(day: int) -> str:
    return "{:04d}-{:02d}-{:02d}".format(*civil(day))


# ------------------------------------------------------------------------------------------ chronologies


def test_a_markdown_parser_resolves_every_footnote(rich: Timeline) -> None:
    footnotes = oracle("mdit_py_plugins.footnote").footnote_plugin
    parser = oracle("markdown_it").MarkdownIt("commonmark").use(footnotes)
    text = export(rich, "markdown").decode("utf-8")
    tokens = parser.parse(text)
    rendered = parser.render(text)

    references = re.findall(r'<a href="#fn(\d+)"', rendered)
    notes = re.findall(r'<li id="fn(\d+)"', rendered)
    assert references == notes == [str(number) for number in range(1, len(rich.mentions) + 1)]
    assert "[^" not in rendered
    assert "<script>" not in rendered
    quotes = "".join(child.content for token in tokens for child in token.children or [] if child.type == "text")
    assert all(_plain(quote) in _plain(quotes) for quote in rich.mentions["quote"])


def test_every_note_of_the_vault_has_front_matter_and_links_that_lead_to_notes(rich: Timeline, tmp_path: Path) -> None:
    folder = unzipped(export(rich, "obsidian"), tmp_path)
    yaml = oracle("yaml")
    front_matter = oracle("mdit_py_plugins.front_matter").front_matter_plugin
    parser = oracle("markdown_it").MarkdownIt("commonmark").use(front_matter)
    found = {}
    for note in sorted(folder.rglob("*.md")):
        first, *_ = parser.parse(note.read_text("utf-8"))
        assert first.type == "front_matter", note
        found[note.relative_to(folder).as_posix()] = yaml.safe_load(first.content)
    links = [link for note in folder.rglob("*.md") for link in re.findall(r"\[\[([^]|]+)\|", note.read_text("utf-8"))]

    assert all(f"{link}.md" in found for link in links)
    assert len(links) == len(DATES) + len(rich.mentions)
    events = [notes for path, notes in found.items() if path.startswith("events/")]
    assert {notes["event_id"]: (notes["title"], notes["date"], notes["actors"]) for notes in events} == {
        row["event_id"]: (row["title"], row["date"], row["actors"].split("; ")) for row in rows(rich)
    }


def test_word_and_libreoffice_open_the_document(rich: Timeline, tmp_path: Path) -> None:
    data = export(rich, "docx")
    document = oracle("docx").Document(io.BytesIO(data))
    paragraphs = [(each.style.name, each.text) for each in document.paragraphs]
    text = soffice(data, ".docx", "txt:Text (encoded):UTF8", tmp_path).decode("utf-8-sig")

    quotes = [words for style, words in paragraphs if style == "Quote"]
    assert len(quotes) == len(rich.mentions)
    for quote in rich.mentions["quote"]:
        assert any(each.startswith(f"“{quote}” — ".replace("\t", "\t")) for each in quotes), quote
        assert _plain(quote) in _plain(text)
    for date in DATES:
        assert in_words(date) in text


@pytest.mark.browser
def test_the_page_to_print_becomes_a_pdf(rich: Timeline, tmp_path: Path, browse: Browse) -> None:
    path = tmp_path / "print.html"
    path.write_bytes(export(rich, "print"))

    def look(visit: Any) -> Any:
        visit.goto(path.as_uri())
        dead = visit.evaluate(
            "[...document.links].filter(a => !document.getElementById(decodeURIComponent(a.hash.slice(1)))).length"
        )
        text = visit.locator("body").inner_text()
        return dead, text, visit.pdf(), visit.evaluate("window.pwned"), visit.asked, visit.complaints

    dead, text, pdf, pwned, asked, complaints = browse(look)

    assert (dead, pwned, asked, complaints) == (0, None, [path.as_uri()], [])
    assert pdf.startswith(b"%PDF-")
    assert all(_plain(quote) in _plain(text) for quote in rich.mentions["quote"])
    assert all(in_words(date) in text for date in DATES)


# ------------------------------------------------------------------------------------------ the page of its own


@pytest.mark.browser
def test_the_page_opens_from_disk_zooms_filters_and_shows_the_sentence_in_its_source(
    rich: Timeline, tmp_path: Path, browse: Browse
) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(export(rich, "html"))
    span = "state.to - state.from"

    def look(visit: Any) -> dict[str, Any]:
        visit.goto(path.as_uri())
        visit.wait_for_selector("#chart .event")
        found = {"rows": visit.locator("#rows tr").count(), "marks": visit.locator("#chart .event").count()}
        found["eras"] = visit.locator("#era option").all_text_contents()
        found["before"] = visit.evaluate(span)
        visit.locator("#in").click()
        found["zoomed"] = visit.evaluate(span)
        visit.locator("#fit").click()
        visit.locator("#search").fill("title 12")
        found["searched"] = visit.locator("#rows tr").all_text_contents()
        visit.locator("#search").fill("")
        visit.locator(".chip", has_text="war").click()
        found["without war"] = visit.locator("#rows tr").count()
        visit.locator(".chip", has_text="war").click()
        found["told"] = []
        for number in range(len(DATES)):
            visit.locator("#rows tr button").nth(number).click()
            visit.wait_for_selector("#text mark:not(.date)")
            marked = "[...document.querySelectorAll('#text mark')].map(mark => mark.textContent).join('')"
            words = "[...document.querySelectorAll('#text mark.date')].map(mark => mark.textContent).join('')"
            found["told"].append((visit.evaluate(marked), visit.evaluate(words)))
        visit.keyboard.press("Escape")
        found["closed"] = visit.locator("#panel").is_hidden()
        return found | {"asked": visit.asked, "complaints": visit.complaints, "pwned": visit.evaluate("window.pwned")}

    found = browse(look)

    assert (found["asked"], found["complaints"], found["pwned"]) == ([path.as_uri()], [], None)
    assert (found["rows"], found["marks"]) == (len(DATES), len(DATES))
    assert found["eras"] == ["All eras", "Old <times>", "=New times"]
    assert found["zoomed"] == pytest.approx(found["before"] / 2)
    assert len(found["searched"]) == 1
    assert "title 12" in found["searched"][0]
    assert found["without war"] == sum(row["category"] != "war" for row in rows(rich))
    best = rich.mentions.drop_duplicates("event_id")
    assert found["told"] == list(zip(best["quote"], best["date_text"], strict=True))
    assert found["closed"]


def colours_of(sheet: str) -> list[dict[str, str]]:
    """The colour variables of a style sheet, on white and on black."""
    plain, both = r"(--[\w-]+): (#\w+);", r"(--[\w-]+): light-dark\((#\w+), (#\w+)\);"
    white, night, black = sheet.partition("prefers-color-scheme: dark")
    found = (
        [dict(re.findall(plain, part)) for part in (white, black)] if night else [dict(re.findall(plain, sheet))] * 2
    )
    return [found[n] | {name: pair[n] for name, *pair in re.findall(both, sheet)} for n in (0, 1)]


def test_the_page_has_the_colours_of_the_dashboard() -> None:
    page = colours_of((ROOT / "timeline/export/page.html").read_text("utf-8"))
    dashboard = colours_of((ROOT / "dashboard/assets/style.css").read_text("utf-8"))

    assert all(page)
    assert [own.items() <= theirs.items() for own, theirs in zip(page, dashboard, strict=True)] == [True, True]
    for look in LOOKS:
        name = f"--c-{look.name}"
        assert dashboard[0][name] == look.colour.lower()
        assert (dashboard[0] | dashboard[1])[name] == look.line_dark.lower()


@pytest.mark.browser
def test_the_page_has_the_colours_and_shapes_of_the_dashboard_and_no_heap_of_marks(
    tmp_path: Path, browse: Browse
) -> None:
    names = ["Diplomacy", "Economy", "Military", "Culture", "Science", "Domestic", "Other"]
    crowd = [event(n, f"The summit of the delegates, number {n}", "1969", category="Diplomacy") for n in range(14)]
    others = [event(50 + n, f"Event {n}", f"19{n}5", category=name) for n, name in enumerate(names[1:])]
    write_tables(tmp_path, [*crowd, *others], [], [], {})
    path = tmp_path / "page.html"
    path.write_bytes(export(load(tmp_path), "html"))

    def look(visit: Any) -> Any:
        found = []
        for scheme in ("light", "dark"):
            visit.emulate_media(color_scheme=scheme)
            visit.goto(path.as_uri())
            visit.wait_for_selector("#chart .event")
            marks = "[...document.querySelectorAll('#chart .event')]"
            strokes = f"new Set({marks}.map(mark => mark.querySelector('.shape').getAttribute('stroke')))"
            chips = "[...document.querySelectorAll('.chip')].map(chip => chip.querySelector('path')"
            bare = f"{marks}.filter(mark => !mark.querySelector('text')).map(mark => mark.getBBox().y)"
            found.append(
                {
                    "names": visit.locator(".chip").all_text_contents(),
                    "strokes": visit.evaluate(f"[...{strokes}]"),
                    "fills": visit.evaluate(f"{chips}.getAttribute('fill'))"),
                    "shapes": visit.evaluate(f"{chips}.getAttribute('d'))"),
                    "bare": visit.evaluate(bare),
                }
            )
        return found, visit.complaints

    (light, dark), complaints = browse(look)

    assert complaints == []
    assert [name.rsplit(" ", 1)[0] for name in light["names"]] == names
    assert light["strokes"] == [each.line for each in LOOKS]
    assert dark["strokes"] == dark["fills"] == [each.line_dark for each in LOOKS]
    assert light["fills"] == [each.colour for each in LOOKS]
    assert len(set(light["shapes"])) == len(LOOKS)
    assert len(light["bare"]) == len(set(light["bare"])) == 7  # each in a row of its own


# ------------------------------------------------------------------------------------------ linked data


def expanded(data: bytes, context: dict[str, Any]) -> list[Any]:
    """What a JSON-LD processor makes of it, with a context at hand instead of fetched; every key has a meaning."""
    document = json.loads(data)
    address = document["@context"]
    processor = oracle("pyld").jsonld

    def fetch(url: str, *_: Any) -> dict[str, Any]:
        assert url.rstrip("/") == address.rstrip("/"), url
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": context}

    read: list[Any] = processor.expand(document, {"documentLoader": fetch})
    assert _keys(document) - set(context["@context"]) - {"@context", "@graph", "@id", "@type"} == set()
    return read


def _keys(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_keys, value)) if value else set()
    if not isinstance(value, dict):
        return set()
    return set(value).union(*map(_keys, value.values()))


def crate_context() -> dict[str, Any]:
    """The context of RO-Crate, which holds every term of schema.org."""
    path = Path(oracle("rocrate").__file__).parent / "data" / "ro-crate.jsonld"
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


OA, SCHEMA = "http://www.w3.org/ns/oa#", "http://schema.org/"
ANNOTATION_CONTEXT = {  # what of the W3C's context (CC0) an export uses
    "@context": {
        **{name: f"{OA}{name}" for name in ("Annotation", "TextualBody", "SpecificResource", "TextQuoteSelector")},
        **{name: f"{OA}{name}" for name in ("TextPositionSelector", "FragmentSelector", "exact", "prefix", "suffix")},
        **{name: {"@id": f"{OA}{iri}", "@type": "@id"} for name, iri in (
            ("body", "hasBody"), ("target", "hasTarget"), ("source", "hasSource"), ("selector", "hasSelector"))},
        "motivation": {"@id": f"{OA}motivatedBy", "@type": "@vocab"},
        "purpose": {"@id": f"{OA}hasPurpose", "@type": "@vocab"},
        **{name: f"{OA}{name}" for name in ("describing", "tagging", "linking")},
        "AnnotationPage": "http://www.w3.org/ns/activitystreams#OrderedCollectionPage",
        "items": {"@id": "http://www.w3.org/ns/activitystreams#items", "@container": "@list", "@type": "@id"},
        "start": {"@id": f"{OA}start", "@type": "http://www.w3.org/2001/XMLSchema#nonNegativeInteger"},
        "end": {"@id": f"{OA}end", "@type": "http://www.w3.org/2001/XMLSchema#nonNegativeInteger"},
        "value": "http://www.w3.org/1999/02/22-rdf-syntax-ns#value",
        "format": "http://purl.org/dc/elements/1.1/format",
        "conformsTo": {"@id": "http://purl.org/dc/terms/conformsTo", "@type": "@id"},
        "id": "@id",
        "type": "@type",
    }
}  # fmt: skip


def test_annotations_are_linked_data(rich: Timeline) -> None:
    (collection,) = expanded(export(rich, "w3c-annotations"), ANNOTATION_CONTEXT)
    (items,) = collection["http://www.w3.org/ns/activitystreams#items"]

    assert len(items["@list"]) == len(rich.mentions)
    for annotation in items["@list"]:
        assert annotation["@type"] == [f"{OA}Annotation"]
        (target,) = annotation[f"{OA}hasTarget"]
        kinds = {selector["@type"][0].removeprefix(OA) for selector in target[f"{OA}hasSelector"]}
        assert kinds == {"TextQuoteSelector", "TextPositionSelector"}


def anchored(text: str, exact: str, prefix: str, suffix: str) -> list[int]:
    """Where the words stand with those around them, as the W3C has it; with part of those if not all are there."""
    places = [found.start() for found in re.finditer(f"(?={re.escape(exact)})", text)]
    for length in range(32, -1, -1):
        before, after = prefix[len(prefix) - min(length, len(prefix)) :], suffix[:length]
        near = [at for at in places if text[:at].endswith(before) and text[at + len(exact) :].startswith(after)]
        if near:
            return near
    return []


def test_annotations_are_found_again_in_the_text_and_after_edits_elsewhere_in_it(rich: Timeline) -> None:
    items = json.loads(export(rich, "w3c-annotations"))["items"]
    files = dict(zip(rich.sources["file"], rich.sources["source_id"], strict=True))
    random.seed(1)

    for item in items:
        words, place = item["target"]["selector"]
        text = rich.text(files[unquote(item["target"]["source"])])
        start, end = place["start"], place["end"]
        assert text[start:end] == words["exact"]
        assert anchored(text, words["exact"], words["prefix"], words["suffix"]) == [start]
        other = text[:start].replace("happened", "took place") + text[start:end] + text[end:].replace("thing", "matter")
        edited = "A new first line.\n" + other
        (found,) = anchored(edited, words["exact"], words["prefix"], words["suffix"])
        assert edited[found : found + len(words["exact"])] == words["exact"]


def test_schema_org_is_linked_data_of_terms_that_schema_org_has(rich: Timeline) -> None:
    graph = {node["@id"]: node for node in expanded(export(rich, "schema-org"), crate_context())}
    events = [node for node in graph.values() if node["@type"] == [f"{SCHEMA}Event"]]
    (dataset,) = (node for node in graph.values() if node["@type"] == [f"{SCHEMA}Dataset"])

    assert len(events) == len(dataset[f"{SCHEMA}hasPart"]) == len(DATES)
    dates = {node[f"{SCHEMA}temporalCoverage"][0]["@value"]: node for node in events}
    assert set(dates) == set(DATES)
    assert dates["1849-10-01"][f"{SCHEMA}startDate"] == [{"@value": "1849-10-01"}]
    assert f"{SCHEMA}startDate" not in dates["-0043-03-15"]  # ISO 8601 has it only by agreement
    assert all(quote[f"{SCHEMA}isPartOf"][0]["@id"] in graph for node in events for quote in node[f"{SCHEMA}subjectOf"])


# ------------------------------------------------------------------------------------------ calendars


def test_icalendar_reads_what_a_calendar_can_hold_and_the_rest_is_counted(rich: Timeline) -> None:
    calendar = oracle("icalendar").Calendar.from_ical(export(rich, "ics"))
    read = [
        (each["UID"], each.decoded("DTSTART"), each.decoded("DTEND"), str(each["SUMMARY"])) for each in calendar.events
    ]
    held = ["1849-10-01", "2019-03-04/2019-03-10"]
    expected = [row for row in rows(rich) if row["date"] in held]

    assert not calendar.errors
    assert [(uid, start.isoformat(), (end - timedelta(1)).isoformat()) for uid, start, end, _ in read] == [
        (f"{row['event_id']}@cited-timeline", row["earliest"], row["latest"]) for row in expected
    ]
    assert [_plain(summary) for *_, summary in read] == [_plain(row["title"]) for row in expected]
    for each, row in zip(calendar.events, expected, strict=True):
        assert row["quote"].replace("\t", " ") in str(each["DESCRIPTION"])
    missing = left_out(rich, "ics")
    assert sum(int(line.split()[0]) for line in missing) == len(DATES) - len(held)
    assert "; ".join(missing) == str(calendar["X-WR-CALDESC"]).replace("\\;", ";")


# ------------------------------------------------------------------------------------------ TimeML


def test_timeml_has_the_text_and_the_times_that_the_scorer_reads(rich: Timeline, tmp_path: Path) -> None:
    folder = unzipped(export(rich, "timeml"), tmp_path)
    for source_id in rich.sources["source_id"]:
        text = rich.text(source_id)
        root = ET.parse(folder / f"{source_id}.tml").getroot()
        body = root.find("TEXT")
        assert body is not None
        assert "".join(body.itertext()) == text
        found = []
        length = len(body.text or "")
        for node_ in body:
            words = "".join(node_.itertext())
            if node_.tag == "TIMEX3":
                found.append((length, length + len(words), node_.get("type"), node_.get("value")))
            length += len(words) + len(node_.tail or "")
        source = source_of(
            source_id, text, published=str(rich.sources.set_index("source_id").loc[source_id, "published"])
        )
        times = [(each.start, each.end, each.type, each.value) for each in timexes(source) if each.is_timex]
        assert found == times
        ids = {each.get("tid") for each in root.iter("TIMEX3")}
        links = root.findall("TLINK")
        assert links
        assert {link.get("relatedToTime") for link in links} <= ids
        instances = {each.get("eiid"): each.get("eventID") for each in root.iter("MAKEINSTANCE")}
        assert {link.get("eventInstanceID") for link in links} <= set(instances)
        assert set(instances.values()) == {each.get("eid") for each in root.iter("EVENT")}


def test_the_scorer_reads_the_timeml(rich: Timeline, tmp_path: Path) -> None:
    """With the tool that scores taggers, if it is at hand (it is not part of this project)."""
    scorer = ROOT.parent / "shared" / "tools" / "score_timex.py"
    if not scorer.is_file():
        pytest.skip("the scorer lies beside the project only where it is developed; the test above reads as it does")
    folder = unzipped(export(rich, "timeml"), tmp_path / "tml")
    lines = []
    for source_id, published in zip(rich.sources["source_id"], rich.sources["published"], strict=True):
        for each in timexes(source_of(source_id, rich.text(source_id), published=published)):
            row = {
                "doc": source_id,
                "start": each.start,
                "end": each.end,
                "type": each.type,
                "value": each.value or None,
            }
            lines += [json.dumps(row) + "\n"] * each.is_timex
    (tmp_path / "told.jsonl").write_text("".join(lines), "utf-8")

    ran = subprocess.run(
        [sys.executable, str(scorer), str(folder), str(tmp_path / "told.jsonl"), "--json"],
        capture_output=True,
        text=True,
    )

    assert ran.returncode == 0, ran.stderr
    assert re.search(r'"strict\+value":[^}]*"f1": 1(\.0)?\b', ran.stdout, re.DOTALL), ran.stdout


# ------------------------------------------------------------------------------------------ citations


def test_a_bibtex_parser_reads_the_sources(rich: Timeline) -> None:
    middlewares = oracle("bibtexparser.middlewares")
    library = oracle("bibtexparser").parse_string(
        export(rich, "bibtex").decode("utf-8"), append_middleware=[middlewares.LatexDecodingMiddleware()]
    )
    found = {entry.key: {field.key: field.value for field in entry.fields} for entry in library.entries}

    assert library.failed_blocks == []
    assert set(found) == {"chronicle", "second"}
    # the parser drops braces, even those that TeX would print
    assert found["chronicle"]["title"] == "”A” & <b> \\ [x] $1"
    assert (found["chronicle"]["author"], found["chronicle"]["month"]) == ("Ann de Author", "may")
    assert (found["second"]["title"], found["second"]["author"]) == ("Again; 50 %, #1", "Bob and Sons, Ltd.")
    assert (found["chronicle"]["date"], found["second"]["date"]) == ("2020-05", "-0043")


def test_a_citation_processor_cites_the_sources(rich: Timeline) -> None:
    citeproc = oracle("citeproc")
    items = json.loads(export(rich, "csl-json"))
    source = oracle("citeproc.source.json").CiteProcJSON(items)
    style = citeproc.CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = citeproc.CitationStylesBibliography(style, source, citeproc.formatter.plain)
    for item in items:
        bibliography.register(citeproc.Citation([citeproc.CitationItem(item["id"])]))
    told = [str(line) for line in bibliography.bibliography()]

    assert items[0]["issued"] == {"date-parts": [[2020, 5]]}
    assert any("Ann de Author" in line and "2020" in line for line in told), told
    assert any("Bob and Sons, Ltd." in line and "Again; 50 %, #1" in line for line in told), told


# ------------------------------------------------------------------------------------------ the whole


def test_the_rocrate_library_opens_the_crate(rich: Timeline, tmp_path: Path) -> None:
    data = export(rich, "ro-crate")
    folder = unzipped(data, tmp_path / "crate")
    crate = oracle("rocrate.rocrate").ROCrate(folder)
    files = {entity.id: entity for entity in crate.get_entities() if "File" in entity.type}

    assert {unquote(name) for name in files} == {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    } - {"ro-crate-metadata.json"}
    for name, entity in files.items():
        assert entity["sha256"] == hashlib.sha256((folder / unquote(name)).read_bytes()).hexdigest()
    assert crate.name == "Rich & <strange>"
    (software,) = crate.get_by_type("SoftwareApplication")
    assert software["version"] == __version__
    assert expanded((folder / "ro-crate-metadata.json").read_bytes(), crate_context())
    assert load(folder).events.equals(rich.events)


def test_verify_proves_the_crate(rich: Timeline, tmp_path: Path) -> None:
    path = tmp_path / "crate.zip"
    path.write_bytes(export(rich, "ro-crate"))

    assert verify(path) == []
    assert verify(unzipped(path.read_bytes(), tmp_path / "crate")) == []


# ------------------------------------------------------------------------------------------ any text at all

ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.text(
    "\\`*_{}[]<>#|~^&!$=+-@'\"();,:% \t\nab", max_size=20
)


@given(ANY)
def test_any_text_survives_the_guard_against_formulas(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(ANY)
def test_any_text_survives_markdown(text: str) -> None:
    parser = oracle("markdown_it").MarkdownIt("commonmark")
    rendered = parser.render(f"- x: {markdown(text)}")
    words = html.unescape(re.sub(r"</?(?:ul|li|p)>", "", rendered))

    assert _plain(words.replace("\ufffd", "")) == _plain(f"x: {text}".replace("\ufffd", "").replace("\0", ""))


@given(ANY)
def test_any_text_survives_a_calendar(text: str) -> None:
    lines = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", f"SUMMARY:{_text(text)}", "END:VEVENT", "END:VCALENDAR"]
    folded = "".join(f"{_folded(line)}\r\n" for line in lines)
    (read,) = oracle("icalendar").Calendar.from_ical(folded).events

    assert all(len(line.encode()) <= 75 for line in folded.split("\r\n"))
    assert _plain(re.sub(r"[\x00-\x1f\x7f]", " ", str(read["SUMMARY"]))) == _plain(
        re.sub(r"[\x00-\x1f\x7f]", " ", text)
    )


@given(ANY)
def test_any_text_survives_xml_but_for_what_it_forbids(text: str) -> None:
    element = ET.fromstring(f"<a b={_attribute(text)}>{_xml(text)}</a>")

    assert (element.text or "") == _FORBIDDEN.sub(" ", text)
    assert element.get("b") == _FORBIDDEN.sub(" ", " ".join(text.split()))


@given(ANY)
def test_any_text_survives_yaml(text: str) -> None:
    assert oracle("yaml").safe_load(f"a: {_yaml(text)}") == {"a": text}


@given(ANY)
def test_any_text_survives_json_in_a_page(text: str) -> None:
    written = _script_json({"a": text})

    assert json.loads(written) == {"a": text}
    assert not re.search(r"[<>&]", written)


@given(ANY)
def test_any_text_survives_bibtex(text: str) -> None:
    """It is read as one entry, whatever the title; what the title becomes is TeX."""
    source = dict.fromkeys(TABLES["sources"], "") | {"title": text, "source_id": "a", "author": text}
    library = oracle("bibtexparser").parse_string(bibtex_entry(source, "a"))

    assert (len(library.entries), library.failed_blocks) == (1, [])
    assert library.entries[0].fields_dict["annotation"].value == "sha256:"
