"""The formats that are read: their endings, the functions that read them, and how their content is recognised.

A reader takes the bytes of a file and gives a Document, or yields several of them. To add one, write the function and
add its line to FORMATS.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from .document import NO_TEXT, Document, Many, refuse
from .packed import open_zip, unpack

HEAD = 16 * 1024  # bytes from which a kind of content is recognised


@dataclass(frozen=True, slots=True)
class Format:
    """`what` names it in messages. `reader`: "module:function" below this package, imported when it is first needed.

    `is_signed`: its content can be told from any other; a file without that sign is no such file.
    `is_plain`: reading it takes no parser that a file could trick, so no child process is needed.
    """

    name: str
    what: str
    suffixes: tuple[str, ...]
    reader: str
    is_signed: bool = False
    is_plain: bool = False

    def read(self, data: bytes) -> Document | Many:
        """The document in these bytes, or the documents. Raises TimelineError if they cannot be read."""
        return _reader(self.reader)(data)


@cache
def _reader(name: str) -> Callable[[bytes], Document | Many]:
    module, function = name.split(":")
    reader: Callable[[bytes], Document | Many] = getattr(import_module(f".{module}", __package__), function)
    return reader


FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format("text", "plain text", (".txt",), "plain:read_plain", is_plain=True),
        Format("markdown", "Markdown", (".md",), "plain:read_markdown", is_plain=True),
        Format("html", "a web page", (".html", ".htm", ".xhtml"), "markup:read_html"),
        Format("pdf", "a PDF", (".pdf",), "pdf:read_pdf", is_signed=True),
        Format("docx", "a Word document", (".docx",), "office:read_docx", is_signed=True),
        Format("odt", "an OpenDocument text", (".odt",), "office:read_odt", is_signed=True),
        Format("rtf", "an RTF document", (".rtf",), "office:read_rtf", is_signed=True),
        Format("epub", "an e-book", (".epub",), "epub:read_epub", is_signed=True),
        Format("eml", "a mail", (".eml",), "mail:read_eml"),
        Format("mbox", "a mailbox", (".mbox",), "mail:read_mbox"),
        Format("srt", "SubRip subtitles", (".srt",), "cues:read_cues"),
        Format("vtt", "WebVTT subtitles", (".vtt",), "cues:read_cues"),
        Format("csv", "a table", (".csv", ".tsv"), "rows:read_csv"),
        Format("jsonl", "a collection", (".jsonl",), "rows:read_jsonl", is_plain=True),
        Format("jsonl.gz", "a packed collection", (".jsonl.gz",), "rows:read_jsonl_gz", is_signed=True),
        Format("zip", "a zip file", (".zip",), "archive:read_zip", is_signed=True),
        Format("warc", "a web archive", (".warc", ".warc.gz"), "archive:read_warc", is_signed=True),
    )
}
_BY_SUFFIX = {suffix: each for each in FORMATS.values() for suffix in each.suffixes}
SUFFIXES = tuple(suffix for suffix in _BY_SUFFIX if suffix not in (".xhtml", ".tsv"))  # those that messages name

_MBOX = re.compile(rb"From \S+ +(?:\S+ +)?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [^\r\n]{10,60}\r?\n[A-Za-z-]+:")
_HTML = re.compile(
    rb"(?:\s|\xef\xbb\xbf|<\?xml[^>]{0,200}>|<!--.{0,2000}?-->)*<(?:!doctype\s+html|html[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_SRT = re.compile(rb"(?:\xef\xbb\xbf)?\s*\d+\s*\r?\n\d{1,3}:\d\d:\d\d[,.]\d{1,3}[ \t]*-->")
_MAIL = re.compile(
    rb"(?:(?:Return-Path|Received|From|Date|Subject|To|Message-ID|MIME-Version|Delivered-To): )", re.IGNORECASE
)
_SIGNS = {
    b"PK\x03\x04": "package",
    b"PK\x05\x06": "package",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "ole",
    b"\x1f\x8b": "gzip",
    b"{\\rtf": "rtf",
    b"WARC/": "warc",
    b"WEBVTT": "vtt",
    b"\xef\xbb\xbfWEBVTT": "vtt",
}
_ALL_SIGNS = tuple(_SIGNS)
_MIMETYPES = {
    b"application/epub+zip": "epub",
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.text-template": "odt",
}
_PACKAGED = re.compile(  # what a package that is a document begins with, one way or another
    rb"mimetypeapplication/(?:epub\+zip|vnd\.oasis\.opendocument\.text)|word/(?:document|styles)\.xml|META-INF/container\.xml"
)
_OTHERS = (  # packages that hold something else: a file in them, what they are, what to do
    ("xl/workbook.xml", "is a spreadsheet", "save the sheet that has the documents as .csv"),
    ("ppt/presentation.xml", "is a presentation", "save it as PDF"),
)
_MOVES = {  # endings of what is often among documents: the next move
    ".doc .dot .wpd .pages": "save it as .docx",
    ".xls .xlsx .ods .numbers": "save the sheet that has the documents as .csv",
    ".ppt .pptx .odp .key": "save it as PDF",
    ".jpg .jpeg .png .gif .tif .tiff .webp .heic": "if it shows a text, recognise that with OCR",
    ".mobi .azw .azw3": "convert it to .epub",
    ".msg": "save it as .eml",
    ".pst .ost": "export it as .mbox",
    ".rar .7z .tar .gz .tgz .bz2 .xz": "unpack it",
    ".mp3 .m4a .wav .mp4 .mov": "if somebody speaks in it, have subtitles (.srt) made of it",
}
_CONVERT = "convert it to text or PDF, or leave it out"
_ODF_OTHERS = ("is no text but a spreadsheet, slides or a drawing", "save it as .csv or PDF")


def suffix_of(name: str) -> str:
    """The ending of a file's name in small letters; of "a.jsonl.gz" both parts, empty if it has none."""
    lower = name.lower()
    last = lower.rfind(".")
    double = lower.rfind(".", 0, max(last, 0))
    if double >= 0 and lower[double:] in _BY_SUFFIX:
        return lower[double:]
    return lower[last:] if last > 0 or lower in _BY_SUFFIX else ""


def stem_of(name: str) -> str:
    """A file's name without its folder and its ending."""
    name = re.split(r"[/\\]", name)[-1]
    suffix = suffix_of(name)
    return name[: -len(suffix)] if suffix and len(suffix) < len(name) else name


def sniff(head: bytes, suffix: str) -> str:
    """What the beginning of a file shows it to be: a name in FORMATS, "package", "gzip", "ole", or nothing (empty)."""
    if head.startswith(b"%PDF-") or (suffix == ".pdf" and b"%PDF-" in head[:1024]):
        return "pdf"
    if head.startswith(_ALL_SIGNS):
        return next(kind for sign, kind in _SIGNS.items() if head.startswith(sign))
    if _MBOX.match(head):
        return "mbox"
    if _HTML.match(head):
        return "html"
    if _SRT.match(head):
        return "srt"
    if suffix not in _BY_SUFFIX and len(set(map(bytes.lower, _MAIL.findall(head)))) > 3 and _MAIL.match(head):
        return "eml"
    return ""


def is_candidate(head: bytes, suffix: str) -> bool:
    """May a file with this beginning and ending hold documents?"""
    return suffix in _BY_SUFFIX or _is_document(head, sniff(head, suffix))


def _is_document(head: bytes, kind: str) -> bool:
    """Does the beginning of a file alone show that it holds documents?"""
    return kind not in ("", "gzip", "package", "ole") or (kind == "package" and bool(_PACKAGED.search(head)))


def plain_format(head: bytes, suffix: str) -> Format | None:
    """The format of a file that needs no child process, None if it has another."""
    found = _BY_SUFFIX.get(suffix)
    return found if found and found.is_plain and not sniff(head, suffix) else None


def unread(head: bytes, suffix: str) -> tuple[str, str]:
    """What to say of a file that is no candidate: what it is, and the next move."""
    what = f"not a format that is read: {suffix or 'no ending'}"
    known = next((move for endings, move in _MOVES.items() if suffix in endings.split()), "")
    is_binary = bool(sniff(head, suffix)) or b"\0" in head
    return what, known or (_CONVERT if is_binary else "if it is a text, rename it to .txt")


def recognise(data: bytes, suffix: str) -> tuple[Format | None, str]:
    """The format of a file by its content and then its ending; a remark if these differ (empty: they do not).

    No format if neither is one of a document. Raises TimelineError if it is damaged, of a kind that is not read, or not
    what its ending says.
    """
    head = data[:HEAD]
    kind = sniff(head, suffix)
    by_suffix = _BY_SUFFIX.get(suffix)
    if by_suffix is None and not _is_document(head, kind):
        return None, ""
    if not data or data.isspace():
        raise refuse("has no text", NO_TEXT)
    if kind == "ole":
        raise refuse("is an old Office file, or one locked with a password", "save it as .docx, without one")
    if kind == "package":
        kind = _package(data)
    elif kind == "gzip":
        kind = _gzip(data, suffix)
    if not kind and by_suffix and by_suffix.is_signed:
        if b"\0" in head:
            raise refuse(f"is not {by_suffix.what}, though it ends in {suffix}", "get it anew, or take it out")
        kind = "text"
    found = FORMATS[kind] if kind else by_suffix
    if found is by_suffix or found is None:
        return found, ""
    remark = f"is {found.what}, whatever its ending {suffix} says" if suffix else ""
    return found, "" if {found.name, by_suffix and by_suffix.name} == {"srt", "vtt"} else remark


def _package(data: bytes) -> str:
    """What is in a zip file: a document of some kind, or just files. Raises TimelineError if it is damaged."""
    packed = open_zip(data)
    names = set(packed.namelist())
    if "mimetype" in names:
        mimetype = unpack(packed, "mimetype")[:100].strip()
        if mimetype in _MIMETYPES:
            return _MIMETYPES[mimetype]
        if b"opendocument" in mimetype:
            raise refuse(*_ODF_OTHERS)
    if "word/document.xml" in names:
        return "docx"
    if "META-INF/container.xml" in names:
        return "epub"
    for name, what, hint in _OTHERS:
        if name in names:
            raise refuse(what, hint)
    return "zip"


def _gzip(data: bytes, suffix: str) -> str:
    """What a gzip file holds. Raises TimelineError if it is nothing that is read."""
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            head = stream.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")
    except (EOFError, OSError, zlib.error):
        raise refuse("is damaged, or cut off", "pack it anew") from None
    if head.startswith(b"WARC/"):
        return "warc"
    if head.startswith(b"{") or suffix == ".jsonl.gz":
        return "jsonl.gz"
    raise refuse("is a packed file of something else than a .jsonl collection", "unpack it")
