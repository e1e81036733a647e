"""Taking everything along, and deleting it."""

from __future__ import annotations

import json

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import user_of
from recommendations.pages.account.forms import DeletionForm
from recommendations.pages.account.ways import form_page, see
from recommendations.selectors.viewers import counts_of_user
from recommendations.services.account.deletion import LastAdministratorError, delete_account
from recommendations.services.account.export import (
    export_account,
    export_archive,
    export_letterboxd,
    export_ratings_csv,
)


def _download(content: str | bytes, kind: str, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    name = f"movierec-{timezone.localdate():%Y-%m-%d}{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@never_cache
@login_required
@require_safe
def export_json(request: HttpRequest) -> HttpResponse:
    """Everything as one JSON file."""
    text = json.dumps(export_account(user=user_of(request)), ensure_ascii=False, indent=2)
    return _download(text, "application/json; charset=utf-8", ".json")


@never_cache
@login_required
@require_safe
def export_csv(request: HttpRequest) -> HttpResponse:
    """The ratings as CSV, which the import reads again."""
    return _download(export_ratings_csv(user=user_of(request)), "text/csv; charset=utf-8", "-ratings.csv")


@never_cache
@login_required
@require_safe
def export_zip(request: HttpRequest) -> HttpResponse:
    """Everything as CSV files."""
    return _download(export_archive(user=user_of(request)), "application/zip", "-csv.zip")


@never_cache
@login_required
@require_safe
def export_for_letterboxd(request: HttpRequest) -> HttpResponse:
    """Diary, ratings and lists in the layout that Letterboxd's import reads."""
    return _download(export_letterboxd(user=user_of(request)), "application/zip", "-letterboxd.zip")


@sensitive_post_parameters("current_password")
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Delete the account, once the password has proved whose it is."""
    form = DeletionForm(
        request.POST if request.method == "POST" else None, user=user_of(request), request=request
    )
    if form.is_valid():
        try:
            delete_account(user=user_of(request))
        except LastAdministratorError as error:
            form.add_error(None, str(error))
        else:
            logout(request)
            messages.info(request, _("Your account and everything in it is deleted."))
            return see("pages:home")
    return form_page(request, "delete", form, counts=counts_of_user(user=user_of(request)))
