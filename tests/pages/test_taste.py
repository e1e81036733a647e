"""My taste: charts, wishes with instant effect, corrected answers, starting over and taking that back."""

import re

import pytest
from django.contrib.auth import get_user_model

from recommendations.models import HiddenMovie, Movie, Rating, WatchlistItem
from recommendations.ranking.demographics import Demographics
from recommendations.selectors.catalogue import FilmFacts
from recommendations.selectors.lists import taste
from recommendations.selectors.lists.person import NoModelError
from recommendations.selectors.lists.taste import GenreBar, TasteReport, WeighedRating

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reported(monkeypatch):
    """A report with a rating for every rating of the person; remembers for whom and with which dials."""
    Movie.objects.bulk_create(
        Movie(movielens_id=number, title=f"Film <{number}>", original_title=str(number))
        for number in range(1, 8)
    )
    calls = []

    def taste_of(look):
        person = look.person
        calls.append((person, look.dials))
        told = tuple(
            WeighedRating(FilmFacts(kept.movie_id, f"Film <{kept.movie_id}>", None, ()), kept.stars, 0.5)
            for kept in person.ratings
        )
        bars = (GenreBar("War", 0.4, 0.1, 3), GenreBar("Drama", -0.2, 0.05, 1))
        mean = sum(kept.stars for kept in told) / len(told) if told else None
        return TasteReport(Demographics(), bars, told[:6], told, len(told), mean, 0.5, ("You like <b>.",))

    monkeypatch.setattr(taste, "taste_of", taste_of)
    return calls


def test_it_shows_beliefs_charts_and_ratings(client, engine, as_person):
    as_person(way="newcomer")
    for number in (1, 2):
        client.post(f"/films/{number}/rate", {"stars": 2 + number})
    page = client.get("/taste").content.decode()
    assert "<li>You like &lt;b&gt;.</li>" in page
    assert re.findall(r'genre-chart__(?:up|down)" x="([\d.]+)" y="1" width="([\d.]+)"', page) == [
        ("100.0", "100.0"),
        ("50.0", "50.0"),
    ]
    assert 'd="M125.0 0V12"' in page  # everybody's mark
    assert page.count('class="timeline__dot"') == 2
    assert "2 ratings as dots" in page
    assert "<dd>3.5</dd>" in page
    assert '<meter min="0" max="1" value="0.500" aria-label="Influence of Film &lt;1&gt;"' in page


def test_without_ratings_it_leads_to_the_questions(client, engine, as_person):
    as_person(way="newcomer")
    page = client.get("/taste").content.decode()
    assert 'href="/start"' in page
    assert "timeline__dot" not in page


def test_wishes_act_at_once_and_stay(client, engine, as_person, reported):
    as_person(way="newcomer")
    part = client.post("/taste/wishes", {"genre-War": "1.0"}, HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in part
    assert "1 dial turned" in part
    assert reported[-1][1].genres == {"War": 1.0} == engine.dials.genres
    assert client.post("/taste/wishes", {"discovery": "0.5"})["Location"] == "/taste"
    client.get("/results")
    assert engine.dials.discovery == 0.5
    client.post("/taste/wishes", {"reset": "1"})
    client.get("/taste")
    assert reported[-1][1].is_neutral
    assert client.post("/taste/wishes", {"discovery": "7"}).status_code == 400


def test_answers_can_be_corrected_and_ratings_stay(client, engine, as_person, reported):
    as_person(way="newcomer", age=30)
    client.post("/films/1/rate", {"stars": 5})
    assert client.post("/taste/answers", {"age": "31", "gender": "F"})["Location"] == "/taste"
    assert "Your answers are changed" in client.get("/taste").content.decode()
    person = reported[-1][0]
    assert (person.demographics.age, person.demographics.gender, len(person.ratings)) == (31, "F", 1)
    response = client.post("/taste/answers", {"age": "200"})
    assert response.status_code == 400
    assert "Age: 200 is too high" in response.content.decode()


def test_starting_over_wants_to_be_sure_and_can_be_taken_back(client, engine, as_person, reported):
    as_person(way="newcomer")
    client.post("/films/1/rate", {"stars": 5})
    client.post("/films/2/hide")
    client.post("/films/3/watch")
    client.post("/dials", {"discovery": "0.5"})
    client.post("/taste/start-over")
    assert "tick the box first" in client.get("/taste").content.decode()
    assert len(reported[-1][0].ratings) == 1
    client.post("/taste/start-over", {"sure": "1"})
    page = client.get("/taste").content.decode()
    assert "Forgotten: 1 rating, hidden films and dials." in page
    person, dials = reported[-1]
    assert (person.ratings, person.hidden, dials.is_neutral) == ((), frozenset(), True)
    client.post("/films/4/rate", {"stars": 2})
    client.post("/taste/start-over", {"undo": "1"})
    assert "Everything is as it was before." in client.get("/taste").content.decode()
    person, dials = reported[-1]
    assert [(kept.movie_id, kept.stars) for kept in person.ratings] == [(1, 5), (4, 2)]
    assert (person.hidden, dials.discovery) == (frozenset({2}), 0.5)
    assert "Take it back" not in client.get("/taste").content.decode()


def test_an_account_starts_over_in_the_database(client, engine, reported):
    user = get_user_model().objects.create_user("ann", password="x")
    client.force_login(user)
    for number, stars in ((1, 5), (2, 3)):
        client.post(f"/films/{number}/rate", {"stars": stars})
    client.post("/films/3/hide")
    client.post("/films/4/watch")
    before = list(Rating.objects.order_by("rated_at").values_list("movie", "stars", "rated_at"))
    client.post("/taste/start-over", {"sure": "1"})
    assert (Rating.objects.count(), HiddenMovie.objects.count(), WatchlistItem.objects.count()) == (0, 0, 1)
    client.post("/taste/start-over", {"undo": "1"})
    assert list(Rating.objects.order_by("rated_at").values_list("movie", "stars", "rated_at")) == before
    assert HiddenMovie.objects.count() == 1
    assert 'href="/account/"' in client.get("/taste").content.decode()


def test_without_a_visit_or_a_model_it_says_so(client, engine, as_person, monkeypatch):
    assert client.get("/taste")["Location"] == "/"
    for way in ("wishes", "answers", "start-over"):
        assert client.post(f"/taste/{way}")["Location"] == "/"
    as_person(way="newcomer")
    monkeypatch.setattr(taste, "taste_of", lambda look: (_ for _ in ()).throw(NoModelError("none")))
    assert client.get("/taste").status_code == 503


def test_the_theme_is_remembered_until_the_device_decides_again(client):
    assert "data-theme" not in client.get("/").content.decode()
    response = client.post("/theme", {"theme": "dark", "next": "/search/?q=a"})
    assert (response.status_code, response["Location"]) == (303, "/search/?q=a")
    page = client.get("/").content.decode()
    assert 'data-theme="dark"' in page
    assert 'name="color-scheme" content="dark"' in page
    client.post("/theme", {"theme": "system"})
    assert "data-theme" not in client.get("/").content.decode()
    client.cookies["theme"] = '"><script>'
    assert "data-theme" not in client.get("/").content.decode()
    assert client.post("/theme", {"theme": "dark", "next": "//evil.example/"})["Location"] == "/"
