"""A supervisor answers: a decision falls, or what is unsure is asked back."""

from __future__ import annotations

import contextlib
import re
from dataclasses import replace
from datetime import datetime

from domain.cases import CaseStatus, Move
from domain.messages import MessageClass
from services import cases, outbox, work_days
from services.cases import CaseError
from services.conversation import changes
from services.conversation.talk import CLOCK_TOLERANCE, Asking, Outcome, Talk
from sms import texts
from sms.grammar import Intent, Question
from sms.grammar.meaning import Verdict
from sms.grammar.pieces import find_pieces
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
LEADING_CODE = re.compile(r"^\d{2,3}\b[\s,.:-]*(?=\S)")
CODE_WORD = re.compile(r"\b\d{2,3}\b")


def decide(talk: Talk) -> Outcome:
    """A certain decision about certain requests; one SMS gets one echo."""
    targets = _targets(talk)
    if not targets:
        return _nothing_open(talk)
    if talk.draft is not None and talk.draft.question == Asking.CONFIRM_CHANGE:
        talk.close_draft("replaced")
    if len(targets) > 1:
        return _decide_several(talk, targets)
    code = targets[0]
    try:
        if code.purpose is CodePurpose.ACCEPT_CHANGE:
            _answer_change(talk, code)
        else:
            _decide(talk, code, echoes=True)
    except CaseError:  # somebody else has moved it since it was asked
        talk.reply(texts.already_done(code.code))
        return Outcome.ANSWERED
    return Outcome.DECIDED


def _targets(talk: Talk) -> list[ReplyCode]:
    named = {code.upper() for code in talk.meaning.codes}
    if not named:
        return list(talk.codes) if len(talk.codes) == 1 else []
    return [code for code in talk.codes if code.code.upper() in named]


def _answer_change(talk: Talk, code: ReplyCode) -> None:
    agrees = talk.meaning.intent is Intent.APPROVE
    proposed = cases.asked_for(cases.from_json(code.case.proposed or {}))
    cases.answer_change(talk.tx, talk.now, talk.actor, code.case, accepted=agrees)
    talk.reply(
        texts.recorded_answer(proposed, accepted=agrees),
        message_class=MessageClass.ECHO,
        case_id=code.case.id,
    )


def _decide_several(talk: Talk, targets: list[ReplyCode]) -> Outcome:
    decided: list[ReplyCode] = []
    for code in targets:
        if code.purpose is CodePurpose.DECIDE:
            with contextlib.suppress(CaseError):  # moved by somebody else: the rest goes on
                _decide(talk, code, echoes=False)
                decided.append(code)
    if not decided:
        return _nothing_open(talk)
    talk.reply(
        texts.echo_several([(code.code, code.case.employee.name) for code in decided], _move(talk)),
        message_class=MessageClass.ECHO,
        wants_answer=True,
    )
    return Outcome.DECIDED


def _decide(talk: Talk, code: ReplyCode, *, echoes: bool) -> None:
    cases.decide(
        talk.tx,
        talk.now,
        talk.actor,
        code.case,
        talk.person,
        _move(talk),
        note=_note(talk),
        inbound_id=talk.sms.id,
        echoes=echoes,
    )


def _move(talk: Talk) -> Move:
    verdict = talk.meaning.decision.verdict if talk.meaning.decision else None
    move = MOVES.get(verdict) if verdict else None
    return move or (Move.AGREE if talk.meaning.intent is Intent.APPROVE else Move.REFUSE)


def _note(talk: Talk) -> str:
    decision = talk.meaning.decision
    reason = ((decision.reason if decision else None) or "").strip()
    return LEADING_CODE.sub("", reason)


def ask_back(talk: Talk) -> Outcome:
    """The message is a decider's, but the decision or its target is not certain."""
    meaning = talk.meaning
    if not talk.codes or meaning.question is Question.NOTHING_OPEN:
        return _nothing_open(talk)
    target = _single_target(talk)
    if meaning.question is Question.ONE_AT_A_TIME:
        return talk.ask(texts.one_at_a_time())
    if target is None:
        return talk.ask(texts.ask_which([(c.code, c.case.employee.name) for c in talk.codes]))
    if target.purpose is CodePurpose.ACCEPT_CHANGE:
        return _answer_otherwise(talk, target.case, target.code)
    if meaning.question is Question.SUPERVISOR_ASKS:
        return _relay(talk, target)
    if meaning.question is Question.CONFIRM_PROPOSAL:
        return _propose(talk, target)
    return talk.ask(
        texts.ask_decision(target.code, target.case.employee.name, cases.asked(target.case))
    )


def _single_target(talk: Talk) -> ReplyCode | None:
    named = {code.upper() for code in talk.meaning.codes}
    among = [c for c in talk.codes if c.code.upper() in named] if named else list(talk.codes)
    return among[0] if len(among) == 1 else None


def _propose(talk: Talk, target: ReplyCode) -> Outcome:
    """ "boleh tapi tgl 8 saja", "ya tapi cuma 2 hari": put to the employee, who answers YA.

    A real condition ("asal laporan selesai") is nothing that can be kept: it is asked back.
    """
    case, name = target.case, target.case.employee.name
    pieces = find_pieces(_without_code(talk, target), talk.sent_at, case.start_date)
    calendar = work_days.working_days_of(talk.tx, case.employee_id, case.start_date)
    if pieces.is_conditional or pieces.is_business:
        return talk.ask(texts.ask_unconditional(target.code, name))
    if pieces.is_half_day and pieces.half is None:
        return talk.ask(texts.ask_which_half(name, target.code))
    other = changes.changed(cases.request_of(case), pieces, calendar)
    kind = talk.meaning.decision.new_kind if talk.meaning.decision else None
    if kind is not None:
        other = replace(other or cases.request_of(case), kind=kind)
    if other is None:
        return talk.ask(texts.ask_unconditional(target.code, name))
    cases.propose_change(
        talk.tx,
        talk.now,
        talk.actor,
        case,
        talk.person,
        other,
        talk.text,
        inbound_id=talk.sms.id,
    )
    return Outcome.DECIDED


def _without_code(talk: Talk, target: ReplyCode) -> str:
    """Codes are numbers too: the one that names the request is no day and no length."""
    return re.sub(rf"\b{re.escape(target.code)}\b", " ", talk.text, count=1)


def _answer_otherwise(talk: Talk, case: Case, code: str) -> Outcome:
    """The employee answers a proposal with other days: that is a correction of the request."""
    pieces = find_pieces(talk.text, talk.sent_at, case.start_date)
    if not pieces.is_bare and not pieces.is_conditional:
        return changes.propose(talk, case)
    proposed = cases.asked_for(cases.from_json(case.proposed or {}))
    return talk.ask(texts.ask_accept(proposed, code))


def _relay(talk: Talk, target: ReplyCode) -> Outcome:
    case = target.case
    outbox.queue(
        talk.tx,
        talk.now,
        MessageClass.OUTCOME,
        texts.relayed_question(talk.person.name, cases.asked(case), talk.text.strip()),
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
    for word in CODE_WORD.findall(talk.text):
        known = case_queries.latest_code(talk.tx, talk.person.id, word)
        if known is not None:
            talk.reply(texts.already_done(word))
            return Outcome.ANSWERED
    return None


def undo(talk: Talk) -> Outcome | None:
    """ "BATAL 27" from the decider within the hour takes the decision back."""
    if talk.meaning.intent is not Intent.CANCEL:
        return None
    for word in (*talk.meaning.codes, *CODE_WORD.findall(talk.text)):
        known = case_queries.latest_code(talk.tx, talk.person.id, word.upper())
        if known is None or known.case.employee_id == talk.person.id:
            continue
        if known.closed_at is not None or known.purpose is not CodePurpose.UNDO:
            talk.reply(texts.already_done(word))
        elif not cases.undo(
            talk.tx, talk.now, talk.actor, known.case, talk.person, inbound_id=talk.sms.id
        ):
            talk.reply(texts.too_late_to_undo())
        return Outcome.DECIDED
    return None


def reason_given(talk: Talk) -> Outcome | None:
    """ "ALASAN 27 ada rapat": the reason of a refusal, given afterwards."""
    match = REASON.match(talk.text)
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


def asked_at(code: ReplyCode) -> datetime:
    """When this person was last asked by this code, reminders included."""
    reminded = code.case.reminded_at
    return max(code.opened_at, reminded) if reminded else code.opened_at


def answerable(codes: list[ReplyCode], text: str, sent_at: datetime) -> list[ReplyCode]:
    """Codes a message may answer: what had been asked when it was sent, or what it names.

    `sent_at` is the network's clock, in whole seconds.
    """
    words = {word.upper() for word in re.findall(r"[0-9A-Za-z]{2,4}", text)}
    asked_by = sent_at + CLOCK_TOLERANCE
    return [code for code in codes if code.opened_at <= asked_by or code.code.upper() in words]
