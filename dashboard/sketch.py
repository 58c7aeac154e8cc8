"""Where everything goes before anything is drawn: events and eras as marks, lanes, rows and labels, days and pixels.

Days are plain numbers, vertical positions pixels from the top. Where a lane holds more events than can be told apart it
becomes a density, with the most salient of them before it. Nothing here knows about plotly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard import select
from dashboard.place import GAP, Mark, Place, Sheet, arrange, rows_for, shorten, text_width
from dashboard.scale import Window
from dashboard.select import Catalogue, Numbers, Rows, bounds
from dashboard.state import ViewState, fitted
from timeline.edtf import EdtfError, parse
from timeline.palette import Look

SIZE = 12  # of letters, in pixels
LEFT, RIGHT, BOTTOM = 118, 10, 26  # margins: the lanes' names, nothing, the ticks
STRIP = 32  # the height of a row of era names
ROW, TIGHT_ROW, LOWEST_ROW, LANE_GAP = 20, 15, 6, 8
POINT, BAR = 11, 14  # the size of a point, the height of a bar where rows are not tight
NARROWEST_BAR = 7  # pixels: a month is still a bar to see and to click when a century is on show
ARROW = 26  # pixels that an open end runs on for
FADE = ((4, 0.34), (8, 0.2), (12, 0.09))  # how an approximate date ends: (to how many pixels out, how opaque)
RING = 5  # pixels around the mark of the selected event
MOST_MARKS = 240  # SVG stays fast up to about this many
MARK_ROOM = 9  # pixels of its row that a mark needs, or its lane becomes a density
HEAVY = 20_000  # the most salient events among which those are looked for first
FOREMOST = 12  # the most salient events drawn before the density of a lane
BIN = 4  # pixels of a density's step
LEAST_LANES, MOST_LANES, LANE_ROOM = 4, 8, 60  # lanes of actors or sources: how few, how many, pixels for each
MOST_SKETCHED = 1500  # events that say how the height is shared out among the lanes
OTHERS = "others"
SPREAD = 0.61803398875  # of the golden section: its multiples spread evenly over 0 to 1


@dataclass(frozen=True, slots=True)
class Canvas:
    """What the browser says about itself: the figure's size, dark or light, how wide its letters run (`place`)."""

    width: float = 900
    height: float = 420
    dark: bool = False
    stretch: float = 1.1


@dataclass(frozen=True, slots=True)
class Paper:
    """The drawing surface: which days, how many pixels, and how far one can go."""

    window: Window
    canvas: Canvas
    every: Window

    @property
    def width(self) -> float:
        return max(self.canvas.width - LEFT - RIGHT, 50)

    @property
    def height(self) -> float:
        return max(self.canvas.height - BOTTOM, 50)

    @property
    def per_day(self) -> float:
        return self.width / self.window.width

    @property
    def first(self) -> float:
        """The earliest day that can be reached."""
        return min(self.every.start, self.window.start)

    @property
    def last(self) -> float:
        return max(self.every.end, self.window.end)

    def x(self, day: float) -> float:
        """Pixels from the left edge of the lanes."""
        return (day - self.window.start) * self.per_day

    def days(self, pixels: float) -> float:
        return pixels / self.per_day


@dataclass(frozen=True, slots=True)
class Floor:
    """How the height is shared out: the top of each lane in pixels, its rows, and the height of a row."""

    tops: tuple[float, ...]
    rows: tuple[int, ...]
    row: float
    strip: float

    def y(self, lane: int, row: int) -> float:
        """The middle of a row."""
        return self.tops[lane] + LANE_GAP / 2 + (row + 0.5) * self.row

    @property
    def bar(self) -> float:
        """The height of a bar."""
        return min(BAR, self.row - 3)

    def bottom(self, lane: int) -> float:
        return self.tops[lane] + LANE_GAP + self.rows[lane] * self.row


@dataclass(frozen=True, slots=True)
class Band:
    """An era within reach, in days, and its row in the strip of names (eras may overlap)."""

    era_id: str
    title: str
    left: float
    right: float
    row: int
    tint: int


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane: its value and what it is called; `look` where all its events look the same."""

    value: str
    label: str
    look: Look | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Lanes:
    """The lanes and what belongs to them: `rows[i]` stands in lane `lane[i]`; an event may stand in several."""

    lanes: tuple[Lane, ...]
    rows: Rows
    lane: Rows


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """What the filters leave, by where it begins: row, lane, first and last day (an open end is the known one).

    `heavy`: where in these the most salient stand, HEAVY of them at most.
    """

    rows: Rows
    lane: Rows
    start: Numbers
    end: Numbers
    weight: Numbers
    heavy: Rows


@dataclass(frozen=True, slots=True, eq=False)
class Density:
    """How many events of a lane fall on each step of the window."""

    lane: int
    counts: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Drawn:
    """An event on its way to the paper. `left` and `right` are days, `y` its middle in pixels from the top."""

    event_id: str
    title: str
    left: float
    right: float
    open_left: bool
    open_right: bool
    is_point: bool
    approximate: bool
    uncertain: bool
    status: str
    planned: bool
    selected: bool
    salience: float
    look: Look
    lane: int
    date: str
    category: str
    sources: int
    y: float = 0.0
    side: str = ""
    label: str = ""

    @property
    def middle(self) -> float:
        """The day in the middle of it."""
        return (self.left + self.right) / 2


def lanes_of(catalogue: Catalogue, by: str, lane_looks: dict[str, Look], height: float) -> Lanes:
    """The lanes of a timeline: its categories, or one for all, or as many of the actors or sources told of most as
    have room in so many pixels."""
    most = int(np.clip(height // LANE_ROOM, LEAST_LANES, MOST_LANES))
    return catalogue.memory.recall(("lanes", by, most), lambda: _lanes(catalogue, by, lane_looks, most))


def _lanes(catalogue: Catalogue, by: str, lane_looks: dict[str, Look], most: int) -> Lanes:
    every = np.arange(len(catalogue.events))
    if by == "none":
        return Lanes((Lane("", "all events"),), every, np.zeros_like(every))
    facet = catalogue.facets[by]
    if by == "category":
        place = {name: number for number, name in enumerate(lane_looks)}
        codes = np.array([place[value] for value in facet.values], dtype=np.intp)
        lanes = tuple(Lane(name, name or "uncategorised", look) for name, look in lane_looks.items())
        return Lanes(lanes, facet.rows, codes[facet.codes])
    numbers = np.bincount(facet.codes, minlength=len(facet.values))
    chosen = np.argsort(-numbers, kind="stable")[: most - 1]
    place_of = np.full(len(facet.values), -1, dtype=np.intp)
    place_of[chosen] = np.arange(len(chosen))
    lane = place_of[facet.codes]
    rows, lane = facet.rows[lane >= 0], lane[lane >= 0]
    rest = np.setdiff1d(every, rows)
    named = tuple(Lane(facet.values[code], facet.labels[code]) for code in chosen)
    if not len(rest):
        return Lanes(named, rows, lane)
    return Lanes(
        (*named, Lane("", OTHERS)), np.concatenate([rows, rest]), np.concatenate([lane, np.full(len(rest), len(named))])
    )


def spans(catalogue: Catalogue, state: ViewState, lanes: Lanes) -> tuple[Lanes, Spans]:
    """What the filters of a view leave of the dated events, by where it begins; and the lanes that it stands in."""
    filters = _filters(state)
    return catalogue.memory.recall(("spans", filters, len(lanes.lanes)), lambda: _spans(catalogue, filters, lanes))


def _filters(state: ViewState) -> ViewState:
    """A view without what does not change which events there are."""
    return replace(fitted(state), sort="date", event="", mention="")


def _spans(catalogue: Catalogue, filters: ViewState, lanes: Lanes) -> tuple[Lanes, Spans]:
    left = select.matches(catalogue, filters) & ~np.isnan(catalogue.lower)
    keep = left[lanes.rows]
    rows, lane = lanes.rows[keep], lanes.lane[keep]
    used = np.bincount(lane, minlength=len(lanes.lanes)) > 0
    names = lanes.lanes
    if used.any():
        names = tuple(name for name, is_used in zip(names, used, strict=True) if is_used)
        lane = (np.cumsum(used) - 1)[lane]
    start, end = catalogue.lower[rows], catalogue.upper[rows]
    order = np.argsort(start, kind="stable")
    rows, lane, start, end = rows[order], lane[order], start[order], end[order]
    weight = catalogue.salience[rows] + (rows * SPREAD % 1.0) * 1e-3  # equals: evenly over time, not the first ones
    heavy = np.argpartition(-weight, HEAVY)[:HEAVY] if len(weight) > HEAVY else np.arange(len(weight))
    return Lanes(names, rows, lane), Spans(rows, lane, start, end, weight, heavy)


def inside(found: Spans, window: Window) -> Rows:
    """The places in `found` of what lies in the window, or reaches into it."""
    begun = int(np.searchsorted(found.start, window.end, side="right"))
    return np.flatnonzero(found.end[:begun] >= window.start)


def dense_lanes(found: Spans, near: Rows, ground: Floor, paper: Paper) -> set[int]:
    """The lanes with more events in the window than can be told apart, or than can be drawn in time."""
    counts = np.bincount(found.lane[near], minlength=len(ground.rows))
    room = [max(int(rows * paper.width / MARK_ROOM), 1) for rows in ground.rows]
    dense = {lane for lane, count in enumerate(counts) if count > room[lane]}
    for lane in np.argsort(-counts, kind="stable").tolist():
        if sum(int(count) for each, count in enumerate(counts) if each not in dense) <= MOST_MARKS:
            break
        dense.add(lane)
    return dense


def foremost(found: Spans, near: Rows, dense: set[int]) -> Rows:
    """What is drawn as a mark: everything in the lanes that are not dense, of the others the most salient."""
    if not dense:
        return near
    lanes = found.lane[near]
    is_dense = np.zeros(max(int(lanes.max()), *dense) + 1, dtype=np.bool_)
    is_dense[list(dense)] = True
    parts = [near[~is_dense[lanes]]] if not is_dense.all() else []
    is_near = np.zeros(len(found.rows), dtype=np.bool_)
    is_near[near] = True
    heavy = found.heavy[is_near[found.heavy]]
    for lane in sorted(dense):
        here = heavy[found.lane[heavy] == lane]
        here = here if len(here) > FOREMOST else near[lanes == lane]  # the most salient of all are those of the window
        best = here if len(here) <= FOREMOST else here[np.argpartition(-found.weight[here], FOREMOST)[:FOREMOST]]
        parts.append(np.sort(best))
    return np.concatenate(parts)


def densities(found: Spans, near: Rows, dense: set[int], paper: Paper) -> list[Density]:
    """For each dense lane how many events each step of the window touches; a long one counts in all of its steps."""
    if not dense:
        return []
    steps, lanes = max(int(paper.width // BIN), 1), found.lane[near]
    first = lanes * (steps + 1) + _step(found.start[near], paper, steps)
    last = lanes * (steps + 1) + _step(found.end[near], paper, steps) + 1
    size = (max(int(lanes.max()), *dense) + 1) * (steps + 1)
    change = np.bincount(first, minlength=size) - np.bincount(last, minlength=size)
    counts = np.cumsum(change.reshape(-1, steps + 1), axis=1)[:, :steps]
    return [Density(lane, counts[lane].astype(np.int64)) for lane in sorted(dense)]


def _step(days: Numbers, paper: Paper, steps: int) -> Rows:
    places = days - paper.window.start
    places *= steps / paper.window.width
    return np.clip(places, 0, steps - 1, out=places).astype(np.intp)


def drawn(
    catalogue: Catalogue, rows: Rows, lane: Rows, lane_looks: dict[str, Look], paper: Paper, selected: str
) -> list[Drawn]:
    """Dated events with their extent on the paper."""
    columns = ["event_id", "date", "title", "category", "modality", "status", "n_sources"]
    table = catalogue.events[columns].iloc[rows]
    cells = zip(*(table[name].tolist() for name in columns), strict=True)
    bounds_of = zip(catalogue.lower[rows], catalogue.upper[rows], catalogue.salience[rows], lane.tolist(), strict=True)
    found = []
    for (event_id, date, title, category, modality, status, sources), (first, last, salience, place) in zip(
        cells, bounds_of, strict=True
    ):
        left, right = _extent(first, last, paper)
        approximate, uncertain = _marks(date)
        found.append(
            Drawn(
                event_id=event_id,
                title=title,
                left=left,
                right=right,
                open_left=math.isinf(first),
                open_right=math.isinf(last),
                is_point=first == last,
                approximate=approximate,
                uncertain=uncertain,
                status=status,
                planned=modality == "planned",
                selected=event_id == selected,
                salience=float(salience),
                look=lane_looks[category],
                lane=place,
                date=date,
                category=category,
                sources=0 if pd.isna(sources) else int(sources),
            )
        )
    return found


def _extent(first: float, last: float, paper: Paper) -> tuple[float, float]:
    """From where to where a mark is drawn. A bar is never narrower than NARROWEST_BAR; an open end runs on a little,
    from the edge of the window if the event began before it."""
    if math.isinf(last):
        return first, max(first, paper.window.start) + paper.days(ARROW)
    if math.isinf(first):
        return min(last + 1, paper.window.end) - paper.days(ARROW), last + 1
    if first == last:
        return first + 0.5 - paper.days(POINT / 2 + 1), first + 0.5 + paper.days(POINT / 2 + 1)
    short = max(paper.days(NARROWEST_BAR) - (last + 1 - first), 0) / 2
    return first - short, last + 1 + short


def _marks(date: str) -> tuple[bool, bool]:
    """Is the date approximate, and is it uncertain, be it that the sources disagree?"""
    try:
        value = parse(date)
    except EdtfError:
        return False, False
    return value.approximate, value.uncertain or bool(value.choices)


def floor(
    catalogue: Catalogue, state: ViewState, lanes: Lanes, lane_looks: dict[str, Look], paper: Paper, strips: int
) -> Floor:
    """Share out the height among the lanes, by what the filters leave: the same for every zoom."""
    filters, canvas = _filters(state), paper.canvas
    key = ("floor", filters, len(lanes.lanes), canvas.width, canvas.height, canvas.stretch, strips)
    return catalogue.memory.recall(key, lambda: _floor(catalogue, filters, lanes, lane_looks, paper, strips))


def _floor(
    catalogue: Catalogue, filters: ViewState, lanes: Lanes, lane_looks: dict[str, Look], paper: Paper, strips: int
) -> Floor:
    strip = strips * STRIP
    room = paper.height - strip - LANE_GAP * len(lanes.lanes)
    overview = Paper(select.window(catalogue, filters), paper.canvas, paper.every)
    rows, lane = lanes.rows, lanes.lane
    if len(rows) > MOST_SKETCHED:
        best = np.sort(np.argsort(-catalogue.salience[rows], kind="stable")[:MOST_SKETCHED])
        rows, lane = rows[best], lane[best]
    marks: list[list[tuple[float, float]]] = [[] for _ in lanes.lanes]
    labelled: list[list[tuple[float, float]]] = [[] for _ in lanes.lanes]
    for event in drawn(catalogue, rows, lane, lane_looks, overview, ""):
        label = text_width(shorten(event.title), SIZE) * paper.canvas.stretch
        left, right = overview.x(event.left), overview.x(event.right) + GAP
        marks[event.lane].append((left, right))
        labelled[event.lane].append((min(left, paper.width - label), right + label))
    counts = rows_for(marks, labelled, int(room // TIGHT_ROW), int(room // ROW))
    height = max(room / max(sum(counts), 1), LOWEST_ROW)
    heights = [LANE_GAP + count * height for count in counts]
    tops = tuple(strip + sum(heights[:number]) for number in range(len(heights)))
    return Floor(tops, tuple(counts), height, strip)


def placed(events: list[Drawn], ground: Floor, paper: Paper) -> list[Drawn]:
    """Give every event its row and, as far as there is room, its label."""
    marks = [
        Mark(
            e.lane,
            paper.x(e.left) - tail(e),
            paper.x(e.right) + tail(e),
            _label(e),
            math.inf if e.selected else e.salience,
        )
        for e in events
    ]
    places = arrange(marks, ground.rows, Sheet(paper.width, SIZE, paper.canvas.stretch))
    return [_at(event, place, ground) for event, place in zip(events, places, strict=True)]


def _at(event: Drawn, place: Place, ground: Floor) -> Drawn:
    return replace(event, y=ground.y(event.lane, place.row), side=place.side, label=place.label)


def _label(event: Drawn) -> str:
    if event.status == "rejected":
        return ""
    return f"{event.title} (?)" if event.uncertain else event.title


def tail(event: Drawn) -> float:
    """What a mark needs beyond its extent: the fading ends of an approximate date, the ring of a selected event."""
    return (FADE[-1][0] if event.approximate else 0) + (RING if event.selected else 0)


def bands(eras: pd.DataFrame, paper: Paper) -> list[Band]:
    lower, upper = bounds(eras)
    ends: list[float] = []
    found: list[Band] = []
    rows = zip(eras["era_id"], eras["title"], lower, upper, strict=True)
    for era_id, title, first, last in sorted(rows, key=lambda row: (row[2], row[3])):
        left, right = max(first, paper.first), min(last + 1, paper.last)
        if math.isnan(first) or left >= right:
            continue
        row = next((number for number, end in enumerate(ends) if end <= left), len(ends))
        ends[row : row + 1] = [right]
        found.append(Band(era_id, title, left, right, row, len(found) % 2))
    return found
