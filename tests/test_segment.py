"""Sentences: where a quote begins and ends. A row shows the text with | where one sentence ends and the next begins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.rules import load
from timeline.segment import sentences, wrap_width

RULES = load("en")


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text, RULES)]


@pytest.mark.parametrize(
    "marked",
    [
        "He came.| He saw.",
        "He came.|  He saw.",
        "He came.|\tHe saw.",
        "He came.|\xa0He saw.",
        "He came.|\r\nHe saw.",
        "no final stop",
        "He came! |He saw? |He won.",
        "Why?! |Because.",
        # abbreviations
        "He met Mr. Smith and Mrs. Jones. |They left.",
        "Gov. Long met Gen. Lee on St. George Street. |Rain fell.",
        "Fig. 3 shows it, cf. p. 12 and Smith et al. 2014. |It is so.",
        "No. 5 failed. |The rest went on.",
        "Apple Inc. said so. |It rained.",
        "The firm is Apple Inc. |The rest is unknown.",
        "He fell on 3 Sept. 1939. |It rained.",
        "On Feb. 25 he was tried. |On Oct. 1 he was free.",
        "He fell in Sept. |The rain came.",
        "They sell arms, tanks, etc. to both. |Nobody minds.",
        "It lies in Washington, D.C. |It is large.",
        "He is a Ph.D. student. |She is none.",
        "It was built c. 1450. |It burned.",
        # initials and letters with points
        "J. F. Kennedy died. |L. B. Johnson followed.",
        "John J. Mearsheimer wrote it. |Nobody read it.",
        "Dr. A. B. Jones spoke.",
        "Mao Zedong (b. 1893) led them.",
        "They came to the U.S. |The army stayed.",
        "They joined the U.S. army. |The army stayed.",
        "They joined the U.S. Army. |The army stayed.",
        "He spoke to the U.N. General Assembly.",
        "He left at 5 p.m. |The door shut.",
        "He left at 5 a.m. on Monday. |The door shut.",
        "Caesar died in 44 B.C. |The republic ended.",
        "Under Nicholas II. |War came.",
        "It was World War I. |It began in 1914.",
        "They turned to Plan B. |“It failed,” he said.",
        "They met Malcolm X. |He spoke.",
        "Harry S. Truman met J. F. The.",
        "A. The first point. |B. The second point.",
        "See Smith, J. The War of 1914.",
        "It is 5 km. |Then he left.",
        "It is 5 km. |However, he left.",
        # numbers and dates
        "It grew 6.6 percent. |Then 1.8.",
        "It is 2.5. |It is 3.",
        "He died in 1949. |1950 came.",
        "He died (1949). |She lived.",
        "Dated 23.4.1999 in ink. |Signed later.",
        "It rose in the 2010s. |Until 2018 it grew.",
        "Version 3.11.7 came. |Then 3.12.",
        # quotes and brackets
        "He said “Come.” |She came.",
        "He said “Come.” and left.",
        "He said \"Come.\" |She came.",
        "“Why?” he asked. |“Because.”",
        "He wrote ‘Yes.’ |He left.",
        "The end. |(More came.) |It was late.",
        "The end (of it.) |Then more.",
        "They made “peace.”|It lasted.",  # a space lost behind a quotation
        "She said “Now.”|“Then,” he said.",
        # ellipses
        "Well… |It failed.",
        "Well… it failed.",
        "Well... |It failed.",
        "Well... it failed.",
        "It is… so they say… true. |Nobody knows.",
        "It is . . . so they say . . . true. |Nobody knows.",
        "Well. . . . |It failed. |He left . . .",
        "Well? . . . |It failed.",
        "He uses it. |.NET is old.",
        # lines and paragraphs
        "# A heading\n\n|Text follows here. |More follows.",
        "A heading\n|Text follows here. |More follows.",
        "a first line\n\n|a second\n\n\n\n|a third",
        "a first line\n \t \n|a second",
        "- one thing\n|- another thing\n|- a third",
        "1969: clashes on the river\n|1972: a visit\n|1991: the end",
        "One\r\n\r\n|Two\r\n\r\n|Three",
        # no sentence end
        "Visit https://example.org/a.b?c=day. |Then leave.",
        "A file.name and a.b.c stay whole.",
        "Item one; item two: item three.",
        # other scripts
        "他来了。|他走了。",
        "他来了！|真的？|是。",
        "1949年10月1日成立。|2001年签约。",
        "Он пришёл в 1949 году. |Она ушла.",
        "Il vint à l’été. |Elle partit.",
    ],
)  # fmt: skip
def test_a_text_falls_into_sentences(marked: str) -> None:
    assert cut(marked.replace("|", "")) == [part.strip() for part in marked.split("|")]


WRAPPED = (
    "The treaty was signed in the capital by the foreign\nministers of the two states, who had met there for\n"
    "the first time. They parted as friends and promised\nto meet again in the following year at the border.\n"
    "It was short.\nThe next meeting, which the ministers had prepared\nwith Mr. Smith, came in 1949."
)


def test_in_a_text_broken_into_lines_a_line_end_means_nothing() -> None:
    assert wrap_width(WRAPPED) > 40
    assert [sentence.replace("\n", " ") for sentence in cut(WRAPPED)] == [
        "The treaty was signed in the capital by the foreign ministers of the two states, who had met there for the "
        "first time.",
        "They parted as friends and promised to meet again in the following year at the border.",
        "It was short.",
        "The next meeting, which the ministers had prepared with Mr. Smith, came in 1949.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "one line",
        "A heading\nA text that is not broken into lines of any width, however long it may be, and goes on.",
        "First paragraph, which is long enough to be a line.\n\nSecond paragraph, which is long enough too.",
        "- one\n- two\n- three",
    ],
)
def test_a_text_of_paragraphs_or_a_list_is_not_broken_into_lines(text: str) -> None:
    assert wrap_width(text) == 0


@pytest.mark.parametrize("text", ["", " ", "\n", "\n\n \n", "\t\xa0"])
def test_nothing_has_no_sentences(text: str) -> None:
    assert cut(text) == []


# ------------------------------------------------------------------------------------------ for any text

PIECES = st.sampled_from(
    [
        "He came.", "on 3 Sept. 1939", "the U.S.", "Mr.", "J.", "“", "”", "(", ")", "…", "...", ". ", "! ", "? ", " ",
        "  ",
        "\n", "\n\n", "\r\n", "\t", "\xa0", "。", "年", "a", "The", "it", "1949", "6.6", "\x00", "#", "- ", "\u2028",
        "\x0b",
    ]
)  # fmt: skip
TEXTS = st.text(max_size=150) | st.lists(PIECES, max_size=25).map("".join)


@given(TEXTS)
def test_sentences_stand_in_order_and_apart(text: str) -> None:
    end = 0
    for start, stop in sentences(text, RULES):
        assert end <= start < stop <= len(text)
        end = stop


@given(TEXTS)
def test_no_word_is_left_out_and_no_sentence_has_a_space_at_its_ends(text: str) -> None:
    spans = sentences(text, RULES)
    covered = {place for start, end in spans for place in range(start, end)}

    assert {place for place, character in enumerate(text) if not character.isspace()} <= covered
    for start, end in spans:
        assert text[start:end] == text[start:end].strip()


@given(TEXTS, TEXTS)
def test_another_paragraph_changes_no_sentence(text: str, other: str) -> None:
    """As long as neither is broken into lines: whether a text is, is a question about the whole of it."""
    whole = f"{text}\n\n{other}"
    if wrap_width(text) or wrap_width(other) or wrap_width(whole):
        return

    assert cut(whole) == cut(text) + cut(other)


@pytest.mark.parametrize("piece", [".", "”", ". ", "\n", " \n", "…", "A. ", "。", "(", ".”", "\t", "Mr. ", "\r"])
def test_a_hostile_text_is_read_to_its_end(piece: str) -> None:
    text = piece * 20_000 + "end"

    assert sentences(text, RULES)[-1][1] == len(text)
