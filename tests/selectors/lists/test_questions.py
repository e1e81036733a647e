"""The films that a newcomer is asked about, from the published model."""

from __future__ import annotations

import pytest

from recommendations.models import Movie
from recommendations.selectors.lists.person import Person, RatedMovie
from recommendations.selectors.lists.questions import questions_for
from recommendations.selectors.lists.world import look_at

pytestmark = [pytest.mark.spark, pytest.mark.elasticsearch]


def numbers(person: Person, **wish) -> list[int]:
    return [film.movie_id for film in questions_for(look_at(person), **{"count": 6, **wish})]


def test_questions_keep_their_places_until_they_are_answered(trained):
    first = numbers(Person())
    assert len(set(first)) == 6
    counts = dict(Movie.objects.values_list("movielens_id", "rating_count"))
    assert min(counts[number] for number in first) > 0
    rated = Person(ratings=(RatedMovie(first[2], 5),))
    second = numbers(rated, shown=first)
    assert [a == b for a, b in zip(first, second, strict=True)] == [True, True, False, True, True, True]
    assert second[2] not in first
    third = numbers(rated, shown=second, unseen=[first[0]])
    assert third[0] not in {*first, *second}
    assert third[1:] == second[1:]


def test_hidden_and_unknown_films_are_never_asked_about(trained):
    first = numbers(Person())
    assert first[0] not in numbers(Person(hidden=frozenset({first[0]})))
    assert numbers(Person(), shown=[999_999, first[1]])[1] == first[1]
