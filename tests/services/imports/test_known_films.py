"""What the matcher knows of a catalogue's films: numbers elsewhere and other titles, and none of other data."""

from __future__ import annotations

import pytest

from accounts.models import User
from recommendations.models import Movie
from recommendations.models.catalogue import FIRST_ASIDE
from recommendations.services.imports import preview_import
from recommendations.services.imports.known_films import imdb_number, load_matcher
from recommendations.services.imports.rows import ParsedRating

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue():
    Movie.objects.create(
        movielens_id=1, title="Spirited Away", original_title="Spirited Away (2001)", year=2001,
        imdb_id="tt0245429", tmdb_id=129, alternative_titles=["Sen to Chihiro no kamikakushi"],
    )  # fmt: skip
    Movie.objects.create(movielens_id=2, title="Heat", original_title="Heat (1995)", year=1995)
    Movie.objects.create(
        movielens_id=FIRST_ASIDE + 9, title="Beau travail", original_title="Beau travail", year=1999
    )


def row(title: str, year: int | None = None, **numbers: int) -> ParsedRating:
    return ParsedRating(line=2, title=title, year=year, movie_id=None, stars=4.0, rated_at=None, **numbers)


@pytest.mark.parametrize("number", [{"imdb": 245429}, {"tmdb": 129}])
def test_a_number_elsewhere_is_sure_whatever_the_title(number):
    found = load_matcher().match(row("Le Voyage de Chihiro", 2002, **number))
    assert found.sure is not None
    assert found.sure.movie_id == 1


def test_another_title_of_a_film_finds_it():
    found = load_matcher().match(row("Sen to Chihiro no Kamikakushi", 2001))
    assert found.sure is not None
    assert found.sure.movie_id == 1


def test_a_film_of_other_data_is_not_found():
    found = load_matcher().match(row("Beau travail", 1999))
    assert (found.sure, found.candidates) == (None, ())


def test_an_export_from_imdb_is_matched_by_its_numbers():
    content = "Const,Your Rating,Date Rated,Title,Year\ntt0245429,10,2020-01-01,Chihiros Reise,2003\n"
    preview = preview_import(user=User.objects.create_user("ann"), content=content.encode())
    assert [(each.film.movie_id, each.stars) for each in preview.sure] == [(1, 5)]


@pytest.mark.parametrize(
    ("text", "number"), [("tt0111161", 111161), ("0111161", 111161), ("", None), ("tt", None)]
)
def test_numbers_of_imdb(text, number):
    assert imdb_number(text) == number


def test_a_title_copied_with_its_page_s_styles_is_read_without_them():
    Movie.objects.create(
        movielens_id=3, title="Naked Gun 33 1/3", original_title="Naked Gun 33 1/3 (1994)", year=1994
    )
    title = (
        "Naked Gun .mw-x .frac{white-space:nowrap}.mw-x .num,.mw-x .den{font-size:80%;line-height:0}33+1⁄3"
    )
    content = f'Name,Year,Rating\n"{title}",1994,4\n'
    preview = preview_import(user=User.objects.create_user("ann"), content=content.encode())
    assert [(each.film.movie_id, each.stars) for each in preview.sure] == [(3, 4)]


@pytest.mark.parametrize(("year", "found"), [(2012, True), (1990, False), (None, False)])
def test_a_film_that_came_out_again_is_likely_if_it_is_the_older_one(year, found):
    Movie.objects.create(
        movielens_id=4, title="The Long Way Home", original_title="Long Way Home, The (1999)", year=1999
    )
    match = load_matcher().match(row("The Long Way Home 3D", year))
    assert (match.likely is not None and match.likely.movie_id == 4) is found
    assert match.sure is None
