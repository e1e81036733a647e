"""Any table: what its columns mean, chosen beside the first ten rows."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.roles import user_of
from recommendations.errors import ConflictError
from recommendations.models import Import
from recommendations.pages.account.forms import AccountForm
from recommendations.pages.account.ways import form_page, see
from recommendations.ranking.titles import fold_title
from recommendations.services.imports import ImportFileError, TooLongError, preview_import, waiting
from recommendations.services.imports.archives import is_archive
from recommendations.services.imports.decoding import decode
from recommendations.services.imports.tables import read_tables

ROWS_SHOWN, COLUMNS_SHOWN, LONGEST_CELL = 10, 30, 60
# Words of headers, in several languages, for what is chosen already.
_WORDS = {
    "title": ("title", "name", "film", "movie", "titre", "titel", "titulo", "titolo", "tytul", "标题"),
    "original": ("original", "originaltitel", "originale"),
    "year": ("year", "annee", "jahr", "ano", "anno", "rok", "release"),
    "rating": ("rating", "stars", "score", "note", "vote", "wertung", "nota", "voto", "ocena"),
    "moment": ("date", "datum", "fecha", "data", "watched", "seen", "vu"),
    "imdb": ("imdb", "const", "tconst"),
    "tmdb": ("tmdb",),
}
_TOPS = ((5, "5"), (10, "10"), (20, "20"), (100, "100"))


class ColumnsForm(AccountForm):
    """Which column is what, and what the rows are."""

    title = forms.ChoiceField(
        label=gettext_lazy("Title"),
        error_messages={"required": gettext_lazy("Title: choose the column with the titles of the films.")},
    )
    year = forms.ChoiceField(label=gettext_lazy("Year"), required=False)
    original = forms.ChoiceField(label=gettext_lazy("Original title"), required=False)
    rating = forms.ChoiceField(label=gettext_lazy("Rating"), required=False)
    top = forms.TypedChoiceField(
        label=gettext_lazy("Best rating"),
        choices=_TOPS,
        coerce=int,
        initial=5,
        required=False,
        empty_value="5",
    )
    moment = forms.ChoiceField(label=gettext_lazy("Day"), required=False)
    imdb = forms.ChoiceField(label=gettext_lazy("IMDb number"), required=False)
    tmdb = forms.ChoiceField(label=gettext_lazy("TMDB number"), required=False)
    use = forms.ChoiceField(
        label=gettext_lazy("Films of this table"),
        required=False,
        choices=(
            ("", gettext_lazy("have a rating each")),
            ("seen", gettext_lazy("were seen")),
            ("watchlist", gettext_lazy("are to be seen (watchlist)")),
            ("like", gettext_lazy("are liked")),
            ("list", gettext_lazy("are a list")),
        ),
    )

    def __init__(self, *args: Any, columns: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", gettext_lazy("none")), *((column, column) for column in columns)]
        for name in _WORDS:
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
            field.initial = _guess(name, columns)

    def clean(self) -> dict[str, Any]:
        """Refuse a table of ratings without a column for them."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("use") and not cleaned.get("rating") and "rating" in cleaned:
            self.add_error(
                "rating", _("Rating: choose the column with the ratings, or say below what the films are.")
            )
        return cleaned

    @property
    def chosen(self) -> dict[str, Any]:
        """What was said, as :class:`recommendations.services.imports.waiting.ChosenColumns` takes it."""
        return self.cleaned_data | {"top": int(self.cleaned_data["top"])}


def _guess(name: str, columns: list[str]) -> str:
    """The first column whose header says so, whole words first."""
    folded = {column: fold_title(column.replace("_", " ")).split() for column in columns}
    for word in _WORDS[name]:
        for column, words in folded.items():
            if word in words and not (name == "title" and "original" in words):
                return column
    return ""


def ask_for_columns(request: HttpRequest, content: bytes, name: str, sentence: str) -> HttpResponse | None:
    """The page that asks, for a file that looks like a table; ``None`` if it does not."""
    if is_archive(content) or not _rows_of(content)[1]:
        return None
    kept = waiting.keep_table(user=user_of(request), content=content, name=name)
    answer = _page(request, kept, sentence=sentence)
    answer.status_code = 400
    return answer


def _rows_of(content: bytes) -> tuple[list[str], list[list[str]]]:
    """The columns of a table and its first rows, as they are shown; none if it is no table."""
    try:
        table = read_tables(decode(content).text)[0]
        rows = [row for _line, row in islice(table.rows, ROWS_SHOWN)]
    except ImportFileError:
        return [], []
    columns = list(dict.fromkeys(column[:LONGEST_CELL] for column in table.columns if column))[:COLUMNS_SHOWN]
    if not columns or columns[0].startswith("<"):
        return [], []
    return columns, [[cell.strip()[:LONGEST_CELL] for cell in row[:COLUMNS_SHOWN]] for row in rows]


def _page(
    request: HttpRequest, kept: Import, form: ColumnsForm | None = None, sentence: str = ""
) -> HttpResponse:
    columns, rows = _rows_of(waiting.content_of(waiting=kept))
    if form is None:
        form = ColumnsForm(columns=columns)
    context = {"kept": kept, "columns": columns, "rows": rows, "sentence": sentence}
    return form_page(request, "import_columns", form, **context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_columns(request: HttpRequest, number: int) -> HttpResponse:
    """What the columns mean; the answer to it is the preview."""
    kept = Import.objects.filter(user=user_of(request), pk=number, state=Import.State.COLUMNS).first()
    if kept is None:
        messages.info(request, _("This file was brought in or left already."))
        return see("accounts:import")
    if request.method != "POST":
        return _page(request, kept)
    content = waiting.content_of(waiting=kept)
    form = ColumnsForm(request.POST, columns=_rows_of(content)[0])
    if not form.is_valid():
        return _page(request, kept, form)
    chosen = waiting.ChosenColumns(**form.chosen)
    try:
        preview = preview_import(
            user=user_of(request), content=content, name=kept.name, chosen=chosen.to_format()
        )
    except TooLongError:
        try:
            queued = waiting.queue_import(
                user=user_of(request), content=content, name=kept.name, columns=form.chosen
            )
        except ConflictError as error:
            form.add_error(None, str(error))
            return _page(request, kept, form)
        return HttpResponseRedirect(reverse("accounts:import_waiting", args=[queued.pk]), status=303)
    except ImportFileError as error:
        form.add_error(None, str(error))
        return _page(request, kept, form)
    context = {"preview": preview, "decision": "film-", "columns_of": kept}
    return render(request, "accounts/import_preview.html", context)
