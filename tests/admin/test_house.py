"""The house in the admin: a rule is previewed, saved, seen in lists and ended; rows are ordered; all of it is in the audit log."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from recommendations.models import HouseRule, HouseTag, ListRandomisation, Movie, PageRow
from recommendations.selectors.lists import world
from recommendations.selectors.lists.house import ROW_KINDS, forget_house
from recommendations.selectors.lists.person import Person, RatedMovie
from recommendations.selectors.lists.programme import programme_for
from recommendations.selectors.lists.recommendations import recommendations_for
from recommendations.services.house import RandomisedShareError, randomise_lists
from tests.pages.made_up_site import champion, made_up_site

__all__ = ["champion", "made_up_site"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("made_up_site")]
MAKE = reverse("admin:recommendations_houserule_make")
RULES = "admin:recommendations_houserule_changelist"


def given(**told):
    return {
        "name": "a week of it",
        "act": "pin",
        "field": "key",
        "value": "177",
        "strength": "2",
        "audience": "everyone",
        **told,
    }


def make(client, **told):
    """Preview, then save with what the preview has sealed; the page of the preview."""
    page = client.post(MAKE, given(**told)).content.decode()
    seal = re.search(r'name="previewed" value="([^"]+)"', page)
    assert seal, page
    done = client.post(MAKE, {**given(**told), "previewed": seal[1], "save": "1"})
    assert done.status_code == 302
    forget_house()
    return page


def listed(person=None, k=10):
    found = recommendations_for(world.look_at(person or Person(), champion=world.require_champion()), k=k)
    return [item.movie_id for item in found.items], {item.movie_id: item.reason for item in found.items}


def test_a_rule_is_previewed_saved_seen_and_ended(as_role):
    client = as_role("operator")
    before, _reasons = listed()
    pinned = str(Movie.objects.exclude(movielens_id__in=before)[3].movielens_id)
    page = make(client, value=pinned)
    assert page.count("new in the list") >= 1
    assert page.count('<ol class="preview">') == 3
    after, reasons = listed()
    assert after[0] == int(pinned)
    assert reasons[int(pinned)].startswith("Picked by the house. ")
    assert after[1:] == before[:9]
    rule = HouseRule.objects.get()
    assert (rule.made_by.username, rule.act) == ("operator", "pin")
    shown = client.get(reverse("admin:recommendations_houserule_change", args=[rule.pk])).content.decode()
    assert "End the rule" in shown
    client.post(reverse("admin:recommendations_houserule_end", args=[rule.pk]))
    forget_house()
    assert listed()[0] == before
    said = list(LogEntry.objects.order_by("pk").values_list("change_message", flat=True))
    assert said == [f"Rule made: pin, films by key {pinned}, for everyone", "Rule ended: a week of it"]
    again = client.post(reverse("admin:recommendations_houserule_end", args=[rule.pk]), follow=True)
    assert "ended already" in again.content.decode()


def test_nothing_is_saved_that_was_not_previewed(as_role):
    client = as_role("operator")
    assert client.post(MAKE, {**given(), "save": "1"}).status_code == 200
    seal = re.search(r'name="previewed" value="([^"]+)"', client.post(MAKE, given()).content.decode())
    assert client.post(MAKE, {**given(act="hide"), "previewed": seal[1], "save": "1"}).status_code == 200
    assert not HouseRule.objects.exists()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"field": "genre", "value": "Westerns"}, "is no genre of the data"),
        ({"field": "decade", "value": "95"}, "first year, such as 1990"),
        ({"value": "none such"}, "No film has the key"),
        ({"field": "tag", "value": "snow"}, "make it first"),
        ({"starts_on": "2026-05-02", "ends_on": "2026-05-01"}, "before the first one"),
        ({"strength": "4"}, "less than or equal to 3"),
        ({"name": ""}, "required"),
    ],
)
def test_what_does_not_fit_is_said(as_role, told, said):
    assert said in as_role("operator").post(MAKE, given(**told)).content.decode()
    assert not HouseRule.objects.exists()


def test_hidden_films_stay_away_from_list_and_rows(as_role):
    genre = "Drama"
    make(as_role("operator"), act="hide", field="genre", value=genre.lower())
    made = programme_for(world.look_at(Person(), champion=world.require_champion()), k=10)
    films = [*made.ranked.items, *(film for row in made.rows for film in row.films)]
    assert len(made.ranked.items) == 10
    assert not [film.title for film in films if genre in film.genres]


def test_a_pin_never_shows_what_somebody_has_seen_or_hidden(as_role):
    make(as_role("operator"), value="177")
    assert listed()[0][0] == 177
    assert 177 not in listed(Person(ratings=(RatedMovie(177, 4),)), k=110)[0]
    assert 177 not in listed(Person(hidden=frozenset({177})), k=110)[0]


def test_a_rule_for_newcomers_ends_with_the_fifth_rating(as_role):
    make(as_role("operator"), audience="newcomers")
    few = tuple(RatedMovie(number, 4) for number in range(101, 109, 2))
    assert listed(Person(ratings=few))[0][0] == 177
    assert 177 not in listed(Person(ratings=(*few, RatedMovie(109, 4))))[0][:1]


def test_a_tag_stands_for_its_films_and_a_window_for_its_days(as_role):
    tag = HouseTag.objects.create(name="snow")
    tag.movies.set(Movie.objects.filter(movielens_id__in=[191, 193]))
    today = timezone.localdate()
    make(as_role("operator"), field="tag", value="snow", ends_on=str(today))
    assert listed()[0][0] in {191, 193}
    HouseRule.objects.update(ends_on=today - timedelta(days=1))
    forget_house()
    assert listed()[0][0] not in {191, 193}


def test_contradicting_rules_are_told(as_role):
    client = as_role("operator")
    make(client, name="away", act="hide")
    page = client.post(MAKE, given()).content.decode()
    assert "It contradicts the rule “away” about 1 films; for these, hiding wins." in page
    later = str(timezone.localdate() + timedelta(days=3))
    HouseRule.objects.update(ends_on=timezone.localdate())
    assert "contradicts" not in client.post(MAKE, given(starts_on=later)).content.decode()


def test_rows_are_ordered_and_left_out(as_role):
    client, address = as_role("operator"), reverse("admin:recommendations_houserule_rows")
    assert client.get(address).content.decode().count('type="number"') == len(ROW_KINDS)
    order = ["gems", *(kind for kind in ROW_KINDS if kind != "gems")]
    sent = {f"place-{kind}": place for place, kind in enumerate(order, start=1)}
    sent |= {f"shown-{kind}": "on" for kind in ROW_KINDS if kind != "discovery"}
    assert client.post(address, sent).status_code == 302
    forget_house()
    assert PageRow.objects.get(kind="discovery").is_shown is False
    made = programme_for(world.look_at(Person(), champion=world.require_champion()))
    kinds = [row.kind for row in made.rows]
    assert "discovery" not in kinds
    assert kinds == sorted(kinds, key=order.index)
    shown = [film.movie_id for film in made.ranked.items]
    shown += [film.movie_id for row in made.rows for film in row.films]
    assert len(shown) == len(set(shown))


def test_a_viewer_reads_rules_and_makes_none(as_role):
    client = as_role("viewer")
    page = client.get(reverse("admin:recommendations_houserule_changelist")).content.decode()
    assert "Make a rule" not in page
    assert client.get(MAKE).status_code == 403


def test_a_share_of_lists_is_drawn_written_down_and_ended(as_role):
    client, address = as_role("operator"), reverse("admin:recommendations_houserule_randomised")
    assert ListRandomisation.now().share == 0
    assert client.post(address, {"percent": "2.5"}).status_code == 302
    assert ListRandomisation.now().share == 0.025
    salt = ListRandomisation.now().salt
    assert "Lists in a drawn order: 2.5 %" in client.get(reverse(RULES)).content.decode()
    assert client.post(address, {"percent": "2.5"}).status_code == 302  # and nothing more to write down
    client.post(address, {"percent": "0"})
    assert (ListRandomisation.now().share, ListRandomisation.now().salt) == (0, salt)
    said = list(LogEntry.objects.order_by("pk").values_list("change_message", flat=True))
    assert said == [
        "Share of lists in a drawn order: 0.025 (before: 0)",
        "Share of lists in a drawn order: 0 (before: 0.025)",
    ]


@pytest.mark.parametrize("percent", ["10.5", "-1", "much", ""])
def test_a_share_that_cannot_be_is_refused(as_role, percent):
    page = as_role("operator").post(
        reverse("admin:recommendations_houserule_randomised"), {"percent": percent}
    )
    assert "errorlist" in page.content.decode()
    assert not ListRandomisation.objects.exists()


@pytest.mark.parametrize("share", [-0.01, 0.11])
def test_the_service_refuses_it_as_well(django_user_model, share):
    with pytest.raises(RandomisedShareError):
        randomise_lists(share=share, by=django_user_model.objects.create_user("olga"))
