"""Belum terbaca: what the machine could not read is filed, marked or exported by a person."""

from __future__ import annotations

import json

from sqlalchemy import select

from store.cases import Case
from store.db import Database
from store.log import LogEntry
from store.messages import InboundSms
from tests.webapp.conftest import LogIn
from tests.webapp.office import Office


def test_the_text_opens_on_a_click_that_is_recorded(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    dewi, message = log_in("dewi"), hadir.message["unread"]
    page = dewi.get("/unread").text
    assert "Putri Handayani" in page
    assert "pak sy ijin ntr" not in page
    opened = dewi.post(f"/unread/{message}/text").text
    assert "pak sy ijin ntr ada urusan di skolah ank" in opened
    assert "mf bsk kyknya" not in opened
    with office_db.read() as session:
        looks = session.scalars(select(LogEntry).where(LogEntry.action == "looked_at_text")).all()
    assert [look.subject_id for look in looks] == [str(message)]
    assert dewi.post(f"/unread/{hadir.message['unread_lina']}/text").status_code == 409


def _fields(message: int, **typed: str) -> dict[str, str]:
    usual = {"start_half": "full", "end_half": "full", "correction": "", "start": "2026-11-24"}
    return {f"m{message}-{name}": value for name, value in {**usual, **typed}.items()}


def test_dewi_files_what_the_sender_meant(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    message = hadir.message["unread"]
    answer = log_in("dewi").post(
        f"/unread/{message}/file",
        data=_fields(message, kind="late", time_to="09:30"),
    )
    assert answer.status_code == 303, answer.text
    with office_db.read() as session:
        case = session.scalars(select(Case).where(Case.inbound_id == message)).one()
        assert session.get_one(InboundSms, message).handled_at is not None
    assert case.employee_id == hadir.person["putri"]


def test_a_refused_filing_stays_open_with_its_fields(log_in: LogIn, hadir: Office) -> None:
    message = hadir.message["unread"]
    answer = log_in("dewi").post(
        f"/unread/{message}/file",
        data=_fields(message, kind="late"),
    )
    assert answer.status_code == 422
    assert "Isi jamnya" in answer.text
    assert '<option selected value="late">' in answer.text


def test_marking_needs_a_note_and_happens_once(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    dewi, message = log_in("dewi"), hadir.message["unread"]
    assert dewi.post(f"/unread/{message}/mark", data={"note": ""}).status_code == 422
    assert dewi.post(f"/unread/{message}/mark", data={"note": "salam saja"}).status_code == 303
    assert dewi.post(f"/unread/{message}/mark", data={"note": "salam saja"}).status_code == 409
    assert "Semua pesan sudah terbaca." in dewi.get("/unread").text


def test_another_units_message_cannot_be_touched(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    message = hadir.message["unread_lina"]
    assert log_in("dewi").post(f"/unread/{message}/mark", data={"note": "x"}).status_code == 409
    with office_db.read() as session:
        assert session.get_one(InboundSms, message).handled_at is None


def test_bkd_exports_what_was_looked_through_masked_and_labelled(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    message = hadir.message["unread"]
    with office_db.begin() as tx:
        tx.get_one(InboundSms, message).text = "Putri izin telat ntr, HP 0812-3456-7890"
    yusuf, dewi = log_in("yusuf"), log_in("dewi")
    assert "Putri" not in yusuf.get("/unread/handled").text
    assert yusuf.post("/unread/export", data={"message": [message]}).status_code == 422
    dewi.post(f"/unread/{message}/file", data=_fields(message, kind="late", time_to="09:30"))
    assert dewi.post("/unread/export", data={"message": [message]}).status_code == 403
    answer = yusuf.post("/unread/export", data={"message": [message], "format": "jsonl"})
    line = json.loads(answer.text)
    assert line["text"] == "NAMA izin telat ntr, HP ANGKA"
    assert (line["intent"], line["type"], line["time_to"]) == ("request", "late", "09:30")
    as_csv = yusuf.post("/unread/export", data={"message": [message], "format": "csv"})
    assert "NAMA izin telat" in as_csv.text
    with office_db.read() as session:
        logged = session.scalars(select(LogEntry).where(LogEntry.action == "exported_text")).all()
    assert [entry.subject_id for entry in logged] == [str(message)] * 2
