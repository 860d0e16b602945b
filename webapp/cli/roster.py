"""`flask roster`: the employees, units and posts of the house."""

from __future__ import annotations

import sys
from datetime import date, datetime, time
from pathlib import Path

import click
from flask.cli import AppGroup

from domain.access import system
from domain.roster.faults import Fault
from domain.roster.rows import SHEET_NAMES
from domain.roster.shift_grid import read_month
from services.roster.importing import Options, import_roster
from services.roster.shift_files import import_shifts
from services.roster.shifts import ShiftProblem, set_letter
from services.roster.work import Report
from store import terminal_queries
from webapp.cli import failures_as_sentences, now, open_database
from webapp.sheets import SheetProblem, read_table_file, read_tables

group = AppGroup("roster", help="Units, employees and posts.")
DAY = click.DateTime(["%Y-%m-%d"])
SHOWN = 200  # bad rows on the screen
EVER = date(2000, 1, 1)


@group.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--as-of", type=DAY, help="From when the file holds, 2026-11-28; by default today.")
@click.option("--skip-bad", is_flag=True, help="Store the good rows though others are bad.")
@click.option("--dry-run", is_flag=True, help="Say what would happen and store nothing.")
@click.option("--confirm-leavers", is_flag=True, help="It is true that so many people left.")
@failures_as_sentences(SheetProblem)
def import_(
    path: Path, as_of: datetime | None, skip_bad: bool, dry_run: bool, confirm_leavers: bool
) -> None:
    """Bring units, employees and posts from a folder or zip of CSV, or from one XLSX.

    Tables: units (code, name, parent_code, kind, time_zone, work_pattern), employees (nip, name,
    employment, unit_code, position, grade, phones, supervisor_nip, pins, work_pattern), posts
    (unit, post, nip, from, to). Every bad row is named; nothing is stored while one is bad.
    """
    options = Options(as_of.date() if as_of else None, skip_bad, dry_run, confirm_leavers)
    sheets = read_tables(path, SHEET_NAMES)
    database = open_database()
    report = import_roster(
        database, now(), system("flask roster import"), sheets, options, _progress
    )
    _print(report, dry_run)
    if report.refusal or (report.faults and not skip_bad):
        sys.exit(1)


def _progress(step: str) -> None:
    click.echo(f"  {step} ...", err=True)


def _print(report: Report, dry_run: bool) -> None:
    _print_faults(report.faults)
    for remark in report.remarks:
        click.echo(f"Catatan: {remark}")
    if report.refusal:
        click.echo(report.refusal)
        return
    for name, count in report.counts.items():
        if count:
            click.echo(f"  {count:>7}  {name}")
    rows = len({(fault.sheet, fault.line) for fault in report.faults})
    if rows and not (report.stored or report.counts):
        click.echo(f"{rows} baris salah; tidak ada yang disimpan (nothing stored).")
        return
    if rows:
        click.echo(f"{rows} baris salah dilewati (skipped).")
    if dry_run:
        click.echo(f"Uji coba mulai {report.as_of}: tidak ada yang disimpan (dry run).")
    elif report.changes_anything:
        click.echo(f"Disimpan, berlaku mulai {report.as_of} (stored).")
    else:
        click.echo("Tidak ada perubahan (no change).")


def _print_faults(faults: list[Fault]) -> None:
    for fault in faults[:SHOWN]:
        click.echo(str(fault))
    if len(faults) > SHOWN:
        click.echo(f"... dan {len(faults) - SHOWN} kesalahan lain.")


# --- shift rosters ---------------------------------------------------------------------------

shifts = AppGroup("shifts", help="Shift rosters of wards: names by days, a unit's month each.")
group.add_command(shifts)
LETTER_PROBLEMS = {
    "letter": "A shift letter has 1 to 4 letters or digits.",
    "off_letter": "L, LD and OFF mean a day off and have no hours.",
    "no_hours": "A shift that begins and ends at one time has no hours.",
}


@shifts.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--unit", default="", help="Code of the unit, where the file does not say it.")
@click.option("--month", default="", help="The month, 2026-12, where the file does not say it.")
@failures_as_sentences(SheetProblem)
def import_shift_rosters(path: Path, unit: str, month: str) -> None:
    """Publish shift rosters from a CSV, a folder or zip of them, or the sheets of one XLSX.

    Above the heading stand 'Unit: CODE' and 'Bulan: 2026-12'; the heading has nip or nama and the
    days 1 to 31; in the cells P, S, M, L or the unit's own letters. Every bad cell is named;
    nothing is stored while one is bad.
    """
    given = read_month(month) if month else None
    if month and given is None:
        raise click.BadParameter(f"{month!r} is no month; write 2026-12.", param_hint="--month")
    sheets = read_table_file(path)
    database = open_database()
    report = import_shifts(
        database, now(), system("flask roster shifts import"), sheets, unit, given
    )
    _print_faults(report.faults)
    if not report.stored:
        click.echo(f"{len(report.faults)} sel salah; tidak ada yang disimpan (nothing stored).")
        sys.exit(1)
    for code, first, people, changed in report.rosters:
        words = f"{changed} sel berubah" if changed else "tidak ada perubahan (no change)"
        click.echo(f"{code} {first:%Y-%m}: {people} orang, {words}.")


@shifts.command("letter")
@click.argument("letter")
@click.argument("starts", type=click.DateTime(["%H:%M"]))
@click.argument("ends", type=click.DateTime(["%H:%M"]))
@click.option("--unit", required=True, help="Code of the unit; it holds for those below too.")
@click.option("--from", "first", type=DAY, help="From when; by default from ever.")
def letter_hours(
    letter: str, starts: datetime, ends: datetime, unit: str, first: datetime | None
) -> None:
    """Say what hours a shift letter means at a unit: P 07:00 14:00."""
    database = open_database()
    with database.read() as session:
        found = terminal_queries.unit_by_code(session, unit)
    if found is None:
        raise click.ClickException(f"There is no unit {unit!r}.")
    day = first.date() if first else EVER
    hours: tuple[time, time] = (starts.time(), ends.time())
    try:
        set_letter(database, now(), system("flask roster shifts"), found.id, letter, *hours, day)
    except ShiftProblem as problem:
        raise click.ClickException(LETTER_PROBLEMS[problem.code]) from problem
    click.echo(f"{letter.upper()} at {found.name}: {starts:%H:%M} to {ends:%H:%M} from {day}.")
