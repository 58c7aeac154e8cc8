"""A timeline as one file for other programs. A format is a function from a Timeline to bytes, and an entry below."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from .edtf import Edtf, civil, parse
from .model import TimelineError
from .table import SCHEMAS, TABLES, Row, Timeline, csv_bytes, frame_rows

_FREE_TEXT = ("title", "quote", "actors", "places")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
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


def export(timeline: Timeline, format: str) -> bytes:
    """The timeline in one of the EXPORTS. Raises TimelineError for any other format."""
    if format not in EXPORTS:
        raise TimelineError(f"unknown format {format!r}; use one of {', '.join(EXPORTS)}")
    return EXPORTS[format](timeline)


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


def _year_in_words(year: int) -> str:
    return str(year) if year > 0 else f"{1 - year} BC"


def _month_in_words(value: Edtf, bare: str) -> str:
    year, month, _ = civil(value.lower or 0)
    return f"{_MONTHS[month - 1]} {_year_in_words(year)}"


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
    "season": lambda value, bare: f"{_SEASONS[bare[-2:]]} {_year_in_words(_year(value))}",
    "quarter": lambda value, bare: f"{_PARTS[bare[-2:]]} of {_year_in_words(_year(value))}",
    "range": lambda value, bare: f"{_PARTS[bare[-2:]]} of {_year_in_words(_year(value))}",
    "year": lambda value, bare: _year_in_words(_year(value)),
    "decade": _decade_in_words,
    "century": _century_in_words,
}


# ---------------------------------------------------------------------------------------------- csv


def to_csv(timeline: Timeline) -> bytes:
    """events.csv for spreadsheets: a text that would be taken for a formula gets an apostrophe in front.

    So does one that begins with apostrophes before such a character: taking one apostrophe away undoes it.
    """
    rows = frame_rows("events", timeline.events)
    return csv_bytes(TABLES["events"], [row | {key: _guarded(row[key]) for key in _FREE_TEXT} for row in rows])


def _guarded(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


# ---------------------------------------------------------------------------------------------- JSON Lines


def to_jsonl(timeline: Timeline) -> bytes:
    """One event a line, with its mentions, each with its source. Numbers are numbers, empty ones null."""
    sources = {row["source_id"]: _values("sources", row) for row in frame_rows("sources", timeline.sources)}
    mentions = _mentions_by_event(timeline)
    lines = []
    for row in frame_rows("events", timeline.events):
        event = _values("events", row)
        event |= {key: [name for name in row[key].split("; ") if name] for key in ("actors", "places")}
        event["mentions"] = [
            _values("mentions", mention) | {"source": sources.get(mention["source_id"])}
            for mention in mentions.get(row["event_id"], [])
        ]
        lines.append(json.dumps(event, ensure_ascii=False) + "\n")
    return "".join(lines).encode("utf-8")


def _values(table: str, row: Row) -> dict[str, Any]:
    convert = {"string": str, "integer": int, "number": float}
    return {
        field["name"]: convert[field["type"]](row[field["name"]])
        if row[field["name"]] or field["type"] == "string"
        else None
        for field in SCHEMAS[table]["fields"]
    }


def _mentions_by_event(timeline: Timeline) -> dict[str, list[Row]]:
    mentions: dict[str, list[Row]] = {}
    for row in frame_rows("mentions", timeline.mentions):
        mentions.setdefault(row["event_id"], []).append(row)
    return mentions


def _shown(timeline: Timeline) -> list[Row]:
    """The events that nobody rejected."""
    return [row for row in frame_rows("events", timeline.events) if row["status"] != "rejected"]


# ---------------------------------------------------------------------------------------------- Markdown


def to_markdown(timeline: Timeline) -> bytes:
    """A chronology by year, with every quote and its source in a footnote. Rejected events are left out."""
    events = _shown(timeline)
    sources = {row["source_id"]: row for row in frame_rows("sources", timeline.sources)}
    mentions = _mentions_by_event(timeline)
    lines = [f"# {_markdown(timeline.title)}"]
    notes: list[str] = []
    for heading, group in groupby(events, _heading):
        lines += ["", f"## {heading}", ""]
        for row in group:
            own = mentions.get(row["event_id"], [])
            marks = "".join(f"[^{len(notes) + number}]" for number in range(1, len(own) + 1))
            notes += [_footnote(mention, sources.get(mention["source_id"])) for mention in own]
            planned = " (planned)" if row["modality"] == "planned" else ""
            lines.append(f"- **{in_words(row['date'])}**{planned}: {_markdown(row['title'])}{marks}")
    lines += [""] * bool(notes) + [f"[^{number}]: {note}" for number, note in enumerate(notes, 1)]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _heading(row: Row) -> str:
    """The year an event begins in, or ends in if its beginning is open."""
    if not row["date"]:
        return "Undated"
    value = parse(row["date"])
    day = value.upper if value.lower is None else value.lower
    return _year_in_words(civil(day or 0)[0])


def _footnote(mention: Row, source: Row | None) -> str:
    return f"“{_markdown(mention['quote'])}” — {_markdown(_reference(mention, source))}"


def _reference(mention: Row, source: Row | None) -> str:
    """Author, title, publisher and date of a source as far as they are known, and the place of the quote."""
    source = source or {}
    published = source.get("published", "")
    parts = [source.get("author"), source.get("title") or mention["source_id"], source.get("publisher")]
    parts += [in_words(published)] if published else []
    place = f"{mention['source_id']}, characters {mention['quote_start']} to {mention['quote_end']}"
    return f"{', '.join(part for part in parts if part)} ({place})"


def _markdown(text: str) -> str:
    """A text on one line, in which no character means anything to Markdown."""
    return re.sub(r"([\\`*_{}\[\]<>#|~^&!$])", r"\\\1", " ".join(text.split()))


# ---------------------------------------------------------------------------------------------- TimelineJS


def to_timelinejs(timeline: Timeline) -> bytes:
    """The JSON of TimelineJS3. It has no place for undated events; rejected ones are left out, too."""
    events = [row for row in _shown(timeline) if row["date"]]
    mentions = _mentions_by_event(timeline)
    sources = {row["source_id"]: row for row in frame_rows("sources", timeline.sources)}
    ends = [day for row in events for day in (parse(row["date"]).lower, parse(row["date"]).upper) if day is not None]
    document = {
        "title": {"text": {"headline": html.escape(timeline.title)}},
        "events": [_slide(row, mentions.get(row["event_id"], []), sources) for row in events],
        "eras": list(_js_eras(frame_rows("eras", timeline.eras), ends)),
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _slide(row: Row, mentions: list[Row], sources: dict[str, Row]) -> dict[str, Any]:
    quotes = "".join(
        f"<blockquote>{html.escape(mention['quote'])}</blockquote>"
        f"<p>{html.escape(_reference(mention, sources.get(mention['source_id'])))}</p>"
        for mention in mentions
    )
    return {
        "unique_id": row["event_id"],
        "group": html.escape(row["category"]),
        "display_date": in_words(row["date"]),
        **_js_ends(row["date"]),
        "text": {"headline": html.escape(row["title"]), "text": quotes},
    }


def _js_ends(date: str) -> dict[str, dict[str, int]]:
    """start_date, and end_date unless the date is one day, month or year; an open end is left out."""
    if choices := parse(date).choices:
        date = f"{choices[0]}/{choices[-1]}"
    first, slash, last = date.partition("/")
    start, end = (None if text in ("", "..") else parse(text) for text in (first, last if slash else first))
    if start is None or start.lower is None:
        return {"start_date": _js_date(end.upper, end.precision)} if end and end.upper is not None else {}
    ends = {"start_date": _js_date(start.lower, start.precision)}
    is_one = not slash and start.precision in ("day", "month", "year")
    if not is_one and end is not None and end.upper is not None:
        ends["end_date"] = _js_date(end.upper, end.precision)
    return ends


def _js_date(day: int, precision: str) -> dict[str, int]:
    year, month, day_of_month = civil(day)
    if precision == "day":
        return {"year": year, "month": month, "day": day_of_month}
    return {"year": year} if precision in ("year", "decade", "century") else {"year": year, "month": month}


def _js_eras(rows: list[Row], days: list[int]) -> Iterator[dict[str, Any]]:
    """TimelineJS wants both ends of an era: an open one is where the events begin or end."""
    for row in rows:
        value = parse(row["date"])
        start = min(days, default=None) if value.lower is None else value.lower
        end = max(days, default=None) if value.upper is None else value.upper
        if start is not None and end is not None and start <= end:
            yield {
                "start_date": _js_date(start, "day"),
                "end_date": _js_date(end, "day"),
                "text": {"headline": html.escape(row["title"])},
            }


EXPORTS: dict[str, Callable[[Timeline], bytes]] = {
    "csv": to_csv,
    "jsonl": to_jsonl,
    "markdown": to_markdown,
    "timelinejs": to_timelinejs,
}
