"""Documents of word processors: .docx (Word), .odt (OpenDocument) and .rtf."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

from ..model import TimelineError
from .document import Blocks, Document, day, decode, first, refuse, tidy
from .packed import open_zip, parse_xml, unpack

_NO_TEXT = "if its pages are pictures, recognise their text first, with OCR"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DC = "{http://purl.org/dc/elements/1.1/}"
_DCTERMS = "{http://purl.org/dc/terms/}"
_NOTES = (("word/footnotes.xml", "footnote", "note"), ("word/endnotes.xml", "endnote", "endnote"))
_TITLE_STYLES = ("title", "subtitle")


def _told(document: Document, blocks: Blocks) -> Document:
    """The document with its text. Raises TimelineError if there is none."""
    document.text, document.places = blocks.text, blocks.places
    if not document.text:
        raise refuse("has no text", _NO_TEXT)
    return document


# ---------------------------------------------------------------------------------------------- docx


def read_docx(data: bytes) -> Document:
    """A Word document: its paragraphs, tables (a row a paragraph) and notes. Raises TimelineError."""
    packed = open_zip(data)
    names = set(packed.namelist())
    main = "word/document.xml"
    if main not in names:
        raise refuse("is no Word document", "save it as .docx anew")
    body = parse_xml(unpack(packed, main)).find(f"{_W}body")
    levels = _heading_styles(packed) if "word/styles.xml" in names else set()
    document, blocks = Document(""), Blocks()
    if body is not None:
        for element in body:
            _docx_block(element, blocks, levels)
    for name, tag, noun in _NOTES:
        if name in names:
            _docx_notes(parse_xml(unpack(packed, name)), tag, noun, blocks)
    for what, pattern in (
        ("headers and footers", r"word/(?:header|footer)\d*\.xml"),
        ("comments", r"word/comments\.xml"),
    ):
        count = sum(_docx_count(packed, name) for name in sorted(names) if re.fullmatch(pattern, name))
        if count:
            document.left_out[f"paragraphs of {what}"] = count
    if "docProps/core.xml" in names:
        about = parse_xml(unpack(packed, "docProps/core.xml"))
        document.about = "docProps/core.xml"
        document.title = _property(about, f"{_DC}title")
        document.author = _property(about, f"{_DC}creator")
        document.language = _property(about, f"{_DC}language")
        document.published = day(_property(about, f"{_DCTERMS}issued"))
        document.made = day(_property(about, f"{_DCTERMS}created") or _property(about, f"{_DCTERMS}modified"))
    return _told(document, blocks)


def _property(about: Any, name: str) -> str:
    return first(element.text or "" for element in about.iter(name))


def _heading_styles(packed: ZipFile) -> set[str]:
    """The ids of the styles for headings; in a Word of another language only their names are English."""
    found = set()
    for style in parse_xml(unpack(packed, "word/styles.xml")).iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        value = (name.get(f"{_W}val") or "").lower() if name is not None else ""
        if (
            re.fullmatch(r"heading \d", value)
            or value in _TITLE_STYLES
            or style.find(f"{_W}pPr/{_W}outlineLvl") is not None
        ):
            found.add(style.get(f"{_W}styleId") or "")
    return found


def _docx_block(element: Any, blocks: Blocks, headings: set[str]) -> None:
    if element.tag == f"{_W}p":
        text = _docx_text(element)
        style = element.find(f"{_W}pPr/{_W}pStyle")
        level = element.find(f"{_W}pPr/{_W}outlineLvl")
        is_heading = level is not None or (style is not None and style.get(f"{_W}val") in headings)
        (blocks.heading if is_heading and len(text) < 300 else blocks.paragraph)(text)
    elif element.tag == f"{_W}tbl":
        for row in element.iterchildren(f"{_W}tr"):
            _docx_row(row, blocks)
    elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"):
        for child in element:
            _docx_block(child, blocks, headings)


def _docx_row(row: Any, blocks: Blocks) -> None:
    """A row of a table as one paragraph; where a cell holds several, each cell is one."""
    cells = [[tidy(_docx_text(p)) for p in cell.iter(f"{_W}p")] for cell in row.iter(f"{_W}tc")]
    cells = [[text for text in cell if text] for cell in cells]
    if all(len(cell) < 2 for cell in cells):
        blocks.paragraph(" | ".join(text.replace("\n", " ") for cell in cells for text in cell))
    else:
        for cell in cells:
            for text in cell:
                blocks.paragraph(text)


_DOCX_SIGNS = {
    f"{_W}tab": "\t",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
    f"{_W}footnoteReference": "",
    f"{_W}endnoteReference": "",
}
_DOCX_SILENT = {f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", f"{_W}instrText", _MC_FALLBACK}


def _docx_text(paragraph: Any) -> str:
    return "".join(_docx_pieces(paragraph))


def _docx_pieces(element: Any) -> Iterator[str]:
    """The text of a paragraph: what was deleted, fields' codes and the second copy of a text box are not in it."""
    for child in element:
        tag = child.tag
        if tag == f"{_W}t":
            yield child.text or ""
        elif tag in _DOCX_SIGNS:
            yield _DOCX_SIGNS[tag]
        elif tag not in _DOCX_SILENT and len(child):
            if tag == f"{_W}p":  # in a text box
                yield "\n"
            yield from _docx_pieces(child)


def _docx_notes(root: Any, tag: str, noun: str, blocks: Blocks) -> None:
    number = 0
    for note in root.iter(f"{_W}{tag}"):
        if note.get(f"{_W}type") in ("separator", "continuationSeparator", "continuationNotice"):
            continue
        number += 1
        blocks.begin(f"{noun} {number}")
        for paragraph in note.iter(f"{_W}p"):
            blocks.paragraph(_docx_text(paragraph))


def _docx_count(packed: ZipFile, name: str) -> int:
    """How many paragraphs with text a part has; 0 if it is damaged: it is not read anyway."""
    try:
        root = parse_xml(unpack(packed, name))
    except TimelineError:
        return 0
    return sum(bool(_docx_text(paragraph).strip()) for paragraph in root.iter(f"{_W}p"))


# ---------------------------------------------------------------------------------------------- odt

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_ENCRYPTION = "manifest:encryption-data"
_ODT_SILENT = {f"{_OFFICE}annotation", f"{_TEXT}tracked-changes", f"{_TEXT}note-citation", f"{_TEXT}sequence-decls"}


def read_odt(data: bytes) -> Document:
    """An OpenDocument text. Raises TimelineError."""
    packed = open_zip(data)
    names = set(packed.namelist())
    if "META-INF/manifest.xml" in names and _ENCRYPTION.encode() in unpack(packed, "META-INF/manifest.xml"):
        raise refuse("is locked with a password", "save it without one")
    root = parse_xml(unpack(packed, "content.xml"))
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    document, blocks = Document(""), Blocks()
    notes: list[Any] = []
    if body is not None:
        _odt_blocks(body, blocks, notes)
        comments = sum(1 for _ in body.iter(f"{_OFFICE}annotation"))
        if comments:
            document.left_out["comments"] = comments
    for number, note in enumerate(notes, 1):
        blocks.begin(f"note {number}")
        for paragraph in note.iter(f"{_TEXT}p"):
            blocks.paragraph(_odt_text(paragraph, []))
    if "meta.xml" in names:
        about = parse_xml(unpack(packed, "meta.xml"))
        document.about = "meta.xml"
        document.title = _property(about, f"{_DC}title")
        document.author = _property(about, f"{_META}initial-creator") or _property(about, f"{_DC}creator")
        document.language = _property(about, f"{_DC}language")
        document.made = day(_property(about, f"{_META}creation-date") or _property(about, f"{_DC}date"))
    return _told(document, blocks)


def _odt_blocks(parent: Any, blocks: Blocks, notes: list[Any]) -> None:
    for element in parent:
        tag = element.tag
        if tag == f"{_TEXT}h":
            blocks.heading(_odt_text(element, notes))
        elif tag == f"{_TEXT}p":
            blocks.paragraph(_odt_text(element, notes))
        elif tag == f"{_TABLE}table-row":
            cells = [[tidy(_odt_text(p, notes)) for p in cell.iter(f"{_TEXT}p", f"{_TEXT}h")] for cell in element]
            cells = [[text for text in cell if text] for cell in cells]
            if all(len(cell) < 2 for cell in cells):
                blocks.paragraph(" | ".join(text.replace("\n", " ") for cell in cells for text in cell))
            else:
                for text in (text for cell in cells for text in cell):
                    blocks.paragraph(text)
        elif isinstance(tag, str) and tag not in _ODT_SILENT and len(element):
            _odt_blocks(element, blocks, notes)


def _odt_text(element: Any, notes: list[Any]) -> str:
    return "".join(_odt_pieces(element, notes))


def _odt_pieces(element: Any, notes: list[Any]) -> Iterator[str]:
    """The text of a paragraph: several spaces and tabs are elements of their own, notes stand where they are called."""
    yield _plain(element.text)
    for child in element:
        tag = child.tag
        if tag == f"{_TEXT}s":
            count = child.get(f"{_TEXT}c", "1")
            yield " " * min(int(count) if count.isdecimal() else 1, 100)
        elif tag == f"{_TEXT}tab":
            yield "\t"
        elif tag == f"{_TEXT}line-break":
            yield "\n"
        elif tag == f"{_TEXT}note":
            notes.append(child)
        elif isinstance(tag, str) and tag not in _ODT_SILENT:
            if tag == f"{_TEXT}p":  # in a frame
                yield "\n"
            yield from _odt_pieces(child, notes)
        yield _plain(child.tail)


def _plain(text: str | None) -> str:
    """A line end in the source of a document is a space."""
    return text.replace("\n", " ") if text else ""


# ---------------------------------------------------------------------------------------------- rtf

_CODE_PAGE = re.compile(rb"\\ansicpg(\d{3,5})")
_INFO = re.compile(
    r"\{\\(title|author)\b ?((?:[^{}\\]|\\[^a-z]|\\'[0-9a-f]{2}|\\u-?\d{1,6} ?\??|\\[a-z]+-?\d* ?){0,500})\}"
)
_MADE = re.compile(r"\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")


def read_rtf(data: bytes) -> Document:
    """A Rich Text Format document. Raises TimelineError."""
    from striprtf.striprtf import rtf_to_text

    if not data.startswith(b"{\\rtf"):
        raise refuse("is no RTF document", "save it as .rtf anew")
    page = _CODE_PAGE.search(data[:2000])
    encoding = f"cp{page[1].decode()}" if page else "cp1252"
    try:
        b"".decode(encoding)
    except LookupError:
        encoding = "cp1252"
    source, _ = decode(data, encoding)
    blocks = Blocks()
    for line in rtf_to_text(source, encoding=encoding, errors="replace").split("\n"):
        cells = [cell.strip() for cell in line.split("|")]
        blocks.paragraph(" | ".join(filter(None, cells)) if len(cells) > 1 else line)
    document = Document("", about="RTF info")
    for name, value in _INFO.findall(source[:20_000]):
        said = first([rtf_to_text("{\\rtf1 " + value + "}", encoding=encoding, errors="replace")])
        if name == "title":
            document.title = said
        else:
            document.author = said
    made = _MADE.search(source[:20_000])
    document.made = day(f"{made[1]}-{made[2]:>02}-{made[3]:>02}") if made else ""
    if "\\rtf" in blocks.text[:100]:
        raise refuse("is damaged, or cut off", "save it as .rtf anew")
    return _told(document, blocks)
