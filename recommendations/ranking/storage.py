"""A model version on disk: a write-once folder of ``.npz``, ``.skops`` and a manifest; never a pickle.

The forest is there twice: as scikit-learn's object (``genre_predictor.skops``, which only
:mod:`spark_jobs.training.forest` writes and reads), and as the arrays that are loaded here.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from recommendations.errors import MovierecError
from recommendations.ranking.artefact import Artefact
from recommendations.ranking.blocks import BLOCKS
from recommendations.ranking.blocks.base import Block
from recommendations.ranking.dataset import DataSet
from recommendations.ranking.parameters import Parameters
from recommendations.ranking.people import KnownPeople

FORMAT = 3
ITEMS, PEOPLE, MANIFEST = "items.npz", "people.npz", "manifest.json"
_FACTS = ("movie_ids", "genres", "decades", "rating_count", "like_share")


class ArtefactError(MovierecError):
    """A model folder is incomplete, altered or of another format; the message names the file and the way out."""


def save_artefact(
    artefact: Artefact,
    people: KnownPeople,
    files: Mapping[str, bytes],
    folder: Path,
    facts: dict[str, Any],
) -> dict[str, Any]:
    """Write a model version to ``folder`` in one step and return its manifest.

    ``files`` are those that training left, by name. ``facts`` (metrics, data digest, fingerprint …) go into the
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
    arrays = {name: getattr(artefact, name) for name in _FACTS}
    for block in artefact.blocks:
        arrays |= {f"{block.name}.{name}": array for name, array in block.arrays().items()}
    for name, array in arrays.items():
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise ArtefactError(f"{name} holds NaN or infinity; the model is not saved, train again")
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".staging-", dir=folder.parent))
    try:
        np.savez_compressed(staging / ITEMS, allow_pickle=False, **arrays)
        np.savez_compressed(staging / PEOPLE, allow_pickle=False, **people.arrays())
        for name, content in files.items():
            (staging / name).write_bytes(content)
        manifest = {
            "format": FORMAT,
            "version": artefact.version,
            "parameters": artefact.parameters.as_dict(),
            "blocks": artefact.block_names,
            "data": artefact.data.as_dict(),
            "twins": {str(number): kept for number, kept in artefact.twins.items()},
            "files": {name: file_digest(staging / name) for name in (ITEMS, PEOPLE, *sorted(files))},
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
        If a file is missing or altered, the format is another one, or a block is none.
    """
    manifest = read_manifest(folder, expected_digest=expected_digest)
    there = manifest["parameters"].keys() & manifest.get("blocks", [kind.name for kind in BLOCKS])
    of_blocks = [name for kind in BLOCKS if kind.name in there for name in kind.files]
    for name in (ITEMS, PEOPLE, *of_blocks):
        path = folder / name
        if not path.is_file() or file_digest(path) != manifest["files"].get(name):
            raise ArtefactError(f"{path} is missing or was altered; it is refused, roll back or train again")
    try:
        parameters = Parameters.from_dict(manifest["parameters"])
    except TypeError as error:
        raise ArtefactError(
            f"{folder / MANIFEST} is of another program version ({error}); train again"
        ) from error
    with np.load(folder / ITEMS, allow_pickle=False) as items:
        films = {name: items[name] for name in _FACTS}
        blocks = [_read_block(kind, manifest, items) for kind in BLOCKS]
    twins = {int(number): kept for number, kept in manifest.get("twins", {}).items()}
    artefact = Artefact(
        version=manifest["version"],
        parameters=parameters,
        blocks=tuple(blocks),
        twins=twins,
        data=DataSet.from_dict(manifest.get("data", {})),
        **films,
    )
    with np.load(folder / PEOPLE, allow_pickle=False) as people:
        return artefact, KnownPeople(**people)


def _read_block(kind: type[Block], manifest: dict[str, Any], items: Mapping[str, Any]) -> Block:
    if kind.name not in manifest["parameters"]:
        return kind.empty(len(items["movie_ids"]))  # the version was trained without it
    prefix = f"{kind.name}."
    try:
        return kind.from_arrays(
            {name.removeprefix(prefix): items[name] for name in items if name.startswith(prefix)}
        )
    except (TypeError, ValueError) as error:
        raise ArtefactError(
            f"{ITEMS} of {manifest['version']} holds no block {kind.name} ({error}); roll back or train again"
        ) from error


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def manifest_digest(folder: Path) -> str:
    """The digest by which the registry knows a version: it covers every file through the manifest."""
    return file_digest(folder / MANIFEST)
