"""The import of films: repeatable, in few queries, and careful with what people said."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.utils import timezone

from accounts.models import User
from recommendations.models import Enrichment, HiddenMovie, Movie, Rating, WatchlistItem
from recommendations.models.catalogue import Genre
from recommendations.services.catalogue import (
    CatalogueReport,
    MovieRecord,
    import_catalogue,
    read_movie_records,
)
from spark_jobs.data_files import FILMS_FILE

pytestmark = pytest.mark.django_db

GODFATHER = MovieRecord(
    movielens_id=127,
    title="The Godfather",
    original_title="Godfather, The (1972)",
    year=1972,
    genres=("Action", "Crime", "Drama"),
    rating_count=413,
    mean_stars=4.28,
    like_share=0.37,
    histogram=[3, 10, 30, 150, 220],
)
FARGO = MovieRecord(
    100,
    "Fargo",
    "Fargo (1996)",
    1996,
    ("Crime", "Drama", "Thriller"),
    508,
    4.16,
    0.43,
    [13, 23, 71, 179, 222],
)
UNKNOWN = MovieRecord(267, "Untitled film 267", "unknown", None, ("unknown",))


def genres_of(number: int) -> set[str]:
    return set(Movie.objects.get(movielens_id=number).genres.values_list("name", flat=True))


def test_films_arrive_with_everything_that_is_known_of_them():
    report = import_catalogue(movies=[GODFATHER, UNKNOWN])
    assert report == CatalogueReport(created=2, updated=0, unchanged=0, removed=0, kept=0)
    film = Movie.objects.get(movielens_id=127)
    assert (film.title, film.original_title, film.year) == ("The Godfather", "Godfather, The (1972)", 1972)
    assert (film.rating_count, film.mean_stars, film.like_share) == (413, 4.28, 0.37)
    assert film.histogram == [3, 10, 30, 150, 220]
    assert genres_of(127) == {"Action", "Crime", "Drama"}
    nameless = Movie.objects.get(movielens_id=267)
    assert (nameless.year, nameless.mean_stars, nameless.rating_count) == (None, None, 0)


def test_a_second_import_changes_nothing(django_assert_max_num_queries):
    import_catalogue(movies=[GODFATHER, FARGO])
    before = dict(Movie.objects.values_list("movielens_id", "pk"))
    with django_assert_max_num_queries(12):
        report = import_catalogue(movies=[GODFATHER, FARGO])
    assert report == CatalogueReport(created=0, updated=0, unchanged=2, removed=0, kept=0)
    assert dict(Movie.objects.values_list("movielens_id", "pk")) == before


def test_what_differs_is_written_and_keys_stay():
    import_catalogue(movies=[GODFATHER, FARGO])
    before = dict(Movie.objects.values_list("movielens_id", "pk"))
    report = import_catalogue(movies=[replace(GODFATHER, title="Le Parrain", mean_stars=4.3), FARGO])
    assert report == CatalogueReport(created=0, updated=1, unchanged=1, removed=0, kept=0)
    film = Movie.objects.get(movielens_id=127)
    assert (film.title, film.mean_stars) == ("Le Parrain", 4.3)
    assert dict(Movie.objects.values_list("movielens_id", "pk")) == before


def test_a_change_of_genres_alone_is_an_update():
    import_catalogue(movies=[GODFATHER, FARGO])
    report = import_catalogue(movies=[replace(GODFATHER, genres=("Crime", "War")), FARGO])
    assert (report.updated, report.unchanged) == (1, 1)
    assert genres_of(127) == {"Crime", "War"}
    assert genres_of(100) == {"Crime", "Drama", "Thriller"}
    assert Genre.objects.filter(name="Action").exists()


def test_a_film_that_vanished_goes():
    import_catalogue(movies=[GODFATHER, FARGO])
    report = import_catalogue(movies=[FARGO])
    assert (report.removed, report.kept) == (1, 0)
    assert list(Movie.objects.values_list("movielens_id", flat=True)) == [100]


@pytest.mark.parametrize("model", [Rating, WatchlistItem, HiddenMovie])
def test_a_film_that_vanished_stays_for_somebody_who_marked_it(model):
    import_catalogue(movies=[GODFATHER, FARGO, UNKNOWN])
    person = User.objects.create_user(username="ada", password="a long enough phrase")
    more = {"stars": 5, "rated_at": timezone.now()} if model is Rating else {}
    model.objects.create(user=person, movie=Movie.objects.get(movielens_id=127), **more)
    report = import_catalogue(movies=[FARGO])
    assert (report.removed, report.kept) == (1, 1)
    assert model.objects.get().movie.movielens_id == 127
    assert genres_of(127) == {"Action", "Crime", "Drama"}


def test_an_empty_import_is_refused_and_deletes_nothing():
    import_catalogue(movies=[GODFATHER])
    with pytest.raises(ValueError, match="at least one"):
        import_catalogue(movies=[])
    assert Movie.objects.count() == 1


def test_a_number_that_occurs_twice_is_refused_and_nothing_is_written():
    with pytest.raises(ValueError, match="film 100 occurs twice"):
        import_catalogue(movies=[FARGO, GODFATHER, FARGO])
    assert not Movie.objects.exists()


def test_more_films_than_one_statement_takes():
    films = [replace(FARGO, movielens_id=number, title=f"Film {number}") for number in range(1, 1_683)]
    assert import_catalogue(movies=films).created == 1_682
    assert Movie.genres.through.objects.count() == 3 * 1_682
    assert import_catalogue(movies=films[:1]).removed == 1_681


def test_two_films_may_share_a_title():
    twin = replace(FARGO, movielens_id=101)
    assert import_catalogue(movies=[FARGO, twin]).created == 2


def test_the_films_are_read_from_what_the_jobs_wrote(tmp_path):
    lines = [
        {"movie_id": 100, "title": "Fargo", "original_title": "Fargo (1996)", "year": 1996,
         "genres": ["Crime", "Drama", "Thriller"], "rating_count": 508, "mean_stars": 4.16, "like_share": 0.43,
         "histogram": [13, 23, 71, 179, 222]},
        {"movie_id": 267, "title": "Untitled film 267", "original_title": "unknown", "year": None, "genres": ["unknown"],
         "rating_count": 0, "mean_stars": None, "like_share": 0.0, "histogram": []},
    ]  # fmt: skip
    (tmp_path / FILMS_FILE).write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert read_movie_records(profiles_dir=tmp_path) == [FARGO, UNKNOWN]


def test_facts_of_the_data_and_of_elsewhere_come_together():
    Enrichment.objects.create(
        dataset="ml-100k",
        key="100",
        source="plots",
        facts={"overview": "A policewoman investigates.", "overview_url": "https://example.org/Fargo", "runtime": 90,
               "cast": ["Frances McDormand", "William H. Macy"]},
    )  # fmt: skip
    film = replace(FARGO, runtime=98, directors=["Joel Coen", "Ethan Coen", "Joel Coen"], language="English")
    import_catalogue(movies=[film, GODFATHER])
    movie = Movie.objects.get(movielens_id=100)
    assert (movie.runtime, movie.language, movie.overview) == (98, "English", "A policewoman investigates.")
    assert movie.fact_sources == {"overview": "plots", "cast": "plots"}
    assert list(movie.credits.values_list("role", "name")) == [
        ("director", "Joel Coen"),
        ("director", "Ethan Coen"),
        ("actor", "Frances McDormand"),
        ("actor", "William H. Macy"),
    ]
    assert import_catalogue(movies=[film, GODFATHER]).unchanged == 2
    report = import_catalogue(movies=[replace(film, directors=["Joel Coen"]), GODFATHER])
    assert (report.updated, movie.credits.filter(role="director").count()) == (1, 1)


def test_a_credit_alone_keeps_no_film():
    import_catalogue(movies=[replace(FARGO, directors=["Joel Coen"]), GODFATHER])
    assert import_catalogue(movies=[GODFATHER]).removed == 1
