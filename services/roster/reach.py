"""How the people of an import are reached and recognised: phones, and IDs at terminals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta

from domain.people import mask_number
from domain.roster.rows import PersonRow
from domain.roster.succession import Held, Succession, Wanted, succeed
from services import pins
from services.roster.batch import Batch
from services.roster.people import People
from services.roster.work import Work
from store import roster_queries, terminal_queries
from store.contacts import WAITS_FOR_SECOND
from store.people import Phone
from store.punches import RosterId, Terminal, TerminalId
from store.roster_queries import IdPlace, PhoneState, StoredUnit

SHOWN = 5  # names in a remark


# --- phones ----------------------------------------------------------------------------------


def bring_phones(work: Work, people: People, deciders: set[int]) -> None:
    """The numbers of the table, none of them verified by this.

    Who decides keeps a number that was verified, or that two people gave in the panel: a new one
    waits, stopped, until a second person confirms it, for otherwise whoever writes the file could
    decide in their name.
    """
    if "phones" not in work.roster.people_columns:
        return
    held, states = roster_queries.phones(work.tx, work.as_of)
    batch = Batch(Phone)
    waiting: list[str] = []
    released: list[int] = []
    for employee_id, row in people.listed:
        numbers = held.get(employee_id, [])
        kept = _kept_by_deciders(numbers, states) if employee_id in deciders else []
        wanted = [Wanted(number) for number in dict.fromkeys([*row.phones, *kept])]
        change = succeed(numbers, wanted, work.as_of)
        stop = {
            "stopped_at": work.now if kept else None,
            "stop_reason": WAITS_FOR_SECOND if kept else None,
            "proposed_by": str(work.actor) if kept else None,
        }
        batch.take(change, "number", employee_id=employee_id, **stop)
        if kept and change.open:
            waiting.append(row.name)
        if not kept:
            released += [n.id for n in numbers if states[n.id].stop_reason == WAITS_FOR_SECOND]
        _note_phones(work, employee_id, change)
    batch.write(work)
    roster_queries.change(
        work.tx,
        Phone,
        [{"id": row_id, "stopped_at": None, "stop_reason": None} for row_id in released],
    )
    _remark_phones(work, people, waiting, held, states)


def _kept_by_deciders(numbers: list[Held[str]], states: Mapping[int, PhoneState]) -> list[str]:
    return [
        number.key
        for number in numbers
        if states[number.id].is_trusted and not states[number.id].is_stopped
    ]


def _note_phones(work: Work, employee_id: int, change: Succession[str]) -> None:
    opened, ended = change.open, change.end
    if opened:
        work.note(employee_id, "phones_added", [mask_number(number) for number, _, _ in opened])
    if ended:
        work.note(employee_id, "phones_ended", [mask_number(row.key) for row, _ in ended])
    work.report.counts["nomor HP"] += len(opened) + len(ended)


def _remark_phones(
    work: Work,
    people: People,
    waiting: list[str],
    held: Mapping[int, list[Held[str]]],
    states: Mapping[int, PhoneState],
) -> None:
    if waiting:
        work.report.remarks.append(
            f"Nomor baru {len(waiting)} orang yang memutuskan menunggu orang kedua; sampai"
            f" dikonfirmasi nomor lama tetap berlaku: {_some(waiting)}."
        )
    sharing: dict[str, list[PersonRow]] = defaultdict(list)
    for _, row in people.listed:
        for number in row.phones:
            sharing[number].append(row)
    shared = [
        f"baris {' dan '.join(str(row.line) for row in rows[:SHOWN])}"
        for rows in sharing.values()
        if len(rows) > 1
    ]
    if shared:
        work.report.remarks.append(
            f"{len(shared)} nomor HP dipakai bersama; pengirimnya selalu ditanya dulu:"
            f" {_some(shared)}."
        )
    stopped = [
        row.name
        for employee_id, row in people.listed
        for number in held.get(employee_id, ())
        if number.key in row.phones
        and states[number.id].is_stopped
        and states[number.id].stop_reason != WAITS_FOR_SECOND
    ]
    if stopped:
        work.report.remarks.append(
            f"{len(stopped)} nomor sudah dihentikan pemiliknya (BUKAN SAYA) dan tetap berhenti:"
            f" {_some(stopped)}."
        )


def _some(words: list[str]) -> str:
    return ", ".join(words[:SHOWN]) + (" ..." if len(words) > SHOWN else "")


# --- IDs at terminals ------------------------------------------------------------------------


def bring_terminal_ids(work: Work, people: People, units: dict[str, StoredUnit]) -> None:
    """The IDs of the table, at the terminals there are; those that come later take theirs then.

    IDs that were mapped by hand and never stood in a roster are left alone, except a leaver's.
    """
    if "pins" not in work.roster.people_columns and not people.leavers:
        return
    held = roster_queries.roster_ids(work.tx, work.as_of)
    batch = Batch(RosterId)
    gone: list[tuple[int, IdPlace]] = []
    come: list[tuple[int, IdPlace]] = []
    wanted_of: dict[int, list[IdPlace]] = {person.id: [] for person in people.leavers}
    if "pins" in work.roster.people_columns:
        for employee_id, row in people.listed:
            wanted_of[employee_id] = _places(row, units)
    for employee_id, places in wanted_of.items():
        change = succeed(held.get(employee_id, ()), [Wanted(p) for p in places], work.as_of)
        batch.take(change, employee_id=employee_id)
        gone += [(employee_id, row.key) for row, _ in change.end]
        gone += [(employee_id, row.key) for row in change.drop]
        come += [(employee_id, key) for key, _, _ in change.open]
        if change:
            work.note(employee_id, "terminal_ids", [place.pin for place in places])
            work.touched.add(employee_id)
            work.report.counts["ID mesin"] += 1
    batch.write(work)
    _follow(work, gone, come, {person.id for person in people.leavers})
    _remark_terminals(work, come)


def _places(row: PersonRow, units: dict[str, StoredUnit]) -> list[IdPlace]:
    return [
        IdPlace(pin.pin, None, pin.terminal.lower())
        if pin.terminal is not None
        else IdPlace(pin.pin, units[row.unit_code].id, None)
        for pin in row.pins
    ]


def _follow(
    work: Work,
    gone: list[tuple[int, IdPlace]],
    come: list[tuple[int, IdPlace]],
    leavers: set[int],
) -> None:
    """Bring the IDs at the terminals after those of the roster, and punches after the IDs."""
    of_leavers: dict[int, list[PersonPin]] = defaultdict(list)
    for row in roster_queries.open_terminal_ids(work.tx, leavers, work.as_of):
        of_leavers[row.terminal_id].append((row.employee_id, row.pin))
    ending, opening = _by_place(gone), _by_place(come)
    for terminal in roster_queries.terminals(work.tx):
        places = (terminal.unit_id, terminal.name.lower())
        ends = [pair for place in places for pair in ending.get(place, ())]
        ends += of_leavers.get(terminal.id, ())
        opens = [pair for place in places for pair in opening.get(place, ())]
        if ends or opens:
            _follow_at(work, terminal, ends, opens)


PersonPin = tuple[int, str]


def _by_place(ids: list[tuple[int, IdPlace]]) -> dict[int | str | None, list[PersonPin]]:
    """IDs by the unit or by the terminal's name they are for."""
    found: dict[int | str | None, list[PersonPin]] = defaultdict(list)
    for employee_id, place in ids:
        found[place.terminal_name or place.unit_id].append((employee_id, place.pin))
    return found


def _follow_at(
    work: Work, terminal: Terminal, ends: list[PersonPin], opens: list[PersonPin]
) -> None:
    rows: dict[str, list[TerminalId]] = defaultdict(list)
    for row in terminal_queries.id_rows(work.tx, terminal.id):
        rows[pins.canonical(terminal.layout, row.pin)].append(row)
    for employee_id, pin in ends:
        same = rows[pins.canonical(terminal.layout, pin)]
        for row in [row for row in same if row.employee_id == employee_id]:
            if row.first_day >= work.as_of:
                work.tx.delete(row)
                same.remove(row)
            elif row.last_day is None or row.last_day >= work.as_of:
                row.last_day = work.as_of - timedelta(days=1)
    work.tx.flush()
    for employee_id, pin in opens:
        same = rows[pins.canonical(terminal.layout, pin)]
        pins.take_over(work.tx, terminal, pin, employee_id, work.as_of, same)
    work.tx.flush()
    pins.settle(work.tx, work.now, terminal, {pin for _, pin in (*ends, *opens)})


def _remark_terminals(work: Work, come: list[tuple[int, IdPlace]]) -> None:
    known = {terminal.name.lower() for terminal in roster_queries.terminals(work.tx)}
    named = {place.terminal_name for _, place in come if place.terminal_name}
    unknown = sorted(named - known)
    if unknown:
        work.report.remarks.append(
            "Mesin ini belum terdaftar; ID-nya berlaku begitu mesinnya didaftarkan:"
            f" {_some(unknown)}."
        )
