"""The clauses of a sentence: how each begins, who acts in it and which words are its verb."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from timeline.rules import load
from timeline.syntax import Parse, left_of, parse, subject_before
from timeline.tag import tag

RULES = load("en")


def read(sentence: str) -> Parse:
    """The parse of a sentence with the dates that the tagger finds in it."""
    found = parse(sentence, dates_of(sentence), RULES)
    assert found is not None
    return found


def dates_of(sentence: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for timex in tag(sentence, RULES):
        if not spans or timex.start >= spans[-1][1]:
            spans.append((timex.start, timex.end))
    return spans


def clauses(sentence: str) -> list[tuple[str, str, str]]:
    """Opening, subject and verb of each clause, as words."""
    found = read(sentence)
    return [(c.opening, found.words(*c.subject), found.words(*c.verb)) for c in found.clauses]


# ------------------------------------------------------------------------------------------ one clause


@pytest.mark.parametrize(
    ("sentence", "subject", "verb"),
    [
        ("The council closed the ferry.", "The council", "closed"),
        ("She worked as a nurse.", "She", "worked"),
        ("Neither the owner nor the tenant paid the tax.", "Neither the owner nor the tenant", "paid"),
        ("The firm makes ropes, sails and nets.", "The firm", "makes"),
        # a verb of several words
        ("He will be remembered for the bridge.", "He", "will be remembered"),
        ("The bridge has been closed since 2004.", "The bridge", "has been closed"),
        ("The bridge is to be replaced in 2030.", "The bridge", "is to be replaced"),
        ("The clerk did not sign the deed.", "The clerk", "did not sign"),
        ("The yard was later sold.", "The yard", "was later sold"),
        # what looks like a verb and is none
        ("A can of paint set the barn on fire.", "A can of paint", "set"),
        ("The cook opened a can in the galley.", "The cook", "opened"),
        ("The left bank was flooded.", "The left bank", "was flooded"),
        ("The united parishes built a school.", "The united parishes", "built"),
        ("The firm sold its barges after the war.", "The firm", "sold"),
        ("The engineers wanted to drain the lake.", "The engineers", "wanted"),
        # a participle that belongs to the subject
        ("The treaty signed in Basel ended the war.", "The treaty signed in Basel", "ended"),
        # what stands before the subject
        ("In 1890 the council closed the ferry.", "the council", "closed"),
        ("On 3 May 1890, after long talks, the council closed the ferry.", "the council", "closed"),
        ("At the meeting Ruritania pledged its help.", "Ruritania", "pledged"),
        ("Later the council closed the ferry.", "the council", "closed"),
        ("1902 was a hard year.", "1902", "was"),
        ("The flood of 1902 was the worst.", "The flood of 1902", "was"),
    ],
)
def test_one_clause_has_its_subject_and_its_verb(sentence: str, subject: str, verb: str) -> None:
    assert clauses(sentence) == [("", subject, verb)]


# ------------------------------------------------------------------------------------------ several clauses


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        # a subordinate clause before the main one, and behind it
        (
            "When the river rose, the council closed the ferry.",
            [("s", "the river", "rose"), ("m", "the council", "closed")],
        ),
        (
            "The council closed the ferry when the river rose.",
            [("", "The council", "closed"), ("s", "the river", "rose")],
        ),
        ("Because wages were low, the men left the yard.", [("s", "wages", "were"), ("m", "the men", "left")]),
        (
            "Although the mill had burned twice, the owners rebuilt it.",
            [("s", "the mill", "had burned"), ("m", "the owners", "rebuilt")],
        ),
        ("After the war ended, the firm sold its barges.", [("s", "the war", "ended"), ("m", "the firm", "sold")]),
        ("The firm sold its barges after the war ended.", [("", "The firm", "sold"), ("s", "the war", "ended")]),
        ("As the ice melted, the water rose.", [("s", "the ice", "melted"), ("m", "the water", "rose")]),
        ("The men had gone home before the roof fell.", [("", "The men", "had gone"), ("s", "the roof", "fell")]),
        (
            "If the gates had held, the village would stand.",
            [("s", "the gates", "had held"), ("m", "the village", "would stand")],
        ),
        (  # no comma, but a date
            "When war broke out in 1914 the firm was in debt.",
            [("s", "war", "broke"), ("m", "the firm", "was")],
        ),
        # a relative clause, and the main clause resumed behind it
        (
            "The organ, which a carpenter built, stands in the chapel.",
            [("", "", ""), ("w", "a carpenter", "built"), ("r", "", "stands")],
        ),
        (
            "The bishop, whose brother owned the quarry, paid for the tower.",
            [("", "", ""), ("w", "brother", "owned"), ("r", "", "paid")],
        ),
        (
            "The tenants, who had paid nothing, were sent away.",
            [("", "", ""), ("w", "", "had paid"), ("r", "", "were sent")],
        ),
        ("The council met the men who built the weir.", [("", "The council", "met"), ("w", "", "built")]),
        # an insertion, and the main clause resumed behind it
        ("The treaty, signed in Basel, ended the war.", [("", "", ""), ("e", "", ""), ("r", "", "ended")]),
        ("The tower, begun by monks, fell in 1714.", [("", "", ""), ("e", "", ""), ("r", "", "fell")]),
        (
            "The company, after a long dispute with its workers, closed the yard.",
            [("", "", ""), ("r", "", "closed")],
        ),
        (
            "The company, founded by two brothers, made clocks and later sold radios.",
            [("", "", ""), ("e", "", ""), ("r", "", "made"), ("c", "", "sold")],
        ),
        (
            "The mill (it was built of wood) burned down.",
            [("", "", ""), ("(", "it", "was built"), ("r", "", "burned")],
        ),
        # clauses side by side
        (
            "The yard was sold in 1948 and in 1950 moved to Malta.",
            [("", "The yard", "was sold"), ("c", "", "moved")],
        ),
        ("The smith shod the horse and was paid.", [("", "", ""), ("c", "", "was paid")]),
        (
            "The mayor resigned and the council elected a new one.",
            [("", "The mayor", "resigned"), ("c", "the council", "elected")],
        ),
        (
            "Both ships were lost, but the crews survived.",
            [("", "Both ships", "were lost"), ("c", "the crews", "survived")],
        ),
        (
            "The council decided to build a bridge and sold the ferry.",
            [("", "The council", "decided"), ("c", "", "sold")],
        ),
        (
            "The captain denied it; the owner said nothing.",
            [("", "The captain", "denied"), (";", "the owner", "said")],
        ),
        ("The mill burned down – nobody was hurt.", [("", "The mill", "burned"), (";", "nobody", "was hurt")]),
        # what goes along with the main clause
        ("The bank failed in 1931, ruining hundreds of families.", [("", "The bank", "failed"), ("g", "", "")]),
        ("Output rose, with a second furnace going into operation.", [("", "Output", "rose"), ("g", "", "")]),
        # what somebody says
        (
            "The captain said that the engine had failed.",
            [("", "The captain", "said"), ("T", "the engine", "had failed")],
        ),
        ("The captain said the engine had failed.", [("", "The captain", "said"), ("T", "the engine", "had failed")]),
        (
            "The court found that the driver, who had slept badly, was to blame.",
            [("", "The court", "found"), ("T", "", ""), ("w", "", "had slept"), ("r", "", "was to blame")],
        ),
        (
            "The court held that the lease was void and ordered the tenant to leave.",
            [("", "The court", "held"), ("T", "the lease", "was"), ("c", "", "ordered")],
        ),
    ],
)  # fmt: skip
def test_a_sentence_is_cut_into_its_clauses(sentence: str, expected: list[tuple[str, str, str]]) -> None:
    assert clauses(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        (
            "When the river rose, the council closed the ferry.",
            ["When the river rose", "the council closed the ferry"],
        ),
        (
            "The organ, which a carpenter built, stands in the chapel.",
            ["The organ", "which a carpenter built", "stands in the chapel"],
        ),
        ("The mill (it was built of wood) burned down.", ["The mill", "it was built of wood", "burned down"]),
        ("The mayor resigned; the council met.", ["The mayor resigned", "the council met"]),
        (
            "The yard was sold in 1948, and in 1950 it moved to Malta.",
            ["The yard was sold in 1948", "and in 1950 it moved to Malta"],
        ),
    ],
)
def test_a_clause_spans_its_words_and_not_the_signs_around_it(sentence: str, parts: list[str]) -> None:
    found = read(sentence)

    assert [sentence[slice(*found.span(number))] for number in range(len(found.clauses))] == parts


# ------------------------------------------------------------------------------------------ dates and words


@pytest.mark.parametrize(
    ("sentence", "classes"),
    [
        ("The mayor resigned on 3 May 1990.", "dnvpZ"),  # a date is one word
        ("The 1990 election was lost.", "dZnbe"),
        ("The mayor (May 1990) resigned.", "dnZv"),  # a date alone in brackets is no insertion
        ("The firm paid $40 million for 30% of them.", "dne##p#ou"),
        ("The king's wing", "dPn"),
        ("the two-piece can on the market", "dnnpdn"),
        ("It is said that he would.", "xbRTxm"),
    ],
)
def test_every_word_has_a_class(sentence: str, classes: str) -> None:
    assert read(sentence).classes == classes


def test_a_date_is_found_at_the_character_where_it_starts() -> None:
    sentence = "The mill burned in 1903 and on 4 May 1911."
    found = read(sentence)

    assert [sentence[start:].split()[0] for start in found.dates] == ["1903", "4"]
    assert [found.words(token, token + 1) for token in found.dates.values()] == ["1903", "4 May 1911"]
    assert all(found.classes[token] == "Z" for token in found.dates.values())


def test_a_token_belongs_to_the_clause_that_holds_it() -> None:
    found = read("The mayor resigned; the council met.")

    assert [found.clause_at(token) for token in range(len(found.classes))] == [0, 0, 0, 0, 1, 1, 1]


@pytest.mark.parametrize("text", ["", " ", "…", "\n\n", "!?"])
def test_a_text_without_a_word_has_no_parse(text: str) -> None:
    assert parse(text, (), RULES) is None


@pytest.mark.parametrize("language", ["ru", "zh"])
def test_a_language_without_grammar_has_no_parse(language: str) -> None:
    assert parse("The mayor resigned.", (), load(language)) is None


@pytest.mark.parametrize(
    ("classes", "end", "letters", "expected"),
    [("dnepZ", 4, "dn", 4), ("dnepZ", 2, "dn", 0), ("dnepZ", 5, "Zp", 3), ("", 0, "d", 0)],
)
def test_a_run_of_classes_is_followed_to_the_left(classes: str, end: int, letters: str, expected: int) -> None:
    assert left_of(classes, end, letters) == expected


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        ("dn", (0, 2)),
        ("pZdn", (2, 4)),  # In 1902 the mill
        ("pZ,dn", (3, 5)),  # In 1902, the mill
        ("pdnn,dn", (5, 7)),  # During a long strike, the mill
        ("adn", (1, 3)),  # Later the mill
        ("csadn", (3, 5)),
        ("pdnN", (3, 4)),  # At the meeting Ruritania
        ("Z", (0, 1)),  # 1902 was a hard year
        ("dnoZ", (0, 4)),  # The flood of 1902
        ("", (0, 0)),
        ("a,", (2, 2)),
    ],
)
def test_a_subject_begins_behind_what_opens_its_clause(classes: str, expected: tuple[int, int]) -> None:
    assert subject_before(classes, 0, len(classes)) == expected


# ------------------------------------------------------------------------------------------ any text at all

WORDS = (
    "the a mill mills river Lund Ruritania's who which that whose whom what when after as before since and or but "
    "was is were been had has will can did not never said told reported built held broken taken going opening met "
    "went rose remains it he they there them himself of to in by with for 40 $3 1902 , ; : – ( ) ) ( . later jointly "
    "founded sold agreed because if while"
)
SENTENCES = st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=40).map(" ".join)
LETTERS = st.text(alphabet="dnNP#xuvVeRqgbhDmtpocTwsSaZ,;()", min_size=1, max_size=40)


def check(text: str, dates: Sequence[tuple[int, int]]) -> None:
    """What holds of every parse."""
    found = parse(text, dates, RULES)
    if found is None:
        return
    assert len(found.spans) == len(found.classes)
    for (start, end), following in zip(found.spans, [*found.spans[1:], (len(text), len(text))], strict=True):
        assert 0 <= start < end <= following[0]
    assert found.dates.keys() == {start for start, _ in dates}
    assert all(found.classes[token] == "Z" for token in found.dates.values())
    end = 0
    for clause in found.clauses:
        assert end <= clause.start < clause.end <= len(found.spans)
        end = clause.end
        if clause.has_verb:
            assert clause.start <= clause.subject[0] <= clause.subject[1] <= clause.verb[0]
            assert clause.verb[1] <= clause.end
    for token, letter in enumerate(found.classes):
        inside = [clause for clause in found.clauses if clause.start <= token < clause.end]
        assert len(inside) == 1 or (not inside and letter in ",;()"), (token, letter)


@given(st.text())
@example("(((")
@example("that that that who who")
@example("and and, and")
def test_any_text_is_parsed_without_an_error(text: str) -> None:
    check(text, ())


@given(SENTENCES)
def test_clauses_do_not_overlap_and_lie_within_the_sentence(sentence: str) -> None:
    check(sentence, dates_of(sentence))


@given(SENTENCES, st.lists(st.integers(0, 200), max_size=6, unique=True))
def test_spans_of_dates_may_lie_anywhere(sentence: str, places: list[int]) -> None:
    places = sorted(place for place in places if place <= len(sentence))
    check(sentence, list(zip(places[::2], places[1::2], strict=False)))


@given(LETTERS, st.data())
def test_a_subject_lies_where_it_is_looked_for(classes: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(classes)))
    end = data.draw(st.integers(start, len(classes)))
    first, last = subject_before(classes, start, end)

    assert start <= first
    assert last <= end


LONG = [
    "mill", "the mill", "the mill was", "and", "(", ")", ",", "that", "who", "when the mill", "of", "later", "mill as",
    "which, the mill sold,", "sold in", "the mill, built", "the mill, who had gone, and", "not", "the mill said a mill",
    "with the mill going,", "as the", "the mill it", "a mill; after", "sold, and", "later and", "1902,", "in 1902 and",
]  # fmt: skip


def long(words: str, length: int) -> tuple[str, list[tuple[int, int]]]:
    sentence = " ".join([words] * (length // len(words.split())))
    return sentence, [match.span() for match in re.finditer("1902", sentence)]


@pytest.mark.parametrize("words", LONG)
def test_a_sentence_of_thousands_of_words_is_parsed(words: str) -> None:
    check(*long(words, 2000))


@pytest.mark.parametrize("words", LONG)
def test_twice_the_words_are_twice_the_work(words: str) -> None:
    once, twice = (calls(*long(words, length)) for length in (1200, 2400))

    assert twice < 2.2 * once


def calls(sentence: str, dates: Sequence[tuple[int, int]]) -> int:
    """How many functions a parse calls: a measure of its work that does not depend on the machine."""
    count = 0

    def count_call(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count_call)
    try:
        parse(sentence, dates, RULES)
    finally:
        sys.setprofile(before)
    return count
