"""The view is the URL: `?era=alliance&q=treaty&event=e1` says everything about what a reader sees.

A link, a reload and the browser's Back button therefore give the same view. What cannot be understood in a URL is
ignored, never an error.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from timeline.edtf import EdtfError, iso, parse

SORTS = ("date", "title", "category", "sources")
FACETS = ("era", "category", "kind", "status", "actor", "place", "source")
SHOWS = ("rejected",)
LEAST = ("confidence", "sources")
LANES = ("category", "actor", "source", "none")
MAX_QUERY = 8_000  # characters of a URL we read: nobody types more
MAX_WORDS = 200  # characters of the search box
NARROWEST = 14  # days: closer in, there is nothing more to see


@dataclass(frozen=True, slots=True)
class ViewState:
    """What the reader asked to see. `start` and `end` are day numbers, None where the window follows the data.

    `least` pairs a column of LEAST with the least it may be. `sort` is one of SORTS, with "-" in front for descending;
    `lanes`, one of LANES, is what the lanes of the plot are. `mention` is the telling shown of `event`.
    """

    start: int | None = None
    end: int | None = None
    era: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    least: tuple[tuple[str, float], ...] = ()
    q: str = ""
    show: tuple[str, ...] = ()
    sort: str = "date"
    lanes: str = "category"
    event: str = ""
    mention: str = ""


def read(search: str | None) -> ViewState:
    """The view a URL's query string asks for.

    >>> read("?era=alliance&from=1949&unknown=1").era
    ('alliance',)
    """
    text = search[:MAX_QUERY].removeprefix("?") if isinstance(search, str) else ""
    pairs = parse_qsl(text, keep_blank_values=True, errors="replace")
    values: dict[str, list[str]] = {}
    for key, value in pairs:
        values.setdefault(key, []).append(value)
    start, end = _window(_last(values, "from"), _last(values, "to"))
    return ViewState(
        start=start,
        end=end,
        **{facet: _several(values, facet) for facet in FACETS},
        least=tuple((name, number) for name in LEAST if (number := _number(_last(values, f"least-{name}")))),
        q=_last(values, "q").strip()[:MAX_WORDS],
        show=tuple(sorted(set(values.get("show", ())) & set(SHOWS))),
        sort=_sort(_last(values, "sort")),
        lanes=_lanes(_last(values, "lanes")),
        event=_last(values, "event"),
        mention=_last(values, "mention") if _last(values, "event") else "",
    )


def write(state: ViewState) -> str:
    """The query string of a view, shortest form, always beginning with "?" so that it is a link.

    >>> write(ViewState(era=("alliance",), q="treaty"))
    '?era=alliance&q=treaty'
    """
    pairs: list[tuple[str, str]] = []
    if state.start is not None:
        pairs.append(("from", iso(state.start)))
    if state.end is not None:
        pairs.append(("to", iso(state.end)))
    for facet in FACETS:
        pairs += [(facet, value) for value in getattr(state, facet)]
    pairs += [(f"least-{name}", f"{number:g}") for name, number in state.least]
    pairs += [("q", state.q)] if state.q else []
    pairs += [("show", value) for value in state.show]
    pairs += [("sort", state.sort)] if state.sort != "date" else []
    pairs += [("lanes", state.lanes)] if state.lanes != "category" else []
    pairs += [("event", state.event)] if state.event else []
    pairs += [("mention", state.mention)] if state.mention else []
    return "?" + urlencode(pairs, errors="replace")


def toggle(state: ViewState, name: str, value: str) -> ViewState:
    """The view with one value of a facet, or of "show", ticked or unticked."""
    chosen = set(getattr(state, name)) ^ {value}
    return _with(state, name, chosen)


def only(state: ViewState, name: str, value: str) -> ViewState:
    """The view with one value of a facet and no other."""
    return _with(state, name, {value})


def none_of(state: ViewState, name: str) -> ViewState:
    """The view without a facet's filter."""
    return _with(state, name, set())


def at_least(state: ViewState, name: str, number: float) -> ViewState:
    """The view of what has at least so much of a column, or of all again if it was that already."""
    others = tuple(pair for pair in state.least if pair[0] != name)
    added = () if (name, number) in state.least else ((name, number),)
    return replace(state, least=tuple(sorted(others + added)))


def in_lanes(state: ViewState, by: str) -> ViewState:
    """The view with other lanes."""
    return replace(state, lanes=by)


def window(state: ViewState, start: float, end: float) -> ViewState:
    """The view zoomed to two day numbers, never closer than NARROWEST."""
    middle, half = (start + end) / 2, max((end - start) / 2, NARROWEST / 2)
    return replace(state, start=round(middle - half), end=round(middle + half))


def fitted(state: ViewState) -> ViewState:
    """The view without a window of its own."""
    return replace(state, start=None, end=None)


def select_event(state: ViewState, event: str, mention: str = "") -> ViewState:
    """The view with an event open in the panel; "" closes it."""
    return replace(state, event=event, mention=mention if event else "")


def toggle_era(state: ViewState, era: str) -> ViewState:
    """The view of one era alone, or of all eras again if it was that already; either fits the window."""
    return replace(fitted(state), era=() if state.era == (era,) else (era,))


def sort_by(state: ViewState, column: str) -> ViewState:
    """The view sorted by a column; a second time turns the order round."""
    return replace(state, sort=f"-{column}" if state.sort == column else column)


def cleared(state: ViewState) -> ViewState:
    """The view without any filter or window; what is open and the order stay."""
    return ViewState(sort=state.sort, lanes=state.lanes, event=state.event, mention=state.mention)


def without(state: ViewState, name: str, value: str = "") -> ViewState:
    """The view with one filter taken away: a facet's value, the text, or the window."""
    if name == "q":
        return replace(state, q="")
    if name == "window":
        return fitted(state)
    if name in LEAST:
        return replace(state, least=tuple(pair for pair in state.least if pair[0] != name))
    return _with(state, name, set(getattr(state, name)) - {value})


def shows_rejected(state: ViewState) -> bool:
    """Does the view ask for events that a reviewer rejected?"""
    return "rejected" in state.show or "rejected" in state.status


def _with(state: ViewState, name: str, chosen: set[str]) -> ViewState:
    changes: dict[str, Any] = {name: tuple(sorted(chosen))}
    return replace(state, **changes)


def _last(values: dict[str, list[str]], key: str) -> str:
    return values.get(key, [""])[-1]


def _several(values: dict[str, list[str]], key: str) -> tuple[str, ...]:
    return tuple(sorted(set(values.get(key, ()))))


def _number(text: str) -> float:
    """A number above nothing, else 0."""
    try:
        number = float(text)
    except ValueError:
        return 0.0
    return number if 0 < number < 1e6 else 0.0


def _lanes(text: str) -> str:
    return text if text in LANES else "category"


def _sort(text: str) -> str:
    return text if text.removeprefix("-") in SORTS else "date"


def _window(first: str, last: str) -> tuple[int | None, int | None]:
    start, end = _bound(first, "lower"), _bound(last, "upper")
    if start is not None and end is not None and start > end:
        return None, None
    return start, end


def _bound(text: str, side: str) -> int | None:
    """The first or last day of any EDTF date, so that `from=1949` works when typed by hand."""
    try:
        number: int | None = getattr(parse(text), side)
    except EdtfError:
        return None
    return number
