"""From files to sources. Here the canonical text is fixed: the file as Python reads it, nothing stripped or cleaned.

Whatever cannot be read becomes a Problem, and the other files are read all the same.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from .edtf import EdtfError, parse
from .model import PUBLISHED_BASES, Problem, Source, TimelineError
from .project import Project, read_toml

LARGEST = 512 * 1024 * 1024  # bytes of one file: its text is held in memory
DESCRIPTIONS = ("title", "author", "publisher", "published", "published_basis", "language", "rights")
KNOWN_KEYS = (*DESCRIPTIONS, "sha256", "note")
_LINE_KEYS = ("title", "author", "publisher", "language", "rights", "origin")
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_NOT_IN_AN_ID = re.compile(r"[\x00-\x1f\x7f-\x9f/\\\u2028\u2029\ud800-\udfff]")
_SAMPLE = 100_000  # code points looked at to tell text from binary data
_NO_TEXT = "give the document a text, or take it out"

Described = dict[str, str]


# ---------------------------------------------------------------------------------------------- formats


_NO_TEXTS = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")


def read_plain(data: bytes) -> tuple[str, str]:
    """The text of a plain text or Markdown file, and what its owner should know about it (empty: nothing).

    Raises TimelineError, saying what is wrong and what to do, if it is no text.
    """
    if data.startswith(_NO_TEXTS):
        raise TimelineError("is a PDF or an archive under another name; convert it to text first")
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), "utf-8")
    try:
        text, remark = data.decode(encoding), "" if encoding == "utf-8" else f"read as {encoding.upper()}"
    except UnicodeDecodeError as error:
        text, remark = _legacy(data), f"is not {encoding.upper()} at byte {error.start}; read as Windows-1252"
    if "\0" in text or len(_CONTROL.findall(text[:_SAMPLE])) * 10 > min(len(text), _SAMPLE):
        raise _not_text()
    if not text or text.isspace():
        raise TimelineError(f"has no text; {_NO_TEXT}")
    return text, remark


def _legacy(data: bytes) -> str:
    """A text in the old encoding of Western European Windows."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise _not_text() from None
    if _CONTROL.search(text):
        raise _not_text()
    return text


def _not_text() -> TimelineError:
    return TimelineError("is not text in UTF-8; if it is a text, save it as UTF-8, else convert it to text first")


READERS: dict[str, Callable[[bytes], tuple[str, str]]] = {".txt": read_plain, ".md": read_plain}


# ---------------------------------------------------------------------------------------------- all sources


@dataclass(frozen=True, slots=True)
class _File:
    """A file to read. `order` does not depend on where the folders are: how deep in its folder, and its path there."""

    path: Path
    order: tuple[int, str]
    is_named: bool


@dataclass(frozen=True, slots=True)
class _Draft:
    """A source as its file gives it, before its id is settled and what is known about it is added."""

    source: Source
    where: str
    order: tuple[int, str, int, str]
    file_sha256: str
    is_file: bool = True


def read_sources(paths: Sequence[Path], project: Project) -> tuple[list[Source], list[Problem]]:
    """All sources in files, folders and .jsonl collections, and a Problem for everything that could not be read.

    Files nearer to the top of their folder come first, then in the order of their paths; the order in which `paths`
    are named does not matter. `Source.file` is the absolute path of a file that is the canonical text, else empty.
    """
    known, problems = _all_known(paths, project)
    drafts: list[_Draft] = []
    for file in _files(paths, project, problems):
        try:
            drafts += _read(file, problems)
        except TimelineError as error:
            problems.append(Problem(str(file.path), str(error)))
        except OSError as error:
            problems.append(Problem(str(file.path), f"cannot be read ({error.strerror})", "check its permissions"))
    drafts = _distinct(sorted(drafts, key=lambda draft: draft.order), problems)
    works = {entry["sha256"]: entry for entry in known.values() if "sha256" in entry}
    return [_described(draft, known, works, project.language) for draft in drafts], problems


def _files(paths: Sequence[Path], project: Project, problems: list[Problem]) -> list[_File]:
    """The files to read, each once."""
    files: dict[Path, _File] = {}
    for path in paths:
        if path.is_dir():
            inside = list(_files_in(path, problems))
            if not inside:
                is_error = path not in project.sources
                problems.append(Problem(str(path), "no documents in this folder", f"put {_formats()} there", is_error))
        elif path.exists():
            inside = [_File(path, (0, path.name), True)]
        else:
            inside = []
            problems.append(Problem(str(path), "no such file or folder", "check the name and the folder you are in"))
        for file in inside:
            files.setdefault(file.path.resolve(), file)
    return list(files.values())


def _files_in(folder: Path, problems: list[Problem]) -> Iterator[_File]:
    """The files in a folder and its folders; hidden ones and TOML files are not documents."""

    def report(error: OSError) -> None:
        problems.append(Problem(str(error.filename), f"cannot be read ({error.strerror})", "check its permissions"))

    for place, folders, names in os.walk(folder, onerror=report):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if not name.startswith(".") and path.suffix.lower() != ".toml":
                inside = path.relative_to(folder)
                yield _File(path, (len(inside.parts), inside.as_posix()), False)


def _formats() -> str:
    return ", ".join([*READERS, ".jsonl"])


def _read(file: _File, problems: list[Problem]) -> list[_Draft]:
    """The sources in one file. Raises TimelineError or OSError if it cannot be read."""
    suffix = file.path.suffix.lower()
    if suffix != ".jsonl" and suffix not in READERS:
        what = f"not a format this version reads ({_formats()})"
        problems.append(Problem(str(file.path), what, "convert it to text", is_error=file.is_named))
        return []
    if not file.path.is_file():
        raise TimelineError("is not a file; name a file or a folder")
    if file.path.stat().st_size > LARGEST:
        raise TimelineError(f"is larger than {LARGEST // 1024**2} MB; split it into smaller files")
    if suffix == ".jsonl":
        return list(_read_collection(file, problems))
    return [_read_document(file, READERS[suffix], problems)]


def _read_document(file: _File, reader: Callable[[bytes], tuple[str, str]], problems: list[Problem]) -> _Draft:
    data = file.path.read_bytes()
    file_sha256 = hashlib.sha256(data).hexdigest()
    text, remark = reader(data)
    del data  # a large file is not held twice
    if remark:
        problems.append(Problem(str(file.path), remark, "save it as UTF-8 to be sure", is_error=False))
    sha256 = _sha256(text)
    source = Source(
        id=_safe_id(file.path.stem),
        text=text,
        language="",
        file=str(file.path.resolve()) if sha256 == file_sha256 else "",
        sha256=sha256,
    )
    return _Draft(source, str(file.path), (*file.order, 0, sha256), file_sha256)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _safe_id(name: str) -> str:
    """A source id is a part of file names: no separators, no control characters."""
    return _NOT_IN_AN_ID.sub("_", name)


# ---------------------------------------------------------------------------------------------- collections


def _read_collection(file: _File, problems: list[Problem]) -> Iterator[_Draft]:
    """The sources in a .jsonl file: {"id", "text", "published", "title", ...} a line."""
    with file.path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            where = f"{file.path}:{number}"
            if not line.strip():
                continue
            try:
                source = _source_of(_object(line), where, problems)
            except TimelineError as error:
                problems.append(Problem(where, str(error)))
            else:
                yield _Draft(source, where, (*file.order, number, source.sha256), source.sha256, is_file=False)


def _object(line: bytes) -> dict[str, Any]:
    """A line of JSON. Raises TimelineError if it is no object."""
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise TimelineError("is not UTF-8; save the file as UTF-8") from None
    except (ValueError, RecursionError) as error:
        what = error.msg if isinstance(error, json.JSONDecodeError) else "a value that cannot be read"
        raise TimelineError(f"is not JSON ({what}); mend the line") from None
    if not isinstance(value, dict):
        raise TimelineError('is not a JSON object; write {"id": ..., "text": ...}')
    return value


def _source_of(row: Mapping[str, Any], where: str, problems: list[Problem]) -> Source:
    """The source a line describes. Raises TimelineError if it has no id or no text."""
    name, text = row.get("id"), row.get("text")
    if isinstance(name, int) and not isinstance(name, bool):
        name = str(name)
    if not isinstance(name, str) or not name.strip():
        raise TimelineError('has no "id"; give each line an id of its own')
    if not isinstance(text, str) or not text.strip():
        raise TimelineError(f'has no "text"; {_NO_TEXT}')
    if "\0" in text or not _is_unicode(text):
        raise TimelineError("its text has characters that are none (NUL or half a surrogate pair); take them out")
    given = _line_values(row, where, problems)
    basis = "metadata" if given.get("published") else "unknown"
    described: dict[str, Any] = {"language": "", "published_basis": basis} | given
    return replace(Source(id=_safe_id(name), text=text, sha256=_sha256(text)), **described)


def _is_unicode(text: str) -> bool:
    return not re.search("[\ud800-\udfff]", text)


def _line_values(row: Mapping[str, Any], where: str, problems: list[Problem]) -> Described:
    """What a line says about its text besides; what cannot be used is reported and left out."""
    given = {}
    for key in _LINE_KEYS:
        value = row.get(key)
        if isinstance(value, str) and _is_unicode(value):
            given[key] = value
        elif value is not None:
            problems.append(
                Problem(where, f"{key} is not a text, so it is left out", "write it in quotes", is_error=False)
            )
    try:
        given["published"] = _published(row.get("published"))
    except EdtfError as error:
        problems.append(Problem(where, f"published: {error}"))
    return given


def _published(value: object) -> str:
    """A date of publication as EDTF, empty if there is none; of a date with time of day, the day. Raises EdtfError."""
    if value is None or value == "":
        return ""
    if isinstance(value, (date, datetime)):
        value = value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        value = f"{value:04d}"
    if not isinstance(value, str):
        raise EdtfError(f"{value!r} is not a date; write for example 1949, 1969-03 or 1949-10-01")
    day = re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?=[T ])", value)
    return str(parse(day[0] if day else value))


# ---------------------------------------------------------------------------------------------- ids


def _distinct(drafts: Sequence[_Draft], problems: list[Problem]) -> list[_Draft]:
    """Drafts with ids of their own; of files with the same text, the first."""
    ids: set[str] = set()
    texts: dict[str, str] = {}
    kept = []
    for draft in drafts:
        source = draft.source
        if draft.is_file and source.sha256 in texts:
            what = f"same text as {texts[source.sha256]}; it is read once"
            problems.append(Problem(draft.where, what, is_error=False))
            continue
        if source.id in ids:
            source = replace(source, id=_free_id(source, ids))
            what = f"another source is called {draft.source.id}; this one is {source.id} here"
            problems.append(Problem(draft.where, what, "rename one of them", is_error=False))
        ids.add(source.id)
        if draft.is_file:
            texts[source.sha256] = draft.where
        kept.append(replace(draft, source=source))
    return kept


def _free_id(source: Source, taken: set[str]) -> str:
    """The id with the first digits of the text's hash: six, and a number more if the same text comes again."""
    first = f"{source.id}~{source.sha256[:6]}"
    number, name = 2, first
    while name in taken:
        number, name = number + 1, f"{first}~{number}"
    return name


# ---------------------------------------------------------------------------------------------- what is known


def _all_known(paths: Sequence[Path], project: Project) -> tuple[dict[str, Described], list[Problem]]:
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
            return _published(value)
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


def _described(draft: _Draft, known: Mapping[str, Described], works: Mapping[str, Described], language: str) -> Source:
    """The source with what is known about it: by its hash it is the work itself, by its id it is that or a note."""
    source = draft.source
    itself = works.get(source.sha256) or works.get(draft.file_sha256)
    entry = itself or known.get(source.id, {})
    values: dict[str, str] = {key: value for key, value in entry.items() if key in DESCRIPTIONS}
    is_note = itself is None and "sha256" in entry
    if is_note:
        values["origin"] = f"sha256:{entry['sha256']}"
    described = replace(source, **values, work=f"sha256:{entry.get('sha256', source.sha256)}", original=not is_note)
    return replace(described, language=described.language or language)
