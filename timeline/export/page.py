"""A page of its own: one HTML file that opens from disk and still zooms, filters and shows sources."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from bisect import bisect_left
from pathlib import Path
from typing import Any

from ..edtf import parse
from ..palette import looks
from ..table import Row, Timeline
from .common import View, citation, count, in_words, place, text_of, view

_BASES = {
    "explicit": "the date is written out",
    "publication": "read against the date of publication",
    "context": "read against an earlier date in the text",
    "arithmetic": "counted from another date",
    "curated": "given by a person",
}


def to_html(timeline: Timeline) -> bytes:
    """The page: its template with the timeline and the texts of its sources as JSON that no parser takes for markup.

    Its Content-Security-Policy allows its own script and style by their hashes, and nothing from anywhere.
    """
    shown = view(timeline)
    template = Path(__file__).with_name("page.html").read_text("utf-8")
    policy = (
        f"default-src 'none'; script-src {_hash(template, '<script>')}; style-src {_hash(template, '<style>')}; "
        "base-uri 'none'; form-action 'none'"
    )
    fill = {"policy": policy, "title": html.escape(shown.title), "data": _script_json(_data(timeline, shown))}
    page = re.sub(r"\{\{(policy|title|data)\}\}", lambda found: fill[found.group(1)], template)
    return page.encode("utf-8", "replace")


def html_left_out(timeline: Timeline) -> list[str]:
    """How many sources are shown without their text."""
    missing = sum(text_of(timeline, source_id) is None for source_id in timeline.sources["source_id"])
    return [f"{count(missing, 'source')} whose text is not at hand"] if missing else []


def _hash(template: str, tag: str) -> str:
    """The hash of the one inline script or style, as the policy names it."""
    content = template.partition(tag)[2].partition(tag.replace("<", "</"))[0]
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode('utf-8')).digest()).decode()}'"


def _script_json(data: Any) -> str:
    """JSON in which nothing ends or begins a tag or a comment."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return re.sub(r"[<>&\u2028\u2029]", lambda found: f"\\u{ord(found.group()):04x}", text)


def _data(timeline: Timeline, shown: View) -> dict[str, Any]:
    eras = {row["era_id"]: row["title"] for row in shown.eras}
    cited = {mention["source_id"] for row in shown.events for mention in shown.of(row)}
    texts = {source_id: text_of(timeline, source_id) for source_id in sorted(cited)}
    pairs = {source_id: _pairs(text or "") for source_id, text in texts.items()}
    by_category = looks(row["category"] for row in shown.events)
    return {
        "title": shown.title,
        "looks": [
            {"category": name, "shape": look.name, "fill": look.colour, "line": look.line, "dark": look.line_dark}
            for name, look in by_category.items()
        ],
        "events": [_event(row, shown, eras, pairs) for row in shown.events],
        "eras": [
            {
                "id": row["era_id"],
                "title": row["title"],
                "low": parse(row["date"]).lower,
                "high": parse(row["date"]).upper,
            }
            for row in shown.eras
        ],
        "sources": {
            source_id: {"cite": citation(shown.sources.get(source_id), source_id), "text": text}
            for source_id, text in texts.items()
        },
    }


def _event(row: Row, shown: View, eras: dict[str, str], pairs: dict[str, list[int]]) -> dict[str, Any]:
    date = parse(row["date"]) if row["date"] else None
    return {
        "id": row["event_id"],
        "date": row["date"],
        "when": in_words(row["date"]),
        "low": date.lower if date else None,
        "high": date.upper if date else None,
        "unsure": bool(date and (date.approximate or date.uncertain or date.choices)),
        "title": row["title"],
        "category": row["category"],
        "actors": row["actors"],
        "places": row["places"],
        "era": row["era"],
        "eraTitle": eras.get(row["era"], ""),
        "planned": row["modality"] == "planned",
        "kind": row["kind"],
        "status": row["status"],
        "salience": float(row["salience"] or 0),
        "tellings": [_telling(mention, pairs[mention["source_id"]]) for mention in shown.of(row)],
    }


def _telling(mention: Row, pairs: list[int]) -> dict[str, Any]:
    """A mention; its places count UTF-16 code units, as JavaScript does."""
    spans = {"start": "quote_start", "end": "quote_end", "dateStart": "date_start", "dateEnd": "date_end"}
    read = f"“{mention['date_text']}” is {in_words(mention['date'])}: " if mention["date_text"] else ""
    against = f" ({in_words(mention['anchor'])})" if mention["anchor"] else ""
    return {
        "source": mention["source_id"],
        "quote": mention["quote"],
        "place": place(mention),
        "why": f"{read}{_BASES[mention['basis']]}{against}",
        **{name: _utf16(pairs, int(mention[column] or 0)) for name, column in spans.items()},
    }


def _pairs(text: str) -> list[int]:
    """Where in a text the code points stand that UTF-16 writes as two."""
    return [found.start() for found in re.finditer("[\U00010000-\U0010ffff]", text)]


def _utf16(pairs: list[int], at: int) -> int:
    """How many UTF-16 code units stand before a code point of a text, by where its pairs are."""
    return at + bisect_left(pairs, at)
