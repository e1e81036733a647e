"""The dials of somebody signed in belong to the account."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from accounts.models import User
from recommendations.ranking.dials import Dials
from tests.pages.account.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def enter(client: Client) -> None:
    assert client.post("/account/sign-in", {"name": "ann", "password": PASSWORD}).status_code == 303


def test_dials_come_back_on_another_device(client, engine, ann):
    enter(client)
    client.post("/dials", {"discovery": "0.5", "genre-War": "-1"})
    other = Client()
    enter(other)
    other.get("/results")
    assert engine.dials == Dials(genres={"War": -1.0}, discovery=0.5)
    other.post("/dials", {"reset": "1"})
    client.get("/results")
    assert engine.dials == Dials()
    ann.refresh_from_db()
    assert Dials.from_dict(ann.dials).is_neutral


def test_a_visitors_dials_move_in_at_sign_up(client, engine, as_person):
    as_person(way="newcomer")
    client.post("/dials", {"decade": "1980"})
    client.post("/account/sign-up", {"name": "bob", "password": PASSWORD})
    assert Dials.from_dict(User.objects.get(username="bob").dials) == Dials(decade=1980)
    assert "dials" not in client.session


@pytest.mark.parametrize(("kept", "expected"), [({}, 1.0), ({"diversity": 0.5}, 0.5)])
def test_signing_in_brings_dials_only_where_the_account_has_none(
    client, engine, as_person, ann, kept, expected
):
    User.objects.update(dials=kept)
    as_person(way="newcomer")
    client.post("/dials", {"diversity": "1"})
    enter(client)
    client.get("/results")
    assert engine.dials == Dials(diversity=expected)


def test_dials_of_a_movielens_number_stay_out_of_the_account(client, engine, as_person, ann):
    as_person(way="known", user=1)
    client.post("/dials", {"diversity": "1"})
    enter(client)
    ann.refresh_from_db()
    assert Dials.from_dict(ann.dials).is_neutral
    as_person(way="known", user=1)
    client.post("/dials", {"diversity": "1"})
    client.get("/results")
    assert engine.dials == Dials(diversity=1.0)
    ann.refresh_from_db()
    assert Dials.from_dict(ann.dials).is_neutral


@pytest.mark.parametrize(
    "kept", [3, "x", {"genres": 3}, {"discovery": 7}, {"discovery": "loud"}, {"nonsense": 1}, {"decade": "x"}]
)
def test_what_cannot_be_read_counts_as_neutral(client, engine, ann, kept):
    User.objects.update(dials=kept)
    client.force_login(ann)
    assert client.get("/results").status_code == 200
    assert engine.dials == Dials()
    told = json.loads(client.get("/account/export.json").content)
    assert told["dials"] == Dials().to_dict()


def test_dials_are_exported_reset_and_brought_back(client, engine, ann):
    enter(client)
    client.post("/dials", {"discovery": "0.5"})
    assert json.loads(client.get("/account/export.json").content)["dials"]["discovery"] == 0.5
    client.post("/taste/start-over", {"sure": "1"})
    ann.refresh_from_db()
    assert Dials.from_dict(ann.dials).is_neutral
    client.post("/taste/start-over", {"undo": "1"})
    ann.refresh_from_db()
    assert Dials.from_dict(ann.dials) == Dials(discovery=0.5)
