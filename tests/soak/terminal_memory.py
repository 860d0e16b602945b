"""A terminal of the simulated year: a memory that grows, is read and may burn."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import datetime, timedelta

from devices.errors import TerminalError, Trouble
from devices.records import LAYOUTS, time_number
from devices.zk_attlog import OVERLAP, AttlogRead, HeldTail
from devices.zk_session import Address
from tests.soak.truth import FaultKind, Scan, Terminal

LAYOUT = "40"
FORM = LAYOUTS[LAYOUT]
FINGER = 1


class Memory:
    """What stands in a terminal at any instant, and a reader that reads it as of that instant."""

    def __init__(self, terminal: Terminal, scans: Iterable[Scan]):
        self._terminal = terminal
        kept = sorted(
            (scan for scan in scans if scan.arrives_at is not None),
            key=lambda scan: (scan.at, scan.pin, scan.stamp),
        )
        for scan in kept:
            first = terminal.reads[bisect_right(terminal.reads, scan.at)]
            assert scan.arrives_at == first, f"{scan} arrives with a read that is not the next one"
        self._times = [scan.at for scan in kept]
        self._records = [_record(scan) for scan in kept]

    def offset_at(self, at: datetime) -> timedelta:
        """How far the clock is ahead."""
        return next(
            (
                fault.offset
                for fault in self._terminal.faults
                if fault.kind is FaultKind.WRONG_CLOCK and fault.start <= at < fault.end
            ),
            timedelta(),
        )

    def _began_at(self, at: datetime) -> int:
        """The first record of the memory that hangs there at `at`: a new one begins empty."""
        ends = [
            fault.end
            for fault in self._terminal.faults
            if fault.kind is FaultKind.DATA_LOST and fault.end <= at
        ]
        return bisect_left(self._times, max(ends)) if ends else 0

    def read(self, at: datetime, address: Address, held: HeldTail | None) -> AttlogRead:
        """A read at that instant, as `devices.zk_attlog.read_terminal` gives it."""
        records = self._records[self._began_at(at) : bisect_left(self._times, at)]
        first = 0
        if held is not None:
            if len(records) < held.count:
                sentence = (
                    f"The terminal holds {len(records)} records where there were {held.count}."
                )
                raise TerminalError(Trouble.COUNT_FELL, sentence, raw=b"".join(records))
            first = max(held.count - OVERLAP, 0)
        raw = b"".join(records[first:])
        ahead = self.offset_at(at)
        return AttlogRead(
            raw=raw,
            layout=LAYOUT if records else "auto",
            first_index=first,
            record_count_before=len(records),
            record_count_after=len(records),
            record_capacity=100_000,
            total_bytes=len(records) * FORM.size + 4,
            started_at=at,
            finished_at=at,
            device_time=f"{(at + ahead).astimezone(address.zone):%Y-%m-%d %H:%M:%S}",
            clock_offset_seconds=int(ahead.total_seconds()),
            serial="",
            firmware="Ver 6.60",
        )


def _record(scan: Scan) -> bytes:
    t = scan.stamp
    number = time_number(t.year, t.month, t.day, t.hour, t.minute, t.second)
    return FORM.packing.pack(scan.pin.encode(), FINGER, number, scan.key)
