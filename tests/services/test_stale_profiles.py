"""Profiles that wait for the worker: one write for many ratings, nothing forgotten, and a breaker of their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from celery import current_app
from django.conf import settings as site_settings

from accounts.models import User
from recommendations import tasks
from recommendations.models import ModelVersion, Movie, StaleProfile
from recommendations.search.breaker import profile_breaker, search_breaker
from recommendations.search.connection import SearchError
from recommendations.services import profiles
from recommendations.services.account.deletion import delete_account
from recommendations.services.feedback import rate_movie
from recommendations.services.profiles import mark_profile_stale, write_stale_profiles
from tests.selectors.versions import registered

pytestmark = pytest.mark.django_db


class Index:
    """Stands for Elasticsearch: takes bulks of documents, or refuses them as a full disk does."""

    def __init__(self) -> None:
        self.bulks: list[list[dict[str, Any]]] = []
        self.refuses = False
        self.meanwhile = lambda: None

    def write(self, client: object, documents: Iterable[tuple[int, dict[str, Any]]]) -> int:
        found = [document for _version, document in documents]
        self.bulks.append(found)
        self.meanwhile()
        if self.refuses:
            raise SearchError("user_profiles refused a profile: index read-only / allow delete")
        return len(found)


@pytest.fixture(autouse=True)
def index(settings, tmp_path, monkeypatch) -> Index:
    settings.MOVIEREC_HOME = tmp_path
    registered(tmp_path, 0, "champion")
    Movie.objects.bulk_create(
        Movie(movielens_id=number, title=f"Film {number}", original_title=str(number))
        for number in range(1, 20)
    )
    index = Index()
    monkeypatch.setattr(profiles, "get_client", lambda: None)
    monkeypatch.setattr(profiles, "write_profiles", index.write)
    return index


@pytest.fixture
def ann() -> User:
    return User.objects.create(username="ann")


def test_several_ratings_of_a_person_are_one_write(index, ann, django_assert_num_queries):
    for number in (3, 5, 7, 9):
        rate_movie(user=ann, movie_id=number, stars=4)
    assert index.bulks == []
    assert write_stale_profiles() == 1
    [[document]] = index.bulks
    assert document["seen"] == [3, 5, 7, 9]
    with django_assert_num_queries(1):
        assert write_stale_profiles() == 0
    assert len(index.bulks) == 1


def test_the_schedule_runs_it_in_the_worker_every_few_seconds(index, ann):
    entry = site_settings.CELERY_BEAT_SCHEDULE["write profiles"]
    assert current_app.tasks[entry["task"]] is tasks.write_profiles._get_current_object()
    assert 1 <= entry["schedule"] <= 15
    rate_movie(user=ann, movie_id=3, stars=4)
    current_app.tasks[entry["task"]]()
    assert [document["user_id"] for [document] in index.bulks] == [f"site-{ann.pk}"]


def test_who_rates_while_being_written_is_written_again(index, ann):
    rate_movie(user=ann, movie_id=3, stars=4)
    index.meanwhile = lambda: rate_movie(user=ann, movie_id=5, stars=4)
    assert write_stale_profiles() == 1
    index.meanwhile = lambda: None
    assert StaleProfile.objects.filter(user=ann).exists()
    assert write_stale_profiles() == 1
    assert [document["seen"] for [document] in index.bulks] == [[3], [3, 5]]
    assert not StaleProfile.objects.exists()


def test_many_people_are_written_in_several_bulks(index, monkeypatch):
    monkeypatch.setattr(profiles, "AT_ONCE", 2)
    people = [User.objects.create(username=f"person {number}") for number in range(5)]
    for person in people:
        mark_profile_stale(user_id=person.pk)
    assert write_stale_profiles() == 5
    assert [len(bulk) for bulk in index.bulks] == [2, 2, 1]


def test_refused_writes_open_a_breaker_of_their_own_and_stay_marked(index, ann, settings, caplog):
    settings.ELASTICSEARCH_BREAKER_SECONDS = 60.0
    index.refuses = True
    rate_movie(user=ann, movie_id=3, stars=4)
    for _time in range(5):
        assert write_stale_profiles() == 0
    assert len(index.bulks) == settings.ELASTICSEARCH_BREAKER_FAILURES == 3
    assert (profile_breaker().state, search_breaker().state) == ("open", "closed")
    assert caplog.text.count("are not up to date in Elasticsearch") == 3
    index.refuses = False
    settings.ELASTICSEARCH_BREAKER_SECONDS = 0.0  # another breaker, closed
    assert write_stale_profiles() == 1
    assert not StaleProfile.objects.exists()


def test_a_refused_deletion_of_a_profile_does_not_count_against_reading(
    ann, monkeypatch, django_capture_on_commit_callbacks
):
    def refuse(*given: object, **named: object) -> int:
        raise SearchError("user_profiles kept a profile")

    monkeypatch.setattr(profiles, "delete_profiles", refuse)
    mark_profile_stale(user_id=ann.pk)
    for user in (ann, User.objects.create(username="eve"), User.objects.create(username="joe")):
        with django_capture_on_commit_callbacks(execute=True):
            delete_account(user=user)
    assert (profile_breaker().state, search_breaker().state) == ("open", "closed")
    assert not StaleProfile.objects.exists()


def test_without_a_model_everybody_stays_marked(index, ann):
    ModelVersion.objects.update(state="candidate")
    rate_movie(user=ann, movie_id=3, stars=4)
    assert write_stale_profiles() == 0
    assert index.bulks == []
    ModelVersion.objects.update(state="champion")
    assert write_stale_profiles() == 1
