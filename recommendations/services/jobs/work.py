"""What each kind of job does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from recommendations.models import Job
from recommendations.services.measuring import evaluate_parameters, evaluate_version
from recommendations.services.movielens import fetch_movielens
from recommendations.services.pipeline import (
    Observer,
    ingest_data,
    profile_data,
    publish_version,
    run_pipeline,
    train_candidate,
)
from recommendations.services.site_ratings import export_site_ratings
from recommendations.services.stored_sentences import REFUSED_BEFORE, UNCHANGED, in_english
from recommendations.services.trends import refresh_trends

Kind = Job.Kind


@dataclass(frozen=True)
class Outcome:
    """What a job came to; ``skipped`` says why there was nothing to do."""

    result: dict[str, Any]
    skipped: str = ""


def do_work(job: Job, observer: Observer) -> Outcome:
    """Do the work of the job's kind with its (checked) parameters; raises as the services that it calls."""
    given = job.parameters
    if job.kind == Kind.PUBLISH:
        return Outcome(publish_version(version=given["version"], observer=observer))
    if job.kind == Kind.EVALUATE and given.get("version"):
        return Outcome(evaluate_version(version=given["version"], observer=observer))
    data = data_folder(with_site_ratings=given["site_ratings"])
    if job.kind == Kind.INGEST:
        return Outcome(ingest_data(data_dir=data, observer=observer))
    if job.kind == Kind.PROFILE:
        return Outcome(profile_data(data_dir=data, observer=observer))
    if job.kind == Kind.TRAIN:
        return Outcome(train_candidate(data_dir=data, weighting=given["weighting"], observer=observer))
    if job.kind == Kind.EVALUATE:
        return Outcome(evaluate_parameters(data_dir=data, weighting=given["weighting"], observer=observer))
    done = run_pipeline(data_dir=data, weighting=given["weighting"], force=given["force"], observer=observer)
    refresh_trends()
    skipped = ""
    if not done.promoted and not done.trained:
        skipped = in_english(REFUSED_BEFORE, version=done.version, reason=done.reason)[:300]
    elif not done.published and not done.rebuilt:
        skipped = in_english(UNCHANGED, version=done.version)
    result = {
        "version": done.version,
        "trained": done.trained,
        "published": done.published,
        "promoted": done.promoted,
        "reason": done.reason,
        "rebuilt": list(done.rebuilt),
    }
    return Outcome({**result, **done.details}, skipped)


def data_folder(*, with_site_ratings: bool, given: Path | None = None) -> Path:
    """The folder of ``u.data``, ``u.item`` and ``u.user`` to work on.

    The one given, else ``MOVIEREC_DATA``, else MovieLens-100k of this home; with the site's own ratings if they are wanted.
    """
    data = given or settings.MOVIEREC_DATA or fetch_movielens(home=Path(settings.MOVIEREC_HOME))
    return export_site_ratings(data_dir=Path(data)) if with_site_ratings else Path(data)
