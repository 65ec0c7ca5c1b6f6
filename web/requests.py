"""Reading what was sent: a bounded body, exact JSON, and the patient's words even where the request is refused."""

import json
import re
import sys
from typing import Any, NoReturn, TypeVar

from flask import g, request
from pydantic import ValidationError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnprocessableEntity, UnsupportedMediaType

from chatbot.dialogue.safety import LONGEST_READ
from web.schema import MAX_MESSAGE, TOO_LONG, Request

#: Bytes of a body that are read: room for `LONGEST_READ` characters, each as two escapes (`\ud83d\ude00`).
MAX_BODY = 128 * 1024

_MESSAGE = re.compile(r'"message"\s*:\s*"((?:[^"\\]|\\.)*)', re.DOTALL)

Sent = TypeVar("Sent", bound=Request)


def read(model: type[Sent]) -> Sent:
    """The body of this request as a model.

    Raises:
        UnsupportedMediaType, RequestEntityTooLarge, BadRequest, UnprocessableEntity: it is not such a body.
    """
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send JSON, with the header Content-Type: application/json.")
    body = _body()
    if len(body) > MAX_BODY:
        raise RequestEntityTooLarge(f"Send at most {MAX_BODY} bytes.")
    try:
        return model.model_validate(_parse(body))
    except ValidationError as error:
        _refuse(error)


def said() -> str:
    """What the patient wrote, as far as it can be made out in whatever was sent: for the safety gate alone."""
    body = _body()[:MAX_BODY]
    try:
        message = _parse(body)["message"]
        if isinstance(message, str):
            return message[:LONGEST_READ]
    except (BadRequest, KeyError, TypeError):
        pass
    text = body.decode("utf-8", errors="replace")
    found = _MESSAGE.search(text)
    return _unescaped(found[1] if found else text)[:LONGEST_READ]


def _body() -> bytes:
    """The body, or what is more than `MAX_BODY` of it."""
    if "body" not in g:
        # The refusal of a huge body must still have read its beginning; without a number, that of the app would hold.
        request.max_content_length = sys.maxsize
        g.body = request.stream.read(MAX_BODY + 1)
    return bytes(g.body)


def _parse(body: bytes) -> Any:
    try:
        return _whole(json.loads(body))
    except (ValueError, RecursionError):
        raise BadRequest("The body is not JSON.") from None


def _whole(value: Any) -> Any:
    """An object whose texts have no half of an emoji: a phone that cuts one in two is no reason to refuse."""
    if isinstance(value, dict):
        return {key: _mended(each) if isinstance(each, str) else each for key, each in value.items()}
    return value


def _mended(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescaped(text: str) -> str:
    """The text of a JSON string that may be cut off."""
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text


def _refuse(error: ValidationError) -> NoReturn:
    """Say what is wrong without repeating anything that was sent."""
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    if any(each["type"] == TOO_LONG for each in problems):
        raise RequestEntityTooLarge(f"A message may have {MAX_MESSAGE:,} characters. Please shorten it.")
    raise UnprocessableEntity(" ".join(sorted({_said_of(each["type"], each["loc"], each["msg"]) for each in problems})))


def _said_of(kind: str, place: tuple[int | str, ...], message: str) -> str:
    if kind == "extra_forbidden":
        return "There is a field that is not known here."
    return f"{place[0] if place else 'The body'}: {message}."
