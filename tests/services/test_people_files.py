"""Files of people: what is read, and what is refused with the line's number."""

import json
import re

import pytest

from recommendations.models import Movie
from recommendations.ranking.demographics import Demographics
from recommendations.selectors.lists.person import Person, RatedMovie
from recommendations.services.people_files import PeopleFileError, read_people


def test_every_part_is_optional_and_a_missing_id_is_the_line_number():
    lines = [
        '{"id": "a", "age": 24, "gender": "F", "occupation": "artist", "ratings": [{"movie_id": 50, "stars": 4}]}',
        "",
        "{}",
    ]
    assert list(read_people(lines)) == [
        ("a", Person(demographics=Demographics(24, "F", "artist"), ratings=(RatedMovie(50, 4),))),
        (3, Person()),
    ]


def test_ratings_keep_their_order():
    line = json.dumps({"ratings": [{"movie_id": movie, "stars": 3} for movie in (9, 2, 7)]})
    [(_, person)] = read_people([line])
    assert [rating.movie_id for rating in person.ratings] == [9, 2, 7]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "line 1: Expecting property name"),
        ("[]", "expected an object"),
        ('{"age": "old"}', "age is 'old'; expected a whole number"),
        ('{"age": true}', "age is True"),
        ('{"age": 200}', "age is 200; expected 5 to 110"),
        ('{"gender": "X"}', "gender is 'X'"),
        ('{"occupation": "king"}', "occupation is 'king'; expected one of"),
        ('{"sex": "F"}', "unknown field 'sex'; expected age, gender, id, occupation, ratings"),
        ('{"ratings": {}}', "ratings must be a list"),
        ('{"ratings": [{"movie_id": 1}]}', "expected {"),
        ('{"ratings": [{"movie_id": 1, "stars": 6}]}', "stars are 6; expected 1 to 5"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(line, words):
    with pytest.raises(PeopleFileError, match="line 1: ") as refused:
        list(read_people([line]))
    assert words in str(refused.value)


def test_an_id_is_for_one_person():
    with pytest.raises(
        PeopleFileError, match="line 3: id is 'a', as in line 1; give each person another one"
    ):
        list(read_people(['{"id": "a"}', '{"id": "b"}', '{"id": "a"}']))
    assert [name for name, _person in read_people(["{}", '{"id": "1"}', '{"id": [1]}'])] == [1, "1", [1]]


@pytest.mark.django_db
def test_films_are_named_by_key_or_by_title_and_halves_are_stars():
    Movie.objects.create(movielens_id=100_000_000, key="tt0116282", title="Fargo", year=1996)
    Movie.objects.create(movielens_id=7, key="7", title="Été, L'", year=1990)
    ratings = [
        {"film": "tt0116282", "stars": 4.5},
        {"title": "L'ete", "year": 1990, "stars": 5},
        {"title": "FARGO", "stars": 0.5},
        {"film": 7, "stars": 3},
    ]
    [(_, person)] = read_people([json.dumps({"ratings": ratings})])
    assert person.ratings == (
        RatedMovie(100_000_000, 4.5),
        RatedMovie(7, 5),
        RatedMovie(100_000_000, 0.5),
        RatedMovie(7, 3),
    )
    for rating, words in (
        ({"film": "tt9", "stars": 4}, "no film of the catalogue has the key 'tt9'"),
        ({"title": "Fargo", "year": 1990, "stars": 4}, "has the title 'Fargo' of 1990"),
        ({"film": "tt0116282", "stars": 4.2}, "stars are 4.2; expected 1 to 5, or halves"),
    ):
        with pytest.raises(PeopleFileError, match=re.escape(words)):
            list(read_people([json.dumps({"ratings": [rating]})]))
