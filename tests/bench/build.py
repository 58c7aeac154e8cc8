"""How fast tables are built, with what memory, and that no collection makes it slow: on one core, in one process.

    python tests/bench/build.py [--corpora FOLDER] [--repeat N] [--megabytes MB] [--mentions N]

FOLDER holds folders of TimeML files (.tml); without it the environment variable TIMELINE_CORPORA names it, and without
that the sentences of `tests/cases/dates_en.csv` are repeated. Everything is measured from the texts to the events, but
the last table: that is merging alone, of mentions made up by a seeded generator. Every figure stands beside its target.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from statistics import median

from tag import _corpora, _met, _peak_memory, _spread, _stay_on_one_core, hard_texts
from tempeval import Document

import timeline
from timeline.build import build
from timeline.edtf import day_number, iso
from timeline.merge import merge
from timeline.model import Mention

LEAST_SPEED = 0.5  # target: MB of text a second, end to end
MOST_SECONDS = 60.0  # target: to merge 100,000 mentions, whatever they say
MOST_GROWTH = 3.0  # target: how much more time twice the text takes
MOST_MEMORY = 20.0  # target: MB of memory for one more MB of text
_SEED = 4
_WORDS, _SOURCES = 60_000, 2_000  # of the made-up mentions


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 whatever the figures are, 2 if the corpora cannot be read."""
    options = _parser().parse_args(arguments)
    try:
        corpora = _corpora(options.corpora or os.environ.get("TIMELINE_CORPORA", ""))
    except ValueError as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 2
    _stay_on_one_core()
    _show_whole([document for documents in corpora for document in documents], options.repeat)
    _show_hard_texts(options.megabytes)
    _show_merging(options.mentions)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="how fast tables are built")
    parser.add_argument("--corpora", metavar="FOLDER", help="folders of .tml files (default: $TIMELINE_CORPORA)")
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="rounds of measuring (default: 5)")
    parser.add_argument("--megabytes", type=float, default=0.5, metavar="MB", help="size of the hard texts")
    parser.add_argument("--mentions", type=int, default=100_000, metavar="N", help="how many mentions to merge")
    return parser


# --------------------------------------------------------------------------- from texts to events


def _sources(documents: Iterable[Document], copy: int = 0) -> list[timeline.Source]:
    return [
        timeline.Source(f"{document.name}-{copy}", document.text, published=document.published[:10], language="en")
        for document in documents
    ]


def _seconds(sources: Sequence[timeline.Source]) -> tuple[float, int]:
    """How long a build takes, in seconds, and how many mentions it finds."""
    begin = time.perf_counter()
    events = build(sources).events
    return time.perf_counter() - begin, sum(len(event.mentions) for event in events)


def _show_whole(documents: Sequence[Document], rounds: int) -> None:
    sources = _sources(documents)
    size = sum(len(source.text.encode()) for source in sources) / 1e6
    _seconds(sources[:1])  # loads its data
    taken = [_seconds(sources) for _ in range(rounds)]
    speeds = [size / seconds for seconds, _ in taken]
    print(f"\nall {len(sources)} texts, {size:.2f} MB, {taken[0][1]} mentions, {rounds} rounds, one core")
    print(f"  {'MB/s, end to end':42}{_spread(speeds)}  {_met(median(speeds) >= LEAST_SPEED)}")
    peaks, seconds = [_peak_memory()], []
    for copies in (4, 8):
        seconds.append(_seconds([source for copy in range(copies) for source in _sources(documents, copy)])[0])
        peaks.append(_peak_memory())
    print(f"  {'the same 4 and 8 times over, in seconds':42}{seconds[0]:.2f} and {seconds[1]:.2f}", end="")
    print(f", {seconds[1] / seconds[0]:.2f} times as long  {_met(seconds[1] <= MOST_GROWTH * seconds[0])}")
    once, four, eight = (peak or 0.0 for peak in peaks)
    if eight:
        growth = (eight - four) / (4 * size)
        print(f"  {'peak memory, once, 4 and 8 times over':42}{once:.0f}, {four:.0f} and {eight:.0f} MB", end="")
        print(f", {growth:.1f} MB for one more MB of text  {_met(growth <= MOST_MEMORY)}")


def _show_hard_texts(megabytes: float) -> None:
    print(f"\nhard texts, in seconds; target: at most {MOST_GROWTH:g} times the half", end="")
    print(f"\n  {'':34}{megabytes / 2:>7g} MB{megabytes:>7g} MB    ratio")
    halves = _repeated(megabytes / 2).values()
    for (name, whole), half in zip(_repeated(megabytes).items(), halves, strict=True):
        short, long = (_seconds(_sources([Document("hard", "2021-03-02", text, ())]))[0] for text in (half, whole))
        slow = long > 1 and long > MOST_GROWTH * short
        print(f"  {name:34}{short:10.2f}{long:10.2f}{long / short:9.2f}  {_met(not slow)}")


def _repeated(megabytes: float) -> dict[str, str]:
    """Texts that say the same thing over and over, and those that are hard for the tagger."""
    sentences = {
        "one sentence, again and again": "On 2 March 1969 Soviet and Chinese guards fought on an island in the river. ",
        "one anniversary, again and again": "China marks the 70th anniversary of the People's Republic this year. ",
        "one plan, again and again": "Russia and China pledged to double their trade to $200 billion by 2024. ",
    }
    size = int(megabytes * 1e6)
    return {**{name: text * (size // len(text)) for name, text in sentences.items()}, **hard_texts(megabytes)}


# --------------------------------------------------------------------------- merging alone


def _show_merging(count: int) -> None:
    print(f"\nmerging {count:,} mentions, in seconds; target: under {MOST_SECONDS:g} s for 100,000")
    for name, mentions in made_up(count):
        begin = time.perf_counter()
        events = merge(mentions)
        seconds = time.perf_counter() - begin
        print(f"  {name:46}{seconds:8.1f}  {len(events):7,} events  {_met(seconds < MOST_SECONDS)}", flush=True)
    memory = _peak_memory()
    if memory is not None:
        print(f"  {'peak memory of all this':46}{memory:8.0f} MB")


def made_up(count: int) -> Iterator[tuple[str, list[Mention]]]:
    """Collections of so many mentions: one like those of many sources on many years, and those meant to be slow."""
    yield "many sources, many years", list(_realistic(count))
    yield "the same words and date", [_mention(i, "1969-03-02", ("guard", "island", "fight")) for i in range(count)]
    yield (
        "the same words and date, in one sentence",
        [_mention(i, "1969-03-02", ("guard", "island", "fight"), place=0) for i in range(count)],
    )
    yield "the same words, every day of 270 years", [_mention(i, _day(i), ("guard", "island")) for i in range(count)]
    yield (
        "one sentence of as many dates",
        [_mention(i, _day(i), ("guard", "island", "fight"), place=0, source=0) for i in range(count)],
    )
    yield "all of one year", list(_realistic(count, years=1))
    yield "all of one day", list(_realistic(count, days=1))
    yield "a word that all share", [_mention(i, "1969", ("guard", f"a{i}", f"b{i % 7}")) for i in range(count)]
    yield (
        "words that all share, and one of their own",
        [_mention(i, "1969", ("guard", "island", "fight", "river", f"own{i}")) for i in range(count)],
    )
    yield "few words, in all combinations", list(_mixed(count, 24))
    yield "some words, in all combinations", list(_mixed(count, 500))
    yield "crowds just small enough to be compared", list(_crowds(count))
    yield (
        "late sixties and the like",
        [
            _mention(i, f"{1800 + i % 200}~/{1803 + i % 200}~", (f"a{i % 3000}", f"b{i % 2999}", f"c{i % 7}"))
            for i in range(count)
        ],
    )
    yield (
        "since and until",
        [_mention(i, f"{1800 + i % 200}/..", (f"a{i % 3000}", f"b{i % 2999}", f"c{i % 7}")) for i in range(count)],
    )


def _realistic(count: int, years: int = 250, days: int = 365) -> Iterator[Mention]:
    """Happenings told one to eight times, each time by another source, with some other words, on a date as exact."""
    chance = random.Random(_SEED)
    frequencies = list(accumulate(1 / rank for rank in range(1, _WORDS + 1)))  # Zipf's law
    number = 0
    while number < count:
        year = 2021 - int(years * chance.random() ** 2)
        day = iso(day_number(year, 1, 1) + chance.randrange(days))
        words = set(chance.choices(range(_WORDS), cum_weights=frequencies, k=9))
        for _ in range(min(chance.choice((1, 1, 1, 2, 2, 3, 4, 8)), count - number)):
            told = [f"w{word}" for word in sorted(words) if chance.random() < 0.8]
            told += [f"w{word}" for word in chance.choices(range(_WORDS), cum_weights=frequencies, k=2)]
            date = day if days == 1 else day[: chance.choice((4, 7, 10, 10))]
            yield _mention(number, date, told, source=chance.randrange(_SOURCES))
            number += 1


def _mixed(count: int, size: int) -> Iterator[Mention]:
    chance = random.Random(_SEED)
    for number in range(count):
        yield _mention(number, "1969", [f"w{word}" for word in chance.sample(range(size), 8)])


def _crowds(count: int) -> Iterator[Mention]:
    """Each word stands in 30 mentions of a year, each time beside others."""
    chance = random.Random(_SEED)
    words = [f"w{word}" for word in range(max(1, count * 8 // 30)) for _ in range(30)]
    chance.shuffle(words)
    for number in range(count):
        yield _mention(number, "1969", words[8 * number : 8 * number + 8])


def _day(number: int) -> str:
    return iso(day_number(1750, 1, 1) + number)


def _mention(
    number: int, date: str, words: Iterable[str], source: int | None = None, place: int | None = None
) -> Mention:
    """A mention that says some words of a date; unless it is told otherwise, in a sentence of its own."""
    source = number % _SOURCES if source is None else source
    start = 100 * number if place is None else place
    return Mention(
        mention_id=f"m{number:010x}",
        source_id=f"source-{source}",
        work=f"work-{source}",
        original=True,
        date=date,
        date_text=date,
        date_start=100 * number,
        date_end=100 * number + len(date),
        anchor="",
        basis="explicit",
        rule="",
        quote="",
        quote_start=start,
        quote_end=start + 90,
        prefix="",
        suffix="",
        title="",
        category="Other",
        actors=("China",),
        places=(),
        modality="actual",
        kind="event",
        salience=0.5,
        confidence=0.9,
        words=frozenset(words),
    )


if __name__ == "__main__":
    sys.exit(main())
