"""The options that every measuring of a load has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

Command = Callable[..., Any]


def of_a_load(*, count: int, rate: float, seconds: float = 10.0, turns: str) -> Callable[[Command], Command]:
    """Give a command its phones, cards, times, seed and ``--save``; *turns* says what a round is."""
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


our_settings = click.option(
    "--set", "settings", multiple=True, metavar="NAME=VALUE", help="A setting of ours."
)
