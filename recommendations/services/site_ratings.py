"""Exports the ratings of people with an account beside MovieLens, for training."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from accounts.models import User
from recommendations.models import Rating
from recommendations.ranking.people import FIRST_SITE_USER
from spark_jobs.data_files import (
    DATA_FILES,
    MOVIES_FILE,
    RATINGS_FILE,
    USERS_FILE,
    DataError,
    check_data_files,
)
from spark_jobs.staging import replaced_folder

ENCODING = "iso-8859-1"  # that of MovieLens


class _Told(NamedTuple):
    age: str
    gender: str
    occupation: str
    postcode: str


def export_site_ratings(*, data_dir: Path) -> Path:
    """A folder with the data of ``data_dir`` and the site's own ratings and people at the end of its files.

    The person with account ``n`` gets the number ``FIRST_SITE_USER + n``. The same database and data give the same
    bytes, so that nothing is trained anew for nothing; who has deleted the account is not in the next export. Ratings
    of films that the data does not have are left out. A part of the demographics that somebody has not told is that of
    one of the data's people, each in turn: so silence changes the averages as little as possible. Without any rating
    ``data_dir`` itself is returned.

    Raises
    ------
    spark_jobs.data_files.DataError
        If a file of ``data_dir`` is missing or cut off, or its people have numbers that are meant for the site's.
    """
    check_data_files(data_dir)
    films = {int(line.split("|", 1)[0]) for line in _lines(data_dir / MOVIES_FILE) if line[:1].isdigit()}
    ratings = list(_ratings(films))
    target = Path(settings.MOVIEREC_HOME) / "data" / "with-site-ratings"
    if not ratings:
        shutil.rmtree(target, ignore_errors=True)
        return data_dir
    people = {user_id for user_id, *_rest in ratings}
    with replaced_folder(target) as staging:
        for name in DATA_FILES:
            shutil.copyfile(data_dir / name, staging / name)
        _append(staging / USERS_FILE, _people(people, list(_movielens_people(data_dir))))
        _append(
            staging / RATINGS_FILE,
            (
                f"{FIRST_SITE_USER + user}\t{film}\t{stars}\t{seconds}"
                for user, film, stars, seconds in ratings
            ),
        )
    return target


def _ratings(films: set[int]) -> Iterator[tuple[int, int, int, int]]:
    """Account, film, stars, second; ordered by person and time."""
    rows = Rating.objects.order_by("user_id", "rated_at", "movie__movielens_id")
    for user, film, stars, rated_at in rows.values_list(
        "user_id", "movie__movielens_id", "stars", "rated_at"
    ).iterator(chunk_size=5000):
        if film in films:
            yield user, film, stars, int(rated_at.timestamp())


def _movielens_people(data_dir: Path) -> Iterator[_Told]:
    for line in _lines(data_dir / USERS_FILE):
        parts = line.rstrip("\r\n").split("|")
        if len(parts) != 5 or not parts[0].isdigit():
            continue  # the ingest sets such lines aside and says so
        if int(parts[0]) >= FIRST_SITE_USER:
            raise DataError(
                f"{data_dir / USERS_FILE} has person {parts[0]}; numbers from {FIRST_SITE_USER} on are for the people "
                "of this site, so train without their ratings or give smaller numbers."
            )
        yield _Told(*parts[1:])


def _people(numbers: set[int], stand_ins: list[_Told]) -> Iterator[str]:
    users = User.objects.filter(pk__in=numbers).order_by("pk") if len(numbers) < 500 else _all_of(numbers)
    for user in users:
        unsaid = stand_ins[user.pk % len(stand_ins)]
        age, gender = user.age or unsaid.age, user.gender or unsaid.gender
        occupation = user.occupation or unsaid.occupation
        # The postcode trains nothing, so it stays in the database.
        yield f"{FIRST_SITE_USER + user.pk}|{age}|{gender}|{occupation}|"


def _all_of(numbers: set[int]) -> Iterator[User]:
    return (user for user in User.objects.order_by("pk").iterator(chunk_size=2000) if user.pk in numbers)


def _append(path: Path, lines: Iterator[str]) -> None:
    with path.open("rb+") as file:
        file.seek(-1, 2)
        ends = file.read(1) in b"\r\n"
        file.write(b"" if ends else b"\n")
        for line in lines:
            file.write(f"{line}\n".encode(ENCODING))


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding=ENCODING) as file:
        yield from file
