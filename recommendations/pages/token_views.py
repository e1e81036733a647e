"""The page “API access”: make a token, see it once, revoke it."""

from __future__ import annotations

from datetime import timedelta
from typing import cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import ApiToken, User
from accounts.roles import may_operate, user_of
from recommendations.services.account.tokens import (
    FOR_SERVICES,
    TooManyTokensError,
    create_token,
    revoke_token,
    tokens_of,
)

LIFETIMES = (7, 30, 90, 365)


class TokenForm(forms.Form):
    """What the token is for, what it may do, and for how long."""

    use_required_attribute = False  # our messages are translated, the browser's speak its own language
    error_css_class = "has-error"

    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("A name for your own list, such as “my script”."),
        error_messages={
            "required": gettext_lazy("What it is for: nothing was typed. Type a name such as “my script”."),
            "max_length": gettext_lazy("What it is for: use at most %(limit_value)s characters."),
        },
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"),
        choices=ApiToken.Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[ApiToken.Scope.READ],
        error_messages={"required": gettext_lazy("What it may do: choose at least one.")},
    )
    service = forms.CharField(
        label=gettext_lazy("For the people of another site: its name"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "Tokens for the same name speak for the same people. If it is empty, the name of the token counts."
        ),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("How long it works"),
        coerce=int,
        choices=lambda: [(days, _("%(days)s days") % {"days": days}) for days in LIFETIMES],
        initial=30,
    )

    def __init__(self, data: QueryDict | None = None, *, user: User) -> None:
        super().__init__(data, auto_id="token_%s")
        unfit = set() if may_operate(user) else {ApiToken.Scope.OPERATE.value}
        if not user.has_perm("recommendations.add_serviceperson"):
            unfit |= {scope.value for scope in FOR_SERVICES}
            del self.fields["service"]
        own = [choice for choice in ApiToken.Scope.choices if choice[0] not in unfit]
        cast(forms.MultipleChoiceField, self.fields["scopes"]).choices = own


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def api_access(request: HttpRequest) -> HttpResponse:
    """The person's tokens, and a form for another one. A token that was just made is in the answer, nowhere else."""
    form = TokenForm(request.POST if request.method == "POST" else None, user=user_of(request))
    made, status = None, 200
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            _token, made = create_token(
                user=user_of(request),
                name=values["name"],
                scopes=values["scopes"],
                lifetime=timedelta(days=values["days"]),
                service=values.get("service", ""),
            )
            form = TokenForm(user=user_of(request))
        except TooManyTokensError as error:
            form.add_error(None, str(error))
    if form.errors:
        status = 400
    tokens = [
        (token, [ApiToken.Scope(scope).label for scope in token.scopes])
        for token in tokens_of(user=user_of(request))
    ]
    context = {"form": form, "made": made, "tokens": tokens}
    return render(request, "accounts/api_access.html", context, status=status)


@login_required
@require_POST
def revoke(request: HttpRequest, reference: UUID) -> HttpResponse:
    """End a token; one that is gone already is as well."""
    revoke_token(user=user_of(request), reference=reference)
    messages.success(request, _("The token is revoked. Whoever used it is signed out."))
    return redirect("pages:api_access")
