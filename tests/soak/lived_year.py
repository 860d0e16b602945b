"""The house while it lives through a world, and every word of it held against the truth."""

from __future__ import annotations

import time as stopwatch
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from domain.days import derive
from domain.messages import MessageClass, OutState
from services import days, notices
from store import day_writing
from store.day_facts import FactBook
from store.days import AttendanceDay
from store.db import Database
from store.messages import Notice, OutboundSms
from tests.soak import truth
from tests.soak.feed import JOINED, WATCHED, House, midnight, stint_on
from tests.soak.truth import DayTruth, Verdict, World

SETTLES = timedelta(hours=36)
"""By then a day that is proven must have been judged: its window is over, everything read."""
NEAR_BY = timedelta(days=40)
"""How far back stored days are derived anew on the way."""
COLUMNS = [name for name in day_writing.COMPARED if name != "next_look_at"]
Key = tuple[str, date]


class LivedYear:
    """A house, its world, what was compared between them and every disagreement in words."""

    def __init__(self, db: Database, world: World):
        self.db, self.world = db, world
        self.house = House(db, world)
        self.wrong: list[str] = []
        self.verdicts: Counter[Verdict] = Counter()
        self.at_the_end: Counter[Verdict] = Counter()
        self.said: Counter[tuple[str, str]] = Counter()
        self.reasons: Counter[str] = Counter()
        self.raised: Counter[str] = Counter()
        self._derived = self._seen_notice = self._seen_sms = 0
        self._alerted: set[Key] = set()
        self._began = stopwatch.monotonic()

    def live_until(self, now: datetime, *, speaks: bool = False) -> None:
        """Facts arrive, the clock ticks, what is dirty is derived; then, perhaps, it is said."""
        self.house.take_in_until(now)
        days.mark_passing_time(self.db, now)
        self._derived += days.derive_dirty(self.db, lambda: now)
        if speaks:
            self.raised.update(notices.raise_due(self.db, now))
            self._check_notices(now)
        self._check_sms()
        self.house.send_all(now)

    def report(self, now: datetime) -> None:
        """Show how far it is."""
        took = stopwatch.monotonic() - self._began
        print(f"{now:%b %Y}: {self._derived:,} days derived, {took:.0f} s", flush=True)

    # --- what stands in the house ------------------------------------------------------------

    def stored(self) -> dict[Key, Any]:
        """Every attendance day of the year by NIP and date."""
        nip_of = self.house.nip_of
        with self.db.read() as session:
            rows = session.execute(
                select(
                    AttendanceDay.employee_id,
                    AttendanceDay.day,
                    *(getattr(AttendanceDay, name) for name in COLUMNS),
                ).where(AttendanceDay.day.between(truth.FIRST, truth.LAST))
            ).all()
        return {(nip_of[row.employee_id], row.day): row for row in rows}

    def judge(self, at: datetime) -> None:
        """Hold every day up to `at` against the truth as it could be known then."""
        stored = self.stored()
        self.at_the_end.clear()
        for key, there in self.world.days.items():
            row = stored.get(key)
            if there.unit is None:
                if row is not None:
                    self._note(at, there, "has a day out of service", row)
            elif row is not None:
                self._judge_day(at, there, row)
            elif midnight(there.day) + timedelta(days=1) < at:
                self._note(at, there, "has no day")
        self._judge_marks(at, {key: row for key, row in stored.items() if key[1] <= at.date()})

    def _judge_day(self, at: datetime, there: DayTruth, row: Any) -> None:
        why = self.world.why(there, at)
        self.verdicts[why.verdict] += 1
        self.at_the_end[why.verdict] += 1
        self.said[why.name, row.status] += 1
        self.reasons.update(row.reasons)
        is_absent = row.status == "absent"
        if is_absent and why.verdict in (Verdict.WAITING, Verdict.NOT_ABSENT):
            self._note(at, there, f"is accused though {why}", row)
        settled = self.world.why(there, at - SETTLES).verdict is Verdict.ABSENT
        if not is_absent and why.verdict is Verdict.ABSENT and settled:
            self._note(at, there, "is a missed absence", row)

    def _judge_marks(self, at: datetime, stored: dict[Key, Any]) -> None:
        """What stands must be what the facts say now: else a door forgot to mark a day."""
        near = {key: row for key, row in stored.items() if key[1] > (at - NEAR_BY).date()}
        keys = [(row.employee_id, row.day) for row in near.values()]
        with self.db.read() as session:
            book = FactBook(session, keys)
            for (nip, day), row in near.items():
                now = derive(book.facts(row.employee_id, day), at)
                if (now.status, list(now.reasons), now.first_in, now.last_out) != (
                    row.status, row.reasons, row.first_in, row.last_out,
                ):  # fmt: skip
                    there = self.world.days[nip, day]
                    self._note(at, there, f"was not marked, is {now.status} {now.reasons}", row)

    def _note(self, at: datetime, there: DayTruth, what: str, row: Any = None) -> None:
        stands = "" if row is None else f"; the house says {row.status} {list(row.reasons)}"
        person = f"{there.nip} of {there.unit} on {there.day}"
        self.wrong.append(f"[{at:%d %b %H:%M}] {person} {what}{stands}")

    # --- what was said -----------------------------------------------------------------------

    def _check_notices(self, now: datetime) -> None:
        with self.db.read() as session:
            new = session.scalars(
                select(Notice).where(Notice.id > self._seen_notice).order_by(Notice.id)
            ).all()
        for notice in new:
            self._seen_notice = notice.id
            there = self.world.days.get((self.house.nip_of[notice.employee_id], notice.day))
            if there is None:
                continue  # of the month after the year
            if notice.kind is MessageClass.ABSENCE_ALERT:
                self._alerted.add((there.nip, there.day))
                fault = self._why_not_to_alert(there, now)
            elif notice.kind is MessageClass.CORRECTION:
                fault = None
            else:
                fault = self._why_not_to_ask(there, now)
            if fault:
                self._note(now, there, f"was spoken of ({notice.kind}): {fault}")
        self._check_who_was_owed_an_alert(now)

    def _check_who_was_owed_an_alert(self, now: datetime) -> None:
        """Whoever was provably absent two days ago has been told."""
        day = (now - 2 * SETTLES / 3).date() - timedelta(days=1)
        for nip in self.world.people:
            there = self.world.days.get((nip, day))
            if there is None or there.unit is None or is_watched(there.unit, day):
                continue
            was = self.world.why(there, midnight(day) + SETTLES)
            proven = was.verdict is Verdict.ABSENT is self.world.why(there, now).verdict
            if proven and (nip, day) not in self._alerted:
                self._note(now, there, "is absent and nobody was told")

    def _why_not_to_alert(self, there: DayTruth, now: datetime) -> str | None:
        if is_watched(there.unit or "", there.day):
            return "the unit is only watched"
        if self.world.accuses_falsely(there, now):
            return self.world.why(there, now).value
        return None

    def _why_not_to_ask(self, there: DayTruth, now: datetime) -> str | None:
        """Why this person should not have been asked or listed at this moment."""
        if is_watched(there.unit or "", there.day):
            return "the unit is only watched"
        if there.span is None or there.span_known_at is None or there.span_known_at > now:
            return "nothing was known to be expected"
        if there.calendar is not None and there.calendar.known_at <= now:
            return there.calendar.name
        heard = (word for word in there.words if word.heard_at <= now)
        if any(word.decision_at(now) is not truth.Decision.REFUSED for word in heard):
            return "word had been given"
        cutoff = there.span[0] + timedelta(minutes=90)
        if there.there is None or there.there[0] > cutoff:
            return None
        if any(scan.at <= cutoff for scan in there.scans):
            return "was there and had scanned"
        if self._failed_between(there.unit or "", there.span[0], cutoff):
            return "was there, at a terminal that failed"
        return None  # was there and forgot to scan: nobody could know

    def _failed_between(self, unit: str, since: datetime, until: datetime) -> bool:
        return any(
            fault.start < until and since < fault.end
            for terminal in self.world.terminals_of[unit]
            for fault in terminal.faults
        )

    def _check_sms(self) -> None:
        """No SMS leaves for a unit that is only watched."""
        with self.db.read() as session:
            new = session.scalars(
                select(OutboundSms).where(
                    OutboundSms.id > self._seen_sms, OutboundSms.state != OutState.WITHHELD
                )
            ).all()
            self._seen_sms = session.scalar(select(func.max(OutboundSms.id))) or 0
        for sms in new:
            person = self.world.people[self.house.nip_of[sms.employee_id or 0]]
            day = (sms.created_at + timedelta(hours=8)).date()
            stint = stint_on(person, day)
            if stint is not None and is_watched(stint.unit, day):
                self.wrong.append(f"{person.nip} of {stint.unit} got an SMS on {day}: {sms.text}")


def is_watched(unit: str, day: date) -> bool:
    """Whether the unit has not joined yet (pantau)."""
    return unit == WATCHED and day < JOINED
