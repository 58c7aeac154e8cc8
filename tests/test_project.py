"""A project is a folder: what its files say is used, what they say wrongly is named."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from timeline.model import Era, TimelineError
from timeline.project import KEYS, find_project, locate, new_project, read_eras

HEADER = "era_id,title,date,earliest,latest,note\n"


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return folder


# ------------------------------------------------------------------------------------------ timeline.toml


def test_a_folder_with_seeds_is_a_project(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    project, problems = find_project(tmp_path)

    assert not problems
    assert project.is_project
    assert (project.title, project.language) == (tmp_path.name, "")
    assert (project.sources, project.data) == ((tmp_path / "seeds",), tmp_path / "data")


def test_a_folder_with_neither_is_none(tmp_path: Path) -> None:
    project, problems = find_project(tmp_path)

    assert not problems
    assert (project.is_project, project.sources) == (False, ())


def test_what_timeline_toml_says_is_used(tmp_path: Path) -> None:
    write(tmp_path, {"timeline.toml": 'title = "T"\nlanguage = "fr"\nsources = ["a", "b/c.txt"]\ndata = "tables"'})
    project, problems = find_project(tmp_path)

    assert not problems
    assert (project.title, project.language) == ("T", "fr")
    assert project.sources == (tmp_path / "a", tmp_path / "b" / "c.txt")
    assert project.data == tmp_path / "tables"


@pytest.mark.parametrize(
    ("toml", "what"),
    [
        ('titel = "T"', "unknown key 'titel'; did you mean title? The keys are title, language, sources, data, port"),
        ('colour = "T"', "unknown key 'colour'; the keys are title, language, sources, data, port"),
        ('port = "8050"', "port is not a whole number from 0 to 65535; write for example port = 8050"),
        ("port = 65536", "port is not a whole number from 0 to 65535"),
        ("port = true", "port is not a whole number from 0 to 65535"),
        ("language = 7", 'language is not a text; write for example language = "en"'),
        ("data = []", 'data is not a text; write for example data = "data"'),
        ("title = 7", 'title is not a text; write for example title = "My timeline"'),
        ("sources = [1]", "sources is not a text or a list of texts"),
        ("sources = {}", "sources is not a text or a list of texts"),
        ("title = \n", "is not TOML: Invalid value (at line 1, column 9)"),
    ],
)
def test_a_bad_setting_is_named_and_the_default_is_used(tmp_path: Path, toml: str, what: str) -> None:
    write(tmp_path, {"timeline.toml": toml})
    project, (problem,) = find_project(tmp_path)

    assert project.is_project
    assert (project.title, project.sources) == (tmp_path.name, (tmp_path / "seeds",))
    assert str(problem).startswith(f"{tmp_path / 'timeline.toml'}: {what}")


@pytest.mark.parametrize("key", KEYS)
def test_every_key_is_documented_and_in_a_new_project(tmp_path: Path, key: str) -> None:
    new_project(tmp_path)

    assert re.search(rf"^(?:# )?{key} = ", (tmp_path / "timeline.toml").read_text("utf-8"), re.MULTILINE)
    assert re.search(rf"^\| `{key}` \|", (Path(__file__).parent.parent / "README.md").read_text("utf-8"), re.MULTILINE)


def test_a_bad_setting_in_a_package_names_that_file(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "[tool.timeline]\ntitel = 1\n", "seeds/a.txt": "In 1969."})
    _, (problem,) = find_project(tmp_path)

    assert str(problem).startswith(f"{tmp_path / 'pyproject.toml'}: unknown key 'titel'; did you mean title?")


def test_the_port_is_taken(tmp_path: Path) -> None:
    assert find_project(write(tmp_path, {"timeline.toml": "port = 0"}))[0].port == 0
    assert find_project(write(tmp_path, {"timeline.toml": ""}))[0].port is None


# ------------------------------------------------------------------------------------------ where the tables are


def test_tables_of_a_project_lead_from_the_project(tmp_path: Path) -> None:
    write(tmp_path, {"timeline.toml": 'title = "T"\ndata = "a/b"', "a/b/events.csv": "", "out/events.csv": ""})

    assert locate(tmp_path) == (tmp_path, tmp_path / "a/b", "T")
    assert locate(tmp_path / "a/b") == (tmp_path.resolve(), tmp_path / "a/b", "T")
    assert locate(tmp_path / "out") == (tmp_path / "out", tmp_path / "out", "out")


def test_a_project_without_tables_says_how_to_get_them(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()

    with pytest.raises(TimelineError, match="no tables here yet; run `timeline build`"):
        locate(tmp_path)


# ------------------------------------------------------------------------------------------ eras


def test_eras_are_read(tmp_path: Path) -> None:
    path = write(tmp_path, {"eras.csv": HEADER + 'a,First,1900/1949,1900-01-01,1949-12-31,"x, y"\nb,Now,2014/..,,,\n'})

    assert read_eras(path / "eras.csv") == ([Era("a", "First", "1900/1949", "x, y"), Era("b", "Now", "2014/..")], [])


def test_the_order_of_the_file_does_not_matter(tmp_path: Path) -> None:
    rows = ["b,Wide,1900/1999,,,\n", "c,Late,1950/1960,,,\n", "a,Narrow,1900/1949,,,\n", "d,Same,1950/1960,,,\n"]
    one = write(tmp_path / "1", {"eras.csv": HEADER + "".join(rows)}) / "eras.csv"
    other = write(tmp_path / "2", {"eras.csv": HEADER + "".join(rows[::-1])}) / "eras.csv"

    assert read_eras(one) == read_eras(other)
    assert [era.era_id for era in read_eras(one)[0]] == ["a", "b", "c", "d"]


def test_no_eras_are_no_problem(tmp_path: Path) -> None:
    assert read_eras(tmp_path / "eras.csv") == ([], [])


@pytest.mark.parametrize(
    ("row", "is_kept", "what"),
    [
        ("a,First,1900/1949,1900-01-01,1949-12-30,", True, "latest is '1949-12-30' but date '1900/1949' makes it"),
        ("a,First,1949/1900,,,", False, "date '1949/1900' ends before it begins"),
        ("a,First,long ago,,,", False, "date 'long ago' is not an EDTF date"),
        ("a,First,,,,", False, "date is empty"),
        (",First,1900/1949,,,", False, "era_id is empty"),
        ("a,First,1900/1949,,", False, "this row has 5 cells where the header has 6"),
        ("good,Again,1900/1949,,,", False, "a second era has the era_id 'good'"),
    ],
)
def test_a_bad_era_is_named_and_the_others_are_kept(tmp_path: Path, row: str, is_kept: bool, what: str) -> None:
    path = write(tmp_path, {"eras.csv": f"{HEADER}good,Good,1850/1899,,,\n{row}\n"}) / "eras.csv"

    eras, (problem,) = read_eras(path)

    assert [era.era_id for era in eras] == ["good"] + ["a"] * is_kept
    assert str(problem).startswith(f"{path}:3: {what}")
    assert problem.hint


def test_columns_that_are_not_used_are_noted(tmp_path: Path) -> None:
    path = write(tmp_path, {"eras.csv": "colour," + HEADER + "red,a,First,1900/1949,,,\n"}) / "eras.csv"

    eras, (problem,) = read_eras(path)

    assert len(eras) == 1
    assert str(problem) == f"{path}: column colour is not used; eras.csv is left as it is"
    assert not problem.is_error


# ------------------------------------------------------------------------------------------ a new one


@pytest.mark.parametrize("name", ["plain", 'with "quotes" \\ and 字'])
def test_a_new_project_is_one(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    files = new_project(folder)

    assert files == ["timeline.toml", "seeds/sources.toml", "data/eras.csv", "data/decisions.jsonl"]
    assert all((folder / file).is_file() for file in files)
    project, problems = find_project(folder)
    assert not problems
    assert (project.is_project, project.title) == (True, name)
    assert read_eras(folder / "data" / "eras.csv") == ([], [])


def test_the_example_of_a_source_is_right_when_its_marks_are_taken_off(tmp_path: Path) -> None:
    new_project(tmp_path)
    text = (tmp_path / "seeds" / "sources.toml").read_text()
    example = re.sub("(?m)^# ", "", text[text.index("# [report-1969]") :])

    assert tomllib.loads(example)["report-1969"]["published"] == "1969-03-15"


def test_a_project_is_not_begun_twice(tmp_path: Path) -> None:
    new_project(tmp_path)

    with pytest.raises(TimelineError, match="is a project already; name another folder"):
        new_project(tmp_path)


def test_files_that_are_there_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, {"data/decisions.jsonl": "{}"})

    assert "data/decisions.jsonl" not in new_project(tmp_path)
    assert (tmp_path / "data/decisions.jsonl").read_text() == "{}"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"file": ""})

    with pytest.raises(TimelineError, match=r"cannot be written .*; choose another folder"):
        new_project(tmp_path / "file" / "project")
