"""The demo's worker for jobs, which is started anew when it dies, and what stops the node if the demo itself is killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from recommendations.localnode import keeper
from recommendations.management.lease import KEEPER_VARIABLE, VARIABLE, Lease
from recommendations.management.site_process import ChildProcess
from recommendations.models import Job
from recommendations.selectors.jobs import jobs_can_run
from recommendations.services.jobs.tending import give_up_held_jobs

# A worker that dies at once is started again after one second, then two, and at last every minute.
LONGEST_PAUSE_SECONDS = 60.0
# How often the database is asked whether the worker still gives signs of life.
LOOK_SECONDS = 5.0


class WorkerProcess(ChildProcess):
    """One Celery worker with the scheduler inside, for the jobs that are started from the admin."""

    _pause = 1.0
    _started = _looked = _restart_at = 0.0

    def start(self) -> None:
        """Start it; it needs some seconds until it takes jobs, and nobody has to wait for that."""
        log = Path(settings.MOVIEREC_HOME) / "logs" / "worker.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        self._started = self._looked = time.monotonic()
        with log.open("ab") as output:
            self._launch(
                *("celery", "--app", "movierec_site", "--quiet", "worker", "--beat"),
                *("--hostname", "demo@localhost", "--without-gossip", "--without-mingle"),
                output=output,
            )

    def look_after(self, tell: Callable[[str], None]) -> None:
        """Start it anew, and say so, if it has ended or gives no sign of life any more; called about every second.

        A job in its hands is given up at once: there is no other worker that could have it.
        """
        now = time.monotonic()
        if self._restart_at:
            if now >= self._restart_at:
                self._restart_at = 0.0
                self.start()
            return
        reason = self._trouble(now)
        if not reason:
            return
        self.stop()
        if now - self._started > LONGEST_PAUSE_SECONDS:
            self._pause = 1.0
        self._restart_at = now + self._pause
        lost = _give_up_jobs()
        log = Path(settings.MOVIEREC_HOME) / "logs" / "worker.log"
        tell(
            f"The worker for jobs {reason}; it is started anew in {self._pause:.0f} s. Its messages are in {log}."
        )
        for job in lost:
            tell(f"Job {job.pk} was in its hands and is lost; run it again in the admin.")
        self._pause = min(2 * self._pause, LONGEST_PAUSE_SECONDS)

    def _trouble(self, now: float) -> str:
        """Why it has to be started anew; empty while it works, or while that cannot be known."""
        if self.wait(0) and self.code is not None:
            return (
                f"was ended by signal {-self.code}"
                if self.code < 0
                else f"has ended with exit code {self.code}"
            )
        patience = settings.JOBS_LOST_AFTER_SECONDS
        if now - self._looked < LOOK_SECONDS or now - self._started < patience:
            return ""
        self._looked = now
        try:
            working = jobs_can_run().ok
        except DatabaseError:
            return ""
        return "" if working else f"has given no sign of life for {patience:.0f} s"


def _give_up_jobs() -> list[Job]:
    """The jobs that the dead worker had; with a broker that others use as well, they are given up after a while."""
    if settings.REDIS_URL:
        return []
    try:
        return give_up_held_jobs()
    except DatabaseError:
        return []


class SearchKeeper:
    """Stops this home's node if the demo, which has started it, is killed."""

    _process: subprocess.Popen[bytes] | None = None

    def start(self, lease: Lease) -> None:
        """From now on the node ends with this process."""
        # Under a name of its own: the next start ends what is marked as the demo's, and waits for this.
        environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
        environment[KEEPER_VARIABLE] = lease.token
        self._process = subprocess.Popen(
            [sys.executable, "-m", keeper.__name__, str(settings.MOVIEREC_HOME)],
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def stop(self) -> None:
        """The node no longer ends with this process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            if process.stdin is not None:
                process.stdin.close()
