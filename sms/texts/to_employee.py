"""What an employee hears of their own requests: receipts, outcomes, answers."""

from __future__ import annotations

from collections.abc import Sequence

from domain.people import short_name
from sms.texts.words import (
    EXAMPLE,
    SEGMENT,
    Asked,
    asked_words,
    capital,
    fit,
    plain,
    plea_words,
    span_words,
)


def receipt(asked: Asked, decider: str, days: int | None, *, bereaved: bool = False) -> str:
    """Receipt (tanda terima): what was understood, and who is asked now."""
    what = asked_words(asked)
    length = f" ({days} hari kerja)" if days and days > 1 else ""
    opening = "Kami turut berduka cita. " if bereaved else ""
    who = short_name(decider)
    return fit(
        f"{opening}{capital(what)}{length} sudah kami terima dan teruskan ke {who}. "
        "Keliru? Balas BATAL. Salam, Hadir",
        f"{opening}{capital(what)}{length} sudah kami teruskan ke {who}. Keliru? Balas BATAL.",
        f"{opening}{capital(what)} sudah kami teruskan ke {who}.",
    )


def receipt_for_sick(asked: Asked, decider: str) -> str:
    """Receipt with a wish, for illness."""
    who = short_name(decider)
    return fit(
        f"{capital(asked_words(asked))} sudah kami teruskan ke {who}. Semoga lekas sembuh. "
        "Surat dokter bisa menyusul ke operator.",
        f"{capital(asked_words(asked))} sudah kami teruskan ke {who}. Semoga lekas sembuh.",
    )


def changed(asked: Asked, decider: str | None) -> str:
    """Receipt of a correction: the corrected request stands, and the supervisor is asked anew."""
    who = short_name(decider) if decider else "bagian umum"
    return fit(
        f"Diubah menjadi {asked_words(asked)} dan diteruskan ke {who}. Keliru? Balas BATAL.",
        f"Diubah menjadi {asked_words(asked)} dan diteruskan. Keliru? Balas BATAL.",
    )


def nobody_to_decide(asked: Asked) -> str:
    """Receipt when no supervisor stands in the register."""
    return fit(
        f"{capital(asked_words(asked))} sudah kami terima. Atasan Anda belum tercatat, jadi kami "
        "teruskan ke bagian umum.",
        f"{capital(asked_words(asked))} sudah kami terima dan teruskan ke bagian umum.",
    )


def agreed(asked: Asked, decider: str) -> str:
    """Outcome (kabar): the supervisor agreed; it is not yet recorded."""
    return fit(
        f"{capital(plea_words(asked))} disetujui {short_name(decider)}. Selanjutnya dicatat "
        "bagian umum. Terima kasih.",
        f"{capital(plea_words(asked))} disetujui {short_name(decider)}.",
    )


def refused(asked: Asked, decider: str, reason: str) -> str:
    """Outcome: not agreed, with the reason where there is one."""
    what, who, reason = asked_words(asked), short_name(decider), plain(reason)
    return fit(
        *([f"Mohon maaf, {what} belum dapat disetujui {who}: {reason}"] if reason else []),
        f"Mohon maaf, {what} belum dapat disetujui {who}. Silakan bicarakan langsung.",
        f"Mohon maaf, {what} belum dapat disetujui.",
    )


def postponed(asked: Asked, decider: str, reason: str) -> str:
    """Outcome: put off (ditangguhkan)."""
    what, who, reason = asked_words(asked), short_name(decider), plain(reason)
    return fit(
        *([f"{capital(what)} ditangguhkan {who}: {reason}"] if reason else []),
        f"{capital(what)} ditangguhkan {who}. Silakan ajukan lagi lain hari.",
        f"{capital(what)} ditangguhkan.",
    )


def change_proposed(asked: Asked, changed: Asked, decider: str, code: str) -> str:
    """The supervisor agrees to something else; the employee accepts or refuses."""
    return fit(
        f"{short_name(decider)} mengusulkan {asked_words(changed)}, bukan "
        f"{span_words(asked.start, asked.end)}. Setuju? Balas YA {code} atau TIDAK {code}.",
        f"Usul atasan: {asked_words(changed)}. Balas YA {code} atau TIDAK {code}.",
    )


def decision_taken_back(asked: Asked, decider: str) -> str:
    """Outcome: what was decided no longer stands; it is being looked at again."""
    return fit(
        f"Ralat: keputusan atas {asked_words(asked)} ditarik {short_name(decider)} dan sedang "
        "ditimbang lagi. Kabar menyusul.",
        f"Ralat: keputusan atas {asked_words(asked)} ditarik. Kabar menyusul.",
    )


def ask_accept(changed: Asked, code: str) -> str:
    """The answer to a proposed change was neither yes nor no."""
    return fit(
        f"Mohon kepastian atas usul {asked_words(changed)}: balas YA {code}, TIDAK {code}, atau "
        "tulis tanggal lain.",
        f"Mohon kepastian: balas YA {code} atau TIDAK {code}.",
    )


def recorded(asked: Asked) -> str:
    """Outcome: the operator has recorded it."""
    return fit(f"{capital(asked_words(asked))} sudah dicatat. Terima kasih, Hadir.")


def given_back_to_employee(asked: Asked, why: str) -> str:
    """The case came back for something missing."""
    what, why = capital(asked_words(asked)), plain(why)
    return fit(
        *(
            [f"{what} dikembalikan bagian umum: {why}. Silakan lengkapi lewat operator."]
            if why
            else []
        ),
        f"{what} dikembalikan bagian umum. Silakan hubungi operator unit Anda.",
    )


def withdrawn(asked: Asked) -> str:
    """Receipt of a withdrawal."""
    return fit(f"Baik, {asked_words(asked)} sudah dibatalkan. Terima kasih sudah mengabari.")


def nothing_to_cancel() -> str:
    return "Tidak ada permohonan Anda yang bisa dibatalkan. Ketik STATUS untuk melihat."


def which_to_cancel(choices: Sequence[Asked]) -> str:
    """Several could be meant."""
    listed = "; ".join(asked_words(choice) for choice in choices)
    return fit(
        f"Yang mana yang dibatalkan? {listed}. Balas BATAL dan tanggalnya.",
        "Yang mana yang dibatalkan? Balas BATAL dan tanggalnya, mis. BATAL 12 DES.",
    )


def status(lines: Sequence[tuple[Asked, str]]) -> str:
    """Answer to STATUS: the latest requests and where each stands, within one segment."""
    if not lines:
        return f"Belum ada permohonan Anda yang berjalan. Contoh mengajukan: {EXAMPLE}"
    parts = [f"{asked_words(asked)}: {standing}" for asked, standing in lines]
    while len(parts) > 1 and len("; ".join(parts)) > SEGMENT:
        parts.pop()
    return fit(capital("; ".join(parts)))


def balance(half_days: int) -> str:
    """Answer to SISA CUTI: what is recorded here; the ledger of former years is kept elsewhere."""
    days = f"{half_days // 2} setengah" if half_days % 2 else str(half_days // 2)
    return fit(
        f"Cuti tahunan Anda yang tercatat di Hadir tahun ini: {days} hari kerja. Sisa resmi, "
        "termasuk tahun lalu, ada di bagian umum unit Anda."
    )


def help_text() -> str:
    return fit(
        f"Contoh: {EXAMPLE} / SAKIT HARI INI / IZIN TERLAMBAT JAM 9 / DINAS LUAR BESOK KE BPKP. "
        "STATUS untuk cek, BATAL untuk membatalkan."
    )
