"""The blocks of a reply as the HTTP API sends them."""

from collections.abc import Iterable

from chatbot.dialogue import reply
from web import schema


def phone_link(number: str) -> str:
    """The link that dials a number."""
    return "tel:" + "".join(c for c in number if c.isdigit() or c == "+")


def render(blocks: Iterable[reply.Block]) -> tuple[schema.Block, ...]:
    """Each block as its model."""
    return tuple(_render(block) for block in blocks)


def _render(block: reply.Block) -> schema.Block:
    match block:
        case reply.Paragraph(spans):
            return schema.Paragraph(type="paragraph", spans=_spans(spans))
        case reply.BulletList(items):
            return schema.BulletList(type="list", items=tuple(_spans(item) for item in items))
        case reply.Phone(number):
            return schema.Phone(type="phone", number=number, link=phone_link(number))
        case reply.Booking(url):
            return schema.Booking(type="booking", url=url)
        case reply.SourceLink(title, section, url):
            return schema.Source(type="source", title=title, section=section, url=url)
        case reply.Choices(title, offered, escape):
            choices = tuple(schema.Choice(intent=each.intent, question=each.question) for each in offered)
            return schema.Choices(type="choices", title=title, choices=choices, escape=escape)
        case reply.SafetyLine(text):
            return schema.SafetyLine(type="safety_line", text=text)
        case reply.SafetyCard(tier, heading, bullets, calls):
            return schema.SafetyCard(
                type="safety_card",
                tier=tier,
                heading=heading,
                bullets=bullets,
                calls=tuple(schema.Call(label=c.label, number=c.number, link=c.link, spoken=c.spoken) for c in calls),
            )


def _spans(spans: Iterable[reply.Span]) -> tuple[schema.Span, ...]:
    return tuple(schema.Span(text=span.text, strong=span.strong, url=span.url) for span in spans)
