"""Scans are read by date; a person's whole past is never looked through without a reason."""

from __future__ import annotations

from sqlalchemy import event

from store.day_facts import FactBook
from store.db import Database
from tests.services.day_world import TUESDAY, World


def test_without_a_corrected_clock_scans_are_asked_for_once_and_by_date(db: Database) -> None:
    """Once they were also asked for by person alone: a day cost as much as its person's past."""
    world = World(db)
    world.scan("budi", TUESDAY, "07:20", "16:05")
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    with db.read() as session:
        facts = FactBook(session, [(world.cast.budi, TUESDAY)]).facts(world.cast.budi, TUESDAY)
    of_people = [each for each in asked if "FROM punch" in each and "punch.source" in each]
    assert len(facts.punches) == 2
    assert len(of_people) == 1
    assert "punch.local_date BETWEEN" in of_people[0]
