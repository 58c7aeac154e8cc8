"""PDF: the text of each page, without running headers and footers, in paragraphs that may go on over a page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from .document import Document, day, refuse, tidy

_EDGE = 3  # lines at either end of a page that may be running headers and footers
_REPEATED = 3  # pages on which such a line comes again
_HYPHENS = "\x02\ufffe\xad"  # what PDFium puts where a word is parted at the end of a line
_PARTED = re.compile(rf"(?<=\w)[{_HYPHENS}](?:\r\n|\n)?(?=\w)")
_WORD_BEFORE, _WORD = re.compile(r"\w+\Z"), re.compile(r"\w+")
_LONGEST_PART = 60  # characters of a word before the end of a line
_COMPOUND = re.compile(r"\w+[-‐‑]\w+")
_STOPS = (".", "!", "?", "…", ":", ";", '"', "”", "’", "»", ")", "。", "！", "？", "」")
_BULLET = re.compile(r"(?:[•◦▪‣·–—*-]|\(?(?:\d{1,3}|[a-z])[.)])\s")
_DIGITS = re.compile(r"\d+")
_ROMAN = re.compile(r"[ivxl]{1,7}", re.IGNORECASE)
_NO_TITLE = re.compile(
    r"\(?(?:untitled|unspecified|anonymous|unknown|user|admin|none)\)?\d*|Microsoft Word - .*"
    r"|\S+\.(?:docx?|indd|qxd|tex|dvi|pdf|rtf|odt)",
    re.IGNORECASE,
)
_RUNNING = "lines of running headers and footers"


def read_pdf(data: bytes) -> Document:
    """A PDF. Raises TimelineError if it is damaged, locked, or has no text (a scan)."""
    import pypdfium2
    from pypdfium2 import PdfiumError

    try:
        pdf = pypdfium2.PdfDocument(data)
    except PdfiumError as error:
        raise _damaged(str(error)) from None
    try:
        texts = [_text(page) for page in _pages(pdf)]
        has_labels = bool(texts) and bool(pdf.get_page_label(0))
        labels = [_label(pdf, number) if has_labels else f"p. {number + 1}" for number in range(len(texts))]
        about = pdf.get_metadata_dict()
    except PdfiumError as error:
        raise _damaged(str(error)) from None
    finally:
        pdf.close()
    document = _document(texts, labels)
    document.title, document.author = (_said(about.get(key, "")) for key in ("Title", "Author"))
    document.about = "PDF properties"
    document.made = day(about.get("CreationDate", "").removeprefix("D:")[:8])
    return document


def _damaged(error: str) -> Exception:
    if "password" in error.lower() or "security" in error.lower():
        return refuse("is locked with a password", "save it without one")
    return refuse("is no whole PDF: damaged, or cut off", "get it anew, or print it to PDF from a viewer that opens it")


def _pages(pdf: object) -> Iterator[object]:
    for number in range(len(pdf)):  # type: ignore[arg-type]
        yield pdf[number]  # type: ignore[index]


def _text(page: object) -> str:
    """The text of a page, and its memory given back."""
    text_page = page.get_textpage()  # type: ignore[attr-defined]
    text: str = text_page.get_text_range()
    text_page.close()
    page.close()  # type: ignore[attr-defined]
    return text


def _label(pdf: object, number: int) -> str:
    """How a page is cited: by the number printed on it, if the file knows that, and by its place in the file."""
    printed: str = pdf.get_page_label(number)  # type: ignore[attr-defined]
    own = str(number + 1)
    return f"p. {printed} (page {own} of the file)" if printed.strip() and printed != own else f"p. {own}"


def _said(value: str) -> str:
    value = " ".join(value.split())
    return "" if _NO_TITLE.fullmatch(value) else value


# ---------------------------------------------------------------------------------------------- text


def _document(texts: Sequence[str], labels: Sequence[str]) -> Document:
    """The document that pages of text make. Raises TimelineError if they have none."""
    empty = [number for number, text in enumerate(texts, 1) if not text.strip()]
    if len(empty) == len(texts):
        pages = f"{len(texts)} pages" if len(texts) != 1 else "one page"
        raise refuse(f"has no text: {pages} of pictures, as from a scanner", "recognise its text first, with OCR")
    lines, running = _without_running([_lines(text) for text in _joined_words(texts)])
    text, starts = _flowing(lines)
    places = [(start, label) for start, label in zip(starts, labels, strict=True) if start >= 0]
    document = Document(text, places=places)
    if running:
        document.left_out[_RUNNING] = running
    if empty:
        document.left_out["pages without text (pictures, or empty)"] = len(empty)
    return document


def _joined_words(texts: Sequence[str]) -> list[str]:
    """Words parted at the end of a line, in one piece; with a hyphen where the document has one in them elsewhere."""
    if not any(sign in text for text in texts for sign in _HYPHENS):
        return list(texts)
    compounds = {word.replace("‐", "-").replace("‑", "-").lower() for text in texts for word in _COMPOUND.findall(text)}

    def join(match: re.Match[str]) -> str:
        text = match.string
        before = _WORD_BEFORE.search(text[max(0, match.start() - _LONGEST_PART) : match.start()])
        after = _WORD.match(text, match.end())
        assert before is not None
        assert after is not None
        is_number = before[0][-1].isdigit() or after[0][0].isdigit()
        return "-" if is_number or f"{before[0]}-{after[0]}".lower() in compounds else ""

    return [_PARTED.sub(join, text).translate({ord(sign): "-" for sign in _HYPHENS}) for text in texts]


def _lines(text: str) -> list[str]:
    return [line for line in map(tidy, re.split(r"\r\n|\r|\n|\f|\v", text)) if line]


def _without_running(pages: list[list[str]]) -> tuple[list[list[str]], int]:
    """The pages without running headers and footers, and how many lines these are.

    A line at the edge of a page is one if it comes again on other pages, or if only a number in it changes, which
    counts the pages: a chronicle that heads each page with a year keeps them unless they run like page numbers.
    """
    counts: Counter[tuple[str, int | None]] = Counter()
    for place, lines in enumerate(pages):
        counts.update({sign for line in _edges(lines) for sign in _signs(line, place)})
    often = min(_REPEATED, max(2, sum(map(bool, pages))))
    repeated = {sign for sign, count in counts.items() if count >= often}
    kept = [
        [
            line
            for number, line in enumerate(lines)
            if not (_is_edge(number, lines) and not repeated.isdisjoint(_signs(line, place)))
        ]
        for place, lines in enumerate(pages)
    ]
    return kept, sum(map(len, pages)) - sum(map(len, kept))


def _signs(line: str, page: int) -> set[tuple[str, int | None]]:
    """By what a line is known again: as it is, and without a number that counts the pages."""
    if _ROMAN.fullmatch(line):
        return {("roman", None)}
    same = line.lower()
    numbers = [(match, int(match[0])) for match in _DIGITS.finditer(same) if len(match[0]) < 5]
    return {(same, None)} | {(f"{same[: m.start()]}#{same[m.end() :]}", value - page) for m, value in numbers}


def _is_edge(number: int, lines: list[str]) -> bool:
    return number < _EDGE or number >= len(lines) - _EDGE


def _edges(lines: list[str]) -> Iterator[str]:
    return (line for number, line in enumerate(lines) if _is_edge(number, lines))


def _flowing(pages: list[list[str]]) -> tuple[str, list[int]]:
    """The lines as paragraphs, and where each page begins in them (-1: it has no text)."""
    parts: list[str] = []
    starts: list[int] = []
    length, before, width_before = 0, "", 0
    for lines in pages:
        width = _width(lines)
        starts.append(-1 if not lines else length)
        for number, line in enumerate(lines):
            if before:
                joint = "\n\n" if _begins(line, before, width if number else max(width, width_before)) else " "
                parts.append(joint)
                length += len(joint)
            if not number:
                starts[-1] = length
            parts.append(line)
            length += len(line)
            before = line
        width_before = width if lines else width_before
    return "".join(parts), starts


def _width(lines: list[str]) -> int:
    """The length of a full line of the page."""
    lengths = sorted(map(len, lines))
    return lengths[int(len(lengths) * 0.8)] if lengths else 0


def _begins(line: str, before: str, width: int) -> bool:
    """Does a paragraph begin with this line? A line before it that is not full, or a bullet, says so."""
    if _BULLET.match(line):
        return not before.endswith(("-", "–", "—", ","))
    is_new = line[0].isupper() or line[0].isdigit() or not line[0].isalnum()
    if before.endswith(_STOPS):
        return is_new and len(before) < 0.85 * width
    return is_new and len(before) < 0.6 * width
