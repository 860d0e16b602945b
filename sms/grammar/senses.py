"""Words that mean two things, settled by what stands beside them (makna ganda): dl, td, x, bln."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sms.grammar.normalise import Token
from sms.grammar.numbers import COUNTS

_DOUBLE_SENSE = frozenset(
    [
        "belas",
        "puluh",
        "sakit",
        "tua",
        "kalih",
        "karo",
        "dl",
        "bln",
        "td",
        "t",
        "x",
        "may",
        "bpk",
        "bp",
        "bpak",
        "tak",
        "oleh",
        "ning",
        *COUNTS,
    ]
)
_CARE_OF_DL = frozenset(
    [
        "cuti",
        "ct",
        "cek",
        "nanti",
        "jangan",
        "pulang",
        "istirahat",
        "bertanya",
        "konsultasi",
        "lihat",
        "tunggu",
        "pikir",
        "sabar",
        "makan",
        "tunda",
        "pending",
        "tidak",
        "masuk",
        "turun",
    ]
)
_NOT_TOWNS = frozenset(
    [
        "dokter",
        "rs",
        "puskesmas",
        "bank",
        "atm",
        "pasar",
        "sekolah",
        "rumah",
        "klinik",
        "kantor",
        "apotek",
        "bengkel",
    ]
)
_AFTER_A_NEGATION = frozenset(
    [
        "bisa",
        "dapat",
        "masuk",
        "turun",
        "hadir",
        "setuju",
        "boleh",
        "enak",
        "kerja",
        "ada",
        "jadi",
        "disetujui",
        "diizinkan",
        "izinkan",
        "mengizinkan",
        "acc",
    ]
)


_DONE_BY_ME = frozenset(
    [
        "acc", "disetujui", "menyetujui", "izinkan", "diizinkan", "mengizinkan", "kabulkan",
        "kasih", "ok", "proses", "lanjut", "terima", "tolak", "ditolak", "tunda", "pending",
        "tangguhkan", "restui", "izin", "approved",
    ]
)  # fmt: skip
_JAVANESE = frozenset(
    [
        "wae", "ae", "kabeh", "sedoyo", "sedaya", "nduk", "le", "iki", "kuwi", "iku", "wis", "wes",
        "mawon", "kemawon", "disik", "sik", "karone", "kae", "loro", "telu", "budal", "mangkat",
    ]
)  # fmt: skip
_JAVANESE_ENDINGS = ("oni", "ijinke", "izinke", "idini", "lilani", "rone", "lune")
_JAVANESE_PLACES = frozenset(
    ["dalan", "ndalan", "omah", "ngomah", "kono", "kene", "kantor", "pasar", "sekolahan", "rs"]
)
_AFTER_MAY = frozenset(
    [
        "",
        ",",
        ".",
        "!",
        "\n",
        "saja",
        "kok",
        "nduk",
        "le",
        "mas",
        "mbak",
        "ya",
        "terima",
        "terimakasih",
    ]
)


def settle(tokens: list[Token]) -> list[Token]:
    """Give words that mean two things their sense: dl, td, x, rumah sakit, dua belas."""
    out: list[Token] = []
    for i, token in enumerate(tokens):
        raw = token.raw.lower()
        if raw not in _DOUBLE_SENSE and token.word not in _DOUBLE_SENSE:
            out.append(token)
            continue
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        later = tokens[i + 2].word if i + 2 < len(tokens) else ""
        before = out[-1] if out else None
        previous = before.word if before else ""
        if token.word in ("belas", "puluh") and out and out[-1].word in COUNTS:
            out[-1] = _tens(out[-1], token)
        elif (
            token.word in COUNTS
            and out
            and out[-1].word in ("20", "30")
            and not out[-1].raw.isdecimal()
        ):
            out[-1] = _as_number(out[-1], int(out[-1].word) + COUNTS[token.word], token.end)
        elif raw in ("kalih", "karo") and (
            previous == "jam" or (following is not None and following.word == "hari")
        ):
            out.append(replace(token, word="dua"))
        elif raw in _FATHERS and following is not None and _is_father(following.word, later):
            out.append(replace(token, word="ayah"))
        elif raw == "dl" and _is_duty(token, previous, following, later, _shouting(tokens)):
            out.append(replace(token, word="dinas", suffix=""))
            out.append(replace(token, word="luar", suffix=""))
        elif raw == "bln" and following is not None and following.word in _AFTER_A_NEGATION:
            out.append(replace(token, word="belum"))
        elif raw == "may" and any(t is not None and t.kind == "n" for t in (before, following)):
            out.append(replace(token, word="mei"))
        elif raw == "td":
            negates = following is not None and following.word in _AFTER_A_NEGATION
            out.append(replace(token, word="tidak" if negates else "tadi", known=True))
        elif raw == "tak" and following is not None and _may_be_done(following):
            word = "saya" if following.known and _in_javanese(tokens) else "tak"
            out.append(replace(token, word=word, known=True))
        elif raw == "ning" and following is not None and following.raw.lower() in _JAVANESE_PLACES:
            out.append(replace(token, word="di", known=True))
        elif raw == "oleh" and _lets(tokens, i):
            out.append(replace(token, word="boleh", known=True))
        elif raw == "x" and out and out[-1].kind == "n" and len(tokens) > 3:
            out.append(replace(token, word="kali"))  # '2x'
        elif _is_short_no(tokens, i):
            out.append(replace(token, word="tidak", known=True))
        elif token.word == "sakit" and previous == "rumah" and not token.suffix:
            out[-1] = replace(out[-1], word="rs", end=token.end)
        elif token.word == "tua" and previous in ("orang", "orangnya"):
            out[-1] = replace(out[-1], word="ortu", end=token.end)
        else:
            out.append(token)
    return out


_FATHERS = frozenset(["bpk", "bp", "bpak"])
_OF_A_FATHER = frozenset(
    [
        "meninggal",
        "sakit",
        "opname",
        "kritis",
        "koma",
        "masuk",
        "dirawat",
        "operasi",
        "drop",
        "jatuh",
    ]
)


def _is_father(following: str, later: str) -> bool:
    """'bpk kandung', 'bpk saya meninggal' is the father, 'bpk saya izin' an address."""
    return following in ("kandung", "mertua") or (following == "saya" and later in _OF_A_FATHER)


def _may_be_done(token: Token) -> bool:
    """What 'I shall' may stand before: a deciding word, or one that is not known."""
    return token.word in _DONE_BY_ME or token.word == "ini" or not token.known


def _in_javanese(tokens: Sequence[Token]) -> bool:
    """Whether 'tak' is more likely 'I will' than 'not'."""
    return any(
        t.raw.lower() in _JAVANESE or t.raw.lower().endswith(_JAVANESE_ENDINGS) for t in tokens
    )


def _lets(tokens: Sequence[Token], i: int) -> bool:
    """'karo-karone oleh', 'oleh, ati-ati': Javanese 'may'; the Indonesian 'by' never ends."""
    following = tokens[i + 1].word if i + 1 < len(tokens) else ""
    return following in _AFTER_MAY


def _shouting(tokens: Sequence[Token]) -> bool:
    """Most of it in capitals."""
    longer = [t for t in tokens if t.kind == "w" and len(t.raw) > 1]
    return 2 * sum(t.capitals for t in longer) > len(longer)


def _tens(one: Token, token: Token) -> Token:
    """'dua belas', 'dua puluh'."""
    value = COUNTS[one.word] + 10 if token.word == "belas" else COUNTS[one.word] * 10
    return _as_number(one, value, token.end)


def _as_number(first: Token, value: int, end: int) -> Token:
    return replace(first, word=str(value), kind="n", end=end)


def _is_short_no(tokens: Sequence[Token], i: int) -> bool:
    """'T' alone, 'T 27', '27 T' and the x of 'x masuk' are tidak."""
    raw, following = tokens[i].raw.lower(), tokens[i + 1].word if i + 1 < len(tokens) else ""
    if raw == "x":
        return following in ("masuk", "bisa", "turun")
    if raw != "t":
        return False
    reach = 3 if following == "#" else 2  # 'T#45'
    around = [t for t in tokens[max(i - 1, 0) : i + reach] if t is not tokens[i]]
    return len(tokens) == 1 or any(t.kind in ("n", "a") for t in around)


def _is_duty(
    token: Token, previous: str, following: Token | None, later: str, shouting: bool
) -> bool:
    """Tell 'DL' (dinas luar) from 'dl' (dulu)."""
    if previous in _CARE_OF_DL:
        return False
    if token.capitals and not shouting:
        return True
    if following is not None and following.word == "ke":
        return later not in _NOT_TOWNS
    if previous in (
        "",
        "#",
        "tugas",
        "ada",
        "mau",
        "sedang",
        "lagi",
        "saya",
        "yang",
        "batal",
        "batalkan",
        "status",
    ):
        return True
    if following is not None and (
        following.kind == "n" or following.word in ("tanggal", "#", "nya")
    ):
        return True
    return token.capitals and previous in ("izin", "mohon", "melapor")
