"""A film that did not exist, with a real Elasticsearch: put, found, recommended, rated, withdrawn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from accounts.models import User
from recommendations.models import ModelVersion, NewFilm, Rating
from recommendations.ranking.blocks.tower import Tower
from recommendations.search.client import get_client
from recommendations.search.index_lifecycle import IndexNames, delete_indices
from recommendations.search.queries import ranking_query, run_ranking
from recommendations.selectors.catalogue import search_films, suggest_films
from recommendations.selectors.lists import champion as champion_module
from recommendations.selectors.lists.champion import current_champion
from recommendations.selectors.lists.recommendations import recommendations_for
from recommendations.selectors.lists.similar import similar_to
from recommendations.selectors.lists.world import Look, look_at
from recommendations.selectors.viewers import person_of_user
from recommendations.services.catalogue import MovieRecord, import_catalogue
from recommendations.services.feedback import rate_movie
from recommendations.services.new_films import NewFilmFacts, put_films, update_index, withdraw_film
from recommendations.services.registry.smoke import smoke_test
from tests.ranking.factories import make_artefact, make_people
from tests.search.indices import build_indices, client_of, new_label
from tests.selectors.versions import registered

pytestmark = [pytest.mark.elasticsearch, pytest.mark.django_db]
KIND = "Western"
ARTEFACT = make_artefact()


@pytest.fixture(autouse=True)
def _site(settings, tmp_path, elasticsearch_url, monkeypatch) -> Iterator[None]:
    """A made-up version with its indices, and its films as the catalogue."""
    settings.MOVIEREC_HOME, settings.ELASTICSEARCH_URL = tmp_path, elasticsearch_url
    settings.ELASTICSEARCH_TIMEOUT_SECONDS = 20.0
    for name in ("_loaded", "_beside", "_refused", "_widened"):
        monkeypatch.setattr(champion_module, name, {})
    registered(tmp_path, 0, "champion")
    label = new_label()
    ModelVersion.objects.update(index_label=label)
    import_catalogue(
        movies=[
            MovieRecord(
                int(number),
                f"Film {number}",
                f"Film {number}",
                1990,
                tuple(name for name, has in zip(ARTEFACT.data.genres, genres, strict=True) if has),
            )
            for number, genres in zip(ARTEFACT.movie_ids, ARTEFACT.genres, strict=True)
        ]
    )
    with client_of(elasticsearch_url) as client:
        build_indices(client, label, ARTEFACT, make_people(ARTEFACT))
        yield
        delete_indices(client, [label])


@pytest.fixture
def people() -> tuple[User, User]:
    """Who loves westerns, and who loves musicals."""
    return fan_of(KIND), fan_of("Musical")


def fan_of(genre: str) -> User:
    fan = User.objects.create_user(genre)
    for row in np.flatnonzero(ARTEFACT.having("genres", genre))[:6]:
        rate_movie(user=fan, movie_id=int(ARTEFACT.movie_ids[row]), stars=5)
    return fan


def put(by: User, key: str = "dust") -> NewFilm:
    facts = NewFilmFacts("Dust over Laramie", 1997, (KIND,))
    [(film, _)] = put_films(films=[(key, facts)], by=by)
    # What follows the commit of a request.
    assert update_index() == 1
    return film


def look_of(user: User) -> Look:
    return look_at(person_of_user(user=user))


def reasons(user: User) -> dict[int, str]:
    found = recommendations_for(look_of(user), k=10)
    assert (found.engine, found.degraded) == ("elasticsearch", False)
    return {item.movie_id: item.reason for item in found.items}


def test_put_found_recommended_rated_and_withdrawn(people):
    will, mary = people
    film = put(will)
    found = search_films(text="dust over lar")
    assert (found.degraded, [hit.movie_id for hit in found.items]) == (False, [film.number])
    assert [hit.movie_id for hit in suggest_films(text="dust o")] == [film.number]
    reason = reasons(will)[film.number]
    assert reason.startswith("New here; because you like ")
    assert film.number not in reasons(mary)

    rate_movie(user=will, movie_id=film.number, stars=5)
    assert film.number not in reasons(will)
    row = current_champion().artefact.positions[film.number]
    taste = look_of(will).taste
    place = look_of(will).history.items.tolist().index(row)
    assert taste.rating_vectors[place].any()

    withdraw_film(key="dust", by=will)
    # Before the index has heard of it, nothing breaks.
    assert film.number not in reasons(mary)
    assert update_index() == 1
    assert not search_films(text="dust over lar").items
    assert Rating.objects.filter(user=will, movie__new_film=film).exists()


def test_both_engines_give_it_the_same_score(people):
    film = put(people[0])
    look = look_of(people[0])
    artefact = look.artefact
    query = ranking_query(
        look.plan,
        index=IndexNames.of(look.champion.index_label).movies,
        max_norm=artefact.max_norm,
        films=len(artefact.movie_ids),
        excluded=set(),
        k=len(artefact.movie_ids),
    )
    scores = {hit.movie_id: hit.score for hit in run_ranking(get_client(), query)}
    for row, number in enumerate(artefact.movie_ids.tolist()):
        if number in scores:
            assert scores[number] == pytest.approx(float(look.scores[row]), abs=2e-3)
    assert film.number in scores
    assert not artefact.block(Tower).is_empty


def test_films_like_it_are_those_of_its_kind(people):
    film = put(people[0])
    similar = similar_to(current_champion(), movie_id=film.number, k=5)
    assert similar
    assert all(other.reason == "Like Dust over Laramie, by what is known of the two." for other in similar)


def test_other_indices_get_it_with_the_next_round(people, elasticsearch_url):
    film, label = put(people[0]), new_label()
    with client_of(elasticsearch_url) as client:
        build_indices(client, label, ARTEFACT, make_people(ARTEFACT))
        ModelVersion.objects.update(index_label=label)
        assert update_index() == 1
        assert client.exists(index=IndexNames.of(label).movies, id=str(film.number))
        assert update_index() == 0
        # A version is still judged by its own films.
        smoke_test(ModelVersion.objects.get())
        delete_indices(client, [label])


def test_indices_that_are_gone_are_not_made_anew(people, elasticsearch_url):
    ModelVersion.objects.update(index_label="never-built")
    put_films(films=[("dust", NewFilmFacts("Dust over Laramie"))], by=people[0])
    assert update_index() == 0
    with client_of(elasticsearch_url) as client:
        assert not client.indices.exists(index=IndexNames.of("never-built").movies)
