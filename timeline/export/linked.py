"""Linked data: W3C Web Annotations and schema.org, both as JSON-LD."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from ..edtf import Edtf, civil, parse
from ..table import Row, Timeline
from .common import View, citation, json_bytes, names, view

_PAGE = re.compile(r"(?:p\.|pp\.|page|pages)\s*(\d+)", re.IGNORECASE)


# ---------------------------------------------------------------------------------------------- annotations


def to_annotations(timeline: Timeline) -> bytes:
    """A W3C Web Annotation for each mention: its sentence by TextQuoteSelector and TextPositionSelector.

    Positions count Unicode code points, as the specification wants. The target is the source's text, by its path.
    """
    shown = view(timeline)
    items = [_annotation(row, mention, shown) for row in shown.events for mention in shown.of(row)]
    page = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": "urn:cited-timeline:annotations",
        "type": "AnnotationPage",
        "items": items,
    }
    return json_bytes(page)


def _annotation(row: Row, mention: Row, shown: View) -> dict[str, Any]:
    source = shown.sources.get(mention["source_id"], {})
    tags = {"date": mention["date"], "category": row["category"]}
    return {
        "id": f"urn:cited-timeline:mention:{mention['mention_id']}",
        "type": "Annotation",
        "motivation": "describing",
        "body": [
            {"type": "TextualBody", "purpose": "describing", "format": "text/plain", "value": row["title"]},
            *(
                {"type": "TextualBody", "purpose": "tagging", "format": "text/plain", "value": f"{name}:{value}"}
                for name, value in tags.items()
                if value
            ),
            {"id": f"urn:cited-timeline:event:{row['event_id']}", "type": "SpecificResource", "purpose": "linking"},
        ],
        "target": {
            "type": "SpecificResource",
            "source": _iri(source.get("file") or mention["source_id"]),
            "selector": selectors(mention),
        },
    }


def selectors(mention: Row) -> list[dict[str, Any]]:
    """Where the quote stands, for programs that look for it: by its words, its place, and its page if it has one."""
    found: list[dict[str, Any]] = [
        {
            "type": "TextQuoteSelector",
            "exact": mention["quote"],
            "prefix": mention["prefix"],
            "suffix": mention["suffix"],
        },
        {
            "type": "TextPositionSelector",
            "start": int(mention["quote_start"]),
            "end": int(mention["quote_end"]),
        },
    ]
    page = _PAGE.search(mention.get("locator", ""))
    if page:
        conforms = "http://tools.ietf.org/rfc/rfc3778"
        found.append({"type": "FragmentSelector", "conformsTo": conforms, "value": f"page={page.group(1)}"})
    return found


def _iri(path: str) -> str:
    """A path as a relative reference."""
    return quote(path, safe="/~!$&'()*+,;=@")


# ---------------------------------------------------------------------------------------------- schema.org


def to_schema_org(timeline: Timeline) -> bytes:
    """A schema.org Dataset with an Event for each event and a CreativeWork for each source.

    `startDate` and `endDate` are only there where ISO 8601 can say them (years 0 to 9999); the whole date is in
    `temporalCoverage`, as EDTF.
    """
    shown = view(timeline)
    events = [_schema_event(row, shown) for row in shown.events]
    dataset = {
        "@id": "#timeline",
        "@type": "Dataset",
        "name": shown.title,
        "hasPart": [{"@id": event["@id"]} for event in events],
    }
    works = [_work(row) for row in shown.sources.values()]
    return json_bytes({"@context": "https://schema.org", "@graph": [dataset, *events, *works]})


def _schema_event(row: Row, shown: View) -> dict[str, Any]:
    quotes = [
        {"@type": "Quotation", "text": mention["quote"], "isPartOf": {"@id": _work_id(mention["source_id"])}}
        for mention in shown.of(row)
    ]
    event = {
        "@id": f"#{row['event_id']}",
        "@type": "Event",
        "identifier": row["event_id"],
        "name": row["title"],
        **_schema_dates(row["date"]),
        "temporalCoverage": row["date"],
        "keywords": row["category"],
        "about": [{"@type": "Thing", "name": name} for name in names(row["actors"])],
        "location": [{"@type": "Place", "name": name} for name in names(row["places"])],
        "eventStatus": "https://schema.org/EventScheduled" if row["modality"] == "planned" else "",
        "subjectOf": quotes,
    }
    return {key: value for key, value in event.items() if value}


def _schema_dates(date: str) -> dict[str, str]:
    """The first and last day as ISO 8601 has them, shortened to the month or the year of a date that says no more."""
    if not date or parse(date).choices:
        return {}
    value = parse(date)
    first, slash, last = date.partition("/")
    start = "" if value.lower is None else _iso(value.lower, parse(first))
    end = "" if value.upper is None else _iso(value.upper, parse(last or first))
    return {"startDate": start, "endDate": end if slash or end != start else ""}


def _iso(day: int, value: Edtf) -> str:
    year, month, day_of_month = civil(day)
    if not 0 <= year <= 9999:
        return ""
    if value.precision in ("year", "decade", "century"):
        return f"{year:04d}"
    return f"{year:04d}-{month:02d}" + (f"-{day_of_month:02d}" if value.precision == "day" else "")


def _work(row: Row) -> dict[str, Any]:
    work = {
        "@id": _work_id(row["source_id"]),
        "@type": "CreativeWork",
        "name": row["title"] or row["source_id"],
        "author": {"name": row["author"]} if row["author"] else None,  # a person, or not: nobody says
        "publisher": {"@type": "Organization", "name": row["publisher"]} if row["publisher"] else None,
        **{key.replace("startDate", "datePublished"): date for key, date in _schema_dates(row["published"]).items()},
        "inLanguage": row["language"],
        "copyrightNotice": row["rights"],
        "creditText": citation(row, row["source_id"]),
        "sha256": row["sha256"],
    }
    work.pop("endDate", None)
    return {key: value for key, value in work.items() if value}


def _work_id(source_id: str) -> str:
    return "#source-" + quote(source_id, safe="")
