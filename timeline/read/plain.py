"""Plain text and Markdown: the canonical text is the file as Python reads it, nothing stripped or cleaned."""

from __future__ import annotations

import re

from ..edtf import EdtfError, parse
from ..model import TimelineError
from .document import NO_TEXT, Document, Place, day, label, patched

_BOMS = {
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_ALL_BOMS = tuple(_BOMS)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_CONTROLS = bytes([*range(9), *range(14, 32), 127])
_SAMPLE = 100_000  # code points looked at to tell text from binary data
_AS_UTF8 = "save it as UTF-8 to be sure"
_FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n((?:[^\r\n]*\r?\n){1,100}?)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)")
_ENTRY = re.compile(r"^([A-Za-z_-]+)[ \t]*:(.*)$", re.MULTILINE)
_FRONT_KEYS = {
    "title": "title",
    "author": "author",
    "authors": "author",
    "date": "published",
    "published": "published",
    "lang": "language",
    "language": "language",
    "publisher": "publisher",
    "rights": "rights",
    "license": "rights",
}
_LONGEST_TITLE = 120  # characters
_TITLE_AND_PROSE = 8000  # characters in which the first line and the first paragraph end
_GAP = re.compile(r"\n[^\S\n]*\n")
_YEAR = re.compile(r"(?<!\d)\d{4}(?:[-–]\d{2}(?:\d\d)?)?(?!\d)")
_SENTENCE_ENDS = '.!?…"”’)»。！？'
_NO_TITLE = re.compile(
    r"[.,;:…。，；：]\W*$|://|[@©|<>=]|^[^\w\"'“‘«「《¿¡]"
    r"|^(?i:by|from|to|dear|date|re|subject|author|source|published|updated|reference|copyright|page|chapter)\b"
)
_MARKUP = re.compile(r"\\(?=[^\w\s])|\*\*|`")
_FIRST_LEVEL = re.compile(r"^[ ]{0,3}#[ \t]", re.MULTILINE)
_HEADING = re.compile(r"^[ ]{0,3}#{1,6}[ \t]+(.+)$")
_FENCE = re.compile(r"^[ ]{0,3}(?:```|~~~)")


def read_plain(data: bytes) -> Document:
    """A plain text. Raises TimelineError, saying what is wrong and what to do, if it is no text."""
    encoding = "utf-8"
    if data.startswith(_ALL_BOMS):
        encoding = next(name for bom, name in _BOMS.items() if data.startswith(bom))
    notes = []
    try:
        text = data.decode(encoding)
        if encoding != "utf-8":
            notes.append(f"read as {encoding.upper()}; {_AS_UTF8}")
    except UnicodeDecodeError as error:
        text, what = _legacy(data)
        notes.append(f"is not {encoding.upper()} at byte {error.start}; {what}; {_AS_UTF8}")
    sample = text[:_SAMPLE].encode("utf-8", "replace")
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if "\0" in text or controls * 10 > min(len(text), _SAMPLE):
        raise _not_text()
    if not text or text.isspace():
        raise TimelineError(f"has no text; {NO_TEXT}")
    document = Document(text, notes=notes)
    _tell_title(document, _first_line(text), "first line")
    return document


def _tell_title(document: Document, title: str, where: str) -> None:
    if title:
        document.title, document.told["title"] = " ".join(title.split()), where


def _first_line(text: str) -> str:
    """The first line of a text if it is plainly its title, else nothing: then the file is known by its name.

    It is short, does not end as a sentence or a salutation does, is neither a date nor a line of a form, and an empty
    line parts it from a paragraph of prose. What stands above an article copied from the web mostly is not.
    """
    beginning = text[: _LONGEST_TITLE + 2].lstrip("\ufeff\r\n\t ")
    if "\n" not in beginning and "\r" not in beginning:
        return ""
    beginning = text[:_TITLE_AND_PROSE].lstrip("\ufeff\r\n\t ").replace("\r\n", "\n").replace("\r", "\n")
    line, _, rest = beginning.partition("\n")
    gap, _, rest = rest.partition("\n")
    line, prose = line.rstrip(), _GAP.split(rest.lstrip(), maxsplit=1)[0].rstrip()
    if gap.strip() or not line or not prose or len(line) > _LONGEST_TITLE:
        return ""
    words, without_years = line.split(), _YEAR.sub("", line)
    is_name = not line[0].islower() and (len(words) > 1 or (len(line) > 3 and not line.isascii()))
    is_dated = any(map(str.isdigit, without_years)) or (without_years != line and len(words) < 4)
    is_prose = len(prose) > 2 * len(line) and prose[-1] in _SENTENCE_ENDS
    return line if is_name and is_prose and not is_dated and not _NO_TITLE.search(line) else ""


def _legacy(data: bytes) -> tuple[str, str]:
    """A text in the old encoding of Western European Windows, whole or, if most of it is UTF-8, here and there."""
    mixed, bad = patched(data)
    if sum(map((0x7F).__lt__, map(ord, mixed))) > 2 * bad:
        text, what = mixed, f"{bad} bytes are read as Windows-1252"
    else:
        try:
            text, what = data.decode("cp1252"), "read as Windows-1252"
        except UnicodeDecodeError:
            raise _not_text() from None
    if "�" in text or _CONTROL.search(text):
        raise _not_text()
    return text, what


def _not_text() -> TimelineError:
    return TimelineError("is not text in UTF-8; if it is a text, save it as UTF-8, else convert it to text first")


def read_markdown(data: bytes) -> Document:
    """A Markdown text as it is, but for a front matter, which says what it is and is left out. Raises TimelineError."""
    document = read_plain(data)
    front = _FRONT.match(document.text)
    if front and document.text[front.end() :].strip():
        for key, value in _ENTRY.findall(front[1]):
            value = value.strip()
            name = _FRONT_KEYS.get(key.lower())
            if name and value and not getattr(document, name):
                setattr(document, name, _value(name, value))
        document.text = document.text[front.end() :]
        document.about = "front matter"
    document.places = _sections(document.text)
    if not document.title:
        _tell_title(document, _first_heading(document.text), "first heading")
    return document


def _first_heading(text: str) -> str:
    """The heading that a Markdown text begins with, if it is the only one of the first level; without its markup."""
    start = len(text) - len(text.lstrip("\ufeff\r\n\t "))
    line = text[text.rfind("\n", 0, start) + 1 :][: 2 * _LONGEST_TITLE].lstrip("\ufeff").partition("\n")[0]
    if not _FIRST_LEVEL.match(line) or len(_FIRST_LEVEL.findall(text)) > 1:
        return ""
    title = _MARKUP.sub("", _heading(line))
    return title if len(title) <= _LONGEST_TITLE else ""


def _heading(line: str) -> str:
    """The words of a line that is a heading, else nothing. Linear, as a pattern that ends in " #" is not."""
    found = _HEADING.match(line)
    return found[1].removesuffix("\r").rstrip(" \t#") or found[1][:1] if found else ""


def _value(name: str, value: str) -> str:
    """A value of YAML written in one line: quotes and brackets off; of a date what is one."""
    value = value.strip("[]").strip().strip("\"'")
    if name != "published":
        return value
    try:
        return str(parse(value))
    except EdtfError:
        return day(value)


def _sections(text: str) -> list[Place]:
    """The paragraphs of a Markdown text, counted from the heading they stand under; none if it has no headings."""
    places: list[Place] = []
    section, number, offset, is_inside, is_code, has_headings = "", 0, 0, False, False, False
    for line in text.splitlines(keepends=True):
        if _FENCE.match(line):
            is_code = not is_code
        heading = "" if is_code else _heading(line)
        if heading:
            section, number, is_inside, has_headings = label(heading), 0, False, True
            places.append((offset, f"“{section}”"))
        elif not line.strip():
            is_inside = False
        elif not is_inside:
            number, is_inside = number + 1, True
            places.append((offset, f"“{section}”, par. {number}" if section else f"par. {number}"))
        offset += len(line)
    return places if has_headings else []
