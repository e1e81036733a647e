"""The form of a schedule: when which job starts by itself, without JSON and without names of tasks."""

from __future__ import annotations

import json
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_celery_beat.models import PeriodicTask

from recommendations.admin.job_forms import given_parameters, parameter_fields
from recommendations.models import Job
from recommendations.services.jobs.parameters import check_parameters
from recommendations.services.jobs.schedules import (
    TASK,
    InvalidCrontabError,
    crontab_of,
    crontab_text,
    wanted_job,
)
from recommendations.services.jobs.states import JobParametersError
from recommendations.services.stored_sentences import in_active_language

#: Days as a crontab counts them, from Monday on.
DAYS = {str((number + 1) % 7): name for number, name in WEEKDAYS.items()}
USUAL_TIME = time(3, 30)


class ScheduleForm(forms.ModelForm):
    """Name, times and job; the parameters are those of the kind, from the table that all jobs have."""

    at = forms.TimeField(
        label=gettext_lazy("At"),
        required=False,
        help_text=gettext_lazy("Hour and minute (UTC), such as 03:30."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    days = forms.MultipleChoiceField(
        label=gettext_lazy("On"),
        choices=list(DAYS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked: every day."),
    )
    other_times = forms.CharField(
        label=gettext_lazy("Other times"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "Instead of the two fields above: five fields of a crontab (UTC), such as 0 */6 * * * for every six hours."
        ),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Job"), choices=Job.Kind, widget=forms.HiddenInput)

    class Meta:
        model = PeriodicTask
        fields = ("name", "enabled", "description")
        labels = {
            "name": gettext_lazy("Name"),
            "enabled": gettext_lazy("Runs"),
            "description": gettext_lazy("Note"),
        }
        help_texts = {
            "name": gettext_lazy("As the list of schedules calls it."),
            "enabled": gettext_lazy("Without a tick it waits until somebody ticks it again."),
            "description": "",
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 2, "cols": 60})}

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        job = wanted_job(self.instance) if self.instance.pk else {}
        asked = kind or str(job.pop("kind", "")) or Job.Kind.PIPELINE
        self.of_kind = asked if asked in Job.Kind.values else Job.Kind.PIPELINE
        self.fields["kind"].initial = self.of_kind
        self.fields |= parameter_fields(self.of_kind)
        shown = {name: in_active_language(getattr(self.instance, name)) for name in ("name", "description")}
        self.initial.update({"kind": self.of_kind, **shown, **job, **_times(self.instance)})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("name", "description"):
            # What the program wrote itself stays in English, as long as nobody writes something else.
            kept = getattr(self.instance, name)
            if kept and cleaned.get(name) == in_active_language(kept):
                cleaned[name] = kept
        if not self.errors:
            self._crontab()
            self._parameters()
        return cleaned

    def _crontab(self) -> None:
        given = self.cleaned_data
        text = given["other_times"]
        if not text:
            if given["at"] is None:
                raise ValidationError({"at": _("Say at what time, or give other times.")})
            days = ",".join(sorted(given["days"])) or "*"
            text = f"{given['at'].minute} {given['at'].hour} * * {days}"
        try:
            self.instance.crontab = crontab_of(text)
        except InvalidCrontabError as error:
            raise ValidationError({"other_times": str(error)}) from error

    def _parameters(self) -> None:
        kind = self.cleaned_data["kind"]
        parameters = given_parameters(kind, self.cleaned_data)
        try:
            check_parameters(kind, parameters)
        except JobParametersError as error:
            raise ValidationError(str(error)) from error
        self.instance.task = TASK
        self.instance.args = "[]"
        self.instance.kwargs = json.dumps({"kind": kind, **parameters})


def _times(schedule: PeriodicTask) -> dict[str, Any]:
    """The fields of a crontab that names one time on all or some days; of any other its text."""
    if schedule.crontab is None:
        return {"at": USUAL_TIME}
    at = schedule.crontab
    simple = at.minute.isdecimal() and at.hour.isdecimal() and at.day_of_month == at.month_of_year == "*"
    days = [] if at.day_of_week == "*" else at.day_of_week.split(",")
    if simple and set(days) <= set(DAYS):
        return {"at": time(int(at.hour), int(at.minute)), "days": days}
    return {"other_times": crontab_text(schedule)}
