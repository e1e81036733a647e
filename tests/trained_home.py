"""A home in which the real pipeline has run once on the small made-up data, shared by the tests of a session.

``tests/train_sample.py`` has made it. Its rows are put into each test's own transaction, so that no other test sees them,
and the documents that it published into the node of this process.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.core import serializers
from django.test import override_settings

from recommendations.ranking.storage import load_artefact
from recommendations.search.index_lifecycle import (
    create_indices,
    finish_loading,
    labels_present,
    load_documents,
    swap_aliases,
)
from recommendations.services.pipeline import PipelineResult
from tests.prepared import copy_prepared
from tests.search.indices import client_of


@dataclass(frozen=True)
class TrainedHome:
    """Where everything lies, what the first run came to, which events it sent and what it published."""

    home: Path
    elasticsearch_url: str
    result: PipelineResult
    events: list[dict[str, Any]]
    #: Alias → number and fields of each document.
    documents: dict[str, list[tuple[str, dict[str, Any]]]] = field(repr=False)
    rows: list[dict[str, Any]] = field(repr=False)

    @property
    def data(self) -> Path:
        return self.home.with_name("data")

    @property
    def settings(self) -> dict[str, Any]:
        return {
            # A copy of the program's text, for the fingerprint: somebody may edit the program while the tests run.
            "BASE_DIR": self.home.with_name("program"),
            "MOVIEREC_HOME": self.home,
            "ELASTICSEARCH_URL": self.elasticsearch_url,
            # The test machine may be busy; what is tested is not its speed.
            "ELASTICSEARCH_TIMEOUT_SECONDS": 20.0,
            "SPARK_MASTER": "local[2]",
            "SPARK_DRIVER_MEMORY": "1g",
        }

    def restore(self) -> None:
        """Put the rows into the database of this test and make the first version's indices live."""
        for row in serializers.deserialize("python", self.rows):
            row.save()
        version = self.result.version
        with client_of(self.elasticsearch_url) as client:
            if version not in labels_present(client):
                # Not published in this node yet, or another test has replaced and deleted them.
                artefact, _ = load_artefact(self.home / "models" / version)
                names = create_indices(client, version, artefact.item_vectors.shape[1])
                published = {index: self.documents[index.partition("-")[0]] for index in names}
                for index, documents in published.items():
                    load_documents(client, index, documents)
                finish_loading(client, {index: len(documents) for index, documents in published.items()})
            swap_aliases(client, version)


@pytest.fixture(scope="session")
def first_run(elasticsearch_url: str) -> Iterator[TrainedHome]:
    """The shared home, a copy for this process."""
    with TemporaryDirectory(prefix="movierec-trained-") as folder:
        copy_prepared("trained", Path(folder))
        outcome = json.loads(Path(folder, "outcome.json").read_text())
        yield TrainedHome(
            home=Path(folder, "home"),
            elasticsearch_url=elasticsearch_url,
            result=PipelineResult(**outcome["result"]),
            events=outcome["events"],
            documents=outcome["documents"],
            rows=outcome["rows"],
        )


@pytest.fixture
def trained(first_run: TrainedHome, db: None) -> Iterator[TrainedHome]:
    """The shared home as this test's home: settings, rows and live indices are those after the first run."""
    with override_settings(**first_run.settings):
        first_run.restore()
        yield first_run
