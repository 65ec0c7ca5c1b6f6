"""Drafting from an article: which questions it answers, from which of its sentences, and what exists already.

A proposal has no answer, so that it cannot be published: a person writes the answer from the passage, and another
reviews it. Every sentence of a passage is the article's own; only questions and phrasings are made up.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from chatbot.curation.draft_article import ArticleText, sentences
from chatbot.curation.draft_aspects import ASPECTS, GUIDANCE, Aspect
from chatbot.curation.draft_particulars import particulars
from chatbot.curation.draft_proposal import MOST_SENTENCES, Proposal, Sentence, made
from chatbot.curation.draft_terms import PLAIN_HEADS, Term, find_terms, subject_of
from chatbot.curation.draft_topic import about_topic, comparisons, situations, terms_of
from chatbot.language.matcher import Matcher
from chatbot.language.wording import Reader

MOST_PROPOSALS = 80


def propose(article: ArticleText, reader: Reader, matcher: Matcher, most: int = MOST_PROPOSALS) -> tuple[Proposal, ...]:
    """The questions that an article answers, what it says most about first, compared with the existing intents."""
    drafts = dict[str, Proposal]()
    for proposal in _all(article, list(read_sentences(article))):
        drafts.setdefault(proposal.question, proposal)
    chosen = list(drafts.values())[:most]
    ranked = matcher.rank_many([reader.read(proposal.question).text for proposal in chosen])
    return tuple(replace(proposal, overlap=overlap) for proposal, overlap in zip(chosen, ranked))


def read_sentences(article: ArticleText) -> Iterator[Sentence]:
    """Every sentence with what it is about, pronouns and bare nouns such as "the muscle" included."""
    said = [text for section in article.sections for each in section.paragraphs for text in sentences(each)]
    terms = find_terms([section.heading for section in article.sections], said)
    number = 0
    for section in article.sections:
        about = next((term for term in terms if term.sort == "condition" and term.mentioned(section.heading)), None)
        for paragraph in section.paragraphs:
            number += 1
            before: tuple[Term, ...] = ()
            for text in sentences(paragraph):
                defined = subject_of(text, terms)
                about = defined if defined and defined.sort == "condition" else about
                before = _spoken_of(text, terms, before, about)
                yield Sentence(text, section.heading, number, about, before)


def _spoken_of(text: str, terms: Sequence[Term], before: tuple[Term, ...], about: Term | None) -> tuple[Term, ...]:
    direct = tuple(term for term in terms if term.mentioned(text))
    if re.match(r"(?:it|its|they|their|this|these|in (?:this|the))\b", text.lower()):
        return tuple(dict.fromkeys((*direct, *(before or ([about] if about else [])))))
    bare = re.match(r"(?:the|this) (\w+)", text.lower())
    if bare and PLAIN_HEADS.fullmatch(bare[1]):
        meant = [*before, *([] if about is None else [about]), *terms]
        named = next((t for t in meant if any(name.split()[-1] == bare[1] for name in t.names)), None)
        return tuple(dict.fromkeys((*direct, *([named] if named else before))))
    return direct


def _all(article: ArticleText, said: Sequence[Sentence]) -> Iterator[Proposal]:
    """Everything that may be asked: about the article's topic, about each term, between terms, about the clinic."""
    topic = _topic(article.title)
    if topic:
        yield from about_topic(topic, said)
    yield from particulars(article)
    yield from situations(topic, said)
    yield from comparisons(said)
    found = [each for term in terms_of(said) for each in _about_term(term, said)]
    yield from sorted(found, key=lambda each: -len(each.passage) if each.aspect != "definition" else -MOST_SENTENCES)


def _topic(title: str) -> str:
    """What the title is about, without its question."""
    asked = (
        re.search(r"\b(?:of|about|for) (.+?)\??$", title) if re.match(r"(?:what|how|why)\b", title.lower()) else None
    )
    return (asked[1] if asked else re.split(r"[,:?–-]\s", title + " ")[0]).strip(" ?").lower()


def _about_term(term: Term, said: Sequence[Sentence]) -> Iterator[Proposal]:
    for aspect in ASPECTS:
        if term.sort in aspect.sorts:
            told = [s for s in said if _tells(aspect, term, s)]
            yield from _asked(aspect, term, told)
    if term.sort == "treatment":
        told = [s for s in said if term in s.terms and GUIDANCE.cue.search(s.text.lower())]
        scan = next((t for s in told for t in s.terms if t.sort == "scan"), None)
        if scan:
            yield from _asked(GUIDANCE, term, told, scan.name)


def _tells(aspect: Aspect, term: Term, sentence: Sentence) -> bool:
    spoken = term in sentence.terms or (term == sentence.about and aspect.name != "definition")
    return spoken and aspect.cue.search(sentence.text.lower()) is not None


def _asked(aspect: Aspect, term: Term, told: Sequence[Sentence], scan: str = "") -> Iterator[Proposal]:
    names = dict.fromkeys((term.name, *term.names))
    phrasings = [phrasing.format(x=name, n=name, s=scan) for name in names for phrasing in aspect.phrasings]
    yield from made(aspect.name, aspect.question.format(x=term.one, n=term.name, s=scan), phrasings, told)
