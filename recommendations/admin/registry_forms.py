"""The forms of the model registry: promote, roll back, and one person's list from two versions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.models import ModelVersion
from recommendations.pages.labels import gender_label, occupation_label
from recommendations.ranking.demographics import MAX_AGE, MIN_AGE, Demographics
from recommendations.selectors.lists.champion import champion_data
from recommendations.selectors.lists.person import Person
from recommendations.services.registry.publishing import LONGEST_REASON


class SwitchForm(forms.Form):
    """Why the champion is switched, and the override that a refused version needs.

    ``champion`` is the one that the operator saw when deciding.
    """

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60, "class": "vLargeTextField"}),
        help_text=gettext_lazy("Kept with the promotion, and in the audit log."),
        error_messages={"required": gettext_lazy("Say why: the reason is kept with the promotion.")},
    )
    champion = forms.CharField(required=False, widget=forms.HiddenInput)
    override = forms.BooleanField(
        label=gettext_lazy("Promote it although the gate refuses it"),
        required=False,
        help_text=gettext_lazy("Your name and your reason are kept with it."),
    )

    def __init__(self, *args: Any, refused: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not refused:
            del self.fields["override"]


class TwoListsForm(forms.Form):
    """Two versions, and a person of the data or a newcomer."""

    before = forms.ModelChoiceField(
        label=gettext_lazy("Before"), queryset=ModelVersion.objects.none(), to_field_name="version"
    )
    after = forms.ModelChoiceField(
        label=gettext_lazy("After"), queryset=ModelVersion.objects.none(), to_field_name="version"
    )
    user = forms.IntegerField(
        label=gettext_lazy("Person of the data"),
        min_value=1,
        required=False,
        help_text=gettext_lazy("Empty for a newcomer."),
    )
    age = forms.IntegerField(label=gettext_lazy("Age"), min_value=MIN_AGE, max_value=MAX_AGE, required=False)
    gender = forms.ChoiceField(label=gettext_lazy("Gender"), required=False)
    occupation = forms.ChoiceField(label=gettext_lazy("Occupation"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = ModelVersion.objects.filter(pruned_at=None)
        for name in ("before", "after"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = versions
            field.label_from_instance = lambda row: f"{row.version} ({row.get_state_display()})"  # type: ignore[method-assign,assignment]  # as Django's docs do
        data = champion_data()
        for name, values in (("gender", data.genders), ("occupation", data.occupations)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            labelled = sorted((capfirst(self._label(name, value)), value) for value in values)
            field.choices = [("", _("not told")), *((value, label) for label, value in labelled)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        newcomer = [cleaned.get(name) for name in ("age", "gender", "occupation")]
        if cleaned.get("user") and any(newcomer):
            raise ValidationError(
                _("Give either the number of a person of the data, or what a newcomer tells; not both.")
            )
        return cleaned

    def person(self) -> Person:
        """Whom the lists are for."""
        given = self.cleaned_data
        if given["user"]:
            return Person(movielens_user=given["user"])
        return Person(
            demographics=Demographics(given["age"], given["gender"] or None, given["occupation"] or None)
        )

    @staticmethod
    def _label(name: str, value: str) -> str:
        return gender_label(value) if name == "gender" else occupation_label(value)
