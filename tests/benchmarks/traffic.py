"""What a clinic's website brings to its chat in a day: what the capacity page assumes, and a day of it."""

import random
from dataclasses import dataclass
from itertools import accumulate

#: Conversations that a clinic has in a day: about one for every 25 visitors of a site that a thousand people visit.
CONVERSATIONS = 40
#: How many of a hundred conversations have one message, two, three …
LENGTHS = {1: 35, 2: 25, 3: 20, 4: 12, 5: 8}
MESSAGES_A_CONVERSATION = sum(length * share for length, share in LENGTHS.items()) / sum(LENGTHS.values())
#: The share of replies that get a thumb.
THUMBS = 0.10
#: The share of messages that are not answered well, each worded differently, so that each is kept.
MISSED = 0.25
#: Conversations that begin in each hour of the day, as parts of a thousand: the late morning, after lunch, the evening.
HOURS = (6, 4, 3, 3, 4, 8, 18, 38, 66, 92, 98, 88, 66, 70, 78, 68, 56, 46, 44, 48, 44, 30, 14, 8)
#: Seconds between two messages of a conversation.
PAUSE = 30.0
#: How much busier the busiest minute is than the average of its hour.
BURST = 2.0


@dataclass(frozen=True)
class Conversation:
    """When it begins, as a share of the day; which clinic's site it comes from; how many messages it has."""

    begins: float
    clinic: int
    messages: int


def a_day(clinics: int, chance: random.Random) -> list[Conversation]:
    """The conversations of a day in the order of their beginnings."""
    number = clinics * CONVERSATIONS
    hours = chance.choices(range(24), cum_weights=list(accumulate(HOURS)), k=number)
    lengths = chance.choices(list(LENGTHS), weights=list(LENGTHS.values()), k=number)
    conversations = [
        Conversation((hour + chance.random()) / 24, place % clinics, length)
        for place, (hour, length) in enumerate(zip(hours, lengths))
    ]
    return sorted(conversations, key=lambda conversation: conversation.begins)


def messages_a_day(clinics: float) -> float:
    """Messages that the clinics' patients send in a day."""
    return clinics * CONVERSATIONS * MESSAGES_A_CONVERSATION


def messages_a_second_at_peak(clinics: float) -> float:
    """Messages a second in the busiest minute of the busiest hour."""
    return messages_a_day(clinics) * max(HOURS) / sum(HOURS) / 3600 * BURST
