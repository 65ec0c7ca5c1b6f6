"""Follow-ups: a message that leans on what was just talked about, said in full."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache

from chatbot.dialogue.session import Session
from chatbot.knowledge.model import Intent, Knowledge, Topic
from chatbot.language.text import normalise

_PRONOUN = re.compile(r"\b(it|this|that|they|them|these|those|one)\b")
_PLURAL = re.compile(r"\b(they|them|these|those)\b")
_PLEONASTIC = re.compile(r"\b(that is|is that|this is) (all|it|me|great|helpful|fine|ok|good)\b|\bhow much is it\b")
_WHAT_ABOUT = re.compile(r"^(?:(?:and|ok|but|so)\s+)*(?:what about|how about|and)\s+(?:the\s+|a\s+)?(.+?)(?:\s+one)?$")
_LEADING = re.compile(r"^(?:(?:and|ok|okay|so|but|then|also|right|thanks|great)\s+)+")
_BARE = frozenset("yes no ok okay yeah nope sure maybe please thanks hello hi bye".split())
_SHORT = 5

#: "u" and "r" are nobody's topic.
_TEXT_SPEAK = 2

#: A message that leans on a topic speaks of it in its words; one strange word (a slip, a name) is borne in so many.
_WORDS_FOR_A_STRANGE_ONE = 6


def restate(
    text: str,
    session: Session,
    topics: Mapping[str, Topic],
    intents: Mapping[str, Intent],
    known: Collection[str],
) -> str | None:
    """The message with its topic put in, where it leans on the session's; None where it stands on its own.

    `known` are the words with which patients speak about that topic: a message leans only if it is made of
    these ("causes?" and "how is it done?" do, "the weather?" and "is it far from Heathrow?" do not).
    """
    plain = normalise(text)
    subject = topics.get(session.topic or "")
    if subject is None or not plain or plain in _BARE:
        return None
    named = mentioned(plain, topics)
    if named and named != session.topic:
        return _same_question_about(plain, named, session, topics, intents)
    if named or _PLEONASTIC.search(plain):
        return None
    name = _spoken_of(session, topics, intents)
    plain = _LEADING.sub("", plain)
    words = plain.split()
    strange = [word for word in words if word not in known and len(word) > _TEXT_SPEAK]
    if _PRONOUN.search(plain):
        strange = [word for word in strange if not _PRONOUN.fullmatch(word)]
        return _PRONOUN.sub(name, plain, count=1) if len(strange) <= len(words) // _WORDS_FOR_A_STRANGE_ONE else None
    if len(words) <= _SHORT and not strange:
        return f"{plain} {name}"
    return None


def _spoken_of(session: Session, topics: Mapping[str, Topic], intents: Mapping[str, Intent]) -> str:
    """The name of the session's topic as the last question had it ("piriformis injection", not the syndrome)."""
    topic = topics[session.topic or ""]
    last = intents.get(session.intent or "")
    asked = f" {normalise(last.question)} " if last else ""
    names = _names(topic)
    return max((name for name in names if f" {name} " in asked), key=len, default=names[0])


@cache
def _names(topic: Topic) -> tuple[str, ...]:
    """The names of a topic, normalised; its own comes first."""
    return tuple(normalise(name) for name in (topic.name, *topic.also))


def speaks_of_several(text: str) -> bool:
    """Whether "they" or "those" leans on things just named, where "it" may be the visit or the treatment."""
    return _PLURAL.search(normalise(text)) is not None


def mentioned(plain: str, topics: Mapping[str, Topic]) -> str | None:
    """The topic whose longest name occurs in the normalised text."""
    best: tuple[int, str] | None = None
    for topic_id, topic in topics.items():
        for name in _names(topic) if topic.subject else ():
            if f" {name} " in f" {plain} " and (best is None or len(name) > best[0]):
                best = len(name), topic_id
    return best[1] if best else None


def subject_of(intent: str, knowledge: Knowledge) -> str | None:
    """The topic of an intent, if one can talk on about it: a price or a parking place is no such topic."""
    topic = knowledge.topic_of[intent]
    known = knowledge.lexicon.topics.get(topic)
    return topic if known is not None and known.subject else None


def remember(session: Session, intent: str, knowledge: Knowledge) -> Session:
    """The session after an answer: what was asked, and what is being talked about."""
    return replace(session, intent=intent, topic=subject_of(intent, knowledge) or session.topic)


def _same_question_about(
    plain: str, topic: str, session: Session, topics: Mapping[str, Topic], intents: Mapping[str, Intent]
) -> str | None:
    """Ask of the new topic what was last asked of the old one: "what about the steroid one?"."""
    found = _WHAT_ABOUT.match(plain)
    last = intents.get(session.intent or "")
    if found is None or last is None or session.topic is None or session.topic not in topics:
        return None
    question = f" {normalise(last.question)} "
    for name in sorted(_names(topics[session.topic]), key=len, reverse=True):
        if f" {name} " in question:
            return question.replace(f" {name} ", f" {_names(topics[topic])[0]} ").strip()
    return None
