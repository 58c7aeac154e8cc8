"""How good the table is: precision, recall and F1 of the built mentions against gold, answers made by hand.

Gold is a CSV, or a folder of them, with a row for each telling of an event: `source_id, date, quote, must`, and
`quote_start, quote_end` where wanted. `quote` is the sentence or the part of it that tells the event. `must` is
`must` or `should` for what a good table has, and `may` for what it can have or leave out.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .edtf import Edtf, EdtfError, parse
from .model import TimelineError

LEVELS = ("must", "should", "may")
_GOLD_COLUMNS = ("source_id", "date", "quote")
_MENTION_COLUMNS = ("event_id", "source_id", "date", "quote", "quote_start", "quote_end")

Same = Callable[[Edtf, Edtf], bool]


@dataclass(frozen=True, slots=True)
class Telling:
    """One telling of an event, built or gold: in which source, when, and the passage that tells it.

    `quote` has its white space folded; `start` and `end` are code points, -1 where unknown; `must` is one of LEVELS.
    """

    source_id: str
    when: Edtf
    quote: str
    start: int = -1
    end: int = -1
    must: str = "must"


@dataclass(frozen=True, slots=True)
class Score:
    """What one way of comparing dates gave. `built` leaves out what only a `may` row asks for; `missed` are gold."""

    hits: int
    built: int
    wanted: int
    missed: tuple[Telling, ...]

    @property
    def precision(self) -> float:
        """The share of the built mentions that gold has; 1 where nothing was built."""
        return self.hits / self.built if self.built else 1.0

    @property
    def recall(self) -> float:
        """The share of the `must` and `should` rows that were built; 1 where there are none."""
        return self.hits / self.wanted if self.wanted else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def score(built: Path, gold: Path) -> str:
    """The report on the tables in the folder `built` against `gold`, a CSV or a folder of them.

    Raises TimelineError if either cannot be read as what it should be, naming the file, the line and the next move.
    """
    wanted = read_gold(gold)
    sources = {telling.source_id for telling in wanted}
    found = read_built(built)
    judged = [telling for telling in found if telling.source_id in sources]
    strict, lenient = (compare(judged, wanted, same) for same in (is_same, is_compatible))
    aside = len(found) - len(judged)
    lines = [
        f"{len(judged)} mentions against {len(wanted)} gold rows in {len(sources)} sources"
        + (f"; {aside} mentions of sources without gold left aside" if aside else ""),
        "",
        "dates     precision  recall     F1   right  built  wanted",
        _row("strict", strict),
        _row("lenient", lenient),
        "",
        *_missed(strict.missed, judged),
    ]
    return "\n".join(lines)


def _row(name: str, result: Score) -> str:
    rates = f"{result.precision:9.3f}  {result.recall:6.3f}  {result.f1:5.3f}"
    return f"{name:8}  {rates}  {result.hits:6}  {result.built:5}  {result.wanted:6}"


def _missed(missed: Iterable[Telling], built: Sequence[Telling]) -> list[str]:
    """A line for each `must` row without a mention, with the dates that were built for its passage."""
    lines = []
    for telling in missed:
        if telling.must == "must":
            dates = sorted({str(other.when) for other in built if overlaps(other, telling)})
            instead = f" (built: {', '.join(dates)})" if dates else ""
            lines.append(f"  {telling.source_id}  {telling.when}  {telling.quote}{instead}")
    return ["no `must` row is missed" if not lines else f"missed `must` rows, strict ({len(lines)}):", *lines]


def compare(built: Sequence[Telling], gold: Sequence[Telling], same: Same) -> Score:
    """Match built mentions and gold rows one to one, as many as can be, `must` rows before `should` before `may`."""
    of_source: dict[str, list[int]] = {}
    for index, telling in enumerate(built):
        of_source.setdefault(telling.source_id, []).append(index)
    order = sorted(gold, key=lambda telling: LEVELS.index(telling.must))
    edges = [
        [i for i in of_source.get(row.source_id, []) if overlaps(built[i], row) and same(built[i].when, row.when)]
        for row in order
    ]
    matched = set(match(edges).values())
    wanted = sum(row.must != "may" for row in order)
    hits = sum(index < wanted for index in matched)
    missed = tuple(row for index, row in enumerate(order[:wanted]) if index not in matched)
    return Score(hits, len(built) - (len(matched) - hits), wanted, missed)


def match(edges: Sequence[Sequence[int]]) -> dict[int, int]:
    """A largest one-to-one matching (Kuhn's augmenting paths): right vertex -> left vertex.

    `edges[left]` are the right vertices that `left` may have. A left vertex once matched stays matched, so earlier
    ones have precedence.
    """
    owner: dict[int, int] = {}  # right vertex -> left vertex
    owned: dict[int, int] = {}  # the other way round
    for root in range(len(edges)):
        right, reached = _augmenting_path(root, edges, owner)
        while right is not None:  # flip the path, from its free end back to the root
            left = reached[right]
            given_up = owned.get(left)
            owner[right], owned[left] = left, right
            right = given_up
    return owner


def _augmenting_path(
    root: int, edges: Sequence[Sequence[int]], owner: Mapping[int, int]
) -> tuple[int | None, dict[int, int]]:
    """The free right vertex nearest to `root` (None: there is none), and from where each was reached."""
    reached: dict[int, int] = {}
    queue = [root]
    for left in queue:
        for right in edges[left]:
            if right not in reached:
                reached[right] = left
                if right not in owner:
                    return right, reached
                queue.append(owner[right])
    return None, reached


def overlaps(one: Telling, other: Telling) -> bool:
    """Do two tellings rest on the same passage of a source: the spans overlap, or one quote has the other?"""
    if one.source_id != other.source_id:
        return False
    if min(one.start, other.start) >= 0 and one.start < other.end and other.start < one.end:
        return True
    return bool(one.quote and other.quote) and (one.quote in other.quote or other.quote in one.quote)


def is_same(one: Edtf, other: Edtf) -> bool:
    """Do two dates say the same: the same days, as sure and as exact?"""
    return (one.lower, one.upper, one.approximate, one.uncertain) == (
        other.lower, other.upper, other.approximate, other.uncertain,
    )  # fmt: skip


def is_compatible(one: Edtf, other: Edtf) -> bool:
    """Is one of two dates within the other?"""
    return one.contains(other) or other.contains(one)


def read_gold(path: Path) -> list[Telling]:
    """The rows of a gold file, or of every CSV in a folder. Raises TimelineError for a row that is none."""
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    if not files:
        raise TimelineError(f"{path} has no .csv file; gold is a CSV with the columns source_id, date, quote, must")
    return [_telling(row, where) for file in files for where, row in _rows(file, _GOLD_COLUMNS)]


def read_built(folder: Path) -> list[Telling]:
    """The mentions in a folder of tables whose event was not rejected. Raises TimelineError as `score` does."""
    events = _rows(folder / "events.csv", ("event_id", "status"))
    rejected = {row["event_id"] for _, row in events if row["status"] == "rejected"}
    mentions = _rows(folder / "mentions.csv", _MENTION_COLUMNS)
    return [_telling(row, where) for where, row in mentions if row["event_id"] not in rejected]


def _telling(row: Mapping[str, str], where: str) -> Telling:
    must = row.get("must") or "must"
    if must not in LEVELS:
        raise TimelineError(f"{where}: must is {must!r}; use one of {', '.join(LEVELS)}")
    try:
        when = parse(row["date"])
        start, end = (int(row.get(column) or -1) for column in ("quote_start", "quote_end"))
    except EdtfError as error:
        raise TimelineError(f"{where}: {error}") from None
    except ValueError:
        raise TimelineError(f"{where}: quote_start and quote_end are whole numbers; leave both empty") from None
    return Telling(row["source_id"], when, " ".join(row["quote"].split()), start, end, must)


def _rows(path: Path, columns: Sequence[str]) -> list[tuple[str, Mapping[str, str]]]:
    """The rows of a CSV, each with its place, "file:line". Raises TimelineError if it is none or lacks a column."""
    limit = csv.field_size_limit(2**31 - 1)  # a sentence may be longer than the module's 128 KiB
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="")
            rows: list[tuple[str, Mapping[str, str]]] = [(f"{path.name}:{reader.line_num}", row) for row in reader]
            header = reader.fieldnames or ()
    except OSError as error:
        raise TimelineError(f"{path}: {error.strerror}; name a folder of tables and a gold file") from error
    except (ValueError, csv.Error) as error:
        raise TimelineError(f"{path} is not a CSV in UTF-8 ({error}); save it as one") from error
    finally:
        csv.field_size_limit(limit)
    lacking = [column for column in columns if column not in header]
    if lacking:
        raise TimelineError(f"{path} has no column {', '.join(lacking)}; it needs {', '.join(columns)}")
    return rows
