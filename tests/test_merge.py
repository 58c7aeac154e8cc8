"""One happening, once: which tellings are the same, which are not, and that nothing else decides it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.build import build
from timeline.edtf import parse
from timeline.merge import event_id, merge
from timeline.model import Event, Mention, Source

NOTE = "seeds-note"  # of the work of the article below


def groups(events: Sequence[Event]) -> list[list[str]]:
    """Which sources tell each event, in the order of the events."""
    return [sorted(mention.source_id for mention in event.mentions) for event in events]


def told(*texts: tuple[str, str], published: str = "2021-06-15") -> tuple[Event, ...]:
    """The events of some texts, each (source id, text) a work of its own."""
    sources = [Source(name, text, published=published, work=f"work of {name}") for name, text in texts]
    return build(sources).events


# ------------------------------------------------------------------------------------------ the same, or not

TREATY = "In 2001 Russia and China signed the Treaty of Good-Neighborliness and Friendly Cooperation."


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (TREATY, TREATY, True),
        (TREATY, "Russia and China signed their Treaty of Good-Neighborliness and Friendly Cooperation in 2001.", True),
        (TREATY, "In July 2001 the Treaty of Good-Neighborliness and Friendly Cooperation was signed.", True),
        (TREATY, "On 16 July 2001 the Treaty of Good-Neighborliness and Friendly Cooperation was signed.", True),
        # another year
        (TREATY, TREATY.replace("2001", "2002"), False),
        # a coarser date is no proof
        (TREATY, TREATY.replace("In 2001", "In the 2000s"), False),
        (TREATY, TREATY.replace("In 2001", "Since 2001"), False),
        # the same day, another happening
        ("On May 14 Russian media attacked Beijing.", "On May 14 an earthquake shook the islands of Japan.", False),
        (
            "In 1969 Soviet and Chinese guards fought on an island in the Ussuri.",
            "In 1969 American astronauts walked on the Moon.",
            False,
        ),
        (
            "In 2015 Russia and China signed a statement on linking their projects.",
            "In 2015 John Kerry called NATO a defensive alliance.",
            False,
        ),
        # other figures
        (
            "In 2018 trade between Russia and China reached $107 billion.",
            "In 2018 trade between Russia and China reached $100 billion.",
            False,
        ),
        (
            "In 2018 trade between Russia and China reached $107 billion.",
            "In 2018 trade between Russia and China reached $107 billion, a record.",
            True,
        ),
        # one without figures contradicts nothing
        (
            "In 2018 trade between Russia and China reached a record of $107 billion.",
            "In 2018 trade between Russia and China reached a record.",
            True,
        ),
        # a plan is not its fulfilment
        (
            "In 2020 the two governments opened a bridge over the Amur.",
            "In 2022 the two governments will open a bridge over the Amur.",
            False,
        ),
    ],
)  # fmt: skip
def test_two_works_tell_the_same_happening(one: str, other: str, same: bool) -> None:
    events = told(("one", one), ("other", other))

    assert sorted(groups(events)) == ([["one", "other"]] if same else [["one"], ["other"]])


def test_the_dates_of_one_sentence_are_never_one_happening() -> None:
    events = told(("one", "In 1950 and again in February 1950 Russia and China signed the treaty of friendship."))

    assert all(len(event.mentions) == 1 for event in events)


def test_two_works_corroborate_each_other() -> None:
    (event,) = told(("one", TREATY), ("other", TREATY))
    (alone,) = told(("one", TREATY))

    assert len({mention.work for mention in event.mentions}) == 2
    assert event.confidence > alone.confidence
    assert event.salience > alone.salience


def test_the_most_precise_date_dates_the_event() -> None:
    (event,) = told(("one", TREATY), ("other", TREATY.replace("In 2001", "On 16 July 2001")))

    assert event.date == "2001-07-16"
    assert {mention.date for mention in event.mentions} == {"2001", "2001-07-16"}


def test_what_several_tellings_name_is_named_by_the_event() -> None:
    one = "In 2001 Russia signed the Treaty of Good-Neighborliness and Friendly Cooperation in Moscow."
    other = "In 2001 China signed the Treaty of Good-Neighborliness and Friendly Cooperation."
    (event,) = told(("one", one), ("other", other))

    assert set(event.actors) >= {"Russia", "China"}
    assert event.places == ("Moscow",)


# ------------------------------------------------------------------------------------------ a note and its article


def pair(note: str, article: str) -> tuple[Event, ...]:
    work = "sha256:article"
    return build(
        [
            Source(NOTE, note, published="2021-06-15", work=work, original=False),
            Source("article", article, published="2021-06-15", work=work, original=True),
        ]
    ).events


def test_a_note_and_its_article_are_one_work() -> None:
    (event,) = pair(
        "In 2015 the ministers of Merrin and Ostra signed a statement on linking their canals and railways.",
        "In 2015 both sides put their names to a statement: canals and railways are to be linked.",
    )

    assert groups([event]) == [["article", NOTE]]
    assert len({mention.work for mention in event.mentions}) == 1
    assert event.confidence == max(mention.confidence for mention in event.mentions)  # as one source would
    assert event.salience == max(mention.salience for mention in event.mentions)


def test_the_sentence_of_the_article_is_the_one_shown() -> None:
    (event,) = pair(
        "In 2015 the ministers of Merrin and Ostra signed a statement on linking their canals and railways.",
        "In 2015 both sides put their names to a statement: canals and railways are to be linked.",
    )

    assert event.mentions[0].source_id == "article"
    assert event.title == event.mentions[0].title


def test_a_note_and_its_article_tell_two_happenings_of_one_year() -> None:
    events = pair(
        "In 2015 the ministers signed a statement on canals and railways.",
        "In 2015 an earthquake shook the islands.",
    )

    assert sorted(groups(events)) == [["article"], [NOTE]]


# ------------------------------------------------------------------------------------------ order and ids

CHRONICLES = (
    ("one", f"{TREATY} In 1969 guards fought on an island in the Ussuri. Trade reached $107 billion in 2018. "
            "In the late 1960s open warfare broke out on the border in the Far East. In 2014 Russia annexed Crimea."),
    ("two", f"{TREATY} In March 1969 guards fought on an island in the Ussuri. Trade reached $100 billion in 2018."),
    ("three", "On 2 March 1969 guards fought on an island in the Ussuri, and on 15 March 1969 guards fought again "
              "on an island in the Ussuri. In 2014 Russia annexed Crimea. Since 2014 Russia has annexed Crimea."),
    ("four", "In 1969 guards fought on an island. In 1969 guards fought on an island in the Ussuri, and guards died."),
)  # fmt: skip
MENTIONS = [mention for event in told(*CHRONICLES) for mention in event.mentions]


def test_the_chronicles_say_something() -> None:
    assert len(MENTIONS) > 12
    assert any(len(event.mentions) > 2 for event in merge(MENTIONS))


@given(st.permutations(MENTIONS))
def test_the_order_of_the_mentions_does_not_matter(shuffled: list[Mention]) -> None:
    assert merge(shuffled) == merge(MENTIONS)


@given(st.sets(st.integers(0, len(MENTIONS) - 1)))
def test_every_mention_is_in_one_event(chosen: set[int]) -> None:
    mentions = [MENTIONS[index] for index in chosen]
    events = merge(mentions)

    assert sorted(m.mention_id for event in events for m in event.mentions) == sorted(m.mention_id for m in mentions)
    for event in events:
        dates = [parse(mention.date) for mention in event.mentions]
        assert all(a.contains(b) or b.contains(a) for a in dates for b in dates)
        assert parse(event.date) in dates
        assert len({(mention.source_id, mention.quote_start) for mention in event.mentions}) == len(event.mentions)
        assert len({mention.modality for mention in event.mentions}) == 1
        assert 0 <= event.salience <= 1
        assert 0 <= event.confidence < 1


@given(st.permutations(CHRONICLES))
def test_the_order_of_the_sources_does_not_matter(shuffled: list[tuple[str, str]]) -> None:
    assert told(*shuffled) == told(*CHRONICLES)


def test_events_stand_in_the_order_of_time() -> None:
    dates = [parse(event.date) for event in merge(MENTIONS)]

    assert [date.lower for date in dates] == sorted(date.lower or 0 for date in dates)


def test_an_event_is_named_after_its_first_mention() -> None:
    for event in merge(MENTIONS):
        first = min(mention.mention_id for mention in event.mentions)
        assert event.event_id == event_id(event.mentions) == "e" + first[1:]


def test_an_event_keeps_its_id_wherever_its_sentence_stands() -> None:
    (event,) = told(("one", TREATY))
    moved = told(("one", f"# A heading\n\nOn 1 May 1950 a dam broke in the north.\n\n{TREATY}\n"))

    assert event.event_id in [other.event_id for other in moved]


def test_nothing_is_merged_from_nothing() -> None:
    assert merge([]) == []


def test_mentions_without_words_stay_alone() -> None:
    bare = [replace(mention, words=frozenset()) for mention in MENTIONS]

    assert len(merge(bare)) == len(bare)


def test_a_word_that_stands_everywhere_joins_nothing() -> None:
    """Two hundred works that each say in one year that trade rose somewhere: two hundred happenings."""
    towns = ["".join(letters) + "burg" for letters in product("bdfgklmnprstvz", "aeiou", "bdk")]
    texts = [(town, f"In 2018 trade of {town.title()} rose.") for town in towns]

    assert len(told(*texts)) == len(towns)
