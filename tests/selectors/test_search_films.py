"""Finding films, by Elasticsearch and by the database in its stead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from recommendations.models import ModelVersion, Movie
from recommendations.selectors import catalogue
from recommendations.selectors.catalogue import search_films
from tests.selectors.shelved_films import shelved

pytestmark = [pytest.mark.elasticsearch, pytest.mark.django_db]
FILMS = {
    1: ("Les Misérables", 1995, ("Drama", "Musical"), 40),
    2: ("Amélie", 1991, ("Comedy",), 10),
    3: ("The Godfather", 1972, ("Crime", "Drama"), 400),
    4: ("The Godfather: Part II", 1974, ("Crime", "Drama"), 200),
    5: ("Schindler's List", 1993, ("Drama", "War"), 300),
    6: ("Star Wars", 1977, ("Sci-Fi",), 580),
    7: ("Starship Troopers", 1997, ("Sci-Fi", "War"), 200),
    8: ("M*A*S*H", 1970, ("Comedy", "War"), 200),
    9: ("unknown", None, (), 3),
    10: ("100% Wolf_Pack", 1996, ("Comedy",), 1),
}


@pytest.fixture(params=["elasticsearch", "database"])
def engine(request, elasticsearch_url: str, monkeypatch) -> Iterator[str]:
    """The films above in the database, and either in an index or with Elasticsearch away."""
    with shelved(FILMS, engine=request.param, url=elasticsearch_url, monkeypatch=monkeypatch):
        yield request.param


def found(text: str, **narrowed) -> list[int]:
    return [film.movie_id for film in search_films(text=text, **narrowed).items]


def test_it_tells_who_searched_and_what_a_film_is(engine):
    answer = search_films(text="schindler")
    assert answer.degraded is (engine == "database")
    (film,) = answer.items
    assert (film.title, film.year, film.genres) == ("Schindler's List", 1993, ("Drama", "War"))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Les Misérables", [1]),
        ("les miserables", [1]),
        ("MISÉRABLES", [1]),
        ("amelie", [2]),
        ("Amelié", [2]),
        ("godfather", [3, 4]),
        ("godf", [3, 4]),
        ("godfather part", [4]),
        ("part godfather", [4]),
        ("godfater", [3, 4]),
        ("gofdather", [3, 4]),
        ("schindlers list", [5]),
        ("star", [6, 7]),
        ("star wras", [6]),
        ("  star \t wars ", [6]),
        ("zebra", []),
        ("100%", [10]),
    ],
)
def test_what_is_found(engine, text, numbers):
    assert found(text) == numbers


def test_genre_decade_and_limit_narrow(engine):
    assert found("star", genre="War") == [7]
    assert found("godfather", decade=1970) == [3, 4]
    assert found("godfather", decade=1980) == []
    assert found("", genre="War") == [5, 7, 8]
    assert found("", genre="War", decade=1970) == [8]
    assert found("godfather", limit=1) == [3]
    assert found("", limit=3) == [6, 3, 5]
    assert found("star", limit=0) == []


def test_pages_orders_and_popularity(engine):
    answer = search_films(text="", limit=4, offset=4)
    assert (answer.total, [film.movie_id for film in answer.items]) == (10, [7, 8, 1, 2])
    assert search_films(text="godfather", limit=1, offset=1).total == 2
    assert found("godfather", offset=1) == [4]
    assert found("", offset=50) == []
    assert found("", order="newest", limit=3) == [7, 10, 1]
    assert found("", order="oldest")[-1] == 9  # a film without a year comes last
    assert found("godfather", order="newest") == [4, 3]
    assert found("", least_ratings=300) == [6, 3, 5]
    assert found("", most_ratings=9) == [9, 10]
    assert found("star", least_ratings=200, most_ratings=300) == [7]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("godf", 3),
        ("gofdath", 3),
        ("the god", 3),
        ("misera", 1),
        ("MISÉ", 1),
        ("schindlrs l", 5),
        ("amel", 2),
    ],
)
def test_suggestions_for_unfinished_titles(engine, text, first):
    assert catalogue.suggest_films(text=text)[0].movie_id == first


def test_suggestions_are_few_and_none_for_nothing(engine):
    assert catalogue.suggest_films(text="  ") == ()
    assert catalogue.suggest_films(text="zebra") == ()
    assert len(catalogue.suggest_films(text="the", limit=1)) == 1


@pytest.mark.parametrize(
    "text", ["", "   ", "\x00", "'\"\\)(*?~^:/{}[]", "a" * 5000, "x " * 3000, "😀", "NOT AND OR"]
)
def test_strange_text_is_no_error(engine, text):
    answer = search_films(text=text)
    assert answer.degraded is (engine == "database")
    catalogue.suggest_films(text=text)


def test_before_anything_is_published_the_database_searches(db, monkeypatch):
    Movie.objects.create(movielens_id=1, title="Star Wars", original_title="Star Wars")
    assert not ModelVersion.objects.exists()
    answer = search_films(text="star")
    assert (answer.degraded, [film.movie_id for film in answer.items]) == (True, [1])
