"""The page of the ranked list."""

import re

import pytest

from recommendations.selectors.catalogue import FilmFacts
from recommendations.selectors.lists.person import (
    NoModelError,
    Person,
    RecommendationError,
    SearchUnavailableError,
    UnknownPersonError,
)
from recommendations.selectors.lists.programme import ProgrammeRow
from recommendations.selectors.lists.stars import Expected

GENRE_CHIPS = (("Comedy", "Comédie"), ("Film-Noir", "Film noir"))
pytestmark = pytest.mark.django_db


def test_list_shows_everything_about_each_film(client, engine, as_person):
    engine.expected = {50: Expected(4.36, 97), 3: Expected(3.94, 81)}
    as_person(way="known", user=2)
    page = client.get("/results").content.decode()
    assert "for <strong>MovieLens user 2</strong>" in page
    assert re.findall(r'<h2 id="film-(\d+)">', page) == ["50", "267", "3"]
    assert '<span class="film__year">1977</span>' in page
    assert '<li><a href="/search/?genre=Sci-Fi">Sci-Fi</a></li>' in page
    assert "Because you rated &lt;b&gt;Fargo&lt;/b&gt; highly." in page
    assert re.findall(r'<meter min="0" max="100" value="(\d+)"', page) == ["97", "81"]
    assert re.findall(r'aria-hidden="true">≈ ([\d.]+) ★', page) == ["4.4", "3.9"]
    assert "12 % from your profile, 88 % from your ratings" in page
    assert page.count('<img src="/covers/') == 3
    assert '<a role="button" class="outline" href="/">' in page
    assert "style=" not in page
    assert re.findall(r"<script[^>]*>[^<]", page) == []  # files only: the policy forbids anything inline


def test_list_in_french_has_french_labels_and_decimals(client, engine, as_person):
    engine.expected = {50: Expected(4.36, 97)}
    as_person(way="newcomer", age=30, gender="F", occupation="artist")
    page = client.get("/results", HTTP_ACCEPT_LANGUAGE="fr").content.decode()
    assert "quelqu’un de nouveau (30\N{NO-BREAK SPACE}ans, femme, artiste)" in page
    chips = [f'<li><a href="/search/?genre={genre}">{label}</a></li>' for genre, label in GENRE_CHIPS]
    assert "".join(chips) in page
    assert "≈ 4,4 ★" in page
    assert "Vous lui donneriez sans doute 4,4 étoiles." in page
    assert "100\N{NO-BREAK SPACE}% d’après votre profil" in page


@pytest.mark.parametrize(("query", "k"), [("", 10), ("?k=1", 1), ("?k=100", 100), ("?k=", 10)])
def test_length_of_the_list_can_be_chosen(client, engine, as_person, query, k):
    as_person(way="known", user=2)
    assert client.get(f"/results{query}").status_code == 200
    assert engine.asked[0][1] == k


@pytest.mark.parametrize(
    ("k", "sentence"),
    [
        ("0", "0 is too small"),
        ("100000", "longest list has 100 films"),
        ("ten", "“ten” is not a whole number"),
    ],
)
def test_bad_length_is_named(client, engine, as_person, k, sentence):
    as_person(way="known", user=2)
    response = client.get(f"/results?k={k}")
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert engine.asked == []


@pytest.mark.parametrize("kept", [None, "text", {"user": "2"}, {"age": 400}, {"user": True}, {"gender": 1}])
def test_without_a_readable_person_the_way_leads_home_with_a_message(client, engine, kept):
    session = client.session
    session["person"] = kept
    session.save()
    response = client.get("/results", follow=True)
    assert response.redirect_chain == [("/", 302)]
    assert "There is no list yet, or your visit has expired." in response.content.decode()
    # The start page has the top of everybody's list, and nobody else's.
    assert engine.asked == [(Person(), 5)]


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (UnknownPersonError("x"), 404, "Nobody in the data has the number 2."),
        (NoModelError("x"), 503, "No model has been trained and published yet."),
        (SearchUnavailableError("x"), 503, "The search engine does not answer at the moment."),
        (RecommendationError("x"), 503, "Something is missing to make a list."),
    ],
)
def test_errors_of_the_engine_become_one_sentence_with_a_way_out(
    client, engine, as_person, error, status, sentence
):
    as_person(way="known", user=2)
    engine.error = error
    response = client.get("/results")
    page = response.content.decode()
    assert response.status_code == status
    assert sentence in page
    assert 'href="/"' in page
    assert response.has_header("Retry-After") == (status == 503)


def test_degraded_list_says_so_and_a_healthy_one_does_not(client, engine, as_person):
    as_person(way="known", user=2)
    assert "search engine is away" not in client.get("/results").content.decode()
    engine.degraded = True
    assert "search engine is away" in client.get("/results").content.decode()


def test_empty_list_is_designed(client, engine, as_person):
    as_person(way="known", user=2)
    engine.films = []
    assert "Nothing is left to show" in client.get("/results").content.decode()


def test_pages_cost_few_queries_and_are_not_kept_by_shared_caches(
    client, engine, as_person, django_assert_max_num_queries
):
    as_person(way="known", user=2)
    for address in ("/", "/results"):
        client.get(address)  # what a process asks once in a while, as for the house's rules, is known then
        # One of them asks which version serves, for its genres.
        with django_assert_max_num_queries(5):
            response = client.get(address)
        assert "private" in response["Cache-Control"]
        assert "'unsafe-inline'" not in response["Content-Security-Policy"]


def test_rows_stand_below_the_list_with_everything_one_can_do(client, engine, as_person):
    film = FilmFacts(99, "Tom & Jerry", 1992, ("Comedy",))
    engine.rows = (ProgrammeRow("rating", "Because you loved <Fargo>", (film,)),)
    as_person(way="newcomer")
    page = client.get("/results").content.decode()
    assert "Because you loved &lt;Fargo&gt;</h2>" in page
    assert 'aria-label="Your stars for Tom &amp; Jerry"' in page
    for way in ("rate", "watch", "hide"):
        assert f'hx-post="/films/99/{way}"' in page
    assert re.search(r'href="/films/99/why\?from=[\w-]+\.rating\.1"', page)
    assert 'name="k" value="10"' in page
