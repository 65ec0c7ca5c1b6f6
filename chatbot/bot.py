"""The chatbot: a text and a session go in, a turn comes out."""

import logging
import traceback
from pathlib import Path
from typing import Self

from chatbot.dialogue.alarm import Alarm, Verdict
from chatbot.dialogue.decision import Decision
from chatbot.dialogue.session import Session
from chatbot.dialogue.turn import Turn, alert_turn, compose
from chatbot.dialogue.understanding import Part, Understanding
from chatbot.kept import ModelShelf
from chatbot.kept_knowledge import obtain_knowledge
from chatbot.knowledge.model import DecisionRule, Knowledge
from chatbot.language.embeddings import load_embeddings
from chatbot.language.english import English, english_mark
from chatbot.language.kept import NO_SHELF, Recipe, Shelf, embeddings_mark
from chatbot.language.kept_matcher import pack_matcher, unpack_matcher
from chatbot.language.matcher import Matcher
from chatbot.language.spelling import Speller
from chatbot.language.vocabulary import vocabulary_recipe
from chatbot.language.wording import Reader, Wording

__all__ = ["MAX_CHARACTERS", "Chatbot", "Part", "Turn", "fit_matcher", "make_reader"]

_log = logging.getLogger(__name__)

#: Questions are looked for up to here; the alarm reads further.
MAX_CHARACTERS = 10_000

#: Looked for among English words, words to mend towards and word pieces.
_NO_WORD = "qwzxyvut"


class Chatbot:
    """Answers from a knowledge base; holds no conversation, changes nothing after it is made."""

    def __init__(
        self,
        knowledge: Knowledge,
        shelf: Shelf = NO_SHELF,
        *,
        before: "Chatbot | None" = None,
        ready: bool = True,
    ) -> None:
        """`before`: a chatbot for an earlier revision, whose parts are shared where the knowledge is the same.

        ready: everything is read that a message can call for, so that no patient waits and workers share it.
        """
        self.knowledge = knowledge
        self.intents = knowledge.by_id
        self.shelf = shelf
        self.alarm = self._obtain_alarm(before)
        self.reader, self.matcher = self._obtain_matcher(before)
        self.rule = knowledge.decision or DecisionRule(
            wrong_rate=0.05,
            threshold=self.matcher.threshold_,
            margin=0.02,
            clarify=self.matcher.threshold_ / 2,
        )
        self.understanding = Understanding(knowledge, self.reader, self.matcher, self.rule)
        if ready:
            self.reply(_NO_WORD)

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """A chatbot for the knowledge in a folder such as `intents/`; what only some messages call for is read later.

        Raises:
            KnowledgeError: something in the folder is wrong; the error lists every problem.
        """
        shelf = ModelShelf.of_environment()
        return cls(obtain_knowledge(Path(path), shelf), shelf, ready=False)

    def with_knowledge(self, knowledge: Knowledge) -> Self:
        """A chatbot for a revision of the knowledge; it shares what is the same and obtains the rest anew."""
        return type(self)(knowledge, self.shelf, before=self)

    def reply(self, text: str, session: Session | None = None, *, choice: str | None = None) -> Turn:
        """What to say to a message of any kind, and the session for the next one.

        `choice` is the intent of a choice that was pressed, whose label is the text; an id that is no longer known
        counts for nothing. The alarm reads the raw message before anything else. Whatever fails after it, or in it,
        the patient gets the contact and the line on whom to call if it is urgent.
        """
        session = session or Session()
        try:
            verdict = self.alarm.gate(text)
            text = text[:MAX_CHARACTERS]
            if verdict.alert is not None:
                return alert_turn(text, verdict.alert, session, self.knowledge)
            if choice is not None and choice in self.intents:
                return self._turn(text, (self.understanding.chosen(text, choice),), session, verdict)
            parts = self.understanding.parts(text, session, team=verdict.clinic_intent)
            return self._turn(text, parts, session, verdict)
        except Exception as error:  # noqa: BLE001 - a patient must never meet a traceback, whatever its cause
            _log.error("replying failed with %s at %s", type(error).__name__, _place(error))
            nothing = Part(text, Wording(""), (), Decision("fallback", (), 0.0))
            return self._turn(text, (nothing,), session, Verdict(uneasy=True))

    def _turn(self, text: str, parts: tuple[Part, ...], session: Session, verdict: Verdict) -> Turn:
        caution = session.alerted or self.alarm.caution(verdict, parts[0].matches)
        team = verdict.clinic_intent is not None
        return compose(text, parts, session, self.knowledge, caution=caution, team=team)

    def _obtain_alarm(self, before: "Chatbot | None") -> Alarm:
        """The rules take seconds to compile, and an edit of an intent leaves them as they were."""
        if before and _same_alarm(before.knowledge, self.knowledge):
            return before.alarm
        rules = before.alarm.rules if before and before.knowledge.safety == self.knowledge.safety else None
        return Alarm.of(self.knowledge, English(), self.shelf, rules)

    def _obtain_matcher(self, before: "Chatbot | None") -> tuple[Reader, Matcher]:
        if before and _same_matcher(before.knowledge, self.knowledge):
            return before.reader, before.matcher
        reader = make_reader(self.knowledge, self.shelf)
        return reader, fit_matcher(self.knowledge, reader, self.shelf)


def _place(error: Exception) -> str:
    """File and line of the failure; the error's own text is left out, since it may quote the message."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def _same_matcher(one: Knowledge, other: Knowledge) -> bool:
    """Whether the reader and the matcher learn the same from both."""
    same = one.lexicon == other.lexicon and one.out_of_scope == other.out_of_scope
    return same and list(one.intents()) == list(other.intents())


def _same_alarm(one: Knowledge, other: Knowledge) -> bool:
    return one.safety == other.safety and one.safety_messages == other.safety_messages


def make_reader(knowledge: Knowledge, shelf: Shelf = NO_SHELF) -> Reader:
    """Reads utterances with the knowledge's lexicon and its own words."""
    lexicon = knowledge.lexicon
    curated = [text for intent in knowledge.intents() for text in (intent.question, intent.answer)]
    curated += [name for group in lexicon.synonyms for name in group]
    curated += [group[0] for group in lexicon.respellings]
    curated += [name for names in lexicon.concepts.values() for name in names]
    typed = [text for intent in knowledge.intents() for text in intent.phrasings]
    vocabulary = shelf.obtain(vocabulary_recipe(curated, typed))
    load_embeddings().remember(vocabulary.pieces)
    speller = Speller(vocabulary.right, English(), lexicon.keep_apart)
    return Reader(speller, lexicon.respellings, lexicon.synonyms, lexicon.concepts)


def fit_matcher(knowledge: Knowledge, reader: Reader, shelf: Shelf = NO_SHELF) -> Matcher:
    """A matcher that has learnt every question and phrasing, and what is out of scope, unless it was kept."""
    texts: list[str] = []
    labels: list[str | None] = []
    for intent in knowledge.intents():
        texts += [intent.question, *intent.phrasings]
        labels += [intent.id] * (1 + len(intent.phrasings))
    texts += knowledge.out_of_scope
    labels += [None] * len(knowledge.out_of_scope)
    # What is read in the texts follows from the words that the reader knows, so a kept matcher need not read them.
    words = [knowledge.lexicon.model_dump(mode="json"), [intent.answer for intent in knowledge.intents()]]
    return shelf.obtain(
        Recipe(
            kind="matcher",
            ingredients=[vars(_make_matcher()), embeddings_mark(), english_mark(), words, texts, labels],
            fit=lambda: _make_matcher().fit([reader.read(text).text for text in texts], labels, shown=texts),
            pack=pack_matcher,
            unpack=lambda arrays: unpack_matcher(arrays, _make_matcher()),
        )
    )


def _make_matcher() -> Matcher:
    """Patients' words are further from the knowledge's than in the public sets: meaning counts as much as spelling.

    Half as many neighbours as by default are as good here and twice as quick (docs/matching.md, "Neighbours").
    """
    return Matcher(spelling=0.5, neighbours=100)
