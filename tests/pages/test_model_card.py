"""The card of a model version: what it tells, to whom, as a page and as JSON."""

import pytest

from recommendations.models import ModelVersion
from recommendations.pages.model_views import group_label

pytestmark = pytest.mark.django_db
FIGURES = {
    "temporal": {"model": {"ndcg": 0.151, "recall": 0.1}, "popularity": {"ndcg": 0.075}, "item-kNN": {"ndcg": 0.076}},
    "blocks": ["ease", "als"],
    "people": 610,
    "tuning": {"people": 90, "candidates": [{"parameter": "ease.ridge", "value": "500", "ndcg": 0.14, "chosen": True}]},
}  # fmt: skip
CARD = {
    "data": {
        "name": "ml-latest-small", "title": "MovieLens latest, small (2018)", "terms": "https://example.org/terms",
        "layout": "ml-latest", "scale": "half a star to 5 stars", "genres": 19, "lacks": ["people"], "films": 9742,
        "rated_films": 9724, "ratings": 100836, "people": 610, "mean_stars": 3.5, "stars": {"0.5": 0.01, "5": 0.13},
    },
    "served": {
        "under 20 ratings": {"people": 10, "ndcg": 0.05}, "20 to 49 ratings": {"people": 300, "ndcg": 0.15},
        "women": {"people": 40, "ndcg": 0.14}, "men": {"people": 60, "ndcg": 0.15},
    },
    "drift": {
        "version": "before", "same_data_set": True, "films": 2, "ratings": 30, "people": -1, "mean_stars": -0.25,
        "stars": {"4": 0.01, "5": -0.01}, "new_films": 2, "new_titles": ["Alpha (2018)"], "gone_films": 0, "gone_titles": [],
        "share_of_unknown": 0.03,
    },
}  # fmt: skip


@pytest.fixture
def version() -> ModelVersion:
    return ModelVersion.objects.create(
        version="v1",
        state=ModelVersion.State.CHAMPION,
        metrics=FIGURES,
        card=CARD,
        parameters={"ease": {"ridge": 500.0}},
    )


def test_everybody_may_read_the_card_of_the_champion(client, version):
    page = client.get("/model/").content.decode()
    assert "MovieLens latest, small (2018)" in page
    assert 'href="https://example.org/terms"' in page
    assert "age, gender and occupation of people" in page
    assert (
        page.index("<strong>the model</strong>")
        < page.index("item-kNN")
        < page.index("the most popular films")
    )
    assert page.count("badly served") == 1
    assert "Alpha (2018)" in page
    assert "\N{MINUS SIGN}1" in page
    assert "ease.ridge" in page


def test_each_version_has_one_and_an_unknown_one_has_none(client, version):
    assert client.get("/model/v1/").status_code == 200
    assert client.get("/model/v9/").status_code == 404
    ModelVersion.objects.update(state=ModelVersion.State.RETIRED)
    assert "does not serve now" in client.get("/model/v1/").content.decode()
    assert "There is no model yet." in client.get("/model/").content.decode()


def test_the_same_as_json(client, version):
    told = client.get("/api/v1/model-card/").json()
    assert (told["version"], told["data"]["ratings"], told["blocks"]) == ("v1", 100836, ["ease", "als"])
    assert {"protocol": "temporal", "system": "model", "metric": "ndcg", "value": 0.151} in told["figures"]
    assert [row["group"] for row in told["served"] if row["badly"]] == ["under 20 ratings"]
    assert client.get("/api/v1/model-card/?version=v1").json() == told
    assert client.get("/api/v1/model-card/?version=v9").status_code == 404


def test_an_old_version_without_a_card_has_a_page_all_the_same(client):
    ModelVersion.objects.create(version="v0", state=ModelVersion.State.CHAMPION)
    page = client.get("/model/").content.decode()
    assert "What it has learnt from" not in page
    assert client.get("/api/v1/model-card/").json()["data"] is None


@pytest.mark.parametrize(("name", "label"), [
    ("under 20 ratings", "under 20 ratings"), ("25 to 34", "25 to 34 years"), ("56 and over", "56 years and over"),
    ("200 ratings and more", "200 ratings and more"), ("women", "women"), ("X", "X"),
])  # fmt: skip
def test_groups_are_named(name, label):
    assert group_label(name) == label
