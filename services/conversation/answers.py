"""Short answers to our questions and alerts, and words that stop or report something."""

from __future__ import annotations

import re
from datetime import date, timedelta

from domain.cases import CaseKind, CaseStatus
from domain.messages import MessageClass
from domain.people import Role
from services import cases, outbox, tickets, work_days
from services.conversation import changes
from services.conversation.requests import file_request
from services.conversation.talk import Outcome, Talk
from sms import texts
from sms.grammar import Intent, Signal
from sms.grammar.pieces import find_days
from store import case_queries, contacts, notice_queries, outbox_queries, staff
from store.cases import Case, CodePurpose
from store.messages import Notice

ANSWER_WITHIN = timedelta(days=7)
CORRECTIONS = {
    Signal.PRESENT: ("present", "hadir"),
    Signal.WRONG: ("wrong", "keliru"),
    Signal.FORGOT_TO_CLOCK: ("forgot_scan", "lupa absen"),
}
A_DAY = re.compile(r"\W*[a-z ]+?(?<!jam)(?<!pukul)(?<!pkl)\s(\d{1,2})(?![\d.:])", re.IGNORECASE)
"""The number behind the first words, unless it is a clock time."""
SHORT = 3  # words; a longer message speaks for itself


def answer_to_notice(talk: Talk) -> Outcome | None:
    """The message answers a question or alert about one of the sender's days."""
    notice = notice_queries.latest_unanswered(
        talk.tx, talk.person.id, talk.today - ANSWER_WITHIN, talk.sms.sent_at
    )
    meaning = talk.meaning
    if meaning.signal in CORRECTIONS:
        correction, words = CORRECTIONS[meaning.signal]
        day = _named_day(talk) or (notice.day if notice is not None else None)
        if notice is not None and day == notice.day:
            _mark_answered(talk, notice)
        if day is not None:
            return file_correction(talk, day, correction, words)
    if notice is None:
        return None
    kind = meaning.kind or (CaseKind.SICK if meaning.signal is Signal.SICK else _bare_kind(talk))
    is_short = len(talk.text.split()) <= SHORT
    if kind is None or not (is_short or _covers(talk, notice.day)):
        return None
    _mark_answered(talk, notice)
    if is_short and (meaning.start is None or meaning.start == talk.today):
        return _file_for_day(talk, kind, notice.day)
    return file_request(talk, meaning) if not meaning.must_ask else None


def _named_day(talk: Talk) -> date | None:
    """SALAH 12, SALAH 12 NOV: the newest 12th that has come; None when no day is named."""
    found = A_DAY.match(talk.sms.text)
    if found is None:
        return None
    newest = (talk.today - timedelta(days=n) for n in range(62))
    return next((day for day in newest if day.day == int(found[1])), None)


def _bare_kind(talk: Talk) -> CaseKind | None:
    """IZIN or DINAS alone, which would be asked back without the question before it."""
    words = talk.text.upper().replace(".", " ").split()
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
            CaseKind.CORRECTION, day, day, correction=correction, reason=talk.text.strip()
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
        tickets.report(talk.tx, talk.now, talk.actor, unit.id, talk.text.strip(), told=True)
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
    """The employee takes a request back; with several, code, kind or day tells which.

    A part ("batal tgl 9 saja") or a condition is asked back before anything changes.
    """
    choices = list(case_queries.cancellable(talk.tx, talk.person.id, talk.today))
    if not choices:
        talk.reply(texts.nothing_to_cancel())
        return Outcome.ANSWERED
    case = _meant(talk, choices)
    if case is None:
        return talk.ask(texts.which_to_cancel([cases.asked(each) for each in choices]))
    if talk.meaning.must_ask:
        return changes.cancel_part(talk, case)
    asked = cases.asked(case)
    cases.withdraw_in(talk.tx, talk.now, talk.actor, case, talk.text.strip())
    talk.close_draft("replaced")
    talk.reply(texts.withdrawn(asked), case_id=case.id)
    return Outcome.ANSWERED


def _meant(talk: Talk, choices: list[Case]) -> Case | None:
    """The case whose day, kind or code the text names; the only one when it names nothing."""
    pieces = find_days(talk.text, talk.sent_at, min(case.start_date for case in choices))
    codes = {
        code.case_id
        for code in case_queries.codes_open_to(
            talk.tx, talk.person.id, (CodePurpose.ACCEPT_CHANGE,)
        )
        if code.code in talk.meaning.codes
    }
    fits = [case for case in choices if case.id in codes] or choices
    if pieces.days is not None:
        first, last = pieces.days
        same = [c for c in fits if (c.start_date, c.end_date or c.start_date) == (first, last)]
        touched = [
            c for c in fits if c.start_date <= last and first <= (c.end_date or c.start_date)
        ]
        fits = same or [c for c in touched if c.start_date == first] or touched
    if len(fits) > 1:
        kind = _kind_named(talk, fits)
        fits = [case for case in fits if case.kind is kind] if kind else fits
    return fits[0] if len(fits) == 1 else None


def _kind_named(talk: Talk, choices: list[Case]) -> CaseKind | None:
    """The kind among these whose words stand in the text, the longest words first."""
    text = " ".join(talk.text.lower().split())
    for kind in sorted({case.kind for case in choices}, key=lambda k: -len(texts.KIND_WORDS[k])):
        if texts.KIND_WORDS[kind] in text or text.find(texts.KIND_WORDS[kind].split()[-1]) >= 0:
            return kind
    leaves = {case.kind for case in choices if texts.KIND_WORDS[case.kind].startswith("cuti")}
    return leaves.pop() if "cuti" in text and len(leaves) == 1 else None


def retract(talk: Talk) -> Outcome:
    """ "salah kirim, abaikan": our open question is dropped; a filed request is asked about."""
    if talk.draft is not None:
        talk.close_draft("declined")
        talk.reply(texts.draft_dropped())
        return Outcome.ANSWERED
    choices = case_queries.cancellable(talk.tx, talk.person.id, talk.today)
    fresh = [case for case in choices if case.submitted_at > talk.now - changes.JUST_NOW]
    if len(fresh) == 1:
        return changes.cancel_part(talk, fresh[0])
    talk.reply(texts.teaching(), message_class=MessageClass.TEACHING, wants_answer=True)
    return Outcome.TAUGHT


def status(talk: Talk) -> Outcome:
    """Where the latest requests stand, from the data itself."""
    lines = [
        (cases.asked(case), texts.standing_words(case.status, case.waiting_for))
        for case in case_queries.latest_of(talk.tx, talk.person.id)
    ]
    talk.reply(texts.status(lines))
    return Outcome.ANSWERED


def balance(talk: Talk) -> Outcome:
    """What this house knows of the year's annual leave; the ledger itself is kept elsewhere."""
    first, last = date(talk.today.year, 1, 1), date(talk.today.year, 12, 31)
    halves = 0
    for case in case_queries.cases_touching(talk.tx, talk.person.id, first, last):
        counts = case.kind is CaseKind.ANNUAL and case.status is CaseStatus.CONFIRMED
        if counts and case.end_date is not None:
            halves += work_days.count_half_days(talk.tx, case, first, last)
    talk.reply(texts.balance(halves))
    return Outcome.ANSWERED


def objection(talk: Talk) -> Outcome | None:
    """SALAH to what somebody else filed or typed: it is looked at again, by who decides."""
    if talk.meaning.signal is not Signal.WRONG:
        return None
    told = outbox_queries.latest_inviting_objection(
        talk.tx, talk.person.id, talk.now - ANSWER_WITHIN
    )
    if told is None or told.case_id is None:
        return None
    case = talk.tx.get_one(Case, told.case_id)
    if case.employee_id != talk.person.id:
        talk.reply(texts.objection_noted(cases.asked(case)), case_id=case.id)
        _tell_who_can_check(
            talk, texts.objection_to_case(talk.person.name, cases.asked(case)), case.id
        )
        return Outcome.ANSWERED
    filed = cases.submit(
        talk.tx,
        talk.now,
        talk.actor,
        talk.person.id,
        cases.Request(
            CaseKind.CORRECTION,
            case.start_date,
            case.end_date,
            correction="wrong",
            reason=f"keliru: {texts.asked_words(cases.asked(case))}",
        ),
        source="sms",
        inbound_id=talk.sms.id,
    )
    talk.reply(texts.objection_noted(cases.asked(case)), case_id=filed.case.id)
    _tell_who_can_check(talk, texts.objection_to_case(talk.person.name, cases.asked(case)), case.id)
    return Outcome.FILED
