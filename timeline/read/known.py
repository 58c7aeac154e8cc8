"""What people say about sources, in sources.toml: their title, author, date and so on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..edtf import EdtfError
from ..model import PUBLISHED_BASES, Problem, TimelineError
from ..project import Project, read_toml
from .rows import published as published_in

DESCRIPTIONS = ("title", "author", "publisher", "published", "published_basis", "language", "rights")
KNOWN_KEYS = (*DESCRIPTIONS, "sha256", "note")

Described = dict[str, str]


def all_known(paths: Sequence[Path], project: Project) -> tuple[dict[str, Described], list[Problem]]:
    """What the sources.toml of the project's folders and of the folders in `paths` say; the latter win."""
    known: dict[str, Described] = {}
    problems: list[Problem] = []
    files = {folder.resolve(): folder for folder in (*project.sources, *paths) if folder.is_dir()}
    for folder in files.values():
        entries, found = read_known(folder / "sources.toml")
        known |= entries
        problems += found
    return known, problems


def read_known(path: Path) -> tuple[dict[str, Described], list[Problem]]:
    """The tables of a sources.toml by source_id, and a Problem for each value that cannot be used."""
    tables, problems = read_toml(path)
    known = {}
    for name, table in tables.items():
        if isinstance(table, dict):
            known[name] = _entry(table, f"{path}: [{name}]", problems)
        else:
            hint = "write it under the [source_id] it is about"
            problems.append(Problem(str(path), f"{name!r} stands in no table", hint))
    return known, problems


def _entry(table: Mapping[str, Any], where: str, problems: list[Problem]) -> Described:
    """The values of a table that can be used."""
    entry = {}
    for key, value in table.items():
        try:
            entry[key] = _known_value(key, value)
        except TimelineError as error:
            problems.append(Problem(where, str(error)))
    if entry.get("published") and "published_basis" not in entry:
        entry["published_basis"] = "given"
    return {key: value for key, value in entry.items() if value}


def _known_value(key: str, value: object) -> str:
    """A value as text. Raises TimelineError if it cannot be used."""
    if key not in KNOWN_KEYS:
        raise TimelineError(f"unknown key {key!r}; the keys are {', '.join(KNOWN_KEYS)}")
    if key == "published":
        try:
            return published_in(value)
        except EdtfError as error:
            raise TimelineError(f"published: {error}") from None
    if not isinstance(value, str):
        raise TimelineError(f'{key} is not a text; write {key} = "..."')
    if key == "published_basis" and value and value not in PUBLISHED_BASES:
        raise TimelineError(f"published_basis {value!r} is unknown; use one of {', '.join(PUBLISHED_BASES)}")
    if key == "sha256":
        value = value.strip().lower()
        if value and not re.fullmatch("[0-9a-f]{64}", value):
            raise TimelineError("sha256 is not 64 hexadecimal digits; take it from `sha256sum FILE`")
    return value
