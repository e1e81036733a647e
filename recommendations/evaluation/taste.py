"""Simulated people with one clear taste: does the list that they get show it?

No rating of a real person is asked about, so nothing is held out: a model that has seen all ratings ranks for made-up
histories, on the way that the site takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from recommendations.evaluation.engines import Engine
from recommendations.evaluation.protocols import Case
from recommendations.ranking.artefact import Artefact
from recommendations.ranking.blocks.ease import Ease
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.people import EMPTY_HISTORY, History
from recommendations.ranking.score import make_plan, score_films

Rows = NDArray[np.intp]
NOBODY = Demographics()
LISTED, FAVOURITES = 10, (3, 5, 10)
# A kind of film counts if the favourites leave so many others that people have rated.
LEAST_LEFT, LEAST_RATINGS = 15, 5
# A kind that is more than this of all ratings says little as a taste.
BROAD = 0.25
# Favourites of a genre are films of few genres, where there are so many of them.
FEW_GENRES, ENOUGH = 2, 15
CHILD, NEIGHBOURS, DISLIKES, BEST_KNOWN = 10, 10, 100, 300
BLOCKBUSTERS = 100


def measure_taste(artefact: Artefact, engine: Engine, *, seed: int = 0) -> dict[str, float]:
    """Every figure by name, each of which should be high, unless it is called otherwise.

    - ``5 favourites, Western``: films of the kind among ten, after so many best-known films of it at five stars;
      ``less known`` takes those after the ten best known. Decades as ``5 favourites, 1950s``.
    - ``least after 5 favourites``: the smallest of these over all kinds.
    - ``1 star lowers the neighbours``: the share of cases in which the ten nearest films of a well-known film lose
      places when it gets so many stars, against not rated, in histories of none to five other ratings.
    - ``films shared by two tastes (low)``: of ten, on average over pairs of kinds.
    - ``horror for a child (low)``: horror films among ten for somebody of ten years without ratings.
    - ``blockbusters (low)``: the share of the hundred most rated films in the lists after five favourites.
    """

    def best(history: History, person: Demographics = NOBODY) -> Rows:
        return engine.rank(Case(0, history, history.items, history.items[:0], known=False), person, LISTED)

    figures: dict[str, float] = {}
    lists: list[Rows] = []
    for name, members, loved in _kinds(artefact):
        for count in FAVOURITES:
            if len(members) < count + LEAST_LEFT:
                continue
            listed = best(_loved(loved[:count]))
            figures[f"{count} favourites, {name}"] = float(np.isin(listed, members).sum())
            if count == 5:
                lists.append(listed)
        if len(loved) >= 15 and len(members) >= 15 + LEAST_LEFT:
            figures[f"5 less known favourites, {name}"] = float(
                np.isin(best(_loved(loved[10:15])), members).sum()
            )
    for count in FAVOURITES:
        found = [value for name, value in figures.items() if name.startswith(f"{count} favourites")]
        if found:
            figures[f"least after {count} favourites"] = min(found)
    for stars, share in _dislikes(artefact, seed).items():
        figures[f"{stars} star{'s' * (stars > 1)} lower{'s' * (stars == 1)} the neighbours"] = share
    if len(lists) > 1:
        shared = [len(np.intersect1d(one, other)) for one, other in combinations(lists, 2)]
        figures["films shared by two tastes (low)"] = float(np.mean(shared))
        known = np.argsort(-artefact.rating_count, kind="stable")[:BLOCKBUSTERS]
        figures["blockbusters (low)"] = float(np.mean([np.isin(listed, known).mean() for listed in lists]))
    horror = np.flatnonzero(artefact.having("genres", "Horror"))
    figures["horror for a child (low)"] = float(
        np.isin(best(EMPTY_HISTORY, Demographics(age=CHILD)), horror).sum()
    )
    return figures


def _kinds(artefact: Artefact) -> Iterator[tuple[str, Rows, Rows]]:
    """Every genre and decade with its films that people have rated, and those of them that somebody loves who loves the
    kind; both best known first, second numbers left out."""
    rated = (artefact.rating_count >= LEAST_RATINGS) & artefact.each_once
    order = np.argsort(-artefact.rating_count, kind="stable")
    few = artefact.genres.sum(axis=1) <= FEW_GENRES
    kinds = [
        (genre, artefact.genres[:, place] > 0)
        for place, genre in enumerate(artefact.data.genres)
        if genre != "unknown"
    ]
    kinds += [(f"{decade}s", artefact.decades == decade) for decade in np.unique(artefact.decades) if decade]
    for name, member in kinds:
        if artefact.rating_count[member].sum() <= BROAD * artefact.rating_count.sum():
            members, clear = (order[(rated & chosen)[order]] for chosen in (member, member & few))
            yield name, members, clear if len(clear) >= ENOUGH else members


def _loved(films: Rows) -> History:
    return History(films.astype(np.int32), np.full(len(films), 5, np.int8))


def _dislikes(artefact: Artefact, seed: int) -> dict[int, float]:
    """By stars, the share of cases in which a film's neighbours lose places."""
    chance = np.random.default_rng(seed)
    known = np.argsort(-artefact.rating_count, kind="stable")[:BEST_KNOWN]
    fallen: dict[int, list[bool]] = {1: [], 2: []}
    for _case in range(DISLIKES):
        film, *others = chance.choice(known, 1 + int(chance.integers(0, 6)), replace=False).tolist()
        neighbours, _weights = artefact.block(Ease).similar(film, NEIGHBOURS)
        neighbours = neighbours[~np.isin(neighbours, others)]
        if not neighbours.size:
            continue
        stars = chance.integers(3, 6, len(others)).tolist()
        before = _mean_place(artefact, others, stars, neighbours)
        for given, cases in fallen.items():
            cases.append(_mean_place(artefact, [*others, film], [*stars, given], neighbours) > before)
    return {stars: float(np.mean(cases)) for stars, cases in fallen.items() if cases}


def _mean_place(artefact: Artefact, films: list[int], stars: list[int], asked: Rows) -> float:
    history = History(np.array(films, np.int32), np.array(stars, np.int8))
    scores = score_films(artefact, make_plan(fold_in(artefact, NOBODY, history), Dials()))
    places = np.empty(scores.size)
    places[np.argsort(-scores, kind="stable")] = np.arange(scores.size)
    return float(places[asked].mean())
