"""A small MovieLens folder for tests, made up, the same on every machine for the same arguments."""

from __future__ import annotations

import random
from pathlib import Path

from recommendations.ranking.demographics import OCCUPATIONS
from recommendations.ranking.genres import GENRES

# Four tastes. Which one a person has depends on age and gender, so that demographics tell something.
TASTES = (
    ("Action", "Adventure", "Sci-Fi", "Thriller", "War"),
    ("Drama", "Romance", "Musical", "Film-Noir"),
    ("Comedy", "Children's", "Animation", "Fantasy"),
    ("Crime", "Mystery", "Horror", "Documentary", "Western"),
)
# Forms that real titles have; the third is not ASCII and the last says nothing at all.
_TITLES = (
    "Story {n} ({year})",
    "Night {n}, The ({year})",
    "Été {n}, L' (Summer {n}, The) ({year})",
    "Road {n}, A ({year})",
)
_UNKNOWN_FILM = 7
_FIRST_SECOND = 874_724_710
_ADULT, _OLDER = 30, 45


def taste_of(age: int, gender: str) -> int:
    """The index into :data:`TASTES` of somebody of this age and gender (one in five has another)."""
    if gender == "M":
        return 0 if age < _ADULT else 3
    return 2 if age < _OLDER else 1


def write_sample(folder: Path, *, people: int = 60, films: int = 80, seed: int = 0) -> Path:
    """Write ``u.data``, ``u.item`` and ``u.user`` in GroupLens' format into ``folder`` and return it.

    With the defaults all genres and occupations occur, film 7 is called “unknown” and has no date, and
    everybody has 24 to 40 ratings. People like films of their taste about twice as often as others.
    """
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    genres = [_film_genres(number, chance) for number in range(1, films + 1)]
    quality = [chance.gauss(0, 0.4) for _ in genres]
    users, ratings = [], []
    for person in range(1, people + 1):
        age, gender = chance.randint(12, 68), chance.choice("FM")
        occupation = OCCUPATIONS[(person - 1) % len(OCCUPATIONS)]
        users.append(f"{person}|{age}|{gender}|{occupation}|{chance.randint(10_000, 99_999)}")
        taste = taste_of(age, gender) if chance.random() < 0.8 else chance.randrange(len(TASTES))
        ratings += _ratings_of(person, set(TASTES[taste]), genres, quality, chance)
    chance.shuffle(ratings)
    items = [_item(number, names, chance) for number, names in enumerate(genres, start=1)]
    for name, lines in (("u.data", ratings), ("u.item", items), ("u.user", users)):
        (folder / name).write_bytes("".join(f"{line}\n" for line in lines).encode("iso-8859-1"))
    return folder


def _film_genres(number: int, chance: random.Random) -> set[str]:
    if number == _UNKNOWN_FILM:
        return {"unknown"}
    first = GENRES[1 + (number - 1) % (len(GENRES) - 1)]
    siblings = next(taste for taste in TASTES if first in taste)
    return {first, chance.choice(siblings)}


def _item(number: int, genres: set[str], chance: random.Random) -> str:
    flags = "|".join("1" if genre in genres else "0" for genre in GENRES)
    if number == _UNKNOWN_FILM:
        return f"{number}|unknown||||{flags}"
    year = chance.randint(1950, 1998)
    title = _TITLES[number % len(_TITLES)].format(n=number, year=year)
    return f"{number}|{title}|01-Jan-{year}||http://us.imdb.com/Title?{number}|{flags}"


def _ratings_of(
    person: int, taste: set[str], genres: list[set[str]], quality: list[float], chance: random.Random
) -> list[str]:
    """One person's lines; films of the own taste are picked more often and get more stars."""
    fits = [bool(names & taste) for names in genres]
    # The order of a weighted draw without replacement: the larger the weight, the earlier.
    drawn = sorted(
        range(len(genres)), key=lambda i: chance.random() ** (1 / (3.0 if fits[i] else 1.0)), reverse=True
    )
    wanted = min(len(genres), chance.randint(24, 40))
    second = _FIRST_SECOND + chance.randrange(10_000_000)
    lines = []
    for film in drawn[:wanted]:
        stars = round(2.9 + (1.2 if fits[film] else -0.3) + quality[film] + chance.gauss(0, 0.7))
        # Some ratings share a second, as on the real site, where a page of films was rated at once.
        second += chance.choice((0, 1, 20, 90))
        lines.append(f"{person}\t{film + 1}\t{min(5, max(1, stars))}\t{second}")
    return lines
