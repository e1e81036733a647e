"""How gunicorn serves the site; read by itself when it is started in this folder. Address and workers are told apart."""

import os
import shutil
import tempfile

worker_class = "movierec_site.web_worker.WebWorker"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
# More threads than requests are worked on at once: the others are there to send requests away during an overload
# (recommendations/web/load_shedding.py) and to hold slow clients.
threads = int(os.environ.get("WEB_THREADS", "32"))
# What waits in the kernel is seen by nobody; keep it short.
backlog = 128
keepalive = 5
graceful_timeout = 5
loglevel = "warning"
# Nobody steers it through a socket, and the default place, the user's home, cannot be written in a container.
control_socket_disable = True
# The heartbeat files of the workers; a disk that is busy must not look like a worker that hangs.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # nosec B108

# A job may wait long for another one to write; people who read must not wait behind people who write (SQLite only).
os.environ.setdefault("DATABASE_WAIT_SECONDS", "1")

# The worker processes share their measurements through files here: whichever of them is asked answers for all.
_metrics_folder = os.environ.setdefault(
    "PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="movierec-metrics-", dir=worker_tmp_dir)
)
# prometheus_client looks for the variable once, when it is imported.
from prometheus_client.multiprocess import mark_process_dead  # noqa: E402


def child_exit(server, worker):
    """Whatever a process that has ended said about its present state holds no more."""
    mark_process_dead(worker.pid)


def on_exit(server):
    """Remove the folder of the processes' shared metrics."""
    shutil.rmtree(_metrics_folder, ignore_errors=True)
