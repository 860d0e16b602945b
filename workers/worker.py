"""Our RQ worker: notices a dead colleague within a minute and ends within seconds of SIGTERM."""

from __future__ import annotations

import threading
from typing import Any

import structlog
from rq import Queue, Worker
from rq.executions import Execution
from rq.job import Job
from sqlalchemy.exc import SQLAlchemyError

import workers.jobs  # loaded once here, so that a forked horse starts at once

log = structlog.get_logger(__name__)

GRACE = 2.0  # seconds a running job gets after SIGTERM; every job survives being cut short


class HadirWorker(Worker):
    """RQ's worker with the house's intervals.

    With RQ's defaults a job of a killed worker is taken up again after 811 s; a TTL of 45 s makes
    that about 90 s (measured). The database's leases and the sweep are quicker still.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("worker_ttl", 45)
        kwargs.setdefault("maintenance_interval", 10)
        kwargs.setdefault("job_monitoring_interval", 5)
        super().__init__(*args, **kwargs)

    def work(self, *args: Any, **kwargs: Any) -> bool:
        """Work without RQ's own scheduler: workers.schedule is the only clock of the house."""
        kwargs["with_scheduler"] = False
        return bool(super().work(*args, **kwargs))

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        """Run a job, and keep when it last ended well. A silent database changes no outcome."""
        is_done = bool(super().perform_job(job, queue, execution))
        problem = None if is_done else (job.exc_info or "?").strip().splitlines()[-1][:500]
        try:
            workers.jobs.note_end(str(job.func_name).rpartition(".")[2], problem)
        except SQLAlchemyError as error:
            log.warning("end_not_noted", job=job.func_name, error=str(error))
        return is_done

    def handle_warm_shutdown_request(self) -> None:
        super().handle_warm_shutdown_request()
        if self.horse_pid:
            timer = threading.Timer(GRACE, self.kill_horse)
            timer.daemon = True
            timer.start()
