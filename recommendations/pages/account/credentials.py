"""Passwords and e-mail addresses: changing them, and a way back in for who has forgotten the password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import user_of
from recommendations.pages.account.entry import confirmation_link
from recommendations.pages.account.forms import (
    AccountForm,
    EmailForm,
    NewPasswordForm,
    PasswordForm,
    email_field,
)
from recommendations.pages.account.ways import form_page, letter_link, see
from recommendations.services.account.emails import (
    ConfirmationError,
    MailError,
    confirm_email,
    read_confirmation,
    request_email_change,
    send_password_reset,
)
from recommendations.web.client_address import client_network
from recommendations.web.guessing import end_lockout
from recommendations.web.limits import limited


@sensitive_post_parameters()
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password; every other device is signed out by it, and tokens end (:mod:`recommendations.services.account.passwords`)."""
    form = PasswordForm(
        request.POST if request.method == "POST" else None, user=user_of(request), request=request
    )
    if not form.is_valid():
        return form_page(request, "password", form)
    user = user_of(request)
    user.set_password(form.cleaned_data["password"])
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)
    messages.success(
        request,
        _("Your password is changed. Every other device is signed out, and no API token works any more."),
    )
    return see("accounts:profile")


class ForgottenForm(AccountForm):
    """The address of the account."""

    email = email_field(required=True, label=gettext_lazy("E-mail address of your account"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("sign-in")
def forgotten(request: HttpRequest) -> HttpResponse:
    """Send a link for a new password. The answer is the same whether an account has the address or not."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return form_page(request, "password_forgotten", form)
    link = letter_link(request, "accounts:password_reset", uidb64="{account}", token="{token}")
    try:
        send_password_reset(address=form.cleaned_data["email"], link=link, asked_from=client_network(request))
    except MailError as error:
        form.add_error("email", str(error))
        return form_page(request, "password_forgotten", form)
    return see("accounts:password_sent")


@require_safe
@never_cache
def forgotten_sent(request: HttpRequest) -> HttpResponse:
    """What to do after a reset was asked for; the same for known and unknown addresses."""
    return render(request, "accounts/password_sent.html")


class ResetPassword(PasswordResetConfirmView):
    """A new password for who follows the link; the token leaves the address before the form is shown."""

    form_class = NewPasswordForm  # type: ignore[assignment]  # ours asks once
    template_name = "accounts/password_reset.html"
    success_url = reverse_lazy("accounts:sign_in")

    def form_valid(self, form: Any) -> HttpResponse:
        assert self.user is not None
        end_lockout(self.user)
        messages.success(self.request, _("Your new password is set. Sign in with it."))
        return super().form_valid(form)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        form = context.get("form")
        if not context["validlink"]:
            kwargs["status"] = 410
        elif isinstance(form, forms.Form) and form.errors:
            kwargs["status"] = 400
        return super().render_to_response(context, **kwargs)


@sensitive_post_parameters("current_password")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_email(request: HttpRequest) -> HttpResponse:
    """Ask for another address; it counts once its link is followed."""
    form = EmailForm(
        request.POST if request.method == "POST" else None, user=user_of(request), request=request
    )
    if not form.is_valid():
        return form_page(request, "email", form)
    address = form.cleaned_data["email"]
    try:
        request_email_change(
            user=user_of(request),
            address=address,
            link=confirmation_link(request),
            asked_from=client_network(request),
        )
    except MailError as error:
        form.add_error("email", str(error))
        return form_page(request, "email", form)
    sentence = _("We have sent a letter to %(address)s. Follow its link to confirm the address.")
    messages.info(request, sentence % {"address": address})
    return see("accounts:profile")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def email_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the link does; only the button does it, so that no mail scanner can."""
    try:
        if request.method != "POST":
            confirmation = read_confirmation(token=token)
            return render(request, "accounts/email_confirm.html", {"confirmation": confirmation})
        confirmation = confirm_email(token=token)
    except ConfirmationError as error:
        return render(request, "accounts/email_confirm.html", {"trouble": str(error)}, status=410)
    sentence = _("%(address)s is confirmed as the address of your account.")
    messages.success(request, sentence % {"address": confirmation.address})
    return see("accounts:profile")
