"""From raw text to tokens (normalisasi): letters, digits and signs, each with its place.

Nothing is decided here: a token keeps its place in the text, whether it touches its neighbour, and
whether it was written in capitals. Only shapes are mended: accents and full-width digits, thumbs,
'hati2' and 'hati-hati', 'jum'at', '2hr', 'jam9', 's/d'.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MAX_CHARACTERS = 1600  # ten SMS parts; whatever is longer is no message to this service
"""Characters that are read at most."""

_CHUNK = re.compile(r"[^\W_]+|\n|[^\w\s]|_")
_RUN = re.compile(r"\d+|[^\W\d_]+")
_DOTS = re.compile(r"\.{2,}(?!\d)")
_JOINT = re.compile(r"[^\W_]['\-/.][^\W\d_]")  # only there may one word have been cut in two

_SIGNS = {
    "👍": " jempol ",
    "👌": " jempol ",
    "🆗": " jempol ",
    "✅": " jempol ",
    "✔": " jempol ",
    "☑": " jempol ",
    "🙆": " jempol ",
    "👎": " jempolbawah ",
    "❌": " jempolbawah ",
    "🙅": " jempolbawah ",
    "✖": " jempolbawah ",
    "–": "-",
    "—": "-",
    "−": "-",
    "‑": "-",
    "’": "'",
    "‘": "'",
    "`": "'",
    "´": "'",
    "“": '"',
    "”": '"',
    "…": "...",
    "\u2044": "/",
}

_SPLIT_LETTERS = frozenset(
    [
        "jam",
        "jm",
        "pkl",
        "pukul",
        "tgl",
        "tg",
        "tanggal",
        "tggl",
        "hr",
        "hri",
        "hari",
        "minggu",
        "mgg",
        "mggu",
        "bln",
        "bulan",
        "thn",
        "tahun",
        "th",
        "mnt",
        "menit",
        "an",
        "sd",
        "smp",
        "sampai",
        "s",
        "d",
        "dan",
        "jan",
        "januari",
        "feb",
        "peb",
        "februari",
        "pebruari",
        "mar",
        "maret",
        "apr",
        "april",
        "mei",
        "jun",
        "juni",
        "jul",
        "juli",
        "ags",
        "agt",
        "agu",
        "agus",
        "agustus",
        "sep",
        "sept",
        "september",
        "okt",
        "oct",
        "oktober",
        "nov",
        "nop",
        "november",
        "nopember",
        "des",
        "dec",
        "desember",
        "sdh",
        "ya",
        "ok",
        "oke",
        "am",
        "pm",
        "hrs",
        "days",
        "day",
        "x",
        "rb",
        "ribu",
        "k",
        "jt",
        "wita",
        "wib",
        "wit",
        "jaman",
        "kali",
        "dinten",
        "dina",
        "dino",
        "no",
        "nomor",
        "nmr",
    ]
)
_CLITICS = ("nya", "lah", "an", "ne", "e", "nyo", "nye", "ipun")


@dataclass(slots=True, eq=False)
class Token:
    """One word, number or sign (kata): `word` is what it means, `raw` what stood there."""

    word: str
    raw: str
    start: int
    end: int
    kind: str  # 'w' word, 'n' digits, 'a' letters with digits, 'p' sign, 'l' line break
    glued: bool = False  # touches the token before it
    capitals: bool = False
    suffix: str = ""  # clitic that was cut off: 'nya', 'kah', ...
    known: bool = True
    guessed: bool = False  # read through a spelling near miss


def tidy(text: str) -> str:
    """Fold compatibility letters, spell out thumbs and drop what cannot be seen."""
    if text.isascii() and text.isprintable():
        return _without_dots(text[:MAX_CHARACTERS])
    out: list[str] = []
    for sign in unicodedata.normalize("NFKD", text[: MAX_CHARACTERS * 2])[:MAX_CHARACTERS]:
        if sign in _SIGNS:
            out.append(_SIGNS[sign])
        elif sign in "\r\u2028\u2029":
            out.append("\n")
        elif sign == "\n" or sign.isspace():
            out.append(sign if sign == "\n" else " ")
        elif unicodedata.category(sign) not in ("Cc", "Cf", "Mn", "Cs", "Co", "Sk", "So", "Cn"):
            out.append(sign)
        elif unicodedata.category(sign) == "So":
            out.append(" ")
    return _without_dots("".join(out))


def _without_dots(text: str) -> str:
    """'masuk RS bu.. gula darah 480': two dots and more go on, as a comma does."""
    return _DOTS.sub(",", text) if ".." in text else text


def tokens_of(tidied: str) -> list[Token]:
    """Cut tidied text into tokens, in order."""
    tokens = _cut(tidied)
    return _mend(tokens) if _JOINT.search(tidied) else tokens


def _cut(text: str) -> list[Token]:
    out: list[Token] = []
    last_end = -1
    for match in _CHUNK.finditer(text):
        raw = match[0]
        start, end = match.span()
        glued = start == last_end
        last_end = end
        if raw.isalpha():
            out.append(Token(raw.lower(), raw, start, end, "w", glued, raw.isupper()))
        elif raw.isdecimal() and raw.isascii():
            out.append(Token(raw, raw, start, end, "n", glued))
        elif raw == "\n":
            out.append(Token(raw, raw, start, end, "l"))
        elif raw.isalnum():
            out += _cut_alnum(raw, start, glued)
        else:
            out.append(Token(raw, raw, start, end, "p", glued))
    return out


def _cut_alnum(raw: str, start: int, glued: bool) -> list[Token]:
    """A run of letters and digits: a word, a number, 'hati2', '2hr', or a code such as 'a7k2'."""
    runs = [(m.group().lower(), m.start(), m.end()) for m in _RUN.finditer(raw)]
    if len(runs) == 1:
        return [_piece(raw, start, glued)]
    letters = [text for text, _, _ in runs if text.isalpha()]
    if runs[0][0].isalpha() and len(runs[0][0]) >= 2 and runs[1][0] == "2" and _doubles(runs):
        word = f"{runs[0][0]}-{runs[0][0]}" + (runs[2][0] if len(runs) == 3 else "")
        return [Token(word, raw, start, start + len(raw), "w", glued, raw.isupper())]
    if all(run in _SPLIT_LETTERS for run in letters):
        return [
            _piece(raw[first:last], start + first, glued or index > 0)
            for index, (_, first, last) in enumerate(runs)
        ]
    return [Token(raw.lower(), raw, start, start + len(raw), "a", glued, raw.isupper())]


def _doubles(runs: list[tuple[str, int, int]]) -> bool:
    """Tell whether the 2 in 'hati2', 'dua2nya' doubles the word, as opposed to 'jam2', 'tgl2'."""
    if runs[0][0] in _SPLIT_LETTERS - {"hari"}:
        return False
    return len(runs) == 2 or (len(runs) == 3 and runs[2][0] in _CLITICS)


def _piece(raw: str, start: int, glued: bool) -> Token:
    kind = "n" if raw.isdecimal() and raw.isascii() else "w"
    return Token(raw.lower(), raw, start, start + len(raw), kind, glued, raw.isupper())


def _mend(tokens: list[Token]) -> list[Token]:
    """Join what one word was cut into: jum'at, hati-hati, di-acc, s/d, s.d."""
    out: list[Token] = []
    index = 0
    while index < len(tokens):
        joined = _joined(tokens, index)
        if joined is None:
            out.append(tokens[index])
            index += 1
        else:
            word, length = joined
            first, last = tokens[index], tokens[index + length - 1]
            raw = "".join(t.raw for t in tokens[index : index + length])
            out.append(Token(word, raw, first.start, last.end, "w", first.glued, first.capitals))
            index += length
    return out


def _joined(tokens: list[Token], i: int) -> tuple[str, int] | None:
    def at(offset: int) -> str:
        j = i + offset
        return tokens[j].word if j < len(tokens) and tokens[j].glued else ""

    word = tokens[i].word
    alone = i + 1 >= len(tokens) or not tokens[i + 1].glued
    if alone or tokens[i].kind != "w":
        return None
    if word == "s" and at(1) in ("/", ".") and at(2) in ("d", "/d"):
        return ("s/d", 4) if at(3) == "." and at(1) == "." else ("s/d", 3)
    if at(1) == "'" and at(2).isalpha():
        return word + at(2), 3
    if at(1) == "-" and at(2).isalpha():
        for tail in ("", *_CLITICS):
            if at(2) == word + tail:
                return f"{word}-{at(2)}", 3
        if word.startswith("se") and at(2) == word[2:]:
            return f"{word}-{at(2)}", 3
        if word[:2] in ("ke", "ka") and at(2).removesuffix("nya").removesuffix("ne") == word[2:]:
            return f"{word}-{at(2)}", 3
        if word == "di" or (word in ("s", "hi") and len(at(2)) <= 2):
            return word + at(2), 3
        if at(2) in ("nya", "kah", "lah", "pun"):
            return word + at(2), 3
    return None
