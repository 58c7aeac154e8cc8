"""The publication date: what a document states itself, or its name; never a guess."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.build import published
from timeline.dateline import head
from timeline.edtf import parse
from timeline.model import Source
from timeline.rules import load

RULES = load("en")
BODY = "\n\nThe ministers met in the capital. They signed on 5 May 1950, as the papers said."


def date_of(text: str, name: str = "note") -> tuple[str, str]:
    source = published(Source(name, text), RULES)
    return source.published, source.published_basis


@pytest.mark.parametrize(
    "line",
    [
        "BERLIN, December 17, 2021 — ",
        "ELLERSHAW, Friday, 17 December 2021 — ",
        "BOISE, Idaho, Dec. 17, 2021 (AP) – ",
    ],
)
def test_the_dateline_that_opens_a_report_states_its_date(line: str) -> None:
    for above in ("", "Two dead in a fire\n\n", "Two dead in a fire\n\nBy Jane Roe\n\n"):
        assert date_of(f"{above}{line}Two people died on 5 May 1950.{BODY}") == ("2021-12-17", "stated")


def test_several_datelines_of_different_days_state_none() -> None:
    text = "BERLIN, June 12, 2013 — They met.\n\nPARIS, June 14, 2013 — They parted.\n"

    assert date_of(text) == ("", "unknown")


@pytest.mark.parametrize(
    "line",
    [
        "17 December 2021",
        "December 17, 2021",
        "Dec. 17, 2021",
        "Friday, December 17, 2021",
        "17.12.2021",
        "2021-12-17",
        "# December 17, 2021",
        "*17 December 2021*",
        "December 17, 2021, 10:30 a.m.",
        "December 17, 2021 10:30 GMT",
        "December 17, 2021 | 5 min read",
        "December 17, 2021 Share",
        "17 December 2021\r",
        "Published: December 17, 2021",
        "Published on 17 December 2021",
        "First published 17 December 2021",
        "Posted on December 17, 2021 by Jane Roe",
        "Updated: 2021-12-17",
        "Date: 2021-12-17",
        "**Date:** 17 December 2021",
        "DATE: 17 December 2021",
        "Date: Fri, 17 Dec 2021 10:30:00 +0100",
        "Issued: 17 December 2021",
        # with an author
        "By Jane Roe, December 17, 2021",
        "By Jane Roe – 17 December 2021",
        "by Jane Roe and John van Poe, Staff Writers, December 17, 2021",
        "By Jane Roe Published: December 17, 2021",
        "By Jane Roe | Published December 17, 2021, 10:30 GMT | 5 min read",
        "Jane Roe | December 17, 2021",
        "Élodie Roe · 17 December 2021",
        "December 17, 2021 | Jane Roe",
        # with an update
        "Published 17 December 2021; updated 3 January 2022",
        "Published 17 December 2021 (updated 3 January 2022)",
        "Published: 17 December 2021, 10:30 GMT | Last updated: 3 January 2022, 9:15 GMT",
        "Updated 3 January 2022 | Published 17 December 2021",
        "Updated 3 January 2022\nPublished 17 December 2021",
        "17 December 2021, updated 3 January 2022",
        "17 December 2021\nUpdated: 3 January 2022",
        # said twice, or with a date of something else
        "17 December 2021\nDecember 17, 2021",
        "3 May 1972\nPublished: 17 December 2021",
        "3 May 1972\nBy Jane Roe, 17 December 2021",
    ],
)
def test_a_line_that_is_a_date_states_it(line: str) -> None:
    assert date_of(line + BODY) == ("2021-12-17", "stated")
    assert date_of(f"The title of the piece\n\n{line}{BODY}") == ("2021-12-17", "stated")
    assert date_of(f"The title of the piece\nBy Jane Roe\n{line}{BODY}") == ("2021-12-17", "stated")


@pytest.mark.parametrize(
    "line",
    [
        # captions and credits
        "The two leaders in Brasilia, in a November 12, 2019 file photo.",
        "The leaders on November 12, 2019. Credit: A. Photographer",
        "Photo: A. Photographer, November 12, 2019",
        "© 17 December 2021",
        # running text
        "On December 17, 2021 they met.",
        "They met on December 17, 2021",
        "December 17, 2021 was a Friday.",
        "17 December 2021: the day they met",
        "The treaty of 17 December 2021",
        "From 17 December 2021 to 3 January 2022",
        "By the treaty of December 17, 2021",
        "By force, 17 December 2021",
        "Photo by Jane Roe, December 17, 2021",
        "Photo | December 17, 2021",
        "The leaders meet | December 17, 2021",
        "December 17, 2021; they met on 18 December 2021",
        "17 December 2021, 10:30: they met",
        # a chronicle
        "17 December 2021\nThey met.\n3 January 2022\nThey parted.",
        "3 May 1972\n4 May 1972",
        "3 May 1972: the pier opens\n4 May 1972: the pier burns",
        "- 3 May 1972\n- 4 May 1972",
        "| Pier opens | 3 May 1972 |",
        # not a full date, or none
        "December 2021",
        "2021",
        "December 17",
        "3/4/2021",
        "31 June 2021",
        "Published: 31 June 2021",
        "Published: yesterday",
        "Published last year",
        "Friday",
        "",
        "2,093",
    ],
)
def test_another_line_with_a_date_states_nothing(line: str) -> None:
    assert date_of(line + BODY) == ("", "unknown")
    assert date_of(f"The title of the piece\n\n{line}{BODY}") == ("", "unknown")


@pytest.mark.parametrize("line", ["Published: December 2021", "Published in December 2021", "**Date:** Dec. 2021"])
def test_a_label_states_a_month(line: str) -> None:
    assert date_of(line + BODY) == ("2021-12", "stated")


def test_an_update_dates_what_says_no_more_about_itself() -> None:
    assert date_of(f"3 May 1972\n4 May 1972\nUpdated: 17 December 2021{BODY}") == ("2021-12-17", "stated")


def test_a_long_line_is_read_to_its_end() -> None:
    for piece in (" ", "By ", "A ", "| ", "* ", "- ", ", ", "\x00", "updated "):
        assert date_of(f"{piece * 3_000}17 December 2021 {piece * 3_000}")[1] in ("stated", "unknown")


def test_only_the_head_of_a_text_states_its_date() -> None:
    lines = "A line of the text.\n\n"

    assert date_of(lines * 10 + "17 December 2021\n") == ("2021-12-17", "stated")
    assert date_of(lines * 30 + "17 December 2021\n") == ("", "unknown")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", 0),
        ("\n\n", 0),
        ("one", 1),
        ("one\n\ntwo\n", 2),
        ("line\n" * 100, 15),
        ("line\n\n\n" * 100, 15),
        ("long " * 10_000, 1),
    ],
)
def test_the_head_is_the_first_lines_with_text(text: str, lines: int) -> None:
    beginning = head(text)

    assert text.startswith(beginning)
    assert len(beginning) <= 8000
    assert len([line for line in beginning.split("\n") if line.strip()]) == lines


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("20211217-report", "2021-12-17"),
        ("report_2021-12-17", "2021-12-17"),
        ("2021.12.17", "2021-12-17"),
        ("report_2021_12_17_final", "2021-12-17"),
        ("1849-12-17", "1849-12-17"),
        ("19491217", "1949-12-17"),
        ("18491217", ""),  # rather a number of a document
        ("report-2021", ""),
        ("2021-12", ""),
        ("report-2021-13-45", ""),
        ("report-2021-02-30", ""),
        ("1234520211217999", ""),
        ("14121217", ""),
        ("000_de33ad4ecac6e570", ""),
        ("note", ""),
    ],
)
def test_a_file_name_can_state_a_date(name: str, date: str) -> None:
    assert date_of("A text without a date.", name) == (date, "file name" if date else "unknown")


def test_what_the_text_states_comes_before_its_name() -> None:
    assert date_of(f"17 December 2021{BODY}", "20200101-report") == ("2021-12-17", "stated")


@pytest.mark.parametrize("basis", ["given", "inferred", "metadata"])
def test_a_date_that_is_known_stays(basis: str) -> None:
    source = Source("20200101", f"17 December 2021{BODY}", published="2019-09/2019-10", published_basis=basis)

    assert published(source, RULES) == source


@given(st.text(max_size=200), st.text(max_size=20))
def test_any_text_is_dated_by_a_day_or_month_or_not_at_all(text: str, name: str) -> None:
    source = Source(name, text)
    dated = published(source, RULES)

    assert replace(dated, published="", published_basis="unknown") == source
    if dated.published:
        assert parse(dated.published).precision in ("day", "month")
        assert dated.published_basis in ("stated", "file name")
