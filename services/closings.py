"""Closing a month (tutup bulan): what stands in the way, one warning, a close by two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from domain.access import Viewer
from domain.cases import Move
from domain.days import DayStatus
from domain.messages import MessageClass
from domain.people import Role
from domain.recap import month_span
from services import outbox
from services.cases.parts import make_move
from sms import texts
from store import case_queries, closing_queries
from store.cases import Case
from store.closing_queries import Amendment, NamedDay
from store.closings import MonthClosing
from store.db import Database, Transaction
from store.log import record as log_record
from store.people import Unit

AMENDED_WITHIN = timedelta(days=370)  # how far back a close looks for what changed since


class ClosingError(Exception):
    """A step that cannot be taken: a code for programs, a sentence for people."""

    def __init__(self, code: str, sentence: str):
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True)
class Standing:
    """A unit's month on its way: what stands in the way, by name, and what was done so far."""

    unit: Unit
    month: str
    first: date
    last: date
    closing: MonthClosing | None
    waiting: list[NamedDay]
    undecided: Sequence[Case]
    provisional: Sequence[Case]
    unknown_ids: list[tuple[str, str]]
    dirty: int
    blemished: list[NamedDay]
    amendments: list[Amendment]

    @property
    def blockers(self) -> int:
        """How many things a person could still settle."""
        lists = (self.waiting, self.undecided, self.provisional, self.unknown_ids)
        return sum(map(len, lists)) + bool(self.dirty)

    @property
    def is_closed(self) -> bool:
        return self.closing is not None and self.closing.closed_at is not None


def standing(session: Session, unit: Unit, month: str) -> Standing:
    """How a unit's month stands. Raises ValueError for what is no month."""
    first, last = month_span(month)
    closing = closing_queries.closing_of(session, unit.id, month)
    span = (session, unit.id, first, last)
    if closing is not None and closing.closed_at is not None:
        amendments = closing_queries.amended_by(session, closing, first)
    else:
        amendments = _amended(session, unit.id, first)
    return Standing(
        unit, month, first, last, closing,
        closing_queries.waiting_days(*span),
        closing_queries.open_cases(*span),
        closing_queries.duty_without_letter(*span),
        closing_queries.unknown_ids(*span),
        closing_queries.still_dirty(*span),
        closing_queries.blemished_days(*span),
        amendments,
    )  # fmt: skip


def _amended(session: Session, unit_id: int, first: date) -> list[Amendment]:
    return closing_queries.changed_since(
        session, unit_id, first - timedelta(days=1), first - AMENDED_WITHIN
    )


def set_deadline(
    db: Database, now: datetime, viewer: Viewer, unit: Unit, month: str, day: date
) -> None:
    """Until when objections count (tenggat); it may be moved until people were warned of it."""
    _, last = month_span(month)
    with db.begin() as tx:
        closing = _open(tx, unit, month)
        if closing.warned_at is not None:
            raise ClosingError("warned", "Pegawai sudah diberi tahu tenggatnya; tidak bisa diubah.")
        if day <= last:
            raise ClosingError("too_early", "Tenggat harus sesudah akhir bulan itu.")
        closing.deadline = day
        _log(tx, now, viewer, closing, "closing_deadline", {"deadline": day.isoformat()})


def warn(db: Database, now: datetime, viewer: Viewer, unit: Unit, month: str) -> int:
    """One SMS to everybody with an absence or a missing scan; returns how many were written."""
    first, last = month_span(month)
    with db.begin() as tx:
        closing = _open(tx, unit, month)
        if closing.deadline is None:
            raise ClosingError("no_deadline", "Tetapkan tenggatnya dulu.")
        if closing.warned_at is not None:
            raise ClosingError("warned", "Pegawai sudah diberi tahu.")
        if now.astimezone(outbox.HOME_ZONE).date() <= last:
            raise ClosingError("running", "Bulan ini belum selesai.")
        days: dict[int, list[NamedDay]] = defaultdict(list)
        for each in closing_queries.blemished_days(tx, unit.id, first, last):
            days[each.employee_id].append(each)
        for employee_id, found in sorted(days.items()):
            absent = [e.day.day for e in found if e.day.status == DayStatus.ABSENT]
            short = [e.day.day for e in found if e.day.status != DayStatus.ABSENT]
            outbox.queue(
                tx,
                now,
                MessageClass.BULK,
                texts.before_the_close(found[0].name, absent, short, closing.deadline),
                employee_id=employee_id,
                wants_answer=True,
                dedupe_key=f"closing:{closing.id}:{employee_id}",
            )
        closing.warned_at = now
        _log(tx, now, viewer, closing, "closing_warned", {"people": len(days)})
        return len(days)


def close(db: Database, now: datetime, viewer: Viewer, unit: Unit, month: str) -> int:
    """Kasubag closes: open cases end undecided, every day is kept as it stands; returns how many.

    Before the deadline only a month in whose way nothing stands can be closed.
    """
    first, last = month_span(month)
    with db.begin() as tx:
        closing = _open(tx, unit, month)
        today = now.astimezone(outbox.HOME_ZONE).date()
        if today <= last:
            raise ClosingError("running", "Bulan ini belum selesai.")
        stands = standing(tx, unit, month)
        is_late = closing.deadline is not None and today > closing.deadline
        if stands.dirty:
            raise ClosingError("dirty", "Masih ada hari yang sedang dihitung. Coba sebentar lagi.")
        if stands.blockers and not is_late:
            raise ClosingError(
                "blocked", "Masih ada yang belum beres. Selesaikan dulu, atau tunggu tenggat lewat."
            )
        lapsed = [case for case in stands.undecided if case.end_date and case.end_date <= last]
        for case in lapsed:
            make_move(tx, now, viewer.actor, case, Move.LAPSE, why=f"tutup bulan {month}")
            case_queries.close_codes(tx, case, now)
        days = [each.day for each in closing_queries.days_of(tx, unit.id, first, last)]
        if not days:
            raise ClosingError("empty", "Belum ada hari yang dihitung di bulan itu.")
        amended = [each.now for each in stands.amendments]
        closing_queries.snapshot(tx, closing, [*days, *amended])  # type: ignore[list-item]
        closing.closed_at, closing.closed_by = now, str(viewer.actor)
        counts = {"days": len(days), "lapsed": len(lapsed), "amended": len(amended)}
        _log(tx, now, viewer, closing, "closing_closed", counts)
        return len(days)


def countersign(db: Database, now: datetime, viewer: Viewer, unit: Unit, month: str) -> None:
    """The head signs what Kasubag closed; never the same person."""
    with db.begin() as tx:
        closing = closing_queries.hold_closing(tx, unit.id, month)
        if closing.closed_at is None:
            raise ClosingError("not_closed", "Bulan ini belum ditutup Kasubag.")
        if closing.countersigned_at is not None:
            raise ClosingError("moved", "Bulan ini sudah ditandatangani.")
        if viewer.role not in (Role.PIMPINAN, Role.BKD) or closing.closed_by == str(viewer.actor):
            raise ClosingError("own_close", "Yang menutup tidak boleh menandatangani sendiri.")
        closing.countersigned_at, closing.countersigned_by = now, str(viewer.actor)
        _log(tx, now, viewer, closing, "closing_countersigned", {})


def _open(tx: Transaction, unit: Unit, month: str) -> MonthClosing:
    closing = closing_queries.hold_closing(tx, unit.id, month)
    if closing.closed_at is not None:
        raise ClosingError("closed", "Bulan ini sudah ditutup; perubahan masuk susulan.")
    return closing


def _log(
    tx: Transaction,
    now: datetime,
    viewer: Viewer,
    closing: MonthClosing,
    action: str,
    data: Mapping[str, object],
) -> None:
    told = {"month": closing.month, **data}
    log_record(
        tx, now, viewer.actor, action, "closing", closing.id, unit_id=closing.unit_id, data=told
    )
