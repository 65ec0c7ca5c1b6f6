"""The settings: read once from the environment, checked, and documented in docs/deployment.md."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from chatbot.errors import SettingError

#: How to make a key.
MAKE_A_KEY = "python -c 'import secrets; print(secrets.token_urlsafe(48))'"


def _origins(value: object) -> object:
    """Each address of a list with commas, as browsers name the site."""
    return (
        tuple(_origin(part.strip()) for part in value.split(",") if part.strip()) if isinstance(value, str) else value
    )


def _origin(text: str) -> str:
    parts = urlsplit(text)
    origin = f"{parts.scheme}://{parts.netloc}".lower()
    if parts.scheme not in {"http", "https"} or not parts.hostname or text.rstrip("/").lower() != origin:
        raise ValueError(
            "give the addresses of sites without a path, as in https://www.example.org,https://example.org"
        )
    return origin


def _redis(text: str) -> str:
    if text and urlsplit(text).scheme not in {"redis", "rediss", "unix"}:
        raise ValueError("give an address such as redis://127.0.0.1:6379/0")
    return text


class Settings(BaseModel):
    """Everything that may differ from one installation to the next."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, use_attribute_docstrings=True, hide_input_in_errors=True
    )

    intents: Path = Field(default=Path("intents"), alias="CHATBOT_INTENTS")
    """The folder with the questions and answers."""
    data: Path = Field(default=Path("data"), alias="CHATBOT_DATA")
    """The folder for what the server keeps by itself: the SQLite database, the key of the demo."""
    database_url: str = Field(default="", alias="DATABASE_URL", repr=False)
    """The database, as in `postgresql://user:password@host/name`; without it, an SQLite file in the data folder."""
    redis_url: Annotated[str, BeforeValidator(_redis)] = Field(default="", alias="REDIS_URL", repr=False)
    """Where rate limits are counted for all processes together; without it, each process counts for itself."""
    secret_key: str = Field(default="", alias="SECRET_KEY", min_length=32, repr=False)
    """Signs conversations and logins of staff. Needed in production, and the same on every machine."""
    host: str = Field(default="127.0.0.1", alias="CHATBOT_HOST")
    """The network address to listen on; `0.0.0.0` for all."""
    port: int = Field(default=8000, alias="PORT", ge=1, le=65_535)
    """The port to listen on."""
    workers: int = Field(default=2, alias="CHATBOT_WORKERS", ge=1, le=64)
    """Processes that answer."""
    threads: int = Field(default=4, alias="CHATBOT_THREADS", ge=1, le=64)
    """Threads of each process."""
    proxies: int = Field(default=0, alias="CHATBOT_PROXIES", ge=0, le=10)
    """Reverse proxies in front of the server; so many entries of `X-Forwarded-For` are trusted."""
    sites: Annotated[tuple[str, ...], BeforeValidator(_origins)] = Field(default=(), alias="CHATBOT_SITES")
    """The websites that carry the widget, as in `https://www.example.org,https://example.org`."""
    limit_address: int = Field(default=60, alias="CHATBOT_LIMIT_ADDRESS", ge=1, le=1_000_000)
    """Messages that one network address may send in a minute."""
    limit_session: int = Field(default=30, alias="CHATBOT_LIMIT_SESSION", ge=1, le=1_000_000)
    """Messages that one conversation may have in a minute."""
    session_hours: int = Field(default=12, alias="CHATBOT_SESSION_HOURS", ge=1, le=720)
    """Hours of silence after which a conversation begins anew."""
    retention_days: int = Field(default=30, alias="CHATBOT_RETENTION_DAYS", ge=0, le=365)
    """Days for which questions that were not answered well are kept; `0`: never stored."""
    metrics_token: str = Field(default="", alias="CHATBOT_METRICS_TOKEN", repr=False)
    """The bearer token that `/metrics` asks for; without it, anybody may read the counts."""
    log_level: Literal["info", "warning", "error"] = Field(default="info", alias="CHATBOT_LOG_LEVEL")
    """What goes to the log: `info` has a line for each request; `warning`; `error`."""
    contact: str = Field(default="", alias="CHATBOT_PRIVACY_CONTACT")
    """Whom the privacy page names for questions and complaints; without it, the clinic's phone."""

    @classmethod
    def of_environment(cls, environment: Mapping[str, str]) -> Self:
        """The settings in force; an empty variable counts as none.

        Raises:
            SettingError: some cannot be used; the message names each and says what to write.
        """
        given: dict[str, Any] = {name: environment[name].strip() for name in cls.names() if name in environment}
        try:
            return cls.model_validate({name: text for name, text in given.items() if text})
        except ValidationError as error:
            raise SettingError(
                "\n".join(f"{e['loc'][0]} cannot be used: {e['msg']}." for e in error.errors())
            ) from None

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The environment variables that are read."""
        return tuple(each.alias for each in cls.model_fields.values() if each.alias)

    @property
    def database(self) -> str:
        """The address of the database in force."""
        return self.database_url or f"sqlite:///{self.data.absolute() / 'chatbot.db'}"

    def require_key(self) -> None:
        """Refuse to go on without a key.

        Raises:
            SettingError: there is none; the message says how to make one.
        """
        if not self.secret_key:
            raise SettingError(
                "SECRET_KEY is not set. It signs conversations and logins, so the server does not start without it. "
                f"Make one, keep it, and give the same to every process:\n  {MAKE_A_KEY}"
            )


def demo_key(data: Path) -> str:
    """A key for trying things out: made once, and kept in the data folder for this user's eyes only."""
    path = data / "demo-key"
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    key = secrets.token_urlsafe(48)
    path.write_text(key, encoding="ascii")
    return key
