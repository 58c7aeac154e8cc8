"""The tables for spreadsheets, programs and archives: csv, xlsx, jsonl, parquet, datapackage."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..edtf import parse
from ..model import TimelineError
from ..table import SCHEMAS, TABLES, Row, Timeline, csv_bytes, descriptor, frame_rows
from .common import View, count, names, values, view, zip_bytes

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

FREE_TEXT = tuple(  # what is written out of sources and by people; all other columns have a form of their own
    field["name"]
    for field in SCHEMAS["events"]["fields"]
    if field["type"] == "string" and "constraints" not in field and "rdfType" not in field
)
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")  # what a cell of xlsx must escape
_LONGEST = 32_767  # UTF-16 code units in a cell of xlsx
_FIRST_DAY = datetime(1980, 1, 1)  # an xlsx file must say when it was made; ours are a function of the tables


# ---------------------------------------------------------------------------------------------- csv


def to_csv(timeline: Timeline) -> bytes:
    """events.csv for spreadsheets: a text that would be taken for a formula gets an apostrophe in front.

    So does one that begins with apostrophes before such a character: `unguarded` undoes it. Only texts are guarded
    (FREE_TEXT): the other columns have a form of their own, and "-0043" is a date and no formula.
    """
    rows = frame_rows("events", timeline.events)
    return csv_bytes(TABLES["events"], [row | {key: guarded(row[key]) for key in FREE_TEXT} for row in rows])


def to_raw_csv(timeline: Timeline) -> bytes:
    """events.csv as the build writes it."""
    return csv_bytes(TABLES["events"], frame_rows("events", timeline.events))


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text that was guarded; a text that is not guarded stays as it is.

    >>> unguarded(guarded("=1+1")), unguarded("'tis")
    ('=1+1', "'tis")
    """
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


# ---------------------------------------------------------------------------------------------- JSON Lines


def to_jsonl(timeline: Timeline) -> bytes:
    """One event a line, with its mentions, each with its source. Numbers are numbers, empty ones null."""
    rows = _nested(view(timeline, with_rejected=True))
    return "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in rows).encode("utf-8")


def _nested(shown: View) -> list[dict[str, Any]]:
    """Events with their mentions, each with its source."""
    sources = {source_id: values("sources", row) for source_id, row in shown.sources.items()}
    events = []
    for row in shown.events:
        event = values("events", row)
        event |= {key: names(row[key]) for key in ("actors", "places")}
        event["mentions"] = [
            values("mentions", mention) | {"source": sources.get(mention["source_id"])} for mention in shown.of(row)
        ]
        events.append(event)
    return events


# ---------------------------------------------------------------------------------------------- Parquet


def to_parquet(timeline: Timeline) -> bytes:
    """Events as `to_jsonl` nests them, with `earliest_day` and `latest_day`: day numbers, 1 is 0001-01-01.

    Dates are texts (EDTF): no engine has a type for them.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64()}

    def fields(table: str) -> list[Any]:
        return [pa.field(field["name"], kinds[field["type"]]) for field in SCHEMAS[table]["fields"]]

    mention = pa.struct([*fields("mentions"), pa.field("source", pa.struct(fields("sources")))])
    lists = {"actors": pa.list_(pa.string()), "places": pa.list_(pa.string())}
    columns = [field.with_type(lists.get(field.name, field.type)) for field in fields("events")]
    days = [pa.field(name, pa.int64()) for name in ("earliest_day", "latest_day")]
    schema = pa.schema([*columns, *days, pa.field("mentions", pa.list_(mention))], {"title": timeline.title})
    rows = [event | _days(event["date"]) for event in _nested(view(timeline, with_rejected=True))]
    data = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), data)
    return data.getvalue()


def _days(date: str) -> dict[str, int | None]:
    value = parse(date) if date else None
    return {"earliest_day": value.lower if value else None, "latest_day": value.upper if value else None}


# ---------------------------------------------------------------------------------------------- xlsx


def to_xlsx(timeline: Timeline) -> bytes:
    """A workbook with a sheet for each table; every text is a text to the spreadsheet, and dates stay as they are.

    Raises TimelineError if openpyxl is not installed.
    """
    try:
        from openpyxl import Workbook
    except ImportError:
        missing = "xlsx needs openpyxl, which is not installed: pip install 'cited-timeline[exports]'"
        raise TimelineError(missing) from None
    book = Workbook(write_only=True)
    book.properties.creator, book.properties.title = "timeline", _cell_text(timeline.title)
    book.properties.created = book.properties.modified = _FIRST_DAY
    for name, rows in _all_rows(timeline).items():
        _fill(book.create_sheet(SCHEMAS[name]["title"]), name, rows)
    data = io.BytesIO()
    book.save(data)
    return _without_clock(data.getvalue())


def _all_rows(timeline: Timeline) -> dict[str, list[Row]]:
    frames = {name: getattr(timeline, name) for name in TABLES}
    return {name: frame_rows(name, frame) for name, frame in frames.items()}


def _fill(sheet: Worksheet, name: str, rows: list[Row]) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    fields = SCHEMAS[name]["fields"]
    header = [WriteOnlyCell(sheet, field["name"]) for field in fields]
    for number, (field, cell) in enumerate(zip(fields, header, strict=True), 1):
        cell.font = Font(bold=True)
        width = min(60, max([len(field["name"]), *(len(row[field["name"]]) for row in rows)]))
        sheet.column_dimensions[get_column_letter(number)].width = width + 2
    sheet.freeze_panes = "A2"
    sheet.append(header)

    texts = {field["name"]: WriteOnlyCell(sheet) for field in fields if field["type"] == "string"}  # one for all rows
    for cell in texts.values():
        cell.number_format = "@"  # or a date that a person types would be changed
    for row in rows:
        sheet.append([_cell(value, texts.get(column)) for column, value in values(name, row).items()])


def _cell(value: Any, text: Any) -> Any:
    """A value as a cell of the row that is being written; `text`: the cell that takes it if it is one."""
    if value is None or value == "":
        return None
    if text is None:
        return value
    text.value = _cell_text(value)
    text.data_type = "s"  # or "=1+1" would be a formula
    return text


def _escaped(text: str) -> str:
    """What XML forbids as _xHHHH_, and what looks like that escaped in the same way."""
    return _UNSAFE.sub(lambda found: f"_x{ord(found.group()):04X}_", text)


def _cell_text(text: str) -> str:
    """A text as a cell holds it, cut if it is too long for one."""
    escaped = _escaped(text)
    return escaped.encode("utf-16-le")[: 2 * _LONGEST].decode("utf-16-le", "ignore") if _is_long(escaped) else escaped


def _is_long(escaped: str) -> bool:
    return len(escaped) > _LONGEST // 2 and len(escaped.encode("utf-16-le")) > 2 * _LONGEST


def xlsx_left_out(timeline: Timeline) -> list[str]:
    """How many cells are longer than a spreadsheet takes."""
    cells = [cell for rows in _all_rows(timeline).values() for row in rows for cell in row.values()]
    cut = sum(_is_long(_escaped(cell)) for cell in cells if len(cell) > _LONGEST // 8)
    return [f"{count(cut, 'text')} cut after {_LONGEST:,} characters"] if cut else []


def _without_clock(book: bytes) -> bytes:
    """The same archive without the time of day it was made."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return zip_bytes({name: archive.read(name) for name in archive.namelist()})


# ---------------------------------------------------------------------------------------------- datapackage


def to_datapackage(timeline: Timeline) -> bytes:
    """The four tables as the build writes them, and the datapackage.json that describes them."""
    tables = table_files(timeline)
    return zip_bytes(
        {"datapackage.json": descriptor(timeline.title, tables)}
        | {f"{name}.csv": data for name, data in tables.items()}
    )


def table_files(timeline: Timeline) -> dict[str, bytes]:
    """The bytes of each table."""
    return {name: csv_bytes(TABLES[name], rows) for name, rows in _all_rows(timeline).items()}
