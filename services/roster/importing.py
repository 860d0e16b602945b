"""`flask roster import`: the whole roster in one transaction, again as often as one likes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.access import Actor
from domain.roster.checks import Known, sift
from domain.roster.rows import read_roster
from domain.roster.sheets import Sheet
from services.calendars import add_missing_patterns
from services.pins import mark_days
from services.roster.people import (
    People,
    TooManyLeave,
    bring_assignments,
    bring_own_patterns,
    bring_people,
    end_all_of_leavers,
)
from services.roster.phone_numbers import read_phone
from services.roster.posts import bring_posts
from services.roster.reach import bring_phones, bring_terminal_ids
from services.roster.units import bring_unit_patterns, bring_units, close_deserted_units
from services.roster.work import Progress, Report, Work
from store import day_queries, roster_queries
from store.db import Database
from store.log import record, record_people
from store.roster_queries import StoredUnit

HOME_ZONE = ZoneInfo("Asia/Makassar")
GOES_BACK = (
    "Impor terakhir berlaku mulai {last}; yang ini mulai {as_of}. Tanggal mundur akan mengubah"
    " yang sudah lewat. Ulangi dengan --as-of {last} atau sesudahnya."
)
NOTHING_READ = "Tidak ada baris yang bisa dipakai; tidak ada yang disimpan."


@dataclass(frozen=True)
class Options:
    """How an import is to be done."""

    as_of: date | None = None
    """From when the file holds; by default today."""
    skip_bad: bool = False
    dry_run: bool = False
    leavers_confirmed: bool = False


class _NothingIsKept(Exception):
    """Ends the transaction without keeping anything."""


def import_roster(
    db: Database,
    now: datetime,
    actor: Actor,
    sheets: Mapping[str, Sheet],
    options: Options,
    progress: Progress = lambda step: None,
) -> Report:
    """Bring the roster of these tables into the house (impor daftar pegawai).

    All or nothing: with a bad row nothing is kept, unless bad rows are to be skipped. From the
    day on only what the tables say holds; what is past stays as it was. Days touched are marked.
    """
    as_of = options.as_of or now.astimezone(HOME_ZONE).date()
    progress("Membaca baris")
    roster = read_roster(dict(sheets), read_phone)
    report = Report(as_of)
    try:
        with db.begin() as tx:
            roster_queries.one_at_a_time(tx)
            work = Work(tx, now, actor, as_of, roster, report)
            _check(work, options, progress)
            _bring(work, options, progress)
            if options.dry_run:
                raise _NothingIsKept
            report.stored = True
    except TooManyLeave as refused:
        report.refusal = str(refused)
    except _NothingIsKept:
        pass
    return report


def _check(work: Work, options: Options, progress: Progress) -> None:
    """Name what is wrong; ends the import where it cannot go on."""
    add_missing_patterns(work.tx)
    last = roster_queries.last_import(work.tx)
    if last is not None and work.as_of < last:
        work.report.refusal = GOES_BACK.format(last=last, as_of=work.as_of)
        raise _NothingIsKept
    progress("Memeriksa baris satu sama lain")
    sift(work.roster, _known(work), work.as_of)
    work.report.faults = work.roster.faults
    if work.report.faults and not options.skip_bad:
        raise _NothingIsKept
    if not (work.roster.units or work.roster.people or work.roster.holders):
        work.report.refusal = NOTHING_READ
        raise _NothingIsKept


def _known(work: Work) -> Known:
    units = roster_queries.units(work.tx)
    codes = {unit.id: unit.code for unit in units.values()}
    return Known(
        frozenset(units),
        roster_queries.supervisor_nips(work.tx, work.as_of),
        frozenset(roster_queries.patterns(work.tx)),
        {
            terminal.name.lower(): codes[terminal.unit_id]
            for terminal in roster_queries.terminals(work.tx)
            if terminal.retired_at is None
        },
    )


def _bring(work: Work, options: Options, progress: Progress) -> None:
    """Store what the tables say, each part resting on those before it."""
    tx, as_of = work.tx, work.as_of
    progress("Unit")
    units = bring_units(work)
    bring_unit_patterns(work, units)
    progress("Pegawai")
    places = roster_queries.assignments(tx, as_of)
    people = bring_people(work, places, leavers_confirmed=options.leavers_confirmed)
    progress("Jabatan dan pejabat")
    posts = bring_posts(work, people, units, places)
    progress("Penempatan")
    bring_assignments(work, people, places, units, posts.reports_to)
    bring_own_patterns(work, people)
    progress("Nomor HP")
    bring_phones(work, people, posts.deciders)
    progress("ID mesin")
    bring_terminal_ids(work, people, units)
    end_all_of_leavers(work, people)
    close_deserted_units(work, units)
    _remark_without_pattern(work, people, units)
    progress("Menandai hari dan mencatat riwayat")
    _mark_days(work, units)
    _log(work, people)


def _remark_without_pattern(work: Work, people: People, units: dict[str, StoredUnit]) -> None:
    """Nobody can be late or absent without hours; say so before the first day is derived."""
    by_unit, own = roster_queries.pattern_holdings(work.tx, work.as_of)
    without = 0
    for employee_id, row in people.listed:
        path = (int(part) for part in units[row.unit_code].path.split("/") if part)
        if employee_id not in own and not any(unit_id in by_unit for unit_id in path):
            without += 1
    if without:
        work.report.remarks.append(
            f"{without} pegawai belum punya pola kerja; isi work_pattern di unit atau pegawainya"
            " (5D, 6D, SHIFT)."
        )


def _mark_days(work: Work, units: dict[str, StoredUnit]) -> None:
    """The days from the import's on that have begun are to be derived again."""
    today = work.now.astimezone(HOME_ZONE).date()
    if work.as_of > today:
        return
    count = (today - work.as_of).days + 1
    dates = [work.as_of + timedelta(days=n) for n in range(count)]
    mark_days(
        work.tx,
        ((employee_id, day) for employee_id in work.touched for day in dates),
        "roster",
        work.now,
    )
    below = [
        unit.id
        for unit in units.values()
        if any(f"/{touched}/" in unit.path for touched in work.touched_units)
    ]
    if below:
        day_queries.mark_unit_dirty(work.tx, below, work.as_of, today, "roster", work.now)


def _log(work: Work, people: People) -> None:
    """One entry for the import and one for everybody who changed."""
    if not work.report.changes_anything:
        return
    left = {person.id for person in people.leavers}
    by_action: dict[str, dict[int, dict[str, object]]] = {}
    for employee_id, data in work.changes.items():
        if employee_id in left:
            action = "roster_left"
        else:
            action = "roster_added" if "added" in data else "roster_changed"
        by_action.setdefault(action, {})[employee_id] = data
    for action, data_of in by_action.items():
        record_people(work.tx, work.now, work.actor, action, data_of)
    counts = {name: count for name, count in work.report.counts.items() if count}
    data = {"as_of": work.as_of.isoformat(), "skipped": len(work.report.faults), **counts}
    record(work.tx, work.now, work.actor, roster_queries.IMPORTED, "roster", "1", data=data)
