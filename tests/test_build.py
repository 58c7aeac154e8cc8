"""The whole chain: sources in, events out, the same bytes everywhere; and what this project has to know by itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.build import Build, build, era_of, timexes
from timeline.cli import main
from timeline.decisions import TARGET_KEYS, new_decision
from timeline.edtf import parse
from timeline.model import Era, Event, Source
from timeline.project import find_project
from timeline.read import read_sources
from timeline.table import event_rows, source_rows

Doc = Callable[..., Source]

ROOT = Path(__file__).parent.parent
PROJECT, _ = find_project(ROOT)
ARTICLES = sorted((ROOT.parent / "shared" / "seeds").glob("*.txt"))
TABLES = ("events.csv", "mentions.csv", "sources.csv", "eras.csv", "datapackage.json")


def read(paths: Iterable[Path]) -> list[Source]:
    sources, problems = read_sources(list(paths), PROJECT)
    assert problems == []
    return sources


NOTES = build(read(PROJECT.sources))

# ------------------------------------------------------------------------------------------ the committed tables


def copy_project(folder: Path, name: str) -> Path:
    """The project without its tables, in another place."""
    copy = folder / name
    shutil.copytree(ROOT / "seeds", copy / "seeds")
    (copy / "data").mkdir()
    for file in (ROOT / "data").iterdir():
        if file.name not in TABLES or file.name == "eras.csv":  # the eras are curated
            shutil.copy(file, copy / "data" / file.name)
    shutil.copy(ROOT / "pyproject.toml", copy / "pyproject.toml")
    return copy


def test_the_committed_tables_are_those_that_a_build_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = copy_project(tmp_path, "copy")
    monkeypatch.chdir(copy)

    code = main(["build"])

    assert (code, capsys.readouterr().err) == (0, "")
    for table in TABLES:
        assert (copy / "data" / table).read_bytes() == (ROOT / "data" / table).read_bytes(), table


def test_a_build_does_not_depend_on_where_it_runs_or_what_was_built_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = copy_project(tmp_path, "one"), copy_project(tmp_path, "an other place, ünïcode")
    (one / "data" / "events.csv").write_text("rubbish")
    monkeypatch.chdir(one)
    assert main(["build"]) == 0
    assert main(["build"]) == 0
    monkeypatch.chdir(tmp_path)
    assert main(["build", "--project", str(other)]) == 0

    for table in TABLES:
        assert (one / "data" / table).read_bytes() == (other / "data" / table).read_bytes(), table


# ------------------------------------------------------------------------------------------ what has to be found

KNOWN = [
    # date, words of the sentence
    ("1949-10-01", ("70th anniversary", "October 1")),
    ("1969", ("T-62", "1969")),
    ("2001", ("Treaty of Good-Neighborliness", "2001")),
    ("2008", ("border", "settled", "2008")),
    ("2014", ("Western sanctions", "2014", "Ukraine")),
    ("2018", ("$100 billion", "first time", "2018")),
    ("2019-09~/2019-10~", ("pledge", "$200 billion", "2024")),
    ("2024", ("pledge", "$200 billion", "2024")),
    ("2019", ("2019", "pandemic")),
]


def telling(built: Build, date: str, words: Iterable[str]) -> list[Event]:
    """The events of a date that have a mention with these words, whose quote is where it says."""
    texts = {source.id: source.text for source in built.sources}
    events = []
    for event in built.events:
        for mention in event.mentions:
            assert texts[mention.source_id][mention.quote_start : mention.quote_end] == mention.quote
        if event.date == date and any(all(word in m.quote for word in words) for m in event.mentions):
            events.append(event)
    return events


@pytest.mark.parametrize(("date", "words"), KNOWN)
def test_the_rules_alone_find_what_the_project_is_about(date: str, words: tuple[str, ...]) -> None:
    events = telling(NOTES, date, words)

    assert events
    assert {event.status for event in events} == {"proposed"}
    assert {event.modality for event in events} == {"planned" if date == "2024" else "actual"}


def test_the_founding_is_told_by_the_year_and_by_its_anniversary() -> None:
    (event,) = telling(NOTES, "1949-10-01", ["70th anniversary of its founding"])

    assert {(m.date, m.basis) for m in event.mentions} == {("1949-10-01", "arithmetic"), ("1949", "explicit")}


def test_the_pledge_is_dated_by_the_source_that_reports_it() -> None:
    (event,) = telling(NOTES, "2019-09~/2019-10~", ["pledged"])

    assert event.mentions[0].basis == "publication"
    assert event.mentions[0].anchor == "2019-09/2019-10"
    assert parse(event.date).approximate


def hundred_billion_in(built: Build, year: str) -> list[str]:
    """The events of a year that claim the first $100 billion."""
    events = [event for event in built.events if parse(year).contains(parse(event.date)) and "~" not in event.date]
    return [event.title for event in events for mention in event.mentions if "$100 billion" in mention.quote]


def test_the_first_hundred_billion_is_not_of_the_year_of_the_report() -> None:
    assert hundred_billion_in(NOTES, "2019") == []
    assert len(hundred_billion_in(NOTES, "2018")) == 1


def test_every_note_tells_something_and_nothing_is_left_unsaid() -> None:
    told = {mention.source_id for event in NOTES.events for mention in event.mentions}

    assert told == {source.id for source in NOTES.sources}
    assert [str(problem) for problem in NOTES.problems if problem.is_error] == []


if ARTICLES:  # the articles are at hand only where they may lie
    READ = build(read(ARTICLES))
    BOTH = build(read([*PROJECT.sources, *ARTICLES]))

    @pytest.mark.parametrize(("date", "words"), KNOWN)
    def test_the_articles_tell_it_too(date: str, words: tuple[str, ...]) -> None:
        assert telling(READ, date, words)

    @pytest.mark.parametrize(("date", "words"), KNOWN)
    def test_notes_and_articles_together_tell_it_too(date: str, words: tuple[str, ...]) -> None:
        assert telling(BOTH, date, words)

    def test_the_articles_do_not_date_the_hundred_billion_by_their_own_year() -> None:
        assert hundred_billion_in(READ, "2019") == []
        assert hundred_billion_in(BOTH, "2019") == []

    @pytest.mark.parametrize("built", [READ, BOTH], ids=["articles", "notes and articles"])
    def test_two_figures_are_two_happenings(built: Build) -> None:
        for event in built.events:
            quotes = " ".join(mention.quote for mention in event.mentions)
            assert not ("$107 billion" in quotes and "$100 billion" in quotes), event.title

    @pytest.mark.parametrize("article", [s for s in BOTH.sources if s.original], ids=lambda source: source.id)
    def test_a_note_and_its_article_count_as_one_source(article: Source) -> None:
        pair = [source for source in BOTH.sources if source.work == article.work]
        built = build(pair)
        rows = event_rows(built.events)

        assert [source.original for source in pair] == [True, False]
        assert {row["n_sources"] for row in rows} == {"1"}
        assert any(len({mention.source_id for mention in event.mentions}) == 2 for event in built.events)
        for event in built.events:
            if {mention.source_id for mention in event.mentions} == {source.id for source in pair}:
                assert event.mentions[0].source_id == article.id  # its sentence is the one shown


# ------------------------------------------------------------------------------------------ the chain

CLASH = "On 2 March 1969 Soviet and Chinese border guards fought on an island in the Ussuri."
TREATY = "In February 1950 China and the Soviet Union signed a treaty of friendship in Moscow."


def test_nothing_makes_nothing(doc: Doc) -> None:
    assert build([]) == Build((), (), (), {})
    assert build([doc("")]).events == ()
    assert build([doc("A text without any date.")]).events == ()


@given(st.permutations([("a", CLASH), ("b", TREATY), ("c", f"{CLASH}\n\n{TREATY}"), ("d", "")]))
def test_the_order_of_the_sources_does_not_matter(doc: Doc, texts: list[tuple[str, str]]) -> None:
    forwards = build([doc(text, id=name) for name, text in sorted(texts)])

    assert build([doc(text, id=name) for name, text in texts]) == forwards


def test_a_language_without_rules_is_a_problem_and_hides_no_other_source(doc: Doc) -> None:
    klingon = replace(doc(CLASH, id="a"), language="tlh")
    built = build([klingon, doc(TREATY, id="b")])

    assert next(str(problem) for problem in built.problems).startswith("a: no rules for language 'tlh'")
    assert [event.date for event in built.events] == ["1950-02"]
    assert [source.id for source in built.sources] == ["a", "b"]


def test_a_source_that_states_its_date_is_read_against_it(doc: Doc) -> None:
    built = build([doc("17 December 2021\n\nTrade between the two states shrank last year.")])

    assert [event.date for event in built.events] == ["2020"]
    (row,) = source_rows(built.sources)
    assert (row["published"], row["published_basis"]) == ("2021-12-17", "stated")


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("Last year the pier was closed.", "2013-12-23"),
        ("The pier was closed in May 2012 and will open again in 2015.", "2013-12-23"),
        ("The pier was closed in May 2012. In 2018 a storm destroyed it.", ""),  # the file began as a copy
        ("The line was opened on 4 June 1987. Last year it was closed.", "2013-12-23"),
    ],
)
def test_the_day_a_file_was_made_counts_unless_the_text_belies_it(doc: Doc, text: str, published: str) -> None:
    built = build([replace(doc(text), made="2013-12-23")])
    assert built.sources[0].published == published
    assert all(event.modality == "actual" or event.date == "2015" for event in built.events)


def test_what_could_not_be_dated_is_listed(doc: Doc) -> None:
    built = build([doc("First line.\nTrade shrank last year.\nThey signed on 31 June 1916.")])

    assert [(problem.where, problem.is_error) for problem in built.problems] == [("note:2", False), ("note:3", False)]
    assert "“last year”" in str(built.problems[0])
    assert "1916-06-31" in str(built.problems[1])


def test_a_source_full_of_what_could_not_be_dated_is_not_listed_at_length(doc: Doc) -> None:
    built = build([doc("Trade shrank last year.\n" * 500)])

    assert len(built.problems) < 20
    assert "more expressions" in str(built.problems[-1])


@pytest.mark.parametrize(
    ("action", "values", "is_settled"),
    [
        ("edit", {"date": "1969-04-03"}, True),
        ("edit", {"title": "The owners open the mill"}, False),
        ("accept", {}, True),
        ("reject", {}, True),
        ("add", {"date": "1969-04-03", "title": "Opened", "quote": "The owners opened the mill on 03/04/1969."}, False),
    ],
)
def test_what_people_settled_is_listed_no_more(doc: Doc, action: str, values: dict[str, str], is_settled: bool) -> None:
    source = doc("The owners opened the mill on 03/04/1969. The clerk counted the sacks on 05/06/1971.")
    first = build([source]).events[0]
    targets = [{key: getattr(first.mentions[0], key) for key in TARGET_KEYS}] if action != "add" else []
    if "quote" in values:
        values = values | {"source_id": source.id}

    decision = new_decision(action, targets, values, "ann", "so it was")
    built = build([source], decisions=[decision])

    listed = [problem.what.split(":")[0] for problem in built.problems]
    assert built.decisions[0].state == "applied"
    assert listed == (["“05/06/1971”"] if is_settled else ["“03/04/1969”", "“05/06/1971”"])


def test_what_has_no_date_at_all_is_listed_until_an_event_is_added(doc: Doc) -> None:
    text = "They met in Kiel. On 31 June the delegates signed the treaty."
    source = doc(text)
    assert [problem.what for problem in build([source]).problems] != []

    values = {"date": "1916-07-01", "title": "Signed", "source_id": source.id, "quote": text[18:]}
    assert build([source], decisions=[new_decision("add", [], values, "ann", "so it was")]).problems == ()


def test_the_expressions_of_a_source_are_timex3_only(doc: Doc) -> None:
    found = timexes(doc("Its 70th anniversary on October 1 comes; they talked for three days.", "2019-09-20"))

    assert [(timex.text, timex.type) for timex in found] == [("October 1", "DATE"), ("three days", "DURATION")]


ERAS = (Era("first", "First", "../1949"), Era("second", "Second", "1950/1969"), Era("third", "Third", "1991/.."))


@pytest.mark.parametrize(
    ("date", "era"),
    [
        ("-0043", "first"),
        ("1949-10-01", "first"),
        ("1949/1951", "second"),  # where most of it lies
        ("1950", "second"),
        ("196X", "second"),
        ("1969-12-31", "second"),
        ("1970", ""),  # between two
        ("2014/..", "third"),
        ("../1960", "second"),  # where it ends, its beginning being open
        ("", ""),
    ],
)
def test_an_event_lies_in_the_era_that_holds_most_of_it(date: str, era: str) -> None:
    assert era_of(date, ERAS) == era


def test_events_have_their_eras(doc: Doc) -> None:
    built = build([doc(f"{CLASH} {TREATY}")], eras=ERAS)

    assert [(event.date, event.era) for event in built.events] == [("1950-02", "second"), ("1969-03-02", "second")]
