"""One happening, once: mentions that tell the same thing become one event with several mentions.

Two mentions can be the same happening if their dates allow a day in common and they share enough of their rarer words.
Nothing is compared with everything:

1. Mentions with the same words and date are one telling from the start.
2. A telling is compared within its years, with those that have one of its rarer words: so many of its words that none
   who shares enough is missed (prefix filtering: Chaudhuri, Ganti, Kaushik 2006). Of a crowd with the same word only
   its neighbours in the order of the words are looked at (sorted neighbourhood: Hernández, Stolfo 1995). Each telling
   meets a bounded number of others and keeps the few most alike.
3. The likeliest pairs are joined first. A group is judged by what is known of it as a whole: the days that all its
   dates allow, its sentences, its figures and its fullest telling. So a vague telling that fits two happenings goes to
   the more alike, and does not glue them together.

Time grows as n log n, whatever the mentions say, and words are only counted and compared, in any language.

Two works that tell clearly the same on different days are a dispute: one event with both dates, as EDTF writes one of a
set, "[2001-07-15,2001-07-16]". What is told of three dates is rather something that recurs.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from heapq import nsmallest

from . import edtf
from .edtf import Edtf
from .model import Event, Mention

# How much of the rarer words two tellings must share, 0 to 1: of a note and the article it is about; of two works; of
# two passages of one text, which seldom tells the same thing twice; of a plan and, in another work, its fulfilment.
_THRESHOLDS = {"same work": 0.3, "two works": 0.5, "same source": 0.6, "fulfilment": 0.7}
_LEAST_SHARE = min(_THRESHOLDS.values())
_LEAST_WORDS = 2
_VAGUE = 0.1  # how much more they must share where a date leaves more than a year open
_OF_GROUPS = 0.5  # how much of what two tellings must share the fullest tellings of their groups must

_CROWD = 30  # tellings of a year with a word in common; of more, only neighbours meet
_NEIGHBOURS = 4  # on each side
_MOST = 60  # tellings that one meets in a year, before it looks no further
_BEST = 10  # of them, those that are kept

_YEAR = 370  # days; a vaster date (a decade, an open range) is compared only with the very same date
_ABOUT = 4 * _YEAR  # days; the same for an approximate range, as "the late 1960s"

# Disputed dates: the coarser precision -> days from one date to the other at most, and words that two tellings share at
# least. They are few, for what is told of other days, months and above all years is mostly something that recurs.
_DISPUTABLE = {"day": (3, 5), "month": (28, 6)}
_CLEAR_SHARE = 0.75  # how much of all words of two tellings must be shared
_DOUBT = 0.2  # confidence that a dispute takes away


def event_id(mentions: Iterable[Mention]) -> str:
    """The id of an event: that of its first mention by id, so that it depends on neither order nor position."""
    return "e" + min(m.mention_id for m in mentions)[1:]


def merge(mentions: Sequence[Mention]) -> list[Event]:
    """The events that the mentions tell, ordered by date. Deterministic; the order of the mentions does not matter."""
    tellings, weights = _tellings(mentions)
    alike: set[tuple[float, int, int]] = set()
    contrary: set[tuple[float, int, int]] = set()
    for one, others in candidates(tellings, weights):
        same, against = [], []
        for other in others:
            a, b = tellings[one], tellings[other]
            if len(a.words & b.words) < _LEAST_WORDS:
                continue
            pair = (one, other) if one < other else (other, one)
            if not a.when.fits(b.when):
                if _contradict(a, b, weights):
                    against.append((0.0, *pair))
            elif (score := _shared(a, b, weights)) >= _needed(a, b):
                same.append((-score, *pair))
        alike.update(nsmallest(_BEST, same))
        contrary.update(nsmallest(_BEST, against))
    groups = _groups(tellings, sorted(alike), weights)
    events = [_event(parts) for parts in _with_disputes(groups, ((a, b) for _, a, b in contrary))]
    return sorted(events, key=lambda event: (edtf.sort_key(event.date), event.event_id))


# --------------------------------------------------------------------------- tellings


@dataclass(frozen=True, slots=True)
class _When:
    """The days that one or more dates allow together, as day numbers.

    `vast`: the date itself, if it leaves so much open that only the very same date can mean the same. `is_stretch`: one
    of the dates is all days from one to another, not a day somewhere between them; it is never cut in two.
    """

    lower: int
    upper: int
    vast: str = ""
    is_stretch: bool = False

    def fits(self, other: _When) -> bool:
        """Can the dates mean the same happening?"""
        if self.vast or other.vast:
            return self.vast == other.vast
        lower, upper = max(self.lower, other.lower), min(self.upper, other.upper)
        if self.is_stretch or other.is_stretch:
            return (lower, upper) in ((self.lower, self.upper), (other.lower, other.upper))
        return lower <= upper

    def both(self, other: _When) -> _When:
        """What two that fit allow together."""
        lower, upper = max(self.lower, other.lower), min(self.upper, other.upper)
        return _When(lower, upper, self.vast, self.is_stretch or other.is_stretch)


def _when(date: Edtf) -> _When:
    most = _ABOUT if date.approximate and date.precision == "range" else _YEAR
    if date.lower is None or date.upper is None or date.days > most or date.choices:
        return _When(0, 0, date.text)
    return _When(date.lower, date.upper, "", "/" in date.text and date.precision == "range" and not date.approximate)


@dataclass(frozen=True, slots=True, eq=False)
class _Telling:
    """One or more mentions with the same words, date, kind and modality, each of another sentence.

    `rare_first`: those of its words that other tellings have too, the rarest first. `weight`: of all its words.
    """

    mentions: tuple[Mention, ...]
    date: Edtf
    when: _When
    words: frozenset[str]
    rare_first: tuple[str, ...]
    weight: int
    figures: frozenset[str]
    sources: frozenset[str]
    works: frozenset[str]

    @property
    def first(self) -> Mention:
        """The mention that comes first by source and place: its words, kind and modality are those of all."""
        return self.mentions[0]


def _tellings(mentions: Sequence[Mention]) -> tuple[list[_Telling], dict[str, int]]:
    """The tellings, those with the same rare words beside each other, and the weights of the words they share."""
    found: dict[tuple[object, ...], list[Mention]] = defaultdict(list)
    nth: Counter[tuple[object, ...]] = Counter()  # equal mentions of one sentence go to as many tellings
    for m in sorted(mentions, key=lambda m: (m.source_id, m.date_start, m.date_end, m.mention_id)):
        says_nothing = m.mention_id if len(m.words) < _LEAST_WORDS else ""
        said = (m.date, m.words, m.kind, m.modality, says_nothing)
        sentence = (m.source_id, m.quote_start, said)
        found[said, nth[sentence]].append(m)
        nth[sentence] += 1
    counts = Counter(word for same in found.values() for word in same[0].words)
    weights = {word: _weight(count, len(found)) for word, count in counts.items() if count > 1}
    tellings = [_telling(tuple(same), weights, _weight(1, len(found))) for same in found.values()]
    return sorted(tellings, key=lambda t: (t.rare_first, t.date.text, min(m.mention_id for m in t.mentions))), weights


def _telling(mentions: tuple[Mention, ...], weights: Mapping[str, int], weight_of_one: int) -> _Telling:
    words, date = mentions[0].words, edtf.parse(mentions[0].date)
    return _Telling(
        mentions,
        date,
        _when(date),
        words,
        tuple(sorted(words & weights.keys(), key=lambda word: (-weights[word], word))),
        sum(weights.get(word, weight_of_one) for word in words),
        frozenset(word for word in words if word[0].isdigit()),
        frozenset(m.source_id for m in mentions),
        frozenset(m.work for m in mentions),
    )


def _weight(count: int, total: int) -> int:
    """How much a shared word says: the rarer among the tellings, the more (inverse document frequency).

    In whole thousandths, so that a sum does not depend on the order of a set.
    """
    return round(1000 * math.log(1 + total / count))


# --------------------------------------------------------------------------- which to compare


def candidates(tellings: Sequence[_Telling], weights: Mapping[str, int]) -> Iterator[tuple[int, list[int]]]:
    """For each telling, by its number, those worth comparing it with: of its time and kind, with a rarer word of it.

    One that lies in several years comes once for each.
    """
    blocks: dict[tuple[object, str], list[int]] = defaultdict(list)
    for index, telling in enumerate(tellings):
        if len(telling.rare_first) >= _LEAST_WORDS:
            for time in _times(telling):
                blocks[time, telling.first.kind].append(index)
    for block in blocks.values():
        with_word = _with_word(tellings, block)
        for index in block:
            yield index, _others(index, tellings[index], with_word, weights)


def _times(telling: _Telling) -> Iterable[object]:
    """The years to look for a telling in, with those just before and after a day; of a vast date that date alone."""
    if telling.when.vast:
        return (telling.when.vast,)
    reach = _DISPUTABLE["month"][0] if telling.date.precision in _DISPUTABLE else 0
    return range(edtf.civil(telling.when.lower - reach)[0], edtf.civil(telling.when.upper + reach)[0] + 1)


def _with_word(tellings: Sequence[_Telling], block: Sequence[int]) -> dict[tuple[str, str], list[int]]:
    """(word, "") -> the tellings of a block that have the word; (word, date) -> of a crowd, those of that very date."""
    having: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index in block:
        for word in tellings[index].rare_first:
            having[word, ""].append(index)
    for (word, _), crowd in list(having.items()):
        if len(crowd) > _CROWD:
            for index in crowd:
                having[word, tellings[index].date.text].append(index)
    return having


def _others(
    index: int, telling: _Telling, with_word: Mapping[tuple[str, str], Sequence[int]], weights: Mapping[str, int]
) -> list[int]:
    found: dict[int, None] = {}
    left = sum(weights[word] for word in telling.rare_first)
    for word in telling.rare_first:
        if left < _LEAST_SHARE * telling.weight or len(found) > _MOST:
            break
        left -= weights[word]
        for when in ("", telling.date.text):
            having = with_word.get((word, when), ())
            if len(having) > _CROWD:
                place = bisect_left(having, index)
                having = having[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS + 1]
            found.update(dict.fromkeys(having))
    found.pop(index, None)
    return list(found)


# --------------------------------------------------------------------------- the same, or not


def _shared(a: _Telling, b: _Telling, weights: Mapping[str, int]) -> float:
    """How much of the lesser telling's weight two tellings share, 0 to 1; 0 if their figures tell them apart."""
    shared = a.words & b.words
    if len(shared) < _LEAST_WORDS or not _same_figures(a.figures, b.figures):
        return 0.0
    return sum(map(weights.__getitem__, shared)) / min(a.weight, b.weight)


def _same_figures(a: Set[str], b: Set[str]) -> bool:
    """Figures tell happenings apart: $107 billion is not $100 billion. One without figures contradicts nothing."""
    return not a or not b or not a.isdisjoint(b)


def _needed(a: _Telling, b: _Telling) -> float:
    """How much two tellings must share, 0 to 1; infinity if they cannot be the same."""
    vague = _VAGUE * (max(a.date.days, b.date.days) > _YEAR and a.date != b.date)
    if a.works.isdisjoint(b.works):
        return _THRESHOLDS["two works" if a.first.modality == b.first.modality else "fulfilment"] + vague
    if a.first.modality != b.first.modality:
        return math.inf
    return _THRESHOLDS["same work" if a.sources.isdisjoint(b.sources) else "same source"] + vague


def _contradict(a: _Telling, b: _Telling, weights: Mapping[str, int]) -> bool:
    """Do two tellings whose dates do not fit tell clearly the same: the words, the figures and who acts?"""
    if not (_is_disputable(a) and _is_disputable(b)):
        return False
    most_days, least_words = max(_DISPUTABLE[a.date.precision], _DISPUTABLE[b.date.precision])
    apart = max(a.when.lower, b.when.lower) - min(a.when.upper, b.when.upper)
    shared = a.words & b.words
    if apart > most_days or len(shared) < least_words or a.figures != b.figures:
        return False
    if set(a.first.actors) != set(b.first.actors):
        return False
    common = sum(map(weights.__getitem__, shared))
    return common >= _CLEAR_SHARE * (a.weight + b.weight - common)


def _is_disputable(telling: _Telling) -> bool:
    """Does it say, in so many words, on which day or in which month something was done by somebody?"""
    date, first = telling.date, telling.first
    return (
        date.precision in _DISPUTABLE
        and not (date.approximate or date.uncertain)
        and first.basis in ("explicit", "publication")
        and (first.kind, first.modality) == ("event", "actual")
        and bool(first.actors)
    )


# --------------------------------------------------------------------------- groups


class _Group:
    """Tellings of one happening, and what decides whether others belong to them."""

    def __init__(self, number: int, telling: _Telling) -> None:
        self.numbers = [number]
        self.tellings = [telling]
        self.fullest = telling
        self.when = telling.when
        self.figures = set(telling.figures)
        self.sentences = {(m.source_id, m.quote_start) for m in telling.mentions}

    def take(self, other: _Group) -> None:
        """Take in the tellings of another group."""
        self.numbers += other.numbers
        self.tellings += other.tellings
        self.fullest = max(self.fullest, other.fullest, key=lambda t: (t.weight, t.first.mention_id))
        self.when = self.when.both(other.when)
        self.figures |= other.figures
        self.sentences |= other.sentences


def _groups(
    tellings: Sequence[_Telling], pairs: Iterable[tuple[float, int, int]], weights: Mapping[str, int]
) -> list[_Group]:
    """Join the likeliest pairs first, the smaller group to the larger, as long as the groups fit as a whole.

    The number of a telling is the number of the group in the list: those joined are the same object, once each.
    """
    group_of = [_Group(number, telling) for number, telling in enumerate(tellings)]
    for _, a, b in pairs:
        one, other = group_of[a], group_of[b]
        if one is not other and _fit(one, other, _needed(tellings[a], tellings[b]), weights):
            large, small = (one, other) if len(one.sentences) >= len(other.sentences) else (other, one)
            large.take(small)
            for number in small.numbers:
                group_of[number] = large
    return group_of


def _fit(one: _Group, other: _Group, needed: float, weights: Mapping[str, int]) -> bool:
    """Do all dates of two groups agree, do their fullest tellings share enough, and does no sentence stand in both?"""
    return (
        one.when.fits(other.when)
        and _same_figures(one.figures, other.figures)
        and _shared(one.fullest, other.fullest, weights) >= _OF_GROUPS * needed
        and one.sentences.isdisjoint(other.sentences)
    )


def _with_disputes(group_of: Sequence[_Group], contrary: Iterable[tuple[int, int]]) -> Iterator[tuple[_Group, ...]]:
    """Each group once, alone or with the only other that contradicts it, in the order of time.

    One that is contradicted by several recurs; two that one work tells are two happenings.
    """
    against: dict[int, dict[int, _Group]] = defaultdict(dict)
    for a, b in contrary:
        one, other = group_of[a], group_of[b]
        if not one.when.fits(other.when):
            against[id(one)][id(other)] = other
            against[id(other)][id(one)] = one
    done: set[int] = set()
    for group in group_of:
        if id(group) in done:
            continue
        done.add(id(group))
        rivals = list(against[id(group)].values()) if id(group) in against else []
        if len(rivals) == 1 and len(against[id(rivals[0])]) == 1 and _are_disputed(group, rivals[0]):
            done.add(id(rivals[0]))
            yield tuple(sorted((group, rivals[0]), key=lambda g: (g.when.lower, g.when.upper)))
        else:
            yield (group,)


def _are_disputed(one: _Group, other: _Group) -> bool:
    works = [{work for telling in group.tellings for work in telling.works} for group in (one, other)]
    dates = (edtf.parse(_date(group)) for group in (one, other))
    return works[0].isdisjoint(works[1]) and all(date.precision in _DISPUTABLE for date in dates)


# --------------------------------------------------------------------------- events


def _date(group: _Group) -> str:
    """The most precise date that the tellings of a group support together, in the words of one of them if it can be."""
    if group.when.vast:
        return group.when.vast
    lower, upper = group.when.lower, group.when.upper
    said = [telling.date for telling in group.tellings]
    exact = [date for date in said if (date.lower, date.upper) == (lower, upper)]
    if exact:
        return min(exact, key=lambda date: (date.approximate or date.uncertain, len(date.text), date.text)).text
    return edtf.span(lower, upper, "~" if all(date.approximate for date in said) else "").text


def _event(groups: tuple[_Group, ...]) -> Event:
    """One event: the best mention speaks for it; of a plan and its fulfilment the fulfilment."""
    mentions = [m for group in groups for telling in group.tellings for m in telling.mentions]
    modality = min(m.modality for m in mentions)  # "actual" before "planned"
    best_first = sorted(
        mentions,
        key=lambda m: (
            m.modality != modality,
            not m.original,
            -m.confidence,
            -m.salience,
            m.source_id,
            m.date_start,
            m.mention_id,
        ),
    )
    best = best_first[0]
    dates = [_date(group) for group in groups]
    works = len({m.work for m in mentions})
    more_sure = -_DOUBT if len(dates) > 1 else 0.03 * (works - 1)
    return Event(
        event_id=event_id(mentions),
        date=dates[0] if len(dates) == 1 else f"[{','.join(dates)}]",
        title=best.title,
        category=best.category,
        actors=tuple(dict.fromkeys(actor for m in best_first for actor in m.actors)),
        places=tuple(dict.fromkeys(place for m in best_first for place in m.places)),
        modality=modality,
        kind=best.kind,
        salience=round(min(1.0, max(m.salience for m in mentions) + 0.1 * (works - 1)), 2),
        confidence=round(min(0.99, max(0.05, max(m.confidence for m in mentions) + more_sure)), 2),
        mentions=tuple(best_first),
    )
