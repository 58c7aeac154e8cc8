"""A timeline project is a folder: what timeline.toml says about it, its eras, and how a new one begins."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from .edtf import EdtfError, parse
from .model import Era, Problem, TimelineError
from .table import TABLES, csv_bytes, faults, read_rows, sorted_eras

KEYS = ("title", "language", "sources", "data", "port")
_LAST_PORT = 65535
_ERAS_HINT = "mend the file in a text editor; until then it is left as it is"


@dataclass(frozen=True, slots=True)
class Project:
    """Where a timeline keeps its things. `is_project` is False for a folder that is none; it then has no sources.

    `title` is the folder's name unless timeline.toml gives one; only `given_title` may go into files, which have to be
    the same wherever the project lies. `port`: where `timeline serve` answers, None if nothing is said.
    """

    folder: Path
    title: str
    language: str
    sources: tuple[Path, ...]
    data: Path
    is_project: bool
    given_title: str = ""
    port: int | None = None

    def base(self, tables: Path) -> Path:
        """The folder that the paths in `sources.file` lead from: the project's for its own tables, else theirs."""
        own = self.is_project and tables.resolve() == self.data.resolve()
        return self.folder if own and tables.resolve().is_relative_to(self.folder.resolve()) else tables


def find_project(folder: str | Path) -> tuple[Project, list[Problem]]:
    """The project in a folder: from its timeline.toml, or by default if the folder has a folder `seeds`.

    Where there is no timeline.toml, the table [tool.timeline] of a pyproject.toml says the same: a timeline that is
    also a Python package, as this repository is, needs no second file.
    """
    folder = Path(folder)
    path = folder / "timeline.toml"
    settings, problems = read_toml(path)
    if not path.exists():
        package, _ = read_toml(folder / "pyproject.toml")
        tools = package.get("tool")
        entry = tools.get("timeline") if isinstance(tools, dict) else None
        path = folder / "pyproject.toml" if isinstance(entry, dict) else path
        settings = entry if isinstance(entry, dict) else {}
    given, more = _settings(settings, str(path))
    sources = given.get("sources", ["seeds"])
    is_project = (folder / "timeline.toml").is_file() or (folder / "seeds").is_dir()
    project = Project(
        folder=folder,
        title=given.get("title") or folder.resolve().name or "Timeline",
        language=given.get("language") or "",
        sources=tuple(folder / source for source in sources) if is_project else (),
        data=folder / (given.get("data") or "data"),
        is_project=is_project,
        given_title=given.get("title", ""),
        port=given.get("port"),
    )
    return project, problems + more


def read_toml(path: Path) -> tuple[dict[str, Any], list[Problem]]:
    """A TOML file; empty, with a Problem that names the line, if it is broken; empty if there is none."""
    hint = "mend the line; until then the file is not used"
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig")), []
    except (FileNotFoundError, NotADirectoryError):
        return {}, []
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return {}, [Problem(f"{path}:{line}", "is not UTF-8", "save the file as UTF-8; until then it is not used")]
    except OSError as error:
        return {}, [Problem(str(path), f"cannot be read ({error.strerror})", "check its permissions")]
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return {}, [Problem(str(path), f"is not TOML: {str(error) or 'nested too deeply'}", hint)]


def _settings(settings: Mapping[str, Any], where: str) -> tuple[dict[str, Any], list[Problem]]:
    """The settings that can be used (`sources` as a list), and a Problem for each other one."""
    good: dict[str, Any] = {}
    problems = []
    for key, value in settings.items():
        if key not in KEYS:
            meant = get_close_matches(key, KEYS, 1)
            hint = f"did you mean {meant[0]}? The keys" if meant else "the keys"
            problems.append(Problem(where, f"unknown key {key!r}", f"{hint} are {', '.join(KEYS)}"))
        elif key == "sources" and isinstance(value, str):
            good[key] = [value]
        elif _is_right(key, value):
            good[key] = value
        else:
            wanted, example = _WANTED.get(key, "a text"), _EXAMPLES[key]
            problems.append(Problem(where, f"{key} is not {wanted}", f"write for example {key} = {example}"))
    return good, problems


_EXAMPLES = {"title": '"My timeline"', "language": '"en"', "sources": '"seeds"', "data": '"data"', "port": "8050"}
_WANTED = {"sources": "a text or a list of texts", "port": f"a whole number from 0 to {_LAST_PORT}"}


def _is_right(key: str, value: object) -> bool:
    """Has a setting the type it needs?"""
    if key == "sources":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if key == "port":
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LAST_PORT
    return isinstance(value, str)


def locate(path: Path) -> tuple[Path, Path, str]:
    """Of a project folder or a folder with tables: the base of its source paths, the tables' folder, the title.

    Raises TimelineError if there are no tables.
    """
    project, _ = find_project(path)
    if project.is_project and (project.data / "events.csv").exists():
        return project.base(project.data), project.data, project.title
    if (path / "events.csv").exists():
        whose = owner(path)
        return (whose.base(path), path, whose.title) if whose else (path, path, project.title)
    if project.is_project:
        raise TimelineError(f"{project.data}: no tables here yet; run `timeline build` in {path} first")
    if not path.is_dir():
        raise TimelineError(f"{path}: no such folder; name a timeline project or a folder that holds events.csv")
    raise TimelineError(f"{path}: neither a timeline project nor a folder with events.csv; run `timeline build` first")


def owner(tables: Path) -> Project | None:
    """The project whose tables these are, None if they are nobody's."""
    for folder in tables.resolve().parents:
        project, _ = find_project(folder)
        if project.is_project and project.data.resolve() == tables.resolve():
            return project
    return None


def read_eras(path: Path) -> tuple[list[Era], list[Problem]]:
    """The eras of an eras.csv, and a Problem for each row that is none or says more than is read.

    They are in the order in which the build writes them: that of the file does not matter.
    `earliest` and `latest` follow from `date`: they may be empty, and are only compared.
    """
    if not path.exists():
        return [], []
    rows, problems = read_rows(path, "eras", _ERAS_HINT)
    if rows and set(rows[0][1]) > set(TABLES["eras"]):
        more = ", ".join(sorted(set(rows[0][1]) - set(TABLES["eras"])))
        problems.append(Problem(str(path), f"column {more} is not used", "eras.csv is left as it is", is_error=False))
    eras: dict[str, Era] = {}
    for line, row in rows:
        filled = row | {key: value for key, value in _ends(row["date"]).items() if not row[key]}
        wrong = faults([(line, filled)], "eras", str(path), _ERAS_HINT)
        if row["era_id"] in eras:
            wrong = [Problem(f"{path}:{line}", f"a second era has the era_id {row['era_id']!r}", _ERAS_HINT)]
        elif row["era_id"] and row["title"] and _ends(row["date"]):
            eras[row["era_id"]] = Era(row["era_id"], row["title"], row["date"], row["note"])
        problems += wrong
    return sorted_eras(eras.values()), problems


def _ends(date: str) -> dict[str, str]:
    """The first and last day of a date, empty if it is none."""
    try:
        value = parse(date)
    except EdtfError:
        return {}
    return {"earliest": value.earliest, "latest": value.latest}


_TIMELINE_TOML = """\
# A timeline project. Every line may be left out; what stands here is what is used then.

title = {title}

# The language of the documents, unless sources.toml says otherwise for one of them. Without this line the language of
# each document is recognised.
# language = "en"

# Where the documents are: a folder, or a list of folders and files.
sources = "seeds"

# Where decisions and eras are kept, and where the build writes the tables.
data = "data"

# Where `timeline serve` answers on this machine, unless --port says otherwise; 0 picks a free one.
# port = 8050
"""

_SOURCES_TOML = """\
# What is known about each document. One table per document, named after its file without the ending: [report-1969] is
# about report-1969.txt in this folder. Every key may be left out. The date of publication matters most: words such as
# "last year" or "in January" are read against it.
#
# [report-1969]
# title = "Report on the border"
# author = "A. Author"
# publisher = "A Publisher"
# published = "1969-03-15"       # EDTF: a day, a month "1969-03", a year "1969"
# published_basis = "given"      # given, stated, metadata, file name, inferred or unknown
# language = "en"
# rights = "public domain"
# note = ""
# sha256 = ""                    # of the work's own text, if the file here is only a note on it
"""


def new_project(folder: str | Path) -> list[str]:
    """Begin a timeline in a folder; the names of the files written, from there. Files that exist are left alone.

    Raises TimelineError if the folder is a project already or cannot be written.
    """
    folder = Path(folder)
    if (folder / "timeline.toml").exists():
        raise TimelineError(f"{folder}: is a project already; name another folder")
    files = {
        "timeline.toml": _TIMELINE_TOML.format(title=_toml_text(folder.resolve().name or "Timeline")).encode("utf-8"),
        "seeds/sources.toml": _SOURCES_TOML.encode("utf-8"),
        "data/eras.csv": csv_bytes(TABLES["eras"], []),
        "data/decisions.jsonl": b"",
    }
    try:
        return [name for name, data in files.items() if _create(folder / name, data)]
    except OSError as error:
        raise TimelineError(f"{error.filename}: cannot be written ({error.strerror}); choose another folder") from error


def _create(path: Path, data: bytes) -> bool:
    """Write a file unless there is one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:
        return False
    return True


def _toml_text(text: str) -> str:
    """A text as a TOML basic string."""
    escaped = "".join(
        character if character.isprintable() and character not in '"\\' else f"\\U{ord(character):08x}"
        for character in text.encode("utf-8", "replace").decode("utf-8")
    )
    return f'"{escaped}"'
