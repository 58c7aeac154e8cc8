"""Exports: one small golden file each, and nothing in a source that the format would take for its own."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from test_table import BOOK, EVENTS, event, mention, source_of, write_example

from timeline.export import EXPORTS, export, in_words
from timeline.model import TimelineError
from timeline.table import Timeline, load, place_sources, write_tables

GOLDEN = Path(__file__).parent / "golden"
FILES = {"csv": "five.csv", "jsonl": "five.jsonl", "markdown": "five.md", "timelinejs": "five.timeline.json"}


@pytest.fixture
def five(tmp_path: Path) -> Timeline:
    return load(write_example(tmp_path))


def test_every_format_has_its_golden_file() -> None:
    assert set(FILES) == set(EXPORTS)
    assert {path.name for path in GOLDEN.iterdir() if path.name.startswith("five")} == set(FILES.values())


@pytest.mark.parametrize("format", EXPORTS)
def test_the_five_events_look_like_this(five: Timeline, format: str) -> None:
    assert export(five, format) == (GOLDEN / FILES[format]).read_bytes()


@pytest.mark.parametrize("format", EXPORTS)
def test_an_empty_timeline_is_exported_too(tmp_path: Path, format: str) -> None:
    write_tables(tmp_path, [], [], [], {})

    assert isinstance(export(load(tmp_path), format), bytes)


def test_an_unknown_format_is_answered_with_the_known_ones(five: Timeline) -> None:
    with pytest.raises(TimelineError, match="unknown format 'xlsx'; use one of csv, jsonl, markdown, timelinejs"):
        export(five, "xlsx")


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


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "''@", "'quoted'", "plain", ""])
def test_no_text_is_a_formula_and_the_guard_can_be_undone(tmp_path: Path, title: str) -> None:
    write_tables(tmp_path, [event(1, title, "1916")], [], [], {})
    (row,) = csv.DictReader(io.StringIO(export(load(tmp_path), "csv").decode(), newline=""))

    assert not row["title"].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert re.sub(r"^'('*[=+\-@\t\r])", r"\1", row["title"]) == title


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
