"""What every page tells the browser, and that pages keep to it."""

import re

import pytest
from django.contrib import admin
from django.urls import reverse

pytestmark = pytest.mark.django_db
PAGES = ("/", "/admin/login/", "/api/v1/docs/", "/nothing-here/")


@pytest.mark.parametrize("path", PAGES)
def test_headers_of_every_page(client, path):
    response = client.get(path)
    policy = response["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    for directive in ("default-src 'self'", "frame-ancestors 'none'", "object-src 'none'", "base-uri 'self'"):
        assert directive in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_inline_that_the_policy_would_refuse(client, path):
    text = client.get(path).content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>\s*[^<\s]", text)
    assert "<style" not in text
    assert not re.search(r"<[^>]+\sstyle=", text)
    assert not re.search(r"<[^>]+\son[a-z]+=", text)


def test_the_admin_keeps_to_the_policy_as_well(admin_client):
    lists = [
        f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist" for model in admin.site._registry
    ]
    for path in (reverse("admin:index"), *map(reverse, lists)):
        response = admin_client.get(path, follow=True)
        assert response.status_code == 200, path
        text = response.content.decode()
        inline = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>\s*[^<\s]", text)
        assert not inline, path
        assert not re.findall(r"<[^>]+\s(?:style|on[a-z]+)=", text), path


def test_no_page_needs_another_server(client):
    text = client.get(reverse("api:docs")).content.decode()
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", text)
