"""A supervisor answers: a decision falls, or what is unsure is asked back."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from domain.cases import CaseStatus, Move
from domain.messages import MessageClass
from services import cases, outbox, work_days
from services.cases import CaseError, Request
from services.conversation.talk import Outcome, Talk
from sms import texts
from sms.grammar import Intent, Question
from sms.grammar.meaning import Verdict
from store import case_queries
from store.cases import Case, CodePurpose, ReplyCode

MOVES = {
    Verdict.APPROVE: Move.AGREE,
    Verdict.REFUSE: Move.REFUSE,
    Verdict.POSTPONE: Move.POSTPONE,
}
REASON = re.compile(
    r"\s*alasan(?:nya)?\s+([0-9a-z]{2,4})\b[\s:,.-]*(.+)", re.IGNORECASE | re.DOTALL
)
CLOCK_TOLERANCE = timedelta(seconds=5)
LEADING_CODE = re.compile(r"^\d{2,3}\b[\s,.:-]*(?=\S)")
CODE_WORD = re.compile(r"\b\d{2,3}\b")


def decide(talk: Talk) -> Outcome:
    """A certain decision about certain requests."""
    targets = _targets(talk)
    if not targets:
        return _nothing_open(talk)
    for code in targets:
        _decide_one(talk, code)
    talk.close_draft("replaced")
    return Outcome.DECIDED


def _targets(talk: Talk) -> list[ReplyCode]:
    named = {code.upper() for code in talk.meaning.codes}
    if not named:
        return list(talk.codes) if len(talk.codes) == 1 else []
    return [code for code in talk.codes if code.code.upper() in named]


def _decide_one(talk: Talk, code: ReplyCode) -> None:
    agrees = talk.meaning.intent is Intent.APPROVE
    if code.purpose is CodePurpose.ACCEPT_CHANGE:
        cases.answer_change(talk.tx, talk.now, talk.actor, code.case, accepted=agrees)
        talk.reply(
            texts.recorded_answer(cases.asked(code.case), accepted=agrees),
            message_class=MessageClass.ECHO,
            case_id=code.case.id,
        )
        return
    verdict = talk.meaning.decision.verdict if talk.meaning.decision else None
    move = MOVES.get(verdict) if verdict else None
    cases.decide(
        talk.tx,
        talk.now,
        talk.actor,
        code.case,
        talk.person,
        move or (Move.AGREE if agrees else Move.REFUSE),
        note=_note(talk),
        inbound_id=talk.sms.id,
    )


def _note(talk: Talk) -> str:
    decision = talk.meaning.decision
    reason = ((decision.reason if decision else None) or "").strip()
    return LEADING_CODE.sub("", reason)


def ask_back(talk: Talk) -> Outcome:
    """The message is a supervisor's, but the decision or its target is not certain."""
    meaning = talk.meaning
    if not talk.codes or meaning.question is Question.NOTHING_OPEN:
        return _nothing_open(talk)
    target = _single_target(talk)
    if meaning.question is Question.CONFIRM_PROPOSAL and target is not None:
        changed = _changed_request(talk, target.case)
        if changed is not None:
            cases.propose_change(
                talk.tx, talk.now, talk.actor, target.case, talk.person, changed, talk.sms.text
            )
            return Outcome.DECIDED
    if meaning.question is Question.SUPERVISOR_ASKS and target is not None:
        return _relay(talk, target)
    if meaning.question is Question.ONE_AT_A_TIME:
        return talk.ask(texts.one_at_a_time())
    if target is not None:
        return talk.ask(
            texts.ask_decision(target.code, target.case.employee.name, cases.asked(target.case))
        )
    return talk.ask(texts.ask_which([(c.code, c.case.employee.name) for c in talk.codes]))


def _single_target(talk: Talk) -> ReplyCode | None:
    named = {code.upper() for code in talk.meaning.codes}
    among = [c for c in talk.codes if c.code.upper() in named] if named else list(talk.codes)
    deciding = [c for c in among if c.purpose is CodePurpose.DECIDE]
    return deciding[0] if len(deciding) == 1 else None


def _changed_request(talk: Talk, case: Case) -> Request | None:
    """What the supervisor would agree to instead, when the text says it in full."""
    decision = talk.meaning.decision
    if decision is None or (decision.condition and not (decision.new_start or decision.new_days)):
        return None
    start = decision.new_start or case.start_date
    end = decision.new_end or (decision.new_start if decision.new_start else case.end_date)
    if decision.new_days:
        end = work_days.end_after(talk.tx, case.employee_id, start, decision.new_days)
    if (start, end) == (case.start_date, case.end_date) and decision.new_kind is None:
        return None
    return Request(decision.new_kind or case.kind, start, end, reason=case.reason)


def _relay(talk: Talk, target: ReplyCode) -> Outcome:
    case = target.case
    outbox.queue(
        talk.tx,
        talk.now,
        MessageClass.OUTCOME,
        texts.relayed_question(talk.person.name, cases.asked(case), talk.sms.text.strip()),
        employee_id=case.employee_id,
        case_id=case.id,
    )
    return talk.ask(texts.question_relayed(case.employee.name, target.code))


def _nothing_open(talk: Talk) -> Outcome:
    if (outcome := already_done(talk)) is not None:
        return outcome
    talk.reply(texts.nothing_waits())
    return Outcome.ANSWERED


def already_done(talk: Talk) -> Outcome | None:
    """A code this person once had is answered again: say that it is done."""
    for word in CODE_WORD.findall(talk.sms.text):
        known = case_queries.latest_code(talk.tx, talk.person.id, word)
        if known is not None:
            talk.reply(texts.already_done(word))
            return Outcome.ANSWERED
    return None


def undo(talk: Talk) -> Outcome | None:
    """ "BATAL 27" from the decider within the hour takes the decision back."""
    if talk.meaning.intent is not Intent.CANCEL:
        return None
    for word in (*talk.meaning.codes, *CODE_WORD.findall(talk.sms.text)):
        known = case_queries.latest_code(talk.tx, talk.person.id, word.upper())
        if known is None or known.case.employee_id == talk.person.id:
            continue
        if known.closed_at is not None or known.purpose is not CodePurpose.UNDO:
            talk.reply(texts.already_done(word))
        elif not cases.undo(talk.tx, talk.now, talk.actor, known.case, talk.person):
            talk.reply(texts.too_late_to_undo())
        return Outcome.DECIDED
    return None


def reason_given(talk: Talk) -> Outcome | None:
    """ "ALASAN 27 ada rapat": the reason of a refusal, given afterwards."""
    match = REASON.match(talk.sms.text)
    if match is None:
        return None
    code, reason = match.groups()
    known = case_queries.latest_code(talk.tx, talk.person.id, code.upper())
    if known is None or known.case.status not in (CaseStatus.REFUSED, CaseStatus.POSTPONED):
        return None
    try:
        cases.add_reason(talk.tx, talk.now, talk.actor, known.case, talk.person, reason.strip())
    except CaseError:
        return None
    talk.reply(texts.reason_noted(known.case.employee.name), message_class=MessageClass.ECHO)
    return Outcome.ANSWERED


def answerable(codes: list[ReplyCode], text: str, sent_at: datetime) -> list[ReplyCode]:
    """Codes a message may answer: what had been asked when it was sent, or what it names.

    `sent_at` is the network's clock, in whole seconds.
    """
    words = {word.upper() for word in re.findall(r"[0-9A-Za-z]{2,4}", text)}
    asked_by = sent_at + CLOCK_TOLERANCE
    return [code for code in codes if code.opened_at <= asked_by or code.code.upper() in words]
