"""Films that came after training: a form to put, change and withdraw them, and how much of a list they may have."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import user_of
from recommendations.admin.read_only import PlainListAdmin
from recommendations.models import NewFilm, NewFilmsState
from recommendations.pages.labels import genre_label
from recommendations.selectors.lists.champion import champion_data
from recommendations.services.new_films import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    LONGEST_NAME,
    LONGEST_OVERVIEW,
    LONGEST_TITLE,
    MOST_NAMES,
    FilmConflictError,
    NewFilmFacts,
    put_films,
    refuse_what_is_there,
    set_exposure,
    withdraw_film,
)

_EACH_LINE = gettext_lazy("One per line.")
_LABELS = {
    "title": gettext_lazy("Title"),
    "year": gettext_lazy("Year"),
    "genres": gettext_lazy("Genres"),
    "overview": gettext_lazy("Overview"),
    "directors": gettext_lazy("Directors"),
    "cast": gettext_lazy("Cast"),
    "tags": gettext_lazy("Keywords"),
    "imdb_id": gettext_lazy("IMDb number"),
    "tmdb_id": gettext_lazy("TMDB number"),
}


class NamesField(forms.CharField):
    """Names, one per line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_EACH_LINE,
            max_length=MOST_NAMES * (LONGEST_NAME + 2),
            **kwargs,
        )

    def clean(self, value: Any) -> tuple[str, ...]:
        """Each name once, without empty lines."""
        lines = (line.strip() for line in super().clean(value).splitlines())
        names = tuple(dict.fromkeys(line for line in lines if line))
        if len(names) > MOST_NAMES or any(len(name) > LONGEST_NAME for name in names):
            raise forms.ValidationError(
                _("At most %(most)s lines of at most %(longest)s characters.")
                % {"most": MOST_NAMES, "longest": LONGEST_NAME}
            )
        return names

    def prepare_value(self, value: Any) -> Any:
        """A list as lines."""
        return "\n".join(value) if isinstance(value, (list, tuple)) else value


class NewFilmForm(forms.ModelForm):
    """What is known of a film; what is left empty is unknown."""

    title = forms.CharField(label=_LABELS["title"], max_length=LONGEST_TITLE)
    year = forms.IntegerField(
        label=_LABELS["year"], required=False, min_value=EARLIEST_YEAR, max_value=LATEST_YEAR
    )
    genres = forms.MultipleChoiceField(
        label=_LABELS["genres"], required=False, widget=forms.CheckboxSelectMultiple
    )
    overview = forms.CharField(
        label=_LABELS["overview"],
        required=False,
        max_length=LONGEST_OVERVIEW,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    directors = NamesField(label=_LABELS["directors"])
    cast = NamesField(label=_LABELS["cast"])
    tags = NamesField(label=_LABELS["tags"])
    imdb_id = forms.RegexField(
        r"^tt[0-9]{7,10}$",
        label=_LABELS["imdb_id"],
        required=False,
        help_text=gettext_lazy("“tt” and at least seven digits."),
    )
    tmdb_id = forms.IntegerField(label=_LABELS["tmdb_id"], required=False, min_value=1, max_value=2**31 - 1)

    class Meta:
        model = NewFilm
        fields = ("key",)
        help_texts = {
            "key": gettext_lazy("Your own key for the film; it stays as it is. Without “/”."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        if instance is not None:
            kwargs["initial"] = {**instance.facts, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        genres = [name for name in champion_data().genres if name != "unknown"]
        self.fields["genres"].choices = [(name, genre_label(name)) for name in genres]  # type: ignore[attr-defined]

    def clean_key(self) -> str:
        """A key has to fit into an address."""
        key: str = self.cleaned_data["key"]
        if "/" in key or key in (".", ".."):
            raise forms.ValidationError(_("The key has a “/”; choose one without."))
        return key

    def clean(self) -> dict[str, Any]:
        """Refuse a film that the catalogue has already."""
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                refuse_what_is_there(self.key, self.facts)
            except FilmConflictError as error:
                raise forms.ValidationError(str(error)) from error
        return cleaned

    @property
    def key(self) -> str:
        """The key as typed, or that of the film that is changed."""
        return str(self.cleaned_data.get("key") or self.instance.key)

    @property
    def facts(self) -> NewFilmFacts:
        """What the service takes."""
        values = {name: self.cleaned_data[name] for name in _LABELS}
        return NewFilmFacts(**{**values, "genres": tuple(values["genres"])})


@admin.register(NewFilm)
class NewFilmAdmin(PlainListAdmin):
    """Adding, changing and withdrawing go through the service, which also writes them down."""

    form = NewFilmForm
    actions: Any = None
    list_display = ("__str__", "key", "created_at", "changed_at", "withdrawn_at", "by")
    list_filter = (("withdrawn_at", admin.EmptyFieldListFilter),)
    search_fields = ("key", "movie__title")
    list_select_related = ("by",)

    def get_fields(self, request: HttpRequest, obj: NewFilm | None = None) -> tuple[str, ...]:
        if obj is None or self.has_change_permission(request, obj):
            return ("key", *_LABELS)
        return ("key", "known", "created_at", "changed_at", "withdrawn_at", "by")

    def get_readonly_fields(self, request: HttpRequest, obj: NewFilm | None = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        return ("key",) if self.has_change_permission(request, obj) else self.get_fields(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: NewFilm | None = None) -> bool:
        there = obj is None or obj.withdrawn_at is None
        return there and super().has_delete_permission(request, obj)

    @admin.display(description=gettext_lazy("what is known of it"))
    def known(self, film: NewFilm) -> str:
        """Every fact that is known, one per line."""
        lines = [(label, film.facts.get(name)) for name, label in _LABELS.items() if film.facts.get(name)]
        return format_html_join(
            "",
            "<div>{}: {}</div>",
            ((label, ", ".join(value) if isinstance(value, list) else value) for label, value in lines),
        )

    def save_model(self, request: HttpRequest, obj: NewFilm, form: Any, change: bool) -> None:
        [(film, _made)] = put_films(films=[(form.key, form.facts)], by=user_of(request))
        obj.pk, obj.facts = film.pk, film.facts

    def delete_model(self, request: HttpRequest, obj: NewFilm) -> None:
        withdraw_film(key=obj.key, by=user_of(request))

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> None:  # type: ignore[override]
        """The service has written it down."""

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> None:  # type: ignore[override]
        """The service has written it down."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:  # type: ignore[override]
        """The service has written it down."""


@admin.register(NewFilmsState)
class ExposureAdmin(PlainListAdmin):
    """One row, which is always there."""

    actions: Any = None
    fields = ("share",)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        return HttpResponseRedirect(reverse("admin:recommendations_newfilmsstate_change", args=[1]))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> NewFilmsState | None:
        """The row, also before anything was changed."""
        return NewFilmsState.now() if object_id == "1" else None

    def save_model(self, request: HttpRequest, obj: NewFilmsState, form: Any, change: bool) -> None:
        set_exposure(share=obj.share, by=user_of(request))

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> None:  # type: ignore[override]
        """The service has written it down."""
