"""Lists for many people, made in the background in turns, read line by line."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from recommendations.models import ListBatch, ModelVersion
from recommendations.services.other_sites import batches
from tests.api.other_sites import a_model_and_films, operator, send_lines, shop
from tests.api.problem_checks import problem

pytestmark = pytest.mark.django_db
URL = "/api/v1/bulk/lists/"


@pytest.fixture
def own():
    return shop(operator())


@pytest.fixture
def _films(settings, tmp_path):
    a_model_and_films(settings, tmp_path)


@pytest.fixture
def people(own, _films):
    keys = [f"p{number}" for number in range(120)]
    send_lines(own, "people", [{"key": key} for key in keys])
    send_lines(own, "ratings", [{"person": key, "movie_id": 3, "stars": 5} for key in keys])
    return keys


def submit(client, **told):
    response = client.post(URL, told, format="json")
    assert response.status_code == 202, response.content
    batch = ListBatch.objects.get(reference=response.json()["reference"])
    assert response["Location"] == f"{URL}{batch.reference}/"
    return batch


def finish(batch):
    while batches.make_lists(batch_id=batch.pk):
        pass


def lines(client, batch, **query):
    response = client.get(f"{URL}{batch.reference}/lines/", query, HTTP_ACCEPT="application/x-ndjson")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/x-ndjson"
    return [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]


def test_everybody_gets_the_list_that_they_would_have_asked_for(own, people):
    batch = submit(own, k=4, filter=["Comedy"], exclude=[7])
    assert batch.total == 120
    finish(batch)
    told = own.get(f"{URL}{batch.reference}/").json()
    assert (told["state"], told["done"]) == ("succeeded", 120)
    made = lines(own, batch)
    assert [line["key"] for line in made] == sorted(people)
    by_key = {line["key"]: line for line in made}
    asked = own.get("/api/v1/people/p5/recommendations/", {"k": 4, "filter": "Comedy", "exclude": "7"})
    # Each is a list of its own, which events can name.
    assert by_key["p5"].pop("list_id")
    told = asked.json()
    del told["list_id"]
    assert by_key["p5"] == {"key": "p5", **told}
    assert lines(own, batch, skip=118) == made[118:]


def test_those_named_and_nobody_else(own, people):
    batch = submit(own, people=["p3", "p1", "p3"])
    finish(batch)
    assert [line["key"] for line in lines(own, batch)] == ["p3", "p1"]


def test_a_worker_that_dies_leaves_neither_holes_nor_doubles(own, people, monkeypatch):
    batch = submit(own)
    monkeypatch.setattr(batches, "TURN_SECONDS", 0.0)
    monkeypatch.setattr(batches, "PEOPLE_AT_ONCE", 30)
    assert batches.make_lists(batch_id=batch.pk)
    batch.refresh_from_db()
    assert batch.done == 30
    with batches.file_of(batch).open("ab") as file:
        file.write(b'{"key": "half a li')
    assert len(lines(own, batch)) == 30
    # As if that worker still had it: nobody else takes it, until its time is over.
    ListBatch.objects.update(held_until=timezone.now() + timedelta(seconds=5))
    assert not batches.make_lists(batch_id=batch.pk)
    ListBatch.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    assert batches.tend_batches() == 1
    finish(batch)
    assert [line["key"] for line in lines(own, batch)] == sorted(people)


def test_who_was_deleted_meanwhile_has_no_line(own, people):
    batch = submit(own, people=["p3", "p1"])
    own.delete("/api/v1/people/p3/")
    finish(batch)
    assert [line["key"] for line in lines(own, batch)] == ["p1"]


def test_what_goes_wrong_is_said(own, people):
    batch = submit(own)
    ModelVersion.objects.all().delete()
    finish(batch)
    told = own.get(f"{URL}{batch.reference}/").json()
    assert told["state"] == "failed"
    assert told["message"]
    assert lines(own, batch) == []


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"people": ["p1", "nobody", "noone"]}, "“nobody” (and 1 more)"),
        ({"people": []}, "people"),
        ({"people": ["a/b"]}, "a/b"),
        ({"filter": ["Cooking"]}, "Cooking"),
        ({"k": 101}, "k is 101"),
        ({"film": 1}, "film"),
    ],
)
def test_wishes_that_do_not_fit(own, people, wish, said):
    response = own.post(URL, wish, format="json")
    assert response.status_code == 400
    assert said in problem(response)["detail"]
    assert not ListBatch.objects.exists()


def test_five_at_once_and_no_more(own, people):
    made = [submit(own, people=["p1"]) for _ in range(5)]
    assert own.post(URL, {}, format="json").status_code == 409
    finish(made[0])
    assert own.post(URL, {}, format="json").status_code == 202


def test_another_site_does_not_see_it(own, people):
    batch = submit(own)
    other = shop(operator("otto"))
    for address in (f"{URL}{batch.reference}/", f"{URL}{batch.reference}/lines/"):
        assert other.get(address).status_code == 404
    assert other.delete(f"{URL}{batch.reference}/").status_code == 404


def test_old_and_deleted_ones_leave_no_file(own, people):
    old, unwanted = submit(own), submit(own)
    for batch in (old, unwanted):
        finish(batch)
        assert batches.file_of(batch).stat().st_mode & 0o077 == 0
    assert own.delete(f"{URL}{unwanted.reference}/").status_code == 204
    ListBatch.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert batches.tend_batches() == 0
    assert not any(batches.file_of(batch).exists() for batch in (old, unwanted))
    assert not ListBatch.objects.exists()
