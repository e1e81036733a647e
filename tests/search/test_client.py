"""The connection and the client: which cluster, how long it waits, and what a restarted node changes."""

from __future__ import annotations

import http.server
import os
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from elasticsearch import ConnectionError as NoConnectionError
from elasticsearch import ConnectionTimeout

from recommendations import localnode
from recommendations.localnode.state import NodeState, identity, own_folder, write_state
from recommendations.search import client as client_module
from recommendations.search.breaker import search_breaker
from recommendations.search.client import elasticsearch_url as configured_url
from recommendations.search.client import get_client
from recommendations.search.connection import ElasticsearchNotRunningError, SearchError, connect, is_alive


@pytest.fixture(autouse=True)
def nothing_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "_cached", None)


@pytest.fixture
def home(settings, tmp_path: Path) -> Path:
    settings.ELASTICSEARCH_URL = ""
    settings.MOVIEREC_HOME = tmp_path
    return tmp_path


def record_node(home: Path, port: int, pid: int) -> None:
    """Writes the state of a node whose process is ``pid``."""
    write_state(
        home,
        NodeState(
            version="8.19.21",
            folder=str(own_folder(home)),
            session=pid,
            pid=pid,
            identity=identity(pid),
            port=port,
        ),
    )


@contextmanager
def slow_server(seconds: float):
    """An HTTP server that answers late, and the list of what it was asked."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802
            asked.append(self.path)
            time.sleep(seconds)

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def living_process() -> int:
    """The number of a process that lives as long as the test: this one's."""
    return os.getpid()


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_an_external_cluster_wins_over_the_node_of_this_home(home, settings, living_process):
    record_node(home, 40001, living_process)
    settings.ELASTICSEARCH_URL = "http://search.example:9200"
    assert configured_url() == "http://search.example:9200"


def test_without_a_node_the_error_says_how_to_start_it(home):
    with pytest.raises(ElasticsearchNotRunningError, match=r"start it with: manage\.py elasticsearch start"):
        get_client()
    assert issubclass(ElasticsearchNotRunningError, SearchError)


def test_a_node_whose_process_is_gone_does_not_run(home, living_process):
    record_node(home, 40001, living_process)
    state = localnode.running_node(home)
    assert state is not None
    write_state(home, NodeState(**{**state.__dict__, "identity": "another boot/1"}))
    with pytest.raises(ElasticsearchNotRunningError):
        configured_url()


def test_the_client_is_cached_until_the_node_has_another_port(home, living_process):
    record_node(home, 40001, living_process)
    first = get_client()
    assert get_client() is first
    record_node(home, 40002, living_process)
    second = get_client()
    assert second is not first
    assert [address.port for address in _addresses(second)] == [40002]


def test_another_time_limit_makes_another_client(home, settings, living_process):
    record_node(home, 40001, living_process)
    first = get_client()
    settings.ELASTICSEARCH_TIMEOUT_SECONDS = 7.0
    assert get_client() is not first


def test_threads_share_one_client(home, living_process):
    record_node(home, 40001, living_process)
    with ThreadPoolExecutor(8) as threads:
        clients = list(threads.map(lambda _: get_client(), range(64)))
    assert len({id(one) for one in clients}) == 1


def test_a_forked_process_makes_its_own_client(home, living_process, monkeypatch):
    record_node(home, 40001, living_process)
    first = get_client()
    monkeypatch.setattr(client_module.os, "getpid", lambda: living_process + 1)
    assert get_client() is not first


def test_a_timeout_is_not_tried_again():
    with slow_server(30) as (url, asked):
        begun = time.monotonic()
        with pytest.raises(ConnectionTimeout):
            connect(url, timeout_seconds=0.3).cluster.health()
        assert time.monotonic() - begun < 15
        assert len(asked) == 1


def test_nothing_listens(unused_port):
    nobody = connect(f"http://127.0.0.1:{unused_port}", timeout_seconds=1.0)
    assert not is_alive(nobody)
    with pytest.raises(NoConnectionError):
        nobody.search(index="movies")


def test_a_client_that_waits_in_vain_is_not_alive():
    with slow_server(1.0) as (url, _):
        assert not is_alive(connect(url, timeout_seconds=0.2))


def test_an_address_that_is_none_is_refused():
    with pytest.raises(ValueError, match="URL"):
        connect("search.example", timeout_seconds=1.0)


@pytest.mark.elasticsearch
def test_a_real_node_is_alive_and_searches(elasticsearch_url, settings):
    settings.ELASTICSEARCH_URL = elasticsearch_url
    settings.ELASTICSEARCH_TIMEOUT_SECONDS = 30.0  # making an index may take a while on a busy machine
    client = get_client()
    assert is_alive(client)
    client.index(index="client-test", id="1", document={"title": "Fargo"}, refresh=True)
    assert client.count(index="client-test")["count"] == 1
    client.indices.delete(index="client-test")


@pytest.mark.elasticsearch
def test_a_node_without_its_root_page_is_alive(elasticsearch_url):
    """8.9 and later refuse ``GET /``, so that must not be what a ping asks."""
    client = connect(elasticsearch_url, timeout_seconds=5.0)
    assert not client.ping()
    assert is_alive(client)


def _addresses(client):
    return [one.config for one in client.transport.node_pool.all()]


def test_after_a_cold_start_a_page_waits_longer_and_the_breaker_stays_closed(settings, monkeypatch):
    settings.ELASTICSEARCH_TIMEOUT_SECONDS, settings.ELASTICSEARCH_WARM_UP_SECONDS = 0.2, 30.0
    monkeypatch.setattr(client_module, "_first_asked", None)
    with slow_server(0.5) as (url, _asked):
        settings.ELASTICSEARCH_URL = url
        # The server closes the connection in the end; what counts is that this was waited for.
        with pytest.raises(NoConnectionError):
            get_client().info()
    for _request in range(settings.ELASTICSEARCH_BREAKER_FAILURES + 1):
        search_breaker().call(lambda: time.sleep(0.25))
    assert search_breaker().state == "closed"


def test_the_longer_wait_ends(settings, monkeypatch):
    settings.ELASTICSEARCH_TIMEOUT_SECONDS, settings.ELASTICSEARCH_WARM_UP_SECONDS = 0.2, 30.0
    monkeypatch.setattr(client_module, "_first_asked", None)
    assert client_module.time_limit_seconds() == client_module.COLD_SECONDS
    monkeypatch.setattr(client_module, "_first_asked", (os.getpid(), time.monotonic() - 31))
    assert client_module.time_limit_seconds() == 0.2
    # A process that was forked from an old one is young itself.
    monkeypatch.setattr(client_module, "_first_asked", (os.getpid() + 1, time.monotonic() - 31))
    assert client_module.time_limit_seconds() == client_module.COLD_SECONDS


def test_no_proxy_of_the_environment_is_asked_for_elasticsearch(settings, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with slow_server(0) as (url, asked):
        settings.ELASTICSEARCH_URL = url
        with pytest.raises(NoConnectionError):
            get_client().info()
    assert asked == ["/", "/"]  # tried twice
