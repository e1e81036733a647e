"""A home in which the real pipeline has run once on the small made-up data, shared by the tests of a session.

The rows that the run wrote are kept aside and put into each test's own transaction, so that no other test sees them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from django.conf import settings
from django.core import serializers
from django.db import models
from django.test import override_settings

from recommendations.models import Genre, ModelVersion, Movie, PromotionEvent
from recommendations.ranking.storage import load_artefact
from recommendations.search.index_lifecycle import labels_present, swap_aliases
from recommendations.services.pipeline import PipelineResult, run_pipeline
from tests.sample_data import write_sample
from tests.search.indices import build_indices, client_of

_ROWS: tuple[type[models.Model], ...] = (Genre, Movie, ModelVersion, PromotionEvent)
_made: dict[str, TrainedHome] = {}


@dataclass(frozen=True)
class TrainedHome:
    """Where everything lies, what the first run came to and which events it sent."""

    home: Path
    data: Path
    elasticsearch_url: str
    result: PipelineResult
    events: list[dict[str, Any]]
    rows: str = field(repr=False)

    @property
    def settings(self) -> dict[str, Any]:
        return settings_for(self.home, self.elasticsearch_url)

    def restore(self) -> None:
        """Put the rows into the database of this test and make the first version's indices live."""
        for row in serializers.deserialize("json", self.rows):
            row.save()
        version = self.result.version
        with client_of(self.elasticsearch_url) as client:
            if version not in labels_present(client):
                # Another test has replaced and deleted them.
                build_indices(client, version, *load_artefact(self.home / "models" / version))
            swap_aliases(client, version)


def settings_for(home: Path, url: str) -> dict[str, Any]:
    return {
        # A copy of the program's text, for the fingerprint: somebody may edit the program while the tests run.
        "BASE_DIR": home.with_name("program"),
        "MOVIEREC_HOME": home,
        "ELASTICSEARCH_URL": url,
        # The test machine may be busy; what is tested is not its speed.
        "ELASTICSEARCH_TIMEOUT_SECONDS": 20.0,
        "SPARK_MASTER": "local[2]",
        "SPARK_DRIVER_MEMORY": "1g",
    }


def trained_home(url: str, blocker: Any, add_cleanup: Callable[[Callable[[], None]], None]) -> TrainedHome:
    """Run the pipeline once per session and node."""
    if url not in _made:
        folder = Path(mkdtemp(prefix="movierec-trained-"))
        add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
        data = write_sample(folder / "data")
        for part in ("spark_jobs", "recommendations"):
            shutil.copytree(
                settings.BASE_DIR / part,
                folder / "program" / part,
                ignore=lambda _, names: [name for name in names if name == "__pycache__"],
            )
        events: list[dict[str, Any]] = []
        with blocker.unblock(), override_settings(**settings_for(folder / "home", url)):
            try:
                result = run_pipeline(data_dir=data, notify=events.append)
                saved = [row for model in _ROWS for row in model._default_manager.order_by("pk")]
                rows = serializers.serialize("json", saved)
            finally:
                for model in reversed(_ROWS):
                    model._default_manager.all().delete()
        _made[url] = TrainedHome(folder / "home", data, url, result, events, rows)
    return _made[url]


@pytest.fixture(scope="session")
def first_run(
    elasticsearch_url: str, django_db_setup: None, django_db_blocker: Any, request: pytest.FixtureRequest
) -> TrainedHome:
    """The shared home. Session-wide, so that it is made outside of any test's transaction."""
    return trained_home(elasticsearch_url, django_db_blocker, request.config.add_cleanup)


@pytest.fixture
def trained(first_run: TrainedHome, db: None) -> Iterator[TrainedHome]:
    """The shared home as this test's home: settings, rows and live indices are those after the first run."""
    with override_settings(**first_run.settings):
        first_run.restore()
        yield first_run
