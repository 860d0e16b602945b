"""The drain of incoming messages: one message, one transaction, one answer at most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import structlog

from domain.messages import MessageClass
from services import cases, days, identity, inbox, outbox, work_days
from services.conversation import answers, decisions, requests
from services.conversation.talk import Outcome, Talk
from sms import texts
from sms.grammar import Intent, OpenRequest, Question, Signal, project, read
from sms.grammar.meaning import Sender
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
REMIND_AFTER = timedelta(hours=4)
MOST_REMINDERS = 3
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
    person = owners[0] if len(owners) == 1 else _named_owner(owners, sms.text)
    if person is None:
        sms.employee_id = owners[0].id
        outbox.queue(
            tx,
            now,
            MessageClass.QUESTION,
            texts.ask_who(),
            number=sms.number,
            route=sms.route,
            inbound_id=sms.id,
            wants_answer=True,
        )
        return Outcome.ASKED
    return _answer_person(tx, now, sms, person)


def _is_loop(tx: Transaction, sms: InboundSms) -> bool:
    return (
        contacts.is_our_own_number(tx, sms.number or "")
        or outbox_queries.said_to(tx, sms.number or "", sms.text, sms.received_at - BOUNCE_WITHIN)
        or inbox_queries.same_text_count(tx, sms, LOOP_WITHIN) > LOOP_TEXTS
        or inbox_queries.count_from(tx, sms, FLOOD_WITHIN) > FLOOD_MESSAGES
    )


def _named_owner(owners: Sequence[Employee], text: str) -> Employee | None:
    """Which owner of a shared phone the text names, if exactly one."""
    words = set(text.lower().replace(",", " ").replace(".", " ").split())
    named = [
        owner
        for owner in owners
        if (owner.nip and owner.nip in text.replace(" ", ""))
        or any(part in words for part in owner.name.lower().split() if len(part) > 2)
    ]
    return named[0] if len(named) == 1 else None


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


def _answer_person(tx: Transaction, now: datetime, sms: InboundSms, person: Employee) -> Outcome:
    sms.employee_id = person.id
    if identity.disowns(tx, person, sms):
        identity.disown(tx, now, person, sms)
        return Outcome.STOPPED
    number = sms.number or ""
    is_answer = outbox_queries.written_to(tx, number, now - KNOWN_FOR)
    is_new = is_answer and contacts.verify_number(tx, now, person.id, number)
    habit = identity.habit_of(tx, person, sms)
    contacts.remember_route(tx, person.id, number, sms.route)
    today = cases.local_today(tx, person.id, sms.sent_at)
    codes = _codes(tx, person, sms)
    meaning = read(
        sms.text,
        sms.sent_at.astimezone(staff.zone_of(tx, person.id, today)),
        _role(tx, person, codes, today),
        [_open_request(code) for code in codes],
        work_days.working_days_of(tx, person.id, today),
    )
    sms.meaning = {**project(meaning), "question": meaning.question and meaning.question.value}
    sms.about_from, sms.about_to = meaning.start, meaning.end or meaning.start
    draft = case_queries.open_draft(tx, person.id, now)
    talk = Talk(tx, now, sms, person, today, codes, draft, meaning)
    if is_new and not codes and identity.says_it_is_theirs(sms):
        talk.reply(texts.number_verified())
        return Outcome.ANSWERED
    outcome = _react(talk)
    if outcome is Outcome.DECIDED:
        identity.watch_decision(tx, now, person, sms, habit)
    _mark_days_spoken_of(tx, now, sms, person, today, draft)
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
    named = {q.fields.get("employee_id") for q in questions if q is not None}
    for employee_id in named - {None}:
        days.mark_words(tx, now, int(str(employee_id)), spans)


def _codes(tx: Transaction, person: Employee, sms: InboundSms) -> list[ReplyCode]:
    codes = case_queries.codes_open_to(
        tx, person.id, (CodePurpose.DECIDE, CodePurpose.ACCEPT_CHANGE)
    )
    return decisions.answerable(codes, sms.text, sms.sent_at)


def _role(tx: Transaction, person: Employee, codes: list[ReplyCode], today: date) -> Sender:
    if codes or staff.has_subordinates(tx, person.id, today):
        return Sender.BOTH
    return Sender.EMPLOYEE


def _open_request(code: ReplyCode) -> OpenRequest:
    case = code.case
    return OpenRequest(code.code, case.employee.name, case.kind, case.start_date, case.end_date)


def _react(talk: Talk) -> Outcome:
    """The order in which a message is understood; the first that fits answers."""
    meaning = talk.meaning
    if meaning.signal in (Signal.NOT_ME, Signal.STOP):
        return answers.stop(talk)
    for special in (decisions.reason_given, decisions.undo):
        if (outcome := special(talk)) is not None:
            return outcome
    if meaning.intent in (Intent.APPROVE, Intent.REJECT) and talk.codes:
        return decisions.ask_back(talk) if meaning.must_ask else decisions.decide(talk)
    if (outcome := answers.answer_to_notice(talk)) is not None:
        return outcome
    is_complete = meaning.intent is Intent.REQUEST and not meaning.must_ask
    if not is_complete and (outcome := requests.complete_draft(talk)) is not None:
        return outcome
    if meaning.signal is Signal.TERMINAL_TROUBLE:
        return answers.terminal_trouble(talk)
    return _by_intent(talk)


def _by_intent(talk: Talk) -> Outcome:
    meaning = talk.meaning
    match meaning.intent:
        case Intent.REQUEST if meaning.must_ask:
            return requests.ask_what_is_missing(talk, meaning)
        case Intent.REQUEST:
            return requests.file_request(talk, meaning)
        case Intent.CANCEL:
            return answers.cancel(talk)
        case Intent.STATUS:
            return answers.status(talk)
        case Intent.BALANCE:
            talk.reply(texts.balance_unknown())
            return Outcome.ANSWERED
        case Intent.HELP:
            talk.reply(texts.help_text())
            return Outcome.ANSWERED
        case Intent.APPROVE | Intent.REJECT:
            return decisions.ask_back(talk)
        case _:
            return _unclear(talk)


def _unclear(talk: Talk) -> Outcome:
    if not talk.meaning.must_ask:
        return Outcome.SILENT
    if talk.meaning.question is Question.CONFIRM_REPORT:
        return requests.ask_what_is_missing(talk, talk.meaning)
    if talk.codes or talk.meaning.question is Question.NOTHING_OPEN:
        return decisions.ask_back(talk)
    if (outcome := decisions.already_done(talk)) is not None:
        return outcome
    if talk.meaning.signal is Signal.FORGOT_TO_CLOCK:
        return answers.file_correction(talk, talk.today, "forgot_scan", "lupa absen")
    talk.reply(texts.teaching(), message_class=MessageClass.TEACHING, wants_answer=True)
    return Outcome.TAUGHT


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


def remind(db: Database, now: datetime) -> int:
    """Ask a silent supervisor again, a few times. Silence never turns a day against anybody."""
    with db.begin() as tx:
        overdue = case_queries.overdue_decisions(tx, now - REMIND_AFTER, MOST_REMINDERS)
        for case in overdue:
            case.reminded_at = now
            case.reminders += 1
            if case.decider is not None:
                cases.remind_decider(tx, now, case, case.decider)
        return len(overdue)
