"""Rules that may change from a date on (pengaturan), for everybody or for a unit and all below."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from domain.access import Actor
from store.account_queries import unit_by_code
from store.calendars import Setting
from store.db import Database
from store.log import record as log_record
from store.seed_queries import setting_from


def change_setting(
    db: Database,
    now: datetime,
    actor: Actor,
    name: str,
    value: dict[str, Any],
    first_day: date,
    unit_code: str | None = None,
) -> None:
    """Let a setting hold from a day on. Raises LookupError for a unit that does not exist."""
    with db.begin() as tx:
        unit = unit_by_code(tx, unit_code) if unit_code else None
        if unit_code and unit is None:
            raise LookupError(f"There is no unit {unit_code!r}.")
        unit_id = unit.id if unit else None
        setting = setting_from(tx, name, unit_id, first_day)
        if setting is None:
            setting = Setting(name=name, unit_id=unit_id, first_day=first_day, value=value)
            tx.add(setting)
        setting.value, setting.source = value, str(actor)
        log_record(tx, now, actor, "setting", "setting", name, unit_id=unit_id, data=value)
