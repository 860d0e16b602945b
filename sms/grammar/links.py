"""How one named day hangs on the next (hubungan hari): range, list, choice, correction, or not."""

from __future__ import annotations

from datetime import date

from sms.grammar.days import Atom
from sms.grammar.reading import Reading

_FILLERS = frozenset(
    [
        "hari",
        "tanggal",
        "pada",
        "pak",
        "bu",
        "ya",
        ":",
        "(",
        ")",
        "nya",
        "bulan",
        "saja",
        "ini",
        "itu",
        "dengan",
        "jam",
        "pagi",
        "siang",
        "sore",
        "mas",
        "mbak",
        "saya",
        "dini",
        "tgl",
        ".",
        "malam",
        '"',
        "yaitu",
        "yakni",
        "tepatnya",
        "atas",
    ]
)
_DAYS = frozenset({"cal", "wd", "rel"})  # classes of atoms that name one day
_BEFORE_COMING = frozenset(
    ["sudah", "baru", "saya", "insya", "allah", "insyaallah", "bisa", "kembali", "mulai", "akan"]
)
_RANGE = frozenset({"-", "s/d", "sd", "sampai", "to", "until", "till", "~", "s", "ke"})
_AND = frozenset({",", "dan", "&", "+", "sama", "/", "lagi", "juga", "\n"})
_OR = _AND | {"atau"}
_BESIDE_A_RANGE = _RANGE | {",", "dengan", "mulai", "selesai", "akhir"}
_ENDS = frozenset(["selesai", "berakhir", ",", "dan"])
_MOVES = frozenset(["geser", "undur", "majukan", "pindah", "dipindah", "ubah", "diubah"])
_CORRECTION = frozenset({"eh", "maksud", "salah", "ralat", "maaf", "koreksi", "typo"})


def link_between(reading: Reading, a: Atom, b: Atom) -> str:
    between = reading.words[a.j : b.i]
    if len(between) > 8:
        return "FAR"
    raw = [w for w in between if w not in _FILLERS]
    if not _CORRECTION.isdisjoint(raw):
        return "CORR"
    if "bukan" in raw:
        return "FAR"
    if "ke" in raw and not reading.vocabulary.isdisjoint(_MOVES):
        return "CORR"  # 'digeser dari Senin ke Selasa'
    rest = [w for w in raw if w != "\n"]
    if not rest:
        return "LINE" if "\n" in raw else "NONE"
    if "atau" in rest and _OR.issuperset(rest):
        return "OR"
    if rest and _ENDS.issuperset(rest) and not {"selesai", "berakhir"}.isdisjoint(rest):
        return "RANGE"  # 'Mulai : 14 Des', 'Selesai : 18 Des' line by line
    if not _RANGE.isdisjoint(rest):
        return "RANGE" if _BESIDE_A_RANGE.issuperset(rest) else "FAR"
    if _AND.issuperset(rest):
        return "COMMA" if all(w in (",", "/") for w in rest) else "AND"
    return "FAR"


def is_since(reading: Reading, atom: Atom) -> bool:
    """'sakit dari kemarin, hari ini ...': how long it has lasted, not the first day of a list."""
    past = atom.cls == "rel" and atom.offset < 0
    return past and reading.word(atom.i - 1) in ("dari", "sejak", "mulai")


def is_back(reading: Reading, previous: Atom | None, atom: Atom) -> bool:
    """'izin hari ini, besok masuk': a day at work, no second day of a list."""
    if previous is None or (previous.cls != atom.cls and previous.j == atom.i):
        return False
    i = atom.j
    while reading.word(i) in _BEFORE_COMING:
        i += 1
    if still_at_work(reading, atom.j):
        return True
    comes = reading.word(i) in ("masuk", "turun", "hadir", "aktif", "kerja")
    return comes and reading.word(i + 1) not in ("jam", "siang")


_AT_WORK = frozenset(
    ["rapat", "rakor", "masuk", "kerja", "turun", "hadir", "piket", "apel", "kantor", "upacara"]
)


def still_at_work(reading: Reading, i: int) -> bool:
    """'Rabu yang ini masih rakor', 'Jumat tetap masuk': what follows a day one is there."""
    while reading.word(i) in ("yang", "ini", "itu", "saya", "pak", "bu"):
        i += 1
    return reading.word(i) in ("masih", "tetap") and not _AT_WORK.isdisjoint(
        reading.words[i + 1 : i + 4]
    )


def absorb_weeks_and_months(reading: Reading, atoms: list[Atom], today: date) -> list[Atom]:
    """Let 'minggu depan' colour the weekdays beside it and 'bulan depan' the day of month."""
    if _DAYS.issuperset([atom.cls for atom in atoms]):
        return atoms
    out: list[Atom] = []
    pending: Atom | None = None
    for atom in atoms:
        close = bool(out) and link_between(reading, out[-1], atom) in ("NONE", "COMMA", "LINE")
        if atom.cls == "week" and out and close and out[-1].cls == "wd":
            _colour_back(reading, out, atom.which)
            out[-1].j = atom.j
        elif (
            atom.cls in ("month", "vague")
            and out
            and close
            and out[-1].cls == "cal"
            and not out[-1].month
        ):
            if atom.cls == "month":
                _colour_back(reading, out, atom.which)
            out[-1].j = atom.j
        elif atom.cls in ("week", "month", "vague"):
            if pending:
                out.append(pending)
            pending = atom
            continue
        else:
            if pending is not None:
                near = link_between(reading, pending, atom) in ("NONE", "COMMA", "LINE")
                if near and pending.cls == "week" and atom.cls == "wd":
                    atom.which = atom.which or pending.which
                    atom.i = pending.i
                elif near and pending.cls in ("month", "vague") and atom.cls == "cal":
                    if pending.cls == "month" and not atom.month:
                        atom.which = pending.which
                    atom.i = pending.i
                else:
                    out.append(pending)
                pending = None
            out.append(atom)
    if pending:
        out.append(pending)
    return sorted(out, key=lambda a: a.i)


def _colour_back(reading: Reading, atoms: list[Atom], which: str) -> None:
    """'Senin dan Selasa minggu depan': the word at the end holds for the whole run."""
    atoms[-1].which = atoms[-1].which or which
    for left, right in zip(reversed(atoms[:-1]), reversed(atoms[1:]), strict=True):
        linked = link_between(reading, left, right) in ("NONE", "RANGE", "AND", "COMMA", "OR")
        if not linked or left.cls != right.cls or left.which:
            return
        left.which = which
