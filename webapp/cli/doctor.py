"""`flask doctor`: every invariant of the house, looked for on any database."""

from __future__ import annotations

import sys

import click

from services import doctor
from webapp.cli import now, open_database

SHOWN = 20  # examples of one breach; the rest is counted


@click.command("doctor")
@click.option("--all", "show_all", is_flag=True, help="Name every single breach.")
def group(show_all: bool) -> None:
    """Look at every invariant; name what breaks it and end with 1 if anything does."""
    broken = 0
    looked = 0
    for finding in doctor.examine(open_database(), now()):
        looked += 1
        count = len(finding.breaches)
        broken += bool(count)
        click.echo(f"{f'BROKEN ({count})' if count else 'ok':<14} {finding.invariant}")
        shown = finding.breaches if show_all else finding.breaches[:SHOWN]
        for breach in shown:
            click.echo(f"    {breach}")
        if count > len(shown):
            click.echo(f"    and {count - len(shown)} more (--all names them)")
    click.echo(f"{looked - broken} of {looked} invariants hold.")
    sys.exit(1 if broken else 0)
