"""Does everything still hold? Every quote where it says it is, every table as its schema wants it, every decision."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from .curate import missing
from .decide import unbuilt
from .decisions import LOG, read_decisions
from .model import Problem, TimelineError
from .project import locate, read_eras
from .table import REBUILD, SCHEMAS, TABLES, Row, Rows, faults, read_rows, source_bytes

NEAR = 2000  # code points between the words of a date and the sentence it dates
_SPANS = {"quote": ("quote_start", "quote_end"), "date_text": ("date_start", "date_end")}


def check(path: str | Path = ".") -> list[Problem]:
    """What does not hold in a project or a folder with tables; empty if all is well.

    Raises TimelineError if there are no tables at all.
    """
    base, folder, _ = locate(Path(path))
    tables: dict[str, Rows] = {}
    problems: list[Problem] = []
    for name in TABLES:
        where = folder / f"{name}.csv"
        rows, unreadable = read_rows(where, name)
        own = name == "eras" and where.exists()  # people write it, and may leave cells to the build
        problems += read_eras(where)[1] if own else unreadable + faults(rows, name, str(where))
        if rows or not unreadable:
            tables[name] = rows
    problems += _keys(tables, folder)
    problems += _counts(tables, folder)
    problems += _package(folder)
    problems += _texts(tables, folder, base)
    problems += _decisions(folder, tables, base)
    return problems


def _keys(tables: Mapping[str, Rows], folder: Path) -> Iterator[Problem]:
    """Ids in one table that have no row in the other."""
    for name, rows in tables.items():
        for key in SCHEMAS[name].get("foreignKeys", ()):
            column, target, their = key["fields"][0], key["reference"]["resource"], key["reference"]["fields"][0]
            known = {row[their] for _, row in tables[target]} if target in tables else None
            for line, row in rows:
                if known is not None and row[column] and row[column] not in known:
                    what = f"{column} {row[column]!r} is not in {target}.csv"
                    yield Problem(f"{folder / name}.csv:{line}", what, REBUILD)


def _counts(tables: Mapping[str, Rows], folder: Path) -> Iterator[Problem]:
    """Events whose number of mentions or whose quote is not that of their mentions."""
    if not {"events", "mentions"} <= tables.keys():
        return
    passages: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for _, row in tables["mentions"]:
        passages[row["event_id"]].append(_passage(row))
    for line, row in tables["events"]:
        own, where = passages[row["event_id"]], f"{folder / 'events.csv'}:{line}"
        if row["n_mentions"] != str(len(own)):
            yield Problem(where, f"n_mentions is {row['n_mentions']} but mentions.csv has {len(own)}", REBUILD)
        if row["source_id"] and _passage(row) not in own:
            yield Problem(where, "its quote is none of its mentions'", REBUILD)


def _passage(row: Row) -> tuple[str, ...]:
    return row["source_id"], row["quote"], row["quote_start"], row["quote_end"]


def _package(folder: Path) -> Iterator[Problem]:
    """Tables that are not, byte for byte, those that datapackage.json describes."""
    path = folder / "datapackage.json"
    try:
        package = json.loads(path.read_bytes())
    except OSError as error:
        yield Problem(str(path), f"cannot be read ({error.strerror})", REBUILD)
        return
    except (ValueError, RecursionError):
        yield Problem(str(path), "is not JSON", REBUILD)
        return
    hashes = _hashes(package)
    for name in TABLES:
        table = folder / f"{name}.csv"
        if name not in hashes:
            yield Problem(str(path), f"does not describe {name}.csv", REBUILD)
        elif table.is_file() and hashes[name] != "sha256:" + hashlib.sha256(table.read_bytes()).hexdigest():
            hint = "`timeline build` takes it up" if name == "eras" else f"decide with `timeline decide`; {REBUILD}"
            yield Problem(str(table), "was changed after the build", hint)


def _hashes(package: Any) -> dict[str, str]:
    resources = package.get("resources") if isinstance(package, dict) else None
    return {
        str(resource.get("name")): str(resource.get("hash"))
        for resource in (resources if isinstance(resources, list) else ())
        if isinstance(resource, dict)
    }


def _texts(tables: Mapping[str, Rows], folder: Path, base: Path) -> Iterator[Problem]:
    """Texts that are not at hand or not those that were read, and quotes that do not stand in them."""
    passages: dict[str, list[tuple[str, Row]]] = defaultdict(list)
    for name in ("events", "mentions"):
        for line, row in tables.get(name, ()):
            passages[row["source_id"]].append((f"{folder / name}.csv:{line}", row))
    for line, row in tables.get("sources", ()):
        where = f"{folder / 'sources.csv'}:{line}"
        try:
            data = source_bytes(base, row["file"])
        except TimelineError as error:
            yield Problem(where, str(error))
            continue
        text = data.decode("utf-8")
        if hashlib.sha256(data).hexdigest() != row["sha256"]:
            yield Problem(where, f"{row['file']} is not the text that was read (its sha256 differs)", REBUILD)
        elif str(len(text)) != row["characters"]:
            yield Problem(where, f"characters is {row['characters']} but {row['file']} has {len(text)}", REBUILD)
        for place, passage in passages[row["source_id"]]:
            yield from _misplaced(place, passage, text)


def _misplaced(where: str, row: Row, text: str) -> Iterator[Problem]:
    """The quote and the words of the date, if they are not where the row says."""
    for column, (first, last) in _SPANS.items():
        quote = row.get(column, "")
        start, end = _whole(row.get(first, "")), _whole(row.get(last, ""))
        if quote and (start is None or end is None or text[start:end] != quote):
            found = text.find(quote)
            hint = (
                f"it is at {found} to {found + len(quote)}; {REBUILD}"
                if found >= 0
                else f"the source does not say this; {REBUILD}"
            )
            what = f"{column} {_short(quote)} is not at {row[first]} to {row[last]} of {row['source_id']}"
            yield Problem(where, what, hint)
    distance = _distance(row)
    if distance is not None and distance > NEAR:
        yield Problem(where, f"date_text stands {distance} characters away from the quote", REBUILD)


def _whole(cell: str) -> int | None:
    return int(cell) if cell.isdecimal() else None


def _short(quote: str) -> str:
    return repr(quote if len(quote) <= 60 else quote[:59] + "…")


def _distance(row: Row) -> int | None:
    """Code points between the words of the date and the quote, 0 if they touch; None without words or places."""
    places = [_whole(row.get(column, "")) for span in _SPANS.values() for column in span]
    if not row.get("date_text") or None in places:
        return None
    quote_start, quote_end, date_start, date_end = (place or 0 for place in places)
    return max(0, quote_start - date_end, date_start - quote_end)


def _decisions(folder: Path, tables: Mapping[str, Rows], base: Path) -> list[Problem]:
    """Lines of the log that are no decisions, decisions that no longer apply, and those not built in yet."""
    path = folder / LOG
    try:
        decisions, problems = read_decisions(path)
    except OSError as error:
        return [Problem(str(path), f"cannot be read ({error.strerror})", "check its permissions")]
    problems = [replace(problem, where=str(folder / problem.where)) for problem in problems]
    if not {"events", "mentions"} <= tables.keys():
        return problems
    mentions, events = ([row for _, row in tables[name]] for name in ("mentions", "events"))
    texts = {row["source_id"]: _text_of(base, row["file"]) for _, row in tables.get("sources", ())} if decisions else {}
    problems += missing(decisions, mentions, {row["event_id"] for row in events}, texts)
    later = unbuilt(folder, decisions)
    if later:
        are, them = ("decision is", "it") if len(later) == 1 else ("decisions are", "them")
        what = f"{len(later)} {are} not in the tables yet ({', '.join(each.id for each in later)})"
        problems.append(Problem(str(path), what, f"`timeline build` applies {them}", is_error=False))
    return problems


def _text_of(base: Path, file: str) -> str:
    """The text of a source, empty if it is not at hand, which is told elsewhere."""
    try:
        return source_bytes(base, file).decode("utf-8", "replace")
    except TimelineError:
        return ""
