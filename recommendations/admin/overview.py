"""The start page of the admin: how the recommender is, what comes next, and what nobody has looked at yet."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.models import LogEntry
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from recommendations.admin.measures import metric_label, system_label
from recommendations.evaluation.trends import line_chart, stacked_bars
from recommendations.selectors.job_stages import STAGE_LABELS, progress_of, stage_label
from recommendations.selectors.overview import durations_over_runs, overview, quality_over_versions
from recommendations.services.figures import duration, figure
from recommendations.services.jobs.schedules import next_run, schedules_listed

SHOWN_ACTS = 8


def start_page(user: Any) -> dict[str, Any]:
    """What the template shows; the audit log only to those who may see it."""
    found = overview()
    age = timezone.now() - found.champion.created_at if found.champion else None
    coming = sorted(
        ((next_run(schedule), schedule) for schedule in schedules_listed() if schedule.enabled),
        key=lambda entry: entry[0],
    )
    acts = LogEntry.objects.select_related("user", "content_type").order_by("-action_time")
    return {
        "found": found,
        "champion_age": duration(age.total_seconds()) if age else "",
        "active": [(job, progress_of(job)) for job in found.active],
        "coming": coming[:3],
        "quality": _quality(),
        "durations": _durations(),
        "acts": list(acts[:SHOWN_ACTS]) if user.has_perm("admin.view_logentry") else [],
    }


def _quality() -> dict[str, Any] | None:
    """The order of the model beside the most popular films, over versions."""
    series = {system_label(name): points for name, points in quality_over_versions().items()}
    versions = [version for version, _value in next(iter(series.values()))]
    if len(versions) < 2:
        return None
    title = _("%(measure)s over versions, temporal protocol") % {"measure": metric_label("ndcg")}
    values = {name: [value for _version, value in points] for name, points in series.items()}
    # A version is called by its day and time.
    labels = [f"{version[6:8]}.{version[4:6]}. {version[9:11]}:{version[11:13]}" for version in versions]
    rows = [
        (version, [figure(values[name][place]) for name in values]) for place, version in enumerate(versions)
    ]
    return _chart(line_chart(values, labels, title, written=_short), title, list(values), rows)


def _durations() -> dict[str, Any] | None:
    """What each stage took, over the last full runs."""
    runs = durations_over_runs()
    if not runs:
        return None
    title = _("Durations of the stages of the last full runs")
    names = [name for name in STAGE_LABELS if any(name in took for _run, took in runs)]
    values = {stage_label(name): [took.get(name) for _run, took in runs] for name in names}
    labels = [date_format(run.created_at, "SHORT_DATE_FORMAT") for run, _took in runs]
    rows = [(str(run), [duration(took.get(name)) for name in names]) for run, took in runs]
    return _chart(stacked_bars(values, labels, title, written=duration), title, list(values), rows)


def _chart(svg: str, title: str, names: list[str], rows: list[tuple[str, list[str]]]) -> dict[str, Any]:
    # Every text in the picture is escaped where it is drawn.
    named = [(label, list(zip(names, cells, strict=True))) for label, cells in rows]
    return {"svg": mark_safe(svg), "title": title, "names": names, "rows": named}  # nosec B308 B703


def _short(value: float) -> str:
    return figure(value, 3)
