"""The build, when a curator asks for it: the tables on disk then hold what the page shows.

It runs in a process of its own, never twice at once. When it fails nothing is lost: the decisions are in the log, and
the page shows them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

from timeline import TimelineError
from timeline.project import Project, owner


class Rebuild:
    """Builds the project that some tables belong to. `command` runs in its folder."""

    def __init__(self, tables: Path, command: tuple[str, ...] = (sys.executable, "-m", "timeline", "build")) -> None:
        self._project: Project | None = owner(tables)
        self._command = command
        self._lock = threading.Lock()

    @property
    def is_possible(self) -> bool:
        """Do the tables belong to a project, which can be built?"""
        return self._project is not None

    def build(self) -> str:
        """Run a build to its end; the last line of what it said. Raises TimelineError if it wrote no tables."""
        if self._project is None:
            raise TimelineError("these tables belong to no project that could be built; run `timeline build -o` again")
        if not self._lock.acquire(blocking=False):
            raise TimelineError("a build is under way already; wait for it")
        try:
            return _run(self._command, self._project.folder)
        finally:
            self._lock.release()


def _run(command: tuple[str, ...], folder: Path) -> str:
    here = str(Path(__file__).resolve().parent.parent)
    paths = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH", ""))))
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": paths},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise TimelineError(f"`timeline build` could not be started ({error.strerror or error})") from error
    written = [line for line in done.stdout.splitlines() if line.startswith("tables: ")]
    if not written:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise TimelineError((said or [f"`timeline build` ended with exit code {done.returncode}"])[-1])
    return written[-1]
