"""For whom a pronoun stands, and who "the two countries" are: names from what the text said before.

Rather no name than a wrong one: a pronoun is replaced where one person (or one thing) alone can be meant, or where the
text as a whole is about one person and says "she" or "he" of nobody else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from .lexicon import Lexicon
from .rules import Rules
from .syntax import parse, subject_before

_BACK = 3  # sentences in which the name of a pronoun is looked for
_CHAIN = 12  # the same, if all of them go on with the pronoun
_LONGEST = 60  # characters of a name that can stand for a pronoun
_VERBLESS = 5  # tokens of a subject in a clause whose verb is not known
_SAMPLE = 60_000  # characters in which the names and pronouns of a text are counted
_OFTEN, _TIMES = 4, 4  # a text is about one person that says "she" so often, and so many times as often as "he"

_FULL_NAME = re.compile(r"(?<=[a-z,;] )[A-ZÀ-ÞŁŠŽ][^\W\d_]+ ([A-ZÀ-ÞŁŠŽ][^\W\d_]+)")

_NAME = re.compile(r"(?:(?:[A-ZÀ-ÞŁŠŽ][\w.’'-]*|of|de|von|van|&) ){0,4}[A-ZÀ-ÞŁŠŽ][\w’'-]+")

# the words, the subjects before them in the sentence, the nearest first, is it done to them? -> the name
Who = Callable[[str, Sequence[str], bool], str]


@dataclass
class _Named:
    """Of one sentence: its subjects in order, the persons it names, and whether a verb has an object."""

    subjects: list[str]
    people: list[str]
    has_object: bool


class Names:
    """The names of one text: `at(sentence)` gives the function that replaces a pronoun there."""

    def __init__(
        self,
        text: str,
        sentences: Sequence[tuple[int, int]],
        rules: Rules,
        lexicon: Lexicon,
        title: str = "",
        dates: Mapping[int, Sequence[tuple[int, int]]] | None = None,
    ) -> None:
        """`dates`: the number of a sentence -> the spans of its dates in the text, in order."""
        self._text, self._sentences, self._rules, self._lexicon = text, sentences, rules, lexicon
        self._title = title
        self._telling = rules.lists.get("telling", {})
        self._dates = dates or {}
        self._read: dict[int, _Named] = {}

    def at(self, sentence: int) -> Who:
        """What replaces a pronoun in the sentence with this number: a name, "" if the text does not make it plain."""

        def who(words: str, before: Sequence[str], done_to: bool) -> str:
            if self._is_pair(words):
                return self._pair(sentence)
            name = self._name(words.lower(), before, sentence, done_to)
            return self._pair(sentence) if self._is_pair(name) else name

        return who

    def owner(self, word: str) -> str:
        """The name that "her" or "his" stands for in a text about one person; "" elsewhere."""
        lower = word.lower()
        if not any(lower in forms for forms in self._telling.get("possessives", {}).values()):
            return ""
        pronoun, person = self._hero
        return person if lower in self._telling["possessives"].get(pronoun, ()) else ""

    def proper(self, subject: str) -> tuple[str, ...]:
        """The names that a subject consists of: "Ada Byron and the Analytical Society" is two; () if it is no name."""
        parts = [part.strip(" ,") for part in re.split(r",\s|\sand\s", subject)]
        names = [" ".join(word for word in part.split() if word.lower() != "the") for part in parts]
        if parts and self._rules.word_classes[subject.partition(" ")[0].lower()] in "pSa":
            return ()
        if all(_NAME.fullmatch(name) and (" " in name or self._is_name(name)) for name in names):
            return tuple(dict.fromkeys(names))
        return ()

    def _is_name(self, word: str) -> bool:
        """Is a single word capitalised within a sentence too, and not only at the head of one?"""
        return word in self._capitalised

    @cached_property
    def _capitalised(self) -> frozenset[str]:
        return frozenset(re.findall(r"(?<=[a-z,] )[A-ZÀ-ÞŁŠŽ][\w’'-]+", self._text[:_SAMPLE]))

    def _is_pair(self, words: str) -> bool:
        return bool(self._rules.pattern("telling", "plural").fullmatch(words))

    def _name(self, pronoun: str, before: Sequence[str], sentence: int, done_to: bool) -> str:
        kind = self._telling.get("pronouns", {}).get(pronoun, "")
        if not kind:
            return ""
        hero_pronoun, hero = self._hero
        if kind == "person" and hero and pronoun == hero_pronoun:
            return hero
        alike = [phrase for phrase in before if self._kind(phrase) in (kind, "name")]
        if not alike and kind == "thing" and not done_to:  # "Harrow Vale ... it": no person, then
            bodies = [phrase for phrase in before[:1] if self._is_body(phrase)]
            if bodies or before:
                return bodies[0] if bodies else ""  # the subject of its own sentence may be meant after all
        if alike:
            return self._only(alike if kind == "person" else alike[:1], kind, pronoun, hero)
        looked = 0
        for number in range(sentence - 1, max(-1, sentence - 1 - _CHAIN), -1):
            named = self._named(number)
            if named.subjects and all(subject.lower() == pronoun for subject in named.subjects):
                continue  # "She ... She ...": further back
            if kind == "person":
                found = [*named.subjects, *named.people]
            else:
                found = [] if done_to and named.has_object else named.subjects
            alike = [phrase for phrase in found if self._kind(phrase) in (kind, "name")]
            looked += 1
            if alike or looked >= (_BACK if kind == "person" else 1):
                return self._only(alike, kind, pronoun, hero)
        return ""

    def _only(self, phrases: Sequence[str], kind: str, pronoun: str, hero: str) -> str:
        """The one person or thing that some phrases name; "" if they name several, or maybe another one."""
        fitting = [p for p in phrases if self._agrees(p, pronoun) and not (hero and hero in p)]
        names = {phrase.split()[-1].lower() if kind == "person" else phrase for phrase in fitting}
        if len(names) != 1:
            return ""
        name = next((phrase for phrase in fitting if self._kind(phrase) == kind), "")
        head, of, rest = name.partition(" of ")
        both = kind == "many" and of and head.endswith("s") and rest.endswith("s")  # "the duties of the commissioners"
        return "" if both else name

    def _agrees(self, phrase: str, pronoun: str) -> bool:
        """Does no word of a phrase speak against a pronoun ("Mrs Price" against "he")?"""
        words = {word.strip(".,").lower() for word in phrase.split()}
        others = (forms for other, forms in self._telling.get("gender", {}).items() if other != pronoun)
        return pronoun not in self._telling.get("gender", {}) or not any(words & set(forms) for forms in others)

    @cached_property
    def _hero(self) -> tuple[str, str]:
        """The pronoun and the name of the one person a text is about; both empty if it is not."""
        sample = self._text[:_SAMPLE]
        rivals = [p for p, kind in self._telling.get("pronouns", {}).items() if kind == "person"]
        counts = Counter(re.findall(rf"\b(?:{'|'.join(rivals)})\b", sample.lower())) if rivals else Counter[str]()
        ranked = sorted(rivals, key=lambda pronoun: -counts[pronoun])
        if len(ranked) < 2 or counts[ranked[0]] < max(_OFTEN, _TIMES * counts[ranked[1]]):
            return "", ""
        if self._is_person(self._title.split()):
            return ranked[0], self._title.split()[-1]
        named = Counter(_FULL_NAME.findall(sample))
        people = Counter({name: sample.count(name) for name in named if self._is_person(["A", name])})
        (first, often), *rest = [*people.most_common(2), ("", 0)]
        return (ranked[0], first) if often >= _OFTEN and (not rest or often >= 2 * rest[0][1]) else ("", "")

    def _named(self, number: int) -> _Named:
        """Who and what a sentence names."""
        known = self._read.get(number)
        if known is not None:
            return known
        start, end = self._sentences[number]
        spans = [(a - start, b - start) for a, b in self._dates.get(number, ())]
        read = parse(self._text[start:end], spans, self._rules)
        self._read[number] = named = _Named([], [], False)
        if read is None:
            return named
        for clause in read.clauses:
            first, last = clause.subject
            if not clause.has_verb:
                first, last = subject_before(read.classes, clause.start, clause.end)
                last = next((i for i in range(first, last) if read.classes[i] == ","), last)
                if last - first > _VERBLESS:
                    continue
            phrase = read.words(first, last)
            is_name = first < last and read.classes[first] in "dNnPx" and len(phrase) <= _LONGEST
            is_name = is_name and "x" not in read.classes[first + 1 : last]
            if is_name and clause.opening in ("", "m", "s", ";", "T", "c"):
                named.subjects.append(phrase)
            behind = read.classes[clause.verb[1] : clause.verb[1] + 1]
            named.has_object |= clause.has_verb and behind != "" and behind in "dnNP#"
        for match in re.finditer(r"N[NP]*|d[nN]", read.classes):
            phrase = read.words(*match.span()).removesuffix("'s").removesuffix("’s")
            words = phrase.split() if match[0][0] == "N" else phrase.split()[1:]
            led = read.classes[match.start() - 1 : match.start()]
            if self._is_person(words) or (match[0] == "N" and led not in ("p", "o") and self._kind(phrase) == "name"):
                named.people.append(phrase)
        return named

    def _kind(self, phrase: str) -> str:
        """What a phrase names: person, thing, many, or name (of whatever); "" if a pronoun is in it ("her mother")."""
        words = phrase.split()
        first = words[0].lower() if words else ""
        pronouns = self._telling.get("pronouns", {})
        if not words or first in pronouns:
            return ""
        if any(first in forms for forms in self._telling["possessives"].values()):  # "her mother", "her principal work"
            kind = self._kind(" ".join(words[1:]))
            return "" if kind in ("person", "name") else kind
        head = phrase.partition(" of ")[0].split() or words  # "the owners of the mill"
        last = head[-1].strip(",.").lower()
        several = last in self._telling.get("plurals", ()) or (
            last.endswith("s") and not last.endswith(("ss", "us", "is"))
        )
        several = several and (
            head[-1][0].islower() or head[0].lower() == "the"
        )  # "the mills", "the Americans", "women"
        counted = self._rules.word_classes[first] == "#" and " of " in phrase  # "two of the largest producers"
        if " and " in phrase or several or first[0].isdigit() or counted:
            return "many"
        if self._is_person(words) or self._is_person(head):
            return "person"
        is_name = len(words) == 1 and words[0][0].isupper() and not self._lexicon.actors(words[0], None)
        return "name" if is_name else "thing"  # a single name may be anybody's

    def _is_body(self, phrase: str) -> bool:
        """Does the name go on as that of a firm or the like elsewhere: "Harrow Vale", of "Harrow Vale Limited"?"""
        longer = re.findall(rf"{re.escape(phrase)}((?: [A-Z][\w-]+)+)", self._text[:_SAMPLE])
        bodies = self._telling.get("not_persons", ())
        return any(word.lower() in bodies for words in longer for word in words.split())

    def _is_person(self, words: Sequence[str]) -> bool:
        lower = [word.strip(".,").lower() for word in words]
        if any(word in self._telling.get("persons", ()) for word in lower):
            return True
        if not words or len(words) > 4 or any(word in self._telling.get("not_persons", ()) for word in lower):
            return False
        if not all(word[0].isupper() for word in words):
            return False
        if len(words) > 1:
            return lower[0] not in ("the", "a", "an") or words[0] == "A"
        return any(" " in name for name in self._lexicon.actors(words[0], None)) or words[0] in self._surnames

    @cached_property
    def _surnames(self) -> frozenset[str]:
        """Names that end a longer one in the text: "Lovelace" of "Ada Lovelace"."""
        return frozenset(_FULL_NAME.findall(self._text[:_SAMPLE]))

    def _pair(self, sentence: int) -> str:
        """The two actors that "the two countries" are: those of this sentence or one before, else of the text.

        "" if the sentence names another one: "Putin visited Mongolia and the two sides signed".
        """
        here = self._states(self._named_in(sentence))
        for number in range(sentence, max(-1, sentence - 1 - _BACK), -1):
            named = self._states(self._named_in(number))
            if len(named) == 2:
                return " and ".join(named) if set(here) <= set(named) else ""
        return " and ".join(self._main) if set(here) <= set(self._main) else ""

    def _named_in(self, number: int) -> str:
        start, end = self._sentences[number]
        return self._text[start:end]

    @cached_property
    def _main(self) -> tuple[str, ...]:
        """The two actors that most sentences of the text name; none if there are not two."""
        sentences = (self._text[start:end] for start, end in self._sentences if start < _SAMPLE)
        counts = Counter(name for sentence in sentences for name in self._states(sentence))
        main = tuple(name for name, count in counts.most_common(2) if count > 1)
        return main if len(main) == 2 else ()

    def _states(self, text: str) -> tuple[str, ...]:
        named = self._lexicon.countries(text)
        return tuple(name for name in named if " " not in name or not self._is_person(name.split()))
