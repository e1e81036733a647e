"""Films to be found, by Elasticsearch or by the database in its stead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from django.test import override_settings

from recommendations.models import Genre, Movie
from recommendations.ranking.titles import title_words
from recommendations.search.documents import beginnings, fold_text, suggestions
from recommendations.search.index_lifecycle import (
    create_indices,
    delete_indices,
    finish_loading,
    load_documents,
)
from recommendations.selectors import catalogue
from recommendations.selectors.lists.champion import Champion
from tests.ranking.factories import make_artefact, make_people
from tests.search.indices import client_of, new_label

# Title, year, genres and number of ratings.
Film = tuple[str, int | None, tuple[str, ...], int]


@contextmanager
def shelved(
    films: Mapping[int, Film], *, engine: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The films in the database, and in an index of the node at ``url`` or with Elasticsearch away."""
    genres: dict[str, Genre] = {}
    for number, (title, year, names, count) in films.items():
        film = Movie.objects.create(
            movielens_id=number, title=title, original_title=title, year=year, rating_count=count
        )
        for name in names:
            genres[name] = genres.get(name) or Genre.objects.create(name=name)
            film.genres.add(genres[name])
    label, artefact = new_label(), make_artefact()
    champion = Champion("v", label, artefact, make_people(artefact))
    monkeypatch.setattr(catalogue, "current_champion", lambda: champion)
    if engine == "database":
        with override_settings(ELASTICSEARCH_URL="http://127.0.0.1:9"):
            yield
        return
    with client_of(url) as client:
        names = create_indices(client, label, 3)
        documents = [(str(number), _document(number, film)) for number, film in films.items()]
        load_documents(client, names.movies, documents)
        finish_loading(client, {names.movies: len(films)})
        with override_settings(ELASTICSEARCH_URL=url, ELASTICSEARCH_TIMEOUT_SECONDS=20.0):
            yield
        delete_indices(client, [label])


def _document(number: int, film: Film) -> dict:
    title, year, genres, count = film
    return {
        "movie_id": number,
        "title": title,
        "title_folded": fold_text(title),
        "title_words": " ".join(title_words(title)),
        "beginnings": list(beginnings(title)),
        "suggest": {"input": suggestions(title), "weight": count},
        "year": year,
        "decade": year // 10 * 10 if year else None,
        "genres": list(genres),
        "rating_count": count,
        "like_share": count / 1000,
    }
