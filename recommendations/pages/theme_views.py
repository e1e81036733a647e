"""Light or dark: the device's choice, or the person's own, kept in a cookie so that the first paint is right."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

COOKIE, YEAR = "theme", 31_536_000
THEMES = ("light", "dark")


@require_POST
@cache_control(private=True, no_store=True)
def choose_theme(request: HttpRequest) -> HttpResponse:
    """``theme``: ``light`` or ``dark``; anything else gives the choice back to the device."""
    wanted = request.POST.get("next", "")
    safe = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=None, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(wanted if safe else reverse("pages:home"), status=303)
    theme = request.POST.get("theme")
    if theme in THEMES:
        response.set_cookie(
            COOKIE, theme, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
