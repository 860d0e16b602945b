"""The exact reader of a terminal's attendance log (pembaca rekaman): all of it, or its tail.

The count comes from GET_FREE_SIZES before and after, the records from one snapshot between.
Nothing is guessed: a read is right to the byte or it is an error. What the reader cannot
prove is completeness, when the terminal's own count contradicts what it gave; then the
records are true and `doubt` says what is not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from devices.errors import TerminalError, Trouble
from devices.records import LAYOUT_SETTINGS, LAYOUTS, is_plausible, learn_layout
from devices.zk_dataset import PREFIX, Snapshot, check_prefix, fetch, let_go, take_snapshot
from devices.zk_session import Address, Clock, DeviceInfo, Session, Sizes
from devices.zk_wire import Wire

CMD_ATTLOG = 13
OVERLAP = 32  # records held that a tail read asks for again


@dataclass(frozen=True)
class HeldTail:
    """What we already hold of a terminal's memory: how many records, and the last of them.

    `tail` are the raw bytes of the last records (OVERLAP of them suffice), in `layout`.
    """

    count: int
    tail: bytes
    layout: str


@dataclass(frozen=True)
class AttlogRead:
    """One good read. `raw` are records only, from place `first_index` of the memory on.

    `record_count_before` and `_after` are the terminal's own counts around the snapshot,
    `total_bytes` the snapshot's size with its four bytes of length. `device_time` is local
    text, None when the clock shows an impossible day. `layout` is `auto` only while there is
    no record to learn from. `tail_differed`: what we held is not in the terminal as it was
    (cleared, replaced, overwritten), so everything was read. `doubt`: why this read, though
    true, does not prove that nothing is missing; None when it does.
    """

    raw: bytes
    layout: str
    first_index: int
    record_count_before: int
    record_count_after: int
    record_capacity: int
    total_bytes: int
    started_at: datetime
    finished_at: datetime
    device_time: str | None
    clock_offset_seconds: int | None
    serial: str
    firmware: str
    tail_differed: bool = False
    doubt: str | None = None

    @property
    def record_count(self) -> int:
        """Records in the snapshot, those not fetched again included."""
        size = LAYOUTS[self.layout].size if self.layout in LAYOUTS else 1
        return self.first_index + len(self.raw) // size

    def held_tail(self) -> HeldTail | None:
        """What to hand to the next read once this one is stored; None when nothing is held."""
        return tail_of(self.raw, self.layout, self.first_index) if self.raw else None


def tail_of(raw: bytes, layout: str, first_index: int) -> HeldTail:
    """The tail of a stored read: its bytes, their layout, the place of the first record."""
    size = LAYOUTS[layout].size
    return HeldTail(first_index + len(raw) // size, raw[-OVERLAP * size :], layout)


def read_terminal(
    address: Address,
    *,
    held: HeldTail | None = None,
    deadline_s: float = 300.0,
    silence_s: float = 15.0,
) -> AttlogRead:
    """Visit a terminal and read its attendance log; done or failed within `deadline_s`.

    With `held`, only the records after those and an overlap that must equal them are fetched;
    where it does not, everything is. Raises TerminalError, with the bytes of a refused read
    in `raw`. Hold the terminal's lock while this runs: one caller at a time.
    """
    started_at = datetime.now(UTC)
    with Session(address, deadline_s=deadline_s, silence_s=silence_s) as session:
        info = session.info()
        _check_serial(address, info)
        clock = session.clock()
        before = session.sizes()
        snapshot = _snapshot(session.wire, before)
        tail = _read_tail(session.wire, snapshot, address, held) if held else None
        raw, first_index = tail or (_records(session.wire, snapshot), 0)
        if snapshot.whole is None:
            let_go(session.wire)
        after = session.sizes()
    counts = (before.records, after.records)
    latest = _latest_day(clock, address)
    if tail and held:
        layout = held.layout
    else:
        layout = _layout(raw, counts, latest, address.layout)
    read = AttlogRead(
        raw=raw,
        layout=layout,
        first_index=first_index,
        record_count_before=before.records,
        record_count_after=after.records,
        record_capacity=before.record_capacity,
        total_bytes=snapshot.total,
        started_at=started_at,
        finished_at=datetime.now(UTC),
        device_time=clock.local,
        clock_offset_seconds=clock.offset_seconds,
        serial=info.serial,
        firmware=info.firmware,
        tail_differed=held is not None and tail is None,
    )
    return replace(read, doubt=_doubt(read))


def _check_serial(address: Address, info: DeviceInfo) -> None:
    if address.serial is not None and info.serial != address.serial:
        raise TerminalError(
            Trouble.OTHER_TERMINAL,
            f"{address.host} is terminal {info.serial or 'without serial'}, not {address.serial}.",
        )


def _snapshot(wire: Wire, before: Sizes) -> Snapshot:
    try:
        return take_snapshot(wire, CMD_ATTLOG)
    except TerminalError as error:
        if error.code is Trouble.REFUSED and before.records == 0:
            return Snapshot(PREFIX, bytes(PREFIX))  # some firmware has no answer for nothing
        raise


def _records(wire: Wire, snapshot: Snapshot) -> bytes:
    """The bytes of all records, after their prefix was found true."""
    data = fetch(wire, 0, snapshot.total) if snapshot.whole is None else snapshot.whole
    check_prefix(wire, data)
    return bytes(memoryview(data)[PREFIX:])


def _read_tail(
    wire: Wire, snapshot: Snapshot, address: Address, held: HeldTail
) -> tuple[bytes, int] | None:
    """The records from the overlap on and the place of the first; None when all must be read.

    Raises TerminalError (count_fell) when there are fewer records than we hold.
    """
    size = LAYOUTS[held.layout].size
    comparable = held.layout in LAYOUT_SETTINGS[address.layout] and len(held.tail) >= size
    if not comparable or (snapshot.total - PREFIX) % size:
        return None
    count = (snapshot.total - PREFIX) // size
    if count < held.count:
        raise TerminalError(
            Trouble.COUNT_FELL,
            f"The terminal holds {count} records where there were {held.count}.",
            raw=_records(wire, snapshot),
        )
    first = held.count - len(held.tail) // size
    if snapshot.whole is not None:
        raw = snapshot.whole[PREFIX + first * size :]
    else:
        _check_prefix_alone(wire, snapshot)
        raw = bytes(fetch(wire, PREFIX + first * size, snapshot.total))
    return (raw, first) if raw.startswith(held.tail) else None


def _check_prefix_alone(wire: Wire, snapshot: Snapshot) -> None:
    said = int.from_bytes(fetch(wire, 0, PREFIX), "little")
    if said != snapshot.total - PREFIX:
        raise wire.fail(
            Trouble.SHORT_READ,
            f"The terminal announced {said} bytes of records and has {snapshot.total - PREFIX}.",
        )


def _latest_day(clock: Clock, address: Address) -> date:
    """No record is later than a day after now, by our clock or by the terminal's."""
    ours = datetime.now(address.zone).date()
    theirs = date.fromisoformat(clock.local[:10]) if clock.local else ours
    return max(ours, theirs) + timedelta(days=1)


def _layout(raw: bytes, counts: tuple[int, int], latest: date, setting: str) -> str:
    """The layout of a full read, refused unless its count or its times prove it."""
    if not raw:
        if min(counts) > 0:
            raise TerminalError(
                Trouble.SHORT_READ, f"The terminal counts {counts[0]} records and gave none."
            )
        return setting
    if len(LAYOUT_SETTINGS[setting]) > 1:
        return learn_layout(raw, counts, latest, setting)
    count, rest = divmod(len(raw), LAYOUTS[setting].size)
    if rest == 0 and (counts[0] <= count <= counts[1] or is_plausible(raw, setting, latest)):
        return setting
    raise TerminalError(
        Trouble.LAYOUT,
        f"{len(raw)} bytes do not look like {counts[0]} records of layout {setting}.",
        raw=raw,
    )


def _doubt(read: AttlogRead) -> str | None:
    """Why a true read proves nothing about what may be missing, if so."""
    if read.record_count_before <= read.record_count <= read.record_count_after:
        return None
    return (
        f"The terminal counted {read.record_count_before} records before and"
        f" {read.record_count_after} after giving {read.record_count}."
    )
