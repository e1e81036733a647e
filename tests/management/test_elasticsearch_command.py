"""``manage.py elasticsearch``: what it says, its exit codes, and that an external cluster is left alone."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from recommendations import localnode
from recommendations.localnode.java import JavaMissingError
from recommendations.localnode.state import NodeError, NodeState

ROOT = Path(__file__).resolve().parents[2]
Manage = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def manage(tmp_path: Path) -> Manage:
    """Runs ``manage.py elasticsearch …`` as an operator does, in a home of its own."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        known = {
            k: v for k, v in os.environ.items() if k not in ("ELASTICSEARCH_URL", "ELASTICSEARCH_VERSION")
        }
        return subprocess.run(
            [sys.executable, "manage.py", "elasticsearch", *arguments],
            cwd=ROOT,
            env={**known, "MOVIEREC_HOME": str(tmp_path / "home"), **environment},
            capture_output=True,
            text=True,
            timeout=300,
        )

    return run


@pytest.fixture
def home(settings, tmp_path: Path) -> Path:
    settings.ELASTICSEARCH_URL = ""
    settings.MOVIEREC_HOME = tmp_path
    return tmp_path


def one_line(text: str) -> str:
    lines = text.strip().splitlines()
    assert len(lines) == 1, text
    return lines[0]


def test_help_explains_the_actions_and_the_exit_codes(manage):
    shown = manage("--help")
    assert shown.returncode == 0
    assert "ELASTICSEARCH_URL" in shown.stdout
    assert "Exit code" in shown.stdout
    start = manage("start", "--help")
    assert start.returncode == 0
    for option in ("--version", "--heap", "--port", "--json"):
        assert option in start.stdout


def test_the_status_of_a_node_that_never_ran_is_1(manage):
    told = manage("status", "--json")
    assert told.returncode == 1
    assert json.loads(told.stdout) == {"state": "stopped"}
    assert told.stderr == ""


def test_stopping_what_does_not_run_is_no_failure(manage):
    told = manage("stop")
    assert (told.returncode, told.stdout) == (0, "Elasticsearch was not running.\n")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("start", "--version", "8.11.0"), "8.11.0 has no pinned checksum"),
        (("start", "--version", "../8"), "'../8' is not a version"),
        (("start", "--heap", "much"), "The heap is 'much'"),
        (("start", "--port", "70000"), "The port is 70000"),
    ],
)
def test_a_bad_value_is_named_in_one_sentence(manage, arguments, named):
    told = manage(*arguments, ELASTICSEARCH_SHA256="")
    assert told.returncode == 2
    assert named in one_line(told.stderr)
    assert told.stdout == ""


def test_no_action_and_no_number_are_refused(manage):
    assert manage().returncode == 2
    wrong = manage("start", "--port", "many")
    assert wrong.returncode == 2
    assert "--port" in wrong.stderr


def test_a_taken_port_is_named(manage):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        told = manage("start", "--port", str(port))
    assert told.returncode == 2
    assert f"Port {port} is taken" in one_line(told.stderr)


def test_without_java_it_says_what_to_install(home, monkeypatch, tmp_path):
    """A machine without Java: none on the path, no JAVA_HOME, none where Debian puts it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr("recommendations.localnode.java.JVM_FOLDER", tmp_path / "jvm")
    with pytest.raises(CommandError, match="openjdk-17-jre-headless") as told:
        call_command("elasticsearch", "start")
    assert told.value.returncode == 2
    assert isinstance(told.value.__cause__, JavaMissingError)
    assert localnode.status(home) is None


def test_the_end_of_the_log_stands_before_the_sentence(home, monkeypatch, capsys):
    def fail(*args: object, **kwargs: object) -> None:
        raise NodeError("Elasticsearch 8.19.21 could not be started.", log_tail="java.lang.OutOfMemoryError")

    monkeypatch.setattr(localnode, "start", fail)
    with pytest.raises(CommandError, match="could not be started") as told:
        call_command("elasticsearch", "start")
    assert told.value.returncode == 2
    assert capsys.readouterr().err == "java.lang.OutOfMemoryError\n"


def test_a_node_that_runs_but_does_not_answer_is_told(home, monkeypatch, capsys):
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        state = NodeState(version="8.19.21", folder=str(home), pid=7, port=deaf.getsockname()[1])
        monkeypatch.setattr(localnode, "status", lambda home: state)
        monkeypatch.setattr(localnode, "running_node", lambda home: state)
        call_command("elasticsearch", "status")
    assert "does not answer" in capsys.readouterr().out


@pytest.mark.parametrize("action", ["start", "stop"])
def test_an_external_cluster_is_neither_started_nor_stopped(settings, monkeypatch, capsys, action):
    settings.ELASTICSEARCH_URL = "https://admin:secret@search.example:9200"
    for name in ("start", "stop", "status"):
        monkeypatch.setattr(localnode, name, None)  # whoever calls it fails
    call_command("elasticsearch", action)
    told = capsys.readouterr().out
    assert "the cluster at https://search.example:9200 is used" in told
    assert "secret" not in told


def test_an_external_cluster_that_is_away_has_status_1(manage):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        told = manage("status", "--json", ELASTICSEARCH_URL=f"http://127.0.0.1:{port}")
    assert told.returncode == 1
    assert json.loads(told.stdout)["state"] == "stopped"


@pytest.mark.elasticsearch
def test_an_external_cluster_that_answers_has_status_0(manage, elasticsearch_url):
    told = manage("status", "--json", ELASTICSEARCH_URL=elasticsearch_url)
    assert told.returncode == 0
    assert json.loads(told.stdout) == {"state": "running", "external": True, "url": elasticsearch_url}


@pytest.mark.elasticsearch
def test_start_status_stop(manage, tmp_path):
    try:
        started = manage("start", "--json", "--heap", "256m")
        assert started.returncode == 0, started.stderr
        told = json.loads(started.stdout)
        assert told["state"] == "running"
        assert told["already_running"] is False
        assert started.stderr == ""  # no progress where nobody looks at a terminal

        again = json.loads(manage("start", "--json").stdout)
        assert (again["pid"], again["already_running"]) == (told["pid"], True)
        assert told["url"] in manage("status").stdout

        os.kill(told["pid"], signal.SIGKILL)
        deadline = time.monotonic() + 10
        while (code := manage("status").returncode) == 0 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert code == 1
        assert manage("stop").stdout == "Elasticsearch was not running.\n"
    finally:
        localnode.remove(tmp_path / "home")
