"""``dialog run``: from nothing to an evening that one can try, in one command."""

from __future__ import annotations

import json
import secrets
import socket
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import click
from flask_migrate import upgrade
from sqlalchemy import select

from .. import create_app
from ..config import Settings
from ..db import db
from ..errors import ConfigurationError, DialogError
from ..ops import supervisor
from ..people.models import User
from .loader import Loaded, load
from .sign_in_help import base_address, how_to_get_in

#: Where the example's sign-ins are kept, in development only, so that the next start can show them again.
KEPT = "example-sign-ins.json"
#: How long the server gets to answer before the addresses are shown anyhow.
PATIENCE = 60.0


def run(environ: Mapping[str, str]) -> int:
    """Migrate, load the example into an empty database, serve; returns the exit code."""
    given = {"DIALOG_ENV": "development", **environ}
    if given["DIALOG_ENV"] == "development" and not given.get("SECRET_KEY"):
        # Shared by the processes that are started from here, and new at every start.
        given["SECRET_KEY"] = secrets.token_urlsafe(48)
    settings = Settings.from_env(given)
    _refuse_taken_port(settings)
    words = _prepare(settings, given.get("DIALOG_DEMO_PASSWORD", ""))
    threading.Thread(target=_say_when_ready, args=(settings, words), daemon=True).start()
    return supervisor.run(given)


def _refuse_taken_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise ConfigurationError(
                f"port {settings.port} on {settings.host} cannot be used ({error.strerror}). "
                "Choose another: PORT=8001 make run"
            ) from None


def _prepare(settings: Settings, password: str) -> str:
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    app = create_app(replace(settings, async_mode="threading"))  # nothing is served from here
    with app.app_context():
        upgrade()
        loaded = Loaded()
        if db.session.scalar(select(User.id).limit(1)) is None:
            try:
                loaded = load(password)
            except DialogError as error:
                raise ConfigurationError(error.message) from None
            _keep(settings, loaded)
        words = how_to_get_in(settings, loaded if loaded.people else _kept(settings))
        db.session.remove()
        db.engine.dispose()
    return words


def _keep(settings: Settings, loaded: Loaded) -> None:
    if settings.environment != "development":
        return
    file = settings.data_dir / KEPT
    file.touch(mode=0o600)
    file.write_text(json.dumps({"people": loaded.people, "password": loaded.password}), encoding="utf-8")


def _kept(settings: Settings) -> Loaded:
    file: Path = settings.data_dir / KEPT
    if settings.environment != "development" or not file.exists():
        return Loaded()
    found = json.loads(file.read_text(encoding="utf-8"))
    return Loaded(tuple(tuple(person) for person in found["people"]), found["password"])


def _say_when_ready(settings: Settings, words: str) -> None:
    address = base_address(settings) if not settings.public_url else f"http://{settings.host}:{settings.port}"
    ask = build_opener(ProxyHandler({}))
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with ask.open(f"{address}/readyz", timeout=2):
                break
        except (URLError, OSError):
            time.sleep(0.2)
    click.echo(words)
