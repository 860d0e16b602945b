"""Asking a modem that hung whether it is back, before libgammu spends twelve seconds on it."""

from __future__ import annotations

import os
import select
import termios
import time
import tty

KNOCK = b"\x1bAT\r"  # ESC first: the modem may still wait for the text of a message
BACK = b"OK"


def answers(device: str, within: float = 1.0) -> bool:
    """True when the modem on this line says OK to AT in time.

    True as well for a device that cannot be opened here: why, the driver says better.
    """
    try:
        line = os.open(device, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError:
        return True
    try:
        tty.setraw(line)  # the speed stays as the driver left it
        os.write(line, KNOCK)
        heard = _read_until(line, BACK, time.monotonic() + within)
        termios.tcflush(line, termios.TCIOFLUSH)
        return heard
    except (OSError, termios.error):
        return True
    finally:
        os.close(line)


def _read_until(line: int, word: bytes, deadline: float) -> bool:
    heard = b""
    while (left := deadline - time.monotonic()) > 0:
        ready, _, _ = select.select([line], [], [], left)
        if ready:
            heard += os.read(line, 1024)
        if word in heard:
            return True
    return False
