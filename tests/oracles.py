"""What others wrote and exports must be accepted by: packages of Python and npm, Chromium, LibreOffice.

Nothing is skipped on the machine whose job it is to test (CI in the environment); elsewhere a skip says what lacks.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NPM = Path(__file__).parent / "npm"


def missing(what: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


def oracle(name: str) -> Any:
    """A package of the extra `acceptance`."""
    try:
        return import_module(name)
    except ImportError:
        missing(f"{name} is not installed: pip install -e '.[test,acceptance]'")


def node_modules() -> Path:
    """The folder of the npm packages that tests/npm/package.json names."""
    folder = os.environ.get("TIMELINE_NODE_MODULES", "")
    if not folder or not Path(folder).is_dir():
        missing(
            "copy tests/npm/package.json to an empty folder, run `npm install` there, and name its node_modules in "
            "TIMELINE_NODE_MODULES"
        )
    return Path(folder).resolve()


def node() -> str:
    path = shutil.which("node")
    if path is None:
        missing("no node found; install it, for example `apt-get install nodejs`")
    return str(path)


Browse = Callable[[Callable[[Any], Any]], Any]


@contextmanager
def browsing() -> Iterator[Browse]:
    """`browse(do)`: what `do` returns of a fresh page without network. Playwright gets a thread to itself."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        missing("no Chromium found; install one, for example `apt-get install chromium`")
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    with ThreadPoolExecutor(1) as thread:
        run = thread.submit(lambda: playwright.sync_playwright().start()).result()
        arguments = ["--no-sandbox", "--disable-gpu", "--allow-file-access-from-files"]
        browser = thread.submit(lambda: run.chromium.launch(executable_path=path, args=arguments)).result()

        def visit(do: Callable[[Any], Any]) -> Any:
            context = browser.new_context(offline=True, viewport={"width": 1280, "height": 850})
            page = context.new_page()
            page.asked, page.complaints = [], []
            page.on("request", lambda request: page.asked.append(request.url))
            page.on("pageerror", lambda error: page.complaints.append(str(error)))
            page.on(
                "console", lambda message: page.complaints.append(message.text) if message.type == "error" else None
            )
            page.on("dialog", lambda dialog: (page.complaints.append("a dialog"), dialog.dismiss()))
            try:
                return do(page)
            finally:
                context.close()

        try:
            yield lambda do: thread.submit(visit, do).result()
        finally:
            thread.submit(lambda: (browser.close(), run.stop())).result()


def soffice(data: bytes, suffix: str, to: str, folder: Path, reading: str = "") -> bytes:
    """What LibreOffice makes of a file: `to` is the ending to convert to, with a filter after a colon if it needs one.

    `reading`: the filter to read it with, if not the one that LibreOffice takes by itself.
    """
    path = shutil.which("soffice")
    if path is None:
        missing("no soffice found: `apt-get install libreoffice-calc-nogui libreoffice-writer-nogui`")
    given = folder / f"given{suffix}"
    given.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [str(path), "--headless", profile, *([f"--infilter={reading}"] if reading else [])]
    command += ["--convert-to", to, "--outdir", str(folder / "made"), str(given)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120)
    made = folder / "made" / f"given.{to.partition(':')[0]}"
    assert made.is_file(), ran.stdout + ran.stderr
    return made.read_bytes()
