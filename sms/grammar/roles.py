"""What each named day is to the absence (peran hari): a first day back, the date of a letter."""

from __future__ import annotations

from datetime import timedelta
from itertools import takewhile

from domain.cases import CaseKind
from sms.grammar.links import still_at_work
from sms.grammar.reading import Reading
from sms.grammar.spans import Span

LEAVE_WORDS = frozenset(
    ["cuti", "izin", "masuk", "turun", "hadir", "libur", "off", "absen", "ct", "leave", "kerja"]
)
TRANSPARENT = frozenset(
    [
        "hari",
        "tanggal",
        "pada",
        "di",
        "nya",
        ":",
        "(",
        "pak",
        "bu",
        "ya",
        "lagi",
        "kembali",
        "saya",
        "nanti",
        "insya",
        "allah",
        "insyaallah",
    ]
)
_ILL = ("dirawat", "opname", "koma", "kritis")
_AT_WORK = ("masuk", "turun", "aktif")
RETURN_CUES = frozenset(["back_to_work", *_AT_WORK])
"""Words and concepts without which no day is a first day back."""
_JOURNEY = frozenset(["tiket", "berangkat", "pesawat", "ke", "perjalanan", "pulang", "balik"])
_DEPARTURES = frozenset(["pesawat", "tiket", "hpl", "keberangkatan", "flight"])
_LEADING = frozenset(["not.leave", "sejak", "dari", "mulai"])
_ELSEWHERE = _LEADING | _DEPARTURES | {"tanggal", "yesterday"}
"""Words and concepts without which every named day is one of absence."""
_DUTY_PAPERS = frozenset({"sppd", "spt", "surat", "tugas", "kegiatan", "berangkat"})


def is_return(reading: Reading, span: Span, spans: list[Span]) -> bool:
    """'masuk lagi Senin', 'Senin sudah masuk': the first day back, not a day of absence."""
    for mark in reading.marks("back_to_work"):
        gap = reading.words[mark.end : span.i]
        if span.i >= mark.end and len(gap) <= 3 and all(w in TRANSPARENT for w in gap):
            if mark.words.startswith(
                ("sudah masuk", "balik kantor", "kembali ke kantor")
            ) and reading.has("out"):
                continue
            return True
        after = reading.words[span.j : mark.start]
        negated = reading.word(mark.start - 1) in ("tidak", "belum")
        taken = any(mark.end <= s.i <= mark.end + 3 for s in spans)
        if (
            mark.start >= span.j
            and len(after) <= 2
            and all(w in TRANSPARENT for w in after)
            and not negated
            and not taken
        ):
            return True
    if not reading.has_word(*_AT_WORK):
        return False
    if _back_after_another(reading, span, spans):
        return True
    following = [w for w in reading.words[span.j : span.j + 3] if w not in TRANSPARENT]
    return (
        bool(following)
        and following[0] in _AT_WORK
        and not any(0 <= s.i - span.j <= 4 for s in spans)
        and (len(spans) > 1 or reading.word(span.i - 1) in (",", ".", "dan", "jadi"))
        and reading.has("absence", "leave", "permit", "sick")
        and not reading.has("late", "early")
    )


def _back_after_another(reading: Reading, span: Span, spans: list[Span]) -> bool:
    """'cuti dari tgl 17 masuk tgl 22': a day of leave named before, and then the first at work."""
    i = span.i - 1
    while reading.word(i) in ("tanggal", "hari", "lagi", "kembali", "kerja", "pada"):
        i -= 1
    denied = reading.word(i - 1) in ("tidak", "belum", "izin", "bisa", "dapat")
    return (
        reading.word(i) in _AT_WORK
        and not denied
        and reading.word(span.j) not in ("jam", "siang")
        and any(s.j <= i and s.start and span.start and s.start < span.start for s in spans)
    )


def days_of_absence(reading: Reading, spans: list[Span], kind: CaseKind | None) -> list[Span]:
    """Keep the days of absence; days of events only when nothing else is named."""
    kept = spans
    if not reading.said.isdisjoint(_ELSEWHERE):
        kept = [s for s in spans if not _belongs_elsewhere(reading, s, kind)]
    if len(kept) < 2:
        return kept
    days = [s for s in kept if s.state != "vague"]
    kept = days or kept
    kept = [s for s in kept if not _only_told_today(reading, s)] or kept
    kept = [s for s in kept if not still_at_work(reading, s.j)] or kept
    if kind is CaseKind.DUTY and any(s.start != s.end for s in kept):
        kept = [s for s in kept if s.start != s.end or not _is_leg(reading, s)]
    if len(kept) > 1:
        yesterday = reading.now.date() - timedelta(days=1)
        if any(s.start == s.end == yesterday for s in kept):
            kept = [s for s in kept if s.start != yesterday or s.start != s.end]
    plain = [s for s in kept if not _is_event(reading, s)]
    return plain or kept


_LEGS = frozenset(["berangkat", "pulang", "tiba", "kembali", "pesawat", "kapal"])


def _is_leg(reading: Reading, span: Span) -> bool:
    """'berangkat 11 Oktober, pulang tgl 16': a day of the journey beside those of the duty."""
    return not _LEGS.isdisjoint(reading.before(span.i, 3))


_REPORTING = frozenset(
    ["bisa", "dapat", "sempat", "pegang", "ada", "kabari", "melapor", "hidup", "sms", "kasih"]
)
_OVER = frozenset(
    ["masuk", "turun", "hadir", "surut", "sehat", "sembuh", "baikan", "mendingan", "reda", "normal"]
)


def _only_told_today(reading: Reading, span: Span) -> bool:
    """'kemarin saya sakit, baru hari ini bisa kabari', 'hari ini sudah surut'."""
    if span.start != reading.now.date() or span.start != span.end:
        return False
    following = reading.word(span.j)
    told = "baru" in (reading.word(span.i - 1), following) and not _REPORTING.isdisjoint(
        reading.words[span.j : span.j + 3]
    )
    return told or (following == "sudah" and reading.word(span.j + 1) in _OVER)


def _belongs_elsewhere(reading: Reading, span: Span, kind: CaseKind | None) -> bool:
    """Birth dates, letters, departures, how long one has been ill already."""
    if _dates_a_letter(reading, span):
        return True
    yesterday = "rel" in span.classes and span.start == reading.now.date() - timedelta(days=1)
    if not reading.said.isdisjoint(_LEADING):
        named = _named_by_a_word_before(reading, span, kind, yesterday=yesterday)
        if named is not None:
            return named
    if yesterday and span.start == span.end:
        return not _absent_in_clause(reading, span)
    if kind is CaseKind.SICK and reading.word(span.j) in ("kemarin", "lalu"):
        return False
    return _departure_follows(reading, span, kind)


def _named_by_a_word_before(
    reading: Reading, span: Span, kind: CaseKind | None, *, yesterday: bool
) -> bool | None:
    """What 'sejak', 'lahir', 'SPT' before the days make of them; None when nothing does."""
    marks = {w for m in reading.marks("not.leave") for w in range(m.start, m.end)}
    marks -= {w for m in reading.marks("maternity") for w in range(m.start, m.end)}
    distance = 0
    for i in range(span.i - 1, max(-1, span.i - 16), -1):
        distance += reading.tokens[i].kind == "w" and not reading.tokens[i].glued
        if distance > 6:
            break
        if reading.sentences[i] != reading.sentences[span.i] or reading.words[i] in LEAVE_WORDS:
            break
        if reading.words[i] == "sejak" and reading.word(i - 1) in _ILL:
            return kind is not CaseKind.SICK
        if reading.words[i] == "sejak" and span.start and span.start > reading.now.date():
            return False
        if reading.words[i] == "sejak" or (reading.words[i] in ("dari", "mulai") and yesterday):
            return span.start == span.end and not _absence_since(reading, i)
        if reading.clauses[i] != reading.clauses[span.i] and reading.words[i] not in (
            ":",
            "(",
            ")",
        ):
            break
        if i in marks and distance <= 5 and not _names_the_duty(reading, i, span, kind):
            return True
    return None


def _dates_a_letter(reading: Reading, span: Span) -> bool:
    """'SPT no 094/221 tgl 8 Maret': the day stands right behind the number of a letter."""
    if reading.word(span.i - 1) != "tanggal":
        return False
    before = reading.before(span.i, 2)
    number = before[-1] if before else ""
    numbered = span.i > 1 and reading.tokens[span.i - 2].glued and reading.word(span.i - 3) == "/"
    return numbered or (number.isdecimal() and len(number) > 2)


def _names_the_duty(reading: Reading, i: int, span: Span, kind: CaseKind | None) -> bool:
    """'sppd ke Bontang hari ini', 'berangkat ke Berau 24-26 Nov' is the journey; 'SPT No. 12
    tanggal 7' the day of the letter."""
    if kind is not CaseKind.DUTY or reading.words[i] not in _DUTY_PAPERS:
        return False
    if reading.words[i] == "berangkat":
        return span.start != span.end
    between = reading.tokens[i + 1 : span.i]
    return any(t.kind == "w" and t.word not in ("nomor", "no", "tanggal", "tugas") for t in between)


def _departure_follows(reading: Reading, span: Span, kind: CaseKind | None) -> bool:
    """'besok berangkat', 'tgl 4 pesawatnya': the day of the journey when another day is named."""
    if reading.vocabulary.isdisjoint(_DEPARTURES):
        return False
    following = [w for w in reading.words[span.j : span.j + 2] if w not in TRANSPARENT]
    return bool(following) and following[0] in _DEPARTURES


def _absence_since(reading: Reading, i: int) -> bool:
    """'tidak masuk sejak kemarin', '2 hari dari kemarin' is absence, else it is history."""
    if any(w in ("hari", "sehari", "seminggu") for w in reading.before(i, 6)):
        return True
    return any(w in ("masuk", "cuti", "izin", "turun", "hadir") for w in reading.before(i, 2))


def _absent_in_clause(reading: Reading, span: Span) -> bool:
    clause = reading.clauses[span.i]
    words = [w for w, c in zip(reading.words, reading.clauses, strict=True) if c == clause]
    absent = any(
        reading.clauses[m.start] == clause
        for c in ("absence", "leave", "permit", "late", "early", "out", "duty")
        for m in reading.marks(c)
    )
    ill = any(reading.clauses[m.start] == clause for m in reading.marks("sick"))
    return absent or (ill and not {"dari", "sejak", "mulai", "habis", "setelah"} & set(words))


def _is_event(reading: Reading, span: Span) -> bool:
    """'nikahan adik tgl 12': the day of a feast, which may differ from the days of leave."""
    if not reading.has("event"):
        return False
    events = {i for m in reading.marks("event") for i in range(m.start, m.end)}
    for i in range(span.i - 1, max(-1, span.i - 8), -1):
        if reading.clauses[i] != reading.clauses[span.i] or reading.words[i] in LEAVE_WORDS:
            break
        if i in events:
            return reading.word(i - 1) not in LEAVE_WORDS  # 'cuti nikah tgl 7'
    return span.j in events and not any(w in LEAVE_WORDS for w in reading.before(span.i, 3))


def is_journey(reading: Reading, span: Span) -> bool:
    """'tiket sudah dibeli untuk tgl 30', 'sabtu saya ke Banjarmasin': no word of leave beside."""
    left = takewhile(lambda w: w != ",", reading.before(span.i, 7, across_commas=True))
    right = takewhile(lambda w: w not in ".,;\n", reading.words[span.j : span.j + 5])
    words = {*left, *right}
    return bool(words & _JOURNEY) and not words & LEAVE_WORDS
