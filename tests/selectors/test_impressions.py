"""Impressions as weighted examples: each film of a list once, by how likely its place is looked at, without programs."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from recommendations.models import Event, MadeList, RandomisedList
from recommendations.selectors.impressions import weighted_impressions

pytestmark = pytest.mark.django_db
FILMS = list(range(1, 21))
EVER = date(2000, 1, 1)


def made(name, arm=""):
    user = User.objects.get_or_create(username=name)[0]
    row = MadeList.objects.create(
        made_at=timezone.now(), version="v", arm=arm, user=user, places={"list": FILMS[:10]}
    )
    if arm:
        RandomisedList.objects.create(made=row, share=0.1, probability=1 / 20, ranked=FILMS)
    return row


def did(row, kind, place, *, day=None, stars=None):
    Event.objects.create(
        id=uuid.uuid4(),
        day=day or row.made_at.date(),
        kind=kind,
        at=timezone.now(),
        received_at=timezone.now(),
        list_id=row.pk,
        arm=row.arm,
        row="list",
        place=place,
        movie_id=FILMS[place - 1],
        stars=stars,
        user_id=row.user_id,
    )


@pytest.fixture
def drawn():
    """Four lists of which two places were on the screen; the first was chosen from twice, the second once."""
    for number in range(4):
        row = made(f"drawn-{number}", "randomised")
        for place in (1, 2):
            did(row, "impression", place)
        if number < 2:
            did(row, "open", 1)
        if number == 2:
            did(row, "watchlist", 2)


def test_without_a_choice_from_a_drawn_list_there_is_nothing_to_correct_by():
    did(made("someone"), "impression", 1)
    assert weighted_impressions(since=EVER) is None
    did(made("drawn", "randomised"), "impression", 1)
    assert weighted_impressions(since=EVER) is None


def test_what_was_not_chosen_counts_as_far_as_its_place_was_looked_at(drawn):
    row = made("someone")
    for place in (1, 2, 2, 3):  # the second place twice, the third is one that no drawn list tells of
        did(row, "impression", place)
    did(row, "rating", 1, stars=5)
    did(row, "rating", 2, stars=1)  # which is no choice
    found = weighted_impressions(since=EVER)
    assert found.examination.tolist() == [1.0, 0.5, *[0.0] * 8]
    own = [at for at, name in enumerate(found.people) if name[0] == row.user_id]
    assert found.movie_ids[own].tolist() == [1, 2, 3]
    assert found.examples.chosen[own].tolist() == [True, False, False]
    # Four choices among five looks at the first place and five half looks at the second.
    rate = 4 / 7.5
    assert found.examples.weight[own] == pytest.approx([1.0, 0.5 * (1 - rate) / (1 - 0.5 * rate), 0.0])
    assert len(found.people) == 8 + 3


def test_older_days_and_programs_are_left_out(drawn, settings):
    settings.EVENTS_OF_A_BOT = 5
    today = timezone.now().date()
    did(made("earlier"), "impression", 1, day=today - timedelta(days=9))
    program = made("program")
    for _ in range(14):  # eight of them at least in the same minute
        did(program, "impression", 1)
    assert len(weighted_impressions(since=today - timedelta(days=8)).people) == 8
