"""Numbers that are no dates (angka lain): NIP, phones, money, letter numbers, ages, counts."""

from __future__ import annotations

from sms.grammar.days import MONTHS
from sms.grammar.normalise import Token

COUNTS = {
    "satu": 1,
    "dua": 2,
    "tiga": 3,
    "empat": 4,
    "lima": 5,
    "enam": 6,
    "tujuh": 7,
    "delapan": 8,
    "sembilan": 9,
    "sepuluh": 10,
    "sebelas": 11,
}
_BEFORE = frozenset(
    [
        "rp",
        "idr",
        "nip",
        "nik",
        "kt",
        "kelas",
        "kls",
        "blok",
        "lantai",
        "lt",
        "jl",
        "jalan",
        "gang",
        "gg",
        "rt",
        "rw",
        "km",
        "pasal",
        "hp",
        "wa",
        "umur",
        "usia",
        "versi",
        "golongan",
        "gol",
        "kv",
        "sdn",
        "smpn",
        "sman",
        "sd",
        "smp",
        "sma",
        "smk",
        "mts",
        "tk",
        "rtrw",
        "idpel",
        "ruang",
        "kamar",
        "poli",
    ]
)
_AFTER = frozenset(
    [
        "ribu",
        "juta",
        "orang",
        "kg",
        "km",
        "cm",
        "mm",
        "persen",
        "rupiah",
        "unit",
        "lembar",
        "buah",
        "kali",
        "x",
        "bungkus",
        "butir",
        "ekor",
        "eksemplar",
        "gb",
        "mb",
        "mg",
        "ml",
        "liter",
        "jiwa",
        "staf",
        "guru",
        "kader",
        "perawat",
        "anggota",
        "teman",
        "rekan",
        "kk",
        "siswa",
        "pegawai",
        "peserta",
        "titik",
        "desa",
        "berkas",
        "dokumen",
        "item",
        "tahunan",
        "%",
        "an",
        "kasus",
        "paket",
    ]
)


def other_numbers(tokens: list[Token]) -> set[int]:
    """Indexes of tokens that belong to numbers which name no day, length or clock time."""
    out: set[int] = set()
    for i in [i for i, t in enumerate(tokens) if t.kind == "n"]:
        if i in out:
            continue
        token = tokens[i]
        before = _word(tokens, i - 1)
        if before in (".", ":"):
            before = _word(tokens, i - 2)
        if len(token.word) > 4 or len(token.word) == 3:
            out.add(i)
        if len(token.word) == 8:
            out.update(_nip_in_groups(tokens, i))
        named = (before in _BEFORE or _is_school(tokens, i - 1)) and not _is_range_word(tokens, i)
        if named or (_word(tokens, i + 1) in _AFTER and not _clock_an(tokens, i)):
            out.add(i)
        if i + 2 < len(tokens) and tokens[i + 1].glued and tokens[i + 2].glued:
            out |= _letter_number(tokens, i)
            out |= _amount(tokens, i)
    return out


def _nip_in_groups(tokens: list[Token], i: int) -> set[int]:
    """'19920708 201903 2 018': born, appointed, sex, number."""
    groups = [t.raw for t in tokens[i : i + 4] if t.kind == "n"]
    return set(range(i, i + 4)) if [len(g) for g in groups] == [8, 6, 1, 3] else set()


_BEFORE_A_SCHOOL = frozenset({"", "di", "ke", "dari", "anak", "sekolah", "guru", "kelas", "kepala"})


def _is_school(tokens: list[Token], i: int) -> bool:
    """The SMP of 'SMP 4', which is otherwise an abbreviation of 'sampai'."""
    return i >= 0 and (tokens[i].raw.lower() in ("sd", "smp") or tokens[i].raw == "SMA")


def _is_range_word(tokens: list[Token], i: int) -> bool:
    """'12 sd 14' is a range, 'anak di SD 12' a school."""
    return (
        tokens[i - 1].raw.lower() in ("sd", "smp") and _word(tokens, i - 2) not in _BEFORE_A_SCHOOL
    )


def number_at(tokens: list[Token], i: int) -> int | None:
    """Value of a small number at i, in digits or as a word; None if there is none."""
    if not 0 <= i < len(tokens):
        return None
    token = tokens[i]
    if token.kind == "n":
        return int(token.raw) if token.raw.isdecimal() and len(token.raw) <= 4 else _digits(token)
    return COUNTS.get(token.word)


def _digits(token: Token) -> int | None:
    return int(token.word) if token.word.isdecimal() and len(token.word) <= 4 else None


def _word(tokens: list[Token], i: int) -> str:
    return tokens[i].word if 0 <= i < len(tokens) else ""


def _clock_an(tokens: list[Token], i: int) -> bool:
    return _word(tokens, i + 1) == "an" and tokens[i + 1].glued


def _letter_number(tokens: list[Token], i: int) -> set[int]:
    """A run such as 800/2145/SPT/XII/2026: glued slashes with letters or long digits between."""
    behind = i > 1 and tokens[i].glued and tokens[i - 1].word in "/-." and tokens[i - 1].glued
    headed = behind and tokens[i - 2].kind == "w" and not tokens[i - 2].known  # 'HK.02.01/4'
    if behind and not headed:
        return set()  # the middle of a run that has been looked at from its beginning
    j, parts = i, [tokens[i]]
    while (
        j + 2 < len(tokens)
        and tokens[j + 1].word in "/-."
        and tokens[j + 1].glued
        and tokens[j + 2].glued
    ):
        parts.append(tokens[j + 2])
        j += 2
    if len(parts) < 2:
        return set()
    letters = any(p.kind != "n" and not _month_like(p) for p in parts)
    if not letters and _is_range_of_dates(tokens, i, len(parts)):
        return set()
    if headed and any(tokens[n].word == "/" for n in range(i + 1, j)):
        return set(range(i, j + 1))
    odd = any(p.kind == "n" and len(p.raw) > 2 for p in parts[:2]) and len(parts) > 1
    year_first = len(parts) == 3 and len(parts[0].raw) == 4
    if (letters and tokens[i + 1].word == "/") or (odd and not year_first) or len(parts) > 4:
        return set(range(i, j + 1))
    return set()


def _is_range_of_dates(tokens: list[Token], i: int, count: int) -> bool:
    """'20/10/26-22/10/26', '20/10-22/10': one '-' in the middle, the other signs alike."""
    signs = [tokens[i + 1 + 2 * n].word for n in range(count - 1)]
    middle = count // 2 - 1
    sides = signs[:middle] + signs[middle + 1 :]
    return count in (4, 6) and signs[middle] == "-" and set(sides) <= {"/"} | {"."}


def _month_like(token: Token) -> bool:
    return token.word in MONTHS or token.word in ("s/d", "sd", "sampai", "tanggal")


def _amount(tokens: list[Token], i: int) -> set[int]:
    """Money and decimals: 412.300, 0,6%, 38,5 (derajat)."""
    sign, tail = tokens[i + 1].word, tokens[i + 2]
    if tail.kind == "n":
        if sign in ".," and len(tail.raw) == 3:
            return {i, i + 1, i + 2}
        if sign == "," and (
            _word(tokens, i + 3) in ("%", "derajat", "c", "kg") or tokens[i].raw in ("0",)
        ):
            return {i, i + 1, i + 2}
        if sign == "," and tokens[i].raw in ("37", "38", "39", "40"):
            return {i, i + 1, i + 2}
    return set()
