"""Whether an answer says more than its article: numbers and medical terms that the article does not have."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chatbot.curation.lint_base import Desk
from chatbot.curation.prose import words
from chatbot.knowledge.model import Article, Intent, Source
from chatbot.knowledge.problems import Problem
from chatbot.language.english import load_common
from chatbot.language.text import normalise

#: Words beyond the most frequent ones count as medical; patients know the words of everyday English.
_COMMON = 10_000
_MEDICAL = re.compile(
    r"\w{2,}(?:itis|opath(?:y|ies)|os[ie]s|otom(?:y|ies)|ectom(?:y|ies)|algia|itides|oma|aemia|emia|plasty|scopy|gram|"
    r"steroids?|caine)"
)
#: Rare in the word list, but plain.
_PLAIN = frozenset("cannot faq nav outwards sat".split())

_NUMBER = re.compile(r"(?<![\w.,])[a-z]?\d+(?:[.,]\d+)*(?![\w])", re.IGNORECASE)
_AMOUNT = re.compile(
    r"\b(one|two|three|four|five|six|seven|eight|nine|ten|twelve|half|dozens?|hundreds?) (?:of )?"
    r"((?:second|minute|hour|day|week|month|year|time|injection|session|dose|visit|per ?cent)s?)\b",
    re.IGNORECASE,
)
_ENDINGS = tuple(
    (re.compile(ending), instead)
    for ending, instead in (
        (r"ies$", "y"),
        (r"(?:es|s|ed|d|ing|ly)$", ""),
        (r"(?:ed|ing)$", "e"),
        (r"(?<=.)(.)\1(?:ed|ing)$", r"\1"),
        (r"(?:s|d)$", ""),
    )
)
_EMERGENCY = frozenset({"111", "999"})


@dataclass(frozen=True)
class Evidence:
    """The words of an article, and the words that the clinic uses for them."""

    text: str
    words: frozenset[str]
    synonyms: tuple[frozenset[str], ...]

    def says(self, phrase: str) -> bool:
        """Whether the article has the words as they stand."""
        return f" {normalise(phrase)} " in self.text

    def has(self, term: str) -> bool:
        """Whether the article has the term, another form of it, or a synonym from the lexicon."""
        if self._has_form(term):
            return True
        others = {other for group in self.synonyms if term in group for other in group}
        return any(self.says(other) or self._has_form(other) for other in others)

    def _has_form(self, term: str) -> bool:
        return term in self.words or any(_same(term, word) for word in self.words)


def lint_facts(desk: Desk, articles: Path) -> Iterator[Problem]:
    """Compare every answer with the texts of its articles in a folder; without their texts it is left out."""
    if not articles.is_dir():
        yield Problem(str(articles), 0, "no-articles", "There is no such folder of articles. Check its name.")
        return
    library = {name: _read(articles, article) for name, article in desk.knowledge.articles.items()}
    evidence = {name: _evidence(desk, text) for name, text in library.items() if text}
    unread: Counter[str] = Counter()
    for intent in desk.answers():
        cited = [source.article for source in intent.source or () if isinstance(source, Source)]
        missing = {name for name in cited if name not in evidence}
        unread.update(missing)
        if cited and not missing:
            yield from _answer(desk, intent, [evidence[name] for name in dict.fromkeys(cited)])
    yield from _unread(desk, unread)


def _read(folder: Path, article: Article) -> str:
    """The article's text, with its title and sections; empty where the folder does not have it."""
    path = folder / Path(article.file).name if article.file else None
    if path is None or not path.is_file():
        return ""
    return "\n".join([article.title, *article.sections, path.read_text(encoding="utf-8", errors="replace")])


def _evidence(desk: Desk, article: str) -> Evidence:
    clinic = desk.knowledge.clinic
    text = normalise(f"{article}\n{clinic.name}\n{clinic.address}\n{clinic.clinician}")
    groups = tuple(frozenset(normalise(word) for word in group) for group in desk.knowledge.lexicon.synonyms)
    return Evidence(f" {text} ", frozenset(text.split()), groups)


def _answer(desk: Desk, intent: Intent, cited: list[Evidence]) -> Iterator[Problem]:
    for number in dict.fromkeys(_NUMBER.findall(intent.answer)):
        if number not in _EMERGENCY and not any(evidence.says(number) for evidence in cited):
            message = f"the number {number} is not in the article. Remove it, or cite where it comes from."
            yield desk.problem(intent, "number-not-in-article", message, "answer", level="error")
    for amount in _AMOUNT.finditer(intent.answer):
        if not any(evidence.says(amount[0]) for evidence in cited):
            message = f"'{amount[0]}' is not in the article. Remove it, or cite where it comes from."
            yield desk.problem(intent, "number-not-in-article", message, "answer")
    for term in medical_terms(intent.answer):
        if not any(evidence.has(term) for evidence in cited):
            message = f"'{term}' is not in the article. Use the article's word, or cite where it comes from."
            yield desk.problem(intent, "term-not-in-article", message, "answer")


def medical_terms(text: str) -> Iterator[str]:
    """The words of a text that are medical by their ending or too rare for everyday English, each once."""
    bare = [part.lower() for word in words(text) if not word.startswith("{") for part in re.split(r"\W+", word)]
    common = load_common(_COMMON)
    for word in dict.fromkeys(bare):
        plain = word in _PLAIN or any(form in common for form in (word, *_simpler(word)))
        if len(word) > 2 and word.isalpha() and (_MEDICAL.fullmatch(word) or not plain):
            yield word


def _simpler(word: str) -> Iterator[str]:
    """What the word may be a form of: plural, past, -ing or -ly."""
    for ending, instead in _ENDINGS:
        if ending.search(word):
            yield ending.sub(instead, word)


def _same(term: str, word: str) -> bool:
    """Whether two words are forms of one: alike but for an ending of up to four letters."""
    stem = max(4, len(term) - 4)
    return len(term) >= 4 and word[:stem] == term[:stem] and abs(len(word) - len(term)) <= 4


def _unread(desk: Desk, counts: Counter[str]) -> Iterator[Problem]:
    file = desk.lines.named("articles.yaml")
    for name, count in sorted(counts.items()):
        message = f"{name} has no text in the folder of articles: {count} answers that cite it were not compared."
        yield Problem(file, desk.lines.at(file, "articles", name), "article-not-read", message, "notice")
