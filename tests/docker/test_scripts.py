"""The scripts around the stack, as far as they go without Docker."""

import importlib.util
import json
import os
import stat
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
SECRETS = (
    "SECRET_KEY",
    "POSTGRES_PASSWORD",
    "REDIS_PASSWORD",
    "SPARK_SECRET",
    "METRICS_TOKEN",
    "JUPYTER_TOKEN",
)


# Nothing listens there, as for a container whose proxy is another machine.
PROXIES = dict.fromkeys(("http_proxy", "HTTP_PROXY"), "http://127.0.0.1:9") | {"no_proxy": "", "NO_PROXY": ""}


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=60
    )


def module(path: str):
    spec = importlib.util.spec_from_file_location(path.replace("/", "_"), ROOT / path)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def test_make_env_writes_random_secrets_for_its_owner_alone(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for target in (first, second):
        assert run("scripts/make_env.sh", MOVIEREC_ENV_FILE=str(target)).returncode == 0
    told = [dict(line.split("=", 1) for line in target.read_text().splitlines() if "=" in line and line[0] != "#") for target in (first, second)]  # fmt: skip
    for secret in SECRETS:
        assert len(told[0][secret]) == 64
        assert told[0][secret] != told[1][secret]
    assert told[0]["STACK_VERSION"] == "8.5.1"
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] != [], "no half-written file is left"
    assert {path.name for path in tmp_path.iterdir()} == {"first", "second"}


def test_make_env_leaves_an_existing_file_alone(tmp_path):
    target = tmp_path / "env"
    target.write_text("mine")
    refused = run("scripts/make_env.sh", MOVIEREC_ENV_FILE=str(target))
    assert refused.returncode == 2
    assert "exists already" in refused.stderr
    assert target.read_text() == "mine"


@pytest.mark.parametrize("command", [("scripts/compose.sh", "up"), ("./commande.sh",)])
def test_without_secrets_nothing_starts(tmp_path, command):
    """A stand-in for Docker's program, so that the refusal does not depend on the machine."""
    program = tmp_path / "docker"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    refused = run(*command, MOVIEREC_ENV_FILE=str(tmp_path / "none"), PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert refused.returncode == 2
    assert "make env" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_without_an_engine_it_says_so(tmp_path):
    program = tmp_path / "docker"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    env_file = tmp_path / "env"
    env_file.write_text("")
    refused = run(
        "scripts/compose.sh", "ps", MOVIEREC_ENV_FILE=str(env_file), PATH=f"{tmp_path}:{os.environ['PATH']}"
    )
    assert refused.returncode == 2
    assert "engine does not answer" in refused.stderr


class Site(BaseHTTPRequestHandler):
    """Answers the health check of the host that it is for."""

    def do_GET(self):
        right = self.headers["Host"] == "films.example.org" and self.headers["X-Forwarded-Proto"] == "https"
        self.send_response(200 if right and self.path == "/healthz" else 400)
        self.end_headers()

    def log_message(self, *arguments):
        """Say nothing."""


def test_health_check_asks_for_the_sites_own_host():
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        hosts = "films.example.org,other.example.org"
        check = (sys.executable, "docker/healthcheck.py")
        assert run(*check, f"{address}/healthz", ALLOWED_HOSTS=hosts).returncode == 0
        failed = run(*check, f"{address}/elsewhere", ALLOWED_HOSTS=hosts)
        server.shutdown()
    assert failed.returncode == 1
    assert "400" in failed.stderr
    gone = run(*check, f"{address}/healthz")
    assert gone.returncode == 1
    assert "Traceback" not in gone.stderr


class Answering(BaseHTTPRequestHandler):
    """Takes everything, and remembers what was asked of it as of a proxy."""

    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"success": true, "successCount": 9}')

    def do_POST(self):
        self.do_GET()

    def log_message(self, *arguments):
        """Say nothing."""


@pytest.fixture
def answering():
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        server.asked = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize(
    "command", [("docker/healthcheck.py", "{}/healthz"), ("scripts/wait_for.py", "{}", "5"), ("docker/kibana/provision.py", "{}")]
)  # fmt: skip
def test_no_proxy_is_asked_for_this_machine_and_the_stack(answering, command):
    address = f"http://127.0.0.1:{answering.server_port}"
    ended = run(sys.executable, *(part.format(address) for part in command), **PROXIES)
    assert ended.returncode == 0, ended.stderr
    assert len(answering.asked) == 1


def test_the_tour_asks_a_proxy_for_other_machines_only(answering, monkeypatch):
    tour, address = module("docs/examples/api_tour.py"), f"http://127.0.0.1:{answering.server_port}"
    for name, value in PROXIES.items():
        monkeypatch.setenv(name, value)
    assert tour.Api(address).call("GET", "films/")["success"]
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, address)
    assert tour.Api("http://films.example.org").call("GET", "films/")["success"]
    assert answering.asked == ["/api/v1/films/", "http://films.example.org/api/v1/films/"]


def test_only_what_fetches_from_the_internet_may_ask_proxies():
    """Everything else asks this machine or its own private network, with an opener that knows no proxy."""
    listed = run("git", "ls-files", "*.py", "*.sh", ":!tests").stdout.splitlines()
    texts = {path: (ROOT / path).read_text(encoding="utf-8") for path in listed}
    asking = {path for path, text in texts.items() if "urlopen(" in text}
    assert {path.rpartition("/")[2] for path in asking} == {"downloads.py", "posters.py"}
    curls = [line for path, text in texts.items() if path.endswith(".sh") for line in text.splitlines() if "curl -" in line]  # fmt: skip
    assert curls
    assert all("--noproxy '*'" in line for line in curls)


@pytest.fixture(scope="module")
def report():
    return module("scripts/audit_report.py").report


def answer(*packages: dict) -> str:
    return json.dumps({"dependencies": list(packages)})


FINE = {"name": "django", "version": "5.2", "vulns": []}
VULNERABLE = {"name": "old", "version": "1.0", "vulns": [{"id": "PYSEC-1"}]}
UNKNOWN = {"name": "new", "skip_reason": "not found"}


@pytest.mark.parametrize("strict", [False, True])
def test_an_audit_that_was_made(report, strict):
    assert report(answer(FINE), "", 0, strict) == ("pip-audit: no known vulnerability in 1 packages.", 0)
    line, code = report(answer(FINE, VULNERABLE, UNKNOWN), "", 1, strict)
    assert code == 1
    assert "old 1.0: PYSEC-1" in line


@pytest.mark.parametrize(
    ("told", "errors"), [("", "ConnectionError: nobody there"), ("{}", ""), (answer(FINE, UNKNOWN), "")]
)
def test_an_audit_that_could_not_be_made_is_loud_and_only_strictly_a_failure(report, told, errors):
    line, code = report(told, errors, 1, False)
    assert line.startswith("NOT AUDITED: ")
    assert "\n" not in line
    assert code == 0
    assert report(told, errors, 1, True)[1] == 1
