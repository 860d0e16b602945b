"""`flask devices`: register terminals, read them, import their files, map their IDs."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from devices.errors import Trouble
from devices.zk_attlog import read_terminal
from domain.access import system
from services import imports, pins, pulls, terminals
from services.pulls import PullOutcome
from services.punches import Taken
from services.terminals import NewTerminal, TerminalProblem
from store import punch_queries, terminal_queries, unresolved_queries
from store.punches import Punch, Terminal
from webapp.cli import failures_as_sentences, now, open_database

group = AppGroup("devices", help="Fingerprint terminals.")
COMMAND = system("command")
AT_ONCE = 8  # terminals read at the same time by `pull --all`
LARGEST_FILE = 64 << 20
NEEDS_CONFIRMATION = (Trouble.COUNT_FELL, terminal_queries.NOT_CONTIGUOUS)


@group.command("add")
@click.argument("name")
@click.option("--unit", required=True, help="Code of the unit where it hangs.")
@click.option("--host", help="Its IP address; names are refused.")
@click.option("--port", type=int, default=4370, show_default=True)
@click.option("--comm-key", type=int, default=0, help="The number in its own menu.")
@click.option("--serial", help="Its serial number; needed with --push.")
@click.option("--layout", type=click.Choice(["auto", "8", "16", "40", "49"]), default="auto")
@click.option("--push", is_flag=True, help="It reports by itself to the listener.")
@click.option("--networks", default="", help="From where it may push: 10.4.0.0/16, ...")
@failures_as_sentences(TerminalProblem)
def add(
    name: str,
    unit: str,
    host: str | None,
    port: int,
    comm_key: int,
    serial: str | None,
    layout: str,
    push: bool,
    networks: str,
) -> None:
    """Register the terminal NAME."""
    new = NewTerminal(name, unit, host, port, comm_key, serial, layout, push, networks)
    db = open_database()
    terminals.register(db, now(), COMMAND, new)
    click.echo(f"{name} is registered at {unit}.")
    if host is None and not push:
        click.echo("It has no address and does not push: its records come by import-usb only.")


@group.command("list")
def list_terminals() -> None:
    """All terminals in service, and those that wait for approval."""
    db = open_database()
    with db.read() as session:
        for state in terminals.overview(session):
            click.echo(_line(state))
        for stranger in terminals.waiting_for_approval(session, now()):
            click.echo(
                f"waiting for approval: serial {stranger.serial} from {stranger.address}, last"
                f" heard {stranger.last_seen:%Y-%m-%d %H:%M} UTC. Approve it with: flask devices"
                f" add NAME --unit U --serial {stranger.serial} --push"
            )


def _line(state: terminals.TerminalState) -> str:
    terminal = state.terminal
    road = f"{terminal.host}:{terminal.port}" if terminal.host else ""
    if terminal.is_push:
        road = f"{road} push".strip()
    parts = [terminal.name, terminal.unit.code, road or "usb only", terminal.serial or "-"]
    parts.append(f"complete up to {_local(terminal, terminal.complete_up_to)}")
    if terminal.records_on_device is not None:
        parts.append(f"{terminal.records_on_device} of {terminal.record_capacity or '?'} records")
    if terminal.clock_offset is not None:
        parts.append(f"clock {terminal.clock_offset:+d} s")
    if state.unknown_ids:
        parts.append(f"{state.unknown_ids} unknown IDs")
    if state.quarantined:
        parts.append(f"{state.quarantined} in quarantine")
    if terminal.failures:
        parts.append(f"{terminal.failures} failed calls")
    return "  ".join(parts)


def _local(terminal: Terminal, at: datetime | None) -> str:
    return f"{at.astimezone(terminals.zone_of(terminal)):%Y-%m-%d %H:%M:%S}" if at else "never"


@group.command("pull")
@click.argument("name", required=False)
@click.option("--all", "everyone", is_flag=True, help="Every terminal that can be called.")
@click.option("--full", is_flag=True, help="The whole memory, not only what is new.")
@click.option("--cleared", is_flag=True, help="Its log was cleared by people: go on from here.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per terminal.")
@failures_as_sentences(TerminalProblem)
def pull(name: str | None, everyone: bool, full: bool, cleared: bool, as_json: bool) -> None:
    """Read the terminal NAME, or all. Exit code 1 when any could not be read."""
    if everyone == (name is not None) or (everyone and cleared):
        raise click.UsageError("Give the name of one terminal, or --all alone.")
    db = open_database()
    with db.read() as session:
        if name is not None:
            wanted = [terminals.named(session, name)]
        else:
            wanted = [each for each in terminal_queries.in_service(session) if each.host]
    if cleared:
        terminals.confirm_clear(db, now(), COMMAND, wanted[0].name, "confirmed by command")
    if not wanted:
        click.echo("There is no terminal that can be called.", err=True)
    with ThreadPoolExecutor(AT_ONCE) as callers:
        calls = [
            callers.submit(pulls.pull, db, now, read_terminal, each.id, full=full or None)
            for each in wanted
        ]
        if not as_json:
            click.echo(f"Reading {', '.join(each.name for each in wanted)} ...")
        outcomes = [_tell(call.result(), as_json) for call in as_completed(calls)]
    if not all(outcome.ok for outcome in outcomes):
        sys.exit(1)


def _tell(outcome: PullOutcome, as_json: bool) -> PullOutcome:
    if as_json:
        click.echo(json.dumps(_as_json(outcome)))
    elif outcome.ok:
        click.echo(
            f"{outcome.name}: {outcome.new} new of {outcome.read} records read"
            f" ({outcome.records_on_device} on the terminal), {outcome.quarantined} quarantined,"
            f" clock {outcome.clock_offset or 0:+d} s."
        )
    if outcome.sentence and not as_json:
        click.echo(f"{outcome.name}: {outcome.sentence}", err=not outcome.ok)
    if outcome.code in NEEDS_CONFIRMATION and not as_json:
        click.echo(f"Confirm a cleared log with: flask devices pull {outcome.name} --cleared")
    return outcome


def _as_json(outcome: PullOutcome) -> dict[str, Any]:
    complete = outcome.complete_up_to
    return {
        "terminal": outcome.name,
        "ok": outcome.ok,
        "code": outcome.code,
        "problem": outcome.sentence,
        "full": outcome.full,
        "read": outcome.read,
        "new": outcome.new,
        "unknown": outcome.unknown,
        "quarantined": outcome.quarantined,
        "on_device": outcome.records_on_device,
        "clock_offset": outcome.clock_offset,
        "complete_up_to": complete.isoformat() if complete else None,
    }


@group.command("import-usb")
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
@failures_as_sentences(TerminalProblem)
def import_usb(name: str, file: Path) -> None:
    """Take in the attlog.dat FILE of the terminal NAME."""
    data = _content(file)
    _tell_import(imports.import_usb(open_database(), now(), COMMAND, name, data, file.name))


@group.command("import-csv")
@click.argument("file", type=click.Path(path_type=Path))
@failures_as_sentences(TerminalProblem)
def import_csv(file: Path) -> None:
    """Take in presence kept by another system, a table with a heading row."""
    data = _content(file)
    _tell_import(imports.import_csv(open_database(), now(), COMMAND, data, file.name))


def _content(file: Path) -> bytes:
    try:
        size = file.stat().st_size
        if size > LARGEST_FILE:
            raise TerminalProblem("too_large", f"{file} has {size >> 20} MB; at most 64 are read.")
        return file.read_bytes()
    except OSError as error:
        raise TerminalProblem("no_file", f"{file} cannot be read: {error.strerror}.") from error


def _tell_import(taken: Taken) -> None:
    if taken.already:
        click.echo(f"This very file was taken in before: {taken.read} records, nothing new.")
        return
    click.echo(f"{taken.new} new of {taken.read} records, {taken.quarantined} quarantined.")
    if taken.unknown:
        click.echo(f"{taken.unknown} of them belong to nobody yet; see: flask devices unknown NAME")
    if taken.quarantined:
        click.echo("Each bad row and its reason: flask devices quarantine NAME")


@group.command("punches")
@click.argument("name")
@click.option("--from", "first", help="Local date or time of the terminal, or with an offset.")
@click.option("--to", "last", help="The same; a date includes its whole day.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines.")
@failures_as_sentences(TerminalProblem)
def punches(name: str, first: str | None, last: str | None, as_json: bool) -> None:
    """The stored punches of the terminal NAME by local time."""
    db = open_database()
    with db.read() as session:
        terminal = terminals.named(session, name)
        since = _bound(terminal, first, "00:00:00")
        until = _bound(terminal, last, "23:59:59")
        for punch in punch_queries.punches_of(session, terminal.id, since, until):
            click.echo(json.dumps(_punch_json(punch)) if as_json else _punch_line(punch))


def _bound(terminal: Terminal, written: str | None, clock: str) -> str | None:
    """A bound as local text of the terminal."""
    if written is None:
        return None
    try:
        if len(written) == 10:
            return f"{date.fromisoformat(written)} {clock}"
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise TerminalProblem(
            "bad_time", f"{written!r} is no date 2026-11-20 and no time 2026-11-20T07:30:00."
        ) from None
    if moment.tzinfo is not None:
        moment = moment.astimezone(terminals.zone_of(terminal))
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _punch_json(punch: Punch) -> dict[str, Any]:
    return {
        "pin": punch.pin,
        "local": punch.local,
        "at": punch.at.astimezone(UTC).isoformat(),
        "status": punch.status,
        "punch": punch.punch,
        "source": punch.source,
    }


def _punch_line(punch: Punch) -> str:
    doubt = f"  ({punch.doubtful})" if punch.doubtful else ""
    return f"{punch.local}  {punch.pin}  {punch.source}{doubt}"


@group.command("map")
@click.argument("name")
@click.argument("pin")
@click.argument("nip")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="From this date on.")
@failures_as_sentences(TerminalProblem)
def map_id(name: str, pin: str, nip: str, first: datetime | None) -> None:
    """The ID PIN at the terminal NAME belongs to the employee NIP."""
    first_day = first.date() if first else None
    mapped = pins.map_id(open_database(), now(), COMMAND, name, pin, nip, first_day)
    since = "" if mapped.first_day == pins.EVER else f" from {mapped.first_day} on"
    click.echo(f"{pin} is {mapped.employee_name}{since}; {mapped.punches} punches found their way.")


@group.command("unknown")
@click.argument("name")
@failures_as_sentences(TerminalProblem)
def unknown(name: str) -> None:
    """IDs at the terminal NAME that belong to nobody yet, with their counts."""
    db = open_database()
    with db.read() as session:
        found = pins.unknown(session, name)
    for each in found:
        click.echo(f"{each.pin}  {each.punches} punches, {each.first} to {each.last}")
    if not found:
        click.echo("Every ID is known.")


@group.command("quarantine")
@click.argument("name")
@failures_as_sentences(TerminalProblem)
def quarantine(name: str) -> None:
    """Records of the terminal NAME that cannot be punches as they stand, with the reason."""
    db = open_database()
    with db.read() as session:
        found = unresolved_queries.quarantined(session, terminals.named(session, name).id)
    for row in found:
        what = row.pin or row.record.decode("utf-8", errors="backslashreplace")
        click.echo(f"{row.reason}  {row.local or '-'}  {what}")
    if not found:
        click.echo("Nothing waits in quarantine.")
