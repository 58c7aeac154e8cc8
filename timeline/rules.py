"""Read the rules of a language, `rules/<language>.toml`, and compile them.

A text is cut into tokens (a word, a number, a run of white space, one other character). Every token is spelled as one
letter, its *code*, which says to which word classes it belongs: "March" is a month, "15" is a day, an hour and a
count. A rule's pattern is then a regular expression over codes, all of fixed length, so one scan of the spelled text
finds every expression in linear time, the longest first. That time words form a few token types, and that rules over
types beat rules over words, is the insight of SynTime (Zhong, Sun and Cambria, ACL 2017).

How a rules file is written is told at the head of `rules/en.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from importlib import resources
from typing import Any

TOKEN = re.compile(r"[^\W\d_\u3400-\u9fff]+|\d+|\s+|[\W_\u3400-\u9fff]")
_PIECE = re.compile(r"\{(?:(\w+):)?(\w+)\}|@(\w+)|([()|?~ ])|([^\W\d_]+|\d+|.)")
_LETTERS = re.compile(r"[^\W\d_]+")
_DASHES = frozenset("-\u2010\u2011\u2013")
_CACHE_LIMIT = 200_000  # distinct tokens remembered; hostile input cannot grow the table further


class RulesError(ValueError):
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
    timex: bool = True
    examples: tuple[Any, ...] = ()
    counterexamples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """A named place in a pattern: which token it is, counted from the first, and the classes that give its value."""

    name: str
    offset: int
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """One fixed-length reading of a rule's pattern: a set of classes for each token, and the slots."""

    rule: Rule
    classes: tuple[frozenset[str], ...]
    slots: tuple[Slot, ...]


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

    def value(self, token: str) -> str:
        text = f"{int(token) + self.add:0{self.pad}d}"
        return text[: self.keep] if self.keep else text


class Codes(dict[str, str]):
    """Token -> code, filled as tokens are met. `classes` of a code are fixed when the rules are compiled."""

    def __init__(self, rules: Rules) -> None:
        super().__init__()
        self._rules = rules

    def __missing__(self, token: str) -> str:
        code = self._rules.code_of(token)
        if len(self) >= _CACHE_LIMIT:
            self.clear()
        self[token] = code
        return code


@dataclass
class Rules:
    """The compiled rules of one language.

    `words`: class -> word -> value, for words in any case. `capitals`: the same for words that count only when
    they begin with a capital ("March", not "march"). `numbers`: class -> bounds. `lists`: other word lists of the
    language (abbreviations, tense, furniture), used by later steps.
    """

    language: str
    words: dict[str, dict[str, str]]
    capitals: dict[str, dict[str, str]]
    numbers: dict[str, _Number]
    shapes: dict[str, re.Pattern[str]]
    parts: dict[str, str]
    rules: tuple[Rule, ...]
    lists: dict[str, Any]
    variants: list[Variant] = field(default_factory=list)
    _signatures: dict[frozenset[str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._any = _invert(self.words)
        self._capital = _invert(self.capitals)
        self._literals = {name for name in _classes_named(self.rules, self.parts) if name.startswith("=")}
        self._reach()
        variants = [v for rule in self.rules for v in _variants(rule, self.parts)]
        self.variants = sorted(variants, key=lambda v: -len(v.classes))  # stable: ties stay in the file's order
        self.starts = re.compile(self._set(name for v in self.variants for name in v.classes[0]))
        self.codes = Codes(self)
        self._matchers: dict[str, tuple[re.Pattern[str], list[Variant]]] = {}
        self._alone: dict[int, re.Pattern[str]] = {}

    # ------------------------------------------------------------------ codes

    def code_of(self, token: str) -> str:
        """The code of a token: one character that stands for the set of its classes."""
        return self._code(self._classes(token))

    def _code(self, classes: frozenset[str]) -> str:
        code = self._signatures.get(classes)
        if code is None:
            code = self._signatures[classes] = chr(0x100 + len(self._signatures))
        return code

    def _classes(self, token: str) -> frozenset[str]:
        first = token[0]
        if first.isspace():
            return _PARAGRAPH if token.count("\n") > 1 else _SPACE
        if first.isdecimal():
            return self._number_classes(int(token), len(token)) if len(token) <= 4 else _NUMBER
        if not first.isalpha():
            return _DASH if first in _DASHES else frozenset(("=" + first,)) & self._literals | _OTHER
        lower = token.lower()
        classes = self._any.get(lower, _NONE)
        if first.isupper():
            classes |= self._capital.get(lower, _NONE)
        if "=" + lower in self._literals:
            classes |= {"=" + lower}
        shapes = {name for name, shape in self.shapes.items() if shape.fullmatch(token)}
        return classes | shapes | _WORD

    def _number_classes(self, number: int, digits: int) -> frozenset[str]:
        found = {name for name, spec in self.numbers.items() if spec.holds(number, digits)}
        literal = f"={number:0{digits}d}"
        if literal in self._literals:
            found.add(literal)
        return frozenset(found) | _NUMBER

    def _reach(self) -> None:
        """Give a code to every signature that can occur, before any pattern is spelled in codes."""
        for classes in (_SPACE, _PARAGRAPH, _NUMBER, _WORD, _OTHER, _DASH):
            self._code(classes)
        for digits in range(1, 5):
            for number in range(10**digits):
                self._code(self._number_classes(number, digits))
        literals = {name[1:] for name in self._literals}
        for word in {*self._any, *self._capital, *(w for w in literals if w[0].isalpha())}:
            for spelling in (word, word.capitalize(), word.upper()):
                self._code(self._classes(spelling))
        for sign in literals:
            if not sign[0].isalnum():
                self._code(self._classes(sign))
        names = sorted(self.shapes)
        for bits in range(1 << len(names)):
            self._code(frozenset(n for i, n in enumerate(names) if bits >> i & 1) | _WORD)

    @cached_property
    def word_codes(self) -> frozenset[str]:
        """The codes of all tokens that are words."""
        return frozenset(code for classes, code in self._signatures.items() if "word" in classes)

    @cached_property
    def number_codes(self) -> frozenset[str]:
        """The codes of all tokens that are numbers."""
        return frozenset(code for classes, code in self._signatures.items() if "number" in classes)

    def codes_with(self, *names: str) -> frozenset[str]:
        """The codes of the tokens that belong to any of the classes."""
        return frozenset().union(*(self._codes_by_class.get(name, _NONE) for name in names))

    @cached_property
    def _codes_by_class(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for classes, code in self._signatures.items():
            for name in classes:
                found.setdefault(name, set()).add(code)
        return {name: frozenset(codes) for name, codes in found.items()}

    # --------------------------------------------------------------- patterns

    def _set(self, classes: Iterable[str]) -> str:
        codes = sorted(self.codes_with(*classes))
        return "[" + "".join(codes) + "]" if codes else "(?!)"

    def match(self, spelled: str, position: int) -> tuple[Variant, int] | None:
        """The longest variant that matches a spelled text at a position, and where it ends."""
        code = spelled[position]
        regex, variants = self._matchers.get(code) or self._matcher(code)
        found = regex.match(spelled, position)
        if not found:
            return None
        end = found.end()
        for variant in variants:
            if len(variant.classes) == end - position and self._alone_regex(variant).match(spelled, position):
                return variant, end
        return None

    def _matcher(self, code: str) -> tuple[re.Pattern[str], list[Variant]]:
        """The variants that can begin with a code, and one regular expression for all of them, made when first met."""
        variants = [v for v in self.variants if code in self.codes_with(*v.classes[0])]
        regex = re.compile("(?:" + "|".join(self._expression(v) for v in variants) + ")" if variants else "(?!)")
        self._matchers[code] = regex, variants
        return self._matchers[code]

    def _alone_regex(self, variant: Variant) -> re.Pattern[str]:
        key = id(variant)
        if key not in self._alone:
            self._alone[key] = re.compile(self._expression(variant))
        return self._alone[key]

    def _expression(self, variant: Variant) -> str:
        """A variant and its context as a regular expression over codes. What stands before is checked behind the
        first two tokens, so that most places fail on a set of codes, which is fast."""
        rule = variant.rule
        sets = ["."] + [self._set(classes) for classes in variant.classes[1:]]
        head = sets[:2]
        look = ""
        if rule.before:
            ways = (self._spell(v) + "".join(head) for v in _sequences(rule.before, self.parts))
            look += "(?:" + "|".join(f"(?<={way})" for way in ways) + ")"
        if rule.not_before:
            ways = (self._spell(v) + "".join(head) for v in _sequences(rule.not_before, self.parts))
            look += "".join(f"(?<!{way})" for way in ways)
        body = "".join(head) + look + "".join(sets[2:])
        if rule.after:
            body += "(?=" + "|".join(self._spell(v) for v in _sequences(rule.after, self.parts)) + ")"
        if rule.not_after:
            body += "(?!" + "|".join(self._spell(v) for v in _sequences(rule.not_after, self.parts)) + ")"
        return body

    def _spell(self, sequence: tuple[frozenset[str], ...]) -> str:
        return "".join(self._set(classes) for classes in sequence)

    def tense(self, text: str, sentence: tuple[int, int], start: int, end: int) -> str:
        """'past', 'future' or '': the tense of the verb form nearest to text[start:end] in its sentence.

        Verb forms are those of the language's [tense] lists, and in the past what ends as `regular` says.
        """
        past, future, regular = self._tense
        best, result = len(text), ""
        for match in _LETTERS.finditer(text, *sentence):
            distance = max(match.start() - end, start - match.end())
            if distance < 0 or distance >= best:
                continue
            word = match[0].lower()
            kind = "future" if word in future else "past" if word in past or regular.fullmatch(word) else ""
            if kind:
                best, result = distance, kind
        return result

    @cached_property
    def _tense(self) -> tuple[frozenset[str], frozenset[str], re.Pattern[str]]:
        lists = self.lists.get("tense", {})
        regular = re.compile(lists.get("regular", "(?!)"))
        return frozenset(lists.get("past", ())), frozenset(lists.get("future", ())), regular

    def slot_value(self, slot: Slot, token: str) -> str:
        """What a slot contributes to the rule's templates: the word's value, or the number as its class writes it."""
        lower = token.lower()
        for kind in slot.kinds:
            if token.isdecimal() and kind in self.numbers and self.numbers[kind].holds(int(token), len(token)):
                return self.numbers[kind].value(token)
            for table in (self.words, self.capitals):
                if lower in table.get(kind, {}):
                    return table[kind][lower]
        return lower


_NONE: frozenset[str] = frozenset()
_SPACE = frozenset({"space"})
_PARAGRAPH = frozenset({"paragraph"})
_NUMBER = frozenset({"number"})
_WORD = frozenset({"word"})
_OTHER = frozenset({"other"})
_DASH = frozenset({"-"})


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


def _expand(pattern: str, parts: dict[str, str]) -> list[_Reading]:
    """All fixed-length readings of a pattern. Raises RulesError for a pattern that cannot be read."""
    pieces = list(_PIECE.finditer(pattern))
    readings, position = _alternatives(pieces, 0, parts)
    if position != len(pieces):
        raise RulesError(f"pattern {pattern!r}: a ')' too many; check the brackets")
    return list(dict.fromkeys(readings))


def _alternatives(pieces: list[re.Match[str]], position: int, parts: dict[str, str]) -> tuple[list[_Reading], int]:
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
            options, position = _alternatives(pieces, position, parts)
            if position >= len(pieces) or pieces[position][4] != ")":
                raise RulesError("a '(' without its ')'; check the brackets")
            position += 1
        elif part:
            if part not in parts:
                raise RulesError(f"@{part} is not in [parts]; define it there")
            options = _expand(parts[part], parts)
        elif sign == " ":
            options = [((_SPACE, ""),)]
        elif sign == "~":
            options = [((frozenset({"space", "-"}), ""),)]
        elif kind:
            options = [((frozenset({kind}), slot or kind),)]
        else:
            options = [((frozenset({_literal(literal or sign)}), ""),)]
        if position < len(pieces) and pieces[position][4] == "?":
            options = [*options, ()]
            position += 1
        current = [head + tail for head in current for tail in options]
    return ways + current, position


def _variants(rule: Rule, parts: dict[str, str]) -> list[Variant]:
    try:
        readings = _merge(_expand(rule.pattern, parts))
    except RulesError as error:
        raise RulesError(f"rule {rule.name!r}: {error}") from error
    return [
        Variant(
            rule,
            tuple(classes for classes, _ in reading),
            tuple(Slot(name, i, tuple(sorted(classes))) for i, (classes, name) in enumerate(reading) if name),
        )
        for reading in readings
        if reading
    ]


def _merge(readings: list[_Reading]) -> list[_Reading]:
    """Join readings that differ in the classes of one token only, until none do: fewer variants, the same matches."""
    before = len(readings) + 1
    while len(readings) < before:
        before = len(readings)
        for position in range(max(map(len, readings), default=0)):
            readings = _merge_at(position, readings)
    return readings


def _merge_at(position: int, readings: list[_Reading]) -> list[_Reading]:
    shorter = [reading for reading in readings if len(reading) <= position]
    groups: dict[tuple[_Reading, str, _Reading], frozenset[str]] = {}
    for reading in readings:
        if len(reading) > position:
            classes, name = reading[position]
            key = (reading[:position], name, reading[position + 1 :])
            groups[key] = groups.get(key, frozenset()) | classes
    return [*shorter, *((*head, (classes, name), *tail) for (head, name, tail), classes in groups.items())]


def _sequences(pattern: str, parts: dict[str, str]) -> list[tuple[frozenset[str], ...]]:
    return [tuple(classes for classes, _ in reading) for reading in _expand(pattern, parts)]


def _classes_named(rules: Iterable[Rule], parts: dict[str, str]) -> set[str]:
    """Every class that a pattern or a context names."""
    patterns = {text for r in rules for text in (r.pattern, r.before, r.after, r.not_before, r.not_after) if text}
    return {
        name for text in patterns for sequence in _sequences(text, parts) for classes in sequence for name in classes
    }


# --------------------------------------------------------------------------- files


@cache
def load(language: str) -> Rules:
    """The compiled rules of a language ('en'), read once. Raises RulesError if there are none or they are wrong."""
    path = resources.files("timeline") / "rules" / f"{language}.toml"
    if not path.is_file():
        known = ", ".join(languages())
        raise RulesError(f"no rules for language {language!r}; known: {known}. Add timeline/rules/{language}.toml")
    try:
        return from_toml(path.read_text(encoding="utf-8"))
    except (RulesError, tomllib.TOMLDecodeError) as error:
        raise RulesError(f"timeline/rules/{language}.toml: {error}") from error


def languages() -> list[str]:
    """The languages there are rules for, as the names of the files in `timeline/rules`."""
    folder = resources.files("timeline") / "rules"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def from_toml(text: str) -> Rules:
    """Compile the rules written in a TOML text. Raises RulesError or tomllib.TOMLDecodeError."""
    data = tomllib.loads(text)
    words: dict[str, dict[str, str]] = {}
    capitals: dict[str, dict[str, str]] = {}
    for name, table in data.get("words", {}).items():
        entries = table if isinstance(table, dict) else {word: word for word in table}
        for word, value in entries.items():
            target = capitals if word[0].isupper() else words
            target.setdefault(name, {})[word.lower()] = str(value)
    numbers = {
        name: _Number(
            spec["from"],
            spec["to"],
            tuple(spec["digits"]),
            spec.get("step", 1),
            spec.get("add", 0),
            spec.get("pad", 0),
            spec.get("keep", 0),
        )
        for name, spec in data.get("numbers", {}).items()
    }
    shapes = {name: re.compile(shape) for name, shape in data.get("shapes", {}).items()}
    return Rules(
        data["language"],
        words,
        capitals,
        numbers,
        shapes,
        data.get("parts", {}),
        tuple(_rule(entry) for entry in data.get("rule", [])),
        {k: v for k, v in data.items() if k not in ("language", "words", "numbers", "shapes", "parts", "rule")},
    )


def _rule(entry: dict[str, Any]) -> Rule:
    known = {f.name for f in fields(Rule)}
    unknown = set(entry) - known
    if unknown or "name" not in entry or "pattern" not in entry:
        wrong = ", ".join(sorted(unknown)) or "no name or no pattern"
        raise RulesError(f"rule {entry.get('name', '?')!r}: {wrong}; a rule has {', '.join(sorted(known))}")
    rule: dict[str, Any] = {**entry}
    for key in ("examples", "counterexamples"):
        rule[key] = tuple(entry.get(key, ()))
    return Rule(**rule)
