"""E-books (.epub): the chapters in the order of reading. One book is one source; a place is a chapter's paragraph."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote

from ..model import TimelineError
from .document import Blocks, Document, day, decode, first, refuse
from .markup import all_text
from .packed import open_zip, parse_xml, unpack

_CONTAINER = "META-INF/container.xml"
_LOCKS = "META-INF/encryption.xml"
_DC = "{http://purl.org/dc/elements/1.1/}"
_OPF = "{http://www.idpf.org/2007/opf}"
_XML_ENCODING = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})""")


def read_epub(data: bytes) -> Document:
    """A book. Raises TimelineError if it is damaged, locked, or has no text."""
    packed = open_zip(data)
    names = set(packed.namelist())
    if _CONTAINER not in names:
        raise refuse("is no e-book: it does not say where its contents are", "get it anew")
    rootfile = next(parse_xml(unpack(packed, _CONTAINER)).iter("{*}rootfile"), None)
    package_path = "" if rootfile is None else rootfile.get("full-path", "")
    package = parse_xml(unpack(packed, package_path))
    locked = _locked(unpack(packed, _LOCKS)) if _LOCKS in names else set()
    document, blocks = Document(""), Blocks()
    _about(package, document)
    items = {item.get("id", ""): item for item in package.iter(f"{_OPF}item")}
    folder, unread = posixpath.dirname(package_path), 0
    for number, reference in enumerate(package.iter(f"{_OPF}itemref"), 1):
        item = items.get(reference.get("idref", ""))
        if item is None or "nav" in (item.get("properties") or "").split():
            continue
        path = posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))
        if path in locked:
            raise refuse("is locked (digital rights management)", "get it without a lock")
        if path not in names or "html" not in (item.get("media-type") or "html"):
            unread += 1
            continue
        _chapter(unpack(packed, path), number, blocks)
    if unread:
        document.left_out["parts that are missing or no text"] = unread
    document.text, document.places = blocks.text, blocks.places
    if not document.text:
        raise refuse("has no text", "if its pages are pictures, recognise their text first, with OCR")
    return document


def _locked(data: bytes) -> set[str]:
    """The paths of the contents that are encrypted; fonts often are, and are not read."""
    try:
        root = parse_xml(data)
    except TimelineError:
        return set()
    return {unquote(reference.get("URI", "")) for reference in root.iter("{*}CipherReference")}


def _chapter(data: bytes, number: int, blocks: Blocks) -> None:
    """Add the text of a chapter; one without a heading is known by its number."""
    declared = _XML_ENCODING.match(data)
    source, _ = decode(data, declared[1].decode("ascii") if declared else "")
    blocks.begin(f"part {number}")
    all_text(source, blocks)


def _about(package: object, document: Document) -> None:
    """What the book says about itself. Of several dates the one of publication counts."""

    def values(name: str) -> list[str]:
        return ["".join(element.itertext()) for element in package.iter(f"{_DC}{name}")]  # type: ignore[attr-defined]

    document.about = "EPUB package"
    document.title = first(values("title"))
    document.author = "; ".join(" ".join(name.split()) for name in values("creator") if name.strip())
    document.publisher = first(values("publisher"))
    document.language = first(values("language"))
    document.rights = first(values("rights"))
    dates = list(package.iter(f"{_DC}date"))  # type: ignore[attr-defined]
    by_event = {(element.get(f"{_OPF}event") or ""): element.text or "" for element in reversed(dates)}
    document.published = next(filter(None, (day(by_event.get(event, "")) for event in ("publication", ""))), "")
