"""Generate reference pages from the code: ``python -m scripts.reference write | check``."""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path

import click

from dialog.cli import main as dialog
from dialog.config import Settings
from scripts import method_pages
from scripts.steps import ROOT, fail, say

REFERENCE = ROOT / "docs" / "reference"


def settings_page() -> str:
    """Return the page of all settings with defaults and reasons."""
    lines = [
        "# Settings",
        "",
        "Read from the environment when Dialog starts. Made from `dialog/config.py`.",
        "",
        "| variable | default | |",
        "|---|---|---|",
    ]
    for item in fields(Settings):
        default = item.default
        shown = ("on" if default else "off") if isinstance(default, bool) else str(default)
        lines.append(
            f"| `{item.metadata['env']}` | {f'`{shown}`' if shown else 'none'} | {item.metadata['why']} |"
        )
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """Return the page of all commands with their arguments."""
    lines = ["# Commands", "", "`dialog --help` says the same. Made from `dialog/cli.py`.", ""]
    context = click.Context(dialog, info_name="dialog")
    for name, command in sorted(dialog.commands.items()):
        lines += [f"## dialog {name}", "", "```text"]
        with click.Context(command, info_name=f"dialog {name}", parent=None, terminal_width=96) as own:
            lines += [command.get_help(own).replace("\b", "").rstrip(), "```", ""]
    context.close()
    return "\n".join(lines)


def pages() -> dict[str, str]:
    """Return the text of every generated page by file name."""
    return {"settings.md": settings_page(), "commands.md": commands_page(), **method_pages.pages()}


def outdated() -> list[Path]:
    """Return the pages that differ from the code, and those of methods that no longer exist."""
    wanted = {REFERENCE / name: text for name, text in pages().items()}
    obsolete = [path for path in (REFERENCE / "methods").glob("*.md") if path not in wanted]
    return obsolete + [
        path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def main() -> None:
    if sys.argv[1:] == ["write"]:
        for name, text in pages().items():
            (REFERENCE / name).parent.mkdir(exist_ok=True)
            (REFERENCE / name).write_text(text, encoding="utf-8")
            say(f"docs/reference/{name}")
    elif outdated():
        fail("The reference is behind the code; run: python -m scripts.reference write")


if __name__ == "__main__":
    main()
