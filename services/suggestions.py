"""Whose an unknown ID may be (usul pemilik ID): by use at sibling terminals, by name.

Only suggestions: a person confirms each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz
from sqlalchemy.orm import Session

from devices import iclock
from devices.errors import TerminalError
from devices.zk_session import Address
from devices.zk_users import TerminalUser, record_pin
from domain.access import Viewer
from domain.people import short_name
from services import lines, punches, terminals
from services.terminals import TerminalProblem
from store import punch_queries, suggestion_queries
from store.db import Database
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


ReadPeople = Callable[[Address], list[TerminalUser]]


def fetch_names(
    db: Database, clock: lines.Clock, reader: ReadPeople, viewer: Viewer, name: str
) -> int:
    """Read the names that stand on a terminal we call, for suggestions; returns how many.

    Kept in the shape in which a pushing terminal tells them. Raises TerminalProblem.
    """
    with db.read() as session:
        terminal = terminals.visible(session, viewer, name)
    with lines.line_to(db, clock, terminal.id) as address:
        try:
            users = reader(address)
        except TerminalError as error:
            raise TerminalProblem(error.code.value, error.sentence) from error
    told = [
        f"USER PIN={record_pin(user, terminal.layout)}\tName={_one_field(user.name)}\tPri=0"
        for user in users
    ]
    kept = punches.keep(
        db, terminal.id, punches.PULL, "\n".join(told).encode(), received_at=clock(),
        layout=punches.OPERLOG,
    )  # fmt: skip
    if not kept.is_repeat:
        punches.take_in(db, clock(), kept.raw_read_id)
    return len(users)


def _one_field(name: str) -> str:
    return " ".join(name.split())


def names_told(session: Session, terminal: Terminal) -> Mapping[str, str]:
    """The names a terminal has told, with its operation log or when asked, by ID."""
    told: dict[str, str] = {}
    for read in suggestion_queries.operation_logs(session, terminal.id):
        for user in iclock.parse_operlog(punch_queries.payload_of(read)).users:
            if user.name:
                told[user.pin] = user.name
    return told
