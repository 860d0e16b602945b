"""Who acts and who looks (pelaku, penglihat): small values every story carries."""

from __future__ import annotations

from dataclasses import dataclass

from domain.people import Role

SEES_EVERY_UNIT = frozenset({Role.BKD, Role.AUDITOR, Role.TECHNICIAN})


@dataclass(frozen=True)
class Actor:
    """Who does something (pelaku), as it stands in the log: 'employee:12', 'account:3'."""

    kind: str  # employee, account, system
    id: int | str
    employee_id: int | None = None  # the person behind an account, where there is one

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    def is_person(self, employee_id: int) -> bool:
        """True when this actor is that employee: nobody decides, passes on or records their own."""
        return self.employee_id == employee_id


def employee(employee_id: int) -> Actor:
    """The employee who sent an SMS."""
    return Actor("employee", employee_id, employee_id)


def system(part: str) -> Actor:
    """A part of Hadir that acts by rule: the clock, a worker."""
    return Actor("system", part)


@dataclass(frozen=True)
class Viewer:
    """Who looks at a page, and how far they see (unit and all below it, or every unit)."""

    account_id: int
    role: Role
    unit_path: str | None
    employee_id: int | None = None

    @property
    def sees_everything(self) -> bool:
        return self.role in SEES_EVERY_UNIT

    @property
    def actor(self) -> Actor:
        return Actor("account", self.account_id, self.employee_id)
