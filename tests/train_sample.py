"""Runs the real pipeline once on the small made-up data, in MOVIEREC_HOME, and keeps what the tests look at.

Beside the home it leaves ``data`` (the raw files), ``program`` (the text of the program, for its fingerprint: somebody may
edit the program while the tests run) and ``outcome.json``: the result, every event, the database's rows and the documents
of both indices.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core import serializers  # noqa: E402
from django.core.management import call_command  # noqa: E402
from elasticsearch import Elasticsearch, helpers  # noqa: E402

from recommendations import localnode  # noqa: E402
from recommendations.models import Genre, ModelVersion, Movie, PromotionEvent  # noqa: E402
from recommendations.search.client import get_client  # noqa: E402
from recommendations.search.index_lifecycle import live_indices  # noqa: E402
from recommendations.services.pipeline import Observer, run_pipeline  # noqa: E402
from tests.sample_data import write_sample  # noqa: E402

ROWS = (Genre, Movie, ModelVersion, PromotionEvent)


def documents(client: Elasticsearch, index: str) -> list[tuple[str, dict[str, Any]]]:
    """Every document of an index with its number."""
    return [(hit["_id"], hit["_source"]) for hit in helpers.scan(client, index=index)]


def main() -> None:
    """Train, and leave everything where :mod:`tests.trained_home` looks for it."""
    home = Path(settings.MOVIEREC_HOME)
    for part in ("spark_jobs", "recommendations"):
        leave_out = shutil.ignore_patterns("__pycache__")
        shutil.copytree(settings.BASE_DIR / part, home.with_name("program") / part, ignore=leave_out)
    settings.SPARK_MASTER, settings.SPARK_DRIVER_MEMORY = "local[2]", "1g"
    call_command("migrate", interactive=False, verbosity=0)
    events: list[dict[str, Any]] = []
    try:
        settings.ELASTICSEARCH_URL = localnode.start(home).state.url
        result = run_pipeline(data_dir=write_sample(home.with_name("data")), observer=Observer(events.append))
        published = {
            alias: documents(get_client(), index) for alias, index in live_indices(get_client()).items()
        }
    finally:
        localnode.remove(home)
    rows = [row for model in ROWS for row in model._default_manager.order_by("pk")]
    outcome = {
        "result": asdict(result),
        "events": events,
        "rows": json.loads(serializers.serialize("json", rows)),
        "documents": published,
    }
    home.with_name("outcome.json").write_text(json.dumps(outcome))


if __name__ == "__main__":
    main()
