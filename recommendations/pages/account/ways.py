"""What the views of accounts share."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
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


def form_page(request: HttpRequest, template: str, form: Form, **context: Any) -> HttpResponse:
    """The page of a form; 400 if it holds messages."""
    status = 400 if form.is_bound and form.errors else 200
    return render(request, f"accounts/{template}.html", {"form": form, **context}, status=status)
