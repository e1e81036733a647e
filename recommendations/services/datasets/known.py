"""The public data sets that can be fetched by name."""

from __future__ import annotations

from dataclasses import dataclass

_GROUPLENS = "https://files.grouplens.org/datasets/movielens"
_TERMS = "https://files.grouplens.org/datasets/movielens/{}-README.{}"


@dataclass(frozen=True)
class KnownDataSet:
    """``checksum`` is ``sha256:…`` or ``md5:…`` of the archive, or ``published``: GroupLens keeps the MD5 of an archive that
    changes beside it. Without a ``url`` the files have to be at hand. ``terms`` is where the conditions of use stand."""

    name: str
    title: str
    ratings: int
    films: int
    people: int
    url: str = ""
    checksum: str = ""
    terms: str = ""


def _grouplens(
    name: str, title: str, ratings: int, films: int, people: int, checksum: str, readme: str = "txt"
) -> KnownDataSet:
    return KnownDataSet(
        name, title, ratings, films, people, f"{_GROUPLENS}/{name}.zip", checksum, _TERMS.format(name, readme)
    )


KNOWN: dict[str, KnownDataSet] = {
    known.name: known
    for known in (
        _grouplens(
            *("ml-100k", "MovieLens 100k (1998)", 100_000, 1_682, 943),
            "sha256:50d2a982c66986937beb9ffb3aa76efe955bf3d5c6b761f4e3a7cd717c6a3229",
        ),
        _grouplens(
            *("ml-1m", "MovieLens 1M (2003)", 1_000_209, 3_883, 6_040),
            "sha256:a6898adb50b9ca05aa231689da44c217cb524e7ebd39d264c56e2832f2c54e20",
        ),
        _grouplens(
            *("ml-10m", "MovieLens 10M (2009)", 10_000_054, 10_681, 71_567),
            "sha256:813c411ccb6122564edfe752e7f80c4dcc5aa25fa94c93622f6877a7ba252862",
            "html",
        ),
        _grouplens(
            *("ml-20m", "MovieLens 20M (2015)", 20_000_263, 27_278, 138_493),
            "sha256:96f243c338a8665f6bcc89c53edf6ee39162a846940de6b7c8c48aeada765ff3",
            "html",
        ),
        _grouplens(
            *("ml-25m", "MovieLens 25M (2019)", 25_000_095, 62_423, 162_541),
            "sha256:8b21cfb7eb1706b4ec0aac894368d90acf26ebdfb6aced3ebd4ad5bd1eb9c6aa",
            "html",
        ),
        _grouplens(
            *("ml-32m", "MovieLens 32M (2024)", 32_000_204, 87_585, 200_948),
            "md5:d472be332d4daa821edc399621853b57",
            "html",
        ),
        _grouplens(
            *("ml-latest-small", "MovieLens latest, small (2018)", 100_836, 9_742, 610),
            "sha256:696d65a3dfceac7c45750ad32df2c259311949efec81f0f144fdfb91ebc9e436",
            "html",
        ),
        _grouplens(
            *("ml-latest", "MovieLens latest (changes over time)", 33_832_162, 86_537, 330_975),
            "published",
            "html",
        ),
        KnownDataSet(
            *("movietweetings-100k", "MovieTweetings, 100,000 ratings (2013)", 100_000, 10_506, 16_554),
            terms="https://github.com/sidooms/MovieTweetings",
        ),
    )
}
