"""Meaning: sentences, the dates in them, and why there is none.

The sentences stand in tests/cases/dates_LANGUAGE.csv, one bug or case a row: `text`; `on`, the publication date (EDTF,
empty: unknown); `expression` and `edtf`, what has to be found, several joined by " | ", nothing for a text without
dates, an empty date for what could not be dated; `note`, what the row is about. dates_en_wrong.csv holds, in the same
form, what ought to be read but is not yet: its rows are not run; a row that comes true moves over.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.edtf import parse
from timeline.model import BASES, Timex
from timeline.resolve import resolve
from timeline.rules import Rules, languages, load
from timeline.segment import sentences
from timeline.tag import tag
from timeline.values import to_edtf, unit_value

RULES = load("en")
CASES = Path(__file__).parent / "cases"


def rows(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def read(text: str, on: str = "", rules: Rules = RULES) -> list[Timex]:
    return resolve(list(tag(text, rules)), text, rules, on, sentences(text, rules))


def dated(text: str, on: str = "", rules: Rules = RULES) -> list[Timex]:
    """What a reader takes for a date: what has one, or a reason for having none."""
    return [timex for timex in read(text, on, rules) if timex.edtf or timex.reason]


TABLES = {language: rows(f"dates_{language}.csv") for language in languages()}
ROWS = [(language, row) for language, table in TABLES.items() for row in table]


@pytest.mark.parametrize(
    ("language", "row"), ROWS, ids=lambda v: v if isinstance(v, str) else f"{v['text'][:40]} {v['on']}"
)
def test_dates_mean_what_a_reader_takes_them_to_mean(language: str, row: dict[str, str]) -> None:
    found = dated(row["text"], row["on"], load(language))

    assert (" | ".join(t.text for t in found), " | ".join(t.edtf for t in found)) == (row["expression"], row["edtf"])


@pytest.mark.parametrize("language", languages())
def test_the_table_of_sentences_is_in_order(language: str) -> None:
    table = TABLES[language]
    wrong = rows("dates_en_wrong.csv") if language == "en" else []
    keys = [(row["text"], row["on"]) for row in table + wrong]

    assert len(keys) == len(set(keys))
    assert len(table) >= 120
    for row in table:
        assert row["note"], row
        assert row["text"].count("\n") < 2, "a row is one sentence or two"
        for date in filter(None, [row["on"], *row["edtf"].split(" | ")]):
            parse(date)


# ------------------------------------------------------------------------------------------ reasons


@pytest.mark.parametrize(
    ("text", "on", "date", "reason"),
    [
        ("They signed on 31 June 1916.", "", "1916-06", "no such day as 1916-06-31; read as 1916-06"),
        ("They signed on 29 February 1823.", "", "1823-02", "no such day as 1823-02-29; read as 1823-02"),
        ("The order of 1900-02-29 is a forgery.", "", "1900-02", "no such day as 1900-02-29; read as 1900-02"),
        ("The letter is dated 3/4/1999.", "", "1999", "day and month cannot be told apart"),
        ("Profits in fiscal 2014 rose.", "", "2014~", "a fiscal year need not begin in January"),
        ("Trade rose last year.", "", "", "needs a publication date"),
        ("In January it rose.", "", "", "needs a publication date"),
        ("The following year it fell.", "2019-02-01", "", "needs a date before it"),
        ("He came on 31 April.", "2019-06-01", "2019-04", "no such day"),
        ("He came on 29 February.", "2019-06-01", "2019-02", "no such day"),
    ],
)
def test_a_date_that_is_less_than_its_words_has_a_reason(text: str, on: str, date: str, reason: str) -> None:
    (timex,) = read(text, on)

    assert timex.edtf == date
    assert reason in timex.reason


@pytest.mark.parametrize("text", ["24 April 1916", "the late 1960s", "44 BC", "for three days", "every year"])
def test_what_is_read_whole_has_no_reason(text: str) -> None:
    (timex,) = read(text)

    assert timex.reason == ""


# ------------------------------------------------------------------------------------------ anchors


@pytest.mark.parametrize(
    ("text", "on", "expression", "basis", "anchor"),
    [
        ("It began on 24 April 1916.", "2019-02-01", "24 April 1916", "explicit", ""),
        ("It began last year.", "2019-02-01", "last year", "publication", "2019-02-01"),
        ("It began in January.", "2019-02-01", "January", "publication", "2019-02-01"),
        ("It began last year.", "2019-09/2019-10", "last year", "publication", "2019-09/2019-10"),
        ("In March 1921 it began. By April it was over.", "", "April", "context", "1921-03"),
        ("In 1916 it began. Two years later it was over.", "2019-02-01", "Two years later", "context", "1916"),
        ("The 20th anniversary is near.", "2021-06-15", "The 20th anniversary", "arithmetic", "2021-06-15"),
        ("In 1989 they marked the 40th anniversary.", "2021-06-15", "the 40th anniversary", "arithmetic", "1989"),
    ],
)  # fmt: skip
def test_a_date_says_what_it_was_read_against(text: str, on: str, expression: str, basis: str, anchor: str) -> None:
    timex = next(timex for timex in read(text, on) if timex.text == expression)

    assert (timex.basis, timex.anchor) == (basis, anchor)


HISTORY = (
    "The war began in 1914. Italy joined in May 1915. In 1916 the fleets met. In June the offensive began; by July it "
    "had failed. America came in 1917. In April troops mutinied, and in October the front broke. It ended in 1918."
)


def test_in_a_history_a_bare_month_belongs_to_the_year_said_last() -> None:
    months = {
        timex.text: timex.edtf for timex in read(HISTORY, "2019-02-01") if timex.text in ("June", "July", "April")
    }

    assert months == {"June": "1916-06", "July": "1916-07", "April": "1917-04"}


def test_in_the_news_a_bare_month_belongs_to_the_publication_date() -> None:
    text = "In January the bank sold dollars, as it did last year. In December it had bought yuan."

    assert [timex.edtf for timex in dated(text, "2019-02-01")] == ["2019-01", "2018", "2018-12"]


def test_nothing_is_read_against_today() -> None:
    for text in (
        "He came yesterday.",
        "He came in May.",
        "He came three days ago.",
        "Now he comes.",
        "He came Friday.",
    ):
        assert [timex.edtf for timex in read(text)] == [""]


# ------------------------------------------------------------------------------------------ TIMEX3


@pytest.mark.parametrize(
    ("text", "on", "type_", "value", "mod"),
    [
        ("24 April 1916", "", "DATE", "1916-04-24", ""),
        ("the late 1960s", "", "DATE", "196", "END"),
        ("the 19th century", "", "DATE", "18", ""),
        ("the third quarter of 2021", "", "DATE", "2021-Q3", ""),
        ("the spring of 1849", "", "DATE", "1849-SP", ""),
        ("44 BC", "", "DATE", "BC0044", ""),
        ("last year", "2019-02-01", "DATE", "2018", ""),
        ("last week", "2019-02-01", "DATE", "2019-W04", ""),
        ("this morning", "2019-02-01", "TIME", "2019-02-01TMO", ""),
        ("at 10:30", "2019-02-01", "TIME", "2019-02-01T10:30", ""),
        ("three days", "", "DURATION", "P3D", ""),
        ("a five-year plan", "", "DURATION", "P5Y", ""),
        ("for two decades", "", "DURATION", "P2DE", ""),
        ("several weeks", "", "DURATION", "PXW", ""),
        ("every year", "", "SET", "P1Y", ""),
        ("now", "", "DATE", "PRESENT_REF", ""),
        ("recently", "", "DATE", "PAST_REF", ""),
        ("the foreseeable future", "", "DATE", "FUTURE_REF", ""),
    ],
)
def test_type_value_and_mod_are_those_of_timex3(text: str, on: str, type_: str, value: str, mod: str) -> None:
    (timex,) = (found for found in read(text, on) if found.is_timex)

    assert (timex.type, timex.value, timex.mod) == (type_, value, mod)


@pytest.mark.parametrize(
    ("value", "mod", "edtf"),
    [
        ("1949", "", "1949"),
        ("1949", "APPROX", "1949~"),
        ("1949", "START", "1949-01~/1949-04~"),
        ("1949-10-01", "", "1949-10-01"),
        ("1949-10-01T10:30", "", "1949-10-01"),
        ("1949-02", "END", "1949-02-21~/1949-02-28~"),
        ("1949-WI", "", "1949-24"),
        ("1949-H2", "", "1949-41"),
        ("2019-W05", "", "2019-01-28/2019-02-03"),
        ("2019-W05-WE", "", "2019-02-02/2019-02-03"),
        ("195", "", "195X"),
        ("195", "MID", "1954~/1956~"),
        ("18", "", "18XX"),
        ("BC0001", "", "0000"),
        ("P3D", "", ""),
        ("PRESENT_REF", "", ""),
        ("XXXX-03", "", ""),
        ("1823-02-29", "", ""),
        ("", "", ""),
    ],
)
def test_a_timex3_value_as_edtf(value: str, mod: str, edtf: str) -> None:
    assert to_edtf(value, mod) == edtf


@given(st.integers(-3_000_000, 3_000_000), st.integers(-500, 500))
def test_units_are_counted_from_any_day(day: int, count: int) -> None:
    """The value of a unit holds the day itself, and counting on and back comes to the same."""
    for unit in ("day", "month", "quarter", "year"):
        here = to_edtf(unit_value(day, unit, 0))
        if here:
            value = parse(here)
            assert value.lower is not None
            assert value.upper is not None
            assert value.lower <= day <= value.upper
            there = to_edtf(unit_value(day, unit, count))
            back = to_edtf(unit_value(parse(there).lower or 0, unit, -count)) if there else here
            assert back == here


# ------------------------------------------------------------------------------------------ for any text


DCTS = st.sampled_from(["", "2019-02-01", "2020-02-29", "2019-09/2019-10", "2019", "201X", "-0043-03-15", "2019-24"])
PHRASES = st.sampled_from(
    [
        "last year", "next March", "this week", "in January", "on 31 June", "On May 3", "Friday", "yesterday", "1916",
        "the following day", "two years later", "early last month", "the 20th anniversary", "29 February",
        "24 April 1916", "44 BC", "the 5th century BC", "two thousand years ago", "900 years ago",
        "999 centuries ago", "in the winter",
        "at 10:30", "this quarter", "the end of the century", "last weekend", "999 years later", "999 decades ago",
        "will", "met.", "\n\n", ",", "its 70th anniversary on October 1", "the 100th anniversary", "Christmas", "9999",
        "the year 2199", "999 months later", "3/4/1999", "next century", "the next decade", "tonight",
    ]
)  # fmt: skip


ONLY = {rule.name: rule.only for rule in RULES.rules}  # those that count only in a text of their kind


@given(st.lists(PHRASES, max_size=12).map(" ".join) | st.text(max_size=80), DCTS)
def test_every_expression_gets_a_meaning_or_none_and_a_place(text: str, on: str) -> None:
    found = list(tag(text, RULES))
    timexes = resolve(found, text, RULES, on, sentences(text, RULES))

    places = [(f.start, f.end, f.rule.name) for f in found if not f.rule.only]
    assert [(t.start, t.end, t.rule) for t in timexes if not ONLY[t.rule]] == places
    for timex in timexes:
        assert text[timex.start : timex.end] == timex.text
        assert timex.basis in BASES
        assert timex.basis != "publication" or on
        if timex.edtf:
            parse(timex.edtf)
        if timex.anchor:
            parse(timex.anchor)
