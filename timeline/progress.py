"""How far a build is, in one line: what it does, how much of it is done, how fast, and how long it will take."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TextIO

Progress = Callable[[str, int, int, int, int, int], None]
"""Told after each file or document: what is being done, how many are done, of how many; how much (bytes or characters),
of how much; and how many mentions of events were found so far."""

_OFTEN, _SELDOM = 0.2, 2.0  # seconds between two lines, on a terminal and elsewhere


class Meter:
    """Writes the progress to a stream: on a terminal in one line that changes, elsewhere in a line now and then."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = monotonic) -> None:
        self._stream, self._clock = stream, clock
        self._is_terminal = stream.isatty()
        self._every = _OFTEN if self._is_terminal else _SELDOM
        self._what = ""
        self._began = self._said = clock()
        self._is_open = False

    def __call__(self, what: str, number: int, of: int, size: int, whole: int, events: int) -> None:
        """Say how far it is, unless it was said just now."""
        now = self._clock()
        if what != self._what:
            self._what, self._began, self._said = what, now, now
        if now - self._said < self._every:
            return
        self._said = now
        line = described(what, number, of, size, whole, events, now - self._began)
        self._stream.write(f"\r\x1b[K{line}" if self._is_terminal else f"{line}\n")
        self._stream.flush()
        self._is_open = self._is_terminal

    def end(self) -> None:
        """Take the line away: what comes next is printed in its place."""
        if self._is_open:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._is_open = False


def described(what: str, number: int, of: int, size: int, whole: int, events: int, seconds: float) -> str:
    """How far it is, after so many seconds.

    >>> described("reading", 120, 500, 3_000_000, 12_000_000, 0, 2.0)
    'reading: 120 of 500, 3.0 of 12.0 MB, 1.50 MB/s, 6 s left'
    >>> described("finding events", 5, 500, 500_000, 60_000_000, 1234, 1.0)
    'finding events: 5 of 500, 1,234 mentions, 0.5 of 60.0 MB, 0.50 MB/s, 2 min left'
    """
    rate = size / seconds if seconds > 0 else 0.0
    parts = [f"{number} of {of}"]
    if events:
        parts.append(f"{events:,} mentions")
    parts += [f"{size / 1e6:.1f} of {whole / 1e6:.1f} MB", f"{rate / 1e6:.2f} MB/s"]
    if rate:
        parts.append(f"{_duration((whole - size) / rate)} left")
    return f"{what}: {', '.join(parts)}"


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
