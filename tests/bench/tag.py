"""How fast dates are read, and that no text makes it slow: on one core, in one process, beside other taggers.

    python tests/bench/tag.py [--corpora FOLDER] [--repeat N]

FOLDER holds folders of TimeML files (.tml); without it the environment variable TIMELINE_CORPORA names it, and without
that the sentences of `tests/cases/dates_en.csv` are repeated. Peers are slow, so they and we read the same short
passages, in turns; we read the whole corpora too. Every figure stands beside its target.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from taggers import OURS, Tagger, ours, peers
from tempeval import Document, read_corpora

CASES = Path(__file__).parent.parent / "cases" / "dates_en.csv"
HEIDELTIME = 0.01  # MB/s on one core, measured once (0.004 to 0.014); it is Java and not run here
_PASSAGES, _PASSAGE = 16, 4_000  # passages that all taggers read, and characters of each
_WHOLE = 1_000_000  # characters made of the sentences of our tests where no corpora are given
_BEST_OF = 3
_STARTS = 5

MOST_GROWTH, MOST_SECONDS, MOST_START = 3.0, 2.0, 0.5  # targets: time ratio for twice the text, s for 1 MB, s to start
LEAST_RATIO = {"dateparser search_dates": 15.0}  # target: at least so many times the speed of a peer
LEAST_SPEED, LEAST_TIMES_HEIDELTIME = 2.0, 150.0  # targets: MB/s, and times the cited speed of HeidelTime


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 whatever the figures are, 2 if the corpora cannot be read."""
    options = _parser().parse_args(arguments)
    try:
        corpora = _corpora(options.corpora or os.environ.get("TIMELINE_CORPORA", ""))
    except ValueError as error:
        print(f"tag.py: {error}", file=sys.stderr)
        return 2
    _stay_on_one_core()
    tagger = ours()
    _show_whole([document for documents in corpora for document in documents], tagger, options.repeat)
    _show_hard_texts(tagger, options.megabytes)
    _show_start()
    found, missing = peers()
    print("\n", *missing, sep="\n" * bool(missing), end="")
    _show_peers(_passages(corpora), {OURS: tagger, **found}, options.repeat)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="how fast dates are read, beside other taggers")
    parser.add_argument("--corpora", metavar="FOLDER", help="folders of .tml files (default: $TIMELINE_CORPORA)")
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="rounds of measuring (default: 5)")
    parser.add_argument(
        "--megabytes", type=float, default=1.0, metavar="MB", help="size of the hard texts (default: 1)"
    )
    return parser


def _corpora(folder: str) -> list[list[Document]]:
    """The texts of each corpus, or one text made of our own sentences."""
    if folder:
        return list(read_corpora(Path(folder)).values())
    print("no corpora: measured on the sentences of our own tests, which hold far more dates than texts do")
    with CASES.open(encoding="utf-8", newline="") as file:
        sentences = " ".join(row["text"] for row in csv.DictReader(file))
    return [[Document("cases", "2021-03-02", sentences * (_WHOLE // len(sentences) + 1), ())]]


def _passages(corpora: Sequence[Sequence[Document]]) -> list[Document]:
    """The beginnings of some texts, as many of each corpus and taken evenly, the same ones every time."""
    share = _PASSAGES // len(corpora) or 1
    chosen = [d for documents in corpora for d in documents[:: max(1, len(documents) // share)][:share]]
    return [Document(d.name, d.published, d.text[:_PASSAGE], ()) for d in chosen]


def _stay_on_one_core() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


# --------------------------------------------------------------------------- measuring


def _megabytes(documents: Sequence[Document]) -> float:
    return sum(len(d.text.encode()) for d in documents) / 1e6


def _seconds(tagger: Tagger, documents: Sequence[Document]) -> float:
    """How long a tagger takes for some texts: everything from the text to the values, in seconds."""
    begin = time.perf_counter()
    for document in documents:
        tagger(document.text, document.published[:10])
    return time.perf_counter() - begin


def _peak_memory() -> float | None:
    """The most memory that this process has had so far, in MB; None where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)


def _show_whole(documents: Sequence[Document], tagger: Tagger, rounds: int) -> None:
    size = _megabytes(documents)
    tagger(documents[0].text, documents[0].published[:10])
    before = _peak_memory()
    speeds = [size / _seconds(tagger, documents) for _ in range(rounds)]
    after = _peak_memory()
    print(f"\nall {len(documents)} texts, {size:.2f} MB, {rounds} rounds, one core")
    print(f"  {'MB/s, end to end':42}{_spread(speeds)}, in the first round {speeds[0]:.2f}", end="")
    print(f"  {_met(median(speeds) >= LEAST_SPEED)}")
    ratios = [speed / HEIDELTIME for speed in speeds]
    print(f"  {'times HeidelTime (cited: 0.01 MB/s)':42}{_spread(ratios, 0)}", end="")
    print(f"  {_met(median(ratios) >= LEAST_TIMES_HEIDELTIME)}")
    growth = "not told by this system" if before is None or after is None else f"{after - before:.1f} MB"
    print(f"  {'growth of peak memory':42}{growth}")


def _show_peers(passages: Sequence[Document], taggers: dict[str, Tagger], rounds: int) -> None:
    size = _megabytes(passages)
    for tagger in taggers.values():
        _seconds(tagger, passages[:1])  # loads its data
    seconds: dict[str, list[float]] = {name: [] for name in taggers}
    for _ in range(rounds):
        for name, tagger in taggers.items():
            seconds[name].append(_seconds(tagger, passages))
    print(f"\n{len(passages)} passages, {1000 * size:.0f} kB, read in turns, {rounds} rounds; median (least to most)")
    for name, taken in seconds.items():
        print(f"  {name:26}{_spread([size / each for each in taken], 3)} MB/s", end="")
        ratios = [theirs / our for theirs, our in zip(taken, seconds[OURS], strict=True)]
        if name == OURS:
            print()
        else:
            target = f"  {_met(median(ratios) >= LEAST_RATIO[name])}" if name in LEAST_RATIO else ""
            print(f"; we are {_spread(ratios)} times as fast{target}")


def hard_texts(megabytes: float) -> dict[str, str]:
    """Texts of a size in UTF-8 that could make a careless tagger slow, by name."""

    def repeat(unit: str) -> str:
        return unit * max(1, int(megabytes * 1e6) // len(unit.encode()))

    half = int(megabytes * 5e5)
    dates = max(1, int(megabytes * 10_000))
    return {
        "digits": repeat("1234567890"),
        "the the the": repeat("the "),
        "month names": repeat("January March May "),
        "nested brackets": "(" * half + ")" * half,
        "one word without spaces": repeat("a"),
        f"{dates:,} dates in a sentence": "On 2 March 1969 and " * dates,
        "dots": repeat("."),
        "newlines": repeat("\n"),
        "2 days ago": repeat("2 days ago "),
        "spaces": repeat(" "),
        "Chinese": repeat("中俄关系"),
        "mixed unicode": repeat("e\u0301 a\u0308\u200d \u202e٣ ½ 🏳️\u200d🌈 ǆ\u0327 "),
    }


def _show_hard_texts(tagger: Tagger, megabytes: float) -> None:
    print(f"\nhard texts, best of {_BEST_OF}, in seconds", end="; ")
    print(f"targets: the whole under {MOST_SECONDS:g} s, and at most {MOST_GROWTH:g} times its half")
    print(f"  {'':30}{megabytes / 2:>7g} MB{megabytes:>7g} MB    ratio")
    halves = hard_texts(megabytes / 2).values()
    for (name, whole), half in zip(hard_texts(megabytes).items(), halves, strict=True):
        short, long = (
            min(_seconds(tagger, [Document("", "2021-03-02", text, ())]) for _ in range(_BEST_OF))
            for text in (half, whole)
        )
        met = _met(long < MOST_SECONDS and long / short <= MOST_GROWTH)
        print(f"  {name:30}{short:10.3f}{long:10.3f}{long / short:9.2f}  {met}")


def _show_start() -> None:
    print(f"\nfrom nothing: a new Python, the import and one sentence; target {MOST_START} s")
    for words in ("On 2 March 1969 guards fought on an island.", "They met three days ago."):
        code = f"import timeline; assert timeline.timexes(timeline.Source('a', {words!r}, published='2021-03-02'))"
        taken = []
        for _ in range(_STARTS):
            begin = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            taken.append(time.perf_counter() - begin)
        best, middle = min(taken), median(taken)
        print(f"  {words:46}best {best:.2f} s, median of {_STARTS} {middle:.2f} s  {_met(middle < MOST_START)}")


def _spread(figures: Sequence[float], places: int = 2) -> str:
    return f"{median(figures):.{places}f} ({min(figures):.{places}f} to {max(figures):.{places}f})"


def _met(is_met: bool) -> str:
    return "met" if is_met else "NOT MET"


if __name__ == "__main__":
    sys.exit(main())
