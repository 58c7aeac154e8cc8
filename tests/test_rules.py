"""The rules files: every rule proves itself by its own examples, and a broken file says where it is broken."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from importlib import resources

import pytest

from timeline.edtf import parse
from timeline.resolve import resolve
from timeline.rules import Rule, Rules, RulesError, from_toml, languages, load
from timeline.tag import tag

RULES = [(language, rule) for language in languages() for rule in load(language).rules]
EXAMPLES = [(language, rule, example) for language, rule in RULES for example in rule.examples]
COUNTEREXAMPLES = [(language, rule, text) for language, rule in RULES for text in rule.counterexamples]
BUILT_IN = {"word", "number", "space", "paragraph", "other", "-"}


def name(value: object) -> str | None:
    return value.name if isinstance(value, Rule) else None


# ------------------------------------------------------------------------------------------ proofs


def test_there_are_rules_for_english() -> None:
    assert "en" in languages()
    assert len(load("en").rules) > 50


@pytest.mark.parametrize(("language", "rule"), RULES, ids=name)
def test_a_rule_has_its_proof_beside_it(language: str, rule: Rule) -> None:
    assert rule.examples
    assert rule.counterexamples


@pytest.mark.parametrize(("language", "rule", "example"), EXAMPLES, ids=name)
def test_a_rule_finds_its_examples(language: str, rule: Rule, example: list[object]) -> None:
    rules = load(language)
    text, expression, meaning, *more = example
    published = more[0]["on"] if more else ""  # type: ignore[index]

    timexes = resolve(list(tag(str(text), rules)), str(text), rules, published)

    assert (expression, meaning) in [(t.text, t.edtf or t.value) for t in timexes if t.rule == rule.name]


@pytest.mark.parametrize(("language", "rule", "text"), COUNTEREXAMPLES, ids=name)
def test_a_rule_finds_nothing_in_its_counterexamples(language: str, rule: Rule, text: str) -> None:
    found = [text[f.start : f.end] for f in tag(text, load(language)) if f.rule.name == rule.name]

    assert found == []


@pytest.mark.parametrize("language", languages())
def test_no_two_rules_have_one_name(language: str) -> None:
    names = Counter(rule.name for rule in load(language).rules)

    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize(("language", "rule"), RULES, ids=name)
def test_a_rule_says_what_the_pipeline_understands(language: str, rule: Rule) -> None:
    assert rule.type in ("DATE", "TIME", "DURATION", "SET")
    assert rule.anchor in ("", "publication", "context")
    assert rule.via in ("", "dateparser")
    assert rule.value or rule.unit
    assert bool(rule.unit) == bool(rule.shift)
    for example in rule.examples:
        assert 3 <= len(example) <= 4
        if len(example) == 4:
            parse(example[3]["on"])


# ------------------------------------------------------------------------------------------ names


def classes(rules: Rules) -> set[str]:
    """Every class a pattern can name: those of the file, and what any token is."""
    return {*rules.words, *rules.capitals, *rules.numbers, *rules.shapes, *BUILT_IN}


@pytest.mark.parametrize(("language", "rule"), RULES, ids=name)
def test_every_class_of_a_pattern_exists(language: str, rule: Rule) -> None:
    rules = load(language)
    texts = [rule.pattern, rule.before, rule.after, rule.not_before, rule.not_after, *rules.parts.values()]
    named = {kind for text in texts for kind in re.findall(r"\{(?:\w+:)?(\w+)\}", text)}

    assert named <= classes(rules)


@pytest.mark.parametrize(("language", "rule"), RULES, ids=name)
def test_every_slot_of_a_template_is_in_the_pattern(language: str, rule: Rule) -> None:
    rules = load(language)
    pattern = rule.pattern
    while "@" in pattern:
        pattern = re.sub(r"@(\w+)", lambda part: rules.parts[part[1]], pattern)
    slots = set(re.findall(r"\{(\w+)", pattern))
    templates = (rule.value, rule.mod, rule.edtf, rule.unit, rule.shift, rule.direction, rule.back)

    year = {"year", "last"} if rule.edtf else set()  # what the anchor gave
    assert {slot for template in templates for slot in re.findall(r"\{(\w+)\}", template)} <= slots | year


@pytest.mark.parametrize("language", languages())
def test_every_class_and_part_is_used(language: str) -> None:
    rules = load(language)
    texts = [*rules.parts.values()]
    for rule in rules.rules:
        texts += [rule.pattern, rule.before, rule.after, rule.not_before, rule.not_after]
    joined = "\n".join(texts)
    used = set(re.findall(r"\{(?:\w+:)?(\w+)\}", joined)) | set(re.findall(r"@(\w+)", joined))

    assert classes(rules) - BUILT_IN - used == set()
    assert set(rules.parts) - used == set()


@pytest.mark.parametrize("language", languages())
def test_the_lists_of_regular_expressions_compile(language: str) -> None:
    lists = load(language).lists
    for table in ("ranges", "furniture", "not_events", "clauses"):
        for key, patterns in lists[table].items():
            for pattern in patterns:
                assert isinstance(pattern, str), (table, key)
                re.compile(pattern)


@pytest.mark.parametrize("language", languages())
def test_lists_are_in_small_letters(language: str) -> None:
    """Words are compared in small letters: a capital in a list would never match."""
    lists = load(language).lists
    for key in ("titles", "abbreviations", "starters", "stop_words", "hyphen_lead"):
        assert [word for word in lists.get(key, []) if word != word.lower()] == []


@pytest.mark.parametrize("language", languages())
def test_a_file_is_named_after_its_language(language: str) -> None:
    text = (resources.files("timeline") / "rules" / f"{language}.toml").read_text(encoding="utf-8")

    assert tomllib.loads(text)["language"] == language


# ------------------------------------------------------------------------------------------ a broken file

HEAD = 'language = "xx"\n[words.month]\nMarch = "03"\n'
BROKEN = [
    # what stands in the file after a good beginning, words of the message
    ('[[rule]]\nname = "in-march"\npattern = "{month}"\ncolour = "red"', "'in-march'.*colour.*a rule has.*pattern"),
    ('[[rule]]\nname = "in-march"', "'in-march'.*no pattern"),
    ('[[rule]]\npattern = "{month}"', "no name"),
    ('[[rule]]\nname = "in-march"\npattern = "({month}"', r"'in-march'.*'\(' without its '\)'"),
    ('[[rule]]\nname = "in-march"\npattern = "{month})"', r"'in-march'.*'\)' too many"),
    ('[[rule]]\nname = "in-march"\npattern = "{month} @yr"', r"'in-march'.*@yr is not in \[parts\]"),
    ('[[rule]]\nname = "in-march"\npattern = "{month}"\nbefore = "(in "', r"'in-march'.*'\(' without its '\)'"),
    ('[[rule]]\nname = "in-march"\npattern = "{month}"\nnot_after = "@yr"', r"'in-march'.*@yr is not in \[parts\]"),
    ("[rule]\nname = 'in-march'", r"\[rule\].*\[\[rule\]\]"),
]
KEYS = [
    # the keys of the rule "in-march", words of the message
    ("pattern = 5", "pattern = 5 is not a text"),
    ("pattern = ''", "may match nothing"),
    ("pattern = '{month}?'", "may match nothing"),
    ("pattern = '{month'", r"'{' that belongs to no class; write {class}"),
    ("pattern = 'month}'", r"'}' that belongs to no class"),
    ("pattern = '?{month}'", r"'\?' with nothing before it"),
    ("pattern = '{moon}'", r"{moon} is no class; define it in \[words\]"),
    ("pattern = '{m:moon}'", "{moon} is no class"),
    ("pattern = '{month}'\nafter = '{moon}'", "after: {moon} is no class"),
    ("pattern = '{month}'\nbefore = 'in |'", "before: .*may match nothing"),
    ("pattern = '{month}'\ntype = 'DAY'", "type = 'DAY'; write one of DATE, TIME, DURATION, SET"),
    ("pattern = '{month}'\nanchor = 'text'", "anchor = 'text'; write one of publication, context"),
    ("pattern = '{month}'\nvia = 'magic'", "via = 'magic'; write one of dateparser"),
    ("pattern = '{month}'\ntimex = 'no'", "timex = 'no' is not true or false"),
    ("pattern = '{month}'\nexamples = 'March'", "examples = 'March' is not a list"),
    *[
        (f"pattern = '{{month}}'\n{key} = '{{day}}'", f"{key}: {{day}} is no slot of the pattern; its slots: month")
        for key in ("value", "edtf", "mod", "shift", "unit", "direction", "back")
    ],
    ("pattern = '{m:month}'\nvalue = '{month}'", "value: {month} is no slot of the pattern; its slots: m"),
    ("pattern = '{month}'\nvalue = '{year}'", "value: {year} is no slot"),  # only edtf knows the anchor's year
    ("pattern = 'March'\nvalue = '{ month'", "value: {} is no slot of the pattern; its slots: none"),
]
TABLES = [
    # a whole file, words of the message
    ("", "no language.*language = "),
    ("language = 5", "no language"),
    ("language = 'xx'\nparts = 5", r"parts = 5 is no table; write \[parts\]"),
    ("language = 'xx'\n[words]\nmonth = 5", r"\[words\] month: 5 is no list of words"),
    ("language = 'xx'\n[words]\nmonth = ['']", r"\[words\] month.*is no list of words"),
    ("language = 'xx'\n[numbers]\nday = 5", r"\[numbers\] day: 5 .*write day = { from = 1"),
    ("language = 'xx'\n[numbers]\nday = { from = 1, to = 31 }", r"\[numbers\] day: .*digits = \[1, 2\]"),
    ("language = 'xx'\n[numbers]\nday = { from = 1, to = 31, digits = 2 }", r"\[numbers\] day: "),
    ("language = 'xx'\n[numbers]\nday = { from = '1', to = 31, digits = [2] }", r"\[numbers\] day: "),
    ("language = 'xx'\n[numbers]\nday = { from = 1, to = 31, digits = [2], step = 0 }", r"\[numbers\] day: "),
    ("language = 'xx'\n[numbers]\nday = { from = 1, to = 31, digits = [2], hop = 2 }", r"\[numbers\] day: "),
    ("language = 'xx'\n[shapes]\nplural = '[a-z'", r"\[shapes\] plural: '\[a-z' is no regular expression.*mend"),
    ("language = 'xx'\n[shapes]\nplural = 5", r"\[shapes\] plural: 5 is no regular expression"),
    ("language = 'xx'\n[parts]\nyr = 5", r"\[parts\] yr: 5 is no pattern; write it in quotes"),
    ("language = 'xx'\n[parts]\nyr = '{year}'", r"\[parts\] yr: {year} is no class"),
    ("language = 'xx'\n[parts]\nyr = 'the @yr'", r"\[parts\] yr: it names itself"),
    ("language = 'xx'\n[parts]\na = '@b'\nb = '@c'\nc = '@a'", r"\[parts\] [abc]: it names itself"),
]


@pytest.mark.parametrize(("more", "message"), BROKEN)
def test_a_broken_rule_is_named_with_the_reason(more: str, message: str) -> None:
    with pytest.raises(RulesError, match=message):
        from_toml(HEAD + more)


@pytest.mark.parametrize(("keys", "message"), KEYS)
def test_a_rule_that_names_what_there_is_not_is_an_error(keys: str, message: str) -> None:
    with pytest.raises(RulesError, match=f"rule 'in-march'.*{message}"):
        from_toml(f"{HEAD}[[rule]]\nname = 'in-march'\n{keys}")


@pytest.mark.parametrize(("text", "message"), TABLES)
def test_a_broken_table_is_named_with_the_next_move(text: str, message: str) -> None:
    with pytest.raises(RulesError, match=message):
        from_toml(text)


def test_a_part_may_be_left_out_of_a_part_and_edtf_may_name_the_year_of_the_anchor() -> None:
    rules = from_toml(
        f"{HEAD}[parts]\nthe = '(the )?'\n[[rule]]\nname = 'x'\npattern = '@the{{month}}'\nedtf = '{{year}}-{{month}}'"
    )

    assert [rule.edtf for rule in rules.rules] == ["{year}-{month}"]


def test_a_language_without_rules_is_an_error_that_names_those_there_are() -> None:
    with pytest.raises(RulesError, match=r"no rules for language 'tlh'; known: .*en.*timeline/rules/tlh\.toml"):
        load("tlh")


@pytest.mark.parametrize("language", ["../en", "", "en/../en", "EN\n", "."])
def test_a_language_is_a_name_and_no_path(language: str) -> None:
    with pytest.raises(RulesError):
        load(language)


# ------------------------------------------------------------------------------------------ how patterns are read


def small(pattern: str, more: str = "") -> Rules:
    return from_toml(
        f"""language = "xx"
        [words.month]
        March = "03"
        may = "05"
        [numbers]
        day = {{ from = 1, to = 31, digits = [1, 2], pad = 2 }}
        [parts]
        when = "({{month}}|{{day}}th)"
        [[rule]]
        name = "x"
        pattern = '{pattern}'
        {more}
        """
    )


@pytest.mark.parametrize(
    ("pattern", "more", "text", "found"),
    [
        ("{month}", "", "March march may MAY", ["March", "may", "MAY"]),  # a capital in the file asks for one
        ("{day} {month}", "", "3 March, 03 may, 32 March, 3march", ["3 March", "03 may"]),
        ("{day} {month}", "", "3\nMarch", ["3\nMarch"]),  # a line end is white space
        ("{day} {month}", "", "3\n\nMarch", []),  # a paragraph break is none
        ("{day}~{month}", "", "3-March 4 March 5–March", ["3-March", "4 March", "5–March"]),
        ("{day}-{month}", "", "3-March 4 March", ["3-March"]),
        ("(the )?{month}", "", "The March", ["The March"]),  # words in any case
        ("{month}( {day})?", "", "March 3, March", ["March 3", "March"]),  # the longest wins
        ("@when", "", "the 3th of March", ["3th", "March"]),
        ("{month} {day}|{month}", "", "March 3", ["March 3"]),
        ("{month}", 'before = "(in|since) "', "in March, of March", ["March"]),
        ("{month}", 'not_before = "the "', "the March, of March", ["March"]),
        ("{month}", 'after = " {day}"', "March 3, March", ["March"]),
        ("{month}", 'not_after = " {day}"', "March 3, may", ["may"]),
        ("{month} {word}", "", "March Hare", ["March Hare"]),
    ],
)
def test_a_pattern_means_what_the_head_of_the_file_says(pattern: str, more: str, text: str, found: list[str]) -> None:
    rules = small(pattern, more)

    if "hyphen_lead" not in rules.lists:
        rules.lists["hyphen_lead"] = []
    assert [text[f.start : f.end] for f in tag(text, rules)] == found


def test_of_two_equally_long_rules_the_first_wins() -> None:
    rules = from_toml(
        'language = "xx"\nhyphen_lead = []\n[words.month]\nMarch = "03"\n'
        '[[rule]]\nname = "b"\npattern = "{month}"\n[[rule]]\nname = "a"\npattern = "March"\n'
    )

    assert [f.rule.name for f in tag("March", rules)] == ["b"]


@pytest.mark.parametrize(
    ("spec", "token", "value"),
    [
        ("{ from = 1, to = 31, digits = [1, 2], pad = 2 }", "7", "07"),
        ("{ from = 1010, to = 2090, digits = [4], step = 10, keep = 3 }", "1950", "195"),
        ("{ from = 1010, to = 2090, digits = [4], step = 10, keep = 3 }", "1955", None),
        ("{ from = 30, to = 99, digits = [2], add = 1900 }", "68", "1968"),
        ("{ from = 30, to = 99, digits = [2], add = 1900 }", "068", None),
        ("{ from = 1, to = 22, digits = [1, 2], add = -1, pad = 2 }", "1", "00"),
    ],
)
def test_a_number_is_written_as_its_class_says(spec: str, token: str, value: str | None) -> None:
    rules = from_toml(
        f'language = "xx"\nhyphen_lead = []\n[numbers]\nn = {spec}\n[[rule]]\nname = "x"\npattern = "{{n}}"\n'
    )

    assert [f.slots["n"] for f in tag(token, rules)] == ([] if value is None else [value])


# ------------------------------------------------------------------------------------------ scripts without spaces

SIGNS = """language = "xx"
[numerals]
"〇" = 0
"一" = 1
"二" = 2
"四" = 4
"九" = 9
"十" = 10
"百" = 100
[words.era]
"c" = ["世纪", "世紀"]
[numbers]
year = { from = 1000, to = 2199, digits = [4] }
day = { from = 1, to = 31, digits = [1, 2], pad = 2 }
long = { from = 100, to = 999, digits = [3] }
[[rule]]
name = "year"
pattern = "{year}年"
[[rule]]
name = "day"
pattern = "{day}日"
[[rule]]
name = "century"
pattern = "{day}{era}"
[[rule]]
name = "long"
pattern = "{long}人"
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("于一九四九年", [("一九四九年", "1949")]),  # place by place
        ("1949年他", [("1949年", "1949")]),  # no space is needed around it
        ("十一日", [("十一日", "11")]),
        ("二十日和二十一日", [("二十日", "20"), ("二十一日", "21")]),  # ten and more multiply
        ("二百四十九人", [("二百四十九人", "249")]),
        ("四十日", []),  # out of bounds
        ("二十世纪 二十世紀", [("二十世纪", "20"), ("二十世紀", "20")]),  # listed words are cut out whole
    ],
)
def test_numerals_and_words_without_spaces(text: str, found: list[tuple[str, str]]) -> None:
    rules = from_toml(SIGNS)

    slots = [
        (text[f.start : f.end], f.slots.get("year") or f.slots.get("day") or f.slots["long"]) for f in tag(text, rules)
    ]
    assert slots == found


def test_a_numeral_is_one_sign_with_its_number() -> None:
    with pytest.raises(RulesError, match=r"\[numerals\] 十一: 11 is no numeral"):
        from_toml('language = "xx"\n[numerals]\n"十一" = 11')


@pytest.mark.parametrize(
    ("pattern", "sign"), [(r"\\({month}\\)", "(March)"), (r"{month}\\~", "March~"), (r"{month}\\?", "March?")]
)
def test_a_sign_of_the_notation_stands_for_itself_behind_a_backslash(pattern: str, sign: str) -> None:
    rules = from_toml(f'{HEAD}[[rule]]\nname = "x"\npattern = "{pattern}"')
    text = f"so {sign} it"

    assert [text[f.start : f.end] for f in tag(text, rules)] == [sign]
