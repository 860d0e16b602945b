"""Questions back: what is not sure is asked, with an example."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.cases import CaseKind
from domain.people import short_name
from sms.texts.words import (
    EXAMPLE,
    KIND_WORDS,
    Asked,
    asked_words,
    capital,
    day_words,
    fit,
    plain,
    span_words,
)


def teaching() -> str:
    """One teaching reply to what could not be read."""
    return fit(
        f"Maaf, pesan belum terbaca. Contoh: {EXAMPLE}, atau SAKIT HARI INI. "
        "Ketik BANTUAN untuk cara lain."
    )


def ask_dates(kind: CaseKind | None) -> str:
    what = KIND_WORDS[kind] if kind else "permohonan"
    return fit(
        f"{capital(what)} kami catat dulu. Mulai dan sampai tanggal berapa? Contoh: 12-14 DES"
    )


def ask_end(kind: CaseKind | None, start: date | None) -> str:
    what = KIND_WORDS[kind] if kind else "permohonan"
    since = f" mulai {day_words(start)}" if start else ""
    return fit(f"{capital(what)}{since}, sampai tanggal berapa? Contoh: SAMPAI 14 DES")


def ask_kind(start: date | None, end: date | None) -> str:
    when = f" {span_words(start, end)}" if start else ""
    return fit(f"Untuk{when or ' itu'}: CUTI, IZIN, SAKIT atau DINAS? Balas satu kata saja.")


def ask_confirm(asked: Asked) -> str:
    """A change or a request for someone else: say what was understood, ask for YA."""
    return fit(f"Maksudnya {asked_words(asked)}? Balas YA bila benar, atau tulis yang benar.")


def ask_which(choices: Sequence[tuple[str, str]]) -> str:
    """Several requests wait for this decider: (code, short name)."""
    listed = ", ".join(f"{code} {short_name(name, 14)}" for code, name in choices)
    example = choices[0][0]
    return fit(
        f"Yang mana? {listed}. Balas mis. YA {example} atau TIDAK {example} + alasan.",
        f"Ada {len(choices)} permohonan. Balas dengan kodenya, mis. YA {example}.",
    )


def ask_decision(code: str, name: str, asked: Asked) -> str:
    """The decision itself was not certain."""
    who = short_name(name)
    return fit(
        f"Mohon kepastian untuk {who}, {asked_words(asked)}: balas YA {code} atau TIDAK {code} "
        "+ alasan.",
        f"Mohon kepastian: balas YA {code} atau TIDAK {code} + alasan.",
    )


def ask_who() -> str:
    """A colleague's phone or a shared one."""
    return "Ini untuk siapa? Balas dengan nama lengkap pegawai yang dimaksud, lalu permohonannya."


def draft_expired() -> str:
    return f"Pertanyaan kami belum terjawab, jadi belum ada yang dicatat. Contoh: {EXAMPLE}"


def recorded_answer(asked: Asked, *, accepted: bool) -> str:
    """Receipt of the employee's answer to a proposed change."""
    if accepted:
        return fit(f"Baik, {asked_words(asked)} kami teruskan ke bagian umum. Terima kasih.")
    return fit("Baik, usul itu tidak dipakai dan permohonannya ditutup. Silakan ajukan lagi.")


def reason_noted(name: str) -> str:
    return fit(f"Terima kasih, alasannya kami sampaikan ke {short_name(name)}.")


def draft_dropped() -> str:
    return f"Baik, tidak kami catat. Silakan kirim yang benar, contoh: {EXAMPLE}"


def ask_stand_in(name: str, start: date, end: date | None) -> str:
    """A stand-in (Plh) was named; asked back once."""
    return fit(f"Plh Anda {span_words(start, end)}: {short_name(name)}? Balas YA bila benar.")


def stand_in_noted(name: str, start: date, end: date | None) -> str:
    return fit(
        f"Baik. Permohonan yang biasanya ke Anda kami teruskan ke {short_name(name)} "
        f"{span_words(start, end)}."
    )


def one_at_a_time() -> str:
    return "Mohon satu SMS untuk satu keputusan, mis. YA 41 lalu TIDAK 52 + alasan."


def relayed_question(decider: str, asked: Asked, question: str) -> str:
    """A supervisor's question about a request, handed to the employee."""
    said = plain(question)
    return fit(
        *([f"{short_name(decider)} bertanya tentang {asked_words(asked)}: {said}"] if said else []),
        f"{short_name(decider)} bertanya tentang {asked_words(asked)}. Mohon hubungi langsung.",
    )


def question_relayed(name: str, code: str) -> str:
    return fit(
        f"Pertanyaan Anda kami teruskan ke {short_name(name)}. Keputusannya tetap kami tunggu: "
        f"YA {code} atau TIDAK {code}."
    )


def nothing_waits() -> str:
    return "Tidak ada permohonan yang menunggu keputusan Anda saat ini. Terima kasih."


def already_done(code: str) -> str:
    return f"Permohonan {code} sudah selesai. Terima kasih."
