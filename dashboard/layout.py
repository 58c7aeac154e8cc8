"""The skeleton of the page: its regions and controls. What stands in them is filled in by callbacks."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

from dash import dcc, html

from dashboard import ids
from dashboard.markup import aria
from dashboard.place import SAMPLE
from dashboard.serving import PLOTLY

GROUPS = {
    ids.ERA: "Era",
    ids.CATEGORY: "Category",
    ids.KIND: "What",
    ids.STATUS: "Status",
    ids.ACTOR: "Actor",
    ids.PLACE: "Place",
    ids.SOURCE: "Source",
    ids.CONFIDENCE: "Confidence",
    ids.SOURCES: "Told by so many sources",
}
KEYS = {
    "/": "search (Enter keeps it, Esc clears it)",
    "← →": "previous, next event",
    "↑ ↓": "the lane above, below",
    "Enter": "into the source text",
    "Esc": "close the event",
    "+ −": "zoom in, out",
    "Shift ← →": "earlier, later",
    "0": "fit the whole period",
    "[ ]": "previous, next era",
    "f": "to the filters",
    "t": "to the table",
    "s": "export",
    "d": "light or dark",
}
LAST_KEY = {"?": "this help"}
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>{%metas%}<meta name="viewport" content="width=device-width, initial-scale=1"><title>{%title%}</title>
{%favicon%}{%css%}<script src="PLOTLY" defer></script></head>
<body>{%app_entry%}<footer>{%config%}{%scripts%}{%renderer%}</footer>
<noscript>This timeline needs JavaScript, which your browser has switched off.</noscript></body>
</html>""".replace("PLOTLY", PLOTLY)


def page(
    title: str,
    documents: int,
    idle: Container[str] = (),
    version: int = 0,
    tools: Sequence[Any] = (),
    keys: Mapping[str, str] | None = None,
    desk: Sequence[Any] = (),
) -> Any:
    """The whole page of a timeline; `idle` filters, which would have nothing to tell apart, are hidden.

    `version` of the tables. What more than reading needs: `tools` and `keys` beside the others, a `desk` by the panel.
    """
    return html.Div(
        [
            dcc.Location(id=ids.URL, refresh=False),
            dcc.Store(id=ids.SAMPLE, data=SAMPLE),
            dcc.Store(id=ids.VERSION, data=version),
            dcc.Store(id=ids.SHOWN),
            dcc.Store(id=ids.TOLD),
            html.A("Skip to the table of events", href=f"#{ids.TABLE}", className="skip"),
            _top(title, documents, tools),
            _filters(idle),
            html.Main([_timeline(), _table()]),
            html.Aside(
                [html.Div(id=ids.STEPS), html.Div(id=ids.PANEL, className="panel"), *desk],
                **aria(label="Event and source"),
            ),
            _help({**KEYS, **(keys or {}), **LAST_KEY}),
            html.Dialog(id=ids.EXPORT, className="box formats", **aria(label="Export")),
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


def _top(title: str, documents: int, tools: Sequence[Any]) -> Any:
    told = f"{documents} document{'' if documents == 1 else 's'}"
    search = [
        html.Label("Search title, sentence, actor, place …", htmlFor=ids.SEARCH, className="unseen"),
        html.Span(id="box"),  # assets/view.js puts the box in: one of Dash's is filled again while somebody types
        html.Kbd("/", **aria(hidden="true")),
    ]
    return html.Header(
        [
            html.H1([title, html.Small(told)], title=title),
            html.Div(search, className="search", role="search"),
            *tools,
            _button("?", "Keys and help (?)", className="icon keys", **{"data-opens": ids.HELP}),
            _button("◐", "Light or dark (d)", className="icon", id=ids.THEME),
            html.Button("Export", type="button", className="button", title="Export (s)", id="take"),
        ]
    )


def _button(text: str, label: str, **more: Any) -> Any:
    return html.Button(text, type="button", title=label, **aria(label=label), **more)


def _help(all_keys: Mapping[str, str]) -> Any:
    """What the keys do; a modal dialog, opened by assets/view.js."""
    keys = [part for key, what in all_keys.items() for part in (html.Dt(_kbds(key)), html.Dd(what))]
    switch = html.Button(
        "", id="single-keys", type="button", role="switch", **aria(checked="true", label="Single letters are keys")
    )
    return html.Dialog(
        [
            html.Div([html.H2("Keys"), _close(ids.HELP)], className="bar"),
            html.Dl(keys),
            html.P("Wheel: zoom at the pointer. Drag: earlier and later. Double click: fit. Click a mark: its source."),
            html.P([switch, html.Span("Single letters are keys; switch this off if they get in your way.")]),
        ],
        id=ids.HELP,
        className="box",
        **aria(label="Keys and help"),
    )


def _kbds(keys: str) -> list[Any]:
    return [part for key in keys.split() for part in (html.Kbd(key), " ")]


def _close(dialog: str) -> Any:
    return _button("×", "Close (Esc)", className="icon", **{"data-closes": dialog})


def _filters(idle: Container[str]) -> Any:
    groups = [
        html.Fieldset([html.Legend(text), html.Div(id=name, className="boxes")], hidden=name in idle)
        for name, text in GROUPS.items()
    ]
    show = html.Button("Show the events", id="filtered", type="button", className="button main")  # on a small screen
    inside = [*groups, html.P(id=ids.CLEAR), show]
    return html.Nav(
        html.Details([html.Summary("Filters"), html.Div(inside)], id=ids.FILTERS, open=True),
        className="filters",
        **aria(label="Filters"),
    )


def _timeline() -> Any:
    about = "Timeline: events in lanes over time. The table of events below says the same in words."
    zoom = [
        _button("−", "Zoom out (−)", id="zoom-out", className="icon", **{"data-zoom": "zoomOut"}),
        _button("+", "Zoom in (+)", id="zoom-in", className="icon", **{"data-zoom": "zoomIn"}),
        _button("Fit", "Show the whole period (0)", id="fit", **{"data-zoom": "fit"}),
    ]
    handles = [
        html.Div(id=name, className="handle", role="slider", tabIndex=0, **aria(label=label, valuenow="0"))
        for name, label in (("brush-start", "First day shown"), ("brush-end", "Last day shown"))
    ]
    overview = html.Div(
        [html.Div(id="shape"), html.Div(handles, id="brush", className="brush", hidden=True)],
        id="overview",
        className="overview",
        role="group",
        **aria(label="Overview of the whole period, and the window shown"),
    )
    return html.Section(
        [
            html.H2("Timeline", className="unseen"),
            html.Div(
                [
                    html.Div(id=ids.COUNT, className="count"),
                    html.Div(id=ids.CHIPS, className="chips"),
                    html.Nav(id=ids.LANES, className="lanes", **aria(label="Lanes")),
                    html.Nav(id=ids.ZOOM, className="zoom", **aria(label="Outside of the window")),
                ],
                className="status",
            ),
            html.P(id="trouble", className="trouble", role="alert"),
            html.Div(
                [
                    html.Div(id=ids.PLOT, className="plot", tabIndex=0, role="application", **aria(label=about)),
                    html.Div(id="tip", className="tip", hidden=True),
                ],
                className="drawing",
            ),
            html.Div([html.Div(zoom, className="zoom"), overview], className="below"),
        ],
        className="timeline",
    )


def _table() -> Any:
    return html.Section([html.H2("Events", className="unseen"), html.Div(id=ids.TABLE, tabIndex=-1)], className="table")
