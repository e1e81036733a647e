"""Rating, hiding and undoing in a visit: as forms, and as requests of htmx."""

import re

import pytest
from django.test import Client

from recommendations.models import Movie
from recommendations.pages import feedback_views
from recommendations.pages.visit.values import MOST_HIDDEN, MOST_RATINGS, Feedback
from recommendations.selectors.lists.person import RatedMovie

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def catalogue():
    for number, title, year in ((50, "Star Wars", 1977), (100, "Fargo <1>", 1996)):
        Movie.objects.create(movielens_id=number, title=title, original_title=title, year=year)


def ratings_of(client):
    return client.session["feedback"]["ratings"]


def test_rating_redirects_to_the_list_and_reaches_the_engine(client, engine, as_person):
    as_person(way="newcomer", age=30)
    response = client.post("/films/50/rate", {"stars": 4})
    assert (response.status_code, response["Location"]) == (303, "/results")
    page = client.get("/results").content.decode()
    assert engine.asked[-1][0].ratings == (RatedMovie(50, 4),)
    assert "You gave Star Wars 4 stars." in page
    assert '<span class="yours__count">1</span>' in page
    assert "You gave Star Wars" not in client.get("/results").content.decode()  # said once


def test_rating_with_htmx_answers_with_list_and_bar_in_one_request(client, engine, as_person):
    as_person(way="known", user=2)
    part = client.post("/films/100/rate", {"stars": 5, "k": 2}, **HTMX).content.decode()
    assert "<html" not in part
    assert part.count('<li class="film"') == 2
    assert '<div id="mix" class="mix" hx-swap-oob="true">' in part
    assert "You gave Fargo &lt;1&gt; 5 stars." in part
    assert [asked[1] for asked in engine.asked] == [2]
    assert engine.asked[0][0].ratings == (RatedMovie(100, 5),)


def test_changed_rating_moves_to_the_end_and_a_double_submit_changes_nothing(client, engine, as_person):
    as_person(way="newcomer")
    for number, stars in ((50, 3), (100, 4), (50, 5), (50, 5)):
        client.post(f"/films/{number}/rate", {"stars": stars})
    assert ratings_of(client) == [[100, 4], [50, 5]]
    client.post("/films/100/rate", {"stars": 4})
    assert ratings_of(client) == [[100, 4], [50, 5]]
    for _twice in range(2):
        assert client.post("/films/50/unrate").status_code == 303
    assert ratings_of(client) == [[100, 4]]


def undo(client, page):
    """Send the form of the undo as it stands on the page."""
    said = page[page.index('id="said"') :]
    form = said[said.index("<form") : said.index("</form>")]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', form))
    action = re.search(r'action="([^"]+)"', form)[1]
    return client.post(action, {**fields, "undo": "1"}, follow=True).content.decode()


def test_undo_restores_stars_and_place(client, engine, as_person):
    as_person(way="newcomer")
    for number, stars in ((50, 3), (100, 4)):
        client.post(f"/films/{number}/rate", {"stars": stars})
    page = client.post("/films/50/rate", {"stars": 5}, follow=True).content.decode()
    assert ratings_of(client) == [[100, 4], [50, 5]]
    assert "Taken back: Star Wars is as it was before." in undo(client, page)
    assert ratings_of(client) == [[50, 3], [100, 4]]
    undo(client, client.post("/films/50/unrate", follow=True).content.decode())
    assert ratings_of(client) == [[50, 3], [100, 4]]


def test_hidden_film_reaches_the_engine_and_comes_back_by_undo(client, engine, as_person):
    as_person(way="known", user=2)
    page = client.post("/films/50/hide", follow=True).content.decode()
    assert engine.asked[-1][0].hidden == frozenset({50})
    assert "1 hidden film" in page
    assert "1 hidden film" not in undo(client, page)
    assert engine.asked[-1][0].hidden == frozenset()


@pytest.mark.parametrize("extra", [{}, HTMX])
@pytest.mark.parametrize(
    ("address", "fields", "sentence"),
    [
        ("/films/50/rate", {"stars": 6}, "Stars: “6” does not fit. Give a film 1 to 5 stars."),
        ("/films/50/rate", {"stars": 0}, "Stars: “0” does not fit."),
        ("/films/50/rate", {"stars": "<b>"}, "Stars: “&lt;b&gt;” does not fit."),
        ("/films/50/rate", {}, "Stars: “” does not fit."),
        ("/films/9/rate", {"stars": 3}, "There is no film with the number 9."),
        ("/films/9/hide", {}, "There is no film with the number 9."),
        (f"/films/{10**30}/rate", {"stars": 3}, "There is no film with the number 1000"),
    ],
)
def test_what_does_not_fit_is_named_and_changes_nothing(
    client, engine, as_person, address, fields, sentence, extra
):
    as_person(way="newcomer")
    response = client.post(address, fields, **extra)
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert "feedback" not in client.session


def test_expired_visit_leads_home(client, engine):
    assert client.post("/films/50/rate", {"stars": 3})["Location"] == "/"
    assert client.post("/films/50/rate", {"stars": 3}, **HTMX)["HX-Redirect"] == "/"
    assert client.post("/dials")["Location"] == "/"


def test_way_back_stays_on_this_site(client, engine, as_person):
    as_person(way="newcomer")
    for wanted, given in (
        ("/films/50/", "/films/50/"),
        ("//evil.example/x", "/results"),
        ("https://x", "/results"),
    ):
        assert client.post("/films/50/rate", {"stars": 3, "next": wanted})["Location"] == given


def test_forms_need_their_token(engine):
    for address in ("/films/50/rate", "/films/50/hide", "/dials"):
        assert Client(enforce_csrf_checks=True).post(address, {"stars": 3}).status_code == 403
        assert Client().get(address).status_code == 405


def test_newcomer_keeps_ratings_when_correcting_answers_and_somebody_else_does_not(client, engine, as_person):
    as_person(way="newcomer", age=30)
    client.post("/films/50/rate", {"stars": 4})
    as_person(way="newcomer", age=31)
    assert ratings_of(client) == [[50, 4]]
    as_person(way="known", user=2)
    assert "feedback" not in client.session


def test_a_rating_from_a_second_tab_in_between_is_not_lost(client, engine, as_person, monkeypatch):
    as_person(way="newcomer")
    find, nested = feedback_views.film_facts, []

    def finds_slowly(*, movie_id):
        if not nested:
            nested.append(movie_id)
            client.post("/films/100/rate", {"stars": 2})  # the other tab, while this request is under way
        return find(movie_id=movie_id)

    monkeypatch.setattr(feedback_views, "film_facts", finds_slowly)
    client.post("/films/50/rate", {"stars": 5}, **HTMX)
    assert ratings_of(client) == [[100, 2], [50, 5]]


def test_feedback_is_bounded_and_reads_only_what_fits():
    many = Feedback()
    for number in range(MOST_RATINGS + 5):
        many = many.rate(number, 3).hide(number)
    assert len(many.ratings) == MOST_RATINGS
    assert len(many.hidden) == MOST_HIDDEN
    assert many.ratings[0].movie_id == 5
    assert Feedback.from_session(many.to_session()) == many
    broken = {"ratings": [[1, 6], [2], "x", [3, True], [4, 2], [4, 3]], "hidden": ["a", 7, 7]}
    assert Feedback.from_session(broken) == Feedback((RatedMovie(4, 3),), (7,))
    for nonsense in (None, [], {"ratings": 3, "hidden": {}}):
        assert Feedback.from_session(nonsense) == Feedback()
