"""From a sentence to what happened when: ranges, plans and pledges, and what tells of no event."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from timeline.edtf import parse
from timeline.find import find
from timeline.lexicon import load as load_lexicon
from timeline.model import BASES, Mention, Source
from timeline.project import find_project
from timeline.read import read_sources
from timeline.resolve import resolve
from timeline.rules import load
from timeline.segment import sentences
from timeline.tag import tag
from timeline.title import TITLE_LENGTH, content_words

ROOT = Path(__file__).parent.parent
RULES = load("en")
LEXICON, _ = load_lexicon()


def mentions_of(source: Source) -> list[Mention]:
    spans = sentences(source.text, RULES)
    timexes = resolve(list(tag(source.text, RULES)), source.text, RULES, source.published, spans)
    return find(source, spans, timexes, RULES, LEXICON)


def read(text: str, on: str = "") -> list[Mention]:
    return mentions_of(Source("note", text, published=on, work="work"))


# ------------------------------------------------------------------------------------------ dates of a sentence


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        # a range
        ("Between 2013 and 2016 they built a pipeline.", ["2013/2016"]),
        ("From 1914 to 1918 the armies fought in the east.", ["1914/1918"]),
        ("The armies fought in the east from 1914 to 1918.", ["1914/1918"]),
        ("The armies fought in the east from 1914 until 1918.", ["1914/1918"]),
        ("The armies fought in the east from 1914 through 1918.", ["1914/1918"]),
        ("The armies fought in the east in 1914-1918.", ["1914/1918"]),
        ("The armies fought in the east in 1914–1918.", ["1914/1918"]),
        ("The armies fought in the east in 1914–18.", ["1914/1918"]),
        ("From the 1950s to the 1970s the border was quiet.", ["195X/197X"]),
        ("From the early 1950s until the late 1970s the border was quiet.", ["1950~/1979~"]),
        ("Between May 1940 and June 1941 they were at peace.", ["1940-05/1941-06"]),
        ("Between 3 May 1972 and 5 June 1972 they talked.", ["1972-05-03/1972-06-05"]),
        ("They talked from 3-5 May 1972 in the capital.", ["1972-05-03/1972-05-05"]),
        ("They talked from May 12 to 14, 2021, in the capital.", ["2021-05-12/2021-05-14"]),
        ("From 1914-18 the armies fought in the east.", ["1914/1918"]),
        # two dates that touch
        ("In 2013 and 2014 trade was small.", ["2013/2014"]),
        ("In the 1950s and 1960s the border was quiet.", ["195X/196X"]),
        # two dates that are two
        ("In 2013 and 2016 they held elections.", ["2013", "2016"]),
        ("In 1950 they signed a treaty, and in 1960 they broke it.", ["1950", "1960"]),
        ("In 1969, 1972 and 1989 the leaders met in the capital.", ["1969", "1972", "1989"]),
        ("The treaty of 1950 ended in 1979.", ["1950", "1979"]),
        ("From 1918 to 1914 the road was shut.", ["1918/..", "1914"]),  # the end before the beginning is no range
        # one end is open
        ("Since 2014 the ruble has lost half its value.", ["2014/.."]),
        ("The ruble has lost half its value since 2014.", ["2014/.."]),
        ("The ruble has lost value since about 2014.", ["2014~/.."]),
        ("Since the 1990s relations have grown worse.", ["199X/.."]),
        ("Since May 2014 relations have grown worse.", ["2014-05/.."]),
        ("After 2014 the services saw no threat.", ["2014/.."]),
        ("Until 2018 that cooperation was sporadic.", ["../2018"]),
        ("That cooperation was sporadic till 2018.", ["../2018"]),
        ("Until the late 1970s the border was quiet.", ["../1979~"]),
        # "until" goes on from the date said before it
        ("Work began in 1882 and lasted until 1898.", ["1882", "1882/1898"]),
        ("She joined in 1931 and worked there until May 1940.", ["1931", "1931/1940-05"]),
        ("The pact of 1938 was to last until 1926.", ["1938", "../1926"]),
        # "until 2018, when X" dates X
        ("Until 2018, when the United States imposed sanctions, they worked together.", ["2018"]),
        ("They worked together until 2018 when the United States imposed sanctions.", ["2018"]),
        # neither
        ("In 2014 the ruble lost half its value.", ["2014"]),
        ("In 2018, since the mayor came, they left.", ["2018"]),
        ("They signed on 31 June 1916 in Bern.", ["1916-06"]),
        ("Caesar was killed in Rome on 15 March 44 BC.", ["-0043-03-15"]),
    ],
)
def test_dates_that_belong_together_become_a_range(text: str, dates: list[str]) -> None:
    assert [mention.date for mention in read(text)] == dates


@pytest.mark.parametrize(
    ("text", "on", "date", "date_text", "title", "basis"),
    [
        ("In 1972 President Nixon went to China.", "", "1972", "1972", "President Nixon went to China", "explicit"),
        ("Trade rose by 27% last year.", "2019-02-01", "2018", "last year", "Trade rose by 27%", "publication"),
        ("In January the bank sold gold.", "2019-02-01", "2019-01", "January", "The bank sold gold", "publication"),
        (
            "Until 2018, when the United States imposed sanctions on the firm, they worked together.",
            "", "2018", "2018", "The United States imposed sanctions on the firm", "explicit",
        ),
        (
            "In 1950 they signed a treaty, and in 1960 they broke it.",
            "", "1960", "1960", "They broke it", "explicit",
        ),
        (
            "This year they mark the 20th anniversary of the Pact of Merrin.",
            "2021-06-15", "2001", "the 20th anniversary", "The Pact of Merrin", "arithmetic",
        ),
        (
            "The founding of the republic, whose 70th anniversary on October 1 is near, was a turn.",
            "2019-09/2019-10", "1949-10-01", "70th anniversary on October 1", "The founding of the republic",
            "arithmetic",
        ),
        (
            "Between 2013 and 2016 they built a pipeline.",
            "", "2013/2016", "2013 and 2016", "They built a pipeline", "explicit",
        ),
        ("1969: clashes on the Ussuri", "", "1969", "1969", "Clashes on the Ussuri", "explicit"),
        ("- 1969: clashes on the Ussuri", "", "1969", "1969", "Clashes on the Ussuri", "explicit"),
        ("- Clashes on the Ussuri in 1969", "", "1969", "1969", "Clashes on the Ussuri", "explicit"),
        ("The ministers signed the treaty today in Moscow.", "2019-02-01", "2019-02-01", "today",
         "The ministers signed the treaty in Moscow", "publication"),
        ("In 1916 he rose. Two years later Ito fell.", "", "1918", "Two years later", "Ito fell", "context"),
    ],
)  # fmt: skip
def test_a_sentence_tells_what_happened_when(
    text: str, on: str, date: str, date_text: str, title: str, basis: str
) -> None:
    told = [(m.date, m.date_text, m.basis) for m in read(text, on)]

    assert (date, date_text, basis) in told
    mention = next(m for m in read(text, on) if (m.date, m.date_text) == (date, date_text))
    assert mention.title.startswith(title)
    assert text[mention.quote_start : mention.quote_end] == mention.quote
    assert text[mention.date_start : mention.date_end] == date_text


# ------------------------------------------------------------------------------------------ plans and pledges


@pytest.mark.parametrize(
    ("text", "on", "told"),
    [
        # a promise for a time to come is two happenings: what is promised, and that it was
        (
            "Russia and China pledged to double trade by 2024.",
            "2019",
            [("2024", "planned", "explicit"), ("2019~", "actual", "publication")],
        ),
        (
            "Russia and China pledged to double trade by 2024.",
            "2019-09-18",
            [("2024", "planned", "explicit"), ("2019-09-18~", "actual", "publication")],
        ),
        (
            "At the meeting they promised that they would double trade by 2024.",
            "2019-09/2019-10",
            [("2024", "planned", "explicit"), ("2019-09~/2019-10~", "actual", "publication")],
        ),
        (
            "Both governments gave a pledge to double trade to $200 billion by 2024.",
            "2019-09/2019-10",
            [("2024", "planned", "explicit"), ("2019-09~/2019-10~", "actual", "publication")],
        ),
        # afterwards it is no plan any more
        ("Russia and China pledged to double trade by 2024.", "2025-01-01", [("2024", "actual", "explicit")]),
        # without a publication date nothing says what lies ahead
        ("Russia and China pledged to double trade by 2024.", "", [("2024", "actual", "explicit")]),
        # a plan without a promise
        ("They will open a bridge in 2022.", "2019-09-18", [("2022", "planned", "explicit")]),
        ("The bridge opens in 2022.", "2019-09-18", [("2022", "planned", "explicit")]),
        ("They will meet next year.", "2019-09-18", [("2020", "planned", "publication")]),
        ("The pipeline may open as soon as this year.", "2019-02-01", [("2019", "planned", "publication")]),
        ("A summit is planned for Beijing in February.", "2021-12-17", [("2022-02", "planned", "publication")]),
        # what has happened
        ("They opened a bridge in 2018.", "2019-09-18", [("2018", "actual", "explicit")]),
        ("They opened a bridge this year.", "2019-09-18", [("2019", "actual", "publication")]),
        ("In 2018 they pledged to keep the peace.", "2019-09-18", [("2018", "actual", "explicit")]),
        ("Since 2014 trade has grown.", "2019-09-18", [("2014/..", "actual", "explicit")]),
    ],
)
def test_what_lies_ahead_is_planned_and_a_pledge_is_an_event(
    text: str, on: str, told: list[tuple[str, str, str]]
) -> None:
    assert [(m.date, m.modality, m.basis) for m in read(text, on)] == told


def test_a_pledge_is_less_sure_than_its_aim_and_rests_on_the_same_sentence() -> None:
    aim, pledge = read("Russia and China pledged to double trade by 2024.", "2019-09-18")

    assert pledge.quote == aim.quote
    assert (pledge.date_text, pledge.rule, pledge.anchor) == ("", "announced", "2019-09-18")
    assert pledge.date_start == pledge.date_end == pledge.quote_start
    assert pledge.confidence < aim.confidence
    assert pledge.mention_id != aim.mention_id


# ------------------------------------------------------------------------------------------ news

FERRY = "A ferry sank in the bay on Tuesday."


@pytest.mark.parametrize(
    ("more", "on", "dates"),
    [
        ("The captain was arrested.", "2016-03-09", ["2016-03-08", "2016-03-08"]),
        # a time of day alone stands for the day told before
        ("It left the harbour at 6 p.m. with 40 people.", "2016-03-09", ["2016-03-08", "2016-03-08"]),
        # what was built long ago did not happen on Tuesday
        ("The ferry was built in 1987.", "2016-03-09", ["2016-03-08", "1987"]),
        ("The company had warned of storms.", "2016-03-09", ["2016-03-08"]),
        ("The company runs six ferries.", "2016-03-09", ["2016-03-08"]),
        # in what is no news, a new paragraph is a new scene
        ("The captain was arrested.", "", []),
    ],
)
def test_in_news_paragraphs_go_on_from_the_day_that_it_reports(more: str, on: str, dates: list[str]) -> None:
    assert [mention.date for mention in read(f"{FERRY}\n\n{more}", on)] == dates


# ------------------------------------------------------------------------------------------ no event


@pytest.mark.parametrize(
    "text",
    [
        # captions, credits, bylines
        "The two leaders in Brasilia, in a November 12, 2019 file photo.",
        "Photo: the leaders in Brasilia on November 12, 2019.",
        "Credit: A. Photographer, 12 November 2019",
        "By Jane Roe, 12 November 2019",
        "By Jane Roe",
        "12 November 2019",
        "Published: 12 November 2019",
        "Updated 12 November 2019",
        # headings and short lines without a stop
        "# The war of 1914",
        "## 1969",
        "The war of 1914",
        "Russia and China after 2014",
        # a page’s frame
        "33 (31%) in 2019",
        "Share this article from 2019",
        "© 2019 The Publisher. All rights reserved.",
        "Copyright 2019. All rights reserved.",
        "Read more about the war of 1914 »",
        "Related articles: the war of 1914",
        "Leave a reply until 2019",
        "Tags: 1914, war",
        # no date
        "They talked for three days and met every year.",
        "He is a 70-year-old man.",
        "It grew by 14.7% to $107 billion.",
        "He may come and we may go.",
        # what might be
        "If Ostra joined the pact in 2022, it would be its tenth member.",
        "Should Ostra join the pact in 2022, it would be its tenth member.",
        "Suppose they had won in 1969.",
        "Imagine a war in 2030.",
        # a weekday that may be any
        "On a wet Thursday they queued for hours.",
        # a vague present
        "China today is a giant among the trading nations of the world.",
        "Few people live in these provinces today.",
        "They are now closer than ever.",
        # a date that only compares
        "Ties are better than at any point since the 1950s, he said.",
        "Ties are better than at any time since the 1950s, he said.",
        "It was larger than in 1913, he said.",
        "The custom goes back to 1721.",
    ],
)
def test_furniture_hypotheses_and_comparisons_tell_nothing(text: str) -> None:
    assert read(text, "2019-02-01") == []
    assert read(f"They met in the capital.\n\n{text}\n\nThey parted as friends.", "2019-02-01") == []


# ------------------------------------------------------------------------------------------ clauses and words


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("They signed it in 1950, and in 1960 they broke it again.", ["They signed it", "They broke it again"]),
        (  # a date behind a conjunction opens its clause
            "Prices reached a peak in 2020, while in 2013 and 2014, the level was low.",
            ["Prices reached a peak", "The level was low"],
        ),
        (  # one in commas closes it
            "The king chose the old port for his first visit, in 2013, though he disliked ships.",
            ["The king chose the old port for his first visit"],
        ),
        (
            "Trade with them shrank in 2009; it grew fast in 2010.",
            ["Trade with them shrank", "Trade with them grew fast"],
        ),
        (
            "Trade with them shrank in 2009, while it grew a lot in 2010.",
            ["Trade with them shrank", "Trade with them grew a lot"],
        ),
        ("However, in 1989 the border was opened.", ["The border was opened"]),
        ("According to the paper, the border was opened in 1989.", ["The border was opened"]),
        ("In 1956, the president asked about the economy.", ["The president asked about the economy"]),
        ("As recently as 1991 China had a smaller economy.", ["China had a smaller economy"]),
    ],
)  # fmt: skip
def test_a_title_tells_the_clause_of_its_date(text: str, titles: list[str]) -> None:
    assert [mention.title for mention in read(text)] == titles


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Trade rose to $107 billion in 2018", {"trade", "rose", "107", "billion", "2018"}),
        ("The founding of the state", {"found", "state"}),
        ("the and of in", set()),
        ("", set()),
    ],
)
def test_content_words_leave_out_function_words(text: str, words: set[str]) -> None:
    assert content_words(text, RULES) == words


# ------------------------------------------------------------------------------------------ ids

FIRST = "In 1950 they signed a treaty, and in 1960 they broke it."
SECOND = "In 1969 guards fought on the river."


def ids(text: str) -> list[str]:
    return [mention.mention_id for mention in read(text, "2019-02-01")]


def test_two_dates_in_one_sentence_are_two_mentions() -> None:
    assert len(set(ids(FIRST))) == 2


@pytest.mark.parametrize(
    "text",
    [
        f"{FIRST}\n\n{SECOND}",
        f"A paragraph before it.\n\n{FIRST} More follows.",
        f"In 1914 the war began. {FIRST}",
        f"# A heading\n\nIn May 1914 the war began.\n\n{FIRST}\n\n{SECOND} {SECOND}",
        f"   {FIRST}   ",
    ],
)
def test_an_id_survives_an_edit_elsewhere(text: str) -> None:
    assert set(ids(FIRST)) <= set(ids(text))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("In 1950 the brothers opened a mill and their cousin built a bakery.", 2),  # one date, two happenings
        ("The council met when the river burst its banks in 1952.", 2),
        ("On 4 June 1931 the dam burst. The water rose fast. The water rose fast.", 3),  # carried on
        ("Russia and China pledged to double trade by 2024.", 2),  # a pledge and its aim
        ("In 1995, 2001 and 2013 the council met.", 3),
    ],
)
def test_every_row_of_a_text_has_its_own_id(text: str, count: int) -> None:
    assert len(ids(text)) == len(set(ids(text))) == count


def test_the_same_sentence_twice_is_two_mentions() -> None:
    assert len(set(ids(f"{SECOND}\n\n{SECOND}"))) == 2
    assert ids(SECOND)[0] in ids(f"{SECOND}\n\n{SECOND}")


def test_another_source_or_other_words_have_other_ids() -> None:
    assert ids(SECOND) != ids(SECOND.replace("fought", "shot"))
    other = mentions_of(Source("other", SECOND, published="2019-02-01", work="work"))
    assert [mention.mention_id for mention in other] != ids(SECOND)


def test_an_id_is_m_and_ten_hexadecimal_digits() -> None:
    assert all(re.fullmatch("m[0-9a-f]{10}", mention_id) for mention_id in ids(FIRST))


# ------------------------------------------------------------------------------------------ the project's own texts

PROJECT, _ = find_project(ROOT)
SEEDS, _ = read_sources(PROJECT.sources, PROJECT)
ARTICLES = sorted((ROOT.parent / "shared" / "seeds").glob("*.txt"))
SOURCES = [*SEEDS, *(read_sources(ARTICLES, PROJECT)[0] if ARTICLES else [])]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_a_mention_says_nothing_that_its_source_does_not(source: Source) -> None:
    mentions = mentions_of(source)

    assert len(mentions) > 5
    assert len({mention.mention_id for mention in mentions}) == len(mentions)
    for mention in mentions:
        assert source.text[mention.quote_start : mention.quote_end] == mention.quote
        assert source.text[mention.date_start : mention.date_end] == mention.date_text
        assert mention.quote_start <= mention.date_start <= mention.date_end <= mention.quote_end
        assert source.text[: mention.quote_start].endswith(mention.prefix)
        assert source.text[mention.quote_end :].startswith(mention.suffix)
        assert mention.basis in BASES
        assert mention.modality in ("actual", "planned")
        assert 0 <= mention.salience <= 1
        assert 0 < mention.confidence <= 1
        parse(mention.date)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_a_title_is_short_and_made_of_words_of_the_text_or_names_of_the_lexicon(source: Source) -> None:
    known = set(re.findall(r"\w+", source.text.lower()))
    for mention in mentions_of(source):
        title = mention.title
        names = set(re.findall(r"\w+", " ".join(LEXICON.actors(source.text, None)).lower()))
        assert 0 < len(title) <= TITLE_LENGTH, title
        assert title == " ".join(title.split())
        assert title[0] == title[0].upper()
        assert set(re.findall(r"\w+", title.lower())) <= known | names, title
