"""A build can be stopped and goes on from there; the next does what changed; the bytes are those of a build anew."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import pytest
from documents import MARKDOWN, PLAIN, a_docx, a_pdf, every_format

import timeline.cache
from timeline.cache import Cache, folder_for
from timeline.cli import main
from timeline.model import Source
from timeline.progress import Meter
from timeline.read.child import Readers

ROOT = Path(__file__).parent.parent
TABLES = ("events.csv", "mentions.csv", "sources.csv", "eras.csv", "datapackage.json")


def tables(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in TABLES}


def written(folder: Path) -> dict[str, int]:
    """When each table was last written."""
    return {name: (folder / name).stat().st_mtime_ns for name in TABLES}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    for name, data in every_format(tmp_path).items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is read by a child process and what is searched for events, as it happens."""
    done: list[str] = []
    module = import_module("timeline.build")  # `timeline.build` is its function
    read, find = Readers.read, module._told

    def reading(self: Readers, path: Path, size: int) -> object:
        done.append(path.name)
        return read(self, path, size)

    def finding(source: Source, words: object) -> object:
        done.append(source.id)
        return find(source, words)

    monkeypatch.setattr(Readers, "read", reading)
    monkeypatch.setattr(module, "_told", finding)
    return done


def build(*arguments: str | Path) -> int:
    return main(["build", *map(str, arguments)])


def test_a_second_build_does_nothing_again_and_gives_the_same(tmp_path: Path, files: Path, work: list[str]) -> None:
    build(files, "-o", tmp_path / "out")
    first, times = tables(tmp_path / "out"), written(tmp_path / "out")
    assert len(work) > 30
    work.clear()

    build(files, "-o", tmp_path / "out")

    assert work == []
    assert tables(tmp_path / "out") == first
    assert written(tmp_path / "out") == times
    build(files, "-o", tmp_path / "anew", "--no-cache")
    assert tables(tmp_path / "anew") == first
    assert not folder_for(tmp_path / "anew").exists()


def test_only_what_changed_is_done_again(tmp_path: Path, files: Path, work: list[str]) -> None:
    build(files, "-o", tmp_path / "out")
    work.clear()
    (files / "museum.pdf").write_bytes(a_pdf().replace(b"Museum", b"Mvsevm"))
    (files / "lighthouse.txt").write_text(PLAIN.replace("1871", "1872"), "utf-8")
    (files / "railway.docx").unlink()
    (files / "sources.toml").write_text('[mine]\npublished = "2003"\n', "utf-8")

    build(files, "-o", tmp_path / "out")

    assert work[0] == "museum.pdf"
    assert set(work[1:]) - {"museum"} == {"lighthouse", "mine"}
    build(files, "-o", tmp_path / "anew", "--no-cache")
    assert tables(tmp_path / "out") == tables(tmp_path / "anew")


def test_a_lexicon_and_a_new_version_make_everything_anew(
    tmp_path: Path, work: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["new", str(tmp_path / "mine")])
    (tmp_path / "mine/seeds/brickworks.md").write_text(MARKDOWN, "utf-8")
    monkeypatch.chdir(tmp_path / "mine")
    build()
    assert work == ["brickworks"]
    (tmp_path / "mine/data/lexicon.toml").write_text('[salient]\nwords = ["kiln"]\n', "utf-8")
    build()
    assert work == ["brickworks"] * 2
    monkeypatch.setattr(timeline.cache, "_makers", lambda: "another version")
    build()
    assert work == ["brickworks"] * 3
    build()
    assert work == ["brickworks"] * 3


def test_what_is_no_more_is_forgotten(tmp_path: Path, files: Path) -> None:
    build(files, "-o", tmp_path / "out")
    shutil.rmtree(files)
    files.mkdir()
    (files / "lighthouse.txt").write_text(PLAIN, "utf-8")
    build(files, "-o", tmp_path / "out")

    with Cache(folder_for(tmp_path / "out")) as cache:
        assert cache._database is not None
        assert cache._database.execute("SELECT count(*) FROM made").fetchone() == (1,)


@pytest.mark.parametrize("damage", [b"", b"no database", bytes(5000)])
def test_a_damaged_cache_costs_nothing_but_time(tmp_path: Path, files: Path, damage: bytes) -> None:
    build(files, "-o", tmp_path / "out")
    first = tables(tmp_path / "out")
    path = folder_for(tmp_path / "out") / "build.sqlite"
    path.write_bytes(damage or path.read_bytes()[:3000])

    assert build(files, "-o", tmp_path / "out") == 0
    assert tables(tmp_path / "out") == first


def test_nothing_of_it_is_in_the_project(tmp_path: Path, files: Path) -> None:
    build(files, "-o", tmp_path / "out")

    assert {path.name for path in (tmp_path / "out").iterdir()} == {*TABLES, "texts"}


def test_what_was_kept_for_other_tables_is_forgotten_after_two_months(tmp_path: Path, files: Path) -> None:
    for name in ("old", "new"):
        build(files, "-o", tmp_path / name)
    old = folder_for(tmp_path / "old") / "build.sqlite"
    os.utime(old, (time.time() - 70 * 24 * 3600,) * 2)
    build(files, "-o", tmp_path / "out")

    assert not old.exists()
    assert (folder_for(tmp_path / "new") / "build.sqlite").exists()


@pytest.mark.parametrize("folder", ["/proc/nowhere", "file"])
def test_a_cache_that_cannot_be_written_stops_nothing(
    tmp_path: Path, files: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TIMELINE_CACHE", str(tmp_path / folder))

    assert build(files, "-o", tmp_path / "out") == 0


def test_values_come_back_as_they_were(tmp_path: Path) -> None:
    value = {"a": [1, 0.1, "\ud800 ж\0", None, True], "b": {}}
    with Cache(tmp_path) as cache:
        cache.put(value, "x", "1")
    with Cache(tmp_path) as cache:
        assert cache.get("x", "1") == value
        assert cache.get("x1") is None
        assert cache.get("x", "2") is None


# ------------------------------------------------------------------------------------------ stopped


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT and SIGKILL to send to a program")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_a_build_that_was_stopped_goes_on_from_there(tmp_path: Path, number: signal.Signals, code: int) -> None:
    """What was kept when it was stopped is not done again, and the tables are those of a build in one go."""
    folder = tmp_path / "files"
    folder.mkdir()
    for n in range(60):
        text = "".join(f"On {1 + k % 28} May {1700 + n * 5} the {n}th ship took {k} barrels. " for k in range(250))
        (folder / f"{n:03}.txt").write_text(text, "utf-8")
        if not n % 10:
            (folder / f"{n:03}.docx").write_bytes(a_docx().replace(b"zzz", b"%03d" % n))
    started = launch(folder, tmp_path / "out")
    cache = folder_for(tmp_path / "out") / "build.sqlite"
    until = time.monotonic() + 60
    while kept(cache) < 5 and time.monotonic() < until and started.poll() is None:
        time.sleep(0.05)
    assert started.poll() is None, "it was over before it could be stopped"
    started.send_signal(number)
    _, err = started.communicate(timeout=30)

    assert started.returncode == code
    assert "Traceback" not in err
    assert ("the same command goes on from here" in err) == (number == signal.SIGINT)
    assert not list((tmp_path / "out").glob("*.csv"))
    assert 5 <= kept(cache) < 62

    before = kept(cache)
    resumed = launch(folder, tmp_path / "out", "--progress")
    _, err = resumed.communicate(timeout=120)
    assert resumed.returncode == 0
    anew = launch(folder, tmp_path / "anew", "--no-cache")
    anew.communicate(timeout=120)
    assert kept(cache) > before
    assert tables(tmp_path / "out") == tables(tmp_path / "anew")


def launch(folder: Path, out: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "timeline", "build", str(folder), "-o", str(out), *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", cwd=folder
    )


def kept(path: Path) -> int:
    """How many values are in a cache."""
    import sqlite3

    if not path.is_file():
        return 0
    try:
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=1)
        try:
            return int(database.execute("SELECT count(*) FROM made").fetchone()[0])
        finally:
            database.close()
    except sqlite3.Error:
        return 0


# ------------------------------------------------------------------------------------------ progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_one_line_on_a_terminal_and_goes_away() -> None:
    stream, times = Terminal(), iter([0.0, 0.0, 1.0, 1.1, 2.0])
    meter = Meter(stream, lambda: next(times))
    for number, events in ((1, 0), (2, 5), (3, 6), (4, 1234)):
        meter("finding events", number, 8, number * 1_000_000, 8_000_000, events)
    meter.end()

    shown = stream.getvalue().split("\r\x1b[K")
    assert shown == [
        "",
        "finding events: 2 of 8, 5 mentions, 2.0 of 8.0 MB, 2.00 MB/s, 3 s left",
        "finding events: 4 of 8, 1,234 mentions, 4.0 of 8.0 MB, 2.00 MB/s, 2 s left",
        "",
    ]


def test_progress_is_shown_where_it_is_asked_for(
    tmp_path: Path, files: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timeline.progress._SELDOM", 0.0)
    build(files, "-o", tmp_path / "out")
    assert "MB/s" not in capsys.readouterr().err
    build(files, "-o", tmp_path / "out", "--progress")
    lines = capsys.readouterr().err.splitlines()

    assert any(line.startswith("reading: 18 of 18, ") for line in lines)
    assert any(line.startswith("finding events: ") and "mentions" in line for line in lines)
