"""What the tests share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot import Chatbot


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder for fitted models: nobody's own, and shared by all tests and the commands that they start."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHATBOT_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def small_knowledge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with six intents, with which the program starts quickly; tests that change it take a copy."""
    folder = tmp_path_factory.mktemp("knowledge") / "intents"
    shutil.copytree(Path(__file__).parent / "small_knowledge", folder)
    shutil.copy(Path(__file__).parent.parent / "intents" / "safety.yaml", folder)
    return folder


@pytest.fixture(scope="session")
def small_bot(small_knowledge: Path) -> Chatbot:
    """The chatbot for the small folder; it holds no conversation, so tests can share it."""
    return Chatbot.load(small_knowledge)


@pytest.fixture(scope="session")
def clinic_bot() -> Chatbot:
    """The chatbot as patients meet it; loading takes seconds, so all tests share it."""
    return Chatbot.load(Path(__file__).parent.parent / "intents")


@pytest.fixture
def folder(small_knowledge: Path, tmp_path: Path) -> Path:
    """A copy of the small folder that a test may change."""
    return Path(shutil.copytree(small_knowledge, tmp_path / "intents"))
