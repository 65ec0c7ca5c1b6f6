"""What patients ask about a thing, by its sort: the words that show that a sentence tells it, and how it is asked.

`{x}` stands for the thing (with an article where one can count it), `{n}` for its name and `{s}` for a scan. The
phrasings are made up; staff replace them by what patients type.
"""

import re
from dataclasses import dataclass

from chatbot.curation.draft_terms import Sort

_ALL: tuple[Sort, ...] = ("condition", "part", "treatment", "scan")


@dataclass(frozen=True)
class Aspect:
    """A kind of question. cue: what a sentence that answers it has in it, in small letters."""

    name: str
    sorts: tuple[Sort, ...]
    cue: re.Pattern[str]
    question: str
    phrasings: tuple[str, ...]


def _aspect(name: str, sorts: tuple[Sort, ...], cue: str, question: str, *phrasings: str) -> Aspect:
    return Aspect(name, sorts, re.compile(cue), question, phrasings)


ASPECTS: tuple[Aspect, ...] = (
    _aspect(
        "definition",
        ("condition", "treatment"),
        r"\b(?:is|are) (?:an?|the|one|used|taken|put|another)\b|refers? to|referred to as|called|characteri[sz]|"
        r"include|consists|contains|involves|associated with|useful for",
        "What is {x}?",
        *("what is {x}", "what does {x} mean", "{x} meaning", "explain {x} to me", "tell me about {x}"),
        *("never heard of {x}", "what is meant by {x}"),
    ),
    _aspect(
        "anatomy",
        ("part",),
        r"locat|\bruns?\b|attach|group of|suppl(?:y|ies)|passes|function|rotat|\bsac\b|on top of|\bdeep\b|exit|connect",
        "What and where is the {n}?",
        *("where is the {n}", "what is the {n}", "what does the {n} do", "{x} location", "show me where the {n} is"),
    ),
    _aspect(
        "causes",
        ("condition",),
        r"caus|due to|secondary to|prone to|irritat|pressure|pinch|stress|strain|overload|brought on",
        "What causes {x}?",
        *("why do i have {x}", "what causes {x}", "how do you get {x}", "reasons for {x}", "where does {x} come from"),
    ),
    _aspect(
        "symptoms",
        ("condition",),
        r"symptom|present(?:s|ed)? with|\bpain\b|numb|weakness|worse|improves|felt|ache|swell",
        "What are the symptoms of {x}?",
        *("what does {x} feel like", "symptoms of {x}", "signs of {x}", "how do i know if i have {x}"),
    ),
    _aspect(
        "diagnosis",
        ("condition",),
        r"diagnos|imaging|\bscan|\bmri\b|assess|rul(?:e|ing) out|confirm",
        "How is {x} diagnosed?",
        *("how is {x} diagnosed", "test for {x}", "which scan shows {x}", "how do you find out if it is {x}"),
    ),
    _aspect(
        "treatment",
        ("condition",),
        r"treat|inject|therapy|rehabilitation|\boptions?\b|surgery|medicine",
        "How is {x} treated?",
        *("how is {x} treated", "treatment for {x}", "what helps {x}", "can {x} be cured", "what can you do for {x}"),
    ),
    _aspect(
        "procedure",
        ("treatment",),
        r"\btaken\b|\bput in\b|insert|needle|injected|separate|numbing|performed|first\b.*\bthen\b",
        "How is {x} done?",
        *("how is {x} done", "what happens during {x}", "{x} procedure", "{x} step by step", "how do they do {x}"),
    ),
    _aspect(
        "purpose",
        ("treatment",),
        r"\bhelps?\b|\baims?\b|stimulat|reduce|releas|healing|relie|effective",
        "How does {x} help?",
        *("how does {x} work", "what is {x} for", "why have {x}", "benefits of {x}", "does {x} help"),
    ),
    _aspect(
        "contents",
        ("treatment",),
        r"involves|contains|consists|anaesthetic|\bdose\b|ingredient",
        "What is in the {n}?",
        *("what is in the {n}", "what do you inject in a {n}", "which medicine is in the {n}"),
    ),
    _aspect(
        "test",
        ("treatment",),
        r"\btest\b|diagnos|confirm",
        "Can the {n} show what is wrong?",
        *("can the {n} be used as a test", "does the {n} confirm the diagnosis", "{x} to find out what is wrong"),
    ),
    _aspect(
        "rehabilitation",
        ("treatment",),
        r"rehabilitat|physiotherap|exercise",
        "How do the {n} and rehabilitation go together?",
        *("do i need rehab with the {n}", "physio after the {n}", "{x} and rehabilitation"),
    ),
    _aspect(
        "recovery",
        ("treatment", "condition"),
        r"recover|\bweeks?\b|\bmonths?\b|\bdays?\b|wears? off|\blasts?\b",
        "How long does {x} take to work or heal?",
        *("how long does {x} take", "recovery after {x}", "how long until {x} works"),
    ),
    _aspect(
        "side effects",
        ("treatment",),
        r"side[- ]effect|\brisks?\b|complication|bruis|infection|soreness",
        "What are the side effects of {x}?",
        *("side effects of {x}", "is {x} safe", "risks of {x}"),
    ),
    _aspect(
        "reason",
        ("scan",),
        r"assess|useful|\blook|\bshows?\b|rul(?:e|ing) out",
        "Why would I need {x}?",
        *("why do i need {x}", "what does {x} show", "reason for {x}", "what would {x} tell you"),
    ),
    _aspect(
        "use",
        ("scan",),
        r"useful|\bused?\b|guid|helps?\b|allows?",
        "What is {x} used for?",
        *("what is {x} used for", "uses of {x}", "what do you do with {x}"),
    ),
)

GUIDANCE = _aspect(
    "guidance",
    ("treatment",),
    r"guidance|guided|visuali[sz]",
    "Why is the {n} done under {s} guidance?",
    *("why is {s} used for the {n}", "does the {n} need {s}", "{x} without {s}", "why {s} guidance"),
)
