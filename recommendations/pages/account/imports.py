"""Ratings from a file: choosing it, looking at what it would bring, and bringing it in."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import user_of
from recommendations.pages.account.forms import AccountForm
from recommendations.pages.account.ways import form_page, see
from recommendations.services.imports import (
    MOST_BYTES,
    ImportFileError,
    ImportOutcome,
    apply_import,
    preview_import,
)
from recommendations.web import limits

DECISION = "film-"


class ImportForm(AccountForm):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        widget=forms.FileInput(
            attrs={"accept": ".csv,.tsv,.txt,.data,.json,text/csv,text/plain,application/json"}
        ),
        help_text=gettext_lazy("At most 5 MB and 20,000 lines."),
        error_messages={
            "required": gettext_lazy("CSV file: none was chosen. Choose the file of your export."),
            "empty": gettext_lazy(
                "CSV file: it is empty. Export your ratings again and choose the new file."
            ),
            "invalid": gettext_lazy("CSV file: none was sent. Choose it again."),
        },
    )

    def clean_file(self) -> UploadedFile:
        """The file, if it is not too long."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(
                gettext_lazy(
                    "CSV file: it is larger than 5 MB. Split it and import one part after the other."
                )
            )
        return file


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Choose a file; the answer is the preview, and nothing is changed yet."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if not form.is_valid():
        return form_page(request, "import", form)
    wait = limits.count("import-person", request.user.pk)
    if wait:
        sentence = _(
            "You have looked at many files within an hour. Choose the file again in %(minutes)s minutes."
        )
        form.add_error("file", sentence % {"minutes": -(-wait // 60)})
        answer = form_page(request, "import", form)
        answer.status_code, answer.headers["Retry-After"] = 429, str(wait)
        return answer
    file = form.cleaned_data["file"]
    try:
        preview = preview_import(user=user_of(request), content=file.read(), name=file.name)
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
        if name.startswith(DECISION)
        and isinstance(value, str)
        and value.isascii()
        and value.isdigit()
        and len(value) < 10
    }
    try:
        outcome = apply_import(
            user=user_of(request), token=request.POST.get("token", ""), decisions=decisions
        )
    except ImportFileError as error:
        messages.error(request, str(error))
        return see("accounts:import")
    for sentence in _tell(outcome):
        messages.success(request, sentence)
    return see("accounts:watchlist" if outcome.listed and not _brought(outcome) else "accounts:ratings")


def _tell(outcome: ImportOutcome) -> Iterator[str]:
    brought = _brought(outcome)
    if brought:
        sentence = ngettext(
            "%(number)s rating is imported; your list follows it already.",
            "%(number)s ratings are imported; your list follows them already.",
            brought,
        )
        yield sentence % {"number": brought}
    if outcome.listed:
        sentence = ngettext(
            "%(number)s film is on your watchlist now.",
            "%(number)s films are on your watchlist now.",
            outcome.listed,
        )
        yield sentence % {"number": outcome.listed}
    if not brought and not outcome.listed:
        yield _("The file held nothing new for your account; nothing was changed.")


def _brought(outcome: ImportOutcome) -> int:
    return outcome.ratings.added + outcome.ratings.changed
