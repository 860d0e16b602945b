"""What is asked for (jenis): section by section, explicit words first."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.cases import CaseKind, HalfDay
from sms.grammar import family
from sms.grammar.reading import Reading

_ABBREVIATIONS = {
    "ct": CaseKind.ANNUAL,
    "cs": CaseKind.SICK,
    "cb": CaseKind.LONG,
    "cm": CaseKind.MATERNITY,
    "cap": CaseKind.IMPORTANT,
    "cltn": CaseKind.UNPAID,
}
_ASKS_FOR = frozenset(
    [
        "ambil",
        "cuti",
        "izin",
        "mohon",
        "mengajukan",
        "pengajuan",
        "mau",
        "saya",
        "minta",
        "#",
        "ajukan",
        "hari",
        "senin",
        "selasa",
        "rabu",
        "kamis",
        "jumat",
        "besok",
        "lusa",
    ]
)
_EXPLICIT = {
    "maternity": CaseKind.MATERNITY,
    "important": CaseKind.IMPORTANT,
    "unpaid": CaseKind.UNPAID,
    "long": CaseKind.LONG,
    "sickleave": CaseKind.SICK,
    "annual": CaseKind.ANNUAL,
}


@dataclass
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
    absence = bool(_absences(reading))
    permit = bool(permits(reading))
    duty = bool(_duty(reading))
    half = _half_day(reading, leave is not None)
    if half is not None:
        return half
    result = KindReading(asked=True, death=family.death(reading) is not None)
    if _either(reading, hours, leave, duty, permit):
        result.either = result.must_ask = True
        result.why.append("either of two kinds")
        return result
    if _several(reading, hours, leave, duty, absence, stretches):
        result.several = result.must_ask = True
        result.why.append("two requests")
        return result
    if reading.has("wfh"):
        result.must_ask = True
        result.why.append("wfh")
        return result
    if hours:
        result.kind = hours[0][0]
        result.why.append(f"{result.kind.value}: {hours[0][1]}")
    elif duty:
        result.kind = CaseKind.DUTY
        result.why.append(f"duty: {_duty(reading)[0]}")
    elif leave is not None:
        result.kind, word = leave
        result.why.append(f"{result.kind.value}: {word}")
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
    elif permit and (has_days or _has_reason(reading)):
        result.kind = CaseKind.PERMISSION
        result.why.append("izin with a date or reason")
    elif permit:
        result.must_ask = result.bare = True
        result.why.append("bare izin")
    elif reading.has("dayoff"):
        result.must_ask = True
        result.why.append("libur or absen")
    else:
        result.asked = False


def _says_ill(reading: Reading, has_days: bool) -> bool:
    """'saya sakit', 'sakit hari ini' is word given; a bare 'sakit pak' is a fragment."""
    return has_days or reading.has_word("saya") or _content(reading) >= 3


def hour_kinds(reading: Reading, *, has_clock: bool) -> list[tuple[CaseKind, str]]:
    """Late, early and out, in this order, with the words that say so."""
    found: list[tuple[CaseKind, str]] = []
    late = [m for m in reading.true_marks("late") if _is_late(reading, m.start, m.words, has_clock)]
    early = [
        m for m in reading.true_marks("early") if _is_early(reading, m.start, m.words, has_clock)
    ]
    out = [m for m in reading.true_marks("out") if _is_out(reading, m.start, m.words, has_clock)]
    strong_out = [
        m for m in out if m.words.split()[0] in ("keluar", "meninggalkan", "kaluar", "ke")
    ]
    if strong_out and late and not any(m.words in ("telat", "lambat", "kesiangan") for m in late):
        late = []
    if (
        strong_out
        and early
        and not any(
            w in m.words for m in early for w in ("cepat", "awal", "duluan", "lebih", "pulang")
        )
    ):
        early = []
    if early and out and not strong_out:
        out = []
    for kind, marks in ((CaseKind.LATE, late), (CaseKind.EARLY, early), (CaseKind.OUT, out)):
        if marks:
            found.append((kind, marks[0].words))
    return found


def _is_late(reading: Reading, i: int, words: str, has_clock: bool) -> bool:
    before = list(reading.before(i, 3))
    if before[:1] and before[0] in ("tidak", "jangan", "belum", "surat", "agar", "sudah", "tamu"):
        return False
    if words in ("telat", "lambat", "kesiangan"):
        return not (
            "jangan" in before or "sinyal" in before or "internet" in before or "bis" in before
        )
    if "tidak" in before or "belum" in before or "sudah" in before:
        return False
    if words.endswith(("jam", "setengah")) or ("kantor" in words and "siang" not in words):
        return has_clock and reading.word(i + len(words.split())) != "berapa"
    return True


def _is_early(reading: Reading, i: int, words: str, has_clock: bool) -> bool:
    before = list(reading.before(i, 2))
    if before[:1] and before[0] in ("tidak", "jangan", "belum", "sudah", "baru", "sekolah", "anak"):
        return False
    tail = reading.words[i + len(words.split()) : i + len(words.split()) + 2]
    if words.endswith(" jam"):
        return has_clock and "berapa" not in tail
    if (
        words.split()[-1] == "pulang"
        and tail[:1]
        and tail[0] in ("kampung", "ke", "dari", "kekampung", "kota")
    ):
        return False
    return not (
        words.startswith("balik")
        and reading.true_marks("out")
        and "duluan" not in words
        and "cepat" not in words
    )


def _is_out(reading: Reading, i: int, words: str, has_clock: bool) -> bool:
    before = list(reading.before(i, 2))
    if before[:1] and before[0] in ("tidak", "jangan", "belum", "sudah"):
        return False
    if words == "keluar":
        after = reading.word(i + 1)
        hinted = reading.has("permit") or has_clock or reading.has_word("sebentar")
        return hinted or after in ("makan", "beli", "ambil", "antar", "jemput", "ya")
    if words in (
        "sebentar ke",
        "izin sebentar",
        "balik lagi",
        "sebentar saja",
        "lalu kembali",
    ) or words.startswith("izin "):
        return reading.has("permit") and not _absences(reading) and not reading.has("leave")
    if words in ("balik kantor", "balik ke kantor", "kembali ke kantor", "kembali kantor"):
        return not _absences(reading) and not reading.has("leave")
    return True


def _absences(reading: Reading) -> list[str]:
    """Phrases of not coming; 'tidak jadi masuk' because of an illness is one too."""
    found = []
    for mark in reading.true_marks("absence"):
        words = mark.words.split()
        double = reading.word(mark.start - 1) == "bukan" or (
            words[0] == "tidak" and "tidak" in words[1:]
        )
        if not double and words[1:2] != ["ada"]:
            found.append(mark.words)
    if reading.has_word("jadi") and any(
        reading.words[i : i + 2] == ["jadi", "masuk"]
        or reading.words[i : i + 2] == ["jadi", "turun"]
        for i in range(1, len(reading.words))
        if reading.word(i - 1) == "tidak"
    ):
        found.append("tidak jadi masuk")
    return found


def permits(reading: Reading) -> list[int]:
    """Places of an 'izin' that asks, not the polite or other kind, not 'izinnya'."""
    polite = {
        i
        for c in ("polite.izin", "other.permit")
        for m in reading.marks(c)
        for i in range(m.start, m.end)
    }
    return [
        m.start
        for m in reading.true_marks("permit")
        if m.start not in polite
        and reading.tokens[m.start].suffix not in ("nya", "kah", "ku")
        and reading.word(m.start - 1) not in ("surat", "tanpa", "seizin")
        and not (m.words == "permisi" and m.start <= 1)
    ]


def _duty(reading: Reading) -> list[str]:
    return [
        m.words
        for m in reading.true_marks("duty")
        if not any(
            w in ("uang", "laporan", "biaya", "spj", "honor", "anggaran")
            for w in reading.before(m.start, 2)
        )
        and reading.word(m.start - 1) not in ("kepala", "mobil", "nota", "rumah", "baju", "belum")
    ]


def leave_kind(reading: Reading) -> tuple[CaseKind, str] | None:
    """A kind of leave by law, or plain 'cuti' by its reason; None when no leave is named."""
    wife = family.wife_gives_birth(reading)
    for concept, kind in _EXPLICIT.items():
        for mark in reading.true_marks(concept):
            if not _abbreviation_meant(reading, mark.start, mark.words):
                continue
            if concept == "maternity" and wife:
                if not reading.true_marks("leave"):
                    continue
                return CaseKind.IMPORTANT, "istri melahirkan"
            if (
                concept == "sickleave"
                and family.relation_near(reading, mark)
                and not family.is_own_illness(reading)
            ):
                continue
            return kind, mark.words
    for i, word in enumerate(reading.words):
        if word == "cm" and _abbreviation_meant(reading, i, "cm"):
            return CaseKind.MATERNITY, "cm"
    marks = [m for m in reading.true_marks("leave") if reading.tokens[m.start].suffix != "kah"]
    if not marks:
        return None
    reason = (
        "istri melahirkan"
        if wife
        else "kematian keluarga inti"
        if family.death(reading) == "core"
        else "keluarga inti sakit keras"
        if family.gravely_ill(reading)
        else "pernikahan sendiri"
        if family.own_wedding(reading)
        else None
    )
    if reason:
        return CaseKind.IMPORTANT, reason
    if family.is_own_illness(reading) and family.death(reading) is None:
        return CaseKind.SICK, "cuti and own illness"
    if reading.has("birth") and not family.relations(reading):
        return CaseKind.MATERNITY, "cuti and birth"
    return CaseKind.ANNUAL, "cuti"


def _abbreviation_meant(reading: Reading, i: int, words: str) -> bool:
    if words not in _ABBREVIATIONS:
        return True
    token = reading.tokens[i]
    shouting = all(t.capitals for t in reading.tokens if t.kind == "w" and len(t.raw) > 1)
    asked = reading.word(i - 1) in _ASKS_FOR or reading.word(i + 1) == "#"
    return asked or (token.capitals and not shouting) or (words in ("ct", "cltn"))


def _half_day(reading: Reading, leave: bool) -> KindReading | None:
    """'setengah hari' settles to late or early only by pagi or siang."""
    marks = reading.marks("halfday")
    if not marks:
        return None
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


def _either(
    reading: Reading,
    hours: list[tuple[CaseKind, str]],
    leave: tuple[CaseKind, str] | None,
    duty: bool,
    permit: bool,
) -> bool:
    """'cuti atau izin?', 'datang jam 10 atau cuti'."""
    if "atau" not in reading.words:
        return False
    place = reading.words.index("atau")
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
    hour_marks = {kind for kind, _ in hours}
    if len(hour_marks) > 1 and stretches >= 2:
        return True
    if {CaseKind.LATE, CaseKind.EARLY} <= hour_marks:
        return True
    whole = (leave is not None) + duty
    if hours and (whole or absence) and stretches >= 2:
        return True
    if whole == 2 and stretches >= 2:
        return True
    if leave is not None and absence and stretches >= 2:
        return _far_apart(reading, "leave", "absence")
    if len(reading.true_marks("leave")) >= 2 and stretches >= 2:
        return reading.has_word("lagi", "juga", "sekalian", "satu") or _each_has_days(reading)
    if (
        (leave is not None or duty)
        and family.is_own_illness(reading)
        and stretches >= 2
        and reading.has("permit")
    ):
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


_EMPTY = frozenset(
    [
        "pak",
        "bu",
        "izin",
        "mohon",
        "minta",
        "ya",
        "saya",
        "anda",
        "maaf",
        "dulu",
        "permisi",
        "mas",
        "mbak",
        "bang",
        "kak",
        "yang",
        "ini",
        "itu",
        "hormat",
        "dengan",
        "yth",
        "sebelumnya",
        "terimakasih",
        "terima",
        "kasih",
        "selamat",
        "pagi",
        "siang",
        "sore",
        "malam",
        "assalamualaikum",
        "mau",
        "boleh",
        "bisa",
        "tolong",
        "juga",
        "saja",
        "nya",
        "ai",
        "am",
        "gin",
        "dong",
        "deh",
        "nih",
        "sih",
        "di",
        "ke",
        "akan",
        "hari",
        "besok",
        "lusa",
        "untuk",
        "kepada",
        "bapak",
        "ibu",
        "sangat",
    ]
)


def _content(reading: Reading) -> int:
    inside = {
        i for c in ("greeting", "thanks") for m in reading.marks(c) for i in range(m.start, m.end)
    }
    return sum(
        1
        for i, t in enumerate(reading.tokens)
        if t.kind in ("w", "a") and t.word not in _EMPTY and i not in inside
    )


def _has_reason(reading: Reading) -> bool:
    """Some word besides greeting, address and 'izin' says why."""
    return _content(reading) >= 1
