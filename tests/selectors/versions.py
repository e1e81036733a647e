"""Versions in the registry and on disk, without indices."""

from __future__ import annotations

from pathlib import Path

import pytest

from recommendations.models import ModelVersion
from recommendations.ranking.storage import manifest_digest, save_artefact
from recommendations.selectors.lists import world
from recommendations.selectors.lists.champion import Champion
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


def switch_champion_at_every_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """As soon as somebody has taken the champion, the other version of the registry becomes it.

    Whatever takes the champion twice for one answer mixes the two.
    """
    take = world.current_champion

    def take_and_switch() -> Champion | None:
        taken = take()
        ModelVersion.objects.filter(state="champion").update(state="retired")
        ModelVersion.objects.exclude(version=taken.version if taken else "").update(state="champion")
        return taken

    monkeypatch.setattr(world, "current_champion", take_and_switch)
