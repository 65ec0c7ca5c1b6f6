"""Whether a text promises, advises on medicines or diagnoses (safety policy, "Cards and wording")."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chatbot.curation.lint_base import Desk, Said
from chatbot.curation.prose import Paragraph, paragraphs
from chatbot.knowledge.problems import Level, Problem

#: "The clinic's article says …", in the sentence itself or above its list.
_ATTRIBUTED = r"\b(?:articles?|pages?|it)\b.{0,40}\b(?:says?|describes?|explains?|calls?|states?)\b|\baccording to\b"
#: Denied or left open, in the same part of the sentence: "we cannot promise", "whether it is safe".
_DENIED = (
    r"(?:\b(?:no|not|never|cannot|nor|neither|without|whether|if)\b|n['’]t\b)"
    r"(?:[^\w,;:]+\w+){0,9}[^\w,;:]*$"
)
#: The team may promise what it does itself.
_TEAM = r"\b(?:team|staff|we|they)\W*$"
_ASKED = r"\b(?:whether|if)\b[^,;:]*$"
_NEVER = r"(?!)"

_ILLNESS = r"(?:sciatica|syndrome|bursitis|tendin\w+|tendon\w+|tear|trapped nerve|slipped disc)"
_MEDICINES = r"(?:medicines?|medication|tablets?|pills?|drugs?|blood thinners?|painkillers?|dose)"

_PROMISE = "this is a promise that the clinic cannot make. Say what the article says, or leave it out"
_MEDICINE = "this is advice on a medicine. Leave it out and point to the team"
_CLAIM = 'only the article may claim this: write "The clinic\'s article says …"'
_DIAGNOSIS = "this tells a patient what is wrong or needed. Only an assessment can"
_ADVERT = "this is advertising. Leave it out"


@dataclass(frozen=True)
class Banned:
    """Words that must not stand in a text, unless what is before them in the sentence fits; and the mend."""

    words: str
    mend: str
    unless: str = _NEVER
    level: Level = "error"


BANNED: tuple[Banned, ...] = (
    Banned(r"cur(?:e|es|ed|ing)", _PROMISE, _DENIED),
    Banned(r"guarant\w+", _PROMISE, _DENIED),
    Banned(r"promis(?:e|es|ed|ing)(?! nothing)", _PROMISE, _DENIED),
    Banned(r"100 ?(?:%|per ?cent)|hundred per ?cent", _PROMISE),
    Banned(r"miracles?|permanent(?:ly)?|instant(?:ly)?|never fails?|always works?|proven", _PROMISE, _DENIED),
    Banned(r"pain[ -]?less(?:ly)?|pain[ -]?free", _PROMISE, _DENIED),
    Banned(r"(?:will not|won['’]t|does not|doesn['’]t) hurt", _PROMISE, _ASKED),
    Banned(r"risk[ -]?free|(?:no|without|zero) (?:risks?|side[ -]effects?|complications?|danger)", _PROMISE),
    Banned(
        r"(?:will|sure to) (?:\w+ )?(?:help|work|heal|fix|improve|relieve|recover)",
        _PROMISE,
        f"{_DENIED}|{_TEAM}",
    ),
    Banned(r"(?:will|you['’]ll) (?:feel|get|be) (?:better|fine|well|ok|okay|all ?right)", _PROMISE, _DENIED),
    Banned(r"safe(?:r|st|ly)?|harmless(?:ly)?", _CLAIM, f"{_ATTRIBUTED}|{_DENIED}"),
    Banned(r"confirm(?:s|ed)?(?! (?:\w+ ){0,3}(?:appointment|booking))", _CLAIM, f"{_ATTRIBUTED}|{_DENIED}"),
    Banned(r"(?:stop|start|keep|continue|carry on|avoid|pause|skip|resume) taking", _MEDICINE),
    Banned(
        rf"(?:stop|start|continue|pause|skip|resume|come off|stay on) (?:your |the )?(?:\w+ )?{_MEDICINES}",
        _MEDICINE,
    ),
    Banned(r"(?:increase|raise|lower|reduce|halve|double|change) (?:your|the) (?:\w+ )?dos(?:e|age)", _MEDICINE),
    Banned(
        r"take (?:some |an? |one |two |\d+ )?(?:paracetamol|ibuprofen|aspirin|painkillers?|tablets?)",
        _MEDICINE,
    ),
    Banned(rf"you (?:\w+ )?have (?:got )?(?:an? )?(?:\w+ )?{_ILLNESS}", _DIAGNOSIS, _DENIED),
    Banned(r"not (?:an emergency(?! (?:line|service))|serious|dangerous|urgent)", _DIAGNOSIS, _ASKED),
    Banned(r"nothing (?:serious|to worry about)|do(?: not|n['’]t) worry", _DIAGNOSIS, _ASKED),
    Banned(r"you (?:\w+ )?need (?:an? |to have )(?:\w+ )?(?:injection|operation|scan|mri)", _DIAGNOSIS, _DENIED),
    Banned(r"best(?! (?:to|person|time|way to (?:reach|contact|book)))", _ADVERT, _DENIED, "warning"),
    Banned(
        r"leading(?! to)|world[ -]class|number one|state[ -]of[ -]the[ -]art|cutting[ -]edge",
        _ADVERT,
        _DENIED,
    ),
)
_COMPILED = tuple(
    (
        re.compile(rf"(?<!\w)(?:{banned.words})(?!\w)", re.IGNORECASE),
        re.compile(banned.unless, re.IGNORECASE),
        banned,
    )
    for banned in BANNED
)


def lint_wording(desk: Desk) -> Iterator[Problem]:
    """Banned wording in what the bot says; the questions, which speak for patients, may hold it."""
    for said in desk.texts():
        if not said.is_question:
            for paragraph in paragraphs(said.text):
                yield from _paragraph(said, paragraph)


def _paragraph(said: Said, paragraph: Paragraph) -> Iterator[Problem]:
    for sentence in paragraph.sentences:
        for words, unless, banned in _COMPILED:
            found = words.search(sentence)
            if found and not unless.search(f"{paragraph.lead} {sentence[: found.start()]}"):
                yield said.problem("banned-wording", f"'{found[0]}': {banned.mend}.", banned.level)
