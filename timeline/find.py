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
from .names import Names
from .rules import Rules, Tenses
from .subject import subject_of
from .syntax import Parse, parse
from .title import content_words, figures, fitting, happenings_in, names_happening, of_what, owned, tidy
from .told import Told, beside, cut, of_clause, promised, told

_QUOTE_LENGTH = 1200  # characters: a "sentence" longer than this is cut around its date
_CROWD = 30  # dates in a "sentence" that is rather a list; each is then quoted with a few words around it
_CROWDED_QUOTE = 120  # characters
_LIFE = 16 * 365  # days that a life has at least which is told in brackets
_LINK = 12  # characters between the ends of a range, if nothing is told there
_NEAR = 100  # characters before and after a date in which words that tie it to the sentence are looked for
_CONTEXT = 32  # characters of prefix and suffix, as in the W3C TextQuoteSelector's examples
_CONFIDENCE = {"explicit": 0.95, "publication": 0.85, "context": 0.75, "arithmetic": 0.85}
_FINE = ("day", "week", "month", "season", "quarter", "year")


_SCENE = 4  # sentences for which a date holds, if they go on from it
_SCENE_DAYS = 31  # days that such a date may have
_LONG_SCENE_DAYS = 366  # days that it may have where the sentence says that it goes on from there ("at the time")
_LEADING = 90  # characters at the beginning of a sentence in which it says so
_SHORT = 4  # words of a sentence that goes on from a dated one
_TERSE = 3  # words; a title of less says too little
_HEAD = 8  # characters before a date that heads an entry of a chronology
_LEAD = 700  # characters in which news says when it happened
_RECENT = 12  # days between what news is about and its publication
_VERBS = ("b", "h", "D", "m", "v", "e", "q", "R")  # classes of verb forms
_PASTS = ("v", "e", "R")  # classes of verb forms that tell what happened
_JUST = 4  # days within which "has done" tells what just happened
_CARRIED = 0.1  # confidence lost where a sentence has its date from another one


@dataclass(frozen=True, slots=True)
class _Dated:
    """A date as the sentence uses it: one timex, or two joined to a range."""

    start: int
    end: int
    date: str
    first: Timex


@dataclass(frozen=True, slots=True)
class _Scene:
    """The date that sentences may go on from: where it was said last, and of what."""

    number: int
    dated: _Dated
    mention: Mention
    is_noun: bool = False  # only what says its noun again goes on from it


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
    reader = _Reader(source, sentences, rules, lexicon)
    mentions: list[Mention] = []
    seen: dict[tuple[str, ...], int] = {}
    for found, part in reader.read(timexes):
        key = (found.source_id, found.quote, _core(found.date_text), part)
        seen[key] = seen.get(key, 0) + 1
        mentions.append(replace(found, mention_id=_id(key, seen[key])))
    return mentions


_Found = tuple[Mention, str]  # a mention, and which part of its sentence it tells; "" for what the date itself dates


class _Reader:
    """Reads one source, sentence by sentence."""

    def __init__(self, source: Source, sentences: Sequence[tuple[int, int]], rules: Rules, lexicon: Lexicon) -> None:
        self.source, self.sentences, self.rules, self.lexicon = source, sentences, rules, lexicon
        self.text = source.text
        self.published = edtf.parse(source.published) if source.published else None
        self.scene: _Scene | None = None
        self.lead: _Scene | None = None  # in news, the first scene of the days it is about
        self.is_news = False

    def read(self, timexes: Sequence[Timex]) -> Iterator[_Found]:
        """The mentions, without their ids, and which part of its sentence each tells."""
        groups = _by_sentence(self.sentences, timexes)
        spans = {number: [(timex.start, timex.end) for timex in group] for number, group in groups.items()}
        self.names = Names(self.text, self.sentences, self.rules, self.lexicon, self.source.title, spans)
        self.is_news = self._is_news(timexes)
        for number in range(len(self.sentences)) if "grammar" in self.rules.lists else sorted(groups):
            group = self._dating(groups.get(number, []))
            scene, found = self.scene, list(self._dated(number, group)) if group else []
            yield from found
            if all(_is_lately(timex, self.rules) for timex in group):
                self.scene = scene  # "recently" does not lead the story
            elif group:
                continue
            if not found and self.scene:
                yield from self._carried_on(number, self.scene)

    def _dating(self, group: Sequence[Timex]) -> Sequence[Timex]:
        """Without the times of day, if there are dates beside them: a time alone stands for the day told before.

        In news it carries on the scene instead: what was said yesterday comes between.
        """
        clocks = self.rules.lists.get("not_events", {}).get("clocks", ())
        dates = [timex for timex in group if timex.rule not in clocks]
        if group and not dates and self.is_news:
            self.scene = self.scene if self.scene and self._is_recent(self.scene) else self.lead
            return []
        return dates or group

    def _dated(self, number: int, group: Sequence[Timex]) -> Iterator[_Found]:
        """The mentions of a sentence with dates."""
        start, end = self.sentences[number]
        sentence = self.text[start:end]
        if _is_furniture(sentence, group, start, self.rules) or _is_hypothetical(sentence, self.rules):
            return
        crowded = len(group) > _CROWD
        all_dates = _dates(self.text, start, end, group, self.rules)
        parsed = None
        if not crowded and end - start <= _QUOTE_LENGTH:
            places = [(dated.start, dated.end) for dated in all_dates]
            others = [(t.start, t.end) for t in group if not any(first <= t.start < last for first, last in places)]
            spans = [(first - start, last - start) for first, last in sorted(places + others)]
            parsed = parse(sentence, spans, self.rules)
            if parsed and _is_caption(parsed, spans, self.rules):
                return
        alone = sum(not _is_lately(dated.first, self.rules) for dated in all_dates) == 1
        for dated in all_dates:
            place = (dated.start - start, dated.end - start)
            enacts = parsed is not None and _enacts(parsed, place[0], self.rules)
            if _is_background(self.text, start, end, dated, self.rules, enacts):
                continue
            if parsed is None:
                first, last = _quote_span(self.text, start, end, dated, _CROWDED_QUOTE if crowded else _QUOTE_LENGTH)
                what = cut(self.text[first:last], (dated.start - first, dated.end - first), self.rules)
                yield self._mention((first, last), dated, what, alone), ""
                continue
            if _is_told_finer(parsed, dated, all_dates, start):
                continue
            inside = parsed.text[parsed.spans[parsed.dates[place[0]]][0] : place[0]].strip("(")  # of another date
            own = parse(sentence, [place], self.rules) if inside else parsed
            if own:
                yield from self._parsed(number, own, dated, place, alone or len(all_dates) == 1)

    def _parsed(
        self, number: int, parsed: Parse, dated: _Dated, place: tuple[int, int], alone: bool
    ) -> Iterator[_Found]:
        start, end = self.sentences[number]
        rules, who = self.rules, self.names.at(number)
        what = told(parsed, place, rules, who)
        of_nouns = dated.first.rule in rules.lists["not_events"].get("rules_of_nouns", ())
        if not what.is_noun and (of_nouns or _is_of_decade(parsed, dated, place[0])):
            return
        if dated.first.rule.startswith("anniversary"):
            subject = subject_of(parsed, what.clause, rules, who)[0] if what.clause >= 0 else ""
            subject = subject if subject[:1].isupper() else ""
            what = replace(what, title=owned(of_what(parsed.text, place, rules) or what.title, subject, rules))
        elif owner := self.names.owner(what.title.partition(" ")[0]):
            what = replace(what, title=owned(what.title, owner, rules))
        elif what.is_noun and rules.pattern("telling", "persons_own").match(
            what.title
        ):  # "ran it until his death in 1912"
            subject = subject_of(parsed, what.clause, rules, who)[0] if parsed.clauses[what.clause].has_verb else ""
            words = subject.split()
            is_named = words and words[-1][0].isupper() and rules.word_classes[words[0].lower()] not in ("d", "x")
            what = replace(what, title=owned(what.title, subject if is_named else "", rules))
        mention = self._mention((start, end), dated, what, alone)
        if mention.modality == "actual" and _is_promised(parsed, what, rules):
            mention = replace(mention, modality="planned")
        if self._is_unreal(parsed, what, mention.modality):
            return
        if _is_vague(dated, rules) and not (what.is_noun or _is_past(parsed, what.clause, rules)):
            return
        if dated.first.rule in _STRETCHES and not _fits_stretch(parsed, what, dated.first.rule, rules):
            return
        announced = _announcement(mention, self.published, rules)
        by = _announcing(parsed, place[0], rules) if announced else None
        if announced and by is not None:
            token = parsed.dates[place[0]]
            announced = replace(announced, title=of_clause(parsed, by, token, rules, who).title or announced.title)
            if by == what.clause:  # the date is that of what was promised
                mention = replace(mention, title=promised(parsed, by, token, rules, who) or mention.title)
        yield mention, ""
        if announced:
            yield announced, ""
        for more, mark in beside(parsed, what, place, rules, who, is_day=edtf.parse(dated.date).days == 1):
            if more.title == what.title:
                continue
            if more.kind != "event" or self._is_unreal(parsed, more, mention.modality):
                continue
            if more.verb and (not _is_past(parsed, more.clause, rules) or _has_pronoun_object(parsed, more.clause)):
                continue
            is_one = not set(dated.date) & set("/~?")
            marked = mark + dated.date.split("/")[-1] if mark == "../" else dated.date + mark
            when = replace(dated, date=marked) if mark and (is_one or mark == "../") else dated
            found = self._mention((start, end), when, more)
            sure = round(found.confidence - _CARRIED * (mark != "" or more.is_noun), 2)
            yield replace(found, confidence=sure), str(more.start)
        if what.is_noun and not self.is_news and self.scene is None and happenings_in(what.title, rules):
            self.scene = _Scene(number, dated, mention, is_noun=True)
        if what.is_noun or what.clause < 0:
            return
        says = parsed.classes[parsed.clauses[what.clause].verb[1] - 1] == "R" and self.is_news
        before_that = self.scene and edtf.sort_key(dated.date) < edtf.sort_key(self.scene.dated.date)
        if says and self.scene and not before_that:
            said = self._said(parsed, what.clause, number)
            looks_back = said is not None and rules.pattern("telling", "flashback").match(said.verb)
            if said and said.kind == "event" and not looks_back and not self._is_unreal(parsed, said, "actual"):
                yield self._carried(number, self.scene, said, start + said.start), str(said.start)
            return
        scene = _Scene(number, dated, mention)
        leads = rules.pattern("telling", "after_that").match(parsed.text, parsed.span(what.clause)[0])
        if leads or parsed.clauses[what.clause].opening in ("", "m", ";", "r", "c"):
            self.scene = scene
        elif not self.is_news and self.scene and self.scene.number != number:
            self.scene = None  # what comes then may go on from either
        if self.lead is None and not says and self._is_recent(scene):
            self.lead = scene

    def _is_unreal(self, parsed: Parse, what: Told, modality: str) -> bool:
        """Is it told as what did not happen, or what might?"""
        if what.clause < 0 or not what.verb:
            return False
        rules = self.rules
        clause = parsed.clauses[what.clause]
        if clause.opening == "s" and rules.pattern("telling", "irreal").match(parsed.text, what.start):
            return True
        nobody = rules.pattern("telling", "nobody").match(what.title)
        if nobody or rules.pattern("telling", "negated").search(what.verb):
            return not rules.pattern("telling", "until").search(parsed.text[what.start : what.end])
        return modality == "actual" and bool(rules.pattern("telling", "hypothetical").match(what.verb))

    def _carried_on(self, number: int, scene: _Scene) -> Iterator[_Found]:
        """The mention of a sentence that has no date and goes on from a dated one."""
        start, end = self.sentences[number]
        sentence = self.text[start:end]
        rules = self.rules
        is_new_paragraph = "\n" in self.text[self.sentences[number - 1][1] : start]
        is_news = self.is_news and self._is_recent(scene)
        echoes = number - scene.number <= _SCENE and self._echoes(sentence, scene)
        if not (number - scene.number <= _SCENE and not is_new_paragraph) and not is_news and not echoes:
            self.scene = None
            return
        goes_on = rules.pattern("telling", "goes_on").search(sentence[:_LEADING])
        cue = echoes or (not scene.is_noun and (goes_on or rules.pattern("telling", "carries_on").match(sentence)))
        if not cue and not is_news:
            return
        if len(sentence) > _QUOTE_LENGTH or len(sentence.split()) < _SHORT or sentence[-1] not in '.!"”’)':
            return
        if sentence[0] in '"“‘«—`' or _is_hypothetical(sentence, rules):
            return
        if rules.stands_in("furniture", "sentence", sentence):
            return
        if edtf.parse(scene.dated.date).days > (_LONG_SCENE_DAYS if goes_on or echoes else _SCENE_DAYS):
            return
        parsed = parse(sentence, (), rules)
        what = self._happening(parsed, scene, number) if parsed else None
        if what and not rules.pattern("telling", "flashback").match(what.verb):
            afterwards = rules.pattern("telling", "afterwards").search(sentence[:_LEADING])
            is_one = not set(scene.dated.date) & set("/~?")
            when = replace(scene.dated, date=f"{scene.dated.date}~") if afterwards and is_one else scene.dated
            yield self._carried(number, replace(scene, dated=when), what, start), ""

    def _echoes(self, sentence: str, scene: _Scene) -> bool:
        """Does a sentence begin with "the explosion", after one that told of an explosion?"""
        named = self.rules.pattern("telling", "echo").match(sentence)
        what = named["what"].lower() if named else ""
        return bool(what) and names_happening(what, self.rules) and what in scene.mention.quote

    def _carried(self, number: int, scene: _Scene, what: Told, place: int) -> Mention:
        """What a sentence tells at a place (character of the text), with the date of the scene it goes on from."""
        mention = self._mention(self.sentences[number], replace(scene.dated, start=place, end=place), what)
        return replace(
            mention,
            date_text="",
            anchor=scene.dated.date,
            basis="context",
            rule="continued",
            modality="actual",
            salience=round(max(mention.salience - _CARRIED, 0), 2),
            confidence=round(min(mention.confidence, _CONFIDENCE["context"]) - _CARRIED, 2),
        )

    def _happening(self, parsed: Parse, scene: _Scene, number: int) -> Told | None:
        """What the first clause tells that tells a happening in the past; of a mere saying, what is said."""
        for place, clause in enumerate(parsed.clauses):
            is_main = clause.has_verb and clause.opening in ("", "m", "r", ";")
            if not is_main or not _is_past(parsed, place, self.rules):
                continue
            if parsed.classes[clause.verb[0]] == "h" and not (self.is_news and self._is_recent(scene, _JUST)):
                continue  # "has grown": news of the day, or how things are
            what = of_clause(parsed, place, -1, self.rules, self.names.at(number))
            if self.rules.pattern("telling", "sayings").search(what.verb):
                said = self._said(parsed, place, number)
                if said is None:
                    continue
                what = said
            if what.kind == "event" and not self._is_unreal(parsed, what, "actual"):
                return what
        return None

    def _said(self, parsed: Parse, place: int, number: int) -> Told | None:
        """What is said to have happened in the clause that hangs on a saying and has no date: "told police he left"."""
        following = parsed.clauses[place + 1 : place + 2]
        if not following or following[0].opening != "T" or not following[0].has_verb:
            return None
        if "Z" in parsed.classes[following[0].start : following[0].end] or not _is_past(parsed, place + 1, self.rules):
            return None
        return of_clause(parsed, place + 1, -1, self.rules, self.names.at(number))

    def _is_news(self, timexes: Sequence[Timex]) -> bool:
        """Does the text report what happened in the days before its publication, and say so at its beginning?"""
        if self.published is None or self.published.precision != "day":
            return False
        lead = (t for t in timexes if t.start < _LEAD and t.edtf and t.basis == "publication")
        return any(self._near_publication(t.edtf) for t in lead)

    def _near_publication(self, date: str, days: int = _RECENT) -> bool:
        lower, published = edtf.parse(date).lower, self.published
        return lower is not None and published is not None and -days <= lower - (published.upper or 0) <= 0

    def _is_recent(self, scene: _Scene, days: int = _RECENT) -> bool:
        return self._near_publication(scene.dated.date, days)

    def _words(self, quote: tuple[int, int], dated: _Dated, what: Told, alone: bool) -> frozenset[str]:
        """The words by which the mention is compared with others: of the sentence, or of its part if it tells more."""
        sentence = self.text[quote[0] : quote[1]]
        part = sentence if alone else f"{what.title} . {sentence[what.start : what.end]}"
        told = part.replace(self.text[dated.start : dated.end], "") if dated.start < dated.end else part
        return content_words(told, self.rules) | figures(told)

    def _subject(self, what: Told, year: int) -> tuple[str, ...]:
        """The names in the subject that the lexicon does not know: "Ada Byron"."""
        names = self.names.proper(what.subject)
        return tuple(name for name in names if not self.lexicon.actors(name, year))

    def _mention(self, quote: tuple[int, int], dated: _Dated, what: Told, alone: bool = False) -> Mention:
        text, lexicon, source = self.text, self.lexicon, self.source
        start, end = quote
        sentence = text[start:end]
        if _is_fragment(what, self.rules):
            what = replace(what, title=fitting(tidy(sentence, self.rules), self.rules), doubts=what.doubts + 1)
        part = sentence[what.start : what.end]
        date = edtf.parse(dated.date)
        year = edtf.civil(date.lower if date.lower is not None else date.upper or 1)[0]
        named = f"{what.title} . {part}"
        actors = tuple(dict.fromkeys(lexicon.actors(named, year) + self._subject(what, year)))
        if not actors and alone:
            actors = lexicon.actors(sentence, year)
        category, marks = lexicon.describe(sentence, (what.start, what.end))
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
            title=what.title,
            category=category,
            actors=actors,
            places=lexicon.places(part, year),
            modality=_modality(text, quote, dated, date, self.published, self.rules),
            kind=what.kind,
            salience=_salience(date, category, actors, marks, what.kind),
            confidence=_confidence(dated, date, what, actors),
            words=self._words(quote, dated, what, alone),
        )


def _is_fragment(what: Told, rules: Rules) -> bool:
    """Does a title from the head of its sentence begin with its verb, or say but one word? The sentence says more."""
    words = what.title.split()
    bare = len(words) == 1 or (bool(words) and rules.word_classes[words[0].lower()] in _VERBS)
    return bare and 0 <= what.start < _HEAD and what.clause >= 0 and not what.is_noun


def _is_caption(parsed: Parse, dates: Sequence[tuple[int, int]], rules: Rules) -> bool:
    """Does the sentence show rather than tell: no verb, no participle, no word for a happening, no date at its head?"""
    if any(clause.has_verb or clause.opening in ("e", "g") for clause in parsed.clauses) or dates[0][0] < _HEAD:
        return False
    if any(letter in "eqR" for letter in parsed.classes):
        return False
    return not happenings_in(parsed.text, rules)


def _has_pronoun_object(parsed: Parse, number: int) -> bool:
    """ "and praised it" says nothing without what it goes on from; "he made it a school of arts" does."""
    clause = parsed.clauses[number]
    named = clause.opening != "c" and clause.end - clause.verb[1] > _SHORT
    return parsed.classes[clause.verb[1] : clause.verb[1] + 1] in ("u", "x") and not named


def _is_past(parsed: Parse, number: int, rules: Rules) -> bool:
    """Is the clause told in the past or the perfect?"""
    start, end = parsed.clauses[number].verb
    letters = parsed.classes[start:end].replace("a", "")
    if letters[:1] == "b":
        return letters[-1] in "eqR" and rules.tenses[parsed.words(start, start + 1)] == "past"
    return letters[:1] in _PASTS or (letters[:1] == "h" and letters[-1] in "eqvR")


def _is_promised(parsed: Parse, what: Told, rules: Rules) -> bool:
    """ "The minister promised that they would leave on 29 March": announced, whether it came true or not."""
    if what.clause < 1 or parsed.clauses[what.clause].opening != "T":
        return False
    says = rules.pattern("not_events", "announced").search(parsed.words(*parsed.clauses[what.clause - 1].verb))
    return bool(says) and bool(rules.pattern("telling", "would").match(what.verb))


def _announcing(parsed: Parse, place: int, rules: Rules) -> int | None:
    """The clause before a date in which somebody promises."""
    found = rules.pattern("not_events", "announced").search(parsed.text, 0, place)
    token = next((i for i, (start, _) in enumerate(parsed.spans) if found and start >= found.start()), None)
    return None if token is None else parsed.clause_at(token)


def _announcement(mention: Mention, published: Edtf | None, rules: Rules) -> Mention | None:
    """The pledge beside what was pledged: "pledged to double trade by 2024" tells of a pledge, made by publication.

    The sentence does not date it; it gets the publication date, marked as approximate, and less confidence.
    """
    if mention.modality != "planned" or published is None:
        return None
    when = edtf.parse(mention.date).upper
    if when is not None and when <= (published.upper or when):
        return None  # "promised it for the shutdown planned for August 2013": of a day that is not known
    place = mention.date_start - mention.quote_start
    if not rules.pattern("not_events", "announced").search(mention.quote, 0, place):
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
        kind="event",
        confidence=round(mention.confidence - 0.25, 2),
    )


def _id(key: Sequence[str], occurrence: int) -> str:
    """A name that no offset in the text, rule or other paragraph changes.

    Who says it, in which words, of which date; of several happenings with one date, in which part of the words.
    """
    *names, part = key
    text = "\x1f".join((*names, str(occurrence), *([part] if part else [])))
    return "m" + hashlib.sha256(text.encode()).hexdigest()[:10]


def _core(date_text: str) -> str:
    """What stays of a date's words when a better rule takes in more of them: "1969" of "the spring of 1969"."""
    return max(re.findall(r"\d+", date_text), key=len, default=date_text.lower())


def _by_sentence(sentences: Sequence[tuple[int, int]], timexes: Sequence[Timex]) -> dict[int, list[Timex]]:
    starts = [start for start, _ in sentences]
    groups: dict[int, list[Timex]] = {}
    for timex in timexes:
        index = bisect_right(starts, timex.start) - 1
        if timex.edtf and index >= 0 and timex.end <= sentences[index][1]:
            groups.setdefault(index, []).append(timex)
    return groups


_STRETCHES = ("past-stretch", "next-stretch")


def _fits_stretch(parsed: Parse, what: Told, stretch: str, rules: Rules) -> bool:
    """Is it told of now, "have grown over the past decade", and not of then, "for the next decade nothing grew"?"""
    if what.clause < 0 or not what.verb:
        return False
    if stretch == "past-stretch":
        return not rules.pattern("telling", "flashback").match(what.verb)
    return not _is_past(parsed, what.clause, rules)


# --------------------------------------------------------------------------- what is no event


def _is_furniture(sentence: str, group: Sequence[Timex], start: int, rules: Rules) -> bool:
    """Page furniture: captions, bylines, headings, share links, polls, forms.

    A short line without a full stop is furniture too, unless it is an entry of a list or of a chronology ("1969:
    clashes on the Ussuri").
    """
    if sentence.startswith("#") or rules.stands_in("furniture", "sentence", sentence):
        return True
    words = len(sentence.split())
    if words > 12 or sentence.rstrip("\"'”’)").endswith((".", "!", "?", ";", ":", "…")):
        return False
    entry = rules.pattern("furniture", "entry").match(sentence)
    return not entry and (group[0].start > start or words < 4 + len(group[0].text.split()))


def _is_hypothetical(sentence: str, rules: Rules) -> bool:
    return bool(rules.pattern("not_events", "sentence").match(sentence))


def _enacts(parsed: Parse, place: int, rules: Rules) -> bool:
    """Is it told what a law did that has the date in its name: "The Land Act 1936 reduced it to 87%"?"""
    token = parsed.dates[place]
    first = number = parsed.clause_at(token)
    if not parsed.clauses[number].has_verb and number + 1 < len(parsed.clauses):
        number += parsed.clauses[number + 1].opening == "r"  # "The Land Act, 1936, | reduced it"
    alone = sum(parsed.clause_at(date) in (first, number) for date in parsed.dates.values()) == 1
    verb = parsed.clauses[number].verb[0]
    return alone and token < verb and parsed.classes[verb] != "b" and _is_past(parsed, number, rules)


def _is_background(text: str, start: int, end: int, dated: _Dated, rules: Rules, enacts: bool) -> bool:
    """A date that only compares or measures ("than at any point since the mid-1950s"), or a vague "today".

    `enacts`: if it is part of the name of a law, does that law do something in its clause?
    """
    before = text[max(start, dated.start - _NEAR) : dated.start]
    after = text[dated.end : min(end, dated.end + _NEAR)]
    if rules.pattern("not_events", "before").search(before):
        return True
    if dated.first.rule in rules.lists.get("not_events", {}).get("rules", ()):
        return True
    is_weekday = dated.first.rule in rules.lists.get("not_events", {}).get("weekdays", ())
    if is_weekday and rules.pattern("not_events", "indefinite").search(before):
        return True
    if "grammar" not in rules.lists and _is_vague(dated, rules):
        return not (
            rules.pattern("not_events", "past_before").search(before)
            or rules.pattern("not_events", "past_after").match(after)
        )
    if rules.pattern("not_events", "named_before").search(before) and not enacts:
        return True
    if rules.pattern("not_events", "named_after").match(after):
        return True
    if rules.pattern("not_events", "season_names").match(text, dated.start):
        return True
    lived = rules.pattern("not_events", "lived").search(before)
    lived = lived if lived and not _is_no_life(lived[0], dated, rules) else None
    if lived and after.startswith(")") and ("/" in dated.date or lived[0].startswith("(")):
        return True  # "Ellis (1870–1931) founded the union"
    return bool(rules.pattern("not_events", "after").match(after))


def _is_no_life(name: str, dated: _Dated, rules: Rules) -> bool:
    """Are the years in brackets behind a name too few for a life, or is it no person's: "Club Morocco (1951-1968)"?"""
    if "/" not in dated.date:
        return False
    bodies = rules.lists.get("telling", {}).get("not_persons", ())
    return edtf.parse(dated.date).days < _LIFE or any(word.lower() in bodies for word in re.findall(r"\w+", name))


def _is_told_finer(parsed: Parse, dated: _Dated, dates: Sequence[_Dated], start: int) -> bool:
    """Does a finer date lie within this one and close behind it: "1883: on 12 May", "a week later, on 12 May"?"""
    whole, token = edtf.parse(dated.date), parsed.dates[dated.start - start]
    for other in dates:
        finer = edtf.parse(other.date)
        ends = "/" in dated.date and finer.upper == whole.upper  # "from 1930 until 1933, when it was closed"
        if 0 < other.start - dated.end < _NEAR and other.date != dated.date and whole.contains(finer) and not ends:
            last = parsed.dates.get(other.start - start, token)
            if any(clause.has_verb and token < clause.verb[0] < last for clause in parsed.clauses):
                return False
            between = parsed.classes[token + 1 : last]
            if between.startswith(";") and ";" not in between[1:] and parsed.classes[:token] == "":
                return True  # "1907: strike of the loaders, 11 to 29 March"
            return not re.search(r"[nN]o?[dP]?[nN]", between) and not re.search(r"[pSo][dP]?[nN]+[pS]", between)
    return False


def _is_of_decade(parsed: Parse, dated: _Dated, place: int) -> bool:
    """Does a decade or century only say which thing is meant, behind the verb: "he loved the music of the 1950s"?

    A noun that names a happening is dated by it, and a noun of time goes with it ("the summer of"): those stay.
    """
    token = parsed.dates[place]
    clause = parsed.clauses[parsed.clause_at(token)]
    if edtf.parse(dated.date).precision not in ("decade", "century") or parsed.classes[token - 1 : token] != "o":
        return False
    return clause.has_verb and clause.verb[1] <= token - 2 and parsed.classes[token - 2] == "n"


def _is_lately(timex: Timex, rules: Rules) -> bool:
    return timex.rule in rules.lists.get("not_events", {}).get("rules_lately", ())


def _is_vague(dated: _Dated, rules: Rules) -> bool:
    """Is it a "today", which dates what is told in the past and else means nowadays?"""
    return dated.first.rule in rules.lists.get("not_events", {}).get("rules_without_past", ())


# --------------------------------------------------------------------------- ranges and open ends


def _spanned(dated: _Dated, before: Sequence[_Dated]) -> _Dated:
    """ "In 1870 it was started and ran until 1912": what goes on until a date goes on from the one said before."""
    if not dated.date.startswith("../") or not before or "/" in before[-1].date:
        return dated
    first, last = edtf.parse(before[-1].date), edtf.parse(dated.date)
    if first.upper is None or last.upper is None or first.upper >= last.upper:
        return dated
    if {dated.first.basis, before[-1].first.basis} & {"publication"}:
        return dated
    return replace(dated, date=before[-1].date + dated.date[2:])


def _ends(begun: _Dated, one: _Dated, text: str, rules: Rules) -> bool:
    """Does one date end what began with the other: "from the summer of 2004, while the games went on, until March"?"""
    if not begun.date.endswith("/..") or not one.date.startswith("../"):
        return False
    first, last = edtf.parse(begun.date).lower, edtf.parse(one.date).upper
    lead = text[max(0, begun.start - _LINK) : begun.start]
    return (
        first is not None
        and last is not None
        and first < last
        and bool(rules.pattern("ranges", "from").search(lead))
        and bool(rules.pattern("ranges", "from_until").fullmatch(text, begun.end, one.start))
    )


def _dates(text: str, start: int, end: int, group: Sequence[Timex], rules: Rules) -> list[_Dated]:
    """The dates of a sentence: two that belong together become a range, "since" and "until" leave an end open."""
    dated: list[_Dated] = []
    index = 0
    while index < len(group):
        timex = group[index]
        before = text[max(start, timex.start - _NEAR) : timex.start]
        following = group[index + 1] if index + 1 < len(group) else None
        if following and following.start >= timex.end:
            joined = _joined(timex, following, before, text[timex.end : following.start], rules)
            if (
                joined and following.start - timex.end > _LINK
            ):  # "from 1879 until his death in 1912": that is a happening too
                dated.append(_Dated(timex.start, timex.end, joined, timex))
                index += 1
                continue
            after = text[following.end : min(end, following.end + _NEAR)]
            if joined and rules.pattern("not_events", "when").match(
                after
            ):  # "from 1930 until 1933, when it was closed"
                dated.append(_Dated(timex.start, timex.end, joined, timex))
                index += 1
                continue
            if joined:
                dated.append(_Dated(timex.start, following.end, joined, timex))
                index += 2
                continue
        one = _open_ended(timex, before, text[timex.end : min(end, timex.end + _NEAR)], rules)
        if dated and _ends(dated[-1], one, text, rules):
            begun = dated.pop()
            one = replace(begun, date=f"{begun.date[:-2]}{one.date[3:]}")
        dated.append(_spanned(one, dated))
        index += 1
    return dated


def _joined(a: Timex, b: Timex, before: str, between: str, rules: Rules) -> str:
    """The EDTF interval of "between A and B", "from A to B", "A-B"; empty if they are two dates."""
    first, last = edtf.parse(a.edtf), edtf.parse(b.edtf)
    if first.lower is None or last.upper is None or first.lower > last.upper or first == last:
        return ""
    lead = "from" if rules.pattern("ranges", "from").search(before) else ""
    lead = "between" if rules.pattern("ranges", "between").search(before) else lead
    link = between.strip().lower().lstrip("?")  # "(1573?-1652)"
    touching = first.upper is not None and last.lower == first.upper + 1 and first.precision == last.precision
    shared = a.basis == "context" and b.basis == "explicit"  # "in July and August 2022"
    touching = touching and (a.basis == b.basis or shared)  # "in 1834 and a year later" are two
    words = rules.lists.get("ranges", {})
    if not (
        (lead == "between" and link in words.get("and", ()))
        or (lead == "from" and link in words.get("to", ()))
        or link in words.get("dash", ())
        or (touching and link in words.get("and", ()))
        or (lead == "from" and rules.pattern("ranges", "to_its_end").fullmatch(between))
    ):
        return ""
    return f"{a.edtf.split('/')[0]}/{b.edtf.split('/')[-1]}"


def _open_ended(timex: Timex, before: str, after: str, rules: Rules) -> _Dated:
    date = timex.edtf
    lists = rules.lists.get("not_events", {})
    if timex.rule in lists.get("clocks", ()) or timex.rule in lists.get("points", ()):
        rest = rules.pattern("not_events", "point_after").match(after)  # "before the year | was out"
        return _Dated(timex.start, timex.end + (rest.end() if rest else 0), date, timex)
    if "/" not in date or "~" in date or edtf.parse(date).precision == "week":
        if rules.pattern("ranges", "since").search(before) or rules.pattern("ranges", "since_after").match(after):
            date = date.split("/")[0] + "/.."
        elif (
            rules.pattern("ranges", "until").search(before)
            and not rules.pattern("ranges", "not_until").search(before)
            and not rules.pattern("not_events", "when").match(after)
        ) or rules.pattern("ranges", "until_after").match(after):
            date = "../" + date.split("/")[-1]
    return _Dated(timex.start, timex.end, date, timex)


# --------------------------------------------------------------------------- one mention


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
    if dated.first.rule in _STRETCHES:
        return "planned" if dated.first.rule == "next-stretch" else "actual"
    if rules.pattern("not_events", "meant_for").search(text, max(sentence[0], dated.start - _NEAR), dated.start):
        return "planned"
    if published is None or published.upper is None or date.upper is None:
        return "actual"
    if date.lower is not None and date.lower > published.upper:
        return "planned"
    if date.upper <= published.upper:
        return "actual"
    announced = rules.pattern("not_events", "future").search(text[max(sentence[0], dated.start - 40) : dated.end])
    tense = Tenses(rules, text).near(sentence, dated.start, dated.end)
    return "planned" if announced or tense == "future" else "actual"


def _salience(date: Edtf, category: str, actors: Sequence[str], marks: int, kind: str) -> float:
    """How much a chronology would miss the row, 0 to 1: marked words most, then precision, actors, category and kind.

    README.md, "How sure, how weighty", says it for users.
    """
    value = 0.2 + 0.15 * min(marks, 3) + 0.05 * min(len(actors), 3)
    value += 0.1 * (date.precision in _FINE) + 0.05 * (date.precision == "day") + 0.05 * (category != "Other")
    value -= 0.1 * (kind != "event")
    return round(min(value, 1.0), 2)


def _confidence(dated: _Dated, date: Edtf, what: Told, actors: Sequence[str]) -> float:
    """How sure date and happening are, 0 to 1: by the basis of the date, less for what makes either doubtful.

    README.md, "How sure, how weighty", says it for users; `tests/bench/events.py` counts how many sure rows are right.
    """
    value = _CONFIDENCE[dated.first.basis]
    value -= 0.1 * date.approximate + 0.05 * (date.lower is None or date.upper is None)
    value -= 0.1 * bool(dated.first.reason) + 0.1 * (not actors) + 0.1 * (len(what.title.split()) < _TERSE)
    value -= 0.1 * (not what.named) + 0.1 * what.doubts
    return round(max(value, 0.05), 2)
