"""What former builds found, kept so that the next one does only what changed: an SQLite file for each folder of tables.

Each entry is known by everything it follows from: the bytes it was made of, what is said about them, and all code,
rules and libraries that made it. So an entry is right or never found again, and a build gives the same bytes with it
and without it. It may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import sys
import zlib
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from shutil import rmtree
from time import monotonic, time
from types import TracebackType
from typing import Any

_UNUSED = 60 * 24 * 3600  # seconds after which what was kept for a folder is forgotten
_LIBRARIES = ("dateparser", "lxml", "pypdfium2", "python-dateutil", "striprtf", "trafilatura", "fastwarc")
_KEPT_AFTER = 1.0  # seconds of work that are lost at most when a build is killed
_PACKED = 1  # zlib's level: the fastest


def folder_for(tables: Path) -> Path:
    """Where it is kept what builds of these tables found: in the folder that the system has for such things.

    TIMELINE_CACHE names another. It is no part of the project, whose files are the same on any machine.
    """
    if "TIMELINE_CACHE" in os.environ:
        base = Path(os.environ["TIMELINE_CACHE"])
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home(), "cited-timeline", "Cache")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches" / "cited-timeline"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "cited-timeline")
    return base / hashlib.sha256(str(tables.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:16]


class Cache:
    """Values by what they were made from. Use it in a `with` statement; one that cannot be used holds nothing.

    What is put into it is on disk a second later at the latest, and at the end, however that comes.
    """

    def __init__(self, folder: Path | None) -> None:
        """`folder`: where it is, made when the first value is kept; None: nowhere."""
        self._path = folder / "build.sqlite" if folder else None
        self._database: sqlite3.Connection | None = None
        self._used: set[bytes] = set()
        self._kept = monotonic()
        if self._path and self._path.is_file():
            self._open()

    def __enter__(self) -> Cache:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._close()

    def get(self, *parts: str) -> Any:
        """What was made from these, as JSON gives it; None if that is not known."""
        if self._database is None:
            return None
        key = _key(parts)
        try:
            row = self._database.execute("SELECT value FROM made WHERE key = ?", (key,)).fetchone()
            if row is None:
                return None
            self._used.add(key)
            return json.loads(zlib.decompress(row[0]))
        except (sqlite3.Error, zlib.error, ValueError):
            return None

    def put(self, value: Any, *parts: str) -> None:
        """Keep what was made from these: anything that JSON can say."""
        if self._database is None and not self._open():
            return
        assert self._database is not None
        key = _key(parts)
        self._used.add(key)
        try:
            packed = zlib.compress(json.dumps(value).encode("ascii"), _PACKED)
            self._database.execute("INSERT OR REPLACE INTO made VALUES (?, ?)", (key, packed))
            if monotonic() - self._kept > _KEPT_AFTER:
                self._database.commit()
                self._kept = monotonic()
        except sqlite3.Error:  # no room, or another build has it: go on without
            self._give_up()

    def forget_the_rest(self) -> None:
        """Drop what this build had no use for: it was made from what is no more."""
        if self._database is None:
            return
        try:
            keys = {row[0] for row in self._database.execute("SELECT key FROM made")}
            self._database.executemany("DELETE FROM made WHERE key = ?", ((key,) for key in keys - self._used))
            self._database.commit()
            if len(keys) > 2 * len(self._used):
                self._database.execute("VACUUM")
        except sqlite3.Error:
            self._give_up()
        assert self._path is not None
        for other in self._path.parents[1].glob("*/build.sqlite"):
            with suppress(OSError):
                if time() - other.stat().st_mtime > _UNUSED:
                    rmtree(other.parent)

    def _open(self) -> bool:
        """Open the file, a new one if it is damaged. Is it open?"""
        if self._path is None:
            return False
        for _ in range(2):
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._database = sqlite3.connect(self._path, timeout=1)
                self._database.execute("PRAGMA journal_mode = WAL")
                self._database.execute("PRAGMA synchronous = NORMAL")
                self._database.execute("CREATE TABLE IF NOT EXISTS made (key BLOB PRIMARY KEY, value BLOB)")
                return True
            except sqlite3.OperationalError:  # another build has it
                break
            except sqlite3.DatabaseError:
                self._give_up()
                try:
                    self._path.unlink(missing_ok=True)
                except OSError:
                    break
            except OSError:
                break
        self._give_up()
        self._path = None
        return False

    def _give_up(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def _close(self) -> None:
        if self._database is not None:
            with suppress(sqlite3.Error):
                self._database.commit()
            self._give_up()


def _key(parts: tuple[str, ...]) -> bytes:
    """The SHA-256 of what something is made from, and of what makes it."""
    return hashlib.sha256(json.dumps([_makers(), *parts]).encode("ascii")).digest()


@cache
def _makers() -> str:
    """The SHA-256 of all that a result follows from beside its source: this package's code and data, and libraries."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(path for path in here.rglob("*") if path.suffix in (".py", ".toml", ".json")):
        digest.update(f"{path.relative_to(here).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    for name in _LIBRARIES:
        try:
            digest.update(f"{name} {version(name)}\0".encode())
        except PackageNotFoundError:
            continue
    return digest.hexdigest()
