"""What people do at one terminal: tickets, IDs, files, clock, successor, the emptying of its log.

Setting a clock, writing names and emptying a log call the terminal while the page waits: they are
rare, and whoever asked wants to see how it went.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext

from devices import zk_acts
from devices.zk_attlog import read_terminal
from services import (
    clearing,
    clocks,
    imports,
    pins,
    pulls,
    reconcile,
    replacement,
    suggestions,
    terminals,
    tickets,
    unresolved,
)
from services.terminals import TerminalProblem
from store.punches import Terminal
from webapp import terminal_words
from webapp.auth import for_roles, viewer
from webapp.context import db, now
from webapp.pages.asking import typed, typed_int
from webapp.pages.terminals import (
    MAY_MAP,
    MAY_MEND,
    MAY_REGISTER,
    found,
    register_form,
    show,
)
from webapp.security import takes_files

desk = Blueprint("terminal", __name__, url_prefix="/terminals")
LARGEST_FILE = 16 << 20


def _act(terminal_id: int, act: Callable[[Terminal], str]) -> Any:
    """Do something at a terminal the visitor may see; back to its page with how it went."""
    with db().read() as session:
        terminal = found(session, terminal_id)
    try:
        flash(act(terminal))
    except TerminalProblem as error:
        return show(terminal_id, terminal_words.problem(error), 422)
    return redirect(url_for("terminals.one", terminal_id=terminal_id), 303)


@desk.post("/<int:terminal_id>/call")
@for_roles(*MAY_MEND)
def call(terminal_id: int) -> Any:
    """Read it as soon as a worker is free; a pushing one is asked for its sum."""

    def act(terminal: Terminal) -> str:
        if terminal.host is None:
            reconcile.ask_now(db(), now(), terminal.id)
            return gettext("Mesin ditanya jumlah rekamannya saat menghubungi kita lagi.")
        pulls.call_soon(db(), now(), terminal.id, full=bool(typed("full")))
        return gettext("Mesin dibaca sebentar lagi; muat ulang halaman ini.")

    return _act(terminal_id, act)


@desk.post("/<int:terminal_id>/report")
@for_roles(*MAY_MEND)
def report(terminal_id: int) -> Any:
    """Out of order: the technician hears at once."""

    def act(terminal: Terminal) -> str:
        tickets.report_on_panel(db(), now(), viewer(), terminal.name, typed("words"))
        return gettext("Laporan diteruskan ke teknisi.")

    return _act(terminal_id, act)


@desk.post("/ticket/<int:ticket_id>/close")
@for_roles(*MAY_MEND)
def close_ticket(ticket_id: int) -> Any:
    """A person closes a ticket with what was done."""
    try:
        tickets.close(db(), now(), viewer(), ticket_id, typed("why"))
        flash(gettext("Tiket ditutup."))
    except TerminalProblem as error:
        flash(terminal_words.problem(error))
    return redirect(url_for("terminals.fleet"), 303)


@desk.post("/<int:terminal_id>/map")
@for_roles(*MAY_MAP)
def map_id(terminal_id: int) -> Any:
    """An ID belongs to a person; what waited for it finds its owner."""

    def act(terminal: Terminal) -> str:
        since = typed("since")
        first = _day(since) if since else None
        mapped = pins.map_id(
            db(), now(), viewer().actor, terminal.name, typed("pin"), typed("nip"), first
        )
        return gettext(
            "ID %(pin)s milik %(name)s; %(n)d rekaman menemukan pemiliknya.",
            pin=typed("pin"),
            name=mapped.employee_name,
            n=mapped.punches,
        )

    return _act(terminal_id, act)


@desk.post("/<int:terminal_id>/outsider")
@for_roles(*unresolved.MAY_NAME_OUTSIDERS)
def name_outsider(terminal_id: int) -> Any:
    """An ID is that of a guard, a guest, a test: its scans keep nobody waiting."""

    def act(terminal: Terminal) -> str:
        count = unresolved.name_outsider(
            db(), now(), viewer(), terminal.name, typed("pin"), typed("why")
        )
        return gettext(
            "ID %(pin)s bukan pegawai; %(n)d rekamannya tidak lagi ditunggu.",
            pin=typed("pin"),
            n=count,
        )

    return _act(terminal_id, act)


@desk.post("/<int:terminal_id>/outsider/back")
@for_roles(*unresolved.MAY_NAME_OUTSIDERS)
def doubt_outsider(terminal_id: int) -> Any:
    """The ID may be an employee's after all."""

    def act(terminal: Terminal) -> str:
        unresolved.doubt_outsider(db(), now(), viewer(), terminal.name, typed("pin"))
        return gettext("ID %(pin)s menunggu pemiliknya lagi.", pin=typed("pin"))

    return _act(terminal_id, act)


@desk.post("/<int:terminal_id>/set-aside")
@for_roles(*unresolved.MAY_SET_ASIDE)
def set_aside(terminal_id: int) -> Any:
    """Records that can never be a scan, all of one reason that the page showed."""

    def act(terminal: Terminal) -> str:
        count = unresolved.set_aside(
            db(), now(), viewer(), terminal.name, typed("reason"), typed_int("newest"), typed("why")
        )
        return gettext("%(n)d rekaman dikesampingkan; hari-harinya dihitung lagi.", n=count)

    return _act(terminal_id, act)


@desk.post("/<int:terminal_id>/names")
@for_roles(*MAY_MAP)
def fetch_names(terminal_id: int) -> Any:
    """The names that stand on the terminal, so that owners of IDs can be suggested."""

    def act(terminal: Terminal) -> str:
        count = suggestions.fetch_names(db(), now, zk_acts.read_people, viewer(), terminal.name)
        return gettext("%(n)d nama dibaca dari mesin; usulnya ada di bawah.", n=count)

    return _act(terminal_id, act)


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise TerminalProblem("bad_period", "Give the day as 2026-11-20.") from None


@desk.post("/<int:terminal_id>/upload")
@for_roles(*MAY_MEND)
@takes_files(LARGEST_FILE)
def upload(terminal_id: int) -> Any:
    """A stick's attlog.dat, or the sheet of another system."""

    def act(terminal: Terminal) -> str:
        file = request.files.get("file")
        data = file.read() if file else b""
        if file is None or not data:
            raise TerminalProblem("wrong_file", "Choose a file.")
        name = (file.filename or "")[:120]
        if name.lower().endswith(".csv"):
            taken = imports.import_csv(db(), now(), viewer().actor, data, name)
        else:
            taken = imports.import_usb(db(), now(), viewer().actor, terminal.name, data, name)
        return gettext(
            "%(new)d rekaman baru dari %(read)d; %(bad)d perlu dicocokkan.",
            new=taken.new,
            read=taken.read,
            bad=taken.quarantined,
        )

    return _act(terminal_id, act)


@desk.post("/<int:terminal_id>/cleared")
@for_roles(*MAY_REGISTER)
def confirm_clear(terminal_id: int) -> Any:
    """The log was cleared, or the memory is another one: go on from what is there."""

    def act(terminal: Terminal) -> str:
        if not typed("why"):
            raise TerminalProblem("no_reason", "Say who cleared it and why.")
        terminals.confirm_clear(db(), now(), viewer().actor, terminal.name, typed("why")[:500])
        return gettext("Dicatat. Bacaan berikutnya mulai dari isi memori sekarang.")

    return _act(terminal_id, act)


@desk.post("/<int:terminal_id>/set-clock")
@for_roles(*MAY_REGISTER)
def set_clock(terminal_id: int) -> Any:
    """Set it to the true time of its site."""

    def act(terminal: Terminal) -> str:
        done = clocks.set_clock(db(), now, zk_acts.set_clock, viewer(), terminal.name)
        return gettext(
            "Jam disetel; selisihnya tadi %(before)d detik, sekarang %(after)d.",
            before=done.before.offset_seconds or 0,
            after=done.after.offset_seconds or 0,
        )

    return _act(terminal_id, act)


@desk.post("/<int:terminal_id>/correct-clock")
@for_roles(*MAY_REGISTER)
def correct_clock(terminal_id: int) -> Any:
    """How wrong it was in a period; the days are derived again."""

    def act(terminal: Terminal) -> str:
        moved = clocks.correct(
            db(),
            now(),
            viewer(),
            terminal.name,
            typed("from").replace("T", " "),
            typed("to").replace("T", " "),
            _seconds(typed("ahead")),
            typed("why"),
        )
        return gettext("%(n)d rekaman dibetulkan; hari-harinya dihitung lagi.", n=moved)

    return _act(terminal_id, act)


def _seconds(written: str) -> int:
    try:
        return int(written)
    except ValueError:
        raise TerminalProblem("bad_seconds", "Give seconds as a number.") from None


@desk.post("/<int:terminal_id>/people")
@for_roles(*MAY_REGISTER)
def write_people(terminal_id: int) -> Any:
    """Tell the terminal the names of everybody whose ID stands on it."""

    def act(terminal: Terminal) -> str:
        written = replacement.write_people(
            db(), now, zk_acts.write_people, viewer().actor, terminal.name
        )
        if written.asked:
            return gettext("%(n)d nama menunggu diambil mesin.", n=written.count)
        return gettext("%(n)d nama ada di mesin.", n=written.count)

    return _act(terminal_id, act)


@desk.post("/<int:terminal_id>/retire")
@for_roles(*MAY_REGISTER)
def retire(terminal_id: int) -> Any:
    """Out of service for good, without a successor."""

    def act(terminal: Terminal) -> str:
        if not typed("why"):
            raise TerminalProblem("no_reason", "Say why.")
        terminals.retire(db(), now(), viewer().actor, terminal.name, typed("why")[:500])
        return gettext("Mesin dipensiunkan. Isinya masih bisa masuk lewat USB.")

    return _act(terminal_id, act)


@desk.post("/<int:terminal_id>/replace")
@for_roles(*MAY_REGISTER)
def replace(terminal_id: int) -> Any:
    """A new terminal takes its place with the same IDs."""
    form = register_form()
    with db().read() as session:
        old = found(session, terminal_id)
    form.unit.data = old.unit.code
    if not form.validate() or not typed("why"):
        return show(
            terminal_id, gettext("Isi nama mesin baru, alamat atau nomor seri, dan alasan."), 422
        )
    try:
        new_id = replacement.replace(
            db(), now(), viewer().actor, old.name, form.terminal(), typed("why")[:500]
        )
    except TerminalProblem as error:
        return show(terminal_id, terminal_words.problem(error), 422)
    flash(gettext("Mesin diganti. Sambungkan, lalu tulis nama pegawai ke mesin baru."))
    return redirect(url_for("terminals.one", terminal_id=new_id), 303)


@desk.post("/<int:terminal_id>/clearing")
@for_roles(*MAY_REGISTER)
def ask_clearing(terminal_id: int) -> Any:
    """The first person's half of emptying a log."""

    def act(terminal: Terminal) -> str:
        clearing.ask(db(), now, read_terminal, viewer(), terminal.name, typed("why"))
        return gettext("Terbaca dua kali dan sama. Dalam satu jam orang kedua dapat mengosongkan.")

    return _act(terminal_id, act)


@desk.post("/<int:terminal_id>/clearing/do")
@for_roles(*MAY_REGISTER)
def do_clearing(terminal_id: int) -> Any:
    """The second person's half."""

    def act(_: Terminal) -> str:
        done = clearing.do(
            db(), now, read_terminal, zk_acts.empty_log, viewer(), typed_int("clearing")
        )
        return {
            clearing.CLEARED: gettext("Log dikosongkan; semua rekamannya ada pada kita."),
            clearing.CHANGED: gettext("Ada rekaman baru; log tidak dikosongkan. Ulangi nanti."),
            clearing.KEPT: gettext(
                "Mesin menjawab ya, tetapi lognya tetap. Tidak ada yang hilang."
            ),
            clearing.UNKNOWN: gettext("Jawaban mesin hilang. Baca dulu sebelum berbuat lain."),
        }[str(done.outcome)]

    return _act(terminal_id, act)
