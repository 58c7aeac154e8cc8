"""Subtitles: SubRip (.srt) and WebVTT (.vtt). The place of a cue is the time at which it is shown."""

from __future__ import annotations

import html
import re

from .document import Document, decode, refuse, tidy

_TIME = r"(?:(\d{1,3}):)?(\d{2}):(\d{2})[.,]\d{1,3}"
_CUE = re.compile(rf"^[ \t]*{_TIME}[ \t]*-->[ \t]*[\d:.,]{{8,15}}.*$", re.MULTILINE)
_TAG = re.compile(r"</?[a-zA-Z0-9][^<>\n]{0,200}>|\{\\[^{}\n]{0,100}\}|<\d[\d:.]{4,15}>")
_VOICE = re.compile(r"<v(?:\.[^<>\s]*)?[ \t]+([^<>\n]{1,80})>")
_NUMBER_BEFORE = re.compile(r"\n[ \t]*\S[^\n]*\n?\Z")
_ENDS = (".", "!", "?", "…", ":", "。", "！", "？", '"', "”", "»", ")", "]", "♪")


def read_cues(data: bytes) -> Document:
    """The words of subtitles in order; what goes on in the next cue goes on in the same line.

    Raises TimelineError if there are none.
    """
    text, remark = decode(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    is_vtt = text.lstrip("\ufeff").startswith("WEBVTT")
    document = Document("", notes=[remark] if remark else [])
    parts: list[str] = []
    length, last = 0, ""
    for when, words in _cues(text, is_vtt):
        lines = [line for line in words.split("\n") if line != last]  # captions that roll show a line twice
        if not lines:
            continue
        last = lines[-1]
        said = " ".join(lines)
        if parts:
            joint = "\n" if parts[-1].endswith(_ENDS) or said.startswith(("-", "–", "—")) else " "
            parts.append(joint)
            length += 1
        document.places.append((length, when))
        parts.append(said)
        length += len(said)
    document.text = "".join(parts)
    if not document.text:
        raise refuse("has no subtitles in it", "check that it is an .srt or .vtt file")
    return document


def _cues(text: str, is_vtt: bool) -> list[tuple[str, str]]:
    """The time and the words of each cue."""
    found = list(_CUE.finditer(text))
    cues = []
    for match, following in zip(found, [*found[1:], None], strict=False):
        body = text[match.end() : following.start() if following else len(text)].lstrip("\n")
        body = body.split("\n\n")[0] if is_vtt or "\n\n" in body else body
        if following and not is_vtt and "\n\n" not in text[match.end() : following.start()]:
            body = _NUMBER_BEFORE.sub("", "\n" + body)  # no empty line before the number of the next
        voice = _VOICE.search(body)
        words = tidy(html.unescape(_TAG.sub("", body)) if is_vtt else _TAG.sub("", body))
        if words:
            hours, minutes, seconds = match.groups()
            who = f"{voice[1].strip()}: " if voice else ""
            cues.append((f"{int(hours or 0):02}:{minutes}:{seconds}", who + words))
    return cues
