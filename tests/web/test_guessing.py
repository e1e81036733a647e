"""Guessing passwords: every door counts, by account whatever the spelling, and by network whatever the address."""

from __future__ import annotations

import json
from itertools import product

import pytest
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from recommendations.web import limits

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-9"
SIGN_IN = "/account/sign-in"


@pytest.fixture(autouse=True)
def nothing_counted(settings) -> None:
    cache.clear()
    settings.AXES_FAILURE_LIMIT = 6


@pytest.fixture
def victim() -> User:
    return User.objects.create_user("victim", "victim@example.org", PASSWORD)


def guess(name: str, address: str = "192.0.2.7", password: str = "wrong") -> int:
    return Client().post(SIGN_IN, {"name": name, "password": password}, REMOTE_ADDR=address).status_code


def test_every_spelling_of_a_name_counts_for_the_same_account(victim):
    spellings = ["".join(letters) for letters in product(*zip("vic", "VIC", strict=True))]
    names = [f"{spelling}tim" for spelling in spellings] + ["Victim@Example.ORG"]
    answers = [guess(name) for name in names]
    assert answers == [400] * 5 + [429] * 4
    assert guess("victim", password=PASSWORD) == 429
    assert set(AccessAttempt.objects.values_list("username", flat=True)) == {"victim"}


def test_a_name_of_nobody_counts_the_same_way():
    assert [guess(name) for name in ("nobody", "Nobody", "NOBODY", "nOBODY", "noBODY", "nobOdy")][-1] == 429


def test_all_addresses_of_one_ipv6_subscriber_are_one(victim):
    answers = [guess("victim", f"2001:db8:1:2:{number:x}::1") for number in range(1, 8)]
    assert answers == [400] * 5 + [429] * 2
    assert guess("victim", "2001:db8:1:3::1", PASSWORD) == 303
    mapped = [guess("victim", f"::ffff:198.51.100.{number}") for number in (1, 1, 1, 1, 1, 1, 2)]
    assert mapped == [400] * 5 + [429, 400]


def test_many_names_from_one_network_have_to_wait_on_every_door(client, victim, settings):
    settings.API_THROTTLE_RATES = {"sign-in-address": "4/hour"}
    signed_in = Client()
    signed_in.force_login(victim)
    wrong = {"current_password": "wrong"}
    doors = [
        (client, SIGN_IN, {"name": "one", "password": "wrong"}),
        (signed_in, "/account/email", {"email": "new@example.org", **wrong}),
        (client, "/admin/login/", {"username": "two", "password": "wrong"}),
        (client, "/account/sign-up", {"name": "a b", "password": "wrong"}),
    ]
    for browser, door, form in doors:
        assert browser.post(door, form).status_code in (200, 400), door
    doors += [
        (signed_in, "/account/password", {"password": "battery-staple-7", **wrong}),
        (signed_in, "/account/delete", wrong),
        (client, "/account/password/forgotten", {"email": "victim@example.org"}),
    ]
    for browser, door, form in doors:
        answer = browser.post(door, form)
        assert answer.status_code == 429, door
        assert 1 <= int(answer["Retry-After"]) <= 3600
        assert "Too many attempts" in answer.content.decode()
    token = {"username": "three", "password": "wrong", "name": "x"}
    sign_up = {"username": "bob", "password": PASSWORD}
    for address, body in (("/api/v1/tokens/", token), ("/api/v1/accounts/", sign_up)):
        answer = client.post(address, json.dumps(body), content_type="application/json")
        assert answer.status_code == 429, address
        assert answer.json()["type"] == "urn:movierec:problem:too-many-requests"


@pytest.mark.parametrize("door", ["/account/password", "/account/email", "/account/delete"])
def test_a_stolen_session_cannot_guess_the_password(client, victim, door):
    client.force_login(victim)
    form = {"email": "new@example.org", "password": "battery-staple-7"}
    answers = [client.post(door, {**form, "current_password": f"wrong-{turn}"}) for turn in range(6)]
    assert [answer.status_code for answer in answers] == [400] * 5 + [429]
    assert client.post(door, {**form, "current_password": PASSWORD}).status_code == 429
    victim.refresh_from_db()
    assert victim.check_password(PASSWORD)
    kept = " ".join(f"{row.post_data} {row.get_data}" for row in AccessAttempt.objects.all())
    assert "wrong-" not in kept
    assert "example.org" not in kept


def test_nor_can_a_stolen_token_of_the_api(client, victim):
    client.force_login(victim)
    door = "/api/v1/me/delete/"
    answers = [client.post(door, {"password": f"wrong-{turn}"}, "application/json") for turn in range(6)]
    assert [answer.status_code for answer in answers] == [403] * 5 + [429]
    assert client.post(door, {"password": PASSWORD}, "application/json").status_code == 429
    # The page counts the same failures.
    assert client.post("/account/delete", {"current_password": PASSWORD}).status_code == 429
    assert User.objects.filter(pk=victim.pk).exists()


def test_the_admin_has_no_form_of_its_own_for_the_current_password(client):
    client.force_login(User.objects.create_superuser("root", password=PASSWORD))
    assert client.get("/admin/password_change/")["Location"] == "/account/password"


def test_many_networks_together_do_not_guess_without_end(victim, settings):
    settings.API_THROTTLE_RATES = {"wrong-account": "8/hour"}
    assert {guess("Victim", f"10.0.0.{number}") for number in range(8)} == {400}
    assert guess("victim", "10.0.0.99", PASSWORD) == 429
    assert guess("somebody", "10.0.0.99") == 400


def test_a_network_that_has_to_wait_locks_nobody_out_elsewhere(victim, settings):
    settings.API_THROTTLE_RATES = {"wrong-account": "8/hour"}
    for _turn in range(20):
        guess("victim")
    assert guess("victim", "198.51.100.1", PASSWORD) == 303


def test_without_its_cache_the_site_goes_on(victim, monkeypatch, caplog):
    def away(*args, **kwargs):
        raise ConnectionRefusedError("nobody listens")

    for name in ("add", "incr", "get"):
        monkeypatch.setattr(limits.cache, name, away, raising=False)
    assert guess("victim", password=PASSWORD) == 303
    assert "the cache does not answer" in caplog.text
