"""Who does it: the subject of a clause, its own or the one it shares, and the names that pronouns stand for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from .rules import Rules
from .syntax import PART_OF, Clause, Parse, left_of, subject_before
from .title import lowered

# a pronoun or "the two countries", the subjects before it in its sentence, is something done to it? -> the name that it
# stands for, "" if unknown
Who = Callable[[str, Sequence[str], bool], str]
MAIN = ("", "m", ";", "r", "c", "T", "s")  # openings of clauses that have a subject of their own, or share one


def subject_of(parse: Parse, number: int, rules: Rules, who: Who) -> tuple[str, bool]:
    """Who does it in a clause: its own subject, or the one it shares; pronouns replaced where `who` knows for whom."""
    clause = parse.clauses[number]
    part = PART_OF.match(parse.classes, clause.start) if clause.opening == "w" and number else None
    if part:  # "the first of which arrived"
        whole = lowered(antecedent(parse, number, rules, joins="o"), rules)
        whole = _agreeing(whole, rules.lists["telling"]["plural_verbs"][0], rules)
        return f"{parse.words(clause.start, part.end() - 1)} {whole}", True
    if clause.has_subject:
        words = parse.words(*clause.subject)
        if parse.classes[clause.subject[1] - 1] == "x":  # "In Siberia they held"
            words = parse.words(clause.subject[1] - 1, clause.subject[1])
            clause = replace(clause, subject=(clause.subject[1] - 1, clause.subject[1]))
        if parse.classes[clause.subject[0] : clause.subject[1]] == "x" or _is_pair(words, rules):
            topic = rules.pattern("telling", "topic").match(parse.text)
            before = _subjects_before(parse, number, rules)
            kind = rules.lists.get("telling", {}).get("pronouns", {}).get(words.lower())
            ahead = parse.clauses[number + 1 : number + 2] if clause.opening == "s" and kind == "person" else ()
            if ahead and ahead[0].opening == "m" and ahead[0].has_subject:  # "after he took power, Mao Zedong was"
                before = [parse.words(*ahead[0].subject), *before]
            verb = parse.classes[clause.verb[0] : clause.verb[1]].replace("a", "")
            done_to = verb[:1] in ("b", "h") and "b" in verb and verb[-1] in "eqR"
            name = who(words, [topic["what"]] if topic and not number else before, done_to)
            return (name, True) if name else (words, words.lower() == "there")
        if clause.opening == "w" and rules.pattern("telling", "whose").match(parse.words(clause.start, clause.end)):
            owner = antecedent(parse, number, rules)
            if " of " in owner:  # "the founding of the republic, whose anniversary"
                return f"{words} of {lowered(owner, rules)}", True
            return f"{owner}{'’' if owner.endswith('s') else '’s'} {words}", True
        return words, True
    if clause.opening == "w" and number and rules.pattern("telling", "what").match(parse.text, parse.span(number)[0]):
        doer, named = subject_of(parse, number - 1, rules, who)  # "did what was asked of them"
        return (
            f"{doer} {parse.words(*parse.clauses[number - 1].verb)} {parse.words(clause.start, clause.verb[0])}",
            named,
        )
    if clause.opening in ("w", "e", "(") and number:
        main = parse.clauses[number - 1]
        if main.has_verb and parse.classes[main.verb[0] : main.verb[1]].strip("a") == "b" and main.has_subject:
            if parse.classes[main.subject[0]] == "p" or (
                clause.opening == "w" and parse.classes[clause.start - 1] == ","
            ):
                return antecedent(parse, number, rules), True  # "Among them was Rosa, who studied"
            return subject_of(parse, number - 1, rules, who)  # "Russia was one of those who took land"
        return antecedent(parse, number, rules), True
    if clause.opening == "r" and parse.clauses[number - 1].opening == "w" and not parse.clauses[number - 1].has_verb:
        return subject_of(parse, number - 1, rules, who)  # "cracks which, in his view, had begun to form"
    if clause.opening == "r":
        for earlier in range(number - 1, -1, -1):
            if not parse.clauses[earlier].has_verb and parse.clauses[earlier].opening in MAIN:
                return _subject_words(parse, parse.clauses[earlier], rules, who)
    told = [n for n in range(number) if parse.clauses[n].has_verb and parse.clauses[n].opening in ("", "m", "r", ";")]
    if clause.opening == "c" and told and parse.clauses[number - 1].opening == "s":
        return subject_of(parse, told[-1], rules, who)  # "began when wages were cut, and ended"
    for earlier in range(number - 1, -1, -1):
        if parse.clauses[earlier].has_verb:
            return subject_of(parse, earlier, rules, who)
    return "", True


def _subjects_before(parse: Parse, number: int, rules: Rules) -> list[str]:
    """The subjects of the clauses before one, pronouns left out: those of main clauses first, then the nearest."""
    found = []
    nearest_first = list(enumerate(parse.clauses[:number]))[::-1]
    for place, clause in sorted(nearest_first, key=lambda each: each[1].opening in ("w", "T", "s", "(")):
        start, end = clause.subject if clause.has_subject else (clause.start, clause.start)
        if not clause.has_verb and clause.opening in MAIN:  # interrupted before its verb
            start, end = subject_before(parse.classes, clause.start, clause.end)
            end = next((i for i in range(start, end) if parse.classes[i] == ","), end)
        if start < end and parse.classes[start:end] != "x":
            found.append(parse.words(start, end))
        elif clause.opening == "w" and start == end and clause.has_verb:  # "Hardt, who was in charge until he left"
            found.append(antecedent(parse, place, rules))
    return found


def _subject_words(parse: Parse, clause: Clause, rules: Rules, who: Who) -> tuple[str, bool]:
    """The subject in a clause that was interrupted before its verb."""
    start, end = subject_before(parse.classes, clause.start, clause.end)
    inserted = next(
        (i for i in range(start, end) if parse.classes[i] == "," and parse.classes[i + 1] in "pdeqgSa"), end
    )
    words = parse.words(start, inserted)
    if parse.classes[start:end] == "x":
        name = who(words, (), False)
        return (name, True) if name else (words, False)
    return words, True


def _is_pair(words: str, rules: Rules) -> bool:
    return bool(rules.pattern("telling", "plural").fullmatch(words))


def antecedent(parse: Parse, number: int, rules: Rules, joins: str = "op") -> str:
    """The noun phrase that a relative clause or participle belongs to: what stands right before it.

    `joins`: classes of the prepositions by which another noun phrase may hang on it.
    """
    classes, clause = parse.classes, parse.clauses[number]
    before = parse.clauses[number - 1]
    end = clause.start
    if clause.opening == before.opening == "w" and classes[end - 1] == "c" and number > 1:
        return antecedent(parse, number - 1, rules)  # "which won a prize and which led to"
    while end > before.start and (
        classes[end - 1] in ",()"
        or classes[end - 2 : end] == ",u"
        or (classes[end - 1] == "e" and classes[end] == "Z")
        or (classes[end - 1] == "Z" and classes[end - 2] not in ("o", "d"))
    ):
        end -= 1
    told = classes[before.start] == before.opening == "g" and number > 1
    if not before.has_verb and not (told and clause.opening == "w" and classes[end - 1] in "#N"):
        start, end = subject_before(classes, before.start, end)
        named = _NAMED_LAST.search(classes[before.start : end]) if clause.opening == "w" else None
        if named:  # "edited by Dana Prewitt, and its own festival, Meltdown, which"
            return parse.words(before.start + named.start(1), end)
        if before.opening in ("e", "g", "w", "(") and number > 1:
            return antecedent(parse, number - 1, rules)
        as_one = classes.rfind("S", start, end)
        if start < as_one and classes[as_one + 1 : as_one + 2] in ("d", "N"):
            start = as_one + 1  # "clubs such as the Blue Heron, opened in 1947"
        name = left_of(classes, end, "N")
        if (
            classes[start] in "pS"
            and start < name < end
            and classes[name - 1] in "po"
            and rules.pattern("telling", "persons_only").match(parse.words(clause.start, clause.end))
        ):
            start = name  # "With a bequest from Lady Isabella Roche, who"
        while start < end - 1 and classes[start] in "pS":
            start += 1  # "Under the system, established in 1740,"
        return parse.words(start, end)
    first = before.verb[1] if before.verb[1] < end else before.verb[0]
    first = before.start + 1 if not before.has_verb else first
    person = rules.pattern("telling", "persons_only").match(parse.words(clause.start, clause.end))
    apposes = person or rules.pattern("telling", "which").match(parse.words(clause.start, clause.end))
    apposed = _APPOSITION.search(classes[:end], first) if apposes and classes[clause.start - 1] == "," else None
    if apposed:
        end = apposed.start() + len(apposed[1])
        if not person:
            start = end - len(apposed[1])
            return parse.words(start - (classes[start - 1] == "d"), end)  # "the Kessel, a club, which"
    start = end
    last = end + 1
    while start < last:  # noun phrases from right to left, as long as "of" or another preposition joins them
        last = start
        head = left_of(classes, start, "anNP#q")
        head -= head > first and classes[head - 1] == "d"
        if head <= first:
            start = first
            break
        start = head + (classes[head - 1] == "t")  # "to seize | areas"
        joins = "" if clause.opening == "(" else "o" if person else joins
        if (
            person
            and classes[start - 1] == "p"
            and classes[start - 2] == "n"
            and _is_led_by_person(parse, start - 1, rules)
        ):
            start -= 1  # "two students in Stockholm, who"
            continue
        if classes[start - 1] == "c" and _BARE.search(classes[:start]) and classes[start] == "n":
            start -= 1  # "an avalanche and ice-fall service, which"
            continue
        if person and classes[start - 1] == "c" and _BROTHERS.search(classes[:start]):
            start -= 1  # "the brothers Paul and Anton Weil, who"
            continue
        if classes[start - 1] not in joins or start - 1 <= first:
            break
        apart = clause.opening in ("w", "e") and classes[clause.start - 1] == "," and classes[end - 1] == "N"
        if apart and not rules.pattern("telling", "placing").fullmatch(parse.words(start - 1, start)):
            break  # "sold the patents to the Electric Telegraph Company, founded in 1846"
        if person and set(classes[start:end]) <= {"N", "P"} and not _is_led_by_person(parse, start - 1, rules):
            break  # "the conversion of Jacques Soustelle, who"
        start -= 1
    while start < end and classes[start] in "apgSto":
        start += 1
    return _agreeing(parse.words(start, end), parse.words(clause.verb[0], clause.verb[0] + 1), rules)


_NAMED_LAST = re.compile(r",(d?N+)$")
_BARE = re.compile(r"d[nN]c$")
_BROTHERS = re.compile(r"d?n+N+c$")
_APPOSITION = re.compile(r"(N+),d[^,;()]*$")  # "by Josef Hardt, an engineer trained in Zurich"


def _is_led_by_person(parse: Parse, token: int, rules: Rules) -> bool:
    """Is the noun before a token one for a person: "the president | of New Zealand"?"""
    word = parse.words(token - 1, token).lower().removesuffix("s") if token else ""
    telling = rules.lists.get("telling", {})
    named = word in telling.get("persons", ()) or word.endswith(tuple(telling.get("person_endings", ("\0",))))
    return parse.classes[token - 1 : token] != "n" or named


def _agreeing(phrase: str, verb: str, rules: Rules) -> str:
    """Of "the renewal of the cables", with "were", the cables."""
    head, of, rest = phrase.partition(" of ")
    telling = rules.lists.get("telling", {})
    if not of or verb not in (*telling.get("plural_verbs", ()), *telling.get("singular_verbs", ())):
        return phrase
    wanted = verb in telling["plural_verbs"]
    return rest if head.endswith("s") != wanted and rest.endswith("s") == wanted else phrase
