"""Our RQ worker: notices a dead colleague within a minute and ends within seconds of SIGTERM."""

from __future__ import annotations

import threading
from typing import Any

from rq import Worker

import workers.jobs  # noqa: F401  (loaded once here, so that a forked horse starts at once)

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

    def handle_warm_shutdown_request(self) -> None:
        super().handle_warm_shutdown_request()
        if self.horse_pid:
            timer = threading.Timer(GRACE, self.kill_horse)
            timer.daemon = True
            timer.start()
