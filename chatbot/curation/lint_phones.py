"""Whether every phone number is the clinic's."""

import re
from collections.abc import Iterator

from chatbot.curation.lint_base import Desk
from chatbot.knowledge.problems import Problem

#: Written as one number: seven digits and more, with spaces, dots, dashes or brackets between them.
_NUMBER = re.compile(r"(?<![\w/])\+?\(?\d(?:[ .()-]{0,2}\d){6,14}(?!\w)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4}")

#: National help lines as digits. Samaritans, SHOUT, 111 and 999 are shorter than what is looked at.
_HELP_LINES = {"08001111", "08457909090"}


def lint_phones(desk: Desk) -> Iterator[Problem]:
    """Numbers that are not the clinic's, and the clinic's own written out in place of {phone}."""
    clinic = _digits(desk.knowledge.clinic.phone)
    for said in desk.texts():
        for number in _NUMBER.findall(_DATE.sub("", said.text)):
            digits = _digits(number)
            if digits == clinic:
                message = "write {phone} instead of the number: it then changes with clinic.yaml."
                yield said.problem("phone-written-out", message, "notice")
            elif digits not in _HELP_LINES:
                message = f"{number} is not the clinic's number ({desk.knowledge.clinic.phone}). Write {{phone}}."
                yield said.problem("wrong-phone", message, "error")


def _digits(number: str) -> str:
    """The digits as dialled within the country: those of +44 (0)20 and 0044 20 begin with 020."""
    digits = re.sub(r"\D", "", number)
    return re.sub(r"^(?:00)?440?(?=\d{9,10}$)", "0", digits)
