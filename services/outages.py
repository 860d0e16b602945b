"""Declared outages (mesin dinyatakan rusak): no alerts for those days, a paper list instead.

The list is printed and signed, typed into the sheet that comes with it, and taken back in like the
presence of any other system; its name then stands in every day's evidence.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from domain.access import Viewer
from domain.days import DayStatus
from domain.people import Role
from domain.work_calendar import DayKind
from services import terminals
from services.terminals import TerminalProblem
from store import board, day_queries, outage_queries, terminal_queries
from store.calendar_queries import RuleBook
from store.db import Database
from store.log import record as log_record
from store.people import Unit
from store.terminal_care import TerminalOutage

MAY_DECLARE = (Role.BKD, Role.TECHNICIAN)
LONGEST = "outage_longest"
"""The setting's name, `{"days": n}`: how long one declaration may hold."""
DEFAULT_LONGEST = 5
BACK = timedelta(days=45)  # a closed month is not re-opened by a declaration
LONGEST_LIST = 7  # days on one paper list


def declare(
    db: Database,
    now: datetime,
    viewer: Viewer,
    unit_id: int,
    first: date,
    last: date,
    why: str,
    terminal_name: str | None = None,
) -> int:
    """Declare a unit's terminals, or one of them, out of order for a span of days; returns its id.

    Raises TerminalProblem with a sentence.
    """
    if viewer.role not in MAY_DECLARE:
        raise TerminalProblem("not_yours", "Only BKD or the technician declares an outage.")
    if not why.strip():
        raise TerminalProblem("no_reason", "Say what is out of order.")
    with db.begin() as tx:
        unit = board.visible_unit(tx, viewer, unit_id)
        if unit is None:
            raise TerminalProblem("unknown_unit", "There is no such unit.")
        terminal = terminals.visible(tx, viewer, terminal_name) if terminal_name else None
        if terminal is not None and terminal.unit_id != unit.id:
            raise TerminalProblem("other_unit", f"{terminal.name} hangs in another unit.")
        _check_span(tx, now, unit, first, last)
        terminal_id = terminal.id if terminal else None
        other = outage_queries.overlapping(tx, unit.id, terminal_id, first, last)
        if other is not None:
            raise TerminalProblem(
                "declared", f"{other.first_day} to {other.last_day} is declared already."
            )
        outage = TerminalOutage(
            unit_id=unit.id,
            terminal_id=terminal_id,
            first_day=first,
            last_day=last,
            why=why.strip()[:500],
            declared_by=str(viewer.actor),
            declared_at=now,
        )
        tx.add(outage)
        tx.flush()
        log_record(
            tx, now, viewer.actor, "outage_declared", "outage", outage.id, unit_id=unit.id,
            why=outage.why, data={"first": first.isoformat(), "last": last.isoformat()},
        )  # fmt: skip
        day_queries.mark_unit_dirty(tx, [unit.id], first, last, "outage", now)
        return outage.id


def _check_span(session: Session, now: datetime, unit: Unit, first: date, last: date) -> None:
    today = now.astimezone(ZoneInfo(unit.time_zone)).date()
    setting = terminal_queries.unit_setting(session, LONGEST, unit, today)
    longest = setting["days"] if setting else DEFAULT_LONGEST
    if last < first:
        raise TerminalProblem("days", "The last day lies before the first.")
    if (last - first).days >= longest:
        raise TerminalProblem(
            "too_long", f"At most {longest} days at once; declare it again when they are over."
        )
    if first < today - BACK:
        raise TerminalProblem("too_old", f"At most {BACK.days} days back.")


def end(db: Database, now: datetime, viewer: Viewer, outage_id: int) -> None:
    """The terminals work again: from today on the outage does not hold. Raises TerminalProblem."""
    if viewer.role not in MAY_DECLARE:
        raise TerminalProblem("not_yours", "Only BKD or the technician ends an outage.")
    with db.begin() as tx:
        outage = outage_queries.visible_outage(tx, viewer, outage_id)
        if outage is None or outage.ended_at is not None:
            raise TerminalProblem("no_outage", "This outage has ended already.")
        today = now.astimezone(ZoneInfo(outage.unit.time_zone)).date()
        before, outage.last_day = outage.last_day, min(outage.last_day, today - timedelta(days=1))
        outage.ended_by, outage.ended_at = str(viewer.actor), now
        log_record(
            tx, now, viewer.actor, "outage_ended", "outage", outage.id, unit_id=outage.unit_id
        )
        if outage.last_day < before:
            touched = max(outage.first_day, outage.last_day)
            day_queries.mark_unit_dirty(tx, [outage.unit_id], touched, before, "outage", now)


@dataclass(frozen=True)
class PaperLine:
    """One person on one day of the list (daftar hadir kertas), with the hours of that day."""

    day: date
    nip: str
    name: str
    hours: str


def paper_list(session: Session, unit: Unit, first: date, last: date) -> list[PaperLine]:
    """Who has to sign: everybody at work on these days whom no terminal has shown to be there.

    Raises TerminalProblem for too long a span.
    """
    if not 0 <= (last - first).days < LONGEST_LIST:
        raise TerminalProblem("too_long", f"A list has 1 to {LONGEST_LIST} days.")
    people = outage_queries.people_of(session, unit.id, first, last)
    ids = [person.id for person in people]
    book = RuleBook(session, ids, first, last)
    found = outage_queries.statuses(session, ids, first, last)
    lines = []
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        for person in people:
            at_unit = book.unit_on(person.id, day)
            plan = book.plan(person.id, day)
            status = found.get((person.id, day), DayStatus.AWAITING_DATA.value)
            if (
                at_unit is not None
                and at_unit.id == unit.id
                and plan.kind in (DayKind.WORK, DayKind.NO_ROSTER)
                and status in (DayStatus.AWAITING_DATA.value, DayStatus.INCOMPLETE.value)
            ):
                hours = ""
                if plan.starts and plan.ends:
                    begins, ends = (at.astimezone(plan.zone) for at in (plan.starts, plan.ends))
                    hours = f"{begins:%H.%M}-{ends:%H.%M}"
                lines.append(PaperLine(day, person.nip or "", person.name, hours))
    return lines


def paper_csv(unit: Unit, lines: Collection[PaperLine]) -> str:
    """The list as a sheet to be filled in, in the columns that `import-csv` understands."""
    out = io.StringIO()
    out.write("\ufeff")  # spreadsheets take a file without it for another code page
    writer = csv.writer(out, delimiter=";")
    writer.writerow(["NIP", "Nama", "Tanggal", "Jam Masuk", "Jam Pulang", "Sumber"])
    source = f"Daftar kertas {unit.code}"
    for line in lines:
        # the apostrophe keeps a spreadsheet from rounding eighteen digits; the import drops it
        writer.writerow([f"'{line.nip}", _plain(line.name), f"{line.day:%d/%m/%Y}", "", "", source])
    return out.getvalue()


def _plain(text: str) -> str:
    """A name that begins like a formula stays a name."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t") else text
