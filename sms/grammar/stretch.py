"""Which of the named days are the absence (masa izin): roles, lengths, no date."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import takewhile

from domain.cases import CaseKind
from sms.grammar.days import (
    ImpossibleDateError,
    add_months,
    add_working_days,
    last_working_day_before,
    working_days_between,
)
from sms.grammar.lengths import Length
from sms.grammar.meaning import Question, WorkingDays
from sms.grammar.reading import Reading
from sms.grammar.spans import Span

CLOSING_HOUR = 16  # later than this a message without a date may mean tomorrow
NIGHT_UNTIL = 4  # before this hour 'besok' may mean the day that has begun
_TODAY_IS_MEANT = frozenset(
    {CaseKind.SICK, CaseKind.PERMISSION, CaseKind.LATE, CaseKind.EARLY, CaseKind.OUT}
)
_BY_CALENDAR = frozenset({CaseKind.DUTY, CaseKind.MATERNITY, CaseKind.LONG, CaseKind.UNPAID})
_LEAVE_WORDS = frozenset(
    ["cuti", "izin", "masuk", "turun", "hadir", "libur", "off", "absen", "ct", "leave", "kerja"]
)
_TRANSPARENT = frozenset(
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
    ]
)
_JOURNEY = frozenset(["tiket", "berangkat", "pesawat", "ke", "perjalanan"])
_DUTY_PAPERS = frozenset({"sppd", "spt", "surat", "tugas", "kegiatan"})
_FROM = frozenset({"mulai", "dari", "per", "sejak", "start", "starting", "from", "sedari", "tmt"})


@dataclass(slots=True)
class Stretch:
    """First and last day of an absence, or the question that is left."""

    start: date | None = None
    end: date | None = None
    question: Question | None = None
    why: list[str] = field(default_factory=list)


def choose(
    reading: Reading,
    spans: list[Span],
    lengths: list[Length],
    kind: CaseKind | None,
    *,
    death: bool,
    calendar: WorkingDays,
) -> Stretch:
    """Settle the days of a request."""
    today = reading.now.date()
    length = _one_length(reading, lengths)
    back = [s for s in spans if _is_return(reading, s, spans)]
    absent = [s for s in spans if not s.negated and s not in back]
    absent = _by_role(reading, absent, kind)
    absent = _join_until(_after_correction(absent))
    chosen = _the_one(reading, absent)
    if length == "contradiction":
        return Stretch(question=Question.DATES, why=["lengths disagree"])
    if chosen is not None and chosen.state != "ok":
        return Stretch(question=Question.DATES, why=[f"days: {chosen.state}"])
    if chosen is not None and _night_doubt(reading, chosen):
        return Stretch(question=Question.DATES, why=["besok after midnight"])
    returning = next((s for s in back if s.state == "ok" and s.start), None)
    if any(s.state == "bad" for s in back) and chosen is None:
        return Stretch(question=Question.DATES, why=["return date impossible"])
    try:
        if chosen is None:
            return _without_date(reading, kind, death, length, returning, calendar)
        return _with_date(reading, chosen, kind, length, returning, calendar, today)
    except (ImpossibleDateError, OverflowError):
        return Stretch(question=Question.DATES, why=["impossible length"])


def _one_length(reading: Reading, lengths: list[Length]) -> Length | str | None:
    """The length that counts: not the denied one, the last after 'eh'; two that differ are none."""
    if not lengths:
        return None
    kept = [n for n in lengths if "bukan" not in reading.before(n.i, 3)]
    if len(kept) > 1 and reading.has_word("eh", "maksud", "salah", "ralat"):
        kept = kept[-1:]
    if len({(n.count, n.unit) for n in kept}) > 1:
        near = [
            n for n in kept if _near_leave_word(reading, n.i) or reading.word(n.i - 1) == "selama"
        ]
        if len({(n.count, n.unit) for n in near}) != 1:
            return "contradiction"
        kept = near
    return kept[0] if kept else None


def _near_leave_word(reading: Reading, i: int) -> bool:
    return any(w in _LEAVE_WORDS for w in reading.before(i, 4))


def _is_return(reading: Reading, span: Span, spans: list[Span]) -> bool:
    """'masuk lagi Senin', 'Senin sudah masuk': the first day back, not a day of absence."""
    for mark in reading.marks("back_to_work"):
        gap = reading.words[mark.end : span.i]
        if span.i >= mark.end and len(gap) <= 3 and all(w in _TRANSPARENT for w in gap):
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
            and all(w in _TRANSPARENT for w in after)
            and not negated
            and not taken
        ):
            return True
    if "masuk" not in reading.vocabulary:
        return False
    following = [w for w in reading.words[span.j : span.j + 3] if w not in _TRANSPARENT]
    return (
        bool(following)
        and following[0] in ("masuk", "turun", "aktif")
        and not any(0 <= s.i - span.j <= 4 for s in spans)
        and (len(spans) > 1 or reading.word(span.i - 1) in (",", ".", "dan", "jadi"))
        and reading.has("absence", "leave", "permit", "sick")
        and not reading.has("late", "early")
    )


def _by_role(reading: Reading, spans: list[Span], kind: CaseKind | None) -> list[Span]:
    """Keep the days of absence; days of events only when nothing else is named."""
    kept = [s for s in spans if not _belongs_elsewhere(reading, s, kind)]
    days = [s for s in kept if s.state != "vague"]
    kept = days or kept
    if len(kept) > 1:
        yesterday = reading.now.date() - timedelta(days=1)
        if any(s.start == s.end == yesterday for s in kept):
            kept = [s for s in kept if s.start != yesterday or s.start != s.end]
    plain = [s for s in kept if not _is_event(reading, s)]
    return plain or kept


def _belongs_elsewhere(reading: Reading, span: Span, kind: CaseKind | None) -> bool:
    """Birth dates, letters, departures, how long one has been ill already."""
    if _dates_a_letter(reading, span):
        return True
    yesterday = "rel" in span.classes and span.start == reading.now.date() - timedelta(days=1)
    if reading.has("not.leave") or reading.has_word("sejak", "dari", "mulai"):
        named = _named_by_a_word_before(reading, span, kind, yesterday=yesterday)
        if named is not None:
            return named
    if yesterday and span.start == span.end:
        return not _absent_in_clause(reading, span)
    if reading.word(span.j) in ("kemarin", "lalu") and kind is CaseKind.SICK:
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
        if reading.sentences[i] != reading.sentences[span.i] or reading.words[i] in _LEAVE_WORDS:
            break
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
    before = list(reading.before(span.i, 2))
    number = before[-1] if before[:1] == ["tanggal"] else ""
    return number.isdecimal() and len(number) > 2


def _names_the_duty(reading: Reading, i: int, span: Span, kind: CaseKind | None) -> bool:
    """'sppd ke Bontang hari ini' is the journey, 'SPT No. 12 tanggal 7' the day of the letter."""
    if kind is not CaseKind.DUTY or reading.words[i] not in _DUTY_PAPERS:
        return False
    between = reading.tokens[i + 1 : span.i]
    return any(t.kind == "w" and t.word not in ("nomor", "no", "tanggal", "tugas") for t in between)


def _departure_follows(reading: Reading, span: Span, kind: CaseKind | None) -> bool:
    """'besok berangkat', 'tgl 4 pesawatnya': the day of the journey when another day is named."""
    following = [w for w in reading.words[span.j : span.j + 2] if w not in _TRANSPARENT]
    return bool(following) and following[0] in (
        "pesawat",
        "tiket",
        "hpl",
        "keberangkatan",
        "flight",
    )


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
        if reading.clauses[i] != reading.clauses[span.i] or reading.words[i] in _LEAVE_WORDS:
            break
        if i in events:
            return True
    return span.j in events and not any(w in _LEAVE_WORDS for w in reading.before(span.i, 3))


def _after_correction(spans: list[Span]) -> list[Span]:
    for n in range(len(spans) - 1, 0, -1):
        if spans[n].corrected:
            return spans[n:]
    return spans


def _join_until(spans: list[Span]) -> list[Span]:
    """'mulai besok saya cuti sampai Jumat': a first day, and further on the last."""
    if len(spans) == 2 and spans[1].only_until and not spans[0].only_until:
        first, last = spans
        if first.state == last.state == "ok" and first.start and last.end:
            if first.start <= last.end:
                return [
                    Span(
                        first.i,
                        last.j,
                        first.start,
                        last.end,
                        "ok",
                        classes=first.classes | last.classes,
                        singles=[first.start, last.end],
                    )
                ]
            return [Span(first.i, last.j, None, None, "bad")]
    return spans


def _the_one(reading: Reading, spans: list[Span]) -> Span | None:
    """The one stretch that counts; stretches that differ contradict each other."""
    if not spans:
        return None
    if len(spans) == 1 or len({(s.start, s.end, s.state) for s in spans}) == 1:
        return spans[0]
    spans = [s for s in spans if s.state != "vague"] or spans
    if len(spans) > 1:
        if not reading.has("duty"):
            spans = [s for s in spans if not _is_journey(reading, s)] or spans
        if len(spans) == 1:
            return spans[0]
        ok = [s for s in spans if s.state == "ok" and s.start and s.end]
        wide = max(ok, key=lambda s: len(s.singles), default=None)
        if wide and len(ok) == len(spans) and wide.start and wide.end:
            inside = all(
                s.start and s.end and wide.start <= s.start and s.end <= wide.end for s in ok
            )
            if inside:
                return wide
    if len({(s.start, s.end, s.state) for s in spans}) == 1:
        return spans[0]
    return Span(spans[0].i, spans[-1].j, None, None, "bad")


def _is_journey(reading: Reading, span: Span) -> bool:
    """'tiket sudah dibeli untuk tgl 30', 'sabtu saya ke Banjarmasin': no word of leave beside."""
    left = takewhile(lambda w: w != ",", reading.before(span.i, 7, across_commas=True))
    right = takewhile(lambda w: w not in ".,;\n", reading.words[span.j : span.j + 5])
    words = {*left, *right}
    return bool(words & _JOURNEY) and not words & _LEAVE_WORDS


def _night_doubt(reading: Reading, span: Span) -> bool:
    if reading.now.hour >= NIGHT_UNTIL or "cal" in span.classes:
        return False
    return any(span.i <= m.start < span.j for m in reading.marks("tomorrow"))


def _without_date(
    reading: Reading,
    kind: CaseKind | None,
    death: bool,
    length: Length | str | None,
    returning: Span | None,
    calendar: WorkingDays,
) -> Stretch:
    today = reading.now.date()
    now_is_meant = kind in _TODAY_IS_MEANT or death
    working_hours = calendar.is_working(today) and reading.now.hour < CLOSING_HOUR
    if not now_is_meant or not working_hours:
        return Stretch(question=Question.DATES, why=["no date"])
    if isinstance(length, Length):
        return Stretch(
            today, end_of(today, length, kind, calendar), why=["no date: today", "length"]
        )
    if returning and returning.start:
        end = last_working_day_before(returning.start, calendar)
        if end >= today:
            return Stretch(today, end, why=["no date: today", "return"])
    if reading.has("open_end") and kind not in (CaseKind.LATE, CaseKind.EARLY, CaseKind.OUT):
        return Stretch(today, None, Question.END, why=["open end"])
    return Stretch(today, today, why=["no date: today"])


def _with_date(
    reading: Reading,
    span: Span,
    kind: CaseKind | None,
    length: Length | str | None,
    returning: Span | None,
    calendar: WorkingDays,
    today: date,
) -> Stretch:
    if span.start is None or span.end is None:
        return Stretch(question=Question.DATES)
    start, end = span.start, span.end
    if span.only_until:
        start = today
        if end < start:
            return Stretch(question=Question.DATES, why=["end before start"])
    elif start == end and len(span.singles) <= 1:
        return _from_one_day(reading, span, start, kind, length, returning, calendar)
    if isinstance(length, Length) and not _fits(start, end, length, kind, calendar):
        return Stretch(question=Question.DATES, why=["length and range disagree"])
    return Stretch(start, end, why=["range"])


def _from_one_day(
    reading: Reading,
    span: Span,
    start: date,
    kind: CaseKind | None,
    length: Length | str | None,
    returning: Span | None,
    calendar: WorkingDays,
) -> Stretch:
    if isinstance(length, Length):
        return Stretch(start, end_of(start, length, kind, calendar), why=["length"])
    if returning and returning.start and returning.start > start:
        return Stretch(
            start, max(start, last_working_day_before(returning.start, calendar)), why=["return"]
        )
    open_ended = _starts_here(reading, span) or reading.has("open_end")
    if kind is CaseKind.MATERNITY:
        return Stretch(start, None, why=["maternity: end by law"])
    if open_ended and kind not in (CaseKind.LATE, CaseKind.EARLY, CaseKind.OUT):
        return Stretch(start, None, Question.END, why=["open end"])
    if _starts_here(reading, span) and kind in (CaseKind.LATE, CaseKind.EARLY):
        return Stretch(start, None, Question.END, why=["open end"])
    return Stretch(start, start, why=["one day"])


def _starts_here(reading: Reading, span: Span) -> bool:
    for word in reading.before(span.i, 4, across_commas=True):
        if word in _TRANSPARENT:
            continue
        return word in _FROM
    return False


def end_of(start: date, length: Length, kind: CaseKind | None, calendar: WorkingDays) -> date:
    """The last day of a length from `start`: working days, calendar days or months by kind."""
    if length.unit in ("month", "year"):
        return add_months(start, min(length.count, 60) * (12 if length.unit == "year" else 1))
    if kind in _BY_CALENDAR or length.calendar_days:
        if length.unit == "week":
            days = length.count * (5 if kind is CaseKind.DUTY and length.count == 1 else 7)
            return start + timedelta(days=days - 1)
        return start + timedelta(days=length.count - 1)
    days = length.count * (5 if length.unit == "week" else 1)
    return add_working_days(start, days, calendar)


def _fits(
    start: date, end: date, length: Length, kind: CaseKind | None, calendar: WorkingDays
) -> bool:
    """A length named beside a range must say the same."""
    if end_of(start, length, kind, calendar) == end:
        return True
    if length.unit in ("month", "year"):
        return abs((end_of(start, length, kind, calendar) - end).days) <= 1
    calendar_days = (end - start).days + 1
    if length.unit == "week":
        return calendar_days in (length.count * 7, length.count * 7 - 2)
    if kind in _BY_CALENDAR or length.calendar_days:
        return length.count in (calendar_days, working_days_between(start, end, calendar))
    return length.count == working_days_between(start, end, calendar)
