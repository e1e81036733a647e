"""Keeps the people of other sites. Nothing here reads or writes an account of this site, whatever a key looks like."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Service
from recommendations.models import Movie, ServicePerson, ServiceRating
from recommendations.ranking.demographics import GENDERS, MAX_AGE, MIN_AGE, OCCUPATIONS, Demographics
from recommendations.services.other_sites.lines import (
    LARGEST_NUMBER,
    LineError,
    Report,
    checked_choice,
    checked_key,
    checked_moment,
    checked_number,
    checked_stars,
    read_lines,
    require_fields,
)

# Rows in one statement, and values in one condition.
ROWS_AT_ONCE, VALUES_AT_ONCE = 2_000, 5_000
_PERSON_FIELDS = frozenset({"key", "age", "gender", "occupation"})
_RATING_FIELDS = frozenset({"person", "movie_id", "stars", "rated_at"})
T = TypeVar("T")


class _Line(NamedTuple):
    """A rating of a line; without stars it is taken back."""

    key: str
    movie_id: int
    stars: float | None
    rated_at: datetime | None


def put_person(*, service: Service, key: str, demographics: Demographics) -> tuple[ServicePerson, bool]:
    """Make or change somebody; what is not said is unknown from now on. The second value says that they are new.

    Raises
    ------
    LineError
        If the key does not fit.
    """
    return ServicePerson.objects.update_or_create(
        service=service,
        key=checked_key(key),
        defaults={
            "age": demographics.age,
            "gender": demographics.gender or "",
            "occupation": demographics.occupation or "",
        },
    )


def delete_person(*, service: Service, key: str) -> bool:
    """Delete somebody with everything that is kept about them; returns whether there was anybody."""
    deleted, _by_model = ServicePerson.objects.filter(service=service, key=key).delete()
    return deleted > 0


def put_people(*, service: Service, body: bytes) -> Report:
    """Make or change many people, a line each: ``key``, and as far as known ``age``, ``gender``, ``occupation``.

    Raises
    ------
    TooManyLinesError
    """
    report, now = Report(), timezone.now()
    people = {key: row for _number, (key, row) in read_lines(body, _person_of, report)}
    rows = [
        ServicePerson(service=service, key=key, created_at=now, updated_at=now, **people[key])
        for key in sorted(people)
    ]
    ServicePerson.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["service", "key"],
        update_fields=["age", "gender", "occupation", "updated_at"],
        batch_size=ROWS_AT_ONCE,
    )
    report.accepted = _lines_of(body) - report.refused
    return report


def put_ratings(*, service: Service, body: bytes) -> Report:
    """Many ratings, a line each: ``person`` (a key), ``movie_id``, ``stars`` and, if it was not now, ``rated_at``.

    A later rating of a film replaces an earlier one, and ``stars`` null takes it back. Somebody whose key is new is
    made, without demographics.

    Raises
    ------
    TooManyLinesError
    """
    report, now = Report(), timezone.now()
    lines = read_lines(body, partial(_rating_of, now=now), report)
    films = films_by_number({line.movie_id for _number, line in lines})
    fitting: dict[tuple[str, int], tuple[float | None, datetime]] = {}
    begin = now - timedelta(microseconds=len(lines))
    for place, (number, line) in enumerate(lines):
        if line.movie_id not in films:
            report.refuse(number, unknown_number(line.movie_id))
            continue
        report.accepted += 1
        at = line.rated_at or begin + timedelta(microseconds=place)
        fitting[line.key, films[line.movie_id]] = (line.stars, at)
    report.errors.sort(key=lambda error: error["line"])
    with transaction.atomic():
        _write_ratings(service, fitting)
    return report


def unknown_number(movie_id: int) -> LineError:
    """What to say of a line about a film that nobody knows."""
    sentence = _("movie_id is %(value)s; no film of the catalogue has this number.")
    return LineError(sentence % {"value": movie_id})


def _write_ratings(
    service: Service, ratings: Mapping[tuple[str, int], tuple[float | None, datetime]]
) -> None:
    people = people_by_key(service=service, keys={key for key, _movie in ratings})
    rows, taken_back = [], []
    # In one order, so that two requests at once do not wait for each other.
    for key, movie in sorted(ratings, key=lambda pair: (people[pair[0]], pair[1])):
        stars, at = ratings[key, movie]
        if stars is None:
            taken_back.append((people[key], movie))
        else:
            rows.append(ServiceRating(person_id=people[key], movie_id=movie, stars=stars, rated_at=at))
    ServiceRating.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["person", "movie"],
        update_fields=["stars", "rated_at"],
        batch_size=ROWS_AT_ONCE,
    )
    for person, movie in taken_back:
        ServiceRating.objects.filter(person=person, movie=movie).delete()


def people_by_key(*, service: Service, keys: Collection[str], make: bool = True) -> dict[str, int]:
    """The rows of these people, held until the end of the transaction; who is missing is made, unless ``make`` is false."""
    ordered = sorted(keys)
    found = _held(service, ordered)
    missing = [key for key in ordered if key not in found]
    if missing and make:
        rows = [ServicePerson(service=service, key=key) for key in missing]
        ServicePerson.objects.bulk_create(rows, ignore_conflicts=True, batch_size=ROWS_AT_ONCE)
        found |= _held(service, missing)
    return found


def _held(service: Service, keys: Sequence[str]) -> dict[str, int]:
    rows = ServicePerson.objects.select_for_update().filter(service=service).order_by("pk")
    return {
        key: number
        for some in in_parts(keys)
        for key, number in rows.filter(key__in=some).values_list("key", "pk")
    }


def films_by_number(numbers: Collection[int]) -> dict[int, int]:
    """The rows of the films with these numbers; a second number has that of the film that is shown."""
    rows = Movie.objects.values_list("movielens_id", "pk", "twin_of")
    if len(numbers) <= VALUES_AT_ONCE:
        wanted = list(rows.filter(movielens_id__in=numbers))
        kept = [twin for _number, _key, twin in wanted if twin is not None]
        wanted += rows.filter(movielens_id__in=kept) if kept else []
    else:
        wanted = list(rows)
    by_number = {number: key for number, key, _twin in wanted}
    return {number: by_number[number if twin is None else twin] for number, _key, twin in wanted}


def in_parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in parts that fit into one condition."""
    for begin in range(0, len(values), VALUES_AT_ONCE):
        yield values[begin : begin + VALUES_AT_ONCE]


def _lines_of(body: bytes) -> int:
    return sum(1 for line in body.split(b"\n") if line.strip())


def _person_of(fields: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    require_fields(fields, needed=frozenset({"key"}), known=_PERSON_FIELDS)
    age, gender, occupation = fields.get("age"), fields.get("gender"), fields.get("occupation")
    return checked_key(fields["key"]), {
        "age": None if age is None else checked_number(age, "age", MIN_AGE, MAX_AGE),
        "gender": "" if gender is None else checked_choice(gender, "gender", GENDERS),
        "occupation": "" if occupation is None else checked_choice(occupation, "occupation", OCCUPATIONS),
    }


def _rating_of(fields: Mapping[str, Any], *, now: datetime) -> _Line:
    require_fields(fields, needed=frozenset({"person", "movie_id", "stars"}), known=_RATING_FIELDS)
    stars, at = fields["stars"], fields.get("rated_at")
    return _Line(
        checked_key(fields["person"], "person"),
        checked_number(fields["movie_id"], "movie_id", 1, LARGEST_NUMBER),
        None if stars is None else checked_stars(stars),
        None if at is None else checked_moment(at, "rated_at", now=now),
    )
