"""Whose an unknown ID may be (usul pemilik ID): by use at sibling terminals, by name.

Only suggestions: a person confirms each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz
from sqlalchemy.orm import Session

from devices import iclock
from domain.people import short_name
from store import punch_queries, suggestion_queries
from store.people import Employee
from store.punches import Terminal

ALIKE = 80  # of 100; below that two names are two people
AT_SIBLING, BY_NAME = "sibling", "name"


@dataclass(frozen=True)
class Suggestion:
    """Perhaps this person, because the ID is theirs at a sibling or the name there is alike."""

    nip: str
    name: str
    because: str


def suggest(
    session: Session, terminal: Terminal, pins: Sequence[str], day: date
) -> dict[str, Suggestion]:
    """For each of these IDs the likeliest person of the unit, where there is a likely one."""
    found = {
        pin: Suggestion(person.nip or "", person.name, AT_SIBLING)
        for pin, person in suggestion_queries.owners_at_siblings(
            session, terminal, pins, day
        ).items()
    }
    names = names_told(session, terminal)
    unmapped = suggestion_queries.people_without_id(session, terminal, day)
    for pin in pins:
        if pin not in found and (written := names.get(pin)):
            person = most_alike(written, unmapped)
            if person is not None:
                found[pin] = Suggestion(person.nip or "", person.name, BY_NAME)
    return found


def most_alike(written: str, people: Sequence[Employee]) -> Employee | None:
    """The only person whose name is like what stands on the terminal; None when in doubt."""
    scored = sorted(
        ((fuzz.token_set_ratio(_plain(written), _plain(each.name)), each) for each in people),
        key=lambda pair: -pair[0],
    )
    if not scored or scored[0][0] < ALIKE:
        return None
    if len(scored) > 1 and scored[1][0] >= scored[0][0]:
        return None
    return scored[0][1]


def _plain(name: str) -> str:
    return short_name(name, 60).lower()


def names_told(session: Session, terminal: Terminal) -> Mapping[str, str]:
    """The names a pushing terminal has told with its operation log, by ID."""
    told: dict[str, str] = {}
    for read in suggestion_queries.operation_logs(session, terminal.id):
        for user in iclock.parse_operlog(punch_queries.payload_of(read)).users:
            if user.name:
                told[user.pin] = user.name
    return told
