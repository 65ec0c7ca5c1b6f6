"""Bringing imported questions and answers into the knowledge: what is new, what changes, and what must stay out."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chatbot.errors import EditError
from chatbot.knowledge.answer_text import clean_answer
from chatbot.knowledge.crosscheck import same_words
from chatbot.knowledge.edit import add_intents, replace_intents
from chatbot.knowledge.edit_base import LONGEST_ANSWER, LONGEST_PHRASING, usable, with_fields
from chatbot.knowledge.edit_scope import add_topic
from chatbot.knowledge.exchange_model import Entry, Fate, Import, Note
from chatbot.knowledge.files import read_knowledge
from chatbot.knowledge.folder import KnowledgeFiles
from chatbot.knowledge.model import Intent, Knowledge
from chatbot.knowledge.typed_text import one_line

#: Where entries go whose file names no topic, unless the importer does.
TOPIC = "imported"

_KINDS = ("answer", "handoff", "smalltalk")
_NO_NAME = re.compile(r"[^a-z0-9]+")
_LONGEST_ID = 60


@dataclass(frozen=True)
class Merged:
    """The knowledge with the import in it, the report, and the ids of the intents that are new or changed."""

    files: KnowledgeFiles
    notes: tuple[Note, ...]
    added: tuple[str, ...]
    changed: tuple[str, ...]


def merge(files: KnowledgeFiles, found: Import, topic: str = "") -> Merged:
    """Add the entries of an import to the knowledge.

    An entry with the id of an intent changes it; one with its question adds phrasings, and gives a handoff its answer.
    Phrasings are never removed. `topic` is that of entries which name none.

    Raises:
        EditError: the knowledge has errors already, or the result would have.
    """
    desk = _Desk(usable(read_knowledge(files)), topic or TOPIC)
    for entry in found.entries:
        desk.take(entry)
    desk.settle_related()
    for name, shown in desk.topics.items():
        files = add_topic(files, name, shown)
    for name, intents in desk.new.items():
        files = add_intents(files, name, [with_fields(intent, related=()) for intent in intents.values()])
    new = {intent.id: intent for intents in desk.new.values() for intent in intents.values()}
    changed = {i: intent for i, intent in desk.changed.items() if intent != desk.knowledge.by_id[i]}
    related = [intent for intent in new.values() if intent.related]  # they may be in a topic that was added later
    if changed or related:
        files = replace_intents(files, [*changed.values(), *related])
    return Merged(files, (*found.notes, *desk.notes), tuple(new), tuple(changed))


class _Desk:
    """Takes entry after entry and remembers which words and names are taken."""

    def __init__(self, knowledge: Knowledge, topic: str) -> None:
        self.knowledge = knowledge
        self.topic = topic
        self.notes: list[Note] = []
        self.topics: dict[str, str] = {}
        self.new: dict[str, dict[str, Intent]] = {}
        self.changed: dict[str, Intent] = {}
        self.related: dict[str, tuple[int, list[str]]] = {}
        self.owner = {same_words(text): "the messages that are out of scope" for text in knowledge.out_of_scope}
        for intent in knowledge.intents():
            self.owner |= {same_words(text): intent.id for text in intent.phrasings}
        self.asks = {same_words(intent.question): intent.id for intent in knowledge.intents()}

    def note(self, place: int, fate: Fate, message: str) -> None:
        self.notes.append(Note(place, fate, message))

    def take(self, raw: Entry) -> None:
        """Turn an entry into a new intent or a change of one, or report why not."""
        entry = self._cleaned(raw)
        named = _name(entry.id)
        words = same_words(entry.question)
        if named in self.knowledge.by_id or any(named in intents for intents in self.new.values()):
            self._change(entry, named, by_id=True)
        elif not words:
            if any((raw.question, raw.answer, raw.phrasings)):
                self.note(raw.place, "left out", "the entry, since it has no question")
        elif (known := self.asks.get(words) or self.owner.get(words)) and self._intent(known):
            self.note(entry.place, "merged", f"with {known}, which has this question")
            self._change(entry, known, by_id=False)
        elif words in self.owner and words not in self.asks:
            self.note(entry.place, "left out", f"'{entry.question}': it belongs to {self.owner[words]}")
        elif not entry.answer:
            self.note(entry.place, "left out", f"'{entry.question}', since it has no answer")
        else:
            self._add(entry, named)

    def settle_related(self) -> None:
        """Keep the related questions that exist now that every entry is known."""
        for intent_id, (place, names) in self.related.items():
            known = [name for name in dict.fromkeys(names) if name != intent_id and self._intent(name)]
            for name in sorted(set(names) - set(known)):
                self.note(place, "left out", f"'{name}' as a related question, since there is no such intent")
            intent = self._intent(intent_id)
            if intent is not None:
                self._keep(with_fields(intent, related=known))

    def _cleaned(self, entry: Entry) -> Entry:
        """The entry's texts made fit, with a note on what was taken away."""
        answer = clean_answer(entry.answer)
        for change in answer.changes:
            self.note(entry.place, "cleaned", f"the answer: {change}")
        if len(answer.text) > LONGEST_ANSWER:
            self.note(
                entry.place, "left out", f"the answer: it has {len(answer.text)} letters, {LONGEST_ANSWER} may be"
            )
            answer = replace(answer, text="")
        asked = [self._line(entry.place, text) for text in (entry.question, *entry.phrasings)]
        question = asked[0] or next((text for text in asked if text), "")
        others = {name: one_line(text) if name == "kind" else text for name, text in entry.others.items()}
        return replace(entry, question=question, answer=answer.text, phrasings=tuple(asked[1:]), others=others)

    def _line(self, place: int, text: str) -> str:
        plain = one_line(text)
        if "<" in plain and clean_answer(text).changes:
            plain = one_line(clean_answer(text).text.replace("**", ""))
            self.note(place, "cleaned", f"HTML in '{one_line(text)[:60]}'")
        if len(plain) > LONGEST_PHRASING:
            self.note(place, "left out", f"'{plain[:60]}…': it is longer than {LONGEST_PHRASING} letters")
            return ""
        return plain

    def _add(self, entry: Entry, named: str) -> None:
        topic = self._topic(entry)
        intent_id = self._free(named or _name(f"{topic}_{entry.question}") or TOPIC)
        if entry.id and intent_id != entry.id:
            self.note(entry.place, "mapped", f"the id '{entry.id}' is now {intent_id}")
        kind = self._kind(entry) or "answer"
        fields: dict[str, Any] = {"id": intent_id, "question": entry.question, "kind": kind, "answer": entry.answer}
        free = self._free_phrasings(entry, intent_id, entry.phrasings)
        fields["phrasings"] = free or self._free_phrasings(entry, intent_id, (entry.question,)) or (entry.question,)
        fields |= self._source(entry, kind) | self._flags(entry, kind)
        if entry.others.get("reviewed", "pending") != "pending":
            self.note(entry.place, "left out", "the review: somebody must read the answer here")
        self.new.setdefault(topic, {})[intent_id] = Intent.model_validate(fields)
        self.asks[same_words(entry.question)] = intent_id
        self._relate(entry, intent_id)

    def _change(self, entry: Entry, intent_id: str, *, by_id: bool) -> None:
        old = self._intent(intent_id)
        if old is None:
            raise EditError(f"There is no intent '{intent_id}'.")
        asked = () if by_id or same_words(entry.question) == same_words(old.question) else (entry.question,)
        more = self._free_phrasings(entry, intent_id, (*asked, *entry.phrasings))
        fields: dict[str, Any] = {"phrasings": (*old.phrasings, *more)}
        if by_id and entry.question:
            fields["question"] = entry.question
        if by_id and entry.others:
            kind = self._kind(entry) or old.kind
            fields |= {"kind": kind} | self._source(entry, kind, old) | self._flags(entry, kind)
        if entry.answer and entry.answer != old.answer:
            fields |= self._other_answer(entry, old, by_id=by_id)
        self._keep(with_fields(old, **fields))
        if by_id:
            self._relate(entry, intent_id)

    def _other_answer(self, entry: Entry, old: Intent, *, by_id: bool) -> dict[str, Any]:
        """A handoff becomes an answer; an answer changes only where the entry names its intent."""
        if old.kind == "handoff" and self._kind(entry) in {"", "answer"}:
            self.note(entry.place, "mapped", f"{old.id} was a handoff and is answered now, with the clinic as source")
            return {"answer": entry.answer, "kind": "answer", "source": "clinic", "tier": None}
        if by_id:
            self.note(entry.place, "mapped", f"the answer of {old.id} changes")
            return {"answer": entry.answer}
        self.note(entry.place, "left out", f"its answer, since {old.id} has one already; change that in the editor")
        return {}

    def _kind(self, entry: Entry) -> str:
        kind = entry.others.get("kind", "").casefold()
        if kind and kind not in _KINDS:
            self.note(entry.place, "left out", f"the kind '{kind}': known are {', '.join(_KINDS)}")
            return ""
        return kind

    def _source(self, entry: Entry, kind: str, old: Intent | None = None) -> dict[str, Any]:
        """The sources that the entry names; the clinic where it names none and the answer needs one."""
        named = [line.strip() for line in entry.others.get("source", "").splitlines() if line.strip()]
        if named == ["clinic"]:
            return {"source": "clinic"}
        cited = [source for line in named if (source := self._section(entry.place, line))]
        if cited and kind == "answer":
            return {"source": cited}
        if kind == "answer" and (old is None or old.source is None):
            self.note(entry.place, "mapped", "no source is named: it counts as a fact of the clinic (source: clinic)")
            return {"source": "clinic"}
        return {}

    def _section(self, place: int, line: str) -> dict[str, str] | None:
        article, _, section = (part.strip() for part in line.partition(":"))
        if article in self.knowledge.articles and section in self.knowledge.articles[article].sections:
            return {"article": article, "section": section}
        self.note(place, "left out", f"the source '{line}': articles.yaml does not have it")
        return None

    @staticmethod
    def _flags(entry: Entry, kind: str) -> dict[str, Any]:
        flags: dict[str, Any] = {}
        if "safety_line" in entry.others:
            flags["safety_line"] = entry.others["safety_line"].casefold() in {"true", "yes", "1", "wahr"}
        if entry.others.get("tier") == "clinic" and kind == "handoff":
            flags["tier"] = "clinic"
        return flags

    def _relate(self, entry: Entry, intent_id: str) -> None:
        names = [name.strip() for name in re.split(r"[\n,;]", entry.others.get("related", "")) if name.strip()]
        if names:
            self.related[intent_id] = (entry.place, names)

    def _free_phrasings(self, entry: Entry, intent_id: str, texts: tuple[str, ...]) -> tuple[str, ...]:
        """The phrasings that nobody has yet; those of others are reported, the intent's own are simply known."""
        free: dict[str, str] = {}
        for text in texts:
            words = same_words(text)
            owner = self.owner.get(words)
            if owner and owner != intent_id:
                self.note(entry.place, "left out", f"'{text}': it belongs to {owner}")
            elif words and not owner:
                free[words] = text
        self.owner |= dict.fromkeys(free, intent_id)
        return tuple(free.values())

    def _topic(self, entry: Entry) -> str:
        name = _name(entry.topic) or _name(self.topic) or TOPIC
        if name not in self.knowledge.lexicon.topics and name not in self.topics:
            self.topics[name] = one_line(entry.topic or self.topic).replace("_", " ") or TOPIC
            self.note(entry.place, "mapped", f"the topic '{name}' is new: check its name for patients in lexicon.yaml")
        return name

    def _free(self, name: str) -> str:
        candidates = (name, *(f"{name[: _LONGEST_ID - 5]}_{number}" for number in range(2, 10_000)))
        return next(each for each in candidates if self._intent(each) is None)

    def _intent(self, intent_id: str) -> Intent | None:
        new = next((intents[intent_id] for intents in self.new.values() if intent_id in intents), None)
        return new or self.changed.get(intent_id) or self.knowledge.by_id.get(intent_id)

    def _keep(self, intent: Intent) -> None:
        for intents in self.new.values():
            if intent.id in intents:
                intents[intent.id] = intent
                return
        self.changed[intent.id] = intent


def _name(text: str) -> str:
    """Small letters, digits and _; empty where nothing is left."""
    return _NO_NAME.sub("_", text.casefold()).lstrip("_0123456789")[:_LONGEST_ID].rstrip("_")


def summary(notes: Iterable[Note]) -> Mapping[Fate, int]:
    """How many notes there are of each kind."""
    counts: dict[Fate, int] = {}
    for note in notes:
        counts[note.fate] = counts.get(note.fate, 0) + 1
    return counts
