"""One happening, once: mentions that tell the same thing become one event with several mentions.

Two mentions can be the same happening if one's date lies within the other's and they share enough of their rarer
words. Candidates come from blocks (a year and a word), so that nothing is compared with everything.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from . import edtf
from .edtf import Edtf
from .model import Event, Mention

# How much of the rarer words two mentions must share, 0 to 1: of a note and the article it is about; of two works; of
# two passages of one text, which seldom tells the same thing twice.
_THRESHOLDS = {"same work": 0.3, "two works": 0.5, "same source": 0.6}
_LARGEST_BLOCK = 60  # mentions of one year with one word; in a larger block only neighbours by words are compared
_NEIGHBOURS = 5
_YEAR = 370  # days; a coarser date (a decade, an open range) is compared only with the very same date


def event_id(mentions: Iterable[Mention]) -> str:
    """The id of an event: that of its first mention by id, so that it depends on neither order nor position."""
    return "e" + min(m.mention_id for m in mentions)[1:]


def merge(mentions: Sequence[Mention]) -> list[Event]:
    """The events that the mentions tell, ordered by date. Deterministic; the order of the mentions does not matter."""
    ordered = sorted(mentions, key=lambda m: (m.source_id, m.date_start, m.date_end, m.mention_id))
    dates = [edtf.parse(m.date) for m in ordered]
    weights = _weights(ordered)
    pairs = []
    for a, b in _candidates(ordered, dates):
        score, needed = _likeness(ordered[a], ordered[b], weights)
        if score >= needed and _compatible(dates[a], dates[b]):
            pairs.append((-score, a, b))
    events = [_event([ordered[i] for i in group]) for group in _groups(ordered, dates, sorted(pairs))]
    return sorted(events, key=lambda event: (edtf.sort_key(event.date), event.event_id))


def _weights(mentions: Sequence[Mention]) -> dict[str, int]:
    """How much a shared word says: the rarer among the mentions, the more (inverse document frequency).

    In whole thousandths, so that a sum does not depend on the order of a set.
    """
    counts = Counter(word for m in mentions for word in m.words)
    return {word: round(1000 * math.log(1 + len(mentions) / count)) for word, count in counts.items()}


def _candidates(mentions: Sequence[Mention], dates: Sequence[Edtf]) -> list[tuple[int, int]]:
    """Pairs worth comparing: the same year (or the very same coarse date) and a word in common."""
    blocks: dict[tuple[object, str], list[int]] = defaultdict(list)
    for index, (mention, date) in enumerate(zip(mentions, dates, strict=True)):
        for when in _years(date):
            for word in mention.words:
                blocks[when, word].append(index)
    pairs: set[tuple[int, int]] = set()
    for block in blocks.values():
        if len(block) <= _LARGEST_BLOCK:
            pairs.update(combinations(block, 2))
        else:
            alike = sorted(block, key=lambda i: (sorted(mentions[i].words), i))
            near = ((a, b) for i, a in enumerate(alike) for b in alike[i + 1 : i + 1 + _NEIGHBOURS])
            pairs.update((min(pair), max(pair)) for pair in near)
    return sorted(pairs)


def _years(date: Edtf) -> list[object]:
    if date.days > _YEAR or date.lower is None or date.upper is None:
        return [date.text]
    return list(range(edtf.civil(date.lower)[0], edtf.civil(date.upper)[0] + 1))


def _compatible(a: Edtf, b: Edtf) -> bool:
    if a.text == b.text:
        return True
    return max(a.days, b.days) <= _YEAR and (a.contains(b) or b.contains(a))


def _likeness(a: Mention, b: Mention, weights: dict[str, int]) -> tuple[float, float]:
    """How much of the lesser mention's weight two mentions share, and how much they must."""
    shared = a.words & b.words
    total = min(sum(map(weights.__getitem__, a.words)), sum(map(weights.__getitem__, b.words)))
    score = sum(map(weights.__getitem__, shared)) / total if total else 0.0
    if a.source_id == b.source_id:
        kind = "same source"
    elif a.work == b.work:
        kind = "same work"
    else:
        kind = "two works"
    enough = len(shared) >= 2 and a.modality == b.modality and not _same_sentence(a, b) and _same_figures(a, b)
    return (score if enough else 0.0), _THRESHOLDS[kind]


def _same_figures(a: Mention, b: Mention) -> bool:
    """Figures tell happenings apart: $107 billion is not $100 billion. One without figures contradicts nothing."""
    first, second = ({word for word in m.words if word[0].isdigit()} for m in (a, b))
    return not first or not second or bool(first & second)


def _same_sentence(a: Mention, b: Mention) -> bool:
    return a.source_id == b.source_id and a.quote_start == b.quote_start


def _groups(
    mentions: Sequence[Mention], dates: Sequence[Edtf], pairs: Sequence[tuple[float, int, int]]
) -> list[list[int]]:
    """Join the likeliest pairs first, as long as all dates of a group agree and no sentence stands in it twice."""
    group_of = list(range(len(mentions)))
    members = {i: [i] for i in group_of}
    for _, a, b in pairs:
        one, other = group_of[a], group_of[b]
        if one == other:
            continue
        if all(
            _compatible(dates[i], dates[j]) and not _same_sentence(mentions[i], mentions[j])
            for i in members[one]
            for j in members[other]
        ):
            for index in members[other]:
                group_of[index] = one
            members[one] += members.pop(other)
    return list(members.values())


def _event(mentions: list[Mention]) -> Event:
    """One event: the best mention speaks for it, the most precise date that all support dates it."""
    best_first = sorted(mentions, key=lambda m: (not m.original, -m.confidence, -m.salience, m.source_id, m.date_start))
    best = best_first[0]
    date = min((m.date for m in best_first), key=lambda d: edtf.parse(d).days)
    works = len({m.work for m in mentions})
    return Event(
        event_id=event_id(mentions),
        date=date,
        title=best.title,
        category=best.category,
        actors=tuple(dict.fromkeys(actor for m in best_first for actor in m.actors)),
        places=tuple(dict.fromkeys(place for m in best_first for place in m.places)),
        modality=best.modality,
        salience=round(min(1.0, max(m.salience for m in mentions) + 0.1 * (works - 1)), 2),
        confidence=round(min(0.99, max(m.confidence for m in mentions) + 0.03 * (works - 1)), 2),
        mentions=tuple(best_first),
    )
