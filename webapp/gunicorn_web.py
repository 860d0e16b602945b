"""How gunicorn serves the panel: threads, and an end within seconds of SIGTERM."""

import os

bind = f"{os.environ.get('HADIR_BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
# On SQLite one process with threads is both quicker and calmer than several (measured).
workers = 1 if os.environ.get("DATABASE_URL", "").startswith("sqlite") else 2
worker_class = "gthread"
threads = 8
graceful_timeout = 3
timeout = 60
control_socket_disable = True  # one path for all of them, and nobody here asks through it
