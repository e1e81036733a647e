"""What films are about, with a real Elasticsearch: written when the catalogue changes, and found by words and meaning."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from recommendations.models import Credit, Enrichment, Movie
from recommendations.search.client import get_client
from recommendations.search.film_texts import FILM_TEXTS, present_state
from recommendations.search.index_lifecycle import IndexCheckError
from recommendations.selectors import described as described_module
from recommendations.selectors.described import MEANING, WORDS, films_described, fused
from recommendations.services import film_texts
from recommendations.services.catalogue import MovieRecord, import_catalogue
from recommendations.services.film_texts import update_film_texts
from tests.search.indices import client_of

pytestmark = [pytest.mark.elasticsearch, pytest.mark.django_db]
OVERVIEWS = {
    1: "A lamp keeper waits for his puppy, which the sea has taken.",
    2: "Thieves plan to rob a casino, but one of them has other plans.",
    3: "The crew of a submarine is trapped below the ice.",
    4: "A bank clerk learns to dance.",
}


@pytest.fixture(autouse=True)
def _site(settings, elasticsearch_url) -> Iterator[None]:
    settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_TIMEOUT_SECONDS = elasticsearch_url, 20.0
    film_texts._sure = ("", 0.0)
    import_catalogue(
        movies=[
            MovieRecord(
                number, f"Film {number}", f"Film {number}", 1980 + 5 * number, ("Drama",), overview=overview
            )
            for number, overview in OVERVIEWS.items()
        ]
    )
    yield
    with client_of(elasticsearch_url) as client:
        for index in client.indices.get(index=f"{FILM_TEXTS}-*"):
            client.indices.delete(index=index)
    film_texts._sure = ("", 0.0)


def numbers(text: str, **options: object) -> list[int]:
    found = films_described(text=text, **options)
    assert not found.degraded
    return [one.film.movie_id for one in found.items]


def test_words_find_other_forms_and_meaning_finds_other_words():
    assert update_film_texts() == 4
    assert numbers("robbing casinos", ways=(WORDS,)) == [2]
    assert numbers("sad story about a dog", ways=(WORDS,)) == []
    assert numbers("sad story about a dog", ways=(MEANING,))[0] == 1
    [first, *_others] = films_described(text="a thief robs the casino").items
    assert (first.film.movie_id, first.overview, first.found_by) == (2, OVERVIEWS[2], (WORDS, MEANING))
    assert numbers("the crew below the ice", decade=1980) == []
    assert numbers("asdf qwer") == []


def test_the_texts_follow_the_catalogue_and_nothing_else_makes_them_anew():
    assert update_film_texts() == 4
    before = present_state(get_client())
    film_texts._sure = ("", 0.0)
    assert update_film_texts() == 0
    movie = Movie.objects.get(movielens_id=4)
    Movie.objects.filter(pk=movie.pk).update(overview="A volcano ends a wedding.")
    Credit.objects.create(movie=movie, role="actor", name="Ana Ruiz", folded="ana ruiz")
    Enrichment.objects.create(dataset="made up", key="4", source="plots", facts={"overview": "…"})
    assert update_film_texts() == 4
    client = get_client()
    assert present_state(client) != before
    assert list(client.indices.get(index=f"{FILM_TEXTS}-*")) == [f"{FILM_TEXTS}-{present_state(client)}"]
    assert numbers("eruption of volcanoes")[0] == 4
    assert numbers("with ana ruiz", ways=(WORDS,)) == [4]


def test_a_write_that_fails_keeps_what_was_live_and_is_tried_again(monkeypatch):
    assert update_film_texts() == 4
    Enrichment.objects.create(dataset="made up", key="4", source="plots", facts={})

    def refuse(*_arguments: object) -> None:
        raise IndexCheckError("no room")

    with monkeypatch.context() as broken:
        broken.setattr("recommendations.search.film_texts.finish_loading", refuse)
        assert update_film_texts() == 0
    assert numbers("robbing casinos")[0] == 2
    assert update_film_texts() == 4


def test_without_the_model_words_alone_are_searched(monkeypatch):
    for module in (film_texts, described_module):
        monkeypatch.setattr(module, "sentence_model", lambda: None)
    assert update_film_texts() == 4
    found = films_described(text="robbing casinos")
    assert ([one.film.movie_id for one in found.items], found.ways) == ([2], (WORDS,))
    # The package came, the texts have not been written since: there are no vectors to look at.
    monkeypatch.undo()
    assert [one.film.movie_id for one in films_described(text="robbing casinos").items] == [2]


def test_before_anything_is_written_nothing_is_found_and_a_server_that_is_away_is_told(settings):
    assert films_described(text="robbing casinos").items == ()
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    assert films_described(text="robbing casinos").degraded


def test_places_in_two_rankings_are_added_up():
    assert fused([[1, 2, 3], [3, 4]]) == {1: 1 / 61, 2: 1 / 62, 3: 1 / 63 + 1 / 61, 4: 1 / 62}
    assert fused([[], []]) == {}


def test_of_films_that_fit_alike_the_best_known_comes_first():
    Movie.objects.filter(movielens_id=3).update(overview=OVERVIEWS[2], rating_count=500)
    assert update_film_texts() == 4
    assert numbers("robbing casinos", ways=(WORDS,)) == [3, 2]


def test_the_command_counts_what_is_found_by_each_way(tmp_path):
    assert update_film_texts() == 4
    path = tmp_path / "searches.jsonl"
    rows = [
        {"search": "robbing casinos", "films": ["Film 2"]},
        {"search": "sad story about a dog", "films": ["Film 1", "Film 9"]},
        {"search": "something else", "films": ["Film 9"]},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    out = StringIO()
    call_command("evaluate_search", "--searches", str(path), "--check", stdout=out)
    assert "no film of theirs has an overview here: 1" in out.getvalue()
    assert "words              success@10 0.500 (1 of 2), mean reciprocal rank 0.500" in out.getvalue()
    path.write_text('{"search": "x"}\n', encoding="utf-8")
    with pytest.raises(CommandError, match="line 1: expected an object"):
        call_command("evaluate_search", "--searches", str(path), stdout=out)
