"""The terminals' listener on a real socket, and simulated terminals that push to it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network

from werkzeug.serving import make_server

from config.settings import Iclock
from domain.access import system
from services import terminals
from services.terminals import NewTerminal
from simulators.iclock_terminal import IclockTerminal
from store.db import Database
from tests.services.terminal_room import now
from webapp.iclock import create_iclock_app


@contextmanager
def listening(db: Database, trusted: str = "") -> Iterator[str]:
    """The listener over this database; its address. Redis is silent: no bell is needed."""
    app = create_iclock_app(
        Iclock(
            "training",
            db.engine.url.render_as_string(hide_password=False),
            "redis://127.0.0.1:1/0",
            8001,
            tuple(ip_network(each) for each in trusted.split()),
        )
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


def pushing(db: Database, address: str, serial: str = "PUSH0001", **more: object) -> IclockTerminal:
    """A registered terminal of UPT1 that pushes to the listener."""
    new = NewTerminal(f"UPT1-{serial}", "UPT1", serial=serial, is_push=True, **more)  # type: ignore[arg-type]
    terminals.register(db, now(), system("test"), new)
    return IclockTerminal(address, serial, max_error_delay_s=0.05)


def id_of(db: Database, serial: str = "PUSH0001") -> int:
    with db.read() as session:
        return terminals.named(session, f"UPT1-{serial}").id


def truth_of(terminal: IclockTerminal) -> list[tuple[str, str]]:
    return sorted({(record.pin, record.local) for record in terminal.records})
