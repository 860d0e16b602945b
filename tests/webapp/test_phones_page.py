"""The page of phone numbers: one proposes, another confirms."""

from __future__ import annotations

from sqlalchemy import select

from store.contacts import WAITS_FOR_SECOND
from store.db import Database
from store.people import Employee, Phone
from tests.webapp.conftest import LogIn
from tests.webapp.office import Office

NEW = "0811-555-7777"


def nip_of(database: Database, employee_id: int) -> str:
    with database.read() as session:
        return session.get_one(Employee, employee_id).nip or ""


def new_phone(database: Database) -> Phone | None:
    with database.read() as session:
        return session.scalars(select(Phone).where(Phone.number == "+628115557777")).first()


def test_dewi_proposes_a_supervisors_number_and_only_another_confirms_it(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    dewi, yusuf = log_in("dewi"), log_in("yusuf")
    form = {"nip": nip_of(office_db, hadir.person["sri"]), "number": NEW}
    assert dewi.post("/phones/propose", data=form).status_code == 303
    phone = new_phone(office_db)
    assert phone is not None
    assert phone.stop_reason == WAITS_FOR_SECOND
    page = dewi.get("/phones").text
    assert "orang lain yang mengonfirmasi" in page
    assert "Benar, pakai nomor ini" not in page
    assert dewi.post(f"/phones/{phone.id}/confirm").status_code == 409
    assert "Benar, pakai nomor ini" in yusuf.get("/phones").text
    assert yusuf.post(f"/phones/{phone.id}/confirm").status_code == 303
    confirmed = new_phone(office_db)
    assert confirmed is not None
    assert confirmed.stopped_at is None


def test_a_number_that_is_none_is_named_and_what_was_typed_stays(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    form = {"nip": nip_of(office_db, hadir.person["budi"]), "number": "abc"}
    answer = log_in("dewi").post("/phones/propose", data=form)
    assert answer.status_code == 422
    assert "bukan nomor HP" in answer.text
    assert 'value="abc"' in answer.text


def test_a_person_of_another_unit_is_not_there(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    form = {"nip": nip_of(office_db, hadir.person["budi"]), "number": NEW}
    assert log_in("lina").post("/phones/propose", data=form).status_code == 422
    assert new_phone(office_db) is None
