"""One real file of every format, made by the format's own tool: what the tests and `tests/bench/read.py` read."""

from __future__ import annotations

import gzip
import io
import json
import mailbox
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import docx
import reportlab.rl_config
from odf.dc import Language
from odf.dc import Title as DcTitle
from odf.meta import CreationDate, InitialCreator
from odf.opendocument import OpenDocumentText
from odf.text import H, P
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

reportlab.rl_config.invariant = 1  # the same bytes every time

PLAIN = "Notes on a lighthouse.\n\nThe keeper lit the lamp for the first time on 12 May 1871.\n"
MARKDOWN = """---
title: "The Brickworks"
author: R. Mason
date: 2004-03-09
---

# Beginnings

The company opened its first kiln on 4 April 1902.

## Closing

It sold the works in June 1968.
"""
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Bridge opens | The Daily Sample</title>
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "Bridge opens", "datePublished": "2019-05-20T08:00:00Z", "author": {"@type": "Person", "name": "Ann Reed"},
"publisher": {"@type": "Organization", "name": "The Daily Sample"}}</script></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li><li><a href="/1999">News of 1 May 1999</a></li>
</ul></nav>
<article><h1>Bridge opens</h1>
<p>The mayor opened the new bridge over the river on Sunday, after four years of work that cost the town much more than
it had planned to spend on it.</p>
<h2>History</h2>
<p>The old bridge had been built in 1931, and a flood carried it away on 3 February 2014, together with two barges and
the house of the man who kept the toll.</p>
<p>Engineers from three countries worked on its successor, whose two towers rise ninety metres above the water and can
be seen from every part of the town.</p></article>
<div id="comments" class="comments"><p>reader77: I saw it fall in 1987, believe me!</p></div>
<footer><p>Copyright 2003 The Daily Sample. All rights reserved.</p></footer></body></html>
"""
SRT = """1
00:00:01,000 --> 00:00:04,000
The station was opened

2
00:00:04,500 --> 00:00:09,000
on 7 July 1926 by the queen.

3
00:12:05,000 --> 00:12:09,000
<i>It closed on 1 May 1982.</i>
"""
VTT = """WEBVTT

NOTE made by hand

00:00:01.000 --> 00:00:04.000
<v Anna>The strike began on 3 March 1911.

00:01:10.000 --> 00:01:14.000
<v Bert>The owners gave in on 20 April 1911.
"""
RTF = r"""{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Times;}}
{\info{\title The Ferry}{\author J. Boatman}{\creatim\yr1998\mo5\dy2}}
\f0\pard The ferry sank on 9 November 1897.\par
A caf\'e9 on the pier opened in May 1903.\par}
"""
_ROMAN = ("The Orchard", "In a dry summer", "After the war")


def pdf(pages: Sequence[Sequence[str]], title: str = "", author: str = "", header: str = "") -> bytes:
    """A PDF of pages of paragraphs, with a running header and page numbers if there is a header."""

    def decorate(canvas: Canvas, template: SimpleDocTemplate) -> None:
        if header:
            canvas.drawString(60, 560, header)
            canvas.drawCentredString(210, 25, str(template.page))

    stream, style = io.BytesIO(), getSampleStyleSheet()["BodyText"]
    template = SimpleDocTemplate(stream, pagesize=A5, title=title or None, author=author or None)
    flow: list[object] = []
    for page in pages:
        for text in page:
            flow += [Paragraph(text, style), Spacer(1, 8)]
        flow.append(PageBreak())
    template.build(flow[:-1], onFirstPage=decorate, onLaterPages=decorate)
    return stream.getvalue()


def scan() -> bytes:
    """A PDF whose two pages are drawings, as a scanner leaves them."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A5)
    for _ in range(2):
        canvas.rect(50, 50, 200, 200, fill=1)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def a_pdf() -> bytes:
    return pdf(
        [
            [
                "The museum of the harbour was founded on 2 June 1890 by the owners of eleven ships, who gave their "
                "log books, their flags and the figureheads of the vessels that they had lost."
            ],
            [
                "A fire destroyed its library on 17 October 1923, and only the catalogue was saved by the night "
                "watchman, who carried it through a window."
            ],
            ["The new building was opened in spring 1931 in the presence of the minister."],
        ],
        title="A Museum of the Harbour",
        author="P. Keeper",
        header="Harbour Papers",
    )


def a_docx() -> bytes:
    document = docx.Document()
    document.core_properties.title, document.core_properties.author = "The Railway", "S. Guard"
    document.core_properties.created = datetime(2001, 2, 3)
    document.add_heading("First years", 1)
    document.add_paragraph("The line was surveyed by two brothers.")
    document.add_paragraph("The first train ran on 15 August 1848.")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Tunnel", "The tunnel collapsed on 6 January 1871."
    document.sections[0].header.paragraphs[0].text = "Draft of 1 January 2000"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def an_odt() -> bytes:
    document = OpenDocumentText()
    document.meta.addElement(DcTitle(text="The Mine"))
    document.meta.addElement(InitialCreator(text="D. Miner"))
    document.meta.addElement(Language(text="en"))
    document.meta.addElement(CreationDate(text="1999-04-05T10:00:00"))
    document.text.addElement(H(outlinelevel=1, text="Accidents"))
    document.text.addElement(P(text="The shaft flooded on 8 December 1904."))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def an_epub() -> bytes:
    """A book of three chapters as the specification of EPUB 3 has it; no tool for it has a licence we could use."""
    chapters = (
        "The farm was bought on 1 March 1880.",
        "The well dried up in August 1893.",
        "The sons came home in 1919.",
    )
    manifest = "".join(
        f'<item id="c{n}" href="text/c%20{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(3)
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(3))
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">'
        '<rootfiles><rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles>'
        "</container>",
        "OPS/book.opf": '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The Orchard</dc:title>'
        "<dc:creator>L. Grower</dc:creator><dc:publisher>Tree Press</dc:publisher><dc:language>en</dc:language>"
        "<dc:date>1987-11-02</dc:date></metadata>"
        f"<manifest>{manifest}</manifest><spine>{spine}</spine></package>",
        **{
            f"OPS/text/c {n}.xhtml": '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
            f"<head><title>x</title></head><body><h1>{_ROMAN[n]}</h1><p>{text}</p></body></html>"
            for n, text in enumerate(chapters)
        },
    }
    return packed(files)


def packed(files: dict[str, str | bytes]) -> bytes:
    """A zip file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def mail(subject: str, sent: str, text: str, html: str = "") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "Ada Post <ada@example.org>", "ben@example.org"
    message["Subject"], message["Date"], message["Message-ID"] = subject, sent, f"<{len(text)}@example.org>"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def an_eml() -> bytes:
    text = (
        "Dear Ben,\n\nthe committee met on 3 March and chose the new captain.\n\n"
        "On Mon, 1 Mar 2010, Ben wrote:\n> We lost the cup on 5 May 1999.\n-- \nAda, since 1971\n"
    )
    return bytes(mail("The committee – a report", "Fri, 05 Mar 2010 10:00:00 +0100", text, "<p>other</p>"))


def an_mbox(folder: Path) -> bytes:
    """A mailbox as the standard library writes it; it writes to disk only."""
    path = folder / "made.mbox"
    path.unlink(missing_ok=True)
    box = mailbox.mbox(path)
    box.add(mail("One", "Tue, 02 Feb 1999 10:00:00 +0000", "The barn burned down on 30 January 1999.\n"))
    box.add(
        mail("Two", "Wed, 03 Feb 1999 10:00:00 +0000", "From the road I saw it.\n\nIt rained on 2 February 1999.\n")
    )
    box.flush()
    box.close()
    data = path.read_bytes()
    path.unlink()
    return data


def a_csv() -> bytes:
    return (
        "id,title,date,url,text\r\n"
        'well,"The Well",1921-06-05,https://example.org/1,"The well was dug on 1 June 1921.\nIt took ten days."\r\n'
        'mill,"The Mill",1922,https://example.org/2,"The mill closed on 4 May 1922, ""for good""."\r\n'
    ).encode("ascii")


def lines() -> bytes:
    rows = [
        {
            "id": "canal",
            "text": "The canal was opened on 9 September 1834.",
            "published": "1834-09-12",
            "title": "Canal",
        },
        {"id": "lock", "text": "The lock burst on 11 January 1840.", "published": "1840"},
    ]
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def packed_lines() -> bytes:
    text = lines().decode().replace("canal", "weir").replace('"lock"', '"sluice"').replace("9 Sep", "8 Sep")
    return gzip.compress(text.replace("11 January", "12 January").encode(), mtime=0)


def a_zip() -> bytes:
    return packed(
        {
            "papers/": "",
            "papers/tower.txt": "The tower was struck by lightning on 21 July 1788.\n",
            "papers/deep/gate.html": "<html><body><p>The gate was pulled down on 2 May 1801.</p></body></html>",
            "papers/picture.png": b"\x89PNG\r\n",
            "papers/.hidden.txt": "Nothing of 1 May 1900 is read here.",
        }
    )


def a_warc() -> bytes:
    """A web archive of two pages and a picture, packed as crawlers do."""
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True)
    pages = (
        ("http://example.org/a", "text/html", PAGE.replace("3 February 2014", "4 February 2014").encode()),
        ("http://example.org/p.png", "image/png", b"\x89PNG"),
    )
    for url, kind, body in pages:
        headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            http_headers=headers,
            warc_headers_dict={"WARC-Date": "2020-01-02T03:04:05Z", "WARC-Record-ID": f"<urn:uuid:{len(url)}>"},
        )
        writer.write_record(record)
    return stream.getvalue()


Maker = Callable[[], bytes]


def every_format(folder: Path) -> dict[str, bytes]:
    """A file of every format, by its name. `folder`: where a tool that only writes to disk may write."""
    return {
        "lighthouse.txt": PLAIN.encode(),
        "brickworks.md": MARKDOWN.encode(),
        "bridge.html": PAGE.encode(),
        "ford.htm": PAGE.replace("3 February 2014", "9 March 2015").replace("1931", "1877").encode("utf-16"),
        "museum.pdf": a_pdf(),
        "railway.docx": a_docx(),
        "mine.odt": an_odt(),
        "orchard.epub": an_epub(),
        "committee.eml": an_eml(),
        "farm.mbox": an_mbox(folder),
        "ferry.rtf": RTF.encode(),
        "station.srt": SRT.encode(),
        "strike.vtt": VTT.encode(),
        "water.csv": a_csv(),
        "canals.jsonl": lines(),
        "weirs.jsonl.gz": packed_lines(),
        "papers.zip": a_zip(),
        "crawl.warc.gz": a_warc(),
    }
