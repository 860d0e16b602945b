"""What push terminals say and what they are told (mesin yang mengirim sendiri): pure text.

The attendance flavour of the vendor's push protocol, 2.x: the terminal is an HTTP client of
`/iclock/*`. Order of duties for a listener: `scrub` the body, store it, commit, then answer
`OK: <lines>`. Whatever the body says, once it is stored it counts as taken; a terminal repeats
a refused batch for ever and everything behind it is stuck.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from zlib import crc32

from devices.errors import TerminalError, Trouble
from devices.text_records import ParsedLines, parse_lines

OUR_PUSH_VERSION = "2.4.1"
OLDEST_PUSH_VERSION = "2.2.14"  # what a terminal speaks that names no version
SHORTEST_ERROR_DELAY_S, LONGEST_ERROR_DELAY_S = 30, 90
POLL_S = 10
ATTLOG_COLUMNS = 7  # behind them come body temperature, mask and photographs
PUNCH_COLUMN, STATUS_COLUMN = 0, 1
_SECRETS = re.compile(rb"(?<=[\t ])(Passwd|Card)=[^\t]*", re.IGNORECASE)


def is_serial(text: str) -> bool:
    """Whether a serial is one a terminal could have; anything else is not looked up."""
    return re.fullmatch(r"[A-Za-z0-9_-]{4,40}", text) is not None


def error_delay_s(serial: str) -> int:
    """Seconds until this terminal tries again: each its own, so that an outage does not end
    with all of them at once."""
    span = LONGEST_ERROR_DELAY_S - SHORTEST_ERROR_DELAY_S + 1
    return SHORTEST_ERROR_DELAY_S + crc32(serial.encode()) % span


def handshake_answer(
    serial: str,
    *,
    utc_offset_minutes: int,
    push_version: str = OLDEST_PUSH_VERSION,
    send_all_again: bool = False,
) -> str:
    """The options a terminal is given when it greets (jawaban salam).

    The time zone and the response's Date header SET THE TERMINAL'S CLOCK, so the offset must
    be that of its site. `send_all_again` is the repair: it uploads its whole memory.
    Raises TerminalError (bad_text) for what cannot be a serial.
    """
    if not is_serial(serial):
        raise TerminalError(Trouble.BAD_TEXT, f"{serial!r} is no terminal's serial.")
    if not re.fullmatch(r"\d+(\.\d+){1,3}", push_version):
        push_version = OLDEST_PUSH_VERSION
    lines = {
        "ATTLOGStamp": "0" if send_all_again else "None",
        "OPERLOGStamp": "9999",
        "ATTPHOTOStamp": "None",
        "ErrorDelay": error_delay_s(serial),
        "Delay": POLL_S,
        "TransTimes": "00:00;14:05",
        "TransInterval": 1,
        "TransFlag": "TransData AttLog\tOpLog",  # no templates, no photographs
        "TimeZone": _time_zone(utc_offset_minutes),
        "Realtime": 1,
        "Encrypt": "None",
        "ServerVer": OUR_PUSH_VERSION,
        "PushProtVer": min(push_version, OUR_PUSH_VERSION, key=_version),
        "PushOptionsFlag": 1,
    }
    options = "".join(f"{name}={value}\n" for name, value in lines.items())
    return f"GET OPTION FROM: {serial}\n{options}"


def _time_zone(minutes: int) -> int:
    """Whole hours as hours; a half zone in minutes, as the protocol has it."""
    return minutes // 60 if minutes % 60 == 0 else minutes


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


class Scrubbed(NamedTuple):
    """A body fit to be stored; `lines` it had, of which `dropped` are gone."""

    body: bytes
    lines: int
    dropped: int


def scrub(table: str, body: bytes) -> Scrubbed:
    """Take fingerprints, faces, photographs, passwords, cards and temperatures out of a body.

    Must run before anything is stored or logged (biometric data, UU 27/2022). In OPERLOG only
    operations and users stay; tables that are nothing but pictures become empty.
    """
    lines = [line for line in body.splitlines() if line.strip()]
    if table.upper() == "ATTLOG":
        kept = [b"\t".join(line.split(b"\t")[:ATTLOG_COLUMNS]) for line in lines]
    elif table.lower() in ("options", "rtlog"):
        kept = lines
    elif table.upper() == "OPERLOG":
        kept = [_without_secrets(line) for line in lines if line.startswith((b"OPLOG", b"USER "))]
    else:
        kept = []
    return Scrubbed(b"\n".join(kept), len(lines), len(lines) - len(kept))


def _without_secrets(line: bytes) -> bytes:
    return _SECRETS.sub(rb"\1=", line)


def parse_attlog(body: bytes, *, years: tuple[int, int] = (2001, 2099)) -> ParsedLines:
    """The punches of a table=ATTLOG body: ID, time, key pressed, how verified, ...

    Key and verification stand the other way round than in a pulled record.
    """
    return parse_lines(body, punch=PUNCH_COLUMN, status=STATUS_COLUMN, years=years)


class PushedUser(NamedTuple):
    """A person as a push terminal reports them."""

    pin: str
    name: str
    privilege: int


class Operation(NamedTuple):
    """Something done at the terminal's menu: code, who, local time, the other columns."""

    code: int
    admin: str
    local: str
    details: tuple[str, ...]


class OperLog(NamedTuple):
    """A parsed OPERLOG body; unreadable lines are kept as they came."""

    users: list[PushedUser]
    operations: list[Operation]
    unreadable: list[str]


def parse_operlog(body: bytes) -> OperLog:
    """Users and operations of a scrubbed table=OPERLOG body."""
    parsed = OperLog([], [], [])
    for raw in body.splitlines():
        line = raw.decode("utf-8", errors="replace").strip("\r")
        kind, _, rest = line.partition(" ")
        if kind == "USER" and (user := _user(rest)):
            parsed.users.append(user)
        elif kind == "OPLOG" and (operation := _operation(rest)):
            parsed.operations.append(operation)
        elif line.strip():
            parsed.unreadable.append(line)
    return parsed


def _user(rest: str) -> PushedUser | None:
    fields = _fields(rest, "\t")
    pin, privilege = fields.get("PIN", "").strip(), fields.get("Pri", "0")
    if not pin or not privilege.isdecimal():
        return None
    return PushedUser(pin, fields.get("Name", "").strip(), int(privilege))


def _operation(rest: str) -> Operation | None:
    columns = rest.split("\t")
    if len(columns) < 3 or not columns[0].isdecimal():
        return None
    return Operation(int(columns[0]), columns[1], columns[2], tuple(columns[3:]))


def parse_options(body: bytes) -> dict[str, str]:
    """The terminal's settings from a table=options body: `FingerFunOn=1,FaceFunOn=0,...`."""
    return _fields(body.decode("utf-8", errors="replace").strip(), ",")


class PushedInfo(NamedTuple):
    """The INFO of a poll; None where the terminal leaves a field out."""

    firmware: str
    users: int | None
    records: int | None


def parse_info(text: str) -> PushedInfo:
    """`firmware,users,fingers,attendance records,ip,...` as polls carry it."""
    printable = "".join(letter for letter in text if letter.isprintable())
    columns = [column.strip() for column in printable.split(",")] + [""] * 4
    users, records = (
        int(c) if re.fullmatch(r"\d{1,9}", c) else None for c in (columns[1], columns[3])
    )
    return PushedInfo(columns[0], users, records)


class CommandResult(NamedTuple):
    """A terminal's answer to a command: 0 done, negative refused; the other fields beside."""

    id: str
    returned: int
    command: str
    fields: dict[str, str]


def parse_devicecmd(body: bytes) -> list[CommandResult]:
    """The answers in a devicecmd body. Lines that begin no answer belong to the one before."""
    results: list[CommandResult] = []
    for line in body.decode("utf-8", errors="replace").splitlines():
        fields = _fields(line, "&")
        returned = fields.get("Return", "")
        if fields.get("ID") and re.fullmatch(r"-?\d{1,9}", returned):
            known = ("ID", "Return", "CMD")
            other = {name: value for name, value in fields.items() if name not in known}
            results.append(CommandResult(fields["ID"], int(returned), fields.get("CMD", ""), other))
        elif results and "=" in line:
            name, _, value = line.partition("=")
            results[-1].fields[name.strip()] = value.strip()
    return results


def _fields(text: str, separator: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(separator) if "=" in part)
    return {name.strip(): value for name, _, value in pairs}


# Commands. Nothing else is ever sent to a terminal: no shell, no files, no clearing.

INFO, CHECK, LOG = "INFO", "CHECK", "LOG"
_MOMENT = r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}"
_PIN = r"[A-Za-z0-9]{1,24}"
_ALLOWED = re.compile(
    "INFO|CHECK|LOG"
    f"|(DATA QUERY|VERIFY SUM) ATTLOG StartTime={_MOMENT}\tEndTime={_MOMENT}"
    f"|DATA DELETE USERINFO PIN={_PIN}"
    f"|DATA UPDATE USERINFO PIN={_PIN}\tName=[^\t\r\n]{{0,24}}"
    "\tPri=0\tPasswd=\tCard=\tGrp=1"
)


def query_attlog(first: str, last: str) -> str:
    """Upload this period again; local 'YYYY-MM-DD HH:MM:SS', both included."""
    return f"DATA QUERY ATTLOG StartTime={first}\tEndTime={last}"


def verify_sum(first: str, last: str) -> str:
    """Count this period's records; the answer's field is AttlogSum."""
    return f"VERIFY SUM ATTLOG StartTime={first}\tEndTime={last}"


def period_of(command: str) -> tuple[str, str] | None:
    """First and last local time of a query or a sum; None for a command without a period."""
    found = re.search(f"StartTime=({_MOMENT})\tEndTime=({_MOMENT})", command)
    return (found[1], found[2]) if found else None


def update_user(pin: str, name: str) -> str:
    """Write a person the terminal does not know; a known one would lose password and card."""
    return f"DATA UPDATE USERINFO PIN={pin}\tName={name[:24]}\tPri=0\tPasswd=\tCard=\tGrp=1"


def delete_user(pin: str) -> str:
    """Take a person off; some models drop the records too, so read them first."""
    return f"DATA DELETE USERINFO PIN={pin}"


def command_line(command_id: str, command: str) -> str:
    """A line for the answer to a poll.

    Raises TerminalError (bad_text) for a command that is not on the short list or an ID that
    terminals cut off.
    """
    if not re.fullmatch(r"[A-Za-z0-9]{1,16}", command_id):
        raise TerminalError(Trouble.BAD_TEXT, f"{command_id!r} is no command ID.")
    if not _ALLOWED.fullmatch(command):
        raise TerminalError(Trouble.BAD_TEXT, f"Terminals are never told {command!r}.")
    return f"C:{command_id}:{command}\n"
