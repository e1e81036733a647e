"""Groups of films to start from: well-known films that the same people like, each with a name and films to show.

k-means on the unit item vectors (spherical k-means, Dhillon and Modha 2001) of the films that most people have rated; the
first centres are spread by farthest-first traversal from the best known film, so that the same model gives the same groups.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.blocks.als import Als
from recommendations.ranking.blocks.ease import Ease
from recommendations.ranking.blocks.kinds import Kinds

# So many groups of at least so many of the best known films; each shows so many of them.
GROUPS, LEAST_IN_GROUP, SHOWN = 18, 5, 6
KNOWN_FILMS, LEAST_RATINGS = 450, 20
ROUNDS = 25
# Genres and decades name a group, so they count beside what the same people like.
KINDS_WEIGHT = 1.5
# A group is named by a kind that at least so many of its films are of, and that is so much more frequent than elsewhere.
NAMED_SHARE, NAMED_LIFT = 0.5, 1.5


@dataclass(frozen=True)
class TasteGroup:
    """Positions of the group's best known ``films``, and what it is named by: up to two genres, perhaps a decade."""

    films: tuple[int, ...]
    genres: tuple[str, ...]
    decade: int | None = None


def taste_groups(artefact: Artefact) -> tuple[TasteGroup, ...]:
    """Groups of the model's best known films, best known group first; none if too few films are known."""
    counts = np.where(artefact.each_once, artefact.rating_count, 0)
    known = np.argsort(-counts, kind="stable")[:KNOWN_FILMS]
    known = known[counts[known] >= LEAST_RATINGS]
    if known.size < GROUPS * LEAST_IN_GROUP:
        return ()
    vectors = _vectors(artefact)[known]
    if not vectors.shape[1]:
        return ()
    labels, centres = _cluster(vectors)
    groups: list[TasteGroup] = []
    for label in range(GROUPS):
        members = np.flatnonzero(labels == label)
        if members.size < LEAST_IN_GROUP:
            continue
        genres, decade = _name(artefact, known[members], known)
        if not genres and decade is None:
            continue
        near = vectors[members] @ centres[label]
        fits = near * np.log1p(counts[known[members]]) + _fit(artefact, known[members], genres, decade)
        best = known[members[np.argsort(-fits, kind="stable")[:SHOWN]]]
        groups.append(TasteGroup(tuple(int(film) for film in best), genres, decade))
    names = Counter((group.genres, group.decade) for group in groups)
    seen: set[tuple[tuple[str, ...], int | None]] = set()
    unique = []
    for group in sorted(groups, key=lambda group: -sum(int(counts[film]) for film in group.films)):
        name = (group.genres, group.decade)
        if names[name] == 1 or name not in seen:
            unique.append(group)
        seen.add(name)
    return tuple(unique)


def _vectors(artefact: Artefact) -> NDArray[np.float64]:
    """Each block of what people like, and the kinds, at unit length, one beside the other."""
    blocks = [(artefact.block(Als), 1.0), (artefact.block(Ease), 0.5), (artefact.block(Kinds), KINDS_WEIGHT)]
    parts = [
        weight * _unit(block.vectors.astype(np.float64))
        for block, weight in blocks
        if block.vectors is not None and block.vectors.shape[1]
    ]
    return _unit(np.hstack(parts)) if parts else np.zeros((len(artefact.movie_ids), 0))


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12), np.float64)


def _cluster(vectors: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Labels (n,) and unit centres (GROUPS, d)."""
    chosen = [0]
    nearest = vectors @ vectors[0]
    while len(chosen) < GROUPS:
        chosen.append(int(nearest.argmin()))
        nearest = np.maximum(nearest, vectors @ vectors[chosen[-1]])
    centres = vectors[chosen]
    labels = np.argmax(vectors @ centres.T, axis=1)
    for _round in range(ROUNDS):
        sums = np.stack(
            [
                vectors[labels == label].sum(axis=0) if (labels == label).any() else centres[label]
                for label in range(GROUPS)
            ]
        )
        centres = _unit(sums)
        moved = np.argmax(vectors @ centres.T, axis=1)
        if (moved == labels).all():
            break
        labels = moved
    return labels, centres


def _name(
    artefact: Artefact, members: NDArray[np.intp], known: NDArray[np.intp]
) -> tuple[tuple[str, ...], int | None]:
    """Up to two genres and perhaps a decade that set the films apart from all known ones."""
    genres = [
        (lift, name)
        for place, name in enumerate(artefact.data.genres)
        if name != "unknown" and (lift := _lift(artefact.genres[:, place], members, known)) is not None
    ]
    decades = [
        (lift, int(year))
        for year in np.unique(artefact.decades[members])
        if year and (lift := _lift((artefact.decades == year).astype(np.float32), members, known)) is not None
    ]
    named = tuple(name for _lift_, name in sorted(genres, reverse=True)[:2])
    return named, max(decades)[1] if decades else None


def _lift(of_kind: NDArray[np.float32], members: NDArray[np.intp], known: NDArray[np.intp]) -> float | None:
    share, usual = float(of_kind[members].mean()), float(of_kind[known].mean())
    return share / usual if share >= NAMED_SHARE and share >= NAMED_LIFT * usual else None


def _fit(
    artefact: Artefact, members: NDArray[np.intp], genres: tuple[str, ...], decade: int | None
) -> NDArray[np.float64]:
    """A film that is shown for the group is of what the group is named by."""
    fits = np.zeros(members.size)
    for genre in genres:
        fits += 10.0 * artefact.having("genres", genre)[members]
    if decade is not None:
        fits += 10.0 * (artefact.decades[members] == decade)
    return fits
