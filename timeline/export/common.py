"""What several formats share: dates in words, citations, the rows of a timeline, and files that are always the same."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ..edtf import Edtf, civil, parse
from ..model import TimelineError
from ..table import SCHEMAS, Row, Timeline, frame_rows

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SEASONS = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}
_PARTS = {
    "33": "first quarter",
    "34": "second quarter",
    "35": "third quarter",
    "36": "fourth quarter",
    "40": "first half",
    "41": "second half",
}
_MARKS = {"~": "about ", "?": "perhaps ", "%": "perhaps about "}
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of the ZIP format: files in our archives have no time of their own


# ---------------------------------------------------------------------------------------------- the rows


@dataclass(frozen=True, slots=True)
class View:
    """A timeline as rows of texts: `mentions` by event_id, the best first; `sources` by source_id."""

    title: str
    events: list[Row]
    mentions: dict[str, list[Row]]
    sources: dict[str, Row]
    eras: list[Row]

    def of(self, event: Row) -> list[Row]:
        """The mentions of an event."""
        return self.mentions.get(event["event_id"], [])

    def quotes(self, event: Row) -> list[Row]:
        """The mentions of an event, each sentence once: two dates in it may both be the event's."""
        found: dict[tuple[str, str], Row] = {}
        for row in self.of(event):
            found.setdefault((row["source_id"], row["quote_start"]), row)
        return list(found.values())


def view(timeline: Timeline, *, with_rejected: bool = False) -> View:
    """The rows of a timeline; events that people rejected, and their mentions, only if asked for."""
    events = [row for row in frame_rows("events", timeline.events) if with_rejected or row["status"] != "rejected"]
    mentions: dict[str, list[Row]] = {row["event_id"]: [] for row in events}
    for row in frame_rows("mentions", timeline.mentions):
        if row["event_id"] in mentions:
            mentions[row["event_id"]].append(row)
    sources = {row["source_id"]: row for row in frame_rows("sources", timeline.sources)}
    return View(timeline.title, events, mentions, sources, frame_rows("eras", timeline.eras))


def values(table: str, row: Row) -> dict[str, Any]:
    """A row with numbers as numbers, None where there is none."""
    convert: dict[str, Callable[[str], Any]] = {"string": str, "integer": int, "number": float}
    return {
        field["name"]: convert[field["type"]](row[field["name"]])
        if row[field["name"]] or field["type"] == "string"
        else None
        for field in SCHEMAS[table]["fields"]
    }


def names(cell: str) -> list[str]:
    """The names in a cell of actors or places."""
    return [name for name in cell.split("; ") if name]


def text_of(timeline: Timeline, source_id: str) -> str | None:
    """The text of a source, None if it is not at hand."""
    try:
        return timeline.text(source_id)
    except TimelineError:
        return None


# ---------------------------------------------------------------------------------------------- citations


def place(mention: Row) -> str:
    """Where a quote stands: as a person would cite it if the source has such places, else by its characters."""
    characters = f"characters {mention['quote_start']} to {mention['quote_end']}"
    return mention.get("locator") or characters


def citation(source: Row | None, fallback: str = "") -> str:
    """Author, title, publisher and date of a source as far as they are known."""
    source = source or {}
    published = source.get("published", "")
    parts = [source.get("author"), source.get("title") or fallback, source.get("publisher")]
    parts += [in_words(published)] if published else []
    return ", ".join(part for part in parts if part)


def reference(mention: Row, source: Row | None) -> str:
    """The citation of a source and the place of the quote in it."""
    name = mention["source_id"]
    return f"{citation(source, name)} ({name}, {place(mention)})"


# ---------------------------------------------------------------------------------------------- bytes


def json_bytes(document: Any) -> bytes:
    """JSON in UTF-8, indented by two."""
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """A ZIP archive of files by their paths: nothing in it but these, in their order, and no time of day."""
    import zipfile  # only here: who asks for the list of formats waits for nothing

    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # Unix, wherever this runs
            archive.writestr(entry, content)
    return data.getvalue()


def file_name(text: str, taken: set[str], suffix: str = "") -> str:
    """A name for a file that every file system takes and that is not in `taken`, to which it is added."""
    stem = (
        re.sub(r"[\x00-\x1f\x7f<>:\"/\\|?*\[\]#^%]+", "_", " ".join(text.split())).strip(". ")[:80].rstrip(". ") or "_"
    )
    name, number = stem, 1
    while f"{name}{suffix}".casefold() in taken:
        number += 1
        name = f"{stem} {number}"
    taken.add(f"{name}{suffix}".casefold())
    return name + suffix


def now() -> datetime:
    """The time an export is made, in UTC to the second; SOURCE_DATE_EPOCH in the environment sets it.

    Only the formats that are nothing without it ask for it (ics, ro-crate). Raises TimelineError if what is set is no
    number of seconds.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return datetime.fromtimestamp(int(given), UTC) if given else datetime.now(UTC).replace(microsecond=0)
    except (ValueError, OverflowError, OSError):
        raise TimelineError(
            f"SOURCE_DATE_EPOCH is {given!r}; give a number of seconds since 1970, or unset it"
        ) from None


def count(number: int, what: str) -> str:
    """A number of things in words: "1 event", "2 events"."""
    return f"{number} {what}" + ("s" if number != 1 else "")


def ends(date: str) -> tuple[Edtf | None, Edtf | None]:
    """The date or dates that begin and end a date; None where it is open. Of one of a set, its first and last."""
    if choices := parse(date).choices:
        date = f"{choices[0]}/{choices[-1]}"
    first, slash, last = date.partition("/")
    start, end = (None if text in ("", "..") else parse(text) for text in (first, last if slash else first))
    return start, end


# ---------------------------------------------------------------------------------------------- dates in words


def in_words(date: str) -> str:
    """An EDTF date as English words.

    >>> in_words("1949-10-01"), in_words("1967~/.."), in_words("-0043"), in_words("195X")
    ('1 October 1949', 'since about 1967', '44 BC', '1950s')
    """
    if not date:
        return "undated"
    choices = parse(date).choices
    if choices:
        return " or ".join(map(_date_in_words, choices)) + " (disputed)"
    first, slash, last = date.partition("/")
    if not slash:
        return _date_in_words(first)
    if first in ("", ".."):
        return f"until {_date_in_words(last)}"
    if last in ("", ".."):
        return f"since {_date_in_words(first)}"
    return f"{_date_in_words(first)} to {_date_in_words(last)}"


def _date_in_words(date: str) -> str:
    value = parse(date)
    bare = date.rstrip("~?%")
    return _MARKS.get(date[len(bare) :], "") + _WORDS[value.precision](value, bare)


def _year(value: Edtf) -> int:
    return civil(value.lower or 0)[0]


def year_in_words(year: int) -> str:
    return str(year) if year > 0 else f"{1 - year} BC"


def _month_in_words(value: Edtf, bare: str) -> str:
    year, month, _ = civil(value.lower or 0)
    return f"{_MONTHS[month - 1]} {year_in_words(year)}"


def _decade_in_words(value: Edtf, bare: str) -> str:
    year = _year(value)
    if year == 0:
        return "1 BC to AD 9"  # year 0 is 1 BC
    return f"{year}s" if year > 0 else f"{1 - year} to {-8 - year} BC"


def _century_in_words(value: Edtf, bare: str) -> str:
    number = int(bare.strip("-X")) + 1
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending} century" + (" BC" if bare.startswith("-") else "")


_WORDS: dict[str, Callable[[Edtf, str], str]] = {
    "day": lambda value, bare: f"{civil(value.lower or 0)[2]} {_month_in_words(value, bare)}",
    "month": _month_in_words,
    "season": lambda value, bare: f"{_SEASONS[bare[-2:]]} {year_in_words(_year(value))}",
    "quarter": lambda value, bare: f"{_PARTS[bare[-2:]]} of {year_in_words(_year(value))}",
    "range": lambda value, bare: f"{_PARTS[bare[-2:]]} of {year_in_words(_year(value))}",
    "year": lambda value, bare: year_in_words(_year(value)),
    "decade": _decade_in_words,
    "century": _century_in_words,
}
