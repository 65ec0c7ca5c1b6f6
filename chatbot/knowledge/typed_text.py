"""Text that people typed or pasted, made fit for the files: no unseen characters, one kind of line end."""

import re

#: Controls, halves of characters, private use; zero-width spaces, soft hyphens and marks that turn the direction.
_UNSEEN = re.compile(
    "[^\t\n\x20-\x7e\xa0-\ud7ff\uf900-\ufffd\U00010000-\U000effff]|[\xad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]"
)
_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_GAP = re.compile(r"\n{3,}")


def one_line(text: str) -> str:
    """The text on one line, with single spaces."""
    return " ".join(visible(text).split())


def visible(text: str) -> str:
    """The text without characters that cannot be seen; every line ends in a newline alone."""
    return _UNSEEN.sub("", _LINE_END.sub("\n", text))


def tidy(text: str) -> str:
    """Paragraphs with one empty line between them, without tabs and spaces at the ends of lines."""
    lines = (line.replace("\t", " ").rstrip() for line in visible(text).split("\n"))
    return _GAP.sub("\n\n", "\n".join(lines)).strip()
