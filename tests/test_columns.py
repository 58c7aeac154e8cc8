"""A table read at once says the same as one read cell by cell, and nothing where that one would find a fault."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_table import write_example

from timeline import TimelineError, columns, load, table
from timeline.columns import day_numbers, folded, having, places_in, read_frame
from timeline.edtf import ordinal, parse

DATES = ("", "1949", "1969-03-02", "0000-02-29", "0001-01-01", "196X", "2013/2016", "2014/..", "1916~", "-0043-03-15",
         "Y12000", "2014-21", "9999-12-31")  # fmt: skip
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


def rows(dates: list[str], texts: list[str]) -> list[dict[str, str]]:
    """Sound rows of events.csv with these dates, the texts spread over their free columns."""
    found = []
    for number, (date, text) in enumerate(zip(dates, texts, strict=True)):
        value = parse(date) if date else None
        found.append(
            dict.fromkeys(table.TABLES["events"], "")
            | {"event_id": f"e{number}", "title": text, "quote": text[::-1], "actors": text.upper(), "date": date}
            | {"status": "proposed", "n_sources": "1", "n_mentions": str(number), "quote_start": str(number or "")}
            | {"salience": "0.25" if number % 2 else ""}
            | ({n: getattr(value, n) for n in ("earliest", "latest", "precision")} if value else {})
        )
    return found


def at_once(path: Path, name: str = "events") -> pd.DataFrame | None:
    return read_frame(path, table.SCHEMAS[name]["fields"], table.SCHEMAS[name]["primaryKey"][0])


@given(st.lists(st.tuples(st.sampled_from(DATES), TEXTS), max_size=8))
def test_a_sound_table_is_read_as_cell_by_cell(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, str]]
) -> None:
    found = rows([date for date, _ in cells], [text for _, text in cells])
    path = tmp_path_factory.mktemp("columns") / "events.csv"
    path.write_bytes(table.csv_bytes(table.TABLES["events"], found))
    frame = at_once(path)
    assert frame is not None
    pd.testing.assert_frame_equal(frame, table.frame("events", found))


@pytest.mark.parametrize(
    "change",
    [
        {"event_id": "e1"},
        {"event_id": ""},
        {"status": ""},
        {"status": "perhaps"},
        {"kind": "rumour"},
        {"precision": "year"},
        {"latest": "1969-03-03"},
        {"earliest": "1969-02-30"},
        {"date": "1969-02-30", "earliest": "1969-02-30", "latest": "1969-02-30"},
        {"date": "1969", "earliest": "1969-01-01", "latest": "1969-12-30", "precision": "year"},
        {"date": "March 1969"},
        {"date": "196X", "earliest": "1960-01-01", "latest": "1969-12-31", "precision": "year"},
        {"salience": "1.01"},
        {"salience": "nan"},
        {"salience": "much"},
        {"confidence": "-0.1"},
        {"n_sources": ""},
        {"n_sources": "-1"},
        {"n_sources": "1.5"},
        {"quote_start": "one"},
    ],
)
def test_what_has_a_fault_is_left_to_who_can_name_it(tmp_path: Path, change: dict[str, str]) -> None:
    found = rows(["1969-03-02", "1949"], ["A clash", "A founding"])
    path = tmp_path / "events.csv"
    path.write_bytes(table.csv_bytes(table.TABLES["events"], [{**found[0], **change}, found[1]]))
    assert at_once(path) is None
    read, problems = table.read_rows(path, "events")
    assert problems or table.faults(read, "events", str(path))


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b"event_id,", b"", 1),
        lambda text: text.replace(b"event_id,", b"title,", 1),
        lambda text: text + b"e9,1949\n",
        lambda text: text + b"\xff\xfe\n",
        lambda text: b"",
    ],
)
def test_a_file_that_is_no_such_table_is_left_as_well(tmp_path: Path, change: object) -> None:
    path = tmp_path / "events.csv"
    path.write_bytes(change(table.csv_bytes(table.TABLES["events"], rows(["1949"], ["A founding"]))))  # type: ignore[operator]
    assert at_once(path) is None


def test_mentions_as_a_build_wrote_them_wait_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = load(write_example(tmp_path))
    monkeypatch.setattr(table, "_LONG", 0)
    timeline = load(tmp_path)
    assert "mentions" not in vars(timeline)
    pd.testing.assert_frame_equal(timeline.tellings(), whole.tellings())
    assert "mentions" not in vars(timeline)
    pd.testing.assert_frame_equal(timeline.mentions, whole.mentions)
    assert "mentions" in vars(timeline)
    with pytest.raises(AttributeError, match="tellers"):
        timeline.tellers  # type: ignore[attr-defined] # noqa: B018


def test_the_mentions_of_an_event_and_of_a_source_are_read_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_example(tmp_path)
    whole = load(tmp_path).mentions
    monkeypatch.setattr(table, "_LONG", 0)
    for column in ("event_id", "source_id"):
        for value in [*whole[column].unique(), "nobody"]:
            timeline = load(tmp_path)
            found = timeline.told(column, value)
            assert "mentions" not in vars(timeline)
            pd.testing.assert_frame_equal(found, whole[whole[column] == value].reset_index(drop=True))
    timeline = load(tmp_path)
    with (tmp_path / "mentions.csv").open("a") as file:
        file.write("x")
    assert timeline._told("event_id", whole["event_id"][0]) is None


@given(st.lists(st.lists(st.text(st.sampled_from('a",\n\r ')), min_size=2, max_size=2), max_size=6))
def test_a_row_ends_where_no_cell_goes_on(tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]]) -> None:
    path = tmp_path_factory.mktemp("rows") / "rows.csv"
    rows = [dict(zip("xy", each, strict=True)) for each in cells]
    path.write_bytes(table.csv_bytes("xy", rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "BLOCK", 3)  # bytes: a row goes over many
        ends = columns.line_ends(path)
    assert ends.tolist() == np.cumsum([len(table.csv_bytes(list(each), [])) for each in ("xy", *cells)]).tolist()


def test_mentions_that_somebody_changed_are_checked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "_LONG", 0)
    file = write_example(tmp_path) / "mentions.csv"
    file.write_bytes(file.read_bytes().replace(b"explicit", b"guessed", 1))
    with pytest.raises(TimelineError, match="guessed"):
        load(tmp_path)


@given(st.lists(st.sampled_from([*DATES, "1969-02-30", "no day"]), max_size=8))
def test_days_are_numbered_as_one_by_one(cells: list[str]) -> None:
    def number(cell: str) -> float:
        try:
            return ordinal(cell)
        except ValueError:
            return math.nan

    found = day_numbers(pd.Series(cells, dtype="str"), math.nan)
    np.testing.assert_array_equal(found, np.array([number(cell) for cell in cells], dtype=float))


@pytest.mark.parametrize("parts", [[["The QUAY", "Müller", "quai"]], [["The QUAY"], ["Müller", "quai"]]])
def test_texts_are_found_whatever_their_letters_and_parts(parts: list[list[str]]) -> None:
    column = pd.concat([pd.Series(part, dtype="str") for part in parts], ignore_index=True)
    texts = folded(column, lambda text: text.lower().replace("ü", "u"))
    assert having(texts, "quay").tolist() == [True, False, False]
    assert having(texts, "muller").tolist() == [False, True, False]
    np.testing.assert_array_equal(day_numbers(column, math.nan), [math.nan] * 3)
    assert places_in(column, column).tolist() == [0, 1, 2]
    assert places_in(pd.Series(["b", "x", "a"]), pd.Series(["a", "b", "a"])).tolist() == [1, -1, 0]
