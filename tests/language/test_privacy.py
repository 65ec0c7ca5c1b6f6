"""Redaction: what is taken out, what stays, and what holds for any text at all."""

import json
import re
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.language.privacy import redact

_DATA = Path(__file__).parents[1] / "data" / "personal_data.jsonl"
_MARK = re.compile(r"\[(?:phone|email|nhs-number|postcode|date|name|card|link)\]")


class Row(NamedTuple):
    """One line of the data: a secret that must vanish, or a look-alike that must stay."""

    text: str
    secret: str | None
    kind: str


def _read() -> list[Row]:
    return [Row(**json.loads(line)) for line in _DATA.read_text(encoding="utf-8").splitlines()]


_ROWS = _read()
_PERSONAL = [row for row in _ROWS if row.secret is not None]
_LOOK_ALIKES = [row for row in _ROWS if row.secret is None]


def _words(text: str) -> set[str]:
    """The words and numbers of a text; single letters say nothing about anyone."""
    return {word for word in re.findall(r"\w+", text) if len(word) > 1 or word.isdigit()}


def _vanishes(row: Row) -> bool:
    """Neither the secret nor any word of it is left, save words that the rest of the message has too."""
    secret, redacted = str(row.secret), redact(row.text)
    left = _words(_MARK.sub(" ", redacted)) - _words(row.text.replace(secret, " "))
    return secret not in redacted and not _words(secret) & left


def _show(figure: str) -> None:
    print(figure)  # noqa: T201 - the figures are read with `pytest -s`


# --- measured on our own strings


def test_recall_and_touched_look_alikes() -> None:
    """At least 95 % of the secrets vanish whole, and at most 2 % of the look-alikes change."""
    missed = [row for row in _PERSONAL if not _vanishes(row)]
    touched = [row for row in _LOOK_ALIKES if redact(row.text) != row.text]
    recall, share = 1 - len(missed) / len(_PERSONAL), len(touched) / len(_LOOK_ALIKES)
    _show(f"recall {recall:.3f} of {len(_PERSONAL)}, missed: {[row.text for row in missed]}")
    _show(f"touched {share:.4f} of {len(_LOOK_ALIKES)} look-alikes: {[row.text for row in touched]}")
    assert recall >= 0.95
    assert share <= 0.02


def test_recall_of_every_kind() -> None:
    """No kind of personal data hides behind the average: each reaches 90 %."""
    missed = Counter(row.kind for row in _PERSONAL if not _vanishes(row))
    for kind, total in Counter(row.kind for row in _PERSONAL).items():
        _show(f"{kind}: {1 - missed[kind] / total:.3f} of {total}")
        assert 1 - missed[kind] / total >= 0.9, kind


def test_data_is_large_enough_and_sound() -> None:
    """There are 230 secrets and 150 look-alikes or more; a secret lies in its text, no row comes twice."""
    assert len(_PERSONAL) >= 230
    assert len(_LOOK_ALIKES) >= 150
    assert all(str(row.secret) in row.text for row in _PERSONAL)
    assert len({(row.text, row.secret) for row in _ROWS}) == len(_ROWS)


# --- what is found, kind by kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call 07700 900123 please", "call [phone] please"),
        ("+44 (0)7700 900159 is best", "[phone] is best"),
        ("(020) 7946 0135 or 0151 496 0133 ext 204", "[phone] or [phone]"),
        ("oh seven seven double oh nine double oh one two three", "[phone]"),
        ("a.khan@example.com, bev dot h at example dot com", "[email], [email]"),
        ("my NHS number is 943 476 5919", "my NHS number is [nhs-number]"),
        ("nhs no 123 456 7890", "nhs no [nhs-number]"),
        ("from SW1A 2AA or m145tq", "from [postcode] or [postcode]"),
        ("DOB 14/03/1962", "DOB [date]"),
        ("born on the 14th of March 1962", "born on the [date]"),
        ("born in '62", "born in [date]"),
        ("pay with 4111 1111 1111 1111", "pay with [card]"),
        ("see https://example.com/a?b=1.", "see [link]."),
        ("my name is Priya Raghunathan and I run", "my name is [name] and I run"),
        ("I'm Mrs Okafor. Is it sore?", "I'm [name]. Is it sore?"),
        ("it's Tomasz here", "it's [name] here"),
        ("Kind regards,\nSiobhán O'Brien", "Kind regards,\n[name]"),
        ("my mum Gladys has pain", "my mum [name] has pain"),
        ("I'm Sara, 07700 900123, E1 6AN", "I'm [name], [phone], [postcode]"),
    ],
)
def test_personal_data_becomes_a_mark(text: str, expected: str) -> None:
    """Personal data gives way to its mark, and the words around it stay."""
    assert redact(text) == expected


@pytest.mark.parametrize("level", ["L5 S1", "S1 2nd opinion", "L4 5th nerve", "L5S1", "T12", "B12 2nd dose"])
def test_spinal_levels_and_vitamins_are_no_postcodes(level: str) -> None:
    """A spinal level or a vitamin with an ordinal behind it stays."""
    assert redact(level) == level


def test_a_postcode_like_a_level_goes_where_an_address_is_spoken_of() -> None:
    """The same letters are a postcode once the message says so."""
    assert redact("my postcode is S1 2ND") == "my postcode is [postcode]"


@pytest.mark.parametrize(
    "text",
    ["I'm in pain", "I'm Diabetic", "I'm driving", "this is urgent", "I'm Gluten free", "call me back"],
)
def test_words_behind_a_cue_are_not_always_names(text: str) -> None:
    """Feelings, illnesses and plans behind "I'm" or "this is" are no names."""
    assert redact(text) == text


@pytest.mark.parametrize("text", ["999", "NHS 111", "116 123", "text 85258"])
def test_emergency_numbers_stay(text: str) -> None:
    """The short public numbers are nobody's."""
    assert redact(text) == text


@pytest.mark.parametrize("text", ["2015 2019", "100 200 300 mg", "£2000000", "0 1 2 3 4 5 6 7 8 9 10"])
def test_amounts_are_no_phone_numbers(text: str) -> None:
    """Years, doses, sums and counts are as long as a phone number and still none."""
    assert redact(text) == text


# --- what holds for any text

_PIECES = st.sampled_from(
    [row.text for row in _ROWS]
    + [str(row.secret) for row in _PERSONAL]
    + [
        "my name is",
        "I'm",
        "nhs",
        "born",
        "dob",
        "card",
        " at ",
        " dot ",
        "@",
        "/",
        "-",
        "+",
        "(",
        "[",
        "]",
        "0",
    ]
    + [
        "[phone]",
        "[name]",
        "[date]",
        "thanks,",
        "Mr",
        "here",
        "ext",
        "www.",
        "\n",
        "İ",
        "ſ",
        "\u0301",
        "٣",
        "７",
    ]
)
_MESSAGES = st.one_of(
    st.text(max_size=200),
    st.text(alphabet="0123456789 +-/.()[]@:'nhsIMarkdob,\n", max_size=80),
    st.builds(str.join, st.sampled_from(["", " ", ", ", "/", "\n"]), st.lists(_PIECES, max_size=8)),
)


@given(_MESSAGES)
def test_redacting_twice_changes_nothing(text: str) -> None:
    """A redacted text is its own redaction."""
    once = redact(text)
    assert redact(once) == once


@given(_MESSAGES)
def test_nothing_outside_the_marks_is_changed(text: str) -> None:
    """What stands between the marks is the original, in its order, from the first character to the last."""
    kept = _MARK.split(redact(text))
    pattern = r"[\s\S]*?".join(map(re.escape, kept))
    assert re.fullmatch(pattern, text)


@pytest.mark.parametrize(
    "unit",
    [
        *(
            "what does a steroid injection feel like ",
            "my name is Bob ",
            "I'm Aa Bb Cc ",
            "Thanks, Aa ",
            "Mr ",
        ),
        *("1 ", "123 ", "12345678 ", "1/", "0 7 ", "+1 ", "9", "nhs 1 2 ", "07700 900123 ", "SW1A 2AA"),
        *(
            "a.",
            "a@",
            "a at ",
            "a dot ",
            "www.",
            "http://.",
            "zero ",
            "1 of May ",
            "born ",
            "[",
            "[phone] 07700 ",
        ),
        *("a", " ", "I'm a-a-a-a-", "\u0301", "first of "),
    ],
)
def test_time_grows_with_length_alone(unit: str) -> None:
    """Ten times the text takes about ten times as long; a pattern that reads again and again, a hundred."""
    short, long = (_fastest(unit * (size // len(unit))) for size in (1_000, 10_000))
    assert long <= 40 * max(short, 1e-5)


def _fastest(text: str) -> float:
    """The processor time of the fastest of several runs, so that a busy machine does not count."""
    times = []
    for _ in range(5):
        start = time.process_time()
        redact(text)
        times.append(time.process_time() - start)
    return min(times)
