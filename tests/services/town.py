"""The house seen from outside: SMS go in, SMS come out, the clock is ours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import select

from domain.messages import OutState
from services import conversation, inbox
from sms.gateway import RawPart
from store.cases import Case
from store.db import Base, Database
from store.log import LogEntry
from store.messages import InboundSms, OutboundSms
from store.people import Assignment, Employee, Phone
from tests.cast import SRI_PHONE, Cast, build_cast

MORNING = datetime(2026, 11, 24, 0, 10, tzinfo=UTC)  # Tuesday, 08.10 in Kalimantan Timur
_ids = count(1)


class Town:
    """A little town with the fixed cast in it, and whoever moves in."""

    def __init__(self, db: Database):
        self.db, self.now = db, MORNING
        self.cast: Cast = build_cast(db)

    @classmethod
    def reopened(cls, db: Database) -> Town:
        """The same town again, emptied of what people wrote: a property needs many fresh ones."""
        with db.begin() as tx:
            lives = tx.scalar(select(Employee.id).limit(1)) is not None
            for table in reversed(Base.metadata.sorted_tables):
                if lives and table.name != "install":
                    tx.execute(table.delete())
        return cls(db)

    def text(self, sender: str, words: str, *, sent_at: datetime | None = None) -> InboundSms:
        """Somebody sends an SMS and Hadir answers what waits."""
        self.now += timedelta(minutes=1)
        part = RawPart("sim:1", sender, words, sent_at or self.now, f"key-{next(_ids)}")
        inbox.take_in(self.db, self.now, part)
        conversation.answer_waiting(self.db, lambda: self.now)
        with self.db.read() as session:
            return session.scalars(select(InboundSms).order_by(InboundSms.id.desc())).first()

    def outbox(self, number: str) -> list[str]:
        """What was written to a number, oldest first; marks it as sent, as a modem would."""
        with self.db.begin() as tx:
            rows = tx.scalars(
                select(OutboundSms).where(OutboundSms.number == number).order_by(OutboundSms.id)
            ).all()
            for row in rows:
                if row.state is OutState.QUEUED:
                    row.state, row.sent_at = OutState.SENT, self.now
            return [row.text for row in rows]

    def case(self) -> Case:
        with self.db.read() as session:
            return session.scalars(select(Case).order_by(Case.id.desc())).first()

    def code(self) -> str:
        """The code in Sri's newest SMS."""
        words = self.outbox(SRI_PHONE)[-1].replace(".", " ").split()
        return words[words.index("YA") + 1]

    def last(self, number: str) -> str:
        """The newest SMS to a number."""
        return self.outbox(number)[-1]

    def cases(self) -> Sequence[Case]:
        """Every case there is, oldest first."""
        with self.db.read() as session:
            return session.scalars(select(Case).order_by(Case.id)).all()

    def log(self, subject: str = "case") -> list[str]:
        """What was logged about cases, oldest first."""
        with self.db.read() as session:
            return list(
                session.scalars(
                    select(LogEntry.action).where(LogEntry.subject == subject).order_by(LogEntry.id)
                )
            )

    def move_in(
        self, name: str, number: str | None, like: int | None = None, nip: str | None = None
    ) -> int:
        """Somebody new works beside `like` (Budi unless told otherwise) under the same post."""
        with self.db.begin() as tx:
            model = tx.scalars(
                select(Assignment).where(Assignment.employee_id == (like or self.cast.budi))
            ).one()
            person = Employee(
                nip=nip or f"1991{next(_ids):014d}",
                name=name,
                employment=tx.get_one(Employee, self.cast.budi).employment,
                in_service_from=model.first_day,
            )
            tx.add(person)
            tx.flush()
            tx.add(
                Assignment(
                    employee_id=person.id,
                    unit_id=model.unit_id,
                    reports_to_id=model.reports_to_id,
                    first_day=model.first_day,
                )
            )
            if number is not None:
                tx.add(Phone(employee_id=person.id, number=number, first_day=model.first_day))
            return person.id
