"""Short answers to our questions and alerts, and words that stop or report something."""

from __future__ import annotations

from datetime import date, timedelta

from domain.cases import CaseKind
from domain.messages import MessageClass
from domain.people import Role
from services import cases, outbox, tickets
from services.conversation.requests import file_request
from services.conversation.talk import Outcome, Talk
from sms import texts
from sms.grammar import Intent, Signal
from store import case_queries, contacts, notice_queries, staff
from store.messages import Notice

ANSWER_WITHIN = timedelta(days=7)
CORRECTIONS = {
    Signal.PRESENT: ("present", "hadir"),
    Signal.WRONG: ("wrong", "keliru"),
    Signal.FORGOT_TO_CLOCK: ("forgot_scan", "lupa absen"),
}
SHORT = 3  # words; a longer message speaks for itself


def answer_to_notice(talk: Talk) -> Outcome | None:
    """The message answers a question or alert about one of the sender's days."""
    notice = notice_queries.latest_unanswered(
        talk.tx, talk.person.id, talk.today - ANSWER_WITHIN, talk.sms.sent_at
    )
    if notice is None:
        return None
    meaning = talk.meaning
    if meaning.signal in CORRECTIONS:
        correction, words = CORRECTIONS[meaning.signal]
        _mark_answered(talk, notice)
        return file_correction(talk, notice.day, correction, words)
    kind = meaning.kind or (CaseKind.SICK if meaning.signal is Signal.SICK else _bare_kind(talk))
    is_short = len(talk.sms.text.split()) <= SHORT
    if kind is None or not (is_short or _covers(talk, notice.day)):
        return None
    _mark_answered(talk, notice)
    if is_short and (meaning.start is None or meaning.start == talk.today):
        return _file_for_day(talk, kind, notice.day)
    return file_request(talk, meaning) if not meaning.must_ask else None


def _bare_kind(talk: Talk) -> CaseKind | None:
    """IZIN or DINAS alone, which would be asked back without the question before it."""
    words = talk.sms.text.upper().replace(".", " ").split()
    if not words:
        return None
    return {
        "IZIN": CaseKind.PERMISSION,
        "IJIN": CaseKind.PERMISSION,
        "DINAS": CaseKind.DUTY,
        "DL": CaseKind.DUTY,
        "SAKIT": CaseKind.SICK,
    }.get(words[0])


def _covers(talk: Talk, day: date) -> bool:
    start, end = talk.meaning.start, talk.meaning.end or talk.meaning.start
    return talk.meaning.intent is Intent.REQUEST and bool(start and end and start <= day <= end)


def _mark_answered(talk: Talk, notice: Notice) -> None:
    notice.answered_at = talk.now


def _file_for_day(talk: Talk, kind: CaseKind, day: date) -> Outcome:
    filed = cases.submit(
        talk.tx,
        talk.now,
        talk.actor,
        talk.person.id,
        cases.Request(kind, day, day, reason=talk.meaning.reason or ""),
        source="sms",
        inbound_id=talk.sms.id,
    )
    talk.close_draft("completed")
    asked = cases.asked(filed.case)
    if filed.decider is None:
        text = texts.nobody_to_decide(asked)
    elif kind is CaseKind.SICK:
        text = texts.receipt_for_sick(asked, filed.decider.name)
    else:
        text = texts.receipt(asked, filed.decider.name, None)
    talk.reply(text, case_id=filed.case.id)
    return Outcome.FILED


def file_correction(talk: Talk, day: date, correction: str, words: str) -> Outcome:
    """An objection (LUPA ABSEN, SALAH, HADIR) is one more fact on the same way as leave.

    Operator and technician hear of it: a scan that did not come may be the terminal's fault.
    """
    filed = cases.submit(
        talk.tx,
        talk.now,
        talk.actor,
        talk.person.id,
        cases.Request(
            CaseKind.CORRECTION, day, day, correction=correction, reason=talk.sms.text.strip()
        ),
        source="sms",
        inbound_id=talk.sms.id,
    )
    talk.close_draft("completed")
    talk.reply(texts.answer_noted(words), case_id=filed.case.id)
    if not filed.was_there and correction == "present":
        _tell_who_can_check(talk, texts.objection(talk.person.name, day), filed.case.id)
    return Outcome.FILED


def _tell_who_can_check(talk: Talk, text: str, case_id: int | None) -> None:
    unit_id = staff.unit_id_of(talk.tx, talk.person.id, talk.today)
    operator = staff.operator_of(talk.tx, unit_id, talk.today) if unit_id is not None else None
    if operator is not None and operator.id != talk.person.id:
        outbox.queue(
            talk.tx,
            talk.now,
            MessageClass.TECHNICAL,
            text,
            employee_id=operator.id,
            case_id=case_id,
        )
    for number in contacts.account_phones(talk.tx, Role.TECHNICIAN):
        outbox.queue(
            talk.tx, talk.now, MessageClass.TECHNICAL, text, number=number, case_id=case_id
        )


def terminal_trouble(talk: Talk) -> Outcome:
    """ "Mesin rusak" from a registered number reaches operator and technician."""
    unit = staff.unit_of(talk.tx, talk.person.id, talk.today)
    name = unit.name if unit else "unit Anda"
    talk.reply(texts.fault_noted(name))
    if unit is not None:
        tickets.report(talk.tx, talk.now, talk.actor, unit.id, talk.sms.text.strip(), told=True)
    _tell_who_can_check(talk, texts.fault_report(talk.person.name, name), None)
    return Outcome.ANSWERED


def stop(talk: Talk) -> Outcome:
    """BUKAN SAYA stops a number at once; BERHENTI stops alerts only."""
    not_me = talk.meaning.signal is Signal.NOT_ME
    talk.reply(texts.stopped() if not_me else texts.alerts_stopped())
    contacts.stop_number(
        talk.tx, talk.now, talk.actor, talk.person.id, talk.sms.number or "", alerts_only=not not_me
    )
    return Outcome.STOPPED


def cancel(talk: Talk) -> Outcome:
    """The employee takes a request back; with several, the day in the text tells which."""
    choices = list(case_queries.cancellable(talk.tx, talk.person.id, talk.today))
    if not choices:
        talk.reply(texts.nothing_to_cancel())
        return Outcome.ANSWERED
    if len(choices) > 1:
        words = set(talk.sms.text.lower().replace(",", " ").split())
        meant = [case for case in choices if str(case.start_date.day) in words]
        if len(meant) != 1:
            return talk.ask(texts.which_to_cancel([cases.asked(case) for case in choices]))
        choices = meant
    case = choices[0]
    asked = cases.asked(case)
    cases.withdraw_in(talk.tx, talk.now, talk.actor, case, talk.sms.text.strip())
    talk.close_draft("replaced")
    talk.reply(texts.withdrawn(asked), case_id=case.id)
    return Outcome.ANSWERED


def status(talk: Talk) -> Outcome:
    """Where the latest requests stand, from the data itself."""
    lines = [
        (cases.asked(case), texts.standing_words(case.status, case.waiting_for))
        for case in case_queries.latest_of(talk.tx, talk.person.id)
    ]
    talk.reply(texts.status(lines))
    return Outcome.ANSWERED
