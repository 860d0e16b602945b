"""Taking messages in: the raw part first, the whole message next, its meaning later."""

from __future__ import annotations

from datetime import datetime, timedelta

import phonenumbers

from domain import joining
from domain.access import Viewer
from domain.joining import Piece
from services import cases, days
from sms.gateway import RawPart
from store import inbox_queries, staff
from store.db import Database, Transaction
from store.log import record as log_record
from store.messages import InboundPart, InboundSms

WAIT_FOR_PARTS = timedelta(minutes=10)
HOME_REGION = "ID"


def take_in(db: Database, now: datetime, part: RawPart) -> bool:
    """Commit one SMS as it came off the wire; True when it is new.

    After this returns the message may leave the SIM, or Twilio may get its 200. A repeat (same
    key) changes nothing and is acknowledged alike.
    """
    with db.begin() as tx:
        kept = _keep(tx, now, part)
        if kept is not None:
            _join(tx, now, kept)
        return kept is not None


def keep_whole(db: Database, now: datetime, part: RawPart) -> bool:
    """Commit a message that comes whole, by one INSERT; True when it is new.

    What answers it makes it a message first: the webhook is acknowledged after this insert alone.
    """
    with db.begin() as tx:
        part_id = inbox_queries.keep_part(
            tx,
            key=part.key,
            route=part.route,
            sender=part.sender,
            text=part.text,
            sent_at=part.sent_at,
            received_at=now,
            raw=part.raw,
        )
        if part_id is not None:
            tx.ring("answer_inbound")
        return part_id is not None


def make_messages(db: Database, now: datetime) -> int:
    """Make messages of those that came whole and were only kept; returns how many."""
    with db.read() as session:
        if not inbox_queries.whole_parts_wait(session):
            return 0
    with db.begin() as tx:
        parts = inbox_queries.whole_parts(tx)
        for part in parts:
            _whole_message(tx, now, [part], is_partial=False)
        return len(parts)


def keep_poison(db: Database, now: datetime, part: RawPart, reason: str) -> None:
    """Keep a message nobody could decode, with the reason, so that the rest can go on."""
    with db.begin() as tx:
        _keep(tx, now, part, quarantine=reason[:160])


def _keep(
    tx: Transaction, now: datetime, part: RawPart, quarantine: str | None = None
) -> InboundPart | None:
    part_id = inbox_queries.keep_part(
        tx,
        key=part.key,
        route=part.route,
        sender=part.sender,
        text=part.text.replace("\x00", ""),
        sent_at=part.sent_at,
        received_at=now,
        raw=part.raw,
        reference=part.reference,
        total=part.total,
        number_in_total=part.number,
        quarantine=quarantine,
    )
    return None if part_id is None else tx.get_one(InboundPart, part_id)


def pass_on_stale_parts(db: Database, now: datetime) -> int:
    """Incomplete long messages go on flagged once their other parts have not come in time."""
    passed = 0
    with db.begin() as tx:
        rows = {part.id: part for part in inbox_queries.stale_parts(tx, now - WAIT_FOR_PARTS)}
        alike: dict[tuple[str, str, int | None, int], list[Piece]] = {}
        for part in rows.values():
            same = (part.route, part.sender, part.reference, part.total)
            alike.setdefault(same, []).append(_piece(part))
        for pieces in alike.values():
            for group in joining.incomplete(pieces):
                _whole_message(tx, now, [rows[piece.id] for piece in group], is_partial=True)
                passed += 1
    return passed


def _join(tx: Transaction, now: datetime, part: InboundPart) -> None:
    """Make a message of a part, with its fellows where it has any and once all are there."""
    if part.total <= 1 or part.reference is None:
        _whole_message(tx, now, [part], is_partial=False)
        return
    rows = {each.id: each for each in inbox_queries.parts_alike(tx, part, joining.WITHIN)}
    newest = _piece(part)
    waiting = [_piece(each) for each in rows.values() if each.inbound_id is None]
    joined = [_piece(each) for each in rows.values() if each.inbound_id is not None]
    twin = next((piece for piece in joined if joining.repeated([piece], [newest])), None)
    if twin is not None:
        part.inbound_id = rows[twin.id].inbound_id
        return
    message = joining.whole(newest, waiting)
    if message is None:
        return
    _whole_message(tx, now, [rows[piece.id] for piece in message], is_partial=False)
    for again in joining.repeated(message, waiting):
        rows[again.id].inbound_id = part.inbound_id


def _piece(part: InboundPart) -> Piece:
    return Piece(part.id, part.number_in_total, part.total, part.sent_at, part.text)


def _whole_message(
    tx: Transaction, now: datetime, parts: list[InboundPart], *, is_partial: bool
) -> None:
    message = InboundSms(
        route=parts[0].route,
        sender=parts[0].sender,
        number=as_number(parts[0].sender),
        text="".join(part.text for part in parts),
        sent_at=min(part.sent_at for part in parts),
        received_at=now,
        is_partial=is_partial,
        attempts=0,
    )
    tx.add(message)
    tx.flush()
    for part in parts:
        part.inbound_id = message.id
    tx.ring("answer_inbound")


def as_number(sender: str) -> str | None:
    """E.164 of a sender, or None for names ('TELKOMSEL') and short codes."""
    try:
        parsed = phonenumbers.parse(sender, HOME_REGION)
    except phonenumbers.NumberParseException:
        return None
    if len(str(parsed.national_number)) < 7:
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def file_unread(
    db: Database, now: datetime, viewer: Viewer, inbound_id: int, request: cases.Request
) -> int:
    """The operator files for the sender what the machine could not read; returns the case's id."""
    with db.begin() as tx:
        message = _visible(tx, viewer, inbound_id, now)
        if viewer.actor.is_person(message.employee_id or 0):
            raise cases.CaseError("own_case", "Permohonan sendiri dicatat oleh kepala unit.")
        filed = cases.submit(
            tx,
            now,
            viewer.actor,
            message.employee_id or 0,
            request,
            source="sms",
            inbound_id=message.id,
            told_by="SMS pegawai, dibaca operator",
        )
        _handled(tx, now, viewer, message, "filed_by_hand", f"case {filed.case.id}")
        return filed.case.id


def open_unread(db: Database, now: datetime, viewer: Viewer, inbound_id: int) -> None:
    """Somebody opens a message word for word: recorded before it is shown."""
    with db.begin() as tx:
        message = _visible(tx, viewer, inbound_id, now)
        log_record(
            tx,
            now,
            viewer.actor,
            "looked_at_text",
            "inbound_sms",
            message.id,
            employee_id=message.employee_id,
        )


def mark_unread(db: Database, now: datetime, viewer: Viewer, inbound_id: int, note: str) -> None:
    """A person has looked at an unread message and nothing is to be filed."""
    with db.begin() as tx:
        message = _visible(tx, viewer, inbound_id, now)
        _handled(tx, now, viewer, message, "marked", note)


def _visible(tx: Transaction, viewer: Viewer, inbound_id: int, now: datetime) -> InboundSms:
    message = tx.get(InboundSms, inbound_id)
    if message is None or message.employee_id is None:
        raise cases.CaseError("gone", "Pesan ini tidak ada.")
    if not staff.is_visible(tx, viewer, message.employee_id, now.date()):
        raise cases.CaseError("gone", "Pesan ini tidak ada.")
    if message.handled_at is not None:
        raise cases.CaseError("moved", "Pesan ini sudah ditangani orang lain.")
    return message


def _handled(
    tx: Transaction, now: datetime, viewer: Viewer, message: InboundSms, action: str, why: str
) -> None:
    sent = message.sent_at.astimezone(
        staff.zone_of(tx, message.employee_id or 0, now.date())
    ).date()
    first = message.about_from or sent
    days.mark_words(
        tx, now, message.employee_id or 0, [(first, message.about_to or first), (sent, sent)]
    )
    message.handled_by = str(viewer.actor)
    message.handled_at = now
    log_record(
        tx,
        now,
        viewer.actor,
        action,
        "inbound_sms",
        message.id,
        employee_id=message.employee_id,
        why=why,
    )
