"""What travels with the patient instead of being kept here: the conversation and each turn. Signed, not secret."""

import hmac
from dataclasses import dataclass, replace
from secrets import token_urlsafe
from typing import Literal

from itsdangerous import BadData, SignatureExpired, Signer, TimestampSigner
from itsdangerous.encoding import base64_decode, base64_encode
from itsdangerous.signer import SigningAlgorithm
from pydantic import TypeAdapter, ValidationError

from chatbot.bot import Turn
from chatbot.dialogue.session import Session

#: Longer ones were never made here.
_LONGEST = 4_096

Trouble = Literal["expired", "unknown"]


@dataclass(frozen=True)
class KeptTurn:
    """What feedback needs to know of a turn; its text stays with the patient unless they press "No"."""

    id: str
    intent: str | None
    text: str


@dataclass(frozen=True)
class Conversation:
    """A session with a name of its own, and the site that it belongs to."""

    id: str
    site: str
    session: Session


# A signature says that we made a token, but not that this version did.
_CONVERSATION = TypeAdapter(Conversation)
_TURN = TypeAdapter(KeptTurn)


class _Hmac(SigningAlgorithm):
    """HMAC in one call of OpenSSL: a third of the time of the library's own."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """The signature of a value."""
        return hmac.digest(key, value, "sha256")


class Tokens:
    """Writes and reads tokens; `lifetime` in seconds."""

    def __init__(self, key: str, lifetime: int) -> None:
        self._conversations = TimestampSigner(key, salt="conversation", algorithm=_Hmac())
        self._turns = Signer(key, salt="turn", algorithm=_Hmac())
        self._lifetime = lifetime

    def conversation(self, token: str | None, site: str) -> tuple[Conversation, Trouble | None]:
        """The conversation of a token, else a fresh one and why."""
        fresh = Conversation(token_urlsafe(9), site, Session())
        if token is None:
            return fresh, None
        try:
            if len(token) > _LONGEST:
                return fresh, "unknown"
            signed = self._conversations.unsign(token, max_age=self._lifetime)
            kept = _CONVERSATION.validate_json(base64_decode(signed))
        except SignatureExpired:
            return fresh, "expired"
        except (BadData, ValidationError):
            return fresh, "unknown"
        if kept.site != site:
            return fresh, "unknown"
        return kept, None

    def state(self, conversation: Conversation, turn: Turn) -> str:
        """The token of a conversation after a turn."""
        after = _CONVERSATION.dump_json(replace(conversation, session=turn.session), exclude_defaults=True)
        return self._conversations.sign(base64_encode(after)).decode()

    def turn(self, turn: Turn) -> str:
        """The name of a turn, from which feedback on it can be understood."""
        intent = turn.intents[0] if turn.intents else None
        kept = KeptTurn(token_urlsafe(9), intent, turn.text)
        return self._turns.sign(base64_encode(_TURN.dump_json(kept))).decode()

    def kept_turn(self, token: str) -> KeptTurn | None:
        """The turn of that name, if it is one that we gave."""
        try:
            return _TURN.validate_json(base64_decode(self._turns.unsign(token)))
        except (BadData, ValidationError):
            return None
