"""A small office for the panel's tests: one hospital and a second agency, with days and cases.

Budi asks, Sri supervises, Rahmat is Kasubag, Dewi operates, Yusuf is BKD; Hendra heads, Ayu audits,
Tono mends terminals; Lina works elsewhere and must not be seen from the hospital.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from argon2 import PasswordHasher

from domain.cases import CaseKind, CaseStatus, WaitingFor
from domain.messages import Lane, MessageClass, OutState
from domain.people import Capacity, Employment, PostKind, Role, UnitKind
from store.cases import Case
from store.days import AttendanceDay
from store.db import Database, Transaction
from store.log import Heartbeat
from store.messages import InboundSms, OutboundSms, Sim
from store.people import Account, Assignment, Employee, Phone, Post, PostHolder, Unit
from store.punches import Terminal, TerminalContact

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # 10.30 WITA on a Tuesday
PASSWORD = "batu hitam di sungai"
HASH = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
SICK_TEXT = "Bu, saya demam berdarah, opname di RSUD. Mohon izin sakit hari ini"


@dataclass
class Office:
    """Ids by name, so that tests read as sentences."""

    unit: dict[str, int] = field(default_factory=dict)
    person: dict[str, int] = field(default_factory=dict)
    case: dict[str, int] = field(default_factory=dict)
    message: dict[str, int] = field(default_factory=dict)


def open_office(db: Database) -> Office:
    """Fill an empty, migrated database."""
    office = Office()
    with db.begin() as tx:
        _units(tx, office)
        _people(tx, office)
        _accounts(tx, office)
        _cases(tx, office)
        _days(tx, office)
        _machines(tx, office)
    return office


def _units(tx: Transaction, office: Office) -> None:
    path = "/"
    for code, name, kind, parent in (
        ("KALTIM", "Provinsi Kalimantan Timur", UnitKind.PROVINCE, None),
        ("DINKES", "Dinas Kesehatan", UnitKind.AGENCY, "KALTIM"),
        ("RSUD", "RSUD Harapan Mulia", UnitKind.HOSPITAL, "DINKES"),
        ("DISDIK", "Dinas Pendidikan", UnitKind.AGENCY, "KALTIM"),
    ):
        above = tx.get(Unit, office.unit[parent]) if parent else None
        path = above.path if above else "/"
        unit = Unit(
            code=code, name=name, kind=kind, parent_id=above.id if above else None, path="/"
        )
        tx.add(unit)
        tx.flush()
        unit.path = f"{path}{unit.id}/"
        office.unit[code] = unit.id


PEOPLE = (
    ("budi", "Budi Santoso", "RSUD", "Perawat", "199003152015031001"),
    ("sri", "Sri Wahyuningsih, S.Kep., M.Kes.", "RSUD", "Kepala Ruang", "198007212005012003"),
    ("rahmat", "Rahmat Hidayat, S.Sos.", "RSUD", "Kasubag Umum", "197811052003121004"),
    ("dewi", "Dewi Anggraini", "RSUD", "Pengelola Kepegawaian", "199205102019032005"),
    ("hendra", "dr. Hendra Gunawan, Sp.PD", "RSUD", "Direktur", "197002141998031006"),
    ("maria", "Maria Magdalena Kusumawardhani", "RSUD", "Bidan", "198811302014022007"),
    ("agus", "Agus Salim", "RSUD", "Radiografer", "198503032010011008"),
    ("putri", "Putri Handayani", "RSUD", "Apoteker", "199407172020122009"),
    ("joko", "Joko Prasetyo", "RSUD", "Sopir Ambulans", "198101012009011010"),
    ("siti", "Siti Aminah", "RSUD", "Perawat", "199112122016032011"),
    ("lina", "Lina Marlina", "DISDIK", "Analis", "198909092012012012"),
)


def _people(tx: Transaction, office: Office) -> None:
    for key, name, _, _, nip in PEOPLE:
        person = Employee(
            nip=nip, name=name, employment=Employment.PNS, in_service_from=date(2010, 1, 1)
        )
        tx.add(person)
        tx.flush()
        office.person[key] = person.id
    posts = {}
    for kind, holder, code in (
        (PostKind.HEAD, "hendra", "direktur"),
        (PostKind.SUPERVISOR, "sri", "kepala-ruang"),
        (PostKind.KASUBAG, "rahmat", "kasubag"),
        (PostKind.OPERATOR, "dewi", "operator"),
    ):
        post = Post(unit_id=office.unit["RSUD"], code=code, title=code.title(), kind=kind)
        tx.add(post)
        tx.flush()
        posts[code] = post.id
        tx.add(
            PostHolder(
                post_id=post.id,
                employee_id=office.person[holder],
                capacity=Capacity.DEFINITIVE,
                first_day=date(2020, 1, 1),
            )
        )
    for key, _, unit, position, _ in PEOPLE:
        tx.add(
            Assignment(
                employee_id=office.person[key],
                unit_id=office.unit[unit],
                reports_to_id=None
                if unit != "RSUD"
                else posts["direktur" if key in ("sri", "rahmat", "hendra") else "kepala-ruang"],
                position=position,
                first_day=date(2020, 1, 1),
            )
        )
    tx.add(
        Phone(
            employee_id=office.person["budi"],
            number="+6281234567001",
            first_day=date(2020, 1, 1),
            verified_at=NOW - timedelta(days=100),
        )
    )


def _accounts(tx: Transaction, office: Office) -> None:
    for login, role, unit, person in (
        ("dewi", Role.OPERATOR, "RSUD", "dewi"),
        ("rahmat", Role.KASUBAG, "RSUD", "rahmat"),
        ("hendra", Role.PIMPINAN, "RSUD", "hendra"),
        ("yusuf", Role.BKD, None, None),
        ("tono", Role.TECHNICIAN, None, None),
        ("ayu", Role.AUDITOR, None, None),
        ("lina", Role.OPERATOR, "DISDIK", "lina"),
    ):
        tx.add(
            Account(
                login=login,
                password_hash=HASH,
                role=role,
                unit_id=office.unit[unit] if unit else None,
                employee_id=office.person[person] if person else None,
                created_at=NOW,
                is_training=True,
            )
        )


def _cases(tx: Transaction, office: Office) -> None:
    sms = InboundSms(
        route="sim:510101234567890",
        sender="+6281234567001",
        number="+6281234567001",
        employee_id=office.person["siti"],
        text=SICK_TEXT,
        sent_at=NOW - timedelta(hours=4),
        received_at=NOW - timedelta(hours=4),
        processed_at=NOW,
        outcome="filed",
    )
    tx.add(sms)
    tx.flush()

    def case(key: str, person: str, kind: CaseKind, days: int = 1, **more: Any) -> None:
        start = more.pop("start", TODAY)
        made = Case(
            **{
                "employee_id": office.person[person],
                "unit_id": office.unit["DISDIK" if person == "lina" else "RSUD"],
                "kind": kind,
                "status": CaseStatus.OPEN,
                "start_date": start,
                "end_date": start + timedelta(days=days - 1),
                "source": "sms",
                "submitted_at": NOW - timedelta(hours=5),
                "submitted_by": f"employee:{office.person[person]}",
                "decider_id": office.person["sri"],
                **more,
            }
        )
        tx.add(made)
        tx.flush()
        office.case[key] = made.id

    decided = {"decided_at": NOW - timedelta(hours=2), "decided_by": "employee:2"}
    passed = {**decided, "passed_on_at": NOW - timedelta(hours=1)}
    confirmed = {"status": CaseStatus.CONFIRMED, "recorded_at": NOW}
    case(
        "budi_leave",
        "budi",
        CaseKind.ANNUAL,
        3,
        start=date(2026, 12, 14),
        reason="acara keluarga di Banjarmasin",
        waiting_for=WaitingFor.KASUBAG,
        **decided,
    )
    case(
        "siti_sick",
        "siti",
        CaseKind.SICK,
        waiting_for=WaitingFor.KASUBAG,
        reason="demam berdarah",
        inbound_id=sms.id,
        **decided,
    )
    case(
        "joko_permission",
        "joko",
        CaseKind.PERMISSION,
        waiting_for=WaitingFor.OPERATOR,
        reason="mengurus akta kelahiran anak",
        **passed,
    )
    case(
        "putri_out",
        "putri",
        CaseKind.OUT,
        waiting_for=WaitingFor.SUPERVISOR,
        reason="ke bank",
        time_from=time(10),
        time_to=time(12),
    )
    case("maria_leave", "maria", CaseKind.MATERNITY, 90, reason="melahirkan", **confirmed)
    case(
        "agus_duty",
        "agus",
        CaseKind.DUTY,
        3,
        place="Balikpapan",
        reason="rapat koordinasi",
        source="panel",
        provisional=True,
        **confirmed,
    )
    case("lina_leave", "lina", CaseKind.ANNUAL, waiting_for=WaitingFor.KASUBAG, **decided)
    for key, person, text in (
        ("unread", "putri", "pak sy ijin ntr ada urusan di skolah ank trus lgsg ke kntr ya"),
        ("unread_lina", "lina", "mf bsk kyknya ga bs"),
    ):
        message = InboundSms(
            route="sim:510101234567890",
            sender="+628125550000",
            number="+628125550000",
            employee_id=office.person[person],
            text=text,
            sent_at=NOW - timedelta(hours=3),
            received_at=NOW - timedelta(hours=3),
            processed_at=NOW,
            outcome="taught",
        )
        tx.add(message)
        tx.flush()
        office.message[key] = message.id


def _days(tx: Transaction, office: Office) -> None:
    def day(person: str, on: date, status: str, **more: Any) -> None:
        tx.add(
            AttendanceDay(
                **{
                    "day": on,
                    "employee_id": office.person[person],
                    "unit_id": office.unit["DISDIK" if person == "lina" else "RSUD"],
                    "status": status,
                    "reasons": [],
                    "why": [{"code": "pattern", "pattern": "5D", "source": "Perpres 21/2023"}],
                    "as_of": NOW - timedelta(minutes=8),
                    **more,
                }
            )
        )

    for person, minute in (("sri", 21), ("rahmat", 28), ("dewi", 12), ("hendra", 5)):
        day(person, TODAY, "present", first_in=_at(TODAY, 7, minute))
    day("joko", TODAY, "awaiting_decision", reasons=["open_case"])
    day("siti", TODAY, "awaiting_decision", reasons=["open_case"])
    day("putri", TODAY, "present", first_in=_at(TODAY, 7, 52), late_minutes=22)
    day("maria", TODAY, "on_leave", kind="maternity", final=True)
    day("agus", TODAY, "on_duty", kind="duty", provisional=True, reasons=["provisional"])
    day("budi", TODAY, "awaiting_data", reasons=["not_read_to_the_end"])
    day("lina", TODAY, "present", first_in=_at(TODAY, 7, 1))
    for n in range(1, 24):
        on = date(2026, 11, n)
        if on.weekday() > 4:
            day("budi", on, "day_off", final=True)
        elif n == 17:
            day("budi", on, "absent", final=True)
        elif n == 10:
            day("budi", on, "incomplete", first_in=_at(on, 7, 24), missing_out=True, final=True)
        else:
            day(
                "budi",
                on,
                "present",
                first_in=_at(on, 7, 20 + n % 14),
                final=True,
                last_out=_at(on, 16, 2 + n % 9),
                late_minutes=max(n % 14 - 10, 0),
            )


def _at(on: date, hour: int, minute: int) -> datetime:
    return (
        datetime(on.year, on.month, on.day, hour - 8, minute, tzinfo=UTC)
        if hour >= 8
        else (
            datetime(on.year, on.month, on.day, hour + 16, minute, tzinfo=UTC) - timedelta(days=1)
        )
    )


def _machines(tx: Transaction, office: Office) -> None:
    good = Terminal(
        name="rsud-lobi",
        unit_id=office.unit["RSUD"],
        serial="CKUH2110001",
        registered_at=NOW,
        firmware="Ver 6.60",
        complete_up_to=NOW - timedelta(minutes=20),
        clock_offset=-3,
        records_on_device=41_233,
        record_capacity=100_000,
        last_contact_at=NOW - timedelta(minutes=20),
    )
    bad = Terminal(
        name="rsud-igd",
        unit_id=office.unit["RSUD"],
        registered_at=NOW,
        complete_up_to=NOW - timedelta(days=2),
        clock_offset=-415,
        records_on_device=92_000,
        record_capacity=100_000,
        last_contact_at=NOW - timedelta(days=2),
    )
    tx.add_all(
        [good, bad, Terminal(name="disdik-1", unit_id=office.unit["DISDIK"], registered_at=NOW)]
    )
    tx.flush()
    tx.add(
        TerminalContact(
            terminal_id=bad.id,
            at=NOW - timedelta(hours=1),
            source="pull",
            ok=False,
            problem_code="timeout",
            problem="tidak menjawab dalam 10 detik",
        )
    )
    tx.add(Heartbeat(name="scheduler", at=NOW - timedelta(seconds=20), state={"jobs": 7}))
    tx.add(Heartbeat(name="modem:telkomsel-1", at=NOW - timedelta(hours=2), state={"signal": 61}))
    tx.add(
        Sim(
            imsi="510101234567890",
            number="+628115550001",
            carrier="Telkomsel",
            modem="telkomsel-1",
            last_seen_at=NOW,
        )
    )
    for state in (OutState.QUEUED, OutState.UNKNOWN):
        tx.add(
            OutboundSms(
                number="+6281234567001",
                employee_id=office.person["budi"],
                message_class=MessageClass.RECEIPT,
                lane=int(Lane.ANSWER),
                text="Permohonan Anda sudah kami terima.",
                state=state,
                not_before=NOW - timedelta(minutes=3),
                created_at=NOW - timedelta(minutes=3),
                submitted_at=NOW - timedelta(minutes=2),
            )
        )
