"""The archives of exports, as they come, and archives that are none."""

from __future__ import annotations

import io
import zipfile

import pytest

from accounts.models import User
from recommendations.models import FilmList, Movie, Rating, SeenMovie, Viewing, WatchlistItem
from recommendations.services.imports import ImportFileError, apply_import, preview_import, undo_import
from recommendations.services.imports.archives import MOST_FILES

pytestmark = pytest.mark.django_db
FILMS = {100: ("Fargo", 1996), 273: ("Heat", 1995), 183: ("Alien", 1979), 50: ("Star Wars", 1977)}
HEAD = "Date,Name,Year,Letterboxd URI"
LETTERBOXD = {
    "profile.csv": "Date Joined,Username\n2020-01-01,ann\n",
    "comments.csv": "Date,Content,Comment\n",
    "ratings.csv": f"{HEAD},Rating\n2025-03-01,Fargo,1996,u,5\n2025-03-02,Heat,1995,u,2.5\n",
    "watched.csv": f"{HEAD}\n2025-03-01,Fargo,1996,u\n2025-03-02,Heat,1995,u\n2025-03-03,Star Wars,1977,u\n",
    "diary.csv": f"{HEAD},Rating,Rewatch,Tags,Watched Date\n"
    "2024-12-25,Fargo,1996,v,3,,,2024-12-24\n2025-03-01,Fargo,1996,w,5,Yes,,2025-02-28\n",
    "reviews.csv": f"{HEAD},Rating,Rewatch,Review,Tags,Watched Date\n2025-03-01,Fargo,1996,w,5,Yes,Cold.,,2025-02-28\n",
    "watchlist.csv": f"{HEAD}\n2025-03-04,Alien,1979,u\n",
    "likes/films.csv": f"{HEAD}\n2025-03-01,Fargo,1996,u\n",
    "lists/snow.csv": "Letterboxd list export v7\nDate,Name,Tags,URL,Description\n2020-01-01,Snow,,u,\n\n"
    "Position,Name,Year,URL,Description\n1,Alien,1979,u,\n2,Fargo,1996,u,\n",
    "deleted/diary.csv": f"{HEAD},Rating,Rewatch,Tags,Watched Date\n2024-12-25,Alien,1979,v,1,,,2020-12-24\n",
}


def packed(files: dict[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.fixture
def ann() -> User:
    for number, (title, year) in FILMS.items():
        Movie.objects.create(movielens_id=number, title=title, original_title=title, year=year)
    return User.objects.create_user("ann")


def everything(user: User) -> dict[str, list]:
    return {
        "ratings": sorted(Rating.objects.filter(user=user).values_list("movie__movielens_id", "stars")),
        "watchlist": sorted(
            WatchlistItem.objects.filter(user=user).values_list("movie__movielens_id", flat=True)
        ),
        "seen": sorted(
            (number, str(day), again, half)
            for number, day, again, half in Viewing.objects.filter(user=user).values_list(
                "movie__movielens_id", "seen_on", "again", "stars"
            )
        ),
        "marked": sorted(
            (number, f"{at:%Y-%m-%d}")
            for number, at in SeenMovie.objects.filter(user=user).values_list(
                "movie__movielens_id", "created_at"
            )
        ),
        "lists": [
            (each.kind, each.name, [entry.movie.movielens_id for entry in each.entries.all()])
            for each in FilmList.objects.filter(user=user)
        ],
    }


def test_a_letterboxd_archive_brings_everything_as_what_it_is_and_can_be_taken_back(ann):
    before = everything(ann)
    preview = preview_import(user=ann, content=packed(LETTERBOXD), name="letterboxd-ann.zip")
    assert (preview.source, preview.sure_count, preview.seen, preview.likes) == ("Letterboxd", 2, 4, 1)
    assert preview.lists == {"Snow": 2}
    assert set(preview.unread) == {"profile.csv", "comments.csv"}
    assert preview.missing_count == 0
    outcome = apply_import(user=ann, token=preview.token, name="letterboxd-ann.zip")
    assert everything(ann) == {
        # Of the viewings' stars none replaces the film's own.
        "ratings": [(100, 5), (273, 2)],
        "watchlist": [183],
        # The day on which Fargo was marked as seen says nothing beside its diary; the review is of a viewing told already.
        "seen": [
            (50, "2025-03-03", False, None),
            (100, "2024-12-24", False, 3.0),
            (100, "2025-02-28", True, 5.0),
            (273, "2025-03-02", False, None),
        ],
        # Star Wars has no stars.
        "marked": [(50, "2025-03-03")],
        "lists": [("likes", "", [100]), ("own", "Snow", [183, 100])],
    }
    again = apply_import(user=ann, token=preview.token)
    assert again.number is None
    undone = undo_import(user=ann, number=outcome.number)
    assert (undone.kept, everything(ann)) == (0, before)


def flagged(content: bytes) -> bytes:
    """The same archive with the flag of encryption in both headers of its first file."""
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(sign) + place
        content = content[:at] + bytes([content[at] | 1]) + content[at + 1 :]
    return content


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (packed({f"ratings-{n}.csv": "x" for n in range(10_000)}), f"holds 10,000 files; at most {MOST_FILES:,}"),
        (packed({"../../etc/ratings.csv": LETTERBOXD["ratings.csv"]}), "names a file outside of itself"),
        (packed({"/etc/ratings.csv": LETTERBOXD["ratings.csv"]}), "names a file outside of itself"),
        (packed({"C:\\ratings.csv": LETTERBOXD["ratings.csv"]}), "names a file outside of itself"),
        (flagged(packed({"ratings.csv": LETTERBOXD["ratings.csv"]})), "is encrypted"),
        (packed({"inner.zip": packed(LETTERBOXD)}), "holds another archive"),
        (packed({"ratings.csv": b"0" * 61_000_000}), "larger than 60 MB"),
        (packed({"ratings.csv": b"0" * 20_000_000}), "larger than 60 MB"),
        (packed({"picture.png": b"x"}), "holds no tables"),
        (packed({}), "holds no tables"),
        (packed({"ratings.csv": "a,b\n1,2\n", "b.csv": "x,y\n1,2\n"}), "No file of this archive holds films"),
        (packed(LETTERBOXD)[:200], "is damaged"),
        (b"PK\x03\x04abc", "is damaged"),
    ],
)  # fmt: skip
def test_archives_that_are_none(ann, content, sentence):
    with pytest.raises(ImportFileError, match=sentence):
        preview_import(user=ann, content=content, name="export.zip")


def test_a_damaged_file_does_not_spoil_the_others_and_an_archive_inside_stays_closed(ann):
    files = LETTERBOXD | {
        "broken.csv": b"\x00\x01",
        "inner.zip": packed({"ratings.csv": LETTERBOXD["ratings.csv"]}),
    }
    preview = preview_import(user=ann, content=packed(files))
    assert preview.sure_count == 2
    assert {"broken.csv", "inner.zip"} <= set(preview.unread)
