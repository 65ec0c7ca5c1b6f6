"""How replies, and the reasons for them, look in a terminal."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from itertools import pairwise

from rich.box import HEAVY
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.style import Style
from rich.table import Table
from rich.text import Text

from chatbot.dialogue.reply import (
    Block,
    Booking,
    BulletList,
    Call,
    Choices,
    Paragraph,
    Phone,
    Reply,
    SafetyCard,
    SafetyLine,
    SourceLink,
    Span,
)

#: Longer lines are hard to read; a pipe is given at least what old terminals had.
_WIDEST = 90
_PIPE_WIDTH = 80

#: Blocks that belong together are not set apart by an empty line.
_TOGETHER = ({Phone, Booking}, {SourceLink})


def open_console(*, plain: bool = False, stderr: bool = False) -> Console:
    """A console that shows text as it is written; `plain` keeps colour and style out even on a terminal."""
    console = Console(
        markup=False, emoji=False, highlight=False, stderr=stderr, force_terminal=False if plain else None
    )
    console.width = min(console.width, _WIDEST) if console.is_terminal else max(console.width, _PIPE_WIDTH)
    return console


def waiting(message: str) -> AbstractContextManager[object]:
    """A spinner while something takes long; nothing where the errors do not go to a terminal."""
    return Console(stderr=True).status(message)


def show(console: Console, reply: Reply) -> None:
    """Print a reply: with style on a terminal, as its plain text elsewhere."""
    if not console.is_terminal:
        console.print(reply.text, soft_wrap=True)
        return
    for before, block in pairwise((None, *reply.blocks)):
        if before and not any({type(before), type(block)} <= kinds for kinds in _TOGETHER):
            console.print()
        # Not cropped: an address longer than the line must stay whole, to be clicked or copied.
        console.print(render(block), crop=False)


def render(block: Block | None) -> RenderableType:
    """A block with style."""
    match block:
        case Paragraph(spans):
            return _text(spans)
        case BulletList(items):
            return _list(("•", _text(item)) for item in items)
        case Phone(number):
            telephone = f"tel:{''.join(number.split())}"
            return Text.assemble("Phone: ", (number, Style(bold=True, color="green", link=telephone)))
        case Booking(url):
            return Text.assemble("Book online: ", (url, Style(bold=True, color="green", link=url)))
        case SourceLink():
            return _source(block)
        case Choices():
            return _choices(block)
        case SafetyLine(text):
            return Text(text, style="bold yellow")
        case SafetyCard():
            return _card(block)
        case None:
            return Text()


def printable(text: str) -> str:
    """The text without control characters, which would steer the terminal."""
    return "".join(character if character.isprintable() else " " for character in text)


def _text(spans: Sequence[Span]) -> Text:
    text = Text()
    for span in spans:
        text.append(span.text, Style(bold=span.strong, underline=bool(span.url), link=span.url))
        if span.url:
            text.append(f" ({span.url})", "dim")
    return text


def _list(rows: Iterable[tuple[str, Text]]) -> Table:
    """Marks in a column, texts beside them."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right", min_width=4, style="cyan")
    grid.add_column()
    for row in rows:
        grid.add_row(*row)
    return grid


def _source(source: SourceLink) -> Group:
    title = Text(", ".join(filter(None, ("Source: " + source.title, source.section))), "dim")
    if source.url is None:
        return Group(title)
    return Group(title, Text(source.url, Style(dim=True, link=source.url), no_wrap=True, overflow="ignore"))


def _choices(block: Choices) -> Group:
    labels = [*(choice.question for choice in block.choices), *([block.escape] if block.escape else [])]
    rows = _list((f"{number}.", Text(label)) for number, label in enumerate(labels, start=1))
    return Group(Text(block.title, style="bold"), rows)


def _card(card: SafetyCard) -> Panel:
    heading = Text(card.heading, style="bold red")
    bullets = _list(("•", Text(bullet)) for bullet in card.bullets)
    calls = (Text(_call(call), Style(bold=True, link=call.link)) for call in card.calls)
    return Panel(Group(heading, bullets, *calls), box=HEAVY, border_style="red", padding=(1, 2))


def _call(call: Call) -> str:
    """The label, with the number where it has none: in a terminal there is no button behind it."""
    return call.label if any(map(str.isdigit, call.label)) else f"{call.label}: {call.number}"
