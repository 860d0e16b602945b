"""What a viewer may see. Every query that feeds a page passes through here."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import InstrumentedAttribute

from domain.access import Viewer
from store.people import Unit


def visible_to(
    viewer: Viewer, unit_id: InstrumentedAttribute[Any] | ColumnElement[Any]
) -> ColumnElement[bool]:
    """Condition on a unit column: the viewer's own unit and all below it, or everything."""
    if viewer.sees_everything:
        return true()
    if viewer.unit_path is None:
        return false()
    return unit_id.in_(select(Unit.id).where(Unit.path.startswith(viewer.unit_path)))
