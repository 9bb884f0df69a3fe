"""The phones of a hall: ``bench/load.c``, compiled when it is needed."""

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

#: Longest that one turn of phones may take, besides the seconds it measures.
PATIENCE = 180


def compiled(folder: Path) -> str:
    compiler = shutil.which("cc")
    if compiler is None:
        raise click.ClickException("The phones are a small C program: install a C compiler (package gcc).")
    program = str(folder / "load")
    command = [compiler, "-O2", "-o", program, str(ROOT / "bench" / "load.c"), "-lm"]
    subprocess.run(command, check=True)  # noqa: S603  our own program
    return program


def measure(load: str, server: Server, plan: list[Any]) -> Figures:
    command = [load, server.doors, server.code, *map(str, plan)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=PATIENCE + plan[2] + plan[3])  # noqa: S603
    if done.returncode:
        raise click.ClickException(f"The phones at {server.name} did not finish; see above.")
    figures: Figures = json.loads(done.stdout)
    return figures
