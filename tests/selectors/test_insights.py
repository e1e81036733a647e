"""What lists have come to: by version, arm, row and day."""

import csv
import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from recommendations.models import Event, MadeList, Movie
from recommendations.selectors.insights import Insight, insights, newcomers_way

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def films():
    for number in range(1, 11):
        Movie.objects.create(movielens_id=number, title=str(number), original_title=str(number))


def made(places, *, user=None, days=0, version="v", arm=""):
    moment = timezone.now() - timedelta(days=days)
    return MadeList.objects.create(made_at=moment, version=version, arm=arm, user=user, places=places)


def did(made_list, kind, row="list", stars=None, at=None):
    moment = at or made_list.made_at
    Event.objects.create(
        id=uuid.uuid4(),
        day=made_list.made_at.date(),
        kind=kind,
        at=moment,
        received_at=moment,
        list_id=made_list.pk,
        version=made_list.version,
        arm=made_list.arm,
        row=row,
        user=made_list.user,
        stars=stars,
    )


def test_a_row_of_a_day():
    first, second = made({"list": [1, 2], "decade": [3]}), made({"list": [1, 4]})
    other = made({"list": [9]}, version="w", arm="b")
    for kind in ("impression", "impression", "open", "hide"):
        did(first, kind)
    did(second, "rating", stars=4)
    did(second, "rating", stars=3)
    did(first, "open", row="decade")
    did(other, "not_tonight")
    made({"list": [1]}, days=40)
    found = {(row.version, row.arm, row.row): row for row in insights()}
    assert len(found) == 3
    today = timezone.now().date()
    assert found["v", "", "list"] == Insight(today, "v", "", "list", 2, 2, 1, 1, 1, 0.3, 1.0)
    assert found["v", "", "list"].click_through == 0.5
    assert found["v", "", "list"].likes_per_list == 0.5
    assert found["v", "", "decade"].click_through == 1.0
    assert found["w", "b", "list"].hides == 1


def test_the_share_of_the_hundred_most_shown():
    made({"list": list(range(1, 201))})
    assert insights()[0].top_hundred == 0.5


def test_the_way_of_newcomers():
    ann, bob, old = (User.objects.create_user(name) for name in ("ann", "bob", "old"))
    User.objects.filter(pk=old.pk).update(date_joined=timezone.now() - timedelta(days=100))
    for user in (ann, bob, old):
        shown = made({"list": [1]}, user=user)
        for minute in range(6 if user == ann else 2):
            did(shown, "rating", stars=4, at=shown.made_at + timedelta(minutes=2 * minute))
    way = newcomers_way()
    assert (way.with_list, way.rated, way.five, way.minutes) == (2, 2, 1, 8.0)


def test_the_page_and_its_csv(admin_client):
    address = reverse("admin:recommendations_experiment_insights")
    assert "Nobody has had a list in these days." in admin_client.get(address).content.decode()
    did(made({"list": [1, 2]}), "open")
    page = admin_client.get(address).content.decode()
    assert "0.200" in page  # two of ten films
    rows = list(csv.DictReader(StringIO(admin_client.get(address, {"format": "csv"}).content.decode())))
    assert (rows[0]["version"], rows[0]["opened"], rows[0]["coverage"]) == ("v", "1", "0.2")
    assert list(rows[0]) == Insight.columns()
