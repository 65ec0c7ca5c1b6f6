"""From a message and its session to the questions in it, each with its matches and what to do with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatbot.dialogue.choices import pick, refuses
from chatbot.dialogue.context import mentioned, remember, restate, speaks_of_several, subject_of
from chatbot.dialogue.decision import Decision, decide
from chatbot.dialogue.questions import MAX_QUESTIONS, interjects, names_only, phrases, sentences
from chatbot.dialogue.session import Session
from chatbot.knowledge.model import DecisionRule, Knowledge
from chatbot.language.matcher import Match, Matcher
from chatbot.language.text import normalise
from chatbot.language.wording import Reader, Wording

#: How sure a piece of a message must be to count as a question of its own: a piece cut at a comma is often only a
#: word of a longer question (docs/matching.md, "Pieces").
_SURE_OF_PIECE = 0.5
_SURE_OF_PHRASE = 0.75


@dataclass(frozen=True)
class Part:
    """One question of a message: how it was read, what it matched, and what was decided."""

    text: str
    wording: Wording
    matches: tuple[Match, ...]
    decision: Decision


class Understanding:
    """Finds the questions of a message: a choice picked or refused, a follow-up, or up to three questions."""

    def __init__(self, knowledge: Knowledge, reader: Reader, matcher: Matcher, rule: DecisionRule) -> None:
        self._knowledge = knowledge
        self._reader = reader
        self._matcher = matcher
        self._rule = rule
        self._words_of: dict[str, frozenset[str]] = {}

    def parts(self, text: str, session: Session, team: str | None = None) -> tuple[Part, ...]:
        """The questions in a message and what to do with each, whether it picks a choice, refuses one, or asks.

        `team` is the handoff that the safety gate asks for; it comes before any other answer to a question.
        """
        chosen = self._picked(text, session)
        if chosen is not None:
            return (chosen,)
        if session.clarifying and refuses(text, len(session.choices), self._knowledge.clinic.none_of_these):
            return (Part(text, self._reader.read(text), (), Decision("fallback", (), 0.0)),)
        parts = self._questions(text, session)
        return _team_first(parts, team) if team is not None and team in self._knowledge.by_id else parts

    def chosen(self, text: str, choice: str) -> Part:
        """The intent that was chosen, as a part that is certain."""
        intent = self._knowledge.by_id[choice]
        match = Match(intent.id, 1.0, intent.question)
        return Part(text, Wording(normalise(text)), (match,), Decision(intent.kind, (intent.id,), 1.0))

    def _picked(self, text: str, session: Session) -> Part | None:
        """The choice on offer that the message picks."""
        intents = self._knowledge.by_id
        offered = [intents[i] for i in session.choices if i in intents]
        place = pick(text, [intent.question for intent in offered])
        return None if place is None else self.chosen(text, offered[place].id)

    def _questions(self, text: str, session: Session) -> tuple[Part, ...]:
        """The questions that are asked, at most three, each with its decision."""
        pieces = sentences(text)
        questions, about = self._set_aside(pieces, session)
        answered = self._answered_surely(questions, about, _SURE_OF_PIECE)
        if len(answered) > 1:
            return tuple(answered[:MAX_QUESTIONS])
        whole = self._part(text, session)
        if len(questions) == 1 < len(pieces):
            alone = self._part(questions[0], about)
            if alone.decision.kind != "smalltalk" and alone.decision.confidence >= whole.decision.confidence:
                return (alone,)
        short = phrases(text)
        answered = self._answered_surely(short, session, _SURE_OF_PHRASE, all_or_none=True)
        intents = {part.decision.intents[0] for part in answered}
        compares = whole.decision.answered and whole.decision.intents[0] not in intents
        return tuple(answered) if 1 < len(answered) == len(short) and not compares else (whole,)

    def _set_aside(self, pieces: Sequence[str], session: Session) -> tuple[list[str], Session]:
        """The pieces that may be questions; one that merely names a topic ("back to the PRP, …") sets the topic."""
        questions = []
        for piece in pieces if len(pieces) > 1 else ():
            named = mentioned(normalise(piece), self._knowledge.lexicon.topics)
            if named and names_only(piece):
                session = replace(session, topic=named, intent=None)
            elif not interjects(piece):
                questions.append(piece)
        return questions, session

    def _answered_surely(
        self, pieces: Sequence[str], session: Session, surely: float, *, all_or_none: bool = False
    ) -> list[Part]:
        """The pieces that are questions by themselves, one an intent; each may lean on the one before it.

        `all_or_none` stops at the first that is none, since each piece costs a ranking.
        """
        first: dict[str, Part] = {}
        if all_or_none and len(pieces) > MAX_QUESTIONS:
            return []
        for piece in pieces if len(pieces) > 1 else ():
            part = self._part(piece, session)
            if part.decision.answered and part.decision.confidence >= surely:
                first.setdefault(part.decision.intents[0], part)
                session = remember(session, part.decision.intents[0], self._knowledge)
            elif all_or_none:
                return []
        questions = [part for part in first.values() if part.decision.kind != "smalltalk"]
        return questions or list(first.values())

    def _part(self, text: str, session: Session) -> Part:
        """The text with its matches; where it leans on the session it is read in full if that is surer."""
        known = self._known_words(session.topic)
        full = restate(text, session, self._knowledge.lexicon.topics, self._knowledge.by_id, known)
        alone = self._ranked(text, text)
        if full is None or (self._stands_alone(alone) and not speaks_of_several(text)):
            return alone
        return max(alone, self._ranked(text, full), key=lambda part: part.decision.confidence)

    def _known_words(self, topic: str | None) -> frozenset[str]:
        """Collected when a topic is first talked about: a single question need not wait for all of them."""
        if topic is None:
            return frozenset()
        if topic not in self._words_of:
            self._words_of[topic] = words_of_topic(topic, self._knowledge)
        return self._words_of[topic]

    def _ranked(self, text: str, said: str) -> Part:
        wording = self._reader.read(said)
        matches = self._matcher.rank(wording.text)
        return Part(text, wording, matches, decide(matches, self._rule, self._knowledge.by_id))

    def _stands_alone(self, part: Part) -> bool:
        """Whether the text is answered as it is by an intent that suits any topic, such as price or side effects."""
        if not part.decision.answered or part.decision.confidence < _SURE_OF_PIECE:
            return False
        return subject_of(part.decision.intents[0], self._knowledge) is None


def _team_first(parts: tuple[Part, ...], team: str) -> tuple[Part, ...]:
    """The handoff to the team before any other answer; a lone answer gives way to it."""
    own = [part for part in parts if team in part.decision.intents and part.decision.answered]
    others = [part for part in parts if part not in own]
    if own:
        return (*own, *others)
    if parts[0].decision.kind in {"handoff", "fallback"}:
        return parts
    handoff = replace(parts[0], decision=Decision("handoff", (team,), parts[0].decision.confidence))
    return (handoff, *parts)[:MAX_QUESTIONS] if len(parts) > 1 else (handoff,)


def words_of_topic(topic: str, knowledge: Knowledge) -> frozenset[str]:
    """The words with which patients speak about a topic."""
    intents = (intent for each in knowledge.topics if each.topic == topic for intent in each.intents)
    return frozenset(word for intent in intents for text in intent.phrasings for word in normalise(text).split())
