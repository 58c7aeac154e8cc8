"""Which events a view shows, in which order, and how many each filter would leave.

Prepared once per timeline (`prepare`), then every question is a few NumPy operations on arrays as long as the table;
what has been asked before is remembered with the catalogue. Rows are row numbers of the table of events. Nothing here
knows about Dash or plotly.
"""

from __future__ import annotations

import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Container, Hashable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard import state as view
from dashboard.scale import YEAR, Window, fit, padded, whole
from dashboard.state import FACETS, ViewState, fitted, shows_rejected, without
from timeline import Timeline
from timeline.columns import day_numbers, folded, having, places_in, ranks, release, taken

KINDS = {"event": "events", "state": "states of affairs", "statistic": "figures"}  # as the filter lists them
STATUSES = {
    "proposed": "to review",
    "accepted": "accepted",
    "edited": "corrected",
    "added": "added",
    "rejected": "rejected",
}
LEAST = {"confidence": (0.5, 0.7, 0.9), "sources": (2.0, 3.0, 5.0)}  # what "at least" can be asked for
SEARCHED = ("title", "quote", "actors", "places", "category", "date")  # and the titles of the sources
MOST_REMEMBERED = 96  # answers kept for each catalogue: of a million events, a megabyte each

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Facet:
    """Which values of one filter belong to which rows: row `rows[i]` has value `values[codes[i]]`.

    An event has one era but many actors; this form serves both. `labels` are the values as people read them.
    """

    values: tuple[str, ...]
    labels: tuple[str, ...]
    rows: npt.NDArray[np.intp]
    codes: npt.NDArray[np.intp]

    def label(self, value: str) -> str:
        """The value as people read it; an unknown value is its own label."""
        return self.labels[self.values.index(value)] if value in self.values else value


class Memory:
    """Answers that were worked out before, the least used forgotten first. Safe to use from any thread."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def recall(self, key: Hashable, work_out: Callable[[], Answer]) -> Answer:
        """The answer to a question, worked out if it is new."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                known: Answer = self._answers[key]
                return known
        answer = work_out()
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > MOST_REMEMBERED:
                self._answers.popitem(last=False)
        return answer


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """The tables of a timeline, ready to be searched; `lower` and `upper` are what `bounds` says of the events.

    `salience` has no gaps; `least` holds the columns that can be asked to be "at least" something. `ground` is the
    catalogue that most rows were taken from, with which row each was (see `prepare_again`).
    """

    data: Timeline
    events: pd.DataFrame
    lower: Numbers
    upper: Numbers
    era_lower: Numbers
    era_upper: Numbers
    salience: Numbers
    facets: dict[str, Facet]
    least: dict[str, Numbers]
    ground: tuple[Catalogue, Rows] | None = field(default=None, repr=False)
    memory: Memory = field(default_factory=Memory, repr=False)

    @property
    def mentions(self) -> pd.DataFrame:
        return self.data.mentions

    @property
    def sources(self) -> pd.DataFrame:
        return self.data.sources

    @property
    def eras(self) -> pd.DataFrame:
        return self.data.eras


@dataclass(frozen=True, slots=True)
class Count:
    """One value of a filter: what it is called, and how many events it would leave beside the other filters."""

    value: str
    label: str
    events: int


def prepare(data: Timeline) -> Catalogue:
    """Index the tables of a timeline, once. Its mentions stay on disk if they are there: they are read for a panel."""
    events, sources, eras = data.events.reset_index(drop=True), data.sources, data.eras
    lower, upper = bounds(events)
    era_lower, era_upper = bounds(eras)
    titles = dict(zip(sources["source_id"], sources["title"], strict=True))
    names = dict(zip(eras["era_id"], eras["title"], strict=True))
    told = _sources(events, data.tellings(), titles)  # first: it takes the most memory while it is made
    release()
    facets = {
        "era": _facet(events["era"], names, "no era"),
        "category": _facet(events["category"], {}, "uncategorised"),
        "kind": _facet(events["kind"].replace("", "event"), KINDS, ""),
        "status": _facet(events["status"], STATUSES, ""),
        "actor": _facet(events["actors"], {}, "", several=True),
        "place": _facet(events["places"], {}, "", several=True),
        "source": told,
    }
    release()
    return Catalogue(
        data=data,
        events=events,
        lower=lower,
        upper=upper,
        era_lower=era_lower,
        era_upper=era_upper,
        salience=_numbers(events["salience"]),
        facets=facets,
        least={"confidence": _numbers(events["confidence"]), "sources": _numbers(events["n_sources"])},
    )


def prepare_again(ground: Catalogue, data: Timeline, kept: Rows) -> Catalogue:
    """The same index as `prepare` makes, of tables most rows of which are those of another catalogue.

    `kept`: of each event, which row of `ground` it is, -1 if it is none of them. Only those are indexed, so the time
    it takes hardly depends on the size of the tables.
    """
    fresh, stays = np.flatnonzero(kept < 0), np.flatnonzero(kept >= 0)
    events = data.events.iloc[fresh]
    told = data.mentions[data.mentions["event_id"].isin(events["event_id"].tolist())]
    part = prepare(replace(data, events=events, mentions=told))
    place = np.full(len(ground.events), -1, dtype=np.intp)
    place[kept[stays]] = stays

    def put(old: Numbers, new: Numbers) -> Numbers:
        numbers = np.empty(len(kept))
        numbers[stays], numbers[fresh] = old[kept[stays]], new
        return numbers

    return replace(
        part,
        data=data,
        events=data.events,
        lower=put(ground.lower, part.lower),
        upper=put(ground.upper, part.upper),
        salience=put(ground.salience, part.salience),
        facets={name: _joined(old, part.facets[name], place, fresh) for name, old in ground.facets.items()},
        least={name: put(old, part.least[name]) for name, old in ground.least.items()},
        ground=(ground, kept),
        memory=Memory(),
    )


def _joined(old: Facet, new: Facet, place: Rows, fresh: Rows) -> Facet:
    """A facet of old rows, each now at its `place` (-1: gone), and of new ones, which are the `fresh` rows."""
    labels = dict(zip(old.values + new.values, old.labels + new.labels, strict=True))
    every = {value: number for number, value in enumerate(sorted(labels))}
    codes = [np.array([every[value] for value in each.values], dtype=np.intp)[each.codes] for each in (old, new)]
    where, code = np.concatenate([place[old.rows], fresh[new.rows]]), np.concatenate(codes)
    order = np.argsort(where, kind="stable")
    order = order[np.searchsorted(where[order], 0) :]
    where, code = where[order], code[order]
    used = np.bincount(code, minlength=len(every)) > 0
    values = tuple(value for value, is_used in zip(every, used, strict=True) if is_used)
    return Facet(values, tuple(labels[value] for value in values), where, (np.cumsum(used) - 1)[code])


def split(joined: str) -> list[str]:
    """The names in a column that joins them with "; "."""
    return [name for name in (part.strip() for part in joined.split(";")) if name]


def fold(text: str) -> str:
    """Text without case and accents, so that "muller" finds "Müller".

    >>> fold("Müller") == fold("MULLER")
    True
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def bounds(table: pd.DataFrame) -> tuple[Numbers, Numbers]:
    """First and last possible day of each row as day numbers: infinite where open, NaN where there is no date."""
    lower, upper = day_numbers(table["earliest"], -np.inf), day_numbers(table["latest"], np.inf)
    undated = np.isinf(lower) & np.isinf(upper)
    return np.where(undated, np.nan, lower), np.where(undated, np.nan, upper)


def matches(catalogue: Catalogue, state: ViewState, apart_from: str = "") -> Mask:
    """Which events the view shows, one truth value a row; one filter can be left out. Not to be written to."""
    narrowed = _without_all(state, apart_from)
    filters = replace(fitted(narrowed), sort="date", event="", mention="", lanes="category")

    def work_out() -> Mask:
        found = _shown(catalogue, filters)
        for name in FACETS:
            if getattr(filters, name):
                found = found & _has(catalogue, name, set(getattr(filters, name)))
        for name, value in filters.least:
            found = found & (catalogue.least[name] >= value)
        return found & _says(catalogue, filters.q) if filters.q else found

    left = catalogue.memory.recall(("matches", filters), work_out)
    if narrowed.start is None and narrowed.end is None:
        return left
    return left & _within(catalogue, narrowed)


def rows(catalogue: Catalogue, state: ViewState) -> Rows:
    """The events of a view, sorted as it says."""
    order = catalogue.memory.recall(("order", state.sort), lambda: _order(catalogue, state.sort))
    return order[matches(catalogue, state)[order]]


def row_of(catalogue: Catalogue, event_id: str) -> int:
    """The row of an event, -1 if there is none of that id."""
    if not event_id:
        return -1
    found = np.flatnonzero((catalogue.events["event_id"] == event_id).to_numpy())
    return int(found[0]) if len(found) else -1


def total(catalogue: Catalogue, state: ViewState) -> int:
    """How many events there are without any filter."""
    return int(_shown(catalogue, ViewState(show=state.show)).sum())


def counts(catalogue: Catalogue, state: ViewState, name: str) -> list[Count]:
    """Every value of a filter with the number of events it would leave.

    Eras stand in time and events before states and figures; the others by how many events they have in all. So
    nothing jumps.
    """
    facet = catalogue.facets[name]
    left = matches(catalogue, state, apart_from=name)
    numbers = np.bincount(facet.codes[left[facet.rows]], minlength=len(facet.values))
    found = [Count(*row) for row in zip(facet.values, facet.labels, map(int, numbers), strict=True)]
    unknown = [Count(value, value, 0) for value in getattr(state, name) if value not in facet.values]
    fixed = {"era": list(catalogue.eras["era_id"]), "kind": list(KINDS), "status": list(STATUSES)}
    if name in fixed:
        order = {value: place for place, value in enumerate(fixed[name])}
        return sorted(found, key=lambda c: order.get(c.value, len(order))) + unknown
    in_all = dict(zip(facet.values, np.bincount(facet.codes, minlength=len(facet.values)), strict=True))
    return sorted(found, key=lambda c: (-in_all[c.value], fold(c.label))) + unknown


def least_counts(catalogue: Catalogue, state: ViewState, name: str) -> list[Count]:
    """For every "at least" of a filter the number of events it would leave."""
    column = catalogue.least[name][matches(catalogue, state, apart_from=name)]
    return [Count(f"{value:g}", f"{value:g} or more", int((column >= value).sum())) for value in LEAST[name]]


def idle(catalogue: Catalogue) -> tuple[str, ...]:
    """The filters with nothing to tell apart: by kind where there are events alone, by place where none is named."""
    found: tuple[str, ...] = () if set(catalogue.facets["kind"].values) - {"event"} else ("kind",)
    found += tuple(name for name in ("era", "actor", "place") if not set(catalogue.facets[name].values) - {""})
    return found if (catalogue.least["sources"] > 1).any() else (*found, "sources")


def remedies(catalogue: Catalogue, state: ViewState, period: str) -> list[tuple[str, str, str, int]]:
    """What to take away from a view: (filter, value, what it is called, how many events it would then show).

    `period` is what the window is called.
    """
    filters = active(catalogue, state) + ([("window", "", period)] if (state.start, state.end) != (None, None) else [])
    found = []
    for name, value, label in filters:
        left = int(matches(catalogue, without(state, name, value)).sum())
        found.append((name, value, label, left))
    return found


def active(catalogue: Catalogue, state: ViewState) -> list[tuple[str, str, str]]:
    """The filters of a view, in words: (filter, value, what it is called). The window is not among them."""
    found = [(name, v, catalogue.facets[name].label(v)) for name in FACETS for v in getattr(state, name)]
    found += [("q", "", f"“{state.q}”")] if state.q else []
    return found + [(name, f"{value:g}", f"{value:g} or more") for name, value in state.least]


def window(catalogue: Catalogue, state: ViewState) -> Window:
    """The days a view shows: those it names, else its eras, else what its search finds, else all but a few outliers."""
    if state.start is None and state.end is None:
        return _era_window(catalogue, state) or _found_window(catalogue, state) or first_window(catalogue)
    every = whole_window(catalogue)
    start = min(every.start, state.end - YEAR) if state.start is None and state.end is not None else state.start
    end = max(every.end, state.start + YEAR) if state.end is None and state.start is not None else state.end
    return Window(float(start or 0), float(end or 0))


def first_window(catalogue: Catalogue) -> Window:
    """The days that a reader meets first: all but a few outliers of the timeline."""
    return catalogue.memory.recall("first window", lambda: fit(catalogue.lower, catalogue.upper))


def whole_window(catalogue: Catalogue) -> Window:
    """All days of the timeline."""
    return catalogue.memory.recall("whole window", lambda: whole(catalogue.lower, catalogue.upper))


def _found_window(catalogue: Catalogue, state: ViewState) -> Window | None:
    """What a search finds moves into view; if it finds nothing dated, the window stays as it was."""
    if not state.q:
        return None
    left = matches(catalogue, state)
    left = left & np.isfinite(np.where(np.isfinite(catalogue.lower), catalogue.lower, catalogue.upper))
    return whole(catalogue.lower[left], catalogue.upper[left]) if left.any() else None


def beyond(catalogue: Catalogue, state: ViewState, shown: Window) -> tuple[int, int]:
    """How many events that the filters leave lie wholly before the window, and how many wholly after it."""
    left = matches(catalogue, state, apart_from="window")
    return int((left & (catalogue.upper < shown.start)).sum()), int((left & (catalogue.lower > shown.end)).sum())


def _era_window(catalogue: Catalogue, state: ViewState) -> Window | None:
    """The eras chosen, from the first to the last; an open end reaches as far as the events do."""
    chosen = catalogue.eras["era_id"].isin(state.era).to_numpy()
    if not chosen.any():
        return None
    every = whole_window(catalogue)
    start, end = catalogue.era_lower[chosen].min(), catalogue.era_upper[chosen].max()
    start, end = (start if np.isfinite(start) else every.start), (end if np.isfinite(end) else every.end)
    return padded(float(start), float(max(end, start + YEAR)))


def neighbours(catalogue: Catalogue, found: Rows, event_id: str) -> tuple[int, str, str]:
    """Where an event stands among the rows of a view: (its place from 1, the one before, the one after), or 0."""
    if not len(found):
        return 0, "", ""
    places = np.flatnonzero(found == row_of(catalogue, event_id))
    ids = catalogue.events["event_id"]
    if not len(places):
        return 0, ids.iloc[found[-1]], ids.iloc[found[0]]
    place = int(places[0])
    before = ids.iloc[found[place - 1]] if place else ""
    return place + 1, before, ids.iloc[found[place + 1]] if place + 1 < len(found) else ""


def mentions_of(catalogue: Catalogue, event_id: str) -> pd.DataFrame:
    """Every telling of an event, best first as the table has them."""
    return catalogue.data.told("event_id", event_id)


# ------------------------------------------------------------------------------------------------ indexing


def _numbers(column: pd.Series) -> Numbers:
    return np.asarray(column.astype("float64").fillna(0.0), dtype=np.float64)


def _facet(column: pd.Series, labels: dict[str, str], empty: str, several: bool = False) -> Facet:
    """Which rows have which value; with `several`, a cell joins any number of values."""
    codes, cells = pd.factorize(column)
    if not several:
        values = sorted(cells)
        place = {value: number for number, value in enumerate(values)}
        order = np.array([place[cell] for cell in cells], dtype=np.intp)
        return _labelled(values, labels, empty, np.arange(len(codes)), order[codes])
    lists = [split(cell) for cell in cells]
    values = sorted({value for row in lists for value in row})
    place = {value: number for number, value in enumerate(values)}
    table = np.full((len(lists), max(map(len, lists), default=1)), -1, dtype=np.intp)
    for number, row in enumerate(lists):
        table[number, : len(row)] = [place[value] for value in row]
    spread = table[codes]
    keep = spread >= 0
    where = np.broadcast_to(np.arange(len(spread))[:, None], spread.shape)
    return _labelled(values, labels, empty, where[keep], spread[keep])


def _labelled(values: Sequence[str], labels: dict[str, str], empty: str, where: Rows, codes: Rows) -> Facet:
    names = tuple(labels.get(value) or value or empty for value in values)
    return Facet(tuple(values), names, where, codes)


def _sources(events: pd.DataFrame, tellings: pd.DataFrame, titles: dict[str, str]) -> Facet:
    """Which events which source tells of: by their mentions, and where there are none by the sentence of their row."""
    rows = places_in(tellings["event_id"], events["event_id"])
    is_known = rows >= 0
    rows, sources = rows[is_known], tellings["source_id"][is_known]
    alone = (events["source_id"] != "").to_numpy() & (np.bincount(rows, minlength=len(events)) == 0)
    codes, values = pd.factorize(pd.concat([sources, events["source_id"][alone]]), sort=True)
    count = max(len(values), 1)
    pairs = np.unique(np.concatenate([rows, np.flatnonzero(alone)]) * count + codes)
    return _labelled([str(value) for value in values], titles, "", pairs // count, pairs % count)


def _without_all(state: ViewState, name: str) -> ViewState:
    """The view without one of its filters altogether."""
    if name == "window":
        return fitted(state)
    if name == "q":
        return replace(state, q="")
    if name == "status":
        return replace(state, status=(), show=("rejected",))  # or nobody would know how many were rejected
    if name in FACETS:
        return view.none_of(state, name)
    return replace(state, least=tuple(pair for pair in state.least if pair[0] != name)) if name else state


def _has(catalogue: Catalogue, name: str, chosen: Container[str]) -> Mask:
    facet = catalogue.facets[name]
    is_chosen = np.array([value in chosen for value in facet.values], dtype=np.bool_)
    found = np.zeros(len(catalogue.events), dtype=np.bool_)
    found[facet.rows[is_chosen[facet.codes]]] = True
    return found


def _says(catalogue: Catalogue, q: str) -> Mask:
    """Which events have every word of a search, in whichever of their texts."""
    found = np.ones(len(catalogue.events), dtype=np.bool_)
    for word in fold(q).split():
        found &= _has_word(catalogue, word)
    return found


def _has_word(catalogue: Catalogue, word: str) -> Mask:
    sources = catalogue.facets["source"]
    named = zip(sources.values, sources.labels, strict=True)
    found = _has(catalogue, "source", {value for value, label in named if word in fold(label)})
    for name in SEARCHED:
        found |= having(_folded(catalogue, name), word)
    return found


def _folded(catalogue: Catalogue, name: str) -> Any:
    """The texts of a column as the search compares them; those of rows that were there before are not made again."""
    column, before = catalogue.events[name], catalogue.ground

    def work_out() -> Any:
        if before is None:
            return folded(column, fold)
        ground, kept = before
        return taken(_folded(ground, name), kept, folded(column[kept < 0], fold))

    return catalogue.memory.recall(("folded", name), work_out)


def _within(catalogue: Catalogue, state: ViewState) -> Mask:
    start = -np.inf if state.start is None else state.start
    end = np.inf if state.end is None else state.end
    return np.asarray((catalogue.lower <= end) & (catalogue.upper >= start), dtype=np.bool_)


def _shown(catalogue: Catalogue, state: ViewState) -> Mask:
    """Rejected events are shown where they are asked for."""
    if shows_rejected(state):
        return np.ones(len(catalogue.events), dtype=np.bool_)
    return np.asarray((catalogue.events["status"] != "rejected").to_numpy(), dtype=np.bool_)


def _order(catalogue: Catalogue, sort: str) -> Rows:
    """All rows in an order: by a column, then by date. "until 1871" stands where it ends, as in the tables."""
    column, backwards = sort.removeprefix("-"), sort.startswith("-")
    lower = np.where(np.isneginf(catalogue.lower), catalogue.upper, catalogue.lower)
    keys = [catalogue.upper, lower] + ([_key(catalogue, column)] if column != "date" else [])
    table = [np.where(np.isnan(key), np.inf, key) * (-1.0 if backwards else 1.0) for key in keys]
    undated = np.isnan(lower)
    return np.lexsort([*table[:2], undated, *table[2:]])


def _key(catalogue: Catalogue, column: str) -> Numbers:
    """A number for each row, in the order of the column."""
    if column == "sources":
        return -catalogue.least["sources"]
    return ranks(_folded(catalogue, column))
