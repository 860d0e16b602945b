"""A terminal's clock (jam mesin): corrected afterwards by people, set by rule, always on record."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from devices.errors import TerminalError
from devices.zk_acts import ClockSet
from devices.zk_session import Address
from domain.access import Viewer
from domain.people import Role
from domain.terminals import is_clock_off
from services import lines, pins, punches, terminals
from services.terminals import TerminalProblem
from store import clock_queries, day_queries, punch_queries, unresolved_queries
from store.db import Database, Transaction
from store.log import record as log_record
from store.punch_queries import Origin, PunchRow
from store.punches import CORRECTED, Terminal, TerminalContact
from store.terminal_care import ClockCorrection

NOT_TOLD = 255
FREED = "quarantine"  # stands as the source of a scan that came out of quarantine
LOCAL = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")
FURTHEST = timedelta(days=366 * 40)
MAY_CORRECT = (Role.BKD, Role.TECHNICIAN)


def correct(
    db: Database,
    now: datetime,
    viewer: Viewer,
    name: str,
    local_from: str,
    local_to: str,
    seconds_ahead: int,
    why: str,
) -> int:
    """The clock was ahead by so many seconds in a period, as it wrote it; returns the scans moved.

    Scans of that period that come in later are corrected alike; their days are derived again.
    Rows that waited because of an impossible year become scans. Raises TerminalProblem.
    """
    if viewer.role not in MAY_CORRECT:
        raise TerminalProblem("not_yours", "Only BKD or the technician corrects a clock.")
    if not (LOCAL.fullmatch(local_from) and LOCAL.fullmatch(local_to) and local_from <= local_to):
        raise TerminalProblem("bad_period", "Give the period as 2026-11-20 07:00:00, in order.")
    if abs(seconds_ahead) > FURTHEST.total_seconds():
        raise TerminalProblem("bad_seconds", "No clock is wrong by so much.")
    if not why.strip():
        raise TerminalProblem("no_reason", "Say how you know how wrong the clock was.")
    with db.begin() as tx:
        terminal = terminals.visible(tx, viewer, name)
        correction = ClockCorrection(
            terminal_id=terminal.id,
            local_from=local_from,
            local_to=local_to,
            seconds_ahead=seconds_ahead,
            why=why.strip()[:500],
            corrected_by=str(viewer.actor),
            corrected_at=now,
        )
        tx.add(correction)
        tx.flush()
        moved = _move_scans(tx, now, terminal, correction)
        moved += _free_from_quarantine(tx, now, terminal, correction, str(viewer.actor))
        _mark_who_waited(tx, now, terminal, correction)
        log_record(
            tx, now, viewer.actor, "clock_corrected", "terminal", terminal.id,
            unit_id=terminal.unit_id, why=correction.why,
            data={"from": local_from, "to": local_to, "ahead": seconds_ahead, "scans": moved},
        )  # fmt: skip
        return moved


def _move_scans(
    tx: Transaction, now: datetime, terminal: Terminal, correction: ClockCorrection
) -> int:
    instants = punches.Instants(terminals.zone_of(terminal))
    touched: set[pins.DayOfPerson] = set()
    rows = clock_queries.punches_between(
        tx, terminal.id, correction.local_from, correction.local_to
    )
    for (punch,) in rows:
        at = instants.of(punch.local) - timedelta(seconds=correction.seconds_ahead)
        if punch.employee_id is not None:
            touched.update(_days_around(terminal, punch.employee_id, punch.at, at))
        clock_queries.move(tx, punch, at, CORRECTED)
    pins.mark_days(tx, touched, "clock_corrected", now)
    return len(rows)


def _days_around(terminal: Terminal, employee_id: int, *moments: datetime) -> set[pins.DayOfPerson]:
    """The dates that a scan left and reached, with their neighbours: a shift may cross midnight."""
    zone = terminals.zone_of(terminal)
    return {
        (employee_id, at.astimezone(zone).date() + timedelta(days=n))
        for at in moments
        for n in (-1, 0, 1)
    }


def _free_from_quarantine(
    tx: Transaction, now: datetime, terminal: Terminal, correction: ClockCorrection, by: str
) -> int:
    rows = unresolved_queries.quarantined_between(
        tx, terminal.id, correction.local_from, correction.local_to
    )
    instants = punches.Instants(terminals.zone_of(terminal))
    owners = pins.Owners(tx, terminal)
    freed = 0
    undated: set[date] = set()
    for row in rows:
        pin, local = row.pin or "", row.local or ""
        if not pin or len(pin) > punch_queries.LONGEST_PIN:
            continue
        at = instants.of(local) - timedelta(seconds=correction.seconds_ahead)
        true_day = at.astimezone(terminals.zone_of(terminal)).date()
        owner = owners.of(pin, true_day.isoformat())
        scan = PunchRow(pin, local, at, NOT_TOLD, NOT_TOLD, owner, CORRECTED)
        punch_queries.store_punches(tx, Origin(terminal.id, FREED, row.raw_read_id), iter([scan]))
        row.resolved_at, row.resolved_by = now, by
        freed += 1
        undated.update(dates_back(row.found_at))
        if owner is not None:
            pins.mark_days(tx, _days_around(terminal, owner, at), "clock_corrected", now)
    day_queries.mark_shown(tx, terminal.id, terminal.unit_id, undated, now, only_open=True)
    return freed


def dates_back(found_at: datetime) -> set[date]:
    """The dates of which a record without a possible time may have been."""
    newest = found_at.date() + timedelta(days=1)
    return {newest - timedelta(days=n) for n in range(punches.UNDATED.days + 2)}


def _mark_who_waited(
    tx: Transaction, now: datetime, terminal: Terminal, correction: ClockCorrection
) -> None:
    """While a clock is not known nobody at the terminal is judged, whether they scanned or not."""
    ahead = timedelta(seconds=correction.seconds_ahead)
    first, last = (
        (datetime.fromisoformat(local) - ahead).date()
        for local in (correction.local_from, correction.local_to)
    )
    span = [first + timedelta(days=n) for n in range(-1, (last - first).days + 2)]
    day_queries.mark_shown(tx, terminal.id, terminal.unit_id, span, now)


SetClock = Callable[[Address], ClockSet]


def set_clock(
    db: Database, clock: lines.Clock, setter: SetClock, viewer: Viewer, name: str
) -> ClockSet:
    """Set a terminal's clock to the true time of its site; before and after stand in the ledger.

    By rule: only a clock that is off by more than two minutes, so that no small step hides a drift
    or makes two scans of one. Raises TerminalProblem.
    """
    if viewer.role not in MAY_CORRECT:
        raise TerminalProblem("not_yours", "Only BKD or the technician sets a clock.")
    with db.read() as session:
        terminal = terminals.visible(session, viewer, name)
    if terminal.clock_offset is not None and not is_clock_off(terminal.clock_offset):
        raise TerminalProblem(
            "clock_good", f"{terminal.name}'s clock is {terminal.clock_offset:+d} s off: good."
        )
    with lines.line_to(db, clock, terminal.id) as address:
        try:
            done = setter(address)
        except TerminalError as error:
            raise TerminalProblem(error.code.value, error.sentence) from error
    now = clock()
    with db.begin() as tx:
        row = tx.get_one(Terminal, terminal.id)
        row.clock_offset = done.after.offset_seconds
        for shown, code in ((done.before, None), (done.after, "clock_set")):
            tx.add(
                TerminalContact(
                    terminal_id=terminal.id,
                    at=shown.measured_at,
                    source="person",
                    ok=True,
                    problem_code=code,
                    clock_offset=shown.offset_seconds,
                )
            )
        log_record(
            tx, now, viewer.actor, "clock_set", "terminal", terminal.id, unit_id=terminal.unit_id,
            data={"before": done.before.offset_seconds, "after": done.after.offset_seconds},
        )  # fmt: skip
    return done
