"""Answers as they may be published: the Markdown subset of paragraphs, lists, bold and links, and nothing else.

Whatever comes from a form or another program goes through `clean_answer`; what it takes away it names.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from chatbot.knowledge.answer_html import has_html, left_out, markdown_of
from chatbot.knowledge.typed_text import tidy

_MARKDOWN = MarkdownIt("commonmark")

#: What CommonMark knows and the surfaces do not show → what becomes of it.
_OUTSIDE = {
    "heading_open": "a heading became bold text",
    "ordered_list_open": "a numbered list got dashes",
    "em_open": "italics became plain text",
    "image": "a picture was left out",
    "html_block": "HTML was left out",
    "html_inline": "HTML was left out",
    "fence": "a block of code became plain text",
    "code_block": "a block of code became plain text",
    "code_inline": "code became plain text",
    "blockquote_open": "a quotation block became plain text",
    "hr": "a rule was left out",
    "hardbreak": "a line break became a space",
}
_LIST_IN_LIST = "a list in a list became one list"
_MEANS_SOMETHING = re.compile(r"[\\`*_\[\]<>]|&(?=#?\w+;)")
_STARTS_SOMETHING = re.compile(
    r"^(\s*)(?:([-+](?=\s|$)|#{1,6}(?=\s|$)|[-=](?=[-=\s]*$)|~(?=~~))|(\d+)([.)])(?=\s|$))", re.MULTILINE
)
_HTTPS = re.compile(r"https://[\w.-]*\w(?::\d+)?(?:[/?#]\S*)?")
_TAG = re.compile(r"<[^>]*>")
_TABLE = re.compile(r"^\s*\|?\s*:?-{3,}:?\s*\|.*$", re.MULTILINE)


@dataclass(frozen=True)
class Cleaned:
    """An answer in the Markdown subset, and in words what was changed to make it so."""

    text: str
    changes: tuple[str, ...] = ()


def clean_answer(text: str) -> Cleaned:
    """The answer in the subset; one that is in it already keeps its text, but for spaces at the ends of lines."""
    changes: dict[str, None] = {}
    if has_html(text):
        changes["HTML became paragraphs, lists, bold and links"] = None
        changes |= dict.fromkeys(f"<{tag}> was left out" for tag in left_out(text))
        text = markdown_of(text)
    if _TABLE.search(text):
        changes["a table became a list"] = None
        text = "\n".join(_row(line) for line in text.split("\n"))
    text = tidy(text)
    tokens = _MARKDOWN.parse(text)
    outside = list(dict.fromkeys(_outside(tokens)))
    if not outside:
        return Cleaned(text, tuple(changes))
    return Cleaned(tidy(_Writer(tokens).text()), (*changes, *outside))


def _outside(tokens: Sequence[Token]) -> Iterator[str]:
    """What stands in the way, in words."""
    for token in (inner for block in tokens for inner in (block, *(block.children or ()))):
        if token.type in _OUTSIDE:
            yield _OUTSIDE[token.type]
        elif token.type == "link_open" and not is_https(str(token.attrs.get("href", ""))):
            yield f"the link to {str(token.attrs.get('href', ''))[:80]} was left out: only https:// is allowed"
        elif token.type == "bullet_list_open" and token.level > 0:
            yield _LIST_IN_LIST


def _row(line: str) -> str:
    """A row of a table as an item of a list; the line that sets its heads apart goes."""
    if _TABLE.fullmatch(line):
        return ""
    return "- " + ": ".join(cell.strip() for cell in line.strip().strip("|").split("|")) if "|" in line else line


def is_https(address: str) -> bool:
    """Whether an address is a full one that starts with https://."""
    return _HTTPS.fullmatch(address) is not None


@dataclass
class _Writer:
    """Writes parsed Markdown again with the marks of the subset alone."""

    tokens: Sequence[Token]
    blocks: list[str] = field(default_factory=list)

    def text(self) -> str:
        items = 0
        for before, token in zip((None, *self.tokens), self.tokens):
            items += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
            if token.type == "inline":
                said = _inline(token.children or ())
                bold = before is not None and before.type == "heading_open"
                self._add(f"**{said.replace('**', '')}**" if bold and said else said, in_list=items > 0)
            elif token.type in {"fence", "code_block", "html_block"}:
                self._add(_escaped(_TAG.sub("", token.content).strip()), in_list=items > 0)
        return "\n".join(self.blocks)

    def _add(self, said: str, *, in_list: bool) -> None:
        if not said.strip():
            return
        if in_list:
            if not self.blocks or not self.blocks[-1].startswith("- "):
                self.blocks.append("")
            self.blocks.append(f"- {' '.join(said.split())}")
        else:
            self.blocks += ["", said]


def _inline(tokens: Sequence[Token]) -> str:
    said, links = "", []
    for token in tokens:
        if token.type in {"text", "code_inline"}:
            said += _escaped(token.content)
        elif token.type in {"softbreak", "hardbreak"}:
            said += "\n" if token.type == "softbreak" else " "
        elif token.type in {"strong_open", "strong_close"}:
            said += "**"
        elif token.type == "link_open":
            address = str(token.attrs.get("href", ""))
            links.append(address if is_https(address) else "")
            said += "[" if links[-1] else ""
        elif token.type == "link_close":
            address = links.pop()
            said += f"]({address})" if address else ""
    return _STARTS_SOMETHING.sub(_backslash, said.strip())


def _escaped(text: str) -> str:
    return _MEANS_SOMETHING.sub(r"\\\g<0>", text)


def _backslash(found: re.Match[str]) -> str:
    space, mark, number, dot = found.groups()
    return f"{space}\\{mark}" if mark else f"{space}{number}\\{dot}"
