"""Keeps the admin to the operators' networks: for everybody else it does not exist."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from recommendations.web.client_address import client_address

ADMIN_PATH = "/admin"


class AdminGateMiddleware:
    """404 for ``/admin/`` from outside of ``ADMIN_NETWORKS``; an empty list lets everybody to the sign-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> None:
        """Runs before the view, so that the refusal is the site's own page for what does not exist."""
        if is_admin_page(request) and not _admin_exists_for(request):
            raise Http404


def is_admin_page(request: HttpRequest) -> bool:
    """Whether the address lies in the admin."""
    return f"{request.path_info}/".startswith(f"{ADMIN_PATH}/")


def works_in_admin(request: HttpRequest) -> bool:
    """Whether this is somebody who may enter the admin, from where it exists, on an address in it."""
    user = getattr(request, "user", None)
    inside = is_admin_page(request) and _admin_exists_for(request)
    return inside and user is not None and user.is_active and user.is_staff


def _admin_exists_for(request: HttpRequest) -> bool:
    return not settings.ADMIN_NETWORKS or _is_operator(request)


def _is_operator(request: HttpRequest) -> bool:
    address = client_address(request)
    return address is not None and any(
        address in ipaddress.ip_network(network) for network in settings.ADMIN_NETWORKS
    )
