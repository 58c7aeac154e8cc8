"""The log of what people decided: `decisions.jsonl`, append-only, one decision a line.

A decision is on disk before it is acknowledged. Any number of programs may append at once; none of them may be
trusted to live until the next line.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from .edtf import EdtfError, parse
from .model import ACTIONS, KINDS, Decision, Problem

LOG = "decisions.jsonl"
EDITABLE = ("date", "title", "category", "actors", "places", "era", "modality", "kind")
ADDABLE = (*EDITABLE, "source_id", "quote")
CHOICES = {"modality": ("actual", "planned"), "kind": KINDS}
TARGET_KEYS = ("mention_id", "source_id", "quote", "date_text")
_BEGINNING = b'{"id":"'  # of every line that `append` writes

Target = dict[str, str]
Fault = tuple[str, str]  # what is wrong, and the next move


# ---------------------------------------------------------------------------------------------- reading


def read_decisions(path: Path) -> tuple[list[Decision], list[Problem]]:
    """The decisions of a log in the order they were made, and a Problem for each line that is not one.

    A missing file holds no decisions. Raises OSError if the file exists and cannot be read.
    """
    decisions: dict[str, Decision] = {}
    problems = []
    for number, line in enumerate(_lines(path), 1):
        where = f"{path.name}:{number}"
        if not line.strip(b"\0 \t\r\n"):  # a disk that lost its power may leave zeros
            continue
        read = _read_line(line)
        if isinstance(read, Decision):
            if read.id not in decisions:
                decisions[read.id] = read
            elif decisions[read.id] != read:
                hint = "the first one counts; give this line an id of its own"
                problems.append(Problem(where, f"a second decision has the id {read.id}", hint))
        elif _is_cut_off(line):
            what, hint = "this line was cut off while it was written", "it was never acknowledged: decide again"
            problems.append(Problem(where, what, hint, is_error=False))
        else:
            problems.append(Problem(where, *read))
    return list(decisions.values()), problems


def _lines(path: Path) -> list[bytes]:
    """The lines of a log with their line ends; JSON has no raw line feed within a value."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    return re.findall(rb"[^\n]*\n|[^\n]+", data.removeprefix(b"\xef\xbb\xbf"))


def _is_cut_off(line: bytes) -> bool:
    """Is this what a program that was killed leaves of a line, even if another one has ended it since?"""
    whole = line.rstrip(b"\0\r\n")
    return not whole.endswith(b"}") and (whole.startswith(_BEGINNING) or _BEGINNING.startswith(whole))


def _read_line(line: bytes) -> Decision | Fault:
    try:
        row = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return "not a line of JSON in UTF-8", "restore it from the version history, or delete the line"
    malformed = _malformed(row)
    if malformed:
        return malformed, "mend the line by hand; `timeline decide` writes well-formed ones"
    decision = Decision(
        id=row["id"],
        action=row["action"],
        targets=tuple({key: target.get(key, "") for key in TARGET_KEYS} for target in row["targets"]),
        values=row["values"],
        by=row["by"],
        on=row["on"],
        why=row["why"],
    )
    return fault(decision) or decision


def _malformed(row: object) -> str:
    """What keeps a JSON value from being a decision; empty if nothing does."""
    if not isinstance(row, dict):
        return "a decision is a JSON object"
    for key in ("id", "action", "by", "on", "why"):
        if not isinstance(row.get(key), str):
            return f"{key!r} is missing or not a text"
    if not row["id"]:
        return "'id' is empty"
    targets = row.get("targets")
    if not isinstance(targets, list) or not all(map(_is_texts, targets)):
        return "'targets' is not a list of objects that hold texts"
    if not _is_texts(row.get("values")):
        return "'values' is not an object that holds texts"
    return ""


def _is_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def fault(decision: Decision) -> Fault | None:
    """What is wrong with a decision whatever it applies to, None if nothing is."""
    action, values = decision.action, decision.values
    if action not in ACTIONS:
        return f"unknown action {action!r}", f"use one of {', '.join(ACTIONS)}"
    if action in ("accept", "reject") and values:
        return f"{action} takes no values", "to change an event, use edit"
    if action == "undo":
        is_plain = set(values) == {"decision"} and values["decision"]
        return None if is_plain else ("undo takes the id of one decision, and no values", "name the decision")
    if action == "edit" and not values:
        return "edit without values", f"give at least one of {', '.join(EDITABLE)}"
    allowed = ADDABLE if action == "add" else EDITABLE
    for column in values:
        if column not in allowed:
            return f"{column!r} is not a column that {action} can set", f"use one of {', '.join(allowed)}"
    needed = {"add": 0, "merge": 2}.get(action, 1)
    if len(decision.targets) < needed:
        return f"{action} has too few targets ({len(decision.targets)})", f"name at least {needed}"
    return _bad_value(values) or (_bad_addition(values) if action == "add" else None)


def _bad_value(values: Mapping[str, str]) -> Fault | None:
    if "date" in values:
        try:
            parse(values["date"])
        except EdtfError as error:
            what, _, hint = str(error).partition("; ")
            return what, hint
    if not values.get("title", "-").strip():
        return "the title is empty", "say in a few words what happened"
    for column, choices in CHOICES.items():
        if values.get(column, choices[0]) not in choices:
            return f"{column} {values[column]!r} is unknown", f"use one of {', '.join(choices)}"
    return None


def _bad_addition(values: Mapping[str, str]) -> Fault | None:
    for column in ("date", "title"):
        if column not in values:
            return f"an added event needs a {column}", f"give {column}=..."
    if bool(values.get("source_id")) != bool(values.get("quote", "").strip()):
        return "a quote and its source go together", "give both source_id and quote, or neither"
    return None


# ---------------------------------------------------------------------------------------------- writing


def new_decision(
    action: str, targets: Iterable[Target], values: Mapping[str, str], by: str, why: str, on: str | None = None
) -> Decision:
    """A decision with an id of its own, dated now (`on`: ISO 8601 in UTC, to the second)."""
    now = on or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Decision("d" + secrets.token_hex(5), action, tuple(targets), dict(values), by, now, why)


def append(path: Path, *decisions: Decision) -> None:
    """Add decisions to the log, in one piece; when this returns, they are on disk.

    Any number of processes may append at once. A line that an interrupted program left unfinished is ended first.
    Raises OSError if they cannot be written (the log is then as it was), UnicodeEncodeError if one is no text.
    """
    lines = b"".join(map(_line, decisions))
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path) as log:
        size = os.fstat(log).st_size
        if size and _byte(log, size - 1) != b"\n":
            lines = b"\n" + lines
        try:
            if os.write(log, lines) != len(lines):
                raise OSError(f"{path}: only a part of the decision could be written; is the disk full?")
            os.fsync(log)
        except OSError:
            os.ftruncate(log, size)
            raise
        if not size:
            _sync_folder(path.parent)


def _line(decision: Decision) -> bytes:
    row = {
        "id": decision.id,
        "action": decision.action,
        "targets": [{key: target.get(key, "") for key in TARGET_KEYS} for target in decision.targets],
        "values": decision.values,
        "by": decision.by,
        "on": decision.on,
        "why": decision.why,
    }
    return (json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8")


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """The log opened for appending, created if missing, with no other writer in it."""
    while True:
        log = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
        try:
            _lock(log)
            if path.exists() and os.path.samestat(os.fstat(log), path.stat()):  # not replaced while we waited
                yield log
                return
        finally:
            os.close(log)  # also unlocks


if sys.platform == "win32":
    import msvcrt

    def _lock(log: int) -> None:
        os.lseek(log, 0x7FFFFFFE, os.SEEK_SET)  # a byte past every log: a lock on Windows also keeps readers out
        msvcrt.locking(log, msvcrt.LK_LOCK, 1)

    def _sync_folder(folder: Path) -> None:
        """Windows writes the folder entry with the file."""
else:
    import fcntl

    def _lock(log: int) -> None:
        fcntl.flock(log, fcntl.LOCK_EX)

    def _sync_folder(folder: Path) -> None:
        """Put the entry of a new file on disk."""
        entry = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(entry)
        finally:
            os.close(entry)


def _byte(log: int, place: int) -> bytes:
    os.lseek(log, place, os.SEEK_SET)
    return os.read(log, 1)


# ------------------------------------------------------------------------------ what a decision is about


def added_id(decision: Decision) -> str:
    """The mention id of the event that an `add` makes; the event's id follows from it as for any other."""
    return "m" + hashlib.sha256(decision.id.encode()).hexdigest()[:10]


def about(decision: Decision) -> tuple[Target, ...]:
    """The passages that a decision is about; of an `add` the one it brings."""
    if decision.action != "add":
        return decision.targets
    source, quote = decision.values.get("source_id", ""), decision.values.get("quote", "")
    return ({"mention_id": added_id(decision), "source_id": source, "quote": quote, "date_text": ""},)


def passages(targets: Iterable[Target]) -> set[tuple[str, ...]]:
    """What two decisions share if they are about the same: a mention, or the same words dated by the same words."""
    return {(target["mention_id"],) for target in targets} | {
        (" ".join(target["quote"].split()), target["date_text"]) for target in targets if target["quote"]
    }


def undone(decisions: Sequence[Decision]) -> dict[str, Decision]:
    """The decisions that do not count: the id of each -> the `undo` that took it back.

    An undo takes back a decision before it in the log, and may itself be taken back, so that both count again.
    """
    place = {decision.id: number for number, decision in enumerate(decisions)}
    taken: dict[str, Decision] = {}
    for decision in reversed(decisions):
        if decision.action == "undo" and decision.id not in taken:
            name = decision.values["decision"]
            if name in place and place[name] < place[decision.id]:
                taken[name] = decision
    return taken


def find_quote(text: str, quote: str) -> tuple[int, int] | None:
    """Where a quote stands in a text: as it is, else with other white space."""
    found = text.find(quote)
    if found >= 0:
        return found, found + len(quote)
    loose = re.search(r"\s+".join(map(re.escape, quote.split())) or r"(?!)", text)
    return loose.span() if loose else None


def told(decision: Decision) -> str:
    """A decision in a few words: "edit title=A clash by ann on 2026-01-02T03:04:05Z, “shorter”"."""
    shown = {column: value for column, value in decision.values.items() if column != "quote"}
    values = shown.get("decision") or ", ".join(f"{column}={value}" for column, value in shown.items())
    who = f"{decision.action} {values}".rstrip() + f" by {decision.by or 'somebody'} on {decision.on}"
    return who + (f", “{decision.why}”" if decision.why else "")


def said(decision: Decision) -> str:
    """The same with its id before it."""
    return f"{decision.id}, {told(decision)}"


def to_undo(decision: str) -> str:
    """The command that takes a decision back."""
    return f"`timeline decide undo {decision} --why REASON`"
