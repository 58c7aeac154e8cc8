"""Decisions: what is on disk stays there, and what was decided is replayed wherever its passage went."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline.curate import append, curate, decide, missing, new_decision, read_decisions
from timeline.merge import event_id
from timeline.model import Decision, Event, Mention, Source, TimelineError

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
        (f"place {number}",), "actual", 0.5, number / 10,
    )  # fmt: skip


def event(*numbers: int) -> Event:
    """An event of the numbered mentions, best first, as a build would make it."""
    mentions = tuple(map(mention, numbers))
    best = mentions[0]
    return Event(
        event_id(mentions), best.date, best.title, best.category, best.actors, best.places, "actual", 0.5, 0.5, mentions
    )


def decision(name: str, action: str, *numbers: int, **values: str) -> Decision:
    targets = [{"mention_id": m.mention_id, "source_id": m.source_id, "quote": m.quote, "date_text": m.date_text}
               for m in map(mention, numbers)]  # fmt: skip
    return replace(new_decision(action, targets, values, "ann", "because", "2026-01-02T03:04:05Z"), id=name)


EVENTS = [event(1), event(2, 5), event(3), event(4)]
BOTH = [NOTE, BOOK]


def outcome(*decisions: Decision) -> dict[str, Event]:
    events, problems = curate(EVENTS, decisions, BOTH)
    assert not problems
    return {event.event_id: event for event in events}


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
        ([decision("d1", "edit", 1, title="A"), decision("d2", "edit", 1, title="B")], "e0000000001", "edited", "B"),
        (
            [decision("d1", "edit", 1, title="A"), decision("d2", "edit", 1, places="X")],
            "e0000000001",
            "edited",
            "A",
        ),
        ([decision("d1", "merge", 3, 4)], "e0000000003", "edited", "title 3"),
        ([decision("d1", "merge", 4, 3)], "e0000000003", "edited", "title 4"),  # the first one leads
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

    assert set(found) == {"e0000000001", "e0000000002", "e0000000003"}
    merged = found["e0000000003"]
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
    assert all(name == event_id(e.mentions) for name, e in found.items())


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


def test_an_added_quote_that_no_source_has_is_an_error() -> None:
    add = decision("d1", "add", date="1969", title="Shots", source_id="book", quote="Border guards fought in 1969.")
    events, problems = curate(EVENTS, [add], BOTH)

    assert len(events) == len(EVENTS)
    assert [p.is_error for p in problems] == [True]
    assert "decision d1: the quote of the added event is not in book" in str(problems[0])


@pytest.mark.parametrize(("first", "second"), [("accept", "reject"), ("reject", "accept")])
def test_of_two_contrary_verdicts_the_later_wins_and_both_are_named(first: str, second: str) -> None:
    events, problems = curate(EVENTS, [decision("d1", first, 1), decision("d2", second, 1)], BOTH)

    assert events[0].status == f"{second}ed"
    assert [(p.where, "d1" in p.what, p.is_error) for p in problems] == [("decision d2", True, False)]


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


def test_a_decision_follows_its_passage_into_a_renamed_source() -> None:
    events, problems = curate(
        rebuilt(mention(1), source_id="renamed"),
        [decision("d1", "accept", 1)],
        [replace(NOTE, id="renamed"), NOTE, BOOK],
    )

    assert not problems
    assert events[0].status == "accepted"


def test_a_decision_follows_its_quote_when_the_date_is_read_differently() -> None:
    events, problems = curate(rebuilt(mention(1), date_text="1949"), [decision("d1", "reject", 1)], BOTH)

    assert not problems
    assert events[0].status == "rejected"


def test_a_decision_on_an_edited_passage_waits_and_names_the_closest() -> None:
    events = rebuilt(mention(1), quote="In October 1949 a big parade was held in the capital.")
    curated, problems = curate(events, [decision("d17", "reject", 1)], BOTH)

    assert curated[0].status == "proposed"
    assert str(problems[0]) == (
        "decision d17: no longer applies: its passage is not in the sources; closest: “In October 1949 a big parade "
        "was held in the capital.” in note; if it tells the same, decide again on that event"
    )
    assert not problems[0].is_error


@pytest.mark.parametrize("action", ["accept", "edit", "merge", "split"])
def test_a_decision_on_a_source_that_is_not_here_waits_quietly(action: str) -> None:
    values = {"title": "T"} if action == "edit" else {}
    events, problems = curate(EVENTS[:1], [decision("d1", action, 4, 5, **values)], [NOTE])

    assert events == EVENTS[:1]
    assert [str(p) for p in problems] == [
        "decision d1: no longer applies: its source book is not among the sources of this run"
    ]


def test_a_merge_waits_for_its_other_half() -> None:
    events, problems = curate(EVENTS[:3], [decision("d1", "merge", 3, 4)], [NOTE])

    assert events == EVENTS[:3]
    assert "applies to 1 of its 2 passages only" in problems[0].what


def test_an_edit_of_an_event_that_came_apart_says_so() -> None:
    events, problems = curate(EVENTS, [decision("d1", "edit", 3, 4, title="T")], BOTH)

    assert [e.title for e in events] == ["title 1", "title 2", "T", "title 4"]
    assert "e0000000004" in problems[0].what


def test_missing_names_the_decisions_that_no_mention_carries() -> None:
    rows = [{"mention_id": m.mention_id, "source_id": m.source_id, "quote": m.quote, "date_text": m.date_text}
            for m in map(mention, (1, 2))]  # fmt: skip
    add = decision("d4", "add", date="1991", title="An end")
    of_added = {"mention_id": "m" + outcome(add).popitem()[0][1:], "source_id": "", "quote": "", "date_text": ""}
    log = [
        decision("d1", "accept", 1), decision("d2", "reject", 3), decision("d3", "reject", 2, 3), add,
        new_decision("accept", [of_added], {}, "ann", ""),
    ]  # fmt: skip

    there = {outcome(add).popitem()[0]}
    found = [(p.where, p.is_error) for p in missing(log, rows, there)]
    assert found == [("decision d2", True), ("decision d3", False)]


def test_missing_names_an_addition_that_is_not_in_the_tables() -> None:
    add = decision("d1", "add", date="1991", title="An end")
    name = outcome(add).popitem()[0]
    target = {"mention_id": "m" + name[1:], "source_id": "", "quote": "", "date_text": ""}
    merge = new_decision("merge", [target, target], {}, "ann", "the same")

    (problem,) = missing([add], [], set())
    assert str(problem) == (
        "decision d1: add: its event is not in events.csv; `timeline build` adds it, or says why it cannot"
    )
    assert problem.is_error
    assert not missing([add], [], {name})
    assert not missing([add, merge], [], set())


@st.composite
def logs(draw: st.DrawFn) -> list[Decision]:
    """Any sequence of well-formed decisions on the five mentions."""
    log = []
    for number in range(draw(st.integers(0, 8))):
        action = draw(st.sampled_from(["accept", "reject", "edit", "merge", "split", "add"]))
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
    assert all(not e.mentions or e.event_id == event_id(e.mentions) for e in first[0])


# --------------------------------------------------------------------------------------------- the log


def test_the_log_reads_back_what_was_appended(tmp_path: Path) -> None:
    path = tmp_path / "data" / "decisions.jsonl"
    log = [decision("d1", "accept", 1), decision("d2", "edit", 2, title="Ærø – 条约 \u2028 \U0001f600", date="1950")]
    for each in log:
        append(path, each)

    assert read_decisions(path) == (log, [])
    line = path.read_text("utf-8").split("\n")[1]
    assert list(json.loads(line)) == ["id", "action", "targets", "values", "by", "on", "why"]
    assert "条约" in line


def test_a_missing_log_holds_no_decisions(tmp_path: Path) -> None:
    assert read_decisions(tmp_path / "decisions.jsonl") == ([], [])


GOOD = ('{"id":"d1","action":"accept","targets":[{"mention_id":"m1","source_id":"s","quote":"q","date_text":"1950"}],'
        '"values":{},"by":"ann","on":"2026-01-01T00:00:00Z","why":""}')  # fmt: skip


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{not json", "not a line of JSON"),
        ("[1]", "a decision is a JSON object"),
        ("[" * 100_000, "not a line of JSON"),
        (GOOD.replace('"id":"d1",', ""), "'id' is missing"),
        (GOOD.replace('"d1"', '""'), "'id' is empty"),
        (GOOD.replace('"accept"', '"approve"'), "unknown action 'approve'"),
        (GOOD.replace('"accept"', '"merge"'), "merge has too few targets"),
        (GOOD.replace("{},", "[],"), "'values' is not"),
        (GOOD.replace('"q"', "7"), "'targets' is not"),
        (GOOD.replace('"accept"', '"edit"'), "edit without values"),
        (GOOD.replace('"accept"', '"edit"').replace("{}", '{"date":"1950-13"}'), "'1950-13'"),
        (GOOD.replace('"accept"', '"edit"').replace("{}", '{"colour":"red"}'), "'colour' is not a column"),
        (GOOD.replace('"accept"', '"edit"').replace("{}", '{"modality":"maybe"}'), "modality 'maybe'"),
        (GOOD.replace('"accept"', '"add"').replace("{}", '{"date":"1950"}'), "needs a title"),
        (GOOD.replace('"why":""', '"why":"other"'), "a second decision has the id d1"),
    ],
)
def test_a_bad_line_is_a_problem_and_the_others_are_kept(tmp_path: Path, line: str, what: str) -> None:
    path = tmp_path / "decisions.jsonl"
    path.write_text(f"{GOOD}\n{line}\n\n{GOOD.replace('d1', 'd9')}\n", "utf-8")
    decisions, problems = read_decisions(path)

    assert [d.id for d in decisions] == ["d1", "d9"]
    assert [p.where for p in problems] == ["decisions.jsonl:2"]
    assert what in problems[0].what
    assert problems[0].hint


def test_bytes_that_are_no_text_are_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode() + b"\r\n\xff\xfe\n")

    assert [len(part) for part in read_decisions(path)] == [1, 1]


def test_a_line_twice_is_one_decision(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    path.write_text(f"{GOOD}\n{GOOD}\n", "utf-8")

    assert [len(part) for part in read_decisions(path)] == [1, 0]


def test_a_torn_last_line_is_reported_and_the_next_decision_stands_on_its_own(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    path.write_text(f"{GOOD}\n{GOOD[:40]}", "utf-8")
    decisions, problems = read_decisions(path)
    assert [d.id for d in decisions] == ["d1"]
    assert "cut off" in problems[0].what

    append(path, decision("d2", "reject", 2))
    decisions, problems = read_decisions(path)
    assert [d.id for d in decisions] == ["d1", "d2"]
    assert [p.where for p in problems] == ["decisions.jsonl:2"]


def test_a_last_line_without_a_line_end_counts_and_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    path.write_text(GOOD, "utf-8")
    append(path, decision("d2", "accept", 1))

    assert [d.id for d in read_decisions(path)[0]] == ["d1", "d2"]
    assert not read_decisions(path)[1]


APPENDER = """
import sys
from pathlib import Path
from timeline.curate import append, new_decision
for number in range(int(sys.argv[2])):
    decision = new_decision("accept", [{"mention_id": "m1", "quote": "q" * (number % 50) * 100}], {}, sys.argv[3], "")
    append(Path(sys.argv[1]), decision)
    print(decision.id, flush=True)
"""


def appender(path: Path, count: int, by: str) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", APPENDER, str(path), str(count), by]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def test_two_programs_can_decide_at_once(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    running = [appender(path, 200, by) for by in ("ann", "bob")]
    acknowledged = [each.communicate()[0].split() for each in running]
    decisions, problems = read_decisions(path)

    assert not problems
    for by, ids in zip(("ann", "bob"), acknowledged, strict=True):
        assert len(ids) == 200
        assert [d.id for d in decisions if d.by == by] == ids


def test_a_killed_program_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    acknowledged: list[str] = []
    for number in range(20):
        with appender(path, 100_000, "ann") as running:
            assert running.stdout
            acknowledged += [running.stdout.readline().strip() for _ in range(number % 5 + 1)]
            os.kill(running.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
            acknowledged += running.stdout.read().split()

    assert set(acknowledged) <= {d.id for d in read_decisions(path)[0]}


def test_a_log_that_cannot_be_written_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "decisions.jsonl"
    append(path, decision("d1", "accept", 1))
    before = path.read_bytes()
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, data: write(file, data[:10]))  # a full disk

    with pytest.raises(OSError, match="disk full"):
        append(path, decision("d2", "accept", 2))
    assert path.read_bytes() == before


# --------------------------------------------------------------------------------------------- deciding


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """The tables of EVENTS, with the columns that deciding needs."""
    with (tmp_path / "mentions.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["mention_id", "event_id", "source_id", "date_text", "quote", "quote_start"])
        for e in EVENTS:
            for m in sorted(e.mentions, key=lambda m: -m.quote_start):
                rows.writerow([m.mention_id, e.event_id, m.source_id, m.date_text, m.quote, m.quote_start])
    with (tmp_path / "events.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["event_id", "source_id", "quote", "quote_start"])
        for e in EVENTS:
            rows.writerow([e.event_id, e.mentions[0].source_id, e.mentions[0].quote, e.mentions[0].quote_start])
        rows.writerow(["e00000000aa", "", "", ""])
    (tmp_path / "sources.csv").write_text("source_id,file\nnote,note.txt\nbook,gone.txt\n", "utf-8")
    (tmp_path / "eras.csv").write_text("\ufeffera_id,title\ncold,Cold War\n", "utf-8")  # as spreadsheets save it
    return tmp_path


def read_text(file: str) -> str:
    if file == "note.txt":
        return NOTE.text
    raise TimelineError(f"{file}: this text is not at hand")


@pytest.mark.parametrize(
    ("action", "ids", "values", "targets"),
    [
        ("accept", ["e0000000002"], {}, ["m0000000002", "m0000000005"]),  # the best first
        ("reject", ["e0000000001", "e0000000001"], {}, ["m0000000001"]),
        ("edit", ["e0000000001"], {"date": "1949-10-01", "title": " A   parade "}, ["m0000000001"]),
        ("merge", ["e0000000004", "e0000000003"], {}, ["m0000000004", "m0000000003"]),
        ("split", ["e0000000002"], {}, ["m0000000005"]),
        ("split", ["m0000000002"], {}, ["m0000000002"]),
        ("add", [], {"date": "1991-12", "title": "An end"}, []),
        ("reject", ["e00000000aa"], {}, ["m00000000aa"]),
        ("edit", ["e0000000001"], {"era": "cold"}, ["m0000000001"]),
        ("edit", ["e0000000001"], {"era": ""}, ["m0000000001"]),
        ("add", [], {"date": "1950", "title": "T", "source_id": "note", "quote": TREATY.replace(" ", "\n")}, []),
        ("add", [], {"date": "1950", "title": "T", "source_id": "book", "quote": "Its text is not at hand."}, []),
    ],
)
def test_decide_records_what_the_decision_hangs_on(
    tables: Path, action: str, ids: list[str], values: dict[str, str], targets: list[str]
) -> None:
    made = decide(tables, action, ids, values, "ann", "because", read_text)

    assert [target["mention_id"] for target in made.targets] == targets
    assert read_decisions(tables / "decisions.jsonl") == ([made], [])
    assert made.values.get("title", "").count(" ") <= 1


@pytest.mark.parametrize(
    ("action", "ids", "values", "why", "message"),
    [
        ("approve", ["e0000000001"], {}, "x", "use one of accept"),
        ("accept", ["e000000001"], {}, "", "closest: e0000000001"),
        ("accept", [], {}, "", "needs an event id"),
        ("reject", ["e0000000001"], {}, " ", "needs a reason"),
        ("edit", ["e0000000001"], {"title": "T"}, "", "needs a reason"),
        ("edit", ["e0000000001"], {}, "x", "edit without values"),
        ("edit", ["e0000000001"], {"titel": "T"}, "x", "'titel' is not a column"),
        ("edit", ["e0000000001"], {"title": " "}, "x", "the title is empty"),
        ("edit", ["e0000000001"], {"date": "1949-02-30"}, "x", "is not a date"),
        ("accept", ["e0000000001"], {"title": "T"}, "x", "accept takes no values"),
        ("merge", ["e0000000001"], {}, "x", "at least two"),
        ("merge", ["e0000000001", "e0000000001"], {}, "x", "at least two"),
        ("split", ["e0000000001"], {}, "x", "say which mentions leave"),
        ("split", ["m0000000001"], {}, "x", "at least one mention behind"),
        ("split", ["m0000000001", "m0000000002"], {}, "x", "of 2 events already"),
        ("split", ["m9999999999"], {}, "x", "no mention has the id"),
        ("add", ["e0000000001"], {"date": "1950", "title": "T"}, "x", "takes no event id"),
        ("add", [], {"title": "T"}, "x", "needs a date"),
        ("add", [], {"date": "1950", "title": "T", "quote": "q"}, "x", "both source_id and quote"),
        ("add", [], {"date": "1950", "title": "T", "source_id": "note", "quote": " "}, "x", "both source_id and"),
        ("add", [], {"date": "1950", "title": "T", "source_id": "nosuch", "quote": "q"}, "x", "no source has the id"),
        ("add", [], {"date": "1950", "title": "T", "source_id": "note", "quote": "No."}, "x", "quote is not in note"),
        ("add", [], {"date": "1950", "title": "T", "era": "nope"}, "x", "no era has the id 'nope'; eras.csv has cold"),
        ("edit", ["e0000000001"], {"era": "nope"}, "x", "no era has the id 'nope'; eras.csv has cold"),
        ("edit", ["e0000000001"], {"modality": "maybe"}, "x", "use one of actual, planned"),
    ],
)
def test_decide_refuses_what_could_not_be_replayed(
    tables: Path, action: str, ids: list[str], values: dict[str, str], why: str, message: str
) -> None:
    with pytest.raises(TimelineError, match=message):
        decide(tables, action, ids, values, "ann", why, read_text)
    assert not (tables / "decisions.jsonl").exists()


def test_decide_says_when_a_decision_could_not_be_recorded(tables: Path) -> None:
    with pytest.raises(TimelineError, match="bytes that are no text"):
        decide(tables, "accept", ["e0000000001"], {}, "ann", "\udcff")
    (tables / "decisions.jsonl").mkdir()
    with pytest.raises(TimelineError, match="the decision is not recorded"):
        decide(tables, "accept", ["e0000000001"], {}, "ann", "")


def test_decide_without_tables_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(TimelineError, match="run `timeline build` first"):
        decide(tmp_path, "accept", ["e0000000001"], {}, "ann", "")
    (tmp_path / "events.csv").write_text("event_id,title\n", "utf-8")
    with pytest.raises(TimelineError, match="has no column quote, quote_start, source_id"):
        decide(tmp_path, "accept", ["e0000000001"], {}, "ann", "")
