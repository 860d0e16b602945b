"""Questions, morning lists, alerts and corrections: what is due is raised once, with its proof.

The rules say what is due (`domain.notices`); here recipients are found, the SMS is written and a
Notice row is kept, all in one transaction. The row's unique key keeps it from being said twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from domain.cases import CaseKind, HalfDay
from domain.days import Day, DayStatus
from domain.evidence import Reason
from domain.messages import MessageClass
from domain.notices import (
    Audience,
    Due,
    MorningList,
    Told,
    Watched,
    alerts_due,
    corrections_due,
    morning_lists,
    question_dies_at,
    questions_due,
)
from services import outbox
from sms import texts
from store import notice_queries, staff
from store.calendar_queries import RuleBook
from store.days import AttendanceDay
from store.db import Database, Transaction
from store.messages import Notice
from store.people import Employee

LOOK_BACK = timedelta(days=40)  # a late fact corrects what was said this long ago


def raise_due(db: Database, now: datetime) -> dict[str, int]:
    """Say what is due at this moment; returns how many of each class were written."""
    raised: Counter[str] = Counter()
    with db.begin() as tx:
        room = _Room(tx, now)
        watched = list(room.watched())
        for due in (*questions_due(watched, now), *alerts_due(watched, now)):
            raised[due.message_class] += room.say(due)
        for morning in morning_lists(watched, now):
            raised[MessageClass.MORNING_LIST] += room.give_list(morning)
        for each in watched:
            for due in corrections_due(each):
                raised[due.message_class] += room.say(due)
    return dict(raised)


class _Room:
    """One look at everybody's day: who is watched, what was told, who hears what."""

    def __init__(self, tx: Transaction, now: datetime):
        self.tx, self.now = tx, now
        today = now.astimezone(outbox.HOME_ZONE).date()
        self.rows = notice_queries.days_to_look_at(tx, today, LOOK_BACK)
        people = sorted({row.employee_id for row in self.rows})
        days = [row.day for row in self.rows] or [today]
        self.book = RuleBook(tx, people, min(days), max(days))
        self.told = notice_queries.told_about(tx, [(r.employee_id, r.day) for r in self.rows])
        self.names: dict[int, str] = {p.id: p.name for p in self.book.employees.values()}
        self._supervisors: dict[tuple[int | None, int, date], Employee | None] = {}

    def watched(self) -> Iterable[Watched]:
        for row in self.rows:
            supervisor = self._supervisor(row.employee_id, row.day)
            yield Watched(
                _day(row),
                self.book.plan(row.employee_id, row.day),
                staff.stage_of(self.tx, row.unit_id, row.day),
                supervisor.id if supervisor else None,
                tuple(
                    _told(notice, row.employee_id)
                    for notice in self.told.get((row.employee_id, row.day), ())
                ),
            )

    def _supervisor(self, employee_id: int, day: date) -> Employee | None:
        assignment = staff.assignment_on(self.tx, employee_id, day)
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

    def give_list(self, morning: MorningList) -> int:
        """The morning list, in as many texts as it needs; one Notice for each named person."""
        if notice_queries.has_list(self.tx, morning.supervisor_id, morning.day):
            return 0
        names = [self.names[employee_id] for employee_id in morning.not_seen]
        written = 0
        for number, text in enumerate(texts.morning_list(morning.day, names)):
            about = morning.not_seen[min(number, len(morning.not_seen) - 1)]
            written += self._write(
                MessageClass.MORNING_LIST, about, morning.day, morning.supervisor_id, text,
                DayStatus.AWAITING_DATA,
            )  # fmt: skip
        return written

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
        message = outbox.queue(
            self.tx,
            self.now,
            message_class,
            text,
            employee_id=recipient_id,
            wants_answer=recipient_id == employee_id,
            dies_at=dies_at,
        )
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
        return 1


def _told(notice: Notice, employee_id: int) -> Told:
    mine = notice.recipient_id == employee_id
    return Told(
        notice.kind,
        Audience.EMPLOYEE if mine else Audience.SUPERVISOR,
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
