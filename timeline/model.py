"""The values that travel through the pipeline: frozen, plain, and without behaviour of their own.

Offsets are half-open, 0-based, in Unicode code points of `Source.text`, the canonical text, which never changes
once it was read: `source.text[start:end] == quote` holds for everything below that carries a quote.
"""

from __future__ import annotations

from dataclasses import dataclass, field

BASES = ("explicit", "publication", "context", "arithmetic", "curated")
STATUSES = ("proposed", "accepted", "edited", "rejected", "added")
KINDS = ("event", "state", "statistic")
ACTIONS = ("accept", "reject", "edit", "merge", "split", "add", "undo")
PUBLISHED_BASES = ("given", "stated", "metadata", "file name", "inferred", "unknown")


class TimelineError(ValueError):
    """Something the user asked for cannot be done; the message names the place, the thing and the next move."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should know or mend: where, what, and the next move. `is_error` makes the exit code 1."""

    where: str
    what: str
    hint: str = ""
    is_error: bool = True

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f"; {self.hint}" if self.hint else "")


@dataclass(frozen=True, slots=True)
class Source:
    """One document. `published` is the DCT (document creation time) as EDTF, empty if unknown.

    `work` names the work the text belongs to: a note and the article it is about share one (the SHA-256 of the
    article), and count as one source. `original` says that this text is the work itself rather than a note on it.
    `language` is a BCP 47 tag, empty until it is recognised. `made`: when the file was made according to its own
    properties (EDTF); the date of publication if nothing better is known. `places`: offsets in the text, ascending,
    each with what a person would cite there ("p. 14"); empty: its paragraphs are counted. `metadata`: what of this the
    document's own metadata says, and where ("JSON-LD headline: title; mail headers: author, published").
    """

    id: str
    text: str
    title: str = ""
    author: str = ""
    publisher: str = ""
    published: str = ""
    published_basis: str = "unknown"
    language: str = ""
    rights: str = ""
    origin: str = ""
    file: str = ""
    sha256: str = ""
    work: str = ""
    original: bool = True
    made: str = ""
    metadata: str = ""
    places: tuple[tuple[int, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Timex:
    """A stretch of text that expresses a time (TimeML TIMEX3), and what it means.

    `type` DATE, TIME, DURATION or SET; `value` and `mod` as TIMEX3 has them; `edtf` the same as a calendar date,
    empty where it is none (a duration, "now", a weekday without a publication date). `basis` is one of BASES,
    `anchor` the EDTF date it was read against (empty if explicit), `rule` the name of the rule that found it.
    `reason` says why there is no date, or a coarser one than the words have. `is_timex` is false for what only implies
    a date ("70th anniversary"): no TIMEX3, but an event may rest on it.
    """

    start: int
    end: int
    text: str
    type: str
    value: str
    rule: str
    mod: str = ""
    edtf: str = ""
    basis: str = "explicit"
    anchor: str = ""
    reason: str = ""
    is_timex: bool = True


@dataclass(frozen=True, slots=True)
class Mention:
    """One telling of a happening in one source: when, what, why we think so, and the exact sentence.

    `kind`, one of KINDS: event for what happened, state for what was so, statistic for what was measured. `locator`:
    where in the source the quote begins, as a person would cite it ("p. 14", "“Results”, par. 3", "00:12:05").
    """

    mention_id: str
    source_id: str
    work: str
    original: bool
    date: str
    date_text: str
    date_start: int
    date_end: int
    anchor: str
    basis: str
    rule: str
    quote: str
    quote_start: int
    quote_end: int
    prefix: str
    suffix: str
    title: str
    category: str
    actors: tuple[str, ...]
    places: tuple[str, ...]
    modality: str
    kind: str
    salience: float
    confidence: float
    words: frozenset[str] = field(default=frozenset(), repr=False)
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """The happening: one or more mentions of it, best first, and what people decided about it."""

    event_id: str
    date: str
    title: str
    category: str
    actors: tuple[str, ...]
    places: tuple[str, ...]
    modality: str
    kind: str
    salience: float
    confidence: float
    mentions: tuple[Mention, ...]
    status: str = "proposed"
    era: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A recorded human judgement. It hangs on mentions and their quotes, not on rows.

    `targets`: what it applies to, each a dict with mention_id, source_id, quote and date_text.
    `values`: the new values of an edit or an added event. `on`: when, ISO 8601 in UTC. `by`: who. `why`: the reason.
    """

    id: str
    action: str
    targets: tuple[dict[str, str], ...]
    values: dict[str, str]
    by: str
    on: str
    why: str


@dataclass(frozen=True, slots=True)
class Era:
    """A named stretch of the timeline; `date` is an EDTF interval."""

    era_id: str
    title: str
    date: str
    note: str = ""
