"""The description of the HTTP API (OpenAPI 3.1), made of the models that check and write it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from web.schema import ChatMessage, ChatReply, Config, FeedbackMessage, Health, Problem

_JSON, _PROBLEM, _TEXT = "application/json", "application/problem+json", "text/plain"


#: Refusals of what was sent, and of anything.
_OF_A_BODY = (400, 413, 415, 422)
_OF_ANYTHING = (500,)


def description() -> dict[str, Any]:
    """The whole document."""
    models: tuple[tuple[type[BaseModel], JsonSchemaMode], ...] = (
        *((model, "validation") for model in (ChatMessage, FeedbackMessage)),
        *((model, "serialization") for model in (ChatReply, Config, Health, Problem)),
    )
    _, schemas = models_json_schema(models, ref_template="#/components/schemas/{model}")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Clinic chatbot",
            "version": "1",
            "description": "Answers that the clinic's staff wrote. Every refusal says whom to call if it is urgent.",
        },
        "paths": _paths(),
        "components": {"schemas": schemas["$defs"]},
    }


def _paths() -> dict[str, Any]:
    return {
        "/api/chat": {
            "post": _operation("Answer a message", {200: ChatReply}, ChatMessage, refusals=(*_OF_A_BODY, 429, 503))
        },
        "/api/feedback": {
            "post": _operation(
                "Say whether a reply helped", {204: None}, FeedbackMessage, refusals=(*_OF_A_BODY, 404, 429)
            )
        },
        "/api/config": {"get": _operation("What the widget shows first", {200: Config})},
        "/healthz": {"get": _operation("Whether the process answers", {200: Health})},
        "/readyz": {"get": _operation("Whether knowledge and database are there", {200: Health, 503: Health})},
    }


def _operation(
    summary: str,
    responses: Mapping[int, type[BaseModel] | None],
    request: type[BaseModel] | None = None,
    refusals: tuple[int, ...] = (),
) -> dict[str, Any]:
    told = {str(status): _response(status, model, _JSON) for status, model in responses.items()}
    told |= {str(status): _response(status, Problem, _PROBLEM) for status in (*refusals, *_OF_ANYTHING)}
    operation: dict[str, Any] = {"summary": summary, "responses": told}
    if request:
        operation["requestBody"] = {"required": True, "content": _content(request, _JSON)}
    return operation


def _response(status: int, model: type[BaseModel] | None, form: str) -> dict[str, Any]:
    response: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if model:
        response["content"] = _content(model, form)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        response["headers"] = {"Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}}}
    return response


def _content(model: type[BaseModel], form: str) -> dict[str, Any]:
    return {form: {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}
