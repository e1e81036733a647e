"""People with an account, as the ranking sees them."""

from __future__ import annotations

from accounts.models import User
from recommendations.models import HiddenMovie, Rating
from recommendations.ranking.demographics import GENDERS, MAX_AGE, MIN_AGE, OCCUPATIONS, Demographics
from recommendations.selectors.people import Person, RatedMovie


def person_of_user(*, user: User) -> Person:
    """What the account tells, its ratings (oldest first) and its hidden films. Two queries.

    A part of the demographics that is empty or not one of the known values counts as not told.
    """
    ratings = (
        Rating.objects.filter(user=user)
        .order_by("rated_at", "pk")
        .values_list("movie__movielens_id", "stars")
    )
    hidden = HiddenMovie.objects.filter(user=user).values_list("movie__movielens_id", flat=True)
    return Person(
        demographics=Demographics(
            age=user.age if user.age is not None and MIN_AGE <= user.age <= MAX_AGE else None,
            gender=user.gender if user.gender in GENDERS else None,
            occupation=user.occupation if user.occupation in OCCUPATIONS else None,
        ),
        ratings=tuple(RatedMovie(movie_id, stars) for movie_id, stars in ratings),
        hidden=frozenset(hidden),
    )
