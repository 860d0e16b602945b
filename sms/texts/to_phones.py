"""Words about the phone itself: strangers, wrong people, stops."""

from __future__ import annotations


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
