"""Filters carried out by both engines alike, and what the API says of them."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from recommendations.ranking.dials import Dials
from recommendations.ranking.filters import Filters
from recommendations.selectors.catalogue import films_by_id
from recommendations.selectors.lists.person import Person, RatedMovie
from recommendations.selectors.lists.recommendations import recommendations_for
from recommendations.selectors.lists.world import look_at

pytestmark = [pytest.mark.spark, pytest.mark.elasticsearch]
PERSON = Person(ratings=(RatedMovie(3, 5), RatedMovie(8, 2)))


@pytest.mark.parametrize(
    ("filters", "dials"),
    [
        (Filters(("Drama",)), Dials()),
        (Filters(decade=1990), Dials(discovery=0.5)),
        (Filters(little_seen=True), Dials(diversity=0.5)),
        (Filters(("Comedy",), 1990, True), Dials(genres={"Drama": 1.0}, discovery=1.0)),
        (Filters(("Comedy", "Drama"), 1990), Dials(decade=1970)),
        (Filters(), Dials(discovery=1.0)),
    ],
)
@pytest.mark.parametrize("person", [PERSON, Person(movielens_user=5)])
def test_both_engines_fill_the_list_with_the_same_films_that_fit(trained, person, filters, dials):
    look = look_at(person, dials, filters=filters)
    found = recommendations_for(look, k=15)
    assert not found.degraded
    alone = recommendations_for(look, k=15, engine="numpy")
    assert [item.movie_id for item in found.items] == [item.movie_id for item in alone.items]
    artefact = look.artefact
    fits = look.bounds.mask(artefact)
    fits[look.excluded_rows] = False
    assert len(found.items) == min(15, fits.sum())
    assert all(fits[artefact.positions[item.movie_id]] for item in found.items)
    facts = films_by_id(movie_ids={item.movie_id for item in found.items})
    for film in facts.values():
        assert set(filters.genres) <= set(film.genres)
        assert filters.decade is None or film.year // 10 * 10 == filters.decade


def test_the_api_takes_a_filter_in_queries_and_bodies(trained):
    client = APIClient()
    asked = client.get("/api/v1/recommendations/", {"user": 9, "k": 5, "filter": "Drama,1990"})
    assert asked.status_code == 200, asked.content
    items = asked.json()["items"]
    assert items
    assert all("Drama" in item["genres"] and 1990 <= item["year"] <= 1999 for item in items)
    body = {"ratings": [{"movie_id": 3, "stars": 5}], "k": 5, "filter": ["Drama", "1990"]}
    preview = client.post("/api/v1/recommendations/preview/", body, format="json").json()["items"]
    assert preview
    assert all("Drama" in item["genres"] for item in preview)
    batch = {"people": [{"id": "a", "user": 9}], "filter": ["Drama", "1990"], "k": 5}
    lists = client.post("/api/v1/recommendations/batch/", batch, format="json").json()["lists"]
    assert [item["movie_id"] for item in lists[0]["items"]] == [item["movie_id"] for item in items]


def test_the_api_offers_to_loosen_and_refuses_what_is_no_filter(trained):
    client = APIClient()
    body = {"k": 100, "filter": ["Drama", "1990"]}
    few = client.post("/api/v1/recommendations/preview/", body, format="json").json()
    assert {way["term"] for way in few["loosen"]} == {"Drama", "1990"}
    for way in few["loosen"]:
        left = [term for term in body["filter"] if term != way["term"]]
        answer = client.post("/api/v1/recommendations/preview/", {"k": 100, "filter": left}, format="json")
        assert len(answer.json()["items"]) == way["films"]
    for wrong in ("Dramas", ["Drama", 1991], 7, {"genre": "Drama"}, ["1980", "1990"], None):
        answer = client.post("/api/v1/recommendations/preview/", {"filter": wrong}, format="json")
        assert answer.status_code == 400, wrong
        assert answer.json()["errors"][0]["field"].startswith("filter")
