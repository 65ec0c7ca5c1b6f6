"""Whether an article still says what it said when the answers that cite it were written."""

from collections.abc import Iterator
from pathlib import Path

from chatbot.curation.draft_article import read_article
from chatbot.curation.draft_stale import find_stale
from chatbot.curation.lint_base import Desk
from chatbot.errors import ExchangeError
from chatbot.knowledge.problems import Problem


def lint_stale(desk: Desk, articles: Path) -> Iterator[Problem]:
    """Compare the articles' texts in a folder with what `draft --record` noted of them."""
    for name, article in desk.knowledge.articles.items():
        path = articles / Path(article.file).name if article.file else None
        if path is None or not path.is_file() or not article.digests:
            continue
        try:
            text = read_article(path.name, path.read_bytes())
        except ExchangeError as error:
            file = desk.lines.named("articles.yaml")
            yield Problem(file, desk.lines.at(file, "articles", name), "article-not-read", str(error), "warning")
            continue
        for stale in find_stale(desk.knowledge, name, text):
            sections = ", ".join(stale.sections)
            message = f"the article changed since the answer was written: {sections}. Read it, and review the answer."
            yield desk.problem(stale.intent, "stale", message, "source")
