"""What decisions that are newer than the tables make of them, without building again.

The tables do not say what the events were before they were curated. So a decision that came after them is replayed on
their rows, at once and whatever their size; an edit, a merge or a split that they hold already is only taken back by
the next build.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from .build import era_of
from .curate import Outcome, curate, ruled
from .decisions import added_id, undone
from .model import Decision, Era, Event, Mention, Source, TimelineError
from .read.document import paragraphs
from .table import Row, Timeline, events_of, frame_rows, spliced

VERDICTS = ("accept", "reject")  # what changes nothing but the status


@dataclass(frozen=True, slots=True)
class Overlay:
    """The tables with the newer decisions in them.

    `outcomes`: what became of each newer decision that is not undone. `late`: the decisions in the tables that have
    been undone since, or count again, where only the next build can show it. `kept`: an array, of each event which row
    it is of the tables before, -1 if it is none of them; None where nothing is newer.
    """

    data: Timeline
    outcomes: tuple[Outcome, ...] = ()
    late: tuple[Decision, ...] = ()
    kept: Any = None


def overlay(data: Timeline, log: Sequence[Decision], decided: str = "") -> Overlay:
    """The tables as all decisions of a log make them. `decided`: the id of the last one that is in them already.

    An undo of an accept or a reject that is in them shows at once: the log alone says what the status was. Two things
    only the next build can say, as the tables do not: what each mention gave to the category, the actors,
    the places and the salience of its event (a split-off event keeps those of the event that it leaves), and which text
    is a work itself rather than a note on it (whose sentence comes first in what was merged).
    """
    names = [decision.id for decision in log]
    built = log[: names.index(decided) + 1] if decided in names else log[:0]
    off, off_then = undone(log), undone(built)
    late = [each for each in built if each.action != "undo" and (each.id in off) != (each.id in off_then)]
    verdicts = [each for each in late if each.action in VERDICTS]
    late = [each for each in late if each.action not in VERDICTS]
    newer = [each for each in log[len(built) :] if each.action != "undo" and each.id not in off]
    newer = [each for each in newer if each.action != "add" or not _is_in(data, "e" + added_id(each)[1:])]
    if not newer and not verdicts:
        return Overlay(data, late=tuple(late))
    old = _affected(data, [*newer, *verdicts])
    counted = [each for each in built if each.id not in (off if each.action in VERDICTS else off_then)]
    counted = [each for each in counted if each.action != "undo"]
    turned = {target["mention_id"] for each in verdicts for target in each.targets}
    before = {event.event_id: _statuses(event, counted) for event in old}
    now = [replace(e, status=before[e.event_id][0]) if _names(e) & turned else e for e in old]
    new, outcomes = curate(now, newer, _sources(data, newer), {name: found[1] for name, found in before.items()})
    new = [_located(event, data) for event in new]
    eras = eras_of(data)
    settled = {event.event_id for event in old if event.era and event.era != era_of(event.date, eras)}
    by_id = {event.event_id: event for event in old}
    new = [_in_its_era(event, by_id.get(event.event_id), settled, eras) for event in new]
    events, mentions, kept = spliced(data.events, data.mentions, old, new)
    return Overlay(replace(data, events=events, mentions=mentions), tuple(outcomes), tuple(late), kept)


def eras_of(data: Timeline) -> list[Era]:
    """The eras of a timeline."""
    return [Era(row["era_id"], row["title"], row["date"], row["note"]) for row in frame_rows("eras", data.eras)]


def rows_about(data: Timeline, ids: Sequence[str]) -> tuple[list[Row], list[Row]]:
    """The rows of events and of mentions that some ids name: of events, or of mentions with all of their events."""
    named = data.mentions[data.mentions["mention_id"].isin(ids) | data.mentions["event_id"].isin(ids)]
    events = {*ids, *named["event_id"]}
    mentions = data.mentions[data.mentions["event_id"].isin(list(events))]
    found = data.events[data.events["event_id"].isin(list(events))]
    return frame_rows("events", found), frame_rows("mentions", mentions)


def _is_in(data: Timeline, event_id: str) -> bool:
    return bool((data.events["event_id"] == event_id).any())


def _affected(data: Timeline, decisions: Sequence[Decision]) -> list[Event]:
    """The events that the decisions are about: by the ids of their mentions, else by the words of their quotes."""
    targets = [target for decision in decisions for target in decision.targets]
    ids = {target["mention_id"] for target in targets}
    known = data.mentions["mention_id"].isin(list(ids))
    brought = {added_id(decision) for decision in decisions if decision.action == "add"}
    gone = ids - brought - set(data.mentions["mention_id"][known])
    quotes = {" ".join(target["quote"].split()) for target in targets if target["mention_id"] in gone}
    if quotes - {""}:
        known |= data.mentions["quote"].map(lambda quote: " ".join(quote.split()) in quotes).astype(bool)
    unquoted = ["e" + name[1:] for name in gone]  # an added event without a mention answers to the one it would have
    events, mentions = rows_about(data, [*data.mentions["event_id"][known], *unquoted])
    return events_of(events, mentions, _works(data))


def _works(data: Timeline) -> dict[str, str]:
    """The work that each source is or tells of: a note has the title, the author and the date of what it is about."""
    works: dict[tuple[str, ...], str] = {}
    columns = ("title", "author", "publisher", "published")
    return {
        row["source_id"]: works.setdefault(tuple(row[column] for column in columns), row["source_id"])
        if row["title"]
        else row["source_id"]
        for row in frame_rows("sources", data.sources)
    }


def _statuses(event: Event, counted: Sequence[Decision]) -> tuple[str, str]:
    """The status that some decisions in the tables give an event, and what it was before a rejection."""
    names = _names(event)
    status = before = "proposed"
    for decision in counted:
        if decision.action == "add":
            status = "added" if added_id(decision)[1:] == event.event_id[1:] else status
        elif any(target["mention_id"] in names for target in decision.targets):
            standing = before if status == "rejected" else status
            status = ruled(standing, decision.action)
            before = standing if status == "rejected" else before
    return status, before


def _names(event: Event) -> set[str]:
    """What decisions know an event by: its mentions, or if it has none the one it would have."""
    return {mention.mention_id for mention in event.mentions} or {"m" + event.event_id[1:]}


def _in_its_era(event: Event, old: Event | None, settled: set[str], eras: Sequence[Era]) -> Event:
    """The event with the era of its date, unless a person said which."""
    given = event.era if event.event_id in settled or old is None or event.era != old.era else ""
    return replace(event, era=given or era_of(event.date, eras))


def _located(event: Event, data: Timeline) -> Event:
    """The event with the places of passages that a person added, as far as the tables tell them."""
    mentions = tuple(
        m if m.locator or m.basis != "curated" else replace(m, locator=_locator(m, data)) for m in event.mentions
    )
    return event if mentions == event.mentions else replace(event, mentions=mentions)


def _locator(mention: Mention, data: Timeline) -> str:
    """Where a passage begins, as a person would cite it; empty where the other mentions of its source do not tell.

    They tell if it is the same place before and after it, or if the places of all are the paragraphs of the text.
    """
    told = data.mentions[data.mentions["source_id"] == mention.source_id]
    told = told.dropna(subset=["quote_start", "quote_end"]).sort_values("quote_start")
    known = list(zip(told["quote_start"].tolist(), told["quote_end"].tolist(), told["locator"].tolist(), strict=True))
    before = [row for row in known if row[0] <= mention.quote_start][-1:]
    after = [row for row in known if row[0] >= mention.quote_start][:1]
    if before and (before[0][1] > mention.quote_start or (after and after[0][2] == before[0][2])):
        return str(before[0][2])
    try:
        places = list(paragraphs(data.text(mention.source_id)))
    except TimelineError:
        return ""
    starts = [offset for offset, _ in places]

    def paragraph(offset: int) -> str:
        return places[max(0, bisect_right(starts, offset) - 1)][1] if places else ""

    are_paragraphs = bool(known) and all(paragraph(start) == locator for start, _, locator in known)
    return paragraph(mention.quote_start) if are_paragraphs else ""


def _sources(data: Timeline, decisions: Sequence[Decision]) -> list[Source]:
    """The sources of what is added, with their texts if these are at hand."""
    wanted = {decision.values.get("source_id", "") for decision in decisions if decision.action == "add"} - {""}
    works = _works(data) if wanted else {}
    found = []
    for name in sorted(wanted):
        try:
            found.append(Source(name, data.text(name), work=works.get(name, name)))
        except TimelineError:
            continue
    return found
