"""From files to sources, whatever their format. Here the canonical text is fixed, and never changes after.

Whatever cannot be read becomes a Problem, and the other files are read all the same. Text and collections are read
here; every other format in a child process (`child.py`), for a file from anywhere may be made to do harm.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ..cache import Cache
from ..language import recognise as recognise_language
from ..model import Problem, Source, TimelineError
from ..progress import Progress
from ..project import Project
from .child import Readers
from .document import Document, Fault
from .formats import HEAD, SUFFIXES, is_candidate, plain_format, stem_of, suffix_of, unread
from .known import DESCRIPTIONS, Described, all_known, read_known
from .rows import read_lines
from .works import one_work

__all__ = ["LARGEST", "SUFFIXES", "read_known", "read_sources"]

LARGEST = 512 * 1024 * 1024  # bytes of one file: its text is held in memory
_NOT_IN_AN_ID = re.compile(r"[\x00-\x1f\x7f-\x9f/\\\u2028\u2029\ud800-\udfff]")
_OF_SYSTEMS = ("Thumbs.db", "desktop.ini")
_TOLD = ("title", "author", "publisher", "published", "language", "rights")
_LISTED = 5  # parts of one file that are named one by one; the rest are counted


@dataclass(frozen=True, slots=True)
class _File:
    """A file to read. `order` does not depend on where the folders are: how deep in its folder, and its path there."""

    path: Path
    order: tuple[int, str]
    is_named: bool


@dataclass(frozen=True, slots=True)
class _Draft:
    """A source as its file gives it, before its id is settled and what is known about it is added.

    `spoken`: its language as its metadata has it, which counts less than what people say. `told`: the fields that its
    metadata has, each with where it is said.
    """

    source: Source
    where: str
    order: tuple[int, str, int, str]
    file_sha256: str
    is_file: bool = True
    spoken: str = ""
    told: tuple[tuple[str, str], ...] = ()


def read_sources(
    paths: Sequence[Path], project: Project, progress: Progress | None = None, cache: Cache | None = None
) -> tuple[list[Source], list[Problem]]:
    """All sources in files, folders and collections, and a Problem for everything that could not be read.

    Files nearer to the top of their folder come first, then in the order of their paths; the order in which `paths`
    are named does not matter. `Source.file` is the absolute path of a file that is the canonical text, else empty.
    `progress` is told after each file. `cache` has what was read before.
    """
    known, problems = all_known(paths, project)
    drafts: list[_Draft] = []
    files = [(file, _size(file.path)) for file in _files(paths, project, problems)]
    whole, read = sum(size for _, size in files), 0
    unknown: list[tuple[str, Problem]] = []
    with Readers() as readers:
        for number, (file, size) in enumerate(files, 1):
            try:
                drafts += _read(file, readers, cache or Cache(None), problems, unknown)
            except TimelineError as error:
                problems.append(Problem(str(file.path), str(error)))
            except OSError as error:
                problems.append(Problem(str(file.path), f"cannot be read ({error.strerror})", "check its permissions"))
            read += size
            if progress:
                progress("reading", number, len(files), read, whole, 0)
    problems += _few(unknown)
    drafts = _distinct(sorted(drafts, key=lambda draft: draft.order), problems)
    works = {entry["sha256"]: entry for entry in known.values() if "sha256" in entry}
    sources = [_described(draft, known, works, project.language) for draft in drafts]
    sources, copies = one_work(sources)
    return sources, problems + copies


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0


def _files(paths: Sequence[Path], project: Project, problems: list[Problem]) -> list[_File]:
    """The files to read, each once."""
    files: dict[Path, _File] = {}
    for path in paths:
        if path.is_dir():
            inside = list(_files_in(path, problems))
            if not inside:
                is_error = path not in project.sources
                problems.append(
                    Problem(str(path), "no documents in this folder", f"put {', '.join(SUFFIXES)} there", is_error)
                )
        elif path.exists():
            inside = [_File(path, (0, path.name), True)]
        else:
            inside = []
            problems.append(Problem(str(path), "no such file or folder", "check the name and the folder you are in"))
        for file in inside:
            files.setdefault(file.path.resolve(), file)
    return list(files.values())


def _files_in(folder: Path, problems: list[Problem]) -> Iterator[_File]:
    """The files in a folder and its folders; hidden ones, what systems leave there, and TOML files are no documents."""

    def report(error: OSError) -> None:
        problems.append(Problem(str(error.filename), f"cannot be read ({error.strerror})", "check its permissions"))

    for place, folders, names in os.walk(folder, onerror=report):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if not name.startswith((".", "~$")) and name not in _OF_SYSTEMS and path.suffix.lower() != ".toml":
                inside = path.relative_to(folder)
                yield _File(path, (len(inside.parts), inside.as_posix()), False)


def _read(
    file: _File, readers: Readers, cache: Cache, problems: list[Problem], unknown: list[tuple[str, Problem]]
) -> list[_Draft]:
    """The sources in one file; one in no format that is read is added, with its ending, to the `unknown`.

    Raises TimelineError or OSError if it cannot be read.
    """
    if not file.path.is_file():
        raise TimelineError("is not a file; name a file or a folder")
    size = file.path.stat().st_size
    suffix = suffix_of(file.path.name)
    with file.path.open("rb") as stream:
        head = stream.read(HEAD)
    if not is_candidate(head, suffix):
        problem = Problem(str(file.path), *unread(head, suffix), is_error=file.is_named)
        if file.is_named:
            problems.append(problem)
        else:
            unknown.append((suffix, problem))
        return []
    if size > LARGEST:
        raise TimelineError(f"is larger than {LARGEST // 1024**2} MB; split it into smaller files")
    form = plain_format(head, suffix)
    if form is None:
        return _read_apart(file, readers, cache, size, problems)
    if form.name == "jsonl":
        return list(_read_collection(file, problems))
    data = file.path.read_bytes()
    document = form.read(data)
    assert isinstance(document, Document)
    file_sha256 = hashlib.sha256(data).hexdigest()
    del data  # a large file is not held twice
    draft = _draft(file, document, file_sha256, 0)
    if draft.source.sha256 == file_sha256:
        draft = replace(draft, source=replace(draft.source, file=str(file.path.resolve())))
    _tell(file, [document], problems)
    return [draft]


def _few(unknown: Sequence[tuple[str, Problem]]) -> list[Problem]:
    """What there is to say of the files in unknown formats: one by one if they are few, else in one line."""
    if len(unknown) <= _LISTED:
        return [problem for _, problem in unknown]
    endings = Counter(suffix or "no ending" for suffix, _ in unknown).most_common()
    what = f"{len(unknown)} files are in no format that is read: {', '.join(f'{n} {suffix}' for suffix, n in endings)}"
    folder = os.path.commonpath([os.path.dirname(problem.where) for _, problem in unknown])
    return [Problem(folder, what, "convert those that are documents to text or PDF", is_error=False)]


def _read_apart(file: _File, readers: Readers, cache: Cache, size: int, problems: list[Problem]) -> list[_Draft]:
    """The sources in a file whose format takes a parser."""
    with file.path.open("rb") as stream:
        file_sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    kept = cache.get("read", file_sha256, file.path.name)
    if kept is None:
        found = readers.read(file.path, size)
        if all(isinstance(each, Document) or each.is_final for each in found):
            cache.put([asdict(each) for each in found], "read", file_sha256, file.path.name)
    else:
        found = [_from_cache(each) for each in kept]
    documents = [each for each in found if isinstance(each, Document)]
    faults = [each for each in found if isinstance(each, Fault)]
    _tell(file, documents, problems)
    _tell_faults(file, faults, problems)
    if not documents and not faults:
        raise TimelineError("has no documents in it; take it out")
    return [_draft(file, document, file_sha256, number) for number, document in enumerate(documents)]


def _from_cache(fields: dict[str, Any]) -> Document | Fault:
    """A document or a fault as it was kept."""
    if "text" not in fields:
        return Fault(**fields)
    return Document(**fields | {"places": [(offset, place) for offset, place in fields["places"]]})


def _tell(file: _File, documents: Sequence[Document], problems: list[Problem]) -> None:
    """What the owner of a file should know: its notes, and what was left out of its text."""
    notes = Counter(note for document in documents for note in document.notes)
    problems += [Problem(str(file.path), note, is_error=False) for note in notes]
    left_out: Counter[str] = Counter()
    for document in documents:
        left_out.update(document.left_out)
    if left_out:
        what = ", ".join(f"{count} {kind}" for kind, count in sorted(left_out.items()))
        problems.append(Problem(str(file.path), f"left out: {what}", is_error=False))


def _tell_faults(file: _File, faults: Sequence[Fault], problems: list[Problem]) -> None:
    """The parts of a file that could not be read: the first by name, the rest by their number."""
    for is_error in (True, False):
        same = [fault for fault in faults if fault.is_error == is_error]
        for fault in same[:_LISTED]:
            where = f"{file.path}: {fault.part}" if fault.part else str(file.path)
            problems.append(Problem(where, fault.what, is_error=is_error))
        if len(same) > _LISTED:
            what = f"{len(same) - _LISTED} more parts of it could not be read, or not as they should be"
            problems.append(Problem(str(file.path), what, is_error=is_error))


def _draft(file: _File, document: Document, file_sha256: str, number: int) -> _Draft:
    """A document as a source."""
    name = document.name or stem_of(document.part or file.path.name)
    inside = file.order[1] + (f", {document.part}" if document.part else "")
    is_text = hashlib.sha256(document.text.encode("utf-8")).hexdigest()
    source = Source(
        id=_safe_id(name),
        text=document.text,
        title=document.title,
        author=document.author,
        publisher=document.publisher,
        published=document.published,
        published_basis="metadata" if document.published else "unknown",
        rights=document.rights,
        origin=document.origin or ("" if is_text == file_sha256 else inside),
        sha256=is_text,
        places=tuple(document.places),
        made=document.made,
    )
    where = f"{file.path}: {document.part}" if document.part else str(file.path)
    order = (*file.order, number, source.sha256)
    told = tuple((name, document.told.get(name, document.about)) for name in _TOLD if getattr(document, name))
    return _Draft(source, where, order, file_sha256, not document.name, _spoken(document), told)


def _spoken(document: Document) -> str:
    """The language in a document's metadata, empty if the text shows another: templates often name the wrong one."""
    if not document.language:
        return ""
    seen = recognise_language(document.text)
    same = not seen or seen.split("-")[0] == document.language.split("-")[0].lower()
    return document.language if same else ""


def _safe_id(name: str) -> str:
    """A source id is a part of file names: no separators, no control characters."""
    return _NOT_IN_AN_ID.sub("_", name)


def _read_collection(file: _File, problems: list[Problem]) -> Iterator[_Draft]:
    """The sources in a .jsonl file: {"id", "text", "published", "title", ...} a line."""
    with file.path.open("rb") as lines:
        for each in read_lines(lines):
            if isinstance(each, Fault):
                problems.append(Problem(f"{file.path}:{each.part.split()[-1]}", each.what, is_error=each.is_error))
            elif isinstance(each, Document):
                number = int(each.part.split()[-1])
                draft = _draft(file, each, "", number)
                source = replace(draft.source, language=each.language, origin=each.origin)
                yield replace(draft, source=source, where=f"{file.path}:{number}", file_sha256=source.sha256, spoken="")


# ---------------------------------------------------------------------------------------------- ids


def _distinct(drafts: Sequence[_Draft], problems: list[Problem]) -> list[_Draft]:
    """Drafts with ids of their own; of files with the same text, the first."""
    ids: dict[str, str] = {}
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
            what = (
                f"{ids[draft.source.id]} is called {draft.source.id} too and comes first; this one is {source.id} here"
            )
            hint = "rename the newer one, so that links and sources.toml mean the older still"
            problems.append(Problem(draft.where, what, hint, is_error=False))
        ids[source.id] = draft.where
        if draft.is_file:
            texts[source.sha256] = draft.where
        kept.append(replace(draft, source=source))
    return kept


def _free_id(source: Source, taken: Container[str]) -> str:
    """The id with the first digits of the text's hash: six, and a number more if the same text comes again."""
    first = f"{source.id}~{source.sha256[:6]}"
    number, name = 2, first
    while name in taken:
        number, name = number + 1, f"{first}~{number}"
    return name


def _described(draft: _Draft, known: Mapping[str, Described], works: Mapping[str, Described], language: str) -> Source:
    """The source with what is known about it: by its hash it is the work itself, by its id it is that or a note."""
    source = draft.source
    itself = works.get(source.sha256) or works.get(draft.file_sha256)
    entry = itself or known.get(source.id, {})
    values: dict[str, Any] = {key: value for key, value in entry.items() if key in DESCRIPTIONS}
    is_note = itself is None and "sha256" in entry
    if is_note:
        values["origin"] = f"sha256:{entry['sha256']}"
    described = replace(source, **values, work=f"sha256:{entry.get('sha256', source.sha256)}", original=not is_note)
    if not described.language and not language:
        described = replace(described, language=draft.spoken)
    metadata = _metadata(name for name in draft.told if name[0] not in values and _is_used(name[0], described, draft))
    return replace(described, language=described.language or language, metadata=metadata)


def _is_used(name: str, source: Source, draft: _Draft) -> bool:
    """Is a field what the metadata says? Its language may be a wrong one."""
    return name != "language" or (bool(draft.spoken) and source.language == draft.spoken)


def _metadata(told: Iterable[tuple[str, str]]) -> str:
    """Where in a file what was said: "mail headers: author, published"."""
    fields: dict[str, list[str]] = {}
    for name, where in told:
        fields.setdefault(where or "file", []).append(name)
    return "; ".join(f"{where}: {', '.join(names)}" for where, names in fields.items())
