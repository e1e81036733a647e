"""Films from a file: choosing it, looking at what it would bring, bringing it in, and taking the whole of it back."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import user_of
from recommendations.errors import ConflictError, MovierecError
from recommendations.models import Import
from recommendations.pages.account.forms import AccountForm
from recommendations.pages.account.import_columns import ask_for_columns
from recommendations.pages.account.ways import form_page, see
from recommendations.services.imports import (
    MOST_BYTES_OF_JOBS,
    ImportFileError,
    ImportOutcome,
    TooLongError,
    UnknownColumnsError,
    apply_import,
    preview_import,
    undo_import,
    waiting,
)
from recommendations.web import limits

DECISION = "film-"
IMPORTS_SHOWN = 50
_ENDINGS = ".csv,.tsv,.txt,.data,.json,.xml,.zip"
_TYPES = "text/csv,text/plain,application/json,application/xml,application/zip"


class ImportForm(AccountForm):
    """The form that takes an export of another service."""

    file = forms.FileField(
        label=gettext_lazy("File of your export"),
        widget=forms.FileInput(attrs={"accept": f"{_ENDINGS},{_TYPES}"}),
        help_text=gettext_lazy(
            "A zip archive as it came, or a CSV, JSON or XML file; at most 25 MB. With more than 20,000 lines it takes"
            " a minute."
        ),
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
        if file.size > MOST_BYTES_OF_JOBS:
            raise ValidationError(
                gettext_lazy("It is larger than 25 MB. Split it and import one part after the other.")
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
    wait = limits.count("import-person", user_of(request).pk)
    if wait:
        sentence = _(
            "You have looked at many files within an hour. Choose the file again in %(minutes)s minutes."
        )
        form.add_error("file", sentence % {"minutes": -(-wait // 60)})
        answer = form_page(request, "import", form)
        answer.status_code, answer.headers["Retry-After"] = 429, str(wait)
        return answer
    file = form.cleaned_data["file"]
    content = file.read()
    try:
        preview = preview_import(user=user_of(request), content=content, name=file.name)
    except TooLongError:
        return _queue(request, form, content, file.name)
    except UnknownColumnsError as error:
        return ask_for_columns(request, content, file.name, str(error)) or _refused(request, form, error)
    except ImportFileError as error:
        return _refused(request, form, error)
    return render(request, "accounts/import_preview.html", {"preview": preview, "decision": DECISION})


def _refused(request: HttpRequest, form: ImportForm, error: MovierecError) -> HttpResponse:
    form.add_error("file", str(error))
    return form_page(request, "import", form)


def _queue(request: HttpRequest, form: ImportForm, content: bytes, name: str) -> HttpResponse:
    try:
        queued = waiting.queue_import(user=user_of(request), content=content, name=name)
    except ConflictError as error:
        return _refused(request, form, error)
    return see_import(queued.pk)


def see_import(number: int) -> HttpResponseRedirect:
    """Go on to the page of one import."""
    return HttpResponseRedirect(reverse("accounts:import_waiting", args=[number]), status=303)


@never_cache
@login_required
@require_safe
def wait(request: HttpRequest, number: int) -> HttpResponse:
    """How far the reading of a long file is, and then what it would bring."""
    found = Import.objects.filter(user=user_of(request), pk=number).first()
    if found is None:
        messages.info(request, _("This file was brought in or left already."))
        return see("accounts:imports")
    if found.state in (Import.State.DONE, Import.State.UNDONE, Import.State.COLUMNS):
        return see("accounts:imports")
    if found.state == Import.State.READY:
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        context = {"preview": found.preview, "decision": DECISION, "waiting": found}
        return render(request, "accounts/import_preview.html", context)
    template = "_import_progress" if request.headers.get("HX-Request") else "import_waiting"
    return render(request, f"accounts/{template}.html", {"waiting": found})


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
    kept = request.POST.get("waiting", "")
    try:
        if kept.isascii() and kept.isdigit() and len(kept) < 10:
            outcome = waiting.apply_waiting(user=user_of(request), number=int(kept), decisions=decisions)
        else:
            token = request.POST.get("token", "")
            outcome = apply_import(user=user_of(request), token=token, decisions=decisions)
    except MovierecError as error:
        messages.error(request, str(error))
        return see("accounts:import")
    for sentence in _tell(outcome):
        messages.success(request, sentence)
    return see(_place_of(outcome))


def _place_of(outcome: ImportOutcome) -> str:
    """Where what was brought in is to be seen."""
    if _brought(outcome):
        return "accounts:ratings"
    if outcome.listed:
        return "accounts:watchlist"
    return "accounts:imports" if outcome.number else "accounts:ratings"


def _tell(outcome: ImportOutcome) -> Iterator[str]:
    brought = _brought(outcome)
    sentences = (
        ngettext(
            "%(number)s rating is imported; your list follows it already.",
            "%(number)s ratings are imported; your list follows them already.",
            brought,
        ),
        ngettext(
            "%(number)s film is on your watchlist now.",
            "%(number)s films are on your watchlist now.",
            outcome.listed,
        ),
        ngettext(
            "%(number)s entry is new in your diary.",
            "%(number)s entries are new in your diary.",
            outcome.seen,
        ),
        ngettext(
            "%(number)s film is new among your likes.",
            "%(number)s films are new among your likes.",
            outcome.liked,
        ),
        ngettext(
            "%(number)s film is new in your lists.",
            "%(number)s films are new in your lists.",
            outcome.in_lists,
        ),
    )
    numbers = (brought, outcome.listed, outcome.seen, outcome.liked, outcome.in_lists)
    yield from (
        sentence % {"number": number} for sentence, number in zip(sentences, numbers, strict=True) if number
    )
    if outcome.number is None:
        yield _("The file held nothing new for your account; nothing was changed.")
    else:
        yield _("The whole import can be taken back under “Imports” in your account.")


def _brought(outcome: ImportOutcome) -> int:
    return outcome.ratings.added + outcome.ratings.changed


@never_cache
@login_required
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """Everything that was brought in, newest first, each with a button that takes it back."""
    found = Import.objects.filter(user=user_of(request)).defer("content", "preview", "undo")[:IMPORTS_SHOWN]
    return render(request, "accounts/imports.html", {"imports": found})


@require_POST
@never_cache
@login_required
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take everything back that one import brought."""
    try:
        outcome = undo_import(user=user_of(request), number=number)
    except MovierecError as error:
        messages.error(request, str(error))
        return see("accounts:imports")
    messages.success(request, _("The import is taken back; everything is as it was before."))
    if outcome.kept:
        sentence = ngettext(
            "%(number)s rating stays because you have changed it since.",
            "%(number)s ratings stay because you have changed them since.",
            outcome.kept,
        )
        messages.info(request, sentence % {"number": outcome.kept})
    return see("accounts:imports")


@require_POST
@never_cache
@login_required
def leave(request: HttpRequest, number: int) -> HttpResponse:
    """Forget a file that was not brought in."""
    if waiting.leave_import(user=user_of(request), number=number):
        messages.info(request, _("The file is forgotten; nothing was changed."))
    return see("accounts:import")
