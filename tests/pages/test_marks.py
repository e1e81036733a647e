"""Seen without stars, not tonight, less like this: on pages, for visitors and accounts alike."""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.utils import timezone

from accounts.models import User
from recommendations.models import GroupMember, PausedMovie, SeenMovie, UnwantedMovie
from recommendations.pages.visit.values import Feedback
from recommendations.selectors.groups import person_of
from recommendations.selectors.lists.person import Mark, Person, RatedMovie, history_of
from recommendations.selectors.lists.world import look_at
from recommendations.selectors.viewers import marks_of_user, person_of_user
from recommendations.services import feedback as services
from recommendations.services.account.export import export_account
from recommendations.services.groups import kept_person
from recommendations.services.profiles import site_profile
from tests.pages.made_up_site import champion, made_up_site

__all__ = ["champion", "made_up_site"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made_up_site")]
# Address that sets a mark, what it says, and the address that takes it back.
WAYS = [
    ("seen", "it will not come up again", "unseen"),
    ("not-tonight", "will not come up tonight; tomorrow it may", "tonight"),
    ("less", "films like it come later", "as-before"),
]


@pytest.fixture(params=["visitor", "account"])
def person(request, client):
    """Somebody whose list is looked at."""
    if request.param == "account":
        client.force_login(User.objects.create_user("ann", password="a long sentence"))
    else:
        client.post("/recommend_session", {"way": "newcomer"})
    client.post("/films/21/rate", {"stars": 5})
    return client


def read(client, address: str = "/results") -> str:
    return html.unescape(client.get(address).content.decode())


def films_of(text: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="film-(\d+)"', text)]


@pytest.mark.parametrize(("way", "said", "back"), WAYS)
def test_a_mark_keeps_the_film_away_and_can_be_taken_back(person, way, said, back):
    before = films_of(read(person))
    first = before[0]
    assert f'formaction="/films/{first}/{way}"' in read(person)
    person.post(f"/films/{first}/{way}")
    text = read(person)
    assert said in text
    assert first not in films_of(text)
    assert f"/films/{first}/{back}" in text.split("said__row")[1].split("</form>")[0], "the undo"
    assert len(films_of(text)) == len(before), "the list is filled up"
    film = read(person, f"/films/{first}/")
    assert "come up in your list" in film
    assert not re.search(r"number [\d,]+ of", film)
    assert f'formaction="/films/{first}/{back}"' in film
    person.post(f"/films/{first}/{back}", {"undo": "1"})
    text = read(person)
    assert "Taken back" in text
    assert films_of(text) == before


def test_htmx_swaps_the_list(person):
    first = films_of(read(person))[0]
    part = person.post(f"/films/{first}/less", {"k": "10"}, HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in part
    assert first not in films_of(part)
    assert "less like this: 1 film" in part


def test_not_tonight_ends_tomorrow(person, monkeypatch):
    first = films_of(read(person))[0]
    person.post(f"/films/{first}/not-tonight")
    assert first not in films_of(read(person))
    PausedMovie.objects.update(until=timezone.now() - timedelta(seconds=1))
    session = person.session
    if "feedback" in session:
        kept = session["feedback"]
        kept["paused"] = [[film, until - 86_400_000_000] for film, until in kept["paused"]]
        session["feedback"] = kept
        session.save()
    assert first in films_of(read(person))
    assert "not for tonight" not in read(person)


@pytest.mark.parametrize("hour", [0, 3, 12, 19, 23])
def test_tonight_is_over_within_a_day_and_not_within_six_hours(hour):
    now = datetime(2026, 11, 27, hour, 30, tzinfo=UTC)
    assert timedelta(hours=6) <= services.end_of_tonight(now) - now <= timedelta(days=1)


def test_less_like_this_lowers_the_neighbours_and_seen_raises_them_less_than_stars(champion):
    """On average over the films that five stars raise most; the blocks of this model are made up at random."""
    artefact = champion.artefact
    lowered, raised, loved = [], [], []
    for number in artefact.movie_ids[:40].tolist():

        def scores(*said: RatedMovie) -> np.ndarray:
            return look_at(Person(ratings=(RatedMovie(101, 4), *said)), champion=champion).scores

        plain, five = scores(), scores(RatedMovie(number, 5))
        near = np.argsort(plain - five, kind="stable")[:5]
        lowered.append((scores(RatedMovie.marked(number, Mark.LESS)) - plain)[near].mean())
        raised.append((scores(RatedMovie.marked(number, Mark.SEEN)) - plain)[near].mean())
        loved.append((five - plain)[near].mean())
    assert np.mean(lowered) < 0
    assert np.mean(np.array(lowered) < 0) > 0.8
    assert 0 < np.mean(raised) < 0.75 * np.mean(loved)


def test_marks_are_no_ratings(person):
    """My taste, the sum and the film page speak of them as what they are."""
    shown = films_of(read(person))
    person.post(f"/films/{shown[0]}/seen")
    person.post(f"/films/{shown[1]}/less")
    taste = read(person, "/taste")
    assert re.search(r"<dt>Ratings</dt><dd>1</dd>", taste)
    assert re.search(r"<dt>Mean stars</dt><dd>5.0</dd>", taste)
    left = films_of(read(person))
    why = read(person, f"/films/{left[0]}/why")
    assert f"Film {shown[0]}, which you have seen" in why
    assert f"Film {shown[1]}, less like this" in why
    assert "Film 21, 5 stars from you" in why
    for text in re.findall(r'film__reason">(.*?)</p>', read(person)):
        assert f"Film {shown[1]}." not in text, "no reason to watch anything"


def test_stars_go_before_a_mark():
    marks = [RatedMovie.marked(5, Mark.SEEN), RatedMovie.marked(7, Mark.LESS)]
    told = history_of([RatedMovie(5, 2), RatedMovie(9, 4)], marks, {5: 10, 9: 30, 7: 20})
    assert told == (RatedMovie(5, 2), marks[1], RatedMovie(9, 4))


def test_signing_up_brings_the_marks_along(client):
    client.post("/recommend_session", {"way": "newcomer"})
    for number, way in ((3, "seen"), (5, "less"), (7, "not-tonight")):
        client.post(f"/films/{number}/{way}")
    user = User.objects.create_user("ann", password="a long sentence")
    client.post("/account/sign-in", {"name": "ann", "password": "a long sentence"})
    marks = marks_of_user(user=user)
    assert [tuple(kind) for kind in (marks.seen, marks.unwanted, marks.paused)] == [(3,), (5,), (7,)]
    person = person_of_user(user=user)
    assert {said.movie_id: said.mark for said in person.ratings} == {3: Mark.SEEN, 5: Mark.LESS}
    assert person.hidden == {7}


def test_starting_over_forgets_them_and_can_be_taken_back(person):
    for number, way in ((3, "seen"), (5, "less"), (7, "not-tonight")):
        person.post(f"/films/{number}/{way}")
    text = read(person)
    person.post("/taste/start-over", {"sure": "1"})
    assert "1 film seen" not in read(person)
    person.post("/taste/start-over", {"undo": "1"})
    for said in ("1 film seen", "1 film not for tonight", "less like this: 1 film"):
        assert said in text
        assert said in read(person)


def test_they_are_exported_and_go_with_the_account():
    user = User.objects.create_user("ann", password="a long sentence")
    services.mark_seen(user=user, movie_id=3)
    services.want_less_like(user=user, movie_id=5)
    services.pause_movie(user=user, movie_id=7)
    told = export_account(user=user)
    assert [film["movie_id"] for film in told["seen"]] == [3]
    assert [film["title"] for film in told["less_like_this"]] == ["Film 5"]
    assert told["not_tonight"][0]["until"] > told["not_tonight"][0]["marked_at"]
    user.delete()
    for model in (SeenMovie, UnwantedMovie, PausedMovie):
        assert not model.objects.exists()


def test_lists_of_marks_have_pages_of_their_own(person):
    for kind, way, back in (
        ("seen", "seen", "unseen"),
        ("less-like-this", "less", "as-before"),
        ("not-tonight", "not-tonight", "tonight"),
    ):
        assert "Nothing is marked" in read(person, f"/account/{kind}")
        person.post(f"/films/9/{way}")
        text = read(person, f"/account/{kind}")
        assert "Film 9" in text
        assert f'formaction="/films/9/{back}"' in text
        assert 'aria-current="page"' in text
        assert f'formaction="/films/9/{back}"' in read(person), "on the page of the list as well"
        person.post(f"/films/9/{back}")
        assert "Nothing is marked" in read(person, f"/account/{kind}")


def test_an_old_session_without_marks_is_read(rf):
    old = Feedback.from_session({"ratings": [[5, 4]], "hidden": [3], "watchlist": [], "moments": [1]})
    assert (old.seen, old.unwanted, old.paused) == ({}, {}, {})
    odd = Feedback.from_session({"seen": [[3, "x"], 7, [5, 1]], "paused": [[3, 1]], "unwanted": None})
    assert odd.seen == {5: 1}
    assert odd.paused == {}, "over"


def test_others_who_keep_a_person_keep_the_marks(champion):
    """A common list and the document in ``user_profiles``: a mark is no rating, a picked film has not been seen."""
    user = User.objects.create_user("ann", password="a long sentence")
    services.rate_movie(user=user, movie_id=21, stars=2)
    services.mark_seen(user=user, movie_id=3)
    services.want_less_like(user=user, movie_id=5)
    services.pick_movie(user=user, movie_id=7)
    person = person_of_user(user=user)
    kept = json.loads(json.dumps(kept_person(person)))
    assert person_of(GroupMember(person=kept)).ratings == person.ratings
    profile = site_profile(champion, user)
    assert profile["mean_stars"] == 2
    assert sorted(profile["seen"]) == [3, 5, 21]
