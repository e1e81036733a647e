"""Pages and API on a version whose data lack people or genres, or have half stars."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from accounts.models import User
from recommendations.models import Movie, Rating
from recommendations.pages.dials_form import DialsForm
from recommendations.pages.marks import marks_form
from recommendations.ranking.dataset import DataSet
from recommendations.selectors.catalogue import FilmFacts
from recommendations.selectors.lists import champion
from recommendations.services.feedback import InvalidStarsError, rate_movie

pytestmark = pytest.mark.django_db
BARE = DataSet(
    name="club", star_step=0.5, genres=("Kung-Fu", "Ženské"), genders=(), occupations=(), has_ages=False
)
FARGO = FilmFacts(100, "Fargo", 1996, ("Crime",))


@pytest.fixture
def serve(monkeypatch):
    """As if the champion had been trained on such data."""

    def serving(data: DataSet) -> None:
        for room in ("pages.forms", "pages.feedback_views", "pages.search_views"):
            monkeypatch.setattr(f"recommendations.{room}.champion_data", lambda: data)
        for room in ("api.vocabulary", "services.feedback"):
            monkeypatch.setattr(f"recommendations.{room}.champion_data", lambda: data)

    return serving


def test_nobody_is_asked_what_the_data_know_nothing_of(client, serve):
    known = client.get("/").content.decode()
    assert 'name="age"' in known
    assert 'name="occupation"' in known
    serve(BARE)
    page = client.get("/").content.decode()
    for name in ("age", "gender", "occupation"):
        assert f'name="{name}"' not in page
    assert "Rate a few films, and the list follows your taste." in page
    assert client.post("/recommend_session", {"way": "newcomer", "age": "30"}).status_code == 303


def test_genders_and_occupations_are_those_of_the_data(client, serve):
    serve(replace(BARE, genders=("F", "nonbinary"), occupations=("baker",)))
    page = client.get("/").content.decode()
    assert 'value="nonbinary"' in page
    assert '<option value="baker">' in page
    assert 'value="M"' not in page


def test_genres_with_dials_and_in_the_search_are_those_of_the_data(client, serve):
    serve(BARE)
    assert [field.name for field in DialsForm(genres=BARE.genres).genre_fields] == [
        "genre-Kung-Fu",
        "genre-Ženské",
    ]
    assert 'value="Kung-Fu"' in client.get("/search/").content.decode()
    assert not DialsForm(genres=()).genre_fields


def test_the_api_refuses_what_the_data_know_nothing_of(client, serve):
    serve(BARE)
    body = {"age": 30, "gender": "F", "dials": {"genres": {"Drama": 0.5}}}
    answer = client.post(
        "/api/v1/recommendations/preview/", json.dumps(body), content_type="application/json"
    )
    assert answer.status_code == 400
    told = {error["field"]: error["message"] for error in answer.json()["errors"]}
    assert "know nothing of it; leave it out" in told["age"]
    assert "know nothing of it; leave it out" in told["gender"]
    assert "expected one of Kung-Fu, Ženské" in told["dials.genres.Drama"]


def test_half_stars_are_taken_where_the_data_have_them(client, serve):
    movie = Movie.objects.create(movielens_id=100, title="Fargo", year=1996)
    user = User.objects.create_user("ann", password="a long enough phrase")
    with pytest.raises(InvalidStarsError, match="a whole number from 1 to 5"):
        rate_movie(user=user, movie_id=100, stars=3.5)
    serve(BARE)
    assert rate_movie(user=user, movie_id=100, stars=3.5).stars == 3.5
    assert Rating.objects.get(movie=movie).stars == 3.5
    rate_movie(user=user, movie_id=100, stars=4.0)
    assert repr(Rating.objects.get(movie=movie).stars) == "4"
    for wrong in (0, 0.25, 5.5, "4", True):
        with pytest.raises(InvalidStarsError, match="half or whole stars"):
            rate_movie(user=user, movie_id=100, stars=wrong)


def test_the_star_that_was_given_gives_half_a_star_less():
    whole = marks_form(FARGO, token="", stars=4, halves=True)
    assert 'value="3.5" aria-pressed="true" class="is-on" aria-label="3½ stars"' in whole
    half = marks_form(FARGO, token="", stars=3.5, halves=True)
    assert 'value="4" aria-pressed="true" class="is-half" aria-label="4 stars"' in half
    assert "½" not in marks_form(FARGO, token="", stars=4)


def test_the_data_of_a_process_without_a_model_are_those_of_movielens(monkeypatch):
    assert champion.champion_data() == DataSet()
    monkeypatch.setattr(champion, "_loaded", {})
    assert champion.served_data() == DataSet()
