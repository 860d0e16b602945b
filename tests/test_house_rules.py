"""Rules of the house that no single part can keep."""

from __future__ import annotations

from pathlib import Path

import workers.jobs
from store.bell import QUEUE_OF_JOB, QUEUES
from workers.schedule import SCHEDULE

PROCFILE = (Path(__file__).parent.parent / "Procfile").read_text()


def test_every_job_that_can_be_rung_for_is_a_function_of_the_jobs() -> None:
    for name in QUEUE_OF_JOB:
        assert callable(getattr(workers.jobs, name)), name


def test_everything_on_the_schedule_can_be_rung_for() -> None:
    assert {every.job for every in SCHEDULE} <= set(QUEUE_OF_JOB)


def test_every_queue_is_served_by_the_procfile_and_every_job_has_a_queue() -> None:
    worker = next(line for line in PROCFILE.splitlines() if line.startswith("worker:"))
    assert set(worker.split()[4:]) == set(QUEUES)
    assert set(QUEUE_OF_JOB.values()) <= set(QUEUES)
