"""The outside parts of the full stack: Redis, PostgreSQL and a Spark standalone cluster, from Debian and pip packages."""

from __future__ import annotations

import os
import pwd
import subprocess
import time
from pathlib import Path

import psycopg
import pyspark
import redis

from recommendations.localnode.java import find_java
from recommendations.management.site_process import HOST, free_port
from tests.stack.processes import START_SECONDS, Service

PASSWORD = "loopback-only-4f1c9a7e"  # noqa: S105 (production settings want one)
SPARK_HOME = Path(pyspark.__file__).parent


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
