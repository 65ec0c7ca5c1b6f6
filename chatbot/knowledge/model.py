"""The knowledge base: what staff write in `intents/`, as frozen values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, HttpUrl

from chatbot.knowledge.base import Described, Frozen, Identifier, Text
from chatbot.knowledge.safety_rules import SafetyRules

Kind = Literal["answer", "handoff", "smalltalk"]
Tier = Literal["emergency", "crisis", "urgent", "clinic"]


class Source(Described):
    """Where an answer comes from: a section of one of the clinic's articles."""

    article: Identifier
    """The article's name in articles.yaml."""
    section: Text
    """The heading that the answer comes from, as it stands in articles.yaml."""


class Review(Described):
    """A clinician's signature: who read the answer, when, and when it is due again."""

    by: Text
    """Who read and approved the answer."""
    on: date
    """The day of the approval, such as 2026-01-31."""
    due: date
    """The day by which the answer must be read again."""


class Intent(Described):
    """What a patient wants, how patients say it, and the approved text."""

    id: Identifier
    """A name that never changes: topic and aspect, such as prp_cost."""
    question: Text
    """The question in plain words; patients see it as a choice and on the page of questions."""
    kind: Kind
    """answer: the articles answer it. handoff: the team must. smalltalk: hello, thank you."""
    tier: Literal["clinic"] | None = None
    """clinic: a handoff about having an injection that the team should hear of by phone."""
    phrasings: Annotated[tuple[Text, ...], Field(min_length=1)]
    """What patients type when they want this: the more varied, the better. At least five."""
    answer: Text
    """The approved text: paragraphs, lists, **bold**, [links](https://…), {phone} for the clinic's number."""
    source: tuple[Source, ...] | Literal["clinic"] | None = None
    """Where the answer comes from: sections of articles, or the word clinic for the clinic's own facts."""
    related: tuple[Identifier, ...] = ()
    """Ids of intents that a patient may ask about next."""
    safety_line: bool = False
    """true where the answer is about symptoms or injections: the line about 111 and 999 is added."""
    reviewed: Literal["pending"] | Review = "pending"
    """pending until a clinician has approved the answer."""


class TopicFile(Described):
    """One file of intents."""

    topic: Identifier
    """The topic's name in lexicon.yaml."""
    intents: Annotated[tuple[Intent, ...], Field(min_length=1)]
    """What patients want to know about the topic."""


class Clinic(Frozen):
    """The clinic's particulars and the texts that are the same everywhere (`clinic.yaml`)."""

    name: Text
    phone: Text
    booking_url: HttpUrl
    address: Text
    clinician: Text
    greeting: Text
    starters: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    fallback: Text
    fallback_again: Text
    nearest: Text
    clarify: Text
    none_of_these: Text
    related: Text


class Article(Frozen):
    """An article of the clinic's website."""

    title: Text
    url: HttpUrl
    sections: Annotated[tuple[Text, ...], Field(min_length=1)]
    file: Text | None = None
    digests: Mapping[Text, Text] = {}
    """A checksum of each section as it was last read; `python -m chatbot draft --record` writes them."""


class ArticlesFile(Frozen):
    """The articles by the names that sources use (`articles.yaml`)."""

    articles: Mapping[Identifier, Article]


class Topic(Frozen):
    """A topic's name for patients and the other names by which they call it.

    subject: whether "how is it done?" can lean on it; a price or a parking place is no subject to talk on about.
    """

    name: Text
    also: tuple[Text, ...] = ()
    subject: bool = True


class Lexicon(Frozen):
    """How patients' words relate to the knowledge's words (`lexicon.yaml`)."""

    synonyms: tuple[tuple[Text, ...], ...] = ()
    concepts: Mapping[Identifier, tuple[Text, ...]] = {}
    keep_apart: tuple[tuple[Text, Text], ...] = ()
    topics: Mapping[Identifier, Topic] = {}
    respellings: tuple[tuple[Text, ...], ...] = ()
    equal: tuple[tuple[Identifier, ...], ...] = ()


class OutOfScopeFile(Frozen):
    """Messages that no intent answers, by kind."""

    groups: Mapping[Identifier, tuple[Text, ...]]


class DecisionRule(Frozen):
    """When to answer, when to offer choices; chosen from data by `python -m chatbot tune` (`decision.yaml`)."""

    wrong_rate: Annotated[float, Field(ge=0, le=1)]
    threshold: Annotated[float, Field(ge=0, le=1)]
    margin: Annotated[float, Field(ge=0, le=1)]
    clarify: Annotated[float, Field(ge=0, le=1)]
    measured: Mapping[str, float] = {}


@dataclass(frozen=True, slots=True)
class SafetyMessage:
    """A message from which the second safety net learns (a line of `safety_messages.jsonl`).

    The ordinary questions (`safety_ordinary.jsonl`) are a copy of the phrasings at one time: were they read where staff
    edit them, every edit would make another net, and cards would come and go. There are so many that a dataclass,
    which is made in a tenth of the time of a model, saves a tenth of a second at each start.
    """

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    text: Text
    tier: Tier | Literal["none"]
    category: Text
    voice: Text = "adult"

    @property
    def ordinary(self) -> bool:
        """Whether this is an everyday question, not one that was written to be a near-miss."""
        return self.category == "ordinary"

    @property
    def alarming(self) -> bool:
        """Whether a card must be shown."""
        return self.tier in {"emergency", "crisis", "urgent"}


class Knowledge(Frozen):
    """Everything in `intents/`, checked and complete."""

    clinic: Clinic
    safety: SafetyRules
    safety_messages: tuple[SafetyMessage, ...] = ()
    articles: Mapping[Identifier, Article]
    lexicon: Lexicon
    topics: tuple[TopicFile, ...]
    out_of_scope: tuple[Text, ...] = ()
    decision: DecisionRule | None = None

    def intents(self) -> Iterator[Intent]:
        """Every intent, file by file."""
        for topic in self.topics:
            yield from topic.intents

    @cached_property
    def by_id(self) -> Mapping[str, Intent]:
        """Every intent by its id."""
        return {intent.id: intent for intent in self.intents()}

    @cached_property
    def topic_of(self) -> Mapping[str, str]:
        """The topic of each intent, by id."""
        return {intent.id: topic.topic for topic in self.topics for intent in topic.intents}
