"""A log-in is tied to the roster: the person by NIP, the desk by where they work."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.access import system
from domain.people import Role
from services import accounts
from services.accounts import AccountError, NewAccount
from store.db import Database
from store.people import Account
from tests.rosters import DEWI, NOW, YUSUF, bring, tables


@pytest.fixture
def roster_db(sqlite_db: Database) -> Database:
    bring(sqlite_db, tables())
    return sqlite_db


def make(db: Database, asked: NewAccount) -> Account:
    accounts.create(db, NOW, system("test"), asked)
    with db.read() as session:
        account = session.scalars(select(Account).where(Account.login == asked.login)).one()
        assert account.unit_id is None or account.unit is not None
        return account


def test_an_operators_desk_is_where_the_roster_says_they_work(roster_db: Database) -> None:
    account = make(roster_db, NewAccount("dewi", Role.OPERATOR, nip="19920404 201804 2 004"))
    assert account.unit is not None and account.unit.code == "UPT1"
    assert account.employee_id is not None


def test_a_named_unit_wins_and_bkd_needs_none(roster_db: Database) -> None:
    desk = make(roster_db, NewAccount("dewi", Role.KASUBAG, "BKD", DEWI))
    assert desk.unit is not None and desk.unit.code == "BKD"
    assert make(roster_db, NewAccount("yusuf", Role.BKD, nip=YUSUF)).unit_id is None


def test_a_technicians_number_is_kept_as_it_is_dialled(roster_db: Database) -> None:
    account = make(roster_db, NewAccount("tono", Role.TECHNICIAN, phone="0811-0000-077"))
    assert account.phone == "+628110000077"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (NewAccount("x1", Role.OPERATOR), "unit"),
        (NewAccount("x1", Role.OPERATOR, "UPT9"), "unit"),
        (NewAccount("x1", Role.BKD, nip="198806062012061006"), "nip"),
        (NewAccount("x1", Role.BKD, nip="199204042018042000"), "nip"),
        (NewAccount("x1", Role.TECHNICIAN, phone="0541-733333"), "phone"),
    ],
)
def test_what_is_not_in_the_roster_is_refused_by_name(
    roster_db: Database, asked: NewAccount, code: str
) -> None:
    with pytest.raises(AccountError) as refused:
        accounts.create(roster_db, NOW, system("test"), asked)
    assert refused.value.code == code
