"""Many messages put to a chatbot at once: the same turns as one by one, several times as fast."""

from collections.abc import Callable, Sequence
from copy import copy

from chatbot.bot import Chatbot
from chatbot.curation.evaluation import ask
from chatbot.curation.questions import Question
from chatbot.dialogue.questions import phrases, sentences
from chatbot.dialogue.turn import Turn
from chatbot.dialogue.understanding import Understanding
from chatbot.language.matcher import Match, Matcher


def replay(bot: Chatbot, questions: Sequence[Question], done: Callable[[], None]) -> tuple[Turn, ...]:
    """The bot's turn to each question, in its conversation; `done` is called after each."""
    quick = copy(bot)
    prepared = _Prepared(bot.matcher, [bot.reader.read(text).text for text in _pieces(questions)])
    quick.understanding = Understanding(bot.knowledge, bot.reader, prepared, bot.rule)
    turns = []
    for question in questions:
        turns.append(ask(quick, question))
        done()
    return tuple(turns)


def _pieces(questions: Sequence[Question]) -> list[str]:
    """The texts that most of the messages will be ranked by: the whole and its parts, each once."""
    said = [text for question in questions for text in (*question.before, question.text)]
    return list(dict.fromkeys(piece for text in said for piece in (text, *sentences(text), *phrases(text))))


class _Prepared(Matcher):
    """A fitted matcher that ranked some texts beforehand, all together; others it ranks when asked."""

    def __init__(self, matcher: Matcher, texts: Sequence[str]) -> None:
        vars(self).update(vars(matcher))
        distinct = list(dict.fromkeys(texts))
        self._known = dict(zip(distinct, matcher.rank_many(distinct)))

    def rank(self, text: str, top: int = 3) -> tuple[Match, ...]:
        known = self._known.get(text) if top == 3 else None
        return known if known is not None else super().rank(text, top)
