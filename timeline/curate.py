"""What people decided about events: the log they are kept in, and their replay over a fresh build.

`decisions.jsonl` is append-only. A decision hangs on mentions and their quotes, not on rows of a table, so it
survives a rebuild, a better rule, a renamed source and an edit elsewhere in the source. When its passage is gone it
waits in the log, and the build says so: no decision is ever dropped in silence.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import json
import os
import re
import secrets
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from .edtf import EdtfError, parse
from .merge import event_id
from .model import ACTIONS, Decision, Event, Mention, Problem, Source, TimelineError

EDITABLE = ("date", "title", "category", "actors", "places", "era", "modality")
ADDABLE = (*EDITABLE, "source_id", "quote")
MODALITIES = ("actual", "planned")
TARGET_KEYS = ("mention_id", "source_id", "quote", "date_text")
_EVENT_COLUMNS = ("event_id", "source_id", "quote", "quote_start")
_MENTION_COLUMNS = (*TARGET_KEYS, "event_id", "quote_start")
CONTEXT = 32  # characters of prefix and suffix around an added quote
_RAREST = 8  # words by which quotes like one that is gone are looked for
_CANDIDATES = 5  # quotes of those that are compared letter by letter
_COMPARED = 1000  # characters of each quote that are compared

Target = dict[str, str]
Fault = tuple[str, str]  # what is wrong, and the next move


# ---------------------------------------------------------------------------------------------- the log


def read_decisions(path: Path) -> tuple[list[Decision], list[Problem]]:
    """The decisions of a log in the order they were made, and a Problem for each line that is not one.

    A missing file holds no decisions. Raises OSError if the file exists and cannot be read.
    """
    decisions: dict[str, Decision] = {}
    problems = []
    for number, line in enumerate(_lines(path), 1):
        where = f"{path.name}:{number}"
        if not line.strip():
            continue
        read = _read_line(line)
        if isinstance(read, Decision):
            if read.id not in decisions:
                decisions[read.id] = read
            elif decisions[read.id] != read:
                hint = "the first one counts; give this line an id of its own"
                problems.append(Problem(where, f"a second decision has the id {read.id}", hint))
        elif line.endswith(b"\n"):
            problems.append(Problem(where, *read))
        else:
            hint = "it was never acknowledged: decide again, or delete the line"
            problems.append(Problem(where, "the last line was cut off while it was written", hint))
    return list(decisions.values()), problems


def _lines(path: Path) -> list[bytes]:
    """The lines of a log with their line ends; JSON has no raw line feed within a value."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    return re.findall(rb"[^\n]*\n|[^\n]+", data.removeprefix(b"\xef\xbb\xbf"))


def _read_line(line: bytes) -> Decision | Fault:
    try:
        row = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return "not a line of JSON in UTF-8", "restore it from the version history, or delete the line"
    fault = _malformed(row)
    if fault:
        return fault, "mend the line by hand; `timeline decide` writes well-formed ones"
    decision = Decision(
        id=row["id"],
        action=row["action"],
        targets=tuple({key: target.get(key, "") for key in TARGET_KEYS} for target in row["targets"]),
        values=row["values"],
        by=row["by"],
        on=row["on"],
        why=row["why"],
    )
    return _fault(decision) or decision


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


def append(path: Path, decision: Decision) -> None:
    """Add a decision to the log; when this returns, it is on disk.

    Any number of processes may append at once. A line that an interrupted program left unfinished is ended first.
    Raises OSError if the line cannot be written (the log is then as it was), UnicodeEncodeError if it is no text.
    """
    line = _line(decision)
    path.parent.mkdir(parents=True, exist_ok=True)
    with _locked(path) as log:
        size = os.fstat(log).st_size
        if size and _byte(log, size - 1) != b"\n":
            line = b"\n" + line
        try:
            if os.write(log, line) != len(line):
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


# ---------------------------------------------------------------------------------------------- deciding


def new_decision(
    action: str, targets: Iterable[Target], values: Mapping[str, str], by: str, why: str, on: str | None = None
) -> Decision:
    """A decision with an id of its own, dated now (`on`: ISO 8601 in UTC, to the second)."""
    now = on or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Decision("d" + secrets.token_hex(5), action, tuple(targets), dict(values), by, now, why)


def decide(
    folder: Path,
    action: str,
    event_ids: list[str],
    values: dict[str, str],
    by: str,
    why: str,
    read_text: Callable[[str], str] | None = None,
) -> Decision:
    """Record a judgement on events of the tables in `folder`, and return it once it is on disk.

    `folder` holds events.csv and mentions.csv as the build wrote them, and decisions.jsonl. `split` takes the ids of
    the mentions that leave (or of an event with two mentions, whose second leaves); `add` takes no ids. `read_text`
    gives the text at a path of sources.csv, or raises TimelineError; an added quote is looked up in it. Raises
    TimelineError, saying what to do, for anything that could not be replayed or written; nothing is recorded then.
    """
    values = {key: value if key == "quote" else " ".join(value.split()) for key, value in values.items()}
    why = " ".join(why.split())
    _check_reason(action, why)
    if action == "add" and event_ids:
        raise TimelineError("add makes a new event and takes no event id; to change an event, use edit")
    targets = [] if action == "add" else _targets(folder, action, list(dict.fromkeys(event_ids)))
    decision = new_decision(action, targets, values, by, why)
    fault = _fault(decision) or _unknown_era(folder, values) or _unknown_quote(folder, values, read_text)
    if fault:
        raise TimelineError("; ".join(fault))
    path = folder / "decisions.jsonl"
    try:
        append(path, decision)
    except UnicodeEncodeError:
        raise TimelineError("a value or the reason holds bytes that are no text; type it again") from None
    except OSError as error:
        raise TimelineError(f"{path}: {error.strerror or error}; the decision is not recorded") from error
    return decision


def _check_reason(action: str, why: str) -> None:
    if action not in ACTIONS:
        raise TimelineError(f"unknown action {action!r}; use one of {', '.join(ACTIONS)}")
    if action != "accept" and not why:
        raise TimelineError(f"{action} needs a reason; say why in one sentence, for those who read the log later")


def _fault(decision: Decision) -> Fault | None:
    """What is wrong with a decision whatever it applies to, None if nothing is."""
    action, values = decision.action, decision.values
    if action not in ACTIONS:
        return f"unknown action {action!r}", f"use one of {', '.join(ACTIONS)}"
    if action in ("accept", "reject") and values:
        return f"{action} takes no values", "to change an event, use edit"
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
    if values.get("modality", "actual") not in MODALITIES:
        return f"modality {values['modality']!r} is unknown", f"use one of {', '.join(MODALITIES)}"
    return None


def _bad_addition(values: Mapping[str, str]) -> Fault | None:
    for column in ("date", "title"):
        if column not in values:
            return f"an added event needs a {column}", f"give {column}=..."
    if bool(values.get("source_id")) != bool(values.get("quote", "").strip()):
        return "a quote and its source go together", "give both source_id and quote, or neither"
    return None


def _unknown_era(folder: Path, values: Mapping[str, str]) -> Fault | None:
    era = values.get("era")
    if not era:
        return None
    known = [row["era_id"] for row in _rows(folder / "eras.csv", ["era_id"])]
    if era in known:
        return None
    return f"no era has the id {era!r}", f"eras.csv has {', '.join(known) or 'none yet; add it there'}"


def _unknown_quote(folder: Path, values: Mapping[str, str], read_text: Callable[[str], str] | None) -> Fault | None:
    """What is wrong with the source or the quote of an addition. A text that is not at hand is not looked into."""
    name = values.get("source_id")
    if not name:
        return None
    files = {row["source_id"]: row["file"] for row in _rows(folder / "sources.csv", ["source_id", "file"])}
    if name not in files:
        return str(_unknown(name, "source", files)).partition("; ")[::2]
    try:
        text = read_text(files[name]) if read_text else None
    except TimelineError:
        text = None
    if text is not None and not _find_quote(text, values["quote"]):
        return f"the quote is not in {name}", "copy it from the text as it stands there"
    return None


def _targets(folder: Path, action: str, ids: list[str]) -> list[Target]:
    """What a decision on these ids hangs on: every mention of each event, the best first."""
    if not ids:
        raise TimelineError(f"{action} needs an event id; the first column of events.csv has them")
    if action == "merge" and len(ids) < 2:
        raise TimelineError("merge needs at least two event ids; the first one leads")
    events = {row["event_id"]: row for row in _rows(folder / "events.csv", _EVENT_COLUMNS)}
    mentions = _rows(folder / "mentions.csv", _MENTION_COLUMNS)
    if action == "split":
        return [_target(row) for row in _leaving(ids, events, mentions)]
    for unknown in ids:
        if unknown not in events:
            raise _unknown(unknown, "event", events)
    of_event: dict[str, list[Mapping[str, str]]] = {}
    for row in mentions:
        of_event.setdefault(row["event_id"], []).append(row)
    return [target for each in ids for target in _event_targets(events[each], of_event.get(each, []))]


def _event_targets(event: Mapping[str, str], mentions: list[Mapping[str, str]]) -> list[Target]:
    """The mentions of an event, best first; an added event without any is named by the mention it would have."""
    if not mentions:
        return [_target({"mention_id": "m" + event["event_id"][1:]})]
    best = (event["source_id"], event["quote_start"], event["quote"])
    return [
        _target(row)
        for row in sorted(mentions, key=lambda row: (row["source_id"], row["quote_start"], row["quote"]) != best)
    ]


def _leaving(
    ids: list[str], events: Mapping[str, Mapping[str, str]], mentions: list[Mapping[str, str]]
) -> list[Mapping[str, str]]:
    """The mentions that a split takes out of their event."""
    if len(ids) == 1 and ids[0] in events:
        ids = [target["mention_id"] for target in _event_targets(events[ids[0]], _of(mentions, ids[0]))[1:]]
        if len(ids) != 1:
            names = ", ".join(ids) or "none"
            raise TimelineError(f"say which mentions leave the event by their ids; besides its best it has {names}")
    by_id = {row["mention_id"]: row for row in mentions}
    for unknown in ids:
        if unknown not in by_id:
            raise _unknown(unknown, "mention", by_id)
    owners = {by_id[each]["event_id"] for each in ids}
    if len(owners) > 1:
        raise TimelineError(f"these mentions are of {len(owners)} events already; split one event at a time")
    if len(_of(mentions, owners.pop())) == len(ids):
        raise TimelineError("a split leaves at least one mention behind; name fewer mentions")
    return [by_id[each] for each in ids]


def _of(mentions: list[Mapping[str, str]], event: str) -> list[Mapping[str, str]]:
    return [row for row in mentions if row["event_id"] == event]


def _target(row: Mapping[str, str]) -> Target:
    return {key: row.get(key, "") for key in TARGET_KEYS}


def _unknown(name: str, kind: str, known: Iterable[str]) -> TimelineError:
    close = difflib.get_close_matches(name, list(known), 3, 0.5)
    hint = f"closest: {', '.join(close)}" if close else f"the first column of {kind}s.csv has the ids"
    return TimelineError(f"no {kind} has the id {name!r}; {hint}")


def _rows(path: Path, columns: Sequence[str]) -> list[Mapping[str, str]]:
    """The rows of one of our tables. Raises TimelineError if it is missing or not one of ours."""
    limit = csv.field_size_limit(2**31 - 1)  # a sentence may be longer than the module's 128 KiB
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="")
            rows: list[Mapping[str, str]] = list(reader)
            lacking = set(columns) - set(reader.fieldnames or ())
    except OSError as error:
        raise TimelineError(f"{path}: {error.strerror}; run `timeline build` first") from error
    except (ValueError, csv.Error) as error:
        raise TimelineError(f"{path} is not a table ({error}); run `timeline build` again") from error
    finally:
        csv.field_size_limit(limit)
    if lacking:
        raise TimelineError(f"{path} has no column {', '.join(sorted(lacking))}; run `timeline build` again")
    return rows


# ---------------------------------------------------------------------------------------------- replaying


def curate(
    events: Sequence[Event], decisions: Sequence[Decision], sources: Sequence[Source]
) -> tuple[list[Event], list[Problem]]:
    """Replay the decisions over freshly built events, in the order of the log; later ones win, column by column.

    Events keep their order; a split-off event and an added one come last. Decisions that cannot be applied are
    Problems: they wait (not an error), except for an added quote that its source does not contain (an error).
    """
    state = _State(sources)
    for event in events:
        state.put(_Row(event))
    for decision in decisions:
        _APPLY[decision.action](state, decision)
    return [row.event for row in state.rows if row.names], state.problems


@dataclass(slots=True, eq=False)
class _Row:
    """An event during the replay: what it answers to (none: it is gone), and which decision set its status."""

    event: Event
    names: list[str] = field(default_factory=list)  # mention ids; of an event without any, the one it would have
    decided: str = ""
    before: str = "proposed"  # the status before a rejection


@dataclass
class _State:
    """Everything the replay changes: the rows, which row a mention is in, and what there is to report."""

    sources: Sequence[Source]
    rows: list[_Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    owner: dict[str, _Row] = field(default_factory=dict)

    def put(self, row: _Row) -> None:
        """Add a row under the ids of its mentions."""
        self.rows.append(row)
        self.move([mention.mention_id for mention in row.event.mentions] or ["m" + row.event.event_id[1:]], row)

    def move(self, names: list[str], row: _Row) -> None:
        """Let a row answer to more names, which no other row answers to any longer."""
        for name in names:
            self.owner[name] = row
        row.names += names

    def report(self, decision: Decision, what: str, hint: str = "", *, is_error: bool = False) -> None:
        self.problems.append(Problem(f"decision {decision.id}", what, hint, is_error))

    @cached_property
    def quotes(self) -> _Quotes:
        """The passages of the build. Added ones may be missing: their ids never change, nobody looks for them."""
        found = (mention for row in self.rows if row.names for mention in row.event.mentions)
        return _Quotes([(m.mention_id, m.source_id, m.quote, m.date_text) for m in found])

    def find(self, decision: Decision) -> list[str]:
        """For each target of a decision its mention in this build, empty if it is gone, which is reported."""
        taken = {target["mention_id"] for target in decision.targets if target["mention_id"] in self.owner}
        found = []
        for target in decision.targets:
            mention = target["mention_id"]
            if mention not in taken:
                mention = self.quotes.find(target, taken)
                taken.add(mention)
            found.append(mention)
        gone = [target for target, mention in zip(decision.targets, found, strict=True) if not mention]
        if gone:
            self._report_gone(decision, gone)
        return found

    def _report_gone(self, decision: Decision, gone: list[Target]) -> None:
        count, left = len(decision.targets), len(decision.targets) - len(gone)
        what = f"applies to {left} of its {count} passages only" if left else "no longer applies"
        known = {source.id for source in self.sources}
        here = [target for target in gone if target["source_id"] in known]
        if here:
            hint = self.quotes.closest(here[0]["quote"])
            self.report(decision, f"{what}: its passage is not in the sources", hint)
        elif gone[0]["source_id"]:
            self.report(decision, f"{what}: its source {gone[0]['source_id']} is not among the sources of this run")
        else:
            self.report(decision, f"{what}: the added event it is about is not there")


class _Quotes:
    """The passages of a build, to find a passage again whose mention has another id now."""

    def __init__(self, mentions: list[tuple[str, str, str, str]]) -> None:
        """Each mention is (mention_id, source_id, quote, date_text)."""
        self._mentions = mentions
        self._exact: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self._quote: dict[str, list[str]] = {}
        for mention_id, source_id, quote, date_text in mentions:
            self._exact.setdefault((quote, date_text), []).append((source_id, mention_id))
            self._quote.setdefault(quote, []).append(mention_id)

    def find(self, target: Target, taken: Set[str] = frozenset()) -> str:
        """The mention with the same quote and date text, its own source first; else the only one with the quote.

        Empty if there is none besides those in `taken`, which other targets of the decision have.
        """
        if not target["quote"]:
            return ""
        exact = self._exact.get((target["quote"], target["date_text"]), [])
        free = [pair for pair in exact if pair[1] not in taken]
        if free:
            return min(free, key=lambda pair: (pair[0] != target["source_id"], pair))[1]
        same = self._quote.get(target["quote"], [])
        return same[0] if len(same) == 1 and same[0] not in taken else ""

    @cached_property
    def _with_word(self) -> dict[str, list[int]]:
        """word -> the places in `_mentions` of the quotes that have it."""
        index: dict[str, list[int]] = {}
        for place, (_, _, quote, _) in enumerate(self._mentions):
            for word in set(quote.lower().split()):
                index.setdefault(word, []).append(place)
        return index

    def closest(self, quote: str) -> str:
        """A hint that names the passage most like `quote`, of those that share its rarest words."""
        index = self._with_word
        words = sorted(set(quote.lower().split()) & index.keys(), key=lambda word: (len(index[word]), word))
        shared = Counter(place for word in words[:_RAREST] for place in index[word])
        likely = [self._mentions[place] for place, _ in shared.most_common(_CANDIDATES)]
        rated = [(_likeness(quote, text), source_id, text) for _, source_id, text, _ in likely]
        likeness, source_id, text = max(rated, default=(0.0, "", ""))
        if likeness < 0.5:
            return "nothing like it is left; decide again on what the source says now"
        return f"closest: “{text}” in {source_id}; if it tells the same, decide again on that event"


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one[:_COMPARED], other[:_COMPARED], autojunk=False).ratio()


def _rule(state: _State, decision: Decision, row: _Row, status: str) -> None:
    """Give a row the status a decision asks for; a verdict that overturns another one is reported."""
    old = row.event.status
    if (old == "rejected") != (status == "rejected") and row.decided and old != "added":
        state.report(decision, f"{decision.action} overturns decision {row.decided} ({old})", "the later one counts")
    standing = row.before if old == "rejected" else old
    if status == "rejected":
        row.before = standing
    elif standing == "added" or (standing == "edited" and status == "accepted"):
        status = standing
    row.event = replace(row.event, status=status)
    row.decided = decision.id


def _set(event: Event, values: Mapping[str, str]) -> Event:
    """The event with columns overridden; actors and places are lists joined by semicolons in `values`."""
    changes: dict[str, Any] = {
        column: _listed(value) if column in ("actors", "places") else value
        for column, value in values.items()
        if column in EDITABLE
    }
    return replace(event, **changes)


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(";") if part.strip())


def _owners(state: _State, mentions: Iterable[str]) -> list[_Row]:
    """The rows that hold the mentions, each once, in the order of the mentions; an empty id is nobody's."""
    return list(dict.fromkeys(state.owner[mention] for mention in mentions if mention))


def _apply_verdict(state: _State, decision: Decision) -> None:
    """Accept or reject every event that has one of the mentions."""
    for row in _owners(state, state.find(decision)):
        _rule(state, decision, row, "accepted" if decision.action == "accept" else "rejected")


def _apply_edit(state: _State, decision: Decision) -> None:
    """Override columns of the event of the first mention that is there."""
    rows = _owners(state, state.find(decision))
    for row in rows[:1]:
        _rule(state, decision, row, "edited")
        row.event = _set(row.event, decision.values)
    for row in rows[1:]:
        what = f"its passages now tell of another event too ({row.event.event_id}), which was not edited"
        state.report(decision, what, "merge the two, or edit the other one as well")


def _apply_merge(state: _State, decision: Decision) -> None:
    """Make one event of all that have one of the mentions; the first leads."""
    found = state.find(decision)
    rows = _owners(state, found)
    if not rows or (len(rows) == 1 and "" in found):
        return  # the others are gone, which is reported
    first = rows[0]
    _rule(state, decision, first, "edited")
    merged = _merged([first.event, *(row.event for row in rows[1:])])
    first.event = _set(merged, decision.values)
    for row in rows[1:]:
        state.move(row.names, first)
        row.names = []


def _merged(events: Sequence[Event]) -> Event:
    """The first event with the mentions, actors and places of all."""
    as_given = (mention for event in events for mention in event.mentions)
    mentions = tuple(sorted(as_given, key=lambda mention: not mention.original))  # a work before the notes on it
    return replace(
        events[0],
        event_id=event_id(mentions) if mentions else events[0].event_id,
        actors=_union(event.actors for event in events),
        places=_union(event.places for event in events),
        salience=max(event.salience for event in events),
        confidence=max(event.confidence for event in events),
        mentions=mentions,
    )


def _union(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in lists for name in names))


def _apply_split(state: _State, decision: Decision) -> None:
    """Make the mentions an event of their own; if they already are one, only the values and the status change."""
    names = {name for name in state.find(decision) if name}
    rows = _owners(state, sorted(names))
    leaving = [mention for row in rows for mention in row.event.mentions if mention.mention_id in names]
    if not leaving:
        return
    if len(rows) == 1 and len(leaving) == len(rows[0].event.mentions):
        row = rows[0]
    else:
        for old in rows:
            _leave_behind(old, names)
        row = _Row(_event_of(leaving))
        state.put(row)
    _rule(state, decision, row, "edited")
    row.event = _set(row.event, decision.values)


def _leave_behind(row: _Row, names: set[str]) -> None:
    """Take mentions out of an event; what only they said goes with them, and what people set stays."""
    event = row.event
    left = tuple(mention for mention in event.mentions if mention.mention_id not in names)
    gone = tuple(mention for mention in event.mentions if mention.mention_id in names)
    row.names = [name for name in row.names if name not in names] if left else []
    if not left:
        return
    changes: dict[str, Any] = {}
    for column in ("date", "title", "category", "modality"):
        said = {getattr(mention, column) for mention in gone} - {getattr(mention, column) for mention in left}
        if getattr(event, column) in said:
            changes[column] = getattr(left[0], column)
    for column in ("actors", "places"):
        said = {name for mention in gone for name in getattr(mention, column)}
        said -= {name for mention in left for name in getattr(mention, column)}
        changes[column] = tuple(name for name in getattr(event, column) if name not in said)
    row.event = replace(event, event_id=event_id(left), mentions=left, **changes)


def _event_of(mentions: Sequence[Mention]) -> Event:
    """An event as its first mention tells it."""
    best = mentions[0]
    return Event(
        event_id=event_id(mentions),
        date=best.date,
        title=best.title,
        category=best.category,
        actors=_union(mention.actors for mention in mentions),
        places=_union(mention.places for mention in mentions),
        modality=best.modality,
        salience=max(mention.salience for mention in mentions),
        confidence=max(mention.confidence for mention in mentions),
        mentions=tuple(mentions),
    )


def _apply_add(state: _State, decision: Decision) -> None:
    """A new event that a person wrote; its mention is the quote, if one was given and stands in a source."""
    blank = Event("e" + _added_id(decision)[1:], "", "", "", (), (), "actual", 1.0, 1.0, (), "added")
    event = _set(blank, decision.values)
    if decision.values.get("quote"):
        place = _place(state, decision)
        if place is None:
            return
        event = replace(event, mentions=(_added_mention(event, *place),))
    state.put(_Row(event, decided=decision.id, before="added"))


def _added_id(decision: Decision) -> str:
    """The mention id of an added event; the event's id follows from it as for any other."""
    return "m" + hashlib.sha256(decision.id.encode()).hexdigest()[:10]


def _place(state: _State, decision: Decision) -> tuple[Source, int, int] | None:
    """Where an added quote stands: its own source first, then any; white space may differ. Reports if nowhere."""
    name, quote = decision.values["source_id"], decision.values["quote"]
    for source in sorted(state.sources, key=lambda source: source.id != name):
        span = _find_quote(source.text, quote)
        if span:
            return source, *span
    if all(source.id != name for source in state.sources):
        state.report(decision, f"no longer applies: its source {name} is not among the sources of this run")
    else:
        what = f"the quote of the added event is not in {name}"
        state.report(decision, what, state.quotes.closest(quote), is_error=True)
    return None


def _find_quote(text: str, quote: str) -> tuple[int, int] | None:
    """Where a quote stands in a text: as it is, else with other white space."""
    found = text.find(quote)
    if found >= 0:
        return found, found + len(quote)
    loose = re.search(r"\s+".join(map(re.escape, quote.split())) or r"(?!)", text)
    return loose.span() if loose else None


def _added_mention(event: Event, source: Source, start: int, end: int) -> Mention:
    return Mention(
        mention_id="m" + event.event_id[1:],
        source_id=source.id,
        work=source.work,
        original=source.original,
        date=event.date,
        date_text="",
        date_start=start,
        date_end=end,
        anchor="",
        basis="curated",
        rule="",
        quote=source.text[start:end],
        quote_start=start,
        quote_end=end,
        prefix=source.text[max(0, start - CONTEXT) : start],
        suffix=source.text[end : end + CONTEXT],
        title=event.title,
        category=event.category,
        actors=event.actors,
        places=event.places,
        modality=event.modality,
        salience=event.salience,
        confidence=event.confidence,
    )


_APPLY: dict[str, Callable[[_State, Decision], None]] = {
    "accept": _apply_verdict,
    "reject": _apply_verdict,
    "edit": _apply_edit,
    "merge": _apply_merge,
    "split": _apply_split,
    "add": _apply_add,
}


def missing(decisions: Iterable[Decision], mentions: Iterable[Mapping[str, str]], event_ids: Set[str]) -> list[Problem]:
    """The decisions that no row of the tables carries any more: an error if nothing of them is left.

    `event_ids` are those of events.csv: an added event may have no mention. One that was merged is in another event.
    """
    decisions = list(decisions)
    rows = [(row["mention_id"], row["source_id"], row["quote"], row["date_text"]) for row in mentions]
    quotes = _Quotes(rows)
    known = {row[0] for row in rows} | {_added_id(decision) for decision in decisions if decision.action == "add"}
    carried = {row[0] for row in rows} | {"m" + name[1:] for name in event_ids}
    carried |= {t["mention_id"] for decision in decisions if decision.action == "merge" for t in decision.targets}
    problems = []
    for decision in decisions:
        if decision.action == "add" and _added_id(decision) not in carried:
            what, hint = "add: its event is not in events.csv", "`timeline build` adds it, or says why it cannot"
            problems.append(Problem(f"decision {decision.id}", what, hint))
        gone = [t for t in decision.targets if t["mention_id"] not in known and not quotes.find(t)]
        if gone:
            count = len(decision.targets)
            scope = f"{len(gone)} of its {count} passages are" if count > 1 else "its passage is"
            what = f"{decision.action}: {scope} not in mentions.csv"
            problems.append(
                Problem(f"decision {decision.id}", what, quotes.closest(gone[0]["quote"]), len(gone) == count)
            )
    return problems
