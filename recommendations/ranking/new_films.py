"""Films that nobody has rated: the tower's coordinates for those of the data, and rows for those that came after training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.blocks.base import Block
from recommendations.ranking.blocks.kinds import Kinds
from recommendations.ranking.blocks.tower import Tower
from recommendations.ranking.content import FilmContent


def fill_rows(
    blocks: Sequence[Block], tower: Tower, rows: NDArray[np.intp], films: Sequence[FilmContent]
) -> tuple[Block, ...]:
    """The blocks with the tower's coordinates in these rows, whose films are ``films``."""
    if tower.is_empty or not len(rows):
        return tuple(blocks)
    predicted = tower.arrays_of(films)
    filled = []
    for block in blocks:
        arrays = {}
        for name, values in predicted.get(block.name, {}).items():
            arrays[name] = getattr(block, name).copy()
            arrays[name][rows] = values.reshape(-1, *arrays[name].shape[1:])
        filled.append(replace(block, **arrays) if arrays else block)
    return tuple(filled)


def extended(artefact: Artefact, films: Mapping[int, FilmContent]) -> Artefact:
    """The version with these films, by number, as further rows: without ratings, and with the tower's coordinates.

    No item vector becomes longer than the longest one of the version, so that the vectors of its index stay as they are.

    Raises
    ------
    ValueError
        If the version has one of them already.
    """
    numbers = sorted(films)
    if not numbers:
        return artefact
    if there := [number for number in numbers if number in artefact.positions]:
        raise ValueError(f"{artefact.version} has film {there[0]} already")
    contents = [films[number] for number in numbers]
    tower = artefact.block(Tower)
    predicted = {} if tower.is_empty else tower.arrays_of(contents)
    names = artefact.data.genres
    genres = np.array([[name in film.genres for name in names] for film in contents], np.float32)
    nothing = np.zeros(len(numbers))

    def widened() -> tuple[Block, ...]:
        return tuple(
            block.appended(contents, names, predicted.get(block.name, {})) for block in artefact.blocks
        )

    wider = replace(
        artefact,
        movie_ids=np.concatenate([artefact.movie_ids, np.array(numbers, np.int32)]),
        genres=np.vstack([artefact.genres, genres.reshape(len(numbers), len(names))]),
        decades=np.concatenate([artefact.decades, np.array([film.decade for film in contents], np.int16)]),
        rating_count=np.concatenate([artefact.rating_count, nothing.astype(np.int32)]),
        like_share=np.concatenate([artefact.like_share, nothing.astype(np.float32)]),
        blocks=widened(),
        newcomers=artefact.newcomers + len(numbers),
    )
    known = wider.block(Kinds).items[-len(numbers) :].astype(np.float64)
    room = np.maximum(0.999 * artefact.max_norm**2 - (known**2).sum(axis=1), 0.0)
    lengths = (wider.item_vectors[-len(numbers) :].astype(np.float64) ** 2).sum(axis=1) - (known**2).sum(
        axis=1
    )
    if (lengths > room).any():
        shorter = np.sqrt(np.minimum(1.0, room / np.maximum(lengths, 1e-12)))[:, None].astype(np.float32)
        for arrays in predicted.values():
            if "items" in arrays:
                arrays["items"] = arrays["items"] * shorter
        wider = replace(wider, blocks=widened())
    return wider
