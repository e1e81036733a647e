"""The page of a film, the sum behind its score, and the search."""

import re

import pytest

from recommendations.models import Movie
from recommendations.pages.film_views import words_for_place
from recommendations.selectors import catalogue
from recommendations.selectors.catalogue import FilmFacts, FilmSearch
from recommendations.selectors.lists import explanations, similar, world
from recommendations.selectors.lists.explanations import ExplainedPart, FilmExplanation
from recommendations.selectors.lists.person import NoModelError, UnknownFilmError
from recommendations.selectors.lists.similar import SimilarFilm

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def film():
    return Movie.objects.create(
        movielens_id=100, title="Fargo", original_title="Fargo (1996)", year=1996,
        rating_count=508, mean_stars=4.155, like_share=0.41, histogram=[13, 23, 71, 179, 222],
    )  # fmt: skip


@pytest.fixture
def explained(monkeypatch):
    ratings = [ExplainedPart("rating", f"Film {n}", 0.5 / n, n, 1 + n % 5) for n in range(1, 31)]
    parts = (ExplainedPart("profile", "Your profile", -0.75), *ratings)
    total = sum(part.value for part in parts)
    monkeypatch.setattr(
        explanations,
        "explanation_for",
        lambda look, *, movie_id: FilmExplanation(
            movie_id, "Fargo", 1996, total, 0.4, parts, place=33, films=1682
        ),
    )
    monkeypatch.setattr(
        similar,
        "similar_to",
        lambda champion, *, movie_id, k: (
            SimilarFilm(50, "Star Wars", 1977, ("War",), 0.5, "Same <people>."),
        ),
    )
    return parts, total


def test_why_shows_every_part_and_they_sum_to_the_score(client, engine, as_person, explained):
    parts, total = explained
    as_person(way="newcomer")
    page = client.get("/films/100/why").content.decode()
    assert "Why Fargo?" in page
    values = [
        float(value.replace("\N{MINUS SIGN}", "-"))
        for value in re.findall(r'<span class="sum__value">([^<]+)</span>', page)
    ]
    assert len(values) == len(parts)
    assert sum(values) == pytest.approx(total, abs=0.005 * len(parts))
    assert f"Sum: <strong>{total:.2f}</strong>" in page
    assert "Film 1, 2 stars from you" in page
    assert 'Your profile <span class="sum__way">lowers</span>' in page
    assert re.search(r'<meter min="0" max="0.7500" value="0.7500"', page)


def test_why_as_a_part_for_a_card_adds_up_the_rest(client, engine, as_person, explained):
    parts, _total = explained
    as_person(way="newcomer")
    part = client.get("/films/100/why", HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in part
    assert part.count('<span class="sum__value">') == 5
    assert f"and 26 smaller parts: +{sum(p.value for p in parts[5:]):.2f} together" in part


def test_why_without_a_person_leads_home_and_unknown_films_are_404(
    client, engine, as_person, explained, monkeypatch
):
    assert client.get("/films/100/why")["Location"] == "/"
    as_person(way="newcomer")
    for address in ("/films/9/", "/films/9/why", f"/films/{10**30}/"):
        assert client.get(address).status_code == 404

    def unknown(look, **_asked):
        raise UnknownFilmError("unknown")

    monkeypatch.setattr(explanations, "explanation_for", unknown)
    assert client.get("/films/100/why").status_code == 404
    assert client.get("/films/100/").status_code == 200


def test_film_page_has_facts_fit_and_neighbours(client, engine, as_person, explained):
    page = client.get("/films/100/").content.decode()
    assert "<dd>508</dd>" in page
    assert "<dd>4.2</dd>" in page
    assert "<dd>79 %</dd>" in page  # 44 % and 35 % of the bars below
    assert "Same &lt;people&gt;." in page
    assert "How it fits you" not in page
    as_person(way="newcomer")
    page = client.get("/films/100/").content.decode()
    assert "How it fits you" in page
    assert "You would probably love it: number 33 of 1,682 films for you." in page
    client.post("/films/100/rate", {"stars": 4, "next": "/films/100/"})
    page = client.get("/films/100/").content.decode()
    assert "How it fits you" not in page
    assert "probably" not in page
    assert "You gave it 4 ★." in page
    assert "You gave Fargo 4 stars." in page
    assert page.count('class="is-on"') == 4


def test_film_page_shows_how_the_ratings_spread(client, film):
    page = client.get("/films/100/").content.decode()
    shares = re.findall(r'width="([\d.]+)" height="8"/></svg> <span>(\d+) %</span>', page)
    assert shares == [("100.0", "44"), ("80.6", "35"), ("32.0", "14"), ("10.4", "4"), ("5.9", "3")]
    assert re.findall(r'histogram__count">(\d+)<', page) == ["222", "179", "71", "23", "13"]
    Movie.objects.update(histogram=[])
    assert "histogram" not in client.get("/films/100/").content.decode()


def test_half_stars_have_bars_of_their_own(client, film):
    Movie.objects.update(histogram=[0, 0, 0, 1, 0, 2, 4, 2, 0, 1])
    page = client.get("/films/100/").content.decode()
    assert re.findall(r'aria-hidden="true">([\d.]+) ★<', page)[:3] == ["5", "4.5", "4"]
    # Three and a half stars are no four.
    assert re.search(r"<dt>Gave 4 stars or more</dt><dd>30\s%", page)


@pytest.mark.parametrize(
    ("share", "beginning"),
    [(0.001, "One of the very best"), (0.1, "You would probably like"), (1, "Probably not")],
)
def test_the_place_is_put_into_words(share, beginning):
    assert words_for_place(share).startswith(beginning)


def test_film_page_stands_without_a_model(client, monkeypatch):
    def no_model():
        raise NoModelError("none")

    monkeypatch.setattr(world, "require_champion", no_model)
    assert "Nobody has rated this film yet" in client.get("/films/100/").content.decode()


def test_film_page_costs_few_queries(client, engine, as_person, explained, django_assert_max_num_queries):
    as_person(way="newcomer")
    with django_assert_max_num_queries(12):
        client.get("/films/100/")


@pytest.fixture
def asked(monkeypatch):
    calls = []

    def search_films(**wish):
        calls.append(wish)
        found = () if wish["text"] == "nothing" else (FilmFacts(100, "Fargo <b>", 1996, ("Crime",)),)
        return FilmSearch(
            found, degraded=wish["text"] == "away", total=50 if wish["text"] == "many" else len(found)
        )

    monkeypatch.setattr(catalogue, "search_films", search_films)
    return calls


def test_search_finds_filters_and_escapes(client, asked):
    page = client.get("/search/?q=%3Cb%3E&genre=Crime&decade=1990").content.decode()
    told = {"text": "<b>", "genre": "Crime", "decade": 1990, "least_ratings": None, "most_ratings": None}
    assert asked == [{**told, "order": "best", "offset": 0, "limit": 24}]
    assert "1 film found" in page
    assert "Fargo &lt;b&gt;" in page
    assert "<b>" not in page.replace("movie<b>rec", "")
    assert "search engine is away" not in page


def test_search_says_when_it_is_degraded_and_when_nothing_is_found(client, asked):
    assert "search engine is away" in client.get("/search/?q=away").content.decode()
    assert "No film found" in client.get("/search/?q=nothing").content.decode()
    assert "The best known films" in client.get("/search/").content.decode()


def test_search_pages_keep_the_rest_of_the_address(client, asked):
    page = client.get("/search/?q=many&genre=&popularity=well&order=newest&page=2").content.decode()
    assert (asked[0]["offset"], asked[0]["least_ratings"], asked[0]["order"]) == (24, 100, "newest")
    assert "Page 2 of 3" in page
    assert 'href="?q=many&amp;popularity=well&amp;order=newest"' in page
    assert 'href="?q=many&amp;popularity=well&amp;order=newest&amp;page=3"' in page
    assert "50 films found" in page


def test_suggestions_are_options_of_a_list(client, monkeypatch):
    films = (FilmFacts(100, "Fargo <b>", 1996, ("Crime",)),)
    monkeypatch.setattr(catalogue, "suggest_films", lambda *, text, limit: films if text == "far" else ())
    part = client.get("/search/suggest?q=far").content.decode()
    assert part.count('role="option"') == 1
    assert 'data-address="/films/100/"' in part
    assert "Fargo &lt;b&gt;" in part
    assert "<html" not in part
    assert client.get("/search/suggest").content.strip() == b""


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("page=0", "Page: “0” does not fit"),
        ("order=x", "Order: choose one"),
        ("popularity=x", "Popularity: choose one"),
        ("genre=Cooking", "Genre: choose one of the list"),
        ("decade=x", "Decade: “x” does not fit"),
    ],
)
def test_search_names_what_does_not_fit(client, asked, query, sentence):
    response = client.get(f"/search/?{query}")
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert asked == []
