"""What a value of the wrong shape means to somebody who is no programmer, and how to mend it."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from chatbot.knowledge.lines import ValuePath, nearest_line
from chatbot.knowledge.model import Article, Intent, Review, Source, Topic
from chatbot.knowledge.yaml_text import Document, Finding, Value

Model = TypeVar("Model", bound=BaseModel)

_ITEM: Mapping[str, str] = {
    "intents": "intent",
    "phrasings": "phrasing",
    "related": "intent id",
    "sections": "section",
    "source": "source",
    "starters": "intent id",
    "synonyms": "group of words",
}

#: Whose fields stand under a field of this name.
_MODEL_OF: Mapping[str, type[BaseModel]] = {
    "intents": Intent,
    "source": Source,
    "reviewed": Review,
    "articles": Article,
    "topics": Topic,
}

#: Fields that are either a word or something larger: the type of the larger, and the mend.
_EITHER: Mapping[str, tuple[type, str]] = {
    "source": (list, "must be the word clinic, or a list like: - {article: its_name, section: Its heading}"),
    "reviewed": (dict, "must be the word pending, or like: {by: name, on: 2026-01-31, due: 2027-01-31}"),
}

#: How pydantic names, within a location, the shape of a choice that it tried.
_SHAPES = ("literal[", "tuple[", "Review")

#: pydantic's kind of error → our code and the mend; `{…}` stands for the details of the error.
_MENDS: Mapping[str, tuple[str, str]] = {
    "missing": ("missing-field", "is missing: add it"),
    "string_pattern_mismatch": (
        "bad-id",
        "must be small letters, digits and _ only, like prp_cost: change it",
    ),
    "string_too_short": ("empty", "is empty: write its text after the colon"),
    "string_too_long": ("too-long", "is too long: use at most {max_length} letters"),
    "too_short": ("empty", "is empty: add at least one {item}"),
    "too_long": ("wrong-type", "has too many: at most {max_length} are allowed here"),
    "literal_error": ("bad-value", "must be {expected}: change it"),
    "tuple_type": ("wrong-type", "must be a list: put each {item} on its own line after a dash"),
    "model_type": ("wrong-type", "must have fields: write each as its name, a colon and the value"),
    "dict_type": ("wrong-type", "must have fields: write each as its name, a colon and the value"),
    "bool_parsing": ("bad-value", "must be true or false: change it"),
    "bool_type": ("bad-value", "must be true or false: change it"),
    "url_parsing": ("bad-link", "must be a web address that starts with https://: copy it from the browser"),
    "url_scheme": ("bad-link", "must be a web address that starts with https://: copy it from the browser"),
    "url_type": ("bad-link", "must be a web address that starts with https://: copy it from the browser"),
    "float_parsing": ("bad-value", "must be a number such as 0.5: change it"),
    "float_type": ("bad-value", "must be a number such as 0.5: change it"),
    "less_than_equal": ("bad-value", "must be at most {le}: change it"),
    "greater_than_equal": ("bad-value", "must be at least {ge}: change it"),
}
_DATE = ("bad-date", "must be a date such as 2026-01-31: year, month and day with dashes")


def validate(model: type[Model], document: Document) -> Model | tuple[Finding, ...]:
    """The document as the model, or everything that keeps it from being one."""
    if document.value is None:
        return (Finding(0, "empty-file", "The file is empty. Fill it in, or delete it."),)
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        return tuple(_findings(error, document, model))


def _findings(error: ValidationError, document: Document, model: type[BaseModel]) -> Iterator[Finding]:
    for detail in error.errors(include_url=False):
        place = _place(detail["loc"], document.value)
        if place is None or (detail["type"] == "too_short" and detail["input"]):
            continue  # pydantic calls a list too short, too, when none of its items is valid
        path, mend = place
        code, usual = _mend(detail, path, model)
        line = nearest_line(document.lines, path)
        yield Finding(line, code, f"{_label(path, document.value)} {mend or usual}.")


def _place(steps: tuple[int | str, ...], value: Value) -> tuple[ValuePath, str] | None:
    """The path in the file for a location of pydantic's, and the mend where neither shape of a choice fits.

    None where the other shape of the choice was meant, because the errors of that shape say more.
    """
    path: ValuePath = ()
    mend = ""
    for step in steps:
        if step == "[key]":
            continue
        choice = _EITHER.get(str(path[-1])) if path and str(step).startswith(_SHAPES) else None
        if choice is None:
            value = _below(value, step)
            path = (*path, step)
        else:
            larger, mend_of_choice = choice
            is_word = str(step).startswith("literal")
            if isinstance(value, larger) == is_word:
                return None
            mend = mend_of_choice if is_word else ""
    return path, mend


def _below(value: Value, step: int | str) -> Value:
    if isinstance(value, dict):
        return value.get(str(step))
    return value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else None


def _mend(detail: ErrorDetails, path: ValuePath, model: type[BaseModel]) -> tuple[str, str]:
    kind = detail["type"]
    if kind == "extra_forbidden":
        return "unknown-field", _unknown(str(path[-1]), path, model)
    if kind == "string_type":
        return _not_text(detail["input"])
    if kind.startswith("date_"):
        return _DATE
    code, mend = _MENDS.get(kind, ("bad-value", f"cannot be used ({detail['msg']}): change it"))
    names = [step for step in path if isinstance(step, str)]
    item = _ITEM.get(names[-1] if names else "", "item")
    return code, mend.format_map({"item": item} | detail.get("ctx", {})) if kind in _MENDS else mend


def _not_text(value: Value) -> tuple[str, str]:
    if value is None:
        return "empty", "is empty: write its text, or remove the line"
    if isinstance(value, list):
        return "wrong-type", "must be one text and not a list: remove the dashes or brackets"
    return "wrong-type", "must be text: put it in double quotes, because it holds a colon or starts with {"


def _unknown(name: str, path: ValuePath, model: type[BaseModel]) -> str:
    parents = (_MODEL_OF[step] for step in reversed(path[:-1]) if isinstance(step, str) and step in _MODEL_OF)
    known = list(next(parents, model).model_fields)
    close = get_close_matches(name, known, n=1)
    advice = f"write {close[0]} instead" if close else f"remove it. Known here: {', '.join(known)}"
    return f"is no field that is known here: {advice}"


def _label(path: ValuePath, value: Value) -> str:
    """A value's name for people: `prp_cost: phrasing 4`, `'phone'`."""
    owner = ""
    if path[:1] == ("intents",) and len(path) > 1:
        found = _below(_below(_below(value, "intents"), path[1]), "id")
        owner = f"{found}: " if isinstance(found, str) and len(path) > 2 else ""
    names = [step for step in path if isinstance(step, str)]
    if not names:
        return "The file"
    if isinstance(path[-1], int):
        return f"{owner}{_ITEM.get(names[-1], 'item of ' + names[-1])} {path[-1] + 1}"
    return f"{owner}'{names[-1]}'"
