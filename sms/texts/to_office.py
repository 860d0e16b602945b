"""What Kasubag Umum, operator and technician hear, and those they type duty travel for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.people import short_name
from sms.texts.words import Asked, asked_words, day_words, fit, plain, span_words


def queue_notice(name: str, asked: Asked, decider: str) -> str:
    """Kasubag Umum hears that a case stands in the queue."""
    return fit(
        f"{short_name(name)}: {asked_words(asked)} disetujui {short_name(decider)}. Menunggu "
        "Anda di panel Hadir.",
        f"{short_name(name)}: {asked_words(asked)} menunggu Anda di panel Hadir.",
    )


def duty_typed(asked: Asked, place: str) -> str:
    """Each traveller hears of duty travel the operator typed."""
    where = f" ke {plain(place)}" if plain(place) else ""
    return fit(
        f"Dinas luar Anda {span_words(asked.start, asked.end)}{where} sudah dicatat operator. "
        "Keliru? Balas SALAH.",
        f"Dinas luar Anda {span_words(asked.start, asked.end)} sudah dicatat. Keliru? Balas SALAH.",
    )


def duty_typed_supervisor(names: Sequence[str], asked: Asked, place: str) -> str:
    """The travellers' supervisor hears once for all of them."""
    where = f" ke {plain(place)}" if plain(place) else ""
    who = short_name(names[0]) + (f" dan {len(names) - 1} lainnya" if len(names) > 1 else "")
    return fit(
        f"Dinas luar {who} {span_words(asked.start, asked.end)}{where} dicatat operator. "
        "Keliru? Balas SALAH.",
        f"Dinas luar {who} {span_words(asked.start, asked.end)} dicatat. Keliru? Balas SALAH.",
    )


def roster_missing(name: str, day: date, people: int, unit: str, *, to_operator: bool) -> str:
    """The ward head, or the operator, is asked for a roster that is not published yet."""
    lacks = f"Yth. {short_name(name)}, jadwal jaga mulai {day_words(day)} untuk {people} pegawai"
    wish = "Mohon diterbitkan di panel Hadir" if to_operator else "Mohon serahkan ke operator unit"
    return fit(
        f"{lacks} {unit} belum terbit. {wish} agar kehadiran terhitung. Terima kasih.",
        f"{lacks} belum terbit. {wish} agar kehadiran terhitung. Terima kasih.",
        f"{lacks} belum terbit. {wish}. Terima kasih.",
    )


def objection(name: str, day: date) -> str:
    """Somebody says they were there though no scan came."""
    return fit(
        f"{short_name(name)} menyatakan hadir {day_words(day)} tetapi belum terekam. Mohon cek "
        "mesin dan daftar hadir di unit.",
    )


def objection_to_case(name: str, asked: Asked) -> str:
    """Somebody says that what was filed or typed is wrong."""
    return fit(
        f"{short_name(name)} menyatakan keliru: {asked_words(asked)}. Mohon dicek di panel.",
    )


def objection_noted(asked: Asked) -> str:
    """Receipt of SALAH."""
    return fit(
        f"Terima kasih. Keberatan Anda atas {asked_words(asked)} kami teruskan untuk dicek.",
    )


def fault_report(name: str, unit: str) -> str:
    """A terminal's trouble, to operator and technician."""
    return fit(
        f"{short_name(name)} melaporkan mesin absensi bermasalah di {unit}. Mohon dicek.",
        f"{short_name(name)} melaporkan mesin absensi bermasalah. Mohon dicek.",
    )


def fault_noted(unit: str) -> str:
    """Receipt of 'mesin rusak'."""
    return fit(
        f"Terima kasih, laporan mesin di {unit} kami teruskan ke operator dan teknisi.",
        "Terima kasih, laporan mesin kami teruskan ke operator dan teknisi.",
    )


def number_disowned(name: str) -> str:
    """To the operator: whoever holds that phone says it is not theirs."""
    return fit(
        f"HP {short_name(name)} dijawab BUKAN SAYA, jadi kami hentikan. Mohon tanyakan HP barunya "
        "dan catat di panel Hadir.",
    )


def road_refused(road: str) -> str:
    """To technicians: a road for SMS refuses our key, so nothing leaves over it."""
    return fit(
        f"Hadir: jalur SMS {road} menolak kunci kami, pesan di jalur itu tertahan. Mohon cek."
    )


FAULT_WORDS = {
    "silent": "tidak menjawab",
    "unreadable": "tidak terbaca",
    "clock": "jamnya meleset",
    "nearly_full": "memori hampir penuh",
    "count_fell": "isi memorinya berkurang",
    "two_addresses": "bicara dari dua alamat",
    "dead_sensor": "hampir tanpa rekaman",
    "reported": "dilaporkan rusak",
    "awaiting_data": "data harinya belum lengkap",
}


def terminal_faults(places: Sequence[tuple[str, str]]) -> str:
    """To technicians: which terminals need a look, as many as one message holds."""
    words = [f"{name[:24].strip()} {FAULT_WORDS[kind]}" for name, kind in places]
    closing = ". Lihat halaman Mesin di panel Hadir."
    candidates = []
    for shown in range(min(len(words), 6), 0, -1):
        rest = len(words) - shown
        more = f" dan {rest} lainnya" if rest else ""
        candidates.append(f"Mesin absensi: {'; '.join(words[:shown])}{more}{closing}")
    return fit(*candidates)
