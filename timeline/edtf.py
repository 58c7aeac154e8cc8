"""Dates as honest as their source: a subset of EDTF (Extended Date/Time Format, ISO 8601-2:2019) as a value.

Levels 0 and 1 without time of day, and of level 2 the quarters, the halves and one of a set:

    1949   1969-03   1949-10-01   195X   18XX   1984-06-XX   2014-21 (spring)   2021-35 (third quarter)
    1916~  1916?     1916%        Y12000 -0043-03-15 (15 March 44 BC)
    2013/2016        2014/..      ../1916     1967~/1969~
    [2001-07-15,2001-07-16] (one of the two: the sources disagree)

Years are astronomical (0000 is 1 BC, -0043 is 44 BC) in the proleptic Gregorian calendar. A day is a whole number
(`day_number`, 1 is 0001-01-01 as in `datetime.date.toordinal`), so dates before year 1 and beyond 9999 sort and
subtract like any others. Nothing here imports anything of ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

PRECISIONS = ("day", "week", "month", "season", "quarter", "year", "decade", "century", "range")

_DATE = re.compile(
    r"(?P<year>Y-?[1-9][0-9]{4,8}|-?[0-9]{4}|-?[0-9]{3}X|-?[0-9]{2}XX)"
    r"(?:-(?P<month>[0-9]{2}|XX)(?:-(?P<day>[0-9]{2}|XX))?)?(?P<mark>[~?%])?"
)
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 14)}  # months; 13 and 14 lie in the next year
_QUARTERS = {33: (1, 3), 34: (4, 6), 35: (7, 9), 36: (10, 12)}
_HALVES = {40: (1, 6), 41: (7, 12)}
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class EdtfError(ValueError):
    """The text is not a date in the EDTF subset of this module; the message names the text and the reason."""


@dataclass(frozen=True, slots=True)
class Edtf:
    """One parsed date. `str(value)` gives back the text it was parsed from.

    `lower`, `upper`: the first and last possible day as day numbers, None where open.
    `precision`: one of PRECISIONS. `approximate` is `~` or `%`, `uncertain` is `?` or `%`, on either end.
    One of a set (`choices`) is bounded by its earliest and its latest member and has the precision "range".
    """

    text: str
    lower: int | None
    upper: int | None
    precision: str
    approximate: bool = False
    uncertain: bool = False

    def __str__(self) -> str:
        return self.text

    @property
    def earliest(self) -> str:
        """First possible day, ISO 8601; empty where open."""
        return "" if self.lower is None else iso(self.lower)

    @property
    def latest(self) -> str:
        """Last possible day, ISO 8601; empty where open."""
        return "" if self.upper is None else iso(self.upper)

    @property
    def days(self) -> float:
        """How many days the date leaves open: 1 for a day, infinity for an open interval."""
        return float("inf") if self.lower is None or self.upper is None else self.upper - self.lower + 1

    @property
    def choices(self) -> tuple[str, ...]:
        """The dates of which one is right, as EDTF: those of '[2001,2002]'; empty for every other date."""
        return tuple(self.text[1:-1].split(",")) if self.text.startswith("[") else ()

    def contains(self, other: Edtf) -> bool:
        """Does every possible day of `other` lie within this date?"""
        return _at_most(self.lower, other.lower, -1) and _at_most(other.upper, self.upper, 1)

    def overlaps(self, other: Edtf) -> bool:
        """Is there a day that both dates allow?"""
        return (self.lower is None or other.upper is None or self.lower <= other.upper) and (
            other.lower is None or self.upper is None or other.lower <= self.upper
        )


def _at_most(a: int | None, b: int | None, open_end: int) -> bool:
    """a <= b where None is minus infinity (open_end -1) or plus infinity (open_end 1)."""
    if open_end < 0:
        return a is None or (b is not None and a <= b)
    return b is None or (a is not None and a <= b)


def is_leap(year: int) -> bool:
    """Is the astronomical year a leap year of the proleptic Gregorian calendar?"""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """Length in days of a month, 1 to 12."""
    return 29 if month == 2 and is_leap(year) else _DAYS[month - 1]


def day_number(year: int, month: int, day: int) -> int:
    """Days since 0000-12-31, for any astronomical year (H. Hinnant, chrono-compatible low-level date algorithms)."""
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 305


def civil(number: int) -> tuple[int, int, int]:
    """The inverse of `day_number`: (year, month, day)."""
    era, day_of_era = divmod(number + 305, 146097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + (3 if shifted < 10 else -9)
    return year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1


def year_text(year: int) -> str:
    """An astronomical year as EDTF and ISO 8601 write it: '1949', '-0043', 'Y12000'."""
    if -9999 <= year <= 9999:
        return f"-{-year:04d}" if year < 0 else f"{year:04d}"
    return f"Y{year}"


def iso(number: int) -> str:
    """A day number as ISO 8601 with an astronomical year: '1949-10-01', '-0043-03-15', 'Y12000-01-01'."""
    year, month, day = civil(number)
    return f"{year_text(year)}-{month:02d}-{day:02d}"


def ordinal(text: str) -> int:
    """The day number of an ISO day as `iso` writes it. Raises EdtfError for anything else."""
    value = parse(text)
    if value.precision != "day" or value.lower is None:
        raise EdtfError(f"{text!r} is not a single day; write it as YYYY-MM-DD")
    return value.lower


def interval(lower: int | None, upper: int | None, mark: str = "") -> Edtf:
    """The interval of two day numbers, None where open, each end marked with `mark` ('~', '?', '%' or '')."""
    start = ".." if lower is None else iso(lower) + mark
    end = ".." if upper is None else iso(upper) + mark
    return parse(start if start == end else f"{start}/{end}")


def span(lower: int, upper: int, mark: str = "") -> Edtf:
    """All days from one day number to another, in the coarsest words that mean just these; marked as by `interval`.

    >>> [str(span(ordinal(a), ordinal(b))) for a, b in (("1969-03-01", "1969-03-31"), ("1969-01-01", "1970-12-31"))]
    ['1969-03', '1969/1970']
    """
    (year, month, day), (last_year, last_month, last_day) = civil(lower), civil(upper)
    if day != 1 or last_day != days_in_month(last_year, last_month):
        return interval(lower, upper, mark)
    start, end = year_text(year), year_text(last_year)
    if (month, last_month) != (1, 12):
        start, end = f"{start}-{month:02d}", f"{end}-{last_month:02d}"
    return parse(f"{start}{mark}" if start == end else f"{start}{mark}/{end}{mark}")


def sort_key(text: str) -> tuple[bool, float, float]:
    """A date's place among others: "until 1871" where it ends, an open end after closed ones, undated last."""
    if not text:
        return True, 0, 0
    date = parse(text)
    upper = float("inf") if date.upper is None else date.upper
    return False, upper if date.lower is None else date.lower, upper


@lru_cache(maxsize=65536)
def parse(text: str) -> Edtf:
    """Read an EDTF text. Raises EdtfError for what is not EDTF, not in the subset, or not a date ('1823-02-29')."""
    if text.startswith("["):
        return _parse_choices(text)
    if "/" not in text:
        return _parse_date(text)
    first, _, last = text.partition("/")
    start = None if first in ("", "..") else _parse_date(first)
    end = None if last in ("", "..") else _parse_date(last)
    if start is None and end is None:
        raise EdtfError(f"{text!r} is open at both ends; give at least one date")
    lower, upper = start.lower if start else None, end.upper if end else None
    if lower is not None and upper is not None and lower > upper:
        raise EdtfError(f"{text!r} ends before it begins; put the earlier date first")
    ends = [e for e in (start, end) if e]
    return Edtf(
        text,
        lower,
        upper,
        "week" if _is_week(start, end) else "range",
        any(e.approximate for e in ends),
        any(e.uncertain for e in ends),
    )


def _parse_choices(text: str) -> Edtf:
    """One of a set, '[1949,1950]': from the first possible day of any of them to the last."""
    members = text[1:-1].split(",")
    if not text.endswith("]") or len(members) < 2 or len(set(members)) < len(members):
        raise EdtfError(f"{text!r} is not one of a set of dates; write two or more, each once, as in [1949,1950]")
    dates = [_parse_date(member) for member in members]
    return Edtf(
        text,
        min(date.lower for date in dates if date.lower is not None),
        max(date.upper for date in dates if date.upper is not None),
        "range",
        any(date.approximate for date in dates),
        any(date.uncertain for date in dates),
    )


def _is_week(start: Edtf | None, end: Edtf | None) -> bool:
    """A Monday to the Sunday after it is a week: EDTF has no week of its own."""
    if start is None or end is None or start.precision != "day" or end.precision != "day":
        return False
    assert start.lower is not None
    assert end.lower is not None
    return end.lower - start.lower == 6 and (start.lower - 1) % 7 == 0


def _parse_date(text: str) -> Edtf:
    found = _DATE.fullmatch(text)
    if not found:
        raise EdtfError(f"{text!r} is not an EDTF date; write for example 1949, 1969-03, 1949-10-01, 195X or 2014/..")
    year_part, month_part, day_part, mark = found.group("year", "month", "day", "mark")
    lower, upper, precision = _bounds(text, year_part, month_part, day_part)
    return Edtf(text, lower, upper, precision, mark in ("~", "%"), mark in ("?", "%"))


def _bounds(text: str, year_part: str, month_part: str | None, day_part: str | None) -> tuple[int, int, str]:
    if year_part.endswith("X"):
        if month_part:
            raise EdtfError(f"{text!r} has a month in an unknown year; leave the month out")
        span = 100 if year_part.endswith("XX") else 10
        magnitude = int(year_part.strip("-X")) * span
        low, high = magnitude, magnitude + span - 1
        if year_part.startswith("-"):
            low, high = -high, -low
        return day_number(low, 1, 1), day_number(high, 12, 31), "century" if span == 100 else "decade"
    year = int(year_part.removeprefix("Y"))
    if month_part is None or month_part == "XX":
        if day_part and day_part != "XX":
            raise EdtfError(f"{text!r} has a day in an unknown month; leave the day out")
        return day_number(year, 1, 1), day_number(year, 12, 31), "year"
    month = int(month_part)
    for table, precision in ((_SEASONS, "season"), (_QUARTERS, "quarter"), (_HALVES, "range")):
        if month in table:
            if day_part:
                raise EdtfError(f"{text!r} has a day in a {precision}; leave the day out")
            first, last = table[month]
            end_year, end_month = (year + 1, last - 12) if last > 12 else (year, last)
            return (
                day_number(year, first, 1),
                day_number(end_year, end_month, days_in_month(end_year, end_month)),
                precision,
            )
    if not 1 <= month <= 12:
        raise EdtfError(f"{text!r} has no month {month_part}; months are 01 to 12, seasons 21 to 24, quarters 33 to 36")
    length = days_in_month(year, month)
    if day_part is None or day_part == "XX":
        return day_number(year, month, 1), day_number(year, month, length), "month"
    day = int(day_part)
    if not 1 <= day <= length:
        raise EdtfError(
            f"{text!r} is not a date: {year_text(year)}-{month:02d} has {length} days; give the month alone"
        )
    number = day_number(year, month, day)
    return number, number, "day"
