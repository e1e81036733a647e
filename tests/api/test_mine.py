"""What is mine over the API: account, ratings, watchlist, hidden films."""

from datetime import timedelta

import pytest

from accounts.models import User
from recommendations.models import HiddenMovie, Movie, Rating, WatchlistItem
from recommendations.services.account.tokens import create_token
from tests.api.problem_checks import problem

ME = "/api/v1/me/"
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def films(db):
    for number in range(1, 6):
        Movie.objects.create(movielens_id=number, title=f"Film {number}", original_title=str(number))


def signed_in(client, user):
    _token, text = create_token(user=user, name="t", scopes=("read", "write"), lifetime=timedelta(days=1))
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


@pytest.fixture
def ann(client):
    user = User.objects.create_user("ann", password=PASSWORD)
    signed_in(client, user)
    return user


def test_from_signing_up_to_a_rating(client):
    body = {"username": "ann", "password": PASSWORD, "age": 30, "gender": "F"}
    account = client.post("/api/v1/accounts/", body, format="json")
    assert account.status_code == 201
    told = account.json()
    assert [told[name] for name in ("username", "age", "gender", "occupation")] == ["ann", 30, "F", None]
    assert PASSWORD not in account.content.decode()
    wish = {"username": "ann", "password": PASSWORD, "name": "x", "scopes": ["read", "write"]}
    token = client.post("/api/v1/tokens/", wish, format="json").json()["token"]
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    assert client.put(f"{ME}ratings/3/", {"stars": 4}, format="json").status_code == 200
    assert client.get(ME).json()["counts"] == {"ratings": 1, "watchlist": 0, "hidden": 0}


@pytest.mark.parametrize(
    ("part", "field"),
    [
        ({"username": "ANN"}, "username"),
        ({"username": "a b"}, "username"),
        ({"username": "<script>"}, "username"),
        ({"password": "12345678"}, "password"),
        ({"password": "short"}, "password"),
        ({"age": 4}, "age"),
        ({"is_superuser": True}, "is_superuser"),
    ],
)
def test_signing_up_names_what_does_not_fit(client, ann, part, field):
    body = {"username": "eve", "password": PASSWORD, **part}
    client.credentials()
    response = client.post("/api/v1/accounts/", body, format="json")
    assert response.status_code == 400
    assert {error["field"] for error in problem(response)["errors"]} == {field}
    assert User.objects.count() == 1


def test_the_profile_changes_in_parts(client, ann):
    changed = client.patch(ME, {"age": 30, "occupation": "artist"}, format="json").json()
    assert (changed["age"], changed["occupation"]) == (30, "artist")
    changed = client.patch(ME, {"age": None}, format="json").json()
    assert (changed["age"], changed["occupation"]) == (None, "artist")
    assert client.patch(ME, {"username": "eve"}, format="json").status_code == 400


def test_accounts_are_seen_by_their_owner_and_by_administrators(client, ann):
    bob = User.objects.create_user("bob")
    assert client.get(f"/api/v1/accounts/{ann.pk}/").json()["username"] == "ann"
    hidden = client.get(f"/api/v1/accounts/{bob.pk}/")
    missing = client.get("/api/v1/accounts/99999999999999999999/")
    assert problem(hidden) == problem(missing)
    assert hidden.status_code == 404
    signed_in(client, User.objects.create_superuser("root"))
    assert client.get(f"/api/v1/accounts/{bob.pk}/").json()["username"] == "bob"


def test_ratings_one_by_one(client, ann):
    assert client.get(f"{ME}ratings/1/").status_code == 404
    first = client.put(f"{ME}ratings/1/", {"stars": 4}, format="json")
    again = client.put(f"{ME}ratings/1/", {"stars": 4}, format="json")
    assert first.json() == again.json()
    client.put(f"{ME}ratings/2/", {"stars": 1}, format="json")
    listed = client.get(f"{ME}ratings/").json()
    assert [(film["movie_id"], film["stars"]) for film in listed["items"]] == [(2, 1), (1, 4)]
    for _time in range(2):
        assert client.delete(f"{ME}ratings/1/").status_code == 204
    assert listed["total"] == 2
    assert Rating.objects.count() == 1


def test_what_another_tab_said_is_not_overwritten(client, ann):
    etag = client.put(f"{ME}ratings/1/", {"stars": 4}, format="json")["ETag"]
    assert client.get(f"{ME}ratings/1/", HTTP_IF_NONE_MATCH=etag).status_code == 304
    kept = client.put(f"{ME}ratings/1/", {"stars": 2}, format="json", HTTP_IF_MATCH=etag)
    assert kept.status_code == 200
    refused = client.put(f"{ME}ratings/1/", {"stars": 5}, format="json", HTTP_IF_MATCH=etag)
    assert refused.status_code == 412
    problem(refused)
    assert client.delete(f"{ME}ratings/1/", HTTP_IF_MATCH=etag).status_code == 412
    assert (
        client.put(f"{ME}ratings/1/", {"stars": 3}, format="json", HTTP_IF_NONE_MATCH="*").status_code == 412
    )
    assert Rating.objects.get().stars == 2


def test_many_ratings_all_or_none(client, ann):
    ratings = [{"movie_id": number, "stars": 5} for number in (3, 1, 2)]
    assert client.post(f"{ME}ratings/", {"ratings": ratings}, format="json").json() == {
        "added": 3,
        "changed": 0,
        "kept": 0,
    }
    listed = [film["movie_id"] for film in client.get(f"{ME}ratings/").json()["items"]]
    assert listed == [2, 1, 3]
    wrong = [{"movie_id": 4, "stars": 1}, {"movie_id": 99, "stars": 1}]
    response = client.post(f"{ME}ratings/", {"ratings": wrong}, format="json")
    assert problem(response)["errors"][0]["field"] == "ratings[1].movie_id"
    assert Rating.objects.count() == 3


def test_unchanged_ratings_are_not_sent_again(client, ann):
    etag = client.get(f"{ME}ratings/")["ETag"]
    assert client.get(f"{ME}ratings/", HTTP_IF_NONE_MATCH=etag).status_code == 304
    client.put(f"{ME}ratings/1/", {"stars": 4}, format="json")
    assert client.get(f"{ME}ratings/", HTTP_IF_NONE_MATCH=etag).status_code == 200


@pytest.mark.parametrize("kind", ["ratings", "watchlist", "hidden"])
def test_what_is_sent_twice_is_answered_alike(client, ann, kind):
    body = {"data": {"stars": 4}, "format": "json"} if kind == "ratings" else {}
    puts = [client.put(f"{ME}{kind}/1/", **body) for _time in range(2)]
    assert puts[0].status_code == puts[1].status_code
    assert puts[0].content == puts[1].content
    assert [client.delete(f"{ME}{kind}/1/").status_code for _time in range(3)] == [204] * 3
    assert client.delete(f"{ME}{kind}/99/").status_code == 404  # no film has this number


@pytest.mark.parametrize(("kind", "model"), [("watchlist", WatchlistItem), ("hidden", HiddenMovie)])
def test_marks(client, ann, kind, model):
    for number in (1, 2, 2):
        assert client.put(f"{ME}{kind}/{number}/").status_code == 204
    page = client.get(f"{ME}{kind}/", {"limit": "1"}).json()
    assert ([film["movie_id"] for film in page["items"]], page["total"]) == ([2], 2)
    following = client.get(f"{ME}{kind}/", {"limit": "1", "cursor": page["next"]}).json()
    assert ([film["movie_id"] for film in following["items"]], following["next"]) == ([1], None)
    assert client.delete(f"{ME}{kind}/1/").status_code == 204
    assert model.objects.count() == 1
    missing = client.put(f"{ME}{kind}/99/")
    assert (missing.status_code, problem(missing)["type"]) == (404, "urn:movierec:problem:unknown-film")


def test_nobody_sees_what_somebody_else_marked(client, ann):
    client.put(f"{ME}ratings/1/", {"stars": 4}, format="json")
    client.put(f"{ME}watchlist/1/")
    signed_in(client, User.objects.create_user("bob"))
    assert client.get(f"{ME}ratings/").json()["total"] == 0
    assert client.get(f"{ME}watchlist/").json()["total"] == 0
    assert client.delete(f"{ME}ratings/1/").status_code == 204
    assert Rating.objects.count() == 1


def test_few_queries(client, ann, django_assert_max_num_queries):
    ratings = [{"movie_id": number, "stars": 5} for number in (1, 2, 3, 4, 5)]
    client.post(f"{ME}ratings/", {"ratings": ratings}, format="json")
    with django_assert_max_num_queries(6):
        assert client.get(f"{ME}ratings/").json()["total"] == 5
