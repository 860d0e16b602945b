"""Accounts by log-in and what their unit reaches."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from store.people import Account, Unit


def account_by_login(session: Session, login: str) -> Account | None:
    """The account of a log-in name, upper or lower case."""
    return session.scalars(
        select(Account)
        .where(Account.login == login.strip().lower())
        .options(joinedload(Account.unit))
    ).first()


def unit_by_code(session: Session, code: str) -> Unit | None:
    """The unit of that code."""
    return session.scalars(select(Unit).where(Unit.code == code)).first()
