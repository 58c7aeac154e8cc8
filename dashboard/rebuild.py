"""After decisions, the build: so that the tables on disk follow what the page shows.

It runs in a process of its own, some seconds after the last decision and never twice at once. When it fails nothing is
lost: the decisions are in the log, the page shows them, and it tells why the tables are behind.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from timeline import TimelineError, find_project, load, read_sources
from timeline.cli import main as timeline_command
from timeline.project import Project, owner

CALM = 1.5  # seconds without another decision before a build begins
DIFFERENT = 3  # exit code: a build would change more than what was decided


class Rebuild:
    """Builds the project that some tables belong to, when asked. `then` is called after each build."""

    def __init__(self, tables: Path, then: Callable[[], object], calm: float = CALM) -> None:
        self._project: Project | None = owner(tables)
        self._then, self._calm = then, calm
        self._asked, self._lock = threading.Event(), threading.Lock()
        self._thread: threading.Thread | None = None
        self.problem = ""

    @property
    def is_possible(self) -> bool:
        """Do the tables belong to a project, which can be built?"""
        return self._project is not None

    @property
    def is_under_way(self) -> bool:
        """Has a build been asked for that is not done yet?"""
        return self._thread is not None

    def ask(self) -> None:
        """Build soon; decisions that follow within a moment are in the same build."""
        if self._project is None:
            return
        with self._lock:
            self._asked.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="timeline build", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            while self._asked.is_set():
                self._asked.clear()
                threading.Event().wait(self._calm)
            self.problem = self._build()
            self._then()
            with self._lock:
                if not self._asked.is_set():
                    self._thread = None
                    return

    def _build(self) -> str:
        """Run one build; why it failed, empty if it did not."""
        assert self._project is not None
        here = str(Path(__file__).resolve().parent.parent)
        paths = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH", ""))))
        try:
            done = subprocess.run(
                [sys.executable, "-m", "dashboard.rebuild", str(self._project.folder.resolve())],
                env={**os.environ, "PYTHONPATH": paths},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                check=False,
            )
        except OSError as error:
            return f"`timeline build` could not be started ({error.strerror or error})"
        is_written = any(line.startswith("tables: ") for line in done.stdout.splitlines())
        said = [line for line in done.stderr.splitlines() if line.strip()]
        return "" if is_written else (said or [f"`timeline build` ended with exit code {done.returncode}"])[-1]


def difference(folder: Path) -> str:
    """Why a build of a project would change more than what was decided; empty if it would not."""
    project, _ = find_project(folder)
    data = load(folder)
    sources, _ = read_sources(project.sources, project)
    shown = dict(zip(data.sources["source_id"], data.sources["sha256"], strict=True))
    there = {source.id: source.sha256 for source in sources}
    changed = sorted(name for name in shown.keys() | there.keys() if shown.get(name) != there.get(name))
    if not changed:
        return ""
    names = ", ".join(changed[:3]) + (f" and {len(changed) - 3} more" if len(changed) > 3 else "")
    return f"the documents are not those the tables were built from ({names}); `timeline build` takes them in"


def main(folder: Path) -> int:
    """Build a project if its documents are those that its tables were built from."""
    try:
        different = difference(folder)
    except TimelineError as error:
        different = str(error)
    if different:
        print(different, file=sys.stderr)
        return DIFFERENT
    os.chdir(folder)
    return timeline_command(["build"])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
