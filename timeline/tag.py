"""Find where a text says when: token by token, in one scan, with the rules of its language.

What a stretch means is not decided here; see `resolve.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from .rules import STARTS, UNSPACED, Rule, Rules, Variant

_CHUNK = 1 << 17  # characters tokenised at a time, so that memory does not grow with the source

_OVERLAP = 200  # characters that two chunks share if no line end parts them; more than any expression has
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
    start = done = implied = 0
    while start < len(text):
        end = _chunk_end(text, start)
        safe = end if end == len(text) or text[end - 1] == "\n" else end - _OVERLAP
        for found in _tag_chunk(text[start:end], start, rules):
            if found.end > safe or found.start < (done if found.rule.timex else implied):
                continue
            if found.rule.timex:
                done = found.end
            else:
                implied = found.end
            yield found
        start = end if safe == end else max(start + 1, text.rfind(" ", start, safe - _OVERLAP) + 1 or safe - _OVERLAP)


def _chunk_end(text: str, start: int) -> int:
    """Where to cut a long text: behind a line if there is an end near, else anywhere and the next chunk overlaps."""
    limit = start + _CHUNK
    if limit >= len(text):
        return len(text)
    return text.rfind("\n", start + _CHUNK // 2, limit) + 1 or limit


def _tag_chunk(text: str, offset: int, rules: Rules) -> Iterator[Found]:
    tokens = rules.token.findall(text)
    spelled = "".join(map(rules.codes.__getitem__, tokens))
    places: list[int] = []
    position = implied_until = 0
    for start in STARTS.finditer(spelled):
        first = start.start()
        if first < position:
            continue
        match = rules.match(spelled, first)
        if match is None or not _stands_alone(tokens, first, match[1], match[0].rule, rules):
            continue
        places = places or list(accumulate(map(len, tokens), initial=offset))
        if not match[0].rule.timex:
            if first >= implied_until:  # found once, and it hides no date that is written inside it
                implied_until = match[1]
                yield _found(match, first, tokens, places, rules)
            match = rules.match(spelled, first, written=True)
            if match is None or not _stands_alone(tokens, first, match[1], match[0].rule, rules):
                continue
        yield _found(match, first, tokens, places, rules)
        position = match[1]


def _found(match: tuple[Variant, int], first: int, tokens: list[str], places: list[int], rules: Rules) -> Found:
    variant, last = match
    slots = {name: rules.slot_value(kind, tokens[first + offset]) for name, offset, kind in variant.slots}
    return Found(places[first], places[last], variant.rule, slots)


def _stands_alone(tokens: list[str], first: int, last: int, rule: Rule, rules: Rules) -> bool:
    """Is tokens[first:last] a whole expression, and not a piece of a number, a name or a price?

    A rule that itself says which hyphen stands before its expressions is not asked about that.
    """
    before = tokens[first - 1] if first else " "
    behind = tokens[first - 2] if first > 1 else " "
    if before in "-\u2010\u2011\u2013" and "-" in rule.before:
        before = behind = " "
    if tokens[first].isdecimal() and (
        (before.isalnum() and not UNSPACED.match(before))
        or before in "$€£¥₽#+=_@\\"
        or (before in ".,:" and behind.isdecimal())
        or (before == "/" and len(behind) != 4)
        or (before == "-" and len(behind) != 4 and behind.isdecimal() and not any(map(str.isalpha, tokens[first:last])))
    ):
        return False
    if (
        before in "-\u2010\u2011"
        and behind.isalpha()
        and not (behind.lower() in rules.lists.get("hyphen_lead", ()) or STARTS.match(rules.codes[behind]))
    ):
        return False
    after = tokens[last] if last < len(tokens) else " "
    beyond = tokens[last + 1] if last + 1 < len(tokens) else " "
    if UNSPACED.match(tokens[last - 1]):
        return True
    if not tokens[last - 1].isdecimal():
        return not after.isdecimal()
    if after in "%°_@+" or (after.isalpha() and len(after) < _LONGEST_UNIT and not UNSPACED.match(after)):
        return False
    return not (after in ".,:" and beyond.isdecimal())
