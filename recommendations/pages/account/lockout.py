"""What somebody sees after too many failed sign-ins."""

from __future__ import annotations

import math
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from recommendations.web.client_address import client_address
from recommendations.web.problems import problem_response


def address_of(request: HttpRequest) -> str | None:
    """Whose failures these are; behind proxies not the proxy. ``None`` where it cannot be told."""
    address = client_address(request)
    return None if address is None else str(address)


def locked_out(
    request: HttpRequest, _answer: HttpResponse | None = None, _credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """429 with the time to wait: a page, or problem details for the API. django-axes calls this."""
    seconds = math.ceil(settings.AXES_COOLOFF_TIME.total_seconds())
    minutes = math.ceil(seconds / 60)
    if request.path.startswith("/api/"):
        return problem_response(
            kind="locked-out",
            title=_("Too many failed sign-ins"),
            status=429,
            detail=_("Wait %(minutes)s minutes, then try again.") % {"minutes": minutes},
            headers={"Retry-After": str(seconds)},
        )
    response = render(request, "accounts/locked_out.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(seconds)
    return response
