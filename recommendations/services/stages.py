"""Single stages of the way of the data, as jobs of their own. None of them changes what the site shows, except that
the champion's indices may be built anew."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from recommendations.models import ModelVersion
from recommendations.services.pipeline import (
    Observer,
    PipelineError,
    make_fingerprint,
    only_run,
    rebuild_indices,
    run_spark,
    work_folder,
)
from recommendations.services.registry.publishing import register_model, smoke_test
from spark_jobs.data_files import data_digest


def ingest_data(*, data_dir: Path, observer: Observer) -> dict[str, Any]:
    """Read the raw files into typed tables; returns the counts of lines."""
    return _run(data_dir, ("ingest",), observer)["ingest"]


def profile_data(*, data_dir: Path, observer: Observer) -> dict[str, Any]:
    """Compute the profiles of people and films, after reading the files if that is not done."""
    return _run(data_dir, (*_missing(data_dir, "parsed"), "profile"), observer)["profiles"]


def train_candidate(*, data_dir: Path, weighting: str, observer: Observer) -> dict[str, Any]:
    """Train a version and register it as a candidate without indices; returns its name and its metrics."""
    digest = data_digest(data_dir)
    fingerprint = make_fingerprint(digest, weighting)
    version = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{fingerprint[:8]}"
    stages = (*_missing(data_dir, "parsed"), *_missing(data_dir, "profiles"), "train")
    outcome = _run(
        data_dir,
        stages,
        observer,
        version=version,
        extra=("--weighting", weighting, "--fingerprint", fingerprint, "--data-digest", digest),
    )
    observer.watch()
    register_model(version=version, index_label="")
    return {"version": version, "metrics": outcome["metrics"]}


def evaluate_parameters(*, data_dir: Path, weighting: str, observer: Observer) -> dict[str, Any]:
    """Measure on the temporal protocol what the parameters are worth on these data; returns measures by system.

    Versions that were trained on the same data with the same program keep the figures, and the gate judges them by these.
    """
    digest = data_digest(data_dir)
    stages = (*_missing(data_dir, "parsed"), "evaluate")
    measured = _run(data_dir, stages, observer, extra=("--weighting", weighting))["evaluation"]
    for version in ModelVersion.objects.filter(fingerprint=make_fingerprint(digest, weighting)):
        version.metrics = {**version.metrics, "temporal": measured}
        version.save(update_fields=["metrics"])
    return measured


def publish_version(*, version: str, observer: Observer) -> dict[str, Any]:
    """Build the indices of a version and check them; without a name, or for the champion, they also go live.

    Raises
    ------
    PipelineError
        If the tables of the version are gone, or another run holds this home.
    """
    model = ModelVersion.objects.filter(version=version).first() if version else None
    if model is None or model.state == ModelVersion.State.CHAMPION:
        result = rebuild_indices(observer=observer)
        return {"version": result.version, "live": True, **result.details}
    work = work_folder(model.data_digest)
    if not work.is_dir():
        raise PipelineError(f"The tables of {version} are gone; its indices can no longer be built.")
    label = f"{version}-{datetime.now(UTC):%H%M%S}"
    with only_run():
        details = run_spark(
            version=version, label=label, work=work, stages=("publish",), extra=(), observer=observer
        )
        model.index_label = label
        smoke_test(model)
        observer.watch()
        model.save(update_fields=["index_label"])
    return {"version": version, "live": False, **details}


def _missing(data_dir: Path, table_folder: str) -> tuple[str, ...]:
    """The stage that writes this folder of tables, if it is not there."""
    stage = {"parsed": "ingest", "profiles": "profile"}[table_folder]
    return () if (work_folder(data_digest(data_dir)) / table_folder).is_dir() else (stage,)


def _run(
    data_dir: Path,
    stages: tuple[str, ...],
    observer: Observer,
    *,
    version: str = "none",
    extra: tuple[str, ...] = (),
) -> dict[str, Any]:
    with only_run():
        return run_spark(
            version=version,
            label=version,
            work=work_folder(data_digest(data_dir)),
            stages=stages,
            extra=("--data", str(data_dir), *extra),
            observer=observer,
        )
