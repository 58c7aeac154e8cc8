"""The figure is a function of a table: every view draws five events, none, and the ends of time."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from dashboard import figures, select, sketch
from dashboard.figures import VIEWS
from dashboard.scale import Window, ticks
from dashboard.sketch import Canvas
from dashboard.state import read
from timeline import Timeline
from timeline.edtf import day_number, iso, parse
from timeline.palette import Look, looks

Day = tuple[int, int, int]


def drawn(figure: Any) -> dict[str, list[Any]]:
    """The traces that carry each event."""
    found: dict[str, list[Any]] = {}
    for trace in figure.data:
        for event in trace.customdata if trace.customdata is not None else ():
            found.setdefault(event, []).append(trace)
    return found


def prepared(events: pd.DataFrame, port: Timeline) -> tuple[select.Catalogue, dict[str, Look]]:
    return select.prepare(replace(port, events=events)), looks(events["category"])


def crowd(port: Timeline, events: int) -> pd.DataFrame:
    """So many events, one after the other from 1800, a few days apart, all in one category but every tenth."""
    start = day_number(1800, 1, 1)
    days = [iso(start + 7 * number) for number in range(events)]
    first = port.events.iloc[[0] * events].reset_index(drop=True)
    category = ["Culture" if number % 10 == 0 else "Economy" for number in range(events)]
    ids = [f"c{number:06d}" for number in range(events)]
    return first.assign(event_id=ids, date=days, earliest=days, latest=days, precision="day", category=category)


def with_date(events: pd.DataFrame, date: str) -> pd.DataFrame:
    value = parse(date)
    changes = {"date": date, "earliest": value.earliest, "latest": value.latest, "precision": value.precision}
    return events.head(1).assign(**changes)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("rows", [0, 1, 5])
@pytest.mark.parametrize("dark", [False, True])
def test_every_view_draws_every_table(port: Timeline, view: str, rows: int, dark: bool) -> None:
    events = port.events.head(rows)
    figure = VIEWS[view](events, port.eras, canvas=Canvas(dark=dark))
    figure.to_json()
    assert {event for event in drawn(figure) if not event.startswith("?")} == set(events["event_id"])


@pytest.mark.parametrize(
    ("date", "kind"),
    [
        ("1902-09-03", "scatter"),
        ("1902-09", "bar"),
        ("1902", "bar"),
        ("190X", "bar"),
        ("1902/1904", "bar"),
        ("-0043", "bar"),
        ("-0043-03-15", "scatter"),
        ("Y12000-01-01", "scatter"),
        ("Y-12000", "bar"),
    ],
)
def test_a_day_is_a_point_and_all_else_a_bar(port: Timeline, date: str, kind: str) -> None:
    (traces,) = drawn(figures.lanes(with_date(port.events, date), port.eras.head(0))).values()
    assert [trace.type for trace in traces] == [kind]


def test_a_bar_reaches_from_the_first_to_the_last_possible_day(port: Timeline) -> None:
    events = with_date(port.events, "1902/1904")
    figure = figures.lanes(events, port.eras.head(0), Window(day_number(1900, 1, 1), day_number(1910, 1, 1)))
    (bar,) = drawn(figure)[events["event_id"].iloc[0]]
    assert (bar.base[0], bar.base[0] + bar.x[0]) == (day_number(1902, 1, 1), day_number(1905, 1, 1))


def test_the_shortest_bar_can_still_be_clicked(port: Timeline) -> None:
    window = Window(day_number(0, 1, 1), day_number(2000, 1, 1))
    figure = figures.lanes(with_date(port.events, "1902-09"), port.eras.head(0), window, Canvas(width=1000))
    (bar,) = drawn(figure)["e01"]
    pixels = bar.x[0] / window.width * (1000 - sketch.LEFT - sketch.RIGHT)
    assert pixels == pytest.approx(sketch.NARROWEST_BAR)


def test_the_label_of_a_disputed_event_says_that_its_date_is_in_doubt(port: Timeline) -> None:
    figure = figures.lanes(with_date(port.events, "[1902-09-03,1902-09-04]"), port.eras.head(0))
    assert "Trading post at the ford (?)" in {text for trace in figure.data for text in (trace.text or ())}


def test_an_open_end_is_an_arrow(port: Timeline) -> None:
    figure = figures.lanes(port.events, port.eras)
    assert [trace.type for trace in drawn(figure)["e11"]] == ["bar", "scatter"]
    assert drawn(figure)["e11"][1].marker.symbol[0] == "triangle-right"


def test_proposed_is_hollow_and_planned_is_hatched(port: Timeline) -> None:
    found = drawn(figures.lanes(port.events, port.eras))
    fills = dict(zip(found["e03"][0].customdata, found["e03"][0].marker.color, strict=True))
    assert fills["e03"] != figures.LIGHT.page
    assert found["e12"][0].marker.pattern.shape == "/"
    proposed = figures.lanes(port.events.assign(status="proposed"), port.eras)
    assert set(drawn(proposed)["e03"][0].marker.color) == {figures.LIGHT.page}


def test_the_selected_event_has_a_ring(port: Timeline) -> None:
    plain = figures.lanes(port.events, port.eras)
    chosen = figures.lanes(port.events, port.eras, selected="e03")
    rings = [sum(len(trace.y) for trace in figure.data[-2:]) for figure in (plain, chosen)]
    assert rings == [0, 1]


def test_lanes_stay_where_they_are_whatever_is_zoomed(port: Timeline) -> None:
    catalogue, all_looks = prepared(port.events, port)
    every, some = (figures.scene(catalogue, read(search), Canvas(), all_looks) for search in ("", "?from=1900&to=1905"))
    assert every.layout["yaxis"] == some.layout["yaxis"]
    assert every.inside > some.inside > 0


def test_a_lane_that_the_filters_empty_gives_its_room_to_the_others(port: Timeline) -> None:
    catalogue, all_looks = prepared(port.events, port)
    some, none = (figures.scene(catalogue, read(q), Canvas(), all_looks) for q in ("?category=Culture", "?q=zzz"))
    assert [text.split(" ")[0] for text in some.layout["yaxis"]["ticktext"]] == ["Culture"]
    assert len(none.layout["yaxis"]["ticktext"]) == 5
    assert some.inside == 1


def test_no_webgl_and_no_annotations(port: Timeline) -> None:
    figure = figures.lanes(port.events, port.eras)
    assert {trace.type for trace in figure.data} == {"bar", "scatter"}
    assert not figure.layout.annotations
    assert figure.layout.xaxis.type is None


def test_titles_are_text_and_not_markup(port: Timeline) -> None:
    figure = figures.lanes(port.events.assign(title='<a href="x">link</a> & more'), port.eras)
    assert "<a" not in "".join(text for trace in figure.data for text in (trace.hovertext or ()))
    assert "<a" not in "".join(text for trace in figure.data for text in (trace.text or ()))


def test_undated_events_are_not_drawn(port: Timeline) -> None:
    undated = port.events.head(1).assign(date="", earliest="", latest="", precision="")
    assert not drawn(figures.lanes(undated, port.eras.head(0)))


@pytest.mark.parametrize(
    ("first", "last", "some"),
    [
        ((-100, 1, 1), (100, 1, 1), ["50 BC", "1", "50"]),
        ((9990, 1, 1), (12010, 1, 1), ["10000", "12000"]),
        ((1949, 1, 1), (2021, 1, 1), ["1950", "2020"]),
        ((1969, 1, 1), (1970, 1, 1), ["Apr 1969", "Jul 1969"]),
        ((1969, 3, 1), (1969, 3, 20), ["3 Mar 1969", "10 Mar 1969"]),
    ],
)
def test_ticks_say_dates_at_any_time_and_zoom(first: Day, last: Day, some: list[str]) -> None:
    window = Window(day_number(*first), day_number(*last))
    places, texts = ticks(window, 700)
    assert set(some) <= set(texts)
    assert 3 <= sum(window.start <= place <= window.end for place in places) <= 12


def test_a_crowd_is_a_density_with_the_foremost_before_it(port: Timeline) -> None:
    catalogue, all_looks = prepared(crowd(port, 3000), port)
    whole = figures.scene(catalogue, read("?lanes=category"), Canvas(), all_looks)
    assert [lane["name"] for lane in whole.dense] == ["Economy", "Culture"]
    assert sum(whole.dense[0]["counts"]) >= 2700
    marks = sum(len(trace.get("customdata", ())) for trace in whole.data)
    assert 2 * sketch.FOREMOST <= marks <= 2 * sketch.FOREMOST + len(port.eras)
    near = figures.scene(catalogue, read("?from=1801&to=1801"), Canvas(), all_looks)
    assert not near.dense
    assert near.inside == 52


def test_a_density_counts_a_long_event_in_all_of_its_steps(port: Timeline) -> None:
    events = crowd(port, 2000).assign(earliest="1800-01-01", latest="1899-12-31", date="18XX", precision="century")
    catalogue, all_looks = prepared(events, port)
    lanes = sketch.lanes_of(catalogue, "none", all_looks, 400)
    window = Window(day_number(1700, 1, 1), day_number(1900, 1, 1))
    paper = sketch.Paper(window, Canvas(), window)
    _, found = sketch.spans(catalogue, read("?lanes=none"), lanes)
    (density,) = sketch.densities(found, sketch.inside(found, window), {0}, paper)
    assert density.counts[0] == 0
    assert set(density.counts[-20:]) == {2000}


@pytest.mark.parametrize(("by", "names"), [
    ("category", ["Diplomacy", "Economy", "Border", "Culture", "Science"]),
    ("source", ["Chronicle of Merrin", "Annual report"]),
    ("actor", ["Council of Merrin", "Harbour office", "José Müller", "Railway company", "others"]),
    ("none", ["all events"]),
])  # fmt: skip
def test_lanes_by_what_the_reader_chose(port: Timeline, by: str, names: list[str]) -> None:
    catalogue, all_looks = prepared(port.events, port)
    lanes = sketch.lanes_of(catalogue, by, all_looks, 400)
    assert sorted(lane.label for lane in lanes.lanes) == sorted(names)
    assert set(lanes.rows) == set(range(len(port.events)))
    assert len(figures.lanes(port.events, port.eras, by=by).data) > 5


def test_there_are_as_many_lanes_of_actors_as_have_room(port: Timeline) -> None:
    events = crowd(port, 40).assign(actors=[f"Actor {number % 20}" for number in range(40)])
    catalogue, all_looks = prepared(events, port)
    low, high = (sketch.lanes_of(catalogue, "actor", all_looks, height).lanes for height in (200, 2000))
    assert (len(low), len(high)) == (sketch.LEAST_LANES, sketch.MOST_LANES)
    assert low[-1].label == high[-1].label == sketch.OTHERS


def test_an_event_of_two_actors_stands_in_both_lanes(port: Timeline) -> None:
    figure = figures.lanes(port.events, port.eras, by="actor")
    assert sum(list(trace.customdata or ()).count("e09") for trace in figure.data) == 2
