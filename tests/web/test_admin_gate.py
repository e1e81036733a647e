"""The admin exists for the operators' networks only, and addresses cannot be made up."""

import pytest
from django.test import RequestFactory

from recommendations.web.client_address import client_address

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "status"), [("10.1.2.3", 302), ("203.0.113.9", 404), ("::ffff:10.1.2.3", 302)]
)
@pytest.mark.parametrize("path", ["/admin/", "/admin/recommendations/movie/"])
def test_only_the_networks_of_operators(client, settings, address, status, path):
    settings.ADMIN_NETWORKS = ["10.0.0.0/8"]
    assert client.get(path, REMOTE_ADDR=address).status_code == status


def test_pages_of_the_site_are_for_everybody(client, settings):
    settings.ADMIN_NETWORKS = ["10.0.0.0/8"]
    assert client.get("/healthz", REMOTE_ADDR="203.0.113.9").status_code == 200


def test_without_networks_the_sign_in_page_is_there(client):
    assert client.get("/admin/", REMOTE_ADDR="203.0.113.9").status_code == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "10.9.9.9", "203.0.113.9"),
        (1, "10.9.9.9", "10.9.9.9"),
        (1, "10.9.9.9, 198.51.100.4", "198.51.100.4"),
        (2, "1.1.1.1, 10.9.9.9, 198.51.100.4", "10.9.9.9"),
        (1, "", "None"),
        (1, "nonsense", "None"),
    ],
)
def test_only_trusted_proxies_are_believed(settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="203.0.113.9")
    assert str(client_address(request)) == expected


def test_an_unknown_address_is_no_operator(client, settings):
    settings.ADMIN_NETWORKS, settings.TRUSTED_PROXIES = ["0.0.0.0/0"], 1
    assert client.get("/admin/").status_code == 404
