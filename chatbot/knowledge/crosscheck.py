"""What must hold between the files: a name that one uses is known to another, and nothing is said twice."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from chatbot.knowledge.lines import LineIndex, ValuePath
from chatbot.knowledge.model import (
    Article,
    Clinic,
    Intent,
    Lexicon,
    OutOfScopeFile,
    Review,
    Source,
    TopicFile,
)
from chatbot.knowledge.problems import Level, Problem

_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Parts:
    """The files that could be read, each under its path; `complete` where every topic file could."""

    clinic: Clinic | None
    articles: Mapping[str, Article] | None
    lexicon: Lexicon | None
    out_of_scope: OutOfScopeFile | None
    topics: Mapping[str, TopicFile]
    complete: bool

    def intents(self) -> Iterator[tuple[str, int, Intent]]:
        """Every intent with its file and its place there."""
        for file, topic in self.topics.items():
            for place, intent in enumerate(topic.intents):
                yield file, place, intent

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of all intents."""
        return frozenset(intent.id for _, _, intent in self.intents())


def cross_check(parts: Parts, lines: LineIndex) -> Iterator[Problem]:
    """Everything that is wrong between files; a name is not called unknown while its file cannot be read."""
    yield from _ids(parts, lines)
    yield from _phrasings(parts, lines)
    yield from _topics(parts, lines)
    for file, place, intent in parts.intents():
        yield from _intent(_Spot(lines, file, ("intents", place)), intent, parts)
    if parts.clinic and parts.complete:
        spot = _Spot(lines, lines.named("clinic.yaml"))
        yield from _unknown_intents(spot, "starters", parts.clinic.starters, parts.ids)
    if parts.lexicon:
        yield from _words(_Spot(lines, lines.named("lexicon.yaml")), parts.lexicon)


@dataclass(frozen=True)
class _Spot:
    """A place in a file, where problems are reported."""

    lines: LineIndex
    file: str
    path: ValuePath = ()

    def problem(self, code: str, message: str, *path: str | int, level: Level = "error") -> Problem:
        return Problem(self.file, self.lines.at(self.file, *self.path, *path), code, message, level)

    def __str__(self) -> str:
        return f"{self.file} line {self.lines.at(self.file, *self.path)}"


def same_words(text: str) -> str:
    """A form that texts share if they differ only in capitals, spaces and punctuation."""
    return " ".join(_WORDS.findall(text.casefold()))


def _ids(parts: Parts, lines: LineIndex) -> Iterator[Problem]:
    first: dict[str, _Spot] = {}
    for file, place, intent in parts.intents():
        spot = _Spot(lines, file, ("intents", place))
        if intent.id in first:
            message = f"The id '{intent.id}' is also in {first[intent.id]}. Give one of them another id."
            yield spot.problem("duplicate-id", message, "id")
        first.setdefault(intent.id, spot)


def _phrasings(parts: Parts, lines: LineIndex) -> Iterator[Problem]:
    """The same words in two intents contradict each other; twice in one intent they are only idle."""
    first: dict[str, tuple[str, _Spot]] = {}
    for owner, spot, phrasing in _all_phrasings(parts, lines):
        words = same_words(phrasing)
        other, place = first.setdefault(words, (owner, spot))
        if place is spot or not words:
            continue
        if other == owner:
            message = f"'{phrasing}' is there twice, also in {place}. Delete one."
            yield spot.problem("repeated-phrasing", message, level="notice")
        else:
            message = f"'{phrasing}' belongs to {owner} here and to {other} in {place}. Delete it in one of them."
            yield spot.problem("duplicate-phrasing", message)


def _all_phrasings(parts: Parts, lines: LineIndex) -> Iterator[tuple[str, _Spot, str]]:
    for file, place, intent in parts.intents():
        for number, phrasing in enumerate(intent.phrasings):
            yield intent.id, _Spot(lines, file, ("intents", place, "phrasings", number)), phrasing
    for name, group in (parts.out_of_scope.groups if parts.out_of_scope else {}).items():
        for number, text in enumerate(group):
            yield (
                "out of scope",
                _Spot(lines, lines.named("out_of_scope.yaml"), ("groups", name, number)),
                text,
            )


def _topics(parts: Parts, lines: LineIndex) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for file, topic in parts.topics.items():
        spot = _Spot(lines, file, ("topic",))
        if parts.lexicon and topic.topic not in parts.lexicon.topics:
            message = f"The topic '{topic.topic}' has no name for patients: add it under topics: in lexicon.yaml."
            yield spot.problem("unknown-topic", message)
        if topic.topic in first:
            message = f"The topic '{topic.topic}' is also in {first[topic.topic]}. Keep each topic in one file."
            yield spot.problem("duplicate-topic", message, level="warning")
        first.setdefault(topic.topic, file)


def _intent(spot: _Spot, intent: Intent, parts: Parts) -> Iterator[Problem]:
    yield from _source(spot, intent, parts.articles)
    if intent.tier and intent.kind != "handoff":
        yield spot.problem("misplaced-tier", f"{intent.id}: only a handoff can have a tier. Remove the line.", "tier")
    if isinstance(intent.reviewed, Review) and intent.reviewed.due < intent.reviewed.on:
        message = f"{intent.id}: the review is due before the day on which it was made. Correct one of the dates."
        yield spot.problem("review-dates", message, "reviewed")
    if intent.id in intent.related:
        yield spot.problem("related-to-itself", f"{intent.id} is related to itself. Remove it there.", "related")
    if parts.complete:
        yield from _unknown_intents(spot, "related", intent.related, parts.ids)


def _unknown_intents(spot: _Spot, field: str, ids: tuple[str, ...], known: frozenset[str]) -> Iterator[Problem]:
    for place, name in enumerate(ids):
        if name not in known:
            message = f"'{name}' is no intent that exists. Correct the id, or remove it."
            yield spot.problem(f"unknown-{field}", message, field, place)


def _source(spot: _Spot, intent: Intent, articles: Mapping[str, Article] | None) -> Iterator[Problem]:
    sources = intent.source if isinstance(intent.source, tuple) else ()
    if intent.kind == "answer" and not intent.source:
        message = f"{intent.id}: an answer needs a source. Name the article and section, or write: source: clinic."
        yield spot.problem("missing-source", message, "source")
    if intent.kind != "answer" and sources:
        message = f"{intent.id}: only an answer comes from an article. Make it kind: answer, or remove the source."
        yield spot.problem("misplaced-source", message, "source")
    for place, source in enumerate(sources if articles is not None else ()):
        yield from _article(spot, place, source, articles or {})


def _article(spot: _Spot, place: int, source: Source, articles: Mapping[str, Article]) -> Iterator[Problem]:
    if source.article not in articles:
        message = f"The article '{source.article}' is not in articles.yaml. Known: {', '.join(articles)}."
        yield spot.problem("unknown-article", message, "source", place, "article")
    elif source.section not in articles[source.article].sections:
        sections = "; ".join(articles[source.article].sections)
        message = f"'{source.section}' is no section of {source.article}. In articles.yaml it has: {sections}."
        yield spot.problem("unknown-section", message, "source", place, "section")


def _words(spot: _Spot, lexicon: Lexicon) -> Iterator[Problem]:
    """A word that means two things, and words that both mean the same and must stay apart."""
    group_of: dict[str, int] = {}
    for number, group in enumerate(lexicon.synonyms):
        for word in dict.fromkeys(same_words(word) for word in group):
            if group_of.setdefault(word, number) != number:
                message = f"'{word}' stands in two groups of synonyms. Keep it in one."
                yield spot.problem("ambiguous-synonym", message, "synonyms", number, level="warning")
    for number, (one, other) in enumerate(lexicon.keep_apart):
        groups = [group_of.get(same_words(word)) for word in (one, other)]
        if groups[0] is not None and groups[0] == groups[1]:
            message = f"'{one}' and '{other}' must stay apart but are synonyms. Remove them from one list."
            yield spot.problem("contradictory-words", message, "keep_apart", number)
