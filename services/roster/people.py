"""Employees of an import: who comes, changes, leaves, returns; where they work and report to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from domain.roster.rows import PersonRow
from domain.roster.succession import Held, Wanted, succeed
from services.roster.batch import Batch
from services.roster.work import Work
from store import roster_queries
from store.calendars import PatternAssignment
from store.people import Assignment, Employee, Phone, PostHolder
from store.roster_queries import Place, StoredPerson, StoredUnit

MOST_LEAVING = 0.2  # of all in service; more looks like a file that was cut off
SMALL = 10  # people: below this a unit may well lose everybody

TOO_MANY_LEAVE = (
    "{leaving} dari {all} pegawai tidak ada lagi di daftar ini. Mungkin berkasnya terpotong."
    " Tidak ada yang disimpan. Kalau memang benar, ulangi dengan --confirm-leavers."
)
UNIT_IS_EMPTY = (
    "Semua {all} pegawai unit {unit} tidak ada lagi di daftar ini. Mungkin berkasnya terpotong."
    " Tidak ada yang disimpan. Kalau memang benar, ulangi dengan --confirm-leavers."
)


class TooManyLeave(Exception):
    """So many people are missing that the file is more likely cut off than right."""


@dataclass
class People:
    """Everybody by NIP, as stored after this step, and what the table says of them."""

    stored: dict[str, StoredPerson]
    rows: dict[str, PersonRow]
    leavers: list[StoredPerson] = field(default_factory=list)

    def id_of(self, nip: str) -> int:
        return self.stored[nip].id

    @property
    def listed(self) -> Iterable[tuple[int, PersonRow]]:
        """Employee id and row of everybody in the table."""
        return ((self.stored[nip].id, row) for nip, row in self.rows.items())


def bring_people(
    work: Work, places: dict[int, list[Held[Place]]], *, leavers_confirmed: bool
) -> People:
    """Make, change, end and take back employees. Raises TooManyLeave, with nothing done yet."""
    stored = roster_queries.people(work.tx)
    rows = {row.nip: row for row in work.roster.people or ()}
    leavers = _leavers(work, stored, rows)
    if not leavers_confirmed:
        _check_leavers(work, stored, leavers, places)
    _add(work, [row for nip, row in rows.items() if nip not in stored])
    _change(work, stored, rows)
    last = work.as_of - timedelta(days=1)
    for person in leavers:
        work.note(person.id, "left", last.isoformat())
        work.touched.add(person.id)
    roster_queries.change(
        work.tx, Employee, [{"id": person.id, "in_service_to": last} for person in leavers]
    )
    work.report.counts["pegawai keluar"] += len(leavers)
    people = People(roster_queries.people(work.tx), rows, leavers)
    for nip in rows:
        if nip not in stored:
            work.note(people.id_of(nip), "added", work.as_of.isoformat())
            work.touched.add(people.id_of(nip))
    return people


def _leavers(
    work: Work, stored: dict[str, StoredPerson], rows: dict[str, PersonRow]
) -> list[StoredPerson]:
    """Who is in service and not in the table. A row that cannot be read may be anybody's: then
    nobody is ended."""
    if work.roster.people is None:
        return []
    spoilt = {row.nip for row in work.roster.spoilt_people}
    missing = [
        person
        for nip, person in stored.items()
        if person.serves_on(work.as_of) and nip not in rows and nip not in spoilt
    ]
    if missing and "" in spoilt:
        work.report.remarks.append(
            f"{len(missing)} pegawai tidak ada di daftar, tetapi ada baris tanpa NIP yang terbaca;"
            " tidak seorang pun diakhiri."
        )
        return []
    return missing


def _check_leavers(
    work: Work,
    stored: dict[str, StoredPerson],
    leavers: list[StoredPerson],
    places: dict[int, list[Held[Place]]],
) -> None:
    serving = [person for person in stored.values() if person.serves_on(work.as_of)]
    if len(leavers) > MOST_LEAVING * len(serving):
        raise TooManyLeave(TOO_MANY_LEAVE.format(leaving=len(leavers), all=len(serving)))
    before = Counter(row.key.unit_id for rows in places.values() for row in rows)
    leaving = Counter(row.key.unit_id for person in leavers for row in places.get(person.id, ()))
    for unit_id, count in leaving.items():
        if count == before[unit_id] >= SMALL:
            codes = {unit.id: unit.code for unit in roster_queries.units(work.tx).values()}
            raise TooManyLeave(UNIT_IS_EMPTY.format(all=count, unit=codes[unit_id]))


def _add(work: Work, rows: list[PersonRow]) -> None:
    roster_queries.add(
        work.tx,
        Employee,
        [
            {
                "nip": row.nip,
                "name": row.name,
                "employment": row.employment,
                "in_service_from": work.as_of,
            }
            for row in rows
        ],
    )
    work.report.counts["pegawai baru"] += len(rows)


def _change(work: Work, stored: dict[str, StoredPerson], rows: dict[str, PersonRow]) -> None:
    changed = []
    for nip, row in rows.items():
        person = stored.get(nip)
        if person is None:
            continue
        says_employment = "employment" in work.roster.people_columns
        employment = row.employment if says_employment else person.employment
        new = person._replace(name=row.name, employment=employment, in_service_to=None)
        if new == person:
            continue
        if person.in_service_to is not None:
            work.report.counts["pegawai kembali"] += 1
            work.note(person.id, "returned", work.as_of.isoformat())
        else:
            work.report.counts["nama atau jenis kepegawaian"] += 1
            work.note(person.id, "was", {"name": person.name, "employment": person.employment})
        work.touched.add(person.id)
        changed.append(
            {
                "id": person.id,
                "name": new.name,
                "employment": new.employment,
                "in_service_to": None,
            }
        )
    roster_queries.change(work.tx, Employee, changed)


# --- where they work -------------------------------------------------------------------------


def bring_assignments(
    work: Work,
    people: People,
    places: dict[int, list[Held[Place]]],
    units: dict[str, StoredUnit],
    reports_to: dict[int, int | None],
) -> None:
    """From the day on everybody in the table works where it says, under the post it says."""
    columns = work.roster.people_columns
    batch = Batch(Assignment)
    for employee_id, row in people.listed:
        now_held = places.get(employee_id, [])
        before = now_held[-1].key if now_held else Place(0, None, "", "")
        place = Place(
            units[row.unit_code].id,
            reports_to[employee_id] if "supervisor_nip" in columns else before.reports_to_id,
            row.position if "position" in columns else before.position,
            row.grade if "grade" in columns else before.grade,
        )
        change = succeed(now_held, [Wanted(place)], work.as_of)
        batch.take(change, employee_id=employee_id)
        if change:
            work.touched.add(employee_id)
            if now_held:
                work.report.counts["penempatan berubah"] += 1
                work.note(employee_id, "place", [list(before), list(place)])
    batch.write(work)


def bring_own_patterns(work: Work, people: People) -> None:
    """The pattern of a person's own, where the table gives one; else the unit's holds."""
    if "work_pattern" not in work.roster.people_columns:
        return
    patterns = roster_queries.patterns(work.tx)
    _, held = roster_queries.pattern_holdings(work.tx, work.as_of)
    batch = Batch(PatternAssignment)
    for employee_id, row in people.listed:
        wanted = [Wanted(patterns[row.work_pattern])] if row.work_pattern else []
        change = succeed(held.get(employee_id, ()), wanted, work.as_of)
        batch.take(change, "pattern_id", employee_id=employee_id)
        if change:
            work.touched.add(employee_id)
            work.report.counts["pola kerja pegawai"] += 1
            work.note(employee_id, "pattern", row.work_pattern)
    batch.write(work)


def end_all_of_leavers(work: Work, people: People) -> None:
    """Who left holds nothing any more: no place, phone, post, ID or pattern."""
    phones, _ = roster_queries.phones(work.tx, work.as_of)
    _, own_patterns = roster_queries.pattern_holdings(work.tx, work.as_of)
    held_by: dict[int, list[Held[Any]]] = {}
    for rows in roster_queries.holders(work.tx, work.as_of).values():
        for row in rows:
            held_by.setdefault(row.key.employee_id, []).append(row)
    places = roster_queries.assignments(work.tx, work.as_of)
    for table, held in (
        (Assignment, places),
        (Phone, phones),
        (PatternAssignment, own_patterns),
        (PostHolder, held_by),
    ):
        batch = Batch(table)
        for person in people.leavers:
            batch.take(succeed(held.get(person.id, ()), [], work.as_of))
        batch.write(work)
