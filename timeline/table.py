"""The four published tables: from events to files, and from files to pandas DataFrames.

event_table.json is the single definition of their columns. The bytes of a table are a function of its rows alone:
UTF-8, "\\n" line ends, RFC 4180 quotes only where a cell needs them, numbers between 0 and 1 with two decimals.
"""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import math
import os
import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any, cast

from .columns import EDTF as _EDTF
from .columns import bounds, first_rows, line_ends, read_frame, read_rows_at, woven
from .edtf import EdtfError, parse, sort_key
from .model import Era, Event, Mention, Problem, Source, TimelineError

if TYPE_CHECKING:
    import pandas as pd

SCHEMAS: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("event_table.json").read_text("utf-8"))
TABLES: dict[str, tuple[str, ...]] = {
    name: tuple(field["name"] for field in schema["fields"]) for name, schema in SCHEMAS.items()
}
REBUILD = "`timeline build` writes it anew"
_PROFILES = "https://datapackage.org/profiles/2.0/"
_LONG = 32 << 20  # bytes from which on mentions are left on disk till they are asked for
_LONGEST_CELL = 2**31 - 1  # the csv module stops at 128 KiB, a sentence need not

Row = dict[str, str]
Rows = list[tuple[int, Row]]  # each row with the line of the file it begins on, counted from 1


# ---------------------------------------------------------------------------------------------- events to rows


def event_rows(events: Iterable[Event]) -> list[Row]:
    """The rows of events.csv in their order: by first possible day, then last, then id; undated events last."""
    return [_event_row(event) for event in _in_order(events)]


def mention_rows(events: Iterable[Event]) -> list[Row]:
    """The rows of mentions.csv: in the order of their events, the best mention of each first."""
    return [_mention_row(event, mention) for event in _in_order(events) for mention in event.mentions]


def source_rows(sources: Iterable[Source]) -> list[Row]:
    """The rows of sources.csv, by source_id."""
    return [_source_row(source) for source in sorted(sources, key=lambda source: source.id)]


def era_rows(eras: Iterable[Era]) -> list[Row]:
    """The rows of eras.csv, by first day, then last, then id."""
    return [_era_row(era) for era in sorted_eras(eras)]


def sorted_eras(eras: Iterable[Era]) -> list[Era]:
    """Eras in the order of eras.csv, whatever order they came in."""
    return sorted(eras, key=lambda era: (sort_key(era.date), era.era_id))


def _in_order(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=lambda event: _place(event.date, event.event_id))


def _place(date: str, event_id: str) -> tuple[tuple[bool, float, float], str]:
    """What an event's place in the table depends on."""
    return sort_key(date), event_id


def _event_row(event: Event) -> Row:
    return {
        "event_id": event.event_id,
        "date": event.date,
        **bounds(event.date),
        "title": event.title,
        "category": event.category,
        "actors": "; ".join(event.actors),
        "places": "; ".join(event.places),
        "era": event.era,
        "modality": event.modality,
        "kind": event.kind,
        "salience": _two_decimals(event.salience),
        "confidence": _two_decimals(event.confidence),
        "status": event.status,
        "n_sources": str(len({mention.work for mention in event.mentions})),
        "n_mentions": str(len(event.mentions)),
        **_quote(event.mentions[0] if event.mentions else None),
    }


def _quote(mention: Mention | None) -> Row:
    if mention is None:
        return dict.fromkeys(("source_id", "quote", "quote_start", "quote_end"), "")
    return {
        "source_id": mention.source_id,
        "quote": mention.quote,
        "quote_start": str(mention.quote_start),
        "quote_end": str(mention.quote_end),
    }


def _mention_row(event: Event, mention: Mention) -> Row:
    return {
        "mention_id": mention.mention_id,
        "event_id": event.event_id,
        "date": mention.date,
        **bounds(mention.date),
        "date_text": mention.date_text,
        "date_start": str(mention.date_start),
        "date_end": str(mention.date_end),
        "anchor": mention.anchor,
        "basis": mention.basis,
        "rule": mention.rule,
        **_quote(mention),
        "prefix": mention.prefix,
        "suffix": mention.suffix,
        "title": mention.title,
        "modality": mention.modality,
        "kind": mention.kind,
        "confidence": _two_decimals(mention.confidence),
        "locator": mention.locator,
    }


def _source_row(source: Source) -> Row:
    return {
        "source_id": source.id,
        "title": source.title,
        "author": source.author,
        "publisher": source.publisher,
        "published": source.published,
        "published_basis": source.published_basis,
        "language": source.language,
        "rights": source.rights,
        "origin": source.origin,
        "file": source.file,
        "sha256": source.sha256,
        "characters": str(len(source.text)),
        "metadata": source.metadata,
    }


def _era_row(era: Era) -> Row:
    ends = bounds(era.date)
    return {
        "era_id": era.era_id,
        "title": era.title,
        "date": era.date,
        "earliest": ends["earliest"],
        "latest": ends["latest"],
        "note": era.note,
    }


# ---------------------------------------------------------------------------------------------- rows to events


def events_of(
    events: Iterable[Mapping[str, str]], mentions: Iterable[Mapping[str, str]], works: Mapping[str, str] | None = None
) -> list[Event]:
    """The events of some rows of events.csv, in their order, with all their rows of mentions.csv.

    `event_rows` and `mention_rows` give the same rows again. What a table does not say of a mention is taken from its
    event: category, actors, places, salience; every text is taken for an original. `works`: source id -> the work that
    it is or tells of, for `n_sources`; by default each source is its own, as far as the number in the row allows.
    """
    told: dict[str, list[Mapping[str, str]]] = {}
    for row in mentions:
        told.setdefault(row["event_id"], []).append(row)
    return [_event_of(row, told.get(row["event_id"], []), works or {}) for row in events]


def _event_of(row: Mapping[str, str], told: Sequence[Mapping[str, str]], works: Mapping[str, str]) -> Event:
    event = Event(
        event_id=row["event_id"],
        date=row["date"],
        title=row["title"],
        category=row["category"],
        actors=_names(row["actors"]),
        places=_names(row["places"]),
        modality=row["modality"],
        kind=row["kind"],
        salience=_number(row["salience"]),
        confidence=_number(row["confidence"]),
        mentions=(),
        status=row["status"],
        era=row["era"],
    )
    work = _works([each["source_id"] for each in told], _whole(row["n_sources"]), works)
    return replace(event, mentions=tuple(_mention_of(each, event, work[each["source_id"]]) for each in told))


def _works(sources: Sequence[str], count: int, works: Mapping[str, str]) -> dict[str, str]:
    """The work of each source of an event, so that there are as many as its row says."""
    names = list(dict.fromkeys(sources))
    for known in ({name: works.get(name, name) for name in names}, {name: name for name in names}):
        if len(set(known.values())) == count:
            return known
    return {name: names[min(place, max(count, 1) - 1)] for place, name in enumerate(names)}


def _mention_of(row: Mapping[str, str], event: Event, work: str) -> Mention:
    return Mention(
        mention_id=row["mention_id"],
        source_id=row["source_id"],
        work=work,
        original=True,
        date=row["date"],
        date_text=row["date_text"],
        date_start=_whole(row["date_start"]),
        date_end=_whole(row["date_end"]),
        anchor=row["anchor"],
        basis=row["basis"],
        rule=row["rule"],
        quote=row["quote"],
        quote_start=_whole(row["quote_start"]),
        quote_end=_whole(row["quote_end"]),
        prefix=row["prefix"],
        suffix=row["suffix"],
        title=row["title"],
        category=event.category,
        actors=event.actors,
        places=event.places,
        modality=row["modality"],
        kind=row["kind"],
        salience=event.salience,
        confidence=_number(row["confidence"]),
        locator=row["locator"],
    )


def _names(joined: str) -> tuple[str, ...]:
    return tuple(joined.split("; ")) if joined else ()


def _number(cell: str) -> float:
    return float(cell) if cell else math.nan


def _whole(cell: str) -> int:
    return int(cell) if cell else 0


def _two_decimals(number: float) -> str:
    return "" if math.isnan(number) else f"{number:.2f}"


# ---------------------------------------------------------------------------------------------- rows to bytes


def csv_bytes(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """A table as CSV: a header, then one line a row. The csv module would leave a bare carriage return unquoted."""
    lines = [",".join(map(_cell, columns))]
    lines += [",".join(_cell(row[column]) for column in columns) for row in rows]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _cell(text: str) -> str:
    if any(character in text for character in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def events_csv(frame: pd.DataFrame) -> bytes:
    """Events as events.csv has them: the bytes that the build writes for these rows, in the order of the frame."""
    return csv_bytes(TABLES["events"], frame_rows("events", frame))


def frame_rows(name: str, frame: pd.DataFrame) -> list[Row]:
    """The rows of a frame as texts; columns that the table `name` does not have are left out."""
    columns = {
        field["name"]: [_text(value, field["type"]) for value in frame[field["name"]].tolist()]
        for field in SCHEMAS[name]["fields"]
    }
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def _text(value: Any, kind: str) -> str:
    """A cell as text: a missing number (NaN, NA) is empty."""
    if kind == "string":
        return str(value)
    try:
        return _two_decimals(value) if kind == "number" else str(int(value))
    except (TypeError, ValueError):
        return ""


# ---------------------------------------------------------------------------------------------- writing


def place_sources(sources: Sequence[Source], base: Path, tables: Path) -> tuple[list[Source], dict[str, str]]:
    """Say for each source where its text will be found, as a path from `base`, and which texts must be copied.

    A source whose file is its canonical text and lies within `base` stays where it is; any other is copied to
    `<tables>/texts/<source_id>.txt`, or beside it if a file that is not ours to change has that name. The result maps
    each copy's path, from `tables`, to its text. Until here `Source.file` is the absolute path of the file, or empty
    if there is no file with exactly this text.
    """
    placed, copies, taken = [], dict[str, str](), set[str]()
    root = base.resolve()
    folder = PurePosixPath(tables.resolve().relative_to(root).as_posix())
    inside = {source.id: _within(source.file, root) for source in sources}
    ours = {path for path in _own_copies(tables) if str(folder / path) not in inside.values()}

    def is_free(path: str, text: str) -> bool:
        return path in ours or not os.path.lexists(tables / path) or _sha256(tables / path) == _hash(text)

    for source in sorted(sources, key=lambda source: source.id):
        file = inside[source.id]
        if not file:
            copy = _copy_path(source, taken, is_free)
            copies[copy] = source.text
            file = str(folder / copy)
        placed.append(replace(source, file=file))
    return placed, copies


def _within(file: str, root: Path) -> str:
    """The path of a file from `root`, empty if it is not in there or its name is not Unicode."""
    path = Path(file).resolve()
    if not file or not path.is_relative_to(root):
        return ""
    inside = path.relative_to(root).as_posix()
    return inside if inside.isprintable() else ""


def _copy_path(source: Source, taken: set[str], is_free: Callable[[str, str], bool]) -> str:
    """A path for the copy of a text that every file system takes: the id if possible, else with part of its hash."""
    stem = re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", source.id)[:80]
    plain = stem.encode("ascii", "replace").decode().replace("?", "_")
    name = stem if stem == source.id and stem.isascii() else f"{plain}-{_hash(source.id)[:8]}"
    while name.casefold() in taken or not is_free(f"texts/{name}.txt", source.text):
        name = f"{plain}-{_hash(name)[:8]}"
    taken.add(name.casefold())
    return f"texts/{name}.txt"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _sha256(path: Path) -> str:
    """The hash of a file's bytes, empty if it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, ValueError):  # ValueError: no such name can be
        return ""


def write_tables(
    folder: Path,
    events: Sequence[Event],
    sources: Sequence[Source],
    eras: Sequence[Era] | None,
    copy_texts: Mapping[str, str],
    *,
    title: str = "",
    decided: str = "",
) -> None:
    """Write the four tables, their datapackage.json and the copied texts into `folder`, each file at one stroke.

    `eras` None leaves eras.csv as it is (its owner has to mend it). Copies of a former build that are no sources any
    more are removed, unless somebody changed them; other files are never touched. `decided`: the id of the last
    decision that the events were curated with. Raises TimelineError if the folder cannot be written.
    """
    _make_folder(folder / "texts" if copy_texts else folder)
    former = _own_copies(folder)
    tables = {
        "events": csv_bytes(TABLES["events"], event_rows(events)),
        "mentions": csv_bytes(TABLES["mentions"], mention_rows(events)),
        "sources": csv_bytes(TABLES["sources"], source_rows(sources)),
        "eras": _kept_eras(folder) if eras is None else csv_bytes(TABLES["eras"], era_rows(eras)),
    }
    copies: dict[str, str] = {}
    for path, text in sorted(copy_texts.items()):
        is_there = _sha256(folder / path) == _hash(text)
        if not is_there:
            write_file(folder / path, text.encode("utf-8"))
        if path in former or not is_there:  # the same text in a file of somebody else does not become ours
            copies[path] = _hash(text)
    for name, data in tables.items():
        _write_if_changed(folder / f"{name}.csv", data)
    _write_if_changed(folder / "datapackage.json", descriptor(title, tables, copies, decided))
    for path in former:
        if path not in copies and not any(f"/{source.file}".endswith(f"/{path}") for source in sources):
            (folder / path).unlink(missing_ok=True)


def _write_if_changed(path: Path, data: bytes) -> None:
    """Write a file, unless it has these bytes already: then it is not touched."""
    try:
        is_same = path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        is_same = False
    if not is_same:
        write_file(path, data)


def _kept_eras(folder: Path) -> bytes:
    try:
        return (folder / "eras.csv").read_bytes()
    except FileNotFoundError:
        return csv_bytes(TABLES["eras"], [])


def _own_copies(folder: Path) -> set[str]:
    """The texts that a former build copied into `folder` and nobody changed since, as paths from there."""
    copies = _package(folder).get("copies")
    return {
        path
        for path, sha256 in (copies.items() if isinstance(copies, dict) else ())
        if re.fullmatch(r"texts/[^/\\]+\.txt", path) and sha256 and _sha256(folder / path) == sha256
    }


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TimelineError(
            f"{folder}: this folder cannot be made ({error.strerror}); name another one with -o"
        ) from error


def write_file(path: Path, data: bytes) -> None:
    """Write a file so that whoever reads it meets the old bytes or the new ones, never a part. Raises TimelineError."""
    draft = path.with_name(f".{path.name[:80]}.{os.getpid()}.tmp")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        _drop(draft)
        raise TimelineError(
            f"{path}: cannot be written ({error.strerror}); it is as it was; make room or name another place with -o"
        ) from error
    except BaseException:  # Ctrl+C
        _drop(draft)
        raise


def _drop(draft: Path) -> None:
    with suppress(OSError):  # a folder that is none, or a disk that is gone
        draft.unlink()


def descriptor(
    title: str, tables: Mapping[str, bytes], copies: Mapping[str, str] | None = None, decided: str = ""
) -> bytes:
    """datapackage.json: a Frictionless Data Package (version 2) of the tables.

    `copies`, our own addition, names the texts that this program copied, with their SHA-256: those it may remove;
    `decided` the last decision in the tables, so that whoever decides next is told of later ones.
    """
    package = {
        "$schema": _PROFILES + "datapackage.json",
        "name": re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "timeline",
        **({"title": title} if title else {}),
        "resources": [_resource(name, data) for name, data in tables.items()],
        **({"copies": dict(copies)} if copies else {}),
        **({"decided": decided} if decided else {}),
    }
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _resource(name: str, data: bytes) -> dict[str, Any]:
    schema = dict(SCHEMAS[name])
    return {
        "$schema": _PROFILES + "dataresource.json",
        "name": name,
        "type": "table",
        "title": schema.pop("title"),
        "description": schema.pop("description"),
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {
            "$schema": _PROFILES + "tabledialect.json",
            "header": True,
            "delimiter": ",",
            "lineTerminator": "\n",
            "quoteChar": '"',
            "doubleQuote": True,
        },
        "bytes": len(data),
        "hash": "sha256:" + hashlib.sha256(data).hexdigest(),
        "schema": {"$schema": _PROFILES + "tableschema.json", **schema},
    }


# ---------------------------------------------------------------------------------------------- reading


def read_rows(path: Path, name: str, hint: str = REBUILD) -> tuple[Rows, list[Problem]]:
    """The rows of the table `name` in a file, and a Problem for the file or for each line that is no row of it.

    Columns the table does not have are kept. `hint` is the next move when the file is at fault.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return [], [Problem(str(path), "is missing", hint)]
    except UnicodeDecodeError as error:
        return [], [Problem(str(path), f"is not UTF-8 at byte {error.start}", hint)]
    except OSError as error:
        return [], [Problem(str(path), f"cannot be read ({error.strerror})", hint)]
    limit = csv.field_size_limit(_LONGEST_CELL)
    try:
        return _rows_of(text, path, name, hint)
    finally:
        csv.field_size_limit(limit)


def _rows_of(text: str, path: Path, name: str, hint: str) -> tuple[Rows, list[Problem]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: Rows = []
    problems: list[Problem] = []
    try:
        header = next(reader, [])
        missing = [column for column in TABLES[name] if column not in header]
        if missing:
            return [], [Problem(str(path), f"column {', '.join(missing)} is missing", hint)]
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(header):
                rows.append((line, dict(zip(header, cells, strict=True))))
            elif cells:
                what = f"this row has {len(cells)} cells where the header has {len(header)}"
                problems.append(Problem(f"{path}:{line}", what, hint))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(f"{path}:{reader.line_num}", f"is not CSV from here on ({error})", hint))
    return rows, problems


def faults(rows: Rows, name: str, where: str, hint: str = REBUILD) -> list[Problem]:
    """What in the rows is not as the schema of the table `name` wants it: one Problem a cell."""
    fields = [field for field in SCHEMAS[name]["fields"] if field["type"] != "string" or _is_constrained(field)]
    found = []
    for line, row in rows:
        whats = [f"{field['name']} {what}" for field in fields if (what := _fault(field, row[field["name"]]))]
        whats += [] if whats else _disagreements(row)
        found += [Problem(f"{where}:{line}", what, hint) for what in whats]
    return found + _repeated(rows, SCHEMAS[name]["primaryKey"][0], where, hint)


def _is_constrained(field: Mapping[str, Any]) -> bool:
    return "constraints" in field or "rdfType" in field


def _fault(field: Mapping[str, Any], cell: str) -> str:
    """What is wrong with a cell, empty if nothing is."""
    rules = field.get("constraints", {})
    if not cell:
        return "is empty" if rules.get("required") else ""
    if field["type"] != "string":
        return _number_fault(field["type"], cell, rules)
    if "enum" in rules and cell not in rules["enum"]:
        return f"{cell!r} is not one of {', '.join(rules['enum'])}"
    if "pattern" in rules and not re.fullmatch(rules["pattern"], cell):
        return f"{cell!r} is not of the form {rules['pattern']}"
    return _date_fault(cell) if field.get("rdfType") == _EDTF else ""


def _number_fault(kind: str, cell: str, rules: Mapping[str, Any]) -> str:
    try:
        number = int(cell) if kind == "integer" else float(cell)
    except ValueError:
        return f"{cell!r} is not {'a whole number' if kind == 'integer' else 'a number'}"
    if not rules["minimum"] <= number <= rules.get("maximum", math.inf):
        return f"{cell} is not from {rules['minimum']} to {rules.get('maximum', 'any number')}"
    return ""


def _date_fault(cell: str) -> str:
    try:
        parse(cell)
    except EdtfError as error:
        return str(error).split("; ")[0]
    return ""


def _disagreements(row: Row) -> list[str]:
    """earliest, latest and precision follow from the date; which of them do not?"""
    if "date" not in row:
        return []
    return [
        f"{column} is {row[column]!r} but date {row['date']!r} makes it {expected!r}"
        for column, expected in bounds(row["date"]).items()
        if row.get(column, expected) != expected
    ]


def _repeated(rows: Rows, key: str, where: str, hint: str) -> list[Problem]:
    first: dict[str, int] = {}
    return [
        Problem(f"{where}:{line}", f"{key} {row[key]} is already on line {first[row[key]]}", hint)
        for line, row in rows
        if first.setdefault(row[key], line) != line
    ]


# ---------------------------------------------------------------------------------------------- frames


def events_frame(events: Iterable[Event]) -> pd.DataFrame:
    """Events as a DataFrame, as `load` gives them."""
    return frame("events", event_rows(events))


def mentions_frame(events: Iterable[Event]) -> pd.DataFrame:
    """The mentions of events as a DataFrame, as `load` gives them."""
    return frame("mentions", mention_rows(events))


def sources_frame(sources: Iterable[Source]) -> pd.DataFrame:
    """Sources as a DataFrame, as `load` gives them."""
    return frame("sources", source_rows(sources))


def eras_frame(eras: Iterable[Era]) -> pd.DataFrame:
    """Eras as a DataFrame, as `load` gives them."""
    return frame("eras", era_rows(eras))


def frame(name: str, rows: Sequence[Mapping[str, str]]) -> pd.DataFrame:
    """Rows of texts as a DataFrame: texts stay texts ("" if missing), numbers are float64, counts and places Int64."""
    import pandas as pd

    kinds = {field["name"]: field["type"] for field in SCHEMAS[name]["fields"]}
    more = [column for column in (rows[0] if rows else ()) if column not in kinds]
    columns: dict[str, Any] = {}
    for column in (*kinds, *more):
        cells = [row[column] for row in rows]
        kind = kinds.get(column, "string")
        if kind == "integer":
            columns[column] = pd.array([int(cell) if cell else None for cell in cells], dtype="Int64")
        elif kind == "number":
            columns[column] = pd.Series([float(cell) if cell else math.nan for cell in cells], dtype="float64")
        else:
            columns[column] = pd.Series(cells, dtype="str")
    return pd.DataFrame(columns)


def spliced(
    events: pd.DataFrame, mentions: pd.DataFrame, without: Sequence[Event], instead: Sequence[Event]
) -> tuple[pd.DataFrame, pd.DataFrame, Any]:
    """The frames of events and mentions without the events `without`, and with others in their stead.

    The rows stand where a build would put them; columns of one's own are empty in them. The last of the three, an
    array, says of each row of events which row it was, -1 of one that is put in.
    """
    events, mentions = events.reset_index(drop=True), mentions.reset_index(drop=True)
    dates, ids = events["date"], events["event_id"]

    def place_of(row: int) -> tuple[tuple[bool, float, float], str]:
        return _place(str(dates.iat[row]), str(ids.iat[row]))

    new = _in_order(instead)
    places = [bisect_left(range(len(ids)), _place(event.date, event.event_id), key=place_of) for event in new]
    woven, kept = _woven(
        "events", events, {event.event_id for event in without}, list(zip(places, map(_event_row, new), strict=True))
    )
    before = {event.event_id: event for event in without}
    moved = [
        (place, event)
        for place, event in zip(places, new, strict=True)
        if not _is_told_as(event, before.pop(event.event_id, None))
    ]
    gone = {*before, *(event.event_id for _, event in moved)}
    starts = first_rows(ids, mentions["event_id"], gone, [place for place, _ in moved])
    told = [
        (start, _mention_row(event, mention))
        for start, (_, event) in zip(starts, moved, strict=True)
        for mention in event.mentions
    ]
    return woven, _woven("mentions", mentions, gone, told)[0], kept


def _is_told_as(event: Event, before: Event | None) -> bool:
    """Does an event have the same rows of mentions as before, at the same place?"""
    return before is not None and event.date == before.date and mention_rows([event]) == mention_rows([before])


def _woven(
    name: str, table: pd.DataFrame, gone: Collection[str], put: Sequence[tuple[int, Row]]
) -> tuple[pd.DataFrame, Any]:
    """A table without the rows of some events and with others put before the rows at some places (see `woven`)."""
    more = dict.fromkeys((column for column in table.columns if column not in TABLES[name]), "")
    fresh = frame(name, [row | more for _, row in put])[list(table.columns)]
    return woven(table, table["event_id"].isin(list(gone)), [place for place, _ in put], fresh)


@dataclass(frozen=True, eq=False, repr=False)
class Timeline:
    """The tables of a timeline as DataFrames, and the texts they rest on.

    `folder` holds the tables; the paths in `sources.file` lead from `base`. `load` leaves mentions that a build wrote
    on disk until somebody asks for them: of a million events they are half of the memory.
    """

    title: str
    folder: Path
    events: pd.DataFrame
    mentions: pd.DataFrame
    sources: pd.DataFrame
    eras: pd.DataFrame
    base: Path

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Called for what is not there: the mentions that `load` left on disk."""
            if name != "mentions":
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            found = read_frame(self.folder / "mentions.csv", SCHEMAS["mentions"]["fields"])
            self.__dict__["mentions"] = _sound_frame(self.folder, "mentions") if found is None else found
            return self.__dict__["mentions"]

    def tellings(self) -> pd.DataFrame:
        """Which source tells of which event: the columns event_id and source_id of the mentions, a row for each."""
        found = None if "mentions" in self.__dict__ else self._tellings
        return self.mentions[["event_id", "source_id"]] if found is None else found

    def told(self, column: str, value: str) -> pd.DataFrame:
        """The mentions of an event (`column` event_id), or in a source (source_id), in their order.

        Of mentions that are still on disk only these are read.
        """
        if "mentions" not in self.__dict__:
            found = self._told(column, value)
            if found is not None:
                return found
        return self.mentions[self.mentions[column] == value]

    def _told(self, column: str, value: str) -> pd.DataFrame | None:
        """The same from the disk; None if the file is not the one that `load` found."""
        path = self.folder / "mentions.csv"
        try:
            tellings, (ends, size) = self._tellings, self._ends
            if tellings is None or len(ends) != len(tellings) + 1 or path.stat().st_size != size:
                return None
            rows = (tellings[column] == value).to_numpy().nonzero()[0]
            return read_rows_at(path, SCHEMAS["mentions"]["fields"], ends, rows)
        except (OSError, ValueError):  # what is read there is no table any more
            return None

    @cached_property
    def _tellings(self) -> pd.DataFrame | None:
        columns = ["event_id", "source_id"]
        return read_frame(self.folder / "mentions.csv", SCHEMAS["mentions"]["fields"], only=columns)

    @cached_property
    def _ends(self) -> tuple[Any, int]:
        """Where each row of the mentions on disk ends, and how long the file is."""
        ends = line_ends(self.folder / "mentions.csv")
        return ends, int(ends[-1]) if len(ends) else 0

    def text(self, source_id: str) -> str:
        """The canonical text of a source. Raises TimelineError if there is no such source or it is not at hand."""
        found = self.sources.loc[self.sources["source_id"] == source_id, "file"].tolist()
        if not found:
            raise TimelineError(f"no source has the id {source_id!r}; the ids are in {self.folder / 'sources.csv'}")
        return source_bytes(self.base, found[0]).decode("utf-8")

    def __repr__(self) -> str:
        return (
            f"<Timeline {self.title!r}: {len(self.events)} events, {len(self.mentions)} mentions, "
            f"{len(self.sources)} sources>"
        )

    def _repr_html_(self) -> str:
        """What a notebook shows: the title, the counts and the first events."""
        shown = self.events[["date", "title", "category", "status", "quote"]].head(10)
        more = len(self.events) - len(shown)
        return (
            f"<h3>{html.escape(self.title)}</h3><p>{len(self.events)} events, {len(self.mentions)} mentions, "
            f"{len(self.sources)} sources, {len(self.eras)} eras</p>{shown.to_html(index=False, border=0)}"
            + (f"<p>and {more} more</p>" if more else "")
        )


def source_bytes(base: Path, file: str) -> bytes:
    """The bytes of the canonical text at a path from `base`.

    Raises TimelineError if the path leads out of `base` (a table may come from anyone), nothing is there, or it is
    not UTF-8.
    """
    path = (base / file).resolve()
    if not _is_inside(file) or not path.is_relative_to(base.resolve()):
        raise TimelineError(f"{file}: leads out of the folder {base}, so it is not read; {REBUILD}")
    try:
        data = path.read_bytes()
        data.decode("utf-8")
    except OSError as error:
        raise TimelineError(f"{base / file}: this text is not at hand ({error.strerror}); {REBUILD}") from error
    except UnicodeDecodeError as error:
        raise TimelineError(f"{base / file}: is not UTF-8 at byte {error.start}; {REBUILD}") from error
    return data


def _is_inside(file: str) -> bool:
    """Is this a plain relative path on every operating system?"""
    windows = PureWindowsPath(file)
    return bool(file) and not windows.anchor and ".." not in windows.parts and "\0" not in file


def load(path: str | Path = ".") -> Timeline:
    """The timeline of a project folder, or of a folder that holds the tables.

    Raises TimelineError naming file, line and column of what is not as it should be. Eras are people's to write: one
    that is not as it should be is left out, and `timeline check` names it.
    """
    from .project import locate, read_eras  # project reads eras with read_rows

    base, folder, title = locate(Path(path))
    eras, _ = read_eras(folder / "eras.csv")
    with ThreadPoolExecutor(1) as other:  # a hash and a table at the same time
        is_as_written = other.submit(_is_as_written, folder, "mentions")
        frames = {name: _sound_frame(folder, name) for name in ("events", "sources")}
        is_ours = is_as_written.result()
    mentions = None if is_ours else _sound_frame(folder, "mentions")
    timeline = Timeline(
        _title(folder) or title,
        folder,
        base=base,
        eras=eras_frame(eras),
        mentions=cast("pd.DataFrame", mentions),
        **frames,
    )
    if is_ours:
        del timeline.__dict__["mentions"]
    return timeline


def _is_as_written(folder: Path, name: str) -> bool:
    """Is this table what the last build wrote, to the byte, and long enough for that to matter?"""
    path = folder / f"{name}.csv"
    try:
        if path.stat().st_size < _LONG:
            return False
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return False
    written = _package(folder).get("resources")
    resources = [each for each in written if isinstance(each, dict)] if isinstance(written, list) else []
    return any(each.get("name") == name and each.get("hash") == f"sha256:{found}" for each in resources)


def _sound_frame(folder: Path, name: str) -> pd.DataFrame:
    found = read_frame(folder / f"{name}.csv", SCHEMAS[name]["fields"], SCHEMAS[name]["primaryKey"][0])
    return frame(name, [row for _, row in _sound_rows(folder, name)]) if found is None else found


def _sound_rows(folder: Path, name: str) -> Rows:
    path = folder / f"{name}.csv"
    rows, problems = read_rows(path, name)
    problems = problems or faults(rows, name, str(path))
    if problems:
        more = f" (and {len(problems) - 1} more; `timeline check` lists them)" if len(problems) > 1 else ""
        raise TimelineError(f"{problems[0]}{more}")
    return rows


def _title(folder: Path) -> str:
    """The title that datapackage.json gives, empty if it gives none."""
    title = _package(folder).get("title")
    return title if isinstance(title, str) else ""


def _package(folder: Path) -> dict[str, Any]:
    """What datapackage.json says, empty if it is missing or broken."""
    try:
        package = json.loads((folder / "datapackage.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return package if isinstance(package, dict) else {}
