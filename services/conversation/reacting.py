"""The order in which a message is understood; the first reading that fits answers."""

from __future__ import annotations

from domain.messages import MessageClass
from services.conversation import answers, changes, decisions, drafts, reports, requests
from services.conversation.talk import Outcome, Talk
from sms import texts
from sms.grammar import Intent, Meaning, OpenRequest, Question, Sender, Signal, read
from store.cases import CodePurpose

DECIDES = (Intent.APPROVE, Intent.REJECT)


def react(talk: Talk) -> Outcome:
    """What one message of a known person does."""
    if talk.meaning.signal in (Signal.NOT_ME, Signal.STOP):
        return answers.stop(talk)
    if talk.sms.is_partial:
        return _teach(talk, texts.cut_off())  # what is missing may turn its meaning round
    for special in (decisions.reason_given, decisions.undo, _answer_to_newest_question):
        if (outcome := special(talk)) is not None:
            return outcome
    talk.meaning = _as_decider(talk)
    if talk.meaning.intent in DECIDES and talk.codes and not talk.meaning.must_ask:
        return decisions.decide(talk)
    for other_person in (reports.report, reports.for_somebody_else):
        if (outcome := other_person(talk)) is not None:
            return outcome
    if talk.meaning.intent in DECIDES and talk.codes:
        return decisions.ask_back(talk)
    return _as_employee(talk)


def _answer_to_newest_question(talk: Talk) -> Outcome | None:
    """A yes or no that names nothing answers what was asked last; two open questions are told
    apart first."""
    draft = talk.draft
    if draft is None or not talk.wants_yes or talk.meaning.codes:
        return None
    if not (drafts.said_yes(talk) or drafts.said_no(talk)):
        return None
    by_word = bool({w.strip(".,!").lower() for w in talk.text.split()} & drafts.YES_WORDS)
    newer = [code for code in talk.codes if decisions.asked_at(code) > draft.asked_at]
    if newer and not by_word:
        return talk.ask(texts.ask_draft_or_code(newer[0].code, newer[0].case.employee.name))
    return drafts.answer_question(talk)


def _as_decider(talk: Talk) -> Meaning:
    """'setengah hari saja' or '41 jadi 2 hari' beside an open request speaks of that request.

    Who both asks and decides is read as an asker first; a message that names an open code, or
    no kind of absence at all, is read again as a decider's.
    """
    meaning = talk.meaning
    deciding = [code for code in talk.codes if code.purpose is CodePurpose.DECIDE]
    if meaning.intent is not Intent.REQUEST or not deciding:
        return meaning
    words = {word.strip(".,:;").upper() for word in talk.text.split()}
    names_code = any(code.code.upper() in words for code in deciding)
    if not names_code and (meaning.kind is not None or not meaning.must_ask):
        return meaning
    if not names_code and talk.draft is not None and not talk.wants_yes:
        return meaning
    decider = read(
        talk.text,
        talk.sent_at,
        Sender.SUPERVISOR,
        [
            OpenRequest(
                code.code,
                code.case.employee.name,
                code.case.kind,
                code.case.start_date,
                code.case.end_date,
            )
            for code in deciding
        ],
    )
    if names_code or decider.question is Question.CONFIRM_PROPOSAL:
        return decider
    return meaning


def _as_employee(talk: Talk) -> Outcome:
    meaning = talk.meaning
    for answer in (answers.objection, answers.answer_to_notice):
        if (outcome := answer(talk)) is not None:
            return outcome
    is_complete = meaning.intent is Intent.REQUEST and not meaning.must_ask
    if not is_complete and (outcome := drafts.answer_question(talk)) is not None:
        return outcome
    if meaning.signal is Signal.TERMINAL_TROUBLE:
        return answers.terminal_trouble(talk)
    return _by_intent(talk)


def _by_intent(talk: Talk) -> Outcome:
    meaning = talk.meaning
    match meaning.intent:
        case Intent.REQUEST if meaning.amends or meaning.question is Question.CONFIRM_CHANGE:
            return changes.correct(talk)
        case Intent.REQUEST if meaning.must_ask:
            return requests.ask_what_is_missing(talk, meaning, {})
        case Intent.REQUEST:
            return requests.file_request(talk, meaning)
        case Intent.CANCEL:
            return answers.cancel(talk)
        case Intent.STATUS:
            return answers.status(talk)
        case Intent.BALANCE:
            return answers.balance(talk)
        case Intent.HELP:
            talk.reply(texts.help_text())
            return Outcome.ANSWERED
        case Intent.APPROVE | Intent.REJECT:
            return decisions.ask_back(talk)
        case _:
            return _unclear(talk)


def _unclear(talk: Talk) -> Outcome:
    meaning = talk.meaning
    if not meaning.must_ask:
        return Outcome.SILENT
    if meaning.question is Question.CONFIRM_CHANGE:
        return changes.correct(talk)
    if talk.codes or meaning.question is Question.NOTHING_OPEN:
        return decisions.ask_back(talk)
    if (outcome := decisions.already_done(talk)) is not None:
        return outcome
    if meaning.signal is Signal.FORGOT_TO_CLOCK:
        return answers.file_correction(talk, talk.today, "forgot_scan", "lupa absen")
    if meaning.signal is Signal.RETRACT:
        return answers.retract(talk)
    return _teach(talk, texts.teaching())


def _teach(talk: Talk, text: str) -> Outcome:
    talk.reply(text, message_class=MessageClass.TEACHING, wants_answer=True)
    return Outcome.TAUGHT
