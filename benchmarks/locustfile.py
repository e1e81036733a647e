"""What locust does to one server; ``benchmarks.load`` starts it and reads the log that it writes.

The environment says what: BENCH_PATH with ``{user}`` for a MovieLens number, BENCH_USERS people at BENCH_RATE requests
per second together, at random times as people do (0: each asks again as soon as it is answered), BENCH_LOG for one line
per answer: time of the answer (s), duration (ms), status (0: none).
"""

import os
import random
from pathlib import Path
from typing import Any

from locust import FastHttpUser, constant, events, task

PATH = os.environ["BENCH_PATH"]
RATE = float(os.environ["BENCH_RATE"])
USERS = int(os.environ["BENCH_USERS"])
PEOPLE = 943
_log = Path(os.environ["BENCH_LOG"]).open("w", buffering=1 << 16, encoding="ascii")  # noqa: SIM115


def random_pause(_user: FastHttpUser) -> float:
    """Seconds until the next request; many people together then ask in a Poisson process of about RATE per second."""
    return random.expovariate(RATE / USERS)


class Visitor(FastHttpUser):
    """Asks for the list of one person of MovieLens after the other."""

    wait_time = random_pause if RATE else constant(0)
    network_timeout = connection_timeout = 10.0

    def on_start(self) -> None:
        """Nor do people all come at the same moment."""
        if RATE:
            self.wait()

    @task
    def ask(self) -> None:
        with self.client.get(
            PATH.format(user=random.randint(1, PEOPLE)), name="list", catch_response=True
        ) as response:
            # An answer that sends a client away is counted by its status, not hidden among failures.
            response.success()


@events.request.add_listener
def note(start_time: float, response_time: float, response: Any, **_: Any) -> None:
    """Write the answer down."""
    status = getattr(response, "status_code", 0) or 0
    _log.write(f"{start_time + response_time / 1000:.3f} {response_time:.2f} {status}\n")


@events.quitting.add_listener
def close(**_: Any) -> None:
    """Nothing stays in the buffer."""
    _log.close()
