"""Where each mark and each label goes, in pixels: nothing covers anything else, and no label leaves its mark.

Plotly does not keep labels apart, so this is done before drawing, with the widths of letters measured in the browser.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass, replace

GAP = 5.0  # pixels between a mark and its label, about
APART = 10.0  # pixels between a label and the next mark or label
BESIDE = 3.0  # pixels between two marks
MOST_LABELS = 80
MOST_CANDIDATES = 600
LONGEST = 34  # characters of a label where room is short; a title longer than that ends in "…"

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


def text_width(text: str, size: float, stretch: float = 1.0) -> float:
    """How wide a text is in pixels. `stretch` is how much wider than Helvetica the reader's font runs."""
    return sum(WIDTHS.get(letter, 556 if letter < "\u2e80" else 1000) for letter in text) * size / 1000 * stretch


def shorten(text: str, longest: int = LONGEST) -> str:
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


def arrange(marks: Sequence[Mark], rows: Sequence[int], width: float, size: float, stretch: float) -> list[Place]:
    """A place for every mark, and a label for the most salient ones, as many as go in without touching anything.

    First the marks alone, in time; then the labels, the most salient first: right of the mark, within it if it is a
    long bar, or left of it, moving the mark to another row of its lane where that makes room.
    """
    taken: list[list[list[tuple[float, float]]]] = [[[] for _ in range(count)] for count in rows]
    places: list[Place] = [Place(0)] * len(marks)
    for number in sorted(range(len(marks)), key=lambda n: (marks[n].left, marks[n].right)):
        mark = marks[number]
        places[number] = Place(_row_for(taken[mark.lane], mark))
        insort(taken[mark.lane][places[number].row], (mark.left, mark.right))
    labels = 0
    seen = [n for n, mark in enumerate(marks) if mark.right >= 0 and mark.left <= width and mark.label]
    for number in sorted(seen, key=lambda n: -marks[n].salience)[:MOST_CANDIDATES]:
        if labels == MOST_LABELS:
            break
        found = _labelled(taken[marks[number].lane], marks[number], places[number], width, size, stretch)
        labels += found is not None
        places[number] = found or places[number]
    for number in sorted(seen, key=lambda n: -marks[n].salience):
        if places[number].side and places[number].label != marks[number].label:
            places[number] = _grown(taken[marks[number].lane], marks[number], places[number], width, size, stretch)
    return places


def _row_for(rows: list[list[tuple[float, float]]], mark: Mark) -> int:
    """The first row with room; if there is none, the one where the mark covers least."""
    covered = [_covered(row, mark.left - BESIDE, mark.right + BESIDE) for row in rows]
    return covered.index(min(covered))


def _labelled(
    rows: list[list[tuple[float, float]]], mark: Mark, place: Place, width: float, size: float, stretch: float
) -> Place | None:
    """Find room for mark and label together and take it; None if there is none."""
    own = (mark.left, mark.right)
    rows[place.row].remove(own)
    order = [place.row, *(row for row in range(len(rows)) if row != place.row)]
    text = shorten(mark.label)
    for row in order:
        for side, left, right in _spots(mark, text_width(text, size, stretch), width):
            beside = APART if row != place.row else 0  # on its own row the mark has its distance already
            before, after = (APART, beside) if side == "left" else (beside, APART)
            if not _covered(rows[row], left - before, right + after):
                insort(rows[row], (left, right))
                return replace(place, row=row, side=side, label=text)
    insort(rows[place.row], own)
    return None


def _grown(
    rows: list[list[tuple[float, float]]], mark: Mark, place: Place, width: float, size: float, stretch: float
) -> Place:
    """The same place with as much more of the title as there is room for, once every label has its own."""
    row = rows[place.row]
    now = _spot(mark, text_width(place.label, size, stretch), width, place.side)
    if now is None:
        return place
    row.remove(now)
    for longest in range(len(mark.label), len(place.label), -8):
        text = shorten(mark.label, longest)
        spot = _spot(mark, text_width(text, size, stretch), width, place.side)
        before, after = (APART, 0) if place.side == "left" else (0, APART)
        if spot and not _covered(row, spot[0] - before, spot[1] + after):
            insort(row, spot)
            return replace(place, label=text)
    insort(row, now)
    return place


def _spot(mark: Mark, label: float, width: float, side: str) -> tuple[float, float] | None:
    """What mark and label take together if the label may stand on that side."""
    return next(((left, right) for name, left, right in _spots(mark, label, width) if name == side), None)


def _spots(mark: Mark, label: float, width: float) -> list[tuple[str, float, float]]:
    """Where a label may stand within the window: (side, left end, right end of mark and label together)."""
    spots = []
    inside = max(mark.left, 0)
    if min(mark.right, width) - inside >= label + 2 * GAP:
        spots.append(("inside", mark.left, mark.right))
    if mark.right + GAP + label <= width:
        spots.append(("right", mark.left, mark.right + GAP + label))
    if mark.left - GAP - label >= 0:
        spots.append(("left", mark.left - GAP - label, mark.right))
    return spots


def _covered(row: list[tuple[float, float]], left: float, right: float) -> float:
    """How many pixels between left and right are taken already."""
    end = bisect_left(row, (right, right))
    return sum(max(min(b, right) - max(a, left), 0.0) for a, b in row[:end] if b > left)


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
