"""What a version's card says of its data and of what has changed, from the tables beside it."""

from __future__ import annotations

import json

import pytest

from recommendations.models import ModelVersion
from recommendations.ranking.dataset import DataSet
from recommendations.services.folders import work_folder
from recommendations.services.registry.card import make_card
from spark_jobs.data_files import DATA_FILE, FILMS_FILE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.MOVIEREC_HOME = tmp_path


def tables(digest: str, films: list[dict], *, name: str = "club") -> None:
    place = work_folder(digest)
    for folder in ("parsed", "profiles"):
        (place / folder).mkdir(parents=True)
    data = DataSet(name=name, layout="own", genres=("Drama",), genders=(), occupations=(), has_ages=False)
    (place / "parsed" / DATA_FILE).write_text(json.dumps(data.as_dict()))
    (place / "profiles" / FILMS_FILE).write_text("".join(json.dumps(film) + "\n" for film in films))


def film(key: str, histogram: list[int]) -> dict:
    count = sum(histogram)
    stars = sum(count * (place + 1) for place, count in enumerate(histogram))
    return {"movie_id": 1, "key": key, "title": key, "year": 2001, "rating_count": count, "histogram": histogram,
            "mean_stars": stars / count if count else None}  # fmt: skip


def version(digest: str, parent: ModelVersion | None = None, people: int = 3) -> ModelVersion:
    return ModelVersion.objects.create(
        version=digest, data_digest=digest, parent=parent, metrics={"people": people}
    )


def test_it_counts_the_data_and_says_what_they_lack():
    tables("one", [film("a", [0, 0, 1, 0, 3]), film("b", [0, 0, 0, 0, 0])])
    card = make_card(version=version("one"), served={"women": {"people": 2, "ndcg": 0.5}})
    data = card["data"]
    assert (data["films"], data["rated_films"], data["ratings"], data["people"]) == (2, 1, 4, 3)
    assert (data["mean_stars"], data["stars"]["5"], data["lacks"]) == (4.5, 0.75, ["people"])
    assert card["served"] == {"women": {"people": 2, "ndcg": 0.5}}
    assert "drift" not in card


def test_it_tells_new_films_and_shifted_stars():
    tables("one", [film("a", [0, 0, 0, 0, 4]), film("gone", [1, 0, 0, 0, 0])])
    tables("two", [film("a", [0, 0, 0, 0, 4]), film("new", [0, 0, 4, 0, 0])])
    drift = make_card(version=version("two", version("one"), people=5))["drift"]
    assert (drift["new_films"], drift["new_titles"]) == (1, ["new (2001)"])
    assert drift["gone_titles"] == ["gone (2001)"]
    assert (drift["people"], drift["ratings"], drift["share_of_unknown"]) == (2, 3, 0.5)
    assert (drift["mean_stars"], drift["stars"]["3"]) == (-0.2, 0.5)


def test_films_of_two_data_sets_are_not_compared():
    tables("one", [film("a", [0, 0, 0, 0, 4])])
    tables("two", [film("b", [0, 0, 0, 0, 4])], name="other")
    drift = make_card(version=version("two", version("one")))["drift"]
    assert drift["same_data_set"] is False
    assert "new_films" not in drift


def test_without_the_tables_there_is_little_to_tell():
    assert make_card(version=version("gone")) == {"served": {}}
