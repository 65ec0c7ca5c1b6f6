"""The safety data of `intents/safety.yaml`: tiers, cards, symptom concepts, cues, and rules to combine them.

Wordings are in a small language that a clinician can read; `chatbot.dialogue.safety_wordings` matches it:

    cant feel .. <private>      words in order; `..` lets up to two other words between them, `...` up to five
    numb|dead|asleep            one of these; with phrases in brackets: `(gone numb|asleep)`
    (my)?                       may be left out
    <private>                   one of the words or phrases listed under `words: private:`
    has gone <end>              at the end of a clause
    38-42                       a whole number (or decimal) in this range
"""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from chatbot.knowledge.base import Frozen

TierName = Literal["emergency", "crisis", "urgent", "clinic"]
TIERS: tuple[TierName, ...] = ("emergency", "crisis", "urgent", "clinic")  # most serious first
Effect = Literal["negated", "past", "resolved", "family", "hypothetical", "other", "present", "ends", "nothing"]
Path = tuple[str | int, ...]
Finding = tuple[Path, str]
Line = Annotated[str, Field(min_length=1)]

LISTED = re.compile(r"<([a-z0-9_]+)>")
PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\}")
CAPITALS_OR_MARKS = re.compile(r"[A-Z'’.,!?-]")
MAX_SENTENCE_WORDS = 20
# The lists that the engine needs.
NEGATIVE, DENYING, ONESELF, LINKING, CONTRAST = "negative", "denying", "oneself", "linking", "contrast"


class Signpost(Frozen):
    """A service to contact, kept in one place so that no card carries a number of its own."""

    show: Line
    link: Line
    label: Line
    spoken: Line


class Card(Frozen):
    """What a patient in danger reads: one action, then short bullets."""

    heading: Line
    lines: tuple[Line, ...] = Field(min_length=1)
    call: tuple[str, ...] = Field(min_length=1)
    clinical_sign_off: Line


class Tier(Frozen):
    """How serious an alarm is, the card it shows, and the one line it adds under a more serious card."""

    about: Line
    card: str | None = None
    also: str | None = None
    clinical_sign_off: Line


class Lines(Frozen):
    """Lines that other replies carry."""

    answer: Line
    caution: Line


class Concept(Frozen):
    """One meaning (a symptom, a body part, an event) with the lay wordings of it."""

    about: Line
    example: Line
    wordings: tuple[Line, ...] = Field(min_length=1)
    alarm: bool = False
    illness: bool = False
    despite: tuple[Effect, ...] = ()


class Cue(Frozen):
    """Words that change what the concepts near them mean, and how many words before and after they reach.

    opening: how many after, where they open a clause. across: whether they reach past commas and "but".
    """

    about: Line
    effect: Effect
    before: int = Field(default=0, ge=0, le=15)
    after: int = Field(default=0, ge=0, le=15)
    opening: int = Field(default=0, ge=0, le=15)
    across: bool = False
    wordings: tuple[Line, ...] = Field(min_length=1)


class Rule(Frozen):
    """Concepts that together make an alarm.

    `a|b` in `all` is one or the other; `within` counts words, or is the message; `unless` one stands nearby;
    `alone`: the clause says nothing else. A rule of tier clinic names the `intent` that it hands off to.
    """

    about: Line
    tier: TierName
    category: Line
    all: tuple[Line, ...] = Field(min_length=1)
    within: Annotated[int, Field(ge=0, le=40)] | Literal["message"] = 8
    unless: tuple[str, ...] = ()
    alone: bool = False
    card: str | None = None
    intent: str | None = None

    @property
    def slots(self) -> tuple[tuple[str, ...], ...]:
        """The concepts that may fill each place of the rule."""
        return tuple(tuple(slot.split("|")) for slot in self.all)


class SafetyRules(Frozen):
    """The whole of `intents/safety.yaml`."""

    version: int
    signposts: dict[str, Signpost]
    lines: Lines
    tiers: dict[TierName, Tier]
    cards: dict[str, Card]
    misspellings: dict[str, Line]
    same_as: dict[str, tuple[Line, ...]]
    words: dict[str, tuple[Line, ...]]
    fillers: tuple[Line, ...]
    idioms: tuple[Line, ...]
    collisions: tuple[Line, ...]
    cues: dict[str, Cue]
    concepts: dict[str, Concept]
    alarm_words: tuple[Line, ...]
    rules: dict[str, Rule]
    emergency_words: dict[str, tuple[Line, ...]]

    def fill(self, text: str) -> str:
        """`text` with each `{signpost}` replaced by the number to show."""
        return PLACEHOLDER.sub(lambda found: self.signposts[found[1]].show, text)


def findings(rules: SafetyRules) -> list[Finding]:
    """What is wrong with the rules beyond their shape, each with the YAML path to point at."""
    checks = (
        _tier_findings,
        _card_findings,
        _line_findings,
        _wording_findings,
        _concept_findings,
        _rule_findings,
    )
    return [finding for check in checks for finding in check(rules)]


def _tier_findings(rules: SafetyRules) -> Iterator[Finding]:
    for name in TIERS:
        tier = rules.tiers.get(name)
        if tier is None:
            yield ("tiers",), f"tier {name} is missing"
        elif name == "clinic":
            if tier.card is not None:
                yield ("tiers", name, "card"), "tier clinic is an ordinary handoff and has no card"
        elif tier.card not in rules.cards:
            yield ("tiers", name), f"tier {name} needs a card that exists, not {tier.card!r}"


def _card_findings(rules: SafetyRules) -> Iterator[Finding]:
    used = {tier.card for tier in rules.tiers.values()} | {rule.card for rule in rules.rules.values()}
    for name, card in rules.cards.items():
        if name not in used:
            yield ("cards", name), f"no tier or rule shows card {name}"
        for index, signpost in enumerate(card.call):
            if signpost not in rules.signposts:
                yield ("cards", name, "call", index), f"no signpost is called {signpost!r}"
        yield from _text_findings(("cards", name, "heading"), card.heading, rules)
        for index, line in enumerate(card.lines):
            yield from _text_findings(("cards", name, "lines", index), line, rules)


def _line_findings(rules: SafetyRules) -> Iterator[Finding]:
    yield from _text_findings(("lines", "answer"), rules.lines.answer, rules)
    yield from _text_findings(("lines", "caution"), rules.lines.caution, rules)
    for name, tier in rules.tiers.items():
        yield from _text_findings(("tiers", name, "also"), tier.also or "", rules)


def _text_findings(path: Path, text: str, rules: SafetyRules) -> Iterator[Finding]:
    for name in PLACEHOLDER.findall(text):
        if name not in rules.signposts:
            yield path, f"no signpost is called {name!r}"
    if re.search(r"\d{2,}", PLACEHOLDER.sub("", text)):
        yield path, "a number belongs under signposts; write {its_name} here"
    for sentence in re.split(r"[.!?:]\s+", text):
        if len(sentence.split()) > MAX_SENTENCE_WORDS:
            yield path, f"a sentence has more than {MAX_SENTENCE_WORDS} words"


def _all_wordings(rules: SafetyRules) -> Iterator[tuple[Path, str]]:
    groups: dict[Path, tuple[str, ...]] = {("idioms",): rules.idioms, ("collisions",): rules.collisions}
    groups |= {("alarm_words",): rules.alarm_words, ("fillers",): rules.fillers}
    groups |= {("words", name): entries for name, entries in rules.words.items()}
    groups |= {("cues", name, "wordings"): cue.wordings for name, cue in rules.cues.items()}
    groups |= {("concepts", name, "wordings"): concept.wordings for name, concept in rules.concepts.items()}
    for path, wordings in groups.items():
        for index, wording in enumerate(wordings):
            yield (*path, index), wording


def _wording_findings(rules: SafetyRules) -> Iterator[Finding]:
    for path, wording in _all_wordings(rules):
        elements = wording.split()
        if not elements or elements[0].startswith("..") or elements[-1].startswith(".."):
            yield path, f"wording {wording!r} may not begin or end with a gap"
        if re.search(r"[^)]\?", wording):
            yield path, f"wording {wording!r}: what may be left out stands in brackets, (so)?"
        for name in LISTED.findall(wording):
            if name not in rules.words and name != "end":
                yield path, f"no list of words is called <{name}>"
        for word in re.findall(r"[^\s()<>|?]+", LISTED.sub(" ", wording)):
            yield from _word_findings(path, word)
    for name in (NEGATIVE, DENYING, ONESELF, LINKING, CONTRAST):
        if name not in rules.words:
            yield ("words",), f"the list {name} is missing"
    for path in _circular_lists(rules):
        yield path, "the list contains itself"


def _word_findings(path: Path, word: str) -> Iterator[Finding]:
    if CAPITALS_OR_MARKS.search(word) and not re.fullmatch(r"\.{2,3}|\d+-\d+", word):
        yield path, f"{word!r}: write words in small letters without apostrophes, hyphens or punctuation"


def idle_wordings(rules: SafetyRules) -> Iterator[Finding]:
    """Wordings that match nothing, since `misspellings` or `same_as` has replaced a part before they are looked for."""
    phrases = {f" {phrase} ": word for word, group in rules.same_as.items() for phrase in group}
    phrases |= {f" {word} ": right for word, right in rules.misspellings.items()}
    for path, wording in _all_wordings(rules):
        spaced = f" {re.sub(r'[()|?]+', ' | ', wording)} ".replace("  ", " ")
        for phrase, word in phrases.items():
            if phrase in spaced:
                yield path, f"{phrase.strip()!r} is never seen: it is read as {word!r}"


def _circular_lists(rules: SafetyRules) -> Iterator[Path]:
    uses = {name: set(LISTED.findall(" ".join(entries))) for name, entries in rules.words.items()}
    for name, used_first in uses.items():
        reached, frontier = set[str](), set(used_first)
        while frontier:
            reached |= frontier
            frontier = {deeper for used in frontier for deeper in uses.get(used, set())} - reached
        if name in reached:
            yield ("words", name)


def _concept_findings(rules: SafetyRules) -> Iterator[Finding]:
    used = {name for rule in rules.rules.values() for slot in rule.slots for name in slot}
    used |= {name for rule in rules.rules.values() for name in rule.unless}
    for name in rules.concepts.keys() - used:
        yield ("concepts", name), f"no rule uses concept {name}"


def _rule_findings(rules: SafetyRules) -> Iterator[Finding]:
    for name, rule in rules.rules.items():
        for index, slot in enumerate(rule.slots):
            for concept in slot:
                if concept not in rules.concepts:
                    yield ("rules", name, "all", index), f"no concept is called {concept!r}"
        for index, concept in enumerate(rule.unless):
            if concept not in rules.concepts:
                yield ("rules", name, "unless", index), f"no concept is called {concept!r}"
        if rule.tier == "clinic" and rule.intent is None:
            yield ("rules", name), "a rule of tier clinic needs the intent that it hands off to"
        if rule.card is not None and rule.card not in rules.cards:
            yield ("rules", name, "card"), f"no card is called {rule.card!r}"
