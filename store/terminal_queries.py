"""Terminals: finding them, one caller at a time, the ledger of contacts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from domain.access import Viewer
from domain.days import DayStatus
from store.calendars import Setting
from store.days import AttendanceDay, DirtyDay
from store.db import Transaction
from store.log import LogEntry
from store.people import Assignment, Unit
from store.punches import RawRead, Terminal, TerminalContact, TerminalId
from store.visibility import visible_to

CLEAR_CONFIRMED = "clear_confirmed"
"""Code of the contact by which a person says: this log was cleared, go on with what is there."""
CLOCK_UNKNOWN = "clock_unknown"
"""Code of a good read of a terminal whose clock shows a day that does not exist."""
NOT_CONTIGUOUS = "not_contiguous"
"""Code of a good read that does not continue what was held; only a person ends the doubt."""


def by_name(session: Session, name: str) -> Terminal | None:
    """The terminal of that name, in any mixture of capitals; its unit comes along."""
    return session.scalars(
        select(Terminal)
        .where(func.lower(Terminal.name) == name.strip().lower())
        .options(joinedload(Terminal.unit))
    ).first()


def by_serial(session: Session, serial: str) -> Terminal | None:
    """The terminal with that serial, retired ones included; its unit comes along."""
    return session.scalars(
        select(Terminal).where(Terminal.serial == serial).options(joinedload(Terminal.unit))
    ).first()


def by_id(session: Session, terminal_id: int) -> Terminal:
    """One terminal with its unit."""
    return session.scalars(
        select(Terminal).where(Terminal.id == terminal_id).options(joinedload(Terminal.unit))
    ).one()


def at_address(session: Session, host: str, port: int) -> Terminal | None:
    """The terminal in service that is called at this address."""
    return session.scalars(
        select(Terminal).where(
            Terminal.host == host, Terminal.port == port, Terminal.retired_at.is_(None)
        )
    ).first()


def in_service(session: Session, viewer: Viewer | None = None) -> Sequence[Terminal]:
    """Terminals in service by unit and name; all of them when no viewer is given."""
    query = (
        select(Terminal)
        .join(Unit, Unit.id == Terminal.unit_id)
        .where(Terminal.retired_at.is_(None))
        .options(joinedload(Terminal.unit))
        .order_by(Unit.path, Terminal.name)
    )
    if viewer is not None:
        query = query.where(visible_to(viewer, Terminal.unit_id))
    return session.scalars(query).all()


def is_visible(session: Session, viewer: Viewer, terminal: Terminal) -> bool:
    """Whether the viewer may see this terminal's unit."""
    return (
        session.scalar(
            select(Terminal.id).where(
                Terminal.id == terminal.id, visible_to(viewer, Terminal.unit_id)
            )
        )
        is not None
    )


def id_rows(session: Session, terminal_id: int) -> Sequence[TerminalId]:
    """The IDs of a terminal, to be changed."""
    return session.scalars(
        select(TerminalId)
        .where(TerminalId.terminal_id == terminal_id)
        .order_by(TerminalId.pin, TerminalId.first_day)
    ).all()


def pins_of(session: Session, terminal_id: int, employee_id: int, day: date) -> Sequence[str]:
    """A person's IDs at a terminal on a day."""
    return session.scalars(
        select(TerminalId.pin)
        .where(
            TerminalId.terminal_id == terminal_id,
            TerminalId.employee_id == employee_id,
            TerminalId.first_day <= day,
            or_(TerminalId.last_day.is_(None), TerminalId.last_day >= day),
        )
        .order_by(TerminalId.pin)
    ).all()


def unit_by_code(session: Session, code: str) -> Unit | None:
    """The unit with that code."""
    return session.scalars(select(Unit).where(Unit.code == code.strip())).first()


def topmost_unit(session: Session) -> Unit | None:
    """The unit that has none above it."""
    return session.scalars(
        select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)
    ).first()


# --- one caller at a time --------------------------------------------------------------------


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(Terminal.locked_until.is_(None), Terminal.locked_until < now)


def due(session: Session, now: datetime) -> Sequence[int]:
    """Ids of terminals that can be called, whose time has come and that nobody is calling."""
    return session.scalars(
        select(Terminal.id)
        .where(
            Terminal.retired_at.is_(None),
            Terminal.host.is_not(None),
            or_(Terminal.next_pull_at.is_(None), Terminal.next_pull_at <= now),
            _is_free(now),
        )
        .order_by(Terminal.next_pull_at, Terminal.id)
    ).all()


def due_for_sum(session: Session, now: datetime) -> Sequence[int]:
    """Ids of terminals that only push and whose time for counting together has come."""
    return session.scalars(
        select(Terminal.id)
        .where(
            Terminal.retired_at.is_(None),
            Terminal.is_push,
            Terminal.host.is_(None),
            or_(Terminal.next_pull_at.is_(None), Terminal.next_pull_at <= now),
        )
        .order_by(Terminal.id)
    ).all()


def lock(tx: Transaction, terminal_id: int, holder: str, now: datetime, until: datetime) -> bool:
    """Take the only line to this terminal; False while somebody else has it."""
    done = tx.execute(
        update(Terminal)
        .where(Terminal.id == terminal_id, _is_free(now))
        .values(locked_by=holder, locked_until=until)
        .execution_options(synchronize_session=False)
    )
    return bool(getattr(done, "rowcount", 0))


def unlock(tx: Transaction, terminal_id: int, holder: str) -> None:
    """Give the line back, unless the lease ran out and another caller has it now."""
    tx.execute(
        update(Terminal)
        .where(Terminal.id == terminal_id, Terminal.locked_by == holder)
        .values(locked_by=None, locked_until=None)
        .execution_options(synchronize_session=False)
    )


def hold_row(tx: Transaction, terminal_id: int) -> Terminal:
    """The terminal for a change of its ledger; two doors at once wait for each other here."""
    tx.execute(select(Terminal.id).where(Terminal.id == terminal_id).with_for_update())
    return tx.get_one(Terminal, terminal_id, populate_existing=True)


# --- the ledger ------------------------------------------------------------------------------


def last_good_pull(session: Session, terminal_id: int) -> RawRead | None:
    """The newest read over the network that was taken; None when a clear was confirmed since."""
    read = session.scalars(
        select(RawRead)
        .where(
            RawRead.terminal_id == terminal_id,
            RawRead.source == "pull",
            RawRead.refused.is_(None),
            RawRead.records > 0,
        )
        .order_by(RawRead.received_at.desc(), RawRead.id.desc())
        .limit(1)
    ).first()
    cleared = last_contact_coded(session, terminal_id, CLEAR_CONFIRMED)
    if read is not None and cleared is not None and cleared.at >= read.received_at:
        return None
    return read


def newest_read(session: Session, terminal_id: int, source: str) -> RawRead | None:
    """The newest raw read of a terminal through one door, taken or refused."""
    return session.scalars(
        select(RawRead)
        .where(RawRead.terminal_id == terminal_id, RawRead.source == source)
        .order_by(RawRead.received_at.desc(), RawRead.id.desc())
        .limit(1)
    ).first()


def last_contact_coded(session: Session, terminal_id: int, code: str) -> TerminalContact | None:
    """The newest contact that carries this code."""
    return session.scalars(
        select(TerminalContact)
        .where(TerminalContact.terminal_id == terminal_id, TerminalContact.problem_code == code)
        .order_by(TerminalContact.at.desc(), TerminalContact.id.desc())
        .limit(1)
    ).first()


def has_unconfirmed_break(session: Session, terminal_id: int) -> bool:
    """Whether a read did not continue the one before and no person has said why since."""
    broken = last_contact_coded(session, terminal_id, NOT_CONTIGUOUS)
    confirmed = last_contact_coded(session, terminal_id, CLEAR_CONFIRMED)
    return broken is not None and (confirmed is None or confirmed.at < broken.at)


def last_contact(session: Session, terminal_id: int, source: str) -> TerminalContact | None:
    """The newest contact through one door."""
    return session.scalars(
        select(TerminalContact)
        .where(TerminalContact.terminal_id == terminal_id, TerminalContact.source == source)
        .order_by(TerminalContact.at.desc(), TerminalContact.id.desc())
        .limit(1)
    ).first()


def last_proof(session: Session, terminal_id: int) -> TerminalContact | None:
    """The newest contact that proved something."""
    return session.scalars(
        select(TerminalContact)
        .where(
            TerminalContact.terminal_id == terminal_id,
            TerminalContact.complete_up_to.is_not(None),
        )
        .order_by(TerminalContact.at.desc(), TerminalContact.id.desc())
        .limit(1)
    ).first()


@dataclass(frozen=True)
class Gap:
    """A span of which a terminal's records may be lost for ever: its log was cleared in it."""

    terminal_id: int
    since: datetime | None  # proven complete up to here; None: never proven
    until: datetime


def gaps(session: Session, terminal_ids: Sequence[int], since: datetime) -> list[Gap]:
    """Gaps of these terminals that reach beyond `since`; no absence may rest on such a span."""
    contacts = session.scalars(
        select(TerminalContact)
        .where(
            TerminalContact.terminal_id.in_(terminal_ids),
            TerminalContact.problem_code == CLEAR_CONFIRMED,
            TerminalContact.at > since,
        )
        .order_by(TerminalContact.at)
    )
    return [Gap(each.terminal_id, each.complete_up_to, each.at) for each in contacts]


def unsettled_days(
    session: Session, terminal: Terminal, first: date, today: date
) -> list[tuple[int, date]]:
    """(employee, day) from `first` on that may have waited for this terminal's data.

    Of today only who waits for data: everybody else's day is open by nature. A day that is dirty
    counts too: it may be under derivation just now, from facts older than this read.
    """
    mapped = select(TerminalId.employee_id).where(TerminalId.terminal_id == terminal.id)
    placed = select(Assignment.employee_id).where(Assignment.unit_id == terminal.unit_id)
    dirty = session.execute(
        select(DirtyDay.employee_id, DirtyDay.day).where(
            DirtyDay.day >= first,
            or_(DirtyDay.employee_id.in_(mapped), DirtyDay.employee_id.in_(placed)),
        )
    )
    waiting = session.execute(
        select(AttendanceDay.employee_id, AttendanceDay.day).where(
            AttendanceDay.day >= first,
            AttendanceDay.final.is_(False),
            or_(AttendanceDay.day < today, AttendanceDay.status == DayStatus.AWAITING_DATA.value),
            or_(
                AttendanceDay.unit_id == terminal.unit_id,
                AttendanceDay.employee_id.in_(mapped),
            ),
        )
    )
    return sorted({(employee_id, day) for employee_id, day in (*dirty, *waiting)})


def unit_setting(session: Session, name: str, unit: Unit, day: date) -> dict[str, Any] | None:
    """A setting's value for a unit on a day: its own, or that of the nearest unit above it."""
    above = [int(part) for part in unit.path.strip("/").split("/")]
    settings = session.scalars(
        select(Setting).where(
            Setting.name == name,
            Setting.first_day <= day,
            or_(Setting.unit_id.is_(None), Setting.unit_id.in_(above)),
        )
    ).all()
    nearest = max(
        settings,
        key=lambda each: (above.index(each.unit_id) if each.unit_id else -1, each.first_day),
        default=None,
    )
    return nearest.value if nearest else None


# --- serials that nobody registered ----------------------------------------------------------

UNKNOWN_SERIAL = "unknown_serial"


@dataclass(frozen=True)
class Stranger:
    """A terminal that pushes and that nobody has approved."""

    serial: str
    first_seen: datetime
    last_seen: datetime
    address: str


def strangers(session: Session, since: datetime) -> list[Stranger]:
    """Serials without a terminal that were heard of since then, newest first."""
    known = select(Terminal.serial).where(Terminal.serial.is_not(None))
    entries = session.scalars(
        select(LogEntry)
        .where(
            LogEntry.action == UNKNOWN_SERIAL,
            LogEntry.subject == "serial",
            LogEntry.at >= since,
            LogEntry.subject_id.not_in(known),
        )
        .order_by(LogEntry.at)
    )
    found: dict[str, list[LogEntry]] = {}
    for entry in entries:
        found.setdefault(entry.subject_id, []).append(entry)
    heard = [
        Stranger(serial, seen[0].at, seen[-1].at, str(seen[-1].data.get("address", "")))
        for serial, seen in found.items()
    ]
    return sorted(heard, key=lambda stranger: stranger.last_seen, reverse=True)


def times_heard(session: Session, since: datetime, serial: str | None = None) -> int:
    """How many entries about one unknown serial, or about all of them, there are since then."""
    query = (
        select(func.count())
        .select_from(LogEntry)
        .where(
            LogEntry.subject == "serial",
            LogEntry.action == UNKNOWN_SERIAL,
            LogEntry.at >= since,
        )
    )
    if serial is not None:
        query = query.where(LogEntry.subject_id == serial)
    return session.scalar(query) or 0
