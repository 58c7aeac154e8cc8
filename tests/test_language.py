"""Which language is it? Of those there are rules for; and nothing rather than a wrong one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.build import build
from timeline.language import recognise
from timeline.model import Source
from timeline.rules import languages

TEXTS = [
    # language, text
    ("en", "In March 1969 fighting began."),
    ("en", "The 中华人民共和国 was founded in 1949, and the first treaty with the neighbour in the north was signed."),
    ("ru", "В марте 1969 года начались бои."),
    ("zh", "1969年3月发生冲突。"),
    ("zh", "一九六九年三月，邊境發生衝突。"),
    ("zh", "中华人民共和国于1949年成立，即 PRC (People Republic)。其后与苏联签订了条约。"),
    ("", "У 1991 році проголошено незалежність, і її визнали інші держави."),  # Ukrainian
    ("", "През 1991 година беше приета нова конституция, която беше подписана."),  # Bulgarian
    ("", "1969年3月に国境で衝突が発生した。その後、交渉が始まった。"),  # Japanese
    ("", "1969년 3월에 국경에서 충돌이 일어났다."),  # Korean
    ("", "Le 3 mars 1921, les deux pays ont signé un traité de paix et ils se sont engagés à ne plus se battre."),
    ("", "1969-03-02 // 2001"),
    ("", ""),
]


@pytest.mark.parametrize(("language", "text"), TEXTS)
def test_a_text_shows_its_language(language: str, text: str) -> None:
    assert recognise(text) == language


@given(st.text())
def test_any_text_has_a_known_language_or_none(text: str) -> None:
    assert recognise(text) in ("", *languages())


def test_each_source_is_read_in_its_own_language() -> None:
    texts = {
        "a": "The fighting began in March 1969.",
        "b": "Бои начались в марте 1969 года.",
        "c": "冲突发生于1969年3月。",
    }

    built = build([Source(name, text) for name, text in texts.items()])

    assert [source.language for source in built.sources] == ["en", "ru", "zh"]
    assert [event.date for event in built.events] == ["1969-03"] * 3


def test_a_language_that_is_given_is_not_asked_about() -> None:
    built = build([Source("a", "Бои начались в 1969.", language="en")])

    assert [source.language for source in built.sources] == ["en"]


def test_a_region_or_script_has_the_rules_of_its_language() -> None:
    built = build([Source("a", "冲突发生于1969年3月。", language="zh-Hans")])

    assert [event.date for event in built.events] == ["1969-03"]


def test_a_text_in_an_unknown_language_says_so() -> None:
    built = build([Source("a", TEXTS[-3][1])])

    assert any("language was not recognised" in problem.what and not problem.is_error for problem in built.problems)


def test_a_given_language_without_rules_is_a_problem_and_the_others_are_built() -> None:
    built = build([Source("a", "In 1969.", language="tlh"), Source("b", "Fighting began in March 1969.")])

    assert any(problem.where == "a" and "tlh" in problem.what for problem in built.problems)
    assert len(built.events) == 1
