"""Dates in words, for readers who do not know EDTF: `195X` is "the 1950s", `2014/..` is "since 2014".

Only wording lives here; what a date means is decided in `timeline.edtf`.
"""

from __future__ import annotations

from timeline.edtf import Edtf, EdtfError, civil, parse

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SEASONS = ("spring", "summer", "autumn", "winter")
ORDINALS = ("first", "second", "third", "fourth")
MARKS = "~?%"


def say(edtf: str, short: bool = False) -> str:
    """An EDTF date as a person would say it; what cannot be read is given back as it is.

    >>> say("1949-10-01"), say("195X"), say("2014/.."), say("2021-35")
    ('1 October 1949', 'the 1950s', 'since 2014', 'third quarter of 2021')
    >>> say("1967~/1969~"), say("-0043-03-15"), say("1949-10-01", short=True)
    ('between 1967 and 1969 (approximately)', '15 March 44 BC', '1 Oct 1949')
    """
    try:
        value = parse(edtf)
    except EdtfError:
        return edtf
    if value.choices:
        words = _either([say(one, short) for one in value.choices])
        return f"{words} {'(?)' if short else '(sources disagree)'}"
    if "/" in edtf:
        return _interval(value, short)
    words = _single(value, short)
    if value.approximate:
        words = f"c. {words}" if short else f"about {words}"
    return f"{words} {'(?)' if short else '(uncertain)'}" if value.uncertain else words


def is_disputed(edtf: str) -> bool:
    """Do the sources disagree on a date?

    >>> is_disputed("[2001-07-15,2001-07-16]"), is_disputed("2001-07"), is_disputed("")
    (True, False, False)
    """
    try:
        return bool(parse(edtf).choices)
    except EdtfError:
        return False


def year(number: int) -> str:
    """An astronomical year as people count: 0 is 1 BC, there is no year 0.

    >>> year(1949), year(0), year(-43)
    ('1949', '1 BC', '44 BC')
    """
    return str(number) if number > 0 else f"{1 - number} BC"


def day(number: int, short: bool = False) -> str:
    """A day number in words.

    >>> day(711766)
    '1 October 1949'
    """
    y, m, d = civil(number)
    return f"{d} {month(m, short)} {year(y)}"


def month(number: int, short: bool = False) -> str:
    """'October', or 'Oct' where room is short."""
    return MONTHS[number - 1][:3] if short else MONTHS[number - 1]


def _single(value: Edtf, short: bool) -> str:
    first, last = _ends(value)
    y, m, _ = civil(first)
    match value.precision:
        case "day":
            return day(first, short)
        case "month":
            return f"{month(m, short)} {year(y)}"
        case "season":  # winter runs into the next year and is called after the year it began in
            return f"{SEASONS[m // 3 - 1]} {year(y)}"
        case "quarter":
            return f"Q{m // 3 + 1} {year(y)}" if short else f"{ORDINALS[m // 3]} quarter of {year(y)}"
        case "decade":
            return f"the {y}s" if y >= 10 else _join(*_shared_bc(y, civil(last)[0]), short)
        case "century":
            return f"the {_nth(y // 100 + 1)} century" if y >= 0 else f"the {_nth((1 - y) // 100)} century BC"
        case "range":
            return f"{ORDINALS[m // 6]} half of {year(y)}"
        case _:
            return year(y)


def _interval(value: Edtf, short: bool) -> str:
    first, _, last = value.text.partition("/")
    if value.upper is None:
        return f"since {say(first, short)}"
    if value.lower is None:
        return f"until {say(last, short)}"
    if value.precision == "week":
        return f"week of {day(_ends(value)[0], short)}"
    if (value.approximate or value.uncertain) and not short:
        mark = "approximately" if value.approximate else "uncertain"
        return f"between {say(first.rstrip(MARKS))} and {say(last.rstrip(MARKS))} ({mark})"
    first, last = first.rstrip(MARKS), last.rstrip(MARKS)
    words = _join(_unshared(value, first, last, short), say(last, short), short)
    return f"{'c. ' if value.approximate else ''}{words}{' (?)' if value.uncertain else ''}"


def _either(said: list[str]) -> str:
    """'15 or 16 July 2001': the words that all end with are said once."""
    parts = [one.split() for one in said]
    same = 0
    while all(len(part) > same + 1 for part in parts) and len({part[-same - 1] for part in parts}) == 1:
        same += 1
    return " or ".join([*(" ".join(part[: len(part) - same]) for part in parts[:-1]), said[-1]])


def _unshared(value: Edtf, first: str, last: str, short: bool) -> str:
    """The first end without what the second end says again: '2' of '2 to 17 March 1969'."""
    (y1, m1, d1), (y2, m2, _) = (civil(end) for end in _ends(value))
    precisions = {parse(first).precision, parse(last).precision}
    if y1 != y2 or precisions not in ({"day"}, {"month"}):
        return say(first, short)
    if precisions == {"month"}:
        return month(m1, short)
    return str(d1) if m1 == m2 else f"{d1} {month(m1, short)}"


def _shared_bc(first: int, last: int) -> tuple[str, str]:
    return (str(1 - first), year(last)) if last <= 0 else (year(first), year(last))


def _join(first: str, last: str, short: bool) -> str:
    if not short:
        return f"{first} to {last}"
    return f"{first} – {last}" if " " in first else f"{first}–{last}"


def _nth(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _ends(value: Edtf) -> tuple[int, int]:
    """Both ends of a date that is open at neither."""
    if value.lower is None or value.upper is None:
        raise ValueError(f"{value} is open; it has no two ends")
    return value.lower, value.upper
