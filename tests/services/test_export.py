"""Taking everything along: what is brought out comes in again as it was."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest

from accounts.models import User
from recommendations.models import FilmList, FilmListEntry, Movie, Viewing
from recommendations.services.account.export import export_account, export_archive, export_letterboxd
from recommendations.services.diary import add_viewing
from recommendations.services.feedback import add_to_watchlist, rate_movie
from recommendations.services.imports import apply_import, preview_import

pytestmark = pytest.mark.django_db
FILMS = {50: ("Star Wars", 1977), 100: ("Fargo", 1996), 183: ("Alien", 1979), 273: ("Heat", 1995)}


@pytest.fixture
def ann() -> User:
    films = {
        number: Movie.objects.create(movielens_id=number, title=title, original_title=title, year=year)
        for number, (title, year) in FILMS.items()
    }
    ann = User.objects.create_user("ann")
    rate_movie(user=ann, movie_id=100, stars=4)
    rate_movie(user=ann, movie_id=273, stars=2)
    add_to_watchlist(user=ann, movie_id=183)
    for day, stars in (("2024-12-24", 3.5), ("2025-12-24", 4.0)):
        Viewing.objects.create(user=ann, movie=films[100], seen_on=day, again=day > "2025", stars=stars)
    for kind, name, numbers in (("own", "Snow & ice/1", (100, 183)), ("likes", "", (50,))):
        made = FilmList.objects.create(user=ann, kind=kind, name=name)
        for place, number in enumerate(numbers, 1):
            FilmListEntry.objects.create(film_list=made, movie=films[number], place=place)
    return ann


def marks(user: User) -> dict[str, object]:
    """What the export says of films, without the moments of marks, which an import does not bring along."""
    told = export_account(user=user)
    # Rows of one moment come in microseconds apart.
    for rating in told["ratings"]:
        rating["rated_at"] = rating["rated_at"][:19]
    plain = {
        name: [{key: value for key, value in entry.items() if key != "added_at"} for entry in told[name]]
        for name in ("ratings", "watchlist", "diary", "likes")
    }
    lists = [(each["name"], [film["movie_id"] for film in each["films"]]) for each in told["lists"]]
    return plain | {"lists": lists}


@pytest.mark.parametrize("kind", ["json", "zip"])
def test_an_export_is_complete(ann, kind):
    content = json.dumps(export_account(user=ann)).encode() if kind == "json" else export_archive(user=ann)
    bob = User.objects.create_user("bob")
    preview = preview_import(user=bob, content=content, name=f"movierec.{kind}")
    assert (preview.source, preview.missing_count, preview.doubts) == ("movierec", 0, ())
    apply_import(user=bob, token=preview.token)
    assert marks(bob) == marks(ann)


def test_letterboxds_layout_has_every_viewing_rating_and_list(ann):
    add_viewing(user=ann, movie_id=50)
    with zipfile.ZipFile(io.BytesIO(export_letterboxd(user=ann))) as archive:
        tables = {
            name: list(csv.reader(io.StringIO(archive.read(name).decode()))) for name in archive.namelist()
        }
    today = Viewing.objects.get(movie__movielens_id=50).seen_on.isoformat()
    assert tables == {
        "films.csv": [
            ["Title", "Year", "Rating", "WatchedDate", "Rewatch"],
            ["Fargo", "1996", "3.5", "2024-12-24", ""],
            ["Fargo", "1996", "4", "2025-12-24", "Yes"],
            ["Star Wars", "1977", "", today, ""],
            ["Heat", "1995", "2", "", ""],
        ],
        "watchlist.csv": [["Title", "Year"], ["Alien", "1979"]],
        "likes.csv": [["Title", "Year"], ["Star Wars", "1977"]],
        "lists/1-Snow-ice-1.csv": [["Title", "Year"], ["Fargo", "1996"], ["Alien", "1979"]],
    }
