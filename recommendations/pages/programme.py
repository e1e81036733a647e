"""The ranked list with everything around it: one context for the whole page and for the part htmx swaps."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from recommendations.pages.dials_form import dials_markup, turned
from recommendations.pages.events import owner_of
from recommendations.pages.filter_chips import address_of_list, chips_for, ways_out
from recommendations.pages.labels import list_kinds
from recommendations.pages.visit.said import Said
from recommendations.pages.visit.values import MARKS
from recommendations.pages.visit.viewer import Viewer
from recommendations.ranking.filters import Filters
from recommendations.selectors.catalogue import FilmFacts, film_or_number, films_by_id
from recommendations.selectors.film_details import known_facts
from recommendations.selectors.film_figures import catalogue_decades
from recommendations.selectors.lists.arms import arm_for
from recommendations.selectors.lists.champion import Champion
from recommendations.selectors.lists.person import Person
from recommendations.services.events.made_lists import record_list

# With so many ratings of their own, nobody is invited to rate more.
PLENTY_OF_RATINGS = 5
# Older ratings are folded away.
OPEN_RATINGS, FOLDED_RATINGS = 8, 40
# A list of so many films offers so many more.
SHORTEST_TO_GO_ON, LONGEST_TO_GO_ON, FILMS_MORE = 10, 50, 10


@dataclass(frozen=True)
class RatedFilm:
    """A film of "your ratings" and its stars."""

    film: FilmFacts
    stars: float


@dataclass(frozen=True)
class MarkedFilms:
    """The films that have one of :data:`recommendations.pages.visit.values.MARKS`, newest first."""

    kind: str
    films: tuple[FilmFacts, ...]


def programme(
    viewer: Viewer,
    person: Person,
    champion: Champion,
    *,
    k: int,
    filters: Filters,
    said: Said | None = None,
    trouble: str | None = None,
) -> dict[str, Any]:
    """Rank with the ``champion`` ``k`` films that fit the ``filters`` for ``person``, who is the viewer's, and put together what the page shows.

    Raises
    ------
    RecommendationError
    """
    dials = viewer.dials
    begun = time.perf_counter()
    owner = owner_of(viewer.request, viewer)
    arm = arm_for(person, dials, key=owner.key, kind=viewer.list_kind, filters=filters, champion=champion)
    whole = arm.programme(k=k)
    ranked = whole.ranked
    made = record_list(
        ranked,
        owner=owner,
        rows={row.kind: [film.movie_id for film in row.films] for row in whole.rows},
        seconds=time.perf_counter() - begun,
    )
    profile = round(100 * ranked.profile_weight)
    feedback = viewer.feedback
    marked = {*(rating.movie_id for rating in feedback.ratings), *feedback.hidden, *feedback.watchlist}
    marked |= {number for kind in MARKS for number in getattr(feedback, kind)}
    facts = films_by_id(movie_ids=marked)
    rated = [
        RatedFilm(film_or_number(facts.get(rating.movie_id), rating.movie_id), rating.stars)
        for rating in reversed(feedback.ratings)
    ]
    genres, decades = champion.artefact.data.genres, catalogue_decades()
    languages = known_facts(ranked.model_version).languages
    chips = chips_for(filters, length=k, genres=genres, decades=decades, languages=languages)
    shown = len(ranked.items)
    longer = SHORTEST_TO_GO_ON <= shown < LONGEST_TO_GO_ON and shown == k
    return {
        "ranked": ranked,
        "made_list": made,
        "chips": chips,
        "filter_text": chips.text,
        "no_filters": chips.no_filters,
        "ways_out": ways_out(ranked, filters, length=k),
        "longer_list": address_of_list(shown + FILMS_MORE, filters) if longer else "",
        "rows": whole.rows,
        "expected": whole.expected,
        "kinds": list_kinds(chosen=viewer.list_kind),
        "predicts": whole.predicts,
        "person": person,
        "whom": viewer.describe(),
        "viewer": viewer,
        "has_profile": arm.look.has_profile,
        "profile_percent": profile,
        "ratings_percent": 100 - profile,
        "rated": rated[:OPEN_RATINGS],
        "rated_before": rated[OPEN_RATINGS : OPEN_RATINGS + FOLDED_RATINGS],
        "rated_count": len(rated),
        # People of the data are known already.
        "offers_questions": person.movielens_user is None and len(rated) < PLENTY_OF_RATINGS,
        "hidden": [film_or_number(facts.get(number), number) for number in reversed(feedback.hidden)],
        "marked": [
            MarkedFilms(
                kind,
                tuple(
                    film_or_number(facts.get(number), number) for number in reversed(getattr(feedback, kind))
                ),
            )
            for kind in MARKS
            if getattr(feedback, kind)
        ],
        "watched": frozenset(feedback.watchlist),
        "watchlist": [film_or_number(facts.get(number), number) for number in reversed(feedback.watchlist)],
        "dials": dials,
        "turned": turned(dials),
        "dials_markup": dials_markup(dials, decades=decades, genres=genres),
        "k": k,
        "said": said,
        "trouble": trouble,
    }
