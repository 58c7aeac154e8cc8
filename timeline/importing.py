"""Events from elsewhere: our own export edited in a spreadsheet, or a TimelineJS sheet, becomes decisions.

incoming = compare("edited.csv", "data", by="ann")     # writes nothing
record(incoming, "data")                               # the decisions are in the log, all or none
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from .decide import unbuilt
from .decisions import (
    ADDABLE,
    EDITABLE,
    LOG,
    TARGET_KEYS,
    Fault,
    append,
    fault,
    find_quote,
    new_decision,
    passages,
    read_decisions,
    undone,
)
from .export.common import View, count, view
from .export.slides import SHEET, sheet_row
from .export.tables import unguarded
from .model import Decision, Problem, TimelineError
from .table import SCHEMAS, TABLES, Row, Timeline, frame_rows, load
from .typed import understood

_KINDS = {field["name"]: field["type"] for field in SCHEMAS["events"]["fields"]}
_FOLLOWING = ("earliest", "latest", "precision")  # what follows from the date
_VOUCHED = ("accepted", "edited", "added")
_DATE_CELLS = ("Year", "Month", "Day", "End Year", "End Month", "End Day")
_REWRITTEN = re.compile(r"\s*\d{1,2}([./-])\d{1,2}\1\d{2}\s*")  # 3/2/69, as a spreadsheet shows what it took for a date
_LONGEST_CELL = 2**31 - 1
_AS_CSV = "save it as CSV in UTF-8"

Lines = list[tuple[int, Row]]  # each row with the number of its row in the file, the header being the first


@dataclass(frozen=True, slots=True)
class Change:
    """What a row of the file asks for, a decision; and of the event what the row names: id, title, values as they were.

    `event_id` and `was` are empty for an added one; `line`: the number of the row, the header being 1.
    """

    line: int
    event_id: str
    title: str
    was: dict[str, str]
    decision: Decision


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a file would change. `same`: rows that change nothing; `recorded`: rows whose decision the log has."""

    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    same: int = 0
    recorded: int = 0


def compare(path: str | Path, folder: str | Path = ".", *, by: str = "", why: str = "") -> Incoming:
    """What the rows of a file would change in the timeline of a folder; nothing is written.

    `path`: a CSV (or .xlsx) with the columns of events.csv, of which `date` and `title` are enough, or with those of
    TimelineJS's spreadsheet. A date is EDTF, or as people type it ("2 March 1969", "44 BC"); one that may mean two days
    is a problem. A row with the id of a known event becomes an edit, an accept or a reject if it differs, a row without
    an id an added event. `by` and `why` are recorded with each. A row that cannot be taken is one of the `problems`,
    and the others are not affected. Raises TimelineError if the file or the tables cannot be read.
    """
    path = Path(path)
    header, lines = _read(path)
    timeline = load(folder)
    why = why or f"imported from {path.name}"
    known = _Known(timeline, path.name, by, why)
    if {"Year", "Headline"} <= set(header):
        found = _of_sheet(lines, known)
    elif {"date", "title"} <= set(header):
        found = _of_table(header, lines, known)
    else:
        raise TimelineError(
            f"{path}: has neither the columns date and title nor Year and Headline; give an edited "
            "`timeline export --to csv`, or a TimelineJS sheet"
        )
    return _new_ones(found, timeline.folder)


def record(incoming: Incoming, folder: str | Path = ".") -> Path:
    """Add the decisions to the log of the timeline in a folder, all or none; the path of the log.

    Raises TimelineError if they cannot be written; the log is then as it was.
    """
    path = load(folder).folder / LOG
    try:
        append(path, *(change.decision for change in incoming.changes))
    except UnicodeEncodeError:
        raise TimelineError("a cell holds bytes that are no text; nothing is recorded") from None
    except OSError as error:
        raise TimelineError(f"{path}: {error.strerror or error}; nothing is recorded") from error
    return path


def _new_ones(found: Incoming, folder: Path) -> Incoming:
    """Without what the log has already: the same file may come twice."""
    log = read_decisions(folder / LOG)[0]
    off = undone(log)
    standing = [decision for decision in log if decision.id not in off]
    waiting = [decision for decision in unbuilt(folder, log) if decision.id not in off]

    def is_there(new: Decision) -> bool:
        return any(
            old.action == new.action
            and old.values == new.values
            and (new.action == "add" or bool(passages(old.targets) & passages(new.targets)))
            for old in (standing if new.action == "add" else waiting)
        )

    fresh = [change for change in found.changes if not is_there(change.decision)]
    return replace(found, changes=fresh, recorded=len(found.changes) - len(fresh))


# ---------------------------------------------------------------------------------------------- reading


def _read(path: Path) -> tuple[list[str], Lines]:
    """The header and the rows of a file. Raises TimelineError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TimelineError(f"{path}: cannot be read ({error.strerror})") from error
    cells = _workbook(path, data) if data.startswith(b"PK\x03\x04") else _csv(path, data)
    header = [_column(name.strip()) for name in next(cells, [])]
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise TimelineError(f"{path}: two columns have the name {twice!r}; delete one")
    lines: Lines = []
    for number, row in enumerate(cells, 2):
        if any(cell.strip() for cell in row):
            lines.append((number, dict.fromkeys(header, "") | dict(zip(header, row, strict=False))))
    return header, lines


def _column(name: str) -> str:
    """The name of one of our columns, however it is written ("Title"); any other as it is."""
    return name.lower() if name.lower() in TABLES["events"] else name


def _csv(path: Path, data: bytes) -> Iterator[list[str]]:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise TimelineError(f"{path}: is not UTF-8 at byte {error.start}; {_AS_CSV}") from None
    first = text.partition("\n")[0]
    limit = csv.field_size_limit(_LONGEST_CELL)
    try:
        delimiter = max(",;\t", key=first.count)
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise TimelineError(f"{path}: is not CSV ({error}); {_AS_CSV}") from None
    finally:
        csv.field_size_limit(limit)


def _workbook(path: Path, data: bytes) -> Iterator[list[str]]:
    """The rows of the first sheet."""
    try:
        from openpyxl import load_workbook
        from openpyxl.utils.escape import unescape
    except ImportError:
        install = "pip install 'cited-timeline[exports]'"
        raise TimelineError(f"{path}: xlsx needs openpyxl, which is not installed: {install}; or {_AS_CSV}") from None
    try:
        sheet = load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
    except Exception as error:  # openpyxl raises whatever its parts raise
        raise TimelineError(f"{path}: is not a workbook that can be read ({error}); {_AS_CSV}") from None
    for row in sheet.iter_rows(values_only=True):
        yield [_cell(value, unescape) for value in row]


def _cell(value: Any, unescape: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):  # a cell that somebody typed a date into
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(unescape(value)) if isinstance(value, str) else str(value)


# ---------------------------------------------------------------------------------------------- what is known


class _Known:
    """The timeline that a file is compared with, and what is recorded with each decision."""

    def __init__(self, timeline: Timeline, name: str, by: str, why: str) -> None:
        self.timeline, self.name, self.by, self.why = timeline, name, by, why
        self.shown: View = view(timeline, with_rejected=True)
        self.events = {row["event_id"]: row for row in self.shown.events}
        self.eras = {row["era_id"] for row in self.shown.eras}
        self._texts: dict[str, str] | None = None

    def edit(self, line: int, event: Row, values: Mapping[str, str]) -> Change | Problem:
        was = {column: event[column] for column in values}
        return self._change(line, event, was, "edit", values)

    def judge(self, line: int, event: Row, action: str) -> Change | Problem:
        return self._change(line, event, {}, action, {})

    def add(self, line: int, values: Mapping[str, str]) -> Change | Problem:
        event = {"event_id": "", "title": values.get("title", "")}
        return self._change(line, event, {}, "add", values)

    def _targets(self, event: Row) -> list[Row]:
        if not event["event_id"]:
            return []
        told = self.shown.of(event) or [{"mention_id": "m" + event["event_id"][1:]}]
        return [{key: mention.get(key, "") for key in TARGET_KEYS} for mention in told]

    def _change(self, line: int, event: Row, was: Row, action: str, values: Mapping[str, str]) -> Change | Problem:
        decision = new_decision(action, self._targets(event), values, self.by, self.why)
        wrong = _unreadable(values.get("date", "")) or fault(decision) or self._unknown(values)
        if wrong:
            return self.problem(line, *wrong)
        return Change(line, event["event_id"], event["title"], was, decision)

    def problem(self, line: int, what: str, hint: str = "", is_error: bool = True) -> Problem:
        return Problem(f"{self.name}, row {line}", what, hint, is_error)

    def note(self, what: str, hint: str = "") -> Problem:
        return Problem(self.name, what, hint, is_error=False)

    def _unknown(self, values: Mapping[str, str]) -> Fault | None:
        """What of the values is in no table and no text."""
        if values.get("era") and values["era"] not in self.eras:
            return f"no era has the id {values['era']!r}", f"eras.csv has {', '.join(sorted(self.eras)) or 'none yet'}"
        name = values.get("source_id")
        if not name:
            return None
        if name not in self.shown.sources:
            return f"no source has the id {name!r}", "sources.csv has the ids"
        text = self.texts.get(name)
        if text is not None and not find_quote(text, values.get("quote", "")):
            return f"the quote is not in {name}", "copy it from the text as it stands there"
        return None

    @property
    def texts(self) -> dict[str, str]:
        """The texts that are at hand, read when they are first asked for."""
        if self._texts is None:
            self._texts = {}
            for name in self.shown.sources:
                try:
                    self._texts[name] = self.timeline.text(name)
                except TimelineError:
                    continue
        return self._texts

    def source_of(self, quote: str) -> str:
        """The one source in which a quote stands; empty if it is in none, or in several."""
        found = [name for name, text in self.texts.items() if quote.strip() and find_quote(text, quote)]
        return found[0] if len(found) == 1 else ""


def _typed(date: str) -> str:
    """A date as people write it, in EDTF; one that cannot be read stays as it is, for the message that says so."""
    if _REWRITTEN.fullmatch(date):
        return date
    try:
        return understood(_with_four_digits(date.strip()))
    except TimelineError:
        return date


def _unreadable(date: str) -> Fault | None:
    """Why a date cannot be read."""
    if _REWRITTEN.fullmatch(date):
        return f"the date {date!r} is as a spreadsheet rewrites dates", "set the column to Text, and write 1969-03-02"
    try:
        understood(date)
    except TimelineError as error:
        return str(error), ""
    return None


# ---------------------------------------------------------------------------------------------- our own table


def _of_table(header: Sequence[str], lines: Lines, known: _Known) -> Incoming:
    columns = [column for column in TABLES["events"] if column in header]
    changes: list[Change] = []
    problems: list[Problem] = []
    same, seen, ignored = 0, dict[str, int](), dict[str, list[int]]()
    for line, cells in lines:
        row = {column: _as_written(column, cells[column]) for column in columns}
        name = row.get("event_id", "")
        if name in seen:
            problems.append(known.problem(line, f"{name} is already in row {seen[name]}", "delete one of the two rows"))
            continue
        if name:
            seen[name] = line
        found = _row(line, row, known) if name else [_addition(line, row, known)]
        changes += [each for each in found if isinstance(each, Change)]
        problems += [each for each in found if isinstance(each, Problem)]
        same += not found
        for column in _ignored(row, known.events.get(name)):
            ignored.setdefault(column, []).append(line)
    for column, where in ignored.items():
        what = f"{column} differs in row {', '.join(map(str, where[:5]))}{' ...' if len(where) > 5 else ''}"
        problems.append(known.note(what, "it follows from the sources, and is left as it is"))
    missing = len(set(known.events) - set(seen))
    if missing and seen:
        what = f"{count(missing, 'event')} of the tables not in it; nothing is decided on what is left out"
        problems.append(known.note(what, "to reject an event, set its status to rejected"))
    return Incoming(changes, problems, same)


def _as_written(column: str, cell: str) -> str:
    """A cell as the build would write it, whatever a spreadsheet made of it."""
    if _KINDS[column] != "string":
        try:
            return f"{float(cell):.2f}" if _KINDS[column] == "number" else str(int(float(cell)))
        except ValueError:
            return cell
    if column == "date":
        return _typed(cell)
    return cell if column == "quote" else _plain(cell)


def _with_four_digits(text: str) -> str:
    """A year that a spreadsheet took for a number: -43 is -0043.

    >>> _with_four_digits("-43"), _with_four_digits("916"), _with_four_digits("1969-03")
    ('-0043', '0916', '1969-03')
    """
    bare = re.fullmatch(r"(-?)(\d{1,4})", text)
    return f"{bare[1]}{int(bare[2]):04d}" if bare else text


def _row(line: int, row: Row, known: _Known) -> list[Change | Problem]:
    """What a row with an id asks for; nothing if it is as it was."""
    event = known.events.get(row["event_id"])
    if event is None:
        what, hint = f"no event has the id {row['event_id']!r}", "to add an event, leave event_id empty"
        return [known.problem(line, what, hint)]
    values = {
        column: unguarded(row[column])
        for column in EDITABLE
        if column in row and not _is_same(row[column], event[column])
    }
    status = row.get("status") or event["status"]
    if status == event["status"] or (status == "accepted" and event["status"] in _VOUCHED):
        return [known.edit(line, event, values)] if values else []
    if status == "proposed":
        what = f"{event['event_id']} is {event['status']}, and was proposed when this file was exported"
        undo = f"`timeline decide undo {event['event_id']}` takes that back"
        hint = f"export it again, and edit that; {undo}"
        return [known.problem(line, what, hint if values else undo, is_error=bool(values))]
    if status == "rejected":
        return [known.judge(line, event, "reject")]
    if status in _VOUCHED and values:
        return [known.edit(line, event, values)]
    if status == "accepted":
        return [known.judge(line, event, "accept")]
    return [known.problem(line, f"status {status!r} cannot be given", "use accepted or rejected")]


def _addition(line: int, row: Row, known: _Known) -> Change | Problem:
    values = {column: unguarded(row[column]) for column in ADDABLE if row.get(column)}
    if "quote" in values and "source_id" not in values:
        values["source_id"] = known.source_of(values["quote"])
        if not values["source_id"]:
            what = "the quote stands in no source, or in several"
            return known.problem(line, what, "give source_id, or leave quote empty")
    return known.add(line, values)


def _ignored(row: Row, event: Row | None) -> Iterator[str]:
    """The columns that were changed and are not for people to change."""
    if event is None:
        return
    for column in sorted(set(row) - {"event_id", "status", *EDITABLE, *_FOLLOWING}):
        if not _is_same(row[column], event[column]):
            yield column


def _is_same(cell: str, was: str) -> bool:
    """Does a cell say what the table says, guarded against formulas or not?"""
    return _plain(was) in (_plain(cell), _plain(unguarded(cell)))


def _plain(text: str) -> str:
    return " ".join(text.split())


# ---------------------------------------------------------------------------------------------- a TimelineJS sheet


def _of_sheet(lines: Lines, known: _Known) -> Incoming:
    """A sheet has no ids: a slide is an event that has its sentences, else its headline; what has neither is new."""
    ours = {
        row["event_id"]: _slide(sheet_row(row, known.shown))
        for row in known.shown.events
        if row["date"] and row["status"] != "rejected"
    }
    changes: list[Change] = []
    problems: list[Problem] = []
    same, unsaid, left = 0, 0, dict(ours)
    slides = [(line, _slide(row)) for line, row in lines if row.get("Type", "").strip() not in ("title", "era")]
    for _, slide in slides:  # an event whose slide is as it was is not what another slide was changed from
        left = {name: own for name, own in left.items() if own != slide}
    for line, slide in slides:
        if slide in ours.values():
            same += 1
            continue
        name = _same_event(slide, left)
        if name is None:
            what = "several events have these sentences, and none this headline"
            problems.append(known.problem(line, what, "edit `timeline export --to csv` instead, which has ids"))
            continue
        found = _edited(line, slide, left.pop(name), known.events[name], known) if name else _told(line, slide, known)
        changes += [found] if isinstance(found, Change) else []
        problems += [found] if isinstance(found, Problem) else []
        same += found is None
        unsaid += bool(
            not name and slide["Text"] and isinstance(found, Change) and "quote" not in found.decision.values
        )
    eras = sum(row.get("Type", "").strip() == "era" and _era(row) not in _known_eras(known) for _, row in lines)
    if eras:
        problems.append(known.note(f"{count(eras, 'era')} not taken", "eras are added to eras.csv by hand"))
    if unsaid:
        what = f"{count(unsaid, 'new slide')} with a text that stands in no source: the text is not taken"
        problems.append(known.note(what, "an event is cited from a source; add the source, and build"))
    return Incoming(changes, problems, same)


def _slide(row: Row) -> Row:
    """What of a row says something: dates as numbers, texts without markup."""
    cells = {column: row.get(column, "").strip() for column in SHEET}
    numbers = {column: cells[column].removesuffix(".0") for column in _DATE_CELLS}
    return numbers | {column: _words(cells[column]) for column in ("Headline", "Text", "Group")}


def _words(markup: str) -> str:
    """The words of a text in HTML.

    >>> _words("<p>Tom &amp; <b>Ann</b>.</p><p>Bob<br>too</p>")
    'Tom & Ann. Bob too'
    """
    apart = re.sub(r"(?i)</?(?:blockquote|br|div|h[1-6]|li|ol|p|ul)\b[^>]*>", " ", markup)
    return _plain(html.unescape(re.sub(r"<[^>]*>", "", apart)))


def _same_event(slide: Row, ours: Mapping[str, Row]) -> str | None:
    """The id of the event that a slide shows, empty if none does, None if several might."""
    told = [name for name, own in ours.items() if slide["Text"] and own["Text"] == slide["Text"]]
    if len(told) == 1:
        return told[0]
    named = [name for name, own in ours.items() if own["Headline"] == slide["Headline"]]
    both = [name for name in named if name in told] or named
    if len(both) == 1:
        return both[0]
    return None if told or both else ""


def _edited(line: int, slide: Row, own: Row, event: Row, known: _Known) -> Change | Problem | None:
    values = {}
    if any(slide[column] != own[column] for column in _DATE_CELLS):
        values["date"] = _edtf(slide)
    if slide["Headline"] != own["Headline"]:
        values["title"] = slide["Headline"]
    if slide["Group"] != own["Group"]:
        values["category"] = slide["Group"]
    return known.edit(line, event, values) if values else None


def _told(line: int, slide: Row, known: _Known) -> Change | Problem:
    values = {"date": _edtf(slide), "title": slide["Headline"], "category": slide["Group"]}
    source = known.source_of(slide["Text"])
    quote = {"source_id": source, "quote": slide["Text"]} if source else {}
    return known.add(line, {column: value for column, value in values.items() if value or column != "category"} | quote)


def _edtf(slide: Row) -> str:
    """The date of a slide; what is no number stays as it is, for the message that says so."""
    first, last = (_one_date(*(slide[prefix + part] for part in ("Year", "Month", "Day"))) for prefix in ("", "End "))
    return _typed(first if not last or last == first else f"{first}/{last}")


def _one_date(year: str, month: str, day: str) -> str:
    """
    >>> _one_date("-43", "3", "15"), _one_date("1969", "", ""), _one_date("12000", "", "")
    ('-0043-03-15', '1969', 'Y12000')
    """
    if re.fullmatch(r"-?\d{1,9}", year):
        number = int(year)
        year = f"{'-' if number < 0 else ''}{abs(number):04d}" if abs(number) <= 9999 else f"Y{number}"
    return "-".join([year, *(part.zfill(2) for part in (month, day) if part)])


def _era(row: Row) -> str:
    return _words(row.get("Headline", ""))


def _known_eras(known: _Known) -> set[str]:
    return {_plain(row["title"]) for row in frame_rows("eras", known.timeline.eras)}
