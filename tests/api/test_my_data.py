"""Bringing ratings in, taking everything along, and leaving, over the API."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from accounts.models import User
from recommendations.models import Import, Movie, Rating
from recommendations.services.account.tokens import create_token
from tests.api.problem_checks import problem

ME = "/api/v1/me/"
PASSWORD = "correct horse battery"
FILE = "Date,Name,Year,Letterboxd URI,Rating\n2020-01-01,Star Wars,1977,https://boxd.it/x,4.5\n"


@pytest.fixture(autouse=True)
def ann(client, db):
    Movie.objects.create(
        movielens_id=50, title="Star Wars", original_title="Star Wars (1977)", year=1977, rating_count=9
    )
    user = User.objects.create_user("ann", password=PASSWORD)
    _token, text = create_token(user=user, name="t", scopes=("read", "write"), lifetime=timedelta(days=1))
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return user


def test_a_file_is_looked_at_and_then_brought_in(client):
    seen = client.post(f"{ME}import/preview/", {"content": FILE}, format="json")
    assert seen.status_code == 200, seen.content
    assert [match["film"]["movie_id"] for match in seen.json()["sure"]] == [50]
    assert not Rating.objects.exists()
    body = {"token": seen.json()["token"]}
    assert client.post(f"{ME}import/", body, format="json").json()["added"] == 1
    assert client.post(f"{ME}import/", body, format="json").json()["kept"] == 1
    assert client.get(f"{ME}export/").json()["ratings"][0]["movie_id"] == 50


def test_what_the_stars_and_rows_of_a_file_became_is_told(client):
    text = FILE + "2020-01-01,Star Wars,1978,https://boxd.it/x,3.5\n"
    seen = client.post(f"{ME}import/preview/", {"content": text}, format="json").json()
    assert [(match["stars"], match["written"]) for match in seen["sure"]] == [(4, "4.5")]
    assert [(doubt["stars"], doubt["written"], doubt["likely"]) for doubt in seen["doubts"]] == [
        (3, "3.5", 50)
    ]
    assert seen["rounded"] == 2


def test_a_watchlist_and_films_that_were_seen_are_brought_in_as_what_they_are(client):
    content = "Date,Name,Year,Letterboxd URI\n2020-01-01,Star Wars,1977,https://boxd.it/x\n"
    body = {"content": content, "name": "watchlist.csv"}
    seen = client.post(f"{ME}import/preview/", body, format="json").json()
    assert [film["movie_id"] for film in seen["watchlist"]] == [50]
    answer = client.post(f"{ME}import/", {"token": seen["token"]}, format="json").json()
    nothing = {"added": 0, "changed": 0, "kept": 0, "seen": 0, "liked": 0, "in_lists": 0}
    assert answer == nothing | {"listed": 1, "number": Import.objects.get().pk}
    seen = client.post(f"{ME}import/preview/", {**body, "name": "watched.csv"}, format="json").json()
    assert (seen["seen"], seen["watchlist"]) == (1, [])


def test_numbers_of_another_release_are_refused_over_the_api_as_well(client):
    content = "userId,movieId,rating,timestamp\n1,50,5.0,1112486027\n"
    refused = client.post(f"{ME}import/preview/", {"content": content}, format="json")
    assert "later MovieLens release" in problem(refused)["errors"][0]["message"]


def test_a_person_may_look_at_so_many_files(client, settings):
    settings.API_THROTTLE_RATES = {"import-person": "1/hour"}
    cache.clear()
    answers = [client.post(f"{ME}import/preview/", {"content": FILE}, format="json") for _turn in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("import/preview/", {"content": "nonsense"}, "content"),
        ("import/preview/", {"content": "a\x00b"}, "content"),
        ("import/preview/", {"content": 5}, "content"),
        ("import/", {"token": "x"}, "token"),
        ("import/", {"token": "x", "decisions": {"1": "a"}}, "decisions.1"),
        ("import/", {"token": "x", "decisions": []}, "decisions"),
    ],
)
def test_what_cannot_be_read_is_named(client, path, body, field):
    response = client.post(f"{ME}{path}", body, format="json")
    assert response.status_code == 400
    assert [error["field"] for error in problem(response)["errors"]] == [field]


def test_leaving_takes_the_password(client, ann):
    refused = client.post(f"{ME}delete/", {"password": "wrong"}, format="json")
    assert refused.status_code == 403
    assert client.post(f"{ME}delete/", {"password": PASSWORD}, format="json").status_code == 204
    assert not User.objects.filter(pk=ann.pk).exists()
    assert client.get(ME).status_code == 401
