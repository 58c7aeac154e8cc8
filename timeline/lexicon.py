"""Who, where and what kind: the lexicon that gives an event its actors, places and category. It is data.

The package's default (`lexicon.toml`, world affairs) tells how the file is written; a project adds its own.
"""

from __future__ import annotations

import re
import reprlib
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from .model import Problem

_OTHER, _SALIENT = "Other", ""
_REMEMBERED = 100_000  # words whose lists are remembered


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a name can mean: the canonical name, and the years (astronomical, inclusive) in which it does."""

    name: str
    first: int
    last: int


class Lexicon:
    """Compiled word lists; `describe`, `actors` and `places` look a text up in them."""

    def __init__(self, data: dict[str, Any]) -> None:
        self._categories = tuple(data.get("categories", {}))
        self._words = _Words({**data.get("categories", {}), _SALIENT: data.get("salient", [])})
        self._actors = _meanings(data.get("actors", {}))
        self._bodies = {name for name, entry in data.get("actors", {}).items() if entry.get("body")}
        self._places = _meanings(data.get("places", {}))
        self._actor_regex = _names(self._actors)
        self._place_regex = _names(self._places)

    def describe(self, sentence: str, part: tuple[int, int]) -> tuple[str, int]:
        """The category of an event, and how many different words mark what a chronology would not leave out.

        The category is the one whose words stand most often in the event's part of a sentence and, counting less, in
        the rest. Only the words of the part mark.
        """
        near: dict[str, set[str]] = {}
        found: dict[str, set[str]] = {}
        for start, word, names in self._words.find(sentence):
            for name in names:
                found.setdefault(name, set()).add(word)
                if part[0] <= start < part[1]:
                    near.setdefault(name, set()).add(word)
        best, score = _OTHER, 0.0
        for name in self._categories:  # of equals the first in the file
            value = 2.0 * len(near.get(name, ())) + 0.5 * len(found.get(name, ()))
            if value > score:
                best, score = name, value
        return best, len(near.get(_SALIENT, ()))

    def actors(self, text: str, year: int | None) -> tuple[str, ...]:
        """The canonical names of the actors named in a text, in order, as they are meant in a year."""
        return _lookup(self._actor_regex, self._actors, text, year)

    def countries(self, text: str) -> tuple[str, ...]:
        """The actors in a text that are no bodies of several ("NATO"); persons are among them."""
        return tuple(name for name in self.actors(text, None) if name not in self._bodies)

    def places(self, text: str, year: int | None) -> tuple[str, ...]:
        """The canonical names of the places named in a text, in order."""
        return _lookup(self._place_regex, self._places, text, year)


def load(files: Sequence[Path] = ()) -> tuple[Lexicon, list[Problem]]:
    """The default lexicon with the additions of a project's files.

    A file that cannot be read is a Problem, and so is each entry that is not what it should be; the rest counts.
    """
    data = _default()
    problems: list[Problem] = []
    for file in files:
        try:
            more = tomllib.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            problems.append(Problem(file.name, f"not read: {error}", "mend the line; the default lexicon is used"))
            continue
        data = _add(data, _sound(more, _FORM, f"{file.name}: ", problems))
    return Lexicon(data), problems


@cache
def _default() -> dict[str, Any]:
    text = (resources.files("timeline") / "lexicon.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


_WORDS = 'a list of words, such as ["quay", "barge*"]'
_YEAR = "a year, such as 1949"
_YES = "true or false"
_PLACE = {"names": _WORDS, "from": _YEAR, "to": _YEAR}
_FORM = {
    "salient": _WORDS,
    "categories": {"*": _WORDS},
    "actors": {"*": {**_PLACE, "body": _YES}},
    "places": {"*": _PLACE},
}  # *: any name


def _sound(table: dict[str, Any], form: dict[str, Any], where: str, problems: list[Problem]) -> dict[str, Any]:
    """What is in order in a table of a lexicon; every other entry is added to the problems."""
    sound = {}
    for key, value in table.items():
        wanted = form.get(key, form.get("*"))
        if wanted is None:
            problems.append(Problem(f"{where}{key}", "not known here", f"write one of {', '.join(form)}"))
        elif isinstance(wanted, dict) and isinstance(value, dict):
            sound[key] = _sound(value, wanted, f"{where}{key}.", problems)
        elif _is(wanted, value):
            sound[key] = value
        else:
            hint = f"write {wanted if isinstance(wanted, str) else 'a table with ' + _keys(wanted)}"
            problems.append(Problem(f"{where}{key}", f"it cannot be {reprlib.repr(value)}", hint))
    return sound


def _is(wanted: Any, value: Any) -> bool:
    """Is a value what its description says?"""
    if wanted == _WORDS:
        return _are_words(value)
    return isinstance(wanted, str) and type(value) is {_YEAR: int, _YES: bool}.get(wanted)


def _are_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) and word.strip("* ") for word in value)


def _keys(form: dict[str, Any]) -> str:
    return "an entry for each name" if "*" in form else ", ".join(form)


def _add(base: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    merged["salient"] = [*base.get("salient", []), *more.get("salient", [])]
    merged["categories"] = {
        name: [*base.get("categories", {}).get(name, []), *more.get("categories", {}).get(name, [])]
        for name in {**base.get("categories", {}), **more.get("categories", {})}
    }
    for table in ("actors", "places"):
        merged[table] = dict(base.get(table, {}))
        for name, entry in more.get(table, {}).items():
            known = merged[table].get(name, {})
            merged[table][name] = {**known, **entry, "names": [*known.get("names", []), *entry.get("names", [])]}
    return merged


_WORD = re.compile(r"\w+(?:-\w+)*")


class _Words:
    """Lists of words and phrases under names, any case; a trailing * matches any ending.

    Single words are looked up, each text word once for all lists; only phrases are searched for.
    """

    def __init__(self, lists: dict[str, list[str]]) -> None:
        self._whole: dict[str, list[str]] = {}
        self._begun: dict[str, list[str]] = {}
        self._phrases: list[tuple[str, re.Pattern[str]]] = []
        for name, words in lists.items():
            several = [word for word in words if not _WORD.fullmatch(word.removesuffix("*"))]
            for word in (word.lower() for word in words if word not in several):
                if word.endswith("*"):
                    self._begun.setdefault(word[:-1], []).append(name)
                else:
                    self._whole.setdefault(word, []).append(name)
            if several:
                self._phrases.append((name, _phrases(several)))
        self._lengths = sorted(set(map(len, self._begun)))
        self._known: dict[str, tuple[str, ...]] = {}

    def find(self, text: str) -> Iterator[tuple[int, str, tuple[str, ...]]]:
        """Where a listed word or phrase stands, the word in lower case, and the names of its lists."""
        for match in _WORD.finditer(text):
            word = match[0].lower()
            names = self._known.get(word)
            if names is None:
                names = self._names(word)
                if len(self._known) < _REMEMBERED:
                    self._known[word] = names
            if names:
                yield match.start(), word, names
        for name, regex in self._phrases:
            for match in regex.finditer(text):
                yield match.start(), match[0].lower(), (name,)

    def _names(self, word: str) -> tuple[str, ...]:
        parts = (word, *word.split("-")) if "-" in word else (word,)  # "co-operation", and "Soviet-era" by its parts
        found = [name for part in parts for name in self._whole.get(part, ())]
        found += [name for part in parts for n in self._lengths for name in self._begun.get(part[:n], ())]
        return tuple(dict.fromkeys(found))


def _phrases(words: Sequence[str]) -> re.Pattern[str]:
    """One regular expression for a list of phrases, any case; a trailing * matches any ending."""
    parts = (
        re.escape(w[:-1]) + r"\w*" if w.endswith("*") else re.escape(w) for w in sorted(words, key=len, reverse=True)
    )
    return re.compile(r"\b(?:" + "|".join(parts) + r")\b", re.IGNORECASE)


def _meanings(table: dict[str, Any]) -> dict[str, list[_Meaning]]:
    found: dict[str, list[_Meaning]] = {}
    for name, entry in table.items():
        meaning = _Meaning(name, entry.get("from", -(10**9)), entry.get("to", 10**9))
        for alias in dict.fromkeys([name, *entry.get("names", [])]):
            found.setdefault(alias, []).append(meaning)
    return found


def _names(meanings: dict[str, list[_Meaning]]) -> re.Pattern[str]:
    if not meanings:
        return re.compile("(?!)")
    names = "|".join(re.escape(name) for name in sorted(meanings, key=len, reverse=True))
    return re.compile(r"(?<!\w)(?:" + names + r")(?!\w|['’]\w\w)")


def _lookup(
    regex: re.Pattern[str], meanings: dict[str, list[_Meaning]], text: str, year: int | None
) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for match in regex.finditer(text):
        choices = meanings[match[0]]
        fitting = [m for m in choices if year is None or m.first <= year <= m.last] if len(choices) > 1 else choices
        # the narrowest time that fits: "Moscow" in 1969 is the Soviet Union, though Russia has no bounds
        found[
            min(fitting or choices, key=lambda m: ((m.last - m.first) * (1 if year is not None else -1), m.name)).name
        ] = None
    return tuple(found)
