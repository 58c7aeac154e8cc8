"""Which events a view shows, in which order, and how many each filter would leave."""

from dataclasses import replace

import numpy as np
import pytest

from dashboard import select
from dashboard.select import Catalogue
from dashboard.state import ViewState, read
from timeline import Timeline
from timeline.edtf import day_number
from timeline.model import KINDS


@pytest.fixture(scope="module")
def catalogue(port: Timeline) -> Catalogue:
    return select.prepare(port)


def shown(catalogue: Catalogue, search: str) -> list[str]:
    return list(catalogue.events["event_id"].iloc[select.rows(catalogue, read(search))])


@pytest.mark.parametrize(
    ("search", "events"),
    [
        ("?era=rail", ["e08", "e09", "e10"]),
        ("?era=rail&era=town", ["e08", "e09", "e10", "e11", "e12"]),
        ("?era=", ["e01", "e02"]),
        ("?category=Culture", ["e09"]),
        ("?kind=state", ["e02", "e10"]),
        ("?kind=state&kind=statistic", ["e02", "e05", "e10"]),
        ("?kind=event&era=rail", ["e08", "e09"]),
        ("?kind=legend", []),
        ("?actor=Council+of+Merrin", ["e03", "e04", "e09", "e11"]),
        ("?actor=Council+of+Merrin&era=quay", ["e03", "e04"]),
        ("?source=report", ["e03", "e09", "e10", "e12"]),
        ("?q=muller", ["e09"]),
        ("?q=QUAY+first", ["e03"]),
        ("?q=chronicle+of+merrin+frozen", []),
        ("?q=annual", ["e03", "e09", "e10", "e12"]),
        ("?show=rejected&era=quay&category=Border", ["e06"]),
        ("?status=proposed&actor=Council+of+Merrin", ["e04", "e11"]),
        ("?status=rejected", ["e06"]),
        ("?least-sources=2", ["e03", "e09"]),
        ("?least-confidence=0.9", []),
        ("?least-confidence=0.7&era=rail", ["e08", "e09", "e10"]),
        ("?from=1895&to=1903", ["e02", "e08", "e09"]),
        ("?from=1930", ["e11", "e12"]),
        ("?to=-0001", ["e01"]),
        ("?era=nowhere", []),
    ],
)
def test_filters(catalogue: Catalogue, search: str, events: list[str]) -> None:
    assert shown(catalogue, search) == events


def test_rejected_events_are_hidden_until_asked_for(catalogue: Catalogue) -> None:
    assert "e06" not in shown(catalogue, "")
    assert "e06" in shown(catalogue, "?show=rejected")


@pytest.mark.parametrize(
    ("search", "first", "last"),
    [("", "e01", "e12"), ("?sort=-date", "e12", "e01"), ("?sort=title", "e10", "e01"), ("?sort=sources", "e03", "e12")],
)
def test_orders(catalogue: Catalogue, search: str, first: str, last: str) -> None:
    events = shown(catalogue, search)
    assert (events[0], events[-1]) == (first, last)


def test_counts_are_what_ticking_would_show(catalogue: Catalogue) -> None:
    state = ViewState(era=("rail",))
    categories = {count.value: count.events for count in select.counts(catalogue, state, "category")}
    assert categories == {"Economy": 2, "Culture": 1, "Diplomacy": 0, "Border": 0, "Science": 0}
    eras = {count.value: count.events for count in select.counts(catalogue, state, "era")}
    assert eras == {"quay": 4, "rail": 3, "town": 2, "": 2}


def test_events_are_listed_before_states_and_figures(catalogue: Catalogue) -> None:
    kinds = select.counts(catalogue, ViewState(era=("rail",)), "kind")
    assert [(count.label, count.events) for count in kinds] == [("events", 2), ("states of affairs", 1), ("figures", 0)]
    assert tuple(select.KINDS) == KINDS


@pytest.mark.parametrize(
    ("kinds", "idle"),
    [
        (["event"], ("kind", "era", "actor", "place", "sources")),
        (["event", ""], ("kind", "era", "actor", "place", "sources")),
        (["state"], ("era", "actor", "place", "sources")),
    ],
)
def test_a_filter_with_nothing_to_tell_apart_is_idle(port: Timeline, kinds: list[str], idle: tuple[str, ...]) -> None:
    events = port.events.head(len(kinds)).assign(kind=kinds)
    assert select.idle(select.prepare(replace(port, events=events))) == idle


def test_counts_keep_a_value_only_the_url_knows(catalogue: Catalogue) -> None:
    assert select.counts(catalogue, ViewState(actor=("Nobody",)), "actor")[-1].value == "Nobody"


def test_nothing_found_says_what_to_take_away(catalogue: Catalogue) -> None:
    state = read("?era=rail&category=Border&q=quay")
    assert select.remedies(catalogue, state, "") == [
        ("era", "rail", "Railway years", 0),
        ("category", "Border", "Border", 0),
        ("q", "", "“quay”", 0),
    ]


def test_the_first_window_leaves_out_the_far_past_and_says_so(catalogue: Catalogue) -> None:
    window = select.window(catalogue, ViewState())
    assert day_number(1790, 1, 1) < window.start < day_number(1800, 1, 1)
    assert select.beyond(catalogue, ViewState(), window) == (1, 0)


def test_an_era_is_fitted(catalogue: Catalogue) -> None:
    window = select.window(catalogue, ViewState(era=("rail",)))
    assert day_number(1896, 1, 1) < window.start < day_number(1897, 1, 1)
    assert day_number(1921, 1, 1) < window.end < day_number(1922, 1, 1)


def test_neighbours(catalogue: Catalogue) -> None:
    found = select.rows(catalogue, ViewState(era=("rail",)))
    assert select.neighbours(catalogue, found, "e09") == (2, "e08", "e10")
    assert select.neighbours(catalogue, found, "e01") == (0, "e10", "e08")
    assert select.neighbours(catalogue, found[:0], "e01") == (0, "", "")


def test_a_search_moves_the_window_to_what_it_finds(catalogue: Catalogue) -> None:
    window = select.window(catalogue, ViewState(q="muller"))
    assert day_number(1902, 1, 1) < window.start < day_number(1902, 9, 3) < window.end < day_number(1904, 1, 1)
    assert select.window(catalogue, ViewState(q="zzz")) == select.window(catalogue, ViewState())


def test_how_many_have_at_least_so_much(catalogue: Catalogue) -> None:
    counts = select.least_counts(catalogue, ViewState(), "sources")
    assert [(count.value, count.events) for count in counts] == [("2", 2), ("3", 0), ("5", 0)]


def test_the_rejected_are_counted_though_they_are_hidden(catalogue: Catalogue) -> None:
    statuses = {count.value: count.events for count in select.counts(catalogue, ViewState(), "status")}
    assert statuses == {"proposed": 9, "accepted": 1, "edited": 1, "rejected": 1}


def test_the_empty_timeline(port: Timeline) -> None:
    empty = select.prepare(
        replace(port, events=port.events[:0], mentions=port.mentions[:0], sources=port.sources[:0], eras=port.eras[:0])
    )
    assert not len(select.rows(empty, ViewState()))
    assert select.counts(empty, ViewState(), "actor") == []
    assert np.isfinite(select.window(empty, ViewState()).width)
