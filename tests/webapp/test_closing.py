"""The page Tutup bulan through the real forms, and the sheet that says why a day is what it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from store.closings import ClosedDay, MonthClosing
from store.days import AttendanceDay
from store.db import Database
from store.log import LogEntry
from store.messages import Notice, OutboundSms
from tests.webapp.conftest import LogIn
from tests.webapp.office import TODAY, Office

OCTOBER = "2026-10"


@pytest.fixture
def october(office_db: Database, hadir: Office) -> Office:
    """Three October days at the hospital: an absence, a presence, one that still waits."""
    with office_db.begin() as tx:
        for who, day, status in (
            ("budi", 12, "absent"),
            ("siti", 12, "present"),
            ("joko", 13, "awaiting_data"),
        ):
            tx.add(
                AttendanceDay(
                    day=date(2026, 10, day), employee_id=hadir.person[who],
                    unit_id=hadir.unit["RSUD"], status=status,
                    reasons=["no_mapped_id"] if day == 13 else [],
                    why=[{"code": "reasons", "reasons": ["no_mapped_id"]}], final=day == 12,
                    as_of=datetime(2026, 10, 14, tzinfo=UTC), next_look_at=None,
                )
            )  # fmt: skip
    return hadir


def test_kasubag_closes_and_the_director_signs(
    october: Office, log_in: LogIn, office_db: Database
) -> None:
    unit = october.unit["RSUD"]
    form = {"unit": str(unit), "month": OCTOBER}
    rahmat, hendra = log_in("rahmat"), log_in("hendra")
    page = rahmat.get(f"/closing?unit={unit}&month={OCTOBER}").text
    assert "Joko Prasetyo" in page
    assert "ID mesin pegawai ini belum dicocokkan" in page
    blocked = rahmat.post("/closing/close", data=form)
    assert blocked.status_code == 409
    assert "Masih ada yang belum beres" in blocked.text
    answer = rahmat.post("/closing/deadline", data={**form, "deadline": "2026-11-10"})
    assert answer.status_code == 303
    assert rahmat.post("/closing/warn", data=form).status_code == 303
    assert rahmat.post("/closing/close", data=form).status_code == 303
    assert hendra.post("/closing/sign", data=form).status_code == 303
    with office_db.read() as session:
        closing = session.scalars(select(MonthClosing)).one()
        assert closing.countersigned_at is not None
        assert len(session.scalars(select(ClosedDay)).all()) == 3
        sent = session.scalars(
            select(OutboundSms.text).where(OutboundSms.employee_id == october.person["budi"])
        ).all()
        actions = session.scalars(select(LogEntry.action)).all()
    assert "Yth. Budi Santoso: TK 12 Okt. Keliru? Balas SALAH 12 sebelum 10 Nov." in sent
    assert {"closing_closed", "closing_countersigned"} <= set(actions)


def test_another_units_month_is_not_there(october: Office, log_in: LogIn) -> None:
    lina = log_in("lina")
    assert lina.get(f"/closing?unit={october.unit['RSUD']}&month={OCTOBER}").status_code == 404
    assert lina.get(
        f"/closing/recap/json?unit={october.unit['RSUD']}&month={OCTOBER}"
    ).status_code == 404  # fmt: skip


@pytest.mark.parametrize("form", ["xlsx", "pdf", "csv", "json"])
def test_a_recap_is_taken_and_that_is_recorded(
    october: Office, log_in: LogIn, office_db: Database, form: str
) -> None:
    unit = october.unit["RSUD"]
    answer = log_in("dewi").get(f"/closing/recap/{form}?unit={unit}&month={OCTOBER}")
    assert answer.status_code == 200
    assert len(answer.data) > 300
    with office_db.read() as session:
        entry = session.scalars(select(LogEntry).where(LogEntry.action == "exported_recap")).one()
    assert entry.data == {"month": OCTOBER, "format": form}


def test_the_auditor_gets_one_page_that_says_why(
    app: Flask, october: Office, log_in: LogIn, office_db: Database
) -> None:
    with office_db.begin() as tx:
        tx.add(
            Notice(
                kind="absence_alert", employee_id=october.person["budi"], day=date(2026, 10, 12),
                recipient_id=october.person["sri"], said="absent",
                raised_at=datetime(2026, 10, 13, tzinfo=UTC) + timedelta(hours=1),
            )
        )  # fmt: skip
    ayu = log_in("ayu")
    address = f"/person/{october.person['budi']}/{OCTOBER}"
    assert "kepada Sri Wahyuningsih" in ayu.get(address).text
    page = ayu.get(f"{address}/12.pdf")
    assert (page.status_code, page.mimetype) == (200, "application/pdf")
    assert page.data.startswith(b"%PDF")
    assert page.data == ayu.get(f"{address}/12.pdf").data
    assert ayu.get(f"{address}/11.pdf").status_code == 404
    assert log_in("lina").get(f"{address}/12.pdf").status_code == 404


def test_today_is_no_month_to_close(october: Office, log_in: LogIn) -> None:
    month = f"{TODAY:%Y-%m}"
    form = {"unit": str(october.unit["RSUD"]), "month": month}
    answer = log_in("rahmat").post("/closing/close", data=form)
    assert (answer.status_code, "Bulan ini belum selesai" in answer.text) == (409, True)
