"""The timeline as a plotly figure: a function of tables, a window and the size of the page. It knows nothing of Dash.

    figures.lanes(timeline.events, timeline.eras).show()

Only SVG traces (scattergl needs WebGL, and `unsafe-eval` under a content security policy), days as plain numbers
(a date axis drops BC and years beyond 9999), vertical positions in pixels.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard import words
from dashboard.palette import Look, looks
from dashboard.place import GAP, Mark, Place, arrange, rows_for, shorten, text_width
from dashboard.scale import Window, fit, ticks, whole
from dashboard.select import bounds
from timeline.edtf import EdtfError, parse

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif"
SIZE = 12  # of letters, in pixels
LEFT, RIGHT, BOTTOM = 118, 10, 26  # margins: the lanes' names, nothing, the ticks
STRIP, STRIP_SIZE = 32, 11  # the height of a row of era names, and of their letters
ROW, TIGHT_ROW, LOWEST_ROW, LANE_GAP = 20, 15, 6, 8
POINT, BAR = 11, 14  # the size of a point, the height of a bar where rows are not tight
SIZES = {"square": 10, "triangle": 12, "diamond": 9, "cross": 10}  # where POINT would look larger or smaller
NARROWEST_BAR = 7  # pixels: a month is still a bar to see and to click when a century is on show
ARROW = 26  # pixels that an open end runs on for
ERA = "era:"  # what a click on an era's name carries, before the era's id


@dataclass(frozen=True, slots=True)
class Canvas:
    """What the browser says about itself: the figure's size, dark or light, how wide its letters run (`place`)."""

    width: float = 900
    height: float = 420
    dark: bool = False
    stretch: float = 1.1


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours that are not those of a category."""

    page: str
    ink: str
    soft: str
    line: str
    bands: tuple[str, str]
    strips: tuple[str, str]
    tip: str


LIGHT = Theme("#FFFFFF", "#1A1A1A", "#595959", "#DEDED8", ("#F7F7F5", "#EFEFEB"), ("#E9E9E5", "#DDDDD7"), "#FFFFFF")
DARK = Theme("#14171A", "#ECEFF1", "#A9B0B6", "#30363C", ("#171B1F", "#1C2126"), ("#262C32", "#303840"), "#20252A")


@dataclass(frozen=True, slots=True)
class Drawn:
    """An event on its way to the paper. `left` and `right` are days, `row` its middle in pixels from the top."""

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
    hover: str
    y: float = 0.0
    side: str = ""
    label: str = ""

    @property
    def middle(self) -> float:
        """The day in the middle of it."""
        return (self.left + self.right) / 2


def lanes(
    events: pd.DataFrame,
    eras: pd.DataFrame,
    window: Window | None = None,
    canvas: Canvas | None = None,
    selected: str = "",
    every: pd.DataFrame | None = None,
) -> go.Figure:
    """Events in lanes by category over bands of eras: a point for a day, a bar for any longer stretch.

    `every` is the whole table if `events` is a part of it: the lanes then stay where they are whatever is filtered.
    """
    canvas = canvas or Canvas()
    every = events if every is None else every
    lower, upper = bounds(every)
    window = window or fit(lower, upper)
    theme = DARK if canvas.dark else LIGHT
    paper = _Paper(window, canvas, whole(lower, upper))
    bands = _bands(eras, paper)
    lane_looks = looks(every["category"])
    floor = _floor(every, lane_looks, paper, 1 + max((band.row for band in bands), default=-1))
    drawn = _placed(_drawn(events, lane_looks, paper, selected), floor, paper)
    traces = [
        *_era_traces(bands, paper, theme, eras),
        _separators(floor, paper, theme),
        *_bar_traces(drawn, floor.bar, paper, theme),
        _points(drawn, theme),
        _arrows(drawn, theme),
        _labels(drawn, paper, theme),
        *_ring(drawn, floor.bar, paper, theme),
    ]
    return go.Figure(traces, _layout(floor, lane_looks, paper, theme))


VIEWS: dict[str, Callable[..., go.Figure]] = {"lanes": lanes}


@dataclass(frozen=True, slots=True)
class _Paper:
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
class _Floor:
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
class _Band:
    """An era within reach, in days, and its row in the strip of names (eras may overlap)."""

    era_id: str
    title: str
    left: float
    right: float
    row: int
    tint: int


# ------------------------------------------------------------------------------------------------ from rows to marks


def _drawn(events: pd.DataFrame, lane_looks: dict[str, Look], paper: _Paper, selected: str) -> list[Drawn]:
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
                hover=_hover(title, date, category, sources),
            )
        )
    return found


def _extent(first: float, last: float, paper: _Paper) -> tuple[float, float]:
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
    try:
        value = parse(date)
    except EdtfError:
        return False, False
    return value.approximate, value.uncertain


def _hover(title: str, date: str, category: str, sources: Any) -> str:
    told = "" if pd.isna(sources) else f" · {sources} source{'' if sources == 1 else 's'}"
    name = "<br>".join(map(html.escape, _wrapped(title, 52)))
    return f"<b>{name}</b><br>{html.escape(words.say(date))}<br>{html.escape(category)}{told}"


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


# ------------------------------------------------------------------------------------------------ where things go


def _floor(every: pd.DataFrame, lane_looks: dict[str, Look], paper: _Paper, strips: int) -> _Floor:
    """Share out the height among the lanes, by what the whole table needs: the same for every filter and zoom."""
    strip = strips * STRIP
    room = paper.height - strip - LANE_GAP * len(lane_looks)
    overview = _Paper(fit(*bounds(every)), paper.canvas, paper.every)
    marks: list[list[tuple[float, float]]] = [[] for _ in lane_looks]
    labelled: list[list[tuple[float, float]]] = [[] for _ in lane_looks]
    for event in _drawn(every, lane_looks, overview, ""):
        label = text_width(shorten(event.title), SIZE, paper.canvas.stretch)
        left, right = overview.x(event.left), overview.x(event.right) + GAP
        marks[event.lane].append((left, right))
        labelled[event.lane].append((min(left, paper.width - label), right + label))
    rows = rows_for(marks, labelled, int(room // TIGHT_ROW), int(room // ROW))
    height = max(room / max(sum(rows), 1), LOWEST_ROW)
    heights = [LANE_GAP + count * height for count in rows]
    tops = tuple(strip + sum(heights[:lane]) for lane in range(len(heights)))
    return _Floor(tops, tuple(rows), height, strip)


def _placed(drawn: list[Drawn], floor: _Floor, paper: _Paper) -> list[Drawn]:
    """Give every event its row and, as far as there is room, its label."""
    marks = [
        Mark(
            e.lane,
            paper.x(e.left) - _tail(e),
            paper.x(e.right) + _tail(e),
            _label(e),
            math.inf if e.selected else e.salience,
        )
        for e in drawn
    ]
    places = arrange(marks, floor.rows, paper.width, SIZE, paper.canvas.stretch)
    return [_at(event, place, floor) for event, place in zip(drawn, places, strict=True)]


def _at(event: Drawn, place: Place, floor: _Floor) -> Drawn:
    return replace(event, y=floor.y(event.lane, place.row), side=place.side, label=place.label)


def _label(event: Drawn) -> str:
    if event.status == "rejected":
        return ""
    return f"{event.title} (?)" if event.uncertain else event.title


def _tail(event: Drawn) -> float:
    """What a mark needs beyond its extent: the fading ends of an approximate date, the ring of a selected event."""
    return (FADE[-1][0] if event.approximate else 0) + (5 if event.selected else 0)


def _bands(eras: pd.DataFrame, paper: _Paper) -> list[_Band]:
    lower, upper = bounds(eras)
    ends: list[float] = []
    bands: list[_Band] = []
    rows = zip(eras["era_id"], eras["title"], lower, upper, strict=True)
    for era_id, title, first, last in sorted(rows, key=lambda row: (row[2], row[3])):
        left, right = max(first, paper.first), min(last + 1, paper.last)
        if math.isnan(first) or left >= right:
            continue
        row = next((number for number, end in enumerate(ends) if end <= left), len(ends))
        ends[row : row + 1] = [right]
        bands.append(_Band(era_id, title, left, right, row, len(bands) % 2))
    return bands


# ------------------------------------------------------------------------------------------------ traces


def _era_traces(bands: list[_Band], paper: _Paper, theme: Theme, eras: pd.DataFrame) -> list[Any]:
    """The tinted ground of each era, its name on a strip above, and a click area that carries its id."""
    dates = dict(zip(eras["era_id"], eras["date"], strict=True))
    ground = go.Bar(
        **_bars([(b.left, b.right, paper.height / 2, paper.height) for b in bands]),
        marker={"color": [theme.bands[b.tint] for b in bands], "line": {"width": 0}},
        hoverinfo="skip",
    )
    strip = go.Bar(
        **_bars([(b.left, b.right, (b.row + 0.5) * STRIP, STRIP - 2) for b in bands]),
        marker={"color": [theme.strips[b.tint] for b in bands], "line": {"width": 0}},
        customdata=[ERA + b.era_id for b in bands],
        hovertext=[f"<b>{html.escape(b.title)}</b><br>{html.escape(words.say(dates[b.era_id]))}" for b in bands],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    names = go.Scatter(
        x=[_visible_middle(b, paper) for b in bands],
        y=[(b.row + 0.5) * STRIP for b in bands],
        text=["<br>".join(map(html.escape, _era_name(b, paper))) for b in bands],
        mode="text",
        textfont={"color": theme.ink, "size": STRIP_SIZE},
        hoverinfo="skip",
    )
    return [ground, strip, names]


def _era_name(band: _Band, paper: _Paper) -> list[str]:
    """The era's name in one line or two, as far as it fits into what is seen of its band."""
    room = paper.x(min(band.right, paper.window.end)) - paper.x(max(band.left, paper.window.start)) - GAP
    room /= paper.canvas.stretch
    ways = [(max(map(_era_width, lines)), lines) for lines in _halves(band.title)]
    fitting = [(len(lines), width, lines) for width, lines in ways if width <= room]
    lines = min(fitting)[-1] if fitting else min(ways)[-1]
    return [line for line in (_cut(line, room) for line in lines) if line]


def _halves(title: str) -> list[list[str]]:
    """A title in one line, and in two lines in every way."""
    parts = title.split()
    return [[title], *([" ".join(parts[:n]), " ".join(parts[n:])] for n in range(1, len(parts)))]


def _cut(line: str, room: float) -> str:
    """As much of a line as fits, nothing if only a letter or two would."""
    short = (shorten(line, longest) for longest in range(len(line), 3, -1))
    return next((text for text in short if _era_width(text) <= room), "")


def _era_width(text: str) -> float:
    return text_width(text, STRIP_SIZE)


def _visible_middle(band: _Band, paper: _Paper) -> float:
    left, right = max(band.left, paper.window.start), min(band.right, paper.window.end)
    return (left + right) / 2 if left < right else (band.left + band.right) / 2


def _separators(floor: _Floor, paper: _Paper, theme: Theme) -> Any:
    """A thin line above each lane."""
    x: list[float | None] = []
    y: list[float | None] = []
    for top in floor.tops:
        x += [paper.first, paper.last, None]
        y += [top, top, None]
    return go.Scatter(x=x, y=y, mode="lines", line={"color": theme.line, "width": 1}, hoverinfo="skip")


# How an approximate date fades out at its ends: (to how many pixels out, how opaque).
FADE = ((4, 0.34), (8, 0.2), (12, 0.09))


def _bar_traces(drawn: list[Drawn], height: float, paper: _Paper, theme: Theme) -> list[Any]:
    """Bars for all that is longer than a day, and what fades out around those that are approximate."""
    bars = [event for event in drawn if not event.is_point]
    fading = [(e, *step) for e in drawn if e.approximate for step in _fades(e, paper)]
    fade = go.Bar(
        **_bars([(left, right, e.y, height) for e, left, right, _ in fading]),
        marker={
            "color": [_line(e, theme) for e, *_ in fading],
            "opacity": [opacity * _opacity(e) for e, _, _, opacity in fading],
            "line": {"width": 0},
        },
        hoverinfo="skip",
    )
    done, planned = [e for e in bars if not e.planned], [e for e in bars if e.planned]
    return [fade, _bodies(done, False, height, theme), _bodies(planned, True, height, theme)]


def _bodies(bars: list[Drawn], planned: bool, height: float, theme: Theme) -> Any:
    """The bars themselves; hatched if they are only planned."""
    pattern = {"shape": "/", "fillmode": "replace", "bgcolor": theme.page, "size": 5, "solidity": 0.3}
    return go.Bar(
        **_bars([(e.left, e.right, e.y, height) for e in bars]),
        marker={
            "color": [_line(e, theme) if planned else _fill(e, theme) for e in bars],
            "opacity": [_opacity(e) for e in bars],
            "line": {"color": [_line(e, theme) for e in bars], "width": [0 if e.approximate else 1.5 for e in bars]},
            **({"pattern": pattern} if planned else {}),
        },
        customdata=[e.event_id for e in bars],
        hovertext=[e.hover for e in bars],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _fades(event: Drawn, paper: _Paper) -> Iterable[tuple[float, float, float]]:
    inner = 0
    for outer, opacity in FADE:
        yield event.left - paper.days(outer), event.left - paper.days(inner), opacity
        yield event.right + paper.days(inner), event.right + paper.days(outer), opacity
        inner = outer


def _points(drawn: list[Drawn], theme: Theme) -> Any:
    points = [event for event in drawn if event.is_point]
    return go.Scatter(
        x=[e.middle for e in points],
        y=[e.y for e in points],
        mode="markers",
        marker={
            "symbol": [e.look.symbol for e in points],
            "size": [SIZES.get(e.look.name, POINT) for e in points],
            "color": [_line(e, theme) if _is_solid(e) else theme.page for e in points],
            "opacity": [_opacity(e) for e in points],
            "line": {
                "color": [_line(e, theme) for e in points],
                "width": 2,
                "dash": ["dot" if e.planned else "solid" for e in points],
            },
        },
        customdata=[e.event_id for e in points],
        hovertext=[e.hover for e in points],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _arrows(drawn: list[Drawn], theme: Theme) -> Any:
    """The head of the arrow at an open end."""
    heads = [(e, e.right, "triangle-right") for e in drawn if e.open_right]
    heads += [(e, e.left, "triangle-left") for e in drawn if e.open_left]
    return go.Scatter(
        x=[x for _, x, _ in heads],
        y=[e.y for e, *_ in heads],
        mode="markers",
        marker={
            "symbol": [symbol for *_, symbol in heads],
            "size": BAR + 4,
            "color": [_line(e, theme) for e, *_ in heads],
            "opacity": [_opacity(e) for e, *_ in heads],
        },
        customdata=[e.event_id for e, *_ in heads],
        hovertext=[e.hover for e, *_ in heads],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _labels(drawn: list[Drawn], paper: _Paper, theme: Theme) -> Any:
    """The labels as a text trace (annotations would be drawn anew at each step of a zoom). Invisible markers keep
    each at its distance from its mark, whatever the zoom."""
    labelled = [event for event in drawn if event.side]
    return go.Scatter(
        x=[_label_at(e, paper) for e in labelled],
        y=[e.y + 1 for e in labelled],  # letters sit a little high on their line
        mode="markers+text",
        marker={"size": [_distance(e) for e in labelled], "opacity": 0},
        text=[html.escape(e.label) for e in labelled],
        textposition=["middle left" if e.side == "left" else "middle right" for e in labelled],
        textfont={"color": theme.ink, "size": SIZE},
        hoverinfo="skip",
    )


def _distance(event: Drawn) -> float:
    """The size of the invisible marker that keeps a label off its mark: plotly writes 0.625 of it plus 1 away."""
    if event.is_point:
        return 14 + (8 if event.selected else 0)
    at_arrow = (event.side == "right" and event.open_right) or (event.side == "left" and event.open_left)
    return 12 if at_arrow else 4


def _label_at(event: Drawn, paper: _Paper) -> float:
    if event.is_point:
        return event.middle
    tail = paper.days(_tail(event))
    if event.side == "inside":
        return max(event.left, paper.window.start)
    return event.right + tail if event.side == "right" else event.left - tail


def _ring(drawn: list[Drawn], height: float, paper: _Paper, theme: Theme) -> list[Any]:
    """A ring around the selected event: a line, not a colour."""
    chosen = [event for event in drawn if event.selected]
    points, bars = [e for e in chosen if e.is_point], [e for e in chosen if not e.is_point]
    pad = paper.days(4)
    circle = go.Scatter(
        x=[e.middle for e in points],
        y=[e.y for e in points],
        mode="markers",
        marker={"symbol": "circle-open", "size": POINT + 10, "color": theme.ink, "line": {"width": 3}},
        hoverinfo="skip",
    )
    frame = go.Bar(
        **_bars([(e.left - pad, e.right + pad, e.y, height + 8) for e in bars]),
        marker={"color": "rgba(0,0,0,0)", "line": {"color": theme.ink, "width": 3}},
        hoverinfo="skip",
    )
    return [circle, frame]


def _bars(boxes: Sequence[tuple[float, float, float, float]]) -> dict[str, Any]:
    """Horizontal bars from (left, right, middle, height)."""
    return {
        "orientation": "h",
        "base": [left for left, *_ in boxes],
        "x": [right - left for left, right, *_ in boxes],
        "y": [middle for _, _, middle, _ in boxes],
        "width": [height for *_, height in boxes],
    }


def _is_solid(event: Drawn) -> bool:
    """Has somebody vouched for it? A proposal is hollow, and so is what has not happened yet."""
    return event.status in ("accepted", "edited", "added") and not event.planned


def _opacity(event: Drawn) -> float:
    return 0.35 if event.status == "rejected" else 1.0


def _line(event: Drawn, theme: Theme) -> str:
    return event.look.line_dark if theme is DARK else event.look.line


def _fill(event: Drawn, theme: Theme) -> str:
    """The inside of a bar: a tint light enough to write on."""
    return mixed(_line(event, theme), theme.page, 0.5 if _is_solid(event) or event.approximate else 0.18)


def mixed(colour: str, ground: str, share: float) -> str:
    """A colour thinned with the ground it stands on.

    >>> mixed("#000000", "#FFFFFF", 0.5)
    '#808080'
    """
    pairs = ((int(colour[i : i + 2], 16), int(ground[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02X}" for a, b in pairs)


# ------------------------------------------------------------------------------------------------ layout


def _layout(floor: _Floor, lane_looks: dict[str, Look], paper: _Paper, theme: Theme) -> dict[str, Any]:
    places, texts = ticks(paper.window, paper.width)
    return {
        "width": None,
        "height": None,
        "autosize": True,
        "margin": {"l": LEFT, "r": RIGHT, "t": 0, "b": BOTTOM, "pad": 0},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": SIZE, "color": theme.ink},
        "showlegend": False,
        "barmode": "overlay",
        "dragmode": "pan",
        "hovermode": "closest",
        "hoverdistance": 12,
        "hoverlabel": {
            "bgcolor": theme.tip,
            "bordercolor": theme.soft,
            "align": "left",
            "font": {"family": FONT, "size": 13, "color": theme.ink},
        },
        "uirevision": f"{paper.window.start:.0f}/{paper.window.end:.0f}",
        "xaxis": {
            "range": [paper.window.start, paper.window.end],
            "minallowed": paper.first,
            "maxallowed": paper.last,
            "tickvals": places,
            "ticktext": texts,
            "tickfont": {"color": theme.soft},
            "ticks": "outside",
            "tickcolor": theme.line,
            "tickangle": 0,
            "showgrid": True,
            "gridcolor": theme.line,
            "griddash": "dot",
            "zeroline": False,
        },
        "yaxis": {
            "range": [paper.height, 0],
            "fixedrange": True,
            "tickvals": [(floor.tops[lane] + floor.bottom(lane)) / 2 for lane in range(len(lane_looks))],
            "ticktext": [_lane_name(name, look, theme) for name, look in lane_looks.items()],
            "showgrid": False,
            "zeroline": False,
            "ticks": "",
        },
    }


def _lane_name(name: str, look: Look, theme: Theme) -> str:
    colour = look.line_dark if theme is DARK else look.line
    lines = _wrapped(name or "uncategorised", 14)
    return f"{'<br>'.join(map(html.escape, lines))} <span style='color:{colour}'>{look.glyph}</span>  "
