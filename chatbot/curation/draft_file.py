"""Proposals as a file for whoever writes the answers. It is no topic file: among the intents `check` refuses it."""

from collections.abc import Iterator, Sequence

from chatbot.curation.draft_article import ArticleText
from chatbot.curation.draft_proposal import Proposal
from chatbot.knowledge.yaml_write import scalar

_HEAD = (
    "# Proposals from an article. Nothing here is live, and nothing can be published before a person has written the",
    "# answer, in plain words and from the passage alone, and another has reviewed it.",
    "# passage: the article's own sentences. phrasings: made up; keep those that patients would type, and add to them.",
    "# exists: the intent that seems to ask the same; then look whether its answer lacks anything.",
)


def draft_lines(article: ArticleText, proposals: Sequence[Proposal]) -> Iterator[str]:
    """The lines of the file, in YAML; proposals for which no intent exists come first."""
    yield from _HEAD
    yield f"title: {scalar(article.title)}"
    yield "proposals:"
    for proposal in sorted(proposals, key=lambda each: bool(each.exists)):
        yield f"  - question: {scalar(proposal.question)}"
        yield f"    aspect: {proposal.aspect}"
        yield "    status: draft"
        if proposal.exists:
            yield f"    exists: {proposal.exists}"
        else:
            alike = ", ".join(f"{match.label} ({match.confidence:.2f})" for match in proposal.overlap)
            yield f"    alike: {scalar(alike)}" if alike else "    alike: nothing"
        yield f"    section: {scalar(proposal.section)}"
        yield from _listed("passage", proposal.passage)
        yield from _listed("phrasings", proposal.phrasings)
        yield '    answer: ""'


def _listed(name: str, texts: Sequence[str]) -> Iterator[str]:
    yield f"    {name}:"
    for text in texts:
        yield f"      - {scalar(text)}"
