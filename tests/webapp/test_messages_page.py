"""The page of messages: what is uncertain is settled by a person who says how they know."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.messages import OutState
from store.db import Database
from store.log import LogEntry
from store.messages import OutboundSms
from tests.webapp.conftest import LogIn


@pytest.fixture
def doubt(office_db: Database) -> int:
    with office_db.read() as session:
        found = select(OutboundSms.id).where(OutboundSms.state == OutState.UNKNOWN)
        return session.scalars(found).one()


def row(database: Database, message_id: int) -> OutboundSms:
    with database.read() as session:
        return session.get_one(OutboundSms, message_id)


def test_bkd_sees_roads_lanes_cost_and_doubts(log_in: LogIn) -> None:
    page = log_in("yusuf").get("/messages").text
    assert "0 dari jatah 150 SMS hari ini" in page
    assert "Belum pasti terkirim" in page
    assert "kira-kira Rp" in page


@pytest.mark.parametrize("login", ["dewi", "yusuf"])
def test_an_operator_says_that_it_arrived_and_how_she_knows(
    log_in: LogIn, office_db: Database, doubt: int, login: str
) -> None:
    client = log_in(login)
    refused = client.post(f"/messages/{doubt}/arrived", data={"why": " "})
    assert refused.status_code == 422
    assert row(office_db, doubt).state is OutState.UNKNOWN
    answer = client.post(f"/messages/{doubt}/arrived", data={"why": "kata Budi lewat telepon"})
    assert answer.status_code == 303
    assert row(office_db, doubt).state is OutState.SENT
    with office_db.read() as session:
        entry = session.scalars(select(LogEntry).where(LogEntry.action == "doubt_sent")).one()
    assert entry.why == "kata Budi lewat telepon"
    assert client.post(f"/messages/{doubt}/again").status_code == 409


def test_sent_again_is_marked_so(log_in: LogIn, office_db: Database, doubt: int) -> None:
    assert log_in("dewi").post(f"/messages/{doubt}/again").status_code == 303
    with office_db.read() as session:
        copy = session.scalars(select(OutboundSms).where(OutboundSms.repeat_of == doubt)).one()
    assert copy.text.startswith("(ulang) ")
    assert "Belum pasti" in log_in("dewi").get("/messages").text


def test_what_is_left_is_failed(log_in: LogIn, office_db: Database, doubt: int) -> None:
    log_in("dewi").post(f"/messages/{doubt}/give-up", data={"why": "cuti sudah lewat"})
    assert row(office_db, doubt).state is OutState.FAILED


def test_a_message_of_another_unit_is_not_there(
    log_in: LogIn, office_db: Database, doubt: int
) -> None:
    answer = log_in("lina").post(f"/messages/{doubt}/arrived", data={"why": "x"})
    assert answer.status_code == 409
    assert row(office_db, doubt).state is OutState.UNKNOWN
