"""Who, where and what kind: names as they were meant in their time."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path

import pytest

from timeline.lexicon import Lexicon, load

# the default and what the project of this repository adds to it
LEXICON, PROBLEMS = load([Path(__file__).parents[1] / "data" / "lexicon.toml"])
DATA = tomllib.loads((resources.files("timeline") / "lexicon.toml").read_text(encoding="utf-8"))


def test_the_default_lexicon_is_read() -> None:
    assert PROBLEMS == []


# ------------------------------------------------------------------------------------------ actors and places


@pytest.mark.parametrize(
    ("text", "year", "actors"),
    [
        ("Moscow sent engineers to Beijing.", 1956, ("Soviet Union", "China")),
        ("Moscow sent engineers to Beijing.", 2014, ("Russia", "China")),
        ("Moscow sent engineers to Beijing.", 1880, ("Russia", "China")),
        ("Moscow broke with Beijing.", 1922, ("Soviet Union", "China")),
        ("Moscow broke with Beijing.", 1991, ("Soviet Union", "China")),
        ("Moscow broke with Beijing.", 1992, ("Russia", "China")),
        ("The Kremlin was silent.", 1969, ("Soviet Union",)),
        ("the Kremlin was silent", 2019, ("Russia",)),
        ("Russia was silent.", 1969, ("Russia",)),  # a text that says Russia means Russia
        ("Soviet troops came.", 2008, ("Soviet Union",)),  # there is no other Soviet Union
        ("Chinese and Russian ministers met.", 2021, ("China", "Russia")),
        ("Russian and Chinese ministers met.", 2021, ("Russia", "China")),  # in the order of the text
        ("China met China.", 2021, ("China",)),  # each once
        ("The People’s Republic of China was founded.", 1949, ("China",)),
        ("Xi Jinping met Putin.", 2019, ("Xi Jinping", "Vladimir Putin")),
        ("Mr. Xi met Mr. Putin.", 2019, ("Xi Jinping", "Vladimir Putin")),
        ("Xi met Putin.", 2019, ("Xi Jinping", "Vladimir Putin")),
        ("Xi’s visit", 2019, ("Xi Jinping",)),
        ("They met in Xi’an.", 2021, ()),  # a city
        ("They met in Xi'an.", 2021, ()),
        ("Li Keqiang and Medvedev met.", 2019, ("Li Keqiang", "Dmitry Medvedev")),
        ("the NATO-Russia Council", 2002, ("NATO", "Russia")),
        ("The U.S. and the EU imposed sanctions.", 2014, ("United States", "European Union")),
        ("it told us so", 2014, ()),  # us is not the US
        ("The Italian china broke.", 2014, ()),  # written as names are
        ("Chinatown burned.", 1906, ()),  # whole words
        ("Indochina burned.", 1954, ()),
        ("Maoists marched.", 1967, ()),
        ("nobody", 1956, ()),
        ("", 1956, ()),
    ],
)
def test_actors_are_meant_as_of_the_year(text: str, year: int, actors: tuple[str, ...]) -> None:
    assert LEXICON.actors(text, year) == actors


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("They met in Xi’an.", ("Xi’an",)),
        ("They met in Xi'an.", ("Xi’an",)),
        ("Xi came home.", ()),
        ("It lies in Russia’s Far East on the Amur River.", ("Russian Far East", "Amur River")),
        ("In Siberia and on the Amur", ("Siberia", "Amur River")),
        ("the Crimean peninsula", ("Crimea",)),
        ("nowhere", ()),
        ("", ()),
    ],
)
def test_places_are_found_by_their_names(text: str, places: tuple[str, ...]) -> None:
    assert LEXICON.places(text, 2000) == places


# ------------------------------------------------------------------------------------------ categories


@pytest.mark.parametrize(
    ("part", "category"),
    [
        ("the two sides signed a treaty of friendship", "Diplomacy"),
        ("trade rose by 27% to $107 billion", "Economy"),
        ("Chinese soldiers invaded disputed islands", "Military"),
        ("they will build a nuclear reactor and a space station", "Science"),
        ("the museum shows a film festival", "Culture"),
        ("a court sentenced him after a long trial", "Domestic"),
        ("he ate an apple", "Other"),
        ("", "Other"),
    ],
)
def test_a_category_is_the_one_whose_words_stand_most_often(part: str, category: str) -> None:
    assert LEXICON.describe(part, (0, len(part)))[0] == category


def test_the_part_of_the_event_counts_more_than_the_rest_of_the_sentence() -> None:
    part = "soldiers crossed the border"

    assert LEXICON.describe(f"{part}, and trade in oil shrank", (0, len(part)))[0] == "Military"


def test_salient_words_are_counted_once_in_any_case() -> None:
    text = "The TREATY was signed; the treaty was signed."

    assert LEXICON.describe(text, (0, len(text)))[1] == 2
    assert LEXICON.describe(text, (0, 10))[1] == 1  # of the event's part
    assert LEXICON.describe("nothing", (0, 7))[1] == 0


# ------------------------------------------------------------------------------------------ a project's own


def project(tmp_path: Path, text: str) -> tuple[Lexicon, list[str]]:
    file = tmp_path / "lexicon.toml"
    file.write_text(text, encoding="utf-8")
    lexicon, problems = load([file])
    return lexicon, [str(problem) for problem in problems]


def test_a_project_adds_its_own_words(tmp_path: Path) -> None:
    lexicon, problems = project(
        tmp_path,
        'salient = ["flood"]\n[categories]\nRiver = ["quay", "barge*", "ford"]\nEconomy = ["toll"]\n'
        '[actors.Merrin]\nnames = ["the council"]\n[actors.China]\nnames = ["Cathay"]\n[places.Ford]\nnames = []\n',
    )

    assert problems == []
    assert lexicon.actors("the council met Cathay and China", 1871) == ("Merrin", "China")
    assert lexicon.places("at the old Ford", 1871) == ("Ford",)
    assert lexicon.describe("barges at the quay", (0, 18))[0] == "River"
    assert lexicon.describe("a toll on trade", (0, 15))[0] == "Economy"
    assert lexicon.describe("a flood and a war", (0, 17))[1] == 2
    assert LEXICON.actors("the council met Cathay", 1871) == ()  # the default is as it was


def test_a_project_says_when_its_names_hold(tmp_path: Path) -> None:
    lexicon, _ = project(
        tmp_path,
        '[actors."Kingdom of Merrin"]\nnames = ["Merrin"]\nfrom = 1200\nto = 1799\n'
        '[actors."Republic of Merrin"]\nnames = ["Merrin"]\nfrom = 1800\n',
    )

    assert lexicon.actors("Merrin", 1500) == ("Kingdom of Merrin",)
    assert lexicon.actors("Merrin", 1900) == ("Republic of Merrin",)


WORDS = 'write a list of words, such as ["quay", "barge*"]'
ENTRY = "write a table with names, from, to"


@pytest.mark.parametrize(
    ("text", "where", "hint"),
    [
        ("salient = 5", "salient", WORDS),
        ('salient = "war"', "salient", WORDS),
        ("salient = [5]", "salient", WORDS),
        ('salient = [""]', "salient", WORDS),
        ("[salient]\nwar = 1", "salient", WORDS),
        ("actors = 5", "actors", "write a table with an entry for each name"),
        ('actors = "China"', "actors", "write a table with an entry for each name"),
        ('[actors]\nChina = ["Cathay"]', "actors.China", f"{ENTRY}, body"),
        ("[actors.China]\nnames = 5", "actors.China.names", WORDS),
        ("[actors.China]\nnames = [5]", "actors.China.names", WORDS),
        ('[actors.China]\nnames = "Cathay"', "actors.China.names", WORDS),
        ('[actors.China]\nfrom = "1949"', "actors.China.from", "write a year, such as 1949"),
        ("[actors.China]\nto = 1949-10-01", "actors.China.to", "write a year, such as 1949"),
        ("[actors.China]\nsince = 1949", "actors.China.since", "write one of names, from, to, body"),
        ('[places]\nFord = "ford"', "places.Ford", ENTRY),
        ("categories = 5", "categories", "write a table with an entry for each name"),
        ('categories = ["River"]', "categories", "write a table with an entry for each name"),
        ("[categories]\nRiver = 5", "categories.River", WORDS),
        ("[categories]\nRiver = [5]", "categories.River", WORDS),
        ('[categories]\nRiver = ["*"]', "categories.River", WORDS),  # it would match any word
        ("[categories.River]\nwords = []", "categories.River", WORDS),
        ("[actor.Merrin]\nnames = []", "actor", "write one of salient, categories, actors, places"),
    ],
)
def test_a_wrong_entry_is_a_problem_and_the_rest_counts(tmp_path: Path, text: str, where: str, hint: str) -> None:
    rest = "[places.Quay]" if where.startswith("actors") else "[actors.Merrin]"
    lexicon, problems = project(tmp_path, f"{text}\n{rest}\nnames = ['the house']\n")

    assert len(problems) == 1
    assert problems[0].startswith(f"lexicon.toml: {where}: ")
    assert problems[0].endswith(f"; {hint}")
    assert lexicon.actors("the house", 1871) + lexicon.places("the house", 1871) in (("Merrin",), ("Quay",))
    assert lexicon.actors("Moscow and Chinese", 1969) == ("Soviet Union", "China")
    assert lexicon.describe("a treaty", (0, 8))[0] == "Diplomacy"


def test_each_wrong_entry_is_a_problem_of_its_own(tmp_path: Path) -> None:
    _, problems = project(tmp_path, "salient = 5\n[actors.China]\nnames = 5\nfrom = 'x'\n")

    assert problems == [
        f"lexicon.toml: salient: it cannot be 5; {WORDS}",
        f"lexicon.toml: actors.China.names: it cannot be 5; {WORDS}",
        "lexicon.toml: actors.China.from: it cannot be 'x'; write a year, such as 1949",
    ]


def test_a_file_that_is_no_toml_is_a_problem_and_the_default_is_used(tmp_path: Path) -> None:
    lexicon, problems = project(tmp_path, "[actors")

    assert len(problems) == 1
    assert problems[0].startswith("lexicon.toml: not read: ")
    assert lexicon.actors("Moscow", 1969) == ("Soviet Union",)


def test_a_file_that_is_not_utf8_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "lexicon.toml").write_bytes(b"salient = ['\xff']")

    _, problems = load([tmp_path / "lexicon.toml"])

    assert len(problems) == 1


def test_a_file_that_is_not_there_is_no_problem(tmp_path: Path) -> None:
    assert load([tmp_path / "lexicon.toml"])[1] == []


# ------------------------------------------------------------------------------------------ the default's form


def test_every_entry_of_the_default_has_known_keys() -> None:
    assert set(DATA) == {"salient", "categories", "actors", "places"}
    for table in ("actors", "places"):
        for name, entry in DATA[table].items():
            assert set(entry) <= {"names", "from", "to", *(["body"] if table == "actors" else [])}, name
            assert len(entry["names"]) == len(set(entry["names"])), name


def test_names_that_several_actors_share_have_a_time_to_tell_them_apart() -> None:
    owners: dict[str, list[str]] = {}
    for name, entry in DATA["actors"].items():
        for alias in {name, *entry["names"]}:
            owners.setdefault(alias, []).append(name)
    for alias, names in owners.items():
        timeless = [name for name in names if not {"from", "to"} & set(DATA["actors"][name])]
        assert len(timeless) <= 1, alias
