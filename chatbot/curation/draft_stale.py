"""Articles that changed since they were last read, and the answers that cite what changed in them."""

from collections.abc import Mapping
from dataclasses import dataclass

from chatbot.curation.draft_article import ArticleText
from chatbot.errors import EditError
from chatbot.knowledge.edit import replace_intents
from chatbot.knowledge.edit_base import checked, with_fields
from chatbot.knowledge.files import load_knowledge, read_knowledge
from chatbot.knowledge.folder import KnowledgeFiles
from chatbot.knowledge.model import Article, Intent, Knowledge, Source
from chatbot.knowledge.yaml_places import YamlLines
from chatbot.knowledge.yaml_write import scalar

_FIELDS = ("title", "url", "file", "sections", "digests")


@dataclass(frozen=True)
class Stale:
    """An intent whose answer cites sections that are no longer what they were."""

    intent: Intent
    sections: tuple[str, ...]

    def __str__(self) -> str:
        changed = ", ".join(self.sections)
        return f"{self.intent.id}: changed in the article: {changed}. Read it, and review the answer."


def digests(article: Article, text: ArticleText) -> Mapping[str, str]:
    """A checksum for each section that answers may cite; that of the whole where the name is no heading in the text."""
    found = {section.heading.rstrip(":"): section.digest for section in text.sections}
    return {section: found.get(section.rstrip(":"), text.digest) for section in article.sections}


def find_stale(knowledge: Knowledge, article: str, text: ArticleText) -> tuple[Stale, ...]:
    """The intents that cite a section of the article which is no longer what was recorded.

    Raises:
        EditError: articles.yaml does not have the article.
    """
    known = _article(knowledge, article)
    now = digests(known, text)
    changed = {section for section, digest in known.digests.items() if now.get(section) != digest}
    found = []
    for intent in knowledge.intents():
        cited = [s for s in intent.source or () if isinstance(s, Source) and s.article == article]
        sections = tuple(dict.fromkeys(source.section for source in cited if source.section in changed))
        if sections:
            found.append(Stale(intent, sections))
    return tuple(found)


def record(files: KnowledgeFiles, article: str, text: ArticleText) -> KnowledgeFiles:
    """Note what the article says now; the answers that cite what changed wait for their review again.

    Raises:
        EditError: articles.yaml does not have the article, or the knowledge has errors.
    """
    knowledge = load_knowledge(files)
    stale = find_stale(knowledge, article, text)
    reading = read_knowledge(files)
    lines = YamlLines(files["articles.yaml"])
    noted = [
        f"  {scalar(section)}: {digest}" for section, digest in digests(_article(knowledge, article), text).items()
    ]
    lines.set_field(("articles", article), "digests", ["digests:", *noted], _FIELDS)
    files = checked(files.put("articles.yaml", str(lines)), reading)
    return replace_intents(files, [with_fields(each.intent, reviewed="pending") for each in stale])


def _article(knowledge: Knowledge, name: str) -> Article:
    if name not in knowledge.articles:
        raise EditError(f"There is no article '{name}'. articles.yaml has: {', '.join(knowledge.articles)}.")
    return knowledge.articles[name]
