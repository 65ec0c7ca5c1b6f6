"""Whether every surface can show the text: the Markdown subset, its links and its placeholders."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from chatbot.curation.lint_base import Desk, Said
from chatbot.knowledge.model import Clinic
from chatbot.knowledge.problems import Problem

#: What CommonMark knows and the surfaces do not show → how to write it instead.
_OUTSIDE: Mapping[str, str] = {
    "heading_open": "a heading: write it in **bold** on a line of its own",
    "ordered_list_open": "a numbered list: start each item with a dash",
    "em_open": "italics: use **bold** or plain text",
    "image": "a picture: leave it out",
    "html_block": "HTML: use plain text",
    "html_inline": "HTML: use plain text",
    "fence": "a block of code: remove the marks",
    "code_block": "a block of code: remove the spaces at the start of the line",
    "code_inline": "code: remove the ` marks",
    "blockquote_open": "a quotation block: remove the > mark",
    "hr": "a rule: use an empty line",
}
_PLACEHOLDER = re.compile(r"\{([^{}\n]{0,40})\}")
_TABLE = re.compile(r"^\s*\|?\s*:?-{3,}:?\s*\|", re.MULTILINE)
_PLAIN_LINK = re.compile(r"(?<!\()\b(?:https?|ftp)://\S+|\bwww\.\S+", re.IGNORECASE)
_DOUBLED = re.compile(r"\b(a|an|the) (?:a|an|the)\b", re.IGNORECASE)


def lint_markdown(desk: Desk) -> Iterator[Problem]:
    """Marks outside the subset, links that are not https, unknown placeholders, doubled articles."""
    for said in desk.texts():
        yield from _marks(said)
        yield from _placeholders(said, desk.knowledge.clinic)


def _marks(said: Said) -> Iterator[Problem]:
    tokens = MarkdownIt("commonmark").parse(said.text)
    everything = [token for block in tokens for token in (block, *(block.children or ()))]
    for kind in dict.fromkeys(token.type for token in everything):
        if kind in _OUTSIDE:
            yield said.problem("markdown", f"this cannot be shown: {_OUTSIDE[kind]}.", "error")
    if _TABLE.search(said.text):
        yield said.problem("markdown", "this cannot be shown: a table: write a list.", "error")
    if any(token.level > 1 and token.type == "bullet_list_open" for token in tokens):
        yield said.problem("markdown", "this cannot be shown: a list in a list: make it one list.", "error")
    yield from _links(said, everything)


def _links(said: Said, tokens: list[Token]) -> Iterator[Problem]:
    for token in tokens:
        target = urlsplit(str(token.attrs.get("href", ""))) if token.type == "link_open" else None
        if target and (target.scheme != "https" or not target.netloc):
            message = f"the link {target.geturl()} must be a full address that starts with https://."
            yield said.problem("link", message, "error")
        # Marks that do not fit each other remain as text; so does a link that could run code.
        if token.type == "text" and "](" in token.content:
            yield said.problem("link", "this is no link yet: write [its words](https://its.address).", "error")
        if token.type == "text" and "**" in token.content:
            yield said.problem("markdown", "** is left over: bold text needs ** right before and after it.", "error")
        if token.type == "text" and _PLAIN_LINK.search(token.content):
            yield said.problem("link", "write a link as [its words](https://its.address).", "warning")


def _placeholders(said: Said, clinic: Clinic) -> Iterator[Problem]:
    known = {
        "phone": clinic.phone,
        "address": clinic.address,
        "clinic": clinic.name,
        "clinician": clinic.clinician,
    }
    for name in _PLACEHOLDER.findall(said.text):
        if name not in known:
            names = ", ".join(f"{{{name}}}" for name in known)
            yield said.problem("placeholder", f"{{{name}}} stands for nothing. Known: {names}.", "error")
    filled = _PLACEHOLDER.sub(lambda found: known.get(found[1], ""), said.text)
    if doubled := _DOUBLED.search(filled):
        message = f"with the clinic's particulars this reads '{doubled[0]}'. Remove one of the two words."
        yield said.problem("doubled-word", message)
