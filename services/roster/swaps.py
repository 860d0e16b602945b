"""Swaps of shifts (tukar jaga): one account proposes, another confirms, both are in the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from domain.access import Viewer
from domain.shifts import Grid, changes, swapped
from services.roster.shifts import ShiftProblem, Ward, apply, ward
from store import shift_queries
from store.db import Database, Transaction
from store.log import record
from store.people import Unit
from store.shifts import ShiftSwap


class Outcome(StrEnum):
    """How a proposed swap ended."""

    CONFIRMED = "confirmed"
    REFUSED = "refused"


def propose(
    db: Database,
    now: datetime,
    viewer: Viewer,
    unit_id: int,
    one_id: int,
    other_id: int,
    days: Sequence[date],
    why: str,
) -> int:
    """Ask that two people exchange their letters on some dates of one month; returns the swap's id.

    Nothing changes yet. Raises ShiftProblem: same_person, no_days, no_reason, not_published,
    same_letters, cannot_stand.
    """
    if one_id == other_id:
        raise ShiftProblem("same_person")
    if not days:
        raise ShiftProblem("no_days")
    if not why.strip():
        raise ShiftProblem("no_reason")
    with db.begin() as tx:
        place = ward(tx, tx.get_one(Unit, unit_id), min(days).replace(day=1))
        _checked(place, one_id, other_id, days)
        swap = ShiftSwap(
            unit_id=unit_id,
            one_id=one_id,
            other_id=other_id,
            letters={day.isoformat(): _pair(place, one_id, other_id, day) for day in sorted(days)},
            why=why.strip()[:200],
            proposed_by=str(viewer.actor),
            proposer_id=viewer.employee_id,
            proposed_at=now,
        )
        tx.add(swap)
        tx.flush()
        _log(tx, now, viewer, swap, "swap_proposed")
        return swap.id


def confirm(db: Database, now: datetime, viewer: Viewer, swap_id: int) -> None:
    """The swap counts from now on. Raises ShiftProblem: gone, own_proposal, moved, cannot_stand."""
    with db.begin() as tx:
        swap = _open(tx, viewer, swap_id)
        if is_proposer(swap, viewer):
            raise ShiftProblem("own_proposal")
        days = [date.fromisoformat(day) for day in swap.letters]
        place = ward(tx, tx.get_one(Unit, swap.unit_id), min(days).replace(day=1))
        for day in days:
            if _pair(place, swap.one_id, swap.other_id, day) != swap.letters[day.isoformat()]:
                raise ShiftProblem("moved")
        wanted = _checked(place, swap.one_id, swap.other_id, days)
        found = list(changes(place.published, wanted, days))
        apply(tx, now, viewer.actor, swap.unit_id, found, "shifts_swapped")
        _end(tx, now, viewer, swap, Outcome.CONFIRMED)


def refuse(db: Database, now: datetime, viewer: Viewer, swap_id: int) -> None:
    """The swap is refused, or taken back by who proposed it. Raises ShiftProblem: gone."""
    with db.begin() as tx:
        _end(tx, now, viewer, _open(tx, viewer, swap_id), Outcome.REFUSED)


def is_proposer(swap: ShiftSwap, viewer: Viewer) -> bool:
    """True for the account that proposed it, and for another account of the same person."""
    if swap.proposed_by == str(viewer.actor):
        return True
    return swap.proposer_id is not None and swap.proposer_id == viewer.employee_id


def _open(tx: Transaction, viewer: Viewer, swap_id: int) -> ShiftSwap:
    swap = shift_queries.hold_swap(tx, viewer, swap_id)
    if swap is None or swap.ended_at is not None:
        raise ShiftProblem("gone")
    return swap


def _pair(place: Ward, one_id: int, other_id: int, day: date) -> list[str]:
    return [place.published.get(who, {}).get(day, "") for who in (one_id, other_id)]


def _checked(place: Ward, one_id: int, other_id: int, days: Sequence[date]) -> Grid:
    """The letters after the swap, if it can be."""
    pairs = [_pair(place, one_id, other_id, day) for day in days]
    if any("" in pair for pair in pairs) or not set(days) <= set(place.days):
        raise ShiftProblem("not_published")
    if all(mine == yours for mine, yours in pairs):
        raise ShiftProblem("same_letters")
    wanted = swapped(place.published, one_id, other_id, days)
    whole = {who: {**place.published[who], **wanted[who]} for who in (one_id, other_id)}
    in_month = {
        who: {day: letter for day, letter in letters.items() if day in place.days}
        for who, letters in whole.items()
    }
    if place.bad_cells(in_month):
        raise ShiftProblem("cannot_stand")
    return wanted


def _end(tx: Transaction, now: datetime, viewer: Viewer, swap: ShiftSwap, outcome: Outcome) -> None:
    swap.ended_by, swap.ended_at, swap.outcome = str(viewer.actor), now, outcome.value
    _log(tx, now, viewer, swap, f"swap_{outcome.value}")


def _log(tx: Transaction, now: datetime, viewer: Viewer, swap: ShiftSwap, action: str) -> None:
    for employee_id in (swap.one_id, swap.other_id):
        record(
            tx,
            now,
            viewer.actor,
            action,
            "shift_swap",
            swap.id,
            employee_id=employee_id,
            unit_id=swap.unit_id,
            why=swap.why,
            data={"letters": swap.letters},
        )
