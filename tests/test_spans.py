"""Every quote is where it says it is, in every row we publish and in documents made at random."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.build import build, timexes
from timeline.edtf import parse
from timeline.model import Source
from timeline.project import find_project
from timeline.read import read_sources
from timeline.table import event_rows, mention_rows

Doc = Callable[..., Source]

ROOT = Path(__file__).parent.parent
PROJECT, _ = find_project(ROOT)
ARTICLES = sorted((ROOT.parent / "shared" / "seeds").glob("*.txt"))
SOURCES = read_sources([*PROJECT.sources, *ARTICLES], PROJECT)[0]


def assert_rows_are_where_they_say(*sources: Source) -> int:
    """Check every row that a build of some sources would write; how many rows that were."""
    built = build(sources)
    texts = {source.id: source.text for source in sources}
    mentions, events = mention_rows(built.events), event_rows(built.events)
    for row in mentions:
        text = texts[row["source_id"]]
        start, end = int(row["quote_start"]), int(row["quote_end"])
        date_start, date_end = int(row["date_start"]), int(row["date_end"])
        assert text[start:end] == row["quote"]
        assert text[date_start:date_end] == row["date_text"]
        assert start <= date_start <= date_end <= end
        assert text[:start].endswith(row["prefix"])
        assert text[end:].startswith(row["suffix"])
        assert len(row["title"]) <= 80
        assert parse(row["date"]).earliest == row["earliest"]
        assert parse(row["date"]).latest == row["latest"]
        assert parse(row["date"]).precision == row["precision"]
    for row in events:
        text = texts[row["source_id"]]
        assert text[int(row["quote_start"]) : int(row["quote_end"])] == row["quote"]
        assert row["event_id"] in {mention["event_id"] for mention in mentions}
    assert len({row["mention_id"] for row in mentions}) == len(mentions)
    assert len({row["event_id"] for row in events}) == len(events)
    return len(mentions)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_every_row_of_a_seed_is_where_it_says(source: Source) -> None:
    assert assert_rows_are_where_they_say(source) > 5


def test_every_row_of_all_seeds_is_where_it_says() -> None:
    assert assert_rows_are_where_they_say(*SOURCES) > 50


# ------------------------------------------------------------------------------------------ documents made at random

WHEN = st.sampled_from(
    [
        "on 24 April 1916", "in March 1969", "in the late 1960s", "in the 19th century", "in 1949", "since 2014",
        "until 2018, when they met", "between 2013 and 2016", "from 1914 to 1918", "last year", "in January",
        "in 44 BC",
        "by the third quarter of 2021", "on its 70th anniversary on October 1", "on 31 June 1916", "two years later",
        "as soon as next year", "today", "in 1914–18", "on May 12 and May 14", "by 2024", "on 3 Sept. 1939",
    ]
)  # fmt: skip
WHAT = st.sampled_from(
    [
        "guards fought on an island", "China and Russia signed a treaty", "trade rose by 27% to $107 billion",
        "Mr. Smith met J. F. Kennedy", "they pledged to double trade", "“nobody came,” he said", "the U.S. army left",
        "he (the king) died", "naïve façades — “quoted” — stood", "他来了", "Россия пришла", "👩‍👩‍👧 met 🕰️",
        "it\tgrew\xa0fast",
    ]
)  # fmt: skip
STOP = st.sampled_from([".", ".", ".", "!", "?", "", "…", ".”", ":", ";"])
SPACE = st.sampled_from([" ", " ", " ", "\n", "\n\n", "\r\n\r\n", "\u3000", "  ", "\n\n# A heading\n\n", "\n- "])


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Paragraphs with dates in them, some of them words at random."""
    parts = [draw(st.sampled_from(["", "\ufeff", "  \n", "# Title\n\n"]))]
    for _ in range(draw(st.integers(1, 8))):
        sentence = [draw(WHAT), draw(WHEN)] if draw(st.booleans()) else [draw(WHEN), draw(WHAT)]
        if draw(st.integers(0, 4)) == 0:
            sentence.insert(1, draw(st.text(max_size=20)))
        if draw(st.integers(0, 3)) == 0:
            sentence += [",", draw(WHAT), draw(WHEN)]
        told = " ".join(sentence)
        parts += [told[:1].upper() + told[1:], draw(STOP), draw(SPACE)]
    return "".join(parts)


PUBLISHED = st.sampled_from(["", "2019-02-01", "2019-09/2019-10", "2021", "-0043-03-15"])


@given(documents(), PUBLISHED)
def test_every_row_of_any_document_is_where_it_says(doc: Doc, text: str, published: str) -> None:
    assert_rows_are_where_they_say(doc(text, published))


@given(documents(), documents(), PUBLISHED)
def test_every_row_of_two_documents_is_where_it_says(doc: Doc, one: str, other: str, published: str) -> None:
    assert_rows_are_where_they_say(doc(one, published, id="one"), doc(other, id="other"))


@given(documents(), PUBLISHED)
def test_every_expression_is_where_it_says(doc: Doc, text: str, published: str) -> None:
    for timex in timexes(doc(text, published)):
        assert text[timex.start : timex.end] == timex.text


@given(documents())
def test_a_document_with_dates_tells_something_or_is_furniture(doc: Doc, text: str) -> None:
    """Nothing is lost for being strange: the sentence below stands in every document, and is found in it."""
    whole = f"{text}\n\nOn 4 July 1776 thirteen colonies declared their independence.\n\n{text}"

    assert "1776-07-04" in [event.date for event in build([doc(whole)]).events]
