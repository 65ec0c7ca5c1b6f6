"""What the safety gate must reach on labelled messages, and that the hazard log names tests that exist."""

import re
from pathlib import Path

import pytest

from chatbot import Chatbot
from chatbot.curation.safety_evaluation import SafetyEvaluation, evaluate_safety, read_cases
from chatbot.errors import KnowledgeError

ROOT = Path(__file__).parent.parent
OWN = ROOT / "intents" / "evaluation" / "safety.jsonl"
SHARED = ROOT.parent / "shared" / "safety" / "examples.jsonl"


def measured(bot: Chatbot, path: Path) -> SafetyEvaluation:
    """The evaluation of a file of labelled messages."""
    if not path.exists():
        pytest.skip(f"{path.name} is not on this machine: it is shared between the developers, not part of the project")
    return evaluate_safety(bot, read_cases(path))


def test_safety_figures(clinic_bot: Chatbot) -> None:
    """On the shared examples every limit is kept, and no emergency leads to an answer or to booking."""
    evaluation = measured(clinic_bot, SHARED)
    assert evaluation.failures() == ()
    for outcome in evaluation.of("emergency"):
        turn = clinic_bot.reply(outcome.case.text)
        assert (turn.kind, turn.intents) == ("safety", ())
        assert "book" not in turn.reply.text.lower()


def test_own_safety_set_keeps_every_limit(clinic_bot: Chatbot) -> None:
    """On the project's own labelled messages every limit of the safety policy is kept, as publishing demands."""
    assert evaluate_safety(clinic_bot, read_cases(OWN)).failures() == ()


def test_a_lasting_side_effect_carries_the_clinic_tier(clinic_bot: Chatbot) -> None:
    """Soreness two months after an injection is for the team, and no emergency."""
    turn = clinic_bot.reply("its been 2 months since the jab and still sore")
    assert (turn.kind, turn.tier) == ("handoff", "clinic")


def test_every_control_of_the_hazard_log_has_its_test() -> None:
    """Each row of the hazard log names tests, and the tests exist."""
    rows = re.findall(r"^\| \d+ \|.*$", (ROOT / "docs" / "safety.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) >= 16
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    for row in rows:
        named = re.findall(r"`(test_\w+)`", row)
        assert named, row
        assert [name for name in named if f"def {name}(" not in source] == []


def test_a_broken_safety_file_refuses_to_start(folder: Path) -> None:
    """A mistake in safety.yaml stops the program with the file and the line."""
    path = folder / "safety.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("tier: urgent", "tier: urgnt", 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"safety\.yaml:\d+: error"):
        Chatbot.load(folder)


def test_a_missing_safety_file_refuses_to_start(folder: Path) -> None:
    """Without safety.yaml nothing starts: there is no chatbot without the gate."""
    (folder / "safety.yaml").unlink()
    with pytest.raises(KnowledgeError, match=r"safety\.yaml"):
        Chatbot.load(folder)


def test_evaluation_messages_are_not_fitted(clinic_bot: Chatbot) -> None:
    """The own safety set is large, and shares no message with the fitting messages, phrasings and shared examples."""
    own = {" ".join(case.text.lower().split()) for case in read_cases(OWN)}
    known = {message.text for message in clinic_bot.knowledge.safety_messages}
    known |= {phrasing for intent in clinic_bot.knowledge.intents() for phrasing in intent.phrasings}
    if SHARED.exists():
        known |= {case.text for case in read_cases(SHARED)}
    assert len(own) >= 500
    assert own.isdisjoint(" ".join(text.lower().split()) for text in known)
