"""Keeps the ``user_profiles`` documents of people with an account the same as the database.

The database is the source of truth and lists are made from it, so nobody waits for a document: whatever changes one
marks the person in the same transaction, and the worker writes it within seconds.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.utils import timezone

from accounts.models import User
from recommendations.models import Rating, StaleProfile
from recommendations.ranking.taste import shrunken
from recommendations.search.breaker import CircuitOpenError, profile_breaker
from recommendations.search.client import get_client
from recommendations.search.connection import SearchError
from recommendations.search.documents import profile_document
from recommendations.search.profiles import (
    delete_profiles,
    site_profile_ids,
    site_user_id,
    write_profiles,
)
from recommendations.selectors.lists.champion import Champion
from recommendations.selectors.lists.person import Mark, RecommendationError
from recommendations.selectors.lists.world import look_at, require_champion
from recommendations.selectors.viewers import person_of_user

# Documents in one request to Elasticsearch, and rows in one statement.
AT_ONCE = 200
logger = logging.getLogger(__name__)


def mark_profile_stale(*, user_id: int) -> None:
    """Have the person's document written anew; called in the transaction that changes what it is made from.

    One row, however often it is marked before the worker comes. Neither Elasticsearch nor the broker is asked.
    """
    _mark([user_id])


def mark_all_profiles_stale() -> int:
    """The same for everybody who has rated something, when other indices become live; returns how many there are."""
    return _mark(Rating.objects.order_by("user_id").values_list("user_id", flat=True).distinct())


def _mark(user_ids: Iterable[int]) -> int:
    now = timezone.now()
    rows = StaleProfile.objects.bulk_create(
        [StaleProfile(user_id=user_id, changed_at=now) for user_id in user_ids],
        update_conflicts=True,
        unique_fields=["user"],
        update_fields=["changed_at"],
        batch_size=AT_ONCE,
    )
    return len(rows)


def write_stale_profiles() -> int:
    """Write the documents of everybody who is marked by now; returns how many were written.

    Called by the worker every few seconds, so that several ratings of a person cost one write. Never raises because of
    Elasticsearch or a missing model: whoever could not be written stays marked for the next time.
    """
    written, begun = 0, timezone.now()
    try:
        while True:
            rows = StaleProfile.objects.filter(changed_at__lte=begun).order_by("changed_at", "user_id")
            marked = dict(rows.values_list("user_id", "changed_at")[:AT_ONCE])
            if not marked:
                return written
            documents = list(_documents(require_champion(), User.objects.filter(pk__in=marked)))
            written += profile_breaker().call(partial(write_profiles, get_client(), documents))
            for user_id, changed_at in marked.items():
                # Whoever has been marked again meanwhile stays marked.
                StaleProfile.objects.filter(user=user_id, changed_at=changed_at).delete()
    except CircuitOpenError:
        return written  # its reason is in the log already
    except (SearchError, RecommendationError) as error:
        logger.warning("Profiles of people with an account are not up to date in Elasticsearch: %s", error)
        return written


def remove_profile(*, user_id: int) -> bool:
    """Delete the document of an account that is gone; returns whether Elasticsearch did.

    Never raises because of Elasticsearch: :func:`remove_orphaned_profiles` takes what had to stay.
    """
    try:
        profile_breaker().call(lambda: delete_profiles(get_client(), [site_user_id(user_id)], version=_now()))
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


def _documents(champion: Champion, users: Iterable[User]) -> Iterator[tuple[int, dict[str, Any]]]:
    for user in users:
        # Before the ratings are read: a rating that comes in between is written with a higher version.
        version = _now()
        yield version, site_profile(champion, user)


def site_profile(champion: Champion, user: User) -> dict[str, Any]:
    """The document of a person with an account, folded in from what the database knows now."""
    person = person_of_user(user=user)
    look = look_at(person, champion=champion)
    # Marks are no ratings, and a film of a picked taste has not been seen.
    stars = [rating.stars for rating in person.ratings if rating.mark is None]
    return profile_document(
        user_id=site_user_id(user.pk),
        demographics=look.demographics,
        taste=look.taste,
        seen=[rating.movie_id for rating in person.ratings if rating.mark is not Mark.TASTE],
        mean_stars=sum(stars) / len(stars) if stars else None,
        genres=_genre_profile(user),
        updated_at=datetime.now(UTC),
        is_site_user=True,
    )


def _genre_profile(user: User) -> list[dict[str, Any]]:
    """Mean, count and shrunken affinity per genre, defined as for MovieLens people."""
    ratings = dict(Rating.objects.filter(user=user).values_list("movie_id", "stars"))
    by_genre: dict[str, list[float]] = defaultdict(list)
    pairs = Rating.objects.filter(user=user, movie__genres__isnull=False)
    for genre, stars in pairs.values_list("movie__genres__name", "stars"):
        by_genre[genre].append(stars)
    overall = sum(ratings.values()) / len(ratings) if ratings else 0.0
    return [
        {
            "genre": genre,
            "mean": sum(stars) / len(stars),
            "count": len(stars),
            "affinity": shrunken(sum(stars) / len(stars) - overall, len(stars)),
        }
        for genre, stars in sorted(by_genre.items())
    ]


def _now() -> int:
    """Microseconds, as the version of a document whose data are read from now on."""
    return time.time_ns() // 1_000
