"""Questions, morning lists, alerts and corrections: what is due is raised once, with its proof.

The rules say what is due (`domain.notices`); here recipients are found, the SMS is written and a
Notice row is kept, all in one transaction. The row's unique key keeps it from being said twice.
Only days are looked at whose `notices_at` has come: whoever writes a day sets it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby, islice
from operator import itemgetter

from domain.cases import CaseKind, HalfDay
from domain.days import Day, DayStatus
from domain.evidence import Reason
from domain.messages import MessageClass
from domain.notices import (
    ALERTED_FOR,
    Audience,
    Due,
    Ladder,
    MorningList,
    Told,
    Watched,
    alerts_due,
    corrections_due,
    is_alerted,
    ladder_due,
    look_again_at,
    morning_lists,
    question_dies_at,
    questions_due,
    tell_at,
)
from domain.people import Stage
from services import outbox
from sms import texts
from store import notice_queries, staff, terminal_queries
from store.calendar_queries import RuleBook
from store.days import AttendanceDay
from store.db import Database, Transaction
from store.messages import Notice, OutboundSms
from store.people import Employee

LADDER = "alert_ladder"
"""The setting's name: {"kasubag_after": 3, "bkd_after": 10} absent working days in a row."""
LADDER_LOOKS_BACK = timedelta(days=62)
BATCH = 50  # days in one transaction, which keeps others on SQLite from writing


def raise_due(db: Database, now: datetime) -> dict[str, int]:
    """Say what is due at this moment; returns how many of each class were written.

    Days are looked at in batches, each in its own short transaction: one that dies leaves its days
    to be looked at again, the others stay said.
    """
    raised: Counter[str] = Counter()
    with db.read() as session:
        waiting = notice_queries.days_to_look_at(session, now)
    for keys in _batches(waiting):
        with db.begin() as tx:
            raised.update(_raise_in(tx, now, keys))
    return dict(+raised)


def _batches(waiting: Iterable[tuple[int, date, int]]) -> Iterator[list[tuple[int, date]]]:
    """(employee, date) pairs of sorted (unit, date, employee), about BATCH at a time; a unit's
    date stays whole, so that a supervisor gets one list."""
    batch: list[tuple[int, date]] = []
    for (_, day), group in groupby(waiting, key=itemgetter(0, 1)):
        keys = [(employee_id, day) for _, _, employee_id in group]
        if batch and len(batch) + len(keys) > BATCH:
            yield batch
            batch = []
        batch += keys
    if batch:
        yield batch


def _raise_in(tx: Transaction, now: datetime, keys: Sequence[tuple[int, date]]) -> Counter[str]:
    raised: Counter[str] = Counter()
    rows = notice_queries.take_days(tx, now, keys)
    if not rows:
        return raised
    beside = notice_queries.absences_beside(tx, rows, now.date() - ALERTED_FOR)
    room = _Room(tx, now, [*rows, *beside])
    watched = list(room.watched())
    for due in (*questions_due(watched, now), *alerts_due(watched, now)):
        raised[due.message_class] += room.say(due)
    for morning in morning_lists(watched, now):
        room.give_list(morning)
        raised[MessageClass.MORNING_LIST] += 1
    for due in room.ladder(watched):
        raised[due.message_class] += room.climb(due)
    for each in watched:
        for due in corrections_due(each):
            raised[due.message_class] += room.say(due)
    for row, each in zip(rows, watched, strict=False):
        row.notices_at = look_again_at(each, now)
    return raised


class _Room:
    """One look at some people's days: who is watched, what was told, who hears what."""

    def __init__(self, tx: Transaction, now: datetime, rows: Sequence[AttendanceDay]):
        self.tx, self.now, self.rows = tx, now, rows
        people = sorted({row.employee_id for row in rows})
        days = [row.day for row in rows]
        self.book = RuleBook(tx, people, min(days), max(days))
        self.told = notice_queries.told_about(tx, [(r.employee_id, r.day) for r in rows])
        self.names: dict[int, str] = {p.id: p.name for p in self.book.employees.values()}
        self._supervisors: dict[tuple[int | None, int, date], Employee | None] = {}
        self._stages: dict[tuple[int, date], Stage] = {}

    def watched(self) -> Iterable[Watched]:
        for row in self.rows:
            supervisor = self._supervisor(row.employee_id, row.day)
            supervisor_id = supervisor.id if supervisor else None
            told = self.told.get((row.employee_id, row.day), ())
            lists = [n for n in told if n.kind is MessageClass.MORNING_LIST]
            yield Watched(
                _day(row),
                self.book.plan(row.employee_id, row.day),
                self._stage(row.unit_id, row.day),
                supervisor_id,
                tuple(_told(n, row.employee_id, supervisor_id) for n in told if n not in lists),
                any(n.recipient_id == supervisor_id for n in lists),
            )

    def _stage(self, unit_id: int, day: date) -> Stage:
        key = (unit_id, day)
        if key not in self._stages:
            self._stages[key] = staff.stage_of(self.tx, unit_id, day)
        return self._stages[key]

    def _supervisor(self, employee_id: int, day: date) -> Employee | None:
        assignment = self.book.assignment_on(employee_id, day)
        post = assignment.reports_to_id if assignment else None
        key = (post, employee_id if post is None else 0, day)
        if key not in self._supervisors:
            self._supervisors[key] = staff.supervisor_of(self.tx, employee_id, day)
        found = self._supervisors[key]
        if found is not None and found.id == employee_id:
            return staff.supervisor_of(self.tx, employee_id, day)
        return found

    # --- saying it ---------------------------------------------------------------------------

    def say(self, due: Due) -> int:
        recipient = self._recipient(due)
        if recipient is None:
            return 0
        plan = self.book.plan(due.employee_id, due.day)
        dies_at = None
        if due.message_class is MessageClass.CUTOFF_QUESTION:
            dies_at = question_dies_at(plan)
        return self._write(
            due.message_class, due.employee_id, due.day, recipient, self._text(due), due.said,
            revision=due.revision, dies_at=dies_at,
        )  # fmt: skip

    def _recipient(self, due: Due) -> int | None:
        if due.recipient_id is not None:
            return due.recipient_id
        if due.audience is Audience.EMPLOYEE:
            return due.employee_id
        unit = self.book.unit_on(due.employee_id, due.day)
        find: dict[Audience, Callable[..., Employee | None]] = {
            Audience.OPERATOR: staff.operator_of,
            Audience.KASUBAG: staff.kasubag_of,
        }
        if unit is None or due.audience not in find:
            return None
        found = find[due.audience](self.tx, unit.id, due.day)
        return found.id if found else None

    def _text(self, due: Due) -> str:
        name = self.names[due.employee_id]
        if due.message_class is MessageClass.CUTOFF_QUESTION:
            plan = self.book.plan(due.employee_id, due.day)
            assert plan.cutoff is not None
            return texts.cutoff_question(name, plan.cutoff.astimezone(plan.zone).time())
        if due.message_class is MessageClass.CORRECTION:
            return texts.day_corrected(name, due.day, due.said.value)
        if due.audience is Audience.EMPLOYEE:
            return texts.absence_alert(name, due.day)
        return texts.absence_alert_supervisor(name, due.day)

    def give_list(self, morning: MorningList) -> None:
        """The morning list, in as many texts as it needs; one Notice for each named person."""
        people = iter(morning.not_seen)
        in_order = [self.names[employee_id] for employee_id in morning.not_seen]
        listed = zip(
            texts.morning_list(morning.day, in_order), texts.in_groups(in_order), strict=True
        )
        for text, named in listed:
            message = self._queue(MessageClass.MORNING_LIST, morning.supervisor_id, text)
            for employee_id in islice(people, len(named)):
                self._keep(
                    MessageClass.MORNING_LIST, employee_id, morning.day, morning.supervisor_id,
                    DayStatus.AWAITING_DATA, message,
                )  # fmt: skip

    # --- days in a row -----------------------------------------------------------------------

    def ladder(self, watched: Iterable[Watched]) -> Iterable[Due]:
        """What runs of absent days ask to be said, once people were told of their last day."""
        told = [
            each
            for each in watched
            if each.day.status is DayStatus.ABSENT
            and is_alerted(each.day.day, self.now)
            and self.now >= tell_at(each.plan)
        ]
        newest = {each.day.employee_id: each for each in sorted(told, key=lambda w: w.day.day)}
        for employee_id, last in sorted(newest.items()):
            rows = notice_queries.days_before(self.tx, employee_id, last.day.day, LADDER_LOOKS_BACK)
            unit = self.book.unit_on(employee_id, last.day.day)
            steps = unit and terminal_queries.unit_setting(self.tx, LADDER, unit, last.day.day)
            yield from ladder_due(
                [_day(row) for row in rows], last.stage, Ladder(**steps) if steps else Ladder()
            )

    def climb(self, due: Due) -> int:
        """Say a step of the ladder to everybody it is for; returns how many heard it now."""
        text = texts.absences_in_a_row(
            self.names[due.employee_id], due.day, due.audience is Audience.BKD
        )
        return sum(
            self._write(due.message_class, due.employee_id, due.day, recipient, text, due.said)
            for recipient in self._climbers(due)
        )

    def _climbers(self, due: Due) -> list[int]:
        if due.audience is Audience.BKD:
            return list(notice_queries.people_of_bkd(self.tx))
        recipient = self._recipient(due)
        return [] if recipient in (None, due.employee_id) else [recipient or 0]

    def _write(
        self,
        message_class: MessageClass,
        employee_id: int,
        day: date,
        recipient_id: int,
        text: str,
        said: DayStatus,
        *,
        revision: int = 0,
        dies_at: datetime | None = None,
    ) -> int:
        """One SMS with its Notice, or nothing when it was said before."""
        if notice_queries.is_raised(
            self.tx, message_class, employee_id, day, recipient_id, revision
        ):
            return 0
        is_own = recipient_id == employee_id
        message = self._queue(message_class, recipient_id, text, is_own, dies_at)
        self._keep(message_class, employee_id, day, recipient_id, said, message, revision)
        return 1

    def _queue(
        self,
        message_class: MessageClass,
        recipient_id: int,
        text: str,
        wants_answer: bool = False,
        dies_at: datetime | None = None,
    ) -> OutboundSms | None:
        return outbox.queue(
            self.tx,
            self.now,
            message_class,
            text,
            employee_id=recipient_id,
            wants_answer=wants_answer,
            dies_at=dies_at,
        )

    def _keep(
        self,
        message_class: MessageClass,
        employee_id: int,
        day: date,
        recipient_id: int,
        said: DayStatus,
        message: OutboundSms | None,
        revision: int = 0,
    ) -> None:
        """The proof that this was said: a superior who does nothing is liable."""
        self.tx.add(
            Notice(
                kind=message_class,
                employee_id=employee_id,
                day=day,
                recipient_id=recipient_id,
                revision=revision,
                outbound_id=message.id if message else None,
                raised_at=self.now,
                said=said.value,
            )
        )
        self.tx.flush()


def _told(notice: Notice, employee_id: int, supervisor_id: int | None) -> Told:
    audience = Audience.OPERATOR  # of a unit on trial; or who hears of days in a row
    if notice.recipient_id == employee_id:
        audience = Audience.EMPLOYEE
    elif notice.recipient_id == supervisor_id:
        audience = Audience.SUPERVISOR
    return Told(
        notice.kind,
        audience,
        notice.recipient_id,
        DayStatus(notice.said),
        notice.revision,
    )


def _day(row: AttendanceDay) -> Day:
    return Day(
        row.employee_id, row.day, DayStatus(row.status),
        CaseKind(row.kind) if row.kind else None,
        row.first_in, row.last_out, row.late_minutes, row.early_minutes,
        row.missing_in, row.missing_out,
        HalfDay(row.excuse) if row.excuse else None,
        row.provisional, row.final, tuple(Reason(word) for word in row.reasons), row.why,
    )  # fmt: skip
