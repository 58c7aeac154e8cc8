"""Deciding: what is recorded hangs on its passages, what could not be replayed is refused, a conflict is told."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from test_curate import EVENTS, NOTE, TREATY

from timeline.decide import conflicts, decide
from timeline.decisions import read_decisions
from timeline.model import Decision, TimelineError


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
        ("undo", [], {}, "x", "undo takes one id"),
        ("undo", ["e0000000001", "e0000000002"], {}, "x", "undo takes one id"),
        ("undo", ["d1"], {}, "x", "no decision has the id 'd1'"),
        ("undo", ["e0000000001"], {}, "x", "no decision stands on e0000000001"),
        ("undo", ["e0000000009"], {}, "x", "no event has the id 'e0000000009'; closest"),
        ("undo", ["e0000000001"], {"title": "T"}, "x", "and nothing else"),
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


# ------------------------------------------------------------------------------------------ undoing, replacing


def recorded(tables: Path) -> list[Decision]:
    return read_decisions(tables / "decisions.jsonl")[0]


def say(tables: Path, action: str, *ids: str, by: str = "ann", instead: str = "", **values: str) -> Decision:
    return decide(tables, action, ids, values, by, "because", read_text, instead)


def test_an_undo_names_a_decision_or_an_event_whose_last_it_takes_back(tables: Path) -> None:
    first, second = say(tables, "edit", "e0000000002", title="T"), say(tables, "accept", "e0000000002")
    other = say(tables, "reject", "e0000000001")

    by_event = say(tables, "undo", "e0000000002", by="bob")
    again = say(tables, "undo", "e0000000002", by="bob")
    by_id = say(tables, "undo", other.id)
    redo = say(tables, "undo", by_id.id)

    named = [each.values["decision"] for each in (by_event, again, by_id, redo)]
    assert named == [second.id, first.id, other.id, by_id.id]
    assert (by_event.targets, by_event.by, by_event.why) == (second.targets, "bob", "because")
    with pytest.raises(TimelineError, match=f"{first.id} is undone already: {again.id}, undo .* by bob on .*lets it"):
        say(tables, "undo", first.id)
    with pytest.raises(TimelineError, match="no decision stands on e0000000002"):
        say(tables, "undo", "e0000000002")


def test_an_addition_can_be_undone(tables: Path) -> None:
    added = say(tables, "add", date="1950", title="T", source_id="note", quote=TREATY)

    assert say(tables, "undo", added.id).targets[0]["quote"] == TREATY


def test_a_decision_in_place_of_another_takes_over_what_is_not_given(tables: Path) -> None:
    old = decide(tables, "edit", ["e0000000001"], {"title": "T", "places": "A"}, "ann", "it was there")
    new = decide(tables, "edit", ["e0000000003"], {"places": "B"}, "bob", "", instead=old.id)

    assert (new.values, new.why, new.by) == ({"title": "T", "places": "B"}, "it was there", "bob")
    assert [t["mention_id"] for t in new.targets] == ["m0000000003"]
    last = recorded(tables)[-1]
    assert (last.action, last.values, last.targets) == ("undo", {"decision": old.id}, old.targets)
    assert last.why == f"{new.id} is in its place"


def test_a_decision_of_another_kind_takes_over_no_values(tables: Path) -> None:
    old = say(tables, "edit", "e0000000001", title="T")

    assert say(tables, "reject", "e0000000001", instead=old.id).values == {}
    with pytest.raises(TimelineError, match="is undone already"):
        say(tables, "reject", "e0000000001", instead=old.id)
    with pytest.raises(TimelineError, match="no decision has the id 'dx'"):
        say(tables, "reject", "e0000000001", instead="dx")


# ------------------------------------------------------------------------------------------ two people at once


def test_the_second_is_told_what_the_first_decided_on_the_same(tables: Path) -> None:
    first = say(tables, "accept", "e0000000002")
    elsewhere = say(tables, "accept", "e0000000001")
    second = say(tables, "reject", "e0000000002", by="bob")
    third = say(tables, "split", "m0000000005", by="eve")

    assert conflicts(tables, first) == conflicts(tables, elsewhere) == []
    assert conflicts(tables, second) == [first]
    assert conflicts(tables, third) == [first, second]
    assert recorded(tables) == [first, elsewhere, second, third]  # nothing is lost


def test_what_was_seen_is_no_conflict(tables: Path) -> None:
    first = say(tables, "accept", "e0000000001")
    (tables / "datapackage.json").write_text(json.dumps({"decided": first.id}))
    second = say(tables, "edit", "e0000000001", title="T")
    third = say(tables, "reject", "e0000000001")

    assert conflicts(tables, second) == []
    assert conflicts(tables, third) == [second]
    assert conflicts(tables, third, seen=second.id) == []
    assert conflicts(tables, third, seen="") == [first, second]


def test_what_was_taken_back_is_no_conflict(tables: Path) -> None:
    first = say(tables, "accept", "e0000000001")
    back = say(tables, "undo", first.id)
    second = say(tables, "reject", "e0000000001")

    assert conflicts(tables, back) == conflicts(tables, second) == []


def test_an_undo_that_came_first_is_a_conflict(tables: Path) -> None:
    first = say(tables, "accept", "e0000000001")
    (tables / "datapackage.json").write_text(json.dumps({"decided": first.id}))
    back = say(tables, "undo", first.id)

    assert conflicts(tables, say(tables, "edit", "e0000000001", title="T")) == [back]


def test_the_same_addition_twice_is_a_conflict(tables: Path) -> None:
    first = say(tables, "add", date="1950", title="T", source_id="note", quote=TREATY)

    assert conflicts(tables, say(tables, "add", date="1950-02", title="S", source_id="note", quote=TREATY)) == [first]
