"""The real server for tests: ``wsgi.py`` in a process of its own, with its own port and data folder."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask.sessions import SecureCookieSessionInterface

from dialog import create_app
from dialog.config import Settings
from dialog.db import db
from tests import prepared
from tests.processes import PATIENCE, end, free_port, wait_until

ROOT = Path(__file__).resolve().parent.parent
#: A key that is strong enough for production. All servers share it, so that sessions survive a restart.
SECRET = "a key that only the tests know: 7f2c91d0b4e85a63"


@dataclass
class LiveServer:
    """A running Dialog. ``url`` has no slash at its end."""

    data_dir: Path
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    #: The arguments of Python; a fault test runs the same program with a fault built in.
    program: tuple[str, ...] = ("wsgi.py",)
    #: Whether Python starts anew, as for an operator; otherwise ``prepared_server.py`` forks the process.
    afresh: bool = False
    process: subprocess.Popen[bytes] | prepared.Fork | None = None
    _app: Flask | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log_file(self) -> Path:
        return self.data_dir / "server.log"

    @property
    def log(self) -> str:
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    @property
    def pid(self) -> int:
        assert self.process, "the server was never started"
        return self.process.pid

    @property
    def environ(self) -> dict[str, str]:
        """The environment of the process, and of a command beside it (worker, backup)."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if name in {"PATH", "HOME", "LANG", "TZ", "TMPDIR"}
        }
        ours = {
            "DIALOG_ENV": "test",
            "SECRET_KEY": SECRET,
            "DATA_DIR": str(self.data_dir),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
        }
        return kept | ours | self.environment

    def start(self, *, wait: bool = True) -> LiveServer:
        if not self.afresh and prepared.can_fork(self.program, self.environment):
            self.process = prepared.start(self.program, self.environ, self.log_file)
        else:
            with self.log_file.open("ab") as log:
                self.process = subprocess.Popen(
                    [sys.executable, *self.program], cwd=ROOT, env=self.environ, stdout=log, stderr=log
                )
        if wait:
            self.wait_ready()
        return self

    def wait_ready(self, seconds: float = PATIENCE) -> None:
        """Wait until database (and Redis) answer; fail at once when the process has ended."""

        def ready() -> bool:
            if self.process and self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}:\n{self.log[-4000:]}")
            try:
                return self.get("/readyz").status == 200
            except OSError:
                return False

        wait_until(ready, f"the server on port {self.port}; its log says:\n{self.log[-4000:]}", seconds)

    def get(self, path: str, **headers: str) -> Reply:
        """Send a GET without cookies; header names have ``_`` for ``-``."""
        return self.request(
            "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    def post_json(self, path: str, body: Any, **headers: str) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request(
            "POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"} | named
        )

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Reply:
        """Send any request. An error status is returned like any other, and redirects are not followed."""
        request = urllib.request.Request(self.url + path, data=body, headers=headers or {}, method=method)
        try:
            with OPENER.open(request, timeout=PATIENCE) as answer:
                return Reply(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, dict(error.headers), error.read())

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a ``dialog`` command beside the running server, with the same settings."""
        return subprocess.run(
            [sys.executable, "-c", "from dialog.cli import main; main()", *arguments],
            cwd=ROOT,
            env=self.environ,
            capture_output=True,
            text=True,
            check=check,
            timeout=120,
        )

    @contextmanager
    def inside(self) -> Iterator[Flask]:
        """Open an application context on the server's own data, for factories, actions and queries in a test.

        The heartbeat delivers changes that are made here, as it does the worker's.
        """
        if self._app is None:
            settings = Settings.from_env(self.environ | {"DIALOG_ASYNC_MODE": "threading"})
            self._app = create_app(settings)
        with self._app.app_context():
            yield self._app
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()

    def session_cookie(self, user: Any) -> str:
        """Return the value of *user*'s session cookie; call it inside ``inside()``."""
        signer = SecureCookieSessionInterface().get_signing_serializer(current_app)
        assert signer
        return str(signer.dumps({"_user_id": user.get_id(), "_fresh": True, "browser": "test"}))

    def kill(self) -> None:
        """Kill the process with SIGKILL, so that it neither closes connections nor flushes files."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def freeze(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def restart(self) -> None:
        """Stop (if it still runs) and start again on the same port and data."""
        self.stop()
        self.start()

    def stop(self) -> None:
        if self.process:
            if self.process.poll() is None:
                self.thaw()
            end(self.process)


@dataclass(frozen=True)
class Reply:
    """The answer to an HTTP request."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any, **_named: Any) -> None:
        return None


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


def lay_database(template: Path, data_dir: Path) -> None:
    """Copy the migrated, empty SQLite database to where the server opens its own."""
    data_dir.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(template, data_dir / "dialog.db")
