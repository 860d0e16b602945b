"""Codes an employee names in a cancellation or a question (kode permohonan)."""

from __future__ import annotations

from sms.grammar.reading import Reading
from sms.grammar.slots import Slots

_LETTERS = frozenset("kxsd")


def named_codes(reading: Reading, slots: Slots) -> tuple[str, ...]:
    """Codes an employee names in a cancellation or a question about a request."""
    days = {i for s in slots.spans for i in range(s.i, s.j)} | {
        i for n in slots.lengths for i in range(n.i, n.j)
    }
    days |= {i for c in slots.clocks for i in range(c.start, c.end)}
    found: list[str] = []
    tokens = reading.tokens
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token.kind == "a" and 2 <= len(token.raw) <= 6 and any(c.isdigit() for c in token.raw):
            raw = token.raw
            following = tokens[i + 1] if i + 1 < len(tokens) else None
            if following is not None and following.word == "-" and i + 2 < len(tokens):
                following = tokens[i + 2]
            if (
                following is not None
                and following.kind in ("a", "n")
                and len(raw) + len(following.raw) == 4
                and len(raw) in (2, 3)
            ):
                raw, i = raw + following.raw, tokens.index(following)
            found.append(raw.upper())
        elif token.kind == "n" and token.glued and i and tokens[i - 1].raw.lower() in _LETTERS:
            found.append((tokens[i - 1].raw + token.raw).upper())  # 'K7', which was cut in two
        elif (
            token.kind == "n"
            and i not in days
            and 1 <= len(token.raw) <= 4
            and not _counted(reading, i)
        ):
            found.append(token.raw)
        i += 1
    return tuple(dict.fromkeys(found))


def _counted(reading: Reading, i: int) -> bool:
    before = reading.word(i - 1) if reading.word(i - 1) not in (".", ":") else reading.word(i - 2)
    year = len(reading.tokens[i].raw) == 4 and reading.tokens[i].raw.startswith("20")
    return (
        before in ("tanggal", "jam", "rp", "/", "-", "bulan", "tahun")
        or year
        or reading.word(i + 1)
        in (
            "hari",
            "minggu",
            "bulan",
            "tahun",
            "jam",
            "orang",
            "menit",
            "kali",
            "x",
        )
    )
