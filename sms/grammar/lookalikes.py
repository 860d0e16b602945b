"""What only looks like a decision (mirip putusan): a number of things, a Javanese 'I shall'."""

from __future__ import annotations

from sms.grammar.reply import Reply

_BEFORE_A_NUMBER = frozenset(
    [
        "kamar", "ruang", "ruangan", "meja", "kursi", "lantai", "gedung", "rumah", "blok", "gang",
        "km", "halaman", "pasal", "harga", "umur", "usia", "versi", "seri", "total", "jumlah", "rt",
        "rw", "kirim", "pesan", "beli", "siapkan", "fotokopi", "cetak",
    ]
)  # fmt: skip
_COUNTED_THINGS = frozenset(
    [
        "kursi", "porsi", "kotak", "dus", "lembar", "rim", "buah", "biji", "unit", "set", "bungkus",
        "eksemplar", "peserta", "siswa", "murid", "undangan", "kendaraan", "meter", "kg",
        "ribu", "juta", "rupiah", "ton", "liter", "botol", "meja", "tamu", "kamar",
        "map", "snack", "nasi", "box", "kk", "desa", "titik", "paket", "pack",
    ]
)  # fmt: skip


def counts_things(reply: Reply) -> bool:
    """'ok kirim 41 kursi', 'setuju kamar 41': the number is that of an open request by chance."""
    reading = reply.reading
    return any(
        reading.word(i - 1) in _BEFORE_A_NUMBER or reading.word(i + 1) in _COUNTED_THINGS
        for s in reply.segments
        if s.targets.by == "code"
        for i in s.targets.tokens
    )


def i_will_or_not(reply: Reply) -> bool:
    """'tak acc': Javanese 'I shall', Indonesian 'not'; nothing beside it tells which."""
    return "tak" in reply.reading.vocabulary
