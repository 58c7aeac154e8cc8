"""The figure is a function of a table: every view draws five events, none, and the ends of time."""

from typing import Any

import pandas as pd
import pytest

from dashboard import figures, sketch
from dashboard.figures import VIEWS
from dashboard.scale import Window, ticks
from dashboard.sketch import Canvas
from timeline import Timeline
from timeline.edtf import day_number, parse

Day = tuple[int, int, int]


def drawn(figure: Any) -> dict[str, list[Any]]:
    """The traces that carry each event."""
    found: dict[str, list[Any]] = {}
    for trace in figure.data:
        for event in trace.customdata if trace.customdata is not None else ():
            found.setdefault(event, []).append(trace)
    return found


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
    assert {event for event in drawn(figure) if not event.startswith(figures.ERA)} == set(events["event_id"])


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


def test_lanes_stay_where_they_are_whatever_is_filtered(port: Timeline) -> None:
    every = figures.lanes(port.events, port.eras)
    some = figures.lanes(port.events.head(2), port.eras, every=port.events)
    assert every.layout.yaxis == some.layout.yaxis


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
