"""Outgoing messages: written with the decision, sent later, never sent blindly twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.messages import (
    LANES,
    LIVES,
    UNASKED_ALERTS,
    WAITS_FOR_WORK,
    MessageClass,
    OutState,
    every_day,
    may_leave_from,
)
from domain.people import Stage, short_name
from services import work_days
from sms import segments
from store import outbox_queries, staff
from store.db import Transaction
from store.messages import OutboundSms
from store.people import Employee

HOME_ZONE = ZoneInfo("Asia/Makassar")


@dataclass(frozen=True)
class Recipient:
    """Where a message goes: a number, its owner and how far their unit has joined."""

    number: str
    employee_id: int | None
    route: str | None
    withheld: str | None = None


def queue(
    tx: Transaction,
    now: datetime,
    message_class: MessageClass,
    text: str,
    *,
    employee_id: int | None = None,
    number: str | None = None,
    route: str | None = None,
    case_id: int | None = None,
    inbound_id: int | None = None,
    wants_answer: bool = False,
    not_before: datetime | None = None,
    any_hour: bool = False,
    dies_at: datetime | None = None,
    dedupe_key: str | None = None,
) -> OutboundSms | None:
    """Write one message to a person (or a bare number) into the transaction that decided it.

    Returns None when the person has no number to write to, or when `dedupe_key` was used before.
    A unit in *pantau* gets nothing (the row is kept as WITHHELD); in *uji* it goes to the operator.
    `any_hour` lets it leave at night: it is about a shift that runs or comes next.
    """
    if dedupe_key and outbox_queries.is_written(tx, dedupe_key):
        return None
    to = _recipient(tx, now, message_class, employee_id, number, route)
    if to is None:
        return None
    message = OutboundSms(
        dedupe_key=dedupe_key,
        number=to.number,
        employee_id=to.employee_id,
        message_class=message_class,
        lane=int(LANES[message_class]),
        wants_answer=wants_answer,
        text=_trial_text(tx, text, employee_id, to),
        parts=len(segments.plan(text).parts),
        state=OutState.WITHHELD if to.withheld else OutState.QUEUED,
        problem=to.withheld,
        route=to.route,
        home_route=to.route,
        any_hour=any_hour,
        not_before=not_before
        or first_moment(tx, message_class, to.employee_id, now, any_hour=any_hour),
        dies_at=dies_at,
        created_at=now,
        attempts=0,
        case_id=case_id,
        inbound_id=inbound_id,
    )
    tx.add(message)
    if message.dies_at is None and message_class in LIVES:
        message.dies_at = message.not_before + LIVES[message_class]
    tx.flush()
    is_abroad = message.route is None and not message.number.startswith(outbox_queries.HOME)
    if message.route == outbox_queries.TWILIO or is_abroad:
        tx.ring("send_by_twilio")
    return message


def _recipient(
    tx: Transaction,
    now: datetime,
    message_class: MessageClass,
    employee_id: int | None,
    number: str | None,
    route: str | None,
) -> Recipient | None:
    if employee_id is None:
        return Recipient(number, None, route) if number else None
    today = now.astimezone(HOME_ZONE).date()
    phone = staff.phone_of(tx, employee_id, today)
    if phone is None:
        return None
    home = Recipient(number or phone.number, employee_id, route or phone.home_route)
    unit_id = staff.unit_id_of(tx, employee_id, today)
    stage = staff.stage_of(tx, unit_id, today) if unit_id is not None else Stage.LIVE
    if phone.stopped_at is not None:
        return Recipient(home.number, employee_id, home.route, f"berhenti: {phone.stop_reason}")
    if phone.alerts_off_at is not None and message_class in UNASKED_ALERTS:
        return Recipient(home.number, employee_id, home.route, "BERHENTI")
    if stage is Stage.WATCH:
        return Recipient(home.number, employee_id, home.route, "pantau")
    if stage is Stage.TRIAL and unit_id is not None:
        return _operator_instead(tx, unit_id, today, home)
    return home


def _operator_instead(tx: Transaction, unit_id: int, today: date, home: Recipient) -> Recipient:
    operator = staff.operator_of(tx, unit_id, today)
    phone = staff.phone_of(tx, operator.id, today) if operator else None
    if operator is None or phone is None:
        return Recipient(home.number, home.employee_id, home.route, "uji")
    return Recipient(phone.number, operator.id, phone.home_route)


def _trial_text(tx: Transaction, text: str, employee_id: int | None, to: Recipient) -> str:
    if employee_id is None or to.employee_id == employee_id:
        return text
    meant_for = tx.get(Employee, employee_id)
    return f"UJI utk {short_name(meant_for.name)}: {text}" if meant_for else text


def _zone_of(tx: Transaction, employee_id: int | None, now: datetime) -> ZoneInfo:
    if employee_id is None:
        return HOME_ZONE
    return staff.zone_of(tx, employee_id, now.astimezone(HOME_ZONE).date())


def first_moment(
    tx: Transaction,
    message_class: MessageClass,
    employee_id: int | None,
    now: datetime,
    *,
    any_hour: bool,
) -> datetime:
    """When a message to this person may leave: now, or after their quiet hours and days off."""
    if any_hour:
        return now
    zone = _zone_of(tx, employee_id, now)
    if employee_id is None or message_class not in WAITS_FOR_WORK:
        return may_leave_from(message_class, now, zone, every_day)
    days = work_days.working_days_of(tx, employee_id, now.astimezone(zone).date())
    return may_leave_from(message_class, now, zone, days.is_working)


def daytime(tx: Transaction, employee_id: int, now: datetime) -> datetime:
    """The first moment outside this person's quiet hours."""
    return may_leave_from(MessageClass.OUTCOME, now, _zone_of(tx, employee_id, now))
