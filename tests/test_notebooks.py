"""The notebooks run from top to bottom, offline; what is committed of them is the story alone."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project's files, and a Jupyter of its own whose kernel is this Python."""
    copy = tmp_path / "project"
    for name in ("notebooks", "seeds", "data"):
        shutil.copytree(ROOT / name, copy / name)
    if (ROOT / "timeline.toml").exists():
        shutil.copy(ROOT / "timeline.toml", copy)
    kernel = tmp_path / "jupyter" / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    kernel.write_text(json.dumps({"argv": argv, "display_name": "Python 3", "language": "python"}), "utf-8")
    for variable, folder in (("JUPYTER_PATH", "jupyter"), ("JUPYTER_RUNTIME_DIR", "run"), ("IPYTHONDIR", "ipython")):
        monkeypatch.setenv(variable, str(tmp_path / folder))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", ""))))
    return copy


def test_there_is_a_notebook() -> None:
    assert NOTEBOOKS


@each_notebook
@pytest.mark.parametrize("opened_in", ["notebooks", "."])
def test_a_notebook_runs(path: Path, opened_in: str, project: Path) -> None:
    notebook = nbformat.read(project / "notebooks" / path.name, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(project / opened_in)}}
    )

    client.execute()  # raises what a cell raises

    assert any(cell.get("outputs") for cell in notebook.cells)


@each_notebook
def test_a_committed_notebook_has_no_outputs(path: Path) -> None:
    notebook = json.loads(path.read_text("utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]

    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert all(set(cell["metadata"]) == set() for cell in notebook["cells"])


@each_notebook
def test_a_notebook_uses_the_public_names_alone(path: Path) -> None:
    notebook = json.loads(path.read_text("utf-8"))
    code = "".join("".join(cell["source"]) + "\n" for cell in notebook["cells"] if cell["cell_type"] == "code")

    assert "timeline._" not in code
    assert "from timeline." not in code
