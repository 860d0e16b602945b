"""SMS on the air (GSM 03.40): reading what a modem is given, writing what it receives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = {10: "\f", 20: "^", 40: "{", 41: "}", 47: "\\", 60: "[", 61: "~", 62: "]", 64: "|",
             101: "€"}  # fmt: skip
TO_BASIC = {character: code for code, character in enumerate(BASIC)}
TO_EXTENSION = {character: code for code, character in EXTENSION.items()}


@dataclass(frozen=True)
class Submitted:
    """A message somebody gave the modem to send."""

    number: str
    text: str
    coding: str  # gsm7, ucs2, 8bit
    udh: bytes
    wants_report: bool
    validity: int | None

    @property
    def part(self) -> tuple[int, int, int]:
        """(reference, total, number) of a long message, (0, 1, 1) for a short one."""
        rest = self.udh
        while len(rest) >= 2:
            kind, length = rest[0], rest[1]
            data, rest = rest[2 : 2 + length], rest[2 + length :]
            if kind == 0 and length == 3:
                return data[0], data[1], data[2]
            if kind == 8 and length == 4:
                return data[0] * 256 + data[1], data[2], data[3]
        return 0, 1, 1


def septets_of(text: str) -> list[int]:
    """The 7-bit codes of a text; '?' for what has none."""
    codes: list[int] = []
    for character in text:
        if character in TO_BASIC and character != "\x1b":
            codes.append(TO_BASIC[character])
        elif character in TO_EXTENSION:
            codes += [27, TO_EXTENSION[character]]
        else:
            codes.append(TO_BASIC["?"])
    return codes


def is_gsm7(text: str) -> bool:
    return all(c in TO_EXTENSION or (c in TO_BASIC and c != "\x1b") for c in text)


def text_of(codes: list[int]) -> str:
    letters: list[str] = []
    escaped = False
    for code in codes:
        if escaped:
            letters.append(EXTENSION.get(code, " "))
            escaped = False
        elif code == 27:
            escaped = True
        else:
            letters.append(BASIC[code])
    return "".join(letters)


def pack(codes: list[int], fill: int = 0) -> bytes:
    """Septets into octets, after `fill` bits that align them behind a header."""
    bits = value = 0
    bits = fill
    out = bytearray()
    for code in codes:
        value |= code << bits
        bits += 7
        while bits >= 8:
            out.append(value & 0xFF)
            value >>= 8
            bits -= 8
    if bits:
        out.append(value & 0xFF)
    return bytes(out)


def unpack(octets: bytes, count: int, fill: int = 0) -> list[int]:
    value = int.from_bytes(octets, "little") >> fill
    return [(value >> 7 * place) & 0x7F for place in range(count)]


def swap(digits: str) -> str:
    padded = digits + "F" * (len(digits) % 2)
    return "".join(padded[i + 1] + padded[i] for i in range(0, len(padded), 2))


def address(sender: str) -> bytes:
    """An originating or destination address: a number, or a name in 7-bit letters."""
    digits = sender.lstrip("+")
    if digits.isdigit():
        kind = 0x91 if sender.startswith("+") else 0x81
        return bytes([len(digits), kind]) + bytes.fromhex(swap(digits))
    packed = pack(septets_of(sender))
    return bytes([len(packed) * 2, 0xD0]) + packed


def service_centre(number: str) -> bytes:
    body = bytes([0x91]) + bytes.fromhex(swap(number.lstrip("+")))
    return bytes([len(body)]) + body


def time_stamp(moment: datetime) -> bytes:
    """A service centre's clock: local digits swapped, zone in quarters of an hour."""
    offset = moment.utcoffset()
    quarters = int(offset.total_seconds() // 900) if offset else 0
    zone = f"{abs(quarters):02d}"
    swapped = int(zone[1] + zone[0], 16) | (0x08 if quarters < 0 else 0)
    return bytes.fromhex(swap(moment.strftime("%y%m%d%H%M%S"))) + bytes([swapped])


def deliver(
    sender: str, text: str, at: datetime, centre: str, udh: bytes = b"", coding: str | None = None
) -> bytes:
    """SMS-DELIVER as a modem stores it, service centre first."""
    coding = coding or ("gsm7" if is_gsm7(text) else "ucs2")
    first = 0x04 | (0x40 if udh else 0)
    header = bytes([len(udh)]) + udh if udh else b""
    if coding == "gsm7":
        dcs, codes = 0x00, septets_of(text)
        fill = -len(header) * 8 % 7
        length = (len(header) * 8 + fill) // 7 + len(codes)
        body = header + pack(codes, fill)
    else:
        dcs, body = 0x08, header + text.encode("utf-16-be")
        length = len(body)
    return b"".join(
        (service_centre(centre), bytes([first]), address(sender), bytes([0, dcs]),
         time_stamp(at), bytes([length]), body)
    )  # fmt: skip


def status_report(reference: int, number: str, at: datetime, centre: str, status: int = 0) -> bytes:
    """SMS-STATUS-REPORT: status 0 is delivered."""
    return b"".join(
        (service_centre(centre), bytes([0x06, reference]), address(number),
         time_stamp(at), time_stamp(at), bytes([status]))
    )  # fmt: skip


def read_submit(pdu: bytes) -> Submitted:
    """SMS-SUBMIT as it comes after AT+CMGS; ValueError when it is cut short."""
    try:
        return _read_submit(pdu)
    except IndexError:
        raise ValueError("the PDU is shorter than it says") from None


def _read_submit(pdu: bytes) -> Submitted:
    at = 1 + pdu[0]
    first = pdu[at]
    digits, kind = pdu[at + 2], pdu[at + 3]
    at += 4
    octets = (digits + 1) // 2
    number = swap(pdu[at : at + octets].hex().upper()).rstrip("F")
    at += octets
    dcs = pdu[at + 1]
    at += 2
    validity = None
    if first & 0x18 == 0x10:
        validity, at = pdu[at], at + 1
    elif first & 0x18:
        at += 7
    length, at = pdu[at], at + 1
    data = pdu[at:]
    udh = data[1 : 1 + data[0]] if first & 0x40 else b""
    header = len(udh) + 1 if first & 0x40 else 0
    if dcs & 0x0C == 0x08:
        coding, text = "ucs2", data[header:length].decode("utf-16-be")
    elif dcs & 0x0C == 0x04:
        coding, text = "8bit", data[header:length].decode("latin-1")
    else:
        coding = "gsm7"
        fill = -header * 8 % 7
        skipped = (header * 8 + fill) // 7
        text = text_of(unpack(data[header:], length - skipped, fill))
    return Submitted(
        ("+" if kind == 0x91 else "") + number, text, coding, udh, bool(first & 0x20), validity
    )
