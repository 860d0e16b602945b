"""Finding named days in a reading (tanggal): numbers, month names, weekdays, besok and lusa."""

from __future__ import annotations

from itertools import pairwise

from sms.grammar.days import MONTHS, WEEKDAYS, Atom
from sms.grammar.numbers import COUNTS, number_at
from sms.grammar.reading import Reading

_DAY_WORDS = WEEKDAYS.keys() | {"minggu", "hari"}
_RELATIVE = {"today": 0, "tomorrow": 1, "day.after": 2, "tulat": 3, "yesterday": -1}
_WEEKS = {"week.next": "next", "week.this": "this", "week.past": "past"}
_MONTHS = {"month.next": "next", "month.this": "this", "year.next": "next"}
_WHICH = {"depan": "next", "ini": "this", "lalu": "past", "kemarin": "past"}
_TERMS = ("tahun", "bulan")
_LONGER = frozenset([*_WEEKS, *_MONTHS, "vague"])
VAGUE_CUES = _LONGER | MONTHS.keys()
"""Words and concepts without which no span is vague."""
_RANGE_WORDS = frozenset({"-", "s/d", "sd", "sampai", "to", "until", "till", "~"})
_LIST_WORDS = frozenset({",", "dan", "&", "+", "sama"})
_JOINING = _RANGE_WORDS | _LIST_WORDS | {"dengan", "tanggal", "atau"}
_CHAIN = _RANGE_WORDS | _LIST_WORDS | {"tanggal", "dengan", "atau", "eh", "maksud", "bukan", "tapi"}
_UNITS = frozenset(
    [
        "hari",
        "minggu",
        "bulan",
        "tahun",
        "jam",
        "menit",
        "orang",
        "kali",
        "x",
        "ribu",
        "juta",
        "harian",
        "tahunan",
        "%",
        "persen",
        "an",
        "mingguan",
        "hr",
    ]
)
_UNITS_OR_MONTHS = _UNITS | MONTHS.keys()
_AFTER_NO_YEAR = _UNITS_OR_MONTHS | {"."}  # '12 Des 26 hari'
_BARE_AFTER = frozenset(
    [
        "cuti",
        "izin",
        "dari",
        "mulai",
        "dinas",
        "luar",
        "masuk",
        "sakit",
        "libur",
        "turun",
        "off",
        "hari",
        "absen",
    ]
)


def find_atoms(reading: Reading, taken: set[int]) -> list[Atom]:
    """Find all named days outside the tokens already taken by clock times and other numbers."""
    atoms = _word_atoms(reading, taken)
    atoms += _month_day_atoms(reading, taken)
    if len(atoms) > 1:
        atoms = _side_by_side(atoms)
    for atom in atoms:
        _note_neighbours(reading, atom)
    for previous, atom in pairwise(atoms):
        if previous.negated and previous.j == atom.i:
            atom.negated = True  # 'bukan Jumat besok'
    return atoms[:1] + [b for a, b in pairwise(atoms) if b.i >= a.j]


def _side_by_side(atoms: list[Atom]) -> list[Atom]:
    """In order; of those that overlap, the first and longest."""
    out: list[Atom] = []
    end = 0
    for atom in sorted(atoms, key=lambda a: (a.i, -a.j)):
        if atom.i >= end:
            end = atom.j
            out.append(atom)
    return out


def _word_atoms(reading: Reading, taken: set[int]) -> list[Atom]:
    atoms: list[Atom] = []
    for concept, offset in _RELATIVE.items():
        for mark in reading.marks(concept) if concept in reading.concepts else ():
            if not _history(reading, mark.start, concept):
                atoms.append(Atom("rel", mark.start, mark.end, offset=offset))
    if not reading.concepts.isdisjoint(_LONGER):
        atoms += _longer_atoms(reading)
    if reading.vocabulary.isdisjoint(_DAY_WORDS):
        return atoms
    for i, word in enumerate(reading.words):
        if word not in _DAY_WORDS:
            continue
        if word in WEEKDAYS:
            atoms.append(Atom("wd", i, i + 1, weekday=WEEKDAYS[word]))
        elif word == "minggu" and _sunday(reading, i):
            atoms.append(Atom("wd", i, i + 1, weekday=6))
        elif word == "hari" and reading.word(i + 1) == "lagi":
            count = number_at(reading.tokens, i - 1)
            if count is not None:
                atoms.append(Atom("rel", i - 1, i + 2, offset=min(count, 366)))
                taken.add(i - 1)
    return atoms


def _longer_atoms(reading: Reading) -> list[Atom]:
    """'minggu depan', 'bulan ini', 'akhir bulan': no day of their own."""
    atoms: list[Atom] = []
    for concept, which in _WEEKS.items():
        for mark in reading.marks(concept):
            if not _sunday(reading, mark.start):
                atoms.append(Atom("week", mark.start, mark.end, which=which))
    for mark in reading.true_marks("vague"):
        atoms.append(Atom("vague", mark.start, mark.end))
    for concept, which in _MONTHS.items():
        for mark in reading.marks(concept):
            atoms.append(Atom("month", mark.start, mark.end, which=which))
    return atoms


def _history(reading: Reading, i: int, concept: str) -> bool:
    """Tell 'tadi pagi', 'pagi ini' inside a greeting, 'tahun kemarin' from a day of absence."""
    before = reading.word(i - 1)
    return before in ("selamat", "tadi") or (concept == "yesterday" and before in _TERMS)


def _sunday(reading: Reading, i: int) -> bool:
    """'minggu' is a week unless 'hari Minggu', 'Minggu tgl 13' or 'Sabtu Minggu'."""
    before, after = reading.word(i - 1), reading.word(i + 1)
    if before == "hari" and reading.word(i - 2) == "tiap":
        return False
    if before == "hari" and number_at(reading.tokens, i - 2) is None:
        return True
    if after in ("tanggal",) or (after in (",", "(") and reading.word(i + 2) == "tanggal"):
        return True
    earlier = (
        reading.word(i - 2) if before in ("-", "dan", "sampai", "s/d", ",", "&", "/") else before
    )
    ranged = before in ("-", "sampai", "s/d") and earlier in WEEKDAYS
    if (ranged or earlier in ("sabtu", "senin")) and after not in ("depan", "ini"):
        return True
    number = number_at(reading.tokens, i + 1)
    return (
        reading.tokens[i].raw[:1].isupper()
        and number is not None
        and reading.word(i + 2) in MONTHS
        and reading.word(i - 1) not in COUNTS
    )


def _month_day_atoms(reading: Reading, taken: set[int]) -> list[Atom]:
    tokens, words, end = reading.tokens, reading.words, 0
    atoms: list[Atom] = []
    anchored = False  # the last atom makes following numbers of a chain into days
    for i in _numbers_and_months(reading):
        if i < end:
            continue
        anchored = anchored and _CHAIN.issuperset(words[end:i])
        atom = None
        if tokens[i].kind == "n" and i not in taken:
            atom = (
                _numeric(reading, i, taken)
                or _day_and_month(reading, i, taken)
                or _day_only(reading, i, taken, anchored)
            )
        elif words[i] in MONTHS and i not in taken:
            atom = _day_and_month(reading, i, taken) or _month_alone(reading, i)
        if atom is not None:
            atoms.append(atom)
            anchored = atom.cls == "cal"
            end = atom.j
        else:
            anchored = anchored and words[i] in _CHAIN
            end = i + 1
    return atoms


def _numbers_and_months(reading: Reading) -> list[int]:
    if MONTHS.keys().isdisjoint(reading.vocabulary):
        return reading.numbers
    return [i for i, t in enumerate(reading.tokens) if t.kind == "n" or t.word in MONTHS]


def _two_digits(reading: Reading, i: int, taken: set[int]) -> int | None:
    if 0 <= i < len(reading.tokens) and i not in taken:
        token = reading.tokens[i]
        if token.kind == "n" and len(token.word) <= 2:
            return int(token.word)
    return None


def _numeric(reading: Reading, i: int, taken: set[int]) -> Atom | None:
    """12/12, 12-12-26, 12.12.2026, '25 / 01 / 2027'."""
    sign = reading.word(i + 1)
    if sign not in ("/", "-", "."):
        return None
    day, month = _two_digits(reading, i, taken), _two_digits(reading, i + 2, taken)
    if day is None or month is None:
        return None
    year = _year_at(reading, i + 4) if reading.word(i + 3) == sign else 0
    if year:
        return Atom("cal", i, i + 5, day, month, year)
    if sign == "-" or reading.word(i + 3) in _UNITS:
        return None
    if sign == "." and not (reading.tokens[i + 1].glued and reading.tokens[i + 2].glued):
        return None
    if sign == "/" and month > 12 and reading.word(i + 3) in MONTHS:
        return None
    return Atom("cal", i, i + 3, day, month)


def _year_at(reading: Reading, i: int) -> int:
    if not 0 <= i < len(reading.tokens) or reading.tokens[i].kind != "n":
        return 0
    raw = reading.tokens[i].word
    if len(raw) == 4 and raw[:2] in ("19", "20"):
        return int(raw)
    return 2000 + int(raw) if len(raw) == 2 else 0


def _day_and_month(reading: Reading, i: int, taken: set[int]) -> Atom | None:
    """'12 Des 2026', '12des', 'Des 12', 'tgl 12 bulan 1'."""
    day = _two_digits(reading, i, taken)
    if day is not None:
        j = i + 1
        if reading.word(j) in ("-", "/", ".") and reading.word(j + 1) in MONTHS:
            j += 1
        if reading.word(j) == "bulan" and (reading.word(j + 1) in MONTHS):
            j += 1
        if reading.word(j) in MONTHS:
            month, j = MONTHS[reading.word(j)], j + 1
            if reading.word(j) in ("-", "/", ".", ",") and _four_digit_year(reading, j + 1):
                j += 1
            year = _four_digit_year(reading, j) or _glued_year(reading, j)
            return Atom("cal", i, j + (1 if year else 0), day, month, year)
        if reading.word(i + 1) == "bulan" and reading.tokens[i + 1].kind == "w":
            number = _two_digits(reading, i + 2, taken) or COUNTS.get(reading.word(i + 2))
            if number is not None and 1 <= number <= 12 and reading.word(i + 3) not in _UNITS:
                return Atom("cal", i, i + 3, day, number)
        return None
    if reading.words[i] in MONTHS:
        day = _two_digits(reading, i + 1, taken)
        if day is None and reading.word(i + 1) == "tanggal":
            day = _two_digits(reading, i + 2, taken)
            if day is not None and reading.word(i + 3) not in MONTHS:
                return Atom("cal", i, i + 3, day, MONTHS[reading.words[i]])
            return None
        if day is not None and 1 <= day <= 31 and reading.word(i + 2) not in _UNITS_OR_MONTHS:
            return Atom("cal", i, i + 2, day, MONTHS[reading.words[i]])
    return None


def _four_digit_year(reading: Reading, i: int) -> int:
    year = _year_at(reading, i)
    return year if year and len(reading.tokens[i].word) == 4 else 0


def _glued_year(reading: Reading, i: int) -> int:
    """'12 Des 26': two digits count as a year only from 24 on and when nothing is counted."""
    if not 0 <= i < len(reading.tokens) or reading.tokens[i].kind != "n":
        return 0
    raw = reading.tokens[i].word
    plausible = len(raw) == 2 and 24 <= int(raw) <= 35
    return 2000 + int(raw) if plausible and reading.word(i + 1) not in _AFTER_NO_YEAR else 0


def _day_only(reading: Reading, i: int, taken: set[int], anchored: bool) -> Atom | None:
    """A lone day of the month: after 'tgl', in a chain, before a month, beside a weekday."""
    day = _two_digits(reading, i, taken)
    if day is None:
        return None
    before = _before_sign(reading, i)
    by_the_clock = before == "tanggal" and reading.word(i + 1) == "jam"  # 'tgl 20 jam 15.40'
    if _is_counted(reading, i) and not by_the_clock:
        return None
    dashed = reading.word(i + 1) in ("-", "~") and _two_digits(reading, i + 2, taken) is not None
    if before == "tanggal":
        return Atom("cal", i, i + 1, day, dashed=dashed)
    if anchored or _leads_to_month(reading, i, taken):
        return Atom("cal", i, i + 1, day, dashed=dashed)
    if not 1 <= day <= 31:
        return None
    if before in WEEKDAYS or (before in ("ini", "depan") and reading.word(i - 2) in WEEKDAYS):
        return Atom("cal", i, i + 1, day, dashed=dashed)
    ranged = reading.word(i + 1) in _RANGE_WORDS or (
        reading.word(i + 1) in _LIST_WORDS and reading.word(i + 1) != "sama"
    )
    upper = _after_dash(reading, i)
    if (
        ranged
        and upper is not None
        and 1 <= upper <= 31
        and (before in _BARE_AFTER or i == 0 or reading.word(i - 1) in ("pak", "bu", ",", "ya"))
    ):
        return Atom("cal", i, i + 1, day, bare=True, dashed=dashed)
    return None


def _after_dash(reading: Reading, i: int) -> int | None:
    j = i + 2
    if reading.word(j) == "dengan":
        j += 1
    if reading.word(j) == "tanggal":
        j += 1
    number = _two_digits(reading, j, set())
    return None if _is_counted(reading, j) else number


def _is_counted(reading: Reading, i: int) -> bool:
    """'4 hari', '4 bulan' are counted, the 4 of 'tgl 2 s/d 4 bulan depan' is a day."""
    unit, following = reading.word(i + 1), reading.word(i + 2)
    return unit in _UNITS and not (unit == "bulan" and following in ("depan", "ini"))


def _before_sign(reading: Reading, i: int) -> str:
    j = i - 1
    while j >= 0 and reading.words[j] in (".", ":", "nya", "pak", "bu", "ke"):
        j -= 1
    return reading.word(j)


def _leads_to_month(reading: Reading, i: int, taken: set[int]) -> bool:
    """Follow '4, 5 dan 6 Feb' or '28-30/12' from the first number to its month."""
    j, steps = i + 1, 0
    while steps < 12:
        steps += 1
        joined = False
        while reading.word(j) in _JOINING:
            j, joined = j + 1, True
        if not joined or _two_digits(reading, j, taken) is None:
            return False
        if _numeric(reading, j, taken) or _day_and_month(reading, j, taken):
            return True
        j += 1
    return False


def _month_alone(reading: Reading, i: int) -> Atom | None:
    """A month without a day is vague, unless it is part of a word of its own ('Mei' the name)."""
    if reading.word(i - 1) in ("pak", "bu", "mbak", "ibu"):
        return None
    return Atom("vague", i, i + 1)


def _note_neighbours(reading: Reading, atom: Atom) -> None:
    """Take in 'depan', 'ini', 'lalu' after a day and 'bukan' before it."""
    after = reading.word(atom.j)
    if atom.cls == "wd":
        if after == "yang" and reading.word(atom.j + 1) in ("lalu", "depan", "ini"):
            after = reading.word(atom.j + 1)
            atom.j += 1
        which = _WHICH.get(after, "")
        if which and not (after == "kemarin" and reading.word(atom.j + 1) in WEEKDAYS):
            atom.which, atom.j = which, atom.j + 1
    elif atom.cls == "cal" and after == "kemarin":
        atom.which, atom.j = "" if atom.month else "past", atom.j + 1
    if "bukan" not in reading.vocabulary:
        return
    for word in reading.before(atom.i, 3, across_commas=True):
        if word in ("hari", "tanggal", "pada", "yang", "di", "besok"):
            continue
        atom.negated = word == "bukan"
        break
