"""Films that operators put, change and withdraw: in the catalogue, in every process and in what people said."""

from __future__ import annotations

import pytest

from accounts.models import User
from recommendations.models import Movie, NewFilm, NewFilmsState, Rating
from recommendations.models.new_films import FIRST_NEW
from recommendations.ranking.content import FilmContent
from recommendations.selectors.catalogue import search_films
from recommendations.selectors.lists import champion as champion_module
from recommendations.selectors.lists.champion import current_champion
from recommendations.selectors.lists.person import Person
from recommendations.selectors.lists.recommendations import recommendations_for
from recommendations.selectors.lists.world import look_at
from recommendations.selectors.new_films import UnknownNewFilmError, content_of, new_film
from recommendations.selectors.viewers import person_of_user
from recommendations.services.catalogue import MovieRecord, import_catalogue
from recommendations.services.feedback import rate_movie
from recommendations.services.new_films import (
    FilmConflictError,
    NewFilmFacts,
    ShareError,
    put_films,
    set_exposure,
    update_index,
    withdraw_film,
)
from tests.selectors.versions import registered

pytestmark = pytest.mark.django_db
SNOW = NewFilmFacts(
    "Snow in April", 2026, ("Crime", "Comedy"), "A robbery in the snow", ("Ana Lind",), tags=("heist",)
)
RECORDS = [
    MovieRecord(number, f"Film {number}", f"Film {number}", 1990, ("Crime", "Drama"), rating_count=number)
    for number in range(3, 123, 2)
]


@pytest.fixture
def olga():
    return User.objects.create_user("olga")


@pytest.fixture(autouse=True)
def _site(settings, tmp_path, monkeypatch):
    """A version of sixty films, and no Elasticsearch."""
    settings.MOVIEREC_HOME, settings.ELASTICSEARCH_URL = tmp_path, "http://127.0.0.1:9"
    for name in ("_loaded", "_beside", "_refused", "_widened"):
        monkeypatch.setattr(champion_module, name, {})
    registered(tmp_path, 0, "champion")
    import_catalogue(movies=RECORDS)


def put(olga, key="snow", facts=SNOW):
    return put_films(films=[(key, facts)], by=olga)[0]


def found(text):
    return [film.movie_id for film in search_films(text=text).items]


def known(number):
    return number in current_champion().artefact.positions


def test_a_film_is_there_from_its_first_minute(olga):
    film, is_new = put(olga)
    assert is_new
    assert film.number == FIRST_NEW + film.pk
    assert found("snow in apr") == [film.number]
    movie = Movie.objects.get(movielens_id=film.number)
    assert (movie.title, movie.year, movie.key) == ("Snow in April", 2026, "snow")
    assert {genre.name for genre in movie.genres.all()} == {"Crime", "Comedy"}
    assert (movie.overview, movie.tags) == ("A robbery in the snow", ["heist"])
    assert [(credit.role, credit.name) for credit in movie.credits.all()] == [("director", "Ana Lind")]
    champion = current_champion()
    assert champion.artefact.newcomers == 1
    assert champion.artefact.movie_ids[-1] == film.number
    assert champion.state[1] == NewFilmsState.now().revision


def test_a_process_asks_for_them_once_after_each_change(olga, django_assert_num_queries):
    put(olga)
    with django_assert_num_queries(2):
        first = current_champion().artefact
    with django_assert_num_queries(1):
        assert current_champion().artefact is first
    put(olga, "k2", NewFilmFacts("K2"))
    assert current_champion().artefact.newcomers == 2


def test_what_is_changed_is_changed_everywhere(olga):
    film, _ = put(olga)
    before = current_champion().artefact.genres[-1]
    again, is_new = put(olga, facts=NewFilmFacts("Snow in May", 2026, ("War",)))
    assert (again.number, is_new) == (film.number, False)
    assert found("snow in may") == [film.number]
    assert Movie.objects.get(movielens_id=film.number).title == "Snow in May"
    assert current_champion().artefact.genres[-1].tolist() != before.tolist()
    assert new_film(key="snow").facts["overview"] == ""


def test_the_same_again_changes_nothing(olga):
    put(olga)
    revision = NewFilm.objects.get().changed_at
    assert put(olga)[1] is False
    assert NewFilm.objects.get().changed_at == revision


def test_what_is_withdrawn_is_found_and_recommended_no_more(olga):
    film, _ = put(olga)
    withdraw_film(key="snow", by=olga)
    assert not found("snow in april")
    assert not known(film.number)
    assert not Movie.objects.filter(key="snow").exists()
    with pytest.raises(UnknownNewFilmError, match="key snow"):
        withdraw_film(key="snow", by=olga)


def test_what_people_said_of_it_comes_back_with_it(olga):
    film, _ = put(olga)
    rate_movie(user=olga, movie_id=film.number, stars=5)
    assert (
        current_champion().artefact.positions[film.number] in look_at(person_of_user(user=olga)).history.items
    )
    withdraw_film(key="snow", by=olga)
    assert Rating.objects.filter(user=olga).count() == 1
    assert not found("snow in april")
    assert len(look_at(person_of_user(user=olga)).history) == 0
    back, is_new = put(olga)
    assert (back.number, is_new) == (film.number, True)
    assert found("snow in april") == [film.number]
    assert len(look_at(person_of_user(user=olga)).history) == 1


def test_all_of_a_batch_or_none(olga):
    with pytest.raises(FilmConflictError):
        put_films(films=[("snow", SNOW), ("other", NewFilmFacts("Film 5", 1990))], by=olga)
    assert not NewFilm.objects.exists()
    assert not found("snow in april")


@pytest.mark.parametrize(
    ("key", "facts", "told"),
    [
        ("5", NewFilmFacts("Anything"), "key 5: Film 5"),
        ("x", NewFilmFacts("The FILM: 7", 1990), "number 7"),
        ("x", NewFilmFacts("Other", imdb_id="tt0000009"), "number 9"),
        ("x", NewFilmFacts("Other", tmdb_id=11), "number 11"),
        ("x", NewFilmFacts("Snow in April", 2026), "Snow in April"),
    ],
)
def test_what_the_catalogue_has_is_not_put_again(olga, key, facts, told):
    Movie.objects.filter(movielens_id=9).update(imdb_id="tt0000009")
    Movie.objects.filter(movielens_id=11).update(tmdb_id=11)
    put(olga)
    with pytest.raises(FilmConflictError, match=told):
        put(olga, key, facts)


def test_a_remake_of_another_year_is_another_film(olga):
    assert put(olga, "x", NewFilmFacts("Film 5", 2026))[1]
    assert put(olga, "y", NewFilmFacts("Film 5"))[1]


def test_other_data_leave_new_films_alone(olga):
    film, _ = put(olga)
    report = import_catalogue(movies=RECORDS[:50])
    assert (report.removed, report.kept) == (10, 0)
    assert found("snow in april") == [film.number]
    import_catalogue(movies=[MovieRecord(1, "A", "A", 2000, (), source="other", key="a")])
    assert Movie.objects.filter(movielens_id=film.number).exists()


def test_a_new_film_that_the_data_have_by_now_is_theirs(olga):
    film, _ = put(olga)
    rate_movie(user=olga, movie_id=film.number, stars=4)
    import_catalogue(movies=[*RECORDS, MovieRecord(200, "Snow in April", "Snow in April", 2026, ("Crime",))])
    assert Rating.objects.get(user=olga).movie.movielens_id == 200
    assert not Movie.objects.filter(source="new").exists()
    assert not known(film.number)


def test_the_share_is_kept_and_holds_for_the_next_list(olga):
    assert current_champion().new_share == 0.1
    set_exposure(share=0.25, by=olga)
    assert current_champion().new_share == 0.25
    with pytest.raises(ShareError, match=r"share is 1\.5"):
        set_exposure(share=1.5, by=olga)


def test_elasticsearch_away_leaves_them_waiting(olga):
    put(olga)
    assert update_index() == 0
    assert NewFilm.objects.get().indexed_in == ""
    assert found("snow in april")


def test_somebody_who_likes_its_kind_gets_it_with_a_reason(olga):
    """A tower of random numbers says nothing, but crime and comedy speak for the film by themselves."""
    artefact = current_champion().artefact
    crime = artefact.data.genres.index("Crime")
    rows = [row for row in range(len(artefact.movie_ids)) if artefact.genres[row, crime]][:5]
    for row in rows:
        rate_movie(user=olga, movie_id=int(artefact.movie_ids[row]), stars=5)
    film, _ = put(olga)
    set_exposure(share=1.0, by=olga)
    look = look_at(person_of_user(user=olga))
    items = recommendations_for(look, k=40, engine="numpy").items
    by_number = {item.movie_id: item for item in items}
    assert by_number[film.number].reason.startswith("New here; because you like ")
    assert not any(item.reason.startswith("New here") for item in items if item.movie_id != film.number)
    assert film.number not in {
        item.movie_id for item in recommendations_for(look_at(Person()), engine="numpy").items
    }


def test_what_the_tower_looks_at():
    facts = {
        "genres": ["War"],
        "year": None,
        "directors": ["A"],
        "cast": ["B"],
        "tags": ["c"],
        "overview": "d",
    }
    assert content_of(facts) == FilmContent(("War",), None, ("c",), ("A", "B"), "d")
    assert content_of({}) == FilmContent()
