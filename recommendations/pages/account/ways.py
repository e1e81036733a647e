"""What the views of accounts share."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.request import split_domain_port
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def safe_next(request: HttpRequest) -> str:
    """Where the form or the address wants to go afterwards, if that is a page of this site; else empty."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    own = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if own else ""


def see(name: str) -> HttpResponseRedirect:
    """Go on to the page of this name, and load it with GET."""
    return HttpResponseRedirect(reverse(name), status=303)


def letter_link(request: HttpRequest, name: str, **parts: str) -> str:
    """The address of a page for an e-mail; values in braces stay as they are.

    ``SITE_URL`` says where the site is. Without it the host is that of the request, which ``ALLOWED_HOSTS`` has
    checked; the port, which it has not, is that on which this process listens, or the usual one behind proxies.
    """
    marks = {part: f"MARK-{part}" for part in parts}
    path = reverse(name, kwargs=marks)
    for part, value in parts.items():
        path = path.replace(marks[part], value)
    if settings.SITE_URL:
        return settings.SITE_URL.rstrip("/") + path
    host, _port = split_domain_port(request.get_host())
    port = "" if settings.TRUSTED_PROXIES else request.META.get("SERVER_PORT", "")
    usual = {"http": "80", "https": "443"}[request.scheme or "http"]
    return f"{request.scheme}://{host}{f':{port}' if port not in ('', usual) else ''}{path}"


def form_page(request: HttpRequest, template: str, form: Form, **context: Any) -> HttpResponse:
    """The page of a form; 400 if it holds messages."""
    status = 400 if form.is_bound and form.errors else 200
    return render(request, f"accounts/{template}.html", {"form": form, **context}, status=status)
