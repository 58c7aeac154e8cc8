"""When was a document published? What it states itself, or else its file name; never a guess."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from . import edtf
from .edtf import EdtfError
from .model import Source
from .rules import Rules

_HEAD_LINES = 15  # lines with text in which a page states its date
_LABEL = re.compile(
    r"^(?:[-*#>\s]*)(?:\*\*)?(?P<label>published|posted|updated|date|dated|issued|first published)(?:\*\*)?\s*"
    r"(?:on|at)?\s*[:=]?\s*",
    re.IGNORECASE,
)
_REST = re.compile(
    r"[\s,|·•–—-]*(?:\d{1,2}:\d{2}.*|print|by\s.*|share|\d+ min(?:ute)?s? read)?[\s,.|]*$", re.IGNORECASE
)
_FILE_DATE = re.compile(r"(?<!\d)((?:1[5-9]|20)\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")


def date_source(source: Source, rules: Rules, head_dates: dict[int, tuple[int, str]]) -> Source:
    """The source with its publication date, if it had none and states one.

    `head_dates`: start -> (end, EDTF) of the full dates in the head of the text. Basis "stated" for a line that is a
    date (with at most a label such as "Published:" and a time), "file name" for a date in the file's name; otherwise
    the source stays undated. Photo captions and dates in running text do not count.
    """
    if source.published:
        return source
    stated = _stated(source.text, head_dates)
    if stated:
        return replace(source, published=stated, published_basis="stated")
    named = _FILE_DATE.search(source.id)
    if named:
        try:
            return replace(source, published=str(edtf.parse("-".join(named.groups()))), published_basis="file name")
        except EdtfError:
            return source
    return source


def head(text: str) -> str:
    """The stretch of a text in which it may state its date: its first lines with text."""
    lines = list(islice(re.finditer(r"[^\n]*\S[^\n]*", text[:8000]), _HEAD_LINES))
    return text[: lines[-1].end()] if lines else ""


def _stated(text: str, head_dates: dict[int, tuple[int, str]]) -> str:
    for start, (end, date) in sorted(head_dates.items()):
        line_start = text.rfind("\n", 0, start) + 1
        line_end = text.find("\n", end)
        before = text[line_start:start]
        after = text[end : line_end if line_end >= 0 else len(text)]
        label = _LABEL.match(before)
        opened = before.strip(" \t\"'*#>|") == "" or (label is not None and not before[label.end() :].strip(" \"'*"))
        if opened and _REST.fullmatch(after.strip("\"'* ")):
            return date
    return ""
