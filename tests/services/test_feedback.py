"""Ratings, hidden films and the watchlist in the database; two tabs at once; errors that name what was wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from celery import current_app

from accounts.models import User
from recommendations.models import HiddenMovie, Movie, Rating, StaleProfile, WatchlistItem
from recommendations.selectors.lists.person import UnknownFilmError
from recommendations.services import profiles
from recommendations.services.feedback import (
    InvalidStarsError,
    add_to_watchlist,
    forget_taste,
    hide_movie,
    rate_movie,
    remove_from_watchlist,
    remove_rating,
    unhide_movie,
)

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def ann(db) -> User:
    for number in (50, 181):
        Movie.objects.create(movielens_id=number, title=f"Film {number}", original_title=f"Film {number}")
    return User.objects.create(username="ann")


def stars_of(user: User) -> list[tuple[int, int]]:
    return list(
        Rating.objects.filter(user=user)
        .order_by("rated_at", "pk")
        .values_list("movie__movielens_id", "stars")
    )


def test_a_rating_is_kept_replaced_and_removed(ann):
    assert rate_movie(user=ann, movie_id=50, stars=4).stars == 4
    rate_movie(user=ann, movie_id=181, stars=2)
    assert stars_of(ann) == [(50, 4), (181, 2)]
    # Other stars count as of now: the film goes to the end of the history.
    assert rate_movie(user=ann, movie_id=50, stars=1).stars == 1
    assert stars_of(ann) == [(181, 2), (50, 1)]
    assert remove_rating(user=ann, movie_id=181) is True
    assert remove_rating(user=ann, movie_id=181) is False
    assert stars_of(ann) == [(50, 1)]


def test_the_same_stars_again_change_nothing(ann, django_capture_on_commit_callbacks):
    first = rate_movie(user=ann, movie_id=50, stars=4)
    with django_capture_on_commit_callbacks() as callbacks:
        again = rate_movie(user=ann, movie_id=50, stars=4)
    assert (again.pk, again.rated_at) == (first.pk, first.rated_at)
    assert callbacks == []


def test_people_do_not_rate_for_each_other(ann):
    bob = User.objects.create(username="bob")
    rate_movie(user=ann, movie_id=50, stars=4)
    rate_movie(user=bob, movie_id=50, stars=1)
    assert remove_rating(user=bob, movie_id=50) is True
    assert stars_of(ann) == [(50, 4)]


@pytest.mark.parametrize("stars", [0, 6, -1, 3.5, "4", None, True, float("nan")])
def test_other_stars_are_refused(ann, stars):
    with pytest.raises(InvalidStarsError, match="expected a whole number from 1 to 5"):
        rate_movie(user=ann, movie_id=50, stars=stars)
    assert stars_of(ann) == []


@pytest.mark.parametrize(
    "act",
    [
        remove_rating,
        hide_movie,
        unhide_movie,
        add_to_watchlist,
        remove_from_watchlist,
        lambda user, movie_id: rate_movie(user=user, movie_id=movie_id, stars=3),
    ],
)
def test_a_film_that_does_not_exist_is_told(ann, act):
    with pytest.raises(UnknownFilmError, match="There is no film with the number 9999"):
        act(user=ann, movie_id=9999)


@pytest.mark.parametrize(
    ("put", "take", "model"),
    [(hide_movie, unhide_movie, HiddenMovie), (add_to_watchlist, remove_from_watchlist, WatchlistItem)],
)
def test_marks_are_set_and_taken_back_as_often_as_wanted(ann, put, take, model):
    assert put(user=ann, movie_id=50).pk == put(user=ann, movie_id=50).pk
    assert model.objects.count() == 1
    assert take(user=ann, movie_id=50) is True
    assert take(user=ann, movie_id=50) is False
    assert model.objects.count() == 0


def test_a_change_marks_the_document_and_what_changes_no_taste_does_not(ann):
    def marked() -> list[int]:
        found = list(StaleProfile.objects.values_list("user_id", flat=True))
        StaleProfile.objects.all().delete()
        return found

    rate_movie(user=ann, movie_id=50, stars=4)
    assert marked() == [ann.pk]
    rate_movie(user=ann, movie_id=50, stars=4)
    assert marked() == []
    remove_rating(user=ann, movie_id=50)
    assert marked() == [ann.pk]
    remove_rating(user=ann, movie_id=50)
    hide_movie(user=ann, movie_id=50)
    assert marked() == []
    forget_taste(user=ann)
    assert marked() == [ann.pk]


@pytest.mark.django_db(transaction=True)
def test_neither_elasticsearch_nor_the_broker_is_asked_for_a_rating(ann, monkeypatch, settings):
    def broken(*given, **named):
        raise RuntimeError("a fault nobody foresaw")

    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    monkeypatch.setattr(profiles, "get_client", broken)
    monkeypatch.setattr(current_app, "send_task", broken)
    assert rate_movie(user=ann, movie_id=50, stars=4).stars == 4
    assert stars_of(ann) == [(50, 4)]
    assert StaleProfile.objects.get().user == ann


TWO_TABS = """
import json, threading
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from accounts.models import User
from recommendations.models import HiddenMovie, Movie, Rating, WatchlistItem
from recommendations.services import feedback

call_command("migrate", verbosity=0)
user = User.objects.create(username="ann")
for number in range(1, 4):
    Movie.objects.create(movielens_id=number, title=str(number), original_title=str(number))
begin, errors, tabs = threading.Barrier(4), [], []

def tab(place):
    begin.wait(30)
    try:
        for turn in range(15):
            film = 1 + turn % 3
            feedback.rate_movie(user=user, movie_id=film, stars=1 + (turn + place) % 5)
            feedback.hide_movie(user=user, movie_id=film)
            feedback.add_to_watchlist(user=user, movie_id=film)
            if turn % 5 == place:
                feedback.remove_rating(user=user, movie_id=film)
                feedback.unhide_movie(user=user, movie_id=film)
        feedback.rate_movie(user=user, movie_id=1, stars=1 + place)
    except BaseException as error:
        errors.append(repr(error))
        raise
    finally:
        connection.close()

for place in range(4):
    tabs.append(threading.Thread(target=tab, args=(place,)))
for thread in tabs:
    thread.start()
for thread in tabs:
    thread.join(120)
print(json.dumps({
    "errors": errors,
    "ratings": list(Rating.objects.filter(movie__movielens_id=1).values_list("stars", flat=True)),
    "most": [
        max(model.objects.filter(movie__movielens_id=number).count() for number in (1, 2, 3))
        for model in (Rating, HiddenMovie, WatchlistItem)
    ],
}))
"""


def test_two_tabs_at_once_never_fail_and_leave_one_rating(tmp_path):
    """Threads on the demo's own database settings, in a process of their own."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "movierec_site.settings.demo",
        "MOVIEREC_HOME": str(tmp_path),
        "ELASTICSEARCH_URL": "",
    }
    ended = subprocess.run(
        [sys.executable, "-c", TWO_TABS],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    outcome = json.loads(ended.stdout.splitlines()[-1])
    assert outcome["errors"] == []
    assert outcome["most"] == [1, 1, 1]
    assert len(outcome["ratings"]) == 1
    assert outcome["ratings"][0] in (1, 2, 3, 4)
