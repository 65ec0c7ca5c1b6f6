"""The safety data, and what is said of mistakes in it."""

from copy import deepcopy
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from chatbot.dialogue.safety import unfound_examples
from chatbot.knowledge.safety_rules import SafetyRules, findings, idle_wordings
from chatbot.language.english import load_english
from tests.dialogue.safety_cases import RULES, plain_rules, rules, tier

SIGNPOSTS = {
    "emergency": ("999", "tel:999"),
    "nhs": ("111", "tel:111"),
    "mental_health": ("111 and choose option 2", "tel:111"),
    "samaritans": ("116 123", "tel:116123"),
    "shout": ("SHOUT to 85258", "sms:85258?&body=SHOUT"),
    "silent": ("55", "tel:999"),
    "domestic_abuse": ("0808 2000 247", "tel:08082000247"),
}


def changed(*path: str, to: object) -> SafetyRules:
    """The rules with one value replaced, or removed where `to` is None."""
    plain: dict[str, Any] = deepcopy(plain_rules())
    *parents, last = path
    place = plain
    for name in parents:
        place = place[name]
    if to is None:
        del place[last]
    else:
        place[last] = to
    return SafetyRules.model_validate(plain)


def said_of(broken: SafetyRules) -> list[tuple[str, str]]:
    """The findings, with their path joined."""
    return [(".".join(map(str, path)), message) for path, message in findings(broken)]


def test_nothing_is_wrong_with_the_rules() -> None:
    """The project's safety rules have no findings."""
    assert findings(rules()) == []


def test_any_yaml_library_reads_the_rules() -> None:
    """PyYAML without its C parser reads the same rules, every line is short, and no wording is idle."""
    text = RULES.read_text(encoding="utf-8")
    assert set(yaml.load(text, Loader=yaml.SafeLoader)) == set(plain_rules())
    assert [line for line in text.splitlines() if len(line) > 120] == []
    assert list(idle_wordings(rules())) == []


def test_every_concept_is_found_in_its_example() -> None:
    """Each concept has an example message, and is found in it."""
    assert unfound_examples(rules()) == []


def test_signposting_numbers() -> None:
    """A number that changes fails here: each must be checked with the service that it belongs to."""
    assert {name: (each.show, each.link) for name, each in rules().signposts.items()} == SIGNPOSTS


def test_everything_waits_for_clinical_sign_off() -> None:
    """Only the clinic's lead clinician signs a tier or a card."""
    tiers = {tier.clinical_sign_off for tier in rules().tiers.values()}
    cards = {card.clinical_sign_off for card in rules().cards.values()}
    assert tiers | cards == {"pending"}


def test_cards_for_999_lead_nowhere_else() -> None:
    """A card that says to call 999 names no booking, no link and no reading."""
    for card in rules().cards.values():
        text = " ".join((card.heading, *card.lines)).lower()
        assert not any(word in text for word in ("book", "http", "read more", "you have", "told"))


@pytest.mark.parametrize(
    ("path", "to", "where", "message"),
    [
        (("tiers", "crisis"), None, "tiers", "tier crisis is missing"),
        (("tiers", "urgent", "card"), "no_such", "tiers.urgent", "needs a card that exists"),
        (("cards", "urgent", "call"), ["no_such"], "cards.urgent.call.0", "no signpost is called 'no_such'"),
        (("cards", "urgent", "heading"), "Call 111", "cards.urgent.heading", "belongs under signposts"),
        (("cards", "urgent", "heading"), "word " * 21, "cards.urgent.heading", "more than 20 words"),
        (("lines", "caution"), "call {no_such}", "lines.caution", "no signpost is called 'no_such'"),
        (("rules", "chest", "all"), ["no_such"], "rules.chest.all.0", "no concept is called 'no_such'"),
        (("rules", "chest", "unless"), ["no_such"], "rules.chest.unless.0", "no concept is called 'no_such'"),
        (("rules", "chest", "card"), "no_such", "rules.chest.card", "no card is called 'no_such'"),
        (("concepts", "fall", "wordings"), ["<no_such>"], "concepts.fall.wordings.0", "no list of words"),
        (
            ("concepts", "fall", "wordings"),
            [".. fell"],
            "concepts.fall.wordings.0",
            "begin or end with a gap",
        ),
        (("concepts", "fall", "wordings"), ["can't"], "concepts.fall.wordings.0", "without apostrophes"),
        (("words", "pee"), ["<pee>"], "words.pee", "contains itself"),
        (("words", "negative"), None, "words", "the list negative is missing"),
    ],
)
def test_a_mistake_is_found_where_it_is(path: tuple[str, ...], to: object, where: str, message: str) -> None:
    """Each kind of mistake is reported with the path to point at."""
    assert any(where == place and message in said for place, said in said_of(changed(*path, to=to)))


@pytest.mark.parametrize("path", [("concepts", "fall", "wordings"), ("concepts", "fall", "example"), ("lines",)])
def test_a_part_that_is_missing_is_refused(path: tuple[str, ...]) -> None:
    """Rules without a part that they need cannot be loaded."""
    with pytest.raises(ValidationError):
        changed(*path, to=None)


def test_an_unknown_key_is_refused() -> None:
    """A mistyped key is not overlooked."""
    with pytest.raises(ValidationError):
        changed("concepts", "fall", "wordigns", to=["fell"])


def test_emergency_words_are_not_english() -> None:
    """No entry is English; the word list has "socorro" only as the name of a place."""
    english = load_english()
    phrases = {phrase for group in rules().emergency_words.values() for phrase in group} - {"socorro"}
    assert [phrase for phrase in phrases if english.issuperset(phrase.lower().split())] == []


@pytest.mark.parametrize("idiom", ["this pain is killing me", "off my chest", "dying to know", "fit me in"])
def test_idioms_silence_only_themselves(idiom: str) -> None:
    """An idiom beside an alarm does not silence it."""
    assert tier(idiom) == "none"
    assert tier(f"{idiom}, and I can't feel my legs") == "emergency"
