"""Reading: the canonical text is the file as it is, and no bad file hides a good one."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import timeline.read
from timeline.model import Problem, Source
from timeline.project import Project, find_project
from timeline.read import SUFFIXES, read_known, read_sources
from timeline.read.plain import read_markdown, read_plain

NO_PROJECT = Project(Path("nowhere"), "", "", (), Path("nowhere/data"), False)


def read(*paths: Path, project: Project = NO_PROJECT) -> tuple[dict[str, Source], list[Problem]]:
    sources, problems = read_sources(paths, project)
    return {source.id: source for source in sources}, problems


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def sha256(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


# ------------------------------------------------------------------------------------------ canonical text


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1))
def test_the_text_of_a_utf8_file_is_what_python_reads(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("texts") / "a.txt"
    path.write_bytes(text.encode())

    sources, _ = read(path)

    assert [source.text for source in sources.values()] == ([] if text.isspace() else [text])


@pytest.mark.parametrize("text", ["\n\n  a \r\nb\rc\u2028\t\n", "\ufeffwith a mark", "# Markdown\n\n*as it is*\n"])
def test_nothing_is_stripped_or_cleaned(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.md").write_bytes(text.encode())

    (source,) = read(tmp_path)[0].values()

    assert source.text == text
    assert source.file == str((tmp_path / "a.md").resolve())
    assert source.sha256 == sha256(text)
    assert source.work == f"sha256:{sha256(text)}"
    assert (source.published, source.published_basis, source.language) == ("", "unknown", "")


@pytest.mark.parametrize(
    ("data", "text", "remark"),
    [
        ("Brésil".encode("utf-16"), "Brésil", "read as UTF-16"),
        ("Brésil".encode("utf-32"), "Brésil", "read as UTF-32"),
        (b"an \x93Axis\x94 \xe9\r\n", "an “Axis” é\r\n", "is not UTF-8 at byte 3; read as Windows-1252"),
    ],
)
def test_other_encodings_are_read_and_reported(tmp_path: Path, data: bytes, text: str, remark: str) -> None:
    (tmp_path / "a.txt").write_bytes(data)

    sources, (problem,) = read(tmp_path / "a.txt")

    assert sources["a"].text == text
    assert sources["a"].sha256 == sha256(text)
    assert sources["a"].file == ""  # the file is not the canonical text, so a copy will be
    assert str(problem) == f"{tmp_path / 'a.txt'}: {remark}; save it as UTF-8 to be sure"
    assert not problem.is_error


# ------------------------------------------------------------------------------------------ titles

PROSE = "The keeper lit the lamp for the first time on 12 May 1871, and stayed with it until the winter of 1902."


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("a.txt", f"Notes on a lighthouse\n\n{PROSE}\n", "Notes on a lighthouse"),
        ("a.txt", f"\ufeff\r\n  Notes  on a lighthouse\r\n \r\n{PROSE}\r\n\r\nMore.", "Notes on a lighthouse"),
        ("a.txt", f"Who lit the lamp?\n\n{PROSE}", "Who lit the lamp?"),
        ("a.txt", f"The lamp: a history of 1871-1902\n\n{PROSE}", "The lamp: a history of 1871-1902"),
        ("a.txt", f"Маяк на мысу\n\n{PROSE}", "Маяк на мысу"),
        ("a.txt", "灯塔的历史\n\n灯塔于1871年5月12日首次点亮,看守人一直留到1902年冬天。", "灯塔的历史"),
        ("a.txt", f"Notes on a lighthouse.\n\n{PROSE}", ""),
        ("a.txt", f"Notes on a lighthouse\n{PROSE}", ""),
        ("a.txt", "Notes on a lighthouse\n\nBy Ann Reed\n", ""),
        ("a.txt", "Notes on a lighthouse\n", ""),
        ("a.txt", f"Home\n\n{PROSE}", ""),
        ("a.txt", f"Dear Mrs Reed\n\n{PROSE}", ""),
        ("a.txt", f"By Ann Reed\n\n{PROSE}", ""),
        ("a.txt", f"Date: March\n\n{PROSE}", ""),
        ("a.txt", f"Kiel, 4 May 1871\n\n{PROSE}", ""),
        ("a.txt", f"May 1871\n\n{PROSE}", ""),
        ("a.txt", f"Light | Coast | Home\n\n{PROSE}", ""),
        ("a.txt", f"the keeper of the lamp\n\n{PROSE}", ""),
        ("a.txt", f"{PROSE[:-1]} and then for another thirty years more or less\n\n{PROSE} {PROSE} {PROSE}", ""),
        ("a.md", f"# A lighthouse #\n\n{PROSE}\n\n## Later\n\n{PROSE}", "A lighthouse"),
        ("a.md", f"---\nauthor: A\n---\n\n# A lighthouse\n\n{PROSE}", "A lighthouse"),
        ("a.md", f"---\ntitle: B\n---\n\n# A lighthouse\n\n{PROSE}", "B"),
        ("a.md", f"# **Light** \\& lamp\n\n{PROSE}", "Light & lamp"),
        ("a.md", f"# Beginnings\n\n{PROSE}\n\n# Later\n\n{PROSE}", ""),
        ("a.md", f"{PROSE}\n\n# Later\n\n{PROSE}", ""),
        ("a.md", f"A lighthouse\n\n{PROSE}", "A lighthouse"),
    ],
)
def test_a_text_has_the_title_that_it_plainly_begins_with(tmp_path: Path, name: str, text: str, title: str) -> None:
    write(tmp_path, {name: text})

    source = read(tmp_path)[0]["a"]

    where = "front matter" if title == "B" else "first heading" if "\n# " in f"\n{text}" else "first line"
    assert source.title == title
    assert (f"{where}: title" in source.metadata.split("; ")) == bool(title)
    assert text.endswith(source.text)


PIECES = ["#", " ", "\t", "\n", "\r\n", "\r", "\u2028", "\ufeff", "---", "title:", "Title here", "1969", "```", "."]


@given(st.lists(st.sampled_from([*PIECES, PROSE]), min_size=1, max_size=14))
def test_whatever_a_text_begins_with_it_is_read_as_it_is(pieces: list[str]) -> None:
    text = "".join(pieces)
    assume(text.strip())

    assert read_plain(text.encode()).text == text
    assert text.endswith(read_markdown(text.encode()).text)


# ------------------------------------------------------------------------------------------ bad files


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("empty.txt", "", "has no text"),
        ("blank.txt", " \n\u2003\t", "has no text"),
        ("nul.txt", "a\0b", "is not text in UTF-8"),
        ("binary.txt", bytes(range(256)) * 9, "is not text in UTF-8"),
        ("control.txt", "\x01\x02" * 50, "is not text in UTF-8"),
        ("cp1252.txt", b"undefined in Windows-1252: \x81", "is not text in UTF-8"),
        ("article.xyz", b"In 1969.", "not a format that is read: .xyz; if it is a text, rename it to .txt"),
        ("report.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "not a format that is read: .doc; save it as .docx"),
        ("program", b"\x7fELF\0\0", "not a format that is read: no ending; convert it to text or PDF, or leave it out"),
        ("folder.txt/inner.txt", "good", "no documents"),
    ],
)
def test_a_bad_file_is_one_line_and_the_others_are_read(
    tmp_path: Path, name: str, content: str | bytes, what: str
) -> None:
    write(tmp_path, {name: content, "good.txt": "In 1969."})

    sources, problems = read(tmp_path / name, tmp_path / "good.txt")

    assert "good" in sources
    if name != "folder.txt/inner.txt":
        (problem,) = problems
        assert str(problem).startswith(f"{tmp_path / name}: {what}")
        assert problem.is_error
        assert "\n" not in str(problem)
        assert "; " in str(problem)


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"good.txt": "In 1969."})

    sources, (problem,) = read(tmp_path / "gone.txt", tmp_path / "good.txt")

    assert list(sources) == ["good"]
    assert str(problem).startswith(f"{tmp_path / 'gone.txt'}: no such file or folder; ")


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"bad.txt": "In 1968.", "good.txt": "In 1969."})
    read_bytes = Path.read_bytes

    def refuse(path: Path) -> bytes:  # root may read everything, so permissions cannot be tested as they are
        if path.name == "bad.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    sources, (problem,) = read(tmp_path)

    assert list(sources) == ["good"]
    assert str(problem) == f"{tmp_path / 'bad.txt'}: cannot be read (Permission denied); check its permissions"


def test_a_huge_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"huge.txt": "x" * 101, "good.txt": "In 1969."})
    monkeypatch.setattr(timeline.read, "LARGEST", 100)

    sources, (problem,) = read(tmp_path)

    assert list(sources) == ["good"]
    assert "is larger than" in str(problem)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")

    assert "is not a file" in str(read(tmp_path)[1][0])


# ------------------------------------------------------------------------------------------ folders and ids


def test_a_folder_is_read_with_its_folders_but_not_what_is_hidden(tmp_path: Path) -> None:
    text = iter("abcdefghi")
    names = [
        "b.txt",
        "a/z.md",
        "a/.hidden.txt",
        "a/~$z.docx",
        "Thumbs.db",
        ".git/x.txt",
        "originals/o.TXT",
        "sources.toml",
        "timeline.toml",
    ]
    write(tmp_path, {name: f"# {next(text)}" for name in names})

    sources, problems = read(tmp_path)

    assert list(sources) == ["b", "z", "o"]
    assert not problems


def test_other_formats_in_a_folder_are_noted(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": "In 1969.", "b.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"})

    (problem,) = read(tmp_path)[1]

    assert str(problem) == (
        f"{tmp_path / 'b.png'}: not a format that is read: .png; if it shows a text, recognise that with OCR"
    )
    assert not problem.is_error


def test_many_files_in_other_formats_are_one_line(tmp_path: Path) -> None:
    pictures = {f"{n // 4}/{n}.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF" for n in range(12)}
    write(tmp_path, {"a.txt": "In 1969.", **pictures, "0/Makefile": "all:", "b.png": b"\x89PNG\0"})

    (problem,) = read(tmp_path)[1]

    assert str(problem) == (
        f"{tmp_path}: 14 files are in no format that is read: 12 .jpg, 1 .png, 1 no ending; "
        "convert those that are documents to text or PDF"
    )
    assert not problem.is_error


@pytest.mark.parametrize("is_own", [True, False])
def test_a_folder_without_documents_is_noted(tmp_path: Path, is_own: bool) -> None:
    (tmp_path / "seeds").mkdir()
    project = find_project(tmp_path)[0] if is_own else NO_PROJECT

    (problem,) = read(tmp_path / "seeds", project=project)[1]

    assert f"no documents in this folder; put {', '.join(SUFFIXES)} there" in str(problem)
    assert problem.is_error != is_own


def test_a_second_file_of_the_same_name_gets_a_part_of_its_hash(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": "first", "b/a.txt": "second", "0/a.md": "third"})

    sources, problems = read(tmp_path)

    assert {source.text: source.id for source in sources.values()} == {
        "first": "a",
        "third": f"a~{sha256('third')[:6]}",
        "second": f"a~{sha256('second')[:6]}",
    }
    assert [problem.is_error for problem in problems] == [False, False]


def test_a_new_file_of_an_old_name_is_told_with_what_it_takes_over(tmp_path: Path) -> None:
    write(tmp_path, {"tram.txt": "The tram of 1871.", "tram.md": "The tram of 1902."})

    (problem,) = read(tmp_path)[1]

    assert str(problem) == (
        f"{tmp_path / 'tram.txt'}: {tmp_path / 'tram.md'} is called tram too and comes first; this one is "
        f"tram~{sha256('The tram of 1871.')[:6]} here; rename the newer one, so that links and sources.toml mean the "
        "older still"
    )


def test_the_order_of_the_paths_does_not_matter(tmp_path: Path) -> None:
    write(tmp_path, {"x/a.txt": "first", "y/a.txt": "second", "z/a.txt": "third"})
    folders = [tmp_path / name for name in "xyz"]

    assert read_sources(folders, NO_PROJECT)[0] == read_sources(folders[::-1], NO_PROJECT)[0]


def test_the_same_text_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": "same", "b.md": "same"})

    sources, (problem,) = read(tmp_path, tmp_path / "a.txt", tmp_path / "." / "a.txt")

    assert list(sources) == ["a"]
    assert str(problem) == f"{tmp_path / 'b.md'}: same text as {tmp_path / 'a.txt'}; it is read once"
    assert not problem.is_error


def test_a_file_name_that_is_no_unicode_makes_a_clean_id(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9\n.txt"))).write_text("In 1969.")

    assert list(read(tmp_path)[0]) == ["caf__"]


# ------------------------------------------------------------------------------------------ collections


def test_a_collection_has_a_source_a_line(tmp_path: Path) -> None:
    rows = [
        {"id": "a/b", "text": "One.\r\n", "published": "2019-02-01T10:00:00Z", "title": "T", "author": "A"},
        {"id": 7, "text": "Two.", "published": 2019, "language": "de"},
        {"id": "c", "text": "Two.", "more": [1]},
    ]
    path = tmp_path / "all.jsonl"
    path.write_text("\ufeff" + "\n\n".join(map(json.dumps, rows)))

    sources, problems = read(path)

    assert not problems
    assert [(s.id, s.text, s.published, s.published_basis, s.language) for s in sources.values()] == [
        ("a_b", "One.\r\n", "2019-02-01", "metadata", ""),
        ("7", "Two.", "2019", "metadata", "de"),
        ("c", "Two.", "", "unknown", ""),
    ]
    assert (sources["a_b"].title, sources["a_b"].author, sources["a_b"].file) == ("T", "A", "")
    assert sources["7"].work == sources["c"].work == f"sha256:{sha256('Two.')}"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (b'{"id": "a", ', "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"id": ' + b"9" * 5000 + b"}", "is not JSON"),
        (b"[1]", "is not a JSON object"),
        (b'{"text": "x"}', 'has no "id"'),
        (b'{"id": true, "text": "x"}', 'has no "id"'),
        (b'{"id": "a", "text": " "}', 'has no "text"'),
        (b'{"id": "a"}', 'has no "text"'),
        (b'{"id": "a", "text": "\\ud800"}', "its text has characters that are none"),
        (b'{"id": "a", "text": "a\\u0000b"}', "its text has characters that are none"),
        (b'{"id": "a", "text": "\xff"}', "is not UTF-8"),
    ],
)
def test_a_malformed_line_is_named_and_the_others_are_read(tmp_path: Path, line: bytes, what: str) -> None:
    path = tmp_path / "all.jsonl"
    path.write_bytes(b'{"id": "good", "text": "x"}\n' + line + b'\n{"id": "good too", "text": "y"}')

    sources, (problem,) = read(path)

    assert list(sources) == ["good", "good too"]
    assert str(problem).startswith(f"{path}:2: {what}")
    assert "; " in str(problem)


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ('"published": "last week"', "published: 'last week' is not an EDTF date"),
        ('"title": ["a"]', "title is not a text"),
    ],
)
def test_a_bad_value_in_a_line_does_not_lose_the_text(tmp_path: Path, value: str, what: str) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text('{"id": "a", "text": "x", ' + value + "}")

    sources, (problem,) = read(path)

    assert (sources["a"].published, sources["a"].title) == ("", "")
    assert str(problem).startswith(f"{path}:1: {what}")


def test_ids_that_come_again_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text('{"id": "a", "text": "x"}\n' * 3)

    assert list(read(path)[0]) == ["a", f"a~{sha256('x')[:6]}", f"a~{sha256('x')[:6]}~2"]


# ------------------------------------------------------------------------------------------ what is known

ARTICLE = "The article itself, of 1969."
SOURCES_TOML = f"""
[note]
title = "The Article"
author = "Ann"
published = 2019-02-01
language = "fr"
sha256 = "{sha256(ARTICLE).upper()}"
[plain]
published = "2020"
published_basis = "stated"
"""


def test_a_note_and_its_article_are_one_work(tmp_path: Path) -> None:
    project = write(tmp_path, {"seeds/sources.toml": SOURCES_TOML, "seeds/note.md": "It tells of 1969."})
    article = write(tmp_path / "mine", {"001_abc.txt": ARTICLE})

    sources, problems = read(project / "seeds", article, project=find_project(project)[0])

    note, article_ = sources["note"], sources["001_abc"]
    assert not problems
    assert note.work == article_.work == f"sha256:{sha256(ARTICLE)}"
    assert (note.original, article_.original) == (False, True)
    assert (note.origin, article_.origin) == (f"sha256:{sha256(ARTICLE)}", "")
    assert {(s.title, s.author, s.published, s.published_basis, s.language) for s in (note, article_)} == {
        ("The Article", "Ann", "2019-02-01", "given", "fr")
    }


def test_what_a_folder_says_about_its_files_is_known_without_a_project(tmp_path: Path) -> None:
    write(tmp_path, {"sources.toml": SOURCES_TOML, "plain.txt": "In 1969.", "unknown.txt": "In 1970."})

    sources, _ = read(tmp_path)

    assert (sources["plain"].published, sources["plain"].published_basis) == ("2020", "stated")
    assert (sources["plain"].original, sources["plain"].origin) == (True, "")
    assert (sources["unknown"].published, sources["unknown"].published_basis) == ("", "unknown")


def test_an_article_is_known_in_any_encoding(tmp_path: Path) -> None:
    text = "The caf\xe9 of 1969."
    write(tmp_path, {"sources.toml": f'[x]\ntitle = "T"\nsha256 = "{sha256(text)}"', "a.txt": text.encode("cp1252")})

    assert read(tmp_path)[0]["a"].title == "T"


@pytest.mark.parametrize(
    ("toml", "what"),
    [
        ('[note]\npublished = "2 May"', "sources.toml: [note]: published: '2 May' is not an EDTF date"),
        ('[note]\npublished = "2019-02-30"', "sources.toml: [note]: published: '2019-02-30' is not a date"),
        ('[note]\npublished_basis = "hearsay"', "sources.toml: [note]: published_basis 'hearsay' is unknown"),
        ('[note]\npublisched = "2019"', "sources.toml: [note]: unknown key 'publisched'; the keys are title, author"),
        ('[note]\nauthor = ["a"]', "sources.toml: [note]: author is not a text"),
        ('[note]\nsha256 = "abc"', "sources.toml: [note]: sha256 is not 64 hexadecimal digits"),
        ('title = "x"', "sources.toml: 'title' stands in no table"),
    ],
)
def test_a_bad_value_is_named_and_the_rest_is_kept(tmp_path: Path, toml: str, what: str) -> None:
    good = '\npublisher = "P"' if toml.startswith("[") else '\n[note]\npublisher = "P"'
    write(tmp_path, {"sources.toml": toml + good, "note.txt": "In 1969."})

    sources, (problem,) = read(tmp_path)

    assert str(problem).startswith(str(tmp_path / what))
    assert (sources["note"].publisher, sources["note"].published) == ("P", "")


@pytest.mark.parametrize("broken", [b'[note]\ntitle = "x\n', b'[note]\ntitle = "\xff"', b"[note\n"])
def test_a_broken_sources_toml_is_named_with_its_line(tmp_path: Path, broken: bytes) -> None:
    write(tmp_path, {"sources.toml": broken, "note.txt": "In 1969."})

    sources, (problem,) = read(tmp_path)

    assert sources["note"].title == ""
    assert str(problem).startswith(str(tmp_path / "sources.toml"))
    assert "line " in str(problem) or "sources.toml:2" in str(problem)


def test_this_projects_own_sources_are_known() -> None:
    known, problems = read_known(Path(__file__).parent.parent / "seeds" / "sources.toml")

    assert not problems
    assert all(entry["sha256"] and entry["published"] for entry in known.values())


def test_plain_text_takes_a_few_control_characters() -> None:
    document = read_plain(b"page one\x0cpage two, \x1b[1mbold\x1b[0m")

    assert (document.text, document.notes) == ("page one\x0cpage two, \x1b[1mbold\x1b[0m", [])
