"""Which events a view shows, in which order, and how many each filter would leave.

Prepared once per timeline (`prepare`), then every question is a few NumPy operations on arrays as long as the table.
Nothing here knows about Dash or plotly.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.scale import YEAR, Window, fit, padded, whole
from dashboard.state import FACETS, ViewState, without
from timeline.edtf import EdtfError, ordinal

KINDS = {"event": "events", "state": "states of affairs", "statistic": "figures"}  # as the filter lists them

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]


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


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The tables of a timeline, ready to be searched; `lower` and `upper` are what `bounds` says of the events."""

    events: pd.DataFrame
    mentions: pd.DataFrame
    sources: pd.DataFrame
    eras: pd.DataFrame
    lower: Numbers
    upper: Numbers
    era_lower: Numbers
    era_upper: Numbers
    words: tuple[str, ...]
    facets: dict[str, Facet]


@dataclass(frozen=True, slots=True)
class Count:
    """One value of a filter: what it is called, and how many events it would leave beside the other filters."""

    value: str
    label: str
    events: int


def prepare(events: pd.DataFrame, mentions: pd.DataFrame, sources: pd.DataFrame, eras: pd.DataFrame) -> Catalogue:
    """Index the tables of a timeline, once."""
    events = events.reset_index(drop=True)
    lower, upper = bounds(events)
    era_lower, era_upper = bounds(eras)
    titles = dict(zip(sources["source_id"], sources["title"], strict=True))
    names = dict(zip(eras["era_id"], eras["title"], strict=True))
    told = _sources_of(events, mentions)
    facets = {
        "era": _facet([[era] for era in events["era"]], names, "no era"),
        "category": _facet([[category] for category in events["category"]], {}, "uncategorised"),
        "kind": _facet([[kind or "event"] for kind in events["kind"]], KINDS, ""),
        "actor": _facet([split(actors) for actors in events["actors"]], {}, ""),
        "source": _facet(told, titles, ""),
    }
    return Catalogue(
        events=events,
        mentions=mentions,
        sources=sources,
        eras=eras,
        lower=lower,
        upper=upper,
        era_lower=era_lower,
        era_upper=era_upper,
        words=tuple(_haystacks(events, told, titles)),
        facets=facets,
    )


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
    lower = np.array([_day(text, -np.inf) for text in table["earliest"]], dtype=np.float64)
    upper = np.array([_day(text, np.inf) for text in table["latest"]], dtype=np.float64)
    undated = np.isinf(lower) & np.isinf(upper)
    return np.where(undated, np.nan, lower), np.where(undated, np.nan, upper)


def matches(catalogue: Catalogue, state: ViewState, apart_from: str = "") -> Mask:
    """Which events the view shows, one truth value a row; one filter can be left out."""
    found = np.ones(len(catalogue.events), dtype=np.bool_)
    for name in FACETS:
        if name != apart_from:
            found &= _has(catalogue.facets[name], getattr(state, name), len(found))
    if apart_from != "q":
        found &= _says(catalogue, state.q)
    if apart_from != "window":
        found &= _within(catalogue, state)
    return found & _shown(catalogue, state)


def to_draw(catalogue: Catalogue, state: ViewState, shown: Window, most: int) -> pd.DataFrame:
    """The events to draw: those in the window, and one window's width to either side, where a drag would lead.

    If there are more than `most`, the most salient of them; zooming in brings the others.
    """
    near = (catalogue.lower <= shown.end + shown.width) & (catalogue.upper >= shown.start - shown.width)
    return foremost(catalogue.events[matches(catalogue, state, apart_from="window") & near], most)


def foremost(events: pd.DataFrame, most: int) -> pd.DataFrame:
    """The most salient events, in the order of the table."""
    if len(events) <= most:
        return events
    salience = events["salience"].fillna(0).to_numpy()
    return events.iloc[np.sort(np.argsort(-salience, kind="stable")[:most])]


def select(catalogue: Catalogue, state: ViewState) -> pd.DataFrame:
    """The events of a view, sorted as it says."""
    found = catalogue.events[matches(catalogue, state)]
    return found.loc[_order(catalogue, found, state.sort)]


def as_read(catalogue: Catalogue, state: ViewState) -> pd.DataFrame:
    """The events of a view in the order of the table they were read from, for the download."""
    return catalogue.events[matches(catalogue, state)]


def total(catalogue: Catalogue, state: ViewState) -> int:
    """How many events there are without any filter."""
    return int(_shown(catalogue, ViewState(show=tuple(s for s in state.show if s == "rejected"))).sum())


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
    fixed = {"era": list(catalogue.eras["era_id"]), "kind": list(KINDS)}
    if name in fixed:
        order = {value: place for place, value in enumerate(fixed[name])}
        return sorted(found, key=lambda c: order.get(c.value, len(order))) + unknown
    in_all = dict(zip(facet.values, np.bincount(facet.codes, minlength=len(facet.values)), strict=True))
    return sorted(found, key=lambda c: (-in_all[c.value], fold(c.label))) + unknown


def idle(catalogue: Catalogue) -> tuple[str, ...]:
    """The filters with nothing to tell apart: that by kind, where the table has neither states nor figures."""
    return () if set(catalogue.facets["kind"].values) - {"event"} else ("kind",)


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
    found += [("show", "review", "to review")] if "review" in state.show else []
    return found


def window(catalogue: Catalogue, state: ViewState) -> Window:
    """The days a view shows: those it names, else its eras, else all but a few outliers of the timeline."""
    if state.start is None and state.end is None:
        return _era_window(catalogue, state) or fit(catalogue.lower, catalogue.upper)
    every = whole(catalogue.lower, catalogue.upper)
    start = min(every.start, state.end - YEAR) if state.start is None and state.end is not None else state.start
    end = max(every.end, state.start + YEAR) if state.end is None and state.start is not None else state.end
    return Window(float(start or 0), float(end or 0))


def beyond(catalogue: Catalogue, state: ViewState, shown: Window) -> tuple[int, int]:
    """How many events that the filters leave lie wholly before the window, and how many wholly after it."""
    left = matches(catalogue, state, apart_from="window")
    return int((left & (catalogue.upper < shown.start)).sum()), int((left & (catalogue.lower > shown.end)).sum())


def _era_window(catalogue: Catalogue, state: ViewState) -> Window | None:
    """The eras chosen, from the first to the last; an open end reaches as far as the events do."""
    chosen = catalogue.eras["era_id"].isin(state.era).to_numpy()
    if not chosen.any():
        return None
    every = whole(catalogue.lower, catalogue.upper)
    start, end = catalogue.era_lower[chosen].min(), catalogue.era_upper[chosen].max()
    start, end = (start if np.isfinite(start) else every.start), (end if np.isfinite(end) else every.end)
    return padded(float(start), float(max(end, start + YEAR)))


def neighbours(shown: pd.DataFrame, event_id: str) -> tuple[int, str, str]:
    """Where an event stands in the events shown: (its place from 1, the one before, the one after); 0 if not there."""
    ids = list(shown["event_id"])
    if event_id not in ids:
        return 0, ids[-1] if ids else "", ids[0] if ids else ""
    place = ids.index(event_id)
    before = ids[place - 1] if place else ""
    return place + 1, before, ids[place + 1] if place + 1 < len(ids) else ""


def mentions_of(catalogue: Catalogue, event_id: str) -> pd.DataFrame:
    """Every telling of an event, best first as the table has them."""
    return catalogue.mentions[catalogue.mentions["event_id"] == event_id]


def _sources_of(events: pd.DataFrame, mentions: pd.DataFrame) -> list[list[str]]:
    told: dict[str, dict[str, None]] = {event: {} for event in events["event_id"]}
    for event, source in zip(mentions["event_id"], mentions["source_id"], strict=True):
        if event in told:
            told[event][source] = None
    for event, source in zip(events["event_id"], events["source_id"], strict=True):
        if source:
            told[event][source] = None
    return [list(told[event]) for event in events["event_id"]]


def _facet(per_row: Sequence[Sequence[str]], labels: dict[str, str], empty: str) -> Facet:
    values = sorted({value for row in per_row for value in row})
    code = {value: number for number, value in enumerate(values)}
    pairs = [(row, code[value]) for row, several in enumerate(per_row) for value in several]
    table = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    names = tuple(labels.get(value) or value or empty for value in values)
    return Facet(tuple(values), names, table[:, 0], table[:, 1])


def _haystacks(events: pd.DataFrame, told: Sequence[Sequence[str]], titles: dict[str, str]) -> Iterable[str]:
    columns = [events[name] for name in ("title", "quote", "actors", "places", "category")]
    for row, sources in zip(zip(*columns, strict=True), told, strict=True):
        yield fold("\n".join([*row, *(titles.get(source, source) for source in sources)]))


def _day(text: str, missing: float) -> float:
    try:
        return ordinal(text)
    except EdtfError:
        return missing


def _has(facet: Facet, chosen: tuple[str, ...], rows: int) -> Mask:
    if not chosen:
        return np.ones(rows, dtype=np.bool_)
    codes = [code for code, value in enumerate(facet.values) if value in chosen]
    found = np.zeros(rows, dtype=np.bool_)
    found[facet.rows[np.isin(facet.codes, codes)]] = True
    return found


def _says(catalogue: Catalogue, q: str) -> Mask:
    wanted = fold(q).split()
    return np.array([all(word in text for word in wanted) for text in catalogue.words], dtype=np.bool_)


def _within(catalogue: Catalogue, state: ViewState) -> Mask:
    if state.start is None and state.end is None:
        return np.ones(len(catalogue.lower), dtype=np.bool_)
    start = -np.inf if state.start is None else state.start
    end = np.inf if state.end is None else state.end
    return np.asarray((catalogue.lower <= end) & (catalogue.upper >= start), dtype=np.bool_)


def _shown(catalogue: Catalogue, state: ViewState) -> Mask:
    status = catalogue.events["status"].to_numpy()
    shown = np.ones(len(status), dtype=np.bool_) if "rejected" in state.show else status != "rejected"
    return np.asarray(shown & (status == "proposed") if "review" in state.show else shown, dtype=np.bool_)


def _order(catalogue: Catalogue, found: pd.DataFrame, sort: str) -> pd.Index:
    column, backwards = sort.removeprefix("-"), sort.startswith("-")
    rows = found.index
    lower, upper = catalogue.lower[rows], catalogue.upper[rows]
    # "until 1871" stands where it ends, as in the tables
    by_date = pd.DataFrame({"lower": np.where(np.isneginf(lower), upper, lower), "upper": upper}, index=rows)
    if column != "date":
        by_date.insert(0, "key", _key(found, column))
    return by_date.sort_values(list(by_date.columns), ascending=not backwards, kind="stable").index


def _key(found: pd.DataFrame, column: str) -> pd.Series:
    if column == "sources":
        return -found["n_sources"].fillna(0).astype("int64")
    return found[column].map(fold)
