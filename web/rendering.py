"""Blocks of a reply as HTML. Everything that staff or patients wrote is escaped here and nowhere marked as safe."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from markupsafe import Markup

from chatbot.dialogue.reply import (
    Block,
    Booking,
    BulletList,
    Call,
    Choice,
    Choices,
    Paragraph,
    Phone,
    SafetyCard,
    SafetyLine,
    SourceLink,
    Span,
)

_LINKED = {"http", "https", "mailto", "tel", "sms"}
_NOTHING = Markup("")


def rendered(blocks: Iterable[Block], questions: str = "") -> Markup:
    """The blocks as HTML; `questions` is the address of the page whose anchors the choices lead to."""
    return Markup("\n").join(_block(block, questions) for block in blocks)


def dialled(number: str) -> str:
    """A phone number as a `tel:` link takes it."""
    return "".join(character for character in number if character.isdigit() or character == "+")


def _block(block: Block, questions: str) -> Markup:
    match block:
        case Paragraph(spans):
            return Markup("<p>{}</p>").format(_spans(spans))
        case BulletList(items):
            return _list(_spans(item) for item in items)
        case Phone(number):
            return Markup('<p>Phone: <a href="tel:{}">{}</a></p>').format(dialled(number), number)
        case Booking(url):
            return Markup("<p>{}</p>").format(_link("Book online", url))
        case SourceLink():
            return _source(block)
        case Choices(title, choices, _):
            return Markup("<p>{}</p>\n{}").format(title, _list(_choice(choice, questions) for choice in choices))
        case SafetyLine(text):
            return Markup('<p class="urgent">{}</p>').format(text)
        case SafetyCard():
            return _card(block)


def _spans(spans: Iterable[Span]) -> Markup:
    return _NOTHING.join(_span(span) for span in spans)


def _span(span: Span) -> Markup:
    text = Markup("<strong>{}</strong>").format(span.text) if span.strong else Markup("{}").format(span.text)
    return _link(text, span.url) if span.url else text


def _link(text: str, url: str) -> Markup:
    """A link, or its text alone where the address is of a kind that runs something."""
    if urlsplit(url).scheme not in _LINKED:
        return Markup("{}").format(text)
    return Markup('<a href="{}">{}</a>').format(url, text)


def _list(items: Iterable[Markup]) -> Markup:
    return Markup("<ul>\n{}\n</ul>").format(Markup("\n").join(Markup("<li>{}</li>").format(item) for item in items))


def _source(source: SourceLink) -> Markup:
    title = f"{source.title}, {source.section}" if source.section else source.title
    shown = _link(title, source.url) if source.url else Markup("{}").format(title)
    return Markup('<p class="source">Source: {}</p>').format(shown)


def _choice(choice: Choice, questions: str) -> Markup:
    return Markup('<a href="{}#{}">{}</a>').format(questions, choice.intent, choice.question)


def _card(card: SafetyCard) -> Markup:
    calls = _NOTHING.join(_call(call) for call in card.calls)
    bullets = _list(Markup("{}").format(bullet) for bullet in card.bullets)
    return Markup('<section class="card">\n<h2>{}</h2>\n{}\n<p class="calls">{}</p>\n</section>').format(
        card.heading, bullets, calls
    )


def _call(call: Call) -> Markup:
    return Markup('<a class="button danger" href="{}">{}</a>').format(call.link, call.words)
