"""Requests for somebody else: a supervisor reports, a colleague lends a phone. Always asked back.

Nothing is filed for the owner of a phone when the text speaks of another person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.cases import CaseKind, Move, WaitingFor
from domain.messages import MessageClass
from services import cases, outbox, work_days
from services.conversation import requests
from services.conversation.names import named_in, without_names
from services.conversation.talk import Asking, Outcome, Talk
from sms import texts
from sms.grammar import Intent, Meaning, Question, Sender, project, read
from store import staff
from store.people import Employee

ALREADY_AGREED = re.compile(
    r"(izin|ijin|setuju|stuju|acc\b|lapor|kabar|konfirm|minta|sepengetahuan|tahu)", re.IGNORECASE
)
PARTS = re.compile(r"[,.;\n]+|\b(?:sudah|sdh|udah|udh|dan|dg|dgn)\b", re.IGNORECASE)
ONESELF = re.compile(r"\b(saya|sy|sya|aku|ulun|kulo|unda|diri)\b", re.IGNORECASE)
SHORT = 6  # words of an answer that only names somebody


# --- the supervisor reports ----------------------------------------------------------------------


def report(talk: Talk) -> Outcome | None:
    """ "[name] sakit hari ini, sudah saya izinkan" from that person's own supervisor.

    What is to be written again stays a word about whom it names until a person has read it.
    """
    if talk.meaning.intent in (Intent.STATUS, Intent.BALANCE, Intent.HELP, Intent.CANCEL):
        return None
    team = staff.subordinates_of(talk.tx, talk.person.id, talk.today)
    found = named_in(talk.text, team, talk.sent_at) if team else []
    if not found:
        return None
    meaning = _absence_of(talk, found[0])
    if meaning is None:
        return None
    if len(found) > 1:
        talk.ask(texts.ask_which_person([person.name for person in found]))
        return Outcome.TAUGHT
    if meaning.must_ask or meaning.kind is None or meaning.start is None:
        talk.ask(texts.ask_report_days(found[0].name, meaning.kind))
        return Outcome.TAUGHT
    talk.sms.meaning = {**project(meaning), "question": Asking.CONFIRM_REPORT.value}
    talk.open_question(
        Asking.CONFIRM_REPORT, {**requests.draft_fields(meaning), "employee_id": found[0].id}
    )
    return talk.ask(
        texts.report_confirm(found[0].name, cases.asked_for(requests.as_request(meaning)))
    )


def _absence_of(talk: Talk, person: Employee) -> Meaning | None:
    """What the text says of this person; None when it speaks of the sender or decides something."""
    parts = [part for part in PARTS.split(without_names(talk.text, person)) if part.strip()]
    about = [part for part in parts if not (ONESELF.search(part) and ALREADY_AGREED.search(part))]
    if not about or any(ONESELF.search(part) for part in about):
        return None
    calendar = work_days.working_days_of(talk.tx, person.id, talk.today)
    meaning = read(" ".join(about), talk.sent_at, Sender.EMPLOYEE, (), calendar)
    if meaning.intent is not Intent.REQUEST or meaning.kind is None:
        return None
    return None if meaning.amends else meaning


def file_report(talk: Talk) -> Outcome:
    """YA: filed and decided in one, with "acted for" recorded; the employee hears of it."""
    assert talk.draft is not None
    employee = talk.tx.get_one(Employee, int(str(talk.draft.fields["employee_id"])))
    still_theirs = staff.subordinates_of(talk.tx, talk.person.id, talk.today)
    if employee.id not in {person.id for person in still_theirs}:
        talk.close_draft("declined")
        talk.reply(texts.nothing_waits())
        return Outcome.ANSWERED
    filed = cases.submit(
        talk.tx,
        talk.now,
        talk.actor,
        employee.id,
        _request_of(talk.draft.fields),
        source="sms",
        inbound_id=talk.sms.id,
        told_by=f"atasan: {talk.person.name}",
        asks=False,
    )
    talk.close_draft("completed")
    if filed.case.waiting_for is WaitingFor.SUPERVISOR:
        code = cases.decide(
            talk.tx,
            talk.now,
            talk.actor,
            filed.case,
            talk.person,
            Move.AGREE,
            note="dilaporkan atasan",
            inbound_id=talk.sms.id,
            tells_employee=False,
        )
        assert code
    _tell(talk, employee, filed.case.id, cases.asked(filed.case))
    return Outcome.DECIDED


def _tell(talk: Talk, employee: Employee, case_id: int, asked: texts.Asked) -> None:
    """The person it is about hears of it, with SALAH as the answer."""
    outbox.queue(
        talk.tx,
        talk.now,
        MessageClass.OUTCOME,
        texts.filed_for_you(asked, talk.person.name),
        employee_id=employee.id,
        case_id=case_id,
        wants_answer=True,
    )


# --- a colleague's phone ------------------------------------------------------------------------


def for_somebody_else(talk: Talk) -> Outcome | None:
    """ "ini Rina, pakai HP Budi" or "Rina sakit hari ini": who is meant is asked, always."""
    meaning = talk.meaning
    if meaning.intent is not Intent.REQUEST:
        return None
    is_said = meaning.question is Question.WHO
    if not is_said and ONESELF.search(talk.text):
        return None
    others = _others_named(talk, but_officials=not is_said)
    if not others and not is_said:
        return None
    fields = {**requests.draft_fields(meaning), "text": talk.text}
    if len(others) == 1 and meaning.kind is not None and meaning.start is not None:
        talk.open_question(Asking.CONFIRM_OTHER, {**fields, "employee_id": others[0].id})
        return talk.ask(
            texts.ask_for_other(others[0].name, cases.asked_for(requests.as_request(meaning)))
        )
    if others:
        fields["may_be"] = [person.id for person in others]
    talk.open_question(Asking.WHO, fields)
    if len(others) > 1:
        return talk.ask(texts.ask_which_person([person.name for person in others]))
    return talk.ask(texts.ask_who())


def _others_named(talk: Talk, *, but_officials: bool) -> Sequence[Employee]:
    """Colleagues of the unit whom the text names and who are not its sender.

    "Bu Sri, mohon izin sakit" addresses who decides: without a word about another phone the
    people who are asked or notified are not meant.
    """
    if but_officials and named_in(talk.text, [talk.person], talk.sent_at):
        return ()
    colleagues = staff.colleagues_of(talk.tx, talk.person.id, talk.today)
    named = named_in(talk.text, colleagues, talk.sent_at)
    if not but_officials:
        return [p for p in named if p.id not in _lender(talk, named)]
    return [p for p in named if not staff.posts_held_by(talk.tx, p.id, talk.today)]


def _lender(talk: Talk, named: Sequence[Employee]) -> set[int]:
    """The one after 'HP' is the lender: 'ini Rina, pakai HP Budi'."""
    after = re.split(r"\b(?:hp|nomor|no)\b", talk.text, maxsplit=1, flags=re.IGNORECASE)
    if len(after) < 2 or len(named) < 2:
        return set()
    return {person.id for person in named_in(after[1], named, talk.sent_at)}


def named_afterwards(talk: Talk) -> Outcome | None:
    """The name we asked for: it completes the SMS that was asked about, on whosever behalf."""
    assert talk.draft is not None
    if len(talk.text.split()) > SHORT:
        return None
    circle = [talk.person, *staff.colleagues_of(talk.tx, talk.person.id, talk.today)]
    named = named_in(talk.text, circle, talk.sent_at)
    if ONESELF.search(talk.text) and not named:
        named = [talk.person]
    if not named:
        return None
    if len(named) > 1:
        return talk.ask(texts.ask_which_person([person.name for person in named]))
    only_for_us = ("text", "may_be")
    known = {name: value for name, value in talk.draft.fields.items() if name not in only_for_us}
    if named[0].id != talk.person.id:
        known["employee_id"] = named[0].id
    if not known.get("kind") or not known.get("start"):
        talk.open_question(Question.DATES, known)
        kind = CaseKind(str(known["kind"])) if known.get("kind") else None
        return talk.ask(texts.ask_dates(kind))
    talk.draft.fields = known
    return file_for_other(talk)


def file_as_drafted(talk: Talk, meaning: Meaning, known: dict[str, object]) -> Outcome:
    """A completed draft: for the sender, or for the colleague who had been named before."""
    if not known.get("employee_id"):
        return requests.file_request(talk, meaning)
    assert talk.draft is not None
    talk.draft.fields = {**known, **requests.draft_fields(meaning)}
    return file_for_other(talk)


def file_for_other(talk: Talk) -> Outcome:
    """File for whom the draft names; their own phone hears of it and their supervisor decides."""
    assert talk.draft is not None
    fields = talk.draft.fields
    other_id = int(str(fields.get("employee_id") or talk.person.id))
    is_other = other_id != talk.person.id
    filed = cases.submit(
        talk.tx,
        talk.now,
        talk.actor,
        other_id,
        _request_of(fields),
        source="sms",
        inbound_id=talk.sms.id,
        told_by=f"lewat HP {talk.person.name}" if is_other else None,
    )
    talk.close_draft("completed")
    asked = cases.asked(filed.case)
    if not is_other:
        talk.reply(requests.receipt(talk, filed), case_id=filed.case.id)
        return Outcome.FILED
    other = talk.tx.get_one(Employee, other_id)
    _tell(talk, other, filed.case.id, asked)
    decider = filed.decider.name if filed.decider else None
    talk.reply(texts.filed_for_other(other.name, asked, decider), case_id=filed.case.id)
    return Outcome.FILED


def _request_of(fields: dict[str, object]) -> cases.Request:
    start = str(fields["start"])
    halves = {"start_half": "pm"} if fields.get("half") == "pm" else {}
    halves |= {"end_half": "am"} if fields.get("half") == "am" else {}
    return cases.from_json({**fields, **halves, "start": start, "end": fields.get("end") or start})
