"""The tables: bytes that depend on the rows alone, frames that keep every value, and files that cannot do harm."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import string
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.model import Era, Event, Mention, Source, TimelineError
from timeline.table import (
    SCHEMAS,
    TABLES,
    csv_bytes,
    eras_frame,
    event_rows,
    events_csv,
    events_frame,
    load,
    mention_rows,
    mentions_frame,
    place_sources,
    read_rows,
    sources_frame,
    write_tables,
)

NOTE_TEXT = (
    "Chronicle\r\n\r\nOn 2 March 1969, guards fought on an island.\nThe pact, dated “1950”, is to end in 2030.\n"
)
BOOK_TEXT = "=SUM(A1)? The border war of 1969 <b>ended</b> & nobody won.\rIn 44 BC a *ruler* fell.\n"


def source_of(name: str, text: str, **more: str) -> Source:
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    work = more.pop("work", f"sha256:{sha256}")
    return replace(Source(name, text, language="en", sha256=sha256, work=work), **more)  # type: ignore[arg-type]


NOTE = source_of(
    "note", NOTE_TEXT, title="A note", author="Ann Author", published="2020-05", published_basis="given", work="w1"
)
BOOK = source_of("book", BOOK_TEXT, title="The Book: _Wars_", publisher="Press & Co.", work="w2")
SOURCES = [NOTE, BOOK]
ERAS = [
    Era("modern", "Modern <times>", "1900/.."),
    Era("old", "Old times", "-0100/1899", 'until the "new"'),
]


def mention(number: int, source: Source, quote: str, date_text: str, date: str, **more: str) -> Mention:
    start = source.text.index(quote)
    at = source.text.index(date_text)
    given_ = Mention(
        mention_id=f"m{number:010d}", source_id=source.id, work=source.work, original=True, date=date,
        date_text=date_text, date_start=at, date_end=at + len(date_text), anchor="", basis="explicit", rule="day",
        quote=quote, quote_start=start, quote_end=start + len(quote), prefix=source.text[max(0, start - 32) : start],
        suffix=source.text[start + len(quote) :][:32], title=f"title {number}", category="border", actors=(),
        places=(), modality="actual", kind="event", salience=0.5, confidence=0.876,
    )  # fmt: skip
    return replace(given_, **more)  # type: ignore[arg-type]


def event(number: int, title: str, date: str, *mentions: Mention, **more: str) -> Event:
    given_ = Event(
        event_id=f"e{number:010d}", date=date, title=title, category="border", actors=("China", "Soviet Union"),
        places=(), modality="actual", kind="event", salience=0.5, confidence=0.876, mentions=mentions, era="modern",
    )  # fmt: skip
    return replace(given_, **more)  # type: ignore[arg-type]


FIGHT = mention(1, NOTE, "On 2 March 1969, guards fought on an island.", "2 March 1969", "1969-03-02")
WAR = mention(2, BOOK, "=SUM(A1)? The border war of 1969 <b>ended</b> & nobody won.", "1969", "1969")
END = mention(3, NOTE, "The pact, dated “1950”, is to end in 2030.", "2030", "2030", modality="planned")
FALL = mention(4, BOOK, "In 44 BC a *ruler* fell.", "44 BC", "-0043")
PACT = mention(5, NOTE, "The pact, dated “1950”, is to end in 2030.", "1950", "1950~")
EVENTS = [
    event(3, "The pact is to end", "2030", END, modality="planned", status="accepted"),
    event(1, "Guards fight, and fight", "1969-03-02", FIGHT, WAR),
    event(9, "Something undated", "", status="added", era=""),
    event(4, "=A *ruler* falls", "-0043", FALL, era="old", actors="", category="politics"),
    event(5, 'The "pact"', "1950~", PACT, status="rejected"),
]


def write_example(base: Path, title: str = "Five <events>") -> Path:
    """The five events, their texts and eras as files in a folder."""
    sources, copies = place_sources(SOURCES, base, base)
    write_tables(base, EVENTS, sources, ERAS, copies, title=title)
    return base


def replace_in(path: Path, old: str, new: str) -> None:
    """Edit a file by hand; "\\udcff" is a byte that is not UTF-8."""
    data = path.read_bytes()
    assert old.encode() in data
    path.write_bytes(data.replace(old.encode(), new.encode("utf-8", "surrogateescape"), 1))


# ------------------------------------------------------------------------------------------ rows


def test_columns_are_those_of_the_contract() -> None:
    assert "; ".join(" ".join(columns) for columns in TABLES.values()) == (
        "event_id date earliest latest precision title category actors places era modality kind salience confidence "
        "status n_sources n_mentions source_id quote quote_start quote_end; "
        "mention_id event_id source_id date earliest latest precision date_text date_start date_end anchor basis rule "
        "quote quote_start quote_end prefix suffix title modality kind confidence locator; "
        "source_id title author publisher published published_basis language rights origin file sha256 characters "
        "metadata; "
        "era_id title date earliest latest note"
    )


def test_every_column_is_described() -> None:
    assert all(field["description"].endswith(".") for schema in SCHEMAS.values() for field in schema["fields"])


def test_events_are_in_the_order_of_time_and_undated_ones_last() -> None:
    assert [row["event_id"][-1] for row in event_rows(EVENTS)] == ["4", "5", "1", "3", "9"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("-0043", "../1916"),
        ("1915", "../1916"),
        ("../1916", "1917"),
        ("1916-01-01", "1916"),
        ("1916", "1916/.."),
        ("1916/1917", "1917"),
        ("9999", "Y12000"),
    ],
)
def test_an_open_beginning_stands_at_its_end_and_an_open_end_last(first: str, second: str) -> None:
    events = [event(1, "b", second), event(2, "a", first), event(3, "c", "")]

    assert [row["date"] for row in event_rows(events)] == [first, second, ""]


def test_the_same_date_goes_by_id() -> None:
    events = [event(2, "b", "1916"), event(1, "a", "1916")]

    assert [row["event_id"][-1] for row in event_rows(events)] == ["1", "2"]


def test_an_event_repeats_its_best_mention_and_counts_works_not_texts() -> None:
    again = mention(6, NOTE, "guards fought", "2 March 1969", "1969-03-02")
    (row,) = event_rows([event(1, "Guards fight", "1969-03-02", FIGHT, WAR, again)])

    assert (row["n_sources"], row["n_mentions"]) == ("2", "3")
    assert (row["source_id"], row["quote"], row["quote_start"]) == ("note", FIGHT.quote, str(FIGHT.quote_start))
    assert (row["earliest"], row["latest"], row["precision"]) == ("1969-03-02", "1969-03-02", "day")


def test_an_event_without_mentions_has_empty_places() -> None:
    (row,) = event_rows([event(9, "Undated", "")])

    assert [row[column] for column in ("earliest", "precision", "source_id", "quote", "quote_start")] == [""] * 5
    assert (row["n_sources"], row["n_mentions"]) == ("0", "0")


def test_mentions_follow_their_events_best_first() -> None:
    assert [row["mention_id"][-1] for row in mention_rows(EVENTS)] == ["4", "5", "1", "2", "3"]


# ------------------------------------------------------------------------------------------ bytes


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("plain", "plain"),
        (" spaces ", " spaces "),
        ("a,b", '"a,b"'),
        ('say "no"', '"say ""no"""'),
        ("two\nlines", '"two\nlines"'),
        ("a bare \r return", '"a bare \r return"'),
        ("x;y'z\u2028", "x;y'z\u2028"),
        ("", ""),
    ],
)
def test_cells_are_quoted_only_when_they_must(text: str, cell: str) -> None:
    assert csv_bytes(["a", "b"], [{"a": text, "b": "-"}]) == f"a,b\n{cell},-\n".encode()


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=6, max_size=6), max_size=5
    )
)
def test_any_text_survives_csv(cells: list[list[str]]) -> None:
    rows = [dict(zip(TABLES["eras"], row, strict=True)) for row in cells]
    data = csv_bytes(TABLES["eras"], rows)

    assert list(csv.reader(io.StringIO(data.decode(), newline="")))[1:] == cells


@given(st.lists(st.text(string.printable + "é字\U0001f600"), min_size=6, max_size=6))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> None:
    path = tmp_path_factory.mktemp("eras") / "eras.csv"
    row = dict(zip(TABLES["eras"], cells, strict=True))
    path.write_bytes(csv_bytes(TABLES["eras"], [row]))

    assert read_rows(path, "eras") == ([(2, row)], [])


def test_a_cell_may_be_longer_than_the_csv_module_thinks(tmp_path: Path) -> None:
    path = tmp_path / "eras.csv"
    path.write_bytes(csv_bytes(TABLES["eras"], [dict.fromkeys(TABLES["eras"], "x" * 200_000)]))

    assert len(read_rows(path, "eras")[0][0][1]["note"]) == 200_000


def test_frames_and_files_have_the_same_bytes(tmp_path: Path) -> None:
    write_example(tmp_path)
    loaded = load(tmp_path)

    assert events_csv(events_frame(EVENTS)) == (tmp_path / "events.csv").read_bytes()
    assert events_csv(loaded.events) == (tmp_path / "events.csv").read_bytes()
    assert events_csv(loaded.events.assign(more=1)[2:4]).count(b"\n") == 3


def test_writing_twice_gives_the_same_bytes_whatever_the_order(tmp_path: Path) -> None:
    write_example(tmp_path / "a")
    sources, copies = place_sources(SOURCES[::-1], tmp_path / "b", tmp_path / "b")
    write_tables(tmp_path / "b", EVENTS[::-1], sources[::-1], ERAS[::-1], copies, title="Five <events>")

    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*.*"))
    assert [str(file) for file in files] == [
        "datapackage.json", "eras.csv", "events.csv", "mentions.csv", "sources.csv", "texts/book.txt", "texts/note.txt",
    ]  # fmt: skip
    assert all((tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes() for file in files)


def test_the_data_package_describes_the_files(tmp_path: Path) -> None:
    write_example(tmp_path)
    package = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))

    assert (package["name"], package["title"]) == ("five-events", "Five <events>")
    for resource in package["resources"]:
        data = (tmp_path / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data)
        assert resource["hash"] == "sha256:" + hashlib.sha256(data).hexdigest()
        assert [field["name"] for field in resource["schema"]["fields"]] == data.decode().split("\n")[0].split(",")


def test_nothing_half_written_is_left_when_a_file_cannot_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "events.csv").mkdir()

    with pytest.raises(TimelineError, match=r"events\.csv: cannot be written"):
        write_tables(tmp_path, EVENTS, [], [], {})
    assert [path.name for path in tmp_path.iterdir()] == ["events.csv"]


# ------------------------------------------------------------------------------------------ texts


def test_a_text_in_the_base_stays_where_it_is_and_any_other_is_copied(tmp_path: Path) -> None:
    own = tmp_path / "seeds" / "note.txt"
    own.parent.mkdir()
    own.write_text(NOTE_TEXT, newline="")
    sources = [replace(NOTE, file=str(own)), replace(BOOK, file="/elsewhere/book.txt"), source_of("line", "No file.")]

    placed, copies = place_sources(sources, tmp_path, tmp_path / "data")

    assert [(source.id, source.file) for source in placed] == [
        ("book", "data/texts/book.txt"),
        ("line", "data/texts/line.txt"),
        ("note", "seeds/note.txt"),
    ]
    assert copies == {"texts/book.txt": BOOK_TEXT, "texts/line.txt": "No file."}


def test_names_that_a_file_system_may_refuse_get_a_hash(tmp_path: Path) -> None:
    names = ["a", "A", "con:1", "字", "x" * 300]
    placed, copies = place_sources([source_of(name, name) for name in names], tmp_path, tmp_path)

    assert len({file.casefold() for file in copies}) == 5
    assert all(len(file) < 110 and file.isascii() and ":" not in file for file in copies)
    assert "texts/A.txt" in {source.file for source in placed}


def test_texts_of_a_former_build_go_and_those_of_others_stay(tmp_path: Path) -> None:
    write_example(tmp_path)
    (tmp_path / "texts" / "mine.txt").write_text("not yours")
    sources, copies = place_sources([NOTE], tmp_path, tmp_path)
    write_tables(tmp_path, [], sources, [], copies)

    assert sorted(path.name for path in (tmp_path / "texts").iterdir()) == ["mine.txt", "note.txt"]


@pytest.mark.parametrize("file", ["seeds/texts/mine.txt", "../texts/mine.txt", "texts/..", "mine.txt"])
def test_no_former_table_can_make_us_remove_other_files(tmp_path: Path, file: str) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "mine.txt").write_text("mine")
    write_tables(tmp_path, [], [replace(NOTE, file=file)], [], {})
    write_tables(tmp_path, [], [], [], {})

    assert (tmp_path / "texts" / "mine.txt").read_text() == "mine"


def test_a_file_of_somebody_else_is_neither_overwritten_nor_removed(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "note.txt").write_text("mine")
    (texts / "book.txt").write_text(BOOK_TEXT, newline="")  # mine, too: only its text is the same
    sources, copies = place_sources(SOURCES, tmp_path, tmp_path)
    write_tables(tmp_path, [], sources, [], copies)

    assert load(tmp_path).text("note") == NOTE_TEXT
    assert len(list(texts.iterdir())) == 3
    write_tables(tmp_path, [], [], [], {})
    assert sorted(path.name for path in texts.iterdir()) == ["book.txt", "note.txt"]
    assert (texts / "note.txt").read_text() == "mine"


def test_a_copy_that_somebody_changed_is_theirs(tmp_path: Path) -> None:
    write_example(tmp_path)
    (tmp_path / "texts" / "note.txt").write_text("my own words")
    write_example(tmp_path)

    assert (tmp_path / "texts" / "note.txt").read_text() == "my own words"
    assert load(tmp_path).text("note") == NOTE_TEXT


def test_a_copy_that_became_a_source_of_its_own_stays(tmp_path: Path) -> None:
    write_example(tmp_path)
    own = replace(NOTE, file=str(tmp_path / "texts" / "note.txt"))
    for sources in ([own], []):
        placed, copies = place_sources(sources, tmp_path, tmp_path)
        write_tables(tmp_path, [], placed, [], copies)

    assert [path.name for path in (tmp_path / "texts").iterdir()] == ["note.txt"]


@pytest.mark.parametrize("path", ["../mine.txt", "texts/../mine.txt", "texts/\0.txt", "/mine.txt", "mine.txt"])
def test_no_data_package_can_make_us_remove_other_files(tmp_path: Path, path: str) -> None:
    (tmp_path / "a").mkdir()
    for mine in (tmp_path / "mine.txt", tmp_path / "a" / "mine.txt"):
        mine.write_text("mine")
    copies = {path: hashlib.sha256(b"mine").hexdigest()}
    (tmp_path / "a" / "datapackage.json").write_text(json.dumps({"copies": copies}))
    write_tables(tmp_path / "a", [], [], [], {})

    assert (tmp_path / "mine.txt").exists()
    assert (tmp_path / "a" / "mine.txt").exists()


def test_the_text_is_the_canonical_text(tmp_path: Path) -> None:
    timeline = load(write_example(tmp_path))

    assert timeline.text("note") == NOTE_TEXT
    assert timeline.text("book") == BOOK_TEXT
    with pytest.raises(TimelineError, match="no source has the id 'nobody'"):
        timeline.text("nobody")


@pytest.mark.parametrize(
    "file", ["../secret.txt", "/etc/passwd", "texts/../../secret.txt", "C:\\x.txt", "link.txt", ""]
)
def test_a_table_cannot_make_us_read_other_files(tmp_path: Path, file: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    base = write_example(tmp_path / "base")
    (base / "link.txt").symlink_to(tmp_path / "secret.txt")
    timeline = load(base)
    timeline.sources["file"] = file

    with pytest.raises(TimelineError, match=r"leads out of the folder|is empty"):
        timeline.text("note")


def test_a_text_that_is_gone_is_said_to_be_gone(tmp_path: Path) -> None:
    timeline = load(write_example(tmp_path))
    (tmp_path / "texts" / "note.txt").unlink()

    with pytest.raises(TimelineError, match=r"note\.txt: this text is not at hand"):
        timeline.text("note")


# ------------------------------------------------------------------------------------------ frames


def test_frames_have_the_types_of_the_schema(tmp_path: Path) -> None:
    timeline = load(write_example(tmp_path))

    assert timeline.events.dtypes.astype(str).to_dict() == {
        **dict.fromkeys(TABLES["events"], "str"),
        **dict.fromkeys(["salience", "confidence"], "float64"),
        **dict.fromkeys(["n_sources", "n_mentions", "quote_start", "quote_end"], "Int64"),
    }
    assert timeline.events["quote"].tolist()[-1] == ""
    assert timeline.events["quote_start"].isna().tolist() == [False] * 4 + [True]


@pytest.mark.parametrize(
    ("name", "build"),
    [("events", events_frame), ("mentions", mentions_frame), ("sources", sources_frame), ("eras", eras_frame)],
)
def test_no_rows_make_an_empty_frame_of_the_same_types(
    tmp_path: Path, name: str, build: Callable[[list[object]], pd.DataFrame]
) -> None:
    assert (build([]).dtypes == getattr(load(write_example(tmp_path)), name).dtypes).all()


def test_frames_are_the_same_from_values_and_from_files(tmp_path: Path) -> None:
    timeline = load(write_example(tmp_path))
    sources, _ = place_sources(SOURCES, tmp_path, tmp_path)

    pd.testing.assert_frame_equal(timeline.events, events_frame(EVENTS))
    pd.testing.assert_frame_equal(timeline.mentions, mentions_frame(EVENTS))
    pd.testing.assert_frame_equal(timeline.sources, sources_frame(sources))
    pd.testing.assert_frame_equal(timeline.eras, eras_frame(ERAS))


def test_columns_of_others_are_kept(tmp_path: Path) -> None:
    write_example(tmp_path)
    path = tmp_path / "sources.csv"
    header, *rows = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([header + b",colour", *(row + b",red" for row in rows)]))

    assert load(tmp_path).sources["colour"].tolist() == ["red", "red"]


def test_a_spreadsheet_may_have_saved_the_table(tmp_path: Path) -> None:
    write_example(tmp_path)
    path = tmp_path / "eras.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))

    assert load(tmp_path).eras["era_id"].tolist() == ["old", "modern"]


def test_a_notebook_shows_title_counts_and_events(tmp_path: Path) -> None:
    timeline = load(write_example(tmp_path))

    assert repr(timeline) == "<Timeline 'Five <events>': 5 events, 5 mentions, 2 sources>"
    assert "<h3>Five &lt;events&gt;</h3>" in timeline._repr_html_()
    assert "&lt;b&gt;ended" not in repr(timeline)
    assert "<b>ended" not in timeline._repr_html_()


# ------------------------------------------------------------------------------------------ bad tables


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("events.csv", ",quote,", ",words,", r"events\.csv: column quote is missing; `timeline build` writes it anew"),
        ("events.csv", "1969-03-02,day", "1969-03-03,day", r"events\.csv:4: latest is '1969-03-03' but date"),
        ("events.csv", "proposed", "doubted", r"events\.csv:2: status 'doubted' is not one of proposed, accepted"),
        ("events.csv", "0.88", "8.8", r"events\.csv:2: confidence 8\.8 is not from 0 to 1"),
        ("events.csv", "0.88", "nan", r"confidence nan is not from 0 to 1"),
        ("events.csv", "0.50", "much", r"salience 'much' is not a number"),
        ("events.csv", ",2030,2030-01-01", ",2031,2030-01-01", r"earliest is '2030-01-01' but date '2031' makes it"),
        ("events.csv", "e0000000004", "e0000000005", r"events\.csv:3: event_id e0000000005 is already on line 2"),
        ("mentions.csv", "explicit,day,In", "guess,day,In", r"mentions\.csv:2: basis 'guess'"),
        ("mentions.csv", "m0000000004", "", r"mentions\.csv:2: mention_id is empty"),
        ("sources.csv", "2020-05", "last May", r"sources\.csv:3: published 'last May' is not an EDTF date"),
        ("sources.csv", "A note,", "A note", r"sources\.csv:3: this row has 12 cells where the header has 13"),
        ("sources.csv", "A note", '"A note', r"sources\.csv:3: is not CSV from here on"),
        ("sources.csv", "given", "\udcff", r"sources\.csv: is not UTF-8 at byte"),
    ],
)  # fmt: skip
def test_a_table_that_is_not_as_it_should_be_is_named(
    tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    replace_in(write_example(tmp_path) / file, old, new)

    with pytest.raises(TimelineError, match=message):
        load(tmp_path)


@pytest.mark.parametrize(("old", "new"), [("-0100/1899", "long ago"), ("old,", "old"), ("-0100-01-01", "-0200-01-01")])
def test_an_era_that_is_not_as_it_should_be_hides_no_event(tmp_path: Path, old: str, new: str) -> None:
    replace_in(write_example(tmp_path) / "eras.csv", old, new)
    timeline = load(tmp_path)

    assert timeline.eras["era_id"].tolist()[-1] == "modern"
    assert len(timeline.events) == 5


@pytest.mark.parametrize(
    ("folder", "message"),
    [("nowhere", "no such folder"), (".", "neither a timeline project nor a folder with events.csv")],
)
def test_a_folder_without_tables_is_named(tmp_path: Path, folder: str, message: str) -> None:
    with pytest.raises(TimelineError, match=message):
        load(tmp_path / folder)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    (write_example(tmp_path) / "mentions.csv").unlink()

    with pytest.raises(TimelineError, match=r"mentions\.csv: is missing; `timeline build` writes it anew"):
        load(tmp_path)
