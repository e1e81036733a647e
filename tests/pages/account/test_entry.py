"""Signing up, in and out; what a visit has gathered moves in; too many failures have to wait."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from recommendations.models import Movie, Rating
from tests.pages.account.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def film() -> Movie:
    return Movie.objects.create(movielens_id=50, title="Star Wars", original_title="Star Wars", year=1977)


def sign_up(client, **fields):
    return client.post("/account/sign-up", {"name": "bob", "password": PASSWORD, **fields})


def test_a_visit_moves_into_the_new_account(client, engine, as_person, film):
    as_person(way="newcomer", age=30)
    client.post("/films/50/rate", {"stars": 4})
    client.post("/films/50/watch")
    assert sign_up(client)["Location"] == "/results"
    bob = User.objects.get(username="bob")
    assert (bob.age, bob.email) == (30, "")
    assert Rating.objects.get(user=bob).stars == 4
    page = client.get("/results").content.decode()
    assert "1 rating of this visit is now in your account." in page
    assert "<strong>bob</strong>" in page
    assert engine.asked[-1][0].ratings[0].movie_id == 50


def test_signing_in_by_name_or_address_merges_the_visit(client, engine, as_person, film, ann):
    for name in ("ann", "ANN", "Ann@Example.org"):
        visitor = Client()
        visitor.post("/recommend_session", {"way": "newcomer"})
        visitor.post("/films/50/rate", {"stars": 5})
        response = visitor.post("/account/sign-in", {"name": name, "password": PASSWORD})
        assert response["Location"] == "/results", name
    assert Rating.objects.get(user=ann).stars == 5


def test_signing_in_goes_on_where_one_wanted_but_never_elsewhere(client, engine, ann):
    for wanted, given in (("/account/ratings", "/account/ratings"), ("//evil.example", "/results")):
        answer = Client().post("/account/sign-in", {"name": "ann", "password": PASSWORD, "next": wanted})
        assert answer["Location"] == given
    assert client.get("/account/")["Location"] == "/account/sign-in?next=/account/"


def test_sign_out_ends_the_session_and_needs_a_form(client, engine, ann):
    client.force_login(ann)
    assert client.get("/account/sign-out").status_code == 405
    page = client.post("/account/sign-out", follow=True).content.decode()
    assert "You are signed out." in page
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "Name: nothing was typed."),
        ({"name": "a b"}, "Name: use letters, digits"),
        ({"name": "<b>x</b>"}, "Name: use letters, digits"),
        ({"name": "ann@example.org"}, "Name: use letters, digits"),
        ({"name": "x" * 31}, "Name: use at most 30 characters."),
        ({"name": "ANN"}, "Name: this one is taken."),
        ({"name": "a\x00b"}, "Null characters are not allowed."),
        ({"email": "nowhere"}, "E-mail address: this does not look like one."),
        ({"password": ""}, "Password: nothing was typed."),
        ({"password": "1234567"}, "This password is too short."),
        ({"password": "password"}, "This password is too common."),
        ({"name": "katherine", "password": "katherine1"}, "too similar to the username"),
    ],
)
def test_what_does_not_fit_is_named_and_makes_no_account(client, engine, ann, fields, sentence):
    response = sign_up(client, **fields)
    page = response.content.decode()
    assert response.status_code == 400
    assert sentence in page
    assert 'class="error-summary"' in page
    assert PASSWORD not in page
    assert User.objects.count() == 1


def test_an_address_counts_only_once_it_is_confirmed(client, engine):
    sign_up(client, email="bob@example.org")
    assert User.objects.get().email == ""
    link = next(word for word in mail.outbox[0].body.split() if "/account/email/" in word)
    address = link.removeprefix("http://testserver")
    assert "bob@example.org" in client.get(address).content.decode()
    assert User.objects.get().email == ""  # looking at it does nothing
    client.post(address)
    assert User.objects.get().email == "bob@example.org"
    assert client.post(address).status_code == 410


def test_an_address_of_somebody_else_is_told_to_its_owner_only(client, engine, ann):
    page = sign_up(client, email="ANN@example.org", follow=True)
    assert page.status_code == 303
    assert mail.outbox[0].to == ["ANN@example.org"]
    assert "account already" in mail.outbox[0].body
    assert User.objects.get(username="bob").email == ""


def test_two_sign_ups_with_one_name_at_the_same_moment(client, engine, monkeypatch):
    monkeypatch.setattr(
        "recommendations.pages.account.forms.SignUpForm.clean_name", lambda form: form.cleaned_data["name"]
    )
    assert sign_up(client).status_code == 303
    response = sign_up(Client())
    assert response.status_code == 400
    assert "this one is taken" in response.content.decode()


def test_wrong_passwords_do_not_tell_which_part_is_wrong_and_lock_in_the_end(client, engine, ann, settings):
    sentences = set()
    for name in ("ann", "nobody"):
        answer = client.post("/account/sign-in", {"name": name, "password": "wrong"})
        assert answer.status_code == 400
        sentences.add("do not fit together" in answer.content.decode())
    assert sentences == {True}
    for _failure in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post("/account/sign-in", {"name": "ann", "password": "wrong"})
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert "for 15 minutes" in answer.content.decode()
    # Even the right password has to wait; somebody else at this address does not.
    assert client.post("/account/sign-in", {"name": "ann", "password": PASSWORD}).status_code == 429
    User.objects.create_user("carl", password=PASSWORD)
    assert client.post("/account/sign-in", {"name": "carl", "password": PASSWORD}).status_code == 303


def test_behind_a_proxy_only_the_address_that_failed_has_to_wait(engine, ann, settings):
    settings.TRUSTED_PROXIES = 1
    sent = {"name": "ann", "password": "wrong"}
    for failure in range(settings.AXES_FAILURE_LIMIT):
        # What the browser claims before the proxy's own entry does not count.
        answer = Client().post(
            "/account/sign-in", sent, headers={"X-Forwarded-For": f"10.0.0.{failure}, 192.0.2.7"}
        )
    assert answer.status_code == 429
    sent["password"] = PASSWORD
    other = Client().post("/account/sign-in", sent, headers={"X-Forwarded-For": "192.0.2.8"})
    assert other.status_code == 303
    untold = Client().post("/account/sign-in", {"name": "ann", "password": "wrong"})
    assert untold.status_code == 400  # nobody else is locked out by it, and it fails like any other


def test_forms_need_their_token(engine, ann):
    strict = Client(enforce_csrf_checks=True)
    for address in ("sign-up", "sign-in", "sign-out", "password/forgotten"):
        assert strict.post(f"/account/{address}").status_code == 403


def test_the_header_says_who_is_signed_in(client, engine, ann):
    assert 'href="/account/sign-in"' in client.get("/").content.decode()
    client.force_login(ann)
    page = client.get("/search/").content.decode()
    assert "Account of ann" in page
    assert 'action="/account/sign-out"' in page
