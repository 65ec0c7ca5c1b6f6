"""A reply to choices on offer: by number, by place, by name, by yes or no."""

from collections.abc import Sequence

from rapidfuzz import fuzz

from chatbot.language.text import normalise

_NUMBERS = (
    {"1", "one", "first", "1st", "a", "top", "former"},
    {"2", "two", "second", "2nd", "b", "middle"},
    {"3", "three", "third", "3rd", "c"},
    {"4", "four", "fourth", "4th", "d"},
    {"5", "five", "fifth", "5th", "e"},
)
_FILLERS = frozenset(
    "the number option choice answer question i mean would like want please it is that pick choose go for with "
    "one".split()
)
_YES = frozenset("yes|yeah|yep|yup|ok|okay|sure|right|correct|yes please|that one|that is it|yes that one".split("|"))
_NO = frozenset(
    "no|nope|nah|neither|none|none of these|none of them|none of those|none of the above|no none of these|no thanks|"
    "not really|not that|something else|neither of them".split("|")
)
_SAME_NAME = 88


def refuses(text: str, count: int, escape: str) -> bool:
    """Whether the message says that none of `count` choices fits, in words or by a number past the last one."""
    plain = normalise(text)
    past_the_last = plain.isdecimal() and count < int(plain[:3])
    return plain in _NO or plain == normalise(escape) or past_the_last


def pick(text: str, questions: Sequence[str]) -> int | None:
    """The place of the choice that the message names, counted from 0; None where it names none."""
    plain = normalise(text)
    if not plain or not questions:
        return None
    if plain in _YES:
        return 0 if len(questions) == 1 else None
    numbered = _by_number(plain, len(questions))
    return numbered if numbered is not None else _by_name(plain, questions)


def _by_number(plain: str, count: int) -> int | None:
    words = plain.split()
    if "last" in words and set(words) <= _FILLERS | {"last"}:
        return count - 1
    telling = [word for word in words if word not in _FILLERS] or words
    if len(telling) != 1:
        return None
    places = [place for place, names in enumerate(_NUMBERS[:count]) if telling[0] in names]
    return places[0] if places else None


def _by_name(plain: str, questions: Sequence[str]) -> int | None:
    """The one question that shares its wording with the message."""
    likeness = [fuzz.token_sort_ratio(plain, normalise(question)) for question in questions]
    best = max(likeness)
    return likeness.index(best) if best >= _SAME_NAME else None
