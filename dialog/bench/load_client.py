"""The load client ``bench/load.c``, which simulates phones and is compiled when needed."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import click

from ..config import ROOT
from .results import Figures
from .servers import Server

#: Seconds that one turn may take besides the measured ones.
TIMEOUT = 180


def compile_client(folder: Path) -> str:
    compiler = shutil.which("cc")
    if compiler is None:
        raise click.ClickException("The phones are a small C program: install a C compiler (package gcc).")
    program = str(folder / "load")
    command = [compiler, "-O2", "-o", program, str(ROOT / "bench" / "load.c"), "-lm"]
    subprocess.run(command, check=True)  # noqa: S603  our own program
    return program


def run_load(load: str, server: Server, plan: list[Any]) -> Figures:
    command = [load, server.port_list, server.code, *map(str, plan)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=TIMEOUT + plan[2] + plan[3])  # noqa: S603
    if done.returncode:
        raise click.ClickException(f"The phones at {server.name} did not finish; see above.")
    figures: Figures = json.loads(done.stdout)
    return figures
