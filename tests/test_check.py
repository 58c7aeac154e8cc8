"""The check: it is silent about what holds, and names the line of what does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_table import FIGHT, event, mention, replace_in, source_of, write_example

from timeline.check import check
from timeline.decisions import append, new_decision
from timeline.model import Decision, TimelineError
from timeline.table import place_sources, write_tables


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_example(tmp_path)


def target(quote: str, name: str = FIGHT.mention_id) -> dict[str, str]:
    return {"mention_id": name, "source_id": "note", "quote": quote, "date_text": "2 March 1969"}


def test_a_fresh_build_holds(folder: Path) -> None:
    assert check(folder) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("texts/note.txt", "guards fought", "guards  fought", "sources.csv:3: texts/note.txt is not the text that was"),
        ("texts/note.txt", "guards fought", "guards  fought", "mentions.csv:8: quote 'On 2 March 1969, guards fought"),
        ("texts/note.txt", "guards fought", "guards  fought", "the source does not say this; `timeline build` writes"),
        ("texts/note.txt", "Chronicle", "A Chronicle", "is not at 13 to 57 of note; it is at 15 to 59; "),
        ("mentions.csv", "2 March 1969,16,28", "2 March 1969,16,27", "mentions.csv:8: date_text '2 March 1969' is not"),
        ("mentions.csv", "e0000000004", "e0000000007", "event_id 'e0000000007' is not in events.csv"),
        ("mentions.csv", "e0000000004", "e0000000005", "events.csv:2: n_mentions is 1 but mentions.csv has 0"),
        ("mentions.csv", "e0000000004", "e0000000005", "events.csv:2: its quote is none of its mentions'"),
        (
            "events.csv",
            "0.88",
            "0.87",
            "events.csv: was changed after the build; decide with `timeline decide`",
        ),
        ("events.csv", "proposed", "maybe", "events.csv:2: status 'maybe' is not one of"),
        ("events.csv", "event_id,", "id,", "events.csv: column event_id is missing; `timeline build` writes it anew"),
        ("sources.csv", "texts/book.txt", "texts/cook.txt", "texts/cook.txt: this text is not at hand (No such file"),
        ("sources.csv", "texts/book.txt", "../../etc/passwd", "leads out of the folder"),
        ("sources.csv", ",85", ",86", "sources.csv:2: characters is 86 but texts/book.txt has 85"),
        ("eras.csv", "-0100/1899", "long ago", "eras.csv:2: date 'long ago' is not an EDTF date"),
        (
            "eras.csv",
            "Old times",
            "Ancient times",
            "eras.csv: was changed after the build; `timeline build` takes it up",
        ),
        ("eras.csv", "old,", "elder,", "events.csv:2: era 'old' is not in eras.csv"),
        ("datapackage.json", "{", "", "datapackage.json: is not JSON"),
        ("datapackage.json", '"name": "eras"', '"name": "ears"', "datapackage.json: does not describe eras.csv"),
    ],
)
def test_what_does_not_hold_is_named(folder: Path, file: str, old: str, new: str, problem: str) -> None:
    replace_in(folder / file, old, new)

    assert any(problem in str(found) for found in check(folder)), "\n".join(map(str, check(folder)))


@pytest.mark.parametrize("file", ["events.csv", "mentions.csv", "sources.csv", "eras.csv", "datapackage.json"])
def test_a_missing_file_is_one_line_and_not_a_flood(folder: Path, file: str) -> None:
    (folder / file).unlink()
    if file == "events.csv":  # then these are no tables of a timeline
        with pytest.raises(TimelineError, match="neither a timeline project nor a folder with events"):
            check(folder)
        return

    (problem,) = check(folder)

    assert str(problem).startswith(f"{folder / file}: ")


def test_words_of_a_date_far_from_their_sentence_are_named(tmp_path: Path) -> None:
    source = source_of("far", "In 1969." + " " * 3000 + "They met.")
    far = mention(1, source, "They met.", "1969", "1969")
    placed, copies = place_sources([source], tmp_path, tmp_path)
    write_tables(tmp_path, [event(1, "They met", "1969", far, era="")], placed, [], copies)

    (problem,) = check(tmp_path)

    assert "mentions.csv:2: date_text stands 3001 characters away from the quote" in str(problem)


def decide(folder: Path, *decisions: Decision) -> None:
    """Append decisions as if the tables had been built with them."""
    append(folder / "decisions.jsonl", *decisions)
    package = json.loads((folder / "datapackage.json").read_text())
    (folder / "datapackage.json").write_text(json.dumps(package | {"decided": decisions[-1].id}))


def test_decisions_that_apply_are_no_problem(folder: Path) -> None:
    decide(folder, new_decision("accept", [target(FIGHT.quote)], {}, "ann", ""))

    assert check(folder) == []


def test_decisions_that_the_tables_do_not_show_yet_are_a_note(folder: Path) -> None:
    accept = new_decision("accept", [target(FIGHT.quote)], {}, "ann", "")
    append(folder / "decisions.jsonl", accept)

    (problem,) = check(folder)

    assert f"1 decision is not in the tables yet ({accept.id}); `timeline build` applies it" in str(problem)
    assert not problem.is_error


def test_decisions_that_do_not_are_named(folder: Path) -> None:
    gone = new_decision("accept", [target("All was quiet.", "mgone")], {}, "ann", "")
    undone = new_decision("accept", [target("All was quiet.", "mgone")], {}, "ann", "")
    decide(folder, gone, undone, new_decision("undo", undone.targets, {"decision": undone.id}, "ann", "no"))
    with (folder / "decisions.jsonl").open("a") as log:
        log.write("{broken\n")

    broken, missing = check(folder)

    assert str(broken).startswith(f"{folder / 'decisions.jsonl'}:4: not a line of JSON")
    assert str(missing).startswith(f"decision {gone.id}: accept: its passage is not in mentions.csv")


def test_an_addition_that_is_not_in_the_tables_is_named(folder: Path) -> None:
    values = {"date": "1969", "title": "Shots", "source_id": "gone", "quote": "q"}
    decide(folder, new_decision("add", [], values, "ann", "it is missing"))

    (problem,) = check(folder)

    assert "add: its event is not in events.csv" in str(problem)


def test_a_project_is_checked_where_its_tables_are(tmp_path: Path) -> None:
    (tmp_path / "timeline.toml").write_text('title = "T"')
    write_example(tmp_path / "data")
    (problem, *_) = check(tmp_path)  # these tables were not built for a project: their paths lead from data/

    assert json.dumps(str(tmp_path / "texts" / "book.txt"))[1:-1] in str(problem)
