"""``kill -9`` of the demo and of its parts: nothing lives on, and what died is there again."""

import os
import signal
import subprocess
import sys

import psutil
import pytest

from recommendations.management.lease import Lease, processes_of, read_lease
from recommendations.management.site_process import refuse_taken_port
from tests.management.running import demo

__all__ = ["demo"]
pytestmark = pytest.mark.site


def named(lease: Lease, name: str) -> list[psutil.Process]:
    """The demo's living processes with this word on their command line, without their leashes."""
    found = []
    for pid in processes_of(lease):
        try:
            process = psutil.Process(pid)
            command = process.cmdline()
        except psutil.NoSuchProcess:  # it has just ended
            continue
        if name in command and not any("leash" in part for part in command):
            found.append(process)
    return found


def master(lease: Lease, name: str) -> psutil.Process:
    """The one whose parent is a leash."""
    (found,) = [each for each in named(lease, name) if "leash" in " ".join(each.parent().cmdline())]
    return found


def kill(process: psutil.Process) -> None:
    """SIGKILL, also for one that has ended meanwhile."""
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


def test_a_killed_demo_takes_everything_along_and_the_next_start_works(demo):
    running = demo()
    running.wait_until(running.serves)
    lease = read_lease(running.home)
    running.wait_until(lambda: len(named(lease, "celery")) > 1)  # with its scheduler
    everything = [psutil.Process(pid) for pid in processes_of(lease)]
    os.kill(running.process.pid, signal.SIGKILL)
    gone, alive = psutil.wait_procs(everything, timeout=60)
    assert (alive, len(gone)) == ([], len(everything))
    again = demo(port=running.site.port)
    again.wait_until(again.serves)
    assert again.press(signal.SIGINT) == 0
    assert read_lease(running.home) is None


def test_what_a_killed_demo_could_not_end_is_ended_by_the_next_start(demo):
    """Also the leashes are killed, so that the site still listens and the worker still works."""
    running = demo()
    running.wait_until(running.serves)
    lease = read_lease(running.home)
    orphans = [master(lease, "gunicorn"), master(lease, "celery")]
    leashes = [each.parent() for each in orphans]
    os.kill(running.process.pid, signal.SIGSTOP)  # so that it does not look after them meanwhile
    for process in (*leashes, psutil.Process(running.process.pid)):
        process.kill()
    running.process.wait(60)
    assert all(each.is_running() for each in orphans)
    again = demo(port=running.site.port)
    again.wait_until(again.serves)
    assert "An earlier demo of this home was killed; ending what it has left" in again.told()
    assert psutil.wait_procs(orphans, timeout=1)[1] == []
    assert again.press(signal.SIGTERM) == 0
    refuse_taken_port(running.site.port)


def test_a_second_demo_of_a_home_is_refused_and_harms_nobody(demo):
    running = demo()
    running.wait_until(running.serves)
    for extra in (["--check"], ["--port", str(running.site.port)], []):
        refused = subprocess.run(
            [sys.executable, "manage.py", "serve_demo", *extra],
            **running.started_with,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert refused.returncode == 2
        said = refused.stderr.strip()
        address, pid = running.site.address, running.process.pid
        assert said.startswith(
            f"CommandError: A demo of this home runs already at {address} (process {pid});"
        )
        assert len(said.splitlines()) == 1
    assert running.readiness()["checks"]["database"]["ok"] is True
    assert running.stages() == ["fetch_movielens", "elasticsearch start", "run_pipeline"]
    assert running.press(signal.SIGINT) == 0


def test_a_dead_worker_is_told_and_started_anew(demo):
    running = demo()
    running.wait_until(running.serves)
    lease = read_lease(running.home)
    running.wait_until(lambda: running.readiness()["checks"]["jobs"]["ok"])
    running.wait_until(lambda: len(named(lease, "celery")) > 1)
    first, everything = master(lease, "celery"), named(lease, "celery")
    kill(first)
    running.wait_until(
        lambda: "The worker for jobs was ended by signal 9; it is started anew" in running.told()
    )
    assert psutil.wait_procs(everything, timeout=30)[1] == []  # its scheduler went with it
    assert running.readiness()["checks"]["jobs"]["ok"] is False
    running.wait_until(lambda: running.readiness()["checks"]["jobs"]["ok"])
    assert master(lease, "celery") != first
    assert running.press(signal.SIGINT) == 0


def test_a_worker_without_its_scheduler_is_started_anew(demo):
    """It lives, but nothing asks it any more to look after the jobs."""
    running = demo(JOBS_LOST_AFTER_SECONDS="12", JOBS_TEND_SECONDS="3")
    running.wait_until(running.serves)
    lease = read_lease(running.home)
    running.wait_until(lambda: running.readiness()["checks"]["jobs"]["ok"])
    running.wait_until(lambda: len(named(lease, "celery")) > 1)
    first = master(lease, "celery")
    for scheduler in first.children():
        kill(scheduler)
    running.wait_until(lambda: "The worker for jobs has given no sign of life for 12 s" in running.told())
    running.wait_until(lambda: running.readiness()["checks"]["jobs"]["ok"])
    assert not first.is_running()
    assert running.press(signal.SIGTERM) == 0
