"""Where each mark and each label goes, in pixels: nothing covers anything else, and no label leaves its mark.

Plotly does not keep labels apart, so this is done before drawing, with the widths of letters measured in the browser.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass, replace

GAP = 5.0  # pixels between a mark or a label and the next
MOST_LABELS = 80
MOST_CANDIDATES = 600
LONGEST = 46  # characters of a label; a title longer than that ends in "…"

# Widths in thousandths of the letter size, as Helvetica and Arial have them; other fonts differ by one factor.
WIDTHS = (
    {letter: 222 for letter in "ijl'|"}
    | {letter: 278 for letter in "ft .,:;/!I"}
    | {letter: 333 for letter in "r-()“”‘’"}
    | {letter: 500 for letter in "ckszvxyJ"}
    | {letter: 611 for letter in "FTZ"}
    | {letter: 667 for letter in "ABEKPSVXY&"}
    | {letter: 722 for letter in "wCDHNRU"}
    | {letter: 778 for letter in "GOQ"}
    | {letter: 833 for letter in "mM"}
    | {"W": 944, "…": 1000}
)
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


def rows_for(lanes: Sequence[Sequence[tuple[float, float]]], most: int) -> list[int]:
    """Share out rows among lanes: to each what its marks and labels need, as far as `most` rows reach.

    >>> rows_for([[(0, 10), (5, 15), (6, 16)], [(0, 10)]], 3)
    [2, 1]
    """
    needed = [max(_depth(intervals), 1) for intervals in lanes]
    rows = [1 for _ in lanes]
    for _ in range(most - len(lanes)):
        neediest = max(range(len(lanes)), key=lambda lane: needed[lane] / rows[lane], default=-1)
        if neediest < 0 or needed[neediest] <= rows[neediest]:
            break
        rows[neediest] += 1
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
    return places


def _row_for(rows: list[list[tuple[float, float]]], mark: Mark) -> int:
    """The first row with room; if there is none, the one where the mark covers least."""
    covered = [_covered(row, mark.left - GAP / 2, mark.right + GAP / 2) for row in rows]
    return covered.index(min(covered))


def _labelled(
    rows: list[list[tuple[float, float]]], mark: Mark, place: Place, width: float, size: float, stretch: float
) -> Place | None:
    """Find room for mark and label together and take it; None if there is none."""
    own = (mark.left, mark.right)
    rows[place.row].remove(own)
    order = [place.row, *(row for row in range(len(rows)) if row != place.row)]
    for text in dict.fromkeys((shorten(mark.label), shorten(mark.label, LONGEST * 2 // 3))):
        for row in order:
            for side, left, right in _spots(mark, text_width(text, size, stretch), width):
                if not _covered(rows[row], left - GAP, right + GAP):
                    insort(rows[row], (left, right))
                    return replace(place, row=row, side=side, label=text)
    insort(rows[place.row], own)
    return None


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


def _depth(intervals: Sequence[tuple[float, float]]) -> int:
    """How many rows keep all the intervals apart."""
    ends: list[float] = []
    for left, right in sorted(intervals):
        free = next((row for row, end in enumerate(ends) if end <= left), None)
        if free is None:
            ends.append(right)
        else:
            ends[free] = right
    return len(ends)
