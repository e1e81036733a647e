"""The dials of the list as a form. Each message names the dial and the way out."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy

from recommendations.pages.forms import WholeNumberField, _QuotesValue
from recommendations.pages.labels import decade_label, genre_label
from recommendations.ranking.dials import Dials

WISHES = (
    ("1.0", gettext_lazy("much more")),
    ("0.5", gettext_lazy("more")),
    ("0.0", gettext_lazy("as it is")),
    ("-0.5", gettext_lazy("less")),
    ("-1.0", gettext_lazy("much less")),
)
FIRST_DECADE, LAST_DECADE = 1880, 2090


class DialField(_QuotesValue, forms.FloatField):
    """A number in a range; empty is neutral."""

    def __init__(self, *, label: Any, low: float, high: float, widget: forms.Widget | None = None) -> None:
        sentence = gettext_lazy("Dial “%(dial)s”: “%(value)s” does not fit; choose from %(low)s to %(high)s.")
        super().__init__(
            label=label,
            required=False,
            min_value=low,
            max_value=high,
            widget=widget or forms.NumberInput(attrs={"type": "range", "step": "0.25"}),
            error_messages={"invalid": sentence, "min_value": sentence, "max_value": sentence},
        )
        self.low, self.high = low, high

    def clean(self, value: Any) -> float:
        try:
            number = super().clean(value)
        except ValidationError as error:
            for single in error.error_list:
                named = {"dial": self.label, "low": f"{self.low:g}", "high": f"{self.high:g}"}
                single.params = {**(single.params or {}), **named}
            raise
        return number or 0.0


class WishField(DialField):
    """More or less of a genre, in halves."""

    def __init__(self, genre: str) -> None:
        select = forms.Select(choices=WISHES)
        super().__init__(label=capfirst(genre_label(genre)), low=-1, high=1, widget=select)

    def clean(self, value: Any) -> float:
        return round(2 * super().clean(value)) / 2


class DialsForm(forms.Form):
    """Every dial; neutral ones change nothing."""

    use_required_attribute = False
    discovery = DialField(label=gettext_lazy("Well known or little known"), low=-1, high=1)
    diversity = DialField(label=gettext_lazy("Variety"), low=0, high=1)
    decade = WholeNumberField(
        label=gettext_lazy("Decade"),
        required=False,
        min_value=FIRST_DECADE,
        max_value=LAST_DECADE,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            gettext_lazy("Dial “Decade”: “%(value)s” does not fit; choose one of the list, such as 1980."),
        ),
    )

    def __init__(
        self,
        *args: Any,
        genres: tuple[str, ...],
        decades: tuple[int, ...] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **{"auto_id": "dial_%s", **kwargs})
        names = [("", gettext_lazy("any")), *((str(decade), decade_label(decade)) for decade in decades)]
        self.fields["decade"].widget = forms.Select(choices=names)
        self._genres = tuple(genre for genre in genres if genre != "unknown")
        for genre in sorted(self._genres, key=lambda name: genre_label(name).casefold()):
            self.fields[f"genre-{genre}"] = WishField(genre)

    @classmethod
    def showing(cls, dials: Dials, *, decades: tuple[int, ...], genres: tuple[str, ...]) -> DialsForm:
        """The form as ``dials`` stand."""
        initial: dict[str, Any] = {f"genre-{genre}": float(value) for genre, value in dials.genres.items()}
        initial |= {"discovery": dials.discovery, "diversity": dials.diversity, "decade": dials.decade or ""}
        form = cls(initial=initial, decades=decades, genres=genres)
        form.initial = {f"genre-{genre}": 0.0 for genre in form._genres} | initial
        return form

    def clean_decade(self) -> int | None:
        """The first year of a decade."""
        decade = self.cleaned_data["decade"]
        if decade is not None and decade % 10:
            message = self.fields["decade"].error_messages["invalid"]
            raise ValidationError(message, "invalid", {"value": decade})
        return decade

    def to_dials(self) -> Dials:
        """The dials of a valid form."""
        values = self.cleaned_data
        wishes = {genre: values[f"genre-{genre}"] for genre in self._genres}
        return Dials(
            genres={genre: wish for genre, wish in wishes.items() if wish},
            discovery=values["discovery"],
            decade=values["decade"],
            diversity=values["diversity"],
        )

    @property
    def genre_fields(self) -> list[forms.BoundField]:
        """The dials of the genres, sorted by their names in the active language."""
        return [self[name] for name in self.fields if name.startswith("genre-")]


def turned(dials: Dials) -> int:
    """How many dials are not neutral."""
    others = (dials.discovery, dials.diversity, dials.decade)
    return sum(1 for value in (*dials.genres.values(), *others) if value)


def dials_markup(dials: Dials, *, decades: tuple[int, ...], genres: tuple[str, ...]) -> SafeString:
    """The fields of the form as ``dials`` stand, in the active language.

    Twenty selects are the dearest part of the page of the list, and nearly everybody's stand alike: they are kept.
    """
    wishes = tuple(sorted(dials.genres.items()))
    return _dials_markup(
        wishes, dials.discovery, dials.decade, dials.diversity, decades, genres, get_language()
    )


@lru_cache(maxsize=256)
def _dials_markup(
    wishes: tuple[tuple[str, float], ...],
    discovery: float,
    decade: int | None,
    diversity: float,
    decades: tuple[int, ...],
    genres: tuple[str, ...],
    _language: str | None,
) -> SafeString:
    dials = Dials(genres=dict(wishes), discovery=discovery, decade=decade, diversity=diversity)
    return render_to_string(
        "pages/_dials.html", {"dials_form": DialsForm.showing(dials, decades=decades, genres=genres)}
    )
