"""Answers that come as HTML, as other programs keep them: cleaned by nh3 and turned into Markdown."""

import re
from html.parser import HTMLParser

import nh3

_KNOWN = (
    "a abbr article b blockquote br center code dd div dl dt em font footer form h1 h2 h3 h4 h5 h6 header hr i iframe "
    "img input li link main mark object ol p pre script section small span strike strong style sub sup svg table tbody "
    "td th thead tr u ul video"
).split()
_TAG = re.compile(rf"</?(?:{'|'.join(_KNOWN)})\b[^<>]*>|<!--", re.IGNORECASE)
_KEPT = {
    *("a", "b", "strong", "p", "br", "div", "ul", "ol", "li", "table", "tr", "td", "th", "blockquote"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
}
_BOLD = {"b", "strong", "h1", "h2", "h3", "h4", "h5", "h6"}
_APART = {"p", "div", "ul", "ol", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"}
_ROWS = {"li": "- ", "tr": "- "}
_LEFT_OUT = re.compile(r"<(script|style|img|iframe|form|input|object|video|svg)\b", re.IGNORECASE)
_IN_LINK = str.maketrans({" ": "%20", "(": "%28", ")": "%29"})
_MARKS = re.compile(r"[\\`*_\[\]]")


def has_html(text: str) -> bool:
    """Whether there are tags of HTML; a plain less-than sign is none."""
    return _TAG.search(text) is not None


def left_out(text: str) -> tuple[str, ...]:
    """The tags whose content does not survive, each once."""
    return tuple(dict.fromkeys(tag.lower() for tag in _LEFT_OUT.findall(text)))


def markdown_of(html: str) -> str:
    """The text of HTML as Markdown: paragraphs, dashes for lists and rows of tables, bold, links."""
    safe = nh3.clean(
        html, tags=_KEPT, attributes={"a": {"href"}}, clean_content_tags={"script", "style"}, link_rel=None
    )
    writer = _Writer()
    writer.feed(safe)
    writer.close()
    return writer.said


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said = ""
        self.links: list[str] = []
        self.strong = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _APART:
            self._apart()
        if tag in _BOLD:
            self.strong += 1
            self.said += "**" if self.strong == 1 else ""
        elif tag in _ROWS:
            self.said = f"{self.said.rstrip()}\n{_ROWS[tag]}"
        elif tag == "br":
            self.said += "\n\n"
        elif tag in {"td", "th"} and not self.said.endswith("- "):
            self.said += ": "
        elif tag == "a":
            self.links.append(dict(attrs).get("href") or "")
            self.said += "[" if self.links[-1] else ""

    def handle_endtag(self, tag: str) -> None:
        if tag in _BOLD and self.strong:
            self.strong -= 1
            self._close_bold()
        elif tag == "a" and self.links:
            address = self.links.pop()
            self.said += f"]({address.translate(_IN_LINK)})" if address else ""
        if tag in _APART:
            self._apart()

    def handle_data(self, data: str) -> None:
        plain = _MARKS.sub(r"\\\g<0>", " ".join(data.split()).replace("<", "\\<"))
        if data[:1].isspace() and self.strong and self.said.endswith("**"):
            self.said = f"{self.said[:-2].rstrip()} **"  # bold text cannot start with a space
            data = data.lstrip()
        before = " " if data[:1].isspace() and self.said[-1:].strip() else ""
        after = " " if data[-1:].isspace() and plain else ""
        self.said += before + plain + after

    def _apart(self) -> None:
        self.said = f"{self.said.rstrip()}\n\n" if self.said.strip() else ""

    def _close_bold(self) -> None:
        if self.strong:
            return
        said = self.said.rstrip()
        space = self.said[len(said) :]
        self.said = said.removesuffix("**") if said.endswith("**") else f"{said}**{space}"
