"""Terminals as the house knows them (daftar mesin): register, find, approve, retire, confirm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from ipaddress import ip_address, ip_network
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from devices.iclock import is_serial
from devices.records import LAYOUT_SETTINGS
from domain.access import Actor, Viewer
from store import roster_queries, terminal_queries, unresolved_queries
from store.db import Database, Transaction
from store.log import record as log_record
from store.people import Unit
from store.punches import Terminal, TerminalContact, TerminalId
from store.terminal_queries import Stranger

STRANGERS_STAY = timedelta(days=7)
LONGEST_NETWORKS = 200


class TerminalProblem(Exception):
    """Why something about a terminal cannot be done: `code` for machines, a sentence for people."""

    def __init__(self, code: str, sentence: str):
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True)
class NewTerminal:
    """What is known of a terminal when it is registered (mesin baru).

    With a host it is called, with `is_push` and its serial it reports by itself; with neither
    its records come by USB only.
    """

    name: str
    unit_code: str
    host: str | None = None
    port: int = 4370
    comm_key: int = 0
    serial: str | None = None
    layout: str = "auto"
    is_push: bool = False
    networks: str = ""  # from where it may push, such as '10.4.0.0/16 36.80.1.2'; empty: anywhere


def register(db: Database, now: datetime, actor: Actor, new: NewTerminal) -> int:
    """Register a terminal; returns its id. A waiting serial is approved by this.

    Raises TerminalProblem with a sentence for everything that cannot be right.
    """
    with db.begin() as tx:
        return register_in(tx, now, actor, new).id


def register_in(tx: Transaction, now: datetime, actor: Actor, new: NewTerminal) -> Terminal:
    """The same as a part of a larger story."""
    _check(new)
    unit = _unit(tx, new.unit_code)
    _check_unused(tx, new)
    terminal = Terminal(
        name=new.name.strip(),
        unit_id=unit.id,
        serial=new.serial,
        host=new.host,
        port=new.port,
        comm_key=new.comm_key,
        layout=new.layout,
        is_push=new.is_push,
        networks=" ".join(_networks(new.networks)) or None,
        registered_at=now,
        failures=0,
    )
    tx.add(terminal)
    tx.flush()
    _take_ids_of_roster(tx, terminal)
    log_record(
        tx,
        now,
        actor,
        "terminal_registered",
        "terminal",
        terminal.id,
        unit_id=unit.id,
        data={"name": terminal.name, "serial": terminal.serial, "host": terminal.host},
    )
    return terminal


def _take_ids_of_roster(tx: Transaction, terminal: Terminal) -> None:
    """Who has an ID at every terminal of this unit, or at one of this name, has it here too."""
    for given in roster_queries.ids_for_terminal(tx, terminal.unit_id, terminal.name):
        tx.add(
            TerminalId(
                terminal_id=terminal.id,
                pin=given.pin,
                employee_id=given.employee_id,
                first_day=given.first_day,
                last_day=given.last_day,
            )
        )


def approve(
    db: Database, now: datetime, actor: Actor, serial: str, name: str, unit_code: str
) -> int:
    """Let a serial that was heard of push from now on; returns the terminal's id.

    Raises TerminalProblem, also when nobody ever heard of this serial.
    """
    with db.read() as session:
        heard = terminal_queries.times_heard(session, now - STRANGERS_STAY, serial)
    if not heard:
        raise TerminalProblem(
            "never_heard", f"No terminal {serial} has called in the last week; check the serial."
        )
    return register(db, now, actor, NewTerminal(name, unit_code, serial=serial, is_push=True))


def waiting_for_approval(session: Session, now: datetime) -> list[Stranger]:
    """Terminals that push and that nobody has approved (menunggu persetujuan)."""
    return terminal_queries.strangers(session, now - STRANGERS_STAY)


def retire(db: Database, now: datetime, actor: Actor, name: str, why: str) -> None:
    """A terminal is taken out of service (dipensiunkan): no calls, no pushes, no claim on days.

    What it still holds may come in later by USB or by one explicit pull.
    """
    with db.begin() as tx:
        retire_in(tx, now, actor, named(tx, name), why)


def retire_in(tx: Transaction, now: datetime, actor: Actor, terminal: Terminal, why: str) -> None:
    """The same as a part of a larger story."""
    if terminal.retired_at is not None:
        raise TerminalProblem("retired", f"{terminal.name} is already out of service.")
    terminal.retired_at = now
    log_record(
        tx,
        now,
        actor,
        "terminal_retired",
        "terminal",
        terminal.id,
        unit_id=terminal.unit_id,
        why=why,
    )


def confirm_clear(db: Database, now: datetime, actor: Actor, name: str, why: str) -> None:
    """A person says that this terminal's log was cleared or its memory is another one.

    From now on a read need not continue what was held. What was punched between the last proven
    read and this moment may be lost: that span stays named as a gap in the ledger.
    """
    with db.begin() as tx:
        terminal = terminal_queries.hold_row(tx, named(tx, name).id)
        tx.add(
            TerminalContact(
                terminal_id=terminal.id,
                at=now,
                source="person",
                ok=True,
                problem_code=terminal_queries.CLEAR_CONFIRMED,
                problem=why,
                complete_up_to=terminal.complete_up_to,
            )
        )
        terminal.next_pull_at = now
        log_record(
            tx,
            now,
            actor,
            "clear_confirmed",
            "terminal",
            terminal.id,
            unit_id=terminal.unit_id,
            why=why,
            data={
                "records_before": terminal.records_on_device,
                "complete_up_to": _iso(terminal.complete_up_to),
            },
        )


@dataclass(frozen=True)
class TerminalState:
    """A terminal with what waits at it: IDs nobody is known by, records in quarantine."""

    terminal: Terminal
    unknown_ids: int
    quarantined: int


def overview(session: Session, viewer: Viewer | None = None) -> list[TerminalState]:
    """Every terminal in service by unit and name; all of them when no viewer is given."""
    return [
        TerminalState(
            terminal,
            len(unresolved_queries.unknown_ids(session, terminal.id)),
            len(unresolved_queries.quarantined(session, terminal.id)),
        )
        for terminal in terminal_queries.in_service(session, viewer)
    ]


def named(session: Session, name: str) -> Terminal:
    """The terminal of that name; TerminalProblem when there is none."""
    terminal = terminal_queries.by_name(session, name)
    if terminal is None:
        known: Sequence[str] = [each.name for each in terminal_queries.in_service(session)]
        raise TerminalProblem(
            "unknown_terminal",
            f"There is no terminal {name!r}. Registered are: {', '.join(known[:20]) or 'none'}.",
        )
    return terminal


def visible(session: Session, viewer: Viewer, name: str) -> Terminal:
    """The terminal of that name, retired ones too, if the viewer may see its unit."""
    terminal = terminal_queries.by_name(session, name)
    if terminal is None or not terminal_queries.is_visible(session, viewer, terminal):
        raise TerminalProblem("unknown_terminal", f"There is no terminal {name!r} in your units.")
    return terminal


def zone_of(terminal: Terminal) -> ZoneInfo:
    """The zone a terminal's wall clock is meant to show: that of its unit."""
    return ZoneInfo(terminal.unit.time_zone)


def today_at(terminal: Terminal, now: datetime) -> date:
    """The local date where the terminal hangs."""
    return now.astimezone(zone_of(terminal)).date()


def is_within(address: str, networks: Iterable[str]) -> bool:
    """Whether an address lies in one of these networks; rubbish never does."""
    try:
        caller = ip_address(address)
    except ValueError:
        return False
    return any(caller in ip_network(network) for network in networks)


def _networks(written: str) -> list[str]:
    try:
        return [str(ip_network(part, strict=False)) for part in written.replace(",", " ").split()]
    except ValueError as error:
        raise TerminalProblem(
            "bad_networks", f"{error}. Give addresses or networks like 10.4.0.0/16."
        ) from None


def _check(new: NewTerminal) -> None:
    name = new.name.strip()
    if not 1 <= len(name) <= 60 or not name.isprintable():
        raise TerminalProblem("bad_name", "A terminal's name has 1 to 60 letters.")
    if new.host is not None:
        _check_address(new.host)
    if not 0 < new.port < 65536:
        raise TerminalProblem("bad_port", f"{new.port} is no port; terminals usually use 4370.")
    if not 0 <= new.comm_key < 1 << 32:
        raise TerminalProblem("bad_comm_key", "The comm key is a number of at most 32 bits.")
    if new.layout not in LAYOUT_SETTINGS:
        raise TerminalProblem("bad_layout", f"{new.layout!r} is none of auto, 8, 16, 40, 49.")
    if new.serial is not None and not is_serial(new.serial):
        raise TerminalProblem(
            "bad_serial",
            f"{new.serial!r} is no serial: 4 to 40 letters and digits.",
        )
    if len(" ".join(_networks(new.networks))) > LONGEST_NETWORKS:
        raise TerminalProblem("bad_networks", "Give at most a few networks for one terminal.")
    if new.is_push and new.serial is None:
        raise TerminalProblem(
            "no_serial", "A terminal that pushes is known by its serial only; give it."
        )


def _check_address(host: str) -> None:
    try:
        address = ip_address(host)
    except ValueError:
        raise TerminalProblem(
            "bad_host",
            f"{host!r} is no IP address. Give one like 10.20.30.40; names are refused, for this"
            " field must not make the server look up or call whatever it says.",
        ) from None
    if address.is_multicast or address.is_unspecified:
        raise TerminalProblem("bad_host", f"{host} is no address of one terminal.")


def _unit(tx: Transaction, code: str) -> Unit:
    unit = terminal_queries.unit_by_code(tx, code)
    if unit is None:
        raise TerminalProblem(
            "unknown_unit", f"There is no unit {code!r}. Import the roster first, or correct it."
        )
    return unit


def _check_unused(tx: Transaction, new: NewTerminal) -> None:
    if terminal_queries.by_name(tx, new.name) is not None:
        raise TerminalProblem("name_taken", f"There is already a terminal {new.name.strip()!r}.")
    same_serial = new.serial and terminal_queries.by_serial(tx, new.serial)
    if same_serial:
        state = " (retired)" if same_serial.retired_at else ""
        raise TerminalProblem(
            "serial_taken", f"The serial {new.serial} belongs to {same_serial.name}{state}."
        )
    same_address = new.host and terminal_queries.at_address(tx, new.host, new.port)
    if same_address:
        raise TerminalProblem(
            "address_taken", f"{new.host}:{new.port} is the address of {same_address.name}."
        )


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
