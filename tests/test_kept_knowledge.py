"""Knowledge that is kept after it was checked: what the files say, fresh after every edit, never trusted blindly."""

from pathlib import Path

import pytest

from chatbot import Chatbot
from chatbot.errors import KnowledgeError
from chatbot.kept import ModelShelf
from chatbot.kept_knowledge import obtain_knowledge
from chatbot.knowledge.files import load_knowledge

INTENTS = Path(__file__).parents[1] / "intents"
MESSAGES = ["what is prp", "cant pee and my legs have gone numb", "how much is it", "i want to end it all", "hello"]


def replies(bot: Chatbot) -> list[tuple[str, str | None, str]]:
    """What the bot says to the messages."""
    turns = [bot.reply(message) for message in MESSAGES]
    return [(turn.kind, turn.tier, turn.reply.text) for turn in turns]


def test_kept_knowledge_is_that_of_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clinic's whole knowledge comes back as it was read, without reading it again."""
    read = obtain_knowledge(INTENTS, ModelShelf(tmp_path))
    monkeypatch.setattr("chatbot.knowledge.files.load_knowledge", None)
    kept = obtain_knowledge(INTENTS, ModelShelf(tmp_path))
    assert kept == read
    assert kept.model_dump() == read.model_dump()


def test_an_edit_is_seen_at_the_next_start(folder: Path, tmp_path: Path) -> None:
    """One changed byte in a file makes what was kept of it worthless."""
    shelf = ModelShelf(tmp_path / "cache")
    before = obtain_knowledge(folder, shelf)
    clinic = folder / "clinic.yaml"
    clinic.write_text(
        clinic.read_text(encoding="utf-8").replace(before.clinic.name, "Another Clinic"), encoding="utf-8"
    )
    assert obtain_knowledge(folder, shelf).clinic.name == "Another Clinic"


def test_broken_rules_refuse_to_start_though_good_ones_are_kept(folder: Path, tmp_path: Path) -> None:
    """What was kept of yesterday's safety rules does not hide today's mistake."""
    shelf = ModelShelf(tmp_path / "cache")
    obtain_knowledge(folder, shelf)
    safety = folder / "safety.yaml"
    safety.write_text(safety.read_text(encoding="utf-8") + "\nnonsense: true\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"safety\.yaml"):
        obtain_knowledge(folder, shelf)


@pytest.mark.parametrize("kind", ["knowledge", "safety_wordings", "vocabulary", "matcher"])
def test_damage_costs_a_fit_and_changes_no_reply(kind: str, small_knowledge: Path, tmp_path: Path) -> None:
    """A flipped bit in a kept file is noticed: the replies and the cards are those of a first start."""
    shelf = ModelShelf(tmp_path)
    expected = replies(Chatbot(obtain_knowledge(small_knowledge, shelf), shelf))
    (file,) = tmp_path.glob(f"{kind}-*.npz")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    assert replies(Chatbot(obtain_knowledge(small_knowledge, shelf), shelf)) == expected


def test_a_folder_that_others_may_write_to_is_not_used(
    small_knowledge: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody else on the machine can put rules there that the gate would follow."""
    tmp_path.chmod(0o777)
    assert obtain_knowledge(small_knowledge, ModelShelf(tmp_path)) == load_knowledge(small_knowledge)
    assert list(tmp_path.iterdir()) == []
    assert "others may write to it" in caplog.text
