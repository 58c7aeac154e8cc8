"""The pipeline: the one place that knows the order of the steps.

sources -> language -> tag -> resolve -> find -> merge -> curate -> events
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from . import edtf, lexicon
from .cache import Cache
from .curate import Outcome, curate
from .dateline import date_source, head
from .find import find
from .language import recognise
from .merge import merge
from .model import Decision, Era, Event, Mention, Problem, Source, Timex
from .progress import Progress
from .read.document import paragraphs
from .resolve import resolve
from .rules import Rules, RulesError, Tenses, languages
from .rules import load as load_rules
from .segment import sentences
from .tag import tag

_DEFAULT = "en"  # the language of a text that shows none
_OPEN = 365  # days that an open date is taken for when it is put into an era
_NO_DATE = "give the source's publication date in sources.toml"
_LISTED = 12  # unresolved expressions named one by one for a source; the rest are counted


@dataclass(frozen=True, slots=True)
class Build:
    """What a build made: the events (curated, in order of time), the sources as dated, and what a person should know.

    `timexes`: source id -> number of time expressions found. `decisions`: what became of each decision.
    """

    events: tuple[Event, ...]
    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]
    timexes: dict[str, int]
    decisions: tuple[Outcome, ...] = ()


def build(
    sources: Sequence[Source],
    *,
    decisions: Sequence[Decision] = (),
    eras: Sequence[Era] = (),
    lexicon_files: Sequence[Path] = (),
    progress: Progress | None = None,
    cache: Cache | None = None,
) -> Build:
    """Extract, merge and curate the events of some sources. The order of the sources does not matter.

    `progress` is told after each source. `cache` has what was found before: a source that did not change, in a package
    and with a lexicon that did not, is not looked at again.
    """
    words, problems = lexicon.load(lexicon_files)
    lexicons = _digest(*(file.read_bytes() for file in lexicon_files if file.is_file()))
    everything: list[_Told] = []
    mentions: list[Mention] = []
    whole, done = sum(len(source.text) for source in sources), 0
    for number, source in enumerate(sorted(sources, key=lambda s: s.id), 1):
        everything.append(_told_again(source, words, cache, lexicons) if cache else _told(source, words))
        mentions += everything[-1].mentions
        done += len(source.text)
        if progress:
            progress("finding events", number, len(sources), done, whole, len(mentions))
    dated = [told.source for told in everything]
    events, outcomes = curate(merge(mentions), decisions, dated)
    settled = _settled(events)
    for told in everything:
        problems += [*told.problems, *_unresolved(told, settled.get(told.source.id, ()))]
    in_time = sorted(located(events, dated), key=lambda e: (edtf.sort_key(e.date), e.event_id))
    return Build(
        tuple(replace(event, era=event.era or era_of(event.date, eras)) for event in in_time),
        tuple(dated),
        tuple(problems),
        {told.source.id: told.timexes for told in everything if told.timexes is not None},
        tuple(outcomes),
    )


_Dated = tuple[int, int, bool]  # where a date stands, and whether people settled it
_Unresolved = tuple[int, int, str, str]  # where it stands, why it could not be dated, and what to do


@dataclass(frozen=True, slots=True)
class _Told:
    """What one source tells. `timexes`: how many expressions of time; None if there are no rules for its language.

    `unresolved`: those that a reader would take for a date and that could not be dated, or only in part.
    """

    source: Source
    timexes: int | None
    problems: tuple[Problem, ...]
    mentions: tuple[Mention, ...] = ()
    unresolved: tuple[_Unresolved, ...] = ()


def _told(source: Source, words: lexicon.Lexicon) -> _Told:
    """What a source tells, and the source as dated."""
    problems: list[Problem] = []
    if not source.language:
        source, problems = spoken(source)
    try:
        rules = rules_for(source)
    except RulesError as error:
        return _Told(source, None, (*problems, Problem(source.id, str(error))))
    source, spans, found = _dates(source, rules)
    unresolved = tuple((t.start, t.end, t.reason, _hint(t)) for t in found if t.reason and t.type == "DATE")
    mentions = tuple(find(source, spans, found, rules, words))
    return _Told(source, len(found), tuple(problems), mentions, unresolved)


def _told_again(source: Source, words: lexicon.Lexicon, cache: Cache, lexicons: str) -> _Told:
    """What a source tells, from the cache if it was asked before."""
    key = ("told", lexicons, _described(source))
    told = _told_from(cache.get(*key), source)
    if told is None:
        told = _told(source, words)
        cache.put(_to_keep(told), *key)
    return told


_MENTION = tuple(field.name for field in fields(Mention))
_ABOUT = tuple(field.name for field in fields(Source) if field.name not in ("text", "file", "places"))


def _described(source: Source) -> str:
    """All that the mentions of a source follow from, in short."""
    return _digest(
        source.text.encode("utf-8", "surrogatepass"), repr([getattr(source, name) for name in _ABOUT]).encode()
    )


def _digest(*parts: bytes) -> str:
    return sha256(b"".join(sha256(part).digest() for part in parts)).hexdigest()


def _to_keep(told: _Told) -> dict[str, Any]:
    """What a source tells, as JSON can say it."""
    return {
        "source": {name: getattr(told.source, name) for name in _ABOUT},
        "timexes": told.timexes,
        "problems": [asdict(problem) for problem in told.problems],
        "unresolved": told.unresolved,
        "mentions": [
            [
                sorted(value) if isinstance(value, frozenset) else value
                for value in map(mention.__getattribute__, _MENTION)
            ]
            for mention in told.mentions
        ],
    }


def _told_from(kept: Any, source: Source) -> _Told | None:
    """What a source tells, as it was kept; None if nothing was."""
    if kept is None:
        return None
    return _Told(
        replace(source, **kept["source"]),
        kept["timexes"],
        tuple(Problem(**problem) for problem in kept["problems"]),
        tuple(map(_mention_from, kept["mentions"])),
        tuple(tuple(each) for each in kept["unresolved"]),
    )


def _mention_from(values: list[Any]) -> Mention:
    named = dict(zip(_MENTION, values, strict=True))
    for name in ("actors", "places"):
        named[name] = tuple(named[name])
    return Mention(**named | {"words": frozenset(named["words"])})


def located(events: Sequence[Event], sources: Sequence[Source]) -> list[Event]:
    """The events with the place of each mention in its source, as a person would cite it."""
    by_id = {source.id: source for source in sources}
    places: dict[str, tuple[list[int], list[str]]] = {}

    def locator(mention: Mention) -> str:
        if mention.source_id not in places:
            source = by_id[mention.source_id]
            found = list(source.places or paragraphs(source.text))
            places[source.id] = [offset for offset, _ in found], [place for _, place in found]
        offsets, labels = places[mention.source_id]
        return labels[max(0, bisect_right(offsets, mention.quote_start) - 1)]

    return [
        replace(event, mentions=tuple(replace(each, locator=locator(each)) for each in event.mentions))
        for event in events
    ]


def timexes(source: Source) -> list[Timex]:
    """The time expressions of a source, resolved against its publication date, in order.

    Its language is recognised unless it is given. Raises RulesError if there are no rules for it.
    """
    source = source if source.language else spoken(source)[0]
    return [timex for timex in _dates(source, rules_for(source))[2] if timex.is_timex]


def _dates(source: Source, rules: Rules) -> tuple[Source, list[tuple[int, int]], list[Timex]]:
    """The source with the date it states, its sentences, and its time expressions, those that only imply a date too."""
    source = published(source, rules)
    spans = sentences(source.text, rules)
    return source, spans, resolve(list(tag(source.text, rules)), source.text, rules, source.published, spans)


def spoken(source: Source) -> tuple[Source, list[Problem]]:
    """The source with its language as the text shows it; English, and a Problem that says so, if it shows none."""
    language = recognise(source.text)
    if language or not source.text.strip():
        return replace(source, language=language or _DEFAULT), []
    known = ", ".join(languages())
    what = f"its language was not recognised (known: {known}); its dates are read as in English"
    hint = 'if it is one of these, write language = "..." for it in sources.toml'
    return replace(source, language=_DEFAULT), [Problem(source.id, what, hint, False)]


def rules_for(source: Source) -> Rules:
    """The rules of a source's language: of "zh-Hans" those of "zh". Raises RulesError if there are none."""
    return load_rules(source.language.split("-")[0].lower())


def published(source: Source, rules: Rules) -> Source:
    """The source with the publication date that it states, if it had none; else the day its file was made."""
    if source.published:
        return source
    beginning = head(source.text)
    found = resolve(list(tag(beginning, rules)), beginning, rules)
    explicit = [t for t in found if t.edtf and t.basis == "explicit" and not t.reason]
    dates = {t.start: (t.end, t.edtf) for t in explicit if edtf.parse(t.edtf).precision in ("day", "month")}
    dated = date_source(source, rules, dates)
    if dated.made and not dated.published and _may_be_published(dated.made, dated.text, rules):
        metadata = "; ".join(filter(None, (dated.metadata, "file properties: published")))
        return replace(dated, published=dated.made, published_basis="metadata", metadata=metadata)
    return dated


def _may_be_published(made: str, text: str, rules: Rules) -> bool:
    """May a text have been published on the day its file was made? Not if it tells in the past of later days.

    Then the file began as a template, or as a copy of an older one.
    """
    last, spans = edtf.parse(made).upper or 0, sentences(text, rules)
    tenses, starts = Tenses(rules, text), [start for start, _ in spans]
    for timex in resolve(list(tag(text, rules)), text, rules):
        lower = edtf.parse(timex.edtf).lower if timex.edtf and timex.basis == "explicit" and not timex.reason else None
        if lower is not None and lower > last:
            sentence = spans[bisect_right(starts, timex.start) - 1]
            if tenses.near(sentence, timex.start, timex.end) == "past":
                return False
    return True


def _settled(events: Sequence[Event]) -> dict[str, list[_Dated]]:
    """Where the events of each source that people decided on have their dates, and whether each is settled."""
    decided = {mention.source_id for event in events if event.status != "proposed" for mention in event.mentions}
    dates: dict[str, list[_Dated]] = {name: [] for name in decided}
    for event in events:
        for mention in event.mentions:
            if mention.source_id in decided:
                is_added = event.status == "added"  # its date may be said anywhere in the quote
                start = mention.quote_start if is_added else mention.date_start
                end = mention.quote_end if is_added else mention.date_end
                dates[mention.source_id].append((start, end, is_added or _is_settled(event, mention)))
    return dates


def _is_settled(event: Event, mention: Mention) -> bool:
    """Did a person say what the date of a mention is, or that it does not count?"""
    is_given = event.status == "edited" and event.date != mention.date
    return is_given or event.status in ("accepted", "rejected")


def _unresolved(told: _Told, dates: Sequence[_Dated]) -> list[Problem]:
    """What a reader would take for a date and the build could not date, or only in part: listed, never guessed.

    Not what people have settled since, in every event that rests on it.
    """

    def is_settled(start: int, end: int) -> bool:
        here = [settled for first, last, settled in dates if first < end and start < last]
        return bool(here) and all(here)

    source = told.source
    left = [each for each in told.unresolved if not is_settled(*each[:2])]
    problems = []
    for start, end, why, hint in left[:_LISTED]:
        line = source.text.count("\n", 0, start) + 1
        problems.append(Problem(f"{source.id}:{line}", f"“{source.text[start:end]}”: {why}", hint, False))
    if len(left) > _LISTED:
        more = len(left) - _LISTED
        problems.append(Problem(source.id, f"{more} more expressions could not be dated fully", _NO_DATE, False))
    return problems


def _hint(timex: Timex) -> str:
    if timex.edtf:
        return "correct it with `timeline decide edit` if the source says more"
    if "publication" not in timex.reason:
        return "add the event by hand with `timeline decide add` if the source dates it elsewhere"
    return _NO_DATE


def era_of(date: str, eras: Sequence[Era]) -> str:
    """The id of the era that holds most of a date; empty if none holds any of it.

    An open date counts as the year at its known end. Of eras that hold as much, the shortest, then the first by id.
    """
    if not date:
        return ""
    when = edtf.parse(date)
    lower = when.lower if when.lower is not None else (when.upper or 0) - _OPEN
    upper = when.upper if when.upper is not None else lower + _OPEN
    held = []
    for era in eras:
        span = edtf.parse(era.date)
        first = lower if span.lower is None else max(lower, span.lower)
        last = upper if span.upper is None else min(upper, span.upper)
        if first <= last:
            held.append((first - last, span.days, era.era_id))
    return min(held)[2] if held else ""
