"""Log-ins to the panel (akun): made, checked, locked after guessing, given a new password."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.profiles import RFC_9106_LOW_MEMORY

from domain.access import Actor, Viewer
from domain.people import BadNip, Role, parse_nip
from domain.roster.faults import FaultCode
from services.roster.phone_numbers import read_phone
from store import staff
from store.account_queries import account_by_login, unit_by_code
from store.db import Database, Transaction
from store.log import record as log_record
from store.people import Account, Employee, Unit

HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
NOBODYS_HASH = HASHER.hash(secrets.token_urlsafe(16))  # an unknown name takes as long as a known
MOST_FAILURES = 8
LOCKED_FOR = timedelta(minutes=15)
LEAST_LETTERS = 10
NEEDS_A_UNIT = frozenset({Role.OPERATOR, Role.KASUBAG, Role.PIMPINAN})
LOGIN_FORM = re.compile(r"[a-z0-9][a-z0-9._-]{1,58}")


class AccountError(Exception):
    """A log-in that cannot be made, opened or changed: a code and a sentence for people."""

    def __init__(self, code: str, sentence: str):
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True)
class NewAccount:
    """What an account is to be; a unit by its code, a person by NIP."""

    login: str
    role: Role
    unit_code: str | None = None
    nip: str | None = None
    phone: str | None = None
    is_training: bool = False


def create(
    db: Database, now: datetime, actor: Actor, asked: NewAccount, password: str | None = None
) -> str:
    """Make a log-in; returns its password. A made-up one must be changed at the first log-in.

    The desk of somebody in the roster is by default in the unit where they work. Raises
    AccountError for a name that is taken or no name, an unknown unit or person, a number that
    cannot be one, and for a desk without a unit.
    """
    login = asked.login.strip().lower()
    if not LOGIN_FORM.fullmatch(login):
        raise AccountError("login", f"{asked.login!r}: use 2 to 59 letters, digits, . _ or -.")
    if password is not None and len(password) < LEAST_LETTERS:
        raise AccountError("password", f"The password needs at least {LEAST_LETTERS} letters.")
    secret = password or secrets.token_urlsafe(9)
    with db.begin() as tx:
        if account_by_login(tx, login) is not None:
            raise AccountError("taken", f"There is a log-in {login!r} already.")
        person = _person(tx, asked.nip) if asked.nip else None
        unit = _unit(tx, now, asked, person)
        account = Account(
            login=login,
            password_hash=HASHER.hash(secret),
            role=asked.role,
            unit_id=unit.id if unit else None,
            employee_id=person.id if person else None,
            phone=_number(asked.phone) if asked.phone else None,
            is_training=asked.is_training,
            must_change_password=password is None,
            created_at=now,
        )
        tx.add(account)
        tx.flush()
        log_record(tx, now, actor, "create", "account", account.id, data={"role": asked.role.value})
    return secret


def _person(tx: Transaction, written: str) -> Employee:
    try:
        nip = parse_nip(written).digits
    except BadNip as bad:
        raise AccountError("nip", str(bad)) from bad
    person = staff.person_by_nip(tx, nip)
    if person is None:
        raise AccountError("nip", f"There is nobody with NIP {written} in the roster.")
    return person


def _unit(
    tx: Transaction, now: datetime, asked: NewAccount, person: Employee | None
) -> Unit | None:
    """The unit that was named; for a desk without one, where its person works today."""
    if asked.unit_code:
        unit = unit_by_code(tx, asked.unit_code)
        if unit is None:
            raise AccountError("unit", f"There is no unit {asked.unit_code!r}.")
        return unit
    if asked.role not in NEEDS_A_UNIT:
        return None
    today = now.astimezone(ZoneInfo(staff.DEFAULT_ZONE)).date()
    unit = staff.unit_of(tx, person.id, today) if person else None
    if unit is None:
        raise AccountError("unit", f"A {asked.role.value} works in a unit: give --unit CODE.")
    return unit


def _number(written: str) -> str:
    number = read_phone(written)
    if isinstance(number, FaultCode):
        raise AccountError("phone", f"{written!r} is no mobile number; write 081234567890.")
    return number


def authenticate(db: Database, now: datetime, login: str, password: str) -> Account:
    """The account these words open. Raises AccountError with one answer for all that is wrong."""
    with db.begin() as tx:
        account = account_by_login(tx, login)
        if account is not None and account.locked_until and account.locked_until > now:
            minutes = int((account.locked_until - now).total_seconds() // 60) + 1
            raise AccountError("locked", f"Terlalu sering salah. Coba lagi {minutes} menit lagi.")
        opened = _fits(account.password_hash if account else NOBODYS_HASH, password)
        if account is not None and opened and account.disabled_at is None:
            account.failed_logins, account.locked_until = 0, None
            return account
        if account is not None:
            account.failed_logins += 1
            if account.failed_logins >= MOST_FAILURES:
                account.failed_logins, account.locked_until = 0, now + LOCKED_FOR
    raise AccountError("wrong", "Nama masuk atau kata sandi salah.")


def _fits(stored: str, password: str) -> bool:
    try:
        return HASHER.verify(stored, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def change_password(
    db: Database, now: datetime, actor: Actor, account_id: int, old: str, new: str
) -> None:
    """A new password, if the old one is known. Raises AccountError."""
    if len(new) < LEAST_LETTERS:
        raise AccountError("password", f"Kata sandi paling sedikit {LEAST_LETTERS} huruf.")
    with db.begin() as tx:
        account = tx.get_one(Account, account_id)
        if not _fits(account.password_hash, old):
            raise AccountError("wrong", "Kata sandi lama salah.")
        account.password_hash = HASHER.hash(new)
        account.must_change_password = False
        log_record(tx, now, actor, "password", "account", account_id)


def choose_language(
    db: Database, now: datetime, actor: Actor, account_id: int, language: str
) -> None:
    """The language an account reads the panel in: 'id' or 'en'."""
    with db.begin() as tx:
        tx.get_one(Account, account_id).language = language
        log_record(tx, now, actor, "language", "account", account_id, data={"to": language})


def viewer_of(account: Account) -> Viewer:
    """How far this account sees."""
    path = account.unit.path if account.unit is not None else None
    return Viewer(account.id, account.role, path, account.employee_id)
