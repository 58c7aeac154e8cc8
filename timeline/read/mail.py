"""Mails: one (.eml) or many (.mbox). A mail is a source; what it quotes of another is not its own and is left out."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256

from ..model import TimelineError
from .document import Document, Fault, Many, Member, decode, first, paragraphs, refuse
from .markup import all_text

_BORDER = re.compile(rb"(?:\A|(?<=\n))From [^\r\n]*\r?\n")
_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{0,60}:")
_QUOTED = re.compile(r"[ \t]*>")
_ORIGINAL = re.compile(
    r"[-_]{2,}\s*(?:Original Message|Forwarded message|Ursprüngliche Nachricht|Message d'origine)\b.*", re.I
)
_SIGNATURE = "-- "
_FROM_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)


def read_eml(data: bytes) -> Document:
    """A mail. Raises TimelineError if it has no text or is none."""
    try:
        message = message_from_bytes(data, policy=policy.default)
        if {"from", "date", "subject", "message-id", "to"}.isdisjoint(map(str.lower, message.keys())):
            raise refuse("is no mail: it has no From, Date or Subject", "save it anew as .eml")
        return _document(message)
    except (RecursionError, LookupError, AttributeError, IndexError, KeyError, TypeError) as error:
        raise refuse(
            f"is a mail that cannot be taken apart ({type(error).__name__})", "save its text as .txt"
        ) from None


def _document(message: EmailMessage) -> Document:
    document = Document("", about="mail headers")
    document.title = first([_header(message, "Subject")])
    document.author = _people(_header(message, "From"))
    document.language = _raw(message, "Content-Language").split(",")[0].strip()
    document.published = _day(_header(message, "Date"))
    is_multiple = message.is_multipart()
    body: MIMEPart | None = message
    if is_multiple or "text/" not in (_raw(message, "Content-Type").lower() or "text/"):
        body = message.get_body(("plain", "html"))
    text = _content(body, document) if body is not None else ""
    attached = sum(1 for part in message.walk() if part.get_filename() and part is not body) if is_multiple else 0
    if attached:
        document.left_out["attachments"] = attached
    document.text = _own_words(text, document)
    if not document.text.strip():
        raise refuse("has no text of its own", "save its attachment by itself, or take it out")
    return document


def _header(message: EmailMessage, name: str) -> str:
    """A header, empty if it is missing or cannot be read."""
    try:
        return str(message.get(name) or "")
    except Exception:  # the standard library fails in many ways on malformed headers
        return ""


def _raw(part: MIMEPart, name: str) -> str:
    """A header as it is written, empty if it is missing: taking it apart takes long."""
    return next((str(value) for key, value in part.raw_items() if key.lower() == name.lower()), "")


def _people(header: str) -> str:
    return "; ".join(filter(None, (" ".join(name.split()) or address for name, address in getaddresses([header]))))


def _day(header: str) -> str:
    """The day on which a mail was sent, where it was sent."""
    try:
        return parsedate_to_datetime(header).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _content(part: MIMEPart, document: Document) -> str:
    """The text of the body."""
    payload = part.get_payload(decode=True)
    text, remark = decode(payload if isinstance(payload, bytes) else b"", str(part.get_content_charset() or ""))
    if remark:
        document.notes.append(remark)
    kind = _raw(part, "Content-Type").lower()
    if "/html" in kind:
        return all_text(text).text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "flowed" in kind:
        text = re.sub(r"(?<!\n-- )(?<=[^\n] )\n(?=[^\n> ])", "", text)
    return text


def _own_words(text: str, document: Document) -> str:
    """The text without the lines it quotes, the line that leads to them, and its signature."""
    lines = text.split("\n")
    end = next(
        (n for n, line in enumerate(lines) if line == _SIGNATURE or _ORIGINAL.fullmatch(line.strip())), len(lines)
    )
    if not any(line.strip() and not _QUOTED.match(line) for line in lines[:end]):
        end = len(lines)  # a mail that is only forwarded is its own text
    kept: list[str] = []
    for line in lines[:end]:
        if not _QUOTED.match(line):
            kept.append(line)
            continue
        while kept and not kept[-1].strip():
            kept.pop()
        if kept and kept[-1].rstrip().endswith(":") and re.search(r"@|\d", kept[-1]):
            kept.pop()
    left = sum(bool(line.strip()) for line in lines) - sum(bool(line.strip()) for line in kept)
    if left:
        document.left_out["lines of quoted mails and signatures"] = left
    return "\n".join(kept).strip("\n")


def read_mbox(data: bytes) -> Many:
    """The mails in a mailbox, each a source of its own; one that cannot be read is named."""
    for number, (start, end) in enumerate(_messages(data), 1):
        part = f"message {number}"
        if (yield Member(number - 1, part)):
            continue
        raw = data[start:end]
        try:
            document = read_eml(_FROM_QUOTED.sub(rb"\1", raw))
        except TimelineError as error:
            yield Fault(part, str(error), is_error=False)
            continue
        document.name = f"*-{sha256(raw.rstrip()).hexdigest()[:8]}"
        document.part = part
        document.places = list(paragraphs(document.text, f"{part}, "))
        yield document


def _messages(data: bytes) -> list[tuple[int, int]]:
    """Where each mail begins and ends: behind a line "From ..." that follows an empty one and comes before a header."""
    borders = [
        match
        for match in _BORDER.finditer(data)
        if (match.start() == 0 or data[max(0, match.start() - 4) : match.start()].replace(b"\r", b"").endswith(b"\n\n"))
        and _HEADER.match(data, match.end())
    ]
    ends = [*(border.start() for border in borders[1:]), len(data)]
    return [(border.end(), end) for border, end in zip(borders, ends, strict=False)]
