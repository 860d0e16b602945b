"""What only looks like a decision (mirip putusan): a number of things, a Javanese 'I shall'."""

from __future__ import annotations

from sms.grammar.reading import Reading
from sms.grammar.reply import NEGATIONS, Reply, segment_of

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


def is_unreal(reply: Reply) -> bool:
    """'tadinya mau saya acc', 'insyaallah saya setujui': nothing is decided in that piece."""
    if not reply.events or not reply.reading.has("unreal"):
        return False
    final = reply.events[-1]
    segment = segment_of(reply, final)
    return any(
        segment.first <= mark.start and mark.end <= final.end
        for mark in reply.reading.marks("unreal")
        if mark.start < final.start and mark.words != "prinsipnya"
    )


_ELSEWHERE = frozenset(
    [
        "lengkapi", "lampirkan", "buatkan", "kirim", "isi", "ajukan", "siapkan", "serahkan",
        "lewat", "melalui", "dipikir", "dipikirkan", "pikirkan", "tunggu", "ditunggu", "koordinasi",
        "koordinasikan", "hubungi", "bertanya", "cek", "baca", "temui", "menghadap", "daftar",
        "datang", "ikut", "coba", "dicoba", "perbaiki", "revisi", "ulang", "konfirmasi", "minta",
        "duduk", "diisi", "dilengkapi", "dibuat", "dikirim", "hadir",
    ]
)  # fmt: skip
_HIGHER = frozenset(
    ["kadis", "sekda", "bupati", "gubernur", "walikota", "sekdis", "asisten", "kaban", "bkd"]
)
_PASSIVE = frozenset(["disetujui", "ditolak", "diizinkan"])
_DECIDE = frozenset(["acc", "setuju", "menyetujui", "mengizinkan", "tolak", "approved"])


def _is_paper(reading: Reading, i: int) -> bool:
    """'buat surat', which is read as 'untuk surat'."""
    made = reading.tokens[i].raw.lower() in ("buat", "bikin")
    return made and reading.word(i + 1) in ("surat", "laporan", "permohonan", "berkas")


def sends_elsewhere(reply: Reply) -> bool:
    """'silakan lengkapi formulirnya', 'tunda dulu yg lain', 'acc-nya sama pak Kadis'."""
    reading = reply.reading
    for event in reply.events:
        following = event.end < len(reading.tokens) and reading.tokens[event.end]
        sent = following and (following.word in _ELSEWHERE or _is_paper(reading, event.end))
        if sent and all(e.words == "silakan" or not e.firm for e in reply.events):
            return True
        if event.words == "acc" and reading.tokens[event.start].suffix == "nya":
            return True
    deciding = [s for s in reply.segments if s.events][-1:]  # what was said earlier was weighed
    return len(reply.requests) == 1 and any(
        s.targets.others and not s.targets.codes for s in deciding
    )


def is_anothers(reply: Reply) -> bool:
    """'pak Kadis acc', 'ditolak BKD': decided by somebody above."""
    reading = reply.reading
    if _HIGHER.isdisjoint(reading.vocabulary):
        return False
    for event in reply.events:
        words = set(event.words.split())
        agent = reading.words[event.end : event.end + 3]
        if words & _PASSIVE and not _HIGHER.isdisjoint(agent) and "," not in agent:
            return True
        before = reading.before(event.start, 2, across_commas=True)
        if words & _DECIDE and before and before[0] in _HIGHER:
            return True
    return False


_ABSENCES = ("duty", "leave", "sickleave", "absence", "late", "early", "sick")


def asks_for_oneself(reply: Reply) -> bool:
    """'Oke setuju. Saya sendiri Senin DL ke Bontang': an own request beside the decision."""
    reading = reply.reading
    return any(
        reading.words[i] == "saya" and i < mark.start <= i + 5
        for segment in reply.segments
        if not segment.events
        for concept in _ABSENCES
        for mark in reading.marks(concept)
        for i in range(segment.first, min(mark.start, segment.last))
        if mark.start < segment.last
    )


def one_names_another(reply: Reply) -> bool:
    """'Arif sudah acc Eko': who decided about whom is not said."""
    for segment in reply.segments:
        events = [e for e in segment.events if e.words != "ya"]
        if segment.targets.by != "name" or len(segment.targets.codes) < 2 or len(events) != 1:
            continue
        sides = {i < events[0].start for i in segment.targets.tokens}
        if len(sides) == 2:
            return True
    return False


def counts_things(reply: Reply) -> bool:
    """'ok kirim 41 kursi', 'setuju kamar 41': the number is that of an open request by chance."""
    reading = reply.reading
    return any(
        reading.word(i - 1) in _BEFORE_A_NUMBER or reading.word(i + 1) in _COUNTED_THINGS
        for s in reply.segments
        if s.targets.by == "code"
        for i in s.targets.tokens
    )


def denies_twice(reply: Reply) -> bool:
    """'tidak ada yang tidak boleh', 'kalau tidak saya izinkan': no refusal."""
    reading, events = reply.reading, reply.events
    decided = {i for event in events for i in range(event.start, event.end)}
    for one in events:
        if one.polarity == "yes":
            continue
        if "kalau" in (reading.word(one.start - 1), reading.word(one.start - 2)):
            return True
        near = range(max(0, one.start - 4), one.start)
        if one.words.split()[0] in NEGATIONS and any(
            reading.words[i] in NEGATIONS
            and i not in decided
            and reading.clauses[i] == reading.clauses[one.start]
            for i in near
        ):
            return True
    return False


def i_will_or_not(reply: Reply) -> bool:
    """'tak acc': Javanese 'I shall', Indonesian 'not'; nothing beside it tells which."""
    return "tak" in reply.reading.vocabulary
