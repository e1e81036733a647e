"""From an empty index to a live one and back, on real nodes."""

from __future__ import annotations

import socket
import socketserver
import threading
import time
from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from recommendations.search.connection import SearchError, connect
from recommendations.search.index_lifecycle import (
    IndexCheckError,
    IndexNames,
    create_indices,
    delete_indices,
    finish_loading,
    labels_present,
    live_indices,
    load_documents,
    swap_aliases,
)
from tests.ranking.factories import make_artefact, make_people
from tests.search.indices import build_indices, client_of, film_documents, new_label

pytestmark = pytest.mark.elasticsearch
ARTEFACT = make_artefact()
PEOPLE = make_people(ARTEFACT)


@pytest.fixture(scope="module", params=["elasticsearch_url", "old_elasticsearch_url"])
def client(request: pytest.FixtureRequest) -> Iterator[Elasticsearch]:
    with client_of(request.getfixturevalue(request.param)) as client:
        yield client


@pytest.fixture(autouse=True)
def _own_indices(client: Elasticsearch) -> Iterator[None]:
    """Nothing is live before a test, and what it made is gone after it."""
    before = set(client.indices.get(index="*"))
    aliases = live_indices(client)
    client.options(ignore_status=404).indices.delete_alias(index="*", name="movies,user_profiles")
    yield
    for index in set(client.indices.get(index="*")) - before:
        client.indices.delete(index=index)
    for alias, index in aliases.items():
        client.indices.put_alias(index=index, name=alias)


def test_create_load_check_swap_roll_back_delete(client):
    first, second = new_label(), new_label()
    build_indices(client, first, ARTEFACT, PEOPLE)
    assert live_indices(client) == {}
    swap_aliases(client, first)
    assert live_indices(client) == {"movies": f"movies-{first}", "user_profiles": f"user_profiles-{first}"}
    build_indices(client, second, make_artefact(seed=1), PEOPLE)
    assert set(live_indices(client).values()) == set(IndexNames.of(first))
    swap_aliases(client, second)
    assert set(live_indices(client).values()) == set(IndexNames.of(second))
    assert {first, second} <= labels_present(client)
    swap_aliases(client, first)  # roll back
    assert set(live_indices(client).values()) == set(IndexNames.of(first))
    delete_indices(client, [second])
    assert second not in labels_present(client)
    assert client.count(index="movies")["count"] == 60


def test_a_swap_to_indices_that_are_missing_switches_nothing(client):
    first, second = new_label(), new_label()
    for label in (first, second):
        build_indices(client, label, ARTEFACT)
    swap_aliases(client, first)
    with pytest.raises(IndexCheckError, match="is missing"):
        swap_aliases(client, "never-built")
    client.indices.delete(index=f"user_profiles-{second}")
    with pytest.raises(IndexCheckError, match=f"user_profiles-{second} is missing; rebuild it with"):
        swap_aliases(client, second)
    assert set(live_indices(client).values()) == set(IndexNames.of(first))


def test_swapping_twice_to_the_same_is_no_error(client):
    label = new_label()
    build_indices(client, label, ARTEFACT)
    swap_aliases(client, label)
    swap_aliases(client, label)
    assert set(live_indices(client).values()) == set(IndexNames.of(label))


def test_a_count_that_differs_is_refused(client):
    names = create_indices(client, new_label(), ARTEFACT.item_vectors.shape[1])
    films = film_documents(ARTEFACT)
    assert load_documents(client, names.movies, films[:-1]) == 59
    with pytest.raises(IndexCheckError, match=f"{names.movies} holds 59 documents, 60 were sent"):
        finish_loading(client, {names.movies: 60})


def test_writing_a_document_again_does_not_double_it(client):
    names = create_indices(client, new_label(), ARTEFACT.item_vectors.shape[1])
    films = film_documents(ARTEFACT)
    load_documents(client, names.movies, films)
    load_documents(client, names.movies, films[20:40])  # a task that Spark repeats
    finish_loading(client, {names.movies: 60})


def test_more_than_one_thread_writes_everything_once_and_tells_how_much(client):
    names = create_indices(client, new_label(), ARTEFACT.item_vectors.shape[1])
    heard: list[int] = []
    facts = film_documents(ARTEFACT)[0][1]
    many = ((str(number), {**facts, "movie_id": number}) for number in range(1_203))
    assert load_documents(client, names.movies, many, threads=3, written=heard.append) == 1_203
    assert heard == [500, 500, 203]
    finish_loading(client, {names.movies: 1_203})


def test_a_refused_document_ends_all_threads(client):
    names = create_indices(client, new_label(), ARTEFACT.item_vectors.shape[1])
    facts = film_documents(ARTEFACT)[0][1]
    many = [(str(number), {**facts, "movie_id": number}) for number in range(1_203)]
    many[700] = ("700", {**facts, "movie_id": "none"})
    with pytest.raises(IndexCheckError, match="refused document 700"):
        load_documents(client, names.movies, many, threads=2)


def test_a_server_that_starts_anew_is_waited_for(client):
    """Nobody listens for a moment, then the node does."""
    names = create_indices(client, new_label(), ARTEFACT.item_vectors.shape[1])
    node = next(iter(client.transport.node_pool.all())).config
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server: list[socketserver.ThreadingTCPServer] = []

    def start() -> None:
        time.sleep(1.5)
        server.append(forwarder(port, (node.host, node.port)))
        server[0].serve_forever(poll_interval=0.05)

    starter = threading.Thread(target=start, daemon=True)
    starter.start()
    with client_of(f"http://127.0.0.1:{port}") as waiting:
        assert load_documents(waiting, names.movies, film_documents(ARTEFACT), restart_seconds=60) == 60
    server[0].shutdown()
    server[0].server_close()
    starter.join()
    finish_loading(client, {names.movies: 60})


def forwarder(port: int, target: tuple[str, int]) -> socketserver.ThreadingTCPServer:
    """A server that hands every byte on to the target, and back."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with socket.create_connection(target) as other:
                back = threading.Thread(target=hand_on, args=(other, self.request), daemon=True)
                back.start()
                hand_on(self.request, other)
                back.join()

    def hand_on(source: socket.socket, sink: socket.socket) -> None:
        try:
            while content := source.recv(65_536):
                sink.sendall(content)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            return  # the other side is gone

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = allow_reuse_address = True

    return Server(("127.0.0.1", port), Handler)


def test_a_finished_index_has_one_segment_and_refreshes(client):
    names = build_indices(client, new_label(), ARTEFACT, PEOPLE)
    segments = client.indices.segments(index=names.movies)["indices"][names.movies]["shards"]["0"][0]
    assert segments["num_search_segments"] == 1
    settings = client.indices.get_settings(index=names.movies)[names.movies]["settings"]["index"]
    assert (settings["refresh_interval"], settings["number_of_replicas"]) == ("1s", "0")


def test_leftovers_of_a_killed_run_are_replaced(client):
    label = new_label()
    names = create_indices(client, label, ARTEFACT.item_vectors.shape[1])
    load_documents(client, names.movies, film_documents(ARTEFACT)[:7])
    build_indices(client, label, ARTEFACT)
    assert client.count(index=names.movies)["count"] == 60


def test_a_live_index_is_neither_written_over_nor_deleted(client):
    label = new_label()
    build_indices(client, label, ARTEFACT, PEOPLE)
    swap_aliases(client, label)
    with pytest.raises(IndexCheckError, match="live already"):
        create_indices(client, label, ARTEFACT.item_vectors.shape[1])
    with pytest.raises(IndexCheckError, match="are live and are not deleted"):
        delete_indices(client, [label])
    assert client.count(index="movies")["count"] == 60


def test_a_label_needs_both_indices_to_be_present(client):
    label = new_label()
    build_indices(client, label, ARTEFACT)
    client.indices.delete(index=f"user_profiles-{label}")
    assert label not in labels_present(client)
    delete_indices(client, [label])  # the half that is there
    assert not client.indices.exists(index=f"movies-{label}")


def test_deleting_what_is_not_there_is_no_error(client):
    delete_indices(client, ["never-built"])


def test_nobody_listening_is_one_clear_error():
    with connect("http://127.0.0.1:9", timeout_seconds=0.5) as nobody:
        for call in (
            lambda: create_indices(nobody, "x", 17),
            lambda: load_documents(nobody, "movies-x", [("1", {})]),
            lambda: finish_loading(nobody, {"movies-x": 1}),
            lambda: swap_aliases(nobody, "x"),
            lambda: labels_present(nobody),
            lambda: delete_indices(nobody, ["x"]),
        ):
            with pytest.raises(SearchError, match="Elasticsearch failed in"):
                call()
