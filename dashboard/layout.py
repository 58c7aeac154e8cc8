"""The skeleton of the page: its regions and controls. What stands in them is filled in by callbacks."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

from dash import dcc, html

from dashboard import ids
from dashboard.markup import aria
from dashboard.place import SAMPLE

GROUPS = {
    ids.ERA: "Era",
    ids.CATEGORY: "Category",
    ids.KIND: "What",
    ids.ACTOR: "Actor",
    ids.SOURCE: "Source",
    ids.SHOW: "Show",
}
KEYS = {
    "/": "search",
    "← →": "previous, next event",
    "Esc": "close the event",
    "+ −": "zoom in, out",
    "0": "fit the whole period",
    "?": "this help",
}
GRAPH = {"scrollZoom": True, "displayModeBar": False, "doubleClick": False, "responsive": True, "showTips": False}
BLANK = {
    "data": [],
    "layout": {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "xaxis": {"visible": False},
        "yaxis": {"visible": False},
    },
}
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>{%metas%}<title>{%title%}</title>{%favicon%}{%css%}</head>
<body>{%app_entry%}<footer>{%config%}{%scripts%}{%renderer%}</footer>
<noscript>This timeline needs JavaScript, which your browser has switched off.</noscript></body>
</html>"""


def page(
    title: str,
    documents: int,
    idle: Container[str] = (),
    version: int = 0,
    tools: Sequence[Any] = (),
    keys: Mapping[str, str] | None = None,
) -> Any:
    """The whole page of a timeline; `idle` filters, which would have nothing to tell apart, are hidden.

    `version` of the tables. `tools` and `keys` of more than reading stand beside the others.
    """
    return html.Div(
        [
            dcc.Location(id=ids.URL, refresh=False),
            *(dcc.Store(id=name) for name in (ids.GOTO, ids.WINDOW, ids.DRAWING)),
            dcc.Store(id=ids.VIEWPORT, data={"sample": SAMPLE}),
            dcc.Store(id=ids.VERSION, data=version),
            html.A("Skip to the table of events", href=f"#{ids.TABLE}", className="skip"),
            _top(title, documents, tools, KEYS | dict(keys or {})),
            _filters(idle),
            html.Main([_timeline(), _table()]),
            html.Aside(id=ids.PANEL, **aria(label="Event and source")),
            html.Div(id=ids.ANNOUNCE, className="unseen", role="status", **aria(live="polite")),
        ],
        className="page",
    )


def without_tables(problem: str) -> Any:
    """The page of a folder that is no timeline yet: what to do."""
    steps = [
        [html.Code("timeline new FOLDER"), " begins a timeline in a new folder."],
        ["Put your documents into its folder ", html.Code("seeds/"), "."],
        [html.Code("timeline build"), ", run in that folder, finds the events and writes the tables."],
        [html.Code("timeline serve"), " shows them here."],
    ]
    return html.Main(
        [
            html.H1("There is no timeline here yet"),
            html.P(problem) if problem else None,
            html.Ol([html.Li(step) for step in steps]),
        ],
        className="welcome",
    )


def _top(title: str, documents: int, tools: Sequence[Any], all_keys: Mapping[str, str]) -> Any:
    told = f"{documents} document{'' if documents == 1 else 's'}"
    search = [
        html.Label("Search title, sentence, actor, place …", htmlFor=ids.SEARCH, className="unseen"),
        dcc.Input(
            id=ids.SEARCH,
            type="search",
            debounce=0.3,
            value="",
            placeholder="Search title, sentence, actor, place …",
            autoComplete="off",
            maxLength=200,
        ),
        html.Kbd("/", **aria(hidden="true")),
    ]
    keys = [part for key, what in all_keys.items() for part in (html.Dt(html.Kbd(key)), html.Dd(what))]
    return html.Header(
        [
            html.H1([title, html.Small(told)], title=title),
            html.Div(search, className="search", role="search"),
            html.Details([html.Summary("Keys"), html.Dl(keys)], id="keys", className="keys"),
            *tools,
            html.A("Download CSV", id=ids.DOWNLOAD, href="events.csv", className="button", download="events.csv"),
        ]
    )


def _filters(idle: Container[str]) -> Any:
    groups = [
        html.Fieldset([html.Legend(text), html.Div(id=name, className="boxes")], hidden=name in idle)
        for name, text in GROUPS.items()
    ]
    inside = [*groups, html.P(html.A("Clear all filters", id=ids.CLEAR, href="?"))]
    return html.Nav(
        html.Details([html.Summary("Filters"), html.Div(inside)], id=ids.FILTERS, open=True),
        className="filters",
        **aria(label="Filters"),
    )


def _timeline() -> Any:
    graph = dcc.Graph(id=ids.PLOT, figure=BLANK, config=GRAPH, responsive=True, clear_on_unhover=False)
    about = "Events in lanes by category over time. The table of events below says the same in words."
    return html.Section(
        [
            html.H2("Timeline", className="unseen"),
            html.Div(
                [
                    html.P(id=ids.COUNT, className="count"),
                    html.Div(id=ids.CHIPS, className="chips"),
                    html.Nav(id=ids.ZOOM, className="zoom", **aria(label="Zoom")),
                ],
                className="status",
            ),
            html.Div(graph, className="plot", role="img", **aria(label=about)),
        ],
        className="timeline",
    )


def _table() -> Any:
    return html.Section([html.H2("Events", className="unseen"), html.Div(id=ids.TABLE, tabIndex=-1)], className="table")
