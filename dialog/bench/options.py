"""Command-line options that all load cases share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

Command = Callable[..., Any]


def load_options(
    *, count: int, rate: float, seconds: float = 10.0, turns: str
) -> Callable[[Command], Command]:
    """Return a decorator that adds the options of a load; *turns* is the help text of ``--rounds``."""
    options: tuple[Callable[[Command], Command], ...] = (
        click.option("--count", default=count, show_default=True, help="How many phones."),
        click.option("--rate", default=rate, show_default=True, help="Cards a second, of all together."),
        click.option("--seconds", default=seconds, show_default=True, help="How long each turn is measured."),
        click.option("--warm-up", default=4.0, show_default=True, help="Seconds before that."),
        click.option("--rounds", default=3, show_default=True, help=turns),
        click.option("--seed", default=2014, show_default=True, help="Decides which phone writes when."),
        click.option("--save", is_flag=True, help="Write bench/results/<date>.json."),
    )

    def with_options(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return with_options


settings_option = click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="A setting of ours."
)
