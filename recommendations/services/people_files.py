"""Files of people to recommend to: one JSON object per line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from recommendations.errors import InvalidError
from recommendations.ranking.dataset import DataSet
from recommendations.ranking.demographics import Demographics, InvalidDemographicsError
from recommendations.selectors.film_numbers import FilmNumbers
from recommendations.selectors.lists.person import Person, RatedMovie
from recommendations.stars import FEWEST_STARS, HALF, LEAST_STARS, MOST_STARS, plain_stars

FIELDS = {"id", "age", "gender", "occupation", "ratings"}


class PeopleFileError(InvalidError):
    """A line cannot be used; the message names its number, what is wrong and what is expected."""


def read_people(lines: Iterable[str], *, data: DataSet | None = None) -> Iterator[tuple[Any, Person]]:
    """Yield ``(id, person)`` for every line that is not empty; a missing id becomes the line's number.

    ``data`` (by default MovieLens-100k) says what may be told.

    Raises
    ------
    PeopleFileError
        At the first line that cannot be used.
    """
    lines_of: dict[str, int] = {}
    films, data = FilmNumbers(), data or DataSet()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            if not isinstance(entry, dict):
                raise PeopleFileError('expected an object such as {"id": 1, "age": 24}')
            name = entry.get("id", number)
            if (first := lines_of.setdefault(json.dumps(name), number)) != number:
                raise PeopleFileError(f"id is {name!r}, as in line {first}; give each person another one")
            yield name, _person(entry, films, data)
        except (json.JSONDecodeError, PeopleFileError, InvalidDemographicsError) as error:
            raise PeopleFileError(f"line {number}: {error}") from error


def _person(entry: dict[str, Any], films: FilmNumbers, data: DataSet) -> Person:
    unknown = sorted(set(entry) - FIELDS)
    if unknown:
        raise PeopleFileError(f"unknown field {unknown[0]!r}; expected {', '.join(sorted(FIELDS))}")
    age = entry.get("age")
    if age is not None and not _is_whole(age):
        raise PeopleFileError(f"age is {age!r}; expected a whole number")
    ratings = entry.get("ratings")
    if ratings is None:
        ratings = []
    if not isinstance(ratings, list):
        raise PeopleFileError("ratings must be a list, oldest first")
    demographics = Demographics(age, entry.get("gender") or None, entry.get("occupation") or None)
    data.check(demographics)
    return Person(demographics=demographics, ratings=tuple(_rating(rating, films) for rating in ratings))


def _rating(rating: Any, films: FilmNumbers) -> RatedMovie:
    if not isinstance(rating, dict) or not _is_number(rating.get("stars")):
        raise PeopleFileError(f'rating {rating!r}; expected {{"movie_id": 50, "stars": 4}}')
    stars = rating["stars"]
    if not FEWEST_STARS <= stars <= MOST_STARS or stars % HALF:
        raise PeopleFileError(
            f"stars are {stars}; expected {LEAST_STARS} to {MOST_STARS}, or halves from {FEWEST_STARS} on"
        )
    return RatedMovie(_film(rating, films), plain_stars(stars))


def _film(rating: dict[str, Any], films: FilmNumbers) -> int:
    """The number of the rated film, which is named by number, key, or title and year."""
    if _is_whole(rating.get("movie_id")):
        return int(rating["movie_id"])
    key, title, year = (rating.get(name) for name in ("film", "title", "year"))
    if isinstance(key, str | int) and not isinstance(key, bool):
        found, named = films.by_key(str(key)), f"the key {key!r}"
    elif isinstance(title, str) and (year is None or _is_whole(year)):
        found = films.by_title(title, year)
        named = f"the title {title!r}" + (f" of {year}" if year else "")
    else:
        raise PeopleFileError(
            f'rating {rating!r}; expected {{"movie_id": 50, "stars": 4}}, or the film as "film" (its key) or as "title" '
            'and "year"'
        )
    if found is None:
        raise PeopleFileError(f"no film of the catalogue has {named}")
    return found


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
