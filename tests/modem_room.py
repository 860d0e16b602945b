"""Simulated modems on ptys and the real processes that own them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from domain.access import system
from domain.messages import LANES, MessageClass, OutState
from services import sims
from simulators.at_modem import AtModem
from store.db import Database
from store.log import Heartbeat
from store.messages import InboundPart, InboundSms, OutboundSms
from tests.running import Running
from tests.servers import PYTHON, wait_for

AMPLE = sims.Limits(daily_quota=100_000, kept_for_answers=0, parts_per_minute=100_000)


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class ModemRoom:
    """Modems 'gammu', 'gammu1', ... each with a SIM of its own, over one database."""

    folder: Path
    database_url: str
    redis_url: str
    count: int = 1
    modems: list[AtModem] = field(default_factory=list)
    processes: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.db = Database(self.database_url)
        lines = []
        for number in range(self.count):
            modem = AtModem(self.folder / f"modem{number}", imsi=f"51010000000000{number + 1}")
            modem.start()
            self.modems.append(modem)
            lines += [
                f"[gammu{number or ''}]", f"device = {modem.link}", "connection = at115200",
                "model = at", "atgen_setcnmi = 2,1,0,1,0", "",
            ]  # fmt: skip
            sims.set_limits(self.db, now(), system("test"), modem.imsi, AMPLE)
        self.gammurc = self.folder / "gammurc"
        self.gammurc.write_text("\n".join(lines))
        self.running = Running(
            self.folder, self.database_url, self.redis_url, {"GAMMU_CONFIG": str(self.gammurc)}
        )

    @property
    def modem(self) -> AtModem:
        return self.modems[0]

    def start(self, number: int = 0, command: tuple[str, ...] = ("-m", "workers.modem")) -> None:
        """Start the process of one modem."""
        with (self.folder / f"modem{number}.log").open("ab") as log:
            self.processes[number] = subprocess.Popen(
                [PYTHON, *command, f"gammu{number or ''}"],
                env=self.running.environment(), stdout=log, stderr=log,
            )  # fmt: skip

    def is_open(self, number: int = 0) -> bool:
        return bool(self.health(number).get("open"))

    def health(self, number: int = 0) -> dict[str, Any]:
        """The heartbeat's state of one modem, {} before the first."""
        with self.db.read() as session:
            for beat in session.scalars(select(Heartbeat)):
                if beat.name.startswith(f"modem:gammu{number or ''}@"):
                    return dict(beat.state)
        return {}

    def close(self) -> None:
        for process in self.processes.values():
            process.kill()
            process.wait()
        for modem in self.modems:
            modem.stop()
        self.db.engine.dispose()

    # --- what the database knows ---------------------------------------------------------------

    def received(self, sender: str) -> list[InboundSms]:
        """Whole messages of a sender, in the order in which they came."""
        with self.db.read() as session:
            return list(
                session.scalars(
                    select(InboundSms).where(InboundSms.sender == sender).order_by(InboundSms.id)
                )
            )

    def parts(self, sender: str) -> list[InboundPart]:
        with self.db.read() as session:
            return list(session.scalars(select(InboundPart).where(InboundPart.sender == sender)))

    def message(self, outbound_id: int) -> OutboundSms:
        with self.db.read() as session:
            return session.get_one(OutboundSms, outbound_id)

    def in_state(self, *states: OutState) -> list[OutboundSms]:
        with self.db.read() as session:
            return list(
                session.scalars(
                    select(OutboundSms)
                    .where(OutboundSms.state.in_(states))
                    .order_by(OutboundSms.id)
                )
            )

    def left(self, *outbound_ids: int) -> bool:
        """True when none of these waits any more, or of all when none is named."""
        query = select(func.count()).where(
            OutboundSms.state.in_(
                (OutState.QUEUED, OutState.CLAIMED, OutState.SUBMITTING, OutState.RETRY)
            )
        )
        if outbound_ids:
            query = query.where(OutboundSms.id.in_(outbound_ids))
        with self.db.read() as session:
            return session.scalar(query) == 0

    # --- what happens -------------------------------------------------------------------------

    def queue(
        self,
        number: str,
        text: str,
        message_class: MessageClass = MessageClass.RECEIPT,
        **columns: object,
    ) -> int:
        """A message to a number that is nobody's, free to leave now; returns its id."""
        with self.db.begin() as tx:
            message = a_message(number, message_class, text=text, **columns)
            tx.add(message)
            tx.flush()
            return message.id

    def on_the_air(self, number: str) -> list[str]:
        """The texts of all parts that went out to a number."""
        return [
            each.message.text for each in list(self.modem.sent) if each.message.number == number
        ]


def a_message(
    number: str, message_class: MessageClass = MessageClass.RECEIPT, **columns: object
) -> OutboundSms:
    """A row of the outbox that may leave at any hour from now on."""
    at = now()
    values: dict[str, object] = {
        "number": number, "message_class": message_class,
        "lane": int(LANES[message_class]), "state": OutState.QUEUED, "attempts": 0, "parts": 1,
        "parts_left": 0, "any_hour": True, "not_before": at, "created_at": at, **columns,
    }  # fmt: skip
    return OutboundSms(**values)


@contextmanager
def modem_room(
    folder: Path, database_url: str, redis_url: str, count: int = 1
) -> Iterator[ModemRoom]:
    """A room whose modems have been opened by their processes."""
    room = ModemRoom(folder, database_url, redis_url, count)
    try:
        for number in range(count):
            room.start(number)
        for number in range(count):
            wait_for(lambda number=number: room.is_open(number), 60)
        yield room
    except BaseException:
        for log in folder.glob("modem*.log"):
            print(log.read_text()[-4000:])
        raise
    finally:
        room.close()
