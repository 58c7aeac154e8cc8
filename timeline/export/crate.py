"""RO-Crate 1.2: everything a timeline rests on in one archive, with the SHA-256 of each file, and what made it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..decisions import LOG
from ..table import SCHEMAS, Timeline, descriptor
from .common import citation, count, file_name, json_bytes, now, text_of, view, zip_bytes
from .tables import table_files

METADATA = "ro-crate-metadata.json"
_PROFILE = "https://w3id.org/ro/crate/1.2"
_MEDIA = {"csv": "text/csv", "json": "application/json", "jsonl": "application/jsonl", "txt": "text/plain"}


def to_ro_crate(timeline: Timeline) -> bytes:
    """A ZIP of the tables, their description, the texts of the sources and the decisions, described as an RO-Crate.

    The folder that it unpacks to is one that `timeline check` and `timeline serve` read; `timeline verify` proves the
    archive. The log of decisions is in it if the timeline is whole; a choice of its events goes without.
    """
    placed, texts = _texts(timeline)
    tables = table_files(placed)
    log = _decisions(timeline, tables["events"])
    package = descriptor(timeline.title, tables, {path: _sha256(data) for path, data in texts.items()}, log[1])
    files = {f"{name}.csv": data for name, data in tables.items()} | {"datapackage.json": package} | texts
    files |= {LOG: log[0]} if log[0] else {}
    return zip_bytes({METADATA: json_bytes(_metadata(placed, files))} | files)


def ro_crate_left_out(timeline: Timeline) -> list[str]:
    """How many texts of sources are not in the archive."""
    missing = sum(text_of(timeline, source_id) is None for source_id in timeline.sources["source_id"])
    return [f"{count(missing, 'source')} whose text is not at hand"] if missing else []


def _texts(timeline: Timeline) -> tuple[Timeline, dict[str, bytes]]:
    """The timeline with its sources in a folder `texts`, and these files; what is not at hand stays where it was."""
    taken: set[str] = set()
    texts, paths = {}, []
    rows = timeline.sources[["source_id", "file"]].itertuples(index=False)
    for source_id, file in rows:
        text = text_of(timeline, str(source_id))
        path = str(file) if text is None else "texts/" + file_name(str(source_id), taken, ".txt")
        paths.append(path)
        if text is not None:
            texts[path] = text.encode("utf-8")
    return replace(timeline, sources=timeline.sources.assign(file=paths).astype({"file": "str"})), texts


def _decisions(timeline: Timeline, events: bytes) -> tuple[bytes, str]:
    """The log and the id of its last decision in the tables; empty if these are not the events that were built."""
    from ..decide import built_with

    try:
        is_whole = (timeline.folder / "events.csv").read_bytes() == events
        return ((timeline.folder / LOG).read_bytes(), built_with(timeline.folder)) if is_whole else (b"", "")
    except OSError:
        return b"", ""


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _metadata(timeline: Timeline, files: Mapping[str, bytes]) -> dict[str, Any]:
    """The RO-Crate: what each file is, what the timeline rests on, and which version of this program made it."""
    from .. import __version__

    made = now().isoformat().replace("+00:00", "Z")
    sources = {row["file"]: row for row in view(timeline).sources.values()}
    parts = [_file(path, data) | _described(path, sources) for path, data in files.items()]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": timeline.title,
        "description": "A timeline of dated events, each with the exact sentence it rests on.",
        "datePublished": made,
        "license": "The sources and their texts are under the terms that sources.csv names for each.",
        "conformsTo": {"@id": "https://datapackage.org/profiles/2.0/datapackage.json"},
        "hasPart": [{"@id": part["@id"]} for part in parts],
    }
    action = {
        "@id": "#export",
        "@type": "CreateAction",
        "name": "timeline export --to ro-crate",
        "endTime": made,
        "instrument": {"@id": "#timeline"},
        "object": [{"@id": part["@id"]} for part in parts if part["@id"].startswith("texts/")],
        "result": [{"@id": part["@id"]} for part in parts if part["@id"].endswith(".csv")],
    }
    software = {"@id": "#timeline", "@type": "SoftwareApplication", "name": "cited-timeline", "version": __version__}
    about = {
        "@id": METADATA,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": _PROFILE},
    }
    return {"@context": f"{_PROFILE}/context", "@graph": [about, root, *parts, action, software]}


def _file(path: str, data: bytes) -> dict[str, Any]:
    media = _MEDIA[path.rpartition(".")[2]]
    return {
        "@id": _iri(path),
        "@type": "File",
        "name": path,
        "encodingFormat": media,
        "contentSize": str(len(data)),
        "sha256": _sha256(data),
    }


def _iri(path: str) -> str:
    from urllib.parse import quote

    return quote(path)


def _described(path: str, sources: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """What is known of a file beside its bytes."""
    table = path.removesuffix(".csv")
    if table in SCHEMAS:
        return {"name": SCHEMAS[table]["title"], "description": SCHEMAS[table]["description"]}
    if path in sources:
        row = sources[path]
        known = {"identifier": row["source_id"], "inLanguage": row["language"], "usageInfo": row["rights"]}
        return {"name": citation(dict(row), row["source_id"])} | {key: value for key, value in known.items() if value}
    names = {
        LOG: "What people decided, one decision a line",
        "datapackage.json": "Description of the tables, a Frictionless Data Package",
    }
    return {"name": names[path]}
