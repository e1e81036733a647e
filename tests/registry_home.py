"""Versions with real folders and indices, but without training; for tests of the registry."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from recommendations.models import ModelVersion
from recommendations.ranking.storage import save_artefact
from recommendations.search.client import get_client
from recommendations.search.index_lifecycle import live_indices
from recommendations.services.registry.publishing import register_model
from tests.ranking.factories import PREDICTOR, make_artefact, make_people
from tests.search.indices import build_indices, client_of, new_label

FACTS = {"fingerprint": "f" * 64, "data_digest": "d" * 64, "metrics": {"forest": {"rmse": 1.0}}}
MakeVersion = Callable[[int], ModelVersion]


@pytest.fixture
def registry_home(settings, tmp_path, elasticsearch_url: str) -> Iterator[None]:
    settings.MOVIEREC_HOME = tmp_path
    settings.ELASTICSEARCH_URL = elasticsearch_url
    settings.ELASTICSEARCH_TIMEOUT_SECONDS = 20.0
    with client_of(elasticsearch_url) as client:
        before, aliases = set(client.indices.get(index="*")), live_indices(client)
        yield
        for index in set(client.indices.get(index="*")) - before:
            client.indices.delete(index=index)
        for alias, index in aliases.items():
            client.indices.put_alias(index=index, name=alias)


@pytest.fixture
def make_version(tmp_path, registry_home: None) -> MakeVersion:
    """A registered version with its folder and its indices; its artefact is that of the seed."""

    def make(seed: int) -> ModelVersion:
        artefact = make_artefact(seed=seed)
        people = make_people(artefact, seed)
        version = new_label()
        save_artefact(artefact, people, PREDICTOR, tmp_path / "models" / version, FACTS)
        build_indices(get_client(), version, artefact, people)
        return register_model(version=version, index_label=version)

    return make


def measured(version: ModelVersion, *, ndcg: float, popularity: float = 0.1) -> ModelVersion:
    """The version with figures of a large evaluation."""
    version.metrics = {
        "people": 943,
        "temporal": {"model": {"ndcg": ndcg}, "popularity": {"ndcg": popularity}},
    }
    version.save(update_fields=["metrics"])
    return version
