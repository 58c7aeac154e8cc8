"""How well dates are read and events are found: the measures themselves, and that no recorded figure falls.

Some of the annotated texts are no part of the project: TIMELINE_CORPORA and TIMELINE_ARTICLES name their folders.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parent / "bench"
sys.path.append(str(BENCH))  # last: a program there is called dashboard, as our package is

import events  # noqa: E402
import quality  # noqa: E402
import tempeval  # noqa: E402
from taggers import OURS, ours, run  # noqa: E402
from tempeval import Counts, Document, Timex, pairs, part, read, score  # noqa: E402

TOLERANCE = 0.05  # points of F1
RECORD_IT = "python tests/bench/quality.py --corpora FOLDER --record"
CORPORA = os.environ.get("TIMELINE_CORPORA", "")
RECORDED = json.loads(quality.RECORD.read_text("utf-8"))["f1"] if quality.RECORD.exists() else {}

TML = """<?xml version="1.0"?>
<TimeML><DOCID>a</DOCID>
<DCT><TIMEX3 tid="t0" type="DATE" value="2021-03-02">March 2, 2021</TIMEX3></DCT>
<TEXT>
They <EVENT eid="e1">met</EVENT> on <TIMEX3 tid="t1" type="DATE" value="1969-03-02">2 <b>March</b> 1969 </TIMEX3>&amp;
<TIMEX3 tid="t2" type="DURATION" value="P2D"/>talked for <TIMEX3 tid="t3" type="DURATION" value="P2D">two days</TIMEX3>.
</TEXT></TimeML>
"""


def spans(text: str) -> list[Timex]:
    """Expressions from a drawing: "aa.bbb" is one from 0 to 2 and one from 3 to 6; the letter is the value."""
    return [
        Timex(text.index(letter), text.rindex(letter) + 1, "DATE", letter)
        for letter in dict.fromkeys(text)
        if letter.isalpha()
    ]


@pytest.mark.parametrize(
    ("gold", "tagged", "strict", "relaxed", "value"),
    [
        ("aa.bb", "aa.bb", 2, 2, 2),
        ("aa.bb", "cc.bb", 2, 2, 1),
        ("aaaa", ".aa.", 0, 1, 1),  # too short
        (".aa.", "aaaa", 0, 1, 1),  # too long
        ("aa..", "..aa", 0, 0, 0),  # they touch, and share nothing
        ("aa.bb", "aaaaa", 0, 1, 1),  # one expression for two: one of them is missed
        ("aaaaa", "aa.bb", 0, 1, 1),  # two for one: the other is too much
        ("aabbbb", "..bbbb", 1, 1, 1),
        ("aaabbb", "aacccc", 0, 2, 1),  # each has its partner, though the second shares more with both
        ("", "aa", 0, 0, 0),
        ("aa", "", 0, 0, 0),
    ],
)
def test_expressions_are_compared(gold: str, tagged: str, strict: int, relaxed: int, value: int) -> None:
    counts = score(spans(gold), spans(tagged))

    assert (counts.gold, counts.tagged) == (len(spans(gold)), len(spans(tagged)))
    assert counts.right == (strict, relaxed, relaxed, value, counts.right[4])
    assert counts.right[4] <= min(strict, value)


def test_equal_spans_are_partners_before_any_other() -> None:
    gold = [Timex(0, 9), Timex(4, 6)]

    assert list(pairs(gold, [Timex(4, 6)])) == [(1, 0)]


def test_a_value_that_the_gold_lacks_is_not_right() -> None:
    assert score([Timex(0, 2)], [Timex(0, 2)]).right == (1, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("gold", "tagged", "counted", "found"),
    [
        ("1969", "1969", 1, 1),
        ("P2D", "1969", 0, 0),  # where the gold has no calendar date, what was found is neither right nor wrong
        ("", "1969", 0, 1),  # where it has nothing at all, it is wrong
    ],
)
def test_calendar_dates_alone(gold: str, tagged: str, counted: int, found: int) -> None:
    expected = [Timex(0, 4, "DATE", gold)] if gold else []
    counts = score(expected, [Timex(0, 4, "DATE", tagged)], lambda t: t.is_calendar)

    assert (counts.gold, counts.tagged) == (counted, found)


@pytest.mark.parametrize(
    ("value", "is_calendar"),
    [
        ("1969", True),
        ("196", True),
        ("196X", True),
        ("19", True),
        ("19XX", True),
        ("BC0044", True),
        ("1969-03-02T10:00", True),
        ("1969-W10", True),
        ("XXXX-03", False),
        ("P3D", False),
        ("PRESENT_REF", False),
        ("T10:00", False),
        ("", False),
    ],
)
def test_what_names_a_place_in_the_calendar(value: str, is_calendar: bool) -> None:
    assert Timex(0, 1, "DATE", value).is_calendar == is_calendar


def test_f1_counts_both_sides() -> None:
    assert Counts(3, 1, (1, 1, 1, 1, 1)).f1("strict") == 50
    assert Counts().f1("strict") == 0


def test_an_annotated_text_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.b.tml"
    path.write_text(TML, encoding="utf-8")
    document = read(path)

    assert (document.name, document.published) == ("a.b", "2021-03-02")
    assert document.text.startswith("\nThey met on 2 March 1969 &\ntalked")
    assert [(document.text[t.start : t.end], t.type, t.value) for t in document.gold] == [
        ("2 March 1969", "DATE", "1969-03-02"),
        ("two days", "DURATION", "P2D"),
    ]


@pytest.mark.parametrize("text", ["no XML", "<TimeML></TimeML>", "<TEXT>", ""])
def test_what_is_no_annotated_text_is_named(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.tml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ValueError, match=r"a\.tml: .*; give "):
        read(path)


def test_a_third_of_the_texts_is_set_aside_by_name() -> None:
    documents = [Document(str(number), "", "", ()) for number in range(300)]

    assert 80 <= len(part(documents, "set aside")) <= 120
    assert len(part(documents, "development")) + len(part(documents, "set aside")) == len(part(documents, "whole"))


@pytest.mark.parametrize(
    ("gold", "tagged", "kind"),
    [
        (Timex(0, 4, "DATE", "1969"), None, "missed: year"),
        (None, Timex(0, 4, "DATE", "1969", "year"), "spurious: rule year"),
        (Timex(0, 4, "DATE", "196"), Timex(0, 4, "DATE", "1960", "year"), "value: decade read as year"),
        (Timex(0, 4, "DATE", "1969-03"), Timex(0, 4, "DATE", "1968-03", "x"), "value: month read as another"),
        (Timex(0, 4, "SET", "P1D"), Timex(0, 4, "DURATION", "P2D", "x"), "value: set read as duration"),
        (Timex(0, 4, "DATE", "1969"), Timex(1, 4, "DATE", "1969", "year"), "span too short: rule year"),
        (Timex(1, 4, "DATE", "1969"), Timex(0, 4, "DATE", "1969", "year"), "span too long: rule year"),
        (Timex(0, 3, "DATE", "1969"), Timex(1, 4, "DATE", "1969", "year"), "span too far to one side: rule year"),
        (Timex(0, 4, "DATE", "1969"), Timex(0, 4, "DATE", "1969", "year"), None),
    ],
)
def test_errors_have_their_kinds(gold: Timex | None, tagged: Timex | None, kind: str | None) -> None:
    document = Document("a", "", "1969", (gold,) if gold else ())
    found = quality.mistakes_of([document], lambda text, published: [tagged] if tagged else [])

    assert not document.is_set_aside
    assert [mistake.kind for mistake in found] == ([kind] if kind else [])


# --------------------------------------------------------------------------- the commands


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    """A folder with one corpus of two tiny texts."""
    folder = tmp_path / "corpora" / "tiny"
    folder.mkdir(parents=True)
    for name in ("a", "b"):
        (folder / f"{name}.tml").write_text(TML, encoding="utf-8")
    return folder.parent


def command(name: str, *arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program of tests/bench in this Python."""
    return subprocess.run(
        [sys.executable, str(BENCH / name), *arguments],
        env={k: v for k, v in os.environ.items() if k != "TIMELINE_CORPORA"}
        | {"PYTHONPATH": str(BENCH.parent.parent), "PYTHONIOENCODING": "utf-8"}
        | (environment or {}),
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )


def test_the_quality_is_measured(corpora: Path) -> None:
    done = command("quality.py", "--errors", "3", environment={"TIMELINE_CORPORA": str(corpora)})

    assert done.returncode == 0, done.stderr
    assert "tiny, whole: 2 texts, 4 expressions" in done.stdout
    assert OURS in done.stdout
    assert "not on the texts above" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"), [((), "TIMELINE_CORPORA"), (("--corpora", "nowhere"), "nowhere: no .tml files")]
)
def test_without_texts_it_says_what_to_give(arguments: tuple[str, ...], says: str) -> None:
    done = command("quality.py", *arguments)

    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_figures_are_recorded_without_the_texts(corpora: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality, "RECORD", tmp_path / "figures.json")
    monkeypatch.setattr(quality, "README", tmp_path / "README.md")
    quality.README.write_text("# A project\n", encoding="utf-8")
    assert quality.main(["--corpora", str(corpora), "--record"]) == 0
    first = (tmp_path / "figures.json").read_bytes()
    assert quality.main(["--corpora", str(corpora), "--record"]) == 0

    assert (tmp_path / "figures.json").read_bytes() == first
    assert json.loads(first)["f1"]["tiny"]["whole"][OURS]["strict"] == 100
    assert b"They" not in first


@pytest.mark.parametrize("given", [True, False])
def test_the_speed_is_measured(given: bool, corpora: Path) -> None:
    texts = ("--corpora", str(corpora)) if given else ()
    done = command("tag.py", "--repeat", "1", "--megabytes", "0.002", *texts)

    assert done.returncode == 0, done.stderr
    for said in ("MB/s", "growth of peak memory", "the the the", "from nothing", "read in turns", "met"):
        assert said in done.stdout


# --------------------------------------------------------------------------- the figures


@pytest.fixture(scope="module")
def figures_now() -> dict[str, dict[str, dict[str, float]]]:
    """corpus -> part -> measure -> F1 of the tagger as it is."""
    if not CORPORA:
        pytest.skip("TIMELINE_CORPORA is not set: it names the folder of annotated texts, which are not in the project")
    now = {}
    for name, documents in tempeval.read_corpora(Path(CORPORA)).items():
        if name in RECORDED:
            results = quality.measure(documents, {OURS: ours()})
            now[name] = {each: taggers[OURS] for each, taggers in results.items()}
    return now


@pytest.mark.parametrize(("corpus", "name"), [(corpus, name) for corpus in RECORDED for name in RECORDED[corpus]])
def test_no_recorded_figure_falls(corpus: str, name: str, figures_now: dict[str, dict[str, dict[str, float]]]) -> None:
    if corpus not in figures_now:
        pytest.skip(f"the folder that TIMELINE_CORPORA names has no {corpus}")
    before, now = RECORDED[corpus][name][OURS], figures_now[corpus][name]
    fallen = [f"{measure}: {before[measure]} -> {now[measure]}" for measure in before]
    fallen = [text for text, measure in zip(fallen, before, strict=True) if now[measure] < before[measure] - TOLERANCE]

    assert not fallen, f"{corpus}, {name}: {'; '.join(fallen)}. If that is meant, say why and record it: {RECORD_IT}"


def test_the_tagger_that_is_measured_is_the_one_of_the_command() -> None:
    text = "The 70th anniversary of the treaty of 14 February 1950."
    document = Document("a", "2021-03-02", text, ())

    assert [(text[t.start : t.end], t.value) for t in run(ours(), document)] == [("14 February 1950", "1950-02-14")]


def test_the_readme_shows_what_is_recorded() -> None:
    assert quality.table(RECORDED) in quality.README.read_text("utf-8"), f"record it: {RECORD_IT}"


# --------------------------------------------------------------------------- events

RECORDED_EVENTS = json.loads(events.RECORD.read_text("utf-8"))
OURS_EVENTS = [name for name in RECORDED_EVENTS if "every year" not in name]
ARTICLES = os.environ.get("TIMELINE_ARTICLES", "")
RECORD_EVENTS = "python tests/bench/events.py --articles FOLDER --corpora FOLDER --record"


@pytest.fixture(scope="module")
def events_now() -> dict[str, dict[str, float]]:
    """set of texts -> measure -> figure of what is built now."""
    now = {name: events.judge(events.mentions_of(texts), gold) for name, texts, gold in events.measured(ARTICLES)}
    if CORPORA and (Path(CORPORA) / "timeset-dev").is_dir():
        now["timeset"] = events.timeset(Path(CORPORA) / "timeset-dev")
    return now


@pytest.mark.parametrize("name", OURS_EVENTS)
def test_no_recorded_figure_of_events_falls(name: str, events_now: dict[str, dict[str, float]]) -> None:
    if name not in events_now:
        pytest.skip(f"the texts of {name!r} are not at hand: TIMELINE_ARTICLES and TIMELINE_CORPORA name their folders")
    shares = [measure for measure in RECORDED_EVENTS[name] if measure.split(",")[0] in SHARES]
    before, now = RECORDED_EVENTS[name], events_now[name]
    fallen = [f"{m}: {before[m]} -> {now[m]}" for m in shares if now[m] < before[m] - TOLERANCE]

    assert shares
    assert not fallen, f"{name}: {'; '.join(fallen)}. If that is meant, say why and record it: {RECORD_EVENTS}"


SHARES = ("precision", "recall", "inside a row", "in order")


def test_rows_that_are_sure_are_right(events_now: dict[str, dict[str, float]]) -> None:
    measured = [row for row in events_now.values() if "sure" in row]

    assert sum(row["sure and right"] for row in measured) >= 0.95 * sum(row["sure"] for row in measured) > 0


def test_the_readme_shows_the_recorded_figures_of_events() -> None:
    assert events.table(RECORDED_EVENTS) in events.README.read_text("utf-8"), f"record it: {RECORD_EVENTS}"


GOLD_TEXTS = {source.id: source.text for _, texts, _ in events.measured() for source in texts}


@pytest.mark.parametrize("name", [name for names in events.SETS.values() for name in names])
def test_gold_quotes_its_text(name: str) -> None:
    rows = events.read_gold(events.GOLD / f"{name}.csv")
    text = " ".join(GOLD_TEXTS[name].split())

    assert len(rows) >= 20
    assert [row.quote for row in rows if row.quote not in text] == []
