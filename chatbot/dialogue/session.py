"""What is remembered between the turns of one conversation; it travels with the patient, not on the server."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Session:
    """The state of a conversation.

    topic: what is being talked about; intent: the last one answered; choices: intents on offer; clarifying:
    whether they were offered to find out what was meant; misses: turns in a row
    without an answer; alerted: whether a safety card was shown.
    """

    topic: str | None = None
    intent: str | None = None
    choices: tuple[str, ...] = ()
    clarifying: bool = False
    misses: int = 0
    alerted: bool = False
