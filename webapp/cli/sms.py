"""`flask sms`: reading messages from a stream, a test message, the health of the roads."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click
from flask.cli import AppGroup

from domain.people import mask_number
from store.message_health import MessageHealth, message_health, tariff
from webapp.cli import now, open_database

group = AppGroup("sms", help="Reading SMS, a test message, the health of the roads.")


@group.command("parse")
def parse() -> None:
    """Read JSON lines from standard input, write what each SMS means as JSON lines.

    Takes id, now, sender, open_requests and text; needs no settings and no database.
    """
    from sms.grammar import LexiconError, lexicon, parse_stream

    try:
        lexicon()
    except LexiconError as fault:
        raise click.ClickException(str(fault)) from fault
    lines = (line.decode("utf-8", "replace") for line in sys.stdin.buffer)
    for meaning in parse_stream(lines):
        line = json.dumps(meaning, ensure_ascii=False)
        click.echo(line.encode("utf-8", "backslashreplace"))  # a lone surrogate stays JSON


@group.command("learn")
def learn() -> None:
    """Read labelled requests as JSON lines, write the second opinion that follows from them.

    Takes text and type (the kind) of employees' requests; see docs/adr/0003.
    """
    from sms.grammar.opinion import as_text, learn_from

    lines = (line.decode("utf-8", "replace") for line in sys.stdin.buffer)
    try:
        learned = learn_from(json.loads(line) for line in lines if line.strip())
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise click.ClickException(f"a line is no labelled request: {fault!r}") from fault
    click.echo(as_text(learned), nl=False)


@group.command("send")
@click.argument("number")
@click.argument("text")
def send(number: str, text: str) -> None:
    """Send a test message through the outbox, by day or night; says what it costs first."""
    from services.test_message import Untestable, queue_test
    from sms import segments

    plain, _ = segments.transliterate(text)
    cut = segments.plan(text)
    database = open_database()
    try:
        message = queue_test(database, now(), number, text)
    except Untestable as error:
        raise click.ClickException(str(error)) from error
    with database.read() as session:
        cost = tariff(session, now()).of(message.route, len(cut.parts))
    click.echo(
        f"Message {message.id} to {mask_number(message.number)}: {len(cut.parts)} part(s), "
        f"{cut.coding.value.upper()}, about Rp{cost}. It leaves with the next free road; "
        "see: flask sms status"
    )
    if cut.coding is segments.Coding.UCS2:
        dear = "".join(sorted({c for c in text if segments.plan(c).coding is cut.coding}))
        saved = len(segments.plan(plain).parts)
        click.echo(f"Outside GSM-7: {dear!r}. Without them it would be {saved} part(s).")
    for finding in segments.lint(text):
        click.echo(f"Carriers may filter it: {finding}.")


@group.command("status")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
def status(as_json: bool) -> None:
    """Modems, cards, lanes, the oldest waiting, what is uncertain, and the month's cost."""
    with open_database().read() as session:
        health = message_health(session, now())
    if as_json:
        click.echo(json.dumps(_as_json(health), ensure_ascii=False, indent=2))
        return
    for line in _lines(health):
        click.echo(line)


def _as_json(health: MessageHealth) -> dict[str, Any]:
    return {
        "at": _iso(health.at),
        "modems": [
            {
                "name": beat.name.removeprefix("modem:"),
                "age_seconds": int(beat.age.total_seconds()),
                "late": beat.is_late,
                **beat.state,
            }
            for beat in health.modems
        ],
        "sims": [
            {
                "imsi": card.sim.imsi,
                "number": card.sim.number,
                "carrier": card.sim.carrier,
                "modem": card.sim.modem,
                "last_seen_at": _iso(card.sim.last_seen_at),
                "used_today": card.used_today,
                "daily_quota": card.sim.daily_quota,
                "quota_left": max(card.sim.daily_quota - card.used_today, 0),
                "last_sent_at": _iso(card.last_sent_at),
            }
            for card in health.cards
        ],
        "roads": [
            {
                "name": road.name,
                "paused_until": _iso(road.paused_until),
                "problem": road.problem,
                "problem_at": _iso(road.problem_at),
            }
            for road in health.roads
        ],
        "lanes": [
            {"lane": lane.name.lower(), "waiting": count, "oldest": _iso(oldest)}
            for lane, count, oldest in health.lanes
        ],
        "oldest_waiting": _iso(health.oldest_waiting),
        "inbox_waiting": health.inbox_waiting,
        "unknown": health.uncertain,
        "failed_today": health.failed_today,
        "last_sent_at": _iso(health.last_sent_at),
        "parts_this_month": health.parts_this_month,
        "cost_this_month_rupiah": health.cost_this_month,
        "tariff_rupiah_per_part": asdict(health.tariff),
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def _lines(health: MessageHealth) -> list[str]:
    """The same for people, one fact a line."""
    lines = [
        f"modem {beat.name.removeprefix('modem:')}: {_modem_words(beat.state, beat.is_late)}, "
        f"sign of life {_ago(health.at, beat.at)}"
        for beat in health.modems
    ] or ["modem: none has given a sign of life within a day"]
    lines += [
        f"SIM {card.sim.number or card.sim.imsi} ({card.sim.carrier or 'carrier not set'}): "
        f"{card.used_today} of {card.sim.daily_quota} parts today, "
        f"last sent {_ago(health.at, card.last_sent_at)}"
        for card in health.cards
    ]
    lines += [
        f"road {road.name}: "
        + (
            f"PAUSED until {_iso(road.paused_until)}, {road.problem}"
            if road.paused_until and road.paused_until > health.at
            else f"open; last problem {_ago(health.at, road.problem_at)}: {road.problem}"
        )
        for road in health.roads
    ]
    lines += [
        f"lane {lane.name.lower()}: {count} waiting, oldest {_ago(health.at, oldest)}"
        for lane, count, oldest in health.lanes
    ] or ["lanes: nothing waits"]
    return [
        *lines,
        f"inbox: {health.inbox_waiting} not read yet",
        f"last sent: {_ago(health.at, health.last_sent_at)}",
        f"UNKNOWN: {health.uncertain}; failed today: {health.failed_today}",
        f"this month: {sum(health.parts_this_month.values())} parts, "
        f"about Rp{health.cost_this_month}",
    ]


def _modem_words(state: dict[str, Any], is_late: bool) -> str:
    if is_late:
        return "SILENT"
    if state.get("problem"):
        return f"TROUBLE: {state['problem']}"
    known = ("registered", "signal_percent", "sim_used", "sim_size", "quota_left")
    seen = [f"{name} {state[name]}" for name in known if state.get(name) is not None]
    return ", ".join(["open" if state.get("open") else "closed", *seen]).replace("_", " ")


def _ago(now_: datetime, at: datetime | None) -> str:
    if at is None:
        return "never"
    seconds = int((now_ - at).total_seconds())
    if seconds < 0:
        return f"due in {-seconds} s"
    if seconds < 120:
        return f"{seconds} s ago"
    return f"{seconds // 60} min ago" if seconds < 7200 else f"{seconds // 3600} h ago"
