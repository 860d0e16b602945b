"""What is told to others or said of records (pengumuman, rekap): no request of the sender's."""

from __future__ import annotations

from sms.grammar.absences import permits
from sms.grammar.answers import unclear
from sms.grammar.meaning import Meaning, Question, WorkingDays
from sms.grammar.reading import Reading
from sms.grammar.slots import Slots

_SHEETS = ("absen", "daftar", "laporan", "aplikasi", "sistem")
_PROTESTS = ("salah", "koreksi", "perbaiki", "betulkan", "kosong", "alpa")
_AWAY = frozenset(
    [
        "izin", "cuti", "telat", "lambat", "libur", "sakit", "dinas", "tidak", "bolos", "pulang",
        "belum", "mengambil", "ambil", "mengajukan", "absen", "keluar",
    ]
)  # fmt: skip
_ORDERS = frozenset(
    [
        "harap", "diharap", "diharapkan", "mohon", "tolong", "noted", "dianggap", "wajib", "segera",
        "agar", "supaya", "lengkapi", "serahkan", "diserahkan", "dikumpul", "dikumpulkan",
        "kumpulkan", "siap-siap", "harus", "akan", "jangan", "dilengkapi", "mengisi", "isi",
        "kabari",
    ]
)  # fmt: skip
CUES = frozenset(
    [
        "joke",
        "yang",
        "beliau",
        "notice",
        "siapa",
        "record",
        "record.firm",
        "kata",
        "katanya",
        *_PROTESTS,
        *_ORDERS,
    ]
)
"""Words and concepts one of which stands in every such message."""
_BEFORE_WHOM = frozenset(
    [
        "", ",", ".", ":", ";", "\n", "mohon", "tolong", "harap", "bagi", "untuk", "kepada", "pak",
        "bu", "bapak", "ibu", "rekan", "teman", "guru", "info",
    ]
)  # fmt: skip
_MANY = frozenset(
    [
        "teman-teman", "rekan-rekan", "kawan-kawan", "bapak-bapak", "ibu-ibu", "guru-guru",
        "staf", "pegawai", "semua", "semuanya", "seluruh", "anggota",
    ]
)  # fmt: skip
_OF_MINE = frozenset(
    ["meja", "ke", "ruangan", "hp", "wa", "kepada", "pada", "hubungi", "nomor", "kabari"]
)
_WISHING = frozenset(["mohon", "minta", "mau", "ambil", "mengajukan", "izin", "ajukan"])
_SAID_OF_RECORDS = frozenset(
    ["ada", "tapi", "bukan", "padahal", "sebagai", "sudah", "alpa", "harusnya", "seharusnya"]
)


def notices(text: str, reading: Reading, slots: Slots, calendar: WorkingDays) -> Meaning | None:
    """A notice to others, a complaint about records, a joke: asked back, nothing is filed."""
    if reading.has("joke"):
        return unclear(Question.INTENT, "a joke")
    told = reading.has_word("yang", "beliau", "katanya", "kata", *_ORDERS) or reading.has("notice")
    if told and not _speaks_of_oneself(reading) and _tells_others(reading):
        return unclear(Question.INTENT, "a notice to others")
    if reading.has_word("siapa") and _asks_who_is_away(reading):
        return unclear(Question.INTENT, "asks about others")
    if reading.has("record.firm"):
        return unclear(Question.INTENT, "about records")
    if (reading.has("record") and not _wishes(reading)) or _protests(reading):
        return unclear(Question.INTENT, "about records")
    return None


def _speaks_of_oneself(reading: Reading) -> bool:
    """A 'saya' that is not the owner of a desk or a telephone."""
    return any(
        word == "saya" and reading.word(i - 1) not in _OF_MINE
        for i, word in enumerate(reading.words)
    )


def _tells_others(reading: Reading) -> bool:
    if any(mark.start <= 2 for mark in reading.marks("notice")):
        return True
    if reading.has_word("beliau") and not reading.has_word("izin", "mohon", "kami"):
        return True
    words = reading.words
    said = any(
        word in ("kata", "katanya") and reading.word(i + 1) in ("sakit", "izin", "cuti")
        for i, word in enumerate(words)
    )
    if said or (reading.has_word("siswa", "murid") and not permits(reading)):
        return True  # 'pak Joko belum absen, katanya sakit'
    if any(_several(reading, i) for i in (0, 1, 2)) and not _ORDERS.isdisjoint(words):
        return True  # 'kawan2 jangan lupa isi SKP sebelum cuti'
    return any(
        word == "yang" and _whoever(reading, i) and _ordered(reading, i)
        for i, word in enumerate(words)
    )


def _asks_who_is_away(reading: Reading) -> bool:
    """'yg DL minggu ini siapa aja pak? sy mau susun jadwal piket'."""
    said = next(words for words in _sentences(reading) if "siapa" in words)
    return "yang" in said and "saya" not in said and not _AWAY.isdisjoint(said)


def _whoever(reading: Reading, i: int) -> bool:
    """The 'yang' of 'yang izin', 'bagi yang akan mengambil cuti', 'tidak ada yang telat'."""
    away = reading.words[i + 1 : i + 5]
    if away[:1] == ["terhormat"]:
        return False
    before = reading.word(i - 1)
    if before == "ada":
        return reading.word(i + 1) in _AWAY
    return (before in _BEFORE_WHOM or _several(reading, i - 1)) and not _AWAY.isdisjoint(away)


def _several(reading: Reading, i: int) -> bool:
    """'guru-guru', 'staf', 'rekan2', 'teman teman'."""
    if reading.word(i) in _MANY:
        return True
    if reading.word(i) not in ("teman", "ibu", "rekan", "guru"):
        return False
    return not {"2", "-"}.isdisjoint(reading.tokens[i].raw) or reading.word(i - 1) == "teman"


def _ordered(reading: Reading, i: int) -> bool:
    """Those people are told to do something, or what becomes of them."""
    if reading.word(i - 1) == "ada":
        return not {"jangan", "tidak", "boleh"}.isdisjoint(reading.before(i, 4))
    asked = reading.word(i - 1) in ("mohon", "tolong", "harap", "bagi")
    return asked or _several(reading, i - 1) or not _ORDERS.isdisjoint(reading.words[i + 1 :])


def _protests(reading: Reading) -> bool:
    """'absen Oktober saya salah', 'daftar hadir bulan lalu kosong'."""
    if not reading.has_word(*_PROTESTS):
        return False
    return not reading.has("permit") and any(
        not set(_SHEETS).isdisjoint(said) and not set(_PROTESTS).isdisjoint(said)
        for said in _sentences(reading)
    )


def _sentences(reading: Reading) -> list[list[str]]:
    """The words of the message, sentence by sentence."""
    said: dict[int, list[str]] = {}
    for sentence, word in zip(reading.sentences, reading.words, strict=True):
        said.setdefault(sentence, []).append(word)
    return list(said.values())


def _wishes(reading: Reading) -> bool:
    """Beside the record something is asked for: 'besok izin ke BKD urus rekap absen'."""
    if any(reading.word(place - 1) not in _SAID_OF_RECORDS for place in permits(reading)):
        return True
    if reading.has("today", "tomorrow", "day.after") and reading.has("sick", "absence", "leave"):
        return not reading.has("told")
    return any(
        reading.word(mark.start - 1) in _WISHING
        for concept in ("leave", "annual", "duty", "sickleave")
        for mark in reading.true_marks(concept)
    )
