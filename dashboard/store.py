"""What the page shows now: the tables, indexed, with a number that grows when they change."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import select
from dashboard.palette import Look, looks
from dashboard.select import Catalogue
from timeline import Timeline


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A timeline at one moment. It never changes, so a request that took it sees one state to its end."""

    version: int
    data: Timeline
    catalogue: Catalogue
    looks: dict[str, Look]


def snapshot(data: Timeline, version: int = 0) -> Snapshot:
    """Index the tables of a timeline."""
    catalogue = select.prepare(data)
    return Snapshot(version, data, catalogue, looks(data.events["category"]))


class Store:
    """The timeline that is served: any number of threads read `now`."""

    def __init__(self, data: Timeline) -> None:
        self._now = snapshot(data)

    @property
    def now(self) -> Snapshot:
        """The newest state."""
        return self._now
