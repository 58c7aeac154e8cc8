"""Dates as people type them: EDTF, or words that the rules of the library read."""

from __future__ import annotations

import re

from .build import timexes
from .edtf import EdtfError, parse
from .model import Source, TimelineError

EXAMPLES = "1969-03-02, 195X, “March 1969” or “between 1967 and 1969”"
_DATE = "\x00"  # stands for a date that was found
_FORMS = {  # what stands around the dates -> EDTF
    r"(?:in|on|the|at)?\s*\0": "{0}",
    r"(?:from|between)?\s*\0\s*(?:to|and|until|till|-|–|—)\s*\0": "{0}/{1}",
    r"(?:since|from)\s*\0|\0\s*(?:on|onwards)": "{0}/..",
    r"(?:until|till|up to)\s*\0": "../{0}",
}


def understood(text: str, published: str = "") -> str:
    """The EDTF date that a text gives; empty for an empty text.

    `published`: the date that "last year" is read against. Raises TimelineError for what is no date.

    >>> understood("1967~/1969~"), understood("between 1967 and 1969"), understood("since March 2014")
    ('1967~/1969~', '1967/1969', '2014-03/..')
    """
    text = " ".join(text.split())
    if not text:
        return ""
    try:
        return str(parse(text))
    except EdtfError as error:
        found = "" if _is_month(text) else _in_words(text, published)
        if not found:
            what = f"{error}; or write it in words" if _is_code(text) else f"“{text[:60]}” is not read as a date; write"
            raise TimelineError(f"{what}: {EXAMPLES}") from None
    return found


def _in_words(text: str, published: str) -> str:
    """The date in some words, empty if there is none, or more than a date.

    Raises TimelineError if the words say more than can be read for certain.
    """
    found = timexes(Source("typed", text, published=published, language="en"))
    for timex in found:
        if timex.reason:
            raise TimelineError(f"“{timex.text[:60]}”: {timex.reason}; write for example {EXAMPLES}")
    around, at = "", 0
    for timex in found:
        around += text[at : timex.start] + _DATE
        at = timex.end
    around += text[at:]
    for form, edtf in _FORMS.items():
        if re.fullmatch(form, around.strip(), re.IGNORECASE):
            return _sound(edtf.format(*(timex.edtf for timex in found)))
    return ""


def _sound(edtf: str) -> str:
    """A date that was put together from others, empty if it is none."""
    try:
        return str(parse(edtf)) if edtf else ""
    except EdtfError:
        return ""


def _is_month(text: str) -> bool:
    """Is it meant as a year and a month? "1914-18" is two years, and "1969-13" is a slip."""
    match = re.fullmatch(r"\d\d(\d\d)-(\d\d)", text)
    return match is not None and match[2] <= match[1]


def _is_code(text: str) -> bool:
    """Is it meant as EDTF rather than as words?"""
    return re.fullmatch(r"[\d\s/.~?%XYQ\[\],-]+", text) is not None
