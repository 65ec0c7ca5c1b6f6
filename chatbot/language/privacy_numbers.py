"""Phone, NHS and card numbers: neighbouring groups of digits are weighed together, a short window at a time.

The longest window that begins at a group is tried first. As no window reaches across a mark, a second pass
tries nothing that the first did not refuse.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import phonenumbers
from stdnum import luhn
from stdnum.gb import nhs

_GROUP = re.compile(r"\d+")
# What may stand between the groups of one number; a line break may not.
_JOIN = re.compile(r"[ \t\xa0\u2009\u202f\u200b\u2060.()/\-‐-―]{1,3}")
_MOST_DIGITS, _FEWEST_DIGITS = 19, 7
_LOOK_BACK = 45

_NHS = re.compile(r"n\.?h\.?s", re.IGNORECASE)
_NHS_BEFORE = re.compile(r"n\.?h\.?s[^\d\[\]]{0,30}\Z", re.IGNORECASE)
_NHS_AFTER = re.compile(r"[^\w\[\]]{0,4}(?:is |was )?(?:my )?nhs", re.IGNORECASE)
_CARD_BEFORE = re.compile(r"(?:card|visa|amex|debit)[^\d\[\]]{0,20}\Z", re.IGNORECASE)
# The plus of a country code, or the letter that people type for the first nought.
_PLUS = re.compile(r"(?:\(\+|\+\(|\+) ?\Z")
_LETTER_O = re.compile(r"(?<![\w\]])[oO]\Z")
_EXTENSION = re.compile(r"(?:/|,? ?(?:x|ext\.?|extension) ?)\d{1,5}(?![\w/])", re.IGNORECASE)

_SPOKEN = r"(?:oh?|zero|nought|one|two|three|four|five|six|seven|eight|nine|double|triple|treble|hundred)"
_SPOKEN_NUMBER = re.compile(
    rf"(?<![\w\]])(?:oh?|zero|nought)(?:[ ,-]{{1,2}}{_SPOKEN}){{6,14}}(?![\w\[])", re.IGNORECASE
)


@dataclass(frozen=True)
class _Start:
    """Where a number may begin: the text just before it, and what that text lets the number look like."""

    before: str
    plus: bool
    loose: bool
    """Groups of one or two digits are allowed: behind a plus or a nought, or where the NHS is spoken of."""


@dataclass(frozen=True)
class _Window:
    """Neighbouring groups of digits, perhaps one number."""

    text: str
    start: int
    end: int
    groups: tuple[str, ...]
    digits: str
    lead: _Start

    @property
    def coarse(self) -> bool:
        """No group under three digits: how numbers are written that do not begin with a nought or a plus."""
        return min(map(len, self.groups)) >= 3

    @property
    def joined_to_letters(self) -> bool:
        before = self.lead.before[-1:].isalpha() and not _LETTER_O.search(self.lead.before)
        return before or self.text[self.end : self.end + 1].isalpha()


def redact_spoken_numbers(text: str) -> str:
    """The text with phone numbers in words ("oh seven seven double oh ...") replaced by `[phone]`."""
    return _SPOKEN_NUMBER.sub("[phone]", text)


def redact_numbers(text: str) -> str:
    """The text with phone, NHS and card numbers replaced by their marks."""
    groups = list(_GROUP.finditer(text))
    if sum(group.end() - group.start() for group in groups) < _FEWEST_DIGITS:
        return text
    tells_nhs = _NHS.search(text) is not None
    parts: list[str] = []
    done = 0
    for place, group in enumerate(groups):
        found = _longest(text, groups, place, tells_nhs) if group.start() >= done else None
        if found:
            mark, start, end = found
            parts += [text[done:start], mark]
            done = end
    return "".join((*parts, text[done:]))


def _longest(text: str, groups: Sequence[re.Match[str]], place: int, tells_nhs: bool) -> tuple[str, int, int] | None:
    """The mark and the span of the longest number that begins at this group."""
    first = groups[place]
    before = text[max(0, first.start() - _LOOK_BACK) : first.start()]
    plus = _PLUS.search(before) is not None
    loose = plus or tells_nhs or first.group().startswith("0")
    windows = _windows(text, groups[place : place + _MOST_DIGITS], _Start(before, plus, loose))
    for window in reversed(tuple(windows)):
        mark = _mark(window)
        if mark:
            return mark, *_span(window, mark)
    return None


def _windows(text: str, groups: Sequence[re.Match[str]], lead: _Start) -> Iterator[_Window]:
    taken: tuple[str, ...] = ()
    digits = ""
    start, end = groups[0].span()
    for group in groups:
        joined = not taken or _JOIN.fullmatch(text, end, group.start())
        if not joined or len(digits) + group.end() - group.start() > _MOST_DIGITS:
            return
        taken = (*taken, _ascii(group.group()))
        if len(taken[-1]) < 3 and not lead.loose and taken[0] != "44":
            return
        digits += taken[-1]
        end = group.end()
        if len(digits) >= _FEWEST_DIGITS:
            yield _Window(text, start, end, taken, digits, lead)


def _ascii(digits: str) -> str:
    return digits if digits.isascii() else "".join(str(int(digit)) for digit in digits)


def _span(window: _Window, mark: str) -> tuple[int, int]:
    """From the plus or the opening bracket to the end of the extension."""
    start, end, before = window.start, window.end, window.lead.before
    if mark != "[phone]":
        return start, end
    prefix = _PLUS.search(before) or _LETTER_O.search(before)
    if prefix:
        start -= len(prefix.group())
    elif before.endswith("(") and ")" in window.text[start:end]:
        start -= 1
    extension = _EXTENSION.match(window.text, end)
    return start, extension.end() if extension else end


def _mark(window: _Window) -> str | None:
    if _is_card(window):
        return "[card]"
    if _is_nhs_number(window):
        return "[nhs-number]"
    return "[phone]" if _is_phone(window) else None


def _is_card(window: _Window) -> bool:
    if len(window.digits) < 13 or window.digits[0] not in "23456" or not window.coarse:
        return False
    return luhn.is_valid(window.digits) or _CARD_BEFORE.search(window.lead.before) is not None


def _is_nhs_number(window: _Window) -> bool:
    if len(window.digits) != 10:
        return False
    if _NHS_BEFORE.search(window.lead.before) or _NHS_AFTER.match(window.text, window.end):
        return True
    return window.coarse and nhs.is_valid(window.digits)


def _is_phone(window: _Window) -> bool:
    digits = window.digits
    if len(digits) > 15:
        return False
    if window.lead.plus or (digits.startswith("44") and len(digits) == 12):
        return _is_possible("+" + digits)
    if digits.startswith("0"):
        return len(digits) >= 8 and _begins_like_a_phone(window) and _is_possible(digits)
    # No British number is longer without its nought.
    if len(digits) > 10 or not window.coarse or window.joined_to_letters or _is_amount(window):
        return False
    return _is_possible(digits)


def _begins_like_a_phone(window: _Window) -> bool:
    """Not a count ("0 1 2 3 ..."): a first group of three digits, or just eleven digits in small groups."""
    if len(window.groups[0]) >= 3:
        return True
    return len(window.digits) == 11 and window.digits[1] in "12378" and window.digits[1:4] != "123"


def _is_amount(window: _Window) -> bool:
    """Sums of money, years ("2015 2019"), doses and prices ("100 200 300")."""
    if window.lead.before.endswith(("£", "$", "€")):
        return True
    years = all(len(group) == 4 and group[:2] in ("19", "20") for group in window.groups)
    return years or all(int(group) % 50 == 0 for group in window.groups)


def _is_possible(number: str) -> bool:
    """What phonenumberslite's leniency POSSIBLE asks, for region GB."""
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number, "GB"))
    except phonenumbers.NumberParseException:
        return False
