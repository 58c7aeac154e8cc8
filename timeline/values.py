"""TIMEX3 values: the arithmetic on them, and the EDTF dates that they mean.

A value is written as TIMEX3 has it (TimeML 1.2.1): "1969-03-02", "2018-W05", "195" for the 1950s, "BC0044", with X for
what is not known. All functions are pure; days are day numbers as `edtf` counts them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from . import edtf
from .edtf import Edtf, EdtfError

VALUE = re.compile(
    r"(?P<bc>BC)?(?P<year>\d{2,4})(?:-(?:(?P<month>\d\d)(?:-(?P<day>\d\d))?|(?P<part>SP|SU|FA|WI|Q[1-4]|H[12])"
    r"|W(?P<week>\d\d)(?:(?P<weekend>-WE)|-(?P<weekday>[1-7]))?))?(?:T.*)?"
)
_PARTS = {"SP": "21", "SU": "22", "FA": "23", "WI": "24", "Q1": "33", "Q2": "34", "Q3": "35", "Q4": "36"}
_PARTS |= {"H1": "40", "H2": "41"}
# Which stretch of a unit "early", "mid" and "late" mean, in the unit's own steps; a convention of this project, marked
# approximate (~) in every date it yields. A century in years, a decade in years, a year in months, a month in days.
_STRETCHES = {
    "century": {"START": (0, 33), "MID": (34, 66), "END": (67, 99)},
    "decade": {"START": (0, 3), "MID": (4, 6), "END": (7, 9)},
    "year": {"START": (1, 4), "MID": (5, 8), "END": (9, 12)},
    "month": {"START": (1, 10), "MID": (11, 20), "END": (21, 31)},
}
_JUST_OVER = 75  # days
_SOON, _LONG_AGO = 45, 270  # days; measured on the TempEval-3 training news
_FINE, _HALF_YEAR = 125, 180  # days: a season or the end of a year at most; how far back a history does not go
_GREGORIAN = range(1583, 4100)  # years whose Easter dateutil knows
_AGAINST_THE_STORY = 10  # days that a day of the month ("on the 22nd") may lie before the date said last
# Thanksgiving of the United States: the fourth Thursday of November by an act of 1941, the last one by custom since
# 1863, but for years in which another day was proclaimed. The days below were movable only from 1971 on.
_THANKSGIVING, _FOURTH, _CUSTOM = "11-n4-4", 1942, 1863
_PROCLAIMED = {1865: "12-07", 1869: "11-18", 1939: "11-23", 1940: "11-21", 1941: "11-20"}
_ONCE_FIXED = {"05-n5-1": "05-30", "10-n2-1": "10-12"}
_MOVED = 1971
_LAST_YEAR = 9999
MONTH = 31  # days; a date that leaves more open is no anchor for a weekday


@lru_cache(maxsize=65536)
def unit_value(day: int, unit: str, count: int) -> str:
    """The TIMEX3 value of the unit `count` units after the one that holds a day: '2018', '2018-W05', '201'.

    Empty for what has none: decades before our era, years of five figures.
    """
    if unit in ("day", "week", "weekend"):
        day += count * (1 if unit == "day" else 7)
        if unit == "day":
            return _value_of_day(day)
        year, week = _iso_week(day)
        return _in_year(year, f"-W{week:02d}" + ("-WE" if unit == "weekend" else ""))
    year, month, _ = edtf.civil(day)
    if unit == "month":
        index = year * 12 + month - 1 + count
        return _in_year(index // 12, f"-{index % 12 + 1:02d}")
    if unit == "quarter":
        index = year * 4 + (month - 1) // 3 + count
        return _in_year(index // 4, f"-Q{index % 4 + 1}")
    if unit in ("decade", "century"):
        length = 10 if unit == "decade" else 100
        reached = year // length + count
        return f"{reached:0{5 - len(str(length))}d}" if year >= 0 and 0 <= reached < 10000 // length else ""
    return _in_year(year + count, "")


def _in_year(year: int, part: str) -> str:
    """A value in a year; empty for years that TIMEX3 cannot write in four figures."""
    return year_of_value(year) + part if -_LAST_YEAR < year <= _LAST_YEAR else ""


def year_of_value(year: int) -> str:
    """A year as TIMEX3 writes it: '1969', 'BC0044' for the year -43."""
    return f"BC{1 - year:04d}" if year < 1 else f"{year:04d}"


def _value_of_day(day: int) -> str:
    year, month, date = edtf.civil(day)
    return _in_year(year, f"-{month:02d}-{date:02d}")


def _iso_week(day: int) -> tuple[int, int]:
    """ISO 8601 week of a day number: (week-year, week)."""
    thursday = day - (day - 1) % 7 + 3
    year = edtf.civil(thursday)[0]
    return year, (thursday - edtf.day_number(year, 1, 1)) // 7 + 1


def _monday(year: int, week: int) -> int:
    """The day number of the Monday of an ISO 8601 week."""
    fourth = edtf.day_number(year, 1, 4)
    return fourth - (fourth - 1) % 7 + 7 * (week - 1)


def years_back(value: str, years: int) -> str:
    """A TIMEX3 value moved back by whole years, its month and day kept."""
    return f"{int(value[:4]) - years:04d}{value[4:]}" if value[:4].isdecimal() else ""


@lru_cache(maxsize=65536)
def dated(value: str, day: int, direction: str, anchor: Edtf) -> str:
    """An unfinished value ("XXXX-03-15", "XXXX-WXX-5") completed: the year or week that direction and anchor say."""
    head, _, clock = value.partition("T")
    clock = "T" + clock if clock else ""
    if head.startswith("XXXX-WXX-"):
        return _value_of_day(_weekday(int(head[-1]), day, direction)) + clock
    if re.fullmatch(r"XX\d", head):
        return _decade(int(head[2]), day, direction)
    if re.fullmatch(r"XX\d\d", head):
        year, tail = edtf.civil(day)[0], int(head[2:])
        if year < 1:
            return ""
        if direction == "1":  # the end of "1914-18"
            return f"{year + ((tail - year) % 100 or 100):04d}"
        latest = year + (20 if direction == "context" else 0)  # the last '88 by then
        return f"{latest - (latest - tail) % 100:04d}"
    if head.startswith("XXXX-XX-"):
        return _day_of_month(int(head[-2:]), day, direction, anchor) + clock
    year = edtf.civil(day)[0]
    candidates = []
    for candidate in (year - 2, year - 1, year, year + 1):
        text = feast(head.replace("XXXX", year_of_value(candidate)))
        date = to_edtf(text)
        if date:
            candidates.append((text, edtf.parse(date)))
    return _choose(candidates, year, day, direction, anchor) + clock if candidates else ""


_FEAST = re.compile(r"(\d{4})-(?:(\d\d)-n([1-5])-([1-7])|E([+-]\d+))")


def feast(value: str) -> str:
    """The day of a movable feast: "2012-11-n4-4" is the fourth Thursday of November, "2012-E-2" two days before Easter.

    n5 is the last of its weekday in the month. Easter is the Western one (dateutil, from 1583 on; before that only the
    year is known). Days of the United States fall as they did in that year. Any other value is returned as it is.

    >>> feast("2012-11-n4-4"), feast("1888-11-n4-4"), feast("1939-11-n4-4"), feast("1960-05-n5-1")
    ('2012-11-22', '1888-11-29', '1939-11-23', '1960-05-30')
    """
    match = _FEAST.fullmatch(value)
    if not match:
        return value
    year = int(match[1])
    if match[5]:
        from dateutil.easter import easter

        return _value_of_day(easter(year).toordinal() + int(match[5])) if year in _GREGORIAN else match[1]
    month, nth, number = int(match[2]), int(match[3]), int(match[4])
    if value[5:] == _THANKSGIVING and year < _FOURTH:
        if year < _CUSTOM or year in _PROCLAIMED:
            return f"{match[1]}-{_PROCLAIMED[year]}" if year in _PROCLAIMED else match[1]
        nth = 5
    if year < _MOVED and value[5:] in _ONCE_FIXED:
        return f"{match[1]}-{_ONCE_FIXED[value[5:]]}"
    day = _weekday(number, edtf.day_number(year, month, 1), "future") + 7 * (nth - 1)
    last = edtf.day_number(year, month, edtf.days_in_month(year, month))
    return _value_of_day(day if day <= last else day - 7)


def _decade(tens: int, day: int, direction: str) -> str:
    """The value of "the sixties": those nearest before a date of the text, or begun soon after; before publication."""
    limit = edtf.civil(day)[0] + (20 if direction == "context" else -10)
    first = (limit - 10 * tens) // 100 * 100 + 10 * tens
    return f"{first // 10:03d}" if first > 0 else ""


def _day_of_month(number: int, day: int, direction: str, anchor: Edtf) -> str:
    """The value of "the 25th": in the month of a context date or right after it; as the tense says of a publication.

    A story may go a few days back: "the 22nd", said after the 26th, is of the same month. 0 is the month itself.
    """
    if anchor.days > MONTH:
        return ""
    year, month, today = edtf.civil(day)
    back = direction not in ("future", "context", "0") and number > today
    passed = number < today - _AGAINST_THE_STORY and direction == "context" and anchor.precision == "day"
    ahead = passed or (number < today and direction == "future")
    index = year * 12 + month - 1 + (1 if ahead else -1 if back else 0)
    year, month = index // 12, index % 12 + 1
    return f"{year_of_value(year)}-{month:02d}-{number:02d}" if number <= edtf.days_in_month(year, month) else ""


def _weekday(number: int, day: int, direction: str) -> int:
    """The day number of a weekday (Monday is 1) on or before a day, or after it; in its week for 0, a week off it."""
    back = (day - number) % 7  # day number 1 is a Monday
    if direction == "-1":
        return day - (back or 7)
    if direction == "0" or direction.startswith("week"):
        return day - (day - 1) % 7 + number - 1 + 7 * int(direction.removeprefix("week"))
    if direction in ("1", "future", "context"):
        return day + ((7 - back) if direction == "1" else (7 - back) % 7)
    return day - back


def _choose(candidates: list[tuple[str, Edtf]], year: int, day: int, direction: str, anchor: Edtf) -> str:
    def pick(dates: list[str], index: int) -> str:
        return dates[index] if dates else ""

    lower = {text: date.lower or 0 for text, date in candidates}
    upper = {text: date.upper or 0 for text, date in candidates}
    texts = [text for text, _ in candidates]
    if direction == "-1":
        return pick([t for t in texts if upper[t] < day], -1)
    if direction == "last":  # nobody says "last August" in September of the August just over
        here = year_of_value(edtf.civil(day)[0])
        return pick([t for t in texts if upper[t] < (day - _JUST_OVER if t.startswith(here) else day)], -1)
    if direction == "1":
        return pick([t for t in texts if lower[t] > (anchor.upper or day)], 0)
    if direction == "past":
        before, ahead = [t for t in texts if lower[t] <= day], [t for t in texts if day < lower[t] <= day + _SOON]
        far = not before or day - upper[before[-1]] > _LONG_AGO  # nobody says "in March" of eleven months ago
        return ahead[0] if ahead and far else pick(before, -1)
    if direction == "future":
        ahead, over = [t for t in texts if upper[t] >= day], [t for t in texts if day - _SOON <= upper[t] < day]
        far = not ahead or lower[ahead[0]] - day > _LONG_AGO
        return over[-1] if over and far else pick(ahead, 0)
    if direction == "context":
        return _after_context(texts, lower, upper, year, anchor)
    if direction == "0":
        holding = [t for t in texts if lower[t] <= day <= upper[t]]
        if holding:
            return holding[0]
    if direction == "0" or direction.startswith("year"):
        return pick([t for t in texts if t.startswith(year_of_value(year + int(direction.removeprefix("year"))))], 0)
    return min(texts, key=lambda t: (abs((lower[t] + upper[t]) / 2 - day) * (2 if lower[t] > day else 1), lower[t]))


def _after_context(texts: list[str], lower: dict[str, int], upper: dict[str, int], year: int, anchor: Edtf) -> str:
    """A history goes forward: the same year, or the next if the date would lie half a year and more in the past."""
    same = next((t for t in texts if t.startswith(year_of_value(year))), texts[0])
    later = next((t for t in texts if t.startswith(year_of_value(year + 1))), same)
    if anchor.lower is None or anchor.days > _FINE:
        return same
    return later if anchor.lower - upper[same] > _HALF_YEAR else same


# --------------------------------------------------------------------------- TIMEX3 -> EDTF


@lru_cache(maxsize=65536)
def to_edtf(value: str, mod: str = "") -> str:
    """The EDTF date of a TIMEX3 value and mod; empty if the value names no place in the calendar, or an impossible one.

    >>> to_edtf("196", "END"), to_edtf("2021-Q3"), to_edtf("BC0044"), to_edtf("P3D")
    ('1967~/1969~', '2021-35', '-0043', '')
    """
    match = VALUE.fullmatch(value)
    if not match:
        return ""
    bc, year, month, day, part, week = match.group("bc", "year", "month", "day", "part", "week")
    if bc and len(year) == 4:
        year = edtf.year_text(1 - int(year))
    elif bc and len(year) == 3:  # 479 to 470 BC are the years -0478 to -0469
        return _years(-8 - 10 * int(year), 1 - 10 * int(year), "decade", mod)
    elif bc:  # 500 to 401 BC are the years -0499 to -0400: no -04XX says that
        first = 1 - 100 * (int(year) + 1)
        return _years(first, first + 99, "century", mod) if len(year) == 2 else ""
    if len(year) < 4:
        return _stretch(year + "X" * (4 - len(year)), "century" if len(year) == 2 else "decade", mod)
    if week:
        monday = _monday(int(year), int(week))
        if _iso_week(monday) != (int(year), int(week)):
            return ""
        if match["weekday"]:
            return edtf.iso(monday + int(match["weekday"]) - 1)
        first, last = (monday + 5, monday + 6) if match["weekend"] else (monday, monday + 6)
        return f"{edtf.iso(first)}/{edtf.iso(last)}"
    if part:
        return _checked(f"{year}-{_PARTS[part]}", mod)
    if day:
        return _checked(f"{year}-{month}-{day}", mod)
    if month:
        return _stretch(f"{year}-{month}", "month", mod)
    return _stretch(year, "year", mod)


def _years(first: int, last: int, unit: str, mod: str) -> str:
    """The interval of a decade or century before our era, or the part of it that a mod means."""
    if mod in _STRETCHES[unit]:
        start, end = _STRETCHES[unit][mod]
        return f"{edtf.year_text(first + start)}~/{edtf.year_text(first + end)}~"
    mark = "~" if mod else ""
    return f"{edtf.year_text(first)}{mark}/{edtf.year_text(last)}{mark}"


def _checked(text: str, mod: str) -> str:
    try:
        edtf.parse(text)
    except EdtfError:
        return ""
    return text + "~" if mod else text


def _stretch(text: str, unit: str, mod: str) -> str:
    """The part of a unit that "early", "mid" or "late" means; approximate."""
    if not _checked(text, ""):
        return ""
    if mod not in _STRETCHES[unit]:
        return text + "~" if mod else text
    first, last = _STRETCHES[unit][mod]
    if unit == "year":
        return f"{text}-{first:02d}~/{text}-{last:02d}~"
    if unit == "month":
        year, month = text.rsplit("-", 1)
        last = min(last, edtf.days_in_month(int(year), int(month)))
        return f"{text}-{first:02d}~/{text}-{last:02d}~"
    base = int(text.rstrip("X")) * (100 if unit == "century" else 10)
    return f"{edtf.year_text(base + first)}~/{edtf.year_text(base + last)}~"
