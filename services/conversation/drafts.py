"""Our open question (pertanyaan balik): the sender's next SMS answers, completes or drops it."""

from __future__ import annotations

from datetime import date, time

from domain.cases import CaseKind, HalfDay
from services import cases, work_days
from services.cases import CaseError
from services.conversation import changes, reports, requests
from services.conversation.talk import Asking, Outcome, Talk
from sms import texts
from sms.grammar import Intent, Meaning, Question, Sender, Signal, read
from sms.grammar.pieces import find_days
from store.cases import Case

PASSES_BY = frozenset({Intent.STATUS, Intent.BALANCE, Intent.HELP})
"""A question in between leaves our own question open."""
DOUBTS = frozenset(
    {"tapi", "tp", "tpi", "cuma", "hanya", "tidak", "tdk", "gak", "ga", "belum", "bukan", "jangan"}
)
YES_WORDS = frozenset({"benar", "betul", "bnr", "btul"})
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


def answer_question(talk: Talk) -> Outcome | None:
    """Take the SMS as the answer to our open question; None when it is not one."""
    draft = talk.draft
    if draft is None or talk.meaning.intent in PASSES_BY or not _is_spoken(talk.meaning):
        return None
    if _drops(talk):
        return drop(talk)
    if draft.question == Asking.WHO:
        return reports.named_afterwards(talk)
    if draft.question == Asking.CHANGE:
        return _say_change(talk)
    if talk.wants_yes:
        return _confirmed(talk)
    return _complete(talk)


def _is_spoken(meaning: Meaning) -> bool:
    """False for thanks, wishes and what machines send."""
    return meaning.intent is not Intent.UNCLEAR or meaning.must_ask


def _drops(talk: Talk) -> bool:
    """'tidak jadi', 'batal' alone take our question back, not an older request."""
    if talk.meaning.intent is not Intent.CANCEL or talk.meaning.codes:
        return False
    return find_days(talk.text, talk.sent_at).is_bare and len(talk.text.split()) <= 4


def drop(talk: Talk) -> Outcome:
    """Nothing is filed."""
    talk.close_draft("declined")
    talk.reply(texts.draft_dropped())
    return Outcome.ANSWERED


# --- yes or no to what we had understood -------------------------------------------------------


def said_yes(talk: Talk) -> bool:
    """A yes that names nothing and doubts nothing: it answers our question and no other."""
    words = {word.strip(".,!").lower() for word in talk.text.split()}
    meaning = talk.meaning
    pieces = find_days(talk.text, talk.sent_at)
    if not pieces.is_bare or pieces.is_conditional or words & DOUBTS or "?" in talk.text:
        return False
    is_yes = meaning.signal is Signal.YES or (
        meaning.intent is Intent.APPROVE and not meaning.codes
    )
    return is_yes or (len(words) <= 3 and bool(words & YES_WORDS))


def said_no(talk: Talk) -> bool:
    """A no that names nothing."""
    meaning = talk.meaning
    return meaning.signal is Signal.NO or (meaning.intent is Intent.REJECT and not meaning.codes)


def _confirmed(talk: Talk) -> Outcome | None:
    assert talk.draft is not None
    if said_no(talk):
        return drop(talk)
    if not said_yes(talk):
        return _said_otherwise(talk)
    match talk.draft.question:
        case Asking.CONFIRM_STAND_IN:
            return requests.store_stand_in(talk)
        case Asking.CONFIRM_REPORT:
            return reports.file_report(talk)
        case Asking.CONFIRM_OTHER:
            return reports.file_for_other(talk)
        case Asking.CONFIRM_CANCEL:
            return _cancel(talk)
        case _:
            return changes.replace_case(talk)


def _said_otherwise(talk: Talk) -> Outcome | None:
    """Neither yes nor no to a change: 'tgl 23' writes the right one, as we had invited to."""
    assert talk.draft is not None
    if talk.draft.question != Asking.CONFIRM_CHANGE:
        return None
    return _say_change(talk)


def _say_change(talk: Talk) -> Outcome | None:
    """The new value of a change, said after we asked for it."""
    assert talk.draft is not None
    is_complete = talk.meaning.intent is Intent.REQUEST and not talk.meaning.must_ask
    case = talk.tx.get(Case, int(str(talk.draft.fields["case_id"])))
    if case is None or is_complete or talk.meaning.intent is Intent.CANCEL:
        return None
    pieces = find_days(talk.text, talk.sent_at, case.start_date)
    if pieces.is_bare or pieces.is_business:
        return None
    return changes.propose(talk, case)


def _cancel(talk: Talk) -> Outcome:
    assert talk.draft is not None
    case = talk.tx.get_one(Case, int(str(talk.draft.fields["case_id"])))
    talk.close_draft("completed")
    asked = cases.asked(case)
    try:
        cases.withdraw_in(talk.tx, talk.now, talk.actor, case, talk.text.strip())
    except CaseError:
        talk.reply(texts.change_too_late(asked))
        return Outcome.ANSWERED
    talk.reply(texts.withdrawn(asked), case_id=case.id)
    return Outcome.ANSWERED


# --- what was missing --------------------------------------------------------------------------


def _complete(talk: Talk) -> Outcome | None:
    """Read the SMS together with what was already understood, by the same grammar.

    Completes the request, or learns one thing more and asks for the next; None when the SMS adds
    nothing to it.
    """
    assert talk.draft is not None
    known = dict(talk.draft.fields)
    if _speaks_of_something_else(talk, known):
        return None
    calendar = work_days.working_days_of(talk.tx, talk.person.id, talk.today)
    learned: Meaning | None = None
    for text in _completions(known, talk):
        meaning = read(text, talk.sent_at, Sender.EMPLOYEE, (), calendar)
        if meaning.intent is not Intent.REQUEST or meaning.amends:
            continue  # a correction is of a request that is filed, not of our question
        meaning = _with_known(meaning, known)
        if not meaning.must_ask:
            return reports.file_as_drafted(talk, meaning, known)
        if learned is None and _adds(meaning, known):
            learned = meaning
    if learned is None:
        return None
    return requests.ask_what_is_missing(talk, learned, known)


def _speaks_of_something_else(talk: Talk, known: dict[str, object]) -> bool:
    meaning = talk.meaning
    if meaning.intent is Intent.REQUEST:
        # a request of its own takes the place of ours, unless it only repeats what is known
        own_days = meaning.start is not None or meaning.question is Question.DATES
        return bool(known.get("start")) and own_days and meaning.start is None
    return find_days(talk.text, talk.sent_at).is_business


def _completions(known: dict[str, object], talk: Talk) -> list[str]:
    """The draft and the answer as one sentence, in the ways in which it may be meant."""
    answer = talk.text.strip()
    kind = KIND_PHRASES[CaseKind(str(known["kind"]))] if known.get("kind") else ""
    start, end = _as_written(known.get("start")), _as_written(known.get("end"))
    span = f"{start} s/d {end}" if end and end != start else start
    if known.get("half") or (talk.draft and talk.draft.question == Question.HALF_DAY):
        return [f"izin setengah hari {answer} {span}"]
    if kind and start and end:
        return [f"{kind} {span} {answer}"]
    if kind and start:
        pieces = find_days(answer, talk.sent_at, date.fromisoformat(str(known["start"])))
        return [f"{kind} {start} {'' if pieces.has_length else 's/d '}{answer}", f"{kind} {answer}"]
    if kind:
        return [f"{kind} {answer}", f"{kind} tgl {answer}"]
    if start:
        return [f"{answer} {span}", f"{answer} tidak masuk {span}"]
    return [f"izin tidak masuk {answer}"]


def _as_written(value: object) -> str:
    return date.fromisoformat(str(value)).strftime("%d/%m/%Y") if value else ""


def _adds(meaning: Meaning, known: dict[str, object]) -> bool:
    """Whether something is known now that was not."""
    now_known = set(requests.draft_fields(meaning)) - {"reason", "half", "stand_in"}
    return bool(now_known - set(known))


def _with_known(meaning: Meaning, known: dict[str, object]) -> Meaning:
    """Clock times, reason and stand-in of the first SMS hold unless the answer has its own."""
    return meaning._replace(
        time_from=meaning.time_from or _clock(known.get("time_from")),
        time_to=meaning.time_to or _clock(known.get("time_to")),
        reason=str(known["reason"]) if known.get("reason") else meaning.reason,
        stand_in=meaning.stand_in or (str(known["stand_in"]) if known.get("stand_in") else None),
        half=meaning.half if meaning.half is not HalfDay.FULL else _half(known),
    )


def _clock(value: object) -> time | None:
    return time.fromisoformat(str(value)) if value else None


def _half(known: dict[str, object]) -> HalfDay:
    return HalfDay(str(known.get("half", "full")))
