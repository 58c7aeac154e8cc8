"""Timelines for other viewers: TimelineJS (JSON and sheet), vis-timeline, Markwhen."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from ..edtf import Edtf, civil, day_number, days_in_month, parse
from ..table import Row, Timeline, csv_bytes
from .common import View, count, ends, in_words, json_bytes, names, reference, view
from .prose import planned

SHEET = (
    *("Year", "Month", "Day", "Time", "End Year", "End Month", "End Day", "End Time", "Display Date", "Headline"),
    *("Text", "Media", "Media Credit", "Media Caption", "Media Thumbnail", "Type", "Group", "Background"),
)
_JS_DAYS = (day_number(-271820, 1, 1), day_number(275759, 12, 31))  # the calendar of JavaScript, whole years of it


# ---------------------------------------------------------------------------------------------- TimelineJS


def to_timelinejs(timeline: Timeline) -> bytes:
    """The JSON of TimelineJS3. It has no place for undated events; rejected ones are left out, too."""
    shown = view(timeline)
    document = {
        "title": {"text": {"headline": html.escape(shown.title)}},
        "events": [_slide(row, shown) for row in _dated(shown)],
        "eras": [
            {"start_date": start, "end_date": end, "text": {"headline": html.escape(row["title"])}}
            for row, start, end in _js_eras(shown)
        ],
    }
    return json_bytes(document)


def timelinejs_left_out(timeline: Timeline) -> list[str]:
    """How many events and eras TimelineJS cannot show."""
    shown = view(timeline)
    told = _undated(shown)
    eras = len(shown.eras) - len(list(_js_eras(shown)))
    return told + ([f"{count(eras, 'era')} that no dated event falls into"] if eras else [])


def _undated(shown: View) -> list[str]:
    undated = len(shown.events) - len(_dated(shown))
    return [f"{count(undated, 'event')} without a date"] if undated else []


def _dated(shown: View) -> list[Row]:
    return [row for row in shown.events if row["date"]]


def _slide(row: Row, shown: View) -> dict[str, Any]:
    return {
        "unique_id": row["event_id"],
        "group": html.escape(row["category"]),
        "display_date": in_words(row["date"]),
        **_js_ends(row["date"]),
        "text": {"headline": html.escape(row["title"]), "text": _quotes(row, shown)},
        "autolink": False,
    }


def _quotes(row: Row, shown: View) -> str:
    return "".join(
        f"<blockquote>{html.escape(mention['quote'])}</blockquote>"
        f"<p>{html.escape(reference(mention, shown.sources.get(mention['source_id'])))}</p>"
        for mention in shown.quotes(row)
    )


def _js_ends(date: str) -> dict[str, dict[str, int]]:
    """start_date, and end_date unless the date is one day, month or year; an open end is left out."""
    start, end = ends(date)
    if start is None or start.lower is None:
        return {"start_date": _js_date(end.upper, end.precision)} if end and end.upper is not None else {}
    dates = {"start_date": _js_date(start.lower, start.precision)}
    is_one = start == end and start.precision in ("day", "month", "year")
    if not is_one and end is not None and end.upper is not None:
        dates["end_date"] = _js_date(end.upper, end.precision)
    return dates


def _js_date(day: int, precision: str) -> dict[str, int]:
    year, month, day_of_month = civil(day)
    if precision == "day":
        return {"year": year, "month": month, "day": day_of_month}
    return {"year": year} if precision in ("year", "decade", "century") else {"year": year, "month": month}


def _js_eras(shown: View) -> Iterator[tuple[Row, dict[str, int], dict[str, int]]]:
    """TimelineJS wants both ends of an era: an open one is where the events begin or end."""
    dates = [parse(row["date"]) for row in _dated(shown)]
    days = [day for date in dates for day in (date.lower, date.upper) if day is not None]
    for row in shown.eras:
        value = parse(row["date"])
        start = min(days, default=None) if value.lower is None else value.lower
        end = max(days, default=None) if value.upper is None else value.upper
        if start is not None and end is not None and start <= end:
            yield row, _js_date(start, "day"), _js_date(end, "day")


def to_timelinejs_csv(timeline: Timeline) -> bytes:
    """The rows of TimelineJS's spreadsheet, to paste there. Texts are HTML: no formula begins with "<" or "&"."""
    shown = view(timeline)
    rows = [_sheet_row({}, {}, Headline=_cell(shown.title), Type="title")]
    rows += [sheet_row(row, shown) for row in _dated(shown)]
    rows += [_sheet_row(start, end, Headline=_cell(row["title"]), Type="era") for row, start, end in _js_eras(shown)]
    return csv_bytes(SHEET, rows)


def sheet_row(row: Row, shown: View) -> Row:
    """A dated event as a row of the spreadsheet."""
    dates = _js_ends(row["date"])
    more = {"Display Date": in_words(row["date"]), "Group": _cell(row["category"])}
    headline, text = _cell(row["title"]), _quotes(row, shown)
    return _sheet_row(dates["start_date"], dates.get("end_date", {}), Headline=headline, Text=text, **more)


def _sheet_row(start: dict[str, int], end: dict[str, int], **more: str) -> Row:
    parts = {key.title(): str(number) for key, number in start.items()}
    parts |= {f"End {key.title()}": str(number) for key, number in end.items()}
    return dict.fromkeys(SHEET, "") | parts | more


def _cell(text: str) -> str:
    """A text as HTML that no spreadsheet takes for a formula: its first character may be written by its number."""
    escaped = html.escape(" ".join(text.split()))
    return f"&#{ord(escaped[0])};{escaped[1:]}" if escaped[:1] in tuple("=+-@＝＋－＠'") else escaped


# ---------------------------------------------------------------------------------------------- vis-timeline


def to_vis(timeline: Timeline) -> bytes:
    """Groups (the categories), items (the events, and eras in the background) of vis-timeline.

    A day is a point, anything longer a range from its first day to the day after its last; an open end is where the
    events end. Contents are HTML, and escaped.
    """
    shown = view(timeline)
    drawable = [row for row in _dated(shown) if _is_drawable(parse(row["date"]))]
    dates = [parse(row["date"]) for row in drawable]
    days = [day for date in dates for day in (date.lower, date.upper) if day is not None]
    groups = sorted({row["category"] for row in drawable})
    document = {
        "groups": [{"id": name, "content": html.escape(name) or "–"} for name in groups],
        "items": [_item(row, shown, days) for row in drawable]
        + [
            _span(parse(row["date"]), days)
            | {"id": f"era:{row['era_id']}", "content": html.escape(row["title"]), "type": "background"}
            for row in shown.eras
            if _is_drawable(parse(row["date"])) and days
        ],
    }
    return json_bytes(document)


def vis_left_out(timeline: Timeline) -> list[str]:
    """How many events vis-timeline cannot show."""
    shown = view(timeline)
    far = sum(not _is_drawable(parse(row["date"])) for row in _dated(shown))
    return _undated(shown) + ([f"{count(far, 'event')} beyond the calendar of JavaScript"] if far else [])


def _is_drawable(date: Edtf) -> bool:
    first, last = _JS_DAYS
    return all(day is None or first <= day <= last for day in (date.lower, date.upper))


def _item(row: Row, shown: View, days: list[int]) -> dict[str, Any]:
    date = parse(row["date"])
    marks = [row["kind"], row["modality"], row["status"]] + ["uncertain"] * (date.approximate or date.uncertain)
    quotes = "\n".join(mention["quote"] for mention in shown.quotes(row))
    return {
        "id": row["event_id"],
        "content": html.escape(row["title"]),
        "group": row["category"],
        **_span(date, days),
        "title": html.escape(f"{in_words(row['date'])}\n{quotes}".strip()),
        "className": " ".join(filter(None, marks)),
    }


def _span(date: Edtf, days: list[int]) -> dict[str, str]:
    """start, end and type; an open end reaches as far as anything."""
    lower = min([*days, date.upper or 0]) if date.lower is None else date.lower
    upper = max([*days, lower]) if date.upper is None else date.upper
    if lower == upper:
        return {"start": _js_day(lower), "type": "point"}
    return {"start": _js_day(lower), "end": _js_day(upper + 1), "type": "range"}


def _js_day(day: int) -> str:
    """A day as JavaScript reads it: years before 0 and after 9999 have a sign and six digits."""
    year, month, day_of_month = civil(day)
    digits = f"{year:04d}" if 0 <= year <= 9999 else f"{'-' if year < 0 else '+'}{abs(year):06d}"
    return f"{digits}-{month:02d}-{day_of_month:02d}T00:00:00"


# ---------------------------------------------------------------------------------------------- Markwhen


def to_markwhen(timeline: Timeline) -> bytes:
    """A Markwhen document: an event a line, its sentences below it, its category as a tag; eras are events, too.

    A date is the stretch from its first to its last day. Years before 1 and after 9999 stand alone, without months.
    """
    shown = view(timeline)
    events = _dated(shown)
    dates = [parse(row["date"]) for row in events]
    days = [day for date in dates for day in (date.lower, date.upper) if day is not None]
    lines = [f"title: {_yaml_text(shown.title)}", ""]
    for row in shown.eras if days else ():
        lines += [f"{_markwhen_date(parse(row['date']), days)}: {_line(row['title'])} #era"]
    for row in events:
        tags = [_tag(name) for name in filter(None, (row["category"], row["era"]))]
        title = " ".join([_line(row["title"]) + planned(row), *tags])
        lines += ["", f"{_markwhen_date(parse(row['date']), days)}: {title}", f"> {_line(in_words(row['date']))}"]
        lines += [
            f"> {_line(label)}: {_line(', '.join(names(row[label])))}" for label in ("actors", "places") if row[label]
        ]
        for mention in shown.quotes(row):
            source = reference(mention, shown.sources.get(mention["source_id"]))
            lines.append(f"> “{_line(mention['quote'])}” — {_line(source)}")
    return ("\n".join(lines) + "\n").encode("utf-8")


def markwhen_left_out(timeline: Timeline) -> list[str]:
    """How many events Markwhen cannot show, or only by their year."""
    shown = view(timeline)
    dates = [parse(row["date"]) for row in _dated(shown)]
    coarse = sum(
        date.precision not in ("year", "decade", "century")
        and any(not 1 <= civil(day)[0] <= 9999 for day in (date.lower, date.upper) if day is not None)
        for date in dates
    )
    told = [f"{count(coarse, 'event')} before year 1 or after 9999 with no more than the year"] if coarse else []
    return _undated(shown) + told


def _markwhen_date(date: Edtf, days: list[int]) -> str:
    """The first and last day; an open end reaches as far as anything."""
    lower = min([*days, date.upper or 0]) if date.lower is None else date.lower
    upper = max([*days, lower]) if date.upper is None else date.upper
    years = civil(lower)[0], civil(upper)[0]
    if not all(1 <= year <= 9999 for year in years):
        return _year_range(*years)
    first, last = _shortest(lower, upper)
    return first if first == last else f"{first}/{last}"


def _year_range(first: int, last: int) -> str:
    """Years as Markwhen writes them where EDTF has more than four digits: "44 BC", "300 BC–AD"-like ranges, "12000"."""
    if first == last:
        return f"{1 - first} BC" if first < 1 else str(first)
    if first < 1 and last < 1:
        return f"{1 - first}–{1 - last} BC"
    return f"{1 - first} BC–{last} AD" if first < 1 else f"{first} - {last}"


def _shortest(lower: int, upper: int) -> tuple[str, str]:
    """Two days of the years 1 to 9999 as years, months or days, whichever says the same and is shortest."""
    (year, month, day), (last_year, last_month, last_day) = civil(lower), civil(upper)
    if day == 1 and last_day == days_in_month(last_year, last_month):
        if (month, last_month) == (1, 12):
            return f"{year:04d}", f"{last_year:04d}"
        return f"{year:04d}-{month:02d}", f"{last_year:04d}-{last_month:02d}"
    return f"{year:04d}-{month:02d}-{day:02d}", f"{last_year:04d}-{last_month:02d}-{last_day:02d}"


def _line(text: str) -> str:
    """A text on one line, in which nothing is a tag, a link or a box to tick: a word joiner stands in between."""
    return re.sub(r"([#@!\[])(?=\S)", "\\1\u2060", " ".join(text.split()))


def _tag(name: str) -> str:
    return "#" + (re.sub(r"\W+", "_", name).strip("_") or "_")


def _yaml_text(text: str) -> str:
    """A text as a value of the header, which is YAML."""
    return json_bytes(" ".join(text.split())).decode("utf-8").strip()
