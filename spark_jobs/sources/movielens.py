"""MovieLens' releases after 100k, and MovieTweetings, which borrowed their form."""

from __future__ import annotations

from pathlib import Path

from spark_jobs.sources.base import FILMS, PEOPLE, RATINGS, SCALES, Source, Table
from spark_jobs.sources.files import DataFile

# README of ml-1m: what the codes in users.dat stand for, in the words of MovieLens-100k where it has them.
_OCCUPATIONS = (
    *(
        "other",
        "educator",
        "artist",
        "clerical",
        "student",
        "customer service",
        "doctor",
        "executive",
        "farmer",
    ),
    *(
        "homemaker",
        "school student",
        "lawyer",
        "programmer",
        "retired",
        "salesman",
        "scientist",
        "self-employed",
    ),
    *("technician", "tradesman", "none", "writer"),
)
_RATINGS = {"person": 0, "film": 1, "stars": 2, "rated_at": 3}
# The first names of the ratings' columns in each release with a header.
_HEADER = "userid,movieid,rating,timestamp"


def read_dat(place: Path, files: list[DataFile]) -> Source | None:
    """``ratings.dat`` and ``movies.dat`` with ``::``: MovieLens 1M and 10M, MovieTweetings."""
    by_name = {file.base: file for file in files}
    ratings, films = by_name.get("ratings.dat"), by_name.get("movies.dat")
    if ratings is None or films is None:
        return None
    users, tags = by_name.get("users.dat"), by_name.get("tags.dat")
    tables = {
        RATINGS: _table(RATINGS, ratings, _RATINGS),
        FILMS: _table(FILMS, films, {"film": 0, "title": 1, "genres": 2}),
    }
    head = ratings.head(200_000).decode("utf-8", "replace").splitlines()[:-1] or [""]
    values = {line.split("::")[2] for line in head if line.count("::") == 3}
    if any(len(line.split("::")[1]) == 7 for line in head if line.count("::") == 3) or "10" in values:
        layout, scale = "movietweetings", SCALES["0-10"]
        # Its keys are IMDb's numbers.
        tables[FILMS] = _table(FILMS, films, {"film": 0, "title": 1, "genres": 2, "imdb_id": 0})
    elif users is None:
        layout, scale = "ml-10m", SCALES["0.5-5"]
    else:
        layout, scale = "ml-1m", SCALES["1-5"]
    # MovieTweetings' users.dat holds Twitter's numbers, MovieLens' people.
    has_people = users is not None and users.head(200).count(b"::") >= 4 and layout == "ml-1m"
    if has_people and users is not None:
        tables[PEOPLE] = _table(PEOPLE, users, {"person": 0, "gender": 1, "age": 2, "occupation": 3})
    used = {ratings, films, *([users] if has_people else []), *([tags] if tags else [])}
    return Source(
        _name(place, layout),
        layout,
        tables,
        scale,
        extras={"tags": tags} if tags else {},
        left_out=tuple(file.name for file in files if file not in used),
        # Its youngest age stands for everybody under 18.
        vocabulary={
            "occupation": {str(code): name for code, name in enumerate(_OCCUPATIONS)},
            "age": {"1": "16"},
        },
    )


def read_csv(place: Path, files: list[DataFile]) -> Source | None:
    """``ratings.csv`` and ``movies.csv`` (20M, 25M, 32M, latest, latest-small), with links and tags where they are."""
    by_name = {file.base: file for file in files}
    ratings, films = by_name.get("ratings.csv"), by_name.get("movies.csv")
    if ratings is None or films is None or "dataset.toml" in by_name:
        return None
    if not ratings.head(200).decode("utf-8", "replace").lower().lstrip("\ufeff").startswith(_HEADER):
        return None
    if (
        not films.head(200)
        .decode("utf-8", "replace")
        .lower()
        .lstrip("\ufeff")
        .startswith("movieid,title,genres")
    ):
        return None
    extras = {name: by_name[f"{name}.csv"] for name in ("links", "tags") if f"{name}.csv" in by_name}
    used = {ratings, films, *extras.values()}
    tables = {
        RATINGS: Table(
            RATINGS,
            (ratings,),
            "csv",
            dict(zip(_RATINGS, ("userId", "movieId", "rating", "timestamp"), strict=True)),
        ),
        FILMS: Table(FILMS, (films,), "csv", {"film": "movieId", "title": "title", "genres": "genres"}),
    }
    layout = "ml-latest"
    return Source(
        _name(place, layout),
        layout,
        tables,
        SCALES["0.5-5"],
        extras=extras,
        left_out=tuple(file.name for file in files if file not in used),
    )


def _table(kind: str, file: DataFile, columns: dict[str, int]) -> Table:
    return Table(kind, (file,), "csv", columns, separator="::", has_header=False)


def _name(place: Path, layout: str) -> str:
    """The name of the folder or archive if it is that of a data set, else that of the layout."""
    return place.stem if place.name.startswith(("ml-", "movietweetings")) else layout
