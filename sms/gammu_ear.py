"""What python-gammu keeps to itself, overheard: the modem's error codes and raw messages.

The exceptions name neither the CMS code of a refused message nor the PDU of an unreadable one, but
the driver says both to its debug file. That file is a piece of memory here, emptied at each call.
"""

from __future__ import annotations

import os
import re
from typing import Any

CMS_ERROR = re.compile(r"\+CMS ERROR: (\d+)")
FROM_CACHE = re.compile(r"^Getting message from cache\n([0-9A-Fa-f]+)$", re.MULTILINE)
READ_BY_SLOT = re.compile(
    r'^\d+ "AT\+CMGR=(\d+)"\n\d+ "\+CMGR:[^\n]*\n\d+ "([0-9A-Fa-f]*)"$', re.MULTILINE
)
HANDED_OVER = "Sending SMS"


class Ear:
    """Listens to one StateMachine; set up after its Init, which forgets the debug file."""

    def __init__(self, machine: Any):
        self._memory = os.memfd_create("gammu")
        self._heard_to = 0
        machine.SetDebugFile(f"/proc/self/fd/{self._memory}")
        machine.SetDebugLevel("errors")  # its words include every line from the modem

    def heard(self) -> str:
        """What was said since the last question."""
        end = os.fstat(self._memory).st_size
        if end <= self._heard_to:
            return ""
        words = os.pread(self._memory, end - self._heard_to, self._heard_to)
        self._heard_to = end
        os.ftruncate(self._memory, 0)  # the writer goes on behind the hole, which costs nothing
        return words.decode("latin-1")

    def close(self) -> None:
        """Forget everything."""
        os.close(self._memory)


def cms_code(heard: str) -> int | None:
    """The last '+CMS ERROR' in what was heard."""
    codes = CMS_ERROR.findall(heard)
    return int(codes[-1]) if codes else None


def was_handed_over(heard: str) -> bool:
    """True once the modem had asked for a message and the driver began to write it."""
    return HANDED_OVER in heard


def pdu_of(heard: str) -> str:
    """The raw message the driver looked at last, in hex; '' when none was heard."""
    if found := READ_BY_SLOT.findall(heard):
        return str(found[-1][1])
    cached = FROM_CACHE.findall(heard)
    return str(cached[-1]) if cached else ""


def slot_of(heard: str) -> int | None:
    """The place on the SIM the driver read last, where it read one by one."""
    found = READ_BY_SLOT.findall(heard)
    return int(found[-1][0]) if found else None
