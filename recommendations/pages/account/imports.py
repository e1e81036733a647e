"""Ratings from a file: choosing it, looking at what it would bring, and bringing it in."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from recommendations.pages.account.forms import AccountForm
from recommendations.pages.account.ways import form_page, see
from recommendations.services.imports import MOST_BYTES, ImportFileError, apply_import, preview_import
from recommendations.services.merging import MergedRatings

DECISION = "film-"


class ImportForm(AccountForm):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.data,text/csv,text/plain"}),
        help_text=gettext_lazy("At most 5 MB and 20,000 lines."),
        error_messages={
            "required": gettext_lazy("CSV file: none was chosen. Choose the file of your export."),
            "empty": gettext_lazy(
                "CSV file: it is empty. Export your ratings again and choose the new file."
            ),
            "invalid": gettext_lazy("CSV file: none was sent. Choose it again."),
        },
    )

    def clean_file(self) -> bytes:
        """The content, if it is not too long."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(
                gettext_lazy(
                    "CSV file: it is larger than 5 MB. Split it and import one part after the other."
                )
            )
        return file.read()


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Choose a file; the answer is the preview, and nothing is changed yet."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if not form.is_valid():
        return form_page(request, "import", form)
    try:
        preview = preview_import(user=request.user, content=form.cleaned_data["file"])
    except ImportFileError as error:
        form.add_error("file", str(error))
        return form_page(request, "import", form)
    return render(request, "accounts/import_preview.html", {"preview": preview, "decision": DECISION})


@require_POST
@never_cache
@login_required
def apply(request: HttpRequest) -> HttpResponse:
    """Bring in what the preview showed, with what was decided."""
    decisions = {
        name.removeprefix(DECISION): int(value)
        for name, value in request.POST.items()
        if name.startswith(DECISION) and value.isascii() and value.isdigit() and len(value) < 10
    }
    try:
        outcome = apply_import(user=request.user, token=request.POST.get("token", ""), decisions=decisions)
    except ImportFileError as error:
        messages.error(request, str(error))
        return see("accounts:import")
    messages.success(request, _tell(outcome.ratings))
    return see("accounts:ratings")


def _tell(merged: MergedRatings) -> str:
    brought = merged.added + merged.changed
    if not brought:
        return _("Every rating of the file is in your account already; nothing was changed.")
    sentence = ngettext(
        "%(number)s rating is imported; your list follows it already.",
        "%(number)s ratings are imported; your list follows them already.",
        brought,
    )
    return sentence % {"number": brought}
