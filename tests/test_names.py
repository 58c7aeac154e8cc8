"""Whom a pronoun means, and who "the two countries" are: the right name or none, never a wrong one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_find import LEXICON, RULES, mentions_of, read

from timeline.model import Source
from timeline.names import Names
from timeline.segment import sentences

LIFE = (
    "Elsa Roth was a chemist. She studied in Bremen. She taught in Ulm. She sang. At night Roth wrote poems. "
    "The students feared Elsa Roth. She lived alone. A friend called Roth a hermit. "
)  # a text about one person


def titles(text: str, on: str = "") -> list[str]:
    return [mention.title for mention in read(text, on)]


def names(text: str, title: str = "") -> Names:
    return Names(text, sentences(text, RULES), RULES, LEXICON, title)


# ------------------------------------------------------------------------------------------ one can be meant


@pytest.mark.parametrize(
    ("text", "title"),
    [
        # a person
        ("Clara Benz moved to Oslo. In 1904 she opened a school.", "Clara Benz opened a school"),
        ("Karl Holm left. Then Peter Lund left. In 1904 he opened a school.", "Peter Lund opened a school"),
        ("In 1954 the firm bought a mill. In 1956 it sold the mill.", "The firm sold the mill"),
        ("On 12 May 1954 Otto Hall bought a mill. In 1956 he left.", "Otto Hall left"),
        ("Mr Hall sold the farm to Mrs Price in 1911. She sold it in 1920.", "Mrs Price sold it"),
        ("Clara Benz moved. She left. She came. She wept. She sang. In 1904 she left again.", "Clara Benz left again"),
        ("Clara Benz moved to Oslo. It rained. In 1904 she opened a school.", "Clara Benz opened a school"),
        ("The prime minister resigned. In 1986 she wrote a book.", "The prime minister wrote a book"),
        ("The tenant's brother, Captain Holm, was ill. In 1986 Captain Holm left.", "Captain Holm left"),
        # in the same sentence
        ("When she was a student, Greta Holt met Emil Berg in 1921.", "Greta Holt met Emil Berg"),
        ("After he took office, President Ruiz sold the airline in 1991.", "President Ruiz sold the airline"),
        ("Elsa Roth met Karl Menger in 1903, and in 1905 she married him.", "Elsa Roth married him"),
        ("Alma Steen painted boats. When her mother fell ill in 1930, she returned to Bergen.",
         "Alma Steen returned to Bergen"),
        ("The minister denied that he had met the banker in 2001.", "The minister had met the banker"),
        # a thing
        ("The firm was sold. In 1904 it moved to Leeds.", "The firm moved to Leeds"),
        ("The firm was sold in 1903, and in 1904 it moved to Leeds.", "The firm moved to Leeds"),
        ("The river is wide. In 1955 it flooded the town.", "The river flooded the town"),
        ("The committee met in Bern and in 1906 it adopted the code.", "The committee adopted the code"),
        ("The Alder Society was founded by nuns. In 1910 it had 300 members.", "The Alder Society had 300 members"),
        # several
        ("The workers formed a union. In 1904 they went on strike.", "The workers went on strike"),
        # a shared subject is no pronoun, and is found too
        ("The dam broke in 2011 and was rebuilt by 2015.", "The dam was rebuilt"),
    ],
)  # fmt: skip
def test_a_pronoun_is_replaced_where_one_alone_can_be_meant(text: str, title: str) -> None:
    assert titles(text)[-1] == title


# ------------------------------------------------------------------------------------------ who knows


@pytest.mark.parametrize(
    ("text", "title"),
    [
        # two persons
        ("Karl Holm and Berta Lund met in Oslo. In 1904 she opened a school.", "She opened a school"),
        ("Elsa Roth and Marta Klein founded the journal in 1921. In 1923 she sold her share.", "She sold her share"),
        ("Clara Benz married Otto Lang in 1902. She died in 1940.", "She died"),
        ("Karl Menger taught Paul Adler. In 1904 he published a paper.", "He published a paper"),
        ("The council bought the mill from the abbey. In 1890 it was pulled down.", "It was pulled down"),
        ("The owners of the mill quarrelled. In 1901 it was sold.", "It was sold"),
        ("Ann Cole and her brother Max ran the shop. In 1979 he left.", "He left"),
        # a person is no thing, and a thing no person
        ("Clara Benz moved to Oslo. In 1904 it burned down.", "It burned down"),
        ("The firm was sold. In 1904 she left it.", "She left it"),
        ("The mills were sold. In 1904 she left.", "She left"),
        ("The ship was built in Genoa. She sank in 1781.", "She sank"),
        # nobody is named, or too far away
        ("They opened a school in 1904.", "They opened a school"),
        ("In Bern they signed the code in 1906.", "They signed the code"),
        ("Clara Benz moved. It rained. It rained. It rained. It rained. In 1904 she left.", "She left"),
        # another's
        ("Clara Benz had a brother. Her brother was ill. In 1904 it ended.", "It ended"),
        ("The band toured. Its first album was released in 1984.", "Its first album was released"),
    ],
)
def test_a_pronoun_stays_where_nobody_or_another_may_be_meant(text: str, title: str) -> None:
    assert titles(text)[-1] == title


def test_a_name_unknown_makes_a_row_less_sure() -> None:
    known, unknown = read("Clara Benz moved. In 1904 she opened a school.") + read("In 1904 she opened a school.")

    assert unknown.title == "She opened a school"
    assert unknown.confidence < known.confidence


def test_a_name_put_for_a_pronoun_is_an_actor_of_the_row() -> None:
    assert [mention.actors for mention in read("Clara Benz moved. In 1904 she opened a school.")] == [("Clara Benz",)]


# ------------------------------------------------------------------------------------------ a text about one person


@pytest.mark.parametrize(
    ("more", "title"),
    [
        ("In 1921 she left Vienna.", "Roth left Vienna"),
        ("Karl Menger ran the press. Ida Holm wrote. In 1921 she left Vienna.", "Roth left Vienna"),
        ("Her first paper appeared in 1903.", "Roth’s first paper appeared"),
    ],
)
def test_in_a_text_about_one_person_she_is_that_person(more: str, title: str) -> None:
    assert titles(LIFE + more)[-1] == title


def test_in_a_text_about_one_person_he_is_another() -> None:
    assert titles(f"{LIFE}Karl Menger ran the press. In 1921 he left.")[-1] == "Karl Menger left"
    assert titles(f"{LIFE}In 1921 he left.")[-1] == "He left"


def test_the_title_of_a_source_says_whom_it_is_about() -> None:
    text = "She was a chemist. She studied in Bremen. She taught. She wrote. In 1921 she left."
    source = Source("note", text, work="work", title="Elsa Roth")

    assert [mention.title for mention in mentions_of(source)] == ["Roth left"]
    assert titles(text) == ["She left"]


@pytest.mark.parametrize(
    ("text", "word", "owner"),
    [
        (LIFE, "her", "Roth"),
        (LIFE, "Her", "Roth"),
        (LIFE, "his", ""),
        (LIFE, "its", ""),
        (LIFE + "He came. He saw. He won. He left.", "her", ""),  # two are talked of
        ("Clara Benz moved. She left.", "her", ""),  # too short to know
        ("", "her", ""),
    ],
)
def test_her_is_owned_where_a_text_is_about_one_person(text: str, word: str, owner: str) -> None:
    assert names(text).owner(word) == owner


# ------------------------------------------------------------------------------------------ the two countries


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "Russia and China signed a treaty in 1950. The two countries fell out in 1960.",
            "Russia and China fell out",
        ),
        ("Russia and China met in Bern. The two sides signed a treaty in 1955.", "Russia and China signed a treaty"),
        ("Russia and China met in Bern. In 1955 they signed a treaty.", "Russia and China signed a treaty"),
        ("Russia and China met. Both countries signed a treaty in 1955.", "Russia and China signed a treaty"),
        # three, or none, are not two
        ("Russia, China and India met. In 1955 the two countries made peace.", "The two countries made peace"),
        ("The envoys met. In 1955 the two countries signed a treaty.", "The two countries signed a treaty"),
        ("China grew. In 1955 the two countries signed a treaty.", "The two countries signed a treaty"),
    ],
)  # fmt: skip
def test_the_two_countries_are_the_two_that_were_named(text: str, title: str) -> None:
    assert titles(text)[-1] == title


# ------------------------------------------------------------------------------------------ its founding


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Port Alder Shipping is celebrating the 100th anniversary of its founding.", "Port Alder Shipping’s founding"),
        ("The college celebrated the 25th anniversary of its opening.", "The college’s opening"),
        ("Nora Lind marked the 10th anniversary of her election.", "Nora Lind’s election"),
        ("The Alder Brothers celebrated the 50th anniversary of their debut.", "The Alder Brothers’ debut"),
    ],
)
def test_an_anniversary_of_its_founding_names_the_owner(text: str, title: str) -> None:
    assert title in titles(text, "2021-06-15")


# ------------------------------------------------------------------------------------------ names in a subject


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Ada Byron", ("Ada Byron",)),
        ("Ada Byron and the Analytical Society", ("Ada Byron", "Analytical Society")),
        ("Ada Byron, Otto Lang and Kroll & Sons", ("Ada Byron", "Otto Lang", "Kroll & Sons")),
        ("the Bank of Lund", ("Bank of Lund",)),
        ("the council", ()),
        ("the council and Ada Byron", ()),
        ("she", ()),
        ("", ()),
        ("Benz", ("Benz",)),  # capitalised within a sentence too
        ("Output", ()),  # at the head of one only
    ],
)
def test_a_subject_of_names_is_split_into_them(subject: str, expected: tuple[str, ...]) -> None:
    assert names("They met Benz in Oslo. Output fell.").proper(subject) == expected


# ------------------------------------------------------------------------------------------ any text at all

WORDS = "Ann Cole Otto Hall the firm mill she he it they her his met sold left . , and who when in 1902 Mr Russia China"
PRONOUNS = ("she", "he", "it", "they", "the two countries", "there", "nobody", "")


@given(st.lists(st.sampled_from(WORDS.split()), max_size=60).map(" ".join), st.sampled_from(PRONOUNS))
def test_a_name_is_in_the_text_or_the_lexicon(text: str, words: str) -> None:
    spans = sentences(text, RULES)
    known = set(re.findall(r"\w+", f"{text} {' '.join(LEXICON.actors(text, None))} and"))
    for number in range(len(spans)):
        name = names(text).at(number)(words, (), False)
        assert set(re.findall(r"\w+", name)) <= known
        assert name.lower() not in PRONOUNS[:4]


@given(st.text(max_size=100))
def test_any_text_has_names_without_an_error(text: str) -> None:
    known = names(text, text[:20])
    for number in range(len(sentences(text, RULES))):
        known.at(number)("she", (), False)
    assert known.owner("her") == "" or known.owner("her") in text
    known.proper(text)
