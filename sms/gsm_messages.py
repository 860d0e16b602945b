"""What gammu hands over as dictionaries, in our own words: parts, reports, lifetimes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sms.gateway import PartReport, RawPart, modem_key

LIVES = timedelta(days=3)  # without a deadline: phones are off over a long weekend


def read_part(imsi: str, message: dict[str, Any], pdu: str) -> RawPart:
    """One received SMS with everything the modem said about it; `pdu` in hex where known."""
    udh = message["UDH"]
    header = bytes(udh["Text"])
    text = _text(message)
    sender = str(message["Number"])
    sent_at = _aware(message["DateTime"])
    is_long = int(udh["AllParts"]) > 1
    return RawPart(
        route=f"sim:{imsi}",
        sender=sender,
        text=text,
        sent_at=sent_at,
        key=modem_key(imsi, sender, sent_at, header, text),
        reference=max(int(udh["ID8bit"]), int(udh["ID16bit"])) if is_long else None,
        total=int(udh["AllParts"]) if is_long else 1,
        number=int(udh["PartNumber"]) if is_long else 1,
        raw={
            "pdu": pdu,
            "udh": header.hex(),
            "coding": str(message["Coding"]),
            "class": int(message["Class"]),
            "smsc": str(message["SMSC"]["Number"]),
            "smsc_time": message["DateTime"].isoformat(),
            "location": int(message["Location"]),
        },
    )


def _text(message: dict[str, Any]) -> str:
    """The text as people read it.

    gammu adds a NUL for each extension character, which PostgreSQL refuses; of 8-bit messages
    (settings, pictures) it gives the bytes, of which only letters are of use to a reader.
    """
    text = message["Text"]
    if isinstance(text, bytes):
        return "".join(letter for letter in text.decode("latin-1") if letter.isprintable())
    return str(text).replace("\x00", "")


def poison_part(imsi: str, location: int, pdu: str) -> RawPart:
    """A message nobody can decode; the same bytes make the same key, however often they are read.

    `pdu` is '' where it could not be overheard; then the place stands for it.
    """
    now = datetime.now(UTC)
    return RawPart(
        route=f"sim:{imsi}",
        sender="?",
        text="",
        sent_at=now,
        key=modem_key(imsi, "?", EPOCH, b"", pdu or f"slot {location} {now:%Y-%m-%d}"),
        raw={"pdu": pdu, "location": location},
    )


def read_report(route: str, message: dict[str, Any]) -> PartReport:
    """A delivery report, off the air or off the SIM."""
    return PartReport(
        route=route,
        reference=int(message["MessageReference"]),
        number=str(message["Number"]),
        status=int(message["DeliveryStatus"]),
        sent_at=_aware(message["DateTime"]),
        ended_at=_aware(message["SMSCDateTime"]),
    )


def validity(lives_for: timedelta | None) -> str:
    """How long the network keeps trying, as gammu wants it: '5M', '24H', '3D'; never less."""
    minutes = int((lives_for or LIVES).total_seconds() // 60)
    if minutes <= 12 * 60:
        return f"{max(5, minutes)}M"
    if minutes <= 24 * 60:
        return f"{minutes // 60}H"
    return f"{min(30, minutes // (24 * 60))}D"


EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def _aware(moment: datetime) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
