"""Files of people to recommend to: one JSON object per line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from recommendations.errors import InvalidError
from recommendations.ranking.demographics import Demographics, InvalidDemographicsError
from recommendations.selectors.lists.person import Person, RatedMovie
from recommendations.stars import LEAST_STARS, MOST_STARS, STARS

FIELDS = {"id", "age", "gender", "occupation", "ratings"}


class PeopleFileError(InvalidError):
    """A line cannot be used; the message names its number, what is wrong and what is expected."""


def read_people(lines: Iterable[str]) -> Iterator[tuple[Any, Person]]:
    """Yield ``(id, person)`` for every line that is not empty; a missing id becomes the line's number.

    Raises
    ------
    PeopleFileError
        At the first line that cannot be used.
    """
    lines_of: dict[str, int] = {}
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
            yield name, _person(entry)
        except (json.JSONDecodeError, PeopleFileError, InvalidDemographicsError) as error:
            raise PeopleFileError(f"line {number}: {error}") from error


def _person(entry: dict[str, Any]) -> Person:
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
    return Person(
        demographics=Demographics(age, entry.get("gender") or None, entry.get("occupation") or None),
        ratings=tuple(_rating(rating) for rating in ratings),
    )


def _rating(rating: Any) -> RatedMovie:
    if (
        not isinstance(rating, dict)
        or not _is_whole(rating.get("movie_id"))
        or not _is_whole(rating.get("stars"))
    ):
        raise PeopleFileError(f'rating {rating!r}; expected {{"movie_id": 50, "stars": 4}}')
    if rating["stars"] not in STARS:
        raise PeopleFileError(f"stars are {rating['stars']}; expected {LEAST_STARS} to {MOST_STARS}")
    return RatedMovie(rating["movie_id"], rating["stars"])


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
