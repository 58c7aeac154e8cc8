"""Newer decisions over tables: what is shown at once is what the next build writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_curate import BOOK, EVENTS, NOTE, decision, undo

from timeline.build import era_of
from timeline.curate import curate
from timeline.decisions import about
from timeline.model import Decision, Era, Event
from timeline.overlay import overlay
from timeline.table import (
    Timeline,
    eras_frame,
    event_rows,
    events_frame,
    events_of,
    frame_rows,
    mention_rows,
    mentions_frame,
    place_sources,
    sources_frame,
)

TOLD = [replace(e, mentions=tuple(replace(m, original=True) for m in e.mentions)) for e in EVENTS]
BOTH = [replace(NOTE, original=True), BOOK]
ERAS = [Era("early", "Early years", "1940/1959"), Era("cold", "Cold years", "1960/1999")]


def built(log: Sequence[Decision], base: Path, events: Sequence[Event] = TOLD) -> Timeline:
    """The tables as a build with these decisions writes them."""
    events = [replace(each, era=each.era or era_of(each.date, ERAS)) for each in curate(events, log, BOTH)[0]]
    sources, copies = place_sources(BOTH, base, base)
    for name, text in copies.items():
        (base / name).parent.mkdir(exist_ok=True)
        (base / name).write_text(text, newline="")
    return Timeline(
        "", base, events_frame(events), mentions_frame(events), sources_frame(sources), eras_frame(ERAS), base
    )


def same(one: Timeline, other: Timeline, apart_from: Sequence[str] = ()) -> None:
    for name in ("events", "mentions"):
        rows = [frame_rows(name, getattr(each, name)) for each in (one, other)]
        for row in (*rows[0], *rows[1]):
            for column in apart_from:
                row.pop(column, None)
        assert rows[0] == rows[1]


ADDED = decision("d7", "add", date="1949-10-01", title="The capital", source_id="note", quote="held in the capital")
MERGED = decision("d3", "merge", 3, 4)
BROUGHT = about(ADDED)


def on_added(name: str, action: str, **values: str) -> Decision:
    """A decision on the event that ADDED added."""
    return replace(decision(name, action, **values), targets=BROUGHT)


def merged_with_added(name: str) -> Decision:
    merged = decision(name, "merge", 1)
    return replace(merged, targets=(*merged.targets, *BROUGHT))


CASES = {
    "accept": ([], [decision("d1", "accept", 1)]),
    "accept by a second mention": ([], [decision("d1", "accept", 5)]),
    "reject": ([], [decision("d1", "reject", 1)]),
    "accept what was rejected": ([decision("d1", "reject", 1)], [decision("d2", "accept", 1)]),
    "accept what was edited, then rejected": (
        [decision("d1", "edit", 1, title="A"), decision("d2", "reject", 1)],
        [decision("d3", "accept", 1)],
    ),
    "accept what was added, then rejected": (
        [ADDED, on_added("d8", "reject")],
        [on_added("d9", "accept")],
    ),
    "edit": ([], [decision("d1", "edit", 1, title="A parade", actors="China; USSR", places="", category="show")]),
    "edit the date, and with it the era": ([], [decision("d1", "edit", 1, date="1967~/1969~")]),
    "edit the date to nothing before": ([], [decision("d1", "edit", 4, date="../1916")]),
    "edit the era": ([], [decision("d1", "edit", 1, era="cold"), decision("d2", "edit", 1, title="B")]),
    "an era that was set stays": ([decision("d1", "edit", 1, era="cold")], [decision("d2", "edit", 1, date="1950")]),
    "an era that was set leaves": ([decision("d1", "edit", 1, era="cold")], [decision("d2", "edit", 1, era="")]),
    "merge": ([], [MERGED]),
    "merge three": ([], [decision("d3", "merge", 2, 3, 1, title="All")]),
    "reject what was merged": ([], [MERGED, decision("d4", "reject", 4)]),
    "merge into what was merged": ([MERGED], [decision("d4", "merge", 1, 3)]),
    "split": ([], [decision("d5", "split", 5)]),
    "split off again what was merged": ([MERGED], [decision("d5", "split", 4)]),
    "split the first": ([], [decision("d5", "split", 2, title="The first")]),
    "add": ([], [ADDED]),
    "add without a quote": ([], [decision("d7", "add", date="1917", title="A revolt", actors="A; B")]),
    "add, and an edit of it": ([], [ADDED, on_added("d8", "edit", title="More")]),
    "add, and merge it": ([], [ADDED, merged_with_added("d8")]),
    "undo what is newer": ([], [decision("d1", "reject", 1), undo("d2", decision("d1", "reject", 1))]),
    "undo and redo what is newer": (
        [],
        [decision("d1", "reject", 1), undo("d2", decision("d1", "reject", 1)),
         undo("d3", undo("d2", decision("d1", "reject", 1)))],
    ),
    "undo an undo that is newer too, of what is in the tables": (
        [decision("d1", "reject", 1)],
        [undo("d2", decision("d1", "reject", 1)), undo("d3", undo("d2", decision("d1", "reject", 1)))],
    ),
    "undo an accept that is in the tables": (
        [decision("d1", "accept", 1)], [undo("d2", decision("d1", "accept", 1)), decision("d3", "accept", 3)],
    ),
    "undo a reject that is in the tables": ([decision("d1", "reject", 1)], [undo("d2", decision("d1", "reject", 1))]),
    "undo an accept after an edit": (
        [decision("d1", "edit", 1, title="A"), decision("d2", "accept", 1)], [undo("d3", decision("d2", "accept", 1))],
    ),
    "undo a reject after an accept, an edit and a reject": (
        [decision("d1", "accept", 1), decision("d2", "edit", 1, title="A"), decision("d3", "reject", 1)],
        [undo("d4", decision("d3", "reject", 1))],
    ),
    "undo an accept before a reject, and accept": (
        [decision("d1", "accept", 1), decision("d2", "reject", 1)],
        [undo("d3", decision("d1", "accept", 1)), decision("d4", "edit", 1, title="B")],
    ),
    "undo the first of two verdicts": (
        [decision("d1", "reject", 1), decision("d2", "accept", 1)], [undo("d3", decision("d1", "reject", 1))],
    ),
    "undo a reject of what was merged": (
        [MERGED, decision("d4", "reject", 4)], [undo("d5", decision("d4", "reject", 4))],
    ),
    "undo a reject of what was added": ([ADDED, on_added("d8", "reject")], [undo("d9", on_added("d8", "reject"))]),
    "undo an undo that is in the tables": (
        [decision("d1", "reject", 1), undo("d2", decision("d1", "reject", 1))],
        [undo("d3", undo("d2", decision("d1", "reject", 1)))],
    ),
    "a passage that has another id by now": (
        [],
        [replace(d, targets=tuple({**t, "mention_id": "mgone"} for t in d.targets))
         for d in [decision("d1", "accept", 3)]],
    ),
}  # fmt: skip
PER_MENTION = ("category", "actors", "places", "salience")  # what the tables do not say of a mention


@pytest.mark.parametrize("case", CASES)
def test_what_is_shown_at_once_is_what_the_next_build_writes(case: str, tmp_path: Path) -> None:
    old, new = CASES[case]
    decided = old[-1].id if old else ""

    found = overlay(built(old, tmp_path), [*old, *new], decided)

    assert found.late == ()
    assert [each for each in found.outcomes if each.state == "waiting"] == []
    same(found.data, built([*old, *new], tmp_path), PER_MENTION if "split" in case else ())


def test_which_text_is_the_work_itself_the_tables_do_not_say(tmp_path: Path) -> None:
    """So what was merged may begin with the sentence of a note, until the next build puts that of the work first."""
    at_once = overlay(built([], tmp_path, EVENTS), [MERGED]).data
    later = built([MERGED], tmp_path, EVENTS)

    assert at_once.events["source_id"].tolist() == ["note", "note", "note"]
    assert later.events["source_id"].tolist() == ["note", "note", "book"]
    same(replace(at_once, mentions=later.mentions), later, ("source_id", "quote_start", "quote_end"))


def test_nothing_newer_leaves_the_tables_alone(tmp_path: Path) -> None:
    data = built([MERGED], tmp_path)

    assert overlay(data, [MERGED], "d3").data is data


def test_undoing_an_edit_that_is_in_the_tables_waits_for_the_next_build(tmp_path: Path) -> None:
    edited = decision("d1", "edit", 1, title="A parade")
    data = built([edited], tmp_path)

    found = overlay(data, [edited, undo("d2", edited), decision("d3", "accept", 3)], "d1")

    assert found.late == (edited,)
    assert found.data.events.set_index("event_id")["status"].to_dict() == {
        "e0000000001": "edited", "e0000000002": "proposed", "e0000000003": "accepted", "e0000000004": "proposed",
    }  # fmt: skip


def test_a_decision_whose_passage_is_gone_is_told(tmp_path: Path) -> None:
    stray = decision("d1", "accept", 3)
    stray = replace(stray, targets=({**stray.targets[0], "mention_id": "m9", "quote": "Gone with the wind."},))

    found = overlay(built([], tmp_path), [stray])

    assert [each.state for each in found.outcomes] == ["waiting"]
    same(found.data, built([], tmp_path))


def test_columns_of_ones_own_are_kept(tmp_path: Path) -> None:
    data = built([], tmp_path)
    data = replace(data, events=data.events.assign(mine="x"))

    events = overlay(data, [decision("d1", "accept", 1)]).data.events

    assert events.set_index("event_id")["mine"].to_dict() == {
        "e0000000001": "", "e0000000002": "x", "e0000000003": "x", "e0000000004": "x",
    }  # fmt: skip
    assert (events.dtypes == data.events.dtypes).all()


def test_what_was_added_already_is_not_added_again(tmp_path: Path) -> None:
    """The log may not name the last decision in the tables any more: then all of them are replayed."""
    data = built([ADDED, MERGED], tmp_path)

    same(overlay(data, [ADDED, MERGED], "gone").data, data)


@pytest.mark.parametrize(
    ("quote", "locator"),
    [
        ("Shots were fired", "p. 2"),  # within a sentence that has its place
        ("second page", "p. 2"),  # between two of one page
        ("nowhere told", ""),  # between two of different pages
        ("at the end", ""),  # after all
    ],
)
def test_what_is_added_has_the_place_that_its_neighbours_tell(tmp_path: Path, quote: str, locator: str) -> None:
    text = (
        "A treaty in 1950. It is nowhere told. Shots were fired in 1969. A second page goes on. 1970. It is at the end."
    )
    data = place_book(
        text, {"A treaty in 1950.": "p. 1", "Shots were fired in 1969.": "p. 2", "1970.": "p. 2"}, tmp_path
    )
    added = decision("d7", "add", date="1969", title="Shots", source_id="book", quote=quote)

    mentions = overlay(data, [added]).data.mentions.set_index("quote")

    assert mentions.loc[quote, "locator"] == locator


def test_what_is_added_to_a_plain_text_has_its_paragraph(tmp_path: Path) -> None:
    data = place_book(
        "In 1950.\n\nA line.\n\nThe end, 1970.", {"In 1950.": "par. 1", "The end, 1970.": "par. 3"}, tmp_path
    )
    added = decision("d7", "add", date="1969", title="A line", source_id="book", quote="A line")

    assert overlay(data, [added]).data.mentions.set_index("quote").loc["A line", "locator"] == "par. 2"


def place_book(text: str, told: dict[str, str], base: Path) -> Timeline:
    """The tables of one book in which some sentences tell an event each, at some places."""
    events = []
    for (quote, locator), event in zip(told.items(), TOLD, strict=False):
        start = text.index(quote)
        only = replace(event.mentions[0], source_id="book", quote=quote, quote_start=start,
                       quote_end=start + len(quote), locator=locator)  # fmt: skip
        events.append(replace(event, mentions=(only,)))
    (base / "book.txt").write_text(text, newline="")
    sources = [replace(BOOK, text=text, file="book.txt")]
    return Timeline(
        "", base, events_frame(events), mentions_frame(events), sources_frame(sources), eras_frame(ERAS), base
    )


# ------------------------------------------------------------------------------------------ rows to events

_words = st.text(st.characters(codec="utf-8", exclude_characters=";\0"), min_size=1, max_size=8)
_names = st.lists(_words, max_size=3).map(tuple)
_share = st.integers(0, 100).map(lambda hundredths: hundredths / 100)
_date = st.sampled_from(["", "1949-10-01", "195X", "-0043", "../1916", "1967~/1969~", "[1950,1951]", "2021-35"])


@st.composite
def some_events(draw: Callable[..., object]) -> list[Event]:
    found = []
    for number in range(draw(st.integers(0, 4))):  # type: ignore[call-overload]
        told = draw(st.lists(st.sampled_from(EVENTS).flatmap(lambda e: st.sampled_from(e.mentions)), max_size=4))
        mentions = tuple(
            replace(m, mention_id=f"m{number}{place}", work=draw(st.sampled_from(["w1", "w2"])), date=draw(_date),
                    title=draw(_words), confidence=draw(_share), anchor=draw(_date))
            for place, m in enumerate(told)  # type: ignore[var-annotated, arg-type]
        )  # fmt: skip
        found.append(
            Event(f"e{number}", draw(_date), draw(_words), draw(_words), draw(_names), draw(_names), "actual", "event",
                  draw(_share), draw(st.just(float("nan")) | _share), mentions,
                  draw(st.sampled_from(["added", "edited"])), draw(_words))  # type: ignore[arg-type]
        )  # fmt: skip
    return found


@given(some_events())
def test_rows_become_the_events_that_they_were_made_of(events: list[Event]) -> None:
    again = events_of(event_rows(events), mention_rows(events))

    assert mention_rows(again) == mention_rows(events)
    of_works = [row | {"n_sources": ""} for row in event_rows(again)]
    assert of_works == [row | {"n_sources": ""} for row in event_rows(events)]
    for event, row, made in zip(sorted(events, key=lambda e: e.event_id), *(
        sorted(event_rows(each), key=lambda r: r["event_id"]) for each in (events, again)), strict=True):  # fmt: skip
        if len({m.work for m in event.mentions}) <= len({m.source_id for m in event.mentions}):
            assert made["n_sources"] == row["n_sources"]


def test_a_note_and_the_work_it_is_about_stay_one(tmp_path: Path) -> None:
    data = built([], tmp_path)
    one_work = data.sources.assign(title="The same", author="A. Author")
    merged = overlay(replace(data, sources=one_work), [MERGED]).data.events.set_index("event_id")

    assert merged.loc["e0000000003", ["n_sources", "n_mentions"]].tolist() == [1, 2]
    assert NOTE.work != BOOK.work
