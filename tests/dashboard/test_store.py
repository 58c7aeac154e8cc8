"""What decisions make of the index of a timeline: the same as if it were made anew, and only a little work."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from conftest import write_port
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from dashboard import select
from dashboard.select import Catalogue
from dashboard.state import read
from dashboard.store import Store
from timeline import Timeline, load
from timeline.decisions import LOG, about, append, new_decision
from timeline.model import Decision
from timeline.overlay import overlay

VIEWS = (
    "", "?show=rejected", "?status=accepted", "?status=rejected", "?q=quay", "?q=zoë", "?q=chronicle", "?actor=Zoë",
    "?actor=Council+of+Merrin", "?category=Economy", "?source=report", "?era=rail", "?place=Ford", "?least-sources=2",
    "?sort=title", "?sort=-category", "?sort=sources", "?from=1870&to=1900",
)  # fmt: skip
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "date": st.sampled_from(["1849", "1902-09-04", "-0043", "2014/..", "188X", "1871-05-12"]),
        "title": st.sampled_from(["Zoë lays a stone", "Quay", "a", "École"]),
        "category": st.sampled_from(["Culture", "Economy", "", "Zoology"]),
        "actors": st.sampled_from(["", "Zoë", "Zoë; Council of Merrin", "Council of Merrin; Council of Merrin"]),
        "places": st.sampled_from(["", "Ford", "Ford; Merrin"]),
        "era": st.sampled_from(["", "rail"]),
        "kind": st.sampled_from(["event", "state"]),
    },
)
ADDED = {"date": "1880-01-02", "title": "A barge sinks", "source_id": "chronicle", "quote": "no barge moved"}


@st.composite
def logs(draw: st.DrawFn, port: Timeline) -> list[Decision]:
    """Decisions on any events, on those that others added, and on one another."""
    told = port.mentions.to_dict("records")
    targets = [{key: row[key] for key in ("mention_id", "source_id", "quote", "date_text")} for row in told]
    log: list[Decision] = []
    for _ in range(draw(st.integers(1, 8))):
        action = draw(st.sampled_from(["accept", "reject", "edit", "merge", "split", "add", "undo"]))
        brought = [target for each in log if each.action == "add" for target in about(each)]
        some = draw(st.lists(st.sampled_from([*targets, *brought]), min_size=2, max_size=3, unique_by=str))
        if action == "undo":
            if log:
                of = draw(st.sampled_from(log))
                log.append(new_decision("undo", about(of), {"decision": of.id}, "Ann", "so"))
        elif action == "add":
            log.append(new_decision("add", [], {**ADDED, **draw(VALUES)}, "Ann", "so"))
        else:
            values = draw(VALUES) if action in ("edit", "merge", "split") else {}
            log.append(new_decision(action, some if action == "merge" else some[:1], values, "Ann", "so"))
    return [each for each in log if each.action != "edit" or each.values]


def same_index(one: Catalogue, other: Catalogue) -> None:
    assert one.events.to_dict("list") == other.events.to_dict("list")
    assert (one.events.dtypes == other.events.dtypes).all()
    for name in ("lower", "upper", "salience", "era_lower", "era_upper"):
        assert_array_equal(getattr(one, name), getattr(other, name))
    for name in one.least:
        assert_array_equal(one.least[name], other.least[name])
    for name, facet in one.facets.items():
        assert (facet.values, facet.labels) == (other.facets[name].values, other.facets[name].labels)
        assert_array_equal(facet.rows, other.facets[name].rows)
        assert_array_equal(facet.codes, other.facets[name].codes)
    for search in VIEWS:
        assert_array_equal(select.rows(one, read(search)), select.rows(other, read(search)), search)


@given(data=st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_indexed_again_is_as_if_all_had_been_indexed(port: Timeline, data: st.DataObject) -> None:
    log = data.draw(logs(port))
    shown = overlay(port, log)
    if shown.kept is not None:
        ground = select.prepare(port)
        select.rows(ground, read("?q=quay"))  # what was folded for the search is taken from there
        same_index(select.prepare_again(ground, shown.data, shown.kept), select.prepare(shown.data))


def test_only_what_is_other_is_indexed_again(port: Timeline, monkeypatch: pytest.MonkeyPatch) -> None:
    row = port.mentions.iloc[0]
    target = {key: row[key] for key in ("mention_id", "source_id", "quote", "date_text")}
    shown = overlay(port, [new_decision("accept", [target], {}, "Ann", "")])
    ground, indexed = select.prepare(port), []
    prepare = select.prepare
    monkeypatch.setattr(select, "prepare", lambda data: indexed.append(len(data.events)) or prepare(data))
    select.prepare_again(ground, shown.data, shown.kept)
    assert indexed == [1]
    assert np.flatnonzero(shown.kept < 0).tolist() == [0]
    assert shown.data.mentions is port.mentions or shown.data.mentions.equals(port.mentions)


def test_a_store_shows_each_decision_and_each_undo(tmp_path: Path) -> None:
    folder = write_port(tmp_path / "merrin")
    store = Store(load(folder))
    first = store.now
    target = {"mention_id": "m00", "source_id": "", "quote": "", "date_text": ""}
    accept = new_decision("accept", [target], {}, "Ann", "")
    undo = new_decision("undo", about(accept), {"decision": accept.id}, "Ann", "so")
    for made, status in ((accept, "accepted"), (undo, "proposed")):
        append(folder / "data" / LOG, made)
        now = store.refresh()
        assert now.catalogue.events.set_index("event_id")["status"]["e01"] == status
    assert now.version == first.version + 2
    assert now.catalogue is first.catalogue
