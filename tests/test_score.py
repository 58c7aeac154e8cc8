"""The measure itself: what counts as found, as missed, and as neither."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.edtf import parse
from timeline.model import TimelineError
from timeline.score import Telling, compare, is_compatible, is_same, match, overlaps, score

A = "On 2 March 1969 guards fought on an island."
B = "A treaty was signed in February 1950."
C = "Trade grew in the 1950s."


def telling(quote: str, date: str, must: str = "must", source_id: str = "note", start: int = -1) -> Telling:
    return Telling(source_id, parse(date), quote, start, start + len(quote) if start >= 0 else -1, must)


@pytest.mark.parametrize(
    ("built", "gold", "strict", "lenient"),
    [
        ("1969-03-02", "1969-03-02", True, True),
        ("1969", "1969-03-02", False, True),
        ("1969-03-02", "1969", False, True),
        ("1969-03-02", "1969-03-03", False, False),
        ("1950~", "1950", False, True),
        ("2014/..", "2015", False, True),
        ("2021-33", "2021-01/2021-03", True, True),  # two ways to write the same days
        ("1949/1951", "1950/1952", False, False),
    ],
)
def test_dates_are_compared_strictly_and_leniently(built: str, gold: str, strict: bool, lenient: bool) -> None:
    assert is_same(parse(built), parse(gold)) == strict
    assert is_compatible(parse(built), parse(gold)) == lenient


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (telling(A, "1969"), telling("guards fought on an island", "1969"), True),
        (telling("fought", "1969"), telling(A, "1969"), True),
        (telling(A, "1969"), telling(B, "1969"), False),
        (telling(A, "1969"), telling(A, "1969", source_id="book"), False),
        (telling("", "1969"), telling(A, "1969"), False),
        (telling("abc", "1969", start=10), telling("bcd", "1969", start=11), True),
        (telling("abc", "1969", start=10), telling("xyz", "1969", start=13), False),
    ],
)
def test_passages_overlap(one: Telling, other: Telling, same: bool) -> None:
    assert overlaps(one, other) == overlaps(other, one) == same


@pytest.mark.parametrize(
    ("built", "gold", "counts"),
    [
        ([], [], (0, 0, 0)),
        ([telling(A, "1969")], [], (0, 1, 0)),
        ([], [telling(A, "1969")], (0, 0, 1)),
        ([telling(A, "1969")], [telling(A, "1969")], (1, 1, 1)),
        ([telling(A, "1969"), telling(A, "1969")], [telling(A, "1969")], (1, 2, 1)),  # told once, built twice
        ([telling(C, "195X")], [telling(C, "195X", "may")], (0, 0, 0)),  # excused
        ([], [telling(C, "195X", "may")], (0, 0, 0)),  # and not asked for
        ([telling(A, "1969")], [telling(A, "1969", "may"), telling(A, "1969", "should")], (1, 1, 1)),
    ],
)
def test_what_is_right_built_and_wanted(built: list[Telling], gold: list[Telling], counts: tuple[int, ...]) -> None:
    result = compare(built, gold, is_same)

    assert (result.hits, result.built, result.wanted) == counts


@given(st.lists(st.lists(st.integers(0, 5), unique=True, max_size=4), max_size=5))
def test_the_matching_is_as_large_as_can_be(edges: list[list[int]]) -> None:
    found = match(edges)
    picks = ([r for r in pick if r is not None] for pick in itertools.product(*([None, *right] for right in edges)))
    sizes = (len(pick) for pick in picks if len(set(pick)) == len(pick))

    assert len(set(found.values())) == len(found) == max(sizes)
    assert all(right in edges[left] for right, left in found.items())


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """Four mentions of four events; one event is rejected, and one source has no gold."""
    (tmp_path / "events.csv").write_text(
        "event_id,status\ne1,proposed\ne2,accepted\ne3,rejected\ne4,edited\n", "utf-8"
    )  # fmt: skip
    (tmp_path / "mentions.csv").write_text(
        "mention_id,event_id,source_id,date,quote,quote_start,quote_end\n"
        f"m1,e1,note,1969-03-02,{A},0,{len(A)}\n"
        f"m2,e2,note,1950,{B},50,{50 + len(B)}\n"
        f"m3,e3,note,195X,{C},100,{100 + len(C)}\n"
        f"m4,e4,other,1950,{B},0,{len(B)}\n",
        "utf-8",
    )
    return tmp_path


def gold(folder: Path, *rows: str, header: str = "source_id,date,quote,must") -> Path:
    path = folder / "gold" / "gold.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join((header, *rows)) + "\n", "utf-8")
    return path


def test_the_report(built: Path) -> None:
    path = gold(built, f"note,1969-03-02,{A},must", f"note,1950-02,{B},must", f"note,195X,{C},should")

    assert score(built, path) == score(built, path.parent)
    assert score(built, path) == "\n".join(
        [
            "2 mentions against 3 gold rows in 1 sources; 1 mentions of sources without gold left aside",
            "",
            "dates     precision  recall     F1   right  built  wanted",
            "strict        0.500   0.333  0.400       1      2       3",
            "lenient       1.000   0.667  0.800       2      2       3",
            "",
            "missed `must` rows, strict (1):",
            f"  note  1950-02  {B} (built: 1950)",
        ]
    )


def test_gold_may_say_where_instead_of_what(built: Path) -> None:
    path = gold(built, "note,1969-03-02,,must,3,9", header="source_id,date,quote,must,quote_start,quote_end")

    assert "no `must` row is missed" in score(built, path)


@pytest.mark.parametrize(
    ("row", "header", "message"),
    [
        ("note,1969-13,q,must", "source_id,date,quote,must", "gold.csv:2: '1969-13' has no month 13"),
        ("note,1969,q,perhaps", "source_id,date,quote,must", "gold.csv:2: must is 'perhaps'"),
        ("note,1969,q", "source_id,when,quote", "has no column date"),
        ("note,1969,q,must,x,y", "source_id,date,quote,must,quote_start,quote_end", "whole numbers"),
    ],
)
def test_gold_that_is_none_is_refused(built: Path, row: str, header: str, message: str) -> None:
    with pytest.raises(TimelineError, match=message):
        score(built, gold(built, row, header=header))


def test_a_folder_without_tables_or_gold_is_refused(built: Path) -> None:
    (built / "empty").mkdir()
    with pytest.raises(TimelineError, match="gold is a CSV"):
        score(built, built / "empty")
    with pytest.raises(TimelineError, match="name a folder of tables"):
        score(built / "empty", gold(built, f"note,1969,{A},must"))
