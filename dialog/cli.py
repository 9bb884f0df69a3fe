"""The command ``dialog`` for operators: thin subcommands that call the same actions as the pages."""

from __future__ import annotations

import getpass
import os
import secrets
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import FlaskGroup, with_appcontext
from flask_migrate import upgrade

from . import create_app
from .bench import bench
from .config import Settings
from .db import db, utcnow
from .errors import ConfigurationError, DialogError, Invalid
from .ops import supervisor
from .people.models import ROLES

#: Niceness of the worker, which shares the processor with live meetings.
WORKER_NICE = 10


def _app() -> Any:
    try:
        # A command serves no sockets, so it needs no green threads.
        return create_app(replace(Settings.from_env(os.environ), async_mode="threading"))
    except ConfigurationError as error:
        sys.exit(f"Dialog cannot start: {error}")


class Commands(FlaskGroup):
    """A group that finds commands without starting Dialog, so that help needs no settings."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return click.Group.list_commands(self, ctx)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        return click.Group.get_command(self, ctx, name)


@click.group(
    cls=Commands, create_app=_app, add_default_commands=False, add_version_option=False, load_dotenv=False
)
def main() -> None:
    """Dialog: citizen dialogue for municipalities."""


main.add_command(bench)


@main.command()
@with_appcontext
def migrate() -> None:
    """Bring the database up to this version."""
    prepare_database()


def prepare_database() -> None:
    """Make the data folder and bring the database up to this version."""
    settings: Settings = current_app.extensions["dialog_settings"]
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    db.session.remove()
    upgrade()


@main.command(with_appcontext=False)
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="How many live processes, on PORT and the ports after it; more than one needs PostgreSQL.",
)
def serve(workers: int) -> None:
    """Serve pages and sockets and run the job worker, until told to stop.

    SIGHUP replaces the processes one at a time, as after an upgrade.
    """
    try:
        sys.exit(supervisor.run(os.environ, workers))
    except ConfigurationError as error:
        sys.exit(f"Dialog cannot start: {error}")


@main.command()
@with_appcontext
def worker() -> None:
    """Make files and do other heavy work, until told to stop. Part of ``serve``."""
    from .work.worker import run_worker

    os.nice(WORKER_NICE)
    run_worker()


@main.command()
@click.option("--password", envvar="DIALOG_DEMO_PASSWORD", default="", help="Everybody's; empty makes one.")
@with_appcontext
def demo(password: str) -> None:
    """Load the example evening, and say how to get in. Loading it again changes nothing."""
    from .example.actions import load_example
    from .example.sign_in_help import sign_in_instructions

    prepare_database()
    try:
        loaded = load_example(password)
    except DialogError as error:
        raise click.ClickException(_reason(error)) from None
    click.echo(sign_in_instructions(current_app.extensions["dialog_settings"], loaded))


@main.command(with_appcontext=False)
def run() -> None:
    """Try Dialog on this machine: bring up the database, load the example if it is empty, serve.

    Without DIALOG_ENV it runs for development; a municipality's own installation uses ``serve``.
    """
    from .example import first_run

    try:
        sys.exit(first_run.run(os.environ))
    except ConfigurationError as error:
        sys.exit(f"Dialog cannot start: {error}")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write everything to FILE, while Dialog runs. The file holds personal data: keep it safe."""
    from .ops import backup as backups

    try:
        made = backups.create_backup(file)
    except (backups.BackupError, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{file}: {sum(made.rows.values())} rows, {made.rows['card']} of them cards.")


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
def restore(file: Path, yes: bool) -> None:
    """Put back what FILE holds, while Dialog runs. What is there now is kept beside, as a backup."""
    from .ops import backup as backups

    settings: Settings = current_app.extensions["dialog_settings"]
    previous = settings.data_dir / "backups" / f"before-restore-{utcnow():%Y%m%dT%H%M%S%f}.zip"
    try:
        made = backups.verify(file)
        when = made.made_at.strftime("%Y-%m-%d %H:%M UTC")
        if not yes:
            click.confirm(f"Go back to {when}, with {made.rows['card']} cards?", abort=True)
        backups.restore(file, previous)
    except (backups.BackupError, OSError) as error:
        raise click.ClickException(str(error)) from None
    except DialogError as error:
        raise click.ClickException(_reason(error)) from None
    click.echo(f"Everything is as it was {when}. What was there before is in {previous}.")
    click.echo("Devices notice within seconds. Everybody on the staff has to sign in again.")


@main.command()
@with_appcontext
def check() -> None:
    """Look whether settings, database and worker are as they have to be."""
    from .ops.checks import findings

    good = True
    for fine, sentence in findings():
        good = good and fine
        click.echo(("  " if fine else "! ") + sentence)
    sys.exit(0 if good else 1)


def _reason(error: DialogError) -> str:
    """Return why an action was refused, in one line."""
    fields = error.fields.values() if isinstance(error, Invalid) else ()
    return "; ".join(str(fault) for fault in fields) or error.message


@main.command("create-user")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--organisation", required=True, help="Made if there is none of this name.")
@click.option(
    "--role", "roles", multiple=True, type=click.Choice(ROLES), default=["administrator"], show_default=True
)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_appcontext
def create_user(
    email: str, name: str, organisation: str, roles: tuple[str, ...], password_stdin: bool
) -> None:
    """Make a user, and the organisation if it is new. Asks for the password, or makes one when left empty."""
    from .dialogues.seed_actions import create_user_in

    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    elif sys.stdin.isatty():
        password = getpass.getpass("Password (empty: make one): ")
    else:
        password = ""
    made = password or secrets.token_urlsafe(12)
    try:
        create_user_in(organisation, email=email, name=name, password=made, roles=list(roles))
    except DialogError as error:
        raise click.ClickException(_reason(error)) from None
    click.echo(f"{email} is {', '.join(roles)} in {organisation}.")
    if not password:
        click.echo(f"Password: {made}")


@main.command("reset-password")
@click.argument("email")
@with_appcontext
def reset_password(email: str) -> None:
    """Give EMAIL a temporary password, which is shown once and changed at the first sign-in.

    For when no administrator can do it: there is only one, or the person works in several organisations.
    """
    from .people import account_actions

    try:
        password = account_actions.reset_from_command_line(email)
    except DialogError as error:
        raise click.ClickException(_reason(error)) from None
    click.echo(f"Temporary password for {email}: {password}")


if __name__ == "__main__":
    main()
