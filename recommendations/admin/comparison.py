"""The pages that only show: figures side by side, two lists of one person, the indices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import mark_safe

from recommendations.admin import measures
from recommendations.admin.registry_forms import TwoListsForm
from recommendations.evaluation.charts import Bar, bar_chart
from recommendations.evaluation.confidence import LEAST_PEOPLE
from recommendations.evaluation.names import MODEL
from recommendations.evaluation.off_policy import LEAST_CHOICES, LEAST_LISTS, PLACES
from recommendations.models import ModelVersion
from recommendations.ranking.randomised import POOL
from recommendations.selectors.comparison import MetricRow, lists_of_two, metric_rows, versions_to_compare
from recommendations.selectors.index_health import index_health
from recommendations.selectors.lists.person import RecommendationError
from recommendations.selectors.logged_lists import estimates_of
from recommendations.selectors.registry import champion_row, predecessor_of
from recommendations.services.figures import figure

_FOLDER = "admin/recommendations/modelversion"
CHARTED = ("ndcg", "recall", "coverage", "novelty", "diversity")
DEFAULT_PERSON = 196
CHART_WIDTH = 170


def compare_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The figures of several versions in one table, with a chart per measure."""
    wanted = request.GET.getlist("version")
    versions = versions_to_compare(wanted=wanted)
    rows = metric_rows(versions)
    context |= {
        "versions": versions,
        "rows": [measures.explained(row, versions) for row in rows],
        "protocols": measures.protocols_of(rows),
        "metrics": measures.metrics_of(rows),
        "charts": _charts(versions, rows),
        "all_versions": ModelVersion.objects.only("version", "state")[:50],
        "chosen": {row.version for row in versions},
        # Each version folds in each list's person anew, which takes a while; so only if somebody asks.
        "estimates": estimates_of(versions) if "estimate" in request.GET else None,
        "least": {"lists": LEAST_LISTS, "choices": LEAST_CHOICES, "people": LEAST_PEOPLE},
        "drawn_from": POOL,
        "places": PLACES,
    }
    return TemplateResponse(request, f"{_FOLDER}/compare.html", context)


def lists_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """One person's list from two versions, and which film went where."""
    given = request.GET.dict()
    if "before" not in given:
        given = {**_usual_versions(), **given}
    form = TwoListsForm(given)
    context |= {"form": form, "media": form.media}
    if form.is_valid():
        try:
            context["lists"] = lists_of_two(
                before=form.cleaned_data["before"], after=form.cleaned_data["after"], person=form.person()
            )
        except RecommendationError as error:
            form.add_error(None, str(error))
    return TemplateResponse(request, f"{_FOLDER}/lists.html", context)


def indices_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Counts, sizes and aliases of the indices, the cluster and the circuit breaker of this process."""
    context["health"] = index_health()
    return TemplateResponse(request, f"{_FOLDER}/indices.html", context)


def _charts(versions: Sequence[ModelVersion], rows: Sequence[MetricRow]) -> list[dict[str, Any]]:
    charts = []
    for row in rows:
        if row.system != MODEL or row.metric not in CHARTED:
            continue
        bars = [
            Bar(version.version[:15], value, strong=version.is_champion)
            for version, value in zip(versions, row.values, strict=True)
            if value is not None
        ]
        title = f"{measures.protocol_label(row.protocol)} · {measures.metric_label(row.metric)}"
        svg = bar_chart(bars, title, plot=CHART_WIDTH, written=figure)
        # Every text in it is escaped by the chart itself.
        charts.append({"title": title, "svg": mark_safe(svg)})  # nosec B308 B703
    return charts


def _usual_versions() -> dict[str, Any]:
    """The predecessor and the champion; or the champion and the newest other version."""
    champion = champion_row()
    if champion is None:
        return {}
    other = predecessor_of(champion)
    if other is not None:
        return {"before": other.version, "after": champion.version, "user": DEFAULT_PERSON}
    newest = ModelVersion.objects.filter(pruned_at=None).exclude(pk=champion.pk).first() or champion
    return {"before": champion.version, "after": newest.version, "user": DEFAULT_PERSON}
