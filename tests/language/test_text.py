"""One plain form of whatever a person typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.language.text import fold, normalise


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("What is PRP?", "what is prp"),
        ("  what\tis\n\nprp  ", "what is prp"),
        ("what...is -- prp!!!", "what is prp"),
        ("ultrasound-guided", "ultrasound guided"),
        ("sit_bone", "sit bone"),
        ("L4/L5", "l4 l5"),
        ("", ""),
        ("?!", ""),
    ],
)
def test_case_spaces_and_punctuation(typed: str, plain: str) -> None:
    """Only lower-case words with single spaces are left."""
    assert normalise(typed) == plain


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("ＷＨＡＴ ＩＳ ＰＲＰ", "what is prp"),
        ("ﬁbrous", "fibrous"),
        ("naïve café", "naive cafe"),
        ("cafe\N{COMBINING ACUTE ACCENT}", "cafe"),
        ("Straße", "straße"),
        ("İSTANBUL", "istanbul"),
        ("2²", "22"),
    ],
)
def test_unicode_forms_are_unified(typed: str, plain: str) -> None:
    """Full-width letters, ligatures and accents do not make another word."""
    assert normalise(typed) == plain


@pytest.mark.parametrize(
    "hidden",
    [
        "\N{ZERO WIDTH SPACE}",
        "\N{ZERO WIDTH JOINER}",
        "\N{SOFT HYPHEN}",
        "\N{RIGHT-TO-LEFT OVERRIDE}",
        "\N{WORD JOINER}",
        "\N{ZERO WIDTH NO-BREAK SPACE}",
        "\ue000",
    ],
)
def test_what_cannot_be_seen_is_gone(hidden: str) -> None:
    """An invisible character inside a word leaves the word whole."""
    assert normalise(f"sci{hidden}atica") == "sciatica"


@pytest.mark.parametrize("control", ["\x00", "\x07", "\x1b", "\x7f", "\r", "\N{NO-BREAK SPACE}", "\u2028"])
def test_controls_part_words(control: str) -> None:
    """A control character or an unusual space counts as a space."""
    assert normalise(f"what{control}is prp") == "what is prp"


@pytest.mark.parametrize("emoji", ["😀", "🤷🏽‍♀️", "❤️", "👨‍👩‍👧", "🇬🇧", "→"])
def test_emoji_say_nothing(emoji: str) -> None:
    """Emoji of any composition vanish, alone or beside words."""
    assert normalise(emoji) == ""
    assert normalise(f"prp{emoji} hurts") == "prp hurts"


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("مرحبا", "مرحبا"),
        ("\N{RIGHT-TO-LEFT MARK}שלום\N{LEFT-TO-RIGHT MARK}", "שלום"),
        ("привет", "привет"),
        ("你好", "你好"),
    ],
)
def test_other_scripts_stay(typed: str, plain: str) -> None:
    """Words of any script are kept, written from the left or from the right."""
    assert normalise(typed) == plain


@pytest.mark.parametrize("apostrophe", ["'", "’", "‘", "`", "ʼ", "＇", ""])
@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("what's prp", "what is prp"),
        ("i can't sit", "i can not sit"),
        ("it won't go", "it will not go"),
        ("doesn't it hurt", "does not it hurt"),
        ("i'm sore", "i am sore"),
        ("i've seen", "i have seen"),
    ],
)
def test_contractions_are_written_out(apostrophe: str, typed: str, plain: str) -> None:
    """A contraction reads the same with every apostrophe that keyboards have, and with none."""
    assert normalise(typed.replace("'", apostrophe)) == plain


@pytest.mark.parametrize("word", ["its", "were", "well", "hell", "shell", "ill", "id", "want", "shed", "wed"])
def test_words_that_look_like_contractions_stay(word: str) -> None:
    """A word that is a contraction only with its apostrophe stays a word without it."""
    assert normalise(word) == word


def test_possessives_and_quotes() -> None:
    """The possessive ending and quotation marks go; an apostrophe inside a name stays."""
    assert normalise("the 'doctor's' o'neill") == "the doctor o'neill"


@given(st.text())
def test_any_text_has_a_plain_form(text: str) -> None:
    """Whatever is typed: lower case, printable, single spaces, no exception."""
    plain = normalise(text)
    assert plain == " ".join(plain.split())
    assert plain.isprintable()
    assert plain == plain.lower()


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """The folded form is final."""
    assert fold(fold(text)) == fold(text)


@given(st.lists(st.sampled_from("what's it's isn't the patient's prp don’t SIT-bone 5ml im cant".split())))
def test_normalising_twice_changes_nothing(words: list[str]) -> None:
    """The normal form is final: the reader and the matcher both normalise."""
    plain = normalise(" ".join(words))
    assert normalise(plain) == plain
