"""The wiring without a browser: ids, callbacks, downloads, and who may talk to the page."""

import csv
import gzip
import io
import re
import socket
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard import ids
from dashboard.app import create_app, serve
from dashboard.serving import PLOTLY
from dashboard.sketch import Canvas
from timeline import Timeline, TimelineError
from timeline.export import EXPORTS, Format

JSON = {"Host": "127.0.0.1:8050", "Content-Type": "application/json"}


@pytest.fixture(scope="module")
def client(port: Timeline) -> FlaskClient:
    return create_app(port).server.test_client()


def found_ids(part: Any) -> set[str]:
    if isinstance(part, list):
        return set().union(*map(found_ids, part))
    if not isinstance(part, dict):
        return set()
    props = part.get("props", {})
    return ({props["id"]} if "id" in props else set()) | found_ids(props.get("children"))


def ask(client: FlaskClient, output: str, search: str, **more: Any) -> dict[str, Any]:
    """What a callback answers to a view."""
    dependencies = client.get("/_dash-dependencies", headers=JSON).json or []
    (spec,) = [d for d in dependencies if output in d["output"]]
    given = {f"{ids.URL}.search": search, **more}
    inputs = [{**part, "value": given.get(f"{part['id']}.{part['property']}")} for part in spec["inputs"]]
    outputs = [
        dict(zip(("id", "property"), name.rsplit(".", 1), strict=True))
        for name in spec["output"].strip(".").split("...")
    ]
    body = {
        "output": spec["output"],
        "outputs": outputs if spec["output"].startswith("..") else outputs[0],
        "inputs": inputs,
        "state": [{**part, "value": given.get(f"{part['id']}.{part['property']}")} for part in spec["state"]],
        "changedPropIds": list(more) or [f"{ids.URL}.search"],
    }
    response = client.post("/_dash-update-component", json=body, headers=JSON)
    assert response.status_code == 200, response.text
    return (response.json or {})["response"]


def words(part: Any) -> str:
    if isinstance(part, dict):
        return words(part.get("props", {}).get("children"))
    return " ".join(map(words, part)) if isinstance(part, list) else "" if part is None else str(part)


def told(client: FlaskClient, search: str) -> dict[str, str]:
    """The HTML of every place that changes with the view, by its id."""
    return {**ask(client, "shown.data", search)["shown"]["data"], **ask(client, "told.data", search)["told"]["data"]}


def plain(text: str) -> str:
    """What a reader sees of some HTML, with single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


def test_every_callback_speaks_of_components_that_are_there(client: FlaskClient) -> None:
    there = found_ids(client.get("/_dash-layout", headers=JSON).json)
    for dependency in client.get("/_dash-dependencies", headers=JSON).json or []:
        used = {part["id"] for part in dependency["inputs"] + dependency["state"]}
        outputs = [] if dependency.get("no_output") else dependency["output"].strip(".").split("...")
        assert used | {name.rsplit(".", 1)[0] for name in outputs} <= there


def test_a_view_is_counted_and_listed(client: FlaskClient) -> None:
    answer = told(client, "?era=rail")
    assert plain(answer["count"]) == "3 of 11 events · 2 to review"
    assert "School for bargemen founded" in plain(answer["table"])


@pytest.mark.parametrize("search", ["?era=nowhere", "?from=1700&to=1710", "?q=zzz"])
def test_an_empty_selection_says_how_to_get_out(client: FlaskClient, search: str) -> None:
    answer = told(client, search)
    assert "0 of 11 events match" in plain(answer["table"])
    assert "Remove all filters" in plain(answer["table"])


def test_an_unknown_event_gets_a_way_back(client: FlaskClient) -> None:
    answer = told(client, "?event=zzz")
    assert "There is no such event" in plain(answer["panel"])
    assert "Back to all events" in plain(answer["panel"])


def test_the_panel_says_when_why_and_where(client: FlaskClient) -> None:
    panel = plain(told(client, "?event=e03&mention=m03")["panel"])
    assert "12 May 1871" in panel
    assert "Told by 2 sources" in panel
    assert "was read against the publication date 1931." in panel
    assert "“Annual report”, Merrin Press, 1931" in panel


@pytest.mark.parametrize(
    ("event", "flags"),
    [("e02", ["state"]), ("e03", []), ("e05", ["figure"]), ("e09", ["disputed"]), ("e12", ["planned"])],
)
def test_what_is_no_plain_event_is_flagged_in_list_and_panel(client: FlaskClient, event: str, flags: list[str]) -> None:
    answer = told(client, f"?event={event}")
    (row,) = [row for row in answer["table"].split("<tr") if f'data-event="{event}"' in row]
    for part in (row, answer["panel"]):
        assert re.findall(r'<span class="flag"[^>]*>(\w+)<', part) == flags


def test_of_a_disputed_event_the_panel_says_who_says_what(client: FlaskClient) -> None:
    panel = plain(told(client, "?event=e09")["panel"])
    assert "3 or 4 September 1902 (sources disagree)" in panel
    assert "Told by 2 sources; they disagree on the date" in panel
    assert "3 Sep 1902 Chronicle of Merrin" in panel
    assert "4 Sep 1902 Annual report" in panel
    assert "This telling alone says 3 September 1902." in panel


def test_a_table_of_events_alone_has_no_filter_by_kind(port: Timeline) -> None:
    for table, hidden in ((port.events, ["Place"]), (port.events.assign(kind="event"), ["What", "Place"])):
        client = create_app(replace(port, events=table)).server.test_client()
        assert hidden_groups(client.get("/_dash-layout", headers=JSON).json) == hidden


def hidden_groups(part: Any) -> list[str]:
    """The names of the filters that are not shown."""
    if isinstance(part, list):
        return [name for one in part for name in hidden_groups(one)]
    props = part["props"] if isinstance(part, dict) else {}
    is_hidden = props.get("hidden") and part["type"] == "Fieldset"
    return [words(props["children"][0])] if is_hidden else hidden_groups(props.get("children") or [])


def test_a_text_that_is_not_at_hand_leaves_the_sentence(port: Timeline) -> None:
    moved = replace(port, sources=port.sources.assign(file="seeds/gone.txt"))
    panel = plain(told(create_app(moved).server.test_client(), "?event=e03")["panel"])
    assert "The text is not at hand" in panel
    assert "On 12 May 1871 the council of Merrin opened the first stone quay." in panel


def test_a_place_can_be_cited(client: FlaskClient) -> None:
    panel = plain(told(client, "?event=e07")["panel"])
    assert "\\cite[{par. 1}]{chronicle}" in panel
    assert "[@{chronicle}, par. 1]" in panel


def test_a_drawing_is_asked_for_with_a_window_and_a_size(client: FlaskClient) -> None:
    whole = client.get("/scene?w=700&h=400&text=365", headers=JSON).json or {}
    assert whole["layout"]["width"] == 700
    assert whole["inside"] == 10
    part = client.get("/scene?era=rail&start=693000.5&end=694000.25&w=700&h=400", headers=JSON).json or {}
    assert part["window"] == [693000.5, 694000.25]
    assert part["reach"][0] <= part["window"][0]
    assert {"e08"} <= {event for trace in part["data"] for event in trace.get("customdata", ())}


@pytest.mark.parametrize("junk", ["start=x&end=1", "start=1e300&end=nan", "w=-4&h=1e9", "from=%ff", "text=0", "dark=2"])
def test_a_drawing_that_makes_no_sense_is_drawn_plainly(client: FlaskClient, junk: str) -> None:
    answer = client.get(f"/scene?{junk}", headers=JSON)
    assert answer.status_code == 200
    assert (answer.json or {})["layout"]["width"] == Canvas().width


def test_the_overview_counts_what_the_filters_leave_in_all_of_time(client: FlaskClient) -> None:
    every, rail = (client.get(f"/overview{query}", headers=JSON).json or {} for query in ("", "?era=rail&from=1900"))
    assert every["reach"] == rail["reach"]
    assert max(every["counts"]) >= max(rail["counts"]) == 1


def test_texts_are_sent_compressed_and_scripts_are_kept(client: FlaskClient) -> None:
    for path in ("/scene?w=700", f"/{PLOTLY}"):
        plain = client.get(path, headers=JSON)
        packed = client.get(path, headers={**JSON, "Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == plain.data
        assert len(packed.data) < len(plain.data)
    script = client.get(f"/{PLOTLY}", headers=JSON)
    assert "immutable" in script.headers["Cache-Control"]
    again = client.get(f"/{PLOTLY}", headers={**JSON, "If-None-Match": script.headers["ETag"]})
    assert again.status_code == 304


def test_the_download_is_the_table(client: FlaskClient, folder: Path) -> None:
    lines = (folder / "data" / "events.csv").read_bytes().splitlines(keepends=True)
    response = client.get("/export?to=csv&show=rejected", headers=JSON)
    assert response.data == b"".join(lines)
    assert "events.csv" in response.headers["Content-Disposition"]
    some = client.get("/export?to=csv&era=rail", headers=JSON).data
    assert some == b"".join([lines[0], *(line for line in lines if b",rail," in line)])
    assert [row["event_id"] for row in csv.DictReader(io.StringIO(some.decode()))] == ["e08", "e09", "e10"]
    states = client.get("/export?to=csv&kind=state", headers=JSON).text
    assert [row["event_id"] for row in csv.DictReader(io.StringIO(states))] == ["e02", "e10"]


@pytest.mark.parametrize(("query", "status"), [("", 404), ("?to=exe", 404), ("?to=csv&scope=x", 404), ("?to=csv", 200)])
def test_only_exports_there_are_can_be_asked_for(client: FlaskClient, query: str, status: int) -> None:
    assert client.get(f"/export{query}", headers=JSON).status_code == status


def test_the_dialog_says_how_many_before_anybody_presses(client: FlaskClient) -> None:
    dialog = plain(client.get("/formats?era=rail&q=school", headers=JSON).text)
    assert "1 events: what the filters and the window show" in dialog
    assert "2 events: what people vouched for" in dialog
    assert "11 events: all events" in dialog


@pytest.mark.parametrize("format", EXPORTS.values(), ids=EXPORTS)
def test_every_format_is_in_the_dialog_and_comes_as_what_it_is(client: FlaskClient, format: Format) -> None:
    response = client.get(f"/export?to={format.name}&q=school", headers=JSON)
    dialog = unescape(client.get("/formats?q=school", headers=JSON).text)
    assert response.status_code == 200
    assert response.mimetype == format.media_type
    assert f'filename="{format.file_name("events")}"' in response.headers["Content-Disposition"]
    assert response.data
    assert format.about in dialog
    assert format.lacks in dialog


@pytest.mark.parametrize("path", ["/", "/export?to=csv", "/scene", "/overview", "/_dash-layout"])
@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1:8050", 200), ("localhost:8050", 200), ("[::1]:8050", 400), ("evil.example", 400), ("10.0.0.1", 400)],
)
def test_only_this_machine_is_answered(client: FlaskClient, path: str, host: str, status: int) -> None:
    assert client.get(path, headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    "foreign", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_other_sites_cannot_post(client: FlaskClient, foreign: dict[str, str]) -> None:
    assert client.post("/_dash-update-component", json={}, headers={**JSON, **foreign}).status_code == 403


def test_oversized_posts_are_refused(client: FlaskClient) -> None:
    big = {**JSON, "Content-Length": "60000000"}
    assert client.post("/_dash-update-component", data=b"{" * 2_000_000, headers=big).status_code == 413


def test_the_page_may_load_nothing_from_elsewhere(client: FlaskClient) -> None:
    response = client.get("/", headers=JSON)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "//cdn" not in response.text
    assert '<html lang="en">' in response.text


def test_a_folder_without_tables_says_what_to_do() -> None:
    client = create_app(None, "no tables here yet").server.test_client()
    told = words(client.get("/_dash-layout", headers=JSON).json)
    assert "no tables here yet" in told
    assert "timeline build" in told


def test_a_timeline_without_events_says_what_to_do(port: Timeline) -> None:
    empty = replace(port, events=port.events[:0], mentions=port.mentions[:0])
    client = create_app(empty).server.test_client()
    assert "No events yet" in plain(told(client, "")["table"])
    assert (client.get("/scene", headers=JSON).json or {})["inside"] == 0
    assert client.get("/overview", headers=JSON).status_code == 200


def test_a_taken_port_is_said_in_one_line(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(TimelineError, match="--port 0 picks a free one"):
            serve(str(folder), "127.0.0.1", taken.getsockname()[1])
