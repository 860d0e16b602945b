"""What a supervisor hears: requests, reminders, and the echo of every decision."""

from __future__ import annotations

from domain.people import short_name
from sms.texts.words import Asked, asked_words, capital, fit, shown_reason


def approval_request(name: str, asked: Asked, code: str) -> str:
    """Approval request (permintaan persetujuan); the reason is the first field to drop."""
    what, who = asked_words(asked), short_name(name)
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


def echo_change(name: str, changed: Asked) -> str:
    return fit(
        f"Usul {asked_words(changed)} kami sampaikan ke {short_name(name)} untuk dijawab. "
        "Terima kasih.",
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


def filed_for_you(asked: Asked, by: str) -> str:
    """Echo to the employee of what was filed on their behalf."""
    return fit(
        f"{capital(asked_words(asked))} untuk Anda sudah dicatatkan {short_name(by)}. "
        "Keliru? Balas SALAH.",
    )
