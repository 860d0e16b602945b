"""Scans are found by date, corrected ones by their instant; never by a person's whole past."""

from __future__ import annotations

from sqlalchemy import event

from store.day_facts import FactBook
from store.db import Database
from tests.services.day_world import TUESDAY, World


def test_scans_are_asked_for_by_indexes_of_their_day(sqlite_db: Database) -> None:
    """Once they were also asked for by person alone: a day cost as much as its person's past."""
    world = World(sqlite_db)
    world.scan("budi", TUESDAY, "07:20", "16:05")
    asked: list[tuple[str, object]] = []
    event.listen(
        sqlite_db.engine, "before_cursor_execute", lambda *said: asked.append((said[2], said[3]))
    )
    with sqlite_db.read() as session:
        facts = FactBook(session, [(world.cast.budi, TUESDAY)]).facts(world.cast.budi, TUESDAY)
    assert len(facts.punches) == 2
    of_people = [each for each in asked if "FROM punch" in each[0] and "punch.source" in each[0]]
    with sqlite_db.read() as session:
        plans = [
            str(session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).all())
            for sql, given in of_people
        ]
    dated, corrected = plans
    assert "ix_punch_employee_id_local_date (employee_id=? AND local_date" in dated
    assert "ix_punch_corrected (employee_id=? AND at" in corrected
