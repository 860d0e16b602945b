"""The fixed cast: Budi asks, Sri supervises, Rahmat is Kasubag, Dewi operates, Yusuf is BKD."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from domain.access import Viewer
from domain.people import Capacity, Employment, PostKind, Role, UnitKind
from store.calendars import PatternAssignment, WorkPatternRow, WorkPatternVersion
from store.db import Database, Transaction
from store.people import Account, Assignment, Employee, Phone, Post, PostHolder, Unit
from store.punches import Terminal, TerminalId

BUDI_PHONE, SRI_PHONE = "+628110000001", "+628110000002"
RAHMAT_PHONE, DEWI_PHONE = "+628110000003", "+628110000004"
STRANGER = "+628119999999"


@dataclass(frozen=True)
class Cast:
    """Ids of everybody and everything in the little unit of the tests."""

    province: int
    unit: int
    unit_path: str
    budi: int
    sri: int
    rahmat: int
    dewi: int
    yusuf: int
    terminal: int
    accounts: dict[str, int]

    def viewer(self, name: str) -> Viewer:
        """The panel's view of rahmat, dewi or yusuf."""
        role = {"rahmat": Role.KASUBAG, "dewi": Role.OPERATOR, "yusuf": Role.BKD}[name]
        path = None if role is Role.BKD else self.unit_path
        return Viewer(self.accounts[name], role, path, getattr(self, name))


def build_cast(db: Database, today: date = date(2026, 11, 24)) -> Cast:
    """Put the cast into an empty, migrated database; everybody in service since January 2020."""
    began = date(2020, 1, 1)
    with db.begin() as tx:
        province = _unit(tx, "PROV", "Provinsi Contoh", UnitKind.PROVINCE, None)
        unit = _unit(tx, "UPT1", "UPT Contoh Satu", UnitKind.UPT, province)
        bkd = _unit(tx, "BKD", "Badan Kepegawaian Contoh", UnitKind.AGENCY, province)
        head = _post(tx, unit, "head", PostKind.HEAD, None)
        kasubag = _post(tx, unit, "kasubag", PostKind.KASUBAG, head)
        operator = _post(tx, unit, "operator", PostKind.OPERATOR, kasubag)
        section = _post(tx, unit, "supervisor:sri", PostKind.SUPERVISOR, head)
        people = {
            "budi": _person(tx, "199001012015011001", "Budi Santoso", unit, section, began),
            "sri": _person(tx, "198002022005022002", "Sri Wahyuni", unit, head, began),
            "rahmat": _person(tx, "197903032004031003", "Rahmat Hidayat", unit, head, began),
            "dewi": _person(tx, "199204042018042004", "Dewi Lestari", unit, kasubag, began),
            "yusuf": _person(tx, "198505052010051005", "Yusuf Maulana", bkd, None, began),
        }
        for post, holder in ((section, "sri"), (kasubag, "rahmat"), (operator, "dewi")):
            tx.add(
                PostHolder(
                    post_id=post.id,
                    employee_id=people[holder].id,
                    capacity=Capacity.DEFINITIVE,
                    first_day=began,
                )
            )
        phones = {
            "budi": BUDI_PHONE, "sri": SRI_PHONE, "rahmat": RAHMAT_PHONE, "dewi": DEWI_PHONE,
        }  # fmt: skip
        for name, number in phones.items():
            tx.add(Phone(employee_id=people[name].id, number=number, first_day=began))
        terminal = Terminal(
            name="UPT1-A", unit_id=unit.id, host="127.0.0.1", port=4370,
            registered_at=datetime(2020, 1, 1, tzinfo=UTC),
        )  # fmt: skip
        tx.add(terminal)
        tx.flush()
        for number, name in enumerate(("budi", "sri", "rahmat", "dewi"), 1):
            tx.add(
                TerminalId(
                    terminal_id=terminal.id,
                    pin=str(100 + number),
                    employee_id=people[name].id,
                    first_day=began,
                )
            )
        _five_days(tx, province, began)
        accounts = {
            "rahmat": _account(tx, "rahmat", Role.KASUBAG, unit, people["rahmat"]),
            "dewi": _account(tx, "dewi", Role.OPERATOR, unit, people["dewi"]),
            "yusuf": _account(tx, "yusuf", Role.BKD, None, people["yusuf"]),
        }
        return Cast(
            province.id, unit.id, unit.path,
            *(people[name].id for name in ("budi", "sri", "rahmat", "dewi", "yusuf")),
            terminal.id, accounts,
        )  # fmt: skip


def _unit(tx: Transaction, code: str, name: str, kind: UnitKind, parent: Unit | None) -> Unit:
    unit = Unit(code=code, name=name, kind=kind, parent_id=parent.id if parent else None, path="")
    tx.add(unit)
    tx.flush()
    unit.path = f"{parent.path if parent else '/'}{unit.id}/"
    return unit


def _post(tx: Transaction, unit: Unit, code: str, kind: PostKind, parent: Post | None) -> Post:
    post = Post(
        unit_id=unit.id, code=code, title=code, kind=kind, parent_id=parent.id if parent else None
    )
    tx.add(post)
    tx.flush()
    return post


def _person(
    tx: Transaction, nip: str, name: str, unit: Unit, reports_to: Post | None, began: date
) -> Employee:
    person = Employee(nip=nip, name=name, employment=Employment.PNS, in_service_from=began)
    tx.add(person)
    tx.flush()
    tx.add(
        Assignment(
            employee_id=person.id,
            unit_id=unit.id,
            reports_to_id=reports_to.id if reports_to else None,
            first_day=began,
        )
    )
    return person


def _five_days(tx: Transaction, province: Unit, began: date) -> None:
    """The five-day pattern for everybody (hours as in Kaltim's circular of June 2025)."""
    pattern = tx.query(WorkPatternRow).filter_by(code="5D").one_or_none()
    if pattern is None:
        pattern = WorkPatternRow(code="5D", name="Lima hari kerja")
        tx.add(pattern)
        tx.flush()
        week = {str(day): ["07:30", "16:00"] for day in range(1, 5)} | {"5": ["07:30", "11:00"]}
        tx.add(
            WorkPatternVersion(
                pattern_id=pattern.id, first_day=began, spans=week, source="SE 1288/2025"
            )
        )
    tx.add(PatternAssignment(unit_id=province.id, pattern_id=pattern.id, first_day=began))


def _account(tx: Transaction, login: str, role: Role, unit: Unit | None, person: Employee) -> int:
    account = Account(
        login=login,
        password_hash="-",
        role=role,
        unit_id=unit.id if unit else None,
        employee_id=person.id,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    tx.add(account)
    tx.flush()
    return account.id
