"""Numbers as roads to people: verified, stopped, remembered; and the house's own numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select, update

from domain.access import Actor
from domain.people import Role
from store.db import Transaction
from store.log import record as log_record
from store.messages import Sim
from store.people import Account, Phone

WAITS_FOR_SECOND = "menunggu orang kedua"
"""Why a decider's new number is stopped: it counts only after a second person confirms it."""


def verify_number(tx: Transaction, now: datetime, employee_id: int, number: str) -> bool:
    """An SMS of ours to this number was answered from it: it may decide from now on.

    True when it was not verified before.
    """
    done = tx.execute(
        update(Phone)
        .where(
            Phone.employee_id == employee_id, Phone.number == number, Phone.verified_at.is_(None)
        )
        .values(verified_at=now)
        .execution_options(synchronize_session=False)
    )
    return bool(getattr(done, "rowcount", 0))


def is_verified(tx: Transaction, employee_id: int, number: str) -> bool:
    """True when this number has answered us before on behalf of this person."""
    return bool(
        tx.scalar(
            select(
                exists().where(
                    Phone.employee_id == employee_id,
                    Phone.number == number,
                    Phone.verified_at.is_not(None),
                    Phone.stopped_at.is_(None),
                )
            )
        )
    )


def remember_route(tx: Transaction, employee_id: int, number: str, route: str) -> None:
    """The road a person last wrote by is the one we answer on."""
    tx.execute(
        update(Phone)
        .where(
            Phone.employee_id == employee_id,
            Phone.number == number,
            (Phone.home_route.is_(None)) | (Phone.home_route != route),
        )
        .values(home_route=route)
        .execution_options(synchronize_session=False)
    )


def stop_number(
    tx: Transaction,
    now: datetime,
    actor: Actor,
    employee_id: int,
    number: str,
    *,
    alerts_only: bool,
) -> None:
    """BUKAN SAYA: nothing more to this number; BERHENTI: no alerts, everything else still goes."""
    values = (
        {"alerts_off_at": now} if alerts_only else {"stopped_at": now, "stop_reason": "BUKAN SAYA"}
    )
    tx.execute(
        update(Phone)
        .where(Phone.employee_id == employee_id, Phone.number == number)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    log_record(
        tx,
        now,
        actor,
        "alerts_off" if alerts_only else "number_stopped",
        "phone",
        employee_id,
        employee_id=employee_id,
    )


OPTED_OUT = "STOP di operator"


def opt_out(tx: Transaction, now: datetime, number: str) -> None:
    """The recipient told the road itself to stop: nothing more to this number until START."""
    tx.execute(
        update(Phone)
        .where(Phone.number == number, Phone.stopped_at.is_(None))
        .values(stopped_at=now, stop_reason=OPTED_OUT)
        .execution_options(synchronize_session=False)
    )


def opt_in(tx: Transaction, number: str) -> bool:
    """START: what an opt-out had stopped goes on; BUKAN SAYA stays. True when there was one."""
    done = tx.execute(
        update(Phone)
        .where(Phone.number == number, Phone.stop_reason == OPTED_OUT)
        .values(stopped_at=None, stop_reason=None)
        .execution_options(synchronize_session=False)
    )
    return bool(getattr(done, "rowcount", 0))


def is_our_own_number(tx: Transaction, number: str) -> bool:
    """True for the number of one of our SIMs: answering ourselves would never end."""
    return bool(tx.scalar(select(exists().where(Sim.number == number))))


def account_phones(tx: Transaction, role: Role) -> Sequence[str]:
    """Numbers given with accounts of a role, for instance the technicians'."""
    return tx.scalars(
        select(Account.phone)
        .where(Account.role == role, Account.phone.is_not(None), Account.disabled_at.is_(None))
        .order_by(Account.id)
    ).all()  # type: ignore[return-value]


def see_sim(tx: Transaction, imsi: str, modem: str, now: datetime) -> None:
    """A SIM was found in a modem; cards move, so the SIM is the row and the modem a note."""
    sim = tx.get(Sim, imsi)
    if sim is None:
        tx.add(Sim(imsi=imsi, modem=modem, last_seen_at=now))
    else:
        sim.modem, sim.last_seen_at = modem, now
