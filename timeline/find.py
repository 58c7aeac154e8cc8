"""From a dated sentence to mentions of happenings: what happened, when, and the exact words that say so."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from . import edtf
from .edtf import Edtf
from .lexicon import Lexicon
from .model import Mention, Source, Timex
from .rules import Rules

TITLE_LENGTH = 80  # characters
_QUOTE_LENGTH = 1200  # characters: a "sentence" longer than this is cut around its date
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
            mention = _mention(source, start, end, dated, published, rules, lexicon)
            announced = _announcement(mention, dated, published, rules)
            for found in (mention, announced) if announced else (mention,):
                key = (found.quote, found.date_text)
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
    if not _list(rules, "not_events", "announced").search(quote[start : max(start, place)]):
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
    key = "\x1f".join((mention.source_id, mention.quote, mention.date_text, str(occurrence)))
    return "m" + hashlib.sha256(key.encode()).hexdigest()[:10]


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


@lru_cache(maxsize=64)
def _regex(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns) if patterns else "(?!)", re.IGNORECASE)


def _list(rules: Rules, table: str, key: str) -> re.Pattern[str]:
    return _regex(tuple(rules.lists.get(table, {}).get(key, ())))


def _is_furniture(sentence: str, group: Sequence[Timex], start: int, rules: Rules) -> bool:
    """Page furniture: captions, bylines, headings, share links, polls, forms.

    A short line without a full stop is furniture too, unless it is an entry of a list or of a chronology ("1969:
    clashes on the Ussuri").
    """
    if sentence.startswith("#") or _list(rules, "furniture", "sentence").search(sentence):
        return True
    words = len(sentence.split())
    if words > 12 or sentence.rstrip("\"'”’)").endswith((".", "!", "?", ";", ":", "…")):
        return False
    entry = _list(rules, "furniture", "entry").match(sentence)
    return not entry and (group[0].start > start or words < 4 + len(group[0].text.split()))


def _is_hypothetical(sentence: str, rules: Rules) -> bool:
    return bool(_list(rules, "not_events", "sentence").match(sentence))


def _is_background(text: str, start: int, end: int, dated: _Dated, rules: Rules) -> bool:
    """A date that only compares or measures ("than at any point since the mid-1950s"), or a vague "today"."""
    before = text[start : dated.start]
    if _list(rules, "not_events", "before").search(before):
        return True
    if dated.first.rule in rules.lists.get("not_events", {}).get("rules", ()):
        return True
    if dated.first.rule in rules.lists.get("not_events", {}).get("rules_without_past", ()):
        after = text[dated.end : end]
        return not (
            _list(rules, "not_events", "past_before").search(before)
            or _list(rules, "not_events", "past_after").match(after)
        )
    return bool(_list(rules, "not_events", "after").match(text[dated.end : end]))


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
        dated.append(_open_ended(timex, before, text[timex.end : end], rules))
        index += 1
    return dated


def _joined(a: Timex, b: Timex, before: str, between: str, rules: Rules) -> str:
    """The EDTF interval of "between A and B", "from A to B", "A-B"; empty if they are two dates."""
    first, last = edtf.parse(a.edtf), edtf.parse(b.edtf)
    if first.lower is None or last.upper is None or first.lower > last.upper or first == last:
        return ""
    lead = "from" if _list(rules, "ranges", "from").search(before) else ""
    lead = "between" if _list(rules, "ranges", "between").search(before) else lead
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
    if ".." not in date:
        if _list(rules, "ranges", "since").search(before):
            date = date.split("/")[0] + "/.."
        elif _list(rules, "ranges", "until").search(before) and not _list(rules, "not_events", "when").match(after):
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
) -> Mention:
    text = source.text
    start, end = _quote_span(text, start, end, dated)
    sentence = text[start:end]
    part_start, part_end = clause(sentence, dated.start - start, dated.end - start, rules)
    part = sentence[part_start:part_end]
    date = edtf.parse(dated.date)
    year = edtf.civil(date.lower if date.lower is not None else date.upper or 1)[0]
    title = headline(
        sentence, (part_start, part_end), (dated.start - start, dated.end - start), dated.first.rule, rules
    )
    actors = lexicon.actors(part, year) or lexicon.actors(sentence, year)
    category = lexicon.categorise(part, sentence)
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
        words=content_words(title, rules),
    )


def _quote_span(text: str, start: int, end: int, dated: _Dated) -> tuple[int, int]:
    """The sentence; of one without end, some words around the date."""
    if end - start <= _QUOTE_LENGTH:
        return start, end
    half = _QUOTE_LENGTH // 2
    first = max(start, dated.start - half)
    last = min(end, dated.end + half)
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
    announced = _list(rules, "not_events", "future").search(text[max(sentence[0], dated.start - 40) : dated.end])
    tense = rules.tense(text, sentence, dated.start, dated.end)
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


# --------------------------------------------------------------------------- clauses, titles, words


def clause(sentence: str, start: int, end: int, rules: Rules) -> tuple[int, int]:
    """The part of a sentence that tells what the date at [start:end] dates: between the clause borders around it.

    An opening adverbial ("In 1956,") belongs to what follows it, a closing one to what stands before.
    """
    when = _list(rules, "ranges", "until").search(sentence[:start]) and _list(rules, "not_events", "when").match(
        sentence[end:]
    )
    if when:  # "until 2018, when X": the date dates X
        start = end = end + when.end()
    borders = [m.span() for m in _list(rules, "clauses", "borders").finditer(sentence)]
    borders = [(a, b) for a, b in borders if b <= start or a >= end]
    left = start if when else max((b for a, b in borders if b <= start), default=0)
    right = min((a for a, b in borders if a >= end), default=len(sentence))
    if when:
        return left, right
    if left and len(sentence[left:start].split()) <= 2 and _list(rules, "clauses", "closed").match(sentence[end:]):
        return max((b for a, b in borders if b < left), default=0), end  # ", in 2013," closes what stands before it
    if len(sentence[left:start].split()) + len(sentence[end:right].split()) >= 4:
        return left, right
    if right < len(sentence):
        return left, min((a for a, b in borders if a > right), default=len(sentence))
    return max((b for a, b in borders if b < left), default=0), right


def headline(sentence: str, part: tuple[int, int], date: tuple[int, int], rule: str, rules: Rules) -> str:
    """A title of at most 80 characters from the words of the sentence: the event's part, without its date."""
    if rule.startswith("anniversary"):
        named = _of_what(sentence, date, rules)
        if named:
            return _shortened(named, rules)
    before = _list(rules, "clauses", "lead_to_date").sub("", sentence[part[0] : date[0]]).rstrip()
    after = sentence[max(part[0], date[1]) : part[1]].lstrip(" ,")
    text = before + " " + after
    if len(_tidy(text, rules).split()) < 3:
        before, after = sentence[: date[0]].rstrip(), sentence[date[1] :].lstrip(" ,")
        text = before + " " + after
    whole = _tidy(text, rules)
    return whole if len(whole) <= TITLE_LENGTH else _phrase_around(text, len(before), rules)


def _phrase_around(text: str, place: int, rules: Rules) -> str:
    """The stretch of a long text, between phrase borders, that best tells what happened at `place`, in 80 characters.

    Preferred, in this order: it holds the words at the place; it has a verb; it begins where the text begins (with
    its subject); it is long.
    """
    starts = sorted({0, *(m.start() for m in _list(rules, "clauses", "starts").finditer(text))})
    ends = sorted({len(text), *(m.start() for m in _list(rules, "clauses", "cuts").finditer(text))})
    held, _, title = max(_phrases(text, starts, ends, place, rules), default=(False, 0.0, ""))
    if not held:  # no clause of title length tells it: begin at any phrase border
        held, _, inner = max(_phrases(text, ends, ends, place, rules), default=(False, 0.0, ""))
        title = inner if held else title
    return title or _shortened(_tidy(text, rules), rules)


def _phrases(
    text: str, starts: Sequence[int], ends: Sequence[int], place: int, rules: Rules
) -> Iterator[tuple[bool, float, str]]:
    """Titles that could be cut from a text: whether they hold the place, how good they are otherwise, and the words."""
    verb = _list(rules, "clauses", "verbs")
    for start in starts:
        for end in ends:
            if 0 < end - start <= 2 * TITLE_LENGTH:
                title = _tidy(text[start:end], rules)
                if 12 <= len(title) <= TITLE_LENGTH:
                    score = bool(verb.search(title)) + 0.8 * (start == 0) + 0.5 * len(title) / TITLE_LENGTH
                    yield _holds(start, end, place, text), score, title


def _holds(start: int, end: int, place: int, text: str) -> bool:
    """Does text[start:end] hold the words that the date at `place` belongs to: those before it, if there are any?"""
    return start < place <= end if len(text[:place].split()) > 1 else start <= place < end


def _of_what(sentence: str, date: tuple[int, int], rules: Rules) -> str:
    """What an anniversary is the anniversary of: "the 20th anniversary of X", "X, whose 70th anniversary"."""
    after = _list(rules, "clauses", "anniversary_of").search(sentence[date[0] :])
    if after:
        return _tidy(after["what"], rules)
    before = _list(rules, "clauses", "whose_anniversary").search(sentence[: date[0]])
    return _tidy(before["what"], rules) if before else ""


def _tidy(text: str, rules: Rules) -> str:
    text = re.sub(r"\s+", " ", text).strip(" ,;:–—-.()“”\"'")
    previous = None
    while previous != text:
        previous = text
        text = _list(rules, "clauses", "openers").sub("", text).strip(" ,;:–—-")
    text = re.sub(r"\s+([,.;:!?])", r"\1", re.sub(r"\(\s*\)", "", text))
    text = re.sub(r"\s+", " ", _trimmed(text, rules))
    if text.count("“") != text.count("”"):
        text = text.replace("“", "").replace("”", "")
    if text.count("(") != text.count(")"):
        text = text.replace("(", "").replace(")", "")
    return text[:1].upper() + text[1:]


def _shortened(text: str, rules: Rules) -> str:
    """At most 80 characters, cut at the last clause border, comma or preposition that leaves a whole phrase."""
    if len(text) <= TITLE_LENGTH:
        return text
    cuts = [m.start() for m in _list(rules, "clauses", "cuts").finditer(text) if 24 <= m.start() <= TITLE_LENGTH]
    cut = max(cuts) if cuts else text.rfind(" ", 0, TITLE_LENGTH + 1)
    return _trimmed(text[: cut if cut > 0 else TITLE_LENGTH], rules)


def _trimmed(text: str, rules: Rules) -> str:
    """Without what a title does not end with: function words, open brackets."""
    previous = None
    while previous != text:
        previous = text
        text = _list(rules, "clauses", "danglers").sub("", text).strip(" ,;:–—-“(")
    return text


_CONTENT = re.compile(r"[^\W\d_]{3,}|\d[\d.,]*\d")


def content_words(text: str, rules: Rules) -> frozenset[str]:
    """The words that say what a passage is about: lower case, endings cut, function words and dates left out."""
    stop = _stop_words(tuple(rules.lists.get("stop_words", ())))
    return frozenset(_stem(w) for w in (m[0].lower() for m in _CONTENT.finditer(text)) if w not in stop)


@lru_cache(maxsize=8)
def _stop_words(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(words)


def _stem(word: str) -> str:
    for ending in ("ing", "ers", "ed", "er", "es", "al", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
