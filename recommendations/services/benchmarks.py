"""Times of the parts of a recommendation, side by side in one run on the running Elasticsearch."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import cycle

import numpy as np

from recommendations.ranking.blocks.stars import Stars
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.genres import GENRES
from recommendations.ranking.people import History, KnownPeople
from recommendations.ranking.score import make_plan, rank_films, score_films
from recommendations.search.benchmarks import genre_search, search_by_ids
from recommendations.search.client import get_client
from recommendations.search.index_lifecycle import IndexNames
from recommendations.selectors.lists.engines import rank_person
from recommendations.selectors.lists.person import Person
from recommendations.selectors.lists.recommendations import recommendations_for
from recommendations.selectors.lists.world import look_at, require_champion

# Every one of these people is asked about in turn, so that no cache of one person's query helps.
PEOPLE = 50
# The length of the history that is folded in alone.
FOLDED = 200


@dataclass(frozen=True)
class Timing:
    """Milliseconds of one part over all rounds, and the ratio of its median to the yardstick's."""

    name: str
    p50_ms: float
    p95_ms: float
    ratio: float


def long_history(people: KnownPeople, films: int) -> History:
    """A history of :data:`FOLDED` ratings (of all films if there are fewer): the first different films of the data's people."""
    _items, first = np.unique(people.items, return_index=True)
    chosen = np.sort(first)[: min(FOLDED, films)]
    return History(people.items[chosen], people.stars[chosen])


def measure_recommendations(*, rounds: int = 200, k: int = 10) -> list[Timing]:
    """Time each part ``rounds`` times, interleaved so that a busy moment of the machine hits all alike.

    The first is the yardstick: one search that fetches ``k`` films by number.

    Raises
    ------
    recommendations.selectors.lists.person.NoModelError
    recommendations.search.connection.ElasticsearchNotRunningError
    """
    champion = require_champion()
    artefact, people = champion.artefact, champion.people
    client, index = get_client(), IndexNames.of(champion.index_label).movies
    persons = cycle([Person(movielens_user=int(number)) for number in people.user_ids[:PEOPLE]])
    films = [int(number) for number in artefact.movie_ids[:k]]
    affinities = {genre: 1 + place / len(GENRES) for place, genre in enumerate(GENRES)}
    current = next(persons)

    def from_profile() -> None:
        rank_person(look_at(current, champion=champion), k=k, engine="elasticsearch")

    def in_memory() -> None:
        demographics, history = people.person(current.movielens_user or 0)
        scores = score_films(artefact, make_plan(fold_in(artefact, demographics, history), Dials()))
        rank_films(scores, history.items, k)

    def complete(engine: str, *, hides_stars: bool = False) -> Callable[[], object]:
        return lambda: recommendations_for(
            look_at(replace(current, hides_stars=hides_stars)), k=k, engine=engine
        )

    rated = long_history(people, len(artefact.movie_ids))

    parts: dict[str, Callable[[], object]] = {
        "search by id": lambda: search_by_ids(client, index, films),
        "function_score over 19 genres": lambda: genre_search(client, index, affinities, k),
        "fold-in, profile and ranking in Elasticsearch": from_profile,
        "fold-in and ranking in NumPy": in_memory,
        "whole recommendation with reasons, Elasticsearch": complete("elasticsearch"),
        "whole recommendation with reasons, NumPy": complete("numpy"),
        "the same without predicted stars, Elasticsearch": complete("elasticsearch", hides_stars=True),
        "the same without predicted stars, NumPy": complete("numpy", hides_stars=True),
        f"fold-in of {FOLDED} ratings": lambda: fold_in(artefact, Demographics(), rated),
        f"predicted stars of every film after {FOLDED} ratings": lambda: artefact.block(Stars).predict(rated),
    }
    times: dict[str, list[float]] = {name: [] for name in parts}
    warm_up = max(10, rounds // 10)
    for turn in range(rounds + warm_up):
        current = next(persons)
        for name, work in parts.items():
            begun = time.perf_counter()
            work()
            if turn >= warm_up:
                times[name].append(1000 * (time.perf_counter() - begun))
    medians = {name: statistics.median(values) for name, values in times.items()}
    yardstick = medians["search by id"]
    return [
        Timing(name, medians[name], statistics.quantiles(values, n=20)[-1], medians[name] / yardstick)
        for name, values in times.items()
    ]
