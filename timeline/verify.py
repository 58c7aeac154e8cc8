"""Does an archive prove what it says? The SHA-256 of every file of an RO-Crate, and every quote in its text."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote

from .check import check
from .model import Problem, TimelineError

METADATA = "ro-crate-metadata.json"
_AS_EXPORTED = "get the archive again from where it was made, or `timeline export --to ro-crate` anew"
_LARGEST = 4 * 2**30  # bytes that an archive may unpack to


def verify(path: str | Path) -> list[Problem]:
    """What does not hold in a crate of `timeline export --to ro-crate`, a ZIP or the folder it unpacks to.

    Every file has the SHA-256 that the crate says, no other file is in it, and all that `timeline check` asks holds:
    every quote stands in its text, every table is as its schema wants it. Empty if all is well. It proves that
    the crate agrees with itself, not who made it. Raises TimelineError if there is no crate there.
    """
    path = Path(path)
    with _unpacked(path) as folder:
        problems = [*_hashes(folder, path), *check(folder)]
    return [
        replace(
            problem,
            where=problem.where.replace(str(folder), str(path)),
            what=problem.what.replace(str(folder), str(path)),
        )
        for problem in problems
    ]


@contextmanager
def _unpacked(path: Path) -> Iterator[Path]:
    """The folder of a crate; a ZIP is unpacked to one that is gone afterwards."""
    if path.is_dir():
        yield path
        return
    with TemporaryDirectory() as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                _refuse(path, archive)
                archive.extractall(folder)
        except FileNotFoundError:
            raise TimelineError(
                f"{path}: no such file; name a crate that `timeline export --to ro-crate` wrote"
            ) from None
        except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
            raise TimelineError(f"{path}: is not a whole ZIP archive ({error}); {_AS_EXPORTED}") from None
        yield Path(folder)


def _refuse(path: Path, archive: zipfile.ZipFile) -> None:
    """Raise TimelineError for an archive that would write outside its folder, or fill the disk."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    for name in names:
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or "\\" in name or ":" in name:
            raise TimelineError(f"{path}: the entry {name!r} leads out of the archive; nothing is unpacked")
    if len(set(names)) < len(names):
        raise TimelineError(f"{path}: two entries have the same name; {_AS_EXPORTED}")
    if sum(entry.file_size for entry in entries) > _LARGEST:
        raise TimelineError(f"{path}: unpacks to more than {_LARGEST >> 30} GiB; unpack it and name the folder instead")


def _hashes(folder: Path, path: Path) -> Iterator[Problem]:
    """Files that are not those that the crate describes."""
    described = _described(folder, path)
    for name, sha256 in described.items():
        file = folder / name
        if not file.is_file():
            yield Problem(f"{path}: {name}", "is missing", _AS_EXPORTED)
        elif not sha256:
            yield Problem(f"{path}: {name}", f"{METADATA} gives no sha256 for it", _AS_EXPORTED)
        elif _sha256(file) != sha256:
            yield Problem(f"{path}: {name}", "was changed: its sha256 is another one", _AS_EXPORTED)
    there = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    for name in sorted(there - set(described) - {METADATA}):
        yield Problem(f"{path}: {name}", f"{METADATA} does not name it", _AS_EXPORTED)


def _described(folder: Path, path: Path) -> dict[str, str]:
    """The files of a crate with their SHA-256."""
    try:
        crate: Any = json.loads((folder / METADATA).read_bytes())
        files = [part for part in crate["@graph"] if part.get("@type") == "File"]
        found = {unquote(part["@id"]): str(part.get("sha256", "")) for part in files}
    except OSError:
        raise TimelineError(
            f"{path}: has no {METADATA}; name a crate that `timeline export --to ro-crate` wrote"
        ) from None
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        raise TimelineError(f"{path}: its {METADATA} is not one of ours; {_AS_EXPORTED}") from None
    for name in found:
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise TimelineError(f"{path}: {METADATA} names {name!r}, which leads out of the crate; nothing is read")
    return found


def _sha256(file: Path) -> str:
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()
