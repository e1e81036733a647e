"""The films of the catalogue as the matcher of imports and enrichments asks about them."""

from __future__ import annotations

from recommendations.models import Movie
from recommendations.services.imports.matching import CatalogueFilm, Matcher

_COLUMNS = (
    *("movielens_id", "title", "original_title", "year"),
    *("imdb_id", "tmdb_id", "alternative_titles"),
)


def load_matcher() -> Matcher:
    """The films of the data that the site serves, with their numbers at IMDb and TMDB and other titles. One query."""
    rows = Movie.objects.served().order_by("-rating_count", "movielens_id")
    return Matcher(
        CatalogueFilm(number, title, original, year, imdb_number(imdb), tmdb, tuple(others))
        for number, title, original, year, imdb, tmdb, others in rows.values_list(*_COLUMNS)
    )


def imdb_number(imdb_id: str) -> int | None:
    """The number in "tt0111161"; ``None`` without one."""
    digits = imdb_id.removeprefix("tt")
    return int(digits) if digits.isascii() and digits.isdecimal() else None
