"""What keeps everybody at a terminal waiting, ended by a person: outsiders' IDs, useless records.

Nothing is thrown away: the scans and records stay, and who said so and why stands in the log.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from domain.access import Viewer
from domain.people import Role
from services import clocks, pins, terminals
from services.terminals import TerminalProblem
from store import day_queries, punch_queries, unresolved_queries
from store.db import Database, Transaction
from store.log import record as log_record
from store.punches import QuarantinedRow, Terminal
from store.terminal_care import OutsiderId
from store.terminal_traffic import date_of

MAY_NAME_OUTSIDERS = (Role.OPERATOR, Role.BKD)
MAY_SET_ASIDE = (Role.BKD, Role.TECHNICIAN)


def name_outsider(
    db: Database, now: datetime, viewer: Viewer, name: str, pin: str, why: str
) -> int:
    """An ID belongs to somebody outside the service (bukan pegawai): a guard, a guest, a test.

    Its scans keep nobody waiting any more; returns how many of them there are. Mapping the ID to
    an employee takes it back. Raises TerminalProblem.
    """
    if viewer.role not in MAY_NAME_OUTSIDERS:
        raise TerminalProblem("not_yours", "Only the operator or BKD says whose an ID is.")
    with db.begin() as tx:
        terminal = terminals.visible(tx, viewer, name)
        pin = pins.checked(terminal, pin)
        reason = _said(why)
        unknown = unresolved_queries.unknown_ids(tx, terminal.id)
        waiting = {each.pin: each.punches for each in unknown}
        if pin not in waiting:
            raise TerminalProblem("id_known", f"Nothing waits for an owner under the ID {pin}.")
        tx.add(
            OutsiderId(
                terminal_id=terminal.id,
                pin=pin,
                why=reason,
                said_by=str(viewer.actor),
                said_at=now,
            )
        )
        _look_again(tx, now, terminal, pin)
        _log(tx, now, viewer, "outsider_named", terminal, reason, pin=pin)
        return waiting[pin]


def doubt_outsider(db: Database, now: datetime, viewer: Viewer, name: str, pin: str) -> None:
    """The ID may be an employee's after all; its scans wait for their owner again."""
    if viewer.role not in MAY_NAME_OUTSIDERS:
        raise TerminalProblem("not_yours", "Only the operator or BKD says whose an ID is.")
    with db.begin() as tx:
        terminal = terminals.visible(tx, viewer, name)
        if not unresolved_queries.forget_outsiders(tx, terminal.id, [pin]):
            raise TerminalProblem("id_known", f"The ID {pin} is no outsider's.")
        _look_again(tx, now, terminal, pin)
        _log(tx, now, viewer, "outsider_doubted", terminal, "", pin=pin)


def set_aside(
    db: Database, now: datetime, viewer: Viewer, name: str, reason: str, newest: int, why: str
) -> int:
    """Records that can never be a scan keep nobody waiting any more (kesampingkan).

    All of one `reason` up to the `newest` that the person has seen; returns how many. They are
    kept. Raises TerminalProblem.
    """
    if viewer.role not in MAY_SET_ASIDE:
        raise TerminalProblem("not_yours", "Only BKD or the technician sets records aside.")
    with db.begin() as tx:
        terminal = terminals.visible(tx, viewer, name)
        said = _said(why)
        rows = unresolved_queries.waiting_up_to(tx, terminal.id, reason, newest)
        for row in rows:
            row.resolved_at, row.resolved_by = now, str(viewer.actor)
        tx.flush()
        dates = {day for row in rows for day in _dates_of(row)}
        day_queries.mark_shown(tx, terminal.id, terminal.unit_id, dates, now, only_open=True)
        _log(tx, now, viewer, "records_set_aside", terminal, said, reason=reason, rows=len(rows))
        return len(rows)


def _said(why: str) -> str:
    if not why.strip():
        raise TerminalProblem("no_reason", "Say how you know.")
    return why.strip()[:500]


def _look_again(tx: Transaction, now: datetime, terminal: Terminal, pin: str) -> None:
    """Days of this terminal's people on which that ID was used, nights before included."""
    tx.flush()
    made = [
        pins.when_made(terminal, day)[0]
        for day in punch_queries.pin_days(tx, terminal.id, [pin])
        if day.employee_id is None
    ]
    dates = {day - timedelta(days=n) for day in made for n in (0, 1)}
    day_queries.mark_shown(tx, terminal.id, terminal.unit_id, dates, now)


def _dates_of(row: QuarantinedRow) -> set[date]:
    """The dates of which a record may have been: its own where it can be true, and those before
    it was found."""
    dates = clocks.dates_back(row.found_at)
    own = date_of(row.local, max(dates))
    return dates if own is None else dates | {own, own - timedelta(days=1)}


def _log(
    tx: Transaction, now: datetime, viewer: Viewer, action: str, terminal: Terminal, why: str,
    **data: object,
) -> None:  # fmt: skip
    log_record(
        tx, now, viewer.actor, action, "terminal", terminal.id,
        unit_id=terminal.unit_id, why=why, data=data,
    )  # fmt: skip
