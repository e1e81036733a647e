"""The way of the data: files → Spark → model and indices → checks → champion; as a whole, or single stages of it."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from recommendations.models import ModelVersion, PromotionEvent
from recommendations.ranking.parameters import BY_WEIGHTING
from recommendations.search.client import elasticsearch_url
from recommendations.selectors.registry import NO_MODEL, champion_row, refused_version, roll_back_from
from recommendations.services.enrichment.export import facts_digest, write_facts
from recommendations.services.folders import models_folder, work_folder
from recommendations.services.key_numbers import keep_new_numbers, write_known_numbers
from recommendations.services.registry.gate import verdict_of
from recommendations.services.registry.indices import (
    mend_aliases,
    require_publishable,
    versions_without_indices,
)
from recommendations.services.registry.pruning import clear_leftovers
from recommendations.services.registry.publishing import (
    indices_present,
    is_intact,
    promote_if_good,
    promote_model,
    register_model,
    smoke_test,
)
from recommendations.services.registry.smoke import SmokeTestError
from recommendations.services.run_lock import PipelineError, only_run
from recommendations.services.stored_sentences import REBUILT, ROLLED_BACK, TRAINED, in_english
from spark_jobs.program import program_of_a_model
from spark_jobs.sources.digest import data_digest
from spark_jobs.submit import SparkJobError, submit

Notify = Callable[[dict[str, Any]], None]
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Observer:
    """Who looks on while something runs.

    ``max_bad_share`` (0 to 1) is the share of a file's lines that may be malformed, by default that of the ingestion.
    ``notify`` hears every progress event; ``watch`` is called about every second and before anything goes live, and
    ends the run by raising; all output of Spark goes to ``log_path``, by default to a file named after the version.
    """

    notify: Notify = lambda event: None
    watch: Callable[[], None] = lambda: None
    log_path: Path | None = None


SILENT = Observer()


@dataclass(frozen=True)
class PipelineResult:
    """What a run came to. ``trained`` and ``published`` are False where nothing had changed.

    ``promoted`` is False if ``version`` is not the champion, because the gate or an operator has refused it;
    ``reason`` says why, or what the gate found otherwise.
    """

    version: str
    trained: bool
    published: bool
    details: dict[str, Any]
    promoted: bool = True
    reason: str = ""
    #: Versions that may still be promoted or returned to, whose lost indices were built again.
    rebuilt: tuple[str, ...] = ()


def run_pipeline(
    *,
    data_dir: Path,
    weighting: str = "likes",
    max_bad_share: float | None = None,
    force: bool = False,
    tune: bool = True,
    observer: Observer = SILENT,
) -> PipelineResult:
    """Make the champion fit the data in ``data_dir``; does nothing that is done already.

    Unchanged data, parameters and program keep the champion; if only indices are missing, its own or those of versions
    that may be promoted or returned to, they are rebuilt, and if its model folder is damaged, it is trained anew. A version that the promotion gate refuses stays a
    candidate, and is not trained a second time; neither is one that an operator has rolled back.
    ``max_bad_share`` (0 to 1) is the share of a file's lines that may be malformed, by default that of the ingestion.
    Without ``tune`` the parameters are those of the program, whatever the data are like.

    Raises
    ------
    PipelineError
        If another run holds this home.
    spark_jobs.data_files.DataError, spark_jobs.submit.SparkJobError, recommendations.localnode.java.JavaMissingError
    recommendations.search.connection.SearchError
    """
    digest = data_digest(data_dir)
    fingerprint = make_fingerprint(digest, weighting, tune=tune)
    with only_run():
        champion = champion_row()
        unchanged = champion is not None and champion.fingerprint == fingerprint
        if champion is not None and unchanged and not force and is_intact(champion):
            whole = indices_present(champion)
            if whole:
                mend_aliases(champion)
            if whole or work_folder(digest).is_dir():
                details = {} if whole else _publish(champion, observer)
                rebuilt = _rebuild_lost_indices(observer)
                return PipelineResult(
                    champion.version, trained=False, published=not whole, details=details, rebuilt=rebuilt
                )
        refused = None if unchanged or force else refused_version(fingerprint=fingerprint)
        if refused is not None and is_intact(refused):
            return PipelineResult(
                refused.version,
                trained=False,
                published=False,
                details={},
                promoted=False,
                reason=_why_refused(refused),
                rebuilt=_rebuild_lost_indices(observer),
            )
        clear_leftovers()
        version, training = _new_version(digest, fingerprint, weighting)
        details = run_spark(
            version=version,
            label=version,
            work=work_folder(digest),
            stages=("ingest", "profile", "train", "publish", "evaluate"),
            extra=(
                *("--data", str(data_dir), *training, "--tune", "yes" if tune else "no"),
                *(() if max_bad_share is None else ("--max-bad-share", str(max_bad_share))),
            ),
            observer=observer,
        )
        observer.notify({"event": "progress", "stage": "promote", "percent": 0})
        model = register_model(version=version, index_label=version, measured=details["evaluation"])
        verdict = promote_if_good(version=model, reason=TRAINED, before_switch=observer.watch)
        observer.notify({"event": "progress", "stage": "promote", "percent": 100})
    return PipelineResult(
        version,
        trained=True,
        published=True,
        details=details,
        promoted=not verdict.refused,
        reason=" ".join(verdict.sentences()),
    )


def publish_version(*, version: str = "", observer: Observer = SILENT) -> dict[str, Any]:
    """Build the indices of a version anew from its model folder (by default the champion's) and check them.

    Those of the champion also go live. Returns the version, whether it is ``live``, and what Spark counted.

    Raises
    ------
    PipelineError
        If there is no such version, its tables are gone, or another run holds this home.
    """
    with only_run():
        model = ModelVersion.objects.filter(version=version).first() if version else champion_row()
        if model is None and version and champion_row():
            raise PipelineError(f"There is no model version {version}; the admin lists those that exist.")
        if model is None:
            raise PipelineError(NO_MODEL)
        if not work_folder(model.data_digest).is_dir():
            raise PipelineError(
                f"The tables of {model.version} are gone; train anew with: manage.py run_pipeline --force"
            )
        return {"version": model.version, "live": model.is_champion, **_publish(model, observer)}


def _publish(model: ModelVersion, observer: Observer) -> dict[str, Any]:
    clear_leftovers()
    label = f"{model.version}-{datetime.now(UTC):%H%M%S}"
    work = work_folder(model.data_digest)
    details = run_spark(version=model.version, label=label, work=work, stages=("publish",), observer=observer)
    model.index_label = label
    smoke_test(model)
    observer.watch()
    if model.is_champion:
        promote_model(version=model, by=None, reason=REBUILT, kind=PromotionEvent.Kind.REBUILD)
    else:
        model.save(update_fields=["index_label"])
    return details


def _rebuild_lost_indices(observer: Observer) -> tuple[str, ...]:
    """Build again what versions beside the champion have lost, so that they can be promoted or returned to.

    One that cannot be built is named in the log and keeps nobody from working.
    """
    rebuilt = []
    for version in versions_without_indices():
        try:
            _publish(version, observer)
        except (SparkJobError, SmokeTestError) as error:
            logger.warning("The indices of %s are gone and could not be built again: %s", version, error)
        else:
            rebuilt.append(version.version)
    return tuple(rebuilt)


def ingest_data(*, data_dir: Path, observer: Observer) -> dict[str, Any]:
    """Read the raw files into typed tables; returns the counts of lines."""
    return run_stages(data_dir, ("ingest",), observer)["ingest"]


def profile_data(*, data_dir: Path, observer: Observer) -> dict[str, Any]:
    """Compute the profiles of people and films, after reading the files if that is not done."""
    return run_stages(data_dir, (*missing_stages(data_dir, "parsed"), "profile"), observer)["profiles"]


def train_candidate(*, data_dir: Path, weighting: str, observer: Observer) -> dict[str, Any]:
    """Train a version and register it as a candidate without indices; returns its name and its metrics."""
    digest = data_digest(data_dir)
    version, training = _new_version(digest, make_fingerprint(digest, weighting), weighting)
    stages = (*missing_stages(data_dir, "parsed"), *missing_stages(data_dir, "profiles"), "train")
    outcome = run_stages(data_dir, stages, observer, version=version, extra=training)
    observer.watch()
    register_model(version=version, index_label="")
    return {"version": version, "metrics": outcome["metrics"]}


def _new_version(digest: str, fingerprint: str, weighting: str) -> tuple[str, tuple[str, ...]]:
    """The name of a version that is trained now, and what Spark has to know of it."""
    name = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{fingerprint[:8]}"
    return name, ("--weighting", weighting, "--fingerprint", fingerprint, "--data-digest", digest)


def missing_stages(data_dir: Path, table_folder: str) -> tuple[str, ...]:
    """The stage that writes this folder of tables, if it is not there."""
    stage = {"parsed": "ingest", "profiles": "profile"}[table_folder]
    return () if (work_folder(data_digest(data_dir)) / table_folder).is_dir() else (stage,)


def run_stages(
    data_dir: Path,
    stages: tuple[str, ...],
    observer: Observer,
    *,
    version: str = "none",
    extra: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Run stages of one application on these files, while nobody else works in this home; returns their outcome."""
    with only_run():
        return run_spark(
            version=version,
            label=version,
            work=work_folder(data_digest(data_dir)),
            stages=stages,
            extra=("--data", str(data_dir), *extra),
            observer=observer,
        )


def _why_refused(version: ModelVersion) -> str:
    verdict = verdict_of(version)
    if version.state == ModelVersion.State.CANDIDATE and verdict is not None:
        return " ".join(verdict.sentences())
    event = roll_back_from(version)
    return in_english(ROLLED_BACK, reason=event.reason) if event else ""


def make_fingerprint(digest: str, weighting: str, *, tune: bool = True) -> str:
    """SHA-256 over everything a model depends on: data, facts from elsewhere, parameters and the program that trains it."""
    total = hashlib.sha256(digest.encode())
    total.update(json.dumps(BY_WEIGHTING[weighting].as_dict(), sort_keys=True).encode())
    total.update(b"" if tune else b"as they are")
    total.update(facts_digest())
    for path in program_of_a_model(settings.BASE_DIR):
        total.update(path.read_bytes())
    return total.hexdigest()


def run_spark(
    *,
    version: str,
    label: str,
    work: Path,
    stages: tuple[str, ...],
    observer: Observer,
    extra: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Run these stages of ``spark_jobs/pipeline.py`` and return their outcome; raises as ``spark_jobs.submit``.

    Only publishing needs Elasticsearch, and room there, and says so before Spark has worked for minutes; the other stages
    run without.
    """
    cluster: tuple[str, ...] = ()
    if "publish" in stages:
        require_publishable()
        cluster = ("--elasticsearch-url", elasticsearch_url())
    numbers: tuple[str, ...] = ()
    if "ingest" in stages:
        known = Path(settings.MOVIEREC_HOME) / "work" / "numbers.jsonl"
        numbers = ("--numbers", str(write_known_numbers(path=known)))
    facts: tuple[str, ...] = ()
    if {"train", "evaluate"} & set(stages):
        written = write_facts(path=Path(settings.MOVIEREC_HOME) / "work" / "facts.jsonl")
        facts = ("--facts", str(written)) if written else ()
    outcome = submit(
        "pipeline.py",
        [
            *("--work", str(work), "--models", str(models_folder())),
            *("--version", version, "--label", label, *cluster),
            *("--stages", *stages),
            *numbers,
            *facts,
            *extra,
        ],
        master=settings.SPARK_MASTER,
        driver_memory=settings.SPARK_DRIVER_MEMORY,
        log_path=observer.log_path or Path(settings.MOVIEREC_HOME) / "logs" / f"pipeline-{label}.log",
        append=observer.log_path is not None,
        on_event=observer.notify,
        watch=observer.watch,
    )
    if "ingest" in stages:
        keep_new_numbers(parsed_dir=work / "parsed")
    return outcome
