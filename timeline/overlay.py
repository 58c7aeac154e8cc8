"""What decisions that are newer than the tables make of them, without building again.

The tables do not say what the events were before they were curated. So a decision that came after them is replayed on
their rows, at once and whatever their size; one that they hold already is only taken back by the next build.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from .build import era_of
from .curate import Outcome, curate
from .decisions import added_id, undone
from .model import Decision, Era, Event, Source, TimelineError
from .table import Row, Timeline, events_of, frame_rows, spliced


@dataclass(frozen=True, slots=True)
class Overlay:
    """The tables with the newer decisions in them.

    `outcomes`: what became of each newer decision that is not undone. `late`: the decisions in the tables that have
    been undone since, or count again: the next build shows it.
    """

    data: Timeline
    outcomes: tuple[Outcome, ...] = ()
    late: tuple[Decision, ...] = ()


def overlay(data: Timeline, log: Sequence[Decision], decided: str = "") -> Overlay:
    """The tables as all decisions of a log make them. `decided`: the id of the last one that is in them already.

    Two things only the next build can say, as the tables do not: what each mention gave to the category, the actors,
    the places and the salience of its event (a split-off event keeps those of the event that it leaves), and which text
    is a work itself rather than a note on it (whose sentence comes first in what was merged).
    """
    names = [decision.id for decision in log]
    built = log[: names.index(decided) + 1] if decided in names else log[:0]
    off, off_then = undone(log), undone(built)
    late = [each for each in built if each.action != "undo" and (each.id in off) != (each.id in off_then)]
    newer = [each for each in log[len(built) :] if each.action != "undo" and each.id not in off]
    newer = [each for each in newer if each.action != "add" or not _is_in(data, "e" + added_id(each)[1:])]
    if not newer:
        return Overlay(data, late=tuple(late))
    old = _affected(data, newer)
    before = {event.event_id: _status_before(event, built, off_then) for event in old}
    new, outcomes = curate(old, newer, _sources(data, newer), before)
    eras = eras_of(data)
    settled = {event.event_id for event in old if event.era and event.era != era_of(event.date, eras)}
    by_id = {event.event_id: event for event in old}
    new = [_in_its_era(event, by_id.get(event.event_id), settled, eras) for event in new]
    events, mentions = spliced(data.events, data.mentions, set(by_id), new)
    return Overlay(replace(data, events=events, mentions=mentions), tuple(outcomes), tuple(late))


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
    gone = ids - set(data.mentions["mention_id"][known])
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


def _status_before(event: Event, built: Sequence[Decision], off: Mapping[str, Decision]) -> str:
    """What the status of an event that is rejected in the tables was before that."""
    own = {mention.mention_id for mention in event.mentions} | {"m" + event.event_id[1:]}
    status = "proposed"
    for decision in built:
        if decision.id in off or decision.action in ("reject", "undo"):
            continue
        if decision.action == "add":
            status = "added" if added_id(decision) in own else status
        elif own & {target["mention_id"] for target in decision.targets} and status not in ("added", "edited"):
            status = "accepted" if decision.action == "accept" else "edited"
    return status


def _in_its_era(event: Event, old: Event | None, settled: set[str], eras: Sequence[Era]) -> Event:
    """The event with the era of its date, unless a person said which."""
    given = event.era if event.event_id in settled or old is None or event.era != old.era else ""
    return replace(event, era=given or era_of(event.date, eras))


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
