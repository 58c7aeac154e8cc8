"""Which sources are one work: an article and its copies in other papers bear each other out no more than one would."""

from __future__ import annotations

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from ..model import Problem, Source

_WORD = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")
_SHINGLE = 6  # words in a row that seldom come together twice by chance
_SAMPLED = 2  # of the shingles half are compared, by their first word, so that texts of all lengths can be
_COPIED = 0.6  # share of the shorter text's shingles that the other one has, from which on it is a copy
_FEWEST = 8  # shingles below which nothing can be said
_COMMON = 40  # sources with the same shingle from which on it is a form of words


def one_work(sources: Sequence[Source]) -> tuple[list[Source], list[Problem]]:
    """The sources, near-copies of a text with the work of the one that appeared first; a note on each.

    Linear in the length of the texts. The order of the sources does not matter.
    """
    prints = [_print(source.text) for source in sources]
    copies = _copies(prints)
    if not copies:
        return list(sources), []
    groups = _Groups(len(sources))
    for one, other in copies:
        groups.join(one, other)
    found, problems = list(sources), []
    for members in groups.several():
        first = min(members, key=lambda n: (sources[n].published or "9", sources[n].id))
        for member in members:
            if sources[member].work != sources[first].work:
                share = _share(prints[member], prints[first])
                what = f"has {share:.0%} of its words in common with {sources[first].id}; the two count as one work"
                problems.append(Problem(sources[member].id, what, is_error=False))
                found[member] = replace(sources[member], work=sources[first].work)
    return found, problems


def _print(text: str) -> frozenset[int]:
    """Numbers that stand for some of the rows of words in a text, chosen so that equal passages choose equal ones."""
    words = _WORD.findall(text.lower())
    chosen: dict[str, bool] = {}
    found = set()
    for place in range(len(words) - _SHINGLE + 1):
        word = words[place]
        is_chosen = chosen.get(word)
        if is_chosen is None:
            is_chosen = chosen[word] = zlib.crc32(word.encode("utf-8", "replace")) % _SAMPLED == 0
        if is_chosen:
            found.add(zlib.crc32(" ".join(words[place : place + _SHINGLE]).encode("utf-8", "replace")))
    return frozenset(found)


def _share(one: frozenset[int], other: frozenset[int]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))


def _copies(prints: Sequence[frozenset[int]]) -> list[tuple[int, int]]:
    """Pairs of texts of which one has most of the other."""
    seen: set[int] = set()
    repeated: set[int] = set()
    for each in prints:
        repeated |= seen & each
        seen |= each
    having: dict[int, list[int]] = defaultdict(list)
    for number, each in enumerate(prints):
        for shingle in each & repeated:
            having[shingle].append(number)
    common = {shingle for shingle, numbers in having.items() if len(numbers) > _COMMON}
    shared: Counter[tuple[int, int]] = Counter()
    for shingle, numbers in having.items():
        if shingle not in common and len(numbers) > 1:
            shared.update((a, b) for place, a in enumerate(numbers) for b in numbers[place + 1 :])
    sizes = [len(each - common) if common else len(each) for each in prints]
    return sorted(
        pair
        for pair, count in shared.items()
        if count >= _FEWEST and count >= _COPIED * min(sizes[pair[0]], sizes[pair[1]])
    )


class _Groups:
    """Numbers joined into groups (union-find)."""

    def __init__(self, count: int) -> None:
        self._parents = list(range(count))

    def _root(self, number: int) -> int:
        while self._parents[number] != number:
            self._parents[number] = self._parents[self._parents[number]]
            number = self._parents[number]
        return number

    def join(self, one: int, other: int) -> None:
        self._parents[self._root(one)] = self._root(other)

    def several(self) -> list[list[int]]:
        """The groups of more than one."""
        groups: dict[int, list[int]] = defaultdict(list)
        for number in range(len(self._parents)):
            groups[self._root(number)].append(number)
        return [members for members in groups.values() if len(members) > 1]
