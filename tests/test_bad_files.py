"""Files made to do harm, and broken ones: each ends in one clear line, soon, in little memory, and hurts no other."""

from __future__ import annotations

import base64
import gzip
import io
import os
import shutil
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from documents import PAGE, PLAIN, a_docx, a_pdf, an_epub, an_odt, every_format, mail, packed

from timeline.model import TimelineError
from timeline.project import Project
from timeline.read import read_sources
from timeline.read.child import Limits, Readers
from timeline.read.document import Fault
from timeline.table import load

ROOT = Path(__file__).parent.parent
NO_PROJECT = Project(Path("nowhere"), "", "", (), Path("nowhere/data"), False)
MOST_SECONDS, MOST_MEMORY = 20.0, 1.5e9  # for each file
ZEROS = bytes(1024 * 1024)
ODT = "application/vnd.oasis.opendocument.text"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WORD = f'<w:document xmlns:w="{W}"><w:body>{{}}</w:body></w:document>'


def bomb(name: str, megabytes: int, begin: str = "", others: dict[str, str] | None = None) -> bytes:
    """A zip file with a member of so many megabytes of nothing."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for other, text in (others or {}).items():
            archive.writestr(other, text)
        archive.compresslevel = 1
        with archive.open(name, "w") as member:
            member.write(begin.encode())
            for _ in range(megabytes):
                member.write(ZEROS.replace(b"\0", b" "))
    return stream.getvalue()


def gzip_bomb(megabytes: int) -> bytes:
    """A gzip file of so many megabytes of zeros."""
    packer = zlib.compressobj(1, wbits=31)
    return b"".join(packer.compress(ZEROS) for _ in range(megabytes)) + packer.flush()


def lying_bomb() -> bytes:
    """A zip file whose member says it is small and unpacks to 50 MB."""
    data = bytearray(bomb("a.txt", 50))
    whole = struct.pack("<I", 50 * 1024 * 1024)
    return bytes(data.replace(whole, struct.pack("<I", 1000)))


def nested_zip(depth: int) -> bytes:
    data = packed({"a.txt": PLAIN})
    for _ in range(depth):
        data = packed({"a.zip": data, "b.zip": data})
    return data


def locked_zip(name: str) -> bytes:
    """A zip file whose members are marked as encrypted."""
    data = bytearray(packed({name: PLAIN}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def pdf_bomb() -> bytes:
    """A PDF with a page whose content unpacks to 1 GB of operators."""
    packer = zlib.compressobj(1)
    content = b"".join(packer.compress(b"BT (x) Tj ET " * 80_000) for _ in range(1000)) + packer.flush()
    return pdf_of(content, b"/Filter /FlateDecode")


def pdf_of(content: bytes, more: bytes = b"", trailer: bytes = b"") -> bytes:
    """A PDF of one page, written by hand."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d %s >> stream\n%s\nendstream" % (len(content), more, content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    stream = io.BytesIO(b"%PDF-1.4\n")
    stream.seek(0, io.SEEK_END)
    offsets = []
    for number, each in enumerate(objects, 1):
        offsets.append(stream.tell())
        stream.write(b"%d 0 obj\n%s\nendobj\n" % (number, each))
    begin = stream.tell()
    stream.write(b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets))
    stream.write(b"trailer << /Size 6 /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (trailer, begin))
    return stream.getvalue()


def locked_pdf() -> bytes:
    """A PDF that says it is encrypted with a password nobody has."""
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (%s) /U (%s) >> /ID [(a) (a)]" % (b"o" * 32, b"u" * 32)
    return pdf_of(b"BT /F1 12 Tf (In 1969) Tj ET", trailer=lock)


def laughs(root: str) -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY l0 "lol">{entities}]><{root}>&l9;</{root}>'.encode()


def fetching(secret: str) -> bytes:
    return (
        f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}">'
        '<!ENTITY y SYSTEM "http://127.0.0.1:9/">]>' + WORD.format("<w:p><w:r><w:t>In 1969 &x; &y;</w:t></w:r></w:p>")
    ).encode()


def attributes() -> bytes:
    return b" ".join(b'a%d="1"' % number for number in range(300_000))


def deep_mail() -> bytes:
    """A mail of 3,000 parts in each other."""
    head = b"From: a@b.c\nDate: Mon, 1 Feb 1999 10:00:00 +0000\nMIME-Version: 1.0\n"
    parts = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(3000))
    return head + parts + b"\nIn 1969."


def paragraphs(count: int) -> str:
    return WORD.format("<w:p><w:r><w:t>x</w:t></w:r></w:p>" * count)


# What is said of each: a part of the line, or nothing if a text may come of it.
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    # cut off, damaged
    "cut.pdf": (lambda: a_pdf()[:700], "is no whole PDF: damaged, or cut off"),
    "cut.docx": (lambda: a_docx()[:-900], "is damaged, or cut off"),
    "cut.odt": (lambda: an_odt()[:400], "is damaged, or cut off"),
    "cut.epub": (lambda: an_epub()[:-200], "is damaged, or cut off"),
    "cut.zip": (lambda: packed({"a.txt": PLAIN})[:50], "is damaged, or cut off"),
    "cut.jsonl.gz": (lambda: gzip.compress(b'{"id": "a", "text": "In 1969"}\n' * 999)[:60], "is damaged, or cut off"),
    "cut.warc.gz": (lambda: gzip.compress(b"WARC/1.0\r\nWARC-Type: response\r\n\r\n")[:20], "damaged"),
    "cut.rtf": (lambda: b"{\\rtf1\\ansi{\\fonttbl", "has no text"),
    "crc.docx": (lambda: a_docx().replace(b"\x4b\x05\x06", b"\x4b\x05\x06\x01\x01"), "is damaged, or cut off"),
    "flipped.docx": (lambda: flipped(a_docx()), ""),
    # locked
    "locked.zip": (lambda: locked_zip("a.txt"), "is locked with a password"),
    "locked.docx": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), "an old Office file, or one locked"),
    "locked.pdf": (locked_pdf, "is locked with a password"),
    "locked.odt": (lambda: packed({"mimetype": ODT, "content.xml": "\0" * 99,
        "META-INF/manifest.xml": "<m><manifest:encryption-data/></m>"}), "is locked with a password"),
    # bombs
    "bomb.zip": (lambda: bomb("a.txt", 100), "would unpack to 100 MB"),
    "lying.zip": (lying_bomb, "is damaged, or cut off"),
    "bomb.docx": (lambda: bomb("word/document.xml", 100), "would unpack to 100 MB"),
    "dense.docx": (lambda: packed({"word/document.xml": paragraphs(150_000)}), ""),
    "huge.odt": (lambda: bomb("content.xml", 100, others={"mimetype": ODT}), "would unpack"),
    "bomb.jsonl.gz": (lambda: gzip_bomb(600), "more than 512 MB"),
    "bomb.pdf": (pdf_bomb, ""),
    "nested.zip": (lambda: nested_zip(12), "is a zip file in a zip file"),
    "many.zip": (lambda: packed({f"{n}.txt": "" for n in range(30_000)}), "has more than 20000 files in it"),
    "laughs.docx": (lambda: packed({"word/document.xml": laughs("document")}), "defines entities of its own"),
    "laughs.html": (lambda: laughs("html"), ""),
    "laughs.epub": (lambda: packed({"META-INF/container.xml": laughs("container")}), "defines entities of its own"),
    # built to choke a parser
    "attributes.html": (lambda: b"<html><body><p " + attributes() + b">In 1969.</p>",
        "as no page needs"),
    "attributes.epub": (lambda: an_epub_with(b"<p " + attributes() + b">In 1969.</p>"), ""),
    "attributes.docx": (lambda: packed({"word/document.xml": WORD.format(f"<w:p {attributes().decode()}/>")}), ""),
    "deep.html": (lambda: b"<div>" * 200_000 + b"In 1969 it rained." + b"</div>" * 200_000, ""),
    "deep.docx": (lambda: packed({"word/document.xml": WORD.format("<w:p>" * 99_999)}), "is damaged"),
    "deep.jsonl": (lambda: b'{"id": "a", "text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n", "is not JSON"),
    "deep.rtf": (lambda: b"{\\rtf1 " + b"{" * 200_000 + b"In 1969." + b"}" * 200_000, ""),
    "deep.eml": (deep_mail, ""),
    "tags.html": (lambda: b"<" * 500_000, ""),
    "comment.html": (lambda: b"<html><!--" * 300_000, ""),
    "entities.html": (lambda: b"<html><body>" + b"&#" * 1_000_000, ""),
    "script.html": (lambda: b"<html><body><script>" + b"var a = '<p>In 1969';" * 100_000, "has no text that a browser"),
    "data.html": (lambda: b'<html><script type="application/ld+json">' + b"[" * 100_000 + b"</script><p>In 1969.", ""),
    "spaces.txt": (lambda: b"In 1969 " + b" " * 3_000_000, ""),
    "heading.md": (lambda: b"# In 1969" + b" #" * 1_000_000 + b"x\n\nIt rained.", ""),
    "front.md": (lambda: b"---\ntitle: x" + b" " * 1_000_000 + b"y\n---\n\nIn 1969 it rained.", ""),
    "lines.md": (lambda: b" \n" * 1_000_000 + b" " * 1_000_000 + b"# In 1969", ""),
    "cues.srt": (lambda: b"1\n00:00:01,000 --> 00:00:02,000\n" * 50_000, "has no subtitles in it"),
    "quote.csv": (lambda: b'id,text\n1,"' + b"x" * 3_000_000, ""),
    "header.mbox": (lambda: b"From a Mon Jan  4 10:00:00 1999\n" * 50_000, "has no documents in it"),
    "folded.eml": (lambda: b"Subject: " + b"=?utf-8?q?=61?=\n " * 50_000 + b"\n\nIn 1969.", ""),
    # wrong ending, empty, NUL, mixed encodings
    "picture.pdf": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "is not a PDF, though it ends in .pdf"),
    "picture.html": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, ""),
    "program.docx": (lambda: b"MZ" + bytes(9000), "is not a Word document, though it ends in .docx"),
    **{f"empty{suffix}": (lambda: b"", "has no text") for suffix in (".txt", ".html", ".pdf", ".docx", ".eml", ".zip")},
    "blank.html": (lambda: b"<html><body>  \n </body></html>", "has no text"),
    "nul.txt": (lambda: b"In 1969\0\0\0 it rained." * 9, "is not text in UTF-8"),
    "nul.html": (lambda: b"<html><body><p>In \x001969 it rained.</p>" + bytes(100), ""),
    "nul.jsonl": (lambda: b'{"id": "a", "text": "In 1969\\u0000"}\n', "characters that are none"),
    "half.jsonl": (lambda: b'{"id": "a", "text": "In 1969 \\ud800"}\n', "characters that are none"),
    "mixed.txt": (lambda: "In März 1969 – ".encode() * 9 + "Grüße".encode("cp1252"), "is not UTF-8 at byte"),
    "mixed.html": (lambda: b"<html><p>" + "In 1969, Köln. ".encode() * 9 + b"Gr\xfc\xdfe", "is not UTF-8 at byte"),
    "mixed.csv": (lambda: b"id,text\na,M\xe4rz 1969\nb,\xc3\xa4\n", "is not UTF-8 at byte"),
    # what leads outside
    "fetch.docx": (lambda: packed({"word/document.xml": fetching("/etc/hostname")}), "defines entities of its own"),
    "slip.zip": (lambda: packed({"../../../slipped.txt": "\0"}), "is not text in UTF-8"),
    "remote.html": (lambda: b'<html><base href="http://127.0.0.1:9/"><link rel=stylesheet href=x.css><body>'
        b'<iframe src="http://127.0.0.1:9/"></iframe><p>In 1969.', ""),
    "attached.eml": (lambda: bytes(attached()), "has no text of its own"),
}  # fmt: skip


def flipped(data: bytes) -> bytes:
    """The bytes with one in every 97 changed."""
    return bytes(byte ^ (0x55 if place % 97 == 50 else 0) for place, byte in enumerate(data))


def an_epub_with(chapter: bytes) -> bytes:
    stream = io.BytesIO(an_epub())
    with zipfile.ZipFile(stream, "a") as book:
        book.writestr("OPS/text/c 0.xhtml", b"<html><body>" + chapter + b"</body></html>")
    return stream.getvalue()


def attached() -> object:
    message = mail("x", "Fri, 05 Mar 2010 10:00:00 +0100", "")
    message.add_attachment(base64.b64encode(ZEROS), maintype="application", subtype="zip", filename="../../a.zip")
    return message


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all these files, and one of 1 GB that takes no room on disk."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, (make, _) in HOSTILE.items():
        (folder / name).write_bytes(make())
    for name in ("sparse.txt", "sparse.pdf", "sparse.html"):
        with (folder / name).open("wb") as file:
            file.truncate(1024**3)
    with (folder / "large.html").open("wb") as file:
        file.write(b"<html>")
        file.truncate(400 * 1024**2)
    return folder


LARGE = {
    "sparse.txt": "is larger than 512 MB",
    "sparse.pdf": "is larger than 512 MB",
    "sparse.html": "is larger than 512 MB",
    "large.html": "is a page of 400 MB",
}


@pytest.fixture(scope="module")
def said(hostile: Path) -> Iterator[Callable[[str], tuple[list[str], float, int]]]:
    """What is said about a file, how long that took in seconds, and how many sources it gave."""

    def ask(name: str) -> tuple[list[str], float, int]:
        begin = time.monotonic()
        sources, problems = read_sources([hostile / name], NO_PROJECT)
        return [str(problem) for problem in problems], time.monotonic() - begin, len(sources)

    return ask


@pytest.mark.parametrize("name", [*HOSTILE, *LARGE])
def test_a_bad_file_ends_in_one_clear_line_soon(
    said: Callable[[str], tuple[list[str], float, int]], hostile: Path, name: str
) -> None:
    what = LARGE[name] if name in LARGE else HOSTILE[name][1]
    lines, seconds, sources = said(name)

    assert seconds < MOST_SECONDS
    assert what in "\n".join(lines)
    assert sources or lines
    assert len([line for line in lines if "left out: " not in line]) <= 2, lines
    for line in lines:
        assert line.startswith(str(hostile / name))
        assert "Error" not in line or "; " in line
        assert "Traceback" not in line


def test_bad_files_hurt_no_other(hostile: Path, tmp_path: Path) -> None:
    """The events of good files are the same with and without bad ones beside them; in so much memory."""
    good = tmp_path / "good"
    good.mkdir()
    for name, data in every_format(tmp_path).items():
        (good / name).write_bytes(data)
    for name, folders in (("alone", [good]), ("among", [good, hostile])):
        out, peak = run_build(folders, tmp_path / name)
        assert f"tables: {tmp_path / name}" in out
        assert peak < MOST_MEMORY, f"{peak / 1e9:.2f} GB"
    alone, among = (load(tmp_path / name) for name in ("alone", "among"))
    theirs = set(alone.sources["source_id"])
    mentions = among.mentions[among.mentions["source_id"].isin(theirs)]
    assert mentions.to_csv(index=False) == alone.mentions.to_csv(index=False)


def run_build(folders: list[Path], tables: Path) -> tuple[str, float]:
    """What a build prints, and the most memory that it or its reader had, in bytes."""
    program = (
        "import resource, sys; from timeline.cli import main; code = main(sys.argv[1:]);"
        "used = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)];"
        "print('peak', max(used) * 1024)"
    )
    command = [sys.executable, "-c", program, "build", *map(str, folders), "-o", str(tables)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=600)
    out, peak = ran.stdout.rsplit("peak", 1)
    return out, float(peak)


# ------------------------------------------------------------------------------------------ the limits themselves


def ask_child(tmp_path: Path, body: str, limits: Limits) -> str:
    """What becomes of a file whose reader does this, in a copy of our package."""
    package = tmp_path / "over"
    shutil.copytree(ROOT / "timeline", package / "timeline", ignore=shutil.ignore_patterns("__pycache__"))
    (package / "timeline/read/cues.py").write_text(f"def read_cues(data):\n    {body}\n", "utf-8")
    path = tmp_path / "a.srt"
    path.write_bytes(b"x")
    program = (
        "import sys; from pathlib import Path; from timeline.read.child import Limits, Readers\n"
        f"with Readers({limits!r}) as readers:\n"
        "    try: print(readers.read(Path(sys.argv[1]), 1))\n"
        "    except ValueError as error: print(error)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(package)}
    command = [sys.executable, "-P", "-c", program, str(path)]
    ran = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=60)
    return ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("while True: pass", "took more than 2 s to read"),
        ("import time; time.sleep(99)", "took more than 2 s to read"),
        ("return b'x' * (2 * 1024 ** 3)", "takes more than 0.6 GB of memory"),
        ("import os; os._exit(9)", "ended its reader"),
        ("import ctypes; ctypes.string_at(0)", "ended its reader"),
        ("from .document import Document; return Document('x' * 9_000_000)", "gives more than 1 MB of text"),
        ("import socket; socket.create_connection(('127.0.0.1', 9))", "(PermissionError)"),
        ("import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')", "(PermissionError)"),
        ("import subprocess; subprocess.run(['true'])", "(PermissionError)"),
        ("import os; os.system('true')", "(PermissionError)"),
        ("open('written.txt', 'w')", "(PermissionError)"),
        ("import os; os.open('written.txt', os.O_CREAT | os.O_WRONLY)", "(PermissionError)"),
        ("import os; os.remove('a.srt')", "(PermissionError)"),
        ("import zipfile; zipfile.ZipFile('written.zip', 'w')", "(PermissionError)"),
        ("return [][1]", "cannot be read as what it seems to be (IndexError)"),
        ("print('noise'); from .document import Document; return Document('calm')", "text='calm'"),
    ],
)
def test_a_reader_can_do_no_harm(tmp_path: Path, body: str, what: str) -> None:
    limits = Limits(seconds=2.0, memory=600 * 1024**2, document=1024**2)
    answer = ask_child(tmp_path, body, limits)

    assert what in answer, answer
    assert not list(tmp_path.rglob("written*"))


def test_what_a_file_gives_does_not_depend_on_the_files_before_it(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, "utf-8")
    with Readers() as readers:
        alone = readers.read(tmp_path / "a.html", 1)
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(400 * 1024**2)
    with Readers(Limits(memory=500 * 1024**2)) as readers:
        with pytest.raises(TimelineError, match=r"memory|ended its reader"):
            readers.read(tmp_path / "large.csv", 1)
        assert readers.read(tmp_path / "a.html", 1) == alone


def test_one_bad_member_does_not_cost_the_others(tmp_path: Path) -> None:
    """A member that ends its reader is left out, and the file is read again without it."""
    row = b'{"id": "%s", "text": "%s"}\n'
    data = row % (b"a", b"In 1969.") + row % (b"b", b"x" * 3_000_000) + row % (b"c", b"In 1970.")
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(data))

    with Readers(Limits(document=1024**2)) as readers:
        found = readers.read(path, 1)

    assert [getattr(each, "name", "") for each in found] == ["a", "c", ""]
    assert found[-1] == Fault("line 2", "gives more than 1 MB of text; split it", is_final=False)
