"""``dialog run``: set up the database, load the example and serve, in one command."""

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
from .actions import LoadedExample, load_example
from .sign_in_help import base_address, sign_in_instructions

#: File with the example's sign-ins, in development only, so that the next start can show them again.
SIGN_INS_FILE = "example-sign-ins.json"
#: Seconds that the server gets to answer before the addresses are shown anyway.
READY_TIMEOUT = 60.0


def run(environ: Mapping[str, str]) -> int:
    """Migrate, load the example into an empty database, and serve; return the exit code."""
    given = {"DIALOG_ENV": "development", **environ}
    if given["DIALOG_ENV"] == "development" and not given.get("SECRET_KEY"):
        # The processes that this command starts share one key, which is new at every start.
        given["SECRET_KEY"] = secrets.token_urlsafe(48)
    settings = Settings.from_env(given)
    _refuse_taken_port(settings)
    words = _prepare(settings, given.get("DIALOG_DEMO_PASSWORD", ""))
    threading.Thread(target=_print_when_ready, args=(settings, words), daemon=True).start()
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
        loaded = LoadedExample()
        if db.session.scalar(select(User.id).limit(1)) is None:
            try:
                loaded = load_example(password)
            except DialogError as error:
                raise ConfigurationError(error.message) from None
            _save_sign_ins(settings, loaded)
        words = sign_in_instructions(settings, loaded if loaded.people else _saved_sign_ins(settings))
        db.session.remove()
        db.engine.dispose()
    return words


def _save_sign_ins(settings: Settings, loaded: LoadedExample) -> None:
    if settings.environment != "development":
        return
    file = settings.data_dir / SIGN_INS_FILE
    file.touch(mode=0o600)
    file.write_text(json.dumps({"people": loaded.people, "password": loaded.password}), encoding="utf-8")


def _saved_sign_ins(settings: Settings) -> LoadedExample:
    file: Path = settings.data_dir / SIGN_INS_FILE
    if settings.environment != "development" or not file.exists():
        return LoadedExample()
    found = json.loads(file.read_text(encoding="utf-8"))
    return LoadedExample(tuple(tuple(person) for person in found["people"]), found["password"])


def _print_when_ready(settings: Settings, words: str) -> None:
    address = base_address(settings) if not settings.public_url else f"http://{settings.host}:{settings.port}"
    ask = build_opener(ProxyHandler({}))
    until = time.monotonic() + READY_TIMEOUT
    while time.monotonic() < until:
        try:
            with ask.open(f"{address}/readyz", timeout=2):
                break
        except (URLError, OSError):
            time.sleep(0.2)
    click.echo(words)
