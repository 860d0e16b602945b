"""An employee asks: a request is filed, or the one thing that is missing is asked back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time

from domain.access import employee as employee_actor
from domain.cases import CaseKind, HalfDay, Move
from domain.messages import MessageClass
from services import cases, outbox, work_days
from services.conversation.talk import Outcome, Talk
from sms import texts
from sms.grammar import Intent, Meaning, Question, Signal, read
from sms.grammar.meaning import Sender
from store import case_queries, staff
from store.people import Employee

BEREAVED = re.compile(r"\b(meninggal|mninggal|mngl|wafat|berpulang|duka|tilar)", re.IGNORECASE)
CONFIRM_REPORT = "confirm_report"
CONFIRM_STAND_IN = "confirm_stand_in"
STATUTORY_MONTHS = 3  # cuti melahirkan, Peraturan BKN 24/2017


def file_request(talk: Talk, meaning: Meaning) -> Outcome:
    """A readable request becomes a case waiting for the supervisor; the sender gets a receipt."""
    if meaning.kind is None or meaning.start is None:
        raise ValueError("a request without kind or start is a question, not a request")
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
    talk.reply(_receipt(talk, meaning, filed), case_id=filed.case.id)
    if meaning.stand_in:
        _ask_stand_in(talk, meaning)
    return Outcome.FILED


def as_request(meaning: Meaning) -> cases.Request:
    """What a meaning asks for; an open maternity end becomes the statutory three months."""
    assert meaning.kind is not None and meaning.start is not None
    end = meaning.end
    if end is None and meaning.kind is CaseKind.MATERNITY:
        end = _months_later(meaning.start, STATUTORY_MONTHS)
    half = meaning.half
    return cases.Request(
        kind=meaning.kind,
        start=meaning.start,
        end=end or meaning.start,
        start_half=half if half is HalfDay.PM else HalfDay.FULL,
        end_half=half if half is HalfDay.AM else HalfDay.FULL,
        time_from=meaning.time_from,
        time_to=meaning.time_to,
        reason=meaning.reason or "",
    )


def _months_later(start: date, months: int) -> date:
    """The last day of a leave of whole months (calendar months, the day before)."""
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    day = min(start.day, (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days)
    return date.fromordinal(date(year, month, day).toordinal() - 1)


def _receipt(talk: Talk, meaning: Meaning, filed: cases.Submitted) -> str:
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
        bereaved=bool(BEREAVED.search(talk.sms.text)),
    )


def ask_what_is_missing(talk: Talk, meaning: Meaning) -> Outcome:
    """Keep what was understood as a draft and ask for the one thing that is missing."""
    if meaning.question is Question.CONFIRM_REPORT and meaning.person:
        return _ask_report(talk, meaning)
    talk.open_draft(meaning.question or Question.INTENT, draft_fields(meaning))
    return talk.ask(_question(meaning))


def _question(meaning: Meaning) -> str:
    match meaning.question:
        case Question.KIND:
            return texts.ask_kind(meaning.start, meaning.end)
        case Question.END:
            return texts.ask_end(meaning.kind, meaning.start)
        case Question.WHO:
            return texts.ask_who()
        case Question.CONFIRM_CHANGE if meaning.kind is not None and meaning.start is not None:
            return texts.ask_confirm(_as_asked(meaning))
        case _ if meaning.kind is None and meaning.start is not None:
            return texts.ask_kind(meaning.start, meaning.end)
        case _:
            return texts.ask_dates(meaning.kind)


def _as_asked(meaning: Meaning) -> texts.Asked:
    assert meaning.kind is not None and meaning.start is not None
    return texts.Asked(meaning.kind, meaning.start, meaning.end, meaning.time_from, meaning.time_to)


def draft_fields(meaning: Meaning) -> dict[str, object]:
    """What a draft remembers of a meaning."""
    fields: dict[str, object] = {
        "kind": meaning.kind.value if meaning.kind else None,
        "start": meaning.start.isoformat() if meaning.start else None,
        "end": meaning.end.isoformat() if meaning.end else None,
        "time_from": meaning.time_from.isoformat() if meaning.time_from else None,
        "time_to": meaning.time_to.isoformat() if meaning.time_to else None,
        "half": meaning.half.value,
        "reason": meaning.reason,
        "person": meaning.person,
    }
    return {name: value for name, value in fields.items() if value is not None}


# --- the next SMS completes a draft ----------------------------------------------------------

KIND_PHRASES = {
    CaseKind.ANNUAL: "cuti tahunan",
    CaseKind.SICK: "izin sakit",
    CaseKind.MATERNITY: "cuti melahirkan",
    CaseKind.IMPORTANT: "cuti alasan penting",
    CaseKind.LONG: "cuti besar",
    CaseKind.UNPAID: "cuti di luar tanggungan negara",
    CaseKind.PERMISSION: "izin tidak masuk",
    CaseKind.LATE: "izin terlambat",
    CaseKind.EARLY: "izin pulang cepat",
    CaseKind.OUT: "izin keluar kantor",
    CaseKind.DUTY: "dinas luar",
}


def complete_draft(talk: Talk) -> Outcome | None:
    """Read the sender's SMS as the answer to our open question; None when it is not one.

    The answer is read together with what was already understood, so the same grammar judges it.
    """
    draft = talk.draft
    if draft is None:
        return None
    if draft.question in (CONFIRM_REPORT, CONFIRM_STAND_IN, Question.CONFIRM_CHANGE):
        return _confirmed(talk)
    known = draft.fields
    for text in _completions(known, talk.sms.text):
        meaning = read(text, talk.sms.sent_at, Sender.EMPLOYEE, ())
        if meaning.intent is Intent.REQUEST and not meaning.must_ask and not meaning.person:
            return file_request(talk, _with_known(meaning, known))
    return None


def _completions(known: dict[str, object], answer: str) -> list[str]:
    kind = KIND_PHRASES[CaseKind(str(known["kind"]))] if known.get("kind") else ""
    start = _as_written(known.get("start"))
    end = _as_written(known.get("end"))
    if kind and start and end:
        return [f"{kind} {start} s/d {end} {answer}"]
    if kind and start:
        return [f"{kind} {start} s/d {answer}", f"{kind} {start} {answer}"]
    if kind:
        return [f"{kind} {answer}", f"{kind} tgl {answer}"]
    if start:
        span = f"{start} s/d {end}" if end and end != start else start
        return [f"{answer} {span}", f"{answer} tidak masuk {span}"]
    return [f"izin tidak masuk {answer}"] if answer else []


def _as_written(value: object) -> str:
    return date.fromisoformat(str(value)).strftime("%d/%m/%Y") if value else ""


def _with_known(meaning: Meaning, known: dict[str, object]) -> Meaning:
    """Clock times and the reason of the first SMS still hold unless the answer has its own."""
    return replace(
        meaning,
        time_from=meaning.time_from or _clock(known.get("time_from")),
        time_to=meaning.time_to or _clock(known.get("time_to")),
        reason=meaning.reason or (str(known["reason"]) if known.get("reason") else None),
    )


def _clock(value: object) -> time | None:
    return time.fromisoformat(str(value)) if value else None


def _confirmed(talk: Talk) -> Outcome | None:
    """YA or TIDAK to what we said we had understood."""
    draft = talk.draft
    assert draft is not None
    said_yes = talk.meaning.signal is Signal.YES or talk.meaning.intent is Intent.APPROVE
    said_no = talk.meaning.signal is Signal.NO or talk.meaning.intent is Intent.REJECT
    if said_no:
        talk.close_draft("declined")
        talk.reply(texts.draft_dropped())
        return Outcome.ANSWERED
    if not said_yes:
        return None
    if draft.question == CONFIRM_STAND_IN:
        return _store_stand_in(talk)
    if draft.question == CONFIRM_REPORT:
        return _file_report(talk)
    return _file_change(talk)


def _request_of(fields: dict[str, object]) -> cases.Request:
    start = date.fromisoformat(str(fields["start"]))
    end = date.fromisoformat(str(fields["end"])) if fields.get("end") else start
    return cases.Request(
        kind=CaseKind(str(fields["kind"])),
        start=start,
        end=end,
        time_from=_clock(fields.get("time_from")),
        time_to=_clock(fields.get("time_to")),
        reason=str(fields.get("reason", "")),
    )


def _file_change(talk: Talk) -> Outcome | None:
    """A corrected request replaces the open one of the same kind ("bukan tgl 21 tapi 22")."""
    draft = talk.draft
    assert draft is not None
    if not draft.fields.get("kind") or not draft.fields.get("start"):
        return None
    request = _request_of(draft.fields)
    for case in case_queries.cancellable(talk.tx, talk.person.id, talk.today):
        if case.kind is request.kind and (case.start_date, case.end_date) != (
            request.start,
            request.end,
        ):
            cases.withdraw_in(talk.tx, talk.now, talk.actor, case, "diganti permohonan baru")
            break
    filed = cases.submit(
        talk.tx,
        talk.now,
        talk.actor,
        talk.person.id,
        request,
        source="sms",
        inbound_id=talk.sms.id,
    )
    talk.close_draft("completed")
    talk.reply(_receipt(talk, talk.meaning, filed), case_id=filed.case.id)
    return Outcome.FILED


# --- the supervisor reports; a stand-in is named ---------------------------------------------


def _ask_report(talk: Talk, meaning: Meaning) -> Outcome:
    """ "[name] sakit hari ini, sudah saya izinkan" is asked back once."""
    found = staff.subordinates_named(talk.tx, talk.person.id, meaning.person or "", talk.today)
    if len(found) != 1 or meaning.kind is None or meaning.start is None:
        return talk.ask(texts.ask_who())
    talk.open_draft(CONFIRM_REPORT, {**draft_fields(meaning), "employee_id": found[0].id})
    return talk.ask(texts.report_confirm(found[0].name, _as_asked(meaning)))


def _file_report(talk: Talk) -> Outcome:
    """Filed and decided in one, with "acted for" recorded; the employee hears of it."""
    assert talk.draft is not None
    fields = talk.draft.fields
    employee = talk.tx.get_one(Employee, int(str(fields["employee_id"])))
    filed = cases.submit(
        talk.tx,
        talk.now,
        talk.actor,
        employee.id,
        _request_of(fields),
        source="sms",
        inbound_id=talk.sms.id,
        told_by=f"atasan {employee_actor(talk.person.id)}",
    )
    talk.close_draft("completed")
    if not filed.was_there:
        cases.decide(
            talk.tx,
            talk.now,
            talk.actor,
            filed.case,
            talk.person,
            Move.AGREE,
            inbound_id=talk.sms.id,
        )
    outbox.queue(
        talk.tx,
        talk.now,
        MessageClass.OUTCOME,
        texts.filed_for_you(cases.asked(filed.case), talk.person.name),
        employee_id=employee.id,
        case_id=filed.case.id,
    )
    return Outcome.DECIDED


def _ask_stand_in(talk: Talk, meaning: Meaning) -> None:
    found = staff.colleagues_named(talk.tx, talk.person.id, meaning.stand_in or "", talk.today)
    posts = staff.posts_held_by(talk.tx, talk.person.id, talk.today)
    if len(found) != 1 or not posts or meaning.start is None:
        return
    talk.draft = None
    talk.open_draft(CONFIRM_STAND_IN, {**draft_fields(meaning), "employee_id": found[0].id})
    talk.ask(texts.ask_stand_in(found[0].name, meaning.start, meaning.end))


def _store_stand_in(talk: Talk) -> Outcome:
    assert talk.draft is not None
    fields = talk.draft.fields
    first = date.fromisoformat(str(fields["start"]))
    last = date.fromisoformat(str(fields.get("end") or fields["start"]))
    stand_in = talk.tx.get_one(Employee, int(str(fields["employee_id"])))
    staff.name_stand_in(talk.tx, talk.now, talk.actor, talk.person.id, stand_in.id, first, last)
    talk.close_draft("completed")
    talk.reply(texts.stand_in_noted(stand_in.name, first, last))
    return Outcome.ANSWERED
