"""Curation: the decisions of the log are replayed over a fresh build, and each is told what became of it.

A decision hangs on mentions and their quotes, not on rows of a table, so it survives a rebuild, a better rule, a
renamed source and an edit elsewhere in the source. When its passage is gone it waits in the log, and the build says so:
no decision is ever dropped in silence.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from .decisions import EDITABLE, Fault, Target, added_id, find_quote, said, to_undo, told, undone
from .edtf import parse
from .merge import event_id
from .model import Decision, Event, Mention, Problem, Source
from .passages import ALIKE, Index, Passage, Passages, agree, likeness_to

CONTEXT = 32  # characters of prefix and suffix around an added quote
_GIVEN = 0.95  # confidence in a date that a person gave
_SURELY_ALIKE = 0.8  # likeness from which on a passage of another source is proposed
_SHOWN = 300  # characters of a proposed passage
_NOTHING_LIKE = "nothing like it is left: add the event with `timeline decide add`, or take the decision back: {}"
_PIECE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])\s*|\n\s*\n")  # where a text comes apart into passages


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a decision in a build.

    `state`: applied; waiting (what it is about is not there, nothing was changed); contradictory (it was applied, and
    changed what an earlier one had settled otherwise); undone. `what` and `hint` tell the reason and the next move;
    of an applied decision they are empty unless a part of it could not be applied.
    """

    decision: Decision
    state: str
    what: str = ""
    hint: str = ""

    def __str__(self) -> str:
        return str(self.problem)

    @property
    def problem(self) -> Problem:
        return Problem(f"decision {self.decision.id}", self.what, self.hint, is_error=False)


def curate(
    events: Sequence[Event],
    decisions: Sequence[Decision],
    sources: Sequence[Source],
    before: Mapping[str, str] | None = None,
) -> tuple[list[Event], list[Outcome]]:
    """Replay the decisions that are not undone, in the order of the log; later ones win, column by column.

    Events keep their order; a split-off event and an added one come last. There is one Outcome for each decision.
    `before`: event id -> the status that an event which is rejected already had before that.
    """
    state = _State(events, sources, undone(decisions))
    state.adders = {added_id(decision): decision.id for decision in decisions if decision.action == "add"}
    for event in events:
        state.put(_Row(event, before=(before or {}).get(event.event_id, "proposed")))
    applied = {each.id: _APPLY[each.action](state, each) for each in decisions if each.id not in state.undone}
    outcomes = [_outcome(state, decision, applied.get(decision.id, False)) for decision in decisions]
    return [row.event for row in state.rows if row.names], outcomes


@dataclass(slots=True, eq=False)
class _Row:
    """An event during the replay: what it answers to (none: it is gone), and which decisions made it what it is."""

    event: Event
    names: list[str] = field(default_factory=list)  # mention ids; of an event without any, the one it would have
    decided: Decision | None = None  # set its status
    set_by: dict[str, Decision] = field(default_factory=dict)  # column -> who set it last
    before: str = "proposed"  # the status before a rejection


@dataclass
class _State:
    """Everything the replay changes: the rows, which row a mention is in, and what there is to tell of a decision."""

    events: Sequence[Event]
    sources: Sequence[Source]
    undone: Mapping[str, Decision]
    rows: list[_Row] = field(default_factory=list)
    owner: dict[str, _Row] = field(default_factory=dict)
    found: dict[str, list[str]] = field(default_factory=dict)  # decision -> the mention of each target, "" if gone
    against: dict[str, list[Decision]] = field(default_factory=dict)  # decision -> those that it contradicts
    notes: dict[str, Fault] = field(default_factory=dict)
    adders: dict[str, str] = field(default_factory=dict)  # mention id of an added event -> the decision that added it

    def put(self, row: _Row) -> None:
        """Add a row under the ids of its mentions."""
        self.rows.append(row)
        self.move([mention.mention_id for mention in row.event.mentions] or ["m" + row.event.event_id[1:]], row)

    def move(self, names: list[str], row: _Row) -> None:
        """Let a row answer to more names, which no other row answers to any longer."""
        for name in names:
            self.owner[name] = row
        row.names += names

    def contradict(self, decision: Decision, earlier: Decision) -> None:
        others = self.against.setdefault(decision.id, [])
        if earlier not in others and earlier.id != decision.id:
            others.append(earlier)

    def find(self, decision: Decision) -> list[str]:
        """For each target of a decision its mention in this build, empty if it is gone."""
        taken = {target["mention_id"] for target in decision.targets if target["mention_id"] in self.owner}
        found = self.found[decision.id] = []
        for target in decision.targets:
            mention = target["mention_id"]
            if mention not in taken:
                mention = self.passages.find(target, taken)
                taken.add(mention)
            found.append(mention)
        return found

    @cached_property
    def event_of(self) -> dict[str, str]:
        """mention id -> event id; asked for when the replay has ended."""
        return {mention: row.event.event_id for mention, row in self.owner.items()}

    @cached_property
    def texts(self) -> dict[str, str]:
        return {source.id: source.text for source in self.sources}

    @cached_property
    def passages(self) -> Passages:
        """The passages of the build, without the added ones: their ids never change, nobody looks for them."""
        return Passages(passages_of(mention for event in self.events for mention in event.mentions), self.texts)


def passages_of(mentions: Iterable[Mention]) -> list[Passage]:
    """The mentions as decisions know them."""
    return [Passage(m.mention_id, m.source_id, m.quote, m.date_text, m.quote_start, m.quote_end) for m in mentions]


# ----------------------------------------------------------------------------- what became of a decision


def _outcome(state: _State, decision: Decision, is_applied: bool) -> Outcome:
    if decision.id in state.undone:
        return Outcome(decision, "undone", f"taken back by {said(state.undone[decision.id])}")
    found = state.found.get(decision.id, [])
    gone = [target for target, mention in zip(decision.targets, found, strict=False) if not mention]
    if not is_applied:
        return Outcome(decision, "waiting", *(_why_gone(state, decision, gone) if gone else state.notes[decision.id]))
    against = state.against.get(decision.id)
    if against:
        return Outcome(decision, "contradictory", *_contradiction(decision, against))
    what, hint = state.notes.get(decision.id, ("", ""))
    if gone and not what and not _is_covered(state, decision, gone):
        what, hint = _why_gone(state, decision, gone)
    return Outcome(decision, "applied", what, hint)


def _contradiction(decision: Decision, against: Sequence[Decision]) -> Fault:
    others = " and ".join(said(earlier) for earlier in against)
    names = " or ".join(to_undo(each.id) for each in (*against, decision))
    return f"{told(decision)}, contradicts {others}; the later one counts", f"to settle it: {names}"


def _is_covered(state: _State, decision: Decision, gone: Sequence[Target]) -> bool:
    """Is the nearest to every passage that is gone in an event that the decision applies to anyway?"""
    owners = _owners(state, state.found[decision.id])
    nearest = [state.passages.nearest(target) for target in gone]
    return all(near and state.owner[near[0].mention_id] in owners for near in nearest)


def _why_gone(state: _State, decision: Decision, gone: Sequence[Target]) -> Fault:
    """Why a decision does not apply, or only in part, and the nearest that it might apply to."""
    count, target = len(decision.targets), gone[0]
    some = (
        f"of its {count} passages {len(gone)} cannot be found" if len(gone) < count else f"this {decision.action} waits"
    )
    adder = state.adders.get(target["mention_id"])
    if adder:
        return f"{some}: the event that decision {adder} added is not there", "see what became of that decision"
    source = target["source_id"]
    is_here = source in state.texts
    if not is_here:
        where = f"its source {source} is not among the sources of this run"
    elif find_quote(state.texts[source], target["quote"]):
        where = f"its passage is in {source} still, but no event in it is dated by “{target['date_text']}”"
    else:
        where = f"its passage is not in {source} any more"
    least = ALIKE if is_here else _SURELY_ALIKE
    hint = proposal(decision, state.found[decision.id], state.passages, state.event_of, least)
    return f"{some}: {where}", hint or (_NOTHING_LIKE.format(to_undo(decision.id)) if is_here else "")


def proposal(
    decision: Decision, found: Sequence[str], passages: Passages, event_of: Mapping[str, str], least: float = ALIKE
) -> str:
    """The passage most like the first one of a decision that is gone, and the command that hangs the decision on it.

    `found`: the mention of each target, empty if it is gone. `event_of`: mention id -> event id. Empty if no passage is
    alike enough: `least`, 0 to 1.
    """
    nearest = {place: passages.nearest(decision.targets[place]) for place, mention in enumerate(found) if not mention}
    target, near = next((decision.targets[place], near) for place, near in nearest.items())
    if near is None or near[1] < least:
        return ""
    passage, likeness = near
    how = "the same words" if passage.quote == target["quote"] else f"{_percent(likeness)} alike"
    if not agree(passage.date_text, target["date_text"]):
        how += f", but dated by “{passage.date_text}” and not by “{target['date_text']}”"
    shown = passage.quote if len(passage.quote) <= _SHOWN else passage.quote[: _SHOWN - 1] + "…"
    closest = f"closest ({how}): {event_of[passage.mention_id]} “{shown}” in {passage.source_id}"
    gone = {place: best[0].mention_id for place, best in nearest.items() if best}
    names = [mention or gone[place] for place, mention in enumerate(found) if mention or place in gone]
    if decision.action == "split":
        ids = names
    elif decision.action == "merge":
        ids = list(dict.fromkeys(event_of.get(name, "e" + name[1:]) for name in names))
    else:
        ids = [event_of[passage.mention_id]]
    if decision.action == "merge" and len(ids) < 2:
        return f"{closest}; it is in one event with the others already: {to_undo(decision.id)}"
    command = " ".join(("timeline decide", decision.action, *ids, "--instead", decision.id))
    return f"{closest}; if it tells the same: `{command}`"


# ---------------------------------------------------------------------------------------------- replaying


def _rule(state: _State, decision: Decision, row: _Row) -> None:
    """Give a row the status a decision asks for; a verdict against another one contradicts it."""
    old, is_rejection = row.event.status, decision.action == "reject"
    if (old == "rejected") != is_rejection and row.decided and old != "added":
        state.contradict(decision, row.decided)
    standing = row.before if old == "rejected" else old
    if is_rejection:
        row.before = standing
    row.event = replace(row.event, status=ruled(standing, decision.action))
    row.decided = decision


def ruled(standing: str, action: str) -> str:
    """The status that an action gives an event; `standing` is the one it has, or had before it was rejected."""
    if action == "reject":
        return "rejected"
    if standing == "added" or (standing == "edited" and action == "accept"):
        return standing
    return "accepted" if action == "accept" else "edited"


def _override(state: _State, decision: Decision, row: _Row) -> None:
    """Set the columns that a decision gives; one that another decision had set to something else contradicts it."""
    changed = _set(row.event, decision.values)
    for column in EDITABLE:
        if column in decision.values:
            earlier = row.set_by.get(column)
            if earlier and getattr(row.event, column) != getattr(changed, column):
                state.contradict(decision, earlier)
            row.set_by[column] = decision
    row.event = changed


def _set(event: Event, values: Mapping[str, str]) -> Event:
    """The event with columns overridden; actors and places are lists joined by semicolons in `values`."""
    changes: dict[str, Any] = {
        column: _listed(value) if column in ("actors", "places") else value
        for column, value in values.items()
        if column in EDITABLE
    }
    return replace(event, **changes)


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(";") if part.strip())


def _owners(state: _State, mentions: Iterable[str]) -> list[_Row]:
    """The rows that hold the mentions, each once, in the order of the mentions; an empty id is nobody's."""
    return list(dict.fromkeys(state.owner[mention] for mention in mentions if mention))


def _apply_verdict(state: _State, decision: Decision) -> bool:
    """Accept or reject every event that has one of the mentions."""
    rows = _owners(state, state.find(decision))
    for row in rows:
        _rule(state, decision, row)
    return bool(rows)


def _apply_edit(state: _State, decision: Decision) -> bool:
    """Override columns of the event of the first mention that is there."""
    rows = _owners(state, state.find(decision))
    for row in rows[:1]:
        _rule(state, decision, row)
        _override(state, decision, row)
    for row in rows[1:]:
        what = f"its passages now tell of another event too ({row.event.event_id}), which was not edited"
        state.notes[decision.id] = what, "merge the two, or edit the other one as well"
    return bool(rows)


def _apply_merge(state: _State, decision: Decision) -> bool:
    """Make one event of all that have one of the mentions; the first leads, and keeps its id."""
    found = state.find(decision)
    rows = _owners(state, found)
    if not rows or (len(rows) == 1 and "" in found):
        return False  # the others are gone
    first = rows[0]
    _rule(state, decision, first)
    first.event = _merged([first.event, *(row.event for row in rows[1:])])
    _override(state, decision, first)
    for row in rows[1:]:
        state.move(row.names, first)
        row.names = []
    return True


def _merged(events: Sequence[Event]) -> Event:
    """The first event with the mentions, actors and places of all."""
    as_given = (mention for event in events for mention in event.mentions)
    mentions = tuple(sorted(as_given, key=lambda mention: not mention.original))  # a work before the notes on it
    return replace(
        events[0],
        actors=_union(event.actors for event in events),
        places=_union(event.places for event in events),
        salience=max(event.salience for event in events),
        confidence=max(event.confidence for event in events),
        mentions=mentions,
    )


def _union(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in lists for name in names))


def _apply_split(state: _State, decision: Decision) -> bool:
    """Make the mentions an event of their own; if they already are one, only the values and the status change."""
    names = {name for name in state.find(decision) if name}
    rows = _owners(state, sorted(names))
    leaving = [mention for row in rows for mention in row.event.mentions if mention.mention_id in names]
    if not leaving:
        state.notes[decision.id] = "this split waits: it names no mention with a quote", to_undo(decision.id)
        return False
    if len(rows) == 1 and len(leaving) == len(rows[0].event.mentions):
        row = rows[0]
    else:
        for old in rows:
            _leave_behind(old, names)
        row = _Row(_event_of(leaving))
        state.put(row)
    _rule(state, decision, row)
    _override(state, decision, row)
    return True


def _leave_behind(row: _Row, names: set[str]) -> None:
    """Take mentions out of an event; what only they said goes with them, and what people set stays."""
    event = row.event
    left = tuple(mention for mention in event.mentions if mention.mention_id not in names)
    gone = tuple(mention for mention in event.mentions if mention.mention_id in names)
    row.names = [name for name in row.names if name not in names] if left else []
    if not left:
        return
    changes: dict[str, Any] = {}
    for column in ("date", "title", "category", "modality", "kind"):
        said = {getattr(mention, column) for mention in gone} - {getattr(mention, column) for mention in left}
        if getattr(event, column) in said:
            changes[column] = getattr(left[0], column)
    for column in ("actors", "places"):
        said = {name for mention in gone for name in getattr(mention, column)}
        said -= {name for mention in left for name in getattr(mention, column)}
        changes[column] = tuple(name for name in getattr(event, column) if name not in said)
    name = event.event_id if "m" + event.event_id[1:] in row.names else event_id(left)
    row.event = replace(event, event_id=name, mentions=left, **changes)


def _event_of(mentions: Sequence[Mention]) -> Event:
    """An event as its first mention tells it."""
    best = mentions[0]
    return Event(
        event_id=event_id(mentions),
        date=best.date,
        title=best.title,
        category=best.category,
        actors=_union(mention.actors for mention in mentions),
        places=_union(mention.places for mention in mentions),
        modality=best.modality,
        kind=best.kind,
        salience=max(mention.salience for mention in mentions),
        confidence=max(mention.confidence for mention in mentions),
        mentions=tuple(mentions),
    )


def _apply_add(state: _State, decision: Decision) -> bool:
    """A new event that a person wrote; its mention is the quote, if one was given and stands in a source."""
    name = "e" + added_id(decision)[1:]
    sure = _sureness(decision.values["date"])
    event = _set(Event(name, "", "", "", (), (), "actual", "event", 1.0, sure, (), "added"), decision.values)
    if decision.values.get("quote"):
        place = _place(state, decision)
        if place is None:
            return False
        event = replace(event, mentions=(_added_mention(event, *place),))
    state.put(_Row(event, decided=decision, before="added"))
    return True


def _sureness(date: str) -> float:
    """How sure what a person added is: as sure as a date written out in full, less where it says itself that it is not.

    >>> _sureness("1969-03-02"), _sureness("1860~"), _sureness("2014/..")
    (0.95, 0.85, 0.9)
    """
    value = parse(date)
    return round(_GIVEN - 0.1 * value.approximate - 0.05 * (value.lower is None or value.upper is None), 2)


def _place(state: _State, decision: Decision) -> tuple[Source, int, int] | None:
    """Where an added quote stands: its own source first, then any; white space may differ. Notes why if nowhere."""
    name, quote = decision.values["source_id"], decision.values["quote"]
    for source in sorted(state.sources, key=lambda source: source.id != name):
        span = find_quote(source.text, quote)
        if span:
            return source, *span
    if name not in state.texts:
        state.notes[decision.id] = f"this add waits: its source {name} is not among the sources of this run", ""
    else:
        what = f"this add waits: its quote is not in {name} any more"
        state.notes[decision.id] = what, _nearest_piece(decision, state.texts[name])
    return None


def _nearest_piece(decision: Decision, text: str) -> str:
    """The words of a text that are most like an added quote, and the command that hangs the addition on them."""
    quote = decision.values["quote"]
    sentences = [" ".join(piece.split()) for piece in _PIECE.split(text)]
    likely = [sentences[place] for place, _ in Index(sentences).nearest(quote)]
    alike = likeness_to(quote)
    stretches = [words for sentence in likely for words in _stretches(sentence, len(quote.split()))]
    rated = [(alike(words), words) for words in stretches]
    best = max(rated, default=(0.0, ""), key=lambda rating: rating[0])
    if best[0] < ALIKE:
        return _NOTHING_LIKE.format(to_undo(decision.id))
    command = f"timeline decide add --instead {decision.id} --set {shlex.quote('quote=' + best[1])}"
    return f"closest ({_percent(best[0])} alike): “{best[1]}”; if it tells the same: `{command}`"


def _stretches(sentence: str, length: int) -> list[str]:
    """A sentence, and every stretch of it that has about `length` words."""
    words = sentence.split()
    return [sentence] + [
        " ".join(words[start : start + size])
        for size in range(max(1, length - 2), length + 3)
        for start in range(len(words) - size + 1)
    ]


def _percent(likeness: float) -> str:
    return f"{min(99, int(100 * likeness))} %"


def _apply_undo(state: _State, decision: Decision) -> bool:
    """What it takes back was not replayed; here it only matters whether there was such a decision."""
    name = decision.values["decision"]
    if name not in state.undone:
        state.notes[decision.id] = (
            f"there is no decision {name} before it in the log",
            "restore it from the version history",
        )
    return name in state.undone


def _added_mention(event: Event, source: Source, start: int, end: int) -> Mention:
    return Mention(
        mention_id="m" + event.event_id[1:],
        source_id=source.id,
        work=source.work,
        original=source.original,
        date=event.date,
        date_text="",
        date_start=start,
        date_end=end,
        anchor="",
        basis="curated",
        rule="",
        quote=source.text[start:end],
        quote_start=start,
        quote_end=end,
        prefix=source.text[max(0, start - CONTEXT) : start],
        suffix=source.text[end : end + CONTEXT],
        title=event.title,
        category=event.category,
        actors=event.actors,
        places=event.places,
        modality=event.modality,
        kind=event.kind,
        salience=event.salience,
        confidence=event.confidence,
    )


_APPLY: dict[str, Callable[[_State, Decision], bool]] = {
    "accept": _apply_verdict,
    "reject": _apply_verdict,
    "edit": _apply_edit,
    "merge": _apply_merge,
    "split": _apply_split,
    "add": _apply_add,
    "undo": _apply_undo,
}


# --------------------------------------------------------------------------------- without building again


def missing(
    decisions: Sequence[Decision], mentions: Sequence[Mapping[str, str]], event_ids: Set[str], texts: Mapping[str, str]
) -> list[Problem]:
    """The decisions that no row of the tables carries any more: an error if nothing of them is left.

    `mentions`: the rows of mentions.csv. `event_ids`: those of events.csv, as an added event may have no mention; one
    that was merged is in another event. `texts`: source id -> text.
    """
    off = undone(decisions)
    standing = [each for each in decisions if each.id not in off and each.action != "undo"]
    event_of = {row["mention_id"]: row["event_id"] for row in mentions}
    passages = Passages([_passage(row) for row in mentions], texts)
    known = event_of.keys() | {added_id(each) for each in standing if each.action == "add"}
    carried = event_of.keys() | {"m" + name[1:] for name in event_ids}
    carried |= {target["mention_id"] for each in standing if each.action == "merge" for target in each.targets}
    problems = []
    for decision in standing:
        where = f"decision {decision.id}"
        if decision.action == "add" and added_id(decision) not in carried:
            what, hint = "add: its event is not in events.csv", "`timeline build` adds it, or says why it cannot"
            problems.append(Problem(where, what, hint))
        found = [t["mention_id"] if t["mention_id"] in known else passages.find(t) for t in decision.targets]
        if "" in found:
            gone, count = found.count(""), len(found)
            scope = f"{gone} of its {count} passages are" if count > 1 else "its passage is"
            hint = proposal(decision, found, passages, event_of) or _NOTHING_LIKE.format(to_undo(decision.id))
            problems.append(Problem(where, f"{decision.action}: {scope} not in mentions.csv", hint, gone == count))
    return problems


def _passage(row: Mapping[str, str]) -> Passage:
    start, end = (int(row[key]) if row[key].isdecimal() else 0 for key in ("quote_start", "quote_end"))
    return Passage(row["mention_id"], row["source_id"], row["quote"], row["date_text"], start, end)
