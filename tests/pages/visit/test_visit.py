"""Who is looking: marks of somebody signed in are rows, a visitor's move into the account, guests change nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory
from django.utils import timezone, translation

from accounts.models import User
from recommendations.models import HiddenMovie, Movie, Rating, WatchlistItem
from recommendations.pages.visit.requests import bring_visit_into_account, look_as, viewer_of
from recommendations.pages.visit.said import RATED, Said
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.selectors.lists.person import Person, RatedMovie
from recommendations.services.feedback import rate_movie

pytestmark = pytest.mark.django_db
FILMS = ((50, "Star Wars", 1977), (100, "Fargo", 1996), (7, "Twelve Monkeys", 1995))


@pytest.fixture(autouse=True)
def catalogue():
    for number, title, year in FILMS:
        Movie.objects.create(movielens_id=number, title=title, original_title=title, year=year)


@pytest.fixture
def ann(client) -> User:
    user = User.objects.create_user("ann", password="x", age=40)
    client.force_login(user)
    return user


def stars_of(user: User) -> list[tuple[int, int]]:
    ratings = Rating.objects.filter(user=user).order_by("rated_at", "pk")
    return list(ratings.values_list("movie__movielens_id", "stars"))


def visit(user=None):
    """A request of a visit with a session of its own."""
    request = RequestFactory().get("/")
    request.session = SessionStore()
    request.session.create()
    request.user = user or AnonymousUser()
    return request


def undo(client, page):
    said = page[page.index('id="said"') :]
    form = said[said.index("<form") : said.index("</form>")]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', form))
    return client.post(re.search(r'action="([^"]+)"', form)[1], {**fields, "undo": "1"}, follow=True)


def test_somebody_signed_in_has_a_list_without_telling_anything(client, engine, ann):
    page = client.get("/results").content.decode()
    assert "<strong>ann</strong>" in page
    assert engine.asked[-1][0] == Person(demographics=Demographics(age=40))


def test_marks_of_somebody_signed_in_are_rows_and_reach_the_engine(client, engine, ann):
    client.post("/films/50/rate", {"stars": 4})
    client.post("/films/100/hide")
    client.post("/films/7/watch")
    page = client.get("/results").content.decode()
    assert engine.asked[-1][0].ratings == (RatedMovie(50, 4),)
    assert engine.asked[-1][0].hidden == {100}
    assert stars_of(ann) == [(50, 4)]
    assert HiddenMovie.objects.get().movie.movielens_id == 100
    assert WatchlistItem.objects.get().movie.movielens_id == 7
    assert "Twelve Monkeys is on your watchlist." in page
    assert "feedback" not in client.session


def test_undo_puts_a_rating_of_an_account_back_to_its_place(client, engine, ann):
    for number, stars in ((50, 3), (100, 4), (7, 5)):
        client.post(f"/films/{number}/rate", {"stars": stars})
    before = Rating.objects.get(movie__movielens_id=50).rated_at
    page = client.post("/films/50/rate", {"stars": 1}, follow=True).content.decode()
    assert stars_of(ann) == [(100, 4), (7, 5), (50, 1)]
    assert "Taken back: Star Wars" in undo(client, page).content.decode()
    undo(client, client.post("/films/50/unrate", follow=True).content.decode())
    assert stars_of(ann) == [(50, 3), (100, 4), (7, 5)]
    assert Rating.objects.get(movie__movielens_id=50).rated_at == before


def test_a_moment_in_the_future_counts_as_now_and_nonsense_is_refused(client, engine, ann):
    client.post("/films/50/rate", {"stars": 3, "moment": 9 * 10**15, "undo": "1"})
    assert Rating.objects.get().rated_at <= timezone.now()
    assert client.post("/films/50/rate", {"stars": 3, "moment": 10**30}).status_code == 400


@pytest.mark.parametrize("signed_in", [True, False])
def test_watchlist_goes_on_and_off_with_undo(client, engine, as_person, signed_in, request):
    if signed_in:
        request.getfixturevalue("ann")
    else:
        as_person(way="newcomer")
    page = client.post("/films/50/watch", {"next": "/films/50/"}, follow=True).content.decode()
    assert re.search(r'formaction="/films/50/unwatch"[^>]*aria-pressed="true"', page)
    page = client.post("/films/50/unwatch", {"next": "/films/50/"}, follow=True).content.decode()
    assert "Star Wars is off your watchlist." in page
    page = undo(client, page).content.decode()
    assert "Taken back" in page
    page = client.get("/films/50/").content.decode()
    assert re.search(r'formaction="/films/50/unwatch"[^>]*aria-pressed="true"', page)


def test_a_film_that_left_the_catalogue_can_be_taken_back(client, engine, ann):
    Movie.objects.get(movielens_id=50).delete()
    for what in ("unrate", "unhide", "unwatch"):
        assert client.post(f"/films/50/{what}").status_code == 303
    assert client.post("/films/50/watch").status_code == 400


def test_guest_view_of_a_movielens_number_leaves_the_account_alone(client, engine, ann):
    rate_movie(user=ann, movie_id=50, stars=5)
    client.post("/recommend_session", {"way": "known", "user": 2})
    client.post("/films/100/rate", {"stars": 1})
    page = client.get("/results").content.decode()
    assert engine.asked[-1][0].movielens_user == 2
    assert engine.asked[-1][0].ratings == (RatedMovie(100, 1),)
    assert 'action="/own-list"' in page
    assert client.post("/own-list")["Location"] == "/results"
    page = client.get("/results").content.decode()
    assert engine.asked[-1][0].ratings == (RatedMovie(50, 5),)
    assert 'action="/own-list"' not in page
    assert stars_of(ann) == [(50, 5)]
    assert "feedback" not in client.session


def test_own_list_does_nothing_to_a_visitor(client, engine, as_person):
    as_person(way="known", user=2)
    client.post("/own-list")
    client.get("/results")
    assert engine.asked[-1][0].movielens_user == 2


def test_newcomer_answers_of_somebody_signed_in_fill_only_what_is_empty(client, engine, ann):
    client.post("/recommend_session", {"way": "newcomer", "age": 20, "gender": "F"})
    ann.refresh_from_db()
    assert (ann.age, ann.gender) == (40, "F")


def test_a_visit_moves_into_the_account_and_the_newer_rating_wins():
    request, user = visit(), User.objects.create_user("bob")
    old = timezone.now() - timedelta(days=30)
    rate_movie(user=user, movie_id=50, stars=1, rated_at=old)
    look_as(request, Person(demographics=Demographics(age=30, occupation="artist")))
    viewer = viewer_of(request)
    viewer.rate(50, 5)
    viewer.rate(100, 2)
    viewer.rate(7, 2)
    viewer.hide(7)
    viewer.watch(100)
    # Rated on another machine after the visit.
    rate_movie(user=user, movie_id=7, stars=4)
    merged = bring_visit_into_account(request, user)
    assert (merged.added, merged.changed, merged.kept) == (1, 1, 1)
    assert stars_of(user) == [(50, 5), (100, 2), (7, 4)]
    assert (user.age, user.gender, user.occupation) == (30, "", "artist")
    assert [row.movie.movielens_id for row in WatchlistItem.objects.filter(user=user)] == [100]
    assert [row.movie.movielens_id for row in HiddenMovie.objects.filter(user=user)] == [7]
    assert not {"person", "feedback", "dials"} & set(request.session.keys())
    assert bring_visit_into_account(request, user).added == 0


@pytest.mark.parametrize("own", [Dials(), Dials(decade=1950)])
def test_dials_of_a_visit_move_into_an_account_that_has_none(own):
    request, user = visit(), User.objects.create_user("bob", dials=own.to_dict())
    brought = Dials(genres={"Drama": 0.5}, discovery=-1.0)
    viewer_of(request).turn_dials(brought)
    bring_visit_into_account(request, user)
    assert Dials.from_dict(User.objects.get().dials) == (brought if own.is_neutral else own)
    assert viewer_of(request).dials == Dials()  # whoever visits next starts afresh


def test_a_movielens_number_does_not_become_the_profile_of_an_account():
    request, user = visit(), User.objects.create_user("bob")
    look_as(request, Person(movielens_user=3))
    viewer_of(request).rate(50, 5)
    bring_visit_into_account(request, user)
    assert stars_of(user) == [(50, 5)]
    assert user.age is None


def test_the_list_of_somebody_signed_in_needs_few_queries(client, engine, ann, django_assert_max_num_queries):
    for number, _title, _year in FILMS:
        rate_movie(user=ann, movie_id=number, stars=3)
    client.get("/results")  # what a process asks once a minute is known then
    with django_assert_max_num_queries(8):  # the engine itself needs three more
        client.get("/results")


@pytest.mark.filterwarnings("error::DeprecationWarning")
@pytest.mark.parametrize(
    ("stars", "english", "french"),
    [
        (0.5, "You gave Heat 0.5 stars.", "Vous avez donné 0,5 étoile à « Heat »."),
        (1, "You gave Heat 1 star.", "Vous avez donné 1 étoile à « Heat »."),
        (1.5, "You gave Heat 1.5 stars.", "Vous avez donné 1,5 étoile à « Heat »."),
        (4.5, "You gave Heat 4.5 stars.", "Vous avez donné 4,5 étoiles à « Heat »."),
    ],
)
def test_half_stars_are_counted_as_the_language_does(stars, english, french):
    said = Said(what=RATED, movie_id=1, title="Heat", stars=stars)
    for language, sentence in (("en", english), ("fr", french)):
        with translation.override(language):
            assert said.sentence == sentence
