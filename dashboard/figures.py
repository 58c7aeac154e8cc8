"""The timeline as a plotly figure: a function of tables, a window and the size of the page. It knows nothing of Dash.

    figures.lanes(timeline.events, timeline.eras).show()

Traces are plain dicts: to check them as plotly objects takes longer than to draw them. Only SVG traces (scattergl needs
WebGL, and `unsafe-eval` under a content security policy), days as plain numbers (a date axis drops BC and years
beyond 9999), vertical positions in pixels.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import select, sketch, words
from dashboard.place import GAP, shorten, text_width
from dashboard.scale import Window, ticks
from dashboard.select import Catalogue
from dashboard.sketch import (
    BAR,
    BIN,
    BOTTOM,
    FADE,
    LANE_GAP,
    LEFT,
    POINT,
    RIGHT,
    SIZE,
    STRIP,
    Band,
    Canvas,
    Density,
    Drawn,
    Floor,
    Lanes,
    Paper,
    tail,
)
from dashboard.state import ViewState, toggle_era, write
from timeline import Timeline
from timeline.palette import Look, looks

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif"
STRIP_SIZE = 11  # of the letters of era names
SIZES = {"square": 10, "triangle": 12, "diamond": 9, "cross": 10}  # where POINT would look larger or smaller


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
class Scene:
    """What a view looks like: plotly's traces and layout as plain dicts, and what the page needs to know about them.

    `dense`: for each lane shown as a density its top and bottom in pixels, its name and the events on each step.
    """

    data: list[dict[str, Any]]
    layout: dict[str, Any]
    window: Window
    dense: list[dict[str, Any]]
    inside: int


def scene(
    catalogue: Catalogue,
    state: ViewState,
    canvas: Canvas,
    lane_looks: dict[str, Look],
    window: Window | None = None,
) -> Scene:
    """Events in lanes over bands of eras: a point for a day, a bar for any longer stretch, a density for a crowd.

    `window`: the days to draw, while somebody zooms; by default those of the view.
    """
    window = window or select.window(catalogue, state)
    theme = DARK if canvas.dark else LIGHT
    paper = Paper(window, canvas, select.whole_window(catalogue))
    bands = sketch.bands(catalogue.eras, paper)
    strips = 1 + max((band.row for band in bands), default=-1)
    room = paper.height - strips * sketch.STRIP
    lanes, found = sketch.spans(catalogue, state, sketch.lanes_of(catalogue, state.lanes, lane_looks, room))
    floor = sketch.floor(catalogue, state, lanes, lane_looks, paper, strips)
    near = sketch.inside(found, window)
    dense = sketch.dense_lanes(found, near, floor, paper)
    shown = sketch.foremost(found, near, dense)
    events = sketch.drawn(catalogue, found.rows[shown], found.lane[shown], lane_looks, paper, state.event)
    drawn = sketch.placed(events, floor, paper)
    densities = sketch.densities(found, near, dense, paper)
    traces = [
        *_era_traces(bands, paper, theme, catalogue.eras, state),
        _separators(floor, paper, theme),
        *_density_traces(densities, lanes, floor, paper, theme),
        *_bar_traces(drawn, floor.bar, paper, theme),
        _points(drawn, theme),
        _arrows(drawn, theme),
        _labels(drawn, paper, theme),
        *_ring(drawn, floor.bar, paper, theme),
    ]
    crowds = [
        {
            "top": round(floor.tops[each.lane], 1),
            "bottom": round(floor.bottom(each.lane), 1),
            "name": lanes.lanes[each.lane].label,
            "counts": each.counts.tolist(),
        }
        for each in densities
    ]
    return Scene(traces, _layout(floor, lanes, paper, theme), window, crowds, len(near))


def lanes(
    events: pd.DataFrame,
    eras: pd.DataFrame,
    window: Window | None = None,
    canvas: Canvas | None = None,
    selected: str = "",
    by: str = "category",
) -> go.Figure:
    """The timeline as a figure of its own, for a notebook: the whole of a table, or the days of a window."""
    nothing = pd.DataFrame({name: pd.Series(dtype="str") for name in ("event_id", "source_id", "title")})
    catalogue = select.prepare(Timeline("", Path(), events, nothing, nothing, eras, Path()))
    state = ViewState(event=selected, lanes=by, show=("rejected",))
    if window:
        state = replace(state, start=round(window.start), end=round(window.end))
    seen = scene(catalogue, state, canvas or Canvas(), looks(catalogue.facets["category"].values))
    figure = go.Figure(seen.data, seen.layout)
    return figure.update_layout(dragmode="pan", xaxis_fixedrange=False)


VIEWS: dict[str, Callable[..., go.Figure]] = {"lanes": lanes}


# ------------------------------------------------------------------------------------------------ traces


def _era_traces(bands: list[Band], paper: Paper, theme: Theme, eras: pd.DataFrame, state: ViewState) -> list[Any]:
    """The tinted ground of each era, and its name on a strip above that carries the link to the era alone."""
    dates = dict(zip(eras["era_id"], eras["date"], strict=True))
    ground = _bar(
        **_bars([(b.left, b.right, paper.height / 2, paper.height) for b in bands]),
        marker={"color": [theme.bands[b.tint] for b in bands], "line": {"width": 0}},
        hoverinfo="skip",
    )
    strip = _bar(
        **_bars([(b.left, b.right, (b.row + 0.5) * STRIP, STRIP - 2) for b in bands]),
        marker={"color": [theme.strips[b.tint] for b in bands], "line": {"width": 0}},
        customdata=[write(toggle_era(state, b.era_id)) for b in bands],
        hovertext=[f"<b>{html.escape(b.title)}</b><br>{html.escape(words.say(dates[b.era_id]))}" for b in bands],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    names = _scatter(
        x=[_visible_middle(b, paper) for b in bands],
        y=[(b.row + 0.5) * STRIP for b in bands],
        text=["<br>".join(map(html.escape, _era_name(b, paper))) for b in bands],
        mode="text",
        textfont={"color": theme.ink, "size": STRIP_SIZE},
        hoverinfo="skip",
    )
    return [ground, strip, names]


def _era_name(band: Band, paper: Paper) -> list[str]:
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


def _visible_middle(band: Band, paper: Paper) -> float:
    left, right = max(band.left, paper.window.start), min(band.right, paper.window.end)
    return (left + right) / 2 if left < right else (band.left + band.right) / 2


def _separators(floor: Floor, paper: Paper, theme: Theme) -> Any:
    """A thin line above each lane."""
    x: list[float | None] = []
    y: list[float | None] = []
    for top in floor.tops:
        x += [paper.first, paper.last, None]
        y += [top, top, None]
    return _scatter(x=x, y=y, mode="lines", line={"color": theme.line, "width": 1}, hoverinfo="skip")


def _density_traces(densities: list[Density], lanes: Lanes, floor: Floor, paper: Paper, theme: Theme) -> list[Any]:
    """One filled path for each crowded lane; heights compare between the lanes, by the root so that few still show."""
    most = max((int(each.counts.max(initial=0)) for each in densities), default=0)
    days = paper.days(BIN)
    traces = []
    for each in densities:
        base = floor.bottom(each.lane) - LANE_GAP / 2
        room = base - floor.tops[each.lane] - LANE_GAP
        heights = np.sqrt(each.counts / max(most, 1)) * room
        turns = np.flatnonzero(np.diff(heights, prepend=-1.0))  # where the height changes
        first, last = paper.window.start, paper.window.start + len(heights) * days
        x = np.concatenate([[first], first + turns * days, [last, last]])
        y = np.concatenate([[base], base - heights[turns], [base - heights[-1], base]])
        look = lanes.lanes[each.lane].look
        colour = theme.soft if look is None else look.line_dark if theme is DARK else look.line
        traces.append(
            {
                "type": "scatter",
                "x": np.round(x, 1).tolist(),
                "y": np.round(y, 1).tolist(),
                "mode": "lines",
                "line": {"width": 1, "color": mixed(colour, theme.page, 0.55), "shape": "hv"},
                "fill": "toself",
                "fillcolor": mixed(colour, theme.page, 0.28),
                "hoverinfo": "skip",
            }
        )
    return traces


def _bar_traces(drawn: list[Drawn], height: float, paper: Paper, theme: Theme) -> list[Any]:
    """Bars for all that is longer than a day, and what fades out around those that are approximate."""
    bars = [event for event in drawn if not event.is_point]
    fading = [(e, *step) for e in drawn if e.approximate for step in _fades(e, paper)]
    fade = _bar(
        **_bars([(left, right, e.y, height) for e, left, right, _ in fading]),
        marker={
            "color": _same([_line(e, theme) for e, *_ in fading]),
            "opacity": _same([opacity * _opacity(e) for e, _, _, opacity in fading]),
            "line": {"width": 0},
        },
        hoverinfo="skip",
    )
    done, planned = [e for e in bars if not e.planned], [e for e in bars if e.planned]
    return [fade, _bodies(done, False, height, theme), _bodies(planned, True, height, theme)]


def _bodies(bars: list[Drawn], planned: bool, height: float, theme: Theme) -> Any:
    """The bars themselves; hatched if they are only planned."""
    pattern = {"shape": "/", "fillmode": "replace", "bgcolor": theme.page, "size": 5, "solidity": 0.3}
    return _bar(
        **_bars([(e.left, e.right, e.y, height) for e in bars]),
        marker={
            "color": _same([_line(e, theme) if planned else _fill(e, theme) for e in bars]),
            "opacity": _same([_opacity(e) for e in bars]),
            "line": {
                "color": _same([_line(e, theme) for e in bars]),
                "width": _same([0 if e.approximate else 1.5 for e in bars]),
            },
            **({"pattern": pattern} if planned else {}),
        },
        customdata=[e.event_id for e in bars],
        hovertext=[_hover(e) for e in bars],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _fades(event: Drawn, paper: Paper) -> Iterable[tuple[float, float, float]]:
    inner = 0
    for outer, opacity in FADE:
        yield event.left - paper.days(outer), event.left - paper.days(inner), opacity
        yield event.right + paper.days(inner), event.right + paper.days(outer), opacity
        inner = outer


def _points(drawn: list[Drawn], theme: Theme) -> Any:
    points = [event for event in drawn if event.is_point]
    return _scatter(
        x=[e.middle for e in points],
        y=[round(e.y, 1) for e in points],
        mode="markers",
        marker={
            "symbol": _same([e.look.symbol for e in points]),
            "size": _same([SIZES.get(e.look.name, POINT) for e in points]),
            "color": _same([_line(e, theme) if _is_solid(e) else theme.page for e in points]),
            "opacity": _same([_opacity(e) for e in points]),
            "line": {
                "color": _same([_line(e, theme) for e in points]),
                "width": 2,
                "dash": _same(["dot" if e.planned else "solid" for e in points]),
            },
        },
        customdata=[e.event_id for e in points],
        hovertext=[_hover(e) for e in points],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _arrows(drawn: list[Drawn], theme: Theme) -> Any:
    """The head of the arrow at an open end."""
    heads = [(e, e.right, "triangle-right") for e in drawn if e.open_right]
    heads += [(e, e.left, "triangle-left") for e in drawn if e.open_left]
    return _scatter(
        x=[x for _, x, _ in heads],
        y=[round(e.y, 1) for e, *_ in heads],
        mode="markers",
        marker={
            "symbol": [symbol for *_, symbol in heads],
            "size": BAR + 4,
            "color": [_line(e, theme) for e, *_ in heads],
            "opacity": [_opacity(e) for e, *_ in heads],
        },
        customdata=[e.event_id for e, *_ in heads],
        hovertext=[_hover(e) for e, *_ in heads],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _labels(drawn: list[Drawn], paper: Paper, theme: Theme) -> Any:
    """The labels as a text trace (annotations would be drawn anew at each step of a zoom). Invisible markers keep
    each at its distance from its mark, whatever the zoom."""
    labelled = [event for event in drawn if event.side]
    return _scatter(
        x=[round(_label_at(e, paper), 2) for e in labelled],
        y=[round(e.y + 1, 1) for e in labelled],  # letters sit a little high on their line
        mode="markers+text",
        marker={"size": _same([_distance(e) for e in labelled]), "opacity": 0},
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


def _label_at(event: Drawn, paper: Paper) -> float:
    if event.is_point:
        return event.middle
    away = paper.days(tail(event))
    if event.side == "inside":
        return max(event.left, paper.window.start)
    return event.right + away if event.side == "right" else event.left - away


def _ring(drawn: list[Drawn], height: float, paper: Paper, theme: Theme) -> list[Any]:
    """A ring around the selected event: a line, not a colour."""
    chosen = [event for event in drawn if event.selected]
    points, bars = [e for e in chosen if e.is_point], [e for e in chosen if not e.is_point]
    pad = paper.days(4)
    circle = _scatter(
        x=[e.middle for e in points],
        y=[round(e.y, 1) for e in points],
        mode="markers",
        marker={"symbol": "circle-open", "size": POINT + 10, "color": theme.ink, "line": {"width": 3}},
        hoverinfo="skip",
    )
    frame = _bar(
        **_bars([(e.left - pad, e.right + pad, e.y, height + 8) for e in bars]),
        marker={"color": "rgba(0,0,0,0)", "line": {"color": theme.ink, "width": 3}},
        hoverinfo="skip",
    )
    return [circle, frame]


def _scatter(**settings: Any) -> dict[str, Any]:
    return {"type": "scatter", **settings}


def _bar(**settings: Any) -> dict[str, Any]:
    return {"type": "bar", **settings}


def _bars(boxes: Sequence[tuple[float, float, float, float]]) -> dict[str, Any]:
    """Horizontal bars from (left, right, middle, height)."""
    return {
        "orientation": "h",
        "base": [round(left, 2) for left, *_ in boxes],
        "x": [round(right - left, 2) for left, right, *_ in boxes],
        "y": [round(middle, 1) for _, _, middle, _ in boxes],
        "width": _same([round(height, 1) for *_, height in boxes]),
    }


def _hover(event: Drawn) -> str:
    name = "<br>".join(map(html.escape, _wrapped(event.title, 52)))
    told = f" · {event.sources} source{'' if event.sources == 1 else 's'}" if event.sources else ""
    return f"<b>{name}</b><br>{html.escape(words.say(event.date))}<br>{html.escape(event.category)}{told}"


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


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


def _layout(floor: Floor, lanes: Lanes, paper: Paper, theme: Theme) -> dict[str, Any]:
    places, texts = ticks(paper.window, paper.width)
    return {
        "width": paper.canvas.width,
        "height": paper.canvas.height,
        "margin": {"l": LEFT, "r": RIGHT, "t": 0, "b": BOTTOM, "pad": 0},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": SIZE, "color": theme.ink},
        "showlegend": False,
        "barmode": "overlay",
        "dragmode": False,  # assets/plot.js zooms and pans: it asks for new marks while the hand still moves
        "hovermode": "closest",
        "hoverdistance": 12,
        "hoverlabel": {
            "bgcolor": theme.tip,
            "bordercolor": theme.soft,
            "align": "left",
            "font": {"family": FONT, "size": 13, "color": theme.ink},
        },
        "xaxis": {
            "range": [paper.window.start, paper.window.end],
            "fixedrange": True,
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
            "tickvals": [(floor.tops[lane] + floor.bottom(lane)) / 2 for lane in range(len(lanes.lanes))],
            "ticktext": [_lane_name(lane.label, lane.look, theme) for lane in lanes.lanes],
            "showgrid": False,
            "zeroline": False,
            "ticks": "",
        },
    }


def _lane_name(name: str, look: Look | None, theme: Theme) -> str:
    lines = "<br>".join(map(html.escape, _wrapped(name, 14)[:2]))
    if look is None:
        return f"{lines}  "
    return f"{lines} <span style='color:{look.line_dark if theme is DARK else look.line}'>{look.glyph}</span>  "


def _same(values: Sequence[Any]) -> Any:
    """One value where all are the same: plotly takes either, and the answer is shorter."""
    return values[0] if len(values) > 1 and all(value == values[0] for value in values) else list(values)
