"""Why a modem refused a message: +CMS ERROR codes of 3GPP TS 27.005 and TS 24.011 annex E.

Only codes that are given before the network has taken a message stand here; all others (500, 512,
a time-out of the network) leave the outcome unknown.
"""

from __future__ import annotations

from enum import StrEnum


class Blame(StrEnum):
    """Whose fault a refusal is, and with that what comes next."""

    NUMBER = "number"  # no such recipient: never again
    MESSAGE = "message"  # nobody will take this message
    CHANCE = "chance"  # this recipient just now: try again later
    ROAD = "road"  # modem, SIM or network: the message keeps its tries


REFUSALS: dict[int, tuple[Blame, str]] = {
    1: (Blame.NUMBER, "unassigned number"),
    8: (Blame.ROAD, "operator determined barring (no credit?)"),
    10: (Blame.ROAD, "calls barred"),
    21: (Blame.CHANCE, "transfer rejected"),
    27: (Blame.CHANCE, "destination out of service"),
    28: (Blame.NUMBER, "unidentified subscriber"),
    29: (Blame.CHANCE, "facility rejected"),
    30: (Blame.NUMBER, "unknown subscriber"),
    38: (Blame.ROAD, "network out of order"),
    41: (Blame.ROAD, "temporary failure of the network"),
    42: (Blame.ROAD, "network congested"),
    47: (Blame.ROAD, "network has no resources"),
    50: (Blame.ROAD, "SMS not subscribed"),
    69: (Blame.ROAD, "SMS not implemented by the network"),
    95: (Blame.MESSAGE, "invalid message"),
    96: (Blame.MESSAGE, "invalid mandatory information"),
    302: (Blame.ROAD, "not allowed by the modem"),
    304: (Blame.MESSAGE, "invalid PDU"),
    305: (Blame.MESSAGE, "invalid text"),
    310: (Blame.ROAD, "SIM not inserted"),
    311: (Blame.ROAD, "SIM asks for its PIN"),
    312: (Blame.ROAD, "modem asks for its PIN"),
    313: (Blame.ROAD, "SIM failure"),
    314: (Blame.ROAD, "SIM busy"),
    315: (Blame.ROAD, "SIM wrong"),
    316: (Blame.ROAD, "SIM asks for its PUK"),
    322: (Blame.ROAD, "memory full"),
    330: (Blame.ROAD, "service centre unknown"),
    331: (Blame.ROAD, "no network"),
}
