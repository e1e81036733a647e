"""The model registry's writes: register, promote, roll back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from recommendations.errors import ConflictError
from recommendations.evaluation.names import SERVED
from recommendations.models import ModelVersion, PromotionEvent
from recommendations.models.registry import lock_registry
from recommendations.ranking.storage import ArtefactError, manifest_digest, read_manifest
from recommendations.search.client import patient_client
from recommendations.search.connection import SearchError
from recommendations.search.index_lifecycle import swap_aliases
from recommendations.selectors.registry import champion_row, last_event, predecessor_of
from recommendations.services.catalogue import import_catalogue, read_movie_records
from recommendations.services.folders import model_folder, models_folder, work_folder
from recommendations.services.profiles import mark_all_profiles_stale
from recommendations.services.registry.card import make_card
from recommendations.services.registry.gate import Verdict, data_set_of, judge_version, verdict_of
from recommendations.services.registry.pruning import prune_versions
from recommendations.services.registry.smoke import SmokeTestError, indices_present, is_intact, smoke_test
from spark_jobs.data_files import FILMS_FILE, read_data_set

__all__ = [
    "REFUSALS",
    "GateRefusedError",
    "PromotionConflictError",
    "PromotionError",
    "SmokeTestError",
    "indices_present",
    "is_intact",
    "judge_candidate",
    "model_folder",
    "promote_by_hand",
    "promote_if_good",
    "promote_model",
    "register_model",
    "roll_back",
    "smoke_test",
]
LONGEST_REASON = 300
Kind = PromotionEvent.Kind


class PromotionError(ConflictError):
    """A version cannot become the champion; the message says why and what to do."""


class PromotionConflictError(PromotionError):
    """Somebody else has switched the champion meanwhile."""


class GateRefusedError(PromotionError):
    """The gate refuses the version, and nobody has overridden it."""

    def __init__(self, version: ModelVersion, verdict: Verdict) -> None:
        super().__init__(
            _("%(version)s is not promoted: %(why)s Promote it nevertheless by overriding the gate.")
            % {"version": version.version, "why": " ".join(verdict.sentences())}
        )
        self.verdict = verdict


#: Everything that can keep a version from being promoted; each message is one sentence, and nothing was switched.
REFUSALS = (PromotionError, SearchError, ArtefactError)


@transaction.atomic
def register_model(*, version: str, index_label: str, measured: dict[str, Any] | None = None) -> ModelVersion:
    """Enter a trained version into the registry as a candidate.

    ``measured`` are figures of the evaluation by protocol; they stand beside what training reported.
    """
    folder = models_folder() / version
    manifest = read_manifest(folder)
    measured = dict(measured or {})
    served = measured.pop(SERVED, None)
    model = ModelVersion(
        version=version,
        index_label=index_label,
        fingerprint=manifest["fingerprint"],
        data_digest=manifest["data_digest"],
        artefact_digest=manifest_digest(folder),
        parameters=manifest["parameters"],
        metrics={**manifest["metrics"], **measured},
        parent=champion_row(),
    )
    model.card = make_card(version=model, served=served)
    model.save()
    return model


def judge_candidate(*, version: ModelVersion) -> Verdict:
    """Put a version before the gate and record what it found."""
    verdict = judge_version(version)
    version.gate = verdict.as_dict()
    version.save(update_fields=["gate"])
    return verdict


def promote_if_good(
    *, version: ModelVersion, reason: str, before_switch: Callable[[], None] = lambda: None
) -> Verdict:
    """Check a version, and make it the champion if the gate does not refuse it; otherwise it stays a candidate.

    The catalogue follows the champion. ``before_switch`` may still stop it by raising. Raises as :func:`promote_model` and
    :func:`recommendations.services.registry.smoke.smoke_test`; nothing is switched then.
    """
    smoke_test(version)
    verdict = judge_candidate(version=version)
    if not verdict.refused:
        before_switch()
        with transaction.atomic():
            _import_films(version)
            promote_model(version=version, by=None, reason=reason)
    prune_versions()
    return verdict


def promote_by_hand(
    *, version: ModelVersion, by: Any, reason: str, override: bool = False, seen_champion: str | None = None
) -> PromotionEvent:
    """Make a version the champion because an operator says so.

    ``seen_champion`` is the version that the operator saw as the champion (empty: none) when deciding.

    Raises
    ------
    GateRefusedError
        If the gate refuses the version and ``override`` is false.
    PromotionConflictError
        If the champion is another by now.
    PromotionError
        Without a reason, or if the version is the champion, was pruned or has no indices.
    SmokeTestError, recommendations.ranking.storage.ArtefactError, recommendations.search.connection.SearchError
        If indices or model folder are not whole. Nothing is switched then.
    """
    _check_reason(reason)
    _check_can_serve(version)
    verdict = judge_candidate(version=version)
    if verdict.refused and not override:
        raise GateRefusedError(version, verdict)
    smoke_test(version)
    with transaction.atomic():
        lock_registry()
        _check_seen(seen_champion)
        _import_films(version)
        event = promote_model(version=version, by=by, reason=reason, overridden=verdict.refused)
    prune_versions()
    return event


def roll_back(
    *, by: Any, reason: str, override: bool = False, seen_champion: str | None = None
) -> PromotionEvent:
    """Make the last champion that nobody has rolled away from the champion again.

    It is not judged anew, for it has served before; but one that the gate has refused, and that an operator had promoted
    all the same, needs the override here as well.

    Raises
    ------
    GateRefusedError
        If the gate has refused that version and ``override`` is false.
    PromotionConflictError
        If the champion is not the one that the operator saw.
    PromotionError
        Without a reason, or if there is no such version.
    SmokeTestError, recommendations.ranking.storage.ArtefactError, recommendations.search.connection.SearchError
        If its indices or model folder are not whole.
    """
    _check_reason(reason)
    champion = champion_row()
    target = predecessor_of(champion) if champion else None
    if champion is None or target is None:
        raise PromotionError(_("There is no earlier version to go back to."))
    _check_can_serve(target)
    verdict = verdict_of(target)
    refused = verdict is not None and verdict.refused
    if verdict is not None and refused and not override:
        raise GateRefusedError(target, verdict)
    smoke_test(target)
    with transaction.atomic():
        lock_registry()
        _check_seen(champion.version if seen_champion is None else seen_champion)
        _import_films(target)
        event = promote_model(version=target, by=by, reason=reason, kind=Kind.ROLLBACK, overridden=refused)
    prune_versions()
    return event


def promote_model(
    *,
    version: ModelVersion,
    by: Any,
    reason: str,
    kind: str = Kind.PROMOTION,
    overridden: bool = False,
) -> PromotionEvent:
    """Make a version the champion: its row and the aliases change together or not at all.

    ``version.index_label`` is saved with it. The site reads its model folder and its indices through the champion's
    row, so that one request never mixes two versions. The documents of people with an account are marked, and
    the worker writes them anew. Neither the gate nor the smoke queries are asked here.

    Raises
    ------
    PromotionError
        If the version was pruned.
    recommendations.search.connection.SearchError
        If Elasticsearch does not switch the aliases; the database then keeps the old champion.
    """
    with transaction.atomic():
        lock_registry()
        if ModelVersion.objects.filter(pk=version.pk).exclude(pruned_at=None).exists():
            raise PromotionError(_pruned(version))
        previous = champion_row()
        if previous is not None and previous.pk != version.pk:
            ModelVersion.objects.filter(pk=previous.pk).update(state=ModelVersion.State.RETIRED)
        version.state = ModelVersion.State.CHAMPION
        version.save(update_fields=["state", "index_label"])
        event = PromotionEvent.objects.create(
            version=version, previous=previous, by=by, reason=reason, kind=kind, overridden=overridden
        )
        swap_aliases(patient_client(), version.index_label)
        # The new indices know the MovieLens people only; those with an account live in the database.
        mark_all_profiles_stale()
    return event


def _import_films(version: ModelVersion) -> None:
    """Bring the films of the version's data into the catalogue, if its tables are still there.

    Raises
    ------
    PromotionError
        If they are gone and the catalogue is that of another data set: its numbers mean other films.
    """
    profiles = work_folder(version.data_digest) / "profiles"
    if (profiles / FILMS_FILE).is_file():
        source = read_data_set(work_folder(version.data_digest) / "parsed").name
        import_catalogue(movies=read_movie_records(profiles_dir=profiles, source=source))
        return
    champion = champion_row()
    if champion is not None and data_set_of(champion) != data_set_of(version):
        raise PromotionError(
            _(
                "The films of %(version)s are gone from this home, and the site shows those of other data (%(data)s). "
                "Train on %(own)s again instead."
            )
            % {"version": version.version, "data": data_set_of(champion), "own": data_set_of(version)}
        )


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise PromotionError(_("Say why: the reason is kept with the promotion."))
    if len(reason) > LONGEST_REASON:
        raise PromotionError(
            _("The reason is longer than %(longest)s characters; shorten it.") % {"longest": LONGEST_REASON}
        )


def _check_can_serve(version: ModelVersion) -> None:
    if version.is_champion:
        raise PromotionError(_("%(version)s is the champion already.") % {"version": version.version})
    if version.pruned_at is not None:
        raise PromotionError(_pruned(version))
    if not indices_present(version):
        raise PromotionError(
            _("%(version)s has no indices; build them first with a job “indices” for this version.")
            % {"version": version.version}
        )


def _check_seen(seen: str | None) -> None:
    """Refuse a decision that was made in sight of another champion; only under the lock this holds."""
    champion, event = champion_row(), last_event()
    if seen is None or seen == (champion.version if champion else ""):
        return
    raise PromotionConflictError(
        _(
            "%(who)s has switched to %(version)s at %(time)s, while you were deciding. Look again, then decide anew."
        )
        % {
            "who": (event and event.by) or _("The pipeline"),
            "version": champion.version if champion else _("no version"),
            "time": date_format(timezone.localtime(event.created_at), "TIME_FORMAT") if event else "–",
        }
    )


def _pruned(version: ModelVersion) -> str:
    return _("%(version)s was pruned: its model folder and indices are gone. Train again instead.") % {
        "version": version.version
    }
