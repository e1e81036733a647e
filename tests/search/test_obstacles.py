"""What keeps a version from being published, on a real node that is brought into each of these states."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from elasticsearch import Elasticsearch

from recommendations.search.index_lifecycle import create_indices, delete_indices, live_indices
from recommendations.search.obstacles import (
    PublishingObstacleError,
    _kept_free,
    publishing_obstacles,
    require_room_for_indices,
    where_aliases_point,
)
from tests.search.indices import client_of, new_label

pytestmark = pytest.mark.elasticsearch
ADDRESS = "http://search.example:9200"
HIGH = "cluster.routing.allocation.disk.watermark"


@pytest.fixture
def node(elasticsearch_url: str) -> Iterator[Elasticsearch]:
    """The shared node without any alias; those that others have set come back."""
    with client_of(elasticsearch_url) as client:
        before = live_indices(client)
        for alias, index in before.items():
            client.indices.delete_alias(index=index, name=alias)
        yield client
        for alias, index in before.items():
            client.indices.put_alias(index=index, name=alias)


@contextmanager
def cluster_settings(node: Elasticsearch, **settings: str) -> Iterator[None]:
    names = {name.replace("__", "."): value for name, value in settings.items()}
    node.cluster.put_settings(persistent=names)
    try:
        yield
    finally:
        node.cluster.put_settings(persistent=dict.fromkeys(names))
        # This a node may have set itself meanwhile, if its version knows it; a read-only one takes no request that changes
        # more than one thing.
        node.options(ignore_status=400).cluster.put_settings(persistent={"cluster.blocks.create_index": None})


def refusal(node: Elasticsearch) -> str:
    with pytest.raises(PublishingObstacleError) as refused:
        require_room_for_indices(node, address=ADDRESS)
    return str(refused.value)


def test_nothing_stands_in_the_way_of_a_healthy_node(node):
    assert publishing_obstacles(node, address=ADDRESS) == []
    require_room_for_indices(node, address=ADDRESS)


@pytest.mark.parametrize("name", ["movies", "user_profiles"])
def test_an_index_with_the_name_of_an_alias_is_named_with_the_way_out(node, name):
    node.indices.create(index=name)
    try:
        assert f"An index is called {name} already" in refusal(node)
        assert f"curl -X DELETE {ADDRESS}/{name}" in refusal(node)
    finally:
        node.indices.delete(index=name)


def test_an_alias_that_others_use_is_named_and_one_over_two_own_indices_is_not(node):
    label, other = new_label(), new_label()
    foreign = f"films-{label}"
    node.indices.create(index=foreign)
    for own in (label, other):
        create_indices(node, own, 3)
    try:
        node.indices.put_alias(index=[f"movies-{label}", f"movies-{other}"], name="movies")
        assert where_aliases_point(node)["movies"] == {f"movies-{label}", f"movies-{other}"}
        assert publishing_obstacles(node, address=ADDRESS) == []
        node.indices.put_alias(index=foreign, name="movies")
        assert f"The alias movies points at {foreign}, which this site has not made" in refusal(node)
    finally:
        node.indices.delete(index=foreign)
        node.indices.delete_alias(index="movies-*", name="movies")
        delete_indices(node, [label, other])


def test_read_only_indices_and_a_read_only_cluster_are_named(node):
    label = new_label()
    names = create_indices(node, label, 3)
    try:
        block = {"index.blocks.read_only_allow_delete": True}
        node.indices.put_settings(index=names.movies, settings=block)
        assert f"These indices are read-only: {names.movies}." in refusal(node)
        node.indices.put_settings(index=names.movies, settings=dict.fromkeys(block))
        with cluster_settings(node, cluster__blocks__read_only_allow_delete="true"):
            assert "takes no new indices (cluster.blocks.read_only_allow_delete)" in refusal(node)
    finally:
        delete_indices(node, [label])


def test_a_disk_above_its_limit_is_found_before_it_is_full(node):
    limits = {
        "cluster__routing__allocation__disk__watermark__low": "900pb",
        "cluster__routing__allocation__disk__watermark__high": "800pb",
        "cluster__routing__allocation__disk__watermark__flood_stage": "1b",
    }
    with cluster_settings(node, **limits):
        # This project's own nodes do not watch their disk.
        assert publishing_obstacles(node, address=ADDRESS) == []
        with cluster_settings(node, cluster__routing__allocation__disk__threshold_enabled="true"):
            assert "MB free, and new indices need" in refusal(node)


@pytest.mark.parametrize(
    ("settings", "kept"),
    [
        ({}, 100),
        ({HIGH + ".high": "90%"}, 100),
        ({HIGH + ".high": "0.75"}, 250),
        ({HIGH + ".high": "2kb"}, 2048),
        ({HIGH + ".high": "90%", HIGH + ".high.max_headroom": "20b"}, 20),
        ({HIGH + ".high": "90%", HIGH + ".high.max_headroom": "-1"}, 100),
        ({HIGH + ".high": "much"}, 0),
    ],
)
def test_every_way_to_write_a_watermark_is_understood(settings, kept):
    assert _kept_free(settings, 1000) == pytest.approx(kept, abs=1)
