"""Pages for signing up, in and out."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from recommendations.pages.account.forms import SignInForm, SignUpForm
from recommendations.pages.account.ways import form_page, letter_link, safe_next, see
from recommendations.pages.visit.requests import bring_visit_into_account
from recommendations.services.account.emails import MailError, request_email_change
from recommendations.services.account.profile import NameTakenError, create_account
from recommendations.web.client_address import client_network
from recommendations.web.limits import limited

BACKEND = "accounts.backends.NameOrEmailBackend"


def confirmation_link(request: HttpRequest) -> str:
    """The address of a confirmation, with ``{token}`` in it."""
    return letter_link(request, "accounts:email_confirm", token="{token}")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("sign-in")
def sign_up(request: HttpRequest) -> HttpResponse:
    """A new account; what the visit has gathered moves into it."""
    if request.user.is_authenticated:
        return see("accounts:profile")
    form = SignUpForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return form_page(request, "sign_up", form, next=safe_next(request))
    values = form.cleaned_data
    try:
        user = create_account(name=values["name"], password=values["password"])
    except NameTakenError:
        form.refuse_taken_name()
        return form_page(request, "sign_up", form, next=safe_next(request))
    messages.success(request, _("Welcome, %(name)s! You have an account now.") % {"name": user.username})
    _enter(request, user)
    if values["email"]:
        _ask_to_confirm(request, user, values["email"])
    return HttpResponseRedirect(safe_next(request) or reverse("pages:results"), status=303)


def _enter(request: HttpRequest, user: User) -> None:
    login(request, user, backend=BACKEND)
    merged = bring_visit_into_account(request, user)
    brought = merged.added + merged.changed
    if brought:
        sentence = ngettext(
            "%(number)s rating of this visit is now in your account.",
            "%(number)s ratings of this visit are now in your account.",
            brought,
        )
        messages.info(request, sentence % {"number": brought})


def _ask_to_confirm(request: HttpRequest, user: User, address: str) -> None:
    try:
        request_email_change(
            user=user,
            address=address,
            link=confirmation_link(request),
            asked_from=client_network(request),
        )
    except MailError as error:
        messages.warning(request, f"{error} {_('You can give your address again in your account.')}")
    else:
        sentence = _("We have sent a letter to %(address)s. Follow its link to confirm the address.")
        messages.info(request, sentence % {"address": address})


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name or address and password; after too many failures django-axes answers instead."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(safe_next(request) or reverse("accounts:profile"))
    form = SignInForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        values = form.cleaned_data
        user = authenticate(request, username=values["name"], password=values["password"])
        if user is not None:
            _enter(request, user)
            return HttpResponseRedirect(safe_next(request) or reverse("pages:results"), status=303)
        form.refuse()
    return form_page(request, "sign_in", form, next=safe_next(request))


@require_POST
@never_cache
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, whoever's it is."""
    logout(request)
    messages.info(request, _("You are signed out. Your ratings stay in your account."))
    return see("pages:home")
