"""The site as a child process, with a real gunicorn."""

import socket
import urllib.request

import psutil
import pytest
from django.core.management.base import CommandError

from recommendations.management.site_process import HOST, SiteProcess, free_port, refuse_taken_port


@pytest.fixture
def taken():
    with socket.create_server((HOST, 0)) as server:
        yield server.getsockname()[1]


def test_taken_port_names_the_port_and_the_way_out(taken):
    with pytest.raises(CommandError) as error:
        refuse_taken_port(taken)
    assert str(error.value).startswith(f"Port {taken} is taken")
    assert f"make demo PORT={taken + 1}" in str(error.value)
    assert error.value.returncode == 2


@pytest.mark.parametrize("port", [-1, 0, 65536])
def test_impossible_port_names_the_range(port):
    with pytest.raises(CommandError, match=f"The port is {port}; expected a number from 1 to 65535") as error:
        refuse_taken_port(port)
    assert error.value.returncode == 2


@pytest.mark.site
def test_starts_answers_and_ends(monkeypatch, tmp_path):
    monkeypatch.setenv("MOVIEREC_HOME", str(tmp_path))
    site = SiteProcess(free_port())
    site.start()
    try:
        with urllib.request.urlopen(f"{site.address}/healthz", timeout=5) as response:
            assert response.status == 200
        assert psutil.Process(site._process.pid).environ()["MALLOC_ARENA_MAX"] == "2"
        with pytest.raises(CommandError):
            refuse_taken_port(site.port)
    finally:
        site.stop()
    refuse_taken_port(site.port)
    site.stop()


@pytest.mark.site
def test_says_that_the_site_could_not_be_started(taken, capfd):
    site = SiteProcess(taken)
    site._answers = lambda: False  # type: ignore[method-assign]
    with pytest.raises(CommandError, match="could not be started"):
        site.start()
    site.stop()
