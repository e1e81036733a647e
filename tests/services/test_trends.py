"""What is trending here, and in the data where nobody is here, and the rows that are made of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.utils import timezone

from accounts.models import User
from recommendations.models import Event, FilmTrend, ModelVersion, Movie, Rating
from recommendations.selectors.lists import world
from recommendations.selectors.lists.living_rows import forget_living, gems, living_rows
from recommendations.selectors.lists.person import Person
from recommendations.services.catalogue import MovieRecord, import_catalogue
from recommendations.services.folders import work_folder
from recommendations.services.trends import refresh_trends
from tests.pages.made_up_site import champion, made_up_site

__all__ = ["champion", "made_up_site"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made_up_site")]


@pytest.fixture
def people():
    return [User.objects.create_user(f"person{number}") for number in range(3)]


def rate(user, number, *, days):
    Rating.objects.create(
        user=user,
        movie=Movie.objects.get(movielens_id=number),
        stars=4,
        rated_at=timezone.now() - timedelta(days=days),
    )


def rows(*kinds, person=None, taken=()):
    look = world.look_at(person or Person(), champion=world.require_champion())
    return {row.kind: row for row in living_rows(look, kinds=kinds, taken=taken)}


def reason(row, number):
    from recommendations.selectors.catalogue import films_by_id  # noqa: PLC0415

    return row.why(films_by_id(movie_ids=[number])[number])


def test_people_count_once_for_a_film_in_each_period(people):
    for user in people[:2]:
        rate(user, 141, days=2)
        rate(user, 143, days=20)
    rate(people[0], 145, days=2)  # one person alone
    rate(people[0], 147, days=40)
    rate(people[1], 147, days=40)
    now = timezone.now()
    for user, kind, number in (
        (people[0], "watchlist", 141),
        (people[2], "seen", 141),
        (people[1], "hide", 145),
    ):
        Event.objects.create(
            id=uuid4(), day=now.date(), kind=kind, at=now, received_at=now, user=user, movie_id=number
        )
    refresh_trends()
    found = set(FilmTrend.objects.values_list("days", "movie_id", "people"))
    assert found == {(7, 141, 3), (30, 141, 3), (30, 143, 2)}


def test_what_is_trending_here_goes_before_what_was_in_the_data(people):
    for number in (201, 203, 205, 207):
        FilmTrend.objects.create(days=7, source="data", movie_id=number, people=9, until=date(1998, 4, 22))
    assert rows("trending-7")["trending-7"].say() == "Trending in the data: their last 7 days"
    assert "Rated by 9 people in the last 7 days of the data" in reason(rows("trending-7")["trending-7"], 201)
    for number in (141, 143, 145, 147):
        for user in people[:2]:
            rate(user, number, days=1)
    refresh_trends()
    forget_living()
    row = rows("trending-7", taken={141})
    assert row == {}  # three are left, which make no row
    row = rows("trending-7", "trending-30")
    assert list(row) == ["trending-7"]  # no film twice
    assert set(row["trending-7"].numbers) == {141, 143, 145, 147}
    assert reason(row["trending-7"], 143) == "2 people here rated, saw or noted it in the last 7 days."
    hidden = rows("trending-7", person=Person(hidden=frozenset({143})))
    assert hidden == {}


def test_the_last_days_of_the_data_are_counted_from_their_last_rating(
    settings, tmp_path, monkeypatch, champion
):
    settings.MOVIEREC_HOME = tmp_path
    ModelVersion.objects.create(
        version="v", state="champion", fingerprint="f", data_digest="d1", artefact_digest="a"
    )
    monkeypatch.setattr("recommendations.services.trends.current_champion", lambda: champion)
    last = int(datetime(1998, 4, 22, 23, tzinfo=UTC).timestamp())
    days_ago = [0, 1, 6, 8, 29, 31]
    folder = work_folder("d1") / "parsed" / "ratings"
    folder.mkdir(parents=True)
    table = pa.table(
        {"movie_id": [5, 5, 6, 5, 7, 8], "rated_at": [last - 86_400 * days for days in days_ago]}
    )
    pq.write_table(table, folder / "part-0.parquet")
    refresh_trends()
    found = FilmTrend.objects.values_list("days", "movie_id", "people", "until")
    until = date(1998, 4, 22)
    assert set(found) == {
        (7, 5, 2, until),
        (7, 6, 1, until),
        (30, 5, 3, until),
        (30, 6, 1, until),
        (30, 7, 1, until),
    }
    (folder / "part-0.parquet").unlink()
    assert refresh_trends() == 5  # the same data are not read again


def test_films_that_came_later_are_new_and_else_the_newest_by_year():
    row = rows("new")["new"]
    newest = max(Movie.objects.exclude(year=None).values_list("year", flat=True))
    assert row.say() == "The newest films here"
    assert reason(row, row.numbers[0]) == f"From {newest}, among the newest of the catalogue."
    records = [
        MovieRecord(movie.movielens_id, movie.title, movie.original_title, movie.year, ())
        for movie in Movie.objects.all()
    ]
    late = [MovieRecord(900 + place, f"Late {place}", f"Late {place}", 1999, ()) for place in range(4)]
    import_catalogue(movies=[*records, *late])
    forget_living()
    row = rows("new")["new"]
    assert (row.say(), set(row.numbers)) == ("New here", {900, 901, 902, 903})
    assert reason(row, 900).startswith("In the catalogue since ")


def test_gems_are_little_known_and_well_liked():
    look = world.look_at(Person(), champion=world.require_champion())
    artefact = look.artefact
    found = gems(look)
    assert 0 < found.sum() < len(found) / 3
    assert (artefact.rating_count[found] < artefact.rating_count.max()).all()
    row = rows("gems").get("gems")
    assert row is None or {artefact.positions[number] for number in row.numbers} <= set(found.nonzero()[0])
