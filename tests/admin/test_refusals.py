"""What the admin refuses, it refuses in its own look; nobody else learns that there is one."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from recommendations.models import ModelVersion

pytestmark = pytest.mark.django_db
ADMIN, SITE = 'id="site-name"', 'class="site-header"'


@pytest.fixture
def promote() -> str:
    version = ModelVersion.objects.create(version="v1")
    return reverse("admin:recommendations_modelversion_promote", args=[version.pk])


def test_a_403_stays_in_the_admin_and_says_who_can_help(as_role, promote):
    viewer = as_role("viewer")
    page = viewer.get(promote)
    assert page.status_code == 403
    text = page.content.decode()
    assert ADMIN in text
    assert SITE not in text
    assert "Your account (viewer) has not the permission for this." in text
    assert f'href="{reverse("admin:index")}"' in text
    french = viewer.get(promote, headers={"Accept-Language": "fr"}).content.decode()
    assert "Votre compte (viewer) n’a pas l’autorisation nécessaire." in french


def test_a_404_stays_in_the_admin(as_role):
    page = as_role("operator").get("/admin/recommendations/modelversion/4711/promote/")
    assert page.status_code == 404
    assert ADMIN in page.content.decode()
    assert "There is nothing at this address" in page.content.decode()


def test_a_form_that_has_expired_stays_in_the_admin(as_role, promote):
    operator = Client(enforce_csrf_checks=True)
    operator.cookies = as_role("operator").cookies
    page = operator.post(promote, {"reason": "because"})
    assert page.status_code == 403
    assert ADMIN in page.content.decode()
    assert "nothing was changed" in page.content.decode()


def test_everybody_else_gets_the_pages_of_the_site(as_role, settings):
    missing = "/admin/recommendations/modelversion/4711/promote/"
    elsewhere = as_role("viewer").get("/films/999999/")
    assert (elsewhere.status_code, SITE in elsewhere.content.decode()) == (404, True)
    settings.ADMIN_NETWORKS = ["10.0.0.0/8"]
    outside = as_role("superuser").get(missing, REMOTE_ADDR="203.0.113.9")
    assert outside.status_code == 404
    assert SITE in outside.content.decode()
    assert ADMIN not in outside.content.decode()
