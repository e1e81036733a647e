"""The form that starts a job."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.models import Job, ModelVersion
from recommendations.services.jobs.parameters import PARAMETERS, Parameter, parameters_of


class RunJobForm(forms.Form):
    """A kind of work and its parameters; those that the kind does not take are left out."""

    kind = forms.ChoiceField(label=_("What to do"), choices=Job.Kind, initial=Job.Kind.PIPELINE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {parameter.name: _field(parameter) for parameter in PARAMETERS}

    def parameters(self) -> dict[str, Any]:
        """What the chosen kind takes of what was filled in."""
        given = {name: self.cleaned_data[name] for name in parameters_of(self.cleaned_data["kind"])}
        return {
            name: value if isinstance(value, bool) else str(value)
            for name, value in given.items()
            if value not in ("", None)
        }


def _field(parameter: Parameter) -> forms.Field:
    kinds = ", ".join(str(Job.Kind(kind).label) for kind in parameter.kinds)
    given: dict[str, Any] = {
        "label": _(parameter.label),
        "required": False,
        "help_text": f"{_(parameter.help)} ({kinds})",
    }
    if parameter.is_flag:
        return forms.BooleanField(**given)
    if parameter.choices is not None:
        choices = [(value, _(label)) for value, label in parameter.choices.items()]
        return forms.ChoiceField(choices=choices, **given)
    return forms.ModelChoiceField(
        queryset=ModelVersion.objects.filter(pruned_at=None),
        to_field_name=parameter.name,
        empty_label=_("the champion"),
        **given,
    )
