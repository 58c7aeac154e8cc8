"""What the documentation says is so: its commands exist, its Python runs, and nothing a user can name is left out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from timeline.export import EXPORTS
from timeline.read import SUFFIXES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
COMMANDS = ("build", "tag", "serve", "export", "import", "verify", "check", "decide", "score", "new")
START = "python3 -m venv .venv && .venv/bin/pip install -c constraints.txt -e '.[test]' && .venv/bin/timeline serve"
TEST = ".venv/bin/python -m pytest"


def run(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run this Python with the arguments in a folder; our packages are found wherever that is."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", ""))),
        "PYTHONIOENCODING": "utf-8",
    }
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=120
    )


def blocks(language: str, text: str = README) -> list[str]:
    """The fenced code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project's own documents and tables."""
    for name in ("seeds", "data"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("command", [START, TEST])
def test_the_readme_shows_the_two_commands(command: str) -> None:
    assert [block for block in blocks("sh") if block.strip() == command]


@pytest.mark.parametrize("number", range(len(blocks("python"))))
def test_the_python_in_the_readme_runs(number: int, project: Path) -> None:
    done = run("-c", blocks("python")[number], folder=project)

    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_the_commands_in_the_documentation_are_the_commands_there_are() -> None:
    shown = set(re.findall(r"`?timeline ([a-z]+)", "\n".join(blocks("sh") + re.findall(r"`[^`\n]+`", README))))
    said = run("-m", "timeline", "--help").stdout

    assert shown == set(COMMANDS)
    assert all(re.search(rf"\b{command}\b", said) for command in COMMANDS), said


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    done = run("-m", "timeline", command, "--help")

    assert done.returncode == 0, done.stderr
    assert "usage: " in done.stdout


@pytest.mark.parametrize("option", sorted(set(re.findall(r"(?<= |\[)--[a-z]+", README)) - {"--version"}))
def test_every_option_in_the_readme_is_one(option: str) -> None:
    assert any(option in run("-m", "timeline", command, "--help").stdout for command in COMMANDS)


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_every_export_format_is_in_the_readme(name: str) -> None:
    line = f"| `{name}` | {EXPORTS[name].about} | {EXPORTS[name].lacks} |"

    assert line in README.splitlines(), f"README.md needs the line {line}"


def test_the_example_of_an_export_format_works(tmp_path: Path) -> None:
    function, entry = blocks("python", CONTRIBUTING.partition("### ... an export format")[2].partition("### ...")[0])
    shutil.copytree(ROOT / "timeline", tmp_path / "timeline")
    tables, registry = tmp_path / "timeline/export/tables.py", tmp_path / "timeline/export/__init__.py"
    tables.write_text(f"{tables.read_text('utf-8')}\n\n{function}", "utf-8")
    registry.write_text(
        registry.read_text("utf-8").replace("_FORMATS = (\n", f"_FORMATS = (\n{entry.strip()},\n", 1), "utf-8"
    )

    listed = run("-m", "timeline", "export", "--list", folder=tmp_path)
    done = run("-m", "timeline", "export", str(ROOT), "--to", "dates", folder=tmp_path)
    plain = run("-m", "timeline", "export", str(ROOT), "--to", "dates")

    assert listed.stdout.startswith("dates (.txt): reading along: date and title; without everything else")
    assert "1949-10-01  The People’s Republic of China is founded" in done.stdout, done.stderr
    assert plain.returncode == 2  # the copy had it, not the project


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_every_link_into_the_project_leads_somewhere(text: str) -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if not link.startswith("http")]

    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:timeline|dashboard|tests|seeds)/[\w./-]+)`", CONTRIBUTING)))
)
def test_every_file_that_contributing_names_is_there(path: str) -> None:
    assert (ROOT / path).exists() or "xx" in path


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_packages_come_from_nowhere_in_particular(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")

    assert "://" not in text
    assert "--" not in "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))


def test_every_dependency_is_pinned() -> None:
    pinned = dict(re.findall(r"^([\w-]+)==([\w.]+)", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE))
    needed = re.findall(r'^ {4}"([\w-]+)(?:>=[\w.]+)?",', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)

    assert needed
    assert set(needed) <= set(pinned)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_ending_that_is_read_is_in_the_readme(suffix: str) -> None:
    assert f"`{suffix}`" in README
