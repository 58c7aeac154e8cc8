"""Titles and words: cutting a phrase of a text to a headline, and the words by which tellings are compared.

Everything here is cutting, nothing is rephrased: every word of a title stands in the text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from .rules import UNSPACED, Rules

TITLE_LENGTH = 80  # characters
_ENDING = 24  # characters of an end that a title may not have
_REACH = 300  # characters around an anniversary in which it says of what
_SUBJECT = 48  # characters of a title that its subject may have


def fitting(title: str, rules: Rules) -> str:
    """At most 80 characters, cut before a phrase, so that what is left is whole."""
    if len(title) <= TITLE_LENGTH:
        return title
    cuts = [m.start() for m in rules.pattern("clauses", "cuts").finditer(title) if 24 <= m.start() <= TITLE_LENGTH]
    cut = max(cuts) if cuts else title.rfind(" ", 0, TITLE_LENGTH + 1)
    return _paired(_trimmed(title[: cut if cut > 0 else TITLE_LENGTH], rules))


@lru_cache(maxsize=1024)
def tidy(text: str, rules: Rules) -> str:
    text = re.sub(r"\s+", " ", re.sub(r"(?<=\w) \([^()]*\)", "", text)).strip(" ,;:–—-.()“”\"'")
    previous = None
    while previous != text:
        previous = text
        text = rules.pattern("clauses", "openers").sub("", text).strip(" ,;:–—-")
    text = re.sub(r"\s+([,.;:!?])", r"\1", re.sub(r"\(\s*\)", "", text))
    text = re.sub(r"\s+", " ", _paired(_trimmed(text, rules)))
    return text[:1].upper() + text[1:]


def _paired(text: str) -> str:
    """Without quotation marks and brackets of which the other one is not there."""
    for pair in ("“”", "()", "«»", "[]"):
        if text.count(pair[0]) != text.count(pair[1]):
            text = text.replace(pair[0], "").replace(pair[1], "")
    return text.replace('"', "") if text.count('"') % 2 else text


def _trimmed(text: str, rules: Rules) -> str:
    """Without what a title does not end with: function words, open brackets."""
    danglers = rules.pattern("clauses", "danglers")
    previous = None
    while previous != text:
        previous = text
        text = (text[:-_ENDING] + danglers.sub("", text[-_ENDING:])).strip(" ,;:–—-“(")
    return text


def shortened(subject: str, rules: Rules) -> str:
    """A long subject without what hangs on it: appositions, relative clauses, distant prepositional phrases."""
    if len(subject) <= _SUBJECT:
        return subject
    head = re.split(r",\s|\s[(–—]|\s(?:who|which|that)\s", subject, maxsplit=1)[0]
    if len(head) > _SUBJECT:
        cuts = [m.start() for m in rules.pattern("clauses", "cuts").finditer(head) if 12 <= m.start() <= _SUBJECT]
        head = head[: max(cuts)] if cuts else head
    return head


def lowered(phrase: str, rules: Rules) -> str:
    """A noun phrase within a title: its determiner begins with no capital."""
    first = phrase.partition(" ")[0]
    return lower(phrase) if rules.word_classes[first.lower()] == "d" else phrase


def lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def owned(title: str, owner: str, rules: Rules) -> str:
    """A title that begins with "its" or "their", with the owner's name in the place of that."""
    first, _, rest = title.partition(" ")
    if not owner or not rest or not rules.pattern("telling", "owners").fullmatch(first):
        return title
    title = fitting(f"{owner}{'’' if owner.endswith('s') else '’s'} {rest}", rules)
    return title[:1].upper() + title[1:]


def of_what(sentence: str, date: tuple[int, int], rules: Rules) -> str:
    """What an anniversary is the anniversary of, "" if it does not say: "the 20th anniversary of X", "X, whose ..."."""
    after = rules.pattern("clauses", "anniversary_of").search(sentence[date[0] : date[0] + _REACH])
    before = rules.pattern("clauses", "whose_anniversary").search(sentence[max(0, date[0] - _REACH) : date[0]])
    named = after or before
    return fitting(tidy(named["what"], rules), rules) if named else ""


def names_happening(phrase: str, rules: Rules) -> bool:
    words = phrase.split()
    return bool(words) and words[-1].lower().strip("'’\"“”") in listed(rules, "telling", "happenings")


def happenings_in(text: str, rules: Rules) -> bool:
    """Does a text have a noun that names a happening ("clashes on the Ussuri")?"""
    return not listed(rules, "telling", "happenings").isdisjoint(re.findall(r"[^\W\d_]+", text.lower()))


def listed(rules: Rules, table: str, key: str) -> frozenset[str]:
    return _frozen(tuple((rules.lists.get(table, {}) if table else rules.lists).get(key, ())))


@lru_cache(maxsize=32)
def _frozen(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(words)


_CONTENT = re.compile(r"[^\W\d_]{2,}|\d[\d.,]*\d")
_LETTERS = 3  # letters of a word that says something, where words are written apart


@lru_cache(maxsize=256)
def content_words(text: str, rules: Rules) -> frozenset[str]:
    """The words that say what a passage is about: lower case, endings cut, function words and dates left out.

    Of a language that writes its words without spaces, the pairs of signs (Chinese).
    """
    stop = listed(rules, "", "stop_words")
    endings = tuple(rules.lists.get("endings", ()))
    words: set[str] = set()
    for match in _CONTENT.finditer(text):
        word = match[0].lower()
        if UNSPACED.match(word):
            words.update(a + b for a, b in pairwise(word))
        elif word not in stop and (len(word) >= _LETTERS or word[0].isdigit()):
            words.add(_stem(word, endings))
    return frozenset(words - stop)


def figures(text: str) -> frozenset[str]:
    """The numbers of two digits and more in a text, as written: they tell happenings apart."""
    return frozenset(match[0] for match in _CONTENT.finditer(text) if match[0][0].isdigit())


@lru_cache(maxsize=65536)
def _stem(word: str, endings: tuple[str, ...]) -> str:
    """A word without its ending, so that four letters are left."""
    fitting_ones = (ending for ending in endings if word.endswith(ending) and len(word) - len(ending) > _LETTERS)
    return word[: len(word) - len(next(fitting_ones, ""))]
