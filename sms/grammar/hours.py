"""Which clock time is meant (jam izin): arrival, leaving, or from and to."""

from __future__ import annotations

from datetime import time

from domain.cases import CaseKind
from sms.grammar.reading import Reading
from sms.grammar.times import Clock

_APPOINTMENT = frozenset(
    [
        "jadwal",
        "pertemuan",
        "pertemuannya",
        "dipanggil",
        "praktek",
        "praktik",
        "dokter",
        "rapat",
        "acara",
        "janji",
        "pesawat",
        "berangkat",
        "kereta",
        "sidang",
        "wawancara",
        "panggilan",
        "mulai",
        "absen",
        "apel",
        "sejak",
        "tadi",
        "bangun",
        "terbang",
        "flight",
        "kapal",
        "buka",
        "tutup",
        "meninggal",
        "undangan",
        "antrian",
        "undian",
        "kontrol",
        "ujian",
        "resepsi",
        "akad",
        "pemakaman",
        "dimakamkan",
        "kegiatan",
        "upacara",
        "boarding",
        "take",
        "panggil",
        "operasi",
        "bis",
        "speedboat",
        "travel",
        "lahir",
        "jadwalnya",
        "sekolah",
    ]
)
_ARRIVE = frozenset(
    [
        "datang",
        "masuk",
        "tiba",
        "sampai",
        "kantor",
        "turun",
        "telat",
        "absennya",
        "merapat",
        "hadir",
        "lambat",
        "ke",
        "arrive",
    ]
)
_LEAVE = frozenset(
    ["pulang", "cabut", "balik", "leave", "keluar", "meninggalkan", "early", "pamit"]
)
_BACK = frozenset(["kembali", "balik", "masuk", "lagi", "sampai", "selesai", "kantor", "back"])
_GOES = frozenset(["keluar", "meninggalkan"])
_OFFICE_VERBS = (_LEAVE | _ARRIVE | {"kembali", "izin"}) - {"ke", "kantor"}
_AT_THE_OFFICE = _ARRIVE - {"ke", "sampai", "turun"}
_FROM_OR_BACK = _BACK | _LEAVE | {"dari", "mulai"}


def choose_times(
    reading: Reading, clocks: list[Clock], kind: CaseKind | None
) -> tuple[time | None, time | None]:
    """(time_from, time_to) of a late arrival, an early leaving or a going out."""
    if not clocks or kind not in (CaseKind.LATE, CaseKind.EARLY, CaseKind.OUT):
        return None, None
    kept = _after_correction(reading, [c for c in clocks if not _is_denied(reading, c)])
    if kind is CaseKind.LATE:
        chosen = _pick(reading, kept, _ARRIVE)
        return None, (chosen.until or chosen.at) if chosen else None
    if kind is CaseKind.EARLY:
        chosen = _pick(reading, kept, _LEAVE)
        return (chosen.at if chosen else None), None
    return _out(reading, [c for c in kept if not _is_appointment(reading, c)])


def _after_correction(reading: Reading, clocks: list[Clock]) -> list[Clock]:
    for n in range(len(clocks) - 1, 0, -1):
        between = reading.words[clocks[n - 1].end : clocks[n].start]
        if {"eh", "maksud", "salah", "ralat"} & set(between):
            return clocks[n:]
    return clocks


def _is_denied(reading: Reading, clock: Clock) -> bool:
    return "bukan" in reading.before(clock.start, 2)


def _is_appointment(reading: Reading, clock: Clock) -> bool:
    before = list(reading.before(clock.start, 6, across_commas=True))
    for nearer, word in enumerate(before):
        if word == "dokter" and before[nearer + 1 : nearer + 2] == ["ke"]:
            return False
        if word == "mulai" and not _GOES.isdisjoint(before[nearer + 1 : nearer + 3]):
            return False  # 'keluar kantor mulai jam 10', not 'rapat mulai jam 10'
        if word in _OFFICE_VERBS or word.isdecimal():
            return False
        if word in _APPOINTMENT:
            return True
    return False


def _pick(reading: Reading, clocks: list[Clock], verbs: frozenset[str]) -> Clock | None:
    """The clock beside the deciding verb; else the first that is no appointment."""
    beside = [
        c
        for c in clocks
        if any(w in verbs for w in reading.before(c.start, 3)) and not _is_appointment(reading, c)
    ]
    plain = [c for c in clocks if not _is_appointment(reading, c)]
    pool = [c for c in beside if _names_the_office(reading, c)] or beside or plain
    if not pool:
        return None
    return pool[-1] if verbs is _ARRIVE and beside else pool[0]


def _names_the_office(reading: Reading, clock: Clock) -> bool:
    """'ngantor jam 10, ke notaris dulu jam 8': the verb is beside the clock, no errand between."""
    return reading.word(clock.start - 1) in _AT_THE_OFFICE


def _out(reading: Reading, clocks: list[Clock]) -> tuple[time | None, time | None]:
    """From and to: 'jam 10 - 11.30', 'keluar jam 10', 'kembali jam 3', 'sampai jam 2'."""
    start: time | None = None
    end: time | None = None
    for clock in clocks:
        before = list(reading.before(clock.start, 6))
        back = next((w for w in before[:4] if w in _FROM_OR_BACK), "")
        if back == "kantor" and not {"keluar", "meninggalkan"}.isdisjoint(before):
            back = "keluar"
        if clock.until is not None and start is None:
            start, end = clock.at, clock.until
        elif _is_return(reading, clock, back):
            end = clock.at
        elif start is None:
            start = clock.at
        elif end is None:
            end = clock.at
    return start, end


def _is_return(reading: Reading, clock: Clock, back: str) -> bool:
    """'kembali jam 3', 'jam 3 balik ke kantor'."""
    if not back:
        end = clock.end + (reading.word(clock.end) in ("sudah", "baru", "saya"))
        return reading.word(end) in ("balik", "kembali", "pulang")
    if back == "balik":
        return reading.has_word("keluar", "sebentar")
    return back in _BACK
