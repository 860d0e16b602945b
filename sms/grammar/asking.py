"""Questions about the service and about own requests: help, balance, status (pertanyaan)."""

from __future__ import annotations

from sms.grammar import family
from sms.grammar.codes import named_codes
from sms.grammar.meaning import Intent, Meaning, WorkingDays
from sms.grammar.others import third_person
from sms.grammar.reading import Reading
from sms.grammar.slots import Slots

CUES = frozenset(["help", "balance", "status"])


def asks(text: str, reading: Reading, slots: Slots, calendar: WorkingDays) -> Meaning | None:
    if reading.has("other.permit"):
        return None
    if _is_help(reading, slots):
        return Meaning(Intent.HELP, why=("help",))
    if _is_balance(reading, slots) and not third_person(reading):
        return Meaning(Intent.BALANCE, why=("balance",))
    if _is_status(reading, slots) and not third_person(reading):
        return Meaning(Intent.STATUS, codes=named_codes(reading, slots), why=("status",))
    return None


def _questioning(reading: Reading) -> bool:
    return (
        "?" in reading.words
        or reading.has_word(
            "apa", "apakah", "bagaimana", "berapa", "kapan", "mana", "bertanya", "info", "dapatkah"
        )
        or any(t.suffix == "kah" for t in reading.tokens)
    )


_STAFF = frozenset(["pppk", "p3k", "honorer", "cpns", "tenaga kontrak"])


def _is_help(reading: Reading, slots: Slots) -> bool:
    marks = reading.true_marks("help")
    if not marks:
        return False
    if all(m.words in _STAFF for m in marks) and (
        reading.has_word("saya") or not reading.has("leave", "permit")
    ):
        return False  # 'saya honorer, boleh izin?', 'tes pppk kapan?'
    strong = reading.has("help.strong")
    words = reading.count_words()
    if words <= 3 and any(
        m.words
        in (
            "bantuan",
            "info",
            "menu",
            "format",
            "panduan",
            "petunjuk",
            "manual",
            "perintah",
            "tutorial",
            "template",
            "prosedur",
            "how",
        )
        for m in marks
    ):
        return not reading.has("balance")
    dated = slots.stretches > 0
    if (
        reading.has("other_topic")
        and not reading.has(
            "leave",
            "permit",
            "sick",
            "duty",
            "absence",
            "late",
            "early",
            "leavetalk",
            "leavetalk.weak",
        )
        and words > 3
    ):
        return False
    if strong and (not dated or _questioning(reading)) and words <= 40:
        return True
    if dated or reading.has("balance"):
        return False
    about = reading.has(
        "leave",
        "permit",
        "sick",
        "duty",
        "maternity",
        "late",
        "early",
        "leavetalk",
        "leavetalk.weak",
        "absence",
    )
    return _questioning(reading) and about and not _wants(reading)


def _wants(reading: Reading) -> bool:
    return family.is_own_illness(reading) and reading.has("absence")


def _is_balance(reading: Reading, slots: Slots) -> bool:
    marks = reading.true_marks("balance")
    if not marks:
        return False
    if (
        any(m.words == "sisa berapa" for m in marks)
        and len(marks) == 1
        and not reading.has("leave")
    ):
        return False
    asking = "?" in reading.words or reading.has_word(
        "berapa",
        "cek",
        "info",
        "bertanya",
        "minta",
        "lihat",
        "apakah",
        "masih",
        "mohon",
        "tolong",
        "apa",
        "ada",
        "how",
        "tahu",
    )
    if slots.stretches and not (reading.has_word("berapa") or "?" in reading.words):
        return False
    if slots.stretches and reading.has("permit") and not reading.has_word("berapa"):
        return False
    if reading.has_word("kapan") and not reading.has_word("sisa", "tinggal"):
        return False
    if any(m.words in ("cuti masih", "cuti saya masih", "hak cuti") for m in marks) and not asking:
        return False
    return asking or reading.count_words() <= 6


_STATUS_FIRM = frozenset(
    {
        "status",
        "bagaimana kabar",
        "progres",
        "progress",
        "sudah sampai mana",
        "kelanjutan",
        "perkembangan",
        "approved yet",
        "update",
        "any update",
    }
)


def _is_status(reading: Reading, slots: Slots) -> bool:
    marks = reading.true_marks("status")
    if not marks:
        return False
    own = reading.has("own_request") or bool(named_codes(reading, slots))
    decided = any("disetujui" in m.words or "acc" in m.words for m in marks)
    alone = reading.count_words() <= (8 if decided else 6)
    if reading.has("other_topic") and not reading.has(
        "leave", "permit", "duty", "sick", "own_request"
    ):
        return False
    asking = (
        _questioning(reading)
        or reading.has_word("belum", "kah", "mohon", "kok")
        or any(m.words in _STATUS_FIRM for m in marks)
    )
    if (
        reading.has("thanks")
        and "?" not in reading.words
        and not reading.has_word("belum", "status", "bagaimana", "kapan")
    ):
        return False
    if family.is_own_illness(reading) and not reading.has("own_request"):
        return False
    weak = all(
        m.words in ("bagaimana dengan", "ada kabar", "update", "belum diizinkan", "kenapa belum")
        for m in marks
    )
    if weak and (slots.stretches or not own):
        return False
    if reading.has("absence") and not reading.has_word(
        "pengajuan", "permohonan", "disetujui", "acc", "status"
    ):
        return False
    only_done = all(
        m.words
        in (
            "sudah keluar",
            "sudah terbit",
            "sudah diterima",
            "sudah masuk belum",
            "sudah belum",
            "sudah ok",
            "sudah lihat",
            "perkembangan",
            "tindak lanjut",
        )
        for m in marks
    )
    if only_done and not own:
        return False
    if reading.has_word("surat", "sk", "form", "sertifikat", "gaji", "uang") and not own:
        return False
    return (own or alone) and asking
