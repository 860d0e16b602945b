"""`flask roster`: the employees, units and posts of the house."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from domain.access import system
from domain.roster.rows import SHEET_NAMES
from services.roster.importing import Options, import_roster
from services.roster.work import Report
from webapp.cli import failures_as_sentences, now, open_database
from webapp.sheets import SheetProblem, read_tables

group = AppGroup("roster", help="Units, employees and posts.")
DAY = click.DateTime(["%Y-%m-%d"])
SHOWN = 200  # bad rows on the screen


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
    for fault in report.faults[:SHOWN]:
        click.echo(str(fault))
    if len(report.faults) > SHOWN:
        click.echo(f"... dan {len(report.faults) - SHOWN} kesalahan lain.")
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
