"""Belum terbaca: what the machine could not read is filed, marked or exported by a person."""

from __future__ import annotations

from sqlalchemy import select

from store.cases import Case
from store.db import Database
from store.log import LogEntry
from store.messages import InboundSms
from tests.webapp.conftest import LogIn
from tests.webapp.office import Office


def test_the_page_shows_the_own_units_messages_word_for_word(log_in: LogIn) -> None:
    page = log_in("dewi").get("/unread").text
    assert "pak sy ijin ntr ada urusan di skolah ank" in page
    assert "Putri Handayani" in page
    assert "mf bsk kyknya" not in page


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


def test_only_ticked_messages_leave_and_without_name_or_number(
    log_in: LogIn, office_db: Database, hadir: Office
) -> None:
    dewi = log_in("dewi")
    assert dewi.post("/unread/export").status_code == 422
    ticked = [hadir.message["unread"], hadir.message["unread_lina"]]
    answer = dewi.post("/unread/export", data={"message": ticked})
    assert answer.mimetype == "text/csv"
    assert "pak sy ijin" in answer.text
    for hidden in ("Putri", "+62", "mf bsk"):
        assert hidden not in answer.text
    with office_db.read() as session:
        logged = session.scalars(select(LogEntry).where(LogEntry.action == "exported_text")).all()
    assert [entry.subject_id for entry in logged] == [str(hadir.message["unread"])]
