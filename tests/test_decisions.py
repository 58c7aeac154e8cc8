"""The log: what was acknowledged is on disk and stays readable, whoever else writes and whoever is killed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_curate import decision, undo

from timeline.decisions import append, find_quote, read_decisions, undone


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
        (GOOD.replace('"accept"', '"edit"').replace("{}", '{"kind":"fact"}'), "kind 'fact' is unknown"),
        (GOOD.replace('"accept"', '"undo"'), "undo takes the id of one decision"),
        (GOOD.replace('"accept"', '"undo"').replace("{}", '{"decision":"d1","title":"T"}'), "undo takes the id of one"),
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


@pytest.mark.parametrize("cut", [1, 4, 40, len(GOOD) - 1])
def test_a_torn_last_line_is_a_note_and_the_next_decision_stands_on_its_own(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "decisions.jsonl"
    path.write_text(f"{GOOD}\n{GOOD[:cut]}", "utf-8")
    decisions, problems = read_decisions(path)
    assert [d.id for d in decisions] == ["d1"]
    assert [(p.where, p.is_error) for p in problems] == [("decisions.jsonl:2", False)]
    assert "cut off while it was written; it was never acknowledged" in str(problems[0])

    append(path, decision("d2", "reject", 2))
    assert [d.id for d in read_decisions(path)[0]] == ["d1", "d2"]
    assert read_decisions(path)[1] == problems


def test_a_line_that_someone_broke_is_no_torn_one(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    path.write_text(GOOD.replace('"d1"', "d1"), "utf-8")

    assert [p.is_error for p in read_decisions(path)[1]] == [True]


def test_zeros_that_a_power_cut_left_are_no_line(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    path.write_bytes(GOOD.encode() + b"\n" + b"\0" * 50)
    append(path, decision("d2", "reject", 2))

    assert [d.id for d in read_decisions(path)[0]] == ["d1", "d2"]
    assert read_decisions(path)[1] == []


def test_a_last_line_without_a_line_end_counts_and_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    path.write_text(GOOD, "utf-8")
    append(path, decision("d2", "accept", 1))

    assert [d.id for d in read_decisions(path)[0]] == ["d1", "d2"]
    assert not read_decisions(path)[1]


APPENDER = """
import sys
from pathlib import Path
from timeline.decisions import append, new_decision
for number in range(int(sys.argv[2])):
    target = {"mention_id": "m1", "quote": "é" * (number % 7) * 9000}
    decision = new_decision("accept", [target] if number % 7 else [{}], {}, sys.argv[3], "")
    append(Path(sys.argv[1]), decision)
    print(decision.id, flush=True)
"""


def appender(path: Path, count: int, by: str) -> subprocess.Popen[str]:
    """A program that appends decisions of up to 100 kB, and prints the id of each when it is acknowledged."""
    arguments = [sys.executable, "-c", APPENDER, str(path), str(count), by]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def test_four_programs_can_decide_at_once(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    names = ("ann", "bob", "eve", "joe")
    running = [appender(path, 200, by) for by in names]
    acknowledged = [each.communicate()[0].split() for each in running]
    decisions, problems = read_decisions(path)

    assert not problems
    for by, ids in zip(names, acknowledged, strict=True):
        assert len(ids) == 200
        assert [d.id for d in decisions if d.by == by] == ids


def test_a_killed_program_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    moments = random.Random(1)
    acknowledged: list[str] = []
    for _ in range(25):
        with appender(path, 100_000, "ann") as running:
            assert running.stdout
            acknowledged.append(running.stdout.readline().strip())
            time.sleep(moments.uniform(0, 0.03))
            os.kill(running.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
            acknowledged += running.stdout.read().split("\n")[:-1]
        decisions, problems = read_decisions(path)
        assert set(acknowledged) <= {d.id for d in decisions}
        assert not [str(problem) for problem in problems if problem.is_error]

    append(path, decision("d2", "accept", 1))
    decisions, problems = read_decisions(path)
    assert decisions[-1].id == "d2"
    assert all("cut off" in problem.what for problem in problems)


def test_a_log_that_cannot_be_written_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "decisions.jsonl"
    append(path, decision("d1", "accept", 1))
    before = path.read_bytes()
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, data: write(file, data[:10]))  # a full disk

    with pytest.raises(OSError, match="disk full"):
        append(path, decision("d2", "accept", 2))
    assert path.read_bytes() == before


def test_several_decisions_are_one_piece(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    log = [decision("d1", "accept", 1), decision("d2", "reject", 2)]
    append(path, *log)

    assert read_decisions(path) == (log, [])


def test_an_undo_takes_back_what_is_before_it() -> None:
    first, second = decision("d1", "accept", 1), decision("d2", "reject", 2)
    back = undo("d3", first)

    assert undone([first, second, back]) == {"d1": back}
    assert undone([back, first, second]) == {}
    assert undone([first, back, undo("d4", back)]) == {"d3": undo("d4", back)}


@pytest.mark.parametrize(
    ("text", "quote", "span"),
    [
        ("It began. It ended.", "It ended.", (10, 19)),
        ("It began. It\n\tended.", "It ended.", (10, 20)),
        ("It began.", "It ended.", None),
        ("It began.", "", (0, 0)),
        ("What (if)?", "(if)?", (5, 10)),
    ],
)
def test_a_quote_is_found_whatever_its_white_space(text: str, quote: str, span: tuple[int, int] | None) -> None:
    assert find_quote(text, quote) == span
