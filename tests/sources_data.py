"""Made-up data sets in the layouts that readers know, small, and the same on every machine."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

GENRES = ("Action", "Comedy", "Drama", "IMAX", "Western")
FIRST_SECOND = 1_500_000_000


def some_ratings(people: int = 30, films: int = 40, seed: int = 1) -> Iterator[tuple[int, int, float, int]]:
    """Person, film, stars in halves, second: everybody rates 12 to 20 films, and likes those of a taste."""
    chance = random.Random(seed)
    for person in range(1, people + 1):
        second = FIRST_SECOND + person * 1_000
        for film in chance.sample(range(1, films + 1), chance.randint(12, 20)):
            second += chance.choice((0, 30, 600))
            stars = (
                2.5 + (1.5 if film % 3 == person % 3 else 0.0) + chance.choice((-1.0, -0.5, 0.0, 0.5, 1.0))
            )
            yield person, film, min(5.0, max(0.5, stars)), second


def title_of(film: int) -> str:
    """With commas, quotes and other alphabets."""
    return ("Story, The ({0})", 'A "quoted" film ({0})', "Žižkov – 七人の侍 ({0})", "Été, L' ({0})")[
        film % 4
    ].format(1950 + film)


def genres_of(film: int) -> list[str]:
    """One or two of :data:`GENRES`; none for every tenth film."""
    return [] if film % 10 == 0 else sorted({GENRES[film % 5], GENRES[film * 3 % 5]})


def write_ml_csv(folder: Path, *, films: int = 40) -> Path:
    """As ml-latest-small: half stars, quoted titles, tags and links, no people."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [f"{person},{film},{stars},{second}" for person, film, stars, second in some_ratings(films=films)]
    _write(folder / "ratings.csv", "userId,movieId,rating,timestamp", rows)
    _write(
        folder / "movies.csv",
        "movieId,title,genres",
        [
            f"{film},{_quoted(title_of(film))},{'|'.join(genres_of(film)) or '(no genres listed)'}"
            for film in range(1, films + 1)
        ],
    )
    _write(
        folder / "links.csv",
        "movieId,imdbId,tmdbId",
        [f"{film},{film:07d},{film + 800}" for film in range(1, films)],
    )
    _write(
        folder / "tags.csv",
        "userId,movieId,tag,timestamp",
        ["2,1,Funny,1445714994", '3,1,"funny",1', "3,1,dark,1", "4,2,,1"],
    )
    (folder / "README.txt").write_text("not data\n")
    return folder


def write_ml_dat(folder: Path, *, people: bool = True) -> Path:
    """As ml-1m (whole stars, people), or ml-10m without ``people`` (half stars)."""
    folder.mkdir(parents=True, exist_ok=True)
    step = 1 if people else 2
    rows = [
        f"{person}::{film}::{max(1, round(stars * step)) / step:g}::{second}"
        for person, film, stars, second in some_ratings()
    ]
    _write(folder / "ratings.dat", "", rows)
    _write(
        folder / "movies.dat",
        "",
        [f"{film}::{title_of(film)}::{'|'.join(genres_of(film))}" for film in range(1, 41)],
        encoding="iso-8859-1" if people else "utf-8",
    )
    if people:
        codes = (1, 18, 25, 35)
        _write(
            folder / "users.dat",
            "",
            [
                f"{person}::{'FM'[person % 2]}::{codes[person % 4]}::{person % 21}::48067"
                for person in range(1, 31)
            ],
        )
    return folder


def write_tweetings(folder: Path) -> Path:
    """As MovieTweetings: 0 to 10, keys with leading zeros, Twitter's numbers beside."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        f"{person}::{film:07d}::{round(stars * 2)}::{second}"
        for person, film, stars, second in some_ratings()
    ]
    _write(folder / "ratings.dat", "", rows)
    _write(
        folder / "movies.dat",
        "",
        [f"{film:07d}::{title_of(film)}::{'|'.join(genres_of(film))}" for film in range(1, 41)],
    )
    _write(folder / "users.dat", "", [f"{person}::{17_000_000 + person}" for person in range(1, 31)])
    return folder


def write_own(folder: Path, *, key: str = "tt{:07d}", times: bool = True, films: bool = True) -> Path:
    """Tables of one's own as JSON Lines: words as keys, 1 to 10, no people."""
    folder.mkdir(parents=True, exist_ok=True)
    ratings: list[dict[str, Any]] = []
    for person, film, stars, second in some_ratings():
        entry: dict[str, Any] = {
            "user": f"user-{person}",
            "item": key.format(film),
            "rating": round(stars * 2),
        }
        ratings.append(entry | ({"timestamp": second} if times else {}))
    _write(folder / "ratings.jsonl", "", [json.dumps(entry) for entry in ratings])
    if films:
        entries = [
            {
                "id": key.format(film),
                "title": title_of(film)[:-7],
                "year": 1950 + film,
                "genres": genres_of(film),
            }
            for film in range(1, 41)
        ]
        _write(folder / "films.jsonl", "", [json.dumps(entry, ensure_ascii=False) for entry in entries])
    return folder


def _quoted(title: str) -> str:
    return '"' + title.replace('"', '""') + '"' if "," in title or '"' in title else title


def _write(path: Path, header: str, rows: list[str], encoding: str = "utf-8") -> None:
    lines = [header, *rows] if header else rows
    path.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding, "replace"))
