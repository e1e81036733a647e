"""The ranking query: its exact shape, and the order that a real node makes of it on a hand-made index."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from elasticsearch import Elasticsearch

from recommendations.ranking.blocks.base import Term
from recommendations.ranking.score import ScorePlan
from recommendations.search import queries
from recommendations.search.connection import SearchError, connect
from recommendations.search.index_lifecycle import (
    IndexNames,
    create_indices,
    delete_indices,
    finish_loading,
    load_documents,
)
from recommendations.search.queries import (
    BASE_WEIGHT,
    fetch_profile,
    ranking_query,
    run_ranking,
)
from tests.ranking.factories import make_artefact, make_people
from tests.search.indices import build_indices, client_of, new_label

# Length 5, so that everything can be computed in the head.
VECTOR = np.array([3, 4], np.float32)
PLAN = ScorePlan(
    VECTOR,
    (
        Term("like_share", 1.1, fact="like_share"),
        Term("popularity", -0.5, fact="popularity"),
        Term("genre", -0.75, where=("genres", "War")),
        Term("genre", 0.5, where=("genres", "Drama")),
        Term("decade", 1.0, where=("decade", 1980)),
    ),
)
NO_VECTOR = np.zeros(2, np.float32)


def query_of(plan: ScorePlan, excluded: tuple[int, ...] = (), k: int = 10, films: int = 5) -> dict:
    return ranking_query(plan, index="m", max_norm=2.0, films=films, excluded=excluded, k=k).search.to_dict()


def beside_of(plan: ScorePlan, excluded: tuple[int, ...] = (), k: int = 10, films: int = 5) -> dict:
    return ranking_query(plan, index="m", max_norm=2.0, films=films, excluded=excluded, k=k).beside.to_dict()


def knn_of(body: dict) -> dict:
    return body["query"]["function_score"]["query"]["knn"]


def test_the_shape_of_a_query_with_everything():
    allowed = {"bool": {"must_not": [{"terms": {"movie_id": [3, 7]}}]}}
    body = beside_of(PLAN, (7, 3))
    (knn,) = [body.pop("knn")] if isinstance(body["knn"], dict) else body.pop("knn")
    assert knn == {
        "field": "vector",
        "k": 5,
        "num_candidates": 5,
        "query_vector": [pytest.approx(0.6), pytest.approx(0.8), 0.0],
        "boost": 20.0,
        "filter": allowed,
    }
    assert body == {
        "query": {
            "function_score": {
                "query": {"bool": {"filter": [allowed]}},
                "functions": [
                    {"weight": 0.001},
                    {"field_value_factor": {"field": "like_share", "factor": 1.1, "missing": 0}},
                    {"field_value_factor": {"field": "obscurity", "factor": 0.5, "missing": 0}},
                    {"filter": {"bool": {"must_not": [{"term": {"genres": "War"}}]}}, "weight": 0.75},
                    {"filter": {"term": {"genres": "Drama"}}, "weight": 0.5},
                    {"filter": {"term": {"decade": 1980}}, "weight": 1.0},
                ],
                "score_mode": "sum",
                "boost_mode": "replace",
            }
        },
        "_source": False,
        "size": 10,
        "track_total_hits": False,
    }


def test_the_same_with_knn_inside():
    inside, beside = query_of(PLAN, (7, 3)), beside_of(PLAN, (7, 3))
    function_score, other = inside["query"]["function_score"], beside["query"]["function_score"]
    assert "knn" not in inside
    knn = knn_of(inside)
    assert knn.pop("filter") == [beside["knn"].pop("filter")]
    assert knn == beside["knn"]
    assert function_score["boost_mode"] == "sum"
    assert function_score["functions"] == other["functions"]
    assert (inside["size"], inside["_source"]) == (beside["size"], beside["_source"])


def test_the_shift_is_what_was_added_to_be_non_negative():
    query = ranking_query(PLAN, index="m", max_norm=2.0, films=5, excluded=(), k=3)
    assert query.shift == pytest.approx(BASE_WEIGHT + 0.5 + 0.75 + 5 * 2)


def test_without_a_taste_there_is_no_vector_part():
    body = query_of(ScorePlan(NO_VECTOR, (Term("like_share", 1.0, fact="like_share"),)))
    assert "knn" not in body
    assert body["query"]["function_score"]["query"] == {"bool": {"filter": [{"match_all": {}}]}}


def test_no_more_candidates_are_asked_for_than_elasticsearch_allows():
    knn = knn_of(query_of(PLAN, films=50_000))
    assert (knn["k"], knn["num_candidates"]) == (10_000, 10_000)


def test_of_many_films_the_nearest_are_enough_where_nothing_lifts_others_above_them():
    usual = ScorePlan(VECTOR, (Term("like_share", 1.1, fact="like_share"),))
    knn = knn_of(query_of(usual, films=50_000))
    assert (knn["k"], knn["num_candidates"]) == (1_000, 1_000)
    assert knn_of(query_of(usual, films=10_000))["num_candidates"] == 10_000


FILMS = {
    # number: vector (length at most 2), genres, decade, like share, popularity
    1: ([0.0, 2.0], ["Drama"], 1980, 0.5, 1.0),
    2: ([0.0, 2.0], ["War"], 1990, 0.5, 1.0),
    3: ([1.2, 1.6], ["Drama", "War"], 1980, 0.25, 0.5),
    4: ([-1.0, 0.0], ["Comedy"], None, 0.0, 0.0),
    10: ([0.0, 2.0], ["War"], 1990, 0.5, 1.0),
}


def raw_score(number: int) -> float:
    """PLAN by hand."""
    vector, genres, decade, like_share, popularity = FILMS[number]
    return (
        3 * vector[0]
        + 4 * vector[1]
        + 1.1 * like_share
        - 0.5 * popularity
        - 0.75 * ("War" in genres)
        + 0.5 * ("Drama" in genres)
        + 1.0 * (decade == 1980)
    )


@pytest.fixture(scope="module", params=["elasticsearch_url", "old_elasticsearch_url"])
def client(request: pytest.FixtureRequest) -> Iterator[Elasticsearch]:
    with client_of(request.getfixturevalue(request.param)) as client:
        yield client


@pytest.fixture(scope="module")
def names(client: Elasticsearch) -> Iterator[IndexNames]:
    label = new_label()
    names = create_indices(client, label, 2)
    documents = [
        (
            str(number),
            {
                "movie_id": number,
                "title": f"Film {number}",
                "genres": genres,
                "decade": decade,
                "like_share": like_share,
                "popularity": popularity,
                "obscurity": 1 - popularity,
                "vector": [*(value / 2 for value in vector), float(np.sqrt(4 - np.dot(vector, vector))) / 2],
            },
        )
        for number, (vector, genres, decade, like_share, popularity) in FILMS.items()
    ]
    load_documents(client, names.movies, documents)
    finish_loading(client, {names.movies: len(FILMS)})
    yield names
    delete_indices(client, [label])


def ranked(
    client: Elasticsearch, names: IndexNames, plan: ScorePlan, excluded: tuple[int, ...] = (), k: int = 10
):
    query = ranking_query(plan, index=names.movies, max_norm=2.0, films=5, excluded=excluded, k=k)
    return [(film.movie_id, film.score) for film in run_ranking(client, query)]


@pytest.mark.elasticsearch
class TestOnANode:
    def test_the_order_and_the_scores_are_those_computed_by_hand(self, client, names):
        # Films 2 and 10 are equal: the smaller number first, and as a number, not as text.
        expected = [(3, 10.775), (1, 9.55), (2, 7.3), (10, 7.3), (4, -3.0)]
        assert [(number, pytest.approx(raw_score(number))) for number, _ in expected] == expected
        assert ranked(client, names, PLAN) == [
            (number, pytest.approx(score, rel=1e-4)) for number, score in expected
        ]

    def test_a_server_that_does_not_know_knn_inside_is_asked_once_and_answers_the_same(
        self, client, names, monkeypatch
    ):
        refused: set[str] = set()
        monkeypatch.setattr(queries, "_without_knn_query", refused)
        first = ranked(client, names, PLAN)
        asked = set(refused)
        assert ranked(client, names, PLAN) == first
        assert refused == asked
        monkeypatch.setattr(
            queries, "_without_knn_query", {str(next(iter(client.transport.node_pool.all())).base_url)}
        )
        assert ranked(client, names, PLAN) == [
            (number, pytest.approx(score, rel=1e-5)) for number, score in first
        ]

    def test_k_films_come_back(self, client, names):
        assert [number for number, _ in ranked(client, names, PLAN, k=2)] == [3, 1]

    def test_excluded_films_are_excluded_from_both_parts(self, client, names):
        assert ranked(client, names, PLAN, (1, 3)) == [
            (number, pytest.approx(raw_score(number), rel=1e-4)) for number in (2, 10, 4)
        ]
        only_vector = ScorePlan(VECTOR)
        assert [number for number, _ in ranked(client, names, only_vector, (3, 2))] == [1, 10, 4]
        only_facts = ScorePlan(NO_VECTOR, (Term("like_share", 1.0, fact="like_share"),))
        assert [number for number, _ in ranked(client, names, only_facts, (1, 2))] == [10, 3, 4]

    def test_everything_excluded_gives_nothing(self, client, names):
        assert ranked(client, names, PLAN, tuple(FILMS)) == []

    def test_excluding_films_that_are_not_there_changes_nothing(self, client, names):
        assert ranked(client, names, PLAN, (999, 1000)) == ranked(client, names, PLAN)

    def test_an_index_that_is_missing_is_one_clear_error(self, client):
        query = ranking_query(PLAN, index="movies-never", max_norm=2.0, films=5, excluded=(), k=3)
        with pytest.raises(SearchError, match="movies-never"):
            run_ranking(client, query)
        with pytest.raises(SearchError, match="user_profiles-never is missing"):
            fetch_profile(client, "user_profiles-never", "1")

    def test_a_profile_is_read_back(self, client):
        artefact, label = make_artefact(), new_label()
        people = make_people(artefact)
        names = build_indices(client, label, artefact, people)
        profile = fetch_profile(client, names.user_profiles, "21")
        assert profile is not None
        _, history = people.person(21)
        assert profile["seen"] == artefact.movie_ids[history.items].tolist()
        assert len(profile["taste"]) == artefact.item_vectors.shape[1]
        assert set(profile) == {"taste", "seen", "like_share_weight", "intercept_weight"}
        assert fetch_profile(client, names.user_profiles, "22") is None
        delete_indices(client, [label])


def test_nobody_listening_is_one_clear_error():
    with connect("http://127.0.0.1:9", timeout_seconds=0.5) as nobody:
        query = ranking_query(PLAN, index="m", max_norm=2.0, films=5, excluded=(), k=3)
        with pytest.raises(SearchError, match="could not rank films"):
            run_ranking(nobody, query)
        with pytest.raises(SearchError, match="could not read a profile"):
            fetch_profile(nobody, "m", "1")
