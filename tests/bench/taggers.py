"""The tagger of this project and its peers, behind one form: a text and its date of publication in, expressions out.

A peer gets the same text and date, its best settings for English, and a charitable translation: a date it found
becomes a TIMEX3 value no finer than the words it took it from, of two readings it offers the nearer one counts, and its
slips in telling places are mended.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from tempeval import Document, Timex, trimmed

import timeline
from timeline.rules import load
from timeline.segment import sentences

Tagger = Callable[[str, str], list[Timex]]  # text, date of publication (ISO 8601, may be empty) -> expressions

OURS = "cited-timeline"


def ours() -> Tagger:
    """This project, as `timeline tag` runs it."""

    def find(text: str, published: str) -> list[Timex]:
        source = timeline.Source("text", text, published=published)
        return [Timex(t.start, t.end, t.type, t.value, t.rule) for t in timeline.timexes(source)]

    return find


def run(tagger: Tagger, document: Document) -> tuple[Timex, ...]:
    """What a tagger finds in a document, in order, each span once."""
    found = tagger(document.text, document.published[:10])
    unique = {(t.start, t.end): t for t in reversed(trimmed(found, document.text))}
    return tuple(unique[span] for span in sorted(unique))


def peers() -> tuple[dict[str, Tagger], list[str]]:
    """The peers that are installed, by name, and one line for each that is not."""
    found: dict[str, Tagger] = {}
    missing = []
    for name, (_, make) in PEERS.items():
        try:
            found[name] = make()
        except ImportError as error:
            missing.append(f"{name}: left out ({error}); to have it: pip install -c constraints.txt -e '.[test,bench]'")
    return found, missing


def versions() -> dict[str, str]:
    """The package and version of each peer that is installed."""
    found = {}
    for name, (package, _) in PEERS.items():
        with suppress(PackageNotFoundError):
            found[name] = f"{package} {version(package)}"
    return found


# --------------------------------------------------------------------------- the peers


def dateparser() -> Tagger:
    """dateparser's `search_dates`; it gives no places, so each of its words is looked for behind the one before."""
    from dateparser.search import search_dates

    def find(text: str, published: str) -> list[Timex]:
        settings = {"RELATIVE_BASE": _noon(published)} if published else {}
        result, end = [], 0
        for words, when, period in search_dates(text, languages=["en"], settings=settings, add_period=True) or ():
            start = text.find(words, end)
            if start >= 0:
                end = start + len(words)
                result.append(Timex(start, end, "DATE", _as_fine(when.date(), period)))
        return result

    return find


def datefinder() -> Tagger:
    """datefinder's `find_dates`; its places count bytes, so its words are looked for as well."""
    from datefinder import find_dates

    def find(text: str, published: str) -> list[Timex]:
        base = _noon(published) if published else None
        result, end = [], 0
        for when, words in find_dates(text, source=True, base_date=base):
            start = text.find(words, end)
            if start >= 0:
                end = start + len(words)
                result.append(Timex(start, end, "DATE", _as_fine(when.date(), _fineness(words))))
        return result

    return find


def recognizers() -> Tagger:
    """recognizers-text by Microsoft, its English model; sentence by sentence, for it gets lost in long texts."""
    from recognizers_date_time import Culture, DateTimeRecognizer

    model = DateTimeRecognizer(Culture.English).get_datetime_model()

    def find(text: str, published: str) -> list[Timex]:
        base = _noon(published) if published else None
        return [
            Timex(begin + each.start, begin + each.end + 1, _kind(each.type_name), _recognized(each, published))
            for begin, end in sentences(text, load("en"))
            for each in model.parse(text[begin:end], base)
        ]

    return find


def _kind(name: str) -> str:
    """The TIMEX3 type of a type of recognizers-text, such as "datetimeV2.daterange"."""
    kind = name.rsplit(".", 1)[-1]
    return {"duration": "DURATION", "set": "SET"}.get(kind, "TIME" if "time" in kind else "DATE")


_VALUE = re.compile(r"(?:\d{4}|\d{3}|\d\d)(?:-.*)?(?:T.*)?|PT?[\d.]+[A-Z]|[A-Z]+_REF")
_RANGE = re.compile(r"\((\d{4})-(\d\d)-\d\d,\d{4}-\d\d-\d\d,(P\d+[YM])\)")
_RANGES = {"P1Y": "{0}", "P10Y": "{0:.3}", "P100Y": "{0:.2}", "P1M": "{0}-{1}"}


def _recognized(found: Any, published: str) -> str:
    """The TIMEX3 value of what recognizers-text offers: its own where it is one, else that of the nearest reading."""
    readings = (found.resolution or {}).get("values") or [{}]
    timex = readings[0].get("timex", "")
    stretch = _RANGE.fullmatch(timex)
    if stretch:
        return _RANGES.get(stretch[3], "").format(stretch[1], stretch[2])
    if _VALUE.fullmatch(timex):
        return timex
    dates = [d for d in (reading.get("value") or reading.get("start") or "" for reading in readings) if _is_date(d)]
    if not dates or not timex.startswith("XXXX-"):
        return ""
    here = date.fromisoformat(published) if published else date.min
    nearest = min(dates, key=lambda d: abs((date.fromisoformat(d[:10]) - here).days))
    if re.fullmatch(r"XXXX-WXX-\d.*|XXXX-\d\d-\d\d.*", timex):
        return nearest[:10] + timex.partition("T")[1] + timex.partition("T")[2]
    return nearest[:4] + timex[4:]


def _is_date(text: str) -> bool:
    return bool(re.match(r"\d{4}-\d\d-\d\d", text))


def _noon(published: str) -> datetime:
    return datetime.fromisoformat(published).replace(hour=12)


def _as_fine(when: date, period: str | None) -> str:
    """A date as a TIMEX3 value no finer than its period ("month")."""
    if period == "week":
        year, week, _ = when.isocalendar()
        return f"{year:04d}-W{week:02d}"
    return when.isoformat()[: {"year": 4, "month": 7}.get(period or "", 10)]


def _fineness(words: str) -> str:
    """How fine a date its words tell: a year alone, a month, or a day."""
    numbers = re.findall(r"\d+", words)
    if any(len(number) < 4 for number in numbers):
        return "day"
    if re.search(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", words, re.IGNORECASE):
        return "month"
    return "year" if re.fullmatch(r"\W*(?:[a-z]+\W+)*\d{4}\W*", words, re.IGNORECASE) else "day"


PEERS: dict[str, tuple[str, Callable[[], Tagger]]] = {  # name: the package to install, and what makes the tagger
    "dateparser search_dates": ("dateparser", dateparser),
    "datefinder": ("datefinder", datefinder),
    "recognizers-text": ("recognizers-text-date-time", recognizers),
}
