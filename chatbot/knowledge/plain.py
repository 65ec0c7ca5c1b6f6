"""Knowledge as plain values that JSON can hold, and back without checking again what was checked before it was kept."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, HttpUrl

from chatbot.knowledge.model import Knowledge, SafetyMessage

Make = Callable[[Any], Any]

_MESSAGE = ("text", "tier", "category", "voice")


def as_plain(knowledge: Knowledge) -> dict[str, Any]:
    """What `from_plain` makes equal knowledge of."""
    fields = knowledge.model_dump(mode="json", exclude_unset=True, exclude={"safety_messages"})
    columns = [[getattr(each, name) for each in knowledge.safety_messages] for name in _MESSAGE]
    return {"knowledge": fields, "messages": columns}


def from_plain(plain: Mapping[str, Any]) -> Knowledge:
    """The knowledge that `as_plain` was given; nothing is checked.

    Raises:
        ValueError, KeyError, TypeError: this is nothing that `as_plain` has made.
    """
    known: Knowledge = _maker(Knowledge)(plain["knowledge"])
    texts, tiers, categories, voices = plain["messages"]
    messages = tuple(map(SafetyMessage, texts, tiers, categories, voices))
    return known.model_copy(update={"safety_messages": messages})


@cache
def _maker(kind: Any) -> Make:
    """What makes a value of a type that a field of the knowledge has from its plain value."""
    arguments = get_args(kind)
    match get_origin(kind):
        case None:
            return _maker_of_class(kind)
        case given if given is tuple:
            return _maker_of_tuple(arguments)
        case given if given in (Union, UnionType):
            return _maker_of_one_of(arguments)
        case given if isinstance(given, type) and issubclass(given, Mapping):
            return _maker_of_mapping(_maker(arguments[1]))
        case _:
            return _same  # one of several texts


def _maker_of_class(kind: Any) -> Make:
    if issubclass(kind, BaseModel):
        return _maker_of_model(kind)
    return {date: date.fromisoformat, HttpUrl: HttpUrl}.get(kind, _same)


def _maker_of_model(kind: type[BaseModel]) -> Make:
    makers = {name: _maker(type_of) for name, type_of in get_type_hints(kind).items() if name in kind.model_fields}
    changed = {name: make for name, make in makers.items() if make is not _same}

    def make(plain: Any) -> BaseModel:
        values = {name: changed[name](value) if name in changed else value for name, value in plain.items()}
        if not values.keys() <= makers.keys():
            raise ValueError(f"{kind.__name__} has no such fields")
        return kind.model_construct(**values)

    return make


def _maker_of_tuple(arguments: tuple[Any, ...]) -> Make:
    make = _maker(arguments[0])
    return tuple if make is _same else lambda plain: tuple(map(make, plain))


def _maker_of_mapping(make: Make) -> Make:
    return dict if make is _same else lambda plain: {name: make(value) for name, value in plain.items()}


def _maker_of_one_of(arguments: tuple[Any, ...]) -> Make:
    """The unions here are of texts, numbers and nothing with at most one kind of list and one kind of fields."""
    makers = {_plain_type(each): _maker(each) for each in arguments if each is not NoneType}
    return lambda plain: makers.get(type(plain), _same)(plain)


def _plain_type(kind: Any) -> type | None:
    """As what JSON holds a value of this type, if that is not the value itself."""
    if get_origin(kind) is tuple:
        return list
    return dict if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _same(plain: Any) -> Any:
    return plain
