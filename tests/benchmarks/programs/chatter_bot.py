"""ChatterBot: each phrasing is taught with its label as the reply; in an environment of its own.

It compares a question with every phrasing by its default comparison, Levenshtein distance. Its other search needs a
language model for spaCy that no package registry has under an official name.
"""

from collections.abc import Sequence
from importlib.metadata import version
from tempfile import TemporaryDirectory

from chatterbot import ChatBot  # type: ignore[import-not-found]
from chatterbot.tagging import LowercaseTagger  # type: ignore[import-not-found]
from chatterbot.trainers import ListTrainer  # type: ignore[import-not-found]

from tests.benchmarks.programs.lines import Ask, serve

_FOLDER = TemporaryDirectory()


def fit(texts: Sequence[str], labels: Sequence[str]) -> Ask:
    """Teach it each phrasing as a conversation of two lines."""
    bot = ChatBot(
        "benchmark",
        database_uri=f"sqlite:///{_FOLDER.name}/chatterbot.db",
        tagger=LowercaseTagger,
        logic_adapters=[{"import_path": "chatterbot.logic.BestMatch", "search_algorithm_name": "text_search"}],
        read_only=True,
    )
    trainer = ListTrainer(bot, show_training_progress=False)
    for text, label in zip(texts, labels):
        trainer.train([text, label])

    def ask(question: str) -> tuple[str, float]:
        response = bot.get_response(question)
        return str(response.text), float(response.confidence)

    return ask


if __name__ == "__main__":
    serve(fit, version("chatterbot"))
