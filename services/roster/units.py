"""Units of an import: made, changed, closed; their paths and patterns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from domain.roster.rows import UnitRow
from domain.roster.succession import Wanted, succeed
from services.roster.batch import Batch
from services.roster.work import Work
from store import roster_queries
from store.calendars import PatternAssignment
from store.people import Unit
from store.roster_queries import StoredUnit

DEFAULT_ZONE = "Asia/Makassar"


def bring_units(work: Work) -> dict[str, StoredUnit]:
    """Make the stored units those of the table; returns all units by code."""
    stored = roster_queries.units(work.tx)
    rows = {row.code: row for row in work.roster.units or ()}
    if not rows:
        return stored
    new = [row for row in rows.values() if row.code not in stored]
    roster_queries.add(
        work.tx, Unit, [{**_fields(row, rows), "code": row.code, "path": ""} for row in new]
    )
    _change(work, stored, rows)
    work.report.counts["unit baru"] += len(new)
    return _with_parents_and_paths(work, rows)


def _fields(row: UnitRow, rows: dict[str, UnitRow]) -> dict[str, Any]:
    return {"name": row.name, "kind": row.kind, "time_zone": _zone(row, rows)}


def _zone(row: UnitRow, rows: dict[str, UnitRow]) -> str:
    """A unit's own zone, or that of the nearest one above it which has one."""
    here: UnitRow | None = row
    while here is not None:
        if here.time_zone is not None:
            return here.time_zone
        here = rows.get(here.parent_code) if here.parent_code else None
    return DEFAULT_ZONE


def _change(work: Work, stored: dict[str, StoredUnit], rows: dict[str, UnitRow]) -> None:
    changed = []
    for code, row in rows.items():
        unit = stored.get(code)
        fields = _fields(row, rows)
        if unit is None:
            continue
        if "time_zone" not in work.roster.unit_columns:
            fields["time_zone"] = unit.time_zone
        if unit.closed_on is None and all(getattr(unit, n) == v for n, v in fields.items()):
            continue
        changed.append({"id": unit.id, "closed_on": None, **fields})
        if unit.time_zone != fields["time_zone"]:
            work.touched_units.add(unit.id)
    roster_queries.change(work.tx, Unit, changed)
    work.report.counts["unit berubah"] += len(changed)


def _with_parents_and_paths(work: Work, rows: dict[str, UnitRow]) -> dict[str, StoredUnit]:
    """Write where each unit hangs; a path lists the ids from the top."""
    units = roster_queries.units(work.tx)
    by_id = {unit.id: unit for unit in units.values()}
    parents = {
        unit.id: _parent_id(unit, rows.get(unit.code), units, work.roster.unit_columns)
        for unit in units.values()
    }
    moved: list[dict[str, Any]] = []
    for unit in units.values():
        path = ""
        here: int | None = unit.id
        while here is not None:
            path, here = f"{here}/{path}", parents[here]
        if (unit.path, unit.parent_id) != (f"/{path}", parents[unit.id]):
            moved.append({"id": unit.id, "path": f"/{path}", "parent_id": parents[unit.id]})
            if unit.path:
                work.report.counts["unit pindah induk"] += unit.parent_id != parents[unit.id]
                work.touched_units.add(unit.id)
    roster_queries.change(work.tx, Unit, moved)
    for change in moved:
        by_id[change["id"]] = by_id[change["id"]]._replace(
            path=change["path"], parent_id=change["parent_id"]
        )
    return {unit.code: unit for unit in by_id.values()}


def _parent_id(
    unit: StoredUnit,
    row: UnitRow | None,
    units: dict[str, StoredUnit],
    columns: frozenset[str],
) -> int | None:
    if row is None or "parent_code" not in columns:
        return unit.parent_id
    return units[row.parent_code].id if row.parent_code else None


def bring_unit_patterns(work: Work, units: dict[str, StoredUnit]) -> None:
    """The pattern each unit of the table gives to all in and below it, from the day on."""
    if "work_pattern" not in work.roster.unit_columns:
        return
    patterns = roster_queries.patterns(work.tx)
    held, _ = roster_queries.pattern_holdings(work.tx, work.as_of)
    batch = Batch(PatternAssignment)
    for row in work.roster.units or ():
        unit = units[row.code]
        wanted = [Wanted(patterns[row.work_pattern])] if row.work_pattern else []
        change = succeed(held.get(unit.id, ()), wanted, work.as_of)
        batch.take(change, "pattern_id", unit_id=unit.id)
        if change:
            work.touched_units.add(unit.id)
            work.report.counts["pola kerja unit"] += 1
    batch.write(work)


def close_deserted_units(work: Work, units: dict[str, StoredUnit]) -> None:
    """Units that are no longer listed and where nobody works any more are closed."""
    if work.roster.units is None or work.roster.spoilt_units:
        return
    listed = {row.code for row in work.roster.units}
    gone = [unit for unit in units.values() if unit.code not in listed and not unit.closed_on]
    if not gone:
        return
    peopled = {
        row.key.unit_id
        for rows in roster_queries.assignments(work.tx, work.as_of).values()
        for row in rows
    }
    above = {int(part) for unit_id in peopled for part in _path_of(units, unit_id)}
    closed = [unit for unit in gone if unit.id not in above]
    day = work.as_of - timedelta(days=1)
    roster_queries.change(work.tx, Unit, [{"id": unit.id, "closed_on": day} for unit in closed])
    work.report.counts["unit ditutup"] += len(closed)
    for unit in gone:
        if unit.id in above:
            work.report.remarks.append(
                f"Unit {unit.code} tidak ada di daftar, tetapi masih ada pegawainya; tetap dibuka."
            )


def _path_of(units: dict[str, StoredUnit], unit_id: int) -> list[str]:
    path = next(unit.path for unit in units.values() if unit.id == unit_id)
    return [part for part in path.split("/") if part]
