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


def cut_off() -> str:
    """To a long SMS of which a part never came (SMS terpotong)."""
    return fit(
        "Maaf, SMS Anda sampai tidak utuh. Mohon kirim ulang dengan lebih singkat. "
        f"Contoh: {EXAMPLE}. Terima kasih."
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


def ask_confirm_change(before: Asked, after: Asked) -> str:
    """The employee corrects a request: say what it would become, ask for YA."""
    return fit(
        f"{capital(asked_words(before))} diubah menjadi {asked_words(after)}? Balas YA bila benar, "
        "atau tulis yang benar.",
        f"Diubah menjadi {asked_words(after)}? Balas YA bila benar, atau tulis yang benar.",
    )


def ask_change(asked: Asked) -> str:
    """A correction that does not say into what."""
    return fit(
        f"{capital(asked_words(asked))} mau diubah menjadi tanggal berapa? Contoh: JADI 12-14 DES",
        "Mau diubah menjadi tanggal berapa? Contoh: JADI 12-14 DES",
    )


def ask_confirm_cancel(asked: Asked) -> str:
    """A withdrawal with a condition or of a part that cannot be told."""
    return fit(f"Batalkan {asked_words(asked)} seluruhnya? Balas YA bila benar, TIDAK bila tetap.")


def which_to_change(choices: Sequence[Asked]) -> str:
    """Several requests could be meant by a correction."""
    listed = "; ".join(asked_words(choice) for choice in choices)
    return fit(
        f"Yang mana yang diubah? {listed}. Balas mis. RALAT CUTI BUKAN TGL 8 TAPI 9.",
        "Yang mana yang diubah? Sebut jenis dan tanggal lamanya, mis. RALAT CUTI BUKAN TGL 8 "
        "TAPI 9.",
    )


def nothing_to_change() -> str:
    return f"Tidak ada permohonan Anda yang bisa diubah. Silakan ajukan, contoh: {EXAMPLE}"


def change_too_late(asked: Asked) -> str:
    return fit(f"{capital(asked_words(asked))} sudah tidak berlaku. Ketik STATUS untuk melihat.")


def ask_which_half_day(start: date | None) -> str:
    """Half a day was asked for without saying which half."""
    when = f" {day_words(start)}" if start else ""
    return f"Setengah hari{when}: balas PAGI bila datang siang, SIANG bila pulang siang."


def one_request_each() -> str:
    """Two requests in one SMS."""
    return f"Mohon satu SMS untuk satu permohonan. Contoh: {EXAMPLE}"


def ask_unconditional(code: str, name: str) -> str:
    """An agreement on a condition cannot be kept as one."""
    return fit(
        f"Untuk {short_name(name)}: syarat tidak bisa kami catat. Balas YA {code}, TIDAK {code} + "
        f"alasan, atau usul tanggal, mis. {code} BOLEH TGL 8 SAJA.",
        f"Syarat tidak bisa kami catat. Balas YA {code}, TIDAK {code} + alasan, atau usul tanggal.",
    )


def ask_draft_or_code(code: str, name: str) -> str:
    """A bare yes while two different questions of ours are open."""
    return fit(
        f"Ada dua pertanyaan kami. Balas YA {code} untuk permohonan {short_name(name)}, atau BENAR "
        "untuk catatan Anda.",
    )


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


def ask_which_owner(names: Sequence[str]) -> str:
    """A shared phone: which of its owners writes."""
    listed = ", ".join(short_name(name, 20) for name in names)
    return fit(
        f"HP ini dipakai bersama: {listed}. Ini untuk siapa? Balas namanya saja.",
        "HP ini dipakai bersama. Ini untuk siapa? Balas nama lengkapnya saja.",
    )


def ask_which_person(names: Sequence[str]) -> str:
    """Two people carry the name that was written."""
    listed = ", ".join(short_name(name, 20) for name in names[:5])
    return fit(
        f"Siapa yang dimaksud: {listed}? Mohon tulis lagi dengan nama lengkapnya.",
        "Siapa yang dimaksud? Mohon tulis lagi dengan nama lengkapnya.",
    )


def ask_for_other(name: str, asked: Asked) -> str:
    """A request for a colleague, from the sender's phone; asked back once."""
    return fit(f"Catat {asked_words(asked)} untuk {short_name(name)}? Balas YA bila benar.")


def ask_report_days(name: str, kind: CaseKind | None) -> str:
    """A supervisor reports an absence without its days."""
    who = short_name(name)
    what = KIND_WORDS[kind] if kind else "izin"
    return fit(
        f"{who}, {what}: tanggal berapa? Mohon tulis lengkap, mis. {short_name(name, 14).upper()} "
        f"{what.upper()} 12-14 DES.",
        f"{who}, {what}: tanggal berapa? Mohon tulis lengkap.",
    )


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
    when = span_words(start, end)
    return fit(
        f"Permohonan Anda {when} kami terima. Plh Anda {when}: {short_name(name)}? Balas YA bila "
        "benar.",
    )


def stand_in_noted(name: str, start: date, end: date | None) -> str:
    return fit(
        f"Baik. Permohonan yang biasanya ke Anda kami teruskan ke {short_name(name)} "
        f"{span_words(start, end)}."
    )


def you_stand_in(name: str, start: date, end: date | None) -> str:
    """The stand-in hears for whom and when."""
    return fit(
        f"Anda ditunjuk sebagai Plh {short_name(name)} {span_words(start, end)}. Permohonan "
        "pegawai pada hari itu kami teruskan ke Anda.",
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
