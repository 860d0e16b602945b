"""A month is closed by two, with blockers by name, one warning, and amendments afterwards."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from domain.access import Viewer
from domain.cases import CaseKind, CaseStatus
from domain.people import Role
from services import closings, days, recaps
from services.closings import ClosingError
from store.cases import Case
from store.closings import ClosedDay
from store.db import Database
from store.messages import OutboundSms
from store.people import Unit
from tests.cast import BUDI_PHONE, SRI_PHONE
from tests.services.day_world import MONDAY, TUESDAY, WEDNESDAY, World, at
from tests.services.test_day_cases import text

NOVEMBER, DEADLINE = "2026-11", date(2026, 12, 3)
IN_TIME, TOO_LATE = at(date(2026, 12, 2), "09:00"), at(date(2026, 12, 4), "09:00")


class Office(World):
    """November with one absence of Budi, a missing scan of Sri, and Rahmat's open request."""

    def __init__(self, db: Database):
        super().__init__(db)
        self.now = at(date(2026, 12, 1), "08:00")
        for who in ("budi", "sri", "rahmat", "dewi"):
            for day in (MONDAY, TUESDAY, WEDNESDAY):
                if (who, day) == ("budi", TUESDAY) or (who, day) == ("rahmat", WEDNESDAY):
                    continue
                out = () if (who, day) == ("sri", TUESDAY) else ("15:59",)
                self.scan(who, day, "07:20", *out)
        self.case("rahmat", CaseKind.PERMISSION, WEDNESDAY, status=CaseStatus.OPEN)
        days.merge(db, lambda: self.now, MONDAY, WEDNESDAY)
        self.head = Viewer(99, Role.PIMPINAN, self.cast.unit_path)
        with db.read() as session:
            self.unit = session.get_one(Unit, self.cast.unit)

    def standing(self, month: str = NOVEMBER) -> closings.Standing:
        with self.db.read() as session:
            return closings.standing(session, self.unit, month)

    def close(self, now: datetime, month: str = NOVEMBER) -> int:
        return closings.close(self.db, now, self.cast.viewer("rahmat"), self.unit, month)

    def set_deadline(self) -> None:
        viewer = self.cast.viewer("rahmat")
        closings.set_deadline(self.db, self.now, viewer, self.unit, NOVEMBER, DEADLINE)


@pytest.fixture
def office(db: Database) -> Office:
    return Office(db)


def refused(code: str, act: object, *args: object) -> None:
    with pytest.raises(ClosingError) as stopped:
        act(*args)  # type: ignore[operator]
    assert stopped.value.code == code


def test_blockers_stand_there_by_name(office: Office) -> None:
    stands = office.standing()
    assert [(each.name, each.day.day) for each in stands.waiting] == [("Rahmat Hidayat", WEDNESDAY)]
    assert [case.employee.name for case in stands.undecided] == ["Rahmat Hidayat"]
    assert [(each.name, each.day.day) for each in stands.blemished] == [
        ("Budi Santoso", TUESDAY),
        ("Sri Wahyuni", TUESDAY),
    ]
    office.now += timedelta(hours=1)
    office.stick(office.cast.terminal, ("999", MONDAY, "07:30", 0))
    office.derive()
    assert office.standing().unknown_ids == [("UPT1-A", "999")]


def test_everybody_with_a_blemish_gets_one_sms_before_the_close(office: Office) -> None:
    viewer = office.cast.viewer("rahmat")
    refused("no_deadline", closings.warn, office.db, IN_TIME, viewer, office.unit, NOVEMBER)
    office.set_deadline()
    assert closings.warn(office.db, IN_TIME, viewer, office.unit, NOVEMBER) == 2
    refused("warned", closings.warn, office.db, IN_TIME, viewer, office.unit, NOVEMBER)
    with office.db.read() as session:
        sent = {sms.number: sms.text for sms in session.scalars(select(OutboundSms))}
    assert sent[BUDI_PHONE] == (
        "Yth. Budi Santoso: TK 24 Nov. Keliru? Balas SALAH 24 sebelum 3 Des."
    )
    assert sent[SRI_PHONE] == (
        "Yth. Sri Wahyuni: absen kurang 24 Nov. Keliru? Balas SALAH 24 sebelum 3 Des."
    )


def test_the_answer_to_the_warning_is_a_correction_of_that_day(office: Office) -> None:
    office.now = IN_TIME
    text(office, BUDI_PHONE, "SALAH 24", IN_TIME)
    with office.db.read() as session:
        case = session.scalars(select(Case).where(Case.kind == CaseKind.CORRECTION)).one()
    assert (case.employee_id, case.start_date, case.correction) == (
        office.cast.budi, TUESDAY, "wrong",
    )  # fmt: skip
    office.derive()
    assert office.stored("budi", TUESDAY).status == "awaiting_decision"


def test_before_the_deadline_only_a_month_in_order_can_be_closed(office: Office) -> None:
    refused("running", office.close, at(date(2026, 11, 30), "09:00"))
    office.set_deadline()
    refused("blocked", office.close, IN_TIME)
    case = office.standing().undecided[0]
    office.decide(case.id, CaseStatus.CONFIRMED)
    refused("dirty", office.close, IN_TIME)
    office.derive(IN_TIME)
    assert office.close(IN_TIME) == 4 * 4  # Sunday, derived beside, and three days
    refused("closed", office.close, IN_TIME)


def test_after_the_deadline_open_cases_close_undecided_and_never_as_absence(
    office: Office,
) -> None:
    office.set_deadline()
    office.close(TOO_LATE)
    with office.db.read() as session:
        case = session.scalars(select(Case)).one()
        kept = session.scalars(
            select(ClosedDay).where(
                ClosedDay.employee_id == office.cast.rahmat, ClosedDay.day == WEDNESDAY
            )
        ).one()
    assert (case.status, case.waiting_for) == (CaseStatus.LAPSED, None)
    assert kept.status == "awaiting_decision"
    office.derive(TOO_LATE)
    assert office.stored("rahmat", WEDNESDAY).reasons == ["lapsed_case"]


def test_kasubag_closes_and_the_head_countersigns(office: Office) -> None:
    kasubag = office.cast.viewer("rahmat")
    sign = (office.db, TOO_LATE)
    refused("not_closed", closings.countersign, *sign, office.head, office.unit, NOVEMBER)
    office.set_deadline()
    office.close(TOO_LATE)
    refused("own_close", closings.countersign, *sign, kasubag, office.unit, NOVEMBER)
    closings.countersign(*sign, office.head, office.unit, NOVEMBER)
    refused("moved", closings.countersign, *sign, office.head, office.unit, NOVEMBER)


def test_what_comes_later_is_an_amendment_in_the_next_report_and_only_there(
    office: Office,
) -> None:
    office.set_deadline()
    office.close(TOO_LATE)
    before = _grid(office, NOVEMBER)
    office.now = TOO_LATE + timedelta(days=1)
    office.scan("budi", TUESDAY, "07:25", "16:10")
    office.derive()
    assert office.stored("budi", TUESDAY).status == "present"
    assert _grid(office, NOVEMBER) == before  # the closed month stays as it was signed
    told = [(a.name, a.before.status, a.now.status) for a in office.standing("2026-12").amendments]
    assert told == [("Budi Santoso", "absent", "present")]
    january = at(date(2027, 1, 10), "09:00")
    days.merge(office.db, lambda: january, date(2026, 12, 1), date(2026, 12, 2))
    viewer = office.cast.viewer("rahmat")
    closings.set_deadline(office.db, january, viewer, office.unit, "2026-12", date(2027, 1, 5))
    office.close(january, "2026-12")
    assert len(office.standing("2026-12").amendments) == 1
    assert office.standing("2027-01").amendments == []
    assert "Susulan: Budi Santoso, 24-11-2026: TK menjadi H" in _notes(office, "2026-12")


def _grid(office: Office, month: str) -> list[list[object]]:
    with office.db.read() as session:
        recap = recaps.gather(session, month, "UPT1", None)
    dates = recaps.grid.dates_of(recap)
    return [recaps.grid.row_of(1, each, dates) for unit in recap.units for each in unit.people]


def _notes(office: Office, month: str) -> list[str]:
    with office.db.read() as session:
        recap = recaps.gather(session, month, "UPT1", None)
    return [line for unit in recap.units for line in recaps.grid.summary_of(unit)]
