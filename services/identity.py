"""Whose phone it is (identitas HP): changes by two people, habits, alarms, the carrier's own STOP.

A phone decides only when it is verified, by a first SMS of ours that was answered from it. Whoever
could change a decider's number alone could decide in their name, so a second person confirms it,
and the old number hears of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.access import Viewer, employee, system
from domain.messages import MessageClass
from domain.people import mask_number
from services import outbox
from services.cases import CaseError
from services.inbox import as_number
from sms import texts
from sms.twilio_words import TWILIO
from store import contacts, phone_queries, staff
from store.db import Database, Transaction
from store.log import record as log_record
from store.messages import InboundSms
from store.people import Employee, Phone

SILENT_FOR = timedelta(weeks=6)
OLD_NUMBERS = timedelta(days=90)  # how long a number that was given up still hears of alarms

NOT_ME = re.compile(
    r"\W*(maaf\W+)?(ini\s+)?bukan\s+(saya|aku)(\s+(pak|bu|mas|mbak|kak))?\W*", re.IGNORECASE
)
WRONG_NUMBER = re.compile(
    r"\bsalah\s+(sambung|nomor|no|orang)\b|\b(nomor|no|hp)\s+ini\s+bukan\b|\bbukan\s+(nomor|no|hp)",
    re.IGNORECASE,
)
YES = frozenset({"ya", "iya", "benar", "betul"})

TOLD_TO_STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT"})
TOLD_TO_START = frozenset({"START", "UNSTOP", "MULAI"})


# --- a new number ----------------------------------------------------------------------------


def propose_number(
    db: Database, now: datetime, viewer: Viewer, employee_id: int, written: str
) -> bool:
    """A person's new number; True when it counts at once, False when it waits for a second person.

    CaseError for what is no number, for a person one may not see, and for their own number.
    """
    number = as_number(written)
    if number is None:
        raise CaseError("no_number", "Ini bukan nomor HP. Contoh: 08123456789.")
    today = now.astimezone(outbox.HOME_ZONE).date()
    with db.begin() as tx:
        person = _visible(tx, viewer, employee_id, today)
        if viewer.actor.is_person(employee_id):
            raise CaseError("own_number", "Nomor sendiri diganti dan dikonfirmasi oleh orang lain.")
        held = phone_queries.current(tx, employee_id, today)
        if number in {phone.number for phone in held}:
            raise CaseError("same_number", "Nomor ini sudah tercatat untuk pegawai itu.")
        waits = _decides(tx, employee_id, today)
        phone = Phone(
            employee_id=employee_id, number=number, first_day=today, proposed_by=str(viewer.actor)
        )
        if waits:
            phone.stopped_at, phone.stop_reason = now, contacts.WAITS_FOR_SECOND
        tx.add(phone)
        tx.flush()
        _log(tx, now, viewer, "number_proposed", phone)
        if not waits:
            _take_over(tx, now, person, phone, today)
        return not waits


def confirm_number(db: Database, now: datetime, viewer: Viewer, phone_id: int) -> None:
    """A second person confirms a decider's new number; the old one ends and hears of it."""
    today = now.astimezone(outbox.HOME_ZONE).date()
    with db.begin() as tx:
        phone, person = _waiting(tx, viewer, phone_id, today)
        if str(viewer.actor) == phone.proposed_by:
            raise CaseError(
                "second_person", "Pergantian ini dikonfirmasi oleh orang kedua, bukan pengusulnya."
            )
        if viewer.actor.is_person(phone.employee_id):
            raise CaseError("own_number", "Nomor sendiri diganti dan dikonfirmasi oleh orang lain.")
        phone.stopped_at = phone.stop_reason = None
        _log(tx, now, viewer, "number_confirmed", phone)
        _take_over(tx, now, person, phone, today)


def refuse_number(db: Database, now: datetime, viewer: Viewer, phone_id: int) -> None:
    """The new number is not theirs: it falls away, the old one stays."""
    today = now.astimezone(outbox.HOME_ZONE).date()
    with db.begin() as tx:
        phone, _ = _waiting(tx, viewer, phone_id, today)
        _log(tx, now, viewer, "number_refused", phone)
        tx.delete(phone)


def _take_over(tx: Transaction, now: datetime, person: Employee, new: Phone, today: date) -> None:
    """The new number counts, the others end today; both are told, the new one asked to answer."""
    for old in phone_queries.current(tx, person.id, today):
        if old.id == new.id or old.stop_reason == contacts.WAITS_FOR_SECOND:
            continue
        old.last_day = max(old.first_day, today - timedelta(days=1))
        if old.stopped_at is None:
            old.stopped_at, old.stop_reason = now, "diganti"
            text = texts.number_changed(person.name, new.number[-3:])
            outbox.queue(
                tx, now, MessageClass.OUTCOME, text, number=old.number, route=old.home_route
            )
    tx.flush()
    outbox.queue(
        tx,
        now,
        MessageClass.QUESTION,
        texts.number_noted(person.name),
        employee_id=person.id,
        number=new.number,
        wants_answer=True,
        not_before=outbox.daytime(tx, person.id, now),
    )


def _visible(tx: Transaction, viewer: Viewer, employee_id: int, today: date) -> Employee:
    person = tx.get(Employee, employee_id)
    if person is None or not staff.is_visible(tx, viewer, employee_id, today):
        raise CaseError("gone", "Pegawai ini tidak ada di unit Anda.")
    return person


def _waiting(tx: Transaction, viewer: Viewer, phone_id: int, today: date) -> tuple[Phone, Employee]:
    phone = tx.get(Phone, phone_id, with_for_update=True)
    if phone is None or phone.stop_reason != contacts.WAITS_FOR_SECOND:
        raise CaseError("gone", "Pergantian ini tidak ada, atau sudah diurus orang lain.")
    return phone, _visible(tx, viewer, phone.employee_id, today)


def _decides(tx: Transaction, employee_id: int, today: date) -> bool:
    holds_a_post = bool(staff.posts_held_by(tx, employee_id, today))
    return holds_a_post or staff.has_subordinates(tx, employee_id, today)


def _log(tx: Transaction, now: datetime, viewer: Viewer, action: str, phone: Phone) -> None:
    log_record(
        tx,
        now,
        viewer.actor,
        action,
        "phone",
        phone.id,
        employee_id=phone.employee_id,
        data={"number": mask_number(phone.number)},
    )


def says_it_is_theirs(sms: InboundSms) -> bool:
    """A bare YA, the answer to `number_noted`."""
    return sms.text.strip(" .!\n").lower() in YES


# --- habits and alarms -----------------------------------------------------------------------


@dataclass(frozen=True)
class Habit:
    """How a number used to write before this message: by which road, and when last."""

    road: str | None
    last_heard_at: datetime | None

    def oddity(self, sms: InboundSms) -> str | None:
        """What is unusual about this message, in words for people; None when nothing is."""
        if self.last_heard_at is not None and sms.received_at - self.last_heard_at > SILENT_FOR:
            return "HP yang lama diam"
        if self.road is not None and self.road != sms.route:
            return "jalur yang tidak biasa"
        return None


def habit_of(tx: Transaction, person: Employee, sms: InboundSms) -> Habit:
    """To be asked before the road of this message is remembered."""
    return Habit(
        phone_queries.road_of(tx, person.id, sms.number or ""),
        phone_queries.last_heard_before(tx, sms),
    )


def watch_decision(
    tx: Transaction, now: datetime, person: Employee, sms: InboundSms, habit: Habit
) -> None:
    """An unusual decision is logged, shown on the panel, and told: by another number, or Kasubag.

    It stands all the same: its echo, too, says how to undo it.
    """
    oddity = habit.oddity(sms)
    if oddity is None:
        return
    today = now.astimezone(outbox.HOME_ZONE).date()
    unit_id = staff.unit_id_of(tx, person.id, today)
    log_record(
        tx,
        now,
        system("identity"),
        "unusual_decision",
        "inbound_sms",
        sms.id,
        employee_id=person.id,
        unit_id=unit_id,
        why=oddity,
    )
    text = texts.unusual_decision(person.name, oddity)
    key = f"unusual:{person.id}:{today}"
    other = phone_queries.another_number(tx, person.id, sms.number or "", today - OLD_NUMBERS)
    kasubag = staff.kasubag_of(tx, unit_id, today) if unit_id is not None else None
    if other is not None:
        outbox.queue(tx, now, MessageClass.TECHNICAL, text, number=other, dedupe_key=key)
    elif kasubag is not None and kasubag.id != person.id:
        outbox.queue(tx, now, MessageClass.TECHNICAL, text, employee_id=kasubag.id, dedupe_key=key)


# --- not theirs ------------------------------------------------------------------------------


def disowns(tx: Transaction, person: Employee, sms: InboundSms) -> bool:
    """True when whoever holds this phone says that it is not this person's.

    "Salah nomor" counts only from a number that was never verified: somebody we know who writes it
    has sent us what was meant for another.
    """
    if NOT_ME.fullmatch(sms.text):
        return True
    is_known = contacts.is_verified(tx, person.id, sms.number or "")
    return not is_known and WRONG_NUMBER.search(sms.text) is not None


def disown(tx: Transaction, now: datetime, person: Employee, sms: InboundSms) -> None:
    """The number is stopped at once; its operator hears that another is needed."""
    number, today = sms.number or "", now.astimezone(outbox.HOME_ZONE).date()
    outbox.queue(
        tx,
        now,
        MessageClass.RECEIPT,
        texts.stopped(),
        employee_id=person.id,
        number=number,
        route=sms.route,
        inbound_id=sms.id,
    )
    contacts.stop_number(tx, now, employee(person.id), person.id, number, alerts_only=False)
    unit_id = staff.unit_id_of(tx, person.id, today)
    operator = staff.operator_of(tx, unit_id, today) if unit_id is not None else None
    if operator is not None and operator.id != person.id:
        text = texts.number_disowned(person.name)
        outbox.queue(tx, now, MessageClass.TECHNICAL, text, employee_id=operator.id)


# --- the carrier's own STOP and START --------------------------------------------------------


def heed_carrier(tx: Transaction, now: datetime, sms: InboundSms) -> bool:
    """STOP and START over Twilio, which Twilio itself answers and obeys; True when it was one.

    After STOP it refuses what we send there (21610), so nothing is sent until START.
    """
    if sms.route != TWILIO or sms.number is None:
        return False
    word = sms.text.strip().upper()
    if word in TOLD_TO_STOP:
        contacts.opt_out(tx, now, sms.number)
        return True
    return word in TOLD_TO_START and contacts.opt_in(tx, sms.number)
