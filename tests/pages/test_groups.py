"""Choosing together: a link, people without accounts, one list, and everything forgotten at the end."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from recommendations.models import GroupMember, GroupVeto, Movie, WatchGroup
from recommendations.selectors.lists import world
from recommendations.selectors.lists.champion import Champion
from recommendations.services import groups as services
from tests.ranking.factories import make_artefact, make_people

ARTEFACT = make_artefact()
CHAMPION = Champion("v1", "v1", ARTEFACT, make_people(ARTEFACT))
NUMBERS = ARTEFACT.movie_ids.tolist()

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def films(monkeypatch):
    monkeypatch.setattr(world, "current_champion", lambda: CHAMPION)
    Movie.objects.bulk_create(
        Movie(movielens_id=number, title=f"Film {number}", year=1990) for number in NUMBERS
    )


def start(client: Client, name: str = "Ann", loved: list[int] | None = None) -> str:
    """The address of a new group."""
    response = client.post("/together/", {"name": name, "loved": loved or []})
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def join(address: str, name: str, loved: list[int] | None = None) -> Client:
    client = Client()
    response = client.post(address, {"name": name, "loved": loved or []})
    assert response.status_code == 302, response.content.decode()
    return client


def listed(client: Client, address: str) -> list[int]:
    page = client.get(address).content.decode()
    films = page.partition("<ol")[2].partition("</ol>")[0]
    return [int(number) for number in re.findall(r'<h2><a href="/films/(\d+)/', films)]


def test_two_people_meet_by_link_and_see_the_same_list(client):
    address = start(client, loved=[3, 5])
    assert "alone in this group" in client.get(address).content.decode()
    bob = join(address, "Bob", [101, 111])
    page = bob.get(address).content.decode()
    assert "Ann, Bob" in page
    assert "alone in this group" not in page
    assert listed(client, address) == listed(bob, address)
    assert len(listed(bob, address)) == 10
    # Each film says what it is for each of them; what somebody has picked never comes back.
    assert page.count("<dt>Ann</dt>") == page.count("<dt>Bob</dt>") == 10
    assert not {3, 5, 101, 111} & set(listed(bob, address))


def test_who_has_the_link_only_sees_the_form_and_no_list(client):
    address = start(client)
    page = Client().get(address).content.decode()
    assert "You are invited by <strong>Ann</strong>" in page
    assert "film__rank" not in page
    assert Client().get("/together/nobody-knows-it/").status_code == 404


def test_a_ninth_person_a_taken_name_and_no_name_are_told(client):
    address = start(client)
    again = Client().post(address, {"name": "ANN"})
    assert again.status_code == 400
    assert "Somebody in this group is called ANN" in again.content.decode()
    assert "nothing was typed" in Client().post(address, {"name": "  "}).content.decode()
    for number in range(7):
        join(address, f"Guest {number}")
    full = Client().post(address, {"name": "Ninth"})
    assert full.status_code == 409
    assert "eight people" in full.content.decode()
    assert WatchGroup.objects.get().members.count() == 8


def test_not_for_me_takes_a_film_out_for_all_and_only_its_member_takes_that_back(client):
    address = start(client)
    bob = join(address, "Bob")
    first = listed(client, address)[0]
    assert bob.post(f"{address}films/{first}/veto").status_code == 303
    assert first not in listed(client, address)
    assert "Taken out" in client.get(address).content.decode()
    client.post(f"{address}films/{first}/veto", {"undo": "1"})
    assert first not in listed(client, address)
    bob.post(f"{address}films/{first}/veto", {"undo": "1"})
    assert first in listed(client, address)
    Client().post(f"{address}films/{first}/veto")  # a stranger with the link
    assert GroupVeto.objects.count() == 0
    assert bob.post(f"{address}films/999999/veto").status_code == 404


def test_the_floor_keeps_films_out_that_match_somebody_less(client):
    address = start(client, loved=[3, 5])
    join(address, "Bob", [101, 111])
    client.post(f"{address}floor", {"floor": "75"})
    matches = [
        int(text) for text in re.findall(r"<strong>(\d+) % match", client.get(address).content.decode())
    ]
    assert all(match >= 75 for match in matches)
    assert "left out by this limit" in client.get(address).content.decode()
    for wrong in ("13", "", "-1", "x", "9" * 50):
        assert client.post(f"{address}floor", {"floor": wrong}).status_code == 400
    assert WatchGroup.objects.get().floor == 75


def test_leaving_forgets_the_member_and_the_founder_may_end_it_for_all(client):
    address = start(client)
    bob, eve = join(address, "Bob"), join(address, "Eve")
    bob.post(f"{address}films/{NUMBERS[0]}/veto")
    assert bob.post(f"{address}leave").status_code == 303
    assert set(GroupMember.objects.values_list("name", flat=True)) == {"Ann", "Eve"}
    assert GroupVeto.objects.count() == 0
    eve.post(f"{address}leave", {"end": "1"})  # no founder: she only leaves
    assert WatchGroup.objects.get().members.count() == 1
    client.post(f"{address}leave", {"end": "1"})
    assert GroupMember.objects.count() == 0
    assert Client().get(address).status_code == 410
    assert Client().post(address, {"name": "Late"}).status_code == 410


def test_a_group_ends_by_itself_and_is_forgotten(client):
    address = start(client)
    WatchGroup.objects.update(ends_at=timezone.now() - timedelta(days=1))
    assert client.get(address).status_code == 410
    WatchGroup.objects.update(ends_at=timezone.now() - services.REMEMBERED - timedelta(days=1))
    start(Client())
    assert client.get(address).status_code == 404


def test_the_list_of_an_account_is_followed_and_goes_with_the_account(client):
    user = User.objects.create_user("ann", password="long enough 42")
    client.force_login(user)
    address = start(client)
    assert GroupMember.objects.get().person["ratings"] == []
    client.post("/films/3/rate", {"stars": "5"})
    client.get(address)
    assert GroupMember.objects.get().person["ratings"] == [[3, 5]]
    other = Client()
    other.force_login(user)
    assert "Your common list" in other.get(address).content.decode()
    user.delete()
    assert GroupMember.objects.count() == 0


def test_films_that_were_picked_for_the_group_stay_as_they_are(client):
    client.post("/recommend_session", {"action": "newcomer"})
    response = client.post(
        "/together/", {"name": "Ann", "source": "picked", "loved": ["3", "x", "-1", "5", "5"]}
    )
    assert GroupMember.objects.get().person["ratings"] == [[3, 5], [5, 5]]
    client.post("/films/7/rate", {"stars": "1"})
    client.get(response["Location"])
    assert GroupMember.objects.get().person["ratings"] == [[3, 5], [5, 5]]


def test_one_page_of_eight_people_asks_the_database_little(client, django_assert_max_num_queries):
    address = start(client, loved=[3])
    for number in range(7):
        join(address, f"Guest {number}", [NUMBERS[number + 2]])
    with django_assert_max_num_queries(12):
        assert client.get(address).status_code == 200


def test_a_list_from_elsewhere_speaks_for_a_member(client):
    head, number = "Date,Name,Year,Letterboxd URI,Rating\n", NUMBERS[0]
    text = f"{head}2020-01-01,Film {number},1990,u,2\n2020-01-01,Unknown,1990,u,5\n"
    told = {"name": "Ann", "file": SimpleUploadedFile("ratings.csv", text.encode())}
    assert client.post("/together/", told).status_code == 302
    assert GroupMember.objects.get().person["ratings"] == [[number, 2]]
    nothing = {"name": "Bob", "file": SimpleUploadedFile("ratings.csv", head.encode())}
    answer = Client().post("/together/", nothing)
    assert answer.status_code == 400
    assert "Pick some films instead." in answer.content.decode()
    assert GroupMember.objects.count() == 1
