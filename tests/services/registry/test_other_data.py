"""Switching the champion from one data set to another and back: the catalogue goes with it, or nothing does."""

from __future__ import annotations

import json
import shutil

import pytest
from django.utils import timezone

from recommendations.models import ModelVersion, Movie, Rating
from recommendations.ranking.dataset import DataSet
from recommendations.services.folders import work_folder
from recommendations.services.registry.publishing import PromotionError, promote_by_hand, roll_back
from spark_jobs.data_files import DATA_FILE, FILMS_FILE
from tests.registry_home import measured

pytestmark = [
    pytest.mark.elasticsearch,
    pytest.mark.django_db,
    pytest.mark.usefixtures("registry_home"),
]


def tables_of(version: ModelVersion, data_set: str, title: str) -> None:
    """The tables of another data set for a version, as if it had been trained on them."""
    version.data_digest = data_set.ljust(64, "0")
    version.metrics = {**version.metrics, "data_set": data_set}
    version.save()
    work = work_folder(version.data_digest)
    for folder in ("profiles", "parsed"):
        (work / folder).mkdir(parents=True)
    (work / "parsed" / DATA_FILE).write_text(json.dumps(DataSet(name=data_set).as_dict()), encoding="utf-8")
    film = {"movie_id": 1, "title": title, "original_title": title, "year": 1990, "genres": ["Drama"]}
    (work / "profiles" / FILMS_FILE).write_text(json.dumps(film) + "\n", encoding="utf-8")


def test_rolling_back_to_a_version_of_other_data_brings_its_films_back(make_version, django_user_model):
    old, new = measured(make_version(0), ndcg=0.2), measured(make_version(1), ndcg=0.2)
    tables_of(old, "club", "Of the club")
    tables_of(new, "other", "Of the others")
    promote_by_hand(version=old, by=None, reason="first", override=True)
    person = django_user_model.objects.create_user("ann")
    rated = Rating.objects.create(user=person, movie=Movie.objects.get(), stars=4, rated_at=timezone.now())
    promote_by_hand(version=new, by=None, reason="other data", override=True)
    assert list(Movie.objects.served().values_list("title", flat=True)) == ["Of the others"]
    assert roll_back(by=None, reason="back", override=True).version == old
    film = Movie.objects.served().get()
    assert (film.title, film.movielens_id) == ("Of the club", 1)
    rated.refresh_from_db()
    assert rated.movie == film


def test_rolling_back_to_other_data_is_refused_if_its_films_are_gone(make_version):
    old, new = measured(make_version(0), ndcg=0.2), measured(make_version(1), ndcg=0.2)
    tables_of(old, "club", "Of the club")
    tables_of(new, "other", "Of the others")
    promote_by_hand(version=old, by=None, reason="first", override=True)
    promote_by_hand(version=new, by=None, reason="other data", override=True)
    shutil.rmtree(work_folder(old.data_digest))
    with pytest.raises(PromotionError, match=r"films of .* are gone .* Train on club again"):
        roll_back(by=None, reason="back", override=True)
    new.refresh_from_db()
    assert new.is_champion
    assert Movie.objects.served().get().title == "Of the others"
