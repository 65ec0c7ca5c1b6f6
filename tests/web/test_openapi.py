"""The API does what its description says: schemathesis tries what it allows and what it does not."""

from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from chatbot import Chatbot
from chatbot.settings import Settings
from web.app import create_app
from web.openapi import description

KEY = "a key for tests that is long enough"
ALLOWED, REFUSED = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
TRIED = [
    pytest.param(path, method.upper(), mode, id=f"{path}-{mode.value}")
    for path, methods in description()["paths"].items()
    for method, operation in methods.items()
    for mode in ((ALLOWED, REFUSED) if "requestBody" in operation else (ALLOWED,))
]


@pytest.fixture(scope="module")
def api(small_bot: Chatbot) -> schemathesis.BaseSchema:
    """The served description, on an app whose limits do not end the test."""
    app = create_app(Settings(secret_key=KEY, limit_address=1_000_000), small_bot)
    return schemathesis.openapi.from_wsgi("/api/openapi.json", app)


@pytest.mark.parametrize(("path", "method", "mode"), TRIED)
def test_the_api_does_what_it_says(api: schemathesis.BaseSchema, path: str, method: str, mode: GenerationMode) -> None:
    """Statuses, media types, headers and bodies are those described; what is not allowed is refused; nothing fails."""
    operation = api[path][method]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def check(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate()

    check()


def test_every_route_of_the_api_is_described(client: FlaskClient) -> None:
    rules = {rule.rule for rule in client.application.url_map.iter_rules() if rule.rule.startswith("/api/")}
    assert rules - {"/api/openapi.json"} == {path for path in description()["paths"] if path.startswith("/api/")}
