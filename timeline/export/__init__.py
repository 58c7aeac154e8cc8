"""A timeline as one file for other programs. A format is a function from a Timeline to bytes, and an entry in EXPORTS.

data = timeline.export(mine, "xlsx")                          # the whole timeline
data = timeline.export(only(mine, ["e1a2b3c4d5"]), "xlsx")    # some events, with their mentions and sources
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from importlib import import_module

from ..model import TimelineError
from ..table import Timeline
from .common import in_words

__all__ = ["EXPORTS", "Format", "export", "in_words", "left_out", "only"]

Write = Callable[[Timeline], bytes]


@dataclass(frozen=True, slots=True)
class Format:
    """A format to export to.

    `function`: "module:name" in this package, of the function that writes it (Timeline -> bytes).
    `suffix` of its files with the dot; `media_type` as in Content-Type. `about`: what it is for, `lacks`: what it
    cannot carry, each in a sentence without its full stop. `extra`: the optional dependencies it needs, empty if none.
    `raw`: of the function that writes the texts unguarded, empty if it guards none. `left_out`: of the function that
    tells, a line each, what of a given timeline is not in the file; empty if only what `lacks` says.
    """

    name: str
    suffix: str
    media_type: str
    about: str
    lacks: str
    function: str
    extra: str = ""
    raw: str = ""
    left_out: str = ""

    @property
    def is_text(self) -> bool:
        """Can it be read on a terminal?"""
        kind = self.media_type
        return kind.startswith("text/") or "json" in kind or kind == "application/x-bibtex"

    def file_name(self, stem: str) -> str:
        """A name for its file that tells it from other formats: events.csv, events.timelinejs.json."""
        return f"{stem}{self.suffix}" if self.name == self.suffix[1:] else f"{stem}.{self.name}{self.suffix}"

    def __call__(self, timeline: Timeline) -> bytes:
        write: Write = _load(self.function)
        return write(timeline)


def _load(name: str) -> Callable[..., bytes]:
    """A function of this package; its module is imported only now, so that listing the formats costs nothing."""
    module, _, function = name.partition(":")
    found: Callable[..., bytes] = getattr(import_module(f"{__name__}.{module}"), function)
    return found


def export(timeline: Timeline, format: str, *, raw: bool = False) -> bytes:
    """The timeline in one of the EXPORTS, as the bytes of one file.

    `raw`: without the guard against formulas in texts, for the formats that have one. Raises TimelineError for a
    format that does not exist (naming those that do), for `raw` where there is no guard, if the format needs an
    optional package that is not installed (naming it), and if a source's text is needed and not at hand.
    """
    chosen = format_of(format)
    if raw and not chosen.raw:
        guarded = ", ".join(each.name for each in EXPORTS.values() if each.raw)
        raise TimelineError(f"{format} guards no text against formulas, so raw means nothing; it does for {guarded}")
    write: Write = _load(chosen.raw) if raw else chosen
    return write(timeline)


def left_out(timeline: Timeline, format: str) -> list[str]:
    """What of this timeline is not in an export to a format, a line each with a number; empty if nothing is missing.

    What the format has no place for at all says `EXPORTS[format].lacks`. Raises TimelineError for an unknown format.
    """
    chosen = format_of(format)
    if not chosen.left_out:
        return []
    module, _, function = chosen.left_out.partition(":")
    tell: Callable[[Timeline], list[str]] = getattr(import_module(f"{__name__}.{module}"), function)
    return tell(timeline)


def only(timeline: Timeline, event_ids: Collection[str]) -> Timeline:
    """A timeline of some of its events: with their mentions and the sources of these; the eras stay.

    The order stays that of the tables, and every format takes the result. Raises TimelineError for an id that is none.
    """
    wanted = set(event_ids)
    unknown = sorted(wanted - set(timeline.events["event_id"]))
    if unknown:
        raise TimelineError(f"no event has the id {unknown[0]!r}; the first column of events.csv has the ids")
    events = timeline.events[timeline.events["event_id"].isin(wanted)].reset_index(drop=True)
    mentions = timeline.mentions[timeline.mentions["event_id"].isin(wanted)].reset_index(drop=True)
    cited = set(mentions["source_id"]) | set(events["source_id"])
    sources = timeline.sources[timeline.sources["source_id"].isin(cited)].reset_index(drop=True)
    return replace(timeline, events=events, mentions=mentions, sources=sources)


def format_of(name: str) -> Format:
    """A format by its name. Raises TimelineError, naming those there are."""
    if name not in EXPORTS:
        raise TimelineError(f"unknown format {name!r}; use one of {', '.join(EXPORTS)}")
    return EXPORTS[name]


_FORMATS = (
    Format(
        "csv",
        ".csv",
        "text/csv",
        "spreadsheets: the table of events with the best sentence of each; texts that a spreadsheet would take for "
        "formulas are guarded, and `timeline import` takes the edited file back",
        "further mentions, what is known about the sources, and eras but for their ids",
        "tables:to_csv",
        raw="tables:to_raw_csv",
    ),
    Format(
        "xlsx",
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Excel and LibreOffice: all four tables, a sheet each, dates as text",
        "the texts of the sources, and cells of more than 32,767 characters (cut, and counted)",
        "tables:to_xlsx",
        extra="exports",
        left_out="tables:xlsx_left_out",
    ),
    Format(
        "jsonl",
        ".jsonl",
        "application/jsonl",
        "programs: an event a line with all its mentions, each with its source",
        "eras but for their ids, sources that no event rests on, and the texts of the sources",
        "tables:to_jsonl",
    ),
    Format(
        "parquet",
        ".parquet",
        "application/vnd.apache.parquet",
        "pandas, DuckDB and other engines: the same as jsonl in typed columns, with days as numbers that reach before "
        "year 1",
        "eras but for their ids, sources that no event rests on, and the texts of the sources",
        "tables:to_parquet",
    ),
    Format(
        "datapackage",
        ".zip",
        "application/zip",
        "archives and data portals: the four tables and their description, a Frictionless Data Package",
        "the texts of the sources, and the log of decisions",
        "tables:to_datapackage",
    ),
    Format(
        "markdown",
        ".md",
        "text/markdown",
        "reading and printing: a chronology by year, every sentence with its source in a footnote",
        "rejected events, categories, actors, places, and how each date was read",
        "prose:to_markdown",
    ),
    Format(
        "obsidian",
        ".zip",
        "application/zip",
        "Obsidian and other collections of notes: a note for each event and source, with front matter and links",
        "rejected events, and how each date was read",
        "prose:to_obsidian",
    ),
    Format(
        "docx",
        ".docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "Word and LibreOffice: a chronology to cite from, with date, event, sentence, source and place",
        "rejected events, and how each date was read",
        "printed:to_docx",
    ),
    Format(
        "print",
        ".html",
        "text/html",
        "paper and PDF: the same chronology as a page that any browser prints well",
        "rejected events, and how each date was read",
        "printed:to_print",
    ),
    Format(
        "html",
        ".html",
        "text/html",
        "showing and sending: the whole timeline as one page that opens from disk, zooms, filters, and shows each "
        "sentence in the text of its source",
        "rejected events, and decisions made in it",
        "page:to_html",
        left_out="page:html_left_out",
    ),
    Format(
        "timelinejs",
        ".json",
        "application/json",
        "TimelineJS: its JSON, a slide for each event, uncertain dates in words",
        "undated and rejected events, and how sure a date is but in its words",
        "slides:to_timelinejs",
        left_out="slides:timelinejs_left_out",
    ),
    Format(
        "timelinejs-csv",
        ".csv",
        "text/csv",
        "TimelineJS: the rows of its spreadsheet, to paste there",
        "undated and rejected events, and how sure a date is but in its words",
        "slides:to_timelinejs_csv",
        left_out="slides:timelinejs_left_out",
    ),
    Format(
        "vis",
        ".json",
        "application/json",
        "vis-timeline: its groups and items, eras as background",
        "undated and rejected events, sources, and how a date is uncertain (a class marks those that are)",
        "slides:to_vis",
        left_out="slides:vis_left_out",
    ),
    Format(
        "markwhen",
        ".mw",
        "text/plain",
        "Markwhen: an event a line with its sentences, categories as tags",
        "undated and rejected events, months and days before year 1 and after 9999, open ends",
        "slides:to_markwhen",
        left_out="slides:markwhen_left_out",
    ),
    Format(
        "ics",
        ".ics",
        "text/calendar",
        "calendars: the events of exact days",
        "rejected events, dates coarser than a day, open ends, disputed dates, and years before 1 and after 9998",
        "ics:to_ics",
        left_out="ics:ics_left_out",
    ),
    Format(
        "w3c-annotations",
        ".jsonld",
        "application/ld+json",
        "annotation tools: a W3C Web Annotation for each sentence, found again by its words and by its place",
        "rejected events, events without a sentence, what is known about the sources, and how each date was read",
        "linked:to_annotations",
    ),
    Format(
        "schema-org",
        ".jsonld",
        "application/ld+json",
        "the web: schema.org events with their quotations and sources, as JSON-LD",
        "rejected events, eras, where a quote stands, and how sure a date is but in its EDTF (`temporalCoverage`)",
        "linked:to_schema_org",
    ),
    Format(
        "timeml",
        ".zip",
        "application/zip",
        "language technology: each source as TimeML with its time expressions (TIMEX3), events, and links of the two",
        "rejected events, disputed dates, categories, actors, places, which word tells the event, and the characters "
        "that XML forbids",
        "timeml:to_timeml",
        left_out="timeml:timeml_left_out",
    ),
    Format(
        "bibtex",
        ".bib",
        "application/x-bibtex",
        "LaTeX and reference managers: the sources",
        "events, and what kind of publication a source is",
        "cited:to_bibtex",
    ),
    Format(
        "csl-json",
        ".json",
        "application/vnd.citationstyles.csl+json",
        "Zotero, pandoc and other citation processors: the sources",
        "events, what kind of publication a source is, and dates as exact as EDTF (a coarse one is given in words)",
        "cited:to_csl",
    ),
    Format(
        "ro-crate",
        ".zip",
        "application/zip",
        "archives: everything, with each file's SHA-256 and the version that made it; `timeline verify` proves it",
        "the files that the texts were read from, and in a choice of events the log of decisions",
        "crate:to_ro_crate",
        left_out="crate:ro_crate_left_out",
    ),
)

EXPORTS: dict[str, Format] = {each.name: each for each in _FORMATS}
