"""The outside parts of the full stack as processes on loopback, each of which can be killed and started again."""

from __future__ import annotations

import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psycopg
import pyspark
import redis

from recommendations.management.site_process import HOST, free_port
from spark_jobs.java import find_java

PASSWORD = "loopback-only-4f1c9a7e"  # noqa: S105 (production settings want one)
SPARK_HOME = Path(pyspark.__file__).parent
START_SECONDS = 120


def wait_until(happened: Callable[[], object], what: str, seconds: float = START_SECONDS) -> None:
    """Return once ``happened()`` is true; fail with ``what`` otherwise."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.1)


def accepts(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=2):
            return True
    except OSError:
        return False


class Service:
    """A process in a group of its own; what it says goes to ``<folder>/<name>.log``."""

    #: An unprivileged user that the program insists on, if the tests run as root.
    user: str | None = None

    def __init__(self, name: str, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self.name, self.folder = name, folder
        self.log = folder / f"{name}.log"
        self._environment = environment
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def is_ready(self) -> bool:
        return True

    def as_user(self) -> str | None:
        return self.user if os.getuid() == 0 else None

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.working_folder(),
                env=None if self._environment is None else dict(self._environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=self.as_user(),
                group=pwd.getpwnam(self.as_user() or "").pw_gid if self.as_user() else None,
            )
        wait_until(self._ready_or_dead, f"{self.name} is ready; see its log:\n{self.tail()}")

    def working_folder(self) -> Path:
        return self.folder

    def _ready_or_dead(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"{self.name} has ended:\n{self.tail()}"
        return self.is_ready()

    def kill(self) -> None:
        """SIGKILL to the whole group, as when the machine or the container is gone."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, number: int) -> None:
        if self.process is None:
            return
        for each in (number, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, each)
            except ProcessLookupError:
                break
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                continue
        self.process.wait(timeout=30)
        self.process = None

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""


class Redis(Service):
    def __init__(self, folder: Path) -> None:
        super().__init__("redis", folder)
        self.port = free_port()
        self.url = f"redis://:{PASSWORD}@{HOST}:{self.port}/0"

    def command(self) -> list[str]:
        return [
            *("redis-server", "--port", str(self.port), "--bind", HOST, "--requirepass", PASSWORD),
            *("--save", "", "--appendonly", "no", "--dir", str(self.folder)),
        ]

    def is_ready(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


class Postgres(Service):
    user = "postgres"

    def __init__(self, folder: Path) -> None:
        super().__init__("postgres", folder)
        self.port = free_port()
        self.url = f"postgres://movierec:{PASSWORD}@{HOST}:{self.port}/postgres"
        self.data = folder / "data"
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        assert programs, "PostgreSQL is missing; run: make setup-dev"
        self.programs = programs[-1]

    def create(self) -> None:
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        owner = self.as_user()
        if owner:
            for path in (self.folder, secret):
                os.chown(path, pwd.getpwnam(owner).pw_uid, pwd.getpwnam(owner).pw_gid)
        done = subprocess.run(
            [
                *(str(self.programs / "initdb"), "--pgdata", str(self.data), "--username", "movierec"),
                *("--auth", "scram-sha-256", "--pwfile", str(secret), "--encoding", "UTF8", "--no-sync"),
                *("--locale", "C"),
            ],
            capture_output=True,
            text=True,
            user=owner,
            group=pwd.getpwnam(owner).pw_gid if owner else None,
        )
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        """Start it; after a kill its children hold the shared memory until they have noticed, and it refuses."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return super().start()
            except AssertionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)

    def command(self) -> list[str]:
        options = {"port": self.port, "listen_addresses": HOST, "unix_socket_directories": "", "fsync": "off"}
        return [
            *(str(self.programs / "postgres"), "-D", str(self.data)),
            *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
        ]

    def is_ready(self) -> bool:
        try:
            with psycopg.connect(self.url, connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False


class SparkDaemon(Service):
    """A master or a worker of a standalone cluster, from pip's pyspark."""

    ready_text = ""

    def __init__(self, name: str, folder: Path, kind: str) -> None:
        known = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        environment = {
            **known,
            "SPARK_HOME": str(SPARK_HOME),
            "SPARK_LOCAL_IP": HOST,
            "SPARK_DAEMON_MEMORY": "256m",
            "JAVA_HOME": str(find_java().home),
            "SPARK_DAEMON_JAVA_OPTS": "-Dspark.master.rest.enabled=false",
        }
        super().__init__(name, folder, environment)
        self.kind, self.web_port = kind, free_port()
        self._told = 0

    def start(self) -> None:
        self._told = len(self.log.read_text()) if self.log.exists() else 0
        super().start()

    def is_ready(self) -> bool:
        return self.ready_text in self.log.read_text()[self._told :]

    def arguments(self) -> list[str]:
        raise NotImplementedError

    def command(self) -> list[str]:
        return [
            *(str(SPARK_HOME / "bin" / "spark-class"), f"org.apache.spark.deploy.{self.kind}"),
            *("--host", HOST, "--webui-port", str(self.web_port), *self.arguments()),
        ]


class SparkMaster(SparkDaemon):
    ready_text = "I have been elected leader"

    def __init__(self, folder: Path) -> None:
        super().__init__("spark-master", folder, "master.Master")
        self.port = free_port()
        self.url = f"spark://{HOST}:{self.port}"

    def arguments(self) -> list[str]:
        return ["--port", str(self.port)]


class SparkWorker(SparkDaemon):
    ready_text = "Successfully registered"

    def __init__(self, name: str, folder: Path, master: SparkMaster) -> None:
        super().__init__(name, folder, "worker.Worker")
        self.master = master

    def arguments(self) -> list[str]:
        work = str(self.folder / f"{self.name}-work")
        return ["--cores", "1", "--memory", "1g", "--work-dir", work, self.master.url]


class Program(Service):
    """A part of this project: ``python -m …`` or ``manage.py …`` in the project's folder."""

    def __init__(
        self, name: str, folder: Path, environment: Mapping[str, str], root: Path, *arguments: str
    ) -> None:
        super().__init__(name, folder, environment)
        self._root, self._arguments = root, arguments

    def working_folder(self) -> Path:
        return self._root

    def command(self) -> list[str]:
        return [sys.executable, *self._arguments]


class Web(Program):
    def __init__(self, folder: Path, environment: Mapping[str, str], root: Path) -> None:
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        arguments = ("-m", "gunicorn", "movierec_site.wsgi", "--bind", f"{HOST}:{self.port}")
        super().__init__("web", folder, environment, root, *arguments)

    def is_ready(self) -> bool:
        return accepts(self.port)


class Worker(Program):
    def __init__(self, folder: Path, environment: Mapping[str, str], root: Path) -> None:
        super().__init__("celery", folder, environment, root, "-m", "celery", "-A", "movierec_site", "worker")
        self._told = 0

    def start(self) -> None:
        self._told = len(self.log.read_text()) if self.log.exists() else 0
        super().start()

    def is_ready(self) -> bool:
        return " ready." in self.log.read_text(errors="replace")[self._told :]


class Beat(Program):
    def __init__(self, folder: Path, environment: Mapping[str, str], root: Path) -> None:
        arguments = ("-m", "celery", "-A", "movierec_site", "beat", "--pidfile=")
        super().__init__("beat", folder, environment, root, *arguments)
