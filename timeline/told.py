"""What a date in a sentence dates: the clause or the noun phrase that tells it, and what kind of thing that is.

It follows the parse of the sentence (`syntax.py`); in a language without [grammar], the borders in [clauses].
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .rules import Rules
from .subject import MAIN, Who, antecedent, subject_of
from .syntax import PART_OF, Clause, Parse, left_of, phrase_start
from .title import TITLE_LENGTH, figures, fitting, happenings_in, lower, lowered, names_happening, shortened, tidy

_MEASURED = 40  # characters behind a verb in which its figure stands
_FEW = 4  # words; a title of less says too little
_HEAD = 6  # characters that the head of a long subject has at least
_SAID = 2  # words of a participle that say something ("starting" alone does not)
_SHORT = 7  # words behind which a title has room for more


@dataclass(frozen=True, slots=True)
class Told:
    """What one date dates. `start`, `end`: characters of the sentence that tell it. `verb`: its finite verb, if any.

    `clause`: its number in the parse, -1 without one. `named`: nothing in the title stands for a name unknown.
    `subject`: who does it, as the text has it. `doubts`: how many signs there are that the title says the wrong thing.
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
    doubts: int = 0


def told(parse: Parse, date: tuple[int, int], rules: Rules, who: Who) -> Told:
    """What the date at `date` (characters, half-open) dates, by the parse of its sentence."""
    token = _list_head(parse, parse.dates[date[0]])
    noun = _noun_phrase(parse, token, rules)
    if noun:
        title = tidy(_without_date(parse, noun, token, rules), rules)
        start, end = parse.spans[noun[0]][0], parse.spans[noun[1] - 1][1]
        return Told(fitting(title, rules), start, end, "event", "", parse.clause_at(token), is_noun=True)
    number = _clause_of(parse, token, rules)
    here = parse.clause_at(token)
    phrase = None if parse.clauses[here].has_verb else _participle_phrase(parse, here, token, rules)
    phrase = phrase or _participle_phrase(parse, number, token, rules)
    if phrase and _is_means(parse, phrase, token, rules):
        main = next((n for n in range(number, len(parse.clauses)) if parse.clauses[n].verb[0] > token), -1)
        if main >= 0:  # "In a paper published in June 1974 they argued"
            return of_clause(parse, main, token, rules, who)
    if phrase:
        title = fitting(tidy(_without_date(parse, phrase, token, rules), rules), rules)
        start, end = parse.spans[phrase[0]][0], parse.spans[phrase[1] - 1][1]
        return Told(title, start, end, clause=number, is_noun=True)
    gerund = _gerund(parse, number, token, rules)
    if gerund:
        first = parse.spans[gerund][0]
        subject, named = subject_of(parse, number, rules, who)
        end = parse.clauses[number].end
        if gerund < parse.clauses[number].verb[0]:
            comma = parse.classes.find(",", token)
            end = comma if comma > 0 else end
        words = _without_date(parse, (gerund, end), token, rules)
        title = fitting(tidy(f"{tidy(shortened(subject, rules), rules)} {words}", rules), rules)
        return Told(title, first, parse.spans[end - 1][1], clause=number, is_noun=True, named=named)
    return of_clause(parse, number, token, rules, who)


def _is_means(parse: Parse, phrase: tuple[int, int], token: int, rules: Rules) -> bool:
    """Does a short phrase at the head of its sentence or clause only say in what something was done?"""
    lead = parse.words(max(0, phrase[0] - 1), phrase[0]) + " "
    first = parse.clauses[parse.clause_at(phrase[0])].start
    short = parse.words(*phrase).count(" ") < _SHORT and phrase[0] - first <= 1
    return (
        short
        and parse.classes[token + 1 : token + 2] in (",", "d", "N")
        and bool(rules.pattern("telling", "means").search(lead))
    )


def _list_head(parse: Parse, token: int) -> int:
    """The first of the dates that a list joins: "the floods of 1770, 1852 and 1947"."""
    clause = parse.clauses[parse.clause_at(token)]
    runs = (
        match
        for match in _DATES.finditer(parse.classes, clause.start, clause.end)
        if match.start() < token < match.end() and parse.classes[token - 1] in ",cpSd"
    )
    return next((match.start() for match in runs), token)


def promised(parse: Parse, number: int, token: int, rules: Rules, who: Who) -> str:
    """What somebody promised to do, as a title: "They to double their trade"; "" if no "to" follows the promise."""
    clause = parse.clauses[number]
    place = parse.classes.find("t", clause.verb[1], min(token, clause.end)) if clause.has_verb else -1
    if place < 0:
        return ""
    subject, _ = subject_of(parse, number, rules, who)
    rest = _without_date(parse, (place, clause.end), token, rules)
    return fitting(tidy(f"{shortened(subject, rules)} {rest}", rules), rules)


def beside(
    parse: Parse, what: Told, date: tuple[int, int], rules: Rules, who: Who, *, is_day: bool = False
) -> list[tuple[Told, str]]:
    """What else a date holds for, in the order of the sentence, and what that makes of the date.

    "" leaves it as it is; "~": what is told only followed; "/..": it has been so since; "../": it was so by then.
    `is_day`: the date is that of a day, on which more is told to have happened than in a year.

    What was caused by it or coincided with it; clauses that go on with "and", or tell what happened "when" or "as" it
    did; what came of it ("reaching $107 billion", "with troops crossing the river"); and what came after a happening
    that the date belongs to ("after the crisis of 2009 trade shrank").
    """
    found = [(each, "") for each in _caused(parse, what, date, rules)]
    if what.clause < 0:
        return found
    token = parse.dates[date[0]]
    clause = parse.clauses[what.clause]
    if what.is_noun:
        lead = parse.text[parse.spans[clause.start][0] : what.start]
        if rules.pattern("telling", "later_by").search(lead):
            return found
        others = [d for d in parse.dates.values() if clause.start <= d < clause.end and d != token]
        ties = (
            mark for key, mark in (("follows", "~"), ("since", "/..")) if rules.pattern("telling", key).search(lead)
        )
        mark = next(ties, "")
        number = what.clause
        after = parse.clauses[number + 1 : number + 2]
        inserted = parse.classes.rfind(",", clause.start, token) >= clause.verb[1]
        if clause.opening == "s" and inserted and after and after[0].opening == "m":
            number += 1  # "when ties were renewed, and above all since the war of 1920, they have traded"
        if clause.has_verb and rules.pattern("telling", "followed").fullmatch(parse.words(*clause.verb)):
            return [
                *found,
                (of_clause(parse, number, -1, rules, who), "~"),
            ]  # "sanctions that followed the 2014 invasion"
        if (
            clause.opening == "g" and mark and not any(d < token for d in others)
        ):  # "trade shrank, contracting after the crisis of 2009"
            return [*found, (of_clause(parse, number, token, rules, who), mark)]
        resumed = (n for n in range(number, len(parse.clauses)) if parse.clauses[n].opening in ("r", "m"))
        number = number if clause.has_verb else next(resumed, number)  # "After his death a cousin, Ames, took over"
        others = others or [d for d in parse.dates.values() if parse.clause_at(d) == number and d != token]
        if parse.clauses[number].has_verb and not others and mark:
            found.append((of_clause(parse, number, token, rules, who), mark))
        return found
    found += [
        (of_clause(parse, number, -1, rules, who), mark) for number, mark in _after_that(parse, what.clause, rules)
    ]
    numbers = {*_together(parse, what.clause, token, rules), *_attendant(parse, what.clause, rules)}
    if is_day:
        numbers |= _same_day(parse, what.clause, rules)
    return found + [(of_clause(parse, number, -1, rules, who), "") for number in sorted(numbers)]


def _same_day(parse: Parse, number: int, rules: Rules) -> set[int]:
    """The clauses that go right on with "and" from one of a day: "the police questioned Dill and charged him"."""
    dated = {parse.clause_at(date) for date in parse.dates.values()}
    found: set[int] = set()
    if parse.clauses[number].opening not in ("", "m", "c", ";", "r"):
        return found
    for later in range(number + 1, len(parse.clauses)):
        clause = parse.clauses[later]
        if rules.pattern("telling", "own_time").search(parse.text[slice(*parse.span(later))]):
            break
        if later in dated:
            if clause.opening in ("", "m", "c", ";", "r"):
                break
        elif clause.has_verb and clause.opening == "c":
            found.add(later)
        elif clause.opening not in ("g", "e", "T", "w", "s", "("):
            break
    return found


def _after_that(parse: Parse, number: int, rules: Rules) -> list[tuple[int, str]]:
    """The main clause beside "after Spain gave it up in 1821", "since they built it in 2014" or "by the time it fell in
    1965", if it has no date.
    """
    marks = (("after_that", "~"), ("since_that", "/.."), ("by_then", "../"))
    first = parse.span(number)[0]
    mark = next((mark for key, mark in marks if rules.pattern("telling", key).match(parse.text, first)), "")
    dated = {parse.clause_at(date) for date in parse.dates.values()}
    if not mark or (parse.clauses[number].opening != "s" and mark != "../"):
        return []
    ahead = [n for n in (number + 1,) if n < len(parse.clauses) and parse.clauses[n].opening == "m"]
    behind = [n for n in (number - 1,) if n >= 0 and parse.clauses[n].opening in ("", "m", ";")]
    return [(n, mark) for n in ahead or behind if parse.clauses[n].has_verb and n not in dated]


def _attendant(parse: Parse, number: int, rules: Rules) -> list[int]:
    """The -ing clauses behind a dated one that tell a happening of their own, and have no date."""
    found = []
    for later in range(number + 1, len(parse.clauses)):
        clause = parse.clauses[later]
        if clause.opening != "g" or "Z" in parse.classes[clause.start : clause.end]:
            break
        reaches = rules.pattern("telling", "reaching").match(parse.text, parse.span(later)[0])
        if parse.classes[clause.start] != "g" or (reaches and figures(parse.words(clause.start, clause.end))):
            found.append(later)
    return found


def _caused(parse: Parse, what: Told, date: tuple[int, int], rules: Rules) -> list[Told]:
    """What happened along with something dated: "a drop in 2014 that coincided with the annexation and sanctions"."""
    following = parse.clauses[what.clause + 1 : what.clause + 2]
    number = what.clause + bool(following and following[0].opening == "w")
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
            endings = tuple(rules.lists["telling"].get("happening_endings", ("\0",)))
            if (names_happening(head, rules) or head.endswith(endings)) and "Z" not in parse.classes[part[0] : part[1]]:
                start, end = parse.spans[part[0]][0], parse.spans[part[1] - 1][1]
                title = fitting(tidy(parse.text[start:end], rules), rules)
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
    verb = _verb(parse, clause, rules)
    negated = rules.pattern("telling", "negated").search(verb)
    until = negated and rules.pattern("telling", "until").search(parse.text[start:end])
    until = until or rules.pattern("telling", "dates_from").fullmatch(verb)
    last = min(clause.verb[1] + 1, clause.end)  # with "off"
    put_off = rules.pattern("telling", "postponed").search(parse.words(clause.verb[0], last))
    until = until or put_off or rules.pattern("telling", "postponed").search(verb)
    subject, known = subject_of(parse, number, rules, who) if clause.has_verb else ("", True)
    title, named = _headline(
        parse, number, -1 if until else token, rules, who, (subject, known)
    )  # "did not open until"
    kind = _kind(parse, clause, parse.text[start:end], title, rules)
    doubts = _doubts(parse, clause, token, title, subject)
    return Told(title, start, end, kind, verb, number, False, named, tidy(subject, rules), doubts)


def _doubts(parse: Parse, clause: Clause, token: int, title: str, subject: str) -> int:
    """How many signs there are that a title says the wrong thing.

    No verb in the clause or no subject before it; another date of the sentence in the title; a name from elsewhere.
    """
    others = [parse.text[slice(*parse.spans[place])] for place in parse.dates.values() if place != token]
    inferred = subject != "" and subject not in parse.text
    return (not clause.has_verb or not subject) + any(date in title for date in others) + inferred


def _verb(parse: Parse, clause: Clause, rules: Rules) -> str:
    """The verb group with the adverbs before it, and the "not" of "not all members signed"."""
    if not clause.has_verb:
        return ""
    verb = parse.words(clause.subject[1] if clause.has_subject else clause.start, clause.verb[1])
    before = parse.words(clause.start, clause.subject[0])
    return f"not {verb}" if clause.has_subject and rules.pattern("telling", "not_all").search(before) else verb


def _together(parse: Parse, number: int, token: int, rules: Rules) -> list[int]:
    """The clauses without a date that the date `token` of clause `number` holds for too.

    Those that go on with "and", if the date comes before both ("In 1950 A, and B"), and what happened "when" or "as"
    it did.
    """
    fronted = not parse.classes[parse.clauses[parse.clause_at(token)].start : token].strip("paSdc")
    fronted = fronted or (parse.clauses[number].has_subject and token < parse.clauses[number].subject[0])
    dated = {parse.clause_at(date) for date in parse.dates.values()}
    free = [n for n, clause in enumerate(parse.clauses) if clause.has_verb and n not in dated]
    found = [n for n in free if n > number and fronted and _goes_on(parse, number, n, dated, rules)]
    elsewhere = parse.clause_at(token) != number and parse.clauses[parse.clause_at(token)].opening != "s"
    if (elsewhere and not fronted) or _is_until(parse, token, rules):
        return found
    at_once = rules.pattern("telling", "at_once")
    for other in free:
        clause = parse.clauses[other]
        goes_on = other == number + 1 and clause.opening == "c" and not clause.has_subject
        if goes_on and at_once.match(parse.text, parse.spans[clause.verb[0]][0]):
            found.append(other)
    simultaneous = rules.pattern("telling", "simultaneous")
    opening = parse.clauses[number].opening
    during = rules.pattern("telling", "during")
    for other in free:
        if other == number + 1 and during.match(parse.text, parse.span(other)[0]):
            found.append(other)
        openings = {parse.clauses[other].opening, opening}
        if other < number and (opening == "c" or parse.classes[parse.clauses[number].start - 1] == ";"):
            continue
        if abs(other - number) != 1 or "s" not in openings or not openings & {"", "m", "r", "c", ";"}:
            continue
        inserted = other if parse.clauses[other].opening == "s" else number
        if inserted == other < number and token > parse.clauses[other].start and parse.clause_at(token) != other:
            continue  # "When the group was broken up, managers bought it on 28 February"
        if inserted == number > other and parse.classes[parse.clauses[number].start - 1] in ",a":
            continue  # "exploited the quarrel, most famously when the president came in 1972"
        told_as = parse.clauses[inserted]
        lead = left_of(parse.classes, told_as.start, ",") - 1
        if inserted == other and parse.classes[lead] == "Z" and lead != token:
            continue  # "from 1930 until 1933, when it was closed"
        if parse.classes[told_as.start] == "S" and parse.classes[told_as.verb[1] - 1] == "R":
            continue  # "as a reporter observed"
        if simultaneous.match(parse.text, parse.span(inserted)[0]):
            found.append(other)
    return sorted(set(found))


def _goes_on(parse: Parse, number: int, other: int, dated: set[int], rules: Rules) -> bool:
    """Do all main clauses from one to another go on with "and", none of them with a date of its own?"""
    if parse.clauses[other].opening != "c":
        return False
    if rules.pattern("telling", "own_time").search(parse.text[slice(*parse.span(other))]):
        return False  # "In July 1981 the grant was cut, and 200 posts were lost over the next three years"
    between = range(number + 1, other + 1)
    return all(
        n not in dated and (parse.clauses[n].opening == "c" or parse.clauses[n].opening in ("g", "e", "w", "T", "("))
        for n in between
    )


def _clause_of(parse: Parse, token: int, rules: Rules) -> int:
    """The clause that a date dates: its own, or the next one with a verb if its own is an opening ("In 1956,")."""
    number = parse.clause_at(token)
    clause = parse.clauses[number]
    following = parse.clauses[number + 1] if number + 1 < len(parse.clauses) else clause
    if (
        following.opening == "s"
        and not parse.classes[token + 1 : following.start].strip(",")
        and _is_until(parse, token, rules)
    ):
        return number + 1
    lead = left_of(parse.classes, token, "pSd")
    if (
        following.opening == clause.opening == "s"
        and parse.classes[token + 1 : following.start] == ","
        and parse.classes[lead - 1 : lead] == "c"
    ):
        return number + 1  # "before the war intervened, and in 1974, when the government gave up"
    if (
        following.opening == "s"
        and not parse.classes[token + 1 : following.start].strip(",")
        and rules.pattern("telling", "cleft_before").match(parse.text, parse.span(number)[0])
        and rules.pattern("telling", "before").match(parse.text, parse.span(number + 1)[0])
    ):
        return number + 1  # "it was 1971 before women got the vote"
    if following.opening in ("T", "w") and rules.pattern("telling", "cleft").match(parse.text, parse.span(number)[0]):
        return number + 1  # "it was not until 1915 that she returned"
    outer = _outside(parse, number, token, rules)
    if outer >= 0:
        return outer
    behind = parse.classes[token + 1 : following.start]
    if clause.opening == "s" and clause.has_verb and following.opening == "m" and behind == ",":
        lead = left_of(parse.classes, token, "pSd")
        if lead > clause.verb[1] and parse.classes[lead - 1] == ",":
            return number + 1  # "After they lost the battle, on 21 May, he signed"
    if clause.has_verb or clause.opening in ("e", "g"):
        return number
    behind = parse.classes[token + 1 : clause.end].strip(",)")
    ahead = parse.classes[clause.start : token].strip("pdatSs,")
    if not ahead and not behind:  # nothing but the date
        told = [n for n in range(number + 1, len(parse.clauses)) if parse.clauses[n].has_verb]
        main = [n for n in told if parse.clauses[n].opening in ("m", "r")]
        if told and main and parse.clauses[told[0]].opening == "s":  # "In 2018, since few came, they left"
            return main[0]
        return told[0] if told else number
    for later in range(number + 1, len(parse.clauses)):
        if parse.clauses[later].opening == "r" and clause.opening in MAIN:
            return later  # "During the 1950s Moscow, which ..., sent engineers"
        if parse.clauses[later].opening not in ("w", "e", "g", "("):
            break
    return number


def _outside(parse: Parse, number: int, token: int, rules: Rules) -> int:
    """The main clause that a date belongs to which stands behind the end of an insertion, -1 if it does not.

    "He introduced the cooler, a unit mounted on an icebox, in 1913"; "Strom, run by two engineers, in 1989".
    """
    classes, clause = parse.classes, parse.clauses[number]
    lead = left_of(classes, token, "pSda")
    if clause.opening not in ("e", "w") or lead == token or classes[lead - 1] != "," or lead - 1 <= clause.start:
        return -1
    if classes[token + 1 : clause.end].strip(","):
        return -1
    main = parse.clauses[number - 1]
    is_main = bool(number) and main.has_verb and main.opening in ("", "m", "c", ";", "s")
    return number - 1 if is_main and not _is_present(parse, number - 1, rules) else -1


def _is_until(parse: Parse, token: int, rules: Rules) -> bool:
    """ "until 2018, when X" dates X."""
    start, end = parse.spans[token]
    return bool(
        rules.pattern("ranges", "until").search(parse.text[:start])
        and rules.pattern("not_events", "when").match(parse.text[end:])
    )


def _participle_phrase(parse: Parse, number: int, token: int, rules: Rules) -> tuple[int, int] | None:
    """A noun with the participle that the date belongs to: "a tank | captured in 1969"."""
    classes, clause = parse.classes, parse.clauses[number]
    place = left_of(classes, token, "pSda")
    if not clause.has_verb:  # "According to figures released by the regulator in July"
        for index in range(token - 1, clause.start, -1):
            noun = left_of(classes, index, "a#")
            if classes[index] in "eq" and classes[noun - 1] in "nN" and classes[noun - 2 : noun - 1] != "t":
                if rules.pattern("telling", "dated").fullmatch(parse.words(index, index + 1)):
                    return None
                start = phrase_start(classes, noun, "dnNPa#")
                apposed = classes[max(0, start - 2) : start] == "N,"  # "Kern, a firm founded in 1890"
                return left_of(classes, start - 1, "N") if apposed else start, token + 1
            if classes[index] not in "pdnNP#oaS":
                break
    place = _behind_participle(classes, place, clause)
    if place < 2 or parse.words(place - 1, place) in rules.lists["telling"].get("noun_forms", ()):
        return None
    noun = left_of(classes, place - 1, "a#" if place < token else "")
    if not clause.start < place - 1 or classes[place - 1] not in "eq" or classes[noun - 1] not in "nN":
        return None
    if noun > 1 and classes[noun - 2] == "t":
        return None  # "lived to be knighted in 1870"
    if clause.verb[0] <= place - 1 < clause.verb[1] or not clause.has_verb:
        return None
    if rules.pattern("telling", "dated").fullmatch(parse.words(place - 1, place)):
        return None  # "by a letter dated 3 May"
    start = phrase_start(classes, noun, "dnNPa#")
    if classes[start - 1] == "o":  # "a commission of inquiry set up in 1990"
        start = phrase_start(classes, start - 1, "dnNPa#")
    return (max(start, clause.start), token + 1) if start > clause.verb[0] or place <= clause.verb[0] else None


def _behind_participle(classes: str, place: int, clause: Clause) -> int:
    """Behind the participle that a date belongs to, one phrase between: "a school opened | in Mill Lane in 1837"."""
    start = left_of(classes, place, "dnNP#")
    if start == place or start < 3 or classes[start - 1] != "p" or classes[start - 2] not in "eq":
        return place
    if not clause.has_verb or start - 2 < clause.verb[1] or classes[start - 3] not in "nN":
        return place
    return start - 1


def _gerund(parse: Parse, number: int, token: int, rules: Rules) -> int:
    """Where a gerund begins that the date belongs to, 0 if none: "praised them for | breaking the record in 2018"."""
    classes, clause = parse.classes, parse.clauses[number]
    for index in range(token - 1, clause.start, -1):
        if classes[index] == "g" and classes[index - 1] in "pSo":
            if index - 1 == clause.verb[1]:
                return 0  # "gave up performing"
            if rules.pattern("telling", "prevented").search(parse.words(clause.start, index) + " "):
                return 0
            return 0 if index < clause.verb[0] and "," not in classes[token : clause.verb[0]] else index
        if classes[index] in ",;" or clause.verb[0] <= index < clause.verb[1]:
            return 0
    return 0


def _noun_phrase(parse: Parse, token: int, rules: Rules) -> tuple[int, int] | None:
    """The noun phrase that a date qualifies, if it names a happening: "the 2014 invasion", "the crisis of 2009"."""
    classes = parse.classes
    before = classes[token - 1] if token else ""
    after = classes[token + 1] if token + 1 < len(classes) else ""
    clause = parse.clauses[parse.clause_at(token)]
    if after and after in "nN" and before and before in "dPno":
        start, end = left_of(classes, token, "dnNPa#q"), _run(classes, token + 1, "nN#a")
        whole = _with_of(classes, end)
        if not names_happening(parse.words(token + 1, end), rules):
            return None
        says_enough = sum(letter in "nNP" for letter in classes[start:whole]) > 1  # more than "the 1929 crash"
        return (start, whole) if says_enough or not clause.has_verb else None
    if not before or before not in "opSnN":
        return None
    last = token if before in "nN" else token - 1
    first = left_of(classes, last, "dnNP#aoe" if before == "o" else "dnNP#aopec")
    first = max(first, clause.start) if clause.has_verb and clause.opening == "c" else first
    for start in _phrase_starts(classes, first, last):
        lead = parse.text[max(0, parse.spans[start][0] - 40) : parse.spans[start][0]]
        since = (
            before == "p"
            and classes[start] == "d"
            and "e" not in classes[start:last]
            and rules.pattern("telling", "since_what").search(lead)
        )
        if not since and not names_happening(parse.words(start, _until(classes, start, last, "opc")), rules):
            continue
        if rules.pattern("telling", "marks").search(lead):
            return None  # the date of the anniversary, not of what it is about
        alone = sum(clause.start <= place < clause.end for place in parse.dates.values()) == 1
        if before == "o" and alone and clause.has_verb and rules.pattern("telling", "means").search(lead):
            return None  # "By a judgment of 14 May the court dismissed"
        if clause.has_verb and last - start == 1 and rules.pattern("telling", "meanwhile").search(lead):
            return None  # "were killed during construction in 1987"
        joined = start > 1 and classes[start - 1] == "c" and classes[start - 2] in "nNZ"
        present = before == "p" and _is_present(parse, parse.clause_at(token), rules)
        if before == "o" or joined or present or rules.pattern("telling", "chance").search(lead):
            return None if _is_subject(clause, start, classes) else (start, token + 1)
    return None


def _is_present(parse: Parse, number: int, rules: Rules) -> bool:
    """Is the clause, or the one it hangs on, told in the present or perfect? No past date dates that."""
    main = next((clause for clause in reversed(parse.clauses[: number + 1]) if clause.has_verb), None)
    if main is None or parse.classes[main.verb[0]] not in "hbV":
        return False
    return rules.tenses[parse.words(main.verb[0], main.verb[0] + 1)] != "past"


def _is_subject(clause: Clause, start: int, classes: str) -> bool:
    """Does a noun phrase that begins at a token stand as the subject before the clause's verb?"""
    return clause.has_verb and start < clause.verb[0] and not (start and classes[start - 1] in "pSo")


def _phrase_starts(classes: str, first: int, last: int) -> Iterator[int]:
    """Where a noun phrase may begin in a run of nouns and prepositions, from right to left."""
    for index in range(last - 1, first - 1, -1):
        if classes[index] in "dnNP#" and (index == first or classes[index] == "d" or classes[index - 1] in "pce"):
            yield index


def _run(classes: str, start: int, letters: str) -> int:
    while start < len(classes) and classes[start] in letters:
        start += 1
    return start


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


def _headline(
    parse: Parse, number: int, token: int, rules: Rules, who: Who, by: tuple[str, bool] | None = None
) -> tuple[str, bool]:
    """The title that a clause gives, and whether every name in it is known; `by`: what `subject_of` says of it."""
    clause = parse.clauses[number]
    if not clause.has_verb:
        return _verbless(parse, number, token, rules, who)
    subject, named = by or subject_of(parse, number, rules, who)
    before = parse.words(max(clause.start, clause.verb[0] - 1), clause.verb[0])
    if not clause.has_subject and rules.pattern("telling", "there").fullmatch(before):
        subject = "there"
    tail = _without_date(parse, (_with_adverbs(parse, clause, rules), clause.end), token, rules)
    shared = parse.clauses[number + 1 : number + 2]
    joined = bool(shared) and shared[0].opening == "c" and not shared[0].has_subject
    if joined and clause.verb[1] == shared[0].start and "Z" not in parse.classes[shared[0].start : shared[0].end]:
        tail = f"{tail} {parse.words(shared[0].start, shared[0].end)}"  # "seized | and occupied the port"
    gapped = _gapped(parse, clause, token)
    if not gapped and token >= 0:
        tail = _before_gap(parse, clause, token, tail)
    if gapped:
        subject, tail = gapped if gapped[0] else (subject, gapped[1])
    whose = rules.pattern("telling", "whose").match(parse.words(clause.start, clause.end))
    if (
        clause.opening in ("w", "T")
        and clause.has_subject
        and not whose
        and not gapped
        and not PART_OF.match(parse.classes, clause.start)
        and _lacks_object(parse, clause)
    ):  # "that Beijing ceded"
        tail = f"{parse.words(*clause.verb)} {lowered(antecedent(parse, number, rules), rules)} " + _without_date(
            parse, (clause.verb[1], clause.end), token, rules
        )
    tail = f"{tail}{_place_before(parse, number, tail, rules)}"
    subject = tidy(shortened(tidy(subject, rules), rules), rules)
    enclosed = parse.classes[: clause.verb[0]].rstrip("a")[-1:] == ","  # "Otto Kern, the architect, died"
    subject += "," * (enclosed and ", " in subject)
    if clause.has_verb and len(subject) + len(tail) >= TITLE_LENGTH and " " in subject:
        shorter = _head_of(subject, rules)  # "A team | under Thomas Midgley at Frigidaire", so that the verb is told
        told = len(tail.split()[0]) if tail else 0
        cuts = fitting(tidy(f"{subject} {tail}", rules), rules)
        subject = shorter if len(cuts) <= len(subject) + told else subject
    title = tidy(f"{subject} {tail}", rules)
    following = parse.clauses[number + 1] if number + 1 < len(parse.clauses) else None
    says = parse.classes[clause.verb[1] - 1] == "R"
    if says and len(title.split()) <= _FEW and not following and number and parse.clauses[0].has_verb:
        said = tidy(
            parse.words(parse.clauses[0].start, parse.clauses[number - 1].end), rules
        )  # "The mill would close, she said"
        return fitting(tidy(f"{title} {lowered(said, rules)}", rules), rules), named
    if following and ((says and following.opening == "T") or "Z" not in parse.classes[following.start : following.end]):
        short = len(title.split()) <= _FEW
        begins = rules.pattern("telling", "what").match(parse.text, parse.span(number + 1)[0])
        what = following.opening == "w" and bool(begins) and clause.verb[1] == clause.end == following.start
        if (
            following.opening == "T"
            or what
            or (short and (following.opening in ("g", "e") or (says and following.opening == "s")))
        ):
            longer = tidy(f"{title} {parse.words(following.start, following.end)}", rules)
            title = longer if len(longer) <= TITLE_LENGTH or short or says or what else title
    return fitting(title, rules), named


def _head_of(subject: str, rules: Rules) -> str:
    """A subject without the phrases that hang on it."""
    cuts = [m.start() for m in rules.pattern("clauses", "cuts").finditer(subject) if m.start() >= _HEAD]
    return subject[: cuts[0]] if cuts else subject


def _place_before(parse: Parse, number: int, tail: str, rules: Rules) -> str:
    """What a relative clause takes with it: "in Oxford, where she had settled", "Zemlinsky, with whom she studied"."""
    classes, clause = parse.classes, parse.clauses[number]
    if not number or not clause.has_subject:
        return ""
    if clause.opening == "w" and classes[clause.start] in "pS" and classes[clause.start + 1 : clause.start + 2] == "w":
        if PART_OF.match(classes, clause.start) or len(tail.split()) > _SHORT:
            return ""
        return f" {parse.words(clause.start, clause.start + 1)} {lowered(antecedent(parse, number, rules), rules)}"
    if (
        clause.opening == "s"
        and len(tail.split()) <= _FEW
        and rules.pattern("telling", "where").match(parse.text, parse.span(number)[0])
    ):
        end = clause.start - (classes[clause.start - 1] == ",")
        place = re.compile(r"pd?n*N+$").search(classes[:end])
        return f" {parse.words(place.start(), end)}" if place else ""
    return ""


def _with_adverbs(parse: Parse, clause: Clause, rules: Rules) -> int:
    """Where the verb begins with the adverbs that matter: "nearly finished", "never paid"."""
    first = clause.verb[0]
    begun = clause.subject[1] if clause.has_subject else clause.start
    while first > begun and parse.classes[first - 1] == "a":
        word = parse.words(first - 1, first)
        if rules.pattern("telling", "fillers").fullmatch(word) or rules.pattern("telling", "there").match(word):
            break
        first -= 1
    return first


def _before_gap(parse: Parse, clause: Clause, token: int, tail: str) -> str:
    """What follows a verb, up to where a list leaves it out: "was founded | , Pegel in 1988 and Strom"."""
    later = next((place for place in parse.dates.values() if token < place < clause.end), -1)
    begin = max(token, clause.verb[1])
    cut = next((i for i in range(begin, later) if parse.classes[i] in ",c"), -1) if later > 0 else -1
    if cut < 0 or not _gapped(parse, clause, later):
        return tail
    rest = tail.find(parse.text[parse.spans[cut][0] : parse.spans[later - 1][1]].strip())
    return tail[:rest] if rest > 0 else tail


def _gapped(parse: Parse, clause: Clause, token: int) -> tuple[str, str] | None:
    """Subject ("" for that of the clause) and the rest, where a list leaves out the verb for its later members.

    "had 40 beds in 1907 and 200 in 1930"; "Dunn died in 1891, Josiah five years after him".
    """
    classes = parse.classes
    lead = left_of(classes, token, "pSda")
    earlier = any(clause.start <= place < token for place in parse.dates.values())
    apart = clause.verb[1] < lead and classes[lead - 1] in ",c"
    if earlier and apart and token < clause.end and _COUNTED.match(classes[token + 1 : clause.end]):
        # "in 1752 there were 38 houses, by 1787 no fewer than 169"
        return "", f"{parse.words(*clause.verb)} {parse.words(token + 1, clause.end).lstrip(', ')}"
    before = max((place for place in parse.dates.values() if clause.verb[1] <= place < token), default=-1)
    if not clause.start <= token < clause.end or before < 0:
        return None
    first, last = before + 1, left_of(classes, token, "pSda")
    while first < last and classes[first] in ",ca":
        first += 1
    joined = any(letter in ",c" for letter in classes[before + 1 : first])
    aside = _LED_MEMBER.match(classes, first, last)  # "and, after long quarrels, the institute in 1881"
    first = aside.end() if aside else first
    told = next((i for i in range(first, last) if classes[i] in "bhv"), last)
    if joined and first < told < last and classes[first] in "dnN#P":  # "and a plan to close it was dropped in 1984"
        return parse.words(first, told), parse.words(told, last)
    if (
        not joined
        or first >= last
        or classes[first] not in "dnN#Pp"
        or any(letter in "()" for letter in classes[first:last])
    ):
        return None
    member, verb = parse.words(first, last), parse.words(*clause.verb)
    behind = classes[clause.verb[1] : before].lstrip("a")
    object_between = "#" if behind[:2] == "p#" else behind[:1]  # "cost about 3,000 francs"
    if classes[first] == "p":  # "met in Oslo in 1950 and in Lund in 1960"
        return "", f"{verb} {member}"
    if object_between and object_between in "dnN#Pu":
        return ("", f"{verb} {member}") if classes[first] in "d#" else None
    led = left_of(classes, before, "pSda")
    if classes[clause.verb[1]] == "p" and clause.verb[1] < led <= clause.verb[1] + _SAID:  # "went on strike in 1886"
        verb = parse.words(clause.verb[0], led)
    return member, verb


def _verbless(parse: Parse, number: int, token: int, rules: Rules, who: Who) -> tuple[str, bool]:
    """Of a participle ("signed in 2001") with what it belongs to; of a heading or list entry as it is."""
    clause = parse.clauses[number]
    part = next((p for p in _split_at_and(parse, clause) if p[0] <= token < p[1]), (clause.start, clause.end))
    own = tidy(_without_date(parse, part, token, rules), rules)
    if clause.opening == "g" and parse.classes[clause.start] != "g":  # "The company having run out of money"
        return fitting(own, rules), True
    main = next((n for n in range(number + 1, len(parse.clauses)) if parse.clauses[n].opening in ("m", "r")), 0)
    main = main if main and parse.clauses[main].has_subject else 1
    leads = not number or (parse.classes[clause.start - 1] == ";" and main == number + 1)
    if clause.opening in ("e", "g", ";") and leads and main < len(parse.clauses) and parse.clauses[main].has_subject:
        subject, named = subject_of(parse, main, rules, who)  # "Founded in 1871, the bank failed"
        own = rules.pattern("telling", "having").sub("", lower(own))
        return fitting(tidy(f"{shortened(subject, rules)} {own}", rules), rules), named
    bracketed = clause.opening == "(" and parse.classes[clause.start] in "eq"  # "(born in 1974)"
    if (clause.opening == "e" or bracketed) and number:
        whose = antecedent(parse, number, rules)
        if (
            not whose and parse.clauses[number - 1].has_verb
        ):  # "A guild was formed in 1924, followed by one of the makers"
            whose = shortened(subject_of(parse, number - 1, rules, who)[0], rules)
        return fitting(tidy(f"{whose} {lower(own)}", rules), rules), True
    if clause.opening == "g" and number:
        if not figures(own):
            interrupted = parse.clauses[number - 1]
            around = []
            listed = (
                part[0] != clause.start
                or "g" in parse.classes[interrupted.verb[1] : interrupted.end]
                or len(own.split()) < _SAID
            )
            if interrupted.has_verb and interrupted.opening in MAIN and not listed:
                subject, named = subject_of(parse, number - 1, rules, who)  # "Madero won, taking office in 1911"
                own = rules.pattern("telling", "having").sub("", lower(own))
                return fitting(tidy(f"{shortened(subject, rules)} {lower(own)}", rules), rules), named
            if not interrupted.has_verb and interrupted.opening in MAIN:  # "Ida Korn, writing in 1907, spoke of"
                around = [n for n in range(number + 1, len(parse.clauses)) if parse.clauses[n].opening == "r"][:1]
            around += [*range(number - 1, -1, -1), *range(number + 1, len(parse.clauses))]
            main = next((n for n in around if parse.clauses[n].has_verb and parse.clauses[n].opening in MAIN), -1)
            having = rules.pattern("telling", "having").match(own)
            if main >= 0 and having:  # "did not see it, having died in 1896"
                subject, named = subject_of(parse, main, rules, who)
                return fitting(tidy(f"{shortened(subject, rules)} {own[having.end() :]}", rules), rules), named
            if main >= 0:
                return _headline(parse, main, token, rules, who)
        subject, named = subject_of(parse, number, rules, who)
        return fitting(tidy(f"{shortened(subject, rules)} {lower(own)}", rules), rules), named
    if len(own.split()) < _FEW - 1 and clause.opening == ";":
        main = next((n for n in range(number - 1, -1, -1) if parse.clauses[n].has_verb), -1)
        if main >= 0:  # "The school stood in three cities: Weimar from 1919 to 1925; Dessau, ..."
            title, named = _headline(parse, main, token, rules, who)
            return fitting(f"{title}: {own}", rules), named
    if len(own.split()) < _FEW - 1:
        main = next(
            (n for n in [*range(number + 1, len(parse.clauses)), *range(number)] if parse.clauses[n].has_verb), -1
        )
        if main >= 0:
            return _headline(parse, main, token, rules, who)
        own = tidy(_without_date(parse, (0, len(parse.spans)), token, rules), rules)
    return fitting(own, rules), True


def _split_at_and(parse: Parse, clause: Clause) -> list[tuple[int, int]]:
    """The parts of "signed in 2001 and renewed in 2021"; a clause without "and" and participle is one part."""
    cuts = [
        i
        for i in range(clause.start, clause.end - 1)
        if parse.classes[i] == "c" and parse.classes[i + 1] in "eqg" and clause.opening in ("e", "g")
    ]
    return list(zip([clause.start, *(i + 1 for i in cuts)], [*cuts, clause.end], strict=True))


def _lacks_object(parse: Parse, clause: Clause) -> bool:
    """Is the verb of a relative clause without an object behind it ("areas that Beijing ceded in 1860")?"""
    following = parse.classes[clause.verb[1] : clause.end]
    if parse.classes[clause.verb[0]] == "b" or parse.classes[clause.start] in "pSo":  # "of which the first came out"
        return False
    return following[:1] in ("", "p", "Z", "S", ",") and parse.classes[clause.verb[1] - 1] not in "bh"


def _without_date(parse: Parse, tokens: tuple[int, int], date: int, rules: Rules) -> str:
    """The text of some tokens without a date among them and the words that tie it to the sentence."""
    start, end = tokens
    if not start <= date < end:
        return parse.words(start, end)
    run = _DATES.match(parse.classes, date)
    behind = min(run.end() if run else date + 1, end)
    until = _UNTIL_DATE.match(parse.classes, behind, end)  # "from 1930 until 1933"
    behind = until.end() if until else behind
    twin = _TWIN.search(parse.classes, start, date)
    last = twin.start() if twin and twin.end() == date else date  # "passed her over in 1931 and again in 1935"
    before = parse.words(start, last)
    owns = parse.text[parse.spans[date][1] : parse.spans[date][1] + 2] in ("'s", "’s")  # "in this year's World Cup"
    if not owns and not (parse.classes[date - 1 : date] == "d" and parse.classes[behind : behind + 1] in ("n", "N")):
        before = rules.pattern("clauses", "lead_to_date").sub("", before).rstrip()
    after = parse.words(behind, end).lstrip(" ,")
    follows = parse.classes[behind : behind + 1]
    if before and (follows == "c" or parse.classes[behind : behind + 2] == ",c"):
        after = ""  # "died in 1891 and his brother five years later"
    enclosed = before.endswith(",") and follows == ","  # "completed, in 1949, a second symphony"
    comma = "," if not enclosed and (before.endswith(",") or (before and follows == ",")) else ""
    return f"{before.rstrip(',')}{comma} {after}" if after else before


_DATES = re.compile(r"Z(?:(?:,c?|c)[pS]?d?Z)*")
_UNTIL_DATE = re.compile(r"[St]d?Z")


_LED_MEMBER = re.compile(r"[pS][^,;]*,(?=[dnN])")
_COUNTED = re.compile(r"[adnp]{0,4}#|,d[nN]")


_TWIN = re.compile(r"[pS]?d?Z,?ca*[pS]?d?$")


def _kind(parse: Parse, clause: Clause, text: str, title: str, rules: Rules) -> str:
    """event, state or statistic: by the verb, and by whether a figure stands behind it."""
    if not clause.has_verb:
        return "event"
    tokens = [token for token in range(*clause.verb) if parse.classes[token] != "a"]
    verb = " ".join(parse.words(token, token + 1) for token in tokens)
    group = "".join(parse.classes[token] for token in tokens)
    place = title.find(parse.words(*clause.verb))
    behind = title[max(0, place) + len(verb) :][:_MEASURED]
    if (
        rules.pattern("telling", "figures").fullmatch(verb)
        and rules.pattern("telling", "amounts").search(behind)
        and not rules.pattern("telling", "records").search(text)
    ):
        return "statistic"
    if rules.pattern("telling", "there").match(title):
        return "event" if happenings_in(title, rules) else "state"
    is_state = group in ("b", "h", "V") or not group.startswith("b")
    return "state" if is_state and rules.pattern("telling", "states").fullmatch(verb) else "event"


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
    title = tidy(f"{before} {after}" if before and after else before + after, rules)
    return Told(fitting(title or tidy(sentence, rules), rules), left, right)
