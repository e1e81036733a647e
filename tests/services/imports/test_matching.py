"""Titles and years of elsewhere to films of the catalogue: sure, doubtful or not there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.ranking.titles import fold_title
from recommendations.services.imports.matching import CatalogueFilm, Matcher
from recommendations.services.imports.parsing import ParsedRating

FILMS = (
    CatalogueFilm(50, "Star Wars", "Star Wars (1977)", 1977),
    CatalogueFilm(127, "The Godfather", "Godfather, The (1972)", 1972),
    CatalogueFilm(246, "Chasing Amy", "Chasing Amy (1997)", 1997),
    CatalogueFilm(268, "Chasing Amy", "Chasing Amy (1997)", 1997),
    CatalogueFilm(14, "Postino, Il", "Postino, Il (1994)", 1994),
    CatalogueFilm(30, "Belle de jour", "Belle de jour (1967)", 1967),
    CatalogueFilm(1, "Sabrina", "Sabrina (1954)", 1954),
    CatalogueFilm(2, "Sabrina", "Sabrina (1995)", 1995),
    CatalogueFilm(3, "Romeo + Juliet", "William Shakespeare's Romeo and Juliet (1996)", 1996),
    CatalogueFilm(6, "Shanghai Triad", "Shanghai Triad (Yao a yao yao dao waipo qiao) (1995)", 1995),
    CatalogueFilm(267, "unknown", "unknown", None),
)


def match(title, year=None, movie_id=None):
    found = Matcher(FILMS).match(ParsedRating(2, title, year, movie_id, 4, None))
    return found.sure.movie_id if found.sure else [film.movie_id for film in found.candidates]


@pytest.mark.parametrize(
    ("title", "year", "expected"),
    [
        ("star wars", 1977, 50),
        ("GODFATHER, THE", 1972, 127),
        ("Godfather", 1972, 127),
        ("Il Postino", 1994, 14),
        ("Bèlle dé Jour", 1967, 30),
        ("The Godfather (1972)", None, 127),
        ("Chasing Amy", 1997, 246),  # twice in the data: the better known one
        ("Sabrina", 1995, 2),
        ("Yao a yao yao dao waipo qiao", 1995, 6),
        ("Star Wars", 1978, [50]),
        ("Star Wars", None, [50]),
        ("Sabrina", None, [1, 2]),
        ("Star Wars: Episode IV - A New Hope", 1977, [50]),
        ("The Godfathr", 1972, [127]),
        ("Star Wars", 1999, []),
        ("Heat", 1995, []),
        ("🎬", 1995, []),
        ("", 1995, []),
    ],
)
def test_titles(title, year, expected):
    assert match(title, year) == expected


def test_numbers_and_titles_that_contradict_each_other():
    assert match("", None, 50) == 50
    assert match("", None, 9999) == []
    assert match("Star Wars", 1977, 50) == 50
    assert match("The Godfather", 1972, 50) == 127
    assert match("Something else", 1972, 50) == [50]


def test_folding():
    assert fold_title("L'Été, The") == fold_title("lete, the") or fold_title("L'Été") == "ete"
    assert fold_title("Beavis & Butt-head") == fold_title("beavis AND butt head")
    assert fold_title("The") == "the"
    assert fold_title("Straße") == "strasse"


@given(st.text(max_size=60), st.integers(min_value=1, max_value=9999) | st.none())
def test_any_title_is_answered(title, year):
    assert fold_title(fold_title(title)) == fold_title(title)
    match(title, year)
