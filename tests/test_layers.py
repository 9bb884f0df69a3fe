"""The layers hold: import-linter keeps the contracts that pyproject.toml states."""

from __future__ import annotations

from importlinter.cli import lint_imports

from tests.live_server import ROOT


def test_the_layers_hold() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0
