"""Clock times (jam): 'jam 9', 'setengah 9', 'jam 9 kurang 15', '13.30', 'jam 10 s/d 11.30'."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from sms.grammar.days import MONTHS
from sms.grammar.normalise import Token
from sms.grammar.numbers import number_at

_PARTS = {
    "pagi": "am",
    "subuh": "am",
    "am": "am",
    "siang": "pm",
    "sore": "pm",
    "malam": "night",
    "pm": "pm",
}
STARTS = frozenset({"jam", "at", "setengah", "from"})
"""Words that may begin a clock time."""
_BEHIND_A_BARE_HOUR = frozenset({".", ":", "am", "pm"})  # '10.30', '10 am'; else 'jam' is said
_ZONES = frozenset({"wita", "wib", "wit", "an", "tepat", "teng", "nanti", "ini"})
_RANGE = frozenset({"-", "s/d", "sd", "sampai", "to", "until", "till", "s", "~"})


@dataclass(frozen=True)
class Clock:
    """A clock time, or a stretch of the day when `until` is set; tokens start..end (exclusive)."""

    at: time
    until: time | None
    start: int
    end: int


def find_clocks(tokens: list[Token], *, by_the_clock: bool, other: set[int]) -> list[Clock]:
    """Find all clock times; a bare '10.30' counts when the message is about hours."""
    out: list[Clock] = []
    end = 0
    for i in [i for i, t in enumerate(tokens) if t.kind == "n" or t.word in STARTS]:
        clock = _clock_at(tokens, i, by_the_clock, other) if i >= end else None
        if clock:
            out.append(clock)
            end = clock.end
    return out


def _clock_at(tokens: list[Token], i: int, by_the_clock: bool, other: set[int]) -> Clock | None:
    if tokens[i].kind == "n" and (
        i + 1 == len(tokens) or tokens[i + 1].word not in _BEHIND_A_BARE_HOUR
    ):
        return None
    if i in other and tokens[i].word != "jam":
        return None
    if i > 1 and tokens[i].glued and tokens[i - 1].word in ".-/" and tokens[i - 2].kind == "n":
        return None  # the tail of '12.13.14'
    if tokens[i].word == "from" and not (by_the_clock and _is_from_to(tokens, i)):
        return None
    named = tokens[i].word in ("jam", "at", "from")
    first = i + 1 if named else i
    while (
        named
        and first < len(tokens)
        and tokens[first].word in (".", ":", "sekitar", "kurang-lebih")
    ):
        first += 1
    one = _time_at(tokens, first, named, by_the_clock)
    if one is None:
        return None
    at, j = one
    k = j
    if k < len(tokens) and tokens[k].word in _RANGE:
        k += 1
        if k < len(tokens) and tokens[k].word == "dengan":
            k += 1
        again = k < len(tokens) and tokens[k].word == "jam"
        two = _time_at(tokens, k + 1 if again else k, True, by_the_clock)
        if two and not _is_counted(tokens, two[1]):
            until, last = two
            return Clock(at, until, i, last)
    return Clock(at, None, i, j)


def _is_from_to(tokens: list[Token], i: int) -> bool:
    """'from 10 to 11.30'; 'from 10 to 12 Feb' are days."""
    hours = tokens[i + 1 : i + 4]
    after = next((t.word for t in tokens[i + 4 :] if t.kind == "w"), "")
    return [t.kind for t in hours] == ["n", "w", "n"] and after not in MONTHS


def _is_counted(tokens: list[Token], i: int) -> bool:
    return (i < len(tokens) and tokens[i].word in ("hari", "minggu", "orang", "jam")) or (
        i < len(tokens) and tokens[i].word in ("/",)
    )


def _time_at(
    tokens: list[Token], i: int, named: bool, by_the_clock: bool
) -> tuple[time, int] | None:
    """Read one time at i; `named` tells that 'jam' stood before it."""
    if i >= len(tokens):
        return None
    if tokens[i].word == "setengah":
        hour = number_at(tokens, i + 1)
        if hour is None or not 1 <= hour <= 12 or _is_unit(tokens, i + 2):
            return None
        return _finish(tokens, i + 2, hour - 1 if hour > 1 else 12, 30, half=True)
    hour = number_at(tokens, i)
    if hour is None or hour > 24 or tokens[i].kind not in ("n", "w"):
        return None
    if _sign(tokens, i + 1) in (".", ":") and _glued_pair(tokens, i):
        sign, minute = tokens[i + 1].word, int(tokens[i + 2].raw)
        dated = (
            i + 3 < len(tokens)
            and tokens[i + 3].word in "./-"
            and tokens[i + 3].glued
            and _next_digit(tokens, i + 4)
            and not (tokens[i + 3].word == "-" and (sign == ":" or by_the_clock))
        )
        if minute > 59 or (dated and not named):
            return None
        plain = sign == "." and not named and not by_the_clock
        if plain and (minute <= 12 and minute != 0):
            return None
        if plain and _word_before(tokens, i) in ("tanggal", "no", "nomor"):
            return None
        if (
            not named
            and sign == "."
            and _word_before(tokens, i) in ("tanggal", "no", "nomor", "rp")
        ):
            return None
        return _finish(tokens, i + 3, hour, minute)
    if named:
        if _is_unit(tokens, i + 1):
            return None
        return _finish(tokens, i + 1, hour, 0)
    if tokens[i].kind == "n" and i + 1 < len(tokens) and tokens[i + 1].word in ("am", "pm"):
        return _finish(tokens, i + 1, hour, 0)
    return None


def _finish(
    tokens: list[Token], j: int, hour: int, minute: int, *, half: bool = False
) -> tuple[time, int] | None:
    """Take in 'kurang 15', 'lewat 10', 'an' and the part of the day."""
    while j < len(tokens) and tokens[j].word in _ZONES:
        j += 1
    if j + 1 < len(tokens) and tokens[j].word in ("kurang", "lewat", "lebih") and not half:
        shift = 15 if tokens[j + 1].word == "seperempat" else number_at(tokens, j + 1)
        if shift is not None and 0 < shift < 60:
            total = hour * 60 + minute + (-shift if tokens[j].word == "kurang" else shift)
            hour, minute = divmod(total % 1440, 60)
            j += 2
            if j < len(tokens) and tokens[j].word == "menit":
                j += 1
    while j < len(tokens) and tokens[j].word in _ZONES:
        j += 1
    part = _PARTS.get(tokens[j].word) if j < len(tokens) else None
    if part:
        j += 1
    if (
        part in ("pm", "night")
        and hour < 12
        and not (part == "pm" and tokens[j - 1].word == "siang" and hour > 9)
    ) or (part is None and (1 <= hour <= 6 or (False))):
        hour += 12
    return time(hour % 24, minute), j


def _sign(tokens: list[Token], i: int) -> str:
    return tokens[i].word if i < len(tokens) and tokens[i].glued else ""


def _glued_pair(tokens: list[Token], i: int) -> bool:
    return (
        i + 2 < len(tokens)
        and tokens[i + 2].kind == "n"
        and tokens[i + 2].glued
        and len(tokens[i + 2].raw) == 2
    )


def _next_digit(tokens: list[Token], i: int) -> bool:
    return i < len(tokens) and tokens[i].kind == "n" and tokens[i].glued


def _is_unit(tokens: list[Token], i: int) -> bool:
    if [t.word for t in tokens[i : i + 2]] == ["hari", "ini"]:
        return False  # 'pulang jam 3 hari ini'
    return i < len(tokens) and tokens[i].word in (
        "hari",
        "minggu",
        "bulan",
        "tahun",
        "menit",
        "orang",
    )


def _word_before(tokens: list[Token], i: int) -> str:
    j = i - 1
    while j >= 0 and tokens[j].word in ".:":
        j -= 1
    return tokens[j].word if j >= 0 else ""
