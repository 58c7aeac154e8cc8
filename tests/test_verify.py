"""An archive proves what it says: whatever was changed in it is named."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from test_table import write_example

from timeline.decide import decide
from timeline.decisions import LOG
from timeline.export import export, only
from timeline.model import TimelineError
from timeline.table import load
from timeline.verify import METADATA, verify


@pytest.fixture
def crate(tmp_path: Path) -> Path:
    """A crate as a folder."""
    (tmp_path / "from").mkdir()
    folder = tmp_path / "crate"
    with zipfile.ZipFile(io.BytesIO(export(load(write_example(tmp_path / "from")), "ro-crate"))) as archive:
        archive.extractall(folder)
    return folder


def change(folder: Path, name: str, old: bytes, new: bytes) -> None:
    data = (folder / name).read_bytes()
    assert old in data
    (folder / name).write_bytes(data.replace(old, new, 1))


def test_a_crate_as_it_was_exported_holds(crate: Path) -> None:
    assert verify(crate) == []


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda folder: change(folder, "events.csv", b"Guards fight", b"Guards dance"), ["events.csv: was"]),
        (lambda folder: change(folder, "texts/note.txt", b"guards fought", b"guards danced"), [
            "texts/note.txt: was changed: its sha256 is another one", "mentions.csv:8: quote 'On 2 March"]),
        (lambda folder: (folder / "texts/book.txt").unlink(), ["texts/book.txt: is missing", "not at hand"]),
        (lambda folder: (folder / "more.txt").write_text("x"), ["more.txt: ro-crate-metadata.json does not"]),
        (lambda folder: change(folder, METADATA, b'"sha256"', b'"md5"'), ["ro-crate-metadata.json gives no"]),
    ],
)  # fmt: skip
def test_what_was_changed_is_named(crate: Path, edit: Callable[[Path], None], expected: list[str]) -> None:
    edit(crate)
    problems = list(map(str, verify(crate)))

    for each in expected:
        assert any(each in problem for problem in problems), problems


def test_even_a_change_with_its_hash_is_found_where_a_quote_is_no_more(crate: Path) -> None:
    """Whoever changes a text and its hashes cannot leave the quotes as they are."""
    old = hashlib.sha256((crate / "texts/note.txt").read_bytes()).hexdigest().encode()
    change(crate, "texts/note.txt", b"guards fought", b"guards danced")
    new = hashlib.sha256((crate / "texts/note.txt").read_bytes()).hexdigest().encode()
    change(crate, METADATA, old, new)

    assert any("quote 'On 2 March 1969, guards fought" in str(problem) for problem in verify(crate))


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        (b"", "is not one of ours"),
        (b"[" * 100_000, "is not one of ours"),
        (b'{"@graph": 3}', "is not one of ours"),
        (b'{"@graph": [{"@type": "File", "@id": "../secret"}]}', "names '../secret', which leads out of the crate"),
        (b'{"@graph": [{"@type": "File", "@id": "/etc/passwd"}]}', "which leads out of the crate; nothing is read"),
        (b'{"@graph": [{"@type": "File", "@id": "%2e%2e/secret"}]}', "which leads out of the crate"),
    ],
)
def test_a_description_that_is_none_is_refused(crate: Path, metadata: bytes, expected: str) -> None:
    (crate / METADATA).write_bytes(metadata)

    with pytest.raises(TimelineError, match=re.escape(expected)):
        verify(crate)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (["../evil.txt"], "the entry '../evil.txt' leads out of the archive; nothing is unpacked"),
        (["/evil.txt"], "leads out of the archive"),
        (["a\\..\\evil.txt"], "leads out of the archive"),
        (["C:evil.txt"], "leads out of the archive"),
        (["a.txt", "a.txt"], "two entries have the same name"),
        (["a.txt"], "has no ro-crate-metadata.json"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_that_could_do_harm_is_not_unpacked(tmp_path: Path, entries: list[str], expected: str) -> None:
    path = tmp_path / "in" / "crate.zip"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        for name in entries:
            archive.writestr(zipfile.ZipInfo(name), b"x")

    with pytest.raises(TimelineError, match=re.escape(expected)):
        verify(path)
    assert [found.name for found in tmp_path.rglob("*")] == ["in", "crate.zip"]


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 2_000_000)
    monkeypatch.setattr(sys.modules["timeline.verify"], "_LARGEST", 1_000_000)  # `timeline.verify` is the function

    with pytest.raises(TimelineError, match="unpacks to more than"):
        verify(path)


@pytest.mark.parametrize("cut", [0, 100, -100])
def test_a_broken_archive_is_told_from_a_missing_one(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "crate.zip"
    with pytest.raises(TimelineError, match="no such file"):
        verify(path)
    (tmp_path / "from").mkdir()
    path.write_bytes(export(load(write_example(tmp_path / "from")), "ro-crate")[:cut])

    with pytest.raises(TimelineError, match="is not a whole ZIP archive"):
        verify(path)


def test_the_log_of_decisions_comes_along_with_all_events_and_not_with_some(tmp_path: Path) -> None:
    (tmp_path / "from").mkdir()
    folder = write_example(tmp_path / "from")
    decide(folder, "accept", ["e0000000001"], {}, "ann", "")
    path = tmp_path / "crate.zip"

    for timeline, is_there in ((load(folder), True), (only(load(folder), ["e0000000001"]), False)):
        path.write_bytes(export(timeline, "ro-crate"))
        with zipfile.ZipFile(path) as archive:
            assert (LOG in archive.namelist()) == is_there
        assert [problem for problem in verify(path) if problem.is_error] == []


def test_the_command_says_so(tmp_path: Path) -> None:
    (tmp_path / "from").mkdir()
    write_example(tmp_path / "from")

    def run(*arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "timeline", *arguments]
        ran = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60)
        return ran.returncode, ran.stdout + ran.stderr

    path = tmp_path / "crate.zip"
    assert run("export", str(tmp_path / "from"), "--to", "ro-crate", "-o", str(path)) == (0, "")
    assert run("verify", str(path)) == (
        0,
        "all is well: every file has its SHA-256, every quote is where it says it is, every table holds\n",
    )
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "crate")
    change(tmp_path / "crate", "texts/note.txt", b"Chronicle", b"chronicle")
    code, said = run("verify", str(tmp_path / "crate"))
    assert code == 1
    assert "texts/note.txt: was changed" in said
    assert json.loads((tmp_path / "crate" / METADATA).read_bytes())["@graph"]
