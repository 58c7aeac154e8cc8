"""How fast each format is read, beside the library that its reader rests on: at most 30 % may be added.

    python tests/bench/read.py [--pages N] [--rounds N]

The files are made here, of so many pages (3,000 characters; a web page or a mail is one). Both columns are one thread
on one core in this process, without the child process and what starting it costs; that is the last line. The library
does the least that gives the words: parse, and collect the text.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import random
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from email import message_from_bytes, policy
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent))

import docx
from documents import PAGE, mail, packed, pdf
from odf.opendocument import OpenDocumentText
from odf.text import H, P
from tag import _met, _stay_on_one_core
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from timeline.read.child import Readers
from timeline.read.document import Document
from timeline.read.formats import FORMATS

MOST_ADDED = 0.3  # target: time beside the library's
PAGE_LENGTH = 3000  # characters
_SEED = 6


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 whatever the figures are."""
    parser = argparse.ArgumentParser(description="how fast each format is read")
    parser.add_argument("--pages", type=int, default=100, metavar="N", help="pages of each file (default: 100)")
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="rounds of measuring (default: 7)")
    options = parser.parse_args(arguments)
    _stay_on_one_core()
    print(f"{options.pages} pages each, median of {options.rounds} rounds, one core; target: at most 30 % added")
    print(f"  {'format':10}{'library':34}{'pages/s':>10}{'ours':>10}{'added':>8}")
    for name, library, make, rest in _cases():
        data = make(options.pages)
        ours, theirs = _both(partial(_ours, name, data), partial(rest, data), options.rounds)
        added = ours / theirs - 1
        speeds = f"{options.pages / theirs:10,.0f}{options.pages / ours:10,.0f}"
        print(f"  {name:10}{library:34}{speeds}{added:8.0%}  {_met(added <= MOST_ADDED)}", flush=True)
    _show_start()
    return 0


def _both(ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> tuple[float, float]:
    """The seconds that each takes, in turns, so that a machine that slows down is fair to both."""
    ours()
    theirs()
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for function, seconds in zip((ours, theirs), taken, strict=True):
            begin = time.perf_counter()
            function()
            seconds.append(time.perf_counter() - begin)
    return median(taken[0]), median(taken[1])


def _ours(name: str, data: bytes | list[bytes]) -> int:
    """Read a file, or several; the characters of it."""
    length = 0
    for each in data if isinstance(data, list) else [data]:
        found = FORMATS[name].read(each)
        documents = [found] if isinstance(found, Document) else [d for d in found if isinstance(d, Document)]
        length += sum(len(document.text) for document in documents)
    return length


def _show_start() -> None:
    """What the child process costs, once a build."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.srt")
        path.write_text("1\n00:00:01,000 --> 00:00:02,000\nIn 1969.\n", "utf-8")
        begin = time.perf_counter()
        with Readers() as readers:
            readers.read(path, 1)
            first = time.perf_counter() - begin
            begin = time.perf_counter()
            for _ in range(100):
                readers.read(path, 1)
            print(f"\n  the child process: {first:.2f} s for the first file", end="")
            print(f", {(time.perf_counter() - begin) * 10:.2f} ms for each further one")


# ---------------------------------------------------------------------------------------------- files


def _pages(count: int) -> list[list[str]]:
    """Pages of paragraphs of made-up words, with a date here and there; the same every time."""
    chance = random.Random(_SEED)
    words = ["".join(chance.choices("aeioulnrst", k=chance.randint(2, 9))) for _ in range(3000)]
    pages = []
    for _ in range(count):
        paragraphs: list[str] = []
        while sum(map(len, paragraphs)) < PAGE_LENGTH - 300:
            sentences = [" ".join(chance.choices(words, k=14)).capitalize() + "." for _ in range(6)]
            paragraphs.append(
                " ".join([*sentences, f"It was on {chance.randint(1, 28)} May {chance.randint(1700, 2020)}."])
            )
        pages.append(paragraphs)
    return pages


def _page(paragraphs: Sequence[str]) -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    links = "".join(f'<li><a href="/{n}">News of the day, number {n}</a></li>' for n in range(40))
    return PAGE.replace("</article>", f"{text}</article>").replace("</ul>", f"{links}</ul>").encode()


def _html(count: int) -> list[bytes]:
    return [_page(paragraphs) for paragraphs in _pages(count)]


def _pdf(count: int) -> bytes:
    return pdf(_pages(count), header="A Running Header")


def _docx(count: int) -> bytes:
    document = docx.Document()
    for number, paragraphs in enumerate(_pages(count)):
        document.add_heading(f"Chapter {number}", 1)
        for paragraph in paragraphs:
            document.add_paragraph(paragraph)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _odt(count: int) -> bytes:
    document = OpenDocumentText()
    for number, paragraphs in enumerate(_pages(count)):
        document.text.addElement(H(outlinelevel=1, text=f"Chapter {number}"))
        for paragraph in paragraphs:
            document.text.addElement(P(text=paragraph))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _epub(count: int) -> bytes:
    opf = '<package xmlns="http://www.idpf.org/2007/opf"><manifest>{}</manifest><spine>{}</spine></package>'
    items = "".join(f'<item id="c{n}" href="{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(count))
    files: dict[str, str | bytes] = {
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="b.opf"/></rootfiles></container>',
        "b.opf": opf.format(items, "".join(f'<itemref idref="c{n}"/>' for n in range(count))),
    }
    for number, paragraphs in enumerate(_pages(count)):
        text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        files[f"{number}.xhtml"] = f"<html><body><h1>Chapter {number}</h1>{text}</body></html>"
    return packed(files)


def _rtf(count: int) -> bytes:
    text = "".join(f"\\pard {paragraph}\\par\n" for paragraphs in _pages(count) for paragraph in paragraphs)
    return f"{{\\rtf1\\ansi\\ansicpg1252 {text}}}".encode("ascii")


def _eml(count: int) -> list[bytes]:
    return [
        bytes(mail(f"Mail {n}", "Fri, 05 Mar 2010 10:00:00 +0100", "\n\n".join(paragraphs)))
        for n, paragraphs in enumerate(_pages(count))
    ]


def _mbox(count: int) -> bytes:
    return b"".join(b"From a@b.c Mon Jan  4 10:00:00 1999\n" + each + b"\n\n" for each in _eml(count))


def _csv(count: int) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["id", "date", "text"])
    writer.writerows([f"d{n}", "1999", "\n\n".join(paragraphs)] for n, paragraphs in enumerate(_pages(count)))
    return stream.getvalue().encode()


def _lines(count: int) -> bytes:
    rows = [{"id": f"d{n}", "text": "\n\n".join(paragraphs)} for n, paragraphs in enumerate(_pages(count))]
    return gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode())


def _zip(count: int) -> bytes:
    return packed({f"{n}.txt": "\n\n".join(paragraphs) for n, paragraphs in enumerate(_pages(count))})


def _warc(count: int) -> bytes:
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True)
    for number, page in enumerate(_html(count)):
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        url = f"http://example.org/{number}"
        writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(page), http_headers=headers))
    return stream.getvalue()


# ---------------------------------------------------------------------------------------------- libraries


def _trafilatura(data: list[bytes]) -> int:
    from trafilatura import bare_extraction

    return sum(len(bare_extraction(page, include_comments=False, with_metadata=True).text) for page in data)


def _pdfium(data: bytes) -> int:
    import pypdfium2

    return sum(len(page.get_textpage().get_text_range()) for page in pypdfium2.PdfDocument(data))


def _python_docx(data: bytes) -> int:
    return sum(len(paragraph.text) for paragraph in docx.Document(io.BytesIO(data)).paragraphs)


def _lxml(data: bytes) -> int:
    """The paragraphs of an OpenDocument file by lxml; odfpy is many times as slow."""
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = etree.fromstring(archive.read("content.xml"))
    name = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
    return sum(len(" ".join("".join(each.itertext()).split())) for each in root.iter(f"{name}p", f"{name}h"))


class _Text(HTMLParser):
    """The paragraphs of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.length, self.words = 0, [""]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "h1", "div", "li"):
            self.length += len(" ".join("".join(self.words).split()))
            self.words.clear()


def _html_parser(data: bytes) -> int:
    length = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith(".xhtml"):
                parser = _Text()
                parser.feed(archive.read(name).decode())
                length += parser.length
    return length


def _striprtf(data: bytes) -> int:
    from striprtf.striprtf import rtf_to_text

    return len(rtf_to_text(data.decode("cp1252")))


def _email(data: list[bytes]) -> int:
    length = 0
    for each in data:
        message = message_from_bytes(each, policy=policy.default)
        body = message.get_body(("plain", "html"))
        assert body is not None
        about = [str(message.get(name)) for name in ("From", "Date", "Subject")]
        length += len(body.get_content()) + len(about)
    return length


def _email_box(data: bytes) -> int:
    return _email(data.split(b"From a@b.c Mon Jan  4 10:00:00 1999\n")[1:])


def _csv_reader(data: bytes) -> int:
    return sum(len(row["text"]) for row in csv.DictReader(io.StringIO(data.decode(), newline="")))


def _gzip_json(data: bytes) -> int:
    with gzip.open(io.BytesIO(data)) as lines:
        return sum(len(json.loads(line)["text"]) for line in lines)


def _zipfile(data: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return sum(len(archive.read(name).decode()) for name in archive.namelist())


def _fastwarc(data: bytes) -> int:
    from fastwarc.warc import ArchiveIterator

    return _trafilatura([record.reader.read() for record in ArchiveIterator(io.BytesIO(data), parse_http=True)])


def _cases() -> list[tuple[str, str, Callable[[int], bytes | list[bytes]], Callable[[bytes | list[bytes]], int]]]:
    return [  # type: ignore[return-value]
        ("html", "trafilatura, with metadata", _html, _trafilatura),
        ("pdf", "pypdfium2", _pdf, _pdfium),
        ("docx", "python-docx", _docx, _python_docx),
        ("odt", "zipfile, lxml", _odt, _lxml),
        ("epub", "zipfile, html.parser", _epub, _html_parser),
        ("rtf", "striprtf", _rtf, _striprtf),
        ("eml", "email", _eml, _email),
        ("mbox", "email", _mbox, _email_box),
        ("csv", "csv.DictReader", _csv, _csv_reader),
        ("jsonl.gz", "gzip, json", _lines, _gzip_json),
        ("zip", "zipfile", _zip, _zipfile),
        ("warc", "fastwarc, trafilatura", _warc, _fastwarc),
    ]


if __name__ == "__main__":
    sys.exit(main())
