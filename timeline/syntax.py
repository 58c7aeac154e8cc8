"""A shallow parse of a sentence: its clauses, and in each the subject, the verb and what follows.

A finite-state cascade in the manner of Abney ("Partial parsing via finite-state cascades", 1996): every word gets a
class from the lists [grammar] of its language, the classes are spelled as one letter each, verb groups are found in
that spelling, then the borders between clauses, by what stands before and behind them. No model and no dictionary of
nouns: what is in no list is taken for a noun or an adjective. A language without [grammar] has no parse.

    d determiner  n noun, adjective  N capitalised  P possessive  # figure  x pronoun (subject)  u pronoun (object)
    v past form  V present form  e past form or participle  R the same of a verb of saying  q participle  g -ing
    b be  h have  D do  m will, would  t to  p preposition  o of  c and, or, but  T that  w who, which
    s because, when  S after, as (also prepositions)  a adverb  Z a date  , ; ( ) punctuation (; also : and dashes)
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from .rules import Rules

_TOKEN = re.compile(
    r"(?:[A-Z]\.){2,}|[$€£¥]?\d(?:[\d.,:]*\d)?%?|\w+(?:[-'’&/.]\w+)*(?:['’](?=\s))?|[$€£¥%]|[,;:–—()\[\]]|-(?=\s)"
)
_SIGNS = {",": ",", ";": ";", ":": ";", "–": ";", "—": ";", "-": ";", "(": "(", ")": ")", "[": "(", "]": ")"}
_POSSESSIVE = ("'s", "’s", "s'", "s’")
_VERB = re.compile(
    r"[mD]a*(?:tna*)?(?:[bh]a*)*[nVveqhbgR]?"  # will be built, did not go, ought to have gone
    r"|ba*n?tna*[eqgR]?"  # is to be built, is due to open
    r"|ha*(?:ba*){0,2}[eqvgR]?"  # had been built, has
    r"|b(?:a*b)?a*[eqgR]?"  # was built, is being built, was
    r"|[vV]"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence with at most one finite verb; token numbers, half-open.

    `opening`: how it begins: "" the sentence, "c" and/but, "w" relative, "T" that, "s" a conjunction, "g" -ing,
    "e" participle, "m" a main clause behind another clause, ";" one behind a semicolon or dash, "(" brackets, "r"
    resumed behind an insertion. `verb` and `subject` are empty (start equal to end) if there are none.
    """

    start: int
    end: int
    opening: str
    verb: tuple[int, int]
    subject: tuple[int, int]

    @property
    def has_verb(self) -> bool:
        """Is there a finite verb?"""
        return self.verb[0] < self.verb[1]

    @property
    def has_subject(self) -> bool:
        """Does the clause name who does it?"""
        return self.subject[0] < self.subject[1]


@dataclass(frozen=True, slots=True)
class Parse:
    """A sentence's tokens (spans in characters of `text`), one letter a token, and its clauses in order.

    `dates`: character at which a date starts -> the number of its token.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    classes: str
    clauses: tuple[Clause, ...]
    dates: Mapping[int, int] = field(repr=False)

    def words(self, start: int, end: int) -> str:
        """The text from one token to before another."""
        return self.text[self.spans[start][0] : self.spans[end - 1][1]] if start < end else ""

    def clause_at(self, token: int) -> int:
        """The number of the clause that holds a token; of one between two clauses, the one before it."""
        return max(0, bisect_right([clause.start for clause in self.clauses], token) - 1)

    def span(self, number: int) -> tuple[int, int]:
        """The characters of a clause, half-open."""
        clause = self.clauses[number]
        return self.spans[clause.start][0], self.spans[clause.end - 1][1]


def parse(text: str, dates: Sequence[tuple[int, int]], rules: Rules) -> Parse | None:
    """Parse one sentence in linear time; `dates` are the spans of its dates, in order, each read as one word.

    None if the language has no [grammar], or the sentence no word.
    """
    if "grammar" not in rules.lists:
        return None
    spans, raw, places = _tokens(text, dates, rules)
    if not spans:
        return None
    classes = _in_context(raw)
    return Parse(text, tuple(spans), classes, tuple(_clauses(classes)), places)


# ------------------------------------------------------------------------------------------------ tokens


def _tokens(
    text: str, dates: Sequence[tuple[int, int]], rules: Rules
) -> tuple[list[tuple[int, int]], str, dict[int, int]]:
    spans: list[tuple[int, int]] = []
    letters: list[str] = []
    places: dict[int, int] = {}
    position = 0
    for start, end in [*dates, (len(text), len(text))]:
        if (
            letters[-1:] == ["Z"]
            and text[position - 1 : position] != ")"
            and text[position : position + 2] in ("'s", "’s")
        ):
            position += 2  # "yesterday's collision"
        for match in _TOKEN.finditer(text, position, start):
            spans.append(match.span())
            letters.append(_letter(match[0], rules, not letters))
            if (
                letters[0] == "g"
                and len(letters) == 2
                and letters[1] in _FINITE
                and not _is_auxiliary(text[slice(*spans[0])], rules)
            ):
                letters[0] = "n"  # "Salting resumed"
            if letters[-1] == "#" and letters[-2:-1] == ["p"] and _is_about(text[slice(*spans[-2])], rules):
                letters[-2] = "d"  # "about 500 people"
        if start < position:  # within the date before it
            places[start] = len(spans) - 1
        elif start < end:
            places[start] = len(spans)
            if letters and letters[-1] == "(" and text[end : end + 1] == ")":  # "the move (May 1931) was": no insertion
                letters.pop()
                opened, end = spans.pop()[0], end + 1
                places[start] = len(spans)
                spans.append((opened, end))
            else:
                spans.append((start, end))
            letters.append("Z")
        position = max(position, end)
    return spans, "".join(letters), places


_FINITE = ("e", "v", "b", "h", "m", "R", "D")


def _is_auxiliary(word: str, rules: Rules) -> bool:
    return word.lower() in rules.lists["grammar"].get("ing", {}).get("words", ())


def _is_about(word: str, rules: Rules) -> bool:
    return word.lower() in rules.lists.get("telling", {}).get("about", ())


@lru_cache(maxsize=100_000)
def _letter(word: str, rules: Rules, first: bool) -> str:
    sign = _SIGNS.get(word)
    if sign:
        return sign
    head = word[0]
    if head.isdigit() or head in "$€£¥%":
        return "#"
    if word.endswith(_POSSESSIVE):
        return "P"
    letter = rules.word_classes[word if not first else word[0].lower() + word[1:]]
    if head.isupper() and not first and letter in "nevVqgaR":
        return "N"
    return "N" if head.isupper() and letter == "n" else letter


def _in_context(raw: str) -> str:
    """The classes where the neighbours decide: "the left bank", "by armed men", "to offer"."""
    letters = list(raw)
    for index, letter in enumerate(raw):
        before = letters[index - 1] if index else ""
        after = raw[index + 1] if index + 1 < len(raw) else ""
        if letter in "eqR":
            earlier = letters[index - 2] if index > 1 else ""
            attributive = before in ("d", "P", "#") or (before in ("p", "o", "a", "c", "g") and after in ("n", "N"))
            if before == "d" and index > 1 and letters[index - 2] == "," and after in ("p", "Z"):
                continue  # ", both opened in 1969"
            if before == "g" and raw[index - 1] == "b":
                continue  # "having been declared bankrupt"
            if attributive and (
                before in tuple("dP#pog") or earlier in tuple("dP#po") or (before == "c" and earlier == "n")
            ):
                letters[index] = "n" if after in tuple("nNeg#") or before in "dP" else letter
        elif letter == "s" and after == "o":
            letters[index] = "p"  # "because of"
        elif letter == "n" and before == "x" and raw[index - 1] == "x" and after != "V":
            letters[index] = "V"  # "We recommend"
        elif letter == "V" and not index:
            letters[index] = "n"  # "Plans for a museum"
        elif letter in "vV" and (before in ("d", "P", "t", "p", "o") or (letter == "V" and after in ("o",))):
            letters[index] = "n"
        elif letter == "g" and before in ("d", "p", "o", "P", "n"):
            is_noun = (
                before in "dP" or after in "nNo" or (before in "po" and after in _FINITE)
            )  # "A ban on fishing was"
            letters[index] = "n" if is_noun else letter
        elif letter == "T" and (before in ("", "p", "o", "t") or (before in "c," and after in "nN")):
            letters[index] = (
                "d" if after in "nN" else "x" if after and after in "bhmvVDeR" else "u" if before in "po" else letter
            )
        elif letter == "d" and before and before in "evRVg" and (not after or after in "p,;sStc"):
            letters[index] = "u"  # "occupied her for years"
        elif letter == "v" and (before == "b" or (before == "a" and index > 1 and letters[index - 2] == "b")):
            letters[index] = "e"  # "was refused"
        elif letter == "b" and before == "g":
            letters[index] = "g"  # "having been offered"
        elif letter == "#" and before in ("b", "h") and after in ("e", "q", "R"):
            letters[index] = "a"  # "was first heard"
        elif letter == "m" and before in ("n", "N", "d") and after in ("", "p", "o", ",", "Z"):
            letters[index] = "n"  # "a two-piece can on the market"
        elif letter in "hbD" and before == "t":
            letters[index] = "n"
        elif letter == "t" and after and after in "dNP#":
            letters[index] = "p"
        elif letter == "x" and before and (before in "po" or (before in "evgRV" and after not in "bhmDvVeRa")):
            letters[index] = "u"  # "sold it to", "about it"
    return "".join(letters)


# ------------------------------------------------------------------------------------------------ clauses


@dataclass
class _Open:
    """The clause that is being read."""

    start: int
    opening: str
    has_verb: bool = False


@dataclass
class _Draft:
    """A clause that is being read."""

    start: int
    opening: str
    verb: tuple[int, int] | None = None


def _clauses(classes: str) -> list[Clause]:
    """The clauses, in one scan from left to right."""
    scan = _Scan(classes)
    clauses: list[Clause] = []
    drafts = scan.drafts()
    ends = [*(draft.start for draft in drafts[1:]), len(classes)]
    for draft, end in zip(drafts, ends, strict=True):
        while end > draft.start and (classes[end - 1] in ",;)(" or classes[end - 2 : end] == ",u"):
            end -= 1
        if draft.start < end:
            verb = draft.verb or (draft.start, draft.start)
            clauses.append(
                Clause(
                    draft.start, end, draft.opening, verb, subject_before(classes, draft.start, verb[0], draft.opening)
                )
            )
    return clauses


class _Scan:
    """One scan over the classes of a sentence, with what has been read so far."""

    def __init__(self, classes: str) -> None:
        self.classes = classes
        self.groups = {match.start(): match.end() for match in _VERB.finditer(classes)}
        inside = {i for start, end in self.groups.items() for i in range(start, end)}
        self.forms = {i for i, letter in enumerate(classes) if letter in "eR" and i not in inside}
        self.stops = _next_match(classes, _STOP)
        self.verb_at = _nearest(len(classes), self.groups.keys() | self.forms)
        self.sure_at = _nearest(len(classes), self.groups.keys())
        self.waiting: list[_Draft] = []  # clauses interrupted before their verb, the innermost last

    def drafts(self) -> list[_Draft]:
        """The clauses in order."""
        opening = "s" if self.classes[0] in "sS" and self._tells(1) else ""
        led = _PARTICIPIAL.match(self.classes)
        absolute = _FREE.match(self.classes)
        if absolute and self._is_clause(absolute.end()):  # "The company having run out of money in 1891, it closed"
            opening = "g"
        if led and (self._is_clause(led.end()) or _LED_BY_PARTICIPLE.match(self.classes)):
            # "Founded in 1871, the bank failed"; "Flooded in 1828, when six men drowned, it was bricked up"
            opening = "g" if self.classes[0] == "g" else "e"
        drafts = [_Draft(0, opening)]
        index = 0
        while index < len(self.classes):
            current = drafts[-1]
            end = self.groups.get(index) or (index + 1 if index in self.forms and self._is_finite(index, drafts) else 0)
            if end:
                if current.verb is None or index == current.start:
                    current.verb = (index, end)
                elif self.waiting:  # "the sanctions that followed the war | changed trade"
                    drafts.append(self._resumed(index, end))
                index = end
                if self.classes[end - 1] == "R":
                    told = end
                    while told < len(self.classes) and self.classes[told] in "Za":
                        told += 1
                    if self._is_clause(told):  # "said | the flight passed"
                        drafts.append(_Draft(told, "T"))
                        index = told
                continue
            start, opening = self._border(index, drafts)
            if opening and start < len(self.classes):
                if opening in "weg(" and current.verb is None and current.opening in ("", "m", "c", ";", "T", "s", "r"):
                    self.waiting.append(current)
                drafts.append(self._resumed(start, 0) if opening == "r" else _Draft(start, opening))
                if opening in "m;":
                    self.waiting.clear()
                index = max(start, index + 1)
            else:
                index += 1
        return drafts

    def _resumed(self, start: int, end: int) -> _Draft:
        if self.waiting:
            self.waiting.pop()
        return _Draft(start, "r", (start, end) if end else None)

    def _is_finite(self, index: int, drafts: Sequence[_Draft]) -> bool:
        """Is a form that can be a past or a participle a past here?"""
        classes, current = self.classes, drafts[-1]
        before = classes[:index].rstrip("a")[-1:]
        after = classes[index + 1 : index + 2]
        if before == "w" and after in ("n", "N") and self.sure_at[index + 1] < self.stops[index]:
            return False  # "at which honoured guests ate"
        if before in ("w", "T", "x"):
            return True
        if current.opening == "c" and current.verb is None and _ADVERBIALS.fullmatch(classes, current.start + 1, index):
            return True  # "and in 1950 moved"
        if before == "c":
            joined = current.opening == "c" and current.start == index - 1
            return joined or (current.opening != "e" and (current.verb is not None or current.opening == "r"))
        if before in ("", "p", "o", "t", "d", "s", "S", "g"):
            return False
        if current.verb is not None:  # "the carpenter who built the organ | died"
            return current.opening == "w" and bool(self.waiting) and before in ("n", "N", "Z", "#") and after != "o"
        if current.opening == "w" and self.waiting and classes[index] != "q":
            return True  # "the organ that the abbey bought | came"
        if before == ",":
            return index == current.start and current.opening in ("r", "c")
        if current.opening == "e" and index == current.start:
            return False
        if _ADJUNCT.fullmatch(classes, current.start, index):
            return False  # "In a report published last month the office called"
        if classes[index] == "R":
            return True
        stop = self.stops[index]
        if (
            classes[stop : stop + 1] == ","
            and _APPOSED_HEAD.search(classes[:index])
            and self.verb_at[stop + 1] == stop + 1
        ):
            return False  # "Kern, a firm founded in 1890, delivered"
        sure = self.sure_at[index]
        goes_on = _JOINED.search(classes[: sure + 1], index)  # "closed in 1985 as prices fell"
        if sure < stop and not goes_on:
            return False
        form = self.verb_at[index + 1]
        bare = after in ("p", "Z", "t", "a")
        if bare and current.opening in ("", "m", ";") and _RESUMED.match(classes, index):
            return False  # "A plan commissioned from Kron, published in 1953, recommended"
        goes_on = re.search("[cS]", classes[index:form])
        return not (bare and form < stop and not goes_on and classes[form - 1] in "nNZ#P)")

    def _border(self, index: int, drafts: Sequence[_Draft]) -> tuple[int, str]:
        """Whether a clause begins at or behind a token: its first token, and its opening ("" if not)."""
        classes, current = self.classes, drafts[-1]
        letter = classes[index]
        after = self._behind_adverbials(index, current)
        follows = classes[after : after + 1]
        inner = index > current.start
        if letter == ";" and classes.count("(", 0, index) > classes.count(")", 0, index):  # "(born 1886; died 1961)"
            return index + 1, "e" if follows in ("e", "q") else "("
        if letter == ";":
            led = _PARTICIPIAL.match(classes, index + 1)
            if led and self._is_clause(led.end()):  # "; opened in 1870, it carried"
                return index + 1, "g" if follows == "g" else "e"
            return index + 1, "s" if classes[index + 1 : index + 2] == "s" else ";"
        if letter == "Z" and current.verb and current.opening == "s" and classes[index + 1 : index + 2] in _NOUN:
            return index + 1, "m"  # "When war broke out in 1914 | she was abroad"
        if (
            letter in "xd"
            and inner
            and current.verb is None
            and classes[index - 1] in "nN"
            and self._is_contact(index, current.start, current.opening)
        ):
            return index, "w"  # "The stakes | she had set"
        if letter == "(":
            return (index, "") if _NAMED.match(classes, index) else (index + 1, "(")
        if letter == ")":
            opened = classes.rfind("(", 0, index)
            if opened >= 0 and _NAMED.match(classes, opened):
                return index, ""
            return index + 1, "r" if any(draft.opening == "(" for draft in drafts) else ""
        whole = _COURSE.search(classes[:index]) if letter == "o" and follows == "w" else None
        if whole and whole.start(1) > current.start:
            return whole.start(1), "w"  # ", in the course | of which"
        if letter == "w" or (letter in "pSo" and follows == "w"):
            begun = current.opening == "w" and "w" not in classes[current.start : index]  # "of | which"
            return index, "w" if inner and not begun else ""
        apposed = _APPOSED_SUBJECT.match(classes, index) if letter in "sS" else None
        if inner and apposed and apposed.end() in self.groups:
            return index, "s"  # "after their drummer, Bobby Lund, was drafted"
        dated = _AFTER_DATE.match(classes, index) if letter == "S" else None  # "until, on Christmas Eve, a stroke"
        if inner and (
            letter == "s" or (letter == "S" and (self._tells(index + 1) or (dated and self._is_clause(dated.end()))))
        ):
            return index, "s"
        if letter == "T" and inner:
            relative = after in self.groups or after in self.forms or current.verb is None
            return index, "w" if relative else "T"
        if letter == "c":
            dated_first = after > index + 1 and current.verb is not None  # "and in 1950 moved"
            if after in self.groups or (after in self.forms and (dated_first or self._is_finite(after, drafts))):
                return index, "c"
            told = current.verb is not None or current.opening in ("g", "e")
            clause = self._is_clause(after) or (current.verb and self._is_interrupted(after))
            return index, "c" if told and clause else ""
        return self._comma(index + 1, classes[index + 1 : index + 2], drafts) if letter == "," else (index, "")

    def _behind_adverbials(self, index: int, current: _Draft) -> int:
        """The token behind a comma or "and", and behind the adverbials between it and a subject or verb."""
        classes, letter, begin = self.classes, self.classes[index], index + 1
        if letter not in ",c":
            return begin
        skipped = _ADVERBIALS.match(classes, begin)
        after = skipped.end() if skipped else begin
        aside = _APPOSED_DATE.match(classes, begin)
        if aside and self._is_clause(aside.end()):  # "and in 1913, the last year of peace, the network carried"
            after = aside.end()
        if letter == ",":
            return after
        inserted = _PARENTHETIC.match(classes, begin)
        if inserted and (inserted.end() in self.groups or inserted.end() in self.forms):
            after = inserted.end()  # "called and, on his account, was told"
        led = _LED.match(classes, begin)
        if led and self._is_clause(led.end()):  # "and after leaks in Chicago in 1929 the search was stepped up"
            after = led.end()
            self.forms.difference_update(range(begin, after))
        placed = _PLACED.match(classes, begin) if current.verb is not None else None
        if placed and self._is_clause(placed.end()):  # "and in the south the army fell back"
            after = placed.end()
        return after

    def _comma(self, begin: int, follows: str, drafts: Sequence[_Draft]) -> tuple[int, str]:
        """The same behind a comma; `begin` is the token behind it, and `follows` its class."""
        current = drafts[-1]
        insertion = bool(self.waiting) and current.opening in ("w", "e", "g")
        if PART_OF.match(self.classes, begin):  # ", the first of which arrived"
            return begin, "w"
        if _ABSOLUTE.match(self.classes, begin):  # ", with a pipeline going into operation", ", silt having been seen"
            return begin + (self.classes[begin] == "p"), "g"
        if self.classes[begin - 2 : begin - 1] == "N" and _PLACE_IN.match(self.classes, begin):
            return begin, ""  # "moved to Romford, Essex and production changed"
        if _ITSELF.match(self.classes, begin):
            return begin + 1, "e"  # "a college, itself founded in 1847"
        if _BOTH.match(self.classes, begin):
            return begin, "e"  # "the tower and the refectory, both opened in October 1969"
        if current.verb is None and _SO_NAMED.match(self.classes, begin):
            return begin, "e"  # "Western Union, so named in 1856, completed"
        if current.verb is None and _AMONG_THEM.match(self.classes, begin):
            return begin, "("
        if follows and follows in "csSTwp":
            return begin, ""  # decided there
        if follows == "g":
            return begin, "g"
        inserted = current.verb is None and "," in self.classes[current.start : begin - 1]
        if inserted and not insertion and _LATER.match(self.classes, begin):
            return begin, "e"  # "The hall, a shed, designed by Ames and built in 1990, opened"
        if begin in self.groups or ((insertion or inserted) and begin in self.forms):
            return begin, "r"
        if current.verb is not None and begin in self.forms and self._is_listed(begin):
            return begin, "c"  # "was founded, moved to Brno and closed"
        if follows and follows in "eqR":
            return begin, "e"
        if current.verb is not None and self._is_clause(begin) and not self._is_apposed(begin):
            return begin, "m"
        if current.opening in ("s", "g", "e") and (self._is_clause(begin) or _is_fronted(drafts)) and follows in _NOUN:
            return begin, "m"
        return begin, ""

    def _is_interrupted(self, index: int) -> bool:
        """Does a clause begin here whose verb comes only behind a relative clause: "and turnover, which ..., fell"?"""
        led = _INTERRUPTED.match(self.classes, index)
        if not led:
            return False
        if self.classes[led.end() - 1] != "w":  # "the first cars, drawn by horses, left"
            comma = self.classes.find(",", led.end())
            return comma > 0 and self.verb_at[comma] == comma + 1
        comma = self.classes.find(",", self.verb_at[index])
        return comma > 0 and self.verb_at[comma] < len(self.classes)

    def _is_listed(self, index: int) -> bool:
        """Is a form behind a comma one of a list of verbs: with an object, or joined by "and" to a last one?"""
        joined = _LISTED.match(self.classes, index)
        if joined is None:
            return False
        has_object = self.classes[index + 1 : index + 2] in ("d", "n", "N", "P", "#", "u")
        return has_object or "," not in self.classes[index : joined.end(1)]

    def _is_apposed(self, index: int) -> bool:
        """Does an apposition begin here that a relative clause follows: ", an engineer trained in Zurich, who"?"""
        return bool(_APPOSED.match(self.classes, index))

    def _is_contact(self, index: int, begin: int, opening: str) -> bool:
        """Does a relative clause without "that" begin here: a noun or pronoun, its verb, and then another verb?"""
        verb = self.verb_at[index + 1]
        if verb >= self.stops[index] or not re.fullmatch(r"xa*|d[nN#P]+", self.classes[index:verb]):
            return False
        if self.classes[index] == "x" and opening != "T" and _PURE.fullmatch(self.classes, begin, index):
            return self.verb_at[self.groups.get(verb, verb + 1)] < self.stops[index]  # "The company he formed | failed"
        return self.sure_at[self.groups.get(verb, verb + 1)] < self.stops[index]

    def _is_clause(self, start: int) -> bool:
        """Does a noun phrase with its verb begin here, nothing but nouns and their prepositions between?"""
        verb = self.verb_at[start] if start < len(self.classes) else start
        return (
            self.classes[start : start + 1] != "u"
            and start < verb < len(self.classes)
            and bool(_PHRASE.fullmatch(self.classes, start, verb))
        )

    def _tells(self, start: int) -> bool:
        """Does a verb come before the next border, so that "after" opens a clause?"""
        if start >= len(self.classes) or self.classes[start] in "Zg":
            return False
        if self.classes[start - 1] == "S" and _LED_BY_NOUN.match(self.classes, start):
            return False  # "After the war a factory was built"
        verb = self.verb_at[start]
        between = self.classes[start:verb]
        if "Z" in between and verb in self.forms and self.classes[verb + 1 : verb + 2] in ("t", "p"):
            return False  # "as governor in January 1955 determined to restore peace"
        if not start < verb < self.stops[start] or "c" in between:
            return False
        return not re.search(r"Z[dNP]", between)  # "After the crisis of 2009 the bank sold"


_PHRASE = re.compile(r"[dnNP#xuaoZ]+(?:c[dnNP#o]+)?(?:p[dnNP#oZ]+)*(?:\([dnNP#oa]{1,6}\))?(?:,[dnNP#poc]+,)?a*")
_STOP = re.compile(r"[;,()wTs]")
_ADVERBIALS = re.compile(r"(?:a|[pS]*d?Z,?)*")
_PARTICIPIAL = re.compile(r"a?[eqgR][^;,(wTs]*(?:,c?[eq][^;,(wTs]*)?,")
_LED_BY_PARTICIPLE = re.compile(r"[eq]p?d?Z[^,;(wTs]*,s")
_FREE = re.compile(r"(?:[dnNP#]{1,6}|x)g[nbg]?a*[eqR][^,;(wTs]*,")
_ADJUNCT = re.compile(r"[a,]*p[pt]?d?(?:[n#P]+|N+)(?:od?(?:[n#P]+|N+))*")
_LED_BY_NOUN = re.compile(r"d[nN]+d(?!q)")
_PURE = re.compile(r"d[nN#]+")
_APPOSED_SUBJECT = re.compile(r"[sS]d?[nNP]+,d?[nNP]+(?:[po]d?[nN]+)*,")
_APPOSED_HEAD = re.compile(r"N,d[nN]+$")
_LATER = re.compile(r"[eq]p[^,;()wTs]*,(?=[eRvbhm])")
_SO_NAMED = re.compile(r"[Sa]+[eq](?=[ptZNn,])")
_AMONG_THEM = re.compile(r"pu[dN#]")
_PLACED = re.compile(r"[pS]d?[nN]+(?:[pSo]d?[nN]+)*(?=d)")
_PARENTHETIC = re.compile(r",[pS]d?[nN]+(?:od?[nN]+)*,")
_COURSE = re.compile(r"(p(?:d?n)?)$")
_PLACE_IN = re.compile(r"N+,?cd?n+(?:[eRvh]|b)")
_ITSELF = re.compile(r"u[eq](?=[pZ])")
_BOTH = re.compile(r"d[eq](?=[pZ])")
_AFTER_DATE = re.compile(r"S,?[pS]?d?Z,")
_LISTED = re.compile(
    r"([eR]a*[^;(wTs]*?c)(?:,[^,;(wTs]*,)?[ap]*d?Z?a*(?:[eRv]|ha*[eqv]|ba*[eq])"
)  # ", moved to Brno and closed"
_INTERRUPTED = re.compile(r"[dnNP#]+,(?:w|a*[eq](?=[ptZ])|[SpnN#oPda]?[dnNP#opZa]*[nNaZ](?=,))")
_LED = re.compile(r"[pS]d?[nNP#]+(?:[po]?d?[nNP#]+)*(?:[eqR][po]d?[nNP#]+)?(?:[pS]d?)Z(?=[dNP])")
_APPOSED_DATE = re.compile(r"[pS]d?Z,(?:d[n#]+(?:on+)?|(?:[d#n]+|Z)[pS][dnNP#o]+),(?=[dN#])")
_NAMED = re.compile(r"\([dnNP#oa]{1,6}\)")  # brackets that only name: "the Fund (IMF)"
PART_OF = re.compile(r"d{0,2}[#n]{0,3}(?<=[d#n])ow")
_APPOSED = re.compile(r"d[nN]+e[pt][^,;()wTs]*,(?:w|[pS]d?Z)")
_RESUMED = re.compile(r"e[^,;()wTs]*,[eq][^,;()wTs]*,a?[eRvbhm]")
_JOINED = re.compile(r"c|S[dnNP#x]+v$")
_ABSOLUTE = re.compile(r"p[dnNP#]+g|(?:[dnNP#]{1,5}|x)g[nbg]?a*[eqR]|d?n?N+g(?=[dnPN])")
_NOUN = ("d", "n", "N", "P", "#", "x")


def _is_fronted(drafts: Sequence[_Draft]) -> bool:
    """Does the clause at hand come before the main one ("After the war ended, the firm ...")?"""
    told = any(draft.verb and draft.opening in ("", "m", "r", ";") for draft in drafts)
    return not told and drafts[-1].verb is not None


def _nearest(length: int, places: Collection[int]) -> list[int]:
    """For each token the first of some places at or behind it; `length` if there is none."""
    nearest = [length] * (length + 1)
    for index in range(length - 1, -1, -1):
        nearest[index] = index if index in places else nearest[index + 1]
    return nearest


def _next_match(classes: str, pattern: re.Pattern[str]) -> list[int]:
    return _nearest(len(classes), {match.start() for match in pattern.finditer(classes)})


_ASIDE = re.compile(r"d[nN],(?=[dN])|np[udnNP#op]+,(?=[dNP#])|(?:d?#+n*[pS]|n+S)[dnNP#o]+,(?=[dN#])|d[n#]+on,(?=d)")
_DATED_SUBJECT = re.compile(r"(?<=[nN])(?:[pS]d?)?Z$")
_PLACED_NAME = re.compile(r"pN{3,},d[nNc]+(?:,|$)")
_NAMING = re.compile(r".p.*[nN]$")  # "Lines to Strasbourg (1798)"
_OF_WHICH = re.compile(r"p(?:d?n)?ow")
_OPENING = re.compile(
    r"[pS]d?[n#]+(?:od?n+)*(?=N)|[pS]d[nN#]+(?:od?[nN#]+)*(?=d)|[pS]N+(?=d)|pu(?=[dN])|[pS]dZn+(?=[dN#])|p[dnN]+,N,|(?:p[dnN]+)+,N+,(?=d)|p[dnNP#o]+(?:,[dnNP#o]+)*,?c[dnNP#o]+,(?=[dnNx#])"
)  # "At the meeting | Russia pledged"


def subject_before(classes: str, start: int, end: int, opening: str = "s") -> tuple[int, int]:
    """The subject between the start of a clause and its verb at `end`: without conjunctions and opening adverbials.

    `opening`: that of the clause; "after" is a conjunction only if it opens one.
    """
    first, last = start, end
    while first < last and classes[first] in ("csSTwa," if opening == "s" else "csTwa,"):
        first += 2 if classes[first : first + 2] == "SZ" else 1
    if classes[first : first + 2] == "pu" and opening == "(":
        first += 2  # "among them a report"
    if classes[first : first + 2] == "#," and first + 2 < last:  # "First, the bank"
        first += 2
    while first + 1 < last and classes[first] in "pSo" and classes[first + 1] == "w":
        first += 2  # "on which work had begun"
    course = _OF_WHICH.match(classes, first, last)
    first = course.end() if course else first
    while first < last:
        led = _OPENING.match(classes, first, last)
        if led:
            first = led.end()
            break
        comma = classes.find(",", first, last)
        date = classes.find("Z", first, last)
        attributive = date > first and classes[date - 1] == "d" and classes[date + 1 : date + 2] in ("n", "N")
        if attributive and 0 <= date < comma:  # "In a 1908 interview with Creel, the king said"
            first = comma + 1
            continue
        if classes[first] not in "opSZeqgt" and (not 0 <= date < comma or _NAMING.search(classes[first:date])):
            break
        if _PLACED_NAME.match(classes, first, last):  # "In Sweden Abraham Edelcrantz, a nobleman and poet, sent"
            return first, comma
        if comma >= 0 and not 0 <= date < comma - 1:
            first = comma + 1
        elif first == date and date + 1 == last and opening != "c":  # "2021 was a good year"
            break
        elif date >= 0:  # "In 1972 the president went", "In 1995, 2001 and 2013 the river"
            first = date + 1
        elif comma >= 0:
            first = comma + 1
        else:
            break
        while first < last and classes[first] in "a,c":
            first += 1
        more = _OPENING.match(classes, first, last)  # "From 1943 until the end of the war | American sailors"
        first = more.end() if more else first
        aside = _ASIDE.match(classes, first, last)  # "on 9 July, a Saturday, a band"
        first = aside.end() if aside else first
    while last > first and classes[last - 1] in "a,":
        last -= 1
    dated = _DATED_SUBJECT.search(classes[first:last])  # "the parties | on 8 April 2013 | signed"
    return first, first + dated.start() if dated else last


def phrase_start(classes: str, end: int, letters: str) -> int:
    """Where the noun phrase begins that a run of some letters ends with: at its last determiner, if it has one."""
    start = left_of(classes, end, letters)
    last = classes.rfind("d", start, end)
    return left_of(classes, last, "d") if last > start else start


def left_of(classes: str, end: int, letters: str) -> int:
    """Where the run of some letters begins that ends at `end`."""
    while end and classes[end - 1] in letters:
        end -= 1
    return end
