"""Zip files, opened so that they can do no harm: nothing is written to disk, and nothing unpacks past a limit."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Any

from ..model import TimelineError
from .document import refuse

MOST_MEMBERS = 20_000
LARGEST_MEMBER = 256 * 1024 * 1024  # bytes, unpacked
LARGEST_WHOLE = 1024 * 1024 * 1024  # bytes, unpacked
_DENSEST, _SMALL = 200, 16 * 1024 * 1024  # times, from so many bytes on; text packs 3 to 20 times as small
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


def open_zip(data: bytes) -> zipfile.ZipFile:
    """A zip file whose members may be read. Raises TimelineError if it is damaged, locked or a bomb."""
    try:
        packed = zipfile.ZipFile(io.BytesIO(data))
        members = packed.infolist()
    except BROKEN:
        raise damaged() from None
    if len(members) > MOST_MEMBERS:
        raise refuse(f"has more than {MOST_MEMBERS} files in it", "unpack it and name the folder")
    whole = sum(member.file_size for member in members)
    if whole > LARGEST_WHOLE or (whole > _SMALL and whole > _DENSEST * len(data)):
        raise refuse(f"would unpack to {whole // 1024**2} MB", "if that is meant, unpack it and name the folder")
    return packed


def damaged() -> TimelineError:
    """A zip file, or a document that is one, cut off or changed."""
    return refuse("is damaged, or cut off", "get it anew, or save it anew from the program that opens it")


def unpack(packed: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of a member. Raises TimelineError if it is missing, damaged, locked or too large."""
    try:
        member = packed.getinfo(name)
        if member.flag_bits & 1:
            raise refuse("is locked with a password", "save it without one")
        if member.file_size > LARGEST_MEMBER:
            raise refuse(f"would unpack to {member.file_size // 1024**2} MB", "split it")
        with packed.open(member) as stream:
            data = stream.read(LARGEST_MEMBER + 1)
    except TimelineError:
        raise
    except (KeyError, *BROKEN):
        raise damaged() from None
    if len(data) > LARGEST_MEMBER:
        raise refuse(f"unpacks to more than {LARGEST_MEMBER // 1024**2} MB", "split it")
    return data


def parse_xml(data: bytes) -> Any:
    """The root of an XML document: no entities of its own, nothing fetched. Raises TimelineError if it is none."""
    from lxml import etree

    if _DECLARATION.search(data[:4096]) and b"<!ENTITY" in data[:65536]:
        raise refuse("defines entities of its own, as no such document needs", "save it anew")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise damaged() from None
