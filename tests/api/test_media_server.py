"""The example for media servers, against the real API and the library of a made-up server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as django_settings

from recommendations.models import Movie, ServicePerson, ServiceRating
from recommendations.services.account.tokens import create_token
from tests.api.other_sites import SCOPES, a_model_and_films, operator

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
EXAMPLE = django_settings.BASE_DIR / "docs" / "examples" / "media_server.py"


def imdb(number: int) -> str:
    return f"tt{number:07}"


@pytest.fixture
def numbers(settings, tmp_path):
    found = a_model_and_films(settings, tmp_path)
    for movie in Movie.objects.all():
        movie.imdb_id = imdb(movie.movielens_id)
        movie.save()
    return found


@pytest.fixture
def rows_of(live_server, numbers, tmp_path):
    token = create_token(user=operator(), name="media", scopes=SCOPES, lifetime=timedelta(days=1))[1]

    def run(owned, people):
        library = tmp_path / "library.json"
        library.write_text(json.dumps({"owned": owned, "people": people}))
        done = subprocess.run(
            [sys.executable, str(EXAMPLE), str(library)],
            env={**os.environ, "MOVIEREC": live_server.url, "TOKEN": token},
            capture_output=True,
            text=True,
            timeout=200,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    return run


def test_rows_hold_owned_films_that_nobody_has_seen_with_reasons(rows_of, numbers):
    owned = [imdb(number) for number in numbers[:40]] + ["tt9999999"]
    watched = [
        {"imdb": imdb(numbers[50]), "stars": 5},  # no longer owned
        {"imdb": imdb(numbers[0]), "stars": 5},
        {"imdb": imdb(numbers[1])},
        {"imdb": "tt8888888", "stars": 4},
    ]
    rows = rows_of(owned, {"anna": watched, "ben & children": []})
    anna, ben = rows["anna"], rows["ben & children"]
    assert [row["row"] for row in ben] == ["for you"]
    assert anna[0]["row"] == "for you"
    assert {row["row"] for row in anna[1:]} == {"because you watched"}
    assert {row["of"] for row in anna[1:]} <= {imdb(numbers[50]), imdb(numbers[0])}
    shown = [film["imdb"] for row in anna for film in row["films"]]
    assert len(anna[0]["films"]) == 20
    assert len(shown) == len(set(shown))
    assert set(shown) <= set(owned) - {imdb(numbers[0]), imdb(numbers[1])}
    assert all(film["reason"] for row in anna for film in row["films"])
    assert ServicePerson.objects.count() == 2
    assert ServiceRating.objects.count() == 3


def test_the_same_run_again_changes_nothing_and_asks_for_no_number_twice(rows_of, numbers):
    owned, people = (
        [imdb(number) for number in numbers[:30]],
        {"anna": [{"imdb": imdb(numbers[3]), "stars": 4}]},
    )
    first = rows_of(owned, people)
    Movie.objects.update(imdb_id="")  # what is kept beside the library is enough
    assert rows_of(owned, people) == first


def test_a_library_without_known_films_has_an_empty_row(rows_of):
    assert rows_of(["tt9999999"], {"anna": []}) == {"anna": [{"row": "for you", "films": []}]}


def test_a_film_is_found_by_its_number_at_imdb(client, numbers):
    found = client.get("/api/v1/films/", {"q": imdb(numbers[4])}).json()
    assert ([film["movie_id"] for film in found["items"]], found["total"]) == ([numbers[4]], 1)
    assert client.get("/api/v1/films/", {"q": "tt7777777"}).json()["items"] == []
