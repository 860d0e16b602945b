"""What is no request: other permits, clocking in, money, office business (urusan lain)."""

from __future__ import annotations

from itertools import pairwise

from sms.grammar import family
from sms.grammar.absences import permits, sent_on_duty
from sms.grammar.answers import unclear
from sms.grammar.hourly import hour_kinds
from sms.grammar.leaves import leave_kind
from sms.grammar.meaning import Meaning, Question, Signal, WorkingDays
from sms.grammar.reading import Reading
from sms.grammar.slots import Slots

_MATTERS = (
    "other.permit",
    "favour",
    "clockin",
    "late.false",
    "help.false",
    "cure",
    "other_topic",
)
_MONEY = (
    "uang",
    "gaji",
    "tpp",
    "honor",
    "tunjangan",
    "cair",
    "spj",
    "dipotong",
    "potongan",
    "anggaran",
    "rapel",
)
_TO_MANY = ("jangan", "diharap", "mohon", "harap")
CUES = frozenset([*_MATTERS, *_MONEY, *_TO_MANY])
_WISHES = ("boleh", "bisa", "minta", "izin", "mau", "ambil", "mohon")
_BEFORE_A_DAY = frozenset(["hari", "tanggal", "pada", "pak", "bu", "untuk", "saya", "ya"])


def other_matters(
    text: str, reading: Reading, slots: Slots, calendar: WorkingDays
) -> Meaning | None:
    """Other permits and favours, attendance trouble, business, others' illness: ask."""
    if reading.has(*_MATTERS) or reading.has_word(*_MONEY):
        found = _other_matter(reading, slots)
        if found is not None:
            return found
    if _address_to_many(reading):
        return unclear(Question.INTENT, "a notice to others")
    return None


def _other_matter(reading: Reading, slots: Slots) -> Meaning | None:
    absent = reading.has("absence", "halfday", "wfh") or leave_kind(reading) is not None
    hours = hour_kinds(reading, has_clock=bool(slots.clocks))
    other = reading.has("other.permit", "favour") and not reading.has("borrowed")
    if other and not absent and not hours:
        return unclear(Question.INTENT, "another permit or favour")
    if (
        reading.has("clockin")
        and not absent
        and not _real_hours(reading)
        and (not family.is_own_illness(reading) or _only_the_finger(reading))
        and not reading.has("duty")
    ):
        return unclear(Question.INTENT, "attendance trouble", signal=_clock_signal(reading))
    if (
        reading.has("late.false", "help.false")
        and not absent
        and not hours
        and not permits(reading)
        and not family.is_own_illness(reading)
        and not reading.has("duty")
    ):
        return unclear(Question.INTENT, "something else")
    if reading.has("cure") and not reading.has("permit", "leave"):
        return unclear(Question.INTENT, "recovered", signal=Signal.PRESENT)
    money = reading.has_word(*_MONEY)
    if (
        money
        and not absent
        and not permits(reading)
        and not hours
        and not _own_plan(reading)
        and not _duty_to_come(reading, slots)
    ):
        return unclear(Question.INTENT, "money matters")
    business = (
        reading.has("other_topic")
        and not absent
        and not hours
        and not reading.has("duty")
        and not family.is_own_illness(reading)
        and not (reading.has_word("libur", "off") and reading.has_word(*_WISHES))
    )
    if business and not _personal_reason(reading) and not _izin_with_a_day(reading, slots):
        return unclear(Question.INTENT, "other business")
    return None


def _only_the_finger(reading: Reading) -> bool:
    """'jari saya luka jadi finger tidak terbaca': the terminal is the trouble."""
    return reading.has("clockin.trouble") and not reading.has("permit", "today", "leave")


def _real_hours(reading: Reading) -> bool:
    return any(
        m.words not in ("telat",) or reading.has("permit")
        for c in ("late", "early", "out")
        for m in reading.true_marks(c)
    ) and not reading.has("clockin.trouble")


def _clock_signal(reading: Reading) -> Signal | None:
    if reading.has("clockin.trouble"):
        return Signal.TERMINAL_TROUBLE
    return Signal.FORGOT_TO_CLOCK if reading.has("clockin.forgot") else None


def _own_plan(reading: Reading) -> bool:
    return (
        reading.has_word("saya")
        and reading.has("duty", "early", "out", "late")
        and reading.has("tomorrow", "today", "week.next", "day.after")
    )


def _duty_to_come(reading: Reading, slots: Slots) -> bool:
    """'DL Kamis ke Kukar, uang jalannya belum cair': a day ahead, said before any money."""
    money = min(i for i, word in enumerate(reading.words) if word in _MONEY)
    return bool(sent_on_duty(reading)) and any(
        duty.start < money
        and span.i < money
        and span.start is not None
        and span.start >= reading.now.date()
        and reading.clauses[duty.start] == reading.clauses[span.i] != reading.clauses[money]
        for duty in reading.true_marks("duty")
        for span in slots.spans
    )


def _izin_with_a_day(reading: Reading, slots: Slots) -> bool:
    """'izin Sabtu tgl 6, piket diganti Amin', 'lusa saya izin': the day stands beside the wish."""
    starts = [span.i for span in slots.spans] + [length.i for length in slots.lengths]
    ends = [span.j for span in slots.spans]
    return any(
        end <= place and all(w in _BEFORE_A_DAY for w in reading.words[end:place])
        for place in permits(reading)
        for end in ends
    ) or any(
        start > place and all(w in _BEFORE_A_DAY for w in reading.words[place + 1 : start])
        for place in permits(reading)
        for start in starts
    )


def _personal_reason(reading: Reading) -> bool:
    """'izin, urus BPKB anak' is a reason; 'izin, berkas sudah di meja' is business."""
    return (
        bool(permits(reading))
        and reading.has("core", "distant", "event", "care", "sick")
        and not reading.has("polite.izin")
    )


def _address_to_many(reading: Reading) -> bool:
    if reading.has_word("saya") or not reading.has_word(*_TO_MANY):
        return False
    return reading.has_word("teman-teman", "rekan-rekan", "bapak-bapak", "semuanya") or (
        ("jangan", "ada") in pairwise(reading.words)
    )
