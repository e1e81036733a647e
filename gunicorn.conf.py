"""How gunicorn serves the site; read by itself when it is started in this folder. Address and workers are told apart."""

import os

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
# More threads than requests are worked on at once: the others are there to send requests away during an overload
# (movierec_site/load_shedding.py) and to hold slow clients.
threads = int(os.environ.get("WEB_THREADS", "24"))
# What waits in the kernel is seen by nobody; keep it short.
backlog = 128
keepalive = 5
graceful_timeout = 5
loglevel = "warning"
