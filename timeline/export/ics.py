"""iCalendar (RFC 5545): the events of exact days between the years 1 and 9999. A calendar cannot hold others."""

from __future__ import annotations

import re

from ..edtf import civil, parse
from ..table import Row, Timeline
from .common import View, count, in_words, names, now, reference, view

_LONGEST_LINE = 75  # bytes, without the line end


def to_ics(timeline: Timeline) -> bytes:
    """An all-day event for each event of one day, one week, or a stretch with exact days at both ends.

    A coarser date would fill every day of its month or year, and say more than the sources do.
    """
    shown = view(timeline)
    stamp = now().strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//cited-timeline//timeline//EN", "CALSCALE:GREGORIAN"]
    lines += [f"X-WR-CALNAME:{_text(shown.title)}", f"X-WR-CALDESC:{_text('; '.join(_left_out(shown)))}"]
    for row in shown.events:
        if not _why_not(row):
            lines += _event(row, shown, stamp)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"]).encode("utf-8")


def ics_left_out(timeline: Timeline) -> list[str]:
    """How many events are not in the calendar, by the reason."""
    return _left_out(view(timeline))


def _left_out(shown: View) -> list[str]:
    reasons = [reason for row in shown.events if (reason := _why_not(row))]
    return [f"{count(reasons.count(reason), 'event')} {reason}" for reason in dict.fromkeys(sorted(reasons))]


def _why_not(row: Row) -> str:
    """Why a calendar cannot hold an event, empty if it can."""
    if not row["date"]:
        return "without a date"
    date = parse(row["date"])
    if date.lower is None or date.upper is None:
        return "with an open end"
    if date.choices:
        return "with a disputed date"
    if not 1 <= civil(date.lower)[0] <= civil(date.upper)[0] <= 9998:
        return "before year 1 or after 9998"
    if any(parse(end).precision != "day" for end in row["date"].split("/")):
        return "with a date that is no exact day"
    return ""


def _event(row: Row, shown: View, stamp: str) -> list[str]:
    date = parse(row["date"])
    quotes = [
        f"“{mention['quote']}” — {reference(mention, shown.sources.get(mention['source_id']))}"
        for mention in shown.quotes(row)
    ]
    is_unsure = date.approximate or date.uncertain or row["modality"] == "planned"
    lines = ["BEGIN:VEVENT", f"UID:{row['event_id']}@cited-timeline", f"DTSTAMP:{stamp}"]
    lines += [f"DTSTART;VALUE=DATE:{_day(date.lower or 0)}", f"DTEND;VALUE=DATE:{_day((date.upper or 0) + 1)}"]
    lines += [f"SUMMARY:{_text(row['title'])}", f"DESCRIPTION:{_text(chr(10).join([in_words(row['date']), *quotes]))}"]
    lines += [f"CATEGORIES:{_text(row['category'])}"] * bool(row["category"])
    lines += [f"LOCATION:{_text(', '.join(names(row['places'])))}"] * bool(row["places"])
    return [*lines, f"STATUS:{'TENTATIVE' if is_unsure else 'CONFIRMED'}", "TRANSP:TRANSPARENT", "END:VEVENT"]


def _day(number: int) -> str:
    year, month, day = civil(number)
    return f"{year:04d}{month:02d}{day:02d}"


def _text(text: str) -> str:
    """A text as a value: line ends as \\n, other control characters as spaces."""
    text = re.sub(r"([\\;,])", r"\\\1", text)
    return re.sub(r"[\x00-\x09\x0b-\x1f\x7f]", " ", re.sub(r"\r\n?", "\n", text)).replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line in pieces of at most 75 bytes, never within a character."""
    pieces, length = [""], 0
    for character in line:
        size = len(character.encode("utf-8"))
        if length + size > _LONGEST_LINE:
            pieces.append("")
            length = 1  # of the space that a piece begins with
        pieces[-1] += character
        length += size
    return "\r\n ".join(pieces)
