"""The province of the training house: units, people, posts, phones, terminals. All invented.

Everything follows from one seed, so that the same call makes the same province again.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date

PLACE = "Nusa Elok"


@dataclass(frozen=True)
class Unit:
    """An office: its code and name, what it is, whose it is, how many work there, when."""

    code: str
    name: str
    kind: str
    parent: str
    people: int
    pattern: str = ""  # empty: as the unit above
    head: str = "Kepala"
    terminals: tuple[str, ...] = ("",)  # endings of their names


UNITS = (
    Unit("NUSA", f"Provinsi {PLACE}", "Provinsi", "", 0, "5D", terminals=()),
    Unit("DINKES", f"Dinas Kesehatan {PLACE}", "Dinas", "NUSA", 14),
    Unit("RSUD", "RSUD Melati Elok", "Rumah Sakit", "DINKES", 58, "SHIFT", "Direktur",
         ("-LOBI", "-IGD")),
    Unit("BKD", f"Badan Kepegawaian Daerah {PLACE}", "Badan", "NUSA", 16),
    Unit("DISDIK", f"Dinas Pendidikan {PLACE}", "Dinas", "NUSA", 14),
    Unit("DISHUB", f"Dinas Perhubungan {PLACE}", "Dinas", "NUSA", 14),
    Unit("DINSOS", f"Dinas Sosial {PLACE}", "Dinas", "NUSA", 12),
    Unit("LABKES", "UPT Laboratorium Kesehatan Elok", "UPT", "DINKES", 8),
    Unit("SMAN1", "SMA Negeri 1 Elok", "Sekolah", "DISDIK", 24, "6D", "Kepala Sekolah"),
    Unit("BALATIH", "UPT Balai Latihan Guru Elok", "UPT", "DISDIK", 8),
    Unit("TERMINAL", "UPT Terminal Bus Elok", "UPT", "DISHUB", 8, "6D"),
    Unit("PELABUHAN", "UPT Pelabuhan Penyeberangan Elok", "UPT", "DISHUB", 8, "6D"),
    Unit("PANTI", "UPT Panti Sosial Kasih Elok", "UPT", "DINSOS", 8, "6D"),
    Unit("REHAB", "UPT Balai Rehabilitasi Elok", "UPT", "DINSOS", 8),
)  # fmt: skip

MEN = (
    "Agus Andi Arif Bambang Dedi Doni Edi Eko Fajar Faisal Gunawan Hadi Hasan Heri Imam Irfan "
    "Iwan Jaka Joko Kurnia Lukman Mahmud Nanang Rizal Rudi Slamet Sugeng Taufik Wahyu Yanto "
    "Zainal"
).split()
WOMEN = (
    "Ani Aisyah Ayu Dian Diah Endang Erna Fitri Hesti Ika Indah Intan Kartika Lestari Lina Maya "
    "Mega Murni Nadia Nina Novi Nurul Putri Ratna Rina Rini Siti Sulastri Tuti Wati Yuni Yulia"
).split()
FAMILY = (
    "Anggara Basuki Cahyono Darma Effendi Firmansyah Ginting Halim Ismail Kusuma Lubis Maulida "
    "Nasution Nugroho Oktavian Pangestu Permana Prabowo Pratiwi Ramadhan Rahayu Saputra "
    "Sasongko Setiawan Simanjuntak Siregar Sudirman Suharto Susanti Syahputra Tanjung Utami "
    "Wibowo Widodo Wulandari Yusran"
).split()

SHIFT_CYCLE = "PPPPSMLL"
STAFF = {
    "RSUD": ("Perawat", "Bidan", "Perawat", "Perawat"),
    "SMAN1": ("Guru", "Guru", "Guru", "Tata Usaha"),
}
GRADES = ("II/c", "II/d", "III/a", "III/b", "III/c")
SECTIONS = {"RSUD": ("Kepala Ruang Melati", "Kepala Ruang Mawar", "Kepala Ruang IGD")}
WARD = 12  # people one supervisor answers for, about


@dataclass(frozen=True)
class Person:
    """Somebody who works there; `shift_offset` is their place in the rota, None by day."""

    nip: str
    name: str
    employment: str
    unit: str
    position: str
    grade: str
    number: str
    supervisor: str  # NIP, empty for the very top
    pin: str
    pattern: str
    duties: tuple[str, ...] = ()
    shift_offset: int | None = None


@dataclass
class Province:
    """All of it, as the files are written from it."""

    people: list[Person] = field(default_factory=list)
    posts: list[tuple[str, str, str]] = field(default_factory=list)  # unit, post, NIP

    def by_name(self, name: str) -> Person:
        return next(person for person in self.people if person.name == name)

    def officer(self, unit: str, position: str) -> Person:
        return next(p for p in self.people if p.unit == unit and p.position == position)


CAST = {
    ("RSUD", "head"): ("dr. Hendra Gunawan", 1),
    ("RSUD", "kasubag"): ("Rahmat Hidayat", 1),
    ("RSUD", "operator"): ("Dewi Lestari", 2),
    ("RSUD", "Kepala Ruang Melati"): ("Sri Wahyuni", 2),
    ("RSUD", "staff"): ("Budi Santoso", 1),
    ("BKD", "head"): ("Yusuf Maulana", 1),
}
"""The people of every example of ours, with their sex; the first of that duty in that unit."""


def build(today: date, seed: int) -> Province:
    """The province: for each unit its head, Kasubag, operator, section heads and staff.

    The rota is laid so that Budi has the morning shift on `today` and the day after.
    """
    maker = _Maker(random.Random(seed), today)
    heads: dict[str, str] = {}
    for unit in UNITS:
        if unit.people:
            heads[unit.code] = maker.fill(unit, heads.get(unit.parent, ""))
    return maker.province


class _Maker:
    """Makes people one by one; numbers, names and IDs never repeat."""

    def __init__(self, chance: random.Random, today: date):
        self.chance, self.today = chance, today
        self.province = Province()
        self._names = {name for name, _ in CAST.values()}

    def fill(self, unit: Unit, above: str) -> str:
        """Everybody of one unit; returns the NIP of its head."""
        day = "5D" if unit.pattern == "SHIFT" else ""
        head = self._add(unit, "head", unit.head, above, ("head", "supervisor"), day)
        kasubag = self._add(
            unit, "kasubag", "Kasubag Umum", head.nip, ("kasubag", "supervisor"), day
        )
        self._post(unit, unit.head, head)
        self._post(unit, "Kasubag Umum", kasubag)
        operator = self._add(
            unit, "operator", "Pengelola Kepegawaian", kasubag.nip, ("operator",), day
        )
        self._post(unit, "Operator", operator)
        rest = unit.people - 3
        titles = SECTIONS.get(unit.code) or tuple(
            f"Kepala Seksi {letter}" for letter in "ABC"[: max(1, rest // WARD)]
        )
        wards = []
        for title in titles:
            ward = self._add(unit, title, title, head.nip, ("supervisor",), day)
            self._post(unit, title, ward)
            wards.append(ward)
        for place in range(rest - len(titles)):
            self._staff(unit, wards[place % len(wards)], place)
        return head.nip

    def _staff(self, unit: Unit, ward: Person, place: int) -> None:
        names = STAFF.get(unit.code, ("Pelaksana", "Analis", "Pengadministrasi"))
        person = self._add(unit, "staff", names[place % len(names)], ward.nip, (), "")
        if unit.pattern == "SHIFT":
            offset = (place - self.today.toordinal()) % len(SHIFT_CYCLE)
            self.province.people[-1] = replace(person, shift_offset=offset)

    def _add(
        self,
        unit: Unit,
        duty: str,
        position: str,
        supervisor: str,
        duties: tuple[str, ...],
        pattern: str,
    ) -> Person:
        serial = len(self.province.people) + 1
        name, sex = self._name(unit.code, duty)
        is_pppk = not duties and serial % 3 == 0
        person = Person(
            nip=self._nip(sex, is_pppk, serial),
            name=name,
            employment="PPPK" if is_pppk else "PNS",
            unit=unit.code,
            position=position,
            grade="IX" if is_pppk else self.chance.choice(GRADES),
            number=f"+62811000{serial:04d}",
            supervisor=supervisor,
            pin=str(100 + serial),
            pattern=pattern,
            duties=duties,
        )
        self.province.people.append(person)
        return person

    def _post(self, unit: Unit, post: str, holder: Person) -> None:
        self.province.posts.append((unit.code, post, holder.nip))

    def _name(self, unit: str, duty: str) -> tuple[str, int]:
        known = CAST.get((unit, duty))
        if known is not None and known[0] not in {p.name for p in self.province.people}:
            return known
        while True:
            sex = self.chance.choice((1, 2))
            name = f"{self.chance.choice(MEN if sex == 1 else WOMEN)} {self.chance.choice(FAMILY)}"
            if name not in self._names:
                self._names.add(name)
                return name, sex

    def _nip(self, sex: int, is_pppk: bool, serial: int) -> str:
        """A number of the right shape: birth, start of service, sex, serial; nobody's."""
        born = self.chance.randrange(1970, 1994)
        start = born + self.chance.randrange(22, 30)
        if is_pppk:
            start = self.chance.randrange(2021, 2025)
        birth = f"{born}{self.chance.randrange(1, 13):02d}{self.chance.randrange(1, 29):02d}"
        begun = f"{start}{21 if is_pppk else self.chance.randrange(1, 13):02d}"
        return f"{birth}{begun}{sex}{serial:03d}"
