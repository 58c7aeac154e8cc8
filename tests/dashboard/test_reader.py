"""The source text with its marks: every letter is there, once, and nothing in it is markup."""

from typing import Any

from dash import html
from hypothesis import given
from hypothesis import strategies as st

from dashboard.reader import SENTENCE, Marked, excerpt, read

TEXT = "One came. On 3 May two <b>came</b>. Three & four came later."
SECOND = Marked(10, 35)
DATE = (13, 18)


def letters(part: Any) -> str:
    if part is None:
        return ""
    if isinstance(part, str):
        return part
    if isinstance(part, list):
        return "".join(map(letters, part))
    return letters(part.children)


def test_the_sentence_is_one_mark_and_its_date_is_stronger() -> None:
    parts = read(TEXT, SECOND, DATE, [])
    (mark,) = [part for part in parts if isinstance(part, html.Mark)]
    assert mark.id == SENTENCE
    assert letters(mark) == "On 3 May two <b>came</b>."
    (date,) = [part for part in mark.children if isinstance(part, html.Strong)]
    assert date.children == "3 May"


def test_a_date_outside_of_the_sentence_is_not_marked() -> None:
    (mark,) = [part for part in read(TEXT, SECOND, (0, 3), []) if isinstance(part, html.Mark)]
    assert mark.children == "On 3 May two <b>came</b>."


def test_other_sentences_are_links_to_their_events() -> None:
    parts = read(TEXT, SECOND, DATE, [Marked(0, 9, "?event=e1", "One")])
    assert parts[0].href == "?event=e1"
    assert letters(parts) == TEXT


def test_a_sentence_shared_with_the_selected_event_is_marked_once() -> None:
    parts = read(TEXT, SECOND, DATE, [Marked(10, 35, "?event=e1"), Marked(5, 12, "?event=e2")])
    assert [type(part).__name__ for part in parts] == ["str", "Mark", "str"]


SPANS = st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).map(sorted)


@given(st.lists(SPANS, max_size=8))
def test_no_letter_is_lost_or_doubled(spans: list[list[int]]) -> None:
    assert letters(read(TEXT, SECOND, DATE, [Marked(start, end) for start, end in spans])) == TEXT


def test_a_very_long_text_is_shown_around_the_sentence() -> None:
    text = "x" * 500_000 + "Here." + "y" * 500_000
    parts = read(text, Marked(500_000, 500_005), (0, 0), [Marked(0, 10), Marked(999_990, 1_000_000)])
    assert letters(parts[0]) == "Characters 470,000 to 530,005 of 1,000,005."
    assert len(letters(parts[1:])) == 60_005


def test_a_text_of_usual_length_is_shown_whole() -> None:
    assert excerpt(200_000, Marked(5, 10)) == (0, 200_000)
