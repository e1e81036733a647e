"""The page “API access”."""

import re

import pytest

from accounts.models import ApiToken, User
from recommendations.services.account.tokens import MOST_TOKENS

URL = "/account/api-access/"
GOOD = {"name": "my script", "scopes": ["read", "write"], "days": "7"}


@pytest.fixture
def ann(client, db):
    user = User.objects.create_user("ann")
    client.force_login(user)
    return user


def test_only_for_somebody_signed_in(client, db):
    response = client.get(URL)
    assert response.status_code == 302
    assert "next=" in response["Location"]


def test_a_token_is_shown_once_and_works(client, ann):
    made = client.post(URL, GOOD)
    assert made.status_code == 200
    assert "no-store" in made["Cache-Control"]
    text = re.search(r"mrec_[0-9a-f]{64}", made.content.decode())[0]
    assert text not in client.get(URL).content.decode()
    client.logout()
    listed = client.get("/api/v1/tokens/", HTTP_AUTHORIZATION=f"Bearer {text}").json()["items"]
    assert [(token["name"], token["scopes"]) for token in listed] == [("my script", ["read", "write"])]


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "x" * 61}, {"scopes": []}, {"scopes": ["root"]}, {"days": "9999"}]
)
def test_says_what_does_not_fit_and_makes_nothing(client, ann, wrong):
    response = client.post(URL, {**GOOD, **wrong})
    assert response.status_code == 400
    assert 'role="alert"' in response.content.decode()
    assert not ApiToken.objects.exists()


def test_revoking(client, ann):
    client.post(URL, GOOD)
    token = ApiToken.objects.get()
    assert f"{URL}{token.reference}/revoke" in client.get(URL).content.decode()
    client.post(f"{URL}{token.reference}/revoke")
    assert not ApiToken.objects.exists()


def test_nobody_revokes_a_token_of_somebody_else(client, ann):
    client.post(URL, GOOD)
    client.force_login(User.objects.create_user("bob"))
    client.post(f"{URL}{ApiToken.objects.get().reference}/revoke")
    assert ApiToken.objects.count() == 1


def test_at_the_limit_it_says_so(client, ann):
    for _number in range(MOST_TOKENS):
        client.post(URL, GOOD)
    response = client.post(URL, GOOD)
    assert response.status_code == 400
    assert f"You have {MOST_TOKENS} tokens" in response.content.decode()


def test_a_name_with_markup_is_text(client, ann):
    client.post(URL, {**GOOD, "name": "<b>x</b>"})
    html = client.get(URL).content.decode()
    assert "<b>x</b>" not in html
    assert "&lt;b&gt;x&lt;/b&gt;" in html


def test_few_queries(client, ann, django_assert_max_num_queries):
    for _number in range(5):
        client.post(URL, GOOD)
    with django_assert_max_num_queries(6):
        client.get(URL)
