"""Say what the expressions that were found mean: a TIMEX3 value and an EDTF date, read against an anchor.

The anchor is the publication date (DCT) or a date that the text said before. What neither decides stays as open as it
is: an interval, or no date and the reason. Nothing is ever read against today.

In news a bare "in March" belongs to the publication date, in a history to the year said last. Which of the two a text
is, and which of the two a paragraph follows, is decided by the dates that stand in it (`is_narrative` here, `thread`
and `governs` in `thread.py`). An account of days weeks before its publication, as a report on a flood is, reads its
weekdays and clock times against the day said last (`account_of`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from . import edtf
from .edtf import Edtf, EdtfError
from .model import Timex
from .rules import Rule, Rules, Tenses
from .tag import Found
from .thread import Said, ends_range, governs, names_past_year, quarter, thread
from .values import MONTH, VALUE, dated, feast, to_edtf, unit_value, year_of_value, years_back

# days that an anchor may have for "the next day" and the like to be one
_LONGEST = {"day": 2, "week": 10, "weekend": 10, "month": 62, "quarter": 92, "year": 800}
_UNKNOWN = "XXXX-XX-XX"  # a date that says too little to be worked out
_OFTEN = 3  # dates of a kind that make a text of their kind
_BEGINNING = 300  # characters in which news says when it is
_SEASON = 92  # days
_YEAR = 366  # days
_NEAR = 80  # characters around a date in which it is announced
_QUALIFYING = 3  # dates said last, of which one that only qualifies a noun does not lead
_WEEKS = 21  # days before its publication that all days of an account lie at least
_LATELY = 731  # days; an account of days farther back is told as a history is
_RECALLED = 24  # dates said last among which the day of an account is looked for
_MONTHS = 270  # days; nobody says "in September" of farther back
_SATURDAY = 5  # days after Monday
_NOW = ("day", "week", "weekend")
_DAY = re.compile(r"(?:\d{4}|XXXX)-\d\d-\d\d(?:T.*)?")
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")
_DATED = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])(?:-\d\d)?")
_EVENING, _SMALL_HOURS = re.compile(r"T(?:1[89]|2\d|EV|NI)"), re.compile(r"T0[0-5]:")
_BASE_YEAR = 2000  # dateparser reads phrases against 15 January 2000; only the distance is used


@dataclass(frozen=True, slots=True)
class _Anchor:
    """What an expression is read against: a date, and whether it is the publication date or one from the text.

    `value`: its TIMEX3 value, if it was said as a time of day.
    """

    date: Edtf
    basis: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class _Telling:
    """What all expressions of one text share."""

    text: str
    rules: Rules
    published: Edtf | None
    narrative: bool
    is_essay: bool
    account: int | None  # see `account_of`
    tenses: Tenses
    now: list[int]  # where a history last spoke of the year before its publication, with no other date behind it


@dataclass(frozen=True, slots=True)
class _Beside:
    """What an unfinished expression has from its neighbours: the year or month it shares with the next, its anchor."""

    year: str = ""
    month: str = ""
    anchor: _Anchor | None = None
    direction: str = ""
    reason: str = ""


def resolve(
    found: Sequence[Found],
    text: str,
    rules: Rules,
    published: str = "",
    sentences: Sequence[tuple[int, int]] = (),
) -> list[Timex]:
    """Resolve the expressions of one text, in order.

    `found`: what `tag` gave for `text`. `published`: the publication date as EDTF, empty if unknown; it may be an
    interval. `sentences`: the sentence spans, for the tense. Returns one Timex for each, and one more, that is no
    TIMEX3, for "over the past year" and its like; those without a date have `edtf == ""`, and a `reason` when a date
    was meant but could not be had. Left out are those whose rule counts only in another kind of text (`Rule.only`).
    """
    dct = edtf.parse(published) if published else None
    account, narrative = account_of(found, dct), is_narrative(found, dct)
    if account is not None and narrative:  # the days of a history are read as those of a history
        is_late = dct is not None and (dct.lower or 0) - account <= _LATELY
        account, narrative = (account, False) if is_late else (None, True)
    kinds = {"", *(["history"] if narrative else []), *(["ancient"] if _is_ancient(found) else [])}
    found = [item for item in found if item.rule.only in kinds]
    telling = _Telling(text, rules, dct, narrative, _is_essay(found), account, Tenses(rules, text), [])
    starts = [start for start, _ in sentences]
    resolved: list[Timex] = []
    implied: list[Timex] = []
    dates: list[Said] = []  # those that can serve as context
    ahead = {} if dct else _years_ahead(found)
    for index, item in enumerate(found):
        sentence = sentences[bisect_right(starts, item.start) - 1] if starts else (0, len(text))
        if item.rule.back:
            year = next((o.slots["year"] for o in found[index + 1 : index + 5] if _says_year(o, sentence)), "")
            beside = _Beside(year)
        else:
            beside = _beside(item, found[index + 1 : index + 3], resolved[-1:], telling, sentence)
            if index in ahead and beside == _Beside():
                beside = _Beside(ahead[index], reason="the year is that of a date which the text says after it")
        timex = _resolve_one(item, telling, sentence, dates, beside)
        if not item.rule.timex:
            timex = _as_early(timex, item.rule, dct)
        resolved.append(timex)
        if dct and (timex.type == "DURATION" or item.rule.name == "recent-units"):
            implied += _stretch_of(timex, item.rule, telling)
        told_now = narrative and timex.basis == "publication"  # "two years ago" in a history is somebody's speech
        aside = item.rule.aside and not narrative  # "from $2 million a year earlier" does not lead the news there
        if timex.edtf and timex.basis != "arithmetic" and item.rule.timex and not told_now and not aside:
            dates.append(Said(timex, resolved[-2] if len(resolved) > 1 else None, text, rules))
            telling.now.clear()
        if told_now and timex.edtf and item.rule.timex and timex.type == "DATE" and _is_of_now(timex, dct):
            telling.now[:] = [item.end]
    return sorted([*resolved, *implied], key=lambda timex: timex.start) if implied else resolved


def _is_of_now(timex: Timex, published: Edtf | None) -> bool:
    """Does it lie within the year before the publication?"""
    lower = edtf.parse(timex.edtf).lower
    return lower is not None and published is not None and 0 <= (published.upper or 0) - lower <= _YEAR


def _years_ahead(found: Sequence[Found]) -> dict[int, str]:
    """The years of the days and months that a story names before it has said any year: index -> year.

    They come, in this order, before the first date that says its year: "On 7 April he was arrested. On 8 June he was
    charged. On 4 January 2016 he was released."
    """
    years: dict[int, str] = {}
    waiting: list[tuple[int, str]] = []
    for index, item in enumerate(found):
        value = _fill(item.rule.value, item.slots).rstrip("-")
        if item.slots.get("year", "").isdecimal():
            if not _DATED.fullmatch(value):
                return {}
            year, later = int(value[:4]), value[5:]
            for place, day in reversed(waiting):
                year -= day > later
                years[place], later = f"{year:04d}", day
            return years
        if _DATED.fullmatch(value.replace("XXXX", "0000")) and not item.rule.direction:
            waiting.append((index, value[5:]))
    return {}


def _is_essay(found: Sequence[Found]) -> bool:
    """Does the text speak of years and never of days? Its "today" is nowadays."""
    years = sum(1 for item in found if item.slots.get("year", "").isdecimal())
    days = any("{weekday}" in item.rule.value or _names_day(item) for item in found)
    return years >= _OFTEN and not days


def _names_day(item: Found) -> bool:
    return item.rule.unit == "day" and item.rule.anchor == "publication" and not item.rule.generic


def _is_ancient(found: Sequence[Found]) -> bool:
    """Does the text tell of years before our era? Three times is often enough."""
    return sum(1 for item in found if item.rule.value.startswith("BC") and not item.rule.only) >= _OFTEN


def is_narrative(found: Sequence[Found], dct: Edtf | None) -> bool:
    """Does the text tell a history (bare months belong to the year said last) rather than news?

    Without a publication date there is nothing else to read against. With one, a text is a history if it names at
    least five years, mostly two or more before its publication and with bare months and days that want a year, or
    mostly twenty and more, hardly ever speaks of today, last week or Friday, and does not begin with them.
    """
    if dct is None or dct.lower is None:
        return True
    here = edtf.civil(dct.lower)[0]
    years = [here - int(item.slots["year"]) for item in found if item.slots.get("year", "").isdecimal()]
    years = sorted(years + [here] * sum(1 for item in found if item.rule.value.startswith("BC")))
    bare = sum(1 for item in found if item.rule.value.startswith("XXXX-") and "{weekday}" not in item.rule.value)
    near = [item for item in found if item.rule.anchor == "publication" or "{weekday}" in item.rule.value]
    if near and near[0].start < _BEGINNING:
        return False
    far = years[len(years) // 2] if len(years) >= 5 else 0
    return ((far >= 2 and bare >= 4) or far >= 20) and 5 * len(near) <= len(years) + bare


def account_of(found: Sequence[Found], dct: Edtf | None) -> int | None:
    """The day (its number) about which an account of past days turns, told weeks later; None if the text is none.

    It gives days in full, three and more, most of them within a season and none, but for its own date, in the three
    weeks before its publication; and it never speaks of today, yesterday or last week, nor of a weekday before it has
    named two days. Its weekdays and clock times belong to the day said last, as those of a report on a flood do.
    """
    if dct is None or dct.lower is None or dct.upper is None or dct.days > MONTH:
        return None
    days: list[int] = []
    for item in found:
        rule, unit = item.rule, _fill(item.rule.unit, item.slots)
        if rule.anchor == "publication" and (unit in _NOW or "{weekday}" in rule.value):
            return None
        if "{weekday}" in rule.value and len(days) < _OFTEN - 1:
            return None
        value = _fill(rule.value, item.slots).partition("T")[0]
        if rule.type == "SET" or not _DAY.fullmatch(value):
            continue
        date = to_edtf(dated(value, dct.upper, "past", dct) if value.startswith("XXXX") else value)
        day = edtf.parse(date).lower if date else None
        if day is None or dct.lower <= day <= dct.upper:
            continue
        if dct.lower - _WEEKS < day <= dct.upper + 1:
            return None
        days.append(day)
    middle = sorted(days)[len(days) // 2] if len(days) >= _OFTEN else 0
    near = sum(1 for day in days if abs(day - middle) <= _SEASON)
    return middle if middle and near >= _OFTEN and 2 * near >= len(days) and middle < dct.lower else None


# --------------------------------------------------------------------------- one expression


def _beside(
    item: Found, following: Sequence[Found], before: Sequence[Timex], telling: _Telling, sentence: tuple[int, int]
) -> _Beside:
    """What an expression has from those right beside it; `before` is the one before, if any."""
    rule, text, rules = item.rule, telling.text, telling.rules
    if rule.anchor == "context" and rule.direction == "-1":  # "a graduate of the previous summer, he left in May 1886"
        if not (before and before[0].start >= sentence[0] and before[0].edtf):
            for other in following:
                value = _fill(other.rule.value, other.slots)
                if other.start < sentence[1] and "{year}-{month}" in other.rule.value and to_edtf(value):
                    return _Beside(anchor=_Anchor(edtf.parse(to_edtf(value)), "context"))
        return _Beside()
    if not rule.value.startswith("XXXX-") or rule.direction:
        return _Beside()
    year = _shared_year(item, following, text, sentence, rules)
    month = _shared_month(item, following, text, sentence, rules) if rule.value.startswith("XXXX-XX-") else ""
    if not month and rule.value.startswith("XXXX-XX-"):
        year = ""
    first = before[0] if before and not year and "{month}" in rule.value else None
    is_read = first and first.basis == "publication" and not first.reason
    if first and is_read and ends_range(first, item.start, text, rules):  # "from June to August": after that June
        return _Beside(anchor=_Anchor(edtf.parse(first.edtf), "context"), direction="1")
    return _Beside(year, month)


def _resolve_one(
    item: Found,
    telling: _Telling,
    sentence: tuple[int, int],
    dates: Sequence[Said],
    beside: _Beside,
) -> Timex:
    text, rules = telling.text, telling.rules
    rule, slots = item.rule, _complete(item.slots)
    mod = _fill(rule.mod, slots)
    value = _fill(rule.value, slots).rstrip("-")
    relative = bool(rule.unit)
    unit, year = _fill(rule.unit, slots), beside.year
    if beside.month:
        value = f"XXXX-{beside.month}-{slots['day']}"
    if year and rule.back:
        value = (value or "XXXX").replace("XXXX", year)
        return _finish(item, text, years_back(value, int(_fill(rule.back, slots))), mod, slots, "arithmetic", year, "")
    if year and value.startswith("XXXX-"):
        reason = rule.reason or beside.reason
        return _finish(item, text, feast(value.replace("XXXX", year)), mod, slots, "context", year, reason)
    if rule.type == "SET" or value == _UNKNOWN or (not relative and not value.startswith(("XX", "T"))):
        return _finish(item, text, feast(value), mod, slots, "explicit", "", rule.reason)
    nowadays = rule.generic and (telling.is_essay or telling.published is None)
    if nowadays and telling.tenses.near(sentence, item.start, item.end) != "past":
        return _finish(item, text, rule.generic, "", slots, "explicit", "", rule.reason)
    anchor = beside.anchor or _reference(item, telling, sentence, dates, value)
    if anchor is None and re.fullmatch(r"XX\d", value):
        reason = "the text says no century for it; taken for the twentieth"
        return _finish(item, text, "19" + value[2], mod, slots, "explicit", "", reason)
    if anchor is None and re.fullmatch(r"XX\d\d", value):
        reason = "the text says no century for it; taken for the last such year before 2030"
        return _finish(item, text, ("20" if value[2] < "3" else "19") + value[2:], mod, slots, "explicit", "", reason)
    if anchor is None:
        return _finish(item, text, "" if relative else value, mod, slots, "explicit", "", _no_anchor(telling.published))
    if anchor.date.lower is None or anchor.date.upper is None:
        reason = f"it needs a date to be read against, and {anchor.date} is open"
        return _finish(item, text, "" if relative else value, mod, slots, "explicit", "", reason)
    if relative and anchor.basis == "context" and _too_vague(anchor.date, unit):
        known = str(anchor.date) if rule.shift == "0" and VALUE.fullmatch(str(anchor.date)) else ""
        reason = f"the text says no {unit} for it, only {anchor.date}"
        return _finish(item, text, known, mod, slots, "context" if known else "explicit", known, reason)
    if value.startswith("T") and not relative and anchor.date.days > _LONGEST["day"]:
        reason = f"the text says no day for it, only {anchor.date}"
        return _finish(item, text, value, mod, slots, "explicit", "", reason)
    direction, reason = beside.direction or _fill(rule.direction, slots), rule.reason
    if not direction and value.startswith("XX") and not rule.back:
        direction = telling.tenses.near(sentence, item.start, item.end) if anchor.basis == "publication" else "context"
    values = []
    days = _readings(anchor.date, direction)
    if anchor.basis == "context" and direction in ("-1", "1"):  # "the previous November", said of 2012
        days = days[:1] if direction == "-1" else days[-1:]
    for day in days:
        if relative:
            tense = telling.tenses.near(sentence, item.start, item.end) if rule.shift == "tense" else ""
            shifted = _shifted(item, rules.language, slots, day, text, tense)
            values.append(_same_quarter(shifted, unit, anchor.date) + value)
        elif value.startswith("T"):
            values.append(unit_value(day, "day", int(_is_past_midnight(anchor.value, value))) + value)
        else:
            date = dated(value, day, direction, anchor.date)
            if not date and re.fullmatch(r"XXXX-\d\d-\d\d", value):  # 31 April, or 29 February of no leap year
                date = dated(value[:7], day, direction, anchor.date)
                reason = reason or f"there is no such day as {value[5:]} then; read as the month"
            values.append(date)
            if direction == "last" and date != dated(value, day, "-1", anchor.date):
                reason = reason or "that just over would be called so less often; taken for that of the year before"
            if direction == "past" and date and _ahead(date, day):
                reason = reason or "told in a past tense, but the nearest such date lies ahead; taken for that one"
        if relative and anchor.basis == "context":
            break  # "the next day" counts from the first day a context date allows
    if "{day}" in rule.value and value.startswith("XXXX-") and slots.get("weekday"):
        said = _year_of_weekday(value, values, slots["weekday"], dates)
        if said:
            return _finish(item, text, said[0], mod, slots, "context", said[1], rule.reason)
    if not any(values):
        reason = reason or f"what it comes to from {anchor.date} cannot be written"
    basis = anchor.basis
    if rule.back:
        values, basis = [years_back(v, int(_fill(rule.back, slots))) for v in values], "arithmetic"
    return _finish(item, text, values, mod, slots, basis, str(anchor.date), reason)


def _says_year(item: Found, sentence: tuple[int, int]) -> bool:
    return item.start < sentence[1] and item.slots.get("year", "").isdecimal()


def _shared_year(item: Found, following: Sequence[Found], text: str, sentence: tuple[int, int], rules: Rules) -> str:
    """The year that a date without one shares with the next: "from March to August 1921"; empty if there is none."""
    if not item.rule.value.startswith("XXXX-"):
        return ""
    end = item.end
    for other in following:
        between = text[end : other.start]
        if other.start >= sentence[1] or not rules.pattern("ranges", "shared_year").fullmatch(between):
            return ""
        old_style = other.rule.value == "{year}" and between.startswith(")")  # 25 October (7 November) 1917
        own = other.rule.value == "{year}" and rules.pattern("ranges", "own_year").fullmatch(between)
        if other.slots.get("year", "").isdecimal() and (own or old_style or "{year}-" in other.rule.value):
            return other.slots["year"]
        end = other.end
    return ""


def _shared_month(item: Found, following: Sequence[Found], text: str, sentence: tuple[int, int], rules: Rules) -> str:
    """The month that a day without one shares with the next: "between Monday 3 and Friday 7 May"; empty if none."""
    if not item.rule.value.startswith("XXXX-XX-{day}") or not following:
        return ""
    other = following[0]
    between = text[item.end : other.start]
    if other.start >= sentence[1] or "{month}-{day}" not in other.rule.value:
        return ""
    if not between.strip() or not rules.pattern("ranges", "shared_year").fullmatch(between):
        return ""
    month = int(other.slots["month"]) - (item.slots["day"] > other.slots["day"])  # "on the 30th and on 2 May"
    return f"{month:02d}" if month else ""


def _is_past_midnight(said: str, value: str) -> bool:
    """Is a clock time ("at 01:15") of the night that an evening ("at 22:50"), said before, goes on into?"""
    return _EVENING.search(said) is not None and _SMALL_HOURS.match(value) is not None


def _year_of_weekday(value: str, values: Sequence[str], weekday: str, dates: Sequence[Said]) -> tuple[str, str] | None:
    """A day that is another weekday in the year it was read in, in a year said before that fits; and its anchor."""
    if len(values) != 1 or not _is_other_weekday(to_edtf(values[0]), weekday):
        return None
    for said in reversed(dates[-_OFTEN:]):
        if said.date.lower is not None:
            read = value.replace("XXXX", year_of_value(edtf.civil(said.date.lower)[0]))
            if to_edtf(read) and not _is_other_weekday(to_edtf(read), weekday):
                return read, str(said.date)
    return None


def _ahead(value: str, day: int) -> bool:
    date = to_edtf(value)
    return bool(date) and (edtf.parse(date).lower or day) > day


def _readings(anchor: Edtf, direction: str) -> list[int]:
    """The days of an anchor to read an expression against: both ends, unless tense or story say which one counts."""
    ends = [day for day in (anchor.lower, anchor.upper) if day is not None]
    if anchor.days <= _SEASON and direction in ("past", "future", "context"):
        return ends[-1:] if direction == "past" else ends[:1]
    return list(dict.fromkeys(ends))


def _complete(slots: dict[str, str]) -> dict[str, str]:
    """Work out what two slots say together: "twenty-five", "1914-18"."""
    slots = dict(slots)
    if "hour" in slots:
        slots.setdefault("minute", "00")
    if "ones" in slots:
        slots["amount"] = str(int(slots["amount"]) + int(slots["ones"]))
    if len(slots.get("year2", "")) == 2 and "year" in slots:
        later = int(slots["year"][:2] + slots["year2"])
        slots["year2"] = str(later if later > int(slots["year"]) else later + 100)
    return slots


def _fill(template: str, slots: dict[str, str]) -> str:
    """The template with the slots' values; a slot that the text left out is empty."""
    return template.format_map(defaultdict(str, slots)) if "{" in template else template


def _no_anchor(dct: Edtf | None) -> str:
    against = "publication date" if dct is None else "date before it"
    return f"it needs a {against} to be read against, and there is none"


def _reference(
    item: Found, telling: _Telling, sentence: tuple[int, int], dates: Sequence[Said], value: str
) -> _Anchor | None:
    """What to read an expression against, or None; `value` is its TIMEX3 value as far as the words say it."""
    published, narrative, rule = telling.published, telling.narrative, item.rule
    publication = _Anchor(published, "publication") if published else None
    if rule.anchor == "publication" and not rule.aside:
        return publication
    last = dates[-1] if dates else None
    if last and not narrative and last.qualifies:
        last = next((date for date in reversed(dates[-_QUALIFYING:]) if not date.qualifies), last)
    if narrative and rule.anchor == "context" and _came_between(dates, sentence, item, telling):
        last = dates[-2]
    context = _Anchor(last.date, "context", last.timex.value) if last else None
    if telling.account is not None and published and published.lower is not None and not rule.back:
        told = _day_of_account(item, dates, telling.account, published.lower - telling.account > _MONTHS)
        if told:
            return told
    if rule.back:
        near = last and last.timex.start >= sentence[0] and ";" not in telling.text[last.timex.end : item.start]
        return context if near else publication
    if rule.unit == "quarter" and rule.anchor == "context":
        reported = quarter(dates, published)
        return _Anchor(*reported) if reported else None
    if not narrative and rule.aside and _fill(rule.unit, item.slots) == "year" and _is_one(item):
        reported = quarter(dates[-1:], None)
        if reported:
            return _Anchor(*reported)
    if rule.anchor == "publication":
        return publication
    if rule.anchor == "context":
        return context
    if value.startswith("T") and last and last.date.days == 1:  # "yesterday", and in the next paragraph "at noon"
        goes_on = last.timex.basis == "publication" and telling.tenses.near(sentence, item.start, item.end) == "past"
        if goes_on or "\n" not in telling.text[last.timex.end : item.start]:
            return context
    if narrative and publication and telling.now and "\n" not in telling.text[telling.now[-1] : item.start]:
        return publication  # "This spring there was hope. On 25 February they had met."
    if narrative or publication is None:
        if "{weekday}" in rule.value and not (context and context.date.days <= MONTH):
            return publication
        led = thread(dates, sentence, value)
        if led and publication and _is_ahead(led.date, publication.date, telling, sentence, item):
            return publication
        return _Anchor(led.date, "context") if led else publication
    if not value.startswith("XXXX-") or rule.direction or "{weekday}" in rule.value or not dates:
        return publication
    if not names_past_year(dates, publication.date):
        return publication
    if not telling.rules.pattern("tense", "behind").search(telling.text, max(0, item.start - 24), item.start):
        led, said = thread(dates, sentence, value), dates[-1]
        for date in (led, None if said.in_passing or said.timex.end > sentence[0] else said):
            if date and governs(date, value, telling.text[date.timex.end : item.start], publication.date):
                return publication if _is_announced(telling, sentence, item) else _Anchor(date.date, "context")
    return publication


def _came_between(dates: Sequence[Said], sentence: tuple[int, int], item: Found, telling: _Telling) -> bool:
    """Did the last date come up in an aside: "left in 1991, and Reiss, deaf since 1988, gave up two years later"?"""
    if (
        len(dates) < 2
        or dates[-2].timex.start < sentence[0]
        or "," not in telling.text[dates[-1].timex.end : item.start]
    ):
        return False
    then, now = dates[-1].date.lower, dates[-2].date.lower
    return then is not None and now is not None and then < now and dates[-1].looks_back_since


def _day_of_account(item: Found, dates: Sequence[Said], middle: int, is_long_ago: bool) -> _Anchor | None:
    """In an account of past days: the day said last, if the expression belongs to one; not one of years before."""
    value, unit = _fill(item.rule.value, item.slots), _fill(item.rule.unit, item.slots)
    is_day = value.startswith(("T", "XXXX-XX-", "XXXX-W")) or _DAY.fullmatch(value) is not None
    is_late = is_long_ago and value.startswith("XXXX-") and not item.rule.direction
    if not (unit in _NOW or (not unit and is_day) or is_late):
        return None
    for said in reversed(dates[-_RECALLED:]):
        if said.date.days <= _LONGEST["day"] and said.date.lower and abs(said.date.lower - middle) <= _YEAR:
            return _Anchor(said.date, "context", said.timex.value)
    return None


def _is_ahead(led: Edtf, published: Edtf, telling: _Telling, sentence: tuple[int, int], item: Found) -> bool:
    """Is it announced, though the story has only come to a year before the publication?"""
    if led.upper is None or published.lower is None or led.upper > published.lower - _YEAR:
        return False
    return _is_announced(telling, sentence, item)


def _is_announced(telling: _Telling, sentence: tuple[int, int], item: Found) -> bool:
    """Does the sentence announce it ("will open in March")?"""
    announced = telling.rules.pattern("tense", "announced")
    return bool(
        announced.search(telling.text, max(sentence[0], item.start - _NEAR), min(sentence[1], item.end + _NEAR))
    )


def _is_one(item: Found) -> bool:
    return item.slots.get("amount", "1") == "1" and "ones" not in item.slots


# --------------------------------------------------------------------------- arithmetic on values


def _too_vague(anchor: Edtf, unit: str) -> bool:
    """Is a date too long to say which day, week or month "the next day" is?"""
    return anchor.days > _LONGEST.get(unit, anchor.days)


def _same_quarter(value: str, unit: str, anchor: Edtf) -> str:
    """A year before a quarter is that quarter of the year before: 2018-Q3 and "a year earlier" is 2017-Q3."""
    if unit == "year" and anchor.precision == "quarter" and len(value) == 4:
        return f"{value}-Q{(edtf.civil(anchor.lower or 0)[1] + 2) // 3}"
    return value


def _shifted(item: Found, language: str, slots: dict[str, str], day: int, text: str, tense: str) -> str:
    """The TIMEX3 value of the unit that contains `day`, moved by the rule's shift.

    By tense: the unit that holds the day, or the one before if it has not begun and is not told as to come.
    """
    unit = _fill(item.rule.unit, slots)
    if item.rule.shift == "tense":
        return unit_value(day, unit, -1 if tense != "future" and (day - 1) % 7 < _SATURDAY else 0)
    count = (
        distance(_core(text[item.start : item.end], slots), unit, language) if item.rule.via == "dateparser" else None
    )
    if count is None:
        sign = -1 if item.rule.shift.startswith("-{") else 1
        count = sign * int(_fill(item.rule.shift.lstrip("-") if sign < 0 else item.rule.shift, slots) or 0)
    return unit_value(day, unit, count)


def _core(phrase: str, slots: dict[str, str]) -> str:
    """The phrase without a leading modifier ("about ten years ago"), as dateparser reads it."""
    return phrase.split(None, 1)[1] if slots.get("mod") and " " in phrase else phrase


@lru_cache(maxsize=4096)
def distance(phrase: str, unit: str, language: str) -> int | None:
    """How many units a relative phrase ("three days ago") lies from its anchor, as dateparser reads it.

    Negative for the past; None if dateparser cannot read it. The phrase is located by our rules, at most 64 characters
    long, and the language is fixed: dateparser neither searches nor guesses.
    """
    from datetime import datetime

    import dateparser

    base = datetime(_BASE_YEAR, 1, 15, 12)
    settings = {"RELATIVE_BASE": base, "TIMEZONE": "UTC", "RETURN_AS_TIMEZONE_AWARE": False}
    read = dateparser.parse(phrase[:64], languages=[language], settings=settings)
    if read is None:
        return None
    days: int = (read.date() - base.date()).days
    months = (read.year - base.year) * 12 + read.month - base.month
    per_unit: dict[str, int] = {
        "day": days,
        "weekend": days // 7,
        "week": round(days / 7),
        "month": months,
        "quarter": round(months / 3),
    }
    years: int = read.year - base.year
    per_unit |= {"year": years, "decade": round(years / 10), "century": round(years / 100)}
    return per_unit.get(unit)


# --------------------------------------------------------------------------- from or to the publication

_UNITS = {
    "D": ("day", 1),
    "W": ("day", 7),
    "M": ("month", 1),
    "Y": ("year", 1),
    "DE": ("year", 10),
    "CE": ("year", 100),
}
_STRETCH = re.compile(r"P(\d+|X)(D|W|M|Y|DE|CE)")
_LEAD = 12  # characters in which "over" or "during" stands before a stretch
_EARLY = 2  # months of a year in which "recently" may be of the year before
_FEW = 3  # years that "the past few years" and "recent years" are taken for


def _as_early(timex: Timex, rule: Rule, published: Edtf | None) -> Timex:
    """ "Recently", said in January, may be of the year before."""
    if rule.mod != "APPROX" or rule.unit != "year" or not timex.edtf:
        return timex
    if published is None or published.lower is None or edtf.civil(published.lower)[1] > _EARLY:
        return timex
    return replace(timex, edtf=f"{edtf.year_text(edtf.civil(published.lower)[0] - 1)}~/{timex.edtf}")


def _stretch_of(timex: Timex, rule: Rule, telling: _Telling) -> list[Timex]:
    """What a duration that ends or begins with the publication implies: "over the past year", "for the next decade".

    To TIMEX3 it is no place in the calendar. The end that the words only count is marked as approximate.
    """
    published, rules = telling.published, telling.rules
    measured = _STRETCH.fullmatch("PXY" if rule.name == "recent-units" else timex.value)
    if not measured or measured.group(1, 2) in {("X", unit) for unit in _UNITS if unit != "Y"}:
        return []
    if published is None or published.upper is None:
        return []
    if not rules.pattern("ranges", "stretch_before").search(telling.text, max(0, timex.start - _LEAD), timex.start):
        return []
    is_past = bool(rules.pattern("ranges", "past_stretch").match(timex.text))
    if not is_past and not rules.pattern("ranges", "next_stretch").match(timex.text):
        return []
    unit, times = _UNITS[measured[2]]
    count = (_FEW if measured[1] == "X" else int(measured[1])) * times
    here = to_edtf(unit_value(published.upper, unit, 0))
    other = to_edtf(unit_value(published.upper, unit, -count if is_past else count))
    if not here or not other:
        return []
    date = f"{other}~/{here}" if is_past else f"{here}/{other}~"
    name = "past-stretch" if is_past else "next-stretch"
    return [replace(timex, edtf=date, basis="publication", anchor=published.text, rule=name, is_timex=False)]


# --------------------------------------------------------------------------- the result


def _finish(
    item: Found,
    text: str,
    value: str | list[str],
    mod: str,
    slots: dict[str, str],
    basis: str,
    anchor: str,
    reason: str,
) -> Timex:
    """Put value, EDTF date and reason together; of two values (from both ends of the anchor), what both allow."""
    values = [value] if isinstance(value, str) else list(dict.fromkeys(value))
    dates = [_date(v, mod, item, slots) for v in values]
    date = _together(dates)
    value = values[0] if len(values) == 1 else ""
    if "{day}" in item.rule.value and _is_other_weekday(date, slots.get("weekday", "")):
        reason = "the day that it comes to is another weekday" if basis == "explicit" else f"{date} is another weekday"
        value, date = (value, date) if basis == "explicit" else ("", "")
    if value and not date and VALUE.fullmatch(value) and not value.startswith("BC"):
        shorter = value.rsplit("-", 1)[0]
        reason = reason or f"there is no such day as {value}; read as {shorter}"
        value, date = shorter, to_edtf(shorter, mod)
    kind = "TIME" if "T" in value and item.rule.type == "DATE" and value[:1].isdecimal() else item.rule.type
    phrase = text[item.start : item.end]
    return Timex(
        item.start, item.end, phrase, kind, value, item.rule.name, mod, date, basis, anchor, reason, item.rule.timex
    )


def _is_other_weekday(date: str, number: str) -> bool:
    day = edtf.parse(date) if date and number else None
    return (
        day is not None and day.precision == "day" and day.lower is not None and (day.lower - 1) % 7 + 1 != int(number)
    )


def _date(value: str, mod: str, item: Found, slots: dict[str, str]) -> str:
    if not value:
        return ""
    if item.rule.edtf:
        last = str(edtf.days_in_month(int(value[:4]), int(value[5:7]))) if _MONTH.fullmatch(value) else ""
        candidate = _fill(item.rule.edtf, {**slots, "year": value[:4], "last": last})
        try:
            return str(edtf.parse(candidate))
        except EdtfError:
            return to_edtf(value, mod)
    return to_edtf(value, mod)


def _together(dates: Sequence[str]) -> str:
    """One date for what two readings allow: the same if they agree, else from the first day to the last."""
    if len(dates) == 1:
        return dates[0]
    known = [edtf.parse(date) for date in dict.fromkeys(dates) if date]
    if not known or len(known) < len(set(dates)):
        return ""
    if len(known) == 1:
        return str(known[0])
    lowers, uppers = [d.lower for d in known], [d.upper for d in known]
    if None in lowers or None in uppers:
        return ""
    mark = "~" if any(date.approximate for date in known) else ""
    return str(edtf.interval(min(x for x in lowers if x is not None), max(x for x in uppers if x is not None), mark))
