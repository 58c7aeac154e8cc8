"""Replay: what was decided is applied wherever its passage went, and each decision is told what became of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline.curate import Outcome, curate, missing
from timeline.decisions import new_decision
from timeline.merge import event_id
from timeline.model import Decision, Event, Mention, Source

TREATY = "On 14 February 1950 the two states signed a treaty of friendship."
PARADE = "In October 1949 a parade was held in the capital."
CLASH = "On 2 March 1969 border guards fought on an island in the river."
NOTE = Source(id="note", text=" ".join((PARADE, TREATY, CLASH)), work="w1", original=False)
BOOK = Source(id="book", text=f"A chronicle.\n\n{CLASH} {TREATY}", work="w2")
TOLD = {"m0000000001": (PARADE, "note"), "m0000000002": (TREATY, "note"), "m0000000003": (CLASH, "note"),
        "m0000000004": (CLASH, "book"), "m0000000005": (TREATY, "book")}  # fmt: skip
DATES = {PARADE: ("October 1949", "1949-10"), TREATY: ("14 February 1950", "1950-02-14"),
         CLASH: ("2 March 1969", "1969-03-02")}  # fmt: skip


def mention(number: int) -> Mention:
    """The numbered telling of TOLD."""
    name = f"m{number:010d}"
    quote, source_id = TOLD[name]
    source = NOTE if source_id == "note" else BOOK
    date_text, date = DATES[quote]
    start = source.text.index(quote)
    date_start = start + quote.index(date_text)
    return Mention(
        name, source_id, source.work, source.original, date, date_text, date_start, date_start + len(date_text), "",
        "explicit", "day", quote, start, start + len(quote), "", "", f"title {number}", "border", ("China",),
        (f"place {number}",), "actual", "event", 0.5, number / 10,
    )  # fmt: skip


def event(*numbers: int) -> Event:
    """An event of the numbered mentions, best first, as a build would make it."""
    mentions = tuple(map(mention, numbers))
    best = mentions[0]
    return Event(
        event_id(mentions),
        best.date,
        best.title,
        best.category,
        best.actors,
        best.places,
        "actual",
        "event",
        0.5,
        0.5,
        mentions,
    )


def decision(name: str, action: str, *numbers: int, **values: str) -> Decision:
    targets = [{"mention_id": m.mention_id, "source_id": m.source_id, "quote": m.quote, "date_text": m.date_text}
               for m in map(mention, numbers)]  # fmt: skip
    return replace(new_decision(action, targets, values, "ann", "because", "2026-01-02T03:04:05Z"), id=name)


EVENTS = [event(1), event(2, 5), event(3), event(4)]
BOTH = [NOTE, BOOK]


def outcome(*decisions: Decision) -> dict[str, Event]:
    events, outcomes = curate(EVENTS, decisions, BOTH)
    assert [(o.decision.id, o.what) for o in outcomes if o.state in ("waiting", "contradictory") or o.what] == []
    return {event.event_id: event for event in events}


def told(events: list[Event], *decisions: Decision, sources: list[Source] = BOTH) -> tuple[list[Event], list[Outcome]]:
    """The events after the decisions, and what there is to tell of these."""
    curated, outcomes = curate(events, decisions, sources)
    assert [outcome.decision for outcome in outcomes] == list(decisions)
    return curated, [outcome for outcome in outcomes if outcome.what]


def undo(name: str, undone: Decision) -> Decision:
    return replace(decision(name, "undo"), targets=undone.targets, values={"decision": undone.id})


# ------------------------------------------------------------------------------------------ replay


@pytest.mark.parametrize(
    ("decisions", "name", "status", "title"),
    [
        ([], "e0000000001", "proposed", "title 1"),
        ([decision("d1", "accept", 1)], "e0000000001", "accepted", "title 1"),
        ([decision("d1", "reject", 1)], "e0000000001", "rejected", "title 1"),
        ([decision("d1", "accept", 5)], "e0000000002", "accepted", "title 2"),  # any mention of the event will do
        ([decision("d1", "edit", 1, title="A parade")], "e0000000001", "edited", "A parade"),
        ([decision("d1", "edit", 1, title="A"), decision("d2", "accept", 1)], "e0000000001", "edited", "A"),
        ([decision("d1", "accept", 1), decision("d2", "edit", 1, title="A")], "e0000000001", "edited", "A"),
        ([decision("d1", "edit", 1, kind="state"), decision("d2", "edit", 1, title="B")], "e0000000001", "edited", "B"),
        (
            [decision("d1", "edit", 1, title="A"), decision("d2", "edit", 1, places="X")],
            "e0000000001",
            "edited",
            "A",
        ),
        ([decision("d1", "merge", 3, 4)], "e0000000003", "edited", "title 3"),
        ([decision("d1", "merge", 4, 3)], "e0000000004", "edited", "title 4"),  # the first one leads, and keeps its id
        ([decision("d1", "merge", 3, 4, title="The clash")], "e0000000003", "edited", "The clash"),
        ([decision("d1", "merge", 2, 5)], "e0000000002", "edited", "title 2"),  # the rules merged them themselves
        ([decision("d1", "split", 5)], "e0000000005", "edited", "title 5"),
        ([decision("d1", "split", 5)], "e0000000002", "proposed", "title 2"),
        ([decision("d1", "split", 2)], "e0000000005", "proposed", "title 5"),  # what only the leaver said goes
        ([decision("d1", "split", 2)], "e0000000002", "edited", "title 2"),
        ([decision("d1", "split", 1)], "e0000000001", "edited", "title 1"),  # the rules split it themselves
        ([decision("d1", "edit", 2, title="T"), decision("d2", "split", 2)], "e0000000005", "edited", "T"),
        ([decision("d1", "merge", 3, 4), decision("d2", "split", 4)], "e0000000004", "edited", "title 4"),
    ],
)
def test_a_decision_changes_its_event(decisions: list[Decision], name: str, status: str, title: str) -> None:
    found = outcome(*decisions)[name]

    assert (found.status, found.title) == (status, title)


def test_an_edited_date_changes_the_event_and_not_what_its_source_says() -> None:
    found = outcome(decision("d1", "edit", 1, date="1949-10-01", actors="China; Soviet Union"))["e0000000001"]

    assert (found.date, found.actors) == ("1949-10-01", ("China", "Soviet Union"))
    assert (found.mentions[0].date, found.mentions[0].basis) == ("1949-10", "explicit")


def test_a_merged_event_has_everything_its_parts_had() -> None:
    found = outcome(decision("d1", "merge", 4, 3))

    assert set(found) == {"e0000000001", "e0000000002", "e0000000004"}
    merged = found["e0000000004"]
    assert [m.mention_id for m in merged.mentions] == ["m0000000004", "m0000000003"]
    assert merged.places == ("place 4", "place 3")


def test_a_merged_event_shows_the_work_itself_before_a_note_on_one() -> None:
    merged = outcome(decision("d1", "merge", 3, 4))["e0000000003"]

    assert merged.title == "title 3"
    assert [m.source_id for m in merged.mentions] == ["book", "note"]


def test_a_split_leaves_no_mention_twice() -> None:
    found = outcome(decision("d1", "merge", 2, 3, 4), decision("d2", "split", 2, 4))

    assert sorted(m.mention_id for e in found.values() for m in e.mentions) == sorted(TOLD)
    assert {m.mention_id for m in found["e0000000002"].mentions} == {"m0000000002", "m0000000004"}
    assert all("m" + name[1:] in {m.mention_id for m in e.mentions} for name, e in found.items())


def test_events_keep_their_order_and_new_ones_come_last() -> None:
    found = outcome(
        decision("d1", "add", date="1991-12", title="An end"),
        decision("d2", "split", 2),
        decision("d3", "merge", 1, 3),
    )

    assert [e.title for e in found.values()] == ["title 1", "title 5", "title 4", "An end", "title 2"]


def test_an_added_event_stands_on_its_quote() -> None:
    quote = CLASH.replace("on an", "on\n an")  # white space may differ
    found = outcome(decision("d1", "add", date="1969-03-02", title="Shots", source_id="book", quote=quote))
    added = next(e for e in found.values() if e.status == "added")
    only = added.mentions[0]

    assert BOOK.text[only.quote_start : only.quote_end] == only.quote == CLASH
    assert (only.date_text, only.date_start, only.date_end) == ("", only.quote_start, only.quote_end)
    assert (only.basis, only.work) == ("curated", "w2")
    assert added.confidence == only.confidence == 0.95
    assert added.event_id == event_id(added.mentions)


def test_an_added_event_without_a_source_can_be_decided_on_like_any_other() -> None:
    add = decision("d1", "add", date="1991-12", title="An end")
    name = next(e for e in outcome(add).values() if e.status == "added").event_id
    target = {"mention_id": "m" + name[1:], "source_id": "", "quote": "", "date_text": ""}
    edit = new_decision("edit", [target], {"title": "The end"}, "ann", "shorter")
    rejection = new_decision("reject", [target], {}, "ann", "no source")

    assert (outcome(add, edit)[name].title, outcome(add, edit)[name].status) == ("The end", "added")
    assert outcome(add, rejection)[name].status == "rejected"
    assert outcome(add, replace(decision("d2", "merge", 1, 2), targets=(*decision("", "accept", 1).targets, target)))


def test_an_added_quote_that_changed_waits_and_names_the_nearest_words() -> None:
    quote = "guards fought on an island of the river"
    (_, (waiting,)) = told(EVENTS, decision("d1", "add", date="1969", title="Shots", source_id="book", quote=quote))

    assert str(waiting) == (
        "decision d1: this add waits: its quote is not in book any more; closest (93 % alike): “guards fought on an "
        "island in the river.”; if it tells the same: `timeline decide add --instead d1 --set 'quote=guards fought on "
        "an island in the river.'`"
    )


def test_an_added_quote_like_which_nothing_is_left_waits() -> None:
    add = decision("d1", "add", date="1969", title="Shots", source_id="book", quote="Nobody said so.")
    (_, (waiting,)) = told(EVENTS, add)

    assert (waiting.state, "nothing like it is left" in waiting.hint) == ("waiting", True)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (decision("d1", "accept", 1), decision("d2", "reject", 1)),
        (decision("d1", "reject", 1), decision("d2", "accept", 1)),
        (decision("d1", "reject", 1), decision("d2", "edit", 1, title="T")),
        (decision("d1", "edit", 1, title="S"), decision("d2", "edit", 1, title="T")),
        (decision("d1", "edit", 1, title="S", date="1949"), decision("d2", "edit", 1, title="T", date="1949")),
        (decision("d1", "edit", 1, places="A; B"), decision("d2", "edit", 1, places="A")),
    ],
)
def test_two_decisions_that_differ_are_contradictory_and_the_later_counts(first: Decision, second: Decision) -> None:
    events, (found,) = told(EVENTS, first, second)

    assert (found.decision.id, found.state) == ("d2", "contradictory")
    assert "contradicts d1, " in found.what
    assert found.hint == (
        "to settle it: `timeline decide undo d1 --why REASON` or `timeline decide undo d2 --why REASON`"
    )
    assert events == curate(EVENTS, [second], BOTH)[0]
    assert not told(EVENTS, first, second, undo("d3", first))[1][1:]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (decision("d1", "accept", 1), decision("d2", "accept", 1)),
        (decision("d1", "accept", 1), decision("d2", "edit", 1, title="T")),
        (decision("d1", "edit", 1, title="T"), decision("d2", "edit", 1, places="A")),
        (decision("d1", "edit", 1, places="A;B"), decision("d2", "edit", 1, places="A; B")),
        (decision("d1", "edit", 1, title="T"), decision("d2", "edit", 2, title="S")),
    ],
)
def test_two_decisions_that_agree_are_applied(first: Decision, second: Decision) -> None:
    assert outcome(first, second)


# ------------------------------------------------------------------------------------------ undo


REJECTION = decision("d1", "reject", 1)
UNDO = undo("d2", REJECTION)
REDO = undo("d3", UNDO)


@pytest.mark.parametrize(
    ("log", "status", "states"),
    [
        ([REJECTION, UNDO], "proposed", "undone applied"),
        ([REJECTION, UNDO, REDO], "rejected", "applied undone applied"),
        ([REJECTION, UNDO, REDO, undo("d4", REDO)], "proposed", "undone applied undone applied"),
        ([REJECTION, UNDO, undo("d4", REJECTION)], "proposed", "undone applied applied"),
        ([REJECTION, UNDO, decision("d5", "accept", 1)], "accepted", "undone applied applied"),
        ([UNDO, REJECTION], "rejected", "waiting applied"),  # an undo cannot know what comes after it
    ],
)
def test_an_undo_takes_back_one_decision_and_can_be_taken_back(log: list[Decision], status: str, states: str) -> None:
    events, outcomes = curate(EVENTS, log, BOTH)

    assert events[0].status == status
    assert [outcome.state for outcome in outcomes] == states.split()


@pytest.mark.parametrize(
    "undone",
    [
        decision("d1", "merge", 3, 4, title="M"),
        decision("d1", "split", 5),
        decision("d1", "add", date="1991", title="An end"),
        decision("d1", "edit", 2, title="T"),
    ],
)
def test_what_is_undone_leaves_no_trace(undone: Decision) -> None:
    assert curate(EVENTS, [undone, undo("d2", undone)], BOTH)[0] == EVENTS


def test_what_was_decided_on_an_addition_waits_when_that_is_undone() -> None:
    add = decision("d1", "add", date="1991", title="An end")
    name = next(e for e in outcome(add).values() if e.status == "added").event_id
    target = {"mention_id": "m" + name[1:], "source_id": "", "quote": "", "date_text": ""}
    edit = replace(decision("d2", "edit", title="The end"), targets=(target,))
    _, (_, waiting) = told(EVENTS, add, edit, undo("d3", add))

    assert str(waiting) == (
        "decision d2: this edit waits: the event that decision d1 added is not there; see what became of that decision"
    )


def test_an_event_taken_back_from_the_rejected_is_what_it_was() -> None:
    log = [decision("d1", "edit", 1, title="A"), decision("d2", "reject", 1), decision("d3", "accept", 1)]

    assert curate(EVENTS, log, BOTH)[0][0].status == "edited"


# ------------------------------------------------------------------------- sources that changed since


def rebuilt(old: Mention, **changes: str) -> list[Event]:
    """The events with one mention as another build would find it."""
    new = replace(old, mention_id="mffffffffff", **changes)  # type: ignore[arg-type]
    return [
        replace(e, mentions=tuple(new if m.mention_id == old.mention_id else m for m in e.mentions)) for e in EVENTS
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"source_id": "renamed"},
        {"quote": PARADE.replace(" ", "\n")},  # wrapped anew
        {"date_text": "1949"},  # a rule reads fewer words as the date
        {"date_text": "In October of 1949"},  # or more
        {"date": "1949", "title": "Another title"},  # or finds another title and date
        {"source_id": "renamed", "date_text": "1949"},
        {"quote": "1949 a parade was held in the capital."},  # the sentence is the same, its part is cut otherwise
    ],
)
def test_a_decision_follows_its_passage(changes: dict[str, str]) -> None:
    sources = [replace(NOTE, id=changes.get("source_id", "note")), BOOK]
    events, problems = told(rebuilt(mention(1), **changes), decision("d1", "reject", 1), sources=sources)

    assert problems == []
    assert [e.status for e in events] == ["rejected", "proposed", "proposed", "proposed"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"quote": "In October 1949, a parade was held in the capital."},
            "its passage is not in note any more; closest (99 % alike): e0000000001 “In October 1949, a parade was "
            "held in the capital.” in note; if it tells the same: `timeline decide reject e0000000001 --instead d17`",
        ),
        ({"quote": "In October 1949 a parade was held in teh capital."}, "closest (98 % alike)"),
        ({"quote": "In October 1949 a parade was held."}, "closest (82 % alike)"),
        (
            {"date_text": "that autumn"},
            "closest (the same words, but dated by “that autumn” and not by “October 1949”): e0000000001 “In October",
        ),
        (
            {"quote": "All was quiet.", "date_text": ""},
            "nothing like it is left: add the event with `timeline decide add`, or take the",
        ),
        (
            {"quote": "In October 1949, a parade was held in the capital.", "source_id": "renamed"},
            "its source note is not among the sources of this run; closest (99 % alike)",
        ),
    ],
)
def test_a_decision_on_a_changed_passage_waits_and_names_the_closest(changes: dict[str, str], message: str) -> None:
    sources = [replace(NOTE, id=changes.get("source_id", "note"), text="Other."), BOOK]
    events, (waiting,) = told(rebuilt(mention(1), **changes), decision("d17", "reject", 1), sources=sources)

    assert (events[0].status, waiting.state) == ("proposed", "waiting")
    assert message in str(waiting)


def test_a_decision_whose_date_became_two_waits() -> None:
    one = replace(mention(1), mention_id="mfffffffff1", date_text="October")
    two = replace(mention(1), mention_id="mfffffffff2", date_text="1949")
    events = [replace(EVENTS[0], mentions=(one,)), replace(EVENTS[0], event_id="efffffffff2", mentions=(two,))]
    curated, (waiting,) = told(events, decision("d1", "reject", 1))

    assert {e.status for e in curated} == {"proposed"}
    assert "closest (the same words)" in waiting.hint


def test_a_decision_does_not_move_to_the_other_date_of_its_sentence() -> None:
    events, (waiting,) = told(rebuilt(mention(1), date_text="1950"), decision("d1", "reject", 1))

    assert (events[0].status, waiting.state) == ("proposed", "waiting")
    assert "its passage is in note still, but no event in it is dated by “October 1949”; closest (the same" in str(
        waiting
    )


def test_of_two_sources_with_the_sentence_its_own_comes_first() -> None:
    copy = replace(mention(4), mention_id="m0000000000", quote=CLASH)
    events = [replace(EVENTS[3], event_id="e0000000000", mentions=(copy,)), *rebuilt(mention(3))]
    curated, problems = told(events, decision("d1", "reject", 3))

    assert problems == []
    assert [e.mentions[0].mention_id for e in curated if e.status == "rejected"] == ["mffffffffff"]


def test_of_an_event_of_two_mentions_one_may_change() -> None:
    events = rebuilt(mention(5), quote=TREATY.replace("friendship", "friendhsip"))
    curated, problems = told(events, decision("d1", "edit", 2, 5, title="T"))

    assert (curated[1].title, problems) == ("T", [])


@pytest.mark.parametrize(
    ("action", "command"),
    [
        ("merge", "timeline decide merge e0000000003 e0000000001 --instead d1"),
        ("split", "timeline decide split m0000000003 mffffffffff --instead d1"),
    ],
)
def test_the_command_that_helps_names_all_that_it_needs(action: str, command: str) -> None:
    events = rebuilt(mention(1), quote="In October 1949, a parade was held in the capital.")
    _, (found,) = told(events, decision("d1", action, 3, 1), sources=[replace(NOTE, text="Other."), BOOK])

    assert f"`{command}`" in found.hint


@pytest.mark.parametrize("action", ["accept", "edit", "merge", "split"])
def test_a_decision_on_a_source_that_is_not_here_waits_quietly(action: str) -> None:
    values = {"title": "T"} if action == "edit" else {}
    events, (waiting,) = told(EVENTS[:1], decision("d1", action, 4, 5, **values), sources=[NOTE])

    assert events == EVENTS[:1]
    assert str(waiting) == (f"decision d1: this {action} waits: its source book is not among the sources of this run")
    assert not waiting.problem.is_error


def test_a_merge_waits_for_its_other_half() -> None:
    events, (waiting,) = told(EVENTS[:2], decision("d1", "merge", 2, 4), sources=[NOTE])

    assert (events, waiting.state) == (EVENTS[:2], "waiting")
    assert "of its 2 passages 1 cannot be found: its source book is not among the sources" in waiting.what


def test_an_edit_of_an_event_that_came_apart_says_so() -> None:
    events, (found,) = told(EVENTS, decision("d1", "edit", 3, 4, title="T"))

    assert [e.title for e in events] == ["title 1", "title 2", "T", "title 4"]
    assert (found.state, "e0000000004" in found.what) == ("applied", True)


def rows(*numbers: int) -> list[dict[str, str]]:
    """The numbered mentions as mentions.csv has them."""
    found = []
    for each in EVENTS:
        for m in each.mentions:
            if int(m.mention_id[1:]) in numbers:
                found.append({
                    "mention_id": m.mention_id, "event_id": each.event_id, "source_id": m.source_id, "quote": m.quote,
                    "date_text": m.date_text, "quote_start": str(m.quote_start), "quote_end": str(m.quote_end),
                })  # fmt: skip
    return found


def test_missing_names_the_decisions_that_no_mention_carries() -> None:
    add = decision("d4", "add", date="1991", title="An end")
    of_added = {"mention_id": "m" + outcome(add).popitem()[0][1:], "source_id": "", "quote": "", "date_text": ""}
    log = [
        decision("d1", "accept", 1), decision("d2", "reject", 3), decision("d3", "reject", 2, 3), add,
        new_decision("accept", [of_added], {}, "ann", ""), decision("d6", "reject", 4),
    ]  # fmt: skip
    log.append(undo("d7", log[-1]))
    there = {outcome(add).popitem()[0]}

    found = [(p.where, p.is_error) for p in missing(log, rows(1, 2), there, {})]

    assert found == [("decision d2", True), ("decision d3", False)]


def test_missing_proposes_what_a_build_would() -> None:
    (row,) = rows(1)
    changed = row | {"mention_id": "mffffffffff", "quote": "In October 1949, a parade was held in the capital."}

    (problem,) = missing([decision("d1", "reject", 1)], [changed], {"e0000000001"}, {})

    assert str(problem) == (
        "decision d1: reject: its passage is not in mentions.csv; closest (99 % alike): e0000000001 “In October 1949, "
        "a parade was held in the capital.” in note; if it tells the same: `timeline decide reject e0000000001 "
        "--instead d1`"
    )


def test_missing_names_an_addition_that_is_not_in_the_tables() -> None:
    add = decision("d1", "add", date="1991", title="An end")
    name = outcome(add).popitem()[0]
    target = {"mention_id": "m" + name[1:], "source_id": "", "quote": "", "date_text": ""}
    merge = new_decision("merge", [target, target], {}, "ann", "the same")

    (problem,) = missing([add], [], set(), {})
    assert str(problem) == (
        "decision d1: add: its event is not in events.csv; `timeline build` adds it, or says why it cannot"
    )
    assert problem.is_error
    assert not missing([add], [], {name}, {})
    assert not missing([add, merge], [], set(), {})
    assert not missing([add, undo("d2", add)], [], set(), {})


@st.composite
def logs(draw: st.DrawFn) -> list[Decision]:
    """Any sequence of well-formed decisions on the five mentions."""
    log = []
    for number in range(draw(st.integers(0, 8))):
        action = draw(st.sampled_from(["accept", "reject", "edit", "merge", "split", "add", "undo"]))
        if action == "undo":
            log.append(undo(f"d{number}", draw(st.sampled_from([*log, REJECTION]))))
            continue
        size = {"merge": 2, "add": 0}.get(action, 1)
        numbers = draw(st.lists(st.integers(1, 5), min_size=size, max_size=0 if action == "add" else 3, unique=True))
        values = {"edit": {"title": f"t{number}"}, "add": {"date": "1950", "title": f"t{number}"}}.get(action, {})
        log.append(decision(f"d{number}", action, *numbers, **values))
    return log


@given(logs(), st.sets(st.integers(0, 3)))
@settings(max_examples=300, deadline=None)
def test_replay_is_a_function_that_keeps_every_mention(log: list[Decision], absent: set[int]) -> None:
    events = [e for number, e in enumerate(EVENTS) if number not in absent]
    first, again = curate(events, log, BOTH), curate(events, log, BOTH)

    assert first == again
    kept = [m.mention_id for e in first[0] for m in e.mentions]
    assert sorted(kept) == sorted(m.mention_id for e in events for m in e.mentions)
    assert len({e.event_id for e in first[0]}) == len(first[0])
    assert len(first[1]) == len(log)
