"""Preview and import: nothing changes before, everything at once after, and twice is as once."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from accounts.models import User
from recommendations.models import Movie, Rating, StaleProfile
from recommendations.services.feedback import rate_movie
from recommendations.services.imports import ImportFileError, apply_import, importing, preview_import

pytestmark = pytest.mark.django_db
HEADER = "Date,Name,Year,Letterboxd URI,Rating\n"
FILE = (
    HEADER
    + "2020-01-03,Fargo,1996,u,4.5\n2020-01-01,Star Wars,1978,u,3\n2020-01-02,Heat,1995,u,2\n"
    + "2020-01-02,Amelie,2001,u,5\n2020-01-04,Fargo,1996,u,1\n"
)


@pytest.fixture(autouse=True)
def catalogue():
    for number, title, year in ((50, "Star Wars", 1977), (100, "Fargo", 1996), (273, "Heat", 1995)):
        Movie.objects.create(
            movielens_id=number,
            title=title,
            original_title=f"{title} ({year})",
            year=year,
            rating_count=number,
        )


@pytest.fixture
def ann() -> User:
    return User.objects.create_user("ann")


def stars_of(user: User) -> list[tuple[int, int]]:
    ratings = Rating.objects.filter(user=user).order_by("rated_at", "pk")
    return list(ratings.values_list("movie__movielens_id", "stars"))


def test_preview_tells_everything_and_changes_nothing(ann, django_assert_num_queries):
    rate_movie(user=ann, movie_id=273, stars=5)
    # Which version serves (for its stars), the films, and the own marks.
    with django_assert_num_queries(3):
        preview = preview_import(user=ann, content=FILE.encode())
    assert [(each.film.movie_id, each.stars, each.own_stars) for each in preview.sure] == [
        (100, 1, None),  # the newer of two lines
        (273, 2, 5),
    ]
    assert [(doubt.title, doubt.year, doubt.candidates[0].movie_id) for doubt in preview.doubts] == [
        ("Star Wars", 1978, 50)
    ]
    assert (preview.missing, preview.missing_count) == (("Amelie",), 1)
    assert stars_of(ann) == [(273, 5)]


def test_import_is_one_transaction_and_marks_the_profile_once(ann):
    preview = preview_import(user=ann, content=FILE.encode())
    outcome = apply_import(user=ann, token=preview.token, decisions={preview.doubts[0].key: 50})
    assert (outcome.ratings.added, outcome.ratings.changed) == (3, 0)
    marked = StaleProfile.objects.get()
    assert marked.user == ann
    assert stars_of(ann) == [(50, 3), (273, 2), (100, 1)]
    again = apply_import(user=ann, token=preview.token)
    assert (again.ratings.added, again.ratings.changed) == (0, 0)
    assert StaleProfile.objects.get().changed_at == marked.changed_at


def test_the_newer_rating_wins(ann):
    rate_movie(user=ann, movie_id=100, stars=5, rated_at=datetime(2019, 1, 1, tzinfo=UTC))
    rate_movie(user=ann, movie_id=273, stars=5, rated_at=datetime(2021, 1, 1, tzinfo=UTC))
    outcome = apply_import(user=ann, token=preview_import(user=ann, content=FILE.encode()).token)
    assert (outcome.ratings.added, outcome.ratings.changed, outcome.ratings.kept) == (0, 1, 1)
    assert stars_of(ann) == [(100, 1), (273, 5)]


def test_what_was_not_offered_or_is_somebody_elses_is_refused(ann, monkeypatch):
    preview = preview_import(user=ann, content=FILE.encode())
    for decisions in ({preview.doubts[0].key: 100}, {"77": 50}):
        with pytest.raises(ImportFileError, match="was not one of the proposals"):
            apply_import(user=ann, token=preview.token, decisions=decisions)
    with pytest.raises(ImportFileError, match="belongs to another account"):
        apply_import(user=User.objects.create_user("eve"), token=preview.token)
    for token in ("", "x", preview.token[:-1] + ("a" if preview.token[-1] != "a" else "b")):
        with pytest.raises(ImportFileError, match="too old or incomplete"):
            apply_import(user=ann, token=token)
    monkeypatch.setattr(importing, "VALID_SECONDS", -1)
    with pytest.raises(ImportFileError, match="too old"):
        apply_import(user=ann, token=preview.token)
    assert not Rating.objects.exists()


def test_large_files_are_refused_and_the_largest_stays_quick(ann):
    with pytest.raises(ImportFileError, match="larger than 5 MB"):
        preview_import(user=ann, content=b"x" * 5_000_001)
    lines = "".join(f"2020-01-01,Fargo {number},1996,u,4\n" for number in range(20_000))
    begun = time.process_time()
    preview = preview_import(user=ann, content=(HEADER + lines).encode())
    assert time.process_time() - begun < 5
    assert (len(preview.doubts), preview.doubts_left_out) == (100, 19_900)
    assert {doubt.likely for doubt in preview.doubts} == {None}


def test_a_film_that_leaves_the_catalogue_in_between_is_left_out(ann):
    preview = preview_import(user=ann, content=FILE.encode())
    Movie.objects.get(movielens_id=100).delete()
    assert apply_import(user=ann, token=preview.token).ratings.added == 1
