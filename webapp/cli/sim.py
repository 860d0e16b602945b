"""`flask sim`: the SIM cards in the modems, and what each may send."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from domain.access import system
from services import sims
from store import vitals
from webapp.cli import failures_as_sentences, now, open_database

group = AppGroup("sim", help="SIM cards and what each may send.")


@group.command("list")
def list_cards() -> None:
    """Every card that was seen or entered, with its limits and what is left of today."""
    with open_database().read() as session:
        for sim in vitals.sims(session):
            left = sims.quota_left(session, now(), sim.imsi)
            click.echo(
                f"{sim.imsi}  {sim.number or 'no number yet'}  {sim.carrier or '-'}  "
                f"modem {sim.modem or '-'}  {left} of {sim.daily_quota} parts left today, "
                f"{sim.kept_for_answers} kept for answers, {sim.parts_per_minute} a minute"
            )


@group.command("set")
@click.argument("imsi")
@click.option("--number", help="The card's own number; messages from it are never answered.")
@click.option("--carrier", help="For people only, for instance Telkomsel.")
@click.option("--quota", type=click.IntRange(0), help="Parts a day.")
@click.option("--kept", type=click.IntRange(0), help="Of these, kept for answers and requests.")
@click.option("--rate", type=click.IntRange(1), help="Parts a minute.")
@click.option("--time-zone", help="Whose midnight begins the card's day: Asia/Makassar.")
@failures_as_sentences(sims.BadLimits)
def set_limits(
    imsi: str,
    number: str | None,
    carrier: str | None,
    quota: int | None,
    kept: int | None,
    rate: int | None,
    time_zone: str | None,
) -> None:
    """Change what is given of the card IMSI and leave the rest; it need not have been seen yet."""
    limits = sims.Limits(number, carrier, quota, kept, rate, time_zone)
    sims.set_limits(open_database(), now(), system("flask sim set"), imsi, limits)
    click.echo(f"Card {imsi} changed.")
