"""Tiers of lateness (Permentan 68/2012, PMK 221/2021): codes from minutes, no scan is the last."""

from __future__ import annotations

from datetime import date

import pytest

from domain.tiers import NATIONAL_HABIT, TierTable, early_tier, late_tier, table_on


@pytest.mark.parametrize(
    ("minutes", "tier"),
    [(0, None), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (500, 4)],
)
def test_minutes_fall_into_their_tier(minutes, tier):
    assert late_tier(NATIONAL_HABIT, minutes, False) == (tier and f"TL{tier}")
    assert early_tier(NATIONAL_HABIT, minutes, False) == (tier and f"PSW{tier}")


def test_a_missing_scan_is_the_last_tier_and_not_absence():
    assert late_tier(NATIONAL_HABIT, 0, True) == "TL4"
    assert early_tier(NATIONAL_HABIT, 0, True) == "PSW4"


def test_a_local_table_holds_from_its_date_on():
    local = TierTable(date(2027, 1, 1), (15, 45), "Pergub")
    tables = (NATIONAL_HABIT, local)
    assert table_on(date(2026, 12, 31), tables) is NATIONAL_HABIT
    assert table_on(date(2027, 1, 1), tables) is local
    assert late_tier(local, 46, False) == "TL3"
    assert table_on(date(2000, 1, 1), tables) is None
