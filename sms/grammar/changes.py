"""Agreed to something else than was asked (usul perubahan): days, length, part of a day, kind."""

from __future__ import annotations

from domain.cases import CaseKind, HalfDay
from sms.grammar.lengths import Length
from sms.grammar.meaning import Decision, OpenRequest, Verdict
from sms.grammar.numbers import number_at
from sms.grammar.phrases import Mark
from sms.grammar.reading import Reading
from sms.grammar.reply import Reply, addressed, only_refusals
from sms.grammar.spans import Span
from sms.grammar.targets import by_days, days_of

_HARMLESS_IF = (
    ("ada", "apa-apa"),
    ("ada", "perkembangan"),
    ("sudah", "sampai"),
    ("butuh", "apa-apa"),
    ("perlu", "apa-apa"),
)


def change_of(reply: Reply) -> Decision | None:
    """A condition, or days, length, part of day or kind other than asked for."""
    reading = reply.reading
    refused_first = bool(reply.events) and reply.events[0].polarity in ("no", "later")
    refused_first = refused_first and not reading.has("change.kind")
    conditions = [m for m in reading.marks("condition") if not _harmless_condition(reading, m)]
    led = bool(conditions and reply.events) and conditions[0].start < reply.events[0].start
    objects_if = led or any("keberatan" in e.words for e in reply.events)
    if conditions and (objects_if or not (refused_first and only_refusals(reply))):
        first = conditions[0]
        return Decision(Verdict.CHANGE, condition=reading.slice(first.start, len(reading.tokens)))
    if refused_first and only_refusals(reply):
        return None
    return _other_values(reply)


def _harmless_condition(reading: Reading, mark: Mark) -> bool:
    """'kabari kalau ada apa-apa', 'jangan masuk kalau masih demam' is care, no condition."""
    if reading.words[mark.end : mark.end + 2] == ["jangan", "lupa"]:
        return True
    if mark.words not in ("kalau", "jika"):
        return False
    if reading.has("yes.rest") and any(
        0 <= m.start - mark.end <= 2 for c in ("sick", "cure.not") for m in reading.marks(c)
    ):
        return True
    tail = tuple(reading.words[mark.end : mark.end + 2])
    return tail in _HARMLESS_IF or tail[:1] == ("begitu",)


def _other_values(reply: Reply) -> Decision | None:
    reading = reply.reading
    requests = addressed(reply)
    clocks = [m for m in reading.marks("change") if m.words in ("jam", "pulang jam")]
    halves = reading.has("halfday")
    words = [m.words for m in reading.true_marks("change") if m.words not in ("jam", "pulang jam")]
    words = [w for w in words if not _only_names(reply, w)]
    day = next((s for s in reply.spans if not s.negated and not _of_something_else(reply, s)), None)
    length = next(iter(reply.lengths), None)
    if halves and not words:
        words = ["setengah hari"]
    same_lengths = all(_same_length(each, requests) for each in reply.lengths)
    if _same_days(reply, day, requests) and same_lengths and not halves:
        words = [
            w
            for w in words
            if w
            not in (
                "cuma",
                "hanya",
                "cukup",
                "sampai tanggal",
                "mulai tanggal",
                "sehari saja",
                "only",
                "besok saja",
                "lusa saja",
                "maksimal",
                "jadi tanggal",
            )
        ]
        if (day is not None or length is not None) and not words:
            return None
    elif day is not None or length is not None:
        words = words or ["other days"]
    kind = _other_kind(reply, requests)
    if not words and kind is None and not (clocks and _clock_differs(reading)):
        return None
    ok = day is not None and day.state == "ok"
    return Decision(
        Verdict.CHANGE,
        new_start=day.start if day and ok else None,
        new_end=day.end if day and ok else None,
        new_days=length.count if length and length.unit == "day" else None,
        new_half=HalfDay.AM
        if halves and reading.has_word("pagi")
        else HalfDay.PM
        if halves and reading.has_word("siang")
        else None,
        new_kind=kind,
        condition=reading.text.strip()[:160],
    )


_PAPERWORK = frozenset(
    ["surat", "tandatangani", "tanda", "ttd", "teken", "laporan", "berkas", "spt", "sk", "dana"]
)
_OFFICE_EVENTS = frozenset(
    ["rapat", "rakor", "acara", "kegiatan", "apel", "upacara", "bimtek", "kunjungan", "audit"]
)


def _of_something_else(reply: Reply, span: Span) -> bool:
    """'Setuju. Rapat tgl 21 nanti diwakilkan', 'berat karena akhir tahun', a sentence before."""
    reading = reply.reading
    if span.state == "vague" and "karena" in reading.before(span.i, 4):
        return True
    past = span.end and span.end < reading.now.date()
    if past and reading.has_word("sudah", "lupa", "baru"):
        return True  # 'kemarin sudah saya setujui', 'boleh, lupa balas kemarin'
    final = reply.events[-1] if reply.events else None
    if final and final.polarity == "yes" and "tapi" in reading.words[span.j : final.start]:
        return True  # 'memang minggu ini padat, tapi .. saya setujui'
    if final and _in_an_errand(reply, span):
        return True
    clauses = {reading.clauses[e.start] for e in reply.events}
    if reading.clauses[span.i] not in clauses and _of_papers(reading, span.i):
        return True  # 'silakan, surat tugasnya saya tandatangani siang ini'
    sentence = reading.sentences[span.i]
    decided = [reading.sentences[e.start] for e in reply.events]
    words = [w for w, s in zip(reading.words, reading.sentences, strict=True) if s == sentence]
    lead = decided and sentence < decided[-1] and len(words) >= 6
    if lead and span.state == "vague" and not {"saja", "cuma", "hanya"} & set(words):
        return True
    return sentence not in decided and any(w in _OFFICE_EVENTS for w in reading.before(span.i, 3))


def _in_an_errand(reply: Reply, span: Span) -> bool:
    """'boleh, besok jangan telat', 'ok, laporan paling lambat Senin': no other days."""
    own = next((s for s in reply.segments if s.first <= span.i < s.last), None)
    if own is None or own.events:
        return False
    nouns = [m for m in reply.reading.marks("instruct.noun") if m.words in ("laporan", "berkas")]
    late = [m for m in reply.reading.marks("instruct") if m.words == "jangan telat"]
    return any(own.first <= m.start < own.last for m in (*nouns, *late))


def _of_papers(reading: Reading, i: int) -> bool:
    return any(w in _PAPERWORK for w in reading.before(i, 5))


def _clock_differs(reading: Reading) -> bool:
    return any(
        number_at(reading.tokens, m.end) is not None
        for m in reading.marks("change")
        if m.words.endswith("jam")
    )


def _only_names(reply: Reply, words: str) -> bool:
    """'yang tahunan saja', 'Rina saja' limit the target, not the days."""
    return words in ("izin saja", "jadikan") and any(
        s.targets.codes and reply.reading.word(s.last - 1) == "saja" for s in reply.segments
    )


def _same_days(reply: Reply, day: Span | None, requests: list[OpenRequest]) -> bool:
    """The reply repeats the request's own days, or uses a day only to say which request."""
    if day is None:
        return True
    if day.state != "ok" or day.start is None or day.end is None:
        return False
    start, end = day.start, day.end
    limits = any(
        w in reply.reading.words for w in ("saja", "cuma", "hanya", "cukup", "sampai", "mulai")
    )
    for request in requests:
        if (request.start, request.end) == (start, end):
            return True
        if day.only_until and request.end == end:
            return True
        if request.start == start and start == end and not limits:
            return True
    return len(reply.requests) > 1 and bool(by_days(reply.requests, start, end)) and not limits


def _same_length(length: Length | None, requests: list[OpenRequest]) -> bool:
    if length is None:
        return True
    unit = {"day": 1, "week": 5, "month": 30, "year": 365}[length.unit]
    counts = {length.count * unit} | ({length.count * 7} if length.unit == "week" else set())
    if length.unit in ("month", "year"):
        return any(
            abs(days - length.count * unit) <= 3 * length.count
            for r in requests
            for days in days_of(r)
        )
    return any(counts & days_of(request) for request in requests)


def _other_kind(reply: Reply, requests: list[OpenRequest]) -> CaseKind | None:
    """'izin saja', 'pakai cuti tahunan saja': agreed to as another kind."""
    reading = reply.reading
    kinds = {r.kind for r in requests}
    if (
        reading.has_word("pakai", "jadikan", "ganti")
        and reading.has("annual")
        and CaseKind.ANNUAL not in kinds
    ):
        return CaseKind.ANNUAL
    return None
