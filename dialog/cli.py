"""The command ``dialog``: what an operator does, each a thin line over the same actions as the pages."""

from __future__ import annotations

import getpass
import os
import secrets
import sys
from typing import Any

import click
from flask import current_app
from flask.cli import FlaskGroup, with_appcontext
from flask_migrate import upgrade
from sqlalchemy import select

from . import create_app, supervisor
from .config import Settings
from .db import db, write
from .errors import ConfigurationError, DialogError, Invalid
from .people.models import ROLES, Organisation


def _app() -> Any:
    try:
        return create_app()
    except ConfigurationError as error:
        sys.exit(f"Dialog cannot start: {error}")


@click.group(cls=FlaskGroup, create_app=_app, add_version_option=False, load_dotenv=False)
def main() -> None:
    """Dialog: citizen dialogue for municipalities."""


@main.command()
@with_appcontext
def migrate() -> None:
    """Bring the database up to this version."""
    prepare_database()


def prepare_database() -> None:
    """Make the data folder and bring the database up to this version."""
    settings: Settings = current_app.extensions["dialog_settings"]
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    db.session.remove()
    upgrade()


@main.command()
def serve() -> None:
    """Serve pages and sockets and run the worker, until told to stop."""
    sys.exit(supervisor.run(os.environ))


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
    from .dialogues.methods import seed_kinds, seed_organisation
    from .people import actions

    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    elif sys.stdin.isatty():
        password = getpass.getpass("Password (empty: make one): ")
    else:
        password = ""
    made = password or secrets.token_urlsafe(12)
    try:
        with write() as session:
            found = session.scalar(select(Organisation).where(Organisation.name == organisation))
            if found is None:
                found = Organisation(name=organisation)
                session.add(found)
                session.flush()
                seed_kinds(session)
                seed_organisation(session, found)
            actions.create_user(
                session, email=email, name=name, password=made, organisation=found, roles=list(roles)
            )
    except Invalid as error:
        raise click.ClickException("; ".join(error.fields.values()) or error.message) from None
    except DialogError as error:
        raise click.ClickException(error.message) from None
    click.echo(f"{email} is {', '.join(roles)} in {organisation}.")
    if not password:
        click.echo(f"Password: {made}")
