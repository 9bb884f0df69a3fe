"""All settings of Dialog, with defaults and reasons.

Only ``Settings.from_env`` reads the environment, so that tests, server and worker are configured
in the same way.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from .errors import ConfigurationError

#: The folder that holds the package, its templates, static files and migrations.
ROOT = Path(__file__).resolve().parent.parent
ASYNC_MODES = ("eventlet", "gevent", "threading")
#: Most bytes that a form of somebody signed in may hold as text, and with the files that come along.
FORM_MAX, UPLOAD_MAX = 2 * 1024 * 1024, 8 * 1024 * 1024
#: Placeholder words that production refuses as a secret.
_WEAK_SECRETS = {"secret", "change-me", "changeme", "dev", "development", "password"}


def _setting(default: Any, env: str, why: str) -> Any:
    return field(default=default, metadata={"env": env, "why": why})


@dataclass(frozen=True)
class Settings:
    """The settings of an installation. The reference shows each field's ``why``."""

    environment: str = _setting(
        "production", "DIALOG_ENV", "production, development or test. Only production is strict."
    )
    secret_key: str = _setting(
        "",
        "SECRET_KEY",
        "Signs the session cookie; 32 characters or more. No default: production does not start without.",
    )
    data_dir: Path = _setting(
        Path("var"), "DATA_DIR", "Where SQLite, the job queue and backups live when nothing else is set."
    )
    database_url: str = _setting(
        "", "DATABASE_URL", "Empty means SQLite in DATA_DIR. PostgreSQL: postgresql+psycopg2://…"
    )
    redis_url: str = _setting(
        "", "REDIS_URL", "Set when several processes serve: wakes the other processes, holds the job queue."
    )
    host: str = _setting("127.0.0.1", "HOST", "The address to listen on; 0.0.0.0 behind a proxy.")
    port: int = _setting(8000, "PORT", "The port to listen on.")
    async_mode: str = _setting(
        "eventlet", "DIALOG_ASYNC_MODE", "eventlet, gevent or threading. Never guessed, so never a surprise."
    )
    public_url: str = _setting(
        "",
        "PUBLIC_URL",
        "The address residents type, such as https://dialog.kommun.se: in QR codes and as allowed origin. "
        "Empty: taken from the request.",
    )
    trusted_proxies: int = _setting(
        0, "TRUSTED_PROXIES", "How many proxies in front set X-Forwarded-For and -Proto. 0 believes none."
    )
    limits: bool = _setting(
        True, "DIALOG_LIMITS", "off lifts the limits on joining and writing, for load tests only."
    )
    heartbeat_seconds: float = _setting(
        5.0, "DIALOG_HEARTBEAT", "Seconds between two 'head' messages to every board."
    )
    ping_seconds: float = _setting(
        20.0, "DIALOG_PING", "Seconds between two pings; a phone that vanished is noticed after twice that."
    )
    direct_write: bool = _setting(
        True,
        "DIALOG_DIRECT_WRITE",
        "Broadcasts go straight to the sockets, past the libraries' queues: faster, by their private parts. "
        "With other versions than it knows they do not, and the log says so. off never does.",
    )
    max_request_kib: int = _setting(
        64,
        "MAX_REQUEST_KIB",
        "Largest JSON request, websocket message, or form of somebody who is not signed in, in KiB. Somebody "
        "signed in may send a form with 2 MiB of text, and 8 MiB with files.",
    )
    late_hours: int = _setting(
        24, "LATE_HOURS", "Hours after closing during which a device that joined in time may deliver cards."
    )
    log_level: str = _setting("INFO", "LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR.")
    language: str = _setting("sv", "DIALOG_LANGUAGE", "The language shown when the visitor has chosen none.")
    timezone: str = _setting("Europe/Stockholm", "DIALOG_TIMEZONE", "Times are stored in UTC and shown here.")

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read settings from *environ*; raise ``ConfigurationError`` that says what to do."""
        given: dict[str, Any] = {}
        for item in fields(cls):
            raw = environ.get(item.metadata["env"])
            if raw is None or raw == "":
                continue
            given[item.name] = _parse(item.name, item.metadata["env"], item.default, raw)
        settings = cls(**given).checked()
        debug = environ.get("FLASK_DEBUG", "").lower() not in ("", "0", "false", "no", "off")
        if debug and settings.environment == "production":
            raise ConfigurationError("FLASK_DEBUG shows the program's insides to visitors: leave it out.")
        return settings

    def checked(self) -> Settings:
        """Return settings that are safe to start with, or raise ``ConfigurationError``."""
        if self.async_mode not in ASYNC_MODES:
            raise ConfigurationError(
                f"DIALOG_ASYNC_MODE is {self.async_mode!r}; choose one of {', '.join(ASYNC_MODES)}."
            )
        if self.environment not in ("production", "development", "test"):
            raise ConfigurationError("DIALOG_ENV must be production, development or test.")
        if self.environment == "production":
            if (
                len(self.secret_key) < 32
                or self.secret_key.lower() in _WEAK_SECRETS
                or len(set(self.secret_key)) < 8
            ):
                raise ConfigurationError(
                    "SECRET_KEY is missing or too weak. Make one with: "
                    "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
                )
            return self
        if not self.secret_key:
            # A new key at every start is enough for development.
            return _replace(self, secret_key=secrets.token_urlsafe(48))
        return self

    @property
    def sqlalchemy_url(self) -> str:
        """Return the address of the database: SQLite in ``data_dir`` unless another is given."""
        if self.database_url:
            for short in ("postgres://", "postgresql://"):
                if self.database_url.startswith(short):
                    return "postgresql+psycopg2://" + self.database_url.removeprefix(short)
            return self.database_url
        return f"sqlite:///{(self.data_dir / 'dialog.db').resolve()}"

    @property
    def is_sqlite(self) -> bool:
        return self.sqlalchemy_url.startswith("sqlite")

    def flask_config(self) -> dict[str, Any]:
        """Return the settings under the names that Flask and its extensions use."""
        return {
            "SECRET_KEY": self.secret_key,
            "TESTING": self.environment == "test",
            "SQLALCHEMY_DATABASE_URI": self.sqlalchemy_url,
            "SESSION_COOKIE_NAME": "dialog_session",
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.public_url.startswith("https://"),
            "MAX_FORM_MEMORY_SIZE": FORM_MAX,
            "MAX_CONTENT_LENGTH": UPLOAD_MAX,
            "WTF_CSRF_TIME_LIMIT": None,  # a meeting lasts longer than an hour; tokens end with the session
            "WTF_CSRF_CHECK_DEFAULT": False,  # web/security.py checks it, except for bearer tokens
            "BABEL_DEFAULT_LOCALE": self.language,
            "BABEL_DEFAULT_TIMEZONE": self.timezone,
            "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "dialog" / "translations"),
            "COMPRESS_MIMETYPES": [
                "text/html",
                "text/css",
                "application/json",
                "image/svg+xml",
                "text/calendar",
            ],
        }


def _replace(settings: Settings, **changes: Any) -> Settings:
    values = {item.name: getattr(settings, item.name) for item in fields(settings)}
    return Settings(**{**values, **changes})


def _parse(name: str, env: str, default: Any, raw: str) -> Any:
    try:
        if isinstance(default, bool):
            if raw.lower() in ("on", "true", "yes", "1"):
                return True
            if raw.lower() in ("off", "false", "no", "0"):
                return False
            raise ValueError(raw)
        if isinstance(default, Path):
            return Path(raw)
        return type(default)(raw)
    except ValueError:
        raise ConfigurationError(
            f"{env} is {raw!r}, which is no {type(default).__name__} ({name})."
        ) from None
