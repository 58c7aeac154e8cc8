"""Web pages: the main text, told from navigation, adverts and comments, and what the page says about itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from html.parser import HTMLParser
from typing import Any

from .document import Blocks, Document, day, decode, first, refuse

_MOST_ATTRIBUTES = 1000  # of one tag; the time that parsers take grows with their square
_LONGEST_TAG = 64 * 1024  # bytes
_LARGEST = 64 * 1024 * 1024  # bytes of a page
_MOST_OPEN = 100  # comments that are begun and not ended; html.parser looks for the end of each
_DEEPEST_DATA = 20  # levels of JSON-LD that are looked into
_TAG = re.compile(rb"<[a-zA-Z]")
_DECLARED = re.compile(
    rb"""<(?:meta\b[^>]{0,500}?\bcharset|\?xml\b[^>]{0,200}?\bencoding)\s*=\s*["']?\s*([\w.:-]{1,40})""", re.I
)
_NEARLY_ALL = 0.9  # share of a page's words from which on it has no furniture, and its own structure is better
_FURNITURE = "words of navigation, adverts, comments and other parts beside the main text"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_DATES = (
    "article:published_time",
    "citation_publication_date",
    "citation_date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "dcterms.date",
    "dcterms.created",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish-date",
    "parsely-pub-date",
    "sailthru.date",
    "date",
)
_TITLES = ("og:title", "citation_title", "dc.title", "dcterms.title", "twitter:title")
_AUTHORS = ("author", "citation_author", "dc.creator", "dcterms.creator", "article:author", "parsely-author")
_PUBLISHERS = ("og:site_name", "citation_publisher", "dc.publisher", "dcterms.publisher", "application-name")
_RIGHTS = ("dcterms.rights", "dc.rights", "copyright", "rights")


def read_html(data: bytes) -> Document:
    """A web page. Raises TimelineError if it is none, has no text, or is built to choke a parser."""
    from lxml import etree
    from lxml.html import HTMLParser as Parser
    from lxml.html import document_fromstring

    if len(data) > _LARGEST:
        raise refuse(f"is a page of {len(data) // 1024**2} MB", "split it, or convert it to text")
    _check_tags(data)
    declared = _DECLARED.search(data[:4096])
    source, remark = decode(data, declared[1].decode("ascii", "replace") if declared else "")
    try:
        tree = document_fromstring(source.encode("utf-8", "replace"), parser=Parser(encoding="utf-8", no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError):
        raise refuse("has no text that a browser would show", "take it out, or save the page anew") from None
    document = Document("", notes=[remark] if remark else [])
    about_page(tree, document)
    words = _words_in(tree)
    blocks = _main_text(tree)
    kept = len(blocks.text.split())
    if not kept or kept > words * _NEARLY_ALL:
        is_told = kept > 0
        blocks = all_text(source)
        kept = len(blocks.text.split())
        if kept and not is_told:
            document.notes.append("its main text could not be told from the rest, so all of it is read")
    if not kept:
        raise refuse("has no text that a browser would show", "if scripts fill the page, save it from the browser")
    document.text, document.places = blocks.text, blocks.places
    if words > kept:
        document.left_out[_FURNITURE] = words - kept
    return document


def _check_tags(data: bytes) -> None:
    """Refuse a tag with too many attributes. Raises TimelineError. Linear."""
    for piece in data.split(b">"):
        if len(piece) < _MOST_ATTRIBUTES:
            continue
        tag = _TAG.search(piece)
        if tag is None:
            continue
        attributes = piece[tag.start() :]
        is_tag = len(attributes.split(None, 2)) > 1 and b"{" not in attributes[:200]
        if is_tag and attributes.count(b"<") < 3 and len(attributes) > _LONGEST_TAG and b"base64" not in attributes:
            raise _choking(f"a tag of {len(attributes) // 1024} kB")
        if is_tag and len(attributes.split()) > _MOST_ATTRIBUTES and attributes.count(b"=") > _MOST_ATTRIBUTES:
            raise _choking(f"a tag with more than {_MOST_ATTRIBUTES} attributes")


def _choking(what: str) -> Exception:
    return refuse(f"has {what}, as no page needs", "save the page anew from a browser, or take it out")


# ---------------------------------------------------------------------------------------------- text


def _words_in(tree: Any) -> int:
    """How many words of a page a browser would show."""
    from lxml import etree

    body = tree.find("body")
    strip = etree.XPath(".//text()[not(parent::script or parent::style or parent::noscript or parent::template)]")
    return sum(len(text.split()) for text in strip(body if body is not None else tree))


def _main_text(tree: Any) -> Blocks:
    """The main text of a page, empty if trafilatura finds none."""
    from trafilatura import bare_extraction

    found = bare_extraction(tree, include_comments=False, with_metadata=False)
    blocks = Blocks()
    body = getattr(found, "body", None)
    if body is not None:
        _add(body, blocks)
    return blocks


_HOLDERS = {"body", "list", "quote", "div", "main", "table", "code"}


def _add(element: Any, blocks: Blocks) -> None:
    """The blocks below an element as trafilatura names them."""
    pending: list[str] = [element.text or ""] if element.tag in _HOLDERS else []
    for child in element:
        tag = child.tag
        if tag == "head":
            _flush(pending, blocks)
            blocks.heading(_inline(child))
        elif tag == "row":
            _flush(pending, blocks)
            blocks.paragraph(" | ".join(filter(None, (" ".join(_inline(cell).split()) for cell in child))))
        elif tag in ("p", "item"):
            _flush(pending, blocks)
            if any(inner.tag in ("list", "p", "table", "quote") for inner in child):
                _add_mixed(child, blocks)
            else:
                blocks.paragraph(_inline(child))
        elif tag in _HOLDERS and len(child):
            _flush(pending, blocks)
            _add(child, blocks)
        else:
            pending.append(_inline(child))
            if tag in _HOLDERS:
                _flush(pending, blocks)
        pending.append(child.tail or "")
    _flush(pending, blocks)


def _add_mixed(element: Any, blocks: Blocks) -> None:
    """An item that holds text and blocks."""
    pending = [element.text or ""]
    for child in element:
        if child.tag in ("list", "p", "table", "quote"):
            _flush(pending, blocks)
            if child.tag == "p":
                blocks.paragraph(_inline(child))
            else:
                _add(child, blocks)
        else:
            pending.append(_inline(child))
        pending.append(child.tail or "")
    _flush(pending, blocks)


def _flush(pending: list[str], blocks: Blocks) -> None:
    blocks.paragraph("".join(pending))
    pending.clear()


def _inline(element: Any) -> str:
    """The text of an element, its line breaks as line ends."""
    if not len(element):
        return "\n" if element.tag == "lb" else _spaced(element.text or "")
    parts = [_spaced(element.text or "")]
    for child in element:
        parts.append("\n" if child.tag == "lb" else _inline(child))
        parts.append(_spaced(child.tail or ""))
    return "".join(parts)


def _spaced(text: str) -> str:
    """A line end in the source of a page is a space."""
    return text.replace("\r", " ").replace("\n", " ")


class _AllText(HTMLParser):
    """All text of a page or a chapter, in blocks; takes time linear in its length and any depth."""

    silent = frozenset(
        [
            "script",
            "style",
            "noscript",
            "template",
            "head",
            "title",
            "nav",
            "svg",
            "math",
            "button",
            "select",
            "option",
            "iframe",
            "object",
        ]
    )
    inline = frozenset(
        [
            "a",
            "abbr",
            "acronym",
            "b",
            "bdi",
            "bdo",
            "big",
            "cite",
            "code",
            "data",
            "del",
            "dfn",
            "em",
            "font",
            "i",
            "ins",
            "kbd",
            "label",
            "mark",
            "q",
            "rp",
            "rt",
            "ruby",
            "s",
            "samp",
            "small",
            "span",
            "strike",
            "strong",
            "sub",
            "sup",
            "time",
            "tt",
            "u",
            "var",
            "wbr",
            "img",
            "input",
            "o:p",
        ]
    )
    headings = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
    void = frozenset(
        ["br", "hr", "img", "input", "meta", "link", "wbr", "col", "area", "base", "embed", "source", "track", "param"]
    )

    def __init__(self, blocks: Blocks) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks = blocks
        self.words: list[str] = []
        self.quiet: list[str] = []
        self.heading = ""
        self.is_preformatted = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.quiet:
            if tag == self.quiet[-1]:
                self.quiet.append(tag)
        elif tag in self.silent and tag not in self.void:
            self.quiet.append(tag)
        elif tag == "br":
            self.words.append("\n")
        elif tag in ("td", "th"):
            self.words.append(" | " if self.words and "".join(self.words).strip() else "")
        elif tag not in self.inline:
            self.flush()
            self.is_preformatted = tag in ("pre", "textarea") or (self.is_preformatted and tag != "p")
            self.heading = tag if tag in self.headings else self.heading

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.void or tag in self.inline:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self.quiet:
            if tag == self.quiet[-1]:
                self.quiet.pop()
            elif tag == "body":
                self.quiet.clear()
        elif tag not in self.inline and tag not in ("td", "th", "br"):
            self.flush()
            self.is_preformatted = False
            self.heading = ""

    def handle_data(self, data: str) -> None:
        if not self.quiet:
            self.words.append(data if self.is_preformatted else _spaced(data))

    def updatepos(self, i: int, j: int) -> int:
        """Go on at `j`. Nobody asks for the line and the column, which html.parser would count up for each piece."""
        return j

    def flush(self) -> None:
        """The block ends here."""
        if not self.words:
            return
        text = "".join(self.words)
        self.words.clear()
        if self.heading:
            self.blocks.heading(text)
        else:
            self.blocks.paragraph(text)


def all_text(source: str, blocks: Blocks | None = None) -> Blocks:
    """All the text of a page, but for scripts and what is only there to click on; added to the blocks, if any."""
    ended = source.rfind("-->")
    if source.count("<!--", ended + 1) > _MOST_OPEN:
        source = source[: source.index("<!--", ended + 1)]
    parser = _AllText(Blocks() if blocks is None else blocks)
    parser.feed(source)
    parser.close()
    parser.flush()
    return parser.blocks


# ---------------------------------------------------------------------------------------------- about the page


def about_page(tree: Any, document: Document) -> None:
    """Fill in what a page says about itself: JSON-LD, then its meta elements, then what a reader sees."""
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("name") or meta.get("property") or meta.get("itemprop") or meta.get("http-equiv") or ""
        metas.setdefault(name.strip().lower(), meta.get("content") or "")
    data = [item for item in _linked_data(tree) if _is_work(item)]

    def tell(name: str, key: str, values: Iterable[str], keys: Sequence[str], others: dict[str, str]) -> None:
        """Set a field to the first value there is, and keep where it was: in JSON-LD, a meta element, elsewhere."""
        candidates = [(f"JSON-LD {key}", value) for value in values]
        candidates += [(f"meta {each}", metas.get(each, "")) for each in keys] + list(others.items())
        for where, value in candidates:
            good = _sound(name, value)
            if good:
                setattr(document, name, good)
                document.told[name] = where
                return

    tell("title", "headline", _texts(data, "headline"), _TITLES, {"title element": _title(tree)})
    tell("author", "author", _names(data, "author"), _AUTHORS, {})
    tell("publisher", "publisher", _names(data, "publisher"), _PUBLISHERS, {})
    tell("rights", "license", (), _RIGHTS, {})
    tell("language", "", (), (), {"html lang": tree.get("lang") or ""})
    if not document.language:
        tell("language", "inLanguage", _texts(data, "inLanguage"), ("content-language",), {})
    tell("published", "datePublished", _texts(data, "datePublished"), _DATES, {"time element": first(_times(tree))})


def _sound(name: str, value: str) -> str:
    """A value of a field if it can be used, else nothing."""
    value = first([value])
    if name == "published":
        return day(value)
    if name == "language":
        return value if _LANGUAGE.fullmatch(value) else ""
    return "" if name == "author" and re.match("https?://", value) else value


def _title(tree: Any) -> str:
    title = tree.find(".//title")
    return "" if title is None else str(title.text_content())


def _times(tree: Any) -> Iterator[str]:
    """The dates that a page marks as those of its publication."""
    for element in tree.iterfind(".//time"):
        if element.get("pubdate") is not None or "datepublished" in (element.get("itemprop") or "").lower():
            yield element.get("datetime") or ""


def _linked_data(tree: Any) -> Iterator[dict[str, Any]]:
    """The objects in the JSON-LD of a page."""
    for script in tree.iterfind(".//script"):
        if (script.get("type") or "").split(";")[0].strip().lower() != "application/ld+json":
            continue
        try:
            value = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        yield from _objects(value, 0)


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST_DATA:
        return
    if isinstance(value, list):
        for item in value:
            yield from _objects(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        yield from _objects(value.get("@graph", []), depth + 1)
        yield from _objects(value.get("mainEntity", []), depth + 1)


def _is_work(item: dict[str, Any]) -> bool:
    """Is this about an article or a page, and not about the site?"""
    kinds = item.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(
        isinstance(name, str) and re.search("Article|Posting|WebPage|Report|Book|Chapter", name) for name in names
    )


def _texts(data: list[dict[str, Any]], key: str) -> Iterator[str]:
    return (item[key] for item in data if isinstance(item.get(key), str))


def _names(data: list[dict[str, Any]], key: str) -> Iterator[str]:
    """The names of people or bodies, several joined."""
    for item in data:
        values = item.get(key)
        names = [_name(value) for value in (values if isinstance(values, list) else [values])]
        if any(names):
            yield "; ".join(filter(None, names))


def _name(value: Any) -> str:
    name = value.get("name") if isinstance(value, dict) else value
    return name if isinstance(name, str) else ""
