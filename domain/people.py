"""People, units and posts (pegawai, unit kerja, jabatan): their words, numbers and names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What an account may do in the panel (peran)."""

    OPERATOR = "operator"
    KASUBAG = "kasubag"
    PIMPINAN = "pimpinan"
    BKD = "bkd"
    TECHNICIAN = "technician"
    AUDITOR = "auditor"


class Employment(StrEnum):
    """Legal form of employment (jenis kepegawaian); decides which leave law holds."""

    PNS = "pns"
    CPNS = "cpns"
    PPPK = "pppk"
    PPPK_PART_TIME = "pppk_part_time"  # PPPK paruh waktu


class UnitKind(StrEnum):
    """Kind of unit (jenis unit kerja)."""

    PROVINCE = "province"
    AGENCY = "agency"  # SKPD: dinas, badan, biro
    UPT = "upt"
    HOSPITAL = "hospital"
    SCHOOL = "school"


class PostKind(StrEnum):
    """What a post is for in the way of a case (jabatan)."""

    HEAD = "head"
    KASUBAG = "kasubag"
    OPERATOR = "operator"
    SUPERVISOR = "supervisor"


class Capacity(StrEnum):
    """How a person holds a post: definitif, Plt (pelaksana tugas) or Plh (pelaksana harian)."""

    DEFINITIVE = "definitif"
    PLT = "plt"
    PLH = "plh"


class Stage(StrEnum):
    """How far a unit has joined (tahap): watched without SMS, tried on the operator, live."""

    WATCH = "pantau"
    TRIAL = "uji"
    LIVE = "berlaku"


# --- NIP -------------------------------------------------------------------------------------


class NipFault(StrEnum):
    """What is wrong with a NIP as it was written (kesalahan NIP)."""

    EMPTY = "empty"
    NOT_DIGITS = "not_digits"
    OLD_NINE_DIGITS = "old_nine_digits"
    NOT_18_DIGITS = "not_18_digits"
    ROUNDED = "rounded"  # a spreadsheet kept 15 true digits and wrote 000 or an exponent
    BIRTH_DATE = "birth_date"
    MONTH = "month"
    SEX = "sex"
    AGE = "age"
    EMPLOYMENT = "employment"


_NIP_ADVICE = {
    NipFault.EMPTY: "NIP kosong.",
    NipFault.NOT_DIGITS: "NIP hanya boleh berisi angka.",
    NipFault.OLD_NINE_DIGITS: "Ini NIP lama 9 angka; isi NIP baru 18 angka.",
    NipFault.NOT_18_DIGITS: "NIP harus 18 angka.",
    NipFault.ROUNDED: (
        "Angka akhir NIP hilang (dibulatkan lembar kerja); jadikan kolomnya teks dan isi lagi."
    ),
    NipFault.BIRTH_DATE: "Angka 1-8 NIP bukan tanggal lahir yang mungkin.",
    NipFault.MONTH: "Angka 13-14 NIP bukan bulan (PNS 01-12) dan bukan kode PPPK (21 ke atas).",
    NipFault.SEX: "Angka ke-15 NIP harus 1 (pria) atau 2 (wanita).",
    NipFault.AGE: "Umur saat diangkat menurut NIP harus 17 sampai 58 tahun.",
    NipFault.EMPLOYMENT: "Bentuk NIP tidak cocok dengan jenis kepegawaian.",
}

_ROUNDED_TEXT = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d+|\d{16,}[.,]0+")
_FIRST_PPPK_CODE = 21
_YOUNGEST, _OLDEST = 17, 58


class BadNip(ValueError):
    """A NIP that cannot be one; `fault` names what is wrong, the message says what to do."""

    def __init__(self, fault: NipFault, written: str) -> None:
        super().__init__(_NIP_ADVICE[fault])
        self.fault = fault
        self.written = written


@dataclass(frozen=True)
class Nip:
    """Nomor induk pegawai: 18 digits that tell birth, start of service, sex and serial.

    PNS: YYYYMMDD birth, YYYYMM start as CPNS, sex (1 man, 2 woman), serial 001-999. PPPK (NI
    PPPK): the same with a year and a code from 21 on where a PNS has the month. There is no check
    digit: only the roster proves that a NIP is somebody's.
    """

    digits: str
    birth_date: date
    appointed_year: int
    appointed_month: int | None  # None for PPPK
    sex: int  # 1 man, 2 woman

    @property
    def is_pppk(self) -> bool:
        return self.appointed_month is None

    def __str__(self) -> str:
        """As printed: grouped 8 6 1 3, '19900315 201503 1 001'."""
        return group_nip(self.digits)


def group_nip(digits: str) -> str:
    """'199003152015031001' -> '19900315 201503 1 001'"""
    return f"{digits[:8]} {digits[8:14]} {digits[14:15]} {digits[15:]}"


def parse_nip(written: str, employment: Employment | None = None) -> Nip:
    """Read a NIP as people and spreadsheets write it.

    Spaces, dots, dashes and a leading apostrophe are dropped. With `employment` the shape must
    match it. Raises BadNip with a named fault. An end in 000 is always a spreadsheet's rounding,
    because serials begin at 001.
    """
    text = re.sub(r"[\s.\-'\u2019\u00a0]", "", written)
    _refuse_what_is_no_number(text, written)
    if text.endswith("000"):
        raise BadNip(NipFault.ROUNDED, written)
    birth = _birth_date(text[:8])
    if birth is None:
        raise BadNip(NipFault.BIRTH_DATE, written)
    year, code = int(text[8:12]), int(text[12:14])
    is_pppk = code >= _FIRST_PPPK_CODE
    if not is_pppk and not 1 <= code <= 12:
        raise BadNip(NipFault.MONTH, written)
    if text[14] not in "12":
        raise BadNip(NipFault.SEX, written)
    if not _YOUNGEST <= _age_at_start(birth, year, None if is_pppk else code) <= _OLDEST:
        raise BadNip(NipFault.AGE, written)
    if employment is not None and is_pppk != is_pppk_employment(employment):
        raise BadNip(NipFault.EMPLOYMENT, written)
    return Nip(text, birth, year, None if is_pppk else code, int(text[14]))


def is_pppk_employment(employment: Employment) -> bool:
    """True for PPPK, full or part time: the law of PP 49/2018 holds."""
    return employment in (Employment.PPPK, Employment.PPPK_PART_TIME)


def _refuse_what_is_no_number(text: str, written: str) -> None:
    if not text:
        raise BadNip(NipFault.EMPTY, written)
    if _ROUNDED_TEXT.fullmatch(written.strip()):
        raise BadNip(NipFault.ROUNDED, written)
    if not (text.isascii() and text.isdigit()):
        raise BadNip(NipFault.NOT_DIGITS, written)
    if len(text) == 9:
        raise BadNip(NipFault.OLD_NINE_DIGITS, written)
    if len(text) != 18:
        raise BadNip(NipFault.NOT_18_DIGITS, written)


def _birth_date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _age_at_start(birth: date, year: int, month: int | None) -> int:
    """Full years at the start of service; a PPPK number tells the year only."""
    return year - birth.year - (month is not None and month < birth.month)


# --- names and numbers as others may read them -----------------------------------------------

NAME_LIMIT = 24  # letters of a name in an SMS

# fmt: off
_TITLES = frozenset({
    "prof", "dr", "drs", "dra", "ir", "h", "hj", "hjh", "kh", "tgh", "ust", "drg", "drh", "apt",
    "ns", "bdn", "kol", "kompol", "akp", "ipda", "iptu",
})
_DEGREES = frozenset({
    "SE", "SH", "ST", "SP", "SS", "SI", "SOS", "MM", "MT", "MSI", "MH", "MKES", "MA", "SKM",
    "SPD", "MPD", "AMD", "SKEP", "NERS",
})
# fmt: on


def short_name(name: str, limit: int = NAME_LIMIT) -> str:
    """A name as an SMS carries it: no titles or degrees, middle names to initials when too long.

    'Dr. H. Muhammad Rizky Pratama Nugraha, S.Sos., M.Si.' -> 'Muhammad R. P. Nugraha'.
    Plain ASCII, at most `limit` letters.
    """
    words = _without_titles(_ascii(name).split(",", 1)[0].split())
    for middle in range(1, len(words) - 1):
        if len(" ".join(words)) <= limit:
            break
        words[middle] = f"{words[middle][0]}."
    while len(" ".join(words)) > limit and len(words) > 2:
        del words[-2]
    if len(" ".join(words)) > limit and len(words) == 2:
        words[1] = f"{words[1][0]}."
    return " ".join(words)[:limit].rstrip()


def _ascii(name: str) -> str:
    """Curly quotes made straight, accents dropped: one letter outside GSM-7 costs 90 others."""
    plain = unicodedata.normalize("NFKD", name.replace("\u2019", "'").replace("\u2018", "'"))
    return plain.encode("ascii", "ignore").decode()


def _without_titles(words: list[str]) -> list[str]:
    kept = list(words)
    while len(kept) > 1 and _bare(kept[0]) in _TITLES:
        del kept[0]
    while len(kept) > 1 and _is_degree(kept[-1]):
        del kept[-1]
    return kept


def _is_degree(word: str) -> bool:
    """'S.Sos', 'M.Si.' or a capital 'SE' at the end of a name written without a comma."""
    if "." in word.rstrip("."):
        return True
    return word.rstrip(".") in _DEGREES


def _bare(word: str) -> str:
    return word.replace(".", "").lower()


def mask_number(number: str) -> str:
    """A phone number for logs: '+6281234567890' -> '+6281*******890'."""
    if len(number) <= 8:
        return "*" * len(number)
    return f"{number[:5]}{'*' * (len(number) - 8)}{number[-3:]}"
