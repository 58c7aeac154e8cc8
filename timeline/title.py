"""What a date in a sentence dates: the clause or the noun phrase that tells it, and a title cut from that.

Everything here is cutting, nothing is rephrased: every word of a title stands in the text. Where to cut follows the
parse of the sentence (`syntax.py`); in a language without [grammar] it follows the borders in [clauses].
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from .rules import Rules
from .syntax import Clause, Parse, subject_before

TITLE_LENGTH = 80  # characters
_REACH = 300  # characters around an anniversary in which it says of what
_SUBJECT = 48  # characters of a title that its subject may have
_MEASURED = 40  # characters behind a verb in which its figure stands
_FEW = 4  # words; a title of less says too little
_MAIN = ("", "m", ";", "r", "c", "T", "s")

# a pronoun or "the two countries", and the subjects before it in its sentence -> the name it stands for, "" if unknown
Who = Callable[[str, Sequence[str]], str]


@dataclass(frozen=True, slots=True)
class Told:
    """What one date dates. `start`, `end`: characters of the sentence that tell it. `verb`: its finite verb, if any.

    `clause`: its number in the parse, -1 without one. `named`: nothing in the title stands for a name unknown.
    `subject`: who does it, as the text has it.
    """

    title: str
    start: int
    end: int
    kind: str = "event"
    verb: str = ""
    clause: int = -1
    is_noun: bool = False
    named: bool = True
    subject: str = ""


def told(parse: Parse, date: tuple[int, int], rules: Rules, who: Who) -> Told:
    """What the date at `date` (characters, half-open) dates, by the parse of its sentence."""
    token = _list_head(parse, parse.dates[date[0]])
    noun = _noun_phrase(parse, token, rules)
    if noun:
        title = _tidy(_without_date(parse, noun, token, rules), rules)
        start, end = parse.spans[noun[0]][0], parse.spans[noun[1] - 1][1]
        return Told(_fitting(title, rules), start, end, "event", "", parse.clause_at(token), is_noun=True)
    number = _clause_of(parse, token, rules)
    phrase = _participle_phrase(parse, number, token)
    if phrase:
        title = _fitting(_tidy(_without_date(parse, phrase, token, rules), rules), rules)
        start, end = parse.spans[phrase[0]][0], parse.spans[phrase[1] - 1][1]
        return Told(title, start, end, clause=number, is_noun=True)
    gerund = _gerund(parse, number, token)
    if gerund:
        subject, named = subject_of(parse, number, rules, who)
        end = parse.clauses[number].end
        if gerund < parse.clauses[number].verb[0]:
            comma = parse.classes.find(",", token)
            end = comma if comma > 0 else end
        words = _without_date(parse, (gerund, end), token, rules)
        title = _fitting(_tidy(f"{_tidy(_short_subject(subject, rules), rules)} {words}", rules), rules)
        return Told(title, *parse.span(number), clause=number, is_noun=True, named=named)
    return of_clause(parse, number, token, rules, who)


def _list_head(parse: Parse, token: int) -> int:
    """The first of the dates that a list joins: "the floods of 1770, 1852 and 1947"."""
    clause = parse.clauses[parse.clause_at(token)]
    runs = (match for match in _DATES.finditer(parse.classes, clause.start, clause.end) if match.start() < token < match.end() and parse.classes[token - 1] in ",cpSd")
    return next((match.start() for match in runs), token)


def caused(parse: Parse, what: Told, date: tuple[int, int], rules: Rules) -> list[Told]:
    """What happened along with something dated: "a drop in 2014 that coincided with the annexation and sanctions"."""
    number = what.clause + 1 if what.is_noun else what.clause
    for clause in parse.clauses[what.clause : number + 1]:
        verb = rules.pattern("telling", "caused").search(parse.text[slice(*_characters(parse, clause))])
        if verb is None:
            continue
        place = parse.spans[clause.start][0] + verb.end()
        later = [start for start in parse.dates if date[0] < start < place]
        if later or place < date[0]:
            continue  # another date stands nearer
        first = next((i for i in range(clause.start, clause.end) if parse.spans[i][0] >= place), clause.end)
        found = []
        for part in _split(parse.classes, first, clause.end):
            head = parse.words(part[0], _until(parse.classes, *part, "opt"))
            if _names_happening(head, rules) and "Z" not in parse.classes[part[0] : part[1]]:
                start, end = parse.spans[part[0]][0], parse.spans[part[1] - 1][1]
                title = _fitting(_tidy(parse.text[start:end], rules), rules)
                found.append(Told(title, start, end, clause=what.clause, is_noun=True))
        return found
    return []


def _characters(parse: Parse, clause: Clause) -> tuple[int, int]:
    return parse.spans[clause.start][0], parse.spans[clause.end - 1][1]


def _split(classes: str, start: int, end: int) -> list[tuple[int, int]]:
    """The members of a list "A, B and C": token spans."""
    parts, first = [], start
    for index in range(start, end + 1):
        if index == end or classes[index] in "c,":
            if first < index:
                parts.append((first, index))
            first = index + 1
    return parts


def of_clause(parse: Parse, number: int, token: int, rules: Rules, who: Who) -> Told:
    """What a clause tells; `token` is the date that the title leaves out, -1 for none."""
    clause = parse.clauses[number]
    start, end = parse.span(number)
    title, named = _headline(parse, number, token, rules, who)
    verb = parse.words(*clause.verb)
    kind = _kind(parse, clause, parse.text[start:end], title, rules)
    subject = subject_of(parse, number, rules, who)[0] if clause.has_verb else ""
    return Told(title, start, end, kind, verb, number, named=named, subject=_tidy(subject, rules))


def together(parse: Parse, number: int, fronted: bool, rules: Rules) -> list[int]:
    """The clauses without a date that a clause's date holds for too.

    Those that go on with "and", if the date comes before both ("In 1950 A, and B"), and what happened "when" or "as"
    it did.
    """
    dated = {parse.clause_at(token) for token in parse.dates.values()}
    free = [n for n, clause in enumerate(parse.clauses) if clause.has_verb and n not in dated]
    found = [n for n in free if n > number and fronted and _goes_on(parse, number, n, dated)]
    simultaneous = rules.pattern("telling", "simultaneous")
    opening = parse.clauses[number].opening
    for other in free:
        clause, here = parse.clauses[other], other if parse.clauses[other].opening == "s" else number
        if {clause.opening, opening} <= {"s", "", "m", "r", "c", ";"} and (clause.opening == "s") != (opening == "s"):
            if simultaneous.match(parse.text, parse.span(here)[0]) and abs(other - number) == 1 and other not in found:
                found.append(other)
    return sorted(found)


def _goes_on(parse: Parse, number: int, other: int, dated: set[int]) -> bool:
    """Do all main clauses from one to another go on with "and", none of them with a date of its own?"""
    if parse.clauses[other].opening != "c":
        return False
    between = range(number + 1, other + 1)
    return all(
        n not in dated and (parse.clauses[n].opening == "c" or parse.clauses[n].opening in ("g", "e", "w", "T", "("))
        for n in between
    )


# ------------------------------------------------------------------------------------------------ which clause


def _clause_of(parse: Parse, token: int, rules: Rules) -> int:
    """The clause that a date dates: its own, or the next one with a verb if its own is an opening ("In 1956,")."""
    number = parse.clause_at(token)
    clause = parse.clauses[number]
    following = parse.clauses[number + 1] if number + 1 < len(parse.clauses) else clause
    if following.opening == "s" and not parse.classes[token + 1 : following.start].strip(",") and _is_until(parse, token, rules):
        return number + 1
    if following.opening in ("T", "w") and rules.pattern("telling", "cleft").match(parse.text, parse.span(number)[0]):
        return number + 1  # "it was not until 1915 that she returned"
    if clause.has_verb or clause.opening in ("e", "g"):
        return number
    behind = parse.classes[token + 1 : clause.end].strip(",)")
    ahead = parse.classes[clause.start : token].strip("pdatSs,")
    if not ahead and not behind:  # nothing but the date
        return next((n for n in range(number + 1, len(parse.clauses)) if parse.clauses[n].has_verb), number)
    for later in range(number + 1, len(parse.clauses)):
        if parse.clauses[later].opening == "r" and clause.opening in _MAIN:
            return later  # "During the 1950s Moscow, which ..., sent engineers"
        if parse.clauses[later].opening not in ("w", "e", "g", "("):
            break
    return number


def _is_until(parse: Parse, token: int, rules: Rules) -> bool:
    """ "until 2018, when X" dates X."""
    start, end = parse.spans[token]
    return bool(
        rules.pattern("ranges", "until").search(parse.text[:start])
        and rules.pattern("not_events", "when").match(parse.text[end:])
    )


def _participle_phrase(parse: Parse, number: int, token: int) -> tuple[int, int] | None:
    """A noun with the participle that the date belongs to: "a tank | captured in 1969"."""
    classes, clause = parse.classes, parse.clauses[number]
    place = _left(classes, token, "pSda")
    if not clause.start < place - 1 or classes[place - 1] not in "eq" or classes[place - 2] not in "nN":
        return None
    if clause.verb[0] <= place - 1 < clause.verb[1] or not clause.has_verb:
        return None
    start = _left(classes, place - 1, "dnNPa#")
    return (max(start, clause.start), token + 1) if start > clause.verb[0] or place <= clause.verb[0] else None


def _gerund(parse: Parse, number: int, token: int) -> int:
    """Where a gerund begins that the date belongs to: "congratulated them for | breaking the record in 2018"; 0 if none."""
    classes, clause = parse.classes, parse.clauses[number]
    for index in range(token - 1, clause.start, -1):
        if classes[index] == "g" and classes[index - 1] in "pSo":
            return 0 if index < clause.verb[0] and "," not in classes[token : clause.verb[0]] else index
        if classes[index] in ",;" or clause.verb[0] <= index < clause.verb[1]:
            return 0
    return 0


# ------------------------------------------------------------------------------------------------ noun phrases


def _noun_phrase(parse: Parse, token: int, rules: Rules) -> tuple[int, int] | None:
    """The noun phrase that a date qualifies, if it names a happening: "the 2014 invasion", "after the crisis of 2009"."""
    classes = parse.classes
    before = classes[token - 1] if token else ""
    after = classes[token + 1] if token + 1 < len(classes) else ""
    if after and after in "nN" and before and before in "dPno":
        end = _run(classes, token + 1, "nN#a")
        if _names_happening(parse.words(token + 1, end), rules):
            return _left(classes, token, "dnNPa#q"), _with_of(classes, end)
        return None
    if not before or before not in "opSnN":
        return None
    last = token if before in "nN" else token - 1
    first = _left(classes, last, "dnNP#aoe" if before == "o" else "dnNP#aopec")
    for start in _phrase_starts(classes, first, last):
        if not _names_happening(parse.words(start, _until(classes, start, last, "opc")), rules):
            continue
        lead = parse.text[max(0, parse.spans[start][0] - 40) : parse.spans[start][0]]
        if rules.pattern("telling", "marks").search(lead):
            return None  # the date of the anniversary, not of what it is about
        joined = start > 1 and classes[start - 1] == "c" and classes[start - 2] in "nNZ"
        if before == "o" or joined or rules.pattern("telling", "chance").search(lead):
            clause = parse.clauses[parse.clause_at(token)]
            is_subject = clause.has_verb and start < clause.verb[0] and not (start and classes[start - 1] in "pSo")
            return None if is_subject else (start, token + 1)
    return None


def _phrase_starts(classes: str, first: int, last: int) -> Iterator[int]:
    """Where a noun phrase may begin in a run of nouns and prepositions, from right to left."""
    for index in range(last - 1, first - 1, -1):
        if classes[index] in "dnNP#" and (index == first or classes[index] == "d" or classes[index - 1] in "pce"):
            yield index


def _run(classes: str, start: int, letters: str) -> int:
    while start < len(classes) and classes[start] in letters:
        start += 1
    return start


def _left(classes: str, end: int, letters: str) -> int:
    while end and classes[end - 1] in letters:
        end -= 1
    return end


def _until(classes: str, start: int, end: int, letters: str) -> int:
    return next((i for i in range(start, end) if classes[i] in letters), end)


def _with_of(classes: str, end: int) -> int:
    """With what hangs on a noun: "the 2014 invasion | of Ukraine by Russia"."""
    while end < len(classes) and classes[end] in "op":
        following = _run(classes, end + 1, "dnNP#")
        if following == end + 1:
            break
        end = following
    return end


def _names_happening(phrase: str, rules: Rules) -> bool:
    words = phrase.split()
    return bool(words) and words[-1].lower().strip("'’\"“”") in _listed(rules, "telling", "happenings")


def happenings_in(text: str, rules: Rules) -> bool:
    """Does a text have a noun that names a happening ("clashes on the Ussuri")?"""
    return not _listed(rules, "telling", "happenings").isdisjoint(re.findall(r"[^\W\d_]+", text.lower()))


def _listed(rules: Rules, table: str, key: str) -> frozenset[str]:
    return _frozen(tuple(rules.lists.get(table, {}).get(key, ())))


@lru_cache(maxsize=32)
def _frozen(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(words)


# ------------------------------------------------------------------------------------------------ titles


def _headline(parse: Parse, number: int, token: int, rules: Rules, who: Who) -> tuple[str, bool]:
    """The title that a clause gives, and whether every name in it is known."""
    clause = parse.clauses[number]
    if not clause.has_verb:
        return _verbless(parse, number, token, rules, who)
    subject, named = subject_of(parse, number, rules, who)
    tail = _without_date(parse, (clause.verb[0], clause.end), token, rules)
    if clause.opening in ("w", "T") and clause.has_subject and _lacks_object(parse, clause):  # "that Beijing ceded"
        tail = f"{parse.words(*clause.verb)} {_lowered(_antecedent(parse, number, rules), rules)} " + _without_date(
            parse, (clause.verb[1], clause.end), token, rules
        )
    subject = _tidy(_short_subject(subject, rules), rules)
    title = _tidy(f"{subject} {tail}", rules)
    following = parse.clauses[number + 1] if number + 1 < len(parse.clauses) else None
    says = parse.classes[clause.verb[1] - 1] == "R"
    if following and ((says and following.opening == "T") or "Z" not in parse.classes[following.start : following.end]):
        short = len(title.split()) <= _FEW
        if following.opening == "T" or (short and (following.opening in ("g", "e") or (says and following.opening == "s"))):
            longer = _tidy(f"{title} {parse.words(following.start, following.end)}", rules)
            title = longer if len(longer) <= TITLE_LENGTH or short or says else title
    return _fitting(title, rules), named


def _verbless(parse: Parse, number: int, token: int, rules: Rules, who: Who) -> tuple[str, bool]:
    """Of a participle ("signed in 2001") with what it belongs to; of a heading or list entry as it is."""
    clause = parse.clauses[number]
    part = next((p for p in _split_at_and(parse, clause) if p[0] <= token < p[1]), (clause.start, clause.end))
    own = _tidy(_without_date(parse, part, token, rules), rules)
    if clause.opening == "e" and number:
        return _fitting(_tidy(f"{_antecedent(parse, number, rules)} {_lower(own)}", rules), rules), True
    if clause.opening == "g" and number:
        if parse.classes[clause.start] != "g":  # "with a pipeline going into operation"
            return _fitting(own, rules), True
        if not figures(own):
            main = next((n for n in range(number - 1, -1, -1) if parse.clauses[n].has_verb), -1)
            if main >= 0:
                return _headline(parse, main, token, rules, who)
        subject, named = subject_of(parse, number, rules, who)
        return _fitting(_tidy(f"{_short_subject(subject, rules)} {_lower(own)}", rules), rules), named
    if len(own.split()) < _FEW - 1:
        main = next((n for n in [*range(number + 1, len(parse.clauses)), *range(number)] if parse.clauses[n].has_verb), -1)
        if main >= 0:
            return _headline(parse, main, token, rules, who)
        own = _tidy(_without_date(parse, (0, len(parse.spans)), token, rules), rules)
    return _fitting(own, rules), True


def _split_at_and(parse: Parse, clause: Clause) -> list[tuple[int, int]]:
    """The parts of "signed in 2001 and renewed in 2021"; a clause without "and" and participle is one part."""
    cuts = [
        i
        for i in range(clause.start, clause.end - 1)
        if parse.classes[i] == "c" and parse.classes[i + 1] in "eqg" and clause.opening in ("e", "g")
    ]
    return list(zip([clause.start, *(i + 1 for i in cuts)], [*cuts, clause.end], strict=True))


def _lowered(phrase: str, rules: Rules) -> str:
    """A noun phrase within a title: its determiner begins with no capital."""
    first = phrase.partition(" ")[0]
    return _lower(phrase) if rules.word_classes[first.lower()] == "d" else phrase


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def subject_of(parse: Parse, number: int, rules: Rules, who: Who) -> tuple[str, bool]:
    """Who does it in a clause: its own subject, or the one it shares; pronouns replaced where `who` knows for whom."""
    clause = parse.clauses[number]
    if clause.has_subject:
        words = parse.words(*clause.subject)
        if parse.classes[clause.subject[1] - 1] == "x":  # "In Siberia they held"
            words = parse.words(clause.subject[1] - 1, clause.subject[1])
            clause = replace(clause, subject=(clause.subject[1] - 1, clause.subject[1]))
        if parse.classes[clause.subject[0] : clause.subject[1]] == "x" or _is_pair(words, rules):
            topic = rules.pattern("telling", "topic").match(parse.text)
            before = _subjects_before(parse, number)
            ahead = parse.clauses[number + 1 : number + 2] if clause.opening == "s" else ()
            if ahead and ahead[0].opening == "m" and ahead[0].has_subject:  # "after he took power, Mao Zedong was"
                before = [parse.words(*ahead[0].subject), *before]
            name = who(words, [topic["what"]] if topic and not number else before)
            return (name, True) if name else (words, words.lower() == "there")
        if clause.opening == "w" and rules.pattern("telling", "whose").match(parse.words(clause.start, clause.end)):
            owner = _antecedent(parse, number, rules)
            return f"{owner}{'’' if owner.endswith('s') else '’s'} {words}", True
        return words, True
    if clause.opening in ("w", "e", "(") and number:
        before = parse.clauses[number - 1]
        if before.has_verb and parse.classes[before.verb[0] : before.verb[1]].strip("a") == "b" and before.has_subject:
            return subject_of(parse, number - 1, rules, who)  # "Russia was one of those who took land"
        return _antecedent(parse, number, rules), True
    if clause.opening == "r":
        for earlier in range(number - 1, -1, -1):
            if not parse.clauses[earlier].has_verb and parse.clauses[earlier].opening in _MAIN:
                return _subject_words(parse, parse.clauses[earlier], rules, who)
    for earlier in range(number - 1, -1, -1):
        if parse.clauses[earlier].has_verb:
            return subject_of(parse, earlier, rules, who)
    return "", True


def _subjects_before(parse: Parse, number: int) -> list[str]:
    """The subjects of the clauses before one, pronouns left out: those of main clauses first, then the nearest."""
    found = []
    for clause in sorted(reversed(parse.clauses[:number]), key=lambda clause: clause.opening in ("w", "T", "s", "(")):
        start, end = clause.subject if clause.has_subject else (clause.start, clause.start)
        if not clause.has_verb and clause.opening in _MAIN:  # interrupted before its verb
            start, end = subject_before(parse.classes, clause.start, clause.end)
            end = next((i for i in range(start, end) if parse.classes[i] == ","), end)
        if start < end and parse.classes[start:end] != "x":
            found.append(parse.words(start, end))
    return found


def _subject_words(parse: Parse, clause: Clause, rules: Rules, who: Who) -> tuple[str, bool]:
    """The subject in a clause that was interrupted before its verb."""
    start, end = subject_before(parse.classes, clause.start, clause.end)
    inserted = next((i for i in range(start, end) if parse.classes[i] == "," and parse.classes[i + 1] in "pdeqgSa"), end)
    words = parse.words(start, inserted)
    if parse.classes[start:end] == "x":
        name = who(words, ())
        return (name, True) if name else (words, False)
    return words, True


def _is_pair(words: str, rules: Rules) -> bool:
    return bool(rules.pattern("telling", "plural").fullmatch(words))


def _antecedent(parse: Parse, number: int, rules: Rules) -> str:
    """The noun phrase that a relative clause or participle belongs to: what stands right before it."""
    classes, clause = parse.classes, parse.clauses[number]
    before = parse.clauses[number - 1]
    end = clause.start
    while end > before.start and classes[end - 1] in ",()Z":
        end -= 1
    if not before.has_verb:
        start, end = subject_before(classes, before.start, end)
        if before.opening in ("e", "g", "w") and number > 1:
            return _antecedent(parse, number - 1, rules)
        return parse.words(start, end)
    first = before.verb[1] if before.verb[1] < end else before.verb[0]
    start = end
    while True:  # noun phrases from right to left, as long as "of" or another preposition joins them
        head = _left(classes, start, "anNP#q")
        head -= head > first and classes[head - 1] == "d"
        if head <= first:
            start = first
            break
        start = head + (classes[head - 1] == "t")  # "to seize | areas"
        joins = "o" if rules.pattern("telling", "persons_only").match(parse.words(clause.start, clause.end)) else "op"
        if classes[start - 1] not in joins or start - 1 <= first:
            break
        start -= 1
    while start < end and classes[start] in "apgSto":
        start += 1
    return parse.words(start, end)


def _lacks_object(parse: Parse, clause: Clause) -> bool:
    """Is the verb of a relative clause without an object behind it ("areas that Beijing ceded in 1860")?"""
    following = parse.classes[clause.verb[1] : clause.end]
    if parse.classes[clause.verb[0]] == "b" or parse.classes[clause.start] in "pSo":  # "of which the first came out"
        return False
    return following[:1] in ("", "p", "Z", "S", ",") and parse.classes[clause.verb[1] - 1] not in "bh"


def _short_subject(subject: str, rules: Rules) -> str:
    """A long subject without what hangs on it: appositions, relative clauses, distant prepositional phrases."""
    if len(subject) <= _SUBJECT:
        return subject
    head = re.split(r",\s|\s[(–—]|\s(?:who|which|that)\s", subject, maxsplit=1)[0]
    if len(head) > _SUBJECT:
        cuts = [m.start() for m in rules.pattern("clauses", "cuts").finditer(head) if 12 <= m.start() <= _SUBJECT]
        head = head[: max(cuts)] if cuts else head
    return head


def _without_date(parse: Parse, tokens: tuple[int, int], date: int, rules: Rules) -> str:
    """The text of some tokens without a date among them and the words that tie it to the sentence."""
    start, end = tokens
    if not start <= date < end:
        return parse.words(start, end)
    run = _DATES.match(parse.classes, date)
    behind = min(run.end() if run else date + 1, end)
    twin = _TWIN.search(parse.classes, start, date)
    last = twin.start() if twin and twin.end() == date else date  # "passed her over in 1931 and again in 1935"
    before = rules.pattern("clauses", "lead_to_date").sub("", parse.words(start, last)).rstrip()
    after = parse.words(behind, end).lstrip(" ,")
    follows = parse.classes[behind : behind + 1]
    closes = follows == "," and (len(before.split()) > _FEW or parse.classes[behind : behind + 2] == ",c")
    if before and (follows == "c" or closes):
        after = ""  # "died in 1891 and his brother five years later"
    comma = "," if before.endswith(",") else ""
    return f"{before.rstrip(',')}{comma} {after}" if after else before


_DATES = re.compile(r"Z(?:(?:,c?|c)[pS]?d?Z)*")
_TWIN = re.compile(r"[pS]?d?Z,?ca*[pS]?d?$")


def _fitting(title: str, rules: Rules) -> str:
    """At most 80 characters, cut before a phrase, so that what is left is whole."""
    if len(title) <= TITLE_LENGTH:
        return title
    cuts = [m.start() for m in rules.pattern("clauses", "cuts").finditer(title) if 24 <= m.start() <= TITLE_LENGTH]
    cut = max(cuts) if cuts else title.rfind(" ", 0, TITLE_LENGTH + 1)
    return _trimmed(title[: cut if cut > 0 else TITLE_LENGTH], rules)


def _tidy(text: str, rules: Rules) -> str:
    text = re.sub(r"\s+", " ", text).strip(" ,;:–—-.()“”\"'")
    previous = None
    while previous != text:
        previous = text
        text = rules.pattern("clauses", "openers").sub("", text).strip(" ,;:–—-")
    text = re.sub(r"\s+([,.;:!?])", r"\1", re.sub(r"\(\s*\)", "", text))
    text = _trimmed(text, rules)
    for pair in ("“”", "()", "«»", "[]"):
        if text.count(pair[0]) != text.count(pair[1]):
            text = text.replace(pair[0], "").replace(pair[1], "")
    if text.count('"') % 2:
        text = text.replace('"', "")
    text = re.sub(r"\s+", " ", text)
    return text[:1].upper() + text[1:]


def _trimmed(text: str, rules: Rules) -> str:
    """Without what a title does not end with: function words, open brackets."""
    previous = None
    while previous != text:
        previous = text
        text = rules.pattern("clauses", "danglers").sub("", text).strip(" ,;:–—-“(")
    return text


# ------------------------------------------------------------------------------------------------ kinds


def _kind(parse: Parse, clause: Clause, text: str, title: str, rules: Rules) -> str:
    """event, state or statistic: by the verb, and by whether a figure stands behind it."""
    if not clause.has_verb:
        return "event"
    verb = parse.words(*clause.verb)
    group = parse.classes[clause.verb[0] : clause.verb[1]].replace("a", "")
    behind = title[title.find(verb) + len(verb) :][:_MEASURED]
    if (
        rules.pattern("telling", "figures").fullmatch(verb)
        and rules.pattern("telling", "amounts").search(behind)
        and not rules.pattern("telling", "records").search(text)
    ):
        return "statistic"
    is_state = group in ("b", "h", "V") or not group.startswith("b")
    return "state" if is_state and rules.pattern("telling", "states").fullmatch(verb) else "event"


# ------------------------------------------------------------------------------------------------ without a parse


def cut(sentence: str, date: tuple[int, int], rules: Rules) -> Told:
    """What a date dates in a language without [grammar]: the part between the borders of [clauses] around it."""
    start, end = date
    borders = [m.span() for m in rules.pattern("clauses", "borders").finditer(sentence)]
    left = max((b for _, b in borders if b <= start), default=0)
    right = min((a for a, _ in borders if a >= end), default=len(sentence))
    if right < len(sentence) and not sentence[end:right].strip(" ,，、"):
        right = min((a for a, _ in borders if a > right), default=len(sentence))
    before = rules.pattern("clauses", "lead_to_date").sub("", sentence[left:start]).rstrip()
    after = sentence[end:right].lstrip(" ,，、")
    title = _tidy(f"{before} {after}" if before and after else before + after, rules)
    return Told(_fitting(title or _tidy(sentence, rules), rules), left, right)


# ------------------------------------------------------------------------------------------------ anniversaries


def of_what(sentence: str, date: tuple[int, int], rules: Rules) -> str:
    """What an anniversary is the anniversary of, "" if it does not say: "the 20th anniversary of X", "X, whose ..."."""
    after = rules.pattern("clauses", "anniversary_of").search(sentence[date[0] : date[0] + _REACH])
    before = rules.pattern("clauses", "whose_anniversary").search(sentence[max(0, date[0] - _REACH) : date[0]])
    named = after or before
    return _fitting(_tidy(named["what"], rules), rules) if named else ""


def owned(title: str, owner: str, rules: Rules) -> str:
    """A title that begins with "its" or "their", with the owner's name in the place of that."""
    first, _, rest = title.partition(" ")
    if not owner or not rest or not rules.pattern("telling", "owners").fullmatch(first):
        return title
    return _fitting(f"{owner}{'’' if owner.endswith('s') else '’s'} {rest}", rules)


# ------------------------------------------------------------------------------------------------ words

_CONTENT = re.compile(r"[^\W\d_]{3,}|\d[\d.,]*\d")


def content_words(text: str, rules: Rules) -> frozenset[str]:
    """The words that say what a passage is about: lower case, endings cut, function words and dates left out."""
    stop = _frozen(tuple(rules.lists.get("stop_words", ())))
    return frozenset(_stem(w) for w in (m[0].lower() for m in _CONTENT.finditer(text)) if w not in stop)


def figures(text: str) -> frozenset[str]:
    """The numbers of two digits and more in a text, as written: they tell happenings apart."""
    return frozenset(m[0] for m in _CONTENT.finditer(text) if m[0][0].isdigit())


def _stem(word: str) -> str:
    for ending in ("ing", "ers", "ed", "er", "es", "al", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
