"""Settings are read from the environment, and invalid ones prevent the start."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from dialog.config import Settings
from dialog.errors import ConfigurationError
from tests.live_server import ROOT, SECRET

GOOD = {"DIALOG_ENV": "production", "SECRET_KEY": SECRET}


@pytest.mark.parametrize(
    "secret",
    ["", "secret", "change-me", "dev", "short but fine", "a" * 64, "abc" * 20, "changeme" * 8, "0123456" * 6],
)
def test_production_does_not_start_with_a_missing_or_weak_secret(secret: str) -> None:
    with pytest.raises(ConfigurationError, match="SECRET_KEY"):
        Settings.from_env({"DIALOG_ENV": "production", "SECRET_KEY": secret})


def test_production_is_the_default_environment() -> None:
    assert Settings.from_env({"SECRET_KEY": SECRET}).environment == "production"
    with pytest.raises(ConfigurationError):
        Settings.from_env({})


def test_strong_secret_is_accepted_and_development_creates_one() -> None:
    assert Settings.from_env(GOOD).secret_key == SECRET
    one, two = (Settings.from_env({"DIALOG_ENV": "development"}).secret_key for _ in range(2))
    assert one != two
    assert len(one) >= 32


@pytest.mark.parametrize("debug", ["1", "true", "on", "yes"])
def test_production_does_not_start_in_debug_mode(debug: str) -> None:
    with pytest.raises(ConfigurationError, match="FLASK_DEBUG"):
        Settings.from_env({**GOOD, "FLASK_DEBUG": debug})
    assert Settings.from_env({**GOOD, "FLASK_DEBUG": "0"})
    assert Settings.from_env({"DIALOG_ENV": "development", "FLASK_DEBUG": debug})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("DIALOG_LIMITS", "perhaps"),
        ("DIALOG_ASYNC_MODE", "twisted"),
        ("DIALOG_ENV", "staging"),
        ("DIALOG_HEARTBEAT", "often"),
    ],
)
def test_invalid_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        Settings.from_env({**GOOD, name: value})


def test_every_setting_has_a_variable_and_a_reason() -> None:
    names = [item.metadata["env"] for item in fields(Settings)]
    assert len(names) == len(set(names))
    assert all(item.metadata["why"].endswith((".", "…")) for item in fields(Settings))


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("", "sqlite:///"),
        ("postgres://u@h/d", "postgresql+psycopg2://u@h/d"),
        ("postgresql://u@h/d", "postgresql+psycopg2://u@h/d"),
        ("postgresql+psycopg2://u@h/d", "postgresql+psycopg2://u@h/d"),
    ],
)
def test_database_url_is_normalised(given: str, address: str) -> None:
    assert Settings.from_env({**GOOD, "DATABASE_URL": given}).sqlalchemy_url.startswith(address)


def test_cookie_is_secure_when_the_public_url_is_https() -> None:
    config = Settings.from_env({**GOOD, "PUBLIC_URL": "https://dialog.example"}).flask_config()
    assert config["SESSION_COOKIE_SECURE"] is True
    assert config["SESSION_COOKIE_HTTPONLY"] is True
    assert config["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_server_with_invalid_settings_exits_with_advice(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "wsgi.py"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "DATA_DIR": str(tmp_path), "SECRET_KEY": "change-me"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode != 0
    assert "SECRET_KEY is missing or too weak" in done.stderr
    assert "Traceback" not in done.stderr
