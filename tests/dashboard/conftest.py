"""A small timeline of an invented river port, written to a folder as a build would write it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from visits import ARGUMENTS, BROWSERS, missing

from timeline.edtf import parse
from timeline.table import TABLES, Timeline, csv_bytes, load

CHRONICLE = """Chronicle of the port of Ostrava Quay

A Roman trading post stood at the ford by 44 BC, older than any wall of the town. On 12 May 1871 the council of \
Merrin opened the first stone quay. The quay was lengthened in March 1874. During the 1880s grain from the upper \
valley made up half of the freight. The river froze in 1893, and no barge moved. Between about 1897 and 1899 a \
railway company laid a siding to the water. The port doctor José Müller founded a school for bargemen on 3 \
September 1902. In the 19th century <b>no bridge</b> crossed the river & nobody missed it. Since 1921 the port has \
belonged to the town.
"""
REPORT = """Annual report of the harbour office, 1931

The first stone quay, opened in May 1871, was rebuilt this year. The harbour office plans a swing bridge for 1940. \
A rumour that the quay burned in 1890 has not been confirmed. \
The school for bargemen opened on 4 September 1902. From 1914 to 1918 the cranes stood still.
"""
TEXTS = {"chronicle": CHRONICLE, "report": REPORT}


@dataclass(frozen=True)
class Told:
    """One event as the tests write it; its sentence is found in the text by the words it begins and ends with.

    `disputed` is the event's date where another telling says a different one.
    """

    event_id: str
    date: str
    title: str
    category: str
    actors: str
    era: str
    source: str
    begins: str
    date_text: str
    status: str = "proposed"
    modality: str = "actual"
    kind: str = "event"
    salience: str = "0.50"
    basis: str = "explicit"
    anchor: str = ""
    sources: int = 1
    disputed: str = ""


EVENTS = (
    Told("e01", "-0043", "Trading post at the ford", "Economy", "", "", "chronicle", "A Roman", "44 BC"),
    Told("e02", "18XX", "No bridge over the river", "Border", "", "", "chronicle", "In the 19th", "19th century",
         kind="state"),
    Told(
        "e03", "1871-05-12", "First stone quay opened", "Diplomacy", "Council of Merrin", "quay", "chronicle",
        "On 12 May", "12 May 1871", status="accepted", salience="0.90", sources=2,
    ),
    Told("e04", "1874-03", "Quay lengthened", "Economy", "Council of Merrin", "quay", "chronicle", "The quay was",
         "March 1874", salience="0.40"),
    Told("e05", "188X", "Grain is half of the freight", "Economy", "", "quay", "chronicle", "During the", "1880s",
         salience="0.70", kind="statistic"),
    Told("e06", "1890", "Quay burns", "Border", "", "quay", "report", "A rumour", "1890", status="rejected"),
    Told("e07", "1893", "River freezes", "Science", "", "quay", "chronicle", "The river froze", "1893"),
    Told("e08", "1897~/1899~", "Railway siding laid", "Economy", "Railway company", "rail", "chronicle", "Between",
         "Between about 1897 and 1899", salience="0.60"),
    Told("e09", "1902-09-03", "School for bargemen founded", "Culture", "José Müller; Council of Merrin", "rail",
         "chronicle", "The port doctor", "3 September 1902", status="edited", salience="0.80",
         disputed="[1902-09-03,1902-09-04]", sources=2),
    Told("e10", "1914/1918", "Cranes stand still", "Economy", "Harbour office", "rail", "report", "From 1914",
         "From 1914 to 1918", kind="state"),
    Told("e11", "1921/..", "Port belongs to the town", "Diplomacy", "Council of Merrin", "town", "chronicle",
         "Since 1921", "1921", salience="0.65"),
    Told("e12", "1940", "Swing bridge planned", "Science", "Harbour office", "town", "report", "The harbour office",
         "1940", modality="planned"),
)  # fmt: skip
SECOND_TELLINGS = (
    Told("e03", "1871-05", "First stone quay opened", "Diplomacy", "", "quay", "report", "The first stone quay",
         "May 1871", basis="publication", anchor="1931"),
    Told("e09", "1902-09-04", "School for bargemen opens", "Culture", "", "rail", "report", "The school for",
         "4 September 1902"),
)  # fmt: skip
ERAS = (
    ("quay", "The stone quay", "1871/1896"),
    ("rail", "Railway years", "1897/1920"),
    ("town", "Under the town", "1921/.."),
)


def cells(**values: object) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


def dates(date: str) -> dict[str, str]:
    value = parse(date)
    return {"date": date, "earliest": value.earliest, "latest": value.latest, "precision": value.precision}


def place(told: Told) -> dict[str, str]:
    text = TEXTS[told.source]
    start = text.index(told.begins)
    end = text.index(".", start) + 1
    return cells(source_id=told.source, quote=text[start:end], quote_start=start, quote_end=end)


def event_row(told: Told) -> dict[str, str]:
    return {
        **cells(event_id=told.event_id, title=told.title, category=told.category, actors=told.actors, places=""),
        **dates(told.disputed or told.date),
        **cells(
            era=told.era,
            modality=told.modality,
            kind=told.kind,
            salience=told.salience,
            confidence="0.75",
            status=told.status,
        ),
        **cells(n_sources=told.sources, n_mentions=told.sources),
        **place(told),
    }


def mention_row(told: Told, number: int) -> dict[str, str]:
    where = place(told)
    text, start, end = TEXTS[told.source], int(where["quote_start"]), int(where["quote_end"])
    at = text.index(told.date_text, start)
    return {
        **cells(mention_id=f"m{number:02d}", event_id=told.event_id, date_text=told.date_text),
        **dates(told.date),
        **cells(date_start=at, date_end=at + len(told.date_text), anchor=told.anchor, basis=told.basis, rule="year"),
        **where,
        **cells(prefix=text[max(start - 20, 0) : start], suffix=text[end : end + 20], title=told.title),
        **cells(modality=told.modality, kind=told.kind, confidence="0.75", locator="par. 1"),
    }


def source_row(source_id: str) -> dict[str, str]:
    import hashlib

    text = TEXTS[source_id]
    return cells(
        source_id=source_id,
        title="Chronicle of Merrin" if source_id == "chronicle" else "Annual report",
        author="A. Chronicler" if source_id == "chronicle" else "",
        publisher="Merrin Press",
        published="1931",
        published_basis="given",
        language="en",
        rights="invented",
        origin="",
        file=f"seeds/{source_id}.txt",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        characters=len(text),
        metadata="",
    )


def write(folder: Path, name: str, rows: list[Mapping[str, str]]) -> None:
    (folder / "data" / f"{name}.csv").write_bytes(csv_bytes(TABLES[name], rows))


def write_port(folder: Path) -> Path:
    """Write the whole project: seeds and tables."""
    for part in ("seeds", "data"):
        (folder / part).mkdir(parents=True)
    for source_id, text in TEXTS.items():
        (folder / "seeds" / f"{source_id}.txt").write_bytes(text.encode())
    (folder / "timeline.toml").write_text('title = "The port of Merrin"\n')
    (folder / "data" / "datapackage.json").write_text(json.dumps({"title": "The port of Merrin"}))
    write(folder, "events", [event_row(told) for told in EVENTS])
    mentions = sorted([*EVENTS, *SECOND_TELLINGS], key=lambda told: (told.event_id, told.source))
    write(folder, "mentions", [mention_row(told, number) for number, told in enumerate(mentions)])
    write(folder, "sources", [source_row(source_id) for source_id in TEXTS])
    eras = [{"era_id": era, "title": title, "note": "", **dates(date)} for era, title, date in ERAS]
    write(folder, "eras", eras)
    return folder


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder with tables."""
    return write_port(tmp_path_factory.mktemp("port") / "merrin")


@pytest.fixture(scope="session")
def port(folder: Path) -> Timeline:
    """The timeline of the port."""
    return load(folder)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The system's Chromium."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        missing("no Chromium found; install one, for example `apt-get install chromium`")
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    with playwright.sync_playwright() as run:
        started = run.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()
