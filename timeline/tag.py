"""Find where a text says when: token by token, in one scan, with the rules of its language.

What a stretch means is not decided here; see `resolve.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from .rules import TOKEN, Rule, Rules

_CHUNK = 1 << 17  # characters tokenised at a time, so that memory does not grow with the source

_LONGEST_UNIT = 5  # letters; a longer word right behind a number ("in 2013though") is a lost space or dash, no unit


@dataclass(frozen=True, slots=True)
class Found:
    """One expression: its span in the text, the rule that found it, and what the rule's slots hold."""

    start: int
    end: int
    rule: Rule
    slots: dict[str, str]


def tag(text: str, rules: Rules) -> Iterator[Found]:
    """The time expressions of a text, in order. Linear in the length of the text.

    None overlaps another, but for those that only imply a date (`rule.timex` is false): the dates written inside
    them follow on their own.
    """
    for start, end in _chunks(text):
        yield from _tag_chunk(text[start:end], start, rules)


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    """Cut a long text behind white space, where no expression is cut in two: at a line end if there is one near."""
    start = 0
    while len(text) - start > _CHUNK:
        limit = start + _CHUNK
        cut = text.rfind("\n", start + _CHUNK // 2, limit) + 1 or text.rfind(" ", start, limit) + 1 or limit
        yield start, cut
        start = cut
    if start < len(text):
        yield start, len(text)


def _tag_chunk(text: str, offset: int, rules: Rules) -> Iterator[Found]:
    tokens = TOKEN.findall(text)
    spelled = "".join(map(rules.codes.__getitem__, tokens))
    places: list[int] = []
    position = implied_until = 0
    while start := rules.starts.search(spelled, position):
        first = start.start()
        position = first + 1
        match = rules.match(spelled, first)
        if match is None or not _stands_alone(tokens, spelled, first, match[1], rules):
            continue
        variant, last = match
        if not variant.rule.timex:  # an implied date hides no written one, but it is found once
            if first < implied_until:
                continue
            implied_until = last
        places = places or list(accumulate(map(len, tokens), initial=offset))
        slots = {slot.name: rules.slot_value(slot, tokens[first + slot.offset]) for slot in variant.slots}
        yield Found(places[first], places[last], variant.rule, slots)
        if variant.rule.timex:  # an implied date hides no written one
            position = last


def _stands_alone(tokens: list[str], spelled: str, first: int, last: int, rules: Rules) -> bool:
    """Is tokens[first:last] a whole expression, and not a piece of a number, a name or a price?"""
    words, numbers = rules.word_codes, rules.number_codes
    before = spelled[first - 1] if first else ""
    if spelled[first] in numbers and before:
        sign = tokens[first - 1]
        if before in words or before in numbers or sign in "$€£¥₽#+=_@\\":
            return False
        behind = spelled[first - 2] if first > 1 else ""
        if sign in ".,/:" and behind in numbers:
            return False
        if sign in "-\u2010\u2011" and behind in words and tokens[first - 2].lower() not in rules.lists["hyphen_lead"]:
            return False
    elif spelled[first] in words and before and tokens[first - 1] == "-" and first > 1 and spelled[first - 2] in words:
        return tokens[first - 2].lower() in rules.lists["hyphen_lead"]
    after = spelled[last] if last < len(spelled) else ""
    if after and spelled[last - 1] in numbers:
        sign = tokens[last]
        if sign in "%°_@" or (after in words and len(sign) < _LONGEST_UNIT):
            return False
        beyond = spelled[last + 1] if last + 1 < len(spelled) else ""
        if sign in ".,:" and beyond in numbers:
            return False
    return not (after and after in numbers)
