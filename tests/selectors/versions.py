"""Versions in the registry and on disk, without indices."""

from __future__ import annotations

from pathlib import Path

from recommendations.models import ModelVersion
from recommendations.ranking.storage import manifest_digest, save_artefact
from tests.ranking.factories import PREDICTOR, make_artefact, make_people


def registered(home: Path, seed: int, state: str) -> ModelVersion:
    """A version in the registry and on disk; ``test-60-<seed>``."""
    artefact = make_artefact(seed=seed)
    folder = home / "models" / artefact.version
    save_artefact(artefact, make_people(artefact), PREDICTOR, folder, {})
    return ModelVersion.objects.create(
        version=artefact.version,
        index_label=f"label-{seed}",
        state=state,
        artefact_digest=manifest_digest(folder),
        fingerprint="f",
        data_digest="d",
    )
