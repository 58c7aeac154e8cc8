"""Documents in; a curated table of dated events out, each with the exact sentence it rests on.

    import timeline

    mine = timeline.load("my-timeline")      # what `timeline build` wrote
    mine.events                              # a pandas DataFrame, one row an event
    mine.text("report-1969")[118:200]        # the passage of a quote

Everything is imported when it is first used, so that `import timeline` costs nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .build import build, timexes
    from .check import check
    from .decide import conflicts, decide
    from .edtf import Edtf
    from .edtf import parse as parse_edtf
    from .export import export, only
    from .model import Problem, Source, TimelineError
    from .project import find_project, new_project
    from .read import read_sources
    from .score import score
    from .table import Timeline, load
    from .verify import verify

    __version__: str

__all__ = [
    "Edtf",
    "Problem",
    "Source",
    "Timeline",
    "TimelineError",
    "__version__",
    "build",
    "check",
    "conflicts",
    "decide",
    "export",
    "find_project",
    "load",
    "new_project",
    "only",
    "parse_edtf",
    "read_sources",
    "score",
    "timexes",
    "verify",
]

_HOMES = {
    "Edtf": ("edtf", "Edtf"),
    "Problem": ("model", "Problem"),
    "Source": ("model", "Source"),
    "Timeline": ("table", "Timeline"),
    "TimelineError": ("model", "TimelineError"),
    "build": ("build", "build"),
    "check": ("check", "check"),
    "conflicts": ("decide", "conflicts"),
    "decide": ("decide", "decide"),
    "export": ("export", "export"),
    "find_project": ("project", "find_project"),
    "load": ("table", "load"),
    "new_project": ("project", "new_project"),
    "only": ("export", "only"),
    "parse_edtf": ("edtf", "parse"),
    "read_sources": ("read", "read_sources"),
    "score": ("score", "score"),
    "timexes": ("build", "timexes"),
    "verify": ("verify", "verify"),
}


class _Package(ModuleType):
    """Importing timeline/build.py would make `timeline.build` the module; here it stays the function."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> Any:
    if name == "__version__":
        value: Any = _version()
    elif name in _HOMES:
        module, attribute = _HOMES[name]
        value = getattr(import_module(f"{__name__}.{module}"), attribute)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _version() -> str:
    """The version of the installed package, "0" if it runs from a folder that was never installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("cited-timeline")
    except PackageNotFoundError:
        return "0"
