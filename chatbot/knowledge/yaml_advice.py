"""What a mistake in YAML means to somebody who is no programmer, and how to mend it."""

import re

import yaml

_QUOTE_IT = "Put the whole text in double quotes."
_INDENTATION = (
    "The spaces at the start of this line do not fit the lines around it. Give it as many as the line of the "
    "same kind above it. Start each item of a list with a dash and a space. A quotation mark that begins a "
    "text must also end it."
)

#: Part of the parser's message (of libyaml or of the Python parser) → the advice; the first that fits counts.
_ADVICE: tuple[tuple[str, str], ...] = (
    (
        r"mapping values are not allowed",
        f"There is a colon too many, or the line before is not finished. {_QUOTE_IT} (It has a colon in it.)",
    ),
    (
        r"while scanning an? (alias|anchor)",
        f"A text cannot start with * or & (also not with ** for bold). {_QUOTE_IT}",
    ),
    (
        r"cannot start any token",
        f"A text cannot start with this character (@, `, % or a tab). {_QUOTE_IT}",
    ),
    (
        r"scanning a quoted scalar.*(end of stream|document separator)",
        "A quotation mark opens here and is never closed. Put the same mark at the end of the text.",
    ),
    (
        r"unknown escape character|expected escape sequence",
        "Inside double quotes a backslash has a meaning of its own. Write it twice, or leave it out.",
    ),
    (
        r"could not find expected ':'",
        "A colon is missing here after the name of a field. If it is text, indent it or put a dash first.",
    ),
    (
        r"expected ',' or '[\]}]'",
        f"A list in [ ] or fields in {{ }} are not closed, or a comma is missing. If it is text: {_QUOTE_IT}",
    ),
    (r"scanning a block scalar", "After | or > the text begins on the next line, indented by two spaces."),
    (r"expected (the )?node content", f"There is nothing here that can be read. {_QUOTE_IT}"),
    (r"expected (<block end>|key|'-' indicator|<document start>)", _INDENTATION),
    (
        r"control|special characters",
        "The file holds a character that cannot be seen. Delete it and type the text anew.",
    ),
)


def mend_of(error: yaml.YAMLError) -> str:
    """The mend of a mistake in YAML, in plain words."""
    said = " ".join(str(error).split())
    for pattern, advice in _ADVICE:
        if re.search(pattern, said):
            return advice
    return f"This is not valid YAML ({getattr(error, 'problem', None) or said}). {_INDENTATION}"


def line_of(error: yaml.YAMLError) -> int:
    """The line on which the mistake began, counted from 1; 0 where the parser does not say."""
    begun = re.search("quoted scalar|simple key", str(getattr(error, "context", "")))
    mark = getattr(error, "context_mark" if begun else "problem_mark", None)
    return mark.line + 1 if mark else 0
