"""The JSON Schema of topic files: editors that know it complete field names and underline mistakes."""

import json

from chatbot.knowledge.model import TopicFile

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def topic_schema() -> str:
    """The schema as it is checked in at `intents/schema.json`; `python -m chatbot schema` writes it."""
    schema = {"$schema": _DIALECT, **TopicFile.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
