"""Every format: what is read of it, what it says about itself, where a person would cite it, what is left out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from documents import PAGE, PLAIN, a_docx, a_pdf, a_zip, an_eml, an_odt, every_format, mail, packed, pdf, scan

from timeline.build import build
from timeline.cli import main
from timeline.model import Source, TimelineError
from timeline.project import Project
from timeline.read import read_sources
from timeline.read.archive import read_warc
from timeline.read.formats import FORMATS
from timeline.read.mail import read_eml
from timeline.read.markup import read_html
from timeline.table import load

ROOT = Path(__file__).parent.parent
NO_PROJECT = Project(Path("nowhere"), "", "", (), Path("nowhere/data"), False)


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def read(folder: Path) -> tuple[list[Source], list[str]]:
    """The sources in a folder, and what is said about them, without the folder's name."""
    sources, problems = read_sources([folder], NO_PROJECT)
    return sources, [str(problem).replace(f"{folder}{os.sep}", "") for problem in problems]


def only(folder: Path, name: str, data: bytes) -> tuple[Source, list[str]]:
    """The one source that a file gives."""
    (source,), said = read(write(folder, {name: data}))
    return source, said


# ------------------------------------------------------------------------------------------ all of them, in one run

# what is found where: file, date, the place one would cite
TOLD = [
    ("lighthouse.txt", "1871-05-12", "par. 2"),
    ("brickworks.md", "1968-06", "“Closing”, par. 1"),
    ("bridge.html", "2014-02-03", "“History”, par. 1"),
    ("bridge.html", "2019-05-19", "“Bridge opens”, par. 1"),
    ("ford.htm", "2015-03-09", "“History”, par. 1"),
    ("museum.pdf", "1890-06-02", "p. 1"),
    ("museum.pdf", "1931-21", "p. 3"),
    ("railway.docx", "1848-08-15", "“First years”, par. 2"),
    ("railway.docx", "1871-01-06", "“First years”, par. 3"),
    ("mine.odt", "1904-12-08", "“Accidents”, par. 1"),
    ("orchard.epub", "1893-08", "“In a dry summer”, par. 1"),
    ("committee.eml", "2010-03-03", "par. 2"),
    ("farm.mbox", "1999-01-30", "message 1, par. 1"),
    ("farm.mbox", "1999-02-02", "message 2, par. 2"),
    ("ferry.rtf", "1903-05", "par. 2"),
    ("station.srt", "1926-07-07", "00:00:01"),
    ("station.srt", "1982-05-01", "00:12:05"),
    ("strike.vtt", "1911-04-20", "00:01:10"),
    ("water.csv", "1922-05-04", "par. 1"),
    ("canals.jsonl", "1834-09-09", "par. 1"),
    ("weirs.jsonl.gz", "1840-01-12", "par. 1"),
    ("papers.zip", "1788-07-21", "par. 1"),
    ("papers.zip", "1801-05-02", "par. 1"),
    ("crawl.warc.gz", "2014-02-04", "“History”, par. 1"),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of a folder with one file of every format."""
    folder = tmp_path_factory.mktemp("mixed")
    write(folder / "files", every_format(folder))
    assert main(["build", str(folder / "files"), "-o", str(folder / "out")]) == 0
    return folder / "out"


def test_a_file_of_every_format_is_made_and_told(tmp_path: Path) -> None:
    files = every_format(tmp_path)

    assert set(files) == {name for name, _, _ in TOLD}
    for form in FORMATS.values():
        assert any(name.endswith(form.suffixes) for name in files), f"make a file of the format {form.name}"


@pytest.mark.parametrize(("name", "date", "place"), TOLD)
def test_a_folder_of_all_formats_is_built_in_one_run(built: Path, name: str, date: str, place: str) -> None:
    tables = load(built)
    mentions = tables.mentions[(tables.mentions["date"] == date) & (tables.mentions["locator"] == place)]

    assert len(mentions) > 0, tables.mentions[["date", "source_id", "locator"]].to_string()


def test_every_quote_of_all_formats_is_where_it_says(built: Path) -> None:
    tables = load(built)

    assert len(tables.mentions) >= len(TOLD)
    for row in tables.mentions.itertuples():
        assert tables.text(row.source_id)[row.quote_start : row.quote_end] == row.quote
        assert row.locator
    assert main(["check", str(built)]) == 0


def test_all_formats_give_the_same_bytes_again(built: Path, tmp_path: Path) -> None:
    write(tmp_path / "files", every_format(tmp_path))
    main(["build", str(tmp_path / "files"), "-o", str(tmp_path / "out")])

    for name in ("events.csv", "mentions.csv", "sources.csv"):
        assert (tmp_path / "out" / name).read_bytes() == (built / name).read_bytes()


# ------------------------------------------------------------------------------------------ about itself


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("brickworks.md", ("The Brickworks", "R. Mason", "", "2004-03-09", "metadata", "")),
        ("bridge.html", ("Bridge opens", "Ann Reed", "The Daily Sample", "2019-05-20", "metadata", "en")),
        ("museum.pdf", ("A Museum of the Harbour", "P. Keeper", "", "2000-01-01", "metadata", "")),
        ("railway.docx", ("The Railway", "S. Guard", "", "2001-02-03", "metadata", "")),
        ("mine.odt", ("The Mine", "D. Miner", "", "1999-04-05", "metadata", "en")),
        ("orchard.epub", ("The Orchard", "L. Grower", "Tree Press", "1987-11-02", "metadata", "en")),
        ("committee.eml", ("The committee – a report", "Ada Post", "", "2010-03-05", "metadata", "")),
        ("ferry.rtf", ("The Ferry", "J. Boatman", "", "1998-05-02", "metadata", "")),
    ],
)
def test_what_a_document_says_about_itself_is_taken(tmp_path: Path, name: str, about: tuple[str, ...]) -> None:
    source, _ = only(tmp_path / "files", name, every_format(tmp_path)[name])
    (dated,) = build([source]).sources

    found = (source.title, source.author, source.publisher, dated.published, dated.published_basis, source.language)
    assert found == about


LD = '<script type="application/ld+json">'


@pytest.mark.parametrize(
    ("name", "metadata"),
    [
        ("lighthouse.txt", ""),
        ("brickworks.md", "front matter: title, author, published"),
        (
            "bridge.html",
            "JSON-LD headline: title; JSON-LD author: author; JSON-LD publisher: publisher; "
            "JSON-LD datePublished: published; html lang: language",
        ),
        ("museum.pdf", "PDF properties: title, author; file properties: published"),
        ("mine.odt", "meta.xml: title, author, language; file properties: published"),
        ("committee.eml", "mail headers: title, author, published"),
        ("orchard.epub", "EPUB package: title, author, publisher, published, language"),
    ],
)
def test_where_a_document_says_it_is_kept(built: Path, name: str, metadata: str) -> None:
    sources = load(built).sources.set_index("source_id")

    assert (sources.loc[name.split(".")[0], "metadata"] or "") == metadata


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ('<meta property="article:published_time" content="2011-04-05T06:00:00+02:00">', "2011-04-05"),
        ('<meta name="citation_publication_date" content="2011/04">', "2011-04"),
        ('<meta name="DC.date" content="20110405">', "2011-04-05"),
        (f'{LD}[{{"@graph": [{{"@type": ["NewsArticle"], "datePublished": "2011"}}]}}]</script>', "2011"),
        (f'{LD}{{"@type": "WebSite", "datePublished": "1999"}}</script>', ""),
        (LD + '{broken</script><meta name="date" content="2011-04-05">', "2011-04-05"),
        ('<meta name="date" content="yesterday">', ""),
    ],
)
def test_a_page_says_when_it_was_published(head: str, published: str) -> None:
    document = read_html(f"<html><head>{head}</head><body><p>In 1969 it rained.</p></body></html>".encode())

    assert document.published == published


def test_what_people_say_counts_more_than_what_the_file_says(tmp_path: Path) -> None:
    toml = b'[mine]\ntitle = "Shaft Four"\npublished = "2003"\n'
    (source,), _ = read(write(tmp_path, {"mine.odt": an_odt(), "sources.toml": toml}))

    assert (source.title, source.author) == ("Shaft Four", "D. Miner")
    assert (source.published, source.published_basis) == ("2003", "given")
    assert source.metadata == "meta.xml: author, language"


# ------------------------------------------------------------------------------------------ by content


@pytest.mark.parametrize(
    ("name", "data", "what"),
    [
        ("a.txt", a_pdf(), "is a PDF, whatever its ending .txt says"),
        ("a.pdf", PAGE.encode(), "is a web page, whatever its ending .pdf says"),
        ("a.zip", a_docx(), "is a Word document, whatever its ending .zip says"),
        ("a.html", an_odt(), "is an OpenDocument text, whatever its ending .html says"),
        ("a.docx", PLAIN.encode(), "is plain text, whatever its ending .docx says"),
        ("a.pdf", PLAIN.encode(), "is plain text, whatever its ending .pdf says"),
        ("a.bak", a_pdf(), "is a PDF, whatever its ending .bak says"),
        ("a", an_odt(), ""),
        ("mail", an_eml(), ""),
    ],
)
def test_a_file_is_what_its_content_says(tmp_path: Path, name: str, data: bytes, what: str) -> None:
    sources, problems = read_sources([write(tmp_path, {name: data}) / name], NO_PROJECT)

    assert len(sources) == 1
    assert [problem.what for problem in problems if problem.what.startswith("is ")] == ([what] if what else [])
    assert not any(problem.is_error for problem in problems)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", ""), ("cp1251", "windows-1251"), ("gb18030", "gb2312")],
)
def test_a_page_is_read_in_its_encoding(encoding: str, declared: str) -> None:
    words = "В 1969 году" if encoding != "gb18030" else "一九六九年三月二日"
    meta = f'<meta charset="{declared}">' if declared else ""
    document = read_html(f"<html><head>{meta}</head><body><p>{words}</p></body></html>".encode(encoding))

    assert document.text == words


# ------------------------------------------------------------------------------------------ main text


def test_navigation_comments_and_footers_are_left_out_and_counted(tmp_path: Path) -> None:
    source, said = only(tmp_path, "bridge.html", PAGE.encode())

    assert "3 February 2014" in source.text
    assert not re.search("Home|1 May 1999|1987|Copyright", source.text)
    assert said == [
        "bridge.html: left out: 24 words of navigation, adverts, comments and other parts beside the main text"
    ]


def test_a_page_without_furniture_is_read_whole(tmp_path: Path) -> None:
    page = b"<title>T</title><h1>Mills</h1><p>One burned down in 1801.</p>"
    page += b"<ul><li>Another in 1802.</li></ul><pre>a\nb</pre>"
    source, said = only(tmp_path, "mills.html", page)

    assert source.text == "Mills\n\nOne burned down in 1801.\n\nAnother in 1802.\n\na\nb"
    assert not said


def test_running_headers_and_page_numbers_are_left_out(tmp_path: Path) -> None:
    source, said = only(tmp_path, "museum.pdf", a_pdf())

    assert "Harbour Papers" not in source.text
    assert not re.search(r"^\d$", source.text, re.MULTILINE)
    assert said == ["museum.pdf: left out: 6 lines of running headers and footers"]


def test_a_chronicle_keeps_the_year_that_heads_each_page(tmp_path: Path) -> None:
    pages = [
        [str(year), f"Rain fell on {day} May and spoiled the hay."] for year, day in ((1801, 2), (1804, 9), (1805, 4))
    ]
    source, _ = only(tmp_path, "chronicle.pdf", pdf(pages))

    assert all(year in source.text for year in ("1801", "1804", "1805"))


def test_a_paragraph_goes_on_over_a_page(tmp_path: Path) -> None:
    long = "The inspector counted the sheep of every farm in the valley and wrote their number into a book that"
    source, _ = only(
        tmp_path, "sheep.pdf", pdf([[f"{long} he lost on the way home from"], ["the market on 4 May 1902."]])
    )

    assert "home from the market on 4 May 1902." in source.text.replace("\n", " ")
    assert "\n\n" not in source.text
    assert [place for _, place in source.places] == ["p. 1", "p. 2"]


def test_a_scan_says_that_it_has_no_text(tmp_path: Path) -> None:
    sources, said = read(write(tmp_path, {"scan.pdf": scan()}))

    assert not sources
    assert said == ["scan.pdf: has no text: 2 pages of pictures, as from a scanner; recognise its text first, with OCR"]


def test_what_a_mail_quotes_is_not_its_own() -> None:
    document = read_eml(an_eml())

    assert document.text == "Dear Ben,\n\nthe committee met on 3 March and chose the new captain."
    assert document.left_out == {"lines of quoted mails and signatures": 4}


def test_a_mail_in_html_and_one_that_is_only_forwarded() -> None:
    only_html = mail("x", "Fri, 05 Mar 2010 10:00:00 +0100", "")
    only_html.set_content("<p>It rained on <b>3 May</b>.</p><p>&mdash; A.</p>", subtype="html")

    assert read_eml(bytes(only_html)).text == "It rained on 3 May.\n\n— A."
    forwarded = mail("x", "", "---------- Forwarded message ---------\nFrom: Ben\n\nIt rained on 2 May.\n")
    assert "2 May" in read_eml(bytes(forwarded)).text


def test_a_mail_keeps_its_id_when_others_come_before_it(tmp_path: Path) -> None:
    data = every_format(tmp_path)["farm.mbox"]
    new = b"From x Mon Jan  4 10:00:00 1999\nFrom: c@example.org\nSubject: Three\n\nIt froze on 3 January 1999.\n\n"

    before = {source.id for source in read(write(tmp_path / "a", {"farm.mbox": data}))[0]}
    after = {source.id for source in read(write(tmp_path / "b", {"farm.mbox": new + data}))[0]}
    assert len(before) == 2
    assert before < after


def test_what_a_word_document_hides_is_not_read(tmp_path: Path) -> None:
    source, said = only(tmp_path, "railway.docx", a_docx())

    assert source.text.startswith("First years\n\nThe line was surveyed")
    assert source.text.endswith("Tunnel | The tunnel collapsed on 6 January 1871.")
    assert said == ["railway.docx: left out: 1 paragraphs of headers and footers"]


def test_a_zip_file_gives_its_documents_and_counts_the_rest(tmp_path: Path) -> None:
    sources, said = read(write(tmp_path, {"papers.zip": a_zip()}))

    assert sorted(source.id for source in sources) == ["gate", "tower"]
    assert [source.origin for source in sources] == [
        "papers.zip, papers/deep/gate.html",
        "papers.zip, papers/tower.txt",
    ]
    assert said == ["papers.zip: 1 file in it is in no format that is read (.png)"]


def test_names_in_a_zip_file_lead_nowhere(tmp_path: Path) -> None:
    data = packed({"../../escaped.txt": "In 1969.", "/root.txt": "In 1970.", "..\\win.txt": "In 1971."})
    sources, _ = read(write(tmp_path / "in", {"a.zip": data}))

    assert sorted(source.id for source in sources) == ["escaped", "root", "win"]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.zip", "in"]


def test_folders_of_any_depth_are_read(tmp_path: Path) -> None:
    deep = "/".join("abcdefghijklmnopqrst")
    sources, _ = read(write(tmp_path, {f"{deep}/mine.odt": an_odt()}))

    assert [source.origin for source in sources] == [f"{deep}/mine.odt"]


def test_a_table_of_events_is_no_table_of_documents(tmp_path: Path) -> None:
    tables = {"events.csv": b"event_id,date,quote\ne1,1969,In 1969\n", "mine.csv": b"Date,Title\n1969,Founded\n"}
    sources, said = read(write(tmp_path, tables))

    note = "is a table of events, not of documents, so nothing is read from it; `timeline import` takes events"
    assert not sources
    assert said == [f"events.csv: {note}", f"mine.csv: {note}"]


def test_a_table_without_a_text_says_what_it_needs(tmp_path: Path) -> None:
    _, said = read(write(tmp_path, {"a.csv": b"id,words\n1,In 1969\n"}))

    assert said == ["a.csv: has no column “text”; name the column that has the documents' text text or content or body"]


def test_without_the_extra_the_message_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fastwarc.warc", None)

    with pytest.raises(TimelineError, match=r"is a web archive; to read it: pip install 'cited-timeline\[warc\]'"):
        list(read_warc(b"WARC/1.0"))


# ------------------------------------------------------------------------------------------ copies


STORY = (
    "The dam above the village broke on 5 April 1911 after a week of rain. The water took the mill, the school and "
    "nine houses. The miller and his family were found two days later on the roof of a barn. The county sent "
    "blankets and flour, and the railway carried them for nothing. In 1913 a new dam was begun further up the valley."
)


def sources_of(events: Path) -> dict[str, int]:
    return dict(load(events).events[["date", "n_sources"]].itertuples(index=False))


@pytest.mark.parametrize(
    ("copy", "count"),
    [
        (f"FROM OUR CORRESPONDENT. {STORY} (The Other Paper)", 1),
        (STORY.replace("The county sent blankets and flour, and", "Then"), 1),
        ("A dam broke on 5 April 1911 and the village lost its mill, wrote a teacher who had seen it all.", 2),
    ],
)
def test_an_article_and_its_copy_count_as_one_source(tmp_path: Path, copy: str, count: int) -> None:
    page = f"<html><body><p>{copy}</p></body></html>"
    write(tmp_path / "in", {"a.txt": STORY.encode(), "b.html": page.encode()})
    sources, said = read(tmp_path / "in")

    assert len({source.work for source in sources}) == count
    assert any("count as one work" in line for line in said) == (count == 1)
    corroborated = {event.date: len({m.work for m in event.mentions}) for event in build(sources).events}
    assert corroborated["1911-04-05"] <= count


def test_the_same_text_in_two_files_is_read_once(tmp_path: Path) -> None:
    sources, said = read(write(tmp_path, {"a.docx": a_docx(), "b.docx": a_docx()}))

    assert [source.id for source in sources] == ["a"]
    assert any("same text as" in line and "it is read once" in line for line in said)


def test_a_form_of_words_makes_no_copies(tmp_path: Path) -> None:
    notice = "This bulletin is issued by the harbour office every Monday and is free of charge for all."
    words = ["brig", "bark", "sloop", "cutter", "yawl"]

    def arrival(n: int, k: int) -> str:
        of = words[(n + k) % 5] * (k + 1)
        cargo = f"{n * 7 + k} bales of wool and {n + k * 3} of tea"
        return f" The {words[n]} of the {of} arrived with {cargo} on {k} May {1800 + n}."

    texts = {f"{n}.txt": (notice + "".join(arrival(n, k) for k in range(1, 6))).encode() for n in range(5)}

    assert len({source.work for source in read(write(tmp_path, texts))[0]}) == 5


# ------------------------------------------------------------------------------------------ one more


def test_the_reader_that_contributing_shows_works(tmp_path: Path) -> None:
    """Its module and its line are added to a copy of the package, as CONTRIBUTING says, and a file is built."""
    section = (ROOT / "CONTRIBUTING.md").read_text("utf-8").split("### ... a document format")[1].split("\n### ")[0]
    module, entry = re.findall(r"^```python\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    shutil.copytree(ROOT / "timeline", tmp_path / "timeline", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "timeline/read/logbook.py").write_text(module, "utf-8")
    formats = tmp_path / "timeline/read/formats.py"
    before, after = formats.read_text("utf-8").split('        Format("html"')
    formats.write_text(f'{before}        {entry.strip()},\n        Format("html"{after}', "utf-8")
    log = "Voyage to the north\nOn 3 May 1851 we saw the first ice.\nOn 9 May 1851 the ship turned back.\n"
    write(tmp_path, {"ship.log": log.encode()})

    environment = os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "timeline", "build", "ship.log", "-o", "out"]
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", timeout=60)

    assert ran.returncode == 0, ran.stderr
    mentions = load(tmp_path / "out").mentions
    assert list(mentions["locator"]) == ["“Voyage to the north”, par. 1", "“Voyage to the north”, par. 2"]
