"""Experiments in the admin: start one, read its result at any time, end it, promote the winner."""

from __future__ import annotations

import csv
import json
import math
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.roles import user_of
from recommendations.admin.read_only import DetailAdmin
from recommendations.admin.registry_forms import SwitchForm
from recommendations.models import Experiment, ModelVersion
from recommendations.selectors.experiment_results import Result, result_of
from recommendations.selectors.insights import MOST_DAYS, Insight, insights, newcomers_way
from recommendations.services.experiments.experiments import (
    ExperimentError,
    ExperimentValueError,
    end_experiment,
    promote_challenger,
    start_experiment,
)


class StartForm(forms.ModelForm):
    """What to compare, on whom, and for how long."""

    challenger = forms.ModelChoiceField(
        label=gettext_lazy("Challenger"),
        queryset=ModelVersion.objects.filter(pruned_at=None),
        to_field_name="version",
        help_text=gettext_lazy("A version with indices, or the champion itself with other dials."),
    )
    dials = forms.CharField(
        label=gettext_lazy("Dials of the challenger"),
        required=False,
        help_text=gettext_lazy(
            'As JSON, such as {"discovery": 0.2}; for people who have turned none themselves.'
        ),
    )

    class Meta:
        model = Experiment
        fields = ("name", "kind", "challenger", "dials", "share", "most_days", "alpha", "stops_when_clear")
        help_texts = {
            "share": gettext_lazy("From 0.01 to 1; everybody else gets the champion."),
            "alpha": gettext_lazy("Of calling a winner where there is none, however often you look."),
        }

    def clean_dials(self) -> dict[str, Any]:
        """The dials as an object; nothing typed means none."""
        try:
            read = json.loads(self.cleaned_data["dials"] or "{}")
        except ValueError as error:
            raise forms.ValidationError(_("The dials cannot be read as JSON.")) from error
        if not isinstance(read, dict):
            raise forms.ValidationError(_("The dials cannot be read as JSON."))
        return read


@admin.register(Experiment)
class ExperimentAdmin(DetailAdmin):
    """Starting needs the permission ``add_experiment``, ending and promoting ``change_experiment``."""

    list_display = ("name", "kind", "challenger", "champion", "state", "started_at", "ended_at", "reason")
    list_filter = ("state", "kind")
    date_hierarchy = "started_at"
    search_fields = ("name", "challenger__version", "champion__version")
    list_select_related = ("challenger", "champion")
    change_list_template = "admin/recommendations/experiment/change_list.html"
    detail_template = "admin/recommendations/experiment/detail.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("start/", view(self.start), name="recommendations_experiment_start"),
            path("insights/", view(require_safe(self.insights)), name="recommendations_experiment_insights"),
            path("<int:number>/end/", view(self.end), name="recommendations_experiment_end"),
            path("<int:number>/promote/", view(self.promote), name="recommendations_experiment_promote"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"may_start": self.may(request, "add")})

    def insights(self, request: HttpRequest) -> HttpResponse:
        self.require(request, "view")
        rows = insights()
        if request.GET.get("format") == "csv":
            response = HttpResponse(content_type="text/csv; charset=utf-8")
            response["Content-Disposition"] = 'attachment; filename="insights.csv"'
            writer = csv.writer(response)
            writer.writerow(Insight.columns())
            writer.writerows(row.values() for row in rows)
            return response
        page = self.page(request, _("What lists come to"), rows=rows, way=newcomers_way(), days=MOST_DAYS)
        return TemplateResponse(request, "admin/recommendations/experiment/insights.html", page)

    def start(self, request: HttpRequest) -> HttpResponse:
        self.require(request, "add")
        form = StartForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                experiment = start_experiment(by=user_of(request), **form.cleaned_data)
            except (ExperimentError, ExperimentValueError) as error:
                form.add_error(None, str(error))
            else:
                self.message_user(request, _("The experiment runs from the next list on."), messages.SUCCESS)
                return self.to_page_of(experiment)
        page = self.page(request, _("Start an experiment"), form=form, button=_("Start"))
        return TemplateResponse(request, "admin/recommendations/form_page.html", page)

    def end(self, request: HttpRequest, number: int) -> HttpResponse:
        return self._act(request, number, _("End %(name)s"), _("End it"), end_experiment)

    def promote(self, request: HttpRequest, number: int) -> HttpResponse:
        return self._act(
            request, number, _("Promote the challenger of %(name)s"), _("Promote"), promote_challenger
        )

    def _act(self, request: HttpRequest, number: int, title: str, button: str, service: Any) -> HttpResponse:
        def act(experiment: Experiment, reason: str, **_champion: Any) -> None:
            service(experiment=experiment, by=user_of(request), reason=reason)

        form = SwitchForm(request.POST or None, refused=False)
        return self.act_on(request, number, form, act, title, button)

    def details(self, request: HttpRequest, row: Experiment) -> dict[str, Any]:
        result = result_of(row)
        return {
            "result": result,
            "sentence": in_words(row, result),
            "may_change": self.may(request, "change"),
            "running": row.state == Experiment.State.RUNNING,
            "promotable": row.state != Experiment.State.PROMOTED and row.champion_id != row.challenger_id,
        }


def in_words(experiment: Experiment, result: Result) -> str:
    """The result in one sentence that is true at every look."""
    interval = result.interval
    if not math.isfinite(interval.low):
        return _("There are too few people for an interval yet.")
    figures = {
        "estimate": number_format(100 * interval.estimate, 1, force_grouping=True),
        "low": number_format(100 * interval.low, 1),
        "high": number_format(100 * interval.high, 1),
        "number": number_format(result.decided, force_grouping=True),
    }
    if experiment.kind == Experiment.Kind.INTERLEAVING:
        sentence = _(
            "The challenger won %(estimate)s %% of %(number)s days on which a person preferred one side; its true share lies "
            "between %(low)s %% and %(high)s %%."
        )
    else:
        sentence = _(
            "With the challenger, people choose something from %(estimate)s percentage points more of their lists (%(number)s "
            "people); the true difference lies between %(low)s and %(high)s."
        )
    verdicts = {
        "challenger": _("The challenger is better."),
        "champion": _("The champion is better."),
        "open": _("Which one is better is still open."),
    }
    return f"{sentence % figures} {verdicts[result.verdict]}"
