"""``/metrics``: who may read it."""

import pytest

from accounts.models import User

TOKEN = "a-long-token-for-prometheus"
FROM_ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}

pytestmark = pytest.mark.django_db


def test_a_program_of_this_machine_reads_it(client):
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain; version=")
    assert "no-store" in response["Cache-Control"]
    assert "movierec_elasticsearch_seconds" in response.content.decode()


def test_others_do_not(client):
    response = client.get("/metrics", **FROM_ELSEWHERE)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert b"movierec_" not in response.content


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_a_proxy_on_this_machine_is_not_a_program_of_it(client, header):
    assert client.get("/metrics", headers={header: "203.0.113.9"}).status_code == 401


def test_loopback_can_be_closed(client, settings):
    settings.METRICS_FROM_LOOPBACK = False
    assert client.get("/metrics").status_code == 401


def test_the_bearer_of_the_token_reads_it_from_anywhere(client, settings):
    settings.METRICS_TOKEN = TOKEN
    read = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, **FROM_ELSEWHERE)
    assert read.status_code == 200


@pytest.mark.parametrize("header", [f"Bearer {TOKEN}x", "Bearer ", f"Basic {TOKEN}", "Bearer é"])
def test_another_token_is_refused_even_on_loopback(client, settings, header):
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics", headers={"Authorization": header}).status_code == 401


def test_without_a_token_no_bearer_is_right(client):
    assert client.get("/metrics", headers={"Authorization": "Bearer "}, **FROM_ELSEWHERE).status_code == 401


@pytest.mark.parametrize(("is_staff", "status"), [(True, 200), (False, 401)])
def test_staff_reads_it_in_the_browser(client, is_staff, status):
    client.force_login(User.objects.create_user("someone", is_staff=is_staff))
    assert client.get("/metrics", **FROM_ELSEWHERE).status_code == status


def test_it_only_reads(client):
    assert client.post("/metrics").status_code == 405
