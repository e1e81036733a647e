"""The made-up data must be what the other tests take it for."""

import hashlib
from collections import Counter

from recommendations.ranking.demographics import OCCUPATIONS
from recommendations.ranking.genres import GENRES
from tests.sample_data import TASTES, taste_of, write_sample


def rows(path, separator):
    return [line.split(separator) for line in path.read_text("iso-8859-1").splitlines()]


def test_it_is_the_same_every_time_and_different_for_another_seed(tmp_path):
    def digest(name, **options):
        folder = write_sample(tmp_path / name, **options)
        return [
            hashlib.sha256((folder / file).read_bytes()).hexdigest()
            for file in ("u.data", "u.item", "u.user")
        ]

    assert digest("a") == digest("b")
    assert digest("a") != digest("c", seed=1)


def test_every_genre_occupation_film_and_person_occurs(tmp_path):
    folder = write_sample(tmp_path)
    items, users, data = (
        rows(folder / "u.item", "|"),
        rows(folder / "u.user", "|"),
        rows(folder / "u.data", "\t"),
    )
    assert len(items) == 80
    assert len(users) == 60
    assert all(any(item[5 + place] == "1" for item in items) for place in range(len(GENRES)))
    assert {user[3] for user in users} == set(OCCUPATIONS)
    assert min(Counter(row[0] for row in data).values()) >= 24
    assert len(Counter(row[0] for row in data)) == 60
    assert len({(row[0], row[1]) for row in data}) == len(data)


def test_people_like_films_of_their_taste(tmp_path):
    folder = write_sample(tmp_path)
    genres = {
        item[0]: {name for name, flag in zip(GENRES, item[5:], strict=True) if flag == "1"}
        for item in rows(folder / "u.item", "|")
    }
    taste = {user[0]: set(TASTES[taste_of(int(user[1]), user[2])]) for user in rows(folder / "u.user", "|")}
    stars: dict[bool, list[int]] = {True: [], False: []}
    for user, movie, given, _ in rows(folder / "u.data", "\t"):
        stars[bool(genres[movie] & taste[user])].append(int(given))
    means = {fits: sum(values) / len(values) for fits, values in stars.items()}
    assert means[True] > means[False] + 0.5
