"""Clears away versions that nobody needs any more, and what killed runs left behind."""

from __future__ import annotations

import logging
import shutil

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from recommendations.models import Experiment, ModelVersion
from recommendations.models.registry import lock_registry
from recommendations.search.client import patient_client
from recommendations.search.connection import SearchError
from recommendations.search.index_lifecycle import delete_indices, labels_begun, labels_present, live_indices
from recommendations.selectors.registry import champion_row, predecessor_of
from recommendations.services.folders import evaluation_folder, model_folder, models_folder, work_folder

logger = logging.getLogger(__name__)


def prune_versions() -> list[str]:
    """Keep the newest ``MODEL_VERSIONS_KEPT`` versions, the champion and its predecessor, and those of an experiment that
    runs; returns what goes.

    The rows stay and say when the rest went. A version is marked first, under the registry's lock, so that nobody
    can promote it any more; then its indices and its folder are deleted. What cannot be deleted now, because
    Elasticsearch is away for example, goes the next time.
    """
    with transaction.atomic():
        lock_registry()
        champion = champion_row()
        predecessor = predecessor_of(champion) if champion else None
        alive = ModelVersion.objects.filter(pruned_at=None)
        kept = set(alive.order_by("-created_at").values_list("pk", flat=True)[: _how_many()])
        kept |= {row.pk for row in (champion, predecessor) if row is not None}
        for both in Experiment.objects.filter(state=Experiment.State.RUNNING).values_list(
            "champion_id", "challenger_id"
        ):
            kept.update(both)
        going = list(alive.exclude(pk__in=kept))
        ModelVersion.objects.filter(pk__in=[row.pk for row in going]).update(pruned_at=timezone.now())
    pruned = ModelVersion.objects.exclude(pruned_at=None)
    for row in pruned:
        shutil.rmtree(model_folder(row), ignore_errors=True)
    try:
        client = patient_client()
        labels = set(pruned.values_list("index_label", flat=True)) - _labels_in_use()
        delete_indices(client, labels_present(client) & labels)
    except SearchError as error:
        logger.warning("Indices of pruned versions are still there and go the next time: %s", error)
    return [row.version for row in going]


def delete_leftover_indices() -> None:
    """Delete indices that a run of this home has begun and that no row names.

    Only while no pipeline runs: those of a run under way look the same.
    """
    client = patient_client()
    own = {folder.name for folder in models_folder().glob("[!.]*")}
    own |= set(ModelVersion.objects.values_list("version", flat=True))
    registered = set(ModelVersion.objects.exclude(index_label="").values_list("index_label", flat=True))
    live = {index.partition("-")[2] for index in live_indices(client).values()}
    unfinished = labels_begun(client) - registered - live
    delete_indices(client, {label for label in unfinished if label.startswith(tuple(own))})


def clear_leftovers() -> None:
    """Remove what killed runs left behind: half-built indices, half-saved models and tables nobody needs.

    Only while no pipeline runs.
    """
    delete_leftover_indices()
    for folder in models_folder().glob(".staging-*"):
        shutil.rmtree(folder, ignore_errors=True)
    digests = ModelVersion.objects.filter(pruned_at=None).values_list("data_digest", flat=True)
    # An evaluation may run beside a pipeline.
    needed = {evaluation_folder(), *(work_folder(digest) for digest in digests)}
    for folder in work_folder("").glob("*"):
        if folder not in needed:
            shutil.rmtree(folder, ignore_errors=True)


def _how_many() -> int:
    return max(1, int(settings.MODEL_VERSIONS_KEPT))


def _labels_in_use() -> set[str]:
    return set(ModelVersion.objects.filter(pruned_at=None).values_list("index_label", flat=True))
