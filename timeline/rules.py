"""Read the rules of a language, `rules/<language>.toml`, and match texts with them.

A text is cut into tokens (a word, a number, a run of white space, one other character). Every token is spelled as one
letter, its *code*, which says to which word classes it belongs: "March" is a month, "15" is a day, an hour and a
count. A rule's pattern stands for a few sequences of classes, and all sequences of all rules make one automaton, built
as texts need it: from every token that can begin an expression it walks along the codes as far as any sequence goes.
So one scan finds every expression, the longest first, in linear time. That time words form a few token types, and
that rules over types beat rules over words, is the insight of SynTime (Zhong, Sun and Cambria, ACL 2017).

How a rules file is written is told at the head of `rules/en.toml`.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cache, cached_property
from graphlib import CycleError, TopologicalSorter
from importlib import resources
from typing import Any

from .model import TimelineError

_UNSPACED = "\u3007\u3400-\u9fff"  # Chinese characters: written without spaces, each a token of its own
TOKEN = re.compile(rf"[^\W\d_{_UNSPACED}]+|\d+|\s+|[\W_{_UNSPACED}]")
UNSPACED = re.compile(f"[{_UNSPACED}]")
_PIECE = re.compile(r"\{(?:(\w+):)?(\w+)\}|@([a-z_0-9]+)|([()|?~ ])|(\\.|[^\W\d_]+|\d+|.)")
_LETTERS = re.compile(r"[^\W\d_]+")
_NEAR = 120  # characters between a date and the verb that tells of it
_PASSIVE = 2  # characters between "is" and its participle ("is inhabited")
_PARTICIPLE = 12  # characters between "will" and the participle that belongs to it ("will be paid")
_LONGEST_NUMERAL = 8  # signs; longer rows of them are no date
_DASHES = frozenset("-\u2010\u2011\u2013")
STARTS = re.compile("[\u0100-\u0fff]")  # the codes of tokens that can begin an expression
_BEGINNING = 4  # codes
_SHORTEST_FORM = 3  # letters; what is longer and ends like a verb form is taken for one
_CACHE_LIMIT = 200_000  # distinct tokens remembered


class RulesError(TimelineError):
    """A rules file is wrong; the message names the file, the rule and the next move."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One `[[rule]]` of a rules file; the keys are explained at the head of `rules/en.toml`."""

    name: str
    pattern: str
    value: str = ""
    type: str = "DATE"
    mod: str = ""
    edtf: str = ""
    before: str = ""
    after: str = ""
    not_before: str = ""
    not_after: str = ""
    anchor: str = ""
    unit: str = ""
    shift: str = ""
    direction: str = ""
    back: str = ""
    via: str = ""
    reason: str = ""
    only: str = ""
    aside: bool = False
    generic: str = ""
    timex: bool = True
    examples: tuple[Any, ...] = ()
    counterexamples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Variant:
    """One fixed-length reading of a rule's pattern: the classes that each token may have, and the slots.

    A slot is its name, which token it is (counted from the first), and the class that gives its value.
    """

    rule: Rule
    classes: tuple[frozenset[str], ...]
    slots: tuple[tuple[str, int, str], ...]


class _Node:
    """A state of the automaton: the variants that the codes so far fit, and where the next code leads."""

    __slots__ = ("alive", "complete", "depth", "next")

    def __init__(self, depth: int, alive: list[Variant]) -> None:
        self.depth = depth
        self.complete = tuple(v for v in alive if len(v.classes) == depth)
        self.alive = [v for v in alive if len(v.classes) > depth]
        self.next: dict[str, _Node | None] = {}


@dataclass(frozen=True, slots=True)
class _Number:
    """A class of numbers: bounds, allowed lengths in digits, and how its value is written."""

    low: int
    high: int
    digits: tuple[int, ...]
    step: int = 1
    add: int = 0
    pad: int = 0
    keep: int = 0

    def holds(self, number: int, digits: int) -> bool:
        return digits in self.digits and self.low <= number <= self.high and number % self.step == 0

    def value(self, number: int) -> str:
        text = f"{number + self.add:0{self.pad}d}"
        return text[: self.keep] if self.keep else text


class _Memo(dict[str, str]):
    """What a function says of a token (its code, its tense), remembered; hostile input cannot grow it without end."""

    def __init__(self, function: Callable[[str], str]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, token: str) -> str:
        if len(self) >= _CACHE_LIMIT:
            self.clear()
        self[token] = value = self._function(token)
        return value


class _Context:
    """What may stand before or after an expression, as sequences of classes, and the answers found so far."""

    __slots__ = ("answers", "reach", "sequences")

    def __init__(self, sequences: list[_Sequence]) -> None:
        self.sequences = sequences
        self.reach = max(map(len, sequences))
        self.answers: dict[str, bool] = {}


def _fits(sequence: _Sequence, classes: list[frozenset[str]], before: bool) -> bool:
    """Do the classes of the tokens next to an expression end (or begin) with a sequence?"""
    near = classes[-len(sequence) :] if before else classes[: len(sequence)]
    return len(near) == len(sequence) and all(not c.isdisjoint(s) for c, s in zip(near, sequence, strict=True))


@dataclass(eq=False)  # told apart by identity, so that what is worked out from them can be remembered
class Rules:
    """The rules of one language, ready to match.

    `words`: class -> word -> value, for words in any case. `capitals`: the same for words that count only when
    they begin with a capital ("March", not "march"). `numbers`: class -> bounds. `shapes`: class -> look. `numerals`:
    sign -> the number it writes, where a language writes numbers in signs of its own. `token`: how texts are cut.
    `lists`: other word lists of the language (abbreviations, tense, furniture), used by later steps.
    """

    language: str
    words: dict[str, dict[str, str]]
    capitals: dict[str, dict[str, str]]
    numbers: dict[str, _Number]
    shapes: dict[str, re.Pattern[str]]
    parts: dict[str, str]
    rules: tuple[Rule, ...]
    lists: dict[str, Any]
    numerals: dict[str, int]
    token: re.Pattern[str]

    def __post_init__(self) -> None:
        self._any = _invert(self.words)
        self._capital = _invert(self.capitals)
        self._notation = _Notation(self.parts, self.token)
        self._root = _Node(0, [v for rule in self.rules for v in _variants(rule, self._notation)])
        self._first = frozenset(name for v in self._root.alive for name in v.classes[0])
        self._literals = _literals_named(self.rules, self._notation)
        self._code_by_classes: dict[frozenset[str], str] = {}
        self._classes_by_code: dict[str, frozenset[str]] = {}
        self._dead: set[str] = set()  # beginnings that no variant has, so that each is walked once
        self._contexts: dict[str, _Context] = {}
        self._patterns: dict[tuple[str, str], re.Pattern[str]] = {}
        self._split: dict[tuple[str, str], tuple[re.Pattern[str], re.Pattern[str]]] = {}
        self._border = self._code(_PARAGRAPH)
        self.codes = _Memo(lambda token: self._code(self._classes(token)))

    # ------------------------------------------------------------------ codes

    def _code(self, classes: frozenset[str]) -> str:
        """The code of a set of classes; codes from STARTS belong to tokens that can begin an expression."""
        code = self._code_by_classes.get(classes)
        if code is None:
            base = 0x100 if classes & self._first else 0x1000
            code = chr(base + len(self._code_by_classes))
            self._code_by_classes[classes] = code
            self._classes_by_code[code] = classes
        return code

    def _classes(self, token: str) -> frozenset[str]:
        first = token[0]
        if first.isspace():
            return _PARAGRAPH if token.count("\n") > 1 else _SPACE
        if first.isdecimal():
            return (
                self._number_classes(int(token), len(token)) | self._literal_of(token) if len(token) <= 4 else _NUMBER
            )
        if first in self.numerals and len(token) <= _LONGEST_NUMERAL and all(sign in self.numerals for sign in token):
            number, digits = _numeral([self.numerals[sign] for sign in token])
            return self._number_classes(number, digits) | self._any.get(token, _NONE) | self._literal_of(token)
        if not first.isalpha():
            return _DASH if first in _DASHES else self._literal_of(first) | _OTHER
        lower = token.lower()
        classes = self._any.get(lower, _NONE) | self._literal_of(lower) | _WORD
        if first.isupper():
            classes |= self._capital.get(lower, _NONE)
        return classes | {name for name, shape in self.shapes.items() if shape.fullmatch(token)}

    def _number_classes(self, number: int, digits: int) -> frozenset[str]:
        return _NUMBER | {name for name, spec in self.numbers.items() if spec.holds(number, digits)}

    def _literal_of(self, token: str) -> frozenset[str]:
        return frozenset(("=" + token,)) & self._literals

    # --------------------------------------------------------------- matching

    def match(self, spelled: str, position: int, *, written: bool = False) -> tuple[Variant, int] | None:
        """The longest variant that a spelled text holds at a position, and where it ends; of two, the first by rule.

        `written`: only one that writes a date and does not just imply it (`Rule.timex`).
        """
        beginning = spelled[position : position + _BEGINNING]
        if beginning in self._dead:
            return None
        node: _Node | None = self._root
        place, end, complete = position, len(spelled), []
        while node is not None and place < end:
            code = spelled[place]
            node = node.next[code] if code in node.next else self._step(node, code)
            place += 1
            if node is not None and node.complete:
                complete.append((place, node.complete))
        if not complete and place - position <= _BEGINNING and len(self._dead) < _CACHE_LIMIT:
            self._dead.add(beginning)
        for last, variants in reversed(complete):
            for variant in variants:
                if (variant.rule.timex or not written) and self._in_context(variant.rule, spelled, position, last):
                    return variant, last
        return None

    def _step(self, node: _Node, code: str) -> _Node | None:
        classes = self._classes_by_code[code]
        alive = [v for v in node.alive if not classes.isdisjoint(v.classes[node.depth])]
        node.next[code] = _Node(node.depth + 1, alive) if alive else None
        return node.next[code]

    def _in_context(self, rule: Rule, spelled: str, first: int, last: int) -> bool:
        return (
            (not rule.before or self._stands(rule.before, spelled, first, before=True))
            and (not rule.after or self._stands(rule.after, spelled, last, before=False))
            and not (rule.not_before and self._stands(rule.not_before, spelled, first, before=True))
            and not (rule.not_after and self._stands(rule.not_after, spelled, last, before=False))
        )

    def _stands(self, context: str, spelled: str, position: int, *, before: bool) -> bool:
        """Does one of a context's sequences end, or begin, at a position?"""
        known = self._contexts.get(context)
        if known is None:
            known = self._contexts[context] = _Context(_sequences(context, self._notation))
        reach = known.reach
        codes = spelled[max(0, position - reach) : position] if before else spelled[position : position + reach]
        if len(codes) < reach:  # a text begins and ends like a paragraph
            codes = self._border + codes if before else codes + self._border
        answer = known.answers.get(codes)
        if answer is None:
            classes = [self._classes_by_code[code] for code in codes]
            answer = known.answers[codes] = any(_fits(sequence, classes, before) for sequence in known.sequences)
        return answer

    @cached_property
    def tenses(self) -> _Memo:
        """word -> 'past', 'present', 'future' or '': the tense of a verb form by the language's [tense] lists."""
        lists = self.lists.get("tense", {})
        past, present, future = (frozenset(lists.get(key, ())) for key in ("past", "present", "future"))
        regular = re.compile(lists.get("regular", "(?!)"))

        def kind(written: str) -> str:
            word = written.lower()
            if word in present:
                return "present"
            is_past = word in past or regular.fullmatch(written)  # "the United States" tells nothing
            return "future" if word in future else "past" if is_past else ""

        return _Memo(kind)

    @cached_property
    def word_classes(self) -> _Memo:
        """word -> the letter of its class by the language's [grammar] lists, "n" for what is in none (`syntax.py`)."""
        grammar = self.lists.get("grammar", {})
        known = {word: spec["letter"] for spec in grammar.values() for word in spec.get("words", ())}
        endings = [(ending, spec["letter"]) for spec in grammar.values() for ending in spec.get("endings", ())]

        def letter(word: str) -> str:
            lower = word.lower()
            found = known.get(lower, "")
            if not found and len(word) > _SHORTEST_FORM and (word[0].islower() or lower != word):
                found = next((letter for ending, letter in endings if lower.endswith(ending)), "")
            return found or "n"

        return _Memo(letter)

    def pattern(self, table: str, key: str) -> re.Pattern[str]:
        """The regular expressions of lists[table][key] as one, any case; it matches nothing if there are none."""
        known = self._patterns.get((table, key))
        if known is None:
            patterns = self.lists.get(table, {}).get(key, ())
            known = re.compile("|".join(f"(?:{p})" for p in patterns) or "(?!)", re.IGNORECASE)
            self._patterns[table, key] = known
        return known

    def stands_in(self, table: str, key: str, text: str) -> bool:
        """Does one of the expressions of lists[table][key] fit? Those that begin with ^ are tried at the head only."""
        head, rest = self._split.get((table, key), (None, None))
        if head is None or rest is None:
            patterns = self.lists.get(table, {}).get(key, ())
            led = [pattern[1:] for pattern in patterns if pattern.startswith("^")]
            others = [pattern for pattern in patterns if not pattern.startswith("^")]
            head, rest = (
                re.compile("|".join(f"(?:{p})" for p in some) or "(?!)", re.IGNORECASE) for some in (led, others)
            )
            self._split[table, key] = head, rest
        return bool(head.match(text) or rest.search(text))

    def slot_value(self, kind: str, token: str) -> str:
        """What a slot contributes to the rule's templates: the word's value, or the number as its class writes it."""
        if kind in self.numbers:
            written = [self.numerals[sign] for sign in token if sign in self.numerals]
            return self.numbers[kind].value(_numeral(written)[0] if written else int(token))
        lower = token.lower()
        for table in (self.words, self.capitals):
            if lower in table.get(kind, {}):
                return table[kind][lower]
        return lower


class Tenses:
    """The tense in which one text tells of its dates. It remembers the verb forms of the sentence asked about last."""

    def __init__(self, rules: Rules, text: str) -> None:
        self._rules, self._text = rules, text
        self._sentence = (-1, -1)
        self._verbs: list[tuple[int, int, str]] = []

    def near(self, sentence: tuple[int, int], start: int, end: int) -> str:
        """'past', 'present', 'future' or '': the tense of the verb form nearest to text[start:end] in its sentence.

        Where there is none, the `default` of the language's [tense] list: Chinese marks no tense on most verbs.

        Verb forms are those of the language's [tense] lists, and in the past what ends as `regular` says. Farther
        than 120 characters nothing is looked at. A past form right behind a promise is its participle ("will be
        paid"). A deadline ("by Jan. 14") told of in the past may lie on either side: its tense is ''; what `ahead` and
        `behind` list always lies there.
        """
        if self._rules.pattern("tense", "behind").search(self._text, max(sentence[0], start - 24), start):
            return "past"
        if self._rules.pattern("tense", "ahead").search(self._text, max(sentence[0], start - 24), start):
            return "future"
        if sentence != self._sentence:
            self._sentence, self._verbs = sentence, list(self._verbs_of(sentence))
        best, result = _NEAR + 1, ""
        for index in range(bisect_left(self._verbs, (start - _NEAR,)), len(self._verbs)):
            first, last, kind = self._verbs[index]
            if first >= end + _NEAR:
                break
            distance = max(first - end, start - last)
            if 0 <= distance < best:
                best, result = distance, kind
        if result != "future" and self._rules.pattern("tense", "deadline").search(
            self._text, max(sentence[0], start - 12), start
        ):
            return ""
        return result or str(self._rules.lists.get("tense", {}).get("default", ""))

    def _verbs_of(self, sentence: tuple[int, int]) -> Iterator[tuple[int, int, str]]:
        promises = self._rules.lists.get("tense", {}).get("promise", ())
        words = _LETTERS if self._rules.token is TOKEN else self._rules.token
        to_come = self._rules.pattern("tense", "to_come")
        promised = now = -_PARTICIPLE
        for match in words.finditer(self._text, *sentence):
            kind = self._rules.tenses[match[0]]
            if kind:
                if match[0].lower() in promises:
                    promised = match.end()
                elif kind == "present" and to_come.match(self._text, match.start(), sentence[1]):
                    kind, promised = "future", match.end()
                elif kind == "past" and match.start() - promised < _PARTICIPLE:
                    kind = "future"
                elif kind == "past" and match.start() - now < _PASSIVE:
                    kind = "present"
                if kind == "present":
                    now = match.end()
                yield match.start(), match.end(), kind


_NONE: frozenset[str] = frozenset()
_SPACE = frozenset({"space"})
_PARAGRAPH = frozenset({"paragraph"})
_NUMBER = frozenset({"number"})
_WORD = frozenset({"word"})
_OTHER = frozenset({"other"})
_DASH = frozenset({"-"})


def _numeral(signs: list[int]) -> tuple[int, int]:
    """The number that numeral signs write, and its digits: 1 9 4 9 (place by place), 2 10 1 (ten and more multiply)."""
    if max(signs) < 10:
        return int("".join(map(str, signs))), len(signs)
    total = ones = 0
    for sign in signs:
        if sign < 10:
            ones = sign
        else:
            total, ones = (total + ones) * sign if sign > 1000 else total + (ones or 1) * sign, 0
    return total + ones, len(str(total + ones))


def _literal(token: str) -> str:
    """The class of a token that a pattern names itself; dashes are one class."""
    return "-" if token in _DASHES else "=" + token.lower()


def _invert(tables: dict[str, dict[str, str]]) -> dict[str, frozenset[str]]:
    """word -> the classes that hold it."""
    found: dict[str, set[str]] = {}
    for name, words in tables.items():
        for word in words:
            found.setdefault(word, set()).add(name)
    return {word: frozenset(names) for word, names in found.items()}


# --------------------------------------------------------------------------- patterns as data

_Item = tuple[frozenset[str], str]  # the classes of a token, and the slot's name (empty: none)
_Reading = tuple[_Item, ...]  # one fixed-length reading of a pattern
_Sequence = tuple[frozenset[str], ...]  # the same without the slots


@dataclass(frozen=True, slots=True)
class _Notation:
    """What patterns are read with: the parts they name, and how their own words are cut into tokens."""

    parts: dict[str, str]
    token: re.Pattern[str]


def _expand(pattern: str, notation: _Notation) -> list[_Reading]:
    """All fixed-length readings of a pattern. Raises RulesError for a pattern that cannot be read."""
    pieces = list(_PIECE.finditer(pattern))
    readings, position = _alternatives(pieces, 0, notation)
    if position != len(pieces):
        raise RulesError(f"pattern {pattern!r}: a ')' too many; check the brackets")
    return list(dict.fromkeys(readings))


def _alternatives(pieces: list[re.Match[str]], position: int, notation: _Notation) -> tuple[list[_Reading], int]:
    ways: list[_Reading] = []
    current: list[_Reading] = [()]
    while position < len(pieces):
        slot, kind, part, sign, literal = pieces[position].groups()
        position += 1
        if sign == "|":
            ways += current
            current = [()]
            continue
        if sign == ")":
            return ways + current, position - 1
        if sign == "(":
            options, position = _alternatives(pieces, position, notation)
            if position >= len(pieces) or pieces[position][4] != ")":
                raise RulesError("a '(' without its ')'; check the brackets")
            position += 1
        elif part:
            if part not in notation.parts:
                raise RulesError(f"@{part} is not in [parts]; define it there")
            options = _expand(notation.parts[part], notation)
        elif sign == " ":
            options = [((_SPACE, ""),)]
        elif sign == "~":
            options = [((frozenset({"space", "-"}), ""),)]
        elif kind:
            options = [((frozenset({kind}), slot or kind),)]
        elif literal in ("{", "}"):
            raise RulesError(f"a {literal!r} that belongs to no class; write {{class}} or {{name:class}}")
        elif sign == "?":
            raise RulesError("a '?' with nothing before it; put it behind what may be missing")
        else:
            options = [tuple((frozenset({_literal(token)}), "") for token in _cut(literal, notation))]
        if position < len(pieces) and pieces[position][4] == "?":
            options = [*options, ()]
            position += 1
        current = [head + tail for head in current for tail in options]
    return ways + current, position


def _cut(literal: str, notation: _Notation) -> list[str]:
    """The tokens of a pattern's own word or sign; a sign that means something else there has a backslash before it."""
    return [literal[1]] if literal.startswith("\\") else notation.token.findall(literal)


def _variants(rule: Rule, notation: _Notation) -> list[Variant]:
    return [
        Variant(
            rule,
            tuple(classes for classes, _ in reading),
            tuple((name, i, next(iter(classes))) for i, (classes, name) in enumerate(reading) if name),
        )
        for reading in _expand(rule.pattern, notation)
    ]


def _sequences(pattern: str, notation: _Notation) -> list[_Sequence]:
    return [tuple(classes for classes, _ in reading) for reading in _expand(pattern, notation)]


def _literals_named(rules: Iterable[Rule], notation: _Notation) -> frozenset[str]:
    """The class of every token that a pattern or a context names itself."""
    patterns = {text for r in rules for text in (r.pattern, r.before, r.after, r.not_before, r.not_after) if text}
    written = {piece[5] for text in (*patterns, *notation.parts.values()) for piece in _PIECE.finditer(text)}
    return frozenset(_literal(token) for text in written if text for token in _cut(text, notation))


# --------------------------------------------------------------------------- files


@cache
def load(language: str) -> Rules:
    """The compiled rules of a language ('en'), read once. Raises RulesError if there are none or they are wrong."""
    text = read_file(language)
    try:
        return from_toml(text)
    except (RulesError, tomllib.TOMLDecodeError) as error:
        raise RulesError(f"timeline/rules/{language}.toml: {error}") from error


def read_file(language: str) -> str:
    """The text of a language's rules file. Raises RulesError if there is none."""
    path = resources.files("timeline") / "rules" / f"{language}.toml"
    if not path.is_file():
        known = ", ".join(languages())
        raise RulesError(f"no rules for language {language!r}; known: {known}. Add timeline/rules/{language}.toml")
    return path.read_text(encoding="utf-8")


def languages() -> list[str]:
    """The languages there are rules for, as the names of the files in `timeline/rules`."""
    folder = resources.files("timeline") / "rules"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def from_toml(text: str) -> Rules:
    """Compile the rules written in a TOML text. Raises RulesError or tomllib.TOMLDecodeError."""
    data = tomllib.loads(text)
    if not isinstance(data.get("language"), str):
        raise RulesError('no language; begin the file with a line such as language = "en"')
    words, capitals = _words(_table(data, "words"))
    numbers = {name: _number(name, spec) for name, spec in _table(data, "numbers").items()}
    shapes = {name: _shape(name, shape) for name, shape in _table(data, "shapes").items()}
    classes = frozenset({*words, *capitals, *numbers, *shapes})
    numerals = _numerals(_table(data, "numerals"))
    lists = {k: v for k, v in data.items() if k not in _TABLES}
    token = _token([*words.values(), *capitals.values()], lists.get("tense", {}), numerals)
    parts = _parts(_table(data, "parts"), classes, token)
    entries = data.get("rule", [])
    if not isinstance(entries, list):
        raise RulesError("[rule] is one table; write [[rule]] above every rule")
    notation = _Notation(parts, token)
    rules = tuple(_rule(entry, classes, notation) for entry in entries)
    return Rules(data["language"], words, capitals, numbers, shapes, parts, rules, lists, numerals, token)


_TABLES = ("language", "words", "numbers", "numerals", "shapes", "parts", "rule")


def _token(words: Iterable[Iterable[str]], tense: dict[str, Any], numerals: dict[str, int]) -> re.Pattern[str]:
    """How a text is cut: as TOKEN says, but the words of several Chinese characters, and rows of numerals, are one."""
    listed = {
        word for group in (*words, *(tense.get(key, ()) for key in ("past", "present", "future"))) for word in group
    }
    unspaced = sorted((w for w in listed if len(w) > 1 and UNSPACED.match(w)), key=lambda w: (-len(w), w))
    if not unspaced and not numerals:
        return TOKEN
    rows = [f"[{''.join(numerals)}]+"] if numerals else []
    return re.compile("|".join([*map(re.escape, unspaced), *rows, TOKEN.pattern]))


def _numerals(table: dict[str, Any]) -> dict[str, int]:
    for sign, value in table.items():
        if not UNSPACED.fullmatch(sign) or type(value) is not int or value < 0:
            raise RulesError(f"[numerals] {sign}: {value!r} is no numeral; write one sign and its number: 十 = 10")
    return table


def _table(data: dict[str, Any], name: str) -> dict[str, Any]:
    table = data.get(name, {})
    if not isinstance(table, dict):
        raise RulesError(f"{name} = {table!r} is no table; write [{name}] and its entries below it")
    return table


def _words(tables: dict[str, Any]) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    """The words of each class: those in any case, and those that count only with a capital."""
    words: dict[str, dict[str, str]] = {}
    capitals: dict[str, dict[str, str]] = {}
    for name, table in tables.items():
        if not isinstance(table, dict | list) or not all(isinstance(word, str) and word for word in table):
            raise RulesError(f'[words] {name}: {table!r} is no list of words; write ["may"] or a table: may = "05"')
        for word, value in _entries(table):
            target = capitals if word[0].isupper() else words
            target.setdefault(name, {})[word.lower()] = value
    return words, capitals


def _entries(table: dict[str, Any] | list[str]) -> Iterator[tuple[str, str]]:
    """The words of a class, each with its value: may = "05", or "05" = ["may", "maying"], or a mere list of words."""
    if isinstance(table, list):
        yield from ((word, word) for word in table)
        return
    for key, value in table.items():
        if isinstance(value, list):
            yield from ((word, key) for word in value)
        else:
            yield key, str(value)


def _number(name: str, spec: Any) -> _Number:
    needed, more = {"from", "to", "digits"}, {"step", "add", "pad", "keep"}
    if isinstance(spec, dict) and needed <= set(spec) <= needed | more:
        digits, bounds = spec["digits"], [value for key, value in spec.items() if key != "digits"]
        if isinstance(digits, list) and all(type(n) is int for n in (*digits, *bounds)) and spec.get("step") != 0:
            options = {key: spec[key] for key in more & set(spec)}
            return _Number(spec["from"], spec["to"], tuple(digits), **options)
    raise RulesError(
        f"[numbers] {name}: {spec!r} is no class of numbers; write {name} = {{ from = 1, to = 31, digits = [1, 2] }} "
        "with whole numbers, and if need be step, add, pad or keep"
    )


def _shape(name: str, shape: Any) -> re.Pattern[str]:
    try:
        return re.compile(shape)
    except (re.error, TypeError) as error:
        raise RulesError(f"[shapes] {name}: {shape!r} is no regular expression ({error}); mend it") from error


def _parts(parts: dict[str, Any], classes: frozenset[str], token: re.Pattern[str]) -> dict[str, str]:
    for name, pattern in parts.items():
        if not isinstance(pattern, str):
            raise RulesError(f"[parts] {name}: {pattern!r} is no pattern; write it in quotes")
    try:
        TopologicalSorter({name: re.findall(r"@([a-z_0-9]+)", pattern) for name, pattern in parts.items()}).prepare()
    except CycleError as error:
        raise RulesError(f"[parts] {error.args[1][0]}: it names itself; write out what it stands for") from error
    for name, pattern in parts.items():
        _slots(f"[parts] {name}", pattern, classes, _Notation(parts, token), optional=True)
    return parts


_BUILT_IN = frozenset({"word", "number", "space", "paragraph", "other", "-"})  # classes that need no definition
_CONTEXTS = ("before", "after", "not_before", "not_after")
_TEMPLATES = ("value", "mod", "edtf", "unit", "shift", "direction", "back")
_CHOICES = {
    "type": ("DATE", "TIME", "DURATION", "SET"),
    "anchor": ("", "publication", "context"),
    "via": ("", "dateparser"),
    "only": ("", "history", "ancient"),
}
_FORMS = {"str": (str, "a text; write it in quotes"), "bool": (bool, "true or false")}
_LIST = (list, "a list; write [...]")


def _rule(entry: dict[str, Any], classes: frozenset[str], notation: _Notation) -> Rule:
    """The rule of a `[[rule]]` table. Raises RulesError, which names it, for one that could not do what it says."""
    known = {f.name: _FORMS.get(str(f.type), _LIST) for f in fields(Rule)}
    where = f"rule {entry.get('name', '?')!r}"
    unknown = set(entry) - set(known)
    if unknown or "name" not in entry or "pattern" not in entry:
        wrong = ", ".join(sorted(unknown)) or "no name or no pattern"
        raise RulesError(f"{where}: {wrong}; a rule has {', '.join(sorted(known))}")
    for key, value in entry.items():
        form, wanted = known[key]
        if not isinstance(value, form):
            raise RulesError(f"{where}: {key} = {value!r} is not {wanted}")
    for key, choices in _CHOICES.items():
        if entry.get(key, choices[0]) not in choices:
            raise RulesError(f"{where}: {key} = {entry[key]!r}; write one of {', '.join(filter(None, choices))}")
    slots = _slots(f"{where}, pattern", entry["pattern"], classes, notation)
    for key in _CONTEXTS:
        if entry.get(key):
            _slots(f"{where}, {key}", entry[key], classes, notation)
    for key in _TEMPLATES:
        given = {"year", "last"} if key == "edtf" else set()  # what the anchor gave
        for slot in re.findall(r"\{(\w*)", entry.get(key, "")):
            if slot not in slots | given:
                has = ", ".join(sorted(slots)) or "none"
                raise RulesError(f"{where}, {key}: {{{slot}}} is no slot of the pattern; its slots: {has}")
    rule: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    return Rule(**rule)


def _slots(
    where: str, pattern: str, classes: frozenset[str], notation: _Notation, *, optional: bool = False
) -> set[str]:
    """The slots of a pattern. Raises RulesError for a pattern that cannot be read, or names what there is not."""
    try:
        readings = _expand(pattern, notation)
    except RulesError as error:
        raise RulesError(f"{where}: {error}") from error
    if () in readings and not optional:
        raise RulesError(f"{where}: {pattern!r} may match nothing; leave out the last '?' or '|', or write a word")
    items = {item for reading in readings for item in reading}
    for (kind, *_), _slot in items:
        if kind not in classes and kind not in _BUILT_IN and not kind.startswith("="):
            raise RulesError(f"{where}: {{{kind}}} is no class; define it in [words], [numbers] or [shapes]")
    return {slot for _, slot in items if slot}
