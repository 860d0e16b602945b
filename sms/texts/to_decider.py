"""What a supervisor hears: requests, reminders, and the echo of every decision."""

from __future__ import annotations

from collections.abc import Sequence

from domain.cases import Move
from domain.people import short_name
from sms.texts.words import Asked, asked_words, capital, fit, plea_words, shown_reason


def approval_request(name: str, asked: Asked, code: str) -> str:
    """Approval request (permintaan persetujuan); the reason is the first field to drop."""
    what, who = plea_words(asked), short_name(name)
    how = f"Balas YA {code} atau TIDAK {code} + alasan."
    reason = shown_reason(asked)
    return fit(
        *([f"{who} mohon {what}: {reason}. {how}"] if reason else []),
        f"{who} mohon {what}. {how}",
        f"{who}: {what}. YA {code} / TIDAK {code} + alasan",
    )


def reminder(name: str, asked: Asked, code: str) -> str:
    """A second word about a request that still waits."""
    return fit(
        f"Mengingatkan: {short_name(name)} menunggu jawaban untuk {asked_words(asked)}. "
        f"Balas YA {code} atau TIDAK {code} + alasan.",
        f"Mengingatkan: {short_name(name)}, {asked_words(asked)}. YA {code} / TIDAK {code}.",
    )


def escalated(name: str, asked: Asked, code: str, decider: str) -> str:
    """The request goes on to somebody else, because the decider has not answered."""
    return fit(
        f"{short_name(decider)} belum menjawab. {short_name(name)} mohon {plea_words(asked)}. "
        f"Balas YA {code} atau TIDAK {code} + alasan.",
        f"{short_name(name)} mohon {plea_words(asked)}, atasan belum menjawab. YA {code} / "
        f"TIDAK {code} + alasan",
    )


def echo_agreed(name: str, asked: Asked, code: str) -> str:
    """Every decision is echoed to the decider with a way to undo it."""
    return fit(
        f"Anda menyetujui {asked_words(asked)} untuk {short_name(name)}. Bukan Anda? "
        f"Balas BATAL {code} dalam 1 jam.",
        f"Anda menyetujui {short_name(name)}, {asked_words(asked)}. Bukan Anda? BATAL {code}",
    )


def echo_refused(name: str, asked: Asked, code: str, has_reason: bool) -> str:
    ask = "" if has_reason else f" Mohon alasannya: balas ALASAN {code} dan isinya."
    return fit(
        f"Anda tidak menyetujui {asked_words(asked)} untuk {short_name(name)}.{ask} "
        f"Bukan Anda? Balas BATAL {code}.",
        f"Anda tidak menyetujui {short_name(name)}.{ask} Bukan Anda? BATAL {code}",
    )


def echo_postponed(name: str, asked: Asked, code: str) -> str:
    return fit(
        f"Anda menangguhkan {asked_words(asked)} untuk {short_name(name)}. Bukan Anda? "
        f"Balas BATAL {code} dalam 1 jam.",
        f"Anda menangguhkan {short_name(name)}. Bukan Anda? BATAL {code}",
    )


def echo_change(name: str, changed: Asked, code: str) -> str:
    return fit(
        f"Usul {asked_words(changed)} kami sampaikan ke {short_name(name)} untuk dijawab. "
        f"Keliru? Balas BATAL {code} dalam 1 jam.",
        f"Usul {asked_words(changed)} kami sampaikan. Keliru? Balas BATAL {code}.",
    )


def echo_several(choices: Sequence[tuple[str, str]], move: Move) -> str:
    """One echo of one SMS that decided several requests: (code, name)."""
    done = {Move.AGREE: "menyetujui", Move.REFUSE: "tidak menyetujui"}.get(move, "menangguhkan")
    listed = ", ".join(f"{short_name(name, 14)} ({code})" for code, name in choices)
    example = choices[0][0]
    return fit(
        f"Anda {done}: {listed}. Keliru? Balas BATAL dan kodenya, mis. BATAL {example}.",
        f"Anda {done} {len(choices)} permohonan. Keliru? Balas BATAL dan kodenya, mis. "
        f"BATAL {example}.",
    )


def change_answered(name: str, asked: Asked, *, accepted: bool) -> str:
    """The supervisor hears what the employee said to the proposal."""
    who = short_name(name)
    if accepted:
        return fit(f"{who} menerima usul Anda: {asked_words(asked)}. Diteruskan ke bagian umum.")
    return fit(f"{who} tidak menerima usul Anda, permohonannya ditutup. Tidak perlu dijawab lagi.")


def change_request(name: str, before: Asked, asked: Asked, code: str) -> str:
    """The employee has corrected a request; the corrected one is asked for instead."""
    what, who = asked_words(asked), short_name(name)
    return fit(
        f"{who} mengubah {asked_words(before)} menjadi {what}. Balas YA {code} atau TIDAK {code} "
        "+ alasan.",
        f"{who} mengubah permohonannya menjadi {what}. YA {code} / TIDAK {code} + alasan",
    )


def ask_which_half(name: str, code: str) -> str:
    """Half a day was agreed to, without saying which half."""
    return fit(
        f"Setengah hari untuk {short_name(name)}: bagian mana? Balas {code} SETENGAH HARI PAGI "
        f"atau {code} SETENGAH HARI SIANG.",
    )


def undone(name: str, asked: Asked, code: str) -> str:
    return fit(
        f"Keputusan untuk {short_name(name)}, {asked_words(asked)}, sudah ditarik. "
        f"Balas YA {code} atau TIDAK {code} + alasan.",
        f"Keputusan {code} sudah ditarik. Balas YA {code} atau TIDAK {code} + alasan.",
    )


def too_late_to_undo() -> str:
    return "Keputusan itu sudah diteruskan. Silakan hubungi Kasubag Umum untuk mengubahnya."


def withdrawn_notice(name: str, asked: Asked) -> str:
    return fit(f"{short_name(name)} membatalkan {asked_words(asked)}. Tidak perlu dijawab lagi.")


def report_confirm(name: str, asked: Asked) -> str:
    """The supervisor reports a subordinate's absence; asked back once."""
    return fit(
        f"Catat {short_name(name)} {asked_words(asked)}, dan Anda setujui? Balas YA bila benar.",
    )


def filed_for_other(name: str, asked: Asked, decider: str | None) -> str:
    """Receipt for who lent the phone."""
    to = f"teruskan ke {short_name(decider)}" if decider else "teruskan ke bagian umum"
    return fit(
        f"{capital(asked_words(asked))} untuk {short_name(name)} sudah kami terima dan {to}.",
        f"{capital(asked_words(asked))} untuk {short_name(name)} sudah kami terima.",
    )


def filed_for_you(asked: Asked, by: str) -> str:
    """Echo to the employee of what was filed on their behalf."""
    return fit(
        f"{capital(asked_words(asked))} untuk Anda sudah dicatatkan {short_name(by)}. "
        "Keliru? Balas SALAH.",
    )
