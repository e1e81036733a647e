"""The mappings, exactly, and that a real node holds to them."""

from __future__ import annotations

import pytest

from recommendations.search.index_lifecycle import (
    IndexCheckError,
    create_indices,
    delete_indices,
    load_documents,
)
from recommendations.search.mappings import MOVIES_SETTINGS, SETTINGS, movies_mapping, user_profiles_mapping
from tests.ranking.factories import make_artefact, make_people
from tests.search.indices import client_of, film_documents, new_label, people_documents


def test_the_mapping_of_movies():
    assert movies_mapping(18) == {
        "dynamic": "strict",
        "properties": {
            "movie_id": {"type": "integer"},
            "title": {"type": "text", "fields": {"exact": {"type": "keyword"}}},
            "title_folded": {"type": "text"},
            "title_words": {"type": "text"},
            "beginnings": {"type": "keyword", "ignore_above": 512},
            "suggest": {"type": "completion", "max_input_length": 120},
            "year": {"type": "short"},
            "decade": {"type": "short"},
            "genres": {"type": "keyword"},
            "rating_count": {"type": "integer"},
            "mean_stars": {"type": "float"},
            "like_share": {"type": "float"},
            "intercept": {"type": "float"},
            "popularity": {"type": "float"},
            "obscurity": {"type": "float"},
            "vector": {
                "type": "dense_vector",
                "dims": 18,
                "index": True,
                "similarity": "dot_product",
                "index_options": {"type": "hnsw", "m": 16, "ef_construction": 100},
            },
        },
    }


def test_the_mapping_of_user_profiles():
    assert user_profiles_mapping(17) == {
        "dynamic": "strict",
        "properties": {
            "user_id": {"type": "keyword"},
            "is_site_user": {"type": "boolean"},
            "age": {"type": "short"},
            "gender": {"type": "keyword"},
            "occupation": {"type": "keyword"},
            "rating_count": {"type": "integer"},
            "mean_stars": {"type": "float"},
            "genres": {
                "type": "nested",
                "properties": {
                    "genre": {"type": "keyword"},
                    "mean": {"type": "float"},
                    "count": {"type": "integer"},
                    "affinity": {"type": "float"},
                },
            },
            "taste": {"type": "dense_vector", "dims": 17, "index": False},
            "like_share_weight": {"type": "float"},
            "intercept_weight": {"type": "float"},
            "seen": {"type": "integer", "index": False},
            "updated_at": {"type": "date"},
        },
    }


def test_the_settings_of_a_new_index():
    assert SETTINGS == {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": -1}
    assert MOVIES_SETTINGS == {**SETTINGS, "sort.field": "movie_id", "sort.order": "asc"}


@pytest.mark.elasticsearch
@pytest.mark.parametrize("version", ["elasticsearch_url", "old_elasticsearch_url"])
def test_a_node_refuses_what_the_mapping_does_not_name(request, version):
    artefact = make_artefact()
    label = new_label()
    with client_of(request.getfixturevalue(version)) as client:
        names = create_indices(client, label, artefact.item_vectors.shape[1])
        (key, film), *_ = film_documents(artefact)
        (number, person), *_ = people_documents(artefact, make_people(artefact))
        bad = [
            (names.movies, key, {**film, "titel": "a misspelt field"}, "titel"),
            (names.movies, key, {**film, "vector": film["vector"][:-1]}, "dimension"),
            (names.movies, key, {**film, "year": "long ago"}, "year"),
            (names.user_profiles, number, {**person, "zip_code": "12345"}, "zip_code"),
            (names.user_profiles, number, {**person, "genres": [{"genre": "War", "mood": 1}]}, "mood"),
        ]
        for index, name, document, cause in bad:
            with pytest.raises(IndexCheckError, match=rf"{index} refused document {name}: .*{cause}"):
                load_documents(client, index, [(name, document)])
        assert load_documents(client, names.movies, [(key, film)]) == 1
        assert load_documents(client, names.user_profiles, [(number, person)]) == 1
        delete_indices(client, [label])
