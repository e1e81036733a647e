"""The ``user_profiles`` documents of people with an account follow their ratings, and are written anew with an index."""

from __future__ import annotations

import time
from collections.abc import Iterator
from uuid import uuid4

import numpy as np
import pytest

from accounts.models import User
from recommendations.models import ModelVersion, Movie
from recommendations.search.client import get_client
from recommendations.search.index_lifecycle import IndexNames, delete_indices, live_indices, swap_aliases
from recommendations.search.profiles import write_profiles
from recommendations.selectors.lists.champion import current_champion
from recommendations.selectors.lists.recommendations import recommendations_for
from recommendations.selectors.lists.world import look_at
from recommendations.selectors.viewers import person_of_user
from recommendations.services.account.deletion import delete_account
from recommendations.services.feedback import rate_movie, remove_rating
from recommendations.services.profiles import (
    mark_all_profiles_stale,
    mark_profile_stale,
    remove_orphaned_profiles,
    site_profile,
    write_stale_profiles,
)
from recommendations.services.registry.publishing import promote_model
from tests.search.indices import build_indices, client_of, new_label
from tests.trained_home import TrainedHome

pytestmark = [pytest.mark.spark, pytest.mark.elasticsearch]


@pytest.fixture
def ann(trained: TrainedHome) -> Iterator[User]:
    """A number that no other test has had: the shared index remembers versions even of deleted documents."""
    number = uuid4().int % 1_000_000_000
    yield User.objects.create(pk=number, username="ann", age=30, gender="F", occupation="artist")
    with client_of(trained.elasticsearch_url) as client:
        client.options(ignore_status=404).delete(index="user_profiles", id=f"site-{number}", refresh=True)


def document(user: User) -> dict | None:
    answer = get_client().options(ignore_status=404).get(index="user_profiles", id=f"site-{user.pk}")
    return answer["_source"] if answer["found"] else None


def test_each_change_is_in_the_document_and_in_the_next_list(ann):
    before = recommendations_for(look_at(person_of_user(user=ann)), k=20)
    first, second = (item.movie_id for item in before.items[:2])
    rate_movie(user=ann, movie_id=first, stars=5)
    write_stale_profiles()
    one = document(ann)
    assert (one["user_id"], one["is_site_user"]) == (f"site-{ann.pk}", True)
    assert (one["age"], one["gender"], one["occupation"]) == (30, "F", "artist")
    assert (one["seen"], one["rating_count"], one["mean_stars"]) == ([first], 1, 5.0)
    after = recommendations_for(look_at(person_of_user(user=ann)), k=20)
    assert [item.movie_id for item in after.items] != [item.movie_id for item in before.items]
    assert first not in {item.movie_id for item in after.items}

    rate_movie(user=ann, movie_id=second, stars=1)
    write_stale_profiles()
    two = document(ann)
    assert two["seen"] == [first, second]
    assert two["taste"] != one["taste"]
    person = person_of_user(user=ann)
    taste = look_at(person, champion=current_champion()).taste
    assert np.allclose(two["taste"], taste.vector, atol=1e-5)
    genres = {genre["genre"]: genre for genre in two["genres"]}
    loved = Movie.objects.get(movielens_id=first)
    disliked = set(Movie.objects.get(movielens_id=second).genres.values_list("name", flat=True))
    for genre in loved.genres.values_list("name", flat=True):
        if genre not in disliked:
            assert genres[genre] == {
                "genre": genre,
                "mean": 5.0,
                "count": 1,
                "affinity": pytest.approx(1 / 3),
            }

    remove_rating(user=ann, movie_id=first)
    remove_rating(user=ann, movie_id=second)
    write_stale_profiles()
    empty = document(ann)
    assert (empty["seen"], empty["rating_count"], empty["mean_stars"], empty["genres"]) == ([], 0, None, [])
    again = recommendations_for(look_at(person_of_user(user=ann)), k=20)
    assert [item.movie_id for item in again.items] == [item.movie_id for item in before.items]


def test_without_elasticsearch_the_rating_is_kept_and_the_next_time_repairs(ann, settings, caplog):
    rate_movie(user=ann, movie_id=3, stars=5)
    write_stale_profiles()
    url, settings.ELASTICSEARCH_URL = settings.ELASTICSEARCH_URL, "http://127.0.0.1:9"
    rate_movie(user=ann, movie_id=5, stars=2)
    assert write_stale_profiles() == 0
    assert "are not up to date in Elasticsearch" in caplog.text
    settings.ELASTICSEARCH_URL = url
    assert document(ann)["seen"] == [3]
    assert write_stale_profiles() == 1
    assert document(ann)["seen"] == [3, 5]
    rate_movie(user=ann, movie_id=6, stars=4)
    write_stale_profiles()
    assert document(ann)["seen"] == [3, 5, 6]


def test_of_two_writers_the_one_with_newer_data_wins(ann):
    champion, client = current_champion(), get_client()
    newer = {**site_profile(champion, ann), "seen": [7]}
    older = {**newer, "seen": [8]}
    assert write_profiles(client, [(2_000, newer)]) == 1
    assert write_profiles(client, [(1_999, older)]) == 0
    assert document(ann)["seen"] == [7]


def test_a_missing_index_does_not_come_into_being_by_a_profile(ann, caplog):
    client = get_client()
    index = live_indices(client)["user_profiles"]
    client.indices.delete_alias(index=index, name="user_profiles")
    try:
        mark_profile_stale(user_id=ann.pk)
        assert write_stale_profiles() == 0
        assert "are not up to date in Elasticsearch" in caplog.text
        assert not client.indices.exists(index="user_profiles")
    finally:
        client.indices.put_alias(index=index, name="user_profiles")


def test_new_indices_get_the_profiles_of_accounts(ann, trained):
    rate_movie(user=ann, movie_id=3, stars=5)
    User.objects.create(username="silent")
    assert write_stale_profiles() == 1
    champion, label = current_champion(), new_label()
    with client_of(trained.elasticsearch_url) as client:
        build_indices(client, label, champion.artefact, champion.people)
    version = ModelVersion.objects.get(state="champion")
    version.index_label = label
    try:
        promote_model(version=version, by=None, reason="indices rebuilt")
        assert document(ann) is None
        assert write_stale_profiles() == 1
        assert live_indices(get_client())["user_profiles"] == IndexNames.of(label).user_profiles
        assert document(ann)["seen"] == [3]
    finally:
        with client_of(trained.elasticsearch_url) as client:
            swap_aliases(client, trained.result.version)
            delete_indices(client, [label])


def test_writing_them_all_leaves_out_who_rated_nothing_and_survives_elasticsearch(ann, settings, caplog):
    assert mark_all_profiles_stale() == 0
    User.objects.create(username="silent")
    rate_movie(user=ann, movie_id=3, stars=5)
    assert mark_all_profiles_stale() == 1
    url, settings.ELASTICSEARCH_URL = settings.ELASTICSEARCH_URL, "http://127.0.0.1:9"
    assert write_stale_profiles() == 0
    assert "are not up to date in Elasticsearch" in caplog.text
    settings.ELASTICSEARCH_URL = url
    assert write_stale_profiles() == 1


def test_the_document_of_a_deleted_account_goes_and_no_late_writer_brings_it_back(
    ann, django_capture_on_commit_callbacks
):
    rate_movie(user=ann, movie_id=3, stars=5)
    write_stale_profiles()
    late = site_profile(current_champion(), ann)
    version = time.time_ns() // 1_000
    with django_capture_on_commit_callbacks(execute=True):
        delete_account(user=ann)
    assert not get_client().exists(index="user_profiles", id=late["user_id"])
    assert write_profiles(get_client(), [(version, late)]) == 0
    assert not get_client().exists(index="user_profiles", id=late["user_id"])


def test_a_deletion_while_elasticsearch_is_away_is_made_up_for(
    ann, settings, caplog, django_capture_on_commit_callbacks
):
    rate_movie(user=ann, movie_id=3, stars=5)
    write_stale_profiles()
    name = document(ann)["user_id"]
    url, settings.ELASTICSEARCH_URL = settings.ELASTICSEARCH_URL, "http://127.0.0.1:9"
    with django_capture_on_commit_callbacks(execute=True):
        delete_account(user=ann)
    assert "is still in Elasticsearch" in caplog.text
    assert remove_orphaned_profiles() == 0
    settings.ELASTICSEARCH_URL = url
    eve = User.objects.create(username="eve")
    rate_movie(user=eve, movie_id=3, stars=5)
    write_stale_profiles()
    get_client().indices.refresh(index="user_profiles")
    assert remove_orphaned_profiles() >= 1
    assert not get_client().exists(index="user_profiles", id=name)
    assert document(eve)["seen"] == [3]
    with django_capture_on_commit_callbacks(execute=True):
        delete_account(user=eve)
