"""What the pages know of what people do: without JavaScript from the requests, with it from a beacon."""

import json
import re

import pytest
from django.urls import reverse

from accounts.models import User
from recommendations.models import Event, MadeList
from tests.api.other_sites import a_model_and_films

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def films(settings, tmp_path):
    return a_model_and_films(settings, tmp_path)


@pytest.fixture
def visit(client):
    client.post(reverse("pages:recommend_session"), {"kind": "newcomer", "age": "30"})
    return client


def shown_on(client):
    """Where the films of the page are, from the first place on."""
    page = client.get(reverse("pages:results")).content.decode()
    return re.findall(r'data-shown="([^"]+)"', page), page


def events():
    return list(Event.objects.order_by("at", "kind").values_list("kind", "row", "place"))


def test_the_page_names_each_place_of_a_list_that_is_written_down(visit):
    shown, page = shown_on(visit)
    made = MadeList.objects.get()
    assert made.visitor
    assert shown[:10] == [f"{made.pk}.list.{place}" for place in range(1, 11)]
    assert {place.split(".")[1] for place in shown} == set(made.places)
    assert f'?from={shown[0]}"' in page
    assert str(made.visitor) not in page


def test_opening_asking_why_and_marking_are_written_down(visit):
    shown, _page = shown_on(visit)
    made = MadeList.objects.get()
    first, second, third, fourth = made.places["list"][:4]
    for _ in range(2):  # loading a page again counts once
        visit.get(reverse("pages:film", args=[first]), {"from": shown[0]})
        visit.get(reverse("pages:why", args=[second]), {"from": shown[1]})
    visit.post(reverse("pages:rate", args=[first]), {"stars": "4", "from": shown[0]})
    visit.post(reverse("pages:hide", args=[third]), {"from": shown[2]})
    visit.post(reverse("pages:watch", args=[fourth]), {"from": shown[3]})
    assert events() == [
        ("open", "list", 1),
        ("why", "list", 2),
        ("rating", "list", 1),
        ("hide", "list", 3),
        ("watchlist", "list", 4),
    ]
    assert Event.objects.get(kind="rating").stars == 4
    assert set(Event.objects.values_list("visitor", flat=True)) == {made.visitor}


def test_an_undo_is_no_event(visit):
    shown, _page = shown_on(visit)
    number = MadeList.objects.get().places["list"][0]
    visit.post(reverse("pages:rate", args=[number]), {"stars": "4", "from": shown[0], "undo": "1"})
    visit.post(reverse("pages:unrate", args=[number]), {"from": shown[0]})
    assert events() == []


def test_the_film_page_hands_on_where_the_film_was_shown(visit):
    shown, _page = shown_on(visit)
    number = MadeList.objects.get().places["list"][0]
    page = visit.get(reverse("pages:film", args=[number]), {"from": shown[0]}).content.decode()
    assert f'<input type="hidden" name="from" value="{shown[0]}">' in page


@pytest.mark.parametrize(
    "wrong",
    ["x", "a.b.c", "1.list.1", "..", "\x00.list.1", "é" * 500, "00000000-0000-0000-0000-000000000000.list.1"],
)
def test_a_wrong_place_disturbs_nobody(visit, films, wrong):
    assert visit.get(reverse("pages:film", args=[films[0]]), {"from": wrong}).status_code == 200
    assert events() == []


def test_a_beacon_tells_what_was_on_the_screen(visit):
    shown, _page = shown_on(visit)
    list_id, row, place = shown[3].split(".")
    seen = {"id": "seen/1", "kind": "impression", "list": list_id, "row": row, "place": int(place)}
    seen["at"] = MadeList.objects.get().made_at.isoformat()
    for _ in range(2):
        assert visit.post(reverse("pages:events"), {"events": json.dumps([seen])}).status_code == 204
    assert events() == [("impression", "list", 4)]


@pytest.mark.parametrize(
    "body", ["", "x", "{}", "[" * 9000, json.dumps([{}] * 201), '["' + "x" * 100_000 + '"]']
)
def test_a_beacon_that_cannot_be_read(visit, body):
    assert visit.post(reverse("pages:events"), {"events": body}).status_code == 400


def test_an_account_speaks_of_its_own_lists_and_of_no_visits(visit):
    shown, _page = shown_on(visit)
    number = MadeList.objects.get().places["list"][0]
    user = User.objects.create_user("ann")
    visit.force_login(user, backend="accounts.backends.NameOrEmailBackend")
    own, _page = shown_on(visit)
    assert MadeList.objects.get(user=user).visitor is None
    visit.get(reverse("pages:film", args=[number]), {"from": shown[0]})
    assert events() == []
    number = MadeList.objects.get(user=user).places["list"][0]
    visit.get(reverse("pages:film", args=[number]), {"from": own[0]})
    assert Event.objects.get().user == user
