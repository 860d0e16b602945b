"""The request itself (permohonan): kind, days, hours, and the one thing that is missing."""

from __future__ import annotations

from datetime import time

from domain.cases import CaseKind, HalfDay
from sms.grammar import family
from sms.grammar.absences import permits
from sms.grammar.answers import unclear
from sms.grammar.cautions import UNTIL_WHEN, caution
from sms.grammar.hours import choose_times
from sms.grammar.kinds import KindReading, read_kind
from sms.grammar.meaning import Intent, Meaning, Question, Signal, WorkingDays
from sms.grammar.opinion import kind_expected_instead
from sms.grammar.others import for_somebody_else, stand_in_of
from sms.grammar.reading import Reading
from sms.grammar.reasons import reason_of
from sms.grammar.slipped import slip_that_may_tell
from sms.grammar.slots import Slots
from sms.grammar.stretch import choose
from sms.grammar.unknown import hidden_by_unknown_word


def read_request(reading: Reading, slots: Slots, calendar: WorkingDays) -> Meaning:
    """The request itself: kind, days, hours, and whether one thing is missing."""
    settled = [s for s in slots.spans if not s.negated]
    kind = read_kind(
        reading,
        has_days=bool(settled or slots.lengths),
        has_clock=bool(slots.clocks),
        stretches=slots.stretches,
    )
    if not kind.asked:
        return _not_asked(reading, slots)
    if not _is_meant(reading, kind, slots):
        return unclear(Question.INTENT, "no wish in it", *kind.why)
    days = choose(
        reading, slots.spans, slots.lengths, kind.kind, death=kind.death, calendar=calendar
    )
    time_from, time_to = choose_times(reading, slots.clocks, kind.kind)
    if kind.half is not HalfDay.FULL:
        time_from, time_to = _half_times(kind)
    start, end, question = days.start, days.end, days.question
    if kind.several:
        start = end = None
        question = Question.ONE_AT_A_TIME
    elif kind.must_ask:
        question = Question.HALF_DAY if reading.has("halfday") else Question.KIND
        if kind.bare or days.question is not None:
            start = start if days.question is Question.END else None
            end = None
    why = [*kind.why, *days.why]
    asked, stand_in = kind.kind, None
    doubt = caution(reading, slots, kind.kind) if question is None else ""
    if not doubt and question is None and reading.strange:
        doubt = hidden_by_unknown_word(
            reading, slots, kind.kind, today_by_default="no date: today" in days.why
        )
    if not doubt and question is None and reading.strange:
        doubt = slip_that_may_tell(reading)
    if doubt:
        question = Question.INTENT
        why.append(doubt)
        if doubt == UNTIL_WHEN:
            question, end = Question.END, None
    elif question is None and (expected := kind_expected_instead(reading, asked)):
        why.append(f"its words go with {expected}, not with {asked}")
        question, asked = Question.KIND, None
    elif for_somebody_else(reading):
        question = Question.WHO
        why.append("for whom")
    else:
        stand_in = stand_in_of(reading)
    return Meaning(
        Intent.REQUEST,
        kind=asked,
        start=start,
        end=end,
        time_from=time_from,
        time_to=time_to,
        half=kind.half,
        reason=reason_of(reading),
        must_ask=question is not None,
        question=question,
        stand_in=stand_in,
        why=tuple(why),
    )


def _half_times(kind: KindReading) -> tuple[time | None, time | None]:
    """Half a day ends, or begins, at noon."""
    return (None, time(12)) if kind.kind is CaseKind.LATE else (time(12), None)


def _not_asked(reading: Reading, slots: Slots) -> Meaning:
    if reading.has("sick") and family.is_own_illness(reading):
        return unclear(Question.INTENT, "fragment: sick", signal=Signal.SICK)
    if reading.has("present") and reading.count_words() <= 6:
        return unclear(Question.INTENT, "fragment: present", signal=Signal.PRESENT)
    if reading.has("yes") and reading.count_words() <= 5:
        return unclear(Question.INTENT, "a bare yes", signal=Signal.YES)
    if reading.has("no") and reading.count_words() <= 5:
        return unclear(Question.INTENT, "a bare no", signal=Signal.NO)
    if reading.has_word("salah") and reading.count_words() <= 5:
        return unclear(Question.INTENT, "objection", signal=Signal.WRONG)
    return unclear(Question.INTENT, "nothing asked for")


def _is_meant(reading: Reading, kind: KindReading, slots: Slots) -> bool:
    """A wish or statement of one's own, not a remark about the thing ('surat cuti di mana?')."""
    if kind.kind is CaseKind.DUTY and not slots.stretches:
        wish = bool(permits(reading)) or reading.has_word(
            "saya",
            "mau",
            "mohon",
            "melapor",
            "besok",
            "akan",
            "ada",
            "dapat",
            "berangkat",
            "ditugaskan",
        )
        wish = wish or reading.has("week.next", "month.next")
        return wish and not (reading.has("yesterday") and reading.has("other_topic"))
    return not (
        "jangan" in reading.vocabulary
        and kind.kind in (CaseKind.LATE, CaseKind.EARLY)
        and not reading.has_word("saya", "izin")
    )
