"""What the compare page estimates from: the lists as they were ranked then, what was chosen, and whose is left out."""

from __future__ import annotations

import uuid

import numpy as np
import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from recommendations.evaluation import off_policy
from recommendations.models import Event, ListRandomisation, ModelVersion, RandomisedList
from recommendations.ranking.demographics import Demographics
from recommendations.selectors import logged_lists as logged_module
from recommendations.selectors.lists import randomised
from recommendations.selectors.lists.arms import arm_for
from recommendations.selectors.lists.person import Mark, Person, RatedMovie
from recommendations.selectors.logged_lists import estimates_of, logged_lists
from recommendations.services.events.made_lists import record_list
from recommendations.services.events.owners import Owner
from tests.selectors.versions import registered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def champion(settings, tmp_path):
    settings.MOVIEREC_HOME, settings.ELASTICSEARCH_URL = tmp_path, ""
    ListRandomisation.objects.create(pk=1, share=1.0, salt="s")
    randomised.forget_randomisation()
    return registered(tmp_path, 0, "champion")


def drawn_list(number, k=10):
    user = User.objects.create_user(f"user-{number}")
    person = Person(
        demographics=Demographics(30 + number, "F", "artist"),
        ratings=(RatedMovie(5 + number, 4), RatedMovie.marked(20, Mark.LESS)),
    )
    owner = Owner(user_id=user.pk)
    record_list(arm_for(person, key=owner.key).list(k=k), owner=owner)
    return RandomisedList.objects.get(made__user=user)


def did(row, kind, place, *, stars=None, times=1):
    now = timezone.now()
    for _ in range(times):
        Event.objects.create(
            id=uuid.uuid4(),
            day=row.made.made_at.date(),
            kind=kind,
            at=now,
            received_at=now,
            list_id=row.pk,
            arm=row.made.arm,
            row="list",
            place=place,
            movie_id=row.made.places["list"][place - 1],
            stars=stars,
            user_id=row.made.user_id,
        )


def test_choices_stand_at_their_places_and_nothing_else_counts():
    first, second = drawn_list(0), drawn_list(1, k=20)
    drawn_list(2, k=9)  # shorter than the places that count
    did(first, "open", 3, times=2)
    did(first, "rating", 4, stars=4)
    did(first, "rating", 5, stars=2)
    did(second, "impression", 1)
    did(second, "hide", 2)
    did(second, "watchlist", 15)
    logged = logged_lists()
    assert {row.pk for row in logged.rows} == {first.pk, second.pk}
    chosen = {
        row.pk: np.flatnonzero(taken).tolist()
        for row, taken in zip(logged.rows, logged.lists.chosen, strict=True)
    }
    assert chosen == {first.pk: [2, 3], second.pk: []}
    assert logged.lists.free.all()
    assert logged.lists.drawn_from.tolist() == [20, 20]
    assert sorted(logged.lists.people.tolist()) == [0, 1]


def test_programs_are_left_out(settings):
    settings.EVENTS_OF_A_BOT = 5
    person, program = drawn_list(0), drawn_list(1)
    did(person, "open", 1)
    did(program, "open", 1, times=14)  # eight of them at least in the same minute
    assert [row.pk for row in logged_lists().rows] == [person.pk]


def test_the_version_that_ranked_them_wants_the_films_where_it_had_them(champion):
    for number in range(4):
        drawn_list(number)
    rows = logged_lists().rows
    wanted, within = logged_module._places_wanted(champion, rows)
    for row, places in zip(rows, wanted, strict=True):
        expected = [min(row.ranked.index(film), off_policy.PLACES) for film in row.made.places["list"]]
        assert places.tolist() == expected
    assert within == 1.0


def test_another_version_orders_the_same_films_by_its_own_scores_around_what_is_fixed(champion, tmp_path):
    other = registered(tmp_path, 1, "candidate")
    row = drawn_list(0)
    row.fixed = [1, 12]
    (own,), _within = logged_module._places_wanted(champion, [row])
    (theirs,), within = logged_module._places_wanted(other, [row])
    assert own.tolist() != theirs.tolist()
    assert 0 <= within < 1
    ModelVersion.objects.update(state="retired")
    ModelVersion.objects.filter(pk=other.pk).update(state="champion")
    ListRandomisation.objects.update(share=0)
    randomised.forget_randomisation()
    whole = arm_for(logged_module._person_of(row), key="user/1").list(k=60)
    moved = [film for place, film in enumerate(row.ranked) if place not in (0, 11)]
    order = [item.movie_id for item in whole.items if item.movie_id in moved]
    free = [place for place in range(20) if place not in (0, 11)]
    places = dict(zip(order, free, strict=True))
    nowhere = off_policy.PLACES
    assert theirs.tolist() == [min(places.get(film, nowhere), nowhere) for film in row.made.places["list"]]


def test_without_lists_and_with_damaged_files_it_says_so(champion, tmp_path, as_viewer):
    page = as_viewer.get(
        reverse("admin:recommendations_modelversion_compare"), {"estimate": 1}
    ).content.decode()
    assert "too few lists to say" in page
    assert "This needs lists in a drawn order" in page
    other = registered(tmp_path, 1, "candidate")
    (tmp_path / "models" / other.version / "manifest.json").unlink()
    first, second = estimates_of([other, champion])
    assert (first.version, first.trouble) == (champion.version, "")
    assert second.trouble
    assert second.estimate is None


def test_the_page_shows_estimates_if_asked(champion, tmp_path, monkeypatch, as_viewer):
    registered(tmp_path, 1, "candidate")
    for name in ("LEAST_PEOPLE", "LEAST_CHOICES", "LEAST_LISTS"):
        monkeypatch.setattr(off_policy, name, 0)
    for number in range(6):
        row = drawn_list(number)
        did(row, "open", 1 + number % 3)
    address = reverse("admin:recommendations_modelversion_compare")
    assert "Choices per list" not in as_viewer.get(address).content.decode()
    page = as_viewer.get(address, {"estimate": 1}).content.decode()
    assert "Choices per list" in page
    assert "too few lists to say" not in page
    found = estimates_of(list(ModelVersion.objects.all()))
    assert [each.version for each in found] == ["test-60-0", "test-60-1"]
    assert found[1].estimate.difference is not None
    assert f"{found[1].estimate.choices.estimate:.4f}" in page


@pytest.fixture
def as_viewer(client):
    user = User.objects.create_user("looks", is_staff=True)
    user.groups.add(Group.objects.get(name="viewer"))
    client.force_login(user)
    return client
