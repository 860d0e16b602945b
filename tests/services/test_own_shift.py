"""People who work by shift: 'malam ini', 'hari ini' at 02.10, and what may ring at night."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from domain.cases import CaseKind
from domain.messages import MessageClass
from services.conversation import Outcome
from store.calendars import PatternAssignment, RosterDay, ShiftKind, WorkPatternRow
from store.db import Database
from store.messages import OutboundSms
from tests.cast import BUDI_PHONE
from tests.services.town import Town

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)
SHIFTS = {"P": (time(7), time(14)), "M": (time(21), time(7)), "D": (time(0, 30), time(8))}


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A clock time in Kalimantan Timur."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def roster(town: Town, **letters: str) -> None:
    """Budi works by this roster: d24="M"."""
    with town.db.begin() as tx:
        pattern = WorkPatternRow(code="SHIFT", name="Sif", is_shift=True)
        tx.add(pattern)
        tx.flush()
        tx.add(
            PatternAssignment(
                employee_id=town.cast.budi, pattern_id=pattern.id, first_day=date(2026, 1, 1)
            )
        )
        for letter, (starts, ends) in SHIFTS.items():
            tx.add(
                ShiftKind(
                    unit_id=town.cast.unit, letter=letter, name=letter, starts=starts, ends=ends,
                    first_day=date(2026, 1, 1),
                )
            )  # fmt: skip
        for day, letter in letters.items():
            tx.add(
                RosterDay(
                    employee_id=town.cast.budi,
                    day=date(2026, 11, int(day[1:])),
                    letter=letter,
                    unit_id=town.cast.unit,
                    published_at=at(date(2026, 11, 1), 8),
                )
            )


@pytest.fixture
def town(sqlite_db: Database) -> Town:
    return Town(sqlite_db)


def test_malam_ini_at_two_in_the_afternoon_is_the_night_that_begins_today(town: Town) -> None:
    roster(town, d23="L", d24="M", d25="M")
    town.now = at(TUESDAY, 14)
    town.text(BUDI_PHONE, "malam ini tidak bisa masuk, sakit")
    assert (town.case().kind, town.case().start_date) == (CaseKind.SICK, TUESDAY)


def test_a_night_that_begins_after_midnight_has_the_next_date(town: Town) -> None:
    roster(town, d23="L", d24="L", d25="D")
    town.now = at(TUESDAY, 14)
    town.text(BUDI_PHONE, "malam ini tidak bisa masuk, sakit")
    assert town.case().start_date == WEDNESDAY


def test_ten_past_two_in_the_night_is_still_the_shift_that_runs(town: Town) -> None:
    roster(town, d24="M", d25="M")
    town.now = at(WEDNESDAY, 2, 10)
    town.text(BUDI_PHONE, "izin pulang cepat, sakit")
    assert town.case().start_date == TUESDAY


def test_in_the_night_nanti_malam_is_the_coming_one(town: Town) -> None:
    roster(town, d24="M", d25="M")
    town.now = at(WEDNESDAY, 2, 10)
    town.text(BUDI_PHONE, "nanti malam izin tidak masuk hari ini")
    assert town.case().start_date == WEDNESDAY


def test_besok_in_the_night_is_asked(town: Town) -> None:
    roster(town, d24="M", d25="M")
    town.now = at(WEDNESDAY, 2, 10)
    assert town.text(BUDI_PHONE, "besok izin tidak masuk").outcome == Outcome.ASKED


def test_without_a_day_the_next_shift_is_meant(town: Town) -> None:
    roster(town, d24="M", d25="M")
    town.now = at(TUESDAY, 18)  # an office worker would be asked for the day
    assert town.text(BUDI_PHONE, "mohon izin sakit").outcome == Outcome.FILED
    assert town.case().start_date == TUESDAY


def test_an_office_worker_in_the_evening_is_asked_for_the_day(town: Town) -> None:
    town.now = at(TUESDAY, 18)
    assert town.text(BUDI_PHONE, "mohon izin sakit").outcome == Outcome.ASKED


def _leaves_at(town: Town) -> datetime:
    with town.db.read() as session:
        return session.scalars(
            select(OutboundSms.not_before).where(
                OutboundSms.message_class == MessageClass.APPROVAL_REQUEST
            )
        ).one()


@pytest.mark.parametrize(
    ("letter", "hour", "words"), [("M", 20, "malam ini izin sakit"), ("M", 22, "izin sakit")]
)
def test_about_a_shift_that_runs_or_comes_next_sri_is_asked_at_night(
    town: Town, letter: str, hour: int, words: str
) -> None:
    roster(town, d24=letter, d25="M")
    town.now = at(TUESDAY, hour, 30)
    town.text(BUDI_PHONE, words)
    assert _leaves_at(town) == town.now


def test_about_a_shift_that_begins_before_the_morning_too(town: Town) -> None:
    roster(town, d24="L", d25="D")
    town.now = at(TUESDAY, 22)
    town.text(BUDI_PHONE, "malam ini izin sakit")
    assert town.case().start_date == WEDNESDAY
    assert _leaves_at(town) == town.now


def test_about_a_shift_in_the_afternoon_of_tomorrow_she_is_asked_in_the_morning(
    town: Town,
) -> None:
    roster(town, d24="P", d25="P")
    town.now = at(TUESDAY, 22)
    town.text(BUDI_PHONE, "besok izin sakit")
    assert _leaves_at(town) == at(WEDNESDAY, 6)
