"""The form that starts a job."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from recommendations.models import Job, ModelVersion
from recommendations.services.jobs.parameters import KNOWN


class RunJobForm(forms.Form):
    """A kind of work and its parameters; those that the kind does not take are left out."""

    kind = forms.ChoiceField(label=_("What to do"), choices=Job.Kind, initial=Job.Kind.PIPELINE)
    weighting = forms.ChoiceField(
        label=_("Learn"),
        choices=[("likes", _("what people like")), ("any", _("any film that people watch"))],
        required=False,
        help_text=_("For training, evaluation and the full pipeline."),
    )
    site_ratings = forms.BooleanField(
        label=_("With the ratings of this site"),
        required=False,
        help_text=_("Train on the ratings of people with an account as well."),
    )
    force = forms.BooleanField(
        label=_("Even if nothing has changed"),
        required=False,
        help_text=_("For the full pipeline: train again with the same data, parameters and program."),
    )
    version = forms.ModelChoiceField(
        label=_("Version"),
        queryset=ModelVersion.objects.filter(pruned_at=None),
        to_field_name="version",
        required=False,
        empty_label=_("the champion"),
        help_text=_("For indices: whose indices to build."),
    )

    def parameters(self) -> dict[str, Any]:
        """What the chosen kind takes of what was filled in."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "kind"}
        version = given.pop("version")
        given["version"] = version.version if version else ""
        given["weighting"] = given["weighting"] or "likes"
        return {name: value for name, value in given.items() if name in KNOWN[self.cleaned_data["kind"]]}
