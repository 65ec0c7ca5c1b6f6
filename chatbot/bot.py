"""The chatbot: a text and a session go in, a turn comes out."""

import logging
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from chatbot.dialogue import reply as blocks
from chatbot.dialogue.alarm import Alarm, Verdict
from chatbot.dialogue.choices import pick, refuses
from chatbot.dialogue.context import mentioned, restate, speaks_of_several
from chatbot.dialogue.decision import Decision, Kind, decide
from chatbot.dialogue.questions import MAX_QUESTIONS, interjects, names_only, phrases, sentences
from chatbot.dialogue.reply import Block, Reply
from chatbot.dialogue.safety import Alert
from chatbot.dialogue.session import Session
from chatbot.kept import ModelShelf
from chatbot.knowledge.files import load_knowledge
from chatbot.knowledge.model import DecisionRule, Intent, Knowledge, Tier
from chatbot.language.english import load_english
from chatbot.language.kept import NO_SHELF, Shelf
from chatbot.language.kept_matcher import matcher_recipe
from chatbot.language.matcher import Match, Matcher
from chatbot.language.spelling import Speller
from chatbot.language.text import normalise
from chatbot.language.wording import Reader, Wording

_log = logging.getLogger(__name__)

#: Questions are looked for up to here; the alarm reads further.
MAX_CHARACTERS = 10_000

#: From this miss in a row the contact comes first.
CONTACT_FIRST_FROM = 3
_RELATED = 3

_WORTH_OFFERING = 0.05

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


@dataclass(frozen=True)
class Turn:
    """What the bot says to one message, why, and the session to come back with."""

    text: str
    kind: Kind
    intents: tuple[str, ...]
    confidence: float
    tier: Tier | None
    reply: Reply
    parts: tuple[Part, ...]
    session: Session


class Chatbot:
    """Answers from a knowledge base; holds no conversation, changes nothing after it is made."""

    def __init__(self, knowledge: Knowledge, shelf: Shelf = NO_SHELF) -> None:
        self.knowledge = knowledge
        self.intents = knowledge.by_id
        self.alarm = Alarm.of(knowledge, load_english(), shelf)
        self.reader = make_reader(knowledge)
        self.matcher = fit_matcher(knowledge, self.reader, shelf)
        self.words_of = {
            topic.topic: frozenset(w for i in topic.intents for p in i.phrasings for w in normalise(p).split())
            for topic in knowledge.topics
        }
        self.rule = knowledge.decision or DecisionRule(
            wrong_rate=0.05,
            threshold=self.matcher.threshold_,
            margin=0.02,
            clarify=self.matcher.threshold_ / 2,
        )

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """A chatbot for the knowledge in a folder such as `intents/`.

        Raises:
            KnowledgeError: something in the folder is wrong; the error lists every problem.
        """
        return cls(load_knowledge(Path(path)), ModelShelf.of_environment())

    def reply(self, text: str, session: Session | None = None) -> Turn:
        """What to say to a message of any kind, and the session for the next one.

        The alarm reads the raw message before anything else. Whatever fails after it, or in it, the patient gets the
        contact and the line on whom to call if it is urgent.
        """
        session = session or Session()
        try:
            verdict = self.alarm.gate(text)
            text = text[:MAX_CHARACTERS]
            if verdict.alert is not None:
                return self._alert(text, verdict.alert, session)
            return self._compose(text, self._parts(text, session, verdict), session, verdict)
        except Exception as error:  # noqa: BLE001 - a patient must never meet a traceback, whatever its cause
            _log.error("replying failed with %s at %s", type(error).__name__, _place(error))
            nothing = Part(text, Wording(""), (), Decision("fallback", (), 0.0))
            return self._compose(text, (nothing,), session, Verdict(uneasy=True))

    def _alert(self, text: str, alert: Alert, session: Session) -> Turn:
        """The card alone: no answer, no booking; the conversation remembers that there was an alarm."""
        return Turn(
            text=text,
            kind="safety",
            intents=(),
            confidence=1.0,
            tier=alert.tier,
            reply=Reply(blocks.safety_card(alert, self.knowledge.safety)),
            parts=(),
            session=replace(session, alerted=True, choices=(), clarifying=False, misses=0),
        )

    def _parts(self, text: str, session: Session, verdict: Verdict) -> tuple[Part, ...]:
        """The questions in a message and what to do with each, whether it picks a choice, refuses one, or asks."""
        chosen = self._chosen(text, session)
        if chosen is not None:
            return (chosen,)
        if session.clarifying and refuses(text, len(session.choices), self.knowledge.clinic.none_of_these):
            return (Part(text, self.reader.read(text), (), Decision("fallback", (), 0.0)),)
        parts = self.understand(text, session)
        team = verdict.clinic_intent
        return self._team_first(parts, team) if team is not None and team in self.intents else parts

    @staticmethod
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

    def understand(self, text: str, session: Session) -> tuple[Part, ...]:
        """The questions in a message, at most three, each with its decision."""
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
        answered = self._answered_surely(short, session, _SURE_OF_PHRASE) if len(short) <= MAX_QUESTIONS else []
        intents = {part.decision.intents[0] for part in answered}
        compares = whole.decision.answered and whole.decision.intents[0] not in intents
        return tuple(answered) if 1 < len(answered) == len(short) and not compares else (whole,)

    def _set_aside(self, pieces: Sequence[str], session: Session) -> tuple[list[str], Session]:
        """The pieces that may be questions; one that merely names a topic ("back to the PRP, …") sets the topic."""
        questions = []
        for piece in pieces if len(pieces) > 1 else ():
            named = mentioned(normalise(piece), self.knowledge.lexicon.topics)
            if named and names_only(piece):
                session = replace(session, topic=named, intent=None)
            elif not interjects(piece):
                questions.append(piece)
        return questions, session

    def _answered_surely(self, pieces: Sequence[str], session: Session, surely: float) -> list[Part]:
        """The pieces that are questions by themselves, one an intent; each may lean on the one before it."""
        first: dict[str, Part] = {}
        for piece in pieces if len(pieces) > 1 else ():
            part = self._part(piece, session)
            if part.decision.answered and part.decision.confidence >= surely:
                first.setdefault(part.decision.intents[0], part)
                session = self._remember(session, part.decision.intents[0])
        questions = [part for part in first.values() if part.decision.kind != "smalltalk"]
        return questions or list(first.values())

    def _part(self, text: str, session: Session) -> Part:
        """The text with its matches; where it leans on the session it is read in full if that is surer."""
        full = restate(text, session, self.knowledge.lexicon.topics, self.intents, self.words_of)
        alone = self._ranked(text, text)
        if full is None or (self._stands_alone(alone) and not speaks_of_several(text)):
            return alone
        return max(alone, self._ranked(text, full), key=lambda part: part.decision.confidence)

    def _ranked(self, text: str, said: str) -> Part:
        wording = self.reader.read(said)
        matches = self.matcher.rank(wording.text)
        return Part(text, wording, matches, decide(matches, self.rule, self.intents))

    def _stands_alone(self, part: Part) -> bool:
        """Whether the text is answered as it is by an intent that suits any topic, such as price or side effects."""
        if not part.decision.answered or part.decision.confidence < _SURE_OF_PIECE:
            return False
        topic = self.knowledge.lexicon.topics.get(self.knowledge.topic_of[part.decision.intents[0]])
        return topic is None or not topic.subject

    def _chosen(self, text: str, session: Session) -> Part | None:
        """The choice on offer that the message picks, as a part that is certain."""
        offered = [self.intents[i] for i in session.choices if i in self.intents]
        place = pick(text, [intent.question for intent in offered])
        if place is None:
            return None
        intent = offered[place]
        match = Match(intent.id, 1.0, intent.question)
        return Part(text, Wording(normalise(text)), (match,), Decision(intent.kind, (intent.id,), 1.0))

    def _compose(self, text: str, parts: tuple[Part, ...], session: Session, verdict: Verdict) -> Turn:
        missed = session.misses + 1 if parts[0].decision.kind == "fallback" else 0
        said = [block for part in parts for block in self._say(part, missed)]
        if session.alerted or self.alarm.caution(verdict, parts[0].matches):
            said.append(self._line(self.knowledge.safety.lines.caution))
        clarifying = any(part.decision.kind == "clarify" for part in parts)
        after = replace(session, misses=missed, choices=_offered(said), clarifying=clarifying)
        for part in parts:
            if part.decision.answered:
                after = self._remember(after, part.decision.intents[0])
        intents = tuple(intent for part in parts for intent in part.decision.intents)
        answered = [self.intents[part.decision.intents[0]] for part in parts if part.decision.answered]
        team = verdict.clinic_intent is not None and parts[0].decision.kind == "handoff"
        return Turn(
            text=text,
            kind=parts[0].decision.kind,
            intents=intents,
            confidence=min(part.decision.confidence for part in parts),
            tier="clinic" if team or any(intent.tier for intent in answered) else None,
            reply=Reply(_each_once(said)),
            parts=parts,
            session=after,
        )

    def _line(self, text: str) -> Block:
        return blocks.SafetyLine(self.knowledge.safety.fill(text))

    def _remember(self, session: Session, intent: str) -> Session:
        topic = self.knowledge.topic_of[intent]
        known = self.knowledge.lexicon.topics.get(topic)
        return replace(session, intent=intent, topic=topic if known and known.subject else session.topic)

    def _say(self, part: Part, misses: int) -> Sequence[Block]:
        clinic = self.knowledge.clinic
        decision = part.decision
        if decision.answered:
            intent = self.intents[decision.intents[0]]
            safety = (self._line(self.knowledge.safety.lines.answer),) if intent.safety_line else ()
            return (*blocks.answer(intent, self.knowledge), *safety, *self._related(intent))
        if decision.kind == "clarify":
            offered = [self.intents[i] for i in decision.intents]
            return (blocks.choices(offered, clinic.clarify, clinic.none_of_these),)
        near = [self.intents[match.label] for match in part.matches if match.confidence >= _WORTH_OFFERING]
        near = [intent for intent in near if intent.kind != "smalltalk"]
        suggestions = blocks.choices(near or [self.intents[i] for i in clinic.starters], clinic.nearest)
        urgent = self._line(self.knowledge.safety.lines.caution)
        if misses >= CONTACT_FIRST_FROM:
            return (*blocks.contact(clinic), blocks.paragraph(clinic.fallback_again), urgent, suggestions)
        return (blocks.paragraph(clinic.fallback), *blocks.contact(clinic), urgent, suggestions)

    def _related(self, intent: Intent) -> tuple[Block, ...]:
        related = [self.intents[i] for i in intent.related[:_RELATED]]
        return (blocks.choices(related, self.knowledge.clinic.related),) if related else ()


def _place(error: Exception) -> str:
    """File and line of the failure; the error's own text is left out, since it may quote the message."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def make_reader(knowledge: Knowledge) -> Reader:
    """Reads utterances with the knowledge's lexicon and its own words."""
    lexicon = knowledge.lexicon
    english = load_english()
    curated = [text for intent in knowledge.intents() for text in (intent.question, intent.answer)]
    curated += [name for group in lexicon.synonyms for name in group]
    curated += [group[0] for group in lexicon.respellings]
    curated += [name for names in lexicon.concepts.values() for name in names]
    known = {word for text in curated for word in normalise(text).split()}
    typed = {word for i in knowledge.intents() for text in i.phrasings for word in normalise(text).split()}
    speller = Speller(known | (typed & english), english, lexicon.keep_apart)
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
    return shelf.obtain(matcher_recipe([reader.read(text).text for text in texts], labels, texts, _make_matcher))


def _make_matcher() -> Matcher:
    """Patients' words are further from the knowledge's than in the public sets: meaning counts as much as spelling."""
    return Matcher(spelling=0.5)


def _offered(said: Sequence[Block]) -> tuple[str, ...]:
    """The intents of the last choices said, which the patient can pick by number."""
    for block in reversed(said):
        if isinstance(block, blocks.Choices):
            return tuple(choice.intent for choice in block.choices)
    return ()


def _each_once(said: Sequence[Block]) -> tuple[Block, ...]:
    """No block twice, and only the last choices, however many questions were answered."""
    choices = [block for block in said if isinstance(block, blocks.Choices)]
    kept = [block for block in dict.fromkeys(said) if block not in choices[:-1]]
    return tuple(kept)
