"""The settings: read from the environment, refused in words, documented."""

import re
from pathlib import Path

import pytest

from chatbot.errors import SettingError
from chatbot.settings import Settings, demo_key

DOCUMENT = (Path(__file__).parents[1] / "docs" / "deployment.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", Settings.names())
def test_every_setting_is_documented(name: str) -> None:
    assert re.search(rf"^\| `{name}`", DOCUMENT, re.MULTILINE)


def test_documented_defaults_are_those_in_force() -> None:
    """Where the table names a number, it is the one that holds."""
    rows = dict(re.findall(r"^\| `([A-Z_]+)`[ *]*\| (\d+) \|", DOCUMENT, re.MULTILINE))
    defaults = {field.alias: field.default for field in Settings.model_fields.values()}
    assert rows == {name: str(value) for name, value in defaults.items() if isinstance(value, int)}


def test_nothing_is_needed_but_a_key() -> None:
    settings = Settings.of_environment({})
    assert settings.database.startswith("sqlite:///")
    assert (settings.port, settings.sites, settings.proxies) == (8000, (), 0)
    with pytest.raises(SettingError, match="SECRET_KEY is not set") as refused:
        settings.require_key()
    assert "secrets.token_urlsafe" in str(refused.value)


def test_an_empty_variable_counts_as_none() -> None:
    assert Settings.of_environment({"PORT": " ", "CHATBOT_SITES": "", "SECRET_KEY": ""}) == Settings()


def test_sites_are_read_as_browsers_name_them() -> None:
    found = Settings.of_environment({"CHATBOT_SITES": "https://WWW.example.org/, https://example.org:8443,"})
    assert found.sites == ("https://www.example.org", "https://example.org:8443")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("SECRET_KEY", "short"),
        ("REDIS_URL", "http://127.0.0.1"),
        ("CHATBOT_SITES", "https://example.org/page"),
        ("CHATBOT_SITES", "example.org"),
        ("CHATBOT_SITES", "*"),
        ("CHATBOT_PROXIES", "-1"),
        ("CHATBOT_RETENTION_DAYS", "1.5"),
        ("CHATBOT_LOG_LEVEL", "chatty"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"^{name} cannot be used: "):
        Settings.of_environment({name: value})


def test_a_secret_that_is_refused_is_not_repeated() -> None:
    with pytest.raises(SettingError) as refused:
        Settings.of_environment({"SECRET_KEY": "sesame", "REDIS_URL": "http://user:sesame@host"})
    assert "sesame" not in str(refused.value)


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(SettingError) as refused:
        Settings.of_environment({"PORT": "x", "CHATBOT_WORKERS": "0"})
    assert len(str(refused.value).splitlines()) == 2


def test_secrets_do_not_show() -> None:
    settings = Settings(secret_key="s" * 40, database_url="postgresql://u:hidden@h/d", metrics_token="t" * 9)
    assert not re.search(r"s{40}|hidden|t{9}", repr(settings))


def test_the_key_of_the_demo_stays_and_is_for_this_user_alone(tmp_path: Path) -> None:
    key = demo_key(tmp_path / "data")
    assert demo_key(tmp_path / "data") == key
    assert len(key) >= 32
    assert (tmp_path / "data" / "demo-key").stat().st_mode & 0o777 == 0o600
