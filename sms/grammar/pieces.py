"""What an answer names without being a sentence: 'tgl 8 saja', 'cuma 2 hari', 'bukan 21 tapi 22'.

The conversation around a message knows what was asked; this says only which days, length, hours
and part of the day stand in the text, and whether something else stands beside them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from domain.cases import CaseKind, HalfDay
from sms.grammar.hours import choose_times
from sms.grammar.lengths import Length
from sms.grammar.meaning import WorkingDays
from sms.grammar.reading import Reading, read_text
from sms.grammar.slots import Slots, find_slots
from sms.grammar.spans import Span
from sms.grammar.stretch import end_of

_CONDITIONS = frozenset(
    [
        "kalau",
        "jika",
        "asal",
        "asalkan",
        "bila",
        "apabila",
        "seandainya",
        "syarat",
        "selama",
        "setelah",
        "sesudah",
        "kecuali",
        "tergantung",
        "mungkin",
    ]
)
_LONE_NUMBER = re.compile(r"(?<![\d.,/:-])(\d{1,2})(?!\d)")
_BUSINESS = ("other_topic", "clockin", "favour", "other.permit", "news")


@dataclass(frozen=True)
class Pieces:
    """The days (first to last, as named), length and hours of a fragment.

    `days` is None when none or several doubtful ones are named. `opens` and `closes` tell 'mulai
    tgl 8' and 'sampai tgl 8'. `denied` are days that were taken back ('bukan tgl 21').
    """

    days: tuple[date, date] | None
    denied: tuple[date, ...]
    opens: bool
    closes: bool
    is_moved: bool  # geser, undur, majukan: the length stays
    is_conditional: bool
    is_half_day: bool
    half: HalfDay | None
    is_business: bool
    _length: Length | None
    _reading: Reading
    _slots: Slots

    @property
    def has_length(self) -> bool:
        """Whether a number of days, weeks or months is named."""
        return self._length is not None

    def last_day(self, start: date, kind: CaseKind, calendar: WorkingDays) -> date | None:
        """The last day of the named length from `start`, None when no length is named."""
        return end_of(start, self._length, kind, calendar) if self._length else None

    def times(self, kind: CaseKind) -> tuple[time | None, time | None]:
        """(time_from, time_to) that are named, as the kind reads them; the last named counts."""
        return choose_times(self._reading, self._slots.clocks[-1:], kind)

    @property
    def is_bare(self) -> bool:
        """Nothing at all is named."""
        return not (self.days or self._length or self._slots.clocks or self.is_half_day)

    def says(self, *words: str) -> bool:
        """Whether one of these words stands in the text, as the lexicon writes it."""
        return self._reading.has_word(*words)


def find_days(text: str, now: datetime, around: date | None = None) -> Pieces:
    """The pieces of an answer to "which day?": there a number alone is a day of the month."""
    found = find_pieces(text, now, around)
    if not found.is_bare:
        return found
    return find_pieces(_LONE_NUMBER.sub(r"tgl \1", text, count=1), now, around)


def find_pieces(text: str, now: datetime, around: date | None = None) -> Pieces:
    """Find what a fragment names; `now` is aware and in the sender's zone.

    A day of the month ('tgl 8') is looked for from `around` on, the day of what is spoken about.
    """
    reading = read_text(text, now)
    slots = find_slots(reading)
    spans = slots.spans
    if around is not None:
        near = find_slots(read_text(text, datetime.combine(around, now.timetz()))).spans
        spans = [_nearer(span, near) for span in spans]
    named = [span for span in spans if not span.negated]
    last = named[-1] if named else None
    is_sure = last is not None and last.state == "ok" and last.start is not None
    half = reading.has("halfday")
    return Pieces(
        days=(last.start, last.end or last.start) if is_sure and last and last.start else None,
        denied=tuple(s.start for s in spans if s.start and s is not last),
        opens=reading.has_word("mulai") and not (last and last.only_until),
        closes=bool(last and last.only_until),
        is_moved=reading.has_word(
            "geser", "undur", "majukan", "dipindah", "pindah", "memajukan", "memundurkan"
        ),
        is_conditional=reading.has_word(*_CONDITIONS),
        is_half_day=half,
        half=_part_of_day(reading),
        is_business=reading.has(*_BUSINESS),
        _length=slots.lengths[-1] if slots.lengths else None,
        _reading=reading,
        _slots=slots,
    )


def _nearer(span: Span, near: list[Span]) -> Span:
    """The same span as read from the other day, where it is a date and no 'besok' or 'Senin'."""
    if span.classes - {"cal"}:
        return span
    return next((other for other in near if (other.i, other.j) == (span.i, span.j)), span)


def _part_of_day(reading: Reading) -> HalfDay | None:
    morning, noon = reading.has_word("pagi"), reading.has_word("siang", "sore")
    if morning == noon:
        return None
    return HalfDay.AM if morning else HalfDay.PM


def strange_words(text: str, now: datetime) -> list[str]:
    """The words of a text, in small letters, that no rule and no near miss knows: names mostly."""
    tokens = read_text(text, now).tokens
    return [t.raw.lower() for t in tokens if t.kind == "w" and (not t.known or t.guessed)]
