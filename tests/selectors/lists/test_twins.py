"""A film that the data has under two numbers is one film, wherever it comes up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recommendations.models import HiddenMovie, Movie, Rating, WatchlistItem
from recommendations.ranking.people import KnownPeople
from recommendations.ranking.storage import load_artefact, save_artefact
from recommendations.search.film_search import FilmFilter
from recommendations.selectors.catalogue import best_known_films, film_facts, search_films, suggest_films
from recommendations.selectors.film_figures import figures_of, film_with_figures
from recommendations.selectors.lists.champion import Champion
from recommendations.selectors.lists.engines import rank_person
from recommendations.selectors.lists.explanations import explanation_for
from recommendations.selectors.lists.person import Person, RatedMovie
from recommendations.selectors.lists.similar import similar_to
from recommendations.selectors.lists.world import look_at
from recommendations.selectors.viewers import rating_of_user
from recommendations.services.catalogue import MovieRecord, import_catalogue
from recommendations.services.feedback import add_to_watchlist, hide_movie, rate_movie, remove_rating
from recommendations.services.merging import TimedRating, merge_marks
from tests.ranking.factories import PREDICTOR, make_artefact, make_people

pytestmark = pytest.mark.django_db
KEPT, SECOND = 5, 9


@pytest.fixture(scope="module")
def champion() -> Champion:
    artefact = replace(make_artefact(), twins={SECOND: KEPT})
    return Champion("test", "test", artefact, make_people(artefact))


def record(number: int, title: str, count: int) -> MovieRecord:
    return MovieRecord(number, title, f"{title} (1997)", 1997, ("Drama",), rating_count=count)


@pytest.fixture
def catalogue() -> None:
    import_catalogue(
        movies=[record(KEPT, "Chasing Amy", 255), record(SECOND, "Chasing Amy", 124), record(7, "Heat", 90)]
    )


def listed(champion: Champion, person: Person) -> set[int]:
    return {film.movie_id for film in rank_person(look_at(person, champion=champion), k=100, engine="numpy")}


@pytest.mark.parametrize("number", [KEPT, SECOND])
def test_who_has_rated_or_hidden_it_gets_it_under_neither_number(champion, number):
    assert not {KEPT, SECOND} & listed(champion, Person(ratings=(RatedMovie(number, 5),)))
    assert not {KEPT, SECOND} & listed(champion, Person(hidden=frozenset((number,))))
    known: KnownPeople = champion.people
    for user in known.user_ids.tolist():
        seen = {int(champion.artefact.movie_ids[row]) for row in known.person(user)[1].items}
        both = {KEPT, SECOND} & listed(champion, Person(movielens_user=user))
        assert both <= (set() if seen & {KEPT, SECOND} else {KEPT})


def test_a_list_has_it_once(champion):
    assert {KEPT, SECOND} & listed(champion, Person()) == {KEPT}


def test_both_numbers_say_the_same_of_a_person(champion):
    first, second = (look_at(Person(ratings=(RatedMovie(n, 5),)), champion=champion) for n in (KEPT, SECOND))
    assert (first.plan.vector == second.plan.vector).all()
    both = look_at(Person(ratings=(RatedMovie(SECOND, 1), RatedMovie(KEPT, 5))), champion=champion)
    assert both.history.stars.tolist() == [5]


def test_similar_films_and_sums(champion):
    for number in (KEPT, SECOND):
        similar = [film.movie_id for film in similar_to(champion, movie_id=number, k=60)]
        assert not {KEPT, SECOND} & set(similar)
        summed = explanation_for(look_at(Person(), champion=champion), movie_id=number)
        assert (summed.movie_id, summed.films) == (KEPT, 59)
    assert SECOND not in {film.movie_id for film in similar_to(champion, movie_id=7, k=60)}


def test_it_survives_on_disk(champion, tmp_path):
    save_artefact(champion.artefact, champion.people, PREDICTOR, tmp_path / "v", {})
    assert load_artefact(tmp_path / "v")[0].twins == {SECOND: KEPT}


def test_it_is_found_once(catalogue):
    assert Movie.objects.get(movielens_id=SECOND).twin_of == KEPT
    found = search_films(text="chasing amy")
    assert ([film.movie_id for film in found.items], found.total) == ([KEPT], 1)
    assert search_films(text="").total == 2
    assert [film.movie_id for film in suggest_films(text="chas")] == [KEPT]
    assert [film.movie_id for film in best_known_films(limit=5)] == [KEPT, 7]
    assert film_facts(movie_id=SECOND) == film_facts(movie_id=KEPT)
    assert film_with_figures(movie_id=SECOND) == film_with_figures(movie_id=KEPT)
    assert figures_of(movie_id=SECOND).rating_count == 255


def test_marks_under_either_number_are_marks_of_the_film(catalogue, django_user_model):
    ann = django_user_model.objects.create_user("ann")
    for mark in (hide_movie, add_to_watchlist):
        for number in (SECOND, KEPT):
            mark(user=ann, movie_id=number)
    rate_movie(user=ann, movie_id=SECOND, stars=2)
    rate_movie(user=ann, movie_id=KEPT, stars=4)
    assert rating_of_user(user=ann, movie_id=SECOND).stars == 4
    for model in (Rating, HiddenMovie, WatchlistItem):
        assert [mark.movie.movielens_id for mark in model.objects.all()] == [KEPT]
    assert remove_rating(user=ann, movie_id=SECOND)
    assert not Rating.objects.exists()


def test_many_marks_at_once(catalogue, django_user_model):
    ann = django_user_model.objects.create_user("ann")
    old, new = (django_user_model.objects.create_user(name).date_joined for name in ("eve", "eva"))
    ratings = [TimedRating(SECOND, 5, new), TimedRating(KEPT, 1, old)]
    merged = merge_marks(user=ann, ratings=ratings, watchlist=[SECOND, KEPT], hidden=[SECOND])
    assert merged.added == 1
    assert [(mark.movie.movielens_id, mark.stars) for mark in Rating.objects.all()] == [(KEPT, 5)]
    assert [mark.movie.movielens_id for mark in WatchlistItem.objects.all()] == [KEPT]


def test_marks_from_before_move_to_the_film(catalogue, django_user_model):
    ann, eve = (django_user_model.objects.create_user(name) for name in ("ann", "eve"))
    second, kept = (Movie.objects.get(movielens_id=number) for number in (SECOND, KEPT))
    early, late = ann.date_joined, eve.date_joined
    Rating.objects.create(user=ann, movie=second, stars=5, rated_at=late)
    Rating.objects.create(user=ann, movie=kept, stars=1, rated_at=early)
    Rating.objects.create(user=eve, movie=second, stars=3, rated_at=late)
    WatchlistItem.objects.create(user=eve, movie=second)
    WatchlistItem.objects.create(user=eve, movie=kept)
    import_catalogue(
        movies=[record(KEPT, "Chasing Amy", 255), record(SECOND, "Chasing Amy", 124), record(7, "Heat", 90)]
    )
    assert {(mark.user, mark.movie, mark.stars) for mark in Rating.objects.all()} == {
        (ann, kept, 5),
        (eve, kept, 3),
    }
    assert [mark.movie for mark in WatchlistItem.objects.all()] == [kept]


def test_elasticsearch_is_asked_to_leave_second_numbers_out():
    told = FilmFilter(left_out=frozenset((SECOND,))).queries()
    assert [query.to_dict() for query in told] == [
        {"bool": {"must_not": [{"terms": {"movie_id": [SECOND]}}]}}
    ]
