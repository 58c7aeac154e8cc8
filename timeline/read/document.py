"""What a reader gives: the text of a document, what the document says about itself, and the places one would cite."""

from __future__ import annotations

import codecs
import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field

from ..edtf import EdtfError, parse
from ..model import TimelineError

NO_TEXT = "give the document a text, or take it out"
_LONGEST_LABEL = 80  # characters of a heading in a place
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_CHARACTER = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")
_DAY = re.compile(r"(\d{4})(?:[-/.]?(\d{2})(?:[-/.]?(\d{2})(?!\d))?)?(?=$|[^\d])")

Place = tuple[int, str]


@dataclass(slots=True)
class Document:
    """One document as its reader gives it.

    `text` is the canonical text. `places`: offsets in it, ascending, each with what a person would cite there
    ("p. 14"); empty: its paragraphs are counted. `published`: the date of publication in EDTF, as the document's own
    metadata has it; `made`: when the file was made, which is less. `name`: its id in a file of several, in which "*"
    stands for the file's own; empty: that. `part`: where in that file it stands ("message 3"). `left_out`: what the
    text lacks, by kind, counted. `notes`: what the owner of the file should know. `about`: where in the file it is said
    what the document is ("mail headers"); `told`: the same for each field, where they differ.
    """

    text: str
    title: str = ""
    author: str = ""
    publisher: str = ""
    language: str = ""
    rights: str = ""
    published: str = ""
    made: str = ""
    origin: str = ""
    places: list[Place] = field(default_factory=list)
    name: str = ""
    part: str = ""
    left_out: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    about: str = ""
    told: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Member:
    """Said by a reader of several documents before it begins the next: its number, from 0, and its name.

    What the `yield` gives back is whether to leave it out, because reading it has failed before.
    """

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One part of a file that cannot be read; the others are. `what` says why, and what to do.

    `is_final`: it will be so next time too; a part that took too long may not.
    """

    part: str
    what: str
    is_error: bool = True
    is_final: bool = True


Found = Document | Member | Fault
Many = Generator[Found, bool | None, None]  # what a reader of several documents gives


class Blocks:
    """Puts a text together from headings and paragraphs, and keeps the place of each."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.places: list[Place] = []
        self.section = ""
        self._length = self._number = 0

    def heading(self, text: str) -> None:
        """A heading: what follows is cited as its paragraphs."""
        text = tidy(text)
        if text:
            self.section, self._number = label(text), 0
            self._add(text, f"“{self.section}”")

    def paragraph(self, text: str) -> None:
        """A paragraph; one without text is none."""
        text = tidy(text)
        if text:
            self._number += 1
            number = f"par. {self._number}"
            self._add(text, f"“{self.section}”, {number}" if self.section else number)

    def begin(self, section: str) -> None:
        """A section without a heading in the text."""
        self.section, self._number = label(section), 0

    def _add(self, text: str, place: str) -> None:
        self.places.append((self._length, place))
        self.parts.append(text)
        self._length += len(text) + 2

    @property
    def text(self) -> str:
        """The text: blocks parted by an empty line."""
        return "\n\n".join(self.parts)


def label(text: str) -> str:
    """A heading as it is cited: in one line, not too long."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_LABEL else text[: _LONGEST_LABEL - 1].rstrip() + "…"


def tidy(text: str) -> str:
    """White space as it is seen: one space for several, line ends kept, none at the ends."""
    if "\n" not in text:
        return " ".join(text.split())
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


_PARAGRAPH = re.compile(r"[^\r\n]*\S[^\r\n]*(?:(?:\r\n|\r|\n)[^\r\n]*\S[^\r\n]*)*")
_LINE = re.compile(r"[^\r\n]*\S[^\r\n]*")


def paragraphs(text: str, before: str = "") -> Iterator[Place]:
    """The places of a plain text: paragraphs parted by empty lines, or else its lines. Linear."""
    pattern = _PARAGRAPH if re.search(r"(?:\r\n|\r|\n)[^\S\r\n]*(?:\r\n|\r|\n)\s*\S", text) else _LINE
    for number, match in enumerate(pattern.finditer(text), 1):
        yield match.start(), f"{before}par. {number}"


def sound(text: str) -> str:
    """The text without what is no character (NUL, halves of surrogate pairs): each becomes U+FFFD."""
    return _NO_CHARACTER.sub("�", text)


def decode(data: bytes, declared: str = "") -> tuple[str, str]:
    """A text from its bytes, and a remark if they were not what they should be (empty: all is well).

    By its byte order mark, else as declared, else UTF-8; bytes that are no UTF-8 are read as Windows-1252. Never
    raises: a byte that is nothing becomes U+FFFD.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), "" if encoding == "utf-8-sig" else f"read as {encoding.upper()}"
    for encoding in (_known(declared), "utf-8") if declared else ("utf-8",):
        try:
            return data.decode(encoding), ""
        except UnicodeDecodeError as error:
            first = error.start
    text, bad = patched(data)
    return text, f"is not UTF-8 at byte {first}; {bad} bytes are read as Windows-1252"


def _known(encoding: str) -> str:
    """The name of an encoding of text, UTF-8 if it is none. Browsers read Latin-1 as Windows-1252."""
    try:
        found = codecs.lookup(encoding.strip().strip("\"'"))
    except (LookupError, ValueError):
        return "utf-8"
    is_text = getattr(found, "_is_text_encoding", True)
    return "utf-8" if not is_text else "cp1252" if found.name in ("iso8859-1", "ascii") else found.name


def patched(data: bytes) -> tuple[str, int]:
    """UTF-8 in which each byte that is none is read as Windows-1252, and how many of them there are."""
    bad = 0

    def as_windows(error: UnicodeError) -> tuple[str, int]:
        nonlocal bad
        assert isinstance(error, UnicodeDecodeError)
        bad += error.end - error.start
        return error.object[error.start : error.end].decode("cp1252", "replace"), error.end

    name = "timeline-as-windows"
    codecs.register_error(name, as_windows)
    return data.decode("utf-8", name), bad


def day(value: str) -> str:
    """The day, month or year at the beginning of a date such as 2019-02-01T10:00:00Z or 20190201, in EDTF, or empty."""
    match = _DAY.match(value.strip())
    if not match:
        return ""
    parts = [part for part in match.groups() if part]
    for length in range(len(parts), 0, -1):  # 2019-00-00 is the year
        try:
            return str(parse("-".join(parts[:length])))
        except EdtfError:
            continue
    return ""


def first(values: Iterable[str]) -> str:
    """The first that is not empty, on one line."""
    return next((" ".join(value.split()) for value in values if value and value.strip()), "")


def refuse(what: str, hint: str) -> TimelineError:
    """What is wrong with a file, and the next move."""
    return TimelineError(f"{what}; {hint}")
