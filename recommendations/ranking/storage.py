"""A model version on disk: a write-once folder of ``.npz``, ``.skops`` and a manifest; never a pickle.

The forest is there twice: as scikit-learn's object (``genre_predictor.skops``, which only
:mod:`spark_jobs.training.predictor_file` writes and reads), and as the arrays that are loaded here.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.forest import Forest
from recommendations.ranking.newcomers import NewcomerModel
from recommendations.ranking.parameters import Parameters
from recommendations.ranking.people import KnownPeople

FORMAT = 2
ITEMS, PEOPLE, FOREST = "items.npz", "people.npz", "genre_predictor.npz"
PREDICTOR, MANIFEST = "genre_predictor.skops", "manifest.json"
FILES = (ITEMS, PEOPLE, FOREST, PREDICTOR)
_ITEM_ARRAYS = (
    "movie_ids",
    "genres",
    "decades",
    "rating_count",
    "like_share",
    "intercept",
    "ease_items",
    "als_items",
    "sequence_items",
    "demographic_items",
    "early_items",
    "ease_fold",
    "sequence_fold",
    "early_noise",
)
_NEWCOMER_ARRAYS = ("ridge_mean", "ridge_coefficients", "people")


class ArtefactError(Exception):
    """A model folder is incomplete, altered or of another format; the message names the file and the way out."""


def save_artefact(
    artefact: Artefact,
    people: KnownPeople,
    predictor: bytes,
    folder: Path,
    facts: dict[str, Any],
) -> dict[str, Any]:
    """Write a model version to ``folder`` in one step and return its manifest.

    ``predictor`` is the artefact's forest as skops. ``facts`` (metrics, data digest, fingerprint …) go into the
    manifest as they are. A folder that exists is never written to again.

    Raises
    ------
    FileExistsError
        If the version exists already.
    ArtefactError
        If an array holds a value that is not a finite number.
    """
    if folder.exists():
        raise FileExistsError(f"model version {folder.name} exists already and is never overwritten")
    arrays = {name: getattr(artefact, name) for name in _ITEM_ARRAYS}
    arrays |= {f"newcomer_{name}": getattr(artefact.newcomers, name) for name in _NEWCOMER_ARRAYS}
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise ArtefactError(f"{name} holds NaN or infinity; the model is not saved, train again")
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".staging-", dir=folder.parent))
    try:
        np.savez_compressed(staging / ITEMS, allow_pickle=False, **arrays)
        np.savez_compressed(staging / PEOPLE, allow_pickle=False, **people.arrays())
        np.savez_compressed(staging / FOREST, allow_pickle=False, **artefact.newcomers.forest.arrays())
        (staging / PREDICTOR).write_bytes(predictor)
        manifest = {
            "format": FORMAT,
            "version": artefact.version,
            "parameters": artefact.parameters.as_dict(),
            "files": {name: file_digest(staging / name) for name in FILES},
            **facts,
        }
        (staging / MANIFEST).write_text(
            json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8"
        )
        staging.chmod(0o755)
        os.replace(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return manifest


def read_manifest(folder: Path, *, expected_digest: str | None = None) -> dict[str, Any]:
    """Return the manifest of a version, checked against the digest that the database holds.

    Raises
    ------
    ArtefactError
        If it is missing, altered or of another format.
    """
    path = folder / MANIFEST
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ArtefactError(f"{path} cannot be read ({error.strerror}); run the pipeline again") from error
    if expected_digest is not None and hashlib.sha256(content).hexdigest() != expected_digest:
        raise ArtefactError(
            f"{path} was altered since it was registered; it is refused, roll back or train again"
        )
    try:
        manifest = json.loads(content)
    except ValueError as error:
        raise ArtefactError(f"{path} is damaged ({error}); roll back or train again") from error
    if manifest.get("format") != FORMAT:
        raise ArtefactError(
            f"{path} has format {manifest.get('format')}, this program reads {FORMAT}; train again"
        )
    return manifest


def load_artefact(folder: Path, *, expected_digest: str | None = None) -> tuple[Artefact, KnownPeople]:
    """Load a model version after checking every file against the manifest.

    ``expected_digest`` is the SHA-256 of the manifest (see :func:`manifest_digest`).

    Raises
    ------
    ArtefactError
        If a file is missing or altered, the format is another one, or the forest is none.
    """
    manifest = read_manifest(folder, expected_digest=expected_digest)
    for name in FILES:
        path = folder / name
        if not path.is_file() or file_digest(path) != manifest["files"].get(name):
            raise ArtefactError(f"{path} is missing or was altered; it is refused, roll back or train again")
    try:
        parameters = Parameters.from_dict(manifest["parameters"])
    except TypeError as error:
        raise ArtefactError(
            f"{folder / MANIFEST} is of another program version ({error}); train again"
        ) from error
    forest = _load_forest(folder / FOREST)
    with np.load(folder / ITEMS, allow_pickle=False) as items:
        newcomers = NewcomerModel(forest, **{name: items[f"newcomer_{name}"] for name in _NEWCOMER_ARRAYS})
        artefact = Artefact(
            version=manifest["version"],
            parameters=parameters,
            newcomers=newcomers,
            **{name: items[name] for name in _ITEM_ARRAYS},
        )
    with np.load(folder / PEOPLE, allow_pickle=False) as people:
        return artefact, KnownPeople(**people)


def _load_forest(path: Path) -> Forest:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return Forest(**arrays)
    except (TypeError, ValueError) as error:
        raise ArtefactError(f"{path} holds no forest ({error}); roll back or train again") from error


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def manifest_digest(folder: Path) -> str:
    """The digest by which the registry knows a version: it covers every file through the manifest."""
    return file_digest(folder / MANIFEST)
