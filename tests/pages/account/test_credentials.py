"""Changing password and address, and the way back in for who forgot the password."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import ApiToken, User
from recommendations.services.account import emails
from recommendations.services.account.deletion import delete_account
from recommendations.services.account.tokens import create_token
from tests.pages.account.conftest import PASSWORD

NEW = "battery-staple-7"
pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, ann) -> Client:
    client.force_login(ann)
    return client


def link_in_mail(number: int = 0) -> str:
    return re.search(r"http://testserver(\S+)", mail.outbox[number].body)[1]


def make_token(user: User) -> None:
    create_token(user=user, name="script", scopes=["read"], lifetime=timedelta(days=1))


def test_a_new_password_signs_out_every_other_device_and_ends_tokens(signed_in, ann):
    eve = User.objects.create_user("eve")
    make_token(ann)
    make_token(eve)
    elsewhere = Client()
    elsewhere.force_login(ann)
    answer = signed_in.post("/account/password", {"current_password": PASSWORD, "password": NEW})
    assert answer["Location"] == "/account/"
    assert signed_in.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    ann.refresh_from_db()
    assert ann.check_password(NEW)
    assert [token.user for token in ApiToken.objects.all()] == [eve]


def test_so_does_one_that_an_administrator_sets(client, ann):
    client.force_login(User.objects.create_superuser("root"))
    make_token(ann)
    fields = {"usable_password": "true", "password1": NEW, "password2": NEW}
    answer = client.post(reverse("admin:auth_user_password_change", args=[ann.pk]), fields)
    assert answer.status_code == 302
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"current_password": "wrong", "password": NEW}, "Current password: this is not it."),
        ({"current_password": PASSWORD, "password": "12345678"}, "This password is too common."),
        ({}, "Current password: nothing was typed."),
    ],
)
def test_a_password_that_does_not_fit_changes_nothing(signed_in, ann, fields, sentence):
    answer = signed_in.post("/account/password", fields)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    ann.refresh_from_db()
    assert ann.check_password(PASSWORD)


def test_forgotten_password_by_letter(client, ann, settings):
    for _failure in range(settings.AXES_FAILURE_LIMIT):
        client.post("/account/sign-in", {"name": "ann", "password": "wrong"})
    assert client.post("/account/password/forgotten", {"email": "ANN@example.org"})["Location"].endswith(
        "/sent"
    )
    make_token(ann)
    form = client.get(link_in_mail(), follow=True)
    address = form.redirect_chain[-1][0]
    assert "set-password" in address  # the token has left the address
    assert "too short" in client.post(address, {"password": "short"}).content.decode()
    assert client.post(address, {"password": NEW})["Location"] == "/account/sign-in"
    assert not ApiToken.objects.exists()
    assert client.get(link_in_mail(), follow=True).status_code == 410  # good for once
    # The lock is gone with the old password.
    assert client.post("/account/sign-in", {"name": "ann", "password": NEW})["Location"] == "/results"


def test_an_unknown_address_gets_the_same_answer_and_no_letter(client, ann):
    User.objects.create_user("gone", "gone@example.org", PASSWORD, is_active=False)
    for address in ("nobody@example.org", "gone@example.org"):
        answer = client.post("/account/password/forgotten", {"email": address})
        assert (answer.status_code, answer["Location"]) == (303, "/account/password/sent")
    assert mail.outbox == []
    assert client.get("/account/password/sent").status_code == 200
    assert client.get("/account/password/new/xx/yy").status_code == 410


def test_another_address_by_its_link_and_the_old_one_is_told(signed_in, ann):
    fields = {"email": "new@example.org", "current_password": PASSWORD}
    assert signed_in.post("/account/email", fields)["Location"] == "/account/"
    ann.refresh_from_db()
    assert ann.email == "ann@example.org"
    Client().post(link_in_mail())  # perhaps on the phone
    ann.refresh_from_db()
    assert ann.email == "new@example.org"
    assert (mail.outbox[1].to, "has changed" in mail.outbox[1].subject) == (["ann@example.org"], True)


def test_broken_old_and_overtaken_links_are_refused(signed_in, ann, monkeypatch):
    assert signed_in.get("/account/email/nonsense").status_code == 410
    signed_in.post("/account/email", {"email": "new@example.org", "current_password": PASSWORD})
    link = link_in_mail()
    User.objects.create_user("eve", "NEW@example.org", PASSWORD)
    answer = signed_in.post(link)
    assert answer.status_code == 410
    assert "Another account has this e-mail address by now." in answer.content.decode()
    User.objects.get(username="eve").delete()
    monkeypatch.setattr(emails, "VALID_SECONDS", -1)
    assert signed_in.post(link).status_code == 410
    ann.refresh_from_db()
    assert ann.email == "ann@example.org"


def test_a_mail_server_that_is_away_is_told(signed_in, ann, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    fields = {"email": "new@example.org", "current_password": PASSWORD}
    for address, sent in (
        ("/account/email", fields),
        ("/account/password/forgotten", {"email": "ann@example.org"}),
    ):
        answer = signed_in.post(address, sent)
        assert answer.status_code == 400
        assert "The e-mail could not be sent." in answer.content.decode()


def test_letters_are_french_for_who_reads_french(client, ann):
    client.post("/account/password/forgotten", {"email": "ann@example.org"}, HTTP_ACCEPT_LANGUAGE="fr")
    assert mail.outbox[0].subject == "Un nouveau mot de passe pour movierec"
    assert mail.outbox[0].body.startswith("Bonjour ann,")


def test_nobody_can_fill_a_mailbox(client, ann, caplog):
    for _turn in range(8):
        answer = client.post("/account/password/forgotten", {"email": "Ann@example.org"})
        assert answer["Location"] == "/account/password/sent"
    assert len(mail.outbox) == 5
    assert "is left out" in caplog.text
    assert "example.org" not in caplog.text


def test_known_and_unknown_addresses_cost_the_same(client, ann, monkeypatch):
    # Whatever depends on the account happens after the answer, in a thread; nothing of it happens before.
    later = []
    monkeypatch.setattr(emails, "_afterwards", lambda send, *what: later.append((send, what)))
    with CaptureQueriesContext(connection) as known:
        client.post("/account/password/forgotten", {"email": "ann@example.org"})
    with CaptureQueriesContext(connection) as unknown:
        client.post("/account/password/forgotten", {"email": "nobody@example.org"})
    assert len(known) == len(unknown)
    assert mail.outbox == []
    for send, what in later:
        send(*what)
    assert [letter.to for letter in mail.outbox] == [["ann@example.org"]]


def test_a_mail_server_that_is_away_is_told_for_unknown_addresses_as_well(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    answer = client.post("/account/password/forgotten", {"email": "nobody@example.org"})
    assert answer.status_code == 400
    assert "The e-mail could not be sent." in answer.content.decode()


def test_one_network_asks_for_so_many_letters_only(client, settings):
    settings.API_THROTTLE_RATES = {"letter-address": "2/hour"}
    for number in range(2):
        form = {"name": f"bob{number}", "password": PASSWORD, "email": f"victim+{number}@example.org"}
        Client().post("/account/sign-up", form, REMOTE_ADDR=f"2001:db8::{number}")
    third = {"name": "bob3", "password": PASSWORD, "email": "victim+3@example.org"}
    page = Client().post("/account/sign-up", third, REMOTE_ADDR="2001:db8::9", follow=True).content.decode()
    assert "Too many e-mails were asked for from your network." in page
    assert "We have sent a letter" not in page
    forgotten = Client().post(
        "/account/password/forgotten", {"email": "nobody@example.org"}, REMOTE_ADDR="2001:db8::a"
    )
    assert "Too many e-mails were asked for" in forgotten.content.decode()
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    ("site", "proxies", "link"),
    [
        ("", 0, "http://testserver/account/"),
        ("", 1, "http://testserver/account/"),
        ("https://films.example.org/", 0, "https://films.example.org/account/"),
    ],
)
def test_the_port_of_the_host_header_does_not_reach_letters(client, ann, settings, site, proxies, link):
    settings.SITE_URL, settings.TRUSTED_PROXIES = site, proxies
    client.post("/account/password/forgotten", {"email": "ann@example.org"}, HTTP_HOST="testserver:6666")
    form = {"name": "bob", "password": PASSWORD, "email": "bob@example.org"}
    client.post("/account/sign-up", form, HTTP_HOST="testserver:6666")
    assert len(mail.outbox) == 2
    for letter in mail.outbox:
        assert link in letter.body
        assert "6666" not in letter.body


def test_the_port_of_the_demo_does_reach_them(client, ann):
    client.post("/account/password/forgotten", {"email": "ann@example.org"}, SERVER_PORT="5001")
    assert "http://testserver:5001/account/password/new/" in mail.outbox[0].body


@pytest.mark.django_db(transaction=True)
def test_letters_as_files_are_closed_and_go_with_the_account(signed_in, ann, settings, tmp_path):
    settings.EMAIL_BACKEND = "movierec_site.letter_files.LetterFiles"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    User.objects.create_user("eve", "eve@example.org", PASSWORD)
    signed_in.post("/account/email", {"email": "new@example.org", "current_password": PASSWORD})
    signed_in.post("/account/email", {"email": "eve@example.org", "current_password": PASSWORD})
    for address in ("ann@example.org", "eve@example.org", "eve@example.org"):
        Client().post("/account/password/forgotten", {"email": address})
    letters = list((tmp_path / "mail").iterdir())
    assert len(letters) == 5
    assert {path.stat().st_mode & 0o777 for path in letters} == {0o600}
    assert (tmp_path / "mail").stat().st_mode & 0o777 == 0o700
    delete_account(user=ann)
    left = [path.read_text() for path in (tmp_path / "mail").iterdir()]
    assert len(left) == 2
    assert not any("ann" in text or "new@" in text for text in left)
