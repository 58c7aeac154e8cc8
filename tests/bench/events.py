"""How well events are found: precision and recall against answers made by hand, and the order of events in news.

    python tests/bench/events.py [--articles FOLDER] [--corpora FOLDER] [--errors NAME] [--record]

Three measures (tests/gold/README.md says what the answers are):

* `written`: the texts under tests/gold/texts, in two sets by different hands; the rules were tuned on the first alone;
* `articles`: the five articles behind this project, if --articles names their folder;
* `timeset`: Wikinews articles with their salient events and the order of these (TimeSET, Hasegawa et al. 2024), if
  --corpora (or the environment variable TIMELINE_CORPORA) names a folder that has `timeset-dev`.

A row is right if gold has a telling of the same date that its quote holds, each gold row counting once.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import timeline
from timeline import edtf
from timeline.model import Event, Mention, Source
from timeline.project import find_project
from timeline.score import Telling, compare, is_compatible, is_same, overlaps, read_gold

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
    ),
    "written, set aside": ("university", "trade", "archive_guide"),
}
_SURE = 0.9  # rows with more confidence than this ought to be right


@dataclass(frozen=True, slots=True)
class Result:
    """Of one set of texts: shares from 0 to 1, and the counts behind them."""

    strict: tuple[float, float]
    lenient: tuple[float, float]
    rows: int
    wanted: int
    sure: tuple[int, int]

    def as_row(self) -> dict[str, Any]:
        """For the record: shares in percent with one decimal, counts as they are."""
        return {
            "precision": round(100 * self.strict[0], 1),
            "recall": round(100 * self.strict[1], 1),
            "precision, date within": round(100 * self.lenient[0], 1),
            "recall, date within": round(100 * self.lenient[1], 1),
            "rows": self.rows,
            "gold": self.wanted,
            "sure and right": self.sure[0],
            "sure": self.sure[1],
        }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0, or 2 if a folder is not there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--articles", type=Path, help="folder of the five articles")
    parser.add_argument("--corpora", default=os.environ.get("TIMELINE_CORPORA", ""), help="folder with timeset-dev")
    parser.add_argument("--errors", default="", help="list what is wrong in this text, or in all of them (all)")
    parser.add_argument("--record", action="store_true", help=f"write {RECORD.name}")
    options = parser.parse_args(arguments)
    figures: dict[str, Any] = {}
    for name, built, gold in measured(options.articles):
        figures[name] = (result := judge(built, gold)).as_row()
        _show(name, result)
        _show_errors(built, gold, options.errors)
    folder = Path(options.corpora) / "timeset-dev" if options.corpora else None
    if folder and folder.is_dir():
        figures["timeset"] = timeset(folder)
        print("timeset   " + "  ".join(f"{key} {value}" for key, value in figures["timeset"].items()))
    elif options.corpora:
        print(f"events.py: there is no folder {folder}; leave --corpora out, or name one that has it", file=sys.stderr)
        return 2
    if options.record:
        RECORD.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def measured(articles: Path | None = None) -> Iterator[tuple[str, list[Mention], list[Telling]]]:
    """Of each set of texts its name, what is built from them, and what gold has."""
    texts, _ = timeline.read_sources([GOLD / "texts"], find_project(GOLD)[0])
    for name, members in SETS.items():
        gold = [row for member in members for row in read_gold(GOLD / f"{member}.csv")]
        yield name, mentions_of([source for source in texts if source.id in members]), gold
    if articles:
        sources, _ = timeline.read_sources([ROOT / "seeds", articles], find_project(ROOT)[0])
        gold = read_gold(GOLD / "articles.csv")
        known = {row.source_id for row in gold}
        yield "articles", mentions_of([source for source in sources if source.id in known]), gold


def mentions_of(sources: Sequence[Source]) -> list[Mention]:
    """The mentions of the events that are built from sources, each source by itself, in the order of the texts."""
    events: list[Event] = [event for source in sources for event in timeline.build([source]).events]
    return sorted((m for e in events for m in e.mentions), key=lambda m: (m.source_id, m.quote_start, m.date_start))


def telling(mention: Mention) -> Telling:
    """A mention as `timeline.score` compares it."""
    quote = " ".join(mention.quote.split())
    return Telling(mention.source_id, edtf.parse(mention.date), quote, mention.quote_start, mention.quote_end)


def judge(built: Sequence[Mention], gold: Sequence[Telling]) -> Result:
    """Precision and recall with the same date, and with one date within the other; how many sure rows are right."""
    tellings = [telling(mention) for mention in built]
    strict, lenient = (compare(tellings, gold, same) for same in (is_same, is_compatible))
    sure = [t for t, m in zip(tellings, built, strict=True) if m.confidence > _SURE]
    right = sum(any(overlaps(t, row) and is_same(t.when, row.when) for row in gold) for t in sure)
    wanted = sum(row.must != "may" for row in gold)
    return Result(
        (strict.precision, strict.recall),
        (lenient.precision, lenient.recall),
        len(built),
        wanted,
        (right, len(sure)),
    )


def _show(name: str, result: Result) -> None:
    figures = result.as_row()
    print(f"{name:20}" + "  ".join(f"{key} {value}" for key, value in figures.items()))


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
