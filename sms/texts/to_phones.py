"""Words about the phone itself: strangers, wrong people, stops."""

from __future__ import annotations

from domain.people import short_name
from sms.texts.words import fit


def stranger() -> str:
    """To somebody who is not in the register, at most once a day."""
    return (
        "Mohon maaf, HP ini belum terdaftar di Hadir. Silakan hubungi operator kepegawaian di "
        "unit kerja Anda."
    )


def stopped() -> str:
    return "Baik, HP ini tidak akan kami kirimi pesan lagi. Mohon maaf atas gangguannya."


def alerts_stopped() -> str:
    return "Baik, pengingat harian dihentikan. Jawaban atas permohonan Anda tetap kami kirim."


AGAIN = "(ulang) "
ANOTHER_CARD = "Hadir, kartu lain: "


def again(text: str) -> str:
    """A second copy of a message that may have arrived before says so."""
    return text if text.startswith(AGAIN) else AGAIN + text


def from_another_card(text: str) -> str:
    """What leaves over a number the recipient does not know names its sender."""
    return ANOTHER_CARD + text


def number_changed(name: str, last_digits: str) -> str:
    """To the old number when another takes its place."""
    return fit(
        f"Yth. {short_name(name)}, HP Anda di Hadir diganti dengan yang berakhiran {last_digits}. "
        "Bukan Anda? Segera hubungi operator unit.",
    )


def number_noted(name: str) -> str:
    """To the new number; its answer is what verifies it."""
    return fit(
        f"Yth. {short_name(name)}, HP ini kami catat sebagai HP Anda di Hadir. Balas YA bila "
        "benar, atau BUKAN SAYA bila keliru.",
    )


def phone_not_known(name: str, code: str) -> str:
    """A decision from a phone that never answered us; its next answer is one."""
    return fit(
        f"HP ini belum kami kenal, jadi jawabannya belum kami catat. Bila Anda {short_name(name)}, "
        f"mohon balas sekali lagi: YA {code} atau TIDAK {code}.",
        f"HP ini belum kami kenal. Mohon balas sekali lagi: YA {code} atau TIDAK {code}.",
    )


def number_verified() -> str:
    return "Terima kasih, HP ini sudah kami kenal. Salam, Hadir"


def unusual_decision(name: str, oddity: str) -> str:
    """To another number of the decider, or to Kasubag: 'HP yang lama diam'."""
    return fit(
        f"Keputusan atas nama {short_name(name)} baru saja masuk dari {oddity}. Mohon dipastikan; "
        "bila keliru segera kabari operator unit.",
    )
