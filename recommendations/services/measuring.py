"""Measures parameters, or a version, on ratings that training never saw, and keeps the figures with the versions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from recommendations.models import ModelVersion
from recommendations.ranking.parameters import BY_WEIGHTING
from recommendations.services.folders import work_folder
from recommendations.services.pipeline import (
    Observer,
    make_fingerprint,
    missing_stages,
    run_spark,
    run_stages,
)
from recommendations.services.registry.publishing import judge_candidate
from recommendations.services.run_lock import PipelineError, only_run
from spark_jobs.sources.digest import data_digest


def evaluate_parameters(*, data_dir: Path, weighting: str, observer: Observer) -> dict[str, Any]:
    """Measure what the parameters are worth on these data; returns measures by protocol and system.

    Versions that were trained on the same data with the same program keep the figures, and the gate judges them by these.
    """
    stages = (*missing_stages(data_dir, "parsed"), "evaluate")
    measured = run_stages(data_dir, stages, observer, extra=("--weighting", weighting))["evaluation"]
    fingerprint = make_fingerprint(data_digest(data_dir), weighting)
    for version in ModelVersion.objects.filter(fingerprint=fingerprint):
        version.metrics = {**version.metrics, **measured}
        version.save(update_fields=["metrics"])
    return measured


def evaluate_version(*, version: str, observer: Observer) -> dict[str, Any]:
    """Measure a version's parameters on the data that it was trained on, keep the figures with it, and judge it by them.

    Raises
    ------
    PipelineError
        If there is no such version, its tables are gone, another program has trained it, or another run holds this
        home.
    """
    model = ModelVersion.objects.filter(version=version).first()
    if model is None:
        raise PipelineError(f"There is no model version {version}.")
    work, weighting = work_folder(model.data_digest), model.parameters.get("weighting", "")
    if not (work / "parsed").is_dir():
        raise PipelineError(f"The tables of {version} are gone, so it cannot be measured; train anew.")
    if weighting not in BY_WEIGHTING or make_fingerprint(model.data_digest, weighting) != model.fingerprint:
        raise PipelineError(
            f"{version} was trained with another program or other parameters, and the figures would not be its own; "
            "train anew."
        )
    with only_run():
        measured = run_spark(
            version="none",
            label="none",
            work=work,
            stages=("evaluate",),
            extra=("--weighting", weighting),
            observer=observer,
        )["evaluation"]
    model.metrics = {**model.metrics, **measured}
    model.save(update_fields=["metrics"])
    if not model.is_champion:
        judge_candidate(version=model)
    return {"version": version, **measured}
