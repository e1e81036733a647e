"""The champion model, loaded once per process and again when another version becomes the champion."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from recommendations.models import ModelVersion
from recommendations.ranking.artefact import Artefact
from recommendations.ranking.people import KnownPeople
from recommendations.ranking.storage import load_artefact


@dataclass(frozen=True)
class Champion:
    """Everything a request needs of one version; a request takes it once and so never mixes two."""

    version: str
    index_label: str
    artefact: Artefact
    people: KnownPeople


_lock = threading.Lock()
_loaded: dict[tuple[str, str], tuple[Artefact, KnownPeople]] = {}


def current_champion() -> Champion | None:
    """Return the champion, or None before anything was published. One query; loads only when it changed.

    Raises
    ------
    recommendations.ranking.storage.ArtefactError
        If its folder is incomplete or altered.
    """
    row = (
        ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION)
        .values_list("version", "artefact_digest", "index_label")
        .first()
    )
    if row is None:
        return None
    version, digest, label = row
    key = (version, digest)
    found = _loaded.get(key)
    if found is None:
        with _lock:
            found = _loaded.get(key)
            if found is None:
                folder = Path(settings.MOVIEREC_HOME) / "models" / version
                found = load_artefact(folder, expected_digest=digest)
                _loaded.clear()
                _loaded[key] = found
    return Champion(version, label, *found)
