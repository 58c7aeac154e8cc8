"""Finding: where a text says when, and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline.rules import load
from timeline.tag import _CHUNK, _OVERLAP, Found, tag

RULES = load("en")
TEXTS = st.text(max_size=200) | st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
PHRASES = st.sampled_from(
    [
        "24 April 1916", "On May 3,", "in March 1969", "the late 1960s", "the 19th century", "1949", "2014-21", "44 BC",
        "last year", "in January", "the third quarter of 2021", "three days", "the 70th anniversary on October 1",
        "every year", "10:30 a.m.", "the 20th anniversary of the treaty", "since 2014", "mid-1800s", "$107 billion",
        "T-62", "He may", "We sat.", "2,093", "14.7%", "3.11.7", "Mr. Smith", "U.S.", "“", "”", "(", ")", ".", ", ",
        " ", "\n", "\n\n", "-", "–", "/", "'", "\u3000", "年", "май", "\x00", "1", "12", "1916", "th", "s",
    ]
)  # fmt: skip
PASSAGES = st.lists(PHRASES, max_size=14).map("".join) | st.lists(PHRASES, max_size=14).map(" ".join)


def spans(text: str) -> list[tuple[int, int]]:
    return [(found.start, found.end) for found in tag(text, RULES)]


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in spans(text)]


def key(found: Found) -> tuple[int, int, str, tuple[tuple[str, str], ...]]:
    return found.start, found.end, found.rule.name, tuple(sorted(found.slots.items()))


# ------------------------------------------------------------------------------------------ for any text


@given(TEXTS | PASSAGES)
def test_expressions_stand_in_order_within_the_text(text: str) -> None:
    end = 0
    implied_end = 0
    for found in tag(text, RULES):
        assert 0 <= found.start < found.end <= len(text)
        assert text[found.start : found.end].strip() == text[found.start : found.end]
        if found.rule.timex:
            assert found.start >= end
            end = found.end
        else:  # an implied date may hold written ones, but no other implied one
            assert found.start >= implied_end
            implied_end = found.end


@given(TEXTS | PASSAGES)
def test_the_same_text_has_the_same_expressions(text: str) -> None:
    assert [key(found) for found in tag(text, RULES)] == [key(found) for found in tag(text, RULES)]


@given(TEXTS | PASSAGES, TEXTS | PASSAGES)
def test_another_paragraph_changes_nothing_in_the_first(text: str, other: str) -> None:
    first = text.rstrip()

    alone = [key(found) for found in tag(first, RULES)]
    together = [key(found) for found in tag(f"{first}\n\n{other}", RULES) if found.start < len(first)]

    assert together == alone


@given(TEXTS | PASSAGES, PASSAGES)
def test_a_paragraph_before_moves_the_expressions_and_changes_none(other: str, text: str) -> None:
    before = f"{other.rstrip()}\n\n"
    text = text.lstrip()

    alone = [(start + len(before), end + len(before)) for start, end in spans(text)]

    assert [span for span in spans(before + text) if span[0] >= len(before)] == alone


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n" * 50,
        "\x00",
        "1" * 10_000,
        "1916 " * 2_000,
        "-" * 10_000,
        "January " * 2_000,
        "(" * 5_000 + "1916" + ")" * 5_000,
        "1916-" * 2_000,
        "a" * 50_000,
        "١٩١٦ ۱۹۱۶ １９１６ ⅩⅨ ² ½ ൧",
        "\u202e1916\u202c \u200b1916\u200d \ufeff1916",
        "👩‍👩‍👧 1916 🕰️ ﷽ ǆ ß İ ı",
        "１９４９年10月1日成立。",
        "В 1949 году была основана",
    ],
)
def test_no_text_is_too_strange(text: str) -> None:
    for start, end in spans(text):
        assert text[start:end]


def test_a_lone_half_of_a_surrogate_pair_is_passed_over() -> None:
    assert words("\ud800 24 April 1916 \udfff") == ["24 April 1916"]


@settings(max_examples=15)
@given(st.integers(0, 40), st.sampled_from(["\n", " ", "\n\n", ". "]))
def test_a_long_text_is_read_in_pieces_that_cut_no_date(shift: int, filler: str) -> None:
    """The text is tagged some 130,000 characters at a time; a date lies across the border wherever it is put."""
    padding = "x" * 997 + filler
    text = "x" * shift + padding * 131 + "on 24 April 1916 and in March 1969 " * 60

    assert words(text) == ["24 April 1916", "March 1969"] * 60


# ------------------------------------------------------------------------------------------ the span


@pytest.mark.parametrize("offset", range(-12, 13))
def test_a_long_text_without_spaces_is_read_in_pieces_that_cut_no_date(offset: int) -> None:
    rules, date = load("zh"), "1949年10月1日"
    text = "的" * (_CHUNK - _OVERLAP + offset) + date + "的" * 1000

    assert [text[f.start : f.end] for f in tag(text, rules)] == [date]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("(24 April 1916)", ["24 April 1916"]),
        ("“24 April 1916”", ["24 April 1916"]),
        ("24 April 1916, 25 April 1916", ["24 April 1916", "25 April 1916"]),
        ("24 April 1916\n\n25 April 1916", ["24 April 1916", "25 April 1916"]),
        ("24 April\n\n1916", ["24 April", "1916"]),  # a paragraph break parts them
        ("24 April 1916.", ["24 April 1916"]),
        ("in Sept. 1939.", ["Sept. 1939"]),
        ("1939:", ["1939"]),
        ("1949’s", ["1949"]),
        ("the 1950s’", ["the 1950s"]),
        ("**1949**", ["1949"]),
        ("[1949]", ["1949"]),
        ("1949—1959", ["1949", "1959"]),
        ("<b>1949</b>", ["1949"]),
        ("in 2013though he", ["2013"]),  # a space lost before a long word
    ],
)
def test_the_span_holds_the_expression_and_nothing_more(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    ("text", "rule", "implied"),
    [
        ("its 70th anniversary on October 1", "anniversary-on-day", "70th anniversary on October 1"),
        ("the 20th anniversary of the treaty", "anniversary", "the 20th anniversary"),
    ],
)
def test_what_implies_a_date_is_found_and_is_no_timex(text: str, rule: str, implied: str) -> None:
    found = [(f.rule.name, f.rule.timex, text[f.start : f.end]) for f in tag(text, RULES)]

    assert found[0] == (rule, False, implied)


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("24 April 1916", "DATE"),
        ("for three days", "DURATION"),
        ("for 36 hours", "DURATION"),
        ("every year", "SET"),
        ("They meet annually.", "SET"),
        ("every Monday", "SET"),
        ("at 10:30", "TIME"),
        ("tonight", "TIME"),
    ],
)
def test_an_expression_has_a_timex3_type(text: str, type_: str) -> None:
    assert [found.rule.type for found in tag(text, RULES)] == [type_]
