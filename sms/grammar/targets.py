"""Which open request a supervisor means (sasaran): by code, name, kind, day or length."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from rapidfuzz.distance import OSA

from domain.cases import CaseKind
from sms.grammar.courtesy import ADDRESSES
from sms.grammar.days import MONTHS
from sms.grammar.meaning import MONDAY_TO_FRIDAY, OpenRequest
from sms.grammar.numbers import number_at
from sms.grammar.reading import Reading

_LEAVES = frozenset(
    {CaseKind.ANNUAL, CaseKind.MATERNITY, CaseKind.IMPORTANT, CaseKind.LONG, CaseKind.UNPAID}
)
_KIND_WORDS: tuple[tuple[str, frozenset[CaseKind]], ...] = (
    ("duty", frozenset({CaseKind.DUTY})),
    ("annual", frozenset({CaseKind.ANNUAL})),
    ("long", frozenset({CaseKind.LONG})),
    ("important", frozenset({CaseKind.IMPORTANT})),
    ("unpaid", frozenset({CaseKind.UNPAID})),
    ("maternity", frozenset({CaseKind.MATERNITY})),
    ("sickleave", frozenset({CaseKind.SICK})),
)
_NO_NAMES_OF_A_KIND = frozenset(
    ["kunker", "kunjungan kerja", "turun lapangan", "turun ke lapangan", "penugasan", "surat tugas"]
)
_SINGLE_WORDS = {
    "tahunan": CaseKind.ANNUAL,
    "sakit": CaseKind.SICK,
    "melahirkan": CaseKind.MATERNITY,
    "telat": CaseKind.LATE,
    "perjadin": CaseKind.DUTY,
    "besar": CaseKind.LONG,
    "penting": CaseKind.IMPORTANT,
    "cltn": CaseKind.UNPAID,
}
_NOT_CODES_AFTER = frozenset(
    [
        "hari", "minggu", "bulan", "tahun", "jam", "menit", "orang", "kali", "x", "persen",
        "%", "hr", "an",
    ]
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1")
_ONE_SOUND = [set(pair) for pair in ("td", "iy", "fv", "fp", "sz", "ck", "kq", "ou", "jy", "gj")]
_NOT_CODES_BEFORE = frozenset({"tanggal", "jam", "rp", "kt"})


@dataclass
class Targets:
    """What a stretch of tokens names: open codes, or what is not open, or two at once."""

    codes: list[str] = field(default_factory=list)
    unknown: str = ""  # a name or code that is not open
    unknown_at: int = -1  # the token that looked like a code
    several: str = ""  # a name that fits two
    everything: bool = False
    others: bool = False
    excluded: bool = False  # 'kecuali' stands before
    by: str = ""
    tokens: set[int] = field(default_factory=set)


def find_targets(
    reading: Reading, requests: Sequence[OpenRequest], first: int, last: int
) -> Targets:
    """Read the targets named in tokens first..last."""
    found = Targets()
    _codes(reading, requests, first, last, found)
    if not found.codes:
        _names(reading, requests, first, last, found)
    _all(reading, requests, first, last, found)
    _kinds(reading, requests, first, last, found)
    if found.tokens and reading.has_word("dan", "sama"):
        _and_what(reading, first, last, found)
    return found


_COUNTS = ("all", "two", "three", "four", "others")


def _and_what(reading: Reading, first: int, last: int, found: Targets) -> None:
    """'yang sakit dan [dina] ok', '[ari] sama Eko acc': another is named, and not understood."""
    marks = ("instruct", "wish", "yes", "no", "ack", "thanks")
    said = {i for c in marks for m in reading.marks(c) for i in range(m.start, m.end)}
    counted = {m.start for c in _COUNTS for m in reading.marks(c)}
    for i in range(first + 1, last - 1):
        if reading.words[i] not in ("dan", "sama"):
            continue
        sides = (i - 1, i + 1 + (reading.words[i + 1] in ADDRESSES))
        known = [k for k in sides if k in found.tokens and k not in counted]
        other = [k for k in sides if k not in found.tokens and k not in said and k < last]
        if len(known) == 1 and other:
            found.unknown = found.unknown or reading.tokens[other[0]].raw


def code_of(raw: str) -> str:
    """A code as it is compared: capitals, without spaces and hyphens."""
    return raw.upper().replace(" ", "").replace("-", "")


def _codes(
    reading: Reading, requests: Sequence[OpenRequest], first: int, last: int, found: Targets
) -> None:
    by_code = {code_of(r.code): code_of(r.code) for r in requests}
    tokens, i = reading.tokens, first
    while i < last:
        length = _code_length(reading, i, last, by_code)
        if length:
            code = code_of("".join(t.raw for t in tokens[i : i + length] if t.word != "-"))
            if code not in found.codes:
                found.codes.append(code)
            found.tokens.update(range(i, i + length))
            found.by = "code"
            i += length
            continue
        if _looks_like_code(reading, i, last):
            found.unknown, found.unknown_at = tokens[i].raw, i
            found.tokens.add(i)
        i += 1


def _code_length(reading: Reading, i: int, last: int, by_code: dict[str, str]) -> int:
    tokens = reading.tokens
    if tokens[i].kind not in ("n", "a", "w"):
        return 0
    if _is_day_or_length(reading, i):
        return int(_is_one_of_two_codes(reading, i, by_code))
    text, best = "", 0
    for j in range(i, min(i + 6, last)):
        if tokens[j].word == "-" and j > i:
            continue
        if tokens[j].kind not in ("n", "a", "w"):
            break
        text += tokens[j].raw.upper()
        if text in by_code and not (
            j > i and tokens[j].kind == "n" and _is_day_or_length(reading, j)
        ):
            best = j - i + 1
            if j > i and all(t.kind == "n" for t in tokens[i : j + 1]):
                best = best if j == i else 0
        if len(text) > 8:
            break
    if best > 1 and tokens[i].kind == "w" and len(tokens[i].raw) > 3:
        return 0
    return best


def _is_one_of_two_codes(reading: Reading, i: int, by_code: dict[str, str]) -> bool:
    """'63/140 ok': both are open, so it is no date."""
    beside = [i + 2] if reading.word(i + 1) == "/" else []
    beside += [i - 2] if reading.word(i - 1) == "/" else []
    return reading.words[i] in by_code and any(reading.word(j) in by_code for j in beside)


def _is_day_or_length(reading: Reading, i: int) -> bool:
    if reading.tokens[i].kind != "n":
        return False
    before = reading.word(i - 1) if reading.word(i - 1) not in (".", ":") else reading.word(i - 2)
    after = reading.word(i + 1)
    if before in _NOT_CODES_BEFORE or after in _NOT_CODES_AFTER or after in MONTHS:
        return True
    if before in ("-", "s/d", "sd", "sampai") and reading.word(i - 3) == "tanggal":
        return True
    dated = (
        after in ("/", "-", ".") and reading.tokens[i + 1].glued and reading.word(i + 2).isdecimal()
    )
    return dated or (
        before in ("/", ".", "-") and reading.tokens[i].glued and reading.word(i - 2).isdecimal()
    )


def _looks_like_code(reading: Reading, i: int, last: int) -> bool:
    """A number or letters with digits that names no open request."""
    token = reading.tokens[i]
    if token.kind == "a":
        digits = sum(c.isdigit() for c in token.raw)
        counted = token.raw.lower().endswith(("x", "an", "rb", "jt", "hr", "th", "kg", "km"))
        return digits > 0 and 2 <= len(token.raw) <= 6 and not counted
    if token.kind == "n":
        raw = token.raw
        number = raw.isdecimal() and len(raw) <= 4 and not (len(raw) == 4 and raw.startswith("20"))
        return number and not _is_day_or_length(reading, i) and i < last
    return False


def _all(
    reading: Reading, requests: Sequence[OpenRequest], first: int, last: int, found: Targets
) -> None:
    for concept, count in (("all", 0), ("two", 2), ("three", 3), ("four", 4)):
        for mark in reading.marks(concept):
            guessed = any(t.guessed for t in reading.tokens[mark.start : mark.end])
            if first <= mark.start < last and not guessed:
                found.tokens.update(range(mark.start, mark.end))
                if count and len(found.codes) == count and not found.several:
                    continue  # 'Pak Rusli sama Bu Mega, dua-duanya'
                if count and len(requests) != count:
                    found.unknown = mark.words
                else:
                    found.everything = True
                    found.by = "all"
    for i in range(first, last):  # '3 3nya', 'ketiga 3nya'
        if reading.tokens[i].raw.lower() == f"{len(requests)}nya" and len(requests) > 1:
            counted = {i} | ({i - 1} if reading.word(i - 1) == str(len(requests)) else set())
            found.tokens.update(counted)
            found.everything, found.by, found.unknown = True, "all", ""
    for mark in reading.marks("others"):
        if first <= mark.start < last:
            found.tokens.update(range(mark.start, mark.end))
            found.others = True


def _names(
    reading: Reading, requests: Sequence[OpenRequest], first: int, last: int, found: Targets
) -> None:
    i = first
    while i < last:
        best, length = _best_names(reading, requests, i, last)
        if best:
            found.tokens.update(range(i, i + length))
            codes = [code_of(r.code) for r in best]
            if len(codes) > 1:
                found.several = reading.tokens[i].raw
                found.by = "name"
                found.codes += [c for c in codes if c not in found.codes]
            elif codes[0] not in found.codes:
                found.codes.append(codes[0])
                found.by = "name"
            i += length
        else:
            i += 1


def _best_names(
    reading: Reading, requests: Sequence[OpenRequest], i: int, last: int
) -> tuple[list[OpenRequest], int]:
    """Requests whose employee's name fits the most words in a row from i on."""
    best: list[OpenRequest] = []
    length = 0
    for request in requests:
        words = [w.lower() for w in request.employee.replace(".", " ").replace(",", " ").split()]
        count = 0
        while i + count < last and _is_name_word(reading, i + count, words):
            count += 1
        if count and count > length:
            best, length = [request], count
        elif count and count == length:
            best.append(request)
    return best, length


def _is_name_word(reading: Reading, i: int, words: list[str]) -> bool:
    token = reading.tokens[i]
    raw = token.raw.lower().replace("'", "")
    if token.kind != "w" or len(raw) < 3:
        return False
    if raw in words:
        return not (token.known and raw in ("boleh", "setuju", "tidak", "semua"))
    if raw.endswith("nya") and raw[:-3] in words:
        return True
    if not token.known and any(w.startswith(raw) for w in words):
        return True  # 'Yul' for Yuliana
    spelled = token.word == raw or len(raw) < 5  # a known word as it is written
    return (not token.known or token.guessed or not spelled) and any(
        _is_slip_of(raw, word) for word in words
    )


def _is_slip_of(raw: str, name: str) -> bool:
    """'Budii', 'Rahamt', 'Rahmad': the same name; 'Rudi', 'Toni', 'Wahyuda' are other people's.

    Names that differ in one letter are common, so one letter put for another never counts
    unless both are written for one sound.
    """
    if min(len(raw), len(name)) < 4 or raw[0] != name[0]:
        return False
    if OSA.distance(raw, name, score_cutoff=1) > 1:
        return False
    swapped = [{a, b} for a, b in zip(raw, name, strict=False) if a != b]
    if len(raw) != len(name):
        return len(name) > 4 or _DOUBLED.sub(r"\1", raw) == _DOUBLED.sub(r"\1", name)
    return len(swapped) == 2 or swapped[0] in _ONE_SOUND


def _kinds(
    reading: Reading, requests: Sequence[OpenRequest], first: int, last: int, found: Targets
) -> None:
    """'yang dinas luar', 'cuti tahunannya': counts when it fits exactly one."""
    named: frozenset[CaseKind] | None = None
    where: set[int] = set()
    for concept, kinds in _KIND_WORDS:
        for mark in reading.marks(concept):
            if first <= mark.start < last and mark.words not in _NO_NAMES_OF_A_KIND:
                named, where = kinds, where | set(range(mark.start, mark.end))
    for kind, phrases in (
        (CaseKind.EARLY, ("pulang cepat", "pulang awal", "pulang duluan")),
        (CaseKind.OUT, ("keluar", "keluar kantor")),
    ):
        for mark in (*reading.marks("early"), *reading.marks("out")):
            if (
                first <= mark.start < last
                and mark.words in phrases
                and reading.word(mark.start - 1) == "yang"
            ):
                named, where = frozenset({kind}), where | set(range(mark.start, mark.end))
    if named is None:
        for i in set(range(first, last)) - found.tokens:
            word = reading.words[i]
            listed = (
                reading.word(i - 1) in ("yang", "cuti", "izin", "untuk")
                or reading.tokens[i].suffix == "nya"
            )
            two = set(reading.tokens[i].raw.lower()) <= set("lorne")  # 'loro': ill, and two
            if word in _SINGLE_WORDS and not two and (listed or len(requests) > 1):
                named, where = frozenset({_SINGLE_WORDS[word]}), where | {i}
    if named is not None and _names_another_kind(reading, first, last, named):
        found.several = "kind"  # 'yang sakit ok yang cuti ok'
    if named is None and len(requests) > 1:
        for i in range(first, last):
            after_which = reading.word(i - 1) == "yang"
            if reading.words[i] == "cuti" and (after_which or reading.tokens[i].suffix == "nya"):
                named, where = _LEAVES, where | {i}
            elif reading.words[i] == "dinas" and reading.word(i - 1) in ("yang", "semua"):
                named, where = frozenset({CaseKind.DUTY}), where | {i}
            elif reading.words[i] == "izin" and after_which:
                named, where = frozenset({CaseKind.PERMISSION}), where | {i}
    if named is None:
        return
    found.tokens |= where
    fitting = [code_of(r.code) for r in requests if r.kind in named]
    if found.codes:
        both = [c for c in found.codes if c in fitting]
        if found.several and len(both) == 1:
            found.codes, found.several = both, ""
        elif not both and found.by == "name":
            found.unknown = "kind"
        return
    if found.everything:
        if len(fitting) < len(requests) and not reading.has("except"):
            found.several = "kind"  # 'semua dinas luar ok': all, or all of the kind?
        return
    if len(fitting) == 1:
        found.codes, found.by = fitting, "kind"
    elif fitting:
        found.several = "kind"
    else:
        found.unknown = found.unknown or "kind"


def _names_another_kind(
    reading: Reading, first: int, last: int, named: frozenset[CaseKind]
) -> bool:
    """Whether 'yang cuti' or 'yang izin' stands beside the kind that was found."""
    other = {
        "cuti": _LEAVES,
        "izin": frozenset({CaseKind.PERMISSION}),
        "dinas": frozenset({CaseKind.DUTY}),
        "sakit": frozenset({CaseKind.SICK}),
    }
    return any(
        reading.word(i - 1) in ("yang", "dan", "sama", ",")
        and reading.words[i] in other
        and named.isdisjoint(other[reading.words[i]])
        and reading.word(i + 1) not in _SINGLE_WORDS
        for i in range(first, last)
    )


def by_days(requests: Sequence[OpenRequest], start: date, end: date) -> list[str]:
    """Codes of the requests that a day or range names: the same days, else those that hold it."""
    same = [code_of(r.code) for r in requests if (r.start, r.end) == (start, end)]
    if same:
        return same
    starts = [code_of(r.code) for r in requests if r.start == start and start == end]
    if starts:
        return starts
    return [
        code_of(r.code) for r in requests if r.start and r.end and r.start <= start and end <= r.end
    ]


def days_of(request: OpenRequest) -> set[int]:
    """Lengths by which a request may be called: calendar days and working days."""
    if request.start is None or request.end is None:
        return set()
    calendar_days = (request.end - request.start).days + 1
    if calendar_days > 1000:
        return {calendar_days}
    working = sum(
        MONDAY_TO_FRIDAY.is_working(date.fromordinal(request.start.toordinal() + n))
        for n in range(calendar_days)
    )
    return {calendar_days, working}


__all__ = ["Targets", "by_days", "code_of", "days_of", "find_targets", "number_at"]
