"""Events over the API: each counts once, or is refused by itself."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from recommendations.models import Event, MadeList, ServiceMark, ServiceRating
from recommendations.services.account.tokens import create_token
from tests.api.other_sites import a_model_and_films, operator, send_lines, shop
from tests.api.problem_checks import problem

pytestmark = pytest.mark.django_db
URL = "/api/v1/events/"


@pytest.fixture(autouse=True)
def films(settings, tmp_path):
    return a_model_and_films(settings, tmp_path)


@pytest.fixture
def own():
    return shop(operator())


@pytest.fixture
def ann():
    return User.objects.create_user("ann")


def speaks_for(client, user, *scopes):
    text = create_token(user=user, name="t", scopes=scopes or ("read", "write"), lifetime=timedelta(days=1))[
        1
    ]
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


def a_list(client, address="/api/v1/recommendations/me/", **query):
    answer = client.get(address, {"k": 5, **query})
    assert answer.status_code == 200, answer.content
    return answer.json()


def event(**told):
    return {"id": str(uuid.uuid4()), "at": timezone.now().isoformat(), **told}


def send(client, *told):
    response = client.post(URL, {"events": list(told)}, format="json")
    assert response.status_code == 200, response.content
    return response.json()


def test_every_list_is_written_down_small(client, ann):
    made = a_list(speaks_for(client, ann))
    row = MadeList.objects.get(pk=made["list_id"])
    assert (row.version, row.user, row.arm) == ("test-60-0", ann, "")
    assert row.places == {"list": [item["movie_id"] for item in made["items"]]}
    assert row.scores == [round(item["score"], 3) for item in made["items"]]
    assert len(json.dumps([row.places, row.scores])) < 200


def test_an_event_takes_film_version_and_day_from_its_list(client, ann):
    made = a_list(speaks_for(client, ann))
    told = event(kind="open", list=made["list_id"], place=2)
    assert send(client, told) == {"accepted": 1, "refused": 0, "known": 0, "errors": []}
    row = Event.objects.get()
    assert (row.kind, row.place, row.movie_id) == ("open", 2, made["items"][1]["movie_id"])
    assert (row.version, row.user, row.row) == ("test-60-0", ann, "list")
    assert row.day == MadeList.objects.get().made_at.date()


def test_an_event_counts_once_however_often_it_comes(client, ann):
    made = a_list(speaks_for(client, ann))
    told = event(kind="impression", list=made["list_id"], place=1)
    assert send(client, told, told)["known"] == 1
    assert send(client, told)["known"] == 1
    # Also a day later.
    Event.objects.update(received_at=timezone.now() - timedelta(days=1))
    assert send(client, {**told, "place": 1})["known"] == 1
    assert Event.objects.count() == 1


def test_the_same_name_of_another_sender_is_another_event(client, ann, own):
    mine = a_list(speaks_for(client, ann))
    own.put("/api/v1/people/a/", {}, format="json")
    theirs = a_list(own, "/api/v1/people/a/recommendations/")
    told = event(kind="impression", place=1)
    assert send(client, {**told, "list": mine["list_id"]})["known"] == 0
    assert send(own, {**told, "list": theirs["list_id"], "person": "a"})["known"] == 0
    assert Event.objects.count() == 2


def test_late_events_count_for_the_day_of_their_list(client, ann):
    made = a_list(speaks_for(client, ann))
    before = timezone.now() - timedelta(days=20)
    MadeList.objects.update(made_at=before)
    told = event(kind="open", list=made["list_id"], place=1, at=(before + timedelta(hours=1)).isoformat())
    assert send(client, told)["accepted"] == 1
    assert Event.objects.get().day == before.date()


def refused(client, told):
    report = send(client, told)
    assert (report["accepted"], report["refused"]) == (0, 1), report
    assert not Event.objects.exists()
    return report["errors"][0]["message"]


def test_events_that_do_not_fit_are_refused_one_by_one(client, ann):
    made = a_list(speaks_for(client, ann))
    fits = event(kind="open", list=made["list_id"], place=1)
    now = timezone.now()
    assert "no such list" in refused(client, {**fits, "list": str(uuid.uuid4())})
    assert "future" in refused(client, {**fits, "at": (now + timedelta(hours=1)).isoformat()})
    assert "before the list" in refused(client, {**fits, "at": (now - timedelta(hours=1)).isoformat()})
    assert "no film of the list" in refused(client, {**fits, "place": 6})
    assert "no film of the list" in refused(client, {**fits, "movie_id": made["items"][1]["movie_id"]})
    assert "no such row" in refused(client, {**fits, "row": "decade"})
    assert "kind" in refused(client, {**fits, "kind": "click"})
    assert "stars" in refused(client, {**fits, "stars": 4})
    assert "stars" in refused(client, {**fits, "kind": "rating"})
    assert "stars" in refused(client, {**fits, "kind": "rating", "stars": 9})
    assert "person" in refused(client, {**fits, "person": "a"})
    assert "'film'" in refused(client, {**fits, "film": 1})
    assert "id" in refused(client, {**fits, "id": ""})
    assert "list is missing" in refused(client, event(kind="impression", movie_id=3))
    assert "list" in refused(client, {**fits, "list": "x"})
    report = send(client, fits, {**fits, "id": "other", "place": 9}, {**fits, "id": "third"})
    assert (report["accepted"], report["errors"][0]["line"]) == (2, 2)


def test_nobody_speaks_of_other_peoples_lists(client, ann, own):
    mine = a_list(speaks_for(client, ann))
    own.put("/api/v1/people/a/", {}, format="json")
    own.put("/api/v1/people/b/", {}, format="json")
    theirs = a_list(own, "/api/v1/people/a/recommendations/")["list_id"]
    open_mine = event(kind="open", list=mine["list_id"], place=1)
    open_theirs = event(kind="open", list=theirs, place=1)
    assert "no such list" in refused(own, {**open_mine, "person": "a"})
    assert "no such list" in refused(own, {**open_theirs, "person": "b"})
    assert "no such list" in refused(client, open_theirs)
    other = shop(operator("otto"))
    other.put("/api/v1/people/a/", {}, format="json")
    assert "no such list" in refused(other, {**open_theirs, "person": "a"})
    speaks_for(client, User.objects.create_user("bob"))
    assert "no such list" in refused(client, open_mine)
    client.credentials()
    assert "no such list" in refused(client, open_mine)


def test_a_list_of_nobody_is_for_whoever_has_its_id(client):
    made = client.post("/api/v1/recommendations/preview/", {"age": 30, "k": 3}, format="json").json()
    assert send(client, event(kind="open", list=made["list_id"], place=1))["accepted"] == 1
    assert Event.objects.get().user is None


def test_what_another_sites_people_do_changes_their_list(own):
    own.put("/api/v1/people/a/", {}, format="json")
    address = "/api/v1/people/a/recommendations/"
    made = a_list(own, address)
    first, second, third = (item["movie_id"] for item in made["items"][:3])
    told = {"list": made["list_id"], "person": "a"}
    rating = event(kind="rating", place=1, stars=4, **told)
    lines = [
        rating,
        event(kind="hide", place=2, **told),
        event(kind="seen", movie_id=third, person="a"),
        event(kind="watchlist", place=4, **told),
        event(kind="not_tonight", place=5, **told),
    ]
    body = "\n".join(map(json.dumps, lines)).encode()
    report = own.post(URL, body, content_type="application/x-ndjson").json()
    assert (report["accepted"], report["refused"]) == (5, 0), report
    assert ServiceRating.objects.get().stars == 4
    assert sorted(ServiceMark.objects.values_list("kind", flat=True)) == ["hide", "seen", "watchlist"]
    shown = [item["movie_id"] for item in a_list(own, address)["items"]]
    assert not {first, second, third} & set(shown)
    # An older rating that comes late does not undo a newer one, and neither does the same event again.
    send_lines(own, "ratings", [{"person": "a", "movie_id": first, "stars": 1}])
    late = event(kind="rating", movie_id=first, stars=5, person="a", at="2020-01-01T00:00:00Z")
    assert send(own, late, rating)["accepted"] == 2
    assert ServiceRating.objects.get().stars == 1


def test_deleting_somebody_deletes_their_lists_and_events(client, ann, own):
    made = a_list(speaks_for(client, ann))
    send(client, event(kind="open", list=made["list_id"], place=1))
    own.put("/api/v1/people/a/", {}, format="json")
    theirs = a_list(own, "/api/v1/people/a/recommendations/")["list_id"]
    send(own, event(kind="open", list=theirs, place=1, person="a"))
    own.delete("/api/v1/people/a/")
    assert list(Event.objects.values_list("user", flat=True)) == [ann.pk]
    ann.delete()
    assert not Event.objects.exists()
    assert not MadeList.objects.exists()


def test_scopes(client, ann):
    reads = speaks_for(client, ann, "read")
    assert reads.post(URL, {"events": [{}]}, format="json").status_code == 403
    olga = operator()
    reader = shop(olga, scopes=["people:read"])
    assert reader.post(URL, {"events": [{}]}, format="json").status_code == 403
    writer = shop(olga)
    assert writer.post(URL, {"events": [{}]}, format="json").status_code == 200
    olga.groups.clear()
    assert writer.post(URL, {"events": [{}]}, format="json").status_code == 403


def test_bodies_have_bounds(client):
    for body in (b"x" * 10_000_000, b'{"events": "' + b"x" * 10_000_000 + b'"}'):
        for kind in ("application/json", "application/x-ndjson"):
            response = client.post(URL, body, content_type=kind)
            assert response.status_code == 413
            problem(response)
    many = client.post(URL, {"events": [{}] * 5001}, format="json")
    assert many.status_code == 400
    assert client.post(URL, {"events": []}, format="json").status_code == 400
    assert client.post(URL, {}, format="json").status_code == 400
