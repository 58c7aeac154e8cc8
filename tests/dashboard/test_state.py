"""The URL is the view: what is written is read back, and nothing in a URL can break the page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import state as view
from dashboard.state import ViewState, read, write
from timeline.edtf import day_number

DAYS = st.none() | st.integers(min_value=day_number(-20_000, 1, 1), max_value=day_number(20_000, 1, 1))
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
VALUES = st.lists(NAMES, unique=True, max_size=3).map(lambda values: tuple(sorted(values)))
STATES = st.builds(
    ViewState,
    start=DAYS,
    end=DAYS,
    era=VALUES,
    category=VALUES,
    kind=VALUES,
    status=VALUES,
    actor=VALUES,
    place=VALUES,
    source=VALUES,
    least=st.sampled_from([(), (("confidence", 0.75),), (("sources", 2.0),), (("confidence", 0.5), ("sources", 3.0))]),
    q=NAMES.map(str.strip),
    show=st.sampled_from([(), ("rejected",)]),
    lanes=st.sampled_from(view.LANES),
    sort=st.sampled_from(["date", "-date", "title", "-category", "sources"]),
    event=NAMES.filter(bool),
    mention=NAMES,
).filter(lambda state: state.start is None or state.end is None or state.start <= state.end)


@given(STATES)
def test_a_view_survives_its_url(state: ViewState) -> None:
    assert read(write(state)) == state


@given(st.text())
def test_junk_in_the_url_is_ignored(junk: str) -> None:
    assert read(write(read("?" + junk))) == read("?" + junk)


@pytest.mark.parametrize(
    "search",
    [
        None,
        "",
        "?",
        "?unknown=1&&&=x",
        "?from=yesterday&to=",
        "?from=2000&to=1900",
        "?sort=colour",
        "?show=everything",
        "?mention=m1",
        "?q=%20%20",
    ],
)
def test_what_says_nothing_gives_the_plain_view(search: str | None) -> None:
    assert read(search) == ViewState()


def test_a_year_typed_by_hand_is_a_window() -> None:
    state = read("?from=-0043&to=1918")
    assert (state.start, state.end) == (day_number(-43, 1, 1), day_number(1918, 12, 31))


def test_letters_no_url_can_hold_do_no_harm() -> None:
    assert write(ViewState(q="\ud800")) == "?q=%3F"


def test_the_plain_view_has_the_shortest_url() -> None:
    assert write(ViewState()) == "?"


def test_ticking_twice_is_not_ticking() -> None:
    once = view.toggle(ViewState(era=("quay",)), "era", "rail")
    assert once.era == ("quay", "rail")
    assert view.toggle(once, "era", "rail").era == ("quay",)


def test_zooming_in_ends_at_two_weeks() -> None:
    state = view.window(ViewState(), 1000.2, 1000.4)
    assert (state.start, state.end) == (993, 1007)


def test_clicking_an_era_fits_it_and_clicking_it_again_shows_all() -> None:
    one = view.toggle_era(ViewState(start=1, end=2, era=("rail",)), "quay")
    assert one == ViewState(era=("quay",))
    assert view.toggle_era(one, "quay") == ViewState()
