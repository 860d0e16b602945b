"""An employee asks: a request is filed, or the one thing that is missing is asked back."""

from __future__ import annotations

import re
from datetime import date, timedelta

from domain.cases import CaseKind, HalfDay
from domain.leave_law import months_after
from domain.messages import MessageClass
from services import cases, outbox, work_days
from services.conversation.talk import Asking, Outcome, Talk
from sms import texts
from sms.grammar import Meaning, Question
from store import staff
from store.people import Employee

BEREAVED = re.compile(r"\b(meninggal|mninggal|mngl|wafat|berpulang|duka|tilar)", re.IGNORECASE)
STATUTORY_MONTHS = 3  # cuti melahirkan, Peraturan BKN 24/2017


def file_request(talk: Talk, meaning: Meaning) -> Outcome:
    """A readable request becomes a case waiting for the supervisor; the sender gets a receipt."""
    filed = cases.submit(
        talk.tx,
        talk.now,
        talk.actor,
        talk.person.id,
        as_request(meaning),
        source="sms",
        inbound_id=talk.sms.id,
    )
    talk.close_draft("completed")
    question = _ask_stand_in(talk, meaning) if meaning.stand_in else None
    talk.reply(
        question or receipt(talk, filed),
        message_class=MessageClass.QUESTION if question else MessageClass.RECEIPT,
        wants_answer=question is not None,
        case_id=filed.case.id,
    )
    return Outcome.FILED


def as_request(meaning: Meaning) -> cases.Request:
    """What a meaning asks for; an open maternity end becomes the statutory three months."""
    if meaning.kind is None or meaning.start is None:
        raise ValueError("a request without kind or start is a question, not a request")
    end = meaning.end
    if end is None and meaning.kind is CaseKind.MATERNITY:
        end = months_after(meaning.start, STATUTORY_MONTHS) - timedelta(days=1)
    half = meaning.half
    by_the_clock = meaning.time_from is not None or meaning.time_to is not None
    return cases.Request(
        kind=meaning.kind,
        start=meaning.start,
        end=end or meaning.start,
        start_half=half if half is HalfDay.PM and not by_the_clock else HalfDay.FULL,
        end_half=half if half is HalfDay.AM and not by_the_clock else HalfDay.FULL,
        time_from=meaning.time_from,
        time_to=meaning.time_to,
        reason=meaning.reason or "",
    )


def receipt(talk: Talk, filed: cases.Submitted) -> str:
    """What was understood, and who is asked now."""
    asked = cases.asked(filed.case)
    if filed.decider is None:
        return texts.nobody_to_decide(asked)
    if asked.kind is CaseKind.SICK:
        return texts.receipt_for_sick(asked, filed.decider.name)
    return texts.receipt(
        asked,
        filed.decider.name,
        work_days.count_working_days(
            talk.tx, talk.person.id, asked.start, asked.end or asked.start
        ),
        bereaved=bool(BEREAVED.search(talk.text)),
    )


def ask_what_is_missing(talk: Talk, meaning: Meaning, known: dict[str, object]) -> Outcome:
    """Keep what was understood as a draft and ask for the one thing that is missing.

    `known` is what earlier messages said, `meaning` what this one did.
    """
    fields = {**known, **draft_fields(meaning)}
    question = meaning.question or Question.INTENT
    talk.open_question(question, fields)
    return talk.ask(question_text(question, meaning))


def question_text(question: Question, meaning: Meaning) -> str:
    """The question back, naming what was understood."""
    match question:
        case Question.ONE_AT_A_TIME:
            return texts.one_request_each()
        case Question.HALF_DAY:
            return texts.ask_which_half_day(meaning.start)
        case Question.KIND:
            return texts.ask_kind(meaning.start, meaning.end)
        case Question.END:
            return texts.ask_end(meaning.kind, meaning.start)
        case _ if meaning.kind is None and meaning.start is not None:
            return texts.ask_kind(meaning.start, meaning.end)
        case _:
            return texts.ask_dates(meaning.kind)


def draft_fields(meaning: Meaning) -> dict[str, object]:
    """What a draft remembers of a meaning."""
    fields: dict[str, object] = {
        "kind": meaning.kind.value if meaning.kind else None,
        "start": meaning.start.isoformat() if meaning.start else None,
        "end": meaning.end.isoformat() if meaning.end else None,
        "time_from": meaning.time_from.isoformat() if meaning.time_from else None,
        "time_to": meaning.time_to.isoformat() if meaning.time_to else None,
        "half": meaning.half.value if meaning.half is not HalfDay.FULL else None,
        "reason": meaning.reason,
        "stand_in": meaning.stand_in,
    }
    return {name: value for name, value in fields.items() if value is not None}


# --- somebody stands in ----------------------------------------------------------------------


def _ask_stand_in(talk: Talk, meaning: Meaning) -> str | None:
    """The receipt that also asks whether this is the stand-in (Plh); None when it is in doubt.

    Only who holds a post has one, and only a colleague of the same unit can be one.
    """
    found = staff.colleagues_named(talk.tx, talk.person.id, meaning.stand_in or "", talk.today)
    posts = staff.posts_held_by(talk.tx, talk.person.id, talk.today)
    if len(found) != 1 or not posts or meaning.start is None:
        return None
    talk.draft = None
    talk.open_question(
        Asking.CONFIRM_STAND_IN, {**draft_fields(meaning), "employee_id": found[0].id}
    )
    return texts.ask_stand_in(found[0].name, meaning.start, meaning.end)


def store_stand_in(talk: Talk) -> Outcome:
    """YA: for these days what is asked of the sender's posts is asked of the stand-in."""
    assert talk.draft is not None
    fields = talk.draft.fields
    first = date.fromisoformat(str(fields["start"]))
    last = date.fromisoformat(str(fields.get("end") or fields["start"]))
    stand_in = talk.tx.get_one(Employee, int(str(fields["employee_id"])))
    staff.name_stand_in(talk.tx, talk.now, talk.actor, talk.person.id, stand_in.id, first, last)
    talk.close_draft("completed")
    outbox.queue(
        talk.tx,
        talk.now,
        MessageClass.OUTCOME,
        texts.you_stand_in(talk.person.name, first, last),
        employee_id=stand_in.id,
    )
    talk.reply(texts.stand_in_noted(stand_in.name, first, last))
    return Outcome.ANSWERED
