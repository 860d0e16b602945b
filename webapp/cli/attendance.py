"""`flask attendance`: deriving days, and the month's recaps."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import click
from flask.cli import AppGroup

from services import calendars, days, recaps
from services.outbox import HOME_ZONE
from webapp.cli import failures_as_sentences, now, open_database

group = AppGroup("attendance", help="Attendance days.")
DAY = click.DateTime(["%Y-%m-%d"])


@group.command("merge")
@click.option("--from", "first", required=True, type=DAY, help="First date, 2026-11-01.")
@click.option("--to", "last", required=True, type=DAY, help="Last date, included.")
@click.option("--unit", help="Code of a unit; it and all below it.")
@click.option("--rebuild", is_flag=True, help="Derive every day of the span, not only dirty ones.")
@failures_as_sentences(LookupError)
def merge(first: datetime, last: datetime, unit: str | None, rebuild: bool) -> None:
    """Derive what is dirty or missing, or with --rebuild every day of the span anew."""
    begins, ends = first.date(), min(last.date(), _newest_date())
    if ends < last.date():
        click.echo(f"Days after {ends} have not begun and are left out.", err=True)
    if ends < begins:
        raise click.BadParameter("the span must not end before it begins.", param_hint="--to")
    database = open_database()
    done = days.merge(database, now, begins, ends, unit, _progress)
    click.echo(f"{done} days derived that were dirty, due or missing.")
    if rebuild:
        count = days.rebuild(database, now(), begins, ends, unit, _progress)
        click.echo(f"{count} days derived anew from {begins} to {ends}.")


def _newest_date() -> date:
    """The newest date that has begun anywhere in Indonesia: Papua is an hour ahead of us."""
    return (now().astimezone(HOME_ZONE) + timedelta(hours=1)).date()


def _progress(done: int, of: int) -> None:
    click.echo(f"  {done} of {of}", err=True)


@group.command("export")
@click.option("--month", required=True, help="2026-11")
@click.option("--unit", required=True, help="Code of a unit; it and all below it.")
@click.option("--format", "form", required=True, type=click.Choice(list(recaps.WRITERS)))
@click.option("-o", "--output", required=True, help="The file to write; - for standard output.")
@click.option("--printed-on", type=DAY, help="The date above the signature; else left blank.")
@failures_as_sentences(LookupError, ValueError, OSError)
def export(month: str, unit: str, form: str, output: str, printed_on: datetime | None) -> None:
    """Write the recap of a unit's month. The same arguments give the same bytes."""
    with open_database().read() as session:
        recap = recaps.gather(session, month, unit, printed_on.date() if printed_on else None)
        written = recaps.WRITERS[form](recap)
    if output == "-":
        sys.stdout.buffer.write(written)
    else:
        Path(output).write_bytes(written)
        click.echo(f"{output}: {sum(len(each.people) for each in recap.units)} people.")
    if recap.waiting_to_derive:
        click.echo(
            f"{recap.waiting_to_derive} days of this month wait to be derived again. "
            f"Run: flask attendance merge --from {recap.first} --to {recap.last} --unit {unit}",
            err=True,
        )


@group.command("seed")
@click.option("--years", default="", help="Years with commas; by default this and the next.")
def seed(years: str) -> None:
    """Bring the built-in work patterns and the holidays that are missing."""
    database = open_database()
    calendars.seed_patterns(database)
    this_year = date.today().year  # noqa: DTZ011 - a year is near enough for a default
    wanted = [int(year) for year in years.split(",") if year] or [this_year, this_year + 1]
    for warning in calendars.seed_holidays(database, now(), wanted):
        click.echo(warning, err=True)
    click.echo("Patterns and holidays are in place.")
