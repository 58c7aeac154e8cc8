"""The thread of a story: which of the dates that a text has said does an unfinished one ("on 12 March") belong to?

A story goes on from the date said last, unless that one only came up in passing: in brackets, in a flashback, as a
glance ahead ("by December"), or as a bare year inside a sentence about something else ("a rising planned for 1976").
What marks these is data, the lists [threads] of a language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from . import edtf
from .edtf import Edtf
from .model import Timex
from .rules import Rules
from .values import MONTH, to_edtf, unit_value, year_of_value

_REMEMBERED = 8  # dates said that a later one may be read against
_GOES_ON = 62  # days after a date to the end of the next one, if a story goes right on
_YEAR = 366  # days
_LEAD, _CLAUSE = 25, 200  # characters looked at before a date, and around it for its clause
_LINK = 15  # characters between the ends of a range
_BRACKET = re.compile(r"[(（][^()（）\n]*$")
_CLOSED = (",", ")", "，", "）")


@dataclass(frozen=True)
class Said:
    """A date that a text has said, and how; all is worked out when asked for. `before`: the one said before it."""

    timex: Timex
    before: Timex | None
    text: str
    rules: Rules

    @cached_property
    def date(self) -> Edtf:
        """The date itself; `timex.edtf` must not be empty."""
        return edtf.parse(self.timex.edtf)

    @property
    def is_year(self) -> bool:
        """Is it a bare year, decade or century?"""
        return "-" not in self.timex.edtf

    @property
    def is_closed(self) -> bool:
        """Does a comma or bracket follow, as behind an aside?"""
        return self.text[self.timex.end : self.timex.end + 1] in _CLOSED

    @cached_property
    def opens(self) -> bool:
        """Does it stand at the head of its sentence?"""
        return self._follows("opens")

    @cached_property
    def moves(self) -> bool:
        """Is it said so that the story moves there?"""
        return self.opens or self._follows("moves")

    @cached_property
    def in_passing(self) -> bool:
        """Is it a glance ahead or back, in brackets, or the end of a range?"""
        timex = self.timex
        if timex.basis == "context" and self._follows("glance"):
            return True
        after = self.rules.pattern("threads", "passing_after")
        if self.is_year and (self._follows("passing") or after.match(self.text, timex.end)):
            return True
        if timex.basis == "explicit" and _BRACKET.search(self.text, max(0, timex.start - 40), timex.start):
            return True
        return self.before is not None and ends_range(self.before, timex.start, self.text, self.rules)

    @cached_property
    def qualifies(self) -> bool:
        """Is it a day that only qualifies a noun ("the November 27 agreement")? The story is not there."""
        if self.date.days > 1 or not self.rules.pattern("threads", "noun_after").match(self.text, self.timex.end):
            return False
        return self._follows("noun_before")

    @cached_property
    def looks_back(self) -> bool:
        """Does its clause look back to it ("since the murder of the mayor in July 2021")?"""
        return bool(self.rules.pattern("threads", "back_to").search(self._lead))

    @cached_property
    def of_year(self) -> bool:
        """Is it the year of what the sentence is about ("the cable of 1858, over which")?"""
        return self._follows("of_year")

    @cached_property
    def looks_back_since(self) -> bool:
        """Does "since" stand before it ("deaf since 1988")?"""
        return bool(self.rules.pattern("ranges", "since").search(self._lead))

    @cached_property
    def is_flashback(self) -> bool:
        """Is its clause told as a flashback ("had been")?"""
        timex = self.timex
        after = self.rules.pattern("threads", "clause").search(self.text, timex.end, timex.end + _CLAUSE)
        clause = self._lead + " " + self.text[timex.end : after.start() if after else timex.end + _CLAUSE]
        return bool(self.rules.pattern("threads", "flashback").search(clause))

    @cached_property
    def _lead(self) -> str:
        """Its clause up to it, as far as the language's list `clause` of what parts clauses shows it."""
        before = self.text[max(0, self.timex.start - _CLAUSE) : self.timex.start]
        border = self.rules.pattern("threads", "clause")
        return before[max((match.end() for match in border.finditer(before)), default=0) :]

    def _follows(self, key: str) -> bool:
        """Does one of a list of the language stand right before it?"""
        start = self.timex.start
        return bool(self.rules.pattern("threads", key).search(self.text, max(0, start - _LEAD), start))


def ends_range(first: Timex, last: int, text: str, rules: Rules) -> bool:
    """Is what starts at `last` the end of "from A to B" or "between A and B"? The story that follows begins at A."""
    ranges = rules.lists.get("ranges", {})
    if not 0 <= last - first.end <= _LINK or "-" not in first.edtf:
        return False
    link = text[first.end : last].strip().lower()
    start = max(0, first.start - _LEAD)
    if link in ranges.get("and", ()):
        return bool(rules.pattern("ranges", "between").search(text, start, first.start))
    return link in ranges.get("to", ()) and bool(rules.pattern("ranges", "from").search(text, start, first.start))


def thread(dates: Sequence[Said], sentence: tuple[int, int], value: str) -> Said | None:
    """The date that a story has come to when it says the unfinished TIMEX3 `value`; None if it has said none yet.

    It is the last one said, but for what came up in passing; a bare year moves the story if it opens its sentence,
    comes with "in", or stands in the sentence at hand. And where a date that no sentence opened with is followed by
    one ("12 March") that goes right on from the date before it, the story goes on there.
    """
    told = [date for date in dates[-_REMEMBERED:] if not date.in_passing] or list(dates[-1:])
    firm: list[Said] = []
    for date in told:
        if not (firm and _looks_back(firm[-1], date)):
            firm.append(date)
    if not firm:
        return None
    leading = (
        index
        for index in reversed(range(len(firm)))
        if not firm[index].is_year or firm[index].timex.start >= sentence[0] or firm[index].moves
    )
    index = next(leading, len(firm) - 1)
    last = firm[index]
    near = last.timex.start >= sentence[0] and not (last.is_year and last.is_closed and not last.of_year)
    if near or last.opens or goes_on(last, value):
        return last
    for earlier in reversed(firm[:index]):
        if goes_on(earlier, value) and (last.timex.basis == "explicit" or _years_apart(earlier, last) <= 1):
            return earlier
    return last


def _looks_back(before: Said, date: Said) -> bool:
    """Does it go back before the date that came before it, in a flashback or a bare year of an aside?

    "The tax had been raised in May 1910"; "the old one, built in 1802, fell".
    """
    then, now = date.date.upper, before.date.lower
    if then is None or now is None or then >= now:
        return False
    if before.is_year:
        return date.is_flashback and not date.is_year
    return date.is_flashback or (date.is_year and date.is_closed and then < now - _YEAR)


def _years_apart(a: Said, b: Said) -> int:
    years = [edtf.civil(said.date.lower)[0] for said in (a, b) if said.date.lower is not None]
    return max(years) - min(years) if years else 0


def goes_on(date: Said, value: str) -> bool:
    """Does an unfinished date ("XXXX-03-12") lie in the weeks after a date, so that the story goes right on?"""
    first = date.date.lower
    if first is None or date.date.days > MONTH:
        return False
    year = edtf.civil(first)[0]
    for each in (year, year + 1):  # 25 December, and 5 January
        following = to_edtf(value.partition("T")[0].replace("XXXX", year_of_value(each)))
        upper = edtf.parse(following).upper if following else None
        if upper is not None and 0 <= upper - first <= _GOES_ON:
            return True
    return False


def names_past_year(dates: Sequence[Said], published: Edtf) -> bool:
    """Is one of the dates said last in a year before the publication? Only such a date can govern another."""
    if published.lower is None:
        return False
    first = edtf.day_number(edtf.civil(published.lower)[0], 1, 1)
    return any(said.date.upper is not None and said.date.upper < first for said in dates[-_REMEMBERED:])


def governs(last: Said, value: str, between: str, published: Edtf) -> bool:
    """In news: does a past date, said before in the same paragraph, hold for the year of an unfinished one?

    `between`: the text between the two.
    """
    upper = last.date.upper
    if upper is None or published.lower is None or last.date.days > _YEAR + 34 or "\n" in between:
        return False
    back = edtf.civil(published.lower)[0] - edtf.civil(upper)[0]
    return (last.moves and not last.looks_back and back >= 2) or (back >= 1 and goes_on(last, value))


def quarter(dates: Sequence[Said], published: Edtf | None) -> tuple[Edtf, str] | None:
    """The quarter that a report is about, and its basis: the last one said, else the last that was over by then."""
    for date in reversed(dates[-_REMEMBERED:]):
        if date.date.precision == "quarter":
            return date.date, "context"
    if published is None or published.lower is None:
        return None
    over = to_edtf(unit_value(published.lower, "quarter", -1))
    return (edtf.parse(over), "publication") if over else None
