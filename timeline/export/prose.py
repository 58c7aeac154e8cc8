"""Chronologies for reading: Markdown with footnotes, and a vault of notes for Obsidian and its like."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..edtf import civil, parse
from ..table import Row, Timeline
from .common import View, citation, ends, file_name, in_words, names, place, reference, view, year_in_words, zip_bytes

# ---------------------------------------------------------------------------------------------- Markdown


def to_markdown(timeline: Timeline) -> bytes:
    """A chronology by year, with every quote and its source in a footnote. Rejected events are left out."""
    shown = view(timeline)
    lines = [f"# {markdown(shown.title)}"]
    notes: list[str] = []
    for title, group in by_year(shown.events):
        lines += ["", f"## {title}", ""]
        for row in group:
            own = shown.quotes(row)
            marks = "".join(f"[^{len(notes) + number}]" for number in range(1, len(own) + 1))
            notes += [_footnote(mention, shown.sources.get(mention["source_id"])) for mention in own]
            lines.append(f"- **{in_words(row['date'])}**{planned(row)}: {markdown(row['title'])}{marks}")
    lines += [""] * bool(notes) + [f"[^{number}]: {note}" for number, note in enumerate(notes, 1)]
    return ("\n".join(lines) + "\n").encode("utf-8")


def by_year(events: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """Events in order under their headings: the year, decade or century in words, or "Undated"."""
    groups: dict[str, list[Row]] = {}
    for row in events:
        groups.setdefault(heading(row), []).append(row)
    return list(groups.items())


def heading(row: Row) -> str:
    """The year an event begins in, or ends in if its beginning is open; a decade or century if no more is known."""
    if not row["date"]:
        return "Undated"
    first, last = ends(row["date"])
    value = first or last or parse(row["date"])
    if value.precision in ("decade", "century"):
        return in_words(value.text.rstrip("~?%"))
    day = value.upper if value.lower is None else value.lower
    return year_in_words(civil(day or 0)[0])


def planned(row: Row) -> str:
    """What marks an event that was only announced."""
    return " (planned)" if row["modality"] == "planned" else ""


def _footnote(mention: Row, source: Row | None) -> str:
    return f"“{markdown(mention['quote'])}” — {markdown(reference(mention, source))}"


def markdown(text: str) -> str:
    """A text on one line, in which no character means anything to Markdown."""
    return re.sub(r"([\\`*_{}\[\]<>#|~^&!$])", r"\\\1", " ".join(text.split()))


# ---------------------------------------------------------------------------------------------- Obsidian


def to_obsidian(timeline: Timeline) -> bytes:
    """A folder of notes: one for each event and each source, with front matter and links, and an index by year."""
    shown = view(timeline)
    taken: set[str] = set()
    sources = {
        source_id: "sources/" + file_name(row["title"] or source_id, taken) for source_id, row in shown.sources.items()
    }
    taken = set()
    events = {row["event_id"]: "events/" + file_name(_note_title(row), taken) for row in shown.events}
    eras = {row["era_id"]: row["title"] for row in shown.eras}
    files = {"Chronology.md": _index(shown, events)}
    files |= {f"{events[row['event_id']]}.md": _event_note(row, shown, sources, eras) for row in shown.events}
    files |= {f"{sources[source_id]}.md": _source_note(row) for source_id, row in shown.sources.items()}
    return zip_bytes({path: text.encode("utf-8") for path, text in files.items()})


def _note_title(row: Row) -> str:
    """A name that sorts by time in a folder: dates of our era begin with their first day."""
    return f"{row['earliest'] or row['latest'] or 'undated'} {row['title']}"


def _index(shown: View, paths: Mapping[str, str]) -> str:
    lines = [_front_matter({"title": shown.title}), f"# {markdown(shown.title)}"]
    for title, group in by_year(shown.events):
        lines += ["", f"## {title}", ""]
        lines += [
            f"- **{in_words(row['date'])}**{planned(row)}: {_link(paths[row['event_id']], row['title'])}"
            for row in group
        ]
    return "\n".join(lines) + "\n"


def _event_note(row: Row, shown: View, sources: Mapping[str, str], eras: Mapping[str, str]) -> str:
    properties = {
        "event_id": row["event_id"],
        "title": row["title"],
        "date": row["date"],
        "earliest": row["earliest"],
        "latest": row["latest"],
        "category": row["category"],
        "actors": names(row["actors"]),
        "places": names(row["places"]),
        "era": eras.get(row["era"], row["era"]),
        "modality": row["modality"],
        "kind": row["kind"],
        "status": row["status"],
        "tags": ["timeline"],
    }
    lines = [_front_matter(properties), f"# {markdown(row['title'])}", "", f"{in_words(row['date'])}{planned(row)}"]
    for mention in shown.quotes(row):
        where = sources.get(mention["source_id"])
        source = _link(where, citation(shown.sources[mention["source_id"]])) if where else mention["source_id"]
        lines += ["", f"> {markdown(mention['quote'])}", ">", f"> {source}, {markdown(place(mention))}"]
    return "\n".join(lines) + "\n"


def _source_note(row: Row) -> str:
    properties = {key: row[key] for key in ("source_id", "title", "author", "publisher", "published", "language")}
    properties |= {key: row[key] for key in ("rights", "origin", "file", "sha256")}
    return "\n".join([_front_matter(properties), f"# {markdown(row['title'] or row['source_id'])}", "",
                      markdown(citation(row, row["source_id"]))]) + "\n"  # fmt: skip


def _front_matter(properties: Mapping[str, Any]) -> str:
    """YAML between two rules; every value as JSON has it, which YAML reads as the same. Empty ones are left out."""
    lines = [f"{key}: {_yaml(value)}" for key, value in properties.items() if value]
    return "\n".join(["---", *lines, "---", ""])


def _yaml(value: Any) -> str:
    """JSON, with the control characters escaped that YAML forbids and JSON does not."""
    text = json.dumps(value, ensure_ascii=False)
    return re.sub(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", lambda found: f"\\u{ord(found.group()):04x}", text)


def _link(path: str, text: str) -> str:
    """A link to a note of the vault; what would end the link or its text is left out of the text."""
    return f"[[{path}|{markdown(re.sub(r'[][|]+', ' ', text))}]]"
