"""Starts, ends and watches over experiments, and promotes the winner through the gate; all of it is in the audit log."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from recommendations.errors import ConflictError, InvalidError
from recommendations.models import Experiment, ModelVersion, PromotionEvent
from recommendations.ranking.dials import Dials, InvalidDialError
from recommendations.selectors.experiment_results import ArmFigures, Result, result_of
from recommendations.selectors.lists.arms import forget_experiment
from recommendations.selectors.registry import champion_row
from recommendations.services.audit import record_act
from recommendations.services.registry.publishing import promote_by_hand
from recommendations.services.registry.smoke import is_intact

State = Experiment.State
# Guard rails look from so many lists of the challenger on.
LEAST_LISTS = 50
#: How much worse than the champion the challenger may be: shares of lists, and the time that a list takes.
WORSE_SHARE, SLOWER_FACTOR, SLOWER_MILLISECONDS = 0.05, 2.0, 50.0
logger = logging.getLogger(__name__)


class ExperimentError(ConflictError):
    """An experiment cannot be started, ended or won as things stand; the message says why."""


class ExperimentValueError(InvalidError):
    """What is wanted of an experiment does not fit."""


def start_experiment(
    *,
    by: User,
    name: str,
    challenger: ModelVersion,
    kind: str = Experiment.Kind.INTERLEAVING,
    share: float = 1.0,
    most_days: int = 30,
    alpha: float = 0.05,
    stops_when_clear: bool = True,
    dials: Mapping[str, Any] | None = None,
) -> Experiment:
    """Set a version, or other dials, against the champion from the next list on.

    One experiment runs at a time: two at once would share people, and neither would know what it measures.

    Raises
    ------
    ExperimentError, ExperimentValueError
    """
    champion = champion_row()
    if champion is None:
        raise ExperimentError(_("There is no champion yet, so there is nothing to compare with."))
    turned = _checked_dials(dials or {})
    if challenger.pk == champion.pk and not turned:
        raise ExperimentValueError(
            _("The challenger is the champion itself. Choose another version, or other dials for it.")
        )
    if challenger.pruned_at is not None or not challenger.index_label or not is_intact(challenger):
        raise ExperimentError(
            _(
                "%(version)s cannot serve: its files or indices are missing or damaged. Build its indices first."
            )
            % {"version": challenger.version}
        )
    experiment = Experiment(
        name=name,
        kind=kind,
        champion=champion,
        challenger=challenger,
        share=share,
        most_days=most_days,
        alpha=alpha,
        stops_when_clear=stops_when_clear,
        dials=turned,
        salt=secrets.token_hex(16),
        started_by=by,
    )
    try:
        with transaction.atomic():
            experiment.save(force_insert=True)
            record_act(
                by=by, on=experiment, message=f"Started: {challenger.version} against {champion.version}."
            )
    except IntegrityError as error:
        raise ExperimentError(
            _("Another experiment is running. End it first: two at once would share their people.")
        ) from error
    forget_experiment()
    return experiment


def end_experiment(*, experiment: Experiment, by: User | None, reason: str) -> Experiment:
    """End an experiment and keep its result; the champion ranks for everybody again within a second.

    Raises
    ------
    ExperimentError
        If it has ended already.
    """
    _end(experiment, State.ENDED, by, reason)
    return experiment


def promote_challenger(*, experiment: Experiment, by: User, reason: str) -> PromotionEvent:
    """Make the challenger the champion, through the gate, and end the experiment if it still runs.

    Raises
    ------
    ExperimentError
        If the challenger is the champion's own version with other dials, or was promoted already.
    recommendations.services.registry.publishing.REFUSALS
    """
    experiment.refresh_from_db()
    if experiment.state == State.PROMOTED:
        raise ExperimentError(_("The challenger of this experiment has been promoted already."))
    if experiment.challenger_id == experiment.champion_id:
        raise ExperimentError(
            _(
                "Both sides have the same version; only its dials differ, and a promotion does not change those."
            )
        )
    event = promote_by_hand(version=experiment.challenger, by=by, reason=reason, override=False)
    if experiment.state == State.RUNNING:
        _end(experiment, State.PROMOTED, by, reason)
    else:
        Experiment.objects.filter(pk=experiment.pk).update(state=State.PROMOTED)
        record_act(by=by, on=experiment, message=f"Promoted: {experiment.challenger.version}.")
    return event


def tend_experiment() -> Experiment | None:
    """End the running experiment if it is over, clear, or does harm; returns it if it was ended. Called by the schedule."""
    experiment = (
        Experiment.objects.filter(state=State.RUNNING)
        .select_related("champion", "challenger", "started_by")
        .first()
    )
    if experiment is None:
        return None
    reason = _why_to_end(experiment)
    if not reason:
        return None
    logger.warning("Experiment %s ends: %s", experiment.pk, reason)
    return end_experiment(experiment=experiment, by=None, reason=reason)


def _why_to_end(experiment: Experiment) -> str:
    champion, challenger = champion_row(), experiment.challenger
    if champion is None or champion.pk != experiment.champion_id:
        return "Another version has become the champion."
    if challenger.pruned_at is not None or not is_intact(challenger):
        return f"The files of {challenger.version} are pruned or damaged."
    result = result_of(experiment)
    if broken := broken_rail(experiment, result):
        return broken
    if timezone.now() > experiment.started_at + timedelta(days=experiment.most_days):
        return f"The {experiment.most_days} days are over."
    if experiment.stops_when_clear and result.verdict != "open":
        return f"The result is clear: the {result.verdict} is better."
    return ""


def broken_rail(experiment: Experiment, result: Result) -> str:
    """Which guard rail the challenger has broken, in one sentence; empty if none.

    Failures, empty and degraded lists, and slowness are compared as they are; hides as well, by the challenger's films.
    """
    theirs = result.arms.get("ab" if experiment.kind == Experiment.Kind.INTERLEAVING else "b")
    ours = result.arms.get("a")
    failed = result.arms.get("b")
    if failed is not None and failed.lists >= LEAST_LISTS and failed.share(failed.failed) > WORSE_SHARE:
        return f"The challenger could not rank {failed.failed} of {failed.lists} lists."
    if theirs is None or theirs.lists < LEAST_LISTS:
        return ""
    if experiment.kind == Experiment.Kind.INTERLEAVING:
        team_a, team_b = result.arms.get("a"), result.arms.get("b")
        hides = (team_a.hides if team_a else 0, team_b.hides if team_b else 0)
        if hides[1] - hides[0] > WORSE_SHARE * theirs.lists and hides[1] > 2 * hides[0]:
            return f"People hid {hides[1]} films of the challenger and {hides[0]} of the champion."
        return ""
    return _worse(ours, theirs) if ours is not None and ours.lists >= LEAST_LISTS else ""


def _worse(ours: ArmFigures, theirs: ArmFigures) -> str:
    for what, mine, other in (
        ("empty", ours.empty, theirs.empty),
        ("made without Elasticsearch", ours.degraded, theirs.degraded),
    ):
        if theirs.share(other) > ours.share(mine) + WORSE_SHARE:
            return f"{other} of {theirs.lists} lists of the challenger were {what}, {mine} of {ours.lists} of the champion."
    if theirs.share(theirs.hides) > ours.share(ours.hides) + WORSE_SHARE and theirs.hides > 2 * ours.hides:
        return f"People hid {theirs.hides} films of the challenger and {ours.hides} of the champion."
    limit = SLOWER_FACTOR * ours.milliseconds + SLOWER_MILLISECONDS
    if theirs.milliseconds > limit:
        return f"A list of the challenger takes {theirs.milliseconds:.0f} ms, one of the champion {ours.milliseconds:.0f} ms."
    return ""


def _end(experiment: Experiment, state: str, by: User | None, reason: str) -> None:
    result = result_of(experiment).as_record()
    running = Experiment.objects.filter(pk=experiment.pk, state=State.RUNNING)
    ended = {"state": state, "reason": reason[:300], "ended_at": timezone.now(), "result": result}
    with transaction.atomic():
        if not running.update(**ended):
            raise ExperimentError(_("This experiment has ended already."))
        # What ends by itself stands in the log under the name of whoever started it.
        whose = by or experiment.started_by
        if whose is not None:
            by_itself = "" if by else "By itself. "
            record_act(
                by=whose, on=experiment, message=f"{by_itself}Ended: {reason} {json.dumps(result)[:500]}"
            )
    experiment.refresh_from_db()
    forget_experiment()


def _checked_dials(values: Mapping[str, Any]) -> dict[str, Any]:
    try:
        dials = Dials(**values)
    except (TypeError, AttributeError, InvalidDialError) as error:
        raise ExperimentValueError(
            _("The dials of the challenger do not fit: %(why)s") % {"why": error}
        ) from error
    return {} if dials.is_neutral else dials.to_dict()
