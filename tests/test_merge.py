"""One happening, once: which tellings are the same, which are not, and that nothing else decides it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline import merge as merging
from timeline.build import build
from timeline.edtf import day_number, iso, parse
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


def say(number: int, date: str, words: str, source: str = "", **changes: object) -> Mention:
    """A mention of some words on a date, in a sentence of its own; unless `source` is given, in a work of its own."""
    source = source or f"source {number}"
    mention = Mention(
        mention_id=f"m{number:010x}", source_id=source, work=f"work of {source}", original=True,
        date=date, date_text=date, date_start=100 * number, date_end=100 * number + 4, anchor="", basis="explicit",
        rule="", quote=words, quote_start=100 * number, quote_end=100 * number + 90, prefix="", suffix="", title=words,
        category="Other", actors=("China",), places=(), modality="actual", kind="event", salience=0.5, confidence=0.9,
        words=frozenset(words.split()),
    )  # fmt: skip
    return replace(mention, **changes)  # type: ignore[arg-type]


def dates(events: Sequence[Event]) -> list[str]:
    return [event.date for event in events]


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


# ------------------------------------------------------------------------------------------ dates together

BOMBED = "japan bombed harbour shanghai"


@pytest.mark.parametrize(
    ("told_of", "together"),
    [
        # one event, of the most precise date that all support
        (("2001", "2001-07", "2001-07-16"), ["2001-07-16"]),
        (("1931-21", "1931-05"), ["1931-05"]),  # spring
        (("1969-33", "1969-03", "1969"), ["1969-03"]),  # a quarter
        (("1967~/1969~", "1969"), ["1969"]),
        (("1967~/1969~", "1969-03-02"), ["1969-03-02"]),
        (("1969~", "1969"), ["1969"]),  # said by one without doubt
        (("1969?", "1969-03~"), ["1969-03~"]),
        (("196X", "196X"), ["196X"]),
        (("2014/..", "2014/.."), ["2014/.."]),
        (("2013/2016", "2013/2016"), ["2013/2016"]),
        (("2019-01-28/2019-02-01", "2019"), ["2019-01-28/2019-02-01"]),
        (("2019-01-28/2019-02-01", "2019-01-30"), ["2019-01-30"]),
        # more precise together than any of them
        (("2021-06-28/2021-07-04", "2021-07"), ["2021-07-01/2021-07-04"]),  # a week
        (("1967~/1969~", "1968~/1970~"), ["1968~/1969~"]),
        (("1931-22", "1931-40"), ["1931-06"]),  # summer, first half
        (("2019-24", "2019"), ["2019-12"]),  # winter goes on in 2020
        # what agrees in no day is two events
        (("2001-07", "2001-08"), ["2001-07", "2001-08"]),
        (("1931-21", "1931-06"), ["1931-21", "1931-06"]),
        # from a day to a day is all the days between; it is not cut in two
        (("2019-01-28/2019-02-01", "2019-01"), ["2019-01", "2019-01-28/2019-02-01"]),
        (("2019-01-28/2019-02-01", "2019-01-30/2019-02-03"), ["2019-01-28/2019-02-01", "2019-01-30/2019-02-03"]),
        # what is too vast proves nothing
        (("196X", "1969"), ["196X", "1969"]),
        (("2014/..", "2014"), ["2014", "2014/.."]),
        (("2013/2016", "2014"), ["2013/2016", "2014"]),
        (("2000~/2009~", "2001"), ["2000~/2009~", "2001"]),
    ],
)  # fmt: skip
def test_the_dates_of_an_event_agree(told_of: tuple[str, ...], together: list[str]) -> None:
    mentions = [say(i, date, f"{BOMBED} {'and' * i}") for i, date in enumerate(told_of)]  # not the very same words

    assert sorted(dates(merge(mentions))) == sorted(together)


def test_one_founding_in_other_words_and_precisions() -> None:
    events = told(
        ("one", "The People's Republic of China was founded in 1949."),
        ("two", "On October 1, 1949, Mao proclaimed the People's Republic of China in Beijing."),
        ("three", "In 2019 China marked the 70th anniversary of the founding of the People's Republic of China."),
    )

    (founding,) = [event for event in events if event.date.startswith("1949")]
    assert founding.date == "1949-10-01"
    assert {mention.date for mention in founding.mentions} == {"1949", "1949-10-01"}
    assert groups([founding]) == [["one", "three", "two"]]


@pytest.mark.parametrize("vague", ["1969", "1969-03", "1967~/1969~"])
def test_a_vague_date_does_not_glue_two_happenings(vague: str) -> None:
    precise = [say(1, "1969-03-02", "guards fought island"), say(2, "1969-03-15", "guards fought island")]
    events = merge([*precise, say(3, vague, "guards fought island")])

    assert sorted(map(len, groups(events))) == [1, 2]
    assert dates(events) == ["1969-03-02", "1969-03-15"]


def test_few_words_do_not_glue_two_happenings() -> None:
    """What shares its two words with both goes to one of them."""
    mentions = [
        say(1, "1969", "soviet border guards fought chinese soldiers island ussuri"),
        say(2, "1969", "border guards arrested smugglers desert kazakhstan opium caravan"),
        say(3, "1969", "border guards"),
    ]

    assert sorted(map(len, groups(merge(mentions)))) == [1, 2]


def test_a_figure_left_out_does_not_glue_two_figures() -> None:
    told_of = ("trade russia china reached 107 billion", "trade russia china reached 100 billion")
    mentions = [say(i, "2018", words) for i, words in enumerate((*told_of, "trade russia china reached billion"))]

    assert sorted(map(len, groups(merge(mentions)))) == [1, 2]


# ------------------------------------------------------------------------------------------ kinds and modalities

BRIDGE = "governments opened bridge amur"


@pytest.mark.parametrize(
    ("one", "other", "modalities"),
    [
        ({}, {}, ["actual"]),
        ({"kind": "state"}, {"kind": "state"}, ["actual"]),
        ({"kind": "state"}, {}, ["actual", "actual"]),
        ({"kind": "statistic"}, {}, ["actual", "actual"]),
        ({"modality": "planned"}, {"modality": "planned"}, ["planned"]),
        # announced by one work, told as done by another
        ({"modality": "planned"}, {}, ["actual"]),
        # in one work the two are two tellings on purpose
        ({"modality": "planned", "work": "w"}, {"work": "w"}, ["actual", "planned"]),
    ],
)  # fmt: skip
def test_what_is_of_two_kinds_is_two_events(
    one: dict[str, object], other: dict[str, object], modalities: list[str]
) -> None:
    events = merge([say(1, "2022", BRIDGE, **one), say(2, "2022-06", BRIDGE, **other)])

    assert sorted(event.modality for event in events) == modalities


def test_a_plan_in_rather_other_words_is_another_one() -> None:
    done, said = say(1, "2022", BRIDGE), "governments bridge amur ministers name"

    assert len(merge([done, say(2, "2022", said)])) == 1
    assert len(merge([done, say(2, "2022", said, modality="planned")])) == 2


def test_the_fulfilment_speaks_for_a_plan_that_was_fulfilled() -> None:
    plan = say(1, "2022-06", BRIDGE, modality="planned", confidence=0.95)
    (event,) = merge([plan, say(2, "2022", BRIDGE, confidence=0.5, original=False)])

    assert (event.date, event.modality) == ("2022-06", "actual")
    assert [mention.modality for mention in event.mentions] == ["actual", "planned"]
    assert event.title == event.mentions[0].title


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("中国 俄罗斯 签署 睦邻 友好 合作 条约", "俄罗斯 中国 睦邻 友好 合作 条约 签订", True),
        ("中国 俄罗斯 签署 睦邻 友好 合作 条约", "中国 俄罗斯 举行 联合 军事 演习 西伯利亚", False),
        ("росси кита подписа договор добрососедств", "договор добрососедств росси кита подписа мир", True),
        ("росси кита подписа договор добрососедств", "росси кита провел учен сибир", False),
    ],
)
def test_words_are_compared_in_any_language(one: str, other: str, same: bool) -> None:
    assert len(merge([say(1, "2001", one), say(2, "2001-07-16", other)])) == (1 if same else 2)


# ------------------------------------------------------------------------------------------ disputes

SIGNED = "russia china signed treaty good neighborliness"


@pytest.mark.parametrize(
    ("one", "other", "date"),
    [
        (("2001-07-15", SIGNED), ("2001-07-16", SIGNED), "[2001-07-15,2001-07-16]"),
        (("2001-07-16", SIGNED), ("2001-07-15", f"{SIGNED} moscow"), "[2001-07-15,2001-07-16]"),
        (("2001-06", SIGNED), ("2001-07", SIGNED), "[2001-06,2001-07]"),
        (("2001-06", SIGNED), ("2001-07-16", SIGNED), "[2001-06,2001-07-16]"),
        (("2001-12-31", SIGNED), ("2002-01-01", SIGNED), "[2001-12-31,2002-01-01]"),
        (("2001-12", SIGNED), ("2002-01", SIGNED), "[2001-12,2002-01]"),
        # too far apart: rather another time
        (("2001-07-15", SIGNED), ("2001-07-19", SIGNED), ""),
        (("2001-05", SIGNED), ("2001-07", SIGNED), ""),
        (("2001", SIGNED), ("2002", SIGNED), ""),
        (("2001-07-16", SIGNED), ("2002-07-16", SIGNED), ""),
        # not clearly the same
        (("2001-07-15", SIGNED), ("2001-07-16", "russia china signed treaty kremlin banquet"), ""),
        (("2001-07-15", "russia china held talks"), ("2001-07-16", "russia china held talks"), ""),
        (("2001-07-15", f"{SIGNED} 20"), ("2001-07-16", f"{SIGNED} 25"), ""),
        (("2001-07-15", f"{SIGNED} 20"), ("2001-07-16", SIGNED), ""),
        # not clearly dated
        (("2001-07-15~", SIGNED), ("2001-07-16", SIGNED), ""),
        (("2001-07-15?", SIGNED), ("2001-07-16", SIGNED), ""),
        (("2001-07-09/2001-07-15", SIGNED), ("2001-07-16", SIGNED), ""),
    ],
)  # fmt: skip
def test_two_works_dispute_a_date(one: tuple[str, str], other: tuple[str, str], date: str) -> None:
    events = merge([say(1, *one), say(2, *other)])

    assert dates(events) == ([date] if date else sorted((one[0], other[0]), key=lambda text: parse(text).lower or 0))


@pytest.mark.parametrize(
    "changes",
    [
        {"actors": ("Mongolia",)},
        {"actors": ()},
        {"basis": "context"},  # we may have read the date wrongly
        {"basis": "arithmetic"},
        {"kind": "statistic"},
        {"modality": "planned"},  # was put off
        {"work": "work of source 1"},  # one work tells of two happenings
    ],
    ids=str,
)
def test_what_does_not_dispute_a_date(changes: dict[str, object]) -> None:
    events = merge([say(1, "2001-07-15", SIGNED), say(2, "2001-07-16", SIGNED, **changes)])

    assert dates(events) == ["2001-07-15", "2001-07-16"]


def test_what_is_told_of_three_dates_recurs() -> None:
    mentions = [say(day, f"2001-07-{day}", SIGNED) for day in (14, 15, 16)]

    assert dates(merge(mentions)) == ["2001-07-14", "2001-07-15", "2001-07-16"]


def test_what_one_work_tells_of_both_dates_is_not_disputed() -> None:
    mentions = [say(1, "2001-07-15", SIGNED), say(2, "2001-07-16", SIGNED), say(3, "2001-07-15", SIGNED, "source 2")]

    assert dates(merge(mentions)) == ["2001-07-15", "2001-07-16"]


def test_a_dispute_shows_who_says_what_and_is_doubted() -> None:
    for_one_date = [say(1, "2001-07-16", SIGNED), say(2, "2001-07", f"{SIGNED} moscow")]
    (event,) = merge([*for_one_date, say(3, "2001-07-15", SIGNED, confidence=0.95)])
    (agreed,) = merge(for_one_date)

    assert parse(event.date).choices == ("2001-07-15", "2001-07-16")
    assert {m.source_id: m.date for m in event.mentions} == {
        "source 1": "2001-07-16", "source 2": "2001-07", "source 3": "2001-07-15",
    }  # fmt: skip
    assert event.confidence < agreed.confidence


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
        dated = [parse(mention.date) for mention in event.mentions]
        assert all(date.contains(parse(event.date)) for date in dated)
        assert len({(mention.source_id, mention.quote_start) for mention in event.mentions}) == len(event.mentions)
        assert len({mention.modality for mention in event.mentions}) == 1
        assert 0 <= event.salience <= 1
        assert 0 <= event.confidence < 1


@given(st.permutations(CHRONICLES))
def test_the_order_of_the_sources_does_not_matter(shuffled: list[tuple[str, str]]) -> None:
    assert told(*shuffled) == told(*CHRONICLES)


def test_events_stand_in_the_order_of_time() -> None:
    found = [parse(event.date) for event in merge(MENTIONS)]

    assert [date.lower for date in found] == sorted(date.lower or 0 for date in found)


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


# ------------------------------------------------------------------------------------------ whatever is told

ANY_DATE = st.sampled_from(
    ["1968", "1969", "1969~", "1969?", "1969-21", "1969-24", "1969-33", "1969-40", "1969-03", "1969-03-02",
     "1969-03-03", "1969-03-15", "1969-12-31", "1970-01-01", "196X", "19XX", "1967~/1969~", "1969~/1970~", "1969/..",
     "../1969", "1969/1970", "1969-03-01/1969-03-03", "1969-03-03/1969-03-09", "[1969-03-02,1969-03-03]"]
)  # fmt: skip
ANY_WORDS = st.sets(
    st.sampled_from(
        ["guards", "fought", "island", "ussuri", "soviet", "chinese", "river", "12", "15", "договор", "条约"]
    )
)
ANY_MENTION = st.builds(
    say,
    st.integers(0, 10**6),
    ANY_DATE,
    ANY_WORDS.map(" ".join),
    st.sampled_from(["one", "two", "three", "four"]),
    actors=st.sampled_from([(), ("China",), ("Soviet Union", "China")]),
    quote_start=st.integers(0, 20),
    work=st.sampled_from(["red", "blue", "green"]),
    kind=st.sampled_from(["event", "event", "state"]),
    modality=st.sampled_from(["actual", "actual", "planned"]),
)
ANY_MENTIONS = st.lists(ANY_MENTION, max_size=25, unique_by=lambda mention: mention.mention_id)


@given(ANY_MENTIONS, st.randoms(use_true_random=False))
def test_events_do_not_depend_on_the_order(mentions: list[Mention], chance: random.Random) -> None:
    shuffled = list(mentions)
    chance.shuffle(shuffled)

    assert merge(shuffled) == merge(mentions)


@given(ANY_MENTIONS)
def test_events_are_what_their_mentions_say(mentions: list[Mention]) -> None:
    events = merge(mentions)

    assert sorted(m.mention_id for e in events for m in e.mentions) == sorted(m.mention_id for m in mentions)
    for event in events:
        date, dated = parse(event.date), [parse(mention.date) for mention in event.mentions]
        assert len({(m.source_id, m.quote_start) for m in event.mentions}) == len(event.mentions)
        assert {m.kind for m in event.mentions} == {event.kind}
        assert event.mentions[0].modality == event.modality
        if len(event.mentions) == 1:
            assert date == dated[0]
        elif date.choices and event.date not in {m.date for m in event.mentions}:
            assert len(date.choices) == 2
            assert len({m.work for m in event.mentions}) > 1
            assert all(any(said.contains(parse(one)) for one in date.choices) for said in dated)
        else:
            assert all(said.contains(date) for said in dated)
            assert all(a.overlaps(b) for a, b in combinations(dated, 2))


# ------------------------------------------------------------------------------------------ how much is compared


def collections(count: int) -> Iterator[tuple[str, list[Mention]]]:
    """Collections in which a careless merge compares everything with everything."""
    day = [iso(day_number(1900, 1, 1) + i) for i in range(count)]
    yield "the same words and date", [say(i, "1969-03-02", "guards fought island") for i in range(count)]
    yield "the same words, every day", [say(i, day[i], "guards fought island") for i in range(count)]
    yield "a word that all share", [say(i, "1969", f"guards town{i} river{i % 7}") for i in range(count)]
    yield "all words but one shared", [say(i, "1969", f"guards fought island ussuri own{i}") for i in range(count)]
    yield "all in one sentence", [say(i, day[i], "guards fought island", "one", quote_start=0) for i in range(count)]
    yield "small crowds", [say(i, "1969", f"a{i % 97} b{i % 89} c{i % 83} d{i % 79} e{i % 73}") for i in range(count)]
    yield "vague dates", [say(i, f"{1900 + i % 9}~/{1903 + i % 9}~", f"a{i % 50} b{i % 60}") for i in range(count)]


@pytest.mark.parametrize(("name", "mentions"), list(collections(1500)), ids=[name for name, _ in collections(1)])
def test_no_collection_is_compared_all_with_all(
    name: str, mentions: list[Mention], monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[int] = []

    def counted(*arguments: object) -> Iterator[tuple[int, list[int]]]:
        for one, others in candidates(*arguments):  # type: ignore[arg-type]
            compared.append(len(others))
            yield one, others

    candidates = merging.candidates
    monkeypatch.setattr(merging, "candidates", counted)
    merge(mentions)

    assert max(compared, default=0) <= 100
    assert len(compared) <= 6 * len(mentions)  # a telling is in as many blocks as it has years
