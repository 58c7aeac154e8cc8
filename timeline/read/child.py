"""Reads files in a child process that may be killed: with limits on time, memory and what it gives back.

One child serves many files, for starting it costs more than most files. It is replaced when it dies, and a file that
it died on is tried once more in a new one, so that what a file gives does not depend on the files before it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any

from ..model import TimelineError
from .document import Document, Fault, Member

_MB = 1024 * 1024
_GRACE = 10.0  # seconds after which a child ends by itself if whoever started it is gone
_MOST_DEATHS = 3  # parts of one file that may each end a child; then the rest of the file is left


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost.

    `seconds`: for one document, and for each started megabyte of a file that holds several. `memory`: bytes of the
    child's address space. `output`: bytes of what one file gives; `document`: of one document in it.
    """

    seconds: float = 15.0
    memory: int = 1400 * _MB
    output: int = 512 * _MB
    document: int = 64 * _MB


class Readers:
    """A child process to read files with, started when it is first needed. Use it in a `with` statement."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._child: _Child | None = None

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def read(self, path: Path, size: int) -> list[Document | Fault]:
        """The documents in a file of so many bytes, and what in it could not be read.

        Raises TimelineError if nothing of it can be read.
        """
        last = monotonic() + self.limits.seconds * max(1, -(-size // _MB))
        avoid: list[Fault] = []
        numbers: list[int] = []
        while True:
            is_fresh = self._child is None
            child = self._child = self._child or _Child(self.limits.memory)
            asked = _Asked()
            why = self._ask(child, path, numbers, last, asked)
            if not why:
                return asked.found + avoid
            self._end()
            if not is_fresh and not child.is_late:
                continue
            if asked.member is None:
                raise TimelineError(why)
            avoid.append(Fault(asked.member.name, why, is_final=False))
            numbers.append(asked.member.number)
            if monotonic() >= last or len(avoid) >= _MOST_DEATHS:
                rest = "what comes after it is not read; unpack the file and name the folder to read the rest"
                return [
                    *asked.found,
                    *avoid[:-1],
                    Fault(asked.member.name, f"{why.split('; ')[0]}; {rest}", is_final=False),
                ]

    def _ask(self, child: _Child, path: Path, avoid: list[int], last: float, asked: _Asked) -> str:
        """Let the child read a file; empty if it did, else why it did not. Raises TimelineError if it refuses to."""
        limit = min(last, monotonic() + self.limits.seconds)
        seconds = self.limits.seconds + _GRACE
        child.say({"path": str(path), "name": path.name, "avoid": avoid, "seconds": seconds}, limit)
        left = self.limits.output
        while True:
            most = min(left, self.limits.document)
            line = child.hear(most + 1)
            left -= len(line)
            if len(line) > most:
                return f"gives more than {most // _MB} MB of text; split it"
            if not line.endswith(b"\n"):
                return self._death(child)
            answer = json.loads(line)
            kind = answer.pop("kind")
            if kind == "memory":
                return self._memory()
            if kind == "refused":
                asked.refused = answer["what"]
            elif kind == "end":
                if answer["is_tired"]:
                    self._end()
                if asked.refused and not asked.found:
                    raise TimelineError(asked.refused)
                if asked.refused:
                    asked.found.append(Fault(asked.member.name if asked.member else "", asked.refused))
                child.wait_for(None)
                return ""
            else:
                asked.add(kind, answer)
                child.wait_for(min(last, monotonic() + self.limits.seconds))

    def _death(self, child: _Child) -> str:
        if child.is_late:
            return (
                f"took more than {self.limits.seconds:.0f} s to read, so it was left; convert it to text, or split it"
            )
        return f"ended its reader: it is damaged, or takes more than {self.limits.memory / 1e9:.1f} GB; save it anew"

    def _memory(self) -> str:
        return f"takes more than {self.limits.memory / 1e9:.1f} GB of memory to read; split it"

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


class _Asked:
    """What has been heard of a file so far."""

    def __init__(self) -> None:
        self.found: list[Document | Fault] = []
        self.member: Member | None = None
        self.refused = ""

    def add(self, kind: str, answer: dict[str, Any]) -> None:
        if kind == "document":
            answer["places"] = [(int(offset), str(place)) for offset, place in answer["places"]]
            self.found.append(Document(**answer))
        elif kind == "fault":
            self.found.append(Fault(**answer))
        else:
            self.member = Member(**answer)


class _Child:
    """A process that runs `worker.py`, and a thread that kills it when it is late."""

    def __init__(self, memory: int) -> None:
        package = Path(__file__).parents[2]
        paths = [str(package), *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = subprocess.Popen(
            [sys.executable, "-B", "-P", "-m", "timeline.read.worker", str(memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        )
        self.is_late = False
        self._until: float | None = None
        self._changed = threading.Condition()
        self._is_over = False
        threading.Thread(target=self._watch, daemon=True).start()

    def say(self, request: dict[str, Any], until: float) -> None:
        """Ask for something, to be answered until then (of `monotonic`)."""
        assert self._process.stdin is not None
        self.wait_for(until)
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            return  # it is dead, as `hear` will find

    def hear(self, most: int) -> bytes:
        """The next line of the answer, without its end if it is too long or the child is dead."""
        assert self._process.stdout is not None
        return self._process.stdout.readline(most)

    def wait_for(self, until: float | None) -> None:
        """Kill the child at this time, None for never."""
        with self._changed:
            sooner = until is not None and (self._until is None or until < self._until)
            self._until = until
            if sooner:
                self._changed.notify()

    def _watch(self) -> None:
        with self._changed:
            while not self._is_over:
                left = None if self._until is None else self._until - monotonic()
                if left is not None and left <= 0:
                    self.is_late = True
                    self._process.kill()
                    return
                self._changed.wait(left)

    def end(self) -> None:
        """End the process and wait until it is gone."""
        with self._changed:
            self._is_over = True
            self._changed.notify()
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            try:
                if stream is not None:
                    stream.close()
            except OSError:
                continue
        self._process.wait()
