"""Guards every place that takes a password against guessing: sign-in, the admin's too, tokens, and the forms that ask
for the current password. All of them go through ``django.contrib.auth.authenticate``, and with it through here."""

from __future__ import annotations

import math
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.utils import reset
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.backends import name_of
from accounts.models import User
from recommendations.web import limits
from recommendations.web.client_address import client_network, network_of_client
from recommendations.web.problems import Problem, problem_response

# The longest name that django-axes keeps.
_LONGEST_NAME = 255


class GuessingGuard(AxesDatabaseHandler):
    """django-axes locks the pair of account and network. Besides, one network may try only so many passwords for all
    accounts together, and all networks together only so many wrong ones for one account."""

    def is_allowed(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Count an attempt; ``request.seconds_to_wait`` says how long if it is one too many for its network."""
        wait = limits.count("sign-in-address", client_network(request))
        request.seconds_to_wait = wait  # type: ignore[attr-defined]  # for the answer, which django-axes asks for later
        everywhere = limits.exceeded("wrong-account", account_of(request, credentials))
        return not wait and not everywhere and super().is_allowed(request, credentials)

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        """Count a wrong password for its account; one that was not even tried does not count."""
        tried = not getattr(request, "axes_locked_out", False)
        super().user_login_failed(sender, credentials, request, **kwargs)
        if tried:
            limits.count("wrong-account", account_of(request, credentials))


def account_of(_request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """Under which name failures count: that of the account, in whatever spelling its name or address was typed."""
    typed = (credentials or {}).get("username") or ""
    return name_of(typed).casefold()[:_LONGEST_NAME]


def address_of(request: HttpRequest) -> str | None:
    """Whose failures these are; behind proxies not the proxy. ``None`` where it cannot be found out."""
    network = network_of_client(request)
    return None if network is None else str(network.network_address)


def end_lockout(user: User) -> None:
    """Let the account be tried again at once, as after a new password or when it is deleted."""
    name = account_of(None, {"username": user.get_username()})
    reset(username=name)
    limits.forget("wrong-account", name)


def locked_out(
    request: HttpRequest, _answer: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """429 with the time to wait: a page, or problem details for the API. django-axes calls this."""
    if wait := getattr(request, "seconds_to_wait", 0):
        return limits.too_often(request, wait)
    everywhere = limits.exceeded("wrong-account", account_of(request, credentials))
    seconds = everywhere or math.ceil(settings.AXES_COOLOFF_TIME.total_seconds())
    minutes = math.ceil(seconds / 60)
    sentence = _("Wait %(minutes)s minutes, then try again.") % {"minutes": minutes}
    problem = Problem("locked-out", 429, sentence)
    if request.path_info.startswith("/api/"):
        return problem_response(problem, {"Retry-After": str(seconds)})
    sentence = ngettext(
        "To protect this account, nobody can try another password from here for %(minutes)s minute.",
        "To protect this account, nobody can try another password from here for %(minutes)s minutes.",
        minutes,
    ) % {"minutes": minutes}
    context = {"title": problem.title, "sentence": sentence, "account_locked": True}
    response = render(request, "accounts/locked_out.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response
