"""What can go wrong with a terminal, each with a code for machines and a sentence for people."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """Machine codes of a failed contact (gangguan mesin)."""

    BAD_ADDRESS = "bad_address"
    UNREACHABLE = "unreachable"
    WRONG_COMM_KEY = "wrong_comm_key"
    OTHER_TERMINAL = "other_terminal"
    CLOSED = "closed"
    SILENT = "silent"
    DEADLINE = "deadline"
    BROKEN_SESSION = "broken_session"
    NOT_ZK = "not_zk"
    CHECKSUM = "checksum"
    SHIFTED_ANSWER = "shifted_answer"
    UNEXPECTED_ANSWER = "unexpected_answer"
    REFUSED = "refused"
    SHORT_READ = "short_read"
    LAYOUT = "layout"
    COUNT_FELL = "count_fell"
    BAD_USER = "bad_user"
    CLEAR_UNKNOWN = "clear_unknown"
    BAD_TEXT = "bad_text"


_WHAT_TO_DO = {
    Trouble.BAD_ADDRESS: "Give the terminal's IP address, port and comm key as numbers.",
    Trouble.UNREACHABLE: "Check power, network cable, address and port of the terminal.",
    Trouble.WRONG_COMM_KEY: "Enter the comm key that the terminal's own menu shows.",
    Trouble.OTHER_TERMINAL: "Check the address; a replacement must be registered first.",
    Trouble.CLOSED: "Nothing was taken over; the next read starts afresh. Check the line.",
    Trouble.SILENT: "Nothing was taken over; the next read starts afresh. Check the line.",
    Trouble.DEADLINE: "Nothing was taken over; allow more time for this line.",
    Trouble.BROKEN_SESSION: "Open a new session.",
    Trouble.NOT_ZK: "Check the port (usually 4370): this does not speak the terminal's protocol.",
    Trouble.CHECKSUM: "Nothing was taken over; the next read starts afresh. Check the line.",
    Trouble.SHIFTED_ANSWER: "Nothing was taken over; the next read starts afresh.",
    Trouble.UNEXPECTED_ANSWER: "Nothing was taken over; note the firmware for the maintainers.",
    Trouble.REFUSED: "This model may not know the command; note the firmware.",
    Trouble.SHORT_READ: "Nothing was taken over; read again. If it stays, restart the terminal.",
    Trouble.LAYOUT: "Nothing was taken over; set the terminal's layout (8a, 8b, 16, 40 or 49).",
    Trouble.COUNT_FELL: "Was the log cleared, the terminal replaced? Confirm, then read fully.",
    Trouble.BAD_USER: "Correct the ID or the name and write it again.",
    Trouble.CLEAR_UNKNOWN: "Read the count before anything else: the log may be cleared.",
    Trouble.BAD_TEXT: "Check that this is the right file, and correct the named place.",
}


class TerminalError(Exception):
    """A contact with a terminal, or with what came out of one, that cannot be used.

    `code` is for machines, `sentence` says what was wrong and what to do, `raw` holds the bytes
    of a refused read so that they can be kept and looked at.
    """

    def __init__(self, code: Trouble, what: str, *, raw: bytes | None = None) -> None:
        self.code = code
        self.sentence = f"{what} {_WHAT_TO_DO[code]}"
        self.raw = raw
        super().__init__(self.sentence)
