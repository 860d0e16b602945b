"""The bell: tells RQ workers that something waits in the database. Losing it loses nothing."""

from __future__ import annotations

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import DuplicateJobError

log = structlog.get_logger(__name__)

MESSAGES, TERMINALS, DAYS = "messages", "terminals", "days"
QUEUES = (MESSAGES, TERMINALS, DAYS)

QUEUE_OF_JOB = {
    "answer_inbound": MESSAGES,
    "send_by_twilio": MESSAGES,
    "look_up_lost": MESSAGES,
    "take_in_missed": MESSAGES,
    "settle_messages": MESSAGES,
    "expire_conversations": MESSAGES,
    "remind_deciders": MESSAGES,
    "pull_terminal": TERMINALS,
    "parse_reads": TERMINALS,
    "ask_terminals_for_sums": TERMINALS,
    "watch_terminals": TERMINALS,
    "derive_days": DAYS,
    "mark_passing_time": DAYS,
    "raise_notices": DAYS,
    "ask_for_rosters": DAYS,
}
"""Every job that can be rung for and its queue; each is a function of workers.jobs."""

JOB_SECONDS = {"pull_terminal": 600, "derive_days": 900}


class Bell:
    """Rings over Redis. A ring for a job that already waits is dropped: one drain takes all."""

    def __init__(self, redis_url: str):
        self._redis = Redis.from_url(redis_url, socket_timeout=5, socket_connect_timeout=2)
        self._queues = {
            name: Queue(name, connection=self._redis, serializer="json") for name in QUEUES
        }

    def ring(self, job: str, ids: tuple[int | str, ...] = ()) -> None:
        """Enqueue `job` once. A silent Redis is logged, not raised: the sweep will find the row."""
        queue = self._queues[QUEUE_OF_JOB[job]]
        job_id = "-".join([job, *map(str, ids)])
        try:
            if self._redis.lpos(queue.key, job_id) is not None:
                return  # rung for and not begun: the cheap way to the same answer
            queue.enqueue(
                f"workers.jobs.{job}",
                args=ids,
                job_id=job_id,
                unique=True,
                result_ttl=0,
                failure_ttl=60,
                job_timeout=JOB_SECONDS.get(job, 180),
            )
        except DuplicateJobError:
            return
        except RedisError as error:
            log.warning("bell_silent", job=job, error=str(error))
