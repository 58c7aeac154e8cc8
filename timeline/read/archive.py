"""Files that hold files: .zip and, with the extra `warc`, web archives. Nothing in them is ever written to disk."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from ..model import TimelineError
from .document import Document, Fault, Found, Many, Member, day, refuse
from .formats import FORMATS, Format, recognise, stem_of, suffix_of
from .packed import open_zip, unpack

_NESTED = ("zip", "warc")


def read_zip(data: bytes) -> Many:
    """The documents in a zip file, each a source of its own. Raises TimelineError if it is damaged or a bomb."""
    packed = open_zip(data)
    names = sorted({name for name in packed.namelist() if _is_document(name)})
    others: Counter[str] = Counter()
    for number, name in enumerate(names):
        if (yield Member(number, name)):
            continue
        suffix = suffix_of(name)
        try:
            content = unpack(packed, name)
            form, remark = recognise(content, suffix)
            if form is None:
                others[suffix or "no ending"] += 1
            else:
                yield from _documents(content, name, form, remark)
        except TimelineError as error:
            yield Fault(name, str(error))
    if not names:
        raise refuse("has no files in it", "take it out")
    if others:
        number = sum(others.values())
        which = "1 file in it is" if number == 1 else f"{number} files in it are"
        yield Fault("", f"{which} in no format that is read ({', '.join(sorted(others))})", is_error=False)


def _is_document(name: str) -> bool:
    """Folders, hidden files and TOML files are no documents."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in (".", "..")]
    is_hidden = any(part.startswith((".", "~$", "__MACOSX")) for part in parts)
    return bool(parts and parts[-1]) and not is_hidden and not name.lower().endswith(".toml")


def _documents(content: bytes, name: str, form: Format, remark: str) -> Iterator[Found]:
    """The documents in a file of a zip file. Raises TimelineError."""
    if form.name in _NESTED:
        raise refuse(f"is {form.what} in a zip file", "unpack it and name the folder")
    if remark:
        yield Fault(name, remark, is_error=False)
    documents = form.read(content)
    if isinstance(documents, Document):
        documents.part = name
        yield documents
        return
    for document in documents:
        if isinstance(document, Document):
            document.name = document.name.replace("*", stem_of(name))
            document.part = f"{name}, {document.part}"
            yield document
        elif isinstance(document, Fault):
            yield replace(document, part=", ".join(filter(None, (name, document.part))))


# ---------------------------------------------------------------------------------------------- web archives


def read_warc(data: bytes) -> Many:
    """The web pages in a web archive, each a source of its own. Raises TimelineError without the extra `warc`."""
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError:
        raise refuse("is a web archive", "to read it: pip install 'cited-timeline[warc]'") from None
    others = 0
    for number, record in enumerate(ArchiveIterator(io.BytesIO(data), record_types=WarcRecordType.response)):
        url = record.headers.get("WARC-Target-URI") or f"record {number + 1}"
        if (yield Member(number, url)):
            continue
        kind = (record.http_content_type or "").lower()
        if "html" not in kind or (record.http_headers and record.http_headers.status_code != 200):
            others += 1
            continue
        try:
            document = FORMATS["html"].read(record.reader.read())
        except TimelineError as error:
            yield Fault(url, str(error), is_error=False)
            continue
        assert isinstance(document, Document)
        document.name = f"*-{number + 1}"
        document.part = f"record {number + 1}"
        document.origin = url
        document.made = day(record.headers.get("WARC-Date") or "")
        yield document
    if others:
        which = "1 of its records is no web page" if others == 1 else f"{others} of its records are no web pages"
        yield Fault("", f"{which}, and not read", is_error=False)
