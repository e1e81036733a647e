"""Keeps the ``user_profiles`` documents of people with an account the same as the database."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from accounts.models import User
from recommendations.models import Rating
from recommendations.search.breaker import search_breaker
from recommendations.search.client import get_client
from recommendations.search.connection import SearchError
from recommendations.search.documents import profile_document
from recommendations.search.profiles import (
    delete_profiles,
    site_profile_ids,
    site_user_id,
    write_profile,
    write_profiles,
)
from recommendations.selectors.lists.champion import Champion
from recommendations.selectors.lists.person import RecommendationError
from recommendations.selectors.lists.world import look_at, require_champion
from recommendations.selectors.viewers import person_of_user

# As in spark_jobs.transforms.profiles: a genre's mean counts for little until there are about so many ratings.
SHRINKAGE = 5.0
logger = logging.getLogger(__name__)


def refresh_profile(*, user_id: int) -> bool:
    """Write the person's document anew from the database, if Elasticsearch takes it; returns whether it did.

    Never raises because of Elasticsearch or a missing model: the database is the source of truth, and the document
    is repaired by the person's next rating or when the indices are built.
    """
    version = _now()
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        return False
    try:
        champion = require_champion()
        document = site_profile(champion, user)
        return search_breaker().call(lambda: write_profile(get_client(), document, version=version))
    except (SearchError, RecommendationError) as error:
        logger.warning("The profile of person %s is not up to date in Elasticsearch: %s", user_id, error)
        return False


def remove_profile(*, user_id: int) -> bool:
    """Delete the document of an account that is gone; returns whether Elasticsearch did.

    Never raises because of Elasticsearch: :func:`remove_orphaned_profiles` takes what had to stay.
    """
    try:
        search_breaker().call(lambda: delete_profiles(get_client(), [site_user_id(user_id)], version=_now()))
    except SearchError as error:
        logger.error("The profile of person %s is still in Elasticsearch: %s", user_id, error)
        return False
    return True


def remove_orphaned_profiles() -> int:
    """Delete the documents of accounts that no longer exist; returns how many. Never raises because of Elasticsearch.

    Called every hour, for deletions that found Elasticsearch away.
    """
    try:
        written = site_profile_ids(get_client())
        known = {site_user_id(number) for number in User.objects.values_list("pk", flat=True)}
        orphans = [user_id for user_id in written if user_id not in known]
        return delete_profiles(get_client(), orphans, version=_now()) if orphans else 0
    except SearchError as error:
        logger.warning("Profiles of deleted accounts could not be looked for: %s", error)
        return 0


def rewrite_site_profiles() -> int:
    """Write the documents of everybody who has rated something into the champion's index; returns how many.

    Called when another index has become live. Never raises because of Elasticsearch, like :func:`refresh_profile`.
    """
    users = User.objects.filter(pk__in=Rating.objects.values("user")).order_by("pk")
    if not users.exists():
        return 0
    try:
        champion = require_champion()
        return write_profiles(get_client(), _documents(champion, users.iterator(chunk_size=200)))
    except (SearchError, RecommendationError) as error:
        logger.error("The profiles of people with an account were not written: %s", error)
        return 0


def _documents(champion: Champion, users: Iterator[User]) -> Iterator[tuple[int, dict[str, Any]]]:
    for user in users:
        # Before the ratings are read: a rating that comes in between is written with a higher version.
        version = _now()
        yield version, site_profile(champion, user)


def site_profile(champion: Champion, user: User) -> dict[str, Any]:
    """The document of a person with an account, folded in from what the database knows now."""
    person = person_of_user(user=user)
    look = look_at(person, champion=champion)
    stars = [rating.stars for rating in person.ratings]
    return profile_document(
        user_id=site_user_id(user.pk),
        demographics=look.demographics,
        taste=look.taste,
        seen=[rating.movie_id for rating in person.ratings],
        mean_stars=sum(stars) / len(stars) if stars else None,
        genres=_genre_profile(user),
        updated_at=datetime.now(UTC),
        is_site_user=True,
    )


def _genre_profile(user: User) -> list[dict[str, Any]]:
    """Mean, count and shrunken affinity per genre, defined as for MovieLens people."""
    ratings = dict(Rating.objects.filter(user=user).values_list("movie_id", "stars"))
    by_genre: dict[str, list[int]] = defaultdict(list)
    pairs = Rating.objects.filter(user=user, movie__genres__isnull=False)
    for genre, stars in pairs.values_list("movie__genres__name", "stars"):
        by_genre[genre].append(stars)
    overall = sum(ratings.values()) / len(ratings) if ratings else 0.0
    return [
        {
            "genre": genre,
            "mean": sum(stars) / len(stars),
            "count": len(stars),
            "affinity": (sum(stars) / len(stars) - overall) * len(stars) / (len(stars) + SHRINKAGE),
        }
        for genre, stars in sorted(by_genre.items())
    ]


def _now() -> int:
    """Microseconds, as the version of a document whose data are read from now on."""
    return time.time_ns() // 1_000
