"""What is asked for (jenis): section by section, explicit words first."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from domain.cases import CaseKind, HalfDay
from sms.grammar import family
from sms.grammar.absences import absences, permits, sent_on_duty
from sms.grammar.content import content, has_reason
from sms.grammar.hourly import hour_kinds
from sms.grammar.leaves import leave_kind
from sms.grammar.reading import Reading


@dataclass(slots=True)
class KindReading:
    """The kind a message asks for; `asked` tells whether it asks for any absence at all."""

    kind: CaseKind | None = None
    asked: bool = False
    must_ask: bool = False  # an absence is asked for, but which kind is in doubt
    several: bool = False  # two different requests
    either: bool = False
    half: HalfDay = HalfDay.FULL
    death: bool = False
    bare: bool = False
    why: list[str] = field(default_factory=list)


def read_kind(reading: Reading, *, has_days: bool, has_clock: bool, stretches: int) -> KindReading:
    """Decide the kind in the order of the rules; `stretches` counts the stretches of days named."""
    hours = hour_kinds(reading, has_clock=has_clock)
    leave = leave_kind(reading)
    absence = bool(absences(reading))
    permit = bool(permits(reading))
    duty = bool(sent_on_duty(reading))
    if "halfday" in reading.concepts:
        return _half_day(reading, leave is not None)
    result = KindReading(asked=True, death=family.death(reading) is not None)
    if not _OR.isdisjoint(reading.vocabulary) and _either(reading, hours, leave, duty, permit):
        result.either = result.must_ask = True
        result.why.append("either of two kinds")
        return result
    if (stretches > 1 or len(hours) > 1) and _several(
        reading, hours, leave, duty, absence, stretches
    ):
        result.several = result.must_ask = True
        result.why.append("two requests")
        return result
    if "wfh" in reading.concepts:
        result.must_ask = True
        result.why.append("wfh")
        return result
    if hours:
        result.kind = hours[0][0]
        result.why.append(f"{result.kind}: {hours[0][1]}")
    elif duty:
        result.kind = CaseKind.DUTY
        result.why.append(f"duty: {sent_on_duty(reading)[0]}")
    elif leave is not None:
        result.kind, word = leave
        result.why.append(f"{result.kind}: {word}")
    else:
        _permission_or_sick(reading, result, permit, absence, has_days)
    return result


def _permission_or_sick(
    reading: Reading, result: KindReading, permit: bool, absence: bool, has_days: bool
) -> None:
    own = family.is_own_illness(reading)
    died = family.death(reading)
    word_given = permit or absence
    if died == "core" and word_given:
        result.kind = CaseKind.IMPORTANT
        result.why.append("death in the core family")
    elif own and (word_given or reading.has("dayoff") or _says_ill(reading, has_days)):
        result.kind = CaseKind.SICK
        result.why.append("own illness")
    elif absence:
        result.kind = CaseKind.PERMISSION
        result.why.append("not coming")
    elif permit and (has_days or has_reason(reading)):
        result.kind = CaseKind.PERMISSION
        result.why.append("izin with a date or reason")
    elif permit:
        result.must_ask = result.bare = True
        result.why.append("bare izin")
    elif reading.has("dayoff") and not _asks_whether_off(reading):
        result.must_ask = True
        result.why.append("libur or absen")
    else:
        result.asked = False


def _asks_whether_off(reading: Reading) -> bool:
    """'tgl 17 libur nggak pak?' asks about the calendar, 'besok libur boleh?' for a day off."""
    own = reading.has_word("saya", "boleh", "bisa", "izin", "minta", "mohon", "mau", "ambil")
    asked = "?" in reading.words or ("libur", "tidak") in pairwise(reading.words)
    return asked and reading.has_word("libur") and not own


def _says_ill(reading: Reading, has_days: bool) -> bool:
    """'saya sakit', 'sakit hari ini' is word given; a bare 'sakit pak' is a fragment."""
    return has_days or reading.has_word("saya") or content(reading) >= 3


def _half_day(reading: Reading, leave: bool) -> KindReading:
    """'setengah hari' settles to late or early only by pagi or siang."""
    marks = reading.marks("halfday")
    result = KindReading(asked=True)
    inside = {i for m in reading.marks("greeting") for i in range(m.start, m.end)}
    words = {w for i, w in enumerate(reading.words) if i not in inside}
    morning, noon = (
        "pagi" in words or "morning" in words,
        bool(words & {"siang", "sore", "afternoon"}),
    )
    works = any(reading.word(m.start - 1) in ("masuk", "kerja", "turun", "hadir") for m in marks)
    doubtful = leave or works or any("day" in m.words for m in marks) or morning == noon
    doubtful = doubtful or (noon and reading.has("to_here") and not morning)
    result.why.append("half day")
    if doubtful:
        result.must_ask = True
    elif morning:
        result.kind, result.half = CaseKind.LATE, HalfDay.AM
    else:
        result.kind, result.half = CaseKind.EARLY, HalfDay.PM
    return result


_KIND_NAMES = frozenset(["cuti", "izin", "sakit", "dinas", "telat", "libur", "absen", "off"])


_OR = frozenset(["atau", "apa"])


def _place_of_or(reading: Reading) -> int | None:
    """Where 'atau' stands, or the 'apa' of 'cuti apa izin'."""
    if "atau" in reading.vocabulary:
        return reading.words.index("atau")
    if "apa" not in reading.vocabulary:
        return None
    for i, word in enumerate(reading.words):
        before = reading.word(i - 1)
        named = before in _KIND_NAMES or before.isdecimal()  # 'masuk jam 10 apa izin'
        if word == "apa" and named and reading.word(i + 1) in _KIND_NAMES:
            return i
    return None


def _either(
    reading: Reading,
    hours: list[tuple[CaseKind, str]],
    leave: tuple[CaseKind, str] | None,
    duty: bool,
    permit: bool,
) -> bool:
    """'cuti atau izin?', 'datang jam 10 atau cuti'."""
    place = _place_of_or(reading)
    if place is None:
        return False
    concepts = (
        "leave",
        "annual",
        "permit",
        "late",
        "early",
        "out",
        "duty",
        "dayoff",
        "absence",
        "sickleave",
        "unpaid",
        "important",
    )
    left = {
        c for c in concepts for m in reading.true_marks(c) if m.end <= place and place - m.end <= 12
    }
    right = {
        c
        for c in concepts
        for m in reading.true_marks(c)
        if m.start > place and m.start - place <= 8
    }
    if reading.words[place + 1 : place + 3] == ["kalau", "tidak"] and right and left:
        return True
    if reading.word(place + 1) in ("bagaimana", "apa"):
        return reading.has("dayoff") and not permit
    return bool(right - left) and bool(left) and bool(right)


def _several(
    reading: Reading,
    hours: list[tuple[CaseKind, str]],
    leave: tuple[CaseKind, str] | None,
    duty: bool,
    absence: bool,
    stretches: int,
) -> bool:
    """Two different requests in one SMS; one day and two words ('telat, sakit') are one request."""
    if [kind for kind, _ in hours][:2] == [CaseKind.LATE, CaseKind.EARLY]:
        return True
    if stretches < 2:
        return False
    whole = (leave is not None) + duty
    if len(hours) > 1 or whole == 2 or (hours and (whole or absence)):
        return True
    if leave is not None and absence:
        return _far_apart(reading, "leave", "absence")
    if len(reading.true_marks("leave")) >= 2:
        return reading.has_word("lagi", "juga", "sekalian", "satu") or _each_has_days(reading)
    if (leave is not None or duty) and family.is_own_illness(reading) and reading.has("permit"):
        return _far_apart(reading, "leave", "sick") or _far_apart(reading, "duty", "sick")
    return False


def _far_apart(reading: Reading, one: str, other: str) -> bool:
    """The two words stand in different clauses."""
    ones, others = reading.true_marks(one), reading.true_marks(other)
    return bool(ones and others) and all(
        reading.clauses[a.start] != reading.clauses[b.start] for a in ones for b in others
    )


def _each_has_days(reading: Reading) -> bool:
    first, *_, last = reading.true_marks("leave")
    return reading.clauses[first.start] != reading.clauses[last.start]
