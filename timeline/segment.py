"""Cut a text into sentences, as spans: where a quote begins and ends.

A sentence ends at a full stop, question or exclamation mark followed by white space and something that can begin a
sentence, unless the full stop belongs to an abbreviation or an initial; and at every paragraph break. A single line
end is a break unless the text was broken into lines of a fixed width; there, only a short line ends a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from .rules import Rules

_BREAK = re.compile(
    r"(?P<paragraph>(?>\r\n|\r|\n)[ \t\f\v]*(?>\r\n|\r|\n)\s*)"
    r"|(?P<line>(?>\r\n|\r|\n)[ \t]*)"
    r"|(?<![.!?…。！？])(?P<stop>[.!?…。！？]++[\"'”’»)\]」』）】]*+)"
    r"(?P<space>[ \t\xa0\u3000]++|(?<=[。！？])|(?<=[。！？][”’」』）】])|(?<=[.!?]”)(?=[A-Z“]))(?=(?P<next>[^\s]))"
)
_WIDE, _NARROW = 40, 25  # characters of a line that was broken at a width
_LINE_ENDS = '.!?:"”’。！？：…」』）'
_SIGN = re.compile(r"[\r\n.!?…。！？]")  # what a break begins with; to look for these first is six times as fast
_FIRST_WORD = re.compile(r"[\"'“‘«„(\[]*([^\W\d_]{2,}|[^\W\d_](?!\.))")  # a lone letter with a full stop is an initial
_LAST_WORD = re.compile(r"(?:[^\W\d_]\.)*([^\W\d_]+|\d+)$")


@dataclass(frozen=True, slots=True)
class _Words:
    """The language's lists: `titles`, after which a full stop ends no sentence; `abbreviations`, after which it ends
    one only before one of the `starters`."""

    titles: frozenset[str]
    abbreviations: frozenset[str]
    starters: frozenset[str]
    numbered: frozenset[str]


def sentences(text: str, rules: Rules) -> list[tuple[int, int]]:
    """The sentence spans of a text, in order; white space around a sentence belongs to none. Linear time."""
    width = wrap_width(text)
    words = _Words(
        *(frozenset(rules.lists.get(name, ())) for name in ("titles", "abbreviations", "starters", "numbered"))
    )
    spans: list[tuple[int, int]] = []
    start = passed = 0
    for sign in _SIGN.finditer(text):
        match = _BREAK.match(text, sign.start()) if sign.start() >= passed else None
        if match is None:
            continue
        passed = match.end()
        if match["line"] and width and not _ends_line(text, match.start(), width, words):
            continue
        if match["stop"] and not _ends_sentence(text, match, words):
            continue
        end = match.end("stop") if match["stop"] else match.start()
        _add(spans, text, start, end)
        start = match.end()
    _add(spans, text, start, len(text))
    return spans


def wrap_width(text: str) -> int:
    """The width to which a text was broken into lines, so that a line end means nothing; 0 if it was not.

    Judged by the first lines: it was if most lines with another line of text right after them are long and end
    without a stop; shorter lines count if the next one goes on with a small letter.
    """
    lines = text[:40_000].split("\n")[:400]
    pairs = [(a, b.lstrip()) for a, b in pairwise(lines) if a.strip() and b.strip()]
    inner = [a for a, _ in pairs]
    open_ended = [
        line
        for line, following in pairs
        if line.rstrip()[-1] not in _LINE_ENDS and len(line) >= (_NARROW if following[0].islower() else _WIDE)
    ]
    begin = sum(following[0].isupper() or not following[0].isalpha() for _, following in pairs)
    if 3 * begin > 2 * len(pairs):  # the lines are entries of a list, which each begin anew
        return 0
    return max(map(len, open_ended)) if len(inner) >= 2 and 2 * len(open_ended) > len(inner) else 0


def _ends_line(text: str, position: int, width: int, words: _Words) -> bool:
    """In a text broken to a width: does the line that ends here end a sentence, or stop short of the width?"""
    line_start = text.rfind("\n", 0, position) + 1
    if position - line_start < 0.6 * width:
        return True
    before = text[max(line_start, position - 40) : position].rstrip("\"'”’)」』）】")
    if before.endswith(("。", "！", "？")):
        return True
    if not before.endswith((".", "!", "?")):
        return False
    word = _LAST_WORD.search(before.rstrip("."))
    return not (word and word[1].lower() in words.titles)


def _ends_sentence(text: str, match: re.Match[str], words: _Words) -> bool:
    following = match["next"]
    if following.islower() or following in ",;:)":
        return False
    if following == "." and text[match.end() + 1 : match.end() + 2].strip() in ("", "."):
        return False  # on the way through ". . ."
    if match["stop"][0] != "." or match["stop"].startswith(".."):
        return True
    start = match.start()
    word = _LAST_WORD.search(text, max(0, start - 30), start)
    if not word:
        return True
    last = word[1].lower()
    if last in words.titles or word[0].lower() in words.titles:
        return False
    letter_before = word.start() > 0 and text[word.start() - 1].isalnum()  # the s of "2010s" is no initial
    initial = len(last) == 1 and last.isalpha() and not letter_before
    if initial and word[0] == word[1] and word[1].isupper():
        # an initial ("J. Smith", "Harry S. Truman"), or the end of "World War I. It began in 1914."
        numbered = _LAST_WORD.search(text[max(0, start - 30) : word.start()].rstrip())
        if word[0] in "IVX" and numbered and numbered[1].lower() in words.numbered:
            return True
        after_word = text[max(0, word.start() - 2) : word.start()].rstrip(" \t\xa0")[-1:].isalnum()
        return after_word and _starts_sentence(text, match.end(), words.starters)
    if last in words.abbreviations or initial:
        return following.isupper() and _starts_sentence(text, match.end(), words.starters)
    return True


def _starts_sentence(text: str, position: int, starters: frozenset[str]) -> bool:
    """After an abbreviation or letter: does the next word begin a sentence more often than go on ("U.S. The ...")?"""
    word = _FIRST_WORD.match(text, position, position + 30)
    return bool(word and word[1].lower() in starters)


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and (text[start].isspace() or text[start] == "\ufeff"):  # a byte order mark is no word
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))
