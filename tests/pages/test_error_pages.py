"""Error pages: translated, with a way back, and standing on their own where the site is broken."""

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.views import defaults

# Where no model has been loaded yet, the footer asks which data the site has.
pytestmark = pytest.mark.django_db
STATUSES = {
    400: (defaults.bad_request, "illisible"),
    403: (defaults.permission_denied, "Cette porte est fermée"),
    404: (defaults.page_not_found, "Il manque une bobine"),
}


@pytest.mark.parametrize("status", STATUSES)
def test_error_page_in_french(status):
    view, words = STATUSES[status]
    with translation.override("fr"):
        response = view(RequestFactory().get("/nowhere"), Exception("secret detail"))
    page = response.content.decode()
    assert response.status_code == status
    assert '<html lang="fr">' in page
    assert words in page
    assert 'href="/"' in page
    assert "secret detail" not in page


def test_server_error_page_needs_no_request():
    with translation.override("fr"):
        page = defaults.server_error(HttpRequest()).content.decode()
    assert "La pellicule a cassé" in page
    assert "<form" not in page


@pytest.mark.django_db
def test_unknown_address_shows_the_page(client):
    response = client.get("/no/such/page", HTTP_ACCEPT_LANGUAGE="fr")
    assert response.status_code == 404
    assert "Il manque une bobine" in response.content.decode()


def test_csrf_page_offers_a_way_back():
    page = render_to_string("403_csrf.html", request=RequestFactory().post("/recommend_session"))
    assert "This form has expired" in page
    assert 'href="/"' in page
