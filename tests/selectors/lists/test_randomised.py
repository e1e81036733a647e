"""Lists in a drawn order: whose, how stable, with which films, and what is kept of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from recommendations.models import (
    Experiment,
    HouseRule,
    ListRandomisation,
    MadeList,
    ModelVersion,
    RandomisedList,
)
from recommendations.ranking.dials import BOLD, Dials
from recommendations.ranking.filters import Filters
from recommendations.ranking.randomised import POOL
from recommendations.selectors.lists import randomised, world
from recommendations.selectors.lists.arms import arm_for, forget_experiment
from recommendations.selectors.lists.house import forget_house
from recommendations.selectors.lists.person import Mark, Person, RatedMovie
from recommendations.services.events.made_lists import record_list
from recommendations.services.events.owners import Owner
from tests.pages.made_up_site import champion, made_up_site

__all__ = ["champion", "made_up_site"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made_up_site")]
PERSON = Person(ratings=(RatedMovie(5, 4), RatedMovie.marked(9, Mark.LESS)))


def switch(share):
    ListRandomisation.objects.update_or_create(pk=1, defaults={"share": share, "salt": "s"})
    randomised.forget_randomisation()


def numbers(made):
    return [item.movie_id for item in made.items]


def listed(key="user/1", k=10, person=PERSON, **told):
    return arm_for(person, key=key, **told).list(k=k)


def test_it_is_off_until_somebody_switches_it_on():
    best = listed()
    assert best.drawn is None
    switch(1.0)
    assert numbers(listed()) != numbers(best)
    assert listed().arm == randomised.RANDOMISED


def test_films_come_from_the_best_twenty_and_scores_stay_theirs():
    best = {item.movie_id: item for item in listed(k=POOL).items}
    switch(1.0)
    made = listed()
    assert [item.rank for item in made.items] == list(range(1, 11))
    for item in made.items:
        # A reason may be another one: no rated film is named more than twice, the first places first.
        assert replace(item, rank=0, reason="") == replace(best[item.movie_id], rank=0, reason="")
    assert made.drawn.ranked == tuple(best)
    assert (made.drawn.fixed, made.drawn.probability) == ((), 1 / POOL)


def test_a_person_sees_the_same_order_on_every_page_of_the_list_and_again():
    usual = numbers(listed(k=30))
    switch(1.0)
    short, long = numbers(listed(k=10)), numbers(listed(k=30))
    assert numbers(listed(k=10)) == short == long[:10]
    assert numbers(listed(k=4)) == short[:4]
    assert sorted(long[:POOL]) == sorted(usual[:POOL])
    assert long[POOL:] == usual[POOL:]
    page = arm_for(PERSON, key="user/1").programme(k=10)
    assert numbers(page.ranked) == short
    assert not {film.movie_id for row in page.rows for film in row.films} & set(short)
    assert numbers(listed(key="user/2")) != short


def test_the_share_is_of_people_and_days(monkeypatch):
    switch(0.1)
    keys = [f"user/{number}" for number in range(400)]

    def drawn():
        return {key for key in keys if arm_for(Person(), key=key).look.shuffle}

    first = drawn()
    assert 20 <= len(first) <= 62  # three and a half standard deviations around forty
    assert drawn() == first
    switch(0.05)
    assert drawn() < first  # who is drawn at a small share is drawn at a greater one
    switch(0.1)
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(randomised.timezone, "now", lambda: tomorrow)
    assert drawn() != first


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("", {}),
        ("visit/1", {}),
        ("user/1", {"kind": BOLD}),
        ("user/1", {"dials": Dials(diversity=0.3)}),
        ("user/1", {"filters": Filters(genres=("Drama",))}),
        ("user/1", {"only": frozenset(range(1, 90))}),
    ],
)
def test_lists_that_are_left_alone(key, told):
    switch(1.0)
    assert listed(key=key, **told).drawn is None


@pytest.mark.parametrize("kind", ["interleaving", "ab"])
def test_nothing_is_drawn_inside_an_experiment(kind, champion, monkeypatch):
    monkeypatch.setattr("recommendations.selectors.lists.arms.challenger_named", lambda row: champion)
    row = ModelVersion.objects.create(version=champion.version, state="champion")
    running = Experiment.objects.create(
        name="x", kind=kind, champion=row, challenger=row, salt="s", share=0.5
    )
    forget_experiment()
    switch(1.0)
    found = {listed(key=f"user/{number}").arm for number in range(30)}
    assert found == {"randomised", *({"ab"} if kind == "interleaving" else {"a", "b"})}
    inside = [listed(key=f"user/{number}") for number in range(30)]
    assert all((made.experiment == running.pk) == (made.drawn is None) for made in inside)


def test_what_the_house_has_placed_stays_where_it_is():
    last = numbers(listed(k=40))[-1]
    HouseRule.objects.create(name="pin", act="pin", field="key", value=str(last))
    forget_house()
    switch(1.0)
    made = listed()
    assert made.items[0].movie_id == last
    assert (made.drawn.fixed, made.drawn.probability) == ((1,), 1 / (POOL - 1))


def test_too_short_a_list_is_not_drawn(champion):
    every = champion.artefact.movie_ids.tolist()
    best = numbers(listed(k=len(every)))
    switch(1.0)
    few = replace(PERSON, hidden=frozenset(best[POOL - 1 :]))
    made = listed(person=few, k=30)
    assert len(made.items) == POOL - 1
    assert made.drawn is None


def test_what_is_kept_of_it_goes_with_the_list(champion):
    switch(0.0)
    assert record_list(listed(), owner=Owner()) is not None
    assert not RandomisedList.objects.exists()
    switch(1.0)
    user = User.objects.create_user("someone")
    made = listed(key=Owner(user_id=user.pk).key)
    number = record_list(made, owner=Owner(user_id=user.pk))
    kept = RandomisedList.objects.get(pk=number)
    assert kept.ranked == list(made.drawn.ranked)
    assert (kept.probability, kept.share, kept.fixed) == (1 / POOL, 1.0, [])
    assert kept.ratings == [[5, 4, None], [9, 1, "less"]]
    assert kept.made.places["list"] == numbers(made)
    assert kept.made.arm == "randomised"
    user.delete()
    assert not RandomisedList.objects.exists()
    assert MadeList.objects.count() == 1


def test_a_look_of_nobody_in_particular_asks_nothing_of_the_database(django_assert_num_queries):
    look = world.look_at(Person(), champion=world.require_champion())
    with django_assert_num_queries(0):
        assert randomised.shuffled_for(look, key="visit/1") is look
    with django_assert_num_queries(1):
        randomised.shuffled_for(look, key="user/1")
        randomised.shuffled_for(look, key="user/2")
