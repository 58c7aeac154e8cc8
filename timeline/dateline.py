"""When was a document published? What it states itself, or else its file name; never a guess."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from . import edtf
from .edtf import EdtfError
from .model import Source
from .rules import Rules

_HEAD_LINES = 15  # lines with text in which a page states its date
_MARK = "\x00"  # stands for each date in the lines that are looked at
_WORD = r"[^\W\d_a-z][^\s:]*"  # with a capital, or in a script without
_TIME = r"(?i:at\s)?\d{1,2}:\d\d(?::\d\d)?\s?(?i:[ap]\.?m\b\.?)?\s?(?:\(?[A-Z]{2,5}\)?|[+-]\d\d:?\d\d)?"
# the dateline that opens a report, at the beginning of a line: the place in capitals before its date, a dash or an
# agency behind it
_WIRE = re.compile(r"\s*[A-Z][A-Z.'’ -]{2,30}(?:, [A-Z][\w.]+)?,\s+")
_WIRE_END = re.compile(r"\s*(?:\([^)\n]{2,30}\)\s*)?[—–-]")
_DAY = r"(0[1-9]|1[0-2]){0}(0[1-9]|[12]\d|3[01])"
# eight digits in a row are a date only if they begin like a year of the last or this century
_FILE_DATE = re.compile(
    rf"(?<!\d)(?:((?:1[5-9]|20)\d\d)[-_.]{_DAY.format('[-_.]')}|((?:19|20)\d\d){_DAY.format('')})(?!\d)"
)


@dataclass(frozen=True, slots=True)
class _Looks:
    """How a line that states a date looks in a language: what parts it, and each part (date, author, time)."""

    border: re.Pattern[str]
    part: re.Pattern[str]
    updated: re.Pattern[str]


def _looks(rules: Rules) -> _Looks:
    """As the list [dateline] of the language has it: labels, what stands before an author, what is none, what else."""
    lists = rules.lists.get("dateline", {})
    return _compiled(*(tuple(lists.get(key, ())) for key in ("published", "updated", "by", "caption", "more")))


@cache
def _compiled(
    published: tuple[str, ...],
    updated: tuple[str, ...],
    by: tuple[str, ...],
    caption: tuple[str, ...],
    more: tuple[str, ...],
) -> _Looks:
    def one_of(words: tuple[str, ...]) -> str:
        return rf"(?:{'|'.join(words) or '(?!)'})"

    label = rf"(?i:(?P<label>{one_of((*published, *updated))})\W{{0,4}}(?:on\b|at\b|in\b)?)"
    name = rf"(?!(?i:{one_of(caption)})\b){_WORD}(?:\s+(?:{_WORD}|and|de|van|von)){{0,7}}"
    author = rf"(?i:{one_of(by)})\s*{name}"
    part = (
        rf"[-\s*#>\"'（(]*+(?:(?:(?P<by>{author}[\s,–—-]+)?(?:{label})?[\s:：=\"'*]*(?P<date>{_MARK}))|{name})?"
        rf"[\s,–—-]*+(?:{_TIME}|(?i:{one_of(more)})|{author})?[\s,.)）\"'*]*"
    )
    border = rf"[|;·•]|[\s,(–—-]{{1,3}}(?={one_of(updated)})"
    return _Looks(re.compile(border, re.IGNORECASE), re.compile(part), re.compile(one_of(updated), re.IGNORECASE))


def date_source(source: Source, rules: Rules, head_dates: dict[int, tuple[int, str]]) -> Source:
    """The source with its publication date, if it had none and states one.

    `head_dates`: start -> (end, EDTF) of the days and months in the head of the text. Basis "stated" for a line that
    is a day, with at most a label such as "Published:", an author and a time, or a month with a label; "file name" for
    a date in the file's name. Otherwise the source stays undated. Photo captions and running text do not count.
    """
    if source.published:
        return source
    stated = _stated(source.text, head_dates, _looks(rules))
    if stated:
        return replace(source, published=stated, published_basis="stated")
    named = _FILE_DATE.search(source.id)
    if named:
        try:
            return replace(
                source, published=str(edtf.parse("-".join(filter(None, named.groups())))), published_basis="file name"
            )
        except EdtfError:
            return source
    return source


def head(text: str) -> str:
    """The stretch of a text in which it may state its date: its first lines with text."""
    lines = list(islice(re.finditer(r"[^\n]*\S[^\n]*", text[:8000]), _HEAD_LINES))
    return text[: lines[-1].end()] if lines else ""


def _stated(text: str, head_dates: dict[int, tuple[int, str]], looks: _Looks) -> str:
    """The dateline of an agency ("BERLIN, June 12, 2013 —"), else the date of publication, else an update.

    An unlabelled line counts as publication if all such lines agree; otherwise the text may be a chronicle, and so
    may one with several datelines.
    """
    wired = {
        date
        for start, (end, date) in head_dates.items()
        if _WIRE_END.match(text, end) and _WIRE.fullmatch(text, text.rfind("\n", 0, start) + 1, start)
    }
    if len(wired) == 1:
        return wired.pop()
    published: list[str] = []
    plain: list[str] = []
    updated: list[str] = []
    for label, date in _statements(text, head_dates, looks):
        (updated if looks.updated.match(label) else published if label else plain).append(date)
    return (published or (plain if len(set(plain)) == 1 else []) or updated or [""])[0]


def _statements(text: str, head_dates: dict[int, tuple[int, str]], looks: _Looks) -> Iterator[tuple[str, str]]:
    """Each date that a line of the head states, after its label in small letters (empty: none)."""
    lines = head(text).replace(_MARK, " ")
    for start, (end, _) in sorted(head_dates.items(), reverse=True):
        lines = lines[:start] + _MARK + lines[end:]
    dates = iter([date for _, (_, date) in sorted(head_dates.items())])
    for line in lines.split("\n"):
        here = list(islice(dates, line.count(_MARK)))
        parts = [looks.part.fullmatch(part) for part in looks.border.split(line)] if here else []
        dated = [part for part in parts if part and part["date"]]
        if all(parts) and len(dated) == len(here):
            for part, date in zip(dated, here, strict=True):
                label = (part["label"] or part["by"] or "").lower()
                if part["label"] or edtf.parse(date).precision == "day":
                    yield label, date
