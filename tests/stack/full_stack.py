"""Everything that production runs, on loopback: PostgreSQL, Redis, Elasticsearch, a Spark cluster, web, worker, beat."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings

from recommendations import localnode
from recommendations.management.site_process import HOST, free_port
from tests.browser.operating import PASSWORD
from tests.sample_data import write_sample
from tests.stack.outside import Postgres, Redis, SparkMaster, SparkWorker
from tests.stack.processes import Beat, Web, Worker, wait_until

ENDED = ("succeeded", "failed", "cancelled", "lost")
JOB_SECONDS = 600
MODELS_SIZE = "48m"
_loopback = urllib.request.build_opener(urllib.request.ProxyHandler({}))
Job = dict[str, Any]


class Elasticsearch:
    """A real node that comes back at the same address."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        self.url = f"http://{HOST}:{self.port}"

    def start(self) -> None:
        localnode.start(self.home, port=self.port)

    def kill(self) -> None:
        state = localnode.status(self.home)
        assert state is not None
        assert state.pid is not None
        os.kill(state.pid, signal.SIGKILL)
        wait_until(lambda: localnode.status(self.home) is None, "Elasticsearch is gone")

    def stop(self) -> None:
        localnode.remove(self.home)


class FullStack:
    """Its parts are attributes with ``start``, ``kill`` and ``stop``; ``ask`` does what an operator does."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.models = self.home / "models"
        logs = folder / "processes"
        for path in (self.models, logs, folder / "postgres"):
            path.mkdir(parents=True)
        self.data = write_sample(folder / "raw")
        self.redis, self.postgres = Redis(logs), Postgres(folder / "postgres")
        self.elasticsearch = Elasticsearch(folder / "search")
        self.master = SparkMaster(logs)
        self.spark_workers = [SparkWorker(f"spark-worker-{number}", logs, self.master) for number in (1, 2)]
        self.environment = self._environment()
        program = (logs, self.environment, Path(settings.BASE_DIR))
        self.web, self.worker, self.beat = Web(*program), Worker(*program), Beat(*program)
        self._operator: subprocess.Popen[str] | None = None
        self._operator_log = logs / "operator.log"

    def _environment(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            "DJANGO_SETTINGS_MODULE": "movierec_site.settings.production",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "ALLOWED_HOSTS": HOST,
            "ADMIN_OPEN": "true",
            "SSL_REDIRECT": "false",
            "TRUSTED_PROXIES": "0",
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.redis.url,
            "ELASTICSEARCH_URL": self.elasticsearch.url,
            "ELASTICSEARCH_TIMEOUT_SECONDS": "10",
            # Everybody asks from one address here.
            "API_RATE_ANY_ADDRESS": "",
            "API_RATE_EXPENSIVE_ADDRESS": "",
            "SPARK_MASTER": self.master.url,
            "SPARK_DRIVER_MEMORY": "600m",
            "SPARK_LOCAL_IP": HOST,
            "MOVIEREC_HOME": str(self.home),
            "MOVIEREC_DATA": str(self.data),
            "MOVIEREC_OPERATOR_PASSWORD": PASSWORD,
            "JOBS_LOST_AFTER_SECONDS": "15",
            "JOBS_TEND_SECONDS": "2",
            "PYTHONUNBUFFERED": "1",
        }

    def start(self) -> None:
        as_root("mount", "-t", "tmpfs", "-o", f"size={MODELS_SIZE},mode=0777", "tmpfs", str(self.models))
        self.postgres.create()
        self.master.start()  # the slowest first; what needs it waits for it
        for part in (self.postgres, self.redis, self.elasticsearch):
            part.start()
        self.manage("migrate", "--no-input", "--verbosity", "0")
        self.manage("collectstatic", "--no-input", "--verbosity", "0")
        for part in (*self.spark_workers, self.worker, self.web):
            part.start()
        self.ask("schedule_every", seconds=0)
        self.beat.start()

    def stop(self) -> None:
        if self._operator is not None:
            self._operator.kill()
            self._operator.wait()
        for part in (self.beat, self.worker, self.web, *self.spark_workers, self.master, self.redis):
            part.stop()
        # SIGINT ends PostgreSQL without waiting for its clients; nobody needs the data any more.
        self.postgres.kill()
        self.elasticsearch.stop()
        as_root("umount", "--lazy", str(self.models))

    def manage(self, *arguments: str) -> None:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr

    def ask(self, do: str, **request: Any) -> Any:
        """The answer of ``tests/stack/operator.py``; a refusal is an ``AssertionError`` with its sentence."""
        answer = self.try_to(do, **request)
        if "database" in answer:  # its first words to a database that was away
            answer = self.try_to(do, **request)
        assert "answer" in answer, answer
        return answer["answer"]

    def try_to(self, do: str, **request: Any) -> dict[str, Any]:
        if self._operator is None:
            with self._operator_log.open("a") as errors:
                self._operator = subprocess.Popen(
                    [sys.executable, "-m", "tests.stack.operator"],
                    cwd=settings.BASE_DIR,
                    env=self.environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    text=True,
                )
        assert self._operator.stdin is not None
        assert self._operator.stdout is not None
        self._operator.stdin.write(json.dumps({"do": do, **request}) + "\n")
        self._operator.stdin.flush()
        line = self._operator.stdout.readline()
        assert line, self._operator_log.read_text()[-3000:]
        return json.loads(line)

    def wait_for(self, job: Job, happened: Callable[[Job], bool], seconds: float = JOB_SECONDS) -> Job:
        """The job as soon as ``happened(job)``; a job that ends before that is a failure."""
        deadline = time.monotonic() + seconds
        while True:
            seen = self.ask("look", job=job["id"])
            if happened(seen):
                return seen
            told = f"{seen}\n{self.worker.tail()}"
            assert seen["state"] not in ENDED, told
            assert time.monotonic() < deadline, told
            time.sleep(0.2)

    def end_of(self, job: Job, seconds: float = JOB_SECONDS) -> Job:
        return self.wait_for(job, lambda seen: seen["state"] in ENDED, seconds)

    def in_spark(self, job: Job) -> Job:
        """The job once its application works on the cluster."""
        return self.wait_for(
            job, lambda seen: seen["state"] == "running" and seen["stage"] not in ("", "start")
        )

    def applications(self) -> list[str]:
        """The names of the applications that the cluster's master knows as running."""
        with _loopback.open(f"http://{HOST}:{self.master.web_port}/json/", timeout=30) as response:
            return [application["name"] for application in json.load(response)["activeapps"]]

    def drivers(self) -> list[int]:
        """The process numbers of the JVMs that run this stack's Spark applications."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if b"SparkSubmit" in command and str(self.home).encode() in command:
                found.append(int(entry.name))
        return found

    def no_spark_is_left(self) -> bool:
        return not self.drivers() and not self.applications()

    def recommend(self, user: int = 3) -> dict[str, Any]:
        """What the site answers to somebody who asks over HTTP."""
        with _loopback.open(
            f"{self.web.url}/api/v1/recommendations/?user={user}&k=5", timeout=60
        ) as response:
            return json.load(response)


def as_root(*command: str) -> None:
    prefix = () if os.getuid() == 0 else ("sudo", "-n")
    done = subprocess.run([*prefix, *command], capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"


def fill_disk(folder: Path) -> Path:
    """A file that takes all the room that is left; delete it to have the room again."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 65536)
        except OSError:
            return filler


def remove_tree(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
