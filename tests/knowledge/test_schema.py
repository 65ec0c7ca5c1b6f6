"""The JSON Schema for editors."""

import json
from pathlib import Path

from chatbot.knowledge.model import Intent
from chatbot.knowledge.schema import topic_schema


def test_the_checked_in_schema_is_current() -> None:
    """`intents/schema.json` is what the models say today."""
    path = Path(__file__).parents[2] / "intents" / "schema.json"
    assert path.read_text(encoding="utf-8") == topic_schema(), "It is out of date: run 'python -m chatbot schema'."


def test_every_field_of_an_intent_is_described() -> None:
    """Editors show what a field is for."""
    properties = json.loads(topic_schema())["$defs"]["Intent"]["properties"]
    assert properties.keys() == Intent.model_fields.keys()
    assert all(field["description"] for field in properties.values())
