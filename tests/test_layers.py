"""Who may import whom, read from the code: the pipeline stays a chain of steps that know the types and no neighbours.

A new module gets a line in ALLOWED; a new arrow is one word there, and worth a thought: an arrow between two steps
mostly means that a type should move down to `model`. An arrow that nobody uses any more leaves.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

TYPES = "timeline.edtf timeline.model"
PIPELINE = (
    "rules lexicon read segment dateline tag resolve syntax names subject told find merge decisions passages curate "
    "decide"
)

# module: what it may import of ours ("timeline" alone is the public API; * is everything in the package)
ALLOWED = {
    "timeline.edtf": "",
    "timeline.model": "",
    # the steps
    "timeline.rules": "timeline.model",
    "timeline.language": "timeline.rules",
    "timeline.lexicon": "timeline.model",
    "timeline.segment": "timeline.rules",
    "timeline.tag": "timeline.rules",
    "timeline.values": "timeline.edtf",
    "timeline.thread": f"{TYPES} timeline.rules timeline.values",
    "timeline.resolve": f"{TYPES} timeline.rules timeline.tag timeline.thread "
    "timeline.values",  # tag: for the type of what it found
    "timeline.dateline": f"{TYPES} timeline.rules",
    "timeline.syntax": "timeline.rules",
    "timeline.names": "timeline.rules timeline.lexicon timeline.syntax",
    "timeline.title": "timeline.rules",
    "timeline.subject": "timeline.rules timeline.syntax timeline.title",
    "timeline.told": "timeline.rules timeline.syntax timeline.subject timeline.title",
    "timeline.find": f"{TYPES} timeline.rules timeline.lexicon timeline.syntax timeline.names timeline.subject "
    "timeline.title timeline.told",
    "timeline.merge": TYPES,
    # what people decided
    "timeline.decisions": TYPES,
    "timeline.passages": "timeline.decisions",
    "timeline.curate": "timeline.model timeline.edtf timeline.decisions timeline.passages "
    "timeline.merge",  # merge: for event_id, the one function that names an event
    "timeline.decide": "timeline.model timeline.decisions",
    # files and tables
    "timeline.columns": "timeline.edtf",
    "timeline.table": f"{TYPES} timeline.columns timeline.project",
    "timeline.project": f"{TYPES} timeline.table",
    "timeline.cache": "",
    "timeline.progress": "",
    "timeline.palette": "",
    "timeline.read": "timeline.cache timeline.progress timeline.model timeline.project timeline.language "
    "timeline.read.*",
    # the formats, and the child process that reads them
    "timeline.read.document": TYPES,
    "timeline.read.packed": "timeline.model timeline.read.document",
    "timeline.read.plain": f"{TYPES} timeline.read.document",
    "timeline.read.markup": "timeline.read.document",
    "timeline.read.pdf": "timeline.read.document",
    "timeline.read.office": "timeline.model timeline.read.document timeline.read.packed",
    "timeline.read.epub": "timeline.model timeline.read.document timeline.read.markup timeline.read.packed",
    "timeline.read.mail": "timeline.model timeline.read.document timeline.read.markup",
    "timeline.read.cues": "timeline.read.document",
    "timeline.read.rows": f"{TYPES} timeline.read.document",
    "timeline.read.formats": "timeline.read.document timeline.read.packed",
    "timeline.read.archive": "timeline.model timeline.read.document timeline.read.formats timeline.read.packed",
    "timeline.read.worker": "timeline.model timeline.read.document timeline.read.formats",
    "timeline.read.child": "timeline.model timeline.read.document",
    "timeline.read.known": f"{TYPES} timeline.project timeline.read.rows",
    "timeline.read.works": "timeline.model",
    "timeline.export": "timeline.model timeline.table timeline.export.*",
    "timeline.export.common": f"{TYPES} timeline.table",
    "timeline.export.tables": f"{TYPES} timeline.table timeline.export.common",
    "timeline.export.prose": "timeline.edtf timeline.table timeline.export.common",
    "timeline.export.printed": "timeline.table timeline.export.common timeline.export.prose",
    "timeline.export.page": "timeline.edtf timeline.palette timeline.table timeline.export.common",
    "timeline.export.slides": "timeline.edtf timeline.table timeline.export.common timeline.export.prose",
    "timeline.export.ics": "timeline.edtf timeline.table timeline.export.common",
    "timeline.export.linked": "timeline.edtf timeline.table timeline.export.common",
    "timeline.export.timeml": f"{TYPES} timeline.table timeline.export.common "
    "timeline.build timeline.rules",  # build: TimeML has every time expression, and the tables those of events only
    "timeline.export.cited": "timeline.edtf timeline.table timeline.export.common",
    "timeline.export.crate": "timeline timeline.table timeline.export.common timeline.export.tables timeline.decide "
    "timeline.decisions",
    "timeline.typed": f"{TYPES} timeline.build",
    "timeline.importing": "timeline.model timeline.table timeline.decide timeline.decisions timeline.export.common "
    "timeline.export.slides timeline.export.tables timeline.typed",
    "timeline.verify": "timeline.model timeline.check",
    "timeline.score": TYPES,
    "timeline.overlay": "timeline.model timeline.table timeline.curate timeline.decisions timeline.build "
    "timeline.read.document",
    "timeline.check": "timeline.model timeline.table timeline.project timeline.curate timeline.decide "
    "timeline.decisions",
    # what puts them together
    "timeline.build": "timeline.*",
    "timeline.cli": "timeline.* dashboard.*",
    "timeline.__main__": "timeline.cli",
    "timeline": "timeline.*",
    # the page
    "dashboard": "",
    "dashboard.ids": "",
    "dashboard.guard": "",
    "dashboard.markup": "timeline.palette",
    "dashboard.place": "",
    "dashboard.words": "timeline.edtf",
    "dashboard.scale": "timeline.edtf dashboard.words",
    "dashboard.state": "timeline.edtf",
    "dashboard.select": "timeline timeline.columns dashboard.scale dashboard.state",
    "dashboard.sketch": "timeline.edtf timeline.palette dashboard.place dashboard.scale dashboard.select "
    "dashboard.state",
    "dashboard.figures": "timeline timeline.palette dashboard.place dashboard.scale dashboard.select dashboard.sketch "
    "dashboard.state dashboard.words",
    "dashboard.drawing": "dashboard.figures dashboard.place dashboard.scale dashboard.select dashboard.sketch "
    "dashboard.state dashboard.store",
    "dashboard.serving": "",
    "dashboard.exporting": "timeline timeline.export dashboard.ids dashboard.markup dashboard.select dashboard.state "
    "dashboard.store",
    "dashboard.filters": "dashboard.markup timeline.palette dashboard.select dashboard.state dashboard.words",
    "dashboard.reader": "",
    "dashboard.events": "timeline.edtf dashboard.filters dashboard.markup timeline.palette dashboard.select "
    "dashboard.state dashboard.words",
    "dashboard.panel": "timeline timeline.edtf timeline.export.cited dashboard.markup timeline.palette "
    "dashboard.reader dashboard.select dashboard.state dashboard.words",
    "dashboard.store": "timeline timeline.curate timeline.decide timeline.decisions timeline.model timeline.overlay "
    "timeline.palette dashboard.select",
    "dashboard.rebuild": "timeline timeline.project",
    "dashboard.curation": "timeline timeline.decide timeline.decisions timeline.edtf timeline.model timeline.overlay "
    "timeline.table timeline.typed dashboard.ids dashboard.markup dashboard.rebuild dashboard.select dashboard.state "
    "dashboard.store dashboard.words",
    "dashboard.layout": "dashboard.*",
    "dashboard.callbacks": "dashboard.*",
    "dashboard.app": "timeline dashboard.*",
    "dashboard.__main__": "timeline dashboard.app",
}

# package of others: the only modules that may import it
FENCES = {
    "dateparser": "timeline.resolve",
    "dateutil": "timeline.values",
    "pandas": "timeline.table timeline.columns dashboard.*",
    "pyarrow": "timeline.columns timeline.export.tables",
    "openpyxl": "timeline.export.tables timeline.importing",
    "numpy": "timeline.columns dashboard.*",
    "plotly": "dashboard.figures",
    "dash": "dashboard.app dashboard.callbacks dashboard.curation dashboard.events dashboard.exporting "
    "dashboard.filters dashboard.layout dashboard.markup dashboard.panel dashboard.reader",
    "flask": "dashboard.app dashboard.curation dashboard.drawing dashboard.exporting dashboard.guard dashboard.serving",
    "waitress": "dashboard.app",
    "lxml": "timeline.read.markup timeline.read.packed",
    "trafilatura": "timeline.read.markup",
    "pypdfium2": "timeline.read.pdf",
    "striprtf": "timeline.read.office",
    "fastwarc": "timeline.read.archive",
}


@dataclass(frozen=True)
class Import:
    """Module `user` imports module `used` in line `line`, inside the function `function` (empty: at its top)."""

    user: str
    used: str
    line: int
    function: str


def modules() -> dict[str, Path]:
    """Every module of ours by its dotted name."""
    files = sorted(path for package in ("timeline", "dashboard") for path in (ROOT / package).rglob("*.py"))
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in files}


MODULES = modules()


def imports(user: str) -> Iterator[Import]:
    """Everything a module imports, wherever in it."""
    tree = ast.parse(MODULES[user].read_text("utf-8"))
    yield from _imports(tree, user, "")


def _imports(node: ast.AST, user: str, function: str) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        name = child.name if isinstance(child, ast.FunctionDef) and not function else function
        if isinstance(child, ast.Import):
            yield from (Import(user, alias.name, child.lineno, name) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            base = _base(user, child)
            for alias in child.names:
                whole = f"{base}.{alias.name}"
                yield Import(user, whole if whole in MODULES else base, child.lineno, name)
        else:
            yield from _imports(child, user, name)


def _base(user: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = user.split(".") if MODULES[user].name == "__init__.py" else user.split(".")[:-1]
    parts = package[: len(package) - node.level + 1]
    return ".".join([*parts, node.module] if node.module else parts)


def may(used: str, allowed: str) -> bool:
    """Is a module in a list such as "timeline timeline.edtf dashboard.*"?"""
    return any(used == name or (name.endswith(".*") and (used + ".").startswith(name[:-1])) for name in allowed.split())


def test_every_module_has_its_line() -> None:
    unlisted = sorted(set(MODULES) - set(ALLOWED))

    assert not unlisted, f"add {', '.join(unlisted)} to ALLOWED in {Path(__file__).name}: what may they import?"


@pytest.mark.parametrize("user", sorted(MODULES))
def test_a_module_imports_what_it_may(user: str) -> None:
    allowed = ALLOWED.get(user, "")
    wrong = {
        f"{MODULES[user].name}:{each.line} imports {each.used}"
        for each in imports(user)
        if each.used.split(".")[0] in ("timeline", "dashboard") and not may(each.used, allowed)
    }

    assert not wrong, f"{wrong}; {user} may import: {allowed or 'nothing of ours'}"


@pytest.mark.parametrize("user", sorted(ALLOWED))
def test_every_arrow_is_used(user: str) -> None:
    used = {each.used for each in imports(user)} if user in MODULES else set()
    unused = [name for name in ALLOWED[user].split() if not any(may(each, name) for each in used)]

    assert user in MODULES, f"there is no module {user}: take its line out of ALLOWED"
    assert not unused, f"{user} does not import {', '.join(unused)}: take it out of ALLOWED"


@pytest.mark.parametrize("user", sorted(MODULES))
def test_packages_of_others_stay_behind_their_fence(user: str) -> None:
    wrong = []
    for each in imports(user):
        package = each.used.split(".")[0]
        if package in sys.stdlib_module_names or package in ("timeline", "dashboard"):
            continue
        if not may(user, FENCES.get(package, "")):
            wrong.append(f"{MODULES[user].name}:{each.line} imports {package}")

    assert not wrong, f"{wrong}; the fences are in FENCES in {Path(__file__).name}"


def test_timeline_meets_the_dashboard_only_where_it_serves_it() -> None:
    meetings = {
        (each.user, each.function)
        for user in MODULES
        if user.split(".")[0] == "timeline"
        for each in imports(user)
        if each.used.split(".")[0] == "dashboard"
    }

    assert all(user == "timeline.cli" and "serve" in function for user, function in meetings), meetings


def test_the_steps_load_no_table_library() -> None:
    slow = {"pandas", "numpy", "plotly", "dash"}
    steps = {f"timeline.{name}" for name in PIPELINE.split()} & set(MODULES)
    wrong = [(user, each.used) for user in sorted(steps) for each in imports(user) if each.used.split(".")[0] in slow]

    assert not wrong


def test_the_arrows_have_no_circle_at_import_time() -> None:
    graph = {user: {i.used for i in imports(user) if i.used in MODULES and not i.function} for user in MODULES}
    while graph:
        free = {user for user, used in graph.items() if not used & set(graph)}
        assert free, f"these import each other in a circle: {sorted(graph)}"
        graph = {user: used for user, used in graph.items() if user not in free}
