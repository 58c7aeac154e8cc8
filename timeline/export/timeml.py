"""TimeML: each source with its time expressions (TIMEX3), the events that the timeline has from it, and their links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from ..edtf import civil, parse
from ..model import Source, Timex
from ..table import Row, Timeline
from .common import View, count, file_name, text_of, view, zip_bytes

_SEASONS = {"21": "SP", "22": "SU", "23": "FA", "24": "WI"}
_PARTS = {"33": "Q1", "34": "Q2", "35": "Q3", "36": "Q4", "40": "H1", "41": "H2"}
_MARKS = {"~": "APPROX", "?": "APPROX", "%": "APPROX"}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # by XML 1.0


@dataclass(frozen=True, slots=True)
class _Time:
    """A TIMEX3: with words (start < end), or without if only the timeline says the date."""

    tid: str
    start: int
    end: int
    type: str
    value: str
    mod: str
    edtf: str


def to_timeml(timeline: Timeline) -> bytes:
    """A ZIP of .tml files, one for each source whose text is at hand.

    Time expressions are tagged anew, as `timeline tag` does. An event is an empty EVENT where its sentence begins: the
    timeline says which sentence tells of it, and not which word. A TLINK joins it to the times it is dated by; a date
    that no words of the text say stands as an empty TIMEX3 after the text.
    """
    shown = view(timeline)
    taken: set[str] = set()
    files = {}
    for source_id, row in shown.sources.items():
        text = text_of(timeline, source_id)
        if text is not None:
            files[file_name(source_id, taken, ".tml")] = _document(row, text, shown).encode("utf-8")
    return zip_bytes(files)


def timeml_left_out(timeline: Timeline) -> list[str]:
    """How many sources and events are not in the files, and how many characters XML forbids."""
    shown = view(timeline)
    texts = {source_id: text_of(timeline, source_id) for source_id in shown.sources}
    missing = sum(text is None for text in texts.values())
    bare = sum(not shown.of(row) for row in shown.events)
    forbidden = sum(len(_FORBIDDEN.findall(text)) for text in texts.values() if text)
    told = [f"{count(missing, 'source')} whose text is not at hand"] * bool(missing)
    told += [f"{count(bare, 'event')} without a sentence"] * bool(bare)
    return told + [f"{count(forbidden, 'character')} that XML forbids, spaces in the file"] * bool(forbidden)


def _document(row: Row, text: str, shown: View) -> str:
    times = _tagged(row, text)
    links: list[str] = []
    implied: dict[str, _Time] = {}
    events = [(number, event, mention) for number, (event, mention) in enumerate(_mentions(row["source_id"], shown), 1)]
    for number, _, mention in events:
        for relation, edtf in _parts(mention["date"]):
            time = _said(mention, edtf, times) or implied.setdefault(
                edtf, _Time(f"t{len(times) + len(implied) + 1}", 0, 0, "DATE", *timex_value(edtf), edtf)
            )
            links.append(
                f'<TLINK lid="l{len(links) + 1}" relType="{relation}" eventInstanceID="ei{number}" '
                f'relatedToTime="{time.tid}"/>'
            )
    instances = [
        f'<MAKEINSTANCE eventID="e{number}" eiid="ei{number}" tense="NONE" aspect="NONE" polarity="POS" pos="OTHER"'
        + (' modality="planned"' if mention["modality"] == "planned" else "")
        + "/>"
        for number, _, mention in events
    ]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            "<TimeML>",
            f"<DOCID>{_xml(row['source_id'])}</DOCID>",
            _creation(row["published"]),
            f"<TITLE>{_xml(row['title'])}</TITLE>",
            f"<TEXT>{_body(text, times, events)}</TEXT>",
            *(_timex(time, "") for time in implied.values()),
            *instances,
            *links,
            "</TimeML>\n",
        ]
    )


def _tagged(row: Row, text: str) -> list[_Time]:
    """The time expressions of a text as the tagger finds them; none if there are no rules for its language."""
    from ..build import timexes
    from ..rules import RulesError

    source = Source(row["source_id"], text, published=row["published"], language=row["language"])
    try:
        found = timexes(source)
    except RulesError:
        found = []
    return [
        _Time(f"t{number}", timex.start, timex.end, timex.type, timex.value, timex.mod, timex.edtf)
        for number, timex in enumerate(_apart(found), 1)
    ]


def _apart(timexes: Sequence[Timex]) -> Iterator[Timex]:
    """Those that do not begin within the one before."""
    end = 0
    for timex in sorted(timexes, key=lambda timex: (timex.start, -timex.end)):
        if timex.start >= end:
            yield timex
            end = timex.end


def _mentions(source_id: str, shown: View) -> list[tuple[Row, Row]]:
    """The events and their mentions in a source, in the order of the text."""
    found = [(row, mention) for row in shown.events for mention in shown.of(row) if mention["source_id"] == source_id]
    return sorted(found, key=lambda pair: (int(pair[1]["quote_start"]), pair[1]["mention_id"]))


def _parts(date: str) -> list[tuple[str, str]]:
    """How an event is linked to the times that make up its date."""
    if not date or parse(date).choices:
        return []
    first, slash, last = date.partition("/")
    if not slash:
        return [("IS_INCLUDED", date)]
    parts = [("BEGUN_BY", first), ("ENDED_BY", last)]
    return [(relation, part) for relation, part in parts if part not in ("", "..")]


def _said(mention: Row, edtf: str, times: Sequence[_Time]) -> _Time | None:
    """The time expression in the words of a mention's date that means a date."""
    if not mention["date_text"]:
        return None
    start, end = int(mention["date_start"]), int(mention["date_end"])
    near = [time for time in times if time.start < end and start < time.end]
    return next((time for time in near if time.edtf == edtf), None)


def timex_value(edtf: str) -> tuple[str, str]:
    """The value and mod of a TIMEX3 for an EDTF date that is no interval.

    >>> timex_value("195X"), timex_value("2021-35~"), timex_value("-0043-03-15")
    (('195', ''), ('2021-Q3', 'APPROX'), ('BC0044-03-15', ''))
    """
    bare = edtf.rstrip("~?%")
    mod = _MARKS.get(edtf[len(bare) :], "")
    value = parse(bare)
    year, month, day = civil(value.lower or 0)
    years = f"BC{1 - year:04d}" if year < 1 else f"{year:04d}"
    if value.precision in ("decade", "century") and year >= 0:
        return bare.rstrip("X"), mod
    if value.precision == "day":
        return f"{years}-{month:02d}-{day:02d}", mod
    if value.precision == "month":
        return f"{years}-{month:02d}", mod
    ending = bare[-2:]
    if value.precision in ("season", "quarter", "range"):
        return f"{years}-{(_SEASONS | _PARTS)[ending]}", mod
    return years, mod


def _body(text: str, times: Sequence[_Time], events: Sequence[tuple[int, Row, Row]]) -> str:
    """The text with its tags: time expressions around their words, events before the first word of their sentence."""
    tags: list[tuple[int, int, str]] = []  # place, what comes first there, tag
    for time in times:
        opening, closing = _timex(time, "\0").split("\0")
        tags += [(time.start, 2, opening), (time.end, 0, closing)]
    inside = {place for time in times for place in range(time.start + 1, time.end)}
    for number, event, mention in events:
        kind = "OCCURRENCE" if mention["kind"] == "event" else "STATE"
        start = int(mention["quote_start"])
        while start in inside:  # an EVENT cannot stand within a TIMEX3
            start -= 1
        tags.append((start, 1, f'<EVENT eid="e{number}" class="{kind}" comment={_attribute(event["title"])}></EVENT>'))
    pieces, last = [], 0
    for place, _, tag in sorted(tags, key=lambda each: each[:2]):
        pieces += [_xml(text[last:place]), tag]
        last = place
    return "".join([*pieces, _xml(text[last:])])


def _timex(time: _Time, words: str) -> str:
    mod = f" mod={_attribute(time.mod)}" if time.mod else ""
    return (
        f'<TIMEX3 tid="{time.tid}" type={_attribute(time.type)} value={_attribute(time.value)}{mod} '
        f'temporalFunction="false" functionInDocument="NONE">{words}</TIMEX3>'
    )


def _creation(published: str) -> str:
    """The date of publication, as exactly as it is known; of an interval the end, when all of it was out."""
    if not published or parse(published).choices or parse(published).upper is None:
        return "<DCT></DCT>"
    value, _ = timex_value(published.rpartition("/")[2])
    return (
        f'<DCT><TIMEX3 tid="t0" type="DATE" value={_attribute(value)} temporalFunction="false" '
        f'functionInDocument="CREATION_TIME">{value}</TIMEX3></DCT>'
    )


def _xml(text: str) -> str:
    """A text as XML that reads back the same, but for characters that XML forbids: they are spaces."""
    return escape(_FORBIDDEN.sub(" ", text), {"\r": "&#13;"})


def _attribute(text: str) -> str:
    return quoteattr(_FORBIDDEN.sub(" ", " ".join(text.split())))
