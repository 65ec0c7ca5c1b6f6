"""Sentences, words and readability of an answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_SENTENCE_END = re.compile(r"(?<=[.!?:])[\"'”’)]*\s+")
_WORD = re.compile(r"\{?[^\W_]+(?:['’-][^\W_]+)*\}?")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]e|[^dt]ed|[^sxzcg]es)$")


@dataclass(frozen=True)
class Paragraph:
    """Sentences that stand together; `lead` is the line above the list that they are an item of."""

    sentences: tuple[str, ...]
    lead: str = ""


def paragraphs(markdown: str) -> Iterator[Paragraph]:
    """The paragraphs and list items of a text in the Markdown subset, without its marks."""
    lead = ""
    for text, is_item in _blocks(markdown):
        sentences = tuple(part for part in _SENTENCE_END.split(text) if part)
        yield Paragraph(sentences, lead if is_item else "")
        if not is_item:
            lead = sentences[-1] if sentences and sentences[-1].endswith(":") else ""


def words(markdown: str) -> list[str]:
    """The words of a text; a placeholder counts as one."""
    return _WORD.findall(_bare(markdown))


def grade(markdown: str) -> float:
    """The school grade that a reader needs, by the Flesch-Kincaid formula; 0 without words.

    Kincaid, Fishburne, Rogers & Chissom 1975. Grade 9 is a reading age of about 14.
    """
    found = words(markdown)
    count = sum(len(paragraph.sentences) for paragraph in paragraphs(markdown))
    if not found or not count:
        return 0.0
    return 0.39 * len(found) / count + 11.8 * sum(map(syllables, found)) / len(found) - 15.59


def syllables(word: str) -> int:
    """About how many syllables a word has: its groups of vowels, less a silent ending."""
    plain = word.lower()
    return max(1, len(_VOWELS.findall(plain)) - bool(_SILENT.search(plain)))


def _blocks(markdown: str) -> Iterator[tuple[str, bool]]:
    """Paragraphs and list items with whether they are items; lines that belong together are joined."""
    block, is_item = "", False
    for line in (*markdown.splitlines(), ""):
        starts_item = bool(_ITEM.match(line))
        if block and (starts_item or not line.strip()):
            yield _bare(block), is_item
            block = ""
        if line.strip():
            is_item = starts_item or (bool(block) and is_item)
            block = f"{block} {_ITEM.sub('', line).strip()}".strip()


def _bare(markdown: str) -> str:
    """The text without bold marks, and with the words of a link in its place."""
    return _LINK.sub(r"\1", markdown).replace("**", "")
