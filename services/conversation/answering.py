"""The drain of incoming messages: one message, one transaction, one answer at most."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import structlog

from domain.messages import MessageClass
from services import cases, days, identity, inbox, outbox, work_days
from services.conversation import decisions, shifts, whose
from services.conversation.reacting import react
from services.conversation.talk import UNREAD, Outcome, Talk
from sms import texts
from sms.grammar import Intent, OpenRequest, Sender, project, read
from store import case_queries, contacts, inbox_queries, outbox_queries, staff
from store.cases import CodePurpose, Draft, ReplyCode
from store.db import Database, Transaction
from store.messages import InboundSms
from store.people import Employee

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
LOOP_WITHIN, LOOP_TEXTS = timedelta(minutes=5), 3
BOUNCE_WITHIN = timedelta(days=2)
FLOOD_WITHIN, FLOOD_MESSAGES = timedelta(hours=1), 40
STRANGERS_A_DAY = 50
KNOWN_FOR = timedelta(days=30)


def answer_waiting(db: Database, clock: Callable[[], datetime], limit: int = 500) -> int:
    """Answer what waits, oldest first; returns how many. Safe to run twice or to be killed.

    A message that cannot be answered is tried again later and, after three tries, put before a
    person with its problem; the others go on.
    """
    for done in range(limit):
        now = clock()
        sms = _claim(db, now)
        if sms is None and inbox.make_messages(db, now):
            sms = _claim(db, now)
        if sms is None:
            return done
        _answer_safely(db, now, sms.id)
    return limit


def _claim(db: Database, now: datetime) -> InboundSms | None:
    with db.begin() as tx:
        return inbox_queries.claim_next(tx, now, now + LEASE)


def _answer_safely(db: Database, now: datetime, inbound_id: int) -> None:
    try:
        with db.begin() as tx:
            sms = tx.get_one(InboundSms, inbound_id)
            if sms.processed_at is None:
                sms.outcome = answer(tx, now, sms)
                sms.processed_at = now
    except Exception as error:  # whatever one message does to us, the next one must be answered
        log.exception("message_not_answered", inbound_id=inbound_id)
        _keep_problem(db, now, inbound_id, error)


def _keep_problem(db: Database, now: datetime, inbound_id: int, error: Exception) -> None:
    with db.begin() as tx:
        sms = tx.get_one(InboundSms, inbound_id)
        sms.problem = f"{type(error).__name__}: {error}"[:500]
        sms.claimed_until = now + timedelta(seconds=5 * sms.attempts)
        if sms.attempts >= inbox_queries.MOST_ATTEMPTS:
            sms.processed_at = now
            sms.outcome = Outcome.FAILED
            _hold_days_of_owners(tx, now, sms)


def _hold_days_of_owners(tx: Transaction, now: datetime, sms: InboundSms) -> None:
    """What could not be answered is a word all the same, of whoever owns the number."""
    sent = sms.sent_at.astimezone(outbox.HOME_ZONE).date()
    for owner in staff.people_by_phone(tx, sms.number or "", sent):
        sms.employee_id = sms.employee_id or owner.id
        days.mark_words(tx, now, owner.id, [(sent, sent)])


def answer(tx: Transaction, now: datetime, sms: InboundSms) -> Outcome:
    """What one message does, in the transaction that also marks it processed."""
    if identity.heed_carrier(tx, now, sms):
        return Outcome.STOPPED
    if sms.number is None:
        return Outcome.MACHINE  # an operator's or advertiser's name, a short code
    if _is_loop(tx, sms):
        return Outcome.LOOP
    today = sms.sent_at.astimezone(outbox.HOME_ZONE).date()
    owners = staff.people_by_phone(tx, sms.number, today)
    if not owners:
        return _answer_stranger(tx, now, sms)
    said = whose.sender_of(tx, now, sms, owners)
    if said is None:
        return Outcome.ASKED
    return _answer_person(tx, now, sms, said)


def _is_loop(tx: Transaction, sms: InboundSms) -> bool:
    return (
        contacts.is_our_own_number(tx, sms.number or "")
        or outbox_queries.said_to(tx, sms.number or "", sms.text, sms.received_at - BOUNCE_WITHIN)
        or inbox_queries.same_text_count(tx, sms, LOOP_WITHIN) > LOOP_TEXTS
        or inbox_queries.count_from(tx, sms, FLOOD_WITHIN) > FLOOD_MESSAGES
    )


def _answer_stranger(tx: Transaction, now: datetime, sms: InboundSms) -> Outcome:
    """At most one polite reply a day to a stranger, and a daily cap for all of them together."""
    meaning = read(sms.text, sms.sent_at, Sender.STRANGER, ())
    sms.meaning = project(meaning)
    if not meaning.must_ask:
        return Outcome.SILENT
    day_ago = now - timedelta(days=1)
    stranger = MessageClass.STRANGER
    if (
        outbox_queries.count_since(tx, stranger, day_ago, number=sms.number)
        or outbox_queries.count_since(tx, stranger, day_ago) >= STRANGERS_A_DAY
    ):
        return Outcome.STRANGER
    outbox.queue(
        tx,
        now,
        stranger,
        texts.stranger(),
        number=sms.number,
        route=sms.route,
        inbound_id=sms.id,
        dies_at=now + timedelta(hours=12),
    )
    return Outcome.STRANGER


def _answer_person(tx: Transaction, now: datetime, sms: InboundSms, said: whose.Said) -> Outcome:
    person, number = said.person, sms.number or ""
    sms.employee_id = person.id
    if identity.disowns(tx, person, sms):
        identity.disown(tx, now, person, sms)
        return Outcome.STOPPED
    is_answer = outbox_queries.written_to(tx, number, now - KNOWN_FOR)
    is_new = is_answer and contacts.verify_number(tx, now, person.id, number)
    habit = identity.habit_of(tx, person, sms)
    contacts.remember_route(tx, person.id, number, sms.route)
    today = cases.local_today(tx, person.id, said.sent_at)
    sent_at = said.sent_at.astimezone(staff.zone_of(tx, person.id, today))
    codes = decisions.answerable(
        case_queries.codes_open_to(tx, person.id, (CodePurpose.DECIDE, CodePurpose.ACCEPT_CHANGE)),
        said.text,
        sent_at,
    )
    meaning = read(
        said.text,
        sent_at,
        _role(tx, person, codes, today),
        [_open_request(code) for code in codes],
        work_days.working_days_of(tx, person.id, today),
    )
    meaning = shifts.on_own_shift(tx, person.id, meaning, said.text, sent_at)
    sms.meaning = {**project(meaning), "question": meaning.question and meaning.question.value}
    sms.about_from, sms.about_to = meaning.start, meaning.end or meaning.start
    draft = case_queries.open_draft(tx, person.id, now)
    talk = Talk(tx, now, sms, person, said.text, sent_at, today, codes, draft, meaning)
    if is_new and not codes and draft is None and identity.says_it_is_theirs(sms):
        talk.reply(texts.number_verified())
        return Outcome.ANSWERED
    is_decision = bool(codes) and meaning.intent in (Intent.APPROVE, Intent.REJECT)
    is_known = contacts.is_verified(tx, person.id, number) or outbox_queries.is_asked_at(
        tx, number, now - KNOWN_FOR
    )
    if is_decision and not is_known:
        return talk.ask(texts.phone_not_known(person.name, codes[0].code))
    outcome = react(talk)
    if outcome is Outcome.DECIDED:
        identity.watch_decision(tx, now, person, sms, habit)
    _mark_days_spoken_of(tx, now, sms, person, today, draft)
    if outcome in (*UNREAD, Outcome.ASKED):  # it may name one of theirs
        spans = [(today, today), (sms.about_from or today, sms.about_to or today)]
        for each in staff.subordinates_of(tx, person.id, today):
            days.mark_words(tx, now, each.id, spans)
    return outcome


def _mark_days_spoken_of(
    tx: Transaction,
    now: datetime,
    sms: InboundSms,
    person: Employee,
    today: date,
    before: Draft | None,
) -> None:
    """The days this message, and the questions it answered or raised, are or may be about."""
    tx.flush()
    questions = [before, case_queries.open_draft(tx, person.id, now)]
    abouts = [(each.about_from, each.about_to) for each in questions if each is not None]
    abouts.append((sms.about_from, sms.about_to))
    spans = [(first, last or first) for first, last in abouts if first is not None]
    days.mark_words(tx, now, person.id, [(today, today), *spans])
    named = {
        int(each)
        for q in questions
        if q is not None
        for each in (q.fields.get("employee_id"), *q.fields.get("may_be", ()))
        if each is not None
    }
    for employee_id in named:
        days.mark_words(tx, now, employee_id, spans)


def _role(tx: Transaction, person: Employee, codes: list[ReplyCode], today: date) -> Sender:
    if codes or staff.has_subordinates(tx, person.id, today):
        return Sender.BOTH
    return Sender.EMPLOYEE


def _open_request(code: ReplyCode) -> OpenRequest:
    """A request as the grammar knows it; of a proposed change, what was proposed."""
    case = code.case
    asked = cases.request_of(case)
    if code.purpose is CodePurpose.ACCEPT_CHANGE and case.proposed:
        asked = cases.from_json(case.proposed)
    return OpenRequest(code.code, case.employee.name, asked.kind, asked.start, asked.end)


# --- by the clock ----------------------------------------------------------------------------


def expire(db: Database, now: datetime) -> int:
    """Unanswered questions end with a notice; codes for undoing end after their hour."""
    with db.begin() as tx:
        drafts = case_queries.expired_drafts(tx, now)
        for draft in drafts:
            draft.closed_at, draft.outcome = now, "expired"
            outbox.queue(
                tx,
                now,
                MessageClass.TEACHING,
                texts.draft_expired(),
                employee_id=draft.employee_id,
                number=draft.number,
                not_before=outbox.daytime(tx, draft.employee_id, now),
            )
        case_queries.close_undo_codes(tx, now - timedelta(hours=1), now)
        return len(drafts)
