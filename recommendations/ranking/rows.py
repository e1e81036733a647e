"""Cutting one ranked pool of films into rows that differ, each film in one row at most."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.audience import Audiences, belong_together
from recommendations.ranking.blocks.demographic import Demographic
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.fold_in import Taste
from recommendations.ranking.people import History

# So many films make a row; with fewer than LEAST_FILMS it is left out.
ROW_FILMS, LEAST_FILMS = 6, 4
BECAUSE_ROWS = 2
# A rating may raise films that have nothing to do with it; so many are tried for the rows.
MOST_TRIED = 6
LIKED = 4
# Off the beaten track: none of so many most rated films (of a small catalogue half), and at least so many ratings.
BEATEN_TRACK, SHARE_BEATEN = 300, 2
LEAST_RATINGS = 15


@dataclass(frozen=True)
class FilmRow:
    """Positions of films (best first) under one heading.

    ``kind`` is ``rating`` (``index`` is its place in the history), ``profile``, ``decade`` (``index`` is its first
    year) or ``discovery``.
    """

    kind: str
    films: tuple[int, ...]
    index: int | None = None


def cut_rows(
    artefact: Artefact,
    demographics: Demographics,
    history: History,
    taste: Taste,
    pool: NDArray[np.intp],
    *,
    favoured_decade: int | None = None,
    audiences: Audiences | None = None,
    tracks: NDArray[np.intp] | None = None,
    silent: Collection[int] = (),
) -> list[FilmRow]:
    """Cut ``pool`` (positions of films in the order of their scores) into rows.

    - ``rating``: the films that a liked film raises most and that belong together with it, for the two ratings that
      raise their films most; never one of ``silent`` (places in the history).
    - ``profile``: what people with these demographics like more than others do; none if nothing was told.
    - ``decade``: the decade that the pool holds more of than the catalogue does, unless a dial favours it already.
    - ``discovery``: the best of the films :func:`off_the_beaten_track` among ``tracks``, the same of more films than the
      pool; the pool itself if they are not given.
    """
    rows: list[FilmRow] = []
    left = np.asarray(pool, np.intp)

    def take(kind: str, films: NDArray[np.intp], index: int | None = None) -> None:
        nonlocal left
        if films.size >= LEAST_FILMS:
            chosen = films[:ROW_FILMS]
            rows.append(FilmRow(kind, tuple(int(film) for film in chosen), index))
            left = left[~np.isin(left, chosen)]

    used: set[int] = set(silent)
    while len(rows) < BECAUSE_ROWS and len(used) < MOST_TRIED + len(silent):
        rating, films = _raised_most(artefact, history, taste, left, used, audiences)
        if rating is None:
            break
        used.add(rating)
        take("rating", films, rating)
    if not demographics.is_empty:
        block = artefact.block(Demographic)
        lift = block.items[left].astype(np.float64) @ block.predict(demographics).coordinates
        take("profile", left[np.argsort(-lift, kind="stable")][: int((lift > 0).sum())])
    decade = _overrepresented(artefact, left, favoured_decade)
    if decade is not None:
        take("decade", left[artefact.decades[left] == decade], decade)
    taken = [film for row in rows for film in row.films]
    remote = np.asarray(pool if tracks is None else tracks, np.intp)
    remote = remote[off_the_beaten_track(artefact)[remote] & ~np.isin(remote, taken)]
    take("discovery", remote)
    return rows


def off_the_beaten_track(artefact: Artefact) -> NDArray[np.bool_]:
    """Which films (n,) are none of the :data:`BEATEN_TRACK` most rated ones but have :data:`LEAST_RATINGS` ratings."""
    return (artefact.rating_count < beaten_track(artefact)) & (artefact.rating_count >= LEAST_RATINGS)


def beaten_track(artefact: Artefact) -> int:
    """The number of ratings from which on a film is one of the most rated; films that tie with the last one are."""
    counts = artefact.rating_count
    place = min(BEATEN_TRACK, counts.size // SHARE_BEATEN)
    return int(np.partition(counts, -place)[-place]) if place else 0


def _raised_most(
    artefact: Artefact,
    history: History,
    taste: Taste,
    left: NDArray[np.intp],
    used: set[int],
    audiences: Audiences | None,
) -> tuple[int | None, NDArray[np.intp]]:
    """The liked rating that raises a row of films most, and the films that it raises, most first."""
    liked = np.array(
        [place for place in np.flatnonzero(history.stars >= LIKED) if place not in used], np.intp
    )
    if not liked.size or left.size < LEAST_FILMS:
        return None, left[:0]
    raised = (
        artefact.item_vectors[left].astype(np.float64) @ taste.rating_vectors[liked].T
    )  # (films, ratings)
    length = min(ROW_FILMS, left.size)
    best = np.partition(raised, -length, axis=0)[-length:].clip(min=0).sum(axis=0)
    winner = int(best.argmax())
    order = np.argsort(-raised[:, winner], kind="stable")
    films = left[order][: int((raised[:, winner] > 0).sum())]
    rated, together = int(history.items[liked[winner]]), []
    for film in films.tolist():
        if belong_together(artefact, audiences, film, rated):
            together.append(film)
        if len(together) == ROW_FILMS:
            break
    return int(liked[winner]), np.array(together, np.intp)


def _overrepresented(artefact: Artefact, left: NDArray[np.intp], favoured: int | None) -> int | None:
    decades, counts = np.unique(artefact.decades[left], return_counts=True)
    best, highest = None, 1.0
    for decade, count in zip(decades.tolist(), counts.tolist(), strict=True):
        everywhere = int((artefact.decades == decade).sum())
        lift = count / left.size / (everywhere / artefact.decades.size)
        if decade and decade != favoured and count >= ROW_FILMS and lift > highest:
            best, highest = decade, lift
    return best
