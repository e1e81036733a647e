"""The form that starts a job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.models import Job, ModelVersion
from recommendations.services.jobs.parameters import Parameter, parameters_of

#: What a kind of job does, beside its name.
KINDS = {
    Job.Kind.PIPELINE: _(
        "Everything from the files to a new champion, which goes live only if it passes the gate."
    ),
    Job.Kind.INGEST: _("Reads the files into tables and counts what is malformed."),
    Job.Kind.PROFILE: _("Sums up people and films from the tables."),
    Job.Kind.TRAIN: _("Trains a version, which waits as a candidate without indices."),
    Job.Kind.EVALUATE: _("Measures parameters, or a version, on ratings that training never saw."),
    Job.Kind.PUBLISH: _("Builds the indices of a version in Elasticsearch."),
}


class RunJobForm(forms.Form):
    """The parameters of one kind of work, from the table that API and command line use as well."""

    kind = forms.ChoiceField(choices=Job.Kind, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of_kind = kind if kind in Job.Kind.values else Job.Kind.PIPELINE
        self.fields["kind"].initial = self.of_kind
        self.fields |= parameter_fields(self.of_kind)

    def parameters(self) -> dict[str, Any]:
        """What was filled in; what is empty has its default."""
        return given_parameters(self.of_kind, self.cleaned_data)


def parameter_fields(kind: str) -> dict[str, forms.Field]:
    """A field for each parameter of the kind."""
    return {name: _field(parameter, kind) for name, parameter in parameters_of(kind).items()}


def given_parameters(kind: str, cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The filled fields of the kind as the table of parameters takes them."""
    given = {name: cleaned.get(name) for name in parameters_of(kind)}
    return {
        name: value if isinstance(value, bool) else str(value)
        for name, value in given.items()
        if value not in ("", None)
    }


def _field(parameter: Parameter, kind: str) -> forms.Field:
    given: dict[str, Any] = {"label": _(parameter.label), "required": False, "help_text": _(parameter.help)}
    if parameter.is_flag:
        return forms.BooleanField(**given)
    if parameter.choices is not None:
        choices = [(value, _(label)) for value, label in parameter.choices.items()]
        return forms.ChoiceField(choices=choices, **given)
    return forms.ModelChoiceField(
        queryset=ModelVersion.objects.filter(pruned_at=None),
        to_field_name=parameter.name,
        empty_label=_("the champion") if kind == Job.Kind.PUBLISH else _("none: what “Learn” says"),
        **given,
    )
