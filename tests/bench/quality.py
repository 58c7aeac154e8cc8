"""How well dates are read: F1 of this tagger, and of others, on annotated texts.

    python tests/bench/quality.py --corpora FOLDER [--peers] [--record] [--errors N]

FOLDER holds folders of TimeML files (.tml); without it the environment variable TIMELINE_CORPORA names it. The texts
are under licences of their own and no part of this project. About every third is set aside: its figures are shown, its
errors never, so that rules are made from the others alone.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from taggers import OURS, Tagger, ours, peers, run, versions
from tempeval import PARTS, Document, Timex, figures, pairs, part, read_corpora

RECORD = Path(__file__).parent / "figures.json"
README = Path(__file__).parents[2] / "README.md"
_BEGIN, _END = "<!-- figures, written by tests/bench/quality.py -->\n", "<!-- end of figures -->\n"
_NAMES = {"tbaq": "news (TimeBank, AQUAINT)", "wikiwars-dev": "histories (WikiWars, half of it)"}
_SHOWN = {"strict": "strict", "relaxed": "relaxed", "value": "value", "calendar": "calendar strict+value"}
MEASURES = ("strict", "relaxed", "type", "value", "calendar value", "calendar strict+value")
_KINDS = 10  # kinds of error recorded for a corpus
_AROUND = 60  # characters shown on both sides of an error

# Measured with the same metrics on other texts: TempEval-3 platinum (20 news texts) and the whole of WikiWars (22
# histories). A dash: it gives no values.
ELSEWHERE = (
    ("HeidelTime", "TempEval-3 platinum", (81.8, 90.7, None, 78.1, None, 86.4)),
    ("SynTime", "TempEval-3 platinum", (91.9, 94.9, None, None, None, None)),
    ("HeidelTime", "whole WikiWars", (85.4, 91.9, None, 82.9, None, 88.3)),
    ("SynTime", "whole WikiWars", (81.5, 93.6, None, None, None, None)),
)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that the tagger got wrong: of which kind, where, what the gold says and what the tagger."""

    kind: str
    document: Document
    gold: Timex | None
    tagged: Timex | None


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0, or 2 if there is nothing to measure on."""
    options = _parser().parse_args(arguments)
    try:
        corpora = read_corpora(corpora_folder(options.corpora))
    except ValueError as error:
        print(f"quality.py: {error}", file=sys.stderr)
        return 2
    taggers: dict[str, Tagger] = {OURS: ours()}
    if options.peers:
        found, missing = peers()
        taggers |= found
        print(*missing, sep="\n", end="\n" * bool(missing))
    results = {name: measure(documents, taggers) for name, documents in corpora.items()}
    mistakes = {name: mistakes_of(documents, taggers[OURS]) for name, documents in corpora.items()}
    for name, documents in corpora.items():
        _show(name, documents, results[name], mistakes[name])
    _show_elsewhere()
    if options.errors:
        _show_errors(mistakes, options.errors)
    if options.record:
        _record(results, mistakes)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="how well dates are read: F1 on annotated texts, in percent")
    parser.add_argument("--corpora", metavar="FOLDER", help="folders of .tml files (default: $TIMELINE_CORPORA)")
    parser.add_argument("--peers", action="store_true", help="measure other taggers beside ours; takes minutes")
    parser.add_argument(
        "--record",
        action="store_true",
        help=f"write {RECORD.name} and the README's table",
    )
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="show N errors (never of texts set aside)")
    return parser


def corpora_folder(given: str | None) -> Path:
    """The folder of annotated texts that was given, or that TIMELINE_CORPORA names. Raises ValueError if neither."""
    folder = given or os.environ.get("TIMELINE_CORPORA", "")
    if not folder:
        raise ValueError(
            "which texts? Give --corpora FOLDER or set TIMELINE_CORPORA to a folder that holds folders of TimeML files "
            "(TempEval-3 TimeBank and AQUAINT, WikiWars); they are not part of this project"
        )
    return Path(folder)


# --------------------------------------------------------------------------- figures


def measure(documents: Sequence[Document], taggers: dict[str, Tagger]) -> dict[str, dict[str, dict[str, float]]]:
    """part -> tagger -> measure -> F1 in percent."""
    found = {name: {d.name: run(tagger, d) for d in documents} for name, tagger in taggers.items()}
    return {
        name: {tagger: figures(part(documents, name), tagged) for tagger, tagged in found.items()} for name in PARTS
    }


def _record(results: dict[str, dict[str, dict[str, dict[str, float]]]], mistakes: dict[str, list[Mistake]]) -> None:
    """Write the figures; what was recorded of peers that were not measured now stays."""
    known: dict[str, Any] = json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else {}
    for corpus, parts in results.items():
        for name, taggers in parts.items():
            before = known.setdefault("f1", {}).setdefault(corpus, {}).setdefault(name, {})
            before.update(taggers)
        kinds = Counter(mistake.kind for mistake in mistakes[corpus])
        known.setdefault("errors in development", {})[corpus] = dict(_most_common(kinds))
    if any(len(taggers) > 1 for parts in results.values() for taggers in parts.values()):
        known["peers"] = versions()
    RECORD.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    text = README.read_text("utf-8")
    before, _, rest = text.partition(_BEGIN)
    README.write_text(
        before + _BEGIN + table(json.loads(RECORD.read_text("utf-8"))["f1"]) + _END + rest.partition(_END)[2],
        encoding="utf-8",
    )
    print(f"\nwritten: {RECORD} and the table in {README}")


def table(f1: dict[str, dict[str, dict[str, dict[str, float]]]]) -> str:
    """The recorded figures as the README shows them, a Markdown table: this tagger's parts, and the others' whole."""
    lines = ["| texts | tagger | " + " | ".join(_SHOWN) + " |", "|---|---|" + "--:|" * len(_SHOWN)]
    for corpus, parts in f1.items():
        for each in ("development", "set aside"):
            lines.append(_table_row(f"{_NAMES.get(corpus, corpus)}, {each}", OURS, parts[each][OURS]))
        for tagger, row in sorted(parts["whole"].items()):
            if tagger != OURS:
                lines.append(_table_row("the same, whole", tagger, row))
    for tagger, texts, figures_there in ELSEWHERE:
        named = dict(zip(MEASURES, figures_there, strict=True))
        lines.append(_table_row(f"*other texts: {texts}*", tagger, named))
    return "\n".join(lines) + "\n"


def _table_row(texts: str, tagger: str, row: Mapping[str, float | None]) -> str:
    cells = ["-" if row[key] is None else f"{row[key]:.1f}" for key in _SHOWN.values()]
    return f"| {texts} | {tagger} | " + " | ".join(cells) + " |"


# --------------------------------------------------------------------------- errors


def mistakes_of(documents: Sequence[Document], tagger: Tagger) -> list[Mistake]:
    """What a tagger got wrong in the texts that are not set aside; a wrong value counts before a wrong span."""
    return [mistake for d in part(documents, "development") for mistake in _mistakes(d, run(tagger, d))]


def _mistakes(document: Document, tagged: Sequence[Timex]) -> Iterator[Mistake]:
    gold = document.gold
    partner = dict(pairs(gold, tagged))
    for g, timex in enumerate(gold):
        kind = _kind_of_error(timex, tagged[partner[g]]) if g in partner else f"missed: {kind_of_value(timex)}"
        if kind:
            yield Mistake(kind, document, timex, tagged[partner[g]] if g in partner else None)
    for t in sorted(set(range(len(tagged))) - set(partner.values())):
        yield Mistake(f"spurious: rule {tagged[t].rule}", document, None, tagged[t])


def _kind_of_error(gold: Timex, tagged: Timex) -> str:
    """What is wrong with an expression that was found; empty if nothing is."""
    if gold.value and gold.value != tagged.value:
        meant, read = kind_of_value(gold), kind_of_value(tagged)
        return f"value: {meant} read as {'another' if meant == read else read}"
    if (gold.start, gold.end) == (tagged.start, tagged.end):
        return ""
    if gold.start <= tagged.start and tagged.end <= gold.end:
        return f"span too short: rule {tagged.rule}"
    too_long = tagged.start <= gold.start and gold.end <= tagged.end
    return f"span too {'long' if too_long else 'far to one side'}: rule {tagged.rule}"


_VALUES = (  # what a TIMEX3 value looks like, first fit
    ("set", r".*", "SET"),
    ("time of day", r".*T.*", "TIME"),
    ("duration", r"P.*\d.*|PX.*|P[XYMWD]+", ""),
    ("past, present or future", r"[A-Z]+_REF", ""),
    ("weekday or month of no year", r"XXXX-.*", ""),
    ("season", r".*-(?:SP|SU|FA|WI)", ""),
    ("quarter or half", r".*-[QH][\dX]", ""),
    ("week", r".*-W.*", ""),
    ("day", r".*\d{4}-\d\d-\d\d", ""),
    ("month", r".*\d{4}-\d\d", ""),
    ("decade", r"(?:BC)?\d{3}X?", ""),
    ("century", r"(?:BC)?\d\d(?:XX)?", ""),
    ("year", r"(?:BC)?\d{4}", ""),
    ("no value", r"", ""),
)


def kind_of_value(timex: Timex) -> str:
    """What kind of time a TIMEX3 value names: "day", "decade", "duration"."""
    import re

    for name, pattern, kind in _VALUES:
        if kind in ("", timex.type) and re.fullmatch(pattern, timex.value):
            return name
    return "other value"


def _most_common(kinds: Counter[str]) -> list[tuple[str, int]]:
    return sorted(kinds.items(), key=lambda item: (-item[1], item[0]))[:_KINDS]


# --------------------------------------------------------------------------- on the screen


def _show(
    name: str,
    documents: Sequence[Document],
    results: dict[str, dict[str, dict[str, float]]],
    mistakes: Sequence[Mistake],
) -> None:
    for each, taggers in results.items():
        texts = part(documents, each)
        print(f"\n{name}, {each}: {len(texts)} texts, {sum(len(d.gold) for d in texts)} expressions; F1 in percent")
        print(f"  {'':26}" + "".join(f"{measure:>22}" if " " in measure else f"{measure:>9}" for measure in MEASURES))
        for tagger, row in taggers.items():
            _show_row(tagger, [row[measure] for measure in MEASURES])
    print(f"\n{name}, most frequent kinds of error, development texts")
    for kind, count in _most_common(Counter(mistake.kind for mistake in mistakes)):
        print(f"  {count:5}  {kind}")


def _show_row(label: str, row: Sequence[float | None]) -> None:
    widths = [22 if " " in measure else 9 for measure in MEASURES]
    cells = ("-" if figure is None else f"{figure:.2f}" for figure in row)
    print(f"  {label:26}" + "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True)))


def _show_elsewhere() -> None:
    print(
        "\nfor comparison, measured once with the same metrics on OTHER texts: TempEval-3 platinum and whole WikiWars"
    )
    for tagger, texts, row in ELSEWHERE:
        print(f"  on {texts}, not on the texts above:")
        _show_row(tagger, row)


def _show_errors(mistakes: dict[str, list[Mistake]], count: int) -> None:
    every = [mistake for found in mistakes.values() for mistake in found]
    chosen = random.Random(0).sample(every, min(count, len(every)))
    print(f"\n{len(chosen)} of {len(every)} errors in development texts; >>what the tagger found<<, [[the gold]]")
    for mistake in sorted(chosen, key=lambda m: m.kind):
        print(f"\n{mistake.kind}  ({mistake.document.name}, published {mistake.document.published or 'unknown'})")
        print(f"  ...{_marked(mistake)}...")
        for label, timex in (("gold", mistake.gold), ("tagger", mistake.tagged)):
            if timex:
                print(f"  {label:7}{timex.type} {timex.value}")


def _marked(mistake: Mistake) -> str:
    """The text around an error, with signs where the spans begin and end."""
    text = mistake.document.text
    signs = []
    for timex, opening, closing in ((mistake.gold, "[[", "]]"), (mistake.tagged, ">>", "<<")):
        if timex:
            signs += [(timex.start, 1, opening), (timex.end, 0, closing)]
    signs.sort()
    position = max(0, signs[0][0] - _AROUND)
    pieces = []
    for place, _, sign in signs:
        pieces += [text[position:place], sign]
        position = place
    return " ".join("".join([*pieces, text[position : position + _AROUND]]).split())


if __name__ == "__main__":
    sys.exit(main())
