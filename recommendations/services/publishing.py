"""The model registry's writes: register, check, promote, roll back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from recommendations.models import ModelVersion, PromotionEvent
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.history import EMPTY_HISTORY
from recommendations.ranking.score import make_plan
from recommendations.ranking.storage import ArtefactError, load_artefact, manifest_digest, read_manifest
from recommendations.search.client import get_client
from recommendations.search.errors import SearchError
from recommendations.search.index_lifecycle import (
    IndexNames,
    delete_indices,
    labels_begun,
    labels_present,
    live_indices,
    swap_aliases,
)
from recommendations.search.queries import fetch_profile, ranking_query, run_ranking
from recommendations.services.profiles import rewrite_site_profiles

SMOKE_FILMS = 5


class SmokeTestError(SearchError):
    """The new indices do not answer as they should; nothing was switched."""


class PromotionError(Exception):
    """A version cannot become the champion; the message says why and what to do."""


def model_folder(version: ModelVersion) -> Path:
    """The version's write-once folder."""
    return Path(settings.MOVIEREC_HOME) / "models" / version.version


@transaction.atomic
def register_model(*, version: str, index_label: str, measured: dict[str, Any] | None = None) -> ModelVersion:
    """Enter a trained version into the registry as a candidate.

    ``measured`` are figures of the evaluation by protocol; they stand beside what training reported.
    """
    folder = Path(settings.MOVIEREC_HOME) / "models" / version
    manifest = read_manifest(folder)
    return ModelVersion.objects.create(
        version=version,
        index_label=index_label,
        fingerprint=manifest["fingerprint"],
        data_digest=manifest["data_digest"],
        artefact_digest=manifest_digest(folder),
        parameters=manifest["parameters"],
        metrics={**manifest["metrics"], **(measured or {})},
        parent=ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION).first(),
    )


def indices_present(version: ModelVersion) -> bool:
    """True if both indices of the version exist in Elasticsearch."""
    return bool(version.index_label) and version.index_label in labels_present(get_client())


def is_intact(version: ModelVersion) -> bool:
    """True if the version's model folder can be loaded and is what was registered."""
    try:
        load_artefact(model_folder(version), expected_digest=version.artefact_digest)
    except ArtefactError:
        return False
    return True


def smoke_test(version: ModelVersion) -> None:
    """Ask the version's indices for one known person's and one newcomer's films.

    Raises
    ------
    SmokeTestError
        If a list is short or a film appears that the person has rated.
    recommendations.ranking.storage.ArtefactError
        If the model folder is incomplete or altered.
    """
    artefact, people = load_artefact(model_folder(version), expected_digest=version.artefact_digest)
    names, client = IndexNames.of(version.index_label), get_client()
    common: dict[str, Any] = {
        "index": names.movies,
        "max_norm": artefact.max_norm,
        "films": len(artefact.movie_ids),
    }
    newcomer = make_plan(fold_in(artefact, Demographics(), EMPTY_HISTORY), Dials())
    expected = min(SMOKE_FILMS, len(artefact.movie_ids))
    if len(run_ranking(client, ranking_query(newcomer, excluded=(), k=expected, **common))) != expected:
        raise SmokeTestError(
            f"{names.movies} gives a newcomer fewer than {expected} films; nothing was switched"
        )
    known = int(people.user_ids[0])
    profile = fetch_profile(client, names.user_profiles, str(known))
    if profile is None:
        raise SmokeTestError(f"{names.user_profiles} does not know person {known}; nothing was switched")
    demographics, history = people.person(known)
    plan = make_plan(fold_in(artefact, demographics, history), Dials())
    ranked = run_ranking(client, ranking_query(plan, excluded=profile["seen"], k=expected, **common))
    if {film.movie_id for film in ranked} & set(profile["seen"]):
        raise SmokeTestError(
            f"{names.movies} recommends a film that person {known} has seen; nothing was switched"
        )


def promote_model(*, version: ModelVersion, by: Any, reason: str) -> PromotionEvent:
    """Make a version the champion: its row and the aliases change together or not at all.

    ``version.index_label`` is saved with it. The site reads its indices through the champion's row, so that one
    request never mixes two versions. After the commit the documents of people with an account are written anew.

    Raises
    ------
    recommendations.search.errors.SearchError
        If Elasticsearch does not switch the aliases; the database then keeps the old champion.
    """
    with transaction.atomic():
        champions = ModelVersion.objects.select_for_update().filter(state=ModelVersion.State.CHAMPION)
        previous = champions.first()
        if previous is not None and previous.pk != version.pk:
            ModelVersion.objects.filter(pk=previous.pk).update(state=ModelVersion.State.RETIRED)
        version.state = ModelVersion.State.CHAMPION
        version.save(update_fields=["state", "index_label"])
        event = PromotionEvent.objects.create(version=version, previous=previous, by=by, reason=reason)
        swap_aliases(get_client(), version.index_label)
        # The new indices know the MovieLens people only; those with an account live in the database.
        transaction.on_commit(rewrite_site_profiles)
    _delete_old_indices(champion=version)
    return event


def predecessor_of(champion: ModelVersion) -> ModelVersion | None:
    """The version that was the champion before this one; its indices are kept for rolling back."""
    events = champion.promotions.exclude(previous=None).exclude(previous=champion)
    last = events.select_related("previous").first()
    return last.previous if last else None


def roll_back(*, by: Any, reason: str) -> PromotionEvent:
    """Make the predecessor of the champion the champion again.

    Raises
    ------
    PromotionError
        If there is no predecessor.
    SmokeTestError, recommendations.ranking.storage.ArtefactError, recommendations.search.errors.SearchError
        If the predecessor's indices or model folder are not whole.
    """
    champion = ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION).first()
    target = predecessor_of(champion) if champion else None
    if target is None:
        raise PromotionError("There is no earlier version to go back to.")
    smoke_test(target)
    return promote_model(version=target, by=by, reason=reason)


def _delete_old_indices(*, champion: ModelVersion) -> None:
    """Delete the indices of retired versions, except those of the champion's predecessor."""
    client, predecessor = get_client(), predecessor_of(champion)
    # Not the indices that no row names: they may be under construction, or belong to another home.
    retired = ModelVersion.objects.filter(state=ModelVersion.State.RETIRED)
    if predecessor is not None:
        retired = retired.exclude(pk=predecessor.pk)
    delete_indices(client, labels_present(client) & set(retired.values_list("index_label", flat=True)))


def delete_leftover_indices() -> None:
    """Delete indices that a run of this home has begun and that no row names.

    Only while no pipeline runs: those of a run under way look the same.
    """
    client = get_client()
    own = {folder.name for folder in (Path(settings.MOVIEREC_HOME) / "models").glob("[!.]*")}
    own |= set(ModelVersion.objects.values_list("version", flat=True))
    unfinished = labels_begun(client) - _registered_labels()
    live = {index.partition("-")[2] for index in live_indices(client).values()}
    delete_indices(client, {label for label in unfinished - live if label.startswith(tuple(own))})


def _registered_labels() -> set[str]:
    return set(ModelVersion.objects.exclude(index_label="").values_list("index_label", flat=True))
