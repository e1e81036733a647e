"""Reads a ranked list for a person: from Elasticsearch, or from the NumPy scorer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from django.utils.translation import gettext

from recommendations.ranking.dials import LIKE, NEXT
from recommendations.ranking.reasons import Reason, reasons_of_list
from recommendations.search.queries import RankedFilm
from recommendations.selectors.catalogue import FilmFacts, film_or_number, films_by_id
from recommendations.selectors.film_details import films_that_fit
from recommendations.selectors.lists.engines import rank_person, rank_whatever_happens
from recommendations.selectors.lists.house import how_many_to_rank, in_this_house
from recommendations.selectors.lists.randomised import RANDOMISED, Drawn, placed, wanted_of
from recommendations.selectors.lists.stars import Expected, expected_of
from recommendations.selectors.lists.world import Look


@dataclass(frozen=True)
class Recommendation:
    """One film of a list. ``reason`` is a sentence in the active language.

    ``predicted_stars`` and ``match`` as in :class:`recommendations.selectors.lists.stars.Expected`; ``None`` if the
    person hides them or the model's version predicts none.
    """

    rank: int
    movie_id: int
    title: str
    year: int | None
    genres: tuple[str, ...]
    score: float
    reason: str
    predicted_stars: float | None = None
    match: int | None = None
    key: str = ""

    @property
    def expected(self) -> Expected | None:
        """The same together, for a page."""
        if self.predicted_stars is None or self.match is None:
            return None
        return Expected(self.predicted_stars, self.match)


@dataclass(frozen=True)
class Loosened:
    """How many unseen ``films`` fit without the filter ``term``."""

    term: str
    films: int


@dataclass(frozen=True)
class RecommendationList:
    """A ranked list, best first, and where it came from. ``kind`` is that of :data:`LIST_KINDS` by which it is ranked.

    ``profile_weight`` (0..1) is how much of the person's best films rests on demographics rather than on ratings.
    ``loosen`` is filled if filters leave fewer films than were asked for: what each of them keeps out.
    During an experiment ``arm`` says whose the list is, and ``teams`` of an interleaved one whose each place is (``a`` or ``b``).
    ``drawn`` says how the order of one was drawn, which is then not the best first.
    """

    items: tuple[Recommendation, ...]
    engine: str
    model_version: str
    profile_weight: float
    degraded: bool = False
    kind: str = NEXT
    loosen: tuple[Loosened, ...] = ()
    experiment: int | None = None
    arm: str = ""
    teams: str = ""
    drawn: Drawn | None = None

    def with_order(self, drawn: Drawn | None) -> RecommendationList:
        """The same list, marked as drawn if it was."""
        return self if drawn is None else replace(self, drawn=drawn, arm=RANDOMISED)


def recommendations_for(look: Look, *, k: int = 10, engine: str = "elasticsearch") -> RecommendationList:
    """Rank the ``k`` best unseen films. One query.

    A person of the data without own ratings here is ranked from their ``user_profiles`` document; everybody else
    is folded in on the spot, a newcomer starting from the forest's prediction.

    While Elasticsearch is slow, red or away, the NumPy scorer answers: ``engine`` of the list is then ``numpy`` and
    ``degraded`` is true. Nothing left to show gives an empty list.
    """
    look = in_this_house(look)
    wanted = how_many_to_rank(look, wanted_of(look, k))
    if engine == "numpy":
        ranked, degraded = rank_person(look, k=wanted, engine=engine), False
    else:
        ranked, degraded = rank_whatever_happens(look, k=wanted)
    chosen, drawn = placed(look, ranked, k=k)
    listed, _facts = describe_list(look, chosen, k=k, engine=engine, degraded=degraded)
    return listed.with_order(drawn)


def describe_list(
    look: Look,
    ranked: Sequence[RankedFilm],
    *,
    k: int,
    engine: str = "elasticsearch",
    degraded: bool = False,
    also: Iterable[int] = (),
) -> tuple[RecommendationList, dict[int, FilmFacts]]:
    """Put titles and reasons to ranked films, of ``k`` that were asked for; also returns the facts of them and of the films ``also``. One query."""
    numbers = [film.movie_id for film in ranked]
    reasons = reasons_for(look, numbers)
    because = {reason.movie_id for reason in reasons if reason.movie_id is not None}
    facts = films_by_id(movie_ids={*numbers, *because, *also})
    expected = expected_of(look, movie_ids=numbers)
    listed = RecommendationList(
        items=tuple(
            _recommendation(place, film, facts, reason, expected.get(film.movie_id))
            for place, (film, reason) in enumerate(zip(ranked, reasons, strict=True), start=1)
        ),
        engine="numpy" if degraded or look.kind == LIKE else engine,
        model_version=look.champion.version,
        profile_weight=look.profile_weight,
        degraded=degraded,
        kind=look.kind,
        loosen=_ways_to_loosen(look) if len(ranked) < k else (),
    )
    return listed, facts


def _ways_to_loosen(look: Look) -> tuple[Loosened, ...]:
    """Each filter, with what would fit without it, most films first."""
    open_films = np.ones(len(look.artefact.movie_ids), bool)
    open_films[look.excluded_rows] = False
    ways = []
    for term in look.filters.terms:
        left = look.filters.without(term)
        fits = left.bounds(look.artefact, discovery=look.dials.discovery).mask(look.artefact) & open_films
        only = films_that_fit(left)
        if only is not None:
            fits &= np.isin(look.artefact.movie_ids, list(only))
        ways.append(Loosened(term, int(fits.sum())))
    return tuple(sorted(ways, key=lambda way: -way.films))


def reasons_for(look: Look, numbers: Sequence[int]) -> list[Reason]:
    """The main reason for each film (MovieLens number) of a list for this person."""
    return reasons_of_list(
        look.artefact,
        look.history,
        look.taste,
        look.plan,
        numbers,
        has_profile=look.has_profile,
        audiences=look.champion.audiences,
        picked=look.picked,
    )


def _recommendation(
    rank: int, film: RankedFilm, facts: dict[int, FilmFacts], reason: Reason, expected: Expected | None
) -> Recommendation:
    known = film_or_number(facts.get(film.movie_id), film.movie_id)
    because = facts.get(reason.movie_id) if reason.movie_id is not None else None
    sentence = reason.sentence(because.title if because else "", gettext)
    if film.by_house:
        sentence = gettext("Picked by the house. %(reason)s") % {"reason": sentence}
    return Recommendation(
        rank=rank,
        movie_id=film.movie_id,
        title=known.title,
        year=known.year,
        genres=known.genres,
        score=film.score,
        reason=sentence,
        predicted_stars=None if expected is None else expected.stars,
        match=None if expected is None else expected.match,
        key=known.key,
    )
