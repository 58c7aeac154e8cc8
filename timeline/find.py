"""From a dated sentence to mentions of happenings: what happened, when, and the exact words that say so."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from . import edtf
from .edtf import Edtf
from .lexicon import Lexicon
from .model import Mention, Source, Timex
from .rules import Rules, Tenses
from .title import clause, content_words, figures, headline

_QUOTE_LENGTH = 1200  # characters: a "sentence" longer than this is cut around its date
_CROWD = 30  # dates in a "sentence" that is rather a list; each is then quoted with a few words around it
_CROWDED_QUOTE = 120  # characters
_NEAR = 100  # characters before and after a date in which words that tie it to the sentence are looked for
_CONTEXT = 32  # characters of prefix and suffix, as in the W3C TextQuoteSelector's examples
_CONFIDENCE = {"explicit": 0.95, "publication": 0.85, "context": 0.75, "arithmetic": 0.85}
_FINE = ("day", "week", "month", "season", "quarter", "year")


@dataclass(frozen=True, slots=True)
class _Dated:
    """A date as the sentence uses it: one timex, or two joined to a range."""

    start: int
    end: int
    date: str
    first: Timex


def find(
    source: Source,
    sentences: Sequence[tuple[int, int]],
    timexes: Sequence[Timex],
    rules: Rules,
    lexicon: Lexicon,
) -> list[Mention]:
    """The mentions of dated happenings in one source, in the order of the text.

    `sentences`: spans as `segment.sentences` gives them. `timexes`: resolved, in order. Every mention's quote is the
    sentence, and `source.text[quote_start:quote_end] == quote`.
    """
    mentions: list[Mention] = []
    seen: dict[tuple[str, str], int] = {}
    published = edtf.parse(source.published) if source.published else None
    for (start, end), group in _by_sentence(sentences, timexes):
        sentence = source.text[start:end]
        if _is_furniture(sentence, group, start, rules) or _is_hypothetical(sentence, rules):
            continue
        for dated in _dates(source.text, start, end, group, rules):
            if _is_background(source.text, start, end, dated, rules):
                continue
            mention = _mention(source, start, end, dated, published, rules, lexicon, crowded=len(group) > _CROWD)
            announced = _announcement(mention, dated, published, rules)
            for found in (mention, announced) if announced else (mention,):
                key = (found.quote, _core(found.date_text))
                seen[key] = seen.get(key, 0) + 1
                mentions.append(replace(found, mention_id=_id(found, seen[key])))
    return mentions


def _announcement(mention: Mention, dated: _Dated, published: Edtf | None, rules: Rules) -> Mention | None:
    """The pledge beside what was pledged: "pledged to double trade by 2024" tells of a pledge, made by publication.

    The sentence does not date it; it gets the publication date, marked as approximate, and less confidence.
    """
    if mention.modality != "planned" or published is None:
        return None
    quote, place = mention.quote, dated.start - mention.quote_start
    start, _ = clause(quote, place, dated.end - mention.quote_start, rules)
    if not rules.pattern("not_events", "announced").search(quote[start : max(start, place)]):
        return None
    ends = dict.fromkeys(f"{part}~" for part in published.text.split("/"))
    return replace(
        mention,
        date="/".join(ends),
        date_text="",
        date_start=mention.quote_start,
        date_end=mention.quote_start,
        anchor=published.text,
        basis="publication",
        rule="announced",
        modality="actual",
        confidence=round(mention.confidence - 0.25, 2),
    )


def _id(mention: Mention, occurrence: int) -> str:
    """A name that no offset, rule or other paragraph changes: who says it, in which words, of which date."""
    key = "\x1f".join((mention.source_id, mention.quote, _core(mention.date_text), str(occurrence)))
    return "m" + hashlib.sha256(key.encode()).hexdigest()[:10]


def _core(date_text: str) -> str:
    """What stays of a date's words when a better rule takes in more of them: "1969" of "the spring of 1969"."""
    return max(re.findall(r"\d+", date_text), key=len, default=date_text.lower())


def _by_sentence(
    sentences: Sequence[tuple[int, int]], timexes: Sequence[Timex]
) -> Iterator[tuple[tuple[int, int], list[Timex]]]:
    starts = [start for start, _ in sentences]
    groups: dict[int, list[Timex]] = {}
    for timex in timexes:
        index = bisect_right(starts, timex.start) - 1
        if timex.edtf and index >= 0 and timex.end <= sentences[index][1]:
            groups.setdefault(index, []).append(timex)
    for index, group in sorted(groups.items()):
        yield sentences[index], group


# --------------------------------------------------------------------------- what is no event


def _is_furniture(sentence: str, group: Sequence[Timex], start: int, rules: Rules) -> bool:
    """Page furniture: captions, bylines, headings, share links, polls, forms.

    A short line without a full stop is furniture too, unless it is an entry of a list or of a chronology ("1969:
    clashes on the Ussuri").
    """
    if sentence.startswith("#") or rules.pattern("furniture", "sentence").search(sentence):
        return True
    words = len(sentence.split())
    if words > 12 or sentence.rstrip("\"'”’)").endswith((".", "!", "?", ";", ":", "…")):
        return False
    entry = rules.pattern("furniture", "entry").match(sentence)
    return not entry and (group[0].start > start or words < 4 + len(group[0].text.split()))


def _is_hypothetical(sentence: str, rules: Rules) -> bool:
    return bool(rules.pattern("not_events", "sentence").match(sentence))


def _is_background(text: str, start: int, end: int, dated: _Dated, rules: Rules) -> bool:
    """A date that only compares or measures ("than at any point since the mid-1950s"), or a vague "today"."""
    before = text[max(start, dated.start - _NEAR) : dated.start]
    after = text[dated.end : min(end, dated.end + _NEAR)]
    if rules.pattern("not_events", "before").search(before):
        return True
    if dated.first.rule in rules.lists.get("not_events", {}).get("rules", ()):
        return True
    if dated.first.rule in rules.lists.get("not_events", {}).get("rules_without_past", ()):
        return not (
            rules.pattern("not_events", "past_before").search(before)
            or rules.pattern("not_events", "past_after").match(after)
        )
    return bool(rules.pattern("not_events", "after").match(after))


# --------------------------------------------------------------------------- ranges and open ends


def _dates(text: str, start: int, end: int, group: Sequence[Timex], rules: Rules) -> list[_Dated]:
    """The dates of a sentence: two that belong together become a range, "since" and "until" leave an end open."""
    dated: list[_Dated] = []
    index = 0
    while index < len(group):
        timex = group[index]
        before = text[max(start, timex.start - 40) : timex.start]
        following = group[index + 1] if index + 1 < len(group) else None
        if following and following.start >= timex.end:
            joined = _joined(timex, following, before, text[timex.end : following.start], rules)
            if joined:
                dated.append(_Dated(timex.start, following.end, joined, timex))
                index += 2
                continue
        dated.append(_open_ended(timex, before, text[timex.end : min(end, timex.end + _NEAR)], rules))
        index += 1
    return dated


def _joined(a: Timex, b: Timex, before: str, between: str, rules: Rules) -> str:
    """The EDTF interval of "between A and B", "from A to B", "A-B"; empty if they are two dates."""
    first, last = edtf.parse(a.edtf), edtf.parse(b.edtf)
    if first.lower is None or last.upper is None or first.lower > last.upper or first == last:
        return ""
    lead = "from" if rules.pattern("ranges", "from").search(before) else ""
    lead = "between" if rules.pattern("ranges", "between").search(before) else lead
    link = between.strip().lower()
    touching = first.upper is not None and last.lower == first.upper + 1 and first.precision == last.precision
    words = rules.lists.get("ranges", {})
    if not (
        (lead == "between" and link in words.get("and", ()))
        or (lead == "from" and link in words.get("to", ()))
        or link in words.get("dash", ())
        or (touching and link in words.get("and", ()))
    ):
        return ""
    return f"{a.edtf.split('/')[0]}/{b.edtf.split('/')[-1]}"


def _open_ended(timex: Timex, before: str, after: str, rules: Rules) -> _Dated:
    date = timex.edtf
    if "/" not in date or "~" in date or edtf.parse(date).precision == "week":
        if rules.pattern("ranges", "since").search(before) or rules.pattern("ranges", "since_after").match(after):
            date = date.split("/")[0] + "/.."
        elif (
            rules.pattern("ranges", "until").search(before) and not rules.pattern("not_events", "when").match(after)
        ) or rules.pattern("ranges", "until_after").match(after):
            date = "../" + date.split("/")[-1]
    return _Dated(timex.start, timex.end, date, timex)


# --------------------------------------------------------------------------- one mention


def _mention(
    source: Source,
    start: int,
    end: int,
    dated: _Dated,
    published: Edtf | None,
    rules: Rules,
    lexicon: Lexicon,
    *,
    crowded: bool,
) -> Mention:
    text = source.text
    start, end = _quote_span(text, start, end, dated, _CROWDED_QUOTE if crowded else _QUOTE_LENGTH)
    sentence = text[start:end]
    part_start, part_end = clause(sentence, dated.start - start, dated.end - start, rules)
    part = sentence[part_start:part_end]
    told = sentence[part_start : dated.start - start] + " " + sentence[max(part_start, dated.end - start) : part_end]
    date = edtf.parse(dated.date)
    year = edtf.civil(date.lower if date.lower is not None else date.upper or 1)[0]
    title = headline(
        sentence, (part_start, part_end), (dated.start - start, dated.end - start), dated.first.rule, rules
    )
    actors = lexicon.actors(part, year) or lexicon.actors(sentence, year)
    category = lexicon.categorise(sentence, (part_start, part_end))
    return Mention(
        mention_id="",
        source_id=source.id,
        work=source.work,
        original=source.original,
        date=dated.date,
        date_text=text[dated.start : dated.end],
        date_start=dated.start,
        date_end=dated.end,
        anchor=dated.first.anchor,
        basis=dated.first.basis,
        rule=dated.first.rule,
        quote=sentence,
        quote_start=start,
        quote_end=end,
        prefix=text[max(0, start - _CONTEXT) : start],
        suffix=text[end : end + _CONTEXT],
        title=title,
        category=category,
        actors=actors,
        places=lexicon.places(part, year),
        modality=_modality(text, (start, end), dated, date, published, rules),
        salience=_salience(date, category, actors, lexicon.salient_words(part)),
        confidence=_confidence(dated, date, title, actors),
        words=content_words(title, rules) | figures(told),
    )


def _quote_span(text: str, start: int, end: int, dated: _Dated, length: int) -> tuple[int, int]:
    """The sentence; of one longer than `length` characters, some words around the date."""
    if end - start <= length:
        return start, end
    first = max(start, dated.start - length // 2)
    last = min(end, dated.end + length // 2)
    while first > start and first < dated.start and not text[first - 1].isspace():
        first += 1
    while last < end and last > dated.end and not text[last].isspace():
        last -= 1
    return first, last


def _modality(
    text: str, sentence: tuple[int, int], dated: _Dated, date: Edtf, published: Edtf | None, rules: Rules
) -> str:
    """Planned: what lies after the source's publication, or is not over by then and told in a future tense."""
    if published is None or published.upper is None or date.upper is None:
        return "actual"
    if date.lower is not None and date.lower > published.upper:
        return "planned"
    if date.upper <= published.upper:
        return "actual"
    announced = rules.pattern("not_events", "future").search(text[max(sentence[0], dated.start - 40) : dated.end])
    tense = Tenses(rules, text).near(sentence, dated.start, dated.end)
    return "planned" if announced or tense == "future" else "actual"


def _salience(date: Edtf, category: str, actors: Sequence[str], marks: int) -> float:
    """How much a chronology would miss the row, 0 to 1: marked words most, then precision, actors and category."""
    value = 0.2 + 0.15 * min(marks, 3) + 0.05 * min(len(actors), 3)
    value += 0.1 * (date.precision in _FINE) + 0.05 * (date.precision == "day") + 0.05 * (category != "Other")
    return round(min(value, 1.0), 2)


def _confidence(dated: _Dated, date: Edtf, title: str, actors: Sequence[str]) -> float:
    """How sure date and happening are, 0 to 1: by the basis of the date, less for what is approximate or open."""
    value = _CONFIDENCE[dated.first.basis]
    value -= 0.1 * date.approximate + 0.05 * (date.lower is None or date.upper is None)
    value -= 0.1 * bool(dated.first.reason) + 0.05 * (not actors) + 0.1 * (len(title.split()) < 3)
    return round(max(value, 0.05), 2)
