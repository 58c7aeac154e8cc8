"""Exports: one small golden file each, and nothing in a source that the format would take for its own."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from oracles import oracle
from readable import golden_name, readable
from test_table import BOOK, EVENTS, event, mention, source_of, write_example

from timeline.export import EXPORTS, export, in_words, left_out, only
from timeline.export.tables import guarded, unguarded
from timeline.model import TimelineError
from timeline.table import Timeline, load, place_sources, write_file, write_tables

GOLDEN = Path(__file__).parent / "golden"
PACKAGES = {"xlsx": "openpyxl"}


@pytest.fixture(autouse=True)
def _the_time_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")


@pytest.fixture
def five(tmp_path: Path) -> Timeline:
    return load(write_example(tmp_path))


def exported(timeline: Timeline, format: str) -> bytes:
    if EXPORTS[format].extra:
        oracle(PACKAGES[format])
    return export(timeline, format)


def test_every_format_has_its_golden_file() -> None:
    assert {path.name for path in GOLDEN.iterdir() if path.name.startswith("five")} == set(map(golden_name, EXPORTS))


@pytest.mark.parametrize("format", EXPORTS)
def test_the_five_events_look_like_this(five: Timeline, format: str) -> None:
    data = readable(format, exported(five, format))
    if os.environ.get("TIMELINE_GOLDEN") == "write":  # by hand, after a change; then read the diff
        (GOLDEN / golden_name(format)).write_bytes(data)

    assert data == (GOLDEN / golden_name(format)).read_bytes()


@pytest.mark.parametrize("format", EXPORTS)
def test_the_bytes_follow_from_the_timeline(five: Timeline, format: str) -> None:
    assert exported(five, format) == exported(load(five.folder), format)


@pytest.mark.parametrize("format", EXPORTS)
def test_an_empty_timeline_is_exported_too(tmp_path: Path, format: str) -> None:
    write_tables(tmp_path, [], [], [], {})

    assert isinstance(exported(load(tmp_path), format), bytes)
    assert left_out(load(tmp_path), format) == []


@pytest.mark.parametrize("format", EXPORTS)
def test_a_format_says_what_it_is_for_and_what_it_cannot_carry(format: str) -> None:
    chosen = EXPORTS[format]

    assert chosen.name == format
    assert re.fullmatch(r"\.[a-z]+", chosen.suffix)
    assert re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", chosen.media_type)
    assert chosen.about and chosen.lacks  # noqa: PT018
    assert not re.search(r"[.;]$", chosen.about + chosen.lacks)


def test_an_unknown_format_is_answered_with_the_known_ones(five: Timeline) -> None:
    for ask in (lambda: export(five, "xls"), lambda: left_out(five, "xls")):
        with pytest.raises(TimelineError, match=r"unknown format 'xls'; use one of csv, xlsx, jsonl, .*ro-crate"):
            ask()


@pytest.mark.parametrize(("format", "package"), PACKAGES.items())
def test_a_missing_package_is_named_with_the_way_to_get_it(
    five: Timeline, monkeypatch: pytest.MonkeyPatch, format: str, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(TimelineError, match=rf"^{format} needs {package}.*pip install 'cited-timeline\[exports\]'"):
        export(five, format)


# ------------------------------------------------------------------------------------------ some of the events


def test_some_events_bring_their_mentions_and_sources(five: Timeline) -> None:
    some = only(five, ["e0000000004", "e0000000009"])

    assert some.events["event_id"].tolist() == ["e0000000004", "e0000000009"]
    assert some.mentions["mention_id"].tolist() == ["m0000000004"]
    assert some.sources["source_id"].tolist() == ["book"]
    assert len(some.eras) == 2


def test_all_events_are_the_timeline(five: Timeline) -> None:
    assert export(only(five, five.events["event_id"]), "datapackage") == export(five, "datapackage")


@pytest.mark.parametrize("format", EXPORTS)
def test_every_format_takes_some_events(five: Timeline, format: str) -> None:
    data = readable(format, exported(only(five, ["e0000000004"]), format)).decode()

    assert "guards fought" not in data.replace("On 2 March", "") or format in ("html", "timeml")


def test_an_event_that_is_none_is_named(five: Timeline) -> None:
    with pytest.raises(TimelineError, match="no event has the id 'e1'"):
        only(five, ["e1"])


# ------------------------------------------------------------------------------------------ what is not in it


@pytest.mark.parametrize(
    ("format", "told"),
    [
        (
            "ics",
            [
                "1 event before year 1 or after 9998",
                "1 event with a date that is no exact day",
                "1 event without a date",
            ],
        ),
        ("timelinejs", ["1 event without a date"]),
        ("vis", ["1 event without a date"]),
        ("markwhen", ["1 event without a date"]),
        ("timeml", ["1 event without a sentence"]),
        ("csv", []),
        ("html", []),
    ],
)
def test_what_is_not_in_the_file_is_counted(five: Timeline, format: str, told: list[str]) -> None:
    assert left_out(five, format) == told


@pytest.mark.parametrize("format", ["html", "ro-crate", "timeml"])
def test_a_text_that_is_not_at_hand_is_told(five: Timeline, format: str) -> None:
    (five.folder / "texts" / "book.txt").unlink()

    assert left_out(five, format)[0] == "1 source whose text is not at hand"
    assert export(five, format)


# ------------------------------------------------------------------------------------------ writing it


def test_a_full_disk_leaves_the_old_file_whole(tmp_path: Path) -> None:
    """The limit on the size of files is what a full disk looks like to a program."""
    code = (
        "import resource, sys; from pathlib import Path; from timeline.table import write_file\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "write_file(Path(sys.argv[1]), b'x' * 5000)"
    )
    file = tmp_path / "out.csv"
    file.write_bytes(b"old")

    ran = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True)

    assert "out.csv: cannot be written (File too large); it is as it was" in ran.stderr
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("out.csv", b"old")]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_a_stop_leaves_the_old_file_whole_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    def interrupted(*_: object) -> None:
        raise stop

    file = tmp_path / "out.csv"
    file.write_bytes(b"old")
    monkeypatch.setattr("timeline.table.os.fsync", interrupted)

    with pytest.raises(stop):
        write_file(file, b"new")

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("out.csv", b"old")]


def test_a_killed_export_leaves_the_old_file_whole(five: Timeline, tmp_path: Path) -> None:
    """Killed between the bytes and the name: the worst moment."""
    code = (
        "import os, signal, sys; import timeline.table as table; from timeline.cli import main\n"
        "table.os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "main(['export', sys.argv[1], '--to', 'csv', '-o', sys.argv[2]])"
    )
    file = tmp_path / "out" / "out.csv"
    file.parent.mkdir()
    file.write_bytes(b"old")

    ran = subprocess.run([sys.executable, "-c", code, str(five.folder), str(file)], capture_output=True)

    assert ran.returncode == -9
    assert file.read_bytes() == b"old"


# ------------------------------------------------------------------------------------------ dates in words


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("1949-10-01", "1 October 1949"),
        ("1969-03", "March 1969"),
        ("1984-06-XX", "June 1984"),
        ("1949", "1949"),
        ("1949-XX", "1949"),
        ("2014-21", "spring 2014"),
        ("2014-24", "winter 2014"),
        ("2021-35", "third quarter of 2021"),
        ("2021-40", "first half of 2021"),
        ("195X", "1950s"),
        ("18XX", "19th century"),
        ("20XX", "21st century"),
        ("10XX", "11th century"),
        ("000X", "1 BC to AD 9"),
        ("001X", "10s"),
        ("-000X", "10 to 1 BC"),
        ("-04XX", "5th century BC"),
        ("-004X", "50 to 41 BC"),
        ("-0043-03-15", "15 March 44 BC"),
        ("0000", "1 BC"),
        ("Y12000", "12000"),
        ("1916~", "about 1916"),
        ("1916?", "perhaps 1916"),
        ("1916-04%", "perhaps about April 1916"),
        ("1967~/1969~", "about 1967 to about 1969"),
        ("2014/..", "since 2014"),
        ("../1916", "until 1916"),
        ("/1916", "until 1916"),
        ("2019-03-04/2019-03-10", "4 March 2019 to 10 March 2019"),
        ("", "undated"),
    ],
)
def test_dates_in_words(date: str, words: str) -> None:
    assert in_words(date) == words


# ------------------------------------------------------------------------------------------ csv


PAYLOADS = (
    "=1+1",
    "+1",
    "-1",
    "@x",
    "\tx",
    "\rx",
    "\nx",
    "＝1",
    "'=1",
    "''@",
    "'quoted'",
    "plain",
    "",
    "=HYPERLINK(1)",
)


@pytest.mark.parametrize("title", PAYLOADS)
def test_no_text_is_a_formula_and_the_guard_can_be_undone(tmp_path: Path, title: str) -> None:
    write_tables(tmp_path, [event(1, title, "1916")], [], [], {})
    (row,) = csv.DictReader(io.StringIO(export(load(tmp_path), "csv").decode(), newline=""))

    assert not row["title"].startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))
    assert unguarded(row["title"]) == title


@pytest.mark.parametrize("text", PAYLOADS)
def test_the_guard_is_undone_exactly(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_raw_is_the_table_as_it_was_built(five: Timeline) -> None:
    assert export(five, "csv", raw=True) == (five.folder / "events.csv").read_bytes()
    with pytest.raises(TimelineError, match="raw means nothing; it does for csv"):
        export(five, "jsonl", raw=True)


def test_every_column_that_holds_free_text_is_guarded(tmp_path: Path) -> None:
    evil = source_of("=source", "=quote 1969")
    one = event(1, "=title", "1969", mention(1, evil, "=quote 1969", "1969", "1969"), category="=category", era="=era")
    one = replace(one, actors=("=actor",), places=("=place",))
    placed, copies = place_sources([evil], tmp_path, tmp_path)
    write_tables(tmp_path, [one], placed, [], copies)
    (row,) = csv.DictReader(io.StringIO(export(load(tmp_path), "csv").decode(), newline=""))

    assert [key for key, cell in row.items() if cell.startswith("=")] == []
    assert sum(cell.startswith("'=") for cell in row.values()) == 7


def test_dates_before_our_era_are_not_guarded(five: Timeline) -> None:
    assert b"\ne0000000004,-0043,-0043-01-01," in export(five, "csv")


# ------------------------------------------------------------------------------------------ the others


def test_json_lines_have_numbers_lists_and_sources(five: Timeline) -> None:
    first, *_, last = map(json.loads, export(five, "jsonl").splitlines())

    assert (first["n_mentions"], first["confidence"], first["actors"]) == (1, 0.88, [])
    assert first["mentions"][0]["source"]["publisher"] == "Press & Co."
    assert (last["quote_start"], last["mentions"], last["actors"]) == (None, [], ["China", "Soviet Union"])


def test_markdown_means_nothing_in_a_text(tmp_path: Path) -> None:
    hostile = source_of("a", "[x](javascript:1) <b> $1 ~~2~~ `3`\n# 4 ![5] 1969", title="*T*_")
    one = event(1, hostile.text, "1969", mention(1, hostile, hostile.text, "1969", "1969"))
    placed, copies = place_sources([hostile], tmp_path, tmp_path)
    write_tables(tmp_path, [one], placed, [], copies)

    line = export(load(tmp_path), "markdown").decode().split("\n")[4]

    assert line == (
        r"- **1969**: \[x\](javascript:1) \<b\> \$1 \~\~2\~\~ \`3\` \# 4 \!\[5\] 1969[^1]"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("date", "heading"),
    [
        ("1949-10-01", "1949"),
        ("1949~", "1949"),
        ("195X~", "1950s"),
        ("18XX", "19th century"),
        ("195X/1961", "1950s"),
        ("1834~/1866~", "1834"),
        ("../1971-05", "1971"),
        ("-0043-03", "44 BC"),
        ("[1968,1969]", "1968"),
        ("", "Undated"),
    ],
)
def test_a_heading_says_no_more_than_the_date(tmp_path: Path, date: str, heading: str) -> None:
    write_tables(tmp_path, [event(1, "x", date)], [], [], {})

    assert export(load(tmp_path), "markdown").decode().split("\n")[2] == f"## {heading}"


def test_a_sentence_with_two_dates_is_quoted_once(tmp_path: Path) -> None:
    quote = "The pact, dated “1950”, is to end in 2030."
    note = source_of("note", quote)
    both = [mention(n, note, quote, words, words) for n, words in enumerate(("1950", "2030"))]
    placed, copies = place_sources([note], tmp_path, tmp_path)
    write_tables(tmp_path, [event(1, "The pact", "1950", *both)], placed, [], copies)

    assert export(load(tmp_path), "markdown").decode().count("is to end") == 1
    assert len(json.loads(export(load(tmp_path), "w3c-annotations"))["items"]) == 2


@pytest.mark.parametrize(
    ("date", "start", "end"),
    [
        ("1949-10-01", {"year": 1949, "month": 10, "day": 1}, None),
        ("1949-10", {"year": 1949, "month": 10}, None),
        ("1949~", {"year": 1949}, None),
        ("195X", {"year": 1950}, {"year": 1959}),
        ("-0043", {"year": -43}, None),
        ("2014-21", {"year": 2014, "month": 3}, {"year": 2014, "month": 5}),
        ("2021-40", {"year": 2021, "month": 1}, {"year": 2021, "month": 6}),
        ("2013/2014-02-03", {"year": 2013}, {"year": 2014, "month": 2, "day": 3}),
        ("2014/..", {"year": 2014}, None),
        ("../1916-05", {"year": 1916, "month": 5}, None),
    ],
)
def test_timelinejs_dates_are_as_exact_as_ours(
    tmp_path: Path, date: str, start: dict[str, int], end: dict[str, int] | None
) -> None:
    write_tables(tmp_path, [event(1, "x", date)], [], [], {})
    (slide,) = json.loads(export(load(tmp_path), "timelinejs"))["events"]

    assert (slide["start_date"], slide.get("end_date")) == (start, end)


def test_timelinejs_gets_no_tags_of_a_source(five: Timeline) -> None:
    document = export(five, "timelinejs").decode()

    assert "&lt;b&gt;ended" in document
    assert "<b>" not in document
    assert "Modern &lt;times&gt;" in document


def test_rejected_events_are_in_the_tables_but_not_in_chronologies(tmp_path: Path) -> None:
    sources, copies = place_sources([BOOK], tmp_path, tmp_path)
    write_tables(tmp_path, [replace(EVENTS[3], status="rejected")], sources, [], copies)
    timeline = load(tmp_path)

    assert [len(export(timeline, format).splitlines()) for format in ("csv", "jsonl", "markdown")] == [2, 1, 1]
    assert json.loads(export(timeline, "timelinejs"))["events"] == []


def test_a_quote_is_cited_by_the_place_a_person_would_name(tmp_path: Path) -> None:
    timeline = load(write_example(tmp_path))
    paged = replace(timeline, mentions=timeline.mentions.assign(locator="p. 3"))
    assert "page=3" in export(paged, "w3c-annotations").decode()
    assert "p. 3" in export(paged, "markdown").decode()
    assert "characters" not in export(paged, "print").decode()
