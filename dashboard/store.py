"""What the page shows now: the tables with the newest decisions, indexed, and a number that grows when they change.

Decisions are made here, by the `timeline` command, or by another server on the same folder. All of them end up in the
log, so the log is what is watched, and the tables, which a build may have written anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from dashboard import select
from dashboard.select import Catalogue
from timeline import Timeline, load
from timeline.curate import Outcome
from timeline.decide import built_with
from timeline.decisions import LOG, read_decisions
from timeline.model import Decision
from timeline.overlay import Overlay, overlay
from timeline.palette import Look, looks

LOOKS_EVERY = 0.25  # seconds: how often the folder is looked at, at most
PACKAGE = "datapackage.json"
WATCHED = (PACKAGE, "events.csv", "mentions.csv", "sources.csv", "eras.csv")

Stamp = tuple[int, int, int]  # of a file: which, how long, since when


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A timeline at one moment. It never changes, so a request that took it sees one state to its end.

    `log`: all decisions. `outcomes`: what became of those newer than the tables. `late`: those in the tables that have
    been taken back since, or count again, where only the next build can show it.
    """

    version: int
    data: Timeline
    catalogue: Catalogue
    looks: dict[str, Look]
    log: tuple[Decision, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    late: tuple[Decision, ...] = ()

    @property
    def decided(self) -> str:
        """The id of the last decision, empty if there is none."""
        return self.log[-1].id if self.log else ""


class Store:
    """The timeline that is served: any number of threads read `now`.

    The tables that were loaded stay the ground on which newer decisions are replayed, also when a build has written
    them in the meantime, as long as it wrote what is shown anyway: so a decision can be undone at once. They are
    indexed once; of what newer decisions make of them, only the rows that are others.
    """

    def __init__(self, data: Timeline, version: int = 0, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = Path(data.folder)
        self._base, self._built_with = data, built_with(data.folder)
        self._ground = select.prepare(data)
        self._clock, self._lock, self._looked = clock, threading.Lock(), clock()
        self._stamps = self._look()
        log = self._log()
        shown = overlay(data, log, self._built_with)
        self._now = self._indexed(shown, log, version)

    @property
    def now(self) -> Snapshot:
        """The newest state."""
        if self._clock() - self._looked >= LOOKS_EVERY and self._lock.acquire(blocking=False):
            try:
                self._refresh()
            finally:
                self._lock.release()
        return self._now

    def refresh(self) -> Snapshot:
        """The state with everything in it that is on disk by now."""
        with self._lock:
            self._refresh()
            return self._now

    def _refresh(self) -> None:
        self._looked = self._clock()
        stamps = self._look()
        if stamps == self._stamps:
            return
        log = self._log()
        shown = overlay(self._base, log, self._built_with)
        if any(stamps[name] != self._stamps[name] for name in WATCHED):
            shown = self._rebuilt(log, shown)
        self._stamps = stamps
        if log != self._now.log or not _is_same(shown.data, self._now.data):
            self._now = self._next(shown, log)

    def _rebuilt(self, log: tuple[Decision, ...], shown: Overlay) -> Overlay:
        """What is shown of tables that have been written anew; as before, if they are not whole."""
        data, decided = self._loaded(), built_with(self._folder)
        if data is None:
            return shown
        fresh = overlay(data, log, decided)
        if not shown.late and _is_same(fresh.data, shown.data):
            return shown
        self._base, self._built_with, self._ground = data, decided, select.prepare(data)
        return fresh

    def _loaded(self) -> Timeline | None:
        """The tables on disk; None while a build is writing them, or if they are broken: the old ones stay."""
        try:
            package = json.loads((self._folder / PACKAGE).read_bytes())
            for table in package.get("resources", ()):
                digest = hashlib.sha256((self._folder / table["path"]).read_bytes()).hexdigest()
                if table.get("hash", "").removeprefix("sha256:") not in ("", digest):
                    return None
            return load(self._folder)
        except (OSError, ValueError, AttributeError, KeyError, TypeError):  # TimelineError is a ValueError
            return None

    def _next(self, shown: Overlay, log: tuple[Decision, ...]) -> Snapshot:
        """What is shown after now; tables that are the same are not indexed again."""
        old = self._now
        if shown.data is not old.data:
            return self._indexed(shown, log, old.version + 1)
        return replace(old, version=old.version + 1, log=log, outcomes=shown.outcomes, late=shown.late)

    def _indexed(self, shown: Overlay, log: tuple[Decision, ...], version: int) -> Snapshot:
        ground, kept = self._ground, shown.kept
        catalogue = ground if kept is None else select.prepare_again(ground, shown.data, kept)
        found = looks(catalogue.facets["category"].values)
        return Snapshot(version, shown.data, catalogue, found, log, shown.outcomes, shown.late)

    def _log(self) -> tuple[Decision, ...]:
        try:
            return tuple(read_decisions(self._folder / LOG)[0])
        except OSError:
            return ()

    def _look(self) -> dict[str, Stamp | None]:
        return {name: _stamp(self._folder / name) for name in (LOG, *WATCHED)}


def _is_same(one: Timeline, other: Timeline) -> bool:
    """Do both have the same rows?"""
    return one is other or all(
        getattr(one, name).equals(getattr(other, name)) for name in ("events", "mentions", "sources", "eras")
    )


def _stamp(path: Path) -> Stamp | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
