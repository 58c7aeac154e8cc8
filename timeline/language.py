"""Recognise the language of a text among those there are rules for.

By its letters first, as the head of each rules file gives them (`letters`); of languages with the same letters, by how
many of its words are among the language's `common_words`, the oldest method there is and enough for whole documents
(Grefenstette, "Comparing two language identification schemes", 1995).
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache

from .rules import languages, read_file

_SAMPLE = 3_000  # characters looked at
_MOSTLY = 0.5  # of the letters have to be the language's
_WORDS, _COMMON = 20, 0.1  # where a text has so many words, so large a part of them has to be common ones
_FOREIGN = 0.01  # of the letters and the words may be what only a neighbour of the language has
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Profile:
    language: str
    letters: re.Pattern[str]
    common: frozenset[str]
    foreign_letters: re.Pattern[str]
    foreign: frozenset[str]


def recognise(text: str) -> str:
    """The language of a text, of those there are rules for ('en'); empty if it looks like none of them."""
    words = _WORD.findall(text[:_SAMPLE].lower())
    total = sum(map(len, words))
    if not total:
        return ""
    signs = Counter("".join(words))
    best, result = (0.0, 0.0), ""
    for profile in _profiles():
        letters = sum(count for sign, count in signs.items() if profile.letters.match(sign)) / total
        common = sum(map(profile.common.__contains__, words)) / len(words)
        strange = sum(count for sign, count in signs.items() if profile.foreign_letters.match(sign)) / total
        strange += sum(map(profile.foreign.__contains__, words)) / len(words)
        if strange > _FOREIGN:
            continue
        needed = _COMMON if profile.common and len(words) >= _WORDS else 0.0
        if letters >= _MOSTLY and common >= needed and (common, letters) > best:
            best, result = (common, letters), profile.language
    return result


@cache
def _profiles() -> tuple[_Profile, ...]:
    """What the heads of the rules files say of their languages' looks."""
    profiles = []
    for language in languages():
        head = tomllib.loads(read_file(language).split("\n[", 1)[0])
        letters = re.compile(head["letters"])
        foreign = re.compile(head.get("foreign_letters", "(?!)"))
        words = (frozenset(head.get(key, ())) for key in ("common_words", "foreign_words"))
        profiles.append(_Profile(language, letters, next(words), foreign, next(words)))
    return tuple(profiles)
