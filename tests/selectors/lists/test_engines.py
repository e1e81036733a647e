"""Elasticsearch away, hanging, killed or without its indices: lists come all the same, and it is taken back by itself."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.test import override_settings

from recommendations import localnode
from recommendations.models import ModelVersion
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.storage import load_artefact
from recommendations.search.breaker import search_breaker
from recommendations.selectors.catalogue import search_films
from recommendations.selectors.health import readiness
from recommendations.selectors.lists.engines import rank_person
from recommendations.selectors.lists.person import Person, RatedMovie, SearchUnavailableError
from recommendations.selectors.lists.recommendations import RecommendationList, recommendations_for
from recommendations.selectors.lists.world import look_at
from tests.search.indices import build_indices, client_of
from tests.trained_home import TrainedHome

pytestmark = [pytest.mark.spark, pytest.mark.elasticsearch]
PEOPLE = {
    "newcomer": Person(demographics=Demographics(22, "M", "student"), ratings=(RatedMovie(3, 5),)),
    "known": Person(movielens_user=9),
}
everybody = pytest.mark.parametrize("name", PEOPLE)


def numbers(found: RecommendationList) -> list[int]:
    return [item.movie_id for item in found.items]


def told(found: RecommendationList) -> tuple[str, bool]:
    return found.engine, found.degraded


@everybody
def test_away(trained: TrainedHome, settings, name):
    before = recommendations_for(look_at(PEOPLE[name]))
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    during = recommendations_for(look_at(PEOPLE[name]))
    assert told(before) == ("elasticsearch", False)
    assert told(during) == ("numpy", True)
    assert numbers(during) == numbers(before)
    assert [item.reason for item in during.items] == [item.reason for item in before.items]


def test_who_asks_for_numpy_is_not_degraded(trained: TrainedHome):
    assert told(recommendations_for(look_at(PEOPLE["known"]), engine="numpy")) == ("numpy", False)


def test_no_node_at_all(trained: TrainedHome, settings):
    settings.ELASTICSEARCH_URL = ""
    assert told(recommendations_for(look_at(PEOPLE["newcomer"]))) == ("numpy", True)


@everybody
def test_missing_indices(trained: TrainedHome, name):
    ModelVersion.objects.update(index_label="never-built")
    assert told(recommendations_for(look_at(PEOPLE[name]))) == ("numpy", True)


def test_an_operator_who_asks_for_one_engine_gets_no_other(trained: TrainedHome, settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    with pytest.raises(SearchUnavailableError):
        rank_person(look_at(PEOPLE["newcomer"]), k=5, engine="elasticsearch")


@pytest.fixture
def hanging_server() -> Iterator[tuple[str, list[float]]]:
    """Accepts every connection and never answers; the list grows with each of them."""
    accepted: list[float] = []
    connections: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        ended = threading.Event()

        def accept() -> None:
            while not ended.is_set():
                try:
                    connections.append(server.accept()[0])
                except TimeoutError:
                    continue
                accepted.append(time.monotonic())

        thread = threading.Thread(target=accept)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", accepted
        ended.set()
        thread.join(10)
        for connection in connections:
            connection.close()


def test_hanging(trained: TrainedHome, settings, hanging_server):
    expected = numbers(recommendations_for(look_at(PEOPLE["newcomer"])))
    settings.ELASTICSEARCH_URL, accepted = hanging_server
    settings.ELASTICSEARCH_TIMEOUT_SECONDS = 2.0
    settings.ELASTICSEARCH_BREAKER_FAILURES = 2
    settings.ELASTICSEARCH_BREAKER_SECONDS = 60.0
    times = []
    for _ in range(6):
        begun = time.monotonic()
        found = recommendations_for(look_at(PEOPLE["newcomer"]))
        times.append(time.monotonic() - begun)
        assert told(found) == ("numpy", True)
        assert numbers(found) == expected
    assert all(2.0 <= seconds < 20 for seconds in times[:2])
    assert all(seconds < 2.0 for seconds in times[2:])  # nobody waits for it any more
    assert len(accepted) == 2
    assert search_breaker().state == "open"
    # Searching leaves it alone as well.
    assert search_films(text="story").degraded
    assert len(accepted) == 2


@pytest.fixture
def own_node(trained: TrainedHome) -> Iterator[Path]:
    """A home with a node of its own that holds the shared home's indices."""
    with TemporaryDirectory(prefix="movierec-node-degraded-") as folder:
        home = Path(folder)
        try:
            version = trained.result.version
            with client_of(localnode.start(home).state.url) as client:
                build_indices(client, version, *load_artefact(trained.home / "models" / version))
            yield home
        finally:
            localnode.remove(home)


def test_killed_between_two_requests_and_back_again(trained: TrainedHome, own_node: Path):
    state = localnode.status(own_node)
    own = {
        "ELASTICSEARCH_URL": state.url,
        "ELASTICSEARCH_TIMEOUT_SECONDS": 5.0,
        "ELASTICSEARCH_BREAKER_FAILURES": 2,
        "ELASTICSEARCH_BREAKER_SECONDS": 0.5,
    }
    with override_settings(**own):
        expected = {name: numbers(recommendations_for(look_at(person))) for name, person in PEOPLE.items()}
        assert told(recommendations_for(look_at(PEOPLE["known"]))) == ("elasticsearch", False)
        assert not readiness().degraded
        os.kill(state.pid, signal.SIGKILL)
        for _ in range(4):
            for name, person in PEOPLE.items():
                found = recommendations_for(look_at(person))
                assert told(found) == ("numpy", True)
                assert numbers(found) == expected[name]
        assert search_breaker().state in ("open", "half-open")
        ready = readiness()
        assert (ready.ready, ready.degraded) == (True, True)
        assert any("Circuit breaker: " in check.detail for check in ready.checks)

        localnode.start(own_node, port=state.port)
        back = time.monotonic() + 300
        while told(recommendations_for(look_at(PEOPLE["newcomer"]))) != ("elasticsearch", False):
            assert time.monotonic() < back, "Elasticsearch is back, but nobody asks it"
            time.sleep(0.2)
        assert search_breaker().state == "closed"
        for name, person in PEOPLE.items():
            found = recommendations_for(look_at(person))
            assert told(found) == ("elasticsearch", False)
            assert numbers(found) == expected[name]
        assert not readiness().degraded
