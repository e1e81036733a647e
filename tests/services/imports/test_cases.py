"""Files of strangers that were not understood: what each of them brings."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from accounts.models import User
from recommendations.models import Movie, Rating, WatchlistItem
from recommendations.services.account.export import export_account
from recommendations.services.imports import ImportFileError, apply_import, preview_import

pytestmark = pytest.mark.django_db
CASES = Path(__file__).parents[2] / "cases"
FILMS = {
    1: ("Toy Story", 1995),
    50: ("Star Wars", 1977),
    55: ("The Professional", 1994),
    64: ("The Shawshank Redemption", 1994),
    98: ("The Silence of the Lambs", 1991),
    100: ("Fargo", 1996),
    127: ("The Godfather", 1972),
    172: ("The Empire Strikes Back", 1980),
    174: ("Raiders of the Lost Ark", 1981),
    181: ("Return of the Jedi", 1983),
    318: ("Schindler's List", 1993),
    479: ("Vertigo", 1958),
    483: ("Casablanca", 1942),
}


@pytest.fixture
def ann() -> User:
    for number, (title, year) in FILMS.items():
        original = f"{title} ({year})"
        Movie.objects.create(movielens_id=number, title=title, original_title=original, year=year)
    return User.objects.create_user("ann")


def bring(user: User, name: str) -> dict[int, int]:
    """What the button brings in: what was recognised, and of the doubts what is chosen already."""
    preview = preview_import(user=user, content=(CASES / name).read_bytes(), name=name)
    chosen = {doubt.key: doubt.likely for doubt in preview.doubts if doubt.likely is not None}
    apply_import(user=user, token=preview.token, decisions=chosen)
    return dict(Rating.objects.filter(user=user).values_list("movie__movielens_id", "stars"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("imdb-series-prefix.csv", {172: 5, 181: 4, 174: 4, 55: 4}),
        ("imdb-export-in-french.csv", {127: 5, 64: 5, 98: 4, 100: 4}),
        ("years-as-floats.csv", {100: 4, 1: 5}),
        ("trakt-ratings-movies.json", {100: 4}),
        ("title-year-rating10.csv", {100: 4, 1: 4}),
        ("letterboxd-no-year.csv", {172: 5, 100: 4}),
        ("excel-sep-line.csv", {100: 3}),
        ("letterboxd-watchlist.csv", {}),
    ],
)
def test_what_the_button_brings(ann, name, expected):
    assert bring(ann, name) == expected


def test_a_watchlist_is_brought_into_the_watchlist(ann):
    bring(ann, "letterboxd-watchlist.csv")
    listed = WatchlistItem.objects.filter(user=ann).values_list("movie__movielens_id", flat=True)
    assert sorted(listed) == [479, 483]


def test_numbers_of_a_later_release_are_refused_with_the_way_out(ann):
    with pytest.raises(ImportFileError, match="Add the titles of movies.csv"):
        bring(ann, "movielens-later-release-ratings.csv")
    # Without a header the numbers themselves tell.
    with pytest.raises(ImportFileError, match="Add the titles of movies.csv"):
        preview_import(user=ann, content=b"1\t318\t5\t1112486027\n1\t2571\t5\t1112486030\n")
    assert not Rating.objects.exists()


def test_a_day_is_the_same_day_in_the_export(ann):
    content = b"Date,Name,Year,Letterboxd URI,Rating\n2023-01-02,Fargo,1996,u,4\n"
    apply_import(user=ann, token=preview_import(user=ann, content=content).token)
    assert export_account(user=ann)["ratings"][0]["rated_at"].startswith("2023-01-02T12:00:00")
    kept = Rating.objects.get(user=ann).rated_at
    for zone in ("Pacific/Honolulu", "Europe/Paris", "Asia/Tokyo"):
        with timezone.override(zone):
            assert timezone.localtime(kept).day == 2


def test_more_likely_films_than_there_is_room_for_come_in_all_the_same(ann):
    Movie.objects.bulk_create(
        Movie(movielens_id=1000 + n, title=f"Film {n} of many", original_title=f"Film {n} of many", year=1990)
        for n in range(150)
    )
    rows = "".join(f"2020-01-01,Film {n} of many,1991,u,4\n" for n in range(150))
    content = b"Date,Name,Year,Letterboxd URI,Rating\n" + rows.encode()
    preview = preview_import(user=ann, content=content)
    assert (len(preview.doubts), preview.doubts_left_out, len(preview.sure)) == (100, 0, 50)
    assert {each.title for each in preview.sure} <= {f"Film {n} of many" for n in range(150)}
