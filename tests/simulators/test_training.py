"""The training province: the same again from the same seed, and alive after its first day."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from domain.people import parse_nip
from simulators.training import write_all
from simulators.training_life import Life
from simulators.zk_fleet import Fleet

MONDAY = datetime(2026, 11, 23, 10, 0)  # noqa: DTZ001 - a wall clock


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    write_all(folder, MONDAY, 30, 1, 0)
    return folder


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_it_is_a_province_in_small(world: Path) -> None:
    units = _rows(world / "roster" / "units.csv")
    people = _rows(world / "roster" / "employees.csv")
    assert len(people) == 200
    assert (
        sum(unit["parent_code"] in ("DINKES", "DISDIK", "DISHUB", "DINSOS") for unit in units) == 8
    )
    assert len({person["phones"] for person in people}) == 200
    for person in people:
        parse_nip(person["nip"])
    heads = [person for person in people if not person["supervisor_nip"]]
    assert len(heads) == 5, "BKD and the four SKPD answer to nobody here"


def test_the_same_seed_writes_the_same_files(world: Path, tmp_path: Path) -> None:
    write_all(tmp_path, MONDAY, 30, 1, 0)
    for path in sorted(world.rglob("*.*")):
        assert path.read_bytes() == (tmp_path / path.relative_to(world)).read_bytes(), path


def test_its_story_leaves_something_at_every_desk(world: Path) -> None:
    acts = json.loads((world / "story.json").read_text(encoding="utf-8"))
    assert [act["at"] for act in acts] == sorted(act["at"] for act in acts)
    assert acts[-1]["at"] <= MONDAY.isoformat()
    steps = [act for act in acts if "do" in act]
    passed = [act["nip"] for act in steps if act["do"] == "pass_on"]
    recorded = [act["nip"] for act in steps if act["do"] == "record"]
    assert set(recorded) < set(passed), "one waits for the operator"


def test_after_a_pause_the_days_between_are_lived_and_no_day_twice(
    world: Path, tmp_path: Path
) -> None:
    config = json.loads((world / "terminals.json").read_text(encoding="utf-8"))
    fleet = Fleet(config)
    port = fleet.start()
    try:
        kept = tmp_path / "lived_until"
        content = json.loads((world / "world.json").read_text(encoding="utf-8"))
        before = {name: len(terminal.records) for name, terminal in fleet.terminals.items()}
        taken = Life(content, kept, port).live(MONDAY + timedelta(days=1))
        after = {name: len(terminal.records) for name, terminal in fleet.terminals.items()}
        assert taken == sum(after.values()) - sum(before.values()) > 200
        assert Life(content, kept, port).live(MONDAY + timedelta(days=1)) == 0
    finally:
        fleet.stop()
