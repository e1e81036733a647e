"""Reads what the model believes about a person, with the ratings that say most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from recommendations.ranking.demographics import Demographics
from recommendations.ranking.taste import expected_affinities, genre_taste, influence, preferred_decade
from recommendations.selectors.catalogue import FilmFacts, film_or_number, films_by_id
from recommendations.selectors.lists.world import Look
from recommendations.stars import plain_stars

# No belief may contradict so many of the best films.
FIRST_FILMS = 10
TELLING_RATINGS, SHOWN_RATINGS = 6, 120
# Differences smaller than this are not worth a word: stars, and popularity on its scale of 0 to 1.
LEAST_STARS_APART, LEAST_POPULARITY_APART = 0.1, 0.06
NAMED_GENRES = 3


@dataclass(frozen=True)
class GenreBar:
    """A genre (MovieLens name): the person's affinity and everybody's, in stars, and the ratings behind it."""

    name: str
    affinity: float
    average: float
    count: int


@dataclass(frozen=True)
class WeighedRating:
    """A rated film and its stars; ``share`` (0..1) is its influence beside that of the most influential rating."""

    film: FilmFacts
    stars: float
    share: float


@dataclass(frozen=True)
class TasteReport:
    """``genres`` are sorted by affinity; ``telling`` by influence; ``history`` is oldest first; ``beliefs`` are
    sentences in the active language; ``profile_weight`` (0..1) is how much of the list rests on demographics."""

    demographics: Demographics
    genres: tuple[GenreBar, ...]
    telling: tuple[WeighedRating, ...]
    history: tuple[WeighedRating, ...]
    rating_count: int
    mean_stars: float | None
    profile_weight: float
    beliefs: tuple[str, ...]


def taste_of(look: Look) -> TasteReport:
    """What the model makes of the person. One query."""
    artefact = look.artefact
    everybody = expected_affinities(artefact, Demographics())
    prior = expected_affinities(artefact, look.demographics)
    rated = look.rated_history
    taste = genre_taste(artefact, rated, prior)
    bars = sorted(
        (
            GenreBar(name, float(taste.affinity[place]), float(everybody[place]), int(taste.counts[place]))
            for place, name in enumerate(artefact.data.genres)
            if name != "unknown"
        ),
        key=lambda bar: -bar.affinity,
    )
    best = look.best_films
    weights = influence(artefact, look.taste, best)
    order = look.rated[np.argsort(-weights[look.rated], kind="stable")[:TELLING_RATINGS]]
    facts = films_by_id(
        movie_ids={int(artefact.movie_ids[look.history.items[place]]) for place in _places(look, order)}
    )
    stars = rated.stars
    return TasteReport(
        demographics=look.demographics,
        genres=tuple(bars),
        telling=tuple(_weighed(look, facts, int(place), weights) for place in order),
        history=tuple(_weighed(look, facts, place, weights) for place in _latest(look)),
        rating_count=len(stars),
        mean_stars=float(stars.mean()) if len(stars) else None,
        profile_weight=look.profile_weight,
        beliefs=tuple(_beliefs(look, bars, best)),
    )


def _latest(look: Look) -> list[int]:
    return [int(place) for place in look.rated[-SHOWN_RATINGS:]]


def _places(look: Look, order: np.ndarray) -> set[int]:
    return {*_latest(look), *(int(place) for place in order)}


def _weighed(look: Look, facts: dict[int, FilmFacts], place: int, weights: np.ndarray) -> WeighedRating:
    number = int(look.artefact.movie_ids[look.history.items[place]])
    film = film_or_number(facts.get(number), number)
    greatest = float(weights.max()) or 1.0
    return WeighedRating(
        film, plain_stars(float(look.history.stars[place])), float(weights[place]) / greatest
    )


def _beliefs(look: Look, bars: list[GenreBar], best: np.ndarray) -> list[str]:
    artefact, sentences = look.artefact, []
    above = sorted(bars, key=lambda bar: bar.average - bar.affinity)
    liked = [
        bar.name
        for bar in above
        if bar.affinity - bar.average >= LEAST_STARS_APART and _is_served(look, best, bar.name)
    ][:NAMED_GENRES]
    avoided = [
        bar.name
        for bar in reversed(above)
        if bar.average - bar.affinity >= LEAST_STARS_APART and not _is_served(look, best, bar.name)
    ]
    # The names of the genres are marked for translation where the site's labels are.
    if liked:
        sentences.append(_("You like more than most people do: %(genres)s.") % {"genres": _listed(liked)})
    if avoided[:NAMED_GENRES]:
        sentences.append(
            _("You care less than most people for: %(genres)s.") % {"genres": _listed(avoided[:NAMED_GENRES])}
        )
    if not sentences:
        sentences.append(_("In genres, your taste is close to everybody’s."))
    decade = preferred_decade(artefact, best, least=max(len(best) // 6, 1))
    if decade is not None:
        sentences.append(_("Films of the %(decade)ss suit you remarkably often.") % {"decade": decade})
    usual = np.argsort(-artefact.like_share, kind="stable")[: len(best)]
    apart = float(artefact.popularity[best].mean() - artefact.popularity[usual].mean()) if len(best) else 0.0
    if apart <= -LEAST_POPULARITY_APART:
        sentences.append(_("Your best films are less known than most people’s."))
    elif len(best):
        sentences.append(_("Your best films are mostly well known ones."))
    stars = look.history.stars[look.rated]
    if len(stars) >= 5:
        share = round(100 * float((stars >= 4).mean()))
        sentences.append(
            _("You gave four or five stars to %(share)s %% of what you rated.") % {"share": share}
        )
    percent = round(100 * look.profile_weight)
    if look.has_profile:
        rests = _(
            "%(ratings)s %% of your list rests on your ratings, %(profile)s %% on what is usual for people like you."
        )
    else:
        rests = _(
            "%(ratings)s %% of your list rests on your ratings, %(profile)s %% on what everybody likes."
        )
    sentences.append(rests % {"ratings": 100 - percent, "profile": percent})
    return sentences


def _is_served(look: Look, best: np.ndarray, genre: str) -> bool:
    """Whether the first films of the list, or a reason beside one, speak of this genre: who is said to care for it
    sees some of it, who is said not to sees none."""
    place = look.artefact.data.genres.index(genre)
    lifts = [
        look.taste.dimension_vector[dimension]
        for dimension, part in look.artefact.dimensions.items()
        if part == ("taste_genre", place)
    ]
    return bool(look.artefact.genres[best[:FIRST_FILMS], place].any()) or any(lift > 0 for lift in lifts)


def _listed(genres: list[str]) -> str:
    return ", ".join(_(genre) for genre in genres)
