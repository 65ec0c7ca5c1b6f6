"""A FAQ chatbot that answers only with what the clinic's staff curated."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatbot.bot import Chatbot
    from chatbot.language.matcher import Matcher

__all__ = ["Chatbot", "Matcher"]

_HOMES = {"Chatbot": "chatbot.bot", "Matcher": "chatbot.language.matcher"}


def __getattr__(name: str) -> object:
    """The public classes, imported when first asked for: they take a second, which `--help` need not pay."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
