"""A citable chronology for paper: a Word document, and a page of HTML that prints well."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from xml.sax.saxutils import escape

from ..table import Row, Timeline
from .common import View, citation, in_words, names, place, view, zip_bytes
from .prose import by_year, planned

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # by XML 1.0

# ---------------------------------------------------------------------------------------------- HTML to print

_STYLE = """\
@page { size: A4; margin: 22mm 20mm; @bottom-center { content: counter(page); } }
body { font: 11pt/1.45 Georgia, "Times New Roman", serif; max-width: 46em; margin: 2em auto; padding: 0 1em; }
h1 { font-size: 1.7em; } h2 { font-size: 1.2em; margin: 1.6em 0 .4em; break-after: avoid; border-bottom: 1px solid; }
article { break-inside: avoid; margin: 0 0 .9em; } article p { margin: 0; } .date { font-weight: bold; }
blockquote { margin: .25em 0 .25em 1.2em; font-style: italic; } cite { font-style: normal; font-size: .88em; }
.more { font-size: .88em; } ol { padding-left: 1.6em; } li { margin: .2em 0; overflow-wrap: anywhere; }
a { color: inherit; text-decoration-color: #bbb; } @media print { a { text-decoration: none; } }
"""


def to_print(timeline: Timeline) -> bytes:
    """A chronology by year in HTML: date, event, sentences, each with source and place, and a list of the sources."""
    shown = view(timeline)
    title = html.escape(shown.title)
    lines = ["<!DOCTYPE html>", '<html lang="en">', "<head>", '<meta charset="utf-8">']
    lines += ["<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"]
    lines += ['<meta name="viewport" content="width=device-width">', f"<title>{title}</title>"]
    lines += [f"<style>\n{_STYLE}</style>", "</head>", "<body>", f"<h1>{title}</h1>"]
    for year, group in by_year(shown.events):
        lines += ["<section>", f"<h2>{html.escape(year)}</h2>", *(_article(row, shown) for row in group), "</section>"]
    lines += ["<section>", "<h2>Sources</h2>", "<ol>"]
    lines += [
        f'<li id="{_anchor(row["source_id"])}">{html.escape(citation(row, row["source_id"]))}</li>'
        for row in shown.sources.values()
    ]
    return ("\n".join([*lines, "</ol>", "</section>", "</body>", "</html>"]) + "\n").encode("utf-8", "replace")


def _article(row: Row, shown: View) -> str:
    date = f'<span class="date">{html.escape(in_words(row["date"]))}</span>{planned(row)}'
    quotes = [
        f"<blockquote>“{html.escape(mention['quote'])}” "
        f'<cite>— <a href="#{_anchor(mention["source_id"])}">{html.escape(_cited(mention, shown))}</a></cite>'
        "</blockquote>"
        for mention in shown.quotes(row)
    ]
    more = f'<p class="more">{html.escape(_more(row))}</p>' if _more(row) else ""
    return (
        f'<article id="{row["event_id"]}"><p>{date} · {html.escape(row["title"])}</p>{more}{"".join(quotes)}</article>'
    )


def _cited(mention: Row, shown: View) -> str:
    source = shown.sources.get(mention["source_id"])
    return f"{citation(source, mention['source_id'])}, {place(mention)}"


def _more(row: Row) -> str:
    """Who and where, empty if nobody knows."""
    return "; ".join(", ".join(names(row[column])) for column in ("actors", "places") if row[column])


def _anchor(source_id: str) -> str:
    return "source-" + "".join(char if char.isalnum() else f"_{ord(char):x}" for char in source_id)


# ---------------------------------------------------------------------------------------------- Word

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def to_docx(timeline: Timeline) -> bytes:
    """The same chronology as a Word document, its quotes with their sources in paragraphs of a style of their own."""
    shown = view(timeline)
    body = [_paragraph("Title", [(shown.title, "")])]
    for year, group in by_year(shown.events):
        body.append(_paragraph("Heading1", [(year, "")]))
        for row in group:
            body.append(_paragraph("Event", [(in_words(row["date"]) + planned(row), "b"), (f" · {row['title']}", "")]))
            body += [_paragraph("Detail", [(_more(row), "")])] if _more(row) else []
            body += [
                _paragraph("Quote", [(f"“{mention['quote']}”", "i"), (f" — {_cited(mention, shown)}", "")])
                for mention in shown.quotes(row)
            ]
    body.append(_paragraph("Heading1", [("Sources", "")]))
    body += [_paragraph("Source", [(citation(row, row["source_id"]), "")]) for row in shown.sources.values()]
    page = (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1247" w:right="1134" w:bottom="1247" w:left="1134" w:header="567" w:footer="567" '
        'w:gutter="0"/>'
        "</w:sectPr>"
    )
    files = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "word/document.xml")}),
        "word/_rels/document.xml.rels": _relations(
            {"rId1": ("styles", "styles.xml"), "rId2": ("footer", "footer1.xml")}
        ),
        "word/document.xml": f'<w:document {_W} xmlns:r="{_OFFICE}"><w:body>{"".join(body)}{page}</w:body>'
        "</w:document>",
        "word/footer1.xml": f'<w:ftr {_W}><w:p><w:pPr><w:jc w:val="center"/></w:pPr>'
        '<w:fldSimple w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>',
        "word/styles.xml": _styles(),
    }
    return zip_bytes({path: (_DECLARATION + text).encode("utf-8") for path, text in files.items()})


def _paragraph(style: str, runs: Iterable[tuple[str, str]]) -> str:
    """A paragraph of runs: each a text, and "b" or "i" for bold or italic."""
    written = "".join(
        f"<w:r>{f'<w:rPr><w:{mark}/></w:rPr>' if mark else ''}"
        f'<w:t xml:space="preserve">{escape(_FORBIDDEN.sub(" ", " ".join(text.split(chr(10)))))}</w:t></w:r>'
        for text, mark in runs
    )
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{written}</w:p>'


def _content_types() -> str:
    parts = {"document": "document.main", "styles": "styles", "footer1": "footer"}
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPES}.{kind}+xml"/>' for name, kind in parts.items()
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(targets: dict[str, tuple[str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def _styles() -> str:
    """The styles, which a person may change in Word for all events. Sizes in half points, spaces in twentieths."""
    keep, indent = "<w:keepNext/>", '<w:ind w:left="400"/>'
    styles = [
        _style("Title", "Title", f"{_space(0, 240)}", '<w:b/><w:sz w:val="40"/>'),
        _style(
            "Heading1", "heading 1", f'{keep}{_space(280, 80)}<w:outlineLvl w:val="0"/>', '<w:b/><w:sz w:val="28"/>'
        ),
        _style("Event", "Event", f"{keep}{_space(120, 20)}", '<w:sz w:val="22"/>'),
        _style("Detail", "Event detail", f"{keep}{_space(0, 20)}", '<w:color w:val="555555"/><w:sz w:val="19"/>'),
        _style("Quote", "Quote", f"<w:keepLines/>{_space(20, 60)}{indent}", '<w:sz w:val="20"/>'),
        _style("Source", "Source", f"{_space(0, 60)}{indent}", '<w:sz w:val="20"/>'),
    ]
    normal = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    return f"<w:styles {_W}>{normal}{''.join(styles)}</w:styles>"


def _space(before: int, after: int) -> str:
    return f'<w:spacing w:before="{before}" w:after="{after}"/>'


def _style(name: str, label: str, paragraph: str, run: str) -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{label}"/><w:basedOn w:val="Normal"/>'
        "<w:qFormat/>"
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )
