"""The TempEval-3 measure of time expressions: reads annotated texts (TimeML) and counts what a tagger got right.

The measure is that of UzZaman et al. 2013 (SemEval-2013 task 1). An expression of the tagger and one of the gold are a
pair if they share a character; nothing has two partners. `strict`: the pair has the same span. `relaxed`: it is a pair.
`type`, `value`: it has the same attribute. Counts are summed over the texts; F1 is in percent.
"""

from __future__ import annotations

import hashlib
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

MEASURES = ("strict", "relaxed", "type", "value", "strict+value")
PARTS = ("development", "set aside", "whole")
_CALENDAR = re.compile(r"(?:BC)?(?:\d{4}|\d{3}X?|\d\d(?:XX)?)(?:[-T].*)?", re.DOTALL)  # a year, decade, century; finer


@dataclass(frozen=True, slots=True)
class Timex:
    """A time expression: its span in the text (half-open, Unicode code points), and TIMEX3 type and value."""

    start: int
    end: int
    type: str = ""
    value: str = ""
    rule: str = ""  # the rule of ours that found it

    @property
    def is_calendar(self) -> bool:
        """Does the value name a point or stretch of the calendar, as "P3D" and "PRESENT_REF" do not?"""
        return bool(_CALENDAR.fullmatch(self.value))


@dataclass(frozen=True, slots=True)
class Document:
    """An annotated text: its name (the file's, without ending), its date of publication and its gold."""

    name: str
    published: str
    text: str
    gold: tuple[Timex, ...]

    @property
    def is_set_aside(self) -> bool:
        """Is the text kept from development? About every third is, chosen by its name alone."""
        return int(hashlib.sha256(self.name.encode()).hexdigest(), 16) % 3 == 0


@dataclass(frozen=True, slots=True)
class Counts:
    """How many expressions the gold has, how many the tagger, and how many are right by each measure."""

    gold: int = 0
    tagged: int = 0
    right: tuple[int, ...] = (0,) * len(MEASURES)

    def __add__(self, other: Counts) -> Counts:
        right = tuple(a + b for a, b in zip(self.right, other.right, strict=True))
        return Counts(self.gold + other.gold, self.tagged + other.tagged, right)

    def f1(self, measure: str) -> float:
        """F1 by a measure, in percent; 0 where there is nothing to find and nothing found."""
        total = self.gold + self.tagged
        return 200 * self.right[MEASURES.index(measure)] / total if total else 0.0


# --------------------------------------------------------------------------- annotated texts


class _Reader:
    """Takes in a TimeML file as the XML parser meets it: the text of <TEXT>, the TIMEX3 in it, and the one in <DCT>."""

    def __init__(self) -> None:
        self.within: list[str] = []
        self.open: list[tuple[int, dict[str, str]]] = []
        self.pieces: list[str] = []
        self.length = 0
        self.published = ""
        self.has_text = False
        self.found: list[Timex] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.within.append(tag)
        self.has_text = self.has_text or tag == "TEXT"
        if tag == "TIMEX3":
            self.open.append((self.length, attributes))
            if "DCT" in self.within:
                self.published = self.published or attributes.get("value", "")

    def data(self, text: str) -> None:
        if "TEXT" in self.within:
            self.pieces.append(text)
            self.length += len(text)

    def end(self, tag: str) -> None:
        self.within.pop()
        if tag == "TIMEX3":
            start, attributes = self.open.pop()
            if "TEXT" in self.within:
                value = attributes.get("value", "").strip()
                self.found.append(Timex(start, self.length, attributes.get("type", "").strip(), value))

    def close(self) -> None:
        """Nothing is left to do at the end of the file; the parser asks for it."""


def read(path: Path) -> Document:
    """One TimeML file. Raises ValueError if it is none."""
    reader = _Reader()
    parser = ET.XMLParser(target=reader)
    try:
        parser.feed(path.read_bytes())
        parser.close()
    except ET.ParseError as error:
        raise ValueError(f"{path}: {error}; give well-formed XML") from error
    if not reader.has_text:
        raise ValueError(f"{path}: it has no <TEXT>; give a TimeML file")
    text = "".join(reader.pieces)
    return Document(path.name.removesuffix(".tml"), reader.published, text, trimmed(reader.found, text))


def read_corpora(folder: Path) -> dict[str, list[Document]]:
    """The annotated texts by corpus: each folder within that has .tml files, or the folder itself if it has some.

    Raises ValueError if there are none, or one cannot be read.
    """
    folders = [folder, *sorted(path for path in folder.iterdir() if path.is_dir())] if folder.is_dir() else []
    found = {each.resolve().name: sorted(each.glob("*.tml")) for each in folders}
    corpora = {name: [read(path) for path in paths] for name, paths in found.items() if paths}
    if not corpora:
        raise ValueError(f"{folder}: no .tml files in it or in its folders; name a folder of TimeML corpora")
    return corpora


def part(documents: Iterable[Document], name: str) -> list[Document]:
    """The texts of a part: "development", "set aside" or "whole"."""
    return [d for d in documents if name == "whole" or d.is_set_aside == (name == "set aside")]


def trimmed(timexes: Iterable[Timex], text: str) -> tuple[Timex, ...]:
    """The expressions in order, without white space at their ends; one that is nothing else is left out."""
    result = []
    for timex in timexes:
        words = text[timex.start : timex.end]
        start = timex.start + len(words) - len(words.lstrip())
        end = timex.start + len(words.rstrip())
        if start < end:
            result.append(replace(timex, start=start, end=end))
    return tuple(sorted(result, key=lambda t: (t.start, t.end)))


# --------------------------------------------------------------------------- the measure


def overlap(one: Timex, other: Timex) -> int:
    """How many characters two expressions share."""
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def pairs(gold: Sequence[Timex], tagged: Sequence[Timex]) -> Iterator[tuple[int, int]]:
    """Which expression of the gold meets which of the tagger's, as positions in the two lists, both in order of text.

    No pair crosses another. Of all ways to pair them, the one with the most equal spans, then with the most pairs, then
    with the most characters shared, then the earliest.
    """
    nothing = (0, 0, 0)
    best = [[nothing] * (len(tagged) + 1) for _ in range(len(gold) + 1)]  # what the rest of both lists can yield
    for g in reversed(range(len(gold))):
        for t in reversed(range(len(tagged))):
            best[g][t] = max(best[g + 1][t], best[g][t + 1], _joined(gold[g], tagged[t], best[g + 1][t + 1]))
    g = t = 0
    while g < len(gold) and t < len(tagged):
        if overlap(gold[g], tagged[t]) and best[g][t] == _joined(gold[g], tagged[t], best[g + 1][t + 1]):
            yield g, t
            g, t = g + 1, t + 1
        elif best[g][t] == best[g][t + 1]:
            t += 1
        else:
            g += 1


def _joined(one: Timex, other: Timex, rest: tuple[int, int, int]) -> tuple[int, int, int]:
    shared = overlap(one, other)
    if not shared:
        return rest
    return rest[0] + _is_same_span(one, other), rest[1] + 1, rest[2] + shared


def _is_same_span(one: Timex, other: Timex) -> bool:
    return (one.start, one.end) == (other.start, other.end)


def score(gold: Sequence[Timex], tagged: Sequence[Timex], wanted: Callable[[Timex], bool] = lambda _: True) -> Counts:
    """Compare what a tagger found in a text with the gold.

    `wanted`: which expressions of the gold count. What the tagger found where there are only others is neither right
    nor wrong.
    """
    partner = {t: gold[g] for g, t in pairs(gold, tagged)}
    counts = Counts(gold=sum(map(wanted, gold)))
    for position, timex in enumerate(tagged):
        met = [partner[position]] if position in partner else [g for g in gold if overlap(g, timex)]
        if met and not any(map(wanted, met)):
            continue
        right = _right(partner[position], timex) if position in partner else (0,) * len(MEASURES)
        counts += Counts(0, 1, right)
    return counts


def _right(gold: Timex, timex: Timex) -> tuple[int, ...]:
    """1 for each of MEASURES by which a pair is right, else 0."""
    strict = _is_same_span(gold, timex)
    kind, value = bool(gold.type) and gold.type == timex.type, bool(gold.value) and gold.value == timex.value
    return tuple(map(int, (strict, True, kind, value, strict and value)))


def figures(documents: Sequence[Document], found: dict[str, tuple[Timex, ...]]) -> dict[str, float]:
    """F1 in percent, to two places, over some texts: by each measure, then the same for calendar dates alone.

    `found`: the name of a text -> what the tagger found in it. "calendar value" counts only gold with a calendar date.
    """
    whole = sum((score(d.gold, found[d.name]) for d in documents), Counts())
    dates = sum((score(d.gold, found[d.name], lambda t: t.is_calendar) for d in documents), Counts())
    result = {measure: round(whole.f1(measure), 2) for measure in MEASURES}
    return result | {f"calendar {measure}": round(dates.f1(measure), 2) for measure in ("value", "strict+value")}
