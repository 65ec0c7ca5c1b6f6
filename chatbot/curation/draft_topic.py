"""What may be asked about an article's topic as a whole, about its situations, and between the things in it."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from chatbot.curation.draft_aspects import ASPECTS
from chatbot.curation.draft_proposal import Proposal, Sentence, made
from chatbot.curation.draft_terms import Sort, Term, subject_of

_COMPARED: tuple[Sort, ...] = ("scan", "treatment", "condition")
_MOST_COMPARISONS = 4
_WORSE = re.compile(r"\bworse (?:after|when|with|on) (\w+ing(?: or \w+ing)?)")
_FELT = re.compile(r"\bpain (?:felt |is felt )?in the (\w+)(?! of\b)\b")
_RARE = re.compile(r"\brare|less common|uncommon|other causes")
_TREATS = re.compile(r"treat|\boptions?\b|administer|injected|help")
_CAUSE = re.compile(r"\bcauses?\b")


def about_topic(topic: str, said: Sequence[Sentence]) -> Iterator[Proposal]:
    """Its causes, rarer causes, scans and treatments."""
    causes = [s for s in said if _CAUSE.search(s.text.lower())]
    rare = [s for s in said if _RARE.search(s.text.lower())]
    scans = [s for s in said if any(term.sort == "scan" for term in s.terms) and _cue("diagnosis", s)]
    treated = [s for s in said if any(term.sort == "treatment" for term in s.terms) and _TREATS.search(s.text.lower())]
    yield from made("causes", f"What causes {topic}?", (f"why do i have {topic}", f"{topic} causes"), causes)
    yield from made("rare causes", f"What are the rarer causes of {topic}?", (f"unusual causes of {topic}",), rare)
    yield from made("imaging", f"Which scan is used for {topic}?", (f"scan for {topic}", f"mri for {topic}"), scans)
    yield from made("treatments", f"How is {topic} treated?", (f"what helps {topic}", f"{topic} treatment"), treated)


def situations(topic: str, said: Sequence[Sentence]) -> Iterator[Proposal]:
    """When it is worse, and where else it may be felt."""
    for sentence in said:
        worse = _WORSE.search(sentence.text.lower())
        if worse:
            subject = topic or (sentence.about.name if sentence.about else "it")
            doing = worse[1]
            phrasings = (f"worse when {doing}", f"pain when {doing}", f"why does it hurt {doing}")
            yield from made("situation", f"Why is {subject} worse after {doing}?", phrasings, [sentence])
        felt = _FELT.search(sentence.text.lower())
        if felt and sentence.about and not subject_of(sentence.text, [sentence.about]):
            name = sentence.about.name
            phrasings = (f"{name} in the {felt[1]}", f"can {name} cause {felt[1]} pain", f"{felt[1]} pain from {name}")
            yield from made("place", f"Can {name} be felt in the {felt[1]}?", phrasings, [sentence])


def comparisons(said: Sequence[Sentence]) -> Iterator[Proposal]:
    """Two scans, two treatments of one condition, two conditions that the article speaks about at length."""
    for sort in _COMPARED:
        rivals = [term for term in terms_of(said) if term.sort == sort and _weight(term, said) > 1]
        rivals = sorted(rivals, key=lambda term: -_weight(term, said))[:4]
        for one, other in list(combinations(rivals, 2))[:_MOST_COMPARISONS]:
            told = [s for term in (one, other) for s in [s for s in said if term in s.terms or term == s.about][:3]]
            question = f"What is the difference between {one.one} and {other.one}?"
            phrasings = (
                f"{one.name} or {other.name}",
                f"{one.name} vs {other.name}",
                f"is {one.name} better than {other.name}",
            )
            yield from made("difference", question, phrasings, told)


def terms_of(said: Sequence[Sentence]) -> list[Term]:
    """Every term that the sentences speak about, each once."""
    return list(dict.fromkeys(term for sentence in said for term in (sentence.about, *sentence.terms) if term))


def _cue(name: str, sentence: Sentence) -> bool:
    return any(aspect.name == name and aspect.cue.search(sentence.text.lower()) for aspect in ASPECTS)


def _weight(term: Term, said: Sequence[Sentence]) -> int:
    return sum(term in sentence.terms or term == sentence.about for sentence in said)
