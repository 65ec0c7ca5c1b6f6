"""Whether answers about symptoms and injections carry the line about 111 and 999 (safety policy)."""

import re
from collections.abc import Iterator

from chatbot.curation.lint_base import Desk
from chatbot.knowledge.problems import Problem

_ABOUT = re.compile(
    r"\b(?:inject\w*|steroids?|cortisone|corticosteroids?|prp|needling|tenotomy|fenestration|symptoms?|pain(?:s|ful)?|"
    r"aches?|aching|numb(?:ness)?|tingling|weakness|swell\w*|swollen)\b",
    re.IGNORECASE,
)


def lint_safety_line(desk: Desk) -> Iterator[Problem]:
    """Answers that speak of symptoms or injections without the line."""
    for intent in desk.answers():
        about = None if intent.safety_line else _ABOUT.search(intent.answer)
        if about:
            message = f"the answer speaks of '{about[0]}' but has no safety line. Write: safety_line: true."
            yield desk.problem(intent, "no-safety-line", message)
