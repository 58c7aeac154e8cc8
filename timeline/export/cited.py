"""The sources for reference managers: BibTeX and CSL-JSON."""

from __future__ import annotations

import re
from typing import Any

from ..edtf import civil, parse
from ..table import Row, Timeline
from .common import ends, in_words, json_bytes, view

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPECIAL = {
    **{character: f"\\{character}" for character in "$&#_%"},
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # BibTeX counts braces, even those behind a backslash
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    '"': "{''}",
}


def to_bibtex(timeline: Timeline) -> bytes:
    """A @misc entry for each source. `year` and `month` are for BibTeX, the whole `date` for biblatex."""
    taken: set[str] = set()
    entries = [bibtex_entry(row, _key(row["source_id"], taken)) for row in view(timeline).sources.values()]
    return "\n".join(entries).encode("utf-8")


def bibtex_entry(source: Row, key: str) -> str:
    """A source as an entry."""
    fields = {
        "title": f"{{{_tex(source['title'] or source['source_id'])}}}",
        "author": _author(source["author"]),
        "publisher": _tex(source["publisher"]),
        **_tex_date(source["published"]),
        "langid": _tex(source["language"]),
        "copyright": _tex(source["rights"]),
        "annotation": f"sha256:{source['sha256']}",
    }
    lines = [
        f"  {name} = {value if name == 'month' else '{' + value + '}'}," for name, value in fields.items() if value
    ]
    return "\n".join([f"@misc{{{key},", *lines, "}"]) + "\n"


def bibtex_key(source_id: str) -> str:
    """A key that BibTeX takes, like the source's id."""
    return re.sub(r"[^A-Za-z0-9_:.-]+", "-", source_id).strip("-") or "source"


def _key(source_id: str, taken: set[str]) -> str:
    """The key of a source, used only once."""
    plain = bibtex_key(source_id)
    key, number = plain, 1
    while key.casefold() in taken:
        number += 1
        key = f"{plain}-{number}"
    taken.add(key.casefold())
    return key


def _tex(text: str) -> str:
    """A text on one line in which no character means anything to TeX."""
    plain = " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())
    return "".join(_SPECIAL.get(character, character) for character in plain)


def _author(name: str) -> str:
    """A name as it stands; one with a comma, or of several people, in braces, which keeps it whole."""
    text = _tex(name)
    return f"{{{text}}}" if re.search(r",|;|\band\b", name) else text


def _tex_date(date: str) -> dict[str, str]:
    if not date:
        return {}
    value = parse(date)
    first = value.lower if value.lower is not None else value.upper
    year, month, _ = civil(first or 0)
    is_known = value.precision in ("day", "week", "month")
    return {
        "year": str(year) if value.precision in ("day", "week", "month", "year", "season", "quarter") else "",
        "month": _MONTHS[month - 1] if is_known else "",
        "date": date if not value.choices else "",
    }


def to_csl(timeline: Timeline) -> bytes:
    """A list of items, one for each source; a date that date-parts cannot hold is given in words."""
    return json_bytes([csl_item(row) for row in view(timeline).sources.values()])


def csl_item(source: Row) -> dict[str, Any]:
    """A source as a CSL item. Its kind is not known, so it is a document."""
    item = {
        "id": source["source_id"],
        "type": "document",
        "title": source["title"] or source["source_id"],
        "author": [{"literal": source["author"]}] if source["author"] else None,
        "publisher": source["publisher"],
        "issued": _issued(source["published"]),
        "language": source["language"],
        "note": source["rights"],
    }
    return {key: value for key, value in item.items() if value}


def _issued(date: str) -> dict[str, Any] | None:
    if not date:
        return None
    value = parse(date)
    parts = [_date_parts(end.text) for end in ends(date) if end is not None]
    is_open = value.lower is None or value.upper is None
    if is_open or value.choices or None in parts:
        return {"literal": in_words(date)}
    circa = {"circa": True} if value.approximate or value.uncertain else {}
    return {"date-parts": parts if "/" in date else parts[:1]} | circa


def _date_parts(date: str) -> list[int] | None:
    """Year, month and day as far as they are known; None for a season, a decade, or a year before 1."""
    value = parse(date)
    year, month, day = civil(value.lower or 0)
    if year < 1 or value.precision not in ("day", "month", "year"):
        return None
    return [year, month, day][: {"year": 1, "month": 2, "day": 3}[value.precision]]
