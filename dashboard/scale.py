"""The time axis as plain numbers: which days to show, and where to put which tick.

Days are day numbers (`timeline.edtf.day_number`), so 44 BC and the year 12000 are as good as any other date; a date
axis of plotly's would silently drop both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dashboard import words
from timeline.edtf import civil, day_number

Numbers = npt.NDArray[np.float64]

YEAR = 365.2425
OUTLIERS = 0.1  # the share of events that may lie outside the first view
LONG_GAP = 1 / 3  # ... if the gap to the others is this long, measured by all that comes after it
MARGIN = 0.03


@dataclass(frozen=True, slots=True)
class Window:
    """The days shown, from `start` to `end`."""

    start: float
    end: float

    @property
    def width(self) -> float:
        """Days from end to end."""
        return self.end - self.start


def whole(lower: Numbers, upper: Numbers) -> Window:
    """All of the time the events speak of; a stretch of years around today's calendar if they speak of none."""
    ends = np.concatenate([lower[np.isfinite(lower)], upper[np.isfinite(upper)]])
    if not len(ends):
        return Window(day_number(1900, 1, 1), day_number(2000, 12, 31))
    return padded(float(ends.min()), float(ends.max()))


def fit(lower: Numbers, upper: Numbers) -> Window:
    """The window a reader meets first: everything, but for a few far-off events that would squeeze the rest.

    >>> years = np.array([1801.0, *range(1950, 2020)]) * YEAR
    >>> round(fit(years, years).start / YEAR)
    1948
    """
    start = np.where(np.isfinite(lower), lower, upper)
    end = np.where(np.isfinite(upper), upper, lower)
    known = np.isfinite(start)
    start, end = np.sort(start[known]), np.sort(end[known])
    if not len(start):
        return whole(lower, upper)
    return padded(_first_near(start, end[-1]), -_first_near(-end[::-1], -start[0]))


def ticks(window: Window, pixels: float) -> tuple[list[float], list[str]]:
    """Where the ticks are and what they say, for a window `pixels` wide; also one width beyond on either side.

    >>> ticks(Window(day_number(-60, 1, 1), day_number(20, 1, 1)), 400)[1][4:9]
    ['60 BC', '40 BC', '20 BC', '1', '20']
    """
    around = Window(window.start - window.width, window.end + window.width)
    room = max(window.width / max(pixels / 85, 1), 1)
    if room <= 7:
        return _days(around, next(step for step in (1, 2, 7) if step >= room))
    if room <= 186:
        return _months(around, next(step for step in (1, 3, 6) if step * 31 >= room))
    return _years(around, _round_up(room / YEAR))


def padded(first: float, last: float) -> Window:
    """A little more than from `first` to `last`, so that nothing sits on the edge."""
    pad = max((last - first) * MARGIN, YEAR / 2)
    return Window(first - pad, last + pad)


def _first_near(start: Numbers, end: float) -> float:
    """Where the bulk of the events begins: after the last long gap among the first few of them."""
    few = int(len(start) * OUTLIERS)
    gaps, rest = np.diff(start[: few + 1]), end - start[1 : few + 1]
    far = np.flatnonzero(gaps > rest * LONG_GAP)
    return float(start[far[-1] + 1 if len(far) else 0])


def _days(around: Window, step: int) -> tuple[list[float], list[str]]:
    first = math.floor(around.start / step) * step + 1  # a multiple of 7 plus 1 is a Monday
    places = [float(day) for day in range(first, math.ceil(around.end) + 1, step)]
    return places, [words.day(int(place), short=True) for place in places]


def _months(around: Window, step: int) -> tuple[list[float], list[str]]:
    year, month, _ = civil(math.floor(around.start))
    first = year * 12 + (month - 1) // step * step
    last = civil(math.ceil(around.end))[0] * 12 + 12
    places, texts = [], []
    for number in range(first, last, step):
        y, m = divmod(number, 12)
        places.append(float(day_number(y, m + 1, 1)))
        texts.append(f"{words.month(m + 1, short=True)} {words.year(y)}")
    return places, texts


def _years(around: Window, step: int) -> tuple[list[float], list[str]]:
    """Round years as people count them: ... 200 BC, 100 BC, 1, 100, 200 ..."""
    first, last = civil(math.floor(around.start))[0], civil(math.ceil(around.end))[0]
    years = set(range(math.ceil(max(first, 1) / step) * step, last + 1, step))
    years |= {1 - bc for bc in range(math.ceil(max(1 - last, 1) / step) * step, 1 - first + 1, step)}
    if first < 1 < last and step > 1:
        years.add(1)
    return [float(day_number(y, 1, 1)) for y in sorted(years)], [words.year(y) for y in sorted(years)]


def _round_up(years: float) -> int:
    """The next of 1, 2, 5, 10, 20, 50 ..."""
    power = 10 ** math.floor(math.log10(max(years, 1)))
    return int(next(step for step in (power, 2 * power, 5 * power, 10 * power) if step >= years))
