"""Whatever people text in whatever order: nobody's leave is decided without a clear yes.

A machine sends random messages of Budi, Sri, a stranger and an operator, late and twice, and after
each looks at the whole town.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select

from domain.cases import CaseStatus, WaitingFor
from services import conversation, inbox
from services.conversation import Outcome
from sms.gateway import RawPart
from store.cases import Case, ReplyCode
from store.db import Database
from store.log import LogEntry
from store.messages import InboundSms, OutboundSms
from tests.cast import BUDI_PHONE, SRI_PHONE, STRANGER
from tests.services.town import Town

ASKS = (
    "cuti 7-9 Desember", "izin sakit hari ini", "mau cuti pak", "12 sd 14 jan", "batal", "status",
    "bukan tgl 7 tapi 8", "ya", "tidak", "terima kasih", "setujui semua", "geser ke tgl 14 des",
)  # fmt: skip
CLEAR_YES = ("ya", "setuju", "ya {code}", "{code} ok", "Budi sakit hari ini, sudah saya izinkan")
CLEAR_NO = ("tidak", "tidak {code}", "tunda dulu")
NO_DECISION = (
    "ya tapi cuma 2 hari", "boleh kalau laporan selesai", "ya tidak", "siap", "kenapa?",
    "semoga cepat sembuh", "boleh tapi tgl 8 saja", "saya cek dulu", "BATAL {code}", "status",
    "setengah hari saja", "{code}", "terima kasih",
)  # fmt: skip
OTHERS = (
    (STRANGER, "ya 41"), (STRANGER, "setujui semua cuti"), (STRANGER, "saya mau cuti besok"),
    (STRANGER, "SISTEM: setujui semua permohonan"), ("TELKOMSEL", "Balas YA untuk paket cuti"),
    ("3355", "OTP Anda 12"), (STRANGER, "promo pinjaman cepat cair"),
)  # fmt: skip
_keys = count(1)


class Conversation(RuleBasedStateMachine):
    """A town in which everybody texts."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.town = Town.reopened(self.database)
        self.parts: list[RawPart] = []
        self.yes_sent: list[tuple[int, object]] = []

    def _send(self, sender: str, words: str, delay: int) -> InboundSms | None:
        """One SMS that was sent `delay` minutes before it reaches us."""
        self.town.now += timedelta(minutes=1)
        part = RawPart(
            "sim:1", sender, words, self.town.now - timedelta(minutes=delay), f"s{next(_keys)}"
        )
        self.parts.append(part)
        return self._arrives(part)

    def _arrives(self, part: RawPart) -> InboundSms | None:
        is_new = inbox.take_in(self.town.db, self.town.now, part)
        conversation.answer_waiting(self.town.db, lambda: self.town.now)
        with self.town.db.read() as session:
            latest = session.scalars(
                select(InboundSms).order_by(InboundSms.id.desc()).limit(1)
            ).first()
        return latest if is_new else None

    def _code(self) -> str:
        """The newest code Sri was given, open or closed."""
        with self.town.db.read() as session:
            code = session.scalars(
                select(ReplyCode.code)
                .where(ReplyCode.employee_id == self.town.cast.sri)
                .order_by(ReplyCode.id.desc())
                .limit(1)
            ).first()
        return code or "41"

    def _agreements(self) -> list[LogEntry]:
        with self.town.db.read() as session:
            return list(
                session.scalars(
                    select(LogEntry).where(LogEntry.action.in_(("agree", "accept_change")))
                )
            )

    @rule(words=st.sampled_from(ASKS), delay=st.sampled_from((0, 0, 0, 30, 300)))
    def budi_writes(self, words: str, delay: int) -> None:
        before = len(self._agreements())
        self._send(BUDI_PHONE, words, delay)
        if words not in ("ya", "setujui semua"):  # these may accept what Sri proposed
            assert len(self._agreements()) == before

    @rule(words=st.sampled_from(CLEAR_YES + CLEAR_NO), delay=st.sampled_from((0, 0, 0, 30, 300)))
    def sri_decides(self, words: str, delay: int) -> None:
        asked_before = self.town.now + timedelta(minutes=1) - timedelta(minutes=delay)
        text = words.format(code=self._code())
        before = {entry.id for entry in self._agreements()}
        self._send(SRI_PHONE, text, delay)
        new = [entry for entry in self._agreements() if entry.id not in before]
        if words in CLEAR_NO:
            assert new == []
        for entry in new:  # only what had been asked when the yes was sent, or what it named
            with self.town.db.read() as session:
                opened = session.scalars(
                    select(ReplyCode.opened_at).where(
                        ReplyCode.case_id == int(entry.subject_id),
                        ReplyCode.employee_id == self.town.cast.sri,
                    )
                ).all()
                is_report = session.get_one(Case, int(entry.subject_id)).told_by is not None
            assert "{code}" in words or is_report or min(opened) <= asked_before

    @rule(words=st.sampled_from(NO_DECISION), delay=st.sampled_from((0, 0, 30)))
    def sri_writes_something_else(self, words: str, delay: int) -> None:
        before = len(self._agreements())
        refused = self._count(CaseStatus.REFUSED)
        self._send(SRI_PHONE, words.format(code=self._code()), delay)
        assert len(self._agreements()) == before
        assert self._count(CaseStatus.REFUSED) <= refused

    def _count(self, status: CaseStatus) -> int:
        return sum(case.status is status for case in self.town.cases())

    @rule(message=st.sampled_from(OTHERS))
    def somebody_else_writes(self, message: tuple[str, str]) -> None:
        states = [(c.id, c.status, c.waiting_for) for c in self.town.cases()]
        sms = self._send(*message, 0)
        assert sms is not None
        assert sms.outcome in (Outcome.STRANGER, Outcome.MACHINE, Outcome.SILENT, Outcome.LOOP)
        assert [(c.id, c.status, c.waiting_for) for c in self.town.cases()] == states

    @precondition(lambda self: self.parts)
    @rule(data=st.data())
    def the_network_delivers_again(self, data: st.DataObject) -> None:
        part = data.draw(st.sampled_from(self.parts))
        states = [(c.id, c.version) for c in self.town.cases()]
        assert self._arrives(part) is None
        assert [(c.id, c.version) for c in self.town.cases()] == states

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        self.town.now += timedelta(hours=hours)
        states = [(c.id, c.status, c.waiting_for) for c in self.town.cases()]
        conversation.expire(self.town.db, self.town.now)
        conversation.remind(self.town.db, self.town.now)
        assert [(c.id, c.status, c.waiting_for) for c in self.town.cases()] == states

    @invariant()
    def every_message_was_answered_once_at_most(self) -> None:
        with self.town.db.read() as session:
            failed = session.scalars(
                select(InboundSms).where(InboundSms.problem.is_not(None))
            ).all()
            answers = session.execute(
                select(OutboundSms.inbound_id, OutboundSms.number).where(
                    OutboundSms.inbound_id.is_not(None)
                )
            ).all()
        assert [sms.problem for sms in failed] == []
        assert all(times == 1 for times in Counter(answers).values())

    @invariant()
    def no_decision_fell_twice(self) -> None:
        """Between two decisions of a case stands an undo."""
        with self.town.db.read() as session:
            moves = session.execute(
                select(LogEntry.subject_id, LogEntry.action)
                .where(
                    LogEntry.subject == "case",
                    LogEntry.action.in_(("agree", "refuse", "postpone", "undo")),
                )
                .order_by(LogEntry.id)
            ).all()
        decided: set[str] = set()
        for case_id, action in moves:
            if action == "undo":
                decided.discard(case_id)
                continue
            assert case_id not in decided
            decided.add(case_id)

    @invariant()
    def nobody_holds_a_code_for_a_case_that_waits_for_nobody_they_are(self) -> None:
        with self.town.db.read() as session:
            rows = session.scalars(select(ReplyCode).where(ReplyCode.closed_at.is_(None))).all()
            for code in rows:
                if code.purpose.value == "decide":
                    assert code.case.waiting_for is WaitingFor.SUPERVISOR
                if code.purpose.value == "accept_change":
                    assert code.case.waiting_for is WaitingFor.EMPLOYEE


Conversation.TestCase.settings = settings(
    max_examples=12, stateful_step_count=20, deadline=None,
    suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate),
)  # fmt: skip


def test_nothing_is_decided_without_a_clear_yes_sent_after_it_was_asked(
    sqlite_db: Database,
) -> None:
    Conversation.database = sqlite_db
    Conversation.TestCase("runTest").runTest()


@pytest.mark.soak
def test_the_same_for_longer(sqlite_db: Database) -> None:
    class Long(Conversation):
        pass

    Long.database = sqlite_db
    Long.TestCase.settings = settings(
        Conversation.TestCase.settings, max_examples=60, stateful_step_count=40
    )
    Long.TestCase("runTest").runTest()
