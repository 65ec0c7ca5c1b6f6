"""What is sent: typed blocks, which each surface renders in its own way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from chatbot.dialogue.safety import Alert
from chatbot.knowledge.model import Clinic, Intent, Knowledge
from chatbot.knowledge.safety_rules import SafetyRules

_MARKDOWN = MarkdownIt("commonmark")


@dataclass(frozen=True)
class Span:
    """A run of text; strong or a link where so marked."""

    text: str
    strong: bool = False
    url: str | None = None


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    spans: tuple[Span, ...]


@dataclass(frozen=True)
class BulletList:
    """A list."""

    items: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True)
class Phone:
    """The number to call."""

    number: str


@dataclass(frozen=True)
class Booking:
    """The page to book on."""

    url: str


@dataclass(frozen=True)
class SourceLink:
    """Where an answer comes from, an article once with all its sections; no address for the clinic's own facts."""

    title: str
    section: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Choice:
    """A question to choose, by its intent."""

    intent: str
    question: str


@dataclass(frozen=True)
class Choices:
    """Questions to choose from; `escape` is the label of "none of these", where there is one."""

    title: str
    choices: tuple[Choice, ...]
    escape: str | None = None


@dataclass(frozen=True)
class SafetyLine:
    """One line that says what to do if it is urgent."""

    text: str


@dataclass(frozen=True)
class Call:
    """A service to call or text: what the button says, the number, its link, and how to say it aloud."""

    label: str
    number: str
    link: str
    spoken: str

    @property
    def words(self) -> str:
        """The label with its number, for where nothing can be pressed."""
        return self.label if any(c.isdigit() for c in self.label) else f"{self.label}: {self.number}"


@dataclass(frozen=True)
class SafetyCard:
    """An alert: one action as the heading, short bullets, numbers to call."""

    tier: str
    heading: str
    bullets: tuple[str, ...]
    calls: tuple[Call, ...]


Block = Paragraph | BulletList | Phone | Booking | SourceLink | Choices | SafetyLine | SafetyCard


@dataclass(frozen=True)
class Reply:
    """The blocks of a reply, in order."""

    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        """The reply as plain text, a block a paragraph."""
        return "\n\n".join(_plain(block) for block in self.blocks)


def paragraph(text: str) -> Paragraph:
    """A paragraph of plain text."""
    return Paragraph((Span(text),))


def contact(clinic: Clinic) -> tuple[Block, ...]:
    """How to reach the clinic."""
    return Phone(clinic.phone), Booking(str(clinic.booking_url))


def choices(intents: Iterable[Intent], title: str, escape: str | None = None) -> Choices:
    """The questions of intents, to choose from."""
    return Choices(title, tuple(Choice(intent.id, intent.question) for intent in intents), escape)


def answer(intent: Intent, knowledge: Knowledge) -> tuple[Block, ...]:
    """The curated text of an intent, its sources, and the contact where the clinic must answer."""
    blocks = [*markdown(_filled(intent.answer, knowledge.clinic))]
    if intent.kind == "handoff":
        blocks.extend(contact(knowledge.clinic))
    return (*blocks, *_sources(intent, knowledge))


def safety_card(alert: Alert, rules: SafetyRules) -> tuple[Block, ...]:
    """The card of an alert and, where a less serious rule was met too, one line for that."""
    posts = [rules.signposts[name] for name in alert.card.call]
    calls = tuple(Call(post.label, post.show, post.link, post.spoken) for post in posts)
    card = SafetyCard(alert.tier, alert.card.heading, alert.card.lines, calls)
    return (card, *map(SafetyLine, alert.also))


@lru_cache(maxsize=1_000)
def markdown(text: str) -> tuple[Block, ...]:
    """Blocks of the Markdown subset: paragraphs, lists, bold, links. Remembered: parsing takes longer than the rest."""
    blocks: list[Block] = []
    items: list[tuple[Span, ...]] | None = None
    for token in _MARKDOWN.parse(text):
        if token.type == "bullet_list_open":
            items = []
        elif token.type == "bullet_list_close" and items is not None:
            blocks.append(BulletList(tuple(items)))
            items = None
        elif token.type == "inline" and items is not None:
            items.append(_spans(token.children or ()))
        elif token.type == "inline":
            blocks.append(Paragraph(_spans(token.children or ())))
    return tuple(blocks)


def _spans(tokens: Sequence[Token]) -> tuple[Span, ...]:
    spans: list[Span] = []
    strong, url = False, None
    for token in tokens:
        if token.type in {"strong_open", "strong_close"}:
            strong = token.type == "strong_open"
        elif token.type == "link_open":
            url = str(token.attrs["href"])
        elif token.type == "link_close":
            url = None
        elif token.type == "softbreak":
            spans.append(Span(" "))
        elif token.content:
            spans.append(Span(token.content, strong, url))
    return tuple(spans)


def _filled(text: str, clinic: Clinic) -> str:
    particulars = {
        "{phone}": clinic.phone,
        "{address}": clinic.address,
        "{clinic}": clinic.name,
        "{clinician}": clinic.clinician,
    }
    for placeholder, value in particulars.items():
        text = text.replace(placeholder, value)
    return text


def _sources(intent: Intent, knowledge: Knowledge) -> tuple[SourceLink, ...]:
    if intent.source == "clinic":
        return (SourceLink(knowledge.clinic.name),)
    sections: dict[str, list[str]] = {}
    for source in intent.source or ():
        sections.setdefault(source.article, []).append(source.section)
    articles = ((knowledge.articles[name], "; ".join(named)) for name, named in sections.items())
    return tuple(SourceLink(article.title, named, str(article.url)) for article, named in articles)


def _plain(block: Block) -> str:
    match block:
        case Paragraph(spans):
            return _plain_spans(spans)
        case BulletList(items):
            return "\n".join(f"- {_plain_spans(item)}" for item in items)
        case Phone(number):
            return f"Phone: {number}"
        case Booking(url):
            return f"Book online: {url}"
        case SourceLink(title, section, url):
            return "Source: " + ", ".join(part for part in (title, section, url) if part)
        case Choices(title, offered, escape):
            lines = [f"{place}. {choice.question}" for place, choice in enumerate(offered, start=1)]
            return "\n".join([title, *lines, *([f"{len(lines) + 1}. {escape}"] if escape else [])])
        case SafetyLine(text):
            return text
        case SafetyCard(_, heading, bullets, calls):
            return "\n".join([heading, *(f"- {bullet}" for bullet in bullets), *(call.words for call in calls)])


def _plain_spans(spans: Sequence[Span]) -> str:
    return "".join(f"{span.text} ({span.url})" if span.url else span.text for span in spans)
