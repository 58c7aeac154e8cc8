"""For whom a pronoun stands, and who "the two countries" are: names from what the text said before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from .lexicon import Lexicon
from .rules import Rules
from .syntax import parse, subject_before

_BACK = 3  # sentences in which the name of a pronoun is looked for
_LONGEST = 60  # characters of a name that can stand for a pronoun
_SAMPLE = 60_000  # characters in which the main actors of a text are counted

Who = Callable[[str, Sequence[str]], str]  # the words, the subjects before them in the sentence, nearest first -> name


class Names:
    """The names of one text: `at(sentence)` gives the function that replaces a pronoun there."""

    def __init__(self, text: str, sentences: Sequence[tuple[int, int]], rules: Rules, lexicon: Lexicon) -> None:
        self._text, self._sentences, self._rules, self._lexicon = text, sentences, rules, lexicon
        self._subjects: dict[int, list[str]] = {}
        self._main: tuple[str, ...] | None = None

    def at(self, sentence: int) -> Who:
        """What replaces a pronoun in the sentence with this number: a name, "" if the text does not make it plain."""

        def who(words: str, before: Sequence[str]) -> str:
            name = _who(words, before)
            return self._pair(sentence) if self._rules.pattern("telling", "plural").fullmatch(name) else name

        def _who(words: str, before: Sequence[str]) -> str:
            pronoun = words.lower()
            if self._rules.pattern("telling", "plural").fullmatch(words):
                return self._pair(sentence)
            if pronoun not in _FITS:
                return ""
            for phrase in before:
                if len(phrase) <= _LONGEST and self._stands_for(pronoun, phrase):
                    return phrase
            back = 1 if pronoun == "it" else _BACK
            for number in range(sentence - 1, max(-1, sentence - 1 - back), -1):
                for phrase in self._subjects_of(number)[: 1 if pronoun == "it" else None]:
                    if self._stands_for(pronoun, phrase):
                        return phrase
            return ""

        return who

    def _subjects_of(self, number: int) -> list[str]:
        """The subjects of a sentence, that of its main clause first."""
        known = self._subjects.get(number)
        if known is None:
            start, end = self._sentences[number]
            read = parse(self._text[start:end], (), self._rules)
            known = []
            for clause in read.clauses if read else ():
                first, last = clause.subject if clause.has_verb else subject_before(read.classes, clause.start, clause.end)
                phrase = read.words(first, last)
                if clause.opening in ("", "m", "s", ";", "T", "c") and 0 < len(phrase) <= _LONGEST:
                    known.append(phrase)
            self._subjects[number] = known
        return known

    def _stands_for(self, pronoun: str, phrase: str) -> bool:
        words = phrase.split()
        if not words or phrase.lower() in _PRONOUNS:
            return False
        last = words[-1].strip(",.").lower()
        plural = " and " in phrase or (last.endswith("s") and not last.endswith(("ss", "us", "is"))) or words[0][0].isdigit()
        if pronoun == "they":
            return plural
        return not plural and (self._is_person(words) == (pronoun in ("he", "she")))

    def _is_person(self, words: Sequence[str]) -> bool:
        lists = self._rules.lists.get("telling", {})
        lower = [word.strip(".,").lower() for word in words]
        if any(word in lists.get("persons", ()) for word in lower):
            return True
        if any(word in lists.get("not_persons", ()) for word in lower) or len(words) > 4:
            return False
        if not all(word[0].isupper() for word in words):
            return False
        if len(words) > 1:
            return lower[0] not in ("the", "a", "an")
        return any(" " in name for name in self._lexicon.actors(words[0], None)) or self._is_surname(words[0])

    def _is_surname(self, word: str) -> bool:
        """Does the word end a longer name elsewhere in the text ("Ada Lovelace" for "Lovelace")?"""
        place = self._text.find(" " + word)
        while 0 < place < _SAMPLE:
            before = self._text[:place].rpartition(" ")[2] if place < 40 else self._text[place - 40 : place].split()[-1:]
            first = before if isinstance(before, str) else (before[0] if before else "")
            if first[:1].isupper() and first.isalpha() and first.lower() not in ("the", "in", "on", "a", "by", "and"):
                return True
            place = self._text.find(" " + word, place + 1)
        return False

    def _pair(self, sentence: int) -> str:
        """The two actors that "the two countries" are: those of this sentence or the one before, else of the text."""
        for number in range(sentence, sentence - 1 - _BACK, -1):
            if number >= 0:
                start, end = self._sentences[number]
                named = self._states(self._text[start:end])
                if len(named) == 2:
                    return " and ".join(named)
        if self._main is None:
            start, counts = 0, Counter[str]()
            for start, end in self._sentences:
                if start > _SAMPLE:
                    break
                counts.update(self._states(self._text[start:end]))
            self._main = tuple(name for name, count in counts.most_common(2) if count > 1)
        return " and ".join(self._main) if len(self._main) == 2 else ""

    def _states(self, text: str) -> tuple[str, ...]:
        named = self._lexicon.actors(text, None)
        return tuple(name for name in named if " " not in name or not self._is_person(name.split()))


_FITS = frozenset({"he", "she", "it", "they"})
_PRONOUNS = frozenset({"he", "she", "it", "they", "we", "i", "you", "there", "this", "that", "these", "those", "one"})
