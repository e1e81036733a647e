"""Exports the ratings of people with an account beside the data, for training."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from accounts.models import User
from recommendations.models import Rating
from spark_jobs.sources import recognise
from spark_jobs.sources.site import FOLDER, SITE_PEOPLE, SITE_RATINGS
from spark_jobs.staging import replaced_folder


def export_site_ratings(*, data_dir: Path) -> Path:
    """A folder with the data of ``data_dir`` and, beside its files, the site's own ratings and people.

    They lie in a folder that no reader takes for data (:mod:`spark_jobs.sources.site`), under the accounts' numbers, so that
    they are told apart from the people of the data whatever numbers those have. The same database and data give the same
    bytes, so that nothing is trained anew for nothing; who has deleted the account is not in the next export. Only ratings
    of this data set's films are exported. What somebody has not told stays unknown. Without any rating ``data_dir`` itself
    is returned.

    Raises
    ------
    spark_jobs.data_files.DataError
        If no reader knows the data, or a file is missing or cut off.
    """
    source = recognise(data_dir)
    shelf = Path(settings.MOVIEREC_HOME) / "data" / "with-site-ratings"
    ratings = list(_ratings(source.name))
    if not ratings:
        shutil.rmtree(shelf, ignore_errors=True)
        return data_dir
    # The name of a folder may name the data set.
    target = shelf / (data_dir.stem if data_dir.is_file() else data_dir.name)
    with replaced_folder(target) as staging:
        _link_all(data_dir, staging)
        (staging / FOLDER).mkdir()
        _write(staging / FOLDER / SITE_RATINGS, ratings)
        _write(staging / FOLDER / SITE_PEOPLE, _people({rating["person"] for rating in ratings}))
    return target


def _ratings(source: str) -> Iterator[dict[str, Any]]:
    """Account, film, stars, second; ordered by person and time."""
    rows = Rating.objects.filter(movie__source=source).order_by("user_id", "rated_at", "movie__movielens_id")
    for user, film, stars, rated_at in rows.values_list(
        "user_id", "movie__movielens_id", "stars", "rated_at"
    ).iterator(chunk_size=5000):
        yield {"person": user, "film": film, "stars": stars, "rated_at": int(rated_at.timestamp())}


def _people(numbers: set[int]) -> Iterator[dict[str, Any]]:
    users = User.objects.filter(pk__in=numbers).order_by("pk") if len(numbers) < 500 else _all_of(numbers)
    for user in users:
        # The postcode trains nothing, so it stays in the database.
        yield {
            "person": user.pk,
            "age": user.age,
            "gender": user.gender or None,
            "occupation": user.occupation or None,
        }


def _all_of(numbers: set[int]) -> Iterator[User]:
    return (user for user in User.objects.order_by("pk").iterator(chunk_size=2000) if user.pk in numbers)


def _write(path: Path, entries: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for entry in entries:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")


def _link_all(place: Path, target: Path) -> None:
    """The same files under another folder, without a second copy where the file system allows it."""
    for path in [place] if place.is_file() else sorted(place.rglob("*")):
        if path.is_file():
            copy = target / (path.name if place.is_file() else path.relative_to(place))
            copy.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(path, copy)
            except OSError:
                shutil.copyfile(path, copy)
