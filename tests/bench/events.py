"""How well events are found: precision and recall against answers made by hand, and the order of events in news.

    python tests/bench/events.py [--articles FOLDER] [--corpora FOLDER] [--errors NAME] [--record]

Three measures (tests/gold/README.md says what the answers are):

* `written`: the texts under tests/gold/texts, in two sets; the rules were tuned on the first alone;
* `essays`: of these, essays and reports of magazines, which date by the way and by their publication, in two sets too;
* `articles`: the five articles behind this project, if --articles or TIMELINE_ARTICLES names their folder;
* `timeset`: Wikinews articles with their salient events and the order of these (TimeSET, Hasegawa et al. 2024), if
  --corpora or TIMELINE_CORPORA names a folder that has `timeset-dev`.

A row is right if gold has a telling of the same date that its quote holds, each gold row counting once. Beside it
stands what the simplest way gives: the sentence of every number of four digits that can be a year.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import timeline
from timeline import edtf
from timeline.model import Event, Mention, Source
from timeline.project import find_project
from timeline.rules import load
from timeline.score import Telling, compare, is_compatible, is_same, overlaps, read_gold
from timeline.segment import sentences

GOLD = Path(__file__).parents[1] / "gold"
ROOT = Path(__file__).parents[2]
RECORD = Path(__file__).parent / "events.json"
SETS = {
    "written, tuned on": (
        "company_history",
        "court_chronology",
        "biography",
        "flood_report",
        "science_history",
        "music_scene",
        "newspaper",
        "composer",
        "conflict_chronology",
        "tram_network",
        "witness_statement",
        "polytechnic",
        "refrigeration",
        "herring",
        "beatscene",
        "university",
        "trade",
        "archive_guide",
    ),
    "written, set aside": ("disease_history", "parish_history"),
    "essays, tuned on": ("indus_treaty", "port_callis", "going_dark", "commodore"),
    "essays, set aside": ("nafta_brief", "last_reactors"),
}
README = ROOT / "README.md"
SURE = 0.9  # rows with more confidence than this ought to be right
_BEGIN, _END = "<!-- events, written by tests/bench/events.py -->\n", "<!-- end of events -->\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0, or 2 if a folder is not there."""
    options = _parser().parse_args(arguments)
    for folder in filter(None, (options.articles, options.corpora)):
        if not Path(folder).is_dir():
            print(f"events.py: there is no folder {folder}; name one that is there, or leave it out", file=sys.stderr)
            return 2
    figures: dict[str, Any] = {}
    for name, sources, gold in measured(options.articles):
        built = mentions_of(sources)
        figures[name] = judge(built, gold)
        figures[f"{name}: every year"] = compared_with(every_year(sources), gold)
        for key in (name, f"{name}: every year"):
            print(f"{key:32}" + "  ".join(f"{measure} {value}" for measure, value in figures[key].items()))
        _show_errors(built, gold, options.errors)
    if options.corpora and (Path(options.corpora) / "timeset-dev").is_dir():
        figures["timeset"] = timeset(Path(options.corpora) / "timeset-dev")
        print(f"{'timeset':32}" + "  ".join(f"{measure} {value}" for measure, value in figures["timeset"].items()))
    if options.record:
        _record(figures)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--articles", default=os.environ.get("TIMELINE_ARTICLES", ""), help="folder of the articles")
    parser.add_argument("--corpora", default=os.environ.get("TIMELINE_CORPORA", ""), help="folder with timeset-dev")
    parser.add_argument("--errors", default="", metavar="NAME", help="list what is wrong in this text, or in all")
    parser.add_argument("--record", action="store_true", help=f"write {RECORD.name} and the README's table")
    return parser


def _record(figures: dict[str, Any]) -> None:
    """Write the figures; those of what was not measured now stay."""
    known = json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else {}
    known.update(figures)
    RECORD.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    before, _, rest = README.read_text("utf-8").partition(_BEGIN)
    README.write_text(before + _BEGIN + table(known) + _END + rest.partition(_END)[2], encoding="utf-8")
    print(f"\nwritten: {RECORD} and the table in {README}")


def table(figures: dict[str, Any]) -> str:
    """The recorded figures as the README shows them, a Markdown table."""
    measures = ("precision", "recall", "precision, date within", "recall, date within")
    lines = [
        "| texts | way | precision | recall | precision, one date within the other | recall | rows | gold |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for name, row in figures.items():
        texts, _, way = name.partition(": ")
        if "precision" in row:
            cells = (texts, way or "cited-timeline", *(row[m] for m in measures), row["rows"], row["gold"])
            lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines) + "\n"


def measured(articles: str = "") -> Iterator[tuple[str, list[Source], list[Telling]]]:
    """Of each set of texts its name, its sources, and what gold has."""
    texts, _ = timeline.read_sources([GOLD / "texts"], find_project(GOLD)[0])
    for name, members in SETS.items():
        gold = [row for member in members for row in read_gold(GOLD / f"{member}.csv")]
        yield name, [source for source in texts if source.id in members], gold
    if articles:
        sources, _ = timeline.read_sources([ROOT / "seeds", Path(articles)], find_project(ROOT)[0])
        gold = read_gold(GOLD / "articles.csv")
        known = {row.source_id for row in gold}
        yield "articles", [source for source in sources if source.id in known], gold


def mentions_of(sources: Sequence[Source]) -> list[Mention]:
    """The mentions of the events that are built from sources, each source by itself, in the order of the texts."""
    events: list[Event] = [event for source in sources for event in timeline.build([source]).events]
    return sorted((m for e in events for m in e.mentions), key=lambda m: (m.source_id, m.quote_start, m.date_start))


def telling(mention: Mention) -> Telling:
    """A mention as `timeline.score` compares it."""
    quote = " ".join(mention.quote.split())
    return Telling(mention.source_id, edtf.parse(mention.date), quote, mention.quote_start, mention.quote_end)


def every_year(sources: Sequence[Source]) -> list[Telling]:
    """The simplest way: each sentence with a number that can be a year tells of that year."""
    rules = load("en")
    found = []
    for source in sources:
        for start, end in sentences(source.text, rules):
            years = dict.fromkeys(re.findall(r"(?<!\d)1\d{3}(?!\d)|(?<!\d)20\d\d(?!\d)", source.text[start:end]))
            quote = " ".join(source.text[start:end].split())
            found += [Telling(source.id, edtf.parse(year), quote, start, end) for year in years]
    return found


def compared_with(built: Sequence[Telling], gold: Sequence[Telling]) -> dict[str, Any]:
    """Precision and recall in percent, of rows with the very date of gold, and of those with one date in the other."""
    strict, lenient = (compare(built, gold, same) for same in (is_same, is_compatible))
    return {
        "precision": round(100 * strict.precision, 1),
        "recall": round(100 * strict.recall, 1),
        "precision, date within": round(100 * lenient.precision, 1),
        "recall, date within": round(100 * lenient.recall, 1),
        "rows": len(built),
        "gold": sum(row.must != "may" for row in gold),
    }


def judge(built: Sequence[Mention], gold: Sequence[Telling]) -> dict[str, Any]:
    """The same of built mentions, and how many of those with a confidence over 0.9 are right."""
    tellings = [telling(mention) for mention in built]
    sure = [t for t, m in zip(tellings, built, strict=True) if m.confidence > SURE]
    right = sum(any(overlaps(t, row) and is_same(t.when, row.when) for row in gold) for t in sure)
    return {**compared_with(tellings, gold), "sure": len(sure), "sure and right": right}


def _show_errors(built: Sequence[Mention], gold: Sequence[Telling], name: str) -> None:
    """Line by line what has no counterpart: + built, - gold."""
    rows = [(m.source_id, telling(m), m) for m in built]
    for source, told, mention in rows:
        if name in (source, "all") and not any(overlaps(told, g) and is_same(told.when, g.when) for g in gold):
            print(f"  + {source} {mention.date} [{mention.confidence}] {mention.title}\n      {mention.quote}")
    missed = compare([told for _, told, _ in rows], gold, is_same).missed
    for row in missed:
        if name in (row.source_id, "all"):
            print(f"  - {row.source_id} {row.when} {row.must}: {row.quote or (row.start, row.end)}")


# ------------------------------------------------------------------------------------------------ TimeSET


def timeset(folder: Path) -> dict[str, Any]:
    """The share of annotated events inside the quote of a row, and of pairs in rows of different dates in order.

    Two events are in order if the one annotated as later is in the row with the later date; dates that overlap without
    being the same say nothing. An event inside several rows counts for the one whose date stands nearest to it.
    """
    covered = events = right = pairs = 0
    for path in sorted(folder.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        triggers, order = _annotations(path.with_suffix(".ann").read_text(encoding="utf-8"))
        source = Source(path.stem, text, language="en", published=_published(text), published_basis="given")
        rows = mentions_of([source])
        held = {name: _row_of(place, rows) for name, place in triggers.items()}
        events += len(held)
        covered += sum(row is not None for row in held.values())
        for first, then in order:
            a, b = held.get(first), held.get(then)
            if a is not None and b is not None and a.date != b.date:
                one, other = edtf.parse(a.date), edtf.parse(b.date)
                if not one.overlaps(other):
                    pairs += 1
                    right += edtf.sort_key(a.date) < edtf.sort_key(b.date)
    return {
        "events": events,
        "inside a row": round(100 * covered / events, 1),
        "pairs with different dates": pairs,
        "in order": round(100 * right / pairs, 1) if pairs else 100.0,
    }


def _published(text: str) -> str:
    """The second line of a TimeSET text is its date."""
    dates = [t.edtf for t in timeline.timexes(Source("date", text.split("\n")[1], language="en")) if t.edtf]
    return dates[0] if dates else ""


def _annotations(ann: str) -> tuple[dict[str, tuple[int, int]], set[tuple[str, str]]]:
    """brat stand-off: event id -> span of its trigger; the pairs (earlier, later), implied ones too."""
    spans = {m[1]: (int(m[2]), int(m[3])) for m in re.finditer(r"^(T\d+)\tevent (\d+) .*?(\d+)\t", ann, re.M)}
    triggers = {m[1]: spans[m[2]] for m in re.finditer(r"^(E\d+)\tevent:(T\d+)", ann, re.M)}
    order = {(m[1], m[2]) for m in re.finditer(r"^R\d+\tAFTER Arg1:(\S+) Arg2:(\S+)", ann, re.M)}
    while True:
        implied = {(a, d) for a, b in order for c, d in order if b == c} - order
        if not implied:
            return triggers, order
        order |= implied


def _row_of(place: tuple[int, int], rows: Iterable[Mention]) -> Mention | None:
    inside = [row for row in rows if row.quote_start <= place[0] and place[1] <= row.quote_end]
    return min(inside, key=lambda row: abs(row.date_start - place[0]), default=None)


if __name__ == "__main__":
    sys.exit(main())
