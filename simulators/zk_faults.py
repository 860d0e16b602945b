"""Everything that goes wrong on a terminal's wire, as switches that stay on until turned off."""

from __future__ import annotations

from dataclasses import dataclass, field, fields


@dataclass
class Faults:
    """What the terminal does wrong just now. All off is a healthy terminal.

    Not every switch is a fault: several packets per chunk, split and glued frames are allowed
    by the protocol and met in the field; a good reader must not notice them.
    """

    cut: str | None = None  # in the middle of a chunk: "fin", "rst", "stall" or "drop" (bytes lost)
    cut_after: int = 1000  # bytes of the chunk's stream that still go out
    short_chunk: int = 0  # bytes missing from every chunk, honestly announced
    missing_bytes: int = 0  # the dataset ends before its own prefix says
    shrunken: int = 0  # records left out of the dataset, prefix and all
    packet_size: int | None = None  # several CMD_DATA per chunk, each of at most so many bytes
    first_piece: int | None = None  # so many bytes of every answer travel alone
    piece: int | None = None  # every answer in pieces of so many bytes
    unannounced: bool = False  # a chunk as a single DATA, without PREPARE_DATA and ACK_OK
    glued: bool = False  # all frames of an answer in one segment
    doubled: set[int] = field(default_factory=set)  # commands whose answer comes twice
    wrong_checksum: bool = False
    altered: bool = False  # one bit of every data packet flipped on the way
    late: dict[int, float] = field(default_factory=dict)  # command -> seconds, once
    wrong_reply_number: set[int] = field(default_factory=set)
    wrong_session: set[int] = field(default_factory=set)
    count_error: int = 0  # GET_FREE_SIZES says so many records more than there are
    user_count_error: int = 0  # and so many people more
    punches_before_read: int = 0  # made between GET_FREE_SIZES and the snapshot, once
    punches_during_read: int = 0  # made after the snapshot, once
    clear_reply_lost: bool = False
    no_buffered_read: bool = False  # old firmware: knows no 1503
    silent: bool = False  # takes the connection and never says a word
    babble: bool = False  # not the protocol at all: another service on that port
    refuses_data: bool = False  # an error instead of any dataset
    ignores_disable: bool = False  # "Working..." on the display, and fingers still taken
    live_between: bool = False  # live events in the middle of answers
    garbled: dict[int, tuple[int, bytes]] = field(default_factory=dict)  # command -> its answer
    trickle: float | None = None  # seconds between single bytes of a chunk

    @classmethod
    def from_json(cls, values: dict[str, object]) -> Faults:
        """Faults as a control page names them; ValueError for one that does not exist."""
        known = {item.name for item in fields(cls)}
        if unknown := set(values) - known:
            raise ValueError(f"no such fault: {', '.join(sorted(unknown))}")
        made = cls(**values)  # type: ignore[arg-type]  # the page's own words, checked above
        for name in ("doubled", "wrong_reply_number", "wrong_session"):
            setattr(made, name, set(getattr(made, name)))
        made.garbled = {}  # for tests only: a page cannot write bytes
        made.late = {int(command): float(wait) for command, wait in made.late.items()}
        return made
