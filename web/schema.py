"""What the HTTP API takes and gives: requests are checked by these models, replies are made of them."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

MAX_MESSAGE = 1_000
#: The type of the mistake of a longer message.
TOO_LONG = "message_too_long"

Tier = Literal["emergency", "crisis", "urgent", "clinic"]


class Request(BaseModel):
    """What comes from outside: exact types, nothing unknown."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", use_attribute_docstrings=True)


class Response(BaseModel):
    """What we send; fields that have a default are left out where they have nothing to say."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    def json_bytes(self) -> bytes:
        """The JSON text, in UTF-8."""
        return self.__pydantic_serializer__.to_json(self, exclude_defaults=True)


def _short_enough(text: str) -> str:
    """As a check of its own, since OpenAPI would promise a 422 for it."""
    if len(text) > MAX_MESSAGE:
        raise PydanticCustomError(TOO_LONG, "A message may have 1,000 characters.")
    return text


class ChatMessage(Request):
    """A message of a patient."""

    message: Annotated[str, Field(min_length=1), AfterValidator(_short_enough)]
    """What was typed, or the text of the choice that was pressed: up to 1,000 characters, else 413."""
    state: str | None = None
    """The `state` of the reply before, if there was one."""
    choice: str | None = None
    """The intent of the choice that was pressed."""


class FeedbackMessage(Request):
    """Whether a reply helped."""

    turn: Annotated[str, Field(min_length=1)]
    """The `turn` of the reply."""
    helpful: bool
    reason: Literal["wrong_answer", "not_my_question", "unclear", "out_of_date", "other"] | None = None
    """What was wrong with the reply."""
    state: str | None = None
    """The `state` of the last reply."""


class Span(Response):
    """A run of text; strong or a link where so marked."""

    text: str
    strong: bool = False
    url: str | None = None


class Paragraph(Response):
    """A paragraph."""

    type: Literal["paragraph"]
    spans: tuple[Span, ...]


class BulletList(Response):
    """A list with an array of spans for each item."""

    type: Literal["list"]
    items: tuple[tuple[Span, ...], ...]


class Phone(Response):
    """The clinic's number."""

    type: Literal["phone"]
    number: str
    link: str


class Booking(Response):
    """The page to book on."""

    type: Literal["booking"]
    url: str


class Source(Response):
    """Where an answer comes from; without `url` the clinic itself supplied it."""

    type: Literal["source"]
    title: str
    section: str | None = None
    url: str | None = None


class Choice(Response):
    """A question to press."""

    intent: str
    question: str


class Choices(Response):
    """Questions to choose from; `escape` is the label of "none of these", where there is one."""

    type: Literal["choices"]
    title: str
    choices: tuple[Choice, ...]
    escape: str | None = None


class SafetyLine(Response):
    """What to do if it is urgent."""

    type: Literal["safety_line"]
    text: str


class Call(Response):
    """A service to call or text; `spoken` is its number in words."""

    label: str
    number: str
    link: str
    spoken: str


class SafetyCard(Response):
    """An alert, to be shown first and unmistakably."""

    type: Literal["safety_card"]
    tier: Literal["emergency", "crisis", "urgent"]
    heading: str
    bullets: tuple[str, ...]
    calls: tuple[Call, ...]


Block = Annotated[
    Paragraph | BulletList | Phone | Booking | Source | Choices | SafetyLine | SafetyCard,
    Field(discriminator="type"),
]


class ChatReply(Response):
    """The reply to a message."""

    turn: str
    """The name of this reply, for feedback."""
    kind: Literal["answer", "handoff", "smalltalk", "clarify", "fallback", "safety"]
    intents: tuple[str, ...]
    """The intents answered, or offered (`clarify`)."""
    tier: Tier | None
    blocks: tuple[Block, ...]
    state: str
    """To be sent with the next message; opaque."""
    notice: str | None = None
    """Why the conversation began anew, if it did."""


class Config(Response):
    """What the widget shows before the first message."""

    enabled: bool
    """Whether the chat is switched on."""
    name: str
    greeting: str
    starters: tuple[Choice, ...]
    phone: str
    phone_link: str
    booking_url: str
    safety_line: str
    privacy_url: str
    max_message: int
    retention_days: int
    """Days for which the question behind a thumb down is kept; 0: it is not."""


class Problem(Response):
    """A refusal (RFC 9457). It always says whom to call if it is urgent, and shows the card of an alarming message."""

    type: Literal["about:blank"]
    title: str
    status: int
    detail: str
    safety_line: str
    phone: str
    booking_url: str
    tier: Tier | None = None
    blocks: tuple[Block, ...] = ()


class Health(Response):
    """Whether the server, or a part of it, works."""

    status: Literal["ok", "unready"]
    knowledge: bool | None = None
    database: bool | None = None
