"""Questions and alerts about a day: polite before it closes, with proof after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

from domain.people import short_name
from sms.texts.words import DAY_WORDS, LISTED_NAME, day_words, fit, in_groups


def cutoff_question(name: str, until: time) -> str:
    """Polite same-day question (pertanyaan pagi); never calls anybody absent."""
    return fit(
        f"Yth. {short_name(name)}, kehadiran Anda belum terekam sampai {until:%H.%M}. "
        "Balas SAKIT, IZIN, DINAS atau HADIR. Terima kasih.",
    )


def morning_list(day: date, names: Sequence[str]) -> list[str]:
    """Morning list (daftar pagi) to a supervisor, whole in itself, in as many texts as needed."""
    groups = in_groups(names)
    return [
        f"Daftar pagi {day_words(day)}, belum terekam: "
        f"{', '.join(short_name(name, LISTED_NAME) for name in group)}"
        f"{'. Mereka sudah kami tanya.' if group is groups[-1] else ' ...'}"
        for group in groups
    ]


def absences_in_a_row(name: str, day: date, to_bkd: bool) -> str:
    """To Kasubag, later to BKD: a run of absent working days reached its step. An indication."""
    step = "menurut aturan disiplin" if to_bkd else "dengan memanggil ybs"
    return fit(
        f"Indikasi: {short_name(name)} tanpa keterangan beberapa hari kerja berturut-turut sampai "
        f"{day_words(day)}. Mohon ditindaklanjuti {step}.",
        f"Indikasi: {short_name(name)} tanpa keterangan berturut-turut sampai {day_words(day)}.",
    )


def absence_alert(name: str, day: date) -> str:
    """After day close, with proof: what stands, and how to object."""
    return fit(
        f"Yth. {short_name(name)}, {day_words(day)} tercatat tanpa keterangan. Bila keliru, balas "
        f"SALAH {day.day}, atau SAKIT/IZIN/DINAS dan tanggalnya.",
    )


def absence_alert_supervisor(name: str, day: date) -> str:
    return fit(
        f"{short_name(name)} tercatat tanpa keterangan {day_words(day)}. Bila Anda tahu sebabnya, "
        f"balas mis. {short_name(name, 14)} SAKIT {day_words(day).upper()}.",
        f"{short_name(name)} tercatat tanpa keterangan {day_words(day)}.",
    )


def day_corrected(name: str, day: date, status_now: str) -> str:
    """Who got a wrong message gets its correction."""
    return fit(
        f"Ralat: {short_name(name)} tanggal {day_words(day)} kini tercatat "
        f"{DAY_WORDS[status_now]}. Mohon maaf atas pesan sebelumnya.",
    )


def before_the_close(
    name: str, absent: Sequence[date], short: Sequence[date], deadline: date
) -> str:
    """Before a month is closed: which days stand against somebody, and how to object in time."""
    parts = [f"TK {_dates(absent)}"] if absent else []
    parts += [f"absen kurang {_dates(short)}"] if short else []
    example = (absent or short)[0].day
    ask = f"Keliru? Balas SALAH {example} sebelum {day_words(deadline)}."
    few = f"{len(absent) + len(short)} hari belum beres, mis. {day_words((absent or short)[0])}."
    return fit(
        f"Yth. {short_name(name)}: {'; '.join(parts)}. {ask}",
        f"{'; '.join(parts)}. {ask}",
        f"Yth. {short_name(name)}: {few} {ask}",
    )


def _dates(days: Sequence[date]) -> str:
    """'12 Nov', '12, 13, 17 Nov'"""
    numbers = ", ".join(str(day.day) for day in days[:-1])
    last = day_words(days[-1])
    return f"{numbers}, {last}" if numbers else last


def answer_noted(what: str) -> str:
    """Receipt of an answer to a question or alert: 'hadir', 'lupa absen'."""
    return fit(f"Terima kasih, jawaban Anda ({what}) kami teruskan ke operator untuk dicek.")
