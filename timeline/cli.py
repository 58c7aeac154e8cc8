"""The `timeline` command: reads arguments, prints, and decides the exit code; the work is done elsewhere.

Exit code 0: done; 1: the input has problems; 2: wrong use. What a command needs is imported when it runs.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from .edtf import EdtfError, parse
from .export import EXPORTS, export, left_out
from .model import ACTIONS, Decision, Era, Event, Problem, Source, TimelineError, Timex
from .project import Project, find_project, locate, new_project, read_eras

if TYPE_CHECKING:
    from .build import Build
    from .cache import Cache
    from .curate import Outcome
    from .progress import Meter, Progress

DONE, PROBLEMS, WRONG_USE = 0, 1, 2
_INTERRUPTED, _NOBODY_READS = 130, 141  # as the shell has it: 128 and the number of the signal
_PORT = 8050
_UNDATED = "publication date unknown"
_NO_PROJECT = "no timeline project here"


class UsageError(Exception):
    """The command was called in a way that cannot work; the message says how it can."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        _use_utf8(stream)
    try:
        options = _options(arguments)
        code = _run(options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains when it ends
        return _NOBODY_READS
    return code


def _use_utf8(stream: TextIO) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def _run(options: argparse.Namespace) -> int:
    command: Callable[[argparse.Namespace], int] = options.run
    try:
        return command(options)
    except UsageError as error:
        _say(f"timeline {options.command}: {error}", sys.stderr)
        return WRONG_USE
    except TimelineError as error:
        _say(f"timeline {options.command}: {error}", sys.stderr)
    except BrokenPipeError:
        raise
    except OSError as error:
        _say(f"timeline {options.command}: {error.filename}: {error.strerror}", sys.stderr)
    return PROBLEMS


def _say(text: str, stream: TextIO | None = None) -> None:
    """Print one line, whatever the text holds."""
    print(" ".join(text.splitlines()), file=stream or sys.stdout)


# ---------------------------------------------------------------------------------------------- build


def _build(options: argparse.Namespace) -> int:
    from .cache import Cache, folder_for
    from .decisions import LOG, read_decisions
    from .table import place_sources, write_tables

    project, problems = find_project(options.project)
    paths = _sources(options, project)
    tables = _tables_folder(options, project)
    meter = _meter(options)
    try:
        with Cache(None if options.no_cache else folder_for(tables)) as cache:
            sources, found = _read(paths, project, meter, cache)
            problems += found
            if not sources and any(problem.is_error for problem in problems):
                _report(problems)
                raise TimelineError(f"no document could be read; {tables} is left as it was")
            decisions, found = read_decisions(tables / LOG)
            problems += [_of_file(problem, tables) for problem in found]
            eras, rewritten, found = _eras(project, tables)
            problems += found
            built = _built(sources, decisions, eras, project, meter, cache)
            cache.forget_the_rest()
    except KeyboardInterrupt:
        _say(f"timeline build: stopped; {tables} is as it was, and the same command goes on from here", sys.stderr)
        raise
    finally:
        if meter:
            meter.end()
    problems += built.problems
    placed, copies = place_sources(built.sources, project.base(tables), tables)
    last = decisions[-1].id if decisions else ""
    write_tables(tables, built.events, placed, rewritten, copies, title=project.given_title, decided=last)
    _summarize(built)
    _report(problems)
    _tell_decisions(built.decisions, "." if options.project == "." and tables == project.data else str(tables))
    _say(f"tables: {tables}")
    return _code(problems)


def _meter(options: argparse.Namespace) -> Meter | None:
    """What shows the progress: on a terminal, or if it was asked for."""
    from .progress import Meter

    is_wanted = sys.stderr.isatty() if options.progress is None else options.progress
    return Meter(sys.stderr) if is_wanted else None


def _read(
    paths: Sequence[Path], project: Project, progress: Progress | None = None, cache: Cache | None = None
) -> tuple[list[Source], list[Problem]]:
    from .read import read_sources

    return read_sources(paths, project, progress, cache)


def _built(
    sources: Sequence[Source],
    decisions: Sequence[Decision],
    eras: Sequence[Era],
    project: Project,
    progress: Progress | None,
    cache: Cache,
) -> Build:
    from .build import build

    lexicon = project.data / "lexicon.toml"
    has_lexicon = project.is_project and lexicon.is_file()
    return build(
        sources,
        decisions=decisions,
        eras=eras,
        lexicon_files=[lexicon] if has_lexicon else [],
        progress=progress,
        cache=cache,
    )


def _sources(options: argparse.Namespace, project: Project) -> Sequence[Path]:
    """The sources named, else the project's."""
    if options.source:
        return [Path(source) for source in options.source]
    if not project.is_project:
        example = "timeline build FILES -o DIR" if options.command == "build" else "timeline tag FILES"
        raise UsageError(f"{_NO_PROJECT}; begin one with `timeline new FOLDER`, or name sources: `{example}`")
    return project.sources


def _tables_folder(options: argparse.Namespace, project: Project) -> Path:
    if options.output:
        return Path(options.output)
    if not project.is_project:
        raise UsageError(f"{_NO_PROJECT}; say with -o DIR where the tables go, or begin one: `timeline new FOLDER`")
    return project.data


def _of_file(problem: Problem, tables: Path) -> Problem:
    """The log names only its own file; say in which folder that is."""
    return replace(problem, where=str(tables / problem.where))


def _eras(project: Project, tables: Path) -> tuple[list[Era], list[Era] | None, list[Problem]]:
    """The eras, those to write (None: leave the file as it is, or what could not be read would be lost), problems."""
    path = (project.data if project.is_project else tables) / "eras.csv"
    eras, problems = read_eras(path)
    is_own = path.resolve() == (tables / "eras.csv").resolve()
    return eras, None if is_own and problems else eras, problems


def _summarize(built: Build) -> None:
    """One line a source, then the totals."""
    from .export.common import count

    def times(number: int) -> str:
        return "1 date or time" if number == 1 else f"{number} dates and times"

    events = _events_by_source(built.events)
    width = max((len(source.id) for source in built.sources), default=0)
    for source in built.sources:
        published = f"published {source.published} ({source.published_basis})" if source.published else _UNDATED
        counts = f"{times(built.timexes.get(source.id, 0))}, {count(events.get(source.id, 0), 'event')}"
        _say(f"{source.id:{width}}  {count(len(source.text), 'character')}, {published}, {counts}")
    whole = f"{count(len(built.sources), 'source')}, {times(sum(built.timexes.values()))}"
    mentions = sum(len(event.mentions) for event in built.events)
    _say(f"{whole}, {count(len(built.events), 'event')} with {count(mentions, 'mention')}")


def _events_by_source(events: Iterable[Event]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for event in events:
        for source_id in {mention.source_id for mention in event.mentions}:
            counts[source_id] = counts.get(source_id, 0) + 1
    return counts


def _tell_decisions(outcomes: Sequence[Outcome], folder: str) -> None:
    """How many decisions were applied and how many not, and each by its id; nothing if there are none."""
    by_state: dict[str, list[Outcome]] = {"applied": [], "waiting": [], "contradictory": [], "undone": []}
    for outcome in outcomes:
        by_state[outcome.state].append(outcome)
    if outcomes:
        _say("decisions: " + ", ".join(f"{len(found)} {state}" for state, found in by_state.items()))
    for action in ACTIONS:
        _say_ids(f"applied, {action}", (each for each in by_state["applied"] if each.decision.action == action))
    _say_ids("undone", by_state["undone"])
    for outcome in outcomes:
        if outcome.what and outcome.state != "undone":
            _say(_with_data(f"{outcome.state}: {outcome}", folder))


def _with_data(text: str, folder: str) -> str:
    """The commands in a message as they work from here: with the folder whose decisions they are about."""
    option = "" if folder == "." else f"--data {shlex.quote(folder)} "
    return text.replace("`timeline decide ", f"`timeline decide {option}")


def _say_ids(label: str, outcomes: Iterable[Outcome]) -> None:
    ids = [outcome.decision.id for outcome in outcomes]
    if ids:
        _say(f"{label}: {' '.join(ids)}")


def _report(problems: Iterable[Problem]) -> None:
    """Problems, one line each: errors go to stderr."""
    sys.stdout.flush()
    for problem in problems:
        label, stream = ("problem", sys.stderr) if problem.is_error else ("note", sys.stdout)
        _say(f"{label}: {problem}", stream)


def _code(problems: Iterable[Problem]) -> int:
    return PROBLEMS if any(problem.is_error for problem in problems) else DONE


# ---------------------------------------------------------------------------------------------- other commands


def _tag(options: argparse.Namespace) -> int:
    from .build import timexes
    from .rules import RulesError

    project, problems = find_project(options.project)
    sources, found = _read(_sources(options, project), project)
    problems += found
    for source in sources:
        if options.dct:
            source = replace(source, published=options.dct, published_basis="given")
        try:
            for timex in timexes(source):
                print(json.dumps(_timex_row(source, timex), ensure_ascii=False))
        except RulesError as error:
            problems.append(Problem(source.id, str(error)))
    sys.stdout.flush()
    for problem in problems:
        _say(f"{'problem' if problem.is_error else 'note'}: {problem}", sys.stderr)
    return _code(problems)


def _timex_row(source: Source, timex: Timex) -> dict[str, str | int | None]:
    return {
        "doc": source.id,
        "start": timex.start,
        "end": timex.end,
        "text": timex.text,
        "type": timex.type,
        "value": timex.value or None,
        "edtf": timex.edtf or None,
    }


def _serve(options: argparse.Namespace) -> int:
    """Ctrl+C is how this command ends, so it is no interruption."""
    try:
        from dashboard.app import serve, unusable

        refusal = unusable(options.host)
        if refusal:
            raise UsageError(refusal)
        locate(Path(options.folder))
        project, problems = find_project(options.folder)
        _report(problems)
        given = (options.port, project.port, _PORT)
        port = next(port for port in given if port is not None)
        serve(options.folder, options.host, port, options.read_only)
    except KeyboardInterrupt:
        pass
    return DONE


def _export(options: argparse.Namespace) -> int:
    from .table import load, write_file

    if options.list:
        return _list_formats()
    if not options.to:
        raise UsageError(f"say with --to which format; use one of {', '.join(EXPORTS)}")
    if options.to not in EXPORTS:
        raise UsageError(f"unknown format {options.to!r}; use one of {', '.join(EXPORTS)}; --list describes them")
    if options.raw and not EXPORTS[options.to].raw:
        raise UsageError(f"--raw switches off the guard of {', '.join(name for name in EXPORTS if EXPORTS[name].raw)}")
    if not options.output and not EXPORTS[options.to].is_text and sys.stdout.isatty():
        raise UsageError(f"{options.to} is nothing for a terminal; say with -o FILE where to write it")
    timeline = load(options.folder)
    data = export(timeline, options.to, raw=options.raw)
    if options.output:
        write_file(Path(options.output), data)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
    for told in left_out(timeline, options.to):
        _say(f"note: not in {options.to}: {told}", sys.stderr)
    return DONE


def _list_formats() -> int:
    """Every format, what it is for, and what it cannot carry."""
    for name, each in EXPORTS.items():
        needs = f" [needs: pip install 'cited-timeline[{each.extra}]']" if each.extra else ""
        _say(f"{name} ({each.suffix}): {each.about}; without {each.lacks}{needs}")
    return DONE


def _verify(options: argparse.Namespace) -> int:
    from .verify import verify

    problems = verify(options.crate)
    for problem in problems:
        _say(str(problem))
    if not problems:
        _say("all is well: every file has its SHA-256, every quote is where it says it is, every table holds")
    return _code(problems)


def _import(options: argparse.Namespace) -> int:
    from .importing import compare, record

    incoming = compare(options.file, options.data, by=options.by or _user(), why=options.why)
    for change in incoming.changes:
        _say(f"row {change.line}: {change.decision.action} {change.event_id or 'an event'}: {change.title}")
        for column, value in change.decision.values.items():
            _say(f"    {column}: {value}" + (f" (was: {change.was[column]})" if change.was.get(column) else ""))
    actions = [change.decision.action for change in incoming.changes]
    counts = [f"{actions.count(action)} to {action}" for action in ACTIONS if action in actions]
    counts += [f"{incoming.recorded} recorded before"] if incoming.recorded else []
    _say(", ".join([*counts, f"{incoming.same} as they are"]))
    _report(incoming.problems)
    if options.yes and incoming.changes:
        log = record(incoming, options.data)
        _say(f"{len(actions)} decisions are recorded in {log}; `timeline build` applies them")
    elif incoming.changes:
        _say("nothing is recorded yet; give --yes to record it")
    return _code(incoming.problems)


def _check(options: argparse.Namespace) -> int:
    from .check import check

    problems = check(options.folder)
    for problem in problems:
        _say(_with_data(str(problem), options.folder))
    if not problems:
        _say("all is well: every quote is where it says it is, every table and every decision holds")
    return _code(problems)


def _decide(options: argparse.Namespace) -> int:
    from .decide import conflicts, decide
    from .decisions import LOG, read_decisions, said, to_undo
    from .table import source_bytes

    if options.action != "add" and not options.event_id:
        or_decision = " or the id of a decision" if options.action == "undo" else ""
        raise UsageError(
            f"{options.action} needs an event id{or_decision}; the first column of events.csv has the events"
        )
    base, tables, _ = locate(Path(options.data))

    def read_text(file: str) -> str:
        return source_bytes(base, file).decode("utf-8")

    values = dict(_value(text) for text in options.set)
    by = options.by or _user()
    decision = decide(tables, options.action, options.event_id, values, by, options.why, read_text, options.instead)
    _say(f"{decision.id} is recorded in {tables / LOG}; `timeline build` applies it")
    replaced = decision.values["decision"] if decision.action == "undo" else options.instead
    for old in read_decisions(tables / LOG)[0] if replaced else []:
        if old.id == replaced:
            _say(f"it takes back {said(old)}")
    others = conflicts(tables, decision)
    for other in others:
        _say(f"note: on the same, and not in these tables yet: {said(other)}")
    if others:
        take_back = _with_data(to_undo(decision.id), options.data)
        _say(f"note: all are kept; where they differ the last, yours, counts; to take it back: {take_back}")
    return DONE


def _value(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise UsageError(f"--set {text}: write --set COLUMN=VALUE, for example --set date=1969-03")
    return key.strip(), value


def _user() -> str:
    """The name of who is logged in, empty if the system does not know."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


def _score(options: argparse.Namespace) -> int:
    from .score import score

    print(score(Path(options.built), Path(options.gold)))
    return DONE


def _new(options: argparse.Namespace) -> int:
    for name in new_project(options.folder):
        _say(str(Path(options.folder, name)))
    _say(
        f"put documents (text, PDF, Word, web pages, mails ...) into {Path(options.folder, 'seeds')}, "
        f"then run `timeline build` in {options.folder}"
    )
    return DONE


# ---------------------------------------------------------------------------------------------- arguments


class _ShowVersion(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from . import __version__

        print(f"timeline {__version__}")
        parser.exit()


def _date(text: str) -> str:
    try:
        return str(parse(text))
    except EdtfError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; give a number from 0 to 65535, 0 for any free one")
    return int(text)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The parsed arguments. argparse alone refuses sources and ids that stand on both sides of an option."""
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    many: list[str] | None = getattr(options, "source", getattr(options, "event_id", None))
    if rest and (many is None or any(text.startswith("-") for text in rest)):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if rest and many is not None:
        many += rest
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="timeline",
        description="Documents in; a curated table of dated events out, each with the exact sentence it rests on.",
        epilog="Exit code 0: done; 1: the input has problems; 2: wrong use. `timeline COMMAND --help` has an example.",
    )
    parser.add_argument("--version", action=_ShowVersion, nargs=0, help="print the version and end")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for add in (
        _add_build,
        _add_tag,
        _add_serve,
        _add_export,
        _add_import,
        _add_verify,
        _add_check,
        _add_decide,
        _add_score,
        _add_new,
    ):
        add(commands)
    return parser


_Commands = argparse._SubParsersAction  # argparse has no public name for it


def _command(
    commands: _Commands[argparse.ArgumentParser],
    run: Callable[[argparse.Namespace], int],
    text: str,
    details: str,
    example: str,
) -> argparse.ArgumentParser:
    name = run.__name__.strip("_")
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=text,
        description=f"{text[0].upper()}{text[1:]}. {details}".rstrip(),
        epilog=f"example: {example}",
    )
    parser.set_defaults(run=run)
    return parser


_SOURCE = (
    "a file (text, web page, PDF, Word, OpenDocument, RTF, e-book, mail, subtitles, table, collection, zip) or a "
    "folder; without any: the project's"
)
_FOLDER = "a project folder, or a folder with tables (default: this folder)"
_PROJECT = "where lexicon, eras and what is known about sources come from (default: this folder, if it is a project)"


def _add_build(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        _build,
        "sources to tables",
        "Prints what was read, found, skipped and why; a bad source never stops the rest. Of the decisions it says, "
        "each by its id, which are applied, which wait (their passage is gone or changed: the nearest one is named), "
        "which contradict an earlier one, and which are undone. It may be stopped at any time: the next build goes on "
        "from there, and does again only what changed since (it keeps that in the system's folder for "
        "caches, or in TIMELINE_CACHE).",
        "timeline build articles/ -o out",
    )
    parser.add_argument("source", nargs="*", metavar="SOURCE", help=_SOURCE)
    parser.add_argument("-o", "--output", metavar="DIR", help="the folder that takes the tables and has the decisions")
    parser.add_argument("--project", metavar="DIR", default=".", help=_PROJECT)
    parser.add_argument(
        "--progress",
        action=argparse.BooleanOptionalAction,
        help="show how far it is (default: on a terminal)",
    )
    parser.add_argument(
        "--no-cache", action="store_true", help="do everything anew, and keep nothing for the next build"
    )


def _add_tag(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        _tag,
        "dates and times in sources, as JSON Lines",
        'A line is {"doc", "start", "end", "text", "type", "value", "edtf"}: type and value as TimeML TIMEX3 has them.',
        "timeline tag letter.txt --dct 1916-04-24",
    )
    parser.add_argument("source", nargs="*", metavar="SOURCE", help=_SOURCE)
    parser.add_argument("--dct", type=_date, metavar="DATE", help="the date of publication of all sources, in EDTF")
    parser.add_argument("--project", metavar="DIR", default=".", help=_PROJECT)


def _add_serve(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(commands, _serve, "the timeline as a page in the browser", "", "timeline serve --port 0")
    parser.add_argument("folder", nargs="?", metavar="DIR", default=".", help=_FOLDER)
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="the address to listen on; any but this machine's own needs the token in the link that is printed "
        "(default: %(default)s)",
    )
    parser.add_argument("--port", type=_port, help=f"0 picks a free one (default: that of timeline.toml, else {_PORT})")
    parser.add_argument("--read-only", action="store_true", help="nobody can decide on events in this page")


def _add_export(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        _export,
        "the timeline for other programs",
        "What of the timeline is not in the file is told on stderr.",
        "timeline export --to markdown -o chronology.md",
    )
    parser.add_argument("folder", nargs="?", metavar="DIR", default=".", help=_FOLDER)
    parser.add_argument("--to", metavar="FORMAT", help=", ".join(EXPORTS))
    parser.add_argument(
        "--list", action="store_true", help="describe the formats: what for, and what they cannot carry"
    )
    parser.add_argument("-o", "--output", metavar="FILE", help="where to write it (default: print it)")
    parser.add_argument("--raw", action="store_true", help="csv without the guard against formulas")


def _add_import(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        _import,
        "take back an export that was edited elsewhere",
        "Of `timeline export --to csv` (or xlsx), rows that differ become decisions, and rows without event_id added "
        "events; of a TimelineJS sheet, slides are known by their sentences and headlines. Says what it would record; "
        "--yes records it.",
        "timeline import edited.csv",
    )
    parser.add_argument("file", metavar="FILE", help="a .csv, or an .xlsx")
    parser.add_argument("--yes", action="store_true", help="record the decisions")
    parser.add_argument("--why", default="", metavar="TEXT", help="the reason (default: imported from FILE)")
    parser.add_argument("--by", default="", metavar="NAME", help="who decides (default: who is logged in)")
    parser.add_argument("--data", default=".", metavar="DIR", help=_FOLDER)


def _add_verify(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        _verify,
        "whether an archive of `timeline export --to ro-crate` proves what it says",
        "Every file has its SHA-256, every quote stands in its text, every table matches its schema; "
        "what is wrong is listed, one line each.",
        "timeline verify crate.zip",
    )
    parser.add_argument("crate", metavar="CRATE", help="the ZIP, or the folder it unpacks to")


def _add_check(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        _check,
        "whether everything still holds",
        "Every quote is where it says it is, every table matches its schema, every decision still applies; "
        "what is wrong is listed, one line each.",
        "timeline check out",
    )
    parser.add_argument("folder", nargs="?", metavar="DIR", default=".", help=_FOLDER)


def _add_decide(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        _decide,
        "record a decision, with its reason",
        "It is on disk when the command ends; `timeline build` applies it. What else was decided on the same since the "
        "last build is told. undo takes back one decision, or the last one on an event; undoing the undo lets it "
        "count again.",
        'timeline decide edit e1a2b3c4d5 --set date=1969-03-02 --why "the report gives the day"',
    )
    parser.add_argument("action", choices=ACTIONS, metavar="ACTION", help=", ".join(ACTIONS))
    parser.add_argument(
        "event_id",
        nargs="*",
        metavar="EVENT_ID",
        help="of events.csv; split: of the mentions that leave; undo: or of a decision; add: none",
    )
    parser.add_argument("--set", action="append", default=[], metavar="COLUMN=VALUE", help="a new value (repeatable)")
    parser.add_argument(
        "--instead",
        default="",
        metavar="DECISION",
        help="the id of a decision that this one replaces; its values and reason hold where none are given",
    )
    parser.add_argument("--why", default="", metavar="TEXT", help="the reason, in a sentence")
    parser.add_argument("--by", default="", metavar="NAME", help="who decides (default: who is logged in)")
    parser.add_argument("--data", default=".", metavar="DIR", help=_FOLDER)


def _add_score(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(commands, _score, "precision, recall and F1 against gold", "", "timeline score data gold.csv")
    parser.add_argument("built", metavar="BUILT", help="what the build found")
    parser.add_argument("gold", metavar="GOLD", help="what there is to find, made by hand")


def _add_new(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(commands, _new, "begin a timeline project in a folder", "", "timeline new sino-russian")
    parser.add_argument("folder", metavar="FOLDER", help="made if there is none")
