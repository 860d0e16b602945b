"""What people have done at a terminal over its line: write people, set the clock, empty the log."""

from __future__ import annotations

from typing import NamedTuple

from devices.zk_session import Address, Clock, Session
from devices.zk_users import TerminalUser, UserToWrite


class ClockSet(NamedTuple):
    """A clock before and after it was set."""

    before: Clock
    after: Clock


class Emptied(NamedTuple):
    """How many records a terminal counted right before and after; equal where it did nothing."""

    before: int
    after: int


def write_people(address: Address, people: list[UserToWrite]) -> list[TerminalUser]:
    """Make people known; who is known already stays as they are. Raises TerminalError."""
    with Session(address, deadline_s=120.0) as session:
        return session.add_users(people)


def read_people(address: Address) -> list[TerminalUser]:
    """Everybody the terminal knows, names as they stand there. Raises TerminalError."""
    with Session(address) as session:
        return session.users()


def set_clock(address: Address) -> ClockSet:
    """Set the clock to the true time of the site. Raises TerminalError."""
    with Session(address) as session:
        return ClockSet(session.clock(), session.set_clock())


def empty_log(address: Address, records: int) -> Emptied:
    """Erase the attendance log if it still holds exactly so many records; there is no way back.

    A terminal that took another finger meanwhile is left alone. Raises TerminalError;
    `clear_unknown` means that nobody knows whether the log is still there.
    """
    with Session(address) as session:
        before = session.sizes().records
        if before != records:
            return Emptied(before, before)
        session.clear_attlog()
        return Emptied(before, session.sizes().records)
