"""Predicted stars and kinds of list on the pages."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from accounts.models import User
from recommendations.models import Movie
from recommendations.selectors.lists.stars import Expected
from recommendations.services.feedback import keep_list_kind, rate_movie
from tests.ranking.factories import make_artefact
from tests.selectors.versions import registered

pytestmark = pytest.mark.django_db
FILM = 23
LINE = re.compile(r"≈ \d\.\d ★")


@pytest.fixture
def home(settings, tmp_path):
    """A home with a small version, so that nothing is played."""
    settings.MOVIEREC_HOME, settings.ELASTICSEARCH_URL = tmp_path, ""
    registered(tmp_path, 0, "champion")
    Movie.objects.bulk_create(
        Movie(movielens_id=number, title=f"Film {number}", original_title=str(number))
        for number in make_artefact().movie_ids.tolist()
    )


@pytest.fixture
def ann(client, home) -> User:
    user = User.objects.create_user("ann", password="x")
    client.force_login(user)
    for number in (5, 7, 9):
        rate_movie(user=user, movie_id=number, stars=4)
    return user


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_stars_and_match_stand_where_the_score_stood(client, engine, as_person):
    engine.expected = {50: Expected(4.23, 93)}
    as_person(way="newcomer")
    shown = page(client, "/results")
    assert "≈ 4.2 ★" in shown
    assert "93 % match" in shown
    assert "You would probably give it 4.2 stars." in shown
    assert "Score " not in shown
    assert len(LINE.findall(shown)) == 2  # the film's, and the sentence that says what it means


def test_in_french(client, engine, as_person):
    engine.expected = {50: Expected(4.23, 93)}
    as_person(way="newcomer")
    with translation.override("fr"):
        shown = client.get("/results", headers={"Accept-Language": "fr"}).content.decode()
    assert "≈ 4,2 ★" in shown
    assert "93\N{NO-BREAK SPACE}% d’affinité" in shown


def test_a_rated_film_says_what_you_gave_it_and_no_prediction(client, ann):
    assert LINE.search(page(client, f"/films/{FILM}/"))
    client.post(f"/films/{FILM}/rate", {"stars": 2})
    shown = page(client, f"/films/{FILM}/")
    assert "You gave it 2 ★." in shown
    assert "You would probably give it" not in shown.split('class="film-page"')[0]


@pytest.mark.parametrize("address", ["/results", f"/films/{FILM}/", "/search/", "/account/watchlist"])
def test_every_page_with_films_follows_the_setting(client, ann, address):
    client.post(f"/films/{FILM}/watch")
    assert "You would probably give it" in page(client, address)
    assert client.post("/predicted-stars", {"hidden": "1", "next": address})["Location"] == address
    shown = page(client, address)
    assert "You would probably give it" not in shown
    assert "% match" not in shown
    ann.refresh_from_db()
    assert ann.hides_predicted_stars
    client.post("/predicted-stars", {"hidden": "0"})
    assert "You would probably give it" in page(client, address)


def test_the_account_page_has_the_setting(client, ann):
    assert "Hide predicted stars" in page(client, "/account/")
    client.post("/predicted-stars", {"hidden": "1", "next": "/account/"})
    assert "Show predicted stars" in page(client, "/account/")


def test_a_visit_keeps_setting_and_kind_and_brings_them_into_an_account(client, engine, as_person):
    engine.expected = {50: Expected(4.23, 93)}
    as_person(way="newcomer")
    part = client.post("/predicted-stars", {"hidden": "1"}, HTTP_HX_REQUEST="true").content.decode()
    assert "Predicted stars are hidden." in part
    assert "% match" not in part
    client.post("/list-kind", {"kind": "bold"})
    page(client, "/results")
    assert engine.kind == "bold"
    client.post("/account/sign-up", {"name": "bob", "password": "a long sentence"})
    bob = User.objects.get(username="bob")
    assert (bob.list_kind, bob.hides_predicted_stars) == ("bold", True)


def test_each_kind_is_explained_and_the_chosen_one_is_pressed(client, engine, as_person):
    as_person(way="newcomer")
    shown = page(client, "/results")
    assert re.findall(r'name="kind" value="(\w+)" aria-pressed="(\w+)"', shown) == [
        ("like", "false"),
        ("next", "true"),
        ("bold", "false"),
    ]
    for sentence in (
        "The films that you would give most stars, well known or not.",
        "The films that people with your taste went on to and liked.",
        "Films unlike each other and less obvious; some will miss, some will surprise you.",
    ):
        assert sentence in shown
    part = client.post("/list-kind", {"kind": "like"}, HTTP_HX_REQUEST="true").content.decode()
    assert 'value="like" aria-pressed="true"' in part
    assert engine.kind == "like"


def test_an_account_remembers_its_kind(client, ann):
    assert client.post("/list-kind", {"kind": "like", "k": "20"})["Location"] == "/results?k=20"
    ann.refresh_from_db()
    assert ann.list_kind == "like"
    listed = [float(stars) for stars in re.findall(r"≈ (\d\.\d) ★", page(client, "/results"))[1:11]]
    assert listed == sorted(listed, reverse=True)


def test_a_kind_that_is_none_is_refused_and_not_kept(client, engine, as_person):
    as_person(way="newcomer")
    answer = client.post("/list-kind", {"kind": "best"})
    assert answer.status_code == 400
    assert "“best” is none" in answer.content.decode()
    page(client, "/results")
    assert engine.kind == "next"
    with pytest.raises(ValueError, match="no kind of list"):
        keep_list_kind(user=User(), kind="best")


def test_a_kind_that_nobody_knows_any_more_counts_as_the_usual_one(client, ann):
    User.objects.filter(pk=ann.pk).update(list_kind="gone")
    assert 'value="next" aria-pressed="true"' in page(client, "/results")


def test_a_version_from_before_says_that_there_are_none(client, engine, as_person):
    engine.predicts = False
    as_person(way="newcomer")
    shown = page(client, "/results")
    assert "was trained before predicted stars came" in shown
    assert "Hide predicted stars" not in shown


def test_a_guest_view_follows_the_account(client, ann):
    client.post("/predicted-stars", {"hidden": "1"})
    client.post("/recommend_session", {"user": 21})
    assert "% match" not in page(client, "/results").split('class="films"')[1]
    client.post("/predicted-stars", {"hidden": "0"})
    ann.refresh_from_db()
    assert not ann.hides_predicted_stars
    assert "% match" in page(client, "/results").split('class="films"')[1]
