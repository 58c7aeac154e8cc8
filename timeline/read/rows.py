"""Tables and collections of documents: .csv (a row a document) and .jsonl.gz (a line a document)."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from ..edtf import EdtfError, parse
from ..model import TimelineError
from .document import NO_TEXT, Document, Fault, Many, Member, day, decode, refuse

LARGEST = 512 * 1024 * 1024  # bytes, unpacked
KEYS = ("title", "author", "publisher", "language", "rights", "origin")
_TEXTS = ("text", "content", "body", "fulltext", "full_text", "article")
_COLUMNS = {
    "id": ("id", "source_id", "doc_id", "document_id", "name"),
    "title": ("title", "headline"),
    "author": ("author", "authors", "creator", "byline"),
    "publisher": ("publisher", "source", "newspaper", "outlet"),
    "published": ("published", "date", "publication_date", "pubdate", "published_at"),
    "language": ("language", "lang"),
    "rights": ("rights", "license"),
    "origin": ("origin", "url", "link"),
}
# what the header of a table of events has: our own, and the sheet of TimelineJS
_EVENTS = ({"event_id", "date", "quote"}, {"year", "headline", "text"})
EVENTS = "is a table of events, not of documents, so nothing is read from it; `timeline import` takes events"


# ---------------------------------------------------------------------------------------------- csv


def read_csv(data: bytes) -> Many:
    """The documents in a table, one a row; a column "text" has the text. Raises TimelineError if there is none."""
    source, remark = decode(data)
    if "\0" in source:
        raise refuse("is not a table of text", "save it as CSV in UTF-8")
    csv.field_size_limit(2**31 - 1)
    reader = csv.reader(io.StringIO(source.lstrip("\ufeff"), newline=""), delimiter=_delimiter(source))
    header = [name.strip().lower().replace(" ", "_") for name in next(reader, [])]
    text = next((name for name in _TEXTS if name in header), "")
    if any(names <= set(header) for names in _EVENTS) or (not text and {"date", "title"} <= set(header)):
        yield Fault("", EVENTS, is_error=False)
        return
    if not text:
        raise refuse("has no column “text”", f"name the column that has the documents' text {' or '.join(_TEXTS[:3])}")
    place = header.index(text)
    named = {key: next((n for n in names if n in header and n != text), "") for key, names in _COLUMNS.items()}
    columns = {key: header.index(name) for key, name in named.items() if name}
    try:
        for number, cells in enumerate(reader, 1):
            part = f"row {number}"
            if (yield Member(number - 1, part)):
                continue
            if place >= len(cells) or not cells[place] or cells[place].isspace():
                if any(cell.strip() for cell in cells):
                    yield Fault(part, f"has no text; {NO_TEXT}", is_error=False)
                continue
            given = {key: " ".join(cells[n].split()) for key, n in columns.items() if n < len(cells)}
            name, date = given.pop("id", "") or f"*-{number}", _day(given.pop("published", ""))
            document = Document(cells[place], name=name, part=part, published=date, about="columns")
            for key, value in given.items():
                setattr(document, key, value)
            if remark and number == 1:
                document.notes.append(remark)
            yield document
    except csv.Error as error:
        yield Fault(f"line {reader.line_num}", f"is not CSV from here on ({error}); mend the line")


def _delimiter(source: str) -> str:
    """What parts the cells: the sign that the header has most of."""
    header = source[:10_000].split("\n", 1)[0]
    return max(",;\t|", key=header.count)


def _day(value: str) -> str:
    try:
        return str(parse(value)) if value else ""
    except EdtfError:
        return day(value)


# ---------------------------------------------------------------------------------------------- jsonl


def read_jsonl_gz(data: bytes) -> Many:
    """The documents in a packed collection, one a line. Raises TimelineError if it is damaged or too large."""
    return read_lines(_lines(data))


def read_jsonl(data: bytes) -> Many:
    """The documents in a collection, one a line."""
    return read_lines(io.BytesIO(data))


def read_lines(lines: Iterable[bytes]) -> Many:
    """The documents of lines of JSON: {"id", "text", "published", "title", ...}."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        part = f"line {number}"
        if (yield Member(number - 1, part)):
            continue
        faults: list[str] = []
        try:
            yield source_of(object_of(line), part, faults)
        except TimelineError as error:
            yield Fault(part, str(error))
        yield from (Fault(part, what, is_error=not what.endswith("in quotes")) for what in faults)


def _lines(data: bytes) -> Iterator[bytes]:
    """The lines of a packed file, unpacked as they are read."""
    total = 0
    try:
        with gzip.open(io.BytesIO(data)) as lines:
            while line := lines.readline(LARGEST + 1):
                total += len(line)
                if total > LARGEST:
                    raise refuse(f"unpacks to more than {LARGEST // 1024**2} MB", "split it")
                yield line
    except (EOFError, OSError, zlib.error):
        raise refuse("is damaged, or cut off", "pack it anew") from None


def object_of(line: bytes) -> dict[str, Any]:
    """A line of JSON. Raises TimelineError if it is no object."""
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise TimelineError("is not UTF-8; save the file as UTF-8") from None
    except (ValueError, RecursionError) as error:
        what = error.msg if isinstance(error, json.JSONDecodeError) else "a value that cannot be read"
        raise TimelineError(f"is not JSON ({what}); mend the line") from None
    if not isinstance(value, dict):
        raise TimelineError('is not a JSON object; write {"id": ..., "text": ...}')
    return value


def source_of(row: Mapping[str, Any], part: str, faults: list[str]) -> Document:
    """The document a line describes; what of it cannot be used goes to `faults`.

    Raises TimelineError if it has no id or no text.
    """
    name, text = row.get("id"), row.get("text")
    if isinstance(name, int) and not isinstance(name, bool):
        name = str(name)
    if not isinstance(name, str) or not name.strip():
        raise TimelineError('has no "id"; give each line an id of its own')
    if not isinstance(text, str) or not text.strip():
        raise TimelineError(f'has no "text"; {NO_TEXT}')
    if "\0" in text or not _is_unicode(text):
        raise TimelineError("its text has characters that are none (NUL or half a surrogate pair); take them out")
    document = Document(text, name=name, part=part, about="keys")
    for key in KEYS:
        value = row.get(key)
        if isinstance(value, str) and _is_unicode(value):
            setattr(document, key, value)
        elif value is not None:
            faults.append(f"{key} is not a text, so it is left out; write it in quotes")
    try:
        document.published = published(row.get("published"))
    except EdtfError as error:
        faults.append(f"published: {error}")
    return document


def _is_unicode(text: str) -> bool:
    return text.isascii() or not re.search("[\ud800-\udfff]", text)


def published(value: object) -> str:
    """A date of publication as EDTF, empty if there is none; of a date with time of day, the day. Raises EdtfError."""
    if value is None or value == "":
        return ""
    if isinstance(value, (date, datetime)):
        value = value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        value = f"{value:04d}"
    if not isinstance(value, str):
        raise EdtfError(f"{value!r} is not a date; write for example 1949, 1969-03 or 1949-10-01")
    found = re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?=[T ])", value)
    return str(parse(found[0] if found else value))
