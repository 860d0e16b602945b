"""The '#' form (format '#'): CUTI#TAHUNAN#18-12-2026#19-12-2026#mudik."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time

from domain.cases import CaseKind
from sms.grammar.dates import find_atoms
from sms.grammar.kinds import read_kind
from sms.grammar.leaves import leave_kind
from sms.grammar.meaning import Intent, Meaning, Question, WorkingDays
from sms.grammar.numbers import other_numbers
from sms.grammar.reading import Reading, read_text
from sms.grammar.spans import Span, find_spans
from sms.grammar.stretch import Stretch, choose
from sms.grammar.times import find_clocks

_FIRST_WORDS = frozenset(
    [
        "cuti",
        "izin",
        "sakit",
        "dinas",
        "telat",
        "keluar",
        "pulang",
        "ct",
        "cs",
        "cb",
        "cm",
        "cap",
        "cltn",
        "sppd",
        "spt",
        "perjadin",
        "early",
        "late",
        "out",
        "annual",
        "sick",
        "leave",
        "tugas",
        "wfh",
    ]
)


@dataclass
class _Form:
    word: str
    labels: list[str]
    spans: list[Span]
    clocks: list[tuple[time, time | None]]
    reason: str | None
    bad: bool


def read_form(text: str, reading: Reading, calendar: WorkingDays) -> Meaning | None:
    """Read a '#' form; None when the text is no form of a request."""
    fields = [f.strip() for f in reading.body.split("#")]
    if len(fields) < 2 or not reading.words:
        return None
    head = read_text(fields[0], reading.now)
    if not head.words or head.words[0] not in _FIRST_WORDS or head.count_words() > 4:
        return None
    filled = [field for field in fields[1:] if not _is_placeholder(field)]
    if len(filled) < len(fields) - 2:
        fields = [fields[0], *filled]
    form = _take_apart(fields, reading)
    named = read_text(" ".join([form.word, *form.labels, form.reason or ""]), reading.now)
    kind = _kind_of(form, named)
    empty = not form.spans and not form.labels and not form.reason and not form.clocks
    if empty and not form.bad:
        return Meaning(Intent.REQUEST, must_ask=True, question=Question.KIND, why=("empty form",))
    if kind is None:
        return Meaning(
            Intent.REQUEST, reason=form.reason, must_ask=True, question=Question.KIND, why=("form",)
        )
    days = _days_of(form, named, kind, calendar)
    time_from, time_to = _times_of(form, kind)
    start, end, question = days.start, days.end, days.question
    if question is None and _names_an_unknown_kind(form, kind, reading.now):
        question = Question.KIND
    return Meaning(
        Intent.REQUEST,
        kind=kind,
        start=start,
        end=end,
        time_from=time_from,
        time_to=time_to,
        reason=form.reason,
        must_ask=question is not None,
        question=question,
        why=("form", *days.why),
    )


_PLACEHOLDERS = frozenset(
    [
        "jenis", "tanggal", "tgl", "mulai", "selesai", "awal", "akhir", "alasan", "keterangan",
        "tujuan", "keperluan", "jam", "dd", "mm", "yyyy", "yy", "hh", "sampai", "cuti", "izin",
        "ket", "tempat", "dari", "nama", "nip",
    ]
)  # fmt: skip


def _is_placeholder(field: str) -> bool:
    """'TGL MULAI', '<alasan>', 'dd-mm-yyyy': the template's own words, nothing filled in."""
    words = re.findall(r"\w+", field.lower())
    return bool(words) and _PLACEHOLDERS.issuperset(words)


def _names_an_unknown_kind(form: _Form, kind: CaseKind, now: datetime) -> bool:
    """'CUTI#[BESAR]#2-11-2026#...': the field of the kind is one word that no list knows."""
    if kind is CaseKind.DUTY or len(form.labels) != 1:
        return False
    label = read_text(form.labels[0], now)
    return label.count_words() == 1 and not label.tokens[0].known


def _take_apart(fields: list[str], reading: Reading) -> _Form:
    form = _Form(fields[0], [], [], [], None, False)
    dated = False
    for text in fields[1:]:
        if not text:
            continue
        part = read_text(_spread(text), reading.now)
        other = other_numbers(part.tokens)
        digits = sum(c.isdigit() for c in text)
        letters = sum(c.isalpha() for c in text)
        mostly_day = (digits >= 1 and (letters <= 4 or digits > letters // 3)) or len(
            part.words
        ) <= 3
        clocks = find_clocks(part.tokens, by_the_clock=":" in text or dated, other=other)
        covered = {i for c in clocks for i in range(c.start, c.end)}
        spans = find_spans(part, find_atoms(part, other | covered), reading.now.date())
        whole = spans and mostly_day and spans[0].i <= 2
        if (whole and spans[0].state != "vague") or (whole and len(part.words) <= 3):
            form.spans.append(spans[0])
            dated = True
        elif clocks and mostly_day:
            form.clocks += [(c.at, c.until) for c in clocks]
            dated = True
        elif not dated and letters:
            form.labels.append(text)
        elif letters:
            form.reason = text if form.reason is None else f"{form.reason} {text}"
        elif digits:
            form.bad = True
    return form


def _spread(text: str) -> str:
    """ddmmyyyy as one field, and a lone day as 'tgl'."""
    bare = text.replace(" ", "")
    if bare.isdecimal() and bare.isascii():
        if len(bare) == 8:
            return f"{bare[:2]}-{bare[2:4]}-{bare[4:]}"
        if len(bare) == 6:
            return f"{bare[:2]}-{bare[2:4]}-20{bare[4:]}"
        if len(bare) <= 2:
            return f"tgl {bare}"
    parts = bare.split("-")
    if len(parts) == 2 and all(p.isdecimal() and len(p) <= 2 for p in parts):
        return f"{parts[0]}/{parts[1]}"
    return text


def _kind_of(form: _Form, named: Reading) -> CaseKind | None:
    head = read_text(f"{form.word} {' '.join(form.labels)}", named.now)
    word = head.words[0]
    if word in ("dinas", "sppd", "spt", "perjadin", "tugas"):
        return CaseKind.DUTY
    leave = leave_kind(head)
    if leave and leave[0] is not CaseKind.ANNUAL:
        return leave[0]
    labelled = {
        "tahunan": CaseKind.ANNUAL,
        "besar": CaseKind.LONG,
        "sakit": CaseKind.SICK,
        "penting": CaseKind.IMPORTANT,
        "melahirkan": CaseKind.MATERNITY,
        "hamil": CaseKind.MATERNITY,
        "cltn": CaseKind.UNPAID,
        "tanggungan": CaseKind.UNPAID,
    }
    if word in ("cuti", "leave"):
        for name, kind in labelled.items():
            if name in head.words:
                return kind
    if word in ("ct",):
        return CaseKind.ANNUAL
    if word == "sakit":
        return CaseKind.SICK
    hour = {
        "telat": CaseKind.LATE,
        "late": CaseKind.LATE,
        "keluar": CaseKind.OUT,
        "out": CaseKind.OUT,
        "pulang": CaseKind.EARLY,
        "early": CaseKind.EARLY,
    }
    if word in hour:
        return hour[word]
    if word == "izin":
        for name, kind in (
            ("telat", CaseKind.LATE),
            ("lambat", CaseKind.LATE),
            ("keluar", CaseKind.OUT),
            ("pulang", CaseKind.EARLY),
            ("dinas", CaseKind.DUTY),
            ("sakit", CaseKind.SICK),
        ):
            if name in head.words:
                return kind
    result = read_kind(named, has_days=bool(form.spans), has_clock=bool(form.clocks), stretches=1)
    if (
        result.kind is None
        and word == "izin"
        and (form.labels or form.reason)
        and not result.must_ask
    ):
        return CaseKind.PERMISSION
    if result.kind is None and word == "izin" and form.spans and not named.has("halfday", "wfh"):
        return CaseKind.PERMISSION
    return result.kind


def _days_of(form: _Form, named: Reading, kind: CaseKind, calendar: WorkingDays) -> Stretch:
    if form.bad or any(s.state != "ok" for s in form.spans):
        return Stretch(question=Question.DATES, why=["impossible date"])
    spans = form.spans[:2]
    if len(spans) == 2 and spans[0].start and spans[1].end:
        if spans[1].end < spans[0].start:
            return Stretch(question=Question.DATES, why=["end before start"])
        return Stretch(spans[0].start, spans[1].end, why=["form days"])
    if spans:
        start, end = spans[0].start, spans[0].end
        if kind is CaseKind.MATERNITY and start == end:
            end = None
        return Stretch(start, end, why=["form day"])
    return choose(named, [], [], kind, death=False, calendar=calendar)


def _times_of(form: _Form, kind: CaseKind) -> tuple[time | None, time | None]:
    if not form.clocks:
        return None, None
    at, until = form.clocks[0]
    if until is None and len(form.clocks) > 1:
        until = form.clocks[1][0]
    if kind is CaseKind.LATE:
        return None, until or at
    if kind is CaseKind.EARLY:
        return at, None
    if kind is CaseKind.OUT:
        return at, until
    return None, None
