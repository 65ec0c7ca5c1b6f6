"""What the safety gate says of messages."""

from collections import Counter

import pytest

from tests.dialogue.safety_cases import AT_LEAST, gate, rules, shared_examples, tier

EMERGENCIES = [
    "numb between my legs since yesterday",
    "havent passed urine since last night and my back is in bits",
    "wet myself and never felt it coming",
    "both my legs have gone weak",
    "crushing feeling in my chest",
    "I can't breathe properly",
    "one side of her face has dropped",
    "lost the use of my arm for ten minutes earlier but it's ok now",
    "throat closing up after the injection",
    "shivering, confused and her skin is mottled",
    "nan fell over and cannot get up",
    "my foot has gone white and cold",
    "prostate cancer and my legs are getting weak",
    "banged my head and I take warfarin",
    "the bleeding won't stop",
    "type 1 diabetic, being sick, ketones 4",
    "took 20 paracetamol",
    "he's having a seizure",
    "my husband hits me",
    "my husband will kill me if I leave him",
    "he is going to murder me if I don't come home",
    "my partner will kill me if I tell anyone",
    "he cut me with a knife or something",
    "I passed out from the jab this morning",
    "can I say goodbye to my kids before I go",
]
CRISES = [
    "I want to die",
    "not suicidal, just can't see a way out",
    "they'd be better off without me",
    "my son says he wants to end his life",
    "I used to cut myself and I've started again",
    "kill me now. how do I end this",
    "I have planned my funeral and said my goodbyes",
    "which bridge to jump off",
    "nothing left to do but die",
    "I cut my wrists by accident",
]
URGENT = [
    "hip is hot, red and swollen after the jab",
    "temperature of 38.5 since my prp",
    "one calf swollen and sore since the flight",
    "my calf is swollen and hot after my second baby",
    "can't lift my foot, it slaps the floor",
    "heard a pop in my buttock and there's a huge bruise",
    "had breast cancer, now constant pain in my hip bone",
    "32 weeks and the baby isn't moving as much",
    "my 6 year old is limping and has a temperature",
]
CLINIC = [
    "can I have the injection on apixaban",
    "I'm 20 weeks pregnant, is a steroid injection ok",
    "can you inject my 12 year old",
    "can't sleep since the steroid injection last week",
]


@pytest.mark.parametrize("text", EMERGENCIES)
def test_emergency_gets_its_card(text: str) -> None:
    """A message that speaks of danger to life or limb gets the emergency card."""
    assert tier(text) == "emergency"


@pytest.mark.parametrize("text", CRISES)
def test_crisis_gets_its_card(text: str) -> None:
    """Thoughts of suicide get a card, said plainly or not, and no negation silences them."""
    assert tier(text) in AT_LEAST["crisis"]


@pytest.mark.parametrize("text", URGENT)
def test_urgent_gets_its_card(text: str) -> None:
    """A message that needs a doctor today gets at least the urgent card."""
    assert tier(text) in AT_LEAST["urgent"]


@pytest.mark.parametrize("text", CLINIC)
def test_clinic_tier_is_no_card(text: str) -> None:
    """A question for the team shows no card and names the intent to hand off to."""
    found = gate().assess(text)
    assert found.alert is None
    assert found.clinic_intent
    assert gate().clinic_tier(text)


@pytest.mark.parametrize(
    ("phenomenon", "text"),
    [
        ("asked in general", "can sciatica cause numbness between the legs?"),
        ("asked in general", "what should I do if I get chest pain after the injection"),
        ("asked in general", "what are the signs of a stroke"),
        ("past", "I had cauda equina surgery in 2016, can I still have prp"),
        ("past", "had septic arthritis as a kid"),
        ("resolved", "the redness went after a day and it has all calmed down"),
        ("family", "my mum had a stroke years ago"),
        ("denied", "no fever, no redness, just sore"),
        ("denied", "I don't have any chest pain or shortness of breath, just buttock ache"),
        ("idiom", "this pain is killing me"),
        ("idiom", "dying to get back to running"),
        ("idiom", "need to get this off my chest, your receptionist was rude"),
        ("collision", "need to cancell tomorow"),
        ("collision", "breaststroke kick hurts my sit bone"),
        ("collision", "have you got a slot tomorrow, can you fit me in"),
        ("collision", "can I just pop in"),
        ("other being", "my dog died so I need to rebook"),
        ("full bladder", "do I need a full bladder for the scan"),
        ("local anaesthetic", "is my leg meant to feel numb after the local"),
        ("posture", "my bum goes numb on the bike saddle"),
    ],
)
def test_harmless_messages_get_no_card(phenomenon: str, text: str) -> None:
    """Questions in general, the past, the family, idioms and look-alikes show no card."""
    assert tier(text) in AT_LEAST["none"]


@pytest.mark.parametrize(
    ("why", "text"),
    [
        ("the negator is the symptom", "can't feel my legs"),
        ("but ends a denial", "no fever but chest pain"),
        ("punctuation ends a denial", "no cough, no fever, just can't get enough air in"),
        ("I ends a denial", "no pain I can't pee"),
        ("a present cue undoes the past", "had a bad back years ago, now numb down below"),
        (
            "a long-ago operation is not the symptom",
            "had a hip replacement 10 years ago, numb between my legs",
        ),
        ("because ends a question in general", "can sciatica make you numb because my privates are numb"),
        ("minimised", "probably nothing but I can't wee"),
        ("minimised", "my wife says I'm overreacting but my chest is tight"),
        ("somebody else, now", "my dad's face has dropped"),
        ("a joke takes nothing back", "I want to kill myself tonight lol only joking"),
    ],
)
def test_alarm_survives_what_stands_around_it(why: str, text: str) -> None:
    """Denials, the past, minimising and jokes do not silence an alarm that they do not concern."""
    assert tier(text) == "emergency"


def test_the_most_serious_card_wins_and_the_other_adds_one_line() -> None:
    """Several alarms show the card of the most serious, with one line for the next."""
    alert = gate().gate("my calf is hot and swollen and I have chest pain")
    assert alert is not None
    assert alert.tier == "emergency"
    assert alert.also == (rules().fill(rules().tiers["urgent"].also or ""),)
    assert "chest_pain" in alert.concepts


def test_a_suicide_attempt_has_its_own_card() -> None:
    """An attempt shows 999 first, then Samaritans."""
    alert = gate().gate("I've taken all my tablets to end it")
    assert alert is not None
    assert alert.card.call == ("emergency", "samaritans")


def test_bleeding_in_pregnancy_names_the_maternity_unit() -> None:
    """The card for pregnancy says whom to call."""
    alert = gate().gate("pregnant and bleeding")
    assert alert is not None
    assert "maternity" in alert.card.heading


def test_numbers_are_filled_in() -> None:
    """No placeholder reaches a patient."""
    alert = gate().gate("chest pain")
    assert alert is not None
    assert alert.card.heading == "Call 999 now"
    assert not any("{" in line for line in alert.card.lines)


def test_alarm_words_without_a_rule_are_noticed() -> None:
    """Alarm words that meet no rule are told apart from a message without any, and from an alert."""
    assert gate().alarm_words("is numbness a sign of a trapped nerve")
    assert not gate().alarm_words("what are your opening hours")
    assert not gate().alarm_words("chest pain")


@pytest.mark.parametrize("language", sorted(rules().emergency_words))
def test_emergency_words_of_other_languages(language: str) -> None:
    """Each listed phrase shows the emergency card, alone and within a sentence."""
    for phrase in rules().emergency_words[language]:
        assert tier(phrase) == "emergency", phrase
        assert tier(f"hello {phrase} please") == "emergency", phrase


def test_alarm_at_the_end_of_the_longest_message() -> None:
    """The gate reads 10,000 characters."""
    padding = "I would like to book an appointment for my hamstring please. " * 200
    text = padding[: 10_000 - 40] + ". I can't pee and my legs are numb"
    assert len(text) <= 10_000
    assert tier(text) == "emergency"


def test_shared_examples_meet_the_issue() -> None:
    """Emergency and crisis 100 %, urgent 97 %, clinic 85 %, false alarms 3 %, needless clinic 10 %."""
    total, right = Counter[str](), Counter[str]()
    needless = 0
    for example in shared_examples():
        label = example["tier"]
        given = tier(example["text"])
        total[label] += 1
        right[label] += given in AT_LEAST[label]
        needless += label == "none" and given == "clinic"
    assert right["emergency"] == total["emergency"]
    assert right["crisis"] == total["crisis"]
    assert right["urgent"] >= 0.97 * total["urgent"]
    assert right["clinic"] >= 0.85 * total["clinic"]
    assert right["none"] >= 0.97 * total["none"]
    assert needless <= 0.10 * total["none"]
