"""Where each mark and each label goes, in pixels: nothing covers anything else, and no label leaves its mark.

Plotly does not keep labels apart, so this is done before drawing, with the widths of letters measured in the browser.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

GAP = 5.0  # pixels between a mark and its label, about
APART = 10.0  # pixels between a label and the next mark or label
BESIDE = 3.0  # pixels between two marks
MOST_LABELS = 80
MOST_CANDIDATES = 600
LENGTHS = (34, 22)  # characters a label asks for at first, and if that fails; a longer title ends in "…"
UNSURE = 1.04  # one factor for all letters of a font errs by up to 3.6 % on a title (measured with DejaVu Sans)
EDGE = 4.0  # pixels between a label and the edge of the window

# Widths in thousandths of the letter size, as Helvetica and Arial have them; other fonts differ by one factor.
WIDTHS = (
    dict.fromkeys("ijl'|", 222)
    | dict.fromkeys("ft .,:;/!I", 278)
    | dict.fromkeys("r-()“”‘’", 333)
    | dict.fromkeys("ckszvxyJ", 500)
    | dict.fromkeys("FTZ", 611)
    | dict.fromkeys("ABEKPSVXY&", 667)
    | dict.fromkeys("wCDHNRU", 722)
    | dict.fromkeys("GOQ", 778)
    | dict.fromkeys("mM", 833)
    | {"W": 944, "…": 1000}
)
Row = list[tuple[float, float]]  # what is taken of a row, from left to right
Intervals = Sequence[tuple[float, float]]
SAMPLE = "Treaty of Friendship signed in Moscow, 16 July 2001 – and 20 more"


@dataclass(frozen=True, slots=True)
class Mark:
    """What is to be placed: a mark from `left` to `right` in its lane, and the label it would like to have."""

    lane: int
    left: float
    right: float
    label: str
    salience: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where it went: its row within the lane, and on which side its label stands ("" if there was no room)."""

    row: int
    side: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is written on: how many pixels wide, with letters of which size. `stretch` is how much wider than
    Helvetica the reader's font runs."""

    width: float
    size: float
    stretch: float = 1.0

    def measure(self, text: str) -> float:
        """How wide a text is in pixels, rather too much than too little."""
        return text_width(text, self.size) * self.stretch * UNSURE


@lru_cache(maxsize=30_000)
def text_width(text: str, size: float) -> float:
    """How wide a text is in Helvetica, in pixels."""
    return sum(WIDTHS.get(letter, 556 if letter < "\u2e80" else 1000) for letter in text) * size / 1000


def shorten(text: str, longest: int = LENGTHS[0]) -> str:
    """A title that fits a label: cut between words and marked with "…".

    >>> shorten("The harbour council votes for a new bridge", 24)
    'The harbour council…'
    """
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"


def rows_for(marks: Sequence[Intervals], labelled: Sequence[Intervals], tight: int, roomy: int) -> list[int]:
    """Share out rows among lanes: what keeps the marks apart, up to `tight` rows; then room for labels, up to `roomy`.

    >>> rows_for([[(0, 10), (5, 15)], [(0, 10)]], [[(0, 50), (5, 55)], [(0, 50), (20, 70)]], 4, 4)
    [2, 2]
    """
    rows = [1 for _ in marks]
    for lanes, most in ((marks, tight), (labelled, roomy)):
        needed = [max(_depth(intervals), 1) for intervals in lanes]
        for _ in range(most - sum(rows)):
            shortage = [need / have for need, have in zip(needed, rows, strict=True)]
            if max(shortage, default=0) <= 1:
                break
            rows[shortage.index(max(shortage))] += 1
    return rows


def arrange(marks: Sequence[Mark], rows: Sequence[int], sheet: Sheet) -> list[Place]:
    """A place for every mark, and a label for the most salient ones, as many as go in without touching anything.

    First the marks alone, in time; then the labels, the most salient first: right of the mark, within it if it is a
    long bar, or left of it, moving the mark to another row of its lane where that makes room. A second round asks for
    less room, and at last every label takes what is left beside it.
    """
    taken: list[list[Row]] = [[[] for _ in range(count)] for count in rows]
    places: list[Place] = [Place(0)] * len(marks)
    for number in sorted(range(len(marks)), key=lambda n: (marks[n].left, marks[n].right)):
        mark = marks[number]
        places[number] = Place(_row_for(taken[mark.lane], mark))
        insort(taken[mark.lane][places[number].row], (mark.left, mark.right))
    order = sorted((n for n, mark in enumerate(marks) if _is_seen(mark, sheet)), key=lambda n: -marks[n].salience)
    labels = 0
    for longest in LENGTHS:
        for number in order[:MOST_CANDIDATES]:
            if not places[number].side and labels < MOST_LABELS:
                places[number] = _labelled(taken[marks[number].lane], marks[number], places[number], longest, sheet)
                labels += bool(places[number].side)
    for number in order:
        if places[number].side:
            places[number] = _grown(taken[marks[number].lane], marks[number], places[number], sheet)
    return places


def _is_seen(mark: Mark, sheet: Sheet) -> bool:
    return bool(mark.label) and mark.right >= 0 and mark.left <= sheet.width


def _row_for(rows: list[Row], mark: Mark) -> int:
    """The first row with room; if there is none, the one where the mark covers least."""
    covered = [_covered(row, mark.left - BESIDE, mark.right + BESIDE) for row in rows]
    return covered.index(min(covered))


def _labelled(rows: list[Row], mark: Mark, place: Place, longest: int, sheet: Sheet) -> Place:
    """Find room for mark and label together and take it; the same place if there is none."""
    own = (mark.left, mark.right)
    rows[place.row].remove(own)
    text = shorten(mark.label, longest)
    for row in (place.row, *(other for other in range(len(rows)) if other != place.row)):
        for side, left, right in _spots(mark, sheet.measure(text), sheet):
            beside = APART if row != place.row else 0  # on its own row the mark has its distance already
            before, after = (APART, beside) if side == "left" else (beside, APART)
            if _is_free(rows[row], left - before, right + after):
                insort(rows[row], (left, right))
                return replace(place, row=row, side=side, label=text)
    insort(rows[place.row], own)
    return place


def _grown(rows: list[Row], mark: Mark, place: Place, sheet: Sheet) -> Place:
    """The same place with as much more of the title as there is room for."""
    row = rows[place.row]
    now = _spot(mark, place.label, place.side, sheet)
    if now is None or place.label == mark.label:
        return place
    row.remove(now)
    before, after = (APART, 0) if place.side == "left" else (0, APART)
    for longest in range(len(mark.label), len(place.label), -4):
        text = shorten(mark.label, longest)
        spot = _spot(mark, text, place.side, sheet)
        if spot and _is_free(row, spot[0] - before, spot[1] + after):
            insort(row, spot)
            return replace(place, label=text)
    insort(row, now)
    return place


def _spot(mark: Mark, label: str, side: str, sheet: Sheet) -> tuple[float, float] | None:
    """What mark and label take together if the label may stand on that side."""
    spots = _spots(mark, sheet.measure(label), sheet)
    return next(((left, right) for name, left, right in spots if name == side), None)


def _spots(mark: Mark, label: float, sheet: Sheet) -> list[tuple[str, float, float]]:
    """Where a label may stand within the window: (side, left end, right end of mark and label together)."""
    spots = []
    if min(mark.right, sheet.width) - max(mark.left, 0) >= label + 2 * GAP:
        spots.append(("inside", mark.left, mark.right))
    if mark.right + GAP + label <= sheet.width - EDGE:
        spots.append(("right", mark.left, mark.right + GAP + label))
    if mark.left - GAP - label >= EDGE:
        spots.append(("left", mark.left - GAP - label, mark.right))
    return spots


def _covered(row: Row, left: float, right: float) -> float:
    """How many pixels between left and right are taken already."""
    end = bisect_left(row, (right, right))
    return sum(max(min(b, right) - max(a, left), 0.0) for a, b in row[:end] if b > left)


def _is_free(row: Row, left: float, right: float) -> bool:
    """Is nothing between left and right taken? What is in the way is mostly near, so the nearest is looked at first."""
    end = bisect_left(row, (right, right))
    while end:
        end -= 1
        if row[end][1] > left and row[end][0] < right:
            return False
    return True


def _depth(intervals: Intervals) -> int:
    """How many rows keep all the intervals apart."""
    ends: list[float] = []
    for left, right in sorted(intervals):
        free = next((row for row, end in enumerate(ends) if end <= left), None)
        if free is None:
            ends.append(right)
        else:
            ends[free] = right
    return len(ends)
