"""Short words that alone would be asked back are answers to a question or alert of ours."""

from __future__ import annotations

from datetime import date

import pytest

from domain.cases import CaseKind
from domain.messages import MessageClass
from services.conversation import Outcome
from store.db import Database
from store.messages import Notice
from tests.cast import BUDI_PHONE, SRI_PHONE
from tests.services.town import Town

TODAY, YESTERDAY = date(2026, 11, 24), date(2026, 11, 23)


@pytest.fixture
def town(sqlite_db: Database) -> Town:
    return Town(sqlite_db)


def asked_about(town: Town, day: date, kind: MessageClass) -> None:
    with town.db.begin() as tx:
        tx.add(
            Notice(
                kind=kind, employee_id=town.cast.budi, day=day, recipient_id=town.cast.budi,
                raised_at=town.now, said="awaiting_data",
            )
        )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "kind", "correction"),
    [
        ("sakit pak", CaseKind.SICK, None),
        ("SAKIT", CaseKind.SICK, None),
        ("lupa absen", CaseKind.CORRECTION, "forgot_scan"),
        ("hadir", CaseKind.CORRECTION, "present"),
        ("hadir pak, sudah di kantor", CaseKind.CORRECTION, "present"),
        ("izin", CaseKind.PERMISSION, None),
        ("ijin pak", CaseKind.PERMISSION, None),
        ("dinas", CaseKind.DUTY, None),
        ("DL", CaseKind.DUTY, None),
        ("cuti", CaseKind.ANNUAL, None),
        ("salah", CaseKind.CORRECTION, "wrong"),
    ],
)
@pytest.mark.parametrize(
    ("day", "notice"),
    [(TODAY, MessageClass.CUTOFF_QUESTION), (YESTERDAY, MessageClass.ABSENCE_ALERT)],
)
def test_a_short_word_answers_the_question_about_that_day(
    town: Town, words: str, kind: CaseKind, correction: str | None, day: date, notice: MessageClass
) -> None:
    asked_about(town, day, notice)
    assert town.text(BUDI_PHONE, words).outcome == Outcome.FILED
    case = town.case()
    assert (case.kind, case.start_date, case.end_date, case.correction) == (
        kind, day, day, correction,
    )  # fmt: skip
    assert town.outbox(SRI_PHONE)


@pytest.mark.parametrize("words", ["hadir", "izin", "dinas", "cuti", "salah"])
def test_alone_it_is_asked_back(town: Town, words: str) -> None:
    assert town.text(BUDI_PHONE, words).outcome in (Outcome.ASKED, Outcome.TAUGHT)
    assert town.cases() == []


def test_salah_with_the_day_answers_the_alert_of_that_day(town: Town) -> None:
    asked_about(town, YESTERDAY, MessageClass.ABSENCE_ALERT)
    town.text(BUDI_PHONE, "SALAH 23")
    assert town.case().start_date == YESTERDAY


def test_a_longer_message_about_another_day_speaks_for_itself(town: Town) -> None:
    asked_about(town, TODAY, MessageClass.CUTOFF_QUESTION)
    town.text(BUDI_PHONE, "mohon cuti tahunan tanggal 7 sampai 9 Desember")
    assert town.case().start_date == date(2026, 12, 7)


def test_answered_once_it_is_no_context_any_more(town: Town) -> None:
    asked_about(town, TODAY, MessageClass.CUTOFF_QUESTION)
    town.text(BUDI_PHONE, "hadir")
    town.text(BUDI_PHONE, "izin")
    assert len(town.cases()) == 1
