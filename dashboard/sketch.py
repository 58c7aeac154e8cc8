"""Where everything goes before anything is drawn: events and eras as marks, lanes, rows and labels, days and pixels.

Days are plain numbers, vertical positions pixels from the top. Nothing here knows about plotly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import pandas as pd

from dashboard.palette import Look
from dashboard.place import GAP, Mark, Place, Sheet, arrange, rows_for, shorten, text_width
from dashboard.scale import Window, fit
from dashboard.select import bounds, foremost
from timeline.edtf import EdtfError, parse

SIZE = 12  # of letters, in pixels
LEFT, RIGHT, BOTTOM = 118, 10, 26  # margins: the lanes' names, nothing, the ticks
STRIP = 32  # the height of a row of era names
ROW, TIGHT_ROW, LOWEST_ROW, LANE_GAP = 20, 15, 6, 8
POINT, BAR = 11, 14  # the size of a point, the height of a bar where rows are not tight
NARROWEST_BAR = 7  # pixels: a month is still a bar to see and to click when a century is on show
ARROW = 26  # pixels that an open end runs on for
FADE = ((4, 0.34), (8, 0.2), (12, 0.09))  # how an approximate date ends: (to how many pixels out, how opaque)
RING = 5  # pixels around the mark of the selected event
MOST_MARKS = 1500  # SVG stays fast up to about this many; the most salient are drawn


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


def drawn(events: pd.DataFrame, lane_looks: dict[str, Look], paper: Paper, selected: str) -> list[Drawn]:
    """Every dated event with its extent on the paper."""
    lane = {category: number for number, category in enumerate(lane_looks)}
    lower, upper = bounds(events)
    columns = ["event_id", "date", "title", "category", "modality", "salience", "status", "n_sources"]
    rows = zip(*(events[name] for name in columns), lower, upper, strict=True)
    found = []
    for event_id, date, title, category, modality, salience, status, sources, first, last in rows:
        if math.isnan(first):
            continue
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
                salience=0.0 if pd.isna(salience) else float(salience),
                look=lane_looks[category],
                lane=lane[category],
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


def floor(every: pd.DataFrame, lane_looks: dict[str, Look], paper: Paper, strips: int) -> Floor:
    """Share out the height among the lanes, by what the whole table needs: the same for every filter and zoom."""
    strip = strips * STRIP
    room = paper.height - strip - LANE_GAP * len(lane_looks)
    overview = Paper(fit(*bounds(every)), paper.canvas, paper.every)
    marks: list[list[tuple[float, float]]] = [[] for _ in lane_looks]
    labelled: list[list[tuple[float, float]]] = [[] for _ in lane_looks]
    for event in drawn(foremost(every, MOST_MARKS), lane_looks, overview, ""):
        label = text_width(shorten(event.title), SIZE) * paper.canvas.stretch
        left, right = overview.x(event.left), overview.x(event.right) + GAP
        marks[event.lane].append((left, right))
        labelled[event.lane].append((min(left, paper.width - label), right + label))
    rows = rows_for(marks, labelled, int(room // TIGHT_ROW), int(room // ROW))
    height = max(room / max(sum(rows), 1), LOWEST_ROW)
    heights = [LANE_GAP + count * height for count in rows]
    tops = tuple(strip + sum(heights[:lane]) for lane in range(len(heights)))
    return Floor(tops, tuple(rows), height, strip)


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
