"""An article as headings and paragraphs, from plain text, Markdown, HTML or a Word file."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import PurePath

from defusedxml.ElementTree import ParseError, fromstring

from chatbot.errors import ExchangeError
from chatbot.knowledge.exchange_guard import package_of, text_of
from chatbot.knowledge.typed_text import one_line

_SENTENCE_END = re.compile(r"[.!?][\"'”’)]*(?=\s+[\"'“‘(]*[A-Z0-9])")
_ABBREVIATED = ("Dr.", "Mr.", "Mrs.", "Ms.", "Prof.", "St.", "No.", "e.g.", "i.e.", "vs.")
_MARKDOWN_HEADING = re.compile(r"^\s*(#{1,6})\s+(.+?)\s*#*$")
_WORD_NAMESPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LONGEST_HEADING = 14
_FEWEST_LETTERS = 3


@dataclass(frozen=True)
class Line:
    """A paragraph, or a heading."""

    text: str
    heading: bool = False


@dataclass(frozen=True)
class Section:
    """A heading and the paragraphs under it; the first section of an article may have none of either."""

    heading: str
    paragraphs: tuple[str, ...]

    @property
    def digest(self) -> str:
        """A checksum of the words, with which a change is noticed."""
        return sha256("\n".join((self.heading, *self.paragraphs)).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class ArticleText:
    """What an article says."""

    title: str
    sections: tuple[Section, ...]

    @property
    def digest(self) -> str:
        """A checksum of the whole."""
        return sha256("".join(section.digest for section in self.sections).encode()).hexdigest()[:16]


def read_article(name: str, data: bytes) -> ArticleText:
    """The article in a file, by the ending of its name.

    Raises:
        ExchangeError: it is refused; the message says why.
    """
    reader = _READERS.get(PurePath(name).suffix.lower())
    if reader is None:
        raise ExchangeError(f"{name}: articles are read from {', '.join(_READERS)} files.")
    lines = [Line(one_line(line.text), line.heading) for line in reader(name, data)]
    lines = [line for line in lines if len(line.text) >= _FEWEST_LETTERS]
    if not any(not line.heading for line in lines):
        raise ExchangeError(f"{name}: there is no text in it.")
    title = next((line.text for line in lines if line.heading), lines[0].text)
    return ArticleText(title, tuple(_sections(lines)))


def sentences(paragraph: str) -> list[str]:
    """The sentences of a paragraph, each as it stands there."""
    ends = [found.end() for found in _SENTENCE_END.finditer(paragraph)]
    ends = [end for end in ends if not paragraph[:end].endswith(_ABBREVIATED)]
    parts = (paragraph[start:end].strip() for start, end in pairwise([0, *ends, len(paragraph)]))
    return [part for part in parts if part]


def _sections(lines: Sequence[Line]) -> Iterator[Section]:
    heading, paragraphs = "", list[str]()
    for line in (*lines, Line("", heading=True)):
        if not line.heading:
            paragraphs.append(line.text)
            continue
        if heading or paragraphs:
            yield Section(heading, tuple(paragraphs))
        heading, paragraphs = line.text, []


def _of_text(name: str, data: bytes) -> Iterator[Line]:
    """A short line by itself that ends like no sentence is a heading."""
    for block in re.split(r"\n\s*\n", text_of(data, name).replace("\r\n", "\n")):
        rows = [row for row in block.split("\n") if row.strip()]
        for row in rows:
            yield Line(row, heading=len(rows) == 1 and _is_heading(row.strip()))


def _is_heading(text: str) -> bool:
    plain = text.rstrip(":").strip()
    return len(plain.split()) <= _LONGEST_HEADING and not plain.endswith((".", "!", ",", ";")) and plain[:1].isupper()


def _of_markdown(name: str, data: bytes) -> Iterator[Line]:
    for block in re.split(r"\n\s*\n|\n(?=#)|(?<=\n)(?=\s*[-*] )", text_of(data, name).replace("\r\n", "\n")):
        first, *rest = block.strip().split("\n")
        found = _MARKDOWN_HEADING.match(first)
        if found:
            yield Line(found[2], heading=True)
        text = "\n".join(rest if found else (first, *rest))
        yield Line(re.sub(r"\[([^\]]*)\]\([^)]*\)|[*_`]+|^\s*[-*] ", r"\1", text, flags=re.MULTILINE))


def _of_html(name: str, data: bytes) -> Iterator[Line]:
    parser = _Html()
    parser.feed(text_of(data, name))
    parser.close()
    yield from parser.lines()


class _Html(HTMLParser):
    _BLOCKS = frozenset("p div li td th section article blockquote tr ul ol table br h1 h2 h3 h4 h5 h6".split())
    _UNREAD = frozenset("script style nav header footer aside form noscript template svg title".split())

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[tuple[str, bool]] = []
        self._text = ""
        self._heading = False
        self._unread = 0

    def lines(self) -> Iterator[Line]:
        self._end()
        for text, heading in self._found:
            yield Line(text, heading)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - its signature
        self._unread += tag in self._UNREAD
        if tag in self._BLOCKS:
            self._end()
            self._heading = tag[0] == "h" and tag[1:].isdigit()

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in self._UNREAD and self._unread > 0
        if tag in self._BLOCKS:
            self._end()

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self._text += data

    def _end(self) -> None:
        if self._text.strip():
            self._found.append((self._text, self._heading))
        self._text, self._heading = "", False


def _of_word(name: str, data: bytes) -> Iterator[Line]:
    with package_of(data, name) as package:
        try:
            root = fromstring(package.read("word/document.xml"))
        except (KeyError, ParseError) as error:
            raise ExchangeError(f"{name} is damaged or no Word file ({type(error).__name__}). Save it anew.") from None
    for paragraph in root.iter(f"{_WORD_NAMESPACE}p"):
        style = paragraph.find(f"{_WORD_NAMESPACE}pPr/{_WORD_NAMESPACE}pStyle")
        named = style.get(f"{_WORD_NAMESPACE}val", "") if style is not None else ""
        text = "".join(part.text or "" for part in paragraph.iter(f"{_WORD_NAMESPACE}t"))
        yield Line(text, heading=named.lower().startswith(("heading", "title")))


_READERS: Mapping[str, Callable[[str, bytes], Iterator[Line]]] = {
    ".txt": _of_text,
    ".md": _of_markdown,
    ".html": _of_html,
    ".htm": _of_html,
    ".docx": _of_word,
}
