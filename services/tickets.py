"""Faults become tickets (tiket gangguan): opened by rule or by people, told once, closed likewise.

The technician hears by SMS, the unit's operator finds the ticket on the panel. What a rule opened a
rule closes when the fault is gone; what a person reported only a person closes.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from domain.access import Actor, Viewer, system
from domain.messages import MessageClass
from domain.people import Role
from domain.terminals import (
    SEEN_BY_RULE,
    Fault,
    Health,
    faults_of,
    last_working_day,
    working_days_before,
)
from services import outbox, terminals
from services.terminals import TerminalProblem
from sms import texts
from store import contacts, terminal_queries, ticket_queries
from store.db import Database, Transaction
from store.log import record as log_record
from store.people import Unit
from store.punches import Terminal
from store.terminal_care import TerminalTicket

RULE = system("watch")
LOOK_BACK = timedelta(days=45)  # days older than a closed month's corrections are BKD's
WAITS_TOO_LONG = 2  # working days: the day itself may still come in on the next one
TOLD_ONCE_IN = timedelta(hours=12)
GONE = "gone"  # stands as the reason where a rule closed a ticket


def watch(db: Database, now: datetime) -> Counter[str]:
    """Look at every terminal and every unit's waiting days; returns what was opened and closed."""
    done: Counter[str] = Counter()
    with db.begin() as tx:
        wanted = {**_faulty_terminals(tx, now), **_units_without_data(tx, now)}
        known = {str(ticket.open_key): ticket for ticket in ticket_queries.open_tickets(tx)}
        for key, (unit_id, terminal_id, fault, data) in wanted.items():
            if key in known:
                known[key].data = data
            else:
                _open(tx, now, RULE, key, unit_id, terminal_id, fault, data)
                done["opened"] += 1
        for key, ticket in known.items():
            is_by_rule = ticket.kind in SEEN_BY_RULE or ticket.kind == Fault.AWAITING_DATA
            if is_by_rule and key not in wanted:
                _close(tx, now, RULE, ticket, GONE)
                done["closed"] += 1
        tx.flush()
        done["told"] += _tell_technicians(tx, now)
    return done


_Wanted = dict[str, tuple[int, int | None, Fault, dict[str, object]]]


def _faulty_terminals(tx: Transaction, now: datetime) -> _Wanted:
    rows = terminal_queries.in_service(tx)
    last = ticket_queries.latest_contacts(tx)
    days = {row.id: last_working_day(now.astimezone(terminals.zone_of(row))) for row in rows}
    scans = ticket_queries.scans_of(tx, set(days.values()))
    quiet = ticket_queries.quiet_days(tx, set(days.values()))
    wanted: _Wanted = {}
    for row in rows:
        today, *before = (
            scans.get((row.id, days[row.id] - timedelta(days=back)), 0)
            for back in ticket_queries.WEEKS
        )
        health = Health(
            registered_at=row.registered_at,
            last_contact_at=row.last_contact_at,
            zone=terminals.zone_of(row),
            failures=row.failures,
            problem=last.problem.get(row.id),
            clock_offset=row.clock_offset,
            records=row.records_on_device,
            capacity=row.record_capacity,
            is_broken_off=row.id in last.broken_off,
            two_addresses_at=last.two_addresses.get(row.id),
            scans=today,
            same_weekdays=() if _is_quiet(row, days[row.id], quiet) else tuple(before),
        )
        for fault, data in faults_of(health, now).items():
            if _is_worth_calling(row, fault):
                wanted[f"terminal:{row.id}:{fault}"] = (row.unit_id, row.id, fault, data)
    return wanted


def _is_quiet(row: Terminal, day: date, quiet: set[tuple[int, date]]) -> bool:
    above = (int(part) for part in row.unit.path.strip("/").split("/"))
    return any((unit_id, day) in quiet for unit_id in above)


def _is_worth_calling(row: Terminal, fault: Fault) -> bool:
    """A terminal that is neither called nor pushes is silent by nature: its stick is carried."""
    return fault is not Fault.SILENT or row.host is not None or row.is_push


def _units_without_data(tx: Transaction, now: datetime) -> _Wanted:
    today = now.astimezone(outbox.HOME_ZONE).date()
    until = working_days_before(today, WAITS_TOO_LONG)
    return {
        f"unit:{waiting.unit_id}:{Fault.AWAITING_DATA}": (
            waiting.unit_id,
            None,
            Fault.AWAITING_DATA,
            {
                "days": waiting.count,
                "first": waiting.first.isoformat(),
                "last": waiting.last.isoformat(),
            },
        )
        for waiting in ticket_queries.days_waiting_for_data(tx, today - LOOK_BACK, until)
    }


def report(
    tx: Transaction,
    now: datetime,
    actor: Actor,
    unit_id: int,
    words: str,
    terminal: Terminal | None = None,
    *,
    told: bool = False,
) -> None:
    """A person says that a terminal is out of order; nothing new while that stands open.

    Who reports by SMS does not name the terminal; the ticket is then the unit's. `told`: the
    technicians hear of it from the caller.
    """
    subject = f"terminal:{terminal.id}" if terminal else f"unit:{unit_id}"
    key = f"{subject}:{Fault.REPORTED}"
    if ticket_queries.open_by_key(tx, key) is not None:
        return
    data: dict[str, object] = {"words": words[:300]}
    terminal_id = terminal.id if terminal else None
    ticket = _open(tx, now, actor, key, unit_id, terminal_id, Fault.REPORTED, data)
    if told:
        ticket.told_at = now


def report_on_panel(
    db: Database, now: datetime, viewer: Viewer, terminal_name: str, words: str
) -> None:
    """The operator's report, told to the technicians at once. Raises TerminalProblem."""
    if not words.strip():
        raise TerminalProblem("no_words", "Say in a few words what is wrong.")
    with db.begin() as tx:
        terminal = terminals.visible(tx, viewer, terminal_name)
        report(tx, now, viewer.actor, terminal.unit_id, words.strip(), terminal)
        tx.flush()
        _tell_technicians(tx, now)


def close(db: Database, now: datetime, viewer: Viewer, ticket_id: int, why: str) -> None:
    """A person closes a ticket with a reason; a rule opens it again when the fault is still there.

    Raises TerminalProblem.
    """
    if not why.strip():
        raise TerminalProblem("no_reason", "Say what was done or found.")
    with db.begin() as tx:
        ticket = ticket_queries.visible_ticket(tx, viewer, ticket_id)
        if ticket is None or ticket.closed_at is not None:
            raise TerminalProblem("no_ticket", "This ticket is closed already or not yours.")
        _close(tx, now, viewer.actor, ticket, why.strip()[:500])


def _open(
    tx: Transaction,
    now: datetime,
    actor: Actor,
    key: str,
    unit_id: int,
    terminal_id: int | None,
    fault: Fault,
    data: dict[str, object],
) -> TerminalTicket:
    was_told = ticket_queries.told_since(tx, terminal_id, unit_id, fault, now - TOLD_ONCE_IN)
    ticket = TerminalTicket(
        open_key=key,
        terminal_id=terminal_id,
        unit_id=unit_id,
        kind=fault.value,
        data=data,
        opened_at=now,
        opened_by=str(actor),
        told_at=now if was_told else None,
    )
    tx.add(ticket)
    tx.flush()
    log_record(
        tx, now, actor, "ticket_opened", "ticket", ticket.id, unit_id=unit_id,
        data={"fault": fault.value, "terminal": terminal_id, **data},
    )  # fmt: skip
    return ticket


def _close(tx: Transaction, now: datetime, actor: Actor, ticket: TerminalTicket, why: str) -> None:
    ticket.open_key, ticket.closed_at = None, now
    ticket.closed_by, ticket.why_closed = str(actor), why
    log_record(
        tx, now, actor, "ticket_closed", "ticket", ticket.id, unit_id=ticket.unit_id, why=why
    )


def _tell_technicians(tx: Transaction, now: datetime) -> int:
    """One SMS to each technician about everything that is new; returns how many tickets it told."""
    new = [ticket for ticket in ticket_queries.open_tickets(tx) if ticket.told_at is None]
    if not new:
        return 0
    places = [
        (ticket.terminal.name if ticket.terminal else _unit_name(tx, ticket), ticket.kind)
        for ticket in reversed(new)
    ]
    for number in contacts.account_phones(tx, Role.TECHNICIAN):
        outbox.queue(tx, now, MessageClass.TECHNICAL, texts.terminal_faults(places), number=number)
    for ticket in new:
        ticket.told_at = now
    return len(new)


def _unit_name(tx: Transaction, ticket: TerminalTicket) -> str:
    return tx.get_one(Unit, ticket.unit_id).name
