"""What messages cost (tarif): rupiah per part, by road; an office may set its own from a date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Tariff:
    """Rupiah per part; the defaults are list prices of 2026 (prepaid card, Twilio to Indonesia)."""

    sim: int = 350
    twilio: int = 6500

    def of(self, route: str | None, parts: int) -> int:
        """What so many parts cost over a road ('sim:<IMSI>', 'twilio'; None is a SIM)."""
        return parts * (self.twilio if route == "twilio" else self.sim)


def tariff_from(setting: Mapping[str, object] | None) -> Tariff:
    """A setting 'sms_tariff' as written, {"sim": 300}; what it does not name keeps its default."""
    known = {
        name: value
        for name, value in (setting or {}).items()
        if name in ("sim", "twilio") and isinstance(value, int)
    }
    return Tariff(**known)
