"""`python -m workers.pools QUEUE ...`: one RQ worker-pool per queue, each a process of its own.

One queue per pool because RQ moves jobs safely only for a worker that listens to a single queue.
"""

from __future__ import annotations

import sys

from redis import Redis
from rq.serializers import JSONSerializer
from rq.worker_pool import WorkerPool

import config.settings as settings
from sms.grammar import LexiconError, lexicon, second_opinion
from store.bell import QUEUES
from workers.supervise import Child, Supervisor
from workers.worker import HadirWorker


def main(queues: list[str]) -> int:
    try:
        asked = settings.worker()
        lexicon()  # read before the workers fork: a slip in the word lists is named here
        second_opinion()
    except (settings.SettingsError, LexiconError) as error:
        print(error, file=sys.stderr)
        return 2
    unknown = [name for name in queues if name not in QUEUES]
    if unknown or not queues:
        print(f"Give queues out of {', '.join(QUEUES)}; not {unknown}.", file=sys.stderr)
        return 2
    if len(queues) == 1:
        pool = WorkerPool(
            queues,
            connection=Redis.from_url(asked.redis_url),
            num_workers=1,
            worker_class=HadirWorker,
            serializer=JSONSerializer,
        )
        pool.start(logging_level="WARNING")
        return 0
    supervisor = Supervisor(
        [Child(name, [sys.executable, "-m", "workers.pools", name]) for name in queues]
    )
    supervisor.stop_on_signals()
    supervisor.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
