"""Where the passages of decisions are now: a decision hangs on words, and finds them again after a rebuild."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from functools import cached_property
from typing import NamedTuple

from .decisions import Target, find_quote

_RAREST = 8  # words by which texts like one that is gone are looked for
_CANDIDATES = 5  # texts of those that are compared letter by letter
_COMPARED = 1000  # characters of each that are compared
ALIKE = 0.6  # likeness, 0 to 1, from which on a passage is worth proposing
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")
_DATE_WORD = re.compile(r"\d+|[^\W\d]+")


class Passage(NamedTuple):
    """A mention as decisions know it; start and end are those of the quote."""

    mention_id: str
    source_id: str
    quote: str
    date_text: str
    start: int
    end: int


class Passages:
    """The passages of a build, to find one again whose mention has another id now, or to name the nearest."""

    def __init__(self, mentions: Sequence[Passage], texts: Mapping[str, str]) -> None:
        """`texts`: source id -> its text; one that is not at hand may be missing."""
        self._mentions = mentions
        self._texts = texts
        self._with_quote: dict[str, list[Passage]] = {}
        self._of_source: dict[str, list[Passage]] = {}
        for mention in mentions:
            self._with_quote.setdefault(_plain(mention.quote), []).append(mention)
            self._of_source.setdefault(mention.source_id, []).append(mention)

    def find(self, target: Target, taken: Set[str] = frozenset()) -> str:
        """The id of the mention that has the words of a target, empty if none or more than one might be meant.

        Its own source comes first. White space may differ, and so may where the rules cut the sentence and how many
        words they read as its date, as long as the words still stand there. `taken`: what other targets have.
        """
        if not target["quote"]:
            return ""
        same = [m for m in self._with_quote.get(_plain(target["quote"]), []) if m.mention_id not in taken]
        own = [m for m in same if m.source_id == target["source_id"]] or same
        exact = [m for m in own if m.date_text == target["date_text"]]
        if exact:  # of a sentence told twice the first; of two happenings with one date, neither
            first = [m.mention_id for m in exact if m.start == min(m.start for m in exact)]
            return first[0] if len(first) == 1 else ""
        near = own or [m for m in self._standing(target) if m.mention_id not in taken]
        agreeing = [m.mention_id for m in near if agree(m.date_text, target["date_text"])]
        return agreeing[0] if len(agreeing) == 1 else ""

    def _standing(self, target: Target) -> list[Passage]:
        """The mentions that share characters with the words of a target, where these still stand in a text."""
        likely = (mention.source_id for mention, _ in self._likely(target["quote"]))
        for source_id in dict.fromkeys((target["source_id"], *likely)):
            span = find_quote(self._texts.get(source_id, ""), target["quote"])
            if span:
                return [m for m in self._of_source.get(source_id, []) if m.start < span[1] and span[0] < m.end]
        return []

    @cached_property
    def _index(self) -> Index:
        return Index([mention.quote for mention in self._mentions])

    def _likely(self, quote: str) -> list[tuple[Passage, float]]:
        return [(self._mentions[place], likeness) for place, likeness in self._index.nearest(quote)]

    def nearest(self, target: Target) -> tuple[Passage, float] | None:
        """The mention whose words are most like those of a target, and how much (ALIKE to 1); None if none is."""
        alike = likeness_to(target["date_text"])
        rated = [(round(likeness, 2), alike(m.date_text), m) for m, likeness in self._likely(target["quote"])]
        best = max(rated, default=None, key=lambda rating: rating[:2])
        return (best[2], best[0]) if best and best[0] >= ALIKE else None


class Index:
    """Texts, to find the few that are most like another one."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._with_word: dict[str, list[int]] = {}
        for place, text in enumerate(texts):
            for word in set(_WORD.findall(text.lower())):
                self._with_word.setdefault(word, []).append(place)

    def nearest(self, text: str) -> list[tuple[int, float]]:
        """The places of those that share the rarest words with a text, with their likeness (0 to 1), best first."""
        index = self._with_word
        words = sorted(set(_WORD.findall(text.lower())) & index.keys(), key=lambda word: (len(index[word]), word))
        shared = Counter(place for word in words[:_RAREST] for place in index[word])
        alike = likeness_to(text)
        rated = [(place, alike(self._texts[place])) for place, _ in shared.most_common(_CANDIDATES)]
        return sorted(rated, key=lambda rating: (-rating[1], rating[0]))


def likeness_to(text: str) -> Callable[[str], float]:
    """A function that tells how much another text is like this one, 0 to 1."""
    matcher = difflib.SequenceMatcher(None, "", text[:_COMPARED], autojunk=False)

    def likeness(other: str) -> float:
        matcher.set_seq1(other[:_COMPARED])
        return matcher.ratio() if matcher.quick_ratio() >= 0.5 else 0.0

    return likeness


def _plain(quote: str) -> str:
    return " ".join(quote.split())


def agree(one: str, other: str) -> bool:
    """Do the words of two dates say the same, one perhaps with more of them ("1969", "the spring of 1969")?"""
    first, second = (set(_DATE_WORD.findall(words.lower())) for words in (one, other))
    return first == second or bool(first and second and (first <= second or second <= first))
