"""What was exported and edited elsewhere comes back: as decisions, as added events, or as a problem to mend."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from oracles import oracle, soffice
from test_table import BOOK, EVENTS, event, write_example

from timeline.decisions import LOG
from timeline.export import EXPORTS, export
from timeline.importing import Incoming, compare, record
from timeline.model import TimelineError
from timeline.table import TABLES, load, place_sources, write_tables

Row = dict[str, str]
Edit = Callable[[list[Row]], Any]


@pytest.fixture
def five(tmp_path: Path) -> Path:
    return write_example(tmp_path)


def edited(folder: Path, edit: Edit, format: str = "csv") -> Path:
    """An export, changed as a spreadsheet would."""
    rows = list(csv.DictReader(io.StringIO(export(load(folder), format).decode(), newline="")))
    names = list(rows[0])
    edit(rows)
    path = folder / f"edited.{format}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def told(incoming: Incoming) -> list[tuple[int, str, str, Row]]:
    return [(each.line, each.decision.action, each.event_id, each.decision.values) for each in incoming.changes]


def problems(incoming: Incoming) -> list[str]:
    return [str(problem) for problem in incoming.problems if problem.is_error]


# ------------------------------------------------------------------------------------------ our own table


@pytest.mark.parametrize("format", ["csv", "xlsx", "timelinejs-csv"])
def test_what_was_not_edited_changes_nothing(five: Path, format: str) -> None:
    if EXPORTS[format].extra:
        oracle("openpyxl")
    path = five / f"out{EXPORTS[format].suffix}"
    path.write_bytes(export(load(five), format))

    assert compare(path, five) == Incoming(same=3 if format == "timelinejs-csv" else 5)


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("raw", [False, True])
def test_texts_like_formulas_come_back_as_they_were(tmp_path: Path, format: str, raw: bool) -> None:
    titles = ("=1+1", "'=1+1", "''=1", "+5", "-1", "@x", "'tis", "a_x0041_b", "\u200bx")
    sources, copies = place_sources([BOOK], tmp_path, tmp_path)
    write_tables(tmp_path, [event(n, title, "1916") for n, title in enumerate(titles)], sources, [], copies)
    path = tmp_path / "out"
    path.write_bytes(export(load(tmp_path), format, raw=raw and format == "csv"))

    assert compare(path, tmp_path) == Incoming(same=len(titles))


def test_the_raw_table_may_come_back_too(five: Path) -> None:
    assert compare(five / "events.csv", five) == Incoming(same=5)


@pytest.mark.filterwarnings("ignore:Cell .* is marked as a date")  # of 44 BC, by openpyxl
def test_what_libreoffice_makes_of_it_changes_nothing(five: Path, tmp_path: Path) -> None:
    """Bare years become numbers there, and 0.50 becomes 0.5."""
    reading = "Text - txt - csv (StarCalc):44,34,76,1"
    for number, (suffix, to) in enumerate(
        [(".csv", "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true"), (".csv", "xlsx"), (".xlsx", "xlsx")]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        data = export(load(five), suffix[1:])
        made = soffice(data, suffix, to, folder, reading if suffix == ".csv" else "")
        (folder / "back").write_bytes(made)
        assert compare(folder / "back", five) == Incoming(same=5)


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda rows: rows[0].update(title="A new title"), [(2, "edit", "e0000000004", {"title": "A new title"})]),
        (lambda rows: rows[0].update(date="-0044"), [(2, "edit", "e0000000004", {"date": "-0044"})]),
        (lambda rows: rows[0].update(date="-44"), [(2, "edit", "e0000000004", {"date": "-0044"})]),
        (lambda rows: rows[2].update(actors="", places="Here;  There"), [
            (4, "edit", "e0000000001", {"actors": "", "places": "Here; There"})]),
        (lambda rows: rows[2].update(status="accepted"), [(4, "accept", "e0000000001", {})]),
        (lambda rows: rows[2].update(status="accepted", era="old"), [(4, "edit", "e0000000001", {"era": "old"})]),
        (lambda rows: rows[2].update(status="rejected"), [(4, "reject", "e0000000001", {})]),
        (lambda rows: rows[4].update(date="1951"), [(6, "edit", "e0000000009", {"date": "1951"})]),
        (lambda rows: rows.append({"date": "1955~", "title": "'=New", "category": "war"}), [
            (7, "add", "", {"date": "1955~", "title": "=New", "category": "war"})]),
        (lambda rows: rows.append({"date": "-44", "title": "x", "quote": "In 44 BC a *ruler* fell."}), [
            (7, "add", "", {"date": "-0044", "title": "x", "source_id": "book", "quote": "In 44 BC a *ruler* fell."})]),
        (lambda rows: rows.insert(0, {}), []),
        (lambda rows: rows.reverse(), []),
        (lambda rows: rows[2].update(title="  Guards fight,\n and fight "), []),
        (lambda rows: rows[2].update(earliest="1969-03-02 00:00", confidence="0.9"), []),
    ],
)  # fmt: skip
def test_a_row_that_differs_becomes_a_decision(five: Path, edit: Edit, expected: list[Any]) -> None:
    found = compare(edited(five, edit), five)

    assert told(found) == expected
    assert problems(found) == []


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda rows: rows[0].update(date="3/15/44"), "row 2: the date '3/15/44' is as a spreadsheet rewrites"),
        (lambda rows: rows[0].update(date="03/04/1969"),
         "row 2: “03/04/1969”: day and month cannot be told apart; only the year is certain; write for exam"),
        (lambda rows: rows[0].update(date="2 March"), "row 2: “2 March”: it needs a publication date to be read agai"),
        (lambda rows: rows[0].update(date="31 June 1969"), "row 2: “31 June 1969”: there is no such day as 1969-06-31"),
        (lambda rows: rows.append({"date": "long ago", "title": "x"}), "row 7: “long ago” is not read as a date; "),
        (lambda rows: rows.append({"date": "1969-13", "title": "x"}), "row 7: '1969-13' has no month 13; months are"),
        (lambda rows: rows[0].update(title=""), "row 2: the title is empty"),
        (lambda rows: rows[0].update(era="none"), "row 2: no era has the id 'none'; eras.csv has modern, old"),
        (lambda rows: rows[0].update(modality="maybe"), "row 2: modality 'maybe' is unknown; use one of"),
        (lambda rows: rows[0].update(status="done"), "row 2: status 'done' cannot be given; use accepted or rejected"),
        (lambda rows: rows[0].update(event_id="e1"), "row 2: no event has the id 'e1'; to add an event,"),
        (lambda rows: rows.append(dict(rows[0])), "row 7: e0000000004 is already in row 2; delete one of the two rows"),
        (lambda rows: rows.append({"date": "1955"}), "row 7: an added event needs a title"),
        (lambda rows: rows.append({"title": "x"}), "row 7: an added event needs a date"),
        (lambda rows: rows.append({"date": "1955", "title": "x", "quote": "Nobody wrote this."}),
         "row 7: the quote stands in no source, or in several; give source_id, or leave quote empty"),
        (lambda rows: rows.append({"date": "1955", "title": "x", "quote": "Nope.", "source_id": "book"}),
         "row 7: the quote is not in book; copy it"),
        (lambda rows: rows.append({"date": "1955", "title": "x", "quote": "Nope.", "source_id": "no"}),
         "row 7: no source has the id 'no'"),
        (lambda rows: rows[3].update(status="proposed", title="y"),
         "row 5: e0000000003 is accepted, and was proposed when this file was exported; export it again"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_taken_says_why_and_stops_no_other(five: Path, edit: Edit, expected: str) -> None:
    def both(rows: list[Row]) -> None:
        rows[2]["title"] = "Another"
        edit(rows)

    found = compare(edited(five, both), five)

    (problem,) = problems(found)
    assert expected in problem
    assert told(found) == [(4, "edit", "e0000000001", {"title": "Another"})]


@pytest.mark.parametrize(
    ("typed", "date"),
    [
        ("March 1969", "1969-03"),
        ("2 March 1969", "1969-03-02"),
        ("March 2, 1969", "1969-03-02"),
        ("2nd March 1969", "1969-03-02"),
        ("2-Mar-1969", "1969-03-02"),
        ("1969-03-02", "1969-03-02"),
        ("1969-03-02 00:00:00", "1969-03-02"),
        ("1969/03/02", "1969-03-02"),
        ("13/04/1969", "1969-04-13"),
        ("1950s", "195X"),
        ("c. 1900", "1900~"),
        ("44 BC", "-0043"),
        ("15 March 44 BC", "-0043-03-15"),
        ("spring 1969", "1969-21"),
        ("1914-1918", "1914/1918"),
        ("from 1914 to 1918", "1914/1918"),
        ("1967~/1969~", "1967~/1969~"),
    ],
)
def test_dates_are_taken_as_people_type_them(five: Path, typed: str, date: str) -> None:
    def edit(rows: list[Row]) -> None:
        rows[4].update(date=typed)
        rows.append({"date": f" {typed} ", "title": "New"})

    found = compare(edited(five, edit), five)

    assert problems(found) == []
    assert told(found) == [
        (6, "edit", "e0000000009", {"date": date}),
        (7, "add", "", {"date": date, "title": "New"}),
    ]


def test_a_date_in_words_that_is_the_one_there_changes_nothing(five: Path) -> None:
    assert told(compare(edited(five, lambda rows: rows[2].update(date="2 March 1969")), five)) == []


def test_what_is_not_for_people_to_change_and_what_is_missing_is_told(five: Path) -> None:
    def edit(rows: list[Row]) -> None:
        rows[0]["quote"] = "Another sentence."
        del rows[1]

    assert [str(note) for note in compare(edited(five, edit), five).problems] == [
        "edited.csv.csv: quote differs in row 2; it follows from the sources, and is left as it is",
        "edited.csv.csv: 1 event of the tables not in it; nothing is decided on what is left out; to reject an event, "
        "set its status to rejected",
    ]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_it_is_read_as_spreadsheets_save_it(five: Path, tmp_path: Path, coding: str, delimiter: str) -> None:
    path = tmp_path / "new.csv"
    path.write_bytes(f'Date{delimiter}Title\r\n1955{delimiter}"Ünï, {delimiter} ""x"""\r\n'.encode(coding))

    title = " ".join(f'Ünï, {delimiter} "x"'.split())
    assert told(compare(path, five)) == [(2, "add", "", {"date": "1955", "title": title})]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "has neither the columns date and title nor Year and Headline"),
        (b"name,when\nx,1955\n", "has neither the columns date and title"),
        (b"date,title,date\n", "two columns have the name 'date'"),
        (b"date,title\n1955,\xe9\n", "is not UTF-8 at byte 16; save it as CSV in UTF-8"),
        (b'date,title\n1955,"x\n', "is not CSV"),
        (b"PK\x03\x04 no workbook", "is not a workbook that can be read"),
    ],
)
def test_a_file_that_is_none_of_these_is_refused(five: Path, tmp_path: Path, data: bytes, expected: str) -> None:
    oracle("openpyxl")
    path = tmp_path / "new.csv"
    path.write_bytes(data)

    with pytest.raises(TimelineError, match=expected):
        compare(path, five)
    with pytest.raises(TimelineError, match=r"nothing\.csv: cannot be read"):
        compare(tmp_path / "nothing.csv", five)


# ------------------------------------------------------------------------------------------ a TimelineJS sheet


FALL = {"Year": "-43", "Headline": "A fall", "Text": "<p>In 44 BC a *ruler* <b>fell</b>.</p>", "Group": "politics"}


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda rows: rows[2].update(Headline="Fighting"), [(4, "edit", "e0000000001", {"title": "Fighting"})]),
        (lambda rows: rows[2].update(Day="3"), [(4, "edit", "e0000000001", {"date": "1969-03-03"})]),
        (lambda rows: rows[2].update(Month="", Day="", Group=""), [
            (4, "edit", "e0000000001", {"date": "1969", "category": ""})]),
        (lambda rows: rows[2].update({"End Year": "1970", "Text": ""}), [
            (4, "edit", "e0000000001", {"date": "1969-03-02/1970"})]),
        (lambda rows: rows[2].update({"Display Date": "long ago"}), []),
        (lambda rows: rows.append({"Year": "12000", "Headline": "Far &amp; away"}), [
            (8, "add", "", {"date": "Y12000", "title": "Far & away"})]),
        (lambda rows: rows.append(FALL), [(8, "add", "", {"date": "-0043", "title": "A fall", "category": "politics",
            "source_id": "book", "quote": "In 44 BC a *ruler* fell."})]),
        (lambda rows: rows.pop(2), []),
    ],
)  # fmt: skip
def test_a_slide_that_differs_becomes_a_decision(five: Path, edit: Edit, expected: list[Any]) -> None:
    found = compare(edited(five, edit, "timelinejs-csv"), five)

    assert problems(found) == []
    assert told(found) == expected


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda rows: rows[2].update(Year="soon"), "row 4: “soon-03-02” is not read as a date; write: 1969"),
        (lambda rows: rows[2].update(Headline=""), "row 4: the title is empty"),
        (lambda rows: rows.append({"Year": "1955"}), "row 8: the title is empty"),
    ],
)
def test_a_slide_that_cannot_be_taken_says_why(five: Path, edit: Edit, expected: str) -> None:
    (problem,) = problems(compare(edited(five, edit, "timelinejs-csv"), five))

    assert expected in problem


def test_eras_and_texts_without_a_source_are_told_and_not_taken(five: Path) -> None:
    def edit(rows: list[Row]) -> None:
        rows.append({"Year": "1800", "End Year": "1850", "Headline": "Another era", "Type": "era"})
        rows.append({"Year": "1800", "Headline": "New", "Text": "Somebody said so."})

    found = compare(edited(five, edit, "timelinejs-csv"), five)

    assert [str(note) for note in found.problems] == [
        "edited.timelinejs-csv.csv: 1 era not taken; eras are added to eras.csv by hand",
        "edited.timelinejs-csv.csv: 1 new slide with a text that stands in no source: the text is not taken; an event "
        "is cited from a source; add the source, and build",
    ]


def test_two_events_of_one_sentence_are_told_apart_by_their_headlines(tmp_path: Path) -> None:
    told_twice = EVENTS[3].mentions[0]
    both = [
        event(1, "The fall", "-0043", told_twice),
        event(2, "The ruler", "-0044", replace(told_twice, mention_id="m2")),
    ]
    sources, copies = place_sources([BOOK], tmp_path, tmp_path)
    write_tables(tmp_path, both, sources, [], copies)

    named = compare(edited(tmp_path, lambda rows: rows[1].update(Year="-45"), "timelinejs-csv"), tmp_path)
    both_new = edited(
        tmp_path, lambda rows: [row.update(Headline="x" + row["Headline"]) for row in rows], "timelinejs-csv"
    )

    assert [values for *_, values in told(named)] == [{"date": "-0045"}]
    assert "several events have these sentences" in problems(compare(both_new, tmp_path))[0]


# ------------------------------------------------------------------------------------------ recording


def test_nothing_is_written_before_it_is_recorded_and_then_only_once(five: Path) -> None:
    def edit(rows: list[Row]) -> None:
        rows[2]["title"] = "Another"
        rows[3]["status"] = "rejected"
        rows.append({"date": "1955", "title": "New"})

    path = edited(five, edit)
    found = compare(path, five, by="ann")
    assert not (five / LOG).exists()

    record(found, five)
    lines = [json.loads(line) for line in (five / LOG).read_text("utf-8").splitlines()]
    again = compare(path, five, by="bob")

    assert [(line["action"], line["by"], line["why"]) for line in lines] == [
        ("edit", "ann", "imported from edited.csv.csv"),
        ("reject", "ann", "imported from edited.csv.csv"),
        ("add", "ann", "imported from edited.csv.csv"),
    ]
    assert [target["mention_id"] for target in lines[0]["targets"]] == ["m0000000001", "m0000000002"]
    assert (again.changes, again.recorded) == ([], 3)


def test_the_command_says_what_it_would_record_and_records_it_when_told_to(tmp_path: Path) -> None:
    run_timeline(tmp_path, "new", "mine")
    project = tmp_path / "mine"
    (project / "seeds" / "a.txt").write_text(
        "On 2 March 1969 guards fought on an island. In 1972 Nixon visited China.\n"
    )
    run_timeline(project, "build")
    path = edited(
        project, lambda rows: (rows[0].update(title="A fight"), rows.append({"date": "1971", "title": "New"}))
    )

    first = run_timeline(project, "import", str(path))
    said = run_timeline(project, "import", str(path), "--yes", "--why", "better", "--by", "ann")
    run_timeline(project, "build")

    assert "nothing is recorded yet; give --yes to record it" in first
    assert "    title: A fight (was: " in first
    assert "1 to edit, 1 to add" in first
    assert "2 decisions are recorded in " in said
    rows = load(project).events
    assert ("A fight", "edited") in set(zip(rows["title"], rows["status"], strict=True))
    assert ("New", "added") in set(zip(rows["title"], rows["status"], strict=True))
    assert " to " not in run_timeline(project, "import", str(path)).splitlines()[0]


def run_timeline(folder: Path, *arguments: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "timeline", *arguments], cwd=folder, capture_output=True, encoding="utf-8", timeout=120
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_every_column_comes_back_or_is_told(five: Path) -> None:
    """Nobody edits in vain: a changed cell is a decision, a note or a problem, whichever column it is in."""
    derived = {"event_id", "earliest", "latest", "precision"}
    for column in set(TABLES["events"]) - derived:
        found = compare(edited(five, lambda rows, column=column: rows[0].update({column: "0.11"})), five)
        assert found.changes or found.problems, column
