"""Which of the named days are the absence (masa izin): roles, lengths, no date."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

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
from sms.grammar.roles import (
    LEAVE_WORDS,
    RETURN_CUES,
    TRANSPARENT,
    days_of_absence,
    is_journey,
    is_return,
)
from sms.grammar.spans import Span

CLOSING_HOUR = 16  # later than this a message without a date may mean tomorrow
NIGHT_UNTIL = 4  # before this hour 'besok' may mean the day that has begun
_TODAY_IS_MEANT = frozenset(
    {CaseKind.SICK, CaseKind.PERMISSION, CaseKind.LATE, CaseKind.EARLY, CaseKind.OUT}
)
_BY_CALENDAR = frozenset({CaseKind.DUTY, CaseKind.MATERNITY, CaseKind.LONG, CaseKind.UNPAID})
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
    length = _one_length(reading, lengths) if lengths else None
    may_return = not reading.said.isdisjoint(RETURN_CUES)
    back = [s for s in spans if is_return(reading, s, spans)] if may_return else []
    absent = [s for s in spans if not s.negated and s not in back]
    absent = days_of_absence(reading, absent, kind)
    if len(absent) > 1:
        absent = _join_until(_after_correction(absent))
    chosen = _the_one(reading, absent)
    if length == "contradiction":
        return Stretch(question=Question.DATES, why=["lengths disagree"])
    if chosen is not None and chosen.state != "ok":
        return Stretch(question=Question.DATES, why=[f"days: {chosen.state}"])
    if chosen is not None and _night_doubt(reading, chosen):
        return Stretch(question=Question.DATES, why=["besok after midnight"])
    returning = next((s for s in back if s.state == "ok" and s.start), None) if back else None
    if returning and chosen and chosen.start:
        _let_it_follow(returning, chosen.start)
    if chosen is None and back and any(s.state == "bad" for s in back):
        return Stretch(question=Question.DATES, why=["return date impossible"])
    try:
        if chosen is None:
            return _without_date(reading, kind, death, length, returning, calendar)
        return _with_date(reading, chosen, kind, length, returning, calendar, today)
    except (ImpossibleDateError, OverflowError):
        return Stretch(question=Question.DATES, why=["impossible length"])


def _let_it_follow(returning: Span, start: date) -> None:
    """'cuti dari Selasa, masuk lagi Senin': the first such day after the leave has begun."""
    if returning.classes == {"wd"} and returning.start and returning.start <= start:
        returning.start += timedelta(days=7)


def _one_length(reading: Reading, lengths: list[Length]) -> Length | str | None:
    """The length that counts: not the denied one, the last after 'eh'; two that differ are none."""
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
    return any(w in LEAVE_WORDS for w in reading.before(i, 4))


def _after_correction(spans: list[Span]) -> list[Span]:
    for n in range(len(spans) - 1, 0, -1):
        first, last = spans[n - 1], spans[n]
        if last.corrected and last.only_until and first.start and last.end:
            joined = Span(first.i, last.j, first.start, last.end, "ok", classes=last.classes)
            joined.singles = [first.start, last.end]
            return [joined, *spans[n + 1 :]]  # 'sd 3.12 eh sd 4.12'
        if last.corrected:
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
            spans = [s for s in spans if not is_journey(reading, s)] or spans
        spans = [s for s in spans if not _led_to(reading, s, spans[-1])]
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


_ABSENT = frozenset(["sakit", "demam", "telat", "dinas", "pulang", "keluar", "opname", "wfh"])


def _led_to(reading: Reading, span: Span, last: Span) -> bool:
    """'anak khitan tgl 27, izin Jumat': an occasion told first, and the leave right at its day."""
    clause = reading.clauses[span.i]
    words = {w for w, c in zip(reading.words, reading.clauses, strict=True) if c == clause}
    beside = reading.word(last.i - 1) in LEAVE_WORDS or reading.word(last.j) in LEAVE_WORDS
    told = words - {t.word for t in reading.tokens[span.i : span.j]} - {",", "pak", "bu", "saya"}
    return (
        beside
        and bool(told)
        and span.j <= last.i
        and clause != reading.clauses[last.i]
        and not words & (LEAVE_WORDS | _ABSENT)
        and "juga" not in reading.words[last.j :]
    )


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
    if kind is CaseKind.MATERNITY:
        return Stretch(start, None, why=["maternity: end by law"])
    starts_here = _starts_here(reading, span)
    if starts_here and kind is not CaseKind.OUT:
        return Stretch(start, None, Question.END, why=["open end"])
    if "open_end" in reading.concepts and kind not in (
        CaseKind.LATE,
        CaseKind.EARLY,
        CaseKind.OUT,
    ):
        return Stretch(start, None, Question.END, why=["open end"])
    return Stretch(start, start, why=["one day"])


def _starts_here(reading: Reading, span: Span) -> bool:
    if reading.vocabulary.isdisjoint(_FROM):
        return False
    for word in reading.before(span.i, 4, across_commas=True):
        if word in TRANSPARENT:
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
