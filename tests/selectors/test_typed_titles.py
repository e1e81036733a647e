"""A title that is being typed: films that begin with it come first, however numbers and spaces are written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recommendations.search.documents import beginnings
from recommendations.search.film_search import TypedTitle
from recommendations.selectors.catalogue import search_films, suggest_films
from tests.selectors.shelved_films import shelved

CASES = Path(__file__).parents[1] / "cases"
FILMS = {
    1: ("The Godfather", 1972, ("Crime",), 400),
    2: ("The Godfather: Part II", 1974, ("Crime",), 200),
    3: ("Playing God", 1997, ("Crime",), 900),
    4: ("Dear God", 1996, ("Comedy",), 800),
    5: ("Star Wars", 1977, ("Sci-Fi",), 580),
    6: ("Twelve Monkeys", 1995, ("Sci-Fi",), 390),
    7: ("12 Angry Men", 1957, ("Drama",), 120),
    8: ("M*A*S*H", 1970, ("Comedy",), 200),
    9: ("Star Trek III: The Search for Spock", 1984, ("Sci-Fi",), 170),
    10: ("Star Trek: The Wrath of Khan", 1982, ("Sci-Fi",), 240),
    11: ("Alien", 1979, ("Horror",), 290),
    12: ("Aliens", 1986, ("Horror",), 300),
    13: ("Batman & Robin", 1997, ("Action",), 60),
    14: ("Robin Hood: Prince of Thieves", 1991, ("Drama",), 300),
    15: ("Starship Troopers", 1997, ("Sci-Fi",), 210),
    16: ("Schindler's List", 1993, ("Drama",), 290),
    17: ("The Mask", 1994, ("Comedy",), 120),
}


@pytest.fixture(params=["elasticsearch", "database"])
def films(request, elasticsearch_url: str, monkeypatch, db) -> Iterator[None]:
    with shelved(FILMS, engine=request.param, url=elasticsearch_url, monkeypatch=monkeypatch):
        yield


@pytest.mark.elasticsearch
@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("godf", [1, 2]),
        ("god", [1, 2, 3, 4]),
        ("the godf", [1, 2]),
        ("starwars", [5]),
        ("star w", [5]),
        ("STAR-WARS", [5]),
        ("12 monkeys", [6]),
        ("twelve mon", [6]),
        ("twelve angry men", [7]),
        ("Godfather 2", [2]),
        ("godfather part 2", [2]),
        ("the godfather ii", [2]),
        ("star trek 3", [9]),
        ("trek 3 search", [9]),
        ("mash", [8]),
        ("alien", [11, 12]),
        ("batman and robin", [13]),
        ("robin", [14, 13]),
        ("star ship", [15]),
        ("schindlers", [16]),
    ],
)
def test_what_begins_with_the_typed_letters_comes_first(films, typed, first):
    assert [film.movie_id for film in suggest_films(text=typed)][: len(first)] == first
    assert [film.movie_id for film in search_films(text=typed).items][: len(first)] == first


@pytest.mark.elasticsearch
def test_the_case_that_was_reported(films, client):
    method, address = (CASES / "suggest-prefix.txt").read_text().split()
    assert method == "GET"
    titles = [film["title"] for film in client.get(address).json()["items"]]
    assert titles[:2] == ["The Godfather", "The Godfather: Part II"]


@pytest.mark.parametrize(
    ("title", "ways"),
    [
        ("The Godfather: Part II", ["the godfather part ii", "godfather part ii", "godfather 2"]),
        ("Amélie", ["amelie"]),
        ("Twelve Monkeys", ["twelve monkeys", "12 monkeys"]),
        ("The", ["the"]),
        ("???", []),
    ],
)
def test_what_people_may_begin_to_type(title, ways):
    joined = [way.replace(" ", "") for way in ways]
    assert list(beginnings(title)) == list(dict.fromkeys(ways + joined))


@pytest.mark.parametrize(
    ("typed", "title", "tier"),
    [
        ("star wars", "Star Wars", 0),
        ("starwars", "Star Wars", 0),
        ("star w", "Star Wars", 1),
        ("godf", "The Godfather", 1),
        ("starw", "Star Wars", 1),
        ("godfather 2", "The Godfather: Part II", 0),
        ("12 mon", "Twelve Monkeys", 1),
        ("star ship tr", "Starship Troopers", 2),
        ("a n", "Annie Hall", None),
        ("god", "Dear God", None),
        ("...", "Star Wars", None),
    ],
)
def test_how_well_a_typed_text_fits_a_title(typed, title, tier):
    assert TypedTitle.of(typed).tier(beginnings(title)) == tier
