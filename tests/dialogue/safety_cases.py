"""The shared safety rules, gate and labelled messages of the safety tests."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from chatbot.dialogue.safety import SafetyGate
from chatbot.knowledge.safety_rules import SafetyRules
from chatbot.knowledge.yaml_text import read_yaml
from chatbot.language.english import load_english

ROOT = Path(__file__).parent.parent.parent
RULES = ROOT / "intents" / "safety.yaml"
SHARED = ROOT.parent / "shared" / "safety" / "examples.jsonl"
AT_LEAST = {
    "emergency": {"emergency"},
    "crisis": {"crisis", "emergency"},
    "urgent": {"urgent", "crisis", "emergency"},
    "clinic": {"clinic", "urgent", "crisis", "emergency"},
    "none": {"none", "clinic"},
}


@cache
def plain_rules() -> dict[str, Any]:
    """What safety.yaml says, before it is checked."""
    value = read_yaml(RULES.read_bytes()).value
    assert isinstance(value, dict)
    return value


@cache
def rules() -> SafetyRules:
    """The safety rules of the project."""
    return SafetyRules.model_validate(plain_rules())


@cache
def gate() -> SafetyGate:
    """The safety gate of the project."""
    return SafetyGate(rules(), load_english())


def tier(text: str) -> str:
    """The tier that a message gets: that of its card, else clinic or none."""
    found = gate().assess(text)
    if found.alert:
        return found.alert.tier
    return "clinic" if found.clinic_intent else "none"


def shared_examples() -> list[dict[str, str]]:
    """The labelled messages to develop with, which lie beside the repository where it is developed."""
    if not SHARED.is_file():
        pytest.skip(f"the shared examples are not here: {SHARED}")
    return [json.loads(line) for line in SHARED.read_text(encoding="utf-8").splitlines()]
