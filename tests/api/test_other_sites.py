"""Other sites' people: made, rated for, ranked for and deleted by keys of their own."""

import pytest

from accounts.models import ApiToken, Service, User
from recommendations.models import Movie, Rating, ServiceMark, ServicePerson, ServiceRating
from recommendations.selectors.lists.champion import current_champion
from tests.api.other_sites import a_model_and_films, operator, send_lines, shop
from tests.api.problem_checks import problem

pytestmark = pytest.mark.django_db
PEOPLE = "/api/v1/people/"


@pytest.fixture
def olga():
    return operator()


@pytest.fixture
def own(olga):
    return shop(olga)


@pytest.fixture
def films(settings, tmp_path):
    return a_model_and_films(settings, tmp_path)


def put(client, key, **told):
    return client.put(f"{PEOPLE}{key}/", told, format="json")


def test_somebody_is_made_changed_read_and_deleted(own):
    made = put(own, "customer-7", age=30, gender="F")
    assert made.status_code == 201
    assert made.json()["age"] == 30
    changed = put(own, "customer-7", occupation="artist")
    assert changed.status_code == 200
    read = own.get(f"{PEOPLE}customer-7/").json()
    # What is left out is unknown from now on.
    assert (read["age"], read["gender"], read["occupation"]) == (None, None, "artist")
    assert read["counts"] == {"ratings": 0, "seen": 0, "hide": 0, "watchlist": 0}
    assert own.delete(f"{PEOPLE}customer-7/").status_code == 204
    for again in (own.get, own.delete):
        response = again(f"{PEOPLE}customer-7/")
        assert response.status_code == 404
        problem(response)
    assert not ServicePerson.objects.exists()


@pytest.mark.parametrize("key", ["1", "ann@example.org", "auth0|5f", "Zoë", "a b", "x" * 128])
def test_keys_are_the_sites_own(own, key):
    assert put(own, key).status_code == 201
    assert own.get(f"{PEOPLE}{key}/").json()["key"] == key


@pytest.mark.parametrize("key", ["x" * 129, "a%00b", "a%0Ab"])
def test_keys_that_do_not_fit(own, key):
    response = put(own, key)
    assert response.status_code == 400
    assert "key" in problem(response)["detail"]
    assert not ServicePerson.objects.exists()


def test_a_key_that_looks_like_an_account_number_is_nobodys_account(own, films, client):
    ann = User.objects.create_user("ann", age=40)
    Rating.objects.create(
        user=ann, movie=Movie.objects.get(movielens_id=3), stars=5, rated_at="2026-01-01T00:00Z"
    )
    assert own.get(f"{PEOPLE}{ann.pk}/").status_code == 404
    assert put(own, str(ann.pk), age=20).status_code == 201
    assert send_lines(own, "ratings", [{"person": str(ann.pk), "movie_id": 3, "stars": 1}]).status_code == 200
    assert own.delete(f"{PEOPLE}{ann.pk}/").status_code == 204
    ann.refresh_from_db()
    assert ann.age == 40
    assert list(ann.rating_set.values_list("stars", flat=True)) == [5]


def test_the_people_of_two_sites_never_mix(olga, own, films):
    other, foreign = shop(olga, "another shop"), shop(operator("otto"), "shop")
    assert put(own, "7", age=30).status_code == 201
    send_lines(own, "ratings", [{"person": "7", "movie_id": 3, "stars": 5}])
    for stranger in (other, foreign):
        assert stranger.get(f"{PEOPLE}7/").status_code == 404
        assert stranger.delete(f"{PEOPLE}7/").status_code == 404
        assert put(stranger, "7", age=50).status_code == 201
        assert stranger.get(f"{PEOPLE}7/").json()["counts"]["ratings"] == 0
    assert own.get(f"{PEOPLE}7/").json()["age"] == 30


def test_a_new_token_of_the_same_site_finds_the_same_people(olga, own):
    put(own, "7", age=30)
    ApiToken.objects.all().delete()
    assert shop(olga).get(f"{PEOPLE}7/").json()["age"] == 30
    assert Service.objects.count() == 1


def test_reading_is_a_scope_and_writing_is_another(olga, own):
    put(own, "7")
    reader, writer = shop(olga, scopes=["people:read"]), shop(olga, scopes=["people:write"])
    assert reader.get(f"{PEOPLE}7/").status_code == 200
    assert writer.get(f"{PEOPLE}7/").status_code == 403
    assert put(reader, "8").status_code == 403
    assert put(writer, "8").status_code == 201
    # And neither opens the account of whoever made the token.
    assert reader.get("/api/v1/me/").status_code == 403


def test_only_operators_make_such_tokens_and_they_end_with_the_role(olga, own, client):
    User.objects.create_user("ann", password="a long sentence of ann")
    told = {
        "username": "ann",
        "password": "a long sentence of ann",
        "name": "shop",
        "scopes": ["people:read"],
    }
    refused = client.post("/api/v1/tokens/", told, format="json")
    assert refused.status_code == 400
    assert "operators" in problem(refused)["detail"]
    put(own, "7")
    olga.groups.clear()
    assert own.get(f"{PEOPLE}7/").status_code == 403


def test_the_token_names_its_site(client):
    user = operator()
    user.set_password("a long sentence of olga")
    user.save()
    told = {"username": "olga", "password": "a long sentence of olga", "name": "a", "service": "shop"}
    made = client.post("/api/v1/tokens/", {**told, "scopes": ["people:read"]}, format="json")
    assert made.json()["service"] == "shop"
    assert client.post("/api/v1/tokens/", told, format="json").json()["service"] is None


def test_many_people_each_line_by_itself(own):
    lines = [
        {"key": "a", "age": 30},
        {"key": "b", "age": 3},
        "",
        {"key": "c", "gender": "x"},
        {"key": "d", "name": "Dora"},
        "{not json",
        "[1]",
        {"age": 5},
        '{"key": "e", "age": NaN}',
        {"key": "a", "occupation": "artist"},
    ]
    report = send_lines(own, "people", lines).json()
    assert (report["accepted"], report["refused"]) == (2, 7)
    assert [error["line"] for error in report["errors"]] == [2, 4, 5, 6, 7, 8, 9]
    assert "from 5 to 110" in report["errors"][0]["message"]
    assert "'name'" in report["errors"][2]["message"]
    a = ServicePerson.objects.get()
    assert (a.key, a.age, a.occupation) == ("a", None, "artist")


def test_ratings_are_replaced_and_taken_back(own, films):
    lines = [
        {"person": "a", "movie_id": 3, "stars": 2},
        {"person": "a", "movie_id": 3, "stars": 5, "rated_at": "2020-05-01T10:00:00+02:00"},
        {"person": "a", "movie_id": 5, "stars": 4, "rated_at": 1577836800},
        {"person": "b", "movie_id": 5, "stars": 1},
        {"person": "b", "movie_id": 4, "stars": 1},
        {"person": "b", "movie_id": 5, "stars": 6},
        {"person": "b", "movie_id": 5, "stars": True},
        {"person": "b", "movie_id": 5, "stars": 3, "rated_at": "2999-01-01T00:00:00Z"},
        {"person": "b", "movie_id": 5, "stars": 3, "rated_at": "yesterday"},
        {"person": "b/c", "movie_id": 5, "stars": 3},
        {"movie_id": 5, "stars": 3},
    ]
    report = send_lines(own, "ratings", lines).json()
    assert (report["accepted"], report["refused"]) == (4, 7)
    assert [error["line"] for error in report["errors"]] == [5, 6, 7, 8, 9, 10, 11]
    assert "future" in report["errors"][3]["message"]

    def kept():
        rows = ServiceRating.objects.order_by("person__key", "movie")
        return list(rows.values_list("person__key", "movie__movielens_id", "stars"))

    assert kept() == [("a", 3, 5.0), ("a", 5, 4.0), ("b", 5, 1.0)]
    assert (
        ServiceRating.objects.get(movie__movielens_id=3).rated_at.isoformat() == "2020-05-01T08:00:00+00:00"
    )
    send_lines(own, "ratings", lines[:4])
    assert len(kept()) == 3
    send_lines(own, "ratings", [{"person": "a", "movie_id": 3, "stars": None}])
    assert kept() == [("a", 5, 4.0), ("b", 5, 1.0)]
    own.delete(f"{PEOPLE}a/")
    assert kept() == [("b", 5, 1.0)]


def test_bodies_have_bounds(own):
    long = own.post("/api/v1/bulk/people/", b" " * 10_000_000, content_type="application/x-ndjson")
    assert long.status_code == 413
    many = own.post("/api/v1/bulk/people/", b"\n" * 50_002, content_type="application/x-ndjson")
    assert many.status_code == 400
    assert "50000 lines" in problem(many)["detail"]
    assert own.post("/api/v1/bulk/people/", {"key": "a"}, format="json").status_code == 415


def test_a_list_follows_what_was_rated(own, films):
    put(own, "a")
    before = own.get(f"{PEOPLE}a/recommendations/", {"k": 100}).json()
    assert {item["movie_id"] for item in before["items"]} == set(films)
    first = before["items"][0]["movie_id"]
    send_lines(own, "ratings", [{"person": "a", "movie_id": first, "stars": 1}])
    hidden = before["items"][1]["movie_id"]
    person = ServicePerson.objects.get()
    for kind, number in (("hide", hidden), ("watchlist", before["items"][2]["movie_id"])):
        ServiceMark.objects.create(person=person, movie=Movie.objects.get(movielens_id=number), kind=kind)
    after = own.get(f"{PEOPLE}a/recommendations/", {"k": 100}).json()
    assert {item["movie_id"] for item in after["items"]} == set(films) - {first, hidden}
    assert [item["score"] for item in after["items"]] != [item["score"] for item in before["items"]][2:]


def numbers(response):
    assert response.status_code == 200, response.content
    return [item["movie_id"] for item in response.json()["items"]]


def test_filter_exclude_and_include(own, films):
    put(own, "a")
    address = f"{PEOPLE}a/recommendations/"
    ordered = numbers(own.get(address, {"k": 100}))

    artefact = current_champion().artefact
    comedies = [n for n in ordered if artefact.having("genres", "Comedy")[artefact.positions[n]]]
    assert 0 < len(comedies) < len(ordered)
    assert numbers(own.get(address, {"k": 100, "filter": "Comedy"})) == comedies
    chosen = ordered[5:9]
    assert numbers(own.get(address, {"include": ",".join(map(str, chosen))})) == chosen
    assert numbers(own.get(address, {"include": "2,4"})) == []
    query = {"include": ",".join(map(str, chosen)), "exclude": str(chosen[1])}
    assert numbers(own.get(address, query)) == [chosen[0], *chosen[2:]]
    body = {"include": chosen, "exclude": [chosen[0]], "filter": ["Comedy"], "k": 3}
    assert numbers(own.post(address, body, format="json")) == [n for n in chosen[1:] if n in comedies]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"filter": "Cooking"}, "Cooking"),
        ({"include": "1,,2"}, "include"),
        ({"exclude": "one"}, "exclude"),
        ({"exclude": "0"}, "exclude"),
        ({"k": "0"}, "k is '0'"),
    ],
)
def test_wishes_that_do_not_fit(own, films, query, said):
    put(own, "a")
    response = own.get(f"{PEOPLE}a/recommendations/", query)
    assert response.status_code == 400
    assert said in problem(response)["detail"]


def test_nobody_has_no_list(own, films):
    assert own.get(f"{PEOPLE}a/recommendations/").status_code == 404


def test_each_token_has_limits_of_its_own(olga, own, settings):
    other = shop(olga, "another shop")
    settings.API_THROTTLE_RATES = {
        **settings.API_THROTTLE_RATES,
        "service-token": "2/day",
        "bulk-token": "1/day",
    }
    assert put(own, "a").status_code == 201
    assert send_lines(own, "people", [{"key": "b"}]).status_code == 200
    refused = put(own, "c")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert (refused["RateLimit-Limit"], refused["RateLimit-Remaining"]) == ("2", "0")
    assert send_lines(other, "people", [{"key": "b"}]).status_code == 200
    assert send_lines(other, "people", [{"key": "b"}]).status_code == 429


def test_whoever_deletes_the_account_takes_its_sites_along(olga, own, films):
    send_lines(own, "ratings", [{"person": "a", "movie_id": 3, "stars": 1}])
    olga.delete()
    assert not Service.objects.exists()
    assert not ServiceRating.objects.exists()
