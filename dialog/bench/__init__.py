"""``dialog bench``: measure time and memory on the machine that runs it."""

from __future__ import annotations

import json
import subprocess

import click
from flask.cli import with_appcontext

from ..config import ROOT
from .cases import add_cases
from .large_meeting import large
from .report_during import report_during
from .scale_out import scale_out
from .servers import TIMEOUT, dialog_server, find_node


@click.group()
def bench() -> None:
    """Measure: the report in all its forms, or halls of phones beside the official Node server."""


add_cases(bench)
bench.add_command(large)
bench.add_command(report_during)
bench.add_command(scale_out)


@bench.command()
@click.option("--cards", default=1000, show_default=True, help="Cards in the made-up hall.")
@click.option("--rounds", default=5, show_default=True, help="Rounds after the first.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@with_appcontext
def report(cards: int, rounds: int, as_json: bool) -> None:
    """Time the report of a made-up hall as page, PDF, Word, Excel and CSV."""
    from . import report_timing

    results = report_timing.bench_report(cards, rounds=rounds)
    click.echo(report_timing.as_json(results) if as_json else report_timing.table(results))


@bench.command()
@click.option("--count", default=100, show_default=True, help="How many phones.")
def phones(count: int) -> None:
    """Join a server with phones that write one card each at once; print times and the server's memory."""
    runner = find_node()
    with dialog_server() as server:
        before = server.memory("VmRSS")
        hall = subprocess.Popen(  # noqa: S603  our own script
            [runner, "phones.mjs", server.address, server.code, str(count)],
            cwd=ROOT / "bench",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert hall.stdin is not None
        assert hall.stdout is not None
        line = hall.stdout.readline()
        if not line:
            raise click.ClickException("The phones did not finish; see above.")
        found = {
            **json.loads(line),
            "memory_before_mb": before,
            "memory_with_phones_mb": server.memory("VmRSS"),
            "memory_peak_mb": server.memory("VmHWM"),
        }
        hall.communicate("done\n", timeout=TIMEOUT)
    for name, value in found.items():
        click.echo(f"{name:<26}{value:>10}")
