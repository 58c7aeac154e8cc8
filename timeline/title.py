"""The words that tell one happening: the part of a sentence that a date belongs to, and a title cut from it.

Everything here is cutting, nothing is rephrased: every word of a title stands in the sentence. Where to cut is data,
the table [clauses] of the language's rules file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from .rules import Rules

TITLE_LENGTH = 80  # characters
_REACH = 300  # characters around an anniversary in which it says of what
_SHORTEST = 12  # characters; less tells nothing


def clause(sentence: str, start: int, end: int, rules: Rules) -> tuple[int, int]:
    """The part of a sentence that tells what the date at [start:end] dates: between the clause borders around it.

    An opening adverbial ("In 1956,") belongs to what follows it, a closing one to what stands before.
    """
    when = rules.pattern("ranges", "until").search(sentence[:start]) and rules.pattern("not_events", "when").match(
        sentence[end:]
    )
    if when:  # "until 2018, when X": the date dates X
        start = end = end + when.end()
    borders = [m.span() for m in rules.pattern("clauses", "borders").finditer(sentence)]
    borders = [(a, b) for a, b in borders if b <= start or a >= end]
    left = start if when else max((b for a, b in borders if b <= start), default=0)
    right = min((a for a, b in borders if a >= end), default=len(sentence))
    if when:
        return left, right
    if (
        left
        and rules.pattern("clauses", "tie").fullmatch(sentence[left:start])
        and rules.pattern("clauses", "closed").match(sentence[end:])
    ):
        return max((b for a, b in borders if b < left), default=0), end  # ", in 2013," closes what stands before it
    if len(sentence[left:start].split()) + len(sentence[end:right].split()) >= 4:
        return left, right
    if right < len(sentence):
        return left, min((a for a, b in borders if a > right), default=len(sentence))
    return max((b for a, b in borders if b < left), default=0), right


def headline(sentence: str, part: tuple[int, int], date: tuple[int, int], rule: str, rules: Rules) -> str:
    """A title of at most 80 characters from the words of the sentence: the event's part, without its date."""
    if rule.startswith("anniversary"):
        named = _of_what(sentence, date, rules)
        if named:
            return _shortened(named, rules)
    before = rules.pattern("clauses", "lead_to_date").sub("", sentence[part[0] : date[0]]).rstrip()
    after = sentence[max(part[0], date[1]) : part[1]].lstrip(" ,")
    text = before + " " + after
    if len(_tidy(text, rules).split()) < 3:
        before, after = sentence[: date[0]].rstrip(), sentence[date[1] :].lstrip(" ,")
        text = before + " " + after
    whole = _tidy(text, rules)
    return whole if len(whole) <= TITLE_LENGTH else _phrase_around(text, len(before), rules)


def _phrase_around(text: str, place: int, rules: Rules) -> str:
    """The stretch of a long text, between phrase borders, that best tells what happened at `place`, in 80 characters.

    Preferred, in this order: it holds the words at the place; it has a verb; it begins where the text begins (with
    its subject); it is long.
    """
    starts = sorted({0, *(m.start() for m in rules.pattern("clauses", "starts").finditer(text))})
    ends = sorted({len(text), *(m.start() for m in rules.pattern("clauses", "cuts").finditer(text))})
    held, title = _best_phrase(text, starts, ends, place, rules)
    if not held:  # no clause of title length tells it: begin at any phrase border
        held, inner = _best_phrase(text, ends, ends, place, rules)
        title = inner if held else title
    return title or _shortened(_tidy(text, rules), rules)


def _best_phrase(text: str, starts: Sequence[int], ends: Sequence[int], place: int, rules: Rules) -> tuple[bool, str]:
    """The best title between two of the borders, and whether it holds the place; empty if none has the right length."""
    verbs = [m.start() for m in rules.pattern("clauses", "verbs").finditer(text)]
    ranked = []
    for start in starts:
        for end in ends:
            if _SHORTEST <= end - start <= TITLE_LENGTH + 20:  # some of it may go when it is tidied
                score = any(start <= verb < end for verb in verbs) + 0.8 * (start == 0)
                score += 0.5 * min(end - start, TITLE_LENGTH) / TITLE_LENGTH + 0.4 * bool(figures(text[start:end]))
                ranked.append((_holds(start, end, place, text), score, -start, end))
    for held, _, start, end in sorted(ranked, reverse=True):
        title = _tidy(text[-start:end], rules)
        if _SHORTEST <= len(title) <= TITLE_LENGTH:
            return held, title
    return False, ""


def _holds(start: int, end: int, place: int, text: str) -> bool:
    """Does text[start:end] hold the words that the date at `place` belongs to: those before it, if there are any?"""
    return start < place <= end if len(text[:place].split()) > 1 else start <= place < end


def _of_what(sentence: str, date: tuple[int, int], rules: Rules) -> str:
    """What an anniversary is the anniversary of: "the 20th anniversary of X", "X, whose 70th anniversary"."""
    after = rules.pattern("clauses", "anniversary_of").search(sentence[date[0] : date[0] + _REACH])
    if after:
        return _tidy(after["what"], rules)
    before = rules.pattern("clauses", "whose_anniversary").search(sentence[max(0, date[0] - _REACH) : date[0]])
    return _tidy(before["what"], rules) if before else ""


def _tidy(text: str, rules: Rules) -> str:
    text = re.sub(r"\s+", " ", text).strip(" ,;:–—-.()“”\"'")
    previous = None
    while previous != text:
        previous = text
        text = rules.pattern("clauses", "openers").sub("", text).strip(" ,;:–—-")
    text = re.sub(r"\s+([,.;:!?])", r"\1", re.sub(r"\(\s*\)", "", text))
    text = _trimmed(text, rules)
    if text.count("“") != text.count("”"):
        text = text.replace("“", "").replace("”", "")
    if text.count("(") != text.count(")"):
        text = text.replace("(", "").replace(")", "")
    text = re.sub(r"\s+", " ", text)
    return text[:1].upper() + text[1:]


def _shortened(text: str, rules: Rules) -> str:
    """At most 80 characters, cut at the last clause border, comma or preposition that leaves a whole phrase."""
    if len(text) <= TITLE_LENGTH:
        return text
    cuts = [m.start() for m in rules.pattern("clauses", "cuts").finditer(text) if 24 <= m.start() <= TITLE_LENGTH]
    cut = max(cuts) if cuts else text.rfind(" ", 0, TITLE_LENGTH + 1)
    return _trimmed(text[: cut if cut > 0 else TITLE_LENGTH], rules)


def _trimmed(text: str, rules: Rules) -> str:
    """Without what a title does not end with: function words, open brackets."""
    previous = None
    while previous != text:
        previous = text
        text = rules.pattern("clauses", "danglers").sub("", text).strip(" ,;:–—-“(")
    return text


_CONTENT = re.compile(r"[^\W\d_]{3,}|\d[\d.,]*\d")


def content_words(text: str, rules: Rules) -> frozenset[str]:
    """The words that say what a passage is about: lower case, endings cut, function words and dates left out."""
    stop = _stop_words(tuple(rules.lists.get("stop_words", ())))
    return frozenset(_stem(w) for w in (m[0].lower() for m in _CONTENT.finditer(text)) if w not in stop)


def figures(text: str) -> frozenset[str]:
    """The numbers of two digits and more in a text, as written: they tell happenings apart."""
    return frozenset(m[0] for m in _CONTENT.finditer(text) if m[0][0].isdigit())


@lru_cache(maxsize=8)
def _stop_words(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(words)


def _stem(word: str) -> str:
    for ending in ("ing", "ers", "ed", "er", "es", "al", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
