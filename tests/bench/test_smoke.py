"""The bench commands run in their smallest form; no test asserts a time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from dialog.bench.load_client import compile_client
from tests.live_server import ROOT, SECRET

pytestmark = pytest.mark.thorough

#: What a turn of few phones takes, several times over.
PATIENCE = 300


def bench(*arguments: str, **environment: str) -> str:
    """Return the output of ``dialog bench``."""
    command = [sys.executable, "-m", "dialog.cli", "bench", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def figures(said: str) -> dict[str, list[float]]:
    """Return the table of medians by name."""
    rows = [
        line.split() for line in said.splitlines() if "_ms " in line and not line.startswith(("goal", "with"))
    ]
    return {row[0]: [float(cell) for cell in row[1:]] for row in rows}


def test_bench_large_runs() -> None:
    said = bench("large", "--cards", "60", "--beside", "20", "--times", "2", "--rounds", "1")
    found = figures(said)
    for name in ("room_ms", "older_ms", "counts_ms", "change_ms", "sync_ms", "join_ms", "snapshot_page_ms"):
        full, nearly_empty, ratio = found[name]
        assert ratio == pytest.approx(full / nearly_empty, abs=0.02)
    assert "goal: sync_ms ≤ 3" in said


def test_bench_hall_runs(tmp_path: Path) -> None:
    """Without a C compiler, the command must say what to install."""
    if shutil.which("cc") is None:
        with pytest.raises(click.ClickException, match="install a C compiler"):
            compile_client(tmp_path)
        return
    said = bench("hall", "--count", "5", "--rate", "5", "--seconds", "1", "--warm-up", "0.5", "--rounds", "1")
    assert "seen_p95_ms ≤ 1.1" in said
    for wrong in ("LOST", "MISSING", "TWICE"):
        assert wrong not in said


def test_bench_report_runs(tmp_path: Path) -> None:
    said = bench("report", "--cards", "20", "--rounds", "1", SECRET_KEY=SECRET, DATA_DIR=str(tmp_path))
    for form in ("page", "pdf", "docx", "xlsx", "csv"):
        assert form in said


def test_missing_c_compiler_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(click.ClickException, match="install a C compiler"):
        compile_client(tmp_path)
