"""Starts an evaluation as a Spark application, and leaves nothing of it behind but its figures."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings

from recommendations.errors import MovierecError
from recommendations.evaluation.names import ENGINES, PROTOCOLS, LeakError
from recommendations.search.client import elasticsearch_url, get_client
from recommendations.search.connection import SearchError
from recommendations.search.index_lifecycle import delete_indices, labels_begun
from recommendations.services.enrichment.export import write_facts
from recommendations.services.folders import evaluation_folder
from recommendations.services.pipeline import Notify
from spark_jobs.sources import recognise
from spark_jobs.sources.base import RATINGS
from spark_jobs.sources.digest import data_digest
from spark_jobs.submit import submit

MAX_K = 1000
# A heap of 1 GB is enough for MovieLens-100k (2 MB of ratings) and keeps the whole JVM below 2 GB, however many
# models are trained one after the other: Java fills the heap that it is given before it tidies up.
SMALL_RATINGS_BYTES, SMALL_DRIVER_MEMORY = 10_000_000, "1g"


class EvaluationError(MovierecError):
    """The evaluation cannot run; the message is one clear sentence."""


def run_evaluation(
    *,
    data_dir: Path,
    protocols: Sequence[str] = PROTOCOLS,
    engine: str = "numpy",
    seeds: Sequence[int] = (0,),
    k: int = 10,
    notify: Notify = lambda event: None,
) -> dict[str, Any]:
    """Run the protocols with every seed and return the JSON-able outcome (see docs/evaluation.md).

    ``engine`` ``elasticsearch`` ranks on throw-away indices, which are deleted whatever happens; live indices and
    the live model are not touched. ``notify`` hears every progress event.

    Raises
    ------
    EvaluationError
        If an argument is out of range or another evaluation holds this home.
    recommendations.evaluation.names.LeakError
        If something that was asked had been trained on.
    spark_jobs.data_files.DataError, spark_jobs.submit.SparkJobError, recommendations.localnode.java.JavaMissingError
    recommendations.search.connection.SearchError
    """
    _check_arguments(protocols, engine, seeds, k)
    digest = data_digest(data_dir)
    url = elasticsearch_url() if engine == "elasticsearch" else ""
    begun = datetime.now(UTC)
    with only_evaluation() as folder:
        if url:
            delete_own_indices()
        facts = write_facts(path=folder / "facts.jsonl")
        try:
            outcome = submit(
                "evaluate.py",
                [
                    *("--data", str(data_dir), "--work", str(folder)),
                    *("--protocols", *protocols, "--engine", engine),
                    *("--seeds", *(str(seed) for seed in seeds), "--k", str(k)),
                    *(("--facts", str(facts)) if facts else ()),
                    *("--elasticsearch-url", url, "--label", f"{label_prefix()}{uuid4().hex[:8]}"),
                ],
                master=settings.SPARK_MASTER,
                driver_memory=_driver_memory(data_dir),
                log_path=Path(settings.MOVIEREC_HOME) / "logs" / "evaluation.log",
                on_event=notify,
            )
        finally:
            # The application deletes its indices itself, unless it was ended from outside.
            if url:
                _try_to_delete_indices()
    if "leak" in outcome:
        raise LeakError(outcome["leak"])
    return {
        "engine": engine,
        "k": k,
        "seeds": list(seeds),
        "protocols": list(protocols),
        "data_digest": digest,
        "begun_at": begun.isoformat(timespec="seconds"),
        "seconds": round((datetime.now(UTC) - begun).total_seconds(), 1),
        "data_set": outcome.get("data_set", ""),
        "pairs_checked": outcome["pairs_checked"],
        "settings": outcome["settings"],
        "taste": outcome.get("taste", {}),
        "groups": outcome.get("groups", {}),
        "stars": outcome.get("stars", {}),
    }


def label_prefix() -> str:
    """How the labels of this home's throw-away indices begin; another home's evaluation is never disturbed."""
    home = hashlib.sha256(str(Path(settings.MOVIEREC_HOME).resolve()).encode()).hexdigest()[:8]
    return f"eval-{home}-"


def delete_own_indices() -> None:
    """Delete the throw-away indices of this home; only while it holds the lock."""
    client = get_client()
    delete_indices(client, [label for label in labels_begun(client) if label.startswith(label_prefix())])


def _try_to_delete_indices() -> None:
    try:
        delete_own_indices()
    except SearchError:
        # The cluster is away: what went wrong before is the message, and the next evaluation cleans up.
        return


@contextmanager
def only_evaluation() -> Iterator[Path]:
    """Hold this home's evaluation lock and give an empty work folder that goes at the end.

    Raises
    ------
    EvaluationError
        If another evaluation holds it.
    """
    home = Path(settings.MOVIEREC_HOME)
    home.mkdir(parents=True, exist_ok=True)
    with (home / "evaluation.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise EvaluationError(f"Another evaluation runs in {home}; wait until it has ended.") from error
        folder = evaluation_folder()
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _driver_memory(data_dir: Path) -> str:
    small = sum(file.size for file in recognise(data_dir).tables[RATINGS].files) <= SMALL_RATINGS_BYTES
    return SMALL_DRIVER_MEMORY if small else str(settings.SPARK_DRIVER_MEMORY)


def _check_arguments(protocols: Sequence[str], engine: str, seeds: Sequence[int], k: int) -> None:
    unknown = sorted(set(protocols) - set(PROTOCOLS))
    if unknown or not protocols:
        raise EvaluationError(f"Protocols are {', '.join(PROTOCOLS)}; got {', '.join(unknown) or 'none'}.")
    if engine not in ENGINES:
        raise EvaluationError(f"The engine is {engine!r}; expected {' or '.join(ENGINES)}.")
    if not seeds or min(seeds) < 0 or max(seeds) >= 2**31:
        raise EvaluationError("Seeds are whole numbers from 0 to 2147483647, at least one.")
    if len(set(seeds)) < len(seeds):
        raise EvaluationError("Each seed may be given once; the same seed gives the same figures.")
    if not 1 <= k <= MAX_K:
        raise EvaluationError(f"--k is {k}; expected 1 to {MAX_K}.")
