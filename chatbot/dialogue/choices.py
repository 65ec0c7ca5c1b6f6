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
    "thanks thank you then".split()
)
_YES = frozenset("yes|yeah|yep|yup|ok|okay|sure|right|correct|yes please|that one|that is it|yes that one".split("|"))
_NO = frozenset(
    "no|nope|nah|neither|none|none of these|none of them|none of those|none of the above|no none of these|no thanks|"
    "not really|not that|something else|neither of them".split("|")
)
_LAST = frozenset({"last", "latter", "final"})
_SAME_NAME = 90


def refuses(text: str, count: int, escape: str) -> bool:
    """Whether the message says that none of `count` choices fits, in words or by a number past the last one."""
    plain = normalise(text)
    number = _number(plain)
    return plain in _NO or plain == normalise(escape) or (number is not None and number > count)


def pick(text: str, questions: Sequence[str]) -> int | None:
    """The place of the choice that the message names, counted from 0; None where it names none."""
    plain = normalise(text)
    if not plain or not questions:
        return None
    if plain in _YES:
        return 0 if len(questions) == 1 else None
    words = set(plain.split())
    if words & _LAST and words <= _FILLERS | _LAST | _YES | {"one"}:
        return len(questions) - 1
    number = _number(plain)
    if number is not None:
        return number - 1 if number <= len(questions) else None
    return _by_name(plain, questions)


def _number(plain: str) -> int | None:
    """The number that a message consists of, besides fillers: "4", "option one", "yes, the second one"."""
    words = [word for word in plain.split() if word not in _FILLERS | _YES]
    if len(words) > 1 and words[-1] == "one":
        words = words[:-1]
    if len(words) != 1:
        return None
    if words[0].isdecimal():
        return int(words[0][:3]) or None
    return next((number for number, names in enumerate(_NUMBERS, start=1) if words[0] in names), None)


def _by_name(plain: str, questions: Sequence[str]) -> int | None:
    """The one question that shares its telling words with the message."""
    likeness = [fuzz.token_sort_ratio(_telling(plain), _telling(normalise(question))) for question in questions]
    best = max(likeness)
    return likeness.index(best) if best >= _SAME_NAME else None


def _telling(plain: str) -> str:
    """Without fillers and articles; "for" stays, since "what is it for?" is another question than "what is it?"."""
    idle = (_FILLERS | {"a", "an"}) - {"for"}
    return " ".join(word for word in plain.split() if word not in idle)
