"""How fast the page is, beside peers measured in the same run: first paint, zooming, loading, many readers.

    python tests/bench/dashboard.py [--events N,N,...] [--zooms N] [--readers N] [--repeat N] [--project FOLDER]

Made-up timelines of so many events (days, years and ranges over five centuries, 7 categories, 300 actors) are served by
`timeline serve` in a process of their own and used in a real Chromium: every zoom is a wheel event, and lasts until the
marks of the new window are painted. The peers: a Dash page with one empty graph (first paint), a Dash page with one
WebGL scatter plot of all the events (zooming), and, where TIMELINE_NODE_MODULES names the `node_modules` of tests/npm,
vis-timeline and TimelineJS with our exports for them. Every figure stands beside its target. Needs the test extras.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pyarrow as pa
from playwright.sync_api import Error, sync_playwright
from pyarrow import csv

from timeline import load
from timeline.edtf import day_number
from timeline.export import export
from timeline.table import SCHEMAS, TABLES, csv_bytes, descriptor

FIRST_PAINT, PAINT_RATIO = 2.0, 1.3  # targets: seconds, and times a bare Dash page
MEDIAN, P95, MOST_BYTES = 80.0, 150.0, 35_000  # targets of a zoom: ms, ms, bytes of an answer
LOAD, MEMORY = 3.0, 1000.0  # targets for a million events: seconds, MB
READERS_P95 = 300.0  # target: ms of a zoom for one of many readers
SEEN = 2.0  # target: seconds from a click on Accept until a second browser shows it
PAUSE = 2.0  # seconds between two zooms of a reader
FIRST, LAST = 1500, 2024
FILTERS = {"no filter": "", "two filters": "?category=Diplomacy&category=Economy&kind=event"}
WORDS = [
    "council",
    "treaty",
    "border",
    "quay",
    "harbour",
    "railway",
    "loan",
    "strike",
    "summit",
    "visit",
    "pact",
    "reform",
    "election",
    "trade",
    "talks",
]
CATEGORIES = ("Diplomacy", "Economy", "Military", "Domestic", "Science", "Culture", "Border")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--enable-unsafe-swiftshader"]
PEER = """
import sys, numpy as np, dash, waitress
from dash import dcc, html
app = dash.Dash("peer", serve_locally=True)
n, rng = int(sys.argv[1]), np.random.default_rng(7)
all = {"type": "scattergl", "mode": "markers", "x": rng.integers(547500, 739000, n), "y": rng.integers(0, 7, n)}
figure = {"data": [all] if n else []}
app.layout = html.Div(dcc.Graph(figure=figure, style={"height": "500px"}, config={"scrollZoom": True}))
server = waitress.create_server(app.server, host="127.0.0.1", port=0, threads=8)
print(f"http://127.0.0.1:{server.effective_port}", flush=True)
server.run()
"""
LOADING = """
import sys, time, pandas, pyarrow.compute, pyarrow.csv
from dashboard.store import Store
from timeline import load
start = time.perf_counter()
Store(load(sys.argv[1]))
print(time.perf_counter() - start)
"""
PAINTED = """() => new Promise((done) => requestAnimationFrame(() => {
  const channel = new MessageChannel(); channel.port1.onmessage = done; channel.port2.postMessage(0); }))"""
VIEWERS = {  # what a page needs, a script that opens the data, and when it is open
    "vis-timeline": (
        "<link rel='stylesheet' href='{0}/vis-timeline/styles/vis-timeline-graph2d.min.css'>"
        "<script src='{0}/vis-timeline/standalone/umd/vis-timeline-graph2d.min.js'></script>",
        "const box = document.getElementById('here'); window.shown = new vis.Timeline(box, "
        "new vis.DataSet(data.items), new vis.DataSet(data.groups), {height: 500}); shown.fit({animation: false});",
        ".vis-item .vis-item-content",
    ),
    "TimelineJS": (
        "<link rel='stylesheet' href='{0}/@knight-lab/timelinejs/dist/css/timeline.css'>"
        "<script src='{0}/@knight-lab/timelinejs/dist/js/timeline.js'></script>",
        "window.shown = new TL.Timeline('here', data, {font: null});",
        ".tl-timemarker",
    ),
}
FORMATS = {"vis-timeline": "vis", "TimelineJS": "timelinejs"}
VIEWED, PATIENCE = (1_000, 10_000), 60  # events, and seconds that a viewer has to open them
IN_SIGHT = """() => { const box = document.querySelector(".vis-panel.vis-center").getBoundingClientRect();
  return Array.from(document.querySelectorAll(".vis-foreground .vis-item")).filter((item) => {
    const at = item.getBoundingClientRect(); return at.bottom > box.top && at.top < box.bottom; }).length; }"""
VIS_ZOOM = f"""async ([share, width]) => {{
  const first = -14831769600000, reach = 16545945600000, start = performance.now(), middle = first + reach * share;
  const drawn = new Promise((done) => {{
    const look = () => {{ shown.off("changed", look); done(); }};
    shown.on("changed", look); }});
  shown.setWindow(middle - reach * width / 2, middle + reach * width / 2, {{ animation: false }});
  await Promise.race([drawn, new Promise((go) => setTimeout(go, 20000))]);
  await ({PAINTED})();
  return performance.now() - start; }}"""
READY = """() => new Promise((done) => { (function look() {
  const plot = document.querySelector(".js-plotly-plot");
  if (!plot || !plot.querySelector(".main-svg") || !plot.calcdata) return requestAnimationFrame(look);
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))); })(); })"""
ZOOM = f"""async ([share, delta]) => {{
  const plot = document.querySelector("#plot"), box = plot.getBoundingClientRect();
  const before = plot.layout.meta.rid, start = performance.now();
  plot.dispatchEvent(new WheelEvent("wheel", {{ deltaY: delta, clientX: box.left + 118 + (box.width - 128) * share,
    clientY: box.top + 60, bubbles: true, cancelable: true }}));
  while (plot.layout.meta.rid === before) await new Promise((go) => setTimeout(go, 1));
  await ({PAINTED})();
  return performance.now() - start; }}"""
PEER_ZOOM = f"""async ([share, width]) => {{
  const plot = document.querySelector(".js-plotly-plot"), start = performance.now();
  const middle = 547500 + 191500 * share;
  await window.Plotly.relayout(plot, {{ "xaxis.range": [middle - width / 2, middle + width / 2] }});
  await ({PAINTED})();
  return performance.now() - start; }}"""
CHANGED = """(before) => new Promise((done) => { (function look() {
  if (document.querySelector(".count > a").innerText !== before) return done();
  setTimeout(look, 5); })(); })"""
SIZES = (
    "performance.getEntriesByType('resource').filter((e) => e.name.includes('/scene?')).map((e) => e.encodedBodySize)"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 whatever the figures are, 2 if there is no browser."""
    options = _parser().parse_args(arguments)
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        print("dashboard.py: no Chromium found; install one, for example `apt-get install chromium`", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as run:
        browser = run.chromium.launch(executable_path=path, args=FLAGS)
        _show_first_paint(browser, options.project, options.repeat, Path(folder))
        for count in map(int, options.events.split(",")):
            place = make(Path(folder) / str(count), count)
            _show_size(browser, place, count, options.zooms, options.readers)
            shutil.rmtree(place)
        browser.close()
        modules = os.environ.get("TIMELINE_NODE_MODULES")
        print("" if modules else "\nvis-timeline and TimelineJS: not measured; TIMELINE_NODE_MODULES names no folder")
        for count in VIEWED if modules else ():
            place = make(Path(folder) / str(count), count)
            for name in VIEWERS:
                browser = run.chromium.launch(executable_path=path, args=FLAGS)
                _show_viewer(browser, place, name, count, str(modules), min(options.zooms, 20))
                browser.close()
            shutil.rmtree(place)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="how fast the page is")
    parser.add_argument("--events", default="1000,100000,1000000", metavar="N,N", help="sizes of the made-up timelines")
    parser.add_argument("--zooms", type=int, default=60, metavar="N", help="zooms of each kind (default: 60)")
    parser.add_argument("--readers", type=int, default=50, metavar="N", help="readers at once (default: 50)")
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="rounds of first paints (default: 5)")
    parser.add_argument("--project", default=".", metavar="FOLDER", help="the timeline of the first paint (default: .)")
    return parser


# ---------------------------------------------------------------------------------------------- made-up timelines


def make(folder: Path, count: int) -> Path:
    """Tables of so many made-up events, one mention each, as a build writes them."""
    folder.mkdir(parents=True)
    random_ = np.random.default_rng(7)
    days = np.sort(random_.integers(day_number(FIRST, 1, 1), day_number(LAST, 12, 31), count))
    day = np.array(days - 719163, dtype="datetime64[D]").astype(str)
    year = np.char.ljust(day, 4).astype("<U4")
    later = (year.astype(int) + 3).astype(str)
    kind = random_.random(count)
    is_day, is_year = kind < 0.7, kind < 0.9
    date = np.where(is_day, day, np.where(is_year, year, np.char.add(np.char.add(year, "/"), later)))
    first = np.where(is_day, day, np.char.add(year, "-01-01"))
    last = np.where(is_day, day, np.char.add(np.where(is_year, year, later), "-12-31"))
    order = np.lexsort((last, first))
    date, first, last, is_day, is_year = (each[order] for each in (date, first, last, is_day, is_year))
    number = np.arange(count)
    sentence = [" ".join(some) for some in random_.choice(WORDS, (997, 18)).tolist()]
    title = [text[:50] for text in sentence]
    pair = random_.integers(0, 300, (2, count))
    common = {
        "date": date,
        "earliest": first,
        "latest": last,
        "precision": np.where(is_day, "day", np.where(is_year, "year", "range")),
        "title": np.char.add(np.array(title)[number % 997], np.char.mod(" %d", number)),
        "modality": np.full(count, "actual"),
        "kind": np.where(number % 9 == 0, "state", "event"),
        "confidence": np.round(random_.random(count), 2),
        "source_id": np.char.mod("s%d", number % 2000),
        "quote": np.array(sentence)[number % 997],
        "quote_start": number % 50_000,
        "quote_end": number % 50_000 + 90,
    }
    events = common | {
        "event_id": np.char.mod("e%010x", number),
        "category": np.array(CATEGORIES)[random_.integers(0, 7, count)],
        "actors": np.char.add(np.char.mod("Actor %d; ", pair[0]), np.char.mod("Actor %d", pair[1] + 300)),
        "places": np.char.mod("Place %d", random_.integers(0, 500, count)),
        "salience": np.round(random_.random(count), 2),
        "status": np.where(number % 3 == 0, "accepted", "proposed"),
        "n_sources": np.ones(count, dtype=int),
        "n_mentions": np.ones(count, dtype=int),
    }
    mentions = common | {
        "mention_id": np.char.mod("m%010x", number),
        "event_id": events["event_id"],
        "date_text": date,
        "date_start": number % 50_000,
        "date_end": number % 50_000 + 10,
        "basis": np.full(count, "explicit"),
        "rule": np.full(count, "day"),
    }
    _write(folder, "events", events, count)
    _write(folder, "mentions", mentions, count)
    names = sorted(f"s{place}" for place in range(min(count, 2000)))
    sources = [
        {"source_id": name, "title": f"Source {name}", "published_basis": "unknown", "file": f"texts/{name}.txt"}
        | {"sha256": "0" * 64, "characters": "50100"}
        for name in names
    ]
    for table, rows in (("sources", sources), ("eras", [])):
        columns = [field["name"] for field in SCHEMAS[table]["fields"]]
        cells = [dict.fromkeys(columns, "") | row for row in rows]
        (folder / f"{table}.csv").write_bytes(csv_bytes(columns, cells))
    tables = {name: (folder / f"{name}.csv").read_bytes() for name in TABLES}
    (folder / "datapackage.json").write_bytes(descriptor(f"{count:,} made-up events", tables))
    return folder


def _write(folder: Path, name: str, columns: dict[str, Any], count: int) -> None:
    names = [field["name"] for field in SCHEMAS[name]["fields"]]
    empty = np.full(count, "")
    table = pa.table({each: pa.array(columns.get(each, empty)) for each in names})
    with (folder / f"{name}.csv").open("wb") as file:
        file.write((",".join(names) + "\n").encode())
        csv.write_csv(table, file, csv.WriteOptions(include_header=False, quoting_style="none"))


# ---------------------------------------------------------------------------------------------- servers


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: its address, its process, and how many seconds passed until it served."""

    address: str
    process: int
    seconds: float

    def peak(self) -> float:
        """The most memory it has used so far, in MB (Linux)."""
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{self.process}/status").read_text())
        return int(found.group(1)) / 1e3 if found else float("nan")


@contextmanager
def served(*command: str) -> Iterator[Server]:
    """A program that prints its address once it serves."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        found = None
        while found is None:
            line = process.stdout.readline()
            if not line:
                raise RuntimeError(f"{' '.join(command)[:60]} ended before it served")
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
        yield Server(found.group(), process.pid, time.perf_counter() - start)
    finally:
        process.terminate()
        process.wait()


def ours(folder: str | Path) -> tuple[str, ...]:
    return "-m", "timeline", "serve", str(folder), "--port", "0"


def loaded(folder: Path) -> float:
    """Seconds until the tables are read and indexed, in a new process, its imports not counted."""
    run = [sys.executable, "-c", LOADING, str(folder)]
    return float(subprocess.run(run, capture_output=True, text=True, check=True).stdout)


def peer(folder: Path, count: int) -> tuple[str, ...]:
    script = folder / "peer.py"
    script.write_text(PEER)
    return str(script), str(count)


# ---------------------------------------------------------------------------------------------- what is measured


def _show_first_paint(browser: Any, project: str, repeat: int, folder: Path) -> None:
    with served(*ours(project)) as mine, served(*peer(folder, 0)) as bare:
        times: dict[str, list[float]] = {mine.address: [], bare.address: []}
        for address in (mine.address, bare.address):
            _first_paint(browser, address)  # warms the server
        for _ in range(repeat):
            for address, found in times.items():
                found.append(_first_paint(browser, address))
        one, other = median(times[mine.address]), median(times[bare.address])
    print(f"first paint of {project}: {one:.2f} s (target < {FIRST_PAINT:g} s){_met(one < FIRST_PAINT)}")
    print(f"  a bare Dash page with an empty graph: {other:.2f} s; ratio {one / other:.2f}", end=" ")
    print(f"(target <= {PAINT_RATIO}){_met(one / other <= PAINT_RATIO)}; spread {_spread(times[mine.address])}")


def _first_paint(browser: Any, address: str) -> float:
    """Seconds from the start of the navigation to the first painted plot, in a browser that knows nothing of it."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(address, wait_until="commit")
    found: float = page.evaluate(READY)
    context.close()
    return found / 1e3


def _show_size(browser: Any, folder: Path, count: int, zooms: int, readers: int) -> None:
    print(f"\n{count:,} events")
    with served(*ours(folder)) as server:
        seconds = median(loaded(folder) for _ in range(3))
        told = f"  read and indexed in {seconds:.2f} s, served {server.seconds:.2f} s after a cold start"
        is_met = seconds < LOAD and server.peak() < MEMORY
        print(f"{told}, with {server.peak():.0f} MB at most", end="")
        print(f" (targets < {LOAD:g} s, < {MEMORY:g} MB){_met(is_met)}" if count >= 1_000_000 else "")
        for name, search in FILTERS.items():
            found, sizes = _zooms(browser, server.address + "/" + search, zooms)
            middle, worst = median(found), _percentile(found, 95)
            print(f"  zoom to paint, {name}: median {middle:.0f} ms, p95 {worst:.0f} ms", end=" ")
            print(f"(targets <= {MEDIAN:g}, {P95:g}){_met(middle <= MEDIAN and worst <= P95)};", end=" ")
            print(f"largest answer {max(sizes):,} bytes (target <= {MOST_BYTES:,}){_met(max(sizes) <= MOST_BYTES)}")
        found = _decisions(browser, server.address, count)
        told = (
            f"  a decision, from the click to a second browser: first {found[0]:.2f} s, then {median(found[1:]):.2f} s"
        )
        print(f"{told}, at most {max(found):.2f} s (target < {SEEN:g}){_met(max(found) < SEEN)}")
        found = many(server.address, readers)
        worst = _percentile(found, 95)
        told = f"  {readers} readers, a zoom every {PAUSE:g} s each: median {median(found):.0f} ms, p95 {worst:.0f} ms"
        print(f"{told} (target < {READERS_P95:g}){_met(worst < READERS_P95)}")
    with served(*peer(folder, count)) as server:
        found = _peer_zooms(browser, server.address, min(zooms, 20))
        print(f"  peer, Dash with a WebGL scatter plot of all: median {median(found):.0f} ms", end=", ")
        print(f"p95 {_percentile(found, 95):.0f} ms")


def _show_viewer(browser: Any, folder: Path, name: str, count: int, modules: str, zooms: int) -> None:
    """How long another viewer takes to open a timeline, and to zoom."""
    head, script, opened = VIEWERS[name]
    data = export(load(folder), FORMATS[name]).decode("utf-8").replace("</", "<\\/")
    page_ = folder / "viewer.html"
    style = "<style>#here { height: 500px }</style>"
    start = "<!doctype html><meta charset='utf-8'>" + head.format(Path(modules).resolve().as_uri()) + style
    page_.write_text(f"{start}<div id='here'></div><script>const data = {data};{script}</script>", "utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(PATIENCE * 1e3)
    begun = time.perf_counter()
    try:
        page.goto(page_.as_uri(), wait_until="commit")
        page.wait_for_selector(opened, state="attached")
        page.evaluate(PAINTED)
    except Error:
        print(f"  peer, {name}: {count:,} events do not open within {PATIENCE} s")
        return
    told = f"  peer, {name}: {count:,} events open in {time.perf_counter() - begun:.1f} s"
    if name == "vis-timeline":
        told += f", {page.evaluate(IN_SIGHT):,} of them in sight"
        random_ = random.Random(4)
        found = [page.evaluate(VIS_ZOOM, [random_.uniform(0.15, 0.85), 0.8 ** (n % 30)]) for n in range(zooms + 2)][2:]
        told += f", zoom to paint: median {median(found):.0f} ms, p95 {_percentile(found, 95):.0f} ms"
    print(told)


def _zooms(browser: Any, address: str, count: int) -> tuple[list[float], list[int]]:
    """Milliseconds from wheel to paint, and bytes of the answers: in to a few weeks, out again, elsewhere in again."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(address)
    page.evaluate(READY)
    page.wait_for_timeout(1500)
    random_ = random.Random(4)
    found = []
    for number in range(count + 2):
        inwards = number // 15 % 2 == 0
        found.append(page.evaluate(ZOOM, [random_.uniform(0.15, 0.85), -240 if inwards else 240]))
        page.wait_for_timeout(random_.choice([10, 60, 260]))
    sizes = page.evaluate(SIZES)
    page.close()
    return found[2:], sizes


def _peer_zooms(browser: Any, address: str, count: int) -> list[float]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(120_000)
    page.goto(address)
    page.evaluate(READY)
    page.wait_for_timeout(1500)
    random_ = random.Random(4)
    found = [
        page.evaluate(PEER_ZOOM, [random_.uniform(0.15, 0.85), 191_500 * 0.8 ** (n % 30)]) for n in range(count + 2)
    ]
    page.close()
    return found[2:]


def _decisions(browser: Any, address: str, count: int, times: int = 8) -> list[float]:
    """Seconds from a click on Accept in one browser until another one has one event less to review."""
    one, other = (browser.new_context(viewport={"width": 1280, "height": 800}).new_page() for _ in range(2))
    for page, search in ((one, f"?event=e{count // 6 * 3 + 1:010x}"), (other, "")):
        page.set_default_timeout(120_000)
        page.goto(f"{address}/{search}")
        page.evaluate(READY)
    one.wait_for_selector(".curate[data-status=proposed]")
    found = []
    for _ in range(times):
        left = other.inner_text(".count > a")
        one.wait_for_timeout(random.Random(len(found)).uniform(300, 1500))
        event = one.get_attribute(".curate", "data-event")
        start = time.perf_counter()
        one.click(".curate-accept")
        other.evaluate(CHANGED, left)
        found.append(time.perf_counter() - start)
        one.wait_for_selector(f".curate:not([data-event='{event}'])[data-status=proposed]")
    one.context.close()
    other.context.close()
    return found


def many(address: str, readers: int, seconds: float = 12.0) -> list[float]:
    """Milliseconds of the zooms of many readers at once, each with a connection of its own."""
    host = urlsplit(address)
    found: list[float] = []
    end = time.perf_counter() + seconds

    def read(seed: int) -> None:
        random_ = random.Random(seed)
        connection = http.client.HTTPConnection(host.hostname or "", host.port, timeout=60)
        time.sleep(random_.uniform(0, PAUSE))
        while time.perf_counter() < end:
            width = 191_500 * 0.8 ** random_.uniform(0, 30)
            start = 547_500 + random_.random() * (191_500 - width)
            begun = time.perf_counter()
            connection.request(
                "GET",
                f"/scene?w=900&h=500&start={start}&end={start + max(width, 20)}",
                headers={"Accept-Encoding": "gzip"},
            )
            connection.getresponse().read()
            found.append((time.perf_counter() - begun) * 1e3)
            time.sleep(random_.uniform(0.5, 1.5) * PAUSE)
        connection.close()

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _percentile(found: Sequence[float], share: float) -> float:
    return float(np.percentile(np.array(found), share))


def _spread(found: Sequence[float]) -> str:
    return f"{min(found):.2f}–{max(found):.2f} s"


def _met(is_met: bool) -> str:
    return "" if is_met else " MISSED"


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
