"""The command: what it prints, what it leaves on disk, and its exit codes (0 done, 1 problems, 2 wrong use)."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from timeline.cli import main
from timeline.export import EXPORTS
from timeline.table import load

ROOT = Path(__file__).parent.parent
COMMANDS = ("build", "tag", "serve", "export", "import", "verify", "check", "decide", "score", "new")
CLASH = "On 2 March 1969 Soviet and Chinese border guards fought on an island in the Ussuri."
TREATY = "In February 1950 China and the Soviet Union signed a treaty of friendship in Moscow."


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


class Shell:
    """Runs commands in a folder, in this process."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capture = folder, capture

    def __call__(self, *arguments: str | Path) -> Ran:
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as end:  # argparse ends the program itself
            code = int(str(end.code))
        captured = self.capture.readouterr()
        return Ran(code, captured.out, captured.err)

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    monkeypatch.chdir(tmp_path)
    return Shell(tmp_path, capsys)


@pytest.fixture
def project(shell: Shell) -> Shell:
    """A project with two documents, in the current folder."""
    shell("new", ".")
    shell.write("seeds/clash.txt", f"{CLASH}\n")
    shell.write("seeds/treaty.md", f"# Treaty\n\n{TREATY}\n")
    return shell


# ------------------------------------------------------------------------------------------ wrong use


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["bild"], "invalid choice: 'bild'"),
        (["build"], "timeline build: no timeline project here; begin one with `timeline new FOLDER`, or name sources"),
        (["build", "a.txt"], "timeline build: no timeline project here; say with -o DIR where the tables go"),
        (["tag"], "timeline tag: no timeline project here"),
        (["tag", "a.txt", "--dct", "last May"], "'last May' is not an EDTF date"),
        (["export"], "timeline export: say with --to which format; use one of csv, xlsx, jsonl, parquet, datapackage,"),
        (["export", "--to", "xls"], "timeline export: unknown format 'xls'; use one of csv, xlsx, jsonl, parquet,"),
        (["export", "--to", "vis", "--raw"], "timeline export: --raw switches off the guard of csv"),
        (["import"], "the following arguments are required: FILE"),
        (["verify"], "the following arguments are required: CRATE"),
        (["decide", "burn", "e1"], "invalid choice: 'burn'"),
        (["decide", "accept"], "accept needs an event id; the first column of events.csv has the events"),
        (["decide", "undo"], "undo needs an event id or the id of a decision; the first column of events.csv has"),
        (["decide", "edit", "e1", "--set", "date", "--data", "out"], "write --set COLUMN=VALUE"),
        (["serve", "--host", "::1"], "timeline serve: --host ::1: only IPv4 addresses and names can be checked"),
        (["serve", "--port", "http"], "'http' is not a port"),
        (["check", "a", "b"], "unrecognized arguments: b"),
        (["build", "a.txt", "--frobnicate"], "unrecognized arguments: --frobnicate"),
    ],
)
def test_wrong_use_is_answered_with_the_right_one(shell: Shell, arguments: list[str], message: str) -> None:
    shell.write("a.txt", CLASH)
    shell("build", "a.txt", "-o", "out")

    ran = shell(*arguments)

    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(shell: Shell, command: str) -> None:
    ran = shell(command, "--help")

    assert ran.code == 0
    assert f"example: timeline {command}" in ran.out


def test_an_unusable_host_is_one_line_and_help_speaks_of_the_token(shell: Shell) -> None:
    assert shell("serve", "--host", "::1").err.count("\n") == 1
    assert "needs the token in the link that is printed" in " ".join(shell("serve", "--help").out.split())


def test_ctrl_c_is_how_serving_ends(project: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    project("build")
    monkeypatch.setattr("dashboard.app.serve", interrupted)

    assert project("serve").code == 0


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys; from timeline.cli import main\n"
        f"try: main({arguments})\n"
        "except SystemExit: pass\n"
        "print(sorted({'pandas', 'numpy', 'dash', 'plotly', 'dateparser'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert ran.stdout.splitlines()[-1] == "[]"


# ------------------------------------------------------------------------------------------ build


def test_a_new_project_builds(project: Shell) -> None:
    ran = project("build")

    assert (ran.code, ran.err) == (0, "")
    clash, treaty, totals, tables = ran.out.splitlines()
    assert clash == f"clash   {len(CLASH) + 1} characters, publication date unknown, 1 date or time, 1 event"
    assert treaty.startswith("treaty ")
    assert totals == "2 sources, 2 dates and times, 2 events with 2 mentions"
    assert tables == "tables: data"
    assert [path.name for path in sorted((project.folder / "data").iterdir())] == [
        "datapackage.json", "decisions.jsonl", "eras.csv", "events.csv", "mentions.csv", "sources.csv",
    ]  # fmt: skip
    timeline = load()
    assert timeline.sources["file"].tolist() == ["seeds/clash.txt", "seeds/treaty.md"]
    assert timeline.text("clash") == f"{CLASH}\n"
    assert timeline.title == project.folder.name


def test_an_empty_project_builds_empty_tables(shell: Shell) -> None:
    shell("new", "empty")

    ran = shell("build", "--project", "empty")

    assert (ran.code, ran.err) == (0, "")
    assert "note: empty/seeds: no documents in this folder; put .txt, .md, .html" in ran.out
    assert load("empty").events.empty


def test_named_sources_go_where_they_are_told(shell: Shell) -> None:
    shell.write("articles/clash.txt", CLASH)

    ran = shell("build", "articles", "-o", "out")

    assert ran.code == 0
    assert ran.out.endswith("tables: out\n")
    assert (shell.folder / "out/texts/clash.txt").read_text() == CLASH
    assert load("out").title == "out"  # no project gives a title
    assert shell("check", "out").code == 0


def test_named_sources_in_a_project_fill_its_tables(project: Shell, tmp_path_factory: pytest.TempPathFactory) -> None:
    project.write("more/war.txt", CLASH.replace("1969", "1929"))
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "pact.txt").write_text(TREATY.replace("1950", "1945"))

    assert project("build", "seeds", "more", elsewhere).code == 0
    assert load().sources["file"].tolist() == [
        "seeds/clash.txt", "data/texts/pact.txt", "seeds/treaty.md", "more/war.txt",
    ]  # fmt: skip
    assert project("check").code == 0


def test_arguments_may_stand_on_both_sides_of_an_option(shell: Shell) -> None:
    shell.write("a.txt", CLASH)
    shell.write("b.txt", TREATY)

    shell("build", "a.txt", "-o", "out", "b.txt")

    assert load("out").sources["source_id"].tolist() == ["a", "b"]


def test_building_again_gives_the_same_bytes(project: Shell) -> None:
    project("build")
    first = {path.name: path.read_bytes() for path in (project.folder / "data").iterdir()}
    project("build")

    assert first == {path.name: path.read_bytes() for path in (project.folder / "data").iterdir()}


def test_eras_lexicon_and_metadata_come_from_the_project(project: Shell) -> None:
    project.write("data/eras.csv", "era_id,title,date,earliest,latest,note\ncold,Cold War,1947/1989,,,\n")
    project.write("seeds/sources.toml", '[clash]\ntitle = "Clash"\npublished = "1969-03-20"\n')

    project("build", "seeds/clash.txt", "-o", "out")

    out = load("out")
    assert out.events["era"].tolist() == ["cold"]
    assert out.sources[["title", "published", "published_basis"]].values.tolist() == [["Clash", "1969-03-20", "given"]]
    assert out.eras["earliest"].tolist() == ["1947-01-01"]


@pytest.mark.parametrize(
    ("name", "content", "arguments", "message"),
    [
        ("x", "", ["seeds", "gone.txt"], "gone.txt: no such file or folder; check the name"),
        ("seeds/empty.txt", "", [], "seeds/empty.txt: has no text; give the document a text"),
        ("seeds/photo.txt", bytes(range(256)), [], "seeds/photo.txt: is not text in UTF-8; if it is a text, save it"),
        ("seeds/sources.toml", "[clash\n", [], "seeds/sources.toml: is not TOML: Expected ']'"),
        ("timeline.toml", "title = [", [], "timeline.toml: is not TOML: "),
        ("data/decisions.jsonl", "{broken\n", [], "data/decisions.jsonl:1: not a line of JSON in UTF-8; restore it"),
        ("seeds/all.jsonl", "{broken\n", [], "seeds/all.jsonl:1: is not JSON"),
        ("data/eras.csv", "era_id,title\nx,y\n", [], "data/eras.csv: column date, earliest, latest, note is missing"),
    ],
)
def test_bad_input_is_one_line_and_the_rest_is_built(
    project: Shell, name: str, content: str | bytes, arguments: list[str], message: str
) -> None:
    path = project.write(name, content)

    ran = project("build", *arguments)

    assert ran.code == 1
    (line,) = ran.err.splitlines()
    assert line.startswith(f"problem: {message}")
    assert load().sources["source_id"].tolist() == ["clash", "treaty"]
    assert path.read_bytes() == (content if isinstance(content, bytes) else content.encode())


def test_a_wrong_encoding_is_a_note(project: Shell) -> None:
    project.write("seeds/old.txt", "In 1969 caf\xe9s closed.".encode("cp1252"))

    ran = project("build")

    assert ran.code == 0
    assert "note: seeds/old.txt: is not UTF-8 at byte 11; read as Windows-1252; save it as UTF-8 to be sure" in ran.out
    assert load().text("old") == "In 1969 cafés closed."
    assert project("check").code == 0


def test_tables_are_not_emptied_when_no_document_can_be_read(project: Shell) -> None:
    project("build")

    ran = project("build", "gone.txt")

    assert ran.code == 1
    assert "timeline build: no document could be read; data is left as it was" in ran.err
    assert len(load().events) == 2


def test_a_damaged_table_is_named_and_mended_by_a_build(project: Shell) -> None:
    project("build")
    path = project.folder / "data" / "events.csv"
    path.write_text(path.read_text().replace("quote,", "words,", 1))

    for arguments in (["check"], ["export", "--to", "csv"]):
        ran = project(*arguments)
        assert ran.code == 1
        assert "data/events.csv: column quote is missing; `timeline build` writes it anew" in ran.out + ran.err
    assert project("build").code == 0
    assert project("check").code == 0


def test_an_output_that_cannot_be_written_is_named(shell: Shell) -> None:
    shell.write("a.txt", CLASH)

    ran = shell("build", "a.txt", "-o", "a.txt/out")

    assert ran.code == 1
    assert ran.err.startswith("timeline build: a.txt/out")


# ------------------------------------------------------------------------------------------ tag


def test_tag_prints_json_lines(shell: Shell) -> None:
    text = "Guards fought on 2 March 1969, and again two days later; nobody knows how often."
    shell.write("a.jsonl", json.dumps({"id": "x", "text": text, "published": "1969-04-01"}))

    ran = shell("tag", "a.jsonl")

    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert (ran.code, ran.err) == (0, "")
    assert list(rows[0]) == ["doc", "start", "end", "text", "type", "value", "edtf"]
    assert rows[0] == {
        "doc": "x", "start": 17, "end": 29, "text": "2 March 1969", "type": "DATE", "value": "1969-03-02",
        "edtf": "1969-03-02",
    }  # fmt: skip
    assert all(text[row["start"] : row["end"]] == row["text"] for row in rows)


def test_tag_reads_against_the_date_given(shell: Shell) -> None:
    shell.write("a.txt", "They met yesterday.")

    (row,) = map(json.loads, shell("tag", "a.txt", "--dct", "2019-02-01").out.splitlines())

    assert (row["text"], row["edtf"]) == ("yesterday", "2019-01-31")


def test_tag_says_null_where_there_is_no_date(shell: Shell) -> None:
    shell.write("a.txt", "They met for three weeks.")

    (row,) = map(json.loads, shell("tag", "a.txt").out.splitlines())

    assert (row["type"], row["edtf"]) == ("DURATION", None)


def test_tag_needs_rules_for_the_language(shell: Shell) -> None:
    shell.write("a.jsonl", '{"id": "x", "text": "1969", "language": "tlh"}\n{"id": "y", "text": "In 1969."}')

    ran = shell("tag", "a.jsonl")

    assert ran.code == 1
    assert len(ran.out.splitlines()) == 1
    assert ran.err.startswith("problem: x: ")


# ------------------------------------------------------------------------------------------ the other commands


def test_a_decision_is_recorded_and_applied(project: Shell) -> None:
    project("build")
    event_id = load().events["event_id"].iloc[1]

    ran = project("decide", "edit", "--set", "title=A clash", "--why", "shorter", "--by", "ann", event_id)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("is recorded in data/decisions.jsonl; `timeline build` applies it\n")
    assert project("build").code == 0
    assert load().events[["title", "status"]].iloc[1].tolist() == ["A clash", "edited"]
    assert project("check").code == 0


def record(project: Shell, *arguments: str) -> str:
    """Decide, and the id of the decision."""
    ran = project("decide", *arguments)
    assert (ran.code, ran.err) == (0, "")
    return ran.out.split()[0]


def about_decisions(ran: Ran) -> list[str]:
    """What a build says of the decisions."""
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    return lines[next(n for n, line in enumerate(lines) if line.startswith("decisions: ")) :]


def test_a_build_says_what_became_of_each_decision(project: Shell) -> None:
    project("build")
    treaty, clash = load().events["event_id"]
    edit = record(project, "edit", clash, "--set", "title=A clash", "--why", "shorter")
    accept = record(project, "accept", treaty)
    reject = record(project, "reject", treaty, "--why", "told twice", "--by", "bob")
    wrong = record(project, "reject", clash, "--why", "no")
    back = record(project, "undo", clash, "--why", "it was one", "--by", "bob")
    project.write("seeds/clash.txt", CLASH.replace("fought", "fought,"))

    told = about_decisions(project("build"))

    assert told[:4] == [
        "decisions: 2 applied, 1 waiting, 1 contradictory, 1 undone",
        f"applied, accept: {accept}",
        f"applied, undo: {back}",
        f"undone: {wrong}",
    ]
    assert told[4].startswith(
        f"waiting: decision {edit}: this edit waits: its passage is not in clash any more; closest"
    )
    assert told[5].startswith(f"contradictory: decision {reject}: reject by bob on ")
    assert f"“told twice”, contradicts {accept}, accept by " in told[5]
    assert told[6] == "tables: data"


def test_a_waiting_decision_is_hung_on_the_changed_passage_by_the_command_that_is_shown(project: Shell) -> None:
    project("build")
    clash = load().events["event_id"].iloc[1]
    edit = record(project, "edit", clash, "--set", "title=A clash", "--why", "shorter")
    project.write("seeds/clash.txt", CLASH.replace("fought", "fought,"))
    waiting = about_decisions(project("build"))[1]

    command = waiting.split("`")[1].split()
    assert command[:3] == ["timeline", "decide", "edit"]
    again = record(project, *command[2:])

    assert about_decisions(project("build"))[0] == "decisions: 2 applied, 0 waiting, 0 contradictory, 1 undone"
    assert load().events["title"].iloc[1] == "A clash"
    assert [json.loads(line)["why"] for line in (project.folder / "data/decisions.jsonl").open()] == [
        "shorter", "shorter", f"{again} is in its place",
    ]  # fmt: skip
    assert command[-2:] == ["--instead", edit]
    assert project("check").code == 0


def test_an_undo_brings_the_table_back_and_can_be_undone(project: Shell) -> None:
    project("build")
    events = project.folder / "data/events.csv"
    before, event_id = events.read_bytes(), load().events["event_id"].iloc[0]
    record(project, "reject", event_id, "--why", "no")
    project("build")
    rejected = events.read_bytes()

    told = project("decide", "undo", event_id, "--why", "yes").out.splitlines()
    assert "it takes back d" in told[1]
    assert ", reject by " in told[1]
    back = told[0].split()[0]
    project("build")
    assert events.read_bytes() == before

    record(project, "undo", back, "--why", "no")
    project("build")
    assert events.read_bytes() == rejected != before
    assert project("check").code == 0


def test_the_second_of_two_curators_is_told_of_the_first(project: Shell) -> None:
    project("build")
    event_id = load().events["event_id"].iloc[0]
    first = record(project, "accept", event_id, "--why", "as it says", "--by", "ann")

    ran = project("decide", "reject", event_id, "--why", "a caption", "--by", "bob")

    recorded, conflict, help = ran.out.splitlines()
    assert conflict.startswith(f"note: on the same, and not in these tables yet: {first}, accept by ann on ")
    assert conflict.endswith(", “as it says”")
    assert f"to take it back: `timeline decide undo {recorded.split()[0]} --why REASON`" in help
    assert "2 decisions are not in the tables yet" in project("check").out

    project("build")
    assert project("decide", "accept", event_id).out.count("\n") == 1


def test_a_command_that_is_shown_names_the_folder_it_is_for(shell: Shell) -> None:
    shell.write("a.txt", CLASH)
    shell("build", "a.txt", "-o", "my out")
    decided = record(shell, "reject", load("my out").events["event_id"].iloc[0], "--why", "no", "--data", "my out")
    shell.write("a.txt", CLASH.replace("fought", "fought,"))

    for ran in (shell("build", "a.txt", "-o", "my out"), shell("check", "my out")):
        assert "`timeline decide --data 'my out' reject e" in ran.out
        assert f" --instead {decided}`" in ran.out


def test_a_merge_keeps_the_id_of_the_event_named_first(project: Shell) -> None:
    project("build")
    for first, second in (load().events["event_id"], reversed(load().events["event_id"])):
        record(project, "merge", first, second, "--why", "one story")
        project("build")
        assert load().events["event_id"].tolist() == [first]
        record(project, "undo", first, "--why", "two stories")
        project("build")


def test_a_decision_about_nothing_is_refused(project: Shell) -> None:
    project("build")

    ran = project("decide", "reject", "e0", "--why", "no")

    assert ran.code == 1
    assert "no event has the id 'e0'" in ran.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["add", "--set", "source_id=nosuch", "--set", "quote=x"], "no source has the id 'nosuch'"),
        (["add", "--set", "source_id=clash", "--set", "quote=Nobody said this."], "the quote is not in clash"),
        (["add", "--set", "era=nope"], "no era has the id 'nope'"),
    ],
)
def test_a_decision_that_could_not_be_applied_is_refused(project: Shell, arguments: list[str], message: str) -> None:
    project("build")

    ran = project("decide", *arguments, "--set", "date=1969", "--set", "title=T", "--why", "it is missing")

    assert ran.code == 1
    assert message in ran.err
    assert (project.folder / "data/decisions.jsonl").read_bytes() == b""


def test_a_build_leaves_the_texts_of_the_user_alone(shell: Shell) -> None:
    mine = shell.write("a/texts/a.txt", CLASH)
    shell.write("b/a.txt", TREATY)

    shell("build", "a/texts", "-o", "a")
    shell("build", "b", "-o", "a")

    assert mine.read_text() == CLASH
    assert load("a").text("a") == TREATY
    assert shell("check", "a").code == 0


def test_export_prints_or_writes(project: Shell) -> None:
    project("build")

    assert project("export", "--to", "markdown", "-o", "out.md").out == ""
    assert "**2 March 1969**" in (project.folder / "out.md").read_text()
    assert project("export", ".", "--to", "markdown").out == (project.folder / "out.md").read_text()


def test_export_lists_its_formats_and_counts_what_is_left_out(project: Shell) -> None:
    project("build")

    listed = project("export", "--list").out
    ran = project("export", "--to", "ics", "-o", "out.ics")

    assert [line.split(" ")[0] for line in listed.splitlines()] == list(EXPORTS)
    assert "xlsx (.xlsx): Excel and LibreOffice: all four tables" in listed
    assert "[needs: pip install 'cited-timeline[exports]']" in listed
    assert (ran.code, ran.out) == (0, "")
    assert re.search(r"^note: not in ics: \d+ events? with ", ran.err, re.MULTILINE)


@pytest.mark.parametrize("arguments", [["check"], ["export", "--to", "csv"], ["serve"], ["decide", "accept", "e1"]])
def test_commands_without_tables_say_how_to_get_them(shell: Shell, arguments: list[str]) -> None:
    ran = shell(*arguments)

    assert ran.code == 1
    assert ran.err == (
        f"timeline {arguments[0]}: .: neither a timeline project nor a folder with events.csv; "
        "run `timeline build` first\n"
    )


def test_a_project_is_not_begun_twice(project: Shell) -> None:
    ran = project("new", ".")

    assert ran.code == 1
    assert ran.err == "timeline new: .: is a project already; name another folder\n"


# ------------------------------------------------------------------------------------------ the surroundings


def run(*arguments: str | Path, folder: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "timeline", *map(str, arguments)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        timeout=60,
    )


def test_nothing_depends_on_locale_time_zone_or_hash_seed(tmp_path: Path) -> None:
    (tmp_path / "caf\u00e9.txt").write_text(f"{CLASH} {TREATY} Zürich, 3 May 1971.", "utf-8")
    outputs = []
    for name, locale, zone, seed in (("a", "C", "Asia/Tokyo", "1"), ("b", "C.UTF-8", "America/Lima", "2")):
        ran = run("build", "caf\u00e9.txt", "-o", name, folder=tmp_path, LC_ALL=locale, TZ=zone, PYTHONHASHSEED=seed)
        assert ran.returncode == 0, ran.stderr
        assert "café ".encode() in ran.stdout
        outputs.append({path.name: path.read_bytes() for path in (tmp_path / name).rglob("*.*")})

    assert outputs[0] == outputs[1]
    assert len(outputs[0]) == 6


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("On 2 March 1969 it rained.\n" * 20_000)
    command = f'"{sys.executable}" -m timeline tag a.txt | head -n 1'
    ran = subprocess.run(
        command, shell=True, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, timeout=120
    )

    assert ran.stdout.startswith(b'{"doc": "a"')
    assert ran.stderr == b""
