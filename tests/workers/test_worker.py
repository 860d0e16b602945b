"""Our RQ worker on a real Redis: when a job last ended well is kept, and what went wrong since."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from redis import Redis
from rq.serializers import JSONSerializer

from store.bell import QUEUE_OF_JOB, Bell
from store.db import Database
from store.log import LastRun
from workers.worker import HadirWorker


@pytest.fixture
def sqlite_house(
    sqlite_db: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[Database, str]:
    """A database and a Redis, as a worker finds them in its environment."""
    monkeypatch.setenv("DATABASE_URL", sqlite_db.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("HADIR_MODE", "training")
    return sqlite_db, redis_url


def work_off(redis_url: str, job: str, *ids: int) -> None:
    Bell(redis_url).ring(job, ids)
    HadirWorker(
        [QUEUE_OF_JOB[job]], connection=Redis.from_url(redis_url), serializer=JSONSerializer
    ).work(burst=True, logging_level="CRITICAL")


def last_run(db: Database, job: str) -> LastRun:
    with db.read() as session:
        return session.get_one(LastRun, job)


def test_the_end_of_a_job_is_kept(sqlite_house: tuple[Database, str]) -> None:
    db, redis_url = sqlite_house
    began = datetime.now(UTC)
    work_off(redis_url, "raise_notices")
    run = last_run(db, "raise_notices")
    assert run.finished_at is not None and began <= run.finished_at <= datetime.now(UTC)
    assert run.problem is None


def test_a_failure_is_kept_with_its_reason_until_the_job_ends_well(
    sqlite_house: tuple[Database, str],
) -> None:
    db, redis_url = sqlite_house
    work_off(redis_url, "raise_notices", 7)  # it takes no ids
    run = last_run(db, "raise_notices")
    assert run.finished_at is None
    assert run.problem is not None and "raise_notices()" in run.problem
    work_off(redis_url, "raise_notices")
    run = last_run(db, "raise_notices")
    assert run.finished_at is not None and run.problem is None
