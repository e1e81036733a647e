"""The whole way of the data: files → Spark → model and indices → checks → champion."""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from recommendations.models import ModelVersion, PromotionEvent
from recommendations.ranking.parameters import BY_WEIGHTING
from recommendations.search.client import elasticsearch_url
from recommendations.selectors.registry import champion_row, last_event, refused_version
from recommendations.services.folders import models_folder, work_folder
from recommendations.services.registry.gate import verdict_of
from recommendations.services.registry.pruning import clear_leftovers
from recommendations.services.registry.publishing import (
    indices_present,
    is_intact,
    promote_if_good,
    promote_model,
    register_model,
    smoke_test,
)
from spark_jobs.data_files import data_digest
from spark_jobs.program import program_of_a_model
from spark_jobs.submit import submit

Notify = Callable[[dict[str, Any]], None]


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


class PipelineError(Exception):
    """The pipeline cannot run; the message is one clear sentence. The live model and indices are untouched."""


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


def run_pipeline(
    *,
    data_dir: Path,
    weighting: str = "likes",
    max_bad_share: float | None = None,
    force: bool = False,
    notify: Notify = lambda event: None,
    observer: Observer | None = None,
) -> PipelineResult:
    """Make the champion fit the data in ``data_dir``; does nothing that is done already.

    Unchanged data, parameters and program keep the champion; if only its indices are missing, they are rebuilt,
    and if its model folder is damaged, it is trained anew. A version that the promotion gate refuses stays a
    candidate, and is not trained a second time; neither is one that an operator has rolled back.
    ``max_bad_share`` (0 to 1) is the share of a file's lines that may be malformed, by default that of the ingestion.
    ``notify`` hears every progress event of the Spark application; an ``observer`` takes its place.

    Raises
    ------
    PipelineError
        If another run holds this home.
    spark_jobs.data_files.DataError, spark_jobs.submit.SparkJobError, recommendations.localnode.java.JavaMissingError
    recommendations.search.connection.SearchError
    """
    observer = observer or Observer(notify)
    digest = data_digest(data_dir)
    fingerprint = make_fingerprint(digest, weighting)
    with only_run():
        champion = champion_row()
        unchanged = champion is not None and champion.fingerprint == fingerprint
        if champion is not None and unchanged and not force and is_intact(champion):
            if indices_present(champion):
                return PipelineResult(champion.version, trained=False, published=False, details={})
            if work_folder(digest).is_dir():
                return publish_again(champion, observer=observer)
        refused = None if unchanged or force else refused_version(fingerprint=fingerprint)
        if refused is not None and is_intact(refused):
            return PipelineResult(
                refused.version,
                trained=False,
                published=False,
                details={},
                promoted=False,
                reason=_why_refused(refused),
            )
        clear_leftovers()
        now = datetime.now(UTC)
        version = f"{now:%Y%m%d-%H%M%S}-{fingerprint[:8]}"
        details = run_spark(
            version=version,
            label=version,
            work=work_folder(digest),
            stages=("ingest", "profile", "train", "publish", "evaluate"),
            extra=(
                *("--data", str(data_dir), "--weighting", weighting),
                *("--fingerprint", fingerprint, "--data-digest", digest),
                *(() if max_bad_share is None else ("--max-bad-share", str(max_bad_share))),
            ),
            observer=observer,
        )
        observer.notify({"event": "progress", "stage": "promote", "percent": 0})
        model = register_model(
            version=version, index_label=version, measured={"temporal": details["evaluation"]}
        )
        verdict = promote_if_good(
            version=model, reason="trained by the pipeline", before_switch=observer.watch
        )
        observer.notify({"event": "progress", "stage": "promote", "percent": 100})
    return PipelineResult(
        version,
        trained=True,
        published=True,
        details=details,
        promoted=not verdict.refused,
        reason=" ".join(verdict.sentences()),
    )


def rebuild_indices(
    *, notify: Notify = lambda event: None, observer: Observer | None = None
) -> PipelineResult:
    """Build the champion's indices anew from its model folder and switch to them.

    Raises
    ------
    PipelineError
        If there is no champion, its tables are gone, or another run holds this home.
    """
    with only_run():
        champion = champion_row()
        if champion is None:
            raise PipelineError("There is no model yet; train one with: manage.py run_pipeline")
        if not work_folder(champion.data_digest).is_dir():
            raise PipelineError(
                f"The tables of {champion.version} are gone; train anew with: manage.py run_pipeline --force"
            )
        clear_leftovers()
        return publish_again(champion, observer=observer or Observer(notify))


def publish_again(champion: ModelVersion, *, observer: Observer) -> PipelineResult:
    """Build new indices for this version and switch to them once they are checked."""
    label = f"{champion.version}-{datetime.now(UTC):%H%M%S}"
    details = run_spark(
        version=champion.version,
        label=label,
        work=work_folder(champion.data_digest),
        stages=("publish",),
        extra=(),
        observer=observer,
    )
    champion.index_label = label
    smoke_test(champion)
    observer.watch()
    promote_model(version=champion, by=None, reason="indices rebuilt", kind=PromotionEvent.Kind.REBUILD)
    return PipelineResult(champion.version, trained=False, published=True, details=details)


def _why_refused(version: ModelVersion) -> str:
    verdict = verdict_of(version)
    if version.state == ModelVersion.State.CANDIDATE and verdict is not None:
        return " ".join(verdict.sentences())
    event = last_event()
    return f"An operator has rolled it back: {event.reason}" if event else ""


def make_fingerprint(digest: str, weighting: str) -> str:
    """SHA-256 over everything a model depends on: data, parameters and the program that trains it."""
    total = hashlib.sha256(digest.encode())
    total.update(json.dumps(BY_WEIGHTING[weighting].as_dict(), sort_keys=True).encode())
    for path in program_of_a_model(settings.BASE_DIR):
        total.update(path.read_bytes())
    return total.hexdigest()


@contextmanager
def only_run() -> Iterator[None]:
    """Hold this home's pipeline lock; it goes with the process, so a killed run never blocks the next."""
    path = Path(settings.MOVIEREC_HOME) / "pipeline.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PipelineError(
                f"Another pipeline run works in {settings.MOVIEREC_HOME}; wait until it has ended."
            ) from error
        yield


def run_spark(
    *,
    version: str,
    label: str,
    work: Path,
    stages: tuple[str, ...],
    extra: tuple[str, ...],
    observer: Observer,
) -> dict[str, Any]:
    """Run these stages of ``spark_jobs/pipeline.py`` and return their outcome; raises as ``spark_jobs.submit``.

    Only publishing needs Elasticsearch, and says so before Spark has worked for minutes; the other stages run without.
    """
    cluster = ("--elasticsearch-url", elasticsearch_url()) if "publish" in stages else ()
    return submit(
        "pipeline.py",
        [
            *("--work", str(work), "--models", str(models_folder())),
            *("--version", version, "--label", label, *cluster),
            *("--stages", *stages),
            *extra,
        ],
        master=settings.SPARK_MASTER,
        driver_memory=settings.SPARK_DRIVER_MEMORY,
        log_path=observer.log_path or Path(settings.MOVIEREC_HOME) / "logs" / f"pipeline-{label}.log",
        on_event=observer.notify,
        watch=observer.watch,
    )
