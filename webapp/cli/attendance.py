"""`flask attendance`: deriving days."""

from __future__ import annotations

from datetime import date, datetime

import click
from flask.cli import AppGroup

from services import calendars, days
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
    """Derive what is dirty, or with --rebuild every day of the span anew."""
    database = open_database()
    done = days.derive_dirty(database, now)
    click.echo(f"{done} dirty days derived.")
    if rebuild:
        begins, ends = first.date(), last.date()
        count = days.rebuild(database, now(), begins, ends, unit, _progress)
        click.echo(f"{count} days derived anew from {begins} to {ends}.")


def _progress(done: int, of: int) -> None:
    click.echo(f"  {done} of {of}", err=True)


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
