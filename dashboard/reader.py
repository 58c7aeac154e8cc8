"""The full text of a source with its sentences marked, as components: never parsed as HTML or Markdown.

Whatever a document contains, it can only ever be shown as letters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dash import html

WHOLE = 200_000  # characters up to which a text is shown as a whole
AROUND = 30_000  # characters shown on either side of the sentence in longer texts
SENTENCE = "sentence"  # the id of the marked sentence, for the script that scrolls to it

Children = list[Any]


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch of the text to mark. `href` opens its event; the selected sentence has none."""

    start: int
    end: int
    href: str = ""
    title: str = ""


def read(text: str, sentence: Marked, date: tuple[int, int], others: Sequence[Marked]) -> Children:
    """The text as components: `sentence` in one <mark>, its date stronger, the sentences of other events as links."""
    first, last = excerpt(len(text), sentence)
    parts: Children = []
    at = first
    for mark in _apart(sentence, others):
        if mark.start < at or mark.end > last:
            continue
        parts += [text[at : mark.start]] if mark.start > at else []
        parts.append(_sentence(text, mark, date) if mark is sentence else _other(text, mark))
        at = mark.end
    parts += [text[at:last]] if last > at else []
    return [*_note(first, last, len(text)), *parts]


def excerpt(length: int, sentence: Marked) -> tuple[int, int]:
    """Which part of a text of this length is shown."""
    if length <= WHOLE:
        return 0, length
    return max(sentence.start - AROUND, 0), min(sentence.end + AROUND, length)


def is_there(text: str, start: int, end: int, quote: str) -> bool:
    """Is the quote where the table says it is?"""
    return 0 <= start < end and text[start:end] == quote


def _apart(sentence: Marked, others: Sequence[Marked]) -> list[Marked]:
    """The marks in the order of the text, without those that run into the sentence or into one before."""
    kept: list[Marked] = []
    for mark in sorted(others, key=lambda m: (m.start, -m.end)):
        clear_of_sentence = mark.end <= sentence.start or mark.start >= sentence.end
        if clear_of_sentence and mark.start < mark.end and (not kept or mark.start >= kept[-1].end):
            kept.append(mark)
    return sorted([*kept, sentence], key=lambda m: m.start)


def _sentence(text: str, mark: Marked, date: tuple[int, int]) -> Any:
    start, end = max(date[0], mark.start), min(date[1], mark.end)
    if start >= end:
        return html.Mark(text[mark.start : mark.end], id=SENTENCE, tabIndex=-1)
    inside = [text[mark.start : start], html.Strong(text[start:end]), text[end : mark.end]]
    return html.Mark([part for part in inside if part], id=SENTENCE, tabIndex=-1)


def _other(text: str, mark: Marked) -> Any:
    return html.A(html.Mark(text[mark.start : mark.end]), href=mark.href, title=mark.title, className="other")


def _note(first: int, last: int, length: int) -> Children:
    if (first, last) == (0, length):
        return []
    return [html.P(f"Characters {first:,} to {last:,} of {length:,}.", className="note")]
