"""Reads a ranked list for a person: from Elasticsearch, or from the NumPy scorer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.fold_in import Taste, fold_in
from recommendations.ranking.history import History
from recommendations.ranking.score import ScorePlan, make_plan, rank_films, score_films
from recommendations.ranking.storage import ArtefactError
from recommendations.search.client import get_client
from recommendations.search.errors import SearchError
from recommendations.search.index_lifecycle import IndexNames
from recommendations.search.queries import (
    RankedFilm,
    SearchFailedError,
    fetch_profile,
    ranking_query,
    run_ranking,
)
from recommendations.selectors.catalogue import FilmFacts, films_by_id
from recommendations.selectors.champion import Champion, current_champion
from recommendations.selectors.people import Person
from recommendations.selectors.reasons import Reason, reasons_for

ENGINES = ("elasticsearch", "numpy")


class RecommendationError(Exception):
    """A list cannot be made; the message is one clear sentence for the person."""


class UnknownPersonError(RecommendationError):
    """There is no MovieLens person with this number."""


class NoModelError(RecommendationError):
    """Nothing has been trained and published yet."""


class DamagedModelError(RecommendationError):
    """The champion's model folder is incomplete or altered, and no earlier version can serve."""


class SearchUnavailableError(RecommendationError):
    """Elasticsearch does not answer."""


@dataclass(frozen=True)
class Recommendation:
    """One film of a list. ``share`` is the score scaled to 0..1 over the list, for a bar.

    ``reason`` is a sentence in the active language.
    """

    rank: int
    movie_id: int
    title: str
    year: int | None
    genres: tuple[str, ...]
    score: float
    share: float
    reason: str


@dataclass(frozen=True)
class RecommendationList:
    """A ranked list, best first, and where it came from.

    ``profile_weight`` (0..1) is how much of it rests on demographics rather than on the person's ratings.
    """

    items: tuple[Recommendation, ...]
    engine: str
    model_version: str
    profile_weight: float
    degraded: bool = False


@dataclass(frozen=True)
class Known:
    """What the model is told of a person: folded-in taste and the films never to show (MovieLens numbers)."""

    demographics: Demographics
    history: History
    taste: Taste
    excluded: frozenset[int] = field(default_factory=frozenset)


def recommendations_for(
    *, person: Person, k: int = 10, dials: Dials | None = None, engine: str = "elasticsearch"
) -> RecommendationList:
    """Rank the ``k`` best unseen films for ``person``.

    A person of the data without own ratings here is ranked from their ``user_profiles`` document; everybody else
    is folded in on the spot, a newcomer starting from the forest's prediction.

    Raises
    ------
    UnknownPersonError, NoModelError, DamagedModelError, SearchUnavailableError
    """
    champion = require_champion()
    known = know_person(champion, person)
    plan = make_plan(known.taste, dials or Dials())
    ranked = rank_person(champion, person, known, plan, k=k, engine=engine)
    return RecommendationList(
        items=_describe(champion.artefact, known, plan, ranked),
        engine=engine,
        model_version=champion.version,
        profile_weight=_profile_weight(champion.artefact, known.taste, plan, ranked),
    )


def require_champion() -> Champion:
    """Return the loaded champion.

    Raises
    ------
    NoModelError
        Before anything was published.
    DamagedModelError
    """
    try:
        champion = current_champion()
    except ArtefactError as error:
        raise DamagedModelError(str(error)) from error
    if champion is None:
        raise NoModelError("There is no model yet; train one with: manage.py run_pipeline")
    return champion


def know_person(champion: Champion, person: Person) -> Known:
    """Fold a person in. Films that the model does not know cannot say anything and are left out.

    Raises
    ------
    UnknownPersonError
    """
    artefact = champion.artefact
    demographics, items, stars = person.demographics, np.zeros(0, np.int32), np.zeros(0, np.int8)
    if person.movielens_user is not None:
        if person.movielens_user not in champion.people:
            numbers = champion.people.user_ids
            raise UnknownPersonError(
                f"There is no person with number {person.movielens_user}; numbers go from {numbers[0]} to {numbers[-1]}."
            )
        demographics, known_history = champion.people.person(person.movielens_user)
        items, stars = known_history.items, known_history.stars
    newer = {
        rating.movie_id: rating.stars for rating in person.ratings if rating.movie_id in artefact.positions
    }
    if newer:
        new_items = np.array([artefact.positions[movie_id] for movie_id in newer], np.int32)
        kept = ~np.isin(items, new_items)
        items = np.concatenate([items[kept], new_items])
        stars = np.concatenate([stars[kept], np.array(list(newer.values()), np.int8)])
    history = History(items, stars)
    seen = {int(movie_id) for movie_id in artefact.movie_ids[items]} | {
        rating.movie_id for rating in person.ratings
    }
    return Known(
        demographics, history, fold_in(artefact, demographics, history), frozenset(seen) | person.hidden
    )


def rank_person(
    champion: Champion, person: Person, known: Known, plan: ScorePlan, *, k: int, engine: str
) -> list[RankedFilm]:
    """Return the ``k`` best films and their raw scores, without describing them.

    Raises
    ------
    SearchUnavailableError
    """
    if engine == "numpy":
        return _rank_with_numpy(champion.artefact, plan, known.excluded, k)
    return _rank_with_elasticsearch(champion, person, plan, known, k)


def _rank_with_numpy(
    artefact: Artefact, plan: ScorePlan, excluded: frozenset[int], k: int
) -> list[RankedFilm]:
    scores = score_films(artefact, plan)
    positions = [artefact.positions[movie_id] for movie_id in excluded if movie_id in artefact.positions]
    best = rank_films(scores, np.array(positions, np.int32), k)
    return [RankedFilm(int(artefact.movie_ids[row]), float(scores[row])) for row in best]


def _rank_with_elasticsearch(
    champion: Champion, person: Person, plan: ScorePlan, known: Known, k: int
) -> list[RankedFilm]:
    artefact, names = champion.artefact, IndexNames.of(champion.index_label)
    excluded = known.excluded
    try:
        client = get_client()
        if person.movielens_user is not None and not person.ratings:
            taste, seen = _known_profile(names.user_profiles, person.movielens_user)
            plan = replace(plan, vector=taste)
            excluded = seen | person.hidden
        query = ranking_query(
            plan,
            index=names.movies,
            max_norm=artefact.max_norm,
            films=len(artefact.movie_ids),
            excluded=excluded,
            k=k,
        )
        return run_ranking(client, query)
    except SearchError as error:
        raise SearchUnavailableError(str(error)) from error


@lru_cache(maxsize=2048)
def _known_profile(index: str, user: int) -> tuple[NDArray[np.float32], frozenset[int]]:
    """Read taste and seen films of a MovieLens person; their documents never change within an index."""
    profile = fetch_profile(get_client(), index, str(user))
    if profile is None:
        raise SearchFailedError(f"index {index} does not know person {user}; run: manage.py rebuild_indices")
    return np.array(profile["taste"], np.float32), frozenset(profile["seen"])


def _describe(
    artefact: Artefact, known: Known, plan: ScorePlan, ranked: Sequence[RankedFilm]
) -> tuple[Recommendation, ...]:
    reasons = [reasons_for(artefact, known.history, known.taste, plan, film.movie_id) for film in ranked]
    wanted = {film.movie_id for film in ranked} | {
        reason.movie_id for reason in reasons if reason.movie_id is not None
    }
    facts = films_by_id(movie_ids=wanted)
    highest = max((film.score for film in ranked), default=1.0)
    lowest = min((film.score for film in ranked), default=0.0)
    return tuple(
        _recommendation(place, film, facts, reason, lowest, highest)
        for place, (film, reason) in enumerate(zip(ranked, reasons, strict=True), start=1)
    )


def _recommendation(
    rank: int, film: RankedFilm, facts: dict[int, FilmFacts], reason: Reason, lowest: float, highest: float
) -> Recommendation:
    known = facts.get(film.movie_id) or FilmFacts(film.movie_id, f"#{film.movie_id}", None, ())
    # The worst film of a list is still a good one: the bar runs from one third to full.
    spread = highest - lowest
    share = 1.0 if spread <= 0 else 1 / 3 + 2 / 3 * (film.score - lowest) / spread
    because = facts.get(reason.movie_id) if reason.movie_id is not None else None
    return Recommendation(
        rank=rank,
        movie_id=film.movie_id,
        title=known.title,
        year=known.year,
        genres=known.genres,
        score=film.score,
        share=share,
        reason=reason.sentence(because.title if because else ""),
    )


def _profile_weight(artefact: Artefact, taste: Taste, plan: ScorePlan, ranked: Sequence[RankedFilm]) -> float:
    if not ranked:
        return 0.0
    items = artefact.item_vectors[[artefact.positions[film.movie_id] for film in ranked]].astype(np.float64)
    rows = [artefact.positions[film.movie_id] for film in ranked]
    profile = np.abs(items @ taste.profile_vector) + taste.like_share_weight * artefact.like_share[rows]
    ratings = np.abs(items @ taste.rating_vectors.sum(axis=0))
    total = float((profile + ratings).sum())
    return float(profile.sum()) / total if total > 0 else 1.0
