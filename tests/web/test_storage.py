"""A database that somebody else holds, and a full disk: writes are told when to come back, reads go on."""

from __future__ import annotations

import http.client
import json
import os
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.conf import settings
from django.db import OperationalError

from recommendations.management.site_process import HOST, free_port
from recommendations.web.storage import storage_problem

READS = (
    "/",
    "/search/?q=Alien",
    "/films/1/",
    "/account/sign-in",
    "/api/v1/films/1/",
    "/api/v1/films/?q=Alien",
)
SIGN_UP = {"username": "bob", "password": "correct-horse-9"}
# The manifest of static files would have to be made first, and is not the subject.
OWN_SETTINGS = """
from movierec_site.settings.demo import *
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
"""
PREPARE = """
import django
django.setup()
from django.core.management import call_command
from recommendations.models import Movie
call_command("migrate", verbosity=0)
Movie.objects.create(movielens_id=1, title="Alien", original_title="Alien", year=1979)
"""


def ask(port: int, path: str, body: dict[str, Any] | None = None) -> tuple[int, str | None, float]:
    """Status, Retry-After, seconds."""
    asking, begun = http.client.HTTPConnection(HOST, port, timeout=60), time.monotonic()
    headers = {"Content-Type": "application/json"}
    asking.request("GET" if body is None else "POST", path, body and json.dumps(body), headers)
    answer = asking.getresponse()
    answer.read()
    asking.close()
    return answer.status, answer.headers["Retry-After"], time.monotonic() - begun


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("storage") / "home"


@pytest.fixture(scope="module")
def site(home) -> Iterator[tuple[int, psutil.Process]]:
    """The demo's site without data: its port and gunicorn's process."""
    (home.parent / "own_settings.py").write_text(OWN_SETTINGS)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "own_settings",
        "PYTHONPATH": os.pathsep.join([str(home.parent), str(settings.BASE_DIR)]),
        "MOVIEREC_HOME": str(home),
    }
    options: dict[str, Any] = {"cwd": settings.BASE_DIR, "env": environment}
    subprocess.run([sys.executable, "-c", PREPARE], check=True, timeout=300, **options)
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "movierec_site.wsgi", "--bind", f"{HOST}:{port}"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, **options)
    try:
        deadline = time.monotonic() + 300
        while True:
            try:
                assert [ask(port, path)[0] for path in READS] == [200] * len(READS)
                break
            except OSError:
                assert time.monotonic() < deadline
                assert process.poll() is None
                time.sleep(0.2)
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(60)


@pytest.mark.site
def test_while_somebody_else_writes_people_read_and_are_told_when_to_write(site, home):
    port, _process = site
    holder = sqlite3.connect(home / "movierec.sqlite3", isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        status, wait, seconds = ask(port, "/api/v1/accounts/", SIGN_UP)
        assert (status, wait) == (503, "30")
        assert seconds < 15  # SQLite's own patience here would be 20 s
        assert [ask(port, path)[0] for path in READS] == [200] * len(READS)
    finally:
        holder.close()
    assert ask(port, "/api/v1/accounts/", SIGN_UP)[0] == 201


@pytest.mark.site
def test_on_a_disk_without_room_people_read_and_are_told_when_to_write(site):
    port, process = site
    (worker,) = process.children()
    # Files may not grow: what a full disk does, without being root.
    before = resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (1024, resource.RLIM_INFINITY))
    try:
        assert ask(port, "/api/v1/accounts/", {**SIGN_UP, "username": "eve"})[:2] == (503, "30")
        # Each thread of the site has a connection of its own; most of them open it only now.
        assert {ask(port, path)[0] for _turn in range(10) for path in READS} == {200}
    finally:
        resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, before)
    assert ask(port, "/api/v1/accounts/", {**SIGN_UP, "username": "eve"})[0] == 201


@pytest.mark.site
def test_what_is_too_long_for_the_server_gets_a_problem_as_well(site):
    for path, headers, status in (
        (f"/api/v1/films/?q={'x' * 9000}", {}, 414),
        ("/api/v1/films/", {"X-Long": "x" * 9000}, 431),
    ):
        asking = http.client.HTTPConnection(HOST, site[0], timeout=60)
        asking.request("GET", path, headers=headers)
        answer = asking.getresponse()
        assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json")
        told = json.loads(answer.read())
        assert (told["status"], told["type"].startswith("urn:movierec:problem:")) == (status, True)
        asking.close()


def failed(error: Exception) -> OperationalError:
    try:
        raise OperationalError(str(error)) from error
    except OperationalError as caught:
        return caught


def test_a_full_database_is_told_apart_from_a_programs_mistake():
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE film (title)")
    database.execute("PRAGMA max_page_count = 2")
    with pytest.raises(sqlite3.OperationalError) as full:
        database.execute("INSERT INTO film VALUES (zeroblob(100000))")
    failure = storage_problem(failed(full.value))
    assert failure is not None
    assert (failure.kind, failure.status) == ("storage-full", 503)
    with pytest.raises(sqlite3.OperationalError) as mistake:
        database.execute("SELECT nothing FROM nowhere")
    assert storage_problem(failed(mistake.value)) is None
    assert storage_problem(ValueError("disk is full")) is None
    assert storage_problem(OSError(28, "No space left on device")) is not None
    assert storage_problem(FileNotFoundError(2, "No such file")) is None
