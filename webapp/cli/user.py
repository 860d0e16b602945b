"""`flask user`: log-ins to the panel."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from domain.access import system
from domain.people import Role
from services import accounts
from webapp.cli import failures_as_sentences, now, open_database

group = AppGroup("user", help="Log-ins to the panel.")


@group.command("create")
@click.argument("login")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--unit", help="Code of the unit of the desk; by default the person's.")
@click.option("--nip", help="NIP of the person, where they stand in the roster.")
@click.option("--phone", help="Number for messages to somebody who is not in the roster.")
@click.option("--password-stdin", is_flag=True, help="Take the password from standard input.")
@failures_as_sentences(accounts.AccountError)
def create(
    login: str,
    role: str,
    unit: str | None,
    nip: str | None,
    phone: str | None,
    password_stdin: bool,
) -> None:
    """Make a log-in; prints its first password once, to be changed at the first log-in."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else None
    asked = accounts.NewAccount(login, Role(role), unit, nip, phone)
    secret = accounts.create(open_database(), now(), system("flask user create"), asked, password)
    click.echo(f"Log-in {login} made." if password else f"Log-in {login}, first password: {secret}")
