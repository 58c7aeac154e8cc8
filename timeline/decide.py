"""Deciding: a judgement on events of the tables becomes a line of the log, or is refused with what to do instead."""

from __future__ import annotations

import csv
import difflib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from .decisions import (
    LOG,
    TARGET_KEYS,
    Fault,
    Target,
    about,
    append,
    fault,
    find_quote,
    new_decision,
    passages,
    read_decisions,
    said,
    to_undo,
    undone,
)
from .model import ACTIONS, Decision, TimelineError

Rows = Callable[[str], Sequence[Mapping[str, str]]]  # the name of a table -> its rows

_EVENT_COLUMNS = ("event_id", "source_id", "quote", "quote_start")
_MENTION_COLUMNS = (*TARGET_KEYS, "event_id", "quote_start")


def decide(
    folder: Path,
    action: str,
    event_ids: Sequence[str],
    values: Mapping[str, str],
    by: str,
    why: str,
    read_text: Callable[[str], str] | None = None,
    instead: str = "",
    rows: Rows | None = None,
) -> Decision:
    """Record a judgement on events of the tables in `folder`, and return it once it is on disk.

    `folder` holds events.csv and mentions.csv as the build wrote them, and decisions.jsonl. `event_ids`: `split` takes
    the ids of the mentions that leave (or of an event with two mentions, whose second leaves); `add` takes none; `undo`
    takes the id of a decision, or of an event whose last decision is meant. `instead`: the id of a decision that this
    one replaces: it is undone, and what is not given anew (its values if the action is the same, its reason) is taken
    from it. `read_text` gives the text at a path of sources.csv, or raises TimelineError; an added quote is looked up
    in it. `rows` gives the rows of "events" and "mentions" that the ids name, as whoever decides sees them; by default
    those of the files. Raises TimelineError, saying what to do, for anything that could not be replayed or written;
    nothing is recorded then. `conflicts` tells who else decided on the same meanwhile.
    """
    path = Path(folder) / LOG
    ids = list(dict.fromkeys(event_ids))
    values = {key: value if key == "quote" else " ".join(value.split()) for key, value in values.items()}
    log = _log(path) if action == "undo" or instead else []
    old = _standing(log, instead) if instead else None
    if old is not None:
        values = {**(old.values if old.action == action else {}), **values}
        why = why if why.strip() else old.why
    why = " ".join(why.split())
    _check_reason(action, why)
    if action == "undo":
        if instead or values:
            raise TimelineError("undo takes the id of one decision, and nothing else; to replace one, use --instead")
        decision = _undo(_to_undo(folder, log, ids, rows), by, why)
    else:
        if action == "add" and ids:
            raise TimelineError("add makes a new event and takes no event id; to change an event, use edit")
        targets = [] if action == "add" else _targets(folder, action, ids, rows)
        decision = new_decision(action, targets, values, by, why)
    wrong = fault(decision) or _unknown_era(folder, values) or _unknown_quote(folder, values, read_text)
    if wrong:
        raise TimelineError("; ".join(wrong))
    _record(path, decision, *([_undo(old, by, f"{decision.id} is in its place")] if old else []))
    return decision


def conflicts(folder: Path, decision: Decision, seen: str | None = None) -> list[Decision]:
    """The decisions before this one on the same passages that whoever made it cannot have seen, in order.

    `seen`: the id of the last decision that they had seen; by default the last that the tables in `folder` were built
    with. None of them is lost: all are in the log, and where two of them differ the later one counts.
    """
    log = _log(Path(folder) / LOG)
    before = log[: log.index(decision)] if decision in log else log
    unseen = unbuilt(folder, before, seen)
    new, off, same = {each.id for each in unseen}, undone(log), passages(about(decision))
    return [
        each
        for each in unseen
        if each.id not in off
        and each.values.get("decision") not in new  # made and taken back: nothing is left of the two
        and passages(about(each)) & same
    ]


def unbuilt(folder: Path, log: Sequence[Decision], seen: str | None = None) -> list[Decision]:
    """The decisions of a log that came after the one with the id `seen`: by default those not in the tables yet."""
    names = [decision.id for decision in log]
    last = built_with(folder) if seen is None else seen
    return list(log[names.index(last) + 1 if last in names else 0 :])


def built_with(folder: Path) -> str:
    """The id of the last decision in the tables, empty if they were built with none."""
    try:
        package = json.loads((Path(folder) / "datapackage.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return ""
    return str(package.get("decided", "")) if isinstance(package, dict) else ""


def _log(path: Path) -> list[Decision]:
    try:
        return read_decisions(path)[0]
    except OSError as error:
        raise TimelineError(f"{path}: {error.strerror or error}; nothing is recorded") from error


def _record(path: Path, *decisions: Decision) -> None:
    try:
        append(path, *decisions)
    except UnicodeEncodeError:
        raise TimelineError("a value or the reason holds bytes that are no text; type it again") from None
    except OSError as error:
        raise TimelineError(f"{path}: {error.strerror or error}; the decision is not recorded") from error


def _check_reason(action: str, why: str) -> None:
    if action not in ACTIONS:
        raise TimelineError(f"unknown action {action!r}; use one of {', '.join(ACTIONS)}")
    if action != "accept" and not why:
        raise TimelineError(f"{action} needs a reason; say why in one sentence, for those who read the log later")


# ---------------------------------------------------------------------------------------------- undoing


def _undo(decision: Decision, by: str, why: str) -> Decision:
    return new_decision("undo", about(decision), {"decision": decision.id}, by, why)


def _to_undo(folder: Path, log: Sequence[Decision], ids: Sequence[str], rows: Rows | None) -> Decision:
    """The decision that is meant: the one with this id, or the last that stands of those on the event with it."""
    if len(ids) != 1:
        raise TimelineError("undo takes one id: of a decision, or of an event whose last decision is meant")
    (name,) = ids
    if any(decision.id == name for decision in log) or name.startswith("d"):
        return _standing(log, name)
    off = undone(log)
    targets = _targets(folder, "undo", [name], rows)
    open_ones = [decision for decision in log if decision.action != "undo" and decision.id not in off]
    mentions = {target["mention_id"] for target in targets}
    on_it = [each for each in open_ones if mentions & {target["mention_id"] for target in about(each)}]
    on_it = on_it or [each for each in open_ones if passages(targets) & passages(about(each))]
    if not on_it:
        raise TimelineError(f"no decision stands on {name}; `timeline decide undo` also takes the id of any decision")
    return on_it[-1]


def _standing(log: Sequence[Decision], name: str) -> Decision:
    """The decision with an id. Raises TimelineError if there is none, or it is undone already."""
    by_id = {decision.id: decision for decision in log}
    if name not in by_id:
        raise _unknown(name, "decision", by_id)
    by_whom = undone(log).get(name)
    if by_whom:
        again = f"{to_undo(by_whom.id)} lets it count again"
        raise TimelineError(f"decision {name} is undone already: {said(by_whom)}; {again}")
    return by_id[name]


# ---------------------------------------------------------------------------------------- what it applies to


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
    if text is not None and not find_quote(text, values["quote"]):
        return f"the quote is not in {name}", "copy it from the text as it stands there"
    return None


def _targets(folder: Path, action: str, ids: list[str], rows: Rows | None) -> list[Target]:
    """What a decision on these ids hangs on: every mention of each event, the best first."""
    if not ids:
        raise TimelineError(f"{action} needs an event id; the first column of events.csv has them")
    if action == "merge" and len(ids) < 2:
        raise TimelineError("merge needs at least two event ids; the first one leads")
    events = {row["event_id"]: row for row in (rows("events") if rows else _events(folder))}
    mentions = list(rows("mentions")) if rows else _rows(folder / "mentions.csv", _MENTION_COLUMNS)
    if action == "split":
        return [_target(row) for row in _leaving(ids, events, mentions)]
    for unknown in ids:
        if unknown not in events:
            raise _unknown(unknown, "event", events)
    of_event: dict[str, list[Mapping[str, str]]] = {}
    for row in mentions:
        of_event.setdefault(row["event_id"], []).append(row)
    return [target for each in ids for target in _event_targets(events[each], of_event.get(each, []))]


def _events(folder: Path) -> list[Mapping[str, str]]:
    return _rows(folder / "events.csv", _EVENT_COLUMNS)


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
            raise TimelineError(
                f"say which mentions leave the event by their ids; besides its best it has {names}; or undo a merge"
            )
    by_id = {row["mention_id"]: row for row in mentions}
    for unknown in ids:
        if unknown not in by_id:
            raise _unknown(unknown, "mention", by_id)
    owners = {by_id[each]["event_id"] for each in ids}
    if len(owners) > 1:
        raise TimelineError(f"these mentions are of {len(owners)} events already; split one event at a time")
    if len(_of(mentions, owners.pop())) == len(ids):
        raise TimelineError("a split leaves at least one mention behind; name fewer mentions, or undo the merge")
    return [by_id[each] for each in ids]


def _of(mentions: list[Mapping[str, str]], event: str) -> list[Mapping[str, str]]:
    return [row for row in mentions if row["event_id"] == event]


def _target(row: Mapping[str, str]) -> Target:
    return {key: row.get(key, "") for key in TARGET_KEYS}


def _unknown(name: str, kind: str, known: Iterable[str]) -> TimelineError:
    close = difflib.get_close_matches(name, list(known), 3, 0.5)
    file = "decisions.jsonl" if kind == "decision" else f"the first column of {kind}s.csv"
    hint = f"closest: {', '.join(close)}" if close else f"{file} has the ids"
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
