"""Exports as texts that a person can read and compare: what is in an archive, a workbook, a Parquet file."""

from __future__ import annotations

import io
import json
import re
import zipfile

from oracles import oracle

from timeline import __version__
from timeline.export import EXPORTS


def readable(name: str, data: bytes) -> bytes:
    """A text stays as it is; of an archive, every file; of a table, every row; of the page, its data."""
    if name == "xlsx":
        text = _workbook(data)
    elif name == "parquet":
        text = _parquet(data)
    elif name == "html":
        found = re.search(rb'<script type="application/json" id="data">(.*?)</script>', data, re.DOTALL)
        assert found
        text = json.dumps(json.loads(found[1]), ensure_ascii=False, indent=1) + "\n"
    elif data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            text = "".join(f"==== {each}\n{archive.read(each).decode('utf-8')}\n" for each in archive.namelist())
        text = text.replace(f'"version": "{__version__}"', '"version": "VERSION"')
        text = re.sub(r"(>)(<(?:w:p|w:style|Override|Relationship)[ >])", r"\1\n\2", text)
        text = re.sub(r'"schema": \{.*?\n      \}', '"schema": ...', text, flags=re.DOTALL)  # event_table.json has it
        if name == "ro-crate":  # the metadata is what there is to see; the tables are in other files
            text = text.partition("==== events.csv")[0]
            text = re.sub(r'"[0-9a-f]{64}"', lambda hit: f'"{hit[0][1:9]}..."', text)
    else:
        return data
    return text.encode("utf-8")


def golden_name(name: str) -> str:
    """The golden file of a format."""
    suffix = EXPORTS[name].suffix if EXPORTS[name].is_text and name != "html" else ".txt"
    return f"five{suffix}" if name == suffix[1:] else f"five.{name}{suffix}"


def _workbook(data: bytes) -> str:
    book = oracle("openpyxl").load_workbook(io.BytesIO(data))
    lines = []
    for sheet in book:
        lines.append(f"==== {sheet.title}")
        lines += [
            " | ".join("" if cell.value is None else f"{cell.data_type}:{cell.value}" for cell in row)
            for row in sheet.iter_rows()
        ]
    return "\n".join(lines) + "\n"


def _parquet(data: bytes) -> str:
    table = oracle("pyarrow.parquet").read_table(io.BytesIO(data))
    rows = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in table.to_pylist())
    return f"{table.schema.to_string(show_schema_metadata=True)}\n{rows}"
