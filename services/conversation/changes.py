"""Other values for a request that exists: corrected by the employee, or proposed by the decider."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from domain.cases import CaseKind, HalfDay
from services import cases, work_days
from services.cases import CaseError, Request
from services.conversation.talk import Asking, Outcome, Talk
from sms import texts
from sms.grammar import Meaning, WorkingDays
from sms.grammar.pieces import Pieces, find_days
from store import case_queries
from store.cases import Case

JUST_NOW = timedelta(hours=12)
BY_THE_CLOCK = (CaseKind.LATE, CaseKind.EARLY, CaseKind.OUT)


# --- the new values --------------------------------------------------------------------------


def changed(request: Request, pieces: Pieces, calendar: WorkingDays) -> Request | None:
    """The request with what the pieces name; None when that changes nothing or makes no sense."""
    time_from, time_to = pieces.times(request.kind)
    other = replace(
        request,
        time_from=time_from or request.time_from,
        time_to=time_to or request.time_to,
    )
    if pieces.is_half_day or (pieces.half and request.kind not in BY_THE_CLOCK):
        other = _half_of(other, pieces)
    else:
        other = _other_days(other, pieces, calendar)
    if other.end is not None and other.end < other.start:
        return None
    return other if other != request else None


def _half_of(request: Request, pieces: Pieces) -> Request:
    """Half of one day; a request of several days must say which."""
    day = pieces.days[0] if pieces.days else request.start
    if pieces.half is None or (not pieces.days and request.end not in (None, request.start)):
        return request
    return replace(
        request,
        start=day,
        end=day,
        start_half=HalfDay.PM if pieces.half is HalfDay.PM else HalfDay.FULL,
        end_half=HalfDay.AM if pieces.half is HalfDay.AM else HalfDay.FULL,
    )


def _other_days(request: Request, pieces: Pieces, calendar: WorkingDays) -> Request:
    start, end = request.start, request.end
    if pieces.days is not None:
        first, last = pieces.days
        if pieces.closes:
            end = last
        elif pieces.opens and first == last:
            start, end = first, max(first, end) if end else None
        elif pieces.is_moved and first == last:
            start, end = first, _as_long(request, first, calendar)
        else:
            start, end = first, last
    return replace(request, start=start, end=pieces.last_day(start, request.kind, calendar) or end)


def _as_long(request: Request, start: date, calendar: WorkingDays) -> date | None:
    """The last day when the request begins on another day and keeps its number of working days."""
    if request.end is None:
        return None
    days = _days(request.start, request.end)
    left = sum(calendar.is_working(day) for day in days)
    day = last = start
    while left > 0 and (day - start).days < 400:
        if calendar.is_working(day):
            left, last = left - 1, day
        day = date.fromordinal(day.toordinal() + 1)
    return last


def _days(first: date, last: date) -> list[date]:
    return [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]


# --- the employee corrects a request ----------------------------------------------------------


def correct(talk: Talk) -> Outcome:
    """ "bukan tgl 21 tapi 22", "bukan seminggu, cuma 2 hari": say what it would become, ask for YA.

    Nothing changes before that. A case that is decided or recorded can be corrected as well: it
    then goes to the supervisor again.
    """
    choices = list(case_queries.cancellable(talk.tx, talk.person.id, talk.today))
    case = _meant(talk, choices)
    if case is not None:
        return propose(talk, case)
    if choices:
        return talk.ask(texts.which_to_change([cases.asked(each) for each in choices]))
    if talk.draft is not None and talk.draft.fields.get("kind"):
        return talk.ask(texts.ask_dates(CaseKind(str(talk.draft.fields["kind"]))))
    talk.reply(texts.nothing_to_change())
    return Outcome.ANSWERED


def _meant(talk: Talk, choices: list[Case]) -> Case | None:
    """The only case, the only one of that kind or day, or the one that was just filed."""
    if len(choices) <= 1:
        return choices[0] if choices else None
    pieces = find_days(talk.text, talk.sent_at, choices[0].start_date)
    named = [
        case
        for case in choices
        if any(case.start_date <= day <= (case.end_date or day) for day in pieces.denied)
    ]
    of_kind = [case for case in choices if case.kind is talk.meaning.kind]
    just_filed = [case for case in choices if case.submitted_at > talk.now - JUST_NOW]
    for few in (named, of_kind, just_filed):
        if len(few) == 1:
            return few[0]
    return None


def propose(talk: Talk, case: Case) -> Outcome:
    """Ask the employee whether this is what their case shall become."""
    calendar = work_days.working_days_of(talk.tx, case.employee_id, case.start_date)
    pieces = find_days(talk.text, talk.sent_at, case.start_date)
    request = cases.request_of(case)
    kind = _other_kind(talk.meaning, case)
    other = changed(replace(request, kind=kind), pieces, calendar)
    if other is None and kind is not case.kind:
        other = replace(request, kind=kind)
    if other is None:
        talk.open_question(Asking.CHANGE, {"case_id": case.id, **_span(request)})
        return talk.ask(texts.ask_change(cases.asked(case)))
    talk.open_question(
        Asking.CONFIRM_CHANGE,
        {"case_id": case.id, "request": cases.as_json(other), **_span(other)},
    )
    return talk.ask(texts.ask_confirm_change(cases.asked(case), cases.asked_for(other)))


def _span(request: Request) -> dict[str, object]:
    """The days a draft is word given about."""
    fields: dict[str, object] = {"start": request.start.isoformat()}
    if request.end is not None:
        fields["end"] = request.end.isoformat()
    return fields


def _other_kind(meaning: Meaning, case: Case) -> CaseKind:
    """Another kind only where it is named: plain 'cuti' also speaks of every other leave."""
    kind = meaning.kind
    if not meaning.amends or kind is None or kind is CaseKind.ANNUAL:
        return case.kind
    return kind


def replace_case(talk: Talk) -> Outcome:
    """YA to a correction: the corrected request is filed and the older one falls away with it."""
    assert talk.draft is not None
    fields = talk.draft.fields
    old = talk.tx.get_one(Case, int(str(fields["case_id"])))
    talk.close_draft("completed")
    try:
        filed = cases.replace(
            talk.tx,
            talk.now,
            talk.actor,
            old,
            cases.from_json(fields["request"]),
            inbound_id=talk.sms.id,
        )
    except CaseError:
        talk.reply(texts.change_too_late(cases.asked(old)))
        return Outcome.ANSWERED
    decider = filed.decider.name if filed.decider else None
    talk.reply(texts.changed(cases.asked(filed.case), decider), case_id=filed.case.id)
    return Outcome.FILED


# --- taking back a part -----------------------------------------------------------------------


def cancel_part(talk: Talk, case: Case) -> Outcome:
    """ "batal tgl 9 saja": what is left of the request is put as a change, and asked back."""
    left = _what_is_left(talk, case)
    if left is None:
        talk.open_question(
            Asking.CONFIRM_CANCEL, {"case_id": case.id, **_span(cases.request_of(case))}
        )
        return talk.ask(texts.ask_confirm_cancel(cases.asked(case)))
    talk.open_question(
        Asking.CONFIRM_CHANGE,
        {"case_id": case.id, "request": cases.as_json(left), **_span(left)},
    )
    return talk.ask(texts.ask_confirm_change(cases.asked(case), cases.asked_for(left)))


def _what_is_left(talk: Talk, case: Case) -> Request | None:
    """The request without the days that are taken back; None when not one stretch is left."""
    if case.end_date is None or case.end_date == case.start_date:
        return None
    calendar = work_days.working_days_of(talk.tx, case.employee_id, case.start_date)
    days = _days(case.start_date, case.end_date)
    gone = _days_taken_back(talk, case, [day for day in days if calendar.is_working(day)] or days)
    kept = [day for day in days if day not in gone]
    while kept and not calendar.is_working(kept[-1]):
        kept.pop()
    while kept and not calendar.is_working(kept[0]):
        kept.pop(0)
    if not gone or not kept or len(kept) != (kept[-1] - kept[0]).days + 1:
        return None
    return replace(cases.request_of(case), start=kept[0], end=kept[-1])


def _days_taken_back(talk: Talk, case: Case, working: list[date]) -> set[date]:
    pieces = find_days(talk.text, talk.sent_at, case.start_date)
    if pieces.days is not None:
        return set(_days(*pieces.days))
    if pieces.says("terakhir"):
        return {working[-1]}
    if pieces.says("pertama"):
        return {working[0]}
    if pieces.says("sisanya"):
        return {day for day in working if day > talk.today}
    return set()
